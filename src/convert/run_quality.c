/* The quality of the data: tables that nothing reads, counts over what was staged. */
#include "convert/run.h"

static bool was_read(const ledger *counts, sv table)
{
    for (size_t i = 0; i < ledger_lines(counts); i++) {
        const ledger_line *l = ledger_at(counts, i);
        if (l->level == LEDGER_TABLE && sv_eq(l->name, table)) return l->count[COUNT_READ] > 0;
    }
    return false;
}

/* Tables with rows that no SELECT of the profile reads. */
static bool list_unread(run *r)
{
    report_table *all = arena_array(r->mem, r->tables->tables + 1, sizeof *all);
    if (!all) return false;
    for (size_t i = 0; i < r->tables->tables; i++) {
        const table_info *t = &r->tables->table[i];
        if (t->rows_expected == 0 || was_read(r->result->counts, t->full_name)) continue;
        const quality_left left = {.table = t->full_name, .rows = t->rows_expected, .filled = -1};
        all[r->facts.unreads++] = (report_table){t->full_name, t->rows_expected};
        if (quality_add_left(r->quality, &left) != ST_OK) return false;
    }
    r->facts.unread = all;
    return true;
}

static bool in_scope(void *ctx, const model_entity *e, sv src_key)
{
    record_scope *scope = ctx;
    return !scope_leaves_entity(scope, e) && !scope_leaves_out(scope, e, src_key);
}

convert_end run_count_quality(run *r)
{
    const rejects_file *file = NULL;
    size_t n = 0;
    run_progress(r, "counting");
    if (!list_unread(r)) return run_no_memory(r);
    sqlite3 *work = sql_handle(r->work.work);
    status s = quality_lists_finish(r->quality, work, &file, &n);
    if (s == ST_OK) s = quality_lists_spots(r->quality, work, r->scope ? in_scope : NULL, r->scope);
    if (run_stopped(r)) return CONVERT_CANCELLED;
    if (s != ST_OK) return run_why_fatal(r);
    r->facts.quality = quality_lists_facts(r->quality);
    return run_keep_lists(r, file, n) ? CONVERT_DONE : run_no_memory(r);
}
