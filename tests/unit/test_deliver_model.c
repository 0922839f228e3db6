/* A destination that takes the model as it is: staged records and charts as they are, file by file. */
#include "deliver/bundle_book.h"
#include "deliver/chart_rows.h"
#include "deliver/deliver.h"
#include "folder.h"
#include "staged_tables.h"
#include <sqlite3.h>

#define ROOM   "deliver_model.tmp"
#define FOLDER ROOM "/plain"
#define RUN    ROOM "/run"

typedef struct fixture {
    arena *mem;
    problems wrong;
    findings *found;
    ledger *counts;
    rejects *out;
    sqlite3 *db;
    const destination *to;
    deliver_run run;
    const delivered_file *file;
    size_t files;
} fixture;

static int start(void **state)
{
    fixture *x = calloc(1, sizeof *x);
    const char *why = "";
    x->mem = arena_new(0);
    x->wrong.mem = x->mem;
    x->found = findings_new();
    x->counts = ledger_new();
    assert_int_equal(sqlite3_open(":memory:", &x->db), SQLITE_OK);
    if (os_exists(ROOM)) folder_remove(ROOM);
    assert_true(os_make_folder(ROOM, &why) && os_make_folder(FOLDER, &why) && os_make_folder(RUN, &why));
    file_put(FOLDER "/destination.yaml", "id: plain\ntitle: Plain\nschema: 1\nobjects: model\n");
    x->to = destination_load(FOLDER, x->mem, &x->wrong);
    assert_non_null(x->to);
    x->out = rejects_new(RUN, x->found);
    x->run = (deliver_run){.work = x->db,
                           .folder = RUN,
                           .counts = x->counts,
                           .found = x->found,
                           .out = x->out,
                           .system = SV_LIT("PP"),
                           .chart_table = SV_LIT("dbo.Perio"),
                           .mem = x->mem};
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
    folder_remove(ROOM);
    return 0;
}

static void deliver_charts(fixture *x, const exam_chart *chart, size_t n)
{
    delivery *to = delivery_begin(x->to, &x->run);
    assert_non_null(to);
    for (size_t i = 0; i < n; i++) assert_int_equal(delivery_chart(to, &chart[i]), ST_OK);
    assert_int_equal(delivery_finish(to), ST_OK);
    assert_int_equal(delivery_files(to, &x->file, &x->files), ST_OK);
    delivery_free(to);
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

static const chart_site no_site = {CHART_NONE, CHART_NONE, CHART_NONE, CHART_NONE,
                                   MARK_NONE,  MARK_NONE,  MARK_NONE,  MARK_NONE};

/* A tooth of which nothing is known but that it is there. */
static chart_tooth bare_tooth(uint8_t fdi)
{
    chart_tooth t = {.tooth = {fdi, false},
                     .mobility = CHART_NONE,
                     .keratinized = CHART_NONE,
                     .mgj = CHART_NONE,
                     .plaque_index = CHART_NONE};
    for (size_t i = 0; i < 4; i++) t.furcation[i].grade = MARK_NONE;
    for (size_t i = 0; i < SITES; i++) t.site[i] = no_site;
    return t;
}

#define TOOTH_HEAD                                                                                                     \
    "source_key,src_table,src_key,exam,fdi,supernumerary,tooth_raw,status,mobility,mobility_raw,furcation_scale,"      \
    "furcation_b_grade,furcation_b_raw,furcation_m_grade,furcation_m_raw,furcation_d_grade,furcation_d_raw,"           \
    "furcation_l_grade,furcation_l_raw,miller_recession,cairo,keratinized_width,mgj,plaque_index,note\r\n"
#define SITE_HEAD                                                                                                      \
    "source_key,src_table,src_key,tooth,site,pd,recession,cal,cal_source,bop,suppuration,plaque,calculus\r\n"
#define FINDING_HEAD "source_key,src_table,src_key,exam,tooth,name,value,type\r\n"

static void staged_records_come_as_they_are_in_the_order_of_their_keys(void **state)
{
    fixture *x = *state;
    stage_table(x->db, "recall");
    stage_sql(
        x->db,
        "INSERT INTO recall VALUES ('PP-RCL-2', 'dbo.Recall', '2', '7', 'Perio, 3 months', NULL, '2019-01-02', NULL, "
        "NULL),"
        "('PP-RCL-10', 'dbo.Recall', '10', '7', 'a' || char(13, 10) || 'b' || char(13) || '\"', '2020-02-03', NULL, "
        "'2020-01-01 08:00:00', '2020-01-02 09:30:00')");
    x->run.chart_table = (sv){NULL, 0};
    deliver_charts(x, NULL, 0);
    assert_int_equal(x->files, 1);
    expect("plain/23_recall.csv",
           "source_key,src_table,src_key,patient,type,next_date,last_date,created_at,modified_at\r\n"
           "PP-RCL-10,dbo.Recall,10,7,\"a\nb\n\"\"\",2020-02-03,,2020-01-01 08:00:00,"
           "2020-01-02 09:30:00\r\n"
           "PP-RCL-2,dbo.Recall,2,7,\"Perio, 3 months\",,2019-01-02,,\r\n");
    assert_int_equal(count(x, "plain/recall", COUNT_MAPPED), 2);
    assert_int_equal(count(x, "plain/recall", COUNT_WRITTEN), 2);
    assert_int_equal(findings_count(x->found, F_DEL_ENTITY_ABSENT), 0);
}

static void a_chart_becomes_teeth_sites_and_findings(void **state)
{
    fixture *x = *state;
    chart_tooth t[2] = {bare_tooth(16), bare_tooth(18)};
    const chart_custom custom = {SV_LIT("Frenum, pull"), SV_LIT("yes"), T_BOOL};
    t[0].raw = SV_LIT("3");
    t[0].status = TOOTH_PRESENT;
    t[0].mobility = 15;
    t[0].mobility_raw = SV_LIT("1+");
    t[0].scale = FURCATION_GLICKMAN;
    t[0].furcation[0] = (chart_furcation){2, SV_LIT("II")};
    t[0].furcation[2] = (chart_furcation){0, SV_LIT("0")};
    t[0].cairo = "RT2";
    t[0].keratinized = 25;
    t[0].note = SV_LIT("drifts \"mesially\"");
    t[0].site[SITE_MB] = (chart_site){50, -10, 40, CHART_NONE, 1, 0, MARK_NONE, 1};
    t[0].site[SITE_DL] = (chart_site){CHART_NONE, 25, CHART_NONE, 120, MARK_NONE, MARK_NONE, 0, MARK_NONE};
    t[0].custom = &custom;
    t[0].customs = 1;
    t[1].tooth.supernumerary = true;
    t[1].status = TOOTH_MISSING;
    t[1].mgj = -3276;
    const exam_chart chart = {.exam = SV_LIT("77"), .tooth = t, .teeth = 2};
    deliver_charts(x, &chart, 1);
    expect("plain/07_tooth_record.csv",
           TOOTH_HEAD "PP-TTH-77_3A16,dbo.Perio,77:16,77,16,0,3,present,1.5,1+,glickman,2,II,,,0,0,,,,RT2,2.5,,,"
                      "\"drifts \"\"mesially\"\"\"\r\n"
                      "PP-TTH-77_3A18S,dbo.Perio,77:18S,77,18,1,,missing,,,,,,,,,,,,,,,-327.6,,\r\n");
    expect("plain/08_site_measure.csv", SITE_HEAD "PP-SIT-77_3A16_3AMB,dbo.Perio,77:16:MB,77:16,MB,5,-1,4,,1,0,,1\r\n"
                                                  "PP-SIT-77_3A16_3ADL,dbo.Perio,77:16:DL,77:16,DL,,2.5,,12,,,0,\r\n");
    expect("plain/09_custom_finding.csv",
           FINDING_HEAD "PP-CUF-77_3A16_3AF.r.e.n.u.m_2C_20.p.u.l.l,dbo.Perio,\"77:16:Frenum, pull\",77,77:16,"
                        "\"Frenum, pull\",yes,bool\r\n");
    assert_int_equal(count(x, "plain/site_measure", COUNT_WRITTEN), 2);
    assert_int_equal(count(x, "plain/tooth_record", COUNT_MAPPED), 2);
    chart_totals total = {0};
    chart_count(&total, &chart);
    assert_int_equal(total.exams, 1);
    assert_int_equal(total.record[CHART_TOOTH], 2);
    assert_int_equal(total.record[CHART_SITE], 2);
    assert_int_equal(total.record[CHART_FINDING], 1);
}

static void staged_findings_stand_behind_those_of_charts(void **state)
{
    fixture *x = *state;
    stage_table(x->db, "custom_finding");
    stage_sql(x->db,
              "INSERT INTO custom_finding VALUES ('PP-CUF-5', 'dbo.Extra', '5', '77', NULL, 'Bone', '3', 'number')");
    chart_tooth t = bare_tooth(21);
    const chart_custom custom = {SV_LIT("C"), SV_LIT("x"), T_TEXT};
    t.custom = &custom;
    t.customs = 1;
    const exam_chart chart = {.exam = SV_LIT("77"), .tooth = &t, .teeth = 1};
    deliver_charts(x, &chart, 1);
    expect("plain/09_custom_finding.csv", FINDING_HEAD "PP-CUF-77_3A21_3AC,dbo.Perio,77:21:C,77,77:21,C,x,text\r\n"
                                                       "PP-CUF-5,dbo.Extra,5,77,,Bone,3,number\r\n");
    assert_int_equal(count(x, "plain/custom_finding", COUNT_WRITTEN), 2);
}

static void keys_of_chart_records_are_those_of_the_model(void **state)
{
    fixture *x = *state;
    /* As long as a key may be, one more, and far more: the first is whole, the others end in a hash. */
    static const char exam[3][100] = {
        "1234567890123456789012345678901234567890123456789", "12345678901234567890123456789012345678901234567890",
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890"};
    for (size_t i = 0; i < 3; i++) {
        chart_tooth t = bare_tooth(36);
        t.tooth.supernumerary = i == 0;
        t.site[SITE_MB].pd = 30;
        const exam_chart chart = {.exam = sv_from(exam[i]), .tooth = &t, .teeth = 1};
        deliver_charts(x, &chart, 1);
        buf sites = file_text(RUN, "plain/08_site_measure.csv"), key = buf_new(200), expected = buf_new(1000);
        buf_printf(&key, "%s:36%s:MB", exam[i], t.tooth.supernumerary ? "S" : "");
        buf_str(&expected, SITE_HEAD);
        assert_true(
            model_source_key(SV_LIT("PP"), model_entity_named(SV_LIT("site_measure")), buf_view(&key), &expected));
        assert_true(sv_starts(buf_view(&sites), buf_view(&expected)));
        assert_int_equal(sites.p[expected.n], ',');
        buf_free(&sites);
        buf_free(&key);
        buf_free(&expected);
        folder_remove(RUN "/plain");
    }
}

static void no_record_needs_one_of_a_later_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        for (size_t k = 0; k < e->fields; k++) {
            if (e->field[k].type != FIELD_REFERENCE || !e->field[k].required) continue;
            size_t at = 0;
            while (strcmp(model_entity_at(at)->name, e->field[k].target) != 0) at++;
            if (at >= i) fail_msg("%s needs %s", e->name, e->field[k].target);
        }
    }
}

/* A file that is not there shows whether it is read. */
static status workbook_of(fixture *x, const char *path, const char *object, uint64_t rows)
{
    file_put(FOLDER "/destination.yaml.new",
             "id: plain\ntitle: Plain\nschema: 1\nobjects: model\nworkbook: {file: w.xlsx, rows_per_sheet_max: 500}\n");
    assert_true(os_remove(FOLDER "/destination.yaml"));
    assert_int_equal(rename(FOLDER "/destination.yaml.new", FOLDER "/destination.yaml"), 0);
    const destination *d = destination_load(FOLDER, x->mem, &x->wrong);
    const char *why = "";
    if (!os_exists(RUN "/plain")) assert_true(os_make_folder(RUN "/plain", &why));
    const object_template *o = NULL;
    for (size_t i = 0; d && i < d->objects; i++)
        if (sv_eq(d->object[i]->name, sv_from(object))) o = d->object[i];
    assert_non_null(o);
    const delivered_file file = {.path = sv_from(path), .object = sv_from(object), .rows = rows};
    delivered_file made;
    bundle_book *w = bundle_book_begin(d, &x->run);
    assert_non_null(w);
    assert_int_equal(bundle_book_add(w, o, &file, 1), ST_OK);
    bundle_book_complete(w);
    status s = bundle_book_wait(w, &made);
    if (s == ST_OK) {
        assert_true(sv_eq(made.path, SV_LIT("plain/w.xlsx")));
        assert_true(made.bytes > 1000);
    }
    bundle_book_free(w);
    folder_remove(RUN "/plain");
    return s;
}

static void a_workbook_leaves_out_what_no_sheet_holds(void **state)
{
    fixture *x = *state;
    assert_int_equal(workbook_of(x, "plain/04_patient.csv", "plain/patient", 501), ST_OK);
    assert_int_equal(findings_count(x->found, F_DEL_SHEET_LEFT_OUT), 1);
    assert_int_equal(workbook_of(x, "plain/08_site_measure.csv", "plain/site_measure", 6), ST_OK);
    assert_int_equal(findings_count(x->found, F_OUT_WRITE_FAILED), 0);
    assert_int_equal(workbook_of(x, "plain/04_patient.csv", "plain/patient", 500), ST_FATAL);
    assert_int_equal(findings_count(x->found, F_OUT_WRITE_FAILED), 1);
}

static void a_workbook_can_be_given_up(void **state)
{
    fixture *x = *state;
    const char *why = "";
    file_put(FOLDER "/destination.yaml.new",
             "id: plain\ntitle: Plain\nschema: 1\nobjects: model\nworkbook: {file: w.xlsx, rows_per_sheet_max: 500}\n");
    assert_true(os_remove(FOLDER "/destination.yaml"));
    assert_int_equal(rename(FOLDER "/destination.yaml.new", FOLDER "/destination.yaml"), 0);
    const destination *d = destination_load(FOLDER, x->mem, &x->wrong);
    assert_true(os_make_folder(RUN "/plain", &why));
    bundle_book *w = bundle_book_begin(d, &x->run);
    assert_non_null(w);
    bundle_book_free(w);
    assert_false(os_exists(RUN "/plain/w.xlsx"));
}

static void files_of_objects_beside_it_are_refused(void **state)
{
    fixture *x = *state;
    file_put(FOLDER "/patient.yaml", "object: Patient\n");
    assert_null(destination_load(FOLDER, x->mem, &x->wrong));
    assert_int_equal(x->wrong.n, 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
    const struct CMUnitTest tests[] = {
        TEST(staged_records_come_as_they_are_in_the_order_of_their_keys),
        TEST(a_chart_becomes_teeth_sites_and_findings),
        TEST(staged_findings_stand_behind_those_of_charts),
        TEST(keys_of_chart_records_are_those_of_the_model),
        TEST(no_record_needs_one_of_a_later_file),
        TEST(a_workbook_leaves_out_what_no_sheet_holds),
        TEST(a_workbook_can_be_given_up),
        TEST(files_of_objects_beside_it_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
