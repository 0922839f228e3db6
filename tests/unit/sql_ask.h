/* Asks a sql_db and compares the answer with a text: cells separated by |, rows by ;, NULL as NULL. */
#ifndef TESTS_SQL_ASK_H
#define TESTS_SQL_ASK_H

#include "sql/sql.h"
#include "table_source.h"

static void answer(sql_db *db, const char *sql, buf *out)
{
    sqlite3_stmt *st = NULL;
    buf_clear(out);
    int rc = sqlite3_prepare_v2(sql_handle(db), sql, -1, &st, NULL);
    bool first = true;
    while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        if (!first) buf_char(out, ';');
        first = false;
        for (int i = 0; i < sqlite3_column_count(st); i++) {
            if (i) buf_char(out, '|');
            if (sqlite3_column_type(st, i) == SQLITE_NULL)
                buf_str(out, "NULL");
            else
                sql_column_text(st, i, out);
        }
        rc = SQLITE_OK;
    }
    if (rc != SQLITE_DONE) {
        buf_clear(out);
        buf_str(out, "error: ");
        buf_sv(out, sql_error(db));
    }
    buf_char(out, '\0');
    sqlite3_finalize(st);
}

static void asked(sql_db *db, const char *sql, const char *expected)
{
    buf out = buf_new(1 << 20);
    answer(db, sql, &out);
    if (strcmp(out.p, expected) != 0) print_message("%s\n", sql);
    assert_string_equal(out.p, expected);
    buf_free(&out);
}

/* The statement fails, with these words in what it says. */
static void fails(sql_db *db, const char *sql, const char *words)
{
    buf out = buf_new(1 << 20);
    answer(db, sql, &out);
    if (strncmp(out.p, "error: ", 7) != 0 || !strstr(out.p, words)) {
        print_message("%s: %s\n", sql, out.p);
        fail();
    }
    buf_free(&out);
}

static sql_db *opened_db(given_source *s, sql_options o)
{
    sql_db *db;
    assert_int_equal(sql_open(&s->base, &o, s->found, &db), ST_OK);
    return db;
}

#endif
