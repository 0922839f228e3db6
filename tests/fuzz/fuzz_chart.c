/* A table made of the input's bytes, folded through a declaration of each shape: whatever the rows are, each is counted
 * once, and exams do not depend on the number of threads or on memory.
 * Input: a byte for the shape and options, then cells, each a byte for its kind and its content. */
#include "base/limits.h"
#include "chart/chart_declare.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
    if (!good) __builtin_trap();
}

/* ---- a table in memory ---- */

enum { COLUMNS = 10, ROWS_MAX = 200 };
static const char *const names[COLUMNS] = {"exam", "id",   "tooth", "where", "P_MB",
                                           "P_B",  "R_MB", "C_MB",  "state", "own"};

typedef struct table_source {
    row_source base;
    catalog list;
    table_info info;
    column_info column[COLUMNS];
    value cell[ROWS_MAX][COLUMNS];
    size_t rows;
} table_source;

struct row_cursor {
    const table_source *s;
    size_t at, last, columns;
    uint16_t column[COLUMNS];
    value cell[COLUMNS];
    scan_counts counts;
};

static status table_catalog(row_source *s, const catalog **out)
{
    *out = &((table_source *)s)->list;
    return ST_OK;
}

static status table_scan(row_source *s, const scan_request *q, row_cursor **out)
{
    row_cursor *c = calloc(1, sizeof *c);
    check(c != NULL && q->columns <= COLUMNS);
    c->s = (const table_source *)s;
    c->at = (size_t)q->first;
    c->last = q->last && q->last < c->s->rows ? (size_t)q->last : c->s->rows;
    c->columns = q->columns;
    memcpy(c->column, q->column, q->columns * sizeof *q->column);
    *out = c;
    return ST_OK;
}

static status table_next(row_cursor *c, row *out, size_t max, size_t *got)
{
    *got = 0;
    if (max == 0 || c->at >= c->last) return ST_END;
    for (size_t i = 0; i < c->columns; i++) c->cell[i] = c->s->cell[c->at][c->column[i]];
    *out = (row){c->cell, c->columns, {.line = ++c->at}};
    *got = 1;
    return ST_OK;
}

static const scan_counts *table_counts(const row_cursor *c) { return &c->counts; }
static void table_close(row_cursor *c) { free(c); }

static const row_source_ops ops = {.name = "table",
                                   .catalog = table_catalog,
                                   .scan = table_scan,
                                   .next = table_next,
                                   .counts = table_counts,
                                   .cursor_close = table_close};

static value cell_of(const uint8_t **p, const uint8_t *end)
{
    static const char *const words[] = {
        "3",  "14",   "46",  "UR6", "A",  "51",  "33",   "99",      "3-5", "MB", "Facial Mesial",
        "LM", "NULL", "325", "12",  "-1", "2.5", "1012", "Missing", "pd",  "r",  "c",
        "",   "IV",   "+",   "103"};
    uint8_t kind = *(*p)++;
    if (kind < 40) return (value){.kind = V_NULL};
    if (kind < 130) return (value){.kind = V_INT, .as.integer = (int8_t)(kind - 60)};
    if (kind < 200) {
        const char *w = words[kind % (sizeof words / sizeof words[0])];
        return (value){.kind = V_TEXT, .as.text = {w, strlen(w)}};
    }
    if (kind == 200) return (value){.kind = V_UNREADABLE, .as.why = F_READ_ERROR};
    if (kind == 201) return (value){.kind = V_LOB, .as.lob = {.bytes = 100000}};
    if (kind == 202) return (value){.kind = V_BOOL, .as.integer = 1};
    if (kind == 203) return (value){.kind = V_REAL, .as.real = 2.5};
    if (kind == 204) return (value){.kind = V_BYTES, .as.text = {"\1\2", 2}};
    size_t n = kind % 16u, left = (size_t)(end - *p);
    if (n > left) n = left;
    value v = {.kind = V_TEXT, .as.text = {(const char *)*p, n}};
    *p += n;
    return v;
}

static void make_table(table_source *s, const uint8_t *p, const uint8_t *end)
{
    *s = (table_source){.base = {&ops}};
    while (p < end && s->rows < ROWS_MAX) {
        for (size_t i = 0; i < COLUMNS; i++) s->cell[s->rows][i] = p < end ? cell_of(&p, end) : (value){.kind = V_NULL};
        s->rows++;
    }
    for (size_t i = 0; i < COLUMNS; i++)
        s->column[i] = (column_info){.name = {names[i], strlen(names[i])}, .type = T_TEXT};
    /* A row is a unit, and a page: several chunks, so that threads have something to do. */
    s->info = (table_info){.full_name = SV_LIT("dbo.chart"),
                           .column = s->column,
                           .columns = COLUMNS,
                           .scan_units = s->rows,
                           .bytes = s->rows * (CHART_CHUNK_BYTES / 4)};
    s->list = (catalog){&s->info, 1};
}

/* ---- folding ---- */

static const char *const yaml[] = {
    "shape: tooth_row\ntable: t\nexam: exam\ntooth: tooth\nrow_key: id\ncolumns: {'P_{site}': pd, 'R_{site}': "
    "recession, "
    "'C_{site}': cal, state: status}\n",
    "shape: tooth_row\ntable: t\nexam: exam\ntooth: tooth\nquadrant: where\ncolumns: {'P_{site}': pd, R_MB: mobility, "
    "state: missing, C_MB: {measure: furcation, entrance: M}}\n",
    "shape: tooth_measure\ntable: t\nexam: exam\ntooth: tooth\ntooth_value: C_MB\nmeasure: {column: where, values: "
    "{pd: pd, r: "
    "recession, c: cal, 3: bleeding_flags, 12: mobility, 14: furcation, 2: ignored}}\nsites: {MB: P_MB, B: P_B, DL: "
    "R_MB}\n",
    "shape: site_row\ntable: t\nexam: exam\ntooth: tooth\nsite: where\ncolumns: {P_MB: pd, R_MB: recession, C_MB: cal, "
    "P_B: bop, "
    "own: note}\n",
    "shape: packed\ntable: t\nexam: exam\ntooth: tooth\ntriplet_order: screen\ncolumns: {P_MB: {measure: pd, side: "
    "facial}, "
    "R_MB: {measure: recession, side: lingual}, C_MB: {measure: cal, side: lingual}}\n",
    "shape: packed\ntable: t\nexam: exam\nnumbering: fdi\ntriplet_order: mesial_first\ncolumns: {P_MB: {measure: pd, "
    "side: facial, "
    "teeth: 18-11}, P_B: {measure: bop, side: facial, teeth: 18-17}}\n",
    "shape: wide_exam\ntable: t\nexam: exam\ncolumns: {P_MB: {measure: pd, tooth: '3', site: MB}, P_B: {measure: pd, "
    "tooth: '14', "
    "site: B}, R_MB: {measure: recession, tooth: '3', site: MB}, C_MB: {measure: cal, tooth: '3', site: MB}}\n",
};

typedef struct outcome {
    uint64_t hash; /* of all exams, whatever their order */
    uint64_t rejects, rows, values;
    status st;
} outcome;

static uint64_t add(uint64_t h, const void *p, size_t n)
{
    for (size_t i = 0; i < n; i++) h = (h ^ ((const uint8_t *)p)[i]) * UINT64_C(1099511628211);
    return h;
}

static uint64_t add_sv(uint64_t h, sv s) { return add(add(h, &s.n, sizeof s.n), s.p ? s.p : "", s.n); }

static bool take(void *ctx, const exam_chart *x)
{
    outcome *o = ctx;
    uint64_t h = add_sv(UINT64_C(1469598103934665603), x->exam);
    check(x->teeth <= TEETH);
    for (size_t i = 0; i < x->teeth; i++) {
        const chart_tooth *t = &x->tooth[i];
        check(tooth_index(t->tooth) < TEETH && (i == 0 || tooth_index(t[-1].tooth) < tooth_index(t->tooth)));
        for (size_t s = 0; s < SITES; s++) {
            const chart_site *k = &t->site[s];
            check(k->pd == CHART_NONE || (k->pd >= 0 && k->pd < 200));
            check(k->recession == CHART_NONE || (k->recession >= -100 && k->recession <= 150));
            check(k->bop >= MARK_NONE && k->bop <= 1);
            h = add(h, k, sizeof *k);
        }
        h = add(h, &t->tooth.fdi, 1);
        h = add(h, &t->status, sizeof t->status);
        h = add_sv(add_sv(add_sv(h, t->raw), t->note), t->src_key);
        for (size_t c = 0; c < t->customs; c++) h = add_sv(add_sv(h, t->custom[c].name), t->custom[c].value);
    }
    const chart_scores *s = &x->scores;
    check(s->bop_percent == CHART_NONE || (s->bop_percent >= 0 && s->bop_percent <= 1000));
    check(s->sites_examined <= SITES * s->teeth_present);
    const int32_t scores[] = {s->teeth_present, s->teeth_missing, s->sites_examined, s->sites_bled, s->pd4,
                              s->bop_percent,   s->max_pd,        s->mean_pd,        s->mean_cal};
    o->hash += add(h, scores, sizeof scores);
    return true;
}

static void reject(void *ctx, const chart_reject *x)
{
    outcome *o = ctx;
    o->values += x->held_back;
    o->rejects += !x->held_back && !x->whole_exam;
}

static chart_exam_facts facts(void *ctx, sv key)
{
    (void)ctx;
    return (chart_exam_facts){.known = !sv_eq(key, SV_LIT("46")),
                              .numbering = sv_eq(key, SV_LIT("14")) ? TOOTH_FDI : TOOTH_UNKNOWN,
                              .provider = key,
                              .occasion = SV_LIT("day")};
}

static uint64_t count_of(const ledger *l, ledger_level level, ledger_count what)
{
    uint64_t n = 0;
    for (size_t i = 0; i < ledger_lines(l); i++)
        if (ledger_at(l, i)->level == level) n += ledger_at(l, i)->count[what];
    return n;
}

static outcome fold(table_source *s, const chart_plan *plan, unsigned threads, size_t memory)
{
    outcome o = {0};
    findings *f = findings_new();
    ledger *l = ledger_new();
    chart_run run = {.source = &s->base,
                     .plan = plan,
                     .counts = l,
                     .found = f,
                     .threads = threads,
                     .memory_bytes = memory,
                     .exam = facts,
                     .take = take,
                     .reject = reject,
                     .ctx = &o};
    o.st = chart_fold(&run);
    if (o.st == ST_OK) {
        check(ledger_balanced(l, f));
        check(count_of(l, LEDGER_TABLE, COUNT_READ) == s->rows);
        check(count_of(l, LEDGER_ENTITY, COUNT_DECODED) == count_of(l, LEDGER_TABLE, COUNT_DECODED));
        check(count_of(l, LEDGER_ENTITY, COUNT_REJECTED) == o.rejects);
        check(count_of(l, LEDGER_ENTITY, COUNT_HELD_BACK) == o.values);
    }
    ledger_free(l);
    findings_free(f);
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    table_source *s = malloc(sizeof *s);
    arena *mem = arena_new(0);
    check(s && mem);
    problems wrong = {.mem = mem};
    make_table(s, data + 1, data + size);
    const char *text = yaml[data[0] % 7];
    const yaml_node *root = yaml_parse(SV_LIT("f.yaml"), (sv){text, strlen(text)}, mem, &wrong);
    chart_options o = {.numbering = data[0] & 8 ? SV_LIT("universal") : (sv){NULL, 0},
                       .margin_sign = data[0] & 16   ? SV_LIT("od_100plus")
                                      : data[0] & 32 ? SV_LIT("recession_negative")
                                                     : (sv){NULL, 0},
                       .charted_by_exception = data[0] & 64 ? SV_LIT("yes") : (sv){NULL, 0}};
    if (data[0] % 7 == 5) o.numbering = (sv){NULL, 0};
    chart_table table = {.info = &s->info};
    chart_declared d;
    check(root && chart_declare(SV_LIT("f.yaml"), root, &o, &table, mem, &d, &wrong));
    outcome one = fold(s, &d.plan, 1, 0);
    outcome small = fold(s, &d.plan, 1, 1);
    check(one.st == small.st && one.hash == small.hash && one.rejects == small.rejects && one.values == small.values);
    if (size % 8 == 0) {
        outcome three = fold(s, &d.plan, 3, 0);
        check(one.st == three.st && one.hash == three.hash && one.rejects == three.rejects);
    }
    arena_free(mem);
    free(s);
    return 0;
}
