#!/usr/bin/env python3
"""Leaves out of a TrueType file what no PDF needs: tables for shaping and hinting tools, the names of glyphs, and all but one
form of each text about the font. Its copyright and licence stay in it.

usage: strip_font.py FROM TO"""
import struct
import sys

KEPT = (b'OS/2', b'cmap', b'cvt ', b'fpgm', b'glyf', b'head', b'hhea', b'hmtx', b'loca', b'maxp', b'name', b'post', b'prep')


def tables_of(font):
    count = struct.unpack_from('>H', font, 4)[0]
    for i in range(count):
        tag, _, at, size = struct.unpack_from('>4sIII', font, 12 + 16 * i)
        if tag in KEPT:
            yield tag, font[at:at + size]


def without_glyph_names(post):
    return struct.pack('>I', 0x00030000) + post[4:32]


def one_form_of_texts(name):
    """Only Windows' English; libharu reads the name of the font there."""
    count, storage = struct.unpack_from('>HH', name, 2)
    records, texts = [], b''
    for i in range(count):
        platform, encoding, language, what, size, at = struct.unpack_from('>6H', name, 6 + 12 * i)
        if (platform, encoding, language) != (3, 1, 0x409) or what == 10:
            continue
        records.append(struct.pack('>6H', platform, encoding, language, what, size, len(texts)))
        texts += name[storage + at:storage + at + size]
    return struct.pack('>3H', 0, len(records), 6 + 12 * len(records)) + b''.join(records) + texts


def sum_of(data):
    data += b'\0' * (-len(data) % 4)
    return sum(struct.unpack('>%dI' % (len(data) // 4), data)) & 0xFFFFFFFF


def main(source, target):
    with open(source, 'rb') as f:
        font = f.read()
    change = {b'post': without_glyph_names, b'name': one_form_of_texts}
    tables = [(tag, change.get(tag, bytes)(data)) for tag, data in tables_of(font)]
    power = 1
    while 2 * power <= len(tables):
        power *= 2
    head = font[:4] + struct.pack('>4H', len(tables), 16 * power, power.bit_length() - 1, 16 * (len(tables) - power))
    at, directory, body = 12 + 16 * len(tables), b'', b''
    for tag, data in tables:
        directory += struct.pack('>4sIII', tag, sum_of(data), at + len(body), len(data))
        body += data + b'\0' * (-len(data) % 4)
    with open(target, 'wb') as f:
        f.write(head + directory + body)


if __name__ == '__main__':
    main(*sys.argv[1:])
