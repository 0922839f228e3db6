#!/usr/bin/env python3
"""Damage to the catalog and to the allocation pages of a generated data file, each with the page's checksum made right again, must be
told by its own finding.

usage: test_catalog.py --program chartferry --bakgen bakgen

The test finds what it damages by the page headers, with code that shares nothing with the readers.
"""
import argparse
import csv
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from pages import CHECKSUM_AT, PAGE, checksum

DATA, INDEX, IAM = 1, 2, 10
SYSRSCOLS, SYSROWSETS, SYSALLOCUNITS, SYSSCHOBJS, SYSCOLPARS, SYSIDXSTATS, SYSISCOLS, SYSCLSOBJS, SYSREFS = 3, 5, 7, 34, 41, 54, 55, 64, 74
DATE, NVARCHAR, JSON = 40, 231, 244
ARGS = None
SPEC = '''database Damage
seed 7
table dbo.Patient 200
column PatientId int not null identity seq
column LastName nvarchar(30) not null list Abara Novak Silva
column Balance money null random 0.00..900.00
column Notes nvarchar(max) null text 20..200
primary PatientId
index IX_Name LastName
table dbo.Visit 500
column VisitId int not null seq
column PatientId int not null seq 1 1 mod 200
column VisitDate date not null random
primary VisitId
foreign PatientId dbo.Patient
'''


class Database:
    """A data file in memory whose pages can be changed and sealed again."""

    def __init__(self, raw):
        self.raw = bytearray(raw)

    def pages(self, object_id=None, kind=DATA):
        """Offsets of the allocated pages of that type (and of that object, going by the header)."""
        for at in range(0, len(self.raw), PAGE):
            number = at // PAGE
            pfs = PAGE * (number // 8088 * 8088 or 1)
            if self.raw[at + 1] == kind and self.raw[pfs + 100 + number % 8088] & 0x40:
                if object_id is None or struct.unpack_from('<I', self.raw, at + 24)[0] == object_id:
                    yield at

    def slots(self, at):
        n, = struct.unpack_from('<H', self.raw, at + 22)
        return [at + struct.unpack_from('<H', self.raw, at + PAGE - 2 - 2 * i)[0] for i in range(n)]

    def rows(self, object_id):
        for at in self.pages(object_id):
            for slot in self.slots(at):
                if self.raw[slot] >> 1 & 7 == 0: yield slot

    def seal(self, offset):
        at = offset // PAGE * PAGE
        struct.pack_into('<I', self.raw, at + CHECKSUM_AT, 0)
        struct.pack_into('<I', self.raw, at + CHECKSUM_AT, checksum(bytes(self.raw[at:at + PAGE])))

    def put(self, offset, data):
        self.raw[offset:offset + len(data)] = data
        self.seal(offset)

    def object_id(self, name):
        wanted = name.encode('utf-16-le')
        for row in self.rows(SYSSCHOBJS):
            if self.raw[row + 17:row + 19] == b'U ' and wanted in self.raw[row:row + 200]:
                return struct.unpack_from('<i', self.raw, row + 4)[0]
        raise LookupError(name)

    def rowset_rows(self, object_id, index):
        for row in self.rows(SYSROWSETS):
            if struct.unpack_from('<ii', self.raw, row + 13) == (object_id, index): yield row

    def count_of(self, row): return struct.unpack_from('<q', self.raw, row + 31)[0]

    def pages_with_index_entries(self, entries):
        """Leaf pages of nonclustered indexes that hold so many entries in all."""
        for at in self.pages(kind=INDEX):
            if self.raw[at + 3] == 0 and len(self.slots(at)) == entries: yield at


class CatalogDamage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.base = Path(cls.folder.name)
        (cls.base / 'spec').write_text(SPEC)
        subprocess.run([ARGS.bakgen, '--spec', cls.base / 'spec', '--mdf', cls.base / 'clean.mdf'], check=True)
        cls.clean = (cls.base / 'clean.mdf').read_bytes()

    @classmethod
    def tearDownClass(cls): cls.folder.cleanup()

    def setUp(self): self.db = Database(self.clean)

    def run_on(self, raw, *options, name='damaged.mdf'):
        """(exit code, ids of findings, lines of _tables.csv) of an extract."""
        with tempfile.TemporaryDirectory(dir=self.base) as folder:
            source, out = Path(folder) / name, Path(folder) / 'out'
            if raw is not None: source.write_bytes(raw)
            p = subprocess.run([ARGS.program, 'extract', source, '--out', out, '--verbose', '--color=never', *options],
                               capture_output=True, text=True)
            tables = {}
            if (out / '_tables.csv').exists():
                with open(out / '_tables.csv', newline='', encoding='utf-8') as f:
                    tables = {r['table']: r for r in csv.DictReader(f)}
            return p.returncode, p.stderr + p.stdout, tables

    def expect(self, finding, code, *options):
        got, text, tables = self.run_on(bytes(self.db.raw), *options)
        self.assertIn(finding, text)
        self.assertEqual(got, code, text)
        return tables

    def test_clean_file_has_no_finding(self):
        code, text, tables = self.run_on(self.clean)
        self.assertEqual(code, 0, text)
        self.assertTrue(all(t['status'] == 'ok' for t in tables.values()))

    def test_absent_file(self):  # F_OPEN_ERROR
        code, text, _ = self.run_on(None)
        self.assertIn('GEN-003', text)
        self.assertEqual(code, 4)

    def test_file_of_another_kind(self):  # F_NOT_A_SOURCE
        code, text, _ = self.run_on(b'PGDMP' + bytes(5000), name='dump.bak')
        self.assertIn('GEN-004', text)
        self.assertEqual(code, 4)

    def test_boot_page_without_content(self):  # F_BOOT_PAGE
        self.db.put(9 * PAGE + 96, bytes(600))
        self.expect('MDF-208', 4)

    def test_version_of_2000(self):  # F_DATABASE_TOO_OLD
        self.db.put(9 * PAGE + 96 + 4, struct.pack('<H', 539))
        self.expect('MDF-209', 4)

    def expect_all_rows(self, finding, code, *options):
        tables = self.expect(finding, code, *options)
        self.assertEqual([(t['rows_written'], t['rows_expected']) for t in tables.values()], [('200', '200'), ('500', '500')])

    def test_boot_page_lost(self):  # F_BOOT_LOST, F_PAGES_BY_OWNER
        self.db.raw[9 * PAGE + 200] ^= 1
        self.expect_all_rows('MDF-227', 3)

    def test_pointer_to_the_catalog_lost(self):  # F_PAGES_BY_OWNER
        self.db.put(9 * PAGE + 96 + 516, bytes(6))
        self.expect_all_rows('MDF-226', 0)

    def test_list_of_pages_of_a_table_lost(self):  # F_PAGES_BY_OWNER
        for at in self.db.pages(kind=IAM):
            self.db.raw[at + 300] ^= 1
        self.expect_all_rows('MDF-226', 3)

    def test_list_of_tables_lost(self):  # F_TABLE_NAMELESS
        for at in self.db.pages(SYSSCHOBJS):
            self.db.raw[at + 300] ^= 1
        self.expect_all_rows('MDF-222', 3)

    def test_file_cut_off(self):  # F_DATA_FILE_CUT
        last = max(at for at in range(0, len(self.db.raw), PAGE)
                   if self.db.raw[PAGE + 100 + at // PAGE] & 0x40) // (8 * PAGE) * 8 * PAGE
        for end in last, last + 3 * PAGE:
            del self.db.raw[end:]
            self.expect('MDF-232', 3)
            self.db = Database(self.clean)

    def test_database_named_by_the_path_of_its_file(self):
        spec, source = self.base / 'path.spec', self.base / 'path.mdf'
        for name in r'C:\Users\Somebody\App_Data\CLINIC.MDF', r'\\Somebody\share\CLINIC.mdf':
            spec.write_text(SPEC.replace('database Damage', 'database ' + name))
            source.unlink(missing_ok=True)
            subprocess.run([ARGS.bakgen, '--spec', spec, '--mdf', source], check=True)
            out = subprocess.run([ARGS.program, 'inspect', source, '--color=never'], capture_output=True, text=True, check=True).stdout
            self.assertRegex(out, r'\n  Database +CLINIC\n')
            self.assertNotIn('Somebody', out)

    def test_free_pages_cut_off(self):
        end = (max(at for at in range(0, len(self.db.raw), PAGE)
                   if self.db.raw[PAGE + 100 + at // PAGE] & 0x40) // (8 * PAGE) + 1) * 8 * PAGE
        longer = bytes(self.db.raw[:end]) + bytes(8 * PAGE)
        for raw in longer, longer[:end]:
            code, text, _ = self.run_on(raw)
            self.assertNotIn('MDF-232', text)
            self.assertEqual(code, 0, text)

    def test_catalog_lost(self):  # F_CATALOG_UNREADABLE
        for at in self.db.pages(SYSALLOCUNITS):
            self.db.raw[at + 300] ^= 1
        self.expect('MDF-210', 4)

    # Real databases have these indexes; bakgen does not write them.

    def value(self, row, at, kind): return struct.unpack_from('<' + kind, self.db.raw, row + at)[0]

    def name(self, row):
        """The first variable column of a row."""
        raw = self.db.raw
        nulls = row + struct.unpack_from('<H', raw, row + 2)[0]
        variables = nulls + 2 + (struct.unpack_from('<H', raw, nulls)[0] + 7) // 8
        n, end = struct.unpack_from('<HH', raw, variables)
        return bytes(raw[variables + 2 + 2 * n:row + end])

    def entry_of(self, object_id, row):
        """(fixed part, name) of the entry of a row in the index of its base table."""
        v = self.value
        return {SYSALLOCUNITS: lambda: (struct.pack('<qBq', v(row, 13, 'q'), v(row, 12, 'B'), v(row, 4, 'q')), None),
                SYSSCHOBJS: lambda: (struct.pack('<Bii', v(row, 12, 'B'), v(row, 8, 'i'), v(row, 4, 'i')), self.name(row)),
                SYSCOLPARS: lambda: (struct.pack('<ihi', v(row, 4, 'i'), v(row, 8, 'h'), v(row, 10, 'i')), self.name(row)),
                SYSISCOLS: lambda: (struct.pack('<iiii', v(row, 4, 'i'), v(row, 20, 'i'), v(row, 12, 'i'), v(row, 8, 'i')), None),
                SYSCLSOBJS: lambda: (struct.pack('<Bi', v(row, 4, 'B'), v(row, 5, 'i')), self.name(row)),
                SYSREFS: lambda: (struct.pack('<iBiii', v(row, 13, 'i'), v(row, 4, 'B'), v(row, 17, 'i'), v(row, 5, 'i'), v(row, 9, 'i')), None),
                }[object_id]()

    def write_index(self, object_id):
        """Leaves of index 2 of a base table, with an entry for each row, as a server writes them for columns that are not null."""
        entries = []
        for row in self.db.rows(object_id):
            fixed, name = self.entry_of(object_id, row)
            variable = b'' if name is None else struct.pack('<HH', 1, 1 + len(fixed) + 4 + len(name)) + name
            entries.append((bytes([0x06 if name is None else 0x26]) + fixed + variable, 1 + len(fixed)))
        while entries:
            taken, room = [], PAGE - 96
            while entries and len(entries[0][0]) + 2 <= room:
                taken.append(entries.pop(0))
                room -= len(taken[-1][0]) + 2
            self.write_leaf(object_id, taken)

    def write_leaf(self, object_id, entries):
        number = next(n for n in range(len(self.db.raw) // PAGE - 1, 16, -1) if self.db.raw[PAGE + 100 + n] & 0x50 == 0)
        page, at = bytearray(PAGE), 96
        page[0:2] = 1, INDEX
        struct.pack_into('<HH', page, 4, 0x200, 2)
        struct.pack_into('<H', page, 14, entries[0][1])
        struct.pack_into('<HI', page, 22, len(entries), object_id)
        struct.pack_into('<IH', page, 32, number, 1)
        for i, (record, _) in enumerate(entries):
            page[at:at + len(record)] = record
            struct.pack_into('<H', page, PAGE - 2 - 2 * i, at)
            at += len(record)
        self.db.put(PAGE + 100 + number, b'\x40')
        self.db.put(number * PAGE, page)

    def lose(self, object_id):
        for at in list(self.db.pages(object_id)):
            self.db.raw[at:at + PAGE] = bytes(PAGE)

    def extracted(self, *options):
        """Text of the run and what it wrote, table by table."""
        with tempfile.TemporaryDirectory(dir=self.base) as folder:
            source, out = Path(folder) / 'damaged.mdf', Path(folder) / 'out'
            source.write_bytes(self.db.raw)
            p = subprocess.run([ARGS.program, 'extract', source, '--out', out, '--verbose', '--color=never', *options], capture_output=True, text=True)
            return p.returncode, p.stderr + p.stdout, {f.name: f.read_bytes() for f in out.glob('dbo.*')}

    def expect_as_whole(self, object_id, finding, index=True):
        """With its pages lost, another table or index says what a base table said: every byte comes out."""
        _, _, whole = self.extracted()
        if index: self.write_index(object_id)
        self.lose(object_id)
        code, text, now = self.extracted()
        self.assertEqual(code, 3, text)
        self.assertIn(finding, text)
        self.assertEqual(sorted(now), sorted(whole), text)
        self.assertEqual(now, whole)
        return text

    def test_units_are_found_by_their_index(self):  # F_CATALOG_ELSEWHERE
        text = self.expect_as_whole(SYSALLOCUNITS, 'MDF-228')
        self.assertNotIn('MDF-212', text)

    def test_tables_are_found_by_their_index(self):  # F_TABLE_OF_INDEX
        text = self.expect_as_whole(SYSSCHOBJS, 'MDF-229')
        self.assertNotIn('MDF-222', text)
        self.assertNotIn('MDF-212', text)

    def test_columns_are_found_by_their_index(self):  # F_COLUMN_OF_INDEX
        text = self.expect_as_whole(SYSCOLPARS, 'MDF-230')
        self.assertNotIn('MDF-221', text)

    def test_schemas_are_found_by_their_index(self): self.expect_as_whole(SYSCLSOBJS, 'MDF-228')

    def test_columns_of_indexes_are_found_by_their_index(self): self.expect_as_whole(SYSISCOLS, 'MDF-228')

    def test_references_are_found_by_their_index(self): self.expect_as_whole(SYSREFS, 'MDF-228')

    def test_rowsets_are_found_by_the_list_of_indexes(self):  # F_ROWSET_LOST
        self.expect_as_whole(SYSROWSETS, 'MDF-231', index=False)

    def test_rowsets_of_base_tables_of_which_an_index_is_left(self):
        """Where the row of a base table's own rowset is lost and that of its index is not (seen: 2019)."""
        _, _, whole = self.extracted()
        for object_id in SYSSCHOBJS, SYSCOLPARS, SYSIDXSTATS:
            row = next(self.db.rowset_rows(object_id, 1))
            self.db.put(row + 17, struct.pack('<i', 2))
        page = next(iter(self.db.rows(SYSROWSETS)))
        self.db.put(page, bytes([self.db.raw[page] & 0xF1 | 6 << 1]))  # a ghost: the catalog counts one more
        _, text, now = self.extracted()
        self.assertEqual(now, whole, text)

    def test_an_index_that_is_lost_in_part(self):
        """What neither the table nor its index has is not made up, and is said."""
        self.write_index(SYSALLOCUNITS)
        self.lose(SYSALLOCUNITS)
        leaf = next(at for at in self.db.pages(SYSALLOCUNITS, kind=INDEX))
        n, = struct.unpack_from('<H', self.db.raw, leaf + 22)
        self.db.put(leaf + 22, struct.pack('<H', n // 2))
        code, text, now = self.extracted()
        self.assertIn('MDF-212', text)
        self.assertIn(code, (3, 4))

    def test_record_of_the_catalog_overstated(self):  # F_CATALOG_RECORD, F_CATALOG_COUNT
        row = list(self.db.rows(SYSCOLPARS))[3]
        self.db.put(row + 2, struct.pack('<H', 9000))
        tables = self.expect('MDF-211', 3)
        self.assertTrue(tables)
        self.expect('MDF-212', 3)

    def test_name_of_a_column_lost(self):  # F_COLUMN_NAMELESS
        patient = self.db.object_id('Patient')
        row = next(r for r in self.db.rows(SYSCOLPARS) if struct.unpack_from('<i', self.db.raw, r + 4)[0] == patient)
        self.db.put(row, bytes([self.db.raw[row] & 0xF1 | 6 << 1]))  # a ghost
        self.expect('MDF-221', 3)

    def test_computed_column_is_left_out_and_said(self):  # F_COLUMN_COMPUTED
        patient = self.db.object_id('Patient')
        row = next(r for r in self.db.rows(SYSCOLPARS) if struct.unpack_from('<i', self.db.raw, r + 4)[0] == patient)
        status, = struct.unpack_from('<I', self.db.raw, row + 27)
        struct.pack_into('<I', self.db.raw, row + 27, status | 0x10)
        struct.pack_into('<i', self.db.raw, row + 10, 900)  # a column id that nothing stored has
        self.db.seal(row)
        self.expect('MDF-213', 3)

    def test_type_that_is_not_read_costs_its_column_and_no_row(self):  # F_OUT_COLUMN_LEFT_OUT
        """json of SQL Server 2025 in place of nvarchar(max)."""
        patient = self.db.object_id('Patient')
        rowset = struct.unpack_from('<q', self.db.raw, next(self.db.rowset_rows(patient, 1)) + 4)[0]
        notes = next(r for r in self.db.rows(SYSCOLPARS) if struct.unpack_from('<i', self.db.raw, r + 4)[0] == patient
                     and 'Notes'.encode('utf-16-le') in self.db.raw[r:r + 120])
        self.db.put(notes + 14, bytes([JSON]) + struct.pack('<i', JSON))
        stored = [r for r in self.db.rows(SYSRSCOLS) if struct.unpack_from('<q', self.db.raw, r + 4)[0] == rowset
                  and self.db.raw[r + 28] == NVARCHAR and self.db.raw[r + 29:r + 31] == b'\0\0']
        self.assertEqual(len(stored), 1)
        self.db.put(stored[0] + 28, bytes([JSON]))
        tables = self.expect('OUT-409', 3)
        self.assertEqual(tables['Patient']['rows_written'], tables['Patient']['rows_expected'])

    def test_column_of_which_the_catalog_says_nothing_any_more(self):
        """Its rows have a column more than are described: they are held back, not written without it."""
        rowset = self.value(next(self.db.rowset_rows(self.db.object_id('Visit'), 1)), 4, 'q')
        stored = [r for r in self.db.rows(SYSRSCOLS) if self.value(r, 4, 'q') == rowset and self.db.raw[r + 28] == DATE]
        named = [r for r in self.db.rows(SYSCOLPARS) if 'VisitDate'.encode('utf-16-le') in self.db.raw[r:r + 80]][-1:]
        self.assertEqual((len(stored), len(named)), (1, 1))
        for row in stored + named:
            self.db.put(row, bytes([self.db.raw[row] & 0xF1 | 6 << 1]))  # a ghost: the catalog counts one more
        tables = self.expect('MDF-301', 3)
        self.assertEqual((tables['Visit']['rows_written'], tables['Visit']['rows_unreadable']), ('0', '500'))
        self.assertEqual(tables['Patient']['rows_written'], '200')

    def test_columnstore_table_is_named(self):  # F_TABLE_UNREADABLE, F_OUT_TABLE_UNSUPPORTED
        row = next(self.db.rowset_rows(self.db.object_id('Patient'), 1))
        self.db.put(row + 39, b'\x03')
        tables = self.expect('columnstore', 3)
        self.assertEqual(tables['Patient']['status'], 'unsupported')
        self.assertEqual(tables['Patient']['rows_unreadable'], tables['Patient']['rows_expected'])

    def test_row_turned_into_a_ghost(self):  # F_INDEX_HAS_MORE
        """One row fewer in the table and in the catalog's count: only the index still knows of it."""
        object_id, _ = self.indexed_table()
        slot = next(s for at in self.db.pages() for s in self.db.slots(at)
                    if self.owner(at) == object_id and self.db.raw[s] >> 1 & 7 == 0)
        self.db.put(slot, bytes([self.db.raw[slot] & 0xF1 | 6 << 1]))
        self.expect('MDF-216', 3)

    def test_index_entry_turned_into_a_ghost(self):  # F_INDEX_HAS_LESS
        _, row = self.indexed_table()
        entries = self.db.count_of(row)
        at = next(self.db.pages_with_index_entries(entries))
        slot = self.db.slots(at)[0]
        self.db.put(slot, bytes([self.db.raw[slot] & 0xF1 | 5 << 1]))
        code, text, _ = self.run_on(bytes(self.db.raw))
        self.assertIn('MDF-217', text)

    def indexed_table(self):
        """A table whose index has all its entries on one leaf page: (object part of its pages, its sysrowsets row)."""
        for row in self.db.rows(SYSROWSETS):
            object_id, index = struct.unpack_from('<ii', self.db.raw, row + 13)
            if index > 1 and object_id > 100 and self.db.count_of(row) > 0:
                if any(True for _ in self.db.pages_with_index_entries(self.db.count_of(row))):
                    heap = next(r for i in (0, 1) for r in self.db.rowset_rows(object_id, i))
                    return self.data_owner(heap), row
        raise LookupError('no nonclustered index on one page')

    def owner(self, at): return struct.unpack_from('<I', self.db.raw, at + 24)[0]

    def data_owner(self, rowset_row):
        """Object part of the page headers of a rowset, by its allocation unit."""
        rowset, = struct.unpack_from('<q', self.db.raw, rowset_row + 4)
        for row in self.db.rows(SYSALLOCUNITS):
            if struct.unpack_from('<Bq', self.db.raw, row + 12) == (1, rowset):
                return struct.unpack_from('<q', self.db.raw, row + 4)[0] >> 16 & 0xFFFFFFFF
        raise LookupError

    def test_allocated_page_that_nothing_owns(self):  # F_PAGES_ORPHANED
        free = next(n for n in range(len(self.db.raw) // PAGE - 1, 16, -1) if self.db.raw[PAGE + 100 + n] & 0x50 == 0)
        self.db.put(PAGE + 100 + free, b'\x40')
        code, text, _ = self.run_on(bytes(self.db.raw))
        self.assertIn('MDF-218', text)

    def test_page_in_two_lists(self):  # F_PAGES_SHARED
        singles = {}  # of each IAM page: offset and value of its eight places for single pages
        for at in self.db.pages(kind=IAM):
            singles[at] = [(at + 142 + 6 * i, bytes(self.db.raw[at + 142 + 6 * i:at + 148 + 6 * i])) for i in range(8)]
        places, others = list(singles.values())[-2:]
        taken = next(v for _, v in others if any(v))
        self.db.put(next(o for o, v in places if not any(v)), taken)
        code, text, _ = self.run_on(bytes(self.db.raw))
        self.assertIn('MDF-219', text)

    def test_lost_map_page(self):  # F_SALVAGED_BLIND
        self.db.raw[PAGE + 4000] ^= 1  # the PFS page, not sealed again
        self.expect_all_rows('MDF-220', 3)
        self.expect_all_rows('MDF-220', 3, '--salvage')


if __name__ == '__main__':
    p = argparse.ArgumentParser()
    p.add_argument('--program', type=Path, required=True)
    p.add_argument('--bakgen', type=Path, required=True)
    ARGS, rest = p.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
