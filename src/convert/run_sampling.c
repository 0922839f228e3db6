/* A run about a sample: prepared before the source is read, chosen when it is staged. */
#include "convert/run.h"

convert_end run_begin_sampling(run *r)
{
    const sampling_options s = {.patients = r->o->sample,
                                .work = sql_handle(r->work.work),
                                .folder = r->folder && !r->o->dry ? run_folder_partial(r->folder) : NULL,
                                .found = r->found,
                                .mem = r->mem,
                                .without_notes = r->without_notes,
                                .without_national_id = run_withholds_national_id(r),
                                .cancelled = r->o->cancelled,
                                .ctx = r->o->ctx};
    if (!r->o->sample) return CONVERT_DONE;
    r->sampling = sampling_new(&s);
    return r->sampling ? CONVERT_DONE : run_why_fatal(r);
}

convert_end run_make_scope(run *r)
{
    const profile_run staged = run_of_profile(r);
    const rejects_file *list = NULL;
    size_t n = 0;
    sampling_begin(r->sampling, r->choice.profile, &staged, &r->scope_options);
    if (run_stopped(r)) return CONVERT_CANCELLED;
    r->scope = scope_new(sql_handle(r->work.work), &r->scope_options, r->found);
    if (!r->scope || sampling_list(r->sampling, &list, &n) != ST_OK) return run_why_fatal(r);
    if (!run_keep_lists(r, list, n)) return run_no_memory(r);
    const sampling_compared c = {.profile = r->choice.profile,
                                 .run = &staged,
                                 .scope = r->scope,
                                 .chart_table = profile_chart_table(r->choice.profile, r->tables),
                                 .destination = r->choice.destination,
                                 .destinations = r->choice.destinations};
    return run_after(r, sampling_compare(r->sampling, &c));
}

static report_results results_of(const uint64_t lines[DIFF_RESULTS])
{
    return (report_results){lines[DIFF_SAME], lines[DIFF_CHANGED], lines[DIFF_EMPTY], lines[DIFF_HELD_BACK]};
}

static bool report_destination_of(run *r, size_t at, const diff_counts *c, report_compared *out)
{
    struct report_rule *all = arena_array(r->mem, DIFF_RULES, sizeof *all);
    if (!all) return false;
    *out = (report_compared){.id = destination_id(r->choice.destination[at]),
                             .records = c->records,
                             .lines = c->lines,
                             .all = results_of(c->result),
                             .rule = all};
    for (size_t i = 0; i < DIFF_RULES; i++) {
        uint64_t lines = 0;
        for (size_t k = 0; k < DIFF_RESULTS; k++) lines += c->by[i][k];
        if (lines) all[out->rules++] = (struct report_rule){sv_from(diff_rule_words[i]), results_of(c->by[i])};
    }
    return true;
}

static bool report_it(run *r, const diff_counts *counts, bool compared)
{
    report_sample *s = arena_alloc(r->mem, sizeof *s);
    report_compared *all = arena_array(r->mem, r->choice.destinations + 1, sizeof *all);
    if (!s || !all) return false;
    sample_facts f = sampling_facts(r->sampling);
    *s = (report_sample){.asked = f.asked,
                         .patients = f.chosen + f.came_along,
                         .strata = f.strata,
                         .covered = f.covered,
                         .absent = f.absent,
                         .left_out = f.left_out,
                         .destination = all};
    for (size_t i = 0; compared && i < r->choice.destinations; i++)
        if (!report_destination_of(r, i, &counts[i], &all[s->destinations++])) return false;
    r->facts.sample = s;
    return true;
}

convert_end run_finish_sampling(run *r)
{
    const rejects_file *file = NULL;
    size_t n = 0;
    diff_counts *counts = arena_array(r->mem, r->choice.destinations + 1, sizeof *counts);
    if (!counts) return run_no_memory(r);
    if (!r->sampling) return CONVERT_DONE;
    if (sampling_finish(r->sampling, &file, &n, counts) != ST_OK) return run_why_fatal(r);
    if (!report_it(r, counts, n > 0)) return run_no_memory(r);
    return run_keep_lists(r, file, n) ? CONVERT_DONE : run_no_memory(r);
}
