#!/usr/bin/env python3
"""The second pick-up: a later dump of a practice against the state of an earlier run. Only what is new or has changed is written, what is
gone is listed, and what was loaded and is left alone stays in the state."""
import argparse
import copy
import csv
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import bundle
import test_decisions

ARGS = None
KEY = {'zoho': 'Source Key', 'salesforce': 'Source_Key__c'}


class Delta(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_delta.'))
        tables = copy.deepcopy(test_decisions.TABLES)
        tables['Document'] = (('DocumentID', 'PatientID', 'DocType', 'FileName', 'Content'),
                              [('1', '1', 'Scan', 'a.pdf', '0x' + b'%PDF-1.4 one'.hex()), ('2', '2', 'Scan', 'b.pdf', '0x' + b'%PDF-1.4 two'.hex())])
        cls.tables = tables
        cls.first = cls.convert(cls.dump(tables), 'salesforce,zoho')

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def dump(cls, tables):
        source = Path(tempfile.mkdtemp(dir=cls.room)) / 'practice'
        source.mkdir()
        for name, (header, rows) in tables.items():
            (source / (name + '.csv')).write_text(test_decisions.text_of([header, *rows]), newline='')
        return source

    @classmethod
    def run_of(cls, source, to, *more):
        out = Path(tempfile.mkdtemp(dir=cls.room))
        return cls.tools.convert(source, out, None, '--profile', 'panda-perio', *more, to=to)

    @classmethod
    def convert(cls, source, to, *more):
        result = cls.run_of(source, to, *more)
        cls.last = result
        return Path(bundle.summary(result)['run_folder'])

    def written(self, run):
        """(destination, file, key) of each row of the load files."""
        found = set()
        for path in run.glob('*/[0-9][0-9]_*.csv'):
            with open(path, encoding='utf-8-sig', newline='') as f:
                found |= {(path.parts[-2], path.stem[3:], next(iter(r.values()))) for r in csv.DictReader(f)}
        return found

    def gone(self, run):
        return {(p.parts[-3], p.stem, r[next(iter(r))]) for p in run.glob('*/deleted/*.csv') for r in bundle.read_csv(p)[1]}

    def state(self, run):
        return {(p.parts[-2], p.stem, r['key']): r['hash'] for p in run.glob('state/*/*.csv') for r in bundle.read_csv(p)[1]}

    def changed(self):
        """Patient 4's city, a fifth patient, no patient 3 with what hangs on him, another note."""
        t = copy.deepcopy(self.tables)
        p = t['Patient'][1]
        p[3] = ('4', 'A4', 'Ruth', 'Hill', '1960-01-02', '', '', 'Tacoma', '')
        del p[2]
        p.append(('5', 'A5', 'Omar', 'New', '1970-01-02', '', '', '', '1'))
        t['SOAPNotes'][1][0] = ('1', '1', '1', '2020-01-02', 'first, corrected')
        del t['SOAPNotes'][1][2], t['TreatmentPlan'][1][1]
        t['Document'][1][1] = ('2', '2', 'Scan', 'b.pdf', '0x' + b'%PDF-1.4 new'.hex())
        return t

    def test_nothing_changed_is_zero_rows_and_the_same_state(self):
        run = self.convert(self.dump(self.tables), 'salesforce,zoho', '--since', self.first)
        self.assertEqual((self.written(run), self.gone(run), list(run.glob('*/*.zip'))), (set(), set(), []))
        self.assertEqual(self.state(run), self.state(self.first))
        self.assertEqual((run / 'state' / 'key.txt').read_bytes(), (self.first / 'state' / 'key.txt').read_bytes())
        self.assertEqual(self.tools.verify(run), 0)
        for c in bundle.summary(self.last)['counts']:
            if c['level'] == 'object':
                self.assertEqual((c['written'], c['mapped']), (0, c['merged'] + c['skipped'] + c['rejected']), c['name'])

    def test_what_was_planted_is_what_is_found(self):
        run = self.convert(self.dump(self.changed()), 'salesforce,zoho', '--since', self.first / 'state')
        written, gone = self.written(run), self.gone(run)
        zoho = {x[1:] for x in written if x[0] == 'zoho'}
        self.assertEqual(zoho, {('Contacts_Patients', 'PP-PAT-4'), ('Contacts_Patients', 'PP-PAT-5'), ('Notes', 'PP-NOT-1')})
        self.assertTrue({('salesforce', 'Contact_Patient', 'PP-PAT-4'), ('salesforce', 'Contact_Patient', 'PP-PAT-5')} <= written)
        self.assertFalse([x for x in written if x[2] in ('PP-PAT-1', 'PP-PAT-2', 'PP-NOT-2', 'PP-PLN-1')])
        self.assertEqual({x[2] for x in gone if x[0] == 'zoho'}, {'PP-PAT-3', 'PP-NOT-3', 'PP-PLN-2'})
        self.assertEqual({x[2] for x in gone if x[0] == 'salesforce' and x[1].endswith('_Contact_Patient')}, {'PP-PAT-3'})
        files = bundle.read_csv(run / 'zoho' / 'Files.csv')[1]
        self.assertEqual([next(iter(r.values())) for r in files] and len(files), 1)
        self.assertIn('DEC-1411', bundle.findings(self.last))
        whole = self.convert(self.dump(self.changed()), 'salesforce,zoho', '--since', run)
        self.assertEqual((self.written(whole), self.gone(whole)), (set(), set()), 'the state of a later run is whole')
        self.assertEqual(self.tools.verify(run), 0)

    def test_links_to_what_is_loaded_already_hold(self):
        t = copy.deepcopy(self.tables)
        t['SOAPNotes'][1].append(('9', '1', '1', '2020-05-05', 'later'))
        run = self.convert(self.dump(t), 'salesforce', '--since', self.first)
        rows = [r for p in run.glob('salesforce/*Note*.csv') for r in bundle.read_csv(p)[1]]
        self.assertEqual([('PP-NOT-9' in r.values(), 'PP-PAT-1' in r.values()) for r in rows], [(True, True)])

    def test_a_record_merged_since_is_gone_and_its_children_move(self):
        decisions = self.room / 'merge.csv'
        decisions.write_text('source_key,other_source_key,primary,decision\r\nPP-PAT-1,PP-PAT-2,PP-PAT-1,merge\r\n', newline='')
        run = self.convert(self.dump(self.tables), 'zoho', '--since', self.first, '--decisions', decisions)
        self.assertEqual({x[2] for x in self.gone(run)}, {'PP-PAT-2'})
        self.assertEqual({x[2] for x in self.written(run)} & {'PP-PAT-1', 'PP-NOT-2', 'PP-PLN-1'}, {'PP-PAT-1', 'PP-NOT-2', 'PP-PLN-1'})

    def test_what_the_run_is_not_about_stays_loaded(self):
        run = self.convert(self.dump(self.tables), 'zoho', '--since', self.first, '--only', 'entities:patient')
        self.assertEqual((self.written(run), self.gone(run)), (set(), set()))
        self.assertEqual(self.state(run), {k: v for k, v in self.state(self.first).items() if k[0] == 'zoho'})

    def test_no_value_stands_in_a_state(self):
        for path in (self.first / 'state').rglob('*'):
            text = path.read_text() if path.is_file() else ''
            for word in ('Stone', 'Mary', 'Hill', '1950', 'Yelm', 'first', 'example'):
                self.assertNotIn(word, text, path.name)

    def test_a_state_that_is_none_is_refused(self):
        for name, break_it in (('no folder', shutil.rmtree), ('no key', lambda p: (p / 'key.txt').unlink()),
                               ('a cut hash', lambda p: (p / 'zoho' / 'deals.csv').write_text('key,hash\r\nPP-PLN-1,12\r\n', newline=''))):
            copy_of = self.room / name.replace(' ', '_')
            shutil.copytree(self.first / 'state', copy_of)
            break_it(copy_of)
            result = self.run_of(self.dump(self.tables), 'zoho', '--since', copy_of)
            self.assertNotIn(result.returncode, (0, 3), name)
            self.assertIn('DEC-1410', bundle.findings(result), name)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
