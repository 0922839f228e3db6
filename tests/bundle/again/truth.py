"""The generator's truth held against what a CRM would hold after the load.

A reader gives the CRM: kind of record (the three letters in its key) -> key -> fields, as the destination's own importer would have
filled them. An answer table says where each field that the truth knows must have arrived; a field of the truth that has a value
and no answer is a difference too. Nothing of the program is asked: no template, no manifest, no canonical bundle."""
import collections
import csv
import hashlib
import json
import pathlib
import re
from decimal import Decimal, InvalidOperation

csv.field_size_limit(1 << 30)
SITES = ['MB', 'B', 'DB', 'ML', 'L', 'DL']
KINDS = {'practice_location': 'LOC', 'organization': 'ORG', 'provider': 'PRV', 'patient': 'PAT', 'guarantor': 'GUA', 'clinical_exam': 'EXM',
         'tooth_record': 'TTH', 'custom_finding': 'CUF', 'radiograph': 'RAD', 'diagnosis': 'DIA', 'treatment_plan': 'PLN',
         'plan_line': 'PLL', 'clinical_note': 'NOT', 'workflow_flag': 'FLG', 'referral': 'REF', 'document': 'DOC', 'letter': 'LET',
         'letter_template': 'LTP', 'appointment': 'APT', 'insurance_policy': 'INS', 'billing_line': 'BIL', 'recall': 'RCL'}
# Values of charts that a planted case may leave empty, and tables whose rows the list of cases names.
OF_TABLE = {'ClinicalExam': 'clinical_exam', 'TreatmentPlanLine': 'plan_line', 'SOAPNotes': 'clinical_note'}


def rows_of(path):
    with open(path, encoding='utf-8-sig', newline='') as f:
        return list(csv.DictReader(f, strict=True))


def units(text):
    return len(text.encode('utf-16-le')) // 2


def key_of(key):
    """(kind, number in the source) of a source key: `.x` is a small letter, `_3A` a byte in hexadecimal."""
    m = re.fullmatch(r'[A-Z0-9]+-([A-Z]{3})-(.*)', key)
    if not m:
        return None, key
    text = re.sub(r'_([0-9A-F]{2})', lambda x: chr(int(x[1], 16)), m[2])
    return m[1], re.sub(r'\.([a-z])', r'\1', text)


def number(text):
    try:
        return Decimal(text) + 0
    except (InvalidOperation, TypeError):
        return text


def finding_line(exam, tooth, name, value):
    """As people read it: exam, colon, tooth in FDI; without a tooth it is of the mouth."""
    return ' '.join(filter(None, (tooth and '%s:%s' % (exam, tooth), name, value)))


class Truth:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.rows = {}
        for name in KINDS:
            path = folder / (name + '.csv')
            rows = rows_of(path) if path.exists() else []
            self.rows[name] = rows if name == 'custom_finding' else {r['src_key']: r for r in rows}
        self.sites = collections.defaultdict(dict)
        for r in rows_of(folder / 'site_measure.csv'):
            self.sites[r['tooth']][r['site']] = r
        self.teeth = collections.defaultdict(list)
        for r in self.rows['tooth_record'].values():
            self.teeth[r['exam']].append(r)
        self.customs = [r for r in rows_of(folder / 'custom_value.csv')]
        self.cases = rows_of(folder / 'cases.csv')
        self.misnamed = {c['key'] for c in self.cases if c['table'] == 'Document' and c['code'] == 'FILE_TYPE_DIFFERS'}
        self.or_empty = {(OF_TABLE[c['table']], c['key'], 'numbering') for c in self.cases
                         if c['outcome'] == 'or_empty' and c['column'] == 'ToothNumberingSystem'}

    def rejected(self, table):
        return {c['key'] for c in self.cases if c['table'] == table and c['outcome'] == 'rejected'}

    def leave_out(self, exams):
        """Exams that were rejected whole: nothing can refer to them."""
        for key in exams:
            self.rows['clinical_exam'].pop(key)
            for tooth in self.teeth.pop(key, ()):
                self.rows['tooth_record'].pop(tooth['src_key'])
        self.rows['custom_finding'] = [r for r in self.rows['custom_finding'] if r['exam'] not in exams]
        self.customs = [r for r in self.customs if r['entity'] != 'clinical_exam' or r['record'] not in exams]
        for name in ('radiograph', 'document'):
            for r in self.rows[name].values():
                if r.get('exam') in exams:
                    r['exam'] = ''


# ---- how a field may stand in the CRM: each gives what is wrong, or None ----

class Answer:
    def __init__(self, field):
        self.field = field

    def check(self, c, got, want, row):
        raise NotImplementedError


class Text(Answer):
    """As it is; cut only to the length of the field, and then the whole of it is in the list of exceptions."""

    def check(self, c, got, want, row):
        have, want = got.get(self.field) or '', c.crm.written(want)
        if have == want:
            return None
        if have and want.startswith(have) and units(have) == c.crm.length(got, self.field) and c.listed_whole(want):
            return None
        return 'is not the text of the truth'


class Number(Answer):
    def check(self, c, got, want, row):
        have = got.get(self.field) or ''
        return None if have == want or number(have) == number(want) else 'is not the number of the truth'


class Choice(Answer):
    """The word that people see, through the definitions of the package."""

    def __init__(self, field, words):
        super().__init__(field)
        self.words = words

    def check(self, c, got, want, row):
        have = got.get(self.field) or ''
        return None if have == (self.words[want] if want else '') else 'is not the choice of the truth'


class Link(Answer):
    """To the record of that kind and number, which must be there."""

    def __init__(self, field, *kinds):
        super().__init__(field)
        self.kinds = kinds

    def check(self, c, got, want, row):
        have = got.get(self.field) or ''
        if not have or not want:
            return None if have == want else 'leads somewhere only on one side'
        kind, key = key_of(have)
        if not any(have in c.crm.records.get(k, {}) for k in self.kinds):
            return 'leads nowhere'
        if want.startswith('@'):
            return c.derived(want, c.crm.records[kind][have])
        return None if kind in self.kinds and key == want else 'leads elsewhere'


class Join(Answer):
    def __init__(self, field, names, separator):
        super().__init__(field)
        self.names, self.separator = names, separator

    def check(self, c, got, want, row):
        want = self.separator.join(row[n] for n in self.names if row[n])
        return Text(self.field).check(c, got, want, row)


class Call(Answer):
    """Where a rule of its own is needed: function(crm record, value of the truth, record of the truth) -> bool."""

    def __init__(self, rule, why):
        super().__init__(None)
        self.rule, self.why = rule, why

    def check(self, c, got, want, row):
        return None if self.rule(got, want, row) else self.why


class Nowhere(Answer):
    """A value that the destination does not take; said here so that it is no accident."""

    def __init__(self, reason):
        super().__init__(None)
        self.reason = reason

    def check(self, c, got, want, row):
        return None


class Both(Answer):
    def __init__(self, *answers):
        super().__init__(None)
        self.answers = answers

    def check(self, c, got, want, row):
        return next((w for w in (a.check(c, got, want, row) for a in self.answers) if w), None)


# ---- the comparison ----

class Comparison:
    def __init__(self, truth, crm, answers, run_folder):
        self.truth, self.crm, self.answers = truth, crm, answers
        self.wrong = collections.Counter()
        self.example = {}
        self.carriers = {}
        self.run_folder = pathlib.Path(run_folder)
        path = self.run_folder / 'exceptions.csv'
        self.exceptions = rows_of(path) if path.exists() else []
        self.kept_whole = {r['value'] for r in self.exceptions}
        self.compared = collections.Counter()

    def listed_whole(self, want):
        return any(self.crm.written(v) == want for v in self.kept_whole)

    def say(self, kind, example):
        self.wrong[kind] += 1
        self.example.setdefault(kind, example)

    def lines(self):
        return ['%s (%d times), such as %s' % (k, n, self.example[k]) for k, n in self.wrong.items()]

    def derived(self, want, record):
        """An organization that is made of a value. What a carrier's normal name is, the program decides; but each has one."""
        kind, name = want[1:].split(':', 1)
        if kind == 'carrier':
            known = self.carriers.setdefault(name, record['key'])
            unique = list(self.carriers.values()).count(record['key']) == 1
            return None if known == record['key'] and unique else 'leads to another insurer'
        return None if record['name'] == name else 'leads to another organization'

    def check_rejects(self):
        """What was rejected is what was planted, and exams of it are left out everywhere."""
        for table, entity in OF_TABLE.items():
            path = self.run_folder / 'rejects' / (entity + '.csv')
            listed = {r['src_key'] for r in rows_of(path)} if path.exists() else set()
            if listed != self.truth.rejected(table):
                self.say(entity + ': rejected', '%s, planted %s' % (sorted(listed)[:4], sorted(self.truth.rejected(table))[:4]))
        self.truth.leave_out(self.truth.rejected('ClinicalExam') & set(self.truth.rows['clinical_exam']))

    def check_entities(self):
        for entity, about in self.answers.items():
            for place in about if isinstance(about, list) else [about]:
                self.check_entity(entity, place)

    def check_entity(self, entity, place):
        kind = KINDS[entity]
        found = {key_of(k)[1]: r for k, r in self.crm.table(place['in'], kind).items()}
        truth = {k: r for k, r in self.truth.rows[entity].items() if not k.startswith('@') and place.get('only', lambda r: True)(r)}
        for key in truth.keys() - found.keys():
            self.say('%s: missing in %s' % (entity, place['in']), key)
        for key in found.keys() - truth.keys():
            if not place.get('more', lambda key: False)(key):
                self.say('%s: too much in %s' % (entity, place['in']), key)
        for key in truth.keys() & found.keys():
            self.check_record(entity, place, key, found[key], truth[key])

    def check_record(self, entity, place, key, got, row):
        for field, want in row.items():
            if field == 'src_key':
                continue
            answer = place['fields'].get(field)
            if answer is None:
                if want and not place.get('partly'):
                    self.say('%s.%s: nobody says where it is in %s' % (entity, field, place['in']), key)
                continue
            self.compared[entity] += 1
            wrong = answer.check(self, got, want, row)
            if wrong and (entity, key, field) in self.truth.or_empty:
                wrong = answer.check(self, got, '', row)
            if wrong:
                self.say('%s.%s %s' % (entity, field, wrong), 'key %s: %r, right is %r' % (
                    key, (got.get(answer.field) or '')[:60] if answer.field else '', want[:60]))

    # ---- charts ----

    def check_charts(self, charts):
        """charts: exam -> the chart as JSON."""
        for exam in self.truth.rows['clinical_exam']:
            want = {self.tooth_name(t): t for t in self.truth.teeth[exam]}
            chart = json.loads(charts.get(exam) or '{"teeth": []}')
            got = {t['fdi'].replace('*', 'S'): t for t in chart['teeth']}
            if want.keys() != got.keys():
                self.say('chart: teeth', 'exam %s: %s' % (exam, sorted(want.keys() ^ got.keys())[:5]))
            for name in want.keys() & got.keys():
                self.check_tooth_json(exam, want[name], got[name])

    @staticmethod
    def tooth_name(t):
        return t['fdi'] + ('S' if t['supernumerary'] == '1' else '')

    def check_tooth_json(self, exam, want, got):
        sites = self.truth.sites[want['src_key']]
        pairs = [(want['status'], got.get('status', '')), (want['mobility'], got.get('mobility')), (want['note'], got.get('note', '')),
                 (want['miller_recession'], got.get('miller', '')), (want['cairo'], got.get('cairo', '')),
                 (want['keratinized_width'], got.get('keratinized_width')), (want['mgj'], got.get('mgj')),
                 (want['plaque_index'], got.get('plaque_index'))]
        pairs += [(want['furcation_%s_grade' % e.lower()], got.get('furcation', {}).get(e)) for e in 'BMDL']
        for m in ('pd', 'recession', 'cal', 'cal_source', 'bop', 'suppuration', 'plaque', 'calculus'):
            pairs += [(sites[s][m] if s in sites else '', (got.get(m) or [None] * 6)[i]) for i, s in enumerate(SITES)]
        self.compared['chart'] += len(pairs)
        pairs = [(a, '' if b is None else str(b)) for a, b in pairs]
        bad = [(a, b) for a, b in pairs if a != b and number(a) != number(b)]
        if bad:
            self.say('chart: a value', 'exam %s tooth %s: %s' % (exam, want['fdi'], bad[:2]))

    def check_findings(self, found):
        """found: Counter of (exam, line of tooth, name and value)."""
        want = collections.Counter((r['exam'], finding_line(r['exam'], r['tooth'].split(':')[-1], r['name'], r['value']))
                                   for r in self.truth.rows['custom_finding'])
        self.compared['custom_finding'] += sum(want.values())
        for what in (want - found):
            self.say('custom_finding: missing', repr(what))
        for what in (found - want):
            self.say('custom_finding: too much', repr(what))

    # ---- own values and files ----

    def check_customs(self, place, means):
        """place: entity -> table; a value is in the field whose label is its name. Several of one name are joined."""
        want = collections.defaultdict(list)
        for r in self.truth.customs:
            if r['value'] and r['record'] in self.truth.rows[r['entity']]:
                want[r['entity'], r['record'], r['name']].append(r['value'])
        tables = {e: {key_of(k)[1]: r for k, r in self.crm.table(t, KINDS[e]).items()} for e, t in place.items()}
        for (entity, key, name), values in want.items():
            field = self.crm.field_labelled(place[entity], name)
            got = (tables[entity].get(key) or {}).get(field) or ''
            self.compared['custom_value'] += 1
            if field is None or sorted(map(means, got.split('; '))) != sorted(map(means, values)):
                self.say('custom_value %s' % name, '%s %s: %r, right is %r' % (entity, key, got, values))

    def check_files(self, files):
        """files: number of the document -> (patient's number, bytes, name for people)."""
        for key, row in self.truth.rows['document'].items():
            if not row.get('sha256'):
                continue
            patient, content, name = files.get(key, ('', b'', ''))
            self.compared['file'] += 1
            if hashlib.sha256(content).hexdigest() != row['sha256'] or len(content) != int(row['size']):
                self.say('document: its bytes', key)
            stem = pathlib.PurePath(row['file_name']).stem if key in self.truth.misnamed else None
            if patient != row['patient'] or (pathlib.PurePath(name).stem if stem else name) != (stem or row['file_name']):
                self.say('document: whose and what it is called', '%s: %s' % (key, patient))
