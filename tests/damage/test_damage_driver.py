#!/usr/bin/env python3
"""The damage driver can fail: each thing it must see is shown to it once. And its mutants are the same every time."""
import stat
import tempfile
import unittest
from pathlib import Path

import mutate
from mutants import KINDS, mutant
from pages import PAGE, SECTOR, checked_blocks, checked_pages, reseal, reseal_block

TABLES = 'schema,table,file,rows_expected,rows_written,rows_unreadable,kind,compression,status,reason\r\n'
FINDINGS = 'severity,table,code\r\n'


def two_blocks():
    raw = bytearray(4 * SECTOR)
    for at, size in ((SECTOR, SECTOR), (2 * SECTOR, 2 * SECTOR)):
        raw[at] = 0x50
        raw[at + 6:at + 8] = size.to_bytes(2, 'little')
        raw[at + 100:at + 200] = bytes(range(100))
        reseal_block(raw, at, size)
    return bytes(raw)


def two_pages():
    raw = bytearray(512 + 2 * PAGE)
    for i, at in enumerate((512, 512 + PAGE)):
        raw[at], raw[at + 1], raw[at + 5] = 1, 1, 2
        raw[at + 96:at + 200] = bytes(range(i, 104 + i))
        reseal(raw, at)
    return bytes(raw)


class Mutants(unittest.TestCase):
    def test_pages_are_found_by_their_checksums(self):
        raw = bytearray(two_pages())
        self.assertEqual(checked_pages(raw), [512, 512 + PAGE])
        raw[600 + PAGE] ^= 1
        self.assertEqual(checked_pages(raw), [512])

    def test_blocks_of_the_log_are_found_and_stay_sealed(self):
        raw = bytearray(two_blocks())
        blocks = [(SECTOR, SECTOR), (2 * SECTOR, 2 * SECTOR)]
        self.assertEqual(checked_blocks(raw), blocks)
        raw[2 * SECTOR + 600] ^= 1
        self.assertEqual(checked_blocks(raw), blocks[:1])
        mutants = [mutant('x', i, two_blocks(), [], blocks) for i in range(200)]
        resealed = [m for kind, m, told in mutants if kind == 'resealed' and not told]
        self.assertGreater(len(resealed), 10)
        # A damaged size ends a block elsewhere; the other one stands.
        self.assertTrue(all(checked_blocks(m) for m in resealed))

    def test_same_number_same_mutant_and_all_kinds_occur(self):
        raw = two_pages()
        pages = checked_pages(raw)
        first = [mutant('x', i, raw, pages) for i in range(200)]
        self.assertEqual(first, [mutant('x', i, raw, pages) for i in range(200)])
        self.assertEqual({k for k, _, _ in first}, {k[0] for k in KINDS})
        self.assertGreater(sum(m != raw for _, m, _ in first), 180)

    def test_resealed_pages_keep_a_good_checksum(self):
        raw = two_pages()
        seen = 0
        for i in range(200):
            kind, damaged, told = mutant('x', i, raw, checked_pages(raw))
            if kind == 'resealed':
                seen += 1
                self.assertFalse(told)
                self.assertGreaterEqual(len(checked_pages(damaged)), 1)
        self.assertGreater(seen, 10)


class Log:
    """What a source says of its log."""
    def __init__(self, moment, changing):
        self.at_a_moment, self.changing = lambda out: set(moment), lambda: set(changing)


class Judge(unittest.TestCase):
    CLEAN = {'dbo.A.csv': b'x\r\n1\r\n', 'dbo.B.csv': b'x\r\n'}

    def judge(self, code=0, said=b'', megabytes=10, ended=False, files=None, tables='', findings='', covered=True, moment=(), changing=()):
        with tempfile.TemporaryDirectory() as d:
            for name, raw in (self.CLEAN if files is None else files).items():
                (Path(d) / name).write_bytes(raw)
            (Path(d) / '_tables.csv').write_bytes((TABLES + tables).encode())
            (Path(d) / '_findings.csv').write_bytes((FINDINGS + findings).encode())
            return mutate.judge(mutate.Outcome(code, said, 1, megabytes, ended), Path(d), self.CLEAN, 5, covered, Log(moment, changing))

    def test_what_is_well_is_not_blamed(self):
        changed = {**self.CLEAN, 'dbo.A.csv': b'x\r\n'}
        fine = 'dbo,A,dbo.A.csv,1,1,0,heap,none,ok,\r\n'
        self.assertEqual(self.judge(), [])
        self.assertEqual(self.judge(code=4, files={}), [])
        self.assertEqual(self.judge(code=3, files=changed, tables='dbo,A,dbo.A.csv,1,0,1,heap,none,partial,x\r\n'), [])
        self.assertEqual(self.judge(code=3, files=changed, tables=fine, findings='loss,dbo.A,\r\n'), [])
        self.assertEqual(self.judge(code=3, files=changed, findings='loss,,\r\n'), [])

    def test_each_failure_is_seen(self):
        changed = {**self.CLEAN, 'dbo.A.csv': b'x\r\n2\r\n'}
        fine = 'dbo,A,dbo.A.csv,1,1,0,heap,none,ok,\r\n'
        for what, given in {
                'a crash': dict(code=-11), 'another exit code': dict(code=1), 'a hang': dict(ended=True),
                'a sanitizer': dict(code=3, said=b'==1==ERROR: AddressSanitizer: heap-buffer-overflow'),
                'undefined behaviour': dict(said=b'a.c:1:2: runtime error: shift'), 'memory': dict(megabytes=5000),
                'a changed value at exit 0': dict(files=changed), 'a missing table at exit 0': dict(files={}),
                'a changed value unsaid at exit 3': dict(code=3, files=changed, tables=fine),
                'a note is not a loss': dict(code=3, files=changed, tables=fine, findings='note,dbo.A,\r\n'),
                'a changed value excused by the catalog': dict(code=3, files=changed, tables=fine, findings='loss,,\r\n'),
                'another table is blamed': dict(code=3, files=changed, tables=fine, findings='loss,dbo.B,\r\n'),
                'tables after exit 4': dict(code=4)}.items():
            with self.subTest(what=what):
                self.assertTrue(self.judge(**given))

    def test_a_damaged_log_excuses_what_it_changes(self):
        given = dict(code=3, files={**self.CLEAN, 'dbo.A.csv': b'x\r\n2\r\n'}, findings='loss,,BAK-141\r\n')
        self.assertEqual(self.judge(**given, moment={'dbo.A.csv', 'dbo.B.csv'}), [])
        self.assertTrue(self.judge(**given, moment={'dbo.B.csv'}, changing={'dbo.A.csv'}))
        self.assertTrue(self.judge(**given))
        given['findings'] = 'loss,,BAK-144\r\n'
        self.assertEqual(self.judge(**given, changing={'dbo.A.csv'}), [])
        self.assertTrue(self.judge(**given, changing={'dbo.B.csv'}, moment={'dbo.A.csv'}))

    def test_resealed_damage_may_change_values(self):
        self.assertEqual(self.judge(files={}, covered=False), [])


class Run(unittest.TestCase):
    def run_script(self, script, limit):
        with tempfile.TemporaryDirectory() as d:
            program = Path(d) / 'program'
            program.write_text('#!/bin/sh\n' + script, encoding='ascii')
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            return mutate.run(program, ['x'], 'y', limit, Path(d))

    def test_a_hanging_program_is_ended(self):
        self.assertTrue(self.run_script('exec sleep 30\n', 0.3).ended)

    def test_a_program_in_a_loop_is_ended_and_a_slow_one_is_not(self):
        self.assertTrue(self.run_script('while :; do :; done\n', 0.5).ended)
        self.assertFalse(self.run_script('exec sleep 1\n', 0.5).ended)


if __name__ == '__main__':
    unittest.main()
