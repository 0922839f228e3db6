#include "chart/chart_hand.h"
#include "base/belt.h"
#include "base/platform.h"
#include <stdlib.h>

/* A slot is handed over when it is full: single exams would wake the thread too often. */
enum { SLOTS = 4, THINGS = 64, SLOT_BYTES = 256 << 10 };

enum { STATION_GIVE, STATION_TAKE, STATIONS };

/* One of the two. */
typedef struct thing {
    const exam_chart *chart;
    const chart_reject *reject;
} thing;

typedef struct slot {
    arena *mem;
    thing thing[THINGS];
    size_t n;
    bool last, refused; /* last: of all; refused: the taker has ended it */
} slot;

struct chart_hand {
    chart_takers to;
    slot slot[SLOTS];
    belt *belt;
    bool failed;      /* of the giver: out of memory */
    uint64_t filling; /* slots given so far; the one being filled is the next */
    thread *runs;
};

static bool take_one(const chart_takers *to, const thing *x)
{
    if (x->chart) return to->take(to->ctx, x->chart);
    to->reject(to->ctx, x->reject);
    return true;
}

static void run_taker(void *arg)
{
    chart_hand *h = arg;
    bool good = true, last = false;
    for (uint64_t at = 0; !last && belt_take(h->belt, STATION_TAKE, at); at++) {
        slot *s = &h->slot[at % SLOTS];
        for (size_t i = 0; good && i < s->n; i++) good = take_one(&h->to, &s->thing[i]);
        s->refused = !good;
        last = s->last;
        belt_pass(h->belt, STATION_TAKE, at);
    }
}

static void free_all(chart_hand *h)
{
    for (size_t i = 0; i < SLOTS; i++) arena_free(h->slot[i].mem);
    belt_free(h->belt);
    free(h);
}

chart_hand *chart_hand_new(const chart_takers *to)
{
    chart_hand *h = calloc(1, sizeof *h);
    if (!h) return NULL;
    *h = (chart_hand){.to = *to, .belt = belt_new(SLOTS, STATIONS)};
    bool ok = h->belt != NULL;
    for (size_t i = 0; i < SLOTS; i++) ok = (h->slot[i].mem = arena_new(0)) && ok;
    if (ok) h->runs = thread_start(run_taker, h);
    if (h->runs) return h;
    free_all(h);
    return NULL;
}

static slot *filled(chart_hand *h) { return &h->slot[h->filling % SLOTS]; }

/* Gives the slot that is being filled and waits for the next one to be free. False when the taker has ended. */
static bool give_slot(chart_hand *h)
{
    belt_pass(h->belt, STATION_GIVE, h->filling);
    (void)belt_take(h->belt, STATION_GIVE, ++h->filling);
    slot *next = filled(h);
    arena_reset(next->mem);
    next->n = 0;
    return !next->refused;
}

static bool add(chart_hand *h, thing x)
{
    slot *s = filled(h);
    if (!x.chart && !x.reject) {
        h->failed = true;
        return false;
    }
    s->thing[s->n++] = x;
    return (s->n < THINGS && arena_used(s->mem) < SLOT_BYTES) || give_slot(h);
}

arena *chart_hand_room(chart_hand *h) { return filled(h)->mem; }

bool chart_hand_chart(chart_hand *h, const exam_chart *x)
{
    return add(h, (thing){.chart = chart_settle(filled(h)->mem, x)});
}

bool chart_hand_reject(chart_hand *h, const chart_reject *x)
{
    return add(h, (thing){.reject = chart_reject_copy(filled(h)->mem, x)});
}

bool chart_hand_end(chart_hand *h)
{
    if (!h) return true;
    filled(h)->last = true;
    belt_pass(h->belt, STATION_GIVE, h->filling);
    thread_join(h->runs);
    bool whole = !h->failed;
    free_all(h);
    return whole;
}
