/* Folds a chart that a test writes out, in several ways that must not make a difference: one thread and two, rows in
 * order and backwards, little memory and much. */
#ifndef TESTS_CHART_FOLDING_H
#define TESTS_CHART_FOLDING_H

#include "chart/chart_declare.h"
#include "table_source.h"
#include <stdlib.h>

enum { CHART_COLUMNS_MAX = 64, EXAMS_MAX = 64, REJECTS_MAX = 400, FACTS_MAX = 16 };

typedef struct kept_exam {
    exam_chart x;
    sv text; /* everything in it, as text */
} kept_exam;

typedef struct fixture {
    arena *mem;
    problems wrong;
    chart_declared d;
    given_source source;
    column_info column[CHART_COLUMNS_MAX];
    /* Exams that the caller knows more of; others are known and say nothing, those that begin with "no" are unknown. */
    struct {
        const char *key;
        chart_exam_facts facts;
    } fact[FACTS_MAX];
    size_t facts;
    unsigned threads;
    size_t memory;
    const value *cell; /* as run_chart got them */
    size_t rows;
    bool any_order; /* rows may be turned round: true unless a test says otherwise */
    /* what came out */
    ledger *counts;
    kept_exam exam[EXAMS_MAX];
    size_t exams, end_after; /* end_after: the sink ends it after so many; 0: never */
    chart_reject reject[REJECTS_MAX];
    size_t rejects;
    status st;
} fixture;

static int set_up(void **state)
{
    fixture *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->mem = arena_new(0);
    x->wrong.mem = x->mem;
    x->any_order = true;
    x->threads = 1;
    *state = x;
    return 0;
}

static int tear_down(void **state)
{
    fixture *x = *state;
    given_free(&x->source);
    ledger_free(x->counts);
    arena_free(x->mem);
    free(x);
    return 0;
}

/* ---- what is kept of an exam ---- */

static void site_text(buf *b, const chart_site *s)
{
    const int numbers[] = {s->pd, s->recession, s->cal, s->cal_source, s->bop, s->suppuration, s->plaque, s->calculus};
    for (size_t i = 0; i < 8; i++) {
        bool none = i < 4 ? numbers[i] == CHART_NONE : numbers[i] == MARK_NONE;
        if (none)
            buf_str(b, " .");
        else
            buf_printf(b, " %d", numbers[i]);
    }
    buf_char(b, ';');
}

static void custom_text(buf *b, const chart_custom *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_printf(b, " %.*s=%.*s(%d)", (int)c[i].name.n, c[i].name.p, (int)c[i].value.n, c[i].value.p, (int)c[i].type);
}

static void tooth_text(buf *b, const chart_tooth *t)
{
    tooth_print(t->tooth, TOOTH_FDI, b);
    buf_printf(
        b,
        " raw=%.*s key=%.*s status=%d conflict=%d mob=%d/%.*s kg=%d mgj=%d pi=%d miller=%s cairo=%s scale=%d note=%.*s",
        (int)t->raw.n, t->raw.p, (int)t->src_key.n, t->src_key.p, (int)t->status, t->conflict, t->mobility,
        (int)t->mobility_raw.n, t->mobility_raw.p, t->keratinized, t->mgj, t->plaque_index, t->miller ? t->miller : "",
        t->cairo ? t->cairo : "", (int)t->scale, (int)t->note.n, t->note.p);
    for (size_t i = 0; i < 4; i++)
        buf_printf(b, " f%zu=%d/%.*s", i, t->furcation[i].grade, (int)t->furcation[i].raw.n, t->furcation[i].raw.p);
    for (size_t i = 0; i < SITES; i++) site_text(b, &t->site[i]);
    custom_text(b, t->custom, t->customs);
    buf_char(b, '\n');
}

static sv exam_text(arena *mem, const exam_chart *x)
{
    const chart_scores *s = &x->scores;
    buf b = buf_new((size_t)1 << 20);
    buf_printf(&b, "exam %.*s %d assumed=%d", (int)x->exam.n, x->exam.p, (int)x->numbering, x->numbering_assumed);
    buf_printf(&b, " teeth %d %d %d sites %d %d %d %d %d pd %d %d %d %d %% %d %d %d %d %d %d max %d mean %d %d",
               s->teeth_present, s->teeth_missing, s->implants, s->sites_examined, s->sites_bled,
               s->sites_with_bleeding_mark, s->sites_suppuration, s->sites_plaque, s->pd4, s->pd5, s->pd6, s->teeth_pd5,
               s->bop_percent, s->plaque_percent, s->suppuration_percent, s->pd4_percent, s->pd5_percent,
               s->pd6_percent, s->max_pd, s->mean_pd, s->mean_cal);
    custom_text(&b, x->custom, x->customs);
    buf_char(&b, '\n');
    for (size_t i = 0; i < x->teeth; i++) tooth_text(&b, &x->tooth[i]);
    sv out = arena_sv(mem, buf_view(&b));
    buf_free(&b);
    return out;
}

static const chart_custom *keep_customs(arena *mem, const chart_custom *c, size_t n)
{
    chart_custom *out = arena_array(mem, n + 1, sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = (chart_custom){arena_sv(mem, c[i].name), arena_sv(mem, c[i].value), c[i].type};
    return out;
}

static bool keep_exam(void *ctx, const exam_chart *in)
{
    fixture *x = ctx;
    assert_true(x->exams < EXAMS_MAX);
    kept_exam *k = &x->exam[x->exams++];
    *k = (kept_exam){*in, exam_text(x->mem, in)};
    chart_tooth *list = arena_array(x->mem, in->teeth + 1, sizeof *list);
    for (size_t i = 0; i < in->teeth; i++) {
        list[i] = in->tooth[i];
        list[i].raw = arena_sv(x->mem, list[i].raw);
        list[i].note = arena_sv(x->mem, list[i].note);
        list[i].src_key = arena_sv(x->mem, list[i].src_key);
        list[i].mobility_raw = arena_sv(x->mem, list[i].mobility_raw);
        for (size_t f = 0; f < 4; f++) list[i].furcation[f].raw = arena_sv(x->mem, list[i].furcation[f].raw);
        list[i].custom = keep_customs(x->mem, list[i].custom, list[i].customs);
        if (i) assert_true(tooth_index(list[i - 1].tooth) < tooth_index(list[i].tooth));
    }
    k->x.tooth = list;
    k->x.exam = arena_sv(x->mem, in->exam);
    k->x.duplicate_of = arena_sv(x->mem, in->duplicate_of);
    k->x.custom = keep_customs(x->mem, in->custom, in->customs);
    return x->end_after == 0 || x->exams < x->end_after;
}

static void keep_reject(void *ctx, const chart_reject *in)
{
    fixture *x = ctx;
    assert_true(x->rejects < REJECTS_MAX);
    chart_reject *r = &x->reject[x->rejects++];
    *r = *in;
    r->exam = arena_sv(x->mem, in->exam);
    r->src_key = arena_sv(x->mem, in->src_key);
    r->value = arena_sv(x->mem, in->value);
}

static chart_exam_facts facts_of(void *ctx, sv key)
{
    const fixture *x = ctx;
    for (size_t i = 0; i < x->facts; i++)
        if (sv_eq(key, sv_from(x->fact[i].key))) return x->fact[i].facts;
    return (chart_exam_facts){.known = !sv_starts(key, SV_LIT("no"))};
}

static void know(fixture *x, const char *exam, tooth_system numbering, const char *provider, const char *occasion)
{
    assert_true(x->facts < FACTS_MAX);
    x->fact[x->facts].key = exam;
    x->fact[x->facts++].facts = (chart_exam_facts){
        .known = true, .numbering = numbering, .provider = sv_from(provider), .occasion = sv_from(occasion)};
}

/* ---- folding ---- */

/* Columns separated by blanks. */
static size_t name_columns(fixture *x, const char *columns)
{
    size_t n = 0;
    for (const char *p = columns; *p;) {
        size_t word = strcspn(p, " ");
        assert_true(n < CHART_COLUMNS_MAX);
        x->column[n++] = (column_info){.name = {p, word}, .type = T_TEXT};
        p += word + (p[word] == ' ');
    }
    return n;
}

static void fold_once(fixture *x, unsigned threads, size_t memory)
{
    x->exams = x->rejects = 0;
    ledger_free(x->counts);
    findings_free(x->source.found);
    x->source.found = findings_new();
    x->counts = ledger_new();
    chart_run run = {.source = &x->source.base,
                     .plan = &x->d.plan,
                     .counts = x->counts,
                     .found = x->source.found,
                     .threads = threads,
                     .memory_bytes = memory,
                     .exam = facts_of,
                     .take = keep_exam,
                     .reject = keep_reject,
                     .ctx = x};
    x->st = chart_fold(&run);
}

static uint64_t counted(const fixture *x, ledger_level level, ledger_count what)
{
    uint64_t n = 0;
    for (size_t i = 0; i < ledger_lines(x->counts); i++)
        if (ledger_at(x->counts, i)->level == level) n += ledger_at(x->counts, i)->count[what];
    return n;
}

/* Every row is accounted for once, and the rejects that were told are those that were counted. */
static void assert_balanced(const fixture *x)
{
    size_t rows = 0, values = 0;
    for (size_t i = 0; i < x->rejects; i++) {
        rows += !x->reject[i].held_back && !x->reject[i].whole_exam;
        values += x->reject[i].held_back;
    }
    assert_true(ledger_balanced(x->counts, x->source.found));
    assert_int_equal(counted(x, LEDGER_TABLE, COUNT_READ), x->rows);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_DECODED), counted(x, LEDGER_TABLE, COUNT_DECODED));
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_REJECTED), rows);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_HELD_BACK), values);
}

static int by_text(const void *a, const void *b)
{
    return sv_cmp(((const kept_exam *)a)->text, ((const kept_exam *)b)->text);
}

static sv all_exams(const fixture *x)
{
    kept_exam list[EXAMS_MAX];
    buf b = buf_new((size_t)8 << 20);
    memcpy(list, x->exam, x->exams * sizeof *list);
    qsort(list, x->exams, sizeof *list, by_text);
    for (size_t i = 0; i < x->exams; i++) buf_sv(&b, list[i].text);
    sv out = arena_sv(x->mem, buf_view(&b));
    buf_free(&b);
    return out;
}

static void assert_same_exams(const fixture *x, sv expected, const char *how)
{
    sv now = all_exams(x);
    if (!sv_eq(now, expected))
        fail_msg("%s:\n%.*s\nand not\n%.*s", how, (int)now.n, now.p, (int)expected.n, expected.p);
}

static void turn_rows_round(fixture *x)
{
    given_table *t = &x->source.table[0];
    size_t columns = t->info.columns;
    value *turned = arena_array(x->mem, t->rows * columns + 1, sizeof *turned);
    for (size_t i = 0; i < t->rows; i++)
        memcpy(turned + i * columns, x->cell + (t->rows - 1 - i) * columns, columns * sizeof *turned);
    t->cell = turned;
}

/* Of values that rows contradict each other in, how many are told depends on which comes first. */
static size_t told(const fixture *x)
{
    size_t n = 0;
    for (size_t i = 0; i < x->rejects; i++) n += x->reject[i].code != F_CHART_CONTRARY;
    return n;
}

/* Folds in all ways; what is kept in the fixture is of the first one. */
static void fold_all_ways(fixture *x)
{
    fold_once(x, x->threads, x->memory);
    if (x->st != ST_OK || x->end_after) return;
    assert_balanced(x);
    size_t rejects = told(x);
    sv first = all_exams(x);
    fold_once(x, 3, 0);
    assert_same_exams(x, first, "three threads");
    assert_balanced(x);
    fold_once(x, 2, 1);
    assert_same_exams(x, first, "an exam at a time");
    assert_balanced(x);
    assert_int_equal(told(x), rejects);
    if (x->any_order) {
        turn_rows_round(x);
        fold_once(x, 1, 0);
        assert_same_exams(x, first, "backwards");
        assert_balanced(x);
        assert_int_equal(told(x), rejects);
        x->source.table[0].cell = x->cell;
    }
    fold_once(x, x->threads, x->memory);
}

static void run_chart(fixture *x, const char *yaml, const char *columns, const value *cell, size_t cells)
{
    size_t n = name_columns(x, columns);
    assert_int_equal(cells % n, 0);
    if (x->source.found) findings_free(x->source.found);
    given_init(&x->source);
    given_table *t = given_add(&x->source, "dbo.chart", x->column, n, cell, cells / n);
    x->cell = cell;
    x->rows = cells / n;
    const yaml_node *root = yaml_parse(SV_LIT("p.yaml"), sv_from(yaml), x->mem, &x->wrong);
    assert_non_null(root);
    chart_table table = {.info = &t->info};
    if (!chart_declare(SV_LIT("p.yaml"), root, NULL, &table, x->mem, &x->d, &x->wrong)) {
        buf b = buf_new(10000);
        problems_text(&x->wrong, &b);
        fail_msg("%.*s", (int)b.n, b.p);
    }
    fold_all_ways(x);
}

#define RUN(x, yaml, columns, cells) run_chart(x, yaml, columns, cells, sizeof(cells) / sizeof(cells)[0])

/* ---- looking ---- */

static inline const exam_chart *exam_of(const fixture *x, const char *key)
{
    for (size_t i = 0; i < x->exams; i++)
        if (sv_eq(x->exam[i].x.exam, sv_from(key))) return &x->exam[i].x;
    return NULL;
}

static inline const chart_tooth *tooth_in(const fixture *x, const char *exam, unsigned fdi, bool more)
{
    const exam_chart *e = exam_of(x, exam);
    if (!e) fail_msg("no exam %s", exam);
    for (size_t i = 0; e && i < e->teeth; i++)
        if (e->tooth[i].tooth.fdi == fdi && e->tooth[i].tooth.supernumerary == more) return &e->tooth[i];
    return NULL;
}

static inline const chart_site *site_in(const fixture *x, const char *exam, unsigned fdi, tooth_site site)
{
    const chart_tooth *t = tooth_in(x, exam, fdi, false);
    if (!t) fail_msg("no tooth %u in exam %s", fdi, exam);
    return t ? &t->site[site] : NULL;
}

static inline size_t found(const fixture *x, finding_code code)
{
    return (size_t)findings_count(x->source.found, code);
}

static inline size_t rejected(const fixture *x, finding_code code)
{
    size_t n = 0;
    for (size_t i = 0; i < x->rejects; i++) n += x->reject[i].code == code;
    return n;
}

#endif
