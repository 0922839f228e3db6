#include "loaded/work.h"
#include "base/platform.h"
#include "model/work_file.h"
#include <sqlite3.h>
#include <stdlib.h>

/* Pages that SQLite keeps: enough for the upper levels of the tree of five million keys. */
enum { CACHE_KIB = 64 << 10, WHY_BYTES_MAX = 2000, KEY_BYTES_MAX = 1000, PATH_BYTES_MAX = 1 << 16 };

enum { PUT_ROW, FIND_KEY, FIND_SAME, FIND_PLACE, MARK, PUT_ID, FIND_ID, KEEP, FIND_KEPT, STATEMENTS };
/* No row id: the tree of the keys holds the rows themselves. */
static const char schema[] =
    "CREATE TABLE row(load INTEGER, part INTEGER, number INTEGER, key TEXT, same TEXT, state INTEGER, reason INTEGER, "
    "two INTEGER, id TEXT, why TEXT, PRIMARY KEY(load, part, number)) WITHOUT ROWID;"
    "CREATE INDEX row_key ON row(key, load);"
    "CREATE INDEX row_same ON row(same, load) WHERE same IS NOT NULL;"
    "CREATE TABLE given(object INTEGER, id TEXT, key TEXT, PRIMARY KEY(object, id)) WITHOUT ROWID;"
    "CREATE TABLE kept(object INTEGER, key TEXT, packed BLOB, PRIMARY KEY(object, key));";
/* Of several rows with one key the one that least is known of. The index is named: without it the planner takes the
 * primary key, and walks over all rows of the load. */
static const char *const text[STATEMENTS] = {
    [PUT_ROW] = "INSERT INTO row VALUES(?1, ?2, ?3, ?4, ?5, 0, -1, 0, NULL, NULL)",
    [FIND_KEY] = "SELECT part, number, state, reason, two, id, why FROM row INDEXED BY row_key WHERE key = ?1 AND load "
                 "= ?2 ORDER BY state LIMIT 1",
    [FIND_SAME] = "SELECT part, number, state, reason, two, id, why FROM row INDEXED BY row_same WHERE same = ?1 AND "
                  "load = ?2 ORDER BY "
                  "state LIMIT 1",
    [FIND_PLACE] =
        "SELECT part, number, state, reason, two, id, why FROM row WHERE load = ?1 AND part = ?2 AND number = ?3",
    [MARK] = "UPDATE row SET state = ?4, reason = ?5, two = ?6, id = ?7, why = ?8 WHERE load = ?1 AND part = ?2 AND "
             "number = ?3",
    [PUT_ID] = "INSERT OR REPLACE INTO given VALUES(?1, ?2, ?3)",
    [FIND_ID] = "SELECT key FROM given WHERE object = ?1 AND id = ?2",
    [KEEP] = "INSERT OR IGNORE INTO kept VALUES(?1, ?2, ?3)",
    [FIND_KEPT] = "SELECT packed FROM kept WHERE object = ?1 AND key = ?2",
};

struct load_work {
    sqlite3 *db;
    sqlite3_stmt *st[STATEMENTS];
    findings *found;
    buf path, id, why;
};

static bool broken(load_work *w) { return work_failed(w->db, w->found, "keeping what became of the rows") == ST_OK; }

static bool set_up(load_work *w)
{
    char cache[64];
    sqlite3_snprintf(sizeof cache, cache, "PRAGMA cache_size = -%d", (int)CACHE_KIB);
    static const char *const pragma[] = {"PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF",
                                         "PRAGMA locking_mode = EXCLUSIVE", "PRAGMA temp_store = MEMORY"};
    bool ok = sqlite3_exec(w->db, cache, NULL, NULL, NULL) == SQLITE_OK;
    for (size_t i = 0; ok && i < sizeof pragma / sizeof pragma[0]; i++)
        ok = sqlite3_exec(w->db, pragma[i], NULL, NULL, NULL) == SQLITE_OK;
    ok = ok && sqlite3_exec(w->db, schema, NULL, NULL, NULL) == SQLITE_OK &&
         sqlite3_exec(w->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK;
    for (size_t i = 0; ok && i < STATEMENTS; i++)
        ok = sqlite3_prepare_v3(w->db, text[i], -1, SQLITE_PREPARE_PERSISTENT, &w->st[i], NULL) == SQLITE_OK;
    return ok;
}

load_work *load_work_open(const char *folder, findings *f)
{
    load_work *w = calloc(1, sizeof *w);
    if (!w) {
        find_code(f, F_OUT_OF_MEMORY, "opening a work file");
        return NULL;
    }
    *w = (load_work){
        .found = f, .path = buf_new(PATH_BYTES_MAX), .id = buf_new(PATH_BYTES_MAX), .why = buf_new(PATH_BYTES_MAX)};
    buf_printf(&w->path, "%s/chartferry.work", folder);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (!w->path.failed && sqlite3_open_v2(w->path.p, &w->db, flags, NULL) == SQLITE_OK && set_up(w)) return w;
    (void)broken(w);
    load_work_close(w);
    return NULL;
}

void load_work_close(load_work *w)
{
    if (!w) return;
    for (size_t i = 0; i < STATEMENTS; i++) sqlite3_finalize(w->st[i]);
    sqlite3_close(w->db);
    if (!w->path.failed && w->path.p) (void)os_remove(w->path.p);
    buf_free(&w->path);
    buf_free(&w->id);
    buf_free(&w->why);
    free(w);
}

/* ---- statements ---- */

static void bind_text(sqlite3_stmt *st, int at, sv s, size_t most)
{
    if (s.p)
        sqlite3_bind_text(st, at, s.p, (int)(s.n < most ? s.n : most), SQLITE_STATIC);
    else
        sqlite3_bind_null(st, at);
}

static void bind_number(sqlite3_stmt *st, int at, uint64_t n) { sqlite3_bind_int64(st, at, (sqlite3_int64)n); }

static bool run(load_work *w, sqlite3_stmt *st)
{
    int s = sqlite3_step(st);
    bool ok = s == SQLITE_DONE || s == SQLITE_ROW;
    if (!ok) (void)broken(w);
    sqlite3_reset(st);
    return ok;
}

bool load_work_row(load_work *w, const row_place *at, sv key, sv same)
{
    sqlite3_stmt *st = w->st[PUT_ROW];
    bind_number(st, 1, at->load);
    bind_number(st, 2, at->part);
    bind_number(st, 3, at->number);
    bind_text(st, 4, key, KEY_BYTES_MAX);
    bind_text(st, 5, same.n ? same : (sv){NULL, 0}, KEY_BYTES_MAX);
    return run(w, st);
}

static void take_text(sqlite3_stmt *st, int column, buf *out)
{
    buf_clear(out);
    const char *p = (const char *)sqlite3_column_text(st, column);
    if (p) buf_add(out, p, (size_t)sqlite3_column_bytes(st, column));
}

/* A row that is found, in *at and *fate. */
static bool found_row(load_work *w, sqlite3_stmt *st, row_place *at, row_fate *fate, bool *found)
{
    int s = sqlite3_step(st);
    *found = s == SQLITE_ROW;
    if (*found) {
        sqlite3_int64 reason = sqlite3_column_int64(st, 3);
        at->part = (size_t)sqlite3_column_int64(st, 0);
        at->number = (uint64_t)sqlite3_column_int64(st, 1);
        take_text(st, 5, &w->id);
        take_text(st, 6, &w->why);
        *fate = (row_fate){.state = (row_state)sqlite3_column_int(st, 2),
                           .reason = reason < 0 ? SIZE_MAX : (size_t)reason,
                           .two_ids = sqlite3_column_int(st, 4) != 0,
                           .id = buf_view(&w->id),
                           .why = buf_view(&w->why)};
    }
    sqlite3_reset(st);
    return s == SQLITE_ROW || s == SQLITE_DONE || broken(w);
}

static bool find(load_work *w, size_t load, sv key, bool by_content, row_place *at, row_fate *fate, bool *found)
{
    sqlite3_stmt *st = w->st[by_content ? FIND_SAME : FIND_KEY];
    bind_text(st, 1, key.p ? key : SV_LIT(""), KEY_BYTES_MAX);
    bind_number(st, 2, load);
    at->load = load;
    return found_row(w, st, at, fate, found);
}

bool load_work_has(load_work *w, size_t load, sv key, bool by_content, bool *found)
{
    row_place at;
    row_fate fate;
    return find(w, load, key, by_content, &at, &fate, found);
}

static bool find_place(load_work *w, const row_place *at, row_fate *out, bool *found)
{
    sqlite3_stmt *st = w->st[FIND_PLACE];
    row_place same;
    bind_number(st, 1, at->load);
    bind_number(st, 2, at->part);
    bind_number(st, 3, at->number);
    return found_row(w, st, &same, out, found);
}

bool load_work_fate(load_work *w, const row_place *at, row_fate *out)
{
    bool found;
    *out = (row_fate){.reason = SIZE_MAX};
    return find_place(w, at, out, &found);
}

/* ---- marks ---- */

/* A Salesforce id of 15 characters is the same as the one of 18 that begins with it. */
static bool same_id(sv a, sv b)
{
    bool lengths = (a.n == 15 && b.n == 18) || (a.n == 18 && b.n == 15);
    return sv_eq(a, b) || (lengths && memcmp(a.p, b.p, 15) == 0);
}

static bool mark(load_work *w, const row_place *at, const row_fate *was, const row_fate *fate)
{
    sqlite3_stmt *st = w->st[MARK];
    bool better = fate->state >= was->state;
    sv id = was->id.n ? was->id : fate->id, why = better && fate->why.n ? fate->why : was->why;
    size_t reason = better && fate->reason != SIZE_MAX ? fate->reason : was->reason;
    bool two = was->two_ids || (was->id.n && fate->id.n && !same_id(was->id, fate->id));
    bind_number(st, 1, at->load);
    bind_number(st, 2, at->part);
    bind_number(st, 3, at->number);
    sqlite3_bind_int(st, 4, (int)(better ? fate->state : was->state));
    sqlite3_bind_int64(st, 5, reason == SIZE_MAX ? -1 : (sqlite3_int64)reason);
    sqlite3_bind_int(st, 6, two);
    bind_text(st, 7, id.n ? id : (sv){NULL, 0}, KEY_BYTES_MAX);
    bind_text(st, 8, why.n ? why : (sv){NULL, 0}, WHY_BYTES_MAX);
    return run(w, st);
}

bool load_work_mark(load_work *w, size_t load, sv key, bool by_content, const row_fate *fate, bool *found)
{
    row_place at;
    row_fate was;
    return find(w, load, key, by_content, &at, &was, found) && (!*found || mark(w, &at, &was, fate));
}

bool load_work_mark_at(load_work *w, const row_place *at, const row_fate *fate, bool *found)
{
    row_fate was;
    return find_place(w, at, &was, found) && (!*found || mark(w, at, &was, fate));
}

/* ---- ids and keys ---- */

bool load_work_put_id(load_work *w, size_t object, sv id, sv key)
{
    sqlite3_stmt *st = w->st[PUT_ID];
    bind_number(st, 1, object);
    bind_text(st, 2, id.n == 18 ? (sv){id.p, 15} : id, KEY_BYTES_MAX);
    bind_text(st, 3, key, KEY_BYTES_MAX);
    return run(w, st);
}

bool load_work_key_of_id(load_work *w, size_t object, sv id, buf *key, bool *found)
{
    sqlite3_stmt *st = w->st[FIND_ID];
    bind_number(st, 1, object);
    bind_text(st, 2, id.n == 18 ? (sv){id.p, 15} : id, KEY_BYTES_MAX);
    int s = sqlite3_step(st);
    *found = s == SQLITE_ROW;
    if (*found) take_text(st, 0, key);
    sqlite3_reset(st);
    return s == SQLITE_ROW || s == SQLITE_DONE || broken(w);
}

bool load_work_keep(load_work *w, size_t object, sv key, sv packed, bool *again)
{
    sqlite3_stmt *st = w->st[KEEP];
    bind_number(st, 1, object);
    bind_text(st, 2, key, KEY_BYTES_MAX);
    sqlite3_bind_blob64(st, 3, packed.p, packed.n, SQLITE_STATIC);
    bool ok = run(w, st);
    *again = ok && sqlite3_changes(w->db) == 0;
    return ok;
}

bool load_work_kept(load_work *w, size_t object, sv key, buf *packed, bool *found)
{
    sqlite3_stmt *st = w->st[FIND_KEPT];
    bind_number(st, 1, object);
    bind_text(st, 2, key, KEY_BYTES_MAX);
    int s = sqlite3_step(st);
    *found = s == SQLITE_ROW;
    buf_clear(packed);
    if (*found && sqlite3_column_bytes(st, 0))
        buf_add(packed, sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0));
    sqlite3_reset(st);
    return (s == SQLITE_ROW || s == SQLITE_DONE) && !packed->failed ? true : broken(w);
}
