#!/usr/bin/env python3
"""A real backup converted: the bundle holds exactly the patients, doctors and appointments of the script that made the database.
Exit 77: the backup or its script is not there."""
import argparse
import json
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import bundle

ARGS = None
NUMBER = re.compile('[2-9][0-9]{2}-[2-9][0-9]{2}-[0-9]{4}')  # of North America
SKIPPED = 77


class Hospital(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_hospital.'))
        cls.script = (cls.tools.corpus / 'hospital2014.sql').read_text(encoding='utf-8-sig', errors='strict')
        cls.result = cls.tools.convert(cls.tools.corpus / 'hospital2014.bak', cls.room / 'out')
        cls.summary = bundle.summary(cls.result)
        cls.folder = Path(cls.summary['run_folder'])
        cls.loaded = cls.folder / 'salesforce'
        cls.patients = bundle.rows(cls.loaded, '09_Contact_Patient.csv')
        cls.providers = bundle.rows(cls.loaded, '07_Contact_Provider.csv')

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def test_nothing_was_left_out_but_numbers_that_are_none(self):
        self.assertEqual(self.result.returncode, 3)
        self.assertEqual((self.summary['rejected'], self.summary['held_back'], self.summary['unreadable']), (0, 4, 0))
        self.assertIn('NRM-', (self.folder / 'exceptions.csv').read_text(encoding='utf-8'))
        self.assertEqual(self.tools.verify(self.folder), 0)

    def test_the_profile_was_found(self):
        self.assertEqual((self.summary['profile'], self.summary['profile_score']), ('hospital', 100))

    def test_the_run_is_named_by_database_and_backup_date(self):
        self.assertEqual(self.folder.name, 'Hospital_2017-12-18_162139')

    def test_patients(self):
        expected = sorted((r[0], r[1], r[2], r[3]) for r in bundle.script_rows(self.script, 'patient'))
        found = sorted((r['Source_Patient_ID__c'], r['FirstName'], r['LastName'], r['Birthdate']) for r in self.patients)
        self.assertEqual(len(expected), 22)
        self.assertEqual(found, expected)
        self.assertEqual({r['Provider__c'] for r in self.patients}, {'false'})

    def test_doctors(self):
        expected = sorted((r[0], r[1], r[2], r[6]) for r in bundle.script_rows(self.script, 'doctor'))
        found = sorted((r['Source_Provider_ID__c'], r['FirstName'], r['LastName'], r['Email']) for r in self.providers)
        self.assertEqual(len(expected), 20)
        self.assertEqual(found, expected)
        self.assertEqual({r['Provider__c'] for r in self.providers}, {'true'})

    def test_each_patient_has_the_doctor_of_the_script(self):
        doctor = {r['Source_Key__c']: r['Source_Provider_ID__c'] for r in self.providers}
        expected = {r[0]: r[5] for r in bundle.script_rows(self.script, 'patient')}
        self.assertEqual({r['Source_Patient_ID__c']: doctor[r['Primary_Provider__c']] for r in self.patients}, expected)

    def test_appointments(self):
        patient = {r['Source_Key__c']: r['Source_Patient_ID__c'] for r in self.patients}
        expected = sorted((r[0], '%sT%s:00' % (r[1], r[2]), r[3]) for r in bundle.script_rows(self.script, 'appointment'))
        found = sorted((r['Appointment_ID__c'], r['StartDateTime'], patient[r['WhoId']])
                       for r in bundle.rows(self.loaded, '24_Event.csv'))
        self.assertEqual(len(expected), 30)
        self.assertEqual(found, expected)

    def several(self, field, more, table):
        """{patient: all values} of a field and the one for the rest, and of the script."""
        found = {r['Source_Patient_ID__c']: sorted(x for x in [r[field], *r[more].split(';')] if x) for r in self.patients}
        expected = {key: [] for key in found}
        for value, key in bundle.script_rows(self.script, table):
            expected[key] = sorted(expected[key] + [value])
        return found, expected

    def test_every_phone_and_address_is_there(self):
        found, expected = self.several('OtherPhone', 'Other_Phones__c', 'patientphone')
        expected = {key: ['+1' + n.replace('-', '') for n in numbers if NUMBER.fullmatch(n)] for key, numbers in expected.items()}
        self.assertEqual(found, expected)
        self.assertEqual(*self.several('Email', 'Other_Emails__c', 'patientemail'))

    def test_every_contact_belongs_to_an_account(self):
        accounts = {r['Source_Key__c'] for path in self.loaded.glob('0*_Account_*.csv') for r in bundle.rows(self.loaded, path.name)}
        self.assertTrue(accounts)
        self.assertTrue(all(r['AccountId'] in accounts for r in self.patients + self.providers))

    def test_the_social_security_numbers_stay_at_home(self):
        numbers = [r[4].encode() for r in bundle.script_rows(self.script, 'patient')]
        for path, data in bundle.files(self.folder).items():
            if path == 'exceptions.csv': continue  # the practice's own list: one of the numbers is none
            self.assertFalse(any(n in data for n in numbers), path)

    def test_tables_that_no_select_reads_are_told(self):
        left = json.loads((self.folder / 'report.json').read_text(encoding='utf-8'))['left_behind']
        names = {t['name']: t['rows'] for t in left['list']}
        self.assertEqual(names['dbo.nurse'], 13)
        self.assertNotIn('dbo.payment', names)  # holds patients' keys: carried as custom values
        self.assertNotIn('dbo.patientphone', names)
        self.assertEqual((left['tables'], left['rows']), (6, 82))

    def test_what_no_select_reads_is_carried_but_not_what_the_profile_leaves(self):
        result = self.tools.run('convert', self.tools.corpus / 'hospital2014.bak', '--to', 'canonical', '--out',
                                self.room / 'canonical', '--templates', self.tools.templates, '--json')
        folder = Path(bundle.summary(result)['run_folder']) / 'canonical'
        values = bundle.read_csv(next(folder.glob('*custom_value.csv')))[1]
        paid = sorted(r['value'] for r in values if r['name'] == 'payment.amountpaid')
        self.assertEqual(len(paid), 31)
        self.assertEqual({r['entity'] for r in values}, {'patient'})
        self.assertFalse({'payment.cardnumber', 'payment.seccode', 'docsalary', 'patientssn'} & {r['name'] for r in values})
        numbers = {r['src_key']: r['national_id'] for r in bundle.read_csv(next(folder.glob('*_patient.csv')))[1]}
        self.assertEqual((len(numbers), set(numbers.values())), (22, {''}))
        self.assertIn('QUA-1210', bundle.findings(result))
        self.assertIn('PRO-715', bundle.findings(result))

    def test_the_same_again_gives_the_same_bytes(self):
        again = self.tools.convert(self.tools.corpus / 'hospital2014.bak', self.room / 'again')
        self.assertEqual(bundle.files(Path(bundle.summary(again)['run_folder'])), bundle.files(self.folder))


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    if not all((Path(ARGS.corpus) / name).exists() for name in ('hospital2014.bak', 'hospital2014.sql')):
        print('skipped: corpus absent')
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1] + rest)
