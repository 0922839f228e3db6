#!/usr/bin/env python3
"""A snapshot of a made practice holds nothing of its people: each value that was planted is looked for in the whole file."""
import argparse
import json
import random
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ARGS = None
FIRST = ['Canarya', 'Zebulon', 'Ottilie', 'Xaverius', 'Quintessa', 'Balthasar', 'Nepomuk', 'Isolde']
LAST = ['Planted', 'Sichtbar', 'Geheimrat', 'Nightingale', 'Vogelsang', 'Featherstone', 'Karabulut', 'Yildirimoglu']
NOTE = 'CANARYNOTE patient is afraid of drills and told us about her sister'


def practice(folder):
    """Patients and visits as CSV; every value of a person goes into the set that is given back."""
    chance, planted = random.Random(7), {NOTE, 'CANARYNOTE', 'sister'}
    rows = ['PatientID,FirstName,LastName,SSN,BirthDate,HomePhone,Email,Street,City,Sex,Status,Kolon7,Notes']
    for i in range(60):
        first, last = chance.choice(FIRST), chance.choice(LAST)
        ssn = '%03d-%02d-%04d' % (chance.randrange(100, 899), chance.randrange(10, 99), chance.randrange(1000, 9999))
        birth = '%02d/%02d/%d' % (chance.randrange(1, 13), chance.randrange(1, 29), chance.randrange(1925, 2015))
        phone = '(%03d)%03d-%04d' % (chance.randrange(200, 999), chance.randrange(200, 999), chance.randrange(1000, 9999))
        mail = '%s.%s@canary.example' % (first.lower(), last.lower())
        street = '%d Hummingbird Lane' % chance.randrange(10, 999)
        # A column whose name says nothing holds a few first names, each in many rows.
        rows.append(','.join([str(914000 + i), first, last, ssn, birth, phone, mail, street, 'Warblerville', 'FM'[i % 2],
                              ['Active', 'Inactive'][i % 2], FIRST[i % 3], '"%s"' % NOTE]))
        planted |= {first, last, ssn, birth, phone, mail, street, 'Hummingbird', 'Warblerville', str(914000 + i)}
    (folder / 'Patient.csv').write_text('\n'.join(rows) + '\n')
    rows = ['VisitID,PatientID,VisitType,Hygienist,Reason,Fee']
    for i in range(300):
        # One of the codes is somebody's name: it stands in Patient.LastName too.
        kind = 'Vogelsang' if i % 9 == 0 else 'Prophy'
        rows.append('%d,%d,%s,Dr Featherstone,%s,%d.50' % (i, 914000 + i % 60, kind, NOTE, 100 + i))
    (folder / 'Visit.csv').write_text('\n'.join(rows) + '\n')
    return planted


def run(*arguments, code=0):
    done = subprocess.run([ARGS.chartferry, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    return done


class Snapshot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = Path(tempfile.mkdtemp(prefix='snapshot.'))
        cls.dump = cls.room / 'dump'
        cls.dump.mkdir()
        cls.planted = practice(cls.dump)
        cls.file = cls.room / 'practice.json'
        cls.said = run('snapshot', cls.dump, '--out', cls.file)
        cls.text = cls.file.read_text(encoding='utf-8')
        cls.tables = {t['full_name']: t for t in json.loads(cls.text)['tables']}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def column(self, table, name):
        return next(c for c in self.tables[table]['columns'] if c['name'] == name)['facts']

    def test_nothing_planted_is_in_it(self):
        for value in sorted(self.planted):
            self.assertNotIn(value.lower(), self.text.lower(), value)

    def test_nor_in_what_is_said(self):
        for value in self.planted:
            self.assertNotIn(value, self.said.stdout + self.said.stderr)

    def test_nor_any_path(self):
        self.assertNotIn(str(self.room), self.text)

    def test_shapes_hold_no_letters_or_digits_of_values(self):
        shapes = [s for t in self.tables.values() for c in t['columns'] for s, _ in c['facts'].get('shapes', [])]
        self.assertTrue(shapes)
        for shape in shapes:
            self.assertEqual(re.sub(r'[Aa9]', '', re.sub(r'[^A-Za-z0-9]', '', shape)), '', shape)
        self.assertEqual(self.column('Patient', 'BirthDate')['shapes'], [['99/99/9999', 60]])
        self.assertEqual(self.column('Patient', 'SSN')['shapes'], [['999-99-9999', 60]])

    def test_codes_are_told_where_nobody_is_known_by_them(self):
        self.assertEqual(self.column('Patient', 'Sex')['codes'], [['F', 30], ['M', 30]])
        self.assertEqual(self.column('Patient', 'Status')['codes'], [['Active', 30], ['Inactive', 30]])
        for table, name in (('Patient', 'FirstName'), ('Patient', 'Kolon7'), ('Patient', 'City'), ('Visit', 'VisitType'),
                            ('Visit', 'Hygienist'), ('Visit', 'Reason')):
            self.assertNotIn('codes', self.column(table, name), name)

    def test_counts_are_those_of_the_rows(self):
        self.assertEqual(self.tables['Visit']['rows_read'], 300)
        self.assertEqual(self.column('Visit', 'VisitID')['distinct'], 300)
        self.assertEqual(self.column('Patient', 'Notes')['filled'], 60)

    def test_the_same_again_is_the_same_file(self):
        again = self.room / 'again.json'
        run('snapshot', self.dump, '--out', again)
        self.assertEqual(again.read_text(encoding='utf-8'), self.text)

    def test_a_file_that_is_there_stays(self):
        run('snapshot', self.dump, '--out', self.file, code=2)
        self.assertEqual(self.file.read_text(encoding='utf-8'), self.text)

    def test_it_can_be_inspected_and_holds_no_rows(self):
        said = json.loads(run('inspect', self.file, '--json').stdout)
        self.assertEqual({t['table']: t['rows'] for t in said['tables']}, {'Patient': 60, 'Visit': 300})
        self.assertIn('SNP-1252', run('sql', self.file, 'SELECT * FROM Patient', code=4).stderr)
        self.assertIn('SNP-1252', run('extract', self.file, '--out', self.room / 'x', code=4).stderr)
        self.assertFalse((self.room / 'x').exists())

    def test_a_first_row_that_may_be_data_names_no_columns(self):
        dump = self.room / 'headless'
        dump.mkdir()
        (dump / 'people.csv').write_text('Canarya,Planted,Hummingbird\n' + 'Ottilie,Vogelsang,Lane\n' * 20)
        file = self.room / 'headless.json'
        said = run('snapshot', dump, '--out', file)
        self.assertIn('SNP-1253', said.stderr)
        self.assertNotIn('anarya', file.read_text() + said.stderr)
        self.assertEqual([c['name'] for c in json.loads(file.read_text())['tables'][0]['columns']],
                         ['column_1', 'column_2', 'column_3'])

    def test_what_is_damaged_is_refused(self):
        cut = self.room / 'cut.json'
        cut.write_text(self.text[:len(self.text) // 2])
        self.assertIn('SNP-1250', run('inspect', cut, code=4).stderr)
        cut.write_text(self.text.replace('"chartferry_snapshot": 1', '"chartferry_snapshot": 9'))
        self.assertIn('SNP-1251', run('inspect', cut, code=4).stderr)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--chartferry', required=True)
    ARGS = parser.parse_args()
    unittest.main(argv=['test_snapshot'])
