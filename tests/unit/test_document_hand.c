/* Documents between reader and giver: each made ready once, before it is given; given in their order; the reader makes ready what
 * waits while the giver is at another. */
#include "base/platform.h"
#include "documents/document_hand.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { DOCUMENTS = 5000, WAITED_FOR = 3, TURNS_MAX = 20000000 };

static atomic_uint ready;

typedef struct judge {
    uint64_t given, unready, misplaced, until; /* until: with which giving ends; 0: it does not */
    bool waits, helped;                        /* the first one is given once the next ones are ready: they were */
} judge;

static void make(waiting *w)
{
    atomic_fetch_add(&ready, 1);
    w->is_set = !w->is_set;
}

static status give(void *ctx, waiting *w)
{
    judge *j = ctx;
    for (long turn = 0; j->waits && turn < TURNS_MAX && atomic_load(&ready) <= WAITED_FOR; turn++) continue;
    j->helped |= j->waits && atomic_load(&ready) > WAITED_FOR;
    j->waits = false;
    j->unready += !w->is_set;
    j->misplaced += w->content.bytes != j->given;
    j->given++;
    return j->given == j->until ? ST_END : ST_OK;
}

static document_hand *begin(judge *j)
{
    atomic_store(&ready, 0);
    document_hand *h = document_hand_new(".", make, give, j);
    assert_non_null(h);
    return h;
}

static status hand_over(document_hand *h, uint64_t number)
{
    waiting *w = document_hand_next(h);
    assert_false(w->is_set);
    w->content.bytes = number;
    return document_hand_over(h);
}

static void each_is_made_ready_once_and_given_in_order(void **state)
{
    (void)state;
    for (int threads = 0; threads < 2; threads++) {
        judge j = {0};
        document_hand *h = begin(&j);
        if (threads) document_hand_start(h);
        for (uint64_t i = 0; i < DOCUMENTS; i++) assert_int_equal(hand_over(h, i), ST_OK);
        assert_int_equal(document_hand_wait(h), ST_OK);
        assert_int_equal(j.given, DOCUMENTS);
        assert_int_equal(j.unready, 0);
        assert_int_equal(j.misplaced, 0);
        assert_int_equal(atomic_load(&ready), DOCUMENTS);
        document_hand_free(h);
    }
}

static void the_reader_makes_ready_what_waits(void **state)
{
    (void)state;
    if (os_cpus() < 2) skip();
    judge j = {.waits = true};
    document_hand *h = begin(&j);
    document_hand_start(h);
    for (uint64_t i = 0; i <= WAITED_FOR; i++) (void)hand_over(h, i);
    (void)document_hand_next(h);
    assert_int_equal(document_hand_wait(h), ST_OK);
    assert_true(j.helped);
    assert_int_equal(j.given, WAITED_FOR + 1);
    document_hand_free(h);
}

static void after_the_end_nothing_is_given(void **state)
{
    (void)state;
    for (int threads = 0; threads < 2; threads++) {
        judge j = {.until = 7};
        document_hand *h = begin(&j);
        if (threads) document_hand_start(h);
        for (uint64_t i = 0; i < 20; i++) (void)hand_over(h, i);
        assert_int_equal(document_hand_wait(h), ST_END);
        assert_int_equal(j.given, j.until);
        document_hand_free(h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_made_ready_once_and_given_in_order),
        cmocka_unit_test(the_reader_makes_ready_what_waits),
        cmocka_unit_test(after_the_end_nothing_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
