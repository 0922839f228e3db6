#!/usr/bin/env python3
"""Writes src/sql/sql_fold_table.h: for letters of the Latin, Greek and Cyrillic blocks the small letter and the letter without its
marks, from Python's Unicode data. Run by hand; the result is kept."""
import unicodedata

RANGES = [(0x00A0, 0x0250), (0x0370, 0x0530), (0x1E00, 0x2000)]
# Letters with a stroke that Unicode does not take apart.
STROKES = {'ø': 'o', 'đ': 'd', 'ħ': 'h', 'ł': 'l', 'ŧ': 't', 'ı': 'i'}
# Small letters that are not what Python says: it knows no rule for the end of a word, and gives two characters for the other.
SPECIAL = {'ς': 'σ', 'İ': 'i'}
# Letters of their own although Unicode takes them apart.
WHOLE = set('йў')


def lower(c):
    """The small letter of a character: one character, or itself."""
    low = c.lower()
    if c in SPECIAL: return SPECIAL[c]
    return low if len(low) == 1 else c


def base(c):
    """The small letter without marks."""
    low = lower(c)
    if low in STROKES: return STROKES[low]
    if low in WHOLE: return low
    parts = unicodedata.normalize('NFD', low)
    if all(unicodedata.combining(x) for x in parts[1:]) and ord(parts[0]) < 0x10000: return parts[0]
    return low


def rows(name, of):
    """One C array per range."""
    for first, end in RANGES:
        values = ['0x%04X' % ord(of(chr(c))) for c in range(first, end)]
        print('static const uint16_t %s_%04X[] = {' % (name, first))
        for i in range(0, len(values), 14): print('    ' + ', '.join(values[i:i + 14]) + ',')
        print('};')


print('/* Small letters, and letters without marks, of the Latin, Greek and Cyrillic blocks. Made by tests/tools/make_fold.py. */')
print('#ifndef SQL_SQL_FOLD_TABLE_H\n#define SQL_SQL_FOLD_TABLE_H\n\n#include <stdint.h>\n')
rows('LOWER', lower)
rows('BASE', base)
print('\n#endif')
