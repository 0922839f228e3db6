/* Texts, moments and numbers in SQL compare as in SQL Server. */
#include "sql/sql_collation.h"
#include "sql/sql_exact.h"
#include "testing.h"

enum { CI_AS = COLLATE_ACCENT, CI_AI = 0, CS_AS = COLLATE_ACCENT | COLLATE_CASE, CS_AI = COLLATE_CASE };

static void equal(unsigned rules, const char *a, const char *b)
{
    assert_int_equal(collation_compare(rules, sv_from(a), sv_from(b)), 0);
    assert_int_equal(collation_compare(rules, sv_from(b), sv_from(a)), 0);
    assert_true(collation_hash(rules, sv_from(a)) == collation_hash(rules, sv_from(b)));
}

static void before(unsigned rules, const char *a, const char *b)
{
    assert_true(collation_compare(rules, sv_from(a), sv_from(b)) < 0);
    assert_true(collation_compare(rules, sv_from(b), sv_from(a)) > 0);
    assert_true(collation_hash(rules, sv_from(a)) != collation_hash(rules, sv_from(b)));
}

static void case_counts_only_where_the_collation_says_so(void **state)
{
    (void)state;
    equal(CI_AS, "Smith", "sMITH");
    equal(CI_AS, "\xC3\x96STERREICH", "\xC3\xB6sterreich");
    equal(CI_AS, "\xCE\xA3\xCE\x9F\xCE\xA6\xCE\x9F\xCE\xA3",
          "\xCF\x83\xCE\xBF\xCF\x86\xCE\xBF\xCF\x82"); /* final sigma too */
    equal(CI_AS, "\xD0\x98\xD0\x92\xD0\x90\xD0\x9D", "\xD0\xB8\xD0\xB2\xD0\xB0\xD0\xBD");
    before(CS_AS, "smith", "Smith");
    before(CS_AS, "Smith", "smithy");
}

static void accents_count_only_where_the_collation_says_so(void **state)
{
    (void)state;
    equal(CI_AI, "M\xC3\xBCller", "muller");
    equal(CI_AI,
          "\xC5\x81\xC3\xB3"
          "d\xC5\xBA",
          "Lodz");
    before(CI_AS, "muller", "m\xC3\xBCller");
    before(CI_AS, "M\xC3\xBCller", "Mullers");
    before(CS_AI, "muller", "M\xC3\xBCller");
    before(CI_AI, "\xD0\xB8", "\xD0\xB9"); /* a letter of its own */
}

static void trailing_blanks_never_count(void **state)
{
    (void)state;
    equal(CI_AS, "A1   ", "a1");
    equal(COLLATE_BINARY, "x  ", "x");
    equal(CI_AS, "   ", "");
    before(CI_AS, " x", "x");
    before(COLLATE_BINARY, "X", "x");
}

static void ligatures_are_two_letters(void **state)
{
    (void)state;
    equal(CI_AS,
          "Stra\xC3\x9F"
          "e",
          "STRASSE");
    equal(CI_AS, "\xC3\x86sop", "aesop");
    before(CI_AS,
           "stra\xC3\x9F"
           "a",
           "strasse");
}

static void dotless_i_is_a_letter_of_turkish(void **state)
{
    (void)state;
    unsigned tr = CI_AS | COLLATE_TURKISH;
    equal(tr, "ISIL", "\xC4\xB1s\xC4\xB1l");
    equal(tr, "\xC4\xB0zmir", "izmir");
    before(tr, "Isil", "isil");
    equal(CI_AS, "Isil", "isil");
    assert_int_equal(collation_rules(0x0000D01A), tr);
    assert_int_equal(collation_rules(0x8200D01A), tr);
}

static void signs_digits_letters_is_the_order(void **state)
{
    (void)state;
    before(CI_AS, "-x", "1");
    before(CI_AS, "9", "a");
    before(CI_AS, "Z", "\xCE\xB1");
    before(CI_AS, "", "a");
}

static void invalid_utf8_has_an_order_too(void **state)
{
    (void)state;
    before(CI_AS, "a", "a\xFF");
    equal(CI_AS, "\xC3", "\xC3");
}

static void rules_come_from_the_collation_s_bits(void **state)
{
    (void)state;
    assert_int_equal(collation_rules(0x3400D008), CI_AS);
    assert_int_equal(collation_rules(0x0000F008), CI_AI);
    assert_int_equal(collation_rules(0x0000C008), CS_AS);
    assert_int_equal(collation_rules(0x00000808), COLLATE_BINARY);
    assert_int_equal(collation_rules(0), CI_AS);
    assert_string_equal(collation_name(CI_AS | COLLATE_TURKISH), "tr_ci_as");
    assert_string_equal(collation_name(CS_AI), "cs_ai");
    assert_string_equal(collation_name(COLLATE_BINARY), "bin");
}

static void what_is_no_moment_sorts_behind(void **state)
{
    (void)state;
    int64_t t;
    static const char *const wrong[] = {
        "", "2023-02-29", "2024-01-01 24:00", "2024-1-1", "20240101x", "2024-01-01 10:00 +1", "noon"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(moment_of(sv_from(wrong[i]), &t));
        assert_true(moment_compare(SV_LIT("9999-12-31"), sv_from(wrong[i])) < 0);
    }
    assert_int_equal(moment_compare(SV_LIT("13:00"), SV_LIT("13:00:00.0000000")), 0);
    assert_true(moment_hash(SV_LIT("20240101")) == moment_hash(SV_LIT("2024-01-01 00:00:00.000")));
    assert_true(guid_hash(SV_LIT("ab")) == guid_hash(SV_LIT("AB")));
}

static int numbers(const char *a, const char *b) { return exact_collate(NULL, (int)strlen(a), a, (int)strlen(b), b); }

static void numbers_compare_by_value_whatever_their_digits(void **state)
{
    (void)state;
    assert_int_equal(numbers("9.00", "9"), 0);
    assert_int_equal(numbers("-0.00", "0"), 0);
    assert_int_equal(numbers("1.5e3", "1500.0"), 0);
    assert_true(numbers("9.00", "10.00") < 0);
    assert_true(numbers("-10", "-9") < 0);
    assert_true(numbers("99999999999999999999999999999999999999", "0.00000000000000000000000000000000000001") > 0);
    assert_true(numbers("99999999999999999999999999999999999998", "99999999999999999999999999999999999999") < 0);
    assert_true(numbers("5", "x") < 0);
    assert_true(numbers("a", "b") < 0);
}

static void a_double_stands_for_one_decimal(void **state)
{
    (void)state;
    exact x;
    bool near;
    assert_true(exact_from_double(0.1, 0, &x, &near));
    assert_true(x.magnitude == 1 && x.scale == 1);
    assert_true(exact_from_double(-123456789012.345, 2, &x, &near));
    assert_true(x.magnitude == UINT64_C(123456789012345) && x.scale == 3 && x.negative);
    assert_false(exact_from_double(0.1 + 0.2, 0, &x, &near));
    assert_true(near);
    exact_trim(&x);
    assert_true(x.magnitude == 3 && x.scale == 1);
    assert_false(exact_from_double(1e300, 0, &x, &near));
    assert_false(near);
    double r;
    assert_true(exact_parse(SV_LIT("123456789012.3400"), &x) && exact_to_double(&x, &r) && r == 123456789012.34);
    assert_true(exact_parse(SV_LIT("1234567890123.345678"), &x) && !exact_to_double(&x, &r));
    assert_false(exact_parse(SV_LIT("1e99"), &x));
    assert_false(exact_parse(SV_LIT("."), &x));
    assert_false(exact_parse(SV_LIT("1.2.3"), &x));
}

static void assert_case(const char *in, bool capital, const char *wanted)
{
    buf out = buf_new(200);
    letters_to_case(sv_from(in), capital, &out);
    assert_true(sv_eq(buf_view(&out), sv_from(wanted)));
    buf_free(&out);
}

static void letters_change_their_case_beyond_ascii(void **state)
{
    (void)state;
    assert_case("Müller, Łódź, ÿ", true, "MÜLLER, ŁÓDŹ, Ÿ");
    assert_case("MÜLLER, ŁÓDŹ, Ÿ", false, "müller, łódź, ÿ");
    assert_case("зуб Жук ё ѐ", true, "ЗУБ ЖУК Ё Ѐ");
    assert_case("ЗУБ ЖУК Ё Ѐ", false, "зуб жук ё ѐ");
    assert_case("δόντι ἀ", true, "ΔΌΝΤΙ Ἀ");
    assert_case("Straße 歯 😀 \xff", true, "STRAßE 歯 😀 \xff");
    assert_case("", true, "");
}

static bool like(const char *text, const char *pattern)
{
    return letters_like(sv_from(pattern), sv_from(text), SV_LIT(""));
}

static void like_knows_letters_beyond_ascii(void **state)
{
    (void)state;
    assert_true(like("Müller", "MÜLL%"));
    assert_true(like("ЗУБ мудрости", "зуб%"));
    assert_true(like("Łódź", "łó_Ź"));
    assert_false(like("Müller", "muller"));
    assert_true(like("", "%"));
    assert_true(like("", ""));
    assert_false(like("", "_"));
    assert_true(like("aXbXc", "a%x%c"));
    assert_false(like("aXbXc", "a%x%d"));
    assert_true(like("abcabd", "%ab_"));
    assert_false(like("abcab", "%ab_"));
    assert_true(like("歯科", "__"));
    assert_false(like("a[b]", "a[b"));
    assert_true(letters_like(SV_LIT("100!%"), SV_LIT("100%"), SV_LIT("!")));
    assert_false(letters_like(SV_LIT("100!%"), SV_LIT("1000"), SV_LIT("!")));
    assert_false(letters_like(SV_LIT("100!"), SV_LIT("100!"), SV_LIT("!")));
    assert_true(letters_like(SV_LIT("a%%b%"), SV_LIT("a%bc"), SV_LIT("%")) == false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_change_their_case_beyond_ascii),
        cmocka_unit_test(like_knows_letters_beyond_ascii),
        cmocka_unit_test(case_counts_only_where_the_collation_says_so),
        cmocka_unit_test(accents_count_only_where_the_collation_says_so),
        cmocka_unit_test(trailing_blanks_never_count),
        cmocka_unit_test(ligatures_are_two_letters),
        cmocka_unit_test(dotless_i_is_a_letter_of_turkish),
        cmocka_unit_test(signs_digits_letters_is_the_order),
        cmocka_unit_test(invalid_utf8_has_an_order_too),
        cmocka_unit_test(rules_come_from_the_collation_s_bits),
        cmocka_unit_test(what_is_no_moment_sorts_behind),
        cmocka_unit_test(numbers_compare_by_value_whatever_their_digits),
        cmocka_unit_test(a_double_stands_for_one_decimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
