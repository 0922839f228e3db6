"""The little of Transact-SQL that the test server answers: SELECT of expressions from one table, by key or whole, and from the
system's views by the names that a reader gives their columns."""
import re

import values

TOKEN = re.compile(r"\s*(?:(%%physloc%%)|(\[(?:[^\]]|\]\])*\])|(N?'(?:[^']|'')*')|(0x[0-9A-Fa-f]*)|(\d+)|([@\w.]+)|(<=|>=|<>|[-+*/=<>(),;]))")


class SqlError(Exception):
    def __init__(self, number, text):
        super().__init__(text)
        self.number, self.text = number, text
        self.before = b''  # what was already answered


def tokens(sql):
    out, at, sql = [], 0, sql.rstrip()
    while at < len(sql):
        m = TOKEN.match(sql, at)
        if not m:
            raise SqlError(102, "Incorrect syntax near '%s'." % sql[at:at + 10].strip())
        out.append(m[0].strip())
        at = m.end()
    return out


def name_of(token):
    return token[1:-1].replace(']]', ']') if token.startswith('[') else token


def text_of(token):
    return token[token.index("'") + 1:-1].replace("''", "'")


def split_top(items, at):
    """Parts of a list of tokens between `at` tokens outside of brackets."""
    parts, depth = [[]], 0
    for t in items:
        depth += (t == '(') - (t == ')')
        if depth == 0 and t.upper() == at:
            parts.append([])
        else:
            parts[-1].append(t)
    return parts


def cut_top(items, word):
    """(before, behind) the first `word` outside of brackets; behind is None without one."""
    depth = 0
    for i, t in enumerate(items):
        depth += (t == '(') - (t == ')')
        if depth == 0 and t.upper() == word:
            return items[:i], items[i + 1:]
    return items, None


class Expression:
    """A parsed expression: .kind is the wire type of what it gives (None: by the row), .of(row number, row) the value."""

    def __init__(self, items, table):
        self.items, self.at, self.table = items, 0, table
        self.run = self.parse()
        if self.at != len(items):
            raise SqlError(102, "Incorrect syntax near '%s'." % items[self.at])

    def take(self, wanted=None):
        t = self.items[self.at] if self.at < len(self.items) else ''
        if wanted and t.upper() != wanted:
            raise SqlError(102, "Incorrect syntax near '%s'." % t)
        self.at += 1
        return t

    def type(self):
        name = self.take()
        if self.at < len(self.items) and self.items[self.at] == '(':
            depth = 0
            while True:
                t = self.take()
                name += t
                depth += (t == '(') - (t == ')')
                if depth == 0:
                    break
        return values.Type(name)

    def parse(self):
        t = self.take()
        up = t.upper()
        if t == '%%physloc%%':
            return lambda n, row: (('binary',), n.to_bytes(4, 'little') + b'\1\0\0\0')
        if t.startswith('['):
            i = next((i for i, c in enumerate(self.table.columns) if c.name == name_of(t)), None)
            if i is None:
                raise SqlError(207, "Invalid column name '%s'." % name_of(t))
            return lambda n, row: row[i] if row[i] is not None else (self.table.columns[i].type.kind, None)
        if up == 'NULL':
            return lambda n, row: (('int',), None)
        if t.startswith('0x'):
            data = bytes.fromhex(t[2:])
            return lambda n, row: (('binary',), data)
        if t.isdigit():
            return lambda n, row: (('int',), int(t))
        if up == 'CAST':
            self.take('(')
            inner = self.parse()
            self.take('AS')
            to = self.type()
            self.take(')')
            return lambda n, row: cast(*inner(n, row), to)
        if up == 'DATALENGTH':
            self.take('(')
            inner = self.parse()
            self.take(')')
            def length(n, row):
                kind, v = inner(n, row)
                return ('bigint',), None if v is None else len(values.as_bytes(kind, v))
            return length
        if up == 'SUBSTRING':
            self.take('(')
            inner = self.parse()
            self.take(',')
            start = int(self.take())
            self.take(',')
            count = int(self.take())
            self.take(')')
            def piece(n, row):
                kind, v = inner(n, row)
                return ('varbinary(max)',), None if v is None else values.as_bytes(kind, v)[start - 1:start - 1 + count]
            return piece
        if up == 'CASE':
            self.take('WHEN')
            left = self.parse()
            self.take('<=')
            most = int(self.take())
            self.take('THEN')
            then = self.parse()
            self.take('END')
            def choose(n, row):
                v = left(n, row)[1]
                kind, x = then(n, row)
                return kind, x if v is not None and v <= most else None
            return choose
        if up == 'SQL_VARIANT_PROPERTY':
            self.take('(')
            inner = self.parse()
            self.take(',')
            what = text_of(self.take())
            self.take(')')
            return lambda n, row: variant_property(inner(n, row)[1], what)
        if up == 'COLLATIONPROPERTY':
            self.take('(')
            inner = self.parse()
            self.take(',')
            self.take()
            self.take(')')
            return lambda n, row: inner(n, row)
        raise SqlError(102, "Incorrect syntax near '%s'." % t)

    def of(self, n, row):
        return self.run(n, row)


def variant_property(v, what):
    """Of ((kind), value, type); the code page stands for the collation, which COLLATIONPROPERTY would turn into it."""
    if v is None:
        return ('nvarchar', 128), None
    inner = v[2]
    if what == 'BaseType':
        return ('nvarchar', 128), inner.name.encode('utf-16le')
    if what == 'Precision':
        return ('int',), inner.precision
    if what == 'Scale':
        return ('int',), inner.scale
    return ('int',), int(inner.page) if inner.name in values.PAGED + values.UNICODE else None


def cast(kind, v, to):
    if to.name == 'bigint':
        return ('bigint',), v
    if to.name in ('varbinary', 'binary'):
        data = None if v is None else values.as_bytes(kind, v)
        if to.max:
            return ('varbinary(max)',), data
        return ('varbinary', to.length), None if data is None else data[:to.length]
    if to.name == 'nvarchar' and kind[0] in ('int', 'bigint'):
        return kind, v
    if to.name in ('nvarchar', 'varchar'):
        return (to.name, 4000), v
    if isinstance(v, bytes) and kind[0] == 'binary':
        return ('key', to.name), v
    raise SqlError(529, 'Explicit conversion from data type %s to %s is not allowed.' % (kind[0], to.text))


# ---- statements

def sendable(kind, v, table_type=None):
    """A value in a type that goes over the wire: text as nvarchar, other bytes as varbinary."""
    name = kind[0]
    if name in values.UNICODE:
        return ('nvarchar', 4000), None if v is None else v.decode('utf-16le')
    if name in values.PAGED:
        return ('nvarchar', 4000), None if v is None else v.decode(values.PAGES[table_type.page if table_type else '1252'])
    if name in values.BYTES and name != 'varbinary':
        return ('varbinary', 8000), v
    if name == 'varbinary' and len(kind) < 2:
        return ('varbinary', 8000), v
    if name == 'sql_variant':
        return sendable(*v[:2], v[2]) if v else (('int',), None)
    return kind, v


class Select:
    """What a SELECT of a table or a view gives: .columns [(name, kind)], .rows() lists of values."""

    def __init__(self, db, items):
        listed, rest = cut_top(items, 'FROM')
        self.db, self.view, self.table, self.keys = db, None, None, None
        outputs = split_top(listed, ',')
        if rest is None:
            self.view, rows = 'server', [db.server()]
            self._of_view(outputs, rows)
            return
        source = name_of(rest[0]) if rest[0].startswith('[') else rest[0]
        if source.startswith('sys.'):
            self.view = source[4:]
            self._of_view(outputs, db.view(self.view))
            return
        schema, table = self._table_name(rest)
        self.table = db.table(schema, table)
        if not self.table:
            raise SqlError(208, "Invalid object name '%s.%s'." % (schema, table))
        if db.says('deny_late', self.table.full):
            raise SqlError(229, "The SELECT permission was denied on the object '%s', database '%s', schema '%s'." % (table, db.name, schema))
        self._of_table(outputs, rest)

    @staticmethod
    def _table_name(rest):
        """[schema].[table], which the tokenizer leaves as '[schema]', '.', '[table]' or in one word."""
        parts = [name_of(t) for t in rest[:1]]
        m = [t for t in rest[1:3]]
        if m and m[0].startswith('.'):
            return parts[0], name_of(m[1]) if len(m[0]) == 1 else m[0][1:]
        words = parts[0].split('.')
        return (words[0], words[1]) if len(words) == 2 else ('dbo', words[0])

    def _of_view(self, outputs, rows):
        self.columns, take = [], []
        for out in outputs:
            name = out[-1] if len(out) > 1 and out[-2].upper() == 'AS' else ''
            number = [t.upper() for t in out[-5:-2]][-2:] == ['BIGINT', ')']
            if not number and 'varbinary' not in [t.lower() for t in out]:
                raise SqlError(102, 'Only numbers as bigint and names as varbinary are known here.')
            kind = ('bigint',) if number else ('varbinary', 520)
            if rows and name not in rows[0]:
                raise SqlError(207, "Invalid column name '%s'." % name)
            self.columns.append((name, kind))
            take.append((name if 'NULL' not in [t.upper() for t in out[2:3]] else None, number))

        def all_rows():
            for r in rows:
                yield [None if n is None else r[n] if number or r[n] is None else r[n].encode('utf-16le') for n, number in take]
        self.rows = all_rows

    def _of_table(self, outputs, rest):
        expressions = [Expression(o, self.table) for o in outputs]
        empty = [None] * len(self.table.columns)
        types = [self.table.columns[i].type if len(o) == 1 and o[0].startswith('[') and
                 (i := next((i for i, c in enumerate(self.table.columns) if c.name == name_of(o[0])), None)) is not None else None
                 for o in outputs]
        self.columns = [(name_of(o[0]) if len(o) == 1 and o[0].startswith('[') else '', sendable(*e.of(0, empty), t)[0])
                        for o, e, t in zip(outputs, expressions, types)]
        _, where = cut_top(rest, 'WHERE')
        where = cut_top(where, 'ORDER')[0] if where else None
        _, order = cut_top(rest, 'ORDER')

        def all_rows():
            for n, row in self._rows(where, order):
                yield [sendable(*e.of(n, row), t)[1] for e, t in zip(expressions, types)]
        self.rows = all_rows

    def _rows(self, where, order):
        if not where:
            return enumerate(self.table.rows)
        names, key = [], []
        for part in split_top(where, 'AND'):
            left, right = cut_top(part, '=')
            data = Expression(right, self.table).of(0, [])[1]
            if left == ['%%physloc%%']:
                n = int.from_bytes(data[:4], 'little')
                return [(n, self.table.rows[n])] if n < len(self.table.rows) else []
            names.append(name_of(left[0]))
            key.append(data)
        return self.table.find(tuple(names), tuple(key))
