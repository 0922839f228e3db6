/* A plan made ready for scanning: which columns are read, where they stand in a row, what the labels in names of columns
 * mean; and the text of a cell. */
#include "chart/chart_internal.h"
#include "chart/chart_words.h"
#include "source/value_text.h"

static void want(chart_scan *s, int column)
{
    if (column < 0 || s->at[column] >= 0) return;
    s->at[column] = (int)s->wanted_n;
    s->wanted[s->wanted_n++] = (uint16_t)column;
}

static bool has_columns(const chart_scan *s)
{
    const chart_plan *p = s->plan;
    const int roles[] = {p->exam, p->row_key, p->tooth, p->quadrant, p->site, p->measure};
    if (p->exam < 0 || s->table->columns > UINT16_MAX) return false;
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (roles[i] >= (int)s->table->columns) return false;
    for (size_t i = 0; i < p->columns; i++)
        if (p->column[i].column >= s->table->columns) return false;
    for (size_t i = 0; i < p->customs; i++)
        if (p->custom[i].column >= s->table->columns) return false;
    return true;
}

static void want_all(chart_scan *s)
{
    const chart_plan *p = s->plan;
    want(s, p->exam);
    want(s, p->row_key);
    want(s, p->tooth);
    want(s, p->quadrant);
    want(s, p->site);
    want(s, p->measure);
    for (size_t i = 0; i < p->columns; i++) want(s, p->column[i].column);
    for (size_t i = 0; i < p->customs; i++) want(s, p->custom[i].column);
}

/* Once it is known where columns stand in a row. */
static void init_columns(chart_scan *s)
{
    const chart_plan *p = s->plan;
    for (size_t i = 0; i < p->columns; i++) {
        const chart_column *c = &p->column[i];
        bool of_row = c->measure == MEASURE_OF_ROW, quick = c->site != SITES && !c->packed;
        int at = s->at[c->column];
        quick &= of_row || (unsigned)c->measure < (unsigned)READY_MEASURES;
        s->column[i] =
            (ready_column){.at = at < 0 || at >= UINT16_MAX ? UINT16_MAX : (uint16_t)at,
                           .slot = (uint8_t)(c->site + (quick && !of_row ? SITES * (unsigned)c->measure : 0)),
                           .quick = quick,
                           .of_row = of_row,
                           .ready = quick && !of_row ? s->ready[c->measure] : NULL};
    }
}

static int32_t parse_tenths(sv text, bool *number)
{
    int16_t n;
    *number = recession_read(text, MARGIN_UNKNOWN, &n) == READING_GOOD;
    return n;
}

static bool init_not_measured(chart_scan *s)
{
    const chart_plan *p = s->plan;
    s->not_measured_tenths = arena_array(s->mem, p->not_measured_n + 1, sizeof *s->not_measured_tenths);
    if (!s->not_measured_tenths) return false;
    for (size_t i = 0; i < p->not_measured_n; i++) {
        bool number;
        int32_t n = parse_tenths(p->not_measured[i], &number);
        if (number) s->not_measured_tenths[s->not_measured_n++] = n;
    }
    return true;
}

static bool init_labels(chart_scan *s)
{
    const chart_plan *p = s->plan;
    if (p->shape != SHAPE_WIDE_EXAM) return true;
    s->label_tooth = arena_array(s->mem, p->columns + 1, sizeof *s->label_tooth);
    if (!s->label_tooth) return false;
    for (size_t i = 0; i < p->columns; i++) {
        s->label_proofs |= label_proof(s, p->column[i].label, (sv){NULL, 0});
        for (tooth_system k = TOOTH_UNKNOWN; k < TOOTH_SYSTEMS; k++) {
            tooth t;
            label_tooth(s, p->column[i].label, (sv){NULL, 0}, k, &t);
            s->label_tooth[i][k] = (uint8_t)tooth_index(t);
        }
    }
    return true;
}

/* Columns whose sites must agree on the sign of recession. */
static bool init_trios(chart_scan *s)
{
    const chart_plan *p = s->plan;
    struct sign_trio *trio = arena_array(s->mem, p->columns + 1, sizeof *trio);
    if (!trio) return false;
    for (size_t i = 0; i < p->columns; i++) {
        const chart_column *margin = &p->column[i];
        bool by_row = margin->measure == MEASURE_OF_ROW;
        if ((margin->measure != MEASURE_RECESSION && !by_row) || margin->packed) continue;
        struct sign_trio *t = &trio[s->trios++];
        *t = (struct sign_trio){-1, margin->column, -1};
        for (size_t k = 0; k < p->columns && !by_row; k++) {
            const chart_column *c = &p->column[k];
            if (c->site != margin->site || !sv_eq(c->label, margin->label) || c->packed) continue;
            if (c->measure == MEASURE_PD) t->pd = c->column;
            if (c->measure == MEASURE_CAL) t->cal = c->column;
        }
    }
    s->trio = trio;
    return true;
}

/* What the first pass looks at: exam and tooth; depths, margins and losses where they can tell a sign. */
static void want_for_survey(chart_scan *s)
{
    const chart_plan *p = s->plan;
    want(s, p->exam);
    want(s, p->tooth);
    want(s, p->quadrant);
    for (size_t i = 0; i < s->trios; i++) {
        bool tells = s->margin == MARGIN_UNKNOWN || s->trio[i].cal >= 0;
        if (!tells) continue;
        want(s, p->measure);
        want(s, s->trio[i].margin);
        if (s->trio[i].cal < 0) continue;
        want(s, s->trio[i].pd);
        want(s, s->trio[i].cal);
    }
}

bool scan_init(chart_scan *s, const chart_run *run, bool survey)
{
    const catalog *c;
    *s = (chart_scan){.run = run, .plan = run->plan, .margin = run->plan->margin, .mem = arena_new((size_t)16 << 20)};
    if (!s->mem || run->source->ops->catalog(run->source, &c) != ST_OK || run->plan->table >= c->tables) return false;
    s->table = &c->table[run->plan->table];
    s->at = arena_array(s->mem, s->table->columns + 1, sizeof *s->at);
    s->wanted = arena_array(s->mem, s->table->columns + 1, sizeof *s->wanted);
    s->ready = arena_array(s->mem, READY_MEASURES, sizeof *s->ready);
    s->column = arena_array(s->mem, run->plan->columns + 1, sizeof *s->column);
    if (!s->at || !s->wanted || !s->ready || !s->column || !has_columns(s)) return false;
    for (size_t i = 0; i < s->table->columns; i++) s->at[i] = -1;
    if (!init_trios(s)) return false;
    if (survey)
        want_for_survey(s);
    else
        want_all(s);
    init_columns(s);
    if (!init_not_measured(s) || !init_labels(s)) return false;
    scan_set_margin(s, s->margin);
    return true;
}

void scan_free(chart_scan *s)
{
    arena_free(s->mem);
    s->mem = NULL;
}

sv scan_column_name(const chart_scan *s, int column)
{
    return column >= 0 && (size_t)column < s->table->columns ? s->table->column[column].name : (sv){NULL, 0};
}

/* ---- labels ---- */

static bool is_99(const chart_scan *s, sv label)
{
    return s->plan->supernumerary_99 && (sv_eq(label, SV_LIT("99")) || sv_eq(label, SV_LIT("99.0")));
}

uint16_t label_proof(const chart_scan *s, sv label, sv quadrant)
{
    if (is_99(s, label)) return 0;
    unsigned proof = tooth_proof(label, quadrant);
    tooth t;
    if (proof == TOOTH_PROVES_FDI && tooth_parse(label, quadrant, TOOTH_FDI, &t) == TOOTH_GOOD && t.fdi == 33)
        return PROOF_33;
    return (uint16_t)(proof & ~(unsigned)TOOTH_MEANS_NOTHING);
}

bool label_tooth(const chart_scan *s, sv label, sv quadrant, tooth_system system, tooth *out)
{
    if (is_99(s, label)) {
        *out = (tooth){TOOTH_ANYWHERE, true};
        return true;
    }
    return tooth_parse(label, quadrant, system, out) == TOOTH_GOOD;
}

/* ---- cells ---- */

bool cell_text(const value *v, char scratch[CELL_TEXT_MAX], sv *out)
{
    *out = (sv){scratch, 0};
    switch (v->kind) {
    case V_NULL: return true;
    case V_TEXT: *out = v->as.text; return true;
    case V_BYTES: { /* of short ones; nobody reads a tooth from bytes */
        buf b = {scratch, 0, CELL_TEXT_MAX, CELL_TEXT_MAX, false};
        if (v->as.text.n * 2 > CELL_TEXT_MAX) return false;
        value_hex(v->as.text.p, v->as.text.n, &b);
        out->n = b.n;
        return true;
    }
    case V_LOB:
    case V_UNREADABLE: return false;
    default: out->n = value_text_fixed(v, scratch); return true;
    }
}

bool cell_tenths(const value *v, int32_t *tenths)
{
    if (v->kind != V_INT && v->kind != V_BOOL) return false;
    int64_t n = v->as.integer;
    *tenths = n < -100000 || n > 100000 ? INT32_MAX : (int32_t)n * 10;
    return true;
}

bool scan_not_measured(const chart_scan *s, sv text, const value *v)
{
    int32_t n;
    bool number = cell_tenths(v, &n);
    if (!number && s->not_measured_n) n = parse_tenths(text, &number);
    for (size_t i = 0; number && i < s->not_measured_n; i++)
        if (s->not_measured_tenths[i] == n) return true;
    if (v->kind != V_TEXT) return false;
    for (size_t i = 0; i < s->plan->not_measured_n; i++)
        if (sv_eq_nocase(s->plan->not_measured[i], text)) return true;
    return false;
}
