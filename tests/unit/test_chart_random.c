/* chart.h: tables of chance, with labels and values that people and accidents write. Whatever they hold, every row is
 * accounted for, and neither the order of rows nor threads nor memory change an exam. */
#include "chart_folding.h"

static uint64_t chance;
static unsigned below(unsigned n)
{
    chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(chance >> 33) % n;
}

static value any_of(const char *const *words, unsigned n)
{
    const char *word = words[below(n)];
    return word ? (value){.kind = V_TEXT, .as.text = sv_from(word)} : NONE;
}

#define ANY(words) any_of(words, sizeof(words) / sizeof(words)[0])

static const char *const exams[] = {"1", "2", "3", "4", "5", "6", "no 1", "", NULL};
static const char *const labels[] = {"3",  "14", "11", "12",  "30",  "46", "33",  "UR6", "A",
                                     "51", "99", "0",  "3-5", "1.6", " 3", "#14", "-6",  NULL};
static const char *const values[] = {"3",    "4",   "0",       "-1",      "12", "17", "25",  "x",  "",  "2.5",
                                     "3104", "325", "Missing", "Present", "+",  "II", "103", NULL, NULL};
static const char *const sites[] = {"MB", "Facial", "LM", "5", "?", NULL, "6"};

static void fill(fixture *x, value *cell, size_t rows, size_t columns)
{
    (void)x;
    for (size_t i = 0; i < rows; i++) {
        value *r = cell + i * columns;
        r[0] = INT((int64_t)below(1000000));
        r[1] = ANY(exams);
        r[2] = ANY(labels);
        r[3] = ANY(sites);
        for (size_t k = 4; k < columns; k++)
            r[k] = below(9) == 0 ? LOST : below(3) ? INT((int64_t)below(14) - 2) : ANY(values);
    }
}

static void random_tables_of_every_shape_balance_in_any_order(void **state)
{
    fixture *x = *state;
    static const char *const yaml[] = {
        "shape: tooth_row\ntable: t\nexam: exam\nrow_key: id\ntooth: tooth\nmargin_sign: "
        "recession_positive\nnumbering: universal\n"
        "columns: {A: {measure: pd, site: MB}, B: {measure: recession, site: MB}, C: {measure: bop, site: MB}, D: "
        "status, E: mobility}\n",
        "shape: tooth_row\ntable: t\nexam: exam\ntooth: tooth\nquadrant: site\nsupernumerary_99: yes\n"
        "columns: {A: {measure: pd, site: MB}, B: missing, C: implant, D: {measure: furcation, entrance: B}, E: "
        "note}\n",
        "shape: site_row\ntable: t\nexam: exam\nrow_key: id\ntooth: tooth\nsite: site\nmargin_sign: od_100plus\n"
        "columns: {A: pd, B: recession, C: suppuration, D: cal}\n",
        "shape: tooth_measure\ntable: t\nexam: exam\nrow_key: id\ntooth: tooth\nmargin_sign: "
        "recession_negative\ntooth_value: E\n"
        "measure: {column: site, values: {MB: pd, Facial: recession, LM: bleeding_flags, 5: mobility, 6: ignored}}\n"
        "sites: {MB: A, B: B, DB: C, L: D}\n",
        "shape: packed\ntable: t\nexam: exam\nrow_key: id\ntooth: tooth\ntriplet_order: screen\nnumbering: fdi\n"
        "columns: {A: {measure: pd, side: facial}, B: {measure: pd, side: lingual}}\n",
        "shape: wide_exam\ntable: t\nexam: exam\nrow_key: id\ncolumns: {A: {measure: pd, tooth: '3', site: MB}, B: "
        "{measure: pd, "
        "tooth: '14', site: MB}, C: {measure: bop, tooth: '33', site: MB}}\n"};
    enum { ROWS = 60, COLUMNS = 9 };
    know(x, "5", TOOTH_FDI, "Dr A", "day");
    know(x, "6", TOOTH_UNKNOWN, "Dr A", "day");
    for (uint64_t seed = 0; seed < 120; seed++) {
        chance = seed;
        value *cell = arena_array(x->mem, ROWS * COLUMNS, sizeof *cell);
        size_t rows = 1 + below(ROWS);
        fill(x, cell, rows, COLUMNS);
        run_chart(x, yaml[seed % 6], "id exam tooth site A B C D E", cell, rows * COLUMNS);
        assert_int_equal(x->st, ST_OK);
        assert_balanced(x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(random_tables_of_every_shape_balance_in_any_order, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
