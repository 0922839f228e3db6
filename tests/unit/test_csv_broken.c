/* Rows that were broken when they were written: put together where there is one way, else left out and counted. */
#include "text_files.h"

/* 30 whole rows of a key, a name, a street, a state and a date, then `tail`. */
static dump open_tail(const char *tail)
{
    buf b = buf_new(1 << 20);
    buf_str(&b, "Id,Name,Street,State,Born\r\n");
    for (unsigned i = 1; i <= 60; i++)
        buf_printf(&b, "%u,Ann %u,%u Elm St,WA,1950-12-%02u\r\n", i, i, i * 3, i % 28 + 1);
    buf_str(&b, tail);
    write_bytes("broken.csv", b.p, b.n);
    buf_free(&b);
    dump d = open_dump("broken.csv");
    assert_int_equal(d.status, ST_OK);
    return d;
}

static void expect(const char *tail, const char *rows, unsigned mended, unsigned lost)
{
    dump d = open_tail(tail);
    int64_t expected = d.tables->table[0].rows_expected;
    buf text = buf_new(1 << 20);
    scan_counts n;
    print_rows(&d, 0, 0, 0, true, &text, &n);
    buf_char(&text, '\0');
    const char *from = strstr(text.p, "62:");
    assert_string_equal(from ? from : "", rows);
    assert_int_equal(findings_count(d.found, F_CSV_ROW_MENDED), mended);
    assert_int_equal(findings_count(d.found, F_CSV_ROW_BROKEN), lost);
    assert_int_equal(n.rows_unreadable, lost);
    assert_int_equal(expected, n.rows + n.rows_unreadable);
    close_dump(&d);
    buf_free(&text);
}

static void a_comma_in_the_street_is_joined_when_only_one_cut_fits(void **state)
{
    (void)state;
    expect("62,Bo,12 Elm St, Apt 4,OR,1961-02-03\r\n63,Cy,1 Oak,WA,1970-01-01\r\n",
           "62:62|Bo|12 Elm St, Apt 4|OR|1961-02-03\n63:63|Cy|1 Oak|WA|1970-01-01\n", 1, 0);
}

static void a_comma_that_could_belong_to_two_columns_is_not_guessed(void **state)
{
    (void)state;
    expect("62,Bo,Lee,12 Elm St,OR,1961-02-03\r\n63,Cy,1 Oak,WA,1970-01-01\r\n", "", 0, 1);
}

static void a_row_that_is_too_short_is_left_out_with_its_line(void **state)
{
    (void)state;
    dump d = open_tail("62,Bo,OR\r\n63,Cy,1 Oak,WA,1970-01-01\r\n");
    assert_null(strstr(rows_of(&d, "broken"), "Bo"));
    assert_non_null(strstr(rows_of(&d, "broken"), "63|Cy|1 Oak|WA|1970-01-01\n"));
    bool told = false;
    for (size_t i = 0; i < findings_kinds(d.found); i++) {
        const finding_kind *k = findings_kind(d.found, i);
        if (k->code == F_CSV_ROW_BROKEN) told = k->item[0].line == 62 && k->item[0].rows == 1;
    }
    assert_true(told);
    close_dump(&d);
}

static void a_line_break_in_the_middle_of_a_row_is_joined(void **state)
{
    (void)state;
    expect("62,Bo,12 Elm St\nrear house,OR,1961-02-03\r\n64,Cy,1 Oak,WA,1970-01-01\r\n",
           "62:62|Bo|12 Elm St\nrear house|OR|1961-02-03\n64:64|Cy|1 Oak|WA|1970-01-01\n", 1, 0);
}

static void a_stray_quotation_mark_inside_quotes_is_text(void **state)
{
    (void)state;
    expect("62,\"Bo \"B\" Lee\",12 Elm St,OR,1961-02-03\r\n", "62:62|Bo \"B\" Lee|12 Elm St|OR|1961-02-03\n", 1, 0);
}

static void quotes_that_never_close_cost_one_row_and_no_more(void **state)
{
    (void)state;
    expect("62,\"Bo,12 Elm St,OR,1961-02-03\r\n63,Cy,1 Oak,WA,1970-01-01\r\n64,\"Di, E\",2 Oak,WA,1970-01-02\r\n",
           "62:62|\"Bo|12 Elm St|OR|1961-02-03\n63:63|Cy|1 Oak|WA|1970-01-01\n64:64|Di, E|2 Oak|WA|1970-01-02\n", 1, 0);
}

/* The inches of the second row close what the first one opened, and the number of fields is right. */
static void quotes_that_may_have_swallowed_a_row_hold_back_all_of_it(void **state)
{
    (void)state;
    dump d = open_tail(
        "62,\"Bo,12 Elm St,OR,1961-02-03\r\n63,Cy 6' 1\",1 Oak,WA,1970-01-01\r\n64,Di,2 Oak,WA,1970-01-02\r\n");
    const char *rows = rows_of(&d, "broken");
    assert_null(strstr(rows, "62|"));
    assert_null(strstr(rows, "63|"));
    assert_non_null(strstr(rows, "64|Di|2 Oak|WA|1970-01-02\n"));
    assert_int_equal(d.tables->table[0].rows_expected, 63);
    close_dump(&d);
}

static void blank_lines_between_rows_are_no_rows(void **state)
{
    (void)state;
    dump d = open_tail("\r\n62,Bo,12 Elm St,OR,1961-02-03\r\n\r\n");
    assert_int_equal(d.tables->table[0].rows_expected, 61);
    assert_int_equal(findings_count(d.found, F_CSV_BLANK_LINES), 1);
    close_dump(&d);
}

/* A note as the last column, a key as the first: a line alone can only be more of the note. */
static void a_last_value_goes_on_in_lines_of_its_own(void **state)
{
    (void)state;
    buf b = buf_new(1 << 20);
    buf_str(&b, "Id,Note\n");
    for (unsigned i = 1; i <= 40; i++) buf_printf(&b, "%u,note of some words %u\n", i, i);
    buf_str(&b, "41,first line\nsecond line\n\nthird line\n42,last\n");
    write_bytes("notes.csv", b.p, b.n);
    buf_free(&b);
    dump d = open_dump("notes.csv");
    assert_non_null(strstr(rows_of(&d, "notes"), "41|first line\nsecond line\n\nthird line\n42|last\n"));
    assert_int_equal(findings_count(d.found, F_CSV_ROW_MENDED), 1);
    assert_int_equal(d.tables->table[0].rows_expected, 42);
    close_dump(&d);
}

/* Text on both sides: the line could be the end of the one row or the beginning of the other. */
static void a_line_that_could_belong_to_either_row_holds_both_back(void **state)
{
    (void)state;
    buf b = buf_new(1 << 20);
    buf_str(&b, "Name,Note,Id\n");
    for (unsigned i = 1; i <= 40; i++)
        buf_printf(&b, "Ann %c,note of %c,word %c\n", 'a' + i % 20, 'a' + i % 7, 'a' + i % 9);
    buf_str(&b, "Bo,x,tail\nsomething\nCy,y,tail\nDi,z,end\n");
    write_bytes("either.csv", b.p, b.n);
    buf_free(&b);
    dump d = open_dump("either.csv");
    const char *rows = rows_of(&d, "either");
    assert_null(strstr(rows, "Bo|"));
    assert_null(strstr(rows, "Cy|"));
    assert_non_null(strstr(rows, "Di|z|end\n"));
    assert_int_equal(findings_count(d.found, F_CSV_ROW_BROKEN), 2);
    close_dump(&d);
}

/* Notes of many lines, without quotes: most lines are no rows. */
static void long_notes_without_quotes_do_not_hide_the_columns(void **state)
{
    (void)state;
    buf b = buf_new(1 << 20);
    buf_str(&b, "Id,Note\r\n");
    for (unsigned i = 1; i <= 40; i++)
        buf_printf(&b, "%u,first line of %u\r\nsecond line\r\nthird\r\nand the last one\r\n", i, i);
    write_bytes("many.csv", b.p, b.n);
    buf_free(&b);
    dump d = open_dump("many.csv");
    assert_string_equal(columns_of(&d, "many"), "Id|Note");
    assert_int_equal(d.tables->table[0].rows_expected, 40);
    assert_non_null(strstr(rows_of(&d, "many"), "7|first line of 7\r\nsecond line\r\nthird\r\nand the last one\n"));
    close_dump(&d);
}

/* Every other row is broken over two lines: wherever a range ends, its last row is put together by one side only. */
static void broken_rows_at_the_edge_of_a_range_are_put_together_once(void **state)
{
    (void)state;
    buf b = buf_new(8 << 20), whole = buf_new(8 << 20), parts = buf_new(8 << 20);
    buf_str(&b, "Id,Note,Born\n");
    for (unsigned i = 1; b.n < (3u << 20) + 5000; i++)
        buf_printf(&b,
                   i > 50 && i % 3 ? "%u,a note of two\nlines and then some more,1950-12-%02u\n"
                                   : "%u,a note,1950-12-%02u\n",
                   i, i % 28 + 1);
    write_bytes("edges.csv", b.p, b.n);
    dump d = open_dump("edges.csv");
    uint64_t units = d.tables->table[0].scan_units;
    assert_int_equal(units, 4);
    for (uint64_t i = 0; i < units; i++) print_rows(&d, 0, i, i + 1, true, &parts, NULL);
    print_rows(&d, 0, 0, 0, true, &whole, NULL);
    assert_true(sv_eq(buf_view(&whole), buf_view(&parts)));
    assert_int_equal(findings_count(d.found, F_CSV_ROW_BROKEN), 0);
    close_dump(&d);
    buf_free(&b);
    buf_free(&whole);
    buf_free(&parts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_comma_in_the_street_is_joined_when_only_one_cut_fits),
        cmocka_unit_test(a_comma_that_could_belong_to_two_columns_is_not_guessed),
        cmocka_unit_test(a_row_that_is_too_short_is_left_out_with_its_line),
        cmocka_unit_test(a_line_break_in_the_middle_of_a_row_is_joined),
        cmocka_unit_test(a_stray_quotation_mark_inside_quotes_is_text),
        cmocka_unit_test(quotes_that_never_close_cost_one_row_and_no_more),
        cmocka_unit_test(quotes_that_may_have_swallowed_a_row_hold_back_all_of_it),
        cmocka_unit_test(blank_lines_between_rows_are_no_rows),
        cmocka_unit_test(a_last_value_goes_on_in_lines_of_its_own),
        cmocka_unit_test(a_line_that_could_belong_to_either_row_holds_both_back),
        cmocka_unit_test(long_notes_without_quotes_do_not_hide_the_columns),
        cmocka_unit_test(broken_rows_at_the_edge_of_a_range_are_put_together_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
