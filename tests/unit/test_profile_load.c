/* Reading a profile: every mistake in one go, each with its place; the fingerprint. */
#include "profile_files.h"

#define AT "test_profile_folder/profile.yaml:"

static void every_mistake_is_told_with_its_place(void **state)
{
    fixture *x = *state;
    assert_null(load(
        x, "title: T\nsystem: tt\ncolour: red\ndetect:\n  tables: {}\nentities:\n  patiens: {from: a, sql: b.sql}\n"
           "  patient: {sql: ../x.sql, form: dbo.people}\n  provider: {from: d.a, sql: absent.sql, many: maybe}\n"
           "chart: {shape: round, table: t, exam: e}\n"));
    assert_wrong(x, AT
                 "2:9: \"system\" must be 1 to 8 capital letters or digits: every source key begins with it\n" AT
                 "3:1: unknown key \"colour\" in a profile\n" AT
                 "5:11: the fingerprint names no table: it would fit every database\n" AT
                 "7:3: the model has no entity \"patiens\"; did you mean \"patient\"?\n" AT
                 "7:19: a driving table is named with its schema, such as \"dbo.patient\"\n" AT
                 "7:27: b.sql cannot be read: No such file or directory\n" AT
                 "8:12: an entity lacks the key \"from\"\n" AT "8:18: \"sql\" must name a file beside profile.yaml\n" AT
                 "8:28: unknown key \"form\" in an entity; did you mean \"from\"?\n" AT
                 "9:30: absent.sql cannot be read: No such file or directory\n" AT "9:48: must be true or false\n" AT
                 "10:8: a chart belongs to exams, and the profile does not give the entity clinical_exam\n" AT
                 "10:16: the shape of a chart is wide_exam, tooth_row, tooth_measure, site_row or packed\n");
}

static void missing_keys_and_wrong_kinds_are_told(void **state)
{
    fixture *x = *state;
    assert_null(load(x, "title: [a]\ndetect:\n  tables:\n    dbo.t: id\n    dbo.u: [[a]]\nentities: {}\nschema: 2\n"));
    assert_wrong(x, AT "1:1: a profile lacks the key \"system\"\n" AT "1:8: \"title\" in a profile must be a text\n" AT
                       "4:12: the columns of a table must be a list\n" AT "5:13: a column must be a name\n" AT
                       "6:11: the profile gives no entity\n" AT
                       "7:9: this program reads profiles of schema 1, not 2: see CHANGELOG.md\n");
}

static void a_profile_that_is_not_there_is_told(void **state)
{
    fixture *x = *state;
    assert_null(profile_load("test_profile_nowhere/x", x->mem, &x->wrong));
    assert_wrong(x, "x/profile.yaml: cannot be read: No such file or directory\n");
}

static void a_select_must_be_a_text_file_beside_the_profile(void **state)
{
    fixture *x = *state;
    write_file("bytes.sql", "SELECT '\xFF' AS src_key");
    assert_null(load(x, HEAD "entities:\n  patient: {from: dbo.people, sql: bytes.sql}\n"
                             "  provider: {from: dbo.people, sql: ..}\n"));
    assert_wrong(x, AT "7:36: bytes.sql cannot be used: it is not UTF-8 text\n" AT
                       "8:37: \"sql\" must name a file beside profile.yaml\n");
}

static void what_a_record_cannot_be_without_must_be_given(void **state)
{
    fixture *x = *state;
    write_file("a.sql", "SELECT 1 AS src_key");
    assert_null(load(x, HEAD "entities:\n  appointment: {from: dbo.visits, sql: a.sql}\n"));
    assert_wrong(x, AT "7:23: appointment cannot be without patient, and the profile does not give that entity\n");
}

static void driving_tables_may_be_several(void **state)
{
    fixture *x = *state;
    write_file("a.sql", "SELECT 1 AS src_key");
    const profile *p = load(x, HEAD "entities:\n  provider: {from: [dbo.doctor, dbo.nurse], sql: a.sql, many: true}\n");
    assert_non_null(p);
    const profile_entity *e = profile_entity_at(p, 0);
    assert_int_equal(profile_entities(p), 1);
    assert_int_equal(e->drivings, 2);
    assert_true(sv_eq(e->driving[1], SV_LIT("dbo.nurse")));
    assert_true(sv_eq(e->driving_table, SV_LIT("dbo.doctor, dbo.nurse")));
    assert_true(sv_eq(e->sql, SV_LIT("SELECT 1 AS src_key")));
    assert_true(e->many);
    assert_true(sv_eq(profile_id(p), SV_LIT(PROFILE_FOLDER)));
    assert_true(sv_eq(profile_title(p), SV_LIT("T")));
    assert_true(sv_eq(profile_system(p), SV_LIT("TT")));
    assert_null(p->chart);
}

static void wrong_lists_of_driving_tables_are_told(void **state)
{
    fixture *x = *state;
    write_file("a.sql", "SELECT 1 AS src_key");
    assert_null(load(x, HEAD "entities:\n  provider: {from: [], sql: a.sql}\n"
                             "  patient: {from: [dbo.a, [b], .c], sql: a.sql}\n"));
    assert_wrong(x, AT "7:20: \"from\" names no table\n" AT "8:27: a driving table must be a name\n" AT
                       "8:32: a driving table is named with its schema, such as \"dbo.patient\"\n");
}

static void options_have_names_and_texts(void **state)
{
    fixture *x = *state;
    write_file("a.sql", "SELECT 1 AS src_key");
    assert_null(load(x, HEAD "entities:\n  patient: {from: dbo.people, sql: a.sql}\noptions: {First: 1, b: [2]}\n"));
    assert_wrong(x, AT "8:11: the name of an option has small letters, digits and _\n" AT
                       "8:24: an option must be a text\n");
}

#define EXAM                                                                                                           \
    HEAD "entities:\n  patient: {from: dbo.people, sql: a.sql}\n  clinical_exam: {from: dbo.exams, sql: a.sql}\n"

static void a_chart_is_checked_by_its_shape(void **state)
{
    fixture *x = *state;
    write_file("a.sql", "SELECT 1 AS src_key");
    assert_null(load(x, EXAM "chart:\n  shape: tooth_measur\n  table: m\n  exam: e\n"));
    assert_wrong(x,
                 AT "10:10: the shape of a chart is wide_exam, tooth_row, tooth_measure, site_row or packed; did you "
                    "mean \"tooth_measure\"?\n");
    x->wrong.n = 0;
    assert_null(load(x, EXAM
                     "chart:\n  shape: tooth_measure\n  table: m\n  exam: e\n  tooth: t\n  columns: {}\n"
                     "  measure: {column: c, vales: {}}\n  sites: {MB: a, XX: b, L: [c]}\n  not_measured: [{}]\n"));
    assert_wrong(x, AT "14:12: a chart of shape tooth_measure has no \"columns\"\n" AT
                       "15:12: \"measure\" lacks the key \"values\"\n" AT
                       "15:24: unknown key \"vales\" in \"measure\"; did you mean \"values\"?\n" AT
                       "16:18: a tooth has the sites MB, B, DB, ML, L and DL, not \"XX\"\n" AT
                       "16:28: a column must be a text\n" AT "17:18: a value must be a text\n");
}

static void a_good_chart_is_kept(void **state)
{
    fixture *x = *state;
    write_file("a.sql", "SELECT 1 AS src_key");
    const profile *p =
        load(x, EXAM "chart:\n  shape: tooth_measure\n  table: dbo.measure\n  exam: exam_id\n  tooth: t\n"
                     "  measure: {column: c, values: {4: probing_depth}}\n  sites: {MB: a, B: b}\n"
                     "  not_measured: [-1]\n");
    assert_non_null(p);
    const profile_chart *c = p->chart;
    assert_non_null(c);
    assert_true(sv_eq(c->shape, SV_LIT("tooth_measure")));
    assert_true(sv_eq(c->table, SV_LIT("dbo.measure")));
    assert_true(sv_eq(c->exam, SV_LIT("exam_id")));
    assert_non_null(yaml_get(c->declaration, "sites"));
}

/* ---- the fingerprint ---- */

static unsigned score(fixture *x, const char *detect, const char *missing)
{
    const catalog *c;
    char yaml[1000];
    buf b = buf_new(1000);
    write_file("a.sql", "SELECT 1 AS src_key");
    snprintf(yaml, sizeof yaml, "title: T\nsystem: TT\n%sentities:\n  patient: {from: dbo.people, sql: a.sql}\n",
             detect);
    const profile *p = load(x, yaml);
    assert_non_null(p);
    if (x->source.tables == 0) fake_add(&x->source, "dbo", "people", "dbo.people", 1, 10);
    x->source.base.ops->catalog(&x->source.base, &c);
    unsigned points = profile_score(p, c, &b);
    sv text = arena_sv(x->mem, (sv){b.p ? b.p : "", b.n});
    buf_free(&b);
    assert_string_equal(text.p, missing);
    return points;
}

static void a_database_that_has_everything_scores_100(void **state)
{
    fixture *x = *state;
    assert_int_equal(score(x, "detect:\n  tables:\n    DBO.People: [ID, name]\n", ""), 100);
    assert_int_equal(score(x, "detect:\n  tables:\n    people: []\n  optional:\n    people: [amount]\n", ""), 100);
}

static void what_may_be_missing_costs_a_fifth_at_most(void **state)
{
    fixture *x = *state;
    assert_int_equal(
        score(x, "detect:\n  tables: {people: [id]}\n  optional:\n    people: [amount, height]\n    pets: []\n",
              "people.height (optional), pets (optional)"),
        80 + 20 * 2 / 4);
}

static void without_what_is_required_no_score_is_enough(void **state)
{
    fixture *x = *state;
    assert_int_equal(score(x, "detect:\n  tables:\n    people: [id, name, amount, shoe_size]\n    pets: [id]\n",
                           "people.shoe_size, pets"),
                     79 * 4 / 7);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(every_mistake_is_told_with_its_place),
        T(missing_keys_and_wrong_kinds_are_told),
        T(a_profile_that_is_not_there_is_told),
        T(a_select_must_be_a_text_file_beside_the_profile),
        T(what_a_record_cannot_be_without_must_be_given),
        T(driving_tables_may_be_several),
        T(wrong_lists_of_driving_tables_are_told),
        T(options_have_names_and_texts),
        T(a_chart_is_checked_by_its_shape),
        T(a_good_chart_is_kept),
        T(a_database_that_has_everything_scores_100),
        T(what_may_be_missing_costs_a_fifth_at_most),
        T(without_what_is_required_no_score_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
