#include "deliver/child_select.h"

enum { SQL_BYTES_MAX = 1 << 16 };

static bool has_entity(const deliver_run *run, const model_entity *e) { return work_has(run->work, sv_from(e->name)); }

/* By what records of an entity are put in order: their number, else their date. */
static const char *order_field(const model_entity *e)
{
    static const char *const by[][2] = {
        {"plan_line", "seq"},          {"insurance_policy", "priority"}, {"clinical_exam", "exam_at"},
        {"radiograph", "taken_date"},  {"referral", "referral_date"},    {"clinical_note", "noted_at"},
        {"appointment", "start_at"},   {"treatment_plan", "plan_date"},  {"diagnosis", "diagnosed_date"},
        {"billing_line", "line_date"}, {"recall", "next_date"},          {"workflow_flag", "due_date"},
        {"document", "captured_at"},   {"letter", "letter_date"}};
    for (size_t i = 0; i < sizeof by / sizeof by[0]; i++)
        if (strcmp(e->name, by[i][0]) == 0) return by[i][1];
    return NULL;
}

/* Records without a number or date stand behind the others, or before them when the latest is wanted first. */
static void ordered(const child_path *c, bool grouped, buf *out)
{
    const char *field = order_field(c->entity), *way = c->take == CHILD_LATEST ? " DESC" : "";
    const char *begin = grouped ? "min(" : "", *end = grouped ? ")" : "";
    buf_str(out, " ORDER BY ");
    if (field) {
        const model_field *f = model_field_named(c->entity, sv_from(field));
        bool number = f && f->type == FIELD_INTEGER;
        if (c->take != CHILD_LATEST) buf_printf(out, "%sc.\"%s\" IS NULL%s, ", begin, field, end);
        buf_printf(out, "%s%sc.\"%s\"%s%s%s, ", begin, number ? "CAST(" : "", field, number ? " AS INTEGER)" : "", end,
                   way);
    }
    buf_printf(out, "%sc.source_key%s%s", begin, end, way);
}

/* The value at the end of a path from the child c on. */
static void value(const child_part *p, const deliver_run *run, buf *out)
{
    sv name = staged_name(p->of, p->at);
    for (size_t i = 0; i < p->steps; i++) {
        const model_field *link = staged_field(p->step[i].of, p->step[i].at);
        if (has_entity(run, model_entity_named(sv_from(link->target)))) continue;
        buf_str(out, "NULL");
        return;
    }
    if (!p->steps) {
        buf_printf(out, "c.\"%.*s\"", (int)name.n, name.p);
        return;
    }
    buf_printf(out, "(SELECT x.\"%.*s\" FROM main.\"%s\" AS x WHERE x.src_key = ", (int)name.n, name.p, p->of->name);
    sv first = staged_name(p->step[0].of, p->step[0].at);
    if (p->steps == 1) {
        buf_printf(out, "c.\"%.*s\")", (int)first.n, first.p);
        return;
    }
    sv second = staged_name(p->step[1].of, p->step[1].at);
    buf_printf(out, "(SELECT y.\"%.*s\" FROM main.\"%s\" AS y WHERE y.src_key = c.\"%.*s\"))", (int)second.n, second.p,
               p->step[1].of->name, (int)first.n, first.p);
}

static void those(const child_path *c, const object_template *o, buf *out)
{
    sv by = staged_name(c->entity, c->by);
    buf_printf(out, " FROM main.\"%s\" AS c WHERE c.\"%.*s\" = t.src_key", c->entity->name, (int)by.n, by.p);
    if (c->only != SIZE_MAX) {
        sv only = staged_name(c->entity, c->only);
        buf_printf(out, " AND c.\"%.*s\" = ", (int)only.n, only.p);
        buf_quoted(out, c->word, '\'', '\'');
    }
    if (c->take != CHILD_REST) return;
    sv link = staged_name(c->part[0].step[0].of, c->part[0].step[0].at);
    const char *target = staged_field(c->part[0].step[0].of, c->part[0].step[0].at)->target;
    for (size_t i = 0; i < o->entity->fields; i++) {
        const model_field *f = &o->entity->field[i];
        if (f->type == FIELD_REFERENCE && strcmp(f->target, target) == 0)
            buf_printf(out, " AND c.\"%.*s\" IS NOT t.\"%s\"", (int)link.n, link.p, f->name);
    }
}

static void one(const child_path *c, const object_template *o, const deliver_run *run, buf *out)
{
    buf_str(out, "(SELECT ");
    value(&c->part[0], run, out);
    those(c, o, out);
    ordered(c, false, out);
    buf_str(out, c->take == CHILD_SECOND ? " LIMIT 1 OFFSET 1)" : " LIMIT 1)");
}

static void joined(const child_path *c, const object_template *o, const deliver_run *run, buf *out)
{
    buf_str(out, "(SELECT group_concat(v, '; ') FROM (SELECT ");
    value(&c->part[0], run, out);
    buf_str(out, " AS v");
    those(c, o, out);
    buf_str(out, " GROUP BY 1 HAVING v IS NOT NULL");
    ordered(c, true, out);
    buf_str(out, "))");
}

static void lines(const child_path *c, const object_template *o, const deliver_run *run, buf *out)
{
    buf_str(out, "(SELECT group_concat(v, char(10)) FROM (SELECT ltrim(");
    for (size_t i = 0; i < c->parts; i++) {
        buf_str(out, i ? " || coalesce(' ' || " : "coalesce(' ' || ");
        value(&c->part[i], run, out);
        buf_str(out, ", '')");
    }
    buf_str(out, ") AS v");
    those(c, o, out);
    ordered(c, false, out);
    buf_str(out, ") WHERE v <> '')");
}

static void of_exam(const row_column *column, const deliver_run *run, buf *out)
{
    const child_path *c = column->child;
    if (!work_has(run->work, SV_LIT("plan chart"))) {
        buf_str(out, "NULL");
    } else if (!c->parts) {
        buf_printf(out,
                   "(SELECT x.%s FROM main." PLAN_CHART_TABLE " AS n JOIN main." CHART_TEXT_TABLE
                   " AS x ON x.patient = n.patient AND x.exam = n.exam WHERE n.plan = t.src_key)",
                   column->chart == CHART_VALUE_JSON ? "json" : "text");
    } else {
        buf_str(out, "(SELECT ");
        value(&c->part[0], run, out);
        buf_str(out, " FROM main." PLAN_CHART_TABLE
                     " AS n JOIN main.clinical_exam AS c ON c.src_key = n.exam WHERE n.plan = t.src_key)");
    }
}

/* The index of child_select_prepare finds the first record at once. */
static void first_with(const child_path *c, buf *out)
{
    const char *e = c->entity->name;
    sv by = staged_name(c->entity, c->by);
    if (c->take == CHILD_IS_FIRST_WITH)
        buf_printf(out,
                   "CASE WHEN t.\"%.*s\" IS NOT NULL THEN t.source_key = (SELECT min(c.source_key) FROM main.\"%s\" AS "
                   "c WHERE c.\"%.*s\" = t.\"%.*s\") END",
                   (int)by.n, by.p, e, (int)by.n, by.p, (int)by.n, by.p);
    else
        buf_printf(
            out, "(SELECT c.src_key FROM main.\"%s\" AS c WHERE c.\"%.*s\" = t.\"%.*s\" ORDER BY c.source_key LIMIT 1)",
            e, (int)by.n, by.p, (int)by.n, by.p);
}

void child_select(const row_column *column, const object_template *o, const deliver_run *run, buf *out)
{
    const child_path *c = column->child;
    if (!has_entity(run, c->entity)) {
        buf_str(out, c->take == CHILD_COUNT ? "0" : "NULL");
        return;
    }
    switch (c->take) {
    case CHILD_FIRST:
    case CHILD_SECOND:
    case CHILD_LATEST: one(c, o, run, out); break;
    case CHILD_ALL:
    case CHILD_REST: joined(c, o, run, out); break;
    case CHILD_LIST: lines(c, o, run, out); break;
    case CHILD_COUNT:
        buf_str(out, "(SELECT count(*)");
        those(c, o, out);
        buf_char(out, ')');
        break;
    case CHILD_LATEST_EXAM: of_exam(column, run, out); break;
    case CHILD_FIRST_WITH:
    case CHILD_IS_FIRST_WITH: first_with(c, out); break;
    case CHILD_TAKES: break;
    }
}

bool child_select_prepare(const object_template *o, const deliver_run *run)
{
    bool ok = true;
    for (size_t i = 0; ok && i < o->columns; i++) {
        const child_path *c = o->column[i].kind == COLUMN_CHILD ? o->column[i].child : NULL;
        if (!c || c->take == CHILD_LATEST_EXAM || !has_entity(run, c->entity)) continue;
        buf sql = buf_new(SQL_BYTES_MAX);
        sv by = staged_name(c->entity, c->by);
        buf_printf(&sql, "CREATE INDEX IF NOT EXISTS main.\"child %s %.*s\" ON \"%s\" (\"%.*s\", source_key)",
                   c->entity->name, (int)by.n, by.p, c->entity->name, (int)by.n, by.p);
        sqlite3_stmt *st = work_prepare(run->work, &sql);
        ok = st && sqlite3_step(st) == SQLITE_DONE;
        sqlite3_finalize(st);
    }
    return ok;
}
