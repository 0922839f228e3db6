/* tooth.h: labels of teeth in every system, lists, and what a label proves. The numbers of cases are those of the
 * practice's hard cases. */
#include "testing.h"
#include "tooth/tooth.h"

static const sv NO_QUADRANT = {NULL, 0};

static tooth_read parse(const char *label, const char *quadrant, tooth_system s, unsigned *fdi)
{
    tooth t;
    tooth_read r = tooth_parse(sv_from(label), sv_from(quadrant), s, &t);
    *fdi = r == TOOTH_GOOD ? t.fdi + (t.supernumerary ? 1000U : 0) : 0;
    return r;
}

/* 1000 added: supernumerary. */
static void assert_tooth(const char *label, const char *quadrant, tooth_system s, unsigned expected)
{
    unsigned fdi;
    tooth_read r = parse(label, quadrant, s, &fdi);
    if (r != TOOTH_GOOD || fdi != expected)
        fail_msg("\"%s\" \"%s\" of system %d is %u (%d), not %u", label, quadrant, (int)s, fdi, (int)r, expected);
}

static void assert_no_tooth(const char *label, const char *quadrant, tooth_system s, tooth_read expected)
{
    unsigned fdi;
    tooth_read r = parse(label, quadrant, s, &fdi);
    if (r != expected) fail_msg("\"%s\" \"%s\" of system %d is %u (%d)", label, quadrant, (int)s, fdi, (int)r);
}

static void assert_printed(tooth t, tooth_system s, const char *expected)
{
    buf b = buf_new(20);
    tooth_print(t, s, &b);
    assert_true(sv_eq(buf_view(&b), sv_from(expected)));
    buf_free(&b);
}

static void case_1_universal_6_is_the_upper_right_canine(void **state)
{
    (void)state;
    assert_tooth("6", "", TOOTH_UNIVERSAL, 13);
    assert_printed((tooth){13, false}, TOOTH_PALMER, "UR3");
}

static void case_2_palmer_ur6_is_the_upper_right_first_molar(void **state)
{
    (void)state;
    for (tooth_system s = TOOTH_UNKNOWN; s < TOOTH_SYSTEMS; s++) assert_tooth("UR6", "", s, 16);
    assert_printed((tooth){16, false}, TOOTH_UNIVERSAL, "3");
}

static void case_8_51_is_another_tooth_in_each_system(void **state)
{
    (void)state;
    assert_tooth("51", "", TOOTH_UNIVERSAL, 1018);
    assert_tooth("51", "", TOOTH_FDI, 51);
    assert_no_tooth("51", "", TOOTH_UNKNOWN, TOOTH_NEEDS_SYSTEM);
    assert_no_tooth("51", "", TOOTH_PALMER, TOOTH_INVALID);
    assert_int_equal(tooth_proof(SV_LIT("51"), NO_QUADRANT), TOOTH_EITHER);
}

static void case_9_letters_are_primary_teeth(void **state)
{
    (void)state;
    assert_tooth("A", "", TOOTH_UNKNOWN, 55);
    assert_tooth("AS", "", TOOTH_UNIVERSAL, 1055);
    assert_tooth("T", "", TOOTH_UNIVERSAL, 85);
    assert_tooth("S", "", TOOTH_UNIVERSAL, 84);
    assert_tooth("SS", "", TOOTH_UNIVERSAL, 1084);
    assert_no_tooth("U", "", TOOTH_UNIVERSAL, TOOTH_INVALID);
    assert_no_tooth("A", "", TOOTH_FDI, TOOTH_INVALID);
}

static void case_10_a_letter_beside_a_quadrant_is_palmers(void **state)
{
    (void)state;
    assert_tooth("A", "UL", TOOTH_UNKNOWN, 61);
    assert_tooth("A", "UL", TOOTH_PALMER, 61);
    assert_tooth("ULA", "", TOOTH_UNKNOWN, 61);
    assert_int_equal(tooth_proof(SV_LIT("A"), SV_LIT("UL")), TOOTH_POSITION);
    assert_int_equal(tooth_proof(SV_LIT("A"), SV_LIT("UR")), TOOTH_POSITION_OR_UNIVERSAL);
    /* Known to be Universal, it lies in another quadrant than the label says. */
    assert_no_tooth("A", "UL", TOOTH_UNIVERSAL, TOOTH_INVALID);
}

static void case_11_palmers_signs(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        unsigned fdi;
    } signs[] = {{"6\u23cc", 16},
                 {"\u23bf"
                  "6",
                  26},
                 {"\u2514"
                  "6",
                  26},
                 {"6\u2510", 46},
                 {"6\u2518", 16},
                 {"\u23be"
                  "6",
                  36},
                 {"\u250c"
                  "6",
                  36},
                 {"6\u23cb", 46},
                 {"E\u23cc", 55},
                 {"\u23bf"
                  "E",
                  65},
                 {"\u23be"
                  "E",
                  75},
                 {"E\u23cb", 85}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        assert_tooth(signs[i].label, "", TOOTH_UNKNOWN, signs[i].fdi);
        assert_int_equal(tooth_proof(sv_from(signs[i].label), NO_QUADRANT), TOOTH_PROVES_PALMER);
    }
    assert_no_tooth("\u23cc"
                    "6",
                    "", TOOTH_UNKNOWN, TOOTH_INVALID); /* on the wrong side */
    assert_no_tooth("9\u23cc", "", TOOTH_UNKNOWN, TOOTH_INVALID);
    assert_no_tooth("F\u23cc", "", TOOTH_UNKNOWN, TOOTH_INVALID);
}

static void case_12_numbers_that_mean_no_tooth(void **state)
{
    (void)state;
    static const char *const nothing[] = {"0",  "00", "39",  "40", "49", "50", "86",
                                          "90", "98", "100", "",   " ",  "-",  "x"};
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++)
        for (tooth_system s = TOOTH_UNKNOWN; s < TOOTH_SYSTEMS; s++) assert_no_tooth(nothing[i], "", s, TOOTH_INVALID);
    assert_no_tooth("33", "", TOOTH_UNIVERSAL, TOOTH_INVALID);
    assert_int_equal(tooth_proof(SV_LIT("49"), NO_QUADRANT), TOOTH_MEANS_NOTHING);
}

static void case_13_99_is_no_tooth_by_itself(void **state)
{
    (void)state;
    for (tooth_system s = TOOTH_UNKNOWN; s < TOOTH_SYSTEMS; s++) assert_no_tooth("99", "", s, TOOTH_INVALID);
}

static void case_14_what_people_write_around_a_number(void **state)
{
    (void)state;
    static const char *const six[] = {"6",          "06",        "006",     "6.0",     "6.00",        "#6",
                                      " 6 ",        "# 6",       "Tooth 6", "tooth#6", "Tooth No. 6", "T-6",
                                      "Di\u015f 6", "DIS NO: 6", "no 6",    "Tooth-6", "\u00a06"};
    for (size_t i = 0; i < sizeof six / sizeof six[0]; i++) {
        assert_tooth(six[i], "", TOOTH_UNIVERSAL, 13);
        assert_tooth(six[i], "", TOOTH_UNKNOWN, 13);
        assert_int_equal(tooth_proof(sv_from(six[i]), NO_QUADRANT), TOOTH_PROVES_UNIVERSAL);
    }
    static const char *const other[] = {"T6", "6a", "6.5", "6,0", "6 7", "U6", "six", "6.", "--6", "6mm", "0x6", "1e1"};
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        assert_no_tooth(other[i], "", TOOTH_UNIVERSAL, strcmp(other[i], "6.5") == 0 ? TOOTH_GOOD : TOOTH_INVALID);
    assert_tooth("6.5", "", TOOTH_UNKNOWN, 65);
}

static void case_15_a_range_is_no_tooth_of_a_chart(void **state)
{
    (void)state;
    tooth t[TEETH_MAX];
    size_t n;
    assert_no_tooth("3-5", "", TOOTH_UNIVERSAL, TOOTH_INVALID);
    assert_no_tooth("3-5", "", TOOTH_UNKNOWN, TOOTH_INVALID);
    assert_no_tooth("3-5", "", TOOTH_FDI, TOOTH_INVALID);
    assert_int_equal(tooth_proof(SV_LIT("3-5"), NO_QUADRANT), 0);
    assert_int_equal(teeth_parse(SV_LIT("3-5"), TOOTH_UNIVERSAL, t, TEETH_MAX, &n), TOOTH_GOOD);
    assert_int_equal(n, 3);
    assert_int_equal(t[0].fdi, 16);
    assert_int_equal(t[1].fdi, 15);
    assert_int_equal(t[2].fdi, 14);
}

static void case_16_10_in_a_quadrant_column_is_the_upper_right(void **state)
{
    (void)state;
    assert_int_equal(quadrant_named(SV_LIT("10")), 1);
    assert_int_equal(quadrant_named(SV_LIT("20")), 2);
    assert_int_equal(quadrant_named(SV_LIT("30")), 3);
    assert_int_equal(quadrant_named(SV_LIT("40")), 4);
    assert_tooth("6", "10", TOOTH_PALMER, 16);
    assert_tooth("10", "", TOOTH_UNIVERSAL, 22);
}

static void quadrants_have_names(void **state)
{
    (void)state;
    static const char *const names[4][8] = {
        {"UR", "ur", "Upper Right", "Maxillary Right", "Sa\u011f \u00dcst", "1", "Q1", "right upper"},
        {"UL", "ul", "Upper-Left", "Maxillary Left", "\u00dcst Sol", "2", "q2", "UpperLeft"},
        {"LL", "ll", "Lower Left", "Mandibular Left", "Sol Alt", "3", "Q 3", "LL "},
        {"LR", "lr", "Lower Right", "Mandibular Right", "Alt Sa\u011f", "4", "Q4", " LR"}};
    for (unsigned q = 0; q < 4; q++)
        for (size_t i = 0; i < 8; i++)
            if (quadrant_named(sv_from(names[q][i])) != q + 1) fail_msg("%s", names[q][i]);
    static const char *const none[] = {"", "0", "9", "UA", "LA", "FM", "00", "01", "50", "URX", "Upper", "Upper Lower"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (quadrant_named(sv_from(none[i]))) fail_msg("%s", none[i]);
}

static void a_quadrant_column_makes_positions(void **state)
{
    (void)state;
    assert_tooth("3", "UR", TOOTH_UNKNOWN, 13);
    assert_tooth("3", "UR", TOOTH_UNIVERSAL, 16); /* Universal 3 lies there */
    assert_tooth("3", "LL", TOOTH_FDI, 33);
    assert_tooth("3", "7", TOOTH_FDI, 73);
    assert_tooth("16", "UR", TOOTH_UNKNOWN, 16); /* Universal 16 lies elsewhere */
    assert_tooth("16", "UL", TOOTH_UNKNOWN, 28);
    assert_no_tooth("16", "LL", TOOTH_UNKNOWN, TOOTH_INVALID);
    assert_no_tooth("3", "somewhere", TOOTH_UNKNOWN, TOOTH_INVALID);
    assert_int_equal(tooth_proof(SV_LIT("3"), SV_LIT("LL")), TOOTH_POSITION);
    assert_int_equal(tooth_proof(SV_LIT("3"), SV_LIT("UR")), TOOTH_POSITION_OR_UNIVERSAL);
    assert_int_equal(tooth_proof(SV_LIT("14"), SV_LIT("UL")), TOOTH_PROVES_UNIVERSAL);
}

static void notations_that_carry_their_quadrant(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        unsigned fdi;
    } labels[] = {{"UR-6", 16},
                  {"ur6", 16},
                  {"UR 6", 16},
                  {"Upper Right 6", 16},
                  {"Lower Left E", 75},
                  {"LLE", 75},
                  {"LRA", 81},
                  {"Maxillary Left 1", 21},
                  {"Sa\u011f \u00dcst 6", 16},
                  {"\u00dcst Sa\u011f 6", 16},
                  {"sol alt 8", 38},
                  {"UR6S", 1016},
                  {"URES", 1055},
                  {"1.6", 16},
                  {"8.5", 85},
                  {"6+", 16},
                  {"+6", 26},
                  {"6-", 46},
                  {"05+", 55},
                  {"+01", 61},
                  {"05-", 85},
                  {"#UR6", 16},
                  {"E+", 55}};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        for (tooth_system s = TOOTH_UNKNOWN; s < TOOTH_SYSTEMS; s++)
            assert_tooth(labels[i].label, "", s, labels[i].fdi);
    static const char *const none[] = {"UR",  "UR9", "UR0", "URF", "UR66", "5.6", "9.1",
                                       "1.9", "9+",  "06+", "UU6", "LA",   "FM"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        for (tooth_system s = TOOTH_UNKNOWN; s < TOOTH_SYSTEMS; s++) assert_no_tooth(none[i], "", s, TOOTH_INVALID);
    assert_int_equal(tooth_proof(SV_LIT("1.6"), NO_QUADRANT), TOOTH_PROVES_FDI);
    assert_int_equal(tooth_proof(SV_LIT("6+"), NO_QUADRANT), TOOTH_PROVES_HADERUP);
}

static void a_negative_number_is_haderups_only_where_that_is_known(void **state)
{
    (void)state;
    assert_tooth("-6", "", TOOTH_HADERUP, 36);
    assert_no_tooth("-6", "", TOOTH_UNKNOWN, TOOTH_NEEDS_SYSTEM);
    assert_no_tooth("-1", "", TOOTH_UNIVERSAL, TOOTH_INVALID);
    assert_no_tooth("-1", "", TOOTH_FDI, TOOTH_INVALID);
    assert_int_equal(tooth_proof(SV_LIT("-1"), NO_QUADRANT), 0);
}

/* The tables of the systems, written out and not by the formulas of the program. */
static void every_tooth_in_every_system_as_the_tables_have_it(void **state)
{
    (void)state;
    static const char *const fdi =
        "18 17 16 15 14 13 12 11 21 22 23 24 25 26 27 28 38 37 36 35 34 33 32 31 41 42 43 44 "
        "45 46 47 48 55 54 53 52 51 61 62 63 64 65 75 74 73 72 71 81 82 83 84 85 ";
    static const char *const universal =
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 "
        "30 31 32 A B C D E F G H I J K L M N O P Q R S T ";
    static const char *const palmer =
        "UR8 UR7 UR6 UR5 UR4 UR3 UR2 UR1 UL1 UL2 UL3 UL4 UL5 UL6 UL7 UL8 LL8 LL7 LL6 LL5 LL4 LL3 LL2 LL1 LR1 LR2 LR3 "
        "LR4 "
        "LR5 LR6 LR7 LR8 URE URD URC URB URA ULA ULB ULC ULD ULE LLE LLD LLC LLB LLA LRA LRB LRC LRD LRE ";
    static const char *const haderup = "8+ 7+ 6+ 5+ 4+ 3+ 2+ 1+ +1 +2 +3 +4 +5 +6 +7 +8 -8 -7 -6 -5 -4 -3 -2 -1 1- 2- "
                                       "3- 4- 5- 6- 7- 8- 05+ 04+ 03+ 02+ "
                                       "01+ +01 +02 +03 +04 +05 -05 -04 -03 -02 -01 01- 02- 03- 04- 05- ";
    const char *at[4] = {universal, fdi, palmer, haderup};
    const char *number = fdi;
    for (unsigned i = 0; i < 52; i++, number += 3) {
        tooth t = {(uint8_t)((number[0] - '0') * 10 + number[1] - '0'), false};
        for (unsigned k = 0; k < 4; k++) {
            size_t n = strcspn(at[k], " ");
            buf b = buf_new(20);
            tooth_print(t, (tooth_system)(k + 1), &b);
            if (!sv_eq(buf_view(&b), (sv){at[k], n})) fail_msg("%u is %.*s in system %u", t.fdi, (int)b.n, b.p, k + 1);
            buf_free(&b);
            at[k] += n + 1;
        }
    }
}

static void every_tooth_reads_back_in_every_system(void **state)
{
    (void)state;
    for (unsigned i = 0; i + 1 < TEETH; i++) {
        tooth t = tooth_at(i), back;
        assert_int_equal(tooth_index(t), i);
        for (tooth_system s = TOOTH_UNIVERSAL; s < TOOTH_SYSTEMS; s++) {
            buf b = buf_new(20);
            tooth_print(t, s, &b);
            if (tooth_parse(buf_view(&b), NO_QUADRANT, s, &back) != TOOTH_GOOD || back.fdi != t.fdi ||
                back.supernumerary != t.supernumerary)
                fail_msg("%.*s of system %d", (int)b.n, b.p, (int)s);
            buf_free(&b);
        }
    }
    assert_int_equal(tooth_index((tooth){TOOTH_ANYWHERE, true}), TEETH - 1);
    assert_int_equal(tooth_index((tooth){19, false}), TEETH);
    assert_int_equal(tooth_index((tooth){0, false}), TEETH);
    assert_int_equal(tooth_at(TEETH).fdi, 0);
}

/* A label without a system is read only where no system reads another tooth. */
static void a_certain_tooth_is_the_same_in_every_system_that_reads_it(void **state)
{
    (void)state;
    static const char *const quadrants[] = {"", "UR", "UL", "LL", "LR"};
    for (size_t q = 0; q < 5; q++)
        for (int n = -10; n <= 110; n++) {
            char label[12];
            unsigned certain, other;
            snprintf(label, sizeof label, "%d", n);
            if (parse(label, quadrants[q], TOOTH_UNKNOWN, &certain) != TOOTH_GOOD) continue;
            for (tooth_system s = TOOTH_UNIVERSAL; s < TOOTH_SYSTEMS; s++)
                if (parse(label, quadrants[q], s, &other) == TOOTH_GOOD && other != certain &&
                    tooth_proof(sv_from(label), sv_from(quadrants[q])) != TOOTH_POSITION_OR_UNIVERSAL)
                    fail_msg("%s %s: %u and %u", label, quadrants[q], certain, other);
        }
}

static void what_numbers_prove(void **state)
{
    (void)state;
    for (unsigned n = 0; n <= 99; n++) {
        char label[4];
        snprintf(label, sizeof label, "%u", n);
        bool universal = (n >= 1 && n <= 10) || n == 19 || n == 20 || n == 29 || n == 30 || (n >= 56 && n <= 60) ||
                         (n >= 66 && n <= 70) || (n >= 76 && n <= 80);
        bool fdi = (n >= 33 && n <= 38) || (n >= 41 && n <= 48) || (n >= 83 && n <= 85);
        bool nothing = n == 0 || n == 39 || n == 40 || n == 49 || n == 50 || n >= 86;
        unsigned expected = universal ? TOOTH_PROVES_UNIVERSAL
                            : fdi     ? TOOTH_PROVES_FDI
                            : nothing ? TOOTH_MEANS_NOTHING
                                      : TOOTH_EITHER;
        if (tooth_proof(sv_from(label), NO_QUADRANT) != expected)
            fail_msg("%u proves %u", n, tooth_proof(sv_from(label), NO_QUADRANT));
    }
}

static void assert_teeth(const char *text, tooth_system s, const char *expected)
{
    tooth t[TEETH_MAX];
    size_t n;
    tooth_read r = teeth_parse(sv_from(text), s, t, TEETH_MAX, &n);
    buf b = buf_new(1000);
    for (size_t i = 0; i < n; i++) {
        if (i) buf_char(&b, ' ');
        tooth_print(t[i], TOOTH_FDI, &b);
    }
    if (r == TOOTH_INVALID) buf_str(&b, "invalid");
    if (r == TOOTH_NEEDS_SYSTEM) buf_str(&b, "needs system");
    if (!sv_eq(buf_view(&b), sv_from(expected))) fail_msg("\"%s\" is %.*s", text, (int)b.n, b.p);
    buf_free(&b);
}

static void lists_and_ranges_of_plan_lines(void **state)
{
    (void)state;
    assert_teeth("3,14", TOOTH_UNIVERSAL, "16 26");
    assert_teeth("2-5", TOOTH_UNIVERSAL, "17 16 15 14");
    assert_teeth("#3 & #14", TOOTH_UNIVERSAL, "16 26");
    assert_teeth("3 and 14; 19/30", TOOTH_UNIVERSAL, "16 26 36 46");
    assert_teeth("3 14", TOOTH_UNIVERSAL, "16 26");
    assert_teeth("6 - 8, 7", TOOTH_UNIVERSAL, "13 12 11");
    assert_teeth("5-3", TOOTH_UNIVERSAL, "14 15 16");
    assert_teeth("15-18", TOOTH_UNIVERSAL, "27 28 38 37");
    assert_teeth("UR3 - UL2", TOOTH_UNIVERSAL, "13 12 11 21 22");
    assert_teeth("13-22", TOOTH_FDI, "13 12 11 21 22");
    assert_teeth("43 to 33", TOOTH_FDI, "43 42 41 31 32 33");
    assert_teeth("11, 12 ve 13", TOOTH_FDI, "11 12 13");
    assert_teeth("A-C", TOOTH_UNIVERSAL, "55 54 53");
    assert_teeth("1-6", TOOTH_FDI, "16");
    assert_teeth("Upper Right 6", TOOTH_UNIVERSAL, "16");
    assert_teeth("3-5", TOOTH_UNKNOWN, "needs system");
    assert_teeth("11,12", TOOTH_UNKNOWN, "needs system");
    assert_teeth("2,14", TOOTH_UNKNOWN, "17 26");
    assert_teeth("14,46", TOOTH_UNKNOWN, "14 46");
    assert_teeth("8,47", TOOTH_UNKNOWN, "invalid"); /* two systems */
    assert_teeth("1-33", TOOTH_UNKNOWN, "invalid");
    assert_teeth("18-38", TOOTH_FDI, "invalid"); /* from one arch to the other */
    assert_teeth("UR3-LR3", TOOTH_UNIVERSAL, "invalid");
    assert_teeth("A-3", TOOTH_UNIVERSAL, "invalid");
    assert_teeth("3-", TOOTH_UNIVERSAL, "43"); /* Haderup says so itself */
    assert_teeth("3,,5", TOOTH_UNIVERSAL, "invalid");
    assert_teeth("3-5-7", TOOTH_UNIVERSAL, "invalid");
    assert_teeth("", TOOTH_UNIVERSAL, "invalid");
    assert_teeth("UR", TOOTH_UNIVERSAL, "invalid");
    assert_teeth("3,33", TOOTH_UNIVERSAL, "invalid");
    tooth t[2];
    size_t n;
    assert_int_equal(teeth_parse(SV_LIT("3-5"), TOOTH_UNIVERSAL, t, 2, &n), TOOTH_INVALID);
    assert_int_equal(n, 0);
}

static void systems_have_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        tooth_system s;
    } names[] = {{"Universal", TOOTH_UNIVERSAL},
                 {"UNIVERSAL/NATIONAL", TOOTH_UNIVERSAL},
                 {"fdi", TOOTH_FDI},
                 {"ISO 3950", TOOTH_FDI},
                 {"FDI/ISO", TOOTH_FDI},
                 {"Palmer", TOOTH_PALMER},
                 {"Palmer Notation", TOOTH_PALMER},
                 {"Universal Numbering System", TOOTH_UNIVERSAL},
                 {"haderup", TOOTH_HADERUP},
                 {"", TOOTH_UNKNOWN},
                 {"other", TOOTH_UNKNOWN},
                 {"1", TOOTH_UNKNOWN}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (tooth_system_named(sv_from(names[i].name)) != names[i].s) fail_msg("%s", names[i].name);
    assert_null(tooth_system_name(TOOTH_UNKNOWN));
    for (tooth_system s = TOOTH_UNIVERSAL; s < TOOTH_SYSTEMS; s++)
        assert_int_equal(tooth_system_named(sv_from(tooth_system_name(s))), s);
}

static void kinds_of_teeth(void **state)
{
    (void)state;
    unsigned molars = 0, primary = 0, upper = 0, right = 0;
    for (unsigned i = 0; i < 52; i++) {
        tooth t = tooth_at(i);
        molars += tooth_is_molar(t);
        primary += tooth_is_primary(t);
        upper += tooth_is_upper(t);
        right += tooth_is_on_the_right(t);
    }
    assert_int_equal(molars, 12 + 8);
    assert_int_equal(primary, 20);
    assert_int_equal(upper, 26);
    assert_int_equal(right, 26);
    static const struct {
        uint8_t fdi;
        const char *entrances;
    } furcations[] = {{16, "BMD"}, {28, "BMD"}, {14, "MD"}, {15, ""},    {34, ""},   {36, "BL"}, {48, "BL"},
                      {13, ""},    {11, ""},    {24, "MD"}, {54, "BMD"}, {85, "BL"}, {53, ""}};
    for (size_t i = 0; i < sizeof furcations / sizeof furcations[0]; i++)
        for (const char *e = "BMDL"; *e; e++)
            if (tooth_has_furcation((tooth){furcations[i].fdi, false}, *e) !=
                (strchr(furcations[i].entrances, *e) != NULL))
                fail_msg("%u %c", furcations[i].fdi, *e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_1_universal_6_is_the_upper_right_canine),
        cmocka_unit_test(case_2_palmer_ur6_is_the_upper_right_first_molar),
        cmocka_unit_test(case_8_51_is_another_tooth_in_each_system),
        cmocka_unit_test(case_9_letters_are_primary_teeth),
        cmocka_unit_test(case_10_a_letter_beside_a_quadrant_is_palmers),
        cmocka_unit_test(case_11_palmers_signs),
        cmocka_unit_test(case_12_numbers_that_mean_no_tooth),
        cmocka_unit_test(case_13_99_is_no_tooth_by_itself),
        cmocka_unit_test(case_14_what_people_write_around_a_number),
        cmocka_unit_test(case_15_a_range_is_no_tooth_of_a_chart),
        cmocka_unit_test(case_16_10_in_a_quadrant_column_is_the_upper_right),
        cmocka_unit_test(quadrants_have_names),
        cmocka_unit_test(a_quadrant_column_makes_positions),
        cmocka_unit_test(notations_that_carry_their_quadrant),
        cmocka_unit_test(a_negative_number_is_haderups_only_where_that_is_known),
        cmocka_unit_test(every_tooth_in_every_system_as_the_tables_have_it),
        cmocka_unit_test(every_tooth_reads_back_in_every_system),
        cmocka_unit_test(a_certain_tooth_is_the_same_in_every_system_that_reads_it),
        cmocka_unit_test(what_numbers_prove),
        cmocka_unit_test(lists_and_ranges_of_plan_lines),
        cmocka_unit_test(systems_have_names),
        cmocka_unit_test(kinds_of_teeth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
