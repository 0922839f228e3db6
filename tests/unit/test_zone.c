/* zone.h: local times at the changes of clocks, and every day against the C library's own reading of the database. */
#include "base/zone.h"
#include "testing.h"
#include <stdlib.h>
#include <time.h>

static date_time at(int year, int month, int day, int hour, int minute)
{
    return (date_time){.ticks = (hour * 60 + minute) * INT64_C(60), .days = date_days(year, month, day)};
}

static void assert_at(const date_time *got, int year, int month, int day, int hour, int minute)
{
    date_time want = at(year, month, day, hour, minute);
    assert_int_equal(got->days, want.days);
    assert_int_equal(got->ticks, want.ticks);
}

static zone_answer ask(const char *name, date_time local, date_time utc[2])
{
    const zone *z = zone_named(sv_from(name));
    assert_non_null(z);
    return zone_to_utc(z, &local, utc);
}

static void zones_have_the_names_of_iana_and_windows(void **state)
{
    (void)state;
    assert_string_equal(zone_name(zone_named(SV_LIT("US/Eastern"))), "America/New_York");
    assert_string_equal(zone_name(zone_named(SV_LIT("Eastern Standard Time"))), "America/New_York");
    assert_string_equal(zone_name(zone_named(SV_LIT("turkey standard time"))), "Europe/Istanbul");
    assert_string_equal(zone_name(zone_named(SV_LIT("GMT Standard Time"))), "Europe/London");
    assert_null(zone_named(SV_LIT("Mars/Olympus")));
    assert_null(zone_named(SV_LIT("")));
    assert_true(strlen(ZONE_VERSION) >= 5);
}

/* Until 2006 from the first Sunday of April to the last of October, from 2007 on from the second Sunday of March to the
 * first of November. */
static void new_york_before_and_after_2007(void **state)
{
    (void)state;
    static const char name[] = "America/New_York";
    date_time utc[2];
    assert_int_equal(ask(name, at(2006, 4, 2, 2, 30), utc), ZONE_SKIPPED);
    assert_int_equal(ask(name, at(2007, 4, 1, 2, 30), utc), ZONE_UNIQUE);
    assert_at(&utc[0], 2007, 4, 1, 6, 30);
    assert_int_equal(utc[0].offset, -240);
    assert_int_equal(ask(name, at(2006, 3, 12, 2, 30), utc), ZONE_UNIQUE);
    assert_at(&utc[0], 2006, 3, 12, 7, 30);
    assert_int_equal(ask(name, at(2007, 3, 11, 2, 30), utc), ZONE_SKIPPED);
    assert_int_equal(ask(name, at(2006, 10, 29, 1, 30), utc), ZONE_AMBIGUOUS);
    assert_at(&utc[0], 2006, 10, 29, 5, 30);
    assert_at(&utc[1], 2006, 10, 29, 6, 30);
    assert_int_equal(ask(name, at(2007, 10, 28, 1, 30), utc), ZONE_UNIQUE);
    assert_int_equal(ask(name, at(2007, 11, 4, 1, 59), utc), ZONE_AMBIGUOUS);
    assert_int_equal(ask(name, at(2007, 11, 4, 2, 0), utc), ZONE_UNIQUE);
    assert_at(&utc[0], 2007, 11, 4, 7, 0);
    assert_int_equal(ask(name, at(2007, 3, 11, 1, 59), utc), ZONE_UNIQUE);
    assert_int_equal(ask(name, at(2007, 3, 11, 3, 0), utc), ZONE_UNIQUE);
    assert_at(&utc[0], 2007, 3, 11, 7, 0);
}

/* Summer time went on for two weeks in 2015 (elections) and for good from 2016 on. */
static void istanbul_stays_on_summer_time_from_2016(void **state)
{
    (void)state;
    static const char name[] = "Europe/Istanbul";
    date_time utc[2];
    assert_int_equal(ask(name, at(2015, 10, 25, 3, 30), utc), ZONE_UNIQUE);
    assert_int_equal(ask(name, at(2015, 11, 8, 3, 30), utc), ZONE_AMBIGUOUS);
    assert_int_equal(ask(name, at(2016, 3, 27, 3, 30), utc), ZONE_SKIPPED);
    assert_int_equal(ask(name, at(2016, 10, 30, 3, 30), utc), ZONE_UNIQUE);
    assert_at(&utc[0], 2016, 10, 30, 0, 30);
    assert_int_equal(ask(name, at(2020, 1, 15, 12, 0), utc), ZONE_UNIQUE);
    assert_int_equal(utc[0].offset, 180);
}

static void years_beyond_the_table_are_told(void **state)
{
    (void)state;
    date_time utc[2], local;
    assert_int_equal(ask("UTC", at(1979, 12, 31, 12, 0), utc), ZONE_OUTSIDE);
    assert_int_equal(ask("UTC", at(2038, 1, 1, 12, 0), utc), ZONE_OUTSIDE);
    assert_int_equal(ask("America/Los_Angeles", at(1980, 1, 1, 0, 0), utc), ZONE_UNIQUE);
    assert_at(&utc[0], 1980, 1, 1, 8, 0);
    date_time late = at(2038, 1, 1, 0, 0);
    assert_int_equal(zone_from_utc(zone_named(SV_LIT("UTC")), &late, &local), ZONE_OUTSIDE);
    date_time t = {.days = 0};
    assert_false(date_time_move(&t, -1));
    t.days = DATE_DAYS_MAX;
    assert_false(date_time_move(&t, 1440));
}

static void fractions_of_a_second_stay(void **state)
{
    (void)state;
    date_time local = {.ticks = INT64_C(12 * 3600 * 10000000) + 1234567, .days = date_days(2020, 7, 1), .scale = 7},
              utc[2], back;
    const zone *z = zone_named(SV_LIT("America/St_Johns"));
    assert_int_equal(zone_to_utc(z, &local, utc), ZONE_UNIQUE);
    assert_int_equal(utc[0].ticks, INT64_C((14 * 60 + 30) * 60 * 10000000) + 1234567);
    assert_int_equal(zone_from_utc(z, &utc[0], &back), ZONE_UNIQUE);
    assert_int_equal(back.days, local.days);
    assert_int_equal(back.ticks, local.ticks);
}

/* Every half hour of 58 years, there and back: a moment's local time has that moment among its answers. */
static void every_moment_comes_back(void **state)
{
    (void)state;
    static const char *const names[] = {"America/New_York",  "Europe/Istanbul",      "Europe/London",
                                        "America/St_Johns",  "America/Indiana/Knox", "Europe/Lisbon",
                                        "America/Anchorage", "Pacific/Honolulu"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const zone *z = zone_named(sv_from(names[i]));
        assert_non_null(z);
        date_time utc = at(1980, 1, 2, 0, 0), end = at(2037, 12, 30, 0, 0), local, answer[2];
        for (; utc.days < end.days; date_time_move(&utc, 30)) {
            assert_int_equal(zone_from_utc(z, &utc, &local), ZONE_UNIQUE);
            zone_answer a = zone_to_utc(z, &local, answer);
            assert_true(a == ZONE_UNIQUE || a == ZONE_AMBIGUOUS);
            bool found = answer[0].days == utc.days && answer[0].ticks == utc.ticks;
            if (a == ZONE_AMBIGUOUS) found = found || (answer[1].days == utc.days && answer[1].ticks == utc.ticks);
            assert_true(found);
        }
    }
}

#ifndef _WIN32 /* whose C library has no such database */
/* The past of the database hardly ever changes: every noon up to 2024 as the C library reads it. */
static void noons_are_those_of_the_c_library(void **state)
{
    (void)state;
    static const char *const names[] = {"America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles",
                                        "Europe/Istanbul",  "Europe/London",   "Europe/Berlin",   "America/Toronto"};
    setenv("TZ", "America/New_York", 1);
    tzset();
    time_t july = 962452800; /* 2000-07-01 */
    struct tm tm;
    localtime_r(&july, &tm);
    if (tm.tm_isdst != 1) skip(); /* this system has no database */
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        setenv("TZ", names[i], 1);
        tzset();
        const zone *z = zone_named(sv_from(names[i]));
        for (int32_t days = 365 * 10 + 10; days < 365 * 54; days++) {
            time_t moment = (time_t)days * 86400 + 43200;
            localtime_r(&moment, &tm);
            date_time utc = {.ticks = 43200, .days = date_days(1970, 1, 1) + days}, local;
            assert_int_equal(zone_from_utc(z, &utc, &local), ZONE_UNIQUE);
            assert_int_equal(local.ticks, tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
            assert_int_equal(date_civil(local.days).day, tm.tm_mday);
        }
    }
    unsetenv("TZ");
    tzset();
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_have_the_names_of_iana_and_windows),
        cmocka_unit_test(new_york_before_and_after_2007),
        cmocka_unit_test(istanbul_stays_on_summer_time_from_2016),
        cmocka_unit_test(years_beyond_the_table_are_told),
        cmocka_unit_test(fractions_of_a_second_stay),
        cmocka_unit_test(every_moment_comes_back),
#ifndef _WIN32
        cmocka_unit_test(noons_are_those_of_the_c_library),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
