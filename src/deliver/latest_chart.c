#include "deliver/latest_chart.h"
#include "chart/chart.h"
#include "deliver/chart_text.h"
#include "deliver/child_select.h"
#include "model/work_file.h"
#include <stdlib.h>

enum { TEXT_BYTES_MAX = 64 << 20 };

struct latest_chart {
    const deliver_run *run;
    sqlite3_stmt
        *latest;         /* an exam that will have a chart: kept, without it, where it is the patient's latest so far */
    sqlite3_stmt *newer; /* whether an exam is the one that is kept, or later */
    sqlite3_stmt *keep, *write;
    buf json, text;
};

static bool run_sql(const deliver_run *run, const char *sql)
{
    return sqlite3_exec(run->work, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static sqlite3_stmt *prepared(const deliver_run *run, const char *sql)
{
    sqlite3_stmt *st = NULL;
    (void)sqlite3_prepare_v2(run->work, sql, -1, &st, NULL);
    return st;
}

latest_chart *latest_chart_begin(const deliver_run *run)
{
    /* The texts, pages long, apart: to compare a key SQLite reads all of a record that does not fit its page. */
    static const char tables[] =
        "CREATE TABLE IF NOT EXISTS main." LATEST_CHART_TABLE
        " (patient TEXT PRIMARY KEY, exam TEXT, exam_at TEXT, source_key TEXT, come INTEGER) WITHOUT ROWID;"
        "CREATE TABLE IF NOT EXISTS main." CHART_TEXT_TABLE
        " (patient TEXT PRIMARY KEY, exam TEXT, json TEXT, text TEXT)";
    latest_chart *l = calloc(1, sizeof *l);
    if (!l) {
        find_code(run->found, F_OUT_OF_MEMORY, "keeping the latest charts");
        return NULL;
    }
    *l = (latest_chart){.run = run, .json = buf_new(TEXT_BYTES_MAX), .text = buf_new(TEXT_BYTES_MAX)};
    bool ok = run_sql(run, tables);
    if (ok && work_has(run->work, SV_LIT("clinical_exam"))) {
        l->latest = prepared(run, "INSERT OR REPLACE INTO main." LATEST_CHART_TABLE
                                  " SELECT e.patient, e.src_key, e.exam_at, e.source_key, 0 FROM "
                                  "main.clinical_exam AS e LEFT JOIN main." LATEST_CHART_TABLE
                                  " AS k ON k.patient = e.patient WHERE e.src_key = ?1 AND e.patient IS NOT NULL AND "
                                  "(k.patient IS NULL OR (e.exam_at, e.source_key) > (k.exam_at, k.source_key))");
        l->newer = prepared(run, "SELECT e.patient, e.exam_at, e.source_key FROM main.clinical_exam AS e LEFT JOIN "
                                 "main." LATEST_CHART_TABLE " AS k ON k.patient = e.patient WHERE e.src_key = ?1 AND "
                                 "e.patient IS NOT NULL AND (k.patient IS NULL OR (e.exam_at, e.source_key) >= "
                                 "(k.exam_at, k.source_key))");
        l->keep = prepared(run, "INSERT OR REPLACE INTO main." LATEST_CHART_TABLE " VALUES (?1, ?2, ?3, ?4, 1)");
        l->write = prepared(run, "INSERT OR REPLACE INTO main." CHART_TEXT_TABLE " VALUES (?1, ?2, ?3, ?4)");
        ok = l->latest && l->newer && l->keep && l->write;
    }
    if (ok) return l;
    (void)work_failed(run->work, run->found, "preparing the latest charts");
    latest_chart_free(l);
    return NULL;
}

static bool bind(sqlite3_stmt *st, int at, sv s)
{
    return sqlite3_bind_text(st, at, s.n ? s.p : "", (int)s.n, SQLITE_TRANSIENT) == SQLITE_OK;
}

static sv column(sqlite3_stmt *st, int i)
{
    const char *p = (const char *)sqlite3_column_text(st, i);
    return (sv){p ? p : "", p ? (size_t)sqlite3_column_bytes(st, i) : 0};
}

static bool done(sqlite3_stmt *st)
{
    bool ok = sqlite3_step(st) == SQLITE_DONE;
    return sqlite3_reset(st) == SQLITE_OK && ok;
}

status latest_chart_exam(latest_chart *l, sv exam)
{
    if (!l->latest) return ST_OK;
    bool ok = bind(l->latest, 1, exam) && done(l->latest);
    return ok ? ST_OK : work_failed(l->run->work, l->run->found, "keeping the latest charts");
}

status latest_chart_take(latest_chart *l, const exam_chart *x)
{
    if (!l->newer) return ST_OK;
    int step = bind(l->newer, 1, x->exam) ? sqlite3_step(l->newer) : SQLITE_ERROR;
    bool ok = step == SQLITE_DONE || step == SQLITE_ROW;
    if (step == SQLITE_ROW) {
        buf_clear(&l->json);
        buf_clear(&l->text);
        chart_json(x, &l->json);
        chart_table(x, &l->text);
        ok = !l->json.failed && !l->text.failed && bind(l->keep, 1, column(l->newer, 0)) && bind(l->keep, 2, x->exam) &&
             bind(l->keep, 3, column(l->newer, 1)) && bind(l->keep, 4, column(l->newer, 2)) &&
             bind(l->write, 1, column(l->newer, 0)) && bind(l->write, 2, x->exam) &&
             bind(l->write, 3, buf_view(&l->json)) && bind(l->write, 4, buf_view(&l->text));
        (void)sqlite3_reset(l->newer);
        ok = ok && done(l->keep);
        ok = ok && done(l->write);
    }
    (void)sqlite3_reset(l->newer);
    return ok ? ST_OK : work_failed(l->run->work, l->run->found, "keeping the latest charts");
}

/* Plans by how far they are from the exam, those without a date last. */
static const char plans_sql[] =
    "CREATE TABLE IF NOT EXISTS main." PLAN_CHART_TABLE
    " (plan TEXT PRIMARY KEY, exam TEXT, patient TEXT) WITHOUT ROWID;"
    "INSERT OR IGNORE INTO main." PLAN_CHART_TABLE
    " SELECT plan, exam, patient FROM (SELECT p.src_key AS plan, k.exam AS exam, k.patient AS patient, row_number() "
    "OVER (PARTITION BY p.patient ORDER BY p.plan_date IS NULL, abs(julianday(p.plan_date) - julianday(k.exam_at)), "
    "p.plan_date DESC, p.source_key DESC) AS place FROM main.treatment_plan AS p JOIN main." LATEST_CHART_TABLE
    " AS k ON k.patient = p.patient) WHERE place = 1";

/* A chart that never came is no reason to have none of that patient. */
static const char others_sql[] =
    "DELETE FROM main." LATEST_CHART_TABLE " WHERE NOT come AND exam NOT IN (SELECT src_key FROM main.clinical_exam);"
    "INSERT OR IGNORE INTO main." LATEST_CHART_TABLE " SELECT patient, src_key, exam_at, source_key, 0 FROM "
    "main.clinical_exam WHERE patient IS NOT NULL ORDER BY exam_at DESC, source_key DESC";

status latest_chart_finish(latest_chart *l)
{
    const deliver_run *run = l->run;
    if (!work_has(run->work, SV_LIT("clinical_exam")) || !work_has(run->work, SV_LIT("treatment_plan"))) return ST_OK;
    return run_sql(run, others_sql) && run_sql(run, plans_sql)
               ? ST_OK
               : work_failed(run->work, run->found, "putting the latest charts on plans");
}

void latest_chart_free(latest_chart *l)
{
    if (!l) return;
    sqlite3_finalize(l->latest);
    sqlite3_finalize(l->newer);
    sqlite3_finalize(l->keep);
    sqlite3_finalize(l->write);
    buf_free(&l->json);
    buf_free(&l->text);
    free(l);
}
