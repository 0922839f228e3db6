"""A practice at its first and its second backup, converted three times: all of the first, all of the second, and what has changed between
them. What the three bundles say of each other; the load of the third on top of the first."""
import csv
import json
import pathlib
import shutil
import subprocess
import tempfile

import crm
import planted


def table_of(path):
    heading, rows = crm.read_csv(path)
    return heading, {r[0]: r for r in rows}


class TwoBackups:
    def __init__(self, args, to, clear, patients=20):
        self.args, self.to = args, to
        self.base = pathlib.Path(tempfile.mkdtemp(prefix='two_backups.'))
        first, second = self.make('first', patients), self.base / 'second'
        self.planted = planted.Practice(first).plan(clear)
        self.planted.write(self.base / 'edits.tsv')
        self.planted.write_decisions(self.base / 'decisions.csv')
        self.make('second', patients, '--edits', self.base / 'edits.tsv')
        decided = ('--decisions', self.base / 'decisions.csv')
        self.a = self.convert(first, 'a')
        self.b = self.convert(second, 'b', *decided)
        self.d = self.convert(second, 'd', *decided, '--since', self.a)

    def close(self):
        shutil.rmtree(self.base)

    def make(self, name, patients, *more):
        subprocess.run([self.args.practice_gen, '--seed', '7', '--patients', str(patients), '--hard', '0', '--out', self.base / name, *more], check=True,
                       stdout=subprocess.DEVNULL)
        return self.base / name

    def run(self, *words):
        return subprocess.run([self.args.chartferry, *words], capture_output=True, text=True, timeout=240)

    def convert(self, made, name, *more):
        done = self.run('convert', made / 'practice.bak', '--to', self.to, '--out', self.base / name, '--templates', self.args.templates, '--json', *more)
        assert done.returncode in (0, 3), done.stderr
        self.told = {x.get('code') for x in map(json.loads, done.stdout.splitlines())}
        return next((self.base / name).iterdir())

    def files(self, run):
        """{file: {key: row}} of the load, all parts of a file together, and {file: heading}."""
        found, headings = {}, {}
        for f in json.loads((run / self.to / 'loads.json').read_text(encoding='utf-8'))['files']:
            for part in f['parts']:
                heading, rows = table_of(run / part['path'])
                headings[f['file']] = heading
                found.setdefault(f['file'], {}).update(rows)
        return found, headings

    def lists(self, kind):
        return {p.stem: [r[0] for r in crm.read_csv(p)[1]] for p in sorted((self.d / self.to / kind).glob('*.csv'))}

    def audit(self, run):
        with open(run / 'audit.csv', encoding='utf-8', newline='') as f:
            return [r for r in csv.DictReader(f) if r['destination'] == self.to]


def by_key(system):
    """What a system holds, with keys in place of ids: two systems that were filled in other orders can be compared."""
    name = {}
    for table, t in system.tables.items():
        for number, r in t.rows.items():
            name[number] = '-> %s %s' % (table, next((r[k] for k in t.KEYS if r.get(k)), number))
    return {table: sorted(sorted((k, name.get(v, v)) for k, v in r.items() if v != '') for r in t.rows.values())
            for table, t in system.tables.items() if t.rows}


def loads(folder):
    return json.loads((folder / 'loads.json').read_text(encoding='utf-8'))['files']


def manifest(run):
    return json.loads((run / 'manifest.json').read_text(encoding='utf-8'))


# ---- the systems, by the steps of a second pick-up ----

class Player:
    """What a person does at a system besides loading files."""

    def __init__(self, module, folder):
        self.module, self.s = module, module.System(folder)

    def __getattr__(self, name):
        return getattr(self.s, name)

    def go_on_with(self, folder):
        self.s.folder = folder
        if hasattr(self.s, 'read_maps'):
            self.s.read_maps(folder)

    def load_all(self, results):
        results.mkdir(exist_ok=True)
        return self.s.load_all(results)

    def before(self, folder, bundle, later):
        """The files of the earlier bundle: what was there, in the form of the load. Objects that it had no record of are exported as
        headings alone."""
        second = {f['file'][:-4] for f in loads(bundle) if f.get('update')}
        paths = []
        for f in loads(later):
            if f['parts'] and not f.get('update') and not (bundle / f['file']).exists():
                paths.append(folder / f['file'])
                crm.write_csv(paths[-1], [x['heading'] for x in f['fields']], [])
        return [*paths, *self.earlier(bundle, second)]

    def earlier(self, bundle, second):
        return [p for p in sorted(bundle.glob('[0-9][0-9]_*.csv')) if p.stem not in second and (self.s.users is None or not p.name.startswith(self.s.users))]

    def table_of(self, stem):
        s = self.s
        return s.entity(stem) if hasattr(s, 'entity') else s.module(stem) if hasattr(s, 'module') else s.category(stem)

    def key_of(self, stem):
        return self.s.key(self.s.category(stem)) if hasattr(self.s, 'category') else self.module.KEY

    def record(self, stem, key):
        t = self.s.table(self.table_of(stem))
        found = t.find(self.key_of(stem), key) or t.find('migration id', key)
        return t.rows[found[0]] if found else None

    def empty(self, stem, key, field):
        record = self.record(stem, key)
        if record:
            record.pop(field, None)

    def write(self, stem, keys, rows, heading):
        path = pathlib.Path(tempfile.mkdtemp()) / (stem + '.csv')
        crm.write_csv(path, heading, [rows[k] for k in keys])
        return path

    def remove(self, stem, keys, rows, heading):
        if keys:
            self.s.delete(self.write(stem, keys, rows, heading), stem)

    def bring_back(self, stem, keys, rows, heading):
        if keys:
            bad = self.s.load(self.write(stem, keys, rows, heading), stem, pathlib.Path(tempfile.mkdtemp()))[1]
            assert not bad, (stem, bad)

    def again(self, stem, keys, rows, heading):
        """Rows of the earlier bundle, loaded once more."""
        self.bring_back(stem, [k for k in keys if k in rows], rows, heading)

    def step(self, what, path, stem):
        """A restore file whose links are keys is imported as the load was, and empties what it has no value for."""
        if what == 'delete' or hasattr(self.s, 'category'):
            (self.s.delete if what == 'delete' else self.s.restore)(path, stem)
            return
        heading, rows = crm.read_csv(path)
        for row in rows:
            record = self.record(stem, row[0])
            for field in heading[1:]:
                record.pop(field, None)
        bad = self.s.load(path, stem, pathlib.Path(tempfile.mkdtemp()))[1]
        assert not bad, (stem, bad)


class SalesforcePlayer(Player):
    def __init__(self, module, folder):
        self.module, self.s, self.bin = module, module.Salesforce(folder), {}
        self.first = folder

    def before(self, folder, bundle, later):
        paths = []
        for name, t in self.s.tables.items():
            if t.rows:
                paths.append(folder / (name + '.csv'))
                self.s.export(name, paths[-1])
        # Objects without records are exported as headings alone.
        for f in loads(bundle):
            if not self.s.tables.get(f['object']) or not self.s.table(f['object']).rows:
                path = folder / (f['object'] + '.csv')
                crm.write_csv(path, ['Id', *[x['name'] for x in f['fields']]], [])
                paths.append(path)
        return sorted(set(paths))

    def table_of(self, stem):
        folder = self.s.folder if (self.s.folder / (stem + '.csv')).exists() else self.first
        return self.module.object_of(folder, stem + '.csv')

    def key_of(self, stem):
        return self.module.KEY

    def empty(self, stem, key, field):
        folder = self.s.folder if (self.s.folder / (stem + '.sdl')).exists() else self.first
        target = self.module.read_map(folder / (stem + '.sdl'))[field]
        record = self.record(stem, key)
        if record:
            record.pop(self.s.field(target), None)

    def remove(self, stem, keys, rows, heading):
        if not keys or not (self.first / (stem + '.sdl')).exists():
            return
        name = self.table_of(stem)
        t = self.s.table(name)
        found = [i for k in keys for i in t.find(self.module.KEY, k)]
        self.bin.update({(name, i): dict(t.rows[i]) for i in found})
        path = pathlib.Path(tempfile.mkdtemp()) / 'delete.csv'
        crm.write_csv(path, ['Id'], [[i] for i in found])
        self.s.delete(name, path)

    def bring_back(self, stem, keys, rows, heading):
        """Out of the recycle bin, with its id."""
        if not keys or not (self.first / (stem + '.sdl')).exists():
            return
        name = self.table_of(stem)
        for (of, number), record in self.bin.items():
            if of == name and record[self.module.KEY] in keys:
                self.s.table(name).rows[number] = record

    def again(self, stem, keys, rows, heading):
        keys = [k for k in keys if k in rows]
        if keys and (self.first / (stem + '.sdl')).exists():
            bad = self.s.load(self.write(stem, keys, rows, heading), self.first / (stem + '.sdl'), self.table_of(stem), pathlib.Path(tempfile.mkdtemp()))[1]
            assert not bad, (stem, bad)

    def step(self, what, path, stem):
        name = self.table_of(stem.rsplit('_', 1)[0] if stem.rsplit('_', 1)[-1].isdigit() else stem)
        (self.s.delete if what == 'delete' else self.s.update)(name, path)


def player(module, folder):
    return (SalesforcePlayer if hasattr(module, 'Salesforce') else Player)(module, folder)
