"""A strict reader of the CSV files that chartferry writes: UTF-8 without BOM, CRLF, RFC 4180, equal numbers of fields."""
import re

FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)')


class CsvError(Exception):
    """The file breaks one of the rules; the text says where, never what the file holds."""


def read_csv(path):
    """Rows of text, with None for an empty unquoted field (NULL)."""
    raw = path.read_bytes()
    if raw.startswith(b'\xef\xbb\xbf'):
        raise CsvError('begins with a byte order mark')
    try:
        text = raw.decode('utf-8')
    except UnicodeDecodeError as e:
        raise CsvError('is not UTF-8 at byte %d' % e.start) from None
    rows, row, at = [], [], 0
    while at < len(text):
        m = FIELD.match(text, at)
        if not m:
            raise CsvError('breaks RFC 4180 in record %d' % (len(rows) + 1))
        quoted, plain, end = m.groups()
        row.append(quoted.replace('""', '"') if quoted is not None else plain or None)
        at = m.end()
        if end != ',':
            rows.append(row)
            row = []
    if row:
        raise CsvError('ends inside a record')
    if not rows:
        raise CsvError('has no header')
    for i, r in enumerate(rows):
        if len(r) != len(rows[0]):
            raise CsvError('has %d fields in record %d, and %d in its header' % (len(r), i + 1, len(rows[0])))
    return rows
