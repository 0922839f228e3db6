#!/usr/bin/env python3
"""Two real clinics' databases converted, dentalclinic2012 and clinicdb2019: every value of every table stands in the bundle, among the
values that were held back, or in the list of what is left behind. The tables are read with extract; no value of theirs stands here.
Exit 77: the files are not there."""
import argparse
import csv
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import bundle

ARGS = None
SKIPPED = 77


class Clinic:
    FILE = PROFILE = ''

    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_clinic.'))
        source = cls.tools.corpus / cls.FILE
        result = cls.tools.convert(source, cls.room / 'out', None, '--option', 'national_id=yes', to='canonical')
        cls.summary = bundle.summary(result)
        cls.folder = Path(cls.summary['run_folder'])
        cls.entities = {p.stem[3:]: {r['src_key']: r for r in bundle.rows(cls.folder / 'canonical', p.name)}
                        for p in (cls.folder / 'canonical').glob('*.csv')}
        cls.held = {(r['entity'], r['src_key'], r['field']): r['value'] for r in cls.read(cls.folder / 'exceptions.csv')}
        cls.left = [(r['table'], r['column'], r['rows'], r['filled'], r['why'])
                    for r in cls.read(cls.folder / 'quality' / 'left_behind.csv') if r['carried'] == '0']
        cls.tools.run('extract', source, '--out', cls.room / 'tables')
        cls.table = {p.stem[4:]: list(cls.read(p)) for p in (cls.room / 'tables').glob('dbo.*.csv')}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @staticmethod
    def read(path):
        with open(path, newline='', encoding='utf-8') as f:
            return list(csv.DictReader(f))

    def custom(self, entity, record, name):
        return [r['value'] for r in self.entities['custom_value'].values() if (r['entity'], r['record'], r['name']) == (entity, record, name)]

    def either(self, entity, key, field):
        """The value as it stands in the record, or as it was held back."""
        return self.entities[entity][key][field] or self.held.get((entity, key, field), '')

    def test_the_profile_is_found_and_no_row_is_rejected(self):
        self.assertEqual(self.summary['profile'], self.PROFILE)
        self.assertEqual((self.summary['rejected'], self.summary['unreadable']), (0, 0))
        self.assertEqual(self.tools.verify(self.folder), 0)
        for c in self.summary['counts']:
            if c['level'] == 'entity':
                self.assertEqual(c['decoded'], c['mapped'] + c['skipped'] + c['rejected'], c['name'])
                self.assertEqual(c['skipped'], 0, c['name'])


class DentalClinic(Clinic, unittest.TestCase):
    FILE, PROFILE = 'dentalclinic2012.mdf', 'dentalclinic2012'

    def test_patients(self):
        self.assertEqual(len(self.table['Patient']), 3)
        self.assertEqual(len(self.entities['patient']), 3)
        for row in self.table['Patient']:
            key, record = row['PatId'], self.entities['patient'][row['PatId']]
            name = ' '.join(filter(None, (record['first'], record['middle'], record['last'])))
            self.assertEqual((name, record['birth_date'], record['sex'], record['address_line1']),
                             (row['PatName'], row['PatDOB'], row['PatGen'].lower(), row['PatAddress']))
            self.assertEqual(self.either('patient', key, 'phone'), row['PatPhone'])
            self.assertEqual(self.custom('patient', key, 'PatAlllergies'), [row['PatAlllergies']])

    def patient_of(self, name):
        keys = [r['PatId'] for r in self.table['Patient'] if r['PatName'] == name]
        self.assertEqual(len(keys), 1)
        return keys[0]

    def test_appointments_and_prescriptions(self):
        self.assertEqual((len(self.table['Appoinment']), len(self.table['Prescription'])), (2, 2))
        self.assertEqual(len(self.entities['appointment']), 2)
        for row in self.table['Appoinment']:
            record = self.entities['appointment'][row['ApId']]
            self.assertEqual((record['patient'], record['start_at'], record['session_type']),
                             (self.patient_of(row['ApPat']), '%s %s' % (row['ApDate'], row['ApTime'][11:19]), row['ApTreat']))
        for row in self.table['Prescription']:
            for column in ('TreatName', 'TreatCost', 'Mediences', 'Qty'):
                self.assertIn(row[column], self.custom('patient', self.patient_of(row['PatName']), 'Prescription.' + column))

    def test_what_is_left_is_the_price_list(self):
        self.assertEqual(self.left, [('dbo.Treatment', '', str(len(self.table['Treatment'])), '', '')])


class ClinicDb(Clinic, unittest.TestCase):
    FILE, PROFILE = 'clinicdb2019.bak', 'clinicdb2019'

    def test_patients(self):
        self.assertEqual(len(self.table['Patients']), 5)
        self.assertEqual(len(self.entities['patient']), 5)
        for row in self.table['Patients']:
            key, record = row['PatientId'], self.entities['patient'][row['PatientId']]
            self.assertEqual((record['first'], record['last'], record['birth_date'], record['national_id'], record['email'],
                              record['address_line1'], self.either('patient', key, 'phone_mobile')),
                             (row['FirstName'], row['LastName'], row['DateOfBirth'], row['PersonalNumber12'], row['Email'],
                              row['HomeAddress'], row['Phone']))

    def test_staff(self):
        self.assertEqual((len(self.table['Doctors']), len(self.table['Nurses']), len(self.entities['provider'])), (3, 3, 6))
        for row in self.table['Doctors'] + self.table['Nurses']:
            doctor = 'DoctorId' in row
            key = row['DoctorId'] if doctor else 'nurse:' + row['NurseId']
            record = self.entities['provider'][key]
            self.assertEqual((record['first'], record['last'], record['role'], record['email'], self.either('provider', key, 'phone')),
                             (row['FirstName'], row['LastName'], row['Specialization' if doctor else 'Certification'], row['Email'],
                              row['Phone']))
            if not doctor:
                self.assertEqual(self.custom('provider', key, 'Shift'), [row['Shift']])

    def test_personal_numbers_of_staff_stay_behind(self):
        text = '\n'.join(p.read_text(encoding='utf-8') for p in (self.folder / 'canonical').glob('*.csv'))
        for row in self.table['Doctors'] + self.table['Nurses']:
            self.assertNotIn(row['PersonalNumber12'], text)

    def test_appointments(self):
        self.assertEqual((len(self.table['Appointments']), len(self.entities['appointment'])), (5, 5))
        for row in self.table['Appointments']:
            key, record = row['AppointmentId'], self.entities['appointment'][row['AppointmentId']]
            provider = row['DoctorId'] or 'nurse:' + row['NurseId']
            self.assertEqual((record['patient'], record['provider'], record['start_at'], record['session_type'], record['status']),
                             (row['PatientId'], provider, row['AppointmentDate'][:19], row['Reason'], row['Status'].lower()))
            both = ['nurse:' + row['NurseId']] if row['DoctorId'] and row['NurseId'] else []
            self.assertEqual(self.custom('appointment', key, 'NurseId'), both)

    def test_only_what_the_profile_says_is_left(self):
        self.assertEqual(self.left, [('dbo.' + t, c, '3', '3', 'leave') for t in ('Doctors', 'Nurses')
                                     for c in ('DateOfBirth', 'HomeAddress', 'PersonalNumber12')])


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    if not all((Path(ARGS.corpus) / c.FILE).exists() for c in (DentalClinic, ClinicDb)):
        print('the corpus is not there')
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1] + rest)
