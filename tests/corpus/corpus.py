#!/usr/bin/env python3
"""One case of expect.json: runs inspect and extract on real files and compares with what is known about them.

usage: corpus.py --program CHARTFERRY --shared DIR CASE      exit 77: the files are not there
       corpus.py --program CHARTFERRY --shared DIR --workbooks CASE   --format xlsx says what the CSV files say
       corpus.py --program CHARTFERRY --shared DIR --complete   no file of the corpus is without a case

Knows nothing of the formats: row counts come from the table, values from the scripts and figures beside the files.
No value of a file is ever printed, because some of them are personal.
"""
import argparse
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import xlsxfile
from csvfile import CsvError, read_csv

SKIPPED = 77
HERE = Path(__file__).resolve().parent
TABLES_HEAD = ['schema', 'table', 'file', 'rows_expected', 'rows_written', 'rows_unreadable', 'kind', 'compression',
               'status', 'reason']
DATA_FILES = ('.bak', '.mdf', '.ndf', '.ldf', '.trn')


class Failed(Exception):
    """What a case did not do as the table says; the text is for people."""


def expect(fact, what, got, wanted):
    if not fact:
        raise Failed('%s: got %s, wanted %s' % (what, got, wanted))


def run(command, seconds=100):
    return subprocess.run([str(c) for c in command], capture_output=True, timeout=seconds, check=False)


# ---- inspect

def lookup(document, path):
    """document["a"][0]["b"] for "a.0.b", the length of a list for "a.#"; None where there is no such place."""
    for step in path.split('.'):
        if isinstance(document, list) and step == '#':
            document = len(document)
        elif isinstance(document, list) and step.isdigit() and int(step) < len(document):
            document = document[int(step)]
        elif isinstance(document, dict):
            document = document.get(step)
        else:
            return None
    return document


def check_inspect(program, files, case):
    command = [program, 'inspect', *files, *case.get('options', [])]
    done = run(command + ['--json'])
    expect(done.returncode == case['exit'], 'inspect, exit code', done.returncode, case['exit'])
    try:
        source = json.loads(done.stdout.decode('utf-8'))
    except ValueError as e:
        raise Failed('inspect --json: stdout is no JSON object: %s' % e) from e
    expect(source.get('readable') == (case['exit'] != 4), 'inspect --json, readable', source.get('readable'), case['exit'] != 4)
    for path, value in case.get('inspect', {}).items():
        got = lookup(source, path)
        expect(got == value, 'inspect --json, ' + path, repr(got), repr(value))
    found = {f['code'] for f in source['findings']}
    for wanted in case.get('findings', []):
        expect(wanted in found, 'inspect --json, finding', sorted(found), wanted)
    if 'tables' in case:
        check_counts('inspect --json', {name_of(t): t['rows'] for t in source['tables']}, case)
    plain = run(command)
    expect(plain.returncode == case['exit'], 'inspect without --json, exit code', plain.returncode, case['exit'])
    check_words(plain.stdout + plain.stderr, case.get('says', []), 'inspect')


def check_words(said, words, what):
    text = re.sub(r'\s+', ' ', said.decode('utf-8'))
    for word in words:
        expect(re.search(word, text, re.I), what + ', text', 'no such words', word)


# ---- extract

def check_counts(what, got, case):
    wanted = case.get('tables', {})
    for name, rows in wanted.items():
        expect(got.get(name) == rows, '%s, rows of %s' % (what, name), got.get(name), rows)
    if not case.get('other_tables'):
        more = sorted(set(got) - set(wanted))
        expect(not more, what + ', tables', 'also ' + ', '.join(more), 'only those of the table')


def read_table(path, what):
    try:
        return read_csv(path)
    except CsvError as e:
        raise Failed('%s: %s' % (what, e)) from e


def as_dicts(rows):
    return [dict(zip(rows[0], r)) for r in rows[1:]]


def name_of(table):
    return '%s.%s' % (table['schema'], table['table'])


def check_extracted(out, case):
    """The folder against itself and against the case: {table name: path of its CSV}."""
    listing = read_table(out / '_tables.csv', '_tables.csv')
    expect(listing[0] == TABLES_HEAD, '_tables.csv, header', listing[0], TABLES_HEAD)
    paths, counts = {}, {}
    for t in as_dicts(listing):
        name = name_of(t)
        expect(name not in counts, '_tables.csv', name + ' twice', 'each table once')
        if t['file'] is None:
            expect(t['reason'], '_tables.csv, reason of ' + name, 'none', 'why there is no file')
            counts[name] = None
            continue
        paths[name] = out / t['file']
        rows = read_table(paths[name], t['file'])
        counts[name] = len(rows) - 1
        expect(int(t['rows_written']) == counts[name], '_tables.csv, rows_written of ' + name, t['rows_written'], counts[name])
        if case['exit'] == 0:
            expect(t['rows_expected'] == t['rows_written'], '_tables.csv, rows_expected of ' + name, t['rows_expected'],
                   t['rows_written'])
            expect(t['rows_unreadable'] == '0', '_tables.csv, rows_unreadable of ' + name, t['rows_unreadable'], 0)
            expect(t['status'] == 'ok', '_tables.csv, status of ' + name, t['status'], 'ok')
    on_disk = {p.name for p in out.iterdir() if p.suffix == '.csv' and not p.name.startswith('_')}
    expect(on_disk == {p.name for p in paths.values()}, 'files', sorted(on_disk), 'those of _tables.csv')
    check_counts('extract', counts, case)
    return paths


TRUTH_LINE = re.compile(r'(?:DIFFERS )?(.+): (\d+)/(\d+) script rows found, (\d+) rows in \S.*?\.csv'
                        r'(?: \(not compared: ([^)]*)\))?')
TRUTH_END = re.compile(r'(\d+) tables equal, (\d+) not')


def read_truth(text):
    """Output of sqltruth.py --quiet as {table: [found, in the script, in the CSV, columns not compared]}. Every line must
    be understood, and the closing line must agree with the others."""
    tables, closing = {}, None
    for line in text.splitlines():
        if closing is not None:
            raise Failed('sqltruth.py: a line after its closing line')
        if TRUTH_END.fullmatch(line):
            closing = [int(n) for n in TRUTH_END.fullmatch(line).groups()]
            continue
        m = TRUTH_LINE.fullmatch(line)
        if not m:
            raise Failed('sqltruth.py: %s' % (line if line.endswith('script rows)') else 'a line of unknown form'))
        tables[m[1]] = [int(m[2]), int(m[3]), int(m[4]), sorted(filter(None, re.split(r', ', m[5] or '')))]
    equal = sum(t[0] == t[1] == t[2] for t in tables.values())
    expect(closing == [equal, len(tables) - equal], 'sqltruth.py, closing line', closing, [equal, len(tables) - equal])
    return tables


def check_script(shared, out, truth):
    scripts = [shared / 'corpus' / s for s in truth['scripts']]
    done = run([sys.executable, '-B', shared / 'tools' / 'sqltruth.py', *scripts, out, '--quiet', *truth.get('options', [])])
    got = read_truth(done.stdout.decode('utf-8'))
    for name, wanted in truth['tables'].items():
        expect(got.get(name) == wanted, 'script, ' + name, got.get(name), wanted)
    more = sorted(set(got) - set(truth['tables']))
    expect(not more, 'script', 'also ' + ', '.join(more), 'only the tables of the case')


def column(rows, name):
    at = rows[0].index(name)
    return [r[at] for r in rows[1:]]


def check_figures(path, paths, without):
    """Row count, nulls, smallest and largest value per column, taken from a real server by others; `without`: columns
    that their copy of the database had and ours has not."""
    for table in json.loads(path.read_text(encoding='utf-8'))['tables']:
        name = '%s.%s' % (table['schema'], table['name'])
        rows = read_table(paths[name], name)
        expect(len(rows) - 1 == table['row_count'], 'figures, rows of ' + name, len(rows) - 1, table['row_count'])
        columns = [c for c in table['columns'] if c['name'] not in without]
        expect(rows[0] == [c['name'] for c in columns], 'figures, columns of ' + name, rows[0], 'those of the server')
        for c in columns:
            cells = column(rows, c['name'])
            kind = str if 'char' in c['sql_type'] else Decimal
            values = [kind(x) for x in cells if x is not None]
            got = [len(cells) - len(values), min(values), max(values)]
            wanted = [c['null_count'], kind(c['min_val']), kind(c['max_val'])]
            expect(got == wanted, 'figures of %s.%s' % (name, c['name']), 'others', 'those of the server')


def check_columns(facts, paths):
    """Facts about single columns: {table: {column: {"first": .., "last": .., "distinct": n}}} over sorted text."""
    for name, columns in facts.items():
        rows = read_table(paths[name], name)
        for c, fact in columns.items():
            cells = sorted(x for x in column(rows, c) if x is not None)
            for what, got in (('first', cells[0]), ('last', cells[-1]), ('distinct', len(set(cells)))):
                expect(fact.get(what, got) == got, '%s of %s.%s' % (what, name, c), 'another', fact.get(what))


def contents(folder):
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def check_extract(program, files, case, shared, scratch):
    out = scratch / 'out'
    command = [program, 'extract', *files, *case.get('options', [])]
    done = run(command + ['--out', out])
    expect(done.returncode == case['exit'], 'extract, exit code', done.returncode, case['exit'])
    check_words(done.stdout + done.stderr, case.get('says', []), 'extract')
    if case['exit'] == 4:
        left = sorted(p.name for p in scratch.rglob('*.csv') if not p.name.startswith('_'))
        expect(not left, 'extract of a refused source leaves', left, 'no table')
        return
    paths = check_extracted(out, case)
    if 'script' in case:
        check_script(shared, out, case['script'])
    if 'figures' in case:
        check_figures(shared / 'corpus' / case['figures'], paths, case.get('figures_without', []))
    check_columns(case.get('columns', {}), paths)
    again = scratch / 'again'
    run(command + ['--out', again])
    expect(contents(out) == contents(again), 'a second run', 'other bytes', 'the same bytes')


def run_case(program, shared, case):
    files = [shared / 'corpus' / f for f in case['files']]
    check_inspect(program, files, case)
    with tempfile.TemporaryDirectory() as scratch:
        check_extract(program, files, case, shared, Path(scratch))


def run_workbooks(program, shared, case):
    """The same tables as workbooks say the same as the CSV files."""
    files = [shared / 'corpus' / f for f in case['files']]
    with tempfile.TemporaryDirectory() as d:
        csv, xlsx = Path(d) / 'csv', Path(d) / 'xlsx'
        for out, options in ((csv, []), (xlsx, ['--format', 'xlsx'])):
            done = run([program, 'extract', *files, '--out', out, *options])
            expect(done.returncode == case['exit'], ' '.join(['extract'] + options), done.returncode, case['exit'])
        books = {name_of(t): t['file'] for t in as_dicts(read_table(xlsx / '_tables.csv', '_tables.csv'))}
        for t in as_dicts(read_table(csv / '_tables.csv', '_tables.csv')):
            rows = read_table(csv / t['file'], t['file'])
            found = xlsxfile.differences(xlsx / books[name_of(t)], rows)
            expect(not found, 'workbook of ' + name_of(t), '; '.join(found[:3]), 'what the CSV says')


def files_without_case(shared, cases):
    named = {f for case in cases.values() for f in case['files']}
    return sorted(p.name for p in (shared / 'corpus').iterdir() if p.suffix in DATA_FILES and p.name not in named)


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--program', type=Path, required=True)
    args.add_argument('--shared', type=Path, required=True)
    args.add_argument('--complete', action='store_true')
    args.add_argument('--workbooks', action='store_true')
    args.add_argument('case', nargs='?')
    given = args.parse_args()
    cases = json.loads((HERE / 'expect.json').read_text(encoding='utf-8'))['cases']
    if not (given.shared / 'corpus').is_dir():
        print('skipped: corpus absent')
        return SKIPPED
    if given.complete:
        left = files_without_case(given.shared, cases)
        print('files without a case: ' + (', '.join(left) or 'none'))
        return 1 if left else 0
    case = cases[given.case]
    absent = [f for f in case['files'] if not (given.shared / 'corpus' / f).exists()]
    if absent:
        print('skipped: corpus absent (%s)' % ', '.join(absent))
        return SKIPPED
    if given.workbooks and not importlib.util.find_spec('openpyxl'):
        print('skipped: openpyxl absent')
        return SKIPPED
    try:
        (run_workbooks if given.workbooks else run_case)(given.program, given.shared, case)
    except Failed as e:
        print('%s: %s' % (given.case, e))
        return 1
    print('%s: as expected' % given.case)
    return 0


if __name__ == '__main__':
    sys.exit(main())
