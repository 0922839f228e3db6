#include "bak/bak_row_counts.h"
#include "bak/bak_apply.h"
#include "base/id_hash.h"
#include "mdf/mdf_layout.h"
#include <stdlib.h>

enum { FIRST_ROOM = 64, CONTEXT_INDEX_LEAF = 3 };

static size_t place_of(const mdf_count_change *list, size_t room, int64_t rowset)
{
    size_t i = id_place(list, (uint64_t)rowset, room);
    while (list[i].rowset && list[i].rowset != rowset) i = (i + 1) & (room - 1);
    return i;
}

static mdf_count_change *find(row_counts *c, int64_t rowset)
{
    if ((c->n + 1) * 2 > c->room) {
        size_t room = c->room ? c->room * 2 : FIRST_ROOM;
        mdf_count_change *list = calloc(room, sizeof *list);
        if (!list) return NULL;
        for (size_t i = 0; i < c->room; i++)
            if (c->list[i].rowset) list[place_of(list, room, c->list[i].rowset)] = c->list[i];
        free(c->list);
        c->list = list;
        c->room = room;
    }
    mdf_count_change *x = &c->list[place_of(c->list, c->room, rowset)];
    if (!x->rowset) c->n++;
    x->rowset = rowset;
    return x;
}

/* A row moved within a heap stands there twice, as a stub and as what it points to, which is not counted. */
static bool is_counted_row(const log_record *r)
{
    log_part p[LOG_PARTS_MAX];
    size_t parts = log_record_parts(r, p);
    if (apply_is_many(r)) return false; /* the rows were counted where they came from */
    if (parts == SIZE_MAX || parts == 0 || p[0].n == 0) return true;
    return p[0].p[0] & 1 || (p[0].p[0] >> 1 & 7) != RECORD_FORWARDED;
}

static int rows_of(const log_record *r)
{
    const bool of_rows =
        r->context == CONTEXT_HEAP || r->context == CONTEXT_CLUSTERED || r->context == CONTEXT_INDEX_LEAF;
    if (r->operation == LOG_INSERT_ROWS && of_rows) return is_counted_row(r) ? 1 : 0;
    if (r->operation == LOG_DELETE_ROWS && (of_rows || r->context == CONTEXT_MARK_AS_GHOST))
        return is_counted_row(r) ? -1 : 0;
    return 0;
}

bool row_counts_follow(row_counts *c, const log_record *r, int by)
{
    int64_t counted;
    if (log_record_counts_rows(r, &counted)) {
        mdf_count_change *x = counted ? find(c, counted) : NULL;
        if (x) x->rows = 0;
        return x || !counted;
    }
    int rows = r->rowset ? rows_of(r) * by : 0;
    if (!rows) return true;
    mdf_count_change *x = find(c, (int64_t)r->rowset);
    if (x) x->rows += rows;
    return x != NULL;
}

void row_counts_free(row_counts *c)
{
    free(c->list);
    *c = (row_counts){0};
}
