/* Functions of SQL that SQLite has not or knows for ASCII letters only, and SQLite's own that would compute with the
 * bytes of a locator: those are put in front of the originals, refuse locators, and let a second connection, which has nothing else to do, compute the
 * rest. */
#include "sql/sql_functions.h"
#include "base/utf.h"
#include "sql/sql_collation.h"
#include "sql/sql_internal.h"
#include <stdlib.h>

enum { LOB_HEAD_MAX = 1 << 20 };

/* ---- large values ---- */

static void lob_size(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    lob_ref ref;
    if (sql_lob_ref(sqlite3_user_data(ctx), v[0], &ref))
        sqlite3_result_int64(ctx, ref.bytes > INT64_MAX ? INT64_MAX : (sqlite3_int64)ref.bytes);
    else if (sqlite3_value_type(v[0]) != SQLITE_NULL)
        sqlite3_result_int64(ctx, sqlite3_value_bytes(v[0]));
}

/* The first n bytes of the value, without a character cut in half. */
static size_t whole_characters(const char *p, size_t n)
{
    size_t end = n;
    while (end && ((unsigned char)p[end - 1] & 0xC0) == 0x80) end--;
    if (end == 0) return n;
    unsigned char lead = (unsigned char)p[end - 1];
    size_t need = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    return n - (end - 1) < need ? end - 1 : n;
}

static bool read_head(sql_db *db, const lob_ref *ref, char *p, size_t want, size_t *n)
{
    lob_stream *stream;
    const row_source_ops *ops = db->source->ops;
    *n = 0;
    if (ops->lob_open(db->source, ref, &stream) != ST_OK) return false;
    status st = ST_OK;
    while (*n < want && st == ST_OK) {
        size_t got = 0;
        st = ops->lob_read(stream, p + *n, want - *n, &got);
        *n += got;
    }
    ops->lob_close(stream);
    return st == ST_OK || st == ST_END;
}

static void head_of_locator(sqlite3_context *ctx, const lob_ref *ref, size_t want)
{
    char *p = sqlite3_malloc64(want + 1);
    size_t n;
    if (!p) {
        sqlite3_result_error_nomem(ctx);
    } else if (!read_head(sqlite3_user_data(ctx), ref, p, want, &n)) {
        sqlite3_result_error(ctx, "a large value cannot be read", -1);
    } else if (lob_is_text((lob_encoding)ref->encoding)) {
        sqlite3_result_text64(ctx, p, whole_characters(p, n), SQLITE_TRANSIENT, SQLITE_UTF8);
    } else {
        sqlite3_result_blob64(ctx, p, n, SQLITE_TRANSIENT);
    }
    sqlite3_free(p);
}

static void lob_head(sqlite3_context *ctx, int argc, sqlite3_value **v)
{
    (void)argc;
    lob_ref ref;
    sqlite3_int64 asked = sqlite3_value_int64(v[1]);
    size_t want = asked < 0 ? 0 : asked > LOB_HEAD_MAX ? LOB_HEAD_MAX : (size_t)asked;
    if (sql_lob_ref(sqlite3_user_data(ctx), v[0], &ref)) {
        head_of_locator(ctx, &ref, want);
        return;
    }
    int type = sqlite3_value_type(v[0]);
    if (type == SQLITE_NULL) return;
    const char *p = type == SQLITE_BLOB ? sqlite3_value_blob(v[0]) : (const char *)sqlite3_value_text(v[0]);
    size_t n = (size_t)sqlite3_value_bytes(v[0]);
    bool cut = n > want;
    if (cut) n = want;
    if (type == SQLITE_BLOB)
        sqlite3_result_blob64(ctx, p ? p : "", n, SQLITE_TRANSIENT);
    else
        sqlite3_result_text64(ctx, p ? p : "", cut ? whole_characters(p, n) : n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* ---- exact arithmetic ---- */

static bool two_numbers(sqlite3_context *ctx, sqlite3_value **v, exact *a, exact *b)
{
    if (sqlite3_value_type(v[0]) == SQLITE_NULL || sqlite3_value_type(v[1]) == SQLITE_NULL) return false;
    if (exact_of_value(v[0], a) && exact_of_value(v[1], b)) return true;
    sqlite3_result_error(ctx, "decimal functions take numbers, and this is none", -1);
    return false;
}

static void overflow(sqlite3_context *ctx)
{
    sqlite3_result_error(ctx, "arithmetic overflow: the result has more than 38 digits", -1);
}

static void number(sqlite3_context *ctx, const exact *x) { exact_result(ctx, x, x->scale, false); }

static void add_or_subtract(sqlite3_context *ctx, sqlite3_value **v, bool subtract)
{
    exact a, b, sum;
    if (!two_numbers(ctx, v, &a, &b)) return;
    if (subtract) b.negative = !b.negative;
    if (exact_add(&a, &b, &sum))
        number(ctx, &sum);
    else
        overflow(ctx);
}

static void decimal_add(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    add_or_subtract(ctx, v, false);
}

static void decimal_sub(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    add_or_subtract(ctx, v, true);
}

static void decimal_mul(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    exact a, b, product;
    if (!two_numbers(ctx, v, &a, &b)) return;
    if (exact_multiply(&a, &b, &product))
        number(ctx, &product);
    else
        overflow(ctx);
}

static void decimal_cmp(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    exact a, b;
    if (two_numbers(ctx, v, &a, &b)) sqlite3_result_int(ctx, exact_cmp(&a, &b));
}

/* ---- SQLite's own ---- */

static bool refuse_locators(sqlite3_context *ctx, sql_db *db, int argc, sqlite3_value **v)
{
    lob_ref ref;
    for (int i = 0; i < argc; i++)
        if (sql_lob_ref(db, v[i], &ref)) {
            sqlite3_result_error(
                ctx, "a value of more than 64 KB does not fit into a function: use lob_size(x) or lob_head(x, n)", -1);
            return true;
        }
    return false;
}

static sv text_of(sqlite3_value *v)
{
    const char *p = (const char *)sqlite3_value_text(v);
    return (sv){p ? p : "", p ? (size_t)sqlite3_value_bytes(v) : 0};
}

static void change_case(sqlite3_context *ctx, sqlite3_value **v, bool capital)
{
    if (refuse_locators(ctx, sqlite3_user_data(ctx), 1, v) || sqlite3_value_type(v[0]) == SQLITE_NULL) return;
    sv in = text_of(v[0]);
    buf out = buf_new(in.n * 3 + 8); /* a letter of two bytes may become one of three */
    letters_to_case(in, capital, &out);
    if (out.failed)
        sqlite3_result_error_nomem(ctx);
    else
        sqlite3_result_text64(ctx, out.n ? out.p : "", out.n, SQLITE_TRANSIENT, SQLITE_UTF8);
    buf_free(&out);
}

static void upper(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    change_case(ctx, v, true);
}

static void lower(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    change_case(ctx, v, false);
}

/* x LIKE y ESCAPE z is like(y, x, z). */
static void like(sqlite3_context *ctx, int argc, sqlite3_value **v)
{
    enum { PATTERN_BYTES_MAX = 50000 }; /* as in SQLite */
    if (refuse_locators(ctx, sqlite3_user_data(ctx), argc, v)) return;
    for (int i = 0; i < argc; i++)
        if (sqlite3_value_type(v[i]) == SQLITE_NULL) return;
    sv pattern = text_of(v[0]), text = text_of(v[1]);
    sv escape = argc == 3 ? text_of(v[2]) : (sv){"", 0};
    if (argc == 3 && (escape.n == 0 || utf8_valid_at(escape) != escape.n))
        sqlite3_result_error(ctx, "ESCAPE takes one character", -1);
    else if (pattern.n > PATTERN_BYTES_MAX)
        sqlite3_result_error(ctx, "the pattern of LIKE is too long", -1);
    else
        sqlite3_result_int(ctx, letters_like(pattern, text, escape));
}

/* Without its blanks at either end, as SQLite's own: profiles trim nearly every text, and the way over the second connection
 * takes longer than this. */
static void trim(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    if (refuse_locators(ctx, sqlite3_user_data(ctx), 1, v) || sqlite3_value_type(v[0]) == SQLITE_NULL) return;
    sv in = text_of(v[0]);
    while (in.n && in.p[0] == ' ') in = (sv){in.p + 1, in.n - 1};
    while (in.n && in.p[in.n - 1] == ' ') in.n--;
    sqlite3_result_text64(ctx, in.p, in.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

typedef struct own {
    const char *name;
    int8_t arguments; /* -1: any number */
    sql_db *db;
} own;

static const own originals[] = {
    {"length", 1, NULL},  {"substr", 2, NULL},  {"substr", 3, NULL},  {"substring", 2, NULL}, {"substring", 3, NULL},
    {"trim", 2, NULL},    {"ltrim", 1, NULL},   {"ltrim", 2, NULL},   {"rtrim", 1, NULL},     {"rtrim", 2, NULL},
    {"replace", 3, NULL}, {"instr", 2, NULL},   {"hex", 1, NULL},     {"quote", 1, NULL},     {"glob", 2, NULL},
    {"unicode", 1, NULL}, {"printf", -1, NULL}, {"format", -1, NULL}, {"soundex", 1, NULL},
};
enum { ORIGINALS = sizeof originals / sizeof originals[0], ARGUMENTS_MAX = 100 };

static bool need_helper(sql_db *db)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    return db->helper || sqlite3_open_v2(":memory:", &db->helper, flags, NULL) == SQLITE_OK;
}

static sqlite3_stmt *prepare(sql_db *db, const own *f, int argc)
{
    sqlite3_stmt *st = NULL;
    buf text = buf_new(4096);
    buf_printf(&text, "SELECT %s(", f->name);
    for (int i = 0; i < argc; i++) buf_str(&text, i ? ",?" : "?");
    buf_str(&text, ")");
    if (!text.failed) sqlite3_prepare_v3(db->helper, text.p, (int)text.n, SQLITE_PREPARE_PERSISTENT, &st, NULL);
    buf_free(&text);
    return st;
}

static void compute(sqlite3_context *ctx, sqlite3_stmt *st, int argc, sqlite3_value **v)
{
    for (int i = 0; i < argc; i++) sqlite3_bind_value(st, i + 1, v[i]);
    if (sqlite3_step(st) == SQLITE_ROW)
        sqlite3_result_value(ctx, sqlite3_column_value(st, 0));
    else
        sqlite3_result_error(ctx, sqlite3_errmsg(sqlite3_db_handle(st)), -1);
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
}

static void original(sqlite3_context *ctx, int argc, sqlite3_value **v)
{
    const own *f = sqlite3_user_data(ctx);
    sql_db *db = f->db;
    if (refuse_locators(ctx, db, argc, v)) return;
    size_t slot = (size_t)(f - (const own *)db->originals);
    bool fixed = f->arguments >= 0;
    sqlite3_stmt *st = fixed ? db->original_stmt[slot] : NULL;
    if (!st && argc <= ARGUMENTS_MAX && need_helper(db)) st = prepare(db, f, argc);
    if (fixed) db->original_stmt[slot] = st;
    if (!st) {
        sqlite3_result_error_nomem(ctx);
        return;
    }
    compute(ctx, st, argc, v);
    if (!fixed) sqlite3_finalize(st);
}

static bool register_originals(sql_db *db)
{
    own *list = arena_array(db->mem, ORIGINALS, sizeof *list);
    db->original_stmt = arena_array(db->mem, ORIGINALS, sizeof(sqlite3_stmt *));
    if (!list || !db->original_stmt) return false;
    db->originals = list;
    db->n_originals = ORIGINALS;
    for (size_t i = 0; i < ORIGINALS; i++) {
        list[i] = originals[i];
        list[i].db = db;
        if (sqlite3_create_function_v2(db->handle, list[i].name, list[i].arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                       &list[i], original, NULL, NULL, NULL) != SQLITE_OK)
            return false;
    }
    return true;
}

void sql_functions_close(sql_db *db)
{
    for (size_t i = 0; i < db->n_originals; i++) sqlite3_finalize(db->original_stmt[i]);
    sqlite3_close_v2(db->helper);
}

bool sql_functions_register(sql_db *db)
{
    static const struct {
        const char *name;
        int arguments;
        void (*function)(sqlite3_context *, int, sqlite3_value **);
    } list[] = {{"lob_size", 1, lob_size},
                {"lob_head", 2, lob_head},
                {"decimal_add", 2, decimal_add},
                {"decimal_sub", 2, decimal_sub},
                {"decimal_mul", 2, decimal_mul},
                {"decimal_cmp", 2, decimal_cmp},
                {"upper", 1, upper},
                {"lower", 1, lower},
                {"trim", 1, trim},
                {"like", 2, like},
                {"like", 3, like}};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        if (sqlite3_create_function_v2(db->handle, list[i].name, list[i].arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                       db, list[i].function, NULL, NULL, NULL) != SQLITE_OK)
            return false;
    return sql_sum_register(db->handle) && register_originals(db);
}
