#!/usr/bin/env python3
"""Destroys a share of the pages of a generated practice and judges what `chartferry extract` still gives.

usage: salvage.py --chartferry PROGRAM --bakgen PROGRAM [--megabytes N] [--percent P] [--seed N] [--form mdf|bak|compressed]
                  [--guard checksum|torn|none] [--hit all|rows|data|index|values|iam|pfs|gam|boot|catalog] [--each | --test] [--keep FOLDER]

What must be there is known apart from the readers: the rows from bakgen's truth, the pages of each row from rowmap.py. Of every
table: no row is wrong or invented; every row whose pages are whole comes out; rows written and rows counted as unreadable are
together the rows that there were. The file is read twice, without and with --salvage.

--each instead destroys one page at a time, each page that more hangs on than its own rows, and prints what it costs.
--test: small files of every form, one page in a hundred; all maps and lists of pages at once; single pages of the catalog;
a conversion of a practice with destroyed pages.
"""
import argparse
import csv
import io
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
from array import array
from collections import Counter
from pathlib import Path

from rowmap import PAGE, RowMap

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'tools'))
from facts import check, ended  # noqa: E402

EXTENT = 8 * PAGE
SPEC = '''database Practice
seed 5
%(guard)s
table dbo.Patient %(patients)d
column Id int not null seq
column LastName nvarchar(40) not null list Abara Berglund Castellano Dimitrov Eriksen "van Dijk"
column Born date null 3% random
column Balance money not null random -150.00..2400.00
column Notes nvarchar(max) null 30% text 20..1200
primary Id
index IX_Patient_Name LastName
ghosts 97
table dbo.Exam %(exams)d
column Id int not null seq
column PatientId int not null random 1..%(patients)d
column Taken datetime not null random
column Diagnosis nvarchar(200) null 30% text 5..120
primary Id
index IX_Exam_Patient PatientId
table dbo.Site %(sites)d
column Id int not null seq
column Tooth tinyint not null seq 1 1 mod 32
column Depth smallint not null random 0..12
column Day date not null random 2001-01-01..2019-01-31
primary Id
table dbo.Visit %(visits)d
column Id int not null seq
column Kind varchar(30) not null list recall implant exam surgery
column Comment nvarchar(400) null 50% text 0..120
ghosts 150
forwarded 60
table dbo.Document %(documents)d
column Id int not null seq
column Name nvarchar(120) not null cycle consent.pdf x-ray.jpg letter.docx
column Content varbinary(max) null 5% bytes 200..60000
column Thumbnail image null 50% bytes 0..9000
primary Id
table dbo.Letter %(letters)d
column Id int not null seq
column Body ntext null 20% text 10..3000
column Head varchar(8000) not null text 10..6000
column Foot varchar(8000) not null text 10..6000
'''
SMALL = '''table dbo.Small%02d 40
column Id int not null seq
%s
primary Id
index IX_Small%02d_C0 C0
'''
SMALL_TABLES, SMALL_COLUMNS = 40, 24   # so that the catalog has pages enough to be hit
BYTES_PER_PATIENT = 18000              # of the file, with everything that belongs to him


def spec_text(megabytes, guard):
    n = max(60, megabytes * 1000000 // BYTES_PER_PATIENT)
    text = SPEC.replace('% ', '%% ') % {'guard': {'checksum': '', 'torn': 'torn', 'none': 'unprotected'}[guard], 'patients': n, 'exams': 8 * n,
                   'sites': 250 * n, 'visits': 10 * n, 'documents': max(20, n // 10), 'letters': max(20, n // 4)}
    columns = '\n'.join('column C%d nvarchar(30) null 20%% text 3..12' % i for i in range(SMALL_COLUMNS))
    return text + ''.join(SMALL % (i, columns, i) for i in range(SMALL_TABLES))


# ---- rows as text ----

def records(path):
    """The records of a file of extract, each as its bytes."""
    pending = b''
    with open(path, 'rb') as f:
        for line in f:
            pending += line
            if pending.count(b'"') % 2 == 0:
                yield pending
                pending = b''


def number_of(record):
    return int(record[:record.index(b',')])


def fields(record):
    return next(csv.reader(io.StringIO(record.decode('utf-8'), newline='')))


class Truth:
    """The rows that there are: their hashes, or with few of them their bytes."""
    def __init__(self, folder):
        self.tables, self.heads = {}, {}
        for path in sorted(folder.glob('*.csv')):
            rows = records(path)
            self.heads[path.name[4:-4]] = next(rows)
            known = array('q', [0])
            for r in rows:
                if number_of(r) != len(known):
                    raise SystemExit('%s: its rows are not numbered from 1' % path.name)
                known.append(hash(r))
            self.tables[path.name[4:-4]] = known


# ---- the file and its pages ----

class Subject:
    def __init__(self, a, folder):
        self.a, self.folder = a, folder
        (folder / 'spec').write_text(spec_text(a.megabytes, a.guard), encoding='utf-8')
        self.mdf, self.bak = folder / 'whole.mdf', folder / 'whole.bak'
        command = [a.bakgen, '--spec', folder / 'spec', '--mdf', self.mdf, '--truth', folder / 'truth']
        if a.form != 'mdf':
            command += ['--log', '--out', self.bak] + (['--compress'] if a.form == 'compressed' else [])
        (folder / 'truth').mkdir()
        subprocess.run(list(map(str, command)), check=True)
        self.map = RowMap(self.mdf)
        self.truth = Truth(folder / 'truth')
        self.source = self.mdf if a.form == 'mdf' else self.bak
        mapped = {t: sum(map(len, p.values())) for t, p in self.map.rows.items()}
        there = {t: len(k) - 1 for t, k in self.truth.tables.items()}
        if mapped != there:
            raise SystemExit('the pages hold other numbers of rows than the truth: %s' % (set(mapped.items()) ^ set(there.items())))
        self.places = {'mdf': self.in_data_file, 'bak': self.in_backup, 'compressed': self.in_pieces}[a.form]()

    def in_data_file(self):
        return {page: (page * PAGE, PAGE) for page in self.map.pages}

    def used_extents(self):
        """Those that a full backup holds, in order: allocated ones by GAM and SGAM, and those with a map."""
        used = {page // 8 for page in self.map.pages}
        for gam in range(0, self.map.count, 511232):
            allocated, mixed = ((gam or 2) + i for i in (0, 1))
            for i in range(min(63904, (self.map.count - gam) // 8)):
                at = 194 + i // 8
                if not self.map.raw[allocated * PAGE + at] >> i % 8 & 1 or self.map.raw[mixed * PAGE + at] >> i % 8 & 1:
                    used.add(gam // 8 + i)
        return sorted(used)

    def in_backup(self):
        """Each extent of the data file, found again in the backup."""
        places, raw = {}, self.mdf.read_bytes()
        with open(self.bak, 'rb') as f:
            first = raw[:EXTENT]
            head = f.read(1 << 20)
            at = head.index(first)
            f.seek(at)
            extents = iter(self.used_extents())
            while (have := f.read(EXTENT)) and len(have) == EXTENT:
                for extent in extents:
                    if raw[extent * EXTENT:(extent + 1) * EXTENT] == have:
                        break
                    extents = iter([e for e in self.used_extents() if e >= extent])
                    extent = None
                    break
                else:
                    break
                if extent is None:
                    at += EXTENT
                    continue
                places.update({page: (at + (page % 8) * PAGE, PAGE) for page in range(extent * 8, extent * 8 + 8) if page in self.map.pages})
                at += EXTENT
        return places

    def in_pieces(self):
        """Of a compressed backup: the piece that holds the page's extent. They lie in the order of the extents."""
        places = {}
        data = self.bak.read_bytes()
        extents = iter(self.used_extents())
        at = 480
        while at + 28 < len(data):
            flags, size, packed = struct.unpack_from('<BBH', data, at)
            if flags & ~0x20 != 1:
                at += 1
                continue
            if size == EXTENT // 512:
                extent = next(extents, None)
                if extent is None:
                    break
                places.update({page: (at + 28, packed) for page in range(extent * 8, extent * 8 + 8) if page in self.map.pages})
            at += 28 + packed
        return places

    def kind_of(self, page):
        return self.map.pages[page]

    def group(self, hit):
        wanted = {'all': lambda k: True, 'rows': lambda k: k in ('data', 'index', 'large values'), 'values': lambda k: k == 'large values',
                  'catalog': lambda k: k.startswith('catalog'), 'structure': lambda k: k not in ('data', 'index', 'large values')}
        test = wanted.get(hit, lambda k: k == hit)
        return sorted(p for p in self.places if test(self.map.pages[p]))

    def spoil(self, name, pages, r):
        """A copy with these pages destroyed; all pages that were lost with it."""
        out = self.folder / (name + self.source.suffix)
        subprocess.run(['cp', '--reflink=auto', self.source, out], check=True)
        lost, kinds = set(), Counter()
        by_place = Counter()
        with open(out, 'r+b') as f:
            for page in pages:
                at, n = self.places[page]
                if self.a.form == 'compressed':
                    f.seek(at + r.randrange(n))
                    f.write(r.randbytes(1 + min(40, n // 2)))
                    lost |= {p for p in range(page // 8 * 8, page // 8 * 8 + 8) if p in self.places}
                    kinds['piece'] += 1
                    continue
                how = r.choice(('zeros', 'noise', 'another page', 'half', 'header'))
                if self.a.guard == 'none' and how == 'half':
                    how = 'zeros'   # nothing on such a page could tell
                other = self.places[r.choice(self.all_places)][0]
                f.seek(other)
                spare = f.read(PAGE)
                f.seek(at)
                was = f.read(PAGE)
                new = {'zeros': bytes(PAGE), 'noise': r.randbytes(PAGE), 'another page': spare, 'header': r.randbytes(96) + was[96:],
                       'half': was[:PAGE // 2] + (bytes(PAGE // 2) if self.a.guard == 'torn' else spare[PAGE // 2:])}[how]
                if new == was:
                    new = bytes(PAGE)
                f.seek(at)
                f.write(new)
                lost.add(page)
                kinds[how] += 1
        return out, lost, kinds

    @property
    def all_places(self):
        if not hasattr(self, '_all'):
            self._all = sorted(self.places)
        return self._all


# ---- what extract gives ----

class Taken:
    """A run of extract held against the truth."""
    def __init__(self, subject, source, *options):
        self.out = subject.folder / 'out'
        began = time.monotonic()
        p = subprocess.run([str(subject.a.chartferry), 'extract', str(source), '--out', str(self.out), '--color=never', *options],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.seconds, self.code, self.said = time.monotonic() - began, p.returncode, p.stdout.decode('utf-8', 'replace')
        self.rows, self.wrong, self.holed, self.lines, self.strangers, self.reshaped = {}, [], {}, {}, [], {}
        if not self.out.is_dir():
            self.listed, self.findings = {}, []
            return
        self.listed = {t['table']: t for t in self.listing('_tables.csv')}
        self.findings = self.listing('_findings.csv')
        for path in sorted(self.out.glob('*.csv')):
            if path.name[0] != '_':
                self.read(subject, path)

    def listing(self, name):
        with open(self.out / name, encoding='utf-8-sig', newline='') as f:
            return list(csv.DictReader(f))

    def read(self, subject, path):
        table = path.name[4:-4]
        if table.startswith('object_'):
            table = self.name_of(subject, path) or table
            self.listed[table] = self.listed.pop(path.name[4:-4], None)
        known = subject.truth.tables.get(table)
        if known is None:
            self.strangers.append(path.name)
            return
        have, holed = set(), {}
        rows = records(path)
        lines = 0
        if next(rows) != subject.truth.heads[table]:
            self.reshaped[table] = self.lines[table] = sum(1 for _ in rows)
            return
        for r in rows:
            lines += 1
            number = number_of(r)
            if not 0 < number < len(known) or number in have or number in holed:
                self.wrong.append('%s: row %d is invented or there twice' % (table, number))
            elif known[number] == hash(r):
                have.add(number)
            else:
                holed[number] = r
        self.rows[table], self.holed[table], self.lines[table] = have, holed, lines

    def name_of(self, subject, path):
        """Which table one without a name is, by its columns and rows."""
        rows = records(path)
        head = next(rows)
        hashes = {hash(r) for r in rows}
        fits = {t: len(hashes.intersection(subject.truth.tables[t])) for t, h in subject.truth.heads.items() if h == head}
        return max(fits, key=fits.get, default=None)

    def discard(self):
        subprocess.run(['rm', '-rf', str(self.out)], check=True)


def holes_are_true(subject, taken, table, part):
    """Rows written with empty cells must be such of which a large value is lost, and else as they were."""
    holed = taken.holed.get(table, {})
    if not holed:
        return
    for number, record in holed.items():
        if number not in part:
            taken.wrong.append('%s: row %d has other values' % (table, number))
    wanted = set(holed)
    for r in records(subject.folder / 'truth' / ('dbo.%s.csv' % table)):
        if r[:1].isdigit() and number_of(r) in wanted:
            was, have = fields(r), fields(holed[number_of(r)])
            if len(was) != len(have) or any(x != y and y != '' for x, y in zip(was, have)):
                taken.wrong.append('%s: row %d has other values' % (table, number_of(r)))


def judge(subject, taken, destroyed):
    """(rows lost on destroyed pages, rows lost beside them {table: n}, rows lost that nothing counts {table: n})."""
    lost = subject.map.lost_with(destroyed)
    due, beyond, uncounted = 0, {}, {}
    for table, known in sorted(subject.truth.tables.items()):
        there = len(known) - 1
        whole, part = lost.get(table, (set(), set()))
        due += len(whole | part)
        holes_are_true(subject, taken, table, part)
        have = taken.rows.get(table, set()) | set(taken.holed.get(table, ()))
        more = 0 if table in taken.reshaped else there - len(have | whole | part)
        if more:
            beyond[table] = more
        t = taken.listed.get(table)
        if not t:
            uncounted[table] = there
        elif int(t['rows_written']) + int(t['rows_unreadable']) != there or int(t['rows_written']) != taken.lines.get(table, 0):
            uncounted[table] = there - int(t['rows_written']) - int(t['rows_unreadable'])
    return due, beyond, uncounted


def told(numbers):
    return ', '.join('%s %d' % x for x in sorted(numbers.items(), key=lambda x: -abs(x[1]))[:6]) + (' ...' if len(numbers) > 6 else '')


def one(subject, name, pages, r, verbose=True):
    """Destroys these pages and reads twice; [(due, beyond, uncounted, taken)]."""
    source, destroyed, kinds = subject.spoil(name, pages, r)
    results = []
    for options in ((), ('--salvage',)):
        taken = Taken(subject, source, *options)
        due, beyond, uncounted = judge(subject, taken, destroyed)
        if verbose:
            what = Counter(subject.kind_of(p).split()[0] for p in destroyed)
            print('%s%s: %d of %d pages destroyed (%s); exit %d in %.1f s; %d rows lie on them, %d more are lost (%s), %d are not counted (%s), %d wrong'
                  % (name, ' --salvage' if options else '', len(destroyed), len(subject.places), told(what), taken.code, taken.seconds, due,
                     sum(beyond.values()), told(beyond), sum(map(abs, uncounted.values())), told(uncounted), len(taken.wrong)), flush=True)
            for w in taken.wrong[:5] + taken.strangers[:5]:
                print('    ' + w)
        results.append((due, beyond, uncounted, taken))
        taken.discard()
    source.unlink()
    return results


def each(subject, r):
    """One page at a time of those that more hangs on than their own rows."""
    for page in subject.group('structure'):
        line = []
        for _, beyond, uncounted, taken in one(subject, 'one', [page], r, False):
            line.append('exit %d, %d lost (%s), %d not counted (%s)%s' % (
                taken.code, sum(beyond.values()), told(beyond), sum(map(abs, uncounted.values())), told(uncounted),
                ''.join(' %s: %s' % x for x in (('other columns', told(taken.reshaped)), ('nameless', ' '.join(taken.strangers)),
                                                ('WRONG', ' '.join(taken.wrong[:3]))) if x[1])))
        print('%s, page %d: %s | --salvage: %s' % (subject.kind_of(page), page, *line), flush=True)


def share(subject, r, percent):
    """Destroys a share of all pages and tells what is lost."""
    n = max(1, round(len(subject.places) * percent / 100 / (8 if subject.a.form == 'compressed' else 1)))
    pages = subject.group(subject.a.hit)
    for _, _, uncounted, taken in one(subject, 'damaged', r.sample(pages, min(n, len(pages))), r):
        check(not taken.wrong and not taken.strangers, 'rows that are not true')
        check(not uncounted, 'rows that are not counted')


# ---- as a test ----

TESTED = (('bak', 'checksum'), ('mdf', 'checksum'), ('compressed', 'checksum'), ('bak', 'torn'), ('mdf', 'none'))


def all_whole_rows(subject, name, pages, r):
    """Nothing may be lost but what lies on the destroyed pages, and that is counted."""
    for due, beyond, uncounted, taken in one(subject, name, pages, r):
        what = '%s, %s, %s' % (subject.a.form, subject.a.guard, name)
        check(taken.code == 3, what + ': exit %d' % taken.code)
        check(not taken.wrong and not taken.strangers and not taken.reshaped, what + ': rows that are not true')
        check(not beyond, what + ': rows lost that lie on whole pages: ' + told(beyond))
        check(not uncounted, what + ': lost rows that are not counted: ' + told(uncounted))


def test(a, folder):
    convert_tells(a, folder, random.Random(a.seed))
    for form, guard in TESTED:
        a.form, a.guard = form, guard
        here = folder / (form + guard)
        here.mkdir()
        subject, r = Subject(a, here), random.Random('%d %s %s' % (a.seed, form, guard))
        beside_catalog = [p for p in sorted(subject.places) if not any(
            subject.kind_of(q).startswith('catalog') for q in (range(p // 8 * 8, p // 8 * 8 + 8) if form == 'compressed' else [p])
            if q in subject.places)]
        n = max(2, len(subject.places) // (800 if form == 'compressed' else 100))
        all_whole_rows(subject, 'one_in_hundred', r.sample(beside_catalog, n), r)
        if form != 'compressed':
            # By the pages at fixed places a bare data file is known: most of them must be left.
            left = ('gam', 'sgam', 'diff map', 'bulk map') if form == 'mdf' else ()
            all_whole_rows(subject, 'all_maps_and_lists', [p for p in subject.group('structure') if subject.kind_of(p) not in left and (
                not subject.kind_of(p).startswith('catalog') or 'iam' in subject.kind_of(p))], r)
        if (form, guard) == TESTED[0]:
            for page in r.sample(subject.group('catalog'), 12):
                for _, _, uncounted, taken in one(subject, 'a_page_of_the_catalog', [page], r, False):
                    check(not taken.wrong, '%s: rows that are not true' % subject.kind_of(page))
                    check(taken.code == 3 or subject.kind_of(page).split()[1] in UNREAD, '%s: exit %d' % (subject.kind_of(page), taken.code))
                    check(not uncounted, '%s: lost rows that are not counted: %s' % (subject.kind_of(page), told(uncounted)))
        subprocess.run(['rm', '-rf', str(here)], check=True)


def convert_tells(a, folder, r):
    """A conversion of a practice with destroyed pages counts the rows that lay on them, table by table."""
    made, out, damaged = folder / 'practice', folder / 'runs', folder / 'damaged.mdf'
    subprocess.run([str(a.practice_gen), '--out', str(made), '--patients', '40', '--seed', '3'], check=True, stdout=subprocess.DEVNULL)
    pages = RowMap(made / 'practice.mdf')
    data = sorted(p for p, kind in pages.pages.items() if kind == 'data')
    destroyed = set(r.sample(data, len(data) // 50))
    raw = bytearray((made / 'practice.mdf').read_bytes())
    for page in destroyed:
        raw[page * PAGE:(page + 1) * PAGE] = bytes(PAGE)
    damaged.write_bytes(raw)
    # Rows counted by page, not by key: not every key of these tables is a number of its own.
    lost = Counter()
    for table, by_page in pages.rows.items():
        lost['dbo.' + table] += sum(len(ids) for page, ids in by_page.items() if page in destroyed)
    p = subprocess.run([str(a.chartferry), 'convert', str(damaged), '--to', 'canonical', '--option', 'national_id=yes', '--out', str(out),
                        '--templates', str(a.templates)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    check(p.returncode == 3, 'convert: exit %d' % p.returncode)
    with open(next(out.glob('*/report.json')), encoding='utf-8') as f:
        report = json.load(f)
    counted = {t['name']: t['unreadable'] for t in report['counts']['tables']}
    check({t: n for t, n in counted.items() if n} == {t: n for t, n in lost.items() if n and t in counted}, 'convert counts %s, lost are %s' % (counted, lost))
    check(sum(counted.values()) > 0, 'convert: nothing is counted')
    check('OUT-406' in p.stdout and all(t in p.stdout for t, n in counted.items() if n), 'convert: a table with a loss is not named')


UNREAD = ('8', '20', '23', '27')   # base tables that no reader needs


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--chartferry', type=Path, required=True)
    p.add_argument('--bakgen', type=Path, required=True)
    p.add_argument('--megabytes', type=int, default=20)
    p.add_argument('--percent', type=float, default=1)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--form', choices=('mdf', 'bak', 'compressed'), default='bak')
    p.add_argument('--guard', choices=('checksum', 'torn', 'none'), default='checksum')
    p.add_argument('--hit', default='all')
    p.add_argument('--each', action='store_true')
    p.add_argument('--test', action='store_true')
    p.add_argument('--practice-gen', type=Path, help='with --test')
    p.add_argument('--templates', type=Path, help='with --test')
    p.add_argument('--keep', type=Path)
    a = p.parse_args()
    with tempfile.TemporaryDirectory(prefix='salvage-') as name:
        folder = a.keep or Path(name)
        folder.mkdir(exist_ok=True)
        if a.test:
            test(a, folder)
            return ended('salvage')
        began = time.monotonic()
        subject = Subject(a, folder)
        print('%d pages (%s), %d rows, made in %.0f s' % (
            len(subject.places), told(Counter(k.split()[0] for k in map(subject.kind_of, subject.places))),
            sum(len(k) - 1 for k in subject.truth.tables.values()), time.monotonic() - began), flush=True)
        r = random.Random(a.seed)
        if a.each:
            each(subject, r)
        else:
            share(subject, r, a.percent)
    return ended('salvage')


if __name__ == '__main__':
    sys.exit(main())
