/* What the run comes to, table by table, and whether it adds up. */
#include "extract/job.h"
#include <inttypes.h>
#include <stdio.h>

const char *table_state_name(table_state s)
{
    static const char *const names[] = {"ok", "partial", "unreadable", "unsupported"};
    return names[s];
}

static finding table_finding(finding_code code, const table_job *t, arena *mem, uint64_t a, uint64_t b)
{
    finding x = FINDING_OF(code);
    x.table = t->info->full_name;
    x.a = arena_printf(mem, "%" PRIu64, a);
    x.b = arena_printf(mem, "%" PRIu64, b);
    return x;
}

/* Appends "MDF-201 A page is damaged (3)" for each kind of finding that says the table lost something. */
static void add_losses(buf *out, const findings *f, sv table)
{
    for (size_t i = 0; i < findings_kinds(f); i++) {
        const finding_kind *k = findings_kind(f, i);
        const finding_text *text = finding_text_of(k->code);
        if (text->level < SEV_LOSS || !sv_eq(k->table, table)) continue;
        if (out->n) buf_str(out, "; ");
        buf_printf(out, "%s %s", text->id, text->title);
        if (k->count > 1) buf_printf(out, " (%" PRIu64 ")", k->count);
    }
}

/* The catalog's count against what was met. Rows that are missing without a place count as unreadable. */
static bool compare_with_catalog(const job *j, const table_job *t, arena *mem, table_result *r)
{
    uint64_t met = t->written + t->unreadable;
    if (t->info->rows_expected < 0) return false;
    uint64_t expected = (uint64_t)t->info->rows_expected;
    if (met == expected) return false;
    finding x = table_finding(met < expected ? F_OUT_ROWS_MISSING : F_OUT_ROWS_MORE, t, mem, expected, met);
    if (met < expected) {
        x.rows = expected - met;
        r->unreadable += x.rows;
    }
    find_add(j->found, &x);
    return met > expected;
}

static void say_unproven(buf *reason, const table_info *info)
{
    if (!info->unproven) return;
    if (reason->n) buf_str(reason, "; ");
    buf_str(reason, "storage not yet seen in a real file: ");
    buf_sv(reason, info->unproven_note);
}

static void judge_read_table(const job *j, const table_job *t, arena *mem, table_result *r, buf *reason)
{
    bool more = compare_with_catalog(j, t, mem, r);
    add_losses(reason, j->found, t->info->full_name);
    if (r->unreadable && t->written == 0)
        r->state = TABLE_UNREADABLE;
    else if (r->unreadable || t->holed || t->broken || reason->n)
        r->state = TABLE_PARTIAL;
    if (more) {
        if (reason->n) buf_str(reason, "; ");
        buf_printf(reason, "more rows than the catalog's %" PRId64, t->info->rows_expected);
    }
    if (t->holed) {
        if (reason->n) buf_str(reason, "; ");
        buf_printf(reason, "%" PRIu64 " rows written with cells left empty", t->holed);
    }
    say_unproven(reason, t->info);
}

static bool judge_table(const job *j, const table_job *t, arena *mem, table_result *r)
{
    buf reason = buf_new((size_t)1 << 20);
    *r = (table_result){.info = t->info, .file = t->file, .written = t->written, .holed = t->holed};
    r->cells = t->cells;
    r->unreadable = t->unreadable;
    if (t->chunks) {
        judge_read_table(j, t, mem, r, &reason);
    } else {
        r->state = TABLE_UNSUPPORTED;
        r->unreadable = t->info->rows_expected > 0 ? (uint64_t)t->info->rows_expected : 0;
        if (t->info->unreadable.n)
            buf_sv(&reason, t->info->unreadable);
        else
            add_losses(&reason, j->found, t->info->full_name);
    }
    r->reason = arena_sv(mem, buf_view(&reason));
    buf_free(&reason);
    return r->reason.p != NULL;
}

/* The rows of the finished file, counted from its text, against those the threads counted. */
static bool balanced(const job *j, const table_job *t, arena *mem)
{
    if (!t->chunks || t->in_file == t->written) return true;
    finding x = table_finding(F_OUT_BALANCE, t, mem, t->written, t->in_file);
    find_add(j->found, &x);
    return false;
}

extract_end result_make(job *j, extract_result *out)
{
    extract_end end = EXTRACT_DONE;
    uint64_t rows = 0;
    out->table = arena_array(out->mem, j->tables, sizeof *out->table);
    if (!out->table) return EXTRACT_NO_MEMORY;
    for (size_t i = 0; i < j->tables; i++) {
        const table_job *t = &j->table[i];
        if (!judge_table(j, t, out->mem, &out->table[i])) return EXTRACT_NO_MEMORY;
        if (!balanced(j, t, out->mem)) end = EXTRACT_UNBALANCED;
        out->tables++;
        out->written += t->written;
        out->unreadable += out->table[i].unreadable;
        out->cells += t->cells;
        rows += t->chunks ? t->in_file : 0;
    }
    return end == EXTRACT_DONE && rows != j->progress.rows ? EXTRACT_UNBALANCED : end;
}
