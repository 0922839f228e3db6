/* chart_declare.h: declarations of every shape, and what is wrong with them. */
#include "chart/chart_declare.h"
#include "testing.h"
#include <stdlib.h>

typedef struct fixture {
    arena *mem;
    problems wrong;
    chart_declared d;
    column_info column[250];
    table_info info;
    chart_table table;
} fixture;

static int set_up(void **state)
{
    fixture *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->mem = arena_new(0);
    x->wrong.mem = x->mem;
    *state = x;
    return 0;
}

static int tear_down(void **state)
{
    fixture *x = *state;
    arena_free(x->mem);
    free(x);
    return 0;
}

/* Columns separated by blanks. */
static void table_of(fixture *x, const char *columns)
{
    size_t n = 0;
    for (const char *p = columns; *p;) {
        size_t word = strcspn(p, " ");
        x->column[n++] = (column_info){.name = {p, word}, .type = T_TEXT};
        p += word + (p[word] == ' ');
    }
    x->info = (table_info){.full_name = SV_LIT("dbo.chart"), .column = x->column, .columns = n};
    x->table = (chart_table){.info = &x->info, .index = 3};
}

static bool declare_with(fixture *x, const char *yaml, const chart_options *o)
{
    const yaml_node *root = yaml_parse(SV_LIT("p.yaml"), sv_from(yaml), x->mem, &x->wrong);
    assert_non_null(root);
    return chart_declare(SV_LIT("p.yaml"), root, o, x->info.columns ? &x->table : NULL, x->mem, &x->d, &x->wrong);
}

static void assert_declared(fixture *x, const char *yaml)
{
    if (declare_with(x, yaml, NULL)) return;
    buf b = buf_new(10000);
    problems_text(&x->wrong, &b);
    fail_msg("%.*s", (int)b.n, b.p);
}

static void assert_wrong(fixture *x, const char *yaml, const char *expected)
{
    x->wrong.n = 0;
    assert_false(declare_with(x, yaml, NULL));
    problems_sort(&x->wrong);
    buf b = buf_new(10000);
    problems_text(&x->wrong, &b);
    if (!sv_eq(buf_view(&b), sv_from(expected))) fail_msg("%.*s", (int)b.n, b.p);
    buf_free(&b);
}

static const chart_column *column_at(const fixture *x, unsigned column)
{
    for (size_t i = 0; i < x->d.plan.columns; i++)
        if (x->d.plan.column[i].column == column) return &x->d.plan.column[i];
    fail_msg("column %u is not in the plan", column);
    return NULL;
}

static void tooth_rows_by_names_with_sites_and_entrances(void **state)
{
    fixture *x = *state;
    table_of(
        x, "ChartingID ExamID ToothNumber PocketDepth_MB pocketdepth_dl Furcation_B Furcation_L Mobility Tartar Note");
    assert_declared(x, "shape: tooth_row\ntable: PeriodontalCharting\nexam: ExamID\nrow_key: ChartingID\n"
                       "tooth: ToothNumber\nnot_measured: [-1, 'n/a']\nmargin_sign: recession_negative\n"
                       "furcation_scale: glickman\ncharted_by_exception: yes\nnumbering: fdi\nsupernumerary_99: true\n"
                       "columns:\n  PocketDepth_{site}: pd\n  Furcation_{entrance}: furcation\n  Mobility: mobility\n"
                       "  CairoRT: cairo\n  Note: note\nstatuses: {P: present, X: missing}\n");
    const chart_plan *p = &x->d.plan;
    assert_int_equal(p->shape, SHAPE_TOOTH_ROW);
    assert_int_equal(p->table, 3);
    assert_int_equal(p->row_key, 0);
    assert_int_equal(p->exam, 1);
    assert_int_equal(p->tooth, 2);
    assert_int_equal(p->quadrant, -1);
    assert_int_equal(p->margin, MARGIN_RECESSION_NEGATIVE);
    assert_int_equal(p->scale, FURCATION_GLICKMAN);
    assert_int_equal(p->numbering, TOOTH_FDI);
    assert_true(p->by_exception && p->supernumerary_99);
    assert_int_equal(p->not_measured_n, 2);
    assert_int_equal(p->status_words, 2);
    assert_int_equal(p->columns, 6);
    assert_int_equal(column_at(x, 3)->site, SITE_MB);
    assert_int_equal(column_at(x, 4)->site, SITE_DL);
    assert_int_equal(column_at(x, 5)->entrance, 'B');
    assert_int_equal(column_at(x, 6)->entrance, 'L');
    assert_int_equal(column_at(x, 7)->measure, MEASURE_MOBILITY);
    assert_int_equal(p->customs, 1);
    assert_true(sv_eq(p->custom[0].name, SV_LIT("Tartar")));
    assert_int_equal(x->d.absents, 1);
    assert_true(sv_eq(x->d.absent[0], SV_LIT("CairoRT")));
}

static void columns_go_by_the_profiles_names_too(void **state)
{
    fixture *x = *state;
    table_of(x, "ID EXAM ZAHN PD_MB");
    sv names[] = {SV_LIT("ChartingID"), SV_LIT("ExamID"), SV_LIT("ToothNumber"), SV_LIT("")};
    x->table.name = names;
    assert_declared(x, "shape: tooth_row\ntable: t\nexam: ExamID\ntooth: ToothNumber\nrow_key: chartingid\n"
                       "columns: {'PD_{site}': pd}\n");
    assert_int_equal(x->d.plan.exam, 1);
    assert_int_equal(x->d.plan.tooth, 2);
    assert_int_equal(column_at(x, 3)->site, SITE_MB);
}

static void wide_exams_by_names_with_teeth(void **state)
{
    fixture *x = *state;
    table_of(x, "ExamID T01_PD_MB T32_REC_DL PD3MB UR6_MB_PD T33_XX_MB OHD03PCS PD14B Remark");
    assert_declared(x, "shape: wide_exam\ntable: t\nexam: ExamID\ncolumns:\n  T{tooth}_PD_{site}: pd\n"
                       "  T{tooth}_REC_{site}: recession\n  PD{tooth}{site}: pd\n  \"{tooth}_{site}_PD\": pd\n"
                       "  OHD{tooth}PC{site}: pd\nsite_words: {S: MB}\n");
    static const struct {
        const char *label;
        tooth_site site;
    } expected[] = {{"01", SITE_MB}, {"32", SITE_DL}, {"3", SITE_MB}, {"UR6", SITE_MB},
                    {"", 0},         {"03", SITE_MB}, {"14", SITE_B}};
    for (unsigned i = 0; i < 7; i++) {
        if (!*expected[i].label) continue;
        const chart_column *c = column_at(x, i + 1);
        assert_true(sv_eq(c->label, sv_from(expected[i].label)));
        assert_int_equal(c->site, expected[i].site);
        assert_int_equal(c->measure, i == 1 ? MEASURE_RECESSION : MEASURE_PD);
    }
    assert_int_equal(x->d.plan.customs, 2);
}

static void measures_by_row_as_open_dental_has_them(void **state)
{
    fixture *x = *state;
    table_of(
        x,
        "PerioMeasureNum PerioExamNum SequenceType IntTooth ToothValue MBvalue Bvalue DBvalue MLvalue Lvalue DLvalue");
    assert_declared(
        x, "shape: tooth_measure\ntable: periomeasure\nexam: PerioExamNum\nrow_key: PerioMeasureNum\n"
           "tooth: IntTooth\ntooth_value: ToothValue\nmargin_sign: od_100plus\nnot_measured: [-1]\n"
           "measure:\n  column: SequenceType\n  values: {0: mobility, 1: furcation, 2: gingival_margin, 3: mgj,"
           " 4: probing_depth, 5: missing, 6: bleeding_flags, 7: ignored}\n"
           "sites: {MB: MBvalue, B: Bvalue, DB: DBvalue, ML: MLvalue, L: Lvalue, DL: DLvalue}\n");
    const chart_plan *p = &x->d.plan;
    assert_int_equal(p->measure, 2);
    assert_int_equal(p->measure_words, 8);
    assert_int_equal(p->measures[6].measure, MEASURE_BLEEDING_FLAGS);
    assert_int_equal(p->columns, 7);
    assert_int_equal(column_at(x, 4)->site, SITES);
    assert_int_equal(column_at(x, 4)->measure, MEASURE_OF_ROW);
    assert_int_equal(column_at(x, 10)->site, SITE_DL);
    assert_int_equal(p->customs, 0);
}

static void packed_values_by_side_and_path(void **state)
{
    fixture *x = *state;
    table_of(x, "ExamID UpperF UpperL PlaqueIndex");
    assert_declared(x, "shape: packed\ntable: t\nexam: ExamID\ntriplet_order: screen\nnumbering: universal\ncolumns:\n"
                       "  UpperF: {measure: pd, side: facial, teeth: 1-16}\n"
                       "  UpperL: {measure: pd, side: lingual, teeth: 16-1}\nignore: [PlaqueIndex]\n");
    const chart_column *f = column_at(x, 1), *l = column_at(x, 2);
    assert_true(x->d.plan.screen_order && f->packed && !f->lingual && l->lingual);
    assert_int_equal(f->path_teeth, 16);
    assert_int_equal(f->path[0].fdi, 18);
    assert_int_equal(l->path[0].fdi, 28);
    assert_int_equal(x->d.plan.customs, 0);
}

static void options_go_before_the_keys(void **state)
{
    fixture *x = *state;
    chart_options o = {.numbering = SV_LIT("FDI"), .margin_sign = SV_LIT("od_100plus")};
    assert_true(
        declare_with(x, "shape: tooth_row\ntable: t\nexam: e\ntooth: t\nnumbering: universal\ncolumns: {}\n", &o));
    assert_int_equal(x->d.plan.numbering, TOOTH_FDI);
    assert_int_equal(x->d.plan.margin, MARGIN_100_PLUS);
    o.margin_sign = SV_LIT("upwards");
    assert_false(declare_with(x, "shape: tooth_row\ntable: t\nexam: e\ntooth: t\ncolumns: {}\n", &o));
    assert_int_equal(x->wrong.item[0].line, 0);
}

static void mistakes_are_told_with_their_places(void **state)
{
    fixture *x = *state;
    assert_wrong(
        x, "shape: tooth_measur\ntable: m\nexam: e\n",
        "p.yaml:1:8: the shape of a chart is wide_exam, tooth_row, tooth_measure, site_row or packed; did you mean "
        "\"tooth_measure\"?\n");
    assert_wrong(x,
                 "shape: tooth_measure\ntable: m\nexam: e\ntooth: t\ncolumns: {}\nmeasure: {column: c, vales: {}}\n"
                 "sites: {MB: a, XX: b, L: [c]}\nnot_measured: [{}]\n",
                 "p.yaml:5:10: a chart of shape tooth_measure has no \"columns\"\n"
                 "p.yaml:6:10: \"measure\" lacks the key \"values\"\n"
                 "p.yaml:6:22: unknown key \"vales\" in \"measure\"; did you mean \"values\"?\n"
                 "p.yaml:7:16: a tooth has the sites MB, B, DB, ML, L and DL, not \"XX\"\n"
                 "p.yaml:7:26: a column must be a text\n"
                 "p.yaml:8:16: a value must be a text\n");
    assert_wrong(
        x,
        "shape: tooth_row\ntable: m\nexam: e\ntooth: t\nmargin_sign: recession_positiv\ncharted_by_exception: maybe\n"
        "columns:\n  P{sight}: pd\n  Q{site}{site}: pd\n  R{site}{entrance}: furcation\n  A: depth\n  B: [pd]\n"
        "  C: {measure: pd, side: facial}\n  D: {measure: pd, site: QQ}\n  E: {measure: furcation, entrance: Z}\n"
        "statuses: {X: gone}\nsite_words: {A: MX}\nnumbering: roman\n",
        "p.yaml:5:14: \"margin_sign\" must be recession_positive, recession_negative or od_100plus, not "
        "\"recession_positiv\"; did you mean \"recession_positive\"?\n"
        "p.yaml:6:23: \"charted_by_exception\" must be no, yes, false or true, not \"maybe\"\n"
        "p.yaml:8:3: a name of a column may hold {tooth}, {site} and {entrance}, nothing else in braces\n"
        "p.yaml:9:3: a name of a column has each of {tooth}, {site} and {entrance} once\n"
        "p.yaml:10:3: a column is of a site or of an entrance, not of both\n"
        "p.yaml:11:6: there is no measurement \"depth\"\n"
        "p.yaml:12:6: a column must be a text\n"
        "p.yaml:13:6: only a chart of shape packed has \"side\" and \"teeth\"\n"
        "p.yaml:14:26: a tooth has the sites MB, B, DB, ML, L and DL, not \"QQ\"\n"
        "p.yaml:15:37: a furcation has the entrances B, M, D and L, not \"Z\"\n"
        "p.yaml:16:15: a tooth is present, missing, implant, unerupted, pontic or primary, not \"gone\"\n"
        "p.yaml:17:17: a tooth has the sites MB, B, DB, ML, L and DL, not \"MX\"\n"
        "p.yaml:18:12: \"numbering\" must be universal, fdi, palmer or haderup, not \"roman\"\n");
    assert_wrong(
        x,
        "shape: packed\ntable: m\nexam: e\ncolumns:\n  A: pd\n  B: {measure: pd}\n  C: {measure: pd, side: oral}\n"
        "  D: {measure: pd, side: facial, teeth: 1-33}\n",
        "p.yaml:1:1: a chart of shape packed lacks the key \"triplet_order\": screen or mesial_first\n"
        "p.yaml:5:6: a packed column is a map with \"measure\" and \"side\"\n"
        "p.yaml:6:6: a packed column lacks the key \"side\": facial or lingual\n"
        "p.yaml:7:26: a side is facial or lingual, not \"oral\"\n"
        "p.yaml:8:41: these are no teeth of the declaration's numbering: \"1-33\"\n");
}

static void what_the_table_lacks_is_told(void **state)
{
    fixture *x = *state;
    table_of(x, "ExamID Tooth PDM FURC PD1B");
    assert_wrong(x, "shape: tooth_row\ntable: m\nexam: ExamNo\ntooth: Toot\ncolumns:\n  PD: pd\n",
                 "p.yaml:1:1: the table has none of the columns that the chart's measurements stand in\n"
                 "p.yaml:3:7: the chart's table has no column \"ExamNo\"; did you mean \"ExamID\"?\n"
                 "p.yaml:4:8: the chart's table has no column \"Toot\"; did you mean \"Tooth\"?\n");
    assert_wrong(x,
                 "shape: tooth_row\ntable: m\nexam: ExamID\ntooth: Tooth\ncolumns:\n  PDM: pd\n  FURC: furcation\n"
                 "  PD{tooth}{site}: pd\n",
                 "p.yaml:6:3: this measurement is of a site: {site} in the column's name, or the key \"site\"\n"
                 "p.yaml:7:3: a furcation is of an entrance: {entrance} in the column's name, or the key \"entrance\"\n"
                 "p.yaml:8:3: only a chart of shape wide_exam has its teeth in the names of columns\n");
    assert_wrong(
        x,
        "shape: wide_exam\ntable: m\nexam: ExamID\ncolumns:\n  PD{tooth}{site}: pd\n  PD1{site}: pd\n  PDM: mobility\n",
        "p.yaml:6:3: the column \"PD1B\" fits this name and another one\n"
        "p.yaml:7:3: a column of a chart of shape wide_exam is of a tooth: {tooth} in its name, or the key "
        "\"tooth\"\n");
}

static void names_of_columns_that_can_be_read_in_two_ways_are_refused(void **state)
{
    fixture *x = *state;
    table_of(x, "ExamID PDAASB"); /* tooth AS, site ... no; tooth A and site "ASB" no: nothing fits */
    assert_wrong(x, "shape: wide_exam\ntable: m\nexam: ExamID\ncolumns:\n  PD{tooth}{site}: pd\n",
                 "p.yaml:1:1: the table has none of the columns that the chart's measurements stand in\n");
    table_of(x, "ExamID PD111"); /* tooth 11 and site 1, or tooth 1 and the profile's site 11 */
    assert_wrong(x, "shape: wide_exam\ntable: m\nexam: ExamID\ncolumns:\n  PD{tooth}{site}: pd\nsite_words: {11: B}\n",
                 "p.yaml:1:1: the table has none of the columns that the chart's measurements stand in\n"
                 "p.yaml:5:3: the column \"PD111\" can be read in several ways by this name\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tooth_rows_by_names_with_sites_and_entrances, set_up, tear_down),
        cmocka_unit_test_setup_teardown(columns_go_by_the_profiles_names_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wide_exams_by_names_with_teeth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(measures_by_row_as_open_dental_has_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(packed_values_by_side_and_path, set_up, tear_down),
        cmocka_unit_test_setup_teardown(options_go_before_the_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_are_told_with_their_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_table_lacks_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_of_columns_that_can_be_read_in_two_ways_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
