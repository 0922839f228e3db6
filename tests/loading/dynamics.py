"""Dynamics 365 as its import wizard sees it: the bundle's data maps say which heading is which column and by what a lookup is found; failed
rows come back as they were or as a list of row numbers; tables are exported with display names, dates as the user has them, lookups by
name. Rules: Microsoft, Import data; the schema of data maps; required columns of the tables."""
import os
import re
import xml.etree.ElementTree

import crm
from crm import Refused

KEY = 'Source Key'
REQUIRED = {'account': ['Account Name'], 'contact': ['Last Name'], 'appointment': ['Subject', 'Start Time', 'End Time'], 'task': ['Subject']}
NAME = {'account': 'Account Name', 'contact': 'Last Name', 'systemuser': 'Full Name', 'task': 'Subject', 'appointment': 'Subject'}
LABEL = {'account': 'Account', 'contact': 'Contact', 'annotation': 'Note', 'appointment': 'Appointment', 'task': 'Task'}


def spoken(text):
    """A date or moment as a user in the United States sees it."""
    m = re.fullmatch(r'(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d))?', text)
    if not m:
        return text
    day = '%d/%d/%s' % (int(m[2]), int(m[3]), m[1])
    return day if not m[4] else '%s %d:%s %s' % (day, int(m[4]) % 12 or 12, m[5], 'PM' if int(m[4]) > 11 else 'AM')


class System(crm.Crm):
    users = '01_User'

    def __init__(self, folder):
        super().__init__()
        self.folder, self.maps = folder, {}
        self.read_maps(folder)
        heading, rows = crm.read_csv(os.path.join(folder, '01_User.csv'))
        for r in rows:
            self.table('systemuser').add(dict(zip(heading, r)))

    def read_maps(self, folder):
        for name in sorted(os.listdir(os.path.join(folder, 'maps'))):
            for m in xml.etree.ElementTree.parse(os.path.join(folder, 'maps', name)).getroot().iter('EntityMap'):
                self.read_map(m)

    def read_map(self, m):
        columns = {}
        for a in m.iter('AttributeMap'):
            lookup = [(x.findtext('LookupEntityName'), x.findtext('LookupAttributeName')) for x in a.iter('LookupMap')]
            columns[a.findtext('SourceAttributeName')] = lookup
        self.maps.setdefault(m.get('SourceEntityName'), (m.get('TargetEntityName'), columns))

    def map_of(self, stem):
        """Notes with files have the columns of notes."""
        part = re.sub(r'_\d+$', '', stem)
        return self.maps.get(stem) or self.maps.get(part) or self.maps['20_Note_Clinical']

    def entity(self, stem):
        return self.map_of(stem)[0]

    def value(self, lookups, text):
        if not lookups or not text:
            return text
        found = [i for to, by in lookups for i in self.table(to).find('Primary Email' if by == 'internalemailaddress' else KEY, text)]
        if len(found) != 1:
            raise Refused('The lookup reference could not be resolved: %s' % text)
        return found[0]

    def take(self, entity, columns, row):
        values = {h: self.value(columns.get(h), text) for h, text in row.items()}
        found = self.table(entity).find(KEY, values[KEY])
        record = dict(self.table(entity).rows[found[0]]) if found else {}
        record.update({k: v for k, v in values.items() if v != ''})
        if not all(record.get(f) for f in REQUIRED.get(entity, ())):
            raise Refused('A required field is missing')
        self.check(entity, record)
        if found:
            self.table(entity).rows[found[0]] = record
        else:
            self.table(entity).add(record)

    def load(self, path, stem, results):
        heading, rows = crm.read_csv(path)
        entity, columns = self.map_of(stem)
        good, bad = [], []
        for number, row in enumerate(rows, 1):
            try:
                self.take(entity, columns, {h: t for h, t in zip(heading, row) if h != 'Load error'})
                good.append(row[0])
            except Refused as why:
                bad.append((number, row, str(why)))
        if bad and number % 2:
            crm.write_csv(os.path.join(results, stem + ' failures.csv'), ['Error Description', 'Column', 'Original Row Number'],
                          [[why, '', str(n)] for n, _, why in bad])
        elif bad:
            crm.write_csv(os.path.join(results, stem + '_error_rows.csv'), [*heading, 'Error Description'], [[*r, why] for _, r, why in bad],
                          encoding='utf-8-sig')
        return good, [r[0] for _, r, _ in bad]

    def load_all(self, results):
        return {n[:-4]: self.load(os.path.join(self.folder, n), n[:-4], results) for n in crm.parts_of(self.folder) if n != '01_User.csv'}

    def shown(self, entity, heading, text):
        for columns in [c for e, c in self.maps.values() if e == entity]:
            for to, _ in columns.get(heading) or ():
                record = self.table(to).rows.get(text)
                return record.get(NAME.get(to, 'Name'), '') if record else text
        return spoken(text)

    def exports(self, folder):
        paths = []
        for entity, t in list(self.tables.items()):
            if entity == 'systemuser':
                continue
            label = LABEL.get(entity) or entity
            fields = sorted({f for e, c in self.maps.values() if e == entity for f in c} | {f for r in t.rows.values() for f in r}, reverse=True)
            paths.append(os.path.join(folder, label + ' export.csv'))
            crm.write_csv(paths[-1], ['(Do Not Modify) ' + label, *fields],
                          [[i, *[self.shown(entity, f, r.get(f, '')) for f in fields]] for i, r in t.rows.items()])
        return paths

    def delete(self, path, stem):
        heading, rows = crm.read_csv(path)
        t = self.table(self.entity(stem))
        for r in rows:
            found = t.find(KEY, r[heading.index(KEY)])
            assert len(found) == 1, (stem, r)
            self.unlink(found[0])
            del t.rows[found[0]]

    def unlink(self, number):
        """A link to a record that goes is emptied (RemoveLink); a record that is only there with its parent must be gone already."""
        for entity, t in list(self.tables.items()):
            for r in t.rows.values():
                for f in [f for f, v in r.items() if v == number]:
                    assert entity in ('contact', 'account'), '%s is deleted before its %s' % (number, entity)
                    del r[f]

    def restore(self, path, stem):
        """Values are imported; what was empty is emptied by hand."""
        heading, rows = crm.read_csv(path)
        t = self.table(self.entity(stem))
        for r in rows:
            record = t.rows[t.find(KEY, r[heading.index(KEY)])[0]]
            for field, text in zip(heading, r):
                record.pop(field, None)
                if text:
                    record[field] = text

    def old_record(self, row):
        """A patient who was there before: some columns that the load writes over, one that it does not know."""
        self.table('contact').add({KEY: row[KEY], 'Last Name': 'Before', 'Birthday': '1950-01-02', 'Fax': '1', 'Home Phone': '555'})

    patients = '08_Contact_Patient'
    leaf, text_field, city = '17_Task', 'Description', 'Address 1: City'
