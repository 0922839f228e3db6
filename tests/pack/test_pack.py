#!/usr/bin/env python3
"""Bundles that travel: packed into parts, opened again by chartferry and by 7z and cat alone, byte for byte the same; every part
that is not as it should be is refused by its name, and nothing of it is kept."""
import argparse
import json
import os
import random
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

import packs
from packs import WORDS, bundle, parts, tree

ARGS = None
MB = 1 << 20
PATIENTS = 25
TO = 'canonical,salesforce,documents'


class Pack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = bundle.Tools(ARGS)
        cls.room = Path(tempfile.mkdtemp(prefix='pack.'))
        made = cls.room / 'practice'
        subprocess.run([ARGS.practice_gen, '--out', made, '--patients', str(PATIENTS)], check=True,
                       stdout=subprocess.DEVNULL)
        run = bundle.summary(cls.tools.convert(made / 'practice.bak', cls.room / 'runs', to=TO))['run_folder']
        cls.bundle = Path(run)
        cls.large = cls.room / 'large'
        shutil.copytree(cls.bundle, cls.large)
        packs.with_member(cls.large, 'canonical/large.bin', random.Random(9).randbytes(40 * MB))
        packs.with_member(cls.bundle, 'canonical/large.bin', random.Random(8).randbytes(2 * MB))
        (cls.room / 'words').write_text(WORDS + '\nand a second line\n')
        cls.words = ('--passphrase-from', 'file:%s' % (cls.room / 'words'))
        cls.packed = cls.room / 'packed'
        cls.done = cls.pack(cls.bundle, cls.packed, '--max-part', '1M')
        cls.large_packed = cls.room / 'large_packed'
        cls.large_done = cls.pack(cls.large, cls.large_packed, '--max-part', '15M')

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def pack(cls, run, out, *more, words=None):
        return cls.tools.run('pack', run, '--out', out, '--json', *(cls.words if words is None else words), *more)

    def unpack(self, *named, out='unpacked', words=None):
        return self.tools.run('unpack', *named, '--out', self.room / out, '--json', *(self.words if words is None else words))

    def refused(self, code, *named, by=None, words=None):
        """Refused with this finding, which names the file, and nothing is left."""
        done = self.unpack(*named, words=words)
        found = [x for x in bundle.lines(done) if x.get('type') == 'finding']
        self.assertEqual(done.returncode, 4, done.stdout)
        self.assertEqual([x['code'] for x in found], [code], done.stdout)
        if by:
            self.assertIn(str(by), json.dumps(found), done.stdout)
        self.assertFalse((self.room / 'unpacked').exists())
        self.assertFalse((self.room / 'unpacked.partial').exists())

    def copy(self):
        to = Path(tempfile.mkdtemp(dir=self.room))
        for part in parts(self.packed):
            shutil.copy(part, to)
        return to, parts(to)

    # ---- what is made

    def test_it_comes_back_byte_for_byte(self):
        self.assertEqual(self.done.returncode, 0, self.done.stdout + self.done.stderr)
        for name, packed, run in (('back', self.packed, self.bundle), ('large_back', self.large_packed, self.large)):
            done = self.unpack(packed, out=name)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertEqual(tree(self.room / name), tree(run))
            self.assertEqual(self.tools.verify(self.room / name), 0)

    def test_parts_are_below_the_limit_and_full(self):
        said, packed = bundle.summary(self.large_done)['parts'], self.large_packed
        self.assertEqual([x['name'] for x in said], [p.name for p in parts(packed)])
        self.assertEqual([x['bytes'] for x in said], [p.stat().st_size for p in parts(packed)])
        self.assertEqual([x['sha256'] for x in said], [tree(packed)[p.name] for p in parts(packed)])
        sizes = [p.stat().st_size for p in parts(packed)]
        self.assertLessEqual(max(sizes), 15 * MB)
        self.assertLess(len(sizes), 5)  # 40 MB that cannot be compressed, and little besides
        self.assertLessEqual(max(p.stat().st_size for p in parts(self.packed)), MB)
        for p in packed.iterdir():
            self.assertEqual(stat.S_IMODE(p.stat().st_mode), 0o600)

    def test_seven_zip_and_cat_alone_open_it(self):
        for name, packed, run in (('by_hand', self.packed, self.bundle), ('large_by_hand', self.large_packed, self.large)):
            joins = packs.by_hand(packed, self.room / name, WORDS)
            self.assertEqual(tree(self.room / name), tree(run))
            self.assertTrue(any('large.bin.003' in x for x in joins), joins)
        note = (self.packed / 'cover-note.txt').read_text()
        self.assertIn('copy /b "canonical\\large.bin.001" + "canonical\\large.bin.002"', note)

    def test_names_and_note_tell_of_nobody(self):
        keys = {p.name for p in (self.bundle / 'documents/documents').iterdir() if p.name.startswith('PP-')}
        self.assertGreater(len(keys), 10)
        readable = (self.packed / 'cover-note.txt').read_text()
        for part in parts(self.packed):
            readable += part.name + '\n' + '\n'.join(packs.names_by_seven(part))
            raw = part.read_bytes()
            self.assertNotIn(b'PP-PAT', raw)
            self.assertNotIn(WORDS.encode(), raw)
        self.assertNotIn('PP-', readable)
        self.assertNotIn(WORDS, readable)
        for name in ('salesforce/09_Contact_Patient.csv', 'manifest.json', 'private-names.zip'):
            self.assertIn(name, readable)

    def test_two_packs_of_one_bundle_share_nothing(self):
        self.pack(self.bundle, self.room / 'again', '--max-part', '1M')
        self.assertFalse(set(tree(self.packed).values()) & set(tree(self.room / 'again').values()))

    # ---- passphrases

    def test_a_generated_one_is_shown_once_and_opens(self):
        done = self.pack(self.bundle, self.room / 'generated', words=())
        words = bundle.summary(done)['passphrase']
        self.assertRegex(words, r'^([a-hjkmnp-z2-9]{5}-){4}[a-hjkmnp-z2-9]{5}$')
        self.assertEqual((done.stdout + done.stderr).count(words), 1)
        for p in (self.room / 'generated').iterdir():
            self.assertNotIn(words.encode(), p.read_bytes())
        done = self.tools.run('unpack', self.room / 'generated', '--out', self.room / 'back2', '--json',
                              env={**os.environ, 'CHARTFERRY_PASSPHRASE': words})
        self.assertEqual(done.returncode, 0, done.stdout)
        done = self.tools.run('unpack', self.room / 'generated', '--out', self.room / 'back3', '--json', '--passphrase-from',
                              'env:OTHER', env={**os.environ, 'OTHER': words})
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_weak_ones_are_refused(self):
        (self.room / 'weak').write_text('nineteen characters')
        for words in ('file:%s' % (self.room / 'weak'), 'file:%s' % (self.room / 'none'), 'env:NO_SUCH_VARIABLE'):
            done = self.pack(self.bundle, self.room / 'weakly', words=('--passphrase-from', words))
            self.assertEqual(done.returncode, 4)
            self.assertEqual(bundle.findings(done), {'PCK-1501'})
            self.assertNotIn('nineteen', done.stdout + done.stderr)
            self.assertFalse((self.room / 'weakly').exists())

    def test_one_on_the_command_line_is_not_taken_and_not_repeated(self):
        done = self.pack(self.bundle, self.room / 'typed', words=('--passphrase-from', 'Typed-By-Mistake-123'))
        self.assertEqual(done.returncode, 2)
        self.assertNotIn('Typed', done.stdout + done.stderr)

    # ---- bundles that are not whole

    def test_only_a_whole_bundle_is_packed(self):
        def spoiled(spoil):
            run = self.room / 'spoiled'
            shutil.copytree(self.bundle, run, ignore=shutil.ignore_patterns('large.bin'))
            manifest = json.loads((run / 'manifest.json').read_text())
            manifest['files'] = [x for x in manifest['files'] if not x['path'].endswith('large.bin')]
            (run / 'manifest.json').write_text(json.dumps(manifest, indent=2) + '\n')
            spoil(run)
            done = self.pack(run, self.room / 'not_packed')
            shutil.rmtree(run)
            self.assertFalse((self.room / 'not_packed').exists())
            self.assertFalse((self.room / 'not_packed.partial').exists())
            return done

        def swap(run):
            path = run / 'canonical/04_patient.csv'
            path.write_bytes(path.read_bytes().replace(b'a', b'b', 1))

        def swap_a_document(run):
            path = next(run.rglob('*.jpg'))
            path.write_bytes(path.read_bytes()[:-1] + b'?')

        def lead_out(run):
            path = run / 'canonical/04_patient.csv'
            path.rename(self.room / 'outside.csv')
            path.symlink_to(self.room / 'outside.csv')

        for spoil in (swap, swap_a_document, lead_out, lambda run: (run / 'report.html').unlink(),
                      lambda run: (run / 'canonical/success.csv').write_text('Id\n'),
                      lambda run: (run / 'manifest.json').write_text('{}')):
            done = spoiled(spoil)
            self.assertEqual(done.returncode, 4, done.stdout)
            self.assertLessEqual(bundle.findings(done), {'DEL-860'}, done.stdout)

    # ---- parts that are not as they should be

    def test_a_damaged_part_is_named(self):
        chance = random.Random(5)
        for i in range(6):
            folder, all_parts = self.copy()
            victim = all_parts[i % len(all_parts)]
            raw = bytearray(victim.read_bytes())
            raw[chance.randrange(len(raw) - 98)] ^= 1 << chance.randrange(8)
            victim.write_bytes(raw)
            self.refused('PCK-1511', folder, by=victim.name)
            shutil.rmtree(folder)

    def test_a_truncated_part_is_named(self):
        for left in (0, 10, 1 << 18, -1):
            folder, all_parts = self.copy()
            all_parts[1].write_bytes(all_parts[1].read_bytes()[:left])
            self.refused('PCK-1510', folder, by=all_parts[1].name)
            shutil.rmtree(folder)

    def test_a_missing_part_is_named(self):
        all_parts = parts(self.packed)
        for i, what in enumerate(['part 1 ', 'part 2 ']):
            self.refused('PCK-1515', *[p for k, p in enumerate(all_parts) if k != i], by=what)
        self.refused('PCK-1515', *all_parts[:-1], by='part %d and what may follow' % len(all_parts))

    def test_a_part_that_is_there_twice_is_named(self):
        other = self.room / 'copy_of_a_part.zip'
        shutil.copy(parts(self.packed)[0], other)
        self.refused('PCK-1514', *parts(self.packed), other, by='part 1')

    def test_a_part_of_another_pack_is_named(self):
        self.pack(self.bundle, self.room / 'foreign', '--max-part', '1M')
        mixed = parts(self.packed)
        mixed[1] = parts(self.room / 'foreign')[1]
        self.refused('PCK-1513', *mixed, by=mixed[1].name)

    def test_a_wrong_passphrase_is_told_from_damage(self):
        (self.room / 'other').write_text('five words that are not the ones')
        done = self.unpack(self.packed, words=('--passphrase-from', 'file:%s' % (self.room / 'other')))
        self.assertEqual(done.returncode, 4)
        self.assertEqual(bundle.findings(done), {'PCK-1512'}, done.stdout)

    def test_what_is_no_part_is_refused(self):
        with zipfile.ZipFile(self.room / 'any.zip', 'w') as z:
            z.writestr('a', 'b')
        self.refused('PCK-1510', self.room / 'any.zip', by='any.zip')
        self.refused('PCK-1510', self.bundle / 'report.html')
        (self.room / 'empty').mkdir()
        self.refused('PCK-1510', self.room / 'empty')

    # ---- parts that were made to harm

    def test_members_that_lead_out_are_refused(self):
        link = zipfile.ZipInfo('a_link')
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        link.create_system = 3
        for name in ('../evil', '/evil', 'a/../../evil', 'C:/evil', 'a\\..\\evil', 'a//b', 'nul', 'a/com1.txt', 'a.', link, './a'):
            part = packs.sealed_by_hand(self.room / 'hostile.zip', [(name, b'x')], index={})
            self.refused('PCK-1516', part, by='hostile.zip')
        self.assertFalse((self.room / 'evil').exists())
        self.assertFalse((self.room.parent / 'evil').exists())

    def test_members_that_do_not_fit_together_are_refused(self):
        cut = {'in_pieces': [{'name': 'a', 'pieces': 2}]}
        for members in ([('a.001', b'x'), ('a.003', b'x')], [('a.002', b'x'), ('a.001', b'x')], [('a.001', b'x')],
                        [('a.001', b'x'), ('b', b'x'), ('a.002', b'x')], [('a', b'x'), ('a.001', b'x'), ('a.002', b'x')]):
            part = packs.sealed_by_hand(self.room / 'hostile.zip', members, index=cut)
            self.refused('PCK-1516', part, by='hostile.zip')

    def test_a_bomb_is_refused(self):
        part = packs.sealed_by_hand(self.room / 'bomb.zip', [('zeros', bytes(300 * MB))], index={'bytes': 300 * MB})
        self.refused('PCK-1517', part, by='bomb.zip')
        part.unlink()

    def test_what_is_no_bundle_is_refused(self):
        part = packs.sealed_by_hand(self.room / 'other.zip', [('readme.txt', b'x')], index={'files': 1, 'bytes': 1})
        done = self.unpack(part)
        self.assertIn('PCK-1518', bundle.findings(done))
        part = packs.sealed_by_hand(self.room / 'other.zip', [('readme.txt', b'x')], index={'files': 2, 'bytes': 1})
        self.refused('PCK-1518', part)
        self.assertFalse((self.room / 'unpacked').exists())

    def test_heads_and_indexes_that_make_no_sense_are_refused(self):
        for index in ({'parts': 3}, {'sha256': 'x'}, {'in_pieces': [{}]}, {'pack': 'x'}, {'files': -1}, {'empty_folders': [3]}):
            part = packs.sealed_by_hand(self.room / 'odd.zip', [('a', b'x')], index=index)
            self.refused('PCK-1510', part, by='odd.zip')
        part = packs.sealed_by_hand(self.room / 'odd.zip', [('a', b'x')], index={'empty_folders': ['../out']})
        self.refused('PCK-1516', part, by='odd.zip')

    # ---- what a killed one leaves

    def test_a_killed_unpack_leaves_nothing_behind_the_next(self):
        out, chance, unfinished = self.room / 'killed', random.Random(3), 0
        for _ in range(8):
            words = [str(self.tools.chartferry), 'unpack', str(self.large_packed), '--out', str(out), '--quiet', *self.words]
            run = subprocess.Popen(words)
            time.sleep(chance.uniform(0.1, 0.6))
            run.kill()
            run.wait()
            if out.exists():
                self.assertEqual(tree(out), tree(self.large))
                shutil.rmtree(out)
            unfinished += (self.room / 'killed.partial').exists()
        done = self.unpack(self.packed, out='killed')
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertFalse((self.room / 'killed.partial').exists())
        self.assertEqual(tree(out), tree(self.bundle))
        self.assertGreater(unfinished, 0)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    bundle.add_arguments(parser)
    ARGS, rest = parser.parse_known_args()
    if not shutil.which('7z'):
        print('skipped: 7z absent')
        sys.exit(77)
    unittest.main(argv=sys.argv[:1] + rest)
