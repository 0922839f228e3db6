"""Whether a workbook, read by openpyxl, says the same as the CSV of the same table."""
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation


ESCAPED = re.compile(r'_x([0-9A-F]{4})_')
HALF_MS = timedelta(microseconds=500)


def sheet_rows(path):
    """All rows of all sheets, the heading once."""
    import openpyxl  # not everywhere where the tests run; the caller looks first
    book = openpyxl.load_workbook(path, read_only=True)
    rows = []
    for sheet in book.worksheets:
        for i, row in enumerate(sheet.iter_rows(values_only=True)):
            if i or not rows:
                rows.append(list(row))
    book.close()
    return rows


def moment(text):
    for form in ('%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%d %H:%M:%S', '%Y-%m-%d', '%H:%M:%S.%f', '%H:%M:%S'):
        try:
            return datetime.strptime(re.sub(r'(\.\d{6})\d+$', r'\1', text), form)
        except ValueError:
            pass
    return None


def same_moment(cell, text):
    wanted = moment(text)
    if wanted is None:
        return False
    if isinstance(cell, time):
        cell = datetime.combine(date(1900, 1, 1), cell)
    elif not isinstance(cell, datetime):
        cell = datetime.combine(cell, time())
    return abs(cell - wanted) <= HALF_MS


def in_file(folder, cell, text):
    """A value that has no room in a cell lies in a file of its own, which the cell names."""
    path = folder / cell
    if '\0' in cell or len(cell) > 200 or not path.is_file():
        return False
    raw = path.read_bytes()
    return raw == text.encode('utf-8') or '0x' + raw.hex() == text


def plain(text):
    """Text as a sheet can keep it: XML makes one line feed of each line end."""
    return ESCAPED.sub(lambda m: chr(int(m[1], 16)), text).replace('\r\n', '\n').replace('\r', '\n')


def same_cell(cell, text, folder):
    if cell is None or text in (None, ''):
        return cell is None and text in (None, '')
    if isinstance(cell, (datetime, date, time)):
        return same_moment(cell, text)
    if isinstance(cell, (int, float)):
        try:
            return Decimal(text) == Decimal(repr(cell)) or float(text) == cell
        except (InvalidOperation, ValueError):
            return False
    return plain(cell) == plain(text) or in_file(folder, cell, text)


def differences(xlsx_path, csv_rows):
    """Places where the two differ, without their values."""
    rows = sheet_rows(xlsx_path)
    if len(rows) != len(csv_rows):
        return ['%d rows in the workbook, %d in the CSV' % (len(rows), len(csv_rows))]
    found = []
    for n, (cells, texts) in enumerate(zip(rows, csv_rows)):
        cells += [None] * (len(texts) - len(cells))
        found += ['row %d, column %s' % (n, csv_rows[0][i]) for i, text in enumerate(texts)
                  if not same_cell(cells[i], text, xlsx_path.parent)]
    return found


