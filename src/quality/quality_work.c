#include "quality/quality_work.h"

sv quality_text(sqlite3_stmt *st, int column)
{
    const char *p = (const char *)sqlite3_column_text(st, column);
    return (sv){p ? p : "", p ? (size_t)sqlite3_column_bytes(st, column) : 0};
}
