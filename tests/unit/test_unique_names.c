/* Names of which each is given once. */
#include "source/unique_names.h"
#include "testing.h"

static void a_name_that_was_given_gets_the_first_number_that_is_free(void **state)
{
    (void)state;
    static const char *const wanted[] = {"a", "b", "A", "a~3", "a", "a~2", "a", "\xC3\x96", "\xC3\xB6"};
    static const char *const given[] = {"a", "b", "A~2", "a~3", "a~4", "a~2~2", "a~5", "\xC3\x96", "\xC3\xB6"};
    arena *mem = arena_new(0);
    unique_names u = unique_names_new(mem);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const sv name = unique_names_take(&u, sv_from(wanted[i]));
        assert_true(sv_eq(name, sv_from(given[i])));
    }
    unique_names_free(&u);
    arena_free(mem);
}

/* Every number would be tried for every one of them otherwise, and every name compared: days. */
static void names_that_are_all_the_same_take_no_longer_than_others(void **state)
{
    (void)state;
    enum { NAMES = 200000 };
    char last[32];
    arena *mem = arena_new(0);
    unique_names u = unique_names_new(mem);
    sv name = {NULL, 0};
    for (size_t i = 0; i < NAMES; i++) name = unique_names_take(&u, SV_LIT("a"));
    snprintf(last, sizeof last, "a~%d", NAMES);
    assert_true(sv_eq(name, sv_from(last)));
    unique_names_free(&u);
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_that_was_given_gets_the_first_number_that_is_free),
        cmocka_unit_test(names_that_are_all_the_same_take_no_longer_than_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
