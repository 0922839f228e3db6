#!/usr/bin/env python3
"""A bundle loaded into a Salesforce in memory, and what the program says of it afterwards."""
import csv
import os
import shutil
import sys
import unittest

import crm
import loading
from crm import Refused
from salesforce import KEY, Salesforce


class AfterTheLoad(loading.RoomTest):
    def reconcile(self, *words):
        return self.command('reconcile', '--results', self.results, *words)

    def patients(self):
        heading, rows = crm.read_csv(self.folder / '09_Contact_Patient.csv')
        return [dict(zip(heading, r)) for r in rows]

    def refusing(self, system, keys):
        """A rule of the organization's own, which quotes the record."""
        def rule(name, values):
            if name == 'Contact' and values[KEY] in keys:
                raise Refused('DUPLICATES_DETECTED:Use one of these records? %s %s, born %s, SSN 078-05-1120, has the same email "%s":--' % (
                    values.get('FirstName'), values['LastName'], values.get('Birthdate'), values.get('Email')))
        system.rules.append(rule)
        return rule

    def test_everything_is_in(self):
        Salesforce(self.folder).load_all(self.results)
        for path in self.folder.glob('27_*.csv'):  # the second stage has its own list
            heading, rows = crm.read_csv(path)
            crm.write_csv(self.results / '27_ContentVersion_success.csv', ['ID', *heading, 'STATUS'],
                          [['068%015d' % i, *r, 'Item Created'] for i, r in enumerate(rows)])
        done, folder = self.reconcile()
        self.assertEqual(done.returncode, 0, done.stderr)
        s = loading.summary(done)
        self.assertEqual((s['failed'], s['unknown'], s['seen'], s['created'] + s['updated']), (0, 0, 0, s['rows']))
        told = loading.matrix(folder)
        for f in self.room.loads('salesforce')['files']:  # a second pass updates what the first one made
            line = told.get(f['file'], {'bundle': 0, 'created': 0, 'updated': 0})
            self.assertEqual(line['updated' if f.get('update') else 'created'], line['bundle'], f['file'])
        self.assertFalse((folder / 'salesforce' / 'fix-back').exists())
        self.assertEqual(self.room.run('verify', folder).returncode, 0)
        for line in loading.sums(folder):
            self.assertEqual(line['bundle'], line['loaded'], line)

    def test_the_planted_truth_is_told_and_fixed_rows_get_in(self):
        system = Salesforce(self.folder)
        bad = {p[KEY] for p in self.patients()[2:5]}
        rule = self.refusing(system, bad)
        done_load = system.load_all(self.results)
        lost = '24_Event'
        os.remove(self.results / (lost + '_success.csv'))
        done, folder = self.reconcile()
        self.assertEqual(done.returncode, 3, done.stderr)
        told = loading.matrix(folder)
        failed = loading.keys_in(folder / 'salesforce' / 'fix-back')
        unseen = loading.keys_in(folder / 'salesforce' / 'not-seen')
        for stem, (taken, refused) in done_load.items():
            line = told[stem + '.csv']
            self.assertEqual(line['failed'], len(refused), stem)
            self.assertEqual(failed.get(stem + '_failed', []), refused, stem)
            self.assertEqual(line['created'] + line['updated'], 0 if stem == lost else len(taken), stem)
            if stem == lost:
                self.assertEqual(unseen[stem], taken)
            self.assertEqual(line['bundle'], line['loaded'] + line['failed'] + line['unknown'])
            self.assertEqual(line['source'], line['bundle'] + line['left out'])
        self.assertTrue(bad <= set(failed['09_Contact_Patient_failed']))
        self.assertGreater(sum(len(k) for k in failed.values()), 3, 'children of refused patients fail too')
        self.sums_are_those_of_the_files(folder, failed, unseen)
        self.nothing_is_told(done, folder)

        system.rules.remove(rule)
        for name in sorted(os.listdir(folder / 'salesforce' / 'fix-back')):
            stem = name[:-len('_failed.csv')]
            _, refused = system.load(folder / 'salesforce' / 'fix-back' / name, self.folder / (stem + '.sdl'),
                                     self.object_of(stem), self.results, stem=stem + '_again')
            self.assertEqual(refused, [])
        for name in ('24_Event', '27_ContentVersion'):
            path = next(self.folder.glob(name + '*.csv'), None)
            if path:
                heading, rows = crm.read_csv(path)
                crm.write_csv(self.results / (name + '_success.csv'), ['ID', *heading, 'STATUS'],
                              [['00U%015d' % i, *r, 'Item Created'] for i, r in enumerate(rows)])
        done, folder = self.reconcile()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(loading.summary(done)['rows'], loading.summary(done)['created'] + loading.summary(done)['updated'])

    def object_of(self, stem):
        return next(f['object'] for f in self.room.loads('salesforce')['files'] if f['file'] == stem + '.csv')

    def sums_are_those_of_the_files(self, folder, failed, unseen):
        for line in loading.sums(folder):
            heading, rows = crm.read_csv(self.folder / line['file'])
            stem, at = line['file'][:-4], heading.index(line['column'])
            groups = {'loaded': 0, 'failed': 0, 'unknown': 0}
            for r in rows:
                group = ('failed' if r[0] in failed.get(stem + '_failed', ()) else
                         'unknown' if r[0] in unseen.get(stem, ()) else 'loaded')
                groups[group] += round(float(r[at] or 0) * 10 ** 9)
            for group, total in groups.items():
                self.assertEqual(round(float(line[group] or 0) * 10 ** 9), total, (line, group))

    def test_the_source_is_held_against_the_bundle(self):
        with open(self.room.base / 'made' / 'truth' / 'plan_line.csv', encoding='utf-8', newline='') as f:
            fees = [float(r['fee']) for r in csv.DictReader(f) if r['fee']]
        _, folder = self.reconcile()
        with open(folder / 'reconcile.csv', encoding='utf-8', newline='') as f:
            lines = {r['measure']: r for r in csv.DictReader(f)
                     if (r['file'], r['column']) == ('17_TreatmentPlanLine.csv', 'EstimatedCost__c')}
        self.assertEqual((float(lines['sum']['source']), float(lines['least']['source']), float(lines['most']['source'])),
                         (sum(fees), min(fees), max(fees)))
        self.assertEqual(lines['filled']['source'], str(len(fees)))
        for measure in ('filled', 'sum'):
            r = lines[measure]
            self.assertEqual(float(r['source']), float(r['bundle']) + float(r['left out']))

    def nothing_is_told(self, done, folder):
        texts = [done.stdout, done.stderr, *loading.pages(folder)]
        self.assertEqual(loading.no_value_in(texts, self.room.people), set())
        self.assertFalse(any('078-05-1120' in t or '1120' in t for t in texts))
        page = loading.pages(folder)[0]
        self.assertIn('DUPLICATES_DETECTED', page)
        self.assertNotIn('<script', page)
        heading, rows = crm.read_csv(folder / 'salesforce' / 'fix-back' / '09_Contact_Patient_failed.csv')
        own, _ = crm.read_csv(self.folder / '09_Contact_Patient.csv')
        self.assertEqual(heading, [*own, 'Load error'])
        self.assertIn('DUPLICATES_DETECTED', rows[0][-1])

    def test_other_forms_come_back_too(self):
        Salesforce(self.folder).load_all(self.results)
        shutil.copy(self.results / '09_Contact_Patient_success.csv', self.work / 'keep.csv')
        for name in os.listdir(self.results):
            os.remove(self.results / name)
        heading, rows = crm.read_csv(self.work / 'keep.csv')
        own = heading[1:-1]
        bulk = [[r[0], 'true' if i % 2 else 'false', *r[1:-1]] for i, r in enumerate(rows[:6])]
        crm.write_csv(self.results / '7501-successful-results.csv', ['sf__Id', 'sf__Created', *own], bulk, lineterminator='\n')
        crm.write_csv(self.results / '7501-failed-results.csv', ['sf__Id', 'sf__Error', *own],
                      [['', 'UNABLE_TO_LOCK_ROW:unable to obtain exclusive access:--', *r[1:-1]] for r in rows[6:9]], lineterminator='\n')
        crm.write_csv(self.results / '7501-unprocessed-records.csv', own, [r[1:-1] for r in rows[9:10]])
        crm.write_csv(self.results / 'Contact export.csv', ['LastName', 'source_key__c', 'ID'],
                      [[r[heading.index('LastName')], r[1], r[0]] for r in rows[10:12]] +
                      [['Else', '', '003000000000777'], ['Old', 'ZZ-PAT-1', '003000000000778']], delimiter=';', encoding='utf-16')
        (self.results / 'notes.txt').write_text('Loaded on Tuesday.\n')
        (self.results / 'picture.png').write_bytes(b'\x89PNG\r\n')
        crm.write_csv(self.results / 'deleted.csv', ['ID', *own, 'STATUS'], [['x', *r[1:-1], 'Item Deleted'] for r in rows[12:13]])
        done, folder = self.reconcile()
        self.assertEqual(done.returncode, 3)
        line = loading.matrix(folder)['09_Contact_Patient.csv']
        self.assertEqual([line[k] for k in ('created', 'updated', 'seen', 'failed', 'unknown')],
                         [3, 3, 2, 4, line['bundle'] - 12])
        self.assertEqual(crm.read_csv(folder / 'salesforce' / 'not-in-bundle.csv')[1],
                         [['Contact export.csv', '4', 'Contact', 'ZZ-PAT-1']])
        for code in ('DEL-870', 'DEL-872', 'DEL-873', 'DEL-874', 'DEL-875'):
            self.assertIn(code, done.stdout)

    def test_a_key_that_two_objects_have_needs_the_files_name(self):
        key = self.patients()[0][KEY]  # of the contact and of its household
        crm.write_csv(self.results / 'ids.csv', ['Id', KEY], [['001000000000001', key]])
        done, folder = self.reconcile()
        self.assertIn('DEL-871', done.stdout)
        self.assertEqual(loading.summary(done)['seen'], 0)
        os.rename(self.results / 'ids.csv', self.results / 'Account.csv')
        done, folder = self.reconcile()
        self.assertEqual(loading.matrix(folder)['06_Account_Patient.csv']['seen'], 1)
        self.assertEqual(loading.matrix(folder)['09_Contact_Patient.csv']['seen'], 0)

    def test_hostile_files_are_told_and_passed_over(self):
        (self.results / 'a.csv').write_bytes(os.urandom(70000))
        (self.results / 'b.csv').write_bytes(b'ID,Source_Key__c,STATUS\n"' + b'x' * 3000000)
        (self.results / 'c.csv').write_bytes(b'ID,' * 30000 + b'\n')
        (self.results / 'd.xlsx').write_bytes(b'PK\x03\x04' + bytes(500))
        (self.results / 'e.csv').write_bytes(b'')
        crm.write_csv(self.results / 'f.csv', ['ID', KEY, 'STATUS'], [['1' * 200000, '2' * 200000, 'Item Created']])
        done, folder = self.reconcile()
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(loading.summary(done)['created'], 0)

    def test_what_cannot_be_used_writes_nothing(self):
        changed = self.work / 'changed'
        shutil.copytree(self.room.bundle, changed)
        with open(changed / 'salesforce' / '09_Contact_Patient.csv', 'ab') as f:
            f.write(b'x\r\n')
        for words, code, text in (([changed], 4, 'DEL-860'), ([self.work / 'none'], 4, 'DEL-860'),
                                  ([self.room.bundle, '--to', 'zoho'], 4, 'no destination of that name')):
            done = self.room.run('reconcile', *words, '--results', self.results, '--out', self.work)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(text, done.stderr)
        sound, manifest = self.work / 'sound', 'manifest.json'
        shutil.copytree(self.room.bundle, sound)
        text = (sound / manifest).read_text(encoding='utf-8')
        line = '"from": "patient",\n      "mapped": 20,'
        self.assertIn(line, text)
        (sound / manifest).write_text(text.replace(line, line.replace('20', '21')), encoding='utf-8')
        done = self.room.run('reconcile', sound, '--results', self.results, '--out', self.work)
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertIn('DEL-876', done.stderr)
        done = self.room.run('reconcile', self.room.bundle, '--results', self.work / 'no', '--out', self.work)
        self.assertEqual(done.returncode, 4)
        self.assertEqual(self.room.run('reconcile', self.room.bundle).returncode, 2)
        self.assertEqual(list(self.work.glob('*reconciled*')), [])


if __name__ == '__main__':
    AfterTheLoad.args, rest = loading.arguments()
    unittest.main(argv=[sys.argv[0]] + rest)
