/* Names of output files: safe, unique, reversible; nearest names. */
#include "base/suggest.h"
#include "extract/file_name.h"
#include "extract/fold.h"
#include "testing.h"

enum { NAMES_MAX = 8 };

typedef struct name {
    const char *schema, *table, *stem;
} name;

static void assert_stems(const name *names, size_t n)
{
    table_info info[NAMES_MAX] = {0};
    for (size_t i = 0; i < n; i++) {
        info[i].schema = sv_from(names[i].schema);
        info[i].name = sv_from(names[i].table);
    }
    catalog c = {info, n};
    arena *mem = arena_new(0);
    sv *stem = file_stems(&c, mem);
    assert_non_null(stem);
    for (size_t i = 0; i < n; i++) assert_string_equal(stem[i].p, names[i].stem);
    arena_free(mem);
}

static void unsafe_characters_are_escaped(void **state)
{
    (void)state;
    const name names[] = {
        {"dbo", "a/b\\c:d*e?f\"g<h>i|j", "dbo.a%2Fb%5Cc%3Ad%2Ae%3Ff%22g%3Ch%3Ei%7Cj"},
        {"dbo", "100%", "dbo.100%25"},
        {"dbo", "tab\there", "dbo.tab%09here"},
        {"dbo", "ends.", "dbo.ends%2E"},
        {"dbo", " blanks ", "dbo.%20blanks%20"},
        {"a.b", "c.d", "a%2Eb.c.d"},
        {"dbo",
         "Kullan\xC4\xB1"
         "c\xC4\xB1lar",
         "dbo.Kullan\xC4\xB1"
         "c\xC4\xB1lar"},
        {"dbo", "Order Details", "dbo.Order Details"},
    };
    assert_stems(names, sizeof names / sizeof names[0]);
}

static void device_names_are_escaped(void **state)
{
    (void)state;
    const name names[] = {
        {"con", "t", "%63on.t"},       {"NUL", "t", "%4EUL.t"},       {"COM1", "t", "%43OM1.t"},
        {"lpt9", "x.y", "%6Cpt9.x.y"}, {"COM10", "t", "COM10.t"},     {"COM\xC2\xB2", "t", "%43OM\xC2\xB2.t"},
        {"dbo", "con", "dbo.con"},     {"console", "t", "console.t"},
    };
    assert_stems(names, sizeof names / sizeof names[0]);
}

static void tables_without_a_schema_have_no_dot_and_no_name_of_our_own_files(void **state)
{
    (void)state;
    const name names[] = {{"", "Patient", "Patient"},
                          {"", "con", "%63on"},
                          {"", "_tables", "%5Ftables"},
                          {"dbo", "_tables", "dbo._tables"}};
    assert_stems(names, sizeof names / sizeof names[0]);
}

static void names_that_differ_by_case_get_a_number(void **state)
{
    (void)state;
    const name names[] = {
        {"dbo", "Patient", "dbo.Patient"},           {"dbo", "PATIENT", "dbo.PATIENT~2"},
        {"dbo", "patient", "dbo.patient~3"},         {"dbo", "patient~2", "dbo.patient~2~2"},
        {"dbo", "\xC3\x84rzte", "dbo.\xC3\x84rzte"}, {"dbo", "\xC3\xA4rzte", "dbo.\xC3\xA4rzte~2"},
        {"dbo", "\xD0\x96", "dbo.\xD0\x96"},         {"dbo", "\xD0\xB6", "dbo.\xD0\xB6~2"},
    };
    assert_stems(names, sizeof names / sizeof names[0]);
}

static void long_names_are_cut_and_stay_unique(void **state)
{
    (void)state;
    static char long_a[400], long_b[400];
    for (size_t i = 0; i + 2 < 390; i += 2) memcpy(long_a + i, "\xC3\xA4", 2);
    memcpy(long_b, long_a, sizeof long_b);
    long_b[386] = 'x';
    long_b[387] = 'y';
    table_info info[2] = {{.schema = SV_LIT("dbo"), .name = sv_from(long_a)},
                          {.schema = SV_LIT("dbo"), .name = sv_from(long_b)}};
    catalog c = {info, 2};
    arena *mem = arena_new(0);
    sv *stem = file_stems(&c, mem);
    assert_non_null(stem);
    for (size_t i = 0; i < 2; i++) assert_true(stem[i].n <= STEM_BYTES_MAX && stem[i].n > STEM_BYTES_MAX - 4);
    assert_int_equal(stem[0].p[stem[0].n - 17], '~');
    assert_false(sv_eq(stem[0], stem[1]));
    arena_free(mem);
}

static void letter_case_folds_in_many_scripts(void **state)
{
    (void)state;
    const char *const pairs[][2] = {
        {"ABC", "abc"},           {"\xC3\x9C", "\xC3\xBC"},         {"\xC4\x8C", "\xC4\x8D"}, {"\xC5\xBB", "\xC5\xBC"},
        {"\xC4\xB0", "i"},        {"\xCE\xA9", "\xCF\x89"},         {"\xCE\x86", "\xCE\xAC"}, {"\xCF\x82", "\xCF\x83"},
        {"\xD0\x81", "\xD1\x91"}, {"\xE1\xBA\xA0", "\xE1\xBA\xA1"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        buf a = buf_new(100), b = buf_new(100);
        fold_case(&a, sv_from(pairs[i][0]));
        fold_case(&b, sv_from(pairs[i][1]));
        assert_true(sv_eq(buf_view(&a), buf_view(&b)));
        buf_free(&a);
        buf_free(&b);
    }
}

static void edit_distance_counts_typing_mistakes(void **state)
{
    (void)state;
    assert_int_equal(edit_distance(SV_LIT("inspect"), SV_LIT("inspect")), 0);
    assert_int_equal(edit_distance(SV_LIT("insepct"), SV_LIT("inspect")), 1);
    assert_int_equal(edit_distance(SV_LIT("extrct"), SV_LIT("extract")), 1);
    assert_int_equal(edit_distance(SV_LIT(""), SV_LIT("abc")), 3);
    assert_int_equal(edit_distance(SV_LIT("DBO.T"), SV_LIT("dbo.t")), 0);
    assert_true(suggest_plausible(SV_LIT("extrct"), SV_LIT("extract"), 1));
    assert_false(suggest_plausible(SV_LIT("x"), SV_LIT("extract"), 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsafe_characters_are_escaped),
        cmocka_unit_test(device_names_are_escaped),
        cmocka_unit_test(tables_without_a_schema_have_no_dot_and_no_name_of_our_own_files),
        cmocka_unit_test(names_that_differ_by_case_get_a_number),
        cmocka_unit_test(long_names_are_cut_and_stay_unique),
        cmocka_unit_test(letter_case_folds_in_many_scripts),
        cmocka_unit_test(edit_distance_counts_typing_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
