#!/usr/bin/env python3
"""Runs `chartferry extract` on damaged copies of files and judges what it does.

usage: mutate.py --program CHARTFERRY [--bakgen PROGRAM] [--corpus DIR] [--mutants N] [--first N] [--jobs N]
                 [--only FILE:NUMBER [--keep FILE]]

The mutants of each file are numbered; --mutants says how many of all files together, --first where to begin.

For every mutant: exit code 0, 3 or 4; no report of a sanitizer; no more than ten times the processor time of the whole
file plus two seconds; no more than MEMORY_MB of memory. Where pages carry checksums also: exit 0 means the tables of the whole
file, byte for byte; exit 3 means that every table that differs is named in _tables.csv or in a finding.
"""
import argparse
import math
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutants import mutant
from pages import checked_blocks, checked_pages
from sources import sources

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'corpus'))
from csvfile import CsvError, read_csv  # noqa: E402

MEMORY_MB = 700   # under ASan, which multiplies what the program asks for
LOG_BREAKS_OFF, LOG_DAMAGED = 'BAK-141', 'BAK-144'
SANITIZER = re.compile(rb'==\d+==ERROR|runtime error:|SUMMARY: \w+Sanitizer')
SETTINGS = {'ASAN_OPTIONS': 'detect_leaks=1:quarantine_size_mb=16:max_allocation_size_mb=400:allocator_may_return_null=0',
            'UBSAN_OPTIONS': 'halt_on_error=1:print_stacktrace=1'}


class Outcome:
    """What one run did: exit code, stderr, processor seconds, peak memory, and whether it had to be ended."""
    def __init__(self, code, said, seconds, megabytes, ended):
        self.code, self.said, self.seconds, self.megabytes, self.ended = code, said, seconds, megabytes, ended


def run(program, words, out, limit, scratch):
    """One extract under a limit of processor seconds, and of ten times as many by the clock: other programs may have the processor.
    Time and memory are what the system counted."""
    with open(scratch / 'stderr', 'wb') as err:
        child = subprocess.Popen([str(program), 'extract', *map(str, words), '--out', str(out)], stdout=subprocess.DEVNULL,
                                 stderr=err, env={**os.environ, **SETTINGS})
        resource.prlimit(child.pid, resource.RLIMIT_CPU, (math.ceil(limit) + 1, math.ceil(limit) + 1))
        ended = threading.Event()
        timer = threading.Timer(10 * limit, lambda: (ended.set(), os.kill(child.pid, signal.SIGKILL)))  # child.kill() would wait for it
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
    seconds = usage.ru_utime + usage.ru_stime
    return Outcome(child.returncode, (scratch / 'stderr').read_bytes(), seconds, usage.ru_maxrss // 1024, ended.is_set() or seconds > limit)


def tables_of(out):
    """{file name: bytes} of the tables of a run."""
    if not out.is_dir():
        return {}
    return {p.name: p.read_bytes() for p in out.iterdir() if p.suffix == '.csv' and not p.name.startswith('_')}


def rows_as_dicts(path):
    rows = read_csv(path)
    return [dict(zip(rows[0], r)) for r in rows[1:]]


def only_lost_rows(have, whole):
    """Whether each line of one file is in the other, the same header first."""
    have, whole = have.split(b'\r\n'), whole.split(b'\r\n')
    return have[0] == whole[0] and not Counter(have) - Counter(whole)


def undeclared(out, clean, source):
    """Tables that differ from those of the whole file although nothing is said of them. A finding about the whole
    database or about one of its own tables (sys.*) excuses tables and rows that are missing, but no value that changed.
    That the log breaks off excuses what the tables held at one earlier moment; that the log of a backup under load is damaged, what
    its pages held at several."""
    have = tables_of(out)
    differing = {name for name in clean if have.get(name) != clean[name]} | (set(have) - set(clean))
    if not differing:
        return []
    findings = rows_as_dicts(out / '_findings.csv')
    blamed = {f['table'] for f in findings if f['severity'] in ('loss', 'fatal')}
    named = {name + '.csv' for name in blamed if name}
    for t in rows_as_dicts(out / '_tables.csv'):
        name = '%s.%s' % (t['schema'], t['table'])
        if t['status'] != 'ok' or t['rows_unreadable'] != '0' or name in blamed:
            named |= {t['file'], name + '.csv'}
    codes = {f['code'] for f in findings}
    if LOG_BREAKS_OFF in codes:
        named |= source.at_a_moment(out)
    if LOG_DAMAGED in codes:
        named |= source.changing()
    if any(name is None or not name + '.csv' in clean for name in blamed):
        named |= {n for n in clean if n not in have or only_lost_rows(have[n], clean[n])}
    return sorted(differing - named)


def judge(outcome, out, clean, limit, covered, source):
    """Sentences about what is wrong; none when all is well."""
    if outcome.ended:
        return ['ran for more than %.0f s' % limit]
    wrong = []
    if SANITIZER.search(outcome.said):
        wrong.append('a sanitizer reported: %s' % (re.findall(rb'SUMMARY: [^\n]{0,160}', outcome.said) or ['?'])[0])
    elif outcome.code not in (0, 3, 4):
        wrong.append('ended with exit code %d' % outcome.code)
    if outcome.megabytes > MEMORY_MB:
        wrong.append('took %d MB of memory' % outcome.megabytes)
    if wrong or not covered:
        return wrong
    try:
        if outcome.code == 0 and tables_of(out) != clean:
            wrong.append('exit 0, but %s' % ', '.join(n for n, b in clean.items() if tables_of(out).get(n) != b))
        if outcome.code == 3:
            wrong += ['%s differs and nothing says so' % name for name in undeclared(out, clean, source)]
        if outcome.code == 4 and tables_of(out):
            wrong.append('exit 4, but tables are left')
    except CsvError as e:
        wrong.append('a listing ' + str(e))
    return wrong


class Subject:
    """A file to be damaged, and what a run on the whole of it gives."""
    def __init__(self, program, source, scratch):
        self.program, self.source, self.name = program, source, source.name
        self.raw = source.path.read_bytes()
        self.pages, self.blocks = checked_pages(self.raw), checked_blocks(self.raw)
        out = scratch / 'clean'
        clean = run(program, source.words(source.path), out, 120, scratch)
        if clean.code not in (0, 3, 4) or clean.ended:
            raise SystemExit('%s: the whole file already ends with %d' % (self.name, clean.code))
        self.clean, self.code = tables_of(out), clean.code
        self.limit = 10 * clean.seconds + 2
        # Inside compressed or encrypted data no page can be found from outside, but the pages have their checksums all the same.
        self.covered = bool(self.pages or self.blocks) or b'MSSQLBAK' in self.raw[:16] or '--key' in source.behind

    def attack(self, number, keep=None):
        """(number, kind, what is wrong)."""
        with tempfile.TemporaryDirectory() as d:
            scratch = Path(d)
            kind, raw, told = mutant(self.name, number, self.raw, self.pages, self.blocks)
            damaged = scratch / self.source.path.name
            damaged.write_bytes(raw)
            if keep:
                keep.write_bytes(raw)
            out = scratch / 'out'
            outcome = run(self.program, self.source.words(damaged), out, self.limit, scratch)
            return number, kind, judge(outcome, out, self.clean, self.limit, told and self.covered, self.source), outcome


def subjects(given, scratch):
    tried = list(sources(given.bakgen, given.corpus, scratch))
    for i, source in enumerate(tried):
        folder = scratch / str(i)
        folder.mkdir()
        yield Subject(given.program, source, folder)


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--program', type=Path, required=True)
    args.add_argument('--bakgen', type=Path)
    args.add_argument('--corpus', type=Path)
    args.add_argument('--mutants', type=int, default=200)
    args.add_argument('--first', type=int, default=0)
    args.add_argument('--jobs', type=int, default=1)
    args.add_argument('--only', help='FILE:NUMBER, one mutant, told in full')
    args.add_argument('--keep', type=Path, help='with --only: write the damaged file here')
    given = args.parse_args()
    bad = done = 0
    codes = {}
    with tempfile.TemporaryDirectory() as d, ThreadPoolExecutor(given.jobs) as pool:
        tried = list(subjects(given, Path(d)))
        if not tried:
            print('there is no file to damage')
            return 1
        for s in tried:
            numbers = range(given.first, given.first - (-given.mutants // len(tried)))
            if given.only:
                name, _, number = given.only.rpartition(':')
                numbers = [int(number)] if name == s.name else []
            began = time.monotonic()
            for number, kind, wrong, outcome in pool.map(lambda n, s=s: s.attack(n, given.keep), numbers):
                done += 1
                codes[outcome.code] = codes.get(outcome.code, 0) + 1
                bad += bool(wrong)
                for sentence in wrong:
                    print('%s:%d (%s): %s' % (s.name, number, kind, sentence))
                if given.only:
                    print('exit %d, %.2f s, %d MB' % (outcome.code, outcome.seconds, outcome.megabytes))
                    print(outcome.said.decode('utf-8', 'replace'))
            print('%s: %d damaged copies in %.0f s' % (s.name, len(numbers), time.monotonic() - began), flush=True)
    print('%d damaged copies, %d of them handled wrongly; exit codes %s' % (
        done, bad, ', '.join('%d: %d' % c for c in sorted(codes.items()))))
    return 1 if bad or not done else 0


if __name__ == '__main__':
    sys.exit(main())
