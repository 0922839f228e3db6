#!/usr/bin/env python3
"""Real clinic databases: a draft of each has no mistake, comes out of a snapshot as well, and converts with every row accounted
for; the profile that was made of the Turkish one, by the way that templates/README.md describes, is chosen by itself."""
import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ARGS = None
# entities that must be drafted, and the rows of each
CLINICS = {
    'hasta2017_tr.bak': {'patient': 2, 'provider': 5},
    'hospital2014.bak': {'patient': 22, 'provider': 20, 'appointment': 30, 'billing_line': 31, 'practice_location': 9},
    'clinicdb2019.bak': {'patient': 5, 'provider': 3, 'appointment': 5},
    'dentalclinic2012.mdf': {'patient': 3, 'appointment': 2},
}


def run(*arguments, codes=(0,)):
    done = subprocess.run([ARGS.chartferry, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode in codes, (arguments, done.returncode, done.stdout, done.stderr)
    return done


class Clinics(unittest.TestCase):
    def setUp(self):
        self.room = Path(tempfile.mkdtemp(prefix='clinics.'))
        self.addCleanup(shutil.rmtree, self.room)
        self.templates = self.room / 'templates'
        shutil.copytree(ARGS.templates, self.templates)

    def convert(self, source, *more):
        done = run('convert', source, '--to', 'canonical', '--out', self.room / 'runs', '--templates', self.templates, '--json',
                   *more, codes=(0, 3))
        folder = Path(json.loads(done.stdout.splitlines()[-1])['run_folder'])
        return json.loads((folder / 'manifest.json').read_text()), json.loads((folder / 'report.json').read_text())

    def test_drafts(self):
        for name, expected in CLINICS.items():
            with self.subTest(name):
                source, id_ = ARGS.corpus / name, 'draft_' + name.split('.')[0]
                folder, snapshot = self.templates / 'sources' / id_, self.room / (id_ + '.json')
                run('profile', 'draft', source, '--out', folder)
                run('snapshot', source, '--out', snapshot)
                run('profile', 'check', folder, source)
                run('profile', 'check', folder, snapshot)
                again = self.room / 'again' / id_
                again.parent.mkdir(exist_ok=True)
                run('profile', 'draft', snapshot, '--out', again)
                for file in folder.iterdir(): self.assertEqual((again / file.name).read_text(), file.read_text())
                manifest, _ = self.convert(source, '--profile', id_)
                lines = {e['name']: e for e in manifest['counts'] if e['level'] == 'entity'}
                for entity, rows in expected.items():
                    self.assertEqual(lines[entity]['decoded'], rows, entity)
                    self.assertEqual(lines[entity]['mapped'], rows, entity)

    def test_the_turkish_one(self):
        manifest, _ = self.convert(ARGS.corpus / 'hasta2017_tr.bak')
        self.assertEqual(manifest['profile']['id'], 'hasta-tr')
        lines = {e['name']: e['mapped'] for e in manifest['counts'] if e['level'] == 'entity'}
        self.assertEqual(lines, {'provider': 5, 'patient': 2, 'diagnosis': 2, 'clinical_note': 2, 'custom_value': 8})


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    for name in ('chartferry', 'templates', 'corpus'): parser.add_argument('--' + name, required=True, type=Path)
    ARGS = parser.parse_args()
    if not (ARGS.corpus / 'hasta2017_tr.bak').exists():
        print('skipped: corpus absent')
        sys.exit(77)
    unittest.main(argv=['test_corpus'])
