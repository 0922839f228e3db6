"""The smallest workbook that a spreadsheet program opens: one sheet, texts in its cells."""
import xml.sax.saxutils
import zipfile

NAMES = 'http://schemas.openxmlformats.org/'
PARTS = {
    '[Content_Types].xml': '<Types xmlns="' + NAMES + 'package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.'
                           'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override '
                           'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main'
                           '+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
                           'officedocument.spreadsheetml.worksheet+xml"/></Types>',
    '_rels/.rels': '<Relationships xmlns="' + NAMES + 'package/2006/relationships"><Relationship Id="r1" Type="' + NAMES +
                   'officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    'xl/workbook.xml': '<workbook xmlns="' + NAMES + 'spreadsheetml/2006/main" xmlns:r="' + NAMES + 'officeDocument/2006/relationships">'
                       '<sheets><sheet name="Export" sheetId="1" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': '<Relationships xmlns="' + NAMES + 'package/2006/relationships"><Relationship Id="r1" Type="' + NAMES +
                                  'officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def column(n):
    return (column(n // 26 - 1) if n >= 26 else '') + chr(65 + n % 26)


def write(path, rows):
    cells = ''
    for y, row in enumerate(rows, 1):
        cells += '<row r="%d">' % y
        for x, text in enumerate(row):
            if text:
                cells += '<c r="%s%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (
                    column(x), y, xml.sax.saxutils.escape(text))
        cells += '</row>'
    sheet = '<worksheet xmlns="' + NAMES + 'spreadsheetml/2006/main"><sheetData>' + cells + '</sheetData></worksheet>'
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, text in {**PARTS, 'xl/worksheets/sheet1.xml': sheet}.items():
            z.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + text)
