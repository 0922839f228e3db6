#!/usr/bin/env python3
"""Every C file is as clang-format leaves it. Versions differ in details, so only the version named here judges."""
import re
import shutil
import subprocess
import sys
from pathlib import Path

import checklib

VERSION = 14


def formatter():
    """The program of the right major version, or None and why."""
    for name in ('clang-format-%d' % VERSION, 'clang-format'):
        program = shutil.which(name)
        if not program:
            continue
        said = subprocess.run([program, '--version'], capture_output=True, text=True, check=True).stdout
        m = re.search(r'version (\d+)', said)
        if m and int(m[1]) == VERSION:
            return program, ''
        return None, 'clang-format here is version %s, the tree is kept by version %d' % (m[1] if m else '?', VERSION)
    return None, 'clang-format %d is not installed' % VERSION


def check(root):
    program, _ = formatter()
    files = checklib.c_files(root, ['src', 'formats', 'tests', 'installer'])
    if not files:
        return ['no C file found']
    done = subprocess.run([program, '--dry-run', '-Werror', '--style=file'] + [str(p) for p in files],
                          capture_output=True, text=True, check=False, cwd=root)
    places = sorted(set(re.findall(r'^(\S+?:\d+):\d+: error', done.stderr, re.M)))
    sentences = ['%s: not as clang-format writes it' % p.replace(str(root) + '/', '') for p in places]
    if done.returncode and not sentences:
        sentences.append('clang-format failed: ' + done.stderr.strip()[:400])
    return sentences


STYLE = Path(__file__).resolve().parents[2] / '.clang-format'
CLEAN = {'src/a.c': 'int f(void) { return 1; }\n'}
PLANTED = [('a file in another style', {'src/a.c': 'int f( void ){return 1 ;}\n'}, 'src/a.c:1')]

if __name__ == '__main__':
    if not formatter()[0]:
        print('skipped: ' + formatter()[1])
        sys.exit(checklib.SKIPPED)
    CLEAN['.clang-format'] = STYLE.read_text(encoding='utf-8')
    checklib.run(check, CLEAN, PLANTED)
