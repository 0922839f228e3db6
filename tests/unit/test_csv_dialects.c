/* What each program makes of a table, and what is left of it: encodings, SSMS, sqlcmd, bcp, Export-Csv, Excel. */
#include "text_files.h"

/* A file of one table, its facts and its rows. */
static dump open_text(const char *path, const void *p, size_t n)
{
    write_bytes(path, p, n);
    dump d = open_dump(path);
    assert_int_equal(d.status, ST_OK);
    return d;
}

#define OPEN(path, literal) open_text(path, literal, sizeof(literal) - 1)

/* ASCII as UTF-16. */
static buf utf16(const char *text, bool big, bool mark)
{
    buf b = buf_new(1 << 20);
    if (mark) buf_str(&b, big ? "\xFE\xFF" : "\xFF\xFE");
    for (; *text; text++) {
        char c = *text == '@' ? '\0' : *text;
        if (big) buf_char(&b, '\0');
        buf_char(&b, c);
        if (!big) buf_char(&b, '\0');
    }
    return b;
}

static void utf8_with_a_mark_has_a_clean_first_name(void **state)
{
    (void)state;
    dump d = OPEN("mark.csv", "\xEF\xBB\xBFId,Name\n1,\xC5\x9E"
                              "ahin\n");
    assert_string_equal(columns_of(&d, "mark"), "Id|Name");
    assert_string_equal(rows_of(&d, "mark"), "1|\xC5\x9E"
                                             "ahin\n");
    ASSERT_SV(facts_of(&d, "mark")->encoding, "UTF-8 with BOM");
    close_dump(&d);
}

static void utf16_is_read_with_and_without_a_mark(void **state)
{
    (void)state;
    static const char *const names[] = {"UTF-16LE", "UTF-16LE with BOM", "UTF-16BE", "UTF-16BE with BOM"};
    for (unsigned i = 0; i < 4; i++) {
        buf b = utf16("Id,Name\r\n1,\"Smith, J\"\r\n2,O'Brien\r\n", i / 2, i % 2);
        dump d = open_text("wide.csv", b.p, b.n);
        ASSERT_SV(facts_of(&d, "wide")->encoding, names[i]);
        assert_string_equal(columns_of(&d, "wide"), "Id|Name");
        assert_string_equal(lines_of(&d, "wide"), "2:1|Smith, J\n3:2|O'Brien\n");
        close_dump(&d);
        buf_free(&b);
    }
}

static void large_utf16_is_cut_into_ranges_like_any_other(void **state)
{
    (void)state;
    buf b = buf_new(16 << 20);
    buf_str(&b, "\xFF\xFE");
    for (unsigned i = 0; b.n < (2u << 20) + 999; i++) {
        char line[64];
        int n = snprintf(line, sizeof line, "%u,name %u,%u\n", i, i * 7, i % 13);
        for (int k = 0; k < n; k++) {
            bool special = line[k] == 'm';
            buf_char(&b, special ? '\x5E' : line[k]); /* U+015E */
            buf_char(&b, special ? '\x01' : '\0');
        }
    }
    dump d = open_text("wide2.csv", b.p, b.n);
    buf whole = buf_new(16 << 20), parts = buf_new(16 << 20);
    assert_int_equal(d.tables->table[0].scan_units, 3);
    print_rows(&d, 0, 0, 0, true, &whole, NULL);
    for (unsigned i = 3; i-- > 0;) {
        buf part = buf_new(16 << 20);
        print_rows(&d, 0, i, i + 1, true, &part, NULL);
        buf_sv(&part, buf_view(&parts));
        buf_free(&parts);
        parts = part;
    }
    assert_true(sv_eq(buf_view(&whole), buf_view(&parts)));
    assert_true(whole.n > 1000000);
    close_dump(&d);
    buf_free(&whole);
    buf_free(&parts);
    buf_free(&b);
}

static void turkish_and_western_pages_are_told_apart_by_their_letters(void **state)
{
    (void)state;
    dump d = OPEN("tr.csv", "Id;Ad\n1;\xDE"
                            "ahin\n2;Do\xF0"
                            "an\n3;G\xFCl\n");
    ASSERT_SV(facts_of(&d, "tr")->encoding, "Windows-1254");
    assert_string_equal(rows_of(&d, "tr"), "1|Şahin\n2|Doğan\n3|Gül\n");
    assert_int_equal(findings_count(d.found, F_CSV_ENCODING_GUESSED), 1);
    close_dump(&d);
    d = OPEN("west.csv", "Id;Name\n1;M\xFCller\n2;O\x92"
                         "Brien\n");
    ASSERT_SV(facts_of(&d, "west")->encoding, "Windows-1252");
    assert_string_equal(rows_of(&d, "west"), "1|Müller\n2|O’Brien\n");
    close_dump(&d);
    d = OPEN("dos.csv", "Id;Ad\n1;\x9E"
                        "ahin\n2;Do\xA7"
                        "an\n");
    ASSERT_SV(facts_of(&d, "dos")->encoding, "code page 857");
    assert_string_equal(rows_of(&d, "dos"), "1|Şahin\n2|Doğan\n");
    close_dump(&d);
}

static void turkish_letters_among_others_are_seen_and_icelandic_names_make_no_turkish_file(void **state)
{
    (void)state;
    dump d = OPEN("tani.csv", "Id;Ad\n1;\xE7\xFCr\xFC\xF0\xFC\n");
    ASSERT_SV(facts_of(&d, "tani")->encoding, "Windows-1254");
    assert_string_equal(rows_of(&d, "tani"), "1|çürüğü\n");
    close_dump(&d);
    d = OPEN("north.csv", "Id;Name\n1;Sigur\xF0"
                          "ard\xF3ttir\n2;\xDE\xF3r\n3;Gu\xF0r\xFAn\n4;Garc\xED"
                          "a\n");
    ASSERT_SV(facts_of(&d, "north")->encoding, "Windows-1252");
    assert_string_equal(rows_of(&d, "north"), "1|Sigurðardóttir\n2|Þór\n3|Guðrún\n4|García\n");
    close_dump(&d);
}

static void files_in_which_nothing_tells_are_read_as_their_sisters(void **state)
{
    (void)state;
    new_folder("sisters");
    WRITE("sisters/Hasta.csv", "Id;Ad\n1;\xDE"
                               "ahin\n2;G\xFCl\n");
    WRITE("sisters/Kurum.csv", "Id;Ad\n1;G\xFCl\n");
    WRITE("sisters/Yeni.csv", "Id;Ad\n1;\xC5\x9E"
                              "ahin\n");
    WRITE("sisters/Sonra.csv", "Id;Ad\n1;\xD3skar \xDE\xF3r\n");
    dump d = open_dump("sisters");
    ASSERT_SV(facts_of(&d, "Hasta")->encoding, "Windows-1254");
    ASSERT_SV(facts_of(&d, "Kurum")->encoding, "Windows-1254");
    ASSERT_SV(facts_of(&d, "Yeni")->encoding, "UTF-8");
    ASSERT_SV(facts_of(&d, "Sonra")->encoding, "Windows-1252"); /* its letters speak for themselves */
    assert_string_equal(rows_of(&d, "Kurum"), "1|Gül\n");
    close_dump(&d);
}

static void the_user_may_name_the_encoding_and_the_delimiter(void **state)
{
    (void)state;
    WRITE("said.csv", "Id:Name\n1:\xDE\n");
    dump d = open_with("said.csv", "Windows-1252", ':');
    assert_string_equal(rows_of(&d, "said"), "1|Þ\n");
    assert_int_equal(findings_count(d.found, F_CSV_ENCODING_GUESSED), 0);
    close_dump(&d);
}

static void a_value_that_is_not_valid_in_its_encoding_is_unreadable(void **state)
{
    (void)state;
    buf b = buf_new(1 << 20);
    buf_str(&b, "Id,Name\n");
    for (unsigned i = 0; i < 30; i++) buf_printf(&b, "%u,\xC5\x9E%u\n", i, i);
    buf_str(&b, "99,a\xFF");
    dump d = open_text("bad.csv", b.p, b.n);
    assert_non_null(strstr(rows_of(&d, "bad"), "29|\xC5\x9E"
                                               "29\n99|!\n"));
    assert_int_equal(findings_count(d.found, F_CSV_CELL_INVALID), 1);
    close_dump(&d);
    buf_free(&b);
}

static void nul_and_marks_inside_values_are_taken_out_and_counted(void **state)
{
    (void)state;
    dump d = OPEN("odd.csv", "Id,Name\n1,A\0nn\n2,\xEF\xBB\xBF"
                             "Bo\n3,C\rD\n4,\"x\ry\"\n");
    assert_string_equal(rows_of(&d, "odd"), "1|Ann\n2|Bo\n3|CD\n4|x\ry\n");
    assert_int_equal(findings_count(d.found, F_CSV_STRIPPED), 1);
    const finding *x = findings_kind(d.found, findings_kinds(d.found) - 1)->item;
    ASSERT_SV(x->a, "3");
    close_dump(&d);
}

static void management_studio_spells_null_out(void **state)
{
    (void)state;
    dump d = OPEN("ssms.csv", "Id,Name,Note\r\n1,NULL,\r\n2,\"NULL\",x\r\n3,Null,NULL\r\n"
                              "\r\nCompletion time: 2023-04-11T09:30:00.0000000+03:00\r\n");
    ASSERT_SV(facts_of(&d, "ssms")->writer, "SQL Server Management Studio");
    assert_string_equal(rows_of(&d, "ssms"), "1|~|\n2|NULL|x\n3|Null|~\n");
    assert_int_equal(findings_at_least(d.found, SEV_WARN), 0);
    close_dump(&d);
    d = OPEN("ssms2.csv", "1,NULL,2020-01-02 00:00:00.000\r\n2,Bo,NULL\r\n");
    assert_string_equal(columns_of(&d, "ssms2"), "column_1|column_2|column_3");
    assert_string_equal(rows_of(&d, "ssms2"), "1|~|2020-01-02 00:00:00.000\n2|Bo|~\n");
    close_dump(&d);
}

static const char sqlcmd_text[] = "Changed database context to 'Practice'.\r\n"
                                  "Id          Name       Fee     \r\n"
                                  "----------- ---------- --------\r\n"
                                  "          1 Ann          120.50\r\n"
                                  "          2 NULL           NULL\r\n"
                                  "          3 two\r\nlines     1.00\r\n"
                                  "          4               -3.00\r\n"
                                  "\r\n(4 rows affected)\r\n";

static void sqlcmd_is_cut_by_the_dashes_and_its_count_is_no_row(void **state)
{
    (void)state;
    dump d = OPEN("sqlcmd.txt", sqlcmd_text);
    ASSERT_SV(facts_of(&d, "sqlcmd")->writer, "sqlcmd");
    ASSERT_SV(facts_of(&d, "sqlcmd")->delimiter, "fixed columns");
    assert_string_equal(columns_of(&d, "sqlcmd"), "Id|Name|Fee");
    assert_string_equal(rows_of(&d, "sqlcmd"), "1|Ann|120.50\n2|~|~\n3|two\r\nlines|1.00\n4||-3.00\n");
    assert_int_equal(d.tables->table[0].rows_expected, 4);
    assert_int_equal(findings_at_least(d.found, SEV_WARN), 0);
    close_dump(&d);
}

/* The count under a single row is as many lines as the rows: it must not outvote them. */
static void sqlcmd_with_one_row_is_cut_by_the_dashes(void **state)
{
    (void)state;
    dump d =
        OPEN("sqlcmd4.txt",
             "Id          Name      \r\n----------- ----------\r\n          1 Axe on To \r\n\r\n(1 rows affected)\r\n");
    ASSERT_SV(facts_of(&d, "sqlcmd4")->delimiter, "fixed columns");
    assert_string_equal(rows_of(&d, "sqlcmd4"), "1|Axe on To\n");
    assert_int_equal(findings_at_least(d.found, SEV_WARN), 0);
    close_dump(&d);
}

static void sqlcmd_with_a_separator_and_without_padding(void **state)
{
    (void)state;
    dump d = OPEN("sqlcmd2.csv", "Id,Name\r\n--,----\r\n1,Ann\r\n2,NULL\r\n\r\n(2 rows affected)\r\n");
    assert_string_equal(rows_of(&d, "sqlcmd2"), "1|Ann\n2|~\n");
    close_dump(&d);
    d = OPEN("sqlcmd3.csv",
             "Id         ,Name      \n-----------,----------\n          1,Smith, J  \n          2,Bo        \n");
    assert_string_equal(rows_of(&d, "sqlcmd3"), "1|Smith, J\n2|Bo\n");
    close_dump(&d);
}

static void a_second_result_ends_the_table(void **state)
{
    (void)state;
    dump d = OPEN("twice.txt", "Id,Name\n--,----\n1,Ann\n\n(1 rows affected)\nKey,Other\n---,-----\n7,x\n");
    assert_string_equal(rows_of(&d, "twice"), "1|Ann\n");
    assert_int_equal(findings_count(d.found, F_CSV_TABLE_STOPPED), 1);
    close_dump(&d);
}

static void values_cut_at_256_characters_are_suspect(void **state)
{
    (void)state;
    buf b = buf_new(1 << 20);
    buf_str(&b, "Id,Note\n--,----\n1,");
    for (unsigned i = 0; i < 256; i++) buf_char(&b, 'n');
    buf_str(&b, "\n2,short\n");
    dump d = open_text("cut.csv", b.p, b.n);
    assert_int_equal(findings_count(d.found, F_CSV_TRUNCATION_SUSPECT), 1);
    close_dump(&d);
    buf_free(&b);
}

static void bcp_writes_null_as_nothing_and_empty_text_as_a_nul(void **state)
{
    (void)state;
    dump d = OPEN("dbo.Patient.txt", "1\tAnn\t\n2\t\0\tx\n3\t\"Bo\t5\n");
    ASSERT_SV(facts_of(&d, "dbo.Patient")->writer, "bcp");
    assert_string_equal(rows_of(&d, "dbo.Patient"), "1|Ann|~\n2||x\n3|\"Bo|5\n");
    assert_int_equal(findings_count(d.found, F_CSV_STRIPPED), 0);
    close_dump(&d);
    buf b = utf16("1\tAnn\t\r\n2\t@\tx\r\n", false, false);
    d = open_text("wide.dat", b.p, b.n);
    assert_string_equal(rows_of(&d, "wide"), "1|Ann|~\n2||x\n");
    close_dump(&d);
    buf_free(&b);
}

static void export_csv_begins_with_a_type_and_loses_bytes(void **state)
{
    (void)state;
    dump d = OPEN("ps.csv",
                  "#TYPE System.Data.DataRow\r\n\"Id\",\"Active\",\"Photo\"\r\n\"1\",\"True\",\"System.Byte[]\"\r\n"
                  "\"2\",\"\",\"System.Byte[]\"\r\n");
    ASSERT_SV(facts_of(&d, "ps")->writer, "PowerShell Export-Csv");
    assert_string_equal(columns_of(&d, "ps"), "Id|Active|Photo");
    assert_string_equal(lines_of(&d, "ps"), "3:1|True|System.Byte[]\n4:2|~|System.Byte[]\n");
    assert_int_equal(findings_count(d.found, F_CSV_BYTES_LOST), 1);
    close_dump(&d);
}

static void excel_says_its_separator_and_damages_values(void **state)
{
    (void)state;
    dump d = OPEN("excel.csv", "sep=;\r\nPhone;Size;Fee;Wide\r\n5,55E+09;Jan-03;1,5;x\r\n3605551212;ok;2,25;#####\r\n");
    ASSERT_SV(facts_of(&d, "excel")->writer, "Excel");
    assert_string_equal(columns_of(&d, "excel"), "Phone|Size|Fee|Wide");
    assert_string_equal(rows_of(&d, "excel"), "5,55E+09|Jan-03|1,5|x\n3605551212|ok|2,25|#####\n");
    assert_int_equal(findings_count(d.found, F_CSV_EXCEL_DAMAGE), 3);
    close_dump(&d);
}

static void codes_of_one_length_that_lost_a_zero_are_noticed(void **state)
{
    (void)state;
    buf b = buf_new(1 << 20);
    buf_str(&b, "Id;Zip;Fee\n");
    for (unsigned i = 0; i < 40; i++) buf_printf(&b, "%u;%s;1,5\n", i, i % 8 ? "98579" : "2138");
    dump d = open_text("zip.csv", b.p, b.n);
    assert_int_equal(findings_count(d.found, F_CSV_EXCEL_DAMAGE), 1);
    close_dump(&d);
    buf_free(&b);
}

static void old_line_ends_are_line_ends_where_there_are_no_others(void **state)
{
    (void)state;
    dump d = OPEN("mac.csv", "Id,Name\r1,Ann\r2,\"a\nb\"\r");
    ASSERT_SV(facts_of(&d, "mac")->line_ends, "CR");
    assert_string_equal(lines_of(&d, "mac"), "2:1|Ann\n3:2|a\nb\n");
    close_dump(&d);
}

static void one_column_is_a_table_too(void **state)
{
    (void)state;
    dump d = OPEN("single.csv", "Code\n7210\n\n4910\n");
    assert_string_equal(rows_of(&d, "single"), "7210\n~\n4910\n");
    close_dump(&d);
}

/* ---- a list of columns beside dumps without names ---- */

#define LIST "TABLE_SCHEMA,TABLE_NAME,COLUMN_NAME,ORDINAL_POSITION\r\n"

static void a_list_of_columns_names_the_dumps_beside_it_and_is_no_table(void **state)
{
    (void)state;
    new_folder("listed");
    WRITE("listed/any name.csv", LIST "dbo,Patient,Name,2\r\ndbo,Patient,Id,1\r\ndbo,Visit,Id,1\r\ndbo,Visit,On,2\r\n"
                                      "old,Visit,Key,1\r\nold,Visit,Day,2\r\n");
    WRITE("listed/Patient.txt", "1\tSmith\r\n2\tMoore\r\n");
    WRITE("listed/dbo.Visit.txt", "7\t2024-01-02\r\n");
    dump d = open_dump("listed");
    assert_int_equal(d.tables->tables, 2);
    assert_string_equal(columns_of(&d, "Patient"), "Id|Name");
    assert_string_equal(rows_of(&d, "Patient"), "1|Smith\n2|Moore\n");
    assert_string_equal(columns_of(&d, "dbo.Visit"), "Id|On");
    assert_false(d.tables->table[table_named(&d, "Patient")].nameless);
    assert_int_equal(findings_count(d.found, F_CSV_FILE_SKIPPED), 1);   /* CSV-1115 */
    assert_int_equal(findings_count(d.found, F_CSV_NO_HEADER), 0);      /* CSV-1103 */
    assert_int_equal(findings_count(d.found, F_CSV_COLUMNS_MISFIT), 0); /* CSV-1119 */
    close_dump(&d);
}

static void a_list_that_does_not_fit_names_nothing(void **state)
{
    (void)state;
    new_folder("misfit");
    WRITE("misfit/columns.csv", LIST "dbo,Wide,Id,1\r\ndbo,Wide,Name,2\r\ndbo,Wide,Born,3\r\n"
                                     "dbo,Gap,Id,1\r\ndbo,Gap,Name,3\r\n"
                                     "dbo,Two,Id,1\r\ndbo,Two,Name,2\r\nold,Two,Name,1\r\nold,Two,Id,2\r\n");
    WRITE("misfit/Wide.txt", "1\tSmith\r\n2\tMoore\r\n");
    WRITE("misfit/Gap.txt", "1\tSmith\r\n2\tMoore\r\n");
    WRITE("misfit/Two.txt", "1\tSmith\r\n2\tMoore\r\n");
    dump d = open_dump("misfit");
    assert_int_equal(d.tables->tables, 3);
    assert_string_equal(columns_of(&d, "Wide"), "column_1|column_2");
    assert_string_equal(columns_of(&d, "Gap"), "column_1|column_2");
    assert_string_equal(columns_of(&d, "Two"), "column_1|column_2");
    assert_int_equal(findings_count(d.found, F_CSV_COLUMNS_MISFIT), 3); /* CSV-1119 */
    close_dump(&d);
}

static void a_file_without_a_byte_that_the_list_names_is_a_table_without_rows(void **state)
{
    (void)state;
    new_folder("nothing");
    WRITE("nothing/columns.csv", LIST "dbo,Patient,Id,1\r\ndbo,Recall,Id,1\r\ndbo,Recall,Due,2\r\n");
    WRITE("nothing/Patient.txt", "1\r\n2\r\n");
    WRITE("nothing/dbo.Recall.txt", "");
    WRITE("nothing/Unlisted.txt", "");
    dump d = open_dump("nothing");
    assert_int_equal(d.tables->tables, 2);
    assert_string_equal(columns_of(&d, "dbo.Recall"), "Id|Due");
    assert_string_equal(rows_of(&d, "dbo.Recall"), "");
    assert_int_equal(d.tables->table[table_named(&d, "dbo.Recall")].rows_expected, 0);
    assert_false(d.tables->table[table_named(&d, "dbo.Recall")].nameless);
    assert_int_equal(findings_count(d.found, F_CSV_EMPTY_BY_LIST), 1); /* CSV-1122 */
    assert_int_equal(findings_count(d.found, F_CSV_FILE_EMPTY), 1);    /* CSV-1113: Unlisted */
    close_dump(&d);
}

static void notes_of_many_lines_hide_no_columns_from_who_has_the_list(void **state)
{
    (void)state;
    new_folder("notes");
    WRITE("notes/columns.csv", LIST "dbo,Note,Id,1\r\ndbo,Note,Day,2\r\ndbo,Note,Text,3\r\ndbo,Note,Sort,4\r\n");
    WRITE("notes/Note.txt",
          "1\t2024-01-02\tone; two\tPT\r\n2\t2024-01-03\tfirst; line\r\nsecond; line\r\nthird; line\tPT\r\n"
          "3\t2024-01-04\tshort\tPT\r\n4\t2024-01-05\tup; to\r\nhere; now\r\nor; so\tPT\r\n"
          "5\t2024-01-06\tshort; too\tPT\r\n");
    dump d = open_dump("notes");
    assert_string_equal(columns_of(&d, "Note"), "Id|Day|Text|Sort");
    assert_string_equal(rows_of(&d, "Note"),
                        "1|2024-01-02|one; two|PT\n2|2024-01-03|first; line\r\nsecond; line\r\nthird; line|PT\n"
                        "3|2024-01-04|short|PT\n4|2024-01-05|up; to\r\nhere; now\r\nor; so|PT\n"
                        "5|2024-01-06|short; too|PT\n");
    close_dump(&d);
}

static void words_that_the_list_does_not_know_are_a_row_and_names_that_a_file_has_stay(void **state)
{
    (void)state;
    new_folder("words");
    WRITE("words/columns.csv",
          LIST "dbo,Status,Code,1\r\ndbo,Status,Text,2\r\ndbo,Patient,Id,1\r\ndbo,Patient,Name,2\r\n");
    WRITE("words/Status.txt", "Active\tSeen this year\r\nLeft\tWent elsewhere\r\n");
    WRITE("words/Patient.txt", "Number\tName\r\n1\tSmith\r\n");
    dump d = open_dump("words");
    assert_string_equal(columns_of(&d, "Status"), "Code|Text");
    assert_string_equal(rows_of(&d, "Status"), "Active|Seen this year\nLeft|Went elsewhere\n");
    assert_string_equal(columns_of(&d, "Patient"), "Number|Name");
    close_dump(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_with_a_mark_has_a_clean_first_name),
        cmocka_unit_test(utf16_is_read_with_and_without_a_mark),
        cmocka_unit_test(large_utf16_is_cut_into_ranges_like_any_other),
        cmocka_unit_test(turkish_and_western_pages_are_told_apart_by_their_letters),
        cmocka_unit_test(turkish_letters_among_others_are_seen_and_icelandic_names_make_no_turkish_file),
        cmocka_unit_test(files_in_which_nothing_tells_are_read_as_their_sisters),
        cmocka_unit_test(the_user_may_name_the_encoding_and_the_delimiter),
        cmocka_unit_test(a_value_that_is_not_valid_in_its_encoding_is_unreadable),
        cmocka_unit_test(nul_and_marks_inside_values_are_taken_out_and_counted),
        cmocka_unit_test(management_studio_spells_null_out),
        cmocka_unit_test(sqlcmd_is_cut_by_the_dashes_and_its_count_is_no_row),
        cmocka_unit_test(sqlcmd_with_one_row_is_cut_by_the_dashes),
        cmocka_unit_test(sqlcmd_with_a_separator_and_without_padding),
        cmocka_unit_test(a_second_result_ends_the_table),
        cmocka_unit_test(values_cut_at_256_characters_are_suspect),
        cmocka_unit_test(bcp_writes_null_as_nothing_and_empty_text_as_a_nul),
        cmocka_unit_test(a_list_of_columns_names_the_dumps_beside_it_and_is_no_table),
        cmocka_unit_test(a_list_that_does_not_fit_names_nothing),
        cmocka_unit_test(a_file_without_a_byte_that_the_list_names_is_a_table_without_rows),
        cmocka_unit_test(notes_of_many_lines_hide_no_columns_from_who_has_the_list),
        cmocka_unit_test(words_that_the_list_does_not_know_are_a_row_and_names_that_a_file_has_stay),
        cmocka_unit_test(export_csv_begins_with_a_type_and_loses_bytes),
        cmocka_unit_test(excel_says_its_separator_and_damages_values),
        cmocka_unit_test(codes_of_one_length_that_lost_a_zero_are_noticed),
        cmocka_unit_test(old_line_ends_are_line_ends_where_there_are_no_others),
        cmocka_unit_test(one_column_is_a_table_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
