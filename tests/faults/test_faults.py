#!/usr/bin/env python3
"""The program where the system refuses: no memory at any allocation, no memory beyond some bytes, a full disk, short writes, a source
that cannot be read, a clock that jumps; two runs on one output. Whatever happens, nothing half-written stays and nothing wrong passes
for whole: a run is the one that nobody disturbed, byte for byte, or it says what is missing, or there is none and a message why. The
next run is whole. faults.c, loaded before the C library, plays the system."""
import argparse
import collections
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ARGS = None
MINE = ('run.log', 'state/key.txt')  # which differ from run to run
FOUND = ('_findings.csv', 'report.json', 'report.html', 'manifest.json')  # which may say that an unfinished folder was cleared
COMPLETE, UNEXPECTED, USAGE, INCOMPLETE, SOURCE, OUTPUT = 0, 1, 2, 3, 4, 5
FINAL = {COMPLETE, INCOMPLETE}


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob('*'))
            if p.is_file() and not p.as_posix().endswith(MINE)}


def points(total, n):
    """From the first call to the last; the beginning of a run, where most kinds of things happen once, is looked at more closely."""
    return sorted({1 + int((total - 1) * (i / max(1, n - 1)) ** 1.5) for i in range(n)})


def differing(a, b):
    """The names alone: the values of a practice are long."""
    return sorted(name for name in {*a, *b} if a.get(name) != b.get(name))


Outcome = collections.namedtuple('Outcome', 'code said left')


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = Path(tempfile.mkdtemp(prefix='faults.'))
        made = cls.room / 'made'
        subprocess.run([ARGS.practice_gen, '--seed', '7', '--patients', '3', '--out', made], check=True, stdout=subprocess.DEVNULL)
        cls.source = made / 'practice.bak'
        cls.command = {
            'convert': ['convert', cls.source, '--to', 'salesforce,canonical', '--templates', ARGS.templates, '--quiet'],
            'extract': ['extract', cls.source, '--quiet']}
        cls.whole = {}
        for name in cls.command:
            done = cls.go(name, cls.room / name)
            assert done.code in FINAL, done.said
            cls.whole[name] = done.left

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def go(cls, name, out, **fault):
        """One run into a folder of its own; what it left there."""
        temporary = out.with_name(out.name + '.tmp')
        temporary.mkdir()
        env = {**os.environ, 'TMPDIR': str(temporary)}
        if fault:
            env.update({'LD_PRELOAD': ARGS.faults, 'FAULT_PATH': str(cls.source), **{k: str(v) for k, v in fault.items()}})
        done = subprocess.run([ARGS.chartferry, *map(str, cls.command[name]), '--out', str(out)], env=env, capture_output=True, text=True,
                              timeout=120, errors='replace')
        left = files(out) if out.exists() else {}
        kept = sorted(p.name for p in temporary.iterdir())
        shutil.rmtree(temporary)
        assert not kept, 'left in the temporary folder: %s' % kept
        return Outcome(done.returncode, done.stderr, left)

    def calls(self, name, kind):
        count = self.room / 'count'
        done = self.go(name, self.room / 'counted', FAULT=kind, FAULT_COUNT=count)
        self.assertEqual(differing(done.left, self.whole[name]), [], 'the tool itself disturbs')
        shutil.rmtree(self.room / 'counted')
        return int(count.read_text())

    def each(self, name, kind, judge, last=None):
        """Disturbs so many runs; each is judged, and in a folder where one failed the next one is whole."""
        total = self.calls(name, kind)
        self.assertGreater(total, 0)

        def one(n):
            out = self.room / ('%s_%s_%s_%d' % (name, kind, last, n))
            done = self.go(name, out, FAULT=kind, FAULT_AT=n, **({} if last is None else {'FAULT_LAST': last}))
            try:
                judge(done)
                if done.code not in FINAL and n % 4 == 1:
                    again = self.go(name, out)
                    wrong = [f for f in differing(again.left, self.whole[name]) if not f.endswith(FOUND)]
                    self.assertEqual(wrong, [], 'the next run is not whole: %s' % again.said)
            except AssertionError as wrong:
                raise AssertionError('%s, %s at %d of %d: %s\n%s' % (name, kind, n, total, wrong, done.said[:600])) from None
            shutil.rmtree(out, ignore_errors=True)
            return done

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return list(pool.map(one, points(total, ARGS.points)))

    def whole_or_nothing(self, name, unfinished=False):
        """unfinished: where nothing can be had any more, not even to remove a folder, it may stay under the name that says so."""
        def judge(done):
            if done.code in FINAL:
                self.assertEqual(differing(done.left, self.whole[name]), [], 'ended well, and is not what it must be')
            else:
                self.assertIn(done.code, (UNEXPECTED, USAGE, SOURCE, OUTPUT))
                left = [f for f in done.left if not (unfinished and f.split('/')[0].endswith('.partial'))]
                self.assertEqual(left, [], 'failed, and left something')
                self.assertTrue(done.said.strip(), 'failed without a word')
        return judge

    def test_no_memory_once(self):
        for name in self.command:
            with self.subTest(name):
                done = self.each(name, 'alloc', self.whole_or_nothing(name))
                self.assertGreater(sum(d.code not in FINAL for d in done), len(done) // 2)

    def test_no_memory_from_then_on(self):
        for name in self.command:
            with self.subTest(name):
                self.each(name, 'alloc', self.whole_or_nothing(name, unfinished=True), last=0)

    def test_no_more_memory_than_that(self):
        for name in self.command:
            with self.subTest(name):
                done = self.each(name, 'room', self.whole_or_nothing(name))
                self.assertGreater(sum('emory' in d.said for d in done), len(done) // 3, 'the message does not say what it is')

    def test_full_disk(self):
        for name in self.command:
            with self.subTest(name):
                for d in self.each(name, 'full', self.whole_or_nothing(name), last=0): self.assertEqual(d.code, OUTPUT)

    def test_a_disk_of_half_the_size(self):
        """A real one, where the tests may make it."""
        for name, whole in self.whole.items():
            disk = self.room / ('disk_' + name)
            disk.mkdir()
            half = sum(map(len, whole.values())) // 2
            if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=%d' % half, 'tmpfs', disk], capture_output=True).returncode != 0:
                self.skipTest('only root makes a small disk')
            try:
                done = subprocess.run([ARGS.chartferry, *map(str, self.command[name]), '--out', disk / 'out'], capture_output=True, text=True)
                self.assertEqual(done.returncode, OUTPUT)
                self.assertRegex(done.stderr, '(?i)space|full')
                self.assertEqual(sorted(files(disk)), [])
            finally:
                subprocess.run(['umount', disk], check=True)

    def test_short_writes_change_nothing(self):
        for name in self.command:
            with self.subTest(name):
                for last in (None, 0):
                    for d in self.each(name, 'short', self.whole_or_nothing(name), last): self.assertIn(d.code, FINAL)

    def test_a_clock_that_jumps_changes_nothing(self):
        for name in self.command:
            with self.subTest(name):
                for last in (None, 0):
                    for d in self.each(name, 'clock', self.whole_or_nothing(name), last): self.assertIn(d.code, FINAL)

    def test_a_source_that_cannot_be_read(self):
        """Once: what is missing is said, in the code and in the lists. From then on: there is nothing, or it is said."""
        for name in self.command:
            for last in (None, 0):
                with self.subTest(name=name, last=last):
                    def judge(done):
                        if done.code in FINAL and done.left != self.whole[name]:
                            self.assertEqual(done.code, INCOMPLETE)
                            self.assertTrue(self.says_what_is_missing(name, done), 'rows are missing, and no list says so')
                        else:
                            self.whole_or_nothing(name)(done)
                    self.each(name, 'read', judge, last)

    def says_what_is_missing(self, name, done):
        """Of some table or record more is unreadable, or another finding stands, than in the run that nobody disturbed."""
        lists = {'convert': 'report.json', 'extract': '_tables.csv'}[name]
        told, whole = ([v for k, v in x.items() if k.endswith(lists)] for x in (done.left, self.whole[name]))
        return 'GEN-002' in done.said or (len(told) == 1 and told != whole)

    def test_two_runs_on_one_output(self):
        for name in self.command:
            out = self.room / ('both_' + name)
            both = [subprocess.Popen([ARGS.chartferry, *map(str, self.command[name]), '--out', str(out)], stdout=subprocess.DEVNULL,
                                     stderr=subprocess.PIPE, text=True) for _ in range(2)]
            said = [p.communicate()[1] for p in both]
            for p, text in zip(both, said):
                self.assertIn(p.returncode, FINAL | {OUTPUT}, text)
                if p.returncode == OUTPUT: self.assertTrue(text.strip())
            self.assertTrue(any(p.returncode in FINAL for p in both))
            if name == 'convert':
                runs = sorted(out.iterdir())
                self.assertEqual(len(runs), sum(p.returncode in FINAL for p in both))
                one = list(self.whole[name].items())
                for run in runs:
                    self.assertEqual(subprocess.run([ARGS.chartferry, 'verify', run], capture_output=True).returncode, 0)
                    self.assertEqual(len(files(run)), len(one))
            else:
                self.assertEqual(differing(files(out), self.whole[name]), [])


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    for word in ('chartferry', 'practice-gen', 'templates', 'faults'): parser.add_argument('--' + word, required=True)
    parser.add_argument('--points', type=int, default=8, help='how many moments of each kind')
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0]] + rest)
