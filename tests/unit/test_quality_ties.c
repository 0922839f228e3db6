/* The sheet to hold against the old system, and the records that are looked up in it. */
#include "quality/quality_ties.h"
#include "quality/spot_checks.h"
#include "staged_tables.h"

typedef struct fixture {
    sqlite3 *db;
    arena *mem;
    const quality_tie *tie;
    size_t n;
} fixture;

static fixture start(void)
{
    fixture x = {.db = stage_new(), .mem = arena_new(0)};
    stage_table(x.db, "billing_line");
    assert_non_null(x.mem);
    return x;
}

static void end(fixture *x)
{
    sqlite3_close(x->db);
    arena_free(x->mem);
}

static const quality_tie *find(const fixture *x, tie_kind kind, const char *entity, const char *field,
                               const char *value)
{
    for (size_t i = 0; i < x->n; i++) {
        const quality_tie *t = &x->tie[i];
        if (t->kind == kind && strcmp(t->entity->name, entity) == 0 && sv_eq(t->value, sv_from(value)) &&
            (!field || strcmp(t->field->name, field) == 0))
            return t;
    }
    return NULL;
}

static void bill(fixture *x, int key, const char *patient, const char *day, const char *currency, const char *charge,
                 const char *balance)
{
    char *sql = sqlite3_mprintf("INSERT INTO billing_line (source_key, src_key, patient, line_date, currency, charge, "
                                "balance) VALUES ('PP-BIL-%d', '%d', %Q, %Q, %Q, %Q, %Q)",
                                key, key, patient, day, currency, charge, balance);
    stage_sql(x->db, sql);
    sqlite3_free(sql);
}

static void assert_amount(const quality_tie *t, const char *digits, uint64_t records)
{
    assert_non_null(t);
    buf text = buf_new(100);
    amount_text(&text, t->sum);
    assert_true(sv_eq(buf_view(&text), sv_from(digits)));
    assert_int_equal(t->records, records);
    buf_free(&text);
}

static void words_and_years_are_counted(void **state)
{
    (void)state;
    fixture x = start();
    stage_patient(x.db, "1", (const char *const[]){"status", "active", NULL});
    stage_patient(x.db, "2", (const char *const[]){"status", "active", NULL});
    stage_patient(x.db, "3", (const char *const[]){"last", "Nobody", NULL});
    stage_sql(x.db,
              "INSERT INTO clinical_exam (source_key, src_key, exam_at) VALUES ('E1', '1', '2018-03-01 10:00:00'), "
              "('E2', '2', '2016-12-31 23:59:59'), ('E3', '3', '2018-01-01 00:00:00'), ('E4', '4', 'soon')");
    assert_true(quality_ties(x.db, x.mem, &x.tie, &x.n));
    assert_int_equal(find(&x, TIE_RECORDS, "patient", NULL, "")->records, 3);
    assert_int_equal(find(&x, TIE_WORD, "patient", "status", "active")->records, 2);
    assert_int_equal(find(&x, TIE_WORD, "patient", "status", "")->records, 1);
    assert_int_equal(find(&x, TIE_YEAR, "clinical_exam", "exam_at", "2018")->records, 2);
    assert_int_equal(find(&x, TIE_YEAR, "clinical_exam", "exam_at", "2016")->records, 1);
    assert_int_equal(find(&x, TIE_YEAR, "clinical_exam", "exam_at", "")->records, 1);
    assert_true(sv_eq(find(&x, TIE_FIRST, "clinical_exam", "exam_at", "")->day, SV_LIT("2016-12-31")));
    assert_true(sv_eq(find(&x, TIE_LAST, "clinical_exam", "exam_at", "")->day, SV_LIT("2018-03-01")));
    assert_null(find(&x, TIE_RECORDS, "appointment", NULL, "")); /* was not staged */
    end(&x);
}

static void money_is_added_exactly_and_by_currency(void **state)
{
    (void)state;
    fixture x = start();
    bill(&x, 1, "1", "2018-01-01", "TRY", "0.1", "0.1");
    bill(&x, 2, "1", "2018-01-02", "TRY", "0.2", "0.3");
    bill(&x, 3, "2", "2018-01-01", "USD", "-1000000000.01", "7");
    bill(&x, 4, "3", "2018-01-01", "TRY", "much", NULL);
    assert_true(quality_ties(x.db, x.mem, &x.tie, &x.n));
    assert_amount(find(&x, TIE_SUM, "billing_line", "charge", "TRY"), "0.3", 2);
    assert_int_equal(find(&x, TIE_SUM, "billing_line", "charge", "TRY")->unadded, 1);
    assert_amount(find(&x, TIE_SUM, "billing_line", "charge", "USD"), "-1000000000.01", 1);
    /* Not 0.4: what is open is what the patient's last line says. */
    assert_amount(find(&x, TIE_BALANCE, "billing_line", "balance", "TRY"), "0.3", 1);
    assert_amount(find(&x, TIE_BALANCE, "billing_line", "balance", "USD"), "7", 1);
    end(&x);
}

static void currencies_beyond_the_last_are_never_added(void **state)
{
    (void)state;
    fixture x = start();
    char currency[16];
    for (int i = 0; i < TIE_VALUES_MAX + 20; i++) {
        (void)snprintf(currency, sizeof currency, "C%03d", i);
        bill(&x, i, "1", "2018-01-01", currency, "5", NULL);
    }
    assert_true(quality_ties(x.db, x.mem, &x.tie, &x.n));
    assert_amount(find(&x, TIE_SUM, "billing_line", "charge", "C000"), "5", 1);
    assert_amount(find(&x, TIE_SUM, "billing_line", "charge", "other"), "0", 0);
    assert_int_equal(find(&x, TIE_SUM, "billing_line", "charge", "other")->unadded, 20);
    end(&x);
}

/* ---- spot checks ---- */

static bool no_even_ones(void *ctx, const model_entity *e, sv src_key)
{
    (void)ctx;
    (void)e;
    return (src_key.p[src_key.n - 1] - '0') % 2 == 1;
}

static void the_same_patients_are_chosen_in_any_order(void **state)
{
    (void)state;
    const spot_group *group[2];
    size_t n = 0;
    fixture x[2] = {start(), start()};
    for (int i = 0; i < 500; i++)
        for (int k = 0; k < 2; k++) {
            char key[16];
            (void)snprintf(key, sizeof key, "%d", 1000 + (k ? 499 - i : i));
            stage_patient(x[k].db, key, (const char *const[]){"last", "O'Neill", NULL});
        }
    for (int k = 0; k < 2; k++) {
        stage_sql(x[k].db,
                  "INSERT INTO clinical_exam (source_key, src_key, patient) SELECT 'E' || src_key, src_key, src_key "
                  "FROM patient");
        assert_true(spot_checks(x[k].db, NULL, NULL, x[k].mem, &group[k], &n));
        assert_int_equal(n, 2);
    }
    assert_int_equal(group[0]->checks, 15);
    for (size_t i = 0; i < 15; i++) {
        assert_true(sv_eq(group[0]->check[i].source_key, group[1]->check[i].source_key));
        assert_int_equal(group[0]->check[i].records[0], 1);
        assert_true(sv_eq(group[0]->check[i].value[1], SV_LIT("O'Neill")));
    }
    /* From all over the practice, not the first ones. */
    assert_true(sv_cmp(group[0]->check[14].src_key, SV_LIT("1400")) > 0);
    end(&x[0]);
    end(&x[1]);
}

/* Kinds that were staged without a record stand between those that have some. */
static void a_kind_without_a_record_leaves_nothing_behind(void **state)
{
    (void)state;
    const spot_group *group = NULL;
    size_t n = 0;
    fixture x = start();
    bill(&x, 1, "1", "2018-01-01", "USD", "5", "5");
    assert_true(spot_checks(x.db, NULL, NULL, x.mem, &group, &n));
    assert_int_equal(n, 1);
    assert_string_equal(group->entity->name, "billing_line");
    assert_int_equal(group->fields, 6);
    assert_int_equal(group->children, 0);
    assert_true(sv_eq(group->check[0].value[3], SV_LIT("5")));
    end(&x);
}

static void only_records_of_the_run_are_chosen(void **state)
{
    (void)state;
    const spot_group *group = NULL;
    size_t n = 0;
    fixture x = start();
    stage_patient(x.db, "1", (const char *const[]){"last", "A", NULL});
    stage_patient(x.db, "2", (const char *const[]){"last", "B", NULL});
    assert_true(spot_checks(x.db, no_even_ones, NULL, x.mem, &group, &n));
    assert_int_equal(n, 1);
    assert_int_equal(group->checks, 1);
    assert_true(sv_eq(group->check[0].src_key, SV_LIT("1")));
    end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_years_are_counted),
        cmocka_unit_test(money_is_added_exactly_and_by_currency),
        cmocka_unit_test(currencies_beyond_the_last_are_never_added),
        cmocka_unit_test(the_same_patients_are_chosen_in_any_order),
        cmocka_unit_test(a_kind_without_a_record_leaves_nothing_behind),
        cmocka_unit_test(only_records_of_the_run_are_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
