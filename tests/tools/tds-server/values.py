"""Values of SQL Server's types: from the text that people write to what is stored and sent.

A stored value is (kind, v): kind as in wire.py; char, varchar, text, nchar, nvarchar, ntext, xml, binary, image, CLR types and
rowversion are bytes, sql_variant is a stored value itself, the rest is what wire.value_bytes takes.
"""
import datetime
import re
import struct

import wire

PAGES = {'1250': 'cp1250', '1251': 'cp1251', '1252': 'cp1252', '1253': 'cp1253', '1254': 'cp1254', '1255': 'cp1255',
         '1256': 'cp1256', '1257': 'cp1257', '1258': 'cp1258', '437': 'cp437', '850': 'cp850', '874': 'cp874', '932': 'cp932',
         '936': 'cp936', '949': 'cp949', '950': 'cp950', '65001': 'utf-8'}
SYSTEM_TYPE = {'image': 34, 'text': 35, 'uniqueidentifier': 36, 'date': 40, 'time': 41, 'datetime2': 42, 'datetimeoffset': 43,
               'tinyint': 48, 'smallint': 52, 'int': 56, 'smalldatetime': 58, 'real': 59, 'money': 60, 'datetime': 61, 'float': 62,
               'sql_variant': 98, 'ntext': 99, 'bit': 104, 'decimal': 106, 'numeric': 108, 'smallmoney': 122, 'bigint': 127,
               'varbinary': 165, 'varchar': 167, 'binary': 173, 'char': 175, 'rowversion': 189, 'timestamp': 189, 'nvarchar': 231,
               'nchar': 239, 'xml': 241, 'hierarchyid': 240, 'geometry': 240, 'geography': 240}
USER_TYPE = {'hierarchyid': 128, 'geometry': 129, 'geography': 130}
UNICODE = ('nchar', 'nvarchar', 'ntext', 'xml')
PAGED = ('char', 'varchar', 'text')
BYTES = ('binary', 'varbinary', 'image', 'rowversion', 'timestamp', 'hierarchyid', 'geometry', 'geography')


class Type:
    """"decimal(9,2)" taken apart, with what sys.columns says of it."""

    def __init__(self, text, page='1252'):
        m = re.fullmatch(r'(\w+)(?:\((\w+)(?:,\s*(\d+))?\))?', text.strip())
        self.text, self.name, self.page = text, m[1], page
        self.max = m[2] == 'max'
        a = int(m[2]) if m[2] and not self.max else None
        b = int(m[3]) if m[3] else 0
        self.precision, self.scale, self.length = 0, 0, {'image': 16, 'text': 16, 'ntext': 16, 'xml': -1, 'sql_variant': 8016}.get(self.name, 0)
        if self.name in ('decimal', 'numeric'):
            self.precision, self.scale = a, b
        elif self.name in ('time', 'datetime2', 'datetimeoffset'):
            self.scale = 7 if a is None else a
        elif self.name in ('nchar', 'nvarchar'):
            self.length = -1 if self.max else 2 * a
        elif self.name in ('char', 'varchar', 'binary', 'varbinary'):
            self.length = -1 if self.max else a
        elif self.name in USER_TYPE:
            self.length = 892 if self.name == 'hierarchyid' else -1
        self.kind = ((self.name, self.precision, self.scale) if self.name in ('decimal', 'numeric') else
                     (self.name, self.scale) if self.name in ('time', 'datetime2', 'datetimeoffset') else (self.name,))
        self.system, self.user = SYSTEM_TYPE[self.name], USER_TYPE.get(self.name, SYSTEM_TYPE[self.name])


def encode_page(text, page):
    """As SQL Server: bytes that a page leaves undefined stand for the C1 control of their number."""
    codec = PAGES[page]
    out = bytearray()
    for c in text:
        try:
            out += c.encode(codec)
        except UnicodeEncodeError:
            if not 0x80 <= ord(c) < 0xA0:
                raise
            out.append(ord(c))
    return bytes(out)


def day_number(text):
    return datetime.date.fromisoformat(text).toordinal() - 1


def ticks(text, scale):
    """Units of 10^-scale seconds since midnight."""
    hour, minute, second = text.split(':')
    return (int(hour) * 3600 + int(minute) * 60) * 10 ** scale + wire.units(second, scale)


def from_text(t, text):
    """A stored value of the type; text as chartferry and people write it."""
    name = t.name
    if name == 'bit':
        return t.kind, {'0': 0, '1': 1, 'False': 0, 'True': 1}[text]
    if name in ('tinyint', 'smallint', 'int', 'bigint'):
        return t.kind, int(text)
    if name in ('decimal', 'numeric'):
        return t.kind, wire.units(text, t.scale)
    if name in ('money', 'smallmoney'):
        return t.kind, wire.units(text, 4)
    if name == 'real':
        return t.kind, struct.pack('<f', float(text))
    if name == 'float':
        return t.kind, struct.pack('<d', float(text))
    if name == 'date':
        return t.kind, day_number(text)
    if name == 'time':
        return t.kind, ticks(text, t.scale)
    if name == 'datetime':
        day, clock = text.split(' ')
        thirds = (ticks(clock, 3) * 3 + 5) // 10
        return t.kind, (day_number(day) - 693595, thirds)
    if name == 'smalldatetime':
        day, clock = text.split(' ')
        return t.kind, (day_number(day) - 693595, ticks(clock, 0) // 60)
    if name == 'datetime2':
        day, clock = text.split(' ')
        return t.kind, (day_number(day), ticks(clock, t.scale))
    if name == 'datetimeoffset':
        day, clock, zone = text.split(' ')
        minutes = (int(zone[1:3]) * 60 + int(zone[4:6])) * (-1 if zone[0] == '-' else 1)
        all_ticks = day_number(day) * 86400 * 10 ** t.scale + ticks(clock, t.scale) - minutes * 60 * 10 ** t.scale
        return t.kind, (*divmod(all_ticks, 86400 * 10 ** t.scale), minutes)
    if name == 'uniqueidentifier':
        import uuid
        return t.kind, uuid.UUID(text).bytes_le
    if name in UNICODE:
        return t.kind, text.encode('utf-16le', 'surrogatepass')
    if name in PAGED:
        return t.kind, encode_page(text, t.page)
    if name in BYTES:
        return t.kind, bytes.fromhex(text[2:] if text.startswith('0x') else text)
    raise ValueError('no values of ' + name)


def as_bytes(kind, v):
    """What CAST(... AS varbinary) makes of it."""
    name = kind[0]
    if name in UNICODE + PAGED + BYTES + ('varbinary(max)', 'uniqueidentifier'):
        return v
    if name == 'sql_variant':
        return as_bytes(*v[:2])
    if name in ('bit', 'tinyint'):
        return bytes([v])
    if name in ('smallint', 'int', 'bigint', 'smallmoney', 'money'):
        return v.to_bytes({'smallint': 2, 'int': 4, 'bigint': 8, 'smallmoney': 4, 'money': 8}[name], 'big', signed=True)
    if name in ('real', 'float'):
        return v[::-1]
    if name == 'datetime':
        return struct.pack('>iI', *v)
    if name == 'smalldatetime':
        return struct.pack('>HH', *v)
    if name == 'date':
        return v.to_bytes(3, 'little')
    if name in ('decimal', 'numeric'):
        return bytes([kind[1], kind[2], 0, v >= 0]) + abs(v).to_bytes(wire.decimal_bytes(kind[1]) - 1, 'little')
    if name in ('time', 'datetime2', 'datetimeoffset'):
        return bytes([kind[1]]) + wire.value_bytes(kind, v)[1:]
    raise ValueError('no bytes of ' + name)
