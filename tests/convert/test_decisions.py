#!/usr/bin/env python3
"""What the practice decides: which patients are one (--decisions), and whose users own the records (--users, --owners,
--fallback-owner). Nothing is merged and nothing gets an owner without it, and every record is accounted for."""
import argparse
import collections
import csv
import io
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import bundle

ARGS = None
TABLES = {
    'Patient': (('PatientID', 'ChartNumber', 'FirstName', 'LastName', 'BirthDate', 'HomePhone', 'Email', 'City', 'PrimaryProviderID'),
                [('1', 'A1', 'Mary', 'Stone', '1950-04-05', '(360)897-5555', '', 'Yelm', '1'),
                 ('2', 'A2', 'Mary', 'Stone', '1950-04-05', '(360)897-5555', 'mary@example.com', 'Kent', '2'),
                 ('3', 'A3', 'Mary', 'Stone', '1950-04-05', '(360)897-5555', '', '', '3'),
                 ('4', 'A4', 'Ruth', 'Hill', '1960-01-02', '', '', '', '')]),
    'Provider': (('ProviderID', 'FirstName', 'LastName', 'Role', 'Email', 'IsActive'),
                 [('1', 'David', 'North', 'Doctor', 'north@example.com', '1'), ('2', 'Ruth', 'South', 'Doctor', 'south@example.com', '1'),
                  ('3', 'Ann', 'East', 'Hygienist', 'east@example.com', '1'), ('4', 'Leo', 'West', 'Doctor', 'west@example.com', '0')]),
    'SOAPNotes': (('NoteID', 'PatientID', 'ProviderID', 'NoteDate', 'NoteText'),
                  [('1', '1', '1', '2020-01-02', 'first'), ('2', '2', '2', '2020-01-03', 'second'), ('3', '3', '4', '2020-01-04', 'third')]),
    'TreatmentPlan': (('TreatmentPlanID', 'PatientID', 'ProviderID', 'PlanNumber', 'PlanDate', 'Status'),
                      [('1', '2', '2', 'TP-1', '2020-02-03', 'accepted'), ('2', '3', '3', 'TP-2', '2020-02-03', 'accepted'),
                       ('3', '4', '', 'TP-3', '2020-02-03', 'accepted')]),
}
USERS = [('User ID', 'Full Name', 'EMAIL', 'Active'), ('005A00000011111AAA', 'David North', 'North@Example.com', 'true'),
         ('005A00000022222AAA', 'Ruth South', 'south@example.com', 'TRUE'), ('005A00000033333AAA', 'Ann East', 'east@example.com', 'false'),
         ('005A00000044444AAA', 'Front desk', 'desk@example.com', 'true')]
DECISIONS = ('source_key', 'other_source_key', 'primary', 'decision')


def text_of(rows, delimiter=','):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator='\r\n').writerows(rows)
    return out.getvalue()


def told(result):
    return {code for code in bundle.findings(result) if code.startswith('DEC-')}


class Decisions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_decisions.'))
        cls.source = cls.room / 'practice'
        cls.source.mkdir()
        for name, (header, rows) in TABLES.items():
            (cls.source / (name + '.csv')).write_text(text_of([header, *rows]), newline='')

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def convert(self, to, *more):
        out = Path(tempfile.mkdtemp(dir=self.room))
        return self.tools.convert(self.source, out, None, '--profile', 'panda-perio', *more, to=to), out

    def file(self, name, rows, delimiter=','):
        path = self.room / name
        path.write_text(text_of(rows, delimiter), newline='')
        return path

    def entity(self, result, name):
        folder = Path(bundle.summary(result)['run_folder']) / 'canonical'
        path = next(p for p in folder.iterdir() if p.name[3:] == name + '.csv')
        return {r['src_key']: r for r in bundle.rows(folder, path.name)}

    def counts(self, result, name):
        return next(c for c in bundle.summary(result)['counts'] if c['name'] == name)

    # ---- duplicates ----

    def decide(self, rows, to='canonical,zoho', delimiter=','):
        return self.convert(to, '--decisions', self.file('decisions.csv', [DECISIONS, *rows], delimiter))

    def test_the_list_of_a_run_filled_in_merges_in_the_next(self):
        first, _ = self.convert('canonical')
        folder = Path(bundle.summary(first)['run_folder'])
        header, rows = bundle.read_csv(folder / 'quality' / 'duplicates.csv')
        self.assertEqual({(r['source_key'], r['other_source_key'], r['decision']) for r in rows},
                         {('PP-PAT-1', 'PP-PAT-2', ''), ('PP-PAT-1', 'PP-PAT-3', ''), ('PP-PAT-2', 'PP-PAT-3', '')})
        for r in rows:
            r['decision'], r['primary'] = 'merge', 'PP-PAT-2'
        filled = self.file('filled.csv', [header, *[[r[h] for h in header] for r in rows]], ';')
        second, _ = self.convert('canonical,zoho', '--decisions', filled)
        patients = self.entity(second, 'patient')
        self.assertEqual(set(patients), {'2', '4'})
        self.assertEqual((patients['2']['email'], patients['2']['city'], patients['2']['chart_number']), ('mary@example.com', 'Kent', 'A2'))
        self.assertEqual({r['patient'] for r in self.entity(second, 'clinical_note').values()}, {'2'})
        self.assertEqual({k: r['patient'] for k, r in self.entity(second, 'treatment_plan').items()}, {'1': '2', '2': '2', '3': '4'})
        for name in ('canonical/patient', 'zoho/Contacts (patient)'):
            c = self.counts(second, name)
            self.assertEqual((c['mapped'], c['merged'], c['written'] + c['skipped']), (4, 2, 2), name)
        run = Path(bundle.summary(second)['run_folder'])
        left = {(r['src_key'], r['field']): r['value'] for r in bundle.read_csv(run / 'exceptions.csv')[1] if r['code'] == 'DEC-1404'}
        self.assertEqual(left, {('1', 'chart_number'): 'A1', ('3', 'chart_number'): 'A3', ('1', 'city'): 'Yelm', ('1', 'source_id'): '1',
                                ('3', 'source_id'): '3', ('1', 'primary_provider'): '1', ('3', 'primary_provider'): '3'})
        again = bundle.read_csv(run / 'quality' / 'duplicates.csv')[1]
        self.assertEqual({r['decision'] for r in again}, {'merge'})
        self.assertNotIn('QUA-1201', bundle.findings(second))
        self.assertIn('QUA-1201', bundle.findings(first))
        self.assertNotIn('QUA-1202', bundle.findings(second))
        self.assertEqual(self.tools.verify(run), 0)

    def test_what_the_one_that_stays_lacks_it_takes_over(self):
        result, _ = self.decide([('PP-PAT-1', 'PP-PAT-2', 'PP-PAT-1', 'merge'), ('PP-PAT-1', 'PP-PAT-3', '', 'keep both')])
        patients = self.entity(result, 'patient')
        self.assertEqual(set(patients), {'1', '3', '4'})
        self.assertEqual((patients['1']['email'], patients['1']['city']), ('mary@example.com', 'Yelm'))

    def test_decisions_that_contradict_themselves_stop_before_anything_is_written(self):
        merge = ('PP-PAT-1', 'PP-PAT-2', 'PP-PAT-1', 'merge')
        for rows in ([merge, ('PP-PAT-2', 'PP-PAT-3', 'PP-PAT-3', 'merge')],        # two primaries
                     [merge, ('PP-PAT-2', 'PP-PAT-1', '', 'keep both')],            # one person, and two
                     [('PP-PAT-1', 'PP-PAT-2', 'PP-PAT-4', 'merge')],               # a stranger stays
                     [('PP-PAT-1', 'PP-PAT-2', '', 'merge')],                       # nobody said who
                     [('PP-PAT-1', 'PP-PAT-1', 'PP-PAT-1', 'merge')],               # one record
                     [('PP-PAT-1', 'PP-PAT-2', 'PP-PAT-1', 'perhaps')]):            # no decision
            result, out = self.decide(rows)
            self.assertEqual((result.returncode, told(result)), (2, {'DEC-1402'}), rows)
            self.assertEqual(list(out.iterdir()), [], rows)
        result, _ = self.convert('canonical', '--decisions', self.file('other.csv', [('a', 'b'), ('1', '2')]))
        self.assertEqual((result.returncode, told(result)), (2, {'DEC-1401'}))
        result, _ = self.convert('canonical', '--decisions', self.room / 'absent.csv')
        self.assertEqual((result.returncode, told(result)), (2, {'DEC-1401'}))

    def test_a_decision_about_nobody_has_no_effect_and_is_told(self):
        result, _ = self.decide([('PP-PAT-1', 'PP-PAT-77', 'PP-PAT-1', 'merge'), ('PP-PAT-3', 'PP-PAT-2', '', '')])
        self.assertEqual(set(self.entity(result, 'patient')), {'1', '2', '3', '4'})
        self.assertIn('DEC-1403', bundle.findings(result))

    # ---- owners ----

    def owned(self, to, *more):
        return self.convert(to, '--users', self.file('users.csv', USERS), *more)

    def owners(self, result, destination, csv_name, column):
        folder = Path(bundle.summary(result)['run_folder']) / destination
        with open(next(folder.glob(csv_name)), encoding='utf-8-sig', newline='') as f:
            return collections.Counter(r[column] for r in csv.DictReader(f))

    def test_without_an_owner_for_each_record_nothing_is_written(self):
        result, out = self.owned('salesforce')
        self.assertEqual((result.returncode, list(out.iterdir())), (2, []))
        said = next(x for x in bundle.lines(result) if x.get('code') == 'DEC-1408')
        self.assertIn('Ann East', str(said))
        self.assertIn('records without a provider', str(said))
        self.assertNotIn('North', str(said))
        self.assertNotIn('Stone', str(said))

    def test_users_are_found_by_address_then_by_the_list_and_the_rest_has_one_who_stands_in(self):
        listed = self.file('owners.csv', [('provider', 'user'), ('PP-PRV-3', 'desk@example.com'), ('PP-PRV-4', 'east@example.com')])
        result, _ = self.owned('salesforce,zoho', '--owners', listed, '--fallback-owner', 'zoho=north@example.com,salesforce=south@example.com')
        self.assertIn(result.returncode, (0, 3))
        north, south, desk = (u[0] for u in (USERS[1], USERS[2], USERS[4]))
        self.assertEqual(self.owners(result, 'salesforce', '09_Contact_Patient.csv', 'OwnerId'), {north: 1, south: 2, desk: 1})
        self.assertEqual(self.owners(result, 'salesforce', '16_TreatmentPlan.csv', 'OwnerId'), {south: 2, desk: 1})
        # East is no active user, so the list's second row has no effect; West has left.
        self.assertTrue({'DEC-1406', 'DEC-1409'} <= bundle.findings(result))
        notes = self.owners(result, 'zoho', '17_Notes.csv', 'Note Owner')
        self.assertEqual(notes, {'North@Example.com': 2, 'south@example.com': 1})
        run = Path(bundle.summary(result)['run_folder'])
        missing = {(r['object'], r['provider']): (r['records'], r['owner'], r['why'])
                   for r in bundle.read_csv(run / 'quality' / 'unmatched_providers.csv')[1]}
        self.assertEqual(missing['salesforce/Contact (patient)', ''], ('1', 'stands in', 'names no provider'))
        self.assertEqual(missing['zoho/Notes (clinical)', 'PP-PRV-4'], ('1', 'stands in', 'no active user has the e-mail address'))
        self.assertFalse([k for k in missing if k[1] in ('PP-PRV-1', 'PP-PRV-2', 'PP-PRV-3')])
        self.assertEqual(self.tools.verify(run), 0)

    def test_who_stands_in_must_be_an_active_user(self):
        for who in ('east@example.com', 'nobody@example.com'):
            result, out = self.owned('salesforce', '--fallback-owner', who)
            self.assertEqual((result.returncode, told(result), list(out.iterdir())), (2, {'DEC-1407'}, []))

    def test_two_active_users_of_one_address_match_nobody(self):
        twice = self.file('twice.csv', [*USERS, ('005A00000055555AAA', 'Another', 'north@example.com', 'true')])
        result, _ = self.convert('salesforce', '--users', twice, '--fallback-owner', 'desk@example.com')
        self.assertIn('DEC-1405', bundle.findings(result))
        self.assertNotIn(USERS[1][0], self.owners(result, 'salesforce', '09_Contact_Patient.csv', 'OwnerId'))

    def test_an_export_that_does_not_say_who_is_active_is_refused(self):
        result, out = self.convert('zoho', '--users', self.file('short.csv', [u[:3] for u in USERS]))
        self.assertEqual((result.returncode, told(result), list(out.iterdir())), (2, {'DEC-1401'}, []))

    def test_without_an_export_an_address_is_taken_for_the_users(self):
        result, _ = self.convert('salesforce,zoho')
        folder = Path(bundle.summary(result)['run_folder'])
        self.assertNotIn('OwnerId', (folder / 'salesforce' / '09_Contact_Patient.csv').read_text())
        self.assertEqual(self.owners(result, 'zoho', '17_Notes.csv', 'Note Owner'),
                         {'north@example.com': 1, 'south@example.com': 1, '': 1})


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
