#!/usr/bin/env python3
"""The steps of a load held against the bundle that they lie in: each file of the bundle is spoken of, each file that is spoken of is
there (where it is named as one that is there), numbers of rows are those of the files, nothing without rows is to be loaded.

    test_guides.py --chartferry FILE --practice-gen FILE --templates FOLDER"""
import argparse
import csv
import html
import pathlib
import re
import subprocess
import sys
import tempfile

csv.field_size_limit(1 << 30)
DESTINATIONS = 'salesforce,dynamics,zoho,pipedrive,hubspot'
# Kinds of files that a guide speaks of as one: maps beside their files, further parts and archives, the guide itself.
BESIDE = re.compile(r'IMPORT-STEPS\.html$|.*\.sdl$|.*_\d+\.(csv|xlsx)$|loads\.json$')
# Of what is not in every bundle: spoken of with "where", "if", or made by whoever loads.
ELSEWHERE = {'Files_001.zip', 'Files_by_hand', 'Files.csv', 'Files_made.csv', 'files', 'files.csv', 'files_made.csv', 'Note.csv', 'Attachments.csv', '18_Billing_not_loaded.csv', '00_trial', 'results',
             'deleted', 'changed', 'emptied', 'state',     # of runs with --since, and of the run's own folder
             'same_names.csv', 'files_by_hand', '00_trial/Files_001.zip',
             '06_Products.csv'}


def text_of(path):
    """The text, and the words set as code."""
    page = path.read_text(encoding='utf-8')
    page = re.sub(r'<style>.*?</style>', '', page, flags=re.S)
    code = [html.unescape(re.sub(r'<[^>]+>', '', c)) for c in re.findall(r'<code>(.*?)</code>', page, flags=re.S)]
    return html.unescape(re.sub(r'<[^>]+>', ' ', page)), code


def listed(path):
    """[(file, rows)] of the tables of files."""
    page = path.read_text(encoding='utf-8')
    for row in re.findall(r'<tr>(.*?)</tr>', page, flags=re.S):
        cells = [html.unescape(re.sub(r'<[^>]+>', '', c)).strip() for c in re.findall(r'<td[^>]*>(.*?)</td>', row, flags=re.S)]
        if cells and re.match(r'\d\d_.*\.(csv|xlsx)$', cells[0]):
            numbers = [c.replace(',', '') for c in cells[1:] if re.fullmatch(r'[\d,]+', c)]
            yield cells[0], int(numbers[0])


def not_loaded(folder):
    """Files that the system has no place for are no uploads, and nothing takes them back."""
    page, sheet = (folder / 'IMPORT-STEPS.html').read_text(encoding='utf-8'), (folder / 'loads.json').read_text(encoding='utf-8')
    for path in folder.glob('*_not_loaded*.csv'):
        if '%s</td>' % path.name in page and not re.search(re.escape(path.name) + r'</td>.*?<td>not loaded</td></tr>', page):
            yield '%s is to be loaded' % path.name
        if path.name in sheet or list(folder.glob('00_trial/undo/*_not_loaded_keys.csv')):
            yield '%s is taken back' % path.name


def check(folder):
    wrong = []
    text, code = text_of(folder / 'IMPORT-STEPS.html')
    there = {p.relative_to(folder).as_posix() for p in folder.rglob('*')}
    for entry in sorted(p.name for p in folder.iterdir()):
        if not BESIDE.match(entry) and entry not in text and pathlib.PurePath(entry).stem not in text:
            wrong.append('%s is not spoken of' % entry)
    for word in [w for w in code if w != w.strip()] + (['`'] if '`' in text else []):
        wrong.append('code begins or ends in the wrong place: "%s"' % word[:60])
    for word in code:
        if not re.fullmatch(r'[\w./-]+\.(csv|zip|xml|xlsx)|\d\d_\w+|[\w-]+/', word) or word.startswith('..') or '/destinations/' in word:
            continue
        name = word.rstrip('/')
        if name not in there and not any(pathlib.PurePath(x).stem == name for x in there) and name not in ELSEWHERE and not in_upload(name, folder):
            wrong.append('%s is spoken of, and is not there' % word)
    wrong += not_loaded(folder)
    tables = dict(listed(folder / 'IMPORT-STEPS.html'))
    for name, rows in tables.items():
        path = folder / name
        if not path.exists():
            wrong.append('%s is listed, and is not there' % name)
            continue
        with open(path, encoding='utf-8-sig', newline='') as f:
            counted = sum(1 for _ in csv.reader(f)) - 1
        if counted != rows or not rows:
            wrong.append('%s has %d rows, the list says %d' % (name, counted, rows))
    for path in folder.glob('[0-9][0-9]_*.csv'):
        if path.name not in tables and path.stem not in text:
            wrong.append('%s is in no list' % path.name)
    return wrong, len(tables)


def in_upload(name, folder):
    """Names within the ZIPs of uploads, which Dynamics wants to be those of its tables."""
    import zipfile
    return any(name in zipfile.ZipFile(p).namelist() for p in folder.glob('uploads/*.zip'))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    for name in ('chartferry', 'practice-gen', 'templates'):
        p.add_argument('--' + name, required=True)
    a = p.parse_args()
    wrong, seen = [], 0
    with tempfile.TemporaryDirectory(prefix='guides-') as room:
        room = pathlib.Path(room)
        for system, source in (('panda', 'practice.bak'), ('dentes', 'csv-dentes-utf8')):
            made = room / system
            subprocess.run([a.practice_gen, '--system', system, '--patients', '5', '--seed', '5', '--hard', '10', '--out', made], check=True)
            done = subprocess.run([a.chartferry, 'convert', made / source, '--to', DESTINATIONS, '--out', room / (system + '_out'), '--templates',
                                   a.templates], capture_output=True, text=True)
            if done.returncode not in (0, 3):
                sys.exit('convert: %d\n%s' % (done.returncode, done.stderr[-2000:]))
            run = next((room / (system + '_out')).iterdir())
            for destination in DESTINATIONS.split(','):
                found, files = check(run / destination)
                seen += files
                wrong += ['%s, %s: %s' % (system, destination, w) for w in found]
        wrong += can_fail(run / 'zoho')
    for line in wrong:
        print(line)
    print('guides of %d files: %d things wrong' % (seen, len(wrong)))
    return bool(wrong or seen < 80)


def can_fail(folder):
    """A file too much, one too few, another row: each is seen."""
    wrong = []
    first = sorted(folder.glob('0[0-9]_*.csv'))[0]
    (folder / 'surprise.csv').write_text('x')
    data = first.read_bytes()
    first.write_bytes(data + b'x,y\r\n')
    second = sorted(folder.glob('0[0-9]_*.csv'))[1]
    second.unlink()
    found = check(folder)[0]
    for expected in ('surprise.csv is not spoken of', '%s has ' % first.name, '%s is listed, and is not there' % second.name):
        if not any(expected in w for w in found):
            wrong.append('not noticed: ' + expected)
    return wrong


if __name__ == '__main__':
    sys.exit(main())
