"""The small clinic: made by bakgen with the truth beside it, and what a conversion must make of it, by rules written here."""
import csv
import io
import subprocess


def make(tools, folder):
    """(backup, truth): truth is {table: rows}, each row {column: text or None}."""
    backup, truth = folder / 'clinic.bak', folder / 'truth'
    truth.mkdir()
    subprocess.run([str(tools.bakgen), '--spec', str(tools.here / 'small_clinic.spec'), '--out', str(backup), '--truth',
                    str(truth)], check=True, timeout=60)
    return backup, {name: read_truth(truth / ('dbo.%s.csv' % name)) for name in ('Office', 'Doctor', 'Patient', 'Visit')}


def read_truth(path):
    # An empty field that is not quoted is NULL; Python's reader cannot tell them apart, so the marks are put in before.
    text = path.read_bytes().decode('utf-8')
    table = list(csv.reader(io.StringIO(text, newline=''), strict=True))
    return [dict(zip(table[0], (cell or None for cell in row))) for row in table[1:]]


def units(text): return len(text.encode('utf-16-le')) // 2


def cut(text, most):
    while units(text) > most:
        text = text[:-1]
    return text


def line_feeds(text): return text.replace('\r\n', '\n').replace('\r', '\n')


def one_line(text):
    """A name: on one line, its words with one blank between."""
    return ' '.join(text.split())


def contact_of(patient, doctors, held):
    """The row of a patient; what is held back is added to held as (key, field)."""
    key, last = patient['PatientId'], one_line(patient['LastName'])
    if units(last) > 80:
        held.add((key, 'LastName'))
    born = patient['Born'] or ''
    if born and int(born[:4]) < 1900:
        held.add((key, 'birth_date'))
        born = ''
    doctor = patient['DoctorId']
    if doctor and doctor not in doctors:
        held.add((key, 'primary_provider'))
        doctor = None
    return {'Source_Key__c': 'SC-PAT-' + key, 'Provider__c': 'false', 'LastName': one_line(cut(last, 80)),
            'FirstName': patient['FirstName'] or '', 'PANDA_Chart_Number__c': patient['ChartNo'],
            'Source_Patient_ID__c': key, 'Birthdate': born,
            'Sex__c': {'F': 'Female', 'M': 'Male', 'X': 'Other', None: ''}[patient['Sex']],
            'Description': line_feeds(patient['Note'] or ''), 'AccountId': 'SC-LOC-1',
            'Primary_Provider__c': 'SC-PRV-' + doctor if doctor else ''}


def event_of(visit):
    kind = visit['Kind'] or ''
    return {'Source_Key__c': 'SC-APT-' + visit['VisitId'], 'Appointment_ID__c': visit['VisitId'],
            'Subject': kind or 'Appointment', 'SessionType__c': kind, 'WhoId': 'SC-PAT-' + visit['PatientId'],
            'StartDateTime': visit['StartsAt'][:19].replace(' ', 'T'), 'DurationInMinutes': visit['Minutes'] or '30'}


def provider_of(doctor):
    return {'Source_Key__c': 'SC-PRV-' + doctor['DoctorId'], 'Provider__c': 'true', 'LastName': doctor['LastName'],
            'FirstName': doctor['FirstName'], 'Source_Provider_ID__c': doctor['DoctorId'],
            'Provider_Active__c': 'true' if doctor['Active'] == '1' else 'false', 'AccountId': 'SC-LOC-1'}


class Expected:
    """What the bundle must hold: rows by file, keys left out by entity, values held back as (key, field)."""

    def __init__(self, truth):
        self.held = set()
        doctors = {d['DoctorId'] for d in truth['Doctor']}
        named = [p for p in truth['Patient'] if p['LastName']]
        known = {p['PatientId'] for p in named}
        self.files = {
            '01_Account.csv': [{'Source_Key__c': 'SC-LOC-1', 'Name': truth['Office'][0]['Name'],
                                'Phone': '+13608975555'}],
            '02_Contact_Provider.csv': [provider_of(d) for d in truth['Doctor']],
            '03_Contact_Patient.csv': [contact_of(p, doctors, self.held) for p in named],
            '04_Event.csv': [event_of(v) for v in truth['Visit'] if v['PatientId'] in known]}
        self.left_out = {'dbo.Patient': {p['PatientId'] for p in truth['Patient'] if not p['LastName']},
                         'dbo.Visit': {v['VisitId'] for v in truth['Visit'] if v['PatientId'] not in known}}
