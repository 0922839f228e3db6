#!/usr/bin/env python3
"""Encrypted backups and data files, made by bakgen for certificates of openssl: what is read from them is what is read from the
plain ones; keys that are others, damaged or without their password are named, and no secret stands in what is said.

That the real server writes them so is not shown by it (formats/bak/FORMAT.md, Encryption)."""
import argparse
import filecmp
import os
import pty
import random
import select
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'tools'))
from facts import check, ended  # noqa: E402

import keys

PASSWORD = 'Zahnarzt-2024 for the key'
SPEC = '''database Sealed
table dbo.Patient 700
column Id int not null seq
column Name nvarchar(40) list Abara "van Dijk" Müller
column Notes nvarchar(max) null 30% text 20..3000
column Balance money random -150.00..2400.00
primary Id
table dbo.Image 60
column Id int not null seq
column Bytes varbinary(max) bytes 100..30000
'''
# How bakgen writes it, and how many files come out of it.
BACKUPS = [
    ('--encrypt aes128',), ('--encrypt aes192',), ('--encrypt aes256 --checksum',), ('--encrypt 3des',),
    ('--encrypt aes128 --compress',), ('--encrypt aes192 --compress',), ('--encrypt aes256 --compress --block 65536',),
    ('--encrypt 3des --compress',), ('--encrypt aes256 --sealed-as filled',), ('--encrypt aes256 --compress --sealed-as sum-sealed',),
    ('--encrypt aes256 --compress --sealed-as filled,sum-sealed,oaep',), ('--encrypt 3des --sealed-as filled',),
    ('--encrypt aes256 --compress --stripes 3',), ('--tde aes128',), ('--tde aes192',), ('--tde aes256 --checksum',), ('--tde 3des',),
    ('--tde aes256 --sealed-as page-sum-sealed,oaep',), ('--tde aes256 --sealed-as half',), ('--tde aes256 --sealed-as half,page-sum-sealed',), ('--tde aes256 --stripes 2',), ('--tde aes128 --second-pass',),
    ('--tde aes128 --compress',), ('--tde aes256 --encrypt aes128',), ('--tde aes128 --encrypt aes256 --compress',)]
FINDINGS = ('_findings.csv',)
DATA_FILES = ['--tde aes128', '--tde aes256 --sealed-as page-sum-sealed', '--tde 3des', '--tde aes256 --sealed-as half',
              '--tde aes128 --sealed-as half,page-sum-sealed']


class Program:
    def __init__(self, path, folder):
        self.path, self.folder, self.said = path, folder, ''

    def __call__(self, *words, **env):
        """Exit code, and what was said: kept to look for secrets in it."""
        r = subprocess.run([self.path, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           env={**os.environ, **env}, start_new_session=True)
        text = r.stdout.decode('utf-8', 'replace')
        self.said += text
        return r.returncode, text


def same_files(one, other, but=()):
    """The names that differ between two folders."""
    names = ({p.name for p in one.iterdir()} | {p.name for p in other.iterdir()}) - set(but)
    return sorted(n for n in names if not (one / n).is_file() or not (other / n).is_file() or
                  not filecmp.cmp(one / n, other / n, shallow=False))


def generate(bakgen, folder, out, how, kind='--out', spec='spec'):
    subprocess.run([bakgen, '--spec', folder / spec, kind, out, *how.split()], check=True)
    return sorted(p for p in folder.glob(out.stem + '*' + out.suffix))


def read_all(run, bakgen, folder, plain):
    for i, (how,) in enumerate(BACKUPS):
        files = generate(bakgen, folder, folder / ('s%d.bak' % i), '--log --certificate %s %s' % (folder / 'good.cer', how))
        code, text = run('extract', *files, '--cert', folder / 'good.cer', '--key', folder / 'good.pem', '--out', folder / ('o%d' % i))
        check(code == 0, 'extract of %s: exit code %d: %s' % (how, code, text))
        if code == 0:
            # The log of an encrypted database is not read; that is said.
            other = same_files(plain, folder / ('o%d' % i), FINDINGS if '--tde' in how else ())
            check(not other, '%s: differs from the plain one: %s' % (how, other))
    for i, how in enumerate(DATA_FILES):
        files = generate(bakgen, folder, folder / ('m%d.mdf' % i), '--certificate %s %s' % (folder / 'good.cer', how), '--mdf')
        code, text = run('extract', *files, '--cert', folder / 'good.cer', '--key', folder / 'good.pem', '--out', folder / ('om%d' % i))
        check(code == 0 and not same_files(plain, folder / ('om%d' % i), FINDINGS), 'data file with %s: %d %s' % (how, code, text))


def without_checksums(run, bakgen, folder, plain):
    """Encryption is being switched off, and no checksum tells which page is plain already."""
    (folder / 'bare').write_text(SPEC + 'unprotected\n', encoding='utf-8')
    source = generate(bakgen, folder, folder / 'bare.mdf', '--tde aes256 --sealed-as half --certificate %s' % (folder / 'good.cer'), '--mdf', 'bare')[0]
    code, text = run('extract', source, '--cert', folder / 'good.cer', '--key', folder / 'good.pem', '--out', folder / 'bare-out')
    check(code == 0 and not same_files(plain, folder / 'bare-out', FINDINGS), 'half of it plain, without checksums: %d %s' % (code, text))


def keys_of_every_form(run, folder, sealed):
    """Each form of the key file opens the backup, by each way of giving the password."""
    secret = folder / 'password.txt'
    secret.write_text(PASSWORD + '\n', encoding='utf-8')
    forms = {'plain.pvk': (keys.pvk(folder / 'good.pem'), None), 'sealed.pvk': (keys.pvk(folder / 'good.pem', PASSWORD), PASSWORD),
             'export.pvk': (keys.pvk(folder / 'good.pem', PASSWORD, export=True), PASSWORD),
             'wide.pvk': (keys.pvk(folder / 'good.pem', PASSWORD, wide=True), PASSWORD),
             'key.der': (keys.openssl('rsa', '-in', folder / 'good.pem', '-outform', 'DER'), None),
             'sealed.pem': (keys.openssl('pkcs8', '-topk8', '-in', folder / 'good.pem', '-passout', 'pass:' + PASSWORD), PASSWORD),
             'sealed.p8': (keys.openssl('pkcs8', '-topk8', '-in', folder / 'good.pem', '-outform', 'DER', '-passout', 'pass:' + PASSWORD),
                           PASSWORD),
             'aes.pfx': (keys.pfx(folder, 'good', PASSWORD).read_bytes(), PASSWORD),
             'des.pfx': (keys.pfx(folder, 'good', PASSWORD, '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1').read_bytes(),
                         PASSWORD),
             'open.pfx': (keys.pfx(folder, 'good', '').read_bytes(), None)}
    for name, (data, password) in forms.items():
        (folder / name).write_bytes(data)
        words = ['inspect', sealed, '--json', '--key', folder / name]
        if not name.endswith('.pfx'):
            words += ['--cert', folder / 'good.cer']
        code, text = run(*words, **({'CHARTFERRY_KEY_PASSWORD': PASSWORD} if password else {}))
        check(code == 0 and '"AES-256"' in text, '%s: %d %s' % (name, code, text[:400]))
        if not password:
            continue
        code, text = run(*words, '--key-password-file', secret)
        check(code == 0, '%s, password from a file: %d' % (name, code))
        code, text = run(*words, CHARTFERRY_KEY_PASSWORD='wrong one')
        check(code == 4 and 'KEY-1601' in text, '%s with a wrong password: %d %s' % (name, code, text[:400]))
        code, text = run(*words, CHARTFERRY_KEY_PASSWORD='')
        check(code == 4 and 'KEY-1602' in text, '%s without one: %d %s' % (name, code, text[:400]))


def without_mac(run, folder, sealed):
    """A .pfx without the checksum that shows whether a password is right: it is opened, or refused for what it is."""
    for password in (PASSWORD, ''):
        path = keys.pfx(folder, 'good', password, '-nomac')
        code, text = run('inspect', sealed, '--json', '--key', path, **({'CHARTFERRY_KEY_PASSWORD': password} if password else {}))
        check((code == 0 and '"AES-256"' in text) or (code == 4 and 'KEY-1600' in text and '(MAC)' in text and 'make it again' in text),
              'a .pfx without MAC, password "%s": %d %s' % (password, code, text[:400]))
        code, text = run('inspect', sealed, '--key', path, CHARTFERRY_KEY_PASSWORD='wrong one')
        check(not password or (code == 4 and 'KEY-1600' in text and '(MAC)' in text), 'a .pfx without MAC, wrong password: %d %s' % (code, text[:400]))


def wrong_keys(run, folder, bakgen, thumbprint, other, sealed):
    tde = generate(bakgen, folder, folder / 'tde.bak', '--tde aes256 --certificate %s' % (folder / 'good.cer'))[0]
    keys.renew(folder, 'good', 'renewed')
    file = generate(bakgen, folder, folder / 'tde.mdf', '--tde aes256 --certificate %s' % (folder / 'good.cer'), '--mdf')[0]
    packed = generate(bakgen, folder, folder / 'tdec.bak', '--tde aes256 --compress --certificate %s' % (folder / 'good.cer'))[0]
    for source, id_ in ((sealed, 'BAK-108'), (tde, 'BAK-109'), (file, 'BAK-109'), (packed, 'BAK-109')):
        code, text = run('inspect', source)
        check(code == 4 and id_ in text and thumbprint in text and '--cert' in text, '%s without a key: %s' % (source.name, text))
        code, text = run('inspect', source, '--cert', folder / 'other.cer', '--key', folder / 'other.pem')
        check(code == 4 and 'KEY-1604' in text and thumbprint in text and other in text, '%s, other certificate: %s' % (source.name, text))
        code, text = run('inspect', source, '--key', folder / 'other.pem')
        check(code == 4 and 'KEY-1604' in text, '%s, other key without certificate: %s' % (source.name, text))
        code, text = run('inspect', source, '--key', folder / 'good.pem')
        check(code == 0, '%s, the key without its certificate: %s' % (source.name, text))
        code, text = run('inspect', source, '--cert', folder / 'other.cer', '--key', folder / 'other.pem',
                         '--cert', folder / 'good.cer', '--key', folder / 'good.pem')
        check(code == 0, '%s, both: %s' % (source.name, text))
        code, text = run('inspect', source, '--verbose', '--cert', folder / 'renewed.cer', '--key', folder / 'good.pem')
        check(code == 0 and 'KEY-1606' in text and thumbprint in text, '%s, a renewed certificate: %s' % (source.name, text))
    for cert, key in (('good', 'other'), ('good', None)):
        words = ['--cert', folder / (cert + '.cer')] + (['--key', folder / (key + '.pem')] if key else [])
        code, text = run('inspect', sealed, *words)
        check(code == 4 and 'KEY-1603' in text, 'certificate without its key: %s' % text)
    damaged = bytearray(sealed.read_bytes())
    damaged[100] ^= 1  # of the sealed key
    (folder / 'damaged.bak').write_bytes(damaged)
    code, text = run('inspect', folder / 'damaged.bak', '--cert', folder / 'good.cer', '--key', folder / 'good.pem')
    check(code == 4 and 'KEY-1605' in text, 'damaged sealed key: %s' % text)


def damaged_keys(run, folder, sealed):
    """Cut and spoiled key files: refused in words, never a crash."""
    chance = random.Random(5)
    for name in ('plain.pvk', 'sealed.pvk', 'good.cer', 'aes.pfx', 'key.der', 'sealed.pem'):
        whole = (folder / name).read_bytes()
        spoiled = [b'', whole[:chance.randrange(1, 30)], whole[:len(whole) // 2]]
        for _ in range(6):
            copy = bytearray(whole)
            copy[chance.randrange(min(len(copy), 40))] ^= 1 << chance.randrange(8)
            spoiled.append(bytes(copy))
        for data in spoiled:
            (folder / 'spoiled').write_bytes(data)
            words = ['--cert', folder / 'spoiled'] if name.endswith('.cer') else ['--key', folder / 'spoiled', '--cert', folder / 'good.cer']
            code, text = run('inspect', sealed, *words, CHARTFERRY_KEY_PASSWORD=PASSWORD)
            check(code in (0, 4) and (code == 0 or 'KEY-16' in text), '%s spoiled: %d %s' % (name, code, text[:400]))
    (folder / 'spoiled').write_text('this is a letter\n')
    code, text = run('inspect', sealed, '--key', folder / 'spoiled')
    check(code == 4 and 'KEY-1600' in text, 'a letter as key: %s' % text)


def damaged_records(run, bakgen, folder, plain):
    """A flipped bit in a sealed record costs that record and is named."""
    for how in ('--encrypt aes256 --compress', '--tde aes256'):
        source = generate(bakgen, folder, folder / ('flip%d.bak' % len(how)), '%s --certificate %s' % (how, folder / 'good.cer'))[0]
        data = bytearray(source.read_bytes())
        data[len(data) * 2 // 3] ^= 4
        source.write_bytes(data)
        code, text = run('extract', source, '--cert', folder / 'good.cer', '--key', folder / 'good.pem', '--out', folder / ('flip%d' % len(how)))
        check(code == 3 and ('BAK-119' in text or 'MDF-' in text), '%s with a flipped bit: %d %s' % (how, code, text))


def records(data):
    """{place, packed bytes, unpacked bytes, stored bytes} of the sealed records up to the first file mark, and behind it."""
    at, found = 480, []
    while at + 28 <= len(data):
        if data[at] not in (0x31, 0x33):
            at = data.find(b'SFMB', at)
            if at < 0 or at % 512: break
            at += struct.unpack_from('<H', data, at + 8)[0]
            continue
        stored = struct.unpack_from('<I', data, at + 20)[0]
        found.append((at, struct.unpack_from('<H', data, at + 2)[0], data[at + 1] * 512, stored))
        at += 28 + stored
    return found


def unknown_sums(run, bakgen, folder, plain):
    """Checksums of records that nobody knows: it is said, and damage is looked for without them."""
    keys_given = ['--cert', folder / 'good.cer', '--key', folder / 'good.pem']
    for how in ('--compress', ''):
        source = generate(bakgen, folder, folder / ('other%d.bak' % len(how)), '--log --encrypt aes256 --sealed-as sum-other %s --certificate %s' %
                          (how, folder / 'good.cer'))[0]
        code, text = run('extract', source, *keys_given, '--out', folder / ('other%d' % len(how)))
        check(code == 0 and 'BAK-137' in text and not same_files(plain, folder / ('other%d' % len(how)), FINDINGS), 'unknown checksums: %d %s' % (code, text))
        code, text = run('inspect', source, *keys_given)
        check(code == 0 and 'BAK-137' in text, 'inspect, unknown checksums: %d %s' % (code, text))
    whole, seen = (folder / 'other10.bak').read_bytes(), 0
    pieces = [r for r in records(whole) if r[2] == 65536]
    for i, (at, packed, unpacked, stored) in enumerate(pieces):
        data = bytearray(whole)
        data[at + 28 + stored // 2] ^= 4
        (folder / 'hurt.bak').write_bytes(data)
        code, text = run('extract', folder / 'hurt.bak', *keys_given, '--out', folder / ('hurt%d' % i))
        seen += code != 0
    check(seen == len(pieces) > 8, 'flipped bits under unknown checksums: %d of %d pieces are found' % (seen, len(pieces)))
    # The first record's own checksum is wrong: the others tell what checksums cover.
    source = generate(bakgen, folder, folder / 'first.bak', '--log --encrypt aes256 --compress --certificate %s' % (folder / 'good.cer'))[0]
    data = bytearray(source.read_bytes())
    data[480 + 24] ^= 1
    at, packed, unpacked, stored = records(data)[len(pieces) // 2]
    data[at + 28 + stored // 2] ^= 4
    source.write_bytes(data)
    code, text = run('extract', source, *keys_given, '--out', folder / 'first')
    check(code == 3 and 'BAK-137' not in text and 'BAK-135' in text and 'BAK-119' in text, 'first checksum wrong: %d %s' % (code, text))


def damaged_headers(run, bakgen, folder, plain):
    """A damaged header among records of which none has shown yet how far they are filled up: no piece is lost, and none behind it."""
    for i, how in enumerate(('--compress', '--compress --sealed-as filled', '--sealed-as filled', '')):
        source = generate(bakgen, folder, folder / ('head%d.bak' % i), '--log --encrypt aes256 %s --certificate %s' % (how, folder / 'good.cer'))[0]
        whole = source.read_bytes()
        for k, (at, packed, unpacked, stored) in [r for r in enumerate(records(whole)) if r[1][2] == 65536][1:9]:
            data = bytearray(whole)
            data[at + 1] ^= 0x18
            source.write_bytes(data)
            out = folder / ('head%d-%d' % (i, k))
            code, text = run('extract', source, '--cert', folder / 'good.cer', '--key', folder / 'good.pem', '--out', out)
            check(code == 0 and 'BAK-135' in text and not same_files(plain, out, FINDINGS), 'header of record %d, %s: %d %s' % (k, how, code, text))


def sealed_log(run, bakgen, folder):
    """The log of an encrypted database is encrypted, too: which rows are in doubt is said."""
    source = generate(bakgen, folder, folder / 'log.bak', '--log-changes --tde aes256 --certificate %s' % (folder / 'good.cer'))[0]
    data = bytearray(source.read_bytes())
    at = data.index(b'MQTL') + 24
    data[at:at + 4096] = os.urandom(4096)
    source.write_bytes(data)
    code, text = run('extract', source, '--cert', folder / 'good.cer', '--key', folder / 'good.pem', '--out', folder / 'log-out')
    check(code == 0 and 'BAK-130' in text and 'rows changed between 2019-02-06 09:' in text and 'never finished' in text, 'a log that is encrypted: %d %s' % (code, text))
    code, text = run('inspect', source, '--cert', folder / 'good.cer', '--key', folder / 'good.pem')
    check(code == 0 and 'rows changed between 2019-02-06 09:' in text, 'inspect, a log that is encrypted: %d %s' % (code, text))


def conversation(program, words, answers):
    """Runs a program in a terminal of its own; each answer is {what must have been said since the last one, line}. What stood in the
    window in the end, and whether all was asked."""
    child, window = pty.fork()
    if not child:
        os.execv(program, [program, *map(str, words)])
    said, at, asked, end = b'', 0, True, time.monotonic() + 60
    answers = list(answers)
    while time.monotonic() < end:
        ready, _, _ = select.select([window], [], [], 1)
        if ready:
            try: more = os.read(window, 65536)
            except OSError: break
            if not more: break
            said += more
        if answers and answers[0][0].encode() in said[at:]:
            at = len(said)
            os.write(window, answers.pop(0)[1].encode() + b'\n')
    if time.monotonic() >= end: os.kill(child, 9)
    os.waitpid(child, 0)
    os.close(window)
    return said.decode('utf-8', 'replace'), not answers


def asked_for_keys(program, folder, sealed, plain):
    """In the conversation whoever has the certificate is asked for it, for the key and, unseen, for the password; once."""
    out = folder / 'asked'
    text, all_asked = conversation(program, ['ask', sealed], [
        ('Drag the file of the certificate', "'%s'" % (folder / 'other.cer')), ('private key (.pvk)', str(folder / 'other.pem')),
        ('Drag the file of the certificate', str(folder / 'good.cer')), ('private key (.pvk)', str(folder / 'sealed.pvk')),
        ('Password of the private key', 'a wrong one'),
        ('Drag the file of the certificate', str(folder / 'good.cer')), ('private key (.pvk)', str(folder / 'sealed.pvk')),
        ('Password of the private key', PASSWORD), ('What next?', '1'), ('Into which folder?', str(out)), ('What next?', '')])
    check(all_asked and out.is_dir() and not same_files(plain, out, FINDINGS), 'the conversation about keys: %s' % text)
    check(PASSWORD not in text and 'a wrong one' not in text, 'the conversation shows a password: %s' % text)
    check('KEY-1604' in text and 'KEY-1601' in text, 'the conversation does not say what was wrong: %s' % text)
    text, all_asked = conversation(program, ['ask', sealed], [('Drag the file of the certificate', '')])
    check(all_asked and 'What next' not in text, 'the conversation without a key: %s' % text)


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--chartferry', required=True)
    a.add_argument('--bakgen', required=True)
    a = a.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / 'spec').write_text(SPEC, encoding='utf-8')
        thumbprint, other = keys.make(folder, 'good'), keys.make(folder, 'other', 3072)
        run = Program(a.chartferry, folder)
        plain_file = generate(a.bakgen, folder, folder / 'plain.bak', '--log')[0]
        code, text = run('extract', plain_file, '--out', folder / 'plain')
        check(code == 0, 'the plain one: %s' % text)
        sealed = generate(a.bakgen, folder, folder / 'sealed.bak', '--log --encrypt aes256 --compress --certificate %s' % (folder / 'good.cer'))[0]
        read_all(run, a.bakgen, folder, folder / 'plain')
        without_checksums(run, a.bakgen, folder, folder / 'plain')
        keys_of_every_form(run, folder, sealed)
        without_mac(run, folder, sealed)
        asked_for_keys(a.chartferry, folder, sealed, folder / 'plain')
        wrong_keys(run, folder, a.bakgen, thumbprint, other, sealed)
        damaged_keys(run, folder, sealed)
        damaged_records(run, a.bakgen, folder, folder / 'plain')
        sealed_log(run, a.bakgen, folder)
        unknown_sums(run, a.bakgen, folder, folder / 'plain')
        damaged_headers(run, a.bakgen, folder, folder / 'plain')
        code, text = run('sql', sealed, '--key', folder / 'sealed.pvk', 'SELECT count(*) FROM Patient', CHARTFERRY_KEY_PASSWORD=PASSWORD)
        check(code == 0 and '700' in text, 'sql: %s' % text)
        check(PASSWORD not in run.said, 'the password stands in what was said')
        secret = format(keys.numbers(folder / 'good.pem')[2], 'x')[40:60]
        check(secret not in run.said.lower(), 'the private key stands in what was said')
    return ended('encrypted')


if __name__ == '__main__':
    sys.exit(main())
