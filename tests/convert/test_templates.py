#!/usr/bin/env python3
"""Templates and profiles from the command line: what is wrong is told with file, line and column, all of it at once, and nothing is
written; the templates that ship are good."""
import argparse
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import bundle
import clinic

ARGS = None

# file, what stands there, what is put there instead, begin of the problem
MISTAKES = [
    ('destinations/salesforce/contact_patient.yaml', '{ from: last, required', '{ from: last, requierd', 'unknown key "requierd"'),
    ('destinations/salesforce/contact_patient.yaml', 'from: birth_date', 'from: birthdate', 'patient has no field "birthdate"'),
    ('destinations/salesforce/event.yaml', 'lookup: Contact.Source_Key__c, required', 'lookup: Kontact.Source_Key__c, required',
     'there is no object "Kontact"'),
    ('destinations/salesforce/event.yaml', 'scheduled: Scheduled', 'sheduled: Scheduled', 'status of appointment is never "sheduled"'),
    ('destinations/salesforce/account.yaml', 'fields:', 'after: [event]\nfields:', '"after" goes in a circle'),
    ('destinations/salesforce/contact_provider.yaml', 'FirstName:', 'lastNAME:', 'the field lastNAME is already there'),
    ('destinations/salesforce/account.yaml', 'required: true, ', '', 'Account requires Name'),
    ('destinations/salesforce/destination.yaml', '[data_loader]', '[data_loder]', '"packages" is one of'),
    ('destinations/salesforce/destination.yaml', 'newline: crlf', 'newline: [crlf', ''),
    ('destinations/salesforce/destination.yaml', 'by: id', 'by: name', '"by" is one of id, key'),
    ('destinations/salesforce/destination.yaml', '  column: Id\n', '', '"column" names the heading of the ids'),
    ('destinations/salesforce/destination.yaml', 'rows: 1000', 'rows: many', 'must be a whole number'),
    ('destinations/salesforce/destination.yaml', 'keep: [account]', 'keep: [acount]', '"keep" of "undo" names "acount"'),
    ('destinations/salesforce/destination.yaml', 'error: [ERROR, Reason]', 'eror: [ERROR]', 'unknown key "eror"'),
    ('destinations/salesforce/destination.yaml', ', created: [Item Created], updated: [Item Updated]', '',
     'a form with "state" says by which words'),
    ('destinations/salesforce/destination.yaml', 'form: Errors, ', 'form: Errors, updated: [x], ', '"created" and "updated" are words of'),
    ('destinations/salesforce/destination.yaml', 'form: Errors, ', 'form: None}\n    - { form: Errors, ', 'a form is known by at least one of'),
    ('sources/small_clinic/profile.yaml', 'sql: visit.sql', 'sql: visits.sql', ''),
    ('sources/small_clinic/profile.yaml', 'patient: {', 'pacient: {', ''),
    ('sources/small_clinic/profile.yaml', 'system: SC', 'sistem: SC', 'unknown key "sistem"'),
    ('sources/small_clinic/patient.sql', 'LastName AS last', 'Surname AS last', ''),
    ('sources/small_clinic/patient.sql', 'LastName AS last', 'LastName AS lasst', ''),
    ('sources/small_clinic/patient.sql', 'FROM "dbo.Patient"', 'FROM "dbo.Patients"', ''),
    ('sources/small_clinic/patient.sql', 'SELECT', 'DELETE FROM patient; SELECT', ''),
    ('sources/small_clinic/patient.sql', 'SELECT', 'SELEC', ''),
    ('sources/small_clinic/visit.sql', 'VisitId AS src_key, ', '', ''),
]


class Templates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='convert_templates.'))
        cls.good = cls.room / 'good'
        cls.tools.small_templates(cls.good)
        cls.backup, _ = clinic.make(cls.tools, cls.room)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def changed(self, *changes):
        folder = Path(tempfile.mkdtemp(dir=self.room)) / 'templates'
        shutil.copytree(self.good, folder)
        for name, old, new in changes:
            text = (folder / name).read_text(encoding='utf-8')
            self.assertIn(old, text, name)
            (folder / name).write_text(text.replace(old, new, 1), encoding='utf-8')
        return folder

    def refused(self, templates):
        """The problems of a conversion, which wrote nothing."""
        out = templates.parent / 'out'
        result = self.tools.convert(self.backup, out, templates)
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertFalse(out.exists())
        found = bundle.problems(result)
        self.assertTrue(found)
        return found

    def test_the_templates_that_ship_are_good(self):
        result = self.tools.run('templates', 'check', '--templates', self.tools.templates)
        self.assertEqual((result.returncode, result.stderr), (0, ''))

    def test_each_mistake_is_told_with_its_place_and_nothing_is_written(self):
        for name, old, new, text in MISTAKES:
            with self.subTest(file=name, new=new):
                found = self.refused(self.changed((name, old, new)))
                told = [p for p in found if p['text'].startswith(text) and p['line'] > 0 and p['column'] > 0]
                self.assertTrue(told, found)
                # A circle is told where it closes, in one of its files.
                if 'circle' not in text:
                    self.assertIn(Path(name).name, [Path(p['file']).name for p in told])

    def test_all_mistakes_come_at_once(self):
        changes = [m for m in MISTAKES if m[3] and m[1] != 'fields:']
        found = self.refused(self.changed(*[m[:3] for m in changes]))
        for name, _, _, text in changes:
            self.assertTrue(any(p['text'].startswith(text) for p in found), text)
        self.assertEqual(found, sorted(found, key=lambda p: (p['file'], p['line'], p['column'])))

    def test_problems_read_as_file_line_column(self):
        folder = self.changed(MISTAKES[0][:3])
        result = self.tools.run('templates', 'check', 'salesforce', '--templates', folder)
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr, r'(?m)^salesforce/contact_patient\.yaml:\d+:\d+: unknown key "requierd"')

    def test_check_asks_for_the_source_of_every_limit(self):
        folder = self.room / 'unsourced'
        shutil.copytree(self.tools.templates, folder)
        name = folder / 'destinations' / 'pipedrive' / 'destination.yaml'
        text, n = re.subn(r'\{ is: (50000|100000000), source: "[^"]*" \}', r'\1', name.read_text(encoding='utf-8'))
        self.assertEqual(n, 2)
        name.write_text(text, encoding='utf-8')
        result = self.tools.run('templates', 'check', 'pipedrive', '--templates', folder)
        self.assertEqual(result.returncode, 2)
        for key in ('rows_per_file', 'member_bytes_max'):
            self.assertRegex(result.stderr, r'(?m)^pipedrive/destination\.yaml:\d+:\d+: "%s" says nothing of its source' % key)
        # It can be used all the same.
        self.assertEqual(self.tools.run('templates', 'show', 'pipedrive', '--templates', folder).returncode, 0)

    def test_unknown_ids_get_a_suggestion(self):
        result = self.tools.run('convert', self.backup, '--to', 'salesforse', '--out', self.room / 'x', '--templates', self.good)
        self.assertEqual(result.returncode, 2)
        self.assertIn('DEL-821', result.stderr)
        self.assertIn('salesforce', result.stderr)
        self.assertFalse((self.room / 'x').exists())

    def test_options_of_the_command_line_are_checked(self):
        words = ['convert', self.backup, '--to', 'salesforce', '--dry-run', '--templates', self.good]
        result = self.tools.run(*words, '--option', 'contry=US', '--option', 'date_order=ymd')
        self.assertEqual(result.returncode, 2)
        self.assertIn('has no option "contry"; did you mean "country"?', result.stderr)
        self.assertIn('the option date_order is one of mdy dmy, not "ymd"', result.stderr)
        self.assertEqual(self.tools.run(*words, '--option', 'country=US', '--option', 'date_order=mdy').returncode, 3)

    def test_a_folder_without_templates_is_told(self):
        for words in (['templates', 'list'], ['convert', self.backup, '--to', 'salesforce', '--out', self.room / 'x']):
            result = self.tools.run(*words, '--templates', self.room)
            self.assertEqual(result.returncode, 2)
            self.assertIn('DEL-820', result.stderr)

    def test_the_environment_names_the_folder_too(self):
        result = self.tools.run('templates', 'list', env={'CHARTFERRY_TEMPLATES': str(self.good)})
        self.assertIn('small_clinic', result.stdout)
        result = self.tools.run('templates', 'list', '--templates', self.tools.templates,
                                env={'CHARTFERRY_TEMPLATES': str(self.good)})
        self.assertNotIn('small_clinic', result.stdout)

    def test_a_mapping_is_shown(self):
        result = self.tools.run('templates', 'show', 'salesforce', '--templates', self.good)
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r'(?m)^03_Contact_Patient\.csv +Contact +patient +Birthdate +birth_date +as YYYY-MM-DD$')
        lines = bundle.lines(self.tools.run('templates', 'show', 'salesforce', '--templates', self.good, '--json'))
        self.assertIn({'file': '04_Event.csv', 'object': 'Event', 'entity': 'appointment', 'target': 'StartDateTime',
                       'source': 'start_at', 'rules': 'required; as YYYY-MM-DDThh:mm:ss',
                       'label': 'Start Date Time', 'type': 'datetime'}, lines)
        result = self.tools.run('templates', 'show', 'small_clinic', '--templates', self.good)
        self.assertRegex(result.stdout, r'(?m)^patient +dbo\.Patient +patient\.sql$')

    def test_wrong_words_are_told(self):
        for words in (['templates'], ['templates', 'lst'], ['templates', 'show'], ['templates', 'list', 'x'], ['verify'],
                      ['convert', self.backup], ['convert', self.backup, '--to', 'salesforce']):
            self.assertEqual(self.tools.run(*words).returncode, 2, words)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
