#!/usr/bin/env python3
"""A made clinic converted: the bundle, its rejects and exceptions hold exactly what the rules say, in the form that the Data Loader
reads; the same again gives the same bytes; what was changed afterwards is refused."""
import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import bundle
import clinic

ARGS = None


class Sample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_sample.'))
        cls.templates = cls.room / 'templates'
        cls.tools.small_templates(cls.templates)
        cls.backup, truth = clinic.make(cls.tools, cls.room)
        cls.expected = clinic.Expected(truth)
        cls.result = cls.tools.convert(cls.backup, cls.room / 'out', cls.templates)
        cls.summary = bundle.summary(cls.result)
        cls.folder = Path(cls.summary['run_folder'])
        cls.loaded = cls.folder / 'salesforce'

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def copy(self):
        target = Path(tempfile.mkdtemp(dir=self.room)) / 'Run'
        shutil.copytree(self.folder, target)
        return target

    def test_every_row_is_what_the_rules_say(self):
        for name, rows in self.expected.files.items():
            found = bundle.rows(self.loaded, name)
            self.assertEqual([r['Source_Key__c'] for r in found], sorted(r['Source_Key__c'] for r in rows), name)
            found = {r['Source_Key__c']: r for r in found}
            for row in rows:
                got = found[row['Source_Key__c']]
                if 'LastName' in got: got['LastName'] = clinic.one_line(got['LastName'])
                self.assertEqual({k: v for k, v in got.items() if v or k in row}, row, name)

    def test_the_sample_holds_every_kind_of_trouble(self):
        self.assertEqual({field for _, field in self.expected.held}, {'LastName', 'birth_date', 'primary_provider'})
        self.assertTrue(all(self.expected.left_out.values()))

    def rejected(self):
        """(table, key) of every row in rejects/."""
        found = []
        for path in sorted((self.folder / 'rejects').iterdir()):
            header, rows = bundle.read_csv(path)
            self.assertEqual(header[-2:], ['code', 'reason'])
            self.assertTrue(all(re.fullmatch(r'[A-Z]{3}-\d{3}', r['code']) and r['reason'] for r in rows))
            found += [(r['src_table'], r['src_key']) for r in rows]
        return found

    def test_rows_left_out_are_listed_once_and_are_nowhere_else(self):
        found, expected = self.rejected(), self.expected.left_out
        self.assertEqual(len(found), len(set(found)))
        self.assertEqual(set(found), {(table, key) for table, keys in expected.items() for key in keys})
        written = {r['Source_Patient_ID__c'] for r in bundle.rows(self.loaded, '03_Contact_Patient.csv')}
        self.assertFalse(written & expected['dbo.Patient'])
        written = {r['Appointment_ID__c'] for r in bundle.rows(self.loaded, '04_Event.csv')}
        self.assertFalse(written & expected['dbo.Visit'])

    def test_values_held_back_are_listed_with_their_original(self):
        _, rows = bundle.read_csv(self.folder / 'exceptions.csv')
        gone = set(self.rejected())
        rows = [r for r in rows if (r['src_table'], r['src_key']) not in gone]
        self.assertEqual({(r['src_key'], r['field']) for r in rows}, self.expected.held)
        self.assertEqual(len(rows), len(self.expected.held))
        self.assertTrue(all(r['value'] for r in rows))

    def test_links_lead_to_rows_of_the_bundle(self):
        keys = {f: {r['Source_Key__c'] for r in bundle.rows(self.loaded, f)} for f in self.expected.files}
        for row in bundle.rows(self.loaded, '04_Event.csv'):
            self.assertIn(row['WhoId'], keys['03_Contact_Patient.csv'])
        for row in bundle.rows(self.loaded, '03_Contact_Patient.csv'):
            self.assertIn(row['AccountId'], keys['01_Account.csv'])
            self.assertIn(row['Primary_Provider__c'], keys['02_Contact_Provider.csv'] | {''})

    def test_keys_are_plain_and_differ_by_more_than_case(self):
        keys = [r['Source_Key__c'] for f in self.expected.files for r in bundle.rows(self.loaded, f)]
        self.assertTrue(all(re.fullmatch(r'[A-Za-z0-9_.-]{1,64}', k) for k in keys))
        self.assertEqual(len({k.lower() for k in keys}), len(keys))

    def test_exit_code_and_counts(self):
        self.assertEqual(self.result.returncode, 3)
        self.assertEqual(self.summary['rejected'], sum(map(len, self.expected.left_out.values())))
        self.assertEqual(self.summary['held_back'], len(bundle.read_csv(self.folder / 'exceptions.csv')[1]))
        self.assertEqual(self.summary['unreadable'], 0)
        for line in self.summary['counts']:
            if line['level'] == 'object':
                self.assertEqual(line['mapped'], line['written'] + line['merged'] + line['skipped'] + line['rejected'])
            elif line['level'] == 'entity':
                self.assertEqual(line['decoded'], line['mapped'] + line['skipped'] + line['rejected'])
            else:
                self.assertEqual(line['read'], line['decoded'] + line['unreadable'])

    def test_maps_follow_the_rules_of_the_data_loader(self):
        objects = {'AccountId': 'Account\\:Source_Key__c', 'WhoId': 'Who\\:Contact-Source_Key__c',
                   'Primary_Provider__c': 'Primary_Provider__r\\:Source_Key__c'}
        for name in self.expected.files:
            header, _ = bundle.read_csv(self.loaded / name)
            text = (self.loaded / (name[:-4] + '.sdl')).read_text(encoding='ascii')
            pairs = [re.fullmatch(r'((?:[^\\=: ]|\\.)+)=((?:[^\\=: ]|\\.)+)', x).groups() for x in text.splitlines()]
            self.assertEqual([left for left, _ in pairs], header)
            for left, right in pairs:
                if left == 'Provider__c' and 'Event' in name:
                    self.assertEqual(right, 'Provider__r\\:Source_Key__c')
                else:
                    self.assertEqual(right, objects.get(left, left))

    def test_headings_differ_by_more_than_case_and_cells_are_within_limits(self):
        for name in self.expected.files:
            header, rows = bundle.read_csv(self.loaded / name)
            self.assertEqual(len({h.lower() for h in header}), len(header))
            self.assertTrue(all(clinic.units(cell) <= 32000 for r in rows for cell in r.values()))
            for row in rows:
                self.assertRegex(row.get('Birthdate') or '2000-01-01', r'^\d{4}-\d\d-\d\d$')
                self.assertRegex(row.get('StartDateTime') or '2000-01-01T00:00:00', r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$')

    def test_the_manifest_names_every_file_as_it_is(self):
        manifest = json.loads((self.folder / 'manifest.json').read_text(encoding='utf-8'))
        files = bundle.files(self.folder)
        del files['manifest.json']
        self.assertEqual([f['path'] for f in manifest['files']], sorted(files))
        for f in manifest['files']:
            self.assertEqual((f['bytes'], f['sha256']), (len(files[f['path']]), bundle.sha256(files[f['path']])))
            if f['path'].endswith('.csv'):
                self.assertEqual(f['rows'], len(bundle.read_csv(self.folder / f['path'])[1]))
        self.assertEqual(manifest['source']['database'], 'SmallClinic')
        self.assertEqual(manifest['profile']['id'], 'small_clinic')
        self.assertNotIn(str(self.room), (self.folder / 'manifest.json').read_text(encoding='utf-8'))
        self.assertNotIn(b'.partial', (self.folder / 'manifest.json').read_bytes())

    def test_the_same_again_gives_the_same_bytes_in_a_folder_of_its_own(self):
        again = self.tools.convert(self.backup, self.room / 'out', self.templates)
        folder = Path(bundle.summary(again)['run_folder'])
        self.assertEqual(folder.name, self.folder.name + '-2')
        one, two = bundle.files(self.folder), bundle.files(folder)
        self.assertEqual(sorted(one), sorted(two))
        name, other = self.folder.name.encode(), folder.name.encode()
        # The report names the run; nothing else may differ, and in it nothing else.
        for path in one:
            if path.startswith('report.') or path == 'manifest.json': continue
            self.assertEqual(one[path], two[path], path)
        elsewhere = self.tools.convert(self.backup, self.room / 'elsewhere', self.templates)
        self.assertEqual(bundle.files(Path(bundle.summary(elsewhere)['run_folder'])), one)
        self.assertNotEqual(name, other)

    def test_a_dry_run_says_the_same_and_leaves_nothing(self):
        for out in ([], ['--out', str(self.room / 'dry')]):
            result = self.tools.run('convert', self.backup, '--to', 'salesforce', '--dry-run', '--json', '--templates',
                                    self.templates, *out)
            found = bundle.summary(result)
            self.assertEqual(result.returncode, 3)
            self.assertEqual(found['counts'], self.summary['counts'])
            self.assertEqual(found['run_folder'], '')
        self.assertFalse((self.room / 'dry').exists())

    def test_verify_accepts_the_run_and_refuses_every_change(self):
        self.assertEqual(self.tools.verify(self.folder), 0)
        for path in sorted(bundle.files(self.folder)):
            copy = self.copy()
            data = bytearray((copy / path).read_bytes())
            data[len(data) // 2] ^= 1
            (copy / path).write_bytes(data)
            self.assertEqual(self.tools.verify(copy), 4, path)
        copy = self.copy()
        (copy / 'salesforce' / '03_Contact_Patient.csv').unlink()
        self.assertEqual(self.tools.verify(copy), 4)
        copy = self.copy()
        (copy / 'salesforce' / 'Thumbs.db').write_bytes(b'')
        self.assertEqual(self.tools.verify(copy), 4)
        copy = self.copy()
        self.assertEqual(self.tools.verify(copy), 0)
        partial = copy.with_name('Run.partial')
        copy.rename(partial)
        self.assertEqual(self.tools.verify(partial), 4)
        self.assertEqual(self.tools.verify(self.room / 'absent'), 4)

    def test_an_output_that_cannot_be_made_is_told(self):
        taken = self.room / 'taken'
        taken.write_bytes(b'a file')
        for out in (taken, taken / 'below', self.room / 'absent' / 'below'):
            result = self.tools.convert(self.backup, out, self.templates)
            self.assertEqual(result.returncode, 5, result.stdout)
            self.assertIn('OUT-403', bundle.findings(result))
        self.assertEqual(taken.read_bytes(), b'a file')

    def test_a_full_disk_is_told_and_leaves_nothing(self):
        # Beyond this size a write fails, as on a full disk: in the work file first, then in the files of the bundle.
        for kilobytes in (4, 16, 64, 100):
            out = self.room / 'full'
            result = self.tools.convert(self.backup, out, self.templates, limit=kilobytes * 1024)
            self.assertEqual(result.returncode, 5, '%d KB: %s' % (kilobytes, result.stdout))
            self.assertFalse(out.exists())

    def test_a_source_that_no_profile_knows_is_refused(self):
        other = self.room / 'other.bak'
        subprocess.run([str(self.tools.bakgen), '--sample', 'narrow', '--rows', '10', '--out', str(other)], check=True)
        result = self.tools.convert(other, self.room / 'none', self.templates)
        self.assertEqual(result.returncode, 4)
        self.assertIn('DEL-822', bundle.findings(result))
        self.assertFalse((self.room / 'none').exists())

    def test_two_profiles_that_fit_alike_must_be_chosen_between(self):
        twins = self.room / 'twins'
        shutil.copytree(self.templates, twins)
        shutil.copytree(twins / 'sources' / 'small_clinic', twins / 'sources' / 'twin')
        result = self.tools.convert(self.backup, self.room / 'none', twins)
        self.assertEqual((result.returncode, 'DEL-823' in bundle.findings(result)), (4, True))
        self.assertFalse((self.room / 'none').exists())
        result = self.tools.convert(self.backup, self.room / 'named', twins, '--profile', 'twin')
        self.assertEqual(bundle.summary(result)['profile'], 'twin')


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
