/* What becomes of a value in a copy in which nobody can be known: by the rule of the model, and nothing where it is not of the
 * form that the rule expects. */
#include "base/platform.h"
#include "pack/copy_plan.h"
#include "pack/shuffle.h"
#include "pack/tokens.h"
#include "testing.h"
#include <stdlib.h>

static safe_column column_of(const char *entity, const char *name)
{
    const model_entity *e = model_entity_named(sv_from(entity));
    const model_field *f = e ? model_field_named(e, sv_from(name)) : NULL;
    if (!f) fail_msg("%s.%s is no field", entity, name);
    return (safe_column){.heading = sv_from(name), .field = f, .rule = f->safe};
}

/* The rule of entity.name, applied; a row with a state stands before it. */
static void becomes(const safe_run *r, const char *entity, const char *name, const char *cell, const char *wanted)
{
    safe_column c = column_of(entity, name);
    buf out = buf_new(4096);
    safe_cell(r, &c, sv_from(cell), &out);
    if (!sv_eq(buf_view(&out), sv_from(wanted)))
        fail_msg("%s.%s: \"%s\" became \"%.*s\", not \"%s\"", entity, name, cell, (int)out.n, out.p ? out.p : "",
                 wanted);
    buf_free(&out);
}

static void ages_over_89_are_one(void **state)
{
    (void)state;
    const safe_run r = {.year = 2026};
    becomes(&r, "patient", "birth_date", "1970-07-28", "1970");
    becomes(&r, "patient", "birth_date", "1937-01-01", "1937");
    becomes(&r, "patient", "birth_date", "1936-12-31", "90+");
    becomes(&r, "patient", "birth_date", "1890-01-01", "90+");
    becomes(&r, "patient", "birth_date", "unknown", "");
    /* Another year of so long ago would tell the same. */
    becomes(&r, "patient", "first_visit", "1936-05-05", "");
    becomes(&r, "clinical_exam", "exam_at", "2015-05-15 16:15:00", "2015");
    becomes(&r, "clinical_exam", "exam_at", "15 May", "");
}

static void dates_of_other_forms_lose_as_much(void **state)
{
    (void)state;
    const safe_run years = {.year = 2026}, moved = {.year = 2026, .shift = -70};
    safe_column c = column_of("clinical_exam", "exam_at");
    static const struct {
        const char *form, *cell, *year, *moved;
    } known[] = {{"MM/DD/YYYY", "05/15/2015", "2015", "03/06/2015"},
                 {"YYYY-MM-DDThh:mm:ssZ", "2015-05-15T16:15:00Z", "2015", "2015-03-06T16:15:00Z"},
                 {"DD.MM.YYYY hh:mm", "01.01.2016 08:00", "2016", "23.10.2015 08:00"},
                 {"YYYY-MM-DD", "2015-02-30", "2015", ""},
                 {"YYYY-MM-DD", "05/15/2015", "", ""}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        buf out = buf_new(4096);
        c.form = sv_from(known[i].form);
        safe_cell(&years, &c, sv_from(known[i].cell), &out);
        assert_true(sv_eq(buf_view(&out), sv_from(known[i].year)));
        buf_clear(&out);
        safe_cell(&moved, &c, sv_from(known[i].cell), &out);
        assert_true(sv_eq(buf_view(&out), sv_from(known[i].moved)));
        buf_free(&out);
    }
}

static void zip_codes_have_three_digits_or_none(void **state)
{
    (void)state;
    safe_column c[] = {column_of("patient", "state"), column_of("patient", "postal_code"),
                       column_of("patient", "country")};
    static const struct {
        const char *state, *code, *country, *wanted;
    } known[] = {{"WA", "98579", "", "985"},   {"WA", "98579-1234", "US", "985"}, {"NH", "03601", "", "000"},
                 {"", "98579", "", ""},        {"Ankara", "06100", "", ""},       {"WA", "98579", "TR", ""},
                 {"VT", "05901", "US", "000"}, {"TX", "00101", "", "000"},        {"BC", "V6B 1A1", "CA", ""},
                 {"WA", "9857", "", ""},       {"WA", "98579-12", "", ""},        {"GU", "96910", "", ""},
                 {"WY", "82101", "", "000"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        safe_run r = {.year = 2026};
        const sv cell[] = {sv_from(known[i].state), sv_from(known[i].code), sv_from(known[i].country)};
        buf out = buf_new(4096);
        safe_row(&r, c, cell, 3);
        safe_cell(&r, &c[1], cell[1], &out);
        if (!sv_eq(buf_view(&out), sv_from(known[i].wanted))) fail_msg("%s %s", known[i].state, known[i].code);
        buf_free(&out);
    }
    const safe_run r = {.year = 2026};
    becomes(&r, "patient", "state", "WA", "WA");
    becomes(&r, "patient", "state", "Rochester", "");
    becomes(&r, "patient", "city", "Rochester", "");
    becomes(&r, "patient", "country", "Turkey", "");
}

/* 894 areas of the census of 2020, less 18 that are small by it and five that were small in 2000. */
static void areas_without_people_have_no_digits(void **state)
{
    (void)state;
    static const char *const zeroed[] = {"008", "036", "063", "096", "340", "369",
                                         "753", "772", "790", "831", "885", "962"};
    static const char *const shown[] = {"006", "009", "010", "588", "690", "999"};
    const safe_column c[] = {column_of("patient", "state"), column_of("patient", "postal_code")};
    size_t kept = 0;
    for (int i = 0; i < 1000; i++) {
        char code[16];
        safe_run r = {.year = 2026};
        snprintf(code, sizeof code, "%03d01", i);
        const sv cell[] = {SV_LIT("WA"), sv_from(code)};
        buf out = buf_new(4096);
        safe_row(&r, c, cell, 2);
        safe_cell(&r, &c[1], cell[1], &out);
        code[3] = '\0';
        const bool three = i && sv_eq(buf_view(&out), sv_from(code));
        if (!three && !sv_eq(buf_view(&out), SV_LIT("000"))) fail_msg("%s", code);
        kept += three;
        for (size_t k = 0; k < sizeof zeroed / sizeof zeroed[0]; k++)
            if (three && strcmp(code, zeroed[k]) == 0) fail_msg("%s is shown", code);
        for (size_t k = 0; k < sizeof shown / sizeof shown[0]; k++)
            if (!three && strcmp(code, shown[k]) == 0) fail_msg("%s is not shown", code);
        buf_free(&out);
    }
    assert_int_equal(kept, 894 - 18 - 5);
}

static void only_closed_forms_are_kept(void **state)
{
    (void)state;
    const safe_run r = {.year = 2026};
    becomes(&r, "site_measure", "pd", "4.5", "4.5");
    becomes(&r, "site_measure", "pd", "4 Smith", "");
    becomes(&r, "site_measure", "bop", "1", "1");
    becomes(&r, "site_measure", "bop", "Ann", "");
    becomes(&r, "site_measure", "site", "MB", "MB");
    becomes(&r, "site_measure", "site", "Ann", "");
    becomes(&r, "clinical_exam", "aap_extent", "molar_incisor", "molar_incisor");
    becomes(&r, "clinical_exam", "aap_extent", "molar_incisor generalized", "");
    becomes(&r, "clinical_exam", "aap_extent", "lar_inc", "");
    becomes(&r, "plan_line", "code", "D4260", "D4260");
    becomes(&r, "plan_line", "code", "SMITH", "");
    becomes(&r, "appointment", "procedure_codes", "D4910;D0120", "D4910;D0120");
    becomes(&r, "appointment", "procedure_codes", "D4910;Ann", "");
    becomes(&r, "plan_line", "tooth", "16;17", "16;17");
    becomes(&r, "plan_line", "area", "UR", "UR");
    becomes(&r, "plan_line", "area", "Mr", "");
    becomes(&r, "plan_line", "fee", "640.00", "640.00");
    becomes(&r, "treatment_plan", "currency", "USD", "USD");
    becomes(&r, "diagnosis", "code", "K05.3", "K05.3");
    becomes(&r, "diagnosis", "code", "Z1234567", "");
    becomes(&r, "diagnosis", "code_system", "ICD-10", "ICD-10");
    becomes(&r, "diagnosis", "code_system", "of Dr. Smith", "");
}

static void what_nobody_decided_about_is_left_out(void **state)
{
    (void)state;
    static const char *const left_out[] = {"national_id", "first",         "email",       "phone",
                                           "notes",       "address_line1", "city",        "other_phones",
                                           "title",       "external_ids",  "alert_colour"};
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
        assert_int_equal(column_of("patient", left_out[i]).rule, SAFE_LEFT_OUT);
    safe_run r = {.year = 2026};
    const safe_column unknown = {.heading = SV_LIT("birth_date")}, constant = {.constant = SV_LIT("Household")};
    buf out = buf_new(4096);
    safe_cell(&r, &unknown, SV_LIT("1970-07-28"), &out);
    safe_cell(&r, &constant, SV_LIT("Smith"), &out);
    assert_int_equal(out.n, 0);
    buf_free(&out);
}

/* Over the whole model: no rule fits what a field is. */
static void rules_go_with_types(void **state)
{
    (void)state;
    static const char *const closed[] = {"tooth",           "teeth",    "area",  "procedure_code",
                                         "procedure_codes", "currency", "state", "country"};
    size_t kept = 0;
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        for (size_t k = 0; k < e->fields + e->inputs; k++) {
            const model_field *f = &e->field[k];
            const bool date = f->type == FIELD_DATE || f->type == FIELD_DATETIME;
            kept += f->safe == SAFE_KEPT;
            if (date) assert_true(f->safe == SAFE_LEFT_OUT || f->safe == SAFE_YEAR || f->safe == SAFE_BIRTH_YEAR);
            if (!date) assert_true(f->safe != SAFE_YEAR && f->safe != SAFE_BIRTH_YEAR);
            if (strcmp(f->name, "birth_date") == 0) assert_int_equal(f->safe, SAFE_BIRTH_YEAR);
            if (f->type == FIELD_REFERENCE) assert_true(f->safe == SAFE_LEFT_OUT || f->safe == SAFE_TOKEN);
            if (f->safe == SAFE_ZIP3) assert_string_equal(f->concern, "postal_code");
            if (f->safe != SAFE_KEPT || f->type != FIELD_TEXT) continue;
            bool known =
                strcmp(f->name, "code") == 0 || strcmp(f->name, "code_system") == 0 || strcmp(f->name, "site") == 0;
            for (size_t n = 0; n < sizeof closed / sizeof closed[0]; n++)
                known |= f->concern && strcmp(f->concern, closed[n]) == 0;
            if (!known) fail_msg("%s.%s is a text and kept", e->name, f->name);
        }
    }
    assert_in_range(kept, 60, 200);
    static const char *const none[] = {"document", "letter", "letter_template", "custom_value", "custom_finding"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        const model_entity *e = model_entity_named(sv_from(none[i]));
        for (size_t k = 0; e && k < e->fields; k++) assert_int_equal(e->field[k].safe, SAFE_LEFT_OUT);
    }
}

static void tokens_are_random_and_the_same_for_the_same_key(void **state)
{
    (void)state;
    findings *f = findings_new();
    char a[TOKEN_BYTES], b[TOKEN_BYTES], c[TOKEN_BYTES], other[TOKEN_BYTES];
    tokens *t = tokens_new(".", f), *u = NULL;
    assert_non_null(t);
    assert_true(token_of(t, SV_LIT("PP-PAT-1"), a) && token_of(t, SV_LIT("PP-PAT-2"), b) &&
                token_of(t, SV_LIT("PP-PAT-1"), c));
    assert_memory_equal(a, c, TOKEN_BYTES);
    assert_memory_not_equal(a, b, TOKEN_BYTES);
    assert_true(token_fresh(t, c));
    assert_memory_not_equal(a, c, TOKEN_BYTES);
    (void)os_remove("tokens.csv");
    assert_true(tokens_list(t, "tokens.csv"));
    assert_false(tokens_list(t, "tokens.csv")); /* nothing is overwritten */
    tokens_free(t);
    assert_false(os_exists("tokens.work"));
    u = tokens_new(".", f);
    assert_true(token_of(u, SV_LIT("PP-PAT-1"), other));
    assert_memory_not_equal(a, other, TOKEN_BYTES);
    tokens_free(u);
    (void)os_remove("tokens.csv");
    findings_free(f);
}

typedef struct given {
    unsigned seen[20000], at, in_place;
} given;

static bool take(void *ctx, sv row)
{
    given *g = ctx;
    unsigned n;
    assert_true(row.n >= sizeof n);
    memcpy(&n, row.p, sizeof n);
    assert_true(n < 20000);
    g->seen[n]++;
    g->in_place += n == g->at++;
    return true;
}

static void shuffled_rows_are_all_there_and_elsewhere(void **state)
{
    (void)state;
    static given g;
    static char row[2000];
    findings *f = findings_new();
    shuffle *s = shuffle_new(".", f);
    assert_non_null(s);
    for (unsigned i = 0; i < 20000; i++) {
        memcpy(row, &i, sizeof i);
        assert_true(shuffle_add(s, (sv){row, sizeof i + i % 1900}));
    }
    assert_true(shuffle_give(s, take, &g));
    shuffle_free(s);
    assert_int_equal(g.at, 20000);
    for (unsigned i = 0; i < 20000; i++) assert_int_equal(g.seen[i], 1);
    assert_true(g.in_place < 30);
    findings_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ages_over_89_are_one),
        cmocka_unit_test(dates_of_other_forms_lose_as_much),
        cmocka_unit_test(zip_codes_have_three_digits_or_none),
        cmocka_unit_test(areas_without_people_have_no_digits),
        cmocka_unit_test(only_closed_forms_are_kept),
        cmocka_unit_test(what_nobody_decided_about_is_left_out),
        cmocka_unit_test(rules_go_with_types),
        cmocka_unit_test(tokens_are_random_and_the_same_for_the_same_key),
        cmocka_unit_test(shuffled_rows_are_all_there_and_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
