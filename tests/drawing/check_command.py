#!/usr/bin/env python3
"""`chartferry chart` over an invented practice, each drawing held against the practice's truth with the eyes of check_drawing.py.

usage: check_command.py --chartferry FILE --practice-gen FILE --templates FOLDER --folder ROOM"""
import argparse
import csv
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import charts
import check_drawing as drawing

SYSTEMS = ('universal', 'fdi', 'palmer')
OF_EACH = 2
PATIENT, SEVERAL, EXAM, CHARTLESS = 'CHT-1080', 'CHT-1081', 'CHT-1082', 'CHT-1083'


def rows_of(path):
    with open(path, encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


def tenths(text): return None if text == '' else round(float(text) * 10)


def mark(text): return {'': None, 'true': True, 'false': False, '1': True, '0': False}[text]


def truth_of(folder):
    """{exam: charts.Exam}"""
    exams, teeth = {}, {}
    sites = defaultdict(list)
    for r in rows_of(folder / 'site_measure.csv'): sites[r['tooth']].append(r)
    for r in rows_of(folder / 'clinical_exam.csv'):
        e = charts.Exam('PP-EXM-' + r['src_key'], r['exam_at'][:10], r['numbering'], None)
        e.patient = r['patient']
        exams[r['src_key']] = e
    for r in rows_of(folder / 'tooth_record.csv'):
        t = charts.Tooth(int(r['fdi']), r['supernumerary'] in ('1', 'true'), r['status'] or None, tenths(r['mobility']))
        for s in sites[r['src_key']]:
            t.site(s['site'], tenths(s['pd']), tenths(s['recession']), mark(s['bop']), mark(s['suppuration']), mark(s['plaque']))
            t.loss = getattr(t, 'loss', {})
            t.loss[s['site']] = tenths(s['cal'])
        exams[r['exam']].teeth.append(t)
    return exams


class Command:
    def __init__(self, a, source):
        self.a, self.source, self.room = a, source, Path(a.folder)

    def run(self, *more, good=(0, 3)):
        pdf = self.room / 'chart.pdf'
        pdf.unlink(missing_ok=True)
        done = subprocess.run([self.a.chartferry, 'chart', str(self.source), '--templates', self.a.templates, '--pdf', str(pdf), *more],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert done.returncode in good, '%r ended with %d\n%s' % (more, done.returncode, done.stderr[-2000:])
        assert pdf.exists() == (done.returncode in (0, 3)), 'a file is there, or is not, against the end'
        return pdf, done.stdout + done.stderr


def check_exam(command, exam):
    pdf, _ = command.run('--patient', exam.patient, '--exam', exam.key)
    words, stream = drawing.pages_of(pdf), drawing.streams_of(pdf)
    assert len(words) == len(stream) == 1, 'one page'
    page = drawing.Page(words[0], exam)
    drawing.check_numbers(page, exam)
    drawing.check_marks(page, stream[0], exam)
    expected = drawing.rows_expected(exam)
    for key in [(u, l, k) for u in (True, False) for l in (True, False) for k in ('Depth', 'Recession')]:
        assert page.row(*key) == expected.get(key, {}), '%s: %r' % (exam.key, key)
    text = ' '.join(w.text for w in words[0])
    assert exam.day in text and exam.key in text and 'PP-PAT-' + exam.patient in text


def main():
    p = argparse.ArgumentParser()
    for name in ('chartferry', 'practice-gen', 'templates', 'folder'):
        p.add_argument('--' + name, required=True)
    a = p.parse_args()
    if not shutil.which('pdftotext'):
        print('poppler-utils are not installed')
        return drawing.SKIPPED
    room = Path(a.folder)
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True)
    drawing.run(a.practice_gen, '--seed', 9, '--patients', 24, '--hard', 0, '--out', room / 'practice')
    truth = truth_of(room / 'practice/truth')
    command = Command(a, room / 'practice/practice.bak')
    drawn = [e for e in truth.values() if e.teeth and e.system in SYSTEMS]
    some = [[e for e in drawn if e.system == system][:OF_EACH] for system in SYSTEMS]
    assert sum(map(bool, some)) > 1, 'exams of one numbering only'
    for e in sum(some, []): check_exam(command, e)

    by_patient = defaultdict(list)
    for e in drawn: by_patient[e.patient].append(e)
    patient, exams = max(by_patient.items(), key=lambda item: len(item[1]))
    exams = sorted(exams, key=lambda e: e.day, reverse=True)[:5]
    pdf, said = command.run('--patient', patient)
    pages = drawing.pages_of(pdf)
    assert len(exams) > 1 and len(pages) == 1 + len(exams) and '%d exams drawn' % len(exams) in said, said
    drawing.check_compare(pages[0], exams)
    first = pdf.read_bytes()
    assert command.run('--patient', patient)[0].read_bytes() == first, 'the same exams gave other bytes'
    assert len(drawing.pages_of(command.run('--patient', patient, '--last', '1')[0])) == 1

    # By the key of a bundle and by the number on the chart; the name only where it is asked for.
    person = next(r for r in rows_of(room / 'practice/truth/patient.csv') if r['src_key'] == patient)
    assert command.run('--patient', 'PP-PAT-' + patient)[0].read_bytes() == first
    if person['chart_number']: assert command.run('--patient', person['chart_number'])[0].read_bytes() == first
    assert person['last'] not in drawing.run('pdftotext', pdf, '-')
    assert person['last'] in drawing.run('pdftotext', command.run('--patient', patient, '--show-name')[0], '-')

    # What is not there is said without repeating what was asked.
    for more, code in ((('--patient', 'Nobody-17'), PATIENT), (('--patient', patient, '--exam', 'Nobody-17'), EXAM)):
        _, said = command.run(*more, good=(4,))
        assert code in said and 'Nobody' not in said, said
    bare = [r['src_key'] for r in rows_of(room / 'practice/truth/patient.csv') if r['src_key'] not in {e.patient for e in truth.values()}]
    if bare: assert CHARTLESS in command.run('--patient', bare[0], good=(4,))[1]
    table = room / 'practice/csv-extract/dbo.Patient.csv'
    people = rows_of(table)
    for r in people[:2]: r['ChartNumber'] = 'Shared-17'
    with open(table, 'w', encoding='utf-8', newline='') as f:
        out = csv.DictWriter(f, people[0].keys())
        out.writeheader()
        out.writerows(people)
    _, said = Command(a, table.parent).run('--patient', 'Shared-17', good=(4,))
    assert SEVERAL in said and 'Shared' not in said, said
    done = subprocess.run([a.chartferry, 'chart', str(command.source), '--templates', a.templates, '--patient', patient, '--pdf', str(room / 'practice/practice.mdf')],
                          capture_output=True, text=True)
    assert done.returncode == 5, 'wrote over a file'
    shutil.rmtree(room)
    return 0


if __name__ == '__main__':
    sys.exit(main())
