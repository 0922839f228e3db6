#!/usr/bin/env python3
"""An invented practice with charts converted to the model itself: teeth, sites and findings are there once each and add up, the workbook
holds the same, the quality of the data is what the files say; the same again gives the same bytes."""
import argparse
import collections
import csv
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import bundle
import workbook

ARGS = None
PATIENTS = 40


class Charts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_charts.'))
        made = cls.room / 'practice'
        subprocess.run([ARGS.practice_gen, '--out', made, '--patients', str(PATIENTS), '--lean', '--hard', '4'], check=True, timeout=120)
        cls.backup = made / 'practice.bak'
        result = cls.convert('out')
        cls.summary = bundle.summary(result)
        cls.folder = Path(cls.summary['run_folder'])
        cls.files = {p.stem[3:]: p for p in sorted((cls.folder / 'canonical').glob('*.csv'))}
        cls.report = json.loads((cls.folder / 'report.json').read_text(encoding='utf-8'))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def convert(cls, out, to='canonical', limit=None):
        return cls.tools.convert(cls.backup, cls.room / out, cls.tools.templates, to=to, limit=limit)

    def rows(self, entity):
        return bundle.read_csv(self.files[entity])[1]

    def line(self, level, name):
        return next(x for x in self.summary['counts'] if (x['level'], x['name']) == (level, name))

    def test_every_sum_is_closed(self):
        for line in self.summary['counts']:
            if line['level'] == 'object':
                self.assertEqual(line['mapped'], line['written'] + line['merged'] + line['skipped'] + line['rejected'], line['name'])
                self.assertEqual(line['written'], len(self.rows(line['from'])), line['name'])
            elif line['level'] == 'entity':
                self.assertEqual(line['decoded'], line['mapped'] + line['skipped'] + line['rejected'], line['name'])
        self.assertEqual(self.tools.verify(self.folder), 0)

    def test_what_was_left_out_is_listed(self):
        listed = sum(len(bundle.read_csv(p)[1]) for p in (self.folder / 'rejects').iterdir())
        self.assertEqual(listed, self.summary['rejected'])
        self.assertEqual(len(bundle.read_csv(self.folder / 'exceptions.csv')[1]), self.summary['held_back'])

    def test_of_a_practice_without_trouble_every_tooth_and_site_is_there(self):
        made = self.room / 'plain'
        subprocess.run([ARGS.practice_gen, '--out', made, '--patients', '20', '--lean', '--hard', '0'], check=True, timeout=120)
        truth = json.loads((made / 'truth/digests.json').read_text(encoding='utf-8'))
        result = self.tools.convert(made / 'practice.bak', self.room / 'plainly', self.tools.templates, to='canonical')
        folder = Path(bundle.summary(result)['run_folder']) / 'canonical'
        for name in ('06_clinical_exam.csv', '07_tooth_record.csv', '08_site_measure.csv'):
            rows, right = bundle.read_csv(folder / name)[1], truth[name[3:-4]]
            self.assertEqual(len(rows), right['count'], name)
            for field in ('pd', 'recession', 'cal', 'bop', 'plaque'):
                if field in right.get('sums', {}) and rows and field in rows[0]:
                    self.assertEqual(sum(float(r[field] or 0) for r in rows), float(right['sums'][field]), field)

    def test_keys_are_made_of_exam_tooth_and_site(self):
        exams = {r['src_key'] for r in self.rows('clinical_exam')}
        teeth = {}
        for r in self.rows('tooth_record'):
            self.assertIn(r['exam'], exams)
            tooth = r['fdi'] + ('S' if r['supernumerary'] == '1' else '')
            self.assertEqual(r['src_key'], r['exam'] + ':' + tooth)
            self.assertEqual(r['source_key'], 'PP-TTH-%s_3A%s' % (r['exam'], tooth))
            teeth[r['src_key']] = r
        self.assertEqual(len(teeth), len(self.rows('tooth_record')))
        sites = set()
        for r in self.rows('site_measure'):
            self.assertIn(r['tooth'], teeth)
            self.assertEqual(r['src_key'], r['tooth'] + ':' + r['site'])
            self.assertEqual(r['source_key'], 'PP-SIT-' + r['src_key'].replace(':', '_3A'))
            self.assertTrue(any(r[f] for f in ('pd', 'recession', 'cal_source', 'bop', 'suppuration', 'plaque', 'calculus')))
            if r['pd'] and r['recession']:
                self.assertEqual(float(r['cal']), float(r['pd']) + float(r['recession']))
            sites.add(r['src_key'])
        self.assertEqual(len(sites), len(self.rows('site_measure')))

    def test_scores_of_exams_are_those_of_their_sites(self):
        depth = collections.defaultdict(list)
        state = {r['src_key']: r['status'] for r in self.rows('tooth_record')}
        for r in self.rows('site_measure'):
            if r['pd'] and state[r['tooth']] not in ('missing', 'implant', 'unerupted', 'pontic'):
                depth[r['tooth'].split(':')[0]].append(float(r['pd']))
        checked = 0
        for r in self.rows('clinical_exam'):
            if not depth[r['src_key']]:
                continue
            self.assertEqual(int(r['sites_examined']), len(depth[r['src_key']]))
            self.assertEqual(float(r['max_pd']), max(depth[r['src_key']]))
            checked += 1
        self.assertGreater(checked, PATIENTS)

    @unittest.skipUnless(importlib.util.find_spec('openpyxl'), 'openpyxl absent')
    def test_the_workbook_holds_everything_but_the_sites(self):
        path = self.folder / 'canonical' / 'canonical.xlsx'
        sheets = {name: file for name, file in self.files.items() if name != 'site_measure'}
        self.assertEqual(workbook.differences(path, sheets), [])
        contents = {r['sheet']: r for r in workbook.contents(path)}
        self.assertEqual(set(contents), set(self.files))
        self.assertEqual(contents['site_measure']['records'], len(self.rows('site_measure')))
        self.assertTrue(contents['site_measure']['remark'].startswith('not in this workbook'))
        long = sum(len(x.encode('utf-16-le')) > 65534 for r in self.rows('clinical_note') for x in r.values())
        self.assertGreater(long, 0)
        self.assertEqual(contents['clinical_note']['remark'], '%d texts do not fit into a cell and are only in the file' % long)

    def test_custom_fields_are_counted(self):
        listed = {(r['entity'], r['name']): int(r['records']) for r in self.quality('custom_fields')}
        found = collections.Counter(('custom_finding', r['name']) for r in self.rows('custom_finding'))
        found += collections.Counter((r['entity'], r['name']) for r in self.rows('custom_value'))
        together = collections.Counter()
        for r in self.quality('custom_fields'):
            together[r['entity'], r['name']] += int(r['records'])
        self.assertEqual(together, found)
        self.assertTrue(listed)

    def quality(self, name):
        return bundle.read_csv(self.folder / 'quality' / (name + '.csv'))[1]

    def test_fields_are_kept_as_often_as_records_have_them(self):
        for r in self.quality('fields'):
            kept = sum(x[r['field']] != '' for x in self.rows(r['entity']))
            if r['entity'] != 'custom_finding':  # those of charts are not staged
                self.assertEqual(int(r['kept']), kept, (r['entity'], r['field']))

    def test_the_report_counts_charts(self):
        charts = self.report['quality']['charts']
        self.assertEqual(charts['exams'], len({r['exam'] for r in self.rows('tooth_record')}))
        self.assertEqual(charts['numbering_assumed'], len(self.quality('numbering_assumed')))
        self.assertEqual(charts['ambiguous_teeth'] + charts['exams_left_out'], len(self.quality('ambiguous_teeth')))
        groups = {r['group'] for r in self.quality('duplicates')}
        self.assertEqual(self.report['quality']['duplicate_groups'], len(groups))

    def test_no_name_of_a_patient_is_in_the_report(self):
        page = (self.folder / 'report.html').read_text(encoding='utf-8') + json.dumps(self.report)
        self.assertFalse([r['last'] for r in self.rows('patient') if len(r['last']) > 6 and r['last'] in page])

    def test_the_same_again_gives_the_same_bytes_beside_another_destination_too(self):
        again = Path(bundle.summary(self.convert('again'))['run_folder'])
        self.assertEqual(bundle.files(again), bundle.files(self.folder))
        both = Path(bundle.summary(self.convert('both', to='salesforce,canonical'))['run_folder'])
        self.assertEqual(bundle.files(both / 'canonical'), bundle.files(self.folder / 'canonical'))

    def test_a_destination_without_charts_says_so(self):
        templates = self.room / 'templates'
        shutil.copytree(self.tools.templates / 'sources', templates / 'sources')
        shutil.copytree(self.tools.here / 'destinations', templates / 'destinations')
        result = self.tools.convert(self.backup, self.room / 'salesforce', templates)
        self.assertIn('DEL-810', bundle.findings(result))

    def test_a_full_disk_is_told_and_leaves_nothing(self):
        largest = max(p.stat().st_size for p in self.files.values())
        for limit in (largest // 8, largest // 2, largest - 1):
            full = self.convert('full%d' % limit, limit=limit)
            self.assertEqual(full.returncode, 5, limit)
            out = self.room / ('full%d' % limit)
            self.assertFalse(out.exists() and list(out.iterdir()))


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    csv.field_size_limit(1 << 27)
    unittest.main(argv=sys.argv[:1] + rest)
