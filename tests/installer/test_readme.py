#!/usr/bin/env python3
"""The two commands of the README, on a bare Debian into which nothing but a copy of the tree was put: the first as root, the second, for
which the fast tests stand, as somebody who may use sudo. A place without locale, time zone, proxy or home settings of anybody."""
import argparse
import pathlib
import re
import shutil
import sys
import tempfile
import time

import debian

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / 'tests/tools'))

import checklib  # noqa: E402

HOME = '/srv/somebody'


def copy_of_the_tree(to):
    """As `git archive` would make it, but with what is not committed yet."""
    for path in checklib.tree_files(TOP):
        name = path.relative_to(TOP)
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, to / name)


def commands():
    """The commands of the README's first two blocks of a shell."""
    found = re.findall(r'^```sh\n(.*?)\n```', (TOP / 'README.md').read_text(encoding='utf-8'), re.M | re.S)
    return found[:2]


def check(bare):
    place = bare.base / HOME[1:] / 'chartferry'
    code, text = bare.inside('useradd', '--create-home', '--home-dir', HOME, '--shell', '/bin/sh', 'somebody')
    assert code == 0, text
    (bare.base / 'etc/sudoers.d/somebody').write_text('somebody ALL=(ALL) NOPASSWD: ALL\n', encoding='ascii')
    copy_of_the_tree(place)
    first, second = commands()
    assert (first, second) == ('./installer/demo.sh', './tests/run'), (first, second)
    for name, words in (('first', ['sh', '-c', 'cd %s/chartferry && %s' % (HOME, first)]),
                        ('second', ['su', '-', 'somebody', '-c', 'cd chartferry && %s fast' % second])):
        begun = time.monotonic()
        code, text = bare.inside(*words, seconds=3000)
        print('%s: %s, exit code %d, %.1f minutes' % (name, words[-1], code, (time.monotonic() - begun) / 60))
        if code != 0:
            print(text[-6000:])
            return 1
        if name == 'first':
            report = place / text.strip().splitlines()[-1].removeprefix(HOME + '/chartferry/')
            if report.name != 'report.html' or not report.exists() or 'everything accounted for' not in text:
                print(text[-3000:])
                return 1
            bare.inside('chown', '-R', 'somebody:somebody', HOME)
        else:
            print(text[-1500:])
    return 0


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix='readme.') as room:
        try:
            bare = debian.Debian(pathlib.Path(room) / 'debian', 'sudo')
        except debian.Skip as e:
            print('skipped: %s' % e)
            return 77
        try:
            return check(bare)
        finally:
            bare.remove()


if __name__ == '__main__':
    sys.exit(main())
