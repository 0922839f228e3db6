#include "deliver/chart_rows.h"
#include "base/arena.h"
#include "template/template.h"
#include <stdlib.h>

/* Nearly every number of a chart is one of these; the others are made in `room`. */
enum { READY_LOW = -200, READY_HIGH = 1000, NUMBER_MAX = 8, ROOMS = 8, COLUMNS_MAX = 32, KEY_BYTES_MAX = 1 << 16 };

/* A source key in the making: what is the same for all records of the exam. */
typedef struct key_stem {
    buf text;
    size_t exam; /* bytes of `text` up to and with the mark behind the exam */
    bool whole;  /* no record's key is longer than a key may be: the rest is put behind as it is */
} key_stem;

struct chart_rows {
    arena *mem;
    sv system, table;
    key_stem stem[CHART_RECORDS];
    buf tooth_key, key; /* src_key of the tooth, of a record of it */
    size_t exam_bytes;  /* of tooth_key: the exam and its mark */
    sv ready[READY_HIGH - READY_LOW];
    char text[READY_HIGH - READY_LOW][NUMBER_MAX];
    char room[ROOMS][NUMBER_MAX];
    size_t rooms;
    bool failed;    /* a key could not be made */
    sv site[SITES]; /* their names */
    sv column[COLUMNS_MAX];
};

const model_entity *chart_record_entity(chart_record what)
{
    static const char *const name[CHART_RECORDS] = {"tooth_record", "site_measure", "custom_finding"};
    return model_entity_named(sv_from(name[what]));
}

chart_record chart_record_of(const model_entity *e)
{
    size_t i = 0;
    while (i < CHART_RECORDS && chart_record_entity((chart_record)i) != e) i++;
    return (chart_record)i;
}

void chart_count(chart_totals *t, const exam_chart *x)
{
    t->exams++;
    t->record[CHART_TOOTH] += x->teeth;
    for (size_t i = 0; i < x->teeth; i++) {
        t->record[CHART_FINDING] += x->tooth[i].customs;
        for (size_t k = 0; k < SITES; k++) t->record[CHART_SITE] += chart_site_is_recorded(&x->tooth[i].site[k]);
    }
}

/* ---- numbers ---- */

static sv tenths(chart_rows *r, int16_t x)
{
    if (x == CHART_NONE) return (sv){NULL, 0};
    if (x >= READY_LOW && x < READY_HIGH) return r->ready[x - READY_LOW];
    char *room = r->room[r->rooms++ % ROOMS], text[CHART_TENTHS_MAX];
    size_t n = chart_tenths_text(x, text); /* of 16 bits: at most "-3276.8" */
    memcpy(room, text, n);
    return (sv){room, n};
}

static sv small(int8_t x)
{
    static const char digit[] = "0123456789";
    return x < 0 || x > 9 ? (sv){NULL, 0} : (sv){digit + x, 1};
}

static sv word(const char *w) { return w ? sv_from(w) : (sv){NULL, 0}; }
/* An empty text is nothing. */
static sv text_or_null(sv s) { return s.n ? s : (sv){NULL, 0}; }

/* ---- keys ---- */

chart_rows *chart_rows_new(sv system, sv table)
{
    chart_rows *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->mem = arena_new(0);
    if (r->mem) {
        r->system = arena_sv(r->mem, system);
        r->table = arena_sv(r->mem, table);
    }
    if (!r->mem || !r->system.p || !r->table.p) {
        chart_rows_free(r);
        return NULL;
    }
    r->tooth_key = r->key = buf_new(KEY_BYTES_MAX);
    for (size_t i = 0; i < CHART_RECORDS; i++) r->stem[i].text = buf_new(KEY_BYTES_MAX);
    for (size_t i = 0; i < SITES; i++) r->site[i] = sv_from(site_name[i]);
    for (int i = READY_LOW; i < READY_HIGH; i++) {
        char text[CHART_TENTHS_MAX], *to = r->text[i - READY_LOW];
        size_t n = chart_tenths_text((int16_t)i, text);
        memcpy(to, text, n);
        r->ready[i - READY_LOW] = (sv){to, n};
    }
    return r;
}

void chart_rows_free(chart_rows *r)
{
    if (!r) return;
    for (size_t i = 0; i < CHART_RECORDS; i++) buf_free(&r->stem[i].text);
    buf_free(&r->tooth_key);
    buf_free(&r->key);
    arena_free(r->mem);
    free(r);
}

/* "_3A" is the mark between exam, tooth and site as model_source_key writes it. */
enum { LONGEST_REST = sizeof "18S_3AMB" - 1 };

static bool begin_exam(chart_rows *r, sv exam)
{
    buf_clear(&r->tooth_key);
    buf_sv(&r->tooth_key, exam);
    buf_char(&r->tooth_key, ':');
    r->exam_bytes = r->tooth_key.n;
    if (!exam.n) return false;
    for (size_t i = 0; i < CHART_RECORDS; i++) {
        key_stem *k = &r->stem[i];
        buf_clear(&k->text);
        if (!model_source_key(r->system, chart_record_entity((chart_record)i), buf_view(&r->tooth_key), &k->text))
            return false;
        k->exam = k->text.n;
        k->whole = k->exam + LONGEST_REST <= MODEL_KEY_MAX;
    }
    return !r->tooth_key.failed;
}

/* The key of a record, of what stands behind the exam and its mark; *source_key lives until the next one of its kind. */
static bool source_key(chart_rows *r, chart_record what, sv tooth_part, sv site_part, sv *out)
{
    key_stem *k = &r->stem[what];
    k->text.n = k->exam;
    if (k->whole && what != CHART_FINDING) {
        buf_sv(&k->text, tooth_part);
        if (site_part.n) buf_add(&k->text, "_3A", 3);
        buf_sv(&k->text, site_part);
        *out = buf_view(&k->text);
        return !k->text.failed;
    }
    buf whole = buf_new(KEY_BYTES_MAX);
    bool ok = model_source_key(r->system, chart_record_entity(what),
                               buf_view(what == CHART_TOOTH ? &r->tooth_key : &r->key), &whole);
    if (ok) buf_sv(&k->text, buf_view(&whole)); /* behind the stem, which the next record needs again */
    *out = (sv){k->text.p + k->exam, k->text.n - k->exam};
    buf_free(&whole);
    return ok && !k->text.failed;
}

/* ---- records ---- */

const char *chart_furcation_scale(const chart_tooth *t)
{
    static const char *const name[] = {NULL, "glickman", "hamp"};
    bool graded = false;
    for (size_t i = 0; i < 4; i++) graded |= t->furcation[i].grade != MARK_NONE;
    return graded ? name[t->scale] : NULL;
}

static sv tooth_number(const chart_rows *r)
{
    return (sv){r->tooth_key.p + r->exam_bytes, r->tooth_key.n - r->exam_bytes};
}

static bool tooth_row(chart_rows *r, const exam_chart *x, const chart_tooth *t)
{
    sv *v = r->column, number = tooth_number(r);
    if (!source_key(r, CHART_TOOTH, number, (sv){NULL, 0}, v++)) return false;
    *v++ = r->table;
    *v++ = buf_view(&r->tooth_key);
    *v++ = x->exam;
    *v++ = (sv){number.p, 2};
    *v++ = small(t->tooth.supernumerary);
    *v++ = text_or_null(t->raw);
    *v++ = word(tooth_status_name(t->status));
    *v++ = tenths(r, t->mobility);
    *v++ = text_or_null(t->mobility_raw);
    *v++ = word(chart_furcation_scale(t));
    /* The model names the entrances B, M, D, L, as charts do. */
    for (size_t i = 0; i < 4; i++) {
        *v++ = small(t->furcation[i].grade);
        *v++ = text_or_null(t->furcation[i].raw);
    }
    *v++ = word(t->miller);
    *v++ = word(t->cairo);
    *v++ = tenths(r, t->keratinized);
    *v++ = tenths(r, t->mgj);
    *v++ = tenths(r, t->plaque_index);
    *v++ = text_or_null(t->note);
    return true;
}

static bool record_key(chart_rows *r, chart_record what, sv last)
{
    buf_clear(&r->key);
    buf_sv(&r->key, buf_view(&r->tooth_key));
    buf_char(&r->key, ':');
    buf_sv(&r->key, last);
    return !r->key.failed && source_key(r, what, tooth_number(r), last, &r->column[STAGED_SOURCE_KEY]);
}

static bool site_row(chart_rows *r, const chart_site *s, size_t site)
{
    sv *v = r->column;
    if (!record_key(r, CHART_SITE, r->site[site])) return false;
    v++;
    *v++ = r->table;
    *v++ = buf_view(&r->key);
    *v++ = buf_view(&r->tooth_key);
    *v++ = r->site[site];
    *v++ = tenths(r, s->pd);
    *v++ = tenths(r, s->recession);
    *v++ = tenths(r, s->cal);
    *v++ = tenths(r, s->cal_source);
    *v++ = small(s->bop);
    *v++ = small(s->suppuration);
    *v++ = small(s->plaque);
    *v++ = small(s->calculus);
    return true;
}

static bool finding_row(chart_rows *r, const exam_chart *x, const chart_custom *c)
{
    sv *v = r->column;
    if (!record_key(r, CHART_FINDING, c->name)) return false;
    v++;
    *v++ = r->table;
    *v++ = buf_view(&r->key);
    *v++ = x->exam;
    *v++ = buf_view(&r->tooth_key);
    *v++ = c->name;
    *v++ = text_or_null(c->value);
    *v++ = chart_custom_type(c->type);
    return true;
}

/* Who takes the records of the tooth at hand. */
typedef struct taker {
    const chart_tooth *tooth;
    take_chart_record take;
    void *ctx;
} taker;

/* The record, when it could be made. */
static status give(chart_rows *r, bool made, chart_record what, const taker *to)
{
    r->failed |= !made;
    return made ? to->take(to->ctx, what, to->tooth, r->column) : ST_FATAL;
}

static status tooth_rows(chart_rows *r, const exam_chart *x, const bool wanted[CHART_RECORDS], const taker *to)
{
    const chart_tooth *t = to->tooth;
    status s = wanted[CHART_TOOTH] ? give(r, tooth_row(r, x, t), CHART_TOOTH, to) : ST_OK;
    for (size_t i = 0; wanted[CHART_SITE] && s == ST_OK && i < SITES; i++)
        if (chart_site_is_recorded(&t->site[i])) s = give(r, site_row(r, &t->site[i], i), CHART_SITE, to);
    for (size_t i = 0; wanted[CHART_FINDING] && s == ST_OK && i < t->customs; i++)
        s = give(r, finding_row(r, x, &t->custom[i]), CHART_FINDING, to);
    return s;
}

bool chart_rows_failed(const chart_rows *r) { return r->failed; }

static bool has_any(const chart_tooth *t, const bool wanted[CHART_RECORDS])
{
    return wanted[CHART_TOOTH] || wanted[CHART_SITE] || (wanted[CHART_FINDING] && t->customs);
}

status chart_rows_of(chart_rows *r, const exam_chart *x, const bool wanted[CHART_RECORDS], take_chart_record take,
                     void *ctx)
{
    status s = begin_exam(r, x->exam) ? ST_OK : ST_FATAL;
    r->failed |= s != ST_OK;
    for (size_t i = 0; s == ST_OK && i < x->teeth; i++) {
        const chart_tooth *t = &x->tooth[i];
        const taker to = {t, take, ctx};
        char number[3] = {0, 0, 'S'};
        if (!has_any(t, wanted)) continue;
        digits_2(t->tooth.fdi % 100, number);
        r->tooth_key.n = r->exam_bytes;
        buf_add(&r->tooth_key, number, t->tooth.supernumerary ? 3 : 2);
        r->failed |= r->tooth_key.failed;
        s = r->failed ? ST_FATAL : tooth_rows(r, x, wanted, &to);
    }
    return s;
}
