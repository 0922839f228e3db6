#!/usr/bin/env python3
"""Privacy at rest: what is written is its owner's alone, no command asks the network for anything, nothing lies outside of the
output, and notes and national numbers stay out where that is asked for."""
import argparse
import csv
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import packs
from packs import WORDS, bundle

ARGS = None
SAMPLE = 'sample_with_patient_values'


def table(path):
    with open(path, encoding='utf-8', newline='') as f: return list(csv.DictReader(f))


class Privacy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='privacy.'))
        cls.practice = cls.room / 'practice'
        subprocess.run([ARGS.practice_gen, '--out', cls.practice, '--patients', '12'], check=True, stdout=subprocess.DEVNULL)
        cls.backup = cls.practice / 'practice.bak'
        (cls.room / 'words').write_text(WORDS)
        cls.words = ('--passphrase-from', 'file:%s' % (cls.room / 'words'))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def convert(self, out, *more, to='canonical,salesforce,dynamics,documents'):
        done = self.tools.convert(self.backup, self.room / out, None, *more, to=to)
        self.assertIn(done.returncode, (0, 3), done.stdout + done.stderr)
        return Path(bundle.summary(done)['run_folder']), done

    # ---- no network

    def traced(self, *words):
        log = self.room / 'trace'
        done = subprocess.run(['strace', '-f', '-e', 'trace=%network', '-o', str(log), str(self.tools.chartferry), *map(str, words)],
                              capture_output=True, text=True, timeout=280)
        calls = [line for line in log.read_text().splitlines() if re.search(r'\b\w+\(', line) and '+++' not in line]
        return done, calls

    def test_no_command_uses_the_network(self):
        probe = None
        if shutil.which('strace'):
            probe = subprocess.run(['strace', '-e', 'trace=%network', '-o', '/dev/null', 'true'], capture_output=True)
        if not probe or probe.returncode != 0: self.skipTest('strace cannot trace here')
        # The trace sees what it is there to see.
        log = self.room / 'seen'
        subprocess.run(['strace', '-f', '-e', 'trace=%network', '-o', str(log), sys.executable, '-c', 'import socket; socket.socket()'],
                       check=True, capture_output=True)
        self.assertIn('socket(', log.read_text())
        run = self.room / 'traced'
        commands = [('inspect', self.backup), ('extract', self.backup, '--out', self.room / 'traced_tables'),
                    ('convert', self.backup, '--to', 'canonical,salesforce', '--out', run),
                    ('sql', self.backup, 'SELECT count(*) FROM Patient')]
        for words in commands: self.check_quiet(*words)
        folder = next(p for p in run.iterdir() if p.is_dir())
        self.check_quiet('verify', folder)
        self.check_quiet('pack', folder, '--out', self.room / 'traced_parts', *self.words)
        self.check_quiet('unpack', self.room / 'traced_parts', '--out', self.room / 'traced_back', *self.words)
        self.check_quiet('pack', folder, '--out', self.room / 'traced_copy', '--deidentify', *self.words)
        self.check_quiet('forget', folder)

    def check_quiet(self, *words):
        done, calls = self.traced(*words)
        self.assertIn(done.returncode, (0, 3), done.stdout + done.stderr)
        self.assertEqual(calls, [], words[0])

    # ---- the owner's alone, and nowhere else

    def test_what_is_written_is_its_owners_alone(self):
        os.umask(0)
        run, _ = self.convert('rights')
        self.tools.run('extract', self.backup, '--out', self.room / 'rights_tables')
        self.tools.run('pack', run, '--out', self.room / 'rights_parts', *self.words)
        self.tools.run('unpack', self.room / 'rights_parts', '--out', self.room / 'rights_back', *self.words)
        seen = 0
        for top in ('rights', 'rights_tables', 'rights_parts', 'rights_back'):
            for p in [self.room / top, *(self.room / top).rglob('*')]:
                seen += 1
                self.assertEqual(stat.S_IMODE(p.stat().st_mode), 0o700 if p.is_dir() else 0o600, p)
        self.assertGreater(seen, 300)

    def test_nothing_lies_in_the_folder_for_temporary_files(self):
        temporary = self.room / 'tmp'
        temporary.mkdir()
        done = self.tools.run('convert', self.backup, '--to', 'canonical', '--out', self.room / 'elsewhere', '--templates', self.tools.templates,
                              env={**os.environ, 'TMPDIR': str(temporary), 'SQLITE_TMPDIR': str(temporary)})
        self.assertIn(done.returncode, (0, 3), done.stderr)
        self.assertEqual(list(temporary.iterdir()), [])

    # ---- what is left out where that is asked for

    def everything(self, run):
        """All bytes of what is loaded; of archives their members."""
        for p in sorted(run.rglob('*')):
            if not p.is_file() or p.relative_to(run).parts[0] in ('rejects', 'quality', 'exceptions.csv'): continue
            raw = p.read_bytes()
            yield p, raw
            if raw[:4] == b'PK\x03\x04' and p.suffix in ('.zip', '.xlsx'):
                with zipfile.ZipFile(p) as z:
                    for name in z.namelist():
                        if not name.endswith(('.pdf', '.rtf', '.jpg', '.png', '.dcm')): yield p, z.read(name)

    def test_notes_stay_where_that_is_asked_for(self):
        truth = table(self.practice / 'truth/clinical_note.csv')
        texts = {line.strip()[:40].encode() for x in truth for f in ('subjective', 'objective', 'assessment', 'plan', 'body')
                 for line in (x[f] or '').splitlines() if len(line.strip()) >= 20}
        self.assertGreater(len(texts), 12)
        to = 'canonical,salesforce,dynamics,zoho'
        whole, _ = self.convert('with_notes', to=to)
        found = {t for _, raw in self.everything(whole) for t in texts if t in raw}
        self.assertGreater(len(found), 12)  # looking for them can fail
        run, done = self.convert('without_notes', '--without', 'notes', to=to)
        # What compares a sample with the source shows of such values only that they are there.
        sample, _ = self.convert('sample_without_notes', '--without', 'notes', '--sample', '1000', to=to)
        self.assertTrue((sample / SAMPLE / 'salesforce/diff.csv').exists())
        for folder in (run, sample):
            for p, raw in self.everything(folder): self.assertEqual([t for t in texts if t in raw][:2], [], p)
        self.assertIn('QUA-1249', bundle.findings(done))
        self.assertEqual(self.tools.verify(run), 0)
        before = table(whole / 'canonical/06_clinical_exam.csv')
        after = table(run / 'canonical/06_clinical_exam.csv')
        self.assertTrue(any(x['notes'] for x in before))
        for a, b in zip(before, after):
            a['notes'] = ''
            self.assertEqual(a, b)

    def test_national_numbers_stay_whatever_the_profile_says(self):
        numbers = {x['national_id'].encode() for x in table(self.practice / 'truth/patient.csv')
                   if x['national_id']}
        self.assertGreater(len(numbers), 3)
        to = 'canonical,salesforce'
        whole, _ = self.convert('with_ids', '--option', 'national_id=yes', to=to)
        self.assertTrue(any(n in raw for _, raw in self.everything(whole) for n in numbers))
        for i, more in enumerate(((), ('--option', 'national_id=yes', '--without', 'ssn'), ('--without', 'notes,ssn'), ('--sample', '1000'))):
            run, _ = self.convert('without_ids%d' % i, *more, to=to)
            for p, raw in self.everything(run): self.assertFalse([n for n in numbers if n in raw], p)

    def test_only_what_is_known_can_be_left_out(self):
        done = self.tools.convert(self.backup, self.room / 'typo', None, '--without', 'note')
        self.assertNotIn(done.returncode, (0, 3))
        self.assertIn('notes, ssn', done.stdout)
        self.assertFalse((self.room / 'typo').exists())


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
