#include "quality/quality_work.h"

sqlite3_stmt *quality_prepare(sqlite3 *work, buf *sql)
{
    sqlite3_stmt *st = NULL;
    buf_char(sql, '\0');
    if (!sql->failed) (void)sqlite3_prepare_v2(work, sql->p, -1, &st, NULL);
    buf_free(sql);
    return st;
}

bool quality_has(sqlite3 *work, const char *name, bool *there)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql, "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?1");
    sqlite3_stmt *st = quality_prepare(work, &sql);
    bool ok = st && sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC) == SQLITE_OK;
    int rc = ok ? sqlite3_step(st) : SQLITE_ERROR;
    sqlite3_finalize(st);
    *there = rc == SQLITE_ROW;
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

sv quality_text(sqlite3_stmt *st, int column)
{
    const char *p = (const char *)sqlite3_column_text(st, column);
    return (sv){p ? p : "", p ? (size_t)sqlite3_column_bytes(st, column) : 0};
}
