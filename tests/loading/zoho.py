"""Zoho CRM as its Data Migration wizard sees it: files by module, links by the other row's id, forbidden characters, a report of what was
skipped; modules are exported with labels and record ids, lookups by name. Rules: Zoho help; what the administrator makes after the bundle's
sheet of fields."""
import csv
import os
import re

import crm
from crm import Refused

KEY = 'Source Key'
REQUIRED = {'Accounts': ['Account Name'], 'Contacts': ['Last Name'], 'Deals': ['Deal Name', 'Stage', 'Closing Date'], 'Tasks': ['Subject'],
            'Products': ['Product Name'], 'Events': ['Title', 'From', 'To'], 'Notes': ['Note Content', 'Parent ID']}
LINKS = {('Contacts', 'Account Name'): 'Accounts', ('Accounts', 'Parent Account'): 'Accounts', ('Deals', 'Contact Name'): 'Contacts',
         ('Deals', 'Account Name'): 'Accounts', ('Tasks', 'Contact Name'): 'Contacts', ('Events', 'Contact Name'): 'Contacts'}
NAME = {'Accounts': 'Account Name', 'Contacts': 'Last Name', 'Deals': 'Deal Name', 'Products': 'Product Name'}
LENGTH = {('Contacts', 'Last Name'): 80, ('Contacts', 'First Name'): 40, ('Contacts', 'Email'): 100, ('Contacts', 'Phone'): 30}


class System(crm.Crm):
    users = '01_Users'

    def __init__(self, folder):
        super().__init__()
        self.folder, self.links = folder, dict(LINKS)
        with open(os.path.join(folder, 'field-sheet.csv'), encoding='utf-8-sig', newline='') as f:
            for r in csv.DictReader(f):
                if r['Links to']:
                    self.links[r['Module or record'], r['Field label']] = r['Links to']
        self.modules = {m for m, _ in self.links} | {*REQUIRED}
        self.fields = {}
        for name in crm.parts_of(folder):
            if name != '01_Users.csv':
                self.fields.setdefault(self.module(name[:-4]), set()).update(crm.read_csv(os.path.join(folder, name))[0][1:])

    def module(self, stem):
        name = re.sub(r'^\d\d_', '', stem)
        return max((m for m in self.modules if name.startswith(m)), key=len)

    def take(self, module, row):
        values = {}
        for field, text in row.items():
            if re.search(r'["|<>]', text):
                raise Refused('Invalid characters in the field %s' % field)
            if len(text) > LENGTH.get((module, field), 32000):
                raise Refused('The value of %s exceeds the maximum length: %s' % (field, text))
            to = row['Parent Module'] if field == 'Parent ID' else self.links.get((module, field))
            if to and text:
                found = self.table(to).find('migration id', text)
                if not found:
                    raise Refused('Related record %s does not exist in %s' % (text, to))
                text = found[0]
            values[field] = text
        # The key is the migration id of every row; notes have no field for it.
        key = values.pop(KEY)
        values['migration id'] = key
        if module != 'Notes':
            values[KEY] = key
        found = self.table(module).find('migration id', key)
        record = dict(self.table(module).rows[found[0]]) if found else {}
        record.update({k: v for k, v in values.items() if v != ''})
        missing = [f for f in REQUIRED.get(module, ()) if not record.get(f)]
        if missing:
            raise Refused('Mandatory field %s is missing' % missing[0])
        self.check(module, record)
        if found:
            self.table(module).rows[found[0]] = record
        else:
            self.table(module).add(record)

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
            crm.write_csv(os.path.join(results, stem + '_skipped.csv'), [*heading, 'Reason'], bad)
        return good, [r[0] for r in bad]

    def load_all(self, results):
        return {n[:-4]: self.load(os.path.join(self.folder, n), n[:-4], results) for n in crm.parts_of(self.folder) if n != '01_Users.csv'}

    def shown(self, module, record, field):
        text = record.get(field, '')
        to = self.links.get((module, field))
        return self.table(to).rows[text].get(NAME.get(to, ''), text) if to and text in self.table(to).rows else text

    def exports(self, folder):
        paths = []
        for module, t in list(self.tables.items()):
            fields = sorted(({f for r in t.rows.values() for f in r} | self.fields.get(module, set())) - {'migration id'})
            paths.append(os.path.join(folder, module + '.csv'))
            crm.write_csv(paths[-1], ['Record Id', *fields], [[i, *[self.shown(module, r, f) for f in fields]] for i, r in t.rows.items()],
                          quoting=csv.QUOTE_ALL)
        return paths

    def delete(self, path, stem):
        heading, rows = crm.read_csv(path)
        t = self.table(self.module(stem))
        for r in rows:
            # By the history of the import where the system has no field for the key.
            found = t.find(KEY, r[heading.index(KEY)]) or t.find('migration id', r[heading.index(KEY)])
            assert len(found) == 1, (stem, r)
            del t.rows[found[0]]
            for module, other in self.tables.items():
                for record in other.rows.values():
                    for f in [f for f, v in record.items() if v == found[0]]:
                        assert module in ('Accounts', 'Contacts'), '%s is deleted before its %s' % (stem, module)
                        del record[f]

    def restore(self, path, stem):
        """Update of existing records by Source Key, with "update empty values"."""
        heading, rows = crm.read_csv(path)
        t = self.table(self.module(stem))
        for r in rows:
            record = t.rows[t.find(KEY, r[heading.index(KEY)])[0]]
            for field, text in zip(heading, r):
                record.pop(field, None)
                if text:
                    record[field] = text

    def old_record(self, row):
        self.table('Contacts').add({KEY: row[KEY], 'migration id': row[KEY], 'Last Name': 'Before', 'Date of Birth': '1950-01-02', 'Fax': '1'})

    patients = '05_Contacts_Patients'
    leaf, text_field, city = '14_Tasks_Flags', 'Description', 'Mailing City'
