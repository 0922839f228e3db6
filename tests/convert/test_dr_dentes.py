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
        folder, result = self.convert(source, '--option', 'national_id=yes')
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

    def test_national_numbers_are_written_only_when_asked_for(self):
        folder, result = self.convert(self.made / 'csv-dentes-utf8')
        self.assertEqual({r['national_id'] for r in entity(folder, 'patient')}, {''})
        self.assertIn('QUA-1210', bundle.findings(result))
        with open(self.made / 'truth' / 'patient.csv', encoding='utf-8', newline='') as f:
            numbers = {r['national_id'] for r in csv.DictReader(f)} - {''}
        self.assertGreater(len(numbers), 10)
        for path, data in bundle.files(folder.parent).items():
            if path not in ('exceptions.csv',):
                self.assertFalse([n for n in numbers if n.encode() in data], path)

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

    def one_list(self, encoding, special, at=0, rows=40):
        """A list of patients of which one, in row `at`, has the letters that tell Turkish from Western; 0xFC is in both."""
        source = Path(tempfile.mkdtemp(dir=self.room))
        lines = ['HastaNo;TCKimlikNo;Adi;Soyadi;Cinsiyet;Adres;Il;Ilce;Hekim;CerceveRengi']
        for i in range(1, rows + 1):
            last = special if i == at else 'G\u00fcl'
            lines.append('%d;;Can;%s;Erkek;Uzun bir sokak adresi numara %d;Ankara;Merkez;1;' % (i, last, i))
        (source / 'Hasta Listesi.csv').write_bytes('\r\n'.join(lines + ['']).encode(encoding))
        return source

    def named(self, source, key, *more):
        folder, result = self.convert(source, *more)
        return next(r['last'] for r in entity(folder, 'patient') if r['src_key'] == key), bundle.findings(result)

    def test_the_code_page_of_the_profile_holds_where_nothing_looked_at_tells_it(self):
        # Beyond the head and between the pieces that are looked at: taken alone, the file would be read as Windows-1252.
        source = self.one_list('cp1254', '\u015eahin', at=5200, rows=40000)
        last, found = self.named(source, '5200')
        self.assertEqual(last, '\u015eahin')
        self.assertNotIn('CSV-1102', found)
        last, _ = self.named(source, '5200', '--option', 'codepage=windows-1252')
        self.assertEqual(last, '\u00deahin')
        last, _ = self.named(source, '5200', '--encoding', 'windows-1252')
        self.assertEqual(last, '\u00deahin')

    def test_check_and_map_read_with_the_code_page_of_the_profile_too(self):
        source = self.one_list('cp1254', '\u015eahin', at=5200, rows=40000)
        for words in (['check', 'dr-dentes', source, '--json'],
                      ['map', 'dr-dentes', source, '--out', self.room / 'map.html', '--json']):
            result = self.tools.run('profile', *words, '--templates', self.tools.templates)
            self.assertIn(result.returncode, (0, 3), result.stdout + result.stderr)
            self.assertIn('Windows-1254', result.stdout)
            self.assertNotIn('CSV-1102', result.stdout)
        result = self.tools.run('profile', 'check', 'dr-dentes', source, '--json', '--encoding', 'windows-1252', '--templates',
                                self.tools.templates)
        self.assertIn('Windows-1252', result.stdout)

    def test_a_file_of_the_command_prompt_is_not_taken_for_windows(self):
        last, found = self.named(self.one_list('cp857', '\u015eahin', at=7), '7')
        self.assertEqual(last, '\u015eahin')
        self.assertIn('CSV-1102', found)

    def test_a_code_page_that_is_none_is_told(self):
        result = self.tools.convert(self.one_list('cp1254', '\u015eahin', at=7), self.room / 'none', None, '--option', 'codepage=turkish',
                                    to='canonical')
        self.assertEqual(result.returncode, 2)
        self.assertIn('codepage', result.stdout + result.stderr)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
