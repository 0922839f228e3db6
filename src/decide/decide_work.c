#include "decide/decide_work.h"

bool decide_has_table(sqlite3 *work, const char *name)
{
    sqlite3_stmt *st = NULL;
    bool there = sqlite3_prepare_v2(work, "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?1", -1,
                                    &st, NULL) == SQLITE_OK &&
                 sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW;
    sqlite3_finalize(st);
    return there;
}

sqlite3_stmt *decide_prepare(sqlite3 *work, buf *sql)
{
    sqlite3_stmt *st = NULL;
    buf_char(sql, '\0');
    if (sql->failed || sqlite3_prepare_v2(work, sql->p, -1, &st, NULL) != SQLITE_OK) st = NULL;
    buf_free(sql);
    return st;
}
