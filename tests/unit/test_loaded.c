/* What comes after a load, piece by piece: normal forms, exact sums, reasons without values. */
#include "base/amount.h"
#include "loaded/normal_form.h"
#include "loaded/reason.h"
#include "loaded/work.h"
#include "testing.h"

enum { ROOM = 4096 };

static void moments_of_many_forms_are_one(void **state)
{
    static const struct {
        const char *text, *form, *normal;
        bool day_first, zoned;
    } t[] = {
        {"2019-02-06", "YYYY-MM-DD", "2019-02-06", false, false},
        {"2019-02-06T13:05:00.000Z", "YYYY-MM-DDThh:mm:ss.000Z", "2019-02-06 13:05:00", false, true},
        {"2019-02-06 13:05", "YYYY-MM-DD hh:mm", "2019-02-06 13:05:00", false, false},
        {"2/6/2019", "", "2019-02-06", false, false},
        {"6/2/2019", "", "2019-02-06", true, false},
        {"06.02.2019 13:05", "", "2019-02-06 13:05:00", false, false},
        {"2/6/2019 1:05 PM", "", "2019-02-06 13:05:00", false, false},
        {"12/31/2019 12:00 AM", "", "2019-12-31 00:00:00", false, false},
        {"2019-12-31T23:30:00+0100", "", "2019-12-31 22:30:00", false, true},
        {"2019-12-31T23:30:00-01:00", "", "2020-01-01 00:30:00", false, true},
        {"2019-12-31T23:30:00.1234567", "", "2019-12-31 23:30:00", false, false},
        {"31/2/2019", "", NULL, true, false},
        {"13:05", "", NULL, false, false},
        {"2019-02-06 25:00", "", NULL, false, false},
        {"2019-02-06x", "", NULL, false, false},
        {"13/13/2019", "", NULL, false, false},
        {"1/1/0001 00:00 AM", "", NULL, false, false},
        {"", "", NULL, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        buf b = buf_new(ROOM);
        bool zoned = false, ok = normal_moment(&b, sv_from(t[i].text), sv_from(t[i].form), t[i].day_first, &zoned);
        if (ok != (t[i].normal != NULL)) fail_msg("%s", t[i].text);
        if (ok && !sv_eq(buf_view(&b), sv_from(t[i].normal))) fail_msg("%s: %.*s", t[i].text, (int)b.n, b.p);
        if (ok) assert_int_equal(zoned, t[i].zoned);
        if (!ok) assert_int_equal(b.n, 0);
        buf_free(&b);
    }
}

static void numbers_of_many_forms_are_one(void **state)
{
    static const struct {
        const char *text, *normal;
        bool comma;
    } t[] = {{"5", "5", false},
             {"5.00", "5", false},
             {"$1,250.50", "1250.5", false},
             {"1.250,50", "1250.5", true},
             {"-0.0", "0", false},
             {"-007.10", "-7.1", false},
             {"45 %", "45", false},
             {"1\xC2\xA0"
              "250",
              "1250", false},
             {"\xE2\x82\xBA"
              "12",
              "12", false},
             {".5", "0.5", false},
             {"1.2.3", NULL, false},
             {"12a", NULL, false},
             {"", NULL, false},
             {"-", NULL, false},
             {"1e5", NULL, false}};
    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        buf b = buf_new(ROOM);
        bool ok = normal_number(&b, sv_from(t[i].text), t[i].comma);
        if (ok != (t[i].normal != NULL)) fail_msg("%s", t[i].text);
        if (ok && !sv_eq(buf_view(&b), sv_from(t[i].normal))) fail_msg("%s: %.*s", t[i].text, (int)b.n, b.p);
        buf_free(&b);
    }
}

static void expect_text(void (*normal)(buf *out, sv text), const char *text, const char *expected)
{
    buf b = buf_new(ROOM);
    normal(&b, sv_from(text));
    if (!sv_eq(buf_view(&b), sv_from(expected))) fail_msg("\"%s\" became \"%.*s\"", text, (int)b.n, b.p);
    buf_free(&b);
}

static void texts_and_choices_are_one_in_their_normal_form(void **state)
{
    (void)state;
    expect_text(normal_text, "  a \r\n b\rc\n\n", "a\n b\nc");
    expect_text(normal_text, "", "");
    expect_text(normal_words, "b; a;;c ", "a;b;c");
    expect_text(normal_words, "", "");
}

static void sums_are_exact(void **state)
{
    static const char *const text[] = {
        "0.1", "0.2", "-0.3", "1250.50", "-0.000000001", "999999999999999999", "-999999999999999999"};
    amount sum = {0, 0}, x;
    buf b = buf_new(ROOM);
    (void)state;
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        assert_true(amount_read(sv_from(text[i]), &x));
        assert_true(amount_add(&sum, x));
    }
    amount_text(&b, sum);
    assert_true(sv_eq(buf_view(&b), SV_LIT("1250.499999999")));
    buf_clear(&b);
    assert_true(amount_read(SV_LIT("-0.50"), &x));
    amount_text(&b, x);
    assert_true(sv_eq(buf_view(&b), SV_LIT("-0.5")));
    buf_free(&b);
    static const char *const none[] = {"", "-", ".", "1,000", "1e3", "1234567890123456789", "0.1234567891", " 1"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) assert_false(amount_read(sv_from(none[i]), &x));
    sum = (amount){INT64_MAX, 0};
    assert_true(amount_read(SV_LIT("1"), &x));
    assert_false(amount_add(&sum, x));
    assert_int_equal(sum.whole, INT64_MAX);
}

static void expect_reason(const char *message, const char *expected)
{
    load_field field[] = {{.heading = SV_LIT("LastName"), .name = SV_LIT("LastName"), .label = SV_LIT("Last Name")},
                          {.heading = SV_LIT("Email"), .name = SV_LIT("Email"), .label = SV_LIT("Email")}};
    const bundle_load load = {.object = SV_LIT("Contact"), .label = SV_LIT("Contact"), .field = field, .fields = 2};
    const sv cell[] = {SV_LIT("Smith"), SV_LIT("SMITH_JOHN"), SV_LIT("a@b.example")};
    buf b = buf_new(ROOM);
    reason_add(&b, sv_from(message), &load, cell, 3);
    if (!sv_eq(buf_view(&b), sv_from(expected))) fail_msg("\"%s\" became \"%.*s\"", message, (int)b.n, b.p);
    buf_free(&b);
}

static void reasons_hold_no_value(void **state)
{
    (void)state;
    expect_reason("REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --",
                  "REQUIRED_FIELD_MISSING Required fields are missing LastName LastName");
    expect_reason("duplicate value found: Email duplicates value on record with id: 0035g00000XyZ",
                  "duplicate value found Email duplicates value on record with id ...");
    expect_reason("Smith, J\xC3\xBCrgen (078-05-1120) already exists", "... already exists");
    expect_reason("SMITH_JOHN is locked", "... is locked");
    expect_reason("", "no reason given");
    expect_reason("\xFF\xFE\x01\x02", "...");
    char large[3000];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    expect_reason(large, "...");
}

static void reasons_beyond_the_list_are_counted_together(void **state)
{
    reason_list list = {0};
    arena *mem = arena_new(0);
    char text[32];
    (void)state;
    for (size_t i = 0; i < 2 * REASONS_MAX; i++) {
        int n = snprintf(text, sizeof text, "reason %zu", i);
        size_t at = reason_place(&list, (sv){text, (size_t)n}, mem);
        assert_int_equal(at, i < REASONS_MAX ? i : REASONS_MAX - 1);
    }
    assert_true(sv_eq(list.text[REASONS_MAX - 1], SV_LIT("another reason")));
    assert_int_equal(reason_place(&list, SV_LIT("reason 3"), mem), 3);
    arena_free(mem);
}

/* A walk over all rows of the load for each of them would outlast the test. */
static void each_row_is_found_by_its_key(void **state)
{
    enum { ROWS = 60000 };
    findings *f = findings_new();
    load_work *w = load_work_open(".", f);
    char key[32], same[32];
    (void)state;
    assert_non_null(w);
    for (uint64_t i = 1; i <= ROWS; i++) {
        const row_place at = {0, 0, i};
        int n = snprintf(key, sizeof key, "PP-PAT-%llu", (unsigned long long)i);
        int m = snprintf(same, sizeof same, "same %llu", (unsigned long long)i);
        assert_true(load_work_row(w, &at, (sv){key, (size_t)n}, (sv){same, (size_t)m}));
    }
    for (uint64_t i = 1; i <= ROWS; i++) {
        const row_fate fate = {.state = i % 2 ? ROW_CREATED : ROW_FAILED, .reason = SIZE_MAX, .id = SV_LIT("001")};
        bool found = false, again = false;
        int n = snprintf(key, sizeof key, "PP-PAT-%llu", (unsigned long long)i);
        int m = snprintf(same, sizeof same, "same %llu", (unsigned long long)i);
        assert_true(load_work_mark(w, 0, (sv){key, (size_t)n}, false, &fate, &found) && found);
        assert_true(load_work_has(w, 0, (sv){same, (size_t)m}, true, &again) && again);
    }
    row_fate fate;
    assert_true(load_work_fate(w, &(row_place){0, 0, 3}, &fate));
    assert_int_equal(fate.state, ROW_CREATED);
    assert_true(load_work_fate(w, &(row_place){0, 0, 4}, &fate));
    assert_int_equal(fate.state, ROW_FAILED);
    load_work_close(w);
    findings_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_of_many_forms_are_one),
        cmocka_unit_test(numbers_of_many_forms_are_one),
        cmocka_unit_test(texts_and_choices_are_one_in_their_normal_form),
        cmocka_unit_test(sums_are_exact),
        cmocka_unit_test(reasons_hold_no_value),
        cmocka_unit_test(reasons_beyond_the_list_are_counted_together),
        cmocka_unit_test(each_row_is_found_by_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
