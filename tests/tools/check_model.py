#!/usr/bin/env python3
"""src/model/MODEL.md says the same as src/model/model.def: every entity and field, in order, with type, flags and meaning."""
import re

import checklib

ENTITY = re.compile(r'^ENTITY\((\w+), (\w+), "(.*)"\)$')
FIELD = re.compile(r'^FIELD\((\w+), (\w+), ([^,]+), "(.*?)", "(.*)"\)$')
INPUT = re.compile(r'^INPUT\((\w+), "(\w+)", "(.*)"\)$')


def lines_of(definition):
    """The lines that MODEL.md must hold, in order."""
    wanted = []
    for line in definition.splitlines():
        m = ENTITY.match(line)
        if m: wanted.append('## %s (`%s`, %s)' % (m[3], m[1], m[2]))
        m = FIELD.match(line)
        if m:
            kind = {'REFERENCE': '→ ' + m[4], 'ENUM': m[4].replace(' ', ', ')}.get(m[2], m[2].lower())
            flags = m[3].replace('|', '').replace('0', '').replace('  ', ' ')
            if m[4] and m[2] not in ('REFERENCE', 'ENUM'): kind += ' (%s)' % m[4]
            wanted.append('| `%s` | %s | %s | %s |' % (m[1], kind, flags, m[5]))
        m = INPUT.match(line)
        if m: wanted.append('| `%s` | (%s) | I | %s |' % (m[1], m[2], m[3]))
    return wanted


def check(root):
    definition, text = root / 'src/model/model.def', root / 'src/model/MODEL.md'
    if not definition.exists(): return ['src/model/model.def: absent']
    have = [l for l in text.read_text(encoding='utf-8').splitlines() if l.startswith('## ') or l.startswith('| `')]
    wanted = lines_of(definition.read_text(encoding='utf-8'))
    for w, h in zip(wanted, have):
        if w != h: return ['src/model/MODEL.md: has %r where model.def says %r' % (h, w)]
    if len(wanted) != len(have): return ['src/model/MODEL.md: %d lines of entities and fields, model.def has %d' % (len(have), len(wanted))]
    return []


DEF = 'ENTITY(a, AAA, "As")\nFIELD(x, TEXT, R | P, "", "An x")\nFIELD(y, ENUM, 0, "b c", "A y")\nEND\n'
CLEAN = {'src/model/model.def': DEF, 'src/model/MODEL.md': '\n'.join(lines_of(DEF)) + '\n'}
PLANTED = [
    ('a field without a line', {'src/model/model.def': DEF.replace('END', 'FIELD(z, DATE, 0, "", "A z")\nEND')}, 'lines of entities'),
    ('another meaning', {'src/model/model.def': DEF.replace('An x', 'Another x')}, 'where model.def says'),
]

if __name__ == '__main__':
    checklib.run(check, CLEAN, PLANTED)
