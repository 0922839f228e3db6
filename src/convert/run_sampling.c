/* A run about a sample: prepared before the source is read, chosen when it is staged. */
#include "convert/run.h"

convert_end run_begin_sampling(run *r)
{
    const sampling_options s = {.patients = r->o->sample,
                                .work = sql_handle(r->work.work),
                                .folder = r->folder && !r->o->dry ? run_folder_partial(r->folder) : NULL,
                                .found = r->found,
                                .mem = r->mem,
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
    return run_keep_lists(r, list, n) ? CONVERT_DONE : run_no_memory(r);
}
