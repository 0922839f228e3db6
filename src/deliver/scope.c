#include "deliver/scope.h"
#include "base/buf.h"
#include "base/platform.h"
#include "model/work_file.h"
#include <stdlib.h>

enum { SQL_BYTES_MAX = 1 << 16, ROUNDS_MAX = 32, SLOTS_FIRST = 4096 };

/* Some patients' records: entity and key, hashed. */
typedef struct record_set {
    struct scope_key {
        const model_entity *e;
        sv key;
    } * slot;
    size_t slots, keys;
} record_set;

struct record_scope {
    sqlite3 *work;
    findings *found;
    arena *mem;
    const scope_options *o;
    bool patients; /* some are left out */
    bool *entity_out;
    sqlite3_stmt *is_out;
    record_set sample, trial;
    mutex *lock;       /* over is_out and failed: several destinations may ask at a time */
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
        const char *comma = sv_find(list, ',');
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
        if (!e || !field_named(e, seen[i].moment) || !work_has(s->work, sv_from(seen[i].entity))) continue;
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
        if (!field_named(e, "patient") || !work_has(s->work, sv_from(e->name))) continue;
        buf_printf(&sql, "CREATE INDEX IF NOT EXISTS main.\"%s of patients\" ON \"%s\" (patient)", e->name, e->name);
        (void)change(s, &sql, (sv){NULL, 0});
    }
}

static void keep_location(record_scope *s)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    if (!work_has(s->work, SV_LIT("practice_location"))) return;
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
            if (!work_has(s->work, sv_from(e->name))) continue;
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
    if (work_has(s->work, SV_LIT("custom_value")))
        (void)run(s, "INSERT OR IGNORE INTO main.\"scope:out\" SELECT 'custom_value', t.src_key FROM main.custom_value "
                     "AS t JOIN "
                     "main.\"scope:out\" AS o ON o.entity = t.entity AND o.src_key = t.record");
    if (work_has(s->work, SV_LIT("guarantor")))
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
    if (!work_has(s->work, SV_LIT("patient"))) return;
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

/* ---- some patients with all their records ---- */

static const char trial_table[] = "main.\"scope:trial\"", sample_table[] = SAMPLE_TABLE;

static bool make_table(record_scope *s, const char *table)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql, "CREATE TABLE %s (entity TEXT, src_key TEXT, PRIMARY KEY (entity, src_key)) WITHOUT ROWID", table);
    (void)change(s, &sql, (sv){NULL, 0});
    return !s->failed;
}

/* Up: what records point to. Down: what cannot be without a record. */
static int64_t spread(record_scope *s, const char *table, bool up)
{
    int64_t more = 0;
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        if (!work_has(s->work, sv_from(e->name))) continue;
        for (size_t k = 0; k < e->fields; k++) {
            const model_field *f = &e->field[k];
            if (f->type != FIELD_REFERENCE || (!up && !f->required) || !work_has(s->work, sv_from(f->target))) continue;
            buf sql = buf_new(SQL_BYTES_MAX);
            if (up)
                buf_printf(&sql,
                           "INSERT OR IGNORE INTO %s SELECT '%s', t.\"%s\" FROM %s AS o JOIN main.\"%s\" AS t ON "
                           "o.entity = '%s' AND t.src_key = o.src_key WHERE t.\"%s\" IS NOT NULL",
                           table, f->target, f->name, table, e->name, e->name, f->name);
            else
                buf_printf(&sql,
                           "INSERT OR IGNORE INTO %s SELECT '%s', t.src_key FROM main.\"%s\" AS t WHERE t.\"%s\" IN "
                           "(SELECT src_key FROM %s WHERE entity = '%s')",
                           table, e->name, e->name, f->name, table, f->target);
            more += change(s, &sql, (sv){NULL, 0});
        }
    }
    return more;
}

/* As long as it brings anything. */
static bool spread_all(record_scope *s, const char *table, bool up)
{
    bool any = false;
    for (int round = 0; round < ROUNDS_MAX && !s->failed && spread(s, table, up); round++) any = true;
    return any;
}

static size_t slot_of(const record_set *set, const model_entity *e, sv key)
{
    uint64_t h = sv_hash(key) ^ (uint64_t)(uintptr_t)e * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(h ^ h >> 29) & (set->slots - 1);
    while (set->slot[at].e && !(set->slot[at].e == e && sv_eq(set->slot[at].key, key)))
        at = (at + 1) & (set->slots - 1);
    return at;
}

static bool is_in(const record_set *set, const model_entity *e, sv key)
{
    return set->slots && set->slot[slot_of(set, e, key)].e == e;
}

static bool make_slots(record_set *set, int64_t keys)
{
    set->slots = SLOTS_FIRST;
    while (set->slots < (size_t)keys * 2) set->slots *= 2;
    set->slot = calloc(set->slots, sizeof *set->slot);
    return set->slot != NULL;
}

static bool take_keys(record_scope *s, const char *table, record_set *set)
{
    sqlite3_stmt *st = NULL;
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql, "SELECT entity, src_key, count(*) OVER () FROM %s", table);
    buf_char(&sql, '\0');
    bool ok = !sql.failed && sqlite3_prepare_v2(s->work, sql.p, -1, &st, NULL) == SQLITE_OK;
    buf_free(&sql);
    while (ok && sqlite3_step(st) == SQLITE_ROW) {
        if (!set->slot && !make_slots(set, sqlite3_column_int64(st, 2))) ok = false;
        sv entity = {(const char *)sqlite3_column_text(st, 0), (size_t)sqlite3_column_bytes(st, 0)};
        sv key = arena_sv(s->mem, (sv){(const char *)sqlite3_column_text(st, 1), (size_t)sqlite3_column_bytes(st, 1)});
        const model_entity *e = model_entity_named(entity);
        ok = ok && key.p && e;
        if (!ok) break;
        set->slot[slot_of(set, e, key)] = (struct scope_key){e, key};
        set->keys++;
    }
    sqlite3_finalize(st);
    return ok;
}

/* ---- the sample ---- */

/* What belongs to no patient, and what a load needs anyway. */
static void add_standing(record_scope *s)
{
    static const char *const standing[] = {"SELECT 'practice_location', src_key FROM main.practice_location",
                                           "SELECT 'provider', src_key FROM main.provider WHERE is_internal IS NOT '0'",
                                           "SELECT 'letter_template', src_key FROM main.letter_template"};
    static const char *const entity[] = {"practice_location", "provider", "letter_template"};
    for (size_t i = 0; i < sizeof standing / sizeof standing[0]; i++) {
        buf sql = buf_new(SQL_BYTES_MAX);
        if (!work_has(s->work, sv_from(entity[i]))) continue;
        buf_printf(&sql, "INSERT OR IGNORE INTO " SAMPLE_TABLE " %s", standing[i]);
        (void)change(s, &sql, (sv){NULL, 0});
    }
}

/* Whoever comes along as the guarantor of another brings his own records: nobody is half there. */
static void make_sample(record_scope *s)
{
    if (!make_table(s, sample_table) || !s->o->choose) return;
    (void)run(s, "CREATE TABLE " CHOSEN_TABLE " (src_key TEXT PRIMARY KEY) WITHOUT ROWID");
    if (s->failed) return;
    if (!s->o->choose(s->o->choose_ctx, s->work)) {
        s->failed = s->told = true;
        return;
    }
    index_patients(s);
    (void)run(s, "INSERT INTO " SAMPLE_TABLE " SELECT 'patient', src_key FROM " CHOSEN_TABLE);
    add_standing(s);
    for (bool more = true; more && !s->failed;) {
        more = spread_all(s, sample_table, false);
        more |= spread_all(s, sample_table, true);
    }
    if (work_has(s->work, SV_LIT("custom_value")))
        (void)run(s,
                  "INSERT OR IGNORE INTO " SAMPLE_TABLE " SELECT 'custom_value', t.src_key FROM main.custom_value AS t "
                  "JOIN " SAMPLE_TABLE " AS o ON o.entity = t.entity AND o.src_key = t.record");
    if (!s->failed && !take_keys(s, sample_table, &s->sample)) s->failed = true;
}

/* ---- the trial ---- */

/* Of the patients that the run is about. */
static void add_candidates(const record_scope *s, buf *sql)
{
    buf_str(sql, "NOT EXISTS (SELECT 1 FROM " OUT_TABLE " WHERE entity = 'patient' AND src_key = p.src_key)");
    if (scope_is_sample(s))
        buf_str(sql, " AND EXISTS (SELECT 1 FROM " SAMPLE_TABLE " WHERE entity = 'patient' AND src_key = p.src_key)");
}

/* For each kind of record the first patient that has one: a trial shows every kind. Then patients from all over. */
static void choose_patients(record_scope *s)
{
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        if (!field_named(e, "patient") || !work_has(s->work, sv_from(e->name))) continue;
        buf sql = buf_new(SQL_BYTES_MAX);
        buf_printf(&sql,
                   "INSERT OR IGNORE INTO %s SELECT 'patient', p.src_key FROM main.patient AS p WHERE (SELECT count(*) "
                   "FROM %s) < %u AND ",
                   trial_table, trial_table, s->o->trial_patients);
        add_candidates(s, &sql);
        buf_printf(&sql, " AND p.src_key IN (SELECT patient FROM main.\"%s\") ORDER BY p.source_key LIMIT 1", e->name);
        (void)change(s, &sql, (sv){NULL, 0});
    }
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql,
               "INSERT OR IGNORE INTO %s SELECT 'patient', src_key FROM (SELECT src_key, row_number() OVER (ORDER BY "
               "source_key) AS n, count(*) OVER () AS m FROM main.patient AS p WHERE ",
               trial_table);
    add_candidates(s, &sql);
    buf_printf(&sql,
               " AND NOT EXISTS (SELECT 1 FROM %s WHERE entity = 'patient' AND src_key = p.src_key)) WHERE 1 ORDER BY "
               "(n - 1) %% max(1, m / %u), n LIMIT (SELECT max(0, %u - count(*)) FROM %s)",
               trial_table, s->o->trial_patients, s->o->trial_patients, trial_table);
    (void)change(s, &sql, (sv){NULL, 0});
}

static void make_trial(record_scope *s)
{
    if (!make_table(s, trial_table) || !s->o->trial_patients || !work_has(s->work, SV_LIT("patient"))) return;
    choose_patients(s);
    (void)spread_all(s, trial_table, false);
    (void)spread_all(s, trial_table, true);
    if (!s->failed && !take_keys(s, trial_table, &s->trial)) s->failed = true;
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
    if (s) *s = (record_scope){.work = work, .found = f, .mem = arena_new(0), .lock = mutex_new(), .o = o};
    if (!s || !s->mem || !s->lock || !entities_out(s)) {
        find_code(f, F_OUT_OF_MEMORY, "choosing the records of the run");
        scope_free(s);
        return NULL;
    }
    (void)run(s, "BEGIN");
    leave_out(s);
    if (!s->failed) make_sample(s);
    if (!s->failed) make_trial(s);
    (void)run(s, "COMMIT");
    if (!s->failed) return s;
    if (!s->told) (void)work_failed(work, f, "choosing the records of the run");
    scope_free(s);
    return NULL;
}

void scope_free(record_scope *s)
{
    if (!s) return;
    sqlite3_finalize(s->is_out);
    (void)sqlite3_exec(s->work,
                       "DROP TABLE IF EXISTS " OUT_TABLE "; DROP TABLE IF EXISTS " CHOSEN_TABLE
                       "; DROP TABLE IF EXISTS " SAMPLE_TABLE "; DROP TABLE IF EXISTS main.\"scope:trial\"",
                       NULL, NULL, NULL);
    free(s->sample.slot);
    free(s->trial.slot);
    mutex_free(s->lock);
    arena_free(s->mem);
    free(s);
}

bool scope_leaves_entity(const record_scope *s, const model_entity *e) { return s->entity_out[model_entity_index(e)]; }

bool scope_leaves_out(record_scope *s, const model_entity *e, sv src_key)
{
    if (scope_is_sample(s) && !is_in(&s->sample, e, src_key)) return true;
    if (!s->is_out) return false;
    mutex_lock(s->lock);
    bool bound =
        sqlite3_bind_text(s->is_out, 1, e->name, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_text(s->is_out, 2, src_key.n ? src_key.p : "", (int)src_key.n, SQLITE_STATIC) == SQLITE_OK;
    int step = bound ? sqlite3_step(s->is_out) : SQLITE_ERROR;
    (void)sqlite3_reset(s->is_out);
    if (step != SQLITE_ROW && step != SQLITE_DONE) s->failed = true;
    mutex_unlock(s->lock);
    return step == SQLITE_ROW;
}

bool scope_is_sample(const record_scope *s) { return s->o->choose != NULL; }
bool scope_in_trial(const record_scope *s, const model_entity *e, sv src_key) { return is_in(&s->trial, e, src_key); }
bool scope_failed(const record_scope *s)
{
    mutex_lock(s->lock);
    bool failed = s->failed;
    mutex_unlock(s->lock);
    return failed;
}
