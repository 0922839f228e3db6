/* What stays in the practice because whoever converts said so (--without): taken out of the staged records before anything is
 * written of them. */
#include "base/ascii.h"
#include "convert/run.h"
#include "model/work_file.h"

static const char known[] = "notes, ssn";

bool run_read_without(run *r)
{
    sv rest = r->o->without ? sv_from(r->o->without) : (sv){NULL, 0};
    while (rest.n) {
        const char *comma = sv_find(rest, ',');
        const sv word = {rest.p, comma ? (size_t)(comma - rest.p) : rest.n};
        if (sv_eq(word, SV_LIT("notes")))
            r->without_notes = true;
        else if (sv_eq(word, SV_LIT("ssn")) || sv_eq(word, SV_LIT("national_id")))
            r->without_national_id = true;
        else
            problem_add(&r->result->wrong, SV_LIT("--without"), 0, 0, "\"%.*s\" is none of %s", (int)word.n, word.p,
                        known);
        rest = comma ? (sv){comma + 1, rest.n - word.n - 1} : (sv){NULL, 0};
    }
    if (!r->without_notes) return r->result->wrong.n == 0;
    /* Records that are nothing but a note: left out as such, and counted as skipped. */
    const size_t n = r->scope_options.withouts;
    sv *all = arena_array(r->mem, n + 1, sizeof *all);
    if (!all) return false;
    if (n) memcpy(all, r->scope_options.without, n * sizeof *all);
    all[n] = SV_LIT("clinical_note");
    r->scope_options.without = all;
    r->scope_options.withouts = n + 1;
    return r->result->wrong.n == 0;
}

bool run_withholds_national_id(const run *r)
{
    return r->without_national_id || !sv_eq(profile_option_text(r->choice.profile, "national_id"), SV_LIT("yes"));
}

static bool empty_field(run *r, const model_entity *e, const model_field *f, uint64_t *values)
{
    sqlite3 *db = sql_handle(r->work.work);
    char sql[256];
    sqlite3_snprintf(sizeof sql, sql, "UPDATE main.\"%w\" SET \"%w\" = NULL WHERE \"%w\" IS NOT NULL", e->name, f->name,
                     f->name);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) return false;
    *values += (uint64_t)sqlite3_changes(db);
    return true;
}

convert_end run_withhold(run *r)
{
    sqlite3 *db = sql_handle(r->work.work);
    uint64_t values = 0;
    if (!r->without_notes) return CONVERT_DONE;
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        bool there = false;
        if (!work_look(db, sv_from(e->name), &there)) return run_why_fatal(r);
        for (size_t k = 0; there && k < e->fields; k++)
            if (e->field[k].note && !empty_field(r, e, &e->field[k], &values)) {
                (void)work_failed(db, r->found, "taking notes out");
                return CONVERT_NO_OUTPUT;
            }
    }
    find_code(r->found, F_QUA_NOTES_WITHHELD, "%llu", (unsigned long long)values);
    return CONVERT_DONE;
}

const exam_chart *run_without_notes(run *r, const exam_chart *x)
{
    if (!r->chart_mem) r->chart_mem = arena_new(0);
    if (!r->chart_mem) return NULL;
    arena_reset(r->chart_mem);
    const exam_chart *copy = chart_copy(r->chart_mem, x);
    /* The copy is ours. */
    chart_tooth *own = copy ? (chart_tooth *)copy->tooth : NULL;
    for (size_t i = 0; own && i < copy->teeth; i++) own[i].note = (sv){NULL, 0};
    chart_origin *from = copy ? (chart_origin *)copy->origin : NULL;
    for (size_t i = 0; from && i < copy->origins; i++)
        if (from[i].measure == MEASURE_NOTE) from[i].value = (sv){NULL, 0};
    return copy;
}
