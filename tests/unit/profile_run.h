/* Staging of a profile over the fake source, and what came of it. */
#ifndef TESTS_PROFILE_RUN_H
#define TESTS_PROFILE_RUN_H

#include "profile_files.h"

static inline void note_reject(void *ctx, const profile_reject *r)
{
    fixture *x = ctx;
    bool has_key = r->src_key.n == 0; /* a row left out comes with its own columns */
    for (size_t i = 0; i < r->columns; i++)
        has_key |= sv_eq(r->column[i], SV_LIT("src_key")) && sv_eq(r->original[i], r->src_key);
    assert_true(r->held_back ? r->columns == 0 : has_key);
    buf_printf(&x->rejects, "%s %.*s %s %.*s %.*s;", r->code, (int)r->field.n, r->field.p ? r->field.p : "",
               r->held_back ? "held" : "row", (int)r->src_key.n, r->src_key.p ? r->src_key.p : "", (int)r->value.n,
               r->value.p ? r->value.p : "");
}

static inline void note_left(void *ctx, const profile_left *l)
{
    fixture *x = ctx;
    buf_sv(&x->left, l->table);
    buf_char(&x->left, '.');
    buf_sv(&x->left, l->column);
    buf_printf(&x->left, " %d of %d %s\n", (int)l->filled, (int)l->rows, l->why ? l->why : "carried");
}

/* People 0 to 9 (name of 3 is NULL), visits 0 to 19; the SELECTs of the profile written before. */
static inline status stage_yaml(fixture *x, const char *yaml)
{
    const profile *p = load(x, yaml);
    assert_wrong(x, "");
    fake_table *people = fake_add(&x->source, "dbo", "people", "dbo.people", 1, 10);
    people->large_every = x->large_every;
    people->large_bytes = x->large_bytes ? x->large_bytes : 2000000;
    people->fatal_at = x->fatal_at;
    people->lost_at = x->lost_at;
    people->unreadable_at = x->unreadable_at;
    if (x->rows_unknown) people->info.rows_expected = -1;
    fake_add(&x->source, "dbo", "visits", "dbo.visits", 2, 10);
    sql_options o = {.leave_out_unreadable = true};
    assert_int_equal(sql_open(&x->source.base, &o, x->found, &x->work), ST_OK);
    o.counts = x->counts;
    assert_int_equal(sql_open(&x->source.base, &o, x->found, &x->db), ST_OK);
    profile_run run = {.db = x->db,
                       .work = sql_handle(x->work),
                       .counts = x->counts,
                       .found = x->found,
                       .wrong = &x->wrong,
                       .today = INT32_MIN,
                       .reject = note_reject,
                       .left = note_left,
                       .ctx = x};
    return profile_stage(p, &run);
}

static inline void assert_rejects(fixture *x, const char *expected)
{
    buf_char(&x->rejects, 0);
    assert_string_equal(x->rejects.p, expected);
}

/* The counts of an entity's line, and that it is closed. */
static inline void assert_line(fixture *x, const char *entity, uint64_t decoded, uint64_t mapped, uint64_t rejected,
                               uint64_t skipped, uint64_t held_back)
{
    const ledger_line *l = NULL;
    for (size_t i = 0; i < ledger_lines(x->counts); i++) {
        const ledger_line *at = ledger_at(x->counts, i);
        if (at->level == LEDGER_ENTITY && sv_eq(at->name, sv_from(entity))) l = at;
    }
    assert_non_null(l);
    assert_int_equal(l->count[COUNT_DECODED], decoded);
    assert_int_equal(l->count[COUNT_MAPPED], mapped);
    assert_int_equal(l->count[COUNT_REJECTED], rejected);
    assert_int_equal(l->count[COUNT_SKIPPED], skipped);
    assert_int_equal(l->count[COUNT_HELD_BACK], held_back);
    assert_true(ledger_balanced(x->counts, x->found));
}

static inline void assert_value(fixture *x, const char *sql, const char *expected)
{
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_prepare_v2(sql_handle(x->work), sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    const char *got = (const char *)sqlite3_column_text(st, 0);
    assert_string_equal(got ? got : "NULL", expected);
    sqlite3_finalize(st);
}

#endif
