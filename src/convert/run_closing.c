/* The end of a run: its lists closed, its counts balanced, report and manifest written, the folder named. */
#include "base/memory.h"
#include "convert/manifest.h"
#include "convert/run.h"
#include "convert/source_audit.h"
#include <inttypes.h>

enum { MANIFEST_TEXT_MAX = 64 << 20 };

static bool keep_states(run *r)
{
    bool any = false, ok = true;
    for (size_t i = 0; ok && i < r->choice.destinations; i++) {
        size_t n = 0;
        const rejects_file *file = r->state[i] ? load_state_files(r->state[i], &n) : NULL;
        any |= n > 0;
        ok = !n || run_keep_lists(r, file, n);
    }
    return ok && (!any || state_key_write(run_folder_partial(r->folder), &r->state_key, r->found));
}

static bool tell_codes(run *r)
{
    size_t n = 0;
    const rejects_count *count = rejects_counts(r->out, &n);
    report_listed *all = arena_array(r->mem, n + 1, sizeof *all);
    for (size_t i = 0; all && i < n; i++) all[i] = (report_listed){count[i].path, count[i].code, count[i].rows};
    r->facts.listed = all;
    r->facts.listeds = all ? n : 0;
    return all != NULL;
}

static convert_end close_lists(run *r)
{
    const rejects_file *file = NULL;
    size_t n = 0;
    if (!keep_states(r)) return run_why_fatal(r);
    if (rejects_finish(r->out, &file, &n) != ST_OK) return run_why_fatal(r);
    if (!run_keep_lists(r, file, n)) return run_no_memory(r);
    r->result->rejected = rejects_rows(r->out);
    return tell_codes(r) ? CONVERT_DONE : run_no_memory(r);
}

static void count_missing(run *r, size_t line, const table_info *t, uint64_t read)
{
    finding x = FINDING_OF(F_OUT_ROWS_MISSING);
    x.table = t->full_name;
    x.a = arena_printf(r->mem, "%" PRId64, t->rows_expected);
    x.b = arena_printf(r->mem, "%" PRIu64, read);
    x.rows = (uint64_t)t->rows_expected - read;
    find_add(r->found, &x);
    ledger_add(r->result->counts, line, COUNT_READ, x.rows);
    ledger_add(r->result->counts, line, COUNT_UNREADABLE, x.rows);
}

/* Rows on pages that are lost were never met: the catalog's count tells of them, and they are unreadable as others are. */
convert_end run_count_missing(run *r)
{
    const size_t lines = ledger_lines(r->result->counts);
    for (size_t i = 0; i < lines; i++) {
        const ledger_line *l = ledger_at(r->result->counts, i);
        if (l->level != LEDGER_TABLE) continue;
        for (size_t k = 0; k < r->tables->tables; k++) {
            const table_info *t = &r->tables->table[k];
            if (!sv_eq(t->full_name, l->name) || t->rows_expected <= 0) continue;
            if (l->count[COUNT_READ] < (uint64_t)t->rows_expected) count_missing(r, i, t, l->count[COUNT_READ]);
        }
    }
    return CONVERT_DONE;
}

/* Behind everything that counts records. */
convert_end run_close_audit(run *r)
{
    if (!r->audit) return CONVERT_DONE;
    r->audited = arena_alloc(r->mem, sizeof *r->audited); /* what is kept of it points into it */
    if (!r->audited) return run_no_memory(r);
    bool closed = source_audit_counts(r->audit, r->result->counts, r->found) == ST_OK &&
                  audit_finish(r->audit, r->audited, r->result->audit);
    return closed ? CONVERT_DONE : run_why_fatal(r);
}

static void count_values_and_unreadable(run *r)
{
    const ledger *l = r->result->counts;
    for (size_t i = 0; i < ledger_lines(l); i++) {
        const ledger_line *x = ledger_at(l, i);
        if (x->level == LEDGER_TABLE) r->result->unreadable += x->count[COUNT_UNREADABLE];
        r->result->held_back += x->count[COUNT_HELD_BACK];
        r->result->changed += x->count[COUNT_CHANGED];
    }
}

static bool stopped(void *r) { return run_stopped(r); }

/* The report first, so that the manifest can tell of it; the manifest last, then the name. */
static convert_end write_closing(run *r)
{
    const char *partial = run_folder_partial(r->folder);
    manifest_file *file = NULL;
    size_t n = 0;
    if (!run_fills(r)) return run_no_memory(r);
    status hashed =
        source_files_wait(r->given, stopped, r, r->mem, r->found, &r->facts.source.file, &r->facts.source.files);
    if (hashed != ST_OK) return hashed == ST_END ? CONVERT_CANCELLED : run_no_memory(r);
    /* Before the report says that the counts were confirmed, and again with the report among the files. */
    if (!manifest_files(partial, &r->facts, r->mem, &file, &n, r->found)) return CONVERT_NO_OUTPUT;
    if (!manifest_balanced(&r->facts, file, n, r->found)) return CONVERT_UNBALANCED;
    if (!run_log_write(&r->log, &r->facts, partial, r->found)) return CONVERT_NO_OUTPUT;
    if (report_write(&r->facts, partial) != ST_OK) return run_why_fatal(r);
    if (!manifest_files(partial, &r->facts, r->mem, &file, &n, r->found)) return CONVERT_NO_OUTPUT;
    buf text = buf_new(MANIFEST_TEXT_MAX);
    bool ok = manifest_text(&r->facts, file, n, &text);
    convert_end end = ok ? CONVERT_DONE : run_no_memory(r);
    if (ok && memory_has_run_out()) end = run_no_memory(r); /* a step may not have seen it */
    if (end == CONVERT_DONE && run_stopped(r)) end = CONVERT_CANCELLED;
    if (end == CONVERT_DONE && !run_folder_finish(r->folder, buf_view(&text), r->mem, &r->result->run_folder))
        end = CONVERT_NO_OUTPUT;
    buf_free(&text);
    return end;
}

/* Records that an entity came to: those that were staged, and those that charts are made of, where the entity's own line
 * counts rows of a table, several of which may make one tooth. */
static uint64_t records_of(const run *r, const ledger_line *entity)
{
    const model_entity *e = model_entity_named(entity->name);
    chart_record what = e ? chart_record_of(e) : CHART_RECORDS;
    uint64_t staged = what == CHART_TOOTH || what == CHART_SITE ? 0 : entity->count[COUNT_MAPPED];
    return staged + (what == CHART_RECORDS ? 0 : r->charts.record[what]);
}

/* Every record that was staged came to every object that is made of its entity. */
static bool chained(const run *r)
{
    const ledger *l = r->result->counts;
    bool ok = true;
    for (size_t i = 0; i < ledger_lines(l); i++) {
        const ledger_line *entity = ledger_at(l, i);
        for (size_t k = 0; entity->level == LEDGER_ENTITY && k < ledger_lines(l); k++) {
            const ledger_line *object = ledger_at(l, k);
            if (object->level != LEDGER_OBJECT || !sv_eq(object->from, entity->name)) continue;
            ok = manifest_same(object->name, records_of(r, entity), object->count[COUNT_MAPPED], r->found) && ok;
        }
    }
    return ok;
}

convert_end run_close_lists(run *r)
{
    convert_end end = close_lists(r);
    if (end != CONVERT_DONE) return end;
    sampling_free(r->sampling);
    r->sampling = NULL;
    scope_free(r->scope);
    r->scope = NULL;
    /* The work file lies in the run folder: gone before the folder is looked at. */
    source_work_close(&r->work);
    count_values_and_unreadable(r);
    bool balanced = ledger_balanced(r->result->counts, r->found);
    if (!chained(r) || !balanced) return CONVERT_UNBALANCED;
    if (!r->audit) return CONVERT_DONE;
    if (!audit_balanced(r->audit, r->result->counts, r->found)) return CONVERT_UNBALANCED;
    return run_keep_lists(r, r->audited, 1) ? CONVERT_DONE : run_no_memory(r);
}

convert_end run_close(run *r) { return r->o->dry ? CONVERT_DONE : write_closing(r); }
