/* chart.h: charts of tooth rows; the numbers of cases are those of the practice's hard cases. */
#include "chart_folding.h"

#define ROWS                                                                                                           \
    "shape: tooth_row\ntable: t\nexam: exam\ntooth: tooth\nrow_key: id\nnumbering: universal\n"                        \
    "margin_sign: recession_positive\ncolumns:\n  PD_{site}: pd\n  REC_{site}: recession\n  CAL_{site}: cal\n"         \
    "  BOP_{site}: bop\n  SUP_{site}: suppuration\n  Status: status\n  Mob: mobility\n  F_{entrance}: furcation\n"     \
    "  Miller: miller\n  Cairo: cairo\n  KG: keratinized_width\n  PI: plaque_index\n  Note: note\n"

/* Rows of a tooth each with a depth at MB: exam, tooth. */
static void run_teeth(fixture *x, const char *options, const char *const (*given)[2], size_t rows)
{
    value *cell = arena_array(x->mem, rows * 4, sizeof *cell);
    char yaml[2000];
    for (size_t i = 0; i < rows; i++) {
        cell[4 * i] = INT((int64_t)i + 1);
        cell[4 * i + 1] = (value){.kind = V_TEXT, .as.text = sv_from(given[i][0])};
        cell[4 * i + 2] = (value){.kind = V_TEXT, .as.text = sv_from(given[i][1])};
        cell[4 * i + 3] = INT(3);
    }
    snprintf(yaml, sizeof yaml,
             "shape: tooth_row\ntable: t\nexam: exam\ntooth: tooth\nrow_key: id\n%scolumns: {PD_MB: {measure: pd, "
             "site: MB}}\n",
             options);
    run_chart(x, yaml, "id exam tooth PD_MB", cell, rows * 4);
    assert_int_equal(x->st, ST_OK);
}
#define TEETH_OF(x, options, ...)                                                                                      \
    do {                                                                                                               \
        static const char *const rows_[][2] = {__VA_ARGS__};                                                           \
        run_teeth(x, options, rows_, sizeof rows_ / sizeof rows_[0]);                                                  \
    } while (0)

static void case_4_an_exam_that_two_numberings_read_takes_the_default_and_says_so(void **state)
{
    fixture *x = *state;
    TEETH_OF(x, "numbering: universal\n", {"7", "11"}, {"7", "12"}, {"7", "21"}, {"7", "31"});
    const exam_chart *e = exam_of(x, "7");
    assert_non_null(e);
    assert_int_equal(e->numbering, TOOTH_UNIVERSAL);
    assert_true(e->numbering_assumed);
    assert_int_equal(found(x, F_CHART_NUMBERING_ASSUMED), 1);
    assert_non_null(tooth_in(x, "7", 23, false));
    assert_non_null(tooth_in(x, "7", 47, false));
    /* Without a default nothing decides: the exam is left out. */
    TEETH_OF(x, "", {"7", "11"}, {"7", "12"});
    assert_null(exam_of(x, "7"));
    assert_int_equal(found(x, F_CHART_NUMBERING_UNKNOWN), 1);
    assert_int_equal(rejected(x, F_CHART_NUMBERING_UNKNOWN), 3);
    assert_true(x->reject[0].whole_exam);
    assert_true(sv_eq(x->reject[0].exam, SV_LIT("7")));
}

static void case_5_an_exam_with_teeth_of_two_numberings_is_left_out_whole(void **state)
{
    fixture *x = *state;
    TEETH_OF(x, "numbering: universal\n", {"7", "8"}, {"8", "3"}, {"7", "47"}, {"7", "11"});
    assert_null(exam_of(x, "7"));
    assert_non_null(exam_of(x, "8"));
    assert_int_equal(found(x, F_CHART_NUMBERING_MIXED), 1);
    assert_int_equal(rejected(x, F_CHART_NUMBERING_MIXED), 4);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_REJECTED), 3);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_MAPPED), 1);
}

static void case_6_an_exam_that_contradicts_its_own_word_is_left_out_whole(void **state)
{
    fixture *x = *state;
    know(x, "7", TOOTH_UNIVERSAL, "", "");
    know(x, "8", TOOTH_FDI, "", "");
    know(x, "9", TOOTH_UNIVERSAL, "", "");
    TEETH_OF(x, "", {"7", "46"}, {"7", "14"}, {"8", "3"}, {"9", "3"}, {"9", "46"});
    assert_int_equal(x->exams, 0);
    assert_int_equal(found(x, F_CHART_NUMBERING_CONTRADICTED), 3);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_REJECTED), 5);
}

static void case_7_all_32_teeth_in_fdi_prove_it(void **state)
{
    fixture *x = *state;
    char label[32][4];
    const char *rows[32][2];
    for (unsigned i = 0; i < 32; i++) {
        snprintf(label[i], sizeof label[i], "%u", tooth_at(i).fdi);
        rows[i][0] = "7";
        rows[i][1] = label[i];
    }
    run_teeth(x, "numbering: universal\n", (const char *const(*)[2])rows, 32);
    const exam_chart *e = exam_of(x, "7");
    assert_non_null(e);
    assert_int_equal(e->numbering, TOOTH_FDI);
    assert_false(e->numbering_assumed);
    assert_int_equal(e->teeth, 32);
    for (unsigned i = 0; i < 32; i++) assert_int_equal(e->tooth[i].tooth.fdi, tooth_at(i).fdi);
}

static void case_8_51_follows_its_exam(void **state)
{
    fixture *x = *state;
    know(x, "u", TOOTH_UNIVERSAL, "", "");
    know(x, "f", TOOTH_FDI, "", "");
    TEETH_OF(x, "", {"u", "51"}, {"f", "51"});
    assert_non_null(tooth_in(x, "u", 18, true));
    assert_non_null(tooth_in(x, "f", 51, false));
}

static void case_9_10_11_letters_and_signs(void **state)
{
    fixture *x = *state;
    TEETH_OF(x, "", {"1", "A"}, {"1", "AS"}, {"1", "T"}, {"2", "6\u23cc"},
             {"2", "\u2514"
                   "6"},
             {"2", "6\u2510"}, {"2", "ULA"});
    assert_non_null(tooth_in(x, "1", 55, false));
    assert_non_null(tooth_in(x, "1", 55, true));
    assert_non_null(tooth_in(x, "1", 85, false));
    assert_int_equal(exam_of(x, "2")->numbering, TOOTH_PALMER);
    assert_non_null(tooth_in(x, "2", 16, false));
    assert_non_null(tooth_in(x, "2", 26, false));
    assert_non_null(tooth_in(x, "2", 46, false));
    assert_non_null(tooth_in(x, "2", 61, false));
}

static void case_12_teeth_that_do_not_exist_cost_their_rows_and_not_the_exam(void **state)
{
    fixture *x = *state;
    TEETH_OF(x, "numbering: universal\n", {"7", "3"}, {"7", "0"}, {"7", "33"}, {"7", "49"}, {"7", "90"}, {"7", ""},
             {"7", "3-5"});
    assert_int_equal(exam_of(x, "7")->teeth, 1);
    assert_int_equal(rejected(x, F_CHART_TOOTH_INVALID), 6);
    assert_int_equal(found(x, F_CHART_TOOTH_INVALID), 6);
    assert_true(sv_eq(x->reject[0].src_key, SV_LIT("2")) || sv_eq(x->reject[0].src_key, SV_LIT("7")));
    /* 33 alone is FDI's canine. */
    TEETH_OF(x, "numbering: universal\n", {"7", "33"}, {"7", "14"});
    assert_int_equal(exam_of(x, "7")->numbering, TOOTH_FDI);
    /* An exam of nothing but such teeth is still one. */
    TEETH_OF(x, "numbering: universal\n", {"7", "0"});
    assert_int_equal(exam_of(x, "7")->teeth, 0);
}

static void case_15_a_range_is_no_tooth_of_an_fdi_exam_either(void **state)
{
    fixture *x = *state;
    know(x, "7", TOOTH_FDI, "", "");
    TEETH_OF(x, "", {"7", "35"}, {"7", "3-5"});
    assert_int_equal(exam_of(x, "7")->teeth, 1);
    assert_int_equal(rejected(x, F_CHART_TOOTH_INVALID), 1);
    assert_true(sv_eq(tooth_in(x, "7", 35, false)->raw, SV_LIT("35")));
}

static void case_13_99_is_a_tooth_only_if_the_profile_says_so(void **state)
{
    fixture *x = *state;
    TEETH_OF(x, "numbering: universal\n", {"7", "3"}, {"7", "99"});
    assert_int_equal(rejected(x, F_CHART_TOOTH_INVALID), 1);
    TEETH_OF(x, "numbering: universal\nsupernumerary_99: true\n", {"7", "3"}, {"7", "99"});
    assert_int_equal(x->rejects, 0);
    assert_non_null(tooth_in(x, "7", TOOTH_ANYWHERE, true));
}

static void case_14_written_forms_of_one_tooth_are_one_tooth(void **state)
{
    fixture *x = *state;
    TEETH_OF(x, "numbering: universal\n", {"7", "06"}, {"7", "6.0"}, {"7", "#6"}, {"7", " 6 "});
    assert_int_equal(exam_of(x, "7")->teeth, 1);
    assert_non_null(tooth_in(x, "7", 13, false));
    assert_int_equal(found(x, F_CHART_REPEATED), 3);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_MAPPED), 4);
    assert_true(sv_eq(tooth_in(x, "7", 13, false)->src_key, SV_LIT("1")));
}

static void numbering_of_a_provider(void **state)
{
    fixture *x = *state;
    know(x, "1", TOOTH_UNKNOWN, "Dr A", "");
    know(x, "2", TOOTH_UNKNOWN, "Dr A", "");
    know(x, "3", TOOTH_UNKNOWN, "Dr B", "");
    know(x, "4", TOOTH_UNKNOWN, "Dr B", "");
    know(x, "5", TOOTH_UNKNOWN, "Dr B", "");
    TEETH_OF(x, "numbering: universal\n", {"1", "11"}, {"2", "46"}, {"3", "11"}, {"4", "46"}, {"5", "3"});
    assert_int_equal(exam_of(x, "1")->numbering, TOOTH_FDI);
    assert_true(exam_of(x, "1")->numbering_assumed);
    /* Dr B's exams prove both: the default. */
    assert_int_equal(exam_of(x, "3")->numbering, TOOTH_UNIVERSAL);
    assert_int_equal(found(x, F_CHART_NUMBERING_ASSUMED), 2);
}

static void a_quadrant_column_is_palmers_or_universals_by_all_exams(void **state)
{
    fixture *x = *state;
    static const char *const yaml =
        "shape: tooth_row\ntable: t\nexam: exam\ntooth: tooth\nquadrant: q\nnumbering: universal\n"
        "columns: {PD_MB: {measure: pd, site: MB}}\n";
    static const value positions[] = {TEXT("1"), TEXT("3"), TEXT("UR"), INT(3),
                                      TEXT("2"), TEXT("3"), TEXT("LL"), INT(3)};
    RUN(x, yaml, "exam tooth q PD_MB", positions);
    assert_non_null(tooth_in(x, "1", 13, false));
    assert_non_null(tooth_in(x, "2", 33, false));
    static const value numbers[] = {TEXT("1"), TEXT("3"),  TEXT("UR"), INT(3),
                                    TEXT("2"), TEXT("19"), TEXT("LL"), INT(3)};
    RUN(x, yaml, "exam tooth q PD_MB", numbers);
    assert_non_null(tooth_in(x, "1", 16, false));
    assert_non_null(tooth_in(x, "2", 36, false));
    static const value both[] = {TEXT("1"), TEXT("14"), TEXT("UL"), INT(3), TEXT("1"), TEXT("3"), TEXT("LL"), INT(3)};
    RUN(x, yaml, "exam tooth q PD_MB", both);
    assert_null(exam_of(x, "1"));
    assert_int_equal(found(x, F_CHART_NUMBERING_MIXED), 1);
}

/* ---- values ---- */

static void case_17_blank_is_never_0(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(1), TEXT("7"), INT(3),  NONE,     INT(0), INT(-1),
                                  INT(2), TEXT("7"), INT(14), TEXT(""), INT(4), TEXT("NULL")};
    RUN(x, ROWS, "id exam tooth PD_MB PD_B PD_DB", cells);
    assert_int_equal(site_in(x, "7", 16, SITE_MB)->pd, CHART_NONE);
    assert_int_equal(site_in(x, "7", 16, SITE_B)->pd, 0);
    assert_int_equal(site_in(x, "7", 16, SITE_DB)->pd, CHART_NONE);
    assert_int_equal(site_in(x, "7", 26, SITE_MB)->pd, CHART_NONE);
    const chart_scores *s = &exam_of(x, "7")->scores;
    assert_int_equal(s->sites_examined, 2);
    assert_int_equal(s->mean_pd, 200);
    assert_int_equal(x->rejects, 0);
}

static void case_18_depths_out_of_range_are_held_back_with_their_original(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(1), TEXT("7"), INT(3), INT(15), INT(17), INT(25), INT(-2), TEXT("deep")};
    RUN(x, ROWS, "id exam tooth PD_MB PD_B PD_DB PD_ML PD_L", cells);
    assert_int_equal(site_in(x, "7", 16, SITE_MB)->pd, 150);
    assert_int_equal(site_in(x, "7", 16, SITE_B)->pd, 170);
    assert_int_equal(site_in(x, "7", 16, SITE_DB)->pd, CHART_NONE);
    assert_int_equal(found(x, F_CHART_DEPTH_ODD), 1);
    assert_int_equal(found(x, F_CHART_DEPTH_RANGE), 3);
    assert_int_equal(rejected(x, F_CHART_DEPTH_RANGE), 3);
    assert_true(x->reject[0].held_back);
    assert_true(sv_eq(x->reject[0].value, SV_LIT("25")));
    assert_true(sv_eq(x->reject[0].column, SV_LIT("PD_DB")));
    assert_true(sv_eq(x->reject[0].src_key, SV_LIT("1")));
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_MAPPED), 1);
}

static void every_kind_of_value_has_its_limits(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(1),  TEXT("7"),       INT(3),       INT(16),   INT(12),     INT(30),
                                  INT(22), TEXT("x"),       TEXT("half"), TEXT("5"), TEXT("RT9"), INT(-3),
                                  INT(9),  TEXT("crowned"), TEXT("0.5"),  INT(2)};
    RUN(x, ROWS "  KG2: keratinized_width\n",
        "id exam tooth REC_MB REC_B CAL_MB CAL_B BOP_MB Mob F_B Cairo KG PI Status Mobi KG2x", cells);
    assert_int_equal(rejected(x, F_CHART_RECESSION_RANGE), 1);
    assert_int_equal(found(x, F_CHART_RECESSION_ODD), 1);
    assert_int_equal(rejected(x, F_CHART_ATTACHMENT_RANGE), 1);
    assert_int_equal(found(x, F_CHART_ATTACHMENT_ODD), 1);
    assert_int_equal(rejected(x, F_CHART_MARK_WRONG), 1);
    assert_int_equal(rejected(x, F_CHART_MOBILITY_RANGE), 1);
    assert_int_equal(rejected(x, F_CHART_FURCATION_RANGE), 1);
    assert_int_equal(rejected(x, F_CHART_CAIRO_WRONG), 1);
    assert_int_equal(rejected(x, F_CHART_WIDTH_RANGE), 1);
    assert_int_equal(rejected(x, F_CHART_INDEX_RANGE), 1);
    assert_int_equal(rejected(x, F_CHART_STATUS_UNKNOWN), 1);
    const chart_tooth *t = tooth_in(x, "7", 16, false);
    assert_true(sv_eq(t->mobility_raw, SV_LIT("half")));
    assert_int_equal(t->mobility, CHART_NONE);
    assert_true(sv_eq(t->furcation[0].raw, SV_LIT("5")));
    assert_int_equal(t->furcation[0].grade, MARK_NONE);
    /* A state that nobody knows: the tooth may be missing. */
    assert_true(t->conflict);
    assert_int_equal(exam_of(x, "7")->scores.teeth_present, 0);
    assert_int_equal(t->customs, 2);
    static const value odd[] = {INT(1), TEXT("7"), INT(3), TEXT("0.5"), INT(16)};
    RUN(x, ROWS, "id exam tooth Mob KG", odd);
    assert_int_equal(found(x, F_CHART_MOBILITY_ODD), 1);
    assert_int_equal(found(x, F_CHART_WIDTH_ODD), 1);
}

static void case_26_furcations_and_their_scale(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(1), TEXT("7"), INT(8), TEXT("III"), INT(2), TEXT("7"), INT(3), TEXT("IV")};
    RUN(x, ROWS, "id exam tooth F_B", cells);
    assert_int_equal(tooth_in(x, "7", 11, false)->furcation[0].grade, 3);
    assert_int_equal(found(x, F_CHART_FURCATION_SINGLE_ROOT), 1);
    assert_int_equal(tooth_in(x, "7", 16, false)->furcation[0].grade, 4);
    assert_int_equal(tooth_in(x, "7", 16, false)->scale, FURCATION_GLICKMAN);
    RUN(x, "furcation_scale: hamp\n" ROWS, "id exam tooth F_B", cells);
    assert_int_equal(tooth_in(x, "7", 16, false)->furcation[0].grade, MARK_NONE);
    assert_true(sv_eq(tooth_in(x, "7", 16, false)->furcation[0].raw, SV_LIT("IV")));
    assert_int_equal(rejected(x, F_CHART_FURCATION_SCALE), 1);
}

static void case_27_28_mobility_and_recession_classes(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(1),     TEXT("7"), INT(3), TEXT("1+"), TEXT("II"), INT(2), TEXT("7"), INT(14),
                                  TEXT("II"), TEXT("2"), INT(3), TEXT("7"),  INT(30),    INT(4), NONE};
    RUN(x, ROWS, "id exam tooth Mob Miller", cells);
    assert_int_equal(tooth_in(x, "7", 16, false)->mobility, 15);
    assert_true(sv_eq(tooth_in(x, "7", 16, false)->mobility_raw, SV_LIT("1+")));
    assert_string_equal(tooth_in(x, "7", 16, false)->miller, "II");
    assert_int_equal(tooth_in(x, "7", 26, false)->mobility, 20);
    assert_null(tooth_in(x, "7", 26, false)->miller);
    assert_int_equal(rejected(x, F_CHART_MILLER_AMBIGUOUS), 1);
    assert_int_equal(rejected(x, F_CHART_MOBILITY_RANGE), 1);
}

/* ---- teeth that are not there, implants ---- */

static void case_29_readings_on_a_missing_tooth_are_kept_flagged_and_out_of_the_scores(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(1), TEXT("7"), INT(3),  TEXT("Missing"), INT(9), INT(1),
                                  INT(2), TEXT("7"), INT(4),  TEXT("missing"), NONE,   INT(0),
                                  INT(3), TEXT("7"), INT(14), TEXT("Present"), INT(3), INT(0)};
    RUN(x, ROWS, "id exam tooth Status PD_MB BOP_MB", cells);
    const chart_tooth *t = tooth_in(x, "7", 16, false);
    assert_int_equal(t->status, TOOTH_MISSING);
    assert_true(t->conflict);
    assert_int_equal(t->site[SITE_MB].pd, 90);
    assert_false(tooth_in(x, "7", 15, false)->conflict); /* a mark of 0 is no reading */
    assert_int_equal(found(x, F_CHART_READINGS_ON_MISSING), 1);
    const chart_scores *s = &exam_of(x, "7")->scores;
    assert_int_equal(s->teeth_missing, 2);
    assert_int_equal(s->teeth_present, 1);
    assert_int_equal(s->sites_examined, 1);
    assert_int_equal(s->max_pd, 30);
    assert_int_equal(s->sites_bled, 0);
}

static void case_30_an_implant_has_no_attachment_loss_unless_the_source_says_so(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(1), TEXT("7"), INT(30), TEXT("Implant"), INT(4), INT(1), NONE,   TEXT("II"),
                                  INT(2), TEXT("7"), INT(3),  TEXT("Implant"), INT(4), NONE,   INT(5), NONE};
    RUN(x, ROWS, "id exam tooth Status PD_MB REC_MB CAL_MB F_B", cells);
    const chart_site *s = site_in(x, "7", 46, SITE_MB);
    assert_int_equal(s->pd, 40);
    assert_int_equal(s->cal, CHART_NONE);
    assert_int_equal(site_in(x, "7", 16, SITE_MB)->cal, 50);
    assert_int_equal(exam_of(x, "7")->scores.implants, 2);
    assert_int_equal(exam_of(x, "7")->scores.sites_examined, 0);
    assert_int_equal(exam_of(x, "7")->scores.mean_cal, CHART_NONE_MEAN);
    assert_int_equal(found(x, F_CHART_FURCATION_ON_IMPLANT), 1);
}

static void case_31_an_edentulous_patient_has_0_sites_and_no_bleeding_score(void **state)
{
    fixture *x = *state;
    value cells[32 * 4];
    for (size_t i = 0; i < 32; i++) {
        cells[4 * i] = INT((int64_t)i);
        cells[4 * i + 1] = TEXT("7");
        cells[4 * i + 2] = INT((int64_t)i + 1);
        cells[4 * i + 3] = TEXT("Missing");
    }
    RUN(x, ROWS, "id exam tooth Status", cells);
    const chart_scores *s = &exam_of(x, "7")->scores;
    assert_int_equal(s->teeth_missing, 32);
    assert_int_equal(s->sites_examined, 0);
    assert_int_equal(s->bop_percent, CHART_NONE);
    assert_int_equal(s->pd4_percent, CHART_NONE);
    assert_int_equal(s->mean_pd, CHART_NONE_MEAN);
    assert_int_equal(s->max_pd, CHART_NONE);
}

static void case_32_19_of_192_are_9_9_percent(void **state)
{
    fixture *x = *state;
    value cells[32 * 15];
    unsigned bled = 0;
    for (size_t i = 0; i < 32; i++) {
        value *c = &cells[15 * i];
        c[0] = INT((int64_t)i);
        c[1] = TEXT("7");
        c[2] = INT((int64_t)i + 1);
        for (size_t k = 0; k < 6; k++) {
            c[3 + k] = INT(3);
            c[9 + k] = INT(bled++ < 19);
        }
    }
    RUN(x, ROWS, "id exam tooth PD_MB PD_B PD_DB PD_ML PD_L PD_DL BOP_MB BOP_B BOP_DB BOP_ML BOP_L BOP_DL", cells);
    const chart_scores *s = &exam_of(x, "7")->scores;
    assert_int_equal(s->sites_examined, 192);
    assert_int_equal(s->sites_bled, 19);
    assert_int_equal(s->sites_with_bleeding_mark, 192);
    assert_int_equal(s->bop_percent, 99);
    assert_int_equal(s->suppuration_percent, CHART_NONE); /* nobody looked */
    assert_int_equal(s->teeth_present, 32);
    assert_int_equal(s->pd4_percent, 0);
    assert_int_equal(s->mean_pd, 300);
}

static void scores_by_their_formulas(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(1),  TEXT("7"), INT(3), INT(4), INT(5),    INT(6),  INT(1), INT(2),    NONE,
                                  INT(1),  INT(0),    NONE,   INT(2), TEXT("7"), INT(14), INT(3), NONE,      INT(3),
                                  INT(-1), NONE,      NONE,   INT(0), INT(1),    NONE,    INT(3), TEXT("8"), INT(14),
                                  NONE,    NONE,      NONE,   NONE,   NONE,      NONE,    INT(1), INT(0),    NONE};
    RUN(x, ROWS, "id exam tooth PD_MB PD_B PD_DB REC_MB REC_B REC_DB BOP_MB BOP_B SUP_MB", cells);
    const chart_scores *s = &exam_of(x, "7")->scores;
    assert_int_equal(s->sites_examined, 5);
    assert_int_equal(s->pd4, 3);
    assert_int_equal(s->pd5, 2);
    assert_int_equal(s->pd6, 1);
    assert_int_equal(s->teeth_pd5, 1);
    assert_int_equal(s->pd4_percent, 600);
    assert_int_equal(s->max_pd, 60);
    assert_int_equal(s->mean_pd, 420);
    assert_int_equal(s->mean_cal, 467); /* 5 + 7 + 2 over 3 */
    assert_int_equal(s->bop_percent, 400);
    /* Bleeding without any depth: six sites a tooth. */
    s = &exam_of(x, "8")->scores;
    assert_int_equal(s->sites_examined, 6);
    assert_int_equal(s->bop_percent, 167);
    assert_int_equal(s->pd4_percent, CHART_NONE);
    static const value over[] = {INT(1), TEXT("7"), INT(3), INT(4), INT(1), INT(1)};
    RUN(x, ROWS, "id exam tooth PD_MB BOP_MB BOP_B", over);
    assert_int_equal(exam_of(x, "7")->scores.sites_bled, 2);
    assert_int_equal(exam_of(x, "7")->scores.bop_percent, CHART_NONE);
    assert_int_equal(found(x, F_CHART_SCORE_OVER_100), 1);
}

static void by_exception_no_mark_is_no_where_the_site_was_probed(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(1), TEXT("7"), INT(3), INT(4), NONE, NONE, INT(3), INT(1), NONE};
    RUN(x, "charted_by_exception: yes\n" ROWS, "id exam tooth PD_MB PD_B BOP_MB PD_DB BOP_DB BOP_B", cells);
    assert_int_equal(site_in(x, "7", 16, SITE_MB)->bop, 0);
    assert_int_equal(site_in(x, "7", 16, SITE_B)->bop, MARK_NONE);
    assert_int_equal(site_in(x, "7", 16, SITE_DB)->bop, 1);
    assert_int_equal(site_in(x, "7", 16, SITE_DB)->suppuration, MARK_NONE); /* no column of it */
    RUN(x, ROWS, "id exam tooth PD_MB PD_B BOP_MB PD_DB BOP_DB BOP_B", cells);
    assert_int_equal(site_in(x, "7", 16, SITE_MB)->bop, MARK_NONE);
}

/* ---- exams and rows ---- */

static void case_33_the_same_exam_twice_is_a_duplicate_and_another_one_is_not(void **state)
{
    fixture *x = *state;
    know(x, "1", TOOTH_UNKNOWN, "", "Wang 2023-04-11");
    know(x, "2", TOOTH_UNKNOWN, "", "Wang 2023-04-11");
    know(x, "3", TOOTH_UNKNOWN, "", "Wang 2023-04-11");
    know(x, "4", TOOTH_UNKNOWN, "", "Lee 2023-04-11");
    static const value cells[] = {INT(1), TEXT("1"), INT(3), INT(4), INT(2), TEXT("2"), INT(3), INT(4),
                                  INT(3), TEXT("3"), INT(3), INT(5), INT(4), TEXT("4"), INT(3), INT(4)};
    RUN(x, ROWS, "id exam tooth PD_MB", cells);
    assert_int_equal(x->exams, 4);
    assert_int_equal(exam_of(x, "1")->duplicate_of.n, 0);
    assert_true(sv_eq(exam_of(x, "2")->duplicate_of, SV_LIT("1")));
    assert_int_equal(exam_of(x, "3")->duplicate_of.n, 0);
    assert_int_equal(exam_of(x, "4")->duplicate_of.n, 0);
    assert_int_equal(found(x, F_CHART_DUPLICATE_EXAM), 1);
}

static void case_34_five_visits_are_five_exams(void **state)
{
    fixture *x = *state;
    TEETH_OF(x, "numbering: universal\n", {"1", "3"}, {"2", "3"}, {"3", "3"}, {"4", "3"}, {"5", "3"});
    assert_int_equal(x->exams, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(x->exam[i].x.exam.p[0], '1' + (int)i); /* in the order of the table */
}

static void two_rows_of_a_tooth_are_merged_where_they_agree_and_held_back_where_not(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(11), TEXT("7"), INT(3), INT(4), INT(5), TEXT("b"), TEXT("Present"),
                                  INT(9),  TEXT("7"), INT(3), INT(4), INT(6), TEXT("a"), NONE};
    RUN(x, ROWS, "id exam tooth PD_MB PD_B Note Status", cells);
    const chart_tooth *t = tooth_in(x, "7", 16, false);
    assert_int_equal(t->site[SITE_MB].pd, 40);
    assert_int_equal(t->site[SITE_B].pd, CHART_NONE);
    assert_int_equal(found(x, F_CHART_CONTRARY), 2);
    assert_int_equal(rejected(x, F_CHART_CONTRARY), 2);
    assert_true(sv_eq(x->reject[0].value, SV_LIT("5")));
    assert_true(sv_eq(x->reject[1].value, SV_LIT("6")));
    assert_true(sv_eq(t->note, SV_LIT("a\nb")));
    assert_true(sv_eq(t->src_key, SV_LIT("9")));
    assert_int_equal(found(x, F_CHART_REPEATED), 1);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_MAPPED), 2);
    static const value states[] = {INT(1), TEXT("7"), INT(3), INT(4), TEXT("Present"),
                                   INT(2), TEXT("7"), INT(3), INT(4), TEXT("Missing")};
    RUN(x, ROWS, "id exam tooth PD_MB Status", states);
    assert_true(tooth_in(x, "7", 16, false)->conflict);
    assert_int_equal(exam_of(x, "7")->scores.teeth_present, 0);
}

static void rows_without_an_exam_and_with_one_that_is_not_there(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(1), NONE,   INT(3), INT(4),       INT(2), TEXT(""),
                                  INT(3), INT(4), INT(3), TEXT("no 5"), INT(3), INT(4)};
    RUN(x, ROWS, "id exam tooth PD_MB", cells);
    assert_int_equal(x->exams, 0);
    assert_int_equal(rejected(x, F_CHART_EXAM_EMPTY), 2);
    assert_int_equal(rejected(x, F_CHART_ORPHAN), 1);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_REJECTED), 3);
}

static void a_row_with_an_unreadable_cell_is_unreadable(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(1), TEXT("7"), INT(3),  INT(4), INT(2), TEXT("7"), INT(14), LOST,
                                  INT(3), LOST,      INT(14), INT(2), INT(4), TEXT("7"), LOST,    INT(2)};
    RUN(x, ROWS, "id exam tooth PD_MB", cells);
    assert_int_equal(exam_of(x, "7")->teeth, 1);
    assert_int_equal(counted(x, LEDGER_TABLE, COUNT_UNREADABLE), 3);
    assert_int_equal(counted(x, LEDGER_TABLE, COUNT_DECODED), 1);
    x->source.table[0].lost_at = 0;
    x->rows = 4;
    fold_once(x, 1, 0);
    assert_int_equal(counted(x, LEDGER_TABLE, COUNT_UNREADABLE), 4);
}

static void columns_that_nobody_declares_are_findings_of_the_tooth(void **state)
{
    fixture *x = *state;
    static const value cells[] = {INT(1), TEXT("7"), INT(3), INT(4), TEXT("Seibert I"),  INT(0),
                                  INT(2), TEXT("7"), INT(3), INT(4), TEXT("Seibert II"), NONE};
    RUN(x, ROWS, "id exam tooth PD_MB Ridge Creeping", cells);
    const chart_tooth *t = tooth_in(x, "7", 16, false);
    assert_int_equal(t->customs, 3);
    assert_true(sv_eq(t->custom[0].name, SV_LIT("Creeping")));
    assert_true(sv_eq(t->custom[0].value, SV_LIT("0")));
    assert_true(sv_eq(t->custom[1].name, SV_LIT("Ridge")));
    assert_true(sv_eq(t->custom[2].name, SV_LIT("Ridge (2)")));
    assert_true(sv_eq(t->custom[2].value, SV_LIT("Seibert II")));
    static const value large[] = {INT(1), TEXT("7"), INT(3), INT(4), LOB(100000, LOB_UTF8)};
    RUN(x, ROWS, "id exam tooth PD_MB Essay", large);
    assert_int_equal(rejected(x, F_CHART_VALUE_LARGE), 1);
}

static void a_tooth_with_too_many_findings_of_its_own_keeps_the_first_thousand(void **state)
{
    fixture *x = *state;
    enum { MANY = 1100 };
    value *cell = arena_array(x->mem, MANY * 5, sizeof *cell);
    for (size_t i = 0; i < MANY; i++) {
        sv text = arena_printf(x->mem, "remark %zu", i);
        value one[5] = {INT((int64_t)i), TEXT("7"), INT(3), INT(4), {.kind = V_TEXT, .as.text = text}};
        memcpy(cell + 5 * i, one, sizeof one);
    }
    x->any_order = false;
    run_chart(x, ROWS, "id exam tooth PD_MB Remark", cell, MANY * 5);
    assert_int_equal(tooth_in(x, "7", 16, false)->customs, 1000);
    assert_int_equal(rejected(x, F_CHART_TOO_MANY_TEXTS), 100);
}

static void exams_lie_mixed_and_memory_is_small(void **state)
{
    fixture *x = *state;
    enum { EXAMS = 40, ROWS_EACH = 8 };
    value *cell = arena_array(x->mem, EXAMS * ROWS_EACH * 4, sizeof *cell);
    for (size_t i = 0; i < EXAMS * ROWS_EACH; i++) {
        value one[4] = {INT((int64_t)i), INT((int64_t)(i % EXAMS)), INT((int64_t)(i / EXAMS) + 1),
                        INT((int64_t)(i % 7))};
        memcpy(cell + 4 * i, one, sizeof one);
    }
    x->memory = 40000;
    run_chart(x, ROWS, "id exam tooth PD_MB", cell, EXAMS * ROWS_EACH * 4);
    assert_int_equal(x->exams, EXAMS);
    for (size_t i = 0; i < EXAMS; i++) assert_int_equal(x->exam[i].x.teeth, ROWS_EACH);
    assert_int_equal(found(x, F_CHART_SEVERAL_GOES), 1);
    assert_int_equal(counted(x, LEDGER_ENTITY, COUNT_MAPPED), EXAMS * ROWS_EACH);
    /* A sink that has enough. */
    x->end_after = 3;
    fold_once(x, 2, 0);
    assert_int_equal(x->st, ST_END);
    assert_int_equal(x->exams, 3);
}

/* Those of custom values too. A moment with its own zone has no place on the practice's clock. */
static void types_of_own_findings_are_the_model_s(void **state)
{
    static const struct {
        column_type type;
        const char *word;
    } known[] = {{T_BOOL, "bool"},     {T_INT, "number"},          {T_MONEY, "number"}, {T_DATE, "date"},
                 {T_DATETIME, "date"}, {T_DATETIMEOFFSET, "text"}, {T_TEXT, "text"}};
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_true(sv_eq(chart_custom_type(known[i].type), sv_from(known[i].word)));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(case_4_an_exam_that_two_numberings_read_takes_the_default_and_says_so),
        T(case_5_an_exam_with_teeth_of_two_numberings_is_left_out_whole),
        T(case_6_an_exam_that_contradicts_its_own_word_is_left_out_whole),
        T(case_7_all_32_teeth_in_fdi_prove_it),
        T(case_8_51_follows_its_exam),
        T(case_9_10_11_letters_and_signs),
        T(case_12_teeth_that_do_not_exist_cost_their_rows_and_not_the_exam),
        T(case_13_99_is_a_tooth_only_if_the_profile_says_so),
        T(case_15_a_range_is_no_tooth_of_an_fdi_exam_either),
        T(case_14_written_forms_of_one_tooth_are_one_tooth),
        T(numbering_of_a_provider),
        T(a_quadrant_column_is_palmers_or_universals_by_all_exams),
        T(case_17_blank_is_never_0),
        T(case_18_depths_out_of_range_are_held_back_with_their_original),
        T(every_kind_of_value_has_its_limits),
        T(case_26_furcations_and_their_scale),
        T(case_27_28_mobility_and_recession_classes),
        T(case_29_readings_on_a_missing_tooth_are_kept_flagged_and_out_of_the_scores),
        T(case_30_an_implant_has_no_attachment_loss_unless_the_source_says_so),
        T(case_31_an_edentulous_patient_has_0_sites_and_no_bleeding_score),
        T(case_32_19_of_192_are_9_9_percent),
        T(scores_by_their_formulas),
        T(by_exception_no_mark_is_no_where_the_site_was_probed),
        T(case_33_the_same_exam_twice_is_a_duplicate_and_another_one_is_not),
        T(case_34_five_visits_are_five_exams),
        T(two_rows_of_a_tooth_are_merged_where_they_agree_and_held_back_where_not),
        T(rows_without_an_exam_and_with_one_that_is_not_there),
        T(a_row_with_an_unreadable_cell_is_unreadable),
        T(columns_that_nobody_declares_are_findings_of_the_tooth),
        T(a_tooth_with_too_many_findings_of_its_own_keeps_the_first_thousand),
        T(exams_lie_mixed_and_memory_is_small),
        T(types_of_own_findings_are_the_model_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
