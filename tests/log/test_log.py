#!/usr/bin/env python3
"""Backups taken while people worked, and log backups: a server in small (server.py) changes the tables of a backup that
bakgen wrote, copies each page at a moment of its own, and logs what it does. What must come out of it is planted here: the
rows at the end of the log, without those of the transaction that never ended.

usage: test_log.py --chartferry FILE --bakgen FILE [--quick]"""
import argparse
import csv
import random
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'tools'))
from facts import check, ended  # noqa: E402

from server import CLUSTERED, FORMAT_PAGE, HEAP, INSERT, SPLIT, VLF, Server, put, sectors_sum, u16, u32

SPEC = '''database Log
table dbo.Visit 900
column Id int not null seq 10 10
column Amount int not null random 0..1000
column Name nvarchar(60) not null list Abara "van Dijk" Müller "Di Stefano"
primary Id
table dbo.Note 400
gap 3
column Id int not null seq
column Amount int not null random 0..1000
column Name nvarchar(60) not null list red green blue
table dbo.Quiet 50
column Id int not null seq
primary Id
'''
NAMES = ['Okonkwo', 'Li', 'a considerably longer name than before', 'Ñandú', 'x' * 55]


def encode(key, amount, name):
    data = name.encode('utf-16-le')
    return struct.pack('<BBHiiHBHH', 0x30, 0, 12, key, amount, 3, 0, 1, 19 + len(data)) + data


def decode(row):
    return struct.unpack_from('<ii', row, 4) + (bytes(row[19:u16(row, 17)]).decode('utf-16-le'),)


def run(chartferry, *words):
    r = subprocess.run([chartferry, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    return r.returncode, r.stdout.decode('utf-8', 'replace') + r.stderr.decode('utf-8', 'replace')


def read_rows(path):
    with open(path, encoding='utf-8-sig', newline='') as f:
        return sorted((int(r[0]), int(r[1]), r[2]) for r in list(csv.reader(f))[1:])


class Work:
    """What the practice does while the backup runs."""

    def __init__(self, backup, seed, truth):
        self.s, self.chance = Server(backup), random.Random(seed)
        self.rows = {name: {r[0]: r for r in read_rows(truth / ('dbo.%s.csv' % name))} for name in ('Visit', 'Note')}
        self.moments = [self.moment()]  # as each commit left the tables
        self.pages, self.iam, self.rowset, self.locked, self.free, self.notes = {}, {}, {}, set(), [], 0
        for number in sorted(self.s.place):
            page = self.s.page(number)
            kind, unit = page.head[1], page.unit
            for name in ('Visit', 'Note'):
                if kind != 1 or page.head[3]: continue
                keys = {decode(r)[0] for r in page.rows if r and len(r) > 20 and u16(r, 2) == 12}
                if keys and keys <= set(self.rows[name]) and self.is_table(page, name): self.pages.setdefault(name, []).append(page)
        for name in self.pages:
            unit = self.pages[name][0].unit
            self.rowset[name] = self.s.rowset_of(unit)
            self.iam[name] = next(self.s.page(n) for n in sorted(self.s.place) if self.s.page(n).head[1] == 10 and self.s.page(n).unit == unit)
        used = {p.number // 8 for p in map(self.s.page, self.s.place)}
        self.new_pages = [n for n in range(8, 8 * max(used)) if n // 8 not in used][:6]
        self.watched = [p.number for ps in self.pages.values() for p in ps] + [i.number for i in self.iam.values()] + [1]

    def is_table(self, page, name):
        return all(r is None or tuple(decode(r)) == self.rows[name][decode(r)[0]] for r in page.rows)

    def live(self, name):
        """{page, slot} of rows that nobody holds."""
        return [(p, i) for p in self.pages[name] for i, r in enumerate(p.rows)
                if r and not r[0] & 0x0C and (name, decode(r)[0]) not in self.locked]

    def context(self, name): return HEAP if name == 'Note' else CLUSTERED

    def moment(self): return {name: sorted(rows.values()) for name, rows in self.rows.items()}

    # ---- one change each; `keep`: the truth learns of it

    def insert(self, t, name, keep=True):
        if name == 'Visit':
            keys = [k for k in range(5, 9000) if k not in self.rows[name] and (name, k) not in self.locked]
            key = self.chance.choice(keys)
            page = next((p for p in self.pages[name] if p.rows and decode(p.rows[-1])[0] > key), self.pages[name][-1])
            slot = sum(1 for r in page.rows if decode(r)[0] < key)
            if slot < len(page.rows) and decode(page.rows[slot])[0] == key: return None
        else:
            self.notes += 1
            key = 5000 + self.notes
            page = self.pages[name][-1]
            slot = next((i for i, r in enumerate(page.rows) if r is None), len(page.rows))
        row = (key, self.chance.randrange(1000), self.chance.choice(NAMES))
        if page.room() < len(encode(*row)) + 2: return None
        self.s.insert(t, page, slot, encode(*row), self.context(name), self.rowset[name])
        if keep: self.rows[name][key] = row
        return page, slot, row

    def delete(self, t, name, keep=True, told=True):
        page, slot = self.chance.choice(self.live(name))
        key = decode(page.rows[slot])[0]
        self.s.delete(t, page, slot, self.rowset[name], name == 'Note', told)
        if keep:
            del self.rows[name][key]
            if name == 'Visit': self.free.append((page, key))
        return page, slot, key

    def expunge(self):
        page, key = self.free.pop(self.chance.randrange(len(self.free)))
        slot = next(i for i, r in enumerate(page.rows) if r[0] & 0x0C and decode(r)[0] == key)
        self.s.expunge(page, slot)

    def update(self, t, name, keep=True, whole=None):
        page, slot = self.chance.choice(self.live(name))
        key, amount, text = decode(page.rows[slot])
        row = (key, self.chance.randrange(1000), self.chance.choice(NAMES))
        new, old_n = encode(*row), len(page.rows[slot])
        if page.room() < len(new) - old_n: return None
        how = self.chance.randrange(3) if whole is None else whole
        if how == 0:
            row = (key, row[1], text)
            self.s.modify(t, page, slot, 8, 4, new[8:12], self.context(name), self.rowset[name])
        elif how == 1:
            self.s.modify(t, page, slot, 8, old_n - 8, new[8:], self.context(name), self.rowset[name])
        else:
            row = (key, amount, row[2])
            self.s.modify_columns(t, page, slot, [(17, 2, new[17:19]), (19, old_n - 19, new[19:])], self.context(name), self.rowset[name])
        if keep: self.rows[name][key] = row
        return page, slot, key

    def new_page(self, t):
        if self.new_pages:
            self.pages['Note'].append(self.s.allocate(t, self.new_pages.pop(0), self.iam['Note'], self.pages['Note'][0]))

    # ---- transactions

    def never_ends(self):
        t = self.s.begin()
        for name in ('Visit', 'Note', 'Visit'):
            for change in (self.insert, self.update, self.delete, self.update):
                before = {p.number: p.free() for p in self.pages[name]}
                done = change(t, name, keep=False)
                for p in self.pages[name]: p.reserved += max(p.free() - before[p.number], 0)
                if done: self.locked.add((name, done[2][0] if isinstance(done[2], tuple) else done[2]))
        return t

    def rolled_back(self):
        t = self.s.begin()
        page, slot, key = self.delete(t, 'Visit', keep=False)
        row = bytearray(page.rows[slot])
        row[0] = 0x30
        made = self.insert(t, 'Note', keep=False)
        if made: self.s.delete(t, made[0], made[1], self.rowset['Note'], True, told=False)
        self.s.bring_back(t, page, next(i for i, r in enumerate(page.rows) if decode(r)[0] == key), bytes(row), CLUSTERED, self.rowset['Visit'])
        self.s.abort(t)

    def day(self, changes):
        copies = {n: self.chance.randrange(changes) for n in self.watched}
        ends, open_at = self.chance.randrange(5, changes), self.chance.randrange(5, changes // 2)
        for i in range(changes):
            for n, at in copies.items():
                if at == i: self.s.copy(n)
            if i == open_at: self.never_ends()
            if i % 9 == 8: self.rolled_back()
            t = self.s.begin()
            name = self.chance.choice(('Visit', 'Note'))
            for change in self.chance.choices((self.insert, self.delete, self.update, self.update), k=self.chance.randrange(1, 4)):
                change(t, name)
            if i % 7 == 3: self.new_page(t)
            self.s.commit(t)
            self.moments.append(self.moment())
            if self.free and i % 3 == 0: self.expunge()

    def finish(self): return self.s.finished()


def compare(chartferry, folder, files, work, what, exit_code=0):
    out = folder / 'out'
    subprocess.run(['rm', '-rf', out], check=True)
    code, text = run(chartferry, 'extract', *files, '--out', out, '--verbose')
    check(code == exit_code, '%s: exit code %d: %s' % (what, code, text[-900:]))
    if code in (0, 3):
        for name in work.rows:
            got, wanted = read_rows(out / ('dbo.%s.csv' % name)), sorted(work.rows[name].values())
            check(got == wanted, '%s: %s has %d rows that are wrong, lacks %d' %
                  (what, name, len(set(got) - set(wanted)), len(set(wanted) - set(got))))
    return text


def make(bakgen, folder, out, *options):
    subprocess.run([bakgen, '--spec', folder / 'spec', '--out', out, *options], check=True)
    return out.read_bytes()


def under_load(a, folder, quiet):
    for seed in range(2 if a.quick else 12):
        work = Work(quiet, seed, folder / 'truth')
        work.day(40)
        (folder / 'load.bak').write_bytes(work.finish())
        text = compare(a.chartferry, folder, [folder / 'load.bak'], work, 'backup under load %d' % seed)
        check('BAK-140' in text, 'backup under load %d: nothing is said of the log' % seed)
        code, said = run(a.chartferry, 'inspect', folder / 'load.bak')
        check(code == 0 and 'The log was applied' in said, 'inspect of a backup under load: %s' % said[-500:])


def later(full, log, seed, truth):
    """A day after a full backup, and the log backup of it, made of one that bakgen wrote."""
    work = Work(full, seed, truth)
    work.s.block += 3  # behind the checkpoint that the full backup's log holds
    work.day(40)
    work.s.flush()
    taken = Server.__new__(Server)
    taken.file, taken.place, taken.pages = bytearray(log), {}, {}
    taken.find_streams()
    taken.file[taken.file.index(b'RAID') + 22] ^= 0x55  # a media set of its own
    taken.log, taken.block, taken.records = work.s.log, work.s.block, []
    return work, taken


def chain(a, folder, quiet):
    """The same in a log backup: the full one is as it was in the beginning."""
    for seed in range(100, 101 if a.quick else 106):
        work, taken = later(quiet, make(a.bakgen, folder, folder / ('log%d.trn' % seed), '--sets', 'log'), seed, folder / 'truth')
        (folder / 'later.trn').write_bytes(taken.finished())
        text = compare(a.chartferry, folder, [folder / 'later.trn', folder / 'full.bak'], work, 'log backup %d' % seed)
        check('BAK-140' in text, 'log backup %d: nothing is said of the log' % seed)
        other, at = bytearray(taken.file), 0
        while (at := other.find(b'SCIN', at)) >= 0:
            other[at + 156] ^= 1  # its recovery fork
            at += 4
        (folder / 'fork.trn').write_bytes(other)
        code, text = run(a.chartferry, 'extract', folder / 'fork.trn', folder / 'full.bak', '--out', folder / ('fork%d' % seed))
        check(code == 3 and 'BAK-141' in text and 'recovery fork' in text, 'log of another fork: %d %s' % (code, text[-500:]))
        base = bytearray((folder / 'full.bak').read_bytes())
        base[work.s.log_at + 100] ^= 1  # the log of the full backup: then no log backup can be applied
        (folder / 'base.bak').write_bytes(base)
        code, text = run(a.chartferry, 'extract', folder / 'later.trn', folder / 'base.bak', '--out', folder / ('base%d' % seed))
        check(code == 3 and 'BAK-144' in text and 'base.bak: its log' in text, 'log backup on a damaged log: %d %s' % (code, text[-500:]))
        lost = bytearray(taken.file)
        lost[taken.mstl:taken.mstl + 4] = bytes(4)  # what announces the log: nothing behind it can be found
        (folder / 'lost.trn').write_bytes(lost)
        code, text = run(a.chartferry, 'extract', folder / 'lost.trn', folder / 'full.bak', '--out', folder / ('lost%d' % seed))
        check(code == 3 and 'BAK-141' in text and 'nothing of its log' in text, 'log backup without log: %d %s' % (code, text[-500:]))
        taken.file[taken.log_at + len(taken.log) // 2] ^= 8
        (folder / 'later.trn').write_bytes(taken.file)
        code, text = run(a.chartferry, 'extract', folder / 'later.trn', folder / 'full.bak', '--out', folder / ('broken%d' % seed))
        check(code == 3 and 'BAK-141' in text and 'later.trn' in text.split('BAK-141')[1], 'damaged log backup: %d %s' % (code, text[-500:]))


def cut_early(a, folder):
    """A log backup that is cut off before it says what it is: named, and the full one is read."""
    log = make(a.bakgen, folder, folder / 'cut.trn', '--sets', 'log')
    log = log.replace(log[log.index(b'RAID') + 22:][:16], bytes(range(16)))  # a media set of its own
    early = 0
    for i, n in enumerate(range(600, 13000, 600)):
        (folder / 'early.trn').write_bytes(log[:n])
        out = folder / ('early%d' % i)
        code, text = run(a.chartferry, 'extract', folder / 'early.trn', folder / 'full.bak', '--out', out)
        check(code in (3, 4) and 'early.trn' in text and 'of database ,' not in text and 'BAK-118' not in text, 'log backup of %d bytes: %d %s' % (n, code, text[-700:]))
        if 'before it says what backup it is' in text:
            early += 1
            check(code == 3 and 'BAK-141' in text and read_rows(out / 'dbo.Visit.csv') == read_rows(folder / 'truth/dbo.Visit.csv'), 'log backup of %d bytes: %d %s' % (n, code, text[-700:]))
    check(early > 2, 'only %d log backups were cut before they say what they are' % early)


def split(work, held):
    """A page split that moves the last rows of a page; held: how its record holds them. Work goes on with them."""
    t = work.s.begin()
    page = work.pages['Visit'][0]
    moved = [bytes(r) for r in page.rows[-7:]]
    new = work.s.allocate(t, work.new_pages.pop(0), work.iam['Visit'], page)
    new.rows = [bytearray(r) for r in moved]
    work.s.row_record(new, INSERT, CLUSTERED, t, 0, held(moved), work.rowset['Visit'])
    del page.rows[-7:]
    work.s.row_record(page, SPLIT, CLUSTERED, t, len(page.rows), [], work.rowset['Visit'])
    work.s.commit(t)
    t = work.s.begin()
    key, amount, name = decode(new.rows[2])
    work.s.modify(t, new, 2, 8, 4, struct.pack('<i', amount + 1), CLUSTERED, work.rowset['Visit'])
    work.s.commit(t)
    work.rows['Visit'][key] = (key, amount + 1, name)


def page_split(a, folder, quiet):
    """How the record of a split holds its rows is not known: whatever it is, rows whose bytes are in it are moved; where they
    are not, it is said of the right table."""
    known = {'each a part': lambda rows: rows + [b'\1'], 'one behind the other': lambda rows: [b''.join(rows), b'', b'\1'],
             'with their number': lambda rows: [struct.pack('<I', 8) + b''.join(rows), b'\1']}
    unknown = {'packed': lambda rows: [bytes(x ^ 0x5A for r in rows for x in r)] + [b'\1'] * 5,
               'one missing': lambda rows: rows[1:] + [b'\1'], 'one more': lambda rows: rows + [rows[0] * 12]}
    for i, (how, held) in enumerate((known | unknown).items()):
        for copied in (False, True):  # the old page before the split
            work = Work(quiet, 7, folder / 'truth')
            if copied: work.s.copy(1)
            split(work, held)
            (folder / 'split.bak').write_bytes(work.finish())
            if how in known: compare(a.chartferry, folder, [folder / 'split.bak'], work, 'page split, %s' % how)
            else:
                code, text = run(a.chartferry, 'extract', folder / 'split.bak', '--out', folder / ('split%d%d' % (i, copied)))
                check(code == 3 and 'BAK-129' in text and 'dbo.Visit' in text and 'dbo.Note' not in text.split('BAK-129')[1],
                      'page split, %s: %d %s' % (how, code, text[-600:]))


def damaged(a, folder, quiet):
    """Bits turned and bytes cut in the log: never a crash, never other rows without a word."""
    work = Work(quiet, 3, folder / 'truth')
    work.day(40)
    whole, chance = work.finish(), random.Random(5)
    at, n = work.s.log_at, len(work.s.log)
    for i in range(0, 60, 6 if a.quick else 1):
        b = bytearray(whole)
        if i < 40:
            for _ in range(1 + i % 3): b[at + chance.randrange(n)] ^= 1 << chance.randrange(8)
        else: # with a right checksum: what the block says is wrong
            start = at
            for _ in range(chance.randrange(8)):
                if start + u16(b, start + 6) < at + n: start += u16(b, start + 6)
            size = u16(b, start + 6)
            for _ in range(1 + i % 4): b[start + 28 + chance.randrange(size - 28)] = chance.choice((0, 0xFF, 1, 0x80))
            for sector in range(size // 512):
                b[start + sector * 512] = 0x40 | (0x10 if sector == 0 else 0) | (0x08 if (sector + 1) * 512 == size else 0)
            put(b, start + 24, 'I', 0)
            put(b, start + 24, 'I', sectors_sum(b[start:start + size]))
        (folder / 'bad.bak').write_bytes(b)
        out = folder / 'bad'
        subprocess.run(['rm', '-rf', out], check=True)
        code, text = run(a.chartferry, 'extract', folder / 'bad.bak', '--out', out)
        check(code in (0, 3, 4), 'damage %d: exit code %d: %s' % (i, code, text[-500:]))
        same = code != 4 and all(read_rows(out / ('dbo.%s.csv' % name)) == sorted(work.rows[name].values()) for name in work.rows)
        told = 'BAK-' in text or 'OUT-' in text or 'MDF-' in text
        if i < 40: check(same or told and code, 'damage %d: other rows, and nothing is said: %s' % (i, text[-500:]))


def far_page(a, folder, quiet):
    """A page formatted where no file is: nothing grows, and the table is named."""
    for number, file, said in ((0x7FFFFFF0, 1, 'far behind the end'), (40, 9, 'not in the backup')):
        work = Work(quiet, 6, folder / 'truth')
        like, t = work.pages['Note'][0], work.s.begin()
        more = bytes((1, 0, 0)) + bytes(29)
        fixed = struct.pack('<IHHI', number, file, 0xFFFF, u32(like.head, 24)) + bytes(8) + b'\1\0' + bytes(like.head[6:8]) + more
        work.s.record(FORMAT_PAGE, 1, t, fixed, [])
        work.s.commit(t)
        (folder / 'far.bak').write_bytes(work.finish())
        code, text = run(a.chartferry, 'extract', folder / 'far.bak', '--out', folder / ('far%d' % file))
        check(code == 3 and 'BAK-129' in text and 'dbo.Note' in text and said in text, 'a page that is far: %d %s' % (code, text[-500:]))


def repaired(a, folder, quiet):
    """A page that is damaged and that the log changes comes from the older backup in the state that the log continues; then the log is
    applied to it. An older page in another state is not taken for it."""
    for seed in (20, 21):
        work = Work(quiet, seed, folder / 'truth')
        before = {n: work.s.page(n).lsn for n in work.s.place}
        work.day(40)
        whole = work.finish()
        changed = [(name, p.number) for name in ('Visit', 'Note') for p in work.pages[name] if p.number in work.s.place and p.lsn != before.get(p.number)]
        check(len(changed) > 3, 'repair: only %s were changed' % changed)
        for i, (name, number) in enumerate(changed[:3 if a.quick else 8]):
            at = work.s.place[number]
            for how in ('flipped', 'wiped'):
                b = bytearray(whole)
                if how == 'flipped': b[at + 4000] ^= 0x21
                else: b[at:at + 8192] = bytes(8192)
                (folder / 'hurt.bak').write_bytes(b)
                what = 'a %s page of %s that the log changes, %d' % (how, name, seed)
                text = compare(a.chartferry, folder, [folder / 'hurt.bak', '--repair-from', folder / 'full.bak'], work, what)
                check(text.count('MDF-224') == 1 and 'dbo.' + name in text and 'BAK-129' not in text and 'MDF-2' not in text.replace('MDF-224', ''),
                      '%s: not said once and well: %s' % (what, text[-900:]))
            older = bytearray(quiet)
            older[at + 40] ^= 1
            put(older, at + 60, 'I', 0)
            put(older, at + 60, 'I', sectors_sum(older[at:at + 8192]))
            (folder / 'older.bak').write_bytes(older)
            code, text = run(a.chartferry, 'extract', folder / 'hurt.bak', '--repair-from', folder / 'older.bak', '--out', folder / ('other%d%d' % (seed, i)))
            check(code == 3 and 'BAK-129' in text and 'MDF-224' not in text, 'an older page in another state: %d %s' % (code, text[-900:]))


def hole(a, folder, quiet):
    """A block's header is blank, and the backup's last position is where the hole begins: the announced bytes tell."""
    work = Work(quiet, 4, folder / 'truth')
    work.day(40)
    b = bytearray(work.finish())
    at, blocks = work.s.log_at, 0
    while (at := at + u16(b, at + 6)) < work.s.log_at + len(work.s.log) // 2: blocks += 1
    number = u32(b, at + 16)
    b[at:at + 28] = bytes(28)
    end = 0
    while (end := b.find(b'SCIN', end)) >= 0:
        put(b, end + 42, 'IIH', VLF, number, 1)
        end += 4
    (folder / 'hole.bak').write_bytes(b)
    code, text = run(a.chartferry, 'extract', folder / 'hole.bak', '--out', folder / 'hole')
    check(blocks and code == 3 and 'blocks are missing' in text, 'hole in the log: %d %s' % (code, text[-500:]))


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--bakgen', required=True, type=Path)
    p.add_argument('--chartferry', required=True, type=Path)
    p.add_argument('--quick', action='store_true', help='few of each kind')
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / 'spec').write_text(SPEC, encoding='utf-8')
        quiet = make(a.bakgen, folder, folder / 'full.bak', '--log', '--truth', folder / 'truth')
        cut_early(a, folder)
        for part in (under_load, chain, page_split, damaged, repaired, hole, far_page): part(a, folder, quiet)
    return ended('log')


if __name__ == '__main__': sys.exit(main())
