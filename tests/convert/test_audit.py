#!/usr/bin/env python3
"""audit.csv of a run: its chain, checked by the script that its description gives; its sums; what it says of each record; that verify
finds the line at which somebody has changed it."""
import argparse
import collections
import copy
import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import bundle
import test_decisions

ARGS = None
ROOT = Path(__file__).resolve().parents[2]
OF_COUNT = {'written': 'written', 'updated': 'written', 'unchanged': 'skipped', 'skipped': 'skipped', 'merged': 'merged',
            'rejected': 'rejected', 'held_back': 'held_back', 'changed': 'changed', 'unreadable': 'unreadable'}
TOLD = {'table': ['unreadable'], 'entity': ['skipped', 'rejected', 'held_back'],
        'object': ['written', 'merged', 'skipped', 'rejected', 'held_back', 'changed']}


def audit_rows(run):
    return bundle.read_csv(run / 'audit.csv')[1]


def level_of(r):
    if r['destination']:
        return 'object', r['destination'] + '/' + r['object']
    return ('entity', r['entity']) if r['entity'] else ('table', r['source_table'])


class Audit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_audit.'))
        made = cls.room / 'made'
        subprocess.run([ARGS.practice_gen, '--out', made, '--patients', '30', '--seed', '5', '--hard', '3'], check=True,
                       stdout=subprocess.DEVNULL)
        cls.source = made / 'practice.bak'
        cls.run_folder = cls.convert(cls.source, 'salesforce,canonical', '--teeth', 'latest')
        text = (ROOT / 'src/deliver/AUDIT.md').read_text(encoding='utf-8')
        cls.script = cls.room / 'check.py'
        cls.script.write_text(re.search(r'```python\n(.*?)```', text, re.S)[1], encoding='utf-8')

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def convert(cls, source, to, *more):
        cls.last = cls.tools.convert(source, Path(tempfile.mkdtemp(dir=cls.room)), None, *more, to=to)
        return Path(bundle.summary(cls.last)['run_folder'])

    def checked(self, path):
        return subprocess.run([sys.executable, self.script, path], capture_output=True, text=True)

    # ---- the list ----

    def test_the_script_of_the_description_follows_the_chain(self):
        done = self.checked(self.run_folder / 'audit.csv')
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = audit_rows(self.run_folder)
        self.assertEqual(done.stdout.split(), [str(len(rows) - 1), 'lines,', 'closed', 'with', rows[-1]['hash']])
        self.assertEqual(len(self.script.read_text().splitlines()), 15)

    def balanced(self, run):
        sums = collections.Counter()
        for r in audit_rows(run)[:-1]:
            if r['outcome'] != 'deleted':
                sums[level_of(r) + (OF_COUNT[r['outcome']],)] += int(r['records'])
        manifest = json.loads((run / 'manifest.json').read_text(encoding='utf-8'))
        counted = {(c['level'], c['name'], k): c[k] for c in manifest['counts'] for k in TOLD[c['level']] if c.get(k)}
        self.assertEqual(dict(sums), counted)
        counts = json.loads((run / 'report.json').read_text(encoding='utf-8'))['counts']
        reported = {(level, c['name'], k): c[k] for level, kind in (('table', 'tables'), ('entity', 'entities'), ('object', 'objects'))
                    for c in counts[kind] for k in TOLD[level] if c.get(k)}
        self.assertEqual(reported, counted)

    def test_its_sums_are_the_counts_of_the_run(self):
        self.balanced(self.run_folder)

    def test_each_row_of_a_load_file_has_its_line_and_no_other_has(self):
        manifest = json.loads((self.run_folder / 'manifest.json').read_text(encoding='utf-8'))
        rows = audit_rows(self.run_folder)
        for f in manifest['files']:
            if not f.get('object') or f['path'].startswith('canonical/') or not f['path'].endswith('.csv') or 'iles' in f['path']:
                continue
            with open(self.run_folder / f['path'], encoding='utf-8-sig', newline='') as g:
                table = list(csv.reader(g))
            keys = collections.Counter(r[0] for r in table[1:])
            told = collections.Counter(r['key'] for r in rows if level_of(r) == ('object', f['object']) and r['outcome'] == 'written')
            self.assertFalse(keys - told, f['path'])

    def test_rows_that_were_left_out_have_their_place_and_code(self):
        told = {(r['entity'], r['source_table'], r['source_key'], r['code']) for r in audit_rows(self.run_folder)
                if r['outcome'] == 'rejected' and not r['destination']}
        found = set()
        for path in (self.run_folder / 'rejects').glob('*.csv'):
            if path.stem.startswith('salesforce_'):
                continue
            for r in bundle.read_csv(path)[1]:
                found.add((path.stem, r['src_table'], r['src_key'], r['code']))
        self.assertTrue(found)
        self.assertEqual(told, found)
        held = collections.Counter((r['source_key'], r['field'], r['code']) for r in audit_rows(self.run_folder) if r['outcome'] in ('held_back', 'changed'))
        self.assertEqual(held, collections.Counter((r['src_key'], r['field'], r['code']) for r in bundle.read_csv(self.run_folder / 'exceptions.csv')[1]))

    def test_charts_have_a_line_an_exam_where_it_says_so(self):
        rows = audit_rows(self.run_folder)
        sites = [r for r in rows if r['object'] == 'site_measure']
        self.assertGreater(max(int(r['records']) for r in sites), 100)
        self.assertEqual(len({r['source_key'] for r in sites}), len(sites))
        teeth = [r for r in rows if r['object'] == 'ClinicalTooth__c']
        self.assertEqual({(r['outcome'], r['code']) for r in teeth}, {('written', ''), ('skipped', 'latest')})
        self.assertTrue(all(r['records'] == '1' and r['key'] for r in teeth if r['outcome'] == 'written'))

    def test_the_same_source_gives_the_same_list(self):
        again = self.convert(self.source, 'salesforce,canonical', '--teeth', 'latest')
        self.assertEqual((again / 'audit.csv').read_bytes(), (self.run_folder / 'audit.csv').read_bytes())

    def test_a_dry_run_has_none(self):
        out = self.room / 'dry'
        out.mkdir()
        done = self.tools.convert(self.source, out, None, '--dry-run', to='zoho')
        self.assertNotIn('audit', bundle.summary(done))
        self.assertEqual(list(out.iterdir()), [])

    # ---- what was done to it ----

    def changed(self, what):
        copied = Path(tempfile.mkdtemp(dir=self.room)) / 'run'
        shutil.copytree(self.run_folder, copied)
        lines = (copied / 'audit.csv').read_bytes().split(b'\r\n')
        text = b'\r\n'.join(what(lines))
        (copied / 'audit.csv').write_bytes(text)
        return copied

    def breaks_at(self, what, line):
        """verify and the script agree on where."""
        run = self.changed(what)
        self.assertNotEqual(self.checked(run / 'audit.csv').returncode, 0)
        done = self.tools.run('verify', run)
        self.assertEqual(done.returncode, 4)
        self.assertIn('DEL-848', done.stderr)
        self.assertIn('at line %d: ' % line, done.stderr)

    def test_a_changed_line_shows(self):
        self.breaks_at(lambda x: [*x[:70], x[70].replace(b',1,', b',2,', 1), *x[71:]], 70)

    def test_a_removed_line_shows(self):
        self.breaks_at(lambda x: [*x[:50], *x[51:]], 50)

    def test_lines_in_another_order_show(self):
        self.breaks_at(lambda x: [*x[:30], x[31], x[30], *x[32:]], 30)

    def test_an_added_line_shows(self):
        self.breaks_at(lambda x: [*x[:-2], b'9,written,1,patient,,,,,,,,,0123456789abcdef', *x[-2:]], len(audit_rows(self.run_folder)))

    def test_a_cut_end_shows(self):
        n = len(audit_rows(self.run_folder))
        self.breaks_at(lambda x: [*x[:n], b''], n - 1)
        self.breaks_at(lambda x: [*x[:n - 1], x[n - 1][:20]], n - 2)

    def test_another_hash_shows(self):
        self.breaks_at(lambda x: [*x[:40], x[40][:-1] + (b'0' if x[40][-1:] != b'0' else b'1'), *x[41:]], 40)

    def test_a_list_made_anew_shows_in_the_sums(self):
        """Who makes a whole chain without a line, and puts its hash into the manifest."""
        import hashlib

        def anew(lines):
            found, before, n = [lines[0]], hashlib.sha256(lines[0]).digest(), 0
            for line in [*lines[1:90], *lines[91:-1]]:
                n += 1
                text = b','.join([b'%d' % n, *line.split(b',')[1:-1]])
                if b',closed,' in text:
                    text = text.replace(b'%d' % n, b'%d' % (n - 1)).replace(b'%d,' % (n - 1), b'%d,' % n, 1)
                before = hashlib.sha256(before + text).digest()
                found.append(text + b',' + before.hex()[:64 if b',closed,' in text else 16].encode())
            return [*found, b'']
        run = self.changed(anew)
        done = self.checked(run / 'audit.csv')
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.tools.run('verify', run)
        self.assertIn('DEL-849', done.stderr)
        self.assertNotIn('DEL-848', done.stderr)

    # ---- decisions, second pick-ups ----

    def dump(self, tables):
        source = Path(tempfile.mkdtemp(dir=self.room)) / 'practice'
        source.mkdir()
        for name, (header, rows) in tables.items():
            (source / (name + '.csv')).write_text(test_decisions.text_of([header, *rows]), newline='')
        return source

    def test_a_merge_is_told_with_who_stays(self):
        decisions = self.room / 'merge.csv'
        decisions.write_text('source_key,other_source_key,primary,decision\r\nPP-PAT-1,PP-PAT-2,PP-PAT-1,merge\r\n', newline='')
        run = self.convert(self.dump(test_decisions.TABLES), 'zoho,canonical', '--profile', 'panda-perio', '--decisions', decisions)
        merged = [(r['destination'], r['source_table'], r['source_key'], r['key'], r['into'], r['code']) for r in audit_rows(run) if r['outcome'] == 'merged']
        self.assertEqual({x[0] for x in merged}, {'zoho', 'canonical'})
        self.assertEqual({x[2:] for x in merged}, {('2', 'PP-PAT-2', 'PP-PAT-1', 'decision')})
        self.balanced(run)

    def test_charts_that_were_drawn_stay_where_a_later_run_draws_none(self):
        first = self.convert(self.source, 'zoho', '--charts', 'latest')
        run = self.convert(self.source, 'zoho', '--since', first)
        self.assertEqual([r for r in audit_rows(run) if r['outcome'] in ('deleted', 'written', 'updated')], [])
        self.assertFalse((run / 'zoho' / 'deleted').exists())
        path = Path('state') / 'zoho' / 'Files.csv'
        self.assertEqual(sorted((run / path).read_text().splitlines()), sorted((first / path).read_text().splitlines()))

    def test_a_second_pick_up_tells_new_changed_gone_and_the_same(self):
        tables = copy.deepcopy(test_decisions.TABLES)
        first = self.convert(self.dump(tables), 'zoho', '--profile', 'panda-perio')
        header, rows = tables['Patient']
        city = header.index('City')
        rows[3] = tuple('Tacoma' if i == city else v for i, v in enumerate(rows[3]))
        gone, added = rows[2], tuple('9' if i < 1 else 'New' if v and i < 4 else '' for i, v in enumerate(rows[0]))
        rows[2] = added
        run = self.convert(self.dump(tables), 'zoho', '--profile', 'panda-perio', '--since', first)
        told = {(r['outcome'], r['key'] or r['records']) for r in audit_rows(run) if r['object'].startswith('Contacts') and r['entity'] == 'patient'
                and r['outcome'] != 'skipped'}
        self.assertIn(('updated', 'PP-PAT-' + rows[3][0]), told)
        self.assertIn(('written', 'PP-PAT-9'), told)
        self.assertIn(('deleted', 'PP-PAT-' + gone[0]), told)
        self.assertIn(('unchanged', '2'), told)
        self.balanced(run)
        listed = sum(len(bundle.read_csv(p)[1]) for p in run.glob('*/deleted/*.csv'))
        self.assertEqual(sum(r['outcome'] == 'deleted' for r in audit_rows(run)), listed)
        done = self.tools.run('verify', run)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
