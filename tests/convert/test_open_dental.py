#!/usr/bin/env python3
"""A small practice as Open Dental's tables would dump it, converted by the profile open-dental-csv: charts with margins above 100,
skipped teeth and flags of bleeding, codes, plans, insurance. Every expected value is written out here by hand."""
import argparse
import csv
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import bundle

ARGS = None
TABLES = {
    'patient': ['PatNum,LName,FName,MiddleI,Preferred,PatStatus,Gender,Birthdate,SSN,Address,City,State,Zip,HmPhone,WirelessPhone,'
                'Guarantor,Email,ChartNumber,PriProv,BillingType,EmployerNum,ClinicNum,DateFirstVisit,Premed',
                '11,Sample,Ada,M,,0,1,1961-04-05,,1 Elm St,Olympia,WA,98501,(360)897-4141,,11,ada@example.org,C11,1,40,5,0,2019-01-07,1',
                '12,Sample,Ben,,Benny,2,0,1990-11-30,,1 Elm St,Olympia,WA,98501,,(360)897-4142,11,,C12,1,40,0,0,0001-01-01,0',
                '13,Null,Cem,,,1,3,0001-01-01,,,,,,,,13,,,0,0,0,0,0001-01-01,0'],
    'provider': ['ProvNum,Abbr,LName,FName,MI,Suffix,Specialty,SSN,StateLicense,NationalProvID,IsHidden,IsSecondary',
                 '1,DOC,North,Dana,S,DDS,41,123-45-6789,WA123,1234567893,0,0', '2,HYG,South,Hale,,RDH,0,,,,1,1'],
    'definition': ['DefNum,Category,ItemName', '40,4,Standard Account', '41,35,Periodontics', '42,18,X-rays'],
    'employer': ['EmployerNum,EmpName', '5,Acme Mill'],
    'carrier': ['CarrierNum,CarrierName,Phone,ElectID', '3,Example Dental,(800)234-2341,EX001', '4,Delta Dental of Washington,,91062', '5,Wash. Dental Service,,91062',
                '6,Delta Dental of Oregon,,0000'],
    'insplan': ['PlanNum,CarrierNum,GroupName,GroupNum', '8,3,Mill workers,G-77', '10,5,,G-78'],
    'inssub': ['InsSubNum,PlanNum,Subscriber,DateEffective,DateTerm,SubscriberID', '9,8,11,2018-01-01,0001-01-01,ID900',
               '12,10,12,2019-01-01,0001-01-01,ID901'],
    'patplan': ['PatPlanNum,PatNum,Ordinal,Relationship,PatID,InsSubNum', '21,11,1,0,,9', '22,12,1,2,ID900-02,9', '23,12,2,0,,12'],
    'appointment': ['AptNum,PatNum,AptStatus,Pattern,Op,Note,ProvNum,ProcDescript,AptDateTime,ClinicNum,'
                    'SecDateTEntry,DateTStamp',
                    '31,11,2,//XXXX//,6,,1,PerMaint,2023-04-11 09:30:00,0,2023-03-01 12:05:00,2023-04-11 10:20:00',
                    '32,12,5,XX,6,called,1,Exam,2023-05-02 10:00:00,0,0001-01-01 00:00:00,2023-05-02 08:00:00',
                    '33,12,3,XX,0,wants mornings,1,Exam,0001-01-01 00:00:00,0,,', '34,11,7,/,0,bring x-rays,1,,2023-06-01 08:00:00,0,,'],
    'operatory': ['OperatoryNum,OpName', '6,Hygiene 2'],
    'procedurecode': ['CodeNum,ProcCode,Descript', '100,D4910,periodontal maintenance', '101,D4341,scaling per quadrant',
                      '102,D6010,implant body', '103,N4118,recession noted'],
    'procedurelog': ['ProcNum,PatNum,AptNum,ProcDate,ProcFee,Surf,ToothNum,ToothRange,ProcStatus,ProvNum,CodeNum',
                     '51,11,31,2023-04-11,140,,,,2,1,100', '52,11,0,2023-04-11,220.5,UR,,,1,1,101',
                     '53,11,0,2023-04-11,2100,,3,,1,1,102', '54,11,0,2015-02-02,0,MOD,14,,4,1,102',
                     '55,11,0,2023-04-11,0,,6,,7,1,103', '56,11,0,2023-04-11,1,,,,6,1,100'],
    'treatplan': ['TreatPlanNum,PatNum,DateTP,Heading,Note,TPStatus', '61,11,2023-04-11,Active Treatment Plan,,1',
                  '62,11,2023-04-12,Implant first,,2', '63,11,2022-01-03,Signed,see letter,0'],
    'treatplanattach': ['TreatPlanAttachNum,TreatPlanNum,ProcNum,Priority', '71,61,52,0', '72,61,53,0', '73,62,53,0'],
    'proctp': ['ProcTPNum,TreatPlanNum,PatNum,ItemOrder,ToothNumTP,Surf,ProcCode,Descript,FeeAmt,PriInsAmt',
               '81,63,11,1,30,,D6010,implant body,1900,800'],
    'perioexam': ['PerioExamNum,PatNum,ExamDate,ProvNum,Note', '77,11,2023-04-11,1,deep on 3', '78,12,2023-05-02,2,'],
    'periomeasure': ['PerioMeasureNum,PerioExamNum,SequenceType,IntTooth,ToothValue,MBvalue,Bvalue,DBvalue,MLvalue,Lvalue,DLvalue,'
                     'SecDateTEdit',
                     '1,77,4,3,-1,5,3,4,3,2,6,2023-04-11 10:00:00', '2,77,2,3,-1,103,0,2,-1,-1,1,2023-04-11 10:00:00',
                     '3,77,6,3,-1,11,0,1,-1,-1,4,2023-04-11 10:00:00', '4,77,0,3,2,-1,-1,-1,-1,-1,-1,2023-04-11 10:00:00',
                     '5,77,1,3,-1,-1,2,-1,-1,-1,3,2023-04-11 10:00:00', '6,77,5,16,1,-1,-1,-1,-1,-1,-1,2023-04-11 10:00:00',
                     '7,77,4,8,-1,2,2,2,2,2,2,2023-04-11 10:00:00', '8,78,4,30,-1,3,2,3,3,2,3,2023-05-02 10:00:00',
                     '9,79,4,30,-1,3,2,3,3,2,3,2023-05-02 10:00:00'],
    'procnote': ['ProcNoteNum,PatNum,ProcNum,EntryDateTime,UserNum,Note', '91,11,51,2023-04-11 10:15:00,4,Calm visit'],
    'commlog': ['CommlogNum,PatNum,CommDateTime,CommType,Note,Mode_', '92,12,2023-04-30 16:20:00,0,Left a message,1'],
    'document': ['DocNum,Description,DateCreated,DocCategory,PatNum,FileName,ImgType,RawBase64',
                 '95,FMX,2023-04-11 09:40:00,42,11,fmx_11.jpg,1,AAAA'],
    'recalltype': ['RecallTypeNum,Description', '1,Perio'],
    'recall': ['RecallNum,PatNum,DateDueCalc,DateDue,DatePrevious,RecallTypeNum', '96,11,2023-07-11,0001-01-01,2023-04-11,1',
               '97,12,2023-11-02,2023-10-15,2023-05-02,1'],
    'referral': ['ReferralNum,LName,FName,Title,Telephone,City,ST,Zip,EMail,PatNum,NotPerson,IsDoctor,BusinessName',
                 '15,East,Nora,DMD,(360)897-4555,Lacey,WA,98503,nora@example.org,0,0,1,', '16,Web search,,,,,,,,0,1,0,'],
    'refattach': ['RefAttachNum,ReferralNum,PatNum,ItemOrder,RefDate,RefType,RefToStatus,Note,ProvNum',
                  '17,15,11,1,2019-01-02,1,0,bleeding gums,0', '18,15,11,2,2023-04-12,0,5,for a crown,1'],
}


class Converted:
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_open_dental.'))
        source = cls.make()
        result = cls.tools.convert(source, cls.room / 'out', to='canonical')
        cls.summary = bundle.summary(result)
        cls.codes = bundle.findings(result)
        cls.folder = Path(cls.summary['run_folder'])
        cls.entities = {}
        for path in (cls.folder / 'canonical').glob('*.csv'):
            cls.entities[path.stem[3:]] = {r['src_key']: r for r in bundle.rows(cls.folder / 'canonical', path.name)}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def expect(self, entity, key, **fields):
        record = self.entities[entity][key]
        self.assertEqual({f: record[f] for f in fields}, fields, '%s %s' % (entity, key))


class Dump(Converted, unittest.TestCase):
    @classmethod
    def make(cls):
        source = cls.room / 'opendental'
        source.mkdir()
        for name, lines in TABLES.items():
            (source / (name + '.csv')).write_text('\n'.join(lines) + '\n', encoding='utf-8')
        return source

    def test_the_profile_is_found_and_all_is_accounted_for(self):
        self.assertEqual(self.summary['profile'], 'open-dental-csv')
        self.assertEqual((self.summary['rejected'], self.summary['held_back'], self.summary['unreadable']), (1, 1, 0))
        self.assertEqual(self.tools.verify(self.folder), 0)
        entities = {c['name']: c for c in self.summary['counts'] if c['level'] == 'entity'}
        for c in entities.values():
            self.assertEqual(c['decoded'], c['mapped'] + c['skipped'] + c['rejected'], c['name'])
        self.assertEqual(entities['tooth_record']['decoded'], 9)  # rows of periomeasure

    def test_a_margin_of_103_is_3_mm_of_overgrowth(self):
        self.expect('site_measure', '77:16:MB', pd='5', recession='-3', cal='2')
        self.expect('site_measure', '77:16:B', pd='3', recession='0', cal='3')
        self.expect('site_measure', '77:16:DB', pd='4', recession='2', cal='6')
        self.expect('site_measure', '77:16:ML', pd='3', recession='', cal='')
        self.expect('site_measure', '77:16:DL', pd='6', recession='1', cal='7')

    def test_flags_of_bleeding_are_sums(self):
        self.expect('site_measure', '77:16:MB', bop='1', suppuration='1', plaque='0', calculus='1')
        self.expect('site_measure', '77:16:B', bop='0', suppuration='0', plaque='0', calculus='0')
        self.expect('site_measure', '77:16:DL', bop='0', suppuration='0', plaque='1', calculus='0')
        self.expect('site_measure', '77:16:ML', bop='', suppuration='', plaque='', calculus='')

    def test_teeth(self):
        self.expect('tooth_record', '77:16', exam='77', fdi='16', tooth_raw='3', mobility='2', furcation_b_grade='2',
                    furcation_d_grade='3')
        self.expect('tooth_record', '77:28', fdi='28', status='missing')
        self.expect('tooth_record', '78:46', fdi='46', tooth_raw='30')
        self.assertEqual(set(self.entities['tooth_record']), {'77:16', '77:28', '77:11', '78:46'})

    def test_exams_and_their_scores(self):
        self.expect('clinical_exam', '77', patient='11', provider='1', exam_at='2023-04-11 00:00:00', numbering='universal',
                    sites_examined='12', bleeding_sites='2', bop_percent='16.7', pd4_sites='3', pd5_sites='2', pd6_sites='1',
                    max_pd='6', teeth_missing='1', notes='deep on 3')
        self.expect('clinical_exam', '78', patient='12', provider='2', sites_examined='6', bleeding_sites='',
                    bop_percent='')

    def test_people(self):
        self.expect('patient', '11', chart_number='C11', first='Ada', middle='M', last='Sample', sex='female', status='active',
                    birth_date='1961-04-05', phone_home='+13608974141', billing_type='Standard Account', primary_provider='1',
                    guarantor='', employer='employer:5', referring_organization='15', first_visit='2019-01-07')
        self.expect('patient', '12', nickname='Benny', status='inactive', sex='male', guarantor='11', employer='', first_visit='')
        self.expect('patient', '13', last='Null', status='', sex='other', birth_date='', guarantor='', primary_provider='')
        self.assertEqual(set(self.entities['guarantor']), {'11'})
        self.expect('guarantor', '11', last='Sample', is_patient='11', sex='female')
        self.expect('provider', '1', display='DOC', credentials='DDS', specialty='Periodontics', npi='1234567893', active='1',
                    is_internal='1')
        self.expect('provider', '2', role='Hygienist', active='0')
        self.expect('provider', 'referral:15', last='East', credentials='DMD', is_internal='0')
        self.expect('organization', '15', kind='referring_practice', name='Nora East, DMD', phone='+13608974555', state='WA')
        self.expect('organization', 'employer:5', kind='employer', name='Acme Mill')

    def test_plans_hold_each_procedure_where_it_stands(self):
        lines = {k: r['plan'] for k, r in self.entities['plan_line'].items()}
        self.assertEqual(lines, {'51': 'unplanned:11', '52': '61', '53': '61', '53:62': '62', '54': 'unplanned:11',
                                 'saved:81': '63'})
        self.expect('plan_line', '51', code='D4910', code_system='CDT', status='completed', done_date='2023-04-11', fee='140.00')
        self.expect('plan_line', '52', code='D4341', area='UR', surface='', status='proposed', done_date='', fee='220.50')
        self.expect('plan_line', '53:62', tooth='16', tooth_raw='3')
        self.expect('plan_line', '54', surface='MOD', tooth='26', status='completed')
        self.expect('plan_line', 'saved:81', seq='1', tooth='46', fee='1900.00', insurance_estimate='800.00')
        self.expect('diagnosis', '55', tooth='13', code='N4118', text='recession noted')
        words = {(r['entity'], r['record'], r['name']): r['value'] for r in self.entities['custom_value'].values()}
        self.assertEqual(words['plan_line', '54', 'ProcStatus'], 'EO')
        self.assertEqual(words['patient', '13', 'PatStatus'], 'NonPatient')
        self.assertEqual(words['patient', '11', 'Premed'], '1')

    def test_appointments_and_notes(self):
        self.assertEqual(set(self.entities['appointment']), {'31', '32'})
        self.expect('appointment', '31', start_at='2023-04-11 09:30:00', duration='40', operatory='Hygiene 2', status='completed',
                    procedure_codes='D4910', created_at='2023-03-01 12:05:00', modified_at='2023-04-11 10:20:00')
        self.expect('appointment', '32', created_at='', modified_at='2023-05-02 08:00:00')
        self.expect('appointment', '32', status='')  # broken: cancelled or missed
        with open(self.folder / 'exceptions.csv', newline='', encoding='utf-8') as f:
            held = {(r['entity'], r['src_key'], r['field']): r['value'] for r in csv.DictReader(f)}
        self.assertEqual(held['appointment', '32', 'status'], '5')
        notes = {k: r['body'] for k, r in self.entities['clinical_note'].items()}
        self.assertEqual(notes, {'procedure:91': 'Calm visit', '92': 'Left a message', 'schedule:34': 'bring x-rays'})

    def test_insurance_referrals_recalls_documents(self):
        self.expect('insurance_policy', '21', carrier='carrier:3', carrier_raw='Example Dental', policy_number='ID900', group_number='G-77',
                    relationship='self', priority='1', subscriber='Ada Sample', valid_from='2018-01-01', valid_to='')
        self.expect('insurance_policy', '22', policy_number='ID900-02', relationship='child')
        # Two spellings with one payer id are one company, whose group is a record of its own where the practice has none.
        self.expect('insurance_policy', '23', carrier='carrier:5', carrier_raw='Wash. Dental Service',
                    carrier_name='Delta Dental of Washington')
        self.expect('insurance_policy', '21', carrier_name='Example Dental')
        for key in ('carrier:4', 'carrier:5', 'carrier:6'):
            self.expect('organization', key, parent='group:Delta Dental')
        self.expect('organization', 'group:Delta Dental', kind='carrier', name='Delta Dental', parent='')
        self.expect('organization', 'carrier:3', parent='')
        self.expect('referral', '17', organization='15', direction='incoming', status='', referral_date='2019-01-02')
        self.expect('referral', '18', direction='outgoing', status='completed', provider='1')
        self.expect('recall', '96', type='Perio', next_date='2023-07-11', last_date='2023-04-11')
        self.expect('recall', '97', next_date='2023-10-15')
        self.expect('document', '95', patient='11', category='X-rays', file_name='fmx_11.jpg', captured_at='2023-04-11 09:40:00')

    def test_what_belongs_to_no_exam_or_stays_behind_is_told(self):
        with open(self.folder / 'rejects' / 'tooth_record.csv', newline='', encoding='utf-8') as f:
            rejected = [(r['src_table'], r['src_key'], r['exam'], r['code']) for r in csv.DictReader(f)]
        self.assertEqual(rejected, [('periomeasure', '9', '79', 'CHT-1021')])
        self.assertEqual(self.codes - {'CSV-1101'}, {'CHT-1021', 'PRO-714', 'PRO-709', 'PRO-715', 'PRO-716', 'PRO-717', 'NRM-937'})
        text = '\n'.join(p.read_text(encoding='utf-8') for p in (self.folder / 'canonical').glob('*.csv'))
        self.assertNotIn('123-45-6789', text)
        left = {(r['table'], r['column']): (r['rows'], r['filled'], r['why']) for r in bundle.read_csv(
            self.folder / 'quality' / 'left_behind.csv')[1] if r['carried'] == '0'}
        self.assertEqual(left['provider', 'SSN'][1:], ('1', 'leave'))
        self.assertNotIn('AAAA', text)


class Server(Converted, unittest.TestCase):
    """The same where codes are integers."""

    @classmethod
    def make(cls):
        backup = cls.room / 'opendental.bak'
        subprocess.run([cls.tools.bakgen, '--spec', Path(__file__).with_name('open_dental.spec'), '--out', backup], check=True)
        return backup

    def test_codes_keys_and_measures(self):
        self.assertEqual(self.summary['profile'], 'open-dental-csv')
        self.assertEqual((self.summary['rejected'], self.summary['held_back'], self.summary['unreadable']), (0, 0, 0))
        self.expect('patient', '11', sex='female', status='active', guarantor='', primary_provider='1')
        self.expect('patient', '12', status='inactive', guarantor='11')
        self.expect('patient', '13', sex='other', status='', birth_date='', primary_provider='')
        self.expect('provider', '2', active='0', role='Hygienist')
        self.expect('site_measure', '77:16:MB', pd='5', recession='-3', cal='2', bop='1', suppuration='1', plaque='0', calculus='1')
        self.expect('site_measure', '77:16:ML', pd='3', recession='', cal='', bop='')
        self.expect('site_measure', '78:46:DL', pd='3', recession='', bop='')
        self.assertEqual(len(self.entities['site_measure']), 12)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
