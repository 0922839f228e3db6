/* The SELECT of a drafted entity, with what each column of it rests on. */
#include "base/limits.h"
#include "draft/draft_internal.h"
#include <inttypes.h>

enum { EXPRESSION_MAX = 1 << 16, ALIGN_MAX = 40, NAME_ALIGN = 26 };

/* A line of a comment must not end where a name of the source wants it to. */
static void comment_text(buf *out, sv s)
{
    for (size_t i = 0; i < s.n; i++) buf_char(out, s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]);
}

void draft_describe(buf *out, const draft_table *t, size_t column)
{
    const column_info *c = t->column[column].info;
    const column_facts *f = t->column[column].facts;
    comment_text(out, c->type_name);
    if (!f || !t->facts || t->facts->rows == 0) return;
    buf_printf(out, ", %" PRIu64 " %% filled", f->filled * 100 / t->facts->rows);
    if (f->shapes) {
        buf_str(out, ", such as ");
        comment_text(out, f->shape[0].text);
    }
}

/* ---- expressions ---- */

static void column_of(buf *out, const char *alias, const draft_table *t, int column, bool key)
{
    const column_info *c = t->column[column].info;
    bool padded = key && (sv_starts(c->type_name, SV_LIT("char")) || sv_starts(c->type_name, SV_LIT("nchar")));
    if (padded) buf_str(out, "rtrim(");
    buf_printf(out, "%s.", alias);
    buf_quoted(out, c->name, '"', '"');
    if (padded) buf_char(out, ')');
}

/* The key of a row; where an entity comes from several tables, with the kind before it, so that keys do not meet. */
static void key_of(buf *out, const draft *d, const char *alias, const draft_table *t)
{
    if (draft_parts(d, t) > 1) {
        sv word = t->kind->word.n ? t->kind->word : t->info->name;
        buf_char(out, '\'');
        comment_text(out, word);
        buf_str(out, ":' || ");
    }
    for (size_t i = 0; i < t->keys; i++) {
        if (i) buf_str(out, " || '-' || ");
        column_of(out, alias, t, t->key[i], true);
    }
}

static void lookup(buf *out, const draft *d, const draft_table *t, const draft_choice *x)
{
    const draft_table *to = &d->table[x->table];
    bool by_name = x->way == WAY_BY_NAME;
    buf_str(out, "(SELECT ");
    if (by_name) buf_str(out, "CASE WHEN count(*) = 1 THEN min(");
    if (x->label != COLUMN_NONE)
        column_of(out, "t", to, x->label, false);
    else
        key_of(out, d, "t", to);
    if (by_name) buf_str(out, ") END");
    buf_str(out, " FROM ");
    buf_quoted(out, to->info->full_name, '"', '"');
    buf_str(out, " AS t WHERE ");
    column_of(out, "t", to, x->by, false);
    buf_str(out, " = ");
    column_of(out, "x", t, x->column, false);
    buf_char(out, ')');
}

/* Of a moment that stands beside the day only its second half counts. */
static void time_of(buf *out, const draft_table *t, int column)
{
    bool moment = t->column[column].info->type == T_DATETIME;
    if (moment) buf_str(out, "substr(");
    column_of(out, "x", t, column, true);
    if (moment) buf_str(out, ", 12)");
}

static void expression(buf *out, const draft *d, const draft_table *t, const draft_choice *x)
{
    switch (x->way) {
    case WAY_AS_IS:
        column_of(out, "x", t, x->column, false);
        if (x->time_column == COLUMN_NONE) return;
        buf_str(out, " || ' ' || ");
        time_of(out, t, x->time_column);
        return;
    case WAY_KEY:
        if (draft_parts(d, &d->table[x->table]) > 1) {
            lookup(out, d, t, x);
            return;
        }
        column_of(out, "x", t, x->column, true);
        return;
    case WAY_BY_KEY:
    case WAY_BY_NAME:
    case WAY_LOOKUP: lookup(out, d, t, x); return;
    }
}

/* ---- the whole ---- */

static void pad(buf *out, size_t from, size_t width)
{
    while (out->n - from < width) buf_char(out, ' ');
}

static void line(buf *out, const buf *text, sv field, bool last)
{
    size_t from = out->n;
    buf_sv(out, buf_view(text));
    pad(out, from, ALIGN_MAX);
    from = out->n;
    buf_str(out, " AS ");
    buf_sv(out, field);
    if (!last) buf_char(out, ',');
    pad(out, from, NAME_ALIGN);
}

static void field_line(buf *out, const draft *d, const draft_table *t, const draft_choice *x, bool last)
{
    buf text = buf_new(EXPRESSION_MAX);
    expression(&text, d, t, x);
    buf_str(out, "       ");
    line(out, &text, sv_from(x->field->name), last);
    buf_printf(out, " -- %u%s: %s; ", x->points, x->points < POINTS_SURE ? " ?" : "", x->why);
    draft_describe(out, t, (size_t)x->column);
    if (x->rival != COLUMN_NONE) {
        buf_str(out, "; or ");
        comment_text(out, t->column[x->rival].info->name);
    }
    buf_char(out, '\n');
    out->failed |= text.failed;
    buf_free(&text);
}

static void left_over(buf *out, const draft_table *t)
{
    bool any = false;
    for (size_t i = 0; i < t->info->columns; i++) {
        if (t->column[i].used) continue;
        buf_str(out, any ? "--   "
                         : "-- Columns that nothing reads; where they are filled they become custom values:\n--   ");
        any = true;
        comment_text(out, t->column[i].info->name);
        buf_str(out, ": ");
        draft_describe(out, t, i);
        buf_char(out, '\n');
    }
}

/* In the model's order, which groups what belongs together. */
static void fields(buf *out, const draft *d, const draft_table *t)
{
    const model_entity *e = t->is->entity;
    size_t left = t->choices;
    for (size_t k = 0; k < e->fields + e->inputs; k++)
        for (size_t i = 0; i < t->choices; i++)
            if (t->choice[i].field == &e->field[k]) field_line(out, d, t, &t->choice[i], --left == 0);
}

sv draft_sql(const draft *d, const draft_table *t)
{
    buf out = buf_new(YAML_BYTES_MAX), key = buf_new(EXPRESSION_MAX);
    buf_printf(&out, "-- Drafted: %s of ", t->is->entity->name);
    comment_text(&out, t->info->full_name);
    if (t->facts) buf_printf(&out, ", %" PRIu64 " rows", t->facts->rows);
    buf_str(&out, ".\n-- Behind each field: how sure it is (of 100), what that rests on, and the column. Look at those "
                  "with ?.\nSELECT ");
    key_of(&key, d, "x", t);
    line(&out, &key, SV_LIT("src_key"), t->choices == 0 && !t->is->constant);
    while (out.n && out.p[out.n - 1] == ' ') out.n--;
    buf_str(&out, "\n");
    if (t->is->constant) {
        buf_printf(&out, "       '%.*s' AS %s%s\n", (int)t->kind->word.n, t->kind->word.p, t->is->constant->name,
                   t->choices ? "," : "");
    }
    fields(&out, d, t);
    buf_str(&out, "  FROM ");
    if (t->own.n)
        buf_sv(&out, t->own);
    else
        buf_quoted(&out, t->info->full_name, '"', '"');
    buf_str(&out, " AS x\n");
    left_over(&out, t);
    out.failed |= key.failed;
    sv text = out.failed ? (sv){NULL, 0} : arena_sv(d->mem, buf_view(&out));
    buf_free(&key);
    buf_free(&out);
    return text;
}

sv draft_sql_name(const draft *d, const draft_table *t)
{
    const char *entity = t->is->entity->name;
    if (draft_parts(d, t) > 1 && t->kind->word.n)
        return arena_printf(d->mem, "%s_%.*s.sql", entity, (int)t->kind->word.n, t->kind->word.p);
    return arena_printf(d->mem, "%s.sql", entity);
}
