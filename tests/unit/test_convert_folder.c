/* The folder of a run: made unfinished, found again when its run died, named last; and the listing of it. */
#include "convert/run_folder.h"
#include "convert/tree.h"
#include "folder.h"

#define OUT "convert_folder.tmp"

typedef struct fixture {
    arena *mem;
    findings *found;
} fixture;

static int start(void **state)
{
    fixture *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->mem = arena_new(0);
    x->found = findings_new();
    if (os_exists(OUT)) folder_remove(OUT);
    *state = x;
    return 0;
}

static int end(void **state)
{
    fixture *x = *state;
    arena_free(x->mem);
    findings_free(x->found);
    free(x);
    if (os_exists(OUT)) folder_remove(OUT);
    return 0;
}

static void expect_name(const char *database, const char *finished, const char *expected)
{
    arena *mem = arena_new(0);
    sv name = run_folder_safe_name(sv_from(database), sv_from(finished), mem);
    assert_string_equal(name.p, expected);
    arena_free(mem);
}

static void names_come_from_database_and_backup_date(void **state)
{
    (void)state;
    expect_name("Hospital", "2017-12-18 16:21:39", "Hospital_2017-12-18_162139");
    expect_name("Hospital", "", "Hospital");
    expect_name("", "", "database");
    expect_name("../a b\\c:d", "", "_._a_b_c_d");
    expect_name("M\xC3\xBCller", "", "M__ller");
    expect_name("x.partial", "", "x_partial");
    expect_name("x...", "", "x");
}

static void a_finished_run_has_its_final_name(void **state)
{
    fixture *x = *state;
    run_folder *r = run_folder_new(OUT, SV_LIT("Run"), x->found);
    sv path;
    assert_non_null(r);
    assert_string_equal(run_folder_partial(r), OUT "/Run.partial");
    assert_true(os_is_locked(OUT "/Run.partial/manifest.json"));
    assert_true(run_folder_finish(r, SV_LIT("}\n"), x->mem, &path));
    run_folder_free(r);
    assert_string_equal(path.p, OUT "/Run");
    assert_false(os_exists(OUT "/Run.partial"));
    assert_false(os_is_locked(OUT "/Run/manifest.json"));
    buf b = file_text(OUT "/Run", "manifest.json");
    assert_string_equal(b.p, "{\n  \"chartferry\": \"conversion\",\n}\n");
    buf_free(&b);
}

static void a_taken_name_gets_a_number(void **state)
{
    fixture *x = *state;
    const char *const expected[] = {OUT "/Run", OUT "/Run-2", OUT "/Run-3", OUT "/Run-4", OUT "/Run-5"};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        sv path;
        run_folder *r = run_folder_new(OUT "/", SV_LIT("Run"), x->found);
        assert_true(run_folder_finish(r, SV_LIT("}"), x->mem, &path));
        assert_string_equal(path.p, expected[i]);
        run_folder_free(r);
    }
}

static void a_living_run_keeps_its_folder(void **state)
{
    fixture *x = *state;
    run_folder *a = run_folder_new(OUT, SV_LIT("Run"), x->found);
    run_folder *b = run_folder_new(OUT, SV_LIT("Run"), x->found);
    assert_non_null(b);
    assert_true(sv_eq(run_folder_name(b), SV_LIT("Run-2")));
    assert_true(os_exists(OUT "/Run.partial/manifest.json"));
    assert_true(run_folder_discard(a) && run_folder_discard(b));
    run_folder_free(a);
    run_folder_free(b);
}

/* Freed without being finished or discarded: what a killed run leaves. */
static void what_a_dead_run_left_is_removed(void **state)
{
    fixture *x = *state;
    const char *why;
    run_folder *dead = run_folder_new(OUT, SV_LIT("Run"), x->found);
    assert_true(os_make_folder(OUT "/Run.partial/salesforce", &why));
    file_put(OUT "/Run.partial/salesforce/01.csv", "patients");
    run_folder_free(dead);
    run_folder *r = run_folder_new(OUT, SV_LIT("Run"), x->found);
    assert_non_null(r);
    assert_true(sv_eq(run_folder_name(r), SV_LIT("Run")));
    assert_int_equal(findings_count(x->found, F_DEL_STALE_REMOVED), 1);
    assert_false(os_exists(OUT "/Run.partial/salesforce"));
    assert_true(run_folder_discard(r));
    run_folder_free(r);
}

static void a_run_that_died_at_once_is_cleared_too(void **state)
{
    fixture *x = *state;
    const char *why;
    assert_true(os_make_folder(OUT, &why) && os_make_folder(OUT "/Run.partial", &why));
    file_put(OUT "/Run.partial/manifest.json", "{\n  \"cha");
    run_folder *r = run_folder_new(OUT, SV_LIT("Run"), x->found);
    assert_true(sv_eq(run_folder_name(r), SV_LIT("Run")));
    run_folder_free(r);
}

static void a_partial_folder_of_someone_else_stays(void **state)
{
    fixture *x = *state;
    const char *why;
    assert_true(os_make_folder(OUT, &why) && os_make_folder(OUT "/Run.partial", &why));
    assert_true(os_make_folder(OUT "/Run-2.partial", &why));
    file_put(OUT "/Run.partial/photo.jpg", "x");
    file_put(OUT "/Run-2.partial/manifest.json", "{\"other\": \"program\"}");
    run_folder *r = run_folder_new(OUT, SV_LIT("Run"), x->found);
    assert_true(sv_eq(run_folder_name(r), SV_LIT("Run-3")));
    assert_true(os_exists(OUT "/Run.partial/photo.jpg"));
    assert_true(os_exists(OUT "/Run-2.partial/manifest.json"));
    run_folder_free(r);
}

static void a_discarded_run_leaves_nothing(void **state)
{
    fixture *x = *state;
    run_folder *r = run_folder_new(OUT, SV_LIT("Run"), x->found);
    file_put(OUT "/Run.partial/report.html", "x");
    assert_true(run_folder_discard(r));
    run_folder_free(r);
    assert_false(os_exists(OUT));
}

static void an_output_folder_that_was_there_stays(void **state)
{
    fixture *x = *state;
    const char *why;
    assert_true(os_make_folder(OUT, &why));
    run_folder *r = run_folder_new(OUT, SV_LIT("Run"), x->found);
    assert_true(run_folder_discard(r));
    run_folder_free(r);
    assert_true(os_is_folder(OUT));
}

static void a_folder_that_cannot_be_made_is_a_finding(void **state)
{
    fixture *x = *state;
    file_put(OUT, "a file");
    assert_null(run_folder_new(OUT, SV_LIT("Run"), x->found));
    assert_null(run_folder_new(OUT "/below", SV_LIT("Run"), x->found));
    assert_int_equal(findings_count(x->found, F_OUT_CREATE_FAILED), 2);
}

static void everything_in_a_folder_is_listed(void **state)
{
    fixture *x = *state;
    const char *why = "";
    tree t;
    assert_true(os_make_folder(OUT, &why) && os_make_folder(OUT "/b", &why) && os_make_folder(OUT "/b/c", &why));
    file_put(OUT "/z", "");
    file_put(OUT "/b/c/.x", "");
    assert_true(tree_list(OUT, x->mem, &t, &why));
    assert_int_equal(t.files, 2);
    assert_int_equal(t.folders, 2);
    assert_string_equal(t.file[0].p, "b/c/.x");
    assert_string_equal(t.file[1].p, "z");
    assert_false(tree_list(OUT "/absent", x->mem, &t, &why));
}

static void folders_deeper_than_a_run_makes_are_refused(void **state)
{
    fixture *x = *state;
    const char *why = "";
    tree t;
    char path[256] = OUT;
    assert_true(os_make_folder(path, &why));
    for (int i = 0; i < 6; i++) {
        size_t n = strlen(path);
        memcpy(path + n, "/d", 3);
        assert_true(os_make_folder(path, &why));
    }
    assert_false(tree_list(OUT, x->mem, &t, &why));
    assert_true(os_remove_tree(OUT));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_come_from_database_and_backup_date),
        TEST(a_finished_run_has_its_final_name),
        TEST(a_taken_name_gets_a_number),
        TEST(a_living_run_keeps_its_folder),
        TEST(what_a_dead_run_left_is_removed),
        TEST(a_run_that_died_at_once_is_cleared_too),
        TEST(a_partial_folder_of_someone_else_stays),
        TEST(a_discarded_run_leaves_nothing),
        TEST(an_output_folder_that_was_there_stays),
        TEST(a_folder_that_cannot_be_made_is_a_finding),
        TEST(everything_in_a_folder_is_listed),
        TEST(folders_deeper_than_a_run_makes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
