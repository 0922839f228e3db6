#!/usr/bin/env python3
"""What chartferry.exe writes under Wine is, byte for byte, what the program of this machine writes.

usage: same.py --native CHARTFERRY --windows CHARTFERRY.EXE --wine FOLDER --shared DIR --practice-gen PROGRAM PART
PART: corpus    inspect and extract of every file of the corpus (exit 77 where it is absent)
      practice  conversions of an invented practice to every destination, workbooks, a chart, then verify
      names     the same file under paths with blanks, umlauts, Turkish and Chinese names, and a long one

No value of a file is ever printed.
"""
import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from wine import Wine, skip, windows_path

DESTINATIONS = 'canonical,documents,salesforce,dynamics,zoho,pipedrive,hubspot'


class Differs(Exception):
    """What is not the same; the text is for people."""


def files_of(folder):
    return {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob('*')) if p.is_file() and p.name != 'run.log'}  # which has times


# A finding may name its source, by the path that it was given.
WINDOWS_PATH = re.compile(rb'Z:((?:[\\/][^\\/:"\s]+)+)')


def bytes_of(path):
    text = path.read_bytes()
    return WINDOWS_PATH.sub(lambda m: m[1].replace(b'\\', b'/'), text) if path.name == '_findings.csv' else text


def folders_equal(native, windows):
    ours, theirs = files_of(native), files_of(windows)
    if ours.keys() != theirs.keys():
        raise Differs('only one system wrote: %s' % ', '.join(sorted(ours.keys() ^ theirs.keys())[:10]))
    wrong = [name for name in ours if bytes_of(ours[name]) != bytes_of(theirs[name])]
    if wrong:
        raise Differs('%d of %d files differ: %s' % (len(wrong), len(ours), ', '.join(wrong[:10])))
    return len(ours)


class Pair:
    """The program of this machine and the one for Windows."""

    def __init__(self, native, windows, wine):
        self.native, self.windows, self.wine = native, windows, wine

    def both(self, words, folder, see=True):
        """Runs the command in both, with {out} a new folder or file of each; exit codes must agree and, when `see`, what
        they print. Returns (exit code, native out, Windows out)."""
        out = {'native': folder / 'native', 'windows': folder / 'windows'}
        for path in out.values():
            if path.is_dir():
                shutil.rmtree(path)
        ours = [str(w.resolve()) if isinstance(w, Path) else w.replace('{out}', str(out['native'])) for w in words]
        mine = subprocess.run([self.native, *ours], cwd=folder,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=600, check=False)
        crossed = [windows_path(w) if isinstance(w, Path) else w.replace('{out}', windows_path(out['windows'])) for w in words]
        theirs = self.wine.run(self.windows, *crossed, seconds=600, cwd=folder)
        if mine.returncode != theirs.returncode:
            raise Differs('%s: exit code %d here, %d under Wine: %s' % (
                words[0], mine.returncode, theirs.returncode, theirs.stderr.decode('utf-8', 'replace')[-500:]))
        if see and mine.stdout != theirs.stdout:
            raise Differs('%s: what is printed differs' % ' '.join(map(str, words)))
        return mine.returncode, out['native'], out['windows']


def corpus(pair, folder, args):
    table = json.loads((Path(__file__).resolve().parent.parent / 'corpus' / 'expect.json').read_text(encoding='utf-8'))
    total = 0
    for name, case in table['cases'].items():
        files = [Path(args.shared) / 'corpus' / f for f in case['files']]
        if not all(f.exists() for f in files):
            skip('corpus absent')
        options = case.get('options', [])
        try:
            code, _, _ = pair.both(['inspect', '--json', *files, *options], folder, see=False)
            if code == 4:
                continue
            _, native, windows = pair.both(['extract', *files, *options, '--quiet', '--out', '{out}'], folder)
            total += folders_equal(native, windows)
        except Differs as e:
            raise Differs('%s: %s' % (name, e)) from e
    print('%d files of %d cases are the same' % (total, len(table['cases'])))


def practice(pair, folder, args):
    made = folder / 'practice'
    subprocess.run([args.practice_gen, '--out', made, '--patients', '60'], check=True, stdout=subprocess.DEVNULL)
    bak = made / 'practice.bak'
    code, native, windows = pair.both(['convert', bak, '--to', DESTINATIONS, '--charts', 'latest', '--quiet', '--out', '{out}'], folder)
    if code != 3:
        raise Differs('convert: exit code %d' % code)
    print('convert: %d files are the same' % folders_equal(native, windows))
    run = next(p for p in windows.iterdir())
    done = pair.wine.run(pair.windows, 'verify', windows_path(run))
    if done.returncode != 0:
        raise Differs('verify: exit code %d: %s' % (done.returncode, done.stderr.decode('utf-8', 'replace')[-500:]))
    _, native, windows = pair.both(['extract', bak, '--format', 'xlsx', '--quiet', '--out', '{out}'], folder)
    print('workbooks: %d files are the same' % folders_equal(native, windows))
    _, native, windows = pair.both(['extract', bak, '--documents', '{out}', '--quiet'], folder)
    print('documents: %d files are the same' % folders_equal(native, windows))
    for words in (['sql', bak, 'SELECT name FROM sqlite_master ORDER BY 1'], ['templates', 'check'], ['--help'],
                  ['explain', 'MDF-220']):
        pair.both(words, folder)
    # Archives that dumps come in: written by Python, read by libarchive.
    _, native, windows = pair.both(['extract', bak, '--quiet', '--out', '{out}'], folder)
    for kind in ('zip', 'gztar'):
        archive = Path(shutil.make_archive(str(folder / 'dump'), kind, native))
        shutil.copy(archive, folder / ('Ödeme çizelgesi' + ''.join(archive.suffixes)))
    for archive in sorted(folder.glob('Ödeme*')):
        # By its name alone: findings name the source as it was named.
        _, a, b = pair.both(['extract', archive.name, '--quiet', '--out', '{out}'], folder)
        print('%s: %d files are the same' % (''.join(archive.suffixes), folders_equal(a, b)))


def names(pair, folder, args):
    made = folder / 'practice'
    subprocess.run([args.practice_gen, '--out', made, '--patients', '2', '--lean'], check=True, stdout=subprocess.DEVNULL)
    deep = '/'.join(['a folder with a rather long name, as people give %d' % i for i in range(5)])
    converted = ('Müller & Söhne', '牙科诊所 备份', deep)
    all_names = ('My Backups 2024', 'Diş Kliniği ığşİ', 'smile \U0001F9B7', "it's (50%) [new]") + converted
    for name in all_names:
        place = folder / name
        place.mkdir(parents=True)
        bak = place / (Path(name).name[:40] + '.bak')
        shutil.copy(made / 'practice.bak', bak)
        try:
            _, a, b = pair.both(['extract', bak, '--quiet', '--out', '{out}'], place)
            folders_equal(a, b)
            if name in converted:
                convert_in(pair, place, bak)
        except Differs as e:
            raise Differs('%s: %s' % (name, e)) from e
    print('%d names' % len(all_names))


def convert_in(pair, place, bak):
    """Options as well, with slashes of either kind, and folders that are there."""
    runs = [place / ('runs of it %d' % i) for i in range(3)]
    for run in runs:
        run.mkdir()
    words = ['convert', '--to', 'canonical', '--quiet']
    subprocess.run([pair.native, *words, bak, '--out', runs[0]], check=False, timeout=600, stdin=subprocess.DEVNULL,
                   capture_output=True)
    for out in (windows_path(runs[1]) + '\\', 'Z:' + str(runs[2])):
        done = pair.wine.run(pair.windows, *words, windows_path(bak), '--out', out)
        if done.returncode not in (0, 3):
            raise Differs('convert: exit code %d: %s' % (done.returncode, done.stderr.decode('utf-8', 'replace')[-500:]))
    for run in runs[1:]:
        folders_equal(runs[0], run)


def self_test():
    """A byte that differs, a file too many, and a file too few are seen."""
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder) / 'one', Path(folder) / 'two'
        for place in (one, two):
            (place / 'inner').mkdir(parents=True)
            (place / 'inner' / 'a.csv').write_bytes(b'1,2\r\n')
        if folders_equal(one, two) != 1:
            return 'equal folders are not counted'
        for change in (lambda: (two / 'inner' / 'a.csv').write_bytes(b'1,2\n'), lambda: (two / 'b').write_bytes(b''),
                       lambda: (two / 'inner' / 'a.csv').unlink()):
            change()
            try:
                folders_equal(one, two)
            except Differs:
                continue
            return 'a difference is not seen'
    return None


def main():
    if sys.argv[1:] == ['--self-test']:
        wrong = self_test()
        if wrong:
            print(wrong)
        return 1 if wrong else 0
    parts = {'corpus': corpus, 'practice': practice, 'names': names}
    parser = argparse.ArgumentParser()
    for name in ('native', 'windows', 'wine', 'shared', 'practice-gen'):
        parser.add_argument('--' + name, required=True)
    parser.add_argument('part', choices=parts)
    args = parser.parse_args()
    if not Path(args.windows).exists():
        skip('chartferry.exe was not built')
    pair = Pair(args.native, args.windows, Wine(args.wine))
    with tempfile.TemporaryDirectory() as folder:
        try:
            parts[args.part](pair, Path(folder), args)
        except Differs as e:
            print(e)
            return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
