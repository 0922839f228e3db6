#!/usr/bin/env python3
"""Damage at the offset of each structure of the generated databases, in pages that carry no checksum: every one must give a
finding or a refusal, never a quiet difference.

usage: structures.py --bakgen FILE --chartferry FILE
"""
import argparse
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'tools' / 'bakgen'))
from test_bakgen import Container, Database, PAGE, i32, i64, u16  # noqa: E402
from matrix import compare  # noqa: E402

ARGS = None
ROWS = ('column Id int not null seq\ncolumn A varchar(200) null list %s %s\ncolumn B decimal(9,2) null random\n'
        % ('periodontal' * 9, 'periodontal' * 8 + 'chart'))


class Image:
    """A data file, its pages found as test_bakgen finds them."""

    def __init__(self, path):
        self.path, self.raw = path, bytearray(path.read_bytes())
        self.db = Database.from_data_file(bytes(self.raw))

    def pages(self, table, kind=1):
        """Pages of the units of a table."""
        object_id = next(i32(r, 4) for r in self.db.rows((1 << 48) + (34 << 16))
                         if self.db.variable(r)[0].decode('utf-16le') == table)
        owners = {rowset for rowset, r in self.db.rowsets.items() if i32(r, 13) == object_id and i32(r, 17) <= 1}
        return sorted(p for u in self.db.units if u['owner'] in owners and u['type'] == kind
                      for p in self.db.unit_pages(u))

    def slot(self, page, i): return page * PAGE + u16(self.raw, page * PAGE + PAGE - 2 - 2 * i)

    def put(self, at, raw):
        self.raw[at:at + len(raw)] = raw
        self.path.write_bytes(self.raw)


def words(*numbers): return struct.pack('<%dH' % len(numbers), *numbers)


class Structures(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix='structures-'))
        self.addCleanup(shutil.rmtree, self.folder)

    def make(self, text, *options, version=782):
        (self.folder / 'x.spec').write_text('database S\nversion %d\nunprotected\n%s' % (version, text), encoding='utf-8')
        subprocess.run([ARGS.bakgen, '--spec', 'x.spec', '--truth', 'truth', *(options or ('--mdf', 'x.mdf'))],
                       cwd=self.folder, check=True)
        return self.folder / 'x.mdf'

    def told(self, *sources):
        """The codes of the findings that say something is lost; the run must not pass for whole."""
        shutil.rmtree(self.folder / 'out', ignore_errors=True)
        result = subprocess.run([ARGS.chartferry, 'extract', *sources, '--out', 'out', '--quiet'], cwd=self.folder,
                                capture_output=True, text=True, check=False)
        self.assertIn(result.returncode, (3, 4), 'not told')
        if result.returncode == 4: return result.stderr
        return (self.folder / 'out' / '_findings.csv').read_text(encoding='utf-8')

    def damaged(self, text, change, code, version=782):
        image = Image(self.make(text, version=version))
        change(image)
        self.assertIn(code, self.told('x.mdf'))

    def page_table(self, change, code):
        self.damaged('table dbo.T 300\n' + ROWS + 'primary Id\ncompress page\n',
                     lambda m: change(m, next(p for p in m.pages('T') if m.raw[p * PAGE + 2] & 0x80)), code)

    def row_table(self, change, code):
        self.damaged('table dbo.T 300\n' + ROWS + 'primary Id\ncompress row\n',
                     lambda m: change(m, m.slot(next(p for p in m.pages('T') if m.raw[p * PAGE + 1] == 1), 0)), code)

    def test_the_undamaged_file_is_whole(self):
        self.make('table dbo.T 300\n' + ROWS + 'primary Id\ncompress page\n')
        subprocess.run([ARGS.chartferry, 'extract', 'x.mdf', '--out', 'out', '--quiet'], cwd=self.folder, check=True)
        self.assertEqual(compare(self.folder), [])

    # ---- compression information: flags, count, end of anchor, end of dictionary, anchor, dictionary

    def test_end_of_anchor(self): self.page_table(lambda m, p: m.put(p * PAGE + 99, words(0x7FFF)), 'MDF-306')
    def test_anchor_record(self): self.page_table(lambda m, p: m.put(p * PAGE + 103, b'\x20\xFF\xFF'), 'MDF-306')
    def test_end_of_dictionary(self): self.page_table(lambda m, p: m.put(p * PAGE + 101, words(0x7F00)), 'MDF-306')

    def test_count_of_symbols(self):
        self.page_table(lambda m, p: m.put(p * PAGE + 96 + u16(m.raw, p * PAGE + 99), words(0x4000)), 'MDF-306')

    def test_end_of_a_symbol(self):
        self.page_table(lambda m, p: m.put(p * PAGE + 98 + u16(m.raw, p * PAGE + 99), words(0x6000)), 'MDF-306')

    def test_symbol_that_is_not_there(self):
        def change(m, p):
            start = p * PAGE + 96 + u16(m.raw, p * PAGE + 99)
            m.put(start, words(0))
        self.page_table(change, 'MDF-30')

    # ---- compressed records

    def test_count_of_columns(self): self.row_table(lambda m, at: m.put(at + 1, b'\xFF\xFF'), 'MDF-301')
    def test_form_of_a_column(self): self.row_table(lambda m, at: m.put(at + 2, b'\xFF\xFF'), 'MDF-301')
    def test_count_of_long_columns(self): self.row_table(self.long_part(1, words(9)), 'MDF-301')
    def test_end_of_a_long_column(self): self.row_table(self.long_part(3, words(0x7FF0)), 'MDF-301')

    @staticmethod
    def long_part(offset, raw):
        def change(m, at):
            codes = [m.raw[at + 2 + i // 2] >> i % 2 * 4 & 15 for i in range(m.raw[at + 1])]
            shorts = sum(c - 1 for c in codes if 2 <= c <= 9)
            m.put(at + 2 + (len(codes) + 1) // 2 + shorts + offset, raw)
        return change

    # ---- rows of other forms

    def test_digits_of_a_vardecimal(self):
        def change(m):
            at = m.slot(m.pages('T')[0], 0)
            r = m.raw[at:]
            columns_at = u16(r, 2)
            ends = columns_at + 2 + (u16(r, columns_at) + 7) // 8
            m.put(at + ends + 2 + 2 * u16(r, ends) + 1, b'\xFF\xFF')
        self.damaged('table dbo.T 30\ncolumn Id int not null seq\ncolumn B decimal(18,2) not null random\nvardecimal\n',
                     change, 'MDF-302', 655)

    def sparse(self, offset, raw):
        def change(m):
            page = m.pages('T')[0]
            at = m.raw.index(words(5, 2, 2, 3), page * PAGE)
            m.put(at + offset, raw)
        self.damaged('table dbo.T 30\ncolumn Id int not null seq\ncolumn A int null sparse random\n'
                     'column B varchar(20) null sparse text 5..20\n', change, 'MDF-30')

    def test_kind_of_a_sparse_vector(self): self.sparse(0, words(9))
    def test_count_of_a_sparse_vector(self): self.sparse(2, words(0x4000))
    def test_end_in_a_sparse_vector(self): self.sparse(10, words(0x7000))
    def test_end_before_the_last_in_a_sparse_vector(self): self.sparse(8, words(0x0FFF))

    def test_default_of_older_rows(self):
        def change(m):
            at = m.raw.index(bytes.fromhex('3801') + struct.pack('<i', 77123456))
            m.put(at, b'\xFF')
        self.damaged('table dbo.T 30\ncolumn Id int not null seq\ncolumn A int not null added 20 default 77123456 random\n',
                     change, 'MDF-')

    def test_defaults_of_older_rows_are_lost_with_their_page(self):
        def change(m):
            unit = next(u for u in m.db.units if u['owner'] == (1 << 48) + (9 << 16) and u['type'] == 1)
            m.put(unit['iam'] * PAGE + 46 + 96, bytes(48))
            m.put(unit['iam'] * PAGE + 194, bytes(7988))
        self.damaged('table dbo.T 30\ncolumn Id int not null seq\ncolumn A int not null added 20 default 77 random\n'
                     'column B int null added 20 default 78 random\n', change, 'dbo.T,B')

    # ---- large values

    def tree(self, kind, offset, raw, text='column A varbinary(max) not null bytes 300000..400000\nnodes 4\n'):
        def change(m):
            for page in m.pages('T', 2):
                for i in range(u16(m.raw, page * PAGE + 22)):
                    if u16(m.raw, m.slot(page, i) + 12) == kind: return m.put(m.slot(page, i) + offset, raw)
            raise AssertionError('no such record')
        self.damaged('table dbo.T 3\ncolumn Id int not null seq\n' + text, change, 'MDF-304')

    def test_links_of_an_inner_record(self): self.tree(2, 16, words(0x4000))
    def test_end_in_an_inner_record(self): self.tree(2, 20, words(1))
    def test_page_of_an_inner_link(self): self.tree(2, 28, words(0xFFF0, 0xFFF))
    def test_slot_of_an_inner_link(self): self.tree(2, 34, words(999))
    def test_kind_of_an_inner_record(self): self.tree(2, 12, words(7))
    def test_kind_of_a_data_record(self): self.tree(3, 12, words(6))
    def test_links_of_an_old_root(self): self.tree(4, 16, words(77), 'column A text null text 20000..30000\noldroots\n')

    # ---- several files and sets

    def test_file_that_is_not_given(self):
        self.make('file Second Archive\ntable dbo.T 300\n' + ROWS + 'on Archive\n')
        self.assertTrue(self.told('x.mdf'))

    def test_map_of_a_differential(self):
        self.make('table dbo.T 300\n' + ROWS + 'later 100\n', '--out', 'x.bak', '--diff', 'd.bak')
        data = bytearray((self.folder / 'd.bak').read_bytes())
        _, at, _, _ = Container(bytes(data)).stream('MSDA', 'MQDA')
        data[at + 24 + 6 * PAGE + 194] ^= 0xFE
        (self.folder / 'd.bak').write_bytes(data)
        self.assertTrue(self.told('x.bak', 'd.bak'))

    def test_base_of_a_differential(self):
        self.make('table dbo.T 300\n' + ROWS + 'later 100\n', '--out', 'x.bak', '--diff', 'd.bak')
        data = bytearray((self.folder / 'd.bak').read_bytes())
        for tag in (data.index(b'SCIN'), data.rindex(b'SCIN')): data[tag + 66] ^= 0x40
        (self.folder / 'd.bak').write_bytes(data)
        self.assertTrue(self.told('x.bak', 'd.bak'))

    def test_second_pass_of_pages_that_are_nowhere(self):
        self.make('table dbo.T 900\n' + ROWS + 'primary Id\n', '--out', 'x.bak', '--second-pass')
        data = bytearray((self.folder / 'x.bak').read_bytes())
        streams = [s for kind, _, list_ in Container(bytes(data)).blocks for s in list_
                   if kind == 'MSDA' and s[0] == 'MQDA' and s[3] > 2]
        for page in range(8): data[streams[1][1] + 24 + (16 + page) * PAGE + 34] ^= 0x55
        (self.folder / 'x.bak').write_bytes(data)
        self.assertTrue(self.told('x.bak'))

    def test_torn_page(self):
        (self.folder / 'x.spec').write_text('database S\nversion 661\ntorn\ntable dbo.T 300\n' + ROWS, encoding='utf-8')
        subprocess.run([ARGS.bakgen, '--spec', 'x.spec', '--truth', 'truth', '--mdf', 'x.mdf'], cwd=self.folder, check=True)
        raw = bytearray((self.folder / 'x.mdf').read_bytes())
        page = max(p for p in range(len(raw) // PAGE) if raw[p * PAGE + 1] == 1 and u16(raw, p * PAGE + 22) > 50)
        raw[page * PAGE + 3 * 512 + 511] ^= 3
        (self.folder / 'x.mdf').write_bytes(raw)
        self.assertTrue(self.told('x.mdf'))

    def test_changes_in_the_log_are_said(self):
        self.make('table dbo.T 300\n' + ROWS, '--out', 'x.bak', '--log-changes')
        result = subprocess.run([ARGS.chartferry, 'inspect', 'x.bak'], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertIn('dbo.T', result.stdout.split('Consistency')[1].split('\n\n')[0] + result.stderr)


def main():
    global ARGS
    p = argparse.ArgumentParser()
    p.add_argument('--bakgen', required=True, type=Path)
    p.add_argument('--chartferry', required=True, type=Path)
    ARGS, rest = p.parse_known_args()
    ARGS.bakgen, ARGS.chartferry = ARGS.bakgen.resolve(), ARGS.chartferry.resolve()
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == '__main__': main()
