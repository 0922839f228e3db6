#!/usr/bin/env python3
"""Every byte of every backup, real and generated, belongs to something known (inspect --full): the parts add up to the file's size,
and nothing is unknown but what was put there."""
import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'tools'))
from facts import check, ended  # noqa: E402

SPEC = 'database Bytes\ntable dbo.T 500\ncolumn Id int not null seq\ncolumn Text nvarchar(100) text 20..60\nprimary Id\n'


def accounts(program, path):
    r = subprocess.run([program, 'inspect', '--full', '--json', path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(r.stdout).get('accounts', [])


def hold(program, path, unknown):
    found = accounts(program, path)
    check(found, '%s has no account' % path.name)
    for a in found:
        check(sum(a['parts'].values()) == a['bytes'], '%s: %s' % (path.name, a))
        check(a['inside'] or a['bytes'] == path.stat().st_size, '%s: %d is not its size' % (path.name, a['bytes']))
        check(a['parts']['unknown'] == (0 if a['inside'] else unknown), '%s: %s' % (path.name, a))


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--chartferry', required=True)
    a.add_argument('--bakgen')
    a.add_argument('--corpus')
    a = a.parse_args()
    if a.corpus:
        real = sorted(p for p in Path(a.corpus).glob('*') if p.suffix in ('.bak', '.trn'))
        if not real:
            print('skipped: corpus absent')
            return 77
        for path in real:
            hold(a.chartferry, path, 0)
        print('%d real files' % len(real))
    else:
        with tempfile.TemporaryDirectory() as name:
            spec = Path(name, 'spec')
            spec.write_text(SPEC)
            for i, how in enumerate(('--log', '--compress --log', '--checksum --second-pass', '--sets full,diff,log --compress', '--block 65536',
                                     '--filler --checksum --compress')):
                path = Path(name, '%d.bak' % i)
                subprocess.run([a.bakgen, '--spec', spec, '--out', path, *how.split()], check=True)
                hold(a.chartferry, path, 0)
                with open(path, 'ab') as f:
                    f.write(b'left here by someone' * 50)
                hold(a.chartferry, path, 1000)
    return ended('bytes', 'all known')


if __name__ == '__main__':
    sys.exit(main())
