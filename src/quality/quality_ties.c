#include "quality/quality_ties.h"
#include "quality/quality_work.h"
#include <stdlib.h>

enum { AMOUNTS_MAX = 3, YEAR = 4, DAY = 10, TIES_MAX = 6000 };

/* Of which entities, by which fields; NULL: none. */
static const struct tie_source {
    const char *entity, *word, *day, *currency, *amount[AMOUNTS_MAX];
} source[] = {
    {"patient", "status", NULL, NULL, {NULL}},
    {"clinical_exam", NULL, "exam_at", NULL, {NULL}},
    {"treatment_plan", "status", "plan_date", "currency", {"est_cost"}},
    {"plan_line", "status", NULL, NULL, {"fee", "insurance_estimate"}},
    {"billing_line", "type", "line_date", "currency", {"charge", "payment", "adjustment"}},
    {"appointment", "status", "start_at", NULL, {NULL}},
};
enum { SOURCES = sizeof source / sizeof source[0] };

typedef struct value_count {
    sv value;
    uint64_t records;
} value_count;

typedef struct value_list {
    value_count item[TIE_VALUES_MAX + 1];
    size_t n, last; /* last: what was counted before, mostly the same again */
} value_list;

typedef struct money {
    sv currency;
    column_total of[AMOUNTS_MAX];
} money;

typedef struct counter {
    const struct tie_source *s;
    const model_entity *e;
    arena *mem;
    uint64_t records;
    value_list words, years;
    char first[DAY], last[DAY]; /* of `days` */
    uint64_t days;
    money money[TIE_VALUES_MAX + 1];
    size_t currencies;
    bool failed;
} counter;

/* ---- counting ---- */

/* The place of a value in the list, made when it is not there; the one behind the last is of all others. */
static size_t place_of(counter *c, value_list *l, sv value)
{
    size_t i = l->last;
    if (i < l->n && sv_eq(l->item[i].value, value)) return i;
    for (i = 0; i < l->n; i++)
        if (sv_eq(l->item[i].value, value)) return l->last = i;
    bool full = l->n >= TIE_VALUES_MAX;
    if (full) value = SV_LIT("other");
    if (full && l->n > TIE_VALUES_MAX) return TIE_VALUES_MAX;
    sv copy = arena_sv(c->mem, value);
    c->failed |= !copy.p;
    l->item[l->n] = (value_count){copy, 0};
    return l->last = l->n++;
}

static bool is_day(sv s)
{
    if (s.n < DAY || s.p[4] != '-' || s.p[7] != '-') return false;
    for (size_t i = 0; i < DAY; i++)
        if (i != 4 && i != 7 && (s.p[i] < '0' || s.p[i] > '9')) return false;
    return true;
}

static void count_day(counter *c, sv moment)
{
    bool day = is_day(moment);
    sv year = {moment.p, day ? (size_t)YEAR : 0};
    c->years.item[place_of(c, &c->years, year)].records++;
    if (!day) return;
    if (!c->days || memcmp(moment.p, c->first, DAY) < 0) memcpy(c->first, moment.p, DAY);
    if (!c->days || memcmp(moment.p, c->last, DAY) > 0) memcpy(c->last, moment.p, DAY);
    c->days++;
}

static money *money_of(counter *c, sv currency)
{
    for (size_t i = 0; i < c->currencies; i++)
        if (sv_eq(c->money[i].currency, currency)) return &c->money[i];
    if (c->currencies > TIE_VALUES_MAX) return &c->money[TIE_VALUES_MAX];
    sv copy = arena_sv(c->mem, c->currencies == TIE_VALUES_MAX ? SV_LIT("other") : currency);
    c->failed |= !copy.p;
    c->money[c->currencies] = (money){.currency = copy};
    return &c->money[c->currencies++];
}

/* Currencies that are not told apart are counted, never added to each other. */
static void count_amount(const counter *c, money *m, size_t which, sv text)
{
    amount x;
    if (!text.n) return;
    if (m != &c->money[TIE_VALUES_MAX] && amount_read(text, &x)) {
        total_add_amount(&m->of[which], x);
        return;
    }
    m->of[which].odd++;
}

static void count_row(counter *c, sqlite3_stmt *st)
{
    const struct tie_source *s = c->s;
    int at = 0;
    c->records++;
    if (s->word) c->words.item[place_of(c, &c->words, quality_text(st, at++))].records++;
    if (s->day) count_day(c, quality_text(st, at++));
    if (!s->amount[0]) return;
    money *m = money_of(c, s->currency ? quality_text(st, at++) : (sv){NULL, 0});
    for (size_t i = 0; i < AMOUNTS_MAX && s->amount[i]; i++) count_amount(c, m, i, quality_text(st, at++));
}

static bool count_all(sqlite3 *work, counter *c)
{
    const struct tie_source *s = c->s;
    const char *column[AMOUNTS_MAX + 3];
    size_t n = 0;
    if (s->word) column[n++] = s->word;
    if (s->day) column[n++] = s->day;
    if (s->currency) column[n++] = s->currency;
    for (size_t i = 0; i < AMOUNTS_MAX && s->amount[i]; i++) column[n++] = s->amount[i];
    buf sql = buf_new(SQL_BYTES_MAX);
    for (size_t i = 0; i < n; i++) buf_printf(&sql, "%s\"%s\"", i ? ", " : "SELECT ", column[i]);
    buf_printf(&sql, " FROM main.\"%s\"", s->entity);
    sqlite3_stmt *st = work_prepare(work, &sql);
    int rc = SQLITE_ERROR;
    while (st && !c->failed && (rc = sqlite3_step(st)) == SQLITE_ROW) count_row(c, st);
    sqlite3_finalize(st);
    return rc == SQLITE_DONE && !c->failed;
}

/* ---- the open balance ---- */

/* A balance stands behind a line: what is open is that of each patient's latest line. */
static bool count_balances(sqlite3 *work, counter *c)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql, "SELECT currency, balance, max(coalesce(line_date, '') || printf('%020d', rowid)) "
                  "FROM main.billing_line WHERE balance IS NOT NULL GROUP BY patient");
    sqlite3_stmt *st = work_prepare(work, &sql);
    int rc = SQLITE_ERROR;
    while (st && !c->failed && (rc = sqlite3_step(st)) == SQLITE_ROW)
        count_amount(c, money_of(c, quality_text(st, 0)), 0, quality_text(st, 1));
    sqlite3_finalize(st);
    return rc == SQLITE_DONE && !c->failed;
}

/* ---- lines ---- */

typedef struct tie_list {
    quality_tie *item;
    size_t n;
} tie_list;

static int by_value(const void *a, const void *b)
{
    return sv_cmp(((const value_count *)a)->value, ((const value_count *)b)->value);
}

static int by_currency(const void *a, const void *b)
{
    return sv_cmp(((const money *)a)->currency, ((const money *)b)->currency);
}

static void add(tie_list *l, const quality_tie *x)
{
    if (l->n < TIES_MAX) l->item[l->n++] = *x;
}

static void add_values(tie_list *l, const counter *c, value_list *v, tie_kind kind, const char *field)
{
    const model_field *f = model_field_named(c->e, sv_from(field));
    qsort(v->item, v->n, sizeof v->item[0], by_value);
    /* What has no value stands last. */
    for (int empty = 0; empty < 2; empty++)
        for (size_t i = 0; i < v->n; i++)
            if ((v->item[i].value.n == 0) == (empty == 1))
                add(l, &(quality_tie){.kind = kind,
                                      .entity = c->e,
                                      .field = f,
                                      .value = v->item[i].value,
                                      .records = v->item[i].records});
}

static void add_days(tie_list *l, counter *c)
{
    quality_tie x = {.entity = c->e, .field = model_field_named(c->e, sv_from(c->s->day)), .records = c->days};
    sv first = arena_sv(c->mem, (sv){c->first, DAY}), last = arena_sv(c->mem, (sv){c->last, DAY});
    c->failed |= !first.p || !last.p;
    if (!c->days) return;
    x.kind = TIE_FIRST;
    x.day = first;
    add(l, &x);
    x.kind = TIE_LAST;
    x.day = last;
    add(l, &x);
}

static void add_money(tie_list *l, counter *c, tie_kind kind, const char *const *field)
{
    qsort(c->money, c->currencies, sizeof c->money[0], by_currency);
    for (size_t i = 0; i < AMOUNTS_MAX && field[i]; i++)
        for (size_t k = 0; k < c->currencies; k++) {
            const column_total *t = &c->money[k].of[i];
            if (!t->filled && !t->odd) continue;
            add(l, &(quality_tie){.kind = kind,
                                  .entity = c->e,
                                  .field = model_field_named(c->e, sv_from(field[i])),
                                  .value = c->money[k].currency,
                                  .records = t->filled,
                                  .unadded = t->odd,
                                  .sum = t->sum});
        }
}

static bool add_source(sqlite3 *work, tie_list *l, counter *c)
{
    static const char *const balance[AMOUNTS_MAX] = {"balance"};
    if (!count_all(work, c)) return false;
    add(l, &(quality_tie){.kind = TIE_RECORDS, .entity = c->e, .records = c->records});
    if (c->s->word) add_values(l, c, &c->words, TIE_WORD, c->s->word);
    if (c->s->day) {
        add_values(l, c, &c->years, TIE_YEAR, c->s->day);
        add_days(l, c);
    }
    add_money(l, c, TIE_SUM, c->s->amount);
    if (c->failed) return false;
    if (strcmp(c->s->entity, "billing_line") != 0) return true;
    c->currencies = 0;
    if (!count_balances(work, c)) return false;
    add_money(l, c, TIE_BALANCE, balance);
    return true;
}

bool quality_ties(sqlite3 *work, arena *mem, const quality_tie **out, size_t *n)
{
    tie_list l = {arena_array(mem, TIES_MAX, sizeof *l.item), 0};
    counter *c = calloc(1, sizeof *c);
    bool ok = l.item && c;
    for (size_t i = 0; ok && i < SOURCES; i++) {
        bool there = false;
        *c = (counter){.s = &source[i], .e = model_entity_named(sv_from(source[i].entity)), .mem = mem};
        ok = work_look(work, sv_from(source[i].entity), &there);
        if (ok && there) ok = add_source(work, &l, c);
    }
    free(c);
    *out = l.item;
    *n = l.n;
    return ok;
}
