#include "mdf/mdf_lob.h"
#include "mdf/mdf_fixedvar.h"
#include <stdio.h>
#include <stdlib.h>

/* A root of 5 links over two levels of 500 links each already holds more than the 2 GB that a value may have. */
enum { LOB_DEPTH_MAX = 4 };
#define LOB_BYTES_MAX ((uint64_t)INT32_MAX)

/* In the row. */
enum { ROOT_OVERFLOW = 2, ROOT_LOB = 4, ROOT_HEADER_BYTES = 12, ROOT_LINK_BYTES = 12, TEXT_POINTER_BYTES = 16 };

/* LOB record: status A, status B, u16 length, u64 blob id, u16 kind, then by kind. */
enum { LR_LENGTH = 2, LR_BLOB_ID = 4, LR_KIND = 12, LR_BODY = 14 };
enum { LOB_SMALL = 0, LOB_INTERNAL = 2, LOB_DATA = 3, LOB_ROOT_2000 = 4, LOB_ROOT = 5, LOB_NULL = 8 };
enum { SMALL_DATA = 20, NODE_LINKS = 16, INTERNAL_LINKS = 20, INTERNAL_LINK_BYTES = 16, ROOT_LINKS = 24 };

typedef struct lob_link {
    uint64_t end; /* of the bytes below this link, counted from the start of its node's */
    page_id at;
    uint16_t slot;
} lob_link;

/* One node of the tree on the way from the root to the current piece. */
typedef struct lob_node {
    lob_link *link; /* owned */
    size_t links, room, next;
    uint64_t base; /* position in the value of the node's first byte */
} lob_node;

struct lob_walk {
    lob_reader *l;
    lob_node node[LOB_DEPTH_MAX];
    unsigned depth;  /* nodes in use */
    bool at_pointer; /* the root record is still to be read */
    lob_link root;
    uint32_t timestamp; /* of the root in the row; 0: not known */
    uint64_t blob_id;   /* of the first record; all others must have the same */
    bool blob_known;
    status over; /* ST_OK while under way */
};

struct lob_reader {
    page_reader *pages;
    findings *found;
    sv table, column;
    page_id row;
    uint16_t row_slot;
    uint64_t store_bytes; /* no value can be longer than all pages there are */
    lob_walk *spare;      /* a finished walk with its memory: tables with text have one walk per row */
};

/* A LOB record, in a page of the reader. */
typedef struct lob_record {
    const uint8_t *p;
    unsigned n;
    unsigned kind;
} lob_record;

static uint64_t bytes_of(page_store *store)
{
    uint64_t extents = 0;
    for (size_t i = 0; i < store->ops->files(store); i++)
        extents += store->ops->extents(store, store->ops->file_id(store, i));
    return extents * EXTENT_BYTES;
}

lob_reader *lob_reader_new(page_store *store, findings *f)
{
    lob_reader *l = calloc(1, sizeof *l);
    if (!l) return NULL;
    l->pages = page_reader_new(store, f);
    l->found = f;
    l->store_bytes = bytes_of(store);
    if (!l->pages) {
        free(l);
        return NULL;
    }
    return l;
}

static void walk_release(lob_walk *w)
{
    if (!w) return;
    for (size_t i = 0; i < LOB_DEPTH_MAX; i++) free(w->node[i].link);
    free(w);
}

void lob_reader_free(lob_reader *l)
{
    if (!l) return;
    walk_release(l->spare);
    page_reader_free(l->pages);
    free(l);
}

void lob_reader_table(lob_reader *l, sv full_name)
{
    l->table = full_name;
    page_reader_table(l->pages, full_name);
}

void lob_reader_cell(lob_reader *l, sv column, page_id row_page, uint16_t slot)
{
    l->column = column;
    l->row = row_page;
    l->row_slot = slot;
}

page_reader *lob_reader_pages(lob_reader *l) { return l->pages; }

/* Adds the finding for a value that cannot be followed at this record. */
static status broken(lob_reader *l, page_id at, uint16_t slot, const char *why)
{
    char place[48];
    snprintf(place, sizeof place, "%u:%lu, slot %u", l->row.file, (unsigned long)l->row.page, l->row_slot);
    finding x = FINDING_OF(F_LOB_BROKEN);
    x.table = l->table;
    x.column = l->column;
    x.file_id = at.file;
    x.page = at.page;
    x.slot = slot;
    x.a = sv_from(why);
    x.b = sv_from(place);
    find_add(l->found, &x);
    return ST_ROW_LOST;
}

static status fetch(lob_reader *l, page_id at, uint16_t slot, lob_record *out)
{
    const uint8_t *page;
    if (page_reader_get(l->pages, at, false, &page) != ST_OK) return broken(l, at, slot, "the page cannot be read");
    if (page[PH_TYPE] != PAGE_LOB_MIX && page[PH_TYPE] != PAGE_LOB_TREE)
        return broken(l, at, slot, "the page is not one of large values");
    const unsigned limit = page_record_limit(page);
    if (slot >= page_slots(page) || limit == 0) return broken(l, at, slot, "the page has no such slot");
    const unsigned offset = page_slot_offset(page, slot);
    if (offset < PAGE_HEADER_BYTES || offset > limit || limit - offset < LR_BODY)
        return broken(l, at, slot, "the slot is empty or points outside the page");
    const uint8_t *p = page + offset;
    if ((p[0] >> 1 & 7) != RECORD_LOB) return broken(l, at, slot, "the record is not a piece of a large value");
    out->p = p;
    out->n = le16(p + LR_LENGTH);
    out->kind = le16(p + LR_KIND);
    if (out->n < LR_BODY || out->n > limit - offset) return broken(l, at, slot, "the record is longer than its page");
    return ST_OK;
}

/* The piece of a record that holds data; false when it does not fit into the record. */
static bool piece_of(const lob_record *r, sv *out)
{
    if (r->kind == LOB_DATA) {
        *out = (sv){(const char *)r->p + LR_BODY, r->n - LR_BODY};
        return true;
    }
    if (r->n < SMALL_DATA) return false;
    /* The word behind the length is 1 after an update: the length is 16 bits, not 32. */
    *out = (sv){(const char *)r->p + SMALL_DATA, le16(r->p + LR_BODY)};
    return out->n <= r->n - SMALL_DATA;
}

static bool is_data(const lob_record *r) { return r->kind == LOB_DATA || r->kind == LOB_SMALL; }
static bool is_node(const lob_record *r)
{
    return r->kind == LOB_INTERNAL || r->kind == LOB_ROOT || r->kind == LOB_ROOT_2000;
}

/* The links of a node record as raw bytes; false when they do not fit into it. */
static bool links_of(const lob_record *r, size_t *links, size_t *link_bytes, const uint8_t **p)
{
    const bool internal = r->kind == LOB_INTERNAL;
    const unsigned first = internal ? INTERNAL_LINKS : ROOT_LINKS;
    if (r->n < first) return false;
    *links = le16(r->p + NODE_LINKS);
    *link_bytes = internal ? INTERNAL_LINK_BYTES : ROOT_LINK_BYTES;
    *p = r->p + first;
    return *links <= (r->n - first) / *link_bytes;
}

static uint64_t link_end(const uint8_t *p, size_t link_bytes)
{
    return link_bytes == INTERNAL_LINK_BYTES ? le64(p) : le32(p);
}

bool lob_root_parse(sv in, lob_root *out)
{
    const uint8_t *p = (const uint8_t *)in.p;
    *out = (lob_root){0};
    if (in.n == TEXT_POINTER_BYTES) {
        *out = (lob_root){.bytes = UINT64_MAX,
                          .timestamp = le32(p),
                          .is_pointer = true,
                          .at = {le32(p + 8), le16(p + 12)},
                          .slot = le16(p + 14)};
        return true;
    }
    if (in.n < ROOT_HEADER_BYTES || (in.n - ROOT_HEADER_BYTES) % ROOT_LINK_BYTES) return false;
    if (p[0] != ROOT_LOB && p[0] != ROOT_OVERFLOW) return false;
    if (p[0] == ROOT_LOB) out->timestamp = le32(p + 8); /* an overflow pointer's has not been seen in a real file */
    out->inline_links = (sv){in.p + ROOT_HEADER_BYTES, in.n - ROOT_HEADER_BYTES};
    out->bytes = out->inline_links.n ? le32(p + in.n - ROOT_LINK_BYTES) : 0;
    return true;
}

static bool too_long(const lob_reader *l, uint64_t bytes) { return bytes > LOB_BYTES_MAX || bytes > l->store_bytes; }
static const char TOO_LONG[] = "its length is more than the database can hold";

/* The record belongs to the value that the row points to, not to a later one in a reused slot. */
static bool same_value(const lob_record *r, uint32_t timestamp)
{
    return timestamp == 0 || timestamp == le32(r->p + LR_BLOB_ID) || timestamp == le32(r->p + LR_BLOB_ID + 2);
}
static const char OTHER_VALUE[] = "the record there belongs to another value";

status lob_length(lob_reader *l, const lob_root *root, uint64_t *bytes)
{
    *bytes = root->bytes;
    if (!root->is_pointer) return too_long(l, *bytes) ? broken(l, l->row, l->row_slot, TOO_LONG) : ST_OK;
    lob_record r;
    status s = fetch(l, root->at, root->slot, &r);
    if (s != ST_OK) return s;
    if (!same_value(&r, root->timestamp)) return broken(l, root->at, root->slot, OTHER_VALUE);
    sv piece;
    size_t links, link_bytes;
    const uint8_t *p;
    if (r.kind == LOB_NULL) return ST_END;
    if (is_data(&r) && piece_of(&r, &piece)) {
        *bytes = piece.n;
        return ST_OK;
    }
    if (!is_node(&r) || !links_of(&r, &links, &link_bytes, &p))
        return broken(l, root->at, root->slot, "the value's root record is of no known form");
    *bytes = links ? link_end(p + (links - 1) * link_bytes, link_bytes) : 0;
    return too_long(l, *bytes) ? broken(l, root->at, root->slot, TOO_LONG) : ST_OK;
}

/* The record at a link, which must be of the same value as those before it. */
static status fetch_own(lob_walk *w, const lob_link *from, lob_record *out)
{
    const status s = fetch(w->l, from->at, from->slot, out);
    if (s != ST_OK) return s;
    const uint64_t blob_id = le64(out->p + LR_BLOB_ID);
    const bool own = w->blob_known ? blob_id == w->blob_id : same_value(out, w->timestamp);
    w->blob_id = blob_id;
    w->blob_known = true;
    return own ? ST_OK : broken(w->l, from->at, from->slot, OTHER_VALUE);
}

static status out_of_memory(lob_reader *l)
{
    find_code(l->found, F_OUT_OF_MEMORY, "a large value was read");
    return ST_ROW_LOST;
}

/* Makes the links at p the deepest node of the walk, for the value's bytes from `base` on; `shift` is taken off their
 * ends. Ends must ascend: every link then
 * moves the walk on, so that no set of links can keep it busy for longer than the value has bytes. */
static status push(lob_walk *w, const uint8_t *p, size_t links, size_t link_bytes, uint64_t base, uint64_t shift,
                   const lob_link *from)
{
    if (w->depth == LOB_DEPTH_MAX) return broken(w->l, from->at, from->slot, "the tree is deeper than any can be");
    lob_node *node = &w->node[w->depth];
    if (links > node->room) {
        lob_link *more = realloc(node->link, links * sizeof *more);
        if (!more) return out_of_memory(w->l);
        node->link = more;
        node->room = links;
    }
    uint64_t before = 0;
    for (size_t i = 0; i < links; i++, p += link_bytes) {
        const uint8_t *to = p + link_bytes - 8;
        const uint64_t end = link_end(p, link_bytes);
        if (end < shift || end - shift <= before) return broken(w->l, from->at, from->slot, "its links do not ascend");
        before = end - shift;
        node->link[i] = (lob_link){before, {le32(to), le16(to + 4)}, le16(to + 6)};
    }
    if (too_long(w->l, before)) return broken(w->l, from->at, from->slot, TOO_LONG);
    node->links = links;
    node->next = 0;
    node->base = base;
    w->depth++;
    return ST_OK;
}

lob_walk *lob_walk_new(lob_reader *l, const lob_root *root)
{
    lob_walk *w = l->spare;
    l->spare = NULL;
    if (!w) w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->l = l;
    w->depth = 0;
    w->over = ST_OK;
    w->timestamp = root->timestamp;
    w->blob_known = false;
    w->at_pointer = root->is_pointer;
    w->root = (lob_link){0, root->at, root->slot};
    if (root->is_pointer) return w;
    const lob_link in_row = {0, l->row, l->row_slot};
    w->over = push(w, (const uint8_t *)root->inline_links.p, root->inline_links.n / ROOT_LINK_BYTES, ROOT_LINK_BYTES, 0,
                   0, &in_row);
    return w;
}

void lob_walk_free(lob_walk *w)
{
    if (!w) return;
    if (w->l->spare) {
        walk_release(w);
        return;
    }
    w->l->spare = w;
}

/* Descends into a node record that covers [base, base + bytes) of the value. Whether its ends count from its own
 * first byte or from the value's is told by the last of them (FORMAT-records.md, LOB: no file with more than one node
 * on a level has been seen). */
static status descend(lob_walk *w, const lob_record *r, const lob_link *from, uint64_t base, uint64_t bytes)
{
    size_t links, link_bytes;
    const uint8_t *p;
    if (!links_of(r, &links, &link_bytes, &p) || links == 0)
        return broken(w->l, from->at, from->slot, "its links do not fit into the record");
    const uint64_t end = link_end(p + (links - 1) * link_bytes, link_bytes);
    if (end != bytes && end != base + bytes)
        return broken(w->l, from->at, from->slot, "its length is not the one that its parent gives");
    return push(w, p, links, link_bytes, base, end - bytes, from);
}

/* The root record of a text pointer: one piece, or the tree's first node. */
static status start(lob_walk *w, sv *piece)
{
    lob_record r;
    w->at_pointer = false;
    status s = fetch_own(w, &w->root, &r);
    if (s != ST_OK) return s;
    if (r.kind == LOB_NULL) return ST_OK;
    if (is_data(&r) && piece_of(&r, piece)) return ST_OK;
    size_t links, link_bytes;
    const uint8_t *p;
    if (!is_node(&r) || !links_of(&r, &links, &link_bytes, &p))
        return broken(w->l, w->root.at, w->root.slot, "the value's root record is of no known form");
    return push(w, p, links, link_bytes, 0, 0, &w->root);
}

/* One link further: down, or to a piece. */
static status step(lob_walk *w, sv *piece)
{
    lob_node *node = &w->node[w->depth - 1];
    if (node->next == node->links) {
        w->depth--;
        return ST_OK;
    }
    const uint64_t before = node->next ? node->link[node->next - 1].end : 0;
    const lob_link link = node->link[node->next++];
    const uint64_t bytes = link.end - before;
    lob_record r;
    status s = fetch_own(w, &link, &r);
    if (s != ST_OK) return s;
    if (is_node(&r)) return descend(w, &r, &link, node->base + before, bytes);
    if (!is_data(&r) || !piece_of(&r, piece)) return broken(w->l, link.at, link.slot, "the record is of no known form");
    if (piece->n != bytes) return broken(w->l, link.at, link.slot, "its length is not the one that its parent gives");
    return ST_OK;
}

status lob_walk_next(lob_walk *w, sv *piece)
{
    *piece = (sv){NULL, 0};
    if (w->over == ST_OK && w->at_pointer) w->over = start(w, piece);
    while (w->over == ST_OK && piece->n == 0) {
        if (w->depth == 0)
            w->over = ST_END;
        else
            w->over = step(w, piece);
    }
    return w->over;
}
