#include "base/limits.h"
#include "base/platform.h"
#include "sql/sql_collation.h"
#include "sql/sql_functions.h"
#include "sql/sql_internal.h"
#include <stdlib.h>

/* A catalog that does not count rows: pages of 8 KB hold so many of the usual width. */
enum { ROW_BYTES_GUESS = 100, ROWS_UNKNOWN = 1000 };

static bool make_tables(sql_db *db)
{
    const catalog *list = db->list;
    db->table = arena_array(db->mem, list->tables + 1, sizeof *db->table);
    if (!db->table) return false;
    for (size_t i = 0; i < list->tables; i++) {
        sql_table *t = &db->table[i];
        t->info = &list->table[i];
        t->number = i;
        t->rows = t->info->rows_expected >= 0 ? (double)t->info->rows_expected
                  : t->info->bytes            ? (double)(t->info->bytes / ROW_BYTES_GUESS)
                                              : ROWS_UNKNOWN;
        t->column = arena_array(db->mem, t->info->columns + 1, sizeof *t->column);
        if (!t->column) return false;
        for (size_t k = 0; k < t->info->columns; k++) t->column[k] = sql_column_of(&t->info->column[k]);
    }
    return true;
}

/* 24 characters that nobody who made the source could know. */
static void make_mark(sql_db *db)
{
    uint64_t h = (uint64_t)(uintptr_t)db ^ (uint64_t)os_now_seconds() << 20 ^ os_ticks_ms();
    for (size_t i = 0; i < LOB_MARK_BYTES; i++) {
        h ^= (uint64_t)(uintptr_t)&h;
        h = (h ^ h >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        h ^= h >> 27;
        db->mark[i] = (char)(i == 0 ? 1 : 'a' + (char)(h % 26));
    }
}

static bool run(sql_db *db, const char *sql) { return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK; }

static size_t cache_bytes(const sql_db *db)
{
    size_t wanted = db->o.cache_bytes ? db->o.cache_bytes : SQL_CACHE_BYTES;
    return wanted < sqlite_budget(db) / 4 ? wanted : sqlite_budget(db) / 4;
}

static bool set_up(sql_db *db)
{
    static const int off[] = {SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
                              SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, SQLITE_DBCONFIG_ENABLE_TRIGGER};
    for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) sqlite3_db_config(db->handle, off[i], 0, NULL);
    char cache[64];
    sqlite3_snprintf(sizeof cache, cache, "PRAGMA cache_size = -%lld", (long long)(cache_bytes(db) >> 10));
    /* Of the work file, which is written once and read in long stretches: a quarter of the calls, and notes whole in a page. */
    if (db->work_path && !run(db, "PRAGMA page_size = 16384")) return false;
    return run(db, cache) && run(db, "PRAGMA temp_store = FILE") && run(db, "PRAGMA threads = 1") &&
           run(db, "PRAGMA journal_mode = OFF") && run(db, "PRAGMA synchronous = OFF") &&
           run(db, "PRAGMA locking_mode = EXCLUSIVE") && run(db, "PRAGMA secure_delete = OFF") &&
           run(db, "ATTACH ':memory:' AS source") && collations_register(db->handle) && sql_functions_register(db) &&
           sql_module_register(db) && run(db, "BEGIN") && sql_tables_attach(db) && run(db, "COMMIT");
}

static bool open_handle(sql_db *db)
{
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | (db->o.shared ? SQLITE_OPEN_FULLMUTEX : SQLITE_OPEN_NOMUTEX);
    if (!db->o.work_folder || db->o.main_in_memory)
        return sqlite3_open_v2(":memory:", &db->handle, flags, db->vfs_name) == SQLITE_OK;
    char *path = sqlite3_mprintf("%s/chartferry.work", db->o.work_folder);
    if (!path) return false;
    if (os_exists(path)) {
        sql_say(db, "%s is already there", path);
        sqlite3_free(path); /* not ours to remove */
        return false;
    }
    db->work_path = path;
    char *native = os_native_path(path);
    bool ok = native && sqlite3_open_v2(native, &db->handle, flags, db->vfs_name) == SQLITE_OK;
    free(native);
    return ok;
}

static status refused(sql_db *db, findings *f)
{
    const char *why = db->message.n ? db->message.p : db->handle ? sqlite3_errmsg(db->handle) : "out of memory";
    find_code(f, F_SQL_CANNOT_START, "%s", why);
    sql_close(db);
    return ST_FATAL;
}

status sql_open(row_source *s, const sql_options *o, findings *f, sql_db **out)
{
    *out = NULL;
    sql_db *db = calloc(1, sizeof *db);
    if (!db) {
        find_code(f, F_OUT_OF_MEMORY, "preparing SQL");
        return ST_FATAL;
    }
    *db = (sql_db){.source = s, .found = f, .o = *o, .message = buf_new(65536), .why = buf_new(65536), .old_limit = -1};
    if (db->o.memory_bytes == 0) db->o.memory_bytes = SQL_MEMORY_BYTES;
    make_mark(db);
    db->mem = arena_new(0);
    if (!db->mem) return refused(db, f);
    status st = s->ops->catalog(s, &db->list);
    if (st != ST_OK) {
        db->list = NULL;
        sql_close(db);
        return st;
    }
    if (!sql_temp_register(db) || !make_tables(db) || !open_handle(db) || !set_up(db)) return refused(db, f);
    db->old_limit = sqlite3_hard_heap_limit64(sqlite3_memory_used() + (sqlite3_int64)sqlite_budget(db));
    sql_guard_start(db);
    *out = db;
    return ST_OK;
}

void sql_close(sql_db *db)
{
    if (!db) return;
    if (db->old_limit >= 0) sqlite3_hard_heap_limit64(db->old_limit);
    sqlite3_close_v2(db->handle);
    sql_functions_close(db);
    sql_temp_unregister(db);
    for (size_t i = 0; db->list && db->table && i < db->list->tables; i++) {
        sql_indexes_free(db, &db->table[i]);
        lost_rows_free(&db->table[i].lost);
    }
    if (db->work_path) os_remove(db->work_path);
    sqlite3_free(db->work_path);
    arena_free(db->mem);
    buf_free(&db->message);
    buf_free(&db->why);
    free(db);
}

sqlite3 *sql_handle(sql_db *db) { return db->handle; }
row_source *sql_source(const sql_db *db) { return db->source; }
const catalog *sql_catalog(const sql_db *db) { return db->list; }
