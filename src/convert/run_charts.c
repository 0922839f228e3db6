/* The charts of a run: folded once, each exam to every destination. */
#include "base/platform.h"
#include "convert/run.h"

static void keep(run *r, bool good)
{
    if (!good) r->list_failed = true;
}

/* ---- once every destination took it ---- */

static bool draw_chart(void *ctx, const exam_chart *x)
{
    const run *r = ctx;
    return chart_files_take(r->drawn, x) == ST_OK;
}

static bool draw_none(void *ctx, sv exam)
{
    const run *r = ctx;
    return chart_files_lost(r->drawn, exam) == ST_OK;
}

/* ---- from the fold ---- */

static bool take_chart(void *ctx, const exam_chart *x)
{
    run *r = ctx;
    if (r->without_notes) x = run_without_notes(r, x);
    if (!x) {
        (void)run_no_memory(r);
        r->list_failed = true;
        return false;
    }
    chart_count(&r->charts, x);
    keep(r, sampling_chart(r->sampling, x) == ST_OK);
    keep(r, quality_chart(r->quality, x) == ST_OK);
    if (r->batch) {
        keep(r, chart_batch_chart(r->batch, x));
    } else {
        for (size_t i = 0; i < r->choice.destinations; i++) keep(r, delivery_chart(r->delivery[i], x) == ST_OK);
        keep(r, draw_chart(r, x));
    }
    return !r->list_failed;
}

static void lose_exam(run *r, sv exam)
{
    if (r->batch) {
        keep(r, chart_batch_lost(r->batch, exam));
        return;
    }
    for (size_t i = 0; i < r->choice.destinations; i++) keep(r, delivery_exam_lost(r->delivery[i], exam) == ST_OK);
    keep(r, draw_none(r, exam));
}

static void list_chart_reject(void *ctx, const chart_reject *x)
{
    run *r = ctx;
    keep(r, quality_chart_reject(r->quality, x) == ST_OK);
    if (x->whole_exam)
        lose_exam(r, x->exam);
    else if (r->batch)
        keep(r, chart_batch_listed(r->batch));
}

static void take_exam(void *ctx, sv exam)
{
    run *r = ctx;
    for (size_t i = 0; i < r->choice.destinations; i++) keep(r, delivery_exam(r->delivery[i], exam) == ST_OK);
    keep(r, chart_files_exam(r->drawn, exam) == ST_OK);
}

static bool take_rest(void *ctx)
{
    run *r = ctx;
    if (r->batch) keep(r, chart_batch_flush(r->batch));
    return !r->list_failed;
}

static bool is_traced(void *ctx, sv exam) { return sampling_traced(((run *)ctx)->sampling, exam); }

static bool charts_stopped(void *ctx) { return run_stopped(ctx); }

static bool begin_batch(run *r)
{
    const size_t n = r->choice.destinations;
    if (!r->lanes) return true;
    r->batch = chart_batch_new(&(chart_batch_to){r->delivery, n, r->lanes, draw_chart, draw_none, r});
    if (r->batch) r->listed = lanes_out(r->lanes, n);
    return r->batch != NULL;
}

convert_end run_fold_charts(run *r)
{
    const profile_run p = run_of_profile(r);
    const profile_chart_sink sink = {.take = take_chart,
                                     .exam = take_exam,
                                     .reject = list_chart_reject,
                                     .whole = take_rest,
                                     .cancelled = charts_stopped,
                                     .threads = os_cpus(),
                                     .traced = r->sampling ? is_traced : NULL,
                                     .ctx = r};
    if (!begin_batch(r)) return run_no_memory(r);
    status s = profile_charts(r->choice.profile, &p, &sink);
    chart_batch_free(r->batch);
    r->batch = NULL;
    r->listed = r->out;
    keep(r, run_give(r));
    if (r->result->wrong.n) return CONVERT_WRONG_FILES;
    if (run_stopped(r)) return CONVERT_CANCELLED;
    return s == ST_OK && !r->list_failed ? CONVERT_DONE : run_why_fatal(r);
}
