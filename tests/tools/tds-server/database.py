"""A database of the test server: tables out of a folder of "chartferry extract" or a description in JSON, and what the system's
views say of them."""
import json
import re
from pathlib import Path

import values

FIELD = re.compile(r'("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|\n|\Z)')
PAGE_OF = {'Turkish': '1254', 'Romanian': '1250', 'Polish': '1250', 'Cyrillic_General': '1251', 'Greek': '1253', 'Japanese': '932'}
FEATURES = ['is_sparse', 'is_column_set', 'encryption_type', 'is_masked', 'graph_type', 'is_memory_optimized', 'is_external',
            'data_compression', 'has_filter', 'predicate_type', 'name', 'object_id']


def page_of(collation):
    if collation.endswith('_UTF8'):
        return '65001'
    m = re.search(r'_CP(\d{3,4})_', collation)
    if m:
        return m[1]
    return next((page for name, page in PAGE_OF.items() if collation.startswith(name)), '1252')


def csv_rows(text):
    """Rows of RFC 4180 with NULL (None) told from empty text."""
    row, at = [], 0
    while at < len(text):
        m = FIELD.match(text, at)
        at = m.end()
        raw = m[1]
        row.append(None if raw == '' else raw[1:-1].replace('""', '"') if raw[0] == '"' else raw)
        if m[2] != ',':
            yield row
            row = []
        elif at == len(text):
            yield row + [None]


class Column:
    def __init__(self, d, collation):
        self.name, self.collation = d['name'], d.get('collation', collation)
        self.type = values.Type(d['type'], page_of(self.collation))
        self.d = d


class Table:
    def __init__(self, number, schema, name, columns, primary=(), clustered=True, unique=()):
        self.id, self.schema, self.name, self.columns = number, schema, name, columns
        self.primary, self.clustered, self.unique = list(primary), clustered, [list(u) for u in unique]
        self.foreign, self.d, self._rows, self._load, self._index = [], {}, None, None, {}

    @property
    def full(self):
        return self.schema + '.' + self.name

    @property
    def rows(self):
        """Stored values, row by row; made when first asked for."""
        if self._rows is None:
            self._rows = [[None if text is None else self.value(c, text) for c, text in zip(self.columns, row)]
                          for row in self._load()]
        return self._rows

    @staticmethod
    def value(column, text):
        if column.type.name == 'sql_variant':
            inner = values.Type(text['type'], page_of(text.get('collation', column.collation)))
            return ('sql_variant',), (*values.from_text(inner, text['value']), inner)
        if isinstance(text, dict):  # what no honest server sends
            return column.type.kind, bytes.fromhex(text['raw']) if isinstance(text['raw'], str) else text['raw']
        return values.from_text(column.type, text)

    def find(self, names, key):
        """Rows by the bytes of these columns."""
        if names not in self._index:
            at = [next(i for i, c in enumerate(self.columns) if c.name == n) for n in names]
            index = {}
            for n, row in enumerate(self.rows):
                index.setdefault(tuple(None if row[i] is None else values.as_bytes(*row[i]) for i in at), []).append((n, row))
            self._index[names] = index
        return self._index[names].get(key, [])


def from_extract(folder, collation):
    """Tables of a folder that "chartferry extract" wrote, columns that it left out excepted."""
    folder = Path(folder)
    types = json.loads((folder / '_types.json').read_text(encoding='utf-8'))
    with open(folder / '_tables.csv', encoding='utf-8', newline='') as f:
        listed = list(csv_rows(f.read()))
    head, tables = listed[0], []
    for number, line in enumerate(listed[1:], 1000):
        entry = dict(zip(head, line))
        full = entry['schema'] + '.' + entry['table']
        if not entry['file'] or full not in types:
            continue
        path = folder / entry['file']

        def load(path=path):
            with open(path, encoding='utf-8', newline='') as f:
                rows = csv_rows(f.read())
            next(rows)
            return rows
        t = Table(number, entry['schema'], entry['table'], [Column(c, collation) for c in types[full]['columns']])
        t._load = load
        t.count = int(entry['rows_written'])
        tables.append(t)
    return tables


def from_description(d, collation):
    tables = []
    for number, x in enumerate(d['tables'], 1000):
        t = Table(number, x['schema'], x['name'], [Column(c, collation) for c in x['columns']], x.get('primary', ()),
                  x.get('clustered', True), x.get('unique', ()))
        t.d, t.foreign = x, x.get('foreign', [])
        t._load = lambda rows=x['rows']: rows
        t.count = x.get('count', len(x['rows']))
        tables.append(t)
    return tables


class Database:
    """config: what server.py's --config file holds."""

    def __init__(self, config):
        self.config = config
        self.name = config.get('database', 'Practice')
        self.collation = config.get('collation', 'SQL_Latin1_General_CP1_CI_AS')
        self.tables = from_extract(config['extract'], self.collation) if 'extract' in config else from_description(config, self.collation)
        for t in self.tables:
            keys = config.get('primary', {}).get(t.full)
            if keys:
                t.primary = keys
        self.features = config.get('features', FEATURES)

    def table(self, schema, name):
        return next((t for t in self.tables if (t.schema, t.name) == (schema, name)), None)

    def says(self, key, full):
        return full in self.config.get(key, [])

    # ---- the views: rows as {name of the reader's column: number or text}

    def view(self, name):
        return {'databases': self.databases, 'all_columns': self.all_columns, 'tables': self.all_tables, 'columns': self.columns,
                'indexes': self.indexes, 'foreign_keys': self.foreign_keys, 'database_files': self.files,
                'security_predicates': self.predicates}[name]()

    def server(self):
        return {'version': self.config.get('version', '15.0.2000.5'), 'edition': self.config.get('edition', 'Express Edition (64-bit)'),
                'server': 'TESTSRV\\PRACTICE', 'moment': '2024-05-17 13:05:09', 'engine': 4}

    def databases(self):
        return [dict(self.server(), name=self.name, database_name=self.name, database_version=904, collation=self.collation,
                     codepage=int(page_of(self.collation)), compatibility_level=150,
                     snapshot_state=1 if self.config.get('snapshot') else 0, may_select=int(self.config.get('may_select', True)))]

    def all_columns(self):
        return [{'name': n} for n in self.features]

    def all_tables(self):
        return [{'id': t.id, 'schema_name': t.schema, 'table_name': t.name, 'row_count': t.count, 'partitions': 1,
                 'pages': t.count // 50 + 1, 'storage': 1 if t.primary and t.clustered else 0, 'least_compression': 0,
                 'most_compression': 0, 'memory_optimized': int(t.d.get('memory_optimized', False)),
                 'is_external': int(t.d.get('external', False))} for t in self.tables]

    def columns(self):
        out = []
        for t in self.tables:
            for number, c in enumerate(t.columns, 1):
                text = c.type.name in values.PAGED + values.UNICODE and c.type.name != 'xml'
                out.append({'id': t.id, 'column_id': number, 'name': c.name, 'system_type': c.type.system, 'user_type': c.d.get('user_type', c.type.user),
                            'max_length': c.type.length, 'precision': c.type.precision, 'scale': c.type.scale,
                            'nullable': int(c.name not in t.primary), 'is_identity': int(c.d.get('identity', False)),
                            'computed': int(c.d.get('computed', False)), 'persisted': int(c.d['persisted']) if 'persisted' in c.d else None,
                            'collation': c.collation if text else None, 'codepage': int(page_of(c.collation)) if text else None,
                            'type_schema': c.d.get('type_schema'), 'type_name': c.d.get('type_name', c.type.name),
                            'may_select': int(not self.says('deny', t.full) and not self.says('deny_columns', t.full + '.' + c.name)),
                            'sparse': int(c.d.get('sparse', False)), 'column_set': int(c.d.get('column_set', False)),
                            'encryption': c.d.get('encryption'), 'masked': int(c.d.get('masked', False)), 'graph': c.d.get('graph')})
        return out

    def indexes(self):
        out = []
        for t in self.tables:
            for number, names in enumerate(([t.primary] if t.primary else []) + t.unique, 1 if t.clustered else 2):
                for name in names:
                    out.append({'id': t.id, 'index_id': number, 'name': 'PK_' + t.name if names is t.primary else 'UQ_%s_%d' % (t.name, number),
                                'is_primary': int(names is t.primary), 'is_unique': 1, 'filtered': 0, 'type': 1 if number == 1 else 2,
                                'column_id': 1 + next(i for i, c in enumerate(t.columns) if c.name == name)})
        return out

    def foreign_keys(self):
        out = []
        for t in self.tables:
            for number, f in enumerate(t.foreign):
                for own, other in zip(f['columns'], f['references']):
                    out.append({'id': t.id, 'key_id': t.id * 100 + number, 'name': 'FK_%s_%d' % (t.name, number),
                                'column_id': 1 + next(i for i, c in enumerate(t.columns) if c.name == own),
                                'schema_name': f['schema'], 'table_name': f['table'], 'column_name': other})
        return out

    def files(self):
        size = self.config.get('data_bytes', 64 << 20)
        return [{'id': 1, 'name': self.name, 'path': 'D:\\SQLData\\%s.mdf' % self.name, 'filegroup': 'PRIMARY', 'pages': size // 8192, 'type': 0},
                {'id': 2, 'name': self.name + '_log', 'path': 'L:\\SQLLog\\%s.ldf' % self.name, 'filegroup': None, 'pages': 1024, 'type': 1}]

    def predicates(self):
        return [{'id': t.id} for t in self.tables if self.says('policies', t.full)]
