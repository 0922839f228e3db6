/* The report as its readers meet it: the words at the top, sums that close or say that they do not, nothing of a source
 * as markup. */
#include "folder.h"
#include "report_cases.h"
#include <jansson.h>

static buf made(case_kind kind, const char *file)
{
    const char *why = "";
    report_case *c = report_case_new(kind);
    assert_non_null(c);
    folder_remove("report_out");
    assert_true(os_make_folder("report_out", &why));
    assert_int_equal(report_write(&c->in, "report_out"), ST_OK);
    buf text = file_text("report_out", file);
    folder_remove("report_out");
    report_case_free(c);
    return text;
}

static void assert_says(case_kind kind, const char *file, const char *text)
{
    buf b = made(kind, file);
    if (!strstr(b.p, text)) fail_msg("%s does not say: %s", file, text);
    buf_free(&b);
}

static void assert_silent(case_kind kind, const char *file, const char *text)
{
    buf b = made(kind, file);
    if (strstr(b.p, text)) fail_msg("%s says: %s", file, text);
    buf_free(&b);
}

static void verdict_begins_with_numbers_and_closes_the_count(void **state)
{
    (void)state;
    static const char words[] =
        "4 practice locations, 22 patients and 30 appointments are ready for Salesforce (Data Loader). "
        "No row was rejected or unreadable, no value was held back. "
        "The counts add up: every row is accounted for.";
    assert_says(CASE_SMALL, "report.html", words);
    assert_says(CASE_SMALL, "report.json", "appointments are ready for Salesforce (Data Loader).\"");
    assert_says(CASE_SMALL, "report.json", "\"state\": \"ready\"");
}

static void rows_that_need_a_look_are_named_and_numbered(void **state)
{
    (void)state;
    assert_says(CASE_LOOK, "report.html",
                "205 rows need a look (200 rejected, 5 unreadable). 64 values were held back. "
                "7 values were changed to a form that the destination takes.");
    assert_says(CASE_LOOK, "report.json", "\"state\": \"lost\"");
    assert_says(CASE_LOOK, "report.html", "Rows could not be read: see to it before you load");
    assert_says(CASE_LOOK, "report.html", "Before you load, take a new backup and convert that");
    assert_says(CASE_HOSTILE, "report.json", "\"state\": \"look\"");
    assert_says(CASE_LOOK, "report.html", "The system was in use while the backup was made.");
}

static void many_destinations_share_a_sentence_only_when_it_is_true_of_all(void **state)
{
    (void)state;
    assert_says(CASE_LARGE, "report.html", " are ready for Salesforce (Data Loader).</p>\n<p>212,387 patients, ");
    assert_silent(CASE_LARGE, "report.html", "ready for Salesforce (Data Loader), Zoho");
}

static void destinations_with_the_same_records_share_a_sentence(void **state)
{
    (void)state;
    const char *why = "";
    report_case *c = report_case_new(CASE_EMPTY);
    assert_non_null(c);
    static const char *const object[] = {"one/Contact", "two/Person"};
    for (size_t i = 0; i < 2; i++) {
        size_t line = ledger_line_of(c->counts, LEDGER_OBJECT, sv_from(object[i]), SV_LIT("patient"));
        ledger_add(c->counts, line, COUNT_MAPPED, 1);
        ledger_add(c->counts, line, COUNT_WRITTEN, 1);
        c->file[i][0] = (report_file){SV_LIT("x.csv"), sv_from(object[i]), 1, 9, SV_LIT("")};
        c->to[i] = (report_destination){.file = c->file[i], .files = 1};
    }
    c->to[0].id = c->to[0].title = SV_LIT("one");
    c->to[1].id = c->to[1].title = SV_LIT("two");
    c->in.destinations = 2;
    folder_remove("report_shared");
    assert_true(os_make_folder("report_shared", &why));
    assert_int_equal(report_write(&c->in, "report_shared"), ST_OK);
    buf text = file_text("report_shared", "report.html");
    assert_non_null(strstr(text.p, "<p>1 patient is ready for one and two. "));
    buf_free(&text);
    folder_remove("report_shared");
    report_case_free(c);
}

static void line_that_does_not_add_up_says_so(void **state)
{
    (void)state;
    assert_says(CASE_OPEN, "report.html", "22 decoded, but 19 mapped + 1 skipped + 0 rejected make 20");
    assert_says(CASE_OPEN, "report.html", "19 written, but its files hold 18");
    assert_says(CASE_OPEN, "report.html", "2 of 3 lines of the count do not add up.");
    assert_says(CASE_OPEN, "report.html", "Do not load any of these files.");
    assert_says(CASE_OPEN, "report.json", "\"state\": \"stop\"");
    assert_silent(CASE_OPEN, "report.html", "are ready for");
}

static void line_that_adds_up_says_its_sum(void **state)
{
    (void)state;
    assert_says(CASE_LOOK, "report.json", "\"sum\": \"12,403 decoded = 12,302 mapped + 101 skipped + 0 rejected\"");
    assert_silent(CASE_LOOK, "report.html", "does not add up");
}

static void nothing_read_is_no_failure_of_the_report(void **state)
{
    (void)state;
    assert_says(CASE_EMPTY, "report.html", "0 records: no destination was asked for.");
    assert_says(CASE_EMPTY, "report.html", "There is nothing to load.");
    assert_says(CASE_EMPTY, "report.html", "None: there is nothing to tell");
}

static void names_of_the_source_are_never_markup(void **state)
{
    (void)state;
    assert_silent(CASE_HOSTILE, "report.html", "<script");
    assert_silent(CASE_HOSTILE, "report.html", "<img");
    assert_silent(CASE_HOSTILE, "report.html", "\x1B");
    assert_silent(CASE_HOSTILE, "report.html", "\xE2\x80\xAE");
    assert_says(CASE_HOSTILE, "report.html",
                "&lt;script&gt;alert(1)&lt;/script&gt;&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;"
                "\\x01\\x1B[31m\\x7F\\u{202E}txet\\x85\xEF\xBF\xBD");
    assert_says(CASE_HOSTILE, "report.html", "dbo.a\\x00b");
}

static void places_of_findings_name_files_not_folders(void **state)
{
    (void)state;
    assert_silent(CASE_LARGE, "report.html", "/somewhere");
    assert_silent(CASE_LARGE, "report.json", "/somewhere");
    assert_says(CASE_LARGE, "report.json", "hospital.bak");
}

static void same_place_is_told_once_and_the_rest_is_counted(void **state)
{
    (void)state;
    assert_says(CASE_LOOK, "report.json", "\"places_not_listed\": 187");
    assert_says(CASE_LOOK, "report.html", "and 187 more</li>");
}

static void long_lists_end_and_say_how_much_they_leave_out(void **state)
{
    (void)state;
    assert_says(CASE_LARGE, "report.html", "And 2,500 further tables, no larger or of unknown size.");
    assert_says(CASE_LARGE, "report.json", "\"tables\": 3000");
}

static void long_text_is_cut_between_characters(void **state)
{
    (void)state;
    const char *why = "";
    static char name[9001];
    for (size_t i = 0; i < 9000; i += 3) memcpy(name + i, "\xE2\x82\xAC", 3);
    report_case *c = report_case_new(CASE_SMALL);
    assert_non_null(c);
    c->unread[0].name = (sv){name, 9000};
    folder_remove("report_long");
    assert_true(os_make_folder("report_long", &why));
    assert_int_equal(report_write(&c->in, "report_long"), ST_OK);
    buf text = file_text("report_long", "report.html");
    assert_null(strstr(text.p, "\xEF\xBF\xBD"));
    assert_non_null(strstr(text.p, "\xE2\x82\xAC\xE2\x80\xA6</span></th>"));
    buf_free(&text);
    folder_remove("report_long");
    report_case_free(c);
}

static void same_facts_give_the_same_bytes(void **state)
{
    (void)state;
    const char *why = "";
    for (int kind = 0; kind < CASE_KINDS; kind++) {
        static const char *const folder[] = {"report_first", "report_second"};
        for (size_t i = 0; i < 2; i++) {
            report_case *c = report_case_new((case_kind)kind);
            assert_non_null(c);
            folder_remove(folder[i]);
            assert_true(os_make_folder(folder[i], &why));
            assert_int_equal(report_write(&c->in, folder[i]), ST_OK);
            report_case_free(c);
        }
        folders_equal(folder[0], folder[1]);
        folder_remove(folder[0]);
        folder_remove(folder[1]);
    }
}

static void order_in_which_findings_came_does_not_show(void **state)
{
    (void)state;
    const char *why = "";
    static const char *const folder[] = {"report_forth", "report_back"};
    for (int back = 0; back < 2; back++) {
        report_case *c = report_case_new(CASE_SMALL);
        assert_non_null(c);
        for (int i = 0; i < 12; i++) {
            static const char *const table[] = {"dbo.b", "dbo.a", "dbo.c"};
            int at = back ? 11 - i : i;
            finding x = FINDING_OF(at % 2 ? F_DEL_TOO_LONG : F_OUT_ROWS_MORE);
            x.table = sv_from(table[at % 3]);
            x.column = sv_from(at < 6 ? "First" : "Last");
            find_add(c->found, &x);
        }
        folder_remove(folder[back]);
        assert_true(os_make_folder(folder[back], &why));
        assert_int_equal(report_write(&c->in, folder[back]), ST_OK);
        report_case_free(c);
    }
    folders_equal(folder[0], folder[1]);
    folder_remove(folder[0]);
    folder_remove(folder[1]);
}

static void report_that_is_there_already_is_not_overwritten(void **state)
{
    (void)state;
    const char *why = "";
    report_case *c = report_case_new(CASE_SMALL);
    assert_non_null(c);
    folder_remove("report_twice");
    assert_true(os_make_folder("report_twice", &why));
    assert_int_equal(report_write(&c->in, "report_twice"), ST_OK);
    assert_int_equal(report_write(&c->in, "report_twice"), ST_FATAL);
    assert_int_equal(findings_count(c->found, F_OUT_CREATE_FAILED), 1);
    assert_int_equal(report_write(&c->in, "report_twice/nowhere"), ST_FATAL);
    assert_int_equal(findings_count(c->found, F_OUT_CREATE_FAILED), 2);
    folder_remove("report_twice");
    report_case_free(c);
}

static size_t allocations_left;

static void *ending_malloc(size_t n) { return allocations_left && allocations_left-- ? malloc(n) : NULL; }

/* However far it came: an error and a finding, or the whole report. */
static void model_that_finds_no_memory_is_an_error(void **state)
{
    (void)state;
    const char *why = "";
    json_malloc_t old_malloc;
    json_free_t old_free;
    json_get_alloc_funcs(&old_malloc, &old_free);
    status s = ST_FATAL;
    size_t tried = 0;
    for (; s != ST_OK && tried < 2000; tried++) {
        report_case *c = report_case_new(CASE_OPEN);
        assert_non_null(c);
        folder_remove("report_memory");
        assert_true(os_make_folder("report_memory", &why));
        allocations_left = tried * 3;
        json_set_alloc_funcs(ending_malloc, free);
        s = report_write(&c->in, "report_memory");
        json_set_alloc_funcs(old_malloc, old_free);
        assert_int_equal(findings_count(c->found, F_OUT_OF_MEMORY), s == ST_OK ? 0 : 1);
        report_case_free(c);
    }
    assert_int_equal(s, ST_OK);
    assert_true(tried > 50);
    folder_remove("report_memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict_begins_with_numbers_and_closes_the_count),
        cmocka_unit_test(rows_that_need_a_look_are_named_and_numbered),
        cmocka_unit_test(many_destinations_share_a_sentence_only_when_it_is_true_of_all),
        cmocka_unit_test(destinations_with_the_same_records_share_a_sentence),
        cmocka_unit_test(line_that_does_not_add_up_says_so),
        cmocka_unit_test(line_that_adds_up_says_its_sum),
        cmocka_unit_test(nothing_read_is_no_failure_of_the_report),
        cmocka_unit_test(names_of_the_source_are_never_markup),
        cmocka_unit_test(places_of_findings_name_files_not_folders),
        cmocka_unit_test(same_place_is_told_once_and_the_rest_is_counted),
        cmocka_unit_test(long_lists_end_and_say_how_much_they_leave_out),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(same_facts_give_the_same_bytes),
        cmocka_unit_test(order_in_which_findings_came_does_not_show),
        cmocka_unit_test(report_that_is_there_already_is_not_overwritten),
        cmocka_unit_test(model_that_finds_no_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
