/* What the files of a source are: hashed beside the run; one that is gone meanwhile is told, and a run that ends waits for
 * none. */
#include "convert/source_files.h"
#include "folder.h"

#define OUT "source_files.tmp"

/* Whether the run is stopped; ctx: before how many more pieces it is not. */
static bool after(void *ctx)
{
    size_t *pieces = ctx;
    return (*pieces)-- == 0;
}

static void files_are_named_measured_and_hashed(void **state)
{
    (void)state;
    static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const char *why = "";
    arena *mem = arena_new(0);
    findings *f = findings_new();
    folder_remove(OUT);
    assert_true(os_make_folder(OUT, &why));
    file_put(OUT "/first.bak", "abc");
    byte_source *second = byte_source_memory("abc", 3, "some/folder/second.csv");
    const source_given given[] = {{OUT "/first.bak", NULL}, {NULL, second}};
    const report_source_file *file = NULL;
    size_t n = 0, pieces = SIZE_MAX;
    source_files *x = source_files_begin(given, 2);
    assert_non_null(x);
    assert_int_equal(source_files_wait(x, after, &pieces, mem, f, &file, &n), ST_OK);
    assert_int_equal(n, 2);
    assert_true(sv_eq(file[0].name, SV_LIT("first.bak")) && sv_eq(file[1].name, SV_LIT("second.csv")));
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(file[i].bytes, 3);
        assert_true(sv_eq(file[i].sha256, sv_from(abc)));
    }
    assert_int_equal(findings_kinds(f), 0);
    source_files_free(x);
    byte_source_close(second);
    folder_remove(OUT);
    findings_free(f);
    arena_free(mem);
}

static void a_file_that_is_gone_is_told(void **state)
{
    (void)state;
    arena *mem = arena_new(0);
    findings *f = findings_new();
    const source_given given[] = {{OUT "/gone.bak", NULL}};
    const report_source_file *file = NULL;
    size_t n = 0, pieces = SIZE_MAX;
    source_files *x = source_files_begin(given, 1);
    assert_int_equal(source_files_wait(x, after, &pieces, mem, f, &file, &n), ST_OK);
    assert_int_equal(file[0].sha256.n, 0);
    assert_int_equal(findings_count(f, F_SOURCE_NOT_HASHED), 1);
    source_files_free(x);
    findings_free(f);
    arena_free(mem);
}

static void a_run_that_ends_early_waits_for_no_hash(void **state)
{
    (void)state;
    static char large[1 << 22];
    byte_source *b = byte_source_memory(large, sizeof large, "large.bak");
    source_given given[1000];
    for (size_t i = 0; i < 1000; i++) given[i] = (source_given){NULL, b};
    source_files_free(source_files_begin(given, 1000)); /* 4 GB: a test that waits for them fails by its time */
    byte_source_close(b);
    source_files_free(NULL);
}

static void waiting_ends_when_the_run_is_stopped(void **state)
{
    (void)state;
    static char large[1 << 22];
    arena *mem = arena_new(0);
    findings *f = findings_new();
    byte_source *b = byte_source_memory(large, sizeof large, "large.bak");
    source_given given[1000];
    const report_source_file *file = NULL;
    size_t n = 0, pieces = 3;
    for (size_t i = 0; i < 1000; i++) given[i] = (source_given){NULL, b};
    source_files *x = source_files_begin(given, 1000);
    assert_int_equal(source_files_wait(x, after, &pieces, mem, f, &file, &n), ST_END);
    assert_null(file);
    assert_int_equal(findings_kinds(f), 0);
    source_files_free(x);
    byte_source_close(b);
    findings_free(f);
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_named_measured_and_hashed),
        cmocka_unit_test(a_file_that_is_gone_is_told),
        cmocka_unit_test(a_run_that_ends_early_waits_for_no_hash),
        cmocka_unit_test(waiting_ends_when_the_run_is_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
