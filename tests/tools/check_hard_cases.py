#!/usr/bin/env python3
"""Checks tests/hard_cases.md: each of the hard cases has a line, each line a test that is there and is run. A case of which the program
has nothing to test says why, but no case that has been tested may lose its test so: those that have none are listed here."""
import re

import checklib

LIST = 'tests/hard_cases.md'
CASES = 84
WITHOUT = {3}  # may only get fewer
ROW = re.compile(r'^\| (\d+) \|.*\| ([^|]*) \|$', re.M)


def is_there(root, test):
    """None, or why the test is not there."""
    name, _, function = test.partition(':')
    path = root / 'tests' / name
    if not path.is_file():
        return 'there is no file %s' % name
    text = path.read_text(encoding='utf-8')
    if path.suffix == '.py':
        return None if re.search(r'^    def %s\(self' % re.escape(function), text, re.M) else '%s has no test of that name' % name
    text = checklib.c_code(text)
    if not re.search(r'^static void %s\(void \*\*state\)' % re.escape(function), text, re.M):
        return '%s has no test of that name' % name
    return None if re.search(r'\(%s\)' % re.escape(function), text) else '%s does not run it' % name


def check(root):
    rows = [(int(m[1]), m[2]) for m in ROW.finditer((root / LIST).read_text(encoding='utf-8'))]
    sentences = []
    numbers = [n for n, _ in rows]
    for n in range(1, CASES + 1):
        if numbers.count(n) != 1:
            sentences.append('%s: case %d has %d lines' % (LIST, n, numbers.count(n)))
    for n, cell in rows:
        tests = re.findall(r'`([^`]+)`', cell)
        if not tests and not (n in WITHOUT and re.match(r'none: \S', cell)):
            sentences.append('%s: case %d has no test' % (LIST, n))
        if tests and n in WITHOUT:
            sentences.append('%s: case %d has a test now; take it out of WITHOUT in check_hard_cases.py' % (LIST, n))
        for test in tests:
            why = is_there(root, test)
            if why:
                sentences.append('%s: case %d: %s (%s)' % (LIST, n, why, test))
    return sentences


def listed(**changed):
    lines = []
    for n in range(1, CASES + 1):
        cell = changed.get('case_%d' % n, 'none: why' if n in WITHOUT else '`unit/test_a.c:a_test`, `x/test_b.py:test_b`')
        if cell is not None:
            lines.append('| %d | text | %s |' % (n, cell))
    return '\n'.join(lines) + '\n'


LATER = max(WITHOUT)
C_TEST = 'static void a_test(void **state)\n{\n}\nint main(void) { cmocka_unit_test(a_test); }\n'
CLEAN = {LIST: listed(), 'tests/unit/test_a.c': C_TEST, 'tests/x/test_b.py': 'class B:\n    def test_b(self):\n        pass\n'}
PLANTED = [
    ('a case without a line', {LIST: listed(case_7=None)}, 'case 7 has 0 lines'),
    ('a case without a test', {LIST: listed(case_7='')}, 'case 7 has no test'),
    ('a case that is put off', {LIST: listed(case_7='none: why')}, 'case 7 has no test'),
    ('a case that is tested now', {LIST: listed(**{'case_%d' % LATER: '`unit/test_a.c:a_test`'})}, 'case %d has a test now' % LATER),
    ('a file that is gone', {LIST: listed(case_7='`unit/test_c.c:a_test`')}, 'there is no file unit/test_c.c'),
    ('a function that is gone', {LIST: listed(case_7='`unit/test_a.c:b_test`')}, 'has no test of that name'),
    ('a method that is gone', {LIST: listed(case_7='`x/test_b.py:test_c`')}, 'has no test of that name'),
    ('a test in a comment', {'tests/unit/test_a.c': '/*\n' + C_TEST + '*/\n'}, 'has no test of that name'),
    ('a test that is not run', {'tests/unit/test_a.c': C_TEST.split('int')[0]}, 'does not run it'),
]

if __name__ == '__main__':
    checklib.run(check, CLEAN, PLANTED)
