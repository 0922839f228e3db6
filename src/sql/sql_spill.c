#include "base/platform.h"
#include "sql/sql_index.h"
#include <stdlib.h>

struct spill {
    sql_db *db;
    sqlite3 *handle;
    sqlite3_stmt *insert;
    char *path;
};

static bool failed(spill *s)
{
    sql_say(s->db, "the index file %s: %s", s->path ? s->path : "",
            s->handle ? sqlite3_errmsg(s->handle) : "out of memory");
    return false;
}

static bool set_up(spill *s)
{
    char cache[64];
    sqlite3_snprintf(sizeof cache, cache, "PRAGMA cache_size = -%lld", (long long)(sqlite_budget(s->db) >> 12));
    static const char *const statements[] = {
        "PRAGMA page_size = 16384",
        "PRAGMA journal_mode = OFF",
        "PRAGMA synchronous = OFF",
        "PRAGMA temp_store = MEMORY",
        "PRAGMA locking_mode = EXCLUSIVE",
        "PRAGMA secure_delete = OFF",
        "CREATE TABLE r(k INTEGER, n INTEGER, c BLOB, PRIMARY KEY(k, n)) WITHOUT ROWID",
        "BEGIN",
    };
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        if (sqlite3_exec(s->handle, statements[i], NULL, NULL, NULL) != SQLITE_OK) return false;
    /* Behind the page size: a change of that forgets the size of the cache. */
    if (sqlite3_exec(s->handle, cache, NULL, NULL, NULL) != SQLITE_OK) return false;
    return sqlite3_prepare_v2(s->handle, "INSERT INTO r VALUES(?1, ?2, ?3)", -1, &s->insert, NULL) == SQLITE_OK;
}

spill *spill_create(sql_db *db)
{
    spill *s = calloc(1, sizeof *s);
    if (!s) {
        sql_say(db, "out of memory");
        return NULL;
    }
    s->db = db;
    s->path = sqlite3_mprintf("%s/index-%u.work", db->o.work_folder, ++db->spilled);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    bool taken = s->path && os_exists(s->path);
    char *native = s->path && !taken ? os_native_path(s->path) : NULL;
    bool opened = native && sqlite3_open_v2(native, &s->handle, flags, NULL) == SQLITE_OK;
    free(native);
    if (opened && set_up(s)) return s;
    if (taken)
        sql_say(db, "the index file %s is already there", s->path ? s->path : "");
    else
        failed(s);
    if (taken) {
        sqlite3_free(s->path);
        s->path = NULL;
    }
    spill_close(s);
    return NULL;
}

bool spill_add(spill *s, uint64_t key, uint64_t number, const char *p, size_t n)
{
    sqlite3_bind_int64(s->insert, 1, (sqlite3_int64)key);
    sqlite3_bind_int64(s->insert, 2, (sqlite3_int64)number);
    sqlite3_bind_blob64(s->insert, 3, p, n, SQLITE_STATIC);
    bool ok = sqlite3_step(s->insert) == SQLITE_DONE;
    sqlite3_reset(s->insert);
    return ok || failed(s);
}

bool spill_finish(spill *s)
{
    sqlite3_finalize(s->insert);
    s->insert = NULL;
    return sqlite3_exec(s->handle, "COMMIT", NULL, NULL, NULL) == SQLITE_OK || failed(s);
}

status spill_find(spill *s, uint64_t key, sqlite3_stmt **walk)
{
    if (*walk) sqlite3_reset(*walk);
    if (!*walk &&
        sqlite3_prepare_v2(s->handle, "SELECT c FROM r WHERE k = ?1 ORDER BY n", -1, walk, NULL) != SQLITE_OK) {
        failed(s);
        return ST_FATAL;
    }
    sqlite3_bind_int64(*walk, 1, (sqlite3_int64)key);
    return ST_OK;
}

status spill_next(spill *s, sqlite3_stmt *walk, const char **p)
{
    int rc = sqlite3_step(walk);
    if (rc == SQLITE_DONE) return ST_END;
    *p = rc == SQLITE_ROW ? sqlite3_column_blob(walk, 0) : NULL;
    if (*p) return ST_OK;
    failed(s);
    return ST_FATAL;
}

void spill_close(spill *s)
{
    if (!s) return;
    sqlite3_finalize(s->insert);
    sqlite3_close(s->handle);
    if (s->path) os_remove(s->path);
    sqlite3_free(s->path);
    free(s);
}
