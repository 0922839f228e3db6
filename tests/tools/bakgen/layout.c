#include "compact.h"
#include <stdlib.h>

/* Bits share bytes, eight to one, in the order in which they come. */
static void place_column(rowset_column *c, unsigned *end, unsigned *variables, unsigned *bits, unsigned *bit_byte)
{
    if (c->sparse) {
        c->leaf = 0;
        return;
    }
    if (c->type.fixed == 0) {
        c->leaf = (int16_t)(-1 - (int)(*variables)++);
        return;
    }
    if (c->type.cls == TC_BIT) {
        if (*bits % 8 == 0) *bit_byte = (*end)++;
        c->leaf = (int16_t)*bit_byte;
        c->bit = (uint8_t)(*bits % 8);
        (*bits)++;
        return;
    }
    c->leaf = (int16_t)*end;
    *end += c->type.fixed;
}

/* Where a column stands in records above the leaves: the key columns of a clustered index, all of a nonclustered one. */
static bool place_inner(rowset_column *c, unsigned *end, unsigned *variables, unsigned *null_bits)
{
    c->inner_null_bit = (uint16_t)++ * null_bits;
    if (c->type.fixed == 0) {
        c->inner = (int16_t)(-1 - (int)(*variables)++);
        return true;
    }
    if (c->type.cls == TC_BIT) return false;
    c->inner = (int16_t)*end;
    *end += c->type.fixed;
    return true;
}

bool rowset_layout(rowset *rs, fault *f)
{
    unsigned end = rs->index_id > 1 ? 1 : 4, bits = 0, bit_byte = 0, inner_end = 1, inner_nulls = 0;
    rs->variables = rs->inner_variables = 0;
    rs->sparse = 0;
    rs->keys = 0;
    for (size_t i = 0; i < rs->columns; i++) {
        rowset_column *c = &rs->column[i];
        place_column(c, &end, &rs->variables, &bits, &bit_byte);
        rs->sparse += c->sparse;
        if (end > RECORD_MAX - 100) return fail(f, "the columns of an object do not fit into a page");
        if (c->key && c->key > rs->keys) rs->keys = c->key;
    }
    for (unsigned k = 1; k <= rs->keys; k++)
        for (size_t i = 0; i < rs->columns; i++)
            if (rs->column[i].key == k && !place_inner(&rs->column[i], &inner_end, &rs->inner_variables, &inner_nulls))
                return fail(f, "a bit column cannot be part of a key");
    rs->fixed_end = end;
    rs->inner_end = rs->keys ? inner_end + 6 : 0;
    for (size_t i = 0; rs->compression && i < rs->columns; i++) rs->column[i].leaf = (int16_t)(-1 - (int)i);
    for (size_t i = 0; i < rs->columns; i++) {
        const sql_type *t = &rs->column[i].type;
        rs->has_lob |= t->max || t->legacy;
        rs->has_overflow |= (t->fixed == 0 || rs->compression) && !t->max && !t->legacy && rs->user && rs->index_id < 2;
    }
    return true;
}

void rowset_free(rowset *rs)
{
    unit_free(&rs->data);
    unit_free(&rs->lob);
    unit_free(&rs->overflow);
    free(rs->column);
    free(rs->page);
    free(rs->forward);
    free(rs->lob_page);
    free(rs->overflow_page);
    free(rs->level);
    free(rs->piece);
    free(rs->vector);
    compressed_drop(rs);
    *rs = (rowset){0};
}
