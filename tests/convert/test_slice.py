#!/usr/bin/env python3
"""A sample of a practice (--sample): who is in it and why, that every record of a patient comes with him and everything that those point
to, that all else is skipped and adds up, the same patients each time. Held against a conversion of the whole practice."""
import argparse
import collections
import csv
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import bundle

ARGS = None
PATIENTS, SAMPLE = 150, 40
LISTS = 'sample_with_patient_values'
csv.field_size_limit(1 << 30)
# Links of the canonical records, as src/model/MODEL.md has them: those that a record cannot be without, and the others.
DOWN = {'clinical_exam': 'patient', 'treatment_plan': 'patient', 'clinical_note': 'patient', 'workflow_flag': 'patient', 'referral': 'patient',
        'radiograph': 'patient', 'document': 'patient', 'letter': 'patient', 'appointment': 'patient', 'insurance_policy': 'patient',
        'plan_line': 'plan', 'custom_finding': 'exam', 'tooth_record': 'exam'}
UP = {'patient': {'primary_provider': 'provider', 'guarantor': 'guarantor', 'referring_organization': 'organization', 'employer': 'organization'},
      'guarantor': {'is_patient': 'patient'}, 'clinical_exam': {'provider': 'provider'}, 'treatment_plan': {'provider': 'provider'},
      'clinical_note': {'author': 'provider'}, 'appointment': {'provider': 'provider'}, 'workflow_flag': {'provider': 'provider'},
      'referral': {'organization': 'organization', 'provider': 'provider'}, 'insurance_policy': {'carrier': 'organization'},
      'organization': {'parent': 'organization'}, 'letter': {'document': 'document', 'referral': 'referral'},
      'radiograph': {'exam': 'clinical_exam', 'document': 'document'}, 'document': {'exam': 'clinical_exam'}}
PARENT = {'plan_line': 'treatment_plan', 'custom_finding': 'clinical_exam', 'tooth_record': 'clinical_exam'}


def table(path):
    return bundle.read_csv(path)[1]


def entities(run):
    """{entity: {src_key: row}} of the canonical bundle of a run."""
    return {p.stem.split('_', 1)[1]: {r['src_key']: r for r in table(p)} for p in sorted((run / 'canonical').glob('*.csv'))}


class Slice(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_slice.'))
        made = cls.room / 'practice'
        subprocess.run([ARGS.practice_gen, '--out', made, '--patients', str(PATIENTS), '--hard', '3'], check=True, timeout=120,
                       stdout=subprocess.DEVNULL)
        cls.backup = made / 'practice.bak'
        cls.all_result = cls.convert('whole')
        cls.all = entities(cls.run_of(cls.all_result))
        cls.result = cls.convert('slice', '--sample', SAMPLE)
        cls.run_folder = cls.run_of(cls.result)
        cls.some = entities(cls.run_folder)
        cls.strata = {r['stratum']: r for r in table(cls.run_folder / LISTS / 'strata.csv')}
        cls.chosen = {r['src_key']: r for r in table(cls.run_folder / LISTS / 'sample.csv')}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def convert(cls, name, *more, to='canonical'):
        # Sites, most of all records, come with their teeth; test_diff.py has them.
        return cls.tools.convert(cls.backup, cls.room / name, None, '--teeth', 'all', '--only', 'without:site_measure', *more, to=to)

    @staticmethod
    def run_of(result):
        return Path(bundle.summary(result)['run_folder'])

    # ---- who ----

    def test_so_many_patients_each_with_a_reason(self):
        self.assertEqual(set(self.some['patient']), set(self.chosen))
        self.assertEqual(len(self.chosen), SAMPLE)
        reasons = collections.Counter(r['chosen_for'] for r in self.chosen.values())
        self.assertGreater(reasons['from all over the practice'], SAMPLE // 4)
        titles = {r['title'] for r in self.strata.values()}
        others = {'from all over the practice', 'pays for another patient of the sample'}
        self.assertLessEqual(set(reasons) - others, titles)

    def whose(self):
        """{stratum: patients} of the whole practice, counted here."""
        a, found = self.all, collections.defaultdict(set)
        for entity, link in DOWN.items():
            if link != 'patient' or entity not in a:
                continue
            n = collections.Counter(r['patient'] for r in a[entity].values())
            found[entity] = set(n)
            found[entity + '-several'] = {p for p in n if n[p] > 1}
        insurers = collections.defaultdict(set)
        for r in a['insurance_policy'].values():
            insurers[r['patient']].add(r['carrier'])
        found['two-insurers'] = {p for p in insurers if len(insurers[p] - {''}) > 1}
        for key, r in a['patient'].items():
            found['patient.status=' + r['status']].add(key)
            guarantor = a['guarantor'].get(r['guarantor'])
            if guarantor and guarantor['is_patient'] not in ('', key):
                found['guarantor-patient'].add(key)
            for name, field in (('no-email', 'email'), ('no-birth-date', 'birth_date'), ('no-address', 'address_line1')):
                if not r[field]:
                    found[name].add(key)
            if any(ord(c) > 127 for c in r['first'] + r['last']):
                found['name-letters'].add(key)
        for r in a['clinical_note'].values():
            text = r['body'] + r['subjective'] + r['objective'] + r['assessment'] + r['plan']
            if len(text) >= 4000:
                found['long-note'].add(r['patient'])
            if any(ord(c) > 0xFFFF for c in text):
                found['note-emoji'].add(r['patient'])
        for e in ('clinical_exam', 'treatment_plan', 'appointment', 'workflow_flag', 'referral'):
            for r in a[e].values():
                if r['provider']:
                    found['provider=' + a['provider'][r['provider']]['source_key']].add(r['patient'])
        for r in a['clinical_note'].values():
            if r['author']:
                found['provider=' + a['provider'][r['author']]['source_key']].add(r['patient'])
        for key, r in a['patient'].items():
            if r['primary_provider']:
                found['provider=' + a['provider'][r['primary_provider']]['source_key']].add(key)
        exams = a['clinical_exam']
        for r in a['tooth_record'].values():
            patient = exams[r['exam']]['patient']
            if r['supernumerary'] == '1':
                found['supernumerary'].add(patient)
            if r['status'] == 'primary' or int(r['fdi']) >= 50:
                found['primary'].add(patient)
            if r['status'] == 'implant':
                found['implant'].add(patient)
        found['custom-value'] = {r['record'] for r in a['custom_value'].values() if r['entity'] == 'patient'}
        for r in table(self.run_of(self.all_result) / 'exceptions.csv'):
            if r['src_key'] in a.get(r['entity'], ()):
                record = a[r['entity']][r['src_key']]
                if r['entity'] == 'patient':
                    found['held-back'].add(r['src_key'])
                elif 'patient' in record:
                    found['held-back'].add(record['patient'])
                elif r['entity'] == 'plan_line':
                    found['held-back'].add(a['treatment_plan'][record['plan']]['patient'])
                elif r['entity'] == 'guarantor':
                    found['held-back'] |= {k for k, p in a['patient'].items() if p['guarantor'] == r['src_key']}
        return found

    def test_strata_are_what_the_practice_has_and_each_is_in_the_sample(self):
        found = self.whose()
        self.assertGreater(len(found), 40)
        for stratum, patients in sorted(found.items()):
            if stratum == 'patient.status=':
                continue
            line = self.strata[stratum]
            self.assertEqual(int(line['patients_in_practice']), len(patients), stratum)
            self.assertEqual(int(line['patients_chosen']), len(patients & set(self.chosen)), stratum)
            self.assertEqual(line['state'], 'in the sample' if patients else 'none in this practice', stratum)
            for p in patients & set(self.chosen):
                self.assertIn(line['title'], self.chosen[p]['chosen_for'] + '; ' + self.chosen[p]['also'])
        self.assertEqual({r['state'] for r in self.strata.values()}, {'in the sample', 'none in this practice'})
        for name in ('billing_line', 'recall', 'diagnosis', 'provider=PP-PRV-8'):
            self.assertEqual(self.strata[name]['state'], 'none in this practice')

    def test_every_provider_of_the_practice(self):
        own = {k for k, r in self.all['provider'].items() if r['is_internal'] != '0'}
        self.assertEqual(own, {k for k, r in self.some['provider'].items() if r['is_internal'] != '0'})

    # ---- with everything ----

    def test_all_children_and_all_parents(self):
        for entity, link in DOWN.items():
            parents = self.some[PARENT.get(entity, 'patient')]
            expected = {k: r for k, r in self.all[entity].items() if r[link] in parents}
            self.assertEqual(self.some[entity], expected, entity)
        for entity, links in UP.items():
            for row in self.some[entity].values():
                for field, target in links.items():
                    self.assertTrue(not row[field] or row[field] in self.some[target], (entity, field))
        for row in self.some['custom_value'].values():
            self.assertIn(row['record'], self.some[row['entity']])
        expected = {k for k, r in self.all['custom_value'].items() if r['record'] in self.some.get(r['entity'], ())}
        self.assertEqual(set(self.some['custom_value']), expected)
        for entity, rows in self.some.items():
            for key, row in rows.items():
                self.assertEqual(row, self.all[entity][key])
        pointed = {r[f] for e, links in UP.items() for r in self.some[e].values() for f, t in links.items() if t == 'organization'}
        self.assertEqual(set(self.some['organization']), pointed - {''})

    def test_what_is_not_in_it_is_skipped_and_adds_up(self):
        counts = {c['name']: c for c in bundle.summary(self.result)['counts']}
        whole = {c['name']: c for c in bundle.summary(self.all_result)['counts']}
        self.assertEqual(set(counts), set(whole))
        for name, c in counts.items():
            w = whole[name]
            if c['level'] != 'object':
                self.assertEqual(c, w)
                continue
            self.assertEqual(c['written'] + c['skipped'] + c['rejected'] + c['merged'], c['mapped'])
            self.assertEqual(c['mapped'], w['mapped'])
            entity = name.split('/')[1]
            self.assertEqual(c['written'], len(self.some.get(entity, ())))
            self.assertEqual(c['skipped'] - w['skipped'], len(self.all.get(entity, ())) - len(self.some.get(entity, ())))
        told = [x for x in bundle.lines(self.result) if x.get('code') == 'SMP-1454']  # SAMPLE_OUTSIDE
        self.assertIn('canonical/patient', {x['table'] for x in told})
        with open(self.run_folder / 'audit.csv', newline='') as f:
            skipped = collections.Counter()
            for r in csv.DictReader(f):
                if r['outcome'] == 'skipped' and r['code'] == 'sample':
                    skipped[r['destination'] + '/' + r['object']] += int(r['records'])
        for name, c in counts.items():
            if c['level'] == 'object':
                self.assertEqual(skipped[name], c['skipped'] - whole[name]['skipped'])
        self.assertEqual(self.tools.verify(self.run_folder), 0)

    # ---- each time ----

    def test_the_same_again(self):
        again = self.run_of(self.convert('again', '--sample', SAMPLE))
        self.assertEqual(bundle.files(again), bundle.files(self.run_folder))

    def test_bundles_for_a_crm_hold_the_same_patients(self):
        result = self.tools.convert(self.backup, self.room / 'salesforce', None, '--teeth', 'latest', '--sample', 6, to='salesforce,canonical')
        run = self.run_of(result)
        keys = {r['Source_Key__c'] for p in (run / 'salesforce').glob('*_Contact_Patient*.csv') for r in table(p)}
        self.assertEqual(keys, {r['source_key'] for r in entities(run)['patient'].values()})
        trial = {r['Source_Key__c'] for p in (run / 'salesforce' / '00_trial').glob('*_Contact_Patient*.csv') for r in table(p)}
        self.assertTrue(trial)
        self.assertLessEqual(trial, keys)

    def test_a_sample_without_room_says_so(self):  # SAMPLE_TOO_SMALL, SAMPLE_ABSENT
        result = self.convert('small', '--sample', 3)
        self.assertLessEqual({'SMP-1452', 'SMP-1453'}, bundle.findings(result))
        strata = table(self.run_of(result) / LISTS / 'strata.csv')
        self.assertIn('not in the sample: no room', {r['state'] for r in strata})
        self.assertEqual(len(entities(self.run_of(result))['patient']), 3)
        self.assertNotIn('SMP-1453', bundle.findings(self.result))

    def test_more_than_there_are_is_everybody(self):
        counts = bundle.summary(self.convert('everybody', '--sample', 100000, '--dry-run'))['counts']
        patients = next(c for c in counts if c['name'] == 'canonical/patient')
        self.assertEqual((patients['written'], patients['skipped']), (len(self.all['patient']), 0))

    def test_only_within_what_is_asked_for(self):
        result = self.convert('active', '--sample', SAMPLE, '--only', 'active-since:2019-01-01')
        whole = self.convert('active_all', '--only', 'active-since:2019-01-01')
        some, active = entities(self.run_of(result))['patient'], entities(self.run_of(whole))['patient']
        self.assertLessEqual(set(some), set(active))
        self.assertTrue(some)

    def test_numbers_that_are_none(self):
        for wrong in ('0', '-1', 'many', '1000000'):
            self.assertEqual(self.tools.run('convert', self.backup, '--to', 'canonical', '--sample', wrong).returncode, 2)

    def test_nobody_to_choose(self):  # SAMPLE_NO_PATIENTS
        folder = self.room / 'nobody'
        folder.mkdir()
        shutil.copytree(self.tools.templates, folder / 'templates')
        profile = folder / 'templates/sources/nobody'
        profile.mkdir()
        (profile / 'profile.yaml').write_text('title: Nobody\nabout: no patients\nschema: 1\nsystem: NO\n'
                                              'detect: {tables: {dbo.Provider: [ProviderID]}}\n'
                                              'entities:\n  provider: { from: dbo.Provider, sql: provider.sql }\n')
        (profile / 'provider.sql').write_text('SELECT p.ProviderID AS src_key, p.LastName AS last FROM "dbo.Provider" AS p\n')
        result = self.tools.convert(self.backup, folder / 'out', folder / 'templates', '--profile', 'nobody', '--sample', 5, to='canonical')
        self.assertIn('SMP-1451', bundle.findings(result), result.stdout + result.stderr)
        self.assertEqual(result.returncode, 4)
        self.assertFalse(any((folder / 'out').iterdir()) if (folder / 'out').exists() else False)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
