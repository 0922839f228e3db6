#!/usr/bin/env python3
"""Looks at what bakgen writes with a reader of its own (a few hundred lines that follow FORMAT.md and share nothing with
bakgen or chartferry), and compares what chartferry extracts with the truth that bakgen writes beside it.

usage: test_bakgen.py --bakgen FILE --chartferry FILE
"""
import argparse
import csv
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PAGE, EXTENT, INTERVAL, PFS = 8192, 65536, 63904, 8088
ARGS = None


def u16(b, at): return struct.unpack_from('<H', b, at)[0]
def u32(b, at): return struct.unpack_from('<I', b, at)[0]
def i32(b, at): return struct.unpack_from('<i', b, at)[0]
def i64(b, at): return struct.unpack_from('<q', b, at)[0]


def sectors_sum(data, total=0):
    for at in range(0, len(data), 512):
        x = 0
        for word in struct.unpack_from('<128I', data, at): x ^= word
        total = ((total << 1 | total >> 31) & 0xFFFFFFFF) ^ x
    return total


def page_sum(page): return sectors_sum(page[:60] + bytes(4) + page[64:])


def words_xor(b, at, words):
    x = 0
    for i in range(words): x ^= u16(b, at + 2 * i)
    return x


class Container:
    """The blocks and streams of an uncompressed backup, each checksum checked on the way."""

    def __init__(self, data):
        self.data, self.blocks = data, []
        self.physical = u16(data, 64) * 512
        at = 0
        while at < len(data):
            if words_xor(data, at, 26): raise ValueError('block checksum at %d' % at)
            kind, event, streams = data[at:at + 4].decode(), u16(data, at + 8), []
            start = at
            if kind == 'SFMB':
                at += self.physical
            else:
                at = self.streams(at + event, streams)
            self.blocks.append((kind, start, streams))

    def streams(self, at, out):
        while True:
            if words_xor(self.data, at, 11): raise ValueError('stream checksum at %d' % at)
            name, length = self.data[at:at + 4].decode(), struct.unpack_from('<Q', self.data, at + 8)[0]
            out.append((name, at, u16(self.data, at + 6), length))
            at += 22 + length
            if name == 'SPAD': return at
            at = (at + 3) & ~3

    def kinds(self): return [kind for kind, _, _ in self.blocks]

    def stream(self, block, name):
        for kind, _, streams in self.blocks:
            for s in streams:
                if kind == block and s[0] == name and s[3] > 2: return s
        return None

    def pages(self):
        _, at, _, length = self.stream('MSDA', 'MQDA')
        return self.data[at + 24:at + 22 + length]

    def file_chunk_pages(self):
        _, at, _, length = self.stream('MSCI', 'MQCI')
        at += 22
        end = at + length
        while at < end:
            if self.data[at:at + 4] == b'SFIN' and u32(self.data, at + 20) == 1: return u32(self.data, at + 24)
            at += u32(self.data, at + 4)
        return None


def place_extents(stream):
    """Extent numbers of a backup's data stream in order, by GAM, SGAM and the fixed pages: one interval is enough here."""
    gam, sgam = stream[2 * PAGE:3 * PAGE], stream[3 * PAGE:4 * PAGE]

    def bit(page, e): return page[194 + e // 8] >> e % 8 & 1
    count = len(stream) // EXTENT
    chosen = [e for e in range(count * 4 + 4096)
              if e == 0 or not bit(gam, e) or bit(sgam, e) or (e * 8) % PFS == 0]
    return chosen[:count]


class Database:
    def __init__(self, pages):
        self.pages = pages
        self.units = []
        page = u32(pages[9], 96 + 516)
        while page:
            self.units += [self.unit(record) for record in self.slots(pages[page])]
            page = u32(pages[page], 16)
        self.rowsets = {i64(r, 4): r for r in self.rows(5 << 16)}
        self.names = {i32(r, 4): (self.variable(r)[0].decode('utf-16le'), bytes(r[17:19]))
                      for r in self.rows((1 << 48) + (34 << 16))}

    @staticmethod
    def from_backup(data):
        stream = Container(data).pages()
        pages = {}
        for i, e in enumerate(place_extents(stream)):
            for k in range(8): pages[e * 8 + k] = stream[i * EXTENT + k * PAGE:i * EXTENT + (k + 1) * PAGE]
        return Database(pages)

    @staticmethod
    def from_data_file(data):
        return Database({i: data[i * PAGE:(i + 1) * PAGE] for i in range(len(data) // PAGE)})

    @staticmethod
    def slots(page):
        return [page[u16(page, 8190 - 2 * i):] for i in range(u16(page, 22))]

    @staticmethod
    def unit(r):
        return {'id': i64(r, 4), 'type': r[12], 'owner': i64(r, 13), 'first': u32(r, 27), 'root': u32(r, 33),
                'iam': u32(r, 39), 'used': i64(r, 45), 'data': i64(r, 53), 'reserved': i64(r, 61)}

    @staticmethod
    def variable(r):
        columns_at = u16(r, 2)
        at = columns_at + 2 + (u16(r, columns_at) + 7) // 8
        ends = [u16(r, at + 2 + 2 * i) for i in range(u16(r, at))]
        start, out = at + 2 + 2 * len(ends), []
        for end in ends:
            out.append(bytes(r[start:end & 0x7FFF]))
            start = end & 0x7FFF
        return out

    def pfs(self, page):
        base = page // PFS * PFS
        return self.pages[base or 1][100 + page - base]

    def iam_pages(self, unit):
        page, out = unit['iam'], []
        while page:
            out.append(page)
            page = u32(self.pages[page], 16)
        return out

    def unit_pages(self, unit):
        out = []
        for iam in self.iam_pages(unit):
            page = self.pages[iam]
            out += [u32(page, 142 + 6 * i) for i in range(8) if u32(page, 142 + 6 * i)]
            for e in range(INTERVAL):
                if page[194 + e // 8] >> e % 8 & 1: out += range(u32(page, 136) + 8 * e, u32(page, 136) + 8 * e + 8)
        return [p for p in out if self.pfs(p) & 0x40 and self.pages[p][1] in (1, 2, 3, 4)]

    def rows(self, owner):
        unit = next(u for u in self.units if u['owner'] == owner and u['type'] == 1)
        for page in self.unit_pages(unit):
            if self.pages[page][1] == 1:
                for r in self.slots(self.pages[page]):
                    if r[0] >> 1 & 7 in (0, 1): yield r

    def wrong_pages(self):
        return [n for n, page in self.pages.items() if self.pfs(n) & 0x40 and
                (u32(page, 32) != n or u16(page, 36) != 1 or page_sum(page) != u32(page, 60))]

    def unowned_pages(self):
        owned = [p for u in self.units for p in self.unit_pages(u) + self.iam_pages(u)]
        wanted = [n for n, page in self.pages.items() if self.pfs(n) & 0x40 and page[1] in (1, 2, 3, 4, 10)]
        return sorted(owned) != sorted(wanted)

    def count_faults(self):
        out = []
        for u in self.units:
            pages = self.unit_pages(u)
            if len(pages) + len(self.iam_pages(u)) != u['used']: out.append(('used', u))
            if u['type'] != 1: continue
            leaves = [p for p in pages if self.pages[p][3] == 0]
            kinds = [r[0] >> 1 & 7 for p in leaves for r in self.slots(self.pages[p])]
            rows = sum(kind in (0, 1, 3) for kind in kinds)
            if len(leaves) != u['data']: out.append(('data', u))
            if rows != i64(self.rowsets[u['owner']], 31): out.append(('rows', u, rows))
            if kinds.count(1) != kinds.count(2): out.append(('forwarded', u))
            if i32(self.rowsets[u['owner']], 17) and u['first'] and not self.is_tree(u, leaves): out.append(('tree', u))
        return out

    def is_tree(self, unit, leaves):
        page = unit['root']
        while self.pages[page][3]:
            page = u32(self.pages[page], u16(self.pages[page], 8190) + u16(self.pages[page], 14) - 6)
        if page != unit['first']: return False
        chain = []
        while page:
            chain.append(page)
            page = u32(self.pages[page], 16)
        return sorted(chain) == sorted(leaves)


def csv_rows(path):
    """Lines of a CSV as bytes; a line break inside quotes does not end one."""
    rows, open_row = [], None
    for part in path.read_bytes().split(b'\r\n')[:-1]:
        open_row = part if open_row is None else open_row + b'\r\n' + part
        if open_row.count(b'"') % 2 == 0:
            rows.append(open_row)
            open_row = None
    return rows


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix='bakgen-'))
        self.addCleanup(shutil.rmtree, self.folder)

    def make(self, *options, out='x.bak'):
        name = '--mdf' if out.endswith('.mdf') else '--out'
        command = [ARGS.bakgen, *options, name, self.folder / out, '--truth', self.folder / 'truth']
        subprocess.run(command, check=True)
        return self.folder / out

    def refused(self, text):
        spec = self.folder / 'bad.spec'
        spec.write_text(text, encoding='utf-8')
        result = subprocess.run([ARGS.bakgen, '--spec', spec, '--out', self.folder / 'bad.bak'], capture_output=True, text=True)
        self.assertEqual(result.returncode, 2)
        self.assertFalse((self.folder / 'bad.bak').exists())
        return result.stderr


class Structure(Case):
    def check(self, db):
        self.assertEqual(db.wrong_pages(), [])
        self.assertFalse(db.unowned_pages())
        self.assertEqual(db.count_faults(), [])

    def test_backup_has_the_block_order_of_sql_server(self):
        for block in ('512', '4096'):
            c = Container(self.make('--sample', 'practice', '--log', '--block', block, out=block + '.bak').read_bytes())
            shutil.rmtree(self.folder / 'truth')
            self.assertEqual(c.kinds(), ['TAPE', 'SFMB', 'SSET', 'VOLB', 'MSCI', 'MSDA', 'MSTL', 'MSTL', 'MSTL', 'MSTL',
                                         'MSLS', 'SFMB', 'ESET', 'ESET', 'SFMB'])
            start = next(at for kind, at, _ in c.blocks if kind == 'SSET')
            numbered = [b for b in c.blocks if b[0] not in ('TAPE', 'SFMB', 'ESET')]
            for i, (kind, at, streams) in enumerate(numbered):
                self.assertEqual((u32(c.data, at + 36), i64(c.data, at + 20) * 1024), (i, at - start), kind)
                for name, where, _, length in streams:
                    if name in ('MQDA', 'MQTL') and length > 2: self.assertEqual((where + 24) % c.physical, 0)
            self.assertEqual(c.file_chunk_pages() * PAGE, len(c.pages()))

    def test_practice_pages_and_counts_are_whole(self):
        data = self.make('--sample', 'practice').read_bytes()
        db = Database.from_backup(data)
        self.check(db)
        tables = [name for name, kind in db.names.values() if kind == b'U ']
        self.assertIn('PerioMeasurement', tables)

    def test_types_pages_and_counts_are_whole_in_a_data_file(self):
        self.check(Database.from_data_file(self.make('--sample', 'types', out='x.mdf').read_bytes()))

    def test_in_place_backup_is_the_one_copied_from_a_data_file(self):
        first = self.make('--sample', 'types', '--log').read_bytes()
        shutil.rmtree(self.folder / 'truth')
        second = self.make('--sample', 'types', '--log', '--mdf', self.folder / 'x.mdf', out='y.bak').read_bytes()
        self.assertEqual(first, second)

    def test_checksum_stream_covers_the_data(self):
        c = Container(self.make('--sample', 'types', '--checksum').read_bytes())
        _, at, attributes, _ = c.stream('MSDA', 'MQDA')
        self.assertEqual(attributes, 0x0102)
        _, at, _, length = c.stream('MSDA', 'CSUM')
        self.assertEqual((u32(c.data, at + 22), length), (sectors_sum(c.pages()), 4))

    def test_this_reader_notices_a_changed_byte(self):
        data = bytearray(self.make('--sample', 'practice').read_bytes())
        _, at, _, _ = Container(bytes(data)).stream('MSDA', 'MQDA')
        data[at + 24 + 9 * PAGE + 200] ^= 1
        self.assertEqual(Database.from_backup(bytes(data)).wrong_pages(), [9])


class Published(Case):
    """Compressed rows whose bytes real servers printed (DBCC PAGE, quoted in the tests of Internals Viewer)."""

    def rows_of(self, columns):
        spec = self.folder / 'row.spec'
        spec.write_text('table dbo.Row 1\n%scompress row\n' % columns, encoding='utf-8')
        return self.make('--spec', spec).read_bytes()

    def test_row_with_a_long_column(self):
        data = self.rows_of('column N int not null seq 101\ncolumn T varchar(100) null list "This is row 1"\n'
                            'column F char(2000) null list "Row 1"\n')
        self.assertTrue(bytes.fromhex('2103a216e5526f77203101' '01000d00') + b'This is row 1' in data)

    def test_row_with_moments(self):
        unused = ''.join('column %s int null 100%% random\n' % name for name in 'BDGH')
        b, d, g, h = unused.splitlines(True)
        day = 'datetime null list "2014-05-01"\n'
        data = self.rows_of('column A int null list 197376\n' + b + 'column C int null list 71819\n' + d + 'column E ' + day +
                            'column F tinyint null list 83\n' + g + h + 'column I ' + day)
        self.assertTrue(bytes.fromhex('0109040428001883030081188b80a31e000000005380a31e00000000') in data)


class Descriptions(Case):
    def test_errors_name_the_line(self):
        self.assertIn('line 2', self.refused('table dbo.T 1\ncolumn A nonsense\n'))
        self.assertIn('line 1', self.refused('table T 1\n'))
        self.assertIn('line 3', self.refused('table dbo.T 1\ncolumn A int null\nprimary A\n'))
        self.assertIn('dbo.T', self.refused('table dbo.T 1\n'))

    def test_existing_file_is_kept(self):
        path = self.make('--sample', 'narrow', '--rows', '10')
        before = path.read_bytes()
        result = subprocess.run([ARGS.bakgen, '--sample', 'narrow', '--rows', '20', '--out', path], capture_output=True)
        self.assertEqual((result.returncode, path.read_bytes()), (2, before))


class RoundTrip(Case):
    """What chartferry extracts is what bakgen says it wrote."""

    def extracted(self, *sources):
        command = [ARGS.chartferry, 'extract', *sources, '--out', self.folder / 'out', '--quiet']
        result = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(self.folder / 'out' / '_tables.csv', newline='', encoding='utf-8') as f:
            files = {r['schema'] + '.' + r['table']: r['file'] for r in csv.DictReader(f)}
        truths = sorted(self.folder.glob('truth/*.csv'))
        self.assertEqual(sorted(files), sorted(p.name[:-4] for p in truths))
        for truth in truths:
            wanted, got = csv_rows(truth), csv_rows(self.folder / 'out' / files[truth.name[:-4]])
            self.assertEqual(wanted[0], got[0], truth.name)
            self.assertTrue(sorted(wanted[1:]) == sorted(got[1:]), truth.name + ' differs')

    def test_practice(self): self.extracted(self.make('--sample', 'practice', '--log'))
    def test_types_checksummed(self): self.extracted(self.make('--sample', 'types', '--log', '--checksum', '--block', '512'))
    def test_types_compressed(self): self.extracted(self.make('--sample', 'types', '--log', '--compress'))
    def test_types_data_file(self): self.extracted(self.make('--sample', 'types', out='x.mdf'))
    def test_wide(self): self.extracted(self.make('--sample', 'wide', '--rows', '3000', '--log'))
    def test_lobs_compressed(self): self.extracted(self.make('--sample', 'lobs', '--rows', '40', '--compress', '--block', '512'))

    def test_narrow_of_several_levels(self):
        self.extracted(self.make('--sample', 'narrow', '--rows', '200000', '--log'))

    def test_stripes_in_any_order(self):
        self.make('--sample', 'practice', '--log', '--stripes', '3', '--compress')
        self.extracted(*(self.folder / ('x.%d.bak' % i) for i in (2, 3, 1)))

    def test_value_tree_of_two_levels(self):
        spec = self.folder / 'tree.spec'
        spec.write_text('table dbo.Tree 1\ncolumn Id int not null seq\n'
                        'column Large varbinary(max) not null bytes 21000000..21000100\n'
                        'column Old image not null bytes 5000000..5000100\n', encoding='utf-8')
        self.extracted(self.make('--spec', spec, '--log'))


def main():
    global ARGS
    p = argparse.ArgumentParser()
    p.add_argument('--bakgen', required=True)
    p.add_argument('--chartferry', required=True)
    ARGS, rest = p.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == '__main__': main()
