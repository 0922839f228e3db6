/* Destinations side by side: what they find and list comes in the order in which one thread would give it. */
#include "convert/lanes.h"
#include "folder.h"
#include <stdatomic.h>

#define ROOM "convert_lanes.tmp"
enum { LANES = 4, STEPS = 40, ROWS = 600, VALUE_BYTES = 12000 };

static char value[VALUE_BYTES];

static int make_room(void **state)
{
    (void)state;
    const char *why;
    memset(value, 'v', sizeof value);
    if (os_exists(ROOM)) folder_remove(ROOM);
    assert_true(os_make_folder(ROOM, &why));
    return 0;
}

static int remove_room(void **state)
{
    (void)state;
    folder_remove(ROOM);
    return 0;
}

/* A value that is listed, with a finding that has the same text; both tell lane and place. */
static bool put(findings *f, rejects *r, size_t lane, size_t at, size_t bytes)
{
    char key[64];
    finding x = FINDING_OF(F_DEL_TOO_LONG);
    (void)snprintf(key, sizeof key, "%zu:%zu", lane, at);
    x.a = sv_from(key);
    find_add(f, &x);
    find_add(f, &x);
    return rejects_value(r, SV_LIT("e"), SV_LIT("t"), sv_from(key), SV_LIT("f"), (sv){value, bytes}, SV_LIT("c"),
                         (sv){NULL, 0}) == ST_OK;
}

typedef struct work {
    lanes *l;
    size_t fails; /* the lane that does; LANES: none */
} work;

static void small_steps(void *ctx, size_t lane)
{
    const work *w = ctx;
    for (size_t k = 0; k < STEPS; k++) {
        if ((k + lane) % 3) (void)put(lanes_found(w->l, lane), lanes_out(w->l, lane), lane, k, 1);
        lanes_step(w->l, lane);
    }
}

/* More than a lane may hold. */
static bool much(void *ctx, size_t lane)
{
    const work *w = ctx;
    bool ok = true;
    for (size_t k = 0; ok && k < ROWS; k++)
        ok = put(lanes_found(w->l, lane), lanes_out(w->l, lane), lane, k, VALUE_BYTES);
    return ok && lane != w->fails;
}

static buf listed(rejects *r)
{
    const rejects_file *file = NULL;
    size_t n = 0;
    assert_int_equal(rejects_finish(r, &file, &n), ST_OK);
    assert_int_equal(n, 1);
    return file_text(ROOM, "exceptions.csv");
}

static void expect_same_findings(const findings *a, const findings *b)
{
    assert_int_equal(findings_kinds(a), findings_kinds(b));
    for (size_t i = 0; i < findings_kinds(a); i++) {
        const finding_kind *x = findings_kind(a, i), *y = findings_kind(b, i);
        assert_int_equal(x->count, y->count);
        assert_int_equal(x->kept, y->kept);
        for (size_t k = 0; k < x->kept; k++) assert_true(sv_eq(x->item[k].a, y->item[k].a));
    }
}

typedef bool run_lanes(work *w);

/* With any number of threads: the list and the findings that one writer in order makes. */
static void expect_like_one_writer(void **state, const buf *expected, const findings *wanted, run_lanes *run)
{
    for (unsigned threads = 1; threads <= LANES; threads++) {
        findings *f = findings_new();
        rejects *r = rejects_new(ROOM, f);
        folder_remove(ROOM);
        assert_int_equal(make_room(state), 0);
        work w = {lanes_new(LANES, threads, f, r), LANES};
        assert_true(run(&w));
        lanes_free(w.l);
        buf got = listed(r);
        assert_int_equal(got.n, expected->n);
        assert_memory_equal(got.p, expected->p, got.n);
        expect_same_findings(f, wanted);
        buf_free(&got);
        rejects_free(r);
        findings_free(f);
    }
}

static bool in_steps(work *w)
{
    lanes_run(w->l, small_steps, w);
    for (size_t k = 0; k < STEPS; k++)
        if (!lanes_give_step(w->l, k)) return false;
    return lanes_give(w->l);
}

static bool in_turn(work *w) { return lanes_run_in_turn(w->l, much, w); }

static void steps_come_step_by_step_whatever_the_threads(void **state)
{
    (void)state;
    findings *wanted = findings_new();
    rejects *one = rejects_new(ROOM, wanted);
    for (size_t k = 0; k < STEPS; k++)
        for (size_t lane = 0; lane < LANES; lane++)
            if ((k + lane) % 3) assert_true(put(wanted, one, lane, k, 1));
    buf expected = listed(one);
    rejects_free(one);
    expect_like_one_writer(state, &expected, wanted, in_steps);
    buf_free(&expected);
    findings_free(wanted);
}

static void long_jobs_wait_for_their_turn(void **state)
{
    (void)state;
    findings *wanted = findings_new();
    rejects *one = rejects_new(ROOM, wanted);
    for (size_t lane = 0; lane < LANES; lane++)
        for (size_t k = 0; k < ROWS; k++) assert_true(put(wanted, one, lane, k, VALUE_BYTES));
    buf expected = listed(one);
    rejects_free(one);
    expect_like_one_writer(state, &expected, wanted, in_turn);
    buf_free(&expected);
    findings_free(wanted);
}

static void behind_a_lane_that_failed_nothing_is_given(void **state)
{
    (void)state;
    findings *f = findings_new();
    rejects *r = rejects_new(NULL, f);
    work w = {lanes_new(LANES, 2, f, r), 1};
    assert_false(lanes_run_in_turn(w.l, much, &w));
    assert_int_equal(findings_count(f, F_DEL_TOO_LONG), 2 * 2 * ROWS);
    assert_int_equal(rejects_values(r), 2 * ROWS);
    lanes_free(w.l);
    rejects_free(r);
    findings_free(f);
}

typedef struct meeting {
    lanes *l;
    atomic_bool last_begun;
} meeting;

/* The first lane goes on when the last one has begun, which two threads can only do while the second one waits. */
static bool first_meets_last(void *ctx, size_t lane)
{
    meeting *m = ctx;
    if (lane == LANES - 1) atomic_store(&m->last_begun, true);
    while (lane == 0 && !atomic_load(&m->last_begun)) continue;
    work w = {m->l, LANES};
    return much(&w, lane);
}

static void a_lane_that_waits_lets_another_begin(void **state)
{
    (void)state;
    findings *f = findings_new();
    rejects *r = rejects_new(NULL, f);
    meeting m = {lanes_new(LANES, 2, f, r), false};
    assert_true(lanes_run_in_turn(m.l, first_meets_last, &m));
    assert_int_equal(rejects_values(r), LANES * ROWS);
    lanes_free(m.l);
    rejects_free(r);
    findings_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(steps_come_step_by_step_whatever_the_threads, make_room, remove_room),
        cmocka_unit_test_setup_teardown(long_jobs_wait_for_their_turn, make_room, remove_room),
        cmocka_unit_test_setup_teardown(a_lane_that_waits_lets_another_begin, make_room, remove_room),
        cmocka_unit_test_setup_teardown(behind_a_lane_that_failed_nothing_is_given, make_room, remove_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
