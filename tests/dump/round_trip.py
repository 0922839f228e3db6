#!/usr/bin/env python3
"""What "chartferry extract" writes reads back as the same cells, NULL and empty text told apart: from the folder, from a ZIP
of it, and each file alone.

usage: round_trip.py --chartferry FILE SOURCE...     exit 77: no source is there
"""
import argparse
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'corpus'))
import csvfile  # noqa: E402


def tables(folder):
    """The rows of each table's file, by its name."""
    return {p.name: csvfile.read_csv(p) for p in sorted(folder.glob('*.csv')) if not p.name.startswith('_')}


def extract(program, source, out):
    done = subprocess.run([program, 'extract', source, '--out', out, '--quiet'], capture_output=True, text=True, check=False)
    if done.returncode != 0: sys.exit('%s: exit code %d\n%s' % (source, done.returncode, done.stderr))
    return tables(out)


def differences(first, second):
    for name in sorted(first.keys() | second.keys()):
        a, b = first.get(name), second.get(name)
        if a is None or b is None:
            yield '%s is there only once' % name
        elif a != b:
            rows = [i for i, (x, y) in enumerate(zip(a, b)) if x != y]
            yield '%s: %d and %d rows, %s' % (name, len(a), len(b), 'first difference in row %d' % rows[0] if rows else 'equal so far')


def odd(rows):
    """Only the folder tells that NUL, U+FEFF and the word NULL are data; and that a table without a row has names."""
    return len(rows) < 2 or any(c and ('\0' in c or '\ufeff' in c or c == 'NULL') for r in rows for c in r)


def one_source(program, source, room):
    found = []
    first = extract(program, source, room / '1')
    found += ['folder: ' + d for d in differences(first, extract(program, room / '1', room / '2'))]
    with zipfile.ZipFile(room / 'dump.zip', 'w', zipfile.ZIP_DEFLATED) as z:
        for p in sorted((room / '1').rglob('*')):
            if p.is_file(): z.write(p, 'dump/%s' % p.relative_to(room / '1'))
    found += ['archive: ' + d for d in differences(first, extract(program, room / 'dump.zip', room / '3'))]
    for name, rows in first.items():
        if odd(rows): continue
        alone = extract(program, room / '1' / name, room / 'alone')
        again = list(alone.values())
        if again != [rows]: found.append('alone: %s differs' % name)
        shutil.rmtree(room / 'alone')
    return found, sum(len(r) - 1 for r in first.values())


def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('--chartferry', type=Path, required=True)
    p.add_argument('source', type=Path, nargs='+')
    args = p.parse_args()
    there = [s for s in args.source if s.exists()]
    if not there:
        print('skipped: no source is there')
        return 77
    wrong = 0
    for source in there:
        room = Path(tempfile.mkdtemp(prefix='chartferry-round-'))
        try:
            found, rows = one_source(args.chartferry, source, room)
        finally:
            shutil.rmtree(room, ignore_errors=True)
        print('%s: %d rows, %d differences' % (source.name, rows, len(found)))
        for sentence in found: print('  ' + sentence)
        wrong += len(found)
    return 1 if wrong else 0


if __name__ == '__main__': sys.exit(main())
