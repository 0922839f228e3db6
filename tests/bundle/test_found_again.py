"""Reads the bundles for Zoho CRM, Pipedrive and HubSpot back with Python's csv alone, and looks for every exam of the invented practice in
them: exams in are exams findable, each with its numbers. Then what the systems demand of a file: limits, forbidden
characters, forms of dates, links that find exactly one record.

    test_found_again.py --practice-gen FILE --chartferry FILE [--templates FOLDER] [--patients N]"""
import argparse
import collections
import csv
import json
import os
import re
import subprocess
import sys
import tempfile

SITES = ['MB', 'B', 'DB', 'ML', 'L', 'DL']
MEASURES = {'PD': 'pd', 'REC': 'recession', 'CAL': 'cal', 'BOP': 'bop', 'SUP': 'suppuration', 'PLQ': 'plaque'}
ZOHO_INSTEAD = [('"', '\u201d'), ('|', '\u00a6'), ('<', '\u2039'), ('>', '\u203a')]
DATE, MOMENT = r'\d{4}-\d\d-\d\d$', r'\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?$'
csv.field_size_limit(1 << 30)


def rows_of(path):
    with open(path, encoding='utf-8-sig', newline='') as f:
        return list(csv.DictReader(f, strict=True))


class Bundle:
    def __init__(self, folder, wrong):
        self.folder, self.wrong = folder, wrong
        self.files = sorted(f for f in os.listdir(folder) if re.match(r'\d\d_.*\.csv$', f))

    def rows(self, name):
        """Of a file and its further parts."""
        return [r for f in self.files if re.fullmatch(re.escape(name) + r'(_\d+)?\.csv', f)
                for r in rows_of(os.path.join(self.folder, f))]

    def say(self, text):
        self.wrong.append(os.path.basename(self.folder) + ': ' + text)


# ---- the truth ----

def read_truth(folder):
    """Per exam: (patient, day, {tooth: {measure: six texts}})."""
    exams = {r['src_key']: (r['patient'], r['exam_at'], {}) for r in rows_of(os.path.join(folder, 'clinical_exam.csv'))}
    tooth = {}
    for r in rows_of(os.path.join(folder, 'tooth_record.csv')):
        key = r['fdi'] + ('S' if r['supernumerary'] == '1' else '')
        tooth[r['src_key']] = exams[r['exam']][2].setdefault(key, {m: [''] * 6 for m in MEASURES.values()})
    for r in rows_of(os.path.join(folder, 'site_measure.csv')):
        for m in MEASURES.values():
            tooth[r['tooth']][m][SITES.index(r['site'])] = r[m]
    return exams


def number(x):
    return '' if x in ('', '.', None) else '%g' % float(x)


def same_chart(truth, found):
    """Text of the first difference, or None."""
    if set(truth) != set(found):
        return 'teeth %s' % sorted(set(truth) ^ set(found))
    for t in truth:
        for m, values in truth[t].items():
            mine = found[t].get(m, [''] * 6)
            if [number(v) for v in values] != [number(v) for v in mine]:
                return 'tooth %s, %s: %s, not %s' % (t, m, mine, values)
    return None


def chart_of_json(text):
    chart = json.loads(text)
    assert chart['sites'] == SITES
    return {t['fdi'].replace('*', 'S'): {m: ['' if v is None else v for v in t.get(m, [None] * 6)] for m in MEASURES.values()}
            for t in chart['teeth']}


def chart_of_table(text):
    """The table that people read: groups between bars, a label and six values in each."""
    found, begun = {}, False
    for line in text.split('\n'):
        if line.startswith('FDI '):
            begun = True
            continue
        parts = [p.split() for p in re.split('[|\u00a6]', line)]
        if not begun or len(parts) < 3:
            continue
        values = {MEASURES[p[0]]: p[1:7] for p in parts[1:-1] if p and p[0] in MEASURES}
        found[parts[0][0].replace('*', 'S')] = {m: values.get(m, [''] * 6) for m in MEASURES.values()}
    return found


def find_exams(b, truth, found):
    """found: source key of an exam: its chart, as the bundle has it."""
    lost = [e for e in truth if e not in found]
    if lost:
        b.say('%d of %d exams are not to be found, such as %s' % (len(lost), len(truth), lost[0]))
    for e, (_, _, chart) in truth.items():
        wrong = e in found and same_chart(chart, found[e])
        if wrong:
            b.say('exam %s has another chart: %s' % (e, wrong))
            return


# ---- what every file must keep ----

def check_cells(b, most, rows_most, forbidden=''):
    for f in b.files:
        rows = rows_of(os.path.join(b.folder, f))
        if len(rows) > rows_most:
            b.say('%s has %d rows' % (f, len(rows)))
        for r in rows:
            for k, v in r.items():
                if k is None or v is None:
                    b.say('%s: a row is longer or shorter than its heading' % f)
                    return
                if len(v.encode('utf-16-le')) // 2 > most:
                    b.say('%s: %s is longer than %d' % (f, k, most))
                bad = [c for c in forbidden if c in v]
                if bad:
                    b.say('%s: %s holds %s' % (f, k, bad))
                if re.search(r'\r', v):
                    b.say('%s: %s holds a carriage return' % (f, k))


def check_form(b, file, column, form, may_be_empty=True):
    for r in b.rows(file):
        if not re.match(form, r[column]) and (r[column] or not may_be_empty):
            b.say('%s: %s is %r' % (file, column, r[column]))
            return


def check_keys(b, files, column):
    keys = [r[column] for f in files for r in b.rows(f)]
    if len(set(keys)) != len(keys):
        b.say('%s of %s is not unique' % (column, files))
    return set(keys)


def check_links(b, file, column, keys, needed=False):
    for r in b.rows(file):
        if r[column] not in keys and (r[column] or needed):
            b.say('%s: %s leads nowhere: %r' % (file, column, r[column]))
            return


# ---- Zoho ----

def parts_joined(b, first, column, rest, content):
    """Texts whose end is in notes of their own."""
    more = collections.defaultdict(list)
    for r in b.rows(rest):
        key, part = re.fullmatch(r'(.*)_part(\d+)', r['Source Key']).groups()
        more[key].append((int(part), r[content]))
    return {r['Source Key']: r[column] + ''.join(t for _, t in sorted(more[r['Source Key']])) for r in b.rows(first)}


def check_zoho(b, truth):
    key = lambda k: k.split('-EXM-')[1]
    json_text = parts_joined(b, '09_PANDA_Charting', 'Chart JSON', '23_Notes_Chart_JSON_Rest', 'Note Content')
    table = parts_joined(b, '09_PANDA_Charting', 'Chart Table', '24_Notes_Chart_table_Rest', 'Note Content')
    find_exams(b, truth, {key(k): chart_of_json(t.replace("'", '"')) for k, t in json_text.items() if t})
    find_exams(b, truth, {key(k): chart_of_table(t) for k, t in table.items() if t})
    contacts = check_keys(b, ['04_Contacts_Providers', '05_Contacts_Patients'], 'Source Key')
    accounts = check_keys(b, ['02_Accounts_Locations', '03_Accounts_Organizations'], 'Source Key')
    exams, deals = check_keys(b, ['09_PANDA_Charting'], 'Source Key'), check_keys(b, ['07_Deals'], 'Source Key')
    products = check_keys(b, ['06_Products'], 'Source Key')
    check_links(b, '05_Contacts_Patients', 'Account Name', accounts)
    check_links(b, '07_Deals', 'Contact Name', contacts, True)
    check_links(b, '08_PANDA_Plan_Lines', 'Deal', deals, True)
    check_links(b, '08_PANDA_Plan_Lines', 'Product', products)
    check_links(b, '09_PANDA_Charting', 'Contact', contacts, True)
    check_links(b, '10_PANDA_Teeth', 'Charting', exams, True)
    for f in ('17_Notes', '19_Notes_Referrals'):
        check_links(b, f, 'Parent ID', contacts, True)
    # The trial stands by itself: what its rows point to is in it.
    trial = Bundle(os.path.join(b.folder, '00_trial'), b.wrong)
    people = check_keys(trial, ['04_Contacts_Providers', '05_Contacts_Patients'], 'Source Key')
    for f, column in (('07_Deals', 'Contact Name'), ('09_PANDA_Charting', 'Contact'), ('17_Notes', 'Parent ID')):
        check_links(trial, f, column, people, True)
    check_links(trial, '08_PANDA_Plan_Lines', 'Product', check_keys(trial, ['06_Products'], 'Source Key'))
    check_links(trial, '08_PANDA_Plan_Lines', 'Deal', check_keys(trial, ['07_Deals'], 'Source Key'), True)
    check_form(b, '09_PANDA_Charting', 'Exam Date', DATE, False)
    check_form(b, '05_Contacts_Patients', 'Date of Birth', DATE)
    check_form(b, '07_Deals', 'Closing Date', DATE, False)
    check_form(b, '16_Events', 'From', MOMENT, False)
    check_form(b, '16_Events', 'To', MOMENT, False)
    check_cells(b, 32000, 20000, '"|<>')
    visits = collections.Counter(r['Contact'] for r in b.rows('09_PANDA_Charting'))
    for r in b.rows('05_Contacts_Patients'):
        if int(r['Exams In All']) != visits[r['Source Key']]:
            b.say('a contact counts %s exams and has %d records' % (r['Exams In All'], visits[r['Source Key']]))
    # Names as API names may be.
    for r in rows_of(os.path.join(b.folder, 'field-sheet.csv')):
        if not re.fullmatch(r'[A-Za-z](?:_?[A-Za-z0-9])*', r['API name or key']):
            b.say('an API name: %r' % r['API name or key'])


# ---- Pipedrive ----

def check_pipedrive(b, truth):
    exams = notes_joined(b, 'Note - Content', '08_Note_Exam', '09_Note_Exam_Rest')
    found = {k.split('-EXM-')[1]: chart_of_table(t) for k, t in exams.items()}
    find_exams(b, truth, {k: c for k, c in found.items() if c})
    for k, text in exams.items():
        if not text.startswith('Periodontal chart ' + truth[k.split('-EXM-')[1]][1][:10]):
            b.say('the note of exam %s does not begin with its day' % k)
    persons = rows_of(os.path.join(b.folder, '03_Person.csv'))
    who = {(r['Person - Name'], r['Organization - Name'], r['Organization - Address']) for r in persons}
    if len({r['Person - Name'] for r in persons}) != len(persons):
        b.say('two persons have one name')
    for f in b.files:
        for r in rows_of(os.path.join(b.folder, f)):
            if 'Person - Name' not in r:
                break
            if (r['Person - Name'], r['Organization - Name'], r['Organization - Address']) not in who:
                b.say('%s: no person of that name and organization' % f)
                break
    places = {(r['Organization - Name'], r['Organization - Address']) for f in ('01_Organization', '02_Organization_Locations')
              for r in b.rows(f)} | {('No referring practice', '')}
    for r in persons:
        if (r['Organization - Name'], r['Organization - Address']) not in places:
            b.say('a person belongs to an organization that no file has')
            break
    check_form(b, '03_Person', 'Person - Birth date', DATE)
    check_form(b, '05_Activity_Visit', 'Activity - Due date', DATE, False)
    check_form(b, '05_Activity_Visit', 'Activity - Due time', r'\d\d:\d\d$', False)
    check_form(b, '05_Activity_Visit', 'Activity - Duration', r'\d\d:\d\d$')
    check_form(b, '04_Deal', 'Deal - Stage', 'Treatment Planning$', False)
    check_cells(b, 60000, 50000)
    # The latest chart of each patient with a plan stands on exactly one of the plans.
    latest = {}
    for e, (patient, moment, chart) in truth.items():
        if chart and (moment, e) > latest.get(patient, ('', '', None))[:2]:
            latest[patient] = (moment, e, chart)
    on = collections.defaultdict(list)
    patients = set()
    for r in b.rows('04_Deal'):
        patient = re.search(r'\((\w+)\)$', r['Person - Name'])[1]
        patients.add(patient)
        if r['Deal - Perio chart (JSON)']:
            on[patient].append(chart_of_json(r['Deal - Perio chart (JSON)']))
    for p in patients & set(latest):
        if len(on[p]) != 1 or same_chart(latest[p][2], on[p][0]):
            b.say('the latest chart of a patient stands on %d plans, or is another one' % len(on[p]))
            break
    made = [r for r in rows_of(os.path.join(b.folder, 'field-sheet.csv'))]
    if len(made) > 100:
        b.say('%d fields to make, the plan Growth takes 100' % len(made))


def notes_joined(b, content, first, rest):
    key = 'Source key (do not map)'
    more = collections.defaultdict(list)
    for r in b.rows(rest):
        base, part = re.fullmatch(r'(.*)_part(\d+)', r[key]).groups()
        more[base].append((int(part), r[content]))
    return {r[key]: r[content] + ''.join(t for _, t in sorted(more[r[key]])) for r in b.rows(first)}


# ---- HubSpot ----

def check_hubspot(b, truth):
    exams = notes_joined(b, 'Note body', '06_Notes_Exams', '07_Notes_Exams_Rest')
    find_exams(b, truth, {k.split('-EXM-')[1]: chart_of_table(t) for k, t in exams.items()})
    contacts = check_keys(b, ['03_Contacts_Providers', '04_Contacts_Patients'], 'Source key')
    for f in ('05_Deals', '06_Notes_Exams', '08_Notes_Clinical', '14_Tasks_Flags', '16_Meetings'):
        check_links(b, f, 'Contact source key', contacts, True)
    mails = [r['Email'] for r in b.rows('04_Contacts_Patients') if r['Email']]
    if len(set(mails)) != len(mails):
        b.say('two contacts have one address')
    check_form(b, '04_Contacts_Patients', 'Date of birth in source', DATE)
    check_form(b, '06_Notes_Exams', 'Activity date', DATE, False)
    check_form(b, '16_Meetings', 'Meeting start time', MOMENT, False)
    check_cells(b, 65536, 1048576)


def check_own(b, values, instead=()):
    """The practice's own values stand somewhere: in a field, or in a text."""
    text = ''.join(open(os.path.join(b.folder, f), encoding='utf-8-sig', newline='').read() for f in b.files)
    for name, value in values:
        for c, other in instead:
            value = value.replace(c, other)
        if value.replace('"', '""') not in text:
            b.say('a value of %s is not to be found' % name)


CHECKS = {'zoho': check_zoho, 'pipedrive': check_pipedrive, 'hubspot': check_hubspot}


def convert(a, made, out, destinations, *more):
    done = subprocess.run([a.chartferry, 'convert', os.path.join(made, 'practice.bak'), '--to', ','.join(destinations), '--out', out,
                           *more], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit('convert ended with %d\n%s' % (done.returncode, (done.stdout + done.stderr)[-3000:]))
    return os.path.join(out, os.listdir(out)[0])


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--practice-gen', required=True)
    p.add_argument('--chartferry', required=True)
    p.add_argument('--templates')
    p.add_argument('--patients', default='12')
    a = p.parse_args()
    if a.templates:
        os.environ['CHARTFERRY_TEMPLATES'] = a.templates
    wrong = []
    with tempfile.TemporaryDirectory(prefix='bundle-') as room:
        made = os.path.join(room, 'practice')
        subprocess.run([a.practice_gen, '--seed', '5', '--patients', a.patients, '--hard', '0', '--out', made], check=True)
        truth = read_truth(os.path.join(made, 'truth'))
        own = [(r['name'], r['value']) for r in rows_of(os.path.join(made, 'truth', 'custom_value.csv')) if r['value']]
        run = convert(a, made, os.path.join(room, 'out'), CHECKS)
        for name, check in CHECKS.items():
            check(Bundle(os.path.join(run, name), wrong), truth)
            check_own(Bundle(os.path.join(run, name), wrong), own, ZOHO_INSTEAD if name == 'zoho' else ())
        # The plan Lite has 30 fields: the rest is in notes, and no exam is lost by it.
        lite = convert(a, made, os.path.join(room, 'lite'), ['pipedrive'], '--edition', 'lite')
        b = Bundle(os.path.join(lite, 'pipedrive'), wrong)
        fields = len(rows_of(os.path.join(b.folder, 'field-sheet.csv')))
        if fields > 30:
            b.say('%d fields to make, the plan Lite takes 30' % fields)
        if len(b.rows('16_Note_Person')) != len(b.rows('03_Person')):
            b.say('the plan Lite has no note for each person')
        find_exams(b, truth, {k.split('-EXM-')[1]: chart_of_table(t) for k, t in notes_joined(b, 'Note - Content', '08_Note_Exam', '09_Note_Exam_Rest').items()})
        # The check can fail: with one site of the truth changed, each destination must be found wrong.
        e, t = next((e, t) for e in truth for t in truth[e][2] if truth[e][2][t]['pd'][0])
        truth[e][2][t]['pd'][0] = str(int(float(truth[e][2][t]['pd'][0])) + 1)
        for name, check in CHECKS.items():
            told = []
            check(Bundle(os.path.join(run, name), told), truth)
            if not any('has another chart' in x for x in told):
                wrong.append('%s: a chart that is not the truth was not noticed' % name)
    for line in wrong:
        print(line)
    print('%d exams looked for in %s: %d things wrong' % (len(truth), ', '.join(CHECKS), len(wrong)))
    sys.exit(bool(wrong))


if __name__ == '__main__':
    main()
