#!/usr/bin/env python3
"""The corpus driver can fail: wrong files, wrong counts and unknown output of the judge are all seen."""
import tempfile
import unittest
from datetime import datetime, time
from pathlib import Path

import corpus
import xlsxfile
from csvfile import CsvError, read_csv

LISTING = ','.join(corpus.TABLES_HEAD) + '\r\n'


class Csv(unittest.TestCase):
    def read(self, raw):
        with tempfile.TemporaryDirectory() as d:
            path = Path(d) / 'x.csv'
            path.write_bytes(raw)
            return read_csv(path)

    def test_null_and_empty_text_differ(self):
        self.assertEqual(self.read(b'a,b\r\n,""\r\n"x""\r\ny",z\r\n'), [['a', 'b'], [None, ''], ['x"\r\ny', 'z']])

    def test_breaches_are_seen(self):
        for raw in (b'', b'\xef\xbb\xbfa\r\n', b'a\n', b'a\r\nb', b'a,b\r\nc\r\n', b'a"b\r\n', b'"a"b\r\n', b'\xff\r\n'):
            with self.subTest(raw=raw), self.assertRaises(CsvError):
                self.read(raw)


class Judge(unittest.TestCase):
    def test_every_line_is_read(self):
        got = corpus.read_truth('dbo.A: 2/2 script rows found, 2 rows in dbo.A.csv (not compared: x, y)\n'
                                'DIFFERS B: 1/2 script rows found, 3 rows in dbo.B.csv\n1 tables equal, 1 not\n')
        self.assertEqual(got, {'dbo.A': [2, 2, 2, ['x', 'y']], 'B': [1, 2, 3, []]})

    def test_unknown_or_missing_lines_are_failures(self):
        line = 'A: 1/1 script rows found, 1 rows in A.csv\n'
        for text in ('', line, line + '2 tables equal, 0 not\n', 'A: not in DIR (3 script rows)\n0 tables equal, 1 not\n',
                     'Traceback\n' + line + '1 tables equal, 0 not\n', line + '1 tables equal, 0 not\n' + line):
            with self.subTest(text=text), self.assertRaises(corpus.Failed):
                corpus.read_truth(text)


class Extracted(unittest.TestCase):
    CASE = {'exit': 0, 'tables': {'dbo.A': 2}}

    def judge(self, row, csv=b'x\r\n1\r\n2\r\n', case=None, more=None):
        with tempfile.TemporaryDirectory() as d:
            (Path(d) / '_tables.csv').write_bytes((LISTING + row + '\r\n').encode())
            (Path(d) / 'dbo.A.csv').write_bytes(csv)
            for name in more or []:
                (Path(d) / name).write_bytes(b'x\r\n')
            return corpus.check_extracted(Path(d), case or self.CASE)

    def test_a_whole_table_passes(self):
        self.judge('dbo,A,dbo.A.csv,2,2,0,heap,none,ok,')

    def test_disagreements_are_failures(self):
        good = 'dbo,A,dbo.A.csv,2,2,0,heap,none,ok,'
        for what, given in {
                'rows written': dict(row=good.replace('2,2,0', '2,3,0')),
                'rows expected': dict(row=good.replace('2,2,0', '3,2,0')),
                'rows unreadable': dict(row=good.replace('2,2,0', '2,2,1')),
                'status': dict(row=good.replace('ok', 'partial')),
                'a row fewer': dict(row=good, csv=b'x\r\n1\r\n'),
                'a file too many': dict(row=good, more=['dbo.B.csv']),
                'a table too many': dict(row=good, case={'exit': 0, 'tables': {}}),
                'a table too few': dict(row=good, case={'exit': 0, 'tables': {'dbo.A': 2, 'dbo.B': 1}}),
                'another count': dict(row=good, case={'exit': 0, 'tables': {'dbo.A': 3}}),
                'no file and no reason': dict(row='dbo,A,,2,0,0,heap,none,unsupported,')}.items():
            with self.subTest(what=what), self.assertRaises(corpus.Failed):
                self.judge(**given)

    def test_columns_are_compared(self):
        facts = {'dbo.A': {'x': {'first': '1', 'last': '2', 'distinct': 2}}}
        with tempfile.TemporaryDirectory() as d:
            path = Path(d) / 'dbo.A.csv'
            path.write_bytes(b'x\r\n1\r\n2\r\n')
            corpus.check_columns(facts, {'dbo.A': path})
            path.write_bytes(b'x\r\n1\r\n3\r\n')
            with self.assertRaises(corpus.Failed):
                corpus.check_columns(facts, {'dbo.A': path})


class Workbooks(unittest.TestCase):
    def test_cells_that_say_the_same(self):
        with tempfile.TemporaryDirectory() as d:
            folder = Path(d)
            (folder / 'big.bin').write_bytes(b'\x01\x02')
            for cell, text in ((None, None), (None, ''), (12.5, '12.5000'), (3, '3'), (0.1, '0.1'), ('a\nb', 'a\r\nb'),
                               ('big.bin', '0x0102'), (datetime(2017, 6, 1, 12, 59, 12), '2017-06-01 12:59:12.0000000'),
                               (time(12, 30), '12:30:00'), (datetime(2017, 6, 1), '2017-06-01')):
                with self.subTest(cell=cell):
                    self.assertTrue(xlsxfile.same_cell(cell, text, folder))

    def test_cells_that_do_not(self):
        for cell, text in ((None, '0'), (0, None), ('x', ''), (12.5, '12.51'), (1, 'one'), ('a', 'b'), ('absent.bin', '0x01'),
                           (datetime(2017, 6, 1, 12, 59, 13), '2017-06-01 12:59:12'), (time(1), 'one o\'clock')):
            with self.subTest(cell=cell):
                self.assertFalse(xlsxfile.same_cell(cell, text, Path('absent')))


if __name__ == '__main__':
    unittest.main()
