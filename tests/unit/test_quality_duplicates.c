/* Patients that may be one person: who is, who is not, and how long it takes. */
#include "quality/duplicates.h"
#include "staged_tables.h"
#include <time.h>

typedef struct looked {
    sqlite3 *db;
    findings *f;
    duplicates d;
} looked;

static void look(looked *x)
{
    x->f = findings_new();
    assert_int_equal(duplicates_find(x->db, x->f, &x->d), ST_OK);
}

static void done(looked *x)
{
    duplicates_free(&x->d);
    findings_free(x->f);
    sqlite3_close(x->db);
}

static void assert_words(const duplicate_pair *p, const char *expected)
{
    buf b = buf_new(1000);
    duplicate_words(p->why, &b);
    buf_char(&b, 0);
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

/* Case 42. */
static void one_name_and_birth_date_under_two_chart_numbers_is_a_pair(void **state)
{
    (void)state;
    looked x = {.db = stage_new()};
    PATIENT(x.db, "1", "last", "Smith", "first", "John", "birth_date", "1950-04-05", "chart_number", "A1");
    PATIENT(x.db, "2", "last", "SMITH", "first", "John", "birth_date", "1950-04-05", "chart_number", "A2");
    look(&x);
    assert_int_equal(x.d.pairs, 1);
    assert_int_equal(x.d.pair[0].level, DUPLICATE_POSSIBLE);
    assert_words(&x.d.pair[0], "same last name; same first name; same date of birth; two chart numbers");
    assert_true(sv_eq(x.d.pair[0].a, SV_LIT("PP-PAT-1")));
    assert_int_equal(x.d.patients, 2);
    assert_int_equal(x.d.groups, 1);
    done(&x);
}

static void a_phone_more_makes_it_certain(void **state)
{
    (void)state;
    looked x = {.db = stage_new()};
    PATIENT(x.db, "1", "last", "Smith", "first", "William", "birth_date", "1950-04-05", "phone_home",
            "+13608975555 x12");
    PATIENT(x.db, "2", "last", "Smith", "first", "Bill", "birth_date", "1950-04-05", "other_phones",
            "+13608975556; +13608975555");
    look(&x);
    assert_int_equal(x.d.pairs, 1);
    assert_int_equal(x.d.pair[0].level, DUPLICATE_CERTAIN);
    assert_words(&x.d.pair[0], "same last name; nickname; same date of birth; same phone");
    done(&x);
}

/* Cases 41 and 43. */
static void twins_families_and_generations_are_no_duplicates(void **state)
{
    (void)state;
    looked x = {.db = stage_new()};
#define HOME                                                                                                           \
    "phone_home", "+13608975555", "email", "smith@example.com", "address_line1", "1 Elm St", "postal_code", "98579"
    PATIENT(x.db, "1", "last", "Smith", "first", "Anna", "birth_date", "2010-04-05", HOME);
    PATIENT(x.db, "2", "last", "Smith", "first", "Emma", "birth_date", "2010-04-05", HOME);
    PATIENT(x.db, "3", "last", "Smith", "first", "John", "suffix", "Sr", "birth_date", "1950-04-05", HOME);
    PATIENT(x.db, "4", "last", "Smith", "first", "John", "suffix", "Jr", "birth_date", "1980-09-12", HOME);
    PATIENT(x.db, "5", "last", "Smith", "first", "John", "birth_date", "2005-11-30", HOME);
    look(&x);
    assert_int_equal(x.d.pairs, 0);
    assert_int_equal(x.d.patients, 0);
    done(&x);
    x.db = stage_new();
    PATIENT(x.db, "1", "last", "Smith", "first", "John", "suffix", "Sr", HOME);
    PATIENT(x.db, "2", "last", "Smith", "first", "John", "suffix", "Jr", HOME);
    look(&x);
    assert_int_equal(x.d.pairs, 0);
    done(&x);
}

/* Case 44. */
static void swapped_and_mistyped_birth_dates_are_possible(void **state)
{
    (void)state;
    looked x = {.db = stage_new()};
    PATIENT(x.db, "1", "last", "Gray", "first", "Ann", "birth_date", "1950-04-05", HOME);
    PATIENT(x.db, "2", "last", "Gray", "first", "Ann", "birth_date", "1950-05-04", HOME);
    PATIENT(x.db, "3", "last", "Kaya", "first", "Ali", "birth_date", "1971-01-12", "phone_mobile", "+905321234567");
    PATIENT(x.db, "4", "last", "Kaya", "first", "Ali", "birth_date", "1971-01-13", "phone_mobile", "+905321234567");
    look(&x);
    assert_int_equal(x.d.pairs, 2);
    for (size_t i = 0; i < 2; i++) assert_int_equal(x.d.pair[i].level, DUPLICATE_POSSIBLE);
    assert_true(x.d.pair[0].why & SWAPPED_BIRTH);
    assert_true(x.d.pair[1].why & CLOSE_BIRTH);
    done(&x);
}

static void without_a_birth_date_a_name_and_a_place_are_too_little(void **state)
{
    (void)state;
    looked x = {.db = stage_new()};
    PATIENT(x.db, "1", "last", "Gray", "first", "Ann", "birth_date", "1950-04-05", "postal_code", "98579");
    PATIENT(x.db, "2", "last", "Gray", "first", "Ann", "postal_code", "98579");
    PATIENT(x.db, "3", "last", "Kaya", "first", "Ali", "birth_date", "1971-01-12", "phone_mobile", "+905321234567");
    PATIENT(x.db, "4", "last", "Kaya", "first", "Ali", "phone_mobile", "+905321234567");
    look(&x);
    assert_int_equal(x.d.pairs, 1);
    assert_true(sv_eq(x.d.pair[0].a, SV_LIT("PP-PAT-3")));
    done(&x);
}

static void a_changed_last_name_is_found_by_phone(void **state)
{
    (void)state;
    looked x = {.db = stage_new()};
    PATIENT(x.db, "1", "last", "Weber", "first", "Maria", "birth_date", "1988-03-09", "phone_mobile", "+13608975555");
    PATIENT(x.db, "2", "last", "Lopez", "first", "Maria", "birth_date", "1988-03-09", "phone_mobile", "+13608975555");
    look(&x);
    assert_int_equal(x.d.pairs, 1);
    assert_int_equal(x.d.pair[0].level, DUPLICATE_POSSIBLE);
    assert_true(x.d.pair[0].why & OTHER_LAST);
    done(&x);
}

static void two_national_numbers_are_never_certain(void **state)
{
    (void)state;
    looked x = {.db = stage_new()};
    PATIENT(x.db, "1", "last", "Kaya", "first", "Ali", "birth_date", "1971-01-12", "national_id", "10000000146", HOME);
    PATIENT(x.db, "2", "last", "Kaya", "first", "Ali", "birth_date", "1971-01-12", "national_id", "10000000078", HOME);
    PATIENT(x.db, "3", "last", "Gray", "first", "Ann", "birth_date", "1950-04-05", "national_id", "123-45-6789");
    PATIENT(x.db, "4", "last", "Gray", "first", "Ann", "birth_date", "1950-04-06", "national_id", "123-45-6780");
    look(&x);
    assert_int_equal(x.d.pairs, 1);
    assert_int_equal(x.d.pair[0].level, DUPLICATE_POSSIBLE);
    assert_true(x.d.pair[0].why & OTHER_NATIONAL_ID);
    done(&x);
}

static void the_record_with_most_clinical_rows_is_proposed(void **state)
{
    (void)state;
    looked x = {.db = stage_new()};
    for (int i = 1; i <= 3; i++) {
        char key[2] = {(char)('0' + i), 0};
        PATIENT(x.db, key, "last", "Smith", "first", "John", "birth_date", "1950-04-05", HOME);
    }
    stage_sql(x.db, "INSERT INTO clinical_exam (source_key, src_key, patient, exam_at) VALUES"
                    "('E1', 'E1', '2', '2019-01-01 09:00:00'), ('E2', 'E2', '3', '2021-01-01 09:00:00'), ('E3', 'E3', "
                    "'9', '2022-01-01')");
    look(&x);
    assert_int_equal(x.d.pairs, 3);
    assert_int_equal(x.d.groups, 1);
    assert_int_equal(x.d.patients, 3);
    assert_true(x.d.patient[0].primary);
    assert_true(sv_eq(x.d.patient[0].source_key, SV_LIT("PP-PAT-3"))); /* as many rows as 2, and later */
    assert_true(sv_eq(x.d.patient[0].latest, SV_LIT("2021-01-01 09:00:00")));
    assert_int_equal(x.d.patient[0].clinical_rows, 1);
    assert_false(x.d.patient[1].primary);
    assert_int_equal(x.d.patient[1].clinical_rows, 0);
    done(&x);
}

static void a_phone_that_all_have_makes_no_square(void **state)
{
    (void)state;
    looked x = {.db = stage_new()};
    stage_sql(
        x.db,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
        "INSERT INTO patient (source_key, src_key, last, first, birth_date, phone_home) "
        "SELECT 'PP-PAT-' || i, i, 'Name' || char(97 + i % 26) || char(97 + i / 26 % 26), 'First' || char(97 + i % 17),"
        " date('1940-01-01', (i * 7) || ' days'), '+13608975555' FROM n");
    PATIENT(x.db, "A", "last", "Zimmermann", "first", "Zoe", "birth_date", "1950-04-05", "phone_home", "+13608975555");
    PATIENT(x.db, "B", "last", "Zimmermann", "first", "Zoe", "birth_date", "1950-04-05", "phone_home", "+13608975555");
    look(&x);
    assert_true(x.d.compared < 250000);
    assert_int_equal(findings_count(x.f, F_QUA_LARGE_BLOCK), 1);
    bool found = false;
    for (size_t i = 0; i < x.d.pairs; i++) found = found || sv_eq(x.d.pair[i].a, SV_LIT("PP-PAT-A"));
    assert_true(found);
    done(&x);
}

/* 100,000 people with names as frequent as names are. */
static void a_hundred_thousand_patients_take_seconds(void **state)
{
    (void)state;
    looked x = {.db = stage_new()};
    stage_sql(x.db, "WITH RECURSIVE n(i, r) AS (SELECT 1, 12345 UNION ALL SELECT i + 1, (r * 1103515245 + 12345) % "
                    "2147483648 FROM n WHERE i < 100000)"
                    "INSERT INTO patient (source_key, src_key, last, first, birth_date, phone_home, email, "
                    "postal_code, address_line1) "
                    "SELECT 'PP-PAT-' || i, i, char(65 + r / 7 % 20) || char(97 + r / 140 % 26) || 'n' || char(97 + r "
                    "/ 3640 % 12) || 'er',"
                    " char(65 + r / 11 % 20) || 'a' || char(97 + r / 220 % 20) || 'e', date('1930-01-01', (r / 13 % "
                    "32000) || ' days'),"
                    " '+1360' || (2000000 + r / 17 % 60000), 'p' || (r / 19 % 80000) || '@example.com', 98000 + r / 23 "
                    "% 500, (r / 29 % 9000) || ' Elm St' FROM n");
    clock_t start = clock();
    look(&x);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    print_message("100,000 patients: %.2f s, %llu compared, %zu pairs\n", seconds, (unsigned long long)x.d.compared,
                  x.d.pairs);
    assert_true(seconds < 20); /* 5 in a release build; sanitizers take their time */
    done(&x);
}

static void nothing_to_look_at_is_no_mistake(void **state)
{
    (void)state;
    looked x = {.db = NULL};
    assert_int_equal(sqlite3_open(":memory:", &x.db), SQLITE_OK);
    look(&x);
    assert_int_equal(x.d.pairs, 0);
    done(&x);
    x.db = stage_new();
    look(&x);
    assert_int_equal(x.d.pairs, 0);
    done(&x);
}

static void a_table_that_lacks_columns_fails_with_a_finding(void **state)
{
    (void)state;
    looked x = {.f = findings_new()};
    assert_int_equal(sqlite3_open(":memory:", &x.db), SQLITE_OK);
    stage_sql(x.db, "CREATE TABLE patient (source_key TEXT)");
    assert_int_equal(duplicates_find(x.db, x.f, &x.d), ST_FATAL);
    assert_int_equal(findings_count(x.f, F_QUA_WORK_FAILED), 1);
    done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_name_and_birth_date_under_two_chart_numbers_is_a_pair),
        cmocka_unit_test(a_phone_more_makes_it_certain),
        cmocka_unit_test(twins_families_and_generations_are_no_duplicates),
        cmocka_unit_test(swapped_and_mistyped_birth_dates_are_possible),
        cmocka_unit_test(without_a_birth_date_a_name_and_a_place_are_too_little),
        cmocka_unit_test(a_changed_last_name_is_found_by_phone),
        cmocka_unit_test(two_national_numbers_are_never_certain),
        cmocka_unit_test(the_record_with_most_clinical_rows_is_proposed),
        cmocka_unit_test(a_phone_that_all_have_makes_no_square),
        cmocka_unit_test(a_hundred_thousand_patients_take_seconds),
        cmocka_unit_test(nothing_to_look_at_is_no_mistake),
        cmocka_unit_test(a_table_that_lacks_columns_fails_with_a_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
