/* Values of records that point to the one at hand, the latest chart of plans, pieces of long texts, forbidden characters. */
#include "deliver_room.h"

static void stage(deliver_room *x)
{
    static const char *const entity[] = {"patient",      "organization",   "referral",      "insurance_policy",
                                         "plan_line",    "treatment_plan", "clinical_exam", "clinical_note",
                                         "custom_value", "custom_finding"};
    for (size_t i = 0; i < sizeof entity / sizeof entity[0]; i++) room_stage(x, entity[i]);
    room_sql(x, "INSERT INTO organization (source_key, src_table, src_key, kind, name) VALUES "
                "('X-ORG-1', 'o', '1', 'referring_practice', 'One'), ('X-ORG-2', 'o', '2', 'referring_practice', "
                "'Two'), ('X-ORG-3', 'o', '3', 'referring_practice', 'Three')");
    room_sql(x, "INSERT INTO patient (source_key, src_table, src_key, last, referring_organization) VALUES "
                "('X-PAT-1', 'p', '1', 'Bo', '1'), ('X-PAT-2', 'p', '2', 'Cy', NULL)");
    room_sql(x, "INSERT INTO referral (source_key, src_table, src_key, patient, organization, direction, "
                "referral_date) VALUES ('X-REF-1', 'r', '1', '1', '1', 'incoming', '2020-01-01'),"
                "('X-REF-2', 'r', '2', '1', '3', 'incoming', '2020-01-02'),"
                "('X-REF-3', 'r', '3', '1', '2', 'incoming', '2021-01-01'),"
                "('X-REF-4', 'r', '4', '1', '2', 'incoming', '2021-02-01'),"
                "('X-REF-5', 'r', '5', '2', '2', 'outgoing', '2021-02-01')");
    room_sql(x, "INSERT INTO insurance_policy (source_key, src_table, src_key, patient, carrier_name, priority) VALUES "
                "('X-INS-1', 'i', '1', '1', 'Second', '2'), ('X-INS-2', 'i', '2', '1', 'First', '1'),"
                "('X-INS-3', 'i', '3', '1', 'Unnumbered', NULL)");
    room_sql(x, "INSERT INTO treatment_plan (source_key, src_table, src_key, patient, plan_date) VALUES "
                "('X-PLN-1', 't', '1', '1', '2020-01-01'), ('X-PLN-2', 't', '2', '1', '2022-01-01'),"
                "('X-PLN-3', 't', '3', '1', NULL), ('X-PLN-4', 't', '4', '2', NULL)");
    room_sql(x, "INSERT INTO plan_line (source_key, src_table, src_key, plan, seq, code, description) VALUES "
                "('X-PLL-1', 'l', '1', '1', '10', 'D4341', 'Scaling'), ('X-PLL-2', 'l', '2', '1', '9', 'D7210', NULL),"
                "('X-PLL-3', 'l', '3', '1', '11', 'D4341', 'Again'), ('X-PLL-4', 'l', '4', '2', '1', NULL, 'None')");
}

static void what_points_to_a_record_gives_it_values(void **state)
{
    deliver_room *x = *state;
    stage(x);
    room_write("contact.yaml", "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nfields:\n"
                               "  First: {from: first_of.insurance_policy.patient.carrier_name}\n"
                               "  Second: {from: second_of.insurance_policy.patient.carrier_name}\n"
                               "  Rest: {from: 'rest_of.referral[direction=incoming].patient.organization.name'}\n"
                               "  Count: {from: count_of.referral.patient, type: number}\n"
                               "  Latest: {from: latest_of.referral.patient.referral_date}\n");
    room_write("deal.yaml", "object: Deal\nfrom: treatment_plan\nkey: K\nfile: 02_Deal.csv\nfields:\n"
                            "  Codes: {from: all_of.plan_line.plan.code}\n"
                            "  Lines: {from: list_of.plan_line.plan.seq+code+description}\n");
    assert_true(room_begin(x));
    room_finish(x);
    /* Hard case 82: three practices referred the patient; the record links to the first, the two others are the rest. */
    room_expect("crm/01_Contact.csv",
                "K,First,Second,Rest,Count,Latest\r\nX-PAT-1,First,Second,Three; Two,4,2021-02-01\r\n"
                "X-PAT-2,,,,1,2021-02-01\r\n");
    room_expect("crm/02_Deal.csv", "K,Codes,Lines\r\n"
                                   "X-PLN-1,D7210; D4341,\"9 D7210\n10 D4341 Scaling\n11 D4341 Again\"\r\n"
                                   "X-PLN-2,,1 None\r\nX-PLN-3,,\r\nX-PLN-4,,\r\n");
}

static void records_of_one_value_are_written_once_and_linked_to(void **state)
{
    deliver_room *x = *state;
    stage(x);
    room_write("product.yaml", "object: Product\nfrom: plan_line\nkey: K\nfile: 01_Product.csv\n"
                               "when: {is_first_with.code: '1'}\nfields:\n  Code: {from: code}\n");
    room_write("line.yaml", "object: Line\nfrom: plan_line\nkey: K\nfile: 02_Line.csv\nafter: [product]\nfields:\n"
                            "  Product: {from: first_with.code, lookup: Product.K}\n");
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/01_Product.csv", "K,Code\r\nX-PLL-1,D4341\r\nX-PLL-2,D7210\r\n");
    room_expect("crm/02_Line.csv",
                "K,Product\r\nX-PLL-1,X-PLL-1\r\nX-PLL-2,X-PLL-2\r\nX-PLL-3,X-PLL-1\r\nX-PLL-4,\r\n");
}

static void names_that_lead_nowhere_are_told(void **state)
{
    deliver_room *x = *state;
    static const struct {
        const char *from, *wrong;
    } bad[] = {{"all_of.plan_lin.plan.code", "there is no canonical entity \"plan_lin\""},
               {"all_of.plan_line.plan.code", "plan of plan_line is no link to patient"},
               {"all_of.referral.patient.nam", "referral has no field \"nam\""},
               {"all_of.referral.patient.status+notes", "need \"list_of\""},
               {"rest_of.referral.patient.status", "a record that is linked to"},
               {"all_of.referral[direction].patient.status", "is no entity[field=word]"},
               {"latest_exam.chart_json", "only a treatment_plan has"},
               {"first_with.nothing", "patient has no field \"nothing\""}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nfields:\n  A: {from: '%s'}\n",
                 bad[i].from);
        room_write("contact.yaml", text);
        assert_null(room_load(x));
        assert_non_null(strstr(x->wrong.item[0].text.p, bad[i].wrong));
    }
}

static exam_chart one_tooth(sv exam, chart_tooth *t)
{
    *t = (chart_tooth){0};
    t->tooth.fdi = 16;
    for (size_t i = 0; i < SITES; i++) {
        chart_site *s = &t->site[i];
        s->pd = s->recession = s->cal = s->cal_source = CHART_NONE;
        s->bop = s->suppuration = s->plaque = s->calculus = MARK_NONE;
    }
    t->mobility = t->keratinized = t->mgj = t->plaque_index = CHART_NONE;
    for (size_t i = 0; i < 4; i++) t->furcation[i].grade = MARK_NONE;
    t->site[0].pd = 50;
    return (exam_chart){.exam = exam, .tooth = t, .teeth = 1, .numbering = TOOTH_FDI};
}

static void the_latest_chart_stands_on_the_nearest_plan(void **state)
{
    deliver_room *x = *state;
    chart_tooth one;
    stage(x);
    room_sql(x, "INSERT INTO clinical_exam (source_key, src_table, src_key, patient, exam_at, aap_stage) VALUES "
                "('X-EXM-1', 'e', '1', '1', '2021-11-01 09:00:00', '3'),"
                "('X-EXM-2', 'e', '2', '1', '2020-01-02 09:00:00', '2'),"
                "('X-EXM-3', 'e', '3', '2', '2020-01-02 09:00:00', '1')");
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nformat: {replace: {'\"': 'Q', '|': '/'}}\n");
    room_write("deal.yaml", "object: Deal\nfrom: treatment_plan\nkey: K\nfile: 01_Deal.csv\nfields:\n"
                            "  Stage: {from: latest_exam.aap_stage}\n  Json: {from: latest_exam.chart_json}\n");
    x->run.chart_table = SV_LIT("c");
    assert_true(room_begin(x));
    exam_chart chart = one_tooth(SV_LIT("1"), &one);
    assert_int_equal(delivery_chart(x->to, &chart), ST_OK);
    chart = one_tooth(SV_LIT("2"), &one);
    assert_int_equal(delivery_chart(x->to, &chart), ST_OK);
    room_finish(x);
    assert_true(room_holds("crm/01_Deal.csv", "X-PLN-1,,\r\nX-PLN-2,3,\"{'numbering':'fdi',"));
    assert_true(room_holds("crm/01_Deal.csv", "'pd':[5,null,null,null,null,null]}]}\"\r\nX-PLN-3,,\r\n"));
    /* An exam without a chart is the latest where there is no other. */
    assert_true(room_holds("crm/01_Deal.csv", "X-PLN-4,1,\r\n"));
    assert_int_equal(findings_count(x->found, F_DEL_CHARACTER_REPLACED), 0);
}

static void long_texts_go_on_in_records_of_their_own(void **state)
{
    deliver_room *x = *state;
    stage(x);
    room_sql(x, "INSERT INTO clinical_note (source_key, src_table, src_key, patient, body) VALUES "
                "('X-NOT-1', 'n', '1', '1', '123456789\xC3\xA4"
                "ab'), ('X-NOT-2', 'n', '2', '1', '12345')");
    static const char body[] = "fields:\n  Text: {from: body, max_length: 5, overflow: move}\n";
    char text[512];
    snprintf(text, sizeof text, "object: Note\nfrom: clinical_note\nkey: K\nfile: 01_Note.csv\n%s", body);
    room_write("note.yaml", text);
    snprintf(text, sizeof text,
             "object: Note\nfrom: clinical_note\nkey: K\nfile: 02_Note_Rest.csv\nslices: {of: Text, characters: 5}\n%s",
             body);
    room_write("rest.yaml", text);
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/01_Note.csv", "K,Text\r\nX-NOT-1,12345\r\nX-NOT-2,12345\r\n");
    room_expect("crm/02_Note_Rest.csv", "K,Text\r\nX-NOT-1_part2,6789\xC3\xA4\r\nX-NOT-1_part3,ab\r\n");
    assert_int_equal(findings_count(x->found, F_DEL_TOO_LONG), 1);
    assert_int_equal(room_count(x, "crm/Note (note)", COUNT_CHANGED), 1);
    assert_int_equal(room_count(x, "crm/Note (rest)", COUNT_SKIPPED), 1);
    assert_int_equal(room_count(x, "crm/Note (rest)", COUNT_WRITTEN), 2);
}

static void forbidden_characters_are_replaced_and_listed(void **state)
{
    deliver_room *x = *state;
    stage(x);
    room_sql(x, "UPDATE patient SET last = 'B\"o|<5' WHERE src_key = '1'");
    room_write("destination.yaml",
               "id: crm\ntitle: A CRM\nschema: 1\nformat: {replace: {'\"': 'Q', '|': '/', '<': '('}}\n");
    room_write("contact.yaml",
               "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nfields:\n  Last: {from: last}\n");
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/01_Contact.csv", "K,Last\r\nX-PAT-1,BQo/(5\r\nX-PAT-2,Cy\r\n");
    assert_int_equal(findings_count(x->found, F_DEL_CHARACTER_REPLACED), 1);
    assert_int_equal(room_count(x, "crm/Contact", COUNT_CHANGED), 1);
    assert_int_equal(room_count(x, "crm/Contact", COUNT_HELD_BACK), 0);
    assert_true(room_holds("exceptions.csv", "\"B\"\"o|<5\",DEL-818,"));
}

static void records_that_the_import_would_merge_are_told_and_listed(void **state)
{
    deliver_room *x = *state;
    stage(x);
    room_sql(x, "INSERT INTO patient (source_key, src_table, src_key, last, first, email) VALUES "
                "('X-PAT-3', 't', '3', 'Roe', 'Ann', 'a@b.c'), ('X-PAT-4', 't', '4', 'ROE', 'ann', 'A@b.c'), "
                "('X-PAT-5', 't', '5', 'Roe', 'Ann', 'other@b.c'), ('X-PAT-6', 't', '6', 'Roe', 'Bob', 'a@b.c')");
    room_write("person.yaml", "object: Person\nfrom: patient\nkey: K\nfile: 01_Person.csv\nmerged_by: [Name+Mail]\n"
                              "fields:\n  Name: {template: '{last} {first}'}\n  Mail: {from: email}\n"
                              "  Number: {from: src_key}\n");
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/same_names.csv", "object,source_key,taken_for\r\ncrm/Person,X-PAT-4,X-PAT-3\r\n");
    assert_int_equal(findings_count(x->found, F_DEL_WOULD_MERGE), 1);
    assert_int_equal(room_count(x, "crm/Person", COUNT_WRITTEN), 6);
    room_sql(x, "CREATE TABLE \"merged:crm\" (a)"); /* the work file is left as it was */
}

static void the_number_behind_a_name_keeps_two_patients_apart(void **state)
{
    deliver_room *x = *state;
    stage(x);
    room_sql(x, "UPDATE patient SET last = 'Roe', first = 'Ann', email = 'a@b.c'");
    room_write("person.yaml", "object: Person\nfrom: patient\nkey: K\nfile: 01_Person.csv\nmerged_by: [Name+Mail]\n"
                              "fields:\n  Name: {template: '{last} {first} ({src_key})'}\n  Mail: {from: email}\n");
    assert_true(room_begin(x));
    room_finish(x);
    assert_int_equal(findings_count(x->found, F_DEL_WOULD_MERGE), 0);
    assert_false(os_exists(DELIVER_RUN "/crm/same_names.csv"));
}

/* Hard case 81. */
static void names_with_two_underscores_are_rewritten_where_none_may_have_them(void **state)
{
    deliver_room *x = *state;
    stage(x);
    room_sql(x, "INSERT INTO custom_value (source_key, src_table, src_key, entity, record, name, type, value) VALUES "
                "('1', 't', '1', 'patient', '1', 'Smile__Tier_', 'text', 'a')");
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nprefix: P_\nlimits: {underscores_in_a_row: 1}\n");
    room_write("contact.yaml", "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nfields:\n"
                               "  Last: {from: last}\n  Own: {each: custom_value, name: '{prefix}_{name}_'}\n");
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/01_Contact.csv", "K,Last,P_Smile_Tier\r\nX-PAT-1,Bo,a\r\nX-PAT-2,Cy,\r\n");
    assert_int_equal(findings_count(x->found, F_DEL_NAME_REWRITTEN), 1);
    room_write("contact.yaml", "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nfields:\n"
                               "  Last__c: {from: last, new: true}\n");
    assert_non_null(room_load(x));
    assert_string_equal(destination_breaks(x->d, x->mem).p, "Last__c: 2 underscores in a row, 1 are taken");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, room_start, room_end)
        T(what_points_to_a_record_gives_it_values),
        T(records_of_one_value_are_written_once_and_linked_to),
        T(names_that_lead_nowhere_are_told),
        T(the_latest_chart_stands_on_the_nearest_plan),
        T(long_texts_go_on_in_records_of_their_own),
        T(forbidden_characters_are_replaced_and_listed),
        T(records_that_the_import_would_merge_are_told_and_listed),
        T(the_number_behind_a_name_keeps_two_patients_apart),
        T(names_with_two_underscores_are_rewritten_where_none_may_have_them),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
