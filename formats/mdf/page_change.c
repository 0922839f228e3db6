#include "mdf/page_change.h"
#include "mdf/mdf_cd.h"
#include "mdf/mdf_fixedvar.h"

enum { SLOT_BYTES = 2, STUB_BYTES = 9, VERSION_TAG_BYTES = 14, RECORD_HEADER_BYTES = 4 };

static const char no_such_slot[] = "the page has no such row";
static const char other_row[] = "the page holds another row than the log says";

static void put16(uint8_t *p, size_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static void put32(uint8_t *p, uint32_t v)
{
    put16(p, v & 0xFFFF);
    put16(p + 2, v >> 16);
}

/* ---- rows ---- */

static unsigned slots_from(const uint8_t *page) { return PAGE_BYTES - SLOT_BYTES * page_slots(page); }

/* False when the counts in the header cannot be. */
static bool is_sane(const uint8_t *page)
{
    unsigned limit = page_record_limit(page), data = le16(page + PH_FREE_DATA);
    return limit != 0 && data >= PAGE_HEADER_BYTES && data <= limit;
}

/* The row's place; 0: the slot is empty, or there is none such. */
static unsigned row_at(const uint8_t *page, unsigned slot)
{
    if (slot >= page_slots(page)) return 0;
    unsigned at = page_slot_offset(page, slot), end = le16(page + PH_FREE_DATA);
    return at < PAGE_HEADER_BYTES || at + RECORD_HEADER_BYTES > end ? 0 : at;
}

/* Bytes up to the next row, or to where free room begins. */
static size_t room_of(const uint8_t *page, unsigned at)
{
    unsigned end = le16(page + PH_FREE_DATA);
    for (unsigned i = 0; i < page_slots(page); i++) {
        unsigned other = page_slot_offset(page, i);
        if (other > at && other < end) end = other;
    }
    return end - at;
}

/* What the row's own fields say where their meaning is known, else the room it has. */
static size_t row_bytes(const uint8_t *page, unsigned at)
{
    const uint8_t *row = page + at;
    size_t room = room_of(page, at), n = room;
    fixedvar r;
    switch (cd_is(row) ? RECORD_INDEX : row[0] >> 1 & 7) {
    case RECORD_PRIMARY:
    case RECORD_FORWARDED:
    case RECORD_GHOST:
        if (fixedvar_parse(page, at, &r)) n = r.n + (r.versioned ? VERSION_TAG_BYTES : 0u);
        break;
    case RECORD_STUB: n = STUB_BYTES; break;
    case RECORD_LOB: n = le16(row + 2); break;
    default: break;
    }
    return n >= RECORD_HEADER_BYTES && n <= room ? n : room;
}

page_bytes page_row(const uint8_t *page, unsigned slot)
{
    unsigned at = is_sane(page) ? row_at(page, slot) : 0;
    return at ? (page_bytes){page + at, row_bytes(page, at)} : (page_bytes){NULL, 0};
}

/* ---- the mark of deletion ---- */

typedef struct mark {
    uint8_t live, deleted; /* record types */
} mark;
static const mark plain_mark[] = {{RECORD_PRIMARY, RECORD_GHOST}, {RECORD_INDEX, RECORD_GHOST_INDEX}};
static const mark compressed_mark[] = {{CD_PRIMARY, CD_GHOST}, {CD_INDEX, CD_GHOST_INDEX}};

/* The first byte of a row with the mark set or taken away; itself where it is so already, or there is no such mark. */
static uint8_t with_mark(uint8_t b, bool deleted)
{
    const bool compressed = b & 1;
    const mark *m = compressed ? compressed_mark : plain_mark;
    const unsigned shift = compressed ? 2 : 1, type = b >> shift & 7;
    for (size_t i = 0; i < 2; i++)
        if (type == (deleted ? m[i].live : m[i].deleted))
            return (uint8_t)((b & ~(7u << shift)) | (unsigned)(deleted ? m[i].deleted : m[i].live) << shift);
    return b;
}

static bool is_marked(uint8_t b) { return with_mark(b, false) != b; }
static uint8_t live_byte(uint8_t b) { return with_mark(b, false); }

static void count_ghosts(uint8_t *page, int by)
{
    unsigned n = le16(page + PH_GHOSTS);
    if (by > 0 ? n < UINT16_MAX : n > 0) put16(page + PH_GHOSTS, by > 0 ? n + 1 : n - 1);
}

bool page_holds(const uint8_t *page, unsigned slot, page_bytes row)
{
    if (!is_sane(page)) return false;
    unsigned at = row_at(page, slot);
    if (!at || row.n == 0 || row.n > room_of(page, at)) return false;
    return live_byte(page[at]) == live_byte(row.p[0]) && memcmp(page + at + 1, row.p + 1, row.n - 1) == 0;
}

const char *page_change_ghost(uint8_t *page, unsigned slot, bool ghost, page_bytes row)
{
    if (!is_sane(page)) return "the page's header cannot be right";
    unsigned at = row_at(page, slot);
    if (!at) return no_such_slot;
    if (row.n && !page_holds(page, slot, row)) return other_row;
    if (is_marked(page[at]) == ghost) return ghost ? "the row is marked as deleted already" : "the row is not deleted";
    uint8_t b = with_mark(page[at], ghost);
    if (b == page[at]) return "rows of this kind cannot be marked as deleted";
    page[at] = b;
    count_ghosts(page, ghost ? 1 : -1);
    return NULL;
}

/* ---- room ---- */

static void free_bytes_change(uint8_t *page, ptrdiff_t by)
{
    ptrdiff_t n = (ptrdiff_t)le16(page + PH_FREE_BYTES) + by;
    put16(page + PH_FREE_BYTES, n < 0 ? 0 : n > PAGE_BYTES ? PAGE_BYTES : (size_t)n);
}

/* Where rows may begin. The compression information stands behind the header, and what lies before the first row is kept
 * for it; 0: there is none, and the end of it is not known. */
static size_t rows_from(const uint8_t *page)
{
    if (!(page[PH_TYPE_FLAGS] & PAGE_TYPE_FLAG_CI)) return PAGE_HEADER_BYTES;
    size_t first = 0;
    for (unsigned i = 0; i < page_slots(page); i++) {
        unsigned at = row_at(page, i);
        if (at && (!first || at < first)) first = at;
    }
    return first;
}

/* Rows moved together, in the order of the slots. False when they overlap each other. */
static bool compact(uint8_t *page)
{
    uint8_t old[PAGE_BYTES];
    memcpy(old, page, PAGE_BYTES);
    size_t to = rows_from(page), limit = slots_from(page);
    if (to == 0) return false;
    for (unsigned i = 0; i < page_slots(old); i++) {
        unsigned at = row_at(old, i);
        if (!at) continue;
        size_t n = row_bytes(old, at);
        if (n > limit - to) {
            memcpy(page, old, PAGE_BYTES);
            return false;
        }
        memcpy(page + to, old + at, n);
        put16(page + PAGE_BYTES - SLOT_BYTES * (i + 1), to);
        to += n;
    }
    memset(page + to, 0, limit - to);
    put16(page + PH_FREE_DATA, to);
    return true;
}

/* Room for n bytes of a row and `slots` more slots; moves rows together where that helps. */
static bool make_room(uint8_t *page, size_t n, size_t slots)
{
    const size_t wanted = n + SLOT_BYTES * slots;
    if (slots_from(page) - le16(page + PH_FREE_DATA) >= wanted) return true;
    return compact(page) && slots_from(page) - le16(page + PH_FREE_DATA) >= wanted;
}

static unsigned append(uint8_t *page, page_bytes row)
{
    unsigned at = le16(page + PH_FREE_DATA);
    memcpy(page + at, row.p, row.n);
    put16(page + PH_FREE_DATA, at + row.n);
    return at;
}

/* ---- changes of rows ---- */

const char *page_change_insert(uint8_t *page, unsigned slot, bool shift, page_bytes row)
{
    const unsigned slots = page_slots(page);
    if (!is_sane(page)) return "the page's header cannot be right";
    if (row.n < RECORD_HEADER_BYTES) return "the log record holds no row";
    unsigned at = row_at(page, slot);
    if (at && is_marked(page[at]) && page_holds(page, slot, row)) return page_change_ghost(page, slot, false, row);
    if (shift ? slot > slots : at != 0) return shift ? no_such_slot : "the place of the row is taken";
    const unsigned more = shift ? 1 : slot >= slots ? slot + 1 - slots : 0;
    if (more > PAGE_BYTES / SLOT_BYTES || !make_room(page, row.n, more)) return "the page has no room for the row";
    uint8_t *last = page + slots_from(page);
    memset(last - SLOT_BYTES * more, 0, SLOT_BYTES * more);
    if (shift) memmove(last - SLOT_BYTES, last, SLOT_BYTES * (slots - slot));
    put16(page + PH_SLOTS, slots + more);
    put16(page + PAGE_BYTES - SLOT_BYTES * (slot + 1), append(page, row));
    free_bytes_change(page, -(ptrdiff_t)(row.n + SLOT_BYTES * more));
    if (is_marked(row.p[0])) count_ghosts(page, 1);
    return NULL;
}

const char *page_change_remove(uint8_t *page, unsigned slot, bool shift, page_bytes row)
{
    if (!is_sane(page)) return "the page's header cannot be right";
    unsigned at = row_at(page, slot);
    if (!at) return no_such_slot;
    if (row.n && !page_holds(page, slot, row)) return other_row;
    if (is_marked(page[at])) count_ghosts(page, -1);
    const unsigned slots = page_slots(page);
    free_bytes_change(page, (ptrdiff_t)row_bytes(page, at) + (shift ? SLOT_BYTES : 0));
    if (shift) {
        uint8_t *last = page + slots_from(page);
        memmove(last + SLOT_BYTES, last, SLOT_BYTES * (slots - slot - 1));
        put16(page + PH_SLOTS, slots - 1);
    } else
        put16(page + PAGE_BYTES - SLOT_BYTES * (slot + 1), 0);
    return NULL;
}

/* The row with its parts replaced, in out[PAGE_BYTES]; its size, 0 when something does not fit (*why says). */
static size_t edited_row(page_bytes row, const page_edit *edit, size_t edits, uint8_t *out, const char **why)
{
    size_t from = 0, to = 0;
    *why = "the row is shorter than the log says";
    for (size_t i = 0; i < edits; i++) {
        const page_edit *e = &edit[i];
        if (e->at < from || e->at > row.n || e->old.n > row.n - e->at) return 0;
        if (e->old.p && memcmp(row.p + e->at, e->old.p, e->old.n) != 0) {
            *why = other_row;
            return 0;
        }
        size_t kept = e->at - from;
        if (kept + e->now.n > PAGE_BYTES - to) return 0;
        memcpy(out + to, row.p + from, kept);
        if (e->now.n) memcpy(out + to + kept, e->now.p, e->now.n);
        to += kept + e->now.n;
        from = e->at + e->old.n;
    }
    if (row.n - from > PAGE_BYTES - to) return 0;
    memcpy(out + to, row.p + from, row.n - from);
    *why = NULL;
    return to + (row.n - from);
}

const char *page_change_row(uint8_t *page, unsigned slot, const page_edit *edit, size_t edits)
{
    if (!is_sane(page)) return "the page's header cannot be right";
    unsigned at = row_at(page, slot);
    if (!at) return no_such_slot;
    /* An edit that keeps the length may lie behind what the row's own fields cover (allocation bitmaps). */
    ptrdiff_t growth = 0;
    for (size_t i = 0; i < edits; i++) growth += (ptrdiff_t)edit[i].now.n - (ptrdiff_t)edit[i].old.n;
    const size_t before = growth ? row_bytes(page, at) : room_of(page, at);
    uint8_t row[PAGE_BYTES];
    const char *why;
    size_t n = edited_row((page_bytes){page + at, before}, edit, edits, row, &why);
    if (why || n == 0) return why ? why : no_such_slot;
    if (n <= room_of(page, at)) {
        memcpy(page + at, row, n);
    } else {
        uint8_t kept[PAGE_BYTES];
        memcpy(kept, page, PAGE_BYTES);
        uint8_t *entry = page + PAGE_BYTES - SLOT_BYTES * (slot + 1);
        put16(entry, 0); /* its old place is free */
        if (!make_room(page, n, 0)) {
            memcpy(page, kept, PAGE_BYTES);
            return "the page has no room for the row";
        }
        put16(entry, append(page, (page_bytes){row, n}));
    }
    free_bytes_change(page, -growth);
    return NULL;
}

/* ---- other changes ---- */

const char *page_change_header(uint8_t *page, unsigned at, page_bytes old, page_bytes now)
{
    if (at > PAGE_HEADER_BYTES || now.n > PAGE_HEADER_BYTES - at || old.n != now.n)
        return "the log changes bytes outside the page's header";
    if (memcmp(page + at, old.p, old.n) != 0) return "the page's header is another one than the log says";
    memcpy(page + at, now.p, now.n);
    return NULL;
}

const char *page_change_bits(uint8_t *page, unsigned slot, unsigned first, unsigned count, bool on)
{
    if (!is_sane(page)) return "the page's header cannot be right";
    unsigned at = row_at(page, slot);
    if (!at || (first + (size_t)count + 7) / 8 > room_of(page, at)) return no_such_slot;
    for (unsigned i = first; i < first + count; i++) {
        uint8_t *b = page + at + i / 8, bit = (uint8_t)(1u << i % 8);
        *b = (uint8_t)(on ? *b | bit : *b & ~bit);
    }
    return NULL;
}

/* An IAM page is born with two records, what it maps and the bitmap; a PFS page with one. */
enum { IAM_HEAD = 94, IAM_MAPS = 40, IAM_BITMAP = 7992, PFS_RECORD = 8092 };

static void give_record(uint8_t *page, unsigned slot, unsigned bytes)
{
    unsigned at = le16(page + PH_FREE_DATA);
    put16(page + at + 2, bytes);
    put16(page + PAGE_BYTES - SLOT_BYTES * (slot + 1), at);
    put16(page + PH_SLOTS, slot + 1);
    put16(page + PH_FREE_DATA, at + bytes);
    free_bytes_change(page, -(ptrdiff_t)(bytes + SLOT_BYTES));
}

void page_change_format(uint8_t *page, const page_form *form)
{
    memset(page, 0, PAGE_BYTES);
    page[PH_VERSION] = 1;
    page[PH_TYPE] = form->type;
    page[PH_TYPE_FLAGS] = form->type_flags;
    page[PH_LEVEL] = form->level;
    put16(page + PH_INDEX_ID, form->index);
    put16(page + PH_PMINLEN, form->row_bytes);
    put32(page + PH_OBJECT_ID, form->object);
    put16(page + PH_FREE_BYTES, PAGE_BYTES - PAGE_HEADER_BYTES);
    put16(page + PH_FREE_DATA, PAGE_HEADER_BYTES);
    put32(page + PH_PAGE, form->page);
    put16(page + PH_FILE, form->file);
    if (form->type == PAGE_IAM) {
        give_record(page, 0, IAM_HEAD);
        put32(page + PAGE_HEADER_BYTES + IAM_MAPS, form->interval_page);
        put16(page + PAGE_HEADER_BYTES + IAM_MAPS + 4, form->interval_file);
        give_record(page, 1, IAM_BITMAP);
    } else if (form->type == PAGE_PFS) {
        give_record(page, 0, PFS_RECORD);
    }
}

void page_change_lsn(uint8_t *page, uint32_t vlf, uint32_t block, uint16_t slot)
{
    put32(page + PH_LSN, vlf);
    put32(page + PH_LSN + 4, block);
    put16(page + PH_LSN + 8, slot);
}
