/* date.h: every day there is, and the texts. */
#include "base/date.h"
#include "testing.h"

static bool leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && leap(year));
}

static void every_day_of_the_calendar_converts_both_ways(void **state)
{
    (void)state;
    int32_t days = 0;
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= days_of(year, month); day++, days++) {
                civil_date d = date_civil(days);
                if (d.year != year || d.month != month || d.day != day || date_days(year, month, day) != days)
                    fail_msg("day %d is %d-%d-%d", (int)days, d.year, d.month, d.day);
            }
    assert_int_equal(days, DATE_DAYS_MAX + 1);
    assert_int_equal(date_days(1900, 1, 1), DATE_1900);
}

static void days_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    const int wrong[][3] = {{0, 1, 1},     {10000, 1, 1}, {2023, 2, 29}, {1900, 2, 29}, {2024, 2, 30}, {2024, 4, 31},
                            {2024, 13, 1}, {2024, 0, 1},  {2024, 1, 0},  {2024, 1, 32}, {2024, 1, -5}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(date_days(wrong[i][0], wrong[i][1], wrong[i][2]), -1);
    assert_true(date_days(2000, 2, 29) > 0);
}

static void assert_text(size_t n, char *out, const char *expected)
{
    out[n] = 0;
    assert_string_equal(out, expected);
}

static void dates_print_as_iso(void **state)
{
    (void)state;
    char out[DATETIME_TEXT_MAX];
    assert_text(date_text(0, out), out, "0001-01-01");
    assert_text(date_text(DATE_DAYS_MAX, out), out, "9999-12-31");
    assert_text(date_text(date_days(2024, 2, 29), out), out, "2024-02-29");
    assert_text(date_text(DATE_1900, out), out, "1900-01-01");
}

static void times_print_every_digit_of_their_scale(void **state)
{
    (void)state;
    char out[DATETIME_TEXT_MAX];
    const char *expected[8] = {"23:59:59",      "23:59:59.9",     "23:59:59.99",     "23:59:59.999",
                               "23:59:59.9999", "23:59:59.99999", "23:59:59.999999", "23:59:59.9999999"};
    int64_t unit = 1;
    for (uint8_t scale = 0; scale <= 7; scale++, unit *= 10) {
        date_time t = {86400 * unit - 1, 0, 0, scale};
        assert_text(time_text(&t, out), out, expected[scale]);
    }
    date_time t = {0, 0, 0, 7};
    assert_text(time_text(&t, out), out, "00:00:00.0000000");
    t = (date_time){(13 * 3600 + 5 * 60 + 9) * INT64_C(1000) + 7, 0, 0, 3};
    assert_text(time_text(&t, out), out, "13:05:09.007");
}

static void moments_print_with_date_time_and_offset(void **state)
{
    (void)state;
    char out[DATETIME_TEXT_MAX];
    date_time t = {(13 * 3600 + 5 * 60 + 9) * INT64_C(10000000) + 1234567, date_days(2024, 2, 29), 60, 7};
    assert_text(datetime_text(&t, out), out, "2024-02-29 13:05:09.1234567");
    assert_text(datetimeoffset_text(&t, out), out, "2024-02-29 13:05:09.1234567 +01:00");
    t = (date_time){0, 0, -570, 0};
    assert_text(datetimeoffset_text(&t, out), out, "0001-01-01 00:00:00 -09:30");
    t.offset = -30;
    assert_text(datetimeoffset_text(&t, out), out, "0001-01-01 00:00:00 -00:30");
    t.offset = 840;
    assert_text(datetimeoffset_text(&t, out), out, "0001-01-01 00:00:00 +14:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_the_calendar_converts_both_ways),
        cmocka_unit_test(days_that_do_not_exist_are_refused),
        cmocka_unit_test(dates_print_as_iso),
        cmocka_unit_test(times_print_every_digit_of_their_scale),
        cmocka_unit_test(moments_print_with_date_time_and_offset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
