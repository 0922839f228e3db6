#!/usr/bin/env python3
"""The campaign can fail: harnesses that are scripts crash, take too long, or begin not at all; and it adds up and minimizes."""
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CAMPAIGN = Path(__file__).resolve().parent / 'campaign'
# Keeps two inputs in its corpus; of these a merge takes one.
HARNESS = '''#!%s -B
import sys
from pathlib import Path
options = dict(a.lstrip('-').split('=', 1) for a in sys.argv[1:] if a.startswith('-'))
folders = [Path(a) for a in sys.argv[1:] if not a.startswith('-')]
print('stat::number_of_executed_units: 21')
if 'merge' in options:
    (folders[0] / 'b').write_text('b')
elif 'seed' in options:
    for name in 'ab':
        (folders[0] / name).write_text(name)
%s
'''
WRITES = '''
    path = options['artifact_prefix'] + '%s'
    Path(path).write_text('x')
    print('artifact_prefix=x; Test unit written to ' + path)
    sys.exit(%d)
'''


class Campaign(unittest.TestCase):
    def run_on(self, ending, *words, times=1):
        with tempfile.TemporaryDirectory() as d:
            program = Path(d) / 'tests' / 'fuzz_tooth'
            program.parent.mkdir()
            if ending is not None:
                program.write_text(HARNESS % (sys.executable, ending), encoding='utf-8')
                program.chmod(program.stat().st_mode | stat.S_IXUSR)
            for _ in range(times):
                r = subprocess.run([sys.executable, '-B', str(CAMPAIGN), '--build', d, '--seconds', '1', *words, 'tooth'],
                                   capture_output=True, text=True, check=False)
            corpus = Path(d) / 'corpora' / 'tooth'
            return r.returncode, r.stdout, sorted(p.name for p in corpus.iterdir())

    def test_without_a_finding_it_adds_up_and_minimizes(self):
        code, said, corpus = self.run_on('', times=3)
        self.assertEqual((code, corpus), (0, ['b']))
        self.assertRegex(said, r'(?m)^tooth +3 +63 +\d+ +1 +0$')
        self.assertEqual(self.run_on('', '--keep-all')[2], ['a', 'b'])

    def test_a_finding_is_told_each_time(self):
        for times in (1, 2):
            code, said, _ = self.run_on(WRITES % ('crash-1', 77), times=times)
            self.assertEqual(code, 1)
            self.assertRegex(said, r'(?m)^found: .*/corpora/found/tooth-crash-1$')

    def test_slow_by_the_clock_only_is_none(self):
        self.assertEqual(self.run_on(WRITES % ('timeout-1', 70))[0], 0)
        self.assertEqual(self.run_on(WRITES % ('slow-unit-1', 0))[0], 0)

    def test_a_harness_that_does_not_run_is_a_finding(self):
        code, said, _ = self.run_on('sys.exit(1)')
        self.assertEqual(code, 1)
        self.assertIn('tooth.txt', said)
        self.assertNotEqual(self.run_on(None)[0], 0)


if __name__ == '__main__':
    unittest.main()
