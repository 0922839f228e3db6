#include "base/arena.h"
#include "sqltype/sqltype.h"
#include "testing.h"

static void sort_id_decides_before_the_locale(void **state)
{
    (void)state;
    assert_int_equal(collation_codepage(0x3400D008), 1252); /* SQL_Latin1_General_CP1_CI_AS */
    assert_int_equal(collation_codepage(0x2A00D008), 850);  /* locale Latin1 all the same */
    assert_int_equal(collation_codepage(0x2000D008), 437);
    assert_int_equal(collation_codepage(0x6A00D015), 1251);
    assert_int_equal(collation_codepage(0xFF00D008), 0); /* no such sort id */
}

static void locale_gives_the_windows_page(void **state)
{
    (void)state;
    static const struct {
        uint32_t collation;
        unsigned page;
    } known[] = {{0x0000D008, 1252}, {0x0000D01A, 1254}, {0x0000D028, 1252}, {0x0000D001, 1256}, {0x0000D014, 1250},
                 {0x0000D015, 1251}, {0x0000D007, 1253}, {0x0000D00C, 1255}, {0x0000D01D, 1257}, {0x0000D020, 1258},
                 {0x0000D019, 874},  {0x0000D010, 932},  {0x0000D024, 936},  {0x0000D011, 949},  {0x0000D003, 950}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_int_equal(collation_codepage(known[i].collation), known[i].page);
    }
}

static void utf8_bit_is_not_the_supplementary_bit(void **state)
{
    (void)state;
    assert_int_equal(collation_codepage(0x0004D188), 65001);
    assert_int_equal(collation_codepage(0x0004D108), 1252);
}

static void unicode_only_locales_have_no_page(void **state)
{
    (void)state;
    assert_int_equal(collation_codepage(0x0004D012), 0); /* Maori */
    assert_int_equal(collation_codepage(0x0004D035), 0); /* Indic */
    assert_int_equal(collation_codepage(0), 0);
    assert_int_equal(collation_codepage(0x7F), 0);
}

static void every_page_of_a_collation_can_be_converted(void **state)
{
    (void)state;
    for (uint32_t high = 0; high < 256; high++) {
        for (uint32_t low = 0; low < 256; low++) {
            unsigned page = collation_codepage(high << 24 | low);
            if (page) assert_non_null(codepage_of(page));
        }
    }
}

static void names_are_given_where_certain_and_numbers_elsewhere(void **state)
{
    (void)state;
    static const struct {
        uint32_t collation;
        const char *text;
    } known[] = {{0x3400D008, "SQL_Latin1_General_CP1_CI_AS"},
                 {0x2A00D008, "SQL_Latin1_General_CP850_CI_AS"},
                 {0x0000D008, "Latin1_General_CI_AS"},
                 {0x0000C008, "Latin1_General_CS_AS"},
                 {0x00009014, "Romanian_CI_AS_KS"},
                 {0x0000501A, "Turkish_CI_AS_WS"},
                 {0x0002F008, "Latin1_General_90_CI_AI"},
                 {0x0004D188, "Latin1_General_100_CI_AS_SC_UTF8"},
                 {0x00010008, "Latin1_General_BIN"},
                 {0x00000808, "Latin1_General_BIN2"},
                 {0x0004D005, "0x0004D005 (code page 1252)"},
                 {0x0006D108, "0x0006D108 (code page 1252)"},
                 {0x0004D035, "0x0004D035 (code page not known)"}};
    arena *mem = arena_new(0);
    assert_non_null(mem);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        sv text = collation_describe(known[i].collation, mem);
        if (!sv_eq(text, sv_from(known[i].text))) fail_msg("%.*s, not %s", (int)text.n, text.p, known[i].text);
    }
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sort_id_decides_before_the_locale),
        cmocka_unit_test(locale_gives_the_windows_page),
        cmocka_unit_test(utf8_bit_is_not_the_supplementary_bit),
        cmocka_unit_test(unicode_only_locales_have_no_page),
        cmocka_unit_test(every_page_of_a_collation_can_be_converted),
        cmocka_unit_test(names_are_given_where_certain_and_numbers_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
