#!/usr/bin/env python3
"""Two backups of a practice with planted changes between them: what the second pick-up writes, lists and tells is what was planted, for each
destination; loaded on top of the first load it leads to what a full load of the second backup holds; the way back leads to what was there."""
import collections
import csv
import importlib
import re
import sys
import unittest

import crm
import loading
import two_backups

ARGS = None


class SecondPickUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.to = ARGS.system
        cls.t = two_backups.TwoBackups(ARGS, cls.to, clear=True)
        (cls.first, cls.headings), (cls.second, _), (cls.delta, _) = (cls.t.files(x) for x in (cls.t.a, cls.t.b, cls.t.d))
        cls.module = importlib.import_module(cls.to)
        cls.stems = sorted({f[:-4] for f in [*cls.first, *cls.second]})

    @classmethod
    def tearDownClass(cls):
        cls.t.close()

    # ---- what the bundle says ----

    def groups(self, f):
        """Keys that are new, changed and gone in a file, from the two full bundles."""
        a, b = self.first.get(f, {}), self.second.get(f, {})
        return {k for k in b if k not in a}, {k for k in b if k in a and a[k] != b[k]}, {k for k in a if k not in b}

    def seconds(self):
        return {f['file'] for run in (self.t.a, self.t.b) for f in two_backups.loads(run / self.to) if f.get('update')}

    def test_the_files_and_lists_are_what_has_changed(self):
        changed, deleted = self.t.lists('changed'), self.t.lists('deleted')
        for stem in self.stems:
            f = stem + '.csv'
            new, other, gone = self.groups(f)
            self.assertEqual(self.delta.get(f, {}), {k: self.second[f][k] for k in new | other}, f)
            self.assertEqual(set(changed.get(stem, [])), other, f)
            self.assertEqual(set(deleted.get(stem, [])), set() if f in self.seconds() else gone, f)
        self.assertFalse((set(changed) | set(deleted)) - set(self.stems) - {'Files', 'files'})

    def test_values_that_went_are_listed(self):
        listed = set()
        for p in (self.t.d / self.to / 'emptied').glob('*.csv'):
            listed |= {(p.stem, *r) for r in crm.read_csv(p)[1]}
        found = set()
        for stem in self.stems:
            heading, f = self.headings.get(stem + '.csv'), stem + '.csv'
            for key, old in self.first.get(f, {}).items():
                new = self.second.get(f, {}).get(key)
                if new is None and f not in self.seconds():
                    continue
                found |= {(stem, key, h) for h, x, y in zip(heading, old, new or [''] * len(old)) if x and not y and h != heading[0]}
        self.assertTrue(found)
        self.assertEqual(listed, found)
        self.assertTrue({'DEC-1411', 'DEC-1412'} <= self.t.told)

    def test_the_audit_tells_the_same(self):
        told = {}
        manifest = two_backups.manifest(self.t.d)
        for r in self.t.audit(self.t.d):
            told.setdefault((r['object'], r['outcome']), []).append(r)
        for f in two_backups.loads(self.t.d / self.to):
            name = f['line'].split('/', 1)[1]
            new, other, gone = self.groups(f['file'])
            self.assertEqual({r['key'] for r in told.get((name, 'written'), [])}, new, f['file'])
            self.assertEqual({r['key'] for r in told.get((name, 'updated'), [])}, other, f['file'])
            if not f.get('update'):
                self.assertEqual({r['key'] for r in told.get((name, 'deleted'), [])}, gone, f['file'])
            same = sum(int(r['records']) for r in told.get((name, 'unchanged'), []))
            self.assertEqual(same, len(set(self.first.get(f['file'], {})) & set(self.second.get(f['file'], {}))) - len(other), f['file'])
        merged = {(r['key'], r['into']) for (_, outcome), rows in told.items() if outcome == 'merged' for r in rows if r['code'] == 'decision'}
        self.assertEqual(merged, {('PP-PAT-' + self.t.planted.goes, 'PP-PAT-' + self.t.planted.stays)})
        self.assertTrue(any(x['path'] == 'audit.csv' for x in manifest['files']))
        self.assertEqual(self.t.run('verify', self.t.d).returncode, 0)

    def test_what_was_planted_is_where_it_belongs(self):
        """By the keys in the source, whatever the objects are called."""
        place = {}
        for r in self.t.audit(self.t.d):
            place.setdefault(r['outcome'], set()).add(r['key'])
        letters = {'Patient': 'PAT', 'SOAPNotes': 'NOT', 'ClinicalExam': 'EXM', 'Appointment': 'APT', 'TreatmentPlan': 'PLN'}
        groups = (('added', 'written'), ('changed', 'updated'), ('moved', 'updated'), ('deleted', 'deleted'))
        for group, outcome in groups:
            for table, key in getattr(self.t.planted, group):
                if (group, table) == ('moved', 'Patient'):  # of a household: it is in the link alone, which may be a second pass's
                    continue
                if table in letters and not (group in ('changed', 'moved') and (table, key) in self.t.planted.deleted):
                    self.assertIn('PP-%s-%s' % (letters[table], key), place[outcome], (group, table, key))

    # ---- loaded ----

    def system(self, run):
        return two_backups.player(self.module, run / self.to)

    def loaded(self, run):
        s = self.system(run)
        self.all_in(s.load_all(self.t.base / ('results-' + self.id() + run.parent.name)))
        return s

    def all_in(self, done):
        self.assertEqual({stem: bad for stem, (_, bad) in done.items() if bad}, {})

    def keyless(self):
        """Files whose rows the tool does not find again: the old record is deleted first (guide, A second pick-up)."""
        return [f['file'][:-4] for f in two_backups.loads(self.t.a / self.to)
                if f.get('keyless') or (self.to == 'pipedrive' and f['object'] == 'Deal')]

    def pick_up(self, s, results):
        """As the guide says: what the tool does not update is deleted, values are emptied, the files loaded, what is gone deleted."""
        changed, deleted = self.t.lists('changed'), self.t.lists('deleted')
        for stem in reversed(self.keyless()):
            s.remove(stem, changed.get(stem, []), self.first.get(stem + '.csv', {}), self.headings.get(stem + '.csv'))
        for p in sorted((self.t.d / self.to / 'emptied').glob('*.csv')):
            for key, field in crm.read_csv(p)[1]:
                if p.stem not in self.keyless():
                    s.empty(p.stem, key, field)
        s.go_on_with(self.t.d / self.to)
        self.all_in(s.load_all(results))
        for stem in reversed(self.stems):
            s.remove(stem, deleted.get(stem, []), self.first.get(stem + '.csv', {}), self.headings.get(stem + '.csv'))

    def same(self, have, want):
        """Told shortly: the first records that differ, by field."""
        self.assertEqual(sorted(have), sorted(want))
        for table in want:
            one, two = (collections.Counter(map(tuple, x[table])) for x in (have, want))
            one, two = [dict(r) for r in one - two], [dict(r) for r in two - one]
            if one or two:
                x, y = (one or [{}])[0], (two or [{}])[0]
                self.fail('%s: %d records there, %d wanted; %s' % (table, len(one), len(two), {
                    k: (x.get(k), y.get(k)) for k in {*x, *y} if x.get(k) != y.get(k) or 'Key' in k or ' ID' in k}))
        self.assertEqual(have, want)

    def test_the_pick_up_on_the_first_load_is_a_load_of_the_second(self):
        s = self.loaded(self.t.a)
        self.pick_up(s, self.t.base / 'results')
        self.same(two_backups.by_key(s), two_backups.by_key(self.loaded(self.t.b)))

    def test_the_pick_up_is_taken_back(self):
        s = self.loaded(self.t.a)
        before = two_backups.by_key(s)
        exports = s.before(self.t.base / 'before', self.t.a / self.to, self.t.d / self.to)
        results = self.t.base / 'taken-back'
        self.pick_up(s, results)
        self.assertNotEqual(two_backups.by_key(s), before)
        done = self.t.run('rollback', self.t.d, '--out', self.t.base, '--json', '--before', *exports,
                          *(['--keys', *sorted(results.glob('*.csv'))] if results.exists() and any(results.glob('*.csv')) else []))
        folder = next(self.t.base.glob('*-rollback*'))
        unknown = crm.read_csv(folder / self.to / 'unknown.csv')[1] if (folder / self.to / 'unknown.csv').exists() else []
        self.assertEqual(unknown[:3], [], done.stdout[:3000])
        page = re.sub(r'<[^>]+>', '', (folder / 'ROLLBACK-STEPS.html').read_text(encoding='utf-8'))
        self.assertIn('deleted/', page)
        changed, deleted = self.t.lists('changed'), self.t.lists('deleted')
        s.go_on_with(self.t.a / self.to)
        for stem in self.stems:  # what the pick-up deleted: out of the recycle bin, or from the earlier bundle
            s.bring_back(stem, deleted.get(stem, []), self.first.get(stem + '.csv', {}), self.headings.get(stem + '.csv'))
        s.go_on_with(self.t.d / self.to)
        for path in sorted((folder / self.to).glob('[0-9]*.csv')):
            m = re.fullmatch(r'\d+_(delete|restore)_(.+)\.csv', path.name)
            self.assertIn(path.name, page)
            s.step(m[1], path, m[2])
        emptied = {p.stem: [r[0] for r in crm.read_csv(p)[1]] for p in (self.t.d / self.to / 'emptied').glob('*.csv')}
        s.go_on_with(self.t.a / self.to)
        replaced = {f['file'][:-4] for f in two_backups.loads(self.t.a / self.to) if f.get('keyless')}
        for f in self.seconds() if self.to != 'salesforce' else ():  # exports have the columns of second passes
            for key in sorted(set(self.delta.get(f, {})) - set(self.first.get(f, {}))):
                for field in [x['heading'] for g in two_backups.loads(self.t.d / self.to) if g['file'] == f for x in g['fields'][1:]]:
                    s.empty(f[:-4], key, field)
        for stem in self.stems:
            if stem in replaced:
                s.bring_back(stem, changed.get(stem, []), self.first.get(stem + '.csv', {}), self.headings.get(stem + '.csv'))
            elif stem not in self.keyless():
                keys = {*emptied.get(stem, []), *(changed.get(stem, []) if stem + '.csv' in self.seconds() else [])}
                s.again(stem, sorted(keys), self.first.get(stem + '.csv', {}), self.headings.get(stem + '.csv'))
        self.same(two_backups.by_key(s), before)


if __name__ == '__main__':
    ARGS, rest = loading.arguments(of_a_system=True)
    unittest.main(argv=[sys.argv[0]] + rest)
