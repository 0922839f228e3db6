#!/usr/bin/env python3
"""Checks the table of findings (src/base/finding*.def): ids, texts, and that each code is raised and tested.

A code that no test names stands in findings_without_test.txt, one per line. The list may only get shorter: a code that
is tested now, or is gone, must leave it. The guide leads to every finding, by its letters.
"""
import re
from pathlib import Path

import checklib

LIST = 'tests/tools/findings_without_test.txt'
GUIDE = 'installer/guide/README.md'
PLACEHOLDERS = {'a', 'b', 'file', 'page', 'slot', 'line', 'table', 'column', 'path', 'offset', 'rows'}
STRING = r'"(?:[^"\\]|\\.)*"'
TEXT = r'(%s(?:\s*%s)*)' % (STRING, STRING)
ENTRY = re.compile(r'^F\(\s*(\w+)\s*,\s*(\w+)\s*,\s*("[^"]*")\s*,\s*%s\s*,\s*%s\s*,\s*%s\s*\)' % (TEXT, TEXT, TEXT), re.M)
RANGE = {'GEN': range(1, 100), 'BAK': range(100, 200), 'MDF': range(200, 400), 'OUT': range(400, 500),
         'CLI': range(500, 600), 'SQL': range(600, 700), 'PRO': range(700, 800), 'DEL': range(800, 900), 'NRM': range(900, 1000), 'CHT': range(1000, 1100),
         'CSV': range(1100, 1200), 'QUA': range(1200, 1250), 'SNP': range(1250, 1300), 'DOC': range(1300, 1350), 'DEC': range(1400, 1450), 'PCK': range(1500, 1550),
         'SMP': range(1450, 1500), 'TDS': range(1550, 1600), 'KEY': range(1600, 1650)}


def entries(path):
    """(line, code, severity, id, title, happened, next) of each F() of a .def file, and how many lines start with F(."""
    text = checklib.c_code(path.read_text(encoding='utf-8'), keep_strings=True)
    found = []
    for m in ENTRY.finditer(text):
        words = [''.join(s[1:-1] for s in re.findall(STRING, g)) for g in m.groups()[2:]]
        found.append((checklib.line_of(text, m.start()), m[1], m[2], *words))
    return found, len(re.findall(r'^F\(', text, re.M))


def check_text(kind, text):
    if '  ' in text:
        yield 'its %s holds two blanks in a row' % kind
    if text != text.strip():
        yield 'its %s begins or ends with a blank' % kind
    allowed = PLACEHOLDERS | ({'n'} if kind == 'advice' else set())
    if kind == 'title':
        allowed = set()
        if text.endswith('.'):
            yield 'its title ends with a full stop'
    elif not text.endswith(('.', '?', '!', '{a}', '{b}')):
        yield 'its %s is no whole sentence' % kind
    if not text:
        yield 'its %s is empty' % kind
    rest = re.sub(r'\{(\w+)\}', '', text)
    for name in re.findall(r'\{(\w+)\}', text):
        if name not in allowed:
            yield 'its %s uses {%s}, which nothing fills in there' % (kind, name)
    if '{' in rest or '}' in rest:
        yield 'its %s holds a lone brace' % kind


def check_table(root):
    sentences, codes, titles = [], {}, {}
    seen = {'code': {}, 'id': {}, 'title': {}, 'sentence': {}}
    for path in sorted((root / 'src/base').glob('finding*.def')):
        name = path.relative_to(root).as_posix()
        found, begun = entries(path)
        if len(found) != begun:
            sentences.append('%s: %d entries begin with F(, but only %d have the form of finding.def' % (
                name, begun, len(found)))
        last = {}
        for line, code, severity, id_, title, happened, advice in found:
            at = '%s:%d: %s ' % (name, line, code)
            for kind, key in (('code', code), ('id', id_), ('title', title), ('sentence', happened)):
                if key in seen[kind]:
                    sentences.append(at + 'has the %s of %s' % (kind, seen[kind][key]))
                seen[kind][key] = code
            codes[code] = (at, id_)
            titles[id_] = title
            m = re.fullmatch(r'([A-Z]{3})-(\d{3,4})', id_)
            if not m or int(m[2]) not in RANGE.get(m[1], ()):
                sentences.append(at + 'has the id "%s", outside the ranges of finding.def' % id_)
            elif int(m[2]) <= last.get(m[1], 0):
                sentences.append(at + 'has the id "%s", which breaks the sequence' % id_)
            else:
                last[m[1]] = int(m[2])
            if severity not in ('SEV_NOTE', 'SEV_WARN', 'SEV_LOSS', 'SEV_FATAL'):
                sentences.append(at + 'has the severity %s' % severity)
            for kind, text in (('title', title), ('sentence', happened), ('advice', advice)):
                sentences += [at + s for s in check_text(kind, text)]
    return sentences, codes, titles


def check_guide(root, titles):
    """The guide's table of letters leads to every finding, and what it says of single ones is their title."""
    path = root / GUIDE
    text = path.read_text(encoding='utf-8') if path.exists() else ''
    letters = {x for row in re.findall(r'^\| ([A-Z]{3}(?:, [A-Z]{3})*) \|', text, re.M) for x in row.split(', ')}
    used = {id_[:3] for id_ in titles}
    for x in sorted(used ^ letters):
        yield '%s: %s' % (GUIDE, 'no row is about codes with ' + x if x in used else 'no finding begins with ' + x)
    for id_ in re.findall(r'\b[A-Z]{3}-\d{3,4}\b', text):
        if id_[:3] in used and id_ not in titles:
            yield '%s: %s is no finding' % (GUIDE, id_)
    for title, id_ in re.findall(r'\*([^*|]+)\* \(([A-Z]{3}-\d{3,4})\)', text):
        if titles.get(id_, title) != title:
            yield '%s: the title of %s is "%s"' % (GUIDE, id_, titles[id_])


def names_in(root, folders, endings):
    """The F_ names and quoted ids that occur in these files."""
    found = set()
    for path in checklib.c_files(root, folders, endings):
        text = path.read_text(encoding='utf-8', errors='replace')
        if path.suffix in ('.c', '.h'):
            text = checklib.c_code(text, keep_strings=True)
        found |= set(re.findall(r'\bF_\w+|\b[A-Z]{3}-\d{3,4}\b', text))
    return found


def check(root):
    sentences, codes, titles = check_table(root)
    if not codes:
        return sentences + ['src/base/finding*.def: no finding at all']
    raised = names_in(root, ['src', 'formats'], ('.c', '.h'))
    tested = names_in(root, ['tests'], ('.c', '.h', '.json', '.sh', '.py', '.txt', '.out', '.err', '.cmd'))
    listed_path = root / LIST
    listed = set(listed_path.read_text(encoding='utf-8').split()) if listed_path.exists() else set()
    for code, (at, id_) in codes.items():
        if 'F_' + code not in raised:
            sentences.append(at + 'is raised nowhere')
        is_tested = 'F_' + code in tested or id_ in tested
        if not is_tested and code not in listed:
            sentences.append(at + 'is named by no test')
        if is_tested and code in listed:
            sentences.append('%s: %s is tested now; remove it from the list' % (LIST, code))
    sentences += ['%s: %s is no finding' % (LIST, code) for code in sorted(listed - set(codes))]
    return sentences + list(check_guide(root, titles))


ONE = 'F(ONE, SEV_WARN, "GEN-001", "Title one",\n  "It {a} was, "\n  "at {path}.",\n  "Do {n} things.")\n'
TWO = 'F(TWO, SEV_LOSS, "GEN-002", "Title two", "Two.", "Do it.")\n'
CLEAN = {
    'src/base/finding.def': '/* F(CODE, ...) */\n' + ONE + TWO,
    'src/base/a.c': 'int x = F_ONE + F_TWO;\n',
    'tests/unit/test_a.c': 'int y = F_ONE;\n',
    LIST: 'TWO\n',
    GUIDE: '| *Title one* (GEN-001) |\n| GEN | all |\n',
}


def with_two(text):
    return {'src/base/finding.def': ONE + text}


PLANTED = [
    ('a code twice', {'src/base/finding_x.def': ONE.replace('GEN-001', 'BAK-101')}, 'has the code of ONE'),
    ('an id twice', with_two(TWO.replace('002', '001')), 'has the id of ONE'),
    ('a title twice', with_two(TWO.replace('Title two', 'Title one')), 'has the title of ONE'),
    ('an id out of sequence', {'src/base/finding.def': TWO + ONE}, 'breaks the sequence'),
    ('an id out of range', with_two(TWO.replace('GEN-002', 'BAK-002')), 'outside the ranges'),
    ('two blanks', with_two(TWO.replace('Do it', 'Do  it')), 'two blanks'),
    ('an unknown placeholder', with_two(TWO.replace('Two.', 'Two {value}.')), 'uses {value}'),
    ('{n} where nothing fills it in', with_two(TWO.replace('Two.', 'Two {n}.')), 'uses {n}'),
    ('half a sentence', with_two(TWO.replace('Two.', 'Two')), 'no whole sentence'),
    ('an entry of another form', with_two('F(TWO, SEV_LOSS, "GEN-002", "Title two", "Two.")\n'), 'have the form'),
    ('a code raised nowhere', {'src/base/a.c': 'int x = F_ONE; /* F_TWO */\n'}, 'TWO is raised nowhere'),
    ('a code without a test', {LIST: ''}, 'TWO is named by no test'),
    ('a tested code in the list', {LIST: 'ONE TWO\n'}, 'ONE is tested now'),
    ('letters that the guide does not know', {GUIDE: '| BAK | all |\n'}, 'codes with GEN'),
    ('letters of no finding', {GUIDE: '| GEN, BAK | all |\n'}, 'begins with BAK'),
    ('another title in the guide', {GUIDE: '| *Title* (GEN-001) |\n| GEN | all |\n'}, 'the title of GEN-001'),
    ('a code of the guide that is gone', {GUIDE: 'see GEN-003\n| GEN | all |\n'}, 'GEN-003 is no finding'),
    ('a stale name in the list', {LIST: 'TWO OLD\n'}, 'OLD is no finding'),
]

if __name__ == '__main__':
    checklib.run(check, CLEAN, PLANTED)
