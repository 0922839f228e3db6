#!/usr/bin/env python3
"""Damaged pages taken from an older backup (--repair-from): what did not change comes out as it was, what may have changed comes out as
it was before and is named, and a backup that does not fit is refused."""
import argparse
import csv
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'tools'))
from facts import check, ended  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'log'))
import changing  # noqa: E402
from server import page_sum  # noqa: E402

PAGE = 8192
SPEC = changing.spec(3000)


class Case:
    def __init__(self, a, folder):
        self.a, self.folder = a, folder

    def make(self, name, *how, spec=SPEC):
        (self.folder / 'spec').write_text(spec, encoding='utf-8')
        out = self.folder / name
        subprocess.run([self.a.bakgen, '--spec', self.folder / 'spec', '--log', '--out', out, *how], check=True)
        return out

    def run(self, *words):
        r = subprocess.run([self.a.chartferry, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return r.returncode, r.stdout.decode('utf-8', 'replace')

    def extract(self, source, *more):
        out = self.folder / ('out%d' % len(list(self.folder.glob('out*'))))
        code, text = self.run('extract', source, '--out', out, *more)
        return code, text, out

    def rows(self, out, table):
        with open(out / ('dbo.%s.csv' % table), encoding='utf-8-sig', newline='') as f:
            return {r['Id']: r['Text'] for r in csv.DictReader(f)}

    def page_of(self, source, table, n=3, page=None):
        """The n-th data page of a table, or the one named, and the Ids on it."""
        code, text = self.run('sql', source, '--format', 'csv', 'SELECT _page, Id FROM %s ORDER BY Id' % table)
        pairs = [line.split(',') for line in text.split()[1:] if line.count(',') == 1]
        pages = list(dict.fromkeys(p for p, _ in pairs))
        page = str(page) if page else pages[n]
        return int(page), [i for p, i in pairs if p == page]


def place(data, page):
    """Where a page lies in a plain backup: by its header, on a sector."""
    for at in range(0, len(data) - PAGE, 512):
        if data[at] == 1 and struct.unpack_from('<IH', data, at + 32) == (page, 1) and data[at + 1] < 20:
            return at
    raise AssertionError('page %d is not there' % page)


def damaged(case, source, name, page, spoil):
    data = bytearray(source.read_bytes())
    spoil(data, place(data, page))
    out = case.folder / name
    out.write_bytes(data)
    return out


def claim(data, page, extents):
    """The list of the table that the page is of gets extents more, which another one has."""
    owner = [bytes(data[place(data, page) + i:place(data, page) + i + n]) for i, n in ((6, 2), (24, 4))]
    at = next(i for i in range(0, len(data) - PAGE, 512) if data[i:i + 2] == b'\x01\x0a' and struct.unpack_from('<H', data, i + 36)[0] == 1 and
              [bytes(data[i + 6:i + 8]), bytes(data[i + 24:i + 28])] == owner)
    for e in extents: data[at + 194 + e // 8] |= 1 << e % 8
    struct.pack_into('<I', data, at + 60, page_sum(data[at:at + PAGE]))


def flip(data, at):
    data[at + 4000] ^= 0x10


def flip_changed(data, at):
    """As of a page that was changed later."""
    data[at + 44] ^= 0x40
    flip(data, at)


def wipe(data, at):
    data[at:at + PAGE] = bytes(PAGE)


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--chartferry', required=True)
    a.add_argument('--bakgen', required=True)
    a = a.parse_args()
    with tempfile.TemporaryDirectory() as name:
        case = Case(a, Path(name))
        old, new = case.make('old.bak', '--sets', 'before'), case.make('new.bak')
        code, text, was = case.extract(old)
        code, text, clean = case.extract(new)
        check(code == 0, 'the whole one: %s' % text)
        before, after = case.rows(was, 'Busy'), case.rows(clean, 'Busy')
        quiet, _ = case.page_of(new, 'Quiet')
        busy, ids = case.page_of(new, 'Busy')
        # Rows have other lengths in the older state: at its edges the page has others.
        older_ids = case.page_of(old, 'Busy', page=busy)[1]

        bad = damaged(case, new, 'quiet.bak', quiet, flip)
        code, text, out = case.extract(bad)
        check(code == 3 and 'MDF-202' in text, 'without an older one: %s' % text)
        code, text, out = case.extract(bad, '--repair-from', old)
        check(code == 0 and 'MDF-224' in text and 'dbo.Quiet' in text, 'a page that did not change: %d %s' % (code, text))
        check(case.rows(out, 'Quiet') == case.rows(clean, 'Quiet'), 'its rows')

        for how, spoil in (('changed', flip_changed), ('wiped', wipe)):
            bad = damaged(case, new, how + '.bak', busy, spoil)
            code, text, out = case.extract(bad, '--repair-from', old)
            check(code == 3 and 'MDF-225' in text and 'dbo.Busy' in text, 'a page that was %s: %d %s' % (how, code, text))
            rows = case.rows(out, 'Busy')
            kept = {i: t for i, t in after.items() if i not in ids}
            wanted = {**kept, **{i: before[i] for i in older_ids}}
            check(set(rows) == set(wanted) and all(t in (wanted[i], kept.get(i)) for i, t in rows.items()) and rows != after,
                  '%s: its rows are neither the older page nor the rest' % how)

        bad = damaged(case, new, 'pfs.bak', 1, flip)
        code, text, out = case.extract(bad, '--repair-from', old)
        check(code == 0 and 'MDF-224' in text and case.rows(out, 'Busy') == after, 'a map that did not change: %d %s' % (code, text))
        bad = damaged(case, new, 'pfs2.bak', 1, flip_changed)
        code, text, out = case.extract(bad, '--repair-from', old)
        check(code != 0 and 'MDF-225' not in text, 'a map of an older state must not be taken: %d %s' % (code, text))

        # Three tables' lists overlap: the page is nobody's for certain, in both states.
        extent = case.page_of(new, 'Busy', 40)[0] // 8
        both = []
        for source in (old, new):
            data = bytearray(source.read_bytes())
            claim(data, quiet, [extent - 2, extent])
            if source is new: flip_changed(data, place(data, extent * 8 + 1))
            both.append(case.folder / ('shared-' + source.name))
            both[-1].write_bytes(data)
        code, text, out = case.extract(both[1], '--repair-from', both[0])
        check(code == 3 and 'MDF-219' in text and 'MDF-225' not in text, 'a page on two lists must not be taken: %d %s' % (code, text))

        packed = case.make('packed.bak', '--compress')
        data = bytearray(packed.read_bytes())
        data[len(data) * 3 // 4] ^= 4
        (case.folder / 'piece.bak').write_bytes(data)
        code, text, out = case.extract(case.folder / 'piece.bak', '--repair-from', old)
        rows = {**case.rows(out, 'Quiet'), **case.rows(out, 'Busy')}
        check(code == 3 and 'BAK-119' in text and 'MDF-225' in text and 'unreadable' not in text.split('MDF-225')[0].lower(),
              'a lost piece: %d %s' % (code, text))
        check(len(case.rows(out, 'Quiet')) == 3000 and len(case.rows(out, 'Busy')) == 3000, 'rows of a lost piece: %d' % len(rows))

        bad = case.folder / 'quiet.bak'
        other = case.make('other.bak', spec=SPEC.replace('database Repair', 'database Other\nseed 5'))
        newer = case.make('newer.bak', '--sets', 'full,full')
        file = case.folder / 'data.mdf'
        subprocess.run([a.bakgen, '--spec', case.folder / 'spec', '--mdf', file], check=True)
        code, text, out = case.extract(bad, '--repair-from', file)
        check(code == 4 and 'BAK-136' in text and 'only backups say' in text, 'a data file as the older one: %d %s' % (code, text))
        code, text, out = case.extract(file, '--repair-from', old)
        check(code == 4 and 'BAK-136' in text and 'CONTINUE_AFTER_ERROR' in text, 'a data file to be repaired: %d %s' % (code, text))
        for source, why in ((other, 'another database'), (newer, 'newer'), (case.folder / 'spec', 'cannot be read')):
            code, text, out = case.extract(bad, '--repair-from', source)
            check(code == 4 and 'BAK-136' in text and why in text, '%s as the older one: %d %s' % (source.name, code, text))
    return ended('repair')


if __name__ == '__main__':
    sys.exit(main())
