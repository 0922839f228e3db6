#!/usr/bin/env python3
"""Generated practices of both systems converted for Salesforce: every file, map and package held against the others, moments against
the zone tables of Python, charts against each other; and that the checks can fail."""
import argparse
import csv
import datetime
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
import zoneinfo

import salesforce_bundle

ARGS = None
ZONE = 'America/New_York'
SITES = ('MB', 'B', 'DB', 'ML', 'L', 'DL')


def id18(body):
    """An id of 18 characters; the last three say which of the others are capitals."""
    tail = ''
    for third in range(3):
        bits = sum(1 << i for i, c in enumerate(body[5 * third:5 * third + 5]) if c.isupper())
        tail += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[bits]
    return body + tail


def practice(room, system, patients):
    subprocess.run([ARGS.practice_gen, '--out', room / system, '--patients', str(patients), '--seed', '5', '--hard', '3',
                    '--system', system], check=True, stdout=subprocess.DEVNULL)
    return room / system


def convert(source, out, *more):
    """The run folder and the output; 3: something was held back, as hard cases must be."""
    done = subprocess.run([ARGS.chartferry, 'convert', source, '--to', 'salesforce,canonical', '--out', out, '--templates',
                           ARGS.templates, *more], capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 3):
        raise AssertionError('convert: %d\n%s' % (done.returncode, done.stderr[-3000:]))
    return next(pathlib.Path(out).iterdir()), done


def table(path):
    with open(path, newline='', encoding='utf-8') as f:
        return list(csv.DictReader(f))


class Checked(unittest.TestCase):
    """A bundle that stands in cls.folder; not run itself."""

    def assert_bundle(self):
        self.assertEqual(self.bundle.wrong, [])

    def canonical(self, entity):
        return {r['source_key']: r for r in table(next((self.run_folder / 'canonical').glob('*_%s.csv' % entity)))}


class Panda(Checked):
    @classmethod
    def setUpClass(cls):
        cls.room = pathlib.Path(tempfile.mkdtemp(prefix='bundle_salesforce.'))
        made = practice(cls.room, 'panda', 30)
        cls.source = made / 'practice.bak'
        cls.run_folder, _ = convert(cls.source, cls.room / 'out', '--option', 'time_zone=' + ZONE)
        cls.folder = cls.run_folder / 'salesforce'
        cls.bundle = salesforce_bundle.Bundle(cls.folder)
        cls.bundle.check()

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def rows(self, stem):
        return self.bundle.rows[stem]

    def test_files_maps_package_and_batch_file_agree(self):
        self.assert_bundle()
        self.assertGreaterEqual(len(self.bundle.made), 10)

    def test_every_exam_is_there_and_teeth_are_of_the_latest(self):
        exams = {r['Source_Key__c']: r for r in self.rows('12_ClinicalExam')}
        self.assertEqual(set(exams), set(self.canonical('clinical_exam')))
        charted = {k for k, r in exams.items() if json.loads(r['Chart_JSON__c'] or '{"teeth": []}')['teeth']}
        latest = {}
        for key in charted:
            r, moment = exams[key], self.canonical('clinical_exam')[key]['exam_at']
            latest.setdefault(r['Contact__c'], []).append((moment, key))
        for row in self.rows('13_ClinicalTooth'):
            exam = exams[row['ClinicalExam__c']]
            moments = latest[exam['Contact__c']]
            own = next(m for m, k in moments if k == row['ClinicalExam__c'])
            self.assertEqual(own, max(m for m, _ in moments))
        self.assertEqual({exams[r['ClinicalExam__c']]['Contact__c'] for r in self.rows('13_ClinicalTooth')}, set(latest))

    def test_a_tooth_says_what_the_chart_of_its_exam_says(self):
        charts = {r['Source_Key__c']: json.loads(r['Chart_JSON__c']) for r in self.rows('12_ClinicalExam') if r['Chart_JSON__c']}
        for row in self.rows('13_ClinicalTooth'):
            tooth = [t for t in charts[row['ClinicalExam__c']]['teeth'] if t['fdi'] == row['Tooth_FDI__c']]
            self.assertEqual(len(tooth), 1)
            for name, key in (('PocketDepth', 'pd'), ('Recession', 'recession'), ('CAL', 'cal')):
                values = tooth[0].get(key) or [None] * 6
                got = [None if row['%s_%s__c' % (name, s)] == '' else float(row['%s_%s__c' % (name, s)]) for s in SITES]
                self.assertEqual(got, values)
            marks = tooth[0].get('bop') or [None] * 6
            self.assertEqual([{'': None, 'Yes': 1, 'No': 0}[row['BOP_%s__c' % s]] for s in SITES], marks)
            self.assertEqual((row['Tooth_Universal__c'], row['Tooth_Palmer__c']), (tooth[0]['universal'], tooth[0]['palmer']))

    def test_moments_are_in_utc(self):
        local = self.canonical('appointment')
        for row in self.rows('24_Event'):
            moment = datetime.datetime.fromisoformat(local[row['Source_Key__c']]['start_at'])
            utc = moment.replace(tzinfo=zoneinfo.ZoneInfo(ZONE)).astimezone(datetime.timezone.utc)
            self.assertEqual(row['StartDateTime'], utc.strftime('%Y-%m-%dT%H:%M:%S.000Z'))
        local = self.canonical('patient')
        for row in self.rows('09_Contact_Patient'):
            for name in ('created', 'modified'):
                moment = datetime.datetime.fromisoformat(local[row['Source_Key__c']][name + '_at'])
                utc = moment.replace(tzinfo=zoneinfo.ZoneInfo(ZONE)).astimezone(datetime.timezone.utc)
                self.assertEqual(row['PANDA_%s_Date__c' % name.title()], utc.strftime('%Y-%m-%dT%H:%M:%S.000Z'))

    def test_every_record_of_the_model_is_in_a_file(self):
        for entity, stems in {'provider': ['07_Contact_Provider'], 'patient': ['06_Account_Patient', '09_Contact_Patient'],
                              'organization': ['03_Account_Organization'], 'treatment_plan': ['16_TreatmentPlan'],
                              'plan_line': ['17_TreatmentPlanLine'], 'referral': ['18_Referral'], 'radiograph': ['20_Radiograph'],
                              'insurance_policy': ['21_InsurancePolicy'], 'clinical_note': ['23_ClinicalNote'],
                              'appointment': ['24_Event'], 'workflow_flag': ['25_Task_Flag']}.items():
            for stem in stems:
                self.assertEqual({r['Source_Key__c'] for r in self.rows(stem)}, set(self.canonical(entity)), stem)

    def test_without_a_time_zone_moments_have_none(self):
        folder, done = convert(self.source, self.room / 'local')
        self.assertIn('DEL-816', done.stderr)
        for row in table(folder / 'salesforce' / '24_Event.csv'):
            self.assertRegex(row['StartDateTime'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$')

    def test_the_wide_layout_has_named_fields_and_wants_enterprise(self):
        folder, _ = convert(self.source, self.room / 'wide', '--option', 'time_zone=' + ZONE, '--layout', 'salesforce=wide')
        wide = salesforce_bundle.Bundle(folder / 'salesforce')
        self.assertEqual(wide.check(), [])
        self.assertFalse((folder / 'salesforce' / '13_ClinicalTooth.csv').exists())
        named = {r['Source_Key__c']: r for r in wide.rows['12_ClinicalExam']}
        for key, row in named.items():
            chart = json.loads(row['Chart_JSON__c'] or '{"teeth": []}')
            first_molar = [t for t in chart['teeth'] if t['fdi'] == '16']
            if first_molar and first_molar[0].get('pd'):
                # Palmer UR6 is Universal 3, never Universal 6.
                self.assertEqual(float(row['PocketDepth_MB_UR6__c'] or 'nan'), float(first_molar[0]['pd'][0]))
        done = subprocess.run([ARGS.chartferry, 'convert', self.source, '--to', 'salesforce', '--out', self.room / 'refused',
                               '--templates', ARGS.templates, '--layout', 'wide', '--edition', 'professional'],
                              capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('DEL-850', done.stderr)
        self.assertFalse((self.room / 'refused').exists() and list((self.room / 'refused').iterdir()))

    def test_every_file_finds_its_patient_in_the_second_stage(self):
        if not (self.folder / 'Files.csv').exists():
            self.skipTest('skipped: the template takes no files')
        listed = table(self.folder / '27_ContentVersion.csv')
        self.assertTrue(listed)
        patients = sorted(self.canonical('patient'))
        ids = {key: id18('003Ax0000%06d' % n) for n, key in enumerate(patients)}
        success = self.room / 'success.csv'
        with open(success, 'w', newline='', encoding='utf-8') as f:
            csv.writer(f, quoting=csv.QUOTE_ALL).writerows([['ID', 'SOURCE_KEY__C'], *((v, k) for k, v in ids.items())])
        base = self.room / 'unpacked'
        for path in self.folder.glob('Files_*.zip'):
            with zipfile.ZipFile(path) as z:
                z.extractall(base / path.stem)
        done = subprocess.run([ARGS.chartferry, 'link-files', self.run_folder, '--keys', success, '--base', base], capture_output=True,
                              text=True, timeout=60)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        stage = self.run_folder.with_name(self.run_folder.name + '-files')
        rows = table(stage / 'salesforce' / 'ContentVersion.csv')
        document = self.canonical('document')
        self.assertEqual({r['Source_Key__c'] for r in rows}, {r['Source_Key__c'] for r in listed})
        for row in rows:
            data = pathlib.Path(row['VersionData']).read_bytes()
            self.assertEqual(hashlib.sha256(data).hexdigest(), row['SHA256__c'])
            patient = next(k for k, v in ids.items() if v == row['FirstPublishLocationId'])
            self.assertTrue(patient.endswith('-' + document[row['Source_Key__c']]['patient']))
        self.assertEqual(subprocess.run([ARGS.chartferry, 'verify', stage], capture_output=True).returncode, 0)
        self.assertEqual(subprocess.run([ARGS.chartferry, 'verify', self.run_folder], capture_output=True).returncode, 0)

    def test_the_lean_package_has_no_pages(self):
        with zipfile.ZipFile(self.folder / 'metadata' / 'salesforce-metadata-lean.zip') as z:
            folders = {n.split('/')[0] for n in z.namelist()}
        self.assertEqual(folders, {'objects', 'permissionsets', 'package.xml'})

    def test_the_same_again_gives_the_same_bytes(self):
        folder, _ = convert(self.source, self.room / 'again', '--option', 'time_zone=' + ZONE)
        for path in sorted(p for p in self.folder.rglob('*') if p.is_file()):
            self.assertEqual(path.read_bytes(), (folder / 'salesforce' / path.relative_to(self.folder)).read_bytes(), path.name)

    def test_the_vendors_library_takes_the_package(self):
        modules = pathlib.Path(ARGS.node_modules).resolve()
        if not shutil.which('node') or not (modules / '@salesforce').exists():
            self.skipTest('skipped: node or its packages absent (cmake --build BUILD --target salesforce_library)')
        counts = self.bundle.check_by_vendor(modules)
        self.assert_bundle()
        self.assertGreaterEqual(counts['components']['CustomObject'], 14)
        self.assertEqual(counts['components']['PermissionSet'], 2)

    def test_the_checks_can_fail(self):
        changes = (('24_Event.csv', '.000Z', '', 'is no moment in UTC'), ('13_ClinicalTooth.sdl', 'BOP_MB__c=BOP_MB__c\n', '', 'maps'),
                   ('12_ClinicalExam.csv', 'PP-PAT-', 'PP-PAX-', 'is in no earlier file'),
                   ('16_TreatmentPlan.csv', ',In progress,', ',Begun,', 'is no value of the pick list'),
                   ('data-loader/process-conf.xml', '12_ClinicalExam.csv', 'x.csv', 'does not load'))
        for n, (name, old, new, expected) in enumerate(changes):
            folder = self.room / ('changed%d' % n)
            shutil.copytree(self.folder, folder)
            text = (folder / name).read_bytes()
            self.assertIn(old.encode(), text, name)
            (folder / name).write_bytes(text.replace(old.encode(), new.encode()))
            self.assertTrue(any(expected in w for w in salesforce_bundle.Bundle(folder).check()), expected)


class Dentes(Checked):
    @classmethod
    def setUpClass(cls):
        cls.room = pathlib.Path(tempfile.mkdtemp(prefix='bundle_salesforce.'))
        made = practice(cls.room, 'dentes', 30)
        forms = [p for p in sorted(made.iterdir()) if p.name.startswith(('csv', 'practice'))]
        cls.run_folder, _ = convert(forms[0], cls.room / 'out')
        cls.folder = cls.run_folder / 'salesforce'
        cls.bundle = salesforce_bundle.Bundle(cls.folder)
        cls.bundle.check()

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def test_files_maps_package_and_batch_file_agree(self):
        self.assert_bundle()

    def test_what_only_this_system_has_is_there(self):
        for entity, stem in {'practice_location': '01_Account_Location', 'billing_line': '22_BillingLine', 'recall': '26_Task_Recall',
                             'diagnosis': '19_Diagnosis'}.items():
            keys = {r['Source_Key__c'] for r in self.bundle.rows[stem]}
            self.assertEqual(keys, set(self.canonical(entity)), stem)
            self.assertTrue(keys)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    for name in ('chartferry', 'practice-gen', 'templates', 'node-modules'):
        parser.add_argument('--' + name, required=True)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0]] + rest)
