#!/usr/bin/env python3
"""Bundles loaded into systems in memory whose tools give back less than Salesforce's: Dynamics, Zoho, Pipedrive, HubSpot. What the program makes of
their skip files and exports, and the way back by key."""
import csv
import importlib
import os
import re
import sys
import unittest

import crm
import loading
from crm import Refused


class AfterTheLoad(loading.RoomTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.module = importlib.import_module(cls.to)
        cls.files = {f['file'][:-4]: f for f in cls.room.loads(cls.to)['files'] if f['parts']}

    def setUp(self):
        super().setUp()
        self.system = self.module.System(self.folder)

    def rows(self, stem):
        heading, rows = crm.read_csv(self.folder / (stem + '.csv'))
        return [dict(zip(heading, r)) for r in rows]

    def not_loaded(self):
        """Users are made by hand."""
        return self.files[self.system.users]['parts'][0]['rows'] if self.system.users in self.files else 0

    def refusing(self, texts):
        def rule(name, values):
            for text in texts:
                if text in values.values():
                    raise Refused('Duplicate record found for %s, the value already exists' % ' '.join(v for v in values.values() if v))
        self.system.rules.append(rule)
        return rule

    def test_the_planted_truth_is_told_and_fixed_rows_get_in(self):
        leaf = self.rows(self.system.leaf)[1:4]
        rule = self.refusing([next(iter(r.values())) for r in leaf])
        loaded = self.system.load_all(self.results)
        self.system.exports(self.results)
        done, folder = self.command('reconcile', '--results', self.results)
        self.assertEqual(done.returncode, 3, done.stderr)
        told, failed = loading.matrix(folder), loading.keys_in(folder / self.to / 'fix-back')
        for stem, (taken, refused) in loaded.items():
            line = told[stem + '.csv']
            self.assertEqual(failed.get(stem + '_failed', []), refused, stem)
            self.assertEqual((line['loaded'], line['failed'], line['unknown']), (len(taken), len(refused), 0), stem)
            self.assertEqual(line['source'], line['bundle'] + line['left out'])
        self.assertEqual(sum(len(k) for k in failed.values()), 3)
        texts = [done.stdout, done.stderr, *loading.pages(folder)]
        self.assertEqual(loading.no_value_in(texts, self.room.people), set())
        self.system.rules.remove(rule)
        for path in sorted((folder / self.to / 'fix-back').iterdir()):
            self.assertEqual(self.system.load(path, path.name[:-len('_failed.csv')], self.results)[1], [])
        self.system.exports(self.results)
        done, folder = self.command('reconcile', '--results', self.results)
        s = loading.summary(done)
        self.assertEqual((s['failed'], s['unknown']), (0, self.not_loaded()))
        self.assertEqual(done.returncode, 3 if self.not_loaded() else 0)

    def test_an_export_is_the_bundle_until_it_is_changed(self):
        self.system.load_all(self.results)
        done, folder = self.command('compare', '--export', *self.system.exports(self.work / 'equal'))
        s = loading.summary(done)
        self.assertEqual(done.returncode, 0, (folder / 'compare.csv').read_text(encoding='utf-8')[:2000] + done.stdout[:2000])
        self.assertEqual((s['missing'], s['extra'], s['differ'], s['not_exported']), (0, 0, 0, self.not_loaded()))

        key = self.rows(self.system.patients)[2]
        name, key = next(iter(key.items()))
        patient = self.record(name, key)
        patient[self.system.city] = 'Elsewhere'
        text, long = next((r, v) for r in self.all_of(self.system.leaf) for f, v in r.items() if f == self.system.text_field and len(v) > 12)
        text[self.system.text_field] = long[:10].rstrip()
        gone = self.rows(self.system.leaf)[0]
        table, number = self.place(*next(iter(gone.items())))
        if table.rows[number] is text:
            gone = self.rows(self.system.leaf)[-1]
            table, number = self.place(*next(iter(gone.items())))
        del table.rows[number]
        done, folder = self.command('compare', '--export', *self.system.exports(self.work / 'changed'))
        self.assertEqual(done.returncode, 3)
        with open(folder / 'compare.csv', encoding='utf-8', newline='') as f:
            found = sorted((r['key'], r['field'], r['kind']) for r in csv.DictReader(f))
        self.assertEqual(found, sorted([(key, self.system.city, 'changed'), (next(iter(gone.values())), '', 'missing'),
                                        (text[self.files[self.system.leaf]['fields'][0]['heading']], self.system.text_field, 'truncated')]))
        self.assertEqual(loading.no_value_in([done.stdout, done.stderr, *loading.pages(folder)], self.room.people), set())

    def place(self, name, key):
        return next((t, i) for t in self.system.tables.values() for i in t.find(name, key))

    def record(self, name, key):
        table, number = self.place(name, key)
        return table.rows[number]

    def all_of(self, stem):
        name = self.files[stem]['fields'][0]['heading']
        return [self.record(name, r[name]) for r in self.rows(stem)]

    def test_the_way_back_leads_to_what_was_there(self):
        for row in self.rows(self.system.patients)[3:6]:
            self.system.old_record(row)
        before = self.system.content()
        everything = self.work / 'before'
        old = [str(p) for p in self.system.exports(everything)]
        for stem, f in self.files.items():  # tables that were empty before are exported too: headings alone
            path = everything / (f['label'] + ' before export.csv')
            names = tuple(n + end for n in (f['object'], f['label']) for end in ('.', ' export', ' before'))
            if not f.get('keyless') and not any(os.path.basename(p).startswith(names) for p in old):
                crm.write_csv(path, ['Id', 'ID', 'Record Id', *[x['heading'] for x in f['fields']]], [])
                old.append(str(path))
        self.system.load_all(self.results)
        self.assertNotEqual(self.system.content(), before)
        done, folder = self.command('rollback', '--before', *sorted(set(old)))
        s = loading.summary(done)
        self.assertEqual((s['restore'], s['unknown']), (3, 0), (folder / self.to / 'unknown.csv').read_text()[:600])
        page = re.sub(r'<[^>]+>', '', (folder / 'ROLLBACK-STEPS.html').read_text(encoding='utf-8'))
        self.assertEqual(loading.no_value_in([done.stdout, done.stderr, page], self.room.people), set())
        for path in sorted((folder / self.to).glob('[0-9]*.csv')):
            m = re.fullmatch(r'\d+_(delete|restore)_(.+)\.csv', path.name)
            self.assertIn(path.name, page)
            (self.system.delete if m[1] == 'delete' else self.system.restore)(path, m[2])
            if m[1] == 'restore':
                self.assertEqual(self.system.emptied_by_hand(), s['old_values_lost'])
        self.assertEqual(self.system.content(), before)

    def test_without_an_export_from_before_only_what_has_no_key_is_deleted(self):
        self.system.load_all(self.results)
        done, folder = self.command('rollback')
        s = loading.summary(done)
        keyless = sum(p['rows'] for f in self.files.values() if f.get('keyless') and f['file'][:-4] != self.system.users for p in f['parts'])
        self.assertEqual((s['delete'], s['restore'], s['unknown']), (keyless, 0, s['rows'] - keyless))
        self.assertEqual(done.returncode, 3)


if __name__ == '__main__':
    AfterTheLoad.args, rest = loading.arguments(of_a_system=True)
    AfterTheLoad.to = AfterTheLoad.args.system
    unittest.main(argv=[sys.argv[0]] + rest)
