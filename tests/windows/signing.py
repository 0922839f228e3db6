#!/usr/bin/env python3
"""Signed packages: with a certificate made here for this once, build-windows.sh signs the program, the setup, and what the setup installs.

usage: signing.py --build FOLDER --packages FOLDER --wine FOLDER     FOLDER of packages: made anew, beside those that are not signed
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from wine import Wine, skip

TOP = Path(__file__).resolve().parents[2]
# As a practice's IT could choose them: nothing of them may be taken for more than letters.
PASSWORD = 'a "word" of $HOME & 5%'
FOLDER = "the practice's key"


class Failed(Exception):
    """What is not as it must be; the text is for people."""


def must(fact, text):
    if not fact:
        raise Failed(text)


def run(*words, **more):
    done = subprocess.run([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900, **more)
    return done.returncode, done.stdout


def certificate(folder, name):
    """A key and a certificate for code that nobody else answers for: (PKCS #12 file, file with its password, certificate)."""
    key, crt, both, word = (folder / (name + x) for x in ('.key', '.pem', '.pfx', '.txt'))
    word.write_text(PASSWORD, encoding='ascii')
    for words in (['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', crt, '-days', '30', '-subj', '/CN=' + name,
                   '-addext', 'extendedKeyUsage=codeSigning'],
                  ['pkcs12', '-export', '-inkey', key, '-in', crt, '-out', both, '-passout', 'file:%s' % word]):
        code, text = run('openssl', *words)
        must(code == 0, text)
    return both, word, crt


def signed(path, crt):
    """Whether the file has a signature by the certificate, over just these bytes."""
    code, text = run('osslsigncode', 'verify', '-CAfile', crt, '-in', path)
    return code == 0 and 'Signature verification: ok' in text


def check(args, room):
    keys = room / FOLDER
    keys.mkdir()
    both, word, crt = certificate(keys, 'practice')
    other = certificate(keys, 'somebody-else')[2]
    packages = Path(args.packages)
    code, text = run(TOP / 'installer' / 'build-windows.sh', args.build, packages,
                     env={**os.environ, 'CHARTFERRY_SIGN_CERTIFICATE': str(both), 'CHARTFERRY_SIGN_PASSWORD': str(word)})
    must(code == 0, text[-2000:])
    must(PASSWORD not in text, 'the password is printed')
    setup, portable = next(packages.glob('*-setup.exe')), next(packages.glob('*.zip'))
    code, _ = run('sha256sum', '-c', 'SHA256SUMS', cwd=packages)
    must(code == 0, 'SHA256SUMS is of other bytes than the signed ones')
    code, text = run('7z', 'x', '-y', '-o%s' % (room / 'portable'), portable)
    must(code == 0, text)
    program = next((room / 'portable').glob('*/chartferry.exe'))
    for path in (setup, program):
        must(signed(path, crt), '%s is not signed' % path.name)
        must(not signed(path, other), 'somebody else is taken for the signer of %s' % path.name)
    print('setup and program: signed')

    # A byte that was changed after all is seen; the setup itself would say so, too.
    spoiled = room / 'spoiled.exe'
    raw = bytearray(program.read_bytes())
    raw[len(raw) // 2] ^= 1
    spoiled.write_bytes(raw)
    must(not signed(spoiled, crt), 'a changed byte is not seen')

    wine = Wine(args.wine)
    installed = wine.drive_c('C:/signed')
    try:
        must(wine.run(setup, '/S', '/MENU=0', '/D=C:\\signed').returncode == 0, 'the signed setup failed')
        for name in ('chartferry.exe', 'path-entry.exe', 'uninstall.exe'):
            must(signed(installed / name, crt), '%s, installed, is not signed' % name)
        must(wine.run(installed / 'chartferry.exe', '--version').returncode == 0, 'the signed program does not start')
        must(wine.run(installed / 'uninstall.exe', '/S').returncode == 0, 'the signed uninstaller failed')
        wine.settle()
        must(not (installed / 'chartferry.exe').exists(), 'the signed uninstaller took nothing away')
    finally:
        wine.settle()
        shutil.rmtree(installed, ignore_errors=True)
    print('what it installs: signed, works')


def main():
    parser = argparse.ArgumentParser()
    for name in ('build', 'packages', 'wine'):
        parser.add_argument('--' + name, required=True)
    args = parser.parse_args()
    if not (Path(args.build) / 'packages' / 'SHA256SUMS').exists():
        skip('the packages for Windows were not made')
    for tool in ('osslsigncode', 'openssl', '7z'):
        if not shutil.which(tool):
            skip('%s absent' % tool)
    with tempfile.TemporaryDirectory() as folder:
        try:
            check(args, Path(folder))
        except Failed as e:
            print(e)
            return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
