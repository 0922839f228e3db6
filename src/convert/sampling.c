#include "convert/sampling.h"
#include "base/platform.h"
#include <stdlib.h>

struct sampling {
    sample *sample;
    sampling_options o;
};

sampling *sampling_new(const sampling_options *o)
{
    sampling *s = calloc(1, sizeof *s);
    if (!s) {
        find_code(o->found, F_OUT_OF_MEMORY, "choosing a sample");
        return NULL;
    }
    *s = (sampling){.sample = sample_new(o->work, o->patients, o->found), .o = *o};
    if (s->sample) return s;
    sampling_free(s);
    return NULL;
}

void sampling_free(sampling *s)
{
    if (!s) return;
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

void sampling_reject(sampling *s, const profile_reject *x)
{
    sv patient = patient_of(x);
    if (!s) return;
    if (x->held_back)
        sample_held_back(s->sample, x->entity, x->src_key);
    else if (patient.n)
        sample_rejected(s->sample, patient);
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
