#!/usr/bin/env python3
"""The field-level diff of a sample: its source values are those of the tables as `extract` writes them, its destination values those of the
bundle, cell by cell, each cell has a line and each line a cell, the rule of planted cases is the right one, the workbook is the list."""
import argparse
import collections
import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import bundle

ARGS = None
PATIENTS, SAMPLE = 110, 6
LISTS = 'sample_with_patient_values'
NUMBERS = ('SSN', 'TCKimlikNo')  # are in no file of a run
STAYS = 'held back (QUA-1210)'
RESULTS = {'same', 'changed', 'empty', 'held back'}
csv.field_size_limit(1 << 30)


def rows_of(path, delimiter=','):
    """Rows by heading, and the headings; any byte order mark, any line end."""
    with open(path, newline='', encoding='utf-8-sig') as f:
        table = list(csv.reader(f, delimiter=delimiter))
    return table[0], table[1:]


class Source:
    """The tables as extract writes them: {table: ({column: place}, {(column, value): rows})}."""

    def __init__(self, tools, source, folder, *more):
        result = tools.run('extract', source, '--out', folder, *more)
        if result.returncode not in (0, 3):
            raise AssertionError(result.stderr)
        self.tables, self.found = {}, {}
        for path in folder.glob('*.csv'):
            if path.name.startswith('_'):
                continue
            header, rows = rows_of(path)
            self.tables[path.stem] = ({name: i for i, name in enumerate(header)}, rows)

    def values(self, table, column, row):
        """What stands in the column, of the rows that "Key=value" names."""
        columns, rows = self.tables[table]
        if not row:
            return {''}
        key, value = row.split('=', 1)
        at = (table, key)
        if at not in self.found:
            index = collections.defaultdict(list)
            for r in rows:
                index[r[columns[key]]].append(r)
            self.found[at] = index
        return {r[columns[column]] for r in self.found[at][value]}


class Diff(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_diff.'))
        made = cls.room / 'practice'
        subprocess.run([ARGS.practice_gen, '--out', made, '--patients', str(PATIENTS), '--hard', '4'], check=True, timeout=120,
                       stdout=subprocess.DEVNULL)
        cls.backup = made / 'practice.bak'
        cls.source = Source(cls.tools, cls.backup, cls.room / 'tables')
        cls.to = ('salesforce', 'dynamics', 'zoho', 'pipedrive', 'canonical')
        result = cls.tools.convert(cls.backup, cls.room / 'runs', None, '--sample', SAMPLE, '--option', 'time_zone=America/Los_Angeles',
                                   to=','.join(cls.to))
        cls.run_folder = Path(bundle.summary(result)['run_folder'])
        cls.report = json.loads((cls.run_folder / 'report.json').read_text())
        cls.lines = {to: cls.read(to) for to in cls.to}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def read(cls, to):
        header, rows = rows_of(cls.run_folder / LISTS / to / 'diff.csv')
        assert header == ['file', 'object', 'key', 'label', 'field', 'within', 'part', 'source_table', 'source_column', 'source_row',
                          'source_value', 'destination_value', 'rule', 'result'], header
        return [dict(zip(header, r)) for r in rows]

    # ---- the bundle, cell by cell ----

    def loads(self, to):
        """{(file, key): {field: text}} of the bundle's files, as loads.json describes them."""
        folder, cells = self.run_folder / to, {}
        if to == 'canonical':
            for path in sorted(folder.glob('*.csv')):
                for r in bundle.read_csv(path)[1]:
                    cells[path.name, r['source_key']] = r
            return cells
        for load in json.loads((folder / 'loads.json').read_text())['files']:
            for part in load['parts']:
                path = self.run_folder / part['path']
                header, rows = self.table(path)
                names = [f['name'] for f in load['fields']]
                self.assertEqual(len(header), len(names), path)
                for r in rows:
                    cells[load['file'], r[0]] = dict(zip(names, r))
        return cells

    def table(self, path):
        if path.suffix == '.csv':
            return rows_of(path)
        space = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
        with zipfile.ZipFile(path) as z:
            strings = [''.join(t.text or '' for t in si.iter(space + 't')) for si in ElementTree.fromstring(z.read('xl/sharedStrings.xml'))]
            table = []
            for row in ElementTree.fromstring(z.read('xl/worksheets/sheet1.xml')).iter(space + 'row'):
                cells = {}
                for c in row.iter(space + 'c'):
                    at = 0
                    for letter in c.get('r').rstrip('0123456789'):
                        at = at * 26 + ord(letter) - 64
                    v = c.find(space + 'v').text
                    cells[at - 1] = strings[int(v)] if c.get('t') == 's' else None
                table.append(cells)
        width = len(table[0])
        return [table[0][i] for i in range(width)], [[r.get(i, '') for i in range(width)] for r in table[1:]]

    def test_every_cell_of_every_bundle_has_its_lines_and_no_line_another(self):
        for to in self.to:
            cells = self.loads(to)
            self.assertTrue(cells)
            told = collections.defaultdict(set)
            for r in self.lines[to]:
                if not r['within']:
                    told[r['file'], r['key'], r['field']].add(r['destination_value'])
            expected = {(file, key, field): text for (file, key), fields in cells.items() for field, text in fields.items()}
            self.assertEqual(set(told), set(expected), to)
            for at, text in expected.items():
                if text is None:  # a number or a date of a workbook, whose text the list has
                    self.assertEqual(len(told[at]), 1)
                else:
                    self.assertEqual(told[at], {text}, (to, at))

    # ---- the source ----

    def test_source_values_are_those_that_extract_takes_out(self):
        for to in self.to:
            seen = 0
            for r in self.lines[to]:
                if not r['source_column']:
                    self.assertEqual(r['source_value'], '', r)
                    continue
                seen += 1
                if r['source_column'] in NUMBERS:
                    self.assertEqual((r['source_value'], r['destination_value']), ('', ''), r)
                    continue
                self.assertIn(r['source_value'], self.source.values(r['source_table'], r['source_column'], r['source_row']), r)
                self.assertTrue(r['source_row'] or not r['source_value'], r)
            self.assertGreater(seen, len(self.lines[to]) // 2)

    def test_a_value_that_was_made_of_none_says_so(self):
        """Something that stands nowhere in the source is a constant, a default, or made: by words that say so."""
        made = {'constant', 'default', 'made by the profile', 'derived from other values', 'computed from the chart', 'the whole chart',
                'name of the table', 'from the file itself', 'counted', 'text of the template', 'source key', "link to the record's key",
                'goes on from another record', 'user of the destination'}
        for to in self.to:
            for r in self.lines[to]:
                if r['destination_value'] and not r['source_value'] and not r['part']:
                    self.assertTrue(made & set(r['rule'].split('; ')), r)

    # ---- what came of a value ----

    def test_results_are_what_the_values_say(self):
        for to in self.to:
            for r in self.lines[to]:
                self.assertIn(r['result'], RESULTS)
                source, text = r['source_value'], r['destination_value']
                if r['result'] == 'same':
                    self.assertEqual(source, text)
                elif r['result'] == 'changed':
                    self.assertTrue(text and source != text, r)
                elif r['result'] == 'empty':
                    self.assertEqual(text, '', r)
                if r['rule'] == 'copied':
                    self.assertEqual(r['result'], 'same')
                if r['rule'] == 'nothing there':
                    self.assertEqual((source, text), ('', ''), r)
                self.assertTrue(r['rule'], r)

    def test_what_is_held_back_is_in_the_exceptions(self):
        listed = collections.Counter()
        keys = {r['key'] for to in self.to for r in self.lines[to]}
        for r in bundle.read_csv(self.run_folder / 'exceptions.csv')[1]:
            listed[r['code']] += 1
        for to in self.to:
            held = [r for r in self.lines[to] if r['result'] == 'held back' and r['rule'] != STAYS]
            self.assertTrue(held)
            for r in held:
                code = re.search(r'held back \((.+?)\)', r['rule'])
                self.assertTrue(code, r)
                self.assertIn(code[1], listed)
        self.assertTrue(keys)
        self.assertTrue([r for r in self.lines['canonical'] if r['rule'] == STAYS])

    def test_rules_of_planted_cases(self):
        """Values whose way is certain by their form alone."""
        patient = {(r['source_column'], r['source_value'], r['destination_value']): r for r in self.lines['canonical']
                   if r['object'] == 'patient' and not r['part']}
        found = collections.Counter()
        for (column, source, text), r in patient.items():
            rules = r['rule'].split('; ')
            if column == 'BirthDate' and source and text:
                self.assertEqual((r['rule'], source[:10]), ('date to ISO', text))
            elif column == 'Sex' and text:
                self.assertEqual((r['rule'], {'F': 'female', 'M': 'male'}.get(source, text)), ('code to word', text))
            elif column in ('HomePhone', 'CellPhone') and text:
                self.assertEqual((r['rule'], re.sub(r'\D', '', source)[-10:]), ('phone to E.164', text[2:12]))
            elif column == 'CreatedDate' and text:
                self.assertEqual(rules[0], 'date and time to ISO')
            elif column in ('FirstName', 'LastName') and source != text:
                self.assertEqual(rules[0], 'name cleaned')
            elif column == 'Zip' and source != text and text:
                self.assertEqual(rules[0], 'place to code')
            elif column == 'Employer' and text:
                self.assertEqual(r['rule'], 'made by the profile')
            else:
                continue
            found[column] += 1
        self.assertGreaterEqual(set(found), {'BirthDate', 'Sex', 'HomePhone', 'CreatedDate'})
        sales = [r for r in self.lines['salesforce'] if not r['within']]
        by = collections.defaultdict(list)
        for r in sales:
            by[r['field']].append(r)
        self.assertEqual({r['rule'] for r in by['Source_Key__c']}, {'source key'})
        self.assertEqual({r['rule'] for r in by['Sex__c'] if r['destination_value']}, {'code to word; pick-list map'})
        self.assertEqual({r['rule'] for r in by['PANDA_Created_Date__c'] if r['destination_value']}, {'date and time to ISO; moment to UTC'})
        self.assertLessEqual({r['rule'] for r in by['Primary_Provider__c'] if r['destination_value']}, {"link to the record's key"})
        self.assertEqual({r['rule'] for r in by['BOP_Percent__c'] if r['destination_value']}, {'computed from the chart'})
        zoho = [r for r in self.lines['zoho'] if 'forbidden characters replaced' in r['rule']]
        for r in [r for r in zoho if r['source_value'] and not r['part']]:
            self.assertRegex(r['source_value'], r'[<>"&;%\\/]')

    def test_a_text_that_is_cut_says_how_long_it_may_be(self):
        cut = [r for to in self.to for r in self.lines[to] if 'truncated to ' in r['rule']]
        for r in cut:
            most = int(re.search(r'truncated to (\d+)', r['rule'])[1])
            self.assertLessEqual(len(r['destination_value'].encode('utf-16-le')) // 2, most)
            self.assertEqual(r['result'], 'changed')

    # ---- charts ----

    def test_each_reading_within_a_chart_is_in_the_chart_and_in_the_table(self):
        charts = {r['key']: json.loads(r['destination_value']) for r in self.lines['salesforce']
                  if r['field'] == 'Chart_JSON__c' and not r['within'] and r['destination_value']}
        self.assertTrue(charts)
        readings = collections.Counter()
        for r in self.lines['salesforce']:
            if r['field'] != 'Chart_JSON__c' or not r['within']:
                continue
            words = r['within'].split(' ', 2)
            if len(words) == 3 and words[2] == 'probing depth' and r['destination_value']:
                readings[r['key']] += 1
                self.assertEqual(float(r['source_value']), float(r['destination_value']))
                self.assertEqual(r['source_column'], 'PocketDepth_' + words[1])
                chart = charts[r['key']]
                tooth = next(t for t in chart['teeth'] if t['fdi'] == words[0])
                self.assertIn(float(r['destination_value']), [float(x) for x in tooth['pd'] if x is not None])
        for key, chart in charts.items():
            self.assertEqual(readings[key], sum(x is not None for t in chart['teeth'] for x in t.get('pd', ())), key)

    def test_sites_as_records(self):
        sites = [r for r in self.lines['canonical'] if r['object'] == 'site_measure' and r['field'] == 'pd' and r['destination_value']]
        self.assertTrue(sites)
        for r in sites:
            self.assertEqual(r['source_column'], 'PocketDepth_' + re.sub('.*_3A', '', r['key']))
            self.assertEqual(float(r['source_value']), float(r['destination_value']))

    # ---- the files ----

    def test_the_workbook_holds_the_same_lines(self):
        space = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
        path = self.run_folder / LISTS / 'pipedrive' / 'diff.xlsx'
        rows = iter(self.lines['pipedrive'])
        columns = ('file', 'object', 'key', 'label', 'field', 'within', 'part', 'source_table', 'source_column', 'source_row', 'source_value',
                   'destination_value', 'rule', 'result')
        with zipfile.ZipFile(path) as z:
            sheet = z.open('xl/worksheets/sheet1.xml')
            first, frozen, filtered, widths = True, False, False, 0
            for _, e in ElementTree.iterparse(sheet):
                frozen |= e.tag == space + 'pane' and e.get('state') == 'frozen' and e.get('ySplit') == '1'
                filtered |= e.tag == space + 'autoFilter'
                widths += e.tag == space + 'col'
                if e.tag != space + 'row':
                    continue
                cells = {c.get('r').rstrip('0123456789'): ''.join(t.text or '' for t in c.iter(space + 't')) for c in e}
                self.assertEqual({c.get('t') for c in e}, {'inlineStr'})
                e.clear()
                if first:
                    first = False
                    continue
                line = next(rows)
                for i, name in enumerate(columns):
                    text = re.sub('_x000D_|\r', '', cells.get('ABCDEFGHIJKLMN'[i], ''))
                    if text.startswith('(does not fit'):
                        self.assertGreater(len(line[name]), 32000)
                    else:
                        self.assertEqual(text, line[name].replace('\r', ''))
            self.assertTrue(frozen and filtered and widths == len(columns))
        self.assertIsNone(next(rows, None))

    def test_the_report_counts_what_the_list_has(self):
        sample = self.report['sample']
        self.assertEqual(sample['patients'], SAMPLE)
        for d in sample['destinations']:
            lines = self.lines[d['id']]
            self.assertEqual(d['lines'], len(lines))
            counted = collections.Counter(r['result'] for r in lines)
            self.assertEqual({k.replace('_', ' '): d[k] for k in ('same', 'changed', 'empty', 'held_back') if d[k]}, dict(counted))
            self.assertEqual(d['records'], len({(r['file'], r['key']) for r in lines}))
            rules = collections.Counter()
            for r in lines:
                for rule in r['rule'].split('; '):
                    rules[re.sub(r' to \d+$| \([A-Z]+-\d+\)$', '', rule)] += 1
            told = {x['rule']: x['same'] + x['changed'] + x['empty'] + x['held_back'] for x in d['rules']}
            self.assertEqual(told, dict(rules))
        self.assertIn('id="sample"', (self.run_folder / 'report.html').read_text())

    def test_the_manifest_has_them_and_says_that_they_stay(self):
        names = {f['path'] for f in json.loads((self.run_folder / 'manifest.json').read_text())['files']}
        left = {f['path'] for f in self.report['stays_in_the_practice']}
        for to in self.to:
            for name in ('diff.csv', 'diff.xlsx'):
                self.assertIn('%s/%s/%s' % (LISTS, to, name), names)
                self.assertIn('%s/%s/%s' % (LISTS, to, name), left)
        self.assertEqual(self.tools.verify(self.run_folder), 0)
        for path in self.run_folder.rglob('*'):
            if path.is_file() and LISTS in path.parts:
                self.assertNotIn('salesforce', path.relative_to(self.run_folder).parts[0])

    def test_the_same_again(self):
        out = self.room / 'again'
        result = self.tools.convert(self.backup, out, None, '--sample', SAMPLE, '--option', 'time_zone=America/Los_Angeles', to='pipedrive')
        again = Path(bundle.summary(result)['run_folder']) / LISTS / 'pipedrive'
        for name in ('diff.csv', 'diff.xlsx'):
            self.assertEqual((again / name).read_bytes(), (self.run_folder / LISTS / 'pipedrive' / name).read_bytes())

    # ---- another practice system, from text files ----

    def test_a_dr_dentes_export(self):
        made = self.room / 'dentes'
        subprocess.run([ARGS.practice_gen, '--out', made, '--patients', '60', '--system', 'dentes', '--hard', '3'], check=True, timeout=120,
                       stdout=subprocess.DEVNULL)
        dump = made / 'csv-dentes-utf8'
        source = Source(self.tools, dump, self.room / 'dentes_tables')
        result = self.tools.convert(dump, self.room / 'dentes_runs', None, '--sample', 12, to='canonical,zoho')
        run = Path(bundle.summary(result)['run_folder'])
        for to in ('canonical', 'zoho'):
            header, rows = rows_of(run / LISTS / to / 'diff.csv')
            seen = 0
            for r in (dict(zip(header, row)) for row in rows):
                if r['source_column'] in NUMBERS:
                    self.assertEqual((r['source_value'], r['destination_value']), ('', ''), r)
                elif r['source_column']:
                    seen += 1
                    self.assertIn(r['source_value'], source.values(r['source_table'], r['source_column'], r['source_row']), r)
            self.assertGreater(seen, 500)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
