#include "deliver/custom_tally.h"
#include "base/ledger.h"
#include "deliver/audit.h"
#include "deliver/object_writer.h"
#include "model/work_file.h"
#include <stdlib.h>

enum { TALLY_SQL_MAX = 4 << 20, NAME_MAX_BYTES = 1024 };
#define WHOLE_ENTITY "custom_value"

struct custom_tally {
    const destination *d;
    object_template *const *object;
    const deliver_run *run;
    sqlite3_stmt *insert;
};

static bool takes(const object_template *o)
{
    for (size_t i = 0; i < o->columns; i++)
        if (o->column[i].kind == COLUMN_CUSTOM) return true;
    return false;
}

static void table_name(const custom_tally *t, buf *out)
{
    buf_printf(out, "main.\"custom:%.*s\"", (int)t->d->id.n, t->d->id.p);
}

static status failed(const custom_tally *t)
{
    return work_failed(t->run->work, t->run->found, "counting the practice's own values");
}

static sqlite3_stmt *prepare(const custom_tally *t, const char *before, const char *behind)
{
    buf sql = buf_new(NAME_MAX_BYTES);
    buf_str(&sql, before);
    table_name(t, &sql);
    buf_str(&sql, behind);
    return work_prepare(t->run->work, &sql);
}

status custom_tally_begin(const destination *d, object_template *const *object, const deliver_run *run,
                          custom_tally **out)
{
    *out = NULL;
    if (d->model || !work_has(run->work, SV_LIT(WHOLE_ENTITY))) return ST_OK;
    custom_tally *t = calloc(1, sizeof *t);
    if (!t) {
        find_code(run->found, F_OUT_OF_MEMORY, "writing the bundle");
        return ST_FATAL;
    }
    *t = (custom_tally){.d = d, .object = object, .run = run};
    if (work_once(prepare(t, "CREATE TABLE ",
                          " (object INTEGER, src_key TEXT, PRIMARY KEY (object, src_key)) WITHOUT ROWID")))
        t->insert = prepare(t, "INSERT OR IGNORE INTO ", " VALUES (?1, ?2)");
    *out = t;
    return t->insert ? ST_OK : failed(t);
}

size_t custom_tally_object(const custom_tally *t, const object_template *o)
{
    for (size_t i = 0; t && i < t->d->objects; i++)
        if (t->object[i] == o) return takes(o) ? i : SIZE_MAX;
    return SIZE_MAX;
}

status custom_tally_record(custom_tally *t, size_t object, sv src_key)
{
    bool ok = sqlite3_bind_int64(t->insert, 1, (sqlite3_int64)object) == SQLITE_OK &&
              sqlite3_bind_text64(t->insert, 2, src_key.p, src_key.n, SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK &&
              sqlite3_step(t->insert) == SQLITE_DONE;
    ok = sqlite3_reset(t->insert) == SQLITE_OK && ok;
    return ok ? ST_OK : failed(t);
}

/* ---- the sums ---- */

/* The names that an object has fields for; all of them where a text of it lists all. */
static void put_names(buf *sql, const object_template *o)
{
    bool first = true;
    for (size_t i = 0; i < o->columns; i++)
        if (o->column[i].kind == COLUMN_CUSTOM && sv_eq(o->column[i].custom, SV_LIT("*"))) return;
    buf_str(sql, " AND v.name IN (");
    for (size_t i = 0; i < o->columns; i++) {
        if (o->column[i].kind != COLUMN_CUSTOM) continue;
        if (!first) buf_char(sql, ',');
        buf_quoted(sql, o->column[i].custom, '\'', '\'');
        first = false;
    }
    buf_char(sql, ')');
}

/* Values of v that an object has a field for: of an entity, under a name. */
static void put_has_field(buf *sql, const object_template *o)
{
    buf_printf(sql, "(v.entity = '%s'", o->entity->name);
    put_names(sql, o);
}

static void put_each(const custom_tally *t, buf *sql, bool written)
{
    bool first = true;
    buf_char(sql, '(');
    for (size_t i = 0; i < t->d->objects; i++) {
        if (!takes(t->object[i])) continue;
        if (!first) buf_str(sql, " OR ");
        put_has_field(sql, t->object[i]);
        if (written) {
            buf_str(sql, " AND EXISTS (SELECT 1 FROM ");
            table_name(t, sql);
            buf_printf(sql, " WHERE object = %zu AND src_key = v.record)", i);
        }
        buf_char(sql, ')');
        first = false;
    }
    buf_str(sql, first ? "0)" : ")");
}

/* All; those with a field; those of them whose record was written. An empty value fills no field. */
static bool count_values(const custom_tally *t, uint64_t n[3])
{
    buf sql = buf_new(TALLY_SQL_MAX);
    buf_str(&sql, "SELECT count(*), total(v.value IS NOT NULL AND ");
    put_each(t, &sql, false);
    buf_str(&sql, "), total(v.value IS NOT NULL AND ");
    put_each(t, &sql, true);
    buf_str(&sql, ") FROM main." WHOLE_ENTITY " AS v");
    sqlite3_stmt *st = work_prepare(t->run->work, &sql);
    bool ok = st && sqlite3_step(st) == SQLITE_ROW;
    for (int i = 0; ok && i < 3; i++) n[i] = (uint64_t)sqlite3_column_int64(st, i);
    sqlite3_finalize(st);
    return ok;
}

static status tell(audit_part *part, audit_outcome outcome, uint64_t n, const char *why)
{
    const audit_line x = {.outcome = outcome, .records = n, .code = sv_from(why)};
    return n ? audit_add(part, &x) : ST_OK;
}

/* A delivery that is given up leaves the work file as it was. */
static bool drop(custom_tally *t)
{
    bool there = t->insert != NULL;
    sqlite3_finalize(t->insert);
    t->insert = NULL;
    return !there || work_once(prepare(t, "DROP TABLE ", ""));
}

static sv line_name(const custom_tally *t)
{
    return arena_printf(t->run->mem, "%.*s/fields (" WHOLE_ENTITY ")", (int)t->d->id.n, t->d->id.p);
}

size_t custom_tally_line(const custom_tally *t)
{
    sv name = line_name(t);
    return name.p ? ledger_line_of(t->run->counts, LEDGER_OBJECT, name, SV_LIT(WHOLE_ENTITY)) : SIZE_MAX;
}

static status count_into(const custom_tally *t, const uint64_t n[3])
{
    ledger *l = t->run->counts;
    sv name = line_name(t);
    size_t line = custom_tally_line(t);
    if (!name.p || line == SIZE_MAX) {
        find_code(t->run->found, F_OUT_OF_MEMORY, "writing the bundle");
        return ST_FATAL;
    }
    ledger_add(l, line, COUNT_MAPPED, n[0]);
    ledger_add(l, line, COUNT_MERGED, n[2]);
    ledger_add(l, line, COUNT_SKIPPED, n[0] - n[2]);
    if (!t->run->audit) return ST_OK;
    audit_part *part = audit_part_of(t->run->audit, LEDGER_OBJECT, name, SV_LIT(WHOLE_ENTITY));
    if (!part) return ST_FATAL;
    status s = tell(part, AUDIT_MERGED, n[2], AUDIT_AS_FIELD);
    if (s == ST_OK) s = tell(part, AUDIT_SKIPPED, n[1] - n[2], AUDIT_NO_RECORD);
    return s == ST_OK ? tell(part, AUDIT_SKIPPED, n[0] - n[1], AUDIT_BY_RULE) : s;
}

status custom_tally_finish(custom_tally *t)
{
    uint64_t n[3] = {0};
    if (!t) return ST_OK;
    if (!count_values(t, n)) return failed(t);
    return count_into(t, n);
}

bool custom_tally_free(custom_tally *t)
{
    bool dropped = !t || drop(t);
    free(t);
    return dropped;
}
