"""What Dataverse would hold after the load of a bundle: the uploads in the order of uploads/order.csv, each file through its data map
- headings to columns, choices to the option values of the solution and back to their labels, links by the column that the map names
and only where exactly one row has it. And where each field of the truth must be in it."""
import collections
import csv
import html
import io
import json
import pathlib
import re
import xml.etree.ElementTree as ET
import zipfile

from again import truth
from again.truth import Both, Call, Choice, Join, Link, Nowhere, Number, Text, key_of, rows_of

STANDARD = {'lastname': 50, 'firstname': 50, 'middlename': 50, 'description': 2000, 'subject': 200, 'location': 200, 'notetext': 100000,
            'category': 250, 'jobtitle': 100, 'name': 160}
GENDER = {'1': 'Male', '2': 'Female'}


class Crm:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.lengths, self.options, self.labels = {}, {}, {}
        self.records = collections.defaultdict(dict)
        self.tables = collections.defaultdict(dict)
        self.found_by = collections.defaultdict(collections.Counter)    # (table, column) -> value -> rows
        self.wrong = []
        self.read_solution()
        self.users()
        for step in rows_of(self.folder / 'uploads' / 'order.csv'):
            self.load(step)

    def read_solution(self):
        with zipfile.ZipFile(self.folder / 'solution' / 'PracticeRecords.zip') as z:
            root = ET.fromstring(z.read('customizations.xml'))
        for e in root.findall('Entities/Entity'):
            table = e.findtext('Name').lower()
            for a in e.findall('EntityInfo/entity/attributes/attribute'):
                column = (table, a.findtext('LogicalName'))
                self.lengths[column] = int(a.findtext('MaxLength') or 0)
                self.labels[table, a.find('displaynames/displayname').get('description')] = column[1]
                self.options[column] = {o.get('value'): o.find('labels/label').get('description') for o in a.findall('optionset/options/option')}

    def users(self):
        """The administrator makes them and puts in the ids of the old system."""
        path = self.folder / '01_User.csv'
        for r in rows_of(path) if path.exists() else ():
            record = {self.labels.get(('systemuser', h), h): v for h, v in r.items()}
            record.update(key=r['Source Key'], table='systemuser', name=r['Full Name'], internalemailaddress=r['Primary Email'])
            self.tables['systemuser'][r['Source Key']] = self.records['PRV'][r['Source Key']] = record
        for mail in {r['internalemailaddress'] for r in self.tables['systemuser'].values()}:
            self.found_by['systemuser', 'internalemailaddress'][mail] = 1

    def load(self, step):
        upload, name = self.folder / step['Upload'], step['File']
        data = upload.read_bytes()
        if upload.suffix == '.zip':
            with zipfile.ZipFile(upload) as z:
                data = z.read(name)
        stem = pathlib.Path(name).stem
        maps = [m for m in ET.parse(self.folder / step['Data map']).getroot().iter('EntityMap') if m.get('SourceEntityName') == stem]
        if len(maps) != 1:
            self.wrong.append('%s: %d maps' % (name, len(maps)))
            return
        self.load_rows(maps[0], csv.DictReader(io.StringIO(data.decode('utf-8-sig'), newline=''), strict=True), step)

    def load_rows(self, m, rows, step):
        table = m.get('TargetEntityName')
        columns = {a.findtext('SourceAttributeName'): a for a in m.iter('AttributeMap')}
        before = {k: dict(v) for k, v in self.found_by.items()}
        count = 0
        for row in rows:
            count += 1
            record = {'table': table, 'key': row['Source Key']}
            for heading, text in row.items():
                a = columns[heading]
                if a.findtext('ProcessCode') == 'Process' and text:
                    column = a.findtext('TargetAttributeName')
                    record[column] = self.value(a, table, column, text, before, step['File'])
            self.keep(table, record, step)
        if count != int(step['Rows']):
            self.wrong.append('order.csv: another number of rows of %s' % step['File'])

    def keep(self, table, record, step):
        old = self.tables[table].get(record['key'])
        if (old is not None) != step['What is done'].startswith('update'):
            self.wrong.append('%s: a row is there twice, or updates nothing' % step['File'])
        record = dict(old or {}, **record)
        record['name'] = record.get('name', record.get('new_name', ''))
        self.tables[table][record['key']] = self.records[key_of(record['key'])[0]][record['key']] = record
        if old is None:
            self.found_by[table, 'new_sourcekey'][record.get('new_sourcekey')] += 1

    def value(self, a, table, column, text, before, name):
        link = a.find('LookupMaps/LookupMap')
        if link is not None:
            there = before.get((link.findtext('LookupEntityName'), link.findtext('LookupAttributeName')), {})
            if there.get(text) != 1:
                self.wrong.append('%s: %s finds not exactly one row' % (name, column))
            return text
        choices = {p.findtext('SourceValue'): p.findtext('TargetValue') for p in a.findall('PicklistMaps/PicklistMap')}
        if not choices:
            return text
        options = GENDER if column == 'gendercode' else self.options.get((table, column), {})
        if choices.get(text) not in options:
            self.wrong.append('%s: %s has a value that is none of the options' % (name, column))
        return options.get(choices.get(text), '?')

    def table(self, table, kind):
        return {k: r for k, r in self.tables[table].items() if key_of(k)[0] == kind}

    @staticmethod
    def written(text):
        """No character is forbidden here."""
        return text

    def length(self, record, field):
        return self.lengths.get((record['table'], field)) or STANDARD.get(field)

    def field_labelled(self, table, name):
        return self.labels.get((table, name))

    def charts(self):
        return {key_of(k)[1]: r.get('new_chartjson') for k, r in self.tables['new_periovisit'].items()}

    def findings(self):
        """Those of charts in JSON; those that the practice keeps in a table of their own a line each: exam:tooth, name, value."""
        found = collections.Counter()
        for exam, chart in self.charts().items():
            for t in json.loads(chart)['teeth'] if chart else ():
                found.update((exam, truth.finding_line(exam, t['fdi'].replace('*', 'S'), n, v)) for n, v in t.get('findings', {}).items())
        for k, r in self.tables['new_periovisit'].items():
            found.update((key_of(k)[1], line) for line in (r.get('new_findings') or '').split('\n') if line)
        return found

    def files(self):
        found = {}
        for path in self.folder.glob('Files_*.zip'):
            with zipfile.ZipFile(path) as z:
                for r in csv.DictReader(io.StringIO(z.read('Note.csv').decode('utf-8-sig'), newline='')):
                    key = key_of(r['Source Key'])[1]
                    if key not in found:   # a letter's PDF comes behind it
                        found[key] = (key_of(r['Regarding'])[1], z.read('Attachments/' + r['Document']), r['File Name'])
        return found


# ---- where the truth must be ----

def plain(text):
    """Simple HTML as the text that people read; texts without it stay."""
    if not re.match(r'<(p|ul|ol|div|b|i|table|h\d)\b', text):
        return text
    text = re.sub(r'<br ?/?>|</p>|</li>|</h\d>|</div>|</tr>', '\n', text)
    return html.unescape(re.sub(r'<[^>]+>', '', text))


def same_words(a, b):
    return a.split() == b.split()


def day(field):
    return Call(lambda got, want, row: (got.get(field) or '') == want[:10], 'is not that day')


def day_of_moment(field):
    return Call(lambda got, want, row: (got.get(field) or '') == (want + ' 00:00' if want else ''), 'is not that day')


def moment(field):
    return Call(lambda got, want, row: (got.get(field) or '') == want[:16], 'is not that moment')


class Person(truth.Answer):
    """Of a provider: his name in words, and the link by his e-mail address where he works there."""

    def __init__(self, name, *links):
        super().__init__(name)
        self.links = links

    def check(self, c, got, want, row):
        who = c.truth.rows['provider'].get(want)
        if not want or not who:
            return None if not got.get(self.field) and not want else 'is there only on one side'
        if self.field and got.get(self.field) != ' '.join(filter(None, (who['first'], who['last']))):
            return 'is another person'
        mail = who['email'] if who.get('active') != '0' and who.get('is_internal') != '0' else ''
        return None if all((got.get(link) or '') == mail for link in self.links) else 'is another user'


def lines(field, *makers):
    """A text made of several fields of the truth: compared as a whole."""
    def same(c, got, row):
        want = '\n'.join(filter(None, (m(c, row) for m in makers)))
        return (got.get(field) or '') == want
    return Whole(field, same)


class Whole(truth.Answer):
    def __init__(self, field, same):
        super().__init__(field)
        self.same = same

    def check(self, c, got, want, row):
        return None if self.same(c, got, row) else 'makes another text'


def part(label, name, words=None):
    return lambda c, row: label + ((words or {}).get(row[name], row[name])) if row[name] else ''


def note_of(c, got, row):
    text = got.get('notetext') or ''
    head = [label + row[n] for label, n in (('Subjective: ', 'subjective'), ('Objective: ', 'objective'),
                                              ('Assessment: ', 'assessment'), ('Plan: ', 'plan')) if row[n]]
    start = '\n'.join(head)
    rest = text[len(start):].lstrip('\n')
    if text.startswith(start) and same_words(plain(rest), row['body']):
        return True
    return len(text) == 100000 and any(same_words(plain(v[len(start):].lstrip('\n')), row['body']) for v in c.kept_whole if v.startswith(text))


def contact():
    return {'title': Text('salutation'), 'first': Text('firstname'), 'middle': Text('middlename'), 'last': Text('lastname'),
            'suffix': Text('suffix'), 'birth_date': Text('birthdate'), 'email': Text('emailaddress1'), 'phone_home': Text('telephone2'),
            'phone_work': Text('telephone1'), 'phone_mobile': Text('mobilephone'), 'billing_type': Text('new_billingtype'),
            'sex': Choice('gendercode', {'female': 'Female', 'male': 'Male', 'other': '', 'unknown': ''}), **address()}


def address():
    return {'address_line1': Text('address1_line1'), 'address_line2': Text('address1_line2'), 'city': Text('address1_city'),
            'state': Text('address1_stateorprovince'), 'postal_code': Text('address1_postalcode'), 'country': Text('address1_country')}


def account():
    return {'name': Text('name'), 'phone': Text('telephone1'), 'fax': Text('fax'), 'email': Text('emailaddress1'), **address()}


class Guarantor(truth.Answer):
    def __init__(self):
        super().__init__('new_guarantorid')

    def check(self, c, got, want, row):
        other = c.truth.rows['guarantor'].get(want, {}).get('is_patient', '')
        return Link(self.field, 'PAT' if other else 'GUA').check(c, got, other or want, row)


SEX = {'female': 'Female', 'male': 'Male', 'other': 'Other', 'unknown': 'Unknown'}
RADIOGRAPHS = {'periapical': 'Periapical', 'bitewing': 'Bitewing', 'full_mouth': 'Full mouth', 'panoramic': 'Panoramic', 'cbct': 'Cbct',
               'other': 'Other'}
APPOINTMENTS = {'scheduled': 'Scheduled', 'confirmed': 'Confirmed', 'completed': 'Completed', 'cancelled': 'Cancelled', 'no_show': 'No show'}


def plan_line(table):
    return {'in': table, 'fields': {
        'plan': Link('new_treatmentplanid', 'PLN'), 'seq': Number('new_sequence'), 'phase': Text('new_phase'),
        'code': Text('new_procedurecode'), 'code_system': Text('new_codesystem'), 'code_raw': Text('new_sourcecode'),
        'pms_code': Text('new_pmscode'), 'description': Text('new_description'), 'letter_description': Text('new_letterdescription'),
        'tooth': Text('new_tooth'), 'tooth_raw': Text('new_toothsite'), 'site': Text('new_site'), 'area': Text('new_area'),
        'surface': Text('new_surface'), 'fee': Number('new_fee'), 'insurance_estimate': Number('new_insuranceestimate'),
        'done_date': Text('new_donedate'),
        'status': Choice('new_status', {'proposed': 'Proposed', 'completed': 'Completed', 'rejected': 'Rejected'})}}


def appointments(system):
    calendar = {'in': 'appointment', 'fields': {
        'patient': Link('regardingobjectid', 'PAT'), 'start_at': moment('scheduledstart'), 'session_type': Text('new_appointmenttype'),
        'procedure_codes': Text('new_procedurecodes'), 'notes': Text('description'), 'operatory': Text('new_operatory'),
        'location': Call(lambda got, want, row: not want or got.get('location'), 'has no place'),
        'status': Choice('new_appointmentstatus', APPOINTMENTS), 'provider': Person('new_providername', 'ownerid'),
        'duration': Call(lambda got, want, row: not want or minutes(got, 'scheduledstart', 'scheduledend') == int(want), 'is another length')}}
    visit = {'in': 'new_visit', 'fields': {
        'patient': Link('new_contactid', 'PAT'), 'start_at': Both(moment('new_visitstart'), day('new_visitdate')),
        'session_type': Text('new_visittype'), 'procedure_codes': Text('new_procedurecodes'), 'notes': Text('new_notes'),
        'operatory': Text('new_operatory'), 'location': Link('new_locationid', 'LOC'), 'status': Choice('new_status', APPOINTMENTS),
        'provider': Person('new_providername', 'new_providerid', 'ownerid'), 'duration': Number('new_durationminutes')}}
    return [calendar, visit] if system == 'panda' else [calendar]


def minutes(got, start, end):
    import datetime
    return int((datetime.datetime.fromisoformat(got[end]) - datetime.datetime.fromisoformat(got[start])).total_seconds() // 60)


def policy(table):
    return {'in': table, 'fields': {
        'patient': Link('new_contactid', 'PAT'), 'carrier': Link('new_accountid', 'ORG'), 'carrier_raw': Text('new_sourcepayername'),
        'plan': Text('new_insuranceplan'), 'payer_id': Text('new_payerid'), 'policy_number': Text('new_policynumber'),
        'group_number': Text('new_groupnumber'), 'coverage': Text('new_coverage'), 'subscriber': Text('new_subscriber'),
        'priority': Number('new_priority'), 'valid_from': Text('new_effectivedate'), 'valid_to': Text('new_enddate'),
        'relationship': Choice('new_subscriberrelationship', {'self': 'Self', 'spouse': 'Spouse', 'child': 'Child', 'other': 'Other'})}}


def exam():
    fields = {'patient': Link('new_contactid', 'PAT'), 'provider': Person('new_providername', 'new_providerid', 'ownerid'),
              'exam_at': Both(moment('new_examtime'), day('new_examdate')), 'charting_type': Text('new_chartingtype'),
              'numbering': Choice('new_toothnumbering', {'universal': 'Universal', 'fdi': 'FDI', 'palmer': 'Palmer', 'haderup': 'Haderup'}),
              'aap_stage': Number('new_aapstage'), 'aap_grade': Choice('new_aapgrade', {'A': 'A', 'B': 'B', 'C': 'C'}),
              'aap_extent': Choice('new_aapextent', {'localized': 'Localized', 'generalized': 'Generalized', 'molar_incisor': 'Molar-incisor'}),
              'aap_other': Text('new_aapother'), 'aap_text': Text('new_aaptext'), 'notes': Text('new_notes')}
    for name, column in (('sites_examined', 'sitesexamined'), ('bleeding_sites', 'bleedingsites'), ('bop_percent', 'boppercent'),
                         ('source_bop', 'sourceboppercent'), ('plaque_percent', 'plaquepercent'), ('plaque_index', 'plaqueindex'),
                         ('suppuration_percent', 'suppurationpercent'), ('pd4_percent', 'pd4percent'), ('pd5_percent', 'pd5percent'),
                         ('pd6_percent', 'pd6percent'), ('mean_pd', 'meanpd'), ('max_pd', 'maxpd'), ('mean_cal', 'meancal')):
        fields[name] = Number('new_' + column)
    return {'in': 'new_periovisit', 'fields': fields}


def notes():
    referral = lines('notetext', lambda c, r: 'With: ' + c.truth.rows['organization'][r['organization']]['name'] if r['organization'] else '',
                     lambda c, r: 'Status: ' + ' '.join(filter(None, (r['status'].capitalize(), r['status_date']))) if r['status'] else '',
                     lambda c, r: r['notes'])
    radiograph = lines('notetext', part('Type: ', 'type', RADIOGRAPHS), part('Findings: ', 'findings'),
                       part('Periapical status: ', 'periapical_status'),
                       lambda c, r: 'File: ' + c.truth.rows['document'][r['document']]['file_name'] if r['document'] else '',
                       lambda c, r: 'Exam: ' + c.truth.rows['clinical_exam'][r['exam']]['exam_at'][:10] if r['exam'] else '')
    # What the codes are codes of, the program says where the source does not.
    diagnosis = Whole('notetext', lambda c, got, r: re.sub(r'(Code: \S+) \([^)]+\)', r'\1', got['notetext']) == '\n'.join(
        filter(None, (r['code'] and 'Code: ' + r['code'], r['tooth'] and 'Tooth (FDI): ' + r['tooth'], r['text']))))
    return {
        'clinical_note': {'in': 'annotation', 'fields': dict(
            {n: Whole('notetext', note_of) for n in ('subjective', 'objective', 'assessment', 'plan', 'body')},
            patient=Link('objectid', 'PAT'), noted_at=moment('overriddencreatedon'),
            type=Call(lambda got, want, row: ' %s note' % want.capitalize() in got['subject'], 'is another kind of note'),
            author=Call(lambda got, want, row: True, ''))},
        'referral': {'in': 'annotation', 'fields': dict(
            patient=Link('objectid', 'PAT'), organization=referral, status=referral, status_date=referral, notes=referral,
            direction=Call(lambda got, want, row: got['subject'].endswith(' Referral ' + want.capitalize()), 'is the other direction'),
            referral_date=day_of_moment('overriddencreatedon'))},
        'radiograph': {'in': 'annotation', 'fields': dict(
            patient=Link('objectid', 'PAT'), type=radiograph, findings=radiograph, periapical_status=radiograph, document=radiograph,
            exam=radiograph, taken_date=day_of_moment('overriddencreatedon'))},
        'diagnosis': {'in': 'annotation', 'fields': dict(
            patient=Link('objectid', 'PAT'), tooth=diagnosis, code=diagnosis, code_system=diagnosis, text=diagnosis,
            tooth_raw=Nowhere('the tooth is there in FDI'), diagnosed_date=day_of_moment('overriddencreatedon'),
            provider=Person(None, 'ownerid'))},
        'letter': {'in': 'annotation', 'fields': dict(
            patient=Link('objectid', 'PAT'), letter_date=day_of_moment('overriddencreatedon'), referral=Nowhere('a note has one link, to the patient'),
            type=Call(lambda got, want, row: got['subject'].endswith(' Letter ' + want), 'is another kind of letter'))},
    }


def answers(system):
    """Of every kind of record also when the source made and changed it; a note has the moment that it was written at, no column more."""
    every = fields_of(system)
    for about in every.values():
        for place in about if isinstance(about, list) else [about]:
            note = place['in'] in ('annotation', 'systemuser')
            place['fields'].setdefault('created_at', Nowhere('no column') if note or place['in'] == 'task' else moment('overriddencreatedon'))
            place['fields'].setdefault('modified_at', Nowhere('no column') if note else moment('new_sourcemodifiedon'))
    return every


def fields_of(system):
    panda = system == 'panda'
    patient = dict(contact(), nickname=Text('nickname'), chart_number=Text('new_chartnumber'), source_id=Text('new_sourcepatientid'),
                   external_ids=Text('new_otherids'), national_id=Nowhere('only with the option national_id'), phone=Text('telephone3'),
                   other_phones=Text('new_otherphones'), other_emails=Text('new_otheremails'), first_visit=Text('new_firstvisit'),
                   alert_colour=Text('new_alertcolour'), notes=Text('description'), primary_provider=Person('new_providername', 'ownerid'),
                   referring_organization=Link('new_referringaccountid', 'ORG'), employer=Link('new_employerid', 'ORG'),
                   location=Link('new_locationid', 'LOC'), guarantor=Guarantor(),
                   sex=Both(contact()['sex'], Choice('new_sex', SEX)),
                   status=Choice('new_patientstatus', {'active': 'Active', 'inactive': 'Inactive', 'archived': 'Archived',
                                                       'deceased': 'Deceased', 'prospective': 'Prospective'}))
    lines_in = 'new_treatmentplanprocedure' if panda else 'new_procedureline'
    return {
        'practice_location': {'in': 'account', 'fields': dict(account(), company_code=Text('new_companycode'), tax_office=Text('new_taxoffice'),
                                                              tax_number=Text('new_taxnumber'), parent=Link('parentaccountid', 'LOC'))},
        'organization': {'in': 'account', 'more': lambda key: ':' in key, 'fields': dict(
            account(), specialty=Text('new_specialty'), source_type=Text('new_sourcetype'), payer_id=Text('new_payerid'),
            kind=Choice('new_accountkind', {'referring_practice': 'Referring practice', 'employer': 'Employer',
                                            'carrier': 'Insurance carrier'}))},
        'provider': {'in': 'systemuser', 'fields': {
            'display': Nowhere('taken apart'), 'first': Call(lambda got, want, row: got['name'] == ' '.join(
                filter(None, (row['first'], row['last']))), 'is another person'), 'last': Nowhere('with the first name'),
            'credentials': Text('new_credentials'), 'credentials_raw': Nowhere('in normal form in Credentials'),
            'specialty': Text('new_specialty'), 'npi': Text('new_npi'), 'license': Text('new_licensenumber'),
            'email': Text('internalemailaddress'), 'role': Text('new_practicerole'),
            'phone': Nowhere('users keep their own telephone numbers'), 'is_internal': Nowhere('users are'),
            'active': Call(lambda got, want, row: got['new_worksthere'] == {'1': 'Yes', '0': 'No', '': ''}[want], 'is another truth')}},
        'patient': {'in': 'contact', 'fields': patient},
        'guarantor': {'in': 'contact', 'only': lambda r: not r.get('is_patient'), 'fields': dict(
            contact(), is_patient=Nowhere('the patient is the contact'), relationship=Choice('new_relationship', {
                'self': 'Self', 'spouse': 'Spouse', 'parent': 'Parent', 'child': 'Child', 'other': 'Other'}))},
        'clinical_exam': exam(),
        'treatment_plan': {'in': 'new_treatmentplan', 'fields': {
            'patient': Link('new_contactid', 'PAT'), 'provider': Person('new_providername', 'new_providerid', 'ownerid'),
            'number': Text('new_plannumber'), 'name': Call(lambda got, want, row: want in got['new_name'], 'is not in the name'),
            'plan_date': Text('new_plandate'), 'proposed_date': Text('new_proposeddate'), 'phase': Text('new_phase'),
            'type': Text('new_treatmenttype'), 'est_cost': Number('new_estimatedcost'), 'currency': Text('new_currency'),
            'notes': Text('new_notes'), 'narrative': Text('new_narrative'),
            'status': Choice('new_status', {'proposed': 'Proposed', 'accepted': 'Accepted', 'in_progress': 'In progress',
                                            'completed': 'Completed', 'rejected': 'Rejected'})}},
        'plan_line': plan_line(lines_in),
        'workflow_flag': {'in': 'task', 'fields': {
            'patient': Link('regardingobjectid', 'PAT'), 'type': Both(Text('new_flagtype'), Text('category')), 'description': Text('description'),
            'raised_date': day_of_moment('scheduledstart'), 'due_date': day_of_moment('scheduledend'), 'resolved_date': Text('new_resolveddate'),
            'provider': Person(None, 'ownerid'),
            'status': Choice('new_flagstatus', {'open': 'Open', 'resolved': 'Resolved', 'dismissed': 'Dismissed'})}},
        'appointment': appointments(system),
        'insurance_policy': policy('new_insuranceinfo' if panda else 'new_insurancepolicy'),
        'billing_line': {'in': 'new_billingline', 'fields': {
            'patient': Link('new_contactid', 'PAT'), 'line_date': Text('new_paymentdate'), 'charge': Number('new_chargeamount'),
            'plan_line': Link('new_treatmentplanprocedureid' if panda else 'new_procedurelineid', 'PLL'),
            'payment': Number('new_paymentamount'), 'adjustment': Number('new_adjustment'), 'balance': Number('new_balance'),
            'currency': Text('new_currency'), 'method': Text('new_method'),
            'type': Choice('new_linetype', {'charge': 'Charge', 'payment': 'Payment', 'adjustment': 'Adjustment'})}},
        'recall': {'in': 'new_patientrecall', 'fields': {
            'patient': Link('new_contactid', 'PAT'), 'type': Text('new_recalltype'), 'next_date': Text('new_nextrecalldate'),
            'last_date': Text('new_lastappointmentdate')}},
        **notes(),
    }


CUSTOMS = {'patient': 'contact', 'clinical_exam': 'new_periovisit'}


def means(text):
    m = re.fullmatch(r'(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?)?', text)
    return m[1] if m else {'Yes': '1', 'No': '0'}.get(text, str(truth.number(text)))


def compare(folder, of_truth, system):
    crm = Crm(folder)
    c = truth.Comparison(of_truth, crm, answers(system), pathlib.Path(folder).parent)
    c.check_rejects()
    c.check_entities()
    c.check_charts(crm.charts())
    c.check_findings(crm.findings())
    c.check_customs(CUSTOMS, means)
    c.check_files(crm.files())
    for line in crm.wrong:
        c.say('load: ' + line, line)
    return c
