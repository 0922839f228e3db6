"""A server in small: changes pages of a backup that bakgen wrote and logs what it does, as FORMAT.md of formats/bak says that
SQL Server does. Shares nothing with the reader; a page is a list of rows here, written anew after each change."""
import struct

PAGE, EXTENT = 8192, 65536
VLF = 0x31
HEAP, CLUSTERED, IAM, PFS, GHOST_MARK = 1, 2, 10, 11, 19
FORMAT_PAGE, INSERT, DELETE, MODIFY_ROW, MODIFY_COLUMNS, SET_BITS, SPLIT, EXPUNGE = 1, 2, 3, 4, 6, 7, 0x0B, 0x0D
BEGIN, COMMIT, ABORT = 0x80, 0x81, 0x82


def u16(b, at): return struct.unpack_from('<H', b, at)[0]
def u32(b, at): return struct.unpack_from('<I', b, at)[0]
def u64(b, at): return struct.unpack_from('<Q', b, at)[0]
def put(b, at, form, *values): struct.pack_into('<' + form, b, at, *values)


def sectors_sum(b):
    """XOR of each sector's words, the sum turned left by one before each further sector."""
    total = 0
    for sector in range(0, len(b), 512):
        x = 0
        for word in struct.unpack_from('<128I', b, sector): x ^= word
        total = ((total << 1 | total >> 31) & 0xFFFFFFFF) ^ x
    return total


def page_sum(page):
    b = bytearray(page)
    put(b, 60, 'I', 0)
    return sectors_sum(b)


class Page:
    """Header, and rows by slot; None: an empty slot."""

    def __init__(self, image):
        self.head = bytearray(image[:96])
        self.reserved = 0 # for taking back what an open transaction made smaller
        slots, end = u16(image, 22), u16(image, 30)
        at = [u16(image, PAGE - 2 - 2 * i) for i in range(slots)]
        self.rows = [bytearray(image[a:min([x for x in at if x > a] + [end])]) if a else None for a in at]

    @property
    def number(self): return u32(self.head, 32)

    @property
    def lsn(self): return bytes(self.head[40:50])

    @property
    def unit(self): return u32(self.head, 24), u16(self.head, 6)

    def free(self):
        return PAGE - 96 - sum(len(r) for r in self.rows if r) - 2 * len(self.rows)

    def room(self): return self.free() - self.reserved

    def image(self):
        b = bytearray(PAGE)
        b[:96] = self.head
        at = 96
        for slot, row in enumerate(self.rows):
            if row:
                b[at:at + len(row)] = row
                put(b, PAGE - 2 - 2 * slot, 'H', at)
                at += len(row)
        put(b, 22, 'H', len(self.rows))
        put(b, 28, 'H', self.free())
        put(b, 30, 'H', at)
        assert at <= PAGE - 2 * len(self.rows)
        if u16(b, 4) & 0x200: put(b, 60, 'I', page_sum(b))
        return bytes(b)


class Server:
    def __init__(self, backup):
        self.file = bytearray(backup)
        self.place = {}     # page number: offset in the file
        self.pages = {}     # as the server has them now
        self.block, self.first_block = 0, 0
        self.records = []   # of the log block that is being filled
        self.log = bytearray()
        self.next_transaction = 0x500
        self.last = {}      # of each transaction: {first record, last record}
        self.find_streams()

    # ---- the file

    def find_streams(self):
        for tag in (b'MQDA', b'MQTL'):
            at = 0
            while (at := self.file.find(tag, at)) >= 0:
                words = struct.unpack_from('<10H', self.file, at)
                x = 0
                for w in words: x ^= w
                n = u64(self.file, at + 8)
                if x == u16(self.file, at + 20) and n > 2:
                    if tag == b'MQDA': self.take_pages(at + 24, n - 2)
                    else: self.log_at, self.log_room = at + 24, n - 2
                at += 4
        self.mstl = self.file.index(b'MSTL')
        self.log_start = u64(self.file, self.mstl + 60)
        self.block = self.first_block = u32(self.file, self.log_at + 16)

    def take_pages(self, at, n):
        for offset in range(at, at + n, PAGE):
            if self.file[offset] == 1 and u16(self.file, offset + 36) == 1: self.place[u32(self.file, offset + 32)] = offset

    def page(self, number):
        if number not in self.pages: self.pages[number] = Page(self.file[self.place[number]:self.place[number] + PAGE])
        return self.pages[number]

    def copy(self, number):
        """The backup copies the page as it is now."""
        if number in self.place: self.file[self.place[number]:self.place[number] + PAGE] = self.page(number).image()

    # ---- the catalog: which pages are a table's

    def rows_of(self, object_id_of_unit):
        for offset in self.place.values():
            page = Page(self.file[offset:offset + PAGE])
            if self.file[offset + 1] == 1 and page.unit == object_id_of_unit: yield page

    def rowset_of(self, unit):
        """The owner that sysallocunits (object 7) names: the unit's id at 4, the owner's at 13."""
        wanted = unit[1] << 48 | unit[0] << 16
        for page in self.rows_of((7, 0)) :
            for row in page.rows:
                if row and u64(row, 4) == wanted: return u64(row, 13)
        raise KeyError(unit)

    # ---- the log

    def flush(self):
        """A block of the records so far, or nothing."""
        if not self.records: return
        head = 48
        at, slots = head, []
        body = bytearray()
        for r in self.records:
            body += bytes(-len(body) % 8)
            slots.append(head + len(body))
            body += r
        body += bytes(-len(body) % 8)
        end = head + len(body) + 2 * len(slots)
        size = (end + 511) // 512 * 512
        while size - end < size // 512: size += 512
        b = bytearray(size)
        b[0] = 5
        put(b, 2, 'HHH', len(slots), end, size)
        put(b, 12, 'II', VLF, self.block)
        put(b, 20, 'H', 1)
        b[head:head + len(body)] = body
        for i, s in enumerate(slots): put(b, end - 2 * (i + 1), 'H', s)
        for i in range(size // 512):
            b[size - 1 - i] = b[i * 512]
            b[i * 512] = 0x40 | (0x10 if i == 0 else 0) | (0x08 if (i + 1) * 512 == size else 0)
        put(b, 24, 'I', sectors_sum(b))
        self.log += b
        self.block += size // 512
        self.records = []

    def record(self, operation, context, transaction, fixed, parts=None):
        """Appends a record with what follows its header of 24 bytes; its log sequence number."""
        r = bytearray(24) + fixed
        put(r, 2, 'H', len(r))
        first, last = self.last.get(transaction, (bytes(10), bytes(10)))
        r[4:14] = first if operation in (COMMIT, ABORT) else last
        put(r, 14, 'H', 2 if transaction else 0)
        r[16:22] = transaction.to_bytes(6, 'little')
        r[22:24] = bytes((operation, context))
        if parts is not None:
            r += struct.pack('<H', len(parts)) + b''.join(struct.pack('<H', len(p)) for p in parts)
            for p in parts: r += bytes(-len(r) % 4 if p else 0) + p
        self.records.append(bytes(r))
        lsn = struct.pack('<IIH', VLF, self.block, len(self.records))
        if transaction: self.last[transaction] = (first if first != bytes(10) else lsn, lsn)
        if len(self.records) == 12 or sum(map(len, self.records)) > 4000: self.flush()
        return lsn

    def on_page(self, page, operation, context, transaction, slot, more, parts=None, before=None):
        fixed = struct.pack('<IHHI', page.number, 1, slot, page.unit[0]) + (before or page.lsn) + struct.pack('<H', page.unit[1]) + more
        page.head[40:50] = self.record(operation, context, transaction, fixed, parts)

    def row_record(self, page, operation, context, transaction, slot, parts, rowset, offset=0, size=0):
        self.on_page(page, operation, context, transaction, slot, struct.pack('<QHHH', rowset, offset, size, 0), parts)

    def begin(self):
        self.next_transaction += 1
        self.record(BEGIN, 0, self.next_transaction, bytes(52))
        return self.next_transaction

    def commit(self, t): self.record(COMMIT, 0, t, bytes(24))
    def abort(self, t): self.record(ABORT, 0, t, bytes(24))

    # ---- changes

    def insert(self, t, page, slot, row, context, rowset, lock=b'\1\1\0\x0c'):
        if context == HEAP:
            page.rows += [None] * (slot + 1 - len(page.rows))
            assert page.rows[slot] is None
            page.rows[slot] = bytearray(row)
        else: page.rows.insert(slot, bytearray(row))
        self.row_record(page, INSERT, context, t, slot, [row, b'', lock], rowset)

    def delete(self, t, page, slot, rowset, heap=False, told=True):
        row = bytes(page.rows[slot])
        self.row_record(page, DELETE, HEAP if heap else GHOST_MARK, t, slot, [row if told else b'', b'\1'], rowset)
        if heap: page.rows[slot] = None
        else:
            page.rows[slot][0] = page.rows[slot][0] & ~0x0E | 6 << 1
            put(page.head, 58, 'H', u16(page.head, 58) + 1)

    def bring_back(self, t, page, slot, row, context, rowset):
        """The compensation of a delete."""
        page.rows[slot] = bytearray(row)
        if context != HEAP: put(page.head, 58, 'H', u16(page.head, 58) - 1)
        self.row_record(page, INSERT, context, t, slot, [row], rowset)

    def expunge(self, page, slot):
        del page.rows[slot]
        put(page.head, 58, 'H', u16(page.head, 58) - 1)
        self.on_page(page, EXPUNGE, CLUSTERED, 0, slot, bytes(14), [])

    def modify(self, t, page, slot, offset, old_n, new, context, rowset, told=True):
        row = page.rows[slot]
        old = bytes(row[offset:offset + old_n])
        row[offset:offset + old_n] = new
        self.row_record(page, MODIFY_ROW, context, t, slot, [old if told else b'', new, b'', b'\1'], rowset, offset, old_n)

    def modify_columns(self, t, page, slot, edits, context, rowset):
        """Edits {old offset, old length, new bytes}, ascending."""
        row, moved, places, lengths, parts = page.rows[slot], 0, b'', b'', []
        for at, n, new in edits:
            places += struct.pack('<HH', at, at + moved)
            lengths += struct.pack('<H', n)
            parts += [bytes(row[at + moved:at + moved + n]), new]
            row[at + moved:at + moved + n] = new
            moved += len(new) - n
        self.row_record(page, MODIFY_COLUMNS, context, t, slot, [places, lengths, b'\x16', b'\1'] + parts, rowset)

    def allocate(self, t, number, iam, like):
        """A new page of the table in an extent of its own, which may be new to it, too."""
        pfs = self.page(1)
        old = bytes(pfs.rows[0][4 + number:5 + number])
        if not iam.rows[1][4 + number // 64] >> number // 8 % 8 & 1:
            iam.rows[1][4 + number // 64] |= 1 << number // 8 % 8
            self.on_page(iam, SET_BITS, IAM, t, 1, struct.pack('<HHH', 32 + number // 8, 1, 1))
        self.modify(t, pfs, 0, 4 + number, 1, bytes((old[0] | 0x40,)), PFS, 0)
        page = self.pages[number] = Page(bytes(PAGE))
        page.head[0:4] = like.head[0:4]
        page.head[6:8], page.head[14:16], page.head[24:28] = like.head[6:8], like.head[14:16], like.head[24:28]
        put(page.head, 32, 'IH', number, 1)
        more = bytes((like.head[1], like.head[2], like.head[3])) + bytes(7) + bytes(like.head[14:16]) + bytes(20)
        self.on_page(page, FORMAT_PAGE, like.head[1], t, 0xFFFF, more, [], struct.pack('<IIH', 0, 0, 1))
        return page

    # ---- the result

    def finished(self):
        """The file with the log, its pages as they were copied, or as they were in the beginning."""
        self.flush()
        assert len(self.log) <= self.log_room
        self.file[self.log_at:self.log_at + self.log_room] = self.log + bytes(self.log_room - len(self.log))
        put(self.file, self.mstl + 68, 'Q', self.log_start + len(self.log))
        at = 0
        while (at := self.file.find(b'SCIN', at)) >= 0:
            put(self.file, at + 42, 'IIH', VLF, self.block, 1)
            at += 4
        return bytes(self.file)
