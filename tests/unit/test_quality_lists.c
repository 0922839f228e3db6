/* The lists of quality/: what passes by while staging and folding, and what is counted over the work file. */
#include "convert/quality_lists.h"
#include "folder.h"
#include "staged_tables.h"

#define ROOM "quality_lists.tmp"

typedef struct fixture {
    findings *found;
    sqlite3 *db;
    quality_lists *lists;
    const rejects_file *file;
    size_t files;
} fixture;

static int start(void **state)
{
    fixture *x = calloc(1, sizeof *x);
    const char *why = "";
    if (os_exists(ROOM)) folder_remove(ROOM);
    assert_true(os_make_folder(ROOM, &why));
    x->found = findings_new();
    assert_int_equal(sqlite3_open(":memory:", &x->db), SQLITE_OK);
    x->lists = quality_lists_new(ROOM, x->found);
    assert_non_null(x->lists);
    *state = x;
    return 0;
}

static int end(void **state)
{
    fixture *x = *state;
    quality_lists_free(x->lists);
    sqlite3_close(x->db);
    findings_free(x->found);
    free(x);
    folder_remove(ROOM);
    return 0;
}

static const quality_facts *finish(fixture *x)
{
    assert_int_equal(quality_lists_links(x->lists, x->db, NULL, false), ST_OK);
    assert_int_equal(quality_lists_finish(x->lists, x->db, &x->file, &x->files), ST_OK);
    return quality_lists_facts(x->lists);
}

static void expect(const char *name, const char *text)
{
    buf b = file_text(ROOM "/quality", name);
    assert_string_equal(b.p, text);
    buf_free(&b);
}

static void pairs_that_may_be_one_person_are_listed_with_the_one_to_stay(void **state)
{
    fixture *x = *state;
    stage_table(x->db, "patient");
    stage_sql(
        x->db,
        "INSERT INTO patient (source_key, src_table, src_key, last, first, birth_date, phone_home, email, city) VALUES "
        "('P-1', 't', '1', 'Abernathy', 'Margaret', '1950-01-02', '+13605550142', 'm@b.com', 'Kent'), "
        "('P-2', 't', '2', 'Abernathy', 'Margaret', '1950-01-02', '+13605550142', 'm@b.com', 'Kent'), "
        "('P-3', 't', '3', 'Okafor', 'Chidi', '1971-11-20', NULL, NULL, NULL)");
    const quality_facts *f = finish(x);
    assert_int_equal(f->duplicate_groups, 1);
    assert_int_equal(f->duplicate_records, 2);
    buf b = file_text(ROOM "/quality", "duplicates.csv");
    assert_non_null(strstr(b.p, "group,level,score,evidence,source_key,name,birth_date,other_source_key,other_name,"
                                "other_birth_date,primary,decision\r\n1,certain,"));
    assert_non_null(
        strstr(b.p, ",P-1,\"Abernathy, Margaret\",1950-01-02,P-2,\"Abernathy, Margaret\",1950-01-02,P-1,\r\n"));
    assert_non_null(strstr(b.p, "same date of birth"));
    assert_null(strstr(b.p, "Okafor"));
    assert_int_equal(findings_count(x->found, F_QUA_DUPLICATE), 1);
    assert_int_equal(findings_count(x->found, F_QUA_DUPLICATE_POSSIBLE), 0);
    buf_free(&b);
}

static void links_of_guarantors_that_are_circles_are_taken_off_and_listed(void **state)
{
    fixture *x = *state;
    stage_sql(x->db, "PRAGMA journal_mode = OFF"); /* as the work file has it: nothing can be taken back */
    stage_table(x->db, "patient");
    stage_table(x->db, "guarantor");
    stage_sql(
        x->db,
        "INSERT INTO patient (source_key, src_table, src_key, last, guarantor) VALUES ('P-1', 't', '1', 'A', '9'), "
        "('P-2', 't', '2', 'B', '8'), ('P-3', 't', '3', 'C', '7')");
    stage_sql(
        x->db,
        "INSERT INTO guarantor (source_key, src_table, src_key, last, is_patient) VALUES ('G-9', 't', '9', 'A', '1'), "
        "('G-8', 't', '8', 'C', '3'), ('G-7', 't', '7', 'B', '2')");
    const quality_facts *f = finish(x);
    buf b = file_text(ROOM "/quality", "guarantors.csv");
    assert_non_null(strstr(b.p, "P-1,1,9,self,1\r\n"));
    assert_non_null(strstr(b.p, ",circle,2\r\n"));
    buf_free(&b);
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_prepare_v2(x->db, "SELECT count(guarantor) FROM patient", -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(st, 0), 1); /* of the two in the circle one stays */
    sqlite3_finalize(st);
    assert_int_equal(findings_count(x->found, F_QUA_GUARANTOR_SELF), 1);
    assert_int_equal(findings_count(x->found, F_QUA_GUARANTOR_CIRCLE), 1);
    for (size_t i = 0; i < f->fields; i++)
        if (strcmp(f->field[i].field->name, "guarantor") == 0) assert_int_equal(f->field[i].kept, 1);
}

/* The patient's record stays, where people are kept once; a number that it has as another phone is not lost. */
static void what_only_the_account_says_of_a_patient_is_listed(void **state)
{
    fixture *x = *state;
    stage_table(x->db, "patient");
    stage_table(x->db, "guarantor");
    stage_sql(x->db,
              "INSERT INTO patient (source_key, src_table, src_key, last, city, phone_home, phone_mobile) VALUES "
              "('P-1', 't', '1', 'A', 'Kent', '+13605550142', '+13605550143'), "
              "('P-2', 't', '2', 'B', NULL, NULL, NULL), ('P-3', 't', '3', 'C', 'Kent', NULL, NULL)");
    stage_sql(
        x->db,
        "INSERT INTO guarantor (source_key, src_table, src_key, last, city, phone_home, billing_type, is_patient) "
        "VALUES ('G-9', 'g', '9', 'A', 'Kent', '+13605550143', 'Family', '1'), "
        "('G-8', 'g', '8', 'B', 'Renton', '+13605550199', NULL, '2'), "
        "('G-7', 'g', '7', 'Z', 'Auburn', '+13605550100', NULL, NULL)");
    const quality_facts *f = finish(x);
    assert_int_equal(f->accounts_differ, 2);
    assert_int_equal(findings_count(x->found, F_QUA_ACCOUNT_DIFFERS), 2);
    expect("account_values.csv", "source_key,src_table,src_key,patient,field,account_value,patient_value\r\n"
                                 "G-8,g,8,P-2,phone_home,+13605550199,\r\nG-8,g,8,P-2,city,Renton,\r\n");
}

static void dates_that_could_not_be_read_are_listed(void **state)
{
    fixture *x = *state;
    const model_entity *patient = model_entity_named(SV_LIT("patient"));
    const model_entity *exam = model_entity_named(SV_LIT("clinical_exam"));
    profile_reject r = {.entity = patient,
                        .src_table = SV_LIT("dbo.P"),
                        .src_key = SV_LIT("7"),
                        .code = "NRM-901",
                        .field = SV_LIT("birth_date"),
                        .held_back = true,
                        .value = SV_LIT("03/04/2019, or so")};
    assert_int_equal(quality_reject(x->lists, &r), ST_OK);
    r.entity = exam;
    r.field = SV_LIT("exam_at");
    r.held_back = false;
    assert_int_equal(quality_reject(x->lists, &r), ST_OK);
    r.entity = patient;
    r.field = SV_LIT("email");
    r.held_back = true;
    assert_int_equal(quality_reject(x->lists, &r), ST_OK);
    r.field = (sv){NULL, 0};
    r.held_back = false;
    assert_int_equal(quality_reject(x->lists, &r), ST_OK);
    const quality_facts *f = finish(x);
    assert_int_equal(f->malformed_dates, 2);
    assert_int_equal(f->fields, 2);
    assert_int_equal(f->field[0].held_back, 1);
    expect("malformed_dates.csv", "entity,src_table,src_key,field,value,outcome,code\r\n"
                                  "patient,dbo.P,7,birth_date,\"03/04/2019, or so\",held back,NRM-901\r\n"
                                  "clinical_exam,dbo.P,7,exam_at,\"03/04/2019, or so\",row left out,NRM-901\r\n");
}

static void charts_leave_their_custom_fields_and_assumptions(void **state)
{
    fixture *x = *state;
    const chart_custom custom[2] = {{SV_LIT("Creep"), SV_LIT("1"), T_INT}, {SV_LIT("Frenum"), SV_LIT("x"), T_TEXT}};
    const chart_tooth mouth[2] = {{.custom = custom, .customs = 2}, {.custom = custom, .customs = 1}};
    const exam_chart chart[2] = {
        {.exam = SV_LIT("5"), .tooth = mouth, .teeth = 2, .numbering = TOOTH_UNIVERSAL},
        {.exam = SV_LIT("6"), .tooth = mouth, .teeth = 2, .numbering = TOOTH_FDI, .numbering_assumed = true}};
    chart_reject reject = {
        .exam = SV_LIT("6"), .src_key = SV_LIT("901"), .code = F_CHART_TOOTH_INVALID, .value = SV_LIT("99")};
    const chart_reject exam = {.exam = SV_LIT("8"), .code = F_CHART_NUMBERING_MIXED, .whole_exam = true};
    for (size_t i = 0; i < 2; i++) assert_int_equal(quality_chart(x->lists, &chart[i]), ST_OK);
    assert_int_equal(quality_chart_reject(x->lists, &reject), ST_OK);
    assert_int_equal(quality_chart_reject(x->lists, &exam), ST_OK);
    reject.code = F_CHART_DEPTH_RANGE;
    assert_int_equal(quality_chart_reject(x->lists, &reject), ST_OK);
    const quality_facts *f = finish(x);
    assert_int_equal(f->exams, 2);
    assert_int_equal(f->exams_assumed, 1);
    assert_int_equal(f->ambiguous_teeth, 1);
    assert_int_equal(f->exams_left_out, 1);
    expect("numbering_assumed.csv", "exam,numbering\r\n6,fdi\r\n");
    expect("ambiguous_teeth.csv", "exam,src_key,column,value,outcome,code\r\n6,901,,99,row left out,CHT-1001\r\n"
                                  "8,,,,row left out,CHT-1003\r\n");
    expect("custom_fields.csv", "entity,name,type,records,distinct,more\r\ncustom_finding,Creep,number,4,1,0\r\n"
                                "custom_finding,Frenum,text,2,1,0\r\n");
}

static void what_is_left_behind_is_listed_by_table_and_column(void **state)
{
    fixture *x = *state;
    const quality_left left[] = {{SV_LIT("dbo.B"), {NULL, 0}, 12, -1, false, {NULL, 0}},
                                 {SV_LIT("dbo.A"), SV_LIT("z"), 7, 3, true, {NULL, 0}},
                                 {SV_LIT("dbo.A"), SV_LIT("c"), -1, -1, false, SV_LIT("leave")}};
    for (size_t i = 0; i < 3; i++) assert_int_equal(quality_add_left(x->lists, &left[i]), ST_OK);
    (void)finish(x);
    expect("left_behind.csv",
           "table,column,rows,filled,carried,why\r\ndbo.A,c,,,0,leave\r\ndbo.A,z,7,3,1,\r\ndbo.B,,12,,0,\r\n");
    for (size_t i = 0; i < x->files; i++)
        if (sv_eq(x->file[i].path, SV_LIT("quality/left_behind.csv"))) assert_int_equal(x->file[i].rows, 3);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
    const struct CMUnitTest tests[] = {
        TEST(pairs_that_may_be_one_person_are_listed_with_the_one_to_stay),
        TEST(links_of_guarantors_that_are_circles_are_taken_off_and_listed),
        TEST(what_only_the_account_says_of_a_patient_is_listed),
        TEST(dates_that_could_not_be_read_are_listed),
        TEST(charts_leave_their_custom_fields_and_assumptions),
        TEST(what_is_left_behind_is_listed_by_table_and_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
