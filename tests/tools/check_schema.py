#!/usr/bin/env python3
"""templates/schema/profile.yaml lists the same keys as the program allows: the tables `static const yaml_key
NAME_keys[]` of src/profile and src/chart."""
import re

import checklib

SCHEMA = 'templates/schema/profile.yaml'
FOLDERS = ['src/profile', 'src/chart']
TABLE = re.compile(r'static const yaml_key (\w+)_keys\[\] = \{(.*?)\};', re.S)
KEY = re.compile(r'\{"(\w+)", ([\w |]+), (true|false)\}')
LINE = re.compile(r'^  (\w+): \{ kind: ([\w ]+), required: (true|false), meaning: "([^"]+)" \}$')


def of_program(root):
    groups = {}
    for path in checklib.c_files(root, [f for f in FOLDERS if (root / f).exists()], ('.c',)):
        for name, body in TABLE.findall(checklib.c_code(path.read_text(encoding='utf-8'), keep_strings=True)):
            groups[name] = {key: (kinds.replace('YAML_IS_', '').lower().replace('|', 'or'), required)
                            for key, kinds, required in KEY.findall(body)}
    return groups


def of_schema(root, sentences):
    groups, group = {}, None
    for at, line in enumerate((root / SCHEMA).read_text(encoding='utf-8').splitlines(), 1):
        m = LINE.match(line)
        if m and group is not None:
            group[m[1]] = (m[2], m[3])
        elif re.match(r'^\w+:$', line):
            group = groups.setdefault(line[:-1], {})
        elif line and not line.startswith('#'):
            sentences.append('%s:%d: is no line of the form that the file has' % (SCHEMA, at))
    return groups


def check(root):
    if not (root / SCHEMA).exists(): return ['%s: absent' % SCHEMA]
    sentences = []
    program, schema = of_program(root), of_schema(root, sentences)
    for name in sorted(program.keys() | schema.keys()):
        if name not in schema or name not in program:
            where = 'the program' if name in program else 'the schema'
            sentences.append('%s: %s is only in %s' % (SCHEMA, name, where))
            continue
        for key in sorted(program[name].keys() | schema[name].keys()):
            a, b = program[name].get(key, 'nothing'), schema[name].get(key, 'nothing')
            if a != b: sentences.append('%s: %s in %s: the program says %s, the schema %s' % (SCHEMA, key, name, a, b))
    return sentences


C = 'static const yaml_key a_keys[] = {\n    {"x", YAML_IS_TEXT | YAML_IS_LIST, true}, {"y", YAML_IS_MAP, false}};\n'
YAML = '# Keys\na:\n  x: { kind: text or list, required: true, meaning: "An x" }\n' \
       '  y: { kind: map, required: false, meaning: "A y" }\n'
CLEAN = {'src/profile/p.c': C, SCHEMA: YAML}
PLANTED = [
    ('a key that the schema lacks', {'src/profile/p.c': C.replace('{"y"', '{"z", YAML_IS_MAP, false}, {"y"')},
     'z in a'),
    ('a key that the program lacks', {SCHEMA: YAML + '  w: { kind: map, required: false, meaning: "A w" }\n'},
     'w in a'),
    ('another kind', {SCHEMA: YAML.replace('kind: map', 'kind: list')}, 'y in a'),
    ('another requirement', {SCHEMA: YAML.replace('required: true', 'required: false')}, 'x in a'),
    ('a group that the program lacks', {SCHEMA: YAML + 'b:\n'}, 'only in the schema'),
    ('a line of another form', {SCHEMA: YAML + '  v: map\n'}, 'is no line of the form'),
]

if __name__ == '__main__':
    checklib.run(check, CLEAN, PLANTED)
