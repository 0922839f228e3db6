#!/usr/bin/env python3
"""The report of a conversion held against the bundle's files and the generator's truth, counted here once more: the sheet, the pictures,
how full fields are, spot checks; the page and the PDF hold nothing else than report.json; the same again gives the same bytes."""
import argparse
import collections
import csv
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path

import bundle

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'report'))
import check_pages  # noqa: E402

ARGS = None
PATIENTS = 40
THERE = ('', 'present', 'implant', 'primary')
READINGS = ('pd', 'recession', 'cal', 'bop', 'suppuration', 'plaque', 'calculus')


def truth(folder, name):
    with open(folder / 'truth' / (name + '.csv'), encoding='utf-8', newline='') as f:
        yield from csv.DictReader(f)


def step(sites):
    """An exam of so many sites is counted with these."""
    if sites == 0:
        return 'none'
    first = (sites - 1) // 24 * 24 + 1
    return '193 and more' if first > 192 else '%d to %d' % (first, first + 23)


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_report.'))
        cls.clean = cls.make('clean', '--hard', '0')
        cls.hard = cls.make('hard', '--hard', '6', '--seed', '3')
        cls.dentes = cls.make('dentes', '--system', 'dentes', '--seed', '5')
        cls.runs = {'clean': cls.convert(cls.clean / 'practice.bak', 'clean', '--pdf'),
                    'hard': cls.convert(cls.hard / 'practice.bak', 'hard', '--pdf'),
                    'dentes': cls.convert(cls.dentes / 'csv-dentes-utf8', 'dentes', '--pdf')}
        cls.reports = {name: json.loads((run / 'report.json').read_text(encoding='utf-8')) for name, run in cls.runs.items()}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def make(cls, name, *how):
        folder = cls.room / ('made_' + name)
        subprocess.run([ARGS.practice_gen, '--out', folder, '--patients', str(PATIENTS), *how], check=True, timeout=120)
        return folder

    @classmethod
    def convert(cls, source, out, *more):
        result = cls.tools.convert(source, cls.room / out, None, *more, to='canonical,salesforce')
        return Path(bundle.summary(result)['run_folder'])

    def entity(self, run, name):
        for p in sorted((self.runs[run] / 'canonical').glob('*.csv')):
            if p.stem[3:] == name:
                return bundle.read_csv(p)[1]
        return []

    def sheet(self, run, entity):
        lines = next((g['lines'] for g in self.reports[run]['tie_out'] if g['entity'] == entity), [])
        return {(x['kind'], x['field'], x['value']): x.get('number', x.get('amount', x.get('day'))) for x in lines}

    def picture(self, run, name):
        return {b['label']: b for b in next(p for p in self.reports[run]['pictures'] if p['id'] == name)['bars']}

    # ---- form

    def test_page_and_pdf_say_what_report_json_says(self):
        for name, run in self.runs.items():
            self.assertEqual(list(check_pages.check_case(run)), [], name)
            self.assertEqual(self.tools.verify(run), 0, name)

    def test_the_same_again_gives_the_same_bytes(self):
        again = self.convert(self.hard / 'practice.bak', 'again', '--pdf')
        for name in ('report.html', 'report.json', 'report.pdf'):
            self.assertEqual((again / name).read_bytes(), (self.runs['hard'] / name).read_bytes(), name)

    def test_no_pdf_that_nobody_asked_for(self):
        run = self.convert(self.clean / 'practice.bak', 'plain')
        self.assertFalse((run / 'report.pdf').exists())
        self.assertEqual(self.tools.verify(run), 0)

    def test_source_is_known_by_its_hash(self):
        source = self.clean / 'practice.bak'
        want = [{'name': 'practice.bak', 'bytes': source.stat().st_size, 'sha256': hashlib.sha256(source.read_bytes()).hexdigest()}]
        self.assertEqual(self.reports['clean']['source']['files'], want)
        folder = self.dentes / 'csv-dentes-utf8'
        given = {f['name']: f['sha256'] for f in self.reports['dentes']['source']['files']}
        self.assertEqual(given, {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.name in given})
        self.assertGreater(len(given), 5)

    def test_options_are_told_without_folders(self):
        self.assertEqual([(x['name'], x['value']) for x in self.reports['clean']['options']],
                         [('--to', 'canonical'), ('--to', 'salesforce'), ('--pdf', '')])
        self.assertNotIn(str(self.room), (self.runs['clean'] / 'report.json').read_text(encoding='utf-8'))

    # ---- the sheet

    def test_sheet_is_what_the_files_hold(self):
        for run in self.runs:
            status = collections.Counter(r['status'] for r in self.entity(run, 'patient'))
            sheet = self.sheet(run, 'patient')
            self.assertEqual({k[2]: v for k, v in sheet.items() if k[0] == 'word'}, status, run)
            self.assertEqual(sheet['records', '', ''], PATIENTS)
            for entity, field in (('clinical_exam', 'exam_at'), ('appointment', 'start_at'), ('treatment_plan', 'plan_date')):
                days = [r[field][:10] for r in self.entity(run, entity)]
                if not days:
                    continue
                sheet = self.sheet(run, entity)
                self.assertEqual({k[2]: v for k, v in sheet.items() if k[0] == 'year'}, collections.Counter(d[:4] for d in days), (run, entity))
                self.assertEqual(sheet['first', field, ''], min(d for d in days if d), (run, entity))
                self.assertEqual(sheet['last', field, ''], max(days), (run, entity))

    def test_each_sum_of_the_sheet_adds_up(self):
        for run, report in self.reports.items():
            for group in report['tie_out']:
                n = {x['kind']: x['number'] for x in group['lines'] if x['kind'] in ('decoded', 'rejected', 'skipped', 'merged', 'records')}
                if 'decoded' in n:
                    left = n.get('rejected', 0) + n.get('skipped', 0) + n.get('merged', 0)
                    self.assertEqual(n['decoded'], n['records'] + left, (run, group['title']))

    def test_exams_of_each_year_are_the_truth(self):
        want = collections.Counter(r['exam_at'][:4] for r in truth(self.clean, 'clinical_exam'))
        self.assertEqual({y: b['number'] for y, b in self.picture('clean', 'exams').items() if b['number']}, want)
        self.assertGreater(sum(want.values()), 100)

    def test_sums_of_money_are_the_truth(self):
        want = sum((Decimal(r['est_cost']) for r in truth(self.clean, 'treatment_plan') if r['est_cost']), Decimal())
        self.assertEqual(Decimal(self.sheet('clean', 'treatment_plan')['sum', 'est_cost', 'USD']), want)
        for run in self.runs:
            for entity, fields in (('treatment_plan', ['est_cost']), ('plan_line', ['fee', 'insurance_estimate']),
                                   ('billing_line', ['charge', 'payment', 'adjustment'])):
                for field in fields:
                    by = collections.defaultdict(Decimal)
                    for r in self.entity(run, entity):
                        if r[field]:
                            by[r.get('currency', '')] += Decimal(r[field])
                    have = {k[2]: Decimal(v) for k, v in self.sheet(run, entity).items() if k[:2] == ('sum', field)}
                    self.assertEqual(have, by, (run, entity, field))

    def test_money_of_a_turkish_clinic(self):
        sums, balance = collections.defaultdict(Decimal), {}
        for r in truth(self.dentes, 'billing_line'):
            for field in ('charge', 'payment'):
                if r[field]:
                    sums[field] += Decimal(r[field])
            if r['balance']:
                day = balance.get(r['patient'], ('',))[0]
                if r['line_date'] >= day:
                    balance[r['patient']] = (r['line_date'], Decimal(r['balance']))
        sheet = self.sheet('dentes', 'billing_line')
        for field, want in sums.items():
            self.assertEqual(Decimal(sheet['sum', field, 'TRY']), want, field)
        self.assertGreater(sums['charge'], 0)
        self.assertEqual(Decimal(sheet['difference', 'charge', 'TRY']), sums['charge'] - sums['payment'])
        if balance:
            self.assertEqual(Decimal(sheet['balance', 'balance', 'TRY']), sum(x[1] for x in balance.values()))

    # ---- charts

    def test_pictures_are_what_the_files_hold(self):
        for run in ('clean', 'hard'):
            depths, exams, have = collections.Counter(), collections.Counter(), collections.Counter()
            teeth = {r['src_key']: r for r in self.entity(run, 'tooth_record')}
            charted = {r['exam'] for r in teeth.values()}
            for r in self.entity(run, 'site_measure'):
                tooth = teeth[r['tooth']]
                if r['pd']:
                    whole = int(Decimal(r['pd']))
                    depths[str(whole) if whole < 15 else '15+'] += 1
                    exams[tooth['exam']] += 1
                for name in READINGS if tooth['status'] in THERE else ():
                    have[name] += r[name] != ''
            there = sum(r['status'] in THERE for r in teeth.values())
            self.assertEqual({k: b['number'] for k, b in self.picture(run, 'depths').items() if b['number']}, depths, run)
            self.assertEqual({k: b['number'] for k, b in self.picture(run, 'sites').items() if b['number']},
                             collections.Counter(step(exams[e]) for e in charted), run)
            for bar in self.picture(run, 'missing').values():
                self.assertEqual((bar['number'], bar['missing']), (have[bar['field']], 6 * there - have[bar['field']]), (run, bar))
                self.assertEqual(bar['rate'], int(Decimal(1000 * bar['number']) / (6 * there) + Decimal('0.5')))

    def test_depths_are_the_truth(self):
        want = collections.Counter()
        for r in truth(self.clean, 'site_measure'):
            if r['pd']:
                want[min(int(Decimal(r['pd'])), 15)] += 1
        have = {15 if k == '15+' else int(k): b['number'] for k, b in self.picture('clean', 'depths').items() if b['number']}
        self.assertEqual(have, want)
        self.assertGreater(sum(want.values()), 10000)

    def test_a_source_without_charts_shows_its_appointments(self):
        want = collections.Counter(r['start_at'][:4] for r in self.entity('dentes', 'appointment'))
        self.assertEqual({y: b['number'] for y, b in self.picture('dentes', 'appointments').items() if b['number']}, want)
        self.assertEqual([p['id'] for p in self.reports['dentes']['pictures']], ['appointments'])

    # ---- fields

    def test_fields_are_as_full_as_the_files(self):
        for run, report in self.reports.items():
            d = next(x for x in report['destinations'] if x['id'] == 'salesforce')
            rows = {}
            for f in d['files']:
                if f['object'] and f['path'].endswith('.csv') and '/00_trial/' not in f['path']:
                    rows.setdefault(f['object'], []).extend(bundle.read_csv(self.runs[run] / f['path'])[1])
            lines = [x for x in d['fill']['list'] if x['fields'] == 1]
            self.assertGreater(len(lines), 60, run)
            for x in lines:
                have = rows[x['object']]
                self.assertEqual((x['rows'], x['bundle']), (len(have), sum(r[x['field']] != '' for r in have)), (run, x))
                self.assertEqual(x['lower'], x['bundle'] < x['source'] if x['rows'] == x['source_rows'] else
                                 x['bundle_rate'] < x['source_rate'], (run, x))

    def test_a_drop_is_seen(self):
        """Birth dates that could not be read: the source has them, the bundle has not."""
        def lines(run):
            return {(x['object'], x['field']): x for d in self.reports[run]['destinations'] for x in d['fill']['list']}
        key = ('salesforce/Contact (patient)', 'Birthdate')
        self.assertFalse(lines('clean')[key]['lower'])
        hard = lines('hard')[key]
        missing = sum(r['birth_date'] == '' for r in self.entity('hard', 'patient'))
        self.assertGreater(missing, 0)
        self.assertTrue(hard['lower'])
        self.assertEqual((hard['source'] - hard['bundle'], hard['rows']), (missing, PATIENTS))

    # ---- findings and spot checks

    def test_findings_lead_to_their_lists(self):
        by_code = collections.Counter()
        for p in [*(self.runs['hard'] / 'rejects').glob('*.csv'), self.runs['hard'] / 'exceptions.csv']:
            path = p.relative_to(self.runs['hard']).as_posix()
            by_code.update((path, r['code']) for r in bundle.read_csv(p)[1])
        have = {(x['path'], f['code']): x['rows'] for f in self.reports['hard']['findings'] for x in f['lists'] if x['rows']}
        self.assertEqual(have, by_code)
        self.assertGreater(len(by_code), 5)

    def test_spot_checks_are_records_and_masked(self):
        for run, report in self.reports.items():
            spots = report['spot_checks']
            self.assertTrue(20 <= spots['number'] <= 50, (run, spots['number']))
            self.assertFalse(spots['values_shown'])
            for g in spots['groups']:
                records = {r['source_key']: r for r in self.entity(run, g['entity'])}
                for c in g['checks']:
                    r = records[c['source_key']]
                    self.assertEqual((r['src_table'], r['src_key']), (c['src_table'], c['src_key']))
                    for name, shown in zip(g['fields'], c['values']):
                        self.assertIn(shown, ('\u2022' * 3, r[name]), (run, name))
                        self.assertEqual(shown == '', r[name] == '', (run, name))
            names = {r['last'] for r in self.entity(run, 'patient') if len(r['last']) > 3}
            shown = {v for g in spots['groups'] for c in g['checks'] for v in c['values']}
            self.assertFalse(names & shown, run)
            children = next(g for g in spots['groups'] if g['entity'] == 'patient')
            exams = collections.Counter(r['patient'] for r in self.entity(run, 'clinical_exam'))
            for c in children['checks'] if 'Clinical exams' in children['children'] else ():
                self.assertEqual(c['records'][children['children'].index('Clinical exams')], exams[c['src_key']])

    def test_values_are_shown_where_that_is_asked_for(self):
        run = self.convert(self.clean / 'practice.bak', 'values', '--show-values', '--pdf')
        report = json.loads((run / 'report.json').read_text(encoding='utf-8'))
        patients = {r['source_key']: r for r in self.entity('clean', 'patient')}
        group = next(g for g in report['spot_checks']['groups'] if g['entity'] == 'patient')
        self.assertTrue(report['spot_checks']['values_shown'])
        for c in group['checks']:
            self.assertEqual(c['values'], [patients[c['source_key']][name] for name in group['fields']])
        self.assertIn('stays in the practice', (run / 'report.html').read_text(encoding='utf-8'))
        self.assertEqual(list(check_pages.check_case(run)), [])


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0]] + rest)
