#!/usr/bin/env python3
"""link-files: a made run, success files of several shapes, and what becomes of each document."""
import argparse
import csv
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ARGS = None
HEAD = '{\n  "chartferry": "conversion",\n'
LIST = ['Source_Key__c', 'Title', 'PathOnClient', 'VersionData', 'FirstPublishLocationId', 'ChartNumber__c', 'SHA256__c', 'Category__c',
        'Exam_Key__c']
FACTS = ['document', 'patient', 'exam', 'kind', 'category', 'captured', 'name', 'file', 'archive', 'unpacked', 'by_hand', 'bytes',
         'type', 'sha256', 'pdf_of']


def id18(body):
    """An id of 18 characters; the last three say which of the others are capitals."""
    tail = ''
    for third in range(3):
        bits = sum(1 << i for i, c in enumerate(body[5 * third:5 * third + 5]) if c.isupper())
        tail += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[bits]
    return body + tail


ID = {n: id18('003Ax00000%sQqZ%s' % (chr(64 + n), chr(96 + n))) for n in range(1, 9)}


def write_csv(path, heading, rows, **form):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w', newline='', encoding='utf-8') as f:
        csv.writer(f, **form).writerows([heading, *rows])


def fact(**values):
    return [values.get(name, '') for name in FACTS]


class LinkFiles(unittest.TestCase):
    def setUp(self):
        self.room = pathlib.Path(tempfile.mkdtemp(prefix='link_files.'))
        self.run_folder = self.room / 'Practice_2024'
        rows = [['PP-DOC-%d' % n, 'X-ray, "%d"' % n, 'x%d.jpg' % n, 'p', 'PP-PAT-%d' % n, '00%d' % n, 'aa', 'X-ray', 'PP-EXM-1'] for n in range(1, 7)]
        write_csv(self.run_folder / 'salesforce' / '27_ContentVersion.csv', LIST, rows)
        places = [fact(document='PP-DOC-%d' % n, name='Röntgen %d.jpg' % n, unpacked='Files_001/PP-DOC-%d.jpg' % n,
                       by_hand='yes' if n == 3 else '', sha256='aa') for n in range(1, 6)]
        write_csv(self.run_folder / 'salesforce' / 'Files.csv', FACTS, places)
        write_csv(self.run_folder / 'salesforce' / 'Files_made.csv', FACTS,
                  [fact(document='PP-DOC-1-pdf', name='Röntgen 1.pdf', unpacked='Files_001/PP-DOC-1.pdf', pdf_of='PP-DOC-1', sha256='bb'),
                   fact(document='PP-EXM-7', patient='PP-PAT-2', exam='PP-EXM-7', kind='chart as PDF', category='Periodontal chart',
                        captured='2018-12-24 12:45:00', name='PP-EXM-7.pdf', unpacked='Files_001/PP-EXM-7.pdf', sha256='cc'),
                   fact(document='PP-LTP-1', kind='letter template', name='T.pdf', unpacked='Files_001/T.pdf')])
        self.write_manifest()

    def tearDown(self):
        shutil.rmtree(self.room)

    def write_manifest(self):
        files = []
        for path in sorted(self.run_folder.rglob('*.csv')):
            data = path.read_bytes()
            entry = {'path': path.relative_to(self.run_folder).as_posix(), 'bytes': len(data),
                     'sha256': hashlib.sha256(data).hexdigest()}
            if 'ContentVersion' in path.name:
                entry['object'] = 'salesforce/ContentVersion'
            files.append(entry)
        text = json.dumps({'manifest': 1, 'files': files, 'counts': []}, indent=2)
        (self.run_folder / 'manifest.json').write_text(HEAD + text[2:] + '\n')

    def link(self, *words):
        return subprocess.run([ARGS.chartferry, 'link-files', self.run_folder, *words], capture_output=True, text=True, timeout=60)

    def keys(self, name, rows, heading=('ID', 'SOURCE_KEY__C', 'STATUS'), **form):
        path = self.room / name
        write_csv(path, heading, rows, **form)
        return path

    def success(self, numbers, name='success.csv'):
        return self.keys(name, [[ID[n], 'PP-PAT-%d' % n, 'Item Created'] for n in numbers], quoting=csv.QUOTE_ALL,
                         lineterminator='\n')

    def result(self, folder=None):
        folder = folder or self.room / 'Practice_2024-files'
        with open(folder / 'salesforce' / 'ContentVersion.csv', newline='', encoding='utf-8') as f:
            return {r['VersionData'].rsplit('/', 1)[-1]: r for r in csv.DictReader(f)}

    def rejected(self):
        path = self.room / 'Practice_2024-files' / 'rejects' / 'salesforce_ContentVersion.csv'
        with open(path, newline='', encoding='utf-8') as f:
            return {r['Source_Key__c']: r['code'] for r in csv.DictReader(f)}

    def test_each_file_gets_the_id_of_its_record_or_is_listed(self):
        before = {p: p.read_bytes() for p in self.run_folder.rglob('*') if p.is_file()}
        done = self.link('--keys', self.success([1, 2, 3, 6]), self.success([4], 'more.csv'))
        self.assertEqual(done.returncode, 3, done.stderr)
        rows = self.result()
        self.assertEqual({n: r['FirstPublishLocationId'] for n, r in rows.items()},
                         {'PP-DOC-1.jpg': ID[1], 'PP-DOC-1.pdf': ID[1], 'PP-DOC-2.jpg': ID[2], 'PP-DOC-4.jpg': ID[4],
                          'PP-EXM-7.pdf': ID[2]})
        chart = rows['PP-EXM-7.pdf']
        self.assertEqual([chart[h] for h in LIST if h not in ('VersionData', 'FirstPublishLocationId')],
                         ['PP-EXM-7', 'Periodontal chart 2018-12-24', 'PP-EXM-7.pdf', '', 'cc',
                          'Periodontal chart', 'PP-EXM-7'])
        self.assertEqual((rows['PP-DOC-1.pdf']['Title'], rows['PP-DOC-1.pdf']['PathOnClient'], rows['PP-DOC-2.jpg']['Title']),
                         ('X-ray, "1" (PDF)', 'Röntgen 1.pdf', 'X-ray, "2"'))
        self.assertEqual(rows['PP-DOC-2.jpg']['VersionData'], '%s/salesforce/Files_001/PP-DOC-2.jpg' % self.run_folder)
        self.assertEqual(rows['PP-DOC-2.jpg']['ChartNumber__c'], '002')
        self.assertEqual((rows['PP-DOC-1.jpg']['SHA256__c'], rows['PP-DOC-1.pdf']['SHA256__c']), ('aa', 'bb'))
        self.assertEqual(self.rejected(), {'PP-DOC-3': 'DEL-867', 'PP-DOC-5': 'DEL-865', 'PP-DOC-6': 'DEL-866'})
        for code in self.rejected().values():
            self.assertIn(code, done.stderr)
        self.assertEqual(before, {p: p.read_bytes() for p in self.run_folder.rglob('*') if p.is_file()})
        folder = self.room / 'Practice_2024-files'
        self.assertEqual(subprocess.run([ARGS.chartferry, 'verify', folder], capture_output=True).returncode, 0)
        sdl = (folder / 'salesforce' / 'ContentVersion.sdl').read_text().splitlines()
        self.assertEqual(sdl, ['%s=%s' % (h, h) for h in LIST])
        again = self.link('--keys', self.success([1, 2, 3, 6]), self.success([4], 'more.csv'))
        self.assertEqual(again.returncode, 3)
        other = self.room / 'Practice_2024-files-2'
        for path in (p for p in folder.rglob('*') if p.is_file()):
            self.assertEqual(path.read_bytes(), (other / path.relative_to(folder)).read_bytes())

    def test_all_linked_is_a_success(self):
        write_csv(self.run_folder / 'salesforce' / '27_ContentVersion.csv', LIST,
                  [['PP-DOC-2', 'b', 'x.jpg', 'p', 'PP-PAT-2', '', 'aa', '', '']])
        self.write_manifest()
        done = self.link('--keys', self.success([2]), '--out', self.room / 'other', '--base', 'C:\\import\\salesforce', '--json')
        self.assertEqual(done.returncode, 0, done.stderr)
        summary = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual((summary['files'], summary['linked'], summary['ids']), (2, 2, 1))
        rows = self.result(self.room / 'other' / 'Practice_2024-files')
        self.assertEqual(rows['PP-DOC-2.jpg']['VersionData'], 'C:\\import\\salesforce/Files_001/PP-DOC-2.jpg')
        self.assertFalse((self.room / 'other' / 'Practice_2024-files' / 'rejects').exists())

    def test_exports_of_other_shapes_are_read(self):
        path = self.keys('export.csv', [['PP-PAT-1', ID[1][:15]]], ('source_key__c', 'Id'), delimiter=';')
        path.write_bytes(b'\xef\xbb\xbf' + path.read_bytes())
        bulk = self.keys('bulk.csv', [[ID[2], 'true', 'PP-PAT-2']], ('sf__Id', 'sf__Created', 'Source_Key__c'))
        self.assertEqual(self.link('--keys', path, '--keys', bulk).returncode, 3)
        self.assertEqual({r['FirstPublishLocationId'] for r in self.result().values()}, {ID[1][:15], ID[2]})

    def test_a_key_with_two_ids_and_an_id_that_is_none_link_nothing(self):
        changed = ID[2].swapcase()
        path = self.keys('two.csv', [[ID[1], 'PP-PAT-1', ''], [ID[4], 'PP-PAT-1', ''], [changed, 'PP-PAT-2', ''],
                                     [ID[4], 'PP-PAT-4', ''], [ID[4][:15], 'PP-PAT-4', '']])
        done = self.link('--keys', path)
        self.assertEqual(done.returncode, 3)
        self.assertIn('DEL-864', done.stderr)
        self.assertIn('DEL-863', done.stderr)
        self.assertEqual(set(self.result()), {'PP-DOC-4.jpg'})

    def test_what_cannot_be_used_writes_nothing(self):
        keys = self.success([1])
        for wrong, code, change in (
                ('DEL-862', 4, lambda: keys.write_text('Name,Key\na,b\n')),
                ('DEL-861', 4, lambda: keys.write_text('Id,Source_Key__c\n"open')),
                ('DEL-861', 4, lambda: keys.unlink()),
                ('DEL-860', 4, lambda: (self.run_folder / 'salesforce' / '27_ContentVersion.csv').write_text('changed')),
                ('DEL-860', 4, lambda: (self.run_folder / 'salesforce' / '27_ContentVersion.csv').unlink()),
                ('DEL-860', 4, lambda: (self.run_folder / 'manifest.json').write_text('{}'))):
            change()
            done = self.link('--keys', keys)
            self.assertEqual(done.returncode, code, wrong)
            self.assertIn(wrong, done.stderr)
            self.assertEqual(sorted(p.name for p in self.room.iterdir() if p.is_dir()), ['Practice_2024'])
            if wrong in ('DEL-861', 'DEL-862'):
                self.success([1])

    def test_usage(self):
        self.assertEqual(self.link().returncode, 2)
        done = subprocess.run([ARGS.chartferry, 'link-files', '--help'], capture_output=True, text=True)
        self.assertIn('--keys', done.stdout)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--chartferry', required=True)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0]] + rest)
