/* A conversion from end to end. Each step says how the run ends when it cannot go on; the unfinished folder is
 * removed in one place. */
#include "convert/convert.h"
#include "base/memory.h"
#include "convert/run.h"

static convert_end open_folder(run *r)
{
    const report_source *s = &r->facts.source;
    if (r->o->out) {
        sv name = run_folder_safe_name(s->database, s->finished, r->mem);
        if (!name.p) return run_no_memory(r);
        r->folder = run_folder_new(r->o->out, name, r->found);
        if (!r->folder) return CONVERT_NO_OUTPUT;
        r->facts.run = run_folder_name(r->folder);
    }
    r->out = rejects_new(r->folder && !r->o->dry ? run_folder_partial(r->folder) : NULL, r->found);
    if (!r->out) return run_no_memory(r);
    if (r->folder && !r->o->dry) r->audit = audit_new(run_folder_partial(r->folder), r->found);
    if (r->folder && !r->o->dry && !r->audit) return run_why_fatal(r);
    r->listed = r->out;
    r->quality = quality_lists_new(r->folder && !r->o->dry ? run_folder_partial(r->folder) : NULL, r->found);
    return r->quality ? CONVERT_DONE : run_why_fatal(r);
}

static convert_end all_steps(run *r)
{
    static const struct {
        const char *name; /* for the log */
        convert_end (*take)(run *r);
    } step[] = {{"opening the output", open_folder},
                {"opening the source", run_open_databases},
                {"preparing a sample", run_begin_sampling},
                {"staging records", run_stage_entities},
                {"withholding", run_withhold},
                {"beginning bundles", run_begin_deliveries},
                {"beginning documents", run_begin_documents},
                {"folding charts", run_fold_charts},
                {"streaming documents", run_stream_documents},
                {"writing bundles", run_write_all},
                {"beginning to count", run_count_quality},
                {"counting rows that are missing", run_count_missing},
                {"closing the audit", run_close_audit},
                {"counting", run_end_counting},
                {"comparing the sample", run_finish_sampling},
                {"closing lists", run_close_lists},
                {"waiting for workbooks", run_wait_for_all},
                {"closing", run_close}};
    for (size_t i = 0; i < sizeof step / sizeof step[0]; i++) {
        if (run_stopped(r)) return CONVERT_CANCELLED;
        if (memory_has_run_out()) return run_no_memory(r);
        run_log_step(&r->log, step[i].name);
        convert_end end = step[i].take(r);
        if (end != CONVERT_DONE) return end;
    }
    return CONVERT_DONE;
}

enum { TRIAL_PATIENTS = 20 };

static bool read_scope(run *r)
{
    r->scope_options.trial_patients = TRIAL_PATIENTS;
    for (size_t i = 0; i < r->o->onlys; i++) {
        const char *why = scope_option(sv_from(r->o->only[i]), &r->scope_options, r->mem);
        if (why) problem_add(&r->result->wrong, SV_LIT("--only"), 0, 0, "\"%s\": %s", r->o->only[i], why);
    }
    return run_read_without(r);
}

/* Before the source is read: who gives a wrong list hears of it at once. */
static bool read_decisions(run *r)
{
    const choice *c = &r->choice;
    if (r->o->since && !state_key_read(r->o->since, &r->state_key, r->found)) return false;
    if (r->o->decisions) r->merges = merges_read(r->o->decisions, r->mem, r->found);
    r->ownership = ownership_read(r->o, c->destination, c->destinations, r->mem, r->found);
    return r->ownership && (r->merges || !r->o->decisions);
}

static convert_end prepare(run *r)
{
    if (!read_scope(r)) return CONVERT_WRONG_FILES;
    convert_end end = choice_read(&r->choice, r->o, r->mem, &r->result->wrong, r->found);
    if (end != CONVERT_DONE) return end;
    if (r->source->ops->catalog(r->source, &r->tables) != ST_OK) return CONVERT_NO_SOURCE;
    end = choice_profile(&r->choice, r->tables, r->mem, r->found);
    if (end == CONVERT_DONE) end = choice_destinations(&r->choice, r->o, r->mem, &r->result->wrong, r->found);
    if (end != CONVERT_DONE) return end;
    if (!choice_options(&r->choice, r->o, r->mem, &r->result->wrong)) return CONVERT_WRONG_FILES;
    if (!read_decisions(r)) return findings_count(r->found, F_OUT_OF_MEMORY) ? CONVERT_FAILED : CONVERT_WRONG_FILES;
    const choice *c = &r->choice;
    r->result->profile_id = profile_id(c->profile);
    r->result->profile_title = profile_title(c->profile);
    r->result->profile_score = c->score;
    r->facts.version = SV_LIT(CHARTFERRY_VERSION);
    r->facts.source = source_facts(r->source->ops->info(r->source));
    r->facts.profile = (report_profile){profile_id(c->profile), profile_title(c->profile), c->score, c->missing,
                                        sv_from(c->profile_hash)};
    if (!r->o->dry) r->given = source_files_begin(r->o->given, r->o->givens);
    if (!run_asked(r) || (!r->o->dry && !r->given)) return run_no_memory(r);
    r->facts.counts = r->result->counts;
    r->facts.found = r->found;
    return CONVERT_DONE;
}

static void clean_up(run *r, convert_end end)
{
    (void)run_end_counting(r);
    for (size_t i = 0; r->delivery && i < r->choice.destinations; i++) delivery_free(r->delivery[i]);
    sampling_free(r->sampling);
    scope_free(r->scope);
    arena_free(r->chart_mem);
    chart_files_free(r->drawn);
    documents_free(r->documents);
    lanes_free(r->lanes);
    source_work_close(&r->work);
    rejects_free(r->out);
    audit_free(r->audit);
    quality_lists_free(r->quality);
    source_files_free(r->given);
    bool keep = end == CONVERT_DONE && !r->o->dry;
    /* Everything is in the folder and only its name could not be given: the finding says so, and it stays. */
    keep |= findings_count(r->found, F_OUT_RENAME_FAILED) > 0;
    if (r->folder && !keep) r->result->partial_left = !run_folder_discard(r->folder);
    if (end != CONVERT_DONE) r->result->run_folder = (sv){NULL, 0};
    run_folder_free(r->folder);
}

convert_end convert_run(row_source *s, const convert_options *o, findings *f, convert_result *out)
{
    *out = (convert_result){.mem = arena_new(0), .counts = ledger_new()};
    run r = {.source = s, .o = o, .found = f, .result = out, .mem = out->mem};
    out->wrong.mem = out->mem;
    run_log_begin(&r.log);
    if (!out->mem || !out->counts) return run_no_memory(&r);
    convert_end end = prepare(&r);
    if (end == CONVERT_DONE) end = all_steps(&r);
    clean_up(&r, end);
    problems_sort(&out->wrong);
    return end;
}

void convert_result_free(convert_result *r)
{
    ledger_free(r->counts);
    arena_free(r->mem);
    *r = (convert_result){0};
}
