"""What the tests of the time after a load share: an invented practice, its bundles (made once), the program, and readers of what it
writes."""
import argparse
import csv
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import crm


def arguments(of_a_system=False):
    """What every script of this folder is told, and what is left for unittest."""
    parser = argparse.ArgumentParser()
    for name in ('chartferry', 'practice-gen', 'templates') + (('system',) if of_a_system else ()):
        parser.add_argument('--' + name, required=True)
    return parser.parse_known_args()


class Room:
    """A practice converted for some destinations; a folder to work in for each test."""

    def __init__(self, args, to, patients=20):
        self.args, self.base = args, pathlib.Path(tempfile.mkdtemp(prefix='loading.'))
        made = self.base / 'made'
        subprocess.run([args.practice_gen, '--seed', '7', '--patients', str(patients), '--hard', '0', '--out', made], check=True,
                       stdout=subprocess.DEVNULL)
        done = self.run('convert', made / 'practice.bak', '--to', to, '--out', self.base / 'runs', '--templates', args.templates, '--quiet')
        assert done.returncode in (0, 3), done.stderr
        self.bundle = next((self.base / 'runs').iterdir())
        self.people = self.names(made)

    @staticmethod
    def names(made):
        with open(made / 'truth' / 'patient.csv', encoding='utf-8', newline='') as f:
            return [r for r in csv.DictReader(f)]

    def close(self):
        shutil.rmtree(self.base)

    def run(self, *words):
        return subprocess.run([self.args.chartferry, *words], capture_output=True, text=True, timeout=120)

    def loads(self, to):
        return json.loads((self.bundle / to / 'loads.json').read_text(encoding='utf-8'))


class RoomTest(unittest.TestCase):
    """Tests of one script in one room; each has a folder of its own, and one for what comes back from a load."""
    args, to = None, 'salesforce'

    @classmethod
    def setUpClass(cls):
        cls.room = Room(cls.args, cls.to)
        cls.folder = cls.room.bundle / cls.to

    @classmethod
    def tearDownClass(cls):
        cls.room.close()

    def setUp(self):
        self.work = self.room.base / self._testMethodName
        self.results = self.work / 'results'
        self.results.mkdir(parents=True)

    def command(self, name, *words):
        """The command over the bundle, and the folder that it made last."""
        done = self.room.run(name, self.room.bundle, *words, '--out', self.work, '--json')
        kind = {'reconcile': 'reconciled', 'compare': 'compared'}.get(name, name)
        folders = sorted(self.work.glob('*-%s*' % kind), key=os.path.getmtime)
        return done, folders[-1] if folders else None


def summary(done):
    return json.loads(done.stdout.splitlines()[-1])


def matrix(folder):
    """{file: {column of reconcile.csv: number}} of the rows."""
    with open(folder / 'reconcile.csv', encoding='utf-8', newline='') as f:
        return {r['file']: {k: int(v) for k, v in r.items() if v.isdigit()} for r in csv.DictReader(f) if r['measure'] == 'rows'}


def sums(folder):
    with open(folder / 'reconcile.csv', encoding='utf-8', newline='') as f:
        return [r for r in csv.DictReader(f) if r['measure'] == 'sum']


def keys_in(folder):
    """{stem of the part: keys} of fix-back files or the like."""
    found = {}
    for path in sorted(folder.glob('*.csv')) if folder.is_dir() else []:
        heading, rows = crm.read_csv(path)
        found[path.stem] = [r[0] for r in rows]
    return found


def no_value_in(texts, people):
    """Names, days of birth and telephone numbers of the practice that stand in one of the texts."""
    told = set()
    for p in people:
        for field in ('last', 'birth_date', 'phone_home', 'phone_mobile', 'email', 'address_line1'):
            value = p.get(field) or ''
            if len(value) > 4 and any(value in t for t in texts):
                told.add(field)
    return told


def pages(folder):
    return [p.read_text(encoding='utf-8') for p in folder.rglob('*.html')]
