#include "quality/quality.h"
#include "quality/quality_work.h"
#include <stdlib.h>

/* What a practice works with; words of fields of which one is enough. */
static const struct {
    const char *entity, *what, *fields[6];
} wanted[] = {{"patient", "birth_date", {"birth_date"}},
              {"patient", "email", {"email", "other_emails"}},
              {"patient", "phone", {"phone", "phone_mobile", "phone_home", "phone_work", "other_phones"}},
              {"patient", "address", {"address_line1", "city", "postal_code"}}};
enum { WANTED = sizeof wanted / sizeof wanted[0], LACKS_LISTED = 2 };

/* ---- records and their fields ---- */

/* Columns that one call looks at: SQLite takes 127 arguments. */
enum { FILLED_MAX = 100 };

/* filled(n, a, b, ...): counts which of a row's values are there, into the counts from n on. One call for a row costs a
 * fraction of as many count() as there are columns. */
static void filled(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    uint64_t *kept = (uint64_t *)sqlite3_user_data(ctx) + sqlite3_value_int(argv[0]);
    for (int i = 1; i < argc; i++) kept[i - 1] += sqlite3_value_type(argv[i]) != SQLITE_NULL;
}

static void no_result(sqlite3_context *ctx) { sqlite3_result_null(ctx); }

static bool set_filled(sqlite3 *work, uint64_t *kept)
{
    int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
    return sqlite3_create_function_v2(work, "filled", -1, flags, kept, NULL, kept ? filled : NULL,
                                      kept ? no_result : NULL, NULL) == SQLITE_OK;
}

static bool count_entity(sqlite3 *work, arena *mem, const model_entity *e, quality_entity *out)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    uint64_t *kept = arena_array(mem, e->fields + 1, sizeof *kept);
    buf_str(&sql, "SELECT count(*)");
    for (size_t i = 0; i < e->fields; i++) {
        if (i % FILLED_MAX == 0) buf_printf(&sql, "%s, filled(%zu", i ? ")" : "", i);
        buf_printf(&sql, ", t.\"%s\"", e->field[i].name);
    }
    buf_printf(&sql, "%s FROM main.\"%s\" AS t", e->fields ? ")" : "", e->name);
    if (!kept || !set_filled(work, kept)) {
        buf_free(&sql);
        return false;
    }
    sqlite3_stmt *st = work_prepare(work, &sql);
    bool ok = st && sqlite3_step(st) == SQLITE_ROW;
    if (ok) *out = (quality_entity){e, (uint64_t)sqlite3_column_int64(st, 0), kept};
    sqlite3_finalize(st);
    return set_filled(work, NULL) && ok;
}

static bool count_entities(sqlite3 *work, arena *mem, quality_facts *out)
{
    quality_entity *all = arena_array(mem, model_entities(), sizeof *all);
    out->entity = all;
    for (size_t i = 0; all && i < model_entities(); i++) {
        bool there = false;
        if (!work_look(work, sv_from(model_entity_at(i)->name), &there)) return false;
        if (there && !count_entity(work, mem, model_entity_at(i), &all[out->entities++])) return false;
    }
    return all != NULL;
}

/* ---- what is missing ---- */

static void add_lack(buf *sql, size_t which)
{
    for (size_t i = 0; wanted[which].fields[i]; i++)
        buf_printf(sql, "%st.\"%s\" IS NULL", i ? " AND " : "", wanted[which].fields[i]);
}

static bool count_lacks(sqlite3 *work, arena *mem, quality_facts *out)
{
    quality_lack *all = arena_array(mem, WANTED, sizeof *all);
    out->lack = all;
    for (size_t i = 0; all && i < WANTED; i++) {
        bool there = false;
        if (!work_look(work, sv_from(wanted[i].entity), &there)) return false;
        if (!there) continue;
        buf sql = buf_new(SQL_BYTES_MAX);
        buf_str(&sql, "SELECT count(*), total(");
        add_lack(&sql, i);
        buf_printf(&sql, ") FROM main.\"%s\" AS t", wanted[i].entity);
        sqlite3_stmt *st = work_prepare(work, &sql);
        bool ok = st && sqlite3_step(st) == SQLITE_ROW;
        if (ok)
            all[out->lacks++] =
                (quality_lack){model_entity_named(sv_from(wanted[i].entity)), wanted[i].what,
                               (uint64_t)sqlite3_column_int64(st, 0), (uint64_t)sqlite3_column_int64(st, 1)};
        sqlite3_finalize(st);
        if (!ok) return false;
    }
    return all != NULL;
}

static bool give_lack(sqlite3_stmt *st, quality_take_lack take, void *ctx)
{
    buf missing = buf_new(256);
    for (size_t i = 0; i < LACKS_LISTED; i++)
        if (sqlite3_column_int(st, 3 + (int)i)) buf_printf(&missing, "%s%s", missing.n ? ";" : "", wanted[i].what);
    bool ok =
        !missing.failed && take(ctx, quality_text(st, 0), quality_text(st, 1), quality_text(st, 2), buf_view(&missing));
    buf_free(&missing);
    return ok;
}

bool quality_each_lack(sqlite3 *work, quality_take_lack take, void *ctx)
{
    bool there = false, ok = true;
    if (!work_look(work, SV_LIT("patient"), &there) || !there) return !there;
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql, "SELECT t.source_key, t.src_table, t.src_key");
    for (size_t i = 0; i < LACKS_LISTED; i++) {
        buf_str(&sql, ", ");
        add_lack(&sql, i);
        buf_printf(&sql, " AS lack%zu", i);
    }
    buf_str(&sql, " FROM main.patient AS t WHERE lack0 OR lack1 ORDER BY t.source_key");
    sqlite3_stmt *st = work_prepare(work, &sql);
    int rc = SQLITE_ERROR;
    while (ok && st && (rc = sqlite3_step(st)) == SQLITE_ROW) ok = give_lack(st, take, ctx);
    sqlite3_finalize(st);
    return ok && rc == SQLITE_DONE;
}

/* ---- custom fields that were staged ---- */

static bool list_customs(sqlite3 *work, arena *mem, const char *table, const char *select, quality_custom **all,
                         size_t *n)
{
    bool there = false, ok = true;
    if (!work_look(work, sv_from(table), &there) || !there) return !there;
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql, select);
    sqlite3_stmt *st = work_prepare(work, &sql);
    int rc = SQLITE_ERROR;
    while (ok && st && (rc = sqlite3_step(st)) == SQLITE_ROW && *n < QUALITY_CUSTOMS_MAX) {
        quality_custom *c = &(*all)[(*n)++];
        *c = (quality_custom){.entity = arena_sv(mem, quality_text(st, 0)),
                              .name = arena_sv(mem, quality_text(st, 1)),
                              .type = arena_sv(mem, quality_text(st, 2)),
                              .records = (uint64_t)sqlite3_column_int64(st, 3),
                              .distinct = (uint64_t)sqlite3_column_int64(st, 4)};
        ok = c->entity.p && c->name.p && c->type.p;
    }
    sqlite3_finalize(st);
    return ok && (rc == SQLITE_DONE || rc == SQLITE_ROW);
}

static bool count_customs(sqlite3 *work, arena *mem, quality_facts *out)
{
    quality_custom *all = arena_array(mem, QUALITY_CUSTOMS_MAX, sizeof *all);
    bool ok = all && list_customs(work, mem, "custom_value",
                                  "SELECT t.entity, t.name, max(t.type), count(*), count(DISTINCT t.value) "
                                  "FROM main.custom_value AS t GROUP BY t.entity, t.name ORDER BY t.entity, t.name",
                                  &all, &out->customs);
    ok = ok && list_customs(work, mem, "custom_finding",
                            "SELECT 'custom_finding', t.name, max(t.type), count(*), count(DISTINCT t.value) "
                            "FROM main.custom_finding AS t GROUP BY t.name ORDER BY t.name",
                            &all, &out->customs);
    out->custom = all;
    return ok;
}

bool quality_count(sqlite3 *work, arena *mem, quality_facts *out)
{
    return count_entities(work, mem, out) && count_lacks(work, mem, out) && count_customs(work, mem, out);
}

bool quality_withhold(sqlite3 *work, findings *f)
{
    bool there = false;
    if (!work_look(work, SV_LIT("patient"), &there) || !there) return !there;
    static const char sql[] = "UPDATE main.patient SET national_id = NULL WHERE national_id IS NOT NULL";
    if (sqlite3_exec(work, sql, NULL, NULL, NULL) != SQLITE_OK) return false;
    int n = sqlite3_changes(work);
    if (n) find_code(f, F_QUA_NATIONAL_ID_WITHHELD, "%d", n);
    return true;
}
