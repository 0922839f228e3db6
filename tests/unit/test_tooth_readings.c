/* tooth.h: sites, millimetres, marks and grades. The numbers of cases are those of the practice's hard cases. */
#include "testing.h"
#include "tooth/tooth.h"

typedef struct expected {
    const char *text;
    reading kind;
    int tenths;
} expected;

#define NOTHING(t)                                                                                                     \
    {                                                                                                                  \
        t, READING_NONE, READ_NONE                                                                                     \
    }
#define GOOD(t, n)                                                                                                     \
    {                                                                                                                  \
        t, READING_GOOD, n                                                                                             \
    }
#define ODD(t, n)                                                                                                      \
    {                                                                                                                  \
        t, READING_ODD, n                                                                                              \
    }
#define WRONG(t)                                                                                                       \
    {                                                                                                                  \
        t, READING_WRONG, READ_NONE                                                                                    \
    }
#define CHECK(list, read)                                                                                              \
    for (size_t i = 0; i < sizeof(list) / sizeof(list)[0]; i++) {                                                      \
        int16_t n = 7;                                                                                                 \
        reading r = read(sv_from((list)[i].text), &n);                                                                 \
        if (r != (list)[i].kind || n != (list)[i].tenths) fail_msg("\"%s\" is %d (%d)", (list)[i].text, n, (int)r);    \
    }

static void case_17_a_blank_depth_is_nothing_and_0_is_a_measurement(void **state)
{
    (void)state;
    static const expected list[] = {NOTHING(""),   NOTHING(" "),    NOTHING("-1"), NOTHING("NULL"), NOTHING("null"),
                                    NOTHING("x"),  NOTHING("X"),    NOTHING("-"),  GOOD("0", 0),    GOOD("0.0", 0),
                                    GOOD("00", 0), NOTHING("-1.0"), GOOD("-0", 0)};
    CHECK(list, depth_read)
}

static void case_18_depths_have_limits(void **state)
{
    (void)state;
    static const expected list[] = {GOOD("15", 150), ODD("17", 170),   WRONG("25"),       WRONG("-2"),  GOOD("2.5", 25),
                                    GOOD("2,5", 25), ODD("15.5", 155), ODD("19.5", 195),  WRONG("20"),  WRONG("99"),
                                    ODD("3.2", 32),  WRONG("3.25"),    GOOD("3.00", 30),  WRONG("3mm"), WRONG("three"),
                                    WRONG("3 4"),    WRONG("1,000"),   WRONG("99999999"), WRONG("."),   WRONG("+"),
                                    WRONG("3."),     WRONG("0x3"),     GOOD(" 5 ", 50)};
    CHECK(list, depth_read)
}

static reading recession_positive(sv s, int16_t *n) { return recession_read(s, MARGIN_RECESSION_POSITIVE, n); }
static reading recession_negative(sv s, int16_t *n) { return recession_read(s, MARGIN_RECESSION_NEGATIVE, n); }
static reading recession_100(sv s, int16_t *n) { return recession_read(s, MARGIN_100_PLUS, n); }
static reading recession_unknown(sv s, int16_t *n) { return recession_read(s, MARGIN_UNKNOWN, n); }

static void case_19_open_dentals_margin_103_is_an_overgrowth_of_3(void **state)
{
    (void)state;
    static const expected list[] = {GOOD("103", -30), GOOD("3", 30), NOTHING("-1"), WRONG("-3"),      WRONG("100"),
                                    ODD("110", -100), WRONG("111"),  WRONG("50"),   GOOD("101", -10), GOOD("0", 0)};
    CHECK(list, recession_100)
}

static void recession_in_both_signs(void **state)
{
    (void)state;
    static const expected positive[] = {GOOD("3", 30),    GOOD("-3", -30), GOOD("10", 100), ODD("11", 110),
                                        ODD("15", 150),   WRONG("16"),     GOOD("-5", -50), ODD("-6", -60),
                                        ODD("-10", -100), WRONG("-11"),    GOOD("-1", -10), NOTHING(""),
                                        NOTHING("-"),     WRONG("103")};
    CHECK(positive, recession_positive)
    static const expected negative[] = {GOOD("-3", 30), GOOD("3", -30), GOOD("-10", 100), WRONG("-16"),
                                        ODD("6", -60),  WRONG("11"),    GOOD("-1", 10),   GOOD("0", 0)};
    CHECK(negative, recession_negative)
    static const expected unknown[] = {GOOD("-3", -30), GOOD("103", 1030), WRONG("151"), WRONG("x1")};
    CHECK(unknown, recession_unknown)
}

static void attachment_and_width(void **state)
{
    (void)state;
    static const expected attachment[] = {GOOD("0", 0),   GOOD("20", 200), ODD("21", 210), ODD("25", 250), WRONG("26"),
                                          ODD("-2", -20), WRONG("-11"),    NOTHING(""),    WRONG("deep")};
    CHECK(attachment, attachment_read)
    static const expected width[] = {GOOD("0", 0), GOOD("15", 150), ODD("16", 160),
                                     WRONG("31"),  WRONG("-1"),     NOTHING("")};
    CHECK(width, width_read)
    static const expected index[] = {GOOD("0", 0), GOOD("3", 30), GOOD("1.5", 15),
                                     WRONG("4"),   WRONG("-1"),   NOTHING("")};
    CHECK(index, index_read)
}

static void case_25_sites_in_either_order_of_letters(void **state)
{
    (void)state;
    assert_int_equal(site_named(SV_LIT("LM")), SITE_ML);
    assert_int_equal(site_named(SV_LIT("DF")), SITE_DB);
    static const char *const names[SITES][10] = {
        {"MB", "mf", "MV", "MesioBuccal", "Facial Mesial", "Mesiofacial", "FM", "1", "Mesio-Buccal", "LA9270-5"},
        {"B", "F", "v", "MidB", "Buccal", "Facial", "Labial", "LA", "2", "Mid-Facial"},
        {"DB", "DF", "DV", "Distobuccal", "Facial Distal", "FD", "3", "disto_buccal", "Distobukkal", "LA9271-3"},
        {"ML", "MP", "Mesiolingual", "Mesiopalatal", "Lingual Mesial", "LM", "4", "m l", "Meziolingual", "LA9274-7"},
        {"L", "P", "Lingual", "Palatal", "Oral", "O", "5", "Mid Lingual", "MidL", "LA9272-1"},
        {"DL", "DP", "Distolingual", "Distopalatal", "Lingual Distal", "LD", "6", "D-L", "Distal Palatal", "LA9273-9"}};
    for (unsigned s = 0; s < SITES; s++) {
        assert_int_equal(site_named(sv_from(site_name[s])), s);
        for (size_t i = 0; i < 10; i++)
            if (site_named(sv_from(names[s][i])) != s)
                fail_msg("%s is %d", names[s][i], (int)site_named(sv_from(names[s][i])));
    }
    static const char *const none[] = {
        "",  " ",  "M",      "D",   "MO",          "DO", "MOD", "BL",           "MD",      "0",
        "7", "10", "Mesial", "Mid", "Mesiodistal", "BB", "MBX", "Buccolingual", "LA9999-9"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (site_named(sv_from(none[i])) != SITES) fail_msg("%s", none[i]);
}

static void case_26_furcation_grades_and_their_scale(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        furcation_scale scale;
        reading kind;
        int grade;
    } list[] = {{"III", FURCATION_UNKNOWN, READING_GOOD, 3},     {"IV", FURCATION_HAMP, READING_WRONG, -1},
                {"4", FURCATION_HAMP, READING_WRONG, -1},        {"4", FURCATION_GLICKMAN, READING_GOOD, 4},
                {"F2", FURCATION_HAMP, READING_GOOD, 2},         {"Class II", FURCATION_GLICKMAN, READING_GOOD, 2},
                {"0", FURCATION_HAMP, READING_GOOD, 0},          {"", FURCATION_HAMP, READING_NONE, -1},
                {"5", FURCATION_UNKNOWN, READING_WRONG, -1},     {"-1", FURCATION_UNKNOWN, READING_WRONG, -1},
                {"1.5", FURCATION_UNKNOWN, READING_WRONG, -1},   {"V", FURCATION_UNKNOWN, READING_WRONG, -1},
                {"f ii", FURCATION_UNKNOWN, READING_GOOD, 2},    {"II A", FURCATION_UNKNOWN, READING_WRONG, -1},
                {"Grade 1", FURCATION_UNKNOWN, READING_GOOD, 1}, {"-", FURCATION_UNKNOWN, READING_WRONG, -1}};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        int8_t grade = 9;
        reading r = furcation_read(sv_from(list[i].text), list[i].scale, &grade);
        if (r != list[i].kind || grade != list[i].grade) fail_msg("%s is %d (%d)", list[i].text, grade, (int)r);
    }
}

static void case_27_mobility_by_halves(void **state)
{
    (void)state;
    static const expected list[] = {
        GOOD("1+", 15), GOOD("II", 20),       WRONG("4"),   GOOD("0", 0),  GOOD("3", 30),   GOOD("1.5", 15),
        GOOD("M1", 10), ODD("0.5", 5),        WRONG("3+"),  WRONG("IV"),   GOOD("I+", 15),  NOTHING(""),
        WRONG("-1"),    WRONG("-"),           WRONG("1.2"), WRONG("1-2"),  GOOD("1,5", 15), WRONG("+"),
        WRONG("M"),     GOOD("Class II", 20), ODD("0+", 5), WRONG("1.5+"), NOTHING("NULL"), WRONG("++1")};
    CHECK(list, mobility_read)
}

static void case_28_a_roman_miller_class_is_a_recession_class_and_a_bare_2_is_ambiguous(void **state)
{
    (void)state;
    int8_t n;
    assert_int_equal(miller_read(SV_LIT("II"), &n), READING_GOOD);
    assert_string_equal(miller_name[n], "II");
    assert_int_equal(miller_read(SV_LIT("2"), &n), READING_WRONG);
    assert_int_equal(miller_read(SV_LIT("Class IV"), &n), READING_GOOD);
    assert_string_equal(miller_name[n], "IV");
    assert_int_equal(miller_read(SV_LIT("V"), &n), READING_WRONG);
    assert_int_equal(miller_read(SV_LIT("RT1"), &n), READING_WRONG);
    assert_int_equal(miller_read(SV_LIT(""), &n), READING_NONE);
    assert_int_equal(cairo_read(SV_LIT("RT2"), &n), READING_GOOD);
    assert_string_equal(cairo_name[n], "RT2");
    assert_int_equal(cairo_read(SV_LIT("rt 3"), &n), READING_GOOD);
    assert_int_equal(cairo_read(SV_LIT("RT4"), &n), READING_WRONG);
    assert_int_equal(cairo_read(SV_LIT("2"), &n), READING_WRONG);
    assert_int_equal(cairo_read(SV_LIT("II"), &n), READING_WRONG);
    assert_int_equal(cairo_read(SV_LIT(" "), &n), READING_NONE);
}

static void marks_are_yes_no_or_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        reading kind;
        int yes;
    } list[] = {{"1", READING_GOOD, 1},     {"0", READING_GOOD, 0},    {"Y", READING_GOOD, 1},
                {"n", READING_GOOD, 0},     {"true", READING_GOOD, 1}, {"False", READING_GOOD, 0},
                {"+", READING_GOOD, 1},     {"-", READING_GOOD, 0},    {"", READING_NONE, -1},
                {"NULL", READING_NONE, -1}, {"2", READING_WRONG, -1},  {"x", READING_WRONG, -1},
                {"-1", READING_WRONG, -1},  {"Evet", READING_GOOD, 1}, {"Hay\u0131r", READING_GOOD, 0},
                {"var", READING_GOOD, 1},   {"yok", READING_GOOD, 0},  {" 1 ", READING_GOOD, 1}};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        int8_t yes = 9;
        reading r = mark_read(sv_from(list[i].text), &yes);
        if (r != list[i].kind || yes != list[i].yes) fail_msg("\"%s\" is %d (%d)", list[i].text, yes, (int)r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_17_a_blank_depth_is_nothing_and_0_is_a_measurement),
        cmocka_unit_test(case_18_depths_have_limits),
        cmocka_unit_test(case_19_open_dentals_margin_103_is_an_overgrowth_of_3),
        cmocka_unit_test(recession_in_both_signs),
        cmocka_unit_test(attachment_and_width),
        cmocka_unit_test(case_25_sites_in_either_order_of_letters),
        cmocka_unit_test(case_26_furcation_grades_and_their_scale),
        cmocka_unit_test(case_27_mobility_by_halves),
        cmocka_unit_test(case_28_a_roman_miller_class_is_a_recession_class_and_a_bare_2_is_ambiguous),
        cmocka_unit_test(marks_are_yes_no_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
