#!/usr/bin/env python3
"""backup-script: what the statements ask for by edition, version and folders, and that names in them cannot break out.

usage: test_backup_script.py --chartferry FILE
"""
import argparse
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import served  # noqa: E402

ARGS = None


def without_comments(text):
    return '\n'.join(line for line in text.splitlines() if not line.startswith('--'))


class Script(unittest.TestCase):
    def script(self, facts, *words, code=0):
        done = served.run(ARGS.chartferry, 'backup-script', '--server-facts', facts, *words)
        self.assertEqual(done.code, code, done)
        return done.stdout

    def test_compression(self):
        for version, edition, can in (('2005', 'Enterprise', False), ('2008', 'Standard', False), ('2008', 'Enterprise', True), ('2008 R2', 'Standard', True),
                                      ('10.50.4000', 'Standard', True), ('10.0.5500', 'Standard', False), ('2014', 'Express Edition (64-bit)', False),
                                      ('2019', 'Web', False), ('2022', 'Developer', True), ('2016', 'Standard', True), ('', 'Standard', False), ('2019', '', False), ('SQL Server 2019 (15.0.2008.5)', 'Standard', True)):
            text = without_comments(self.script('database=Clinic,version=%s,edition=%s' % (version, edition)))
            self.assertEqual(', COMPRESSION' in text, can, (version, edition))
            self.assertIn('WITH COPY_ONLY, CHECKSUM', text)
            self.assertIn('RESTORE VERIFYONLY FROM DISK = @file1 WITH CHECKSUM;', text)

    def test_parts(self):
        text = without_comments(self.script('database=Clinic', '--folder', 'D:\\backup', '--folder', 'E:\\backup\\'))
        self.assertIn("N'D:\\backup\\Clinic_' + @moment + N'_1of2.bak'", text)
        self.assertIn("N'E:\\backup\\Clinic_' + @moment + N'_2of2.bak'", text)
        self.assertIn('TO DISK = @file1, DISK = @file2', text)

    def test_names(self):
        text = self.script("database=O'Brien]; DROP DATABASE x; --\n,version=2014\nDROP DATABASE y,edition=Express")
        plain = re.sub(r"N'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]", '', without_comments(text))
        self.assertNotIn('DROP', plain)

    def test_wrong(self):
        for bad in ('', 'version=2014', 'Clinic', 'database='):
            self.script(bad, code=2)
        self.assertEqual(served.run(ARGS.chartferry, 'backup-script').code, 2)

    def test_server(self):
        room = served.Room()
        self.addCleanup(room.close)
        for edition, can in (('Standard Edition (64-bit)', True), ('Express Edition (64-bit)', False)):
            tables = [{'schema': 'dbo', 'name': 'A', 'columns': [{'name': 'A', 'type': 'int'}], 'rows': []}]
            with served.serving(room, {'tables': tables, 'edition': edition}) as s:
                done = served.run(ARGS.chartferry, 'backup-script', '--server-certificate', room.path / 'good.pem', s.address)
            self.assertEqual(done.code, 0, done)
            self.assertEqual(', COMPRESSION' in without_comments(done.stdout), can)
            self.assertIn('BACKUP DATABASE [Practice]', done.stdout)
            self.assertIn('65 MB', done.stdout)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--chartferry', required=True)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
