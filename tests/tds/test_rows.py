#!/usr/bin/env python3
"""A running server gives what its backup gives: tables, types, rows, bundles; and every type of column, value for value.

usage: test_rows.py --chartferry FILE --practice-gen FILE --templates DIR
"""
import argparse
import json
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import served  # noqa: E402
import database  # noqa: E402  (beside the server)
import every_type  # noqa: E402

ARGS = None


class Rows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = served.Room()
        cls.addClassCleanup(cls.room.close)
        subprocess.run([ARGS.practice_gen, '--out', cls.room.path / 'gen', '--patients', '12', '--lean'], check=True, capture_output=True)
        cls.backup = cls.room.path / 'gen' / 'practice.bak'
        cls.tables = cls.room.path / 'tables'
        done = served.run(ARGS.chartferry, 'extract', cls.backup, out=cls.tables)
        assert done.code == 0, done
        about = json.loads(served.run(ARGS.chartferry, 'inspect', '--json', cls.backup).stdout)
        cls.practice = {'extract': str(cls.tables), 'database': about['database'], 'collation': about['collation'],
                        'primary': {'dbo.Patient': ['PatientID'], 'dbo.SOAPNotes': ['NoteID']}}

    def ask(self, s, command, *words, code=0, **more):
        done = served.run(ARGS.chartferry, command, '--server-certificate', self.room.path / 'good.pem', s.address, *words, **more)
        self.assertEqual(done.code, code, done)
        return done

    # ---- the practice

    def extracted(self, config):
        with served.serving(self.room, dict(self.practice, **config)) as s:
            out = self.room.new('out')
            done = self.ask(s, 'extract', '-v', out=out)
            said = s.said()
        self.assertEqual(served.rows_of(out), served.rows_of(self.tables))
        self.assertEqual((out / '_types.json').read_bytes(), (self.tables / '_types.json').read_bytes())
        return done, said

    def test_backup_and_server_are_the_same(self):
        done, said = self.extracted({})
        logins = [x for x in said if 'login' in x]
        self.assertTrue(all(x['encrypted'] and x['read_only'] for x in logins), logins)
        self.assertNotIn('TDS-', done.text)
        begun = [x['sql'] for x in said if 'SNAPSHOT' in x.get('sql', '')]
        self.assertGreaterEqual(len(begun), 2)

    def test_without_snapshots(self):
        done, said = self.extracted({'snapshot': False})
        self.assertIn('F_TDS_NO_SNAPSHOT', names(done))
        reads = [x['sql'] for x in said if ' FROM [dbo].' in x.get('sql', '') and 'SUBSTRING' not in x['sql']]
        self.assertTrue(reads and all(x.startswith('BEGIN TRANSACTION; SELECT ') and x.endswith('; COMMIT TRANSACTION') for x in reads))

    def test_never_a_write(self):
        _, said = self.extracted({'snapshot': False})
        words = {part.split()[0] for x in said for part in x.get('sql', '').split('; ') if part}
        self.assertLessEqual(words, {'SELECT', 'SET', 'BEGIN', 'COMMIT', 'IF'})

    def test_query_and_snapshot(self):
        query = 'SELECT count(*), max(LastName), sum(lob_size(NoteText)) FROM SOAPNotes JOIN Patient USING (PatientID)'
        with served.serving(self.room, self.practice) as s:
            live = self.ask(s, 'sql', query)
            self.ask(s, 'snapshot', out=self.room.path / 'live.json')
        self.assertEqual(live.stdout, served.run(ARGS.chartferry, 'sql', self.backup, query).stdout)
        served.run(ARGS.chartferry, 'snapshot', self.backup, out=self.room.path / 'backup.json')
        live, backup = (json.loads((self.room.path / n).read_text(encoding='utf-8')) for n in ('live.json', 'backup.json'))

        def columns(x):
            return {t['name']: [(c['name'], c['type'], c.get('filled'), c.get('distinct')) for c in t['columns']] for t in x['tables']}
        self.assertEqual(columns(live), columns(backup))

    def test_bundle_and_delta(self):
        with served.serving(self.room, self.practice) as s:
            done = served.run(ARGS.chartferry, 'convert', '--templates', ARGS.templates, '--to', 'salesforce', self.backup, out=self.room.path / 'first')
            self.assertEqual(done.code, 3, done)  # the practice has the mistakes of real ones in it
            first = next((self.room.path / 'first').iterdir())
            self.ask(s, 'convert', '--templates', ARGS.templates, '--to', 'salesforce', code=3, out=self.room.path / 'whole')
            whole = next((self.room.path / 'whole').iterdir())
            for path in sorted((first / 'salesforce').rglob('*.csv')):
                other = whole / path.relative_to(first)
                if 'Contact_Patient' in path.name:  # holds ages at the day of the source
                    continue
                self.assertEqual(path.read_bytes(), other.read_bytes(), path.name)
            self.ask(s, 'convert', '--templates', ARGS.templates, '--to', 'salesforce', '--since', first, code=3, out=self.room.path / 'later')
            later = next((self.room.path / 'later').iterdir())
            rows = sum(len(p.read_bytes().splitlines()) - 1 for p in (later / 'salesforce').glob('*.csv') if 'Contact_Patient' not in p.name)
            self.assertEqual(rows, 0)
            self.assertEqual(served.run(ARGS.chartferry, 'verify', whole).code, 0)

    def test_broken_table_makes_no_bundle(self):
        """Of a chart's rows as of any others: half of a table never passes for all of it."""
        for table in ('dbo.PeriodontalCharting', 'dbo.Patient', 'dbo.SOAPNotes'):
            for trouble in ({'cut_table': [table, 9]}, {'error_table': [table, 9, 1205, 'Deadlock.']}, {'deny_late': [table]}, {'wrong_count': table}):
                with served.serving(self.room, dict(self.practice, **trouble)) as s:
                    out = self.room.new('bundle')
                    self.ask(s, 'convert', '--templates', ARGS.templates, '--to', 'salesforce', code=4, out=out)
                    self.assertEqual(list(out.iterdir()) if out.exists() else [], [], (table, trouble))

    # ---- every type

    def every(self, **config):
        described, truth = every_type.described()
        return dict(described, **config), truth

    def check_truth(self, out, truth):
        for full, rows in truth.items():
            with open(out / (full + '.csv'), encoding='utf-8', newline='') as f:
                got = list(database.csv_rows(f.read()))
            self.assertEqual(len(got) - 1, len(rows), full)
            for row, wanted in zip(got[1:], rows):
                for name, a, b in zip(got[0], row, wanted):
                    self.assertEqual(a, b, '%s.%s' % (full, name))

    def test_every_type(self):
        for snapshot in (True, False):
            config, truth = self.every(snapshot=snapshot)
            with served.serving(self.room, config) as s:
                out = self.room.new('out')
                done = self.ask(s, 'extract', '-v', out=out)
            self.check_truth(out, truth)
            self.assertIn('F_COLUMN_COMPUTED', names(done))

    def test_every_type_of_old_servers(self):
        config, truth = self.every(features=[], version='10.50.6000.34')
        with served.serving(self.room, config) as s:
            out = self.room.new('out')
            self.ask(s, 'extract', out=out)
        self.check_truth(out, truth)

    def test_the_oldest_server(self):
        """SQL Server 2005 cannot find a row again by its place: such large values are told as unreadable."""
        config, truth = self.every(features=[], version='9.00.5000.00')
        with served.serving(self.room, config) as s:
            out = self.room.new('out')
            done = self.ask(s, 'extract', code=3, out=out)
        self.assertIn('F_TDS_VALUE', names(done))
        self.check_truth(out, {k: [r for r in v if k != 'dbo.Heap' or len(r[0]) <= 2 + 2 * 65536] for k, v in truth.items()})

    def test_large_values_as_files(self):
        config, _ = self.every()
        with served.serving(self.room, config) as s:
            out = self.room.new('out')
            self.ask(s, 'extract', '--lobs', 'files', '--table', 'Heap', out=out)
        sizes = sorted(p.stat().st_size for p in out.rglob('*') if p.is_file() and not p.name.endswith(('.csv', '.json')))
        self.assertEqual(sizes, [65536, 65537, 80000])

    def test_catalog(self):
        config, _ = self.every(data_bytes=8 << 30)
        with served.serving(self.room, config) as s:
            about = self.ask(s, 'inspect', '-v')
            whole = json.loads(self.ask(s, 'inspect', '--json').stdout)
        self.assertIn('Data files     8.0 GB: within the 10 GB limit of the free SQL Server Express (80 % of it)', about.stdout)
        for text in ('decimal(38,10)', 'hierarchyid', 'Odd ] name', 'odd schema.Keyed.by', 'D:\\SQLData\\Every.mdf'):
            self.assertIn(text, about.stdout)
        self.assertEqual(whole['database'], 'Every')
        self.assertTrue(whole['fits_express'])


def names(done):
    """The codes of finding*.def whose ids stand in what the program said."""
    text = ''.join(p.read_text(encoding='utf-8') for p in (Path(__file__).resolve().parents[2] / 'src/base').glob('finding*.def'))
    import re
    ids = {i: 'F_' + code for code, i in re.findall(r'F\(\s*(\w+)\s*,\s*\w+\s*,\s*"([A-Z]+-\d+)"', text)}
    return {ids[i] for i in re.findall(r'\b[A-Z]{3}-\d{3,4}\b', done.text) if i in ids}


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--chartferry', required=True)
    parser.add_argument('--practice-gen', required=True)
    parser.add_argument('--templates', required=True)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
