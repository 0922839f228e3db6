#include "documents/exam_facts.h"
#include "model/work_file.h"
#include <stdlib.h>

struct exam_facts {
    sqlite3 *work;
    findings *found;
    sqlite3_stmt *find;
};

static status failed(const exam_facts *x) { return work_failed(x->work, x->found, "looking for exams"); }

/* The stage in Roman figures, as it is written everywhere; what the clinician wrote where there is none. */
#define DIAGNOSIS                                                                                                      \
    "coalesce(nullif(trim(coalesce('Stage ' || CASE e.aap_stage WHEN '1' THEN 'I' WHEN '2' THEN 'II' WHEN '3' THEN "   \
    "'III' WHEN '4' THEN 'IV' END, '') || coalesce(' Grade ' || e.aap_grade, '') || coalesce(' ' || "                  \
    "replace(e.aap_extent, '_', '-'), '')), ''), e.aap_other, e.aap_text)"

exam_facts *exam_facts_new(sqlite3 *work, findings *f)
{
    exam_facts *x = calloc(1, sizeof *x);
    if (!x) {
        find_code(f, F_OUT_OF_MEMORY, "looking for exams");
        return NULL;
    }
    *x = (exam_facts){.work = work, .found = f};
    if (!work_has(work, SV_LIT("clinical_exam")) || !work_has(work, SV_LIT("patient"))) return x;
    bool providers = work_has(work, SV_LIT("provider"));
    char *sql = sqlite3_mprintf(
        "SELECT e.source_key, e.exam_at, e.charting_type, " DIAGNOSIS
        ", p.source_key, trim(coalesce(p.first || ' ', '') || coalesce(p.middle || ' ', '') || p.last || coalesce(' ' "
        "|| p.suffix, '')), p.birth_date, %s FROM main.clinical_exam AS e "
        "JOIN main.patient AS p ON p.src_key = e.patient %s WHERE e.src_key = ?1",
        providers ? "coalesce(v.display, trim(coalesce(v.first, '') || ' ' || coalesce(v.last, '')))" : "NULL",
        providers ? "LEFT JOIN main.provider AS v ON v.src_key = e.provider" : "");
    bool ok = sql && sqlite3_prepare_v2(work, sql, -1, &x->find, NULL) == SQLITE_OK;
    sqlite3_free(sql);
    if (ok) return x;
    (void)failed(x);
    exam_facts_free(x);
    return NULL;
}

void exam_facts_free(exam_facts *x)
{
    if (!x) return;
    sqlite3_finalize(x->find);
    free(x);
}

static sv column(sqlite3_stmt *st, int at, size_t most, arena *mem)
{
    const char *p = (const char *)sqlite3_column_text(st, at);
    size_t n = p ? (size_t)sqlite3_column_bytes(st, at) : 0;
    return n ? arena_sv(mem, (sv){p, n < most ? n : most}) : (sv){NULL, 0};
}

status exam_facts_of(exam_facts *x, sv src_key, arena *mem, facts_of_exam *out)
{
    enum { DAY = 10, YEAR = 4 };
    *out = (facts_of_exam){.moment = {NULL, 0}};
    if (!x->find) return ST_END;
    if (sqlite3_bind_text(x->find, 1, src_key.n ? src_key.p : "", (int)src_key.n, SQLITE_STATIC) != SQLITE_OK)
        return failed(x);
    int rc = sqlite3_step(x->find);
    if (rc == SQLITE_ROW) {
        out->exam.key = column(x->find, 0, SIZE_MAX, mem);
        out->moment = column(x->find, 1, SIZE_MAX, mem);
        out->exam.day = (sv){out->moment.p, out->moment.n < DAY ? out->moment.n : DAY};
        out->exam.charting_type = column(x->find, 2, SIZE_MAX, mem);
        out->exam.diagnosis = column(x->find, 3, SIZE_MAX, mem);
        out->patient.key = column(x->find, 4, SIZE_MAX, mem);
        out->patient.name = column(x->find, 5, SIZE_MAX, mem);
        out->patient.birth_year = column(x->find, 6, YEAR, mem);
        out->exam.provider = column(x->find, 7, SIZE_MAX, mem);
    }
    (void)sqlite3_reset(x->find);
    if (rc == SQLITE_ROW) return arena_failed(mem) ? failed(x) : ST_OK;
    return rc == SQLITE_DONE ? ST_END : failed(x);
}
