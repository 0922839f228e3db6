#include "base/limits.h"
#include "profile/profile_internal.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLUMN_KEY = -1, COLUMN_TABLE = -2 };

/* One entity being staged. */
typedef struct staging {
    const profile *x;
    const profile_run *run;
    const profile_entity *e;
    sqlite3 *db;
    sqlite3_stmt *select, *insert;
    int *field; /* of each column of the SELECT: position in the entity's fields, COLUMN_KEY or COLUMN_TABLE */
    int columns;
    size_t line;         /* in the ledger */
    uint64_t out, again; /* records that came out; further ones of a key already met */
    buf *value;          /* of each field, canonical */
    bool *given;         /* it has one */
    buf *raw;            /* of each column of the SELECT, as it came */
    sv *name, *text;     /* of the same, for the lists of what was left out */
    buf key, table, source_key;
} staging;

static void report(const staging *s, finding_code code, const model_field *f, const char *a)
{
    finding x = FINDING_OF(code);
    x.table = sv_from(s->e->entity->name);
    x.column = sv_from(f ? f->name : NULL);
    x.a = sv_from(a);
    find_add(s->run->found, &x);
}

/* ---- the SELECT and its columns ---- */

/* Line and column of a byte of the SQL text. */
static void place_of(sv text, int offset, unsigned *line, unsigned *column)
{
    *line = *column = 1;
    for (int i = 0; i < offset && (size_t)i < text.n; i++) {
        (*column)++;
        if (text.p[i] != '\n') continue;
        (*line)++;
        *column = 1;
    }
}

static void wrong_sql(const staging *s, int offset, const char *text)
{
    unsigned line, column;
    sv file = s->e->sql_file;
    place_of(s->e->sql, offset < 0 ? 0 : offset, &line, &column);
    problem_add(s->run->wrong, file, line, column, "%s", text);
}

static bool only_blanks(const char *p)
{
    while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t' || *p == ';') p++;
    return *p == 0;
}

static bool prepare_select(staging *s)
{
    const char *tail = NULL;
    sql_restrict(s->run->db);
    int rc = sqlite3_prepare_v2(s->db, s->e->sql.p, (int)s->e->sql.n, &s->select, &tail);
    if (rc != SQLITE_OK) {
        sv why = sql_error(s->run->db);
        buf text = buf_new(4096);
        buf_sv(&text, why);
        buf_char(&text, 0);
        wrong_sql(s, sqlite3_error_offset(s->db), text.p && !text.failed ? text.p : "the SELECT is not understood");
        buf_free(&text);
    } else if (!s->select)
        wrong_sql(s, 0, "the file holds no SELECT");
    else if (!only_blanks(tail))
        wrong_sql(s, (int)(tail - s->e->sql.p), "only one SELECT is read; something follows it");
    sql_free(s->run->db);
    return rc == SQLITE_OK && s->select && only_blanks(tail);
}

static void unknown_column(const staging *s, sv name)
{
    const model_entity *m = s->e->entity;
    sv known[128];
    size_t n = 0;
    known[n++] = SV_LIT("src_key");
    known[n++] = SV_LIT("src_table");
    for (size_t i = 0; i < m->fields && n < 128; i++) known[n++] = sv_from(m->field[i].name);
    sv best = problem_suggest(name, known, n);
    problem_add(s->run->wrong, s->e->sql_file, 1, 1, "%s has no field \"%.*s\"%s%.*s%s", m->name, (int)name.n, name.p,
                best.p ? "; did you mean \"" : "", (int)best.n, best.p ? best.p : "", best.p ? "\"?" : "");
}

static bool map_columns(staging *s)
{
    const model_entity *m = s->e->entity;
    bool key = false, good = true;
    s->columns = sqlite3_column_count(s->select);
    size_t n = (size_t)s->columns + 1;
    s->field = calloc(n, sizeof *s->field);
    s->raw = calloc(n, sizeof *s->raw);
    s->name = calloc(n, sizeof *s->name);
    s->text = calloc(n, sizeof *s->text);
    if (!s->field || !s->raw || !s->name || !s->text) {
        s->run->wrong->failed = true;
        return false;
    }
    for (int i = 0; i < s->columns; i++) {
        sv name = s->name[i] = sv_from(sqlite3_column_name(s->select, i));
        const model_field *f = model_field_named(m, name);
        s->raw[i] = buf_new((size_t)1 << 20);
        if (sv_eq(name, SV_LIT("src_key"))) {
            s->field[i] = COLUMN_KEY;
            key = true;
        } else if (sv_eq(name, SV_LIT("src_table")))
            s->field[i] = COLUMN_TABLE;
        else if (f)
            s->field[i] = (int)(f - m->field);
        else {
            unknown_column(s, name);
            good = false;
        }
        for (int k = 0; k < i; k++)
            if (s->field[k] == s->field[i] && (f || s->field[i] < 0)) {
                problem_add(s->run->wrong, s->e->sql_file, 1, 1, "the column \"%.*s\" is given twice", (int)name.n,
                            name.p);
                good = false;
            }
    }
    if (!key) problem_add(s->run->wrong, s->e->sql_file, 1, 1, "the SELECT gives no src_key");
    return good && key;
}

/* ---- the table in the work file ---- */

static bool run_sql(const staging *s, const char *sql)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK) return true;
    report(s, F_PRO_SQL_FAILED, NULL, sqlite3_errmsg(s->db));
    return false;
}

static bool make_table(staging *s)
{
    const model_entity *m = s->e->entity;
    buf create = buf_new(65536), insert = buf_new(65536);
    buf_printf(&create, "CREATE TABLE main.%s(source_key TEXT PRIMARY KEY, src_table TEXT, src_key TEXT UNIQUE",
               m->name);
    buf_printf(&insert, "INSERT INTO main.%s VALUES(?,?,?", m->name);
    for (size_t i = 0; i < m->fields; i++) {
        buf_printf(&create, ", %s TEXT", m->field[i].name);
        buf_str(&insert, ",?");
    }
    buf_add(&create, ")", 2);
    buf_add(&insert, ")", 2);
    bool ok = !create.failed && !insert.failed && run_sql(s, create.p);
    if (ok && sqlite3_prepare_v2(s->db, insert.p, -1, &s->insert, NULL) != SQLITE_OK) {
        report(s, F_PRO_SQL_FAILED, NULL, sqlite3_errmsg(s->db));
        ok = false;
    }
    buf_free(&create);
    buf_free(&insert);
    return ok;
}

/* ---- rows ---- */

static void tell(const staging *s, finding_code code, const model_field *f, bool held_back, sv original)
{
    const profile_reject x = {.entity = s->e->entity,
                              .src_table = s->table.n ? buf_view(&s->table) : s->e->driving_table,
                              .src_key = buf_view(&s->key),
                              .code = finding_text_of(code)->id,
                              .field = sv_from(f ? f->name : NULL),
                              .held_back = held_back,
                              .value = original,
                              .column = held_back ? NULL : s->name,
                              .original = held_back ? NULL : s->text,
                              .columns = held_back ? 0 : (size_t)s->columns};
    ledger_add(s->run->counts, s->line, held_back ? COUNT_HELD_BACK : COUNT_REJECTED, 1);
    if (s->run->reject) s->run->reject(s->run->ctx, &x);
}

/* Every column as it came, before anything is made of it. */
static void take_columns(staging *s)
{
    lob_ref large;
    for (int i = 0; i < s->columns; i++) {
        buf_clear(&s->raw[i]);
        if (sql_column_lob(s->run->db, s->select, i, &large))
            buf_str(&s->raw[i], "(a large value)");
        else
            sql_column_text(s->select, i, &s->raw[i]);
        s->text[i] = buf_view(&s->raw[i]);
    }
}

static void take_value(staging *s, int column, const model_field *f, size_t at)
{
    lob_ref large;
    s->given[at] = false;
    buf_clear(&s->value[at]);
    if (sql_column_lob(s->run->db, s->select, column, &large)) {
        report(s, F_PRO_LARGE_VALUE, f, NULL);
        tell(s, F_PRO_LARGE_VALUE, f, true, s->text[column]);
        return;
    }
    field_outcome got = profile_field_text(f, s->text[column], &s->value[at]);
    s->given[at] = got == FIELD_GOOD;
    if (got != FIELD_WRONG) return;
    buf_clear(&s->value[at]);
    report(s, F_PRO_VALUE_WRONG, f, profile_field_kind(f));
    tell(s, F_PRO_VALUE_WRONG, f, true, s->text[column]);
}

/* The first required field that is empty; NULL: none. */
static const model_field *missing_field(const staging *s)
{
    const model_entity *m = s->e->entity;
    for (size_t i = 0; i < m->fields; i++)
        if (m->field[i].required && !s->given[i]) return &m->field[i];
    return NULL;
}

static void bind(sqlite3_stmt *st, int at, const buf *b, bool given)
{
    if (given)
        sqlite3_bind_text64(st, at, b->p ? b->p : "", b->n, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_bind_null(st, at);
}

/* True when it was written or belongs to a key that was met before; false when SQLite failed. */
static bool write_record(staging *s)
{
    const model_entity *m = s->e->entity;
    buf_clear(&s->source_key);
    if (!model_source_key(s->x->system, m, buf_view(&s->key), &s->source_key)) return false;
    bind(s->insert, 1, &s->source_key, true);
    bind(s->insert, 2, &s->table, true);
    bind(s->insert, 3, &s->key, true);
    for (size_t i = 0; i < m->fields; i++) bind(s->insert, (int)i + 4, &s->value[i], s->given[i]);
    int rc = sqlite3_step(s->insert);
    sqlite3_reset(s->insert);
    if (rc == SQLITE_DONE) return true;
    if ((rc & 0xFF) != SQLITE_CONSTRAINT) return false;
    s->again++;
    report(s, F_PRO_FAN_OUT, NULL, NULL);
    tell(s, F_PRO_FAN_OUT, NULL, false, (sv){NULL, 0});
    return true;
}

static bool take_row(staging *s)
{
    s->out++;
    buf_clear(&s->key);
    buf_clear(&s->table);
    for (size_t i = 0; i < s->e->entity->fields; i++) s->given[i] = false;
    take_columns(s);
    for (int i = 0; i < s->columns; i++) {
        if (s->field[i] == COLUMN_KEY) buf_sv(&s->key, s->text[i]);
        if (s->field[i] == COLUMN_TABLE) buf_sv(&s->table, s->text[i]);
    }
    if (s->table.n == 0) buf_sv(&s->table, s->e->driving_table);
    for (int i = 0; i < s->columns; i++)
        if (s->field[i] >= 0) take_value(s, i, &s->e->entity->field[s->field[i]], (size_t)s->field[i]);
    if (s->key.n == 0) {
        report(s, F_PRO_KEY_EMPTY, NULL, NULL);
        tell(s, F_PRO_KEY_EMPTY, NULL, false, (sv){NULL, 0});
        return true;
    }
    const model_field *missing = missing_field(s);
    if (missing) {
        report(s, F_PRO_REQUIRED_EMPTY, missing, NULL);
        tell(s, F_PRO_REQUIRED_EMPTY, missing, false, (sv){NULL, 0});
        return true;
    }
    return write_record(s);
}

static status take_rows(staging *s)
{
    int rc;
    while ((rc = sqlite3_step(s->select)) == SQLITE_ROW)
        if (!take_row(s)) {
            report(s, F_PRO_SQL_FAILED, NULL, sqlite3_errmsg(s->db));
            return ST_FATAL;
        }
    if (rc == SQLITE_DONE) return ST_OK;
    sv why = sql_error(s->run->db);
    buf text = buf_new(4096);
    buf_sv(&text, why);
    buf_char(&text, 0);
    report(s, F_PRO_SQL_FAILED, NULL, text.failed ? "" : text.p);
    buf_free(&text);
    return ST_FATAL;
}

/* ---- the account over the driving table ---- */

/* Rows of the driving table that could be decoded: by the scan that the SELECT made, or counted. */
static bool decoded_rows(staging *s, uint64_t *rows)
{
    const ledger *l = s->run->counts;
    for (size_t i = 0; i < ledger_lines(l); i++) {
        const ledger_line *x = ledger_at(l, i);
        if (x->level == LEDGER_TABLE && sv_eq_nocase(x->name, s->e->driving_table) && x->count[COUNT_READ] > 0) {
            *rows = x->count[COUNT_DECODED];
            return true;
        }
    }
    sqlite3_stmt *st = NULL;
    buf sql = buf_new(4096);
    buf_printf(&sql, "SELECT count(*) FROM \"%.*s\"", (int)s->e->driving_table.n, s->e->driving_table.p);
    buf_char(&sql, 0);
    bool ok =
        !sql.failed && sqlite3_prepare_v2(s->db, sql.p, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW;
    if (ok)
        *rows = (uint64_t)sqlite3_column_int64(st, 0);
    else
        report(s, F_PRO_SQL_FAILED, NULL, sqlite3_errmsg(s->db));
    sqlite3_finalize(st);
    buf_free(&sql);
    return ok;
}

/* Each row of the driving table came out once, or is skipped: filtered by the profile. Where rows come out several times (`many`, or
 * by mistake) every further record counts as one more that was decoded, so that the sum stays one of records. */
static bool close_account(staging *s)
{
    uint64_t rows;
    if (!decoded_rows(s, &rows)) return false;
    uint64_t once = s->out - s->again;
    uint64_t skipped = once < rows ? rows - once : 0;
    ledger_add(s->run->counts, s->line, COUNT_DECODED, s->out + skipped);
    ledger_add(s->run->counts, s->line, COUNT_SKIPPED, skipped);
    return true;
}

/* ---- one entity ---- */

static bool make_buffers(staging *s)
{
    size_t n = s->e->entity->fields;
    s->value = calloc(n + 1, sizeof *s->value);
    s->given = calloc(n + 1, sizeof *s->given);
    for (size_t i = 0; s->value && i < n; i++) s->value[i] = buf_new((size_t)1 << 20);
    s->key = s->table = s->source_key = buf_new(1 << 16);
    return s->value && s->given;
}

static void drop_buffers(staging *s)
{
    for (size_t i = 0; s->value && i < s->e->entity->fields; i++) buf_free(&s->value[i]);
    free(s->value);
    for (int i = 0; s->raw && i < s->columns; i++) buf_free(&s->raw[i]);
    free(s->given);
    free(s->field);
    free(s->raw);
    free(s->name);
    free(s->text);
    buf_free(&s->key);
    buf_free(&s->table);
    buf_free(&s->source_key);
    sqlite3_finalize(s->select);
    sqlite3_finalize(s->insert);
}

static status stage_entity(const profile *x, const profile_run *run, const profile_entity *e)
{
    staging s = {.x = x, .run = run, .e = e, .db = sql_handle(run->db)};
    status st = ST_FATAL;
    s.line = ledger_line_of(run->counts, LEDGER_ENTITY, sv_from(e->entity->name), e->driving_table);
    if (s.line == SIZE_MAX || !make_buffers(&s))
        find_code(run->found, F_OUT_OF_MEMORY, "staging %s", e->entity->name);
    else if (prepare_select(&s) && map_columns(&s) && make_table(&s) && run_sql(&s, "BEGIN")) {
        st = take_rows(&s);
        if (st == ST_OK && !close_account(&s)) st = ST_FATAL;
        if (!run_sql(&s, st == ST_OK ? "COMMIT" : "ROLLBACK")) st = ST_FATAL;
    }
    drop_buffers(&s);
    return st;
}

/* ---- references, once everything is staged ---- */

static bool is_staged(const profile *x, const char *entity)
{
    for (size_t i = 0; i < x->entities; i++)
        if (sv_eq(sv_from(x->entity[i].entity->name), sv_from(entity))) return true;
    return false;
}

/* The records whose reference f leads nowhere. */
static void orphans_of(const profile *x, const model_field *f, buf *where)
{
    buf_printf(where, " WHERE %s IS NOT NULL", f->name);
    if (is_staged(x, f->target)) buf_printf(where, " AND %s NOT IN (SELECT src_key FROM main.%s)", f->name, f->target);
    buf_char(where, 0);
}

/* A staged record as the lists show it: all its columns but the key for destinations. */
static bool name_columns(staging *s, sqlite3_stmt *st)
{
    s->columns = sqlite3_column_count(st);
    s->raw = calloc((size_t)s->columns + 1, sizeof *s->raw);
    s->name = calloc((size_t)s->columns + 1, sizeof *s->name);
    s->text = calloc((size_t)s->columns + 1, sizeof *s->text);
    if (!s->raw || !s->name || !s->text) return false;
    for (int i = 0; i < s->columns; i++) {
        s->name[i] = sv_from(sqlite3_column_name(st, i));
        s->raw[i] = buf_new((size_t)1 << 20);
    }
    return true;
}

static void tell_orphan(staging *s, sqlite3_stmt *st, const model_field *f)
{
    sv reference = {NULL, 0};
    for (int i = 0; i < s->columns; i++) {
        buf_clear(&s->raw[i]);
        sql_column_text(st, i, &s->raw[i]);
        s->text[i] = buf_view(&s->raw[i]);
        if (sv_eq(s->name[i], sv_from(f->name))) reference = s->text[i];
    }
    buf_clear(&s->table);
    buf_sv(&s->table, s->text[1]);
    buf_clear(&s->key);
    buf_sv(&s->key, s->text[2]);
    report(s, F_PRO_ORPHAN, f, f->target);
    tell(s, F_PRO_ORPHAN, f, !f->required, reference);
}

/* A record cannot be without a required reference: it is rejected. Any other reference is held back. *lost: records rejected. */
static status settle_orphans(const profile *x, const profile_run *run, const profile_entity *e, const model_field *f,
                             uint64_t *lost)
{
    staging s = {.x = x, .run = run, .e = e, .db = sql_handle(run->db)};
    sqlite3_stmt *st = NULL;
    buf sql = buf_new(4096), where = buf_new(2048);
    s.line = ledger_line_of(run->counts, LEDGER_ENTITY, sv_from(e->entity->name), e->driving_table);
    s.key = s.table = buf_new(1 << 20);
    orphans_of(x, f, &where);
    buf_printf(&sql, "SELECT * FROM main.%s%s ORDER BY source_key", e->entity->name, where.p ? where.p : "");
    bool ok = !sql.failed && !where.failed && sqlite3_prepare_v2(s.db, sql.p, (int)sql.n, &st, NULL) == SQLITE_OK;
    ok = ok && name_columns(&s, st);
    int rc = SQLITE_DONE;
    while (ok && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        tell_orphan(&s, st, f);
        if (f->required) (*lost)++;
    }
    sqlite3_finalize(st);
    buf_clear(&sql);
    if (f->required)
        buf_printf(&sql, "DELETE FROM main.%s%s", e->entity->name, where.p ? where.p : "");
    else
        buf_printf(&sql, "UPDATE main.%s SET %s = NULL%s", e->entity->name, f->name, where.p ? where.p : "");
    buf_char(&sql, 0);
    if (ok && rc == SQLITE_DONE && !sql.failed)
        ok = run_sql(&s, sql.p);
    else {
        report(&s, F_PRO_SQL_FAILED, f, sqlite3_errmsg(s.db));
        ok = false;
    }
    buf_free(&sql);
    buf_free(&where);
    drop_buffers(&s);
    return ok ? ST_OK : ST_FATAL;
}

/* All references once; *lost: records rejected, which may have made orphans of others. */
static status settle_references(const profile *x, const profile_run *run, uint64_t *lost)
{
    for (size_t i = 0; i < x->entities; i++)
        for (size_t k = 0; k < x->entity[i].entity->fields; k++) {
            const model_field *f = &x->entity[i].entity->field[k];
            if (f->type != FIELD_REFERENCE) continue;
            status st = settle_orphans(x, run, &x->entity[i], f, lost);
            if (st != ST_OK) return st;
        }
    return ST_OK;
}

/* What is staged in the end is what was mapped. */
static status count_mapped(const profile *x, const profile_run *run)
{
    for (size_t i = 0; i < x->entities; i++) {
        const profile_entity *e = &x->entity[i];
        const staging s = {.x = x, .run = run, .e = e, .db = sql_handle(run->db)};
        sqlite3_stmt *st = NULL;
        char sql[128];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM main.%s", e->entity->name);
        bool ok = sqlite3_prepare_v2(s.db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW;
        if (ok)
            ledger_add(run->counts,
                       ledger_line_of(run->counts, LEDGER_ENTITY, sv_from(e->entity->name), e->driving_table),
                       COUNT_MAPPED, (uint64_t)sqlite3_column_int64(st, 0));
        else
            report(&s, F_PRO_SQL_FAILED, NULL, sqlite3_errmsg(s.db));
        sqlite3_finalize(st);
        if (!ok) return ST_FATAL;
    }
    return ST_OK;
}

status profile_stage(const profile *x, const profile_run *run)
{
    status all = ST_OK;
    for (size_t i = 0; i < x->entities; i++) {
        status st = stage_entity(x, run, &x->entity[i]);
        if (st != ST_OK) all = st; /* go on: every profile mistake is told at once */
        if (st != ST_OK && run->wrong->n == 0) return st;
    }
    uint64_t before, lost = 0;
    do { /* ends: every round but the last rejects a record */
        before = lost;
        if (all == ST_OK) all = settle_references(x, run, &lost);
    } while (all == ST_OK && lost != before);
    return all == ST_OK ? count_mapped(x, run) : all;
}
