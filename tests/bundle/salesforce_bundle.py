"""A Salesforce bundle read back with code that shares nothing with the program: the CSV files, the maps, the batch file and the
metadata package, each held against the others and against the rules of the Data Loader.

    salesforce_bundle.py RUN/salesforce [NODE_MODULES]      prints what is wrong; exits 1 when something is
"""
import csv
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile

# Fields that every organization has, of those that a bundle fills: Object Reference of Salesforce, with their lengths.
STANDARD = {
    'Account': {'Name': 255, 'Phone': 40, 'Fax': 40, 'ParentId': 18, 'BillingStreet': 255, 'BillingCity': 40, 'BillingState': 80,
                'BillingPostalCode': 20, 'BillingCountry': 80},
    'Contact': {'LastName': 80, 'FirstName': 40, 'MiddleName': 40, 'Suffix': 40, 'Salutation': 40, 'Email': 80, 'Phone': 40,
                'HomePhone': 40, 'MobilePhone': 40, 'OtherPhone': 40, 'Birthdate': 10, 'MailingStreet': 255, 'MailingCity': 40,
                'MailingState': 80, 'MailingPostalCode': 20, 'MailingCountry': 80, 'Description': 32000, 'AccountId': 18},
    'Event': {'Subject': 255, 'WhoId': 18, 'WhatId': 18, 'StartDateTime': 24, 'EndDateTime': 24, 'DurationInMinutes': 6, 'Location': 255,
              'Description': 32000},
    'Task': {'Subject': 255, 'WhoId': 18, 'WhatId': 18, 'ActivityDate': 10, 'Status': 40, 'Priority': 40, 'Description': 32000},
    'ContentVersion': {'Title': 255, 'PathOnClient': 500, 'VersionData': 0, 'FirstPublishLocationId': 18, 'Description': 1000},
}
POLYMORPHIC = ('WhoId', 'WhatId', 'OwnerId', 'FirstPublishLocationId')
NAMESPACE = '{http://soap.sforce.com/2006/04/metadata}'
DAY = re.compile(r'\d{4}-\d\d-\d\d$')
MOMENT = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$')
CELL_MAX, BULK_CELL_MAX, ROW_MAX, COLUMNS_MAX = 131072, 32000, 400000, 5000
BULK_BATCH_MAX = 10000000


def units(text):
    """Characters as Salesforce counts them."""
    return len(text.encode('utf-16-le')) // 2


class Bundle:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.wrong = []
        self.objects = {}   # of the package: name -> {field: {element: text}}
        self.made = set()   # objects that the package makes
        self.options = {}   # (object, field) -> values
        self.written = {}   # object -> keys of its files so far
        self.rows = {}      # file stem without its part -> rows
        self.object_of = {}
        self.conf = {}

    def say(self, text, *values):
        line = text % values
        if len(self.wrong) < 200:
            self.wrong.append(line)

    # ---- the package

    def read_package(self, name='metadata/salesforce-metadata.zip'):
        with zipfile.ZipFile(self.folder / name) as z:
            names = z.namelist()
            if len(set(names)) != len(names):
                self.say('%s: a member is there twice', name)
            members = {n: z.read(n) for n in names}
        if 'package.xml' not in members:
            self.say('%s has no package.xml', name)
        for path, content in members.items():
            if path.startswith('objects/'):
                self.read_object(path[len('objects/'):-len('.object')], ET.fromstring(content))
        self.check_permissions(members)
        return members

    def read_object(self, name, root):
        fields = {}
        for x in root.findall(NAMESPACE + 'fields'):
            plain = {c.tag.replace(NAMESPACE, ''): (c.text or '') for c in x}
            if plain['fullName'] in fields:
                self.say('%s: %s is made twice', name, plain['fullName'])
            if len(plain['fullName']) > 43 or not re.match(r'[A-Za-z](_?[A-Za-z0-9])*__c$', plain['fullName']):
                self.say('%s: %s is no name of a field', name, plain['fullName'])
            if len(plain['label']) > 40:
                self.say('%s: the label of %s is longer than 40', name, plain['fullName'])
            values = x.findall('.//%svalue/%sfullName' % (NAMESPACE, NAMESPACE))
            self.options[name, plain['fullName']] = [v.text for v in values]
            fields[plain['fullName']] = plain
        if root.find(NAMESPACE + 'nameField') is not None:
            self.made.add(name)
            if root.findtext(NAMESPACE + 'nameField/' + NAMESPACE + 'type') == 'Text':
                fields['Name'] = {'type': 'Text', 'length': '80'}
            fields_made = len([f for f in fields if f != 'Name'])
        else:
            fields_made = len(fields)
        if fields_made > 500:
            self.say('%s: %d fields', name, fields_made)
        self.objects[name] = fields

    def check_permissions(self, members):
        for path in members:
            if not path.endswith('.permissionset'):
                continue
            root = ET.fromstring(members[path])
            granted = {x.findtext(NAMESPACE + 'field') for x in root.findall(NAMESPACE + 'fieldPermissions')}
            for name, fields in self.objects.items():
                for field, plain in fields.items():
                    always = plain.get('required') == 'true' or plain['type'] == 'MasterDetail' or field == 'Name'
                    for holder in ('Event', 'Task') if name == 'Activity' else (name,):
                        there = '%s.%s' % (holder, field) in granted
                        if there == always:
                            self.say('%s: %s.%s %s', path, holder, field, 'is granted' if there else 'is not granted')

    def field(self, obj, name):
        holder = 'Activity' if obj in ('Event', 'Task') else obj
        return self.objects.get(holder, {}).get(name)

    # ---- maps and files

    def read_conf(self):
        path = self.folder / 'data-loader' / 'process-conf.xml'
        text = path.read_text(encoding='utf-8')
        if '<!DOCTYPE beans' not in text:
            self.say('process-conf.xml has no DOCTYPE')
        for bean in ET.fromstring(text).findall('bean'):
            entries = {e.get('key'): e.get('value') for e in bean.iter('entry')}
            self.conf[entries['dataAccess.name']] = entries
            if not entries['sfdc.password'].startswith('PASSWORD'):
                self.say('process-conf.xml holds a password')

    def read_map(self, stem, header):
        """{heading: target}; `\\` before `:`, `=` and blank."""
        pairs = {}
        for line in (self.folder / (stem + '.sdl')).read_text(encoding='ascii').splitlines():
            m = re.fullmatch(r'((?:[^\\=: ]|\\.)+)=((?:[^\\=: ]|\\.)+)', line)
            if not m:
                self.say('%s.sdl: %r is no line of a map', stem, line)
                continue
            pairs[m[1].replace('\\', '')] = m[2].replace('\\', '')
        if list(pairs) != header:
            self.say('%s.sdl maps %s, the file has %s', stem, sorted(set(pairs) ^ set(header)), 'other headings')
        return pairs

    def read_csv(self, path):
        raw = path.read_bytes()
        if raw.startswith(b'\xef\xbb\xbf'):
            self.say('%s begins with a BOM', path.name)
        text = raw.decode('utf-8')
        if text.count('\r') != text.count('\r\n') or not text.endswith('\r\n'):
            self.say('%s: line ends', path.name)
        table = list(csv.reader(io.StringIO(text, newline=''), strict=True))
        for row in table:
            if len(row) != len(table[0]):
                self.say('%s: a row of %d cells under %d headings', path.name, len(row), len(table[0]))
        return table[0], table[1:]

    def check_value(self, where, obj, name, text):
        field = self.field(obj, name)
        if field is None:
            most = STANDARD.get(obj, {}).get(name)
            if most and units(text) > most and name not in POLYMORPHIC and not name.endswith('Id'):
                self.say('%s: %d characters, %d are taken', where, units(text), most)
            if name in ('StartDateTime', 'EndDateTime') and not MOMENT.match(text):
                self.say('%s: %r is no moment in UTC', where, text)
            if name in ('Birthdate', 'ActivityDate') and not DAY.match(text):
                self.say('%s: %r is no day', where, text)
            return
        kind = field['type']
        if kind in ('Text', 'LongTextArea') and units(text) > int(field['length']):
            self.say('%s: %d characters, %s are taken', where, units(text), field['length'])
        if kind in ('Number', 'Currency', 'Percent'):
            m = re.fullmatch(r'-?(\d+)(?:\.(\d+))?', text)
            whole = int(field['precision']) - int(field['scale'])
            if not m or len(m[1].lstrip('0')) > whole or len(m[2] or '') > int(field['scale']):
                self.say('%s: %r is no number of %s digits, %s behind the point', where, text, field['precision'], field['scale'])
        if kind == 'Date' and not DAY.match(text) or kind == 'DateTime' and not MOMENT.match(text):
            self.say('%s: %r is no %s', where, text, kind)
        if kind == 'Checkbox' and text not in ('true', 'false'):
            self.say('%s: %r is no checkbox', where, text)
        if kind == 'Picklist' and text not in self.options['Activity' if obj in ('Event', 'Task') else obj, name]:
            self.say('%s: %r is no value of the pick list', where, text)
        if kind == 'MultiselectPicklist':
            for part in text.split(';'):
                if part not in self.options[obj, name]:
                    self.say('%s: %r is no value of the pick list', where, part)

    def check_target(self, path, obj, heading, target):
        """What a heading is mapped to exists; returns the object that it links to, or None."""
        if ':' not in target:
            if target != heading or not (self.field(obj, heading) or heading in STANDARD.get(obj, {})):
                self.say('%s: %s.%s is no field', path.name, obj, target)
            return None
        relation, key = target.split(':')
        field = self.field(obj, heading)
        if heading in POLYMORPHIC:
            parent, key = key.split('-')
            expected = heading[:-2]
        elif field is not None:
            parent, expected = field.get('referenceTo'), heading[:-1] + 'r'
        else:
            parent, expected = {'AccountId': 'Account', 'ParentId': 'Account'}.get(heading), heading[:-2]
        if relation != expected or parent is None:
            self.say('%s: %s is mapped to %s', path.name, heading, target)
        elif self.field(parent, key) is None or self.field(parent, key).get('externalId') != 'true':
            self.say('%s: %s.%s is no external id', path.name, parent, key)
        return parent

    def check_file(self, path):
        if path.stem.endswith('_ContentVersion') or path.stem in ('Files', 'Files_made'):
            return  # the second stage: test_link_files.py
        stem = re.sub(r'_\d+$', '', path.stem) if not (self.folder / (path.stem + '.sdl')).exists() else path.stem
        conf = self.conf.get(path.name)
        if conf is None:
            self.say('process-conf.xml does not load %s', path.name)
            return
        obj = self.object_of[stem] = conf['sfdc.entity']
        header, rows = self.read_csv(path)
        if len({h.lower() for h in header}) != len(header) or len(header) > COLUMNS_MAX:
            self.say('%s: headings', path.name)
        pairs = self.read_map(stem, header)
        parents = {h: self.check_target(path, obj, h, pairs.get(h, h)) for h in header}
        keys = self.written.setdefault(obj, set())
        longest, characters = 0, 0
        for n, row in enumerate(rows, 1):
            if sum(map(units, row)) > ROW_MAX:
                self.say('%s row %d: too long', path.name, n)
            for heading, text in zip(header, row):
                where = '%s row %d %s' % (path.name, n, heading)
                longest = max(longest, units(text))
                if text == '#N/A':
                    self.say('%s: #N/A empties the field', where)
                if not text:
                    continue
                if parents[heading]:
                    if text not in self.written.get(parents[heading], set()):
                        self.say('%s: %s %s is in no earlier file', where, parents[heading], text)
                else:
                    self.check_value(where, obj, heading, text)
            characters = max(characters, sum(map(units, row)) + 3 * len(row))
        if longest > CELL_MAX or conf['sfdc.useBulkApi'] == 'true' and longest > BULK_CELL_MAX:
            self.say('%s: a cell of %d characters', path.name, longest)
        if conf['sfdc.useBulkApi'] == 'true' and characters * int(conf['sfdc.loadBatchSize']) > BULK_BATCH_MAX:
            self.say('%s: batches may pass 10,000,000 characters', path.name)
        keys.update(row[0] for row in rows)
        self.rows.setdefault(stem, []).extend(dict(zip(header, row)) for row in rows)

    def check(self):
        self.read_package()
        self.read_conf()
        for path in sorted(self.folder.glob('*.csv')):
            self.check_file(path)
        for name in self.conf:
            if not (self.folder / name).exists():
                self.say('process-conf.xml loads %s, which is not there', name)
        for stem, rows in self.rows.items():
            if self.object_of[stem] == 'Contact':
                accountless = [r for r in rows if not r.get('AccountId', 'update')]
                if accountless:
                    self.say('%s: %d contacts without account', stem, len(accountless))
        return self.wrong

    def check_by_vendor(self, modules):
        """Both packages by the vendor's library; the counts of the first."""
        counts = None
        for name in ('salesforce-metadata.zip', 'salesforce-metadata-lean.zip'):
            with tempfile.TemporaryDirectory() as room:
                with zipfile.ZipFile(self.folder / 'metadata' / name) as z:
                    z.extractall(pathlib.Path(room) / 'package')
                script = pathlib.Path(__file__).with_name('salesforce_package.cjs')
                done = subprocess.run(['node', script, modules, pathlib.Path(room) / 'package', pathlib.Path(room) / 'scratch'],
                                      capture_output=True, text=True, timeout=120)
            if done.returncode or not done.stdout.strip():
                self.say('%s: %s', name, done.stderr[-2000:])
                continue
            result = json.loads(done.stdout.splitlines()[-1])
            for line in result['wrong']:
                self.say('%s: %s', name, line)
            counts = counts or result
        return counts


def main():
    b = Bundle(sys.argv[1])
    b.check()
    if len(sys.argv) > 2:
        print(b.check_by_vendor(pathlib.Path(sys.argv[2]).resolve()))
    for line in b.wrong:
        print(line)
    print('%d files, %d rows, %d objects, %d fields: %d wrong' % (
        len(b.conf), sum(map(len, b.rows.values())), len(b.objects), sum(map(len, b.objects.values())), len(b.wrong)))
    sys.exit(bool(b.wrong))


if __name__ == '__main__':
    main()
