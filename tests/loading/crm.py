"""A CRM in memory, as much of one as an import sees: tables of records with ids, fields that are required, lengths, links. What the
systems have in common; each has a file of its own beside this one. Written from the vendors' documentation, not from the program:
no code of it is used."""
import collections
import csv
import io
import os
import re

csv.field_size_limit(1 << 30)


class Refused(Exception):
    """Why a row is not taken, in the words of the system."""


def read_csv(path):
    with open(path, encoding='utf-8-sig', newline='') as f:
        rows = list(csv.reader(f, strict=True))
    return rows[0], rows[1:]


def write_csv(path, heading, rows, **form):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding=form.pop('encoding', 'utf-8'), newline='') as f:
        csv.writer(f, **form).writerows([heading, *rows])


def parts_of(folder):
    """The files of the load in the order of their numbers, parts behind each other."""
    names = [n for n in os.listdir(folder) if re.fullmatch(r'\d\d_.+\.csv', n)]

    def order(name):
        m = re.fullmatch(r'(\d\d)_(.+?)(?:_(\d+))?\.csv', name)
        return int(m[1]), m[2], int(m[3] or 1)
    return sorted(names, key=order)


class Table:
    KEYS = ('Source_Key__c', 'Source Key', 'Source key', 'migration id')  # never changed in a record: they are indexed

    def __init__(self, prefix):
        self.prefix, self.rows, self.next = prefix, collections.OrderedDict(), 1
        self.by_key = collections.defaultdict(list)

    def add(self, values):
        number = '%s%012d' % (self.prefix, self.next)
        self.next += 1
        self.rows[number] = dict(values)
        for field in self.KEYS:
            if field in values:
                self.by_key[field, values[field]].append(number)
        return number

    def find(self, field, value):
        """Ids of the records that have the value."""
        if field in self.KEYS:
            return [i for i in self.by_key[field, value] if i in self.rows]
        return [i for i, r in self.rows.items() if r.get(field) == value]


class Crm:
    def __init__(self):
        self.tables = {}
        self.rules = []  # each called with (object, values) before a row is taken; raises Refused

    def table(self, name):
        if name not in self.tables:
            self.tables[name] = Table('%03d' % (len(self.tables) + 100))
        return self.tables[name]

    def check(self, name, values):
        for rule in self.rules:
            rule(name, values)

    def emptied_by_hand(self):
        """What a person has to empty by hand when a load is taken back, because no export shows it: emptied; how many values."""
        return 0

    def content(self):
        """Everything, for comparison: per table the records without their ids, sorted."""
        return {name: sorted(sorted((k, v) for k, v in r.items() if v != '') for r in t.rows.values())
                for name, t in self.tables.items() if t.rows}


def required(**fields):
    def rule(name, values):
        missing = [f for f in fields.get(name, ()) if not values.get(f)]
        if missing:
            raise Refused('REQUIRED_FIELD_MISSING:Required fields are missing: [%s]:%s --' % (', '.join(missing), missing[0]))
    return rule


def text_of(rows, heading):
    out = io.StringIO()
    csv.writer(out).writerows([heading, *rows])
    return out.getvalue()
