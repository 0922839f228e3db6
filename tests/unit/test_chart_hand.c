/* Charts and rejects handed to another thread: all of them, copied, in the order in which they came; until the taker ends it. */
#include "chart/chart_hand.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

enum { THINGS = 5000 };

typedef struct taken {
    int next, last; /* last: the chart after which nothing is wanted */
    bool wrong;
} taken;

static bool is_number(sv s, int n)
{
    char text[16];
    int length = snprintf(text, sizeof text, "%d", n);
    return s.n == (size_t)length && memcmp(s.p, text, s.n) == 0;
}

static bool take_chart(void *ctx, const exam_chart *x)
{
    taken *t = ctx;
    const chart_custom *c = x->tooth[0].custom;
    t->wrong |= t->next % 3 != 0 || !is_number(x->exam, t->next) || !is_number(x->tooth[0].note, t->next) ||
                !is_number(c->value, t->next) || x->tooth[0].raw.p != NULL;
    return t->next++ < t->last;
}

static void take_reject(void *ctx, const chart_reject *x)
{
    taken *t = ctx;
    t->wrong |= t->next % 3 == 0 || !is_number(x->value, t->next);
    t->next++;
}

/* Every text that is given is gone when the call is over. */
static bool give(chart_hand *h, int n)
{
    char text[16];
    sv s = {text, (size_t)snprintf(text, sizeof text, "%d", n)};
    bool ok;
    if (n % 3) {
        ok = chart_hand_reject(h, &(chart_reject){.value = s});
    } else {
        arena *room = chart_hand_room(h);
        const chart_custom custom = {SV_LIT("name"), s, T_TEXT};
        const chart_tooth first = {.note = s, .custom = arena_copy(room, &custom, 1, sizeof custom), .customs = 1};
        ok = chart_hand_chart(h,
                              &(exam_chart){.exam = s, .tooth = arena_copy(room, &first, 1, sizeof first), .teeth = 1});
    }
    memset(text, 'x', sizeof text);
    return ok;
}

static void all_comes_in_order(void **state)
{
    (void)state;
    taken t = {.last = THINGS};
    chart_hand *h = chart_hand_new(&(chart_takers){take_chart, take_reject, &t});
    assert_non_null(h);
    for (int i = 0; i < THINGS; i++) assert_true(give(h, i));
    assert_true(chart_hand_end(h));
    assert_int_equal(t.next, THINGS);
    assert_false(t.wrong);
}

static void the_taker_ends_it(void **state)
{
    (void)state;
    taken t = {.last = 300};
    chart_hand *h = chart_hand_new(&(chart_takers){take_chart, take_reject, &t});
    assert_non_null(h);
    int given = 0;
    while (given < 100 * THINGS && give(h, given)) given++;
    assert_true(given < 100 * THINGS);
    assert_true(chart_hand_end(h));
    assert_int_equal(t.next, 301);
    assert_false(t.wrong);
}

static void nothing_may_be_given(void **state)
{
    (void)state;
    taken t = {.last = 1};
    assert_true(chart_hand_end(chart_hand_new(&(chart_takers){take_chart, take_reject, &t})));
    assert_true(chart_hand_end(NULL));
    assert_int_equal(t.next, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_comes_in_order), cmocka_unit_test(the_taker_ends_it),
                                       cmocka_unit_test(nothing_may_be_given)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
