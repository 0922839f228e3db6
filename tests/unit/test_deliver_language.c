/* What fields can be made of: paths, templates, custom values, second passes, limits; and what packages are told. */
#include "deliver_room.h"

#define PATIENTS                                                                                                       \
    "INSERT INTO patient (source_key, src_table, src_key, last, first, birth_date, sex, primary_provider, notes) "     \
    "VALUES "

static void stage_people(deliver_room *x)
{
    room_stage(x, "provider");
    room_stage(x, "patient");
    room_stage(x, "appointment");
    room_stage(x, "custom_value");
    room_sql(
        x,
        "INSERT INTO provider (source_key, src_table, src_key, last, active) VALUES ('X-PRV-7', 'p', '7', 'Wu', '1'),"
        "('X-PRV-8', 'p', '8', 'Oz', '0')");
    room_sql(x, PATIENTS "('X-PAT-1', 't', '1', 'Bo', 'Al', '2001-02-03', 'female', '7', 'a note'),"
                         "('X-PAT-2', 't', '2', 'Cy', NULL, NULL, 'male', NULL, NULL)");
    room_sql(x, "INSERT INTO appointment (source_key, src_table, src_key, patient, start_at, status, duration) VALUES "
                "('X-APT-1', 'a', '1', '1', '2024-07-01 09:30:00', 'no_show', '45')");
}

static void paths_follow_links_to_other_records(void **state)
{
    deliver_room *x = *state;
    stage_people(x);
    room_write("event.yaml",
               "object: Event\nfrom: appointment\nkey: K\nfile: 01_Event.csv\nfields:\n"
               "  Doctor: {from: patient.primary_provider.last}\n"
               "  Title: {template: '{status:words}: {patient.last}, {patient.first} on {start_at:date}'}\n");
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/01_Event.csv", "K,Doctor,Title\r\nX-APT-1,Wu,\"No show: Bo, Al on 2024-07-01\"\r\n");
}

static void a_path_must_lead_somewhere(void **state)
{
    deliver_room *x = *state;
    static const struct {
        const char *from, *wrong;
    } bad[] = {{"patient.lasst", "patient has no field \"lasst\""},
               {"patient.last.first", "last of patient is no link"},
               {"start_at.x", "start_at of appointment is no link"},
               {"patient.primary_provider", "it needs \"lookup\""},
               {"chart_json", "appointment has no field \"chart_json\""}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "object: Event\nfrom: appointment\nkey: K\nfile: 01_Event.csv\nfields:\n  A: {from: %s}\n",
                 bad[i].from);
        room_write("event.yaml", text);
        assert_null(room_load(x));
        assert_non_null(strstr(x->wrong.item[0].text.p, bad[i].wrong));
        assert_int_equal(x->wrong.item[0].line, 6);
    }
}

static void texts_before_missing_values_go_with_them(void **state)
{
    deliver_room *x = *state;
    stage_people(x);
    room_write("contact.yaml", "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nfields:\n"
                               "  Full: {template: 'Dr. {primary_provider.last}: {last}, {first} (*{birth_date})'}\n"
                               "  Note: {template: '{notes}', when: {notes: '*'}}\n");
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/01_Contact.csv",
                "K,Full,Note\r\nX-PAT-1,\"Dr. Wu: Bo, Al (*2001-02-03)\",a note\r\nX-PAT-2,Cy),\r\n");
}

static void one_entity_feeds_several_files_of_an_object(void **state)
{
    deliver_room *x = *state;
    stage_people(x);
    room_write("a.yaml", "object: Person\nfrom: patient\nkey: K\nfile: 01_Women.csv\nwhen: {sex: female}\nfields:\n"
                         "  L: {from: last}\n");
    room_write("b.yaml", "object: Person\nfrom: patient\nkey: K\nfile: 02_Others.csv\nunless: {sex: female}\nfields:\n"
                         "  L: {from: last}\n");
    room_write("c.yaml", "object: Visit\nfrom: appointment\nkey: K\nfile: 03_Visit.csv\nafter: [Person]\nfields:\n"
                         "  Who: {from: patient, lookup: Person.K, required: true}\n");
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/01_Women.csv", "K,L\r\nX-PAT-1,Bo\r\n");
    room_expect("crm/02_Others.csv", "K,L\r\nX-PAT-2,Cy\r\n");
    room_expect("crm/03_Visit.csv", "K,Who\r\nX-APT-1,X-PAT-1\r\n");
    assert_int_equal(room_count(x, "crm/Person (a)", COUNT_SKIPPED), 1);
    assert_int_equal(room_count(x, "crm/Person (b)", COUNT_WRITTEN), 1);
}

static void second_passes_link_records_of_one_file(void **state)
{
    deliver_room *x = *state;
    room_stage(x, "practice_location");
    room_sql(
        x,
        "INSERT INTO practice_location (source_key, src_table, src_key, name, parent) VALUES "
        "('X-LOC-1', 'l', '1', 'Main', NULL), ('X-LOC-2', 'l', '2', 'Branch', '1'), ('X-LOC-3', 'l', '3', NULL, '1')");
    room_write("account.yaml", "object: Account\nfrom: practice_location\nkey: K\nfile: 01_Account.csv\nfields:\n"
                               "  Name: {from: name, required: true}\n");
    room_write("parent.yaml", "object: Account\nfrom: practice_location\nkey: K\nfile: 02_Account_Parent.csv\n"
                              "update_of: account\nafter: [account]\nfields:\n"
                              "  ParentId: {from: parent, lookup: Account.K}\n");
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/02_Account_Parent.csv", "K,ParentId\r\nX-LOC-2,X-LOC-1\r\n");
    assert_int_equal(room_count(x, "crm/Account (parent)", COUNT_SKIPPED), 2);
    assert_int_equal(room_count(x, "crm/Account (account)", COUNT_REJECTED), 1);
}

static void a_second_pass_needs_its_first(void **state)
{
    deliver_room *x = *state;
    room_write("account.yaml", "object: Account\nfrom: practice_location\nkey: K\nfile: 01_Account.csv\nfields:\n"
                               "  Parent: {from: parent, lookup: Account.K}\n");
    assert_null(room_load(x));
    assert_non_null(strstr(x->wrong.item[0].text.p, "update_of: account"));
    room_write("account.yaml", "object: Account\nfrom: practice_location\nkey: K\nfile: 01_Account.csv\nfields:\n"
                               "  Name: {from: name}\n");
    room_write("parent.yaml", "object: Account\nfrom: patient\nkey: K\nfile: 02_Account_Parent.csv\n"
                              "update_of: account\nafter: [account]\nfields:\n  N: {from: last}\n");
    assert_null(room_load(x));
    assert_non_null(strstr(x->wrong.item[0].text.p, "the object, the key and the entity of the first one"));
}

/* ---- custom values ---- */

#define CUSTOM "INSERT INTO custom_value (source_key, src_table, src_key, entity, record, name, type, value) VALUES "

static void custom_values_become_fields_by_name_and_type(void **state)
{
    deliver_room *x = *state;
    stage_people(x);
    room_sql(x, CUSTOM
             "('1', 't', '1', 'patient', '1', 'Rx Antibiotic', 'bool', '1'),"
             "('2', 't', '2', 'patient', '1', 'rx-antibiotic', 'text', 'x'),"
             "('3', 't', '3', 'patient', '1', 'G\xC3\xB6rev', 'date', '2024-01-02'),"
             "('4', 't', '4', 'patient', '2', 'Lot', 'text', 'A'), ('5', 't', '5', 'patient', '2', 'Lot', 'text', 'B'),"
             "('6', 't', '6', 'provider', '7', 'Other', 'text', 'no')");
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nprefix: new_\nformat: {truths: ['Yes', 'No']}\n");
    room_write("contact.yaml", "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nheading: label\nfields:\n"
                               "  Own: {each: custom_value}\n  Last: {from: last}\n");
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/01_Contact.csv", "K,Last,G\xC3\xB6rev,Lot,Rx Antibiotic,rx-antibiotic\r\n"
                                      "X-PAT-1,Bo,2024-01-02,,Yes,x\r\nX-PAT-2,Cy,,A; B,,\r\n");
    /* Each value is counted, two of one field too; the provider's has no field. */
    assert_int_equal(room_count(x, "crm/fields (custom_value)", COUNT_MAPPED), 6);
    assert_int_equal(room_count(x, "crm/fields (custom_value)", COUNT_MERGED), 5);
    assert_int_equal(room_count(x, "crm/fields (custom_value)", COUNT_SKIPPED), 1);
}

static void custom_values_of_records_that_are_not_written_are_skipped(void **state)
{
    deliver_room *x = *state;
    stage_people(x);
    room_sql(x, CUSTOM "('1', 't', '1', 'patient', '1', 'O''Neill', 'text', 'a'),"
                       "('2', 't', '2', 'patient', '2', 'O''Neill', 'text', 'b'),"
                       "('3', 't', '3', 'patient', '2', 'Lot', 'text', 'c')");
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nprefix: new_\n");
    room_write("contact.yaml",
               "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nwhen: {last: Cy}\nfields:\n"
               "  Note: {from: \"custom_value.O'Neill\"}\n  Last: {from: last}\n");
    room_write("second.yaml", "object: Second\nfrom: patient\nkey: K\nfile: 02_Second.csv\nwhen: {last: Cy}\nfields:\n"
                              "  Note: {template: '{custom_value.*}'}\n");
    assert_true(room_begin(x));
    room_finish(x);
    assert_int_equal(room_count(x, "crm/fields (custom_value)", COUNT_MERGED), 2);
    assert_int_equal(room_count(x, "crm/fields (custom_value)", COUNT_SKIPPED), 1);
}

static const deliver_facts *seen;
static status look(const deliver_facts *facts, package_out *out)
{
    seen = facts;
    return package_file(out, SV_LIT("sub/look.txt"), SV_LIT("x"));
}
static const emitter looker = {"data_loader", "Looks", look};

static void begin_looked_at(deliver_room *x)
{
    static const emitter *const only[] = {&looker};
    seen = NULL;
    assert_true(room_begin(x));
    delivery_free(x->to);
    folder_remove(DELIVER_RUN "/crm");
    x->run.emitter = only;
    x->run.emitters = 1;
    x->to = delivery_begin(x->d, &x->run);
    assert_non_null(x->to);
    room_finish(x);
    assert_non_null(seen);
}

static void names_of_custom_fields_are_plain_and_differ(void **state)
{
    deliver_room *x = *state;
    stage_people(x);
    room_sql(x, CUSTOM "('1', 't', '1', 'patient', '1', 'Rx Antibiotic', 'bool', '1'),"
                       "('2', 't', '2', 'patient', '1', 'rx-antibiotic', 'number', '2.5'),"
                       "('3', 't', '3', 'patient', '1', 'G\xC3\xB6rev', 'text', 'a'), ('4', 't', '4', 'patient', '2', "
                       "'G\xC3\xB6rev', 'text', 'a')");
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nprefix: new_\npackages: [data_loader]\n");
    room_write("contact.yaml", "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nfields:\n"
                               "  Own: {each: custom_value, name: '{prefix}{name}__c'}\n  Last: {from: last}\n");
    x->options.prefix = SV_LIT("my_");
    begin_looked_at(x);
    const fact_table *t = fact_table_named(seen, SV_LIT("Contact"));
    assert_non_null(t);
    const fact_field *f = fact_field_named(t, SV_LIT("my_Gorev__c"));
    assert_non_null(f);
    assert_int_equal(f->type, TARGET_PICKLIST);
    assert_int_equal(f->options, 1);
    assert_int_equal(f->option[0].count, 2);
    assert_true(f->is_new && f->is_custom);
    f = fact_field_named(t, SV_LIT("my_Rx_Antibiotic__c"));
    assert_int_equal(f->type, TARGET_BOOL);
    f = fact_field_named(t, SV_LIT("my_rx_antibiotic_2__c"));
    assert_non_null(f);
    assert_int_equal(f->type, TARGET_DECIMAL);
    assert_true(room_holds("crm/sub/look.txt", "x"));
}

/* ---- what packages are told ---- */

static void facts_join_the_files_of_a_table(void **state)
{
    deliver_room *x = *state;
    stage_people(x);
    room_write("destination.yaml",
               "id: crm\ntitle: A CRM\nschema: 1\npackages: [data_loader]\nparts: {rows: 1}\n"
               "limits: {bytes_per_record: 2000, rows_per_minute: 60, seconds_per_upload: {is: 30, source: s}}\n");
    room_write("doctor.yaml",
               "object: Contact\nfrom: provider\nkey: K\nfile: 01_Doctor.csv\nfields:\n"
               "  LastName: {from: last, required: true, max_length: 40}\n  Kind: {const: Doctor, type: picklist}\n");
    room_write("patient.yaml",
               "object: Contact\nfrom: patient\nkey: K\nfile: 02_Patient.csv\nafter: [doctor]\nfields:\n"
               "  LastName: {from: last, max_length: 80, help: Name}\n"
               "  Kind: {const: Patient, type: picklist}\n"
               "  Sex: {from: sex, values: {female: F, male: M}, else: hold, new: true}\n"
               "  Doctor: {from: primary_provider, lookup: Contact.K}\n");
    begin_looked_at(x);
    assert_int_equal(seen->loads, 2);
    assert_int_equal(seen->tables, 1);
    const fact_table *t = &seen->table[0];
    assert_int_equal(t->rows, 4);
    assert_int_equal(t->fields, 5);
    const fact_field *f = fact_field_named(t, SV_LIT("LastName"));
    assert_int_equal(f->length, 80);
    assert_false(f->required);
    assert_int_equal(f->filled, 4);
    assert_int_equal(f->longest, 2);
    assert_true(sv_eq(f->help, SV_LIT("Name")));
    f = fact_field_named(t, SV_LIT("Kind"));
    assert_int_equal(f->options, 2);
    f = fact_field_named(t, SV_LIT("Sex"));
    assert_true(sv_eq(f->option[0].value, SV_LIT("F")) && f->option[0].count == 1);
    f = fact_field_named(t, SV_LIT("Doctor"));
    assert_true(fact_is_link(f) && sv_eq(f->target, SV_LIT("Contact")) && sv_eq(f->target_key, SV_LIT("K")));
    assert_int_equal(seen->load[1].parts, 2);
    assert_true(sv_eq(seen->load[1].part[1].name, SV_LIT("02_Patient_2.csv")));
    assert_int_equal(seen->uploads, 4);
    assert_int_equal(seen->storage_bytes, 8000);
    assert_int_equal(seen->minutes, 3);
    assert_int_equal(findings_count(x->found, F_DEL_COST), 1);
}

/* ---- numbers, moments ---- */

static void numbers_must_fit_their_digits(void **state)
{
    deliver_room *x = *state;
    room_stage(x, "billing_line");
    room_sql(x, "INSERT INTO billing_line (source_key, src_table, src_key, charge, payment, adjustment) VALUES "
                "('X-BIL-1', 'b', '1', '1234.500', '12.345', '-99.9')");
    room_write(
        "line.yaml",
        "object: Line\nfrom: billing_line\nkey: K\nfile: 01_Line.csv\nfields:\n"
        "  A: {from: charge, precision: 6, scale: 2}\n  B: {from: payment, precision: 4, scale: 2, overflow: cut}\n"
        "  C: {from: adjustment, precision: 2, scale: 1}\n  D: {from: adjustment, precision: 3, scale: 1}\n");
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/01_Line.csv", "K,A,B,C,D\r\nX-BIL-1,1234.50,12.34,,-99.9\r\n");
    assert_int_equal(findings_count(x->found, F_DEL_NUMBER_OUTSIDE), 2);
    assert_true(room_holds("exceptions.csv", "12.345,DEL-811,"));
}

static void moments_are_turned_to_utc_where_that_is_certain(void **state)
{
    deliver_room *x = *state;
    stage_people(x);
    room_sql(x, "INSERT INTO appointment (source_key, src_table, src_key, patient, start_at) VALUES "
                "('X-APT-2', 'a', '2', '1', '2024-03-10 02:30:00')");
    room_write("destination.yaml",
               "id: crm\ntitle: A CRM\nschema: 1\nformat: {zone: utc, datetimes: 'YYYY-MM-DDThh:mm:ss.000Z'}\n");
    room_write("event.yaml", "object: Event\nfrom: appointment\nkey: K\nfile: 01_Event.csv\nfields:\n"
                             "  At: {from: start_at}\n  Day: {from: start_at, type: date}\n");
    x->run.zone = zone_named(SV_LIT("America/New_York"));
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/01_Event.csv",
                "K,At,Day\r\nX-APT-1,2024-07-01T13:30:00.000Z,2024-07-01\r\nX-APT-2,,2024-03-10\r\n");
    assert_int_equal(findings_count(x->found, F_DEL_TIME_UNCERTAIN), 1);
}

static void a_moment_of_the_hour_that_came_twice_is_written_and_told(void **state)
{
    deliver_room *x = *state;
    stage_people(x);
    room_sql(x, "DELETE FROM appointment");
    room_sql(x, "INSERT INTO appointment (source_key, src_table, src_key, patient, start_at) VALUES "
                "('X-APT-1', 'a', '1', '1', '2024-11-03 01:30:00'), ('X-APT-2', 'a', '2', '1', '2024-11-03 02:30:00')");
    room_write("destination.yaml",
               "id: crm\ntitle: A CRM\nschema: 1\nformat: {zone: utc, datetimes: 'YYYY-MM-DDThh:mm:ss.000Z'}\n");
    room_write("event.yaml", "object: Event\nfrom: appointment\nkey: K\nfile: 01_Event.csv\nfields:\n"
                             "  At: {from: start_at, required: true}\n");
    x->run.zone = zone_named(SV_LIT("America/New_York"));
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/01_Event.csv", "K,At\r\nX-APT-1,2024-11-03T05:30:00.000Z\r\nX-APT-2,2024-11-03T07:30:00.000Z\r\n");
    assert_int_equal(findings_count(x->found, F_DEL_TIME_AMBIGUOUS), 1);
    assert_true(room_holds("exceptions.csv", "2024-11-03 01:30:00,DEL-817,"));
    assert_int_equal(findings_count(x->found, F_DEL_ZONE_UNKNOWN), 0);
}

static void without_a_zone_moments_stay_local_in_their_own_form(void **state)
{
    deliver_room *x = *state;
    stage_people(x);
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\nformat: {zone: utc, datetimes: "
                                   "'YYYY-MM-DDThh:mm:ss.000Z', datetimes_local: 'YYYY-MM-DDThh:mm:ss'}\n");
    room_write("event.yaml", "object: Event\nfrom: appointment\nkey: K\nfile: 01_Event.csv\nfields:\n"
                             "  At: {from: start_at}\n");
    assert_true(room_begin(x));
    room_finish(x);
    room_expect("crm/01_Event.csv", "K,At\r\nX-APT-1,2024-07-01T09:30:00\r\n");
    assert_int_equal(findings_count(x->found, F_DEL_ZONE_UNKNOWN), 1);
}

/* ---- limits ---- */

static void limits_that_would_be_broken_are_told_with_what_would_fit(void **state)
{
    deliver_room *x = *state;
    room_write("destination.yaml",
               "id: crm\ntitle: A CRM\nschema: 1\nlayouts: [json, wide]\ndefault_edition: small\neditions:\n"
               "  small: {title: Small, fields_per_object: {is: 100, source: help}}\n"
               "  large: {title: Large, fields_per_object: 500}\n");
    room_write("exam.yaml",
               "object: Exam\nfrom: clinical_exam\nkey: K\nfile: 01_Exam.csv\nfields:\n"
               "  Json: {from: chart_json}\n"
               "  W: {each: [site, tooth], name: 'PD_{site}_{tooth}', from: pd, new: true, layouts: [wide]}\n");
    assert_non_null(room_load(x));
    assert_null(destination_breaks(x->d, x->mem).p);
    x->options.layout = SV_LIT("wide");
    assert_non_null(room_load(x));
    sv wrong = destination_breaks(x->d, x->mem);
    assert_string_equal(wrong.p, "Exam: 193 new fields of a table, 100 are taken by Small");
    assert_string_equal(destination_alternatives(DELIVER_FOLDER, &x->options, x->mem).p,
                        "--layout json or --edition large");
    room_stage(x, "clinical_exam");
    assert_false(room_begin(x));
    assert_int_equal(findings_count(x->found, F_DEL_LIMIT_BROKEN), 1);
    assert_false(os_exists(DELIVER_RUN "/crm"));
    x->options.edition = SV_LIT("large");
    assert_non_null(room_load(x));
    assert_null(destination_breaks(x->d, x->mem).p);
    x->options.edition = SV_LIT("lage");
    assert_null(room_load(x));
    assert_non_null(strstr(x->wrong.item[0].text.p,
                           "\"--edition\" is one of small, large, not \"lage\" (did you mean \"large\"?)"));
}

static void storage_beyond_what_is_included_is_told(void **state)
{
    deliver_room *x = *state;
    stage_people(x);
    room_write("destination.yaml",
               "id: crm\ntitle: A CRM\nschema: 1\nlimits: {bytes_per_record: 2000, storage_bytes: 3000}\n");
    room_write("contact.yaml",
               "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nfields:\n  L: {from: last}\n");
    assert_true(room_begin(x));
    room_finish(x);
    assert_int_equal(findings_count(x->found, F_DEL_STORAGE), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, room_start, room_end)
        T(paths_follow_links_to_other_records),
        T(a_path_must_lead_somewhere),
        T(texts_before_missing_values_go_with_them),
        T(one_entity_feeds_several_files_of_an_object),
        T(second_passes_link_records_of_one_file),
        T(a_second_pass_needs_its_first),
        T(custom_values_become_fields_by_name_and_type),
        T(custom_values_of_records_that_are_not_written_are_skipped),
        T(names_of_custom_fields_are_plain_and_differ),
        T(facts_join_the_files_of_a_table),
        T(numbers_must_fit_their_digits),
        T(moments_are_turned_to_utc_where_that_is_certain),
        T(a_moment_of_the_hour_that_came_twice_is_written_and_told),
        T(without_a_zone_moments_stay_local_in_their_own_form),
        T(limits_that_would_be_broken_are_told_with_what_would_fit),
        T(storage_beyond_what_is_included_is_told),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
