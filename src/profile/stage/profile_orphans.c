/* Records that refer to one that is not staged, or no longer. */
#include "profile/profile_internal.h"

enum { COLUMNS_MAX = 160 };

/* A column of a staged record; lives until the next step. */
static sv staged_text(sqlite3_stmt *st, int column)
{
    const char *p = (const char *)sqlite3_column_text(st, column);
    return (sv){p, p ? (size_t)sqlite3_column_bytes(st, column) : 0};
}

static void say(const profile_source *s, finding_code code, const model_entity *e, sv field, const char *a)
{
    finding x = FINDING_OF(code);
    x.table = sv_from(e->name);
    x.column = field;
    x.a = sv_from(a);
    find_add(s->run->found, &x);
}

/* The record as it was staged: source_key, src_table, src_key, fields. */
static void list_row(const profile_source *s, const model_entity *e, sqlite3_stmt *st, finding_code code, sv field,
                     sv original)
{
    sv column[COLUMNS_MAX], text[COLUMNS_MAX];
    size_t n = 0;
    for (int i = 1; i < sqlite3_column_count(st) && n < COLUMNS_MAX; i++, n++) {
        column[n] = sv_from(sqlite3_column_name(st, i));
        text[n] = staged_text(st, i);
    }
    const profile_reject x = {.entity = e,
                              .src_table = staged_text(st, 1),
                              .src_key = staged_text(st, 2),
                              .code = finding_text_of(code)->id,
                              .field = field,
                              .value = original,
                              .column = column,
                              .original = text,
                              .columns = n};
    ledger_move(s->run->counts, profile_entity_line(s, e), COUNT_MAPPED, COUNT_REJECTED, 1);
    if (s->run->reject) s->run->reject(s->run->ctx, &x);
}

static void list_value(const profile_source *s, const model_entity *e, const model_field *f, sqlite3_stmt *st)
{
    const profile_reject x = {.entity = e,
                              .src_table = staged_text(st, 0),
                              .src_key = staged_text(st, 1),
                              .code = finding_text_of(F_PRO_ORPHAN)->id,
                              .field = sv_from(f->name),
                              .held_back = true,
                              .value = staged_text(st, 2)};
    ledger_add(s->run->counts, profile_entity_line(s, e), COUNT_HELD_BACK, 1);
    if (s->run->reject) s->run->reject(s->run->ctx, &x);
}

static char *nobody(const model_field *f)
{
    return sqlite3_mprintf("WHERE r.\"%w\" IS NOT NULL AND NOT EXISTS "
                           "(SELECT 1 FROM main.\"%w\" AS t WHERE t.src_key = r.\"%w\")",
                           f->name, f->target, f->name);
}

static bool done(const profile_source *s, bool ok)
{
    if (!ok) profile_work_failed(s, NULL);
    return ok;
}

bool profile_hold_back_orphans(const profile_source *s, const model_entity *e, const model_field *f)
{
    sqlite3_stmt *st = NULL;
    char *where = nobody(f);
    char *find = sqlite3_mprintf("SELECT r.src_table, r.src_key, r.\"%w\" FROM main.\"%w\" AS r %s ORDER BY r.rowid",
                                 f->name, e->name, where);
    char *clear = sqlite3_mprintf("UPDATE main.\"%w\" AS r SET \"%w\" = NULL %s", e->name, f->name, where);
    bool ok = where && find && clear && sqlite3_prepare_v2(s->work, find, -1, &st, NULL) == SQLITE_OK;
    int rc = SQLITE_DONE;
    bool some = false;
    while (ok && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        say(s, F_PRO_ORPHAN, e, sv_from(f->name), f->target);
        list_value(s, e, f, st);
        some = true;
    }
    sqlite3_finalize(st);
    ok = ok && rc == SQLITE_DONE && (!some || sqlite3_exec(s->work, clear, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_free(where);
    sqlite3_free(find);
    sqlite3_free(clear);
    return done(s, ok);
}

/* ---- taken back ---- */

static bool with_key(sqlite3_stmt *st, sv src_key)
{
    return sqlite3_bind_text64(st, 1, src_key.n ? src_key.p : "", src_key.n, SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
}

static bool take_back_one(const profile_source *s, const model_entity *e, const taken_back *x, sqlite3_stmt *find,
                          sqlite3_stmt *drop)
{
    bool ok = with_key(find, x->src_key) && with_key(drop, x->src_key);
    if (ok && sqlite3_step(find) == SQLITE_ROW) list_row(s, e, find, x->code, (sv){NULL, 0}, (sv){NULL, 0});
    sqlite3_reset(find);
    ok = ok && sqlite3_step(drop) == SQLITE_DONE;
    sqlite3_reset(drop);
    return ok;
}

bool profile_take_back(const profile_source *s, const model_entity *e, const taken_back *list, size_t n)
{
    sqlite3_stmt *find = NULL, *drop = NULL;
    char *found = sqlite3_mprintf("SELECT * FROM main.\"%w\" WHERE src_key = ?1", e->name);
    char *dropped = sqlite3_mprintf("DELETE FROM main.\"%w\" WHERE src_key = ?1", e->name);
    bool ok = found && dropped && sqlite3_prepare_v2(s->work, found, -1, &find, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(s->work, dropped, -1, &drop, NULL) == SQLITE_OK;
    for (size_t i = 0; ok && i < n; i++) ok = take_back_one(s, e, &list[i], find, drop);
    sqlite3_finalize(find);
    sqlite3_finalize(drop);
    sqlite3_free(found);
    sqlite3_free(dropped);
    return done(s, ok);
}

/* Records that cannot be without the reference. */
static bool reject_orphans(const profile_source *s, const model_entity *e, const model_field *f, bool *some)
{
    sqlite3_stmt *st = NULL;
    char *where = nobody(f);
    char *find = sqlite3_mprintf("SELECT r.* FROM main.\"%w\" AS r %s ORDER BY r.rowid", e->name, where);
    char *drop = sqlite3_mprintf("DELETE FROM main.\"%w\" AS r %s", e->name, where);
    bool ok = where && find && drop && sqlite3_prepare_v2(s->work, find, -1, &st, NULL) == SQLITE_OK;
    int rc = SQLITE_DONE;
    bool found = false;
    while (ok && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        size_t at = (size_t)(f - e->field) + 3;
        say(s, F_PRO_ORPHAN, e, sv_from(f->name), f->target);
        list_row(s, e, st, F_PRO_ORPHAN, sv_from(f->name), staged_text(st, (int)at));
        found = true;
    }
    sqlite3_finalize(st);
    ok = ok && rc == SQLITE_DONE && (!found || sqlite3_exec(s->work, drop, NULL, NULL, NULL) == SQLITE_OK);
    *some |= found;
    sqlite3_free(where);
    sqlite3_free(find);
    sqlite3_free(drop);
    return done(s, ok);
}

/* Custom values name their entity in a column. */
static bool reject_customs(const profile_source *s, const model_entity *gone)
{
    const model_entity *e = model_entity_named(SV_LIT("custom_value"));
    sqlite3_stmt *st = NULL;
    char *where = sqlite3_mprintf("WHERE r.entity = %Q AND NOT EXISTS (SELECT 1 FROM main.\"%w\" AS t "
                                  "WHERE t.src_key = r.record)",
                                  gone->name, gone->name);
    char *find = sqlite3_mprintf("SELECT r.* FROM main.custom_value AS r %s ORDER BY r.rowid", where);
    char *drop = sqlite3_mprintf("DELETE FROM main.custom_value AS r %s", where);
    bool there =
        sqlite3_table_column_metadata(s->work, "main", "custom_value", NULL, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
    bool ok = where && find && drop && (!there || sqlite3_prepare_v2(s->work, find, -1, &st, NULL) == SQLITE_OK);
    int rc = SQLITE_DONE;
    bool some = false;
    while (ok && st && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        say(s, F_PRO_ORPHAN, e, SV_LIT("record"), gone->name);
        list_row(s, e, st, F_PRO_ORPHAN, SV_LIT("record"), staged_text(st, 4));
        some = true;
    }
    sqlite3_finalize(st);
    ok = ok && rc == SQLITE_DONE && (!some || sqlite3_exec(s->work, drop, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_free(where);
    sqlite3_free(find);
    sqlite3_free(drop);
    return done(s, ok);
}

/* Goes down from entity to entity, which the model has no ring of. */
bool profile_after_taking_back(const profile_source *s, const model_entity *gone)
{
    for (size_t i = 0; i < s->x->entities; i++) {
        const model_entity *e = s->x->entity[i].entity;
        bool some = false;
        for (size_t k = 0; profile_is_first_part(s->x, i) && k < e->fields; k++) {
            const model_field *f = &e->field[k];
            if (f->type != FIELD_REFERENCE || strcmp(f->target, gone->name) != 0) continue;
            if (!(f->required ? reject_orphans(s, e, f, &some) : profile_hold_back_orphans(s, e, f))) return false;
        }
        if (some && !profile_after_taking_back(s, e)) return false;
    }
    return reject_customs(s, gone);
}
