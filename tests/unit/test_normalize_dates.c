/* Dates and moments: every form that sources write, orders proven by columns, and what is held back. */
#include "normalize_ask.h"

static void date_is(const norm_options *o, const char *in, const char *want)
{
    good(o, "treatment_plan", "plan_date", in, want);
}
static void born(const norm_options *o, const char *in, const char *want)
{
    good(o, "patient", "birth_date", in, want);
}
static void moment_is(const norm_options *o, const char *in, const char *want)
{
    good(o, "clinical_exam", "exam_at", in, want);
}

static void forms_that_have_one_meaning(void **state)
{
    (void)state;
    static const char *const fifth_of_march[] = {"2019-03-05",
                                                 "20190305",
                                                 "2019/03/05",
                                                 "2019.3.5",
                                                 "2019-03-05 00:00:00",
                                                 "2019-03-05T00:00:00.0000000",
                                                 "Mar  5 2019 12:00AM",
                                                 "Mar 5, 2019",
                                                 "March 5 2019",
                                                 "5 Mart 2019",
                                                 "5 MART 2019 Sal\xC4\xB1",
                                                 "05.03.2019",
                                                 "5.3.2019",
                                                 "5-Mar-2019",
                                                 "05/Mar/2019",
                                                 "Tuesday, March 5, 2019",
                                                 "Tue Mar 5 2019",
                                                 "5 March, 2019",
                                                 "05-Mar-19",
                                                 "2019-Mar-05",
                                                 "Mar-05-2019",
                                                 "5.3.19",
                                                 "Mar. 5, 2019"};
    for (size_t i = 0; i < sizeof fifth_of_march / sizeof fifth_of_march[0]; i++)
        date_is(&ask_nowhere, fifth_of_march[i], "2019-03-05");
    date_is(&ask_nowhere, "28 A\xC4\x9Fustos 2018", "2018-08-28");
    date_is(&ask_nowhere, "1 \xC5\x9Eubat 2018", "2018-02-01");
    date_is(&ask_nowhere, "11.KASIM.2018", "2018-11-11");
    date_is(&ask_nowhere, "05/05/2019", "2019-05-05"); /* the same either way */
    date_is(&ask_nowhere, "13/02/2020", "2020-02-13");
    date_is(&ask_nowhere, "02/13/2020", "2020-02-13");
}

static void malformed_dates_are_held_back(void **state)
{
    (void)state;
    static const char *const no[] = {
        "2019-02-29", "31.04.2019",  "13.25.2019", "02.13.2020",       "2019",        "03/2019",
        "Mar 2019",   "soon",        "5 Foo 2019", "2019-03-05 25:00", "2019-03-05x", "32/01/2019",
        "1/2/3/2019", "12345",       "5/6/7/8",    "2019-03-05 10:61", "99/99/9999",  "Mar 5 2019 13:00 PM",
        "-5/3/2019",  "2019-03-05 +"};
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        wrong(&ask_us, "treatment_plan", "plan_date", no[i], F_NRM_DATE_MALFORMED);
}

static void order_of_figures_comes_from_option_then_column_then_country(void **state)
{
    (void)state;
    norm_options dmy = ask_us;
    dmy.order = ORDER_DAY_FIRST;
    date_is(&dmy, "03/04/2019", "2019-04-03");
    date_is(&ask_us, "03/04/2019", "2019-03-04");
    date_is(&ask_us, "3-4-2019", "2019-03-04");
    date_is(&ask_tr, "03/04/2019", "2019-04-03");
    wrong(&ask_nowhere, "treatment_plan", "plan_date", "03/04/2019", F_NRM_DATE_AMBIGUOUS);
    column(&ask_us, "treatment_plan", "plan_date", (const char *const[]){"03/04/2019", "13/02/2019", NULL},
           (const char *const[]){"2019-04-03", "2019-02-13"});
    column(&ask_tr, "treatment_plan", "plan_date", (const char *const[]){"03/04/2019", "02/13/2019", NULL},
           (const char *const[]){"2019-03-04", "2019-02-13"});
}

static void a_date_against_the_stated_order_is_told(void **state)
{
    (void)state;
    norm_options mdy = ask_nowhere;
    mdy.order = ORDER_MONTH_FIRST;
    answer a = ask_column(&mdy, "treatment_plan", "plan_date", NULL, "13/02/2019");
    assert_int_equal(a.form, FORM_GOOD);
    assert_string_equal(a.text, "2019-02-13");
    assert_int_equal(a.r.code[0], F_NRM_DATE_OTHER_ORDER);
}

static void hard_case_47_a_column_of_both_orders_keeps_only_what_proves_itself(void **state)
{
    (void)state;
    const char *const values[] = {"13/02/2020", "02/13/2020", "03/04/2020", "2020-03-04", NULL};
    norm_survey s = ask_survey(&ask_us, "treatment_plan", "plan_date", values);
    assert_int_equal(s.month_first, 1);
    assert_int_equal(s.day_first, 1);
    assert_int_equal(s.either_order, 1);
    static const char *const want[] = {"2020-02-13", "2020-02-13", "", "2020-03-04"};
    for (size_t i = 0; values[i]; i++) {
        answer a = ask_column(&ask_us, "treatment_plan", "plan_date", &s, values[i]);
        assert_int_equal(a.form, i == 2 ? FORM_WRONG : FORM_GOOD);
        if (i == 2) assert_int_equal(a.r.code[0], F_NRM_DATE_AMBIGUOUS);
        assert_string_equal(a.text, want[i]);
    }
}

static void hard_case_48_dots_are_day_first_everywhere(void **state)
{
    (void)state;
    born(&ask_us, "03.04.1980", "1980-04-03");
    born(&ask_tr, "03.04.1980", "1980-04-03");
    born(&ask_nowhere, "03.04.1980", "1980-04-03");
}

static void hard_case_46_short_years(void **state)
{
    (void)state;
    born(&ask_us, "5/6/49", "1949-05-06");
    norm_options o = {.country = "US", .today = INT32_MIN};
    born(&o, "5/6/49", "1949-05-06"); /* without today, too */
    born(&ask_us, "5/6/18", "2018-05-06");
    born(&ask_us, "4/14/19", "2019-04-14"); /* today */
    born(&ask_us, "4/15/19", "1919-04-15"); /* tomorrow is no birth */
    date_is(&ask_us, "5/6/28", "2028-05-06");
    date_is(&ask_us, "5/6/31", "1931-05-06");
    wrong(&o, "patient", "birth_date", "5/6/30", F_NRM_DATE_AMBIGUOUS);
}

static void hard_case_45_placeholders_are_no_dates(void **state)
{
    (void)state;
    static const char *const none[] = {
        "1900-01-01", "1900-01-01 00:00:00.000", "1753-01-01", "0001-01-01", "01-01-0001", "9999-12-31",
        "12/30/1899", "Jan  1 1900 12:00AM",     "1/1/1900"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        answer a = ask_column(&ask_us, "patient", "birth_date", NULL, none[i]);
        assert_int_equal(a.form, FORM_EMPTY);
        assert_int_equal(a.r.n, 1);
        assert_int_equal(a.r.code[0], F_NRM_BIRTH_PLACEHOLDER);
        a = ask_column(&ask_us, "treatment_plan", "plan_date", NULL, none[i]);
        assert_int_equal(a.form, FORM_EMPTY);
        assert_int_equal(a.r.n, 0);
    }
    empty(&ask_us, "patient", "birth_date", "00/00/0000");
    empty(&ask_us, "patient", "birth_date", "  /  /    ");
    empty(&ask_us, "patient", "birth_date", "NULL");
    empty(&ask_us, "patient", "birth_date", "N/A");
}

static void births_are_of_people_who_live(void **state)
{
    (void)state;
    wrong(&ask_us, "patient", "birth_date", "1899-05-06", F_NRM_DATE_OUTSIDE);
    wrong(&ask_us, "patient", "birth_date", "2019-04-15", F_NRM_DATE_OUTSIDE);
    born(&ask_us, "2019-04-14", "2019-04-14");
    born(&ask_nowhere, "2019-04-15", "2019-04-15");
    wrong(&ask_us, "treatment_plan", "plan_date", "0219-03-05", F_NRM_DATE_OUTSIDE);
}

static void a_time_beside_a_date_is_told(void **state)
{
    (void)state;
    answer a = ask_column(&ask_us, "treatment_plan", "plan_date", NULL, "2019-03-05 14:22");
    assert_string_equal(a.text, "2019-03-05");
    assert_int_equal(a.r.code[0], F_NRM_DATE_TIME_DROPPED);
    a = ask_column(&ask_us, "patient", "birth_date", NULL, "1950-12-27 22:00:00");
    assert_string_equal(a.text, "1950-12-27");
    assert_int_equal(a.r.code[0], F_NRM_BIRTH_TIME);
    a = ask_column(&ask_us, "patient", "birth_date", NULL, "1950-12-28 12:00:00");
    assert_int_equal(a.r.n, 0);
}

static void moments(void **state)
{
    (void)state;
    moment_is(&ask_us, "2019-03-05", "2019-03-05 00:00:00");
    moment_is(&ask_us, "2019-03-05 09:30", "2019-03-05 09:30:00");
    moment_is(&ask_us, "20190305093015", "2019-03-05 09:30:15");
    moment_is(&ask_us, "20190305 09:30", "2019-03-05 09:30:00");
    moment_is(&ask_us, "2019-03-05T09:30:15.1230000", "2019-03-05 09:30:15.123");
    moment_is(&ask_us, "2019-03-05 09:30:15.000", "2019-03-05 09:30:15");
    moment_is(&ask_us, "3/5/2019 9:30 PM", "2019-03-05 21:30:00");
    moment_is(&ask_us, "3/5/2019 12:30:00 AM", "2019-03-05 00:30:00");
    moment_is(&ask_us, "3/5/2019 12:00 p.m.", "2019-03-05 12:00:00");
    moment_is(&ask_us, "Mar  5 2019  1:05PM", "2019-03-05 13:05:00");
    moment_is(&ask_us, "Mar  5 2019 12:00:00:123AM", "2019-03-05 00:00:00.123");
    moment_is(&ask_tr, "05.03.2019 14:05", "2019-03-05 14:05:00");
    moment_is(&ask_tr, "5 Mart 2019 2:05 \xC3\x96S", "2019-03-05 14:05:00");
    wrong(&ask_us, "clinical_exam", "exam_at", "2019-03-05 24:00", F_NRM_DATE_MALFORMED);
    wrong(&ask_us, "clinical_exam", "exam_at", "1899-12-30 09:30:00", F_NRM_DATE_ONLY_TIME);
    wrong(&ask_us, "clinical_exam", "exam_at", "1900-01-01 09:30:00", F_NRM_DATE_ONLY_TIME);
}

static void a_moment_with_an_offset_needs_the_zone(void **state)
{
    (void)state;
    wrong(&ask_us, "clinical_exam", "exam_at", "2019-03-05T14:30:00Z", F_NRM_DATE_OFFSET);
    wrong(&ask_us, "clinical_exam", "exam_at", "2019-03-05 14:30:00.0000000 -05:00", F_NRM_DATE_OFFSET);
    norm_options ny = ask_us;
    ny.time_zone = "America/New_York";
    moment_is(&ny, "2019-03-05T14:30:00Z", "2019-03-05 09:30:00");
    moment_is(&ny, "2019-03-05 14:30:00.5000000 -05:00", "2019-03-05 14:30:00.5");
    moment_is(&ny, "2019-07-05 02:30:00 +03:00", "2019-07-04 19:30:00");
    moment_is(&ny, "2019-03-05 14:30:00", "2019-03-05 14:30:00"); /* local already */
    wrong(&ny, "clinical_exam", "exam_at", "1979-03-05T14:30:00Z", F_NRM_DATE_OFFSET);
}

static void dates_of_a_record_are_held_against_each_other(void **state)
{
    (void)state;
    asked_record *x = RECORD(&ask_us, "patient", "birth_date", "2000-05-06", "first_visit", "1999-01-01");
    assert_int_equal(remarked(x, F_NRM_DATE_SEQUENCE), 1);
    has(x, "first_visit", "1999-01-01");
    done(x);
    x = RECORD(&ask_us, "patient", "birth_date", "2000-05-06", "first_visit", "2000-05-06");
    assert_int_equal(remarked(x, F_NRM_DATE_SEQUENCE), 0);
    done(x);
    x = RECORD(&ask_us, "appointment", "start_at", "2022-04-14 10:00", "end_at", "2022-04-14 09:00");
    assert_int_equal(remarked(x, F_NRM_DATE_SEQUENCE), 1);
    assert_int_equal(remarked(x, F_NRM_DATE_AHEAD), 0);
    done(x);
    x = RECORD(&ask_us, "appointment", "start_at", "2022-04-15 10:00");
    assert_int_equal(remarked(x, F_NRM_DATE_AHEAD), 1);
    has(x, "start_at", "2022-04-15 10:00:00");
    done(x);
    x = RECORD(&ask_us, "clinical_exam", "exam_at", "2019-05-01");
    assert_int_equal(remarked(x, F_NRM_DATE_AHEAD), 1);
    done(x);
}

/* Every day of two centuries in every form that one meaning comes back from. */
static void every_day_comes_back_from_each_form(void **state)
{
    (void)state;
    static const char *const months[] = {"Jan",  "Feb", "Mart", "Nisan", "May", "Haziran",
                                         "July", "Aug", "Eyl",  "Ekim",  "Nov", "Dec"};
    norm_options o = ask_us;
    for (int year = 1901; year < 2090; year += 3) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= 28; day++) {
                char want[40], in[4][60];
                snprintf(want, sizeof want, "%04d-%02d-%02d", year, month, day);
                snprintf(in[0], sizeof in[0], "%d.%d.%04d", day, month, year);
                snprintf(in[1], sizeof in[1], "%d/%d/%04d", month, day, year);
                snprintf(in[2], sizeof in[2], "%d %s %04d", day, months[month - 1], year);
                snprintf(in[3], sizeof in[3], "%04d%02d%02d", year, month, day);
                for (size_t i = 0; i < 4; i++) date_is(&o, in[i], want);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_that_have_one_meaning),
        cmocka_unit_test(malformed_dates_are_held_back),
        cmocka_unit_test(order_of_figures_comes_from_option_then_column_then_country),
        cmocka_unit_test(a_date_against_the_stated_order_is_told),
        cmocka_unit_test(hard_case_47_a_column_of_both_orders_keeps_only_what_proves_itself),
        cmocka_unit_test(hard_case_48_dots_are_day_first_everywhere),
        cmocka_unit_test(hard_case_46_short_years),
        cmocka_unit_test(hard_case_45_placeholders_are_no_dates),
        cmocka_unit_test(births_are_of_people_who_live),
        cmocka_unit_test(a_time_beside_a_date_is_told),
        cmocka_unit_test(moments),
        cmocka_unit_test(a_moment_with_an_offset_needs_the_zone),
        cmocka_unit_test(dates_of_a_record_are_held_against_each_other),
        cmocka_unit_test(every_day_comes_back_from_each_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
