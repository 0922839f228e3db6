/* Off-row values: chunks on LOB pages, link records where there are many, and the pointer left in the row. */
#include "rowset.h"
#include <stdlib.h>

enum {
    CHUNK = 8040,     /* bytes of a value in one record */
    DATA_HEAD = 14,   /* status, length, blob number, kind */
    ROOT_LINKS = 5,   /* of an inline root or a root record */
    NODE_LINKS = 500, /* of an internal record; the format's own limit is 501 */
    SMALL_MAX = 64,
    MIN_RECORD = 84,
    OLD_CHUNK = 8080 /* as SQL Server 2000 wrote */
};
enum { KIND_SMALL = 0, KIND_INTERNAL = 2, KIND_DATA = 3, KIND_OLD_ROOT = 4, KIND_ROOT = 5, KIND_NULL = 8 };

typedef struct lob_link {
    uint64_t end; /* bytes of the value up to here */
    row_place at;
} lob_link;

typedef struct lob_target {
    unit *unit;
    page_buffer *page;
    uint32_t blob;
    unsigned chunk, nodes;
    const lob_shape *shape;
} lob_target;

static void record_head(uint8_t *r, unsigned bytes, uint32_t blob, unsigned kind)
{
    r[0] = 0x08;
    r[1] = 0;
    put16(r + 2, bytes);
    put64(r + 4, (uint64_t)blob << 16);
    put16(r + 12, kind);
}

static bool close_page(lob_target *t)
{
    if (!t->page->id) return true;
    uint8_t *pfs = image_pfs(t->unit->group.image, t->page->id);
    *pfs = (uint8_t)((*pfs & 0xF8) | fullness_of(t->page));
    return page_finish(t->page, t->unit->group.image, 0, 0);
}

static bool add_record(lob_target *t, const uint8_t *r, unsigned n, row_place *at)
{
    if (!t->page->id || page_room(t->page) < n + 2) {
        uint32_t id = unit_page(t->unit, 4);
        if (!id || !close_page(t)) return false;
        page_start(t->page, id, TYPE_LOB_MIX, 0, t->unit->name, 0);
    }
    at->page = t->page->id;
    at->slot = (uint16_t)page_add(t->page, r, n);
    return true;
}

static void put_place(uint8_t *p, row_place at)
{
    put_page_id(p, at.page);
    put16(p + 6, at.slot);
}

static bool add_chunks(lob_target *t, const uint8_t *p, size_t n, lob_link *link)
{
    uint8_t r[DATA_HEAD + OLD_CHUNK];
    for (size_t at = 0, i = 0; at < n; i++) {
        unsigned take = n - at < t->chunk ? (unsigned)(n - at) : t->chunk;
        record_head(r, DATA_HEAD + take, t->blob, KIND_DATA);
        memcpy(r + DATA_HEAD, p + at, take);
        at += take;
        link[i].end = at;
        if (!add_record(t, r, DATA_HEAD + take, &link[i].at)) return false;
    }
    return true;
}

/* Puts links [first, first + n) into one internal record; its ends count from the start of its first link. */
static bool add_internal(lob_target *t, const lob_link *link, size_t n, uint64_t from, unsigned level, row_place *at)
{
    uint8_t r[20 + 16 * NODE_LINKS];
    unsigned bytes = 20 + 16 * (unsigned)n;
    record_head(r, bytes, t->blob, KIND_INTERNAL);
    put16(r + 14, 501);
    put16(r + 16, n);
    put16(r + 18, level);
    for (size_t i = 0; i < n; i++) {
        put64(r + 20 + 16 * i, link[i].end - from);
        put_place(r + 28 + 16 * i, link[i].at);
    }
    return add_record(t, r, bytes, at);
}

/* Gathers links under internal records until a root can hold them; *level counts the levels of internal records. */
static bool gather(lob_target *t, lob_link *link, size_t *n, unsigned *level)
{
    *level = 0;
    while (*n > ROOT_LINKS) {
        size_t nodes = 0;
        uint64_t from = 0;
        for (size_t i = 0; i < *n;) {
            size_t take = *n - i < t->nodes ? *n - i : t->nodes;
            lob_link node = {.end = link[i + take - 1].end};
            if (!add_internal(t, link + i, take, from, *level, &node.at)) return false;
            from = node.end;
            i += take;
            link[nodes++] = node;
        }
        *n = nodes;
        (*level)++;
    }
    return true;
}

static void put_short_links(uint8_t *out, const lob_link *link, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put32(out + 12 * i, link[i].end);
        put_place(out + 12 * i + 4, link[i].at);
    }
}

/* text, ntext, image: a root record, and a pointer to it in the row. */
static bool store_legacy(lob_target *t, const uint8_t *p, size_t n, lob_link *link, uint8_t *out, unsigned *out_bytes)
{
    uint8_t r[MIN_RECORD] = {0};
    row_place at = {0, 0};
    if (n <= SMALL_MAX) {
        record_head(r, MIN_RECORD, t->blob, KIND_SMALL);
        put16(r + 14, n);
        if (n) memcpy(r + 20, p, n);
    } else {
        size_t links = (n + t->chunk - 1) / t->chunk;
        unsigned level = 0;
        if (!add_chunks(t, p, n, link) || !gather(t, link, &links, &level)) return false;
        record_head(r, MIN_RECORD, t->blob, t->shape->old_roots ? KIND_OLD_ROOT : KIND_ROOT);
        put16(r + 14, ROOT_LINKS);
        put16(r + 16, links);
        put16(r + 18, level);
        put_short_links(r + 24, link, links);
    }
    if (!add_record(t, r, MIN_RECORD, &at)) return false;
    put32(out, t->blob);
    put32(out + 4, 0);
    put_place(out + 8, at);
    *out_bytes = 16;
    return true;
}

static bool store_inline(lob_target *t, bool overflow, const uint8_t *p, size_t n, lob_link *link, uint8_t *out,
                         unsigned *out_bytes)
{
    size_t links = (n + t->chunk - 1) / t->chunk;
    unsigned level = 0;
    if (!add_chunks(t, p, n, link) || !gather(t, link, &links, &level)) return false;
    memset(out, 0, 12);
    out[0] = overflow ? 2 : 4;
    put16(out + 1, level);
    put32(out + 4, 1);
    put32(out + 8, t->blob);
    put_short_links(out + 12, link, links);
    *out_bytes = 12 + 12 * (unsigned)links;
    return true;
}

static bool page_buffer_ready(page_buffer **p, fault *f)
{
    if (!*p) *p = calloc(1, sizeof **p);
    return *p || fail(f, "out of memory");
}

bool lob_store_null(rowset *rs, uint8_t *out, unsigned *out_bytes)
{
    if (!page_buffer_ready(&rs->lob_page, rs->data.group.image->f)) return false;
    lob_target t = {&rs->lob, rs->lob_page, (*rs->blob)++, CHUNK, NODE_LINKS, rs->shape};
    uint8_t r[MIN_RECORD] = {0};
    row_place at = {0, 0};
    record_head(r, MIN_RECORD, t.blob, KIND_NULL);
    if (!add_record(&t, r, MIN_RECORD, &at)) return false;
    put32(out, t.blob);
    put32(out + 4, 0);
    put_place(out + 8, at);
    *out_bytes = 16;
    return true;
}

bool lob_store(rowset *rs, const sql_type *t, const uint8_t *p, size_t n, uint8_t *out, unsigned *out_bytes)
{
    fault *f = rs->data.group.image->f;
    bool overflow = !t->max && !t->legacy;
    page_buffer **page = overflow ? &rs->overflow_page : &rs->lob_page;
    if (!page_buffer_ready(page, f)) return false;
    lob_target target = {overflow ? &rs->overflow : &rs->lob, *page, (*rs->blob)++, CHUNK, NODE_LINKS, rs->shape};
    if (rs->shape->nodes) target.nodes = rs->shape->nodes;
    if (rs->shape->old_roots && t->legacy) target.chunk = OLD_CHUNK;
    lob_link *link = calloc(n / CHUNK + 1, sizeof *link);
    if (!link) return fail(f, "out of memory");
    bool ok = t->legacy ? store_legacy(&target, p, n, link, out, out_bytes)
                        : store_inline(&target, overflow, p, n, link, out, out_bytes);
    free(link);
    return ok;
}
