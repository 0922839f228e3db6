#include "documents/chart_files.h"
#include "deliver/exam_choice.h"
#include "deliver/scope.h"
#include "documents/exam_facts.h"
#include <stdlib.h>

enum { DESTINATIONS_MAX = 16, PDF_BYTES_MAX = 16 << 20 };

struct chart_files {
    documents *to;
    deliver_run run;
    exam_choice *choice[DESTINATIONS_MAX]; /* by their order among the documents' */
    size_t destinations;
    exam_facts *facts;
    arena *one; /* of the exam at hand */
    buf pdf;
};

static status no_memory(const chart_files *c)
{
    find_code(c->run.found, F_OUT_OF_MEMORY, "drawing charts");
    return ST_FATAL;
}

chart_files *chart_files_new(documents *to, const deliver_run *run)
{
    chart_files *c = calloc(1, sizeof *c);
    arena *one = arena_new(0);
    if (!c || !one) {
        find_code(run->found, F_OUT_OF_MEMORY, "drawing charts");
        arena_free(one);
        free(c);
        return NULL;
    }
    *c = (chart_files){.to = to, .run = *run, .one = one, .pdf = buf_new(PDF_BYTES_MAX)};
    c->facts = exam_facts_new(run->work, run->found);
    if (c->facts) return c;
    chart_files_free(c);
    return NULL;
}

void chart_files_free(chart_files *c)
{
    if (!c) return;
    for (size_t i = 0; i < c->destinations; i++) exam_choice_free(c->choice[i]);
    exam_facts_free(c->facts);
    arena_free(c->one);
    buf_free(&c->pdf);
    free(c);
}

bool chart_files_add(chart_files *c, const destination *d)
{
    if (c->destinations == DESTINATIONS_MAX) return no_memory(c) == ST_OK;
    const exams_asked asked = {d->charts, d->charts_since, SV_LIT("charts"), d->id};
    exam_choice *choice = exam_choice_new(&asked, &c->run);
    if (!choice) return false;
    c->choice[c->destinations++] = choice;
    return true;
}

status chart_files_exam(chart_files *c, sv exam)
{
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < c->destinations; i++) s = exam_choice_exam(c->choice[i], exam);
    return s;
}

status chart_files_lost(chart_files *c, sv exam)
{
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < c->destinations; i++) s = exam_choice_lost(c->choice[i], exam);
    return s;
}

static bool is_out(const chart_files *c, sv exam)
{
    const model_entity *e = model_entity_named(SV_LIT("clinical_exam"));
    return c->run.scope && (scope_leaves_entity(c->run.scope, e) || scope_leaves_out(c->run.scope, e, exam));
}

/* The page has the key of the patient, not the name: files go through many hands. */
static status draw(chart_files *c, const exam_chart *x, const bool *wanted)
{
    facts_of_exam f;
    arena_reset(c->one);
    status s = exam_facts_of(c->facts, x->exam, c->one, &f);
    if (s != ST_OK) return s == ST_END ? ST_OK : s;
    f.patient.name = (sv){NULL, 0};
    f.exam.chart = x;
    buf_clear(&c->pdf);
    if (!drawing_pdf(&f.patient, &f.exam, 1, &c->pdf)) return no_memory(c);
    const made_file m = {.key = f.exam.key,
                         .patient = f.patient.key,
                         .exam = f.exam.key,
                         .kind = SV_LIT("chart as PDF"),
                         .category = SV_LIT("Periodontal chart"),
                         .captured = f.moment,
                         .extension = SV_LIT("pdf")};
    return documents_made(c->to, &m, buf_view(&c->pdf), wanted);
}

status chart_files_take(chart_files *c, const exam_chart *x)
{
    bool wanted[DESTINATIONS_MAX] = {false}, any = false;
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < c->destinations; i++) {
        s = exam_wanted(c->choice[i], x->exam, &wanted[i]);
        any |= wanted[i];
    }
    if (s != ST_OK || !any || is_out(c, x->exam)) return s;
    return draw(c, x, wanted);
}
