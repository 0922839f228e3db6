#include "convert/sampling.h"
#include "base/platform.h"
#include <stdlib.h>

struct sampling {
    sample *sample;
    sampling_options o;
    diff_store *store; /* NULL: dry */
    record_scope *scope;
    diff **diff;
    size_t diffs;
};

sampling *sampling_new(const sampling_options *o)
{
    sampling *s = calloc(1, sizeof *s);
    if (!s) {
        find_code(o->found, F_OUT_OF_MEMORY, "choosing a sample");
        return NULL;
    }
    *s = (sampling){.sample = sample_new(o->work, o->patients, o->found), .o = *o};
    if (s->sample && o->folder) s->store = diff_store_new(o->work, o->found);
    if (s->sample && (s->store || !o->folder)) return s;
    sampling_free(s);
    return NULL;
}

void sampling_free(sampling *s)
{
    if (!s) return;
    for (size_t i = 0; i < s->diffs; i++) diff_free(s->diff[i]);
    diff_store_free(s->store);
    sample_free(s->sample);
    free(s);
}

/* Whose the row would have been, as its SELECT gave it. */
static sv patient_of(const profile_reject *x)
{
    for (size_t i = 0; i < x->columns; i++)
        if (sv_eq(x->column[i], SV_LIT("patient"))) return x->original[i];
    return (sv){NULL, 0};
}

static finding_code withheld(const sampling *s, const model_field *f)
{
    if (f && f->note && s->o.without_notes) return F_QUA_NOTES_WITHHELD;
    const bool national = f && f->concern && strcmp(f->concern, "national_id") == 0;
    return national && s->o.without_national_id ? F_QUA_NATIONAL_ID_WITHHELD : FINDING_CODES;
}

static void put(sampling *s, const profile_origin *o)
{
    diff_origin x = {o->entity, o->src_key, o->field ? o->field->name : "", o->part, o->table, o->column, o->row,
                     o->value,  o->made};
    const finding_code code = withheld(s, o->field);
    if (code != FINDING_CODES && o->value.n) {
        x.value = (sv){NULL, 0};
        diff_store_held_back(s->store, o->entity, o->src_key, sv_from(x.field), sv_from(finding_text_of(code)->id));
    }
    diff_store_put(s->store, &x);
}

void sampling_carried(sampling *s, const profile_origin *o)
{
    if (s && s->store) put(s, o);
}

void sampling_reject(sampling *s, const profile_reject *x)
{
    sv patient = patient_of(x);
    if (!s) return;
    if (x->held_back) {
        sample_held_back(s->sample, x->entity, x->src_key);
        if (s->store) diff_store_held_back(s->store, x->entity, x->src_key, x->field, sv_from(x->code));
    }
    if (!x->held_back && patient.n) sample_rejected(s->sample, patient);
}

/* ---- the charts, before any is given out ---- */

static bool look_at(void *ctx, const exam_chart *x)
{
    sample_chart(((sampling *)ctx)->sample, x);
    return true;
}

static void look_at_reject(void *ctx, const chart_reject *x) { sample_chart_reject(((sampling *)ctx)->sample, x); }

static bool wants_to_stop(void *ctx)
{
    const sampling *s = ctx;
    return s->o.cancelled && s->o.cancelled(s->o.ctx);
}

void sampling_begin(sampling *s, const profile *x, const profile_run *run, scope_options *scope)
{
    if (!s) return;
    problems unheard = {.mem = run->wrong->mem};
    profile_run quiet = *run;
    quiet.wrong = &unheard;
    quiet.found = NULL;
    const profile_chart_sink sink = {.take = look_at,
                                     .reject = look_at_reject,
                                     .cancelled = wants_to_stop,
                                     .threads = os_cpus(),
                                     .look = true,
                                     .ctx = s};
    /* What stands against the charts as a whole is told when they are read in earnest. */
    (void)profile_charts(x, &quiet, &sink);
    scope->choose = sample_choose;
    scope->choose_ctx = s->sample;
}

status sampling_list(sampling *s, const rejects_file **file, size_t *n)
{
    const rejects_file *written = NULL;
    *n = 0;
    if (!s) return ST_OK;
    if (sample_write(s->sample, s->o.folder, &written, n) != ST_OK) return ST_FATAL;
    rejects_file *kept = arena_array(s->o.mem, *n + 1, sizeof *kept);
    if (kept && *n) memcpy(kept, written, *n * sizeof *kept);
    *file = kept;
    return kept ? ST_OK : ST_FATAL;
}

/* ---- the comparison ---- */

static bool wanted(void *ctx, const model_entity *e, sv src_key)
{
    sampling *s = ctx;
    return !scope_leaves_out(s->scope, e, src_key) || diff_store_wants(s->store, e, src_key);
}

static bool take_origin(void *ctx, const profile_origin *o)
{
    sampling *s = ctx;
    put(s, o);
    return !diff_store_failed(s->store) && !scope_failed(s->scope) && !wants_to_stop(s);
}

static status trace(sampling *s, const sampling_compared *c)
{
    const profile_trace_sink sink = {wanted, take_origin, s};
    for (size_t i = 0; i < c->destinations; i++)
        if (!diff_store_want_values(s->store, c->destination[i])) return ST_FATAL;
    if (sqlite3_exec(s->o.work, "BEGIN", NULL, NULL, NULL) != SQLITE_OK) return ST_FATAL;
    status st = profile_trace(c->profile, c->run, &sink);
    bool ended = sqlite3_exec(s->o.work, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    return ended && !diff_store_failed(s->store) ? st : ST_FATAL;
}

status sampling_compare(sampling *s, const sampling_compared *c)
{
    if (!s || !s->store) return ST_OK;
    s->scope = c->scope;
    diff_store_chart_table(s->store, c->chart_table);
    s->diff = arena_array(s->o.mem, c->destinations + 1, sizeof(diff *));
    if (!s->diff || trace(s, c) != ST_OK) return ST_FATAL;
    for (; s->diffs < c->destinations; s->diffs++) {
        sv id = destination_id(c->destination[s->diffs]);
        sv path = arena_printf(s->o.mem, SAMPLE_FOLDER "/%.*s", (int)id.n, id.p);
        s->diff[s->diffs] = path.p ? diff_new(s->store, s->o.folder, path.p, s->o.mem, s->o.found) : NULL;
        if (!s->diff[s->diffs]) return ST_FATAL;
    }
    return ST_OK;
}

const row_watch *sampling_watch(const sampling *s, size_t at)
{
    return s && at < s->diffs ? diff_watch(s->diff[at]) : NULL;
}

bool sampling_traced(sampling *s, sv exam)
{
    return s && s->store && s->scope && !scope_leaves_out(s->scope, model_entity_named(SV_LIT("clinical_exam")), exam);
}

status sampling_chart(sampling *s, const exam_chart *x)
{
    if (!s || !s->store || !x->origins) return ST_OK;
    diff_store_chart(s->store, x);
    return diff_store_failed(s->store) ? ST_FATAL : ST_OK;
}

status sampling_finish(sampling *s, const rejects_file **file, size_t *n, diff_counts *counts)
{
    *n = 0;
    if (!s || !s->diffs) return ST_OK;
    rejects_file *all = arena_array(s->o.mem, 2 * s->diffs + 1, sizeof *all);
    status st = all ? ST_OK : ST_FATAL;
    for (size_t i = 0; st == ST_OK && i < s->diffs; i++, *n += 2) {
        diff *d = s->diff[i];
        s->diff[i] = NULL;
        st = diff_close(d, all + *n, &counts[i]);
    }
    *file = all;
    return st;
}

sample_facts sampling_facts(const sampling *s) { return sample_facts_of(s->sample); }
