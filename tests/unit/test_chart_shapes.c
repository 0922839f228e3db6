/* chart.h: the shapes besides tooth rows, packed values, and the sign of recession. The numbers of cases are those of the
 * practice's hard cases. */
#include "chart_folding.h"

/* ---- tooth_measure ---- */

#define MEASURES                                                                                                       \
    "shape: tooth_measure\ntable: t\nexam: exam\nrow_key: id\ntooth: tooth\ntooth_value: T\nnumbering: universal\n"    \
    "margin_sign: od_100plus\nnot_measured: [-1]\nmeasure:\n  column: seq\n  values: {0: mobility, 1: furcation, "     \
    "2: recession, 3: mgj, 4: pd, 5: missing, 6: bleeding_flags, 7: ignored}\n"                                        \
    "sites: {MB: MB, B: B, DB: DB, ML: ML, L: L, DL: DL}\n"
#define MEASURE_COLUMNS "id exam tooth seq T MB B DB ML L DL"
#define MEASURED(id, exam, tooth_, seq, t, mb, b, db, ml, l, dl)                                                       \
    INT(id), INT(exam), INT(tooth_), INT(seq), INT(t), INT(mb), INT(b), INT(db), INT(ml), INT(l), INT(dl)

static void case_19_open_dentals_rows_fold_to_teeth(void **state)
{
    fixture *x = *state;
    static const value cells[] = {
        MEASURED(1, 7, 3, 4, -1, 5, 3, 4, 3, 2, 0),       MEASURED(2, 7, 3, 2, -1, 103, 0, 2, -1, -1, -1),
        MEASURED(3, 7, 3, 6, -1, 11, 0, 1, -1, -1, 4),    MEASURED(4, 7, 3, 0, 2, -1, -1, -1, -1, -1, -1),
        MEASURED(5, 7, 3, 1, -1, -1, 2, -1, -1, -1, 3),   MEASURED(6, 7, 3, 3, -1, -1, 6, -1, -1, -1, -1),
        MEASURED(7, 7, 14, 5, 1, -1, -1, -1, -1, -1, -1), MEASURED(8, 7, 3, 7, -1, 9, 9, 9, 9, 9, 9),
        MEASURED(9, 7, 3, 8, -1, 9, 9, 9, 9, 9, 9)};
    RUN(x, MEASURES, MEASURE_COLUMNS, cells);
    assert_int_equal(x->st, ST_OK);
    const chart_site *s = site_in(x, "7", 16, SITE_MB);
    assert_int_equal(s->pd, 50);
    assert_int_equal(s->recession, -30);
    assert_int_equal(s->cal, 20);
    /* Case 24: 11 is blood, suppuration and calculus, and no plaque. */
    assert_int_equal(s->bop, 1);
    assert_int_equal(s->suppuration, 1);
    assert_int_equal(s->plaque, 0);
    assert_int_equal(s->calculus, 1);
    s = site_in(x, "7", 16, SITE_ML);
    assert_int_equal(s->recession, CHART_NONE);
    assert_int_equal(s->cal, CHART_NONE);
    assert_int_equal(s->bop, MARK_NONE);
    assert_int_equal(site_in(x, "7", 16, SITE_DL)->pd, 0);
    const chart_tooth *t = tooth_in(x, "7", 16, false);
    assert_int_equal(t->mobility, 20);
    assert_int_equal(t->furcation[0].grade, 2);
    assert_int_equal(t->furcation[2].grade, 3);
    assert_int_equal(t->customs, 1); /* a junction by site is a finding of its own */
    assert_true(sv_eq(t->custom[0].name, SV_LIT("mgj B")));
    assert_int_equal(tooth_in(x, "7", 26, false)->status, TOOTH_MISSING);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_SKIPPED), 1);
    assert_int_equal(rejected(x, F_CHART_MEASURE_UNKNOWN), 1);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_MAPPED), 7);
}

static void what_stands_in_the_wrong_column_or_is_no_sum_is_held_back(void **state)
{
    fixture *x = *state;
    static const value cells[] = {MEASURED(1, 7, 3, 4, 5, 3, 3, 3, 3, 3, 3), MEASURED(2, 7, 3, 0, 1, 0, 0, 2, 0, 0, 0),
                                  MEASURED(3, 7, 3, 6, -1, 16, 15, 0, 0, 0, 0)};
    RUN(x, MEASURES, MEASURE_COLUMNS, cells);
    assert_int_equal(rejected(x, F_CHART_SITE_UNKNOWN), 2);
    assert_int_equal(rejected(x, F_CHART_FLAGS_WRONG), 1);
    assert_int_equal(site_in(x, "7", 16, SITE_MB)->bop, MARK_NONE);
    assert_int_equal(site_in(x, "7", 16, SITE_B)->plaque, 1);
}

/* ---- site_row ---- */

static void case_25_rows_of_sites_by_their_names(void **state)
{
    fixture *x = *state;
    static const char *const yaml = "shape: site_row\ntable: t\nexam: exam\nrow_key: id\ntooth: tooth\nsite: loc\n"
                                    "numbering: universal\nmargin_sign: recession_positive\n"
                                    "columns: {depth: pd, margin: recession, mob: mobility}\nsite_words: {Z: DL}\n";
    static const value cells[] = {INT(1), TEXT("7"), INT(3), TEXT("Facial Mesial"),
                                  INT(5), INT(1),    INT(1), TEXT("q"),
                                  INT(2), TEXT("7"), INT(3), TEXT("LM"),
                                  INT(4), NONE,      INT(1), NONE,
                                  INT(3), TEXT("7"), INT(3), TEXT("DF"),
                                  INT(3), INT(0),    INT(1), NONE,
                                  INT(4), TEXT("7"), INT(3), TEXT("z"),
                                  INT(2), NONE,      INT(1), NONE,
                                  INT(5), TEXT("7"), INT(3), TEXT("upstairs"),
                                  INT(2), NONE,      INT(1), NONE,
                                  INT(6), TEXT("7"), INT(3), NONE,
                                  INT(2), NONE,      INT(1), NONE};
    RUN(x, yaml, "id exam tooth loc depth margin mob remark", cells);
    assert_int_equal(site_in(x, "7", 16, SITE_MB)->pd, 50);
    assert_int_equal(site_in(x, "7", 16, SITE_MB)->cal, 60);
    assert_int_equal(site_in(x, "7", 16, SITE_ML)->pd, 40);
    assert_int_equal(site_in(x, "7", 16, SITE_DB)->cal, 30);
    assert_int_equal(site_in(x, "7", 16, SITE_DL)->pd, 20);
    assert_int_equal(rejected(x, F_CHART_SITE_UNKNOWN), 2);
    assert_int_equal(tooth_in(x, "7", 16, false)->mobility, 10);
    assert_int_equal(found(x, F_CHART_REPEATED), 0); /* the tooth's mobility in each row of a site is no repetition */
    assert_true(sv_eq(tooth_in(x, "7", 16, false)->custom[0].name, SV_LIT("remark MB")));
}

/* ---- wide_exam ---- */

static void wide_rows_carry_their_teeth_in_names_of_columns(void **state)
{
    fixture *x = *state;
    static const char *const yaml =
        "shape: wide_exam\ntable: t\nexam: exam\nmargin_sign: recession_positive\ncolumns:\n"
        "  T{tooth}_PD_{site}: pd\n  T{tooth}_REC_{site}: recession\n  T{tooth}_ST: status\n";
    static const value cells[] = {TEXT("7"),     INT(5),    INT(1), NONE, INT(3), TEXT("Missing"),
                                  TEXT("tired"), TEXT("8"), NONE,   NONE, NONE,   INT(2),
                                  NONE,          NONE};
    know(x, "8", TOOTH_UNIVERSAL, "", "");
    RUN(x, yaml, "exam T03_PD_MB T03_REC_MB T03_PD_DL T14_PD_B T14_ST mood", cells);
    assert_int_equal(exam_of(x, "7")->numbering, TOOTH_UNIVERSAL); /* 3 proves it, for 14 too */
    assert_int_equal(site_in(x, "7", 16, SITE_MB)->cal, 60);
    assert_int_equal(site_in(x, "7", 26, SITE_B)->pd, 30);
    assert_true(tooth_in(x, "7", 26, false)->conflict);
    assert_true(sv_eq(tooth_in(x, "7", 16, false)->raw, SV_LIT("03")));
    assert_int_equal(exam_of(x, "7")->customs, 1);
    assert_int_equal(exam_of(x, "8")->teeth, 1);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_MAPPED), 2);
    /* An exam that states another numbering than the columns have. */
    x->facts = 0;
    know(x, "7", TOOTH_FDI, "", "");
    RUN(x, yaml, "exam T03_PD_MB T03_REC_MB T03_PD_DL T14_PD_B T14_ST mood", cells);
    assert_null(exam_of(x, "7"));
    assert_int_equal(found(x, F_CHART_NUMBERING_CONTRADICTED), 1);
}

static void a_column_of_a_tooth_that_the_numbering_lacks_is_held_back(void **state)
{
    fixture *x = *state;
    static const value cells[] = {TEXT("7"), INT(5), INT(4), NONE};
    RUN(x, "shape: wide_exam\ntable: t\nexam: exam\ncolumns: {\"PD{tooth}{site}\": pd}\n", "exam PD3MB PD33MB PD9L",
        cells);
    assert_int_equal(exam_of(x, "7")->teeth, 1);
    assert_int_equal(rejected(x, F_CHART_TOOTH_INVALID), 1);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_REJECTED), 0);
}

/* ---- packed ---- */

#define TRIPLETS                                                                                                       \
    "shape: packed\ntable: t\nexam: exam\ntooth: tooth\nnumbering: universal\ntriplet_order: screen\ncolumns:\n"       \
    "  F: {measure: pd, side: facial}\n  L: {measure: pd, side: lingual}\n  B: {measure: bop, side: facial}\n  Mob: "  \
    "mobility\n"

static void assert_sites(const fixture *x, unsigned fdi, int mb, int b, int db)
{
    const int expected[] = {mb, b, db};
    for (unsigned s = 0; s < 3; s++) assert_int_equal(site_in(x, "7", fdi, (tooth_site)s)->pd, expected[s]);
}

static void case_22_a_triplet_in_the_order_of_a_screen(void **state)
{
    fixture *x = *state;
    static const value cells[] = {TEXT("7"), INT(3),  TEXT("325"), TEXT("412"), TEXT("1-0"), TEXT("1"),
                                  TEXT("7"), INT(14), TEXT("325"), NONE,        NONE,        NONE};
    RUN(x, TRIPLETS, "exam tooth F L B Mob", cells);
    assert_sites(x, 16, 50, 20, 30);
    assert_sites(x, 26, 30, 20, 50);
    assert_int_equal(site_in(x, "7", 16, SITE_DL)->pd, 40);
    assert_int_equal(site_in(x, "7", 16, SITE_ML)->pd, 20);
    assert_int_equal(site_in(x, "7", 16, SITE_DB)->bop, 1);
    assert_int_equal(site_in(x, "7", 16, SITE_B)->bop, 0);
    assert_int_equal(tooth_in(x, "7", 16, false)->mobility, 10);
    static const value mesial[] = {TEXT("7"), INT(3), TEXT("325"), TEXT("7"), INT(14), TEXT("325")};
    RUN(x,
        "shape: packed\ntable: t\nexam: exam\ntooth: tooth\nnumbering: universal\ntriplet_order: "
        "mesial_first\ncolumns:\n"
        "  F: {measure: pd, side: facial}\n",
        "exam tooth F", mesial);
    assert_sites(x, 16, 30, 20, 50);
    assert_sites(x, 26, 30, 20, 50);
}

static void case_23_readings_of_two_figures_are_split_where_there_is_one_way(void **state)
{
    fixture *x = *state;
    static const value cells[] = {
        TEXT("7"), INT(14), TEXT("3104"),   TEXT("7"), INT(15), TEXT("1012"), TEXT("7"), INT(13), TEXT("3,10,4"),
        TEXT("7"), INT(12), TEXT("3 2"),    TEXT("7"), INT(11), TEXT("32"),   TEXT("7"), INT(10), TEXT("x2-"),
        TEXT("7"), INT(9),  TEXT("10 1 2"), TEXT("7"), INT(16), TEXT("32a"),  TEXT("7"), INT(7),  INT(325)};
    RUN(x, TRIPLETS, "exam tooth F", cells);
    assert_sites(x, 26, 30, 100, 40);
    assert_sites(x, 25, 30, 100, 40);
    assert_sites(x, 21, 100, 10, 20);
    assert_sites(x, 22, CHART_NONE, 20, CHART_NONE);
    assert_sites(x, 12, 50, 20, 30);
    assert_int_equal(rejected(x, F_CHART_TRIPLET_WRONG), 4);
}

static void a_side_of_an_arch_in_one_value(void **state)
{
    fixture *x = *state;
    static const char *const yaml =
        "shape: packed\ntable: t\nexam: exam\nnumbering: universal\ntriplet_order: screen\ncolumns:\n"
        "  UF: {measure: pd, side: facial, teeth: 1-16}\n  UL: {measure: pd, side: lingual, teeth: 1-4}\n";
    static const value cells[] = {TEXT("7"),
                                  TEXT("123456789012345678901234567890123456789012345678"),
                                  TEXT("323 2104 xxx 333"),
                                  TEXT("8"),
                                  TEXT("12345678901234567890123456789012345678901234567"),
                                  TEXT("323   212   "),
                                  TEXT("9"),
                                  TEXT("321 321 321 321 321 321 321 321 321 321 321 321 321 321 321 321"),
                                  NONE};
    RUN(x, yaml, "exam UF UL", cells);
    assert_sites(x, 18, 30, 20, 10);
    assert_sites(x, 17, 60, 50, 40);
    assert_sites(x, 28, 60, 70, 80);
    assert_int_equal(site_in(x, "7", 17, SITE_L)->pd, 100);
    assert_int_equal(site_in(x, "7", 17, SITE_DL)->pd, 20);
    assert_int_equal(site_in(x, "7", 16, SITE_L)->pd, CHART_NONE);
    assert_int_equal(rejected(x, F_CHART_TRIPLET_WRONG), 1);
    assert_int_equal(exam_of(x, "8")->teeth, 2);
    assert_int_equal(site_in(x, "8", 18, SITE_DL)->pd, 30);
    assert_int_equal(site_in(x, "8", 16, SITE_ML)->pd, 20);
    assert_sites(x, 18, 30, 20, 10);
    assert_int_equal(site_in(x, "9", 28, SITE_MB)->pd, 30);
    assert_int_equal(site_in(x, "9", 18, SITE_DB)->pd, 30);
}

/* ---- the sign of recession ---- */

#define SIGNED                                                                                                         \
    "shape: tooth_row\ntable: t\nexam: exam\ntooth: tooth\nnumbering: universal\ncolumns:\n  PD_{site}: pd\n"          \
    "  REC_{site}: recession\n  CAL_{site}: cal\n"

/* Rows of exam 7, teeth 1 to 32: depth 4, margin and loss as given. */
static void run_signs(fixture *x, const char *options, const int (*site)[2], size_t n, bool cal)
{
    value *cell = arena_array(x->mem, n * 5, sizeof *cell);
    char yaml[1000];
    for (size_t i = 0; i < n; i++) {
        value one[5] = {TEXT("7"), INT((int64_t)(i % 32) + 1), INT(4), INT(site[i][0]), cal ? INT(site[i][1]) : NONE};
        memcpy(cell + 5 * i, one, sizeof one);
    }
    snprintf(yaml, sizeof yaml, "%s%s", options, SIGNED);
    run_chart(x, yaml, "exam tooth PD_MB REC_MB CAL_MB", cell, n * 5);
}

static void case_20_negative_recession_is_found_by_the_attachment_loss(void **state)
{
    fixture *x = *state;
    static const int site[][2] = {{-2, 6}, {-1, 5}, {0, 4}, {1, 3}, {-3, 7}};
    run_signs(x, "", site, 5, true);
    assert_int_equal(x->st, ST_OK);
    assert_int_equal(site_in(x, "7", 18, SITE_MB)->recession, 20);
    assert_int_equal(site_in(x, "7", 18, SITE_MB)->cal, 60);
    assert_int_equal(site_in(x, "7", 15, SITE_MB)->recession, -10);
    assert_int_equal(found(x, F_CHART_SIGN_FOUND), 1);
    assert_int_equal(found(x, F_CHART_ATTACHMENT_DIFFERS), 0);
}

static void case_21_an_attachment_loss_that_fits_neither_stops(void **state)
{
    fixture *x = *state;
    static const int site[][2] = {{-2, 9}, {-1, 8}, {2, 9}};
    run_signs(x, "", site, 3, true);
    assert_int_equal(x->st, ST_FATAL);
    assert_int_equal(found(x, F_CHART_SIGN_UNCERTAIN), 1);
    assert_int_equal(x->exams, 0);
    /* The profile says it: then it goes, and each site is told. */
    run_signs(x, "margin_sign: recession_negative\n", site, 3, true);
    assert_int_equal(x->st, ST_OK);
    assert_int_equal(site_in(x, "7", 18, SITE_MB)->cal, 60);
    assert_int_equal(found(x, F_CHART_ATTACHMENT_DIFFERS), 3);
}

static void the_winner_needs_95_percent(void **state)
{
    fixture *x = *state;
    int site[20][2];
    for (int i = 0; i < 20; i++) site[i][0] = 1, site[i][1] = i ? 5 : 3;
    run_signs(x, "", (const int(*)[2])site, 20, true); /* 19 of 20 */
    assert_int_equal(x->st, ST_OK);
    run_signs(x, "", (const int(*)[2])site, 19, true); /* 18 of 19 */
    assert_int_equal(x->st, ST_FATAL);
    assert_int_equal(found(x, F_CHART_SIGN_UNCERTAIN), 1);
}

static void without_attachment_loss_mostly_negative_margins_stop(void **state)
{
    fixture *x = *state;
    static const int mostly[][2] = {{-2, 0}, {-1, 0}, {0, 0}, {1, 0}};
    run_signs(x, "", mostly, 4, false);
    assert_int_equal(x->st, ST_FATAL);
    assert_int_equal(found(x, F_CHART_SIGN_UNCERTAIN), 1);
    static const int some[][2] = {{-2, 0}, {-1, 0}, {-1, 0}, {1, 0}, {2, 0}}; /* 60 percent and not more */
    run_signs(x, "", some, 5, false);
    assert_int_equal(x->st, ST_OK);
    assert_int_equal(site_in(x, "7", 18, SITE_MB)->recession, -20);
    static const int hundred[][2] = {{102, 0}, {1, 0}};
    run_signs(x, "", hundred, 2, false);
    assert_int_equal(x->st, ST_FATAL);
    run_signs(x, "margin_sign: od_100plus\n", hundred, 2, false);
    assert_int_equal(site_in(x, "7", 18, SITE_MB)->recession, -20);
}

static void a_stated_sign_that_the_attachment_loss_contradicts_stops(void **state)
{
    fixture *x = *state;
    int site[12][2];
    for (int i = 0; i < 12; i++) site[i][0] = -1, site[i][1] = 5;
    run_signs(x, "margin_sign: recession_positive\n", (const int(*)[2])site, 12, true);
    assert_int_equal(x->st, ST_FATAL);
    assert_int_equal(found(x, F_CHART_SIGN_CONTRADICTED), 1);
    run_signs(x, "margin_sign: recession_negative\n", (const int(*)[2])site, 12, true);
    assert_int_equal(x->st, ST_OK);
}

static void signs_are_found_across_rows_of_measures_and_in_packed_values(void **state)
{
    fixture *x = *state;
    static const char *const yaml =
        "shape: tooth_measure\ntable: t\nexam: exam\ntooth: tooth\nnumbering: universal\n"
        "measure: {column: seq, values: {p: pd, r: recession, c: cal}}\nsites: {MB: MB, B: B}\n";
    static const value cells[] = {TEXT("7"), INT(3), TEXT("p"), INT(4), INT(5),    TEXT("7"), INT(3), TEXT("r"),
                                  INT(-2),   INT(0), TEXT("7"), INT(3), TEXT("c"), INT(6),    INT(5)};
    RUN(x, yaml, "exam tooth seq MB B", cells);
    assert_int_equal(x->st, ST_OK);
    assert_int_equal(site_in(x, "7", 16, SITE_MB)->recession, 20);
    assert_int_equal(found(x, F_CHART_SIGN_FOUND), 1);
    static const value packed[] = {TEXT("7"), INT(3), TEXT("4 4 4"), TEXT("-1 -2 0")};
    RUN(x,
        "shape: packed\ntable: t\nexam: exam\ntooth: tooth\nnumbering: universal\ntriplet_order: screen\ncolumns:\n"
        "  P: {measure: pd, side: facial}\n  R: {measure: recession, side: facial}\n",
        "exam tooth P R", packed);
    assert_int_equal(x->st, ST_FATAL);
    assert_int_equal(found(x, F_CHART_SIGN_UNCERTAIN), 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(case_19_open_dentals_rows_fold_to_teeth),
        T(what_stands_in_the_wrong_column_or_is_no_sum_is_held_back),
        T(case_25_rows_of_sites_by_their_names),
        T(wide_rows_carry_their_teeth_in_names_of_columns),
        T(a_column_of_a_tooth_that_the_numbering_lacks_is_held_back),
        T(case_22_a_triplet_in_the_order_of_a_screen),
        T(case_23_readings_of_two_figures_are_split_where_there_is_one_way),
        T(a_side_of_an_arch_in_one_value),
        T(case_20_negative_recession_is_found_by_the_attachment_loss),
        T(case_21_an_attachment_loss_that_fits_neither_stops),
        T(the_winner_needs_95_percent),
        T(without_attachment_loss_mostly_negative_margins_stop),
        T(a_stated_sign_that_the_attachment_loss_contradicts_stops),
        T(signs_are_found_across_rows_of_measures_and_in_packed_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
