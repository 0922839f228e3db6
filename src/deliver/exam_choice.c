#include "deliver/exam_choice.h"
#include "deliver/object_writer.h"
#include "model/work_file.h"
#include <stdlib.h>

enum { SQL_BYTES_MAX = 4096 };
#define TABLE    "%.*s:%.*s"
#define NAMED(c) (int)(c)->asked.name.n, (c)->asked.name.p, (int)(c)->asked.destination.n, (c)->asked.destination.p

struct exam_choice {
    exams_asked asked;
    const deliver_run *run;
    sqlite3_stmt *put, *del, *given, *moment, *latest, *next, *behind;
};

/* "<name>:<id>": exams that have charts, the patient's, and whether the chart has come. */
static sqlite3_stmt *statement(const exam_choice *c, const char *before, const char *behind)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql, "%s main.\"" TABLE "\" %s", before, NAMED(c), behind);
    return work_prepare(c->run->work, &sql);
}

static status failed(const exam_choice *c) { return work_failed(c->run->work, c->run->found, "choosing exams"); }

static bool has_table(const exam_choice *c) { return c->asked.scope == EXAMS_LATEST || c->asked.scope == EXAMS_SINCE; }

static bool prepare(exam_choice *c)
{
    if (!work_once(
            statement(c, "CREATE TABLE",
                      "(src_key TEXT PRIMARY KEY, patient TEXT, place TEXT, given INTEGER DEFAULT 0) WITHOUT ROWID")))
        return false;
    buf index = buf_new(SQL_BYTES_MAX);
    buf_printf(&index, "CREATE INDEX main.\"patients of " TABLE "\" ON \"" TABLE "\" (patient, place)", NAMED(c),
               NAMED(c));
    if (!work_once(work_prepare(c->run->work, &index))) return false;
    buf moment = buf_new(SQL_BYTES_MAX);
    buf_str(&moment, "SELECT exam_at, patient, source_key FROM main.clinical_exam WHERE src_key = ?1");
    c->moment = work_prepare(c->run->work, &moment);
    c->put =
        statement(c, "INSERT OR IGNORE INTO",
                  "SELECT src_key, patient, coalesce(exam_at, '') || char(31) || source_key, 0 FROM main.clinical_exam "
                  "WHERE src_key = ?1");
    c->del = statement(c, "DELETE FROM", "WHERE src_key = ?1");
    c->given = statement(c, "UPDATE", "SET given = 1 WHERE src_key = ?1");
    /* Whether no exam of the same patient comes behind it. */
    buf latest = buf_new(SQL_BYTES_MAX);
    buf_printf(&latest,
               "SELECT NOT EXISTS (SELECT 1 FROM main.\"" TABLE "\" b WHERE b.patient = a.patient AND b.place > "
               "a.place) FROM "
               "main.\"" TABLE "\" a WHERE a.src_key = ?1",
               NAMED(c), NAMED(c));
    c->latest = work_prepare(c->run->work, &latest);
    /* Whether the one before it, of the same patient, has come already. */
    buf next = buf_new(SQL_BYTES_MAX);
    buf_printf(&next,
               "SELECT b.given FROM main.\"" TABLE "\" a JOIN main.\"" TABLE
               "\" b ON b.patient = a.patient AND b.place < "
               "a.place WHERE a.src_key = ?1 ORDER BY b.place DESC LIMIT 1",
               NAMED(c), NAMED(c));
    c->next = work_prepare(c->run->work, &next);
    /* Whether it would be the latest of a patient who has others. */
    buf behind = buf_new(SQL_BYTES_MAX);
    buf_printf(&behind,
               "SELECT EXISTS (SELECT 1 FROM main.\"" TABLE "\" b WHERE b.patient = a.patient AND b.src_key <> "
               "a.src_key) AND NOT EXISTS (SELECT 1 FROM main.\"" TABLE
               "\" b WHERE b.patient = a.patient AND b.place > "
               "coalesce(a.exam_at, '') || char(31) || a.source_key) FROM main.clinical_exam a WHERE a.src_key = ?1",
               NAMED(c), NAMED(c));
    c->behind = work_prepare(c->run->work, &behind);
    return c->moment && c->put && c->del && c->given && c->latest && c->next && c->behind;
}

exam_choice *exam_choice_new(const exams_asked *asked, const deliver_run *run)
{
    exam_choice *c = calloc(1, sizeof *c);
    if (!c) {
        find_code(run->found, F_OUT_OF_MEMORY, "writing the bundle");
        return NULL;
    }
    *c = (exam_choice){.asked = *asked, .run = run};
    if (has_table(c) && !prepare(c)) {
        (void)failed(c);
        exam_choice_free(c);
        return NULL;
    }
    return c;
}

void exam_choice_free(exam_choice *c)
{
    if (!c) return;
    sqlite3_stmt *const all[] = {c->put, c->del, c->given, c->moment, c->latest, c->next, c->behind};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) sqlite3_finalize(all[i]);
    if (has_table(c)) (void)work_once(statement(c, "DROP TABLE IF EXISTS", ""));
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

status exam_choice_exam(exam_choice *c, sv exam)
{
    if (c->asked.scope != EXAMS_LATEST) return ST_OK;
    return change(c->put, exam) ? ST_OK : failed(c);
}

status exam_choice_lost(exam_choice *c, sv exam)
{
    bool latest = false, passed = false, behind = false;
    if (c->asked.scope != EXAMS_LATEST) return ST_OK;
    bool ok = ask(c->latest, exam, &latest) && ask(c->next, exam, &passed) && ask(c->behind, exam, &behind) &&
              change(c->del, exam);
    if (!ok) return failed(c);
    if (!behind) return ST_OK;
    finding f = FINDING_OF(latest && passed ? F_DEL_LATEST_LOST : F_DEL_LATEST_BEFORE);
    f.path = c->asked.destination;
    find_add(c->run->found, &f);
    return ST_OK;
}

static bool since(const exam_choice *c, sv exam, bool *out)
{
    int rc = step_with(c->moment, exam);
    sv at = {NULL, 0};
    if (rc == SQLITE_ROW)
        at = (sv){(const char *)sqlite3_column_text(c->moment, 0), (size_t)sqlite3_column_bytes(c->moment, 0)};
    *out = at.n && sv_cmp(at, c->asked.since) >= 0;
    (void)sqlite3_reset(c->moment);
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

status exam_wanted(exam_choice *c, sv exam, bool *out)
{
    *out = c->asked.scope == EXAMS_ALL;
    if (!has_table(c)) return ST_OK;
    if (c->asked.scope == EXAMS_SINCE) return since(c, exam, out) ? ST_OK : failed(c);
    return change(c->given, exam) && ask(c->latest, exam, out) ? ST_OK : failed(c);
}
