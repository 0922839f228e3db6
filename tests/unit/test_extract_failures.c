/* Failures of the output, and findings that only rare circumstances raise. */
#include "extract/extract.h"
#include "extract/job.h"
#include "fake_source.h"
#include "folder.h"
#include "testing.h"
#include <signal.h>
#include <sys/resource.h>

static const char out_name[] = "test_failures_out", partial_name[] = "test_failures_out.partial";

static int clean(void **state)
{
    (void)state;
    folder_remove(out_name);
    folder_remove(partial_name);
    return 0;
}

static extract_end run(fake_source *s, const extract_options *o)
{
    extract_result r;
    extract_end end = extract_run(&s->base, o, s->found, &r);
    extract_result_free(&r);
    return end;
}

static void put_file(const char *path)
{
    const char *why = "";
    os_out *f = os_create(path, &why);
    assert_non_null(f);
    assert_true(os_close(f, &why));
}

static void a_folder_that_cannot_be_made_is_a_finding(void **state)
{
    (void)state;
    fake_source s;
    fake_init(&s);
    fake_add(&s, "dbo", "t", "dbo.t", 1, 1);
    extract_options o = {.out = "no such folder/out"};
    assert_int_equal(run(&s, &o), EXTRACT_NO_OUTPUT);
    assert_int_equal(findings_count(s.found, F_OUT_CREATE_FAILED), 1);
    fake_free(&s);
}

/* A file size limit stands for a full disk. */
static void a_full_disk_leaves_nothing(void **state)
{
    (void)state;
    for (int format = EXTRACT_CSV; format <= EXTRACT_XLSX; format++) {
        fake_source s;
        fake_init(&s);
        fake_add(&s, "dbo", "t", "dbo.t", 100, 1000);
        extract_options o = {.out = out_name, .format = (extract_format)format, .threads = 2};
        struct rlimit before, small;
        assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
        small = before;
        small.rlim_cur = 100000;
        signal(SIGXFSZ, SIG_IGN);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        extract_end end = run(&s, &o);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(end, EXTRACT_NO_OUTPUT);
        assert_true(findings_count(s.found, F_OUT_WRITE_FAILED) > 0);
        assert_false(os_exists(partial_name));
        fake_free(&s);
    }
}

static bool meddle_and_stop(void *ctx)
{
    bool *done = ctx;
    if (!*done) put_file("test_failures_out.partial/not ours");
    *done = true;
    return true;
}

static void files_of_others_are_never_removed(void **state)
{
    (void)state;
    bool done = false;
    fake_source s;
    extract_result r;
    fake_init(&s);
    fake_add(&s, "dbo", "t", "dbo.t", 1, 1);
    extract_options o = {.out = out_name, .threads = 1, .cancelled = meddle_and_stop, .ctx = &done};
    assert_int_equal(extract_run(&s.base, &o, s.found, &r), EXTRACT_CANCELLED);
    assert_true(r.partial_left);
    assert_int_equal(findings_count(s.found, F_OUT_NOT_REMOVED), 1);
    assert_true(os_exists("test_failures_out.partial/not ours"));
    assert_false(os_exists("test_failures_out.partial/dbo.t.csv"));
    extract_result_free(&r);
    fake_free(&s);
}

static void take_the_name(void *ctx, const extract_progress *p)
{
    const char *why = "";
    (void)ctx;
    if (p->stage != STAGE_FINISH) return;
    assert_true(os_make_folder(out_name, &why));
    put_file("test_failures_out/not ours");
}

static void a_finished_folder_is_kept_when_its_name_is_taken(void **state)
{
    (void)state;
    fake_source s;
    fake_init(&s);
    fake_add(&s, "dbo", "t", "dbo.t", 1, 1);
    extract_options o = {.out = out_name, .progress = take_the_name};
    assert_int_equal(run(&s, &o), EXTRACT_NO_OUTPUT);
    assert_int_equal(findings_count(s.found, F_OUT_RENAME_FAILED), 1);
    assert_true(os_exists("test_failures_out.partial/dbo.t.csv"));
    assert_true(os_exists("test_failures_out/not ours"));
    fake_free(&s);
}

static void a_value_that_breaks_at_the_second_reading_ends_the_run(void **state)
{
    (void)state;
    fake_source s;
    fake_init(&s);
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 1, 1);
    t->large_every = 1;
    t->large_bytes = 14 << 20;
    t->broken_at = 0;
    t->broken_from = 3; /* two attempts in the buffer, one reading to be sure, then the writing */
    extract_options o = {.out = out_name, .threads = 1};
    assert_int_equal(run(&s, &o), EXTRACT_NO_SOURCE);
    assert_int_equal(findings_count(s.found, F_OUT_VALUE_CHANGED), 1);
    assert_false(os_exists(partial_name));
    fake_free(&s);
}

static void counts_that_differ_from_the_file_are_a_defect(void **state)
{
    (void)state;
    table_info info = {.full_name = SV_LIT("dbo.t"), .rows_expected = -1};
    table_job t = {.info = &info, .chunks = 1, .written = 5, .in_file = 4};
    extract_result r = {.mem = arena_new(0)};
    job j = {.found = findings_new(), .table = &t, .tables = 1, .progress.rows = 4};
    assert_int_equal(result_make(&j, &r), EXTRACT_UNBALANCED);
    assert_int_equal(findings_count(j.found, F_OUT_BALANCE), 1);
    findings_free(j.found);
    extract_result_free(&r);
}

static void a_table_too_wide_for_a_sheet_is_refused(void **state)
{
    (void)state;
    enum { WIDE = XLSX_COLUMNS_MAX + 1 };
    fake_source s;
    fake_init(&s);
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 1, 1);
    column_info *wide = calloc(WIDE, sizeof *wide);
    assert_non_null(wide);
    t->info.column = wide;
    t->info.columns = WIDE;
    extract_options o = {.out = out_name, .format = EXTRACT_XLSX};
    assert_int_equal(run(&s, &o), EXTRACT_DONE);
    assert_int_equal(findings_count(s.found, F_OUT_XLSX_COLUMNS), 1);
    assert_false(os_exists("test_failures_out/dbo.t.xlsx"));
    free(wide);
    fake_free(&s);
}

static void a_long_table_continues_on_a_second_sheet(void **state)
{
    (void)state;
    fake_source s;
    extract_result r;
    fake_init(&s);
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 1, XLSX_ROWS_MAX);
    t->info.columns = 1;
    extract_options o = {.out = out_name, .format = EXTRACT_XLSX};
    assert_int_equal(extract_run(&s.base, &o, s.found, &r), EXTRACT_DONE);
    assert_int_equal(r.table[0].written, XLSX_ROWS_MAX);
    assert_int_equal(r.table[0].state, TABLE_OK);
    assert_int_equal(findings_count(s.found, F_OUT_SHEET_CONTINUED), 1);
    extract_result_free(&r);
    fake_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_that_cannot_be_made_is_a_finding),
        cmocka_unit_test_setup_teardown(a_full_disk_leaves_nothing, clean, clean),
        cmocka_unit_test_setup_teardown(files_of_others_are_never_removed, clean, clean),
        cmocka_unit_test_setup_teardown(a_finished_folder_is_kept_when_its_name_is_taken, clean, clean),
        cmocka_unit_test_setup_teardown(a_value_that_breaks_at_the_second_reading_ends_the_run, clean, clean),
        cmocka_unit_test(counts_that_differ_from_the_file_are_a_defect),
        cmocka_unit_test_setup_teardown(a_table_too_wide_for_a_sheet_is_refused, clean, clean),
        cmocka_unit_test_setup_teardown(a_long_table_continues_on_a_second_sheet, clean, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
