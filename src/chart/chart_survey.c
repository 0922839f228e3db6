/* The first pass: which exams there are, what their labels prove, and which sign recession has. */
#include "chart/chart_internal.h"
#include <inttypes.h>
#include <stdio.h>

/* ---- signs ---- */

void sign_count(sign_counts *c, margin_sign stated, int32_t pd, int32_t margin, int32_t cal)
{
    if (margin == CHART_NONE || margin == 0) return;
    c->margins++;
    c->hundreds += margin >= 1000;
    if (stated == MARGIN_100_PLUS && margin > 1000) margin = 1000 - margin;
    c->negative += margin < 0;
    if (pd == CHART_NONE || cal == CHART_NONE) return;
    c->sited++;
    c->plus += cal == pd + margin;
    c->minus += cal == pd - margin;
}

static const char *sign_words(margin_sign s)
{
    return s == MARGIN_RECESSION_POSITIVE   ? "recession_positive"
           : s == MARGIN_RECESSION_NEGATIVE ? "recession_negative"
                                            : "od_100plus";
}

static status say(const chart_run *run, finding_code code, sv a, sv b)
{
    finding x = FINDING_OF(code);
    x.table = run->plan->table_name;
    x.a = a;
    x.b = b;
    find_add(run->found, &x);
    return finding_text_of(code)->level == SEV_FATAL ? ST_FATAL : ST_OK;
}

static sv count_text(char *out, size_t room, const char *format, uint64_t n, uint64_t of)
{
    int length = snprintf(out, room, format, n, of);
    return (sv){out, length < 0 ? 0 : (size_t)length < room ? (size_t)length : room - 1};
}

enum { WINS = 95, MOSTLY = 60, ENOUGH = 10 };

/* A stated sign is believed unless the attachment losses of enough sites say the opposite. */
static status check_stated(const chart_run *run, const sign_counts *c)
{
    char text[120];
    margin_sign said = run->plan->margin;
    uint64_t against = said == MARGIN_RECESSION_NEGATIVE ? c->plus : c->minus;
    if (c->sited < ENOUGH || against * 100 < WINS * c->sited) return ST_OK;
    return say(run, F_CHART_SIGN_CONTRADICTED, sv_from(sign_words(said)),
               count_text(text, sizeof text, "%" PRIu64 " of %" PRIu64 " sites with attachment loss say the opposite",
                          against, c->sited));
}

status sign_decide(const chart_run *run, const sign_counts *c, margin_sign *out)
{
    char text[160];
    *out = run->plan->margin;
    if (*out != MARGIN_UNKNOWN) return check_stated(run, c);
    *out = MARGIN_RECESSION_POSITIVE;
    if (c->margins == 0) return ST_OK;
    if (c->hundreds)
        return say(run, F_CHART_SIGN_UNCERTAIN,
                   count_text(text, sizeof text, "%" PRIu64 " of %" PRIu64 " are 100 or more, as od_100plus has them",
                              c->hundreds, c->margins),
                   (sv){NULL, 0});
    if (c->sited) {
        bool minus = c->minus > c->plus;
        uint64_t wins = minus ? c->minus : c->plus;
        const char *format = "attachment loss is depth plus margin at %" PRIu64 " of %" PRIu64 " sites";
        if (minus) format = "attachment loss is depth minus margin at %" PRIu64 " of %" PRIu64 " sites";
        sv told = count_text(text, sizeof text, format, wins, c->sited);
        if (wins * 100 < WINS * c->sited) return say(run, F_CHART_SIGN_UNCERTAIN, told, (sv){NULL, 0});
        if (minus) *out = MARGIN_RECESSION_NEGATIVE;
        return say(run, F_CHART_SIGN_FOUND, sv_from(sign_words(*out)), told);
    }
    sv told = count_text(text, sizeof text, "%" PRIu64 " of %" PRIu64 " that are not 0 are negative", c->negative,
                         c->margins);
    if (c->negative * 100 > MOSTLY * c->margins) return say(run, F_CHART_SIGN_UNCERTAIN, told, (sv){NULL, 0});
    return say(run, F_CHART_SIGN_FOUND, sv_from(sign_words(*out)), told);
}

/* ---- rows ---- */

static const value *cell(const chart_scan *s, const row *r, int column)
{
    static const value none = {.kind = V_NULL};
    int at = column < 0 ? -1 : s->at[column];
    return at < 0 || (size_t)at >= r->n ? &none : &r->cell[at];
}

static int32_t number_in(const chart_scan *s, const row *r, int column)
{
    const value *v = cell(s, r, column);
    char scratch[CELL_TEXT_MAX];
    int32_t tenths;
    int16_t n;
    sv text;
    if (v->kind == V_NULL) return CHART_NONE;
    bool whole = v->kind == V_INT || v->kind == V_BOOL;
    if (whole && v->as.integer >= READY_LOW && v->as.integer < READY_HIGH) return s->survey[v->as.integer - READY_LOW];
    if (cell_tenths(v, &tenths)) {
        bool none = tenths > 1500 || tenths < -1500 || scan_not_measured(s, (sv){NULL, 0}, v);
        return none ? CHART_NONE : tenths;
    }
    if (!cell_text(v, scratch, &text) || scan_not_measured(s, text, v)) return CHART_NONE;
    return recession_read(text, MARGIN_UNKNOWN, &n) == READING_GOOD ? n : CHART_NONE;
}

/* Whether the row's values in the columns of sites are margins. */
static bool has_margins(const chart_scan *s, const row *r)
{
    const chart_plan *p = s->plan;
    char scratch[CELL_TEXT_MAX];
    sv text;
    if (p->measure < 0) return true;
    if (!cell_text(cell(s, r, p->measure), scratch, &text)) return false;
    for (size_t i = 0; i < p->measure_words; i++)
        if (p->measures[i].measure == MEASURE_RECESSION && sv_eq_nocase(p->measures[i].value, text)) return true;
    return false;
}

static void count_signs(const chart_scan *s, const row *r, sign_counts *c)
{
    if (s->trios == 0 || !has_margins(s, r)) return;
    for (size_t i = 0; i < s->trios; i++) {
        int32_t margin = number_in(s, r, s->trio[i].margin);
        if (margin == CHART_NONE || margin == 0) continue;
        if (s->margin == MARGIN_100_PLUS && margin == -10) continue;
        int32_t pd = number_in(s, r, s->trio[i].pd);
        sign_count(c, s->margin, pd == -10 ? CHART_NONE : pd, margin, number_in(s, r, s->trio[i].cal));
    }
}

static uint16_t proofs_of(const chart_scan *s, const row *r, chart_batch *b)
{
    char scratch[CELL_TEXT_MAX], scratch_quadrant[CELL_TEXT_MAX];
    sv label, quadrant;
    if (s->plan->shape == SHAPE_WIDE_EXAM) return s->label_proofs;
    if (s->plan->tooth < 0 || !cell_text(cell(s, r, s->plan->tooth), scratch, &label) ||
        !cell_text(cell(s, r, s->plan->quadrant), scratch_quadrant, &quadrant))
        return 0;
    known_word *known = quadrant.n ? NULL : word_place(b->label, label, TOOTH_UNKNOWN);
    if (known && known->known) return known->means;
    uint16_t proofs = label_proof(s, label, quadrant);
    if (known) *known = (known_word){known->word, proofs, true};
    return proofs;
}

/* The exam that the row before named, or the next one; NULL: the row names none, or there is no memory. */
static chart_seen *seen_of(const chart_scan *s, const row *r, chart_batch *b)
{
    char scratch[CELL_TEXT_MAX];
    const value *v = cell(s, r, s->plan->exam);
    chart_seen *before = b->seens ? &b->seen[b->seens - 1] : NULL;
    sv key;
    if (b->by_number && v->kind == V_INT && v->as.integer == b->number) return before;
    if (!cell_text(v, scratch, &key) || key.n == 0) return NULL;
    b->by_number = v->kind == V_INT;
    if (b->by_number) b->number = v->as.integer;
    if (before && sv_eq(before->exam, key)) return before;
    chart_seen *seen = batch_grow(b, (void **)&b->seen, &b->seens, &b->seen_room, sizeof *seen);
    if (seen) *seen = (chart_seen){.exam = batch_text(b, key)};
    return seen;
}

static void survey_row(const void *scan, const row *r, chart_batch *b)
{
    const chart_scan *s = scan;
    chart_seen *seen = seen_of(s, r, b);
    if (!seen) return;
    seen->rows++;
    seen->proofs |= proofs_of(s, r, b);
    count_signs(s, r, &b->signs);
}

static bool take(chart_exams *exams, sign_counts *signs, const chart_batch *b, uint64_t *place)
{
    for (size_t i = 0; i < b->seens; i++) {
        uint32_t at = exams_add(exams, b->seen[i].exam, (*place)++);
        if (at == EXAM_NONE) return false;
        exams->exam[at].rows += b->seen[i].rows;
        exams->exam[at].proofs |= b->seen[i].proofs;
    }
    signs->plus += b->signs.plus;
    signs->minus += b->signs.minus;
    signs->sited += b->signs.sited;
    signs->margins += b->signs.margins;
    signs->negative += b->signs.negative;
    signs->hundreds += b->signs.hundreds;
    return !b->failed;
}

status chart_survey(const chart_run *run, chart_exams *exams, sign_counts *signs)
{
    chart_scan s;
    chart_feed *feed = scan_init(&s, run, true) ? feed_start(&s, survey_row, &s) : NULL;
    status st = feed ? ST_OK : ST_FATAL;
    uint64_t place = 0, units = 0;
    bool memory = feed != NULL;
    for (chart_batch *b; st == ST_OK && (b = feed_next(feed));) {
        memory = take(exams, signs, b, &place);
        if (!memory || (b->last && b->end == ST_FATAL)) st = ST_FATAL;
        units += b->units;
        if (b->last && run->progress) run->progress(run->ctx, units, feed_units(&s) * 2);
        if (st == ST_OK && run->cancelled && run->cancelled(run->ctx)) st = ST_END;
    }
    feed_stop(feed);
    scan_free(&s);
    if (!memory) find_code(run->found, F_OUT_OF_MEMORY, "reading periodontal charts");
    return st;
}
