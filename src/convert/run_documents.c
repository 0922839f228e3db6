/* The documents of a run: where they go is known before the charts are drawn, their content is streamed after. */
#include "convert/run.h"

/* Before the charts are folded: drawn ones are among the files. */
convert_end run_begin_documents(run *r)
{
    const documents_run x = {.work = sql_handle(r->work.work),
                             .source = r->source,
                             .folder = r->o->dry ? NULL : run_folder_partial(r->folder),
                             .files_folder = r->o->files,
                             .system = profile_system(r->choice.profile),
                             .counts = r->result->counts,
                             .found = r->found,
                             .out = r->out,
                             .scope = r->scope,
                             .audit = r->audit,
                             .mem = r->mem,
                             .cancelled = r->o->cancelled,
                             .ctx = r->o->ctx};
    size_t n = 0;
    r->files_of = arena_array(r->mem, r->choice.destinations + 1, sizeof *r->files_of);
    r->documents = documents_new(&x);
    if (!r->files_of || !r->documents) return run_no_memory(r);
    const deliver_run drawing = {.work = x.work, .found = r->found, .scope = r->scope};
    r->drawn = chart_files_new(r->documents, &drawing);
    if (!r->drawn) return run_why_fatal(r);
    for (size_t i = 0; i < r->choice.destinations; i++) {
        const destination *d = r->choice.destination[i];
        const file_rules *rules = destination_files(d);
        r->files_of[i] = rules ? n++ : SIZE_MAX;
        if (!rules) continue;
        if (!documents_add(r->documents, destination_id(d), rules, destination_draws_charts(d), r->state[i]) ||
            !chart_files_add(r->drawn, d))
            return run_why_fatal(r);
    }
    return CONVERT_DONE;
}

static bool take_content(void *ctx, const profile_content *c)
{
    run *r = ctx;
    r->content = documents_take(r->documents, c->entity, c->src_key, &c->place);
    return r->content == ST_OK;
}

/* Before the records are written: what a document is, is told by its content. */
convert_end run_stream_documents(run *r)
{
    const profile_run p = run_of_profile(r);
    run_progress(r, "documents");
    chart_files_free(r->drawn);
    r->drawn = NULL;
    status s = profile_contents(r->choice.profile, &p, take_content, r);
    if (s != ST_FATAL && r->content == ST_OK) s = documents_finish(r->documents);
    if (r->content != ST_OK) s = r->content;
    return run_after(r, s);
}
