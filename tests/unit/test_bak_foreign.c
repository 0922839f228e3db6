/* Files named .bak that are something else are named for what they are. */
#include "bak/bak_foreign.h"
#include "testing.h"
#include <string.h>

static sv name_of(const void *p, size_t n, uint64_t size)
{
    sv what = {NULL, 0}, advice = {NULL, 0};
    probe x = {p, n, size, {"x.bak", 5}};
    if (!bak_name_foreign(&x, &what, &advice)) return (sv){"", 0};
    assert_true(advice.n > 20);
    return what;
}

static bool begins(const void *p, size_t n, const char *expected)
{
    sv what = name_of(p, n, n), e = {expected, strlen(expected)};
    if (!sv_starts(what, e)) print_message("got: %.*s\n", (int)what.n, what.p);
    return sv_starts(what, e);
}

static void known_kinds_are_named(void **state)
{
    (void)state;
    static const uint8_t zeros[4096];
    assert_true(begins("PK\x03\x04xxxx", 8, "a ZIP archive"));
    assert_true(begins("\x1F\x8B\x08xxx", 6, "a gzip"));
    assert_true(begins("7z\xBC\xAF\x27\x1Cxx", 8, "a 7-Zip"));
    assert_true(begins("Rar!\x1A\x07\x00x", 8, "a RAR"));
    assert_true(begins("PGDMPxxxxxxx", 12, "a PostgreSQL dump"));
    assert_true(begins("SQLite format 3\0xxxx", 20, "an SQLite"));
    assert_true(begins("\0\1\0\0Standard Jet DB\0", 20, "a Microsoft Access database (.mdb)"));
    assert_true(begins("\0\1\0\0Standard ACE DB\0", 20, "a Microsoft Access database (.accdb)"));
    assert_true(begins("version https://git-lfs.github.com/spec/v1\n", 43, "a Git LFS pointer"));
    assert_true(begins("%PDF-1.7 xxxx", 12, "a PDF"));
    assert_true(begins("SQBACKUP\0\0\0\0", 12, "a backup made by Red Gate"));
    assert_true(begins("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1xx", 10, "an OLE compound file"));
    assert_true(begins("\xAC\xED\x00\x05sr\x00", 7, "a serialised Java object"));
    assert_true(begins("VLSMB_DAxxxx", 12, "a dump of another product"));
    assert_true(begins("\x01\x0F\0\0", 4, "a SQL Server file without tables"));
    assert_true(begins("xx\0\0\x90LiteSpeed for SQL", 20, "a backup made by LiteSpeed"));
    assert_true(begins(zeros, sizeof zeros, "filled with zeros"));
    assert_true(begins("", 0, "empty"));
}

static void text_is_told_by_what_it_says(void **state)
{
    (void)state;
    static const char utf16[] = "\xFF\xFE"
                                "U\0S\0E\0 \0[\0m\0a\0s\0t\0e\0r\0]\0";
    static const char sql[] = "-- dump\nCREATE TABLE a (b int);";
    static const char xml[] = "\xEF\xBB\xBF <?xml version='1.0'?>";
    assert_true(begins(sql, sizeof sql - 1, "a text file with SQL commands"));
    assert_true(begins(utf16, sizeof utf16 - 1, "a text file with SQL commands"));
    assert_true(begins(xml, sizeof xml - 1, "an XML file"));
    assert_true(begins("<!DOCTYPE html><html>", 21, "a web page"));
    assert_true(begins("{\"a\": 1}", 8, "a JSON file"));
    assert_true(begins("public class Foo", 16, "a plain text file"));
}

static void bytes_without_meaning_are_not_named(void **state)
{
    (void)state;
    static const uint8_t noise[] = {0x93, 0x01, 0x00, 0xFE, 0x77, 0x10, 0x02, 0x9C};
    assert_int_equal(name_of(noise, sizeof noise, 1000).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_kinds_are_named),
        cmocka_unit_test(text_is_told_by_what_it_says),
        cmocka_unit_test(bytes_without_meaning_are_not_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
