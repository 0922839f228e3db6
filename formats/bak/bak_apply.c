#include "bak/bak_apply.h"
#include "mdf/mdf_cd.h"

enum { CONTEXT_INDEX_LEAF = 3, CONTEXT_INDEX_INTERIOR = 4 };
enum { ROW_PARTS = 3 }; /* of an insert: the row, nothing, the lock */
enum { EDITS_MAX = 64, COLUMNS_FIRST_EDIT = 4 };
enum { FREE_SPACE_AT = 48, FREE_SPACE_NOW = 50, FREE_SPACE_OLD = 51, FREE_SPACE_BYTES = 52 };

static const char no_form[] = "a log record has a form that is not known";

bool apply_shifts(const log_record *r)
{
    switch (r->context) {
    case CONTEXT_CLUSTERED:
    case CONTEXT_INDEX_LEAF:
    case CONTEXT_INDEX_INTERIOR: return true;
    default: return false;
    }
}

bool apply_is_row(const log_record *r)
{
    switch (r->operation) {
    case LOG_INSERT_ROWS:
    case LOG_DELETE_ROWS:
    case LOG_MODIFY_COLUMNS:
    case LOG_DELETE_SPLIT: return true;
    case LOG_MODIFY_ROW: return r->rowset != 0;
    default: return false;
    }
}

static page_bytes part(const log_part *p, size_t parts, size_t i)
{
    return i < parts ? (page_bytes){p[i].p, p[i].n} : (page_bytes){NULL, 0};
}

static bool is_one_compressed_row(page_bytes bytes)
{
    cd_record row;
    if (!cd_parse(bytes.p, bytes.n, NULL, 0, &row)) return false;
    return row.n + (bytes.p[0] & CD_VERSIONED ? CD_VERSION_TAG_BYTES : 0) == bytes.n;
}

/* A row says how long it is. An uncompressed one: fixed part, null bitmap, end of the last variable column, version
 * tag. */
static bool is_one_row(page_bytes bytes)
{
    enum { VERSION_TAG_BYTES = 14 };
    cur c = cur_from(bytes.p, bytes.n);
    const unsigned a = cur_u8(&c), type = a >> 1 & 7;
    if (a & 1) return is_one_compressed_row(bytes);
    if (type != RECORD_PRIMARY && type != RECORD_FORWARDED && type != RECORD_GHOST) return false;
    cur_skip(&c, 1);
    c.at = cur_u16(&c);
    if (c.at < 4 || c.at > bytes.n) return false;
    if (a & RECORD_HAS_NULLS) cur_skip(&c, (cur_u16(&c) + 7u) / 8);
    size_t end = c.at;
    if (a & RECORD_HAS_VARIABLE) {
        unsigned n = cur_u16(&c);
        if (n > 1) cur_skip(&c, 2 * (size_t)(n - 1));
        end = n ? cur_u16(&c) & 0x7FFFu : c.at;
    }
    return !c.bad && end + (a & RECORD_VERSIONED ? VERSION_TAG_BYTES : 0) == bytes.n;
}

bool apply_is_many(const log_record *r)
{
    log_part p[LOG_PARTS_MAX];
    if (r->operation != LOG_INSERT_ROWS || !apply_shifts(r)) return false;
    size_t parts = log_record_parts(r, p);
    if (parts == SIZE_MAX || parts == 0) return false;
    return parts > ROW_PARTS || (r->context == CONTEXT_CLUSTERED && !is_one_row(part(p, parts, 0)));
}

/* ---- one operation each ---- */

static const char *format(uint8_t *page, const log_record *r)
{
    log_format f;
    log_part p[LOG_PARTS_MAX];
    size_t parts = log_record_parts(r, p);
    if (!log_record_format(r, &f)) return no_form;
    if (parts != SIZE_MAX && parts >= 1 && p[0].n == PAGE_BYTES) { /* the whole page, as a bulk load leaves it */
        if (le32(p[0].p + PH_PAGE) != r->page || le16(p[0].p + PH_FILE) != r->file) return no_form;
        memcpy(page, p[0].p, PAGE_BYTES);
        page[PH_FLAGS + 1] &= (uint8_t) ~((PAGE_FLAG_TORN | PAGE_FLAG_CHECKSUM) >> 8);
        return NULL;
    }
    if (f.type_flags & PAGE_TYPE_FLAG_CI) return no_form; /* the compression information is not in the record */
    const page_form form = {.type = f.type,
                            .type_flags = f.type_flags,
                            .level = f.level,
                            .index = f.index,
                            .row_bytes = f.row_bytes,
                            .object = f.object,
                            .page = r->page,
                            .file = r->file,
                            .interval_page = f.interval_page,
                            .interval_file = f.interval_file};
    page_change_format(page, &form);
    return NULL;
}

static bool may_shift(const uint8_t *page, const log_record *r)
{
    return apply_shifts(r) && (page[PH_TYPE] == PAGE_DATA || page[PH_TYPE] == PAGE_INDEX);
}

static const char *insert(uint8_t *page, const log_record *r, unsigned slot)
{
    log_part p[LOG_PARTS_MAX];
    size_t parts = log_record_parts(r, p);
    if (parts == SIZE_MAX || parts == 0) return no_form;
    if (parts > ROW_PARTS) return no_form;
    return page_change_insert(page, slot, may_shift(page, r), part(p, parts, 0));
}

static const char *take_row(uint8_t *page, const log_record *r, unsigned slot)
{
    log_part p[LOG_PARTS_MAX];
    size_t parts = log_record_parts(r, p);
    if (parts == SIZE_MAX) return no_form;
    page_bytes row = part(p, parts, 0);
    if (r->context == CONTEXT_MARK_AS_GHOST) return page_change_ghost(page, slot, true, row);
    return page_change_remove(page, slot, may_shift(page, r), row);
}

/* One replaced part. A record that takes another one back has no old bytes; then as many are replaced as are written. */
static const char *modify_row(uint8_t *page, const log_record *r, unsigned slot, bool undo)
{
    log_part p[LOG_PARTS_MAX];
    size_t parts = log_record_parts(r, p);
    if (parts == SIZE_MAX || parts < 2) return no_form;
    page_bytes old = part(p, parts, 0), now = part(p, parts, 1);
    if (old.n == 0 && log_record_size(r)) {
        if (undo || log_record_size(r) != now.n) return no_form;
        old = (page_bytes){NULL, now.n};
    }
    if (undo && r->context == CONTEXT_PFS && old.n == 1 && now.n == 1) {
        /* One byte tells of a page's allocation and of its free room, and others may have changed its other bits since. */
        for (unsigned bit = 0; bit < 8; bit++) {
            if (!((old.p[0] ^ now.p[0]) >> bit & 1)) continue;
            const char *why = page_change_bits(page, slot, log_record_offset(r) * 8 + bit, 1, old.p[0] >> bit & 1);
            if (why) return why;
        }
        return NULL;
    }
    page_edit e = {log_record_offset(r), undo ? now : old, undo ? old : now};
    return page_change_row(page, slot, &e, 1);
}

/* Part 0: {old offset, new offset} of each edit; part 1: old lengths; from part 4 on the old and the new bytes of each. */
static const char *modify_columns(uint8_t *page, const log_record *r, unsigned slot, bool undo)
{
    log_part p[LOG_PARTS_MAX];
    page_edit e[EDITS_MAX];
    size_t parts = log_record_parts(r, p);
    if (parts == SIZE_MAX || parts < COLUMNS_FIRST_EDIT || p[0].n % 4) return no_form;
    size_t edits = p[0].n / 4u;
    if (edits == 0 || edits > EDITS_MAX || p[1].n != edits * 2 || parts != COLUMNS_FIRST_EDIT + 2 * edits)
        return no_form;
    for (size_t i = 0; i < edits; i++) {
        page_bytes old = part(p, parts, COLUMNS_FIRST_EDIT + 2 * i),
                   now = part(p, parts, COLUMNS_FIRST_EDIT + 2 * i + 1);
        const size_t length = le16(p[1].p + 2 * i);
        if (old.n == 0 && length && !undo) old = (page_bytes){NULL, length};
        if (old.n != length) return no_form;
        e[i] = (page_edit){le16(p[0].p + 4 * i + (undo ? 2 : 0)), undo ? now : old, undo ? old : now};
    }
    return page_change_row(page, slot, e, edits);
}

static const char *modify_header(uint8_t *page, const log_record *r, bool undo)
{
    log_part p[LOG_PARTS_MAX];
    size_t parts = log_record_parts(r, p);
    if (parts == SIZE_MAX || parts < 2) return no_form;
    page_bytes old = part(p, parts, 0), now = part(p, parts, 1);
    return page_change_header(page, log_record_offset(r), undo ? now : old, undo ? old : now);
}

static const char *set_bits(uint8_t *page, const log_record *r, bool undo)
{
    log_bits b;
    if (!log_record_bits(r, &b)) return no_form;
    return page_change_bits(page, r->slot, b.first, b.count, b.on != undo);
}

static const char *set_free_space(uint8_t *page, const log_record *r)
{
    if (r->n < FREE_SPACE_BYTES) return no_form;
    page_edit e = {le16(r->p + FREE_SPACE_AT), {r->p + FREE_SPACE_OLD, 1}, {r->p + FREE_SPACE_NOW, 1}};
    return page_change_row(page, r->slot, &e, 1);
}

static const char *set_fields(uint8_t *page, const log_record *r)
{
    log_field field[LOG_FIELDS_MAX];
    size_t n = log_record_fields(r, field);
    if (n == SIZE_MAX) return no_form;
    page_edit e[LOG_FIELDS_MAX];
    for (size_t i = 0; i < n; i++) { /* in ascending order */
        size_t at = i;
        for (; at > 0 && e[at - 1].at > field[i].offset; at--) e[at] = e[at - 1];
        e[at] = (page_edit){field[i].offset, {NULL, field[i].n}, {field[i].p, field[i].n}};
    }
    return page_change_row(page, r->slot, e, n);
}

const char *apply_record(uint8_t *page, const log_record *r)
{
    switch (r->operation) {
    case LOG_FORMAT_PAGE: return format(page, r);
    case LOG_INSERT_ROWS: return insert(page, r, r->slot);
    case LOG_DELETE_ROWS: return take_row(page, r, r->slot);
    case LOG_MODIFY_ROW: return modify_row(page, r, r->slot, false);
    case LOG_MODIFY_COLUMNS: return modify_columns(page, r, r->slot, false);
    case LOG_MODIFY_HEADER: return modify_header(page, r, false);
    case LOG_SET_BITS: return set_bits(page, r, false);
    case LOG_SET_FREE_SPACE: return set_free_space(page, r);
    case LOG_EXPUNGE_ROWS: return page_change_remove(page, r->slot, may_shift(page, r), (page_bytes){NULL, 0});
    case LOG_COUNTS:
    case LOG_FIRST_PAGES: return set_fields(page, r);
    default: return no_form;
    }
}

const char *apply_undo(uint8_t *page, const log_record *r, unsigned slot)
{
    log_part p[LOG_PARTS_MAX];
    size_t parts;
    page_bytes row;
    switch (r->operation) {
    case LOG_INSERT_ROWS:
        parts = log_record_parts(r, p);
        if (parts == SIZE_MAX || parts == 0 || parts > ROW_PARTS) return no_form;
        row = part(p, parts, 0);
        return page_change_remove(page, slot, false, row);
    case LOG_DELETE_ROWS:
        parts = log_record_parts(r, p);
        if (parts == SIZE_MAX || parts == 0 || p[0].n == 0) return no_form;
        row = part(p, parts, 0);
        if (r->context == CONTEXT_MARK_AS_GHOST) return page_change_ghost(page, slot, false, row);
        return page_change_insert(page, slot, may_shift(page, r), row);
    case LOG_MODIFY_ROW: return modify_row(page, r, slot, true);
    case LOG_MODIFY_COLUMNS: return modify_columns(page, r, slot, true);
    case LOG_MODIFY_HEADER: return modify_header(page, r, true);
    case LOG_SET_BITS: return set_bits(page, r, true);
    /* What they tell does no harm where their transaction's rows are gone. */
    case LOG_FORMAT_PAGE:
    case LOG_SET_FREE_SPACE:
    case LOG_COUNTS:
    case LOG_FIRST_PAGES: return NULL;
    default: return no_form;
    }
}

/* An empty row of the second one is a record that takes back and need not say what. */
static bool same_row(const log_record *a, const log_record *b)
{
    log_part p[LOG_PARTS_MAX], q[LOG_PARTS_MAX];
    size_t parts = log_record_parts(a, p), others = log_record_parts(b, q);
    if (parts == SIZE_MAX || others == SIZE_MAX || parts == 0) return false;
    if (others == 0 || q[0].n == 0) return true;
    return p[0].n == q[0].n && memcmp(p[0].p, q[0].p, p[0].n) == 0;
}

static bool same_place(const log_record *a, const log_record *b)
{
    return a->page == b->page && a->file == b->file && a->slot == b->slot;
}

bool apply_cancels(const log_record *first, const log_record *second)
{
    log_part p[LOG_PARTS_MAX], q[LOG_PARTS_MAX];
    if (!same_place(first, second)) return false;
    if (first->operation == LOG_INSERT_ROWS) return second->operation == LOG_DELETE_ROWS && same_row(first, second);
    if (first->operation == LOG_DELETE_ROWS) return second->operation == LOG_INSERT_ROWS && same_row(first, second);
    if (first->operation != second->operation || first->operation != LOG_MODIFY_ROW) return false;
    size_t parts = log_record_parts(first, p), others = log_record_parts(second, q);
    if (parts == SIZE_MAX || others == SIZE_MAX || parts < 2 || others < 2) return false;
    return log_record_offset(first) == log_record_offset(second) && p[0].n == q[1].n &&
           (p[0].n == 0 || memcmp(p[0].p, q[1].p, p[0].n) == 0) &&
           (q[0].n == 0 || (q[0].n == p[1].n && memcmp(q[0].p, p[1].p, q[0].n) == 0));
}
