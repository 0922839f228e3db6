/* Views of text and what is asked of them (base/sv.h), their copies (base/memory.h), and text within markup (base/markup.h). */
#include "base/markup.h"
#include "base/memory.h"
#include "testing.h"
#include <stdlib.h>

static void an_ending_has_something_before_it(void **state)
{
    (void)state;
    assert_true(sv_ends(SV_LIT("Exam.csv"), SV_LIT(".csv")));
    assert_false(sv_ends(SV_LIT(".csv"), SV_LIT(".csv")));
    assert_false(sv_ends(SV_LIT("csv"), SV_LIT(".csv")));
    assert_false(sv_ends(SV_LIT("Exam.CSV"), SV_LIT(".csv")));
    assert_true(sv_ends_nocase(SV_LIT("Exam.CSV"), SV_LIT(".csv")));
    assert_false(sv_ends_nocase(SV_LIT(".CSV"), SV_LIT(".csv")));
    assert_false(sv_ends((sv){NULL, 0}, SV_LIT(".csv")));
}

static void a_word_is_found_anywhere_in_a_text(void **state)
{
    (void)state;
    assert_true(sv_holds(SV_LIT("{tooth}_{site}"), SV_LIT("{tooth}")));
    assert_true(sv_holds(SV_LIT("{tooth}_{site}"), SV_LIT("{site}")));
    assert_false(sv_holds(SV_LIT("{tooth}"), SV_LIT("{tooth}_")));
    assert_false(sv_holds(SV_LIT("Standard Edition"), SV_LIT("standard")));
    assert_true(sv_holds_nocase(SV_LIT("Standard Edition"), SV_LIT("EDITION")));
    assert_true(sv_holds(SV_LIT("any"), (sv){NULL, 0}));
    assert_false(sv_holds((sv){NULL, 0}, SV_LIT("any")));
    const sv path = SV_LIT("canonical/patient.csv");
    assert_ptr_equal(sv_find(path, '/'), path.p + 9);
    assert_null(sv_find((sv){path.p, 9}, '/'));
    assert_null(sv_find((sv){NULL, 0}, '/'));
}

static void blanks_at_the_ends_are_trimmed_and_no_others(void **state)
{
    (void)state;
    assert_true(sv_eq(sv_trimmed(SV_LIT(" \t a \t b\t ")), SV_LIT("a \t b")));
    assert_true(sv_eq(sv_trimmed_spaces(SV_LIT("  \ta b\t ")), SV_LIT("\ta b\t")));
    assert_int_equal(sv_trimmed(SV_LIT(" \t ")).n, 0);
    assert_int_equal(sv_trimmed_spaces((sv){NULL, 0}).n, 0);
}

static void a_copy_of_a_text_ends_in_nul(void **state)
{
    (void)state;
    char *copy = memory_text((sv){"Exam.csv", 4}), *empty = memory_text((sv){NULL, 0});
    assert_string_equal(copy, "Exam");
    assert_string_equal(empty, "");
    free(copy);
    free(empty);
}

static void marks_of_markup_are_spelled_out(void **state)
{
    (void)state;
    buf b = buf_new(1000);
    markup_escaped(&b, SV_LIT("PD > 4 & BOP < \"50 %\" it's \xC3\xB6"));
    assert_true(sv_eq(buf_view(&b), SV_LIT("PD &gt; 4 &amp; BOP &lt; &quot;50 %&quot; it's \xC3\xB6")));
    buf_free(&b);
    assert_null(markup_entity('\''));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ending_has_something_before_it),
        cmocka_unit_test(a_word_is_found_anywhere_in_a_text),
        cmocka_unit_test(blanks_at_the_ends_are_trimmed_and_no_others),
        cmocka_unit_test(a_copy_of_a_text_ends_in_nul),
        cmocka_unit_test(marks_of_markup_are_spelled_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
