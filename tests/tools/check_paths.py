#!/usr/bin/env python3
"""No file of the repository may name a place of the machine it was written on, nor a server that packages come from."""
import re

import checklib

# Put together here so that this file passes its own check.
PLACES = ['/%s/' % name for name in ('work', 'tmp', 'root', 'home')]
PLACE = re.compile(r'(?<![\w.$})>*-])(?:%s)' % '|'.join(map(re.escape, PLACES)))
HOST = re.compile(r'\b(?:[a-z0-9-]+\.)*(?:%s)\b' % '|'.join(
    (r'deb' + r'ian\.org', r'ubun' + r'tu\.com', r'pypi' + r'\.org', r'python' + r'hosted\.org', r'npm' + r'js\.(?:org|com)',
     r'ama' + r'zonaws\.com', r'anaconda' + r'\.(?:org|com)', r'crates' + r'\.io')) +
    r'|https?://[^/\s"\')]*(?:mirror|proxy|artifact|nexus|registry|\.internal\b|\.local\b|:\d{4})', re.I)


def check(root):
    sentences = []
    for path in checklib.tree_files(root):
        raw = path.read_bytes()
        if b'\0' in raw[:8000]:
            continue
        text = raw.decode('utf-8', 'replace')
        for pattern, why in ((PLACE, 'a place of one machine'), (HOST, 'a host that packages come from')):
            for m in pattern.finditer(text):
                sentences.append('%s:%d: names %s (%s)' % (
                    path.relative_to(root).as_posix(), checklib.line_of(text, m.start()), m[0], why))
    return sentences


CLEAN = {'a.txt': 'see tests/tmp/x, ../shared/corpus and https://www.apache.org/licenses/\n', 'b.sh': 'mktemp -d\n'}
PLANTED = [
    ('a work folder', {'a.txt': 'cd ' + PLACES[0] + 'main\n'}, 'a place of one machine'),
    ('a scratch folder', {'src/a.c': 'char *p = "' + PLACES[1] + 'x";\n'}, 'a place of one machine'),
    ('a package host', {'a.md': 'from https://deb.' + 'debian' + '.org/pool\n'}, 'packages come from'),
    ('a mirror', {'a.md': 'from http://' + 'some-mirror.example/x\n'}, 'packages come from'),
]

if __name__ == '__main__':
    checklib.run(check, CLEAN, PLANTED)
