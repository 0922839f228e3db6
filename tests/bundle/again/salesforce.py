"""What Salesforce would hold after the load of a bundle: the files in the order of their numbers, each through its .sdl map and the
object that the batch file names, upserted by the external id, blank cells leaving what is there; fields with the types, lengths and
values of the package. And where each field of the truth must be in it."""
import collections
import datetime
import json
import pathlib
import re
import xml.etree.ElementTree as ET
import zipfile
import zoneinfo

from again import truth
from again.truth import Both, Call, Choice, Join, Link, Nowhere, Number, Text, key_of, rows_of, units

NS = '{http://soap.sforce.com/2006/04/metadata}'
STANDARD = {'Name': 255, 'Description': 32000, 'Subject': 255, 'LastName': 80, 'FirstName': 40, 'MiddleName': 40, 'Location': 255}
SITE_FIELDS = {'PocketDepth': 'pd', 'Recession': 'recession', 'CAL': 'cal', 'BOP': 'bop', 'Suppuration': 'suppuration', 'Plaque': 'plaque',
               'Calculus': 'calculus'}


class Crm:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.lengths, self.labels, self.values, self.types = {}, {}, {}, {}
        self.records = collections.defaultdict(dict)    # kind of the key -> key -> record
        self.tables = collections.defaultdict(dict)     # object -> key -> record
        self.wrong = []
        self.read_package()
        self.load()

    def read_package(self):
        with zipfile.ZipFile(self.folder / 'metadata' / 'salesforce-metadata.zip') as z:
            for member in z.namelist():
                if not member.startswith('objects/'):
                    continue
                name = member[len('objects/'):-len('.object')]
                for f in ET.fromstring(z.read(member)).findall(NS + 'fields'):
                    field = (name, f.findtext(NS + 'fullName'))
                    self.types[field] = f.findtext(NS + 'type')
                    self.lengths[field] = int(f.findtext(NS + 'length') or 0)
                    self.labels[name, f.findtext(NS + 'label')] = field[1]
                    self.values[field] = {v.findtext(NS + 'fullName'): v.findtext(NS + 'label') for v in f.iter(NS + 'value')}

    def load(self):
        conf = ET.parse(self.folder / 'data-loader' / 'process-conf.xml').getroot()
        for bean in conf.findall('bean'):
            entries = {e.get('key'): e.get('value') for e in bean.iter('entry')}
            self.load_file(entries['dataAccess.name'], entries['sfdc.entity'], entries['process.mappingFile'], entries['sfdc.externalIdField'])

    def load_file(self, name, table, sdl, external):
        fields = {}
        for line in (self.folder / sdl).read_text(encoding='ascii').splitlines():
            heading, target = re.fullmatch(r'((?:[^\\=]|\\.)+)=(.+)', line).groups()
            fields[re.sub(r'\\(.)', r'\1', heading)] = re.sub(r'\\(.)', r'\1', target)
        seen = set(self.tables[table])
        for row in rows_of(self.folder / name):
            values = {}
            for heading, text in row.items():
                target = fields[heading]
                if not text:
                    continue
                relation = re.fullmatch(r'(\w+):(?:(\w+)-)?(\w+)', target)
                if relation:
                    parent = relation[2] or None
                    there = [k for t, rows in self.tables.items() if parent in (None, t) for k in rows if k == text] if text not in seen else [text]
                    if not there:
                        self.wrong.append('%s: %s leads to nothing loaded before' % (name, heading))
                values[heading if relation else target] = self.shown(table, heading if relation else target, text, name)
            key = values[external]
            record = self.tables[table].setdefault(key, {'key': key, 'table': table})
            record.update(values)
            record['name'] = record.get('Name', '')
            self.records[key_of(key)[0]][key] = record

    def shown(self, table, field, text, name):
        """A choice as people see it; what is none is wrong."""
        owner = 'Activity' if table in ('Event', 'Task') else table
        values = self.values.get((owner, field))
        if not values or self.types[owner, field] not in ('Picklist', 'MultiselectPicklist'):
            return text
        parts = text.split(';') if self.types[owner, field] == 'MultiselectPicklist' else [text]
        if any(p not in values for p in parts):
            self.wrong.append('%s: %s has a value that the package does not know' % (name, field))
        return ';'.join(values.get(p) or p for p in parts)

    def table(self, table, kind):
        """letter files: the documents of letters, by the numbers of the letters; they are loaded in the second stage."""
        if table == 'letter files':
            path = self.folder / '27_ContentVersion.csv'
            rows = rows_of(path) if path.exists() else []
            return {r['Source_Key__c'].replace('.l.e.t.t.e.r_3A', ''): dict(r, table=table) for r in rows if '.l.e.t.t.e.r_3A' in r['Source_Key__c']}
        return {k: r for k, r in self.tables[table].items() if key_of(k)[0] == kind}

    @staticmethod
    def written(text):
        """No character is forbidden here."""
        return text

    def length(self, record, field):
        owner = 'Activity' if record['table'] in ('Event', 'Task') else record['table']
        return self.lengths.get((owner, field)) or STANDARD.get(field)

    def field_labelled(self, table, name):
        return self.labels.get((table, name)) or self.labels.get((table, name[:40]))

    def charts(self):
        return {key_of(k)[1]: r.get('Chart_JSON__c') for k, r in self.tables['ClinicalExam__c'].items()}

    def findings(self):
        """Of the object of their own, and those of charts that came with the teeth of other exams in JSON."""
        found, of_json = collections.Counter(), collections.Counter()
        for r in self.tables['ClinicalFinding__c'].values():
            exam = key_of(r['ClinicalExam__c'])[1]
            found[exam, ' '.join(filter(None, (r.get('Tooth_Key__c'), r['Name'], r.get('Value__c'))))] += 1
        for exam, chart in self.charts().items():
            for t in json.loads(chart)['teeth'] if chart else ():
                of_json.update((exam, truth.finding_line(exam, t['fdi'].replace('*', 'S'), n, v)) for n, v in t.get('findings', {}).items())
        return found | of_json

    def files(self):
        found = {}
        listed = rows_of(self.folder / 'Files.csv') if (self.folder / 'Files.csv').exists() else []
        loads = {r['Source_Key__c']: r for r in rows_of(self.folder / '27_ContentVersion.csv')} if listed else {}
        archives = {p.name: zipfile.ZipFile(p) for p in self.folder.glob('Files_*.zip')}
        for r in listed:
            load = loads[r['document']]
            content = archives[r['archive']].read(load['VersionData'])
            found[key_of(r['document'])[1]] = (key_of(load['FirstPublishLocationId'])[1], content, load['Title'])
        return found


# ---- where the truth must be ----

SEX = {'female': 'Female', 'male': 'Male', 'other': 'Other', 'unknown': 'Unknown'}
TRUTH = {'1': 'true', '0': 'false', '': 'true'}
YES = {'1': 'Yes', '0': 'No', '': ''}


def moment(field, zone):
    def same(got, want, row):
        have = got.get(field) or ''
        if not want:
            return not have
        local = datetime.datetime.fromisoformat(want)
        if zone is None:
            return have == local.strftime('%Y-%m-%dT%H:%M:%S')
        utc = local.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(datetime.timezone.utc)
        return have == utc.strftime('%Y-%m-%dT%H:%M:%S.000Z')
    return Call(same, 'is not that moment in UTC')


def day(field):
    return Call(lambda got, want, row: (got.get(field) or '') == want[:10], 'is not that day')


def word(field, **words):
    return Choice(field, {k: v for k, v in words.items()})


def contact(work='Phone', home='HomePhone'):
    street = Join('MailingStreet', ['address_line1', 'address_line2'], '\n')
    return {'title': Text('Salutation'), 'first': Text('FirstName'), 'middle': Text('MiddleName'), 'last': Text('LastName'),
            'suffix': Text('Suffix'), 'birth_date': Text('Birthdate'), 'sex': Choice('Sex__c', SEX), 'email': Text('Email'),
            'phone_home': Text(home), 'phone_work': Text(work), 'phone_mobile': Text('MobilePhone'), 'address_line1': street,
            'address_line2': street, 'city': Text('MailingCity'), 'state': Text('MailingState'), 'postal_code': Text('MailingPostalCode'),
            'country': Text('MailingCountry'), 'billing_type': Text('Billing_Type__c')}


def account():
    street = Join('BillingStreet', ['address_line1', 'address_line2'], '\n')
    return {'name': Text('Name'), 'phone': Text('Phone'), 'fax': Text('Fax'), 'email': Text('Location_Email__c'), 'address_line1': street,
            'address_line2': street, 'city': Text('BillingCity'), 'state': Text('BillingState'), 'postal_code': Text('BillingPostalCode'),
            'country': Text('BillingCountry')}


def tooth_fields():
    fields = {'exam': Link('ClinicalExam__c', 'EXM'), 'tooth_raw': Text('Tooth_As_Charted__c'), 'mobility': Number('Mobility__c'),
              'mobility_raw': Text('Mobility_As_Charted__c'), 'miller_recession': Text('Miller_Recession__c'), 'cairo': Text('Cairo__c'),
              'keratinized_width': Number('Keratinized_Width__c'), 'mgj': Number('MGJ__c'), 'plaque_index': Number('Plaque_Index__c'),
              'note': Text('Note__c'), 'supernumerary': Nowhere('in the number of the tooth'),
              'fdi': Call(lambda got, want, row: got['Tooth_FDI__c'].rstrip('*S') == want and
                          (got['Tooth_FDI__c'] != want) == (row['supernumerary'] == '1'), 'is not that tooth'),
              'status': word('Tooth_Status__c', present='Present', missing='Missing', implant='Implant', unerupted='Unerupted',
                             pontic='Pontic', primary='Primary')}
    raw = Join('Furcation_As_Charted__c', ['furcation_%s_raw' % e for e in 'bmdl'], ' / ')
    for e in 'bmdl':
        fields['furcation_%s_grade' % e] = Number('Furcation_%s__c' % e.upper())
        fields['furcation_%s_raw' % e] = raw
    return fields


def answers(zone):
    """Of every kind of record also when the source made and changed it."""
    every = fields_of(zone)
    for place in every.values():
        prefix = 'PANDA_' if place['in'] == 'Contact' else 'Source_'
        for name, field in (('created_at', 'Created'), ('modified_at', 'Modified')):
            place['fields'].setdefault(name, moment(prefix + field + '_Date__c', zone))
    return every


def fields_of(zone):
    patient = dict(contact(), nickname=Text('Nickname__c'), chart_number=Text('PANDA_Chart_Number__c'), source_id=Nowhere('the number in the key'),
                   external_ids=Text('Other_IDs__c'), national_id=Nowhere('only with the option national_id'), phone=Text('OtherPhone'),
                   other_phones=Text('Other_Phones__c'), other_emails=Text('Other_Emails__c'), first_visit=Text('First_Visit__c'),
                   alert_colour=Text('Alert_Colour__c'), notes=Text('Description'), primary_provider=Link('Primary_Provider__c', 'PRV'),
                   referring_organization=Link('Referring_Account__c', 'ORG'), employer=Link('Employer__c', 'ORG'),
                   location=Link('Location__c', 'LOC'), guarantor=GUARANTOR,
                   status=word('Patient_Status__c', active='Active', inactive='Inactive', archived='Archived', deceased='Deceased',
                               prospective='Prospective'))
    exam = {'patient': Link('Contact__c', 'PAT'), 'provider': Link('Provider__c', 'PRV'), 'exam_at': day('Exam_Date__c'),
            'charting_type': Text('Charting_Type__c'), 'aap_stage': Number('AAP_Stage__c'), 'aap_grade': Text('AAP_Grade__c'),
            'numbering': word('ToothNumberingSystem__c', universal='Universal', fdi='FDI', palmer='Palmer', haderup='Haderup'),
            'aap_extent': word('AAP_Extent__c', localized='Localized', generalized='Generalized', molar_incisor='Molar-incisor'),
            'aap_other': Text('AAP_Other__c'), 'aap_text': Text('AAP_Text__c'), 'notes': Text('Notes__c'),
            'comparison_group': Text('Comparison_Group__c')}
    for name, field in (('sites_examined', 'Sites_Examined'), ('bleeding_sites', 'Bleeding_Sites'), ('bop_percent', 'BOP_Percent'),
                        ('source_bop', 'Source_BOP'), ('plaque_percent', 'Plaque_Percent'), ('plaque_index', 'Plaque_Index'),
                        ('suppuration_percent', 'Suppuration_Percent'), ('pd4_percent', 'PD4_Percent'), ('pd5_percent', 'PD5_Percent'),
                        ('pd6_percent', 'PD6_Percent'), ('mean_pd', 'Mean_PD'), ('max_pd', 'Max_PD'), ('mean_cal', 'Mean_CAL')):
        exam[name] = Number(field + '__c')
    site = Join('ToothSite__c', ['tooth_raw', 'site', 'area'], ' ')
    return {
        'practice_location': {'in': 'Account', 'fields': dict(account(), company_code=Text('Company_Code__c'), tax_office=Text('Tax_Office__c'),
                                                              tax_number=Text('Tax_Number__c'), parent=Link('ParentId', 'LOC'))},
        'organization': {'in': 'Account', 'more': lambda key: ':' in key, 'fields': dict(
            account(), specialty=Text('Specialty__c'), source_type=Text('Source_Type__c'), payer_id=Text('Payer_ID__c'),
            kind=word('Account_Kind__c', referring_practice='Referring practice', employer='Employer', carrier='Insurance carrier'))},
        'provider': {'in': 'Contact', 'more': lambda key: key.startswith('ref:'), 'fields': {
            'display': Nowhere('taken apart into first and last'), 'first': Text('FirstName'), 'last': Text('LastName'),
            'credentials': Text('Credentials__c'), 'credentials_raw': Text('Credentials_Text__c'), 'specialty': Text('Specialty__c'),
            'npi': Text('NPI__c'), 'license': Text('License__c'), 'email': Text('Email'), 'phone': Text('Phone'), 'role': Text('Role__c'),
            'location': Link('Location__c', 'LOC'),
            'active': Call(lambda got, want, row: got['Provider_Active__c'] == TRUTH[want], 'is another truth'),
            'is_internal': Call(lambda got, want, row: got['Internal_Provider__c'] == TRUTH[want], 'is another truth')}},
        'patient': {'in': 'Contact', 'fields': patient},
        'guarantor': {'in': 'Contact', 'only': lambda r: not r.get('is_patient'), 'fields': dict(
            contact(), is_patient=Nowhere('the patient is the contact'), relationship=Nowhere('of the guarantor to the patient'))},
        'clinical_exam': {'in': 'ClinicalExam__c', 'fields': exam},
        'radiograph': {'in': 'Radiograph__c', 'fields': {
            'patient': Link('Contact__c', 'PAT'), 'exam': Link('ClinicalExam__c', 'EXM'), 'taken_date': Text('Taken_Date__c'),
            'findings': Text('Findings__c'), 'periapical_status': Text('Periapical_Status__c'),
            'document': Call(lambda got, want, row: (key_of(got.get('File_Key__c') or '')[1]) == want, 'is another file'),
            'type': word('Radiograph_Type__c', periapical='Periapical', bitewing='Bitewing', full_mouth='Full mouth', panoramic='Panoramic',
                         cbct='CBCT', other='Other')}},
        'diagnosis': {'in': 'Diagnosis__c', 'fields': {
            'patient': Link('Contact__c', 'PAT'), 'provider': Link('Provider__c', 'PRV'), 'tooth': Text('Tooth_FDI__c'),
            'tooth_raw': Text('Tooth_As_Charted__c'), 'code': Text('Diagnosis_Code__c'), 'code_system': Text('Code_System__c'),
            'text': Text('Diagnosis_Text__c'), 'diagnosed_date': Text('Diagnosis_Date__c')}},
        'treatment_plan': {'in': 'TreatmentPlan__c', 'fields': {
            'patient': Link('Contact__c', 'PAT'), 'provider': Link('Provider__c', 'PRV'), 'number': Text('Plan_Number__c'),
            'name': Call(lambda got, want, row: want in got.get('Name', ''), 'is not in the name'), 'plan_date': Text('Plan_Date__c'),
            'proposed_date': Text('Proposed_Date__c'), 'phase': Text('Phase__c'), 'type': Text('Treatment_Type__c'),
            'est_cost': Number('EstimatedCost__c'), 'currency': Text('Currency_Code__c'), 'notes': Text('Treatment_Notes__c'),
            'narrative': Text('Narrative__c'),
            'status': word('Status__c', proposed='Proposed', accepted='Accepted', in_progress='In progress', completed='Completed',
                           rejected='Rejected')}},
        'plan_line': {'in': 'TreatmentPlanLine__c', 'fields': {
            'plan': Link('TreatmentPlan__c', 'PLN'), 'seq': Number('Sequence__c'), 'phase': Text('Phase__c'), 'code': Text('ADA_Code__c'),
            'code_system': Text('Code_System__c'), 'code_raw': Text('Code_As_Written__c'), 'pms_code': Text('PMS_Code__c'),
            'description': Text('Description__c'), 'letter_description': Text('Letter_Description__c'), 'tooth': Text('Teeth_FDI__c'),
            'tooth_raw': site, 'site': site, 'area': site, 'surface': Text('Surface__c'), 'fee': Number('EstimatedCost__c'),
            'insurance_estimate': Number('Insurance_Estimate__c'), 'done_date': Text('Done_Date__c'),
            'status': word('Status__c', proposed='Proposed', completed='Completed', rejected='Rejected')}},
        'clinical_note': {'in': 'ClinicalNote__c', 'fields': {
            'patient': Link('Contact__c', 'PAT'), 'author': Link('Author__c', 'PRV'), 'noted_at': moment('Note_Time__c', zone),
            'subjective': Text('Subjective__c'), 'objective': Text('Objective__c'), 'assessment': Text('Assessment__c'),
            'plan': Text('Plan__c'), 'body': Text('Body__c'),
            'type': word('Note_Type__c', soap='SOAP', progress='Progress', narrative='Narrative')}},
        'workflow_flag': {'in': 'Task', 'fields': {
            'patient': Link('WhoId', 'PAT'), 'provider': Link('Provider__c', 'PRV'), 'type': Text('Flag_Type__c'),
            'description': Text('Description'), 'raised_date': Text('Raised_Date__c'), 'due_date': Text('ActivityDate'),
            'resolved_date': Text('Resolved_Date__c'), 'status': Both(
                word('Flag_Status__c', open='Open', resolved='Resolved', dismissed='Dismissed'),
                word('Status', open='Not Started', resolved='Completed', dismissed='Completed'))}},
        'referral': {'in': 'Referral__c', 'fields': {
            'patient': Link('Contact__c', 'PAT'), 'organization': Link('Account__c', 'ORG'), 'provider': Link('Provider__c', 'PRV'),
            'referral_date': Text('Referral_Date__c'), 'status_date': Text('Status_Date__c'), 'notes': Text('Notes__c'),
            'direction': word('Referral_Type__c', incoming='Incoming', outgoing='Outgoing'),
            'status': word('Referral_Status__c', received='Received', sent='Sent', accepted='Accepted', declined='Declined',
                           completed='Completed')}},
        'letter': {'in': 'letter files', 'fields': {
            'patient': Link('FirstPublishLocationId', 'PAT'), 'type': Text('Letter_Type__c'), 'letter_date': moment('Captured__c', zone),
            'referral': Call(lambda got, want, row: key_of(got['Referral_Key__c'])[1] == want, 'is another referral')}},
        'appointment': {'in': 'Event', 'fields': {
            'patient': Link('WhoId', 'PAT'), 'provider': Link('Provider__c', 'PRV'), 'location': Link('Practice_Location__c', 'LOC'),
            'operatory': Text('Location'), 'start_at': moment('StartDateTime', zone), 'duration': Number('Duration__c'),
            'session_type': Text('SessionType__c'), 'procedure_codes': Text('Procedure_Codes__c'), 'notes': Text('Description'),
            'status': word('Appointment_Status__c', scheduled='Scheduled', confirmed='Confirmed', completed='Completed',
                           cancelled='Cancelled', no_show='No show')}},
        'insurance_policy': {'in': 'InsurancePolicy__c', 'fields': {
            'patient': Link('Contact__c', 'PAT'), 'carrier': Link('Carrier__c', 'ORG'), 'carrier_raw': Text('Carrier_As_Written__c'),
            'plan': Text('Plan_Name__c'), 'payer_id': Text('Payer_ID__c'), 'policy_number': Text('Policy_Number__c'),
            'group_number': Text('Group_Number__c'), 'coverage': Text('Coverage__c'), 'subscriber': Text('Subscriber__c'),
            'priority': Number('Priority__c'), 'valid_from': Text('Valid_From__c'), 'valid_to': Text('Valid_To__c'),
            'relationship': word('Subscriber_Relationship__c', self='Self', spouse='Spouse', child='Child', other='Other')}},
        'billing_line': {'in': 'BillingLine__c', 'fields': {
            'patient': Link('Contact__c', 'PAT'), 'plan_line': Link('TreatmentPlanLine__c', 'PLL'), 'line_date': Text('Line_Date__c'),
            'charge': Number('Charge__c'), 'payment': Number('Payment__c'), 'adjustment': Number('Adjustment__c'),
            'balance': Number('Balance__c'), 'currency': Text('Currency_Code__c'), 'method': Text('Method__c'),
            'type': word('Line_Type__c', charge='Charge', payment='Payment', adjustment='Adjustment')}},
        'recall': {'in': 'Task', 'fields': {
            'patient': Link('WhoId', 'PAT'), 'type': Text('Recall_Type__c'), 'next_date': Text('ActivityDate'),
            'last_date': Text('Last_Visit__c')}},
    }


class Guarantor(truth.Answer):
    """Of a patient: the guarantor's own contact, or that of the patient who is it."""

    def __init__(self):
        super().__init__('Guarantor__c')

    def check(self, c, got, want, row):
        other = c.truth.rows['guarantor'].get(want, {}).get('is_patient', '')
        return Link(self.field, 'PAT' if other else 'GUA').check(c, got, other or want, row)


GUARANTOR = Guarantor()
CUSTOMS = {'patient': 'Contact', 'clinical_exam': 'ClinicalExam__c'}


def means(text):
    m = re.fullmatch(r'(\d{4}-\d\d-\d\d)(?:[T ]00:00:00(?:\.0+)?(?:Z)?)?', text)
    return m[1] if m else {'true': '1', 'false': '0', 'Yes': '1', 'No': '0'}.get(text, str(truth.number(text)))


def compare(folder, of_truth, zone):
    crm = Crm(folder)
    c = truth.Comparison(of_truth, crm, answers(zone), pathlib.Path(folder).parent)
    c.check_rejects()
    c.check_entities()
    c.check_charts(crm.charts())
    c.check_findings(crm.findings())
    check_teeth(c)
    c.check_customs(CUSTOMS, means)
    c.check_files(crm.files())
    for line in crm.wrong:
        c.say('load: ' + line.split(':')[0], line)
    return c


def check_teeth(c):
    """Teeth have records of the latest exam of each patient that has any."""
    latest = {}
    for key, exam in c.truth.rows['clinical_exam'].items():
        if c.truth.teeth.get(key):
            latest[exam['patient']] = max(latest.get(exam['patient'], ('', '')), (exam['exam_at'], key))
    exams = {key for _, key in latest.values()}
    rows = {r['src_key']: r for r in c.truth.rows['tooth_record'].values() if r['exam'] in exams}
    found = {key_of(k)[1]: r for k, r in c.crm.table('ClinicalTooth__c', 'TTH').items()}
    if rows.keys() != found.keys():
        c.say('tooth_record: other teeth', sorted(rows.keys() ^ found.keys())[:4])
    place = {'in': 'ClinicalTooth__c', 'fields': tooth_fields()}
    for key in rows.keys() & found.keys():
        c.check_record('tooth_record', place, key, found[key], rows[key])
        for field, measure in SITE_FIELDS.items():
            for site in truth.SITES:
                want = c.truth.sites[key].get(site, {}).get(measure, '')
                got = found[key].get('%s_%s__c' % (field, site)) or ''
                if (YES[want] if field in ('BOP', 'Suppuration', 'Plaque', 'Calculus') else truth.number(want)) != (
                        got if field in ('BOP', 'Suppuration', 'Plaque', 'Calculus') else truth.number(got)):
                    c.say('site_measure.' + measure, '%s %s: %r, right is %r' % (key, site, got, want))
