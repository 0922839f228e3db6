#!/usr/bin/env python3
"""The unit tests, built for Windows, under Wine: each in a folder of its own, all with one exit code.

usage: units.py --build FOLDER --wine FOLDER     FOLDER of the build: configured by build-windows.sh
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from wine import Wine, skip

SECONDS = 120  # of the slowest some five


def one(wine, room, program):
    folder = room / program.stem
    folder.mkdir()
    try:
        done = wine.run(program, seconds=SECONDS, cwd=folder)
    except subprocess.TimeoutExpired:
        return program.stem, 'does not end', ''
    text = (done.stdout + done.stderr).decode('utf-8', 'replace')
    passed = re.search(r'\[  PASSED  \] (\d+) test', text)
    return program.stem, '' if done.returncode == 0 and passed else 'exit code %d' % done.returncode, text


def main():
    parser = argparse.ArgumentParser()
    for name in ('build', 'wine'):
        parser.add_argument('--' + name, required=True)
    args = parser.parse_args()
    build = Path(args.build).resolve()
    if not (build / 'chartferry.exe').exists():
        skip('chartferry.exe was not built')
    wine = Wine(args.wine)
    done = subprocess.run(['cmake', '--build', build, '--target', 'unit_tests'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=wine.env, check=False)  # samples are made by programs of the build
    if done.returncode != 0:
        print(done.stdout[-6000:])
        return 1
    programs = sorted((build / 'tests').glob('test_*.exe'))
    if len(programs) < 100:
        print('only %d unit tests were built' % len(programs))
        return 1
    wrong = 0
    with tempfile.TemporaryDirectory() as room, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, why, text in pool.map(lambda p: one(wine, Path(room), p), programs):
            if why:
                wrong += 1
                print('%s: %s\n%s' % (name, why, text[-3000:]))
    print('%d of %d unit tests pass' % (len(programs) - wrong, len(programs)))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
