"""Salesforce as the Data Loader sees it: upsert by external id with the bundle's maps, links by external id, success and error files,
export, delete by id. Rules: Data Loader guide, object reference (required fields, lengths), metadata of the bundle (what links point to)."""
import os
import re
import xml.etree.ElementTree
import zipfile

import crm
from crm import Refused

LENGTH = {('Contact', 'LastName'): 80, ('Contact', 'FirstName'): 40, ('Contact', 'Email'): 80, ('Contact', 'Phone'): 40,
          ('Contact', 'MobilePhone'): 40, ('Contact', 'MailingCity'): 40, ('Account', 'Name'): 255, ('Event', 'Subject'): 255,
          ('Task', 'Subject'): 255}
STANDARD = {'AccountId': 'Account'}
KEY = 'Source_Key__c'
NAMESPACE = '{http://soap.sforce.com/2006/04/metadata}'


def links_of(folder):
    """{(object, field): object that it points to}, of the metadata package."""
    found = {}
    with zipfile.ZipFile(os.path.join(folder, 'metadata', 'salesforce-metadata.zip')) as z:
        for name in z.namelist():
            m = re.fullmatch(r'(?:[^/]+/)?objects/(.+)\.object', name)
            if not m:
                continue
            for f in xml.etree.ElementTree.fromstring(z.read(name)).iter(NAMESPACE + 'fields'):
                to = f.find(NAMESPACE + 'referenceTo')
                if to is not None:
                    found[m[1], f.find(NAMESPACE + 'fullName').text] = to.text
    return found


def read_map(path):
    """Heading -> what the right side of the map says."""
    found = {}
    with open(path, encoding='utf-8') as f:
        lines = f.readlines()
    for line in lines:
        m = re.fullmatch(r'((?:\\.|[^=\\#])+)=(.+)', line.strip())
        if m:
            found[re.sub(r'\\(.)', r'\1', m[1])] = re.sub(r'\\(.)', r'\1', m[2])
    return found


def object_of(folder, name):
    """What the guide says of the file: the object behind its name in the table of loads."""
    with open(os.path.join(folder, 'IMPORT-STEPS.html'), encoding='utf-8') as f:
        page = f.read()
    stem = re.sub(r'(_\d+)?\.csv$', '', name)
    row = re.search(r'<tr>(?:(?!</tr>).)*%s(?:(?!</tr>).)*</tr>' % re.escape(stem), page, re.S)
    cells = [re.sub(r'<[^>]+>', '', c) for c in re.findall(r'<td[^>]*>(.*?)</td>', row[0], re.S)]
    return next(c for c in cells if re.fullmatch(r'[A-Z]\w+', c))


class Salesforce(crm.Crm):
    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        self.links = links_of(folder)
        self.fields = {}  # of the maps: those that an export of all fields has
        for part in crm.parts_of(folder):
            map_path = os.path.join(folder, re.sub(r'(_\d+)?\.csv$', '.sdl', part))
            if os.path.exists(map_path):
                known = self.fields.setdefault(object_of(folder, part), set())
                known |= {self.field(target) for target in read_map(map_path).values()}
        self.rules.append(crm.required(Account=['Name'], Contact=['LastName'], Event=['Subject', 'StartDateTime'], Task=['Subject']))
        self.rules.append(self.lengths)

    @staticmethod
    def lengths(name, values):
        for field, text in values.items():
            most = LENGTH.get((name, field))
            if most and len(text) > most:
                raise Refused('STRING_TOO_LONG:%s: data value too large: %s (max length=%d):%s --' % (field, text, most, field))

    @staticmethod
    def field(target):
        """Of the right side of a map: Location__r:Source_Key__c is Location__c, Who:Contact-Source_Key__c is WhoId."""
        relation = target.split(':')[0]
        return target if ':' not in target else relation[:-1] + 'c' if relation.endswith('__r') else relation + 'Id'

    def value(self, name, target, text):
        """The field and its value for a right side of the map."""
        if ':' not in target:
            year = re.match(r'(\d{4})-\d\d-\d\d', text)
            if year and not 1700 <= int(year[1]) <= 4000:
                raise Refused('INVALID_TYPE_ON_FIELD_IN_RECORD:%s: value not of required type: %s' % (target, text))
            return target, text
        key, field = target.split(':')[1], self.field(target)
        to, key = key.split('-') if '-' in key else (None, key)
        # Own fields of tasks and events are those of Activity.
        to = to or self.links.get((name, field)) or self.links.get(('Activity', field)) or STANDARD[field]
        if not text:
            return field, ''
        found = self.table(to).find(key, text)
        if len(found) != 1:
            raise Refused('INVALID_FIELD:Foreign key external ID: %s not found for field %s in entity %s:%s --' % (
                text.lower(), key, to, field))
        return field, found[0]

    def upsert(self, name, heading, row, mapping):
        values = dict(self.value(name, mapping[h], text) for h, text in zip(heading, row) if h in mapping)
        found = self.table(name).find(KEY, values[KEY])
        if found:
            record = dict(self.table(name).rows[found[0]])
            record.update({k: v for k, v in values.items() if v != ''})
            self.check(name, record)
            self.table(name).rows[found[0]] = record
            return found[0], 'Item Updated'
        self.check(name, values)
        return self.table(name).add(values), 'Item Created'

    def load(self, path, map_path, name, results, stem=None):
        """One run of the Data Loader: keys that were taken and that were not."""
        heading, rows = crm.read_csv(path)
        mapping, good, bad = read_map(map_path), [], []
        for row in rows:
            try:
                number, state = self.upsert(name, heading, row, mapping)
                good.append([number, *row, state])
            except Refused as why:
                bad.append([*row, str(why)])
        stem = stem or os.path.basename(path)[:-4]
        form = {'quoting': crm.csv.QUOTE_ALL, 'lineterminator': '\n'}
        crm.write_csv(os.path.join(results, stem + '_success.csv'), ['ID', *heading, 'STATUS'], good, **form)
        crm.write_csv(os.path.join(results, stem + '_error.csv'), [*heading, 'ERROR'], bad, **form)
        return [r[1] for r in good], [r[0] for r in bad]

    def load_all(self, results):
        """Every file in the guide's order; {stem: (taken, refused)}. Files wait for their second stage."""
        done = {}
        for name in crm.parts_of(self.folder):
            map_path = os.path.join(self.folder, re.sub(r'(_\d+)?\.csv$', '.sdl', name))
            if os.path.exists(map_path):
                done[name[:-4]] = self.load(os.path.join(self.folder, name), map_path, object_of(self.folder, name), results)
        return done

    def export(self, name, path):
        fields = sorted({f for r in self.table(name).rows.values() for f in r} | self.fields.get(name, set()))
        crm.write_csv(path, ['Id', *fields], [[i, *[r.get(f, '') for f in fields]] for i, r in self.table(name).rows.items()],
                      quoting=crm.csv.QUOTE_ALL, lineterminator='\n')

    def delete(self, name, path):
        heading, rows = crm.read_csv(path)
        for row in rows:
            number = row[heading.index('Id')]
            for (of, field), to in [*self.links.items(), (('Contact', 'AccountId'), 'Account')]:
                if to == name and of == name:  # a link between contacts is emptied
                    for r in self.table(of).rows.values():
                        if r.get(field) == number:
                            del r[field]
                elif to == name and any(r.get(field) == number for r in self.table(of).rows.values()):
                    raise AssertionError('%s %s is deleted before its %s' % (name, number, of))
            del self.table(name).rows[number]

    def update(self, name, path):
        heading, rows = crm.read_csv(path)
        for row in rows:
            values = dict(zip(heading, row))
            record = self.table(name).rows[values.pop('Id')]
            for field, text in values.items():
                if text == '#N/A':
                    record.pop(field, None)
                elif text != '':
                    record[field] = text
