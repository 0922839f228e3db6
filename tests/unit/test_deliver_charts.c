/* Charts on their way into a bundle: exams with their chart as text, teeth, sites, of which exams, in every layout. */
#include "deliver_room.h"
#include "template/template.h"

static chart_tooth tooth_with(unsigned fdi, int16_t pd)
{
    chart_tooth t = {.tooth = {(uint8_t)fdi, false},
                     .status = TOOTH_PRESENT,
                     .mobility = CHART_NONE,
                     .keratinized = CHART_NONE,
                     .mgj = CHART_NONE,
                     .plaque_index = CHART_NONE};
    for (size_t i = 0; i < 4; i++) t.furcation[i].grade = MARK_NONE;
    for (size_t i = 0; i < SITES; i++)
        t.site[i] =
            (chart_site){CHART_NONE, CHART_NONE, CHART_NONE, CHART_NONE, MARK_NONE, MARK_NONE, MARK_NONE, MARK_NONE};
    t.site[SITE_MB].pd = pd;
    t.site[SITE_MB].bop = 1;
    t.site[SITE_DL].recession = -10;
    return t;
}

static int start(void **state)
{
    if (room_start(state) != 0) return -1;
    deliver_room *x = *state;
    x->run.chart_table = SV_LIT("dbo.Perio");
    room_stage(x, "patient");
    room_stage(x, "clinical_exam");
    room_sql(x, "INSERT INTO patient (source_key, src_table, src_key, last) VALUES ('X-PAT-1', 't', '1', 'Bo'),"
                "('X-PAT-2', 't', '2', 'Cy')");
    room_sql(
        x,
        "INSERT INTO clinical_exam (source_key, src_table, src_key, patient, exam_at, bop_percent) VALUES "
        "('X-EXM-1', 'e', '1', '1', '2020-01-01 10:00:00', '10.0'), ('X-EXM-2', 'e', '2', '1', '2021-01-01 10:00:00', "
        "'20.0'), ('X-EXM-3', 'e', '3', '2', '2019-05-05 10:00:00', NULL), ('X-EXM-4', 'e', '4', '1', '2022-01-01 "
        "10:00:00', NULL)");
    return 0;
}

#define CONTACT "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nfields:\n  L: {from: last}\n"
#define EXAM                                                                                                           \
    "object: Exam\nfrom: clinical_exam\nkey: K\nfile: 02_Exam.csv\nafter: [contact]\nfields:\n"                        \
    "  Who: {from: patient, lookup: Contact.K, required: true}\n  Bop: {from: bop_percent}\n"
#define TOOTH                                                                                                          \
    "object: Tooth\nfrom: tooth_record\nkey: K\nfile: 03_Tooth.csv\nafter: [contact, exam]\nfields:\n"                 \
    "  Exam: {from: exam, lookup: Exam.K, required: true}\n  Who: {from: exam.patient, lookup: Contact.K}\n"           \
    "  Name: {from: exam.patient.last}\n  U: {from: tooth_universal}\n  Own: {from: tooth_own}\n"                      \
    "  PD: {each: site, name: 'PD_{site}', from: pd, layouts: [tooth, json]}\n"

/* Their charts, of one tooth each. */
static void give(deliver_room *x, const char *order)
{
    for (; *order; order++) {
        const char key[] = {*order, '\0'};
        const chart_tooth t = tooth_with(16, (int16_t)(10 * (*order - '0')));
        const exam_chart c = {.exam = sv_from(key), .numbering = TOOTH_UNIVERSAL, .tooth = &t, .teeth = 1};
        assert_int_equal(delivery_chart(x->to, &c), ST_OK);
    }
}

/* Exams 1, 2, 3 have charts, exam 4 has none. */
static void fold(deliver_room *x, const char *order)
{
    const char *const all[] = {"1", "2", "3"};
    for (size_t i = 0; i < 3; i++) assert_int_equal(delivery_exam(x->to, sv_from(all[i])), ST_OK);
    give(x, order);
}

static void exams_carry_their_chart_and_those_without_follow(void **state)
{
    deliver_room *x = *state;
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml", EXAM "  Chart: {from: chart_json, type: longtext}\n  N: {from: chart_numbering}\n");
    assert_true(room_begin(x));
    fold(x, "213");
    room_finish(x);
    room_expect("crm/02_Exam.csv", "K,Who,Bop,Chart,N\r\n"
                                   "X-EXM-2,X-PAT-1,20.0,\"{\"\"numbering\"\":\"\"universal\"\",\"\"sites\"\":["
                                   "\"\"MB\"\",\"\"B\"\",\"\"DB\"\",\"\"ML\"\",\"\"L\"\",\"\"DL\"\"],"
                                   "\"\"teeth\"\":[{\"\"fdi\"\":\"\"16\"\",\"\"universal\"\":\"\"3\"\",\"\"palmer\"\":"
                                   "\"\"UR6\"\",\"\"own\"\":\"\"3\"\",\"\"status\"\":\"\"present\"\","
                                   "\"\"pd\"\":[2,null,null,null,null,null],\"\"recession\"\":[null,null,null,null,"
                                   "null,-1],\"\"bop\"\":[1,null,null,null,null,null]}]}\",universal\r\n"
                                   "X-EXM-1,X-PAT-1,10.0,\"{\"\"numbering\"\":\"\"universal\"\",\"\"sites\"\":["
                                   "\"\"MB\"\",\"\"B\"\",\"\"DB\"\",\"\"ML\"\",\"\"L\"\",\"\"DL\"\"],"
                                   "\"\"teeth\"\":[{\"\"fdi\"\":\"\"16\"\",\"\"universal\"\":\"\"3\"\",\"\"palmer\"\":"
                                   "\"\"UR6\"\",\"\"own\"\":\"\"3\"\",\"\"status\"\":\"\"present\"\","
                                   "\"\"pd\"\":[1,null,null,null,null,null],\"\"recession\"\":[null,null,null,null,"
                                   "null,-1],\"\"bop\"\":[1,null,null,null,null,null]}]}\",universal\r\n"
                                   "X-EXM-3,X-PAT-2,,\"{\"\"numbering\"\":\"\"universal\"\",\"\"sites\"\":[\"\"MB\"\","
                                   "\"\"B\"\",\"\"DB\"\",\"\"ML\"\",\"\"L\"\",\"\"DL\"\"],"
                                   "\"\"teeth\"\":[{\"\"fdi\"\":\"\"16\"\",\"\"universal\"\":\"\"3\"\",\"\"palmer\"\":"
                                   "\"\"UR6\"\",\"\"own\"\":\"\"3\"\",\"\"status\"\":\"\"present\"\","
                                   "\"\"pd\"\":[3,null,null,null,null,null],\"\"recession\"\":[null,null,null,null,"
                                   "null,-1],\"\"bop\"\":[1,null,null,null,null,null]}]}\",universal\r\n"
                                   "X-EXM-4,X-PAT-1,,,\r\n");
    assert_int_equal(room_count(x, "crm/Exam", COUNT_WRITTEN), 4);
}

static void a_chart_can_be_read_as_a_table(void **state)
{
    deliver_room *x = *state;
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml", EXAM "  Chart: {from: chart_text, type: longtext}\n");
    assert_true(room_begin(x));
    fold(x, "1");
    room_finish(x);
    assert_true(room_holds("crm/02_Exam.csv", "The exam was charted in universal numbering.\n"
                                              "FDI  Uni  Pal  | PD  MB  B   DB  ML  L   DL  | REC "));
    assert_true(room_holds("crm/02_Exam.csv",
                           "\n16   3    UR6  | PD  1   .   .   .   .   .   | REC .   .   .   .   .   -1  |"));
}

static void teeth_have_values_of_their_sites_and_links_to_all_above(void **state)
{
    deliver_room *x = *state;
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nlayouts: [json, tooth]\n");
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml", EXAM);
    room_write("tooth.yaml", TOOTH);
    assert_true(room_begin(x));
    fold(x, "123");
    room_finish(x);
    room_expect("crm/03_Tooth.csv",
                "K,Exam,Who,Name,U,Own,PD_MB,PD_B,PD_DB,PD_ML,PD_L,PD_DL\r\n"
                "X-TTH-1_3A16,X-EXM-1,X-PAT-1,Bo,3,3,1,,,,,\r\nX-TTH-2_3A16,X-EXM-2,X-PAT-1,Bo,3,3,2,,,,,\r\n"
                "X-TTH-3_3A16,X-EXM-3,X-PAT-2,Cy,3,3,3,,,,,\r\n");
    /* The exams' scores came with the charts: the file of exams is whole, and stands before the teeth. */
    assert_true(sv_eq(x->file[1].path, SV_LIT("crm/02_Exam.csv")));
    assert_int_equal(x->file[1].rows, 4);
}

static void teeth_of_the_latest_exam_that_has_a_chart(void **state)
{
    deliver_room *x = *state;
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nlayouts: [tooth]\nteeth: latest\n");
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml", EXAM);
    room_write("tooth.yaml", TOOTH);
    assert_true(room_begin(x));
    fold(x, "213");
    room_finish(x);
    assert_true(room_holds("crm/03_Tooth.csv", "\r\nX-TTH-2_3A16,X-EXM-2,"));
    assert_true(room_holds("crm/03_Tooth.csv", "\r\nX-TTH-3_3A16,X-EXM-3,"));
    assert_false(room_holds("crm/03_Tooth.csv", "X-TTH-1_3A16"));
    assert_int_equal(room_count(x, "crm/Tooth", COUNT_MAPPED), 3);
    assert_int_equal(room_count(x, "crm/Tooth", COUNT_SKIPPED), 1);
    assert_int_equal(room_count(x, "crm/Exam", COUNT_WRITTEN), 4);
}

static void of_two_exams_at_one_moment_the_last_key_is_the_latest(void **state)
{
    deliver_room *x = *state;
    room_sql(x, "UPDATE clinical_exam SET exam_at = '2021-01-01 10:00:00' WHERE src_key IN ('1', '2')");
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nlayouts: [tooth]\nteeth: latest\n");
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml", EXAM);
    room_write("tooth.yaml", TOOTH);
    assert_true(room_begin(x));
    fold(x, "21");
    room_finish(x);
    assert_true(room_holds("crm/03_Tooth.csv", "X-TTH-2_3A16"));
    assert_false(room_holds("crm/03_Tooth.csv", "X-TTH-1_3A16"));
}

static void a_latest_exam_that_is_lost_gives_way_or_is_told(void **state)
{
    deliver_room *x = *state;
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nlayouts: [tooth]\nteeth: latest\n");
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml", EXAM);
    room_write("tooth.yaml", TOOTH);
    assert_true(room_begin(x));
    fold(x, "");
    assert_int_equal(delivery_exam_lost(x->to, SV_LIT("2")), ST_OK);
    assert_int_equal(findings_count(x->found, F_DEL_LATEST_LOST), 0);
    assert_int_equal(findings_count(x->found, F_DEL_LATEST_BEFORE), 1);
    give(x, "1");
    room_finish(x);
    assert_true(room_holds("crm/03_Tooth.csv", "X-TTH-1_3A16"));
}

/* As a conversion does it: what cannot be read is not announced. */
static void a_latest_exam_that_cannot_be_read_gives_way_and_is_told(void **state)
{
    deliver_room *x = *state;
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nlayouts: [tooth]\nteeth: latest\n");
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml", EXAM);
    room_write("tooth.yaml", TOOTH);
    assert_true(room_begin(x));
    assert_int_equal(delivery_exam(x->to, SV_LIT("1")), ST_OK);
    assert_int_equal(delivery_exam_lost(x->to, SV_LIT("2")), ST_OK);
    assert_int_equal(findings_count(x->found, F_DEL_LATEST_BEFORE), 1);
    /* The only one of its patient gives way to none. */
    assert_int_equal(delivery_exam_lost(x->to, SV_LIT("3")), ST_OK);
    assert_int_equal(findings_count(x->found, F_DEL_LATEST_BEFORE), 1);
    give(x, "1");
    room_finish(x);
    assert_true(room_holds("crm/03_Tooth.csv", "X-TTH-1_3A16"));
}

static void a_latest_exam_that_is_lost_too_late_is_told(void **state)
{
    deliver_room *x = *state;
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nlayouts: [tooth]\nteeth: latest\n");
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml", EXAM);
    room_write("tooth.yaml", TOOTH);
    assert_true(room_begin(x));
    fold(x, "1");
    assert_int_equal(delivery_exam_lost(x->to, SV_LIT("2")), ST_OK);
    assert_int_equal(findings_count(x->found, F_DEL_LATEST_LOST), 1);
    room_finish(x);
}

static void teeth_of_exams_since_a_day(void **state)
{
    deliver_room *x = *state;
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nlayouts: [tooth]\nteeth: latest\n");
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml", EXAM);
    room_write("tooth.yaml", TOOTH);
    x->options.teeth = SV_LIT("since:2020-01-01");
    assert_true(room_begin(x));
    fold(x, "123");
    room_finish(x);
    assert_int_equal(room_count(x, "crm/Tooth", COUNT_WRITTEN), 2);
    assert_int_equal(room_count(x, "crm/Tooth", COUNT_SKIPPED), 1);
    x->options.teeth = SV_LIT("since:20");
    assert_null(room_load(x));
}

/* Pictures of charts: nothing asks for them unless the template or the user does, and only files can be. */
static void charts_are_drawn_where_they_are_asked_for(void **state)
{
    static const char files[] =
        "id: crm\ntitle: A CRM\nschema: 1\nlayouts: [tooth]\nfiles:\n  as: zip\n  name: Files\n";
    static const char *const wrong[] = {"since:20", "some", "palmer"};
    deliver_room *x = *state;
    room_write("destination.yaml", files);
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml", EXAM);
    room_write("tooth.yaml", TOOTH);
    const destination *d = room_load(x);
    assert_non_null(d);
    assert_false(destination_draws_charts(d));
    x->options.charts = SV_LIT("latest");
    d = room_load(x);
    assert_non_null(d);
    assert_true(destination_draws_charts(d));
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nlayouts: [tooth]\n");
    d = room_load(x);
    assert_non_null(d);
    assert_false(destination_draws_charts(d));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        x->options.charts = sv_from(wrong[i]);
        assert_null(room_load(x));
    }
}

static void sites_know_their_tooth_and_exam(void **state)
{
    deliver_room *x = *state;
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml", EXAM);
    room_write(
        "site.yaml",
        "object: Site\nfrom: site_measure\nkey: K\nfile: 03_Site.csv\nafter: [exam]\nfields:\n"
        "  Exam: {from: tooth.exam, lookup: Exam.K}\n  At: {from: tooth.exam.exam_at, type: date}\n"
        "  Palmer: {from: tooth_palmer}\n  State: {from: tooth.status}\n  Site: {from: site}\n  PD: {from: pd}\n");
    assert_true(room_begin(x));
    fold(x, "1");
    room_finish(x);
    room_expect("crm/03_Site.csv",
                "K,Exam,At,Palmer,State,Site,PD\r\nX-SIT-1_3A16_3AMB,X-EXM-1,2020-01-01,UR6,present,MB,1\r\n"
                "X-SIT-1_3A16_3ADL,X-EXM-1,2020-01-01,UR6,present,DL,\r\n");
}

static void wide_fields_are_named_by_palmer_unless_asked_otherwise(void **state)
{
    deliver_room *x = *state;
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nlayouts: [json, wide]\n");
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml",
               EXAM "  W: {each: [tooth, site], name: 'PocketDepth_{site}_{tooth}__c', from: pd, layouts: [wide], "
                    "help: '{site_name} of {palmer}, {fdi}, {universal}'}\n"
                    "  M: {each: tooth, name: 'Mobility_{tooth}', from: mobility, layouts: [wide]}\n");
    x->options.layout = SV_LIT("wide");
    assert_true(room_begin(x));
    assert_int_equal(x->d->object[1]->fields, 2 + 192 + 32);
    const target_field *f = NULL;
    for (size_t i = 0; i < x->d->object[1]->fields; i++)
        if (sv_eq(x->d->object[1]->field[i].name, SV_LIT("PocketDepth_MB_UR6__c"))) f = &x->d->object[1]->field[i];
    assert_non_null(f);
    assert_true(sv_eq(f->help, SV_LIT("mesiobuccal of UR6, 16, 3")));
    fold(x, "1");
    const chart_tooth t[] = {tooth_with(16, 70), tooth_with(55, 30)};
    const exam_chart c = {.exam = SV_LIT("2"), .numbering = TOOTH_FDI, .tooth = t, .teeth = 2};
    assert_int_equal(delivery_chart(x->to, &c), ST_OK);
    room_finish(x);
    assert_int_equal(findings_count(x->found, F_DEL_TOOTH_WITHOUT_FIELD), 1);
    x->options.tooth_label = SV_LIT("universal");
    assert_non_null(room_load(x));
    assert_true(sv_eq(x->d->object[1]->field[2].name, SV_LIT("PocketDepth_MB_U08__c")));
    x->options.tooth_label = SV_LIT("fdi");
    assert_non_null(room_load(x));
    assert_true(sv_eq(x->d->object[1]->field[2].name, SV_LIT("PocketDepth_MB_F11__c")));
}

static void values_of_wide_fields_stand_under_their_tooth(void **state)
{
    deliver_room *x = *state;
    room_write("contact.yaml", CONTACT);
    room_write("exam.yaml", EXAM "  W: {each: [tooth, site], name: '{tooth}_{site}', from: pd}\n");
    assert_true(room_begin(x));
    fold(x, "3");
    room_finish(x);
    /* UR1 to UR5 have 30 empty cells, UR6's first is the value. */
    assert_true(room_holds("crm/02_Exam.csv", "X-EXM-3,X-PAT-2,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,3,,"));
}

/* The order of fields that chart_cells knows by number. */
static void chart_fields_lie_as_the_model_has_them(void **state)
{
    (void)state;
    static const char *const site[] = {"tooth",      "site", "pd",          "recession", "cal",
                                       "cal_source", "bop",  "suppuration", "plaque",    "calculus"};
    static const char *const teeth[] = {"exam",
                                        "fdi",
                                        "supernumerary",
                                        "tooth_raw",
                                        "status",
                                        "mobility",
                                        "mobility_raw",
                                        "furcation_scale",
                                        "furcation_b_grade",
                                        "furcation_b_raw",
                                        "furcation_m_grade",
                                        "furcation_m_raw",
                                        "furcation_d_grade",
                                        "furcation_d_raw",
                                        "furcation_l_grade",
                                        "furcation_l_raw",
                                        "miller_recession",
                                        "cairo",
                                        "keratinized_width",
                                        "mgj",
                                        "plaque_index",
                                        "note"};
    const model_entity *s = model_entity_named(SV_LIT("site_measure")), *t = model_entity_named(SV_LIT("tooth_record"));
    assert_int_equal(s->fields, sizeof site / sizeof site[0]);
    assert_int_equal(t->fields, sizeof teeth / sizeof teeth[0]);
    for (size_t i = 0; i < s->fields; i++) assert_string_equal(s->field[i].name, site[i]);
    for (size_t i = 0; i < t->fields; i++) assert_string_equal(t->field[i].name, teeth[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, start, room_end)
        T(exams_carry_their_chart_and_those_without_follow),
        T(a_chart_can_be_read_as_a_table),
        T(teeth_have_values_of_their_sites_and_links_to_all_above),
        T(teeth_of_the_latest_exam_that_has_a_chart),
        T(of_two_exams_at_one_moment_the_last_key_is_the_latest),
        T(a_latest_exam_that_is_lost_gives_way_or_is_told),
        T(a_latest_exam_that_cannot_be_read_gives_way_and_is_told),
        T(a_latest_exam_that_is_lost_too_late_is_told),
        T(teeth_of_exams_since_a_day),
        T(charts_are_drawn_where_they_are_asked_for),
        T(sites_know_their_tooth_and_exam),
        T(wide_fields_are_named_by_palmer_unless_asked_otherwise),
        T(values_of_wide_fields_stand_under_their_tooth),
        cmocka_unit_test(chart_fields_lie_as_the_model_has_them),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
