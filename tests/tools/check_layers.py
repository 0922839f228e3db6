#!/usr/bin/env python3
"""Holds the rules of the tree that a compiler does not: who includes whom, who may call what, how long a file may be.

The table of layers is read from the layer() lines of the top CMakeLists.txt, so there is one table. The build itself
lets a layer see what its layers see; this check is stricter: a layer includes only the layers it names.
"""
import re
from pathlib import Path

import checklib

LINES_MAX = 800

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)
LAYER = re.compile(r'^layer\((\S+)\s+(\S+)([^)]*)\)', re.M)

# A call by its bare name: not a member (x.open, x->open), not a part of a longer name.
CALL = r'(?<![\w.])(?<!->)(?:%s)\s*\('

FORBIDDEN = re.compile(CALL % 'strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atof|strtok|system|popen|alloca|scanf|sscanf')
SYSTEM = re.compile(CALL % (
    r'fopen|freopen|fdopen|tmpfile|open|openat|creat|CreateFile\w*|opendir|mmap|stat|fstat|lstat|mkdir|unlink|rmdir|remove|'
    r'rename|getenv|setenv|isatty|time|clock|clock_gettime|gettimeofday|localtime\w*|gmtime\w*|sleep|usleep|nanosleep|'
    r'signal|sigaction|fork|exec[lv]\w*|pthread_\w+|sysconf') + r'|#\s*include\s*<(?:pthread|unistd|windows|'
    r'fcntl|dirent|signal|sys/\w+)\.h>')
PRINTING = re.compile(CALL % 'printf|vprintf|fprintf|vfprintf|puts|fputs|putchar|fputc|putc|perror|os_print' +
                      r'|\b(?:stdout|stderr)\b')
EXITING = re.compile(CALL % 'exit|_exit|_Exit|quick_exit|abort')


def layers_of(root):
    """{layer: (folder, layers it names)} from the top CMakeLists.txt."""
    table = {}
    for name, folder, rest in LAYER.findall((root / 'CMakeLists.txt').read_text(encoding='utf-8')):
        uses = rest.split('LIBS')[0].split()
        table[name] = (folder, uses[1:] if uses[:1] == ['USES'] else [])
    return table


def check_includes(where, text, layer, may, table):
    for m in INCLUDE.finditer(text):
        at = '%s:%d: ' % (where, checklib.line_of(text, m.start()))
        target = m[1].partition('/')[0]
        if '/' not in m[1]:
            yield at + 'includes "%s" without its layer; write "layer/header.h"' % m[1]
        elif target not in table:
            yield at + 'includes "%s", but CMakeLists.txt names no layer %s' % (m[1], target)
        elif target not in may:
            yield at + 'the layer %s may not include %s: CMakeLists.txt lets it see %s' % (
                layer, target, ', '.join(may) or 'nothing')
        elif m[1].count('/') > 1 and target != layer:
            yield at + 'reaches into a folder of the layer %s, which is its own; include a header of %s itself' % (target, target)


def layer_of(folder, folder_of):
    """The layer of a folder: its own, or the one that it is a folder of."""
    return folder_of.get(folder) or folder_of.get(Path(folder).parent.as_posix())


def check_calls(where, text, layer, is_platform):
    rules = [(FORBIDDEN, '%s is a call this program does not make; see the rules in src/README.md')]
    if not is_platform:
        rules.append((SYSTEM, '%s belongs to the operating system: only src/base/platform_* may use it'))
        if layer not in ('cli', 'main'):
            rules.append((PRINTING, '%s prints, and only src/cli speaks to the user; add a finding instead'))
        if layer != 'main':
            rules.append((EXITING, '%s ends the program, and library code never does; return a status'))
    for pattern, sentence in rules:
        for m in pattern.finditer(text):
            name = m[0].rstrip('( \t\n')
            yield '%s:%d: ' % (where, checklib.line_of(text, m.start())) + sentence % name


def check(root):
    table = layers_of(root)
    folder_of = {folder: name for name, (folder, _) in table.items()}
    sentences = [] if table else ['CMakeLists.txt holds no layer() line']
    for name, (_, uses) in table.items():
        sentences += ['CMakeLists.txt: the layer %s names the unknown layer %s' % (name, u) for u in uses if u not in table]
    for path in checklib.c_files(root, ['src', 'formats'], ('.c', '.h', '.def')):
        where = path.relative_to(root).as_posix()
        raw = path.read_text(encoding='utf-8')
        lines = raw.count('\n')
        if lines > LINES_MAX:
            sentences.append('%s: has %d lines; a file over %d is two files' % (where, lines, LINES_MAX))
        folder = Path(where).parent.as_posix()
        layer = 'main' if where == 'src/main.c' else layer_of(folder, folder_of)
        if layer is None:
            sentences.append('%s: its folder is no layer of CMakeLists.txt' % where)
            continue
        may = ['base', 'cli'] if layer == 'main' else [layer] + table[layer][1]
        sentences += check_includes(where, checklib.c_code(raw, keep_strings=True), layer, may, table)
        is_platform = folder == 'src/base' and path.name.startswith('platform')
        sentences += check_calls(where, checklib.c_code(raw), layer, is_platform)
    return sentences


CLEAN = {
    'CMakeLists.txt': 'layer(base src/base LIBS Threads::Threads)\nlayer(mdf formats/mdf USES base)\n'
                      'layer(bak formats/bak USES base mdf)\nlayer(cli src/cli USES base bak LIBS jansson)\n',
    'src/base/a.c': '#include "base/a.h"\n/* fopen("x") and printf() in a comment */\n'
                    'int f(ops *o) { return o->open("open(") + o.time(); }\n',
    'src/base/a.h': 'typedef struct ops { int (*open)(void); } ops;\n',
    'src/base/platform_posix.c': '#include <unistd.h>\nint g(void) { return open("x", 0); }\n',
    'src/cli/c.c': '#include "bak/b.h"\nvoid p(void) { os_print(1, x); }\n',
    'formats/bak/b.h': '#include "mdf/m.h"\n',
    'formats/mdf/m.h': '#include "base/a.h"\n#include "mdf/pages/p.h"\n',
    'formats/mdf/pages/p.h': '#include "base/a.h"\n',
    'src/main.c': '#include "cli/c.h"\nint main(void) { exit(1); }\n',
}
PLANTED = [
    ('an include against the table', {'formats/mdf/m.h': '#include "bak/b.h"\n'}, 'the layer mdf may not include bak'),
    ('an include through another layer', {'src/cli/c.c': '#include "mdf/m.h"\n'}, 'the layer cli may not include mdf'),
    ("an include of another layer's folder", {'formats/mdf/rows/r.h': 'int x;\n', 'formats/bak/b.h': '#include "mdf/rows/r.h"\n'},
     'reaches into a folder'),
    ('an include against the table from a folder', {'formats/mdf/rows/r.c': '#include "bak/b.h"\n'}, 'the layer mdf may not include bak'),
    ('an include without a layer', {'src/base/a.c': '#include "a.h"\n'}, 'without its layer'),
    ('an include of no layer', {'src/base/a.c': '#include "../x/a.h"\n'}, 'names no layer'),
    ('main.c reaching below cli', {'src/main.c': '#include "bak/b.h"\n'}, 'the layer main may not include bak'),
    ('a folder outside the table', {'formats/new/n.c': 'int x;\n'}, 'is no layer'),
    ('a layer that names an unknown one', {'CMakeLists.txt': CLEAN['CMakeLists.txt'] + 'layer(x src/x USES y)\n'},
     'unknown layer y'),
    ('a long file', {'src/base/long.c': 'int x;\n' * 801}, 'is two files'),
    ('strcpy', {'src/base/s.c': 'void f(void) { strcpy (a, b); }\n'}, 'strcpy is a call'),
    ('popen in the platform file', {'src/base/platform_win.c': 'void f(void) { popen(a, b); }\n'}, 'popen is a call'),
    ('fopen outside the platform', {'formats/mdf/m.c': 'void f(void) { fopen(a, b); }\n'}, 'fopen belongs'),
    ('the clock outside the platform', {'src/cli/t.c': 'long f(void) { return time(0); }\n'}, 'time belongs'),
    ('pthread outside the platform', {'src/base/t.c': 'void f(void) { pthread_mutex_lock(m); }\n'}, 'pthread_mutex_lock'),
    ('printing from a library', {'formats/mdf/m.c': 'void f(void) { printf("x"); }\n'}, 'printf prints'),
    ('naming stderr in a library', {'formats/mdf/m.c': 'void f(void) { x(stderr); }\n'}, 'stderr prints'),
    ('exit from a library', {'src/cli/e.c': 'void f(void) { exit(2); }\n'}, 'exit ends'),
]

if __name__ == '__main__':
    checklib.run(check, CLEAN, PLANTED)
