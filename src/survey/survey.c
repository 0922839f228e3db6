/* All tables, one after the other. */
#include "survey/survey.h"
#include "survey/survey_internal.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 128 };

typedef struct survey {
    const survey_run *run;
    table_facts *table;
    column_survey *column; /* room for the widest table */
    people *names;
    row *batch;
    bool cancelled;
} survey;

static bool is_in_key(const table_info *t, size_t column)
{
    for (size_t i = 0; i < t->keys; i++)
        for (size_t k = 0; k < t->key[i].columns; k++)
            if (t->key[i].column[k] == column) return true;
    return false;
}

/* ---- names that may be data ---- */

static bool may_be_data(const survey *s, const table_info *t)
{
    const source_info *info = s->run->source->ops->info(s->run->source);
    bool guessed = false;
    size_t known = 0;
    for (size_t i = 0; info && i < info->texts; i++)
        guessed |= sv_eq(info->text[i].table, t->full_name) && info->text[i].header && info->text[i].guessed;
    for (size_t i = 0; i < t->columns; i++) known += is_column_name(t->column[i].name);
    return guessed && known * 2 < t->columns;
}

static void say_withheld(const survey *s, const table_info *t)
{
    finding x = FINDING_OF(F_SNAPSHOT_NAMES_WITHHELD);
    x.table = t->full_name;
    find_add(s->run->found, &x);
}

/* ---- rows ---- */

static bool wants_to_stop(survey *s)
{
    if (s->run->cancelled && s->run->cancelled(s->run->ctx)) s->cancelled = true;
    return s->cancelled;
}

static void take_rows(survey *s, size_t n, size_t columns)
{
    for (size_t r = 0; r < n; r++)
        for (size_t i = 0; i < columns && i < s->batch[r].n; i++)
            column_survey_add(&s->column[i], &s->batch[r].cell[i], s->names);
}

static void say_cut(const survey *s, const table_info *t, uint64_t rows)
{
    char text[32];
    finding x = FINDING_OF(F_SNAPSHOT_TABLE_CUT);
    snprintf(text, sizeof text, "%" PRIu64, rows);
    x.table = t->full_name;
    x.a = sv_from(text);
    find_add(s->run->found, &x);
}

/* A table that breaks off is described as far as it could be read. */
static void read_rows(survey *s, size_t at, table_facts *f)
{
    const table_info *t = &s->run->list->table[at];
    const row_source_ops *ops = s->run->source->ops;
    const scan_request q = {.table = at};
    row_cursor *c = NULL;
    status st = t->unreadable.n ? ST_TABLE_LOST : ops->scan(s->run->source, &q, &c);
    while (st == ST_OK && !wants_to_stop(s)) {
        size_t got = 0;
        st = ops->next(c, s->batch, BATCH, &got);
        if (st == ST_OK || st == ST_ROW_LOST) {
            take_rows(s, got, t->columns);
            f->rows += got;
            st = ST_OK;
        }
    }
    if (c) f->unreadable = ops->counts(c)->rows_unreadable;
    if (c) ops->cursor_close(c);
    if (st != ST_END && !s->cancelled) say_cut(s, t, f->rows);
}

static bool survey_table(survey *s, size_t at)
{
    const table_info *t = &s->run->list->table[at];
    table_facts *f = &s->table[at];
    column_facts *column = arena_array(s->run->mem, t->columns + 1, sizeof *column);
    if (!column) return false;
    for (size_t i = 0; i < t->columns; i++) column_survey_begin(&s->column[i], &t->column[i], is_in_key(t, i));
    f->names_withheld = may_be_data(s, t);
    if (f->names_withheld) say_withheld(s, t);
    read_rows(s, at, f);
    f->column = column;
    for (size_t i = 0; i < t->columns; i++)
        if (!column_survey_end(&s->column[i], s->run->this_year, s->run->mem, &column[i])) return false;
    return true;
}

static void forget_people(survey *s)
{
    for (size_t i = 0; i < s->run->list->tables; i++)
        for (size_t k = 0; k < s->run->list->table[i].columns; k++)
            column_survey_forget_people(&s->run->list->table[i].column[k], s->names,
                                        (column_facts *)&s->table[i].column[k]);
}

static bool survey_all(survey *s)
{
    const catalog *list = s->run->list;
    for (size_t i = 0; i < list->tables && !s->cancelled; i++) {
        if (s->run->progress) s->run->progress(s->run->ctx, list->table[i].full_name, i, list->tables);
        if (!survey_table(s, i)) return false;
    }
    if (!s->cancelled) forget_people(s);
    return true;
}

static bool prepare(survey *s)
{
    size_t widest = 1;
    for (size_t i = 0; i < s->run->list->tables; i++)
        if (s->run->list->table[i].columns > widest) widest = s->run->list->table[i].columns;
    s->table = arena_array(s->run->mem, s->run->list->tables + 1, sizeof *s->table);
    s->column = calloc(widest, sizeof *s->column);
    s->names = calloc(1, sizeof *s->names);
    s->batch = calloc(BATCH, sizeof *s->batch);
    return s->table && s->column && s->names && s->batch;
}

status survey_take(const survey_run *run, const source_facts **out)
{
    survey s = {.run = run};
    *out = snapshot_facts(run->source);
    if (*out) return ST_OK;
    source_facts *facts = arena_alloc(run->mem, sizeof *facts);
    bool ok = facts && prepare(&s) && survey_all(&s);
    free(s.column);
    free(s.names);
    free(s.batch);
    if (!ok) find_code(run->found, F_OUT_OF_MEMORY, "looking at the tables");
    if (!ok) return ST_FATAL;
    *facts = (source_facts){s.table, run->list->tables};
    *out = facts;
    return s.cancelled ? ST_END : ST_OK;
}
