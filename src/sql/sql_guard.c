/* What a restricted statement may do: read tables of the source, and call functions that compute. Also the clock of
 * every statement: the limit on steps, and the wish to stop. */
#include "base/limits.h"
#include "sql/sql_internal.h"

enum { STEPS_PER_CALL = 20000 };

/* Functions that compute from their arguments and nothing else, sorted. */
static const char *const allowed[] = {
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "avg",
    "canonical",
    "carrier_known",
    "carrier_parent",
    "ceil",
    "ceiling",
    "char",
    "coalesce",
    "concat",
    "content_mime",
    "content_sha256",
    "content_size",
    "cos",
    "cosh",
    "count",
    "cume_dist",
    "date",
    "datetime",
    "decimal_add",
    "decimal_cmp",
    "decimal_mul",
    "decimal_sub",
    "degrees",
    "dense_rank",
    "exp",
    "first_value",
    "floor",
    "format",
    "glob",
    "group_concat",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "julianday",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "likelihood",
    "likely",
    "ln",
    "lob_head",
    "lob_size",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "max",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "percent_rank",
    "pi",
    "pow",
    "power",
    "printf",
    "quote",
    "radians",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "sin",
    "sinh",
    "soundex",
    "sqrt",
    "strftime",
    "substr",
    "substring",
    "sum",
    "tan",
    "tanh",
    "time",
    "tooth_fdi",
    "total",
    "trim",
    "trunc",
    "typeof",
    "unicode",
    "unixepoch",
    "unlikely",
    "upper",
    "zeroblob",
};

static bool is_allowed(const char *name)
{
    size_t low = 0, high = sizeof allowed / sizeof allowed[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        int c = sqlite3_stricmp(name, allowed[middle]);
        if (c == 0) return true;
        if (c < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static int refuse(sql_db *db, const char *format, const char *name)
{
    buf_clear(&db->why);
    buf_printf(&db->why, format, name ? name : "");
    return SQLITE_DENY;
}

static bool is_source(const char *schema) { return schema && sqlite3_stricmp(schema, "source") == 0; }

/* Of the schema "temp" only views: the program makes nothing else there. */
static bool is_view(const char *schema, const char *name)
{
    return schema && name && sqlite3_stricmp(schema, "temp") == 0 && sqlite3_strnicmp(name, "sqlite_", 7) != 0;
}

static int authorize(void *ctx, int action, const char *a, const char *b, const char *schema, const char *inner)
{
    sql_db *db = ctx;
    if (!db->restricted || db->declaring) return SQLITE_OK;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_READ:
        if (is_source(schema) || is_view(schema, a)) {
            if (db->read) db->read(db->read_ctx, sv_from(schema), sv_from(a), sv_from(b), sv_from(inner));
            return SQLITE_OK;
        }
        /* A subquery without columns of its own has no schema. */
        if (!schema || !*a) return SQLITE_OK;
        return refuse(db, "%s is no table of the source (write its name with its schema: \"dbo.name\")", a);
    case SQLITE_FUNCTION: return is_allowed(b) ? SQLITE_OK : refuse(db, "the function %s may not be used here", b);
    default: return refuse(db, "%s", "a statement may only read: SELECT, WITH, VALUES and EXPLAIN");
    }
}

static int tick(void *ctx)
{
    sql_db *db = ctx;
    if (db->o.cancelled && db->o.cancelled(db->o.ctx)) return 1;
    return db->restricted && ++db->steps > SQL_STEPS_MAX / STEPS_PER_CALL;
}

/* The authorizer is set once: setting one makes SQLite prepare every statement anew, also those of the program's own
 * that run beside a restricted one. */
void sql_guard_start(sql_db *db)
{
    sqlite3_progress_handler(db->handle, STEPS_PER_CALL, tick, db);
    sqlite3_set_authorizer(db->handle, authorize, db);
}

void sql_restrict(sql_db *db)
{
    db->restricted = true;
    db->rows_failed = false;
    db->steps = 0;
}

void sql_free(sql_db *db) { db->restricted = false; }

void sql_watch(sql_db *db, sql_column_read *read, void *ctx)
{
    db->read = read;
    db->read_ctx = ctx;
}
