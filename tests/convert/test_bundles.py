#!/usr/bin/env python3
"""A destination that uses every key of the template language, and Salesforce, made of an invented practice: charts in every layout are
what the model says, the trial hangs together, workbooks hold what the CSV files hold, limits stop before anything is written, scopes
are counted, the same again gives the same bytes."""
import argparse
import collections
import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import bundle

ARGS = None
PATIENTS = 60
SHEET = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'


def first_column(path):
    """The heading and the keys."""
    with open(path, newline='', encoding='utf-8-sig') as f:
        return [row[0] for row in csv.reader(f)]


def sheet_rows(path):
    """Rows of the only sheet, numbers and dates as they lie in the file."""
    with zipfile.ZipFile(path) as z:
        strings = [''.join(t.text or '' for t in si.iter(SHEET + 't')) for si in ElementTree.fromstring(z.read('xl/sharedStrings.xml'))]
        root = ElementTree.fromstring(z.read('xl/worksheets/sheet1.xml'))
        times = {i.date_time for i in z.infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}, times
    for row in root.iter(SHEET + 'row'):
        cells = {}
        for c in row.iter(SHEET + 'c'):
            letters = c.get('r').rstrip('0123456789')
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - 64
            v = c.find(SHEET + 'v').text
            cells[column - 1] = strings[int(v)] if c.get('t') == 's' else float(v)
        yield cells


class Bundles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_bundles.'))
        made = cls.room / 'practice'
        subprocess.run([ARGS.practice_gen, '--out', made, '--patients', str(PATIENTS), '--lean', '--hard', '3'], check=True, timeout=120)
        cls.backup = made / 'practice.bak'
        cls.templates = cls.room / 'templates'
        shutil.copytree(cls.tools.templates, cls.templates)
        shutil.copytree(cls.tools.here / 'destinations' / 'every_key', cls.templates / 'destinations' / 'every_key')
        cls.folder, cls.summary = cls.convert('json', to='every_key,canonical')

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def convert(cls, out, *more, to='every_key'):
        result = cls.tools.convert(cls.backup, cls.room / out, cls.templates, *more, to=to)
        if result.returncode not in (0, 3):
            raise AssertionError('exit %d\n%s\n%s' % (result.returncode, result.stdout[-3000:], result.stderr[-3000:]))
        summary = bundle.summary(result)
        return (Path(summary['run_folder']) if summary['run_folder'] else None), summary

    def sites(self):
        """{(exam, tooth, site): depth} as the model has it."""
        name = next((self.folder / 'canonical').glob('*_site_measure.csv')).name
        return {tuple(r['src_key'].split(':')): r['pd'] for r in bundle.rows(self.folder / 'canonical', name) if r['pd']}

    def exams(self, folder):
        return bundle.rows(folder / 'every_key', '04_Exam.csv')

    def latest(self):
        """The latest exam of each patient that has a chart."""
        name = next((self.folder / 'canonical').glob('*_clinical_exam.csv')).name
        charted = {exam for exam, _, _ in self.sites()} | {r['exam'] for r in bundle.rows(
            self.folder / 'canonical', next((self.folder / 'canonical').glob('*_tooth_record.csv')).name)}
        found = {}
        for r in bundle.rows(self.folder / 'canonical', name):
            place = (r['exam_at'], r['source_key'])
            if r['src_key'] in charted and place > found.get(r['patient'], (('', ''), None))[0]:
                found[r['patient']] = (place, r['src_key'])
        return {exam for _, exam in found.values()}

    def keys_of_exams(self):
        name = next((self.folder / 'canonical').glob('*_clinical_exam.csv')).name
        return {r['source_key']: r['src_key'] for r in bundle.rows(self.folder / 'canonical', name)}

    def test_every_exam_is_there_with_its_chart(self):
        keys, depths = self.keys_of_exams(), {}
        rows = self.exams(self.folder)
        self.assertEqual(sorted(r['Key'] for r in rows), sorted(keys))
        for r in rows:
            if not r['Json']:
                continue
            chart = json.loads(r['Json'])
            for tooth in chart['teeth']:
                for site, depth in zip(chart['sites'], tooth.get('pd', [])):
                    if depth is not None:
                        depths[keys[r['Key']], tooth['fdi'], site] = float(depth)
            self.assertIn('FDI  Uni  Pal', r['Text'])
        self.assertEqual(depths, {k: float(v) for k, v in self.sites().items()})

    def test_teeth_are_those_of_the_latest_exams(self):
        keys, depths = self.keys_of_exams(), {}
        for r in bundle.rows(self.folder / 'every_key', '05_Tooth.csv'):
            for site in ('MB', 'B', 'DB', 'ML', 'L', 'DL'):
                if r['PD_' + site]:
                    depths[keys[r['Exam']], r['Fdi'], site] = r['PD_' + site]
        latest = self.latest()
        self.assertEqual(depths, {k: v for k, v in self.sites().items() if k[0] in latest})

    def test_sites_and_wide_fields_say_the_same(self):
        keys = self.keys_of_exams()
        folder, _ = self.convert('site', '--layout', 'site', '--teeth', 'all')
        depths = {(keys[r['Exam']], r['Fdi'], r['Site']): r['Pd'] for r in bundle.rows(folder / 'every_key', '06_Site.csv') if r['Pd']}
        self.assertEqual(depths, self.sites())
        folder, _ = self.convert('wide', '--layout', 'wide', '--tooth-label', 'fdi')
        wide = {}
        for r in self.exams(folder):
            for name, value in r.items():
                if name.startswith('PocketDepth_') and value:
                    _, site, tooth, *_ = name.split('_')
                    wide[keys[r['Key']], tooth[1:], site] = value
        self.assertEqual(wide, {k: v for k, v in self.sites().items() if k[1].isdigit() and k[1] < '50'})

    def test_a_limit_stops_before_anything_is_written(self):
        result = self.tools.convert(self.backup, self.room / 'limit', self.templates, '--layout', 'wide', '--edition', 'professional',
                                    to='every_key')
        self.assertEqual(result.returncode, 2)
        self.assertIn('DEL-850', bundle.findings(result))
        self.assertIn('--edition enterprise', result.stdout)
        self.assertFalse((self.room / 'limit').exists())

    def test_workbooks_hold_what_the_files_hold(self):
        folder, summary = self.convert('xlsx', '--format', 'xlsx', to='every_key')
        self.assertEqual(self.tools.verify(folder), 0)
        for path in sorted((folder / 'every_key').glob('0*.xlsx')):
            head, rows = bundle.read_csv(self.folder / 'every_key' / (path.stem + '.csv'))
            table = list(sheet_rows(path))
            self.assertEqual([table[0].get(i) for i in range(len(head))], head)
            self.assertEqual(len(table) - 1, len(rows))
            for cells, row in zip(table[1:], rows):
                for i, name in enumerate(head):
                    if i not in cells:
                        self.assertEqual(row[name], '', (path.name, name))
                    elif isinstance(cells[i], str):
                        self.assertEqual(cells[i].replace('\r\n', '\n'), row[name])

    def test_the_trial_hangs_together(self):
        trial = self.folder / 'every_key' / '00_trial'
        contacts = {r['Key'] for r in bundle.rows(trial, '02_Contact.csv')}
        exams = {r['Key'] for r in bundle.rows(trial, '04_Exam.csv')}
        self.assertGreaterEqual(len(contacts), 20)
        self.assertLess(len(contacts), 45)
        whole = {r['Key']: r for r in bundle.rows(self.folder / 'every_key', '02_Contact.csv')}
        self.assertTrue(contacts <= set(whole))
        self.assertTrue(all(r['Contact'] in contacts for r in bundle.rows(trial, '04_Exam.csv')))
        self.assertTrue(all(r['Exam'] in exams for r in bundle.rows(trial, '05_Tooth.csv')))
        complete = collections.Counter(r['Contact'] for r in self.exams(self.folder))
        there = collections.Counter(r['Contact'] for r in bundle.rows(trial, '04_Exam.csv'))
        self.assertGreaterEqual(sum(there[c] == complete[c] for c in contacts), 20)

    def test_the_same_again_gives_the_same_bytes(self):
        again, _ = self.convert('again', to='every_key,canonical')
        was, files = bundle.files(self.folder), bundle.files(again)
        self.assertEqual(sorted(was), sorted(files))
        for path, data in was.items():
            self.assertEqual(data, files[path], path)

    def test_a_dry_run_counts_the_same(self):
        result = self.tools.run('convert', self.backup, '--to', 'every_key,canonical', '--dry-run', '--templates', self.templates, '--json')
        self.assertEqual(bundle.summary(result)['counts'], self.summary['counts'])

    def test_what_the_scope_leaves_out_is_counted(self):
        folder, summary = self.convert('only', '--only', 'entities:clinical_exam,tooth_record')
        self.assertEqual(bundle.rows(folder / 'every_key', '02_Contact.csv'), [])
        line = next(x for x in summary['counts'] if x['name'] == 'every_key/Contact (contact)')
        self.assertEqual((line['mapped'], line['skipped']), (line['skipped'], line['mapped']))
        # Links to what is loaded another time hold.
        self.assertTrue(all(r['Contact'] for r in self.exams(folder)))
        folder, summary = self.convert('since', '--only', 'active-since:2100-01-01')
        self.assertTrue(all(x['written'] == 0 for x in summary['counts'] if x['level'] == 'object'))

    def test_salesforce_has_its_steps_and_inventory(self):
        folder, _ = self.convert('salesforce', to='salesforce')
        names = {p.name for p in (folder / 'salesforce').iterdir()}
        self.assertTrue({'field-inventory.xlsx', '00_trial', '03_Contact_Patient.csv' if (folder / 'salesforce' / '03_Contact_Patient.csv').exists()
                         else 'field-inventory.xlsx'} <= names)
        self.assertEqual(self.tools.verify(folder), 0)

    def test_every_destination_is_whole_with_steps_and_a_trial(self):
        names = sorted(p.name for p in (self.tools.templates / 'destinations').iterdir() if p.name not in ('canonical', 'documents'))
        folder, summary = self.convert('all', to=','.join(names))
        self.assertEqual(self.tools.verify(folder), 0)
        # What a destination only wants in another form is no loss: told apart, and listed as it was.
        listed = bundle.read_csv(folder / 'exceptions.csv')[1]
        replaced = sum(r['code'] == 'DEL-818' for r in listed)
        self.assertGreater(replaced, 0)
        self.assertEqual(len(listed), summary['held_back'] + summary['changed'])
        self.assertGreaterEqual(summary['changed'], replaced)
        self.assertEqual(sum(x['changed'] for x in summary['counts']), summary['changed'])
        for name in names:
            page = (folder / name / 'IMPORT-STEPS.html').read_text(encoding='utf-8')
            self.assertNotIn('{{', page, name)
            self.assertTrue((folder / name / 'field-inventory.xlsx').exists(), name)
            self.assertTrue(list((folder / name / '00_trial').iterdir()), name)
            self.expect_undo(folder / name, page)

    def expect_undo(self, folder, page):
        """Every key that the trial loads stands in a list of its own, children before their parents, and in the page."""
        with open(folder / 'loads.json', encoding='utf-8') as f:
            sheet = json.load(f)
        kept = set(sheet['undo'].get('keep', []))
        loaded, place = {}, []
        for at, load in enumerate(sheet['files']):
            trial = folder / '00_trial' / load['file']
            if load.get('update') or load['id'] in kept or not trial.exists():
                continue
            keys = sorted(first_column(trial))
            stem = re.sub(r'^\d+_', '', load['file'])[:-4] + '_keys.csv'
            undo = [p for p in (folder / '00_trial' / 'undo').iterdir() if re.fullmatch(r'\d+_' + re.escape(stem), p.name)]
            found = [p for p in undo if sorted(first_column(p)) == keys]
            self.assertEqual(len(found), 1, (folder.name, load['file']))
            place.append(int(found[0].name.split('_')[0]))
            loaded[found[0].name] = len(keys) - 1
        self.assertEqual(place, sorted(place, reverse=True))
        self.assertEqual(set(loaded), {p.name for p in (folder / '00_trial' / 'undo').iterdir()})
        told = re.findall(r'<code>00_trial/undo/([^<]+)</code>, (\d+) of ', page)
        self.assertEqual([n for n, _ in told], sorted(loaded))
        self.assertEqual({n: int(k) for n, k in told}, loaded)

    def test_the_guide_is_filled_in(self):
        page = (self.folder / 'every_key' / 'IMPORT-STEPS.html').read_text(encoding='utf-8')
        self.assertIn('05_Tooth.csv', page)
        self.assertNotIn('{{', page)
        self.assertNotIn('<script', page)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    csv.field_size_limit(1 << 27)
    unittest.main(argv=[sys.argv[0], *rest])
