#include "sql/sql_internal.h"
#include <stdarg.h>
#include <stdio.h>

void sql_say(sql_db *db, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_clear(&db->message);
    buf_add(&db->message, text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
    buf_char(&db->message, '\0');
}

void sql_say_finding(sql_db *db, const table_info *t, const char *otherwise)
{
    const finding_kind *worst = NULL;
    for (size_t i = 0; i < findings_kinds(db->found); i++) {
        const finding_kind *k = findings_kind(db->found, i);
        bool about = k->table.n == 0 || sv_eq(k->table, t->full_name);
        if (about && k->kept && (!worst || finding_text_of(k->code)->level >= finding_text_of(worst->code)->level))
            worst = k;
    }
    if (!worst) {
        sql_say(db, "%.*s: %s", (int)t->full_name.n, t->full_name.p, otherwise);
        return;
    }
    const finding_text *text = finding_text_of(worst->code);
    buf_clear(&db->message);
    buf_printf(&db->message, "%.*s: %s (%s): ", (int)t->full_name.n, t->full_name.p, otherwise, text->id);
    finding_render(&db->message, text->happened, &worst->item[0], worst->count);
    buf_char(&db->message, '\0');
}

sv sql_error(sql_db *db)
{
    if (db->rows_failed) return sv_from(db->message.p);
    const char *text = sqlite3_errmsg(db->handle);
    int code = sqlite3_errcode(db->handle);
    bool refused = code == SQLITE_AUTH || sv_starts(sv_from(text), SV_LIT("not authorized"));
    if (refused && db->why.n) return buf_view(&db->why);
    if (code == SQLITE_INTERRUPT) return SV_LIT("the statement was stopped");
    if (code == SQLITE_NOMEM)
        return SV_LIT("the statement needs more memory than it may take for sorting, grouping and joining");
    return sv_from(text);
}
