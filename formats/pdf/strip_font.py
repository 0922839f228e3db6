#!/usr/bin/env python3
"""Leaves out of a TrueType file what no PDF of this program needs: tables for shaping, the programs that fit letters to the
pixels of a screen, the names of glyphs, glyphs that no character of Unicode's first plane shows, and all but one form of each
text about the font. Its copyright and licence stay in it.

usage: strip_font.py FROM TO"""
import struct
import sys

KEPT = (b'cmap', b'glyf', b'head', b'hhea', b'hmtx', b'loca', b'maxp', b'name', b'post')
HAS_PROGRAM, MORE_PARTS, WORDS, ONE_SCALE, TWO_SCALES, FOUR_SCALES = 0x100, 0x20, 1, 8, 0x40, 0x80


def tables_of(font):
    count = struct.unpack_from('>H', font, 4)[0]
    found = {}
    for i in range(count):
        tag, _, at, size = struct.unpack_from('>4sIII', font, 12 + 16 * i)
        if tag in KEPT:
            found[tag] = font[at:at + size]
    return found


def characters_only(cmap):
    """Only the table of the first plane: format 4, of Windows."""
    count = struct.unpack_from('>H', cmap, 2)[0]
    for i in range(count):
        platform, encoding, at = struct.unpack_from('>HHI', cmap, 4 + 8 * i)
        form, size = struct.unpack_from('>HH', cmap, at)
        if (platform, encoding, form) == (3, 1, 4):
            return struct.pack('>HHHHI', 0, 1, 3, 1, 12) + cmap[at:at + size]
    sys.exit('strip_font: no table of characters')


def shown(cmap):
    """The glyphs of all characters, and the box for those that have none."""
    at = 12
    half = struct.unpack_from('>H', cmap, at + 6)[0] // 2
    numbers = struct.unpack('>%dH' % ((len(cmap) - at) // 2), cmap[at:at + (len(cmap) - at) // 2 * 2])
    glyphs = {0}
    for i in range(half):
        last, first = numbers[7 + i], numbers[8 + half + i]
        delta, place = numbers[8 + 2 * half + i], 8 + 3 * half + i
        for c in range(first, last + 1):
            if numbers[place] == 0:
                glyphs.add((c + delta) & 0xFFFF)
            else:
                g = numbers[place + numbers[place] // 2 + c - first]
                glyphs.add((g + delta) & 0xFFFF if g else 0)
    return glyphs


def parts_of(glyph):
    """(where the flags of a part stand, its flags, its glyph, the end of the part), when it is made of others."""
    at, flags = 10, MORE_PARTS
    while glyph and glyph[0] & 0x80 and flags & MORE_PARTS:
        start = at
        flags, number = struct.unpack_from('>HH', glyph, at)
        at += 4 + (4 if flags & WORDS else 2)
        at += 2 if flags & ONE_SCALE else 4 if flags & TWO_SCALES else 8 if flags & FOUR_SCALES else 0
        yield start, flags, number, at


def without_program(glyph):
    if not glyph: return b''
    contours = struct.unpack_from('>h', glyph, 0)[0]
    if contours >= 0:
        at = 10 + 2 * contours
        size = struct.unpack_from('>H', glyph, at)[0]
        kept = glyph[:at] + b'\0\0' + glyph[at + 2 + size:]
    else:
        kept = bytearray(glyph)
        for start, flags, _, end in parts_of(glyph):
            struct.pack_into('>H', kept, start, flags & ~HAS_PROGRAM)
        kept = bytes(kept[:end])
    return kept + b'\0' * (-len(kept) % 4)


def needed_glyphs(tables):
    long_places = struct.unpack_from('>h', tables[b'head'], 50)[0]
    count = struct.unpack_from('>H', tables[b'maxp'], 4)[0]
    places = struct.unpack_from('>%d%s' % (count + 1, 'I' if long_places else 'H'), tables[b'loca'])
    if not long_places: places = [2 * p for p in places]
    glyphs = [tables[b'glyf'][places[i]:places[i + 1]] for i in range(count)]
    wanted, todo = set(), list(shown(tables[b'cmap']))
    while todo:
        g = todo.pop()
        if g in wanted: continue
        wanted.add(g)
        todo += [number for _, _, number, _ in parts_of(glyphs[g])]
    return [without_program(g) if i in wanted else b'' for i, g in enumerate(glyphs)]


def every_width(hmtx, widths, glyphs):
    """Four bytes for each glyph: the width of the last one that has its own holds for the rest."""
    rest = hmtx[4 * widths:4 * widths + 2 * (glyphs - widths)]
    last = hmtx[4 * widths - 4:4 * widths - 2]
    return hmtx[:4 * widths] + b''.join(last + rest[i:i + 2] for i in range(0, len(rest), 2))


def one_form_of_texts(name):
    """Only Windows' English."""
    count, storage = struct.unpack_from('>HH', name, 2)
    records, texts = [], b''
    for i in range(count):
        platform, encoding, language, what, size, at = struct.unpack_from('>6H', name, 6 + 12 * i)
        if (platform, encoding, language) != (3, 1, 0x409) or what == 10:
            continue
        records.append(struct.pack('>6H', platform, encoding, language, what, size, len(texts)))
        texts += name[storage + at:storage + at + size]
    return struct.pack('>3H', 0, len(records), 6 + 12 * len(records)) + b''.join(records) + texts


def changed(tables):
    tables[b'cmap'] = characters_only(tables[b'cmap'])
    glyphs = needed_glyphs(tables)
    places = [0]
    for g in glyphs: places.append(places[-1] + len(g))
    tables[b'glyf'] = b''.join(glyphs)
    tables[b'loca'] = struct.pack('>%dI' % len(places), *places)
    tables[b'head'] = tables[b'head'][:50] + struct.pack('>h', 1) + tables[b'head'][52:]
    widths = struct.unpack_from('>H', tables[b'hhea'], 34)[0]
    tables[b'hmtx'] = every_width(tables[b'hmtx'], widths, len(glyphs))
    tables[b'hhea'] = tables[b'hhea'][:34] + struct.pack('>H', len(glyphs))
    maxp = tables[b'maxp']
    tables[b'maxp'] = maxp[:14] + struct.pack('>7H', 1, 0, 0, 0, 0, 0, 0) + maxp[28:]  # no programs
    tables[b'name'] = one_form_of_texts(tables[b'name'])
    tables[b'post'] = struct.pack('>I', 0x00030000) + tables[b'post'][4:32]
    return tables


def sum_of(data):
    data += b'\0' * (-len(data) % 4)
    return sum(struct.unpack('>%dI' % (len(data) // 4), data)) & 0xFFFFFFFF


def main(source, target):
    with open(source, 'rb') as f:
        font = f.read()
    tables = sorted(changed(tables_of(font)).items())
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
