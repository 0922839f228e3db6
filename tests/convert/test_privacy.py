#!/usr/bin/env python3
"""A planted name, social security number and password stand in no log, audit, state, report, guide, message or error: of no command, and of
no run that goes wrong. Where values belong (load files, rejects, exceptions, quality lists, fix-back files) is said by name; every other
file of every folder that a command makes is searched, packed ones opened."""
import argparse
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import bundle
import test_decisions

ARGS = None
FIRST, LAST, SSN, WORD, PASSWORD = 'Quillonette', 'Vantongeren', '078-05-1120', 'xylotomous', 'Tr0ub4dor-canary'
CANARIES = (FIRST, LAST, SSN, SSN.replace('-', ''), WORD, PASSWORD)
# Files that hold patients' values by their purpose: loaded into the CRM, or kept in the practice to be corrected.
VALUES = re.compile(r'(^|/)(rejects|quality|uploads|fix-back|not-seen|files|Files[^/]*|00_trial|documents)/|(^|/)exceptions\.csv$|/\d\d_[^/]+\.(csv|xlsx)$|'
                    r'/(Files|files|same_names)[^/]*\.(csv|zip)$|canonical\.xlsx$|sample\.csv$|diff\.(csv|xlsx)$|(^|/)\d\d_(restore|delete)_')


def texts_of(path):
    """The bytes of a file, of a ZIP those of its members; load files that are packed for their upload are load files."""
    raw = path.read_bytes()
    yield raw
    if raw[:2] == b'PK':
        with zipfile.ZipFile(path) as z:
            for name in (x.filename for x in z.infolist() if not x.flag_bits & 1):
                if not VALUES.search('/' + name) and not name.startswith('Attachments/'):
                    yield z.read(name)


class Privacy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_privacy.'))
        cls.sources = {'backup': cls.backup(), 'dump': cls.dump()}
        cls.runs = {}
        for name, source in cls.sources.items():
            for form in ('--json', '--verbose', '--quiet'):
                out = Path(tempfile.mkdtemp(dir=cls.room))
                done = cls.tools.run('convert', source, '--to', 'salesforce,zoho,canonical', '--out', out, '--templates', cls.tools.templates,
                                     '--profile', 'panda-perio', form)
                assert done.returncode in (0, 3), done.stderr
                cls.check(cls, done, name + form)
                cls.runs[name] = next(out.iterdir())

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def backup(cls):
        edits = cls.room / 'edits.tsv'
        rows = [('Patient', '1002', c, v) for c, v in (('FirstName', FIRST), ('LastName', LAST), ('SSN', SSN), ('Email', LAST.lower() + '@example.org'))]
        rows += [('SOAPNotes', '3', 'NoteText', '%s %s said %s, her password is %s' % (FIRST, LAST, WORD, PASSWORD)),
                 ('Account', '100001', 'LastName', LAST), ('CustomFinding', '1', 'FindingValue', WORD),
                 # Values that are held back or rejected are told with the others.
                 ('Patient', '1003', 'HomePhone', SSN), ('ClinicalExam', '2', 'ChartingType', WORD), ('TreatmentPlan', '1', 'Status', PASSWORD),
                 ('Appointment', '2', 'PatientID', '99999999')]
        edits.write_text(''.join('set\t%s\t%s\t%s\t%s\n' % r for r in rows), encoding='utf-8')
        subprocess.run([ARGS.practice_gen, '--out', cls.room / 'made', '--patients', '12', '--seed', '7', '--hard', '3', '--edits', edits], check=True,
                       stdout=subprocess.DEVNULL)
        return cls.room / 'made' / 'practice.bak'

    @classmethod
    def dump(cls):
        tables = copy.deepcopy(test_decisions.TABLES)
        header, rows = tables['Patient']
        tables['Patient'] = ((*header, 'SSN'), [(*r, '') for r in rows] + [('7', 'A7', FIRST, LAST, 'not a day ' + WORD, WORD, PASSWORD, 'Yelm', '1', SSN)])
        tables['SOAPNotes'][1].append(('7', '7', '1', 'a day ' + WORD, '%s: %s' % (LAST, PASSWORD)))
        tables['UserLogin'] = (('LoginName', 'Password', 'Secret'), [(LAST, PASSWORD, SSN)])
        source = cls.room / 'practice'
        source.mkdir()
        for name, (header, rows) in tables.items():
            (source / (name + '.csv')).write_text(test_decisions.text_of([header, *rows]), newline='')
        return source

    def check(self, done, what):
        for text in (done.stdout, done.stderr):
            for c in CANARIES:
                assert c.lower() not in text.lower(), '%s: %s in what it prints: ...%s' % (what, c, text[max(0, text.lower().find(c.lower()) - 200):][:300])

    def search(self, folder, also=()):
        """Every file that is not there to hold values; how many. also: suffixes of names that hold them as well."""
        n = 0
        for path in sorted(p for p in folder.rglob('*') if p.is_file()):
            name = path.relative_to(folder).as_posix()
            if VALUES.search('/' + name) or name.endswith(tuple(also)):
                continue
            n += 1
            for text in texts_of(path):
                for c in CANARIES:
                    self.assertNotIn(c.lower().encode(), text.lower(), '%s in %s' % (c, name))
                    self.assertNotIn(c.lower().encode('utf-16-le'), text.lower(), '%s in %s' % (c, name))
        return n

    def command(self, *words, code=None, env=None):
        done = self.tools.run(*words, env={**os.environ, **(env or {})})
        self.check(done, ' '.join(map(str, words[:2])))
        if code is not None:
            self.assertIn(done.returncode, code if isinstance(code, tuple) else (code,), done.stderr)
        return done

    # ---- runs that go well ----

    def test_the_canaries_are_in_the_load_files(self):
        """Else all that follows proves nothing."""
        for name, run in self.runs.items():
            values = b''.join(p.read_bytes() for p in run.rglob('*.csv'))
            for c in (FIRST, LAST, WORD, PASSWORD):
                self.assertIn(c.encode(), values, (name, c))

    def test_nothing_but_load_files_and_lists_of_the_practice_holds_them(self):
        for run in self.runs.values():
            names = {p.name for p in run.iterdir()}
            self.assertTrue({'audit.csv', 'run.log', 'manifest.json', 'report.html', 'report.json', 'state'} <= names)
            self.assertGreater(self.search(run), 60)

    def test_inspect_extract_snapshot_explain(self):
        for name, source in self.sources.items():
            for more in ((), ('--verbose',), ('--json',)):
                self.command('inspect', source, *more)
                out = Path(tempfile.mkdtemp(dir=self.room)) / 'tables'
                self.command('extract', source, '--out', out, *more, code=(0, 3))
            self.assertGreater(self.search(out, also=[p.name for p in out.glob('*.csv') if not p.name.startswith('_')]), 2)
            shot = out.parent / 'snapshot.json'
            self.command('snapshot', source, '--out', shot, code=(0, 3))
            self.search(shot.parent, also=[p.relative_to(shot.parent).as_posix() for p in out.rglob('*') if p.is_file()])
            self.command('profile', 'check', 'panda-perio', source, '--templates', self.tools.templates)
            self.command('profile', 'map', 'panda-perio', source, '--templates', self.tools.templates)
        self.command('explain', 'DEL-844')
        self.command('explain', LAST[:3])

    def test_dry_since_decisions_verify(self):
        decisions = self.room / 'decisions.csv'
        decisions.write_text('source_key,other_source_key,primary,decision\r\nPP-PAT-1,PP-PAT-7,PP-PAT-1,merge\r\n', newline='')
        for more in (('--dry-run', '--verbose'), ('--since', self.runs['dump'], '--verbose'), ('--decisions', decisions, '--json'),
                     ('--only', 'patient:7', '--verbose')):
            out = Path(tempfile.mkdtemp(dir=self.room))
            self.command('convert', self.sources['dump'], '--to', 'salesforce,pipedrive,dynamics,hubspot', '--out', out, '--templates', self.tools.templates,
                         '--profile', 'panda-perio', *more, code=(0, 3))
            if more[0] != '--dry-run':
                self.search(next(out.iterdir()))
        for run in self.runs.values():
            self.command('verify', run, code=0)
            self.command('verify', run, '--json', code=0)

    def test_verify_of_what_was_changed(self):
        run = Path(tempfile.mkdtemp(dir=self.room)) / 'run'
        shutil.copytree(self.runs['backup'], run)
        path = next((run / 'salesforce').glob('*_Contact_Patient.csv'))
        path.write_bytes(path.read_bytes().replace(LAST.encode(), (LAST + LAST * 9).encode()) + b'%s,%s\r\n' % (FIRST.encode(), SSN.encode()))
        (run / 'audit.csv').write_bytes((run / 'audit.csv').read_bytes().replace(b',patient,', b',%s,' % LAST.encode(), 1))
        self.command('verify', run, code=4)
        self.command('verify', run, '--json', code=4)

    def test_after_the_load(self):
        run, results = self.runs['backup'], Path(tempfile.mkdtemp(dir=self.room))
        path = next((run / 'salesforce').glob('*_Contact_Patient.csv'))
        heading, rows = bundle.read_csv(path)
        lines = ['%s,%s' % (','.join('"%s"' % r[h].replace('"', '""') for h in heading), '"DUPLICATES_DETECTED:%s %s, SSN %s, says %s: %s"' % (
            FIRST, LAST, SSN, WORD, PASSWORD)) for r in rows]
        (results / (path.stem + '_error.csv')).write_text('\n'.join([','.join(heading) + ',ERROR', *lines]) + '\n')
        (results / 'broken.csv').write_text('"%s,%s\n%s' % (LAST, SSN, PASSWORD))
        for command, words in (('reconcile', ('--results', results)), ('rollback', ('--keys', results / (path.stem + '_error.csv'), '--before', path)),
                               ('compare', ('--export', self.changed_export(path))), ('link-files', ('--keys', results / (path.stem + '_error.csv')))):
            for more in ((), ('--json',), ('--verbose',)):
                out = Path(tempfile.mkdtemp(dir=self.room))
                self.command(command, run, '--to', 'salesforce', *words, '--out', out, *more)
                if command != 'link-files':
                    self.assertTrue(any(out.iterdir()), command)
                for made in out.iterdir():
                    # Reasons and rows as the tool gave them stay in the practice.
                    self.search(made)

    def changed_export(self, path):
        heading, rows = bundle.read_csv(path)
        out = Path(tempfile.mkdtemp(dir=self.room)) / 'Contact.csv'
        out.write_text('\n'.join([','.join(['Id', *heading]), *(','.join('"%s"' % v.replace('"', '""').replace(LAST, LAST.upper() + SSN)
                                                                         for v in ['003%012d' % i, *r.values()]) for i, r in enumerate(rows))]) + '\n')
        return out

    def test_packs_and_their_passphrase(self):
        secret, out = {'CANARY_PHRASE': PASSWORD + '-that-nobody-else-knows'}, Path(tempfile.mkdtemp(dir=self.room))
        self.command('pack', self.runs['dump'], '--passphrase-from', 'env:CANARY_PHRASE', '--out', out, code=0, env=secret)
        self.assertGreater(self.search(out), 1)
        parts = sorted(out.rglob('*.zip'))
        self.command('unpack', *parts, '--passphrase-from', 'env:CANARY_PHRASE', '--out', out / 'back', code=0, env=secret)
        self.command('unpack', *parts, '--passphrase-from', 'env:CANARY_PHRASE', '--out', out / 'not', env={'CANARY_PHRASE': PASSWORD + '-which-is-wrong'})

    # ---- runs that go wrong ----

    def test_damaged_backups(self):
        raw = bytearray(self.sources['backup'].read_bytes())
        hit = [m.start() for c in CANARIES[:2] for m in re.finditer(re.escape(c.encode('utf-16-le')), raw)]
        self.assertTrue(hit)
        for name, change in (('cut', lambda x: x[:len(x) * 2 // 3]), ('page', lambda x: self.flipped(x, hit)), ('head', lambda x: x[:3000])):
            path = self.room / (name + '.bak')
            path.write_bytes(change(bytearray(raw)))
            for words in (('inspect', path), ('extract', path, '--out', Path(tempfile.mkdtemp(dir=self.room)) / 'x'),
                          ('convert', path, '--to', 'salesforce', '--out', Path(tempfile.mkdtemp(dir=self.room)), '--templates', self.tools.templates),
                          ('snapshot', path, '--out', Path(tempfile.mkdtemp(dir=self.room)) / 's.json')):
                self.command(*words)
                self.command(*words, '--verbose')

    @staticmethod
    def flipped(raw, places):
        for at in places:
            raw[at - 40] ^= 0xFF
            raw[at + 90] ^= 0x55
        return raw

    def test_wrong_templates_and_words(self):
        templates = self.room / 'templates'
        shutil.copytree(self.tools.templates, templates)
        patient = templates / 'sources' / 'panda-perio' / 'patient.sql'
        patient.write_text(patient.read_text().replace('SELECT', 'SELECT no_such_function(FirstName), ', 1))
        for source in self.sources.values():
            self.command('convert', source, '--to', 'salesforce', '--out', self.room / 'wrong', '--templates', templates, '--profile', 'panda-perio', code=2)
        contact = templates / 'destinations' / 'salesforce' / 'contact_patient.yaml'
        contact.write_text(contact.read_text().replace('required', 'requierd'))
        self.command('templates', 'check', 'salesforce', '--templates', templates)
        shutil.copy(self.tools.templates / 'sources' / 'panda-perio' / 'patient.sql', patient)
        for source in self.sources.values():
            self.command('convert', source, '--to', 'salesforce', '--out', self.room / 'wrong', '--templates', templates, code=2)
            self.command('sql', source, 'SELECT FirstName FROM NoSuch WHERE x', code=(2, 4))
            self.command('convert', source, '--to', 'salesforce', '--out', self.room / 'wrong', '--only', 'patient:no-such', '--templates', self.tools.templates)

    def test_no_room_on_the_disk(self):
        for name, source in self.sources.items():
            for size in (1, 3000, 40000, 400000):
                out = Path(tempfile.mkdtemp(dir=self.room))
                done = self.tools.convert(source, out, None, '--profile', 'panda-perio', '--verbose', limit=size, to='salesforce,canonical')
                self.check(done, '%s, %d bytes' % (name, size))
                if done.returncode not in (0, 3):
                    self.assertEqual(list(out.iterdir()), [], done.stderr[:500])

    def test_a_run_that_was_broken_off_leaves_nothing(self):
        for wait in (0.05, 0.2, 0.4):
            out = Path(tempfile.mkdtemp(dir=self.room))
            p = subprocess.Popen([str(self.tools.chartferry), 'convert', self.sources['backup'], '--to', 'salesforce,zoho', '--out', out, '--templates',
                                  self.tools.templates], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            try:
                p.wait(wait)
            except subprocess.TimeoutExpired:
                p.terminate()
            p.stdout, p.stderr, code = *p.communicate(), p.returncode
            self.check(p, 'broken off')
            if code == 130:
                self.assertEqual(list(out.iterdir()), [])


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
