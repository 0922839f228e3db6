#!/usr/bin/env python3
"""The Linux packages: made twice they are the same; the .deb installs on a bare Debian, works there, and goes without a trace; the tarball
works where it is unpacked. Needs cpack, and for the bare Debian root and debootstrap with a mirror: else that part is skipped."""
import argparse
import hashlib
import json
import os
import pathlib
import shutil
import tempfile
import unittest

import debian
from debian import run

ARGS = None


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = pathlib.Path(tempfile.mkdtemp(prefix='packages.'))
        cls.made = []
        code, text = run(ARGS.practice_gen, '--patients', '20', '--out', cls.room / 'practice')
        assert code == 0, text
        for name in ('first', 'second'):
            code, text = run('cpack', '--config', ARGS.build / 'CPackConfig.cmake', '-B', cls.room / name, cwd=ARGS.build,
                             env=dict(os.environ, SOURCE_DATE_EPOCH='1577836800'))
            assert code == 0, text
            cls.made.append({p.name: p for p in (cls.room / name).iterdir() if p.is_file()})

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room, ignore_errors=True)

    def package(self, ending):
        found = [p for n, p in self.made[0].items() if n.endswith(ending)]
        self.assertEqual(len(found), 1)
        return found[0]

    def test_twice_the_same_bytes(self):
        self.assertEqual(set(self.made[0]), set(self.made[1]))
        for name, path in self.made[0].items():
            self.assertEqual(hashlib.sha256(path.read_bytes()).digest(), hashlib.sha256(self.made[1][name].read_bytes()).digest(), name)

    def test_the_tarball_works_where_it_is_unpacked(self):
        place = self.room / 'with blank'
        place.mkdir()
        self.assertEqual(run('tar', 'xzf', self.package('.tar.gz'), '-C', place)[0], 0)
        program = next(place.glob('*/bin/chartferry'))
        code, text = run(program, 'templates', 'check', cwd='/', env={'PATH': '/usr/bin'})
        self.assertEqual(code, 0, text)
        self.assertIn('salesforce', text)
        bill = json.loads(next(place.glob('*/share/doc/chartferry/chartferry.cdx.json')).read_text())
        self.assertEqual(bill['bomFormat'], 'CycloneDX')
        linked = {line.split('.so')[0].strip() for line in run('ldd', program)[1].splitlines() if '.so' in line}
        named = {'expat': 'libexpat', 'freetds': 'libsybdb', 'jansson': 'libjansson', 'libarchive': 'libarchive', 'libdeflate': 'libdeflate',
                 'libharu': 'libhpdf', 'libyaml': 'libyaml', 'openssl': 'libcrypto',
                 'sqlite3': 'libsqlite3', 'zlib': 'libz'}
        for c in bill['components']:
            self.assertTrue(c['name'] == 'dejavu-fonts' or any(n.startswith(named[c['name']]) for n in linked), c['name'])

    def test_the_deb_on_a_bare_debian(self):
        try:
            bare = debian.Debian(self.room / 'debian')
        except debian.Skip as e:
            self.skipTest(str(e))
        self.addCleanup(bare.remove)
        base = bare.base
        shutil.copy(self.package('.deb'), base / 'chartferry.deb')
        shutil.copy(self.room / 'practice' / 'practice.bak', base / 'practice.bak')
        env = {'DEBIAN_FRONTEND': 'noninteractive', 'LC_ALL': 'C'}
        if not bare.has_proc:
            env['CHARTFERRY_TEMPLATES'] = '/usr/share/chartferry/templates'

        def inside(*words):
            return bare.inside(*words, **env)

        code, text = inside('sh', '-c', 'apt-get update -q && apt-get install -q -y --no-install-recommends /chartferry.deb')
        self.assertEqual(code, 0, text[-3000:])
        listed = inside('dpkg', '-L', 'chartferry')[1].splitlines()
        for path in ('/usr/bin/chartferry', '/usr/share/bash-completion/completions/chartferry',
                     '/usr/share/zsh/vendor-completions/_chartferry', '/usr/share/doc/chartferry/copyright',
                     '/usr/share/chartferry/templates/vocabulary.yaml'):
            self.assertIn(path, listed)
        code, text = inside('chartferry', 'inspect', '/practice.bak')
        self.assertEqual(code, 0, text)
        code, text = inside('chartferry', 'convert', '/practice.bak', '--to', 'salesforce', '--out', '/runs')
        self.assertIn(code, (0, 3), text)
        made = [str(p) for p in (base / 'runs').iterdir()]
        self.assertEqual(len(made), 1)
        code, text = inside('chartferry', 'verify', '/runs/' + os.path.basename(made[0]))
        self.assertEqual(code, 0, text)
        code, text = inside('dpkg', '--purge', 'chartferry')
        self.assertEqual(code, 0, text)
        for path in listed:
            if 'chartferry' in path:
                self.assertFalse((base / path.lstrip('/')).exists(), path)
        self.assertTrue(pathlib.Path(made[0]).exists())  # results stay


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', required=True, type=pathlib.Path)
    parser.add_argument('--practice-gen', required=True)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=['test_packages.py', *rest])
