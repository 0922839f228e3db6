/* A destination written from staged records: order, links, rules, files, rejects, counts. */
#include "chart/chart.h"
#include "deliver/deliver.h"
#include "schema/emitters.h"
#include "template_files.h"
#include <sqlite3.h>

#define RUN "deliver_bundle.tmp"

typedef struct fixture {
    arena *mem;
    problems wrong;
    findings *found;
    ledger *counts;
    rejects *out;
    sqlite3 *db;
    const delivered_file *file;
    size_t files;
    bool dry;
    unsigned cancel_after;
} fixture;

static void sql(fixture *x, const char *text)
{
    char *why = NULL;
    if (sqlite3_exec(x->db, text, NULL, NULL, &why) != SQLITE_OK) fail_msg("%s: %s", text, why);
}

/* As profile_stage makes it. */
static void stage(fixture *x, const char *entity)
{
    const model_entity *e = model_entity_named(sv_from(entity));
    assert_non_null(e);
    buf b = buf_new(65536);
    buf_printf(&b, "CREATE TABLE \"%s\" (source_key TEXT PRIMARY KEY, src_table, src_key", entity);
    for (size_t i = 0; i < e->fields; i++) buf_printf(&b, ", \"%s\"", e->field[i].name);
    buf_add(&b, ")", 2);
    assert_false(b.failed);
    sql(x, b.p);
    buf_free(&b);
}

static int start(void **state)
{
    fixture *x = calloc(1, sizeof *x);
    const char *why = "";
    assert_non_null(x);
    x->mem = arena_new(0);
    x->wrong.mem = x->mem;
    x->found = findings_new();
    x->counts = ledger_new();
    assert_int_equal(sqlite3_open(":memory:", &x->db), SQLITE_OK);
    template_write_all();
    if (os_exists(RUN)) folder_remove(RUN);
    assert_true(os_make_folder(RUN, &why));
    x->out = rejects_new(RUN, x->found);
    stage(x, "practice_location");
    stage(x, "patient");
    stage(x, "appointment");
    sql(x, "INSERT INTO practice_location (source_key, src_table, src_key, name) VALUES ('X-LOC-1', 'dbo.l', '1', "
           "'Main')");
    *state = x;
    return 0;
}

static int end(void **state)
{
    fixture *x = *state;
    rejects_free(x->out);
    ledger_free(x->counts);
    findings_free(x->found);
    arena_free(x->mem);
    sqlite3_close(x->db);
    free(x);
    folder_remove(TEMPLATE_ROOM);
    if (os_exists(RUN)) folder_remove(RUN);
    return 0;
}

static bool stop(void *ctx)
{
    fixture *x = ctx;
    return x->cancel_after && --x->cancel_after == 0;
}

static status run(fixture *x)
{
    const destination *d = destination_load(TEMPLATE_FOLDER, x->mem, &x->wrong);
    if (!d) {
        buf b = buf_new(1 << 16);
        problems_text(&x->wrong, &b);
        fail_msg("%.*s", (int)b.n, b.p);
    }
    deliver_run r = {.work = x->db,
                     .folder = RUN,
                     .counts = x->counts,
                     .found = x->found,
                     .out = x->out,
                     .dry = x->dry,
                     .system = SV_LIT("X"),
                     .mem = x->mem,
                     .cancelled = stop,
                     .ctx = x};
    r.emitter = schema_emitters(&r.emitters);
    delivery *to = delivery_begin(d, &r);
    status s = to ? delivery_finish(to) : ST_FATAL;
    if (s == ST_OK) s = delivery_clear(to);
    if (s == ST_OK) s = delivery_files(to, &x->file, &x->files);
    delivery_free(to);
    const rejects_file *list = NULL;
    size_t n = 0;
    if (s == ST_OK) assert_int_equal(rejects_finish(x->out, &list, &n), ST_OK);
    return s;
}

static void expect(const char *name, const char *text)
{
    buf b = file_text(RUN, name);
    assert_string_equal(b.p, text);
    buf_free(&b);
}

static uint64_t count(const fixture *x, const char *label, ledger_count what)
{
    size_t line = ledger_line_of(x->counts, LEDGER_OBJECT, sv_from(label), SV_LIT(""));
    return ledger_at(x->counts, line)->count[what];
}

#define CONTACT_HEAD "Key__c,LastName,Name__c,Birthdate,Sex__c,AccountId,Source__c,Chart__c\r\n"
#define PATIENT                                                                                                        \
    "INSERT INTO patient (source_key, src_table, src_key, last, first, birth_date, sex, location, chart_number) "      \
    "VALUES "

static void records_become_rows_in_the_order_of_their_keys(void **state)
{
    fixture *x = *state;
    sql(x, PATIENT "('X-PAT-2', 'dbo.p', '2', 'Bo', 'Al', '2001-02-03', 'female', '1', 'C7'),"
                   "('X-PAT-10', 'dbo.p', '10', 'Ames', NULL, NULL, NULL, NULL, NULL)");
    assert_int_equal(run(x), ST_OK);
    expect("crm/02_Contact.csv", CONTACT_HEAD "X-PAT-10,Ames,Ames,,,,Old system,none\r\n"
                                              "X-PAT-2,Bo,Al-Bo,02/03/2001,F,X-LOC-1,Old system,C7\r\n");
    assert_int_equal(count(x, "crm/Contact", COUNT_WRITTEN), 2);
    assert_int_equal(findings_count(x->found, F_DEL_DEFAULT_USED), 1);
    assert_true(ledger_balanced(x->counts, x->found));
}

static void charts_that_a_destination_does_not_take_are_told(void **state)
{
    fixture *x = *state;
    const destination *d = destination_load(TEMPLATE_FOLDER, x->mem, &x->wrong);
    const deliver_run r = {.work = x->db,
                           .folder = RUN,
                           .counts = x->counts,
                           .found = x->found,
                           .out = x->out,
                           .system = SV_LIT("X"),
                           .chart_table = SV_LIT("dbo.Perio"),
                           .mem = x->mem};
    const exam_chart chart = {.exam = SV_LIT("1")};
    delivery *to = delivery_begin(d, &r);
    assert_int_equal(delivery_chart(to, &chart), ST_OK);
    assert_int_equal(delivery_finish(to), ST_OK);
    delivery_free(to);
    assert_int_equal(findings_count(x->found, F_DEL_CHARTS_ABSENT), 1);
}

static void files_come_in_the_order_of_loading_with_maps_behind(void **state)
{
    fixture *x = *state;
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', 'Bo', NULL, NULL, NULL, NULL, NULL)");
    sql(x, "INSERT INTO appointment (source_key, src_table, src_key, patient, start_at) VALUES"
           "('X-APT-1', 'dbo.a', '1', '1', '2020-01-02 09:30:00')");
    assert_int_equal(run(x), ST_OK);
    static const char *const expected[] = {"crm/01_Account.csv",
                                           "crm/02_Contact.csv",
                                           "crm/03_Event.csv",
                                           "crm/01_Account.sdl",
                                           "crm/02_Contact.sdl",
                                           "crm/03_Event.sdl",
                                           "crm/data-loader/process-conf.xml"};
    assert_int_equal(x->files, 7);
    for (size_t i = 0; i < 7; i++) assert_true(sv_eq(x->file[i].path, sv_from(expected[i])));
    assert_int_equal(x->file[0].rows, 1);
    assert_true(sv_eq(x->file[0].object, SV_LIT("crm/Account")));
    assert_int_equal(strlen(x->file[0].sha256), 64);
    expect("crm/03_Event.sdl", "Key__c=Key__c\nStartDateTime=StartDateTime\nWhoId=Who\\:Contact-Key__c\n");
}

static void an_object_without_rows_has_no_file_and_no_map(void **state)
{
    fixture *x = *state;
    assert_int_equal(run(x), ST_OK);
    assert_int_equal(x->files, 3);
    assert_true(sv_eq(x->file[0].path, SV_LIT("crm/01_Account.csv")));
    assert_true(sv_eq(x->file[1].path, SV_LIT("crm/01_Account.sdl")));
    assert_false(os_exists(RUN "/crm/02_Contact.csv"));
    assert_int_not_equal(ledger_line_of(x->counts, LEDGER_OBJECT, SV_LIT("crm/Contact"), SV_LIT("patient")), SIZE_MAX);
    assert_true(ledger_balanced(x->counts, x->found));
}

static void cells_are_quoted_where_needed_and_line_ends_are_line_feeds(void **state)
{
    fixture *x = *state;
    sql(x, PATIENT
        "('X-PAT-1', 'dbo.p', '1', 'a,\"b\"', 'c' || char(13, 10) || 'd' || char(13) || 'e', NULL, NULL, NULL, ' z')");
    assert_int_equal(run(x), ST_OK);
    expect("crm/02_Contact.csv",
           CONTACT_HEAD "X-PAT-1,\"a,\"\"b\"\"\",\"c\nd\ne-a,\"\"b\"\"\",,,,Old system,\" z\"\r\n");
}

static void a_required_field_without_value_rejects_the_row(void **state)
{
    fixture *x = *state;
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', NULL, 'Al', NULL, 'male', NULL, NULL)");
    assert_int_equal(run(x), ST_OK);
    assert_false(os_exists(RUN "/crm/02_Contact.csv"));
    buf b = file_text(RUN, "rejects/crm_02_Contact.csv");
    assert_non_null(strstr(b.p, "source_key,src_table,src_key,chart_number,"));
    assert_non_null(strstr(b.p, ",code,reason\r\nX-PAT-1,dbo.p,1,"));
    assert_non_null(strstr(b.p, ",DEL-801,LastName of crm/Contact has no value."));
    buf_free(&b);
    assert_int_equal(count(x, "crm/Contact", COUNT_MAPPED), 1);
    assert_int_equal(count(x, "crm/Contact", COUNT_REJECTED), 1);
    assert_int_equal(findings_count(x->found, F_DEL_REQUIRED_EMPTY), 1);
    assert_true(ledger_balanced(x->counts, x->found));
}

static void a_rejected_row_lists_no_exceptions(void **state)
{
    fixture *x = *state;
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', NULL, 'Al', '1500-01-01', 'other', '9', NULL)");
    assert_int_equal(run(x), ST_OK);
    assert_false(os_exists(RUN "/exceptions.csv"));
    assert_int_equal(count(x, "crm/Contact", COUNT_HELD_BACK), 0);
}

static void values_that_do_not_fit_are_held_back_with_their_original(void **state)
{
    fixture *x = *state;
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', 'Bo', NULL, '1699-12-31', 'other', '9', 'c')");
    assert_int_equal(run(x), ST_OK);
    expect("crm/02_Contact.csv", CONTACT_HEAD "X-PAT-1,Bo,Bo,,,,Old system,c\r\n");
    buf b = file_text(RUN, "exceptions.csv");
    assert_non_null(strstr(b.p, "crm/Contact,dbo.p,1,Birthdate,1699-12-31,DEL-805,"));
    assert_non_null(strstr(b.p, "crm/Contact,dbo.p,1,Sex__c,other,DEL-803,"));
    assert_non_null(strstr(b.p, "crm/Contact,dbo.p,1,AccountId,9,DEL-804,"));
    buf_free(&b);
    assert_int_equal(count(x, "crm/Contact", COUNT_HELD_BACK), 3);
    assert_int_equal(findings_count(x->found, F_DEL_DATE_OUTSIDE), 1);
    assert_int_equal(findings_count(x->found, F_DEL_VALUE_UNKNOWN), 1);
    assert_int_equal(findings_count(x->found, F_DEL_LINK_MISSING), 1);
}

static void findings_hold_no_values(void **state)
{
    fixture *x = *state;
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', 'Canaryname', NULL, '1699-12-31', 'canarysex', '9', 'c')");
    assert_int_equal(run(x), ST_OK);
    for (size_t i = 0; i < findings_kinds(x->found); i++) {
        const finding_kind *k = findings_kind(x->found, i);
        for (size_t n = 0; n < k->kept; n++) {
            buf b = buf_new(65536);
            finding_render(&b, finding_text_of(k->code)->happened, &k->item[n], 1);
            buf_char(&b, '\0');
            assert_null(strstr(b.p, "anary"));
            assert_null(strstr(b.p, "1699"));
            buf_free(&b);
        }
    }
}

/* LastName takes 10. A tooth (U+1F9B7) counts as two, as in Salesforce; it is not cut in half. */
static void long_texts_are_cut_between_characters(void **state)
{
    fixture *x = *state;
    sql(x, PATIENT
        "('X-PAT-1', 'dbo.p', '1', '1234567890', NULL, NULL, NULL, NULL, 'c'),"
        "('X-PAT-2', 'dbo.p', '2', '12345678901', NULL, NULL, NULL, NULL, 'c'),"
        "('X-PAT-3', 'dbo.p', '3', '123456789' || char(129463), NULL, NULL, NULL, NULL, 'c'),"
        "('X-PAT-4', 'dbo.p', '4', '12345678' || char(129463), NULL, NULL, NULL, NULL, 'c'),"
        "('X-PAT-5', 'dbo.p', '5', '\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC', "
        "NULL, NULL, NULL, NULL, 'c')");
    assert_int_equal(run(x), ST_OK);
    buf b = file_text(RUN, "crm/02_Contact.csv");
    assert_non_null(strstr(b.p, "X-PAT-1,1234567890,"));
    assert_non_null(strstr(b.p, "X-PAT-2,1234567890,"));
    assert_non_null(strstr(b.p, "X-PAT-3,123456789,"));
    assert_non_null(strstr(b.p, "X-PAT-4,12345678\xF0\x9F\xA6\xB7,"));
    assert_non_null(
        strstr(b.p, "X-PAT-5,\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC,"));
    buf_free(&b);
    assert_int_equal(findings_count(x->found, F_DEL_TOO_LONG), 2);
    assert_int_equal(count(x, "crm/Contact", COUNT_HELD_BACK), 2);
}

static void a_record_whose_parent_was_rejected_goes_with_it(void **state)
{
    fixture *x = *state;
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', 'Bo', NULL, NULL, NULL, NULL, 'c'),"
                   "('X-PAT-2', 'dbo.p', '2', NULL, NULL, NULL, NULL, NULL, 'c')");
    sql(x, "INSERT INTO appointment (source_key, src_table, src_key, patient, start_at) VALUES"
           "('X-APT-1', 'dbo.a', '1', '1', '2024-03-10 02:30:00'),"
           "('X-APT-2', 'dbo.a', '2', '2', '2024-03-10 02:30:00'),"
           "('X-APT-3', 'dbo.a', '3', '77', '2024-03-10 02:30:00')");
    assert_int_equal(run(x), ST_OK);
    expect("crm/03_Event.csv", "Key__c,StartDateTime,WhoId\r\nX-APT-1,2024-03-10T02:30:00,X-PAT-1\r\n");
    assert_int_equal(count(x, "crm/Event", COUNT_REJECTED), 2);
    assert_int_equal(rejects_rows(x->out), 3);
}

static void rows_outside_the_scope_are_skipped(void **state)
{
    fixture *x = *state;
    template_change("contact.yaml", "fields:", "when: {sex: [female, male]}\nfields:");
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', 'Bo', NULL, NULL, 'male', NULL, 'c'),"
                   "('X-PAT-2', 'dbo.p', '2', 'By', NULL, NULL, 'other', NULL, 'c'),"
                   "('X-PAT-3', 'dbo.p', '3', 'By', NULL, NULL, NULL, NULL, 'c')");
    assert_int_equal(run(x), ST_OK);
    expect("crm/02_Contact.csv", CONTACT_HEAD "X-PAT-1,Bo,Bo,,M,,Old system,c\r\n");
    assert_int_equal(count(x, "crm/Contact", COUNT_SKIPPED), 2);
    assert_true(ledger_balanced(x->counts, x->found));
}

static void a_field_can_depend_on_another(void **state)
{
    fixture *x = *state;
    template_change("contact.yaml", "{const: Old system}", "{const: Ms, when: {sex: female}}");
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', 'Bo', NULL, NULL, 'female', NULL, 'c'),"
                   "('X-PAT-2', 'dbo.p', '2', 'By', NULL, NULL, 'male', NULL, 'c')");
    assert_int_equal(run(x), ST_OK);
    expect("crm/02_Contact.csv", CONTACT_HEAD "X-PAT-1,Bo,Bo,,F,,Ms,c\r\nX-PAT-2,By,By,,M,,,c\r\n");
}

static void files_are_split_at_their_limits(void **state)
{
    fixture *x = *state;
    template_change("destination.yaml", "limits: {", "limits: {rows_per_file: 2, ");
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', 'A', NULL, NULL, NULL, NULL, 'c'),"
                   "('X-PAT-2', 'dbo.p', '2', 'B', NULL, NULL, NULL, NULL, 'c'),"
                   "('X-PAT-3', 'dbo.p', '3', 'C', NULL, NULL, NULL, NULL, 'c')");
    assert_int_equal(run(x), ST_OK);
    expect("crm/02_Contact_2.csv", CONTACT_HEAD "X-PAT-3,C,C,,,,Old system,c\r\n");
    assert_int_equal(x->file[1].rows, 2);
    assert_int_equal(x->file[2].rows, 1);
    assert_true(sv_eq(x->file[2].object, SV_LIT("crm/Contact")));
}

static void a_file_that_would_grow_too_large_is_split(void **state)
{
    fixture *x = *state;
    template_change("destination.yaml", "limits: {", "limits: {bytes_per_file: 130, ");
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', 'A', NULL, NULL, NULL, NULL, 'c'),"
                   "('X-PAT-2', 'dbo.p', '2', 'B', NULL, NULL, NULL, NULL, 'c'),"
                   "('X-PAT-3', 'dbo.p', '3', 'C', NULL, NULL, NULL, NULL, 'c')");
    assert_int_equal(run(x), ST_OK);
    for (size_t i = 1; i < x->files; i++) assert_true(!x->file[i].object.n || x->file[i].bytes <= 130);
    assert_true(os_exists(RUN "/crm/02_Contact_2.csv"));
}

static void rows_longer_than_the_loader_takes_are_rejected(void **state)
{
    fixture *x = *state;
    template_change("destination.yaml", "limits: {", "limits: {characters_per_row: 60, ");
    sql(x, PATIENT
        "('X-PAT-1', 'dbo.p', '1', 'A', NULL, NULL, NULL, NULL, 'c'),"
        "('X-PAT-2', 'dbo.p', '2', 'B', 'a first name that makes the whole row longer', NULL, NULL, NULL, 'c')");
    assert_int_equal(run(x), ST_OK);
    assert_int_equal(count(x, "crm/Contact", COUNT_WRITTEN), 1);
    assert_int_equal(findings_count(x->found, F_DEL_ROW_TOO_LONG), 1);
}

static void newline_delimiter_and_bom_are_the_template_s(void **state)
{
    fixture *x = *state;
    template_change("destination.yaml", "newline: crlf,", "newline: lf, delimiter: semicolon, bom: true,");
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', 'a;b', 'c', NULL, NULL, NULL, 'd')");
    assert_int_equal(run(x), ST_OK);
    expect("crm/02_Contact.csv", "\xEF\xBB\xBFKey__c;LastName;Name__c;Birthdate;Sex__c;AccountId;Source__c;Chart__c\n"
                                 "X-PAT-1;\"a;b\";\"c-a;b\";;;;Old system;d\n");
}

static void an_entity_that_was_not_staged_has_no_file(void **state)
{
    fixture *x = *state;
    sql(x, "DROP TABLE practice_location");
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', 'Bo', NULL, NULL, NULL, '1', 'c')");
    assert_int_equal(run(x), ST_OK);
    assert_false(os_exists(RUN "/crm/01_Account.csv"));
    assert_false(os_exists(RUN "/crm/01_Account.sdl"));
    assert_int_equal(findings_count(x->found, F_DEL_ENTITY_ABSENT), 1);
    assert_int_equal(count(x, "crm/Contact", COUNT_HELD_BACK), 1);
}

static void a_dry_run_counts_the_same_and_writes_nothing(void **state)
{
    fixture *x = *state;
    rejects_free(x->out);
    x->out = rejects_new(NULL, x->found);
    x->dry = true;
    sql(x, PATIENT "('X-PAT-1', 'dbo.p', '1', 'Bo', NULL, '1500-01-01', NULL, NULL, 'c'),"
                   "('X-PAT-2', 'dbo.p', '2', NULL, NULL, NULL, NULL, NULL, 'c')");
    assert_int_equal(run(x), ST_OK);
    folder_list l;
    folder_names(RUN, &l);
    assert_int_equal(l.n, 0);
    assert_int_equal(x->files, 0);
    assert_int_equal(count(x, "crm/Contact", COUNT_WRITTEN), 1);
    assert_int_equal(rejects_rows(x->out), 1);
    assert_int_equal(rejects_values(x->out), 1);
}

static void the_work_file_is_left_as_it_was(void **state)
{
    fixture *x = *state;
    assert_int_equal(run(x), ST_OK);
    sqlite3_stmt *st = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(x->db, "SELECT count(*) FROM sqlite_master WHERE name LIKE 'written%'", -1, &st, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(st, 0), 0);
    sqlite3_finalize(st);
}

static void a_cancelled_delivery_says_so(void **state)
{
    fixture *x = *state;
    x->cancel_after = 2;
    assert_int_equal(run(x), ST_END);
}

static void a_broken_work_file_is_a_finding(void **state)
{
    fixture *x = *state;
    sql(x, "DROP TABLE patient");
    sql(x, "CREATE TABLE patient (source_key)");
    assert_int_equal(run(x), ST_FATAL);
    assert_int_equal(findings_count(x->found, F_DEL_WORK_FAILED), 1);
}

static void a_folder_that_is_there_already_is_a_finding(void **state)
{
    fixture *x = *state;
    const char *why;
    assert_true(os_make_folder(RUN "/crm", &why));
    assert_int_equal(run(x), ST_FATAL);
    assert_int_equal(findings_count(x->found, F_OUT_CREATE_FAILED), 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
    const struct CMUnitTest tests[] = {
        TEST(records_become_rows_in_the_order_of_their_keys),
        TEST(charts_that_a_destination_does_not_take_are_told),
        TEST(files_come_in_the_order_of_loading_with_maps_behind),
        TEST(cells_are_quoted_where_needed_and_line_ends_are_line_feeds),
        TEST(an_object_without_rows_has_no_file_and_no_map),
        TEST(a_required_field_without_value_rejects_the_row),
        TEST(a_rejected_row_lists_no_exceptions),
        TEST(values_that_do_not_fit_are_held_back_with_their_original),
        TEST(findings_hold_no_values),
        TEST(long_texts_are_cut_between_characters),
        TEST(a_record_whose_parent_was_rejected_goes_with_it),
        TEST(rows_outside_the_scope_are_skipped),
        TEST(a_field_can_depend_on_another),
        TEST(files_are_split_at_their_limits),
        TEST(a_file_that_would_grow_too_large_is_split),
        TEST(rows_longer_than_the_loader_takes_are_rejected),
        TEST(newline_delimiter_and_bom_are_the_template_s),
        TEST(an_entity_that_was_not_staged_has_no_file),
        TEST(a_dry_run_counts_the_same_and_writes_nothing),
        TEST(the_work_file_is_left_as_it_was),
        TEST(a_cancelled_delivery_says_so),
        TEST(a_broken_work_file_is_a_finding),
        TEST(a_folder_that_is_there_already_is_a_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
