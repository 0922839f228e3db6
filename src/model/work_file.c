#include "model/work_file.h"

bool work_look(sqlite3 *work, sv table, bool *there)
{
    static const char sql[] = "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?1";
    sqlite3_stmt *st = NULL;
    bool ok = sqlite3_prepare_v2(work, sql, (int)sizeof sql, &st, NULL) == SQLITE_OK &&
              sqlite3_bind_text(st, 1, table.p, (int)table.n, SQLITE_STATIC) == SQLITE_OK;
    int rc = ok ? sqlite3_step(st) : SQLITE_ERROR;
    sqlite3_finalize(st);
    *there = rc == SQLITE_ROW;
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool work_has(sqlite3 *work, sv table)
{
    bool there = false;
    return work_look(work, table, &there) && there;
}

sqlite3_stmt *work_prepare(sqlite3 *work, buf *sql)
{
    sqlite3_stmt *st = NULL;
    buf_char(sql, '\0');
    if (!sql->failed) (void)sqlite3_prepare_v2(work, sql->p, -1, &st, NULL);
    buf_free(sql);
    return st;
}

status work_failed(sqlite3 *work, findings *f, const char *doing)
{
    finding x = FINDING_OF(F_DEL_WORK_FAILED);
    sqlite3_mutex *lock = work ? sqlite3_db_mutex(work) : NULL; /* none where one thread at a time uses it */
    x.a = sv_from(doing);
    sqlite3_mutex_enter(lock);
    x.b = sv_from(work ? sqlite3_errmsg(work) : "out of memory");
    find_add(f, &x);
    sqlite3_mutex_leave(lock);
    return ST_FATAL;
}

bool work_once(sqlite3_stmt *st)
{
    bool done = st && sqlite3_step(st) == SQLITE_DONE;
    sqlite3_finalize(st);
    return done;
}
