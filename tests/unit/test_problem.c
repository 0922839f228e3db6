/* Lists of mistakes, and the word that was meant. */
#include "base/problem.h"
#include "base/suggest.h"
#include "testing.h"
#include <string.h>

static void assert_text(const problems *p, const char *expected)
{
    buf b = buf_new(10000);
    problems_text(p, &b);
    sv text = arena_sv(p->mem, (sv){b.p ? b.p : "", b.n});
    buf_free(&b);
    assert_string_equal(text.p, expected);
}

static void mistakes_come_by_file_line_and_column(void **state)
{
    (void)state;
    problems p = {.mem = arena_new(0)};
    problem_add(&p, SV_LIT("b.yaml"), 1, 1, "one");
    problem_add(&p, SV_LIT("a.yaml"), 10, 2, "two");
    problem_add(&p, SV_LIT("a.yaml"), 9, 30, "three");
    problem_add(&p, SV_LIT("a.yaml"), 9, 4, "four of %d", 4);
    problem_add(&p, SV_LIT("a.yaml"), 0, 0, "the whole file");
    problem_add(&p, (sv){NULL, 0}, 0, 0, "no file");
    problems_sort(&p);
    assert_text(&p, "no file\na.yaml: the whole file\na.yaml:9:4: four of 4\na.yaml:9:30: three\na.yaml:10:2: two\n"
                    "b.yaml:1:1: one\n");
    arena_free(p.mem);
}

static void no_mistakes_are_no_text(void **state)
{
    (void)state;
    problems p = {.mem = arena_new(0)};
    problems_sort(&p);
    assert_text(&p, "");
    arena_free(p.mem);
}

static void mistakes_outlive_what_they_were_made_of(void **state)
{
    (void)state;
    problems p = {.mem = arena_new(0)};
    char file[] = "a.yaml", word[] = "word";
    problem_add(&p, sv_from(file), 1, 1, "%s", word);
    memset(file, 'x', 6);
    memset(word, 'x', 4);
    assert_text(&p, "a.yaml:1:1: word\n");
    arena_free(p.mem);
}

static void a_long_sentence_is_cut_and_not_lost(void **state)
{
    (void)state;
    problems p = {.mem = arena_new(0)};
    char text[3000];
    memset(text, 'y', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    problem_add(&p, SV_LIT("a"), 1, 1, "%s", text);
    assert_int_equal(p.n, 1);
    assert_in_range(p.item[0].text.n, 1000, 1100);
    assert_false(p.failed);
    arena_free(p.mem);
}

static void memory_that_runs_out_is_said(void **state)
{
    (void)state;
    problems p = {.mem = arena_new(1)};
    problem_add(&p, SV_LIT("a"), 1, 1, "one");
    assert_true(p.failed);
    buf b = buf_new(1000);
    problems_text(&p, &b);
    assert_true(b.n >= 18 && memcmp(b.p, "memory ran out", 14) == 0);
    buf_free(&b);
    arena_free(p.mem);
}

static void the_nearest_word_is_suggested(void **state)
{
    (void)state;
    const sv words[] = {SV_LIT("phone_home"), SV_LIT("phone_work"), SV_LIT("first")};
    assert_true(sv_eq(problem_suggest(SV_LIT("phone_wrok"), words, 3), SV_LIT("phone_work")));
    assert_true(sv_eq(problem_suggest(SV_LIT("FIRST"), words, 3), SV_LIT("first")));
    assert_null(problem_suggest(SV_LIT("zzz"), words, 3).p);
    assert_null(problem_suggest(SV_LIT(""), words, 3).p);
    assert_null(problem_suggest(SV_LIT("first"), words, 0).p);
}

static void edits_are_counted_as_people_make_them(void **state)
{
    static const struct {
        const char *a, *b;
        size_t distance;
    } cases[] = {{"", "", 0},        {"a", "", 1},    {"abc", "abc", 0},        {"abc", "acb", 1}, {"abc", "abd", 1},
                 {"abc", "xabc", 1}, {"ab", "ba", 1}, {"kitten", "sitting", 3}, {"ABC", "abc", 0}, {"from", "form", 1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(edit_distance(sv_from(cases[i].a), sv_from(cases[i].b)), cases[i].distance);
        assert_int_equal(edit_distance(sv_from(cases[i].b), sv_from(cases[i].a)), cases[i].distance);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_come_by_file_line_and_column),
        cmocka_unit_test(no_mistakes_are_no_text),
        cmocka_unit_test(mistakes_outlive_what_they_were_made_of),
        cmocka_unit_test(a_long_sentence_is_cut_and_not_lost),
        cmocka_unit_test(memory_that_runs_out_is_said),
        cmocka_unit_test(the_nearest_word_is_suggested),
        cmocka_unit_test(edits_are_counted_as_people_make_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
