/* What a survey tells of a source, and above all what it does not. */
#include "survey/survey.h"
#include "survey/survey_internal.h"
#include "table_source.h"

/* ---- texts ---- */

static void assert_shape(const char *text, const char *shape)
{
    char out[SHAPE_BYTES_MAX];
    size_t n;
    assert_true(text_shape(sv_from(text), out, &n));
    if (!sv_eq((sv){out, n}, sv_from(shape))) fail_msg("%s: %.*s, not %s", text, (int)n, out, shape);
}

static void shapes_hold_no_letter_or_digit_of_a_text(void **state)
{
    (void)state;
    char out[SHAPE_BYTES_MAX];
    size_t n;
    assert_shape("12/28/1950", "99/99/9999");
    assert_shape("Al7", "Aa9");
    assert_shape("TPLX", "AAAA");
    assert_shape("Janet O'Brien", "Aaaaa A'Aaaaa");
    assert_shape("Wilhelmina", "Aa\xE2\x80\xA6");
    assert_shape("\xC5\x9E\x61hin", "Aaaaa"); /* S with cedilla */
    assert_shape("5\xE2\x82\xAC", "9?");
    assert_shape("(360)897-5555 x12", "(999)999-9999 a99");
    assert_shape("1234567890123456789012", "9\xE2\x80\xA6");
    assert_false(text_shape(SV_LIT("a text of more characters than a shape may have"), out, &n));
}

static void texts_are_told_by_their_looks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        text_look look;
    } all[] = {
        {"12/28/1950", LOOKS_DATE},
        {"28.12.1950 13:05", LOOKS_DATE},
        {"2019-03-05T09:30:00.000", LOOKS_DATE},
        {"Mar  5 2019 12:00AM", LOOKS_DATE},
        {"5 Mart 2019", LOOKS_DATE},
        {"9:30 AM", LOOKS_TIME},
        {"(360)897-5555", LOOKS_PHONE},
        {"360-897-5555 x12", LOOKS_PHONE},
        {"+90 532 111 22 33", LOOKS_PHONE},
        {"a.b@c.de", LOOKS_EMAIL},
        {"123-45-6789", LOOKS_NATIONAL_ID},
        {"10000000146", LOOKS_NATIONAL_ID},
        {"12345678901", LOOKS_INTEGER},
        {"-7", LOOKS_INTEGER},
        {"1.250,00 TL", LOOKS_DECIMAL},
        {"(50.00)", LOOKS_DECIMAL},
        {"{\\rtf1\\ansi x}", LOOKS_RTF},
        {"<p>x</p>", LOOKS_HTML},
        {"6F9619FF-8B86-D011-B42D-00C04FC964FF", LOOKS_GUID},
        {"D7210", LOOKS_WORD},
        {"No show", LOOKS_WORDS},
        {"the patient came back for a second visit", LOOKS_PROSE},
        {"a < b", LOOKS_WORDS},
        {"45/45/1950", LOOKS_WORD},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        text_look got = text_looks(sv_from(all[i].text));
        if (got != all[i].look) fail_msg("%s looks like %s", all[i].text, text_look_name(got));
    }
}

/* ---- names of columns ---- */

static void columns_that_people_could_be_known_by_are_told_by_their_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        personal is;
    } all[] = {
        {"FirstName", PERSONAL_NAME},
        {"patientlname", PERSONAL_NAME},
        {"HastaAdi", PERSONAL_NAME},
        {"Soyad\xC4\xB1", PERSONAL_NAME},
        {"Hekim", PERSONAL_NAME},
        {"HomePhone", PERSONAL_CONTACT},
        {"CepTelefonu", PERSONAL_CONTACT},
        {"EPosta", PERSONAL_CONTACT},
        {"DOB", PERSONAL_BIRTH},
        {"DogumTarihi", PERSONAL_BIRTH},
        {"Do\xC4\x9Fum_Tarihi", PERSONAL_BIRTH},
        {"SSN", PERSONAL_KEY},
        {"TCKimlikNo", PERSONAL_KEY},
        {"PatientID", PERSONAL_KEY},
        {"Street2", PERSONAL_PLACE},
        {"Ilce", PERSONAL_PLACE},
        {"Treatment_Notes", PERSONAL_PROSE},
        {"Aciklama", PERSONAL_PROSE},
        {"UserPassword", PERSONAL_SECRET},
        {"Status", PERSONAL_NOT},
        {"PatientType", PERSONAL_NOT},
        {"Cinsiyet", PERSONAL_NOT},
        {"PD_MB", PERSONAL_NOT},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        personal got = personal_by_name(sv_from(all[i].name));
        if (got != all[i].is) fail_msg("%s is %d", all[i].name, (int)got);
    }
    assert_true(is_code_name(SV_LIT("PatientType")) && is_code_name(SV_LIT("Durumu")));
    assert_false(is_code_name(SV_LIT("Kolon7")));
}

/* ---- numbers of different values ---- */

static void different_values_are_counted_and_beyond_a_number_estimated(void **state)
{
    (void)state;
    distinct_count *d = calloc(1, sizeof *d);
    assert_non_null(d);
    for (int64_t i = 0; i < 100000; i++) {
        int64_t x = i % 50000;
        distinct_add(d, survey_hash(&x, sizeof x));
        if (i == 1999) assert_int_equal(distinct_number(d), 2000);
    }
    assert_true(d->estimating);
    assert_in_range(distinct_number(d), 47000, 53000);
    free(d);
}

/* ---- a table ---- */

static const source_info *no_info(row_source *s)
{
    (void)s;
    return NULL;
}

typedef struct fixture {
    arena *mem;
    given_source s;
    row_source_ops ops;
    const source_facts *facts;
} fixture;

static int set_up(void **state)
{
    fixture *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->mem = arena_new(0);
    given_init(&x->s);
    x->ops = given_ops;
    x->ops.info = no_info;
    x->s.base.ops = &x->ops;
    *state = x;
    return 0;
}

static int tear_down(void **state)
{
    fixture *x = *state;
    given_free(&x->s);
    arena_free(x->mem);
    free(x);
    return 0;
}

static status take(fixture *x)
{
    const catalog *list;
    assert_int_equal(x->ops.catalog(&x->s.base, &list), ST_OK);
    const survey_run run = {.source = &x->s.base, .list = list, .found = x->s.found, .mem = x->mem, .this_year = 2024};
    return survey_take(&run, &x->facts);
}

/* A table of one column and `rows` rows, the values in turn. */
static const column_facts *column_of(fixture *x, const char *name, column_type type, const value *v, size_t n,
                                     size_t rows)
{
    column_info *c = arena_alloc(x->mem, sizeof *c);
    value *cell = arena_array(x->mem, rows, sizeof *cell);
    *c = (column_info){.name = sv_from(name), .type = type};
    for (size_t i = 0; i < rows; i++) cell[i] = v[i % n];
    size_t at = x->s.list.tables;
    given_add(&x->s, "dbo.t", c, 1, cell, rows);
    assert_int_equal(take(x), ST_OK);
    return &x->facts->table[at].column[0];
}

static void cells_are_counted_by_what_they_hold(void **state)
{
    const value v[] = {TEXT("a"), TEXT("  "), NONE, LOST, TEXT("b ")};
    const column_facts *f = column_of(*state, "Durum", T_TEXT, v, 5, 50);
    assert_int_equal(f->filled, 20);
    assert_int_equal(f->empty, 10);
    assert_int_equal(f->null, 10);
    assert_int_equal(f->unreadable, 10);
    assert_int_equal(f->distinct, 2);
    assert_false(f->distinct_estimated);
    assert_int_equal(f->look[LOOKS_WORD], 20);
    assert_int_equal(f->longest, 1);
    assert_int_equal(f->shapes, 1);
    assert_true(sv_eq(f->shape[0].text, SV_LIT("a")));
    assert_int_equal(f->shape[0].rows, 20);
    assert_int_equal(f->codes, 2);
    assert_true(sv_eq(f->code[1].text, SV_LIT("b")));
}

static void codes_are_told_only_where_each_stands_in_five_rows(void **state)
{
    const value v[] = {TEXT("Standard"), TEXT("Standard"), TEXT("Standard"),
                       TEXT("Standard"), TEXT("Standard"), TEXT("Ayse")};
    const column_facts *f = column_of(*state, "BillingType", T_TEXT, v, 6, 6);
    assert_int_equal(f->codes, 1);
    assert_true(sv_eq(f->code[0].text, SV_LIT("Standard")));
    assert_int_equal(f->other_codes, 1);
}

static void no_codes_are_told_of(fixture *x, const char *name, column_type type, const value *v, size_t n)
{
    const column_facts *f = column_of(x, name, type, v, n, 20 * n);
    if (f->codes) fail_msg("%s tells %.*s", name, (int)f->code[0].text.n, f->code[0].text.p);
    assert_true(f->withheld.n > 0);
}

static void no_codes_are_told_of_people(void **state)
{
    fixture *x = *state;
    const value names[] = {TEXT("Ayse"), TEXT("Mehmet")}, phones[] = {TEXT("(360)897-5555"), TEXT("(360)897-5556")},
                ids[] = {INT(4), INT(5)}, births[] = {TEXT("12/28/1950"), TEXT("01/02/1960")},
                long_ones[] = {TEXT("more than sixteen"), TEXT("characters in all")};
    no_codes_are_told_of(x, "FirstName", T_TEXT, names, 2);
    no_codes_are_told_of(x, "Kolon7", T_TEXT, names, 2); /* nothing says what stands there */
    no_codes_are_told_of(x, "Status", T_TEXT, phones, 2);
    no_codes_are_told_of(x, "Type", T_TEXT, births, 2);
    no_codes_are_told_of(x, "ReferralID", T_INT, ids, 2);
    no_codes_are_told_of(x, "Type", T_TEXT, long_ones, 2);
}

/* A word that the model knows and a small number are harmless wherever they stand. */
static void words_of_the_model_are_told_of_any_column(void **state)
{
    const value v[] = {TEXT("female"), TEXT("Erkek")}, figures[] = {INT(0), INT(4)};
    assert_int_equal(column_of(*state, "Kolon7", T_TEXT, v, 2, 20)->codes, 2);
    assert_int_equal(column_of(*state, "SequenceType", T_INT, figures, 2, 20)->codes, 2);
}

/* A code list of a column that promises codes, with somebody's name in it, read before the names themselves. */
static void what_is_a_name_elsewhere_is_told_nowhere(void **state)
{
    fixture *x = *state;
    static const column_info codes[] = {{.name = SV_LIT("VisitType"), .type = T_TEXT}},
                             names[] = {{.name = SV_LIT("LastName"), .type = T_TEXT}};
    value visit[12], last[] = {TEXT("\xC3\x96ztoprak"), TEXT("Miller")};
    for (size_t i = 0; i < 12; i++) visit[i] = i % 2 ? TEXT("OZTOPRAK") : TEXT("Cleaning");
    given_add(&x->s, "dbo.visit", codes, 1, visit, 12);
    given_add(&x->s, "dbo.patient", names, 1, last, 2);
    assert_int_equal(take(x), ST_OK);
    assert_int_equal(x->facts->table[0].column[0].codes, 0);
    assert_true(sv_eq(x->facts->table[0].column[0].withheld, SV_LIT("words that are names elsewhere")));
}

static value day(int year, int month, int d)
{
    return (value){.kind = V_DATE, .as.when.days = date_days(year, month, d)};
}

static void of_dates_only_years_that_name_nobody(void **state)
{
    fixture *x = *state;
    const value v[] = {day(2019, 3, 5), day(2021, 7, 1), day(1900, 1, 1), day(1930, 5, 6)};
    const column_facts *f = column_of(x, "ExamDate", T_DATE, v, 4, 40);
    assert_int_equal(f->first_year, 2019); /* 1930: somebody older than 89 */
    assert_int_equal(f->last_year, 2021);
    assert_int_equal(f->placeholder_dates, 10);
    assert_int_equal(column_of(x, "BirthDate", T_DATE, v, 4, 40)->first_year, 0);
    assert_int_equal(column_of(x, "SeenOn", T_DATE, v, 4, 4)->first_year, 0); /* one row each */
}

static void of_numbers_only_their_digits(void **state)
{
    fixture *x = *state;
    const value v[] = {DEC(123450, 2), DEC(-500, 2)};
    const column_facts *f = column_of(x, "Fee", T_MONEY, v, 2, 10);
    assert_int_equal(f->digits_min, 1);
    assert_int_equal(f->digits_max, 4);
    assert_int_equal(f->decimals, 1);
    assert_true(f->negative);
    assert_int_equal(f->codes, 0);
    assert_int_equal(column_of(x, "Fee", T_MONEY, v, 2, 4)->digits_max, 0); /* of four rows */
}

static status breaks_off(row_cursor *c, row *out, size_t max, size_t *got)
{
    if (c->at < 2) return given_next(c, out, max, got);
    *got = 0;
    return ST_TABLE_LOST;
}

static void a_table_that_breaks_off_is_described_as_far_as_it_goes(void **state)
{
    fixture *x = *state;
    const value v[] = {TEXT("a")};
    x->ops.next = breaks_off;
    assert_int_equal(column_of(x, "Status", T_TEXT, v, 1, 9)->filled, 2);
    assert_int_equal(x->facts->table[0].rows, 2);
    assert_int_equal(findings_count(x->s.found, F_SNAPSHOT_TABLE_CUT), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_hold_no_letter_or_digit_of_a_text),
        cmocka_unit_test(texts_are_told_by_their_looks),
        cmocka_unit_test(columns_that_people_could_be_known_by_are_told_by_their_names),
        cmocka_unit_test(different_values_are_counted_and_beyond_a_number_estimated),
        cmocka_unit_test_setup_teardown(cells_are_counted_by_what_they_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(codes_are_told_only_where_each_stands_in_five_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_codes_are_told_of_people, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_of_the_model_are_told_of_any_column, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_a_name_elsewhere_is_told_nowhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_dates_only_years_that_name_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_numbers_only_their_digits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_table_that_breaks_off_is_described_as_far_as_it_goes, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
