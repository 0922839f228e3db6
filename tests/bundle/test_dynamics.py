#!/usr/bin/env python3
"""Bundles for Dynamics: of a generated PANDA practice and of a Turkish clinic, each held against what Dataverse takes; and
that the checks can fail."""
import argparse
import csv
import io
import json
import re
import shutil
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

import dataverse_bundle

ARGS = None
PATIENTS = 60


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode('utf-8-sig'), newline='')))


class Dynamics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = Path(tempfile.mkdtemp(prefix='bundle_dynamics.'))
        cls.source = {}
        for system, form in (('panda', 'csv-extract'), ('dentes', 'csv-dentes-utf8')):
            made = cls.room / system
            subprocess.run([ARGS.practice_gen, '--system', system, '--patients', str(PATIENTS), '--seed', '7', '--out', made],
                           check=True)
            cls.source[system] = made / form
        cls.bundle = {system: cls.convert(cls, system) for system in cls.source}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def convert(self, system, *more, good=(0, 3)):
        out = Path(tempfile.mkdtemp(dir=self.room))
        done = subprocess.run([ARGS.chartferry, 'convert', self.source[system], '--to', 'dynamics', '--out', out, '--templates',
                               ARGS.templates, '--json', *more], capture_output=True, text=True)
        if done.returncode not in good:
            raise AssertionError(done.stdout + done.stderr)
        found = [json.loads(x) for x in done.stdout.splitlines() if x]
        folders = [x['run_folder'] for x in found if x.get('type') == 'summary' and x.get('run_folder')]
        return Path(folders[0]) / 'dynamics' if folders else found

    def expect_good(self, folder):
        self.assertEqual(dataverse_bundle.check(folder), [])

    def test_panda_practice_is_what_dataverse_takes(self):
        self.expect_good(self.bundle['panda'])

    def test_clinic_of_dr_dentes_is_what_dataverse_takes(self):
        self.expect_good(self.bundle['dentes'])

    def test_teeth_as_rows_are_what_dataverse_takes(self):
        folder = self.convert('panda', '--layout', 'tooth')
        self.expect_good(folder)
        teeth = [r for p in sorted(folder.glob('26_PerioTooth*.csv')) for r in rows(p)]
        self.assertTrue(teeth)
        # What nobody recorded is neither yes nor no.
        missing = [r for r in teeth if r['Tooth Status'] == 'Missing' and not r['PD MB']]
        self.assertTrue(missing)
        self.assertEqual({r['BOP MB'] for r in missing}, {''})
        self.assertEqual({r['BOP MB'] for r in teeth}, {'', 'Yes', 'No'})

    def test_another_prefix_is_everywhere(self):
        folder = self.convert('dentes', '--prefix', 'dental7')
        self.expect_good(folder)
        with zipfile.ZipFile(folder / 'solution' / 'PracticeRecords.zip') as z:
            self.assertNotIn(b'new_', z.read('customizations.xml'))
        for path in (folder / 'maps').iterdir():
            self.assertNotIn('new_', path.read_text(encoding='utf-8'))

    def test_prefix_that_no_publisher_may_have_is_refused(self):
        for prefix in ('x', 'mscrmx', 'much2long', '2ab'):
            with self.subTest(prefix):
                found = self.convert('dentes', '--prefix', prefix, good=(1, 2, 3, 4, 5, 6, 7, 8))
                self.assertIsInstance(found, list)

    def test_tables_have_the_names_of_each_system(self):
        files = {system: {p.name[3:-4] for p in self.bundle[system].glob('*.csv')} for system in self.bundle}
        self.assertLessEqual({'TreatmentPlanProcedure', 'InsuranceInfo', 'PerioVisit', 'Visit'}, files['panda'])
        self.assertLessEqual({'ProcedureLine', 'InsurancePolicy', 'BillingLine', 'PatientRecall'}, files['dentes'])
        self.assertFalse(files['panda'] & {'ProcedureLine', 'InsurancePolicy', 'BillingLine', 'PatientRecall'})
        self.assertFalse(files['dentes'] & {'TreatmentPlanProcedure', 'InsuranceInfo', 'PerioVisit', 'Visit'})

    def test_guarantors_are_linked_in_a_second_pass(self):
        folder = self.bundle['panda']
        links = rows(folder / '09_Contact_Guarantor_Link_Patient.csv')
        self.assertTrue(links)
        self.assertEqual(set(links[0]), {'Source Key', 'Guarantor'})
        self.assertNotIn('Guarantor', rows(folder / '08_Contact_Patient.csv')[0])
        self.assertTrue(all(r['Source Key'] != r['Guarantor'] for r in links))

    def test_order_names_every_file_once_with_its_rows(self):
        for folder in self.bundle.values():
            order = rows(folder / 'uploads' / 'order.csv')
            loaded = {p: len(rows(p)) for p in folder.glob('[0-9]*.csv') if not p.name.startswith('01_')}
            self.assertEqual(sorted(int(r['Rows']) for r in order), sorted(n for n in loaded.values() if n))
            for r in order:
                self.assertTrue((folder / r['Upload']).exists() and (folder / r['Data map']).exists(), r)
            self.assertEqual([int(r['Step']) for r in order], sorted(int(r['Step']) for r in order))

    def test_the_page_has_the_steps_in_their_order(self):
        for folder in self.bundle.values():
            page = (folder / 'IMPORT-STEPS.html').read_text(encoding='utf-8')
            items = re.findall(r'<li>\u2610 <code>([^<]+)</code>, data map <code>([^<]+)</code>(, an update by key)?: ([\d,]+) rows?<ul>\n'
                               r'(.*?)</ul></li>', page, re.S)
            told = []
            for upload, chart, update, total, files in items:
                inside = re.findall(r'<li><code>([^<]+)</code>(?: \([^)]+\))?: ([\d,]+) rows? into ([^<]+)</li>', files)
                self.assertEqual(sum(int(n.replace(',', '')) for _, n, _ in inside), int(total.replace(',', '')))
                told += [(upload, chart, bool(update), *one) for one in inside]
            order = [(r['Upload'], r['Data map'], r['What is done'] != 'create', r['File'], f"{int(r['Rows']):,}", r['Table'])
                     for r in rows(folder / 'uploads' / 'order.csv')]
            self.assertEqual(told, order)

    def test_flags_are_tasks_and_stand_in_the_contact(self):
        folder = self.bundle['panda']
        contacts = {r['Source Key']: r for r in rows(folder / '08_Contact_Patient.csv')}
        tasks = rows(folder / '17_Task.csv')
        kinds = {}
        for t in tasks:
            kinds.setdefault(t['Regarding'], set()).add(t['Flag Type'])
            person = contacts[t['Regarding']]
            self.assertEqual(t['Subject'], f"{t['Flag Type']} - {person['First Name']} {person['Last Name']}")
        for key, c in contacts.items():
            self.assertEqual(sorted(filter(None, c['Workflow Flag'].split('; '))), sorted(kinds.get(key, [])))

    def test_every_exam_is_a_visit_with_its_chart(self):
        folder = self.bundle['panda']
        visits = [r for p in sorted(folder.glob('13_PerioVisit*.csv')) for r in rows(p)]
        truth = {r['src_key'] for r in rows(self.room / 'panda' / 'truth' / 'clinical_exam.csv')}
        rejected = {r['src_key'] for r in rows(folder.parent / 'rejects' / 'clinical_exam.csv')}
        self.assertEqual({v['Source Key'].removeprefix('PP-EXM-') for v in visits} | rejected, truth | rejected)
        for v in visits:
            chart = json.loads(v['Chart JSON'])
            self.assertTrue({'numbering', 'teeth'} <= set(chart))
            self.assertTrue(all({'fdi', 'universal', 'palmer', 'own'} <= set(t) for t in chart['teeth']))

    def test_appointments_end_when_their_length_is_over(self):
        for r in rows(self.bundle['panda'] / '15_Visit.csv'):
            start, end = (int(r[k][-5:-3]) * 60 + int(r[k][-2:]) for k in ('Visit Start', 'Visit End'))
            self.assertEqual((end - start) % 1440, int(r['Duration (Minutes)'] or 0))

    def test_records_say_when_the_old_system_made_and_changed_them(self):
        for system, files in (('panda', {'08_Contact_Patient': 'patient', '11_TreatmentPlan': 'treatment_plan', '13_PerioVisit': 'clinical_exam'}),
                              ('dentes', {'08_Contact_Patient': 'patient'})):
            for file, entity in files.items():
                truth = {r['src_key']: (r['created_at'][:16], r['modified_at'][:16])
                         for r in rows(self.room / system / 'truth' / (entity + '.csv'))}
                loaded = rows(self.bundle[system] / (file + '.csv'))
                self.assertTrue(any(r['Record Created On'] or r['Modified in Source'] for r in loaded), (system, file))
                for r in loaded:
                    key = r['Source Key'].rsplit('-', 1)[1]
                    self.assertEqual((r['Record Created On'], r['Modified in Source']), truth[key], (system, file, key))
                self.assertFalse({'CreatedDate', 'ModifiedDate', 'KayitTarihi'} & set(loaded[0]))

    def test_same_bundle_twice_is_the_same_bytes(self):
        again = self.convert('dentes')
        first = self.bundle['dentes']
        names = sorted(p.relative_to(first) for p in first.rglob('*') if p.is_file())
        self.assertEqual(names, sorted(p.relative_to(again) for p in again.rglob('*') if p.is_file()))
        for name in names:
            self.assertEqual((first / name).read_bytes(), (again / name).read_bytes(), name)

    # ---- that the checks can fail ----

    def broken(self, change):
        folder = Path(tempfile.mkdtemp(dir=self.room)) / 'dynamics'
        shutil.copytree(self.bundle['dentes'], folder)
        change(folder)
        return dataverse_bundle.check(folder)

    def replaced(self, name, old, new):
        def change(folder):
            path = folder / name
            data = path.read_bytes()
            self.assertTrue(old in data, old)
            path.write_bytes(data.replace(old, new, 1))
        return self.broken(change)

    def in_solution(self, old, new):
        def change(folder):
            path = folder / 'solution' / 'PracticeRecords.zip'
            with zipfile.ZipFile(path) as z:
                members = {n: z.read(n) for n in z.namelist()}
            self.assertTrue(old in members['customizations.xml'], old)
            members['customizations.xml'] = members['customizations.xml'].replace(old, new, 1)
            with zipfile.ZipFile(path, 'w') as z:
                for n, data in members.items():
                    z.writestr(n, data)
        return self.broken(change)

    def test_checks_find_what_is_wrong(self):
        plan = b'<ReferencingAttributeName>new_treatmentplanid</ReferencingAttributeName>'
        cases = {
            'a link without its relationship': self.in_solution(plan, plan.replace(b'planid', b'plan')),
            'a display name twice': self.in_solution(b'"Plan Number"', b'"Plan Date"'),
            'a text too long for its type': self.in_solution(b'<MaxLength>100<', b'<MaxLength>5000<'),
            'an option of another publisher': self.in_solution(b'option value="100000001"', b'option value="5"'),
            'a mask': self.in_solution(b'PrimaryName|', b''),
            'a map to no column': self.replaced('maps/08_Contact_Patient.xml', b'>new_sex<', b'>new_gender<'),
            'a heading without a map': self.replaced('08_Contact_Patient.csv', b'Chart Number', b'Chart No'),
            'a link that finds nothing': self.replaced('11_TreatmentPlan.csv', b',DD-PAT-', b',DD-PAX-'),
            'a choice that is none': self.replaced('11_TreatmentPlan.csv', b',Accepted,', b',Accept,'),
            'no mark at the beginning': self.replaced('08_Contact_Patient.csv', b'\xef\xbb\xbf', b''),
        }
        self.assertEqual([name for name, wrong in cases.items() if not wrong], [])


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    for name in ('chartferry', 'practice-gen', 'templates'):
        parser.add_argument('--' + name, required=True, type=Path)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=['test_dynamics.py', *rest])
