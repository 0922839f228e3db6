/* Index pages above the leaves, built from left to right with one open page per level. */
#include "rowset.h"
#include <stdlib.h>

enum { CHILD_BYTES = 6 };

/* A record above the leaves: status, fixed key columns, child address (put in later), then null bitmap and variable key
 * columns. Base tables of the catalog have neither bitmap nor variable columns in their keys. */
unsigned tree_key(const rowset *rs, const cell *cells, uint8_t *out)
{
    memset(out, 0, rs->inner_end);
    out[0] = 0x06;
    unsigned n = rs->inner_end;
    const cell *variable[64];
    unsigned variables = 0;
    uint8_t nulls[8] = {0};
    for (size_t i = 0; i < rs->columns; i++) {
        const rowset_column *c = &rs->column[i];
        if (!c->key) continue;
        const cell *x = &cells[c->source];
        if (x->null) nulls[(c->inner_null_bit - 1) / 8] |= (uint8_t)(1U << (c->inner_null_bit - 1) % 8);
        if (c->inner > 0 && !x->null) memcpy(out + c->inner, x->p, x->n);
        if (c->inner < 0) {
            variable[-c->inner - 1] = x;
            variables++;
        }
    }
    if (!rs->user) return n;
    out[0] |= 0x10;
    put16(out + n, rs->keys);
    n += 2;
    memcpy(out + n, nulls, (rs->keys + 7) / 8);
    n += (rs->keys + 7) / 8;
    if (variables == 0) return n;
    out[0] |= 0x20;
    put16(out + n, variables);
    unsigned ends = n + 2, at = ends + 2 * variables;
    for (unsigned i = 0; i < variables; i++) {
        if (!variable[i]->null && variable[i]->n) memcpy(out + at, variable[i]->p, variable[i]->n);
        at += variable[i]->null ? 0 : (unsigned)variable[i]->n;
        put16(out + ends + 2 * i, at);
    }
    return at;
}

static bool add_record(rowset *rs, tree_level *l, const uint8_t *key, unsigned key_bytes, uint32_t child)
{
    uint8_t record[TREE_KEY_MAX];
    memcpy(record, key, key_bytes);
    put_page_id(record + rs->inner_end - CHILD_BYTES, child);
    page_add(&l->page, record, key_bytes);
    return true;
}

static bool open_page(rowset *rs, unsigned level, tree_level *l)
{
    uint32_t id = unit_page(&rs->data, 0);
    if (id) page_start(&l->page, id, TYPE_INDEX, level, rs->data.name, rs->inner_end);
    return id != 0;
}

bool tree_child(rowset *rs, unsigned level, const uint8_t *key, unsigned key_bytes, uint32_t child)
{
    if (level >= TREE_LEVELS) return fail(rs->data.group.image->f, "an index has too many levels");
    if (!rs->level) rs->level = calloc(TREE_LEVELS, sizeof *rs->level);
    if (!rs->level) return fail(rs->data.group.image->f, "out of memory");
    tree_level *l = &rs->level[level];
    if (!l->page.id && !l->lone_child) {
        l->lone_child = child;
        memcpy(l->lone_key, key, key_bytes);
        l->lone_key_bytes = key_bytes;
        return true;
    }
    if (!l->page.id) {
        if (!open_page(rs, level, l)) return false;
        add_record(rs, l, l->lone_key, l->lone_key_bytes, l->lone_child);
    }
    if (page_room(&l->page) >= key_bytes + 2) return add_record(rs, l, key, key_bytes, child);
    /* The page is full: it and the next one become children of the level above. */
    uint32_t full = l->page.id;
    uint32_t next = unit_page(&rs->data, 0);
    if (!next || !page_finish(&l->page, rs->data.group.image, l->prev, next)) return false;
    if (!rs->level[level + 1 < TREE_LEVELS ? level + 1 : level].page.id &&
        !tree_child(rs, level + 1, l->lone_key, l->lone_key_bytes, full))
        return false;
    l->prev = full;
    page_start(&l->page, next, TYPE_INDEX, level, rs->data.name, rs->inner_end);
    add_record(rs, l, key, key_bytes, child);
    return tree_child(rs, level + 1, key, key_bytes, next);
}

bool tree_finish(rowset *rs)
{
    for (unsigned i = 1; rs->level && i < TREE_LEVELS; i++) {
        tree_level *l = &rs->level[i];
        if (!l->page.id) continue;
        rs->data.root = l->page.id; /* the topmost wins */
        if (!page_finish(&l->page, rs->data.group.image, l->prev, 0)) return false;
    }
    return true;
}
