#!/usr/bin/env python3
"""A run killed at random moments (--kills): what it leaves is refused by verify, under its own name and under any other; the next run removes
it and is whole. An interrupt leaves nothing."""
import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import bundle
import clinic

ARGS = None
TO = 'salesforce,canonical'


class Kill(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_kill.'))
        cls.temporary = cls.room / 'temporary'
        cls.temporary.mkdir()
        cls.templates = cls.room / 'templates'
        cls.tools.small_templates(cls.templates)
        cls.backup, _ = clinic.make(cls.tools, cls.room)
        started = time.monotonic()
        cls.whole = Path(bundle.summary(cls.tools.convert(cls.backup, cls.room / 'whole', cls.templates, to=TO))['run_folder'])
        cls.seconds = time.monotonic() - started

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def start(self, out):
        return subprocess.Popen([str(self.tools.chartferry), 'convert', str(self.backup), '--to', TO, '--out', str(out),
                                 '--templates', str(self.templates), '--quiet'],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, 'TMPDIR': str(self.temporary)})

    def whole_or_refused(self, folder):
        """True when the folder is a finished run; then it is the same as one that nobody disturbed."""
        if self.tools.verify(folder) != 0:
            return False
        self.assertEqual(bundle.files(folder), bundle.files(self.whole))
        return True

    def test_what_a_killed_run_leaves_is_refused(self):
        chance, unfinished = random.Random(2017), 0
        for i in range(ARGS.kills):
            out = self.room / ('out%d' % i)
            run = self.start(out)
            time.sleep(chance.uniform(0, 1.1 * self.seconds))
            run.kill()
            run.wait()
            for folder in sorted(out.iterdir()) if out.exists() else []:
                if self.whole_or_refused(folder):
                    self.assertFalse(folder.name.endswith('.partial'))
                    continue
                self.assertTrue(folder.name.endswith('.partial'), 'a name without .partial, and not whole')
                unfinished += 1
                other = folder.with_name('renamed')
                shutil.copytree(folder, other)
                self.whole_or_refused(other)
                shutil.rmtree(other)
                # What was left under another name is found as well: by the mark in it.
                if chance.random() < 0.5 and (folder / 'manifest.json').exists() and (folder / 'manifest.json').stat().st_size > 30:
                    folder.rename(out / 'Another_Practice_2019.partial')
            again = self.tools.convert(self.backup, out, self.templates, to=TO)
            self.assertTrue(self.tools.verify(bundle.summary(again)['run_folder']) == 0)
            for p in out.iterdir(): self.assertEqual(self.tools.verify(p), 0, p.name)
            self.assertEqual(list(self.temporary.iterdir()), [])
            shutil.rmtree(out)
        self.assertGreater(unfinished, ARGS.kills // 10, 'the kills came too early or too late to say anything')

    def test_an_interrupted_run_leaves_nothing(self):
        chance, stopped = random.Random(7), 0
        for i in range(10):
            out = self.room / ('interrupted%d' % i)
            run = self.start(out)
            time.sleep(chance.uniform(0, self.seconds))
            run.send_signal(signal.SIGINT)
            code = run.wait()
            if code == 130 or code == -signal.SIGINT:  # the latter before the program listens to it
                stopped += code == 130
                self.assertFalse(out.exists())
            else:
                self.assertEqual(code, 3)
        self.assertGreater(stopped, 0)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    parser.add_argument('--kills', type=int, default=10)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
