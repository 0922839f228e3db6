#include "bak/bak_row_counts.h"
#include "bak/bak_apply.h"
#include "mdf/mdf_layout.h"

enum { CONTEXT_INDEX_LEAF = 3 };

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

bool row_counts_follow(id_table *counts, const log_record *r, int by)
{
    int64_t counted;
    if (log_record_counts_rows(r, &counted)) {
        mdf_count_change *x = counted ? id_table_put(counts, (uint64_t)counted) : NULL;
        if (x) x->rows = 0;
        return x || !counted;
    }
    int rows = r->rowset ? rows_of(r) * by : 0;
    if (!rows) return true;
    mdf_count_change *x = id_table_put(counts, r->rowset);
    if (x) x->rows += rows;
    return x != NULL;
}
