#!/usr/bin/env python3
"""From an unknown dump to a profile: drafted, checked, mapped, converted; from a snapshot alone the same draft comes out."""
import argparse
import csv
import json
import re
import shutil
import subprocess
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path

ARGS = None
LAST = ['Planted', 'Sichtbar', 'Geheimrat', 'Nightingale', 'Vogelsang']


def clinic(folder):
    folder.mkdir()
    with open(folder / 'Patients.csv', 'w', newline='') as f:
        w = csv.writer(f)
        w.writerow(['PatientID', 'FirstName', 'LastName', 'DOB', 'Sex', 'HomePhone', 'Email', 'Remarks', 'ShoeSize'])
        for i in range(40):
            w.writerow([100 + i, 'Canarya', LAST[i % 5], '%02d/%02d/1950' % (i % 12 + 1, i % 27 + 1), 'FM'[i % 2],
                        '(360)897-%04d' % (1000 + i), 'c%d@canary.example' % i, 'CANARYNOTE she is afraid of drills', 36 + i % 9])
    with open(folder / 'Doctors.csv', 'w', newline='') as f:
        w = csv.writer(f)
        w.writerow(['DoctorID', 'DoctorName', 'Specialty'])
        w.writerows([[1, 'Ottilie Featherstone', 'Periodontics'], [2, 'Nepomuk Karabulut', 'Endodontics']])
    with open(folder / 'Appointments.csv', 'w', newline='') as f:
        w = csv.writer(f)
        w.writerow(['AppointmentID', 'PatientID', 'DoctorID', 'AppointmentDate', 'Duration', 'Status'])
        for i in range(90):
            w.writerow([i + 1, 100 + i % 40, i % 2 + 1, '2023-04-%02d 09:30:00' % (i % 28 + 1), 30, 'completed'])
    with open(folder / 'Shoes.csv', 'w', newline='') as f:
        w = csv.writer(f)
        w.writerow(['Code', 'Colour'])
        w.writerows([['s%d' % i, 'red'] for i in range(9)])


def run(*arguments, code=0):
    done = subprocess.run([ARGS.chartferry, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    return done


class Page(HTMLParser):
    """Rows of a page's tables as lists of texts."""
    def __init__(self, text):
        super().__init__()
        self.rows, self.row, self.open, self.foreign = [], None, 0, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.foreign += [a for a in attributes if a[0] in ('src', 'href', 'onclick') or 'http' in (a[1] or '')]
        if tag == 'script': self.foreign.append(tag)
        if tag == 'tr': self.row = []
        if tag in ('td', 'th') and self.row is not None: self.row.append('')

    def handle_endtag(self, tag):
        if tag == 'tr' and self.row is not None: self.rows.append(self.row)
        if tag == 'tr': self.row = None

    def handle_data(self, data):
        if self.row: self.row[-1] += data


class Profile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = Path(tempfile.mkdtemp(prefix='profile.'))
        cls.dump = cls.room / 'dump'
        clinic(cls.dump)
        cls.templates = cls.room / 'templates'
        shutil.copytree(ARGS.templates, cls.templates)
        cls.folder = cls.templates / 'sources' / 'clinic'
        cls.snapshot = cls.room / 'clinic.json'
        run('snapshot', cls.dump, '--out', cls.snapshot)
        cls.drafted = run('profile', 'draft', cls.dump, '--out', cls.folder, '--templates', cls.templates)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def copy(self, *changes):
        """A copy of the draft, changed: (file, old text, new text)."""
        folder = Path(tempfile.mkdtemp(dir=self.room)) / 'changed'
        shutil.copytree(self.folder, folder)
        for name, old, new in changes:
            text = (folder / name).read_text()
            self.assertIn(old, text)
            (folder / name).write_text(text.replace(old, new))
        return folder

    def check(self, folder, source=None, code=0):
        return run('profile', 'check', folder, *([source] if source else []), '--templates', self.templates, '-v', code=code)

    def test_a_draft_has_no_mistakes(self):
        self.assertIn('no mistake', self.check('clinic').stdout)
        self.assertIn('fits this source', self.check(self.folder, self.dump).stdout)
        run('templates', 'check', 'clinic', '--templates', self.templates)

    def test_a_snapshot_gives_the_same_draft_and_can_be_checked_against(self):
        folder = self.room / 'from_snapshot'
        run('profile', 'draft', self.snapshot, '--out', folder, '--templates', self.templates)
        for file in sorted(p.name for p in self.folder.iterdir()):
            self.assertEqual((folder / file).read_text().replace('FRO', 'CLI'), (self.folder / file).read_text().replace('FRO', 'CLI'), file)
        self.assertIn('fits this source', self.check(self.folder, self.snapshot).stdout)

    def test_no_value_is_in_a_draft_or_a_map(self):
        page = self.room / 'map.html'
        run('profile', 'map', 'clinic', self.dump, '--out', page, '--templates', self.templates)
        texts = [p.read_text() for p in self.folder.iterdir()] + [page.read_text(), self.drafted.stdout, self.drafted.stderr]
        for value in LAST + ['Canarya', 'CANARYNOTE', 'canary.example', '897-', 'Featherstone', 'Karabulut', '/1950']:
            for text in texts: self.assertNotIn(value, text)

    def test_it_converts_and_every_row_is_accounted_for(self):
        done = run('convert', self.dump, '--to', 'canonical', '--profile', 'clinic', '--templates', self.templates, '--out',
                   self.room / 'runs', '--json', code=3)
        summary = [json.loads(line) for line in done.stdout.splitlines()][-1]
        folder = Path(summary['run_folder']) / 'canonical'
        found = {p.stem: list(csv.DictReader(p.read_text(encoding='utf-8-sig').splitlines())) for p in folder.glob('*.csv')}
        people = next(v for k, v in found.items() if k.endswith('patient'))
        visits = next(v for k, v in found.items() if k.endswith('appointment'))
        self.assertEqual((len(people), len(visits)), (40, 90))
        self.assertEqual({p['last'] for p in people}, set(LAST))
        self.assertTrue(all(v['provider'] for v in visits))

    def test_its_folder_converts_as_its_name_does(self):
        written = []
        for profile, templates in ('clinic', self.templates), (self.copy(), ARGS.templates):
            done = run('convert', self.dump, '--to', 'canonical', '--profile', profile, '--templates', templates, '--out',
                       Path(tempfile.mkdtemp(dir=self.room)), '--json', code=3)
            folder = Path(json.loads(done.stdout.splitlines()[-1])['run_folder']) / 'canonical'
            written.append({p.name: p.read_bytes() for p in folder.glob('*.csv')})
        self.assertGreater(len(written[0]), 3)
        self.assertTrue(written[0] == written[1], 'the bundles differ')
        self.assertIn('no profile "./clinic"', run('convert', self.dump, '--to', 'canonical', '--profile', './clinic', '--templates',
                                                    self.templates, '--out', self.room / 'none', code=2).stderr)

    def test_a_map_says_what_becomes_what_and_what_does_not(self):
        page = self.room / 'page.html'
        run('profile', 'map', self.folder, self.snapshot, '--out', page, '--templates', self.templates)
        parsed = Page(page.read_text())
        rows = {r[0]: r for r in parsed.rows if len(r) == 6}
        self.assertEqual(parsed.foreign, [])
        self.assertIn('patient.last', rows['LastName'][3])
        self.assertIn('as it is', rows['LastName'][4])
        self.assertIn('of 100', rows['LastName'][4])
        self.assertEqual(rows['ShoeSize'][2:4], ['100 %', 'nothing'])
        self.assertEqual(rows['Colour'][3], 'nothing')
        self.assertIn('signature', page.read_text())
        run('profile', 'map', self.folder, self.snapshot, '--out', page, code=2)

    def test_mistakes_have_their_place(self):
        changed = self.copy(('patient.sql', 'x."LastName"', 'x."LostName"'))
        self.assertRegex(self.check(changed, self.dump, code=2).stderr, r'changed/patient\.sql:\d+:\d+: no such column')
        changed = self.copy(('profile.yaml', 'title:', 'titel:'))
        self.assertRegex(self.check(changed, code=2).stderr, r'profile\.yaml:\d+:\d+: unknown key "titel"')
        changed = self.copy(('patient.sql', 'FROM patients', 'FROM patiens'))
        self.assertIn('did you mean', self.check(changed, self.snapshot, code=2).stderr)

    def test_what_nothing_reads_is_told(self):
        said = self.check(self.folder, self.dump).stderr
        self.assertRegex(said, r'SNP-1263[^\n]*Patients\n[^\n]*ShoeSize')
        self.assertRegex(said, r'SNP-1264[^\n]*Shoes')

    def test_keys_that_are_none_are_told(self):
        changed = self.copy(('patient.sql', 'x."PatientID"', 'x."LastName"'))
        self.assertIn('SNP-1261', self.check(changed, self.dump, code=3).stderr)
        self.assertIn('35 of 40', self.check(changed, self.dump, code=3).stderr)
        changed = self.copy(('patient.sql', 'x."PatientID"', 'nullif(x."PatientID", \'100\')'))
        self.assertIn('SNP-1262', self.check(changed, self.dump, code=3).stderr)

    def test_a_fingerprint_that_does_not_fit_is_told(self):
        changed = self.copy(('profile.yaml', '  tables:\n', '  tables:\n    Nowhere: [a]\n'))
        said = self.check(changed, self.dump, code=3).stderr
        self.assertIn('SNP-1265', said)
        self.assertIn('Nowhere', said)

    def test_nothing_known_is_told(self):
        dump = self.room / 'shop'
        dump.mkdir()
        (dump / 'Orders.csv').write_text('OrderID,Freight,Weight\n1,2.50,3\n2,3.50,4\n')
        said = run('profile', 'draft', dump, '--templates', self.templates, code=4)
        self.assertIn('SNP-1260', said.stderr)

    def test_a_folder_that_is_there_stays(self):
        run('profile', 'draft', self.dump, '--out', self.folder, '--templates', self.templates, code=2)
        self.assertIn('Did you mean "clinic"', run('profile', 'check', 'clinik', '--templates', self.templates, code=2).stderr)

    def chart_of(self, name, files):
        """The teeth and sites that a draft of this dump converts to, and the chart as it was drafted."""
        dump = self.room / name
        dump.mkdir()
        people = {'Patients': 'PatientID,FirstName,LastName,BirthDate\n1,Ann,Gray,1950-04-05\n2,Bo,Moor,1951-04-05\n',
                  'PerioExams': 'ExamID,PatientID,ExamDate\n7,1,2023-04-11 09:30:00\n8,2,2023-04-12 09:30:00\n'}
        for file, text in {**people, **files}.items(): (dump / (file + '.csv')).write_text(text)
        folder = self.templates / 'sources' / name
        run('profile', 'draft', dump, '--out', folder, '--templates', self.templates)
        said = run('convert', dump, '--to', 'canonical', '--profile', name, '--templates', self.templates, '--out', self.room / (name + '.out'),
                   '--option', 'numbering=universal', '--json', code=3 if 'Odd' in str(files) else 0)
        canonical = Path(json.loads(said.stdout.splitlines()[-1])['run_folder']) / 'canonical'
        read = lambda end: list(csv.DictReader(next(canonical.glob('*' + end)).read_text(encoding='utf-8').splitlines()))
        sites = {(r['tooth'], r['site']): (r['pd'], r['recession'], r['bop']) for r in read('site_measure.csv')}
        return read('tooth_record.csv'), sites, (folder / 'profile.yaml').read_text()

    def test_a_chart_of_a_row_per_measurement_is_drafted_where_its_codes_are_words(self):
        rows = ['7,3,Probing,5,4,3,,0,2', '7,3,Bleeding,1,0,1,,,', '7,3,GingMargin,1,-1,0,,,']
        for tooth in range(1, 31):  # a code that few rows have is nobody's business
            rows += ['8,%d,%s,3,2,1,3,2,1' % (tooth, kind) for kind in ('Probing', 'Bleeding', 'GingMargin', 'Odd')]
        rows = [r.replace('3,2,1,3,2,1', '0,1,0,1,0,1') if 'Bleeding' in r and r[0] == '8' else r for r in rows]
        teeth, sites, text = self.chart_of('measures', {'Readings': 'ExamID,Tooth,MeasureType,MB,B,DB,ML,L,DL\n' + '\n'.join(rows) + '\n'})
        self.assertIn('\nchart:\n  shape: tooth_measure\n', text)
        self.assertRegex(text, r'\n# +Odd: +# 30 rows\n')
        self.assertEqual({r['src_key'] for r in teeth if r['exam'] == '7'}, {'7:16'})
        self.assertEqual(len([r for r in teeth if r['exam'] == '8']), 30)
        self.assertEqual(sites['7:16', 'MB'], ('5', '1', '1'))
        self.assertEqual(sites['7:16', 'B'], ('4', '-1', '0'))
        self.assertEqual(sites['7:16', 'L'][0], '0')
        self.assertNotIn(('7:16', 'ML'), sites)

    def test_a_chart_with_the_columns_of_a_published_table_is_drafted_with_its_numbers(self):
        rows = ['1,7,4,3,-1,5,4,3,-1,0,2', '2,7,2,3,-1,103,1,-1,-1,-1,-1', '3,7,0,3,2,-1,-1,-1,-1,-1,-1', '4,7,5,1,1,-1,-1,-1,-1,-1,-1']
        head = 'PerioMeasureNum,ExamID,SequenceType,IntTooth,ToothValue,MBvalue,Bvalue,DBvalue,MLvalue,Lvalue,DLvalue\n'
        teeth, sites, text = self.chart_of('published', {'Measures': head + '\n'.join(rows) + '\n'})
        self.assertIn('margin_sign: od_100plus', text)
        self.assertEqual({r['src_key']: (r['status'], r['mobility']) for r in teeth}, {'7:16': ('', '2'), '7:18': ('missing', '')})
        self.assertEqual(sites['7:16', 'MB'], ('5', '-3', ''))

    def test_a_wide_chart_is_drafted(self):
        columns = ['T%02d_PD_%s' % (t, s) for t in (2, 3, 14, 30) for s in ('MB', 'B', 'DB', 'ML', 'L', 'DL')]
        wide = 'ExamID,%s\n7,%s\n8,%s\n' % (','.join(columns), ','.join(['5', '0'] + [''] * 22), ','.join(['3'] * 24))
        teeth, sites, text = self.chart_of('wide', {'ChartValues': wide})
        self.assertIn('\nchart:\n  shape: wide_exam\n', text)
        self.assertEqual([sites['7:17', s][0] for s in ('MB', 'B')], ['5', '0'])
        self.assertEqual({r['src_key'] for r in teeth if r['exam'] == '8'}, {'8:17', '8:16', '8:26', '8:46'})

    def test_of_a_practice_of_15_kinds_of_records_the_draft_has_every_tooth(self):
        made = self.room / 'practice'
        subprocess.run([ARGS.practice_gen, '--out', made, '--patients', '12', '--seed', '3', '--hard', '0'], check=True)
        run('profile', 'draft', made / 'practice.bak', '--out', self.templates / 'sources' / 'practice', '--templates', self.templates)
        said = run('convert', made / 'practice.bak', '--to', 'canonical', '--profile', 'practice', '--templates', self.templates, '--out',
                   self.room / 'practice.out', '--option', 'numbering=universal', '--option', 'country=US', '--json')
        canonical = Path(json.loads(said.stdout.splitlines()[-1])['run_folder']) / 'canonical'
        for entity in ('tooth_record', 'site_measure', 'clinical_exam', 'patient'):
            written = next(canonical.glob('*_%s.csv' % entity)).read_text(encoding='utf-8').count('\n')
            self.assertEqual(written, (made / 'truth' / (entity + '.csv')).read_text(encoding='utf-8').count('\n'), entity)

    def test_files_as_the_script_makes_them_are_read_without_loss(self):
        """One column of text per row, UTF-16, text in quotes, NULL as nothing: what bcp -w writes of the script's lines."""
        script = run('export-script', 'clinic', '--templates', self.templates).stdout
        self.assertIn("N'patients'", script)
        self.assertIn('queryout', script)
        self.assertNotIn('queryout', run('export-script', 'clinic', '--dialect', 'sqlcmd', '--templates', self.templates).stdout)
        rows = [('1', 'a "b", c\r\nd', '', None, '0x00ff'), ('2', 'Şahin 😀', 'x', '3.50', None), ('3', 'NULL', None, '0.10', '0x')]
        folder = self.room / 'exported'
        folder.mkdir()
        quoted = lambda s: '' if s is None else '"%s"' % s.replace('"', '""')
        bare = lambda s: s or ''
        lines = ['"ID","Text","Empty","Amount","Content"']
        lines += [','.join([bare(r[0]), quoted(r[1]), quoted(r[2]), bare(r[3]), bare(r[4])]) for r in rows]
        (folder / 'dbo.T.csv').write_bytes(b'\xff\xfe' + ''.join(s + '\r\n' for s in lines).encode('utf-16-le'))
        out = run('sql', folder, '--format', 'json', 'SELECT ID, Text, Empty, Amount, Content FROM "dbo.T" ORDER BY ID').stdout
        found = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([tuple(r.values()) for r in found], rows)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--chartferry', required=True)
    parser.add_argument('--templates', required=True)
    parser.add_argument('--practice-gen', required=True)
    ARGS = parser.parse_args()
    unittest.main(argv=['test_profile'])
