#!/usr/bin/env python3
"""Writes src/base/codepage_tables.h: what the bytes 0x80 to 0xFF mean in each single-byte code page.

    make_codepages.py > src/base/codepage_tables.h
    make_codepages.py --check src/base/codepage_tables.h

The meanings come from Python's codecs, which follow the published mappings. These leave bytes undefined; Windows, and so
SQL Server when it turns varchar into nvarchar, gives each of them a character all the same, and the tables do as Windows
does, so that no byte is lost and the text equals the server's own: below 0xA0 the C1 control of the same number, from
0xA0 on a private-use character (published in Microsoft's best-fit tables), and Hebrew 0xCA the point U+05BA, which
is newer than the mapping. The three bytes that 857 leaves undefined mean nothing (U+FFFD): no server stores text in it, it
is only the page of the command prompt on Turkish Windows.
"""
import sys

PAGES = (437, 850, 857, 874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258)

UNDEFINED_IN_PUBLISHED = {
    857: {0xD5: 0xFFFD, 0xE7: 0xFFFD, 0xF2: 0xFFFD},
    874: {0xDB: 0xF8C1, 0xDC: 0xF8C2, 0xDD: 0xF8C3, 0xDE: 0xF8C4, 0xFC: 0xF8C5, 0xFD: 0xF8C6, 0xFE: 0xF8C7, 0xFF: 0xF8C8},
    1253: {0xAA: 0xF8F9, 0xD2: 0xF8FA, 0xFF: 0xF8FB},
    1255: {0xCA: 0x05BA, 0xD9: 0xF88D, 0xDA: 0xF88E, 0xDB: 0xF88F, 0xDC: 0xF890, 0xDD: 0xF891, 0xDE: 0xF892, 0xDF: 0xF893,
           0xFB: 0xF894, 0xFC: 0xF895, 0xFF: 0xF896},
    1257: {0xA1: 0xF8FC, 0xA5: 0xF8FD},
}


def meaning(page, byte):
    """The code point of a byte from 0x80 on."""
    try:
        return ord(bytes([byte]).decode('cp%d' % page))
    except UnicodeDecodeError:
        return byte if byte < 0xA0 else UNDEFINED_IN_PUBLISHED[page][byte]


def header():
    yield '/* Made by tests/tools/make_codepages.py, which says where the numbers come from. Do not edit. */'
    yield '#ifndef BASE_CODEPAGE_TABLES_H'
    yield '#define BASE_CODEPAGE_TABLES_H'
    yield ''
    yield '#include <stdint.h>'
    yield ''
    yield '/* clang-format off */'
    for page in PAGES:
        yield 'static const uint16_t upper_%d[128] = {' % page
        for row in range(0x80, 0x100, 16):
            yield '    ' + ', '.join('%#06x' % meaning(page, b) for b in range(row, row + 16)) + ','
        yield '};'
    yield '/* clang-format on */'
    yield ''
    yield '#endif'


def main():
    text = '\n'.join(header()) + '\n'
    if sys.argv[1:2] != ['--check']:
        sys.stdout.write(text)
        return 0
    with open(sys.argv[2], encoding='ascii') as f:
        if f.read() == text:
            return 0
    print('%s is not what make_codepages.py writes' % sys.argv[2], file=sys.stderr)
    return 1


if __name__ == '__main__':
    sys.exit(main())
