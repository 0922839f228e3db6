#!/usr/bin/env python3
"""Every byte of every backup, real and generated, belongs to something known (inspect --full): the parts add up to the file's size,
and nothing is unknown but what was put there. All pages in use have a right checksum, but for those that were damaged."""
import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'tools'))
from facts import check, ended  # noqa: E402

SPEC = 'database Bytes\ntable dbo.T 500\ncolumn Id int not null seq\ncolumn Text nvarchar(100) text 20..60\nprimary Id\n'


PAGE, FLAGS, TYPE, DATA = 8192, 4, 1, 1


def full(program, path):
    r = subprocess.run([program, 'inspect', '--full', '--json', path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return r.returncode, json.loads(r.stdout)


def check_pages(path, told, damaged):
    """The counts of the check, which a refused file has none of."""
    n = told.get('checks')
    if not n:
        return check(not told['readable'], '%s was not checked' % path.name)
    whole = n['checksum'] + n['torn_bits'] + n['unprotected']
    check(n['pages'] > 40 and whole + n['damaged'] == n['pages'] and n['unknown'] == 0, '%s: %s' % (path.name, n))
    check(n['damaged'] == damaged, '%s: %s' % (path.name, n))


def damage(program, bakgen, spec, folder, *how):
    """One bit of a data page: its own checksum tells, and that of the stream where there is one."""
    path, image = folder / 'damaged.bak', folder / 'image.mdf'
    for made in (path, image):
        made.unlink(missing_ok=True)
    subprocess.run([bakgen, '--spec', spec, '--out', path, '--mdf', image, *how], check=True)
    backup, pages = bytearray(path.read_bytes()), image.read_bytes()
    for at in range(len(pages) - PAGE, 0, -PAGE):
        page = pages[at:at + PAGE]
        if page[TYPE] == DATA and page[FLAGS + 1] & 2 and backup.count(page) == 1:
            break
    place = backup.index(page) + PAGE // 2
    backup[place] ^= 16
    path.write_bytes(backup)
    code, told = full(program, path)
    check(code == 3, 'a damaged page, exit code %d' % code)
    check_pages(path, told, 1)
    named = [f for f in told['findings'] if f['code'] == 'MDF-202']
    check(len(named) == 1 and named[0]['count'] == 1, 'findings of a damaged page: %s' % told['findings'])
    stream = any(f['code'] == 'BAK-124' for f in told['findings'])
    check(stream == ('--checksum' in how), 'a damaged page and the checksum of the stream: %s' % told['findings'])


def hold(program, path, unknown):
    told = full(program, path)[1]
    check_pages(path, told, 0)
    found = told.get('accounts', [])
    check(found, '%s has no account' % path.name)
    for a in found:
        check(sum(a['parts'].values()) == a['bytes'], '%s: %s' % (path.name, a))
        check(a['inside'] or a['bytes'] == path.stat().st_size, '%s: %d is not its size' % (path.name, a['bytes']))
        check(a['parts']['unknown'] == (0 if a['inside'] else unknown), '%s: %s' % (path.name, a))


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--chartferry', required=True)
    a.add_argument('--bakgen')
    a.add_argument('--corpus')
    a = a.parse_args()
    if a.corpus:
        real = sorted(p for p in Path(a.corpus).glob('*') if p.suffix in ('.bak', '.trn'))
        if not real:
            print('skipped: corpus absent')
            return 77
        for path in real:
            hold(a.chartferry, path, 0)
        print('%d real files' % len(real))
    else:
        with tempfile.TemporaryDirectory() as name:
            spec = Path(name, 'spec')
            spec.write_text(SPEC)
            for i, how in enumerate(('--log', '--compress --log', '--checksum --second-pass', '--sets full,diff,log --compress', '--block 65536',
                                     '--filler --checksum --compress')):
                path = Path(name, '%d.bak' % i)
                subprocess.run([a.bakgen, '--spec', spec, '--out', path, *how.split()], check=True)
                hold(a.chartferry, path, 0)
                with open(path, 'ab') as f:
                    f.write(b'left here by someone' * 50)
                hold(a.chartferry, path, 1000)
            path = Path(name, 'data.mdf')
            subprocess.run([a.bakgen, '--spec', spec, '--mdf', path], check=True)
            hold(a.chartferry, path, 0)
            with open(path, 'ab') as f:
                f.write(b'left here by someone' * 50)
            hold(a.chartferry, path, 1000)
            damage(a.chartferry, a.bakgen, spec, Path(name))
            damage(a.chartferry, a.bakgen, spec, Path(name), '--checksum')
    return ended('bytes', 'all known')


if __name__ == '__main__':
    sys.exit(main())
