#!/usr/bin/env python3
"""Destroys the pages of a database's own tables one at a time and judges what `chartferry extract` still gives.

usage: catalog_pages.py --chartferry PROGRAM [--bakgen PROGRAM] [--corpus FOLDER] [--random SHARE --seeds N] [--versions N,...] [--verbose]

What must be there is what the program gives of the whole file, which other tests hold against truths. Of every table then: no row
that the whole file does not give; what is missing is counted, or a finding names the table; a table whose pages are whole comes out
whole, or a finding names it. Nothing may be lost with exit code 0. Real files are read from the corpus where it is there.
--random destroys a share of all pages, of the catalog and of the tables alike.
"""
import argparse
import csv
import random
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from pages import PAGE, checked_pages

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'tools'))
from facts import check, ended  # noqa: E402

FIRST_USER_OBJECT = 100
DATA, INDEX, IAM = 1, 2, 10
KINDS = {DATA: 'data', INDEX: 'index', IAM: 'iam'}
CORPUS = ('northwind2005.bak', 'northwind2008.mdf', 'dentalclinic2012.mdf', 'hospital2014.bak', 'clinica2017_ro.bak', 'clinicdb2019.bak')
SPEC = '''database Catalog
seed 11
'''
TABLE = '''table %s.T%02d %d
column Id int not null seq
column Name nvarchar(40) null 20%% list Abara Novak "de Sousa"
column Born datetime null random
column Paid money null random 0.00..90.00
column Note varchar(60) null text 0..40
%s
'''


def spec_text(tables):
    text = SPEC
    for i in range(tables):
        extra = '\n'.join('column C%d nvarchar(20) null text 3..12' % k for k in range(14))
        text += TABLE % ('dbo' if i % 3 else 'clinic', i, 30 + i, extra + '\nprimary Id\nindex IX_%02d Name\nunique UQ_%02d Born Id' % (i, i))
    return text


class Rows:
    """What extract gives of a file."""
    def __init__(self, program, source, folder, *options):
        out = folder / 'out'
        p = subprocess.run([str(program), 'extract', str(source), '--out', str(out), '--color=never', *options], stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.code, self.said = p.returncode, p.stdout.decode('utf-8', 'replace')
        self.tables, self.counts, self.named, self.findings = {}, {}, set(), []
        if out.is_dir():
            for name, into in (('_tables.csv', None), ('_findings.csv', self.findings)):
                with open(out / name, encoding='utf-8-sig', newline='') as f:
                    rows = list(csv.DictReader(f))
                if into is None:
                    self.counts = {r['schema'] + '.' + r['table']: r for r in rows}
                else:
                    into += rows
            for path in out.glob('*.csv'):
                if path.name[0] != '_':
                    with open(path, encoding='utf-8-sig', newline='') as f:
                        rows = list(csv.reader(f))
                    self.tables[path.name[:-4]] = (tuple(rows[0]), Counter(map(tuple, rows[1:])))
            self.named = {f.get('table', '') for f in self.findings}
        subprocess.run(['rm', '-rf', str(out)], check=True)


def owner(raw, at):
    return struct.unpack_from('<H', raw, at + 6)[0], struct.unpack_from('<I', raw, at + 24)[0]


def catalog_pages(raw):
    for at in checked_pages(raw):
        index, number = owner(raw, at)
        if raw[at + 1] in KINDS and 0 < number < FIRST_USER_OBJECT and index < 16:
            yield at, number, index


def judge(whole, have, what, tally):
    """Adds to the tally; says what is wrong."""
    wrong = []
    for name, (head, rows) in whole.tables.items():
        there = sum(rows.values())
        if name not in have.tables:
            counted = have.counts.get(name)
            if counted is not None or not there or any(name in n for n in have.named) or 'MDF-212' in have.said or have.code == 4:
                tally['named' if there else 'empty'] += 1
                tally['rows lost'] += there
            else:
                wrong.append('%s is gone without a word' % name)
            continue
        head_now, now = have.tables[name]
        if head_now == head:
            invented = now - rows
            if invented:
                wrong.append('%s: %d rows are not true' % (name, sum(invented.values())))
        lost = there - sum(now.values())
        if head_now == head and not lost:
            tally['whole'] += 1
            continue
        c = have.counts[name]
        if name in have.named or int(c['rows_unreadable'] or 0) == lost:
            tally['named'] += 1
            tally['rows lost'] += max(lost, 0)
        else:
            wrong.append('%s: %d rows are lost and not counted' % (name, lost))
    strangers = [n for n in have.tables if n not in whole.tables]
    made_up = [n for n in strangers if 'object_' in n or 'schema_' in n]
    if len(strangers) > len(made_up):
        wrong.append('tables that are not there: %s' % sorted(set(strangers) - set(made_up))[:3])
    lost_some = have.code != 4 and (len(have.tables) < len(whole.tables) or any(have.tables.get(n) != t for n, t in whole.tables.items()))
    if have.code not in (0, 3, 4) or (have.code == 0 and lost_some):
        wrong.append('exit %d' % have.code)
    for w in wrong:
        check(False, '%s: %s' % (what, w))


def spoiled(raw, places, folder, suffix):
    copy = bytearray(raw)
    for at in places:
        copy[at:at + PAGE] = bytes(PAGE)
    path = folder / ('damaged' + suffix)
    path.write_bytes(copy)
    return path


def each_page(a, name, raw, whole, folder, suffix):
    by_table = {}
    for at, number, index in catalog_pages(raw):
        tally = by_table.setdefault((number, index, KINDS[raw[at + 1]]), Counter())
        tally['pages'] += 1
        have = Rows(a.chartferry, spoiled(raw, [at], folder, suffix), folder)
        judge(whole, have, '%s, page at %d of base table %d, index %d' % (name, at, number, index), tally)
        if have.code == 4:
            tally['unreadable'] += 1
    total = Counter()
    for key, tally in sorted(by_table.items()):
        total.update(tally)
        if a.verbose and (tally['named'] or tally['unreadable']):
            print('    base table %d, index %d, %s: %s' % (*key, dict(tally)))
    print('%s: %d pages of the catalog destroyed one at a time: tables whole %d, named with their loss %d, rows lost %d, whole file refused %d' % (
        name, total['pages'], total['whole'], total['named'], total['rows lost'], total['unreadable']), flush=True)


def some_pages(a, name, raw, whole, folder, suffix):
    places = [at for at in checked_pages(raw) if raw[at + 1] in (1, 2, 3, 4, 10, 11)]
    for seed in range(a.seeds):
        r = random.Random('%s %d' % (name, seed))
        tally, hit = Counter(), r.sample(places, max(1, round(len(places) * a.random / 100)))
        have = Rows(a.chartferry, spoiled(raw, hit, folder, suffix), folder)
        judge(whole, have, '%s, seed %d' % (name, seed), tally)
        print('%s, seed %d: %d of %d pages destroyed: exit %d, tables whole %d, named %d, rows lost %d' % (
            name, seed, len(hit), len(places), have.code, tally['whole'], tally['named'], tally['rows lost']), flush=True)


def subjects(a, folder):
    for version in a.versions if a.bakgen else ():
        made = folder / ('v%d.mdf' % version)
        (folder / 'spec').write_text(spec_text(a.tables), encoding='utf-8')
        subprocess.run([str(a.bakgen), '--spec', str(folder / 'spec'), '--version', str(version), '--mdf', str(made)], check=True)
        yield 'generated, version %d' % version, made
    for name in CORPUS if a.corpus else ():
        if (a.corpus / name).exists():
            yield name, a.corpus / name
        else:
            print('skipped: %s is absent' % name)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--chartferry', type=Path, required=True)
    p.add_argument('--bakgen', type=Path)
    p.add_argument('--corpus', type=Path)
    p.add_argument('--versions', type=lambda s: list(map(int, s.split(','))), default=[611, 782])
    p.add_argument('--tables', type=int, default=24)
    p.add_argument('--random', type=float, default=0)
    p.add_argument('--seeds', type=int, default=3)
    p.add_argument('--verbose', action='store_true')
    a = p.parse_args()
    with tempfile.TemporaryDirectory(prefix='catalog-pages-') as base:
        folder = Path(base)
        for name, path in subjects(a, folder):
            raw = path.read_bytes()
            whole = Rows(a.chartferry, path, folder)
            check(whole.code == 0 and whole.tables, '%s: exit %d' % (name, whole.code))
            (some_pages if a.random else each_page)(a, name, raw, whole, folder, path.suffix)
    return ended('catalog_pages')


if __name__ == '__main__':
    sys.exit(main())
