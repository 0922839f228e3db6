/* Values that a column had before: they come back as they were kept, and no other text for them. */
#include "profile/profile_internal.h"
#include "testing.h"
#include <stdlib.h>

static known_values *column(void)
{
    known_values *k = calloc(1, sizeof *k);
    assert_non_null(k);
    return k;
}

static void keep(known_values *k, sv in, sv out, norm_form form)
{
    known_value *place;
    assert_null(known_value_of(k, in, &place));
    known_value_keep(place, in, out, form);
}

static void assert_known(known_values *k, sv in, sv out, norm_form form)
{
    known_value *place;
    const known_value *v = known_value_of(k, in, &place);
    assert_non_null(v);
    assert_null(place);
    assert_int_equal(v->form, form);
    assert_true(sv_eq((sv){v->out, v->out_n}, out));
}

static bool is_known(known_values *k, sv in)
{
    known_value *place;
    return known_value_of(k, in, &place) != NULL;
}

static void a_value_comes_back_as_it_was_kept(void **state)
{
    (void)state;
    known_values *k = column();
    keep(k, SV_LIT("FEMALE"), SV_LIT("female"), FORM_GOOD);
    assert_known(k, SV_LIT("FEMALE"), SV_LIT("female"), FORM_GOOD);
    assert_false(is_known(k, SV_LIT("FEMAL")));
    assert_false(is_known(k, SV_LIT("FEMALE ")));
    free(k);
    k = column();
    keep(k, SV_LIT("n/a"), (sv){NULL, 0}, FORM_EMPTY);
    assert_known(k, SV_LIT("n/a"), (sv){NULL, 0}, FORM_EMPTY);
    free(k);
}

static void zeros_behind_a_text_are_part_of_it(void **state)
{
    (void)state;
    known_values *k = column();
    static const char text[] = "ab\0\0";
    for (size_t n = 1; n <= 4; n++) {
        known_value *place;
        assert_null(known_value_of(k, (sv){text, n}, &place));
        known_value_keep(place, (sv){text, n}, (sv){"1234", n}, FORM_GOOD);
        for (size_t other = 1; other <= 4; other++) {
            known_value *unused;
            const known_value *v = known_value_of(k, (sv){text, other}, &unused);
            assert_true(!v || v->out_n == other);
        }
    }
    free(k);
}

static void long_texts_are_not_kept(void **state)
{
    (void)state;
    known_values *k = column();
    static const char text[] = "1234567890123456789012345";
    const sv longest = {text, KNOWN_TEXT_MAX}, longer = {text, KNOWN_TEXT_MAX + 1};
    known_value *place;
    assert_null(known_value_of(k, longer, &place));
    assert_null(place);
    assert_null(known_value_of(k, (sv){NULL, 0}, &place));
    assert_null(place);
    keep(k, longest, longer, FORM_GOOD);
    assert_false(is_known(k, longest));
    keep(k, longest, longest, FORM_GOOD);
    assert_known(k, longest, longest, FORM_GOOD);
    free(k);
}

static void a_column_of_ever_new_values_is_asked_no_more(void **state)
{
    (void)state;
    known_values *k = column();
    known_value *place = NULL;
    char text[24];
    for (unsigned i = 0; i < 1000; i++) {
        int n = snprintf(text, sizeof text, "%u", i);
        assert_null(known_value_of(k, (sv){text, (size_t)n}, &place));
        known_value_keep(place, (sv){text, (size_t)n}, SV_LIT("x"), FORM_GOOD);
    }
    assert_null(place);
    free(k);
    k = column();
    keep(k, SV_LIT("yes"), SV_LIT("1"), FORM_GOOD);
    for (unsigned i = 0; i < 1000; i++) assert_known(k, SV_LIT("yes"), SV_LIT("1"), FORM_GOOD);
    free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_comes_back_as_it_was_kept),
        cmocka_unit_test(zeros_behind_a_text_are_part_of_it),
        cmocka_unit_test(long_texts_are_not_kept),
        cmocka_unit_test(a_column_of_ever_new_values_is_asked_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
