#!/usr/bin/env python3
"""A made clinic converted to the model itself: the records that were staged, once each, as files and as sheets of a workbook; several
destinations in one run; the same again gives the same bytes; what was changed afterwards is refused."""
import argparse
import importlib.util
import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import bundle
import clinic
import workbook

ARGS = None
FILES = {'practice_location': '01_practice_location.csv', 'provider': '03_provider.csv', 'patient': '04_patient.csv',
         'appointment': '20_appointment.csv'}


def whole(moment):
    """A moment with the fraction of its second only where it is not zero."""
    return moment.rstrip('0').rstrip('.') if '.' in moment else moment


class Canonical(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_canonical.'))
        cls.templates = cls.room / 'templates'
        cls.tools.small_templates(cls.templates)
        cls.backup, cls.truth = clinic.make(cls.tools, cls.room)
        cls.result = cls.convert('out')
        cls.summary = bundle.summary(cls.result)
        cls.folder = Path(cls.summary['run_folder'])
        cls.rows = {entity: bundle.rows(cls.folder / 'canonical', name) for entity, name in FILES.items()}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def convert(cls, out, *more, to=('--to', 'canonical'), limit=None):
        return cls.tools.run('convert', cls.backup, *to, '--out', cls.room / out, '--templates', cls.templates, '--json', *more,
                             preexec_fn=limit and (lambda: bundle.limit_files(limit)))

    def copy(self):
        target = Path(tempfile.mkdtemp(dir=self.room)) / 'Run'
        shutil.copytree(self.folder, target)
        return target

    def test_there_is_a_file_for_each_entity_that_was_staged(self):
        names = sorted(p.name for p in (self.folder / 'canonical').iterdir())
        self.assertEqual(names, sorted([*FILES.values(), 'README.md', 'canonical.xlsx']))

    def test_each_file_begins_with_the_keys_and_is_in_their_order(self):
        for entity, name in FILES.items():
            header, rows = bundle.read_csv(self.folder / 'canonical' / name)
            self.assertEqual(header[:3], ['source_key', 'src_table', 'src_key'])
            keys = [r['source_key'] for r in rows]
            self.assertEqual(keys, sorted(set(keys)), entity)

    def test_patients_are_those_of_the_source(self):
        named = {p['PatientId']: p for p in self.truth['Patient'] if p['LastName']}
        doctors = {d['DoctorId'] for d in self.truth['Doctor']}
        self.assertEqual({r['src_key'] for r in self.rows['patient']}, set(named))
        for r in self.rows['patient']:
            p = named[r['src_key']]
            self.assertEqual(r['source_key'], 'SC-PAT-' + p['PatientId'])
            self.assertEqual((r['src_table'], r['chart_number'], r['location']), ('dbo.Patient', p['ChartNo'], '1'))
            self.assertEqual(r['sex'], {'F': 'female', 'M': 'male', 'X': 'other', None: ''}[p['Sex']])
            self.assertEqual(r['primary_provider'], p['DoctorId'] if p['DoctorId'] in doctors else '')
            self.assertTrue(r['last'])

    def test_appointments_are_those_of_the_source(self):
        known = {r['src_key'] for r in self.rows['patient']}
        expected = {v['VisitId']: (v['PatientId'], whole(v['StartsAt']), v['Minutes'] or '', v['Kind'] or '')
                    for v in self.truth['Visit'] if v['PatientId'] in known}
        found = {r['src_key']: (r['patient'], r['start_at'], r['duration'], r['session_type']) for r in self.rows['appointment']}
        self.assertEqual(found, expected)

    def test_every_sum_is_closed(self):
        written = {f['object']: f['rows'] for f in self.manifest()['files'] if f.get('object')}
        for line in self.summary['counts']:
            if line['level'] == 'object':
                self.assertEqual(line['mapped'], line['written'])
                self.assertEqual(line['written'], written[line['name']])
                self.assertEqual(line['written'], len(self.rows[line['from']]))
            elif line['level'] == 'entity':
                self.assertEqual(line['decoded'], line['mapped'] + line['skipped'] + line['rejected'])

    def quality(self, name):
        return bundle.read_csv(self.folder / 'quality' / (name + '.csv'))[1]

    def test_the_quality_of_the_data_is_listed_by_key(self):
        self.assertEqual({r['entity']: int(r['records']) for r in self.quality('counts')},
                         {e: len(rows) for e, rows in self.rows.items()})
        lacking = {(r['src_key'], w) for r in self.quality('missing') for w in r['missing'].split(';')}
        expected = {(r['src_key'], f) for r in self.rows['patient'] for f in ('birth_date', 'email') if not r[f]}
        self.assertEqual(lacking, expected)
        report = json.loads((self.folder / 'report.json').read_text(encoding='utf-8'))
        for x in report['quality']['lacks']:
            if x['what'] in ('birth_date', 'email'):
                self.assertEqual(x['lacking'], sum(f == x['what'] for _, f in expected))
        stays = {f['path']: f['rows'] for f in report['stays_in_the_practice']}
        for path in (self.folder / 'quality').iterdir():
            self.assertEqual(stays['quality/' + path.name], len(bundle.read_csv(path)[1]))

    def test_what_became_of_each_field_is_counted(self):
        fields = {(r['entity'], r['field']): {k: int(r[k]) for k in ('filled', 'kept', 'changed', 'held_back')}
                  for r in self.quality('fields')}
        named = [p for p in self.truth['Patient'] if p['LastName']]
        source = {'birth_date': 'Born', 'sex': 'Sex', 'primary_provider': 'DoctorId', 'chart_number': 'ChartNo'}
        for field, column in source.items():
            got = fields['patient', field]
            self.assertEqual(got['filled'], sum(p[column] is not None for p in named), field)
            self.assertEqual(got['kept'], sum(r[field] != '' for r in self.rows['patient']), field)
            self.assertEqual(got['kept'] + got['held_back'], got['filled'], field)
        self.assertGreater(fields['patient', 'primary_provider']['held_back'], 0)
        self.assertEqual(fields['patient', 'chart_number']['changed'], 0)

    def test_names_of_patients_are_not_in_the_report(self):
        page = (self.folder / 'report.html').read_text(encoding='utf-8') + (self.folder / 'report.json').read_text(encoding='utf-8')
        self.assertFalse([r['last'] for r in self.rows['patient'] if len(r['last']) > 12 and r['last'] in page])

    def manifest(self):
        return json.loads((self.folder / 'manifest.json').read_text(encoding='utf-8'))

    @unittest.skipUnless(importlib.util.find_spec('openpyxl'), 'openpyxl absent')
    def test_the_workbook_says_the_same(self):
        path = self.folder / 'canonical' / 'canonical.xlsx'
        self.assertEqual(workbook.differences(path, {name: self.folder / 'canonical' / FILES[name] for name in FILES}), [])
        contents = workbook.contents(path)
        self.assertEqual([(r['sheet'], r['records'], r['file'], r['remark']) for r in contents],
                         [(e, len(self.rows[e]), FILES[e], None) for e in FILES])
        for name, frozen, bold, filtered in workbook.forms(path):
            self.assertEqual((frozen, bold), ('A2', True), name)
            self.assertTrue(filtered.startswith('A1:'), name)

    def test_verify_accepts_and_refuses_a_changed_byte(self):
        self.assertEqual(self.tools.verify(self.folder), 0)
        for name in ['canonical/04_patient.csv', 'canonical/canonical.xlsx', 'report.json']:
            copy = self.copy()
            data = bytearray((copy / name).read_bytes())
            data[len(data) // 2] ^= 1
            (copy / name).write_bytes(data)
            self.assertEqual(self.tools.verify(copy), 4, name)

    def test_the_same_again_gives_the_same_bytes(self):
        again = self.convert('again')
        self.assertEqual(bundle.files(Path(bundle.summary(again)['run_folder'])), bundle.files(self.folder))

    def test_several_destinations_in_one_run(self):
        for i, to in enumerate([('--to', 'canonical,salesforce'), ('--to', 'salesforce', '--to', 'canonical')]):
            folder = Path(bundle.summary(self.convert('both%d' % i, to=to))['run_folder'])
            self.assertEqual(bundle.files(folder / 'canonical'), bundle.files(self.folder / 'canonical'))
            self.assertTrue((folder / 'salesforce' / '03_Contact_Patient.csv').exists())
            self.assertEqual(self.tools.verify(folder), 0)

    def test_an_unknown_destination_of_a_list_is_refused(self):
        for to in ['canonical,', 'canonical,salesfarce', ',']:
            refused = self.convert('no', to=('--to', to))
            self.assertEqual(refused.returncode, 2, to)
            self.assertFalse((self.room / 'no').exists())

    def test_a_dry_run_counts_the_same_and_writes_nothing(self):
        dry = bundle.summary(self.tools.run('convert', self.backup, '--to', 'canonical', '--templates', self.templates, '--json',
                                            '--dry-run'))
        self.assertEqual(dry['counts'], self.summary['counts'])

    def test_a_full_disk_is_told_and_leaves_nothing(self):
        for limit in (20000, 60000, 120000):
            full = self.convert('full%d' % limit, limit=limit)
            self.assertEqual(full.returncode, 5, limit)
            out = self.room / ('full%d' % limit)
            self.assertFalse(out.exists() and list(out.iterdir()))


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
