#include "quality/quality.h"
#include "quality/quality_work.h"

enum { FIELDS_MAX = 256 };

typedef struct totals {
    const quality_entity *of;
    size_t field[FIELDS_MAX]; /* of the entity: those that have totals */
    size_t n;
    column_total total[FIELDS_MAX];
} totals;

static bool of_numbers(const model_field *f) { return f->type == FIELD_DECIMAL || f->type == FIELD_INTEGER; }

static bool wanted(const quality_entity *e, size_t k)
{
    const model_field *f = &e->entity->field[k];
    return e->kept[k] > 0 && (of_numbers(f) || f->type == FIELD_DATE || f->type == FIELD_DATETIME);
}

static void add(column_total *t, const model_field *f, sv text)
{
    amount x;
    if (!text.n) return;
    if (!of_numbers(f))
        total_add_moment(t, text);
    else if (amount_read(text, &x))
        total_add_amount(t, x);
    else
        t->odd++;
}

static bool scan(sqlite3 *work, totals *t)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    const model_entity *e = t->of->entity;
    for (size_t i = 0; i < t->n; i++) buf_printf(&sql, "%s\"%s\"", i ? ", " : "SELECT ", e->field[t->field[i]].name);
    buf_printf(&sql, " FROM main.\"%s\"", e->name);
    sqlite3_stmt *st = work_prepare(work, &sql);
    int rc = SQLITE_ERROR;
    while (st && (rc = sqlite3_step(st)) == SQLITE_ROW)
        for (size_t i = 0; i < t->n; i++) add(&t->total[i], &e->field[t->field[i]], quality_text(st, (int)i));
    sqlite3_finalize(st);
    return rc == SQLITE_DONE;
}

static bool give(const totals *t, quality_take_total take, void *ctx)
{
    for (size_t i = 0; i < t->n; i++) {
        const quality_total x = {t->of->entity, &t->of->entity->field[t->field[i]],
                                 of_numbers(&t->of->entity->field[t->field[i]]), &t->total[i]};
        if (!take(ctx, &x)) return false;
    }
    return true;
}

bool quality_each_total(sqlite3 *work, const quality_facts *facts, quality_take_total take, void *ctx)
{
    for (size_t i = 0; i < facts->entities; i++) {
        totals t = {.of = &facts->entity[i]};
        for (size_t k = 0; k < t.of->entity->fields && t.n < FIELDS_MAX; k++)
            if (t.of->records && wanted(t.of, k)) t.field[t.n++] = k;
        if (t.n && (!scan(work, &t) || !give(&t, take, ctx))) return false;
    }
    return true;
}
