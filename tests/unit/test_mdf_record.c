/* Uncompressed records: their parts, and rows to values. */
#include "mdf/mdf_fixedvar.h"
#include "record_pages.h"
#include "testing.h"

enum { ALL = RECORD_HAS_NULLS | RECORD_HAS_VARIABLE };
enum { OFFSET = PAGE_HEADER_BYTES };

static void assert_text(const value *v, const char *text)
{
    assert_int_equal(v->kind, V_TEXT);
    assert_true(sv_eq(v->as.text, sv_from(text)));
}

static bytes plain_record(unsigned status_a)
{
    static const uint8_t fixed[4] = {0x2A, 0, 0, 0};
    const sv column[] = {SV_LIT("ab"), SV_LIT(""), SV_LIT("xyz")};
    bytes b = record_start(status_a, fixed, sizeof fixed);
    record_nulls(&b, 4, 0x2);
    record_variable(&b, column, 3, 0);
    return b;
}

static void page_of(uint8_t *page, const bytes *b)
{
    page_start(page, PAGE_DATA, (page_id){1, 1});
    page_add_record(page, b);
}

static void parts_of_a_record(void **state)
{
    (void)state;
    uint8_t page[PAGE_BYTES];
    fixedvar r;
    sv s;
    bool complex;
    const uint8_t *p = NULL;
    bytes b = plain_record(ALL);
    page_of(page, &b);
    assert_true(fixedvar_parse(page, OFFSET, &r));
    assert_int_equal(r.n, b.n);
    assert_int_equal(r.columns, 4);
    assert_int_equal(r.variable, 3);
    assert_false(fixedvar_is_null(&r, 1));
    assert_true(fixedvar_is_null(&r, 2));
    assert_false(fixedvar_is_null(&r, 0));
    assert_false(fixedvar_is_null(&r, 5));
    assert_true(fixedvar_lacks(&r, 5));
    assert_false(fixedvar_lacks(&r, 4));
    assert_true(fixedvar_fixed(&r, 4, 4, &p));
    assert_int_equal(le32(p), 42);
    assert_false(fixedvar_fixed(&r, 4, 5, &p));
    assert_false(fixedvar_fixed(&r, 3, 1, &p));
    assert_false(fixedvar_fixed(&r, 9, 1, &p));
    assert_true(fixedvar_variable(&r, 2, &s, &complex));
    assert_true(sv_eq(s, SV_LIT("xyz")) && !complex);
    assert_true(fixedvar_variable(&r, 1, &s, &complex));
    assert_int_equal(s.n, 0);
    assert_true(fixedvar_variable(&r, 9, &s, &complex)); /* not reached: empty */
    assert_true(s.n == 0 && s.p != NULL);
}

static void only_rows_have_this_form(void **state)
{
    (void)state;
    uint8_t page[PAGE_BYTES];
    fixedvar r;
    for (unsigned type = 0; type < 8; type++) {
        bytes b = plain_record(ALL | type << 1);
        page_of(page, &b);
        const bool row_form = type == RECORD_PRIMARY || type == RECORD_FORWARDED || type == RECORD_GHOST;
        assert_int_equal(fixedvar_parse(page, OFFSET, &r), row_form);
    }
}

static void a_part_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    uint8_t page[PAGE_BYTES], damaged[PAGE_BYTES];
    fixedvar r;
    bytes b = plain_record(ALL);
    page_of(page, &b);
    /* offset in the record, value: fixed end, column count, variable count, last end */
    static const unsigned wrong[][2] = {{2, 3},       {2, 0xFFFF}, {2, 8093},  {8, 0xFFFF},
                                        {11, 0x7FFF}, {17, 0x5},   {17, 8100}, {11, 0xFFFF}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        memcpy(damaged, page, sizeof page);
        put16(damaged + OFFSET + wrong[i][0], wrong[i][1]);
        assert_false(fixedvar_parse(damaged, OFFSET, &r));
    }
    assert_false(fixedvar_parse(page, OFFSET - 1, &r));
    assert_false(fixedvar_parse(page, PAGE_BYTES - 2, &r));
    assert_false(fixedvar_parse(page, PAGE_BYTES + 100, &r));
    put16(page + PH_SLOTS, 4049);
    assert_false(fixedvar_parse(page, OFFSET, &r));
}

static void a_record_ends_before_the_slot_array(void **state)
{
    (void)state;
    uint8_t page[PAGE_BYTES];
    fixedvar r;
    bytes b = plain_record(ALL | RECORD_VERSIONED);
    page_start(page, PAGE_DATA, (page_id){1, 1});
    put16(page + PH_SLOTS, 1);
    const unsigned tag = 14;
    memcpy(page + PAGE_BYTES - 2 - tag - b.n, b.p, b.n);
    assert_true(fixedvar_parse(page, PAGE_BYTES - 2 - tag - b.n, &r));
    assert_true(r.versioned);
    put16(page + PH_SLOTS, 2); /* the slot array now reaches into the versioning tag */
    assert_false(fixedvar_parse(page, PAGE_BYTES - 2 - tag - b.n, &r));
}

static void variable_ends_must_ascend(void **state)
{
    (void)state;
    uint8_t page[PAGE_BYTES];
    fixedvar r;
    sv s;
    bool complex;
    bytes b = plain_record(ALL);
    page_of(page, &b);
    put16(page + OFFSET + 13, 24); /* the first column ends behind the second */
    assert_true(fixedvar_parse(page, OFFSET, &r));
    assert_true(fixedvar_variable(&r, 0, &s, &complex));
    assert_false(fixedvar_variable(&r, 1, &s, &complex));
    put16(page + OFFSET + 13, 4); /* it ends before the variable data begin */
    assert_true(fixedvar_parse(page, OFFSET, &r));
    assert_false(fixedvar_variable(&r, 0, &s, &complex));
    assert_false(fixedvar_variable(&r, 1, &s, &complex));
}

static void back_pointer_of_a_forwarded_record_is_no_column(void **state)
{
    (void)state;
    uint8_t page[PAGE_BYTES];
    fixedvar r;
    sv s;
    bool complex;
    static const uint8_t back[10] = {0x00, 0x04, 9, 0, 0, 0, 1, 0, 3, 0};
    const sv column[] = {SV_LIT("ab"), {(const char *)back, sizeof back}};
    bytes b = record_start(ALL | RECORD_FORWARDED << 1, "\0\0\0\0", 4);
    record_nulls(&b, 3, 0);
    record_variable(&b, column, 2, 2);
    page_of(page, &b);
    assert_true(fixedvar_parse(page, OFFSET, &r));
    assert_int_equal(r.variable, 1);
    assert_true(fixedvar_variable(&r, 1, &s, &complex)); /* an empty column that the row left out */
    assert_true(s.n == 0 && !complex);
    page[OFFSET] = ALL; /* in a row that was not forwarded it is a column */
    assert_true(fixedvar_parse(page, OFFSET, &r));
    assert_int_equal(r.variable, 2);
}

/* ---- rows ---- */

static void typed_columns(test_table *t)
{
    table_open(t);
    table_column(t, "id", XT_INT, 4, 1);
    table_column(t, "flag", XT_BIT, 8, 2)->bit_position = 3;
    table_column(t, "day", XT_DATE, 9, 3);
    table_column(t, "amount", XT_MONEY, 12, 4);
    table_column(t, "name", XT_VARCHAR, -1, 5)->max_bytes = 50;
    table_column(t, "note", XT_NVARCHAR, -2, 6)->max_bytes = 100;
    table_column(t, "big", XT_BIGINT, 20, 7);
}

static const uint8_t typed_fixed[24] = {0xFE, 0xFF, 0xFF, 0xFF, 0x08, 0x01, 0, 0, 0x10, 0x27, 0, 0,
                                        0,    0,    0,    0,    0x01, 0,    0, 0, 0,    0,    0, 0x80};

static void a_row_of_common_types(void **state)
{
    (void)state;
    test_table t;
    value v[7];
    typed_columns(&t);
    const sv column[] = {SV_LIT("abc"), {"h\0i\0", 4}};
    bytes b = record_start(ALL, typed_fixed, sizeof typed_fixed);
    record_nulls(&b, 7, 0);
    record_variable(&b, column, 2, 0);
    const uint16_t slot = page_add_record(t.page, &b);
    assert_int_equal(table_ready(&t, false), ST_OK);
    assert_int_equal(record_decoder_state(t.decoder, slot), RECORD_LIVE);
    assert_int_equal(table_row(&t, slot, v), ST_OK);
    assert_int_equal(v[0].as.integer, -2);
    assert_true(v[1].kind == V_BOOL && v[1].as.integer == 1);
    assert_true(v[2].kind == V_DATE && v[2].as.when.days == 1);
    assert_true(v[3].kind == V_DECIMAL && v[3].as.decimal.lo == 10000 && v[3].as.decimal.scale == 4);
    assert_text(&v[4], "abc");
    assert_text(&v[5], "hi");
    assert_true(v[6].as.integer == INT64_MIN + 1);
    assert_int_equal(t.bad, 0);
    assert_int_equal(findings_kinds(t.found), 0);
    table_close(&t);
}

static void null_empty_and_not_yet_there_are_told_apart(void **state)
{
    (void)state;
    test_table t;
    value v[9];
    typed_columns(&t);
    table_column(&t, "later", XT_INT, 28, 8);
    mdf_column *with_default = table_column(&t, "later_default", XT_VARCHAR, -3, 9);
    with_default->has_default = true;
    with_default->default_bytes = SV_LIT("new");
    bytes b = record_start(RECORD_HAS_NULLS, typed_fixed, sizeof typed_fixed);
    record_nulls(&b, 7, 1 << 0 | 1 << 1 | 1 << 4);
    const uint16_t slot = page_add_record(t.page, &b);
    table_ready(&t, false);
    assert_int_equal(table_row(&t, slot, v), ST_OK);
    assert_int_equal(v[0].kind, V_NULL);
    assert_int_equal(v[1].kind, V_NULL);
    assert_int_equal(v[4].kind, V_NULL);
    assert_text(&v[5], ""); /* the row has no variable part: empty, not NULL */
    assert_int_equal(v[7].kind, V_NULL);
    assert_text(&v[8], "new");
    table_close(&t);
}

static void fixed_column_beyond_the_rows_fixed_part(void **state)
{
    (void)state;
    test_table t;
    value v[2];
    table_open(&t);
    table_column(&t, "a", XT_INT, 4, 1);
    mdf_column *b_column = table_column(&t, "b", XT_INT, 8, 2);
    b_column->has_default = true;
    b_column->default_bytes = (sv){"\x05\0\0\0", 4};
    bytes whole = record_start(RECORD_HAS_NULLS, "\1\0\0\0", 4);
    record_nulls(&whole, 2, 0);
    bytes cut = record_start(RECORD_HAS_NULLS, "\1\0\0\0\2\0", 6);
    record_nulls(&cut, 2, 0);
    page_add_record(t.page, &whole);
    page_add_record(t.page, &cut);
    table_ready(&t, false);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_int_equal(v[1].as.integer, 5);
    assert_int_equal(table_row(&t, 1, v), ST_OK);
    assert_int_equal(v[0].as.integer, 1);
    assert_int_equal(v[1].kind, V_UNREADABLE);
    assert_int_equal(t.bad, 1);
    const finding *f = first_finding(t.found, F_CELL_BROKEN);
    assert_non_null(f);
    assert_true(sv_eq(f->column, SV_LIT("b")) && sv_eq(f->table, SV_LIT("dbo.t")));
    assert_true(f->file_id == 1 && f->page == TEST_ROW_PAGE && f->slot == 1);
    table_close(&t);
}

static void text_without_meaning_is_kept_and_told(void **state)
{
    (void)state;
    test_table t;
    value v[1];
    table_open(&t);
    table_column(&t, "name", XT_NVARCHAR, -1, 1);
    const sv column[] = {{"a\0\x00\xD8", 4}}; /* half of a surrogate pair */
    bytes b = record_start(ALL, "", 0);
    record_nulls(&b, 1, 0);
    record_variable(&b, column, 1, 0);
    page_add_record(t.page, &b);
    table_ready(&t, false);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_text(&v[0], "a\xEF\xBF\xBD");
    assert_int_equal(findings_count(t.found, F_TEXT_CHARACTERS), 1);
    assert_int_equal(t.bad, 0);
    table_close(&t);
}

static void a_value_that_is_none_costs_only_its_cell(void **state)
{
    (void)state;
    test_table t;
    value v[3];
    table_open(&t);
    table_column(&t, "day", XT_DATE, 4, 1);
    table_column(&t, "at", XT_SMALLDATETIME, 7, 2);
    table_column(&t, "id", XT_TINYINT, 11, 3);
    bytes b = record_start(RECORD_HAS_NULLS, "\xFF\xFF\xFF\xFF\xFF\0\0\x07", 8);
    record_nulls(&b, 3, 0);
    page_add_record(t.page, &b);
    table_ready(&t, false);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_int_equal(v[0].kind, V_UNREADABLE);
    assert_int_equal(v[1].kind, V_UNREADABLE);
    assert_int_equal(v[2].as.integer, 7);
    assert_int_equal(t.bad, 2);
    table_close(&t);
}

static void states_of_slots(void **state)
{
    (void)state;
    static const struct {
        unsigned status_a, status_b;
        record_state expected;
    } kinds[] = {{0x30, 0, RECORD_LIVE}, {0x32, 0, RECORD_LIVE}, {0x32, 1, RECORD_NONE}, {0x04, 0, RECORD_NONE},
                 {0x36, 0, RECORD_BAD},  {0x08, 0, RECORD_BAD},  {0x3A, 0, RECORD_NONE}, {0x3C, 0, RECORD_NONE},
                 {0x3E, 0, RECORD_NONE}, {0x01, 0, RECORD_BAD}};
    test_table t;
    table_open(&t);
    table_column(&t, "id", XT_INT, 4, 1);
    const uint16_t n = sizeof kinds / sizeof *kinds;
    for (uint16_t i = 0; i < n; i++) {
        bytes b = record_start(kinds[i].status_a, "\1\0\0\0", 4);
        b.p[1] = (uint8_t)kinds[i].status_b;
        record_nulls(&b, 1, 0);
        add16(&b, 0);
        page_add_record(t.page, &b);
    }
    put16(t.page + PH_SLOTS, n + 3u);
    put16(t.page + PAGE_BYTES - 2 - 2 * (n + 1), 95);   /* n: empty, n + 1: in the header */
    put16(t.page + PAGE_BYTES - 2 - 2 * (n + 2), 8190); /* in the slot array */
    table_ready(&t, false);
    for (uint16_t i = 0; i < n; i++) assert_int_equal(record_decoder_state(t.decoder, i), kinds[i].expected);
    assert_int_equal(record_decoder_state(t.decoder, n), RECORD_NONE);
    assert_int_equal(record_decoder_state(t.decoder, n + 1), RECORD_BAD);
    assert_int_equal(record_decoder_state(t.decoder, n + 2), RECORD_BAD);
    assert_int_equal(record_decoder_state(t.decoder, n + 3), RECORD_BAD);
    value v[1];
    assert_int_equal(table_row(&t, n + 1, v), ST_ROW_LOST);
    assert_int_equal(first_finding(t.found, F_RECORD_BROKEN)->rows, 1);
    assert_int_equal(first_finding(t.found, F_RECORD_BROKEN)->slot, n + 1);
    table_close(&t);
}

static void a_broken_row_is_lost_with_a_finding(void **state)
{
    (void)state;
    test_table t;
    value v[1];
    table_open(&t);
    table_column(&t, "id", XT_INT, 4, 1);
    bytes b = record_start(RECORD_HAS_NULLS, "\1\0\0\0", 4);
    record_nulls(&b, 1, 0);
    put16(b.p + 2, 9000);
    page_add_record(t.page, &b);
    table_ready(&t, false);
    assert_int_equal(record_decoder_state(t.decoder, 0), RECORD_LIVE);
    assert_int_equal(table_row(&t, 0, v), ST_ROW_LOST);
    assert_int_equal(findings_count(t.found, F_RECORD_BROKEN), 1);
    put16(t.page + PH_SLOTS, 5000);
    assert_int_equal(table_ready(&t, false), ST_ROW_LOST);
    assert_int_equal(findings_count(t.found, F_RECORD_BROKEN), 2);
    table_close(&t);
}

static void sparse_columns_come_from_the_sparse_vector(void **state)
{
    (void)state;
    test_table t;
    value v[4];
    table_open(&t);
    table_column(&t, "name", XT_VARCHAR, -1, 1);
    mdf_column *s1 = table_column(&t, "s1", XT_INT, 0, 0), *s2 = table_column(&t, "s2", XT_VARCHAR, 0, 0);
    table_column(&t, "added", XT_VARCHAR, -2, 2);
    s1->sparse = s2->sparse = true;
    s1->column_id = 7;
    s2->column_id = 9;
    bytes vector = {.n = 0};
    add16(&vector, 5);
    add16(&vector, 1);
    add16(&vector, 7);
    add16(&vector, 12);
    add32(&vector, 77);
    const sv column[] = {SV_LIT("n"), {(const char *)vector.p, vector.n}};
    bytes b = record_start(ALL, "", 0);
    record_nulls(&b, 2, 0);
    record_variable(&b, column, 2, 2);
    page_add_record(t.page, &b);
    bytes none = record_start(ALL, "", 0);
    record_nulls(&none, 2, 0);
    record_variable(&none, column, 1, 0);
    page_add_record(t.page, &none);
    table_ready(&t, false);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_text(&v[0], "n");
    assert_int_equal(v[1].as.integer, 77);
    assert_int_equal(v[2].kind, V_NULL);
    assert_text(&v[3], ""); /* the vector stands where this column would */
    assert_int_equal(table_row(&t, 1, v), ST_OK);
    assert_int_equal(v[1].kind, V_NULL);
    /* a vector whose ends leave it: which of the columns had a value is lost, and said */
    put16(t.page + le16(t.page + PAGE_BYTES - 2) + b.n - 6, 13);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_int_equal(v[1].kind, V_UNREADABLE);
    assert_int_equal(v[2].kind, V_UNREADABLE);
    assert_text(&v[0], "n");
    table_close(&t);
}

static void columns_that_cannot_be_read_are_named(void **state)
{
    (void)state;
    test_table t;
    value v[3];
    table_open(&t);
    table_column(&t, "secret", XT_VARBINARY, -1, 1);
    t.info[0].unreadable = SV_LIT("it is encrypted with a key that is not in the database");
    table_column(&t, "lost", XT_INT, 2, 2);
    table_column(&t, "file", XT_VARBINARY, -2, 3)->filestream = true;
    const sv column[] = {SV_LIT("\1\2"), SV_LIT("\3")};
    bytes b = record_start(ALL, "", 0);
    record_nulls(&b, 3, 0);
    record_variable(&b, column, 2, 0);
    page_add_record(t.page, &b);
    table_ready(&t, false);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    for (size_t i = 0; i < 3; i++) assert_int_equal(v[i].kind, V_UNREADABLE);
    assert_int_equal(t.bad, 3);
    assert_int_equal(findings_count(t.found, F_COLUMN_UNSUPPORTED), 2);
    assert_int_equal(findings_count(t.found, F_CELL_BROKEN), 1);
    table_close(&t);
}

static void vardecimal_tables_keep_decimals_in_the_variable_part(void **state)
{
    (void)state;
    test_table t;
    value v[1];
    table_open(&t);
    t.rowset.vardecimal = true;
    mdf_column *c = table_column(&t, "price", XT_DECIMAL, -1, 1);
    c->precision = 9;
    c->scale = 2;
    const sv column[] = {SV_LIT("\xC0\x19")}; /* 0.100 * 10^1 */
    bytes b = record_start(ALL, "", 0);
    record_nulls(&b, 1, 0);
    record_variable(&b, column, 1, 0);
    page_add_record(t.page, &b);
    table_ready(&t, false);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_int_equal(v[0].kind, V_DECIMAL);
    assert_true(v[0].as.decimal.lo == 100 && v[0].as.decimal.scale == 2 && !v[0].as.decimal.negative);
    table_close(&t);
}

static void a_column_the_partition_never_stored_is_null(void **state)
{
    (void)state;
    test_table t;
    value v[2];
    const int32_t wanted[] = {-1, 0};
    table_open(&t);
    table_column(&t, "id", XT_INT, 4, 1);
    bytes b = record_start(RECORD_HAS_NULLS, "\1\0\0\0", 4);
    record_nulls(&b, 1, 0);
    page_add_record(t.page, &b);
    t.decoder = record_decoder_new(&t.model, &t.rowset, wanted, 2, t.lobs, false, t.found, t.table_info.full_name);
    record_decoder_page(t.decoder, test_row_page, t.page);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_int_equal(v[0].kind, V_NULL);
    assert_int_equal(v[1].as.integer, 1);
    table_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_record),
        cmocka_unit_test(only_rows_have_this_form),
        cmocka_unit_test(a_part_that_does_not_fit_is_refused),
        cmocka_unit_test(a_record_ends_before_the_slot_array),
        cmocka_unit_test(variable_ends_must_ascend),
        cmocka_unit_test(back_pointer_of_a_forwarded_record_is_no_column),
        cmocka_unit_test(a_row_of_common_types),
        cmocka_unit_test(null_empty_and_not_yet_there_are_told_apart),
        cmocka_unit_test(fixed_column_beyond_the_rows_fixed_part),
        cmocka_unit_test(text_without_meaning_is_kept_and_told),
        cmocka_unit_test(a_value_that_is_none_costs_only_its_cell),
        cmocka_unit_test(states_of_slots),
        cmocka_unit_test(a_broken_row_is_lost_with_a_finding),
        cmocka_unit_test(sparse_columns_come_from_the_sparse_vector),
        cmocka_unit_test(columns_that_cannot_be_read_are_named),
        cmocka_unit_test(vardecimal_tables_keep_decimals_in_the_variable_part),
        cmocka_unit_test(a_column_the_partition_never_stored_is_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
