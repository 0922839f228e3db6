/* The way of a chart's table: survey, decisions, then goes over the rows until every exam was given out. */
#include "chart/chart_internal.h"
#include <stdio.h>
#include <stdlib.h>

static const sv NOTHING = {NULL, 0};

void chart_tell(chart_fold_run *f, finding_code code, int column, origin from, sv a, sv b)
{
    finding x = FINDING_OF(code);
    x.table = f->run->plan->table_name;
    x.column = scan_column_name(f->scan, column);
    x.file_id = from.file;
    x.page = from.page;
    x.slot = from.slot;
    x.line = from.line;
    x.a = a;
    x.b = b;
    find_add(f->run->found, &x);
}

void chart_hold_back(chart_fold_run *f, const chart_reject *r)
{
    if (f->signs) return;
    finding x = FINDING_OF(r->code);
    x.table = f->run->plan->table_name;
    x.column = r->column;
    x.file_id = r->from.file;
    x.page = r->from.page;
    x.slot = r->from.slot;
    x.line = r->from.line;
    find_add(f->run->found, &x);
    f->held_back++;
    if (f->run->reject) f->run->reject(f->run->ctx, r);
}

static status out_of_memory(const chart_run *run)
{
    find_code(run->found, F_OUT_OF_MEMORY, "folding periodontal charts");
    return ST_FATAL;
}

/* ---- one go over the rows ---- */

typedef struct go {
    chart_fold_run *f;
    const uint8_t *settled;         /* exams of earlier goes; NULL: this is the first */
    uint64_t counts[LEDGER_COUNTS]; /* of the table's rows */
    uint64_t mapped, skipped, rejected;
    uint64_t waiting; /* rows of exams that must wait for the next go */
} go;

static void read_row(const void *go_, const row *r, chart_batch *b)
{
    const go *g = go_;
    chart_read(g->f->scan, g->f->exams, g->settled, r, b);
}

static void tell_events(chart_fold_run *f, const chart_batch *b, const chart_row *r)
{
    for (size_t i = 0; i < r->events; i++) {
        const chart_event *e = &b->event[r->event + i];
        if (!e->held_back)
            chart_tell(f, e->code, e->column, r->from, NOTHING, NOTHING);
        else
            chart_hold_back(f, &(chart_reject){.from = r->from,
                                               .exam = r->exam_key,
                                               .src_key = r->key,
                                               .code = e->code,
                                               .column = scan_column_name(f->scan, e->column),
                                               .value = e->value,
                                               .held_back = true});
    }
}

/* A row that nothing comes of. Rows of an exam that was left out are told with it, not one by one. */
static void reject_row(chart_fold_run *f, const chart_row *r)
{
    bool with_exam = r->code == F_CHART_NUMBERING_MIXED || r->code == F_CHART_NUMBERING_CONTRADICTED ||
                     r->code == F_CHART_NUMBERING_UNKNOWN;
    if (!with_exam) chart_tell(f, r->code, r->column, r->from, NOTHING, NOTHING);
    if (f->run->reject)
        f->run->reject(
            f->run->ctx,
            &(chart_reject){
                .from = r->from, .exam = r->exam_key, .src_key = r->key, .code = r->code, .value = r->value});
}

static status give_out(chart_fold_run *f, uint32_t exam)
{
    chart_exam *e = &f->exams->exam[exam];
    status st = chart_give(f, exam, f->open.exam[exam]);
    open_close(&f->open, exam);
    e->given = true;
    return st;
}

/* The exam of a row, opened if there is room; NULL: it must wait, or there is no memory (*st). */
static open_exam *exam_of(go *g, uint32_t exam, status *st)
{
    chart_fold_run *f = g->f;
    open_exam *x = f->open.exam[exam];
    if (x || atomic_load_explicit(&f->exams->exam[exam].waits, memory_order_relaxed)) return x;
    /* A row is of one tooth at most, but where it is of a whole mouth. */
    bool whole = f->run->plan->tooth < 0;
    size_t teeth = f->exams->exam[exam].rows < TEETH && !whole ? (size_t)f->exams->exam[exam].rows : whole ? 32 : TEETH;
    if (!open_has_room(&f->open, teeth)) {
        atomic_store_explicit(&f->exams->exam[exam].waits, true, memory_order_relaxed);
        return NULL;
    }
    x = open_make(&f->open, exam, teeth);
    if (!x) *st = ST_FATAL;
    return x;
}

static void count_row(go *g, const chart_row *r)
{
    g->counts[COUNT_READ]++;
    g->counts[r->outcome == ROW_UNREADABLE ? COUNT_UNREADABLE : COUNT_DECODED]++;
    g->mapped += r->outcome == ROW_GOOD;
    g->skipped += r->outcome == ROW_SKIPPED;
    g->rejected += r->outcome == ROW_REJECTED;
}

/* A row of an exam that is read: its part of the exam, and the exam when it was the last one. */
static status fold_row(go *g, const chart_batch *b, const chart_row *r)
{
    chart_fold_run *f = g->f;
    status st = ST_OK;
    open_exam *x = exam_of(g, r->exam, &st);
    if (st != ST_OK) return out_of_memory(f->run);
    if (!x) {
        g->waiting++;
        return ST_OK;
    }
    count_row(g, r);
    if (!f->signs) tell_events(f, b, r);
    if (r->outcome == ROW_REJECTED && !f->signs) reject_row(f, r);
    if (r->outcome == ROW_GOOD && !open_take(f, x, b, r)) return out_of_memory(f->run);
    if (++x->rows < f->exams->exam[r->exam].rows) return ST_OK;
    st = give_out(f, r->exam);
    return st == ST_FATAL ? out_of_memory(f->run) : st;
}

static status take_row(go *g, const chart_batch *b, const chart_row *r)
{
    const chart_exams *exams = g->f->exams;
    if (r->exam != EXAM_NONE && exams->exam[r->exam].ruling == EXAM_READ && !exams->exam[r->exam].given)
        return fold_row(g, b, r);
    /* Of no exam that is read; or one more than the survey saw, of an exam that is out already. */
    chart_row out = *r;
    if (out.outcome == ROW_GOOD) {
        out.outcome = ROW_REJECTED;
        out.code = F_CHART_ORPHAN;
    }
    count_row(g, &out);
    if (out.outcome == ROW_REJECTED && !g->f->signs) reject_row(g->f, &out);
    return ST_OK;
}

static status take_batch(go *g, const chart_batch *b)
{
    status st = b->failed ? out_of_memory(g->f->run) : ST_OK;
    g->waiting += b->waiting;
    for (size_t i = 0; st == ST_OK && i < b->rows; i++) st = take_row(g, b, &b->row[i]);
    return st;
}

/* What is still open at the end of a go: rows that the survey saw have gone. Given out all the same, in order. */
static status give_rest(chart_fold_run *f)
{
    status st = ST_OK;
    for (size_t i = 0; st == ST_OK && f->open.open && i < f->exams->n; i++)
        if (f->open.exam[i]) st = give_out(f, (uint32_t)i);
    return st;
}

static void add_to_ledger(const go *g, bool first, uint64_t lost)
{
    const chart_run *run = g->f->run;
    if (g->f->signs || !run->counts) return;
    if (!run->table_counted) {
        size_t table = ledger_line_of(run->counts, LEDGER_TABLE, run->plan->table_name, NOTHING);
        ledger_add(run->counts, table, COUNT_READ, g->counts[COUNT_READ] + (first ? lost : 0));
        ledger_add(run->counts, table, COUNT_DECODED, g->counts[COUNT_DECODED]);
        ledger_add(run->counts, table, COUNT_UNREADABLE, g->counts[COUNT_UNREADABLE] + (first ? lost : 0));
    }
    ledger_add(run->counts, g->f->line, COUNT_DECODED, g->counts[COUNT_DECODED]);
    ledger_add(run->counts, g->f->line, COUNT_MAPPED, g->mapped);
    ledger_add(run->counts, g->f->line, COUNT_SKIPPED, g->skipped);
    ledger_add(run->counts, g->f->line, COUNT_REJECTED, g->rejected);
    ledger_add(run->counts, g->f->line, COUNT_HELD_BACK, g->f->held_back);
    g->f->held_back = 0;
}

static void report_progress(const chart_run *run, uint64_t done, unsigned goes, uint64_t units)
{
    if (run->progress) run->progress(run->ctx, units * goes + done, units * (goes + 1));
}

static status run_go(chart_fold_run *f, go *g, unsigned number)
{
    chart_feed *feed = feed_start(f->scan, read_row, g);
    if (!feed) return out_of_memory(f->run);
    status st = ST_OK;
    uint64_t units = 0, lost = 0;
    for (chart_batch *b; st == ST_OK && (b = feed_next(feed));) {
        st = take_batch(g, b);
        units += b->units;
        lost += b->lost;
        if (b->last && b->end == ST_FATAL) st = ST_FATAL;
        if (b->last) report_progress(f->run, units, number, feed_units(f->scan));
        if (st == ST_OK && f->run->cancelled && f->run->cancelled(f->run->ctx)) st = ST_END;
    }
    feed_stop(feed);
    if (st == ST_OK) st = give_rest(f);
    add_to_ledger(g, number == 1, lost);
    return st;
}

/* Over the rows until no exam waits. Each go gives out at least one exam, or nothing waits. */
static status run_goes(chart_fold_run *f)
{
    uint8_t *settled = calloc(f->exams->n + 1, 1);
    if (!settled) return out_of_memory(f->run);
    status st = ST_OK;
    unsigned number = 0;
    for (bool more = true; st == ST_OK && more;) {
        go g = {.f = f, .settled = number ? settled : NULL};
        st = run_go(f, &g, ++number);
        more = g.waiting > 0;
        for (size_t i = 0; i < f->exams->n; i++) {
            settled[i] = f->exams->exam[i].given || f->exams->exam[i].ruling != EXAM_READ;
            atomic_store(&f->exams->exam[i].waits, false);
        }
    }
    free(settled);
    if (number > 1 && !f->signs) {
        char text[16];
        int n = snprintf(text, sizeof text, "%u", number);
        chart_tell(f, F_CHART_SEVERAL_GOES, -1, (origin){0}, (sv){text, (size_t)n}, NOTHING);
    }
    return st;
}

/* ---- exams that cannot be read ---- */

static sv shown_words(const chart_exam *e)
{
    bool f = e->proofs & (TOOTH_PROVES_FDI | PROOF_33), u = e->proofs & TOOTH_PROVES_UNIVERSAL;
    if (f && u) return SV_LIT("universal and fdi");
    return f                                  ? SV_LIT("fdi")
           : u                                ? SV_LIT("universal")
           : e->proofs & TOOTH_PROVES_HADERUP ? SV_LIT("haderup")
                                              : SV_LIT("palmer");
}

static void reject_exams(chart_fold_run *f)
{
    for (size_t i = 0; i < f->exams->n; i++) {
        const chart_exam *e = &f->exams->exam[i];
        if (e->ruling == EXAM_READ || e->ruling == EXAM_UNKNOWN) continue;
        finding_code code = exam_ruling_code((exam_ruling)e->ruling);
        const char *stated = tooth_system_name((tooth_system)e->stated);
        chart_tell(f, code, -1, (origin){0}, sv_from(stated ? stated : ""), shown_words(e));
        if (f->run->reject)
            f->run->reject(f->run->ctx, &(chart_reject){.exam = e->key, .code = code, .whole_exam = true});
    }
}

/* ---- the whole ---- */

static status fold(const chart_run *run, chart_scan *s, chart_exams *exams, sign_counts *signs)
{
    chart_fold_run f = {.run = run, .scan = s, .exams = exams, .signs = signs, .same = same_new(), .mem = arena_new(0)};
    size_t ceiling = run->memory_bytes ? run->memory_bytes : CHART_MEMORY_BYTES;
    status st = f.same && f.mem && open_init(&f.open, exams->n, ceiling) ? ST_OK : out_of_memory(run);
    if (st == ST_OK && !signs) {
        if (run->counts)
            f.line = ledger_line_of(run->counts, LEDGER_ENTITY, SV_LIT("tooth_record"), run->plan->table_name);
        reject_exams(&f);
    }
    if (st == ST_OK) st = run_goes(&f);
    open_free(&f.open, exams->n);
    same_free(f.same);
    arena_free(f.mem);
    return st;
}

/* Where depths, margins and losses stand in different rows, only folded exams tell the sign. */
static bool signs_need_a_fold(const chart_plan *p)
{
    bool cal = false, margin = false;
    for (size_t i = 0; i < p->measure_words; i++) {
        cal |= p->measures[i].measure == MEASURE_CAL;
        margin |= p->measures[i].measure == MEASURE_RECESSION;
    }
    if (p->shape == SHAPE_TOOTH_MEASURE) return margin && cal;
    cal = false;
    for (size_t i = 0; i < p->columns; i++) {
        if (!p->column[i].packed) continue;
        cal |= p->column[i].measure == MEASURE_CAL;
        margin |= p->column[i].measure == MEASURE_RECESSION;
    }
    return margin && (cal || p->margin == MARGIN_UNKNOWN);
}

static void tell_readable(const chart_run *run, const chart_exams *exams)
{
    for (size_t i = 0; run->readable && i < exams->n; i++)
        if (exams->exam[i].ruling == EXAM_READ) run->readable(run->ctx, exams->exam[i].key);
}

static status fold_for_signs(const chart_run *run, chart_scan *s, chart_exams *exams, sign_counts *signs)
{
    *signs = (sign_counts){0};
    scan_set_margin(s, MARGIN_UNKNOWN);
    status st = fold(run, s, exams, signs);
    for (size_t i = 0; i < exams->n; i++) exams->exam[i].given = false;
    return st;
}

status chart_fold(const chart_run *run)
{
    chart_exams exams;
    chart_scan s = {.mem = NULL};
    sign_counts signs = {0};
    status st = exams_init(&exams, CHART_EXAMS_BYTES) ? ST_OK : out_of_memory(run);
    if (st == ST_OK) st = chart_survey(run, &exams, &signs);
    if (st == ST_OK && !exams_decide(&exams, run)) st = out_of_memory(run);
    if (st == ST_OK) tell_readable(run, &exams);
    if (st == ST_OK && !scan_init(&s, run, false)) st = out_of_memory(run);
    if (st == ST_OK && signs_need_a_fold(run->plan)) st = fold_for_signs(run, &s, &exams, &signs);
    margin_sign margin = run->plan->margin;
    if (st == ST_OK) st = sign_decide(run, &signs, &margin);
    if (st == ST_OK) scan_set_margin(&s, margin);
    if (st == ST_OK) st = fold(run, &s, &exams, NULL);
    scan_free(&s);
    exams_free(&exams);
    return st;
}
