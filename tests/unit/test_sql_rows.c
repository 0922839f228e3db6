/* Rows that come without SQLite are those that SQLite gives: any value in any column, what is read, what is counted. */
#include "sql/sql_internal.h"
#include "sql_ask.h"
#include <math.h>

static const column_info columns[] = {
    {.name = SV_LIT("i"), .type = T_INT},
    {.name = SV_LIT("b"), .type = T_BOOL},
    {.name = SV_LIT("r"), .type = T_REAL},
    {.name = SV_LIT("price"), .type = T_DECIMAL, .precision = 9, .scale = 2},
    {.name = SV_LIT("whole"), .type = T_DECIMAL, .precision = 18},
    {.name = SV_LIT("long"), .type = T_DECIMAL, .precision = 38, .scale = 5},
    {.name = SV_LIT("m"), .type = T_MONEY, .precision = 19, .scale = 4, .type_name = SV_LIT("money")},
    {.name = SV_LIT("t"), .type = T_TEXT},
    {.name = SV_LIT("d"), .type = T_DATETIME},
    {.name = SV_LIT("g"), .type = T_GUID},
    {.name = SV_LIT("x"), .type = T_BYTES},
    {.name = SV_LIT("v"), .type = T_VARIANT},
};
enum { COLUMNS = sizeof columns / sizeof columns[0], VALUES = 33 };

/* Every row holds one value in all columns. */
static void make_cells(value *cell)
{
    const date_time day = {.days = 40000}, noon = {.days = 40000, .ticks = 43200000, .scale = 3};
    const value all[VALUES] = {NONE,
                               INT(0),
                               INT(INT64_MIN),
                               INT(INT64_MAX),
                               {.kind = V_BOOL, .as.integer = 1},
                               REAL(0.1),
                               REAL(-0.0),
                               REAL(9),
                               REAL(1e300),
                               REAL(1.0 / 3),
                               REAL(INFINITY),
                               REAL(NAN),
                               REAL32(0.1),
                               REAL32(16777216),
                               DEC(900, 2),
                               DEC(-5, 2),
                               DEC(0, 2),
                               DEC(123456789, 0),
                               DEC(-INT64_C(999999999999999), 3),
                               DEC(INT64_C(9223372036854775807), 4),
                               DEC(INT64_C(123456789012345678), 0),
                               DEC(7, 22),
                               DEC(1, 30),
                               TEXT(""),
                               TEXT("Nguyen"),
                               TEXT("12.50"),
                               TEXT("a\0b"),
                               BYTES("\0\xFF"),
                               BYTES(""),
                               {.kind = V_DATE, .as.when = day},
                               {.kind = V_DATETIME, .as.when = noon},
                               {.kind = V_GUID, .as.guid = {1, 2, 3}},
                               LOB(70000, LOB_UTF16)};
    for (size_t i = 0; i < VALUES * COLUMNS; i++) cell[i] = all[i / COLUMNS];
}

typedef struct fixture {
    given_source s;
    sql_db *db;
    value cell[VALUES * COLUMNS];
} fixture;

static void begin(fixture *f, sql_options o)
{
    make_cells(f->cell);
    given_init(&f->s);
    given_add(&f->s, "dbo.t", columns, COLUMNS, f->cell, VALUES);
    given_add(&f->s, "dbo.u", columns, COLUMNS, f->cell, VALUES);
    o.leave_out_unreadable = true;
    f->db = opened_db(&f->s, o);
}

static void end(fixture *f)
{
    sql_close(f->db);
    given_free(&f->s);
}

static sqlite3_stmt *prepared(fixture *f, const char *sql)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(sql_handle(f->db), sql, -1, &st, NULL) != SQLITE_OK)
        print_message("%s: %s\n", sql, sqlite3_errmsg(sql_handle(f->db)));
    assert_non_null(st);
    return st;
}

static bool is_plain(fixture *f, const char *sql)
{
    sqlite3_stmt *st = prepared(f, sql);
    sql_plain p;
    bool plain = sql_plain_read(f->db, st, &p);
    if (plain) free(p.column);
    sqlite3_finalize(st);
    return plain;
}

static void add_cell(const sql_rows *r, int i, buf *out)
{
    lob_ref ref;
    decimal d;
    char text[DECIMAL_TEXT_MAX];
    buf_printf(out, "|%d ", sql_rows_type(r, i));
    if (sql_rows_lob(r, i, &ref)) {
        buf_printf(out, "large %llu %u", (unsigned long long)ref.bytes, (unsigned)ref.encoding);
        return;
    }
    sql_rows_text(r, i, out);
    if (sql_rows_decimal(r, i, &d)) {
        buf_str(out, " = ");
        buf_add(out, text, decimal_text(&d, text));
    }
    if (sql_rows_spoilt(r, i)) buf_str(out, " spoilt");
}

static void add_rows(fixture *f, const char *sql, buf *out)
{
    sqlite3_stmt *st = prepared(f, sql);
    sql_rows *r = sql_rows_open(f->db, st);
    int rc;
    assert_non_null(r);
    while ((rc = sql_rows_next(r)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(st); i++) add_cell(r, i, out);
        buf_char(out, '\n');
    }
    buf_printf(out, "%d %s", rc, rc == SQLITE_DONE ? "" : sql_error(f->db).p);
    sql_rows_close(r);
    sqlite3_finalize(st);
}

static void same(fixture *f, const char *plain, const char *other)
{
    buf a = buf_new(1 << 20), b = buf_new(1 << 20);
    assert_true(is_plain(f, plain));
    assert_false(is_plain(f, other));
    add_rows(f, plain, &a);
    add_rows(f, other, &b);
    buf_char(&a, '\0');
    buf_char(&b, '\0');
    assert_int_equal(a.n, b.n);
    if (memcmp(a.p, b.p, a.n) != 0) print_message("%s\n\n%s\n", a.p, b.p);
    assert_memory_equal(a.p, b.p, a.n);
    buf_free(&a);
    buf_free(&b);
}

static void all_values_are_those_that_sqlite_gives(void **state)
{
    (void)state;
    fixture f;
    begin(&f, (sql_options){0});
    same(&f, "SELECT * FROM t", "SELECT * FROM t LIMIT -1");
    same(&f, "SELECT t, price, NULL, i, i FROM (SELECT i, t, price FROM \"dbo.t\") -- so far",
         "SELECT t, price, NULL, i, i FROM t LIMIT 99");
    end(&f);
}

static void whatever_is_more_than_columns_is_left_to_sqlite(void **state)
{
    (void)state;
    static const char *const others[] = {
        "SELECT i FROM t WHERE 0",
        "SELECT i FROM t WHERE i > 1",
        "SELECT i FROM t WHERE i = ?1",
        "SELECT i FROM t LIMIT 1",
        "SELECT i FROM t LIMIT 9 OFFSET 1",
        "SELECT i FROM t ORDER BY i",
        "SELECT DISTINCT i FROM t",
        "SELECT i FROM t GROUP BY i",
        "SELECT count(*) FROM t",
        "SELECT max(i) FROM t",
        "SELECT i + 1 FROM t",
        "SELECT 'x', i FROM t",
        "SELECT :a, i FROM t",
        "SELECT upper(t) FROM t",
        "SELECT coalesce(i, r) FROM t",
        "SELECT i FROM t UNION ALL SELECT i FROM t",
        "SELECT a.i FROM t AS a, t AS b",
        "SELECT a.i FROM t AS a, u AS b",
        "SELECT a.i FROM t AS a LEFT JOIN u AS b ON b.i = a.i",
        "SELECT i FROM t WHERE i IN (SELECT i FROM u)",
        "SELECT (SELECT max(i) FROM u), i FROM t",
        "SELECT row_number() OVER () FROM t",
        "SELECT _page FROM t",
        "SELECT 1",
        "VALUES (1)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"};
    fixture f;
    begin(&f, (sql_options){0});
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (is_plain(&f, others[i])) print_message("%s\n", others[i]);
        assert_false(is_plain(&f, others[i]));
    }
    assert_true(is_plain(&f, "SELECT i FROM t"));
    /* Being asked changes nothing for the statements behind it. */
    asked(f.db, "SELECT count(*) FROM t", "33");
    fails(f.db, "SELECT missing FROM t", "no such column: missing");
    assert_true(is_plain(&f, "SELECT a.t AS \"last\" FROM source.\"dbo.t\" AS a;"));
    end(&f);
}

static void rows_left_out_are_the_same_ones(void **state)
{
    (void)state;
    fixture f;
    begin(&f, (sql_options){0});
    f.cell[3 * COLUMNS + 1] = LOST; /* b of row 3 */
    f.s.table[0].lost_at = 5;
    same(&f, "SELECT i, t FROM t", "SELECT i, t FROM t LIMIT -1");
    same(&f, "SELECT i, b FROM t", "SELECT i, b FROM t LIMIT -1");
    uint64_t scans = 0, rows = 0;
    assert_true(sql_scanned(f.db, SV_LIT("dbo.t"), &scans, &rows));
    assert_int_equal(scans, 4);
    assert_int_equal(rows, VALUES - 2);
    end(&f);
}

static bool stop_now(void *ctx) { return *(bool *)ctx; }

static void a_scan_without_sqlite_is_stopped_too(void **state)
{
    (void)state;
    bool stop = false;
    fixture f;
    begin(&f, (sql_options){.cancelled = stop_now, .ctx = &stop});
    sqlite3_stmt *st = prepared(&f, "SELECT i FROM t");
    stop = true;
    sql_rows *r = sql_rows_open(f.db, st);
    assert_int_equal(sql_rows_next(r), SQLITE_INTERRUPT);
    assert_string_equal(sql_error(f.db).p, "the statement was stopped");
    sql_rows_close(r);
    sqlite3_finalize(st);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_values_are_those_that_sqlite_gives),
        cmocka_unit_test(whatever_is_more_than_columns_is_left_to_sqlite),
        cmocka_unit_test(rows_left_out_are_the_same_ones),
        cmocka_unit_test(a_scan_without_sqlite_is_stopped_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
