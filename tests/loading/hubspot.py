"""HubSpot as its import of files sees it: properties with types and options, records found by the property Source key and, contacts, by
their one e-mail address; links by key to records that are there; an error file; exports by object with record ids. Rules: HubSpot's help;
what the administrator makes after the bundle's sheet of fields."""
import csv
import os
import re

import crm
from crm import Refused

KEY = 'Source key'
REQUIRED = {'Company': ['Company name'], 'Deal': ['Deal name', 'Pipeline', 'Deal stage'], 'Note': ['Note body'], 'Task': ['Task title'],
            'Meeting': ['Meeting name', 'Meeting start time', 'Meeting end time']}
# HubSpot's own: fields that are no text, and what its own lists offer.
KIND = {'Amount': 'Number', 'Create date': 'Date picker', 'Activity date': 'Date picker', 'Due date': 'Date picker',
        'Meeting start time': 'Date and time picker', 'Meeting end time': 'Date and time picker'}
OPTIONS = {'Deal stage': ['Proposed', 'Accepted', 'In progress', 'Completed', 'Rejected'],
           'Task status': ['Not started', 'In progress', 'Waiting', 'Completed', 'Deferred'],
           'Meeting outcome': ['Scheduled', 'Completed', 'Rescheduled', 'No show', 'Canceled']}
FORM = {'Number': r'-?\d+(\.\d+)?', 'Date picker': r'\d{4}-\d\d-\d\d', 'Date and time picker': r'\d{4}-\d\d-\d\d \d\d:\d\d',
        'Single checkbox': r'true|false'}
OWNERS = ('Contact owner', 'Deal owner', 'Task assigned to')
LINKS = {'Company source key': 'Company', 'Contact source key': 'Contact'}


class System(crm.Crm):
    users = None

    def __init__(self, folder):
        super().__init__()
        self.folder, self.restored = folder, []
        self.kind, self.options = {}, {}
        with open(os.path.join(folder, 'field-sheet.csv'), encoding='utf-8-sig', newline='') as f:
            for r in csv.DictReader(f):
                field = r['Module or record'], r['Field label']
                self.kind[field] = r['Kind']
                if r['Options']:
                    self.options[field] = r['Options'].split('; ')

    @staticmethod
    def module(stem):
        word = re.match(r'\d\d_([A-Z][a-z]+)', stem)[1]
        return {'Companies': 'Company'}.get(word, word[:-1])

    def value(self, module, field, text):
        options = OPTIONS.get(field) or self.options.get((module, field))
        kind = KIND.get(field) or self.kind.get((module, field), '')
        if options and text not in options:
            raise Refused('INVALID_ENUMERATION_OPTION: %s' % field)
        if kind in FORM and not re.fullmatch(FORM[kind], text):
            raise Refused('%s: %s' % ('INVALID_DATE' if 'Date' in kind else 'INVALID_NUMBER', field))
        if len(text) > 65536:
            raise Refused('PROPERTY_VALUE_TOO_LONG: %s' % field)
        if field in OWNERS and '@' not in text:
            raise Refused('INVALID_OWNER: %s' % field)
        return text

    def link(self, field, key):
        """By the key, with "associate with existing records only"."""
        found = self.table(LINKS[field]).find(KEY, key)
        if not found:
            raise Refused('ASSOCIATION_RECORD_NOT_FOUND: %s' % field)
        return found[0]

    def take(self, module, row):
        self.check(module, row)
        # The key of notes, tasks and meetings is not mapped: there is no property for it.
        values = {f: self.link(f, t) if f in LINKS else self.value(module, f, t) for f, t in row.items() if t != '' and f != KEY + ' (do not map)'}
        t = self.table(module)
        found = t.find(KEY, values[KEY]) if KEY in values else []
        record = {**(t.rows[found[0]] if found else {}), **values}
        missing = [f for f in REQUIRED.get(module, ()) if not record.get(f)]
        if missing:
            raise Refused('MISSING_REQUIRED_PROPERTY: %s' % missing[0])
        if module == 'Contact' and record.get('Email') and [i for i in t.find('Email', record['Email']) if i not in found]:
            raise Refused('DUPLICATE_UNIQUE_PROPERTY_VALUE: Email')
        if found:
            t.rows[found[0]] = record
        else:
            t.add(record)

    def load(self, path, stem, results):
        heading, rows = crm.read_csv(path)
        good, bad = [], []
        for row in rows:
            try:
                self.take(self.module(stem), {h: t for h, t in zip(heading, row) if h != 'Load error'})
                good.append(row[0])
            except Refused as why:
                bad.append([*row, str(why)])
        if bad:
            crm.write_csv(os.path.join(results, 'errors_%s.csv' % stem), [*heading, 'Error Message'], bad)
        return good, [r[0] for r in bad]

    def load_all(self, results):
        return {n[:-4]: self.load(os.path.join(self.folder, n), n[:-4], results) for n in crm.parts_of(self.folder)}

    def exports(self, folder):
        """Every object with all properties; an association is told by the id of the other record."""
        paths = []
        for module, t in list(self.tables.items()):
            fields = {f for n in crm.parts_of(self.folder) if self.module(n) == module
                      for f in crm.read_csv(os.path.join(self.folder, n))[0] if f != KEY + ' (do not map)' and f not in LINKS}
            fields = sorted((fields | {f for r in t.rows.values() for f in r}) - {*LINKS})
            paths.append(os.path.join(folder, module + '.csv'))
            crm.write_csv(paths[-1], ['Record ID', *fields], [[i, *[r.get(f, '') for f in fields]] for i, r in t.rows.items()],
                          quoting=csv.QUOTE_ALL)
        return paths

    def delete(self, path, stem):
        """Of records with a key that one; of the others the import's own list: the records that its rows have made."""
        heading, rows = crm.read_csv(path)
        module = self.module(stem)
        t = self.table(module)
        for r in rows:
            if KEY in heading:
                found = t.find(KEY, r[heading.index(KEY)])
            else:
                values = {f: self.link(f, v) if f in LINKS else v for f, v in zip(heading, r) if v != '' and f != KEY + ' (do not map)'}
                found = [i for i, x in t.rows.items() if all(x.get(f) == v for f, v in values.items())]
            assert found, (stem, r)
            for other, u in self.tables.items():  # an association goes with the record; none but of those that are deleted later
                for x in u.rows.values():
                    assert found[0] not in x.values() or other in ('Company', 'Contact'), '%s is deleted before its %s' % (stem, other)
            del t.rows[found[0]]

    def restore(self, path, stem):
        """Update of existing records only, found by the key; what was empty before is cleared by hand."""
        heading, rows = crm.read_csv(path)
        t = self.table(self.module(stem))
        for r in rows:
            record = t.rows[t.find(KEY, r[heading.index(KEY)])[0]]
            self.restored.append(record)
            for field, text in zip(heading, r):
                record.pop(field, None)
                if text:
                    record[field] = self.link(field, text) if field in LINKS else text

    def emptied_by_hand(self):
        """Associations are no properties: an export of them has no key, so the file that restores records has none of them."""
        return sum(record.pop(field, None) is not None for record in self.restored for field in LINKS)

    def old_record(self, row):
        self.table('Contact').add({KEY: row[KEY], 'Last name': 'Before', 'Date of birth in source': '1950-01-02', 'Fax number': '1'})

    patients = '04_Contacts_Patients'
    leaf, text_field, city = '05_Deals', 'Procedures', 'City'
