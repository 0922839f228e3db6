#include "deliver/scope.h"
#include "base/buf.h"
#include <stdlib.h>

enum { SQL_BYTES_MAX = 1 << 16, ROUNDS_MAX = 32, SLOTS_FIRST = 4096 };

struct record_scope {
    sqlite3 *work;
    findings *found;
    arena *mem;
    const scope_options *o;
    bool patients; /* some are left out */
    bool *entity_out;
    sqlite3_stmt *is_out;
    /* Records of the trial: entity and key, hashed. */
    struct scope_key {
        const model_entity *e;
        sv key;
    } * slot;
    size_t slots, keys;
    bool failed, told; /* told: a finding says why */
};

/* ---- options ---- */

static bool is_day(sv s)
{
    static const char shape[] = "dddd-dd-dd";
    for (size_t i = 0; i < s.n && i < 10; i++)
        if (shape[i] == 'd' ? s.p[i] < '0' || s.p[i] > '9' : s.p[i] != shape[i]) return false;
    return s.n == 10;
}

/* Behind the *n names that are there from an option before. */
static const char *entities_of(sv list, const sv **name, size_t *n, arena *mem)
{
    sv *all = arena_array(mem, *n + list.n + 1, sizeof *all);
    size_t before = *n;
    if (!all) return "out of memory";
    if (before) memcpy(all, *name, before * sizeof *all);
    *name = all;
    while (list.n) {
        const char *comma = memchr(list.p, ',', list.n);
        sv one = {list.p, comma ? (size_t)(comma - list.p) : list.n};
        size_t used = one.n + (comma ? 1 : 0);
        list = (sv){list.p + used, list.n - used};
        if (!model_entity_named(one)) return "an entity is not one of the model (src/model/MODEL.md)";
        all[(*n)++] = one;
    }
    return *n > before ? NULL : "it names no entity";
}

const char *scope_option(sv text, scope_options *o, arena *mem)
{
    const sv since = SV_LIT("active-since:"), location = SV_LIT("location:"), patient = SV_LIT("patient:"),
             entities = SV_LIT("entities:"), without = SV_LIT("without:");
    if (sv_starts(text, since)) {
        o->active_since = (sv){text.p + since.n, text.n - since.n};
        return is_day(o->active_since) ? NULL : "the day is written 2020-01-31";
    }
    if (sv_starts(text, location)) {
        o->location = (sv){text.p + location.n, text.n - location.n};
        return o->location.n ? NULL : "it names no location";
    }
    if (sv_starts(text, patient)) {
        o->patient = (sv){text.p + patient.n, text.n - patient.n};
        return o->patient.n ? NULL : "it names no patient";
    }
    if (sv_starts(text, entities))
        return entities_of((sv){text.p + entities.n, text.n - entities.n}, &o->entity, &o->entities, mem);
    if (sv_starts(text, without))
        return entities_of((sv){text.p + without.n, text.n - without.n}, &o->without, &o->withouts, mem);
    return "it is active-since:DAY, location:KEY, patient:KEY, entities:a,b or without:a,b";
}

/* ---- statements ---- */

static bool has_table(const record_scope *s, const char *name)
{
    sqlite3_stmt *st = NULL;
    bool there = sqlite3_prepare_v2(s->work, "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?1", -1,
                                    &st, NULL) == SQLITE_OK &&
                 sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW;
    sqlite3_finalize(st);
    return there;
}

/* Runs it with up to one text for ?1; how many rows it changed. */
static int64_t change(record_scope *s, buf *sql, sv text)
{
    sqlite3_stmt *st = NULL;
    buf_char(sql, '\0');
    bool ok = !sql->failed && sqlite3_prepare_v2(s->work, sql->p, -1, &st, NULL) == SQLITE_OK;
    if (ok && text.n) ok = sqlite3_bind_text(st, 1, text.p, (int)text.n, SQLITE_STATIC) == SQLITE_OK;
    ok = ok && sqlite3_step(st) == SQLITE_DONE;
    sqlite3_finalize(st);
    buf_free(sql);
    if (!ok) s->failed = true;
    return ok ? sqlite3_changes(s->work) : 0;
}

static int64_t run(record_scope *s, const char *text)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql, text);
    return change(s, &sql, (sv){NULL, 0});
}

static const model_field *field_named(const model_entity *e, const char *name)
{
    return model_field_named(e, sv_from(name));
}

/* ---- what is left out ---- */

/* Days on which a patient was seen, planned, booked. */
static const struct {
    const char *entity, *moment;
} seen[] = {{"clinical_exam", "exam_at"},  {"appointment", "start_at"},  {"treatment_plan", "plan_date"},
            {"clinical_note", "noted_at"}, {"radiograph", "taken_date"}, {"billing_line", "line_date"},
            {"referral", "referral_date"}};

static void keep_active(record_scope *s)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql, "INSERT OR IGNORE INTO main.\"scope:out\" SELECT 'patient', p.src_key FROM main.patient AS p WHERE "
                  "coalesce(p.first_visit, '') < ?1");
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        const model_entity *e = model_entity_named(sv_from(seen[i].entity));
        if (!e || !field_named(e, seen[i].moment) || !has_table(s, seen[i].entity)) continue;
        buf_printf(&sql, " AND NOT EXISTS (SELECT 1 FROM main.%s AS x WHERE x.patient = p.src_key AND x.%s >= ?1)",
                   seen[i].entity, seen[i].moment);
    }
    (void)change(s, &sql, s->o->active_since);
}

static void index_patients(record_scope *s)
{
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        buf sql = buf_new(SQL_BYTES_MAX);
        if (!field_named(e, "patient") || !has_table(s, e->name)) continue;
        buf_printf(&sql, "CREATE INDEX IF NOT EXISTS main.\"%s of patients\" ON \"%s\" (patient)", e->name, e->name);
        (void)change(s, &sql, (sv){NULL, 0});
    }
}

static void keep_location(record_scope *s)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    if (!has_table(s, "practice_location")) return;
    buf_str(&sql, "INSERT OR IGNORE INTO main.\"scope:out\" SELECT 'patient', src_key FROM main.patient WHERE location "
                  "IS NULL OR "
                  "location NOT IN (SELECT src_key FROM main.practice_location WHERE source_key = ?1 OR src_key = ?1)");
    (void)change(s, &sql, s->o->location);
}

static bool has_patient(record_scope *s, sv key)
{
    sqlite3_stmt *st = NULL;
    int rc = SQLITE_ERROR;
    if (sqlite3_prepare_v2(s->work, "SELECT 1 FROM main.patient WHERE source_key = ?1 OR src_key = ?1", -1, &st,
                           NULL) == SQLITE_OK &&
        sqlite3_bind_text(st, 1, key.p, (int)key.n, SQLITE_STATIC) == SQLITE_OK)
        rc = sqlite3_step(st);
    sqlite3_finalize(st);
    s->failed |= rc != SQLITE_ROW && rc != SQLITE_DONE;
    return rc == SQLITE_ROW;
}

/* One patient. A key that is nobody's would leave everything out. */
static void keep_patient(record_scope *s)
{
    if (!has_patient(s, s->o->patient)) {
        const finding f = FINDING_OF(F_CHART_NO_PATIENT);
        if (!s->failed) find_add(s->found, &f);
        s->told = !s->failed;
        s->failed = true;
        return;
    }
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql,
            "INSERT OR IGNORE INTO main.\"scope:out\" SELECT 'patient', src_key FROM main.patient WHERE source_key <> "
            "?1 AND src_key <> ?1");
    (void)change(s, &sql, s->o->patient);
}

/* A record is left out with one that it cannot be without; custom values with their record. */
static void leave_out_children(record_scope *s)
{
    int64_t more = 1;
    for (int round = 0; more && round < ROUNDS_MAX && !s->failed; round++) {
        more = 0;
        for (size_t i = 0; i < model_entities(); i++) {
            const model_entity *e = model_entity_at(i);
            if (!has_table(s, e->name)) continue;
            for (size_t k = 0; k < e->fields; k++) {
                const model_field *f = &e->field[k];
                if (f->type != FIELD_REFERENCE || !f->required) continue;
                buf sql = buf_new(SQL_BYTES_MAX);
                buf_printf(&sql,
                           "INSERT OR IGNORE INTO main.\"scope:out\" SELECT '%s', t.src_key FROM main.\"%s\" AS t JOIN "
                           "main.\"scope:out\" AS o ON o.entity = '%s' AND o.src_key = t.\"%s\"",
                           e->name, e->name, f->target, f->name);
                more += change(s, &sql, (sv){NULL, 0});
            }
        }
    }
    if (has_table(s, "custom_value"))
        (void)run(s, "INSERT OR IGNORE INTO main.\"scope:out\" SELECT 'custom_value', t.src_key FROM main.custom_value "
                     "AS t JOIN "
                     "main.\"scope:out\" AS o ON o.entity = t.entity AND o.src_key = t.record");
    if (has_table(s, "guarantor"))
        (void)run(s, "INSERT OR IGNORE INTO main.\"scope:out\" SELECT 'guarantor', g.src_key FROM main.guarantor AS g "
                     "WHERE g.src_key "
                     "NOT IN (SELECT p.guarantor FROM main.patient AS p WHERE p.guarantor IS NOT NULL AND p.src_key "
                     "NOT IN (SELECT "
                     "src_key FROM main.\"scope:out\" WHERE entity = 'patient'))");
}

static void leave_out(record_scope *s)
{
    (void)run(
        s, "CREATE TABLE main.\"scope:out\" (entity TEXT, src_key TEXT, PRIMARY KEY (entity, src_key)) WITHOUT ROWID");
    if (!has_table(s, "patient")) return;
    s->patients = s->o->active_since.n || s->o->location.n || s->o->patient.n;
    if (!s->patients) return;
    index_patients(s);
    if (s->o->active_since.n) keep_active(s);
    if (s->o->location.n) keep_location(s);
    if (s->o->patient.n) keep_patient(s);
    leave_out_children(s);
    s->failed |= sqlite3_prepare_v2(s->work, "SELECT 1 FROM main.\"scope:out\" WHERE entity = ?1 AND src_key = ?2", -1,
                                    &s->is_out, NULL) != SQLITE_OK;
}

/* ---- the trial ---- */

/* For each kind of record the first patient that has one: a trial shows every kind. Then patients from all over. */
static void choose_patients(record_scope *s)
{
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        if (!field_named(e, "patient") || !has_table(s, e->name)) continue;
        buf sql = buf_new(SQL_BYTES_MAX);
        buf_printf(
            &sql,
            "INSERT OR IGNORE INTO main.\"scope:trial\" SELECT 'patient', p.src_key FROM main.patient AS p WHERE "
            "(SELECT "
            "count(*) FROM main.\"scope:trial\") < %u AND NOT EXISTS (SELECT 1 FROM main.\"scope:out\" WHERE entity = "
            "'patient' AND src_key = p.src_key) AND p.src_key IN (SELECT patient FROM main.\"%s\") ORDER BY "
            "p.source_key "
            "LIMIT 1",
            s->o->trial_patients, e->name);
        (void)change(s, &sql, (sv){NULL, 0});
    }
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql,
               "INSERT OR IGNORE INTO main.\"scope:trial\" SELECT 'patient', src_key FROM (SELECT src_key, "
               "row_number() OVER (ORDER BY "
               "source_key) AS n, count(*) OVER () AS m FROM main.patient AS p WHERE NOT EXISTS (SELECT 1 FROM "
               "main.\"scope:out\" "
               "WHERE entity = 'patient' AND src_key = p.src_key) AND NOT EXISTS (SELECT 1 FROM main.\"scope:trial\" "
               "WHERE entity = "
               "'patient' AND src_key = p.src_key)) WHERE 1 ORDER BY (n - 1) %% max(1, m / %u), n LIMIT (SELECT max(0, "
               "%u - count(*)) "
               "FROM main.\"scope:trial\")",
               s->o->trial_patients, s->o->trial_patients);
    (void)change(s, &sql, (sv){NULL, 0});
}

/* Up: what records point to. Down: what cannot be without a record, of the patients chosen only. */
static int64_t spread(record_scope *s, bool up)
{
    int64_t more = 0;
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        if (!has_table(s, e->name)) continue;
        for (size_t k = 0; k < e->fields; k++) {
            const model_field *f = &e->field[k];
            if (f->type != FIELD_REFERENCE || (!up && !f->required) || !has_table(s, f->target)) continue;
            buf sql = buf_new(SQL_BYTES_MAX);
            if (up)
                buf_printf(&sql,
                           "INSERT OR IGNORE INTO main.\"scope:trial\" SELECT '%s', t.\"%s\" FROM main.\"scope:trial\" "
                           "AS o JOIN "
                           "main.\"%s\" AS t ON o.entity = '%s' AND t.src_key = o.src_key WHERE t.\"%s\" IS NOT NULL",
                           f->target, f->name, e->name, e->name, f->name);
            else
                buf_printf(&sql,
                           "INSERT OR IGNORE INTO main.\"scope:trial\" SELECT '%s', t.src_key FROM main.\"%s\" AS t "
                           "WHERE t.\"%s\" IN "
                           "(SELECT src_key FROM main.\"scope:trial\" WHERE entity = '%s')",
                           e->name, e->name, f->name, f->target);
            more += change(s, &sql, (sv){NULL, 0});
        }
    }
    return more;
}

static size_t slot_of(const record_scope *s, const model_entity *e, sv key)
{
    uint64_t h = sv_hash(key) ^ (uint64_t)(uintptr_t)e * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(h ^ h >> 29) & (s->slots - 1);
    while (s->slot[at].e && !(s->slot[at].e == e && sv_eq(s->slot[at].key, key))) at = (at + 1) & (s->slots - 1);
    return at;
}

static bool take_keys(record_scope *s)
{
    sqlite3_stmt *st = NULL;
    int64_t n = 0;
    if (sqlite3_prepare_v2(s->work, "SELECT entity, src_key, count(*) OVER () FROM main.\"scope:trial\"", -1, &st,
                           NULL) != SQLITE_OK)
        return false;
    bool ok = true;
    while (ok && sqlite3_step(st) == SQLITE_ROW) {
        if (!s->slot) {
            n = sqlite3_column_int64(st, 2);
            s->slots = SLOTS_FIRST;
            while (s->slots < (size_t)n * 2) s->slots *= 2;
            s->slot = calloc(s->slots, sizeof *s->slot);
        }
        sv entity = {(const char *)sqlite3_column_text(st, 0), (size_t)sqlite3_column_bytes(st, 0)};
        sv key = arena_sv(s->mem, (sv){(const char *)sqlite3_column_text(st, 1), (size_t)sqlite3_column_bytes(st, 1)});
        const model_entity *e = model_entity_named(entity);
        ok = s->slot && key.p && e;
        if (!ok) break;
        s->slot[slot_of(s, e, key)] = (struct scope_key){e, key};
        s->keys++;
    }
    sqlite3_finalize(st);
    return ok;
}

static void make_trial(record_scope *s)
{
    (void)run(
        s,
        "CREATE TABLE main.\"scope:trial\" (entity TEXT, src_key TEXT, PRIMARY KEY (entity, src_key)) WITHOUT ROWID");
    if (!s->o->trial_patients || !has_table(s, "patient")) return;
    choose_patients(s);
    for (int round = 0; round < ROUNDS_MAX && !s->failed && spread(s, false); round++)
        ;
    for (int round = 0; round < ROUNDS_MAX && !s->failed && spread(s, true); round++)
        ;
    if (!s->failed && !take_keys(s)) s->failed = true;
}

/* ---- the whole ---- */

static bool is_among(const model_entity *e, const sv *name, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (model_entity_named(name[i]) == e) return true;
    return false;
}

static bool entities_out(record_scope *s)
{
    s->entity_out = arena_array(s->mem, model_entities(), sizeof *s->entity_out);
    if (!s->entity_out) return false;
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        s->entity_out[i] = (s->o->entities && !is_among(e, s->o->entity, s->o->entities)) ||
                           is_among(e, s->o->without, s->o->withouts);
    }
    return true;
}

record_scope *scope_new(sqlite3 *work, const scope_options *o, findings *f)
{
    record_scope *s = calloc(1, sizeof *s);
    if (s) *s = (record_scope){.work = work, .found = f, .mem = arena_new(0), .o = o};
    if (!s || !s->mem || !entities_out(s)) {
        find_code(f, F_OUT_OF_MEMORY, "choosing the records of the run");
        scope_free(s);
        return NULL;
    }
    (void)run(s, "BEGIN");
    leave_out(s);
    make_trial(s);
    (void)run(s, "COMMIT");
    if (!s->failed) return s;
    finding x = FINDING_OF(F_DEL_WORK_FAILED);
    x.a = SV_LIT("choosing the records of the run");
    x.b = sv_from(sqlite3_errmsg(work));
    if (!s->told) find_add(f, &x);
    scope_free(s);
    return NULL;
}

void scope_free(record_scope *s)
{
    if (!s) return;
    sqlite3_finalize(s->is_out);
    (void)sqlite3_exec(s->work, "DROP TABLE IF EXISTS main.\"scope:out\"; DROP TABLE IF EXISTS main.\"scope:trial\"",
                       NULL, NULL, NULL);
    free(s->slot);
    arena_free(s->mem);
    free(s);
}

bool scope_leaves_entity(const record_scope *s, const model_entity *e) { return s->entity_out[model_entity_index(e)]; }

bool scope_leaves_out(record_scope *s, const model_entity *e, sv src_key)
{
    if (!s->is_out) return false;
    bool bound =
        sqlite3_bind_text(s->is_out, 1, e->name, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_text(s->is_out, 2, src_key.n ? src_key.p : "", (int)src_key.n, SQLITE_STATIC) == SQLITE_OK;
    int step = bound ? sqlite3_step(s->is_out) : SQLITE_ERROR;
    (void)sqlite3_reset(s->is_out);
    if (step != SQLITE_ROW && step != SQLITE_DONE) s->failed = true;
    return step == SQLITE_ROW;
}

bool scope_has_trial(const record_scope *s) { return s->keys > 0; }

bool scope_in_trial(const record_scope *s, const model_entity *e, sv src_key)
{
    return s->slots && s->slot[slot_of(s, e, src_key)].e == e;
}

bool scope_failed(const record_scope *s) { return s->failed; }
