/* What a type of SQL Server is to SQL: the rows of the table in src/sql/SQL.md. */
#include "sql_ask.h"

enum { CI_AS = 0x0000D008 };

/* One table of one column, made for one test. */
typedef struct one {
    given_source s;
    sql_db *db;
    column_info column;
} one;

static void begin(one *x, column_info column, const value *cell, size_t rows)
{
    given_init(&x->s);
    x->column = column;
    x->column.name = SV_LIT("v");
    given_add(&x->s, "dbo.t", &x->column, 1, cell, rows);
    x->db = opened_db(&x->s, (sql_options){0});
}

static void end(one *x)
{
    sql_close(x->db);
    given_free(&x->s);
}

static void bits_and_integers_are_integer(void **state)
{
    (void)state;
    value v[] = {INT(INT64_MAX), INT(INT64_MIN), {.kind = V_BOOL, .as.integer = 1}, NONE};
    one x;
    begin(&x, (column_info){.type = T_INT}, v, 4);
    asked(x.db, "SELECT v, typeof(v) FROM t",
          "9223372036854775807|integer;-9223372036854775808|integer;1|integer;NULL|null");
    asked(x.db, "SELECT count(*) FROM t WHERE v = '1'", "1");
    end(&x);
}

static const column_info price = {.type = T_DECIMAL, .precision = 9, .scale = 2};

static void short_decimals_compare_as_numbers_and_keep_their_scale(void **state)
{
    (void)state;
    value v[] = {DEC(900, 2), DEC(1000, 2), DEC(10000, 2), DEC(-5, 2), NONE};
    one x;
    begin(&x, price, v, 5);
    asked(x.db, "SELECT v FROM t", "9.00;10.00;100.00;-0.05;NULL");
    asked(x.db, "SELECT v FROM t ORDER BY v DESC", "100.00;10.00;9.00;-0.05;NULL");
    asked(x.db, "SELECT max(v), min(v) FROM t", "100.00|-0.05");
    asked(x.db, "SELECT v FROM t WHERE v > 9.5", "10.00;100.00");
    asked(x.db, "SELECT v FROM t WHERE v = 9", "9.00");
    asked(x.db, "SELECT v FROM t WHERE v = '10.0'", "10.00");
    asked(x.db, "SELECT v FROM t WHERE v BETWEEN 9 AND 10", "9.00;10.00");
    asked(x.db, "SELECT v FROM t WHERE v IN (9, 100.00)", "9.00;100.00");
    asked(x.db, "SELECT count(*) FROM t GROUP BY v HAVING max(v) > 50", "1");
    asked(x.db, "SELECT v FROM t WHERE coalesce(v, 0) > 50", "100.00");
    asked(x.db, "SELECT v FROM t WHERE CASE WHEN v < 0 THEN 0 ELSE v END > 50", "100.00");
    asked(x.db, "SELECT 1 FROM t GROUP BY 1 > 0 HAVING sum(v) > 1000", "");
    end(&x);
}

static void money_compares_exactly_at_any_size(void **state)
{
    (void)state;
    value v[] = {DEC(INT64_C(9223372036854775807), 4), DEC(90000, 4), DEC(-INT64_C(9223372036854775806), 4),
                 DEC(INT64_C(9223372036854775806), 4)};
    one x;
    begin(&x, (column_info){.type = T_MONEY, .precision = 19, .scale = 4, .type_name = SV_LIT("money")}, v, 4);
    asked(x.db, "SELECT v FROM t", "922337203685477.5807;9.0000;-922337203685477.5806;922337203685477.5806");
    asked(x.db, "SELECT v FROM t WHERE v > '922337203685477.5806'", "922337203685477.5807");
    asked(x.db, "SELECT v FROM t WHERE v = 9", "9.0000");
    asked(x.db, "SELECT v FROM t WHERE v < 100 AND v > -100", "9.0000");
    asked(x.db, "SELECT sum(v) FROM t", "922337203685486.5807");
    end(&x);
}

static void long_decimals_are_text_that_compares_as_numbers(void **state)
{
    (void)state;
    value v[] = {DEC(900, 2), DEC(INT64_C(1000000000000000001), 2), DEC(-100, 2), DEC(10000, 2)};
    one x;
    begin(&x, (column_info){.type = T_DECIMAL, .precision = 38, .scale = 2}, v, 4);
    asked(x.db, "SELECT typeof(v) FROM t LIMIT 1", "text");
    asked(x.db, "SELECT v FROM t ORDER BY v", "-1.00;9.00;100.00;10000000000000000.01");
    asked(x.db, "SELECT max(v), min(v), sum(v) FROM t", "10000000000000000.01|-1.00|10000000000000108.01");
    asked(x.db, "SELECT v FROM t WHERE v > 50 ORDER BY v", "100.00;10000000000000000.01");
    asked(x.db, "SELECT v FROM t WHERE v IN (9, 100)", "9.00;100.00");
    asked(x.db, "SELECT v FROM t WHERE v = '10000000000000000.010'", "10000000000000000.01");
    asked(x.db, "SELECT decimal_cmp(max(v), 7) FROM t", "1");
    end(&x);
}

static void decimals_without_scale_are_integer(void **state)
{
    (void)state;
    value v[] = {DEC(INT64_C(123456789012345678), 0)};
    one x;
    begin(&x, (column_info){.type = T_DECIMAL, .precision = 18}, v, 1);
    asked(x.db, "SELECT v, typeof(v) FROM t WHERE v = 123456789012345678", "123456789012345678|integer");
    end(&x);
}

static void sums_of_decimals_have_no_crumbs(void **state)
{
    (void)state;
    value v[1000];
    for (size_t i = 0; i < 1000; i++) v[i] = DEC(10, 2);
    one x;
    begin(&x, price, v, 1000);
    asked(x.db, "SELECT sum(v), total(v), avg(v) FROM t", "100.00|100|0.1");
    asked(x.db, "SELECT sum(v * 3) = 300 FROM t", "1");
    asked(x.db, "SELECT sum(v) OVER (ROWS 2 PRECEDING) FROM t LIMIT 4", "0.1;0.2;0.3;0.3");
    end(&x);
}

static void sum_of_integers_is_exact_beyond_64_bits(void **state)
{
    (void)state;
    value v[] = {INT(INT64_MAX), INT(INT64_MAX), INT(2)};
    one x;
    begin(&x, (column_info){.type = T_INT}, v, 3);
    asked(x.db, "SELECT sum(v), typeof(sum(v)) FROM t", "18446744073709551616|text");
    asked(x.db, "SELECT sum(v), typeof(sum(v)), avg(v) FROM t WHERE v < 5", "2|integer|2");
    asked(x.db, "SELECT sum(v), total(v), avg(v) FROM t WHERE v < 0", "NULL|0|NULL");
    end(&x);
}

static void sum_past_38_digits_is_an_error(void **state)
{
    (void)state;
    value big = {.kind = V_DECIMAL, .as.decimal = {.lo = UINT64_MAX, .hi = UINT64_C(0x4B3B4CA85A86C479)}};
    value v[] = {big, big};
    one x;
    begin(&x, (column_info){.type = T_DECIMAL, .precision = 38}, v, 2);
    fails(x.db, "SELECT sum(v) FROM t", "overflow");
    end(&x);
    value wrong[] = {
        {.kind = V_DECIMAL, .as.decimal = {.lo = UINT64_MAX, .hi = UINT64_MAX, .scale = 200, .negative = true}}};
    begin(&x, (column_info){.type = T_DECIMAL, .precision = 38}, wrong, 1);
    fails(x.db, "SELECT sum(v) FROM t", "take numbers"); /* 39 digits: damaged */
    asked(x.db, "SELECT v = v FROM t", "1");
    end(&x);
}

static void floats_are_real_and_a_real_of_32_bits_is_its_shortest_text(void **state)
{
    (void)state;
    value v[] = {REAL(0.1), REAL32(0.1), REAL(1e300), REAL32(16777216)};
    one x;
    begin(&x, (column_info){.type = T_REAL}, v, 4);
    asked(x.db, "SELECT v, typeof(v) FROM t", "0.1|real;0.1|real;1e+300|real;16777216|real");
    asked(x.db, "SELECT count(*) FROM t WHERE v = 0.1", "2");
    asked(x.db, "SELECT sum(v) FROM t WHERE v < 1", "0.2");
    end(&x);
}

static void moments_compare_by_what_they_mean(void **state)
{
    (void)state;
    date_time day = {.days = DATE_1900 + 40000}, noon = {.days = DATE_1900 + 40000, .ticks = 43200000, .scale = 3};
    date_time east = {.days = DATE_1900 + 40000, .ticks = 46800, .offset = 60};
    value v[] = {{.kind = V_DATE, .as.when = day},
                 {.kind = V_DATETIME, .as.when = noon},
                 {.kind = V_DATETIMEOFFSET, .as.when = east}};
    one x;
    begin(&x, (column_info){.type = T_DATETIME}, v, 3);
    asked(x.db, "SELECT v FROM t", "2009-07-08;2009-07-08 12:00:00.000;2009-07-08 13:00:00 +01:00");
    asked(x.db, "SELECT v FROM t WHERE v = '20090708'", "2009-07-08");
    asked(x.db, "SELECT v FROM t WHERE v = '2009-07-08 00:00:00'", "2009-07-08");
    asked(x.db, "SELECT count(*) FROM t WHERE v = '2009-07-08T12:00'", "2");
    asked(x.db, "SELECT count(*) FROM t WHERE v >= '2009-07-08' AND v < '2009-07-09'", "3");
    asked(x.db, "SELECT date(v), typeof(v) FROM t LIMIT 1", "2009-07-08|text");
    end(&x);
}

static void guids_are_upper_case_text_in_the_order_of_sql_server(void **state)
{
    (void)state;
    value v[] = {{.kind = V_GUID, .as.guid = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xAB}},
                 {.kind = V_GUID, .as.guid = {0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}};
    one x;
    begin(&x, (column_info){.type = T_GUID}, v, 2);
    asked(x.db, "SELECT v FROM t ORDER BY v",
          "FFFFFFFF-0000-0000-0000-000000000001;00000001-0000-0000-0000-0000000000AB");
    asked(x.db, "SELECT count(*) FROM t WHERE v = '00000001-0000-0000-0000-0000000000ab'", "1");
    end(&x);
}

static void binary_is_blob(void **state)
{
    (void)state;
    value v[] = {BYTES("\x01\xff"), BYTES("")};
    one x;
    begin(&x, (column_info){.type = T_BYTES}, v, 2);
    asked(x.db, "SELECT v, typeof(v), length(v) FROM t", "0x01ff|blob|2;0x|blob|0");
    asked(x.db, "SELECT count(*) FROM t WHERE v = x'01FF'", "1");
    end(&x);
}

static void texts_compare_by_their_collation(void **state)
{
    (void)state;
    value v[] = {TEXT("M\xC3\xBCller"), TEXT("MULLER  "), TEXT("muller"), TEXT(""), NONE};
    one x;
    begin(&x, (column_info){.type = T_TEXT, .collation = CI_AS}, v, 5);
    asked(x.db, "SELECT count(*) FROM t WHERE v = 'Muller'", "2");
    asked(x.db, "SELECT count(*) FROM t WHERE v = 'm\xC3\x9CLLER'", "1");
    asked(x.db, "SELECT count(DISTINCT v) FROM t", "3");
    asked(x.db, "SELECT v = '', v IS NULL FROM t WHERE v = '' OR v IS NULL", "1|0;NULL|1");
    end(&x);
    begin(&x, (column_info){.type = T_TEXT, .collation = CI_AS | 0x2000}, v, 5);
    asked(x.db, "SELECT count(*) FROM t WHERE v = 'Muller'", "3");
    end(&x);
    begin(&x, (column_info){.type = T_TEXT, .collation = 0x00000808}, v, 5);
    asked(x.db, "SELECT count(*) FROM t WHERE v = 'MULLER'", "1");
    end(&x);
}

static void objects_are_text(void **state)
{
    (void)state;
    value v[] = {TEXT("/1/2/"), TEXT("/A/")};
    one x;
    begin(&x, (column_info){.type = T_HIERARCHYID}, v, 2);
    asked(x.db, "SELECT v, typeof(v) FROM t WHERE v <> '/a/'", "/1/2/|text;/A/|text");
    end(&x);
}

static void variants_are_what_they_hold(void **state)
{
    (void)state;
    value v[] = {INT(5), TEXT("x"), DEC(150, 2), NONE};
    one x;
    begin(&x, (column_info){.type = T_VARIANT}, v, 4);
    asked(x.db, "SELECT v, typeof(v) FROM t", "5|integer;x|text;1.50|real;NULL|null");
    end(&x);
}

static void large_values_are_locators_that_functions_refuse(void **state)
{
    (void)state;
    value v[] = {LOB(100000, LOB_UTF8), TEXT("small"), LOB(70000, LOB_BYTES), NONE};
    one x;
    begin(&x, (column_info){.type = T_TEXT, .collation = CI_AS, .max_bytes = -1}, v, 4);
    asked(x.db, "SELECT lob_size(v) FROM t", "100000;5;70000;NULL");
    asked(x.db, "SELECT lob_head(v, 4) FROM t", "abcd;smal;0x61626364;NULL");
    asked(x.db, "SELECT lob_size(v) FROM (SELECT v FROM t ORDER BY v IS NULL, v LIMIT 3) ORDER BY 1", "5;70000;100000");
    static const char *const calls[] = {
        "length(v)",       "upper(v)", "substr(v, 1, 5)", "hex(v)", "v LIKE 'a%'", "replace(v, 1, 2)", "instr(v, 'a')",
        "printf('%s', v)", "quote(v)", "trim(v)",         "sum(v)", "v GLOB 'a*'", "lower(v)",         "'a' LIKE v"};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "SELECT %s FROM t WHERE lob_size(v) > 65536", calls[i]);
        fails(x.db, sql, i == 10 ? "take numbers" : "lob_head(x, n)");
    }
    asked(x.db, "SELECT length(v), upper(v), substr(v, 2, 2) FROM t WHERE v = 'SMALL'", "5|SMALL|ma");
    sqlite3_stmt *st;
    lob_ref ref;
    assert_int_equal(sqlite3_prepare_v2(sql_handle(x.db), "SELECT v, v || 'x', 'x' FROM t", -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_true(sql_column_lob(x.db, st, 0, &ref));
    assert_int_equal(ref.bytes, 100000);
    assert_int_equal(ref.page, 7);
    assert_false(sql_column_spoilt(x.db, st, 0));
    assert_true(sql_column_spoilt(x.db, st, 1));
    assert_false(sql_column_lob(x.db, st, 2, &ref));
    sqlite3_finalize(st);
    end(&x);
}

static void decimal_functions_are_exact(void **state)
{
    (void)state;
    value v[] = {DEC(10, 2)};
    one x;
    begin(&x, price, v, 1);
    asked(x.db, "SELECT decimal_add(v, '0.2') , decimal_sub(1, v), decimal_mul(v, 3) FROM t", "0.3|0.9|0.3");
    asked(x.db, "SELECT decimal_mul('12345678901234567', '1.1')", "13580246791358023.7");
    asked(x.db, "SELECT decimal_cmp('10.0', 9), decimal_cmp('1', '1.000'), decimal_add(NULL, 1)", "1|0|NULL");
    fails(x.db, "SELECT decimal_add('x', 1)", "take numbers");
    end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_and_integers_are_integer),
        cmocka_unit_test(short_decimals_compare_as_numbers_and_keep_their_scale),
        cmocka_unit_test(money_compares_exactly_at_any_size),
        cmocka_unit_test(long_decimals_are_text_that_compares_as_numbers),
        cmocka_unit_test(decimals_without_scale_are_integer),
        cmocka_unit_test(sums_of_decimals_have_no_crumbs),
        cmocka_unit_test(sum_of_integers_is_exact_beyond_64_bits),
        cmocka_unit_test(sum_past_38_digits_is_an_error),
        cmocka_unit_test(floats_are_real_and_a_real_of_32_bits_is_its_shortest_text),
        cmocka_unit_test(moments_compare_by_what_they_mean),
        cmocka_unit_test(guids_are_upper_case_text_in_the_order_of_sql_server),
        cmocka_unit_test(binary_is_blob),
        cmocka_unit_test(texts_compare_by_their_collation),
        cmocka_unit_test(objects_are_text),
        cmocka_unit_test(variants_are_what_they_hold),
        cmocka_unit_test(large_values_are_locators_that_functions_refuse),
        cmocka_unit_test(decimal_functions_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
