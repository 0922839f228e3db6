/* What people are shown: numbers that can be read, and texts from outside that can do no harm. */
#include "base/shown.h"
#include "testing.h"

static void assert_text(buf *b, const char *want)
{
    buf_char(b, '\0');
    assert_string_equal(b->p, want);
    buf_clear(b);
}

static void numbers_have_separators(void **state)
{
    (void)state;
    buf b = buf_new(4096);
    add_number(&b, 0);
    assert_text(&b, "0");
    add_number(&b, 999);
    assert_text(&b, "999");
    add_number(&b, 12408);
    assert_text(&b, "12,408");
    add_number(&b, UINT64_MAX);
    assert_text(&b, "18,446,744,073,709,551,615");
    add_decimal(&b, SV_LIT("-123456.7891"));
    assert_text(&b, "-123,456.7891");
    add_decimal(&b, SV_LIT("-12"));
    assert_text(&b, "-12");
    add_count(&b, 1, "row");
    assert_text(&b, "1 row");
    add_count(&b, 2000, "row");
    assert_text(&b, "2,000 rows");
    buf_free(&b);
}

static void a_text_cannot_steer_a_terminal_turn_a_line_or_hide(void **state)
{
    (void)state;
    buf b = buf_new(4096);
    add_shown(&b, SV_LIT("a\x1b[31mb\r\n\x07"));
    assert_text(&b, "a\\x1B[31mb\\x0D\\x0A\\x07");
    add_shown(&b, SV_LIT("c\xC2\x9B"
                         "31m")); /* the one-character form of ESC [ */
    assert_text(&b, "c\\x9B31m");
    add_shown(&b, SV_LIT("\xE2\x80\xAE"
                         "gnp.exe"));
    assert_text(&b, "\\u{202E}gnp.exe");
    add_shown(&b, SV_LIT("\xEF\xBB\xBF\xEF\xBF\xBF"));
    assert_text(&b, "\\u{FEFF}\\u{FFFF}");
    add_shown(&b, SV_LIT("\xFF\xC3(\x7F"));
    assert_text(&b, "\\xFF\\xC3(\\x7F");
    buf_free(&b);
}

static void letters_of_any_language_stay(void **state)
{
    (void)state;
    buf b = buf_new(4096);
    add_shown(&b, SV_LIT("Kullan\xC4\xB1"
                         "c\xC4\xB1lar \xE6\x82\xA3"));
    assert_text(&b, "Kullan\xC4\xB1"
                    "c\xC4\xB1lar \xE6\x82\xA3");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_separators),
        cmocka_unit_test(a_text_cannot_steer_a_terminal_turn_a_line_or_hide),
        cmocka_unit_test(letters_of_any_language_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
