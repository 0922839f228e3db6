"""Holds the destinations against the brief: every row of its five pages has a target, every pitfall an answer.

rows.csv: a line for each object and each field that the pages name, with the object and the field of our template
that carry it. `@guide` stands where the answer is a step of the guide (field: words that stand in it), `@custom_value`
where fields are made of what the practice has. gotchas.csv: the 29 pitfalls and where each is met.

The spelling of the brief (column `brief`) must stand in the template as `brief:` of that object or field, so that the
inventory of fields shows it.
"""
import argparse
import csv
import json
import pathlib
import re
import subprocess
import sys


def plain(name):
    return re.sub(r'[^a-z0-9]+', '', name.lower())


def templates(program, destination):
    """Every field that the program knows for a destination: object, target, label, brief. The line of an object's key has the
    brief's words for the object."""
    shown = subprocess.run([program, 'templates', 'show', destination, '--json'], capture_output=True, text=True)
    if shown.returncode:
        sys.exit(f'templates show {destination}: {shown.stderr.strip()}')
    return [json.loads(line) for line in shown.stdout.splitlines()]


def pattern(name):
    """A name of a family, as `PocketDepth_{site}__c`, stands for every name that it can make."""
    parts = re.split(r'\{[a-z_]+\}', name)
    return re.compile('[A-Za-z0-9_]+'.join(re.escape(p) for p in parts) + '$')


def fits(field, wanted):
    return plain(wanted) in (plain(field['target']), plain(field.get('label', ''))) or (
        '{' in field['target'] and pattern(field['target']).match(wanted))


def has_family(root, destination, wanted):
    """Whether the object makes fields of what the practice has of its own."""
    for f in (root / 'templates' / 'destinations' / destination).glob('*.yaml'):
        text = f.read_text(encoding='utf-8')
        named = re.search(r'^object: (\S+)', text, re.M)
        if named and plain(named[1]) == plain(wanted) and 'each: custom_value' in text:
            return True
    return False


def guide(root, destination):
    folder = root / 'templates' / 'destinations' / destination
    return ' '.join(re.sub(r'\s+', ' ', f.read_text(encoding='utf-8')) for f in sorted(folder.glob('guide*')))


def check_rows(arguments, wrong):
    known = {}
    with open(pathlib.Path(__file__).parent / 'rows.csv', newline='', encoding='utf-8') as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        destination = row['destination']
        if destination not in arguments.only:
            continue
        where = f"{row['page']} {row['source']!r}"
        if row['object'] == '@guide':
            if row['field'].lower() not in guide(arguments.root, destination).lower():
                wrong.append(f"{where}: the guide of {destination} does not speak of {row['field']!r}")
            continue
        if destination not in known:
            known[destination] = templates(arguments.program, destination)
        fields = [f for f in known[destination] if plain(f['object']) == plain(row['object'])]
        if not fields:
            wrong.append(f"{where}: {destination} has no object {row['object']}")
            continue
        if row['field'] == '@custom_value':
            found = fields if has_family(arguments.root, destination, row['object']) else []
        else:
            found = [f for f in fields if not row['field'] or fits(f, row['field'])]
        if not found:
            wrong.append(f"{where}: {destination}'s {row['object']} has no field {row['field']}")
        elif row['brief'] and not any(row['brief'] in b for f in found
                                      for b in (f.get('brief', ''), f['target'])) and not any(
                row['brief'] in f.get('brief', '') for f in fields if f['source'] == 'source_key'):
            wrong.append(f"{where}: the brief's {row['brief']!r} stands nowhere in {row['object']} {row['field']}")
    return len(rows)


def check_gotchas(arguments, wrong):
    with open(pathlib.Path(__file__).parent / 'gotchas.csv', newline='', encoding='utf-8') as lines:
        rows = list(csv.DictReader(lines))
    root = arguments.root
    for row in rows:
        where = f"pitfall {row['number']} ({row['side']}: {row['gotcha']})"
        if row['kind'] == 'guide':
            for destination in arguments.only if row['where'] == 'all' else row['where'].split():
                if destination not in arguments.only:
                    continue
                if row['words'].lower() not in guide(root, destination).lower():
                    wrong.append(f"{where}: the guide of {destination} does not speak of {row['words']!r}")
            continue
        if row['kind'] in ('edition', 'package') and row['where'] not in arguments.only:
            continue
        if row['kind'] in ('edition', 'package'):
            place = root / 'templates' / 'destinations' / row['where'] / 'destination.yaml'
        elif row['kind'] == 'profile':
            place = root / 'templates' / 'sources' / row['where'] / 'profile.yaml'
        elif row['kind'] == 'finding':
            place = None
        elif row['kind'] == 'model':
            place = root / 'src' / 'model' / 'model.def'
        else:
            place = root / row['where']
        text = ' '.join(f.read_text(encoding='utf-8') for f in (root / 'src').rglob('*.def')) if place is None else (
            place.read_text(encoding='utf-8'))
        wanted = row['words'] if row['kind'] != 'model' else row['where']
        if wanted.lower() not in text.lower():
            wrong.append(f"{where}: {wanted!r} stands nowhere in {place or 'the findings'}")
    if len(rows) != 29:
        wrong.append(f'{len(rows)} pitfalls listed; the brief has 29')
    return len(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--program', required=True)
    parser.add_argument('--root', type=pathlib.Path, required=True)
    parser.add_argument('--only', type=lambda text: text.split(','), default='dynamics,salesforce,zoho,pipedrive',
                        metavar='DESTINATIONS', help='those of them that are looked at')
    arguments = parser.parse_args()
    wrong = []
    rows = check_rows(arguments, wrong)
    pitfalls = check_gotchas(arguments, wrong)
    for line in wrong:
        print(line)
    print(f'{rows} rows of the brief and {pitfalls} pitfalls: {len(wrong)} without an answer')
    sys.exit(bool(wrong))


if __name__ == '__main__':
    main()
