"""Pipedrive as its import of spreadsheets sees it: rows of several categories, persons and organizations merged by name, a skip file;
lists are exported with their headings. Rules: Pipedrive's knowledge base."""
import os
import re

import crm
from crm import Refused

REQUIRED = {'Organization': ['Organization - Name'], 'Person': ['Person - Name'], 'Deal': ['Deal - Title', 'Person - Name'],
            'Activity': ['Activity - Subject', 'Person - Name'], 'Note': ['Note - Content', 'Person - Name']}


class System(crm.Crm):
    users = None

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    @staticmethod
    def category(stem):
        return re.match(r'\d\d_([A-Z][a-z]+)', stem)[1]

    @staticmethod
    def key(category):
        return category + ' - Source ID'

    def same(self, category, values):
        """Persons are one when the name is and the organization, a phone or an e-mail; organizations when name and address are."""
        for number, r in self.table(category).rows.items():
            if category == 'Organization':
                fields = ['Organization - Name', 'Organization - Address']
                if all(r.get(f, '') == values.get(f, '') for f in fields):
                    return number
            elif r['Person - Name'] == values['Person - Name']:
                if any(r.get(f) and r.get(f) == values.get(f) for f in r if f != 'Person - Name'):
                    return number
        return None

    def take(self, category, row):
        values = {h: t for h, t in row.items() if ' - ' in h and t != ''}
        if not all(values.get(f) for f in REQUIRED[category]):
            raise Refused('A required field is empty')
        self.check(category, values)
        if category in ('Deal', 'Activity', 'Note') and not any(
                r['Person - Name'] == values['Person - Name'] for r in self.table('Person').rows.values()):
            raise AssertionError('%s would make a person of its own: %s' % (category, values['Person - Name']))
        found = self.same(category, values) if category in ('Organization', 'Person') else None
        if found:
            self.table(category).rows[found].update(values)
        else:
            self.table(category).add(values)

    def load(self, path, stem, results):
        heading, rows = crm.read_csv(path)
        good, bad = [], []
        for row in rows:
            try:
                self.take(self.category(stem), {h: t for h, t in zip(heading, row) if h != 'Load error'})
                good.append(row[0])
            except Refused as why:
                bad.append([*row, str(why)])
        if bad:
            crm.write_csv(os.path.join(results, 'skip_file_%s.csv' % stem), [*heading, 'Skip reason'], bad, encoding='utf-8-sig')
        return good, [r[0] for r in bad]

    def load_all(self, results):
        return {n[:-4]: self.load(os.path.join(self.folder, n), n[:-4], results) for n in crm.parts_of(self.folder)}

    def exports(self, folder):
        paths = []
        for category, t in self.tables.items():
            fields = sorted({f for r in t.rows.values() for f in r} |
                            {f for n in crm.parts_of(self.folder) if self.category(n) == category
                             for f in crm.read_csv(os.path.join(self.folder, n))[0] if ' - ' in f})
            paths.append(os.path.join(folder, category + '.csv'))
            crm.write_csv(paths[-1], [category + ' - ID', *fields], [[i, *[r.get(f, '') for f in fields]] for i, r in t.rows.items()],
                          delimiter=';')
        return paths

    def delete(self, path, stem):
        category = self.category(stem)
        heading, rows = crm.read_csv(path)
        t = self.table(category)
        for r in rows:
            wanted = {h: v for h, v in zip(heading, r) if ' - ' in h and v != ''}
            found = [i for i, x in t.rows.items() if all(x.get(h) == v for h, v in wanted.items())]
            assert found, (stem, r)
            del t.rows[found[0]]

    def restore(self, path, stem):
        heading, rows = crm.read_csv(path)
        t, key = self.table(self.category(stem)), self.key(self.category(stem))
        for r in rows:
            record = t.rows[t.find(key, r[heading.index(key)])[0]]
            for field, text in zip(heading, r):
                record.pop(field, None)
                if text:
                    record[field] = text

    def old_record(self, row):
        self.table('Person').add({k: row[k] for k in ('Person - Source ID', 'Person - Name', 'Organization - Name', 'Organization - Address')} |
                                 {'Person - Birth date': '1950-01-02', 'Person - Hair': 'grey'})

    patients = '03_Person'
    leaf, text_field, city = '04_Deal', 'Deal - Procedures', 'Person - Home address'
