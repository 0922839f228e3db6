#!/usr/bin/env python3
"""Hard cases of practice data (their list: tests/hard_cases.md), from the dump of a small invented practice to the bundle: what must stand
in it, what must be held back or left out, and which finding says so."""
import argparse
import csv
import io
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import bundle

ARGS = None
PATIENT = ('PatientID', 'ChartNumber', 'FirstName', 'MiddleInitial', 'LastName', 'Suffix', 'BirthDate', 'Sex', 'Street', 'City', 'State',
           'Zip', 'HomePhone', 'Email', 'AccountNo', 'PrimaryProviderID')
PATIENTS = [
    ('1', 'A1', 'John', '', 'Smith', '', '1950-04-05', 'M', '12 Elm St', 'Yelm', 'WA', '98579', '(360)897-5555 x12', 'john@example.com',
     '10', '1'),
    ('2', 'A2', 'John', '', 'Smith', '', '1950-04-05', 'M', '', '', '', '', '', '', '10', '1'),
    ('3', '007', 'John', '', 'Gray', 'Sr', '1931-02-03', 'M', '9 Oak Ave', 'Yelm', 'WA', '98579', '(360)897-2222', '', '', '2'),
    ('4', '100011PC', 'John', '', 'Gray', 'Jr', '1960-08-09', 'M', '9 Oak Ave', 'Yelm', 'WA', '98579', '(360)897-2222', '', '', ''),
    ('5', 'A5', 'Mary', '', "O'Brien-Lee", '', '1950-04-05', 'F', '', '', '', '', '(360)897-3333', '', '', ''),
    ('6', 'A6', 'Mary', '', "O'Brien-Lee", '', '1950-05-04', 'F', '', '', '', '', '(360)897-3333', '', '', ''),
    ('7', 'A7', 'Ann', '', 'Null', '', '1900-01-01', 'F', '=1+1', 'Boston', 'MA', '2138', '555-0100', '', '', ''),
    ('8', 'A8', 'Eve', '', 'Parker', '', '1999-09-09', 'F', '@home', 'Austin', 'TX', '98579', '', '', '', ''),
    ('9', 'A9', 'Anna', '', 'Twin', '', '2010-04-05', 'F', '1 Elm St', 'Yelm', 'WA', '98579', '(360)897-4444', '', '', ''),
    ('10', 'A10', 'Emma', '', 'Twin', '', '2010-04-05', 'F', '1 Elm St', 'Yelm', 'WA', '98579', '(360)897-4444', '', '', ''),
]
TABLES = {
    'Patient': (PATIENT, PATIENTS),
    'Account': (('AccountNo', 'FirstName', 'LastName', 'Relationship'), [('10', 'John', 'Smith', 'Self')]),
    'Provider': (('ProviderID', 'FirstName', 'LastName', 'Credentials', 'Specialty', 'NPI', 'Email'),
                 [('1', 'David', 'North', 'D.D.S., M.S., Dipl. ABP', 'Perio', '1234567893', 'office@example.com'),
                  ('2', 'Ruth', 'South', 'DDS', 'Perio', '1234567890', 'office@example.com')]),
    'ClinicalExam': (('ExamID', 'PatientID', 'ProviderID', 'ExamDate', 'AAPStage', 'AAPGrade', 'AAPDiagnosis',
                      'ToothNumberingSystem'),
                     [('1', '1', '1', '2023-04-11 09:30:00', '', '', 'St III/C gen.', ''),
                      ('2', '3', '1', '2023-04-12 09:30:00', '', '', 'Type III', ''),
                      ('3', '4', '1', '2023-04-13 09:30:00', '5', 'D', 'Stage 5 Grade D', ''),
                      ('4', '9', '1', '2009-04-13 09:30:00', '', '', '', ''), ('5', '5', '1', '2023-04-14 09:30:00', '', '', '', ''),
                      ('6', '5', '1', '2023-04-15 09:30:00', '', '', '', 'Universal'),
                      ('7', '5', '1', '2023-04-16 09:30:00', '', '', '', 'Universal')]),
    # Of exams 5, 6 and 7: teeth of two numberings; a tooth that the stated numbering lacks; a chart without fault.
    'PeriodontalCharting': (('ChartingID', 'ExamID', 'ToothNumber', 'PocketDepth_MB', 'PocketDepth_B', 'PocketDepth_DB'),
                            [('1', '5', '8', '3', '2', '3'), ('2', '5', '47', '3', '2', '3'), ('3', '6', '46', '4', '4', '4'),
                             ('4', '7', '3', '5', '', '0')]),
    'Radiograph': (('RadiographID', 'PatientID', 'ExamID', 'RadiographType'), [('1', '5', '5', 'FMX'), ('2', '5', '7', 'FMX')]),
    'TreatmentPlan': (('TreatmentPlanID', 'PatientID', 'PlanNumber', 'PlanDate', 'Status', 'EstimatedCost'),
                      [('1', '1', 'TP-1', '2023-04-11', 'accepted', '1250.00'), ('2', '3', 'TP-2', '2023-04-12', 'acc.', '1250.00')]),
    'TreatmentPlanLine': (('LineID', 'TreatmentPlanID', 'Sequence', 'Phase', 'ADACode', 'Description', 'LetterDescription'),
                          [('15', '1', '5', 'maintenance', 'D4910', 'Maintenance', ''), ('11', '1', '1', 'diagnosis', '180', 'Exam', ''),
                           ('12', '1', '2', 'scaling', '7210', 'Extraction', ''),
                           ('13', '1', '2', 'surgery', 'D4260', 'Osseous surgery', 'soft tissue graft'),
                           ('14', '1', '4', 'bone graft', 'N4341', 'Graft', ''), ('16', '99', '1', 'lost', 'D4910', 'Maintenance', '')]),
    'Insurance': (('InsuranceID', 'PatientID', 'CarrierName', 'PayerID', 'PolicyNumber', 'Priority'),
                  [('1', '1', 'Delta Dental of WA PPO', '', 'P-1', '1'), ('2', '1', 'UCCI', '', 'P-2', '2'),
                   ('3', '3', 'DDWA', '', 'P-3', '1'), ('4', '4', 'W.D.S. of Seattle', 'ddwa1', 'P-4', '1'),
                   ('5', '5', 'DDWA', 'DDWA1', 'P-5', '1'), ('6', '6', 'MetLife', '60054', 'P-6', '1'), ('7', '7', 'Cigna', '60054', 'P-7', '1'),
                   ('8', '8', 'Acme', '0000', 'P-8', '1'), ('9', '9', 'Best', '0000', 'P-9', '1')]),
    'Document': (('DocumentID', 'PatientID', 'DocType', 'FileName', 'FilePath', 'Content'),
                 [('1', '1', 'X-ray', 'scan.jpg', '', '0x' + '00' * 128 + b'DICM'.hex()),
                  ('2', '1', 'X-ray', 'a/b.pdf', r'\\server\gone\b.pdf', ''), ('3', '1', 'X-ray', r'..\x', '', ''),
                  ('4', '1', 'X-ray', 'CON.pdf', '', '')]),
}


def text_of(header, rows):
    out = io.StringIO()
    csv.writer(out, lineterminator='\r\n').writerows([header, *rows])
    return out.getvalue()


class HardCases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_hard_cases.'))
        source = cls.room / 'practice'
        source.mkdir()
        for name, (header, rows) in TABLES.items():
            (source / (name + '.csv')).write_bytes(text_of(header, rows).encode())
        # One note by sqlcmd, cut where sqlcmd cuts.
        note = 'n' * 256
        (source / 'SOAPNotes.csv').write_text('NoteID,PatientID,NoteText\r\n------,---------,--------\r\n1,1,%s\r\n2,1,short\r\n\r\n'
                                              '(2 rows affected)\r\n' % note, newline='')
        cls.result = cls.convert(source, 'out', 'canonical,salesforce')
        cls.folder = Path(bundle.summary(cls.result)['run_folder'])
        cls.found = bundle.findings(cls.result)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def convert(cls, source, out, to='canonical'):
        return cls.tools.convert(source, cls.room / out, None, '--profile', 'panda-perio', to=to)

    def entity(self, name):
        folder = self.folder / 'canonical'
        path = next(p for p in folder.iterdir() if p.name[3:] == name + '.csv')
        return {r['src_key']: r for r in bundle.rows(folder, path.name)}

    def quality(self, name):
        return bundle.read_csv(self.folder / 'quality' / (name + '.csv'))[1]

    def exceptions(self):
        return {(r['src_key'], r['field']): r for r in bundle.read_csv(self.folder / 'exceptions.csv')[1]}

    def pairs(self):
        return {(r['source_key'], r['other_source_key']): r for r in self.quality('duplicates')}

    def test_stages_in_words_and_stages_that_are_none(self):
        exams = self.entity('clinical_exam')
        said = {k: tuple(r[f] for f in ('aap_stage', 'aap_grade', 'aap_extent', 'aap_other', 'aap_text')) for k, r in exams.items()}
        self.assertEqual(said['1'], ('3', 'C', 'generalized', '', 'St III/C gen.'))
        self.assertEqual(said['2'], ('', '', '', 'Type III', 'Type III'))
        self.assertEqual(said['3'], ('', '', '', '', 'Stage 5 Grade D'))
        held = self.exceptions()
        self.assertEqual((held['3', 'aap_stage']['value'], held['3', 'aap_grade']['value']), ('5', 'D'))

    def test_an_exam_whose_teeth_contradict_each_other_is_left_out_whole_and_can_be_put_right(self):
        exams, teeth = self.entity('clinical_exam'), self.entity('tooth_record')
        self.assertTrue({'1', '4', '7'} <= set(exams))
        self.assertFalse({'5', '6'} & set(exams))
        self.assertEqual([(r['exam'], r['fdi'], r['tooth_raw']) for r in teeth.values()], [('7', '16', '3')])
        rejected = {r['src_key']: r['code'] for r in bundle.read_csv(self.folder / 'rejects' / 'clinical_exam.csv')[1]}
        self.assertEqual(rejected, {'5': 'CHT-1003', '6': 'CHT-1004'})
        self.assertEqual({k: r['exam'] for k, r in self.entity('radiograph').items()}, {'1': '', '2': '7'})
        ambiguous = {r['exam'] for r in self.quality('ambiguous_teeth')}
        self.assertEqual(ambiguous, {'5', '6'})

    def test_surnames_that_are_words_for_nothing(self):
        self.assertEqual(self.entity('patient')['7']['last'], 'Null')
        self.assertEqual(self.entity('patient')['5']['last'], "O'Brien-Lee")

    def test_twins_and_generations_are_apart_and_look_alikes_are_pairs_that_stay(self):
        patients, pairs = self.entity('patient'), self.pairs()
        self.assertEqual(len(patients), len(PATIENTS), 'none is dropped')
        self.assertEqual(set(pairs), {('PP-PAT-1', 'PP-PAT-2'), ('PP-PAT-5', 'PP-PAT-6')})
        self.assertIn('two chart numbers', pairs['PP-PAT-1', 'PP-PAT-2']['evidence'])
        self.assertEqual(pairs['PP-PAT-5', 'PP-PAT-6']['level'], 'possible')
        self.assertIn('swapped', pairs['PP-PAT-5', 'PP-PAT-6']['evidence'])
        self.assertEqual((patients['3']['suffix'], patients['4']['suffix']), ('Sr', 'Jr'))

    def test_who_pays_for_himself_has_no_link_to_himself(self):
        self.assertEqual(self.entity('patient')['1']['guarantor'], '')
        self.assertEqual(self.entity('guarantor')['10']['relationship'], 'self')

    def test_patients_without_an_address_are_loaded_and_listed(self):
        without = {r[0] for r in PATIENTS if not r[PATIENT.index('Email')]}
        self.assertEqual({r['src_key'] for r in self.quality('missing') if 'email' in r['missing'].split(';')}, without)
        loaded = bundle.rows(self.folder / 'salesforce', '09_Contact_Patient.csv')
        self.assertEqual({r['Source_Key__c'] for r in loaded}, {'PP-PAT-' + r[0] for r in PATIENTS})

    def test_birth_dates_that_stand_for_none(self):
        self.assertEqual(self.entity('patient')['7']['birth_date'], '')
        self.assertIn('NRM-937', self.found)
        self.assertIn('birth_date', next(r['missing'] for r in self.quality('missing') if r['src_key'] == '7'))

    def test_providers_who_share_an_address_are_told(self):
        self.assertIn('QUA-1209', self.found)
        self.assertEqual({(r['source_key'], r['other_source_key']) for r in self.quality('conflicts') if r['entity'] == 'provider'},
                         {('PP-PRV-1', 'PP-PRV-2'), ('PP-PRV-2', 'PP-PRV-1')})
        self.assertEqual({r['email'] for r in self.entity('provider').values()}, {'office@example.com'})

    def test_an_exam_before_the_birth_is_told_and_kept(self):
        self.assertIn('QUA-1208', self.found)
        self.assertEqual([(r['source_key'], r['other_source_key']) for r in self.quality('conflicts') if r['entity'] == 'clinical_exam'],
                         [('PP-EXM-4', 'PP-PAT-9')])
        self.assertIn('4', self.entity('clinical_exam'))

    def test_numbers_of_providers_and_charts(self):
        providers, patients = self.entity('provider'), self.entity('patient')
        self.assertEqual((providers['1']['npi'], providers['2']['npi']), ('1234567893', ''))
        self.assertEqual(self.exceptions()['2', 'npi']['value'], '1234567890')
        self.assertEqual(providers['1']['credentials'], 'DDS;MS;Board Certified')
        self.assertEqual((patients['3']['chart_number'], patients['4']['chart_number']), ('007', '100011PC'))

    def test_places_and_phones(self):
        patients = self.entity('patient')
        self.assertEqual((patients['7']['postal_code'], patients['8']['postal_code']), ('02138', '98579'))
        self.assertTrue({'NRM-911', 'NRM-912'} <= self.found)
        self.assertEqual((patients['1']['phone_home'], patients['7']['phone_home']), ('+13608975555 x12', ''))
        self.assertEqual(self.exceptions()['7', 'phone_home']['value'], '555-0100')

    def test_the_second_insurance_stays_second_and_one_insurer_has_one_name(self):
        policies = self.entity('insurance_policy')
        self.assertEqual([(policies[k]['patient'], policies[k]['priority']) for k in '12'], [('1', '1'), ('1', '2')])
        self.assertEqual(policies['1']['carrier'], policies['3']['carrier'])
        self.assertNotEqual(policies['1']['carrier'], policies['2']['carrier'])
        self.assertEqual((policies['1']['plan'], policies['2']['carrier_name']), ('PPO', 'United Concordia'))

    def test_insurers_of_one_payer_id_are_one_unless_two_known_ones_share_it(self):
        policies, insurers = self.entity('insurance_policy'), self.entity('organization')
        self.assertEqual(policies['4']['carrier'], 'carrier:Delta Dental of Washington')
        self.assertEqual((policies['4']['carrier_raw'], policies['4']['carrier_name']), ('W.D.S. of Seattle', 'Delta Dental of Washington'))
        self.assertEqual([policies[k]['carrier'] for k in '6789'], ['carrier:MetLife', 'carrier:Cigna', 'carrier:Acme', 'carrier:Best'])
        self.assertEqual(insurers['carrier:Delta Dental of Washington']['parent'], 'carrier:Delta Dental')
        self.assertEqual(insurers['carrier:Delta Dental of Washington']['payer_id'], 'DDWA1')
        self.assertEqual((insurers['carrier:Delta Dental']['name'], insurers['carrier:Delta Dental']['payer_id']), ('Delta Dental', ''))
        self.assertEqual(insurers['carrier:MetLife']['parent'], '')

    def test_a_state_that_no_map_knows_is_held_back_alone(self):
        plans = self.entity('treatment_plan')
        self.assertEqual((plans['1']['status'], plans['2']['status'], plans['2']['number']), ('accepted', '', 'TP-2'))
        self.assertEqual(self.exceptions()['2', 'status']['code'], 'NRM-901')
        self.assertEqual(self.exceptions()['2', 'status']['value'], 'acc.')

    def test_a_line_without_its_plan_is_left_out_with_its_reason(self):
        self.assertNotIn('16', self.entity('plan_line'))
        rejected = bundle.read_csv(self.folder / 'rejects' / 'plan_line.csv')[1]
        self.assertEqual([(r['src_key'], r['plan'], r['code']) for r in rejected], [('16', '99', 'PRO-705')])

    def test_phases_of_a_plan_keep_their_sequence(self):
        lines = sorted(self.entity('plan_line').values(), key=lambda r: int(r['seq']))  # a stable sort: of the two of 2 the first stays first
        self.assertEqual([(r['phase'], r['seq']) for r in lines],
                         [('diagnosis', '1'), ('scaling', '2'), ('surgery', '2'), ('bone graft', '4'), ('maintenance', '5')])

    def test_codes_have_one_form_and_letters_are_held_against_them(self):
        lines = self.entity('plan_line')
        self.assertEqual([lines[k]['code'] for k in ('11', '12', '14')], ['D0180', 'D7210', 'N4341'])
        self.assertEqual((lines['14']['code_system'], lines['12']['code_raw']), ('LOCAL', '7210'))
        self.assertEqual((lines['13']['code'], lines['13']['letter_description']), ('D4260', 'soft tissue graft'))
        self.assertIn('NRM-947', self.found)

    def test_a_note_that_sqlcmd_cut_is_suspect_and_its_footer_no_note(self):
        self.assertEqual({k: len(r['body']) for k, r in self.entity('clinical_note').items()}, {'1': 256, '2': 5})
        self.assertIn('CSV-1110', self.found)

    def test_documents_are_what_their_bytes_say_and_their_names_are_safe(self):
        documents = self.entity('document')
        self.assertEqual((documents['1']['file_name'], documents['1']['mime_type']), ('scan.jpg', 'application/dicom'))
        self.assertEqual([documents[k]['file_name'] for k in '234'], ['b.pdf', 'x', '_CON.pdf'])

    def test_a_document_whose_file_is_elsewhere_is_kept_with_its_path(self):
        self.assertEqual(self.entity('document')['2']['source_path'], r'\\server\gone\b.pdf')

    def test_what_a_spreadsheet_would_compute_is_unchanged_and_warned_of(self):
        patients = self.entity('patient')
        self.assertEqual((patients['7']['address_line1'], patients['8']['address_line1']), ('=1+1', '@home'))
        for destination in ('canonical', 'salesforce'):
            text = (self.folder / destination / 'README.md').read_text(encoding='utf-8')
            self.assertRegex(text, '(?s)Do not open (and save )?the CSV files in')

    def one_table(self, name, data, to='canonical'):
        """The run over the practice with this Patient file, which may be of any form."""
        source = Path(tempfile.mkdtemp(dir=self.room))
        for table, (header, rows) in TABLES.items():
            if table != 'Patient':
                (source / (table + '.csv')).write_bytes(text_of(header, rows[:0]).encode())
        (source / name).write_bytes(data)
        result = self.convert(source, source.name + '.out', to)
        folder = bundle.summary(result)['run_folder'] if result.returncode in (0, 3) else None
        return result, folder and bundle.rows(Path(folder) / 'canonical', '04_patient.csv')

    def test_utf_16_without_a_mark_and_utf_8_with_one(self):
        text = 'PatientID,FirstName,LastName,BirthDate\r\n1,Ay\u015fe,\u015eahin,1980-04-03\r\n'
        for data in (text.encode('utf-16-le'), text.encode('utf-8-sig')):
            result, patients = self.one_table('Patient.csv', data)
            self.assertEqual([(r['src_key'], r['first'], r['last']) for r in patients], [('1', 'Ay\u015fe', '\u015eahin')], result.stdout)

    def test_footers_and_types_are_no_records(self):
        dump = 'PatientID,FirstName,LastName\r\n---------,---------,--------\r\n1,Ann,Gray\r\n2,Bo,Gray\r\n\r\n(2 rows affected)\r\n'
        self.assertEqual(len(self.one_table('Patient.csv', dump.encode())[1]), 2)
        dump = '#TYPE System.Data.DataRow\r\n"PatientID","FirstName","LastName","Photo"\r\n"1","Ann","Gray","System.Byte[]"\r\n'
        result, patients = self.one_table('Patient.csv', dump.encode())
        self.assertEqual([r['last'] for r in patients], ['Gray'])
        self.assertIn('CSV-1111', bundle.findings(result))

    def test_an_unquoted_comma_is_joined_only_where_one_cut_fits(self):
        rows = ['%d,Ann,Gray,19%d-04-05,%d Elm St,98579' % (i, 50 + i % 40, i) for i in range(10, 50)]
        head = 'PatientID,FirstName,LastName,BirthDate,Street,Zip'
        result, patients = self.one_table('Patient.csv', '\r\n'.join([head, *rows, '2,Bo,Gray,1951-04-05,2 Elm St, Apt 5,98579', '']).encode())
        self.assertEqual([(r['address_line1'], r['postal_code']) for r in patients if r['src_key'] == '2'], [('2 Elm St, Apt 5', '98579')])
        self.assertIn('CSV-1107', bundle.findings(result))
        result, patients = self.one_table('Patient.csv', '\r\n'.join([head, *rows, '2,Bo,Lee,Gray,1951-04-05,2 Elm St,98579', '']).encode())
        self.assertNotIn('2', {r['src_key'] for r in patients})
        self.assertIn('CSV-1106', bundle.findings(result))
        self.assertEqual(len(patients), 40)

    def test_a_header_alone_is_no_record_and_no_byte_at_all_is_an_error(self):
        result, patients = self.one_table('Patient.csv', b'PatientID,FirstName,LastName\r\n')
        self.assertEqual((result.returncode, patients), (0, []))
        result, _ = self.one_table('Patient.csv', b'')
        self.assertEqual(result.returncode, 3)
        self.assertIn('CSV-1113', bundle.findings(result))

    def test_two_columns_of_one_name_are_told(self):
        result, patients = self.one_table('Patient.csv', b'PatientID,FirstName,LastName,Email,Email\r\n1,Ann,Gray,a@b.com,c@d.com\r\n')
        self.assertIn('CSV-1105', bundle.findings(result))
        self.assertEqual(patients[0]['email'], 'a@b.com')


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
