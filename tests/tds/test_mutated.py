#!/usr/bin/env python3
"""A server whose answers are damaged, or made with ill intent: bytes of them changed, the same ones for the same seed. The program
ends by itself, soon, in little memory, and says what is missing.

usage: test_mutated.py --chartferry FILE [--seeds N] [--first N]
"""
import argparse
import resource
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import served  # noqa: E402
import every_type  # noqa: E402  (beside the server, which served puts on the path)

# Bytes between two changes: from a change in each value to one in the whole answer.
RATES = (40, 300, 2000, 15000, 100000)
MEMORY = 700 << 20
SECONDS = 60


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def one(program, room, config, command, sanitized):
    with served.serving(room, config) as s:
        out = ['--out', str(room.new('out'))] if command == 'extract' else []
        run = subprocess.Popen([program, command, '--server-encryption', 'none', '--server-timeout', '2', s.address, *out], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env={'CHARTFERRY_PASSWORD': served.PASSWORD, 'PATH': '/usr/bin:/bin'},
                               preexec_fn=limit, text=True, encoding='utf-8', errors='replace')
        try:
            text = ''.join(run.communicate(timeout=SECONDS))
        except subprocess.TimeoutExpired:
            run.kill()
            return 'it did not end'
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    if run.returncode not in (0, 3, 4):
        name = signal.Signals(-run.returncode).name if run.returncode < 0 else 'exit code %d' % run.returncode
        return '%s\n%s' % (name, text[-3000:])
    if run.returncode and 'TDS-' not in text and 'OUT-' not in text and 'GEN-' not in text:
        return 'no finding says why\n' + text
    if used > MEMORY and not sanitized:
        return '%d MB of memory' % (used >> 20)
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--chartferry', required=True)
    parser.add_argument('--seeds', type=int, default=30)
    parser.add_argument('--first', type=int, default=1)
    parser.add_argument('--sanitized', action='store_true')
    a = parser.parse_args()
    room, bad = served.Room(), 0
    described, _ = every_type.described()
    for t in described['tables']:  # what is large takes the damage from what is many-shaped
        for r in t['rows']:
            for i, v in enumerate(r):
                if isinstance(v, str) and len(v) > 3000 and not v.startswith('0x'):
                    r[i] = v[:3000]
    for seed in range(a.first, a.first + a.seeds):
        config = dict(described, tls=None, mutate=[seed, RATES[seed % len(RATES)]], snapshot=bool(seed % 2), logins={served.USER: served.PASSWORD})
        for command in ('inspect', 'extract'):
            wrong = one(a.chartferry, room, config, command, a.sanitized)
            if wrong:
                bad += 1
                print('seed %d, %s: %s' % (seed, command, wrong))
    room.close()
    print('%d seeds, %d bad' % (a.seeds, bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
