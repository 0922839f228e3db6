#!/usr/bin/env python3
"""Bundles as workbooks hold what bundles as CSV hold: opened by openpyxl (dates are dates, numbers numbers, texts stay texts, leading
zeros and signs stay) and by LibreOffice, which opens every workbook of a run without repair. Without either: skipped.

    test_workbooks.py --chartferry FILE --practice-gen FILE --templates FOLDER [--libreoffice]"""
import argparse
import csv
import datetime
import hashlib
import importlib.util
import itertools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

csv.field_size_limit(1 << 30)
NUMBER = re.compile(r'-?(0|[1-9]\d*)(\.\d+)?$')
MOMENT = re.compile(r'(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.000)?)?Z?)?$')
DESTINATIONS = 'salesforce,dynamics,zoho,pipedrive,hubspot'
CELL_MAX = 32767
# What spreadsheets and their users would make of a text, were it no text.
PLANTED = {'last': '=1+1', 'first': '-Jos\u00e9', 'phone': '00905321112233', 'zip': '01234', 'street': '+Elm "Street"\r\n2nd; floor, \u015eahin\u011fli\t\u0130\u0131',
           'note': '@SUM(A1)\rafter a carriage return\n' + 'long ' * 9000 + 'end'}


def csv_rows(path):
    """Of a file and its further parts, and the heading."""
    with open(path, encoding='utf-8-sig', newline='') as f:
        rows = list(csv.reader(f, strict=True))
    for more in sorted(path.parent.glob(path.stem + '_[0-9].csv')):
        with open(more, encoding='utf-8-sig', newline='') as f:
            rows += list(csv.reader(f, strict=True))[1:]
    return rows


def wrong_with(cell, text):
    """What is wrong with a cell of a workbook beside the text of the CSV file; None: nothing."""
    if cell is None:
        return 'is empty' if text else None
    if isinstance(cell, datetime.datetime):
        m = MOMENT.match(text)
        good = m and cell == datetime.datetime.fromisoformat('%s %s:%s' % (m[1], m[2] or '00:00', m[3] or '00'))
        return None if good else 'is another date'
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return 'is no text, number or date'
    if isinstance(cell, (int, float)):
        return None if NUMBER.match(text) and Decimal(repr(cell)) == Decimal(text) else 'is another number'
    return None if cell == text else 'is another text'


def long_ones(rows, header):
    """Rows whose texts pass what a cell holds, which workbooks continue elsewhere, by their key."""
    return {r[0] for r in rows if any(len(v.encode('utf-16-le')) // 2 > CELL_MAX for v in r)}


def compare_book(rows, path, dates, wrong):
    """rows: of the workbook; path: the CSV files of the same. dates: counts cells that are dates."""
    want = csv_rows(path)
    header, long = want[0], long_ones(want[1:], want[0])
    got = {r[0]: r for r in rows[1:]}
    if list(rows[0]) != header or [r[0] for r in rows[1:]] != [r[0] for r in want[1:]]:
        wrong.append('%s: %d rows and their headings, not %d' % (path.name, len(rows), len(want)))
        return
    for line in want[1:]:
        for heading, cell, text in zip(header, got[line[0]], line):
            if line[0] in long and len(text) > 1000:
                bad = None if str(cell or '') == text[:len(str(cell or ''))] else 'is no beginning of it'
            else:
                bad = wrong_with(cell, text)
            dates[0] += isinstance(cell, datetime.datetime)
            if isinstance(cell, str) and MOMENT.match(text) and 'ate' in heading and 'ext' not in heading:
                bad = bad or 'is a date as text'
            if bad:
                wrong.append('%s %s: %s %s' % (path.parent.name, path.name, heading, bad))


def continued(folder, stem, rest, heading, read):
    """Texts joined with their continuations, by key."""
    def by_key(name):
        rows = [list(r) for r in read(folder, name)]
        key = next(i for i, h in enumerate(rows[0]) if h.startswith('Source'))
        return {r[key]: r[rows[0].index(heading)] or '' for r in rows[1:]}
    more = by_key(rest)
    whole = by_key(stem)
    for k in whole:
        part = 2
        while '%s_part%d' % (k, part) in more:
            whole[k] += more['%s_part%d' % (k, part)]
            part += 1
    return whole


def read_book(path):
    import openpyxl
    book = openpyxl.load_workbook(path, read_only=True)
    if len(book.worksheets) != 1:
        raise AssertionError('%s has %d sheets' % (path.name, len(book.worksheets)))
    return [tuple(r) for r in book.worksheets[0].iter_rows(values_only=True)]


def make_practice(a, room):
    """An invented practice with some values more: texts that spreadsheets take for something else, and one that no cell holds."""
    made = room / 'practice'
    subprocess.run([a.practice_gen, '--out', made, '--patients', '5', '--seed', '8', '--hard', '15'], check=True)
    folder = made / 'csv-extract'
    for table, change in (('dbo.Patient.csv', {'LastName': 'last', 'FirstName': 'first', 'Zip': 'zip', 'Street': 'street', 'Street1': 'street'}),
                          ('dbo.SOAPNotes.csv', {'NoteText': 'note'})):
        with open(folder / table, encoding='utf-8', newline='') as f:
            rows = list(csv.reader(f))
        for column, value in change.items():
            if column in rows[0]:
                rows[1][rows[0].index(column)] = PLANTED[value]
        with open(folder / table, 'w', encoding='utf-8', newline='') as f:
            csv.writer(f).writerows(rows)
    return folder


def convert(a, source, out, *more):
    done = subprocess.run([a.chartferry, 'convert', source, '--to', DESTINATIONS, '--out', out, '--templates', a.templates, *more],
                          capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit('convert: %d\n%s' % (done.returncode, done.stderr[-2000:]))
    return next(out.iterdir())


def by_openpyxl(books, texts):
    wrong, dates, seen = [], [0], 0
    for path in sorted(books.glob('*/[0-9]*.xlsx')):
        other = (texts / path.relative_to(books)).with_suffix('.csv')
        if '_Rest' in path.stem:
            continue
        seen += 1
        if not other.exists():
            wrong.append('%s: no such file in CSV' % path.name)
            continue
        compare_book(read_book(path), other, dates, wrong)
    if seen < 60 or dates[0] < 500:
        wrong.append('%d workbooks with %d dates were compared: too few' % (seen, dates[0]))

    def read_csv(folder, name):
        path = folder / (name + '.csv')
        return csv_rows(path) if path.exists() else [['Source', heading]]     # nothing goes on: no file

    def from_book(folder, name):
        return read_book(folder / (name + '.xlsx'))
    for destination, stem, rest, heading in (('hubspot', '08_Notes_Clinical', '09_Notes_Clinical_Rest', 'Note body'),
                                             ('pipedrive', '10_Note_Clinical', '11_Note_Clinical_Rest', 'Note - Content')):
        of_book = continued(books / destination, stem, rest, heading, from_book)
        of_csv = continued(texts / destination, stem, rest, heading, read_csv)
        if of_book != of_csv or max(map(len, of_csv.values())) <= CELL_MAX:
            wrong.append('%s: long notes, joined, are other texts' % destination)
    return wrong


def planted_are_there(books):
    """In the workbook as in the source: nothing computed, no zero lost."""
    wrong = []
    rows = read_book(books / 'salesforce' / '09_Contact_Patient.xlsx')
    patient = next(dict(zip(rows[0], r)) for r in rows[1:] if r[rows[0].index('LastName')] == PLANTED['last'])
    for heading, value in (('FirstName', 'first'), ('MailingPostalCode', 'zip')):
        if patient[heading] != PLANTED[value]:
            wrong.append('%s is %r' % (heading, patient[heading]))
    if not (patient['MailingStreet'] or '').startswith('+Elm "Street" 2nd; floor, \u015eahin\u011fli'):
        wrong.append('MailingStreet is %r' % patient['MailingStreet'])
    return wrong


def by_libreoffice(room, books):
    """Every workbook of the run opened and its sheets told: the same as openpyxl reads."""
    wrong, out = [], room / 'libreoffice'
    for d in ('dynamics', 'zoho', 'salesforce', 'hubspot', 'pipedrive'):
        files = sorted((books / d).glob('*.xlsx'))
        done = subprocess.run(['soffice', '-env:UserInstallation=file://%s' % (room / 'home'), '--headless', '--convert-to',
                               'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1', '--outdir', out / d, *files],
                              capture_output=True, text=True, timeout=300)
        if done.returncode or 'rror' in done.stderr:
            wrong.append('%s: %s' % (d, done.stderr[-500:]))
        for path in files:
            compare_sheets(path, out / d, wrong)
    return wrong


def shown_alike(cell, text):
    """LibreOffice breaks a paragraph of more than 16,383 characters when it writes CSV."""
    if isinstance(cell, str) and len(cell) > 16383:
        return cell.replace('\n', '') == text.replace('\n', '')
    return wrong_with(cell, text) is None


def compare_sheets(path, out, wrong):
    import openpyxl
    for sheet in openpyxl.load_workbook(path, read_only=True).worksheets:
        told = out / ('%s-%s.csv' % (path.stem, sheet.title))
        if not told.exists():
            wrong.append('%s: LibreOffice does not show %s' % (path.name, sheet.title))
            continue
        want = [list(r) for r in sheet.iter_rows(values_only=True)]
        with open(told, encoding='utf-8', newline='') as f:
            got = list(csv.reader(f))
        # openpyxl leaves out what is empty at the end of a row.
        if len(got) != len(want) or any(not shown_alike(c, t) for w, r in zip(want, got)
                                        for c, t in itertools.zip_longest(w, r, fillvalue=None if len(w) < len(r) else '')):
            wrong.append('%s: LibreOffice shows other values in %s' % (path.name, sheet.title))


def can_fail(books, texts, room):
    """A cell that is another one is seen, whichever kind it is."""
    wrong = []
    for column, old, new in (('LastName', None, 'x'), ('Birthdate', None, '2001-01-01'), ('MailingPostalCode', None, '1234')):
        copied = room / 'copy.csv'
        rows = csv_rows(texts / 'salesforce' / '09_Contact_Patient.csv')
        rows[1][rows[0].index(column)] = new
        with open(copied, 'w', encoding='utf-8', newline='') as f:
            csv.writer(f).writerows(rows)
        told = []
        compare_book(read_book(books / 'salesforce' / '09_Contact_Patient.xlsx'), copied, [0], told)
        if not any(column in line for line in told):
            wrong.append('another %s was not noticed' % column)
    return wrong


def rewritten(run, path, change):
    """A file changed, and the manifest as if it had been written so: what is left to see is what it holds."""
    change(path)
    manifest = json.loads((run / 'manifest.json').read_text(encoding='utf-8'))
    entry = next(f for f in manifest['files'] if f['path'] == path.relative_to(run).as_posix())
    data = path.read_bytes()
    entry.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    (run / 'manifest.json').write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + '\n', encoding='utf-8')


def verify_sees(a, room, books, texts):
    """verify reads rows again: cells that are too long, of another form, missing; rows that are gone. It shows no value."""
    def in_book(change):
        def apply(path):
            import openpyxl
            book = openpyxl.load_workbook(path)
            change(book.worksheets[0])
            book.save(path)
        return apply

    def in_text(column, value):
        def apply(path):
            data = path.read_bytes().decode('utf-8')
            rows = list(csv.reader(data.splitlines(keepends=True)))
            rows[2][rows[0].index(column)] = value
            with open(path, 'w', encoding='utf-8', newline='') as f:
                csv.writer(f).writerows(rows)
        return apply

    def to_cell(heading, value):
        def change(sheet):
            column = next(c.column for c in sheet[1] if c.value == heading)
            sheet.cell(3, column).value = value
        return change

    cases = [(books, 'dynamics/08_Contact_Patient.xlsx', in_book(to_cell('Home Phone', '5' * 51)), 'DEL-847', 'Home Phone'),
             (books, 'dynamics/08_Contact_Patient.xlsx', in_book(to_cell('Last Name', None)), 'DEL-847', 'Last Name'),
             (books, 'dynamics/08_Contact_Patient.xlsx', in_book(to_cell('Birthday', 'the 13th')), 'DEL-847', 'Birthday'),
             (books, 'dynamics/08_Contact_Patient.xlsx', in_book(lambda sheet: sheet.delete_rows(3)), 'DEL-844', 'number of rows'),
             (books, 'dynamics/08_Contact_Patient.xlsx', in_book(lambda sheet: sheet.delete_cols(3)), 'DEL-844', 'headings'),
             (texts, 'salesforce/09_Contact_Patient.csv', in_text('FirstName', 'X' * 41), 'DEL-847', 'FirstName'),
             (texts, 'salesforce/09_Contact_Patient.csv', in_text('Birthdate', '13/04/1952'), 'DEL-847', 'Birthdate'),
             (texts, 'salesforce/00_trial/09_Contact_Patient.csv', in_text('LastName', ''), 'DEL-847', 'LastName'),
             (texts, 'salesforce/12_ClinicalExam.csv', in_text('Mean_PD__c', '3.456'), 'DEL-847', 'Mean_PD__c')]
    wrong = []
    for run in (books, texts):
        if subprocess.run([a.chartferry, 'verify', run], capture_output=True).returncode:
            wrong.append('verify refuses what convert wrote')
    for n, (run, name, change, code, said) in enumerate(cases):
        copied = room / ('verified%d' % n)
        shutil.copytree(run, copied)
        rewritten(copied, copied / name, change)
        done = subprocess.run([a.chartferry, 'verify', '--json', copied], capture_output=True, text=True)
        codes = re.findall(r'"code":"([A-Z]+-\d+)"', done.stdout)
        if done.returncode != 4 or codes != [code] or said not in done.stdout or '5555' in done.stdout or 'XXX' in done.stdout:
            wrong.append('verify, %s of %s: %s' % (said, name, done.stdout[:600]))
        shutil.rmtree(copied)
    return wrong


def main():
    p = argparse.ArgumentParser(description=__doc__)
    for name in ('chartferry', 'practice-gen', 'templates'):
        p.add_argument('--' + name, required=True)
    p.add_argument('--libreoffice', action='store_true')
    a = p.parse_args()
    if not importlib.util.find_spec('openpyxl'):
        print('skipped: openpyxl absent')
        return 77
    if a.libreoffice and not shutil.which('soffice'):
        print('skipped: LibreOffice absent')
        return 77
    with tempfile.TemporaryDirectory(prefix='workbooks-') as room:
        room = pathlib.Path(room)
        source = make_practice(a, room)
        books = convert(a, source, room / 'books', '--format', 'xlsx')
        texts = convert(a, source, room / 'texts')
        wrong = by_libreoffice(room, books) if a.libreoffice else (
            by_openpyxl(books, texts) + planted_are_there(books) + can_fail(books, texts, room) + verify_sees(a, room, books, texts))
    for line in wrong[:40]:
        print(line)
    print('workbooks beside CSV files: %d things wrong' % len(wrong))
    return bool(wrong)


if __name__ == '__main__':
    sys.exit(main())
