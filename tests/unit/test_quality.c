/* What is counted over staged records: how many, what they lack, which fields the practice has made for itself. */
#include "quality/quality.h"
#include "staged_tables.h"
#include <stdlib.h>
#include <string.h>

typedef struct fixture {
    arena *mem;
    sqlite3 *db;
    buf said;
} fixture;

static int start(void **state)
{
    fixture *x = calloc(1, sizeof *x);
    x->mem = arena_new(0);
    x->said = buf_new(65536);
    assert_int_equal(sqlite3_open(":memory:", &x->db), SQLITE_OK);
    *state = x;
    return 0;
}

static int end(void **state)
{
    fixture *x = *state;
    arena_free(x->mem);
    sqlite3_close(x->db);
    buf_free(&x->said);
    free(x);
    return 0;
}

static void four_patients(fixture *x)
{
    stage_table(x->db, "patient");
    stage_sql(
        x->db,
        "INSERT INTO patient (source_key, src_table, src_key, last, birth_date, email, other_emails, phone_work, city) "
        "VALUES ('P-4', 't', '4', 'A', '1950-01-02', 'a@b.c', NULL, NULL, NULL), "
        "('P-1', 't', '1', 'B', NULL, NULL, 'x@y.z', '+1', NULL), ('P-3', 't', '3', 'C', '1960-01-02', NULL, NULL, "
        "NULL, "
        "'Kent'), ('P-2', 't', '2', 'D', NULL, NULL, NULL, NULL, NULL)");
}

static void records_and_their_fields_are_counted(void **state)
{
    fixture *x = *state;
    quality_facts f = {0};
    four_patients(x);
    stage_table(x->db, "recall");
    assert_true(quality_count(x->db, x->mem, &f));
    assert_int_equal(f.entities, 2);
    assert_string_equal(f.entity[0].entity->name, "patient");
    assert_int_equal(f.entity[0].records, 4);
    assert_int_equal(f.entity[1].records, 0);
    for (size_t i = 0; i < f.entity[0].entity->fields; i++) {
        const char *name = f.entity[0].entity->field[i].name;
        uint64_t expected = strcmp(name, "last") == 0         ? 4
                            : strcmp(name, "birth_date") == 0 ? 2
                            : !strcmp(name, "email") || !strcmp(name, "other_emails") || !strcmp(name, "phone_work") ||
                                    !strcmp(name, "city")
                                ? 1
                                : 0;
        assert_int_equal(f.entity[0].kept[i], expected);
    }
}

static void what_patients_lack_is_counted(void **state)
{
    fixture *x = *state;
    static const struct {
        const char *what;
        uint64_t lacking;
    } expected[] = {{"birth_date", 2}, {"email", 2}, {"phone", 3}, {"address", 3}};
    quality_facts f = {0};
    four_patients(x);
    assert_true(quality_count(x->db, x->mem, &f));
    assert_int_equal(f.lacks, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(f.lack[i].what, expected[i].what);
        assert_int_equal(f.lack[i].lacking, expected[i].lacking);
        assert_int_equal(f.lack[i].records, 4);
    }
}

static bool take(void *ctx, sv source_key, sv src_table, sv src_key, sv missing)
{
    fixture *x = ctx;
    buf_printf(&x->said, "%.*s %.*s %.*s %.*s|", (int)source_key.n, source_key.p, (int)src_table.n, src_table.p,
               (int)src_key.n, src_key.p, (int)missing.n, missing.p);
    return true;
}

static void patients_without_birth_date_or_email_are_named_by_key(void **state)
{
    fixture *x = *state;
    four_patients(x);
    assert_true(quality_each_lack(x->db, take, x));
    buf_char(&x->said, '\0');
    assert_string_equal(x->said.p, "P-1 t 1 birth_date|P-2 t 2 birth_date;email|P-3 t 3 email|");
}

static void nothing_staged_is_nothing_counted(void **state)
{
    fixture *x = *state;
    quality_facts f = {0};
    assert_true(quality_count(x->db, x->mem, &f));
    assert_int_equal(f.entities + f.lacks + f.customs, 0);
    assert_true(quality_each_lack(x->db, take, x));
    assert_int_equal(x->said.n, 0);
}

static void custom_fields_are_listed_with_their_records_and_values(void **state)
{
    fixture *x = *state;
    quality_facts f = {0};
    stage_table(x->db, "custom_value");
    stage_table(x->db, "custom_finding");
    stage_sql(
        x->db,
        "INSERT INTO custom_value VALUES ('1', 't', '1', 'patient', '7', 'Tier', 'text', 'Gold'), "
        "('2', 't', '2', 'patient', '8', 'Tier', 'text', 'Gold'), ('3', 't', '3', 'patient', '9', 'Tier', 'text', "
        "'Red'), "
        "('4', 't', '4', 'clinical_exam', '7', 'Guard', 'bool', '1')");
    stage_sql(x->db, "INSERT INTO custom_finding VALUES ('1', 't', '1', '7', NULL, 'Bone', '3', 'number')");
    assert_true(quality_count(x->db, x->mem, &f));
    quality_customs *c = quality_customs_new();
    assert_true(quality_customs_add(c, SV_LIT("custom_finding"), SV_LIT("Creep"), SV_LIT("number"), SV_LIT("1")));
    for (int i = 0; i < 3; i++)
        assert_true(quality_customs_add(c, SV_LIT("custom_finding"), SV_LIT("Creep"), SV_LIT("number"), SV_LIT("2")));
    assert_true(quality_customs_list(c, x->mem, &f));
    quality_customs_free(c);
    static const struct {
        const char *entity, *name, *type;
        uint64_t records, distinct;
    } expected[] = {{"clinical_exam", "Guard", "bool", 1, 1},
                    {"custom_finding", "Bone", "number", 1, 1},
                    {"custom_finding", "Creep", "number", 4, 2},
                    {"patient", "Tier", "text", 3, 2}};
    assert_int_equal(f.customs, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_true(sv_eq(f.custom[i].entity, sv_from(expected[i].entity)));
        assert_true(sv_eq(f.custom[i].name, sv_from(expected[i].name)));
        assert_true(sv_eq(f.custom[i].type, sv_from(expected[i].type)));
        assert_int_equal(f.custom[i].records, expected[i].records);
        assert_int_equal(f.custom[i].distinct, expected[i].distinct);
        assert_false(f.custom[i].more);
    }
}

static void beyond_a_number_of_values_it_is_said_that_there_are_more(void **state)
{
    fixture *x = *state;
    quality_facts f = {0};
    quality_customs *c = quality_customs_new();
    for (int i = 0; i < 3 * QUALITY_DISTINCT_MAX; i++) {
        char text[16];
        int n = snprintf(text, sizeof text, "%d", i % (QUALITY_DISTINCT_MAX + 1));
        assert_true(quality_customs_add(c, SV_LIT("f"), SV_LIT("many"), SV_LIT(""), (sv){text, (size_t)n}));
        n = snprintf(text, sizeof text, "%d", i % QUALITY_DISTINCT_MAX);
        assert_true(quality_customs_add(c, SV_LIT("f"), SV_LIT("most"), SV_LIT(""), (sv){text, (size_t)n}));
    }
    assert_true(quality_customs_list(c, x->mem, &f));
    quality_customs_free(c);
    assert_int_equal(f.customs, 2);
    assert_true(f.custom[0].more);
    assert_false(f.custom[1].more);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(f.custom[i].distinct, QUALITY_DISTINCT_MAX);
        assert_int_equal(f.custom[i].records, 3 * QUALITY_DISTINCT_MAX);
    }
}

static bool say_conflict(void *ctx, const quality_conflict *x)
{
    fixture *f = ctx;
    buf_str(&f->said, x->entity->name);
    buf_char(&f->said, ' ');
    buf_sv(&f->said, x->source_key);
    buf_printf(&f->said, ": %s, ", x->what);
    buf_sv(&f->said, x->other);
    buf_char(&f->said, '\n');
    return true;
}

static void records_before_birth_and_shared_addresses_are_conflicts(void **state)
{
    fixture *x = *state;
    findings *found = findings_new();
    quality_facts f = {0};
    stage_table(x->db, "patient");
    stage_table(x->db, "clinical_exam");
    stage_table(x->db, "appointment");
    stage_table(x->db, "provider");
    stage_sql(x->db,
              "INSERT INTO patient (source_key, src_key, birth_date) VALUES ('P-1', '1', '2010-04-05'), ('P-2', '2', "
              "NULL)");
    stage_sql(x->db, "INSERT INTO clinical_exam (source_key, src_key, patient, exam_at) VALUES "
                     "('E-1', '1', '1', '2010-04-05 08:00:00'), ('E-2', '2', '1', '2010-04-04 23:59:59'), "
                     "('E-3', '3', '2', '1900-01-01 00:00:00')");
    stage_sql(x->db, "INSERT INTO appointment (source_key, src_key, patient, start_at) VALUES "
                     "('A-1', '1', '1', '2009-12-31 10:00:00')");
    stage_sql(x->db, "INSERT INTO provider (source_key, src_key, email) VALUES ('D-1', '1', 'Office@example.com'), "
                     "('D-2', '2', 'own@example.com'), ('D-3', '3', 'office@example.com'), ('D-4', '4', NULL), "
                     "('D-5', '5', NULL), ('D-6', '6', 'office@example.com')");
    assert_true(quality_each_conflict(x->db, found, say_conflict, x, &f));
    buf_char(&x->said, 0);
    assert_string_equal(x->said.p, "clinical_exam E-2: dated before birth, P-1\n"
                                   "appointment A-1: dated before birth, P-1\n"
                                   "provider D-1: shared e-mail address, D-6\n"
                                   "provider D-3: shared e-mail address, D-1\n"
                                   "provider D-6: shared e-mail address, D-1\n");
    assert_int_equal(f.before_birth, 2);
    assert_int_equal(f.shared_emails, 3);
    assert_int_equal(findings_count(found, F_QUA_BEFORE_BIRTH), 2);
    assert_int_equal(findings_count(found, F_QUA_PROVIDER_EMAIL), 1);
    findings_free(found);
}

static void national_numbers_are_taken_out(void **state)
{
    fixture *x = *state;
    findings *found = findings_new();
    assert_true(quality_withhold(x->db, found)); /* nothing was staged */
    stage_table(x->db, "patient");
    stage_sql(x->db,
              "INSERT INTO patient (source_key, src_key, last, national_id) VALUES ('P-1', '1', 'A', '10000000146'), "
              "('P-2', '2', 'B', NULL), ('P-3', '3', 'C', '123-45-6789')");
    assert_true(quality_withhold(x->db, found));
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_prepare_v2(x->db, "SELECT count(national_id), count(last) FROM patient", -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(st, 0), 0);
    assert_int_equal(sqlite3_column_int(st, 1), 3);
    sqlite3_finalize(st);
    assert_int_equal(findings_count(found, F_QUA_NATIONAL_ID_WITHHELD), 1);
    findings_free(found);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
    const struct CMUnitTest tests[] = {
        TEST(records_and_their_fields_are_counted),
        TEST(what_patients_lack_is_counted),
        TEST(patients_without_birth_date_or_email_are_named_by_key),
        TEST(records_before_birth_and_shared_addresses_are_conflicts),
        TEST(national_numbers_are_taken_out),
        TEST(nothing_staged_is_nothing_counted),
        TEST(custom_fields_are_listed_with_their_records_and_values),
        TEST(beyond_a_number_of_values_it_is_said_that_there_are_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
