"""What Zoho CRM, Pipedrive and HubSpot would hold after the load of a bundle: each file's rows under its headings, which are the names
of the fields, found again by their keys; texts that go on in notes joined. And where each field of the truth must be in them, as far
as it has a field of its own there; what stands in a text made of several is looked for in that text."""
import collections
import pathlib
import re

from again import truth
from again.truth import Answer, Both, Call, Choice, Join, Link, Nowhere, Number, Text, key_of, rows_of

# Zoho takes none of these characters.
INSTEAD = {'"': '\u201d', '|': '\u00a6', '<': '\u2039', '>': '\u203a'}


class Crm:
    def __init__(self, folder, instead=()):
        self.folder = pathlib.Path(folder)
        self.instead = str.maketrans(dict(instead))
        self.tables = collections.defaultdict(dict)
        self.records = collections.defaultdict(dict)
        self.wrong = []
        for path in sorted(self.folder.glob('[0-9][0-9]_*.csv')):
            self.read(path)

    def read(self, path):
        stem = re.sub(r'_\d+$', '', path.stem)
        for row in rows_of(path):
            key = next(v for h, v in row.items() if h.lower().replace('deal - ', '').replace('person - ', '').replace('organization - ', '')
                       .startswith('source'))
            part = re.fullmatch(r'(.*)_part(\d+)', key)
            record = dict(row, key=key, table=stem)
            record['name'] = next((v for h, v in row.items() if h in ('Account Name', 'Company name', 'Organization - Name')), '')
            if key in self.tables[stem]:
                self.wrong.append('%s: a key is there twice' % stem)
            self.tables[stem][key] = record
            if not part:
                self.records[key_of(key)[0]].setdefault(key, record)

    def written(self, text):
        return text.translate(self.instead)

    def table(self, table, kind):
        return {k: r for k, r in self.tables[table].items() if key_of(k)[0] == kind and not re.search(r'_part\d+$', k)}

    def length(self, record, field):
        return None

    def joined(self, stem, rest, field):
        """The texts of a file with their continuations."""
        for key, record in self.tables[stem].items():
            part = 2
            while '%s_part%d' % (key, part) in self.tables[rest]:
                record[field] += self.tables[rest]['%s_part%d' % (key, part)][field]
                part += 1


class Within(Answer):
    """Somewhere in a text that is made of several fields, word for word."""

    def check(self, c, got, want, row):
        return None if c.crm.written(want) in (got.get(self.field) or '') else 'is not in the text'


class Words(Within):
    """The same, but blanks and line ends may be others: texts that were RTF or HTML."""

    def check(self, c, got, want, row):
        return None if ' '.join(c.crm.written(want).split()) in ' '.join((got.get(self.field) or '').split()) else 'is not in the text'


class Who(Answer):
    """A provider by his name."""

    def check(self, c, got, want, row):
        who = c.truth.rows['provider'].get(want)
        name = ' '.join(filter(None, (who['first'], who['last']))) if who else ''
        return None if name in (got.get(self.field) or '') else 'is another person'


class Practice(Answer):
    """An organization by its name, where the system has no link for it; nobody: what the system wants in its place."""

    def __init__(self, field, nobody=''):
        super().__init__(field)
        self.nobody = nobody

    def check(self, c, got, want, row):
        have = got.get(self.field) or ''
        if not want and have == self.nobody:
            return None
        if not want or want.startswith('@carrier'):
            return None if bool(have) == bool(want) else 'is there only on one side'
        name = want.split(':', 1)[1] if want.startswith('@') else c.truth.rows['organization'][want]['name']
        return None if c.crm.written(name) in have else 'is another organization'


def starts(field, n=10):
    return Call(lambda got, want, row: (got.get(field) or '')[:n] == want[:n] or not want, 'is not that day')


def moment(field, n):
    return Call(lambda got, want, row: (got.get(field) or '')[:n] == want[:n], 'is not that moment')


def title(words):
    return {k: v for k, v in zip(words.split(), (w.replace('_', ' ').capitalize() for w in words.split()))}


SEX = title('female male other unknown')
STATUS = title('active inactive archived deceased prospective')
APPOINTMENT = title('scheduled confirmed completed cancelled no_show')
PLAN = title('proposed accepted in_progress completed rejected')


def people(**fields):
    return {k: Text(v) for k, v in fields.items()}


def zoho():
    street = Join('Mailing Street', ['address_line1', 'address_line2'], '\n')
    billing = Join('Billing Street', ['address_line1', 'address_line2'], '\n')
    organization = dict(people(name='Account Name', phone='Phone', fax='Fax', email='Email', city='Billing City', state='Billing State',
                               postal_code='Billing Code', country='Billing Country', specialty='Specialty', source_type='Referral Source Type',
                               payer_id='Payer ID'), address_line1=billing, address_line2=billing,
                        kind=Choice('Account Type', {'referring_practice': 'Referring practice', 'employer': 'Employer', 'carrier': 'Insurance company'}))
    patient = dict(people(title='Salutation Source', first='First Name', middle='Middle Name', last='Last Name', suffix='Suffix', nickname='Nickname',
                          birth_date='Date of Birth', chart_number='PANDA Chart Number', external_ids='PANDA Other Numbers', email='Email',
                          other_emails='Other Emails', phone_home='Home Phone', phone_work='Phone', phone_mobile='Mobile', phone='Other Phone',
                          other_phones='Further Phones', city='Mailing City', state='Mailing State', postal_code='Mailing Zip',
                          country='Mailing Country', billing_type='Billing Type', first_visit='First Visit', alert_colour='Alert Colour',
                          notes='Description', source_id='PANDA Patient ID'),
                   address_line1=street, address_line2=street, sex=Choice('Sex', SEX), status=Choice('Patient Status', STATUS),
                   national_id=Nowhere('only with the option national_id'), primary_provider=Link('Primary Provider', 'PRV'),
                   referring_organization=Link('Account Name', 'ORG'), employer=Practice('Employer'), location=Nowhere('of one practice'),
                   guarantor=Nowhere('in words'), created_at=starts('PANDA Created Date'), modified_at=starts('PANDA Modified Date'))
    return {
        'organization': {'in': '03_Accounts_Organizations', 'more': lambda key: ':' in key, 'fields': organization},
        'patient': {'in': '05_Contacts_Patients', 'fields': patient},
        'treatment_plan': {'in': '07_Deals', 'fields': dict(
            people(number='Plan Number', name='Plan Name', plan_date='Plan Date', proposed_date='Proposed Date', phase='Treatment Phase',
                   type='Treatment Type', currency='Plan Currency', notes='Clinical Notes', narrative='Narrative'),
            patient=Link('Contact Name', 'PAT'), provider=Link('Provider', 'PRV'), est_cost=Number('Amount'), status=Choice('Plan Status', PLAN),
            modified_at=starts('PANDA Modified Date'))},
        'plan_line': {'in': '08_PANDA_Plan_Lines', 'fields': dict(
            people(phase='Treatment Phase', code='ADA Code', code_system='Code System', code_raw='Code In Source', pms_code='PMS Code',
                   description='Line Description', letter_description='Letter Description', tooth='Tooth Numbers',
                   tooth_raw='Tooth Numbers In Source', site='Site', area='Area', surface='Surface', done_date='Done Date'),
            plan=Link('Deal', 'PLN'), seq=Number('Sequence'), fee=Number('Fee'), insurance_estimate=Number('Insurance Estimate'),
            status=Choice('Line Status', title('proposed completed rejected')))},
        'insurance_policy': {'in': '12_PANDA_Insurance', 'fields': dict(
            people(carrier_raw='Carrier In Source', plan='Plan', payer_id='Payer ID', policy_number='Policy Number', group_number='Group Number',
                   coverage='Coverage', subscriber='Subscriber', valid_from='Valid From', valid_to='Valid To'),
            patient=Link('Contact', 'PAT'), carrier=Link('Insurance Company', 'ORG'), priority=Number('Priority'),
            relationship=Choice('Subscriber Relationship', title('self spouse child other')))},
        'workflow_flag': {'in': '14_Tasks_Flags', 'fields': dict(
            people(type='Flag Type', description='Flag Description', raised_date='Flag Raised', due_date='Due Date', resolved_date='Flag Resolved'),
            patient=Link('Contact Name', 'PAT'), provider=Who('Provider Name'), status=Nowhere('Zoho\u2019s own status of a task'))},
        'appointment': {'in': '16_Events', 'fields': dict(
            people(operatory='Operatory', session_type='Session Type', procedure_codes='Procedure Codes', notes='Description'),
            patient=Link('Contact Name', 'PAT'), provider=Who('Provider Name'), start_at=moment('From', 19), duration=Number('Duration Minutes'),
            status=Choice('Appointment Status', APPOINTMENT), location=Nowhere('of one practice'))},
        'clinical_note': note('17_Notes', 'Note Content', 'Parent ID', Call(
            lambda got, want, row: got['Created Time'] == want, 'is not that moment'), Who('Note Title')),
        'referral': {'in': '19_Notes_Referrals', 'fields': referral('Note Content', 'Note Title', 'Parent ID')},
        'radiograph': {'in': '21_Notes_Radiographs', 'fields': radiograph('Note Content', 'Note Title', 'Parent ID')},
    }


def note(table, text, patient, noted_at, author):
    fields = {n: Words(text) for n in ('subjective', 'objective', 'assessment', 'plan', 'body')}
    return {'in': table, 'fields': dict(fields, patient=link_of(patient), noted_at=noted_at, author=author, type=Nowhere('in the title'),
                                        modified_at=Nowhere('a note has no field for it'))}


def link_of(patient):
    return patient if isinstance(patient, Answer) else Link(patient, 'PAT')


def referral(text, day, patient):
    return {'patient': link_of(patient), 'organization': Practice(text), 'notes': Within(text), 'status_date': Within(text),
            'status': Call(lambda got, want, row: want.capitalize() in got[text], 'is not in the text'),
            'direction': Call(lambda got, want, row: 'Referral ' + want.capitalize() in got[text], 'is not in the text'), 'referral_date': Within(day)}


def radiograph(text, day, patient):
    return {'patient': link_of(patient), 'findings': Within(text), 'periapical_status': Within(text), 'taken_date': Within(day),
            'type': Call(lambda got, want, row: want.replace('_', ' ').lower() in got[text].lower(), 'is not in the text'),
            'exam': Nowhere('the day is that of the exam'), 'document': Nowhere('files are put there by hand')}


class Person(Answer):
    """Pipedrive finds a person by his name, which has the number of the patient in it."""

    def __init__(self):
        super().__init__('Person - Name')

    def check(self, c, got, want, row):
        return None if (got.get(self.field) or '').endswith('(%s)' % want) else 'is another person'


def pipedrive():
    patient = {k: Text('Person - ' + v) for k, v in dict(
        first='Given name', middle='Middle name', last='Family name', suffix='Suffix', nickname='Nickname', birth_date='Birth date', email='Email',
        phone_home='Phone - Home', phone_mobile='Phone - Mobile', phone_work='Phone - Work', chart_number='Chart number', billing_type='Billing type', first_visit='First visit', notes='Remarks', other_phones='Further phones', other_emails='Further e-mails').items()}
    patient.update(sex=Choice('Person - Sex', SEX), status=Choice('Person - Patient status', STATUS), primary_provider=Who('Person - Primary provider'),
                   employer=Practice('Person - Employer'), created_at=starts('Person - Created in PANDA'),
                   modified_at=starts('Person - Modified in PANDA'), referring_organization=Practice('Organization - Name', 'No referring practice'))
    patient.update({k: Within('Person - Home address') for k in ('address_line1', 'city', 'state', 'postal_code')})
    return {
        'treatment_plan': {'in': '04_Deal', 'fields': dict(
            {k: Text('Deal - ' + v) for k, v in dict(number='Plan number', plan_date='Plan date', proposed_date='Proposed', phase='Plan phase',
                                                     type='Treatment type', currency='Currency of Value', notes='Clinical notes',
                                                     narrative='Narrative').items()},
            name=Within('Deal - Title'), patient=Person(), provider=Who('Deal - Provider'), est_cost=Number('Deal - Value'),
            status=Choice('Deal - Plan status', PLAN), modified_at=starts('Deal - Modified in PANDA'))},
        'appointment': {'in': '05_Activity_Visit', 'fields': dict(
            patient=Person(), provider=Who('Activity - Note'), procedure_codes=Within('Activity - Note'), notes=Within('Activity - Note'),
            session_type=Within('Activity - Subject'), duration=Within('Activity - Note'), operatory=Within('Activity - Note'),
            location=Nowhere('of one practice'), status=Call(lambda got, want, row: APPOINTMENT[want] in got['Activity - Note'] if want else True, 'is not in the note'),
            start_at=Call(lambda got, want, row: '%s %s' % (got['Activity - Due date'], got['Activity - Due time']) == want[:16], 'is not that moment'))},
        'workflow_flag': {'in': '06_Activity_Flag', 'fields': dict(
            patient=Person(), provider=Who('Activity - Note'), type=Within('Activity - Subject'), description=Within('Activity - Note'),
            raised_date=Within('Activity - Note'), due_date=Text('Activity - Due date'), resolved_date=Within('Activity - Note'),
            status=Nowhere('Done of the activity'))},
        'clinical_note': note('10_Note_Clinical', 'Note - Content', Person(), moment('Note - Content', 16), Who('Note - Content')),
        'referral': {'in': '12_Note_Referral', 'fields': referral('Note - Content', 'Note - Content', Person())},
        'radiograph': {'in': '14_Note_Radiograph', 'fields': radiograph('Note - Content', 'Note - Content', Person())},
        'plan_line': None, 'patient': {'in': '03_Person', 'partly': True, 'fields': patient},
    }


def hubspot():
    street = Call(lambda got, want, row: want in got['Street address'], 'is not in the address')
    patient = dict(people(first='First name', middle='Middle name', last='Last name', suffix='Suffix', nickname='Nickname', email='E-mail in source',
                          phone_home='Phone number', phone_mobile='Mobile phone number', phone_work='Work phone', city='City', state='State/Region',
                          postal_code='Postal code', country='Country/Region', chart_number='Chart number', source_id='Source patient ID',
                          birth_date='Date of birth in source', billing_type='Billing type', first_visit='First visit', notes='Remarks'),
                   sex=Choice('Sex', SEX), status=Choice('Patient status', STATUS), address_line1=street, primary_provider=Who('Primary provider'),
                   referring_organization=Link('Company source key', 'ORG'), created_at=starts('Created in source'),
                   modified_at=starts('Modified in source'))
    return {
        'patient': {'in': '04_Contacts_Patients', 'partly': True, 'fields': patient},
        'treatment_plan': {'in': '05_Deals', 'partly': True, 'fields': dict(
            people(number='Plan number', phase='Phase', type='Treatment type', notes='Clinical notes', narrative='Narrative'), name=Within('Deal name'),
            patient=Link('Contact source key', 'PAT'), provider=Who('Provider'), est_cost=Number('Amount'), plan_date=starts('Create date'),
            modified_at=starts('Modified in source'))},
        'clinical_note': note('08_Notes_Clinical', 'Note body', 'Contact source key', moment('Activity date', 10), Who('Note body')),
        'referral': {'in': '10_Notes_Referrals', 'fields': referral('Note body', 'Activity date', 'Contact source key')},
        'radiograph': {'in': '12_Notes_Radiographs', 'fields': radiograph('Note body', 'Activity date', 'Contact source key')},
        'workflow_flag': {'in': '14_Tasks_Flags', 'partly': True, 'fields': dict(
            type=Within('Task title'), description=Within('Task notes'), due_date=Text('Due date'), patient=Link('Contact source key', 'PAT'))},
        'appointment': {'in': '16_Meetings', 'partly': True, 'fields': dict(
            patient=Link('Contact source key', 'PAT'), provider=Who('Meeting description'), start_at=moment('Meeting start time', 16),
            session_type=Within('Meeting name'), procedure_codes=Within('Meeting description'), notes=Within('Meeting description'),
            # HubSpot's own outcomes.
            status=Choice('Meeting outcome', dict(APPOINTMENT, cancelled='Canceled')))},
    }


DESTINATIONS = {'zoho': (zoho, INSTEAD, [('17_Notes', '18_Notes_Rest', 'Note Content')]),
                'pipedrive': (pipedrive, {}, [('10_Note_Clinical', '11_Note_Clinical_Rest', 'Note - Content')]),
                'hubspot': (hubspot, {}, [('08_Notes_Clinical', '09_Notes_Clinical_Rest', 'Note body')])}


def compare(folder, of_truth, destination):
    answers, instead, continued = DESTINATIONS[destination]
    crm = Crm(folder, instead)
    for stem, rest, field in continued:
        crm.joined(stem, rest, field)
    c = truth.Comparison(of_truth, crm, {k: v for k, v in answers().items() if v}, pathlib.Path(folder).parent)
    c.check_rejects()
    c.check_entities()
    for line in crm.wrong:
        c.say('load: ' + line, line)
    return c
