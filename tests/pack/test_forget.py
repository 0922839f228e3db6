#!/usr/bin/env python3
"""The end of a bundle: everything of it is gone and a receipt is there; nothing else is touched, whatever lies in its place."""
import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import packs
from packs import WORDS, bundle, tree

ARGS = None


class Forget(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='forget.'))
        made = cls.room / 'practice'
        subprocess.run([ARGS.practice_gen, '--out', made, '--patients', '8', '--lean'], check=True, stdout=subprocess.DEVNULL)
        cls.made = Path(bundle.summary(cls.tools.convert(made / 'practice.bak', cls.room / 'runs', to='canonical,salesforce'))['run_folder'])
        (cls.room / 'words').write_text(WORDS)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def setUp(self):
        self.place = Path(tempfile.mkdtemp(dir=self.room))
        self.run_folder = self.place / self.made.name
        shutil.copytree(self.made, self.run_folder)

    def forget(self, folder, **more):
        return self.tools.run('forget', folder, '--json', **more)

    def refused(self, folder, untouched):
        before = tree(self.place)
        done = self.forget(folder)
        self.assertEqual(done.returncode, 4, done.stdout)
        self.assertEqual(bundle.findings(done), {'PCK-1520'}, done.stdout)
        self.assertEqual(tree(self.place), before)
        self.assertTrue(untouched.exists())
        self.assertFalse(list(self.place.glob('*forgotten*')))

    def test_everything_of_it_goes_and_a_receipt_stays(self):
        words = ('--passphrase-from', 'file:%s' % (self.room / 'words'))
        packed = self.tools.run('pack', self.run_folder, '--out', self.place / 'parts', '--deidentify', *words)
        self.assertEqual(packed.returncode, 0, packed.stderr)
        results = self.place / 'results'
        results.mkdir()
        stage = self.tools.run('rollback', self.run_folder, '--to', 'salesforce', '--json')
        self.assertTrue(list(self.place.glob('*-rollback')), stage.stdout + stage.stderr)
        others = self.place / (self.run_folder.name + '-notes.txt')
        others.write_text('mine')
        (self.place / (self.run_folder.name + '-more')).mkdir()
        digest = hashlib.sha256((self.run_folder / 'manifest.json').read_bytes()).hexdigest()
        files = len(tree(self.run_folder)) + len(tree(next(self.place.glob('*-rollback'))))
        done = self.forget(str(self.run_folder) + '/')
        self.assertEqual(done.returncode, 0, done.stdout)
        said = bundle.summary(done)
        self.assertEqual(sorted(p.name for p in self.place.iterdir()), sorted(
            ['parts', 'results', others.name, self.run_folder.name + '-more', self.run_folder.name + '-forgotten.txt']))
        self.assertEqual((said['files'], said['folders_made_from_it'], said['lists_of_tokens']), (files, 1, 1))
        receipt = Path(said['receipt']).read_text()
        self.assertIn(digest, receipt)
        self.assertRegex(receipt, r'when: 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC')
        self.assertIn('Everything named here was deleted.', receipt)
        self.assertNotIn('PP-', receipt)
        self.assertEqual(Path(said['receipt']).stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.tools.run('forget', self.run_folder).returncode, 4)

    def test_a_second_receipt_has_another_name(self):
        self.forget(self.run_folder)
        shutil.copytree(self.made, self.run_folder)
        self.assertTrue(bundle.summary(self.forget(self.run_folder))['receipt'].endswith('-forgotten-2.txt'))

    def test_what_is_not_ours_is_refused(self):
        mine = self.place / 'mine'
        mine.mkdir()
        (mine / 'a.csv').write_text('a')
        self.refused(mine, mine)
        (mine / 'manifest.json').write_text('{"name": "an extension of a browser"}')
        self.refused(mine, mine / 'a.csv')
        self.refused(mine / 'a.csv', mine / 'a.csv')
        self.refused(self.place / 'nothing', mine)
        os.mkfifo(mine / 'manifest2')
        self.refused(mine, mine)
        shutil.rmtree(mine)

    def test_dots_are_no_names(self):
        before = tree(self.place)
        for word in ('.', '..', '../' + self.run_folder.name + '/.'):
            done = self.tools.run('forget', word, '--json', cwd=self.run_folder)
            self.assertEqual(done.returncode, 4, word)
        self.assertEqual(tree(self.place), before)

    def test_files_of_others_in_it_are_not_taken(self):
        mine = self.run_folder / 'salesforce/success.csv'
        mine.write_text('Id\n')
        self.refused(self.run_folder, mine)

    def test_links_are_not_followed(self):
        outside = self.place / 'outside'
        shutil.copytree(self.run_folder / 'canonical', outside)
        shutil.rmtree(self.run_folder / 'canonical')
        (self.run_folder / 'canonical').symlink_to(outside)
        self.refused(self.run_folder, outside / '04_patient.csv')
        (self.run_folder / 'canonical').unlink()
        shutil.copytree(outside, self.run_folder / 'canonical')
        one = self.run_folder / 'report.html'
        one.rename(self.place / 'report.html')
        one.symlink_to(self.place / 'report.html')
        self.refused(self.run_folder, self.place / 'report.html')
        link = self.place / 'link'
        link.symlink_to(self.run_folder)
        self.refused(link, self.run_folder)

    def test_what_a_dead_run_left_goes_as_well(self):
        left = self.place / 'Practice.partial'
        self.run_folder.rename(left)
        manifest = left / 'manifest.json'
        manifest.write_text('\n'.join(manifest.read_text().splitlines()[:2]) + '\n')
        done = self.forget(left)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertFalse(left.exists())

    def test_what_cannot_be_deleted_is_told(self):
        stubborn = self.run_folder / 'state'
        stubborn.chmod(0o500)
        demote = None
        if os.getuid() == 0:
            for p in [self.place, *self.place.rglob('*')]:
                if p != stubborn and stubborn not in p.parents: os.chown(p, 65534, 65534)
            stubborn.chmod(0o555)
            for p in stubborn.rglob('*'): p.chmod(0o755 if p.is_dir() else 0o644)
            self.room.chmod(0o755)
            demote = lambda: os.setuid(65534)  # noqa: E731
        done = self.forget(self.run_folder, preexec_fn=demote)
        self.assertEqual(done.returncode, 5, done.stdout)
        self.assertIn('PCK-1521', bundle.findings(done))
        self.assertIn('NOT EVERYTHING COULD BE DELETED', Path(bundle.summary(done)['receipt']).read_text())
        left = self.place / (self.run_folder.name + '.partial')
        self.assertEqual(sorted(p.name for p in left.iterdir()), ['manifest.json', 'state'])
        self.assertNotEqual(self.tools.verify(left), 0)
        (left / 'state').chmod(0o700)
        # It is known for what it is: the next time it goes.
        again = self.forget(left)
        self.assertEqual(again.returncode, 0, again.stdout)
        self.assertFalse(left.exists())


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
