#include "deliver/teeth_choice.h"
#include "deliver/object_writer.h"
#include <stdlib.h>

enum { SQL_BYTES_MAX = 4096 };

struct teeth_choice {
    const destination *d;
    const deliver_run *run;
    sqlite3_stmt *put, *del, *given, *moment, *latest, *next;
};

/* "teeth:<id>": exams that have charts, the patient's, and whether the chart has come. */
static sqlite3_stmt *statement(const teeth_choice *c, const char *before, const char *behind)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql, "%s main.\"teeth:%.*s\" %s", before, (int)c->d->id.n, c->d->id.p, behind);
    return work_prepare(c->run, &sql);
}

static bool run_once(sqlite3_stmt *st)
{
    bool ok = st && sqlite3_step(st) == SQLITE_DONE;
    sqlite3_finalize(st);
    return ok;
}

static status failed(const teeth_choice *c)
{
    return work_failed(c->run, "choosing the exams whose teeth are written");
}

static bool prepare(teeth_choice *c)
{
    if (!run_once(
            statement(c, "CREATE TABLE",
                      "(src_key TEXT PRIMARY KEY, patient TEXT, place TEXT, given INTEGER DEFAULT 0) WITHOUT ROWID")))
        return false;
    buf index = buf_new(SQL_BYTES_MAX);
    buf_printf(&index, "CREATE INDEX main.\"teeth of patients:%.*s\" ON \"teeth:%.*s\" (patient, place)",
               (int)c->d->id.n, c->d->id.p, (int)c->d->id.n, c->d->id.p);
    if (!run_once(work_prepare(c->run, &index))) return false;
    buf moment = buf_new(SQL_BYTES_MAX);
    buf_str(&moment, "SELECT exam_at, patient, source_key FROM main.clinical_exam WHERE src_key = ?1");
    c->moment = work_prepare(c->run, &moment);
    c->put =
        statement(c, "INSERT OR IGNORE INTO",
                  "SELECT src_key, patient, coalesce(exam_at, '') || char(31) || source_key, 0 FROM main.clinical_exam "
                  "WHERE src_key = ?1");
    c->del = statement(c, "DELETE FROM", "WHERE src_key = ?1");
    c->given = statement(c, "UPDATE", "SET given = 1 WHERE src_key = ?1");
    /* Whether no exam of the same patient comes behind it. */
    buf latest = buf_new(SQL_BYTES_MAX);
    buf_printf(&latest,
               "SELECT NOT EXISTS (SELECT 1 FROM main.\"teeth:%.*s\" b WHERE b.patient = a.patient AND b.place > "
               "a.place) FROM "
               "main.\"teeth:%.*s\" a WHERE a.src_key = ?1",
               (int)c->d->id.n, c->d->id.p, (int)c->d->id.n, c->d->id.p);
    c->latest = work_prepare(c->run, &latest);
    /* Whether the one before it, of the same patient, has come already. */
    buf next = buf_new(SQL_BYTES_MAX);
    buf_printf(
        &next,
        "SELECT b.given FROM main.\"teeth:%.*s\" a JOIN main.\"teeth:%.*s\" b ON b.patient = a.patient AND b.place < "
        "a.place WHERE a.src_key = ?1 ORDER BY b.place DESC LIMIT 1",
        (int)c->d->id.n, c->d->id.p, (int)c->d->id.n, c->d->id.p);
    c->next = work_prepare(c->run, &next);
    return c->moment && c->put && c->del && c->given && c->latest && c->next;
}

teeth_choice *teeth_choice_new(const destination *d, const deliver_run *run)
{
    teeth_choice *c = calloc(1, sizeof *c);
    if (!c) {
        find_code(run->found, F_OUT_OF_MEMORY, "writing the bundle");
        return NULL;
    }
    *c = (teeth_choice){.d = d, .run = run};
    if (d->teeth != TEETH_ALL && !prepare(c)) {
        (void)failed(c);
        teeth_choice_free(c);
        return NULL;
    }
    return c;
}

void teeth_choice_free(teeth_choice *c)
{
    if (!c) return;
    sqlite3_stmt *const all[] = {c->put, c->del, c->given, c->moment, c->latest, c->next};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) sqlite3_finalize(all[i]);
    if (c->d->teeth != TEETH_ALL) (void)run_once(statement(c, "DROP TABLE IF EXISTS", ""));
    free(c);
}

static int step_with(sqlite3_stmt *st, sv exam)
{
    if (sqlite3_bind_text(st, 1, exam.n ? exam.p : "", (int)exam.n, SQLITE_STATIC) != SQLITE_OK) return SQLITE_ERROR;
    return sqlite3_step(st);
}

static bool change(sqlite3_stmt *st, sv exam)
{
    int rc = step_with(st, exam);
    (void)sqlite3_reset(st);
    return rc == SQLITE_DONE;
}

/* The first number of the row, or 0; false when SQLite failed. */
static bool ask(sqlite3_stmt *st, sv exam, bool *out)
{
    int rc = step_with(st, exam);
    *out = rc == SQLITE_ROW && sqlite3_column_int(st, 0) != 0;
    (void)sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

status teeth_choice_exam(teeth_choice *c, sv exam)
{
    if (c->d->teeth != TEETH_LATEST) return ST_OK;
    return change(c->put, exam) ? ST_OK : failed(c);
}

status teeth_choice_lost(teeth_choice *c, sv exam)
{
    bool latest = false, passed = false;
    if (c->d->teeth != TEETH_LATEST) return ST_OK;
    if (!ask(c->latest, exam, &latest) || !ask(c->next, exam, &passed) || !change(c->del, exam)) return failed(c);
    if (latest && passed) {
        finding f = FINDING_OF(F_DEL_LATEST_LOST);
        f.path = c->d->id;
        find_add(c->run->found, &f);
    }
    return ST_OK;
}

static bool since(const teeth_choice *c, sv exam, bool *out)
{
    int rc = step_with(c->moment, exam);
    sv at = {NULL, 0};
    if (rc == SQLITE_ROW)
        at = (sv){(const char *)sqlite3_column_text(c->moment, 0), (size_t)sqlite3_column_bytes(c->moment, 0)};
    *out = at.n && sv_cmp(at, c->d->teeth_since) >= 0;
    (void)sqlite3_reset(c->moment);
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

status teeth_wanted(teeth_choice *c, sv exam, bool *out)
{
    *out = true;
    if (c->d->teeth == TEETH_ALL) return ST_OK;
    if (c->d->teeth == TEETH_SINCE) return since(c, exam, out) ? ST_OK : failed(c);
    return change(c->given, exam) && ask(c->latest, exam, out) ? ST_OK : failed(c);
}
