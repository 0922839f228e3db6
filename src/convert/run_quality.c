/* The quality of the data: tables that nothing reads, counts over what was staged. */
#include "base/platform.h"
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

/* The work file's handle is its alone until it is waited for. */
struct counting {
    run *r;
    thread *runs;
    status end;
    const rejects_file *file;
    size_t files;
};

static void count_all(void *arg)
{
    struct counting *c = arg;
    c->end = quality_lists_finish(c->r->quality, sql_handle(c->r->work.work), &c->file, &c->files);
}

convert_end run_count_quality(run *r)
{
    run_progress(r, "counting");
    struct counting *c = arena_alloc(r->mem, sizeof *c);
    if (!c || !list_unread(r)) return run_no_memory(r);
    *c = (struct counting){.r = r, .end = ST_FATAL};
    r->counting = c;
    c->runs = thread_start(count_all, c);
    if (!c->runs) count_all(c);
    return CONVERT_DONE;
}

convert_end run_end_counting(run *r)
{
    struct counting *c = r->counting;
    if (!c) return CONVERT_DONE;
    r->counting = NULL;
    if (c->runs) thread_join(c->runs);
    if (run_stopped(r)) return CONVERT_CANCELLED;
    status s = c->end;
    /* They are asked for in the scope of the run. */
    if (s == ST_OK) s = quality_lists_spots(r->quality, sql_handle(r->work.work), r->scope ? in_scope : NULL, r->scope);
    if (s != ST_OK) return run_why_fatal(r);
    r->facts.quality = quality_lists_facts(r->quality);
    return run_keep_lists(r, c->file, c->files) ? CONVERT_DONE : run_no_memory(r);
}
