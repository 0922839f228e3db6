#!/usr/bin/env python3
"""Features x versions x containers: bakgen writes each, chartferry extract must give back exactly what was described.

usage: matrix.py --bakgen FILE --chartferry FILE [--fast] [--jobs N] [--only NAME[:VERSION[:CONTAINER]]] [--keep DIR]

What this proves is that writer and reader agree; that both are right, only real files can show.
"""
import argparse
import csv
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cases import FEATURES, HUGE

# Container: options of bakgen, the files it makes (of which the first carries the state that the truth tells), and the
# options of extract.
CONTAINERS = {
    'mdf': (('--mdf', 'x.mdf'), ('x.mdf',), ()),
    'bak': (('--out', 'x.bak', '--log'), ('x.bak',), ()),
    'compressed': (('--out', 'x.bak', '--log', '--compress', '--block', '512'), ('x.bak',), ()),
    'checksum': (('--out', 'x.bak', '--log', '--checksum', '--block', '512'), ('x.bak',), ()),
    'striped': (('--out', 'x.bak', '--log', '--stripes', '3'), ('x.2.bak', 'x.1.bak', 'x.3.bak'), ()),
    'compressed-striped': (('--out', 'x.bak', '--stripes', '2', '--compress', '--checksum'), ('x.1.bak', 'x.2.bak'), ()),
    'block-65536': (('--out', 'x.bak', '--log', '--checksum', '--sets', 'copy,full', '--block', '65536'), ('x.bak',), ()),
    'block-65536-compressed': (('--out', 'x.bak', '--log', '--sets', 'before,full', '--compress', '--block', '65536'), ('x.bak',), ()),
    'block-2048-striped': (('--out', 'x.bak', '--stripes', '2', '--block', '2048'), ('x.1.bak', 'x.2.bak'), ()),
    'filler': (('--out', 'x.bak', '--filler'), ('x.bak',), ()),
    'second-pass': (('--out', 'x.bak', '--second-pass', '--log', '--checksum'), ('x.bak',), ()),
    'second-pass-compressed': (('--out', 'x.bak', '--second-pass', '--compress'), ('x.bak',), ()),
    'multi-set': (('--out', 'x.bak', '--sets', 'before,log,full', '--log'), ('x.bak',), ()),
    'multi-set-compressed': (('--out', 'x.bak', '--sets', 'copy,before', '--compress'), ('x.bak',), ('--set', '1')),
    'differential-in-one-file': (('--out', 'x.bak', '--sets', 'before,copy,diff,log', '--checksum'), ('x.bak',), ('--set', '3')),
    'differential': (('--out', 'x.bak', '--diff', 'd.bak', '--log'), ('x.bak', 'd.bak'), ()),
    'differential-compressed': (('--out', 'x.bak', '--diff', 'd.bak', '--compress'), ('d.bak', 'x.bak'), ()),
}
# Written in place, without a data file first.
CONTAINERS_OF_THE_HUGE = {'bak-plain': (('--out', 'x.bak'), ('x.bak',), ())}
FAST_CONTAINERS = ('mdf', 'bak', 'compressed')
# Where one file is not enough to tell what happens: the changing database goes through every container in the fast part too.
EVERY_CONTAINER = ('changing',)
# The size of physical blocks changes the container only: these need no more than that database.
BLOCK_CONTAINERS = ('block-65536', 'block-65536-compressed', 'block-2048-striped')


def csv_rows(path):
    """Lines of a CSV as bytes; a line break inside quotes does not end one."""
    rows, open_row = [], None
    for part in path.read_bytes().split(b'\r\n')[:-1]:
        open_row = part if open_row is None else open_row + b'\r\n' + part
        if open_row.count(b'"') % 2 == 0:
            rows.append(open_row)
            open_row = None
    return rows


def compare(folder):
    """What differs between the truth and what was extracted, in words."""
    with open(folder / 'out' / '_tables.csv', newline='', encoding='utf-8') as f:
        tables = {r['schema'] + '.' + r['table']: r for r in csv.DictReader(f)}
    wrong = []
    for truth in sorted((folder / 'truth').glob('*.csv')):
        name = truth.name[:-4]
        if name not in tables:
            wrong.append(name + ' is missing')
            continue
        wanted, got = csv_rows(truth), csv_rows(folder / 'out' / tables[name]['file'])
        if wanted[0] != got[0]: wrong.append('%s: its columns are %r' % (name, got[0]))
        lost, more = Counter(wanted[1:]) - Counter(got[1:]), Counter(got[1:]) - Counter(wanted[1:])
        if lost or more:
            wrong.append('%s: %d rows missing, %d rows too many; first %r for %r' % (
                name, sum(lost.values()), sum(more.values()), next(iter(more), b'')[:300], next(iter(lost), b'')[:300]))
    return wrong


def try_one(given, name, text, version, container, folder):
    """What is wrong with this combination; an empty list when nothing is."""
    make, sources, options = {**CONTAINERS, **CONTAINERS_OF_THE_HUGE}[container]
    (folder / 'case.spec').write_text('database "Mätrix – 歯 😀"\nversion %d\n%s' % (version, text), encoding='utf-8')
    made = subprocess.run([given.bakgen, '--spec', 'case.spec', *make, '--truth', 'truth'], cwd=folder, capture_output=True,
                          text=True, check=False)
    if made.returncode: return ['bakgen: ' + made.stderr.strip()]
    sources = list(sources) + [p.name for p in sorted(folder.glob('*.ndf'))]
    got = subprocess.run([given.chartferry, 'extract', *sources, *options, '--out', 'out', '--quiet'], cwd=folder,
                         capture_output=True, text=True, check=False)
    if got.returncode:
        return ['extract gives %d: %s' % (got.returncode, ' '.join(got.stderr.split())[:600])]
    return compare(folder)


def combinations(fast):
    for name, text, versions, quick in FEATURES:
        for version in versions:
            for container in CONTAINERS:
                every = name in EVERY_CONTAINER
                if container in BLOCK_CONTAINERS and not every: continue
                if fast and (version not in quick or not (every or container in FAST_CONTAINERS)): continue
                if fast and not every and container != FAST_CONTAINERS[(version + len(name)) % 3]: continue
                yield name, text, version, container


def try_huge(given, name, text, container, folder):
    """As try_one; the file must be beyond 4 GB (it is sparse: most of it is never written)."""
    wrong = try_one(given, name, text, 782, container, folder)
    if not wrong and not any(p.stat().st_size > 1 << 32 for p in folder.glob('x.*')): wrong.append('no file is beyond 4 GB')
    return wrong


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--bakgen', type=Path, required=True)
    args.add_argument('--chartferry', type=Path, required=True)
    args.add_argument('--fast', action='store_true')
    args.add_argument('--jobs', type=int, default=2)
    args.add_argument('--only', default='')
    args.add_argument('--keep', type=Path, help='write the files of the combinations here and leave them')
    given = args.parse_args()
    given.bakgen, given.chartferry = given.bakgen.resolve(), given.chartferry.resolve()
    only = given.only.split(':')
    chosen = [c for c in combinations(given.fast) if all(a in ('', b) for a, b in zip(only, (c[0], str(c[2]), c[3])))]
    bad = 0
    with tempfile.TemporaryDirectory(prefix='matrix-') as scratch, ThreadPoolExecutor(given.jobs) as pool:
        def one(numbered):
            number, (name, text, version, container) = numbered
            if given.keep:
                folder = given.keep / ('%s-%d-%s' % (name, version, container))
                folder.mkdir(parents=True)
                return try_one(given, name, text, version, container, folder)
            with tempfile.TemporaryDirectory(dir=scratch) as d:
                return try_one(given, name, text, version, container, Path(d))
        for (name, _, version, container), wrong in zip(chosen, pool.map(one, enumerate(chosen))):
            bad += bool(wrong)
            for sentence in wrong: print('%s, version %d, %s: %s' % (name, version, container, sentence), flush=True)
    for name, text, container in () if given.fast or given.only else HUGE:
        with tempfile.TemporaryDirectory(prefix='matrix-') as d:
            wrong = try_huge(given, name, text, container, Path(d))
        bad += bool(wrong)
        chosen.append(name)
        for sentence in wrong: print('%s, %s: %s' % (name, container, sentence), flush=True)
    print('%d combinations, %d of them wrong' % (len(chosen), bad))
    return 1 if bad or not chosen else 0


if __name__ == '__main__':
    sys.exit(main())
