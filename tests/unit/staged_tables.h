/* Staged tables as src/profile makes them, for tests of what reads the work file. */
#ifndef STAGED_TABLES_H
#define STAGED_TABLES_H

#include "model/model.h"
#include "testing.h"
#include <sqlite3.h>

static inline void stage_sql(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) fail_msg("%s: %s", sql, message);
}

static inline void stage_table(sqlite3 *db, const char *entity)
{
    const model_entity *e = model_entity_named(sv_from(entity));
    assert_non_null(e);
    buf sql = buf_new(100000);
    buf_printf(&sql, "CREATE TABLE main.\"%s\" (source_key TEXT PRIMARY KEY, src_table TEXT, src_key TEXT UNIQUE",
               entity);
    for (size_t i = 0; i < e->fields; i++) buf_printf(&sql, ", \"%s\" TEXT", e->field[i].name);
    buf_str(&sql, ")");
    buf_char(&sql, 0);
    stage_sql(db, sql.p);
    buf_free(&sql);
}

static inline sqlite3 *stage_new(void)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    stage_table(db, "patient");
    stage_table(db, "guarantor");
    stage_table(db, "clinical_exam");
    return db;
}

/* pairs: field, value, ..., NULL; the source key is PP-PAT-key. */
static inline void stage_patient(sqlite3 *db, const char *key, const char *const *pairs)
{
    buf names = buf_new(10000), values = buf_new(10000);
    buf_printf(&names, "INSERT INTO patient (source_key, src_key");
    buf_printf(&values, ") VALUES ('PP-PAT-%s', '%s'", key, key);
    for (; *pairs; pairs += 2) {
        buf_printf(&names, ", \"%s\"", pairs[0]);
        char *quoted = sqlite3_mprintf("%Q", pairs[1]);
        buf_printf(&values, ", %s", quoted);
        sqlite3_free(quoted);
    }
    buf_sv(&names, buf_view(&values));
    buf_str(&names, ")");
    buf_char(&names, 0);
    stage_sql(db, names.p);
    buf_free(&names);
    buf_free(&values);
}

#define PATIENT(db, key, ...) stage_patient((db), (key), (const char *const[]){__VA_ARGS__, NULL})

#endif
