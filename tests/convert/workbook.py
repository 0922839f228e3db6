"""A workbook beside CSV files, read by openpyxl, which shares nothing with the program."""
import re
from datetime import datetime, timedelta
from decimal import Decimal

import bundle

NUMBER = re.compile(r'-?\d+(\.\d+)?')


def load(path):
    import openpyxl  # not everywhere where the tests run; the caller looks first
    return openpyxl.load_workbook(path)


def rows_of(sheet):
    table = [list(r) for r in sheet.iter_rows(values_only=True)]
    return table[0], table[1:]


def contents(path):
    head, rows = rows_of(load(path)['Contents'])
    return [dict(zip(head, r)) for r in rows]


def same(cell, text):
    if cell is None:
        return text == ''
    if isinstance(cell, datetime):
        # openpyxl gives what a double holds of a moment, some microseconds beside it.
        wanted = datetime.fromisoformat(text[:19]) + timedelta(seconds=float('0' + text[19:]))
        return abs(wanted - cell) < timedelta(milliseconds=1)
    if isinstance(cell, (int, float)):
        return NUMBER.fullmatch(text) is not None and Decimal(repr(cell)) == Decimal(text)
    if cell.startswith('(this text does not fit into a cell: see '):
        return len(text.encode('utf-16-le')) // 2 > 32767
    # The library writes characters that XML has no form for as _xHHHH_; so does it with a text that looks like that.
    return re.sub(r'_x([0-9A-F]{4})_', lambda m: chr(int(m[1], 16)), cell) == text


def differences(path, files):
    """[(sheet, record, column, cell, text)] of {sheet: CSV file}: the first few."""
    book, found = load(path), []
    if book.sheetnames != ['Contents', *files]:
        return [('sheets', book.sheetnames)]
    for name, file in files.items():
        header, expected = bundle.read_csv(file)
        head, rows = rows_of(book[name])
        if head != header or len(rows) != len(expected):
            found.append((name, len(rows), len(expected), head))
            continue
        for i, (row, wanted) in enumerate(zip(rows, expected)):
            found += [(name, i, column, str(cell)[:60], wanted[column][:60]) for column, cell in zip(header, row) if not same(cell, wanted[column])]
    return found[:10]


def forms(path):
    """(sheet, where it is frozen, whether its heading is bold, its filter)."""
    for sheet in load(path):
        yield sheet.title, sheet.freeze_panes, all(c.font.b for c in sheet[1]), sheet.auto_filter.ref or ''
