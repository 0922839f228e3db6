/* Things that go from thread to thread on a belt: all of them, at each station once, in order at its end; and it stops. */
#include "base/belt.h"
#include "base/platform.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { PLACES = 3, THINGS = 20000, WORKERS = 2 };
enum { STATION_FILL, STATION_DOUBLE, STATION_TAKE, STATIONS };

typedef struct round_trip {
    belt *belt;
    uint64_t place[PLACES];
} round_trip;

typedef struct worker {
    round_trip *of;
    uint64_t number, done;
} worker;

static void fill(void *arg)
{
    round_trip *r = arg;
    for (uint64_t at = 0; at < THINGS && belt_take(r->belt, STATION_FILL, at); at++) {
        r->place[at % PLACES] = at;
        belt_pass(r->belt, STATION_FILL, at);
    }
}

/* Each worker has every second one; there are more places than workers, and not a multiple of them. */
static void double_it(void *arg)
{
    worker *w = arg;
    for (uint64_t at = w->number; belt_take(w->of->belt, STATION_DOUBLE, at); at += WORKERS) {
        w->of->place[at % PLACES] *= 2;
        w->done++;
        belt_pass(w->of->belt, STATION_DOUBLE, at);
    }
}

static void go_round(uint64_t taken)
{
    round_trip r = {.belt = belt_new(PLACES, STATIONS)};
    worker w[WORKERS] = {{.of = &r, .number = 0}, {.of = &r, .number = 1}};
    assert_non_null(r.belt);
    thread *t[] = {thread_start(fill, &r), thread_start(double_it, &w[0]), thread_start(double_it, &w[1])};
    for (uint64_t at = 0; at < taken; at++) {
        assert_true(belt_take(r.belt, STATION_TAKE, at));
        assert_int_equal(r.place[at % PLACES], 2 * at);
        belt_pass(r.belt, STATION_TAKE, at);
    }
    belt_stop(r.belt);
    assert_false(belt_take(r.belt, STATION_TAKE, taken));
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) thread_join(t[i]);
    assert_true(w[0].done + w[1].done >= taken);
    assert_true(w[0].done + w[1].done <= taken + PLACES);
    belt_free(r.belt);
}

static void all_comes_in_order(void **state)
{
    (void)state;
    go_round(THINGS);
}

/* Whoever waits for room, or for something to do, goes home. */
static void it_stops(void **state)
{
    (void)state;
    go_round(0);
    go_round(5);
    belt_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_comes_in_order), cmocka_unit_test(it_stops)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
