/* The sheet to fill in: what the old system's own reports say too. */
#include "report/report_model.h"
#include "report/report_text.h"

static const char *const kind_word[] = {
    [TIE_RECORDS] = "records", [TIE_WORD] = "word", [TIE_YEAR] = "year",      [TIE_FIRST] = "first",
    [TIE_LAST] = "last",       [TIE_SUM] = "sum",   [TIE_BALANCE] = "balance"};

/* A line: its words, and behind the kind what machines find it by. */
static json_t *new_line(model_maker *m, const buf *label, const char *kind, const char *field, sv value)
{
    json_t *o = json_object();
    if (label->failed) m->failed = true;
    put_text(m, o, "label", buf_view(label));
    put(m, o, "kind", json_string(kind));
    put(m, o, "field", json_string(field));
    put_text(m, o, "value", value);
    return o;
}

static void number_line(model_maker *m, json_t *lines, const char *label, const char *kind, uint64_t n)
{
    buf words = buf_new(1024);
    buf_str(&words, label);
    json_t *o = new_line(m, &words, kind, "", (sv){NULL, 0});
    put_number(m, o, "number", n);
    push(m, lines, o);
    buf_free(&words);
}

/* ---- records ---- */

typedef struct rows {
    uint64_t decoded, mapped, skipped, rejected;
} rows;

static rows rows_of(const ledger *l, const model_entity *e)
{
    rows r = {0};
    for (size_t i = 0; i < ledger_lines(l); i++) {
        const ledger_line *x = ledger_at(l, i);
        if (x->level != LEDGER_ENTITY || !sv_eq(x->name, sv_from(e->name))) continue;
        r.decoded += x->count[COUNT_DECODED];
        r.mapped += x->count[COUNT_MAPPED];
        r.skipped += x->count[COUNT_SKIPPED];
        r.rejected += x->count[COUNT_REJECTED];
    }
    return r;
}

/* Rows of the source less those left out and those merged are the records. Where they are not (a row became several
 * records), the records stand alone. */
static void record_lines(model_maker *m, json_t *lines, const quality_tie *t)
{
    rows r = rows_of(m->in->counts, t->entity);
    if (r.mapped >= t->records && r.decoded == r.mapped + r.skipped + r.rejected) {
        number_line(m, lines, "Rows in the source", "decoded", r.decoded);
        if (r.rejected) number_line(m, lines, "less rows rejected", "rejected", r.rejected);
        if (r.skipped) number_line(m, lines, "less rows skipped", "skipped", r.skipped);
        if (r.mapped > t->records) number_line(m, lines, "less records merged", "merged", r.mapped - t->records);
    }
    number_line(m, lines, "Records", "records", t->records);
}

/* ---- what stands in fields ---- */

static void say_label(buf *out, const quality_tie *t)
{
    const char *meaning = t->field ? t->field->meaning : "", *name = t->field ? t->field->name : "";
    switch (t->kind) {
    case TIE_RECORDS: break;
    case TIE_WORD:
        buf_printf(out, "%s: ", name);
        if (!t->value.n) buf_str(out, "not said");
        for (size_t i = 0; i < t->value.n; i++) buf_char(out, (char)(t->value.p[i] == '_' ? ' ' : t->value.p[i]));
        break;
    case TIE_YEAR:
        buf_str(out, !t->value.n ? "Without a date" : sv_eq(t->value, SV_LIT("other")) ? "In other years" : "In ");
        if (t->value.n && !sv_eq(t->value, SV_LIT("other"))) buf_sv(out, t->value);
        break;
    case TIE_FIRST: buf_str(out, "First date"); break;
    case TIE_LAST: buf_str(out, "Last date"); break;
    case TIE_SUM: buf_printf(out, "Sum: %s", meaning); break;
    case TIE_BALANCE: buf_str(out, "Open balance: the latest of each patient"); break;
    }
    if ((t->kind == TIE_SUM || t->kind == TIE_BALANCE) && t->value.n) {
        buf_str(out, ", ");
        add_clean(out, t->value);
    }
}

static void put_amount(model_maker *m, json_t *o, amount a)
{
    buf digits = buf_new(128);
    amount_text(&digits, a);
    put_text(m, o, "amount", buf_view(&digits));
    if (digits.failed) m->failed = true;
    buf_free(&digits);
}

static void tie_line(model_maker *m, json_t *lines, const quality_tie *t)
{
    buf label = buf_new((size_t)REPORT_TEXT_MAX * 4 + 1024);
    say_label(&label, t);
    json_t *o = new_line(m, &label, kind_word[t->kind], t->field ? t->field->name : "", t->value);
    if (t->kind == TIE_WORD || t->kind == TIE_YEAR)
        put_number(m, o, "number", t->records);
    else if (t->kind == TIE_FIRST || t->kind == TIE_LAST)
        put_text(m, o, "day", t->day);
    else {
        put_amount(m, o, t->sum);
        put_number(m, o, "records", t->records);
        put_number(m, o, "unadded", t->unadded);
    }
    push(m, lines, o);
    buf_free(&label);
}

static const quality_tie *sum_of(const quality_facts *q, const char *field, sv currency)
{
    for (size_t i = 0; i < q->ties; i++) {
        const quality_tie *t = &q->tie[i];
        if (t->kind == TIE_SUM && strcmp(t->entity->name, "billing_line") == 0 && sv_eq(t->value, currency) &&
            strcmp(t->field->name, field) == 0)
            return t;
    }
    return NULL;
}

/* What adjustments mean by their sign differs from system to system: they are left to the reader. */
static void less_payments(model_maker *m, json_t *lines, const quality_tie *charge)
{
    const quality_tie *payment = sum_of(m->in->quality, "payment", charge->value);
    amount left = charge->sum;
    if (strcmp(charge->field->name, "charge") != 0 || !payment) return;
    if (!amount_add(&left, (amount){-payment->sum.whole, -payment->sum.nano})) return;
    buf label = buf_new((size_t)REPORT_TEXT_MAX * 4);
    buf_str(&label, "Charges less payments, without adjustments");
    if (charge->value.n) buf_str(&label, ", ");
    add_clean(&label, charge->value);
    json_t *o = new_line(m, &label, "difference", "charge", charge->value);
    put_amount(m, o, left);
    put_number(m, o, "records", charge->records);
    put_number(m, o, "unadded", charge->unadded + payment->unadded);
    push(m, lines, o);
    buf_free(&label);
}

/* ---- charts ---- */

void say_site_step(buf *out, size_t step)
{
    if (step == 0)
        buf_str(out, "none");
    else if (step + 1 == CHART_SITE_STEPS)
        buf_printf(out, "%zu and more", (step - 1) * CHART_SITE_STEP + 1);
    else
        buf_printf(out, "%zu to %zu", (step - 1) * CHART_SITE_STEP + 1, step * CHART_SITE_STEP);
}

static json_t *chart_lines(model_maker *m, const chart_counts *c)
{
    json_t *lines = json_array();
    uint64_t sites = 0;
    for (size_t i = 0; i < CHART_DEPTHS; i++) sites += c->depth[i];
    number_line(m, lines, "Exams with a chart", "charts", c->exams);
    for (size_t i = 0; i < CHART_SITE_STEPS; i++) {
        buf label = buf_new(256), step = buf_new(64);
        say_site_step(&step, i);
        buf_str(&label, "Exams by sites with a probing depth: ");
        buf_sv(&label, buf_view(&step));
        json_t *o = new_line(m, &label, "exam_sites", "pd", buf_view(&step));
        put_number(m, o, "number", c->exam_sites[i]);
        push(m, lines, o);
        buf_free(&label);
        buf_free(&step);
    }
    number_line(m, lines, "Sites with a probing depth, of all exams", "sites", sites);
    number_line(m, lines, "Teeth charted as there, of all exams", "teeth_there", c->teeth_there);
    number_line(m, lines, "Teeth charted as missing, unerupted or replaced, of all exams", "teeth_away", c->teeth_away);
    return lines;
}

static void push_group(model_maker *m, json_t *all, const char *entity, const char *title, json_t *lines)
{
    json_t *o = json_object();
    put(m, o, "entity", json_string(entity));
    put(m, o, "title", json_string(title));
    put(m, o, "lines", lines);
    push(m, all, o);
}

json_t *model_ties(model_maker *m)
{
    const quality_facts *q = m->in->quality;
    json_t *all = json_array(), *lines = NULL;
    for (size_t i = 0; q && i < q->ties; i++) {
        const quality_tie *t = &q->tie[i];
        if (i == 0 || t->entity != t[-1].entity) {
            lines = json_array();
            push_group(m, all, t->entity->name, t->entity->title, lines);
        }
        if (t->kind == TIE_RECORDS)
            record_lines(m, lines, t);
        else
            tie_line(m, lines, t);
        if (t->kind == TIE_SUM) less_payments(m, lines, t);
    }
    if (q && q->charts.exams) push_group(m, all, "chart", "Periodontal charts", chart_lines(m, &q->charts));
    return all;
}
