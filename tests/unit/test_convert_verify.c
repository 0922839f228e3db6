/* The manifest of a run, the balance by counting its files, and the check of a finished run. */
#include "convert/convert.h"
#include "convert/manifest.h"
#include "convert/run_folder.h"
#include "deliver/promise.h"
#include "folder.h"

#define OUT "convert_verify.tmp"
#define RUN OUT "/Run"

typedef struct fixture {
    arena *mem;
    findings *found;
    ledger *counts;
    report_input facts;
    report_file file[1];
    report_destination destination[1];
    promised_column column[2];
    promised_file promise[1];
    manifest_file *files;
    size_t n;
} fixture;

static void replace_file(const char *path, const char *text)
{
    assert_true(os_remove(path));
    file_put(path, text);
}

static void fill_ledger(fixture *x)
{
    size_t line = ledger_line_of(x->counts, LEDGER_OBJECT, SV_LIT("crm/Contact"), SV_LIT("patient"));
    ledger_add(x->counts, line, COUNT_MAPPED, 3);
    ledger_add(x->counts, line, COUNT_WRITTEN, 2);
    ledger_add(x->counts, line, COUNT_REJECTED, 1);
    ledger_add(x->counts, line, COUNT_HELD_BACK, 1);
}

static void list_files(fixture *x, const char *folder)
{
    x->n = 0; /* as they are now */
    assert_true(manifest_files(folder, &x->facts, x->mem, &x->files, &x->n, x->found));
}

/* A run with one file of two rows, one of them over two lines, one rejected row and one value held back. */
static run_folder *begin_run(fixture *x)
{
    const char *why;
    run_folder *r = run_folder_new(OUT, SV_LIT("Run"), x->found);
    assert_non_null(r);
    assert_true(os_make_folder(OUT "/Run.partial/crm", &why) && os_make_folder(OUT "/Run.partial/rejects", &why));
    file_put(OUT "/Run.partial/crm/01.csv", "Key,Note\r\n1,\"a\nb\"\r\n2,\r\n");
    file_put(OUT "/Run.partial/rejects/crm_01.csv", "key,code,reason\r\n3,DEL-801,x\r\n");
    file_put(OUT "/Run.partial/exceptions.csv", "entity,value\r\ncrm/Contact,x\r\n");
    file_put(OUT "/Run.partial/report.html", "<html>");
    x->file[0] = (report_file){.path = SV_LIT("crm/01.csv"), .object = SV_LIT("crm/Contact"), .rows = 2};
    if (!x->column[0].heading.n) x->column[0].heading = SV_LIT("Key");
    if (!x->column[1].heading.n) x->column[1].heading = SV_LIT("Note");
    x->promise[0] = (promised_file){.stem = SV_LIT("01"), .delimiter = ',', .column = x->column, .columns = 2};
    x->destination[0] =
        (report_destination){.id = SV_LIT("crm"), .promise = x->promise, .promises = 1, .file = x->file, .files = 1};
    x->facts = (report_input){.version = SV_LIT("1"),
                              .source = {.database = SV_LIT("D\xFF"), .set = 1},
                              .destination = x->destination,
                              .destinations = 1,
                              .counts = x->counts,
                              .found = x->found};
    list_files(x, OUT "/Run.partial");
    for (size_t i = 0; i < x->n; i++) {
        if (!sv_eq(x->files[i].path, x->file[0].path)) continue;
        x->file[0].bytes = x->files[i].bytes;
        x->file[0].sha256 = sv_from(x->files[i].sha256);
    }
    return r;
}

static void finish_run(fixture *x, run_folder *r)
{
    buf text = buf_new(1 << 20);
    sv path;
    assert_true(manifest_text(&x->facts, x->files, x->n, &text));
    assert_true(run_folder_finish(r, buf_view(&text), x->mem, &path));
    buf_free(&text);
    run_folder_free(r);
}

static int start(void **state)
{
    fixture *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->mem = arena_new(0);
    x->found = findings_new();
    x->counts = ledger_new();
    if (os_exists(OUT)) folder_remove(OUT);
    fill_ledger(x);
    *state = x;
    return 0;
}

static int with_run(void **state)
{
    (void)start(state);
    fixture *x = *state;
    finish_run(x, begin_run(x));
    return 0;
}

static int end(void **state)
{
    fixture *x = *state;
    ledger_free(x->counts);
    arena_free(x->mem);
    findings_free(x->found);
    free(x);
    if (os_exists(OUT)) folder_remove(OUT);
    return 0;
}

static void refused(fixture *x, const char *folder, finding_code code)
{
    assert_false(convert_verify(folder, x->found));
    if (!findings_count(x->found, code)) fail_msg("no finding %s", finding_text_of(code)->id);
}

static void a_run_as_it_was_written_is_accepted(void **state)
{
    fixture *x = *state;
    assert_true(convert_verify(RUN, x->found));
    assert_true(convert_verify(RUN "/", x->found));
    assert_int_equal(findings_kinds(x->found), 0);
}

static void files_are_counted_and_sorted(void **state)
{
    fixture *x = *state;
    assert_int_equal(x->n, 4);
    assert_string_equal(x->files[0].path.p, "crm/01.csv");
    assert_int_equal(x->files[0].rows, 2);
    assert_true(sv_eq(x->files[0].object, SV_LIT("crm/Contact")));
    assert_string_equal(x->files[3].path.p, "report.html");
    assert_false(x->files[3].csv);
    assert_true(manifest_balanced(&x->facts, x->files, x->n, x->found));
}

/* The file is `Key,Note` with "1,a\\nb" and "2," below it. */
static void holds(fixture *x, promised_column key, promised_column note, bool good)
{
    if (os_exists(OUT)) folder_remove(OUT);
    x->column[0] = key;
    x->column[1] = note;
    finish_run(x, begin_run(x));
    if (good)
        assert_true(convert_verify(RUN, x->found));
    else
        refused(x, RUN, F_DEL_VERIFY_CELL);
}

static bool told(const fixture *x, const char *part)
{
    for (size_t i = 0; i < findings_kinds(x->found); i++) {
        const finding_kind *k = findings_kind(x->found, i);
        for (size_t n = 0; k->code == F_DEL_VERIFY_CELL && n < k->kept; n++)
            if (sv_eq(k->item[n].a, sv_from(part))) return true;
    }
    return false;
}

static void cells_are_as_long_as_was_promised(void **state)
{
    fixture *x = *state;
    const promised_column any = {.characters = 0};
    holds(x, any, (promised_column){.characters = 3}, true);
    holds(x, any, (promised_column){.characters = 2}, false);
    assert_true(told(x, "1 cells of the column Note, the first in row 2: too long"));
}

static void required_cells_have_a_value(void **state)
{
    fixture *x = *state;
    holds(x, (promised_column){.required = true}, (promised_column){.characters = 0}, true);
    holds(x, (promised_column){.required = true}, (promised_column){.required = true}, false);
    assert_true(told(x, "1 cells of the column Note, the first in row 3: empty, but required"));
}

static void numbers_and_dates_have_their_form(void **state)
{
    fixture *x = *state;
    const promised_column any = {.characters = 0};
    holds(x, (promised_column){.number = true, .digits = 1}, any, true);
    holds(x, (promised_column){.number = true, .digits = 2, .behind = 2}, any, false);
    holds(x, any, (promised_column){.number = true, .digits = 9}, false);
    holds(x, (promised_column){.form = SV_LIT("D")}, any, true);
    holds(x, (promised_column){.form = SV_LIT("YYYY-MM-DD"), .form_local = SV_LIT("D")}, any, true);
    holds(x, (promised_column){.form = SV_LIT("YYYY-MM-DD")}, any, false);
    assert_true(told(x, "2 cells of the column Key, the first in row 2: no date of the form that was "
                        "agreed on"));
}

static void other_headings_are_seen(void **state)
{
    fixture *x = *state;
    folder_remove(OUT);
    x->column[1].heading = SV_LIT("Notes");
    finish_run(x, begin_run(x));
    refused(x, RUN, F_DEL_VERIFY_CHANGED);
}

static void an_unfinished_run_is_refused(void **state)
{
    fixture *x = *state;
    const char *why;
    assert_true(os_rename(RUN, RUN ".partial", &why));
    refused(x, RUN ".partial", F_DEL_VERIFY_PARTIAL);
    assert_false(convert_verify(RUN ".partial/", x->found));
}

static void a_folder_without_manifest_is_refused(void **state)
{
    fixture *x = *state;
    assert_true(os_remove(RUN "/manifest.json"));
    refused(x, RUN, F_DEL_VERIFY_NO_MANIFEST);
    refused(x, OUT "/absent", F_DEL_VERIFY_NO_MANIFEST);
}

/* As a run leaves it that is killed while it writes the manifest, if someone then renames the folder. */
static void a_manifest_cut_off_anywhere_is_refused(void **state)
{
    fixture *x = *state;
    buf whole = file_text(RUN, "manifest.json");
    for (size_t n = 0; n + 2 < whole.n; n += 7) {
        char *part = calloc(1, n + 1);
        assert_non_null(part);
        memcpy(part, whole.p, n);
        replace_file(RUN "/manifest.json", part);
        free(part);
        refused(x, RUN, F_DEL_VERIFY_NO_MANIFEST);
    }
    replace_file(RUN "/manifest.json", whole.p);
    assert_true(convert_verify(RUN, x->found));
    replace_file(RUN "/manifest.json", "{}");
    refused(x, RUN, F_DEL_VERIFY_NO_MANIFEST);
    buf_free(&whole);
}

static void a_missing_file_is_refused(void **state)
{
    fixture *x = *state;
    assert_true(os_remove(RUN "/crm/01.csv"));
    refused(x, RUN, F_DEL_VERIFY_MISSING);
}

static void an_extra_file_is_refused(void **state)
{
    fixture *x = *state;
    file_put(RUN "/crm/02.csv", "");
    refused(x, RUN, F_DEL_VERIFY_EXTRA);
}

static void a_changed_byte_is_refused(void **state)
{
    fixture *x = *state;
    replace_file(RUN "/crm/01.csv", "Key,Note\r\n1,\"a\nb\"\r\n3,\r\n");
    refused(x, RUN, F_DEL_VERIFY_CHANGED);
}

/* The manifest's own numbers, changed together with what they tell. */
static void counts_that_do_not_add_up_are_refused(void **state)
{
    fixture *x = *state;
    buf text = file_text(RUN, "manifest.json");
    char *at = strstr(text.p, "\"written\": 2");
    assert_non_null(at);
    at[11] = '1';
    replace_file(RUN "/manifest.json", text.p);
    refused(x, RUN, F_DEL_VERIFY_COUNTS);
    buf_free(&text);
}

static void paths_of_a_manifest_lead_nowhere_else(void **state)
{
    fixture *x = *state;
    buf text = file_text(RUN, "manifest.json");
    char *at = strstr(text.p, "report.html");
    assert_non_null(at);
    memcpy(at, "/etc/passwd", 11);
    replace_file(RUN "/manifest.json", text.p);
    refused(x, RUN, F_DEL_VERIFY_MISSING);
    buf_free(&text);
}

static void unbalanced(fixture *x)
{
    list_files(x, OUT "/Run.partial");
    assert_false(manifest_balanced(&x->facts, x->files, x->n, x->found));
    assert_true(findings_count(x->found, F_DEL_UNBALANCED) > 0);
}

static void a_row_too_few_in_a_file_is_no_balance(void **state)
{
    fixture *x = *state;
    run_folder *r = begin_run(x);
    replace_file(OUT "/Run.partial/crm/01.csv", "Key,Note\r\n1,\"a\nb\"\r\n");
    unbalanced(x);
    run_folder_free(r);
}

static void a_row_too_many_in_the_rejects_is_no_balance(void **state)
{
    fixture *x = *state;
    run_folder *r = begin_run(x);
    replace_file(OUT "/Run.partial/rejects/crm_01.csv", "key,code,reason\r\n3,x,x\r\n4,x,x\r\n");
    unbalanced(x);
    run_folder_free(r);
}

static void an_unlisted_exception_is_no_balance(void **state)
{
    fixture *x = *state;
    run_folder *r = begin_run(x);
    assert_true(os_remove(OUT "/Run.partial/exceptions.csv"));
    unbalanced(x);
    run_folder_free(r);
}

static void a_file_beyond_the_limits_is_told(void **state)
{
    fixture *x = *state;
    run_folder *r = begin_run(x);
    x->destination[0].rows_per_file = 1;
    x->destination[0].bytes_per_file = 10;
    finish_run(x, r);
    assert_false(convert_verify(RUN, x->found));
    assert_int_equal(findings_count(x->found, F_DEL_VERIFY_LIMIT), 2);
}

int main(void)
{
#define TEST(f)   cmocka_unit_test_setup_teardown(f, with_run, end)
#define BEFORE(f) cmocka_unit_test_setup_teardown(f, start, end)
    const struct CMUnitTest tests[] = {
        TEST(a_run_as_it_was_written_is_accepted),
        TEST(cells_are_as_long_as_was_promised),
        TEST(required_cells_have_a_value),
        TEST(numbers_and_dates_have_their_form),
        TEST(other_headings_are_seen),
        TEST(files_are_counted_and_sorted),
        TEST(an_unfinished_run_is_refused),
        TEST(a_folder_without_manifest_is_refused),
        TEST(a_manifest_cut_off_anywhere_is_refused),
        TEST(a_missing_file_is_refused),
        TEST(an_extra_file_is_refused),
        TEST(a_changed_byte_is_refused),
        TEST(counts_that_do_not_add_up_are_refused),
        TEST(paths_of_a_manifest_lead_nowhere_else),
        BEFORE(a_file_beyond_the_limits_is_told),
        BEFORE(a_row_too_few_in_a_file_is_no_balance),
        BEFORE(a_row_too_many_in_the_rejects_is_no_balance),
        BEFORE(an_unlisted_exception_is_no_balance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
