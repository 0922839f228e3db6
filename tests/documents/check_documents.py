#!/usr/bin/env python3
"""Converts an invented practice to destinations of three forms, and holds every file against the practice's truth: with
zipfile, unzip, 7z and pdftotext, which share nothing with the program.

usage: check_documents.py --chartferry FILE --practice-gen FILE --templates FOLDER --folder ROOM"""
import argparse
import csv
import hashlib
import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

MEMBER_MAX, ZIP_MAX = 1400, 30000
DESTINATION = '''id: %s
title: A destination for files
schema: 1
objects: model
format: { encoding: utf-8, bom: false, newline: crlf, delimiter: comma, dates: YYYY-MM-DD, datetimes: "YYYY-MM-DD hh:mm:ss" }
files:
%s'''
FORMS = {
    'plain': '  as: zip\n  name: Files\n  letters_pdf: true\n',
    'attach': '''  as: attachments
  name: Files
  csv: annotation.csv
  member_bytes_max: %d
  zip_bytes_max: %d
  bom: true
  columns:
    - { heading: Regarding, fact: patient }
    - { heading: File Name, fact: name }
    - { heading: Document, fact: file }
    - { heading: SHA-256, fact: sha256 }
    - { heading: Archive, fact: archive }
''' % (MEMBER_MAX, ZIP_MAX),
    'tree': '  as: folder\n  name: files\n',
}
EXTENSION = {'image/jpeg': '.jpg', 'image/png': '.png', 'application/pdf': '.pdf', 'application/dicom': '.dcm',
             'application/rtf': '.rtf'}


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode('utf-8-sig'), newline='')))


def run(*command, good=(0,)):
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode not in good:
        raise AssertionError('%s ended with %d\n%s' % (command[0], done.returncode, done.stdout[-3000:]))
    return done.stdout


def archives(folder):
    """{member path: bytes} of all archives, each also read by other programs."""
    found = {}
    for path in sorted(folder.glob('Files_*.zip')):
        if shutil.which('unzip'):
            run('unzip', '-tqq', path)
        if shutil.which('7z'):
            run('7z', 't', path)
        with zipfile.ZipFile(path) as z:
            for name in z.namelist():
                found[path.name, name] = z.read(name)
    return found


def hold_truth(truth, files, what):
    """Every document of the truth that has bytes is there, byte for byte, with the right ending."""
    by_key = {name.rsplit('/', 1)[-1]: data for name, data in files.items()}
    for t in truth:
        if not t['sha256']:
            assert not any(n.startswith('PP-DOC-%s.' % t['src_key']) for n in by_key), '%s: a file of %s' % (what, t['src_key'])
            continue
        name = 'PP-DOC-%s%s' % (t['src_key'], EXTENSION[t['mime_type']])
        data = by_key.get(name)
        assert data is not None, '%s: %s is missing' % (what, name)
        assert hashlib.sha256(data).hexdigest() == t['sha256'], '%s: %s differs' % (what, name)


def check_plain(bundle, truth, letters, names):
    folder = bundle / 'plain'
    members = {name: data for (_, name), data in archives(folder).items()}
    hold_truth(truth, members, 'zip')
    index = rows_of((folder / 'Files.csv').read_bytes())
    made = rows_of((folder / 'Files_made.csv').read_bytes())
    assert sorted(r['file'] for r in index + made) == sorted(members), 'list and archive differ'
    for r in index + made:
        data = members[r['file']]
        assert (str(len(data)), hashlib.sha256(data).hexdigest()) == (r['bytes'], r['sha256']), r['file']
        assert r['patient'].startswith('PP-PAT-') or r['kind'] == 'letter template', r
    for name in members:
        assert not any(n in name for n in names), 'a person is named in %s' % name
    pdfs = [r for r in made if r['kind'] == 'letter as PDF']
    assert len(pdfs) == len(letters) and all(r['pdf_of'] for r in pdfs)
    if shutil.which('pdftotext'):
        room = bundle.parent / 'pdf'
        room.mkdir(exist_ok=True)
        for r in pdfs[:12]:
            (room / 'letter.pdf').write_bytes(members[r['file']])
            text = run('pdftotext', '-layout', room / 'letter.pdf', '-')
            assert 'Thank you for the kind referral.' in text and 'Warning' not in text, text
            assert r['captured'] in text, 'no date in the line on top'
            fonts = run('pdffonts', room / 'letter.pdf').splitlines()[2:]
            assert fonts and all(f.split()[-5] == 'yes' for f in fonts), 'a font is not in the file'
    return len(members)


def check_attach(bundle, truth):
    folder = bundle / 'attach'
    found = archives(folder)
    parts = sorted(folder.glob('Files_*.zip'))
    assert len(parts) > 1 and all(p.stat().st_size <= ZIP_MAX for p in parts), 'parts keep no limit'
    files, listed = {}, 0
    for part in parts:
        rows = rows_of(found[part.name, 'annotation.csv'])
        there = {n for (p, n) in found if p == part.name and n != 'annotation.csv'}
        assert there == {'Attachments/' + r['Document'] for r in rows}, '%s: list and files differ' % part.name
        listed += len(rows)
        for r in rows:
            data = found[part.name, 'Attachments/' + r['Document']]
            assert hashlib.sha256(data).hexdigest() == r['SHA-256'] and len(data) <= MEMBER_MAX
            files[r['Document']] = data
    by_hand = [p for p in (folder / 'Files_by_hand').rglob('*') if p.is_file()]
    assert by_hand, 'no file is larger than the limit'
    for p in by_hand:
        assert p.stat().st_size > MEMBER_MAX and p.parent.name.startswith('PP-PAT-')
        files[p.name] = p.read_bytes()
    hold_truth(truth, files, 'attachments')
    index = rows_of((folder / 'Files.csv').read_bytes())
    assert len(index) == listed + len(by_hand)


def check_tree(bundle, truth):
    folder = bundle / 'tree'
    files = {str(p.relative_to(folder)): p.read_bytes() for p in (folder / 'files').rglob('*') if p.is_file()}
    hold_truth(truth, files, 'folder')
    for r in rows_of((folder / 'files.csv').read_bytes()):
        assert r['file'].split('/')[1] == r['patient'] and hashlib.sha256(files[r['file']]).hexdigest() == r['sha256']


def check_charts(a, room):
    """Drawn charts: of each exam that has teeth, or of each patient's latest one; the same page that the command draws."""
    out = room / 'out-charts'
    run(a.chartferry, 'convert', room / 'practice/practice.bak', '--templates', room / 'templates', '--to', ','.join(FORMS) + ',canonical',
        '--charts', 'all,tree=latest,attach=none', '--out', out, good=(0, 3))
    bundle = next(p for p in out.iterdir() if p.is_dir())
    run(a.chartferry, 'verify', bundle)
    model = bundle / 'canonical'
    exams = {r['source_key']: r for r in rows_of(next(model.glob('*_clinical_exam.csv')).read_bytes())}
    charted = {'PP-EXM-' + r['exam'] for r in rows_of(next(model.glob('*_tooth_record.csv')).read_bytes())}
    made = {n: [r for r in rows_of((bundle / n / ('%s_made.csv' % list_)).read_bytes()) if r['kind'] == 'chart as PDF']
            for n, list_ in (('plain', 'Files'), ('tree', 'files'))}
    assert charted and {r['document'] for r in made['plain']} == charted, 'exams drawn: %r' % ({r['document'] for r in made['plain']} ^ charted)
    latest = {}
    for key in charted:
        e = exams[key]
        latest[e['patient']] = max(latest.get(e['patient'], ('', '')), (e['exam_at'], key))
    assert {r['document'] for r in made['tree']} == {key for _, key in latest.values()} and len(latest) < len(charted)
    assert not any('PP-EXM' in name for _, name in archives(bundle / 'attach')), 'charts that nobody asked for'
    members = {name: data for (_, name), data in archives(bundle / 'plain').items()}
    for r in made['plain']:
        data = members[r['file']]
        assert (str(len(data)), hashlib.sha256(data).hexdigest(), r['type']) == (r['bytes'], r['sha256'], 'application/pdf'), r['file']
        assert r['patient'] == 'PP-PAT-' + exams[r['exam']]['patient'] and r['captured'] == exams[r['exam']]['exam_at'], r
    for r in made['plain'][:3] + made['tree'][:2]:
        pdf = room / 'one.pdf'
        pdf.unlink(missing_ok=True)
        run(a.chartferry, 'chart', room / 'practice/practice.bak', '--templates', room / 'templates', '--patient', r['patient'], '--exam',
            r['exam'], '--pdf', pdf, good=(0, 3))
        assert pdf.read_bytes() == members[r['document'] + '.pdf'], '%s: the command draws it otherwise' % r['exam']


def check_extract(a, room, truth, missing):
    """Folders of documents alone, of all patients and of one."""
    out = room / 'out-extract'
    run(a.chartferry, 'extract', room / 'practice/practice.bak', '--templates', room / 'templates', '--documents', out, good=(0, 3))
    bundle = next(p for p in out.iterdir() if p.is_dir())
    run(a.chartferry, 'verify', bundle)
    folder = bundle / 'documents'
    files = {str(p.relative_to(folder)): p.read_bytes() for p in (folder / 'documents').rglob('*') if p.is_file()}
    hold_truth(truth, files, 'extract')
    index = rows_of((folder / 'documents.csv').read_bytes())
    made = rows_of((folder / 'documents_made.csv').read_bytes())
    assert sorted(r['file'] for r in index + made) == sorted(files), 'index and folders differ'
    for r in index + made:
        assert r['file'].split('/')[1] == (r['patient'] or 'without_patient') and hashlib.sha256(files[r['file']]).hexdigest() == r['sha256']
    left = rows_of((bundle / 'rejects/documents_documents.csv').read_bytes())
    assert {r['src_key'] for r in left} == {t['src_key'] for t in missing}, left
    one = index[0]['patient']
    for key in (one, one.rsplit('-', 1)[-1]):
        shutil.rmtree(out)
        run(a.chartferry, 'extract', room / 'practice/practice.bak', '--templates', room / 'templates', '--documents', out, '--patient', key, good=(0, 3))
        folder = next(p for p in out.iterdir() if p.is_dir()) / 'documents'
        found = {str(p.relative_to(folder)): p.read_bytes() for p in (folder / 'documents').rglob('*') if p.is_file()}
        assert found == {n: d for n, d in files.items() if n.split('/')[1] == one} and found, 'documents of one patient'
    said = run(a.chartferry, 'extract', room / 'practice/practice.bak', '--templates', room / 'templates', '--documents', room / 'nobody',
               '--patient', 'Nobody-17', good=(4,))
    assert 'CHT-1080' in said and 'Nobody-17' not in said and not any((room / 'nobody').glob('*')), said


def main():
    p = argparse.ArgumentParser()
    for name in ('chartferry', 'practice-gen', 'templates', 'folder'):
        p.add_argument('--' + name, required=True)
    a = p.parse_args()
    room = Path(a.folder)
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True)
    shutil.copytree(a.templates, room / 'templates')
    for name, files in FORMS.items():
        (room / 'templates/destinations' / name).mkdir()
        (room / 'templates/destinations' / name / 'destination.yaml').write_text(DESTINATION % (name, files))
    run(a.practice_gen, '--seed', 5, '--patients', 24, '--hard', 30, '--out', room / 'practice')
    truth = rows_of((room / 'practice/truth/document.csv').read_bytes())
    letters = rows_of((room / 'practice/truth/letter.csv').read_bytes())
    patients = rows_of((room / 'practice/truth/patient.csv').read_bytes())
    names = {r['last'] for r in patients if len(r['last']) > 3}
    missing = [t for t in truth if not t['sha256']]
    assert missing and any(t['mime_type'] == 'application/dicom' and t['file_name'].endswith('.jpg') for t in truth), 'no hard case'
    bundles = []
    for n, source in enumerate(['practice.bak', 'practice.bak', 'csv-extract', 'csv-ssms']):
        out = room / ('out%d' % n)
        run(a.chartferry, 'convert', room / 'practice' / source, '--templates', room / 'templates', '--to', ','.join(FORMS),
            '--out', out, good=(0, 3))
        bundles.append(next(p for p in out.iterdir() if p.is_dir()))
        run(a.chartferry, 'verify', bundles[-1])
        check_plain(bundles[-1], truth, letters, names)
        check_attach(bundles[-1], truth)
        check_tree(bundles[-1], truth)
        left = rows_of((bundles[-1] / 'rejects/plain_Files.csv').read_bytes())
        assert {r['src_key'] for r in left} == {t['src_key'] for t in missing} and all(r['code'] == 'DOC-1304' for r in left), left
    for path in sorted(bundles[0].rglob('*.zip')):
        assert path.read_bytes() == (bundles[1] / path.relative_to(bundles[0])).read_bytes(), '%s: not the same twice' % path.name
    # A file of the old system's share, beside the source or named by --documents, closes the gap.
    share = room / 'share/panda'
    share.mkdir(parents=True)
    for t in missing:
        (share / t['source_path'].rsplit('\\', 1)[-1]).write_bytes(b'%PDF-1.4 from the share ' + t['src_key'].encode())
    run(a.chartferry, 'convert', room / 'practice/practice.bak', '--templates', room / 'templates', '--to', 'tree', '--out',
        room / 'out-share', '--documents', room / 'share', good=(0, 3))
    found = {p.name: p.read_bytes() for p in (room / 'out-share').rglob('*') if p.parent.parent.name == 'files'}
    for t in missing:
        assert found['PP-DOC-%s.pdf' % t['src_key']] == b'%PDF-1.4 from the share ' + t['src_key'].encode()
    check_charts(a, room)
    check_extract(a, room, truth, missing)
    # What the run is not about leaves no content behind, neither documents nor letters nor their templates.
    run(a.chartferry, 'convert', room / 'practice/practice.bak', '--templates', room / 'templates', '--to', ','.join(FORMS),
        '--only', 'entities:patient', '--charts', 'all', '--out', room / 'out-scope', good=(0, 3))
    content = [p for p in (room / 'out-scope').rglob('*') if p.suffix == '.zip' or p.parent.parent.name == 'files']
    assert not content, content
    run(a.chartferry, 'convert', room / 'practice/practice.bak', '--templates', room / 'templates', '--to', 'plain', '--only',
        'without:document,letter_template', '--out', room / 'out-without', good=(0, 3))
    assert not [p for p in (room / 'out-without').rglob('*.zip')], 'documents were left out'
    shutil.rmtree(room)
    return 0


if __name__ == '__main__':
    sys.exit(main())
