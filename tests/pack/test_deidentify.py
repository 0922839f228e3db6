#!/usr/bin/env python3
"""A de-identified copy: nothing of the truth that a patient is known by is in any byte of it, and what the clinic measured is all
there and equal. Test data says that it is none."""
import argparse
import csv
import datetime
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import packs
from packs import WORDS, bundle

ARGS = None
SAMPLE = 'sample_with_patient_values'
PATIENTS = 25
TO = 'canonical,salesforce,dynamics,zoho,pipedrive,hubspot,documents'
TOKEN = re.compile(r'^[bcdfghjkmnpqrstvwxz]{20}$')
# What names of patients, guarantors, providers and places stand in; weak where a word is short or may be a word of any text.
NAMES = {'patient': 'first middle last nickname city address_line1 address_line2', 'guarantor': 'first middle last city address_line1',
         'provider': 'display first last', 'organization': 'name city address_line1', 'insurance_policy': 'subscriber', 'letter': 'recipient'}
NUMBERS = {'patient': 'national_id email phone phone_home phone_mobile phone_work other_phones other_emails external_ids',
           'guarantor': 'phone_home phone_mobile phone_work email', 'provider': 'npi license email phone',
           'organization': 'phone fax email', 'insurance_policy': 'policy_number group_number', 'document': 'sha256 file_name'}
WEAK_NUMBERS = {'patient': 'src_key chart_number source_id postal_code', 'guarantor': 'src_key postal_code', 'clinical_exam': 'src_key'}


def unpacked_bytes(path):
    """Every file, and every member of every ZIP and workbook in it."""
    for p in sorted(path.rglob('*')):
        if not p.is_file(): continue
        raw = p.read_bytes()
        yield p.relative_to(path).as_posix(), raw
        if raw[:2] == b'PK':
            with zipfile.ZipFile(io.BytesIO(raw)) as z:
                for name in z.namelist(): yield '%s/%s' % (p.name, name), z.read(name)


def table(path):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode('utf-8-sig'), newline='')))


class Deidentify(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='deidentify.'))
        practice = cls.room / 'practice'
        subprocess.run([ARGS.practice_gen, '--out', practice, '--patients', str(PATIENTS)], check=True, stdout=subprocess.DEVNULL)
        cls.truth = {p.stem: table(p) for p in (practice / 'truth').glob('*.csv')}
        done = cls.tools.convert(practice / 'practice.bak', cls.room / 'runs', None, '--option', 'national_id=yes', to=TO)
        cls.run_folder = Path(bundle.summary(done)['run_folder'])
        (cls.room / 'words').write_text(WORDS)
        cls.copy, cls.tokens, cls.note = cls.make('safe', '--deidentify')

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def make(cls, name, *options, run=None):
        words = ('--passphrase-from', 'file:%s' % (cls.room / 'words'))
        done = cls.tools.run('pack', run or cls.run_folder, '--out', cls.room / name, '--json', *options, *words)
        if done.returncode != 0: raise AssertionError(done.stdout + done.stderr)
        said = bundle.summary(done)
        if (cls.room / (name + '.copy.partial')).exists(): raise AssertionError('the copy was left')
        back = cls.tools.run('unpack', cls.room / name, '--out', cls.room / (name + '.back'), *words)
        if back.returncode != 0: raise AssertionError(back.stdout + back.stderr)
        if cls.tools.verify(cls.room / (name + '.back')) != 0: raise AssertionError('verify')
        tokens = {x['source_key']: x['token'] for x in table(Path(said['tokens']))}
        return cls.room / (name + '.back'), tokens, (cls.room / name / 'cover-note.txt').read_text()

    def canaries(self, fields):
        return {row[f] for entity, names in fields.items() for row in self.truth[entity] for f in names.split()
                if row.get(f) and row[f] != '@'}

    # ---- nobody is in it

    def test_no_identifier_is_in_any_byte(self):
        texts = {x for x in self.canaries(NUMBERS) if len(x) >= 5}
        texts |= {re.sub(r'\D', '', x) for x in texts if x.startswith('+')}
        for x in list(texts):
            digits = re.sub(r'\D', '', x)
            if x.startswith('+1') and len(digits) == 11: texts |= {digits[1:], '%s-%s' % (digits[4:7], digits[7:])}
        names = {w for x in self.canaries(NAMES) for w in re.split(r'[\s,./]+', x) if len(w) >= 4}
        dates = {row[f][:10] for rows in self.truth.values() for row in rows for f in row
                 if row[f] and re.match(r'\d{4}-\d\d-\d\d', row[f])}
        notes = {line.strip()[:40] for row in self.truth['clinical_note'] for f in ('subjective', 'objective', 'assessment', 'plan', 'body')
                 for line in (row[f] or '').splitlines() if len(line.strip()) >= 12}
        notes |= {row['notes'][:40] for e in ('patient', 'referral', 'appointment', 'treatment_plan') for row in self.truth[e]
                  if len(row.get('notes') or '') >= 12}
        for what, least in ((texts, 150), (names, 50), (dates, 150), (notes, 15)): self.assertGreater(len(what), least)
        source = b'\n'.join(raw for _, raw in unpacked_bytes(self.run_folder))
        planted = sum(x.encode() in source for x in texts | names | dates | notes)
        self.assertGreater(planted, 400)  # they are in the bundle: looking for them can fail
        for name, raw in unpacked_bytes(self.copy):
            text = raw.decode('utf-8')
            found = [x for x in texts | dates | notes if x in text]
            self.assertEqual(found[:5], [], name)
            words = set(re.findall(r'\w+', text))
            # Words of our own sentences and headings are no names.
            if name in ('README.txt', 'columns.csv', 'manifest.json'): continue
            body = set(re.findall(r'\w+', text.split('\n', 1)[1] if '\n' in text else ''))
            self.assertEqual(sorted(names & body)[:5], [], name)
            self.assertFalse(words & {'PP'}, name)

    def test_keys_and_numbers_are_tokens(self):
        weak = self.canaries(WEAK_NUMBERS)
        keys = 0
        for name, raw in unpacked_bytes(self.copy):
            if not name.endswith('.csv') or name == 'columns.csv': continue
            for row in csv.DictReader(io.StringIO(raw.decode('utf-8'), newline='')):
                for heading, cell in row.items():
                    if re.search(r'(?i)source.?key|source_key|number__c|source.?patient|chart.?number|^(last|name)$', heading) and cell:
                        self.assertRegex(cell, TOKEN, '%s: %s' % (name, heading))
                        keys += 1
                    if re.search(r'(?i)zip|postal|birth|owner|name', heading): self.assertNotIn(cell, weak, name)
        self.assertGreater(keys, 3000)

    def test_only_years_and_three_digits_are_left(self):
        this_year = datetime.date.today().year
        born = {x['source_key']: x['birth_date'] for x in table(self.run_folder / 'canonical/04_patient.csv')}
        seen = 0
        for row in table(self.copy / 'canonical/04_patient.csv'):
            self.assertRegex(row['postal_code'], r'^(\d{3})?$')
            key = next(k for k, t in self.tokens.items() if t == row['source_key'])
            year = born[key][:4]
            if year: self.assertEqual(row['birth_date'], year if this_year - int(year) < 90 else '90+')
            seen += row['birth_date'] != ''
        self.assertGreater(seen, PATIENTS // 2)

    def test_nothing_of_a_sample_goes_along(self):
        """Its lists hold values as the source has them; a sealed bundle has them, as it has the others, a copy has none of them."""
        done = self.tools.convert(self.room / 'practice/practice.bak', self.room / 'sampled', None, '--sample', 5, to='canonical,salesforce')
        run = Path(bundle.summary(done)['run_folder'])
        lists = {p.relative_to(run).as_posix() for p in (run / SAMPLE).rglob('*') if p.is_file()}
        self.assertGreater(len(lists), 5)
        copy, _, note = self.make('of_a_sample', '--deidentify', run=run)
        self.assertFalse([p for p in copy.rglob('*') if 'sample' in p.name or 'diff' in p.name])
        self.assertNotIn(SAMPLE, note)
        names = {w for x in self.canaries(NAMES) for w in re.split(r'[\s,./]+', x) if len(w) >= 4}
        for name, raw in unpacked_bytes(copy):
            if name.endswith('.csv') and name != 'columns.csv':
                self.assertFalse(names & set(re.findall(r'\w+', raw.decode('utf-8').split('\n', 1)[1])), name)
        words = ('--passphrase-from', 'file:%s' % (self.room / 'words'))
        self.assertEqual(self.tools.run('pack', run, '--out', self.room / 'sealed', *words).returncode, 0)
        self.assertEqual(self.tools.run('unpack', self.room / 'sealed', '--out', self.room / 'opened', *words).returncode, 0)
        self.assertEqual(packs.tree(self.room / 'opened'), packs.tree(run))
        self.assertLessEqual(lists, set(packs.tree(self.room / 'opened')))

    def test_there_is_nothing_but_tables(self):
        self.assertEqual({p.suffix for p in self.copy.rglob('*') if p.is_file()}, {'.csv', '.txt', '.json'})
        told = table(self.copy / 'columns.csv')
        left = {x['column'] for x in told if x['in_the_copy'] == 'left out' and x['file'] == 'canonical/04_patient.csv'}
        self.assertLessEqual({'first', 'email', 'phone_home', 'national_id', 'notes', 'city', 'address_line1'}, left)
        own = {x['name'] for x in self.truth['custom_value']}
        self.assertFalse(own & {x['column'] for x in told})

    # ---- what was measured is there

    def same(self, name, keys, kept, by=None):
        """Rows of the copy are those of the bundle under their tokens; the columns `kept` are equal, dates by their year."""
        def row_of(row, key): return (key, *[row[k] for k in kept])
        before = {}
        for row in table(self.run_folder / 'canonical' / name):
            key = self.tokens[row['source_key']] if by is None else tuple(
                self.tokens['PP-%s-%s' % (letters, packs_key(row[f]))] if letters else row[f] for f, letters in by)
            # A procedure's code is one of the ADA's; what the practice calls its own is its own.
            if not re.match(r'D\d{4}$', row.get('code', '')): row['code'] = ''
            before[key] = [row[k][:4] if k.endswith(('_at', '_date')) else row[k] for k in kept]
        after = {}
        for row in table(self.copy / 'canonical' / name):
            after[row['source_key'] if by is None else tuple(row[f] for f, _ in by)] = [row[k] for k in kept]
        self.assertGreater(len(after), keys)
        self.assertEqual([(k, after.get(k), before[k]) for k in before if after.get(k) != before[k]][:3], [], name)
        self.assertEqual(len(after), len(before))

    def test_clinical_values_are_equal(self):
        self.same('06_clinical_exam.csv', 60, 'exam_at numbering aap_stage aap_grade aap_extent sites_examined bleeding_sites bop_percent '
                  'plaque_percent mean_pd max_pd mean_cal pd6_sites teeth_missing implants source_bop'.split())
        self.same('07_tooth_record.csv', 3000, 'fdi status mobility furcation_b_grade furcation_scale miller_recession'.split())
        self.same('08_site_measure.csv', 10000, 'pd recession cal cal_source bop suppuration plaque calculus'.split(),
                  by=(('tooth', 'TTH'), ('site', None)))
        self.same('13_plan_line.csv', 60, 'seq code tooth area fee status done_date'.split())

    def test_links_lead_where_they_led(self):
        for name, field, letters in (('06_clinical_exam.csv', 'patient', 'PAT'), ('06_clinical_exam.csv', 'provider', 'PRV'),
                                     ('07_tooth_record.csv', 'exam', 'EXM'), ('13_plan_line.csv', 'plan', 'PLN')):
            before = {self.tokens[r['source_key']]: r[field] and self.tokens['PP-%s-%s' % (letters, packs_key(r[field]))]
                      for r in table(self.run_folder / 'canonical' / name)}
            self.assertEqual({r['source_key']: r[field] for r in table(self.copy / 'canonical' / name)}, before)
        people = {r['Source_Key__c'] for r in table(self.copy / 'salesforce/09_Contact_Patient.csv')}
        self.assertEqual(people, {r['source_key'] for r in table(self.copy / 'canonical/04_patient.csv')})
        exams = table(self.copy / 'salesforce/12_ClinicalExam.csv')
        self.assertLessEqual({r['Contact__c'] for r in exams}, people)
        teeth = table(self.copy / 'salesforce/13_ClinicalTooth.csv')
        self.assertGreater(sum(r['PocketDepth_MB__c'] != '' for r in teeth), 300)

    def test_the_order_of_rows_tells_nothing(self):
        before = [self.tokens[r['source_key']] for r in table(self.run_folder / 'canonical/04_patient.csv')]
        after = [r['source_key'] for r in table(self.copy / 'canonical/04_patient.csv')]
        self.assertEqual(sorted(before), sorted(after))
        self.assertNotEqual(before, after)

    def test_two_copies_have_nothing_in_common(self):
        _, tokens, _ = self.make('again', '--deidentify')
        self.assertEqual(set(tokens), set(self.tokens))
        self.assertFalse(set(tokens.values()) & set(self.tokens.values()))

    def test_the_list_of_tokens_is_the_owners_alone(self):
        lists = list((self.room / 'runs').glob('*-tokens-*.csv'))
        self.assertTrue(lists)
        for path in lists: self.assertEqual(path.stat().st_mode & 0o777, 0o600)

    # ---- test data

    def test_test_data_says_that_it_is_not_deidentified(self):
        copy, tokens, note = self.make('test_data', '--test-data')
        for text in (note, (copy / 'README.txt').read_text()): self.assertIn('NOT DE-IDENTIFIED', text)
        self.assertIn('not de-identified', json.loads((copy / 'manifest.json').read_text())['stage'])
        self.assertNotIn('NOT DE-IDENTIFIED', self.note)
        self.assertEqual(json.loads((self.copy / 'manifest.json').read_text())['stage'], 'de-identified')
        before = {tokens[r['source_key']]: r['exam_at'] for r in table(self.run_folder / 'canonical/06_clinical_exam.csv')}
        moved = set()
        for row in table(copy / 'canonical/06_clinical_exam.csv'):
            a, b = (datetime.datetime.fromisoformat(x) for x in (before[row['source_key']], row['exam_at']))
            moved.add(b - a)
        self.assertEqual(len(moved), 1)
        days = moved.pop().days
        self.assertTrue(days < 0 and days % 7 == 0)
        names = {row['last'] for row in self.truth['patient'] if len(row['last']) >= 4}
        for name, raw in unpacked_bytes(copy):
            if name.endswith('.csv') and name != 'columns.csv':
                self.assertFalse(names & set(re.findall(r'\w+', raw.decode('utf-8').split('\n', 1)[1])), name)

    # ---- what cannot be

    def test_what_nobody_can_answer_for_is_refused(self):
        done = self.tools.convert(self.room / 'practice/practice.bak', self.room / 'only', to='documents')
        run = bundle.summary(done)['run_folder']
        done = self.tools.run('pack', run, '--out', self.room / 'no', '--deidentify', '--json')
        self.assertEqual(done.returncode, 4, done.stdout)
        self.assertEqual(bundle.findings(done), {'DEL-860'})
        self.assertFalse((self.room / 'no').exists())
        done = self.tools.run('pack', run, '--out', self.room / 'no', '--deidentify', '--test-data')
        self.assertEqual(done.returncode, 2)


def packs_key(src_key):
    """As MODEL.md's keys of destinations: capitals, digits and - stand for themselves."""
    return ''.join(c if c.isdigit() or c.isupper() or c == '-' else '.' + c if c.islower() else ''.join('_%02X' % b for b in c.encode())
                   for c in src_key)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
