/* Which rows of the driving table came out, and the sum over them.
 *
 * The keys of written records are remembered for their entity; keys of rejected ones, and of rows with `many`, here, so that
 * a key that comes twice is counted once whatever became of it. */
#include "model/work_file.h"
#include "profile/profile_internal.h"
#include <inttypes.h>
#include <stdio.h>

enum { LINE_BYTES_MAX = 1 << 16 };

static finding about(const profile_entity *e, finding_code code)
{
    finding x = FINDING_OF(code);
    x.table = sv_from(e->entity->name);
    return x;
}

void profile_work_failed(const profile_source *s, const profile_entity *e)
{
    char doing[128];
    snprintf(doing, sizeof doing, "staging %s", e ? e->entity->name : "records");
    (void)work_failed(s->work, s->run->found, doing);
}

void profile_source_failed(const profile_source *s)
{
    finding x = FINDING_OF(F_DEL_WORK_FAILED);
    x.a = SV_LIT("reading the source");
    x.b = sql_error(s->run->db);
    find_add(s->run->found, &x);
}

bool profile_run_sql(const profile_source *s, const profile_entity *e, sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK) return true;
    profile_work_failed(s, e);
    return false;
}

void profile_sql_failed(const profile_source *s, const profile_entity *e)
{
    finding x = about(e, F_PRO_SQL_FAILED);
    x.a = sql_error(s->run->db);
    find_add(s->run->found, &x);
}

/* One line for all parts, with all their tables. */
size_t profile_entity_line(const profile_source *s, const model_entity *e)
{
    buf from = buf_new(LINE_BYTES_MAX);
    for (size_t i = 0; i < s->x->entities; i++) {
        const profile_entity *part = &s->x->entity[i];
        for (size_t k = 0; part->entity == e && k < part->drivings; k++) {
            const table_info *t = profile_table_info(s, part->driving[k]);
            if (from.n) buf_str(&from, ", ");
            buf_sv(&from, t ? t->full_name : part->driving[k]);
        }
    }
    size_t line = ledger_line_of(s->run->counts, LEDGER_ENTITY, sv_from(e->name), buf_view(&from));
    buf_free(&from);
    return line;
}

void profile_account_again_scanned(profile_account *a)
{
    for (size_t i = 0; i < a->e->drivings; i++) {
        uint64_t rows;
        const table_info *t = profile_table_info(a->s, a->e->driving[i]);
        a->scans[i] = 0;
        if (t) (void)sql_scanned(a->s->run->db, t->full_name, &a->scans[i], &rows);
    }
}

bool profile_account_open(profile_account *a, const profile_source *s, const profile_entity *e)
{
    key_room *room = profile_key_room(s);
    *a = (profile_account){.s = s, .e = e};
    a->line = profile_entity_line(s, e->entity);
    for (size_t i = 0, parts = 0; i < s->x->entities; i++) {
        parts += s->x->entity[i].entity == e->entity;
        a->parts = parts > 1;
    }
    a->scans = arena_array(s->mem, e->drivings + 1, sizeof *a->scans);
    a->seen_rows = key_set_new(s->work, room);
    a->seen_records = key_set_new(s->work, room);
    if (a->line == SIZE_MAX || !a->scans || !a->seen_rows || !a->seen_records) {
        find_code(s->run->found, F_OUT_OF_MEMORY, "staging %s", e->entity->name);
        return false;
    }
    profile_account_again_scanned(a);
    return true;
}

static bool done(const profile_account *a, bool ok)
{
    if (!ok) profile_work_failed(a->s, a->e);
    return ok;
}

bool profile_account_close(profile_account *a)
{
    bool ok = true;
    if (a->s) ok = done(a, key_set_free(a->seen_rows)) && ok;
    if (a->s) ok = done(a, key_set_free(a->seen_records)) && ok;
    *a = (profile_account){.line = 0};
    return ok;
}

/* ---- rows and records ---- */

bool profile_account_row(profile_account *a, sv src_row)
{
    bool is_new = false;
    if (!a->e->many) return true;
    if (!done(a, key_set_add(a->seen_rows, src_row, &is_new))) return false;
    a->rows += is_new;
    return true;
}

bool profile_account_again(profile_account *a, sv src_key, bool *again)
{
    *again = false;
    if (a->rejected == 0 && !a->parts) return true;
    return done(a, key_set_has(a->seen_records, src_key, again));
}

/* With several parts the keys of the entity do not tell whose one is: each part remembers its own. */
static bool count_row(profile_account *a, sv src_key)
{
    bool is_new = true, staged = false;
    if (a->e->many) return true;
    if (src_key.n && !done(a, key_set_add(a->seen_records, src_key, &is_new))) return false;
    if (src_key.n && !a->parts && !done(a, key_set_has(profile_staged_keys(a->s, a->e->entity), src_key, &staged)))
        return false;
    a->rows += is_new && !staged;
    return true;
}

bool profile_account_written(profile_account *a, sv src_key)
{
    a->records++;
    if (a->parts) return count_row(a, src_key);
    a->rows += !a->e->many;
    return true;
}

bool profile_account_rejected(profile_account *a, sv src_key)
{
    a->records++;
    a->rejected++;
    return count_row(a, src_key);
}

bool profile_account_repeated(profile_account *a, sv src_key)
{
    a->records++;
    return !a->parts || count_row(a, src_key);
}

/* ---- the sum ---- */

/* The driving table counted by itself. */
static bool count_rows(const profile_account *a, sv table, uint64_t *rows)
{
    sqlite3_stmt *st = NULL;
    char *sql = sqlite3_mprintf("SELECT count(*) FROM source.\"%.*w\"", (int)table.n, table.p);
    bool ok = sql && sqlite3_prepare_v2(a->s->db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW;
    if (ok)
        *rows += (uint64_t)sqlite3_column_int64(st, 0);
    else
        profile_sql_failed(a->s, a->e);
    sqlite3_finalize(st);
    sqlite3_free(sql);
    return ok;
}

/* Rows of a driving table that could be decoded for the SELECT: as its own scan gave them (other columns than those that it uses may be
 * unreadable), or, where it made none, counted now. */
static bool decoded_rows(const profile_account *a, size_t driving, uint64_t *rows)
{
    uint64_t scans = 0, seen = 0;
    const table_info *t = profile_table_info(a->s, a->e->driving[driving]);
    if (!t) return true; /* a table of the profile that the source does not have */
    sv table = t->full_name;
    if (!sql_scanned(a->s->run->db, table, &scans, &seen) || scans == a->scans[driving])
        return count_rows(a, table, rows);
    *rows += seen;
    return true;
}

static void say_number(const profile_account *a, finding_code code, uint64_t number)
{
    char text[32];
    finding x = about(a->e, code);
    snprintf(text, sizeof text, "%" PRIu64, number);
    x.a = a->e->driving_table;
    x.b = sv_from(text);
    find_add(a->s->run->found, &x);
}

bool profile_account_balance(profile_account *a)
{
    uint64_t driving = 0;
    for (size_t i = 0; i < a->e->drivings; i++)
        if (!decoded_rows(a, i, &driving)) return false;
    uint64_t skipped = a->rows < driving ? driving - a->rows : 0;
    if (skipped) say_number(a, F_PRO_FILTERED, skipped);
    if (a->rows > driving && !a->e->derived) say_number(a, F_PRO_MORE_RECORDS, a->records);
    /* Where a row gives several records, each counts as decoded, so that the sum stays one of records. */
    ledger_add(a->s->run->counts, a->line, COUNT_DECODED, a->records + skipped);
    ledger_add(a->s->run->counts, a->line, COUNT_SKIPPED, skipped);
    return true;
}
