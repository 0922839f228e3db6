/* The charts of a run: folded once, each exam to every destination. */
#include "convert/run.h"

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
    if (quality_chart(r->quality, x) != ST_OK) r->list_failed = true;
    for (size_t i = 0; i < r->choice.destinations; i++)
        if (delivery_chart(r->delivery[i], x) != ST_OK) r->list_failed = true;
    if (chart_files_take(r->drawn, x) != ST_OK) r->list_failed = true;
    return !r->list_failed;
}

static void list_chart_reject(void *ctx, const chart_reject *x)
{
    run *r = ctx;
    if (quality_chart_reject(r->quality, x) != ST_OK) r->list_failed = true;
    for (size_t i = 0; x->whole_exam && i < r->choice.destinations; i++)
        if (delivery_exam_lost(r->delivery[i], x->exam) != ST_OK) r->list_failed = true;
    if (x->whole_exam && chart_files_lost(r->drawn, x->exam) != ST_OK) r->list_failed = true;
}

static void take_exam(void *ctx, sv exam)
{
    run *r = ctx;
    for (size_t i = 0; i < r->choice.destinations; i++)
        if (delivery_exam(r->delivery[i], exam) != ST_OK) r->list_failed = true;
    if (chart_files_exam(r->drawn, exam) != ST_OK) r->list_failed = true;
}

static bool charts_stopped(void *ctx) { return run_stopped(ctx); }

convert_end run_fold_charts(run *r)
{
    const profile_run p = run_of_profile(r);
    const profile_chart_sink sink = {.take = take_chart,
                                     .exam = take_exam,
                                     .reject = list_chart_reject,
                                     .cancelled = charts_stopped,
                                     .threads = os_cpus(),
                                     .ctx = r};
    status s = profile_charts(r->choice.profile, &p, &sink);
    if (r->result->wrong.n) return CONVERT_WRONG_FILES;
    if (run_stopped(r)) return CONVERT_CANCELLED;
    return s == ST_OK && !r->list_failed ? CONVERT_DONE : run_why_fatal(r);
}
