#!/usr/bin/env python3
"""A Turkish clinic's exports, made by practice-gen, converted by the profile dr-dentes and held against the generator's truth:
CSV in UTF-8 and Windows-1254, workbooks, English headings."""
import argparse
import csv
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import bundle

ARGS = None
ENGLISH = {
    'Hastalar': ('Patients', {'HastaNo': 'Patient ID', 'TCKimlikNo': 'NationalID', 'Adi': 'First Name', 'Soyadi': 'Last Name',
                              'DogumTarihi': 'Birth Date', 'Cinsiyet': 'Gender', 'CepTelefonu': 'Mobile Phone',
                              'SabitTelefon': 'Home Phone', 'EPosta': 'Email', 'Adres': 'Address', 'Ilce': 'District', 'Il': 'City',
                              'Ulke': 'Country', 'Hekim': 'DentistID', 'Sube': 'LocationID', 'Durum': 'Status',
                              'CerceveRengi': 'Frame Colour', 'Aciklama': 'Notes'}),
    'Klinik': ('Locations', {'FirmaKodu': 'CompanyCode', 'FirmaAdi': 'Name', 'VergiDairesi': 'Tax Office',
                             'VergiNumarasi': 'Tax Number'}),
    'Dishekimi': ('Staff', {'Adi': 'FirstName', 'Soyadi': 'LastName', 'Uzmanlik': 'Speciality', 'Gorev': 'Role', 'Durum': 'Status'}),
    'Tedavi': ('Procedures', {'HastaNo': 'PatientID', 'DisNo': 'Tooth No', 'Yuzey': 'Surface', 'IslemKodu': 'Code', 'IslemAdi': 'Name',
                              'Tutar': 'Fee', 'Durum': 'Status'}),
    'Randevu': ('Appointments', {'HastaNo': 'PatientID', 'Hekim': 'DentistID', 'Unit': 'Operatory', 'Tarih': 'Date',
                                 'BaslangicSaati': 'StartTime', 'BitisSaati': 'EndTime', 'RandevuTuru': 'Type', 'Durum': 'Status'}),
}


def entity(folder, name):
    return bundle.rows(folder, next(p.name for p in folder.iterdir() if p.name[3:] == name + '.csv'))


class DrDentes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_dr_dentes.'))
        cls.made = cls.room / 'practice'
        subprocess.run([ARGS.practice_gen, '--system', 'dentes', '--patients', '60', '--seed', '5', '--out', str(cls.made)], check=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def convert(self, source, *more):
        out = Path(tempfile.mkdtemp(dir=self.room))
        result = self.tools.convert(source, out, None, *more, to='canonical')
        self.assertIn(result.returncode, (0, 3), result.stdout + result.stderr)
        summary = bundle.summary(result)
        self.assertEqual(summary['profile'], 'dr-dentes')
        return Path(summary['run_folder']) / 'canonical', result

    def expect_truth(self, source):
        folder, result = self.convert(source)
        check = Path(__file__).resolve().parents[1] / 'practice' / 'check_practice.py'
        done = subprocess.run([sys.executable, '-B', check, self.made / 'truth', folder], stdout=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        return folder, result

    def test_csv_in_utf_8(self):
        folder, result = self.expect_truth(self.made / 'csv-dentes-utf8')
        self.assertIn('NRM-913', bundle.findings(result))
        values = entity(folder, 'custom_value')
        kinds = {r['value'] for r in values if (r['entity'], r['name']) == ('billing_line', 'EntryType')}
        self.assertEqual(kinds, {'charge', 'patient payment'})
        self.assertFalse([r for r in values if r['name'] == 'IDNumber'], 'national numbers of staff stay behind')

    def test_csv_in_windows_1254(self):
        self.expect_truth(self.made / 'csv-dentes-1254')

    def test_workbooks(self):
        self.expect_truth(self.made / 'xlsx-dentes')

    def test_english_headings(self):
        source = self.room / 'english'
        source.mkdir()
        for path in (self.made / 'csv-dentes-utf8').iterdir():
            name, columns = ENGLISH.get(path.stem, (path.stem, {}))
            with open(path, encoding='utf-8-sig', newline='') as f:
                table = list(csv.reader(f, delimiter=';'))
            self.assertLessEqual(set(columns), set(table[0]))
            with open(source / (name + '.csv'), 'w', encoding='utf-8', newline='') as f:
                csv.writer(f, delimiter=';').writerows([[columns.get(c, c) for c in table[0]]] + table[1:])
        self.expect_truth(source)

    def test_the_list_of_patients_alone(self):
        source = self.room / 'alone'
        source.mkdir()
        shutil.copy(self.made / 'csv-dentes-utf8' / 'Hastalar.csv', source / 'Hasta Listesi.csv')
        folder, _ = self.convert(source)
        patients = entity(folder, 'patient')
        self.assertEqual(len(patients), 60)
        self.assertTrue(all(r['state'] and r['country'] == 'TR' for r in patients))


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    parser.add_argument('--practice-gen', required=True)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
