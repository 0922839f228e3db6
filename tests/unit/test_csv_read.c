/* Plain CSV: files, folders, names, columns, NULL and empty text, scan ranges, large values. */
#include "base/limits.h"
#include "csv/csv_dialect.h"
#include "text_files.h"

#define ROOM "csv_read"

static void a_folder_is_a_source_of_one_table_per_file(void **state)
{
    (void)state;
    new_folder(ROOM);
    WRITE(ROOM "/dbo.Patient.csv", "PatientID,Name\r\n1,Ann\r\n2,Bo\r\n");
    WRITE(ROOM "/Fees.csv", "Code;Fee\n7210;1,5\n");
    WRITE(ROOM "/notes.pdf", "%PDF-1.4 no table");
    dump d = open_dump(ROOM);
    assert_int_equal(d.status, ST_OK);
    assert_int_equal(d.tables->tables, 2);
    assert_string_equal(rows_of(&d, "dbo.Patient"), "1|Ann\n2|Bo\n");
    assert_string_equal(rows_of(&d, "Fees"), "7210|1,5\n");
    const table_info *t = &d.tables->table[table_named(&d, "dbo.Patient")];
    ASSERT_SV(t->schema, "dbo");
    ASSERT_SV(t->name, "Patient");
    assert_int_equal(t->rows_expected, 2);
    t = &d.tables->table[table_named(&d, "Fees")];
    assert_int_equal(t->schema.n, 0);
    ASSERT_SV(t->name, "Fees");
    ASSERT_SV(facts_of(&d, "Fees")->delimiter, "semicolon");
    ASSERT_SV(d.source->ops->info(d.source)->database, ROOM);
    assert_int_equal(findings_count(d.found, F_CSV_FILE_READ), 2);
    assert_int_equal(findings_count(d.found, F_CSV_FILE_SKIPPED), 1);
    close_dump(&d);
}

static void a_row_tells_the_line_it_begins_in(void **state)
{
    (void)state;
    WRITE("lines.csv", "a,b\n1,x\n2,\"two\nlines\"\n3,y\n");
    dump d = open_dump("lines.csv");
    assert_string_equal(lines_of(&d, "lines"), "2:1|x\n3:2|two\nlines\n5:3|y\n");
    close_dump(&d);
}

static void null_is_empty_and_empty_text_is_quoted(void **state)
{
    (void)state;
    WRITE("nulls.csv", "a,b,c\n1,,\"\"\n2,Null,\"NULL\"\n3,\"\",\n");
    dump d = open_dump("nulls.csv");
    assert_string_equal(rows_of(&d, "nulls"), "1|~|\n2|Null|NULL\n3||~\n");
    close_dump(&d);
}

static void doubled_quotes_delimiters_and_blanks_inside_quotes_are_data(void **state)
{
    (void)state;
    WRITE("quotes.csv", "a,b\n\"say \"\"hi\"\"\",\" , \"\n\"\"\"\",x\n5\" pipe,y\n");
    dump d = open_dump("quotes.csv");
    assert_string_equal(rows_of(&d, "quotes"), "say \"hi\"| , \n\"|x\n5\" pipe|y\n");
    close_dump(&d);
}

static void duplicate_and_missing_names_are_made_by_position(void **state)
{
    (void)state;
    WRITE("names.csv", "Id,Name,name,Name,Fee\n1,a,b,c,5\n");
    dump d = open_dump("names.csv");
    assert_string_equal(columns_of(&d, "names"), "Id|Name|name~2|Name~3|Fee");
    assert_int_equal(findings_count(d.found, F_CSV_DUPLICATE_COLUMN), 2);
    close_dump(&d);
}

/* 16 KB that took most of a minute and all the memory that names may have. */
static void as_many_columns_as_there_may_be_can_have_one_name(void **state)
{
    (void)state;
    char last[16];
    buf b = buf_new(1 << 16);
    for (int line = 0; line < 2; line++)
        for (unsigned i = 1; i <= CSV_COLUMNS_MAX; i++)
            buf_str(&b, i < CSV_COLUMNS_MAX ? (line ? "1," : "a,") : (line ? "1\n" : "a\n"));
    write_bytes("same.csv", b.p, b.n);
    dump d = open_dump("same.csv");
    assert_int_equal(d.status, ST_OK);
    assert_int_equal(d.tables->table[0].columns, CSV_COLUMNS_MAX);
    snprintf(last, sizeof last, "a~%d", CSV_COLUMNS_MAX);
    ASSERT_SV(d.tables->table[0].column[CSV_COLUMNS_MAX - 1].name, last);
    close_dump(&d);
    buf_free(&b);
}

static void a_file_without_names_has_numbered_columns(void **state)
{
    (void)state;
    WRITE("nameless.csv", "1,Ann,1950-12-28\n2,Bo,1961-01-02\n");
    dump d = open_dump("nameless.csv");
    assert_string_equal(columns_of(&d, "nameless"), "column_1|column_2|column_3");
    assert_string_equal(rows_of(&d, "nameless"), "1|Ann|1950-12-28\n2|Bo|1961-01-02\n");
    assert_true(d.tables->table[0].nameless);
    assert_false(facts_of(&d, "nameless")->header);
    assert_int_equal(findings_count(d.found, F_CSV_NO_HEADER), 1);
    close_dump(&d);
}

static void words_over_words_may_be_names(void **state)
{
    (void)state;
    WRITE("words.csv", "City,Street\nSeattle,Elm\nTacoma,Pine\n");
    dump d = open_dump("words.csv");
    assert_string_equal(columns_of(&d, "words"), "City|Street");
    assert_int_equal(findings_count(d.found, F_CSV_HEADER_GUESSED), 1);
    close_dump(&d);
    WRITE("words.csv", "Seattle,Elm\nSeattle,Pine\nTacoma,Elm\n");
    d = open_dump("words.csv");
    assert_string_equal(columns_of(&d, "words"), "column_1|column_2");
    close_dump(&d);
}

static void a_header_alone_is_a_table_without_rows(void **state)
{
    (void)state;
    new_folder(ROOM);
    WRITE(ROOM "/Empty.csv", "Id,Name\r\n");
    WRITE(ROOM "/Nothing.csv", "");
    WRITE(ROOM "/Mark.csv", "\xEF\xBB\xBF");
    dump d = open_dump(ROOM);
    assert_int_equal(d.status, ST_OK);
    assert_string_equal(columns_of(&d, "Empty"), "Id|Name");
    assert_string_equal(rows_of(&d, "Empty"), "");
    assert_int_equal(d.tables->table[0].rows_expected, 0);
    assert_int_equal(findings_count(d.found, F_CSV_FILE_EMPTY), 2);
    close_dump(&d);
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    WRITE(
        "native.bcp",
        "\x04\x00\x01\x00\x00\x00\x06\x00J\x00o\x00o\x00\x00\x00\x00\x02\x03\x04\x00\x01\x00\x07\x00\x00\x00\x06\x00");
    dump d = open_dump("native.bcp");
    assert_int_equal(d.status, ST_FATAL);
    assert_int_equal(findings_count(d.found, F_CSV_NOT_TEXT), 1);
    close_dump(&d);
}

static void folders_without_a_table_or_with_several_databases_are_refused(void **state)
{
    (void)state;
    new_folder(ROOM);
    WRITE(ROOM "/page.html", "<html><body>no</body></html>");
    dump d = open_dump(ROOM);
    assert_int_equal(d.status, ST_FATAL);
    assert_int_equal(findings_count(d.found, F_CSV_NO_TABLE), 1);
    close_dump(&d);
    buf sample = file_text(CHARTFERRY_SAMPLES "/bak", "compressed.bak");
    write_bytes(ROOM "/one.bak", sample.p, sample.n);
    d = open_dump(ROOM);
    assert_int_equal(d.status, ST_OK);
    close_dump(&d);
    write_bytes(ROOM "/two.bak", sample.p, sample.n);
    d = open_dump(ROOM);
    assert_int_equal(d.status, ST_FATAL);
    assert_int_equal(findings_count(d.found, F_CSV_SEVERAL_DATABASES), 1);
    close_dump(&d);
    buf_free(&sample);
}

static void an_unknown_encoding_is_refused(void **state)
{
    (void)state;
    WRITE("plain.csv", "a,b\n1,2\n");
    dump d = open_with("plain.csv", "klingon", 0);
    assert_int_equal(d.status, ST_FATAL);
    assert_int_equal(findings_count(d.found, F_CSV_ENCODING_UNKNOWN), 1);
    close_dump(&d);
}

/* Rows of several lengths, some over several lines, some broken: three units and a bit. */
static void make_large(buf *b)
{
    buf_str(b, "id,name,note\n");
    for (unsigned i = 0; b->n < (3u << 20) + 4321; i++) {
        if (i % 11 == 3)
            buf_printf(b, "%u,\"Smith, %u\",\"first\nsecond \"\"%u\"\" third\"\n", i, i, i);
        else if (i % 997 == 5)
            buf_printf(b, "%u,broken,x,y,z,%u\n", i, i);
        else
            buf_printf(b, "%u,Jones,%.*s\n", i, (int)(i % 50), "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
    }
}

static void ranges_of_a_table_give_its_rows_once_in_whatever_order_they_are_read(void **state)
{
    (void)state;
    buf b = buf_new(8 << 20);
    make_large(&b);
    write_bytes("large.csv", b.p, b.n);
    buf_free(&b);
    buf whole = buf_new(16 << 20), parts = buf_new(16 << 20);
    dump d = open_dump("large.csv");
    const table_info *t = &d.tables->table[0];
    assert_int_equal(t->scan_units, 4);
    scan_counts all, part;
    print_rows(&d, 0, 0, 0, true, &whole, &all);
    assert_true(all.rows_unreadable > 20);
    assert_int_equal(t->rows_expected, all.rows + all.rows_unreadable);
    uint64_t lost = 0;
    for (unsigned i = 0; i < 4; i++) {
        print_rows(&d, 0, i, i + 1, true, &parts, &part);
        lost += part.rows_unreadable;
    }
    assert_true(sv_eq(buf_view(&whole), buf_view(&parts)));
    assert_int_equal(lost, all.rows_unreadable);
    close_dump(&d);
    /* The last one first: what lies before it has to be run through to find where it begins. */
    d = open_dump("large.csv");
    buf last = buf_new(16 << 20), rest = buf_new(16 << 20);
    print_rows(&d, 0, 3, 0, true, &last, NULL);
    print_rows(&d, 0, 0, 3, true, &rest, NULL);
    buf_sv(&rest, buf_view(&last));
    assert_true(sv_eq(buf_view(&whole), buf_view(&rest)));
    close_dump(&d);
    buf_free(&whole);
    buf_free(&parts);
    buf_free(&last);
    buf_free(&rest);
}

static void large_values_are_streamed_from_where_they_lie(void **state)
{
    (void)state;
    buf b = buf_new(64 << 20), expect = buf_new(64 << 20);
    buf_str(&b, "id,body\n1,\"");
    buf_str(&expect, "1|");
    for (unsigned i = 0; i < 30000; i++) {
        buf_str(&b, "line \"\"x\"\"\n");
        buf_str(&expect, "line \"x\"\n");
    }
    buf_str(&b, "\"\n2,0x");
    buf_str(&expect, "\n2|0x");
    for (unsigned i = 0; i < (12u << 20); i++) { /* longer than a window */
        buf_char(&b, "0123456789ABCDEF"[i % 16]);
        buf_char(&expect, "0123456789ABCDEF"[i % 16]);
    }
    buf_str(&b, "\n3,end\n");
    buf_str(&expect, "\n3|end\n");
    write_bytes("lobs.csv", b.p, b.n);
    dump d = open_dump("lobs.csv");
    const char *got = rows_of(&d, "lobs");
    assert_int_equal(strlen(got), expect.n);
    assert_memory_equal(got, expect.p, expect.n);
    close_dump(&d);
    buf_free(&b);
    buf_free(&expect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_is_a_source_of_one_table_per_file),
        cmocka_unit_test(a_row_tells_the_line_it_begins_in),
        cmocka_unit_test(null_is_empty_and_empty_text_is_quoted),
        cmocka_unit_test(doubled_quotes_delimiters_and_blanks_inside_quotes_are_data),
        cmocka_unit_test(duplicate_and_missing_names_are_made_by_position),
        cmocka_unit_test(as_many_columns_as_there_may_be_can_have_one_name),
        cmocka_unit_test(a_file_without_names_has_numbered_columns),
        cmocka_unit_test(words_over_words_may_be_names),
        cmocka_unit_test(a_header_alone_is_a_table_without_rows),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(folders_without_a_table_or_with_several_databases_are_refused),
        cmocka_unit_test(an_unknown_encoding_is_refused),
        cmocka_unit_test(ranges_of_a_table_give_its_rows_once_in_whatever_order_they_are_read),
        cmocka_unit_test(large_values_are_streamed_from_where_they_lie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
