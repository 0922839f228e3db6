#!/usr/bin/env python3
"""The truth of invented practices found again, value for value, in the bundles: read back as the destination's
own importer reads them (again/), by code that shares nothing with the program. And that the comparison can fail.

    test_again.py --chartferry FILE --practice-gen FILE --templates FOLDER [--patients N] [--corpus FOLDER]"""
import argparse
import copy
import csv
import io
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

from again import dynamics, flat, salesforce, truth

ARGS = None
# A zone with daylight saving: moments of both halves of a year are among the appointments.
ZONE = {'panda': 'America/New_York', 'dentes': 'Europe/Istanbul'}
SOURCE = {'panda': 'practice.bak', 'dentes': 'csv-dentes-utf8'}


def convert(source, out, *more):
    done = subprocess.run([ARGS.chartferry, 'convert', source, '--to', 'salesforce,dynamics,zoho,pipedrive,hubspot', '--out', out, '--templates', ARGS.templates,
                           *more], capture_output=True, text=True, timeout=600)
    if done.returncode not in (0, 3):
        raise AssertionError('convert: %d\n%s' % (done.returncode, done.stderr[-3000:]))
    return next(pathlib.Path(out).iterdir())


def compare(run, system, of_truth, *destinations):
    """destination -> comparison. The truth is changed by it: each has its own."""
    how = {'salesforce': (salesforce.compare, ZONE[system]), 'dynamics': (dynamics.compare, system)}
    if system == 'panda':
        how.update((d, (flat.compare, d)) for d in flat.DESTINATIONS)
    return {d: how[d][0](run / d, copy.deepcopy(of_truth), how[d][1]) for d in destinations or how}


def rewrite(path, heading, change):
    """The rows of a CSV file, or of the one in a ZIP that has that heading, changed."""
    if path.suffix == '.zip':
        with zipfile.ZipFile(path) as z:
            members = {n: z.read(n) for n in z.namelist()}
        with zipfile.ZipFile(path, 'w') as z:
            for n, data in members.items():
                z.writestr(n, changed(data, change) if n.endswith('.csv') and heading in data.decode('utf-8-sig').split('\n')[0] else data)
    else:
        path.write_bytes(changed(path.read_bytes(), change))


def changed(data, change):
    rows = list(csv.reader(io.StringIO(data.decode('utf-8-sig'), newline='')))
    rows = [rows[0]] + change([dict(zip(rows[0], r)) for r in rows[1:]])
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([r if isinstance(r, list) else list(r.values()) for r in rows])
    return out.getvalue().encode('utf-8-sig' if data.startswith(b'\xef\xbb\xbf') else 'utf-8')


class Again(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = pathlib.Path(tempfile.mkdtemp(prefix='again.'))
        cls.truth, cls.run_folder, cls.found = {}, {}, {}
        for system, source in SOURCE.items():
            made = cls.room / system
            subprocess.run([ARGS.practice_gen, '--system', system, '--patients', str(ARGS.patients), '--seed', '5', '--hard', '12',
                            '--out', made], check=True)
            cls.truth[system] = truth.Truth(made / 'truth')
            cls.run_folder[system] = convert(made / source, cls.room / (system + '_out'), '--option', 'time_zone=' + ZONE[system])
            cls.found[system] = compare(cls.run_folder[system], system, cls.truth[system])

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def test_every_value_of_the_truth_is_there(self):
        for system, found in self.found.items():
            for destination, c in found.items():
                with self.subTest(system=system, destination=destination):
                    self.assertEqual(c.lines(), [])

    def test_every_kind_of_record_was_compared(self):
        """A comparison of nothing would find nothing wrong."""
        for system, found in self.found.items():
            for destination, c in found.items():
                if destination in flat.DESTINATIONS:
                    self.assertGreater(sum(c.compared.values()), 500)
                    continue
                known = {e for e, rows in self.truth[system].rows.items() if rows}
                known -= {'letter_template', 'document'}     # documents are compared as files
                known -= {'tooth_record'} if destination == 'dynamics' else set()
                known -= {'guarantor'}     # those of the practice are patients; insurers of the clinic are made of values
                self.assertLessEqual(known - set(c.compared), {'organization'} if system == 'dentes' else set(), (system, destination))

    # ---- the comparison can fail ----

    CHANGES = {
        'salesforce': [  # file, heading of the one in a ZIP, change of its rows, what must be said of it
            ('09_Contact_Patient.csv', '', lambda rows: [dict(rows[1], LastName='X')] + rows[2:], ('patient.last', 'patient: missing')),
            ('24_Event.csv', '', lambda rows: [dict(r, StartDateTime=r['StartDateTime'].replace(':00.000Z', ':01.000Z')) for r in rows],
             ('appointment.start_at',)),
            ('17_TreatmentPlanLine.csv', '', lambda rows: [dict(r, TreatmentPlan__c=rows[-1]['TreatmentPlan__c']) for r in rows],
             ('plan_line.plan',)),
            ('12_ClinicalExam.csv', '', lambda rows: [swapped(r, 'Chart_JSON__c') for r in rows], ('chart: a value',)),
            ('13_ClinicalTooth.csv', '', lambda rows: [dict(r, BOP_MB__c='', Recession_MB__c=r['Recession_MB__c'] or '0') for r in rows],
             ('site_measure.bop', 'site_measure.recession')),
            ('15_ClinicalFinding.csv', '', lambda rows: [dict(r, Tooth_Key__c='') for r in rows], ('custom_finding: missing',)),
            ('27_ContentVersion.csv', '', lambda rows: [dict(r, VersionData=rows[0]['VersionData']) for r in rows], ('document: its bytes',)),
            ('../rejects/plan_line.csv', '', lambda rows: rows[1:], ('plan_line: rejected',))],
        'dynamics': [
            ('uploads/upload_02.zip', 'Chart Number', lambda rows: [dict(rows[1], **{'Last Name': 'X'})] + [
                dict(r, Sex='Male') for r in rows[2:]], ('patient.last', 'patient: missing', 'patient.sex')),
            ('uploads/upload_04.zip', 'Chart JSON', lambda rows: [dict(swapped(r, 'Chart JSON'), Findings='') for r in rows],
             ('chart: a value', 'custom_finding: missing')),
            ('uploads/upload_04.zip', 'Title', lambda rows: [dict(r, Description=r['Description'].upper()) for r in rows],
             ('makes another text',)),
            ('Files_001.zip', 'Document', lambda rows: [dict(r, Document=rows[0]['Document']) for r in rows], ('document: its bytes',))],
        'zoho': [
            ('05_Contacts_Patients.csv', '', lambda rows: [dict(rows[1], **{'Last Name': 'X'})] + rows[2:], ('patient.last', 'patient: missing')),
            ('08_PANDA_Plan_Lines.csv', '', lambda rows: [dict(r, Fee=r['Fee'] + '1') for r in rows], ('plan_line.fee',)),
            ('17_Notes.csv', '', lambda rows: [dict(r, **{'Note Content': r['Note Content'][5:]}) for r in rows], ('is not in the text',))],
        'pipedrive': [
            ('04_Deal.csv', '', lambda rows: [dict(r, **{'Person - Name': 'X (0)'}) for r in rows], ('treatment_plan.patient',)),
            ('10_Note_Clinical.csv', '', lambda rows: rows[1:], ('clinical_note: missing',))],
        'hubspot': [
            ('04_Contacts_Patients.csv', '', lambda rows: [dict(r, **{'Postal code': r['Postal code'].lstrip('09')}) for r in rows],
             ('patient.postal_code',)),
            ('16_Meetings.csv', '', lambda rows: rows[1:], ('appointment: missing',))]}

    def test_comparison_can_fail(self):
        for destination, changes in self.CHANGES.items():
            copied = self.room / ('changed_' + destination)
            shutil.copytree(self.run_folder['panda'] / 'rejects', copied / 'rejects')
            shutil.copy(self.run_folder['panda'] / 'exceptions.csv', copied)
            shutil.copytree(self.run_folder['panda'] / destination, copied / destination)
            for file, heading, change, _ in changes:
                rewrite(copied / destination / file, heading, change)
            said = compare(copied, 'panda', self.truth['panda'], destination)[destination].lines()
            for expected in (e for change in changes for e in change[3]):
                self.assertTrue(any(expected in line for line in said), (destination, expected, said))


def swapped(row, field):
    """Two teeth of the chart have each other's values."""
    if row[field]:
        chart = json.loads(row[field])
        if len(chart['teeth']) > 1:
            a, b = chart['teeth'][0], chart['teeth'][1]
            a['fdi'], b['fdi'] = b['fdi'], a['fdi']
        row = dict(row, **{field: json.dumps(chart)})
    return row


class Clinics(unittest.TestCase):
    """Real databases: no truth is known of them, but each of their rows is found in each destination."""
    ROWS = {'clinicdb2019.bak': {'PRV': 6, 'PAT': 5, 'APT': 5}, 'dentalclinic2012.mdf': {'PAT': 3, 'APT': 2},
            'hasta2017_tr.bak': {'PRV': 5, 'PAT': 2, 'DIA': 2, 'NOT': 2}}

    def test_rows_in_are_rows_found(self):
        corpus = pathlib.Path(ARGS.corpus or 'none')
        if not all((corpus / name).exists() for name in self.ROWS):
            self.skipTest('skipped: corpus absent')
        for name, rows in self.ROWS.items():
            with self.subTest(source=name), tempfile.TemporaryDirectory(prefix='again.') as room:
                run = convert(corpus / name, pathlib.Path(room) / 'out')
                for crm in (salesforce.Crm(run / 'salesforce'), dynamics.Crm(run / 'dynamics')):
                    self.assertEqual(crm.wrong, [])
                    found = {kind: len(records) for kind, records in crm.records.items()}
                    self.assertEqual(found, rows, type(crm).__module__)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    for name in ('chartferry', 'practice-gen', 'templates'):
        parser.add_argument('--' + name, required=True)
    parser.add_argument('--patients', type=int, default=6)
    parser.add_argument('--corpus')
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0]] + rest)
