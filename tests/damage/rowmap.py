"""Which rows lie on which pages of a data file, read with code that shares nothing with the readers in formats/.

Only what bakgen writes without compression, and only tables whose first column is `Id int not null`: it is the first of the
fixed part of a record. The catalog is read by its tables' own numbers, the pages of a unit by PFS and the page headers.
"""
import struct
from collections import defaultdict

PAGE = 8192
DATA, INDEX, LOB_MIX, LOB_TREE, GAM, SGAM, IAM, PFS, BOOT, FILE_HEADER = 1, 2, 3, 4, 8, 9, 10, 11, 13, 15
FIXED_KINDS = {1: 'pfs', 2: 'gam', 3: 'sgam', 6: 'diff map', 7: 'bulk map', 0: 'file header', 9: 'boot'}
KINDS = {DATA: 'data', INDEX: 'index', LOB_MIX: 'large values', LOB_TREE: 'large values', IAM: 'iam'}
SYSALLOCUNITS, SYSROWSETS, SYSSCHOBJS = 7, 5, 34
PLAIN, FORWARDED = 0, 1
NODE_2000, NODE_ROOT, NODE_INNER = 4, 5, 2


class RowMap:
    """pages: {page: what it is}; rows: {table: {page: [Id]}}; beside: {table: {Id: pages of its large values}}."""

    def __init__(self, path):
        with open(path, 'rb') as f:
            self.raw = bytearray(f.read())
        self.count = len(self.raw) // PAGE
        self.untear()
        self.rows, self.beside, self.pages = defaultdict(dict), defaultdict(dict), {}
        self.of_page = {}  # table that a page belongs to
        by_unit = self.units()
        tables = self.tables(by_unit)
        for page, (kind, unit) in self.used.items():
            table = tables.get(unit)
            catalog = unit >> 48 < 256 and (unit >> 16) & 0xFFFFFFFF < 256
            self.pages[page] = 'catalog %d%s' % ((unit >> 16) & 0xFF, ' iam' if kind == IAM else '') if catalog else KINDS.get(kind, 'unknown')
            if table:
                self.of_page[page] = table
            if kind == DATA and table:
                self.read_rows(table, page)
        for page in range(self.count):
            fixed = self.fixed(page)
            if fixed:
                self.pages[page] = fixed

    def untear(self):
        """Puts back the bits that torn-page detection took from each sector's last byte."""
        raw = self.raw
        for at in range(0, len(raw), PAGE):
            flags, = struct.unpack_from('<H', raw, at + 4)
            if flags & 0x300 == 0x100:
                word, = struct.unpack_from('<I', raw, at + 60)
                for sector in range(1, 16):
                    last = at + sector * 512 + 511
                    raw[last] = raw[last] & 0xFC | word >> 2 * sector & 3

    def fixed(self, page):
        if page % 8088 == 0 and page:
            return 'pfs'
        if page < 10:
            return FIXED_KINDS.get(page)
        return {0: 'gam', 1: 'sgam', 6: 'diff map', 7: 'bulk map'}.get(page % 511232)

    def slots(self, page):
        at = page * PAGE
        n, = struct.unpack_from('<H', self.raw, at + 22)
        if n == 0:
            return []
        return [at + x for x in struct.unpack_from('<%dH' % n, self.raw, at + PAGE - 2 * n)[::-1] if x]

    def units(self):
        """Every allocated page by the unit that its header names."""
        self.used, by_unit = {}, defaultdict(list)
        for page in range(self.count):
            base = PAGE * (page // 8088 * 8088 or 1)
            if not self.raw[base + 100 + page % 8088] & 0x40 or self.fixed(page):
                continue
            at = page * PAGE
            index, = struct.unpack_from('<H', self.raw, at + 6)
            low, = struct.unpack_from('<I', self.raw, at + 24)
            unit = index << 48 | low << 16
            self.used[page] = (self.raw[at + 1], unit)
            by_unit[unit].append(page)
        return by_unit

    def base_rows(self, by_unit, number):
        for page in by_unit[number << 16 | (0 if number < 9 else 1 << 48)]:
            if self.raw[page * PAGE + 1] == DATA:
                for at in self.slots(page):
                    if self.raw[at] >> 1 & 7 == PLAIN:
                        yield at

    def tables(self, by_unit):
        """{allocation unit: name} of the heaps and clustered indexes of user tables."""
        raw, names, objects, units = self.raw, {}, {}, {}
        for at in self.base_rows(by_unit, SYSSCHOBJS):
            if raw[at + 17:at + 19] == b'U ':
                names[struct.unpack_from('<i', raw, at + 4)[0]] = self.name(at)
        for at in self.base_rows(by_unit, SYSROWSETS):
            rowset, = struct.unpack_from('<q', raw, at + 4)
            number, index = struct.unpack_from('<ii', raw, at + 13)
            if index <= 1 and number in names:
                objects[rowset] = names[number]
        for at in self.base_rows(by_unit, SYSALLOCUNITS):
            unit, = struct.unpack_from('<q', raw, at + 4)
            owner, = struct.unpack_from('<q', raw, at + 13)
            if owner in objects:
                units[unit] = objects[owner]
        return units

    def ends(self, at):
        """Ends of the variable columns of a record."""
        raw = self.raw
        null_at = at + struct.unpack_from('<H', raw, at + 2)[0]
        if not raw[at] & 0x20:
            return []
        columns, = struct.unpack_from('<H', raw, null_at)
        here = null_at + 2 + (columns + 7) // 8
        n, = struct.unpack_from('<H', raw, here)
        return [here + 2 + 2 * n - at] + list(struct.unpack_from('<%dH' % n, raw, here + 2))

    def name(self, at):
        ends = self.ends(at)
        return self.raw[at + ends[0]:at + ends[1]].decode('utf-16-le')

    def read_rows(self, table, page):
        ids = []
        for at in self.slots(page):
            kind = self.raw[at] >> 1 & 7
            if kind not in (PLAIN, FORWARDED):
                continue
            number, = struct.unpack_from('<i', self.raw, at + 4)
            ids.append(number)
            ends = self.ends(at)
            last = len(ends) - (1 if kind == FORWARDED else 0)  # the way back is no value
            for i in range(1, last):
                if ends[i] & 0x8000:
                    begin = at + (ends[i - 1] & 0x7FFF)
                    self.beside[table].setdefault(number, set()).update(self.value_pages(begin, at + (ends[i] & 0x7FFF) - begin))
        self.rows[table][page] = ids

    def value_pages(self, at, n):
        links = []
        if n == 16:
            links.append(struct.unpack_from('<IHH', self.raw, at + 8))
        else:
            links += [struct.unpack_from('<IHH', self.raw, at + 16 + 12 * i) for i in range((n - 12) // 12)]
        pages = set()
        while links:
            page, _, slot = links.pop()
            pages.add(page)
            place, = struct.unpack_from('<H', self.raw, page * PAGE + PAGE - 2 - 2 * slot)
            record = page * PAGE + place
            kind, = struct.unpack_from('<H', self.raw, record + 12)
            if kind in (NODE_INNER, NODE_ROOT, NODE_2000):
                first, step = (20, 16) if kind == NODE_INNER else (24, 12)
                count, = struct.unpack_from('<H', self.raw, record + 16)
                links += [struct.unpack_from('<IHH', self.raw, record + first + step * i + step - 8) for i in range(count)]
        return pages

    def lost_with(self, destroyed):
        """{table: (Ids whose row lies on a destroyed page, Ids of which only a large value does)}."""
        lost = {}
        for table, pages in self.rows.items():
            whole = {i for page, ids in pages.items() if page in destroyed for i in ids}
            part = {i for i, places in self.beside[table].items() if places & destroyed} - whole
            lost[table] = (whole, part)
        return lost
