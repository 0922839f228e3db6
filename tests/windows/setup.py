#!/usr/bin/env python3
"""The setup program in a fresh Wine prefix: installs, the program works from there, upgrades, goes without a trace of its own.

usage: setup.py --packages FOLDER --wine FOLDER --practice-gen PROGRAM --shared DIR
"""
import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wine import Wine, skip, windows_path

UNINSTALL = r'HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\chartferry'
VERB = r'HKCU\Software\Classes\SystemFileAssociations\.bak\shell\chartferry'


class Failed(Exception):
    """What is not as it must be; the text is for people."""


def must(fact, text):
    if not fact:
        raise Failed(text)


def registry(wine, key, name=None):
    """A value, "" where there is none."""
    done = wine.run('reg', 'query', key, *(['/v', name] if name else ['/ve']))
    m = re.search(r'REG_\w+\s+(.*)', done.stdout.decode('utf-8', 'replace'))
    return m[1].strip() if done.returncode == 0 and m else ''


def key_exists(wine, key):
    return wine.run('reg', 'query', key).returncode == 0


def path_list(wine):
    return registry(wine, r'HKCU\Environment', 'Path').lower()


def wait_until(fact, text, seconds=30):
    """The uninstaller goes on in a copy of itself after its process has ended."""
    end = time.monotonic() + seconds
    while not fact():
        must(time.monotonic() < end, text)
        time.sleep(0.2)


def sums(packages):
    lines = (packages / 'SHA256SUMS').read_text(encoding='ascii').splitlines()
    for line in lines:
        digest, name = line.split('  ')
        must(hashlib.sha256((packages / name).read_bytes()).hexdigest() == digest, '%s is not what SHA256SUMS says' % name)
    return [line.split('  ')[1] for line in lines]


def files_of(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob('*') if p.is_file()}


PASSPHRASE = 'correct horse battery staple 42'


def works(wine, program, bak, out, tables=10):
    """inspect, extract, convert, pack and unpack as their user would run them; 7-Zip alone opens every part. tables: more than so many."""
    out.mkdir()
    done = wine.run(program, 'inspect', windows_path(bak))
    must(done.returncode == 0 and b'Database' in done.stdout, 'inspect: exit code %d' % done.returncode)
    done = wine.run(program, 'extract', windows_path(bak), '--out', windows_path(out / 'tables'), '--quiet')
    must(done.returncode == 0 and len(list((out / 'tables').glob('*.csv'))) > tables, 'extract: exit code %d' % done.returncode)
    done = wine.run(program, 'convert', windows_path(bak), '--to', 'salesforce,canonical', '--out', windows_path(out / 'runs'),
                    '--quiet')
    must(done.returncode in (0, 3), 'convert: exit code %d: %s' % (done.returncode, done.stderr.decode('utf-8', 'replace')[-400:]))
    run = next((out / 'runs').iterdir())
    must((run / 'report.html').exists() and list((run / 'salesforce').glob('*Contact*.csv')), 'convert left no bundle')
    must(wine.run(program, 'verify', windows_path(run)).returncode == 0, 'verify does not accept the bundle')
    secret = out / 'passphrase.txt'
    secret.write_text(PASSPHRASE + '\n', encoding='ascii')
    source = ['--passphrase-from', 'file:' + windows_path(secret)]
    done = wine.run(program, 'pack', windows_path(run), '--out', windows_path(out / 'parts'), '--max-part', '1M', *source)
    must(done.returncode == 0, 'pack: exit code %d: %s' % (done.returncode, done.stderr.decode('utf-8', 'replace')[-400:]))
    for part in (out / 'parts').glob('*.zip'):
        seven = subprocess.run(['7z', 't', '-p' + PASSPHRASE, part], capture_output=True, text=True, check=False)
        must(seven.returncode == 0, '7z does not open %s: %s' % (part.name, seven.stdout[-400:]))
    done = wine.run(program, 'unpack', windows_path(out / 'parts'), '--out', windows_path(out / 'again'), *source)
    must(done.returncode == 0, 'unpack: exit code %d: %s' % (done.returncode, done.stderr.decode('utf-8', 'replace')[-400:]))
    again = out / 'again'
    again = again if (again / 'manifest.json').exists() else next(again.iterdir())
    stays = {'run.log', 'state/key.txt'}  # no files of the bundle
    must({n: (run / n).read_bytes() for n in files_of(run) - stays} == {n: (again / n).read_bytes() for n in files_of(again)},
         'what was unpacked is not what was packed')


def install(wine, setup, *switches):
    done = wine.run(setup, '/S', *switches)
    must(done.returncode == 0, 'the setup ended with %d' % done.returncode)


def uninstall(wine, folder):
    done = wine.run(folder / 'uninstall.exe', '/S')
    must(done.returncode == 0, 'the uninstaller ended with %d' % done.returncode)
    wait_until(lambda: not (folder / 'uninstall.exe').exists(), 'the uninstaller left itself behind')
    wine.settle()


def check(args, wine, room):
    packages = Path(args.packages)
    names = sums(packages)
    setup = packages / next(n for n in names if n.endswith('-setup.exe'))
    portable = packages / next(n for n in names if n.endswith('.zip'))
    practice = room / 'practice'
    subprocess.run([args.practice_gen, '--out', practice, '--patients', '5', '--lean'], check=True, stdout=subprocess.DEVNULL)
    bak = practice / 'practice.bak'

    # The portable ZIP: unpacked by something not ours, it works from a folder with any name.
    place = room / 'Program Ğüş'
    subprocess.run(['7z', 'x', '-y', '-o%s' % place, portable], check=True, stdout=subprocess.DEVNULL)
    unpacked = next(place.iterdir())
    must({'chartferry.exe', 'LICENSE.txt', 'README.txt', 'CHANGELOG.md'} <= files_of(unpacked), 'the ZIP lacks files')
    must(len(list((unpacked / 'licenses').iterdir())) >= 15, 'the ZIP lacks licences')
    works(wine, unpacked / 'chartferry.exe', bak, room / 'portable')
    print('portable ZIP: works')

    # Installed for this user, with PATH; 7z sees in the setup what the ZIP has.
    listed = subprocess.run(['7z', 'l', '-ba', setup], check=True, capture_output=True, text=True).stdout
    must('chartferry.exe' in listed and 'templates' in listed, '7z does not find the program in the setup')
    wine.run('reg', 'add', r'HKCU\Environment', '/v', 'Path', '/t', 'REG_EXPAND_SZ', '/d', '%USERPROFILE%\\bin;C:\\x', '/f')
    install(wine, setup, '/PATH=1')
    found = list((wine.folder / 'drive_c' / 'users').glob('*/AppData/Local/Programs/chartferry'))
    must(len(found) == 1, 'the setup ended well and installed nothing')
    folder = found[0]
    must(files_of(unpacked) == files_of(folder) - {'uninstall.exe', 'path-entry.exe'}, 'what is installed is not what the ZIP has')
    for name in files_of(unpacked):
        must((unpacked / name).read_bytes() == (folder / name).read_bytes(), '%s is not that of the ZIP' % name)
    must(registry(wine, UNINSTALL, 'InstallLocation').lower().endswith('programs\\chartferry'), 'no uninstall key')
    must(registry(wine, UNINSTALL, 'DisplayVersion') in setup.name, 'the uninstall key has another version')
    must(registry(wine, VERB + r'\command').endswith('chartferry.exe" "%1"'), 'no entry in the menu of .bak files')
    must(path_list(wine).startswith('%userprofile%\\bin;c:\\x;c:\\users\\') and path_list(wine).endswith('chartferry'), 'PATH is %s' % path_list(wine))
    must(list(wine.folder.glob('drive_c/**/Start Menu/Programs/chartferry.lnk')), 'no entry in the start menu')
    works(wine, folder / 'chartferry.exe', bak, room / 'installed')
    done = wine.run('cmd', '/c', 'chartferry --version')
    must(b'chartferry' in done.stdout, 'chartferry is not found by PATH')
    print('setup: installed, works')
    real = Path(args.shared) / 'corpus' / 'hospital2014.bak'
    if real.exists():
        works(wine, folder / 'chartferry.exe', real, room / 'real', 5)
        print('setup: works on a real backup')

    # What is not the setup's stays through an upgrade and the end; choices are kept; a file that only the old one had goes.
    (folder / 'my results').mkdir()
    (folder / 'my results' / 'patients.csv').write_text('kept', encoding='ascii')
    (folder / 'templates' / 'own.yaml').write_text('kept', encoding='ascii')
    install(wine, setup)
    must('chartferry' in path_list(wine) and key_exists(wine, VERB), 'an upgrade forgets what was chosen')
    must(path_list(wine).count('chartferry') == 1, 'PATH names chartferry twice')
    uninstall(wine, folder)
    left = files_of(folder)
    must(left == {'my results/patients.csv', 'templates/own.yaml'}, 'after removing: %s' % sorted(left)[:9])
    must(not key_exists(wine, UNINSTALL) and not key_exists(wine, VERB), 'keys are left in the registry')
    must(path_list(wine) == '%userprofile%\\bin;c:\\x', 'PATH was not put back: %s' % path_list(wine))
    must(not list(wine.folder.glob('drive_c/**/chartferry.lnk')), 'the start menu still has it')
    print('uninstall: nothing of it is left, results stay')

    # Into another folder, without the menu; nothing of PATH is touched.
    shutil.rmtree(folder)
    install(wine, setup, '/MENU=0', '/D=C:\\Eigene\\chartferry')
    other = wine.folder / 'drive_c' / 'Eigene' / 'chartferry'
    must((other / 'chartferry.exe').exists() and not folder.exists(), '/D= was not heeded')
    must(not key_exists(wine, VERB) and 'chartferry' not in path_list(wine), '/MENU=0 was not heeded')
    uninstall(wine, other)
    must(not other.exists(), 'the folder is left')
    # For all users: Wine's user is an administrator.
    install(wine, setup, '/ALLUSERS')
    shared = wine.folder / 'drive_c' / 'Program Files' / 'chartferry'
    must((shared / 'chartferry.exe').exists(), '/ALLUSERS was not heeded')
    must(key_exists(wine, UNINSTALL.replace('HKCU', 'HKLM')) and key_exists(wine, VERB.replace('HKCU', 'HKLM')), 'no keys for all users')
    uninstall(wine, shared)
    must(not shared.exists() and not key_exists(wine, UNINSTALL.replace('HKCU', 'HKLM')), 'something of it is left for all users')
    print('other folder, all users: installed and removed')


def main():
    parser = argparse.ArgumentParser()
    for name in ('packages', 'wine', 'practice-gen', 'shared'):
        parser.add_argument('--' + name, required=True)
    args = parser.parse_args()
    if not (Path(args.packages) / 'SHA256SUMS').exists():
        skip('the packages for Windows were not made')
    shutil.rmtree(args.wine, ignore_errors=True)  # a fresh one each time
    wine = Wine(args.wine)
    with tempfile.TemporaryDirectory() as folder:
        try:
            check(args, wine, Path(folder))
        except Failed as e:
            print(e)
            return 1
        finally:
            wine.settle()
            shutil.rmtree(args.wine, ignore_errors=True)
    return 0


if __name__ == '__main__':
    sys.exit(main())
