#!/usr/bin/env python3
"""A bundle loaded into a Salesforce in memory: its exports beside the bundle, and the way back."""
import csv
import re
import sys
import unittest

import crm
import loading
import workbook
from salesforce import KEY, Salesforce

OBJECTS = ['Account', 'Contact', 'ClinicalExam__c', 'ClinicalTooth__c', 'ClinicalFinding__c', 'TreatmentPlan__c', 'TreatmentPlanLine__c',
           'Referral__c', 'Radiograph__c', 'InsurancePolicy__c', 'ClinicalNote__c', 'Event', 'Task']


class Back(loading.RoomTest):
    def setUp(self):
        super().setUp()
        self.system = Salesforce(self.folder)

    def exports(self, name='exports'):
        paths = []
        for o in OBJECTS:
            if self.system.tables.get(o) and self.system.table(o).rows:
                paths.append(self.work / name / (o + '.csv'))
                self.system.export(o, paths[-1])
        return paths

    def differences(self, folder):
        with open(folder / 'compare.csv', encoding='utf-8', newline='') as f:
            return sorted(tuple(r.values()) for r in csv.DictReader(f))

    # ---- compare ----

    def test_what_was_loaded_is_equal(self):
        self.system.load_all(self.results)
        done, folder = self.command('compare', '--export', *self.exports())
        s = loading.summary(done)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertEqual((s['missing'], s['extra'], s['differ'], s['unchecked'], s['filled']), (0, 0, 0, 0, 0))
        self.assertEqual(s['values'], s['equal'] + s['other_form'])
        self.assertEqual(self.differences(folder), [])
        self.assertEqual(self.room.run('verify', folder).returncode, 0)

    def test_what_was_changed_is_found_and_not_shown(self):
        self.system.load_all(self.results)
        contacts, notes, events = (self.system.table(o).rows for o in ('Contact', 'ClinicalNote__c', 'Event'))
        patient = next(r for r in contacts.values() if r.get('Birthdate') and r.get('MailingCity'))
        patient['MailingCity'], patient['LastName'] = 'Elsewhere', patient['LastName'].upper()
        patient['MailingState'] = ''
        note = next(r for r in notes.values() if len(r.get('Body__c', '')) > 60)
        note['Body__c'] = note['Body__c'][:40].rstrip()
        tooth = next(r for r in self.system.table('ClinicalExam__c').rows.values() if '.' in r['BOP_Percent__c'])
        tooth['BOP_Percent__c'] = tooth['BOP_Percent__c'].split('.')[0]
        number, event = next(iter(events.items()))
        del events[number]
        self.system.table('Task').add({KEY: 'PP-TSK-77777', 'Subject': 'One of somebody else'})
        other = next(r for r in contacts.values() if r.get('AccountId') and r is not patient)
        other['AccountId'] = patient['AccountId']
        done, folder = self.command('compare', '--export', *self.exports())
        self.assertEqual(done.returncode, 3)
        truth = sorted([('09_Contact_Patient.csv', patient[KEY], 'MailingCity', 'changed'),
                        ('09_Contact_Patient.csv', patient[KEY], 'LastName', 'letter case'),
                        ('09_Contact_Patient.csv', patient[KEY], 'MailingState', 'empty'),
                        ('23_ClinicalNote.csv', note[KEY], 'Body__c', 'truncated'),
                        ('12_ClinicalExam.csv', tooth[KEY], 'BOP_Percent__c', 'rounded'),
                        ('24_Event.csv', event[KEY], '', 'missing'),
                        ('Task', 'PP-TSK-77777', '', 'extra'),
                        (self.file_of('Contact', other[KEY]), other[KEY], 'AccountId', 'changed')])
        self.assertEqual(self.differences(folder), truth)
        for code in ('DEL-880', 'DEL-881', 'DEL-883'):
            self.assertIn(code, done.stdout)
        texts = [done.stdout, done.stderr, *loading.pages(folder), *(p.read_text(encoding='utf-8') for p in folder.glob('*.csv'))]
        self.assertEqual(loading.no_value_in(texts, self.room.people), set())
        self.assertFalse(any('Elsewhere' in t for t in texts))
        done, folder = self.command('compare', '--export', *self.exports(), '--show-values')
        self.assertIn(('09_Contact_Patient.csv', patient[KEY], 'MailingCity', 'changed'), [d[:4] for d in self.differences(folder)])
        self.assertTrue(any('Elsewhere' in d for d in self.differences(folder)))

    def file_of(self, name, key):
        for f in self.room.loads('salesforce')['files']:
            if f['object'] == name and not f.get('update'):
                for part in f['parts']:
                    if key in [r[0] for r in crm.read_csv(self.room.bundle / part['path'])[1]]:
                        return f['file']
        raise AssertionError(key)

    def test_other_forms_are_equal(self):
        self.system.load_all(self.results)
        labels = {x['name']: x['label'] for f in self.room.loads('salesforce')['files'] if f['object'] == 'Contact' for x in f['fields']}
        self.exports()
        heading, rows = crm.read_csv(self.work / 'exports' / 'Contact.csv')
        kept = [h for h in sorted(heading, reverse=True) if not h.endswith('Id')]  # links without the records they point to
        order = [heading.index(h) for h in kept] + [heading.index('Id')]

        def form(text):
            day = re.fullmatch(r'(\d{4})-(\d\d)-(\d\d)', text)
            moment = re.fullmatch(r'(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):\d\d', text)
            if day:
                return '%d/%d/%s' % (int(day[2]), int(day[3]), day[1])
            if moment:
                hour = int(moment[4])
                return '%s/%s/%s %d:%s %s' % (moment[2], moment[3], moment[1], hour % 12 or 12, moment[5], 'PM' if hour > 11 else 'AM')
            return {'true': 'Yes', 'false': 'No'}.get(text, '  ' + text.replace('\n', '\r\n') + ' ' if text else '')
        table = [[labels.get(h, h) for h in kept] + ['Record ID']] + [[form(r[i]) for i in order] for r in rows]
        workbook.write(self.work / 'people.xlsx', table)
        heading, rows = crm.read_csv(self.work / 'exports' / 'TreatmentPlanLine__c.csv')
        money = heading.index('EstimatedCost__c')
        for r in rows:
            r[money] = r[money] and '$%s' % format(float(r[money]), ',.2f')
        crm.write_csv(self.work / 'lines.csv', heading, rows, delimiter='\t', encoding='utf-16')
        done, folder = self.command('compare', '--export', self.work / 'people.xlsx', '--export', self.work / 'lines.csv')
        s = loading.summary(done)
        self.assertEqual(self.differences(folder), [])
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertGreater(s['other_form'], 100)
        self.assertGreater(s['unchecked'], 0)
        self.assertIn('DEL-882', done.stdout)

    def test_day_and_month_are_not_taken_for_each_other(self):
        self.system.load_all(self.results)
        day = next(r for r in self.system.table('Contact').rows.values()
                   if r.get('Birthdate') and int(r['Birthdate'][8:]) <= 12 and r['Birthdate'][5:7] != r['Birthdate'][8:])
        day['Birthdate'] = '%s-%s-%s' % (day['Birthdate'][:4], day['Birthdate'][8:], day['Birthdate'][5:7])
        done, folder = self.command('compare', '--export', *self.exports())
        self.assertEqual([(d[1], d[2], d[3]) for d in self.differences(folder)], [(day[KEY], 'Birthdate', 'changed')])

    # ---- rollback ----

    def old_records(self):
        """What an organization has before: records without our key, and some of an earlier load, with other values."""
        heading, rows = crm.read_csv(self.folder / '09_Contact_Patient.csv')
        house = self.system.table('Account').add({'Name': 'A customer', 'Phone': '1'})
        self.system.table('Contact').add({'LastName': 'Somebody', 'AccountId': house})
        for r in rows[3:7]:
            p = dict(zip(heading, r))
            account = self.system.table('Account').add({KEY: p[KEY], 'Name': 'Old household', 'Phone': '555'})
            self.system.table('Contact').add({KEY: p[KEY], 'LastName': 'Before', 'FirstName': p['FirstName'], 'AccountId': account,
                                              'Birthdate': '1950-01-02', 'Title': 'Kept as it is'})

    def back(self, folder):
        """The steps in their order."""
        for path in sorted((folder / 'salesforce').glob('[0-9]*.csv')):
            m = re.fullmatch(r'\d+_(delete|restore)_(.+?)\.csv', path.name)
            name = next(f['object'] for f in self.room.loads('salesforce')['files'] if f['file'] == m[2] + '.csv')
            (self.system.delete if m[1] == 'delete' else self.system.update)(name, path)

    def test_the_way_back_leads_to_what_was_there(self):
        self.old_records()
        before = self.system.content()
        old = self.exports('before')
        self.system.load_all(self.results)
        self.assertNotEqual(self.system.content(), before)
        done, folder = self.command('rollback', '--keys', *sorted(self.results.iterdir()), '--before', *old)
        s = loading.summary(done)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual((s['restore'], s['unknown'], s['not_there']), (8, 0, 0))
        dry = self.room.run('rollback', self.room.bundle, '--keys', *sorted(self.results.iterdir()), '--before', *old, '--dry-run',
                            '--json', '--out', self.work / 'dry')
        self.assertEqual({k: v for k, v in loading.summary(dry).items() if k != 'folder'}, {k: v for k, v in s.items() if k != 'folder'})
        self.assertFalse((self.work / 'dry').exists())
        heading, _ = crm.read_csv(next((folder / 'salesforce').glob('*_restore_09_*')))
        self.assertNotIn('Title', heading)
        self.nothing_is_told(done, folder)
        self.assertEqual(self.room.run('verify', folder).returncode, 0)
        self.back(folder)
        self.assertEqual(self.system.content(), before)

    def nothing_is_told(self, done, folder):
        page = re.sub(r'<[^>]+>', '', (folder / 'ROLLBACK-STEPS.html').read_text(encoding='utf-8'))
        self.assertEqual(loading.no_value_in([done.stdout, done.stderr, page], self.room.people), set())
        names = [p.name for p in sorted((folder / 'salesforce').glob('[0-9]*.csv'))]
        self.assertEqual([n for n in names if n in page], names)
        self.assertEqual(sorted(names, key=page.index), names)

    def test_an_export_without_a_column_is_told(self):
        self.old_records()
        old = self.exports('before')
        heading, rows = crm.read_csv(old[1])
        crm.write_csv(old[1], heading[:6] + ['LastName', KEY], [[*r[:6], r[heading.index('LastName')], r[heading.index(KEY)]] for r in rows])
        self.system.load_all(self.results)
        done, folder = self.command('rollback', '--keys', *sorted(self.results.iterdir()), '--before', *old)
        self.assertEqual(done.returncode, 3)
        self.assertIn('DEL-891', done.stdout)
        self.assertGreater(loading.summary(done)['old_values_lost'], 0)
        restored, _ = crm.read_csv(next((folder / 'salesforce').glob('*_restore_09_*')))
        self.assertIn('MailingCity', restored)

    def test_without_proof_nothing_is_deleted(self):
        self.old_records()
        self.system.load_all(self.results)
        done, folder = self.command('rollback')
        self.assertEqual(done.returncode, 3)
        self.assertIn('DEL-890', done.stdout)
        s = loading.summary(done)
        self.assertEqual((s['delete'], s['restore'], s['rows']), (0, 0, s['unknown']))
        self.assertEqual(list((folder / 'salesforce').glob('[0-9]*.csv')), [])
        done, folder = self.command('rollback', '--keys', *sorted(self.results.iterdir()))
        why = [r[3] for r in crm.read_csv(folder / 'salesforce' / 'unknown.csv')[1]]
        self.assertEqual(why, ['it was there before, and no export has its old values'] * 8)
        self.assertEqual(loading.summary(done)['unknown'], 8)

    def test_what_failed_is_not_there(self):
        refused = {r[0] for r in crm.read_csv(self.folder / '09_Contact_Patient.csv')[1][:2]}

        def rule(name, values):
            if name == 'Contact' and values[KEY] in refused:
                raise crm.Refused('UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record:--')
        self.system.rules.append(rule)
        done_load = self.system.load_all(self.results)
        done, folder = self.command('rollback', '--keys', *sorted(self.results.iterdir()))
        s = loading.summary(done)
        first = {f['file'][:-4] for f in self.room.loads('salesforce')['files'] if not f.get('update')}
        self.assertEqual(s['not_there'], sum(len(bad) for stem, (_, bad) in done_load.items() if stem in first))
        self.back(folder)
        self.assertEqual(self.system.content(), {})

    def test_usage(self):
        for words in (['compare', self.room.bundle], ['compare', '--export', 'x'], ['rollback'],
                      ['rollback', self.room.bundle, '--to', 'a', '--to', 'b']):
            self.assertEqual(self.room.run(*words).returncode, 2, words)
        self.assertEqual(self.room.run('compare', self.room.bundle, '--export', self.work / 'none.csv', '--out', self.work).returncode, 4)
        self.assertEqual(list(self.work.iterdir()), [self.results])


if __name__ == '__main__':
    Back.args, rest = loading.arguments()
    unittest.main(argv=[sys.argv[0]] + rest)
