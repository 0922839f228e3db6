/* The strict reader of profiles and templates: every mistake with its place, all at once. */
#include "base/yaml.h"
#include "testing.h"
#include <stdlib.h>
#include <string.h>

typedef struct fixture {
    arena *mem;
    problems wrong;
} fixture;

static int set_up(void **state)
{
    fixture *x = calloc(1, sizeof *x);
    x->mem = arena_new(0);
    x->wrong.mem = x->mem;
    *state = x;
    return 0;
}

static int tear_down(void **state)
{
    fixture *x = *state;
    arena_free(x->mem);
    free(x);
    return 0;
}

static const yaml_node *parse(fixture *x, const char *text)
{
    return yaml_parse(SV_LIT("t.yaml"), sv_from(text), x->mem, &x->wrong);
}

static void assert_wrong(fixture *x, const char *expected)
{
    buf b = buf_new(100000);
    problems_sort(&x->wrong);
    problems_text(&x->wrong, &b);
    buf_char(&b, 0);
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

static void maps_lists_and_texts_keep_their_places(void **state)
{
    fixture *x = *state;
    const yaml_node *n = parse(x, "a: NO\nb:\n  - 0120\n  - {c: 1e3}\n");
    assert_non_null(n);
    assert_true(sv_eq(yaml_get(n, "a")->text, SV_LIT("NO"))); /* no typing: texts stay texts */
    const yaml_node *list = yaml_get(n, "b");
    assert_int_equal(list->kind, YAML_LIST);
    assert_int_equal(list->n, 2);
    assert_true(sv_eq(list->item[0]->text, SV_LIT("0120")));
    assert_int_equal(list->item[0]->line, 3);
    assert_int_equal(list->item[0]->column, 5);
    assert_true(sv_eq(yaml_get(list->item[1], "c")->text, SV_LIT("1e3")));
    assert_null(yaml_get(n, "z"));
    assert_int_equal(x->wrong.n, 0);
}

static void an_empty_file_is_an_empty_map(void **state)
{
    fixture *x = *state;
    const yaml_node *n = parse(x, "# nothing\n");
    assert_non_null(n);
    assert_int_equal(n->kind, YAML_MAP);
    assert_int_equal(n->n, 0);
}

static void what_these_files_do_not_use_is_refused_all_at_once(void **state)
{
    fixture *x = *state;
    parse(x, "a: &x 1\nb: *x\nc: !t 2\na: 3\n? [k]\n: 4\n");
    assert_wrong(x, "t.yaml:1:4: anchors (&name) are not used in these files\n"
                    "t.yaml:2:4: aliases (*name) are not used in these files\n"
                    "t.yaml:3:4: tags (!name) are not used in these files\n"
                    "t.yaml:4:1: the key \"a\" stands here twice\n"
                    "t.yaml:5:3: a key must be a plain word\n");
}

static void tabs_are_all_named(void **state)
{
    fixture *x = *state;
    assert_null(parse(x, "a:\n\tb: 1\n  \tc: 2\nd: x\ty\n"));
    assert_wrong(x, "t.yaml:2:1: a tab: indent with blanks\nt.yaml:3:3: a tab: indent with blanks\n");
}

static void a_second_document_is_refused(void **state)
{
    fixture *x = *state;
    assert_null(parse(x, "a: 1\n---\nb: 2\n"));
    assert_wrong(x, "t.yaml:2:1: a second document (---) is not used in these files\n");
}

static void broken_syntax_has_a_place(void **state)
{
    fixture *x = *state;
    assert_null(parse(x, "a: [1, 2\nb: 3\n"));
    assert_int_equal(x->wrong.n, 1);
    assert_int_equal(x->wrong.item[0].line, 2);
}

static void deep_nesting_is_refused(void **state)
{
    fixture *x = *state;
    char text[200];
    memset(text, '[', sizeof text - 1);
    text[sizeof text - 1] = 0;
    assert_null(parse(x, text));
    assert_int_equal(x->wrong.n, 1);
}

static void endless_maps_and_lists_are_refused(void **state)
{
    fixture *x = *state;
    buf b = buf_new(1 << 20);
    for (int i = 0; i < 10001; i++) buf_printf(&b, "k%d:\n", i);
    buf_char(&b, 0);
    assert_null(parse(x, b.p));
    buf_clear(&b);
    for (int i = 0; i < 10001; i++) buf_str(&b, "- a\n");
    buf_char(&b, 0);
    assert_null(parse(x, b.p));
    assert_wrong(x, "t.yaml:1:1: this list is longer than any can be\n"
                    "t.yaml:1:1: this map is longer than any can be\n");
    buf_free(&b);
}

static void a_file_without_measure_is_refused_unread(void **state)
{
    fixture *x = *state;
    assert_null(yaml_parse(SV_LIT("t.yaml"), (sv){"", ((size_t)1 << 20) + 1}, x->mem, &x->wrong));
    assert_wrong(x, "t.yaml: the file is larger than any profile or template can be\n");
}

static void unknown_missing_and_misplaced_keys_are_told_together(void **state)
{
    static const yaml_key keys[] = {
        {"required", YAML_IS_TEXT, true}, {"fields", YAML_IS_MAP, false}, {"after", YAML_IS_LIST, true}};
    fixture *x = *state;
    const yaml_node *n = parse(x, "requierd: yes\nfields: [1]\nwhatever: 2\n");
    assert_false(yaml_check(SV_LIT("t.yaml"), n, "an object", keys, 3, &x->wrong));
    assert_wrong(x, "t.yaml:1:1: an object lacks the key \"after\"\n"
                    "t.yaml:1:1: an object lacks the key \"required\"\n"
                    "t.yaml:1:1: unknown key \"requierd\" in an object; did you mean \"required\"?\n"
                    "t.yaml:2:9: \"fields\" in an object must be a map (key: value)\n"
                    "t.yaml:3:1: unknown key \"whatever\" in an object\n");
}

static void numbers_and_truths_are_exact(void **state)
{
    fixture *x = *state;
    const yaml_node *n = parse(x, "a: 80\nb: 0x10\nc: 256\nd: true\ne: yes\nf: 255\n");
    uint64_t u;
    bool b;
    assert_true(yaml_uint(SV_LIT("t.yaml"), yaml_get(n, "a"), 255, &u, &x->wrong));
    assert_int_equal(u, 80);
    assert_false(yaml_uint(SV_LIT("t.yaml"), yaml_get(n, "b"), 255, &u, &x->wrong));
    assert_false(yaml_uint(SV_LIT("t.yaml"), yaml_get(n, "c"), 255, &u, &x->wrong));
    assert_true(yaml_uint(SV_LIT("t.yaml"), yaml_get(n, "f"), 255, &u, &x->wrong));
    assert_int_equal(u, 255);
    assert_true(yaml_uint(SV_LIT("t.yaml"), yaml_get(n, "f"), UINT64_MAX, &u, &x->wrong));
    assert_true(yaml_bool(SV_LIT("t.yaml"), yaml_get(n, "d"), &b, &x->wrong) && b);
    assert_false(yaml_bool(SV_LIT("t.yaml"), yaml_get(n, "e"), &b, &x->wrong));
    assert_int_equal(x->wrong.n, 3);
}

static void a_long_list_of_mistakes_ends_with_a_word_about_it(void **state)
{
    fixture *x = *state;
    for (int i = 0; i < PROBLEMS_MAX + 50; i++) problem_add(&x->wrong, SV_LIT("t.yaml"), 1, 1, "mistake %d", i);
    assert_int_equal(x->wrong.n, PROBLEMS_MAX + 1);
    assert_true(sv_starts(x->wrong.item[PROBLEMS_MAX].text, SV_LIT("there are more")));
}

static void a_near_word_is_suggested_and_a_far_one_is_not(void **state)
{
    (void)state;
    const sv words[] = {SV_LIT("birth_date"), SV_LIT("first"), SV_LIT("last")};
    assert_true(sv_eq(problem_suggest(SV_LIT("birthdate"), words, 3), SV_LIT("birth_date")));
    assert_null(problem_suggest(SV_LIT("insurance"), words, 3).p);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(maps_lists_and_texts_keep_their_places),
        T(an_empty_file_is_an_empty_map),
        T(what_these_files_do_not_use_is_refused_all_at_once),
        T(tabs_are_all_named),
        T(a_second_document_is_refused),
        T(broken_syntax_has_a_place),
        T(deep_nesting_is_refused),
        T(endless_maps_and_lists_are_refused),
        T(a_file_without_measure_is_refused_unread),
        T(unknown_missing_and_misplaced_keys_are_told_together),
        T(numbers_and_truths_are_exact),
        T(a_long_list_of_mistakes_ends_with_a_word_about_it),
        T(a_near_word_is_suggested_and_a_far_one_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
