/* Teeth and sites as ready lines: the bytes that their records come to one by one, for charts of every kind of number, tooth and key; and
 * none at all where the keys or the table could not stand so. */
#include "deliver/chart_lines.h"
#include "deliver/chart_rows.h"
#include "deliver/staged_row.h"
#include "template/template.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

enum { TEXT_MAX = 1 << 20, EXAMS = 300, COLUMNS_MAX = 32 };

static uint32_t chance_state = 1;
static unsigned chance(unsigned of)
{
    chance_state = chance_state * 1664525U + 1013904223U;
    return (chance_state >> 8) % of;
}

static int16_t some_tenths(void)
{
    switch (chance(6)) {
    case 0: return CHART_NONE;
    case 1: return (int16_t)((int)chance(6000) - 3000);
    default: return (int16_t)((int)chance(200) - 50);
    }
}

static chart_tooth some_tooth(void)
{
    chart_tooth t = {.tooth = tooth_at(chance(TEETH))};
    for (size_t i = 0; i < SITES; i++) {
        chart_site *s = &t.site[i];
        bool none = chance(4) == 0;
        *s = (chart_site){CHART_NONE, CHART_NONE, CHART_NONE, CHART_NONE, MARK_NONE, MARK_NONE, MARK_NONE, MARK_NONE};
        if (none) continue;
        s->pd = some_tenths();
        s->recession = some_tenths();
        s->cal = some_tenths();
        s->cal_source = some_tenths();
        s->bop = (int8_t)((int)chance(3) - 1);
        s->suppuration = (int8_t)((int)chance(3) - 1);
        s->plaque = (int8_t)((int)chance(3) - 1);
        s->calculus = (int8_t)((int)chance(3) - 1);
    }
    return t;
}

static sv some_text(void)
{
    static const char *const text[] = {"",       "16", "#3", "1/2", "a,b", "he said \"no\"", "two\r\nlines",
                                       " blank", "1 ", ";"};
    return sv_from(text[chance(sizeof text / sizeof text[0])]);
}

/* What the tooth itself has. */
static void some_findings(chart_tooth *t)
{
    static const char *const miller[] = {NULL, "I", "IV"}, *const cairo[] = {NULL, "RT1"};
    t->raw = some_text();
    t->status = (tooth_status)chance(TOOTH_PRIMARY + 1);
    t->mobility = some_tenths();
    t->mobility_raw = some_text();
    t->scale = (furcation_scale)chance(3);
    for (size_t i = 0; i < 4; i++) t->furcation[i] = (chart_furcation){(int8_t)((int)chance(6) - 1), some_text()};
    t->miller = miller[chance(3)];
    t->cairo = cairo[chance(2)];
    t->keratinized = some_tenths();
    t->mgj = some_tenths();
    t->plaque_index = some_tenths();
    t->note = some_text();
}

typedef struct one_by_one {
    chart_record what;
    staged_form form;
    bool text[COLUMNS_MAX];
    buf out;
    uint64_t n;
} one_by_one;

static status take(void *ctx, chart_record what, const chart_tooth *t, const sv *column)
{
    one_by_one *x = ctx;
    (void)t;
    assert_int_equal(what, x->what);
    staged_row(&x->form, column, &x->out);
    x->n++;
    return ST_OK;
}

static one_by_one start(chart_record what, char delimiter, sv newline)
{
    const model_entity *e = chart_record_entity(what);
    one_by_one x = {
        .what = what, .form = {delimiter, newline, NULL, e->fields + STAGED_FIELDS}, .out = buf_new(TEXT_MAX)};
    for (size_t i = 0; i < x.form.columns; i++) x.text[i] = staged_may_need_quotes(e, i);
    return x;
}

/* True when the records came as lines; they are what they are one by one. */
static bool agrees_of(chart_record what, const exam_chart *x, sv table, char delimiter, sv newline)
{
    const sv system = SV_LIT("PP");
    const bool wanted[CHART_RECORDS] = {[CHART_TOOTH] = what == CHART_TOOTH, [CHART_SITE] = what == CHART_SITE};
    one_by_one records = start(what, delimiter, newline);
    records.form.text = records.text;
    chart_rows *r = chart_rows_new(system, table);
    chart_lines *l = chart_lines_new(system, table, delimiter, newline);
    assert_true(r && l);
    assert_int_equal(chart_rows_of(r, x, wanted, take, &records), ST_OK);
    buf lines = buf_new(TEXT_MAX);
    uint64_t n = 0;
    buf_str(&lines, "before");
    bool ready = (what == CHART_SITE ? chart_lines_of_sites : chart_lines_of_teeth)(l, x, &lines, &n);
    assert_int_equal(lines.n, sizeof "before" - 1 + (ready ? records.out.n : 0));
    if (ready && records.out.n) assert_memory_equal(lines.p + 6, records.out.p, records.out.n);
    if (ready) assert_int_equal(n, records.n);
    chart_rows_free(r);
    chart_lines_free(l);
    buf_free(&lines);
    buf_free(&records.out);
    return ready;
}

static bool agrees(sv table, sv exam, char delimiter, sv newline)
{
    chart_tooth teeth[3] = {some_tooth(), some_tooth(), some_tooth()};
    for (size_t i = 0; i < 3; i++) some_findings(&teeth[i]);
    const exam_chart x = {.exam = exam, .tooth = teeth, .teeth = chance(4)};
    bool sites = agrees_of(CHART_SITE, &x, table, delimiter, newline);
    assert_int_equal(agrees_of(CHART_TOOTH, &x, table, delimiter, newline), sites);
    return sites;
}

static void lines_are_what_records_are(void **state)
{
    (void)state;
    for (unsigned i = 0; i < EXAMS; i++) {
        char key[64];
        size_t n = 1 + chance(20);
        for (size_t k = 0; k < n; k++) key[k] = "0123456789abXY-_.:"[chance(18)];
        (void)agrees(SV_LIT("dbo.PeriodontalCharting"), (sv){key, n}, ',', SV_LIT("\r\n"));
    }
    assert_true(agrees(SV_LIT("dbo.Perio"), SV_LIT("1234"), ',', SV_LIT("\r\n")));
    assert_true(agrees(SV_LIT("dbo.Perio"), SV_LIT("12,34"), ';', SV_LIT("\n")));
}

static void what_needs_more_is_left_to_records(void **state)
{
    static const char *const key[] = {"12,34", " 12", "12 ", "1\"2", "1\r\n2"};
    char longest[300];
    (void)state;
    memset(longest, '7', sizeof longest);
    for (size_t i = 0; i < sizeof key / sizeof key[0]; i++)
        assert_false(agrees(SV_LIT("dbo.Perio"), sv_from(key[i]), ',', SV_LIT("\r\n")));
    assert_false(agrees(SV_LIT("a,b"), SV_LIT("12"), ',', SV_LIT("\r\n")));
    for (size_t n = 30; n < sizeof longest; n++)
        assert_int_equal(agrees(SV_LIT("t"), (sv){longest, n}, ',', SV_LIT("\r\n")), n <= 46);
    assert_true(agrees(SV_LIT("t"), (sv){longest, 46}, ',', SV_LIT("\r\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_are_what_records_are),
                                       cmocka_unit_test(what_needs_more_is_left_to_records)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
