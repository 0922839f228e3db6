/* What the steps of a run share: progress, how a run ends, the files that stay in the practice. */
#include "convert/run.h"

void run_progress(const run *r, const char *stage)
{
    if (r->o->progress) r->o->progress(r->o->ctx, stage, 0, 0);
}

bool run_stopped(const run *r) { return r->o->cancelled && r->o->cancelled(r->o->ctx); }

convert_end run_no_memory(run *r)
{
    find_code(r->found, F_OUT_OF_MEMORY, "converting");
    return CONVERT_FAILED;
}

bool run_give(const run *r) { return !r->lanes || lanes_give(r->lanes); }

convert_end run_why_fatal(const run *r)
{
    static const finding_code output[] = {F_OUT_CREATE_FAILED, F_OUT_WRITE_FAILED, F_OUT_RENAME_FAILED,
                                          F_DEL_WORK_FAILED};
    (void)run_give(r);
    if (run_stopped(r)) return CONVERT_CANCELLED;
    if (findings_count(r->found, F_DEL_LIMIT_BROKEN) || findings_count(r->found, F_DEC_OWNER_MISSING))
        return CONVERT_WRONG_FILES;
    for (size_t i = 0; i < sizeof output / sizeof output[0]; i++)
        if (findings_count(r->found, output[i])) return CONVERT_NO_OUTPUT;
    return findings_count(r->found, F_OUT_OF_MEMORY) ? CONVERT_FAILED : CONVERT_NO_SOURCE;
}

bool run_keep_lists(run *r, const rejects_file *file, size_t n)
{
    report_file *all = arena_array(r->mem, r->facts.lefts + n + 1, sizeof *all);
    if (!all) return false;
    if (r->facts.lefts) memcpy(all, r->facts.left, r->facts.lefts * sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[r->facts.lefts + i] = (report_file){
            .path = file[i].path, .rows = file[i].rows, .bytes = file[i].bytes, .sha256 = sv_from(file[i].sha256)};
    r->facts.left = all;
    r->facts.lefts += n;
    return true;
}

convert_end run_after(const run *r, status s)
{
    if (s == ST_END || run_stopped(r)) return CONVERT_CANCELLED;
    return s == ST_OK ? CONVERT_DONE : run_why_fatal(r);
}
