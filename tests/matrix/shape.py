#!/usr/bin/env python3
"""bakgen's files beside those of real SQL Servers of the same version: base tables and their columns (name, type, offset, null
bit, key), the pages every file has, the records that describe file and database, the order of a backup's blocks, its
configuration and its log. With readers of the tests' own; skipped, and said so, where the corpus is absent.

No real file of versions 957 and 998 is at hand: what bakgen writes for them is held against nothing.

usage: shape.py --bakgen FILE --corpus DIR
"""
import argparse
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'tools' / 'bakgen'))
from test_bakgen import Container, Database, i32, i64, u16, u32  # noqa: E402

REAL = {611: 'northwind2005.bak', 655: 'northwind2008.mdf', 661: 'rtclean2008r2_1full.bak', 706: 'pubs2012.bak',
        782: 'hospital2014.bak', 869: 'hasta2017_tr.bak', 904: 'clinicdb2019.bak'}
FIXED_PAGES = (0, 1, 2, 3, 6, 7, 9)
ARGS = None


def i16(b, at): return struct.unpack_from('<h', b, at)[0]


def variable(db, record): return db.variable(record) if record[0] & 0x20 else []


def rows(db, table):
    """Rows of a base table, whose allocation unit has the number of its object, some with index 1 in the top bits."""
    owners = {u['owner'] for u in db.units}
    for owner in (table << 16, (1 << 48) + (table << 16)):
        if owner in owners: return [bytes(r) for r in db.rows(owner)]
    return []


def names(db):
    out = {}
    for r in rows(db, 41):
        if u16(r, 8) == 0: out[i32(r, 4), i32(r, 10)] = b''.join(variable(db, r)[:1]).decode('utf-16le')
    return out


def base_columns(db, version):
    """{table: columns}, each (null bit, name, type, offset, key ordinal, not null)."""
    known, tables, out = names(db), {}, {}
    for rowset, r in db.rowsets.items():
        if i32(r, 13) < 100 and i32(r, 17) <= 1: tables[rowset] = i32(r, 13)
    if version == 611:
        for r in rows(db, 13):
            table = tables.get(i64(r, 4))
            if table is None: continue
            column = (u16(r, 37), known.get((table, i32(r, 12))), (r[22], i16(r, 23), r[25], r[26]), i16(r, 31), u16(r, 20),
                      u32(r, 16))
            out.setdefault(table, []).append(column)
    else:
        for r in rows(db, 3):
            table = tables.get(i64(r, 4))
            if table is None: continue
            column = (u16(r, 48), known.get((table, i32(r, 12))), u32(r, 28), i16(r, 44), u16(r, 36), u32(r, 40) & 0x80)
            out.setdefault(table, []).append(column)
    return {table: sorted(columns) for table, columns in out.items()}


def record_shape(page):
    """Columns and variable columns of the record at the page's start, and its length."""
    fixed = u16(page, 98)
    columns = u16(page, 96 + fixed)
    return fixed, columns, u16(page, 96 + fixed + 2 + (columns + 7) // 8)


def chunks(container, block):
    """[(tag, bytes before its texts, flags)] of the configuration."""
    _, at, _, length = container.stream(block, 'MQCI')
    data, at = container.data, at + 22
    end, out = at + length, []
    address = {b'SCIN': 104, b'SFGI': 16, b'SFIN': 48}
    while at < end:
        tag = data[at:at + 4]
        out.append((tag.decode(), u16(data, at + address[tag] + 2), u32(data, at + 8)))
        at += u32(data, at + 4)
    return out


def log_blocks(container):
    """(header type, records begin at, end of the first record's slot array) of the first log block."""
    _, at, _, _ = container.stream('MSTL', 'MQTL')
    block = container.data[at + 24:at + 24 + 61440]
    size = u16(block, 6)
    return block[size - 1], u16(block, u16(block, 4) - 2)


def without_repeats(kinds):
    return [k for i, k in enumerate(kinds) if i == 0 or k != 'MSTL' or kinds[i - 1] != 'MSTL']


class Shape(unittest.TestCase):
    def pair(self, version):
        real = ARGS.corpus / REAL[version]
        if not real.exists(): self.skipTest('corpus absent')
        folder = tempfile.TemporaryDirectory(prefix='shape-')
        self.addCleanup(folder.cleanup)
        made = Path(folder.name) / ('x' + real.suffix)
        block = '4096' if real.suffix == '.bak' and u16(real.read_bytes()[:96], 64) == 8 else '512'
        options = ['--out', made, '--log', '--block', block] if real.suffix == '.bak' else ['--mdf', made]
        spec = Path(folder.name) / 'x.spec'
        spec.write_text('database Shape\ntable dbo.T 50\ncolumn Id int not null seq\ncolumn A nvarchar(40) null text 0..40\n'
                        'primary Id\n', encoding='utf-8')
        subprocess.run([ARGS.bakgen, '--spec', spec, '--version', str(version), *(['--second-pass'] if version >= 904 else []),
                        *options], check=True)
        return real.read_bytes(), made.read_bytes()

    def check(self, version):
        pair = self.pair(version)
        real, made = (Database.from_backup(d) if d[:4] == b'TAPE' else Database.from_data_file(d) for d in pair)
        wanted, got = base_columns(real, version), base_columns(made, version)
        self.assertGreater(len(got), 15)
        for table, columns in got.items():
            with self.subTest(table=table): self.assertEqual(columns, wanted.get(table))
        for page in FIXED_PAGES:
            with self.subTest(page=page):
                a, b = real.pages[page], made.pages[page]
                self.assertEqual((a[0], a[1], a[3], u16(a, 4) & 0xFDF7, u16(a, 14), u16(a, 22)),
                                 (b[0], b[1], b[3], u16(b, 4) & 0xFDF7, u16(b, 14), u16(b, 22)))
        self.assertEqual(record_shape(real.pages[0]), record_shape(made.pages[0]))
        self.assertEqual(u16(real.pages[9], 98), u16(made.pages[9], 98))
        self.assertEqual(u16(real.pages[9], 100), version)
        self.assertEqual(u16(real.pages[9], 96 + 314), u16(made.pages[9], 96 + 314))
        if pair[0][:4] == b'TAPE': self.check_backup(*map(Container, pair))

    def check_backup(self, real, made):
        self.assertEqual(without_repeats(real.kinds()), without_repeats(made.kinds()))
        self.assertEqual(real.physical, made.physical)
        for block in ('MSCI', 'MSLS'):
            self.assertEqual(chunks(real, block), chunks(made, block))
        self.assertEqual(log_blocks(real), log_blocks(made))
        for (kind, _, a), (_, _, b) in zip(real.blocks[:6], made.blocks[:6]):
            if kind != 'ESET': self.assertEqual([s[0] for s in a], [s[0] for s in b], kind)


for number in REAL:
    setattr(Shape, 'test_version_%d' % number, lambda self, v=number: self.check(v))


def main():
    global ARGS
    p = argparse.ArgumentParser()
    p.add_argument('--bakgen', required=True, type=Path)
    p.add_argument('--corpus', required=True, type=Path)
    ARGS, rest = p.parse_known_args()
    if not ARGS.corpus.is_dir():
        print('skipped: corpus absent')
        return
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == '__main__': main()
