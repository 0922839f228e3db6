#include "base/belt.h"
#include "base/platform.h"
#include <stdlib.h>

/* What a station waits for at a place. */
typedef struct wait {
    condition *passed;
    unsigned waiting; /* threads; under the place's lock */
} wait;

typedef struct place {
    mutex *lock;
    wait *at; /* of each station */
    /* Under the lock: how often it was passed on. */
    uint64_t turn;
    bool stopped;
} place;

struct belt {
    size_t places;
    unsigned stations;
    place *place;
    wait *wait; /* of all places */
};

static bool open_place(belt *b, size_t i)
{
    place *p = &b->place[i];
    *p = (place){.lock = mutex_new(), .at = b->wait + i * b->stations};
    bool ok = p->lock != NULL;
    for (unsigned s = 0; ok && s < b->stations; s++) ok = (p->at[s].passed = condition_new()) != NULL;
    return ok;
}

belt *belt_new(size_t places, unsigned stations)
{
    belt *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    *b = (belt){places, stations, calloc(places, sizeof *b->place), calloc(places * stations, sizeof *b->wait)};
    bool ok = b->place && b->wait;
    for (size_t i = 0; ok && i < places; i++) ok = open_place(b, i);
    if (ok) return b;
    belt_free(b);
    return NULL;
}

void belt_free(belt *b)
{
    if (!b) return;
    for (size_t i = 0; b->wait && i < b->places * b->stations; i++) condition_free(b->wait[i].passed);
    for (size_t i = 0; b->place && i < b->places; i++) mutex_free(b->place[i].lock);
    free(b->wait);
    free(b->place);
    free(b);
}

static place *place_of(belt *b, uint64_t at) { return &b->place[at % b->places]; }

/* Of its place, when what has this number is at the station. */
static uint64_t turn_of(const belt *b, unsigned station, uint64_t at) { return at / b->places * b->stations + station; }

bool belt_take(belt *b, unsigned station, uint64_t at)
{
    place *p = place_of(b, at);
    wait *w = &p->at[station];
    uint64_t turn = turn_of(b, station, at);
    mutex_lock(p->lock);
    w->waiting++;
    while (p->turn != turn && !p->stopped) condition_wait(w->passed, p->lock);
    w->waiting--;
    bool goes_on = !p->stopped;
    mutex_unlock(p->lock);
    return goes_on;
}

void belt_pass(belt *b, unsigned station, uint64_t at)
{
    place *p = place_of(b, at);
    wait *next = &p->at[(station + 1) % b->stations];
    mutex_lock(p->lock);
    p->turn = turn_of(b, station, at) + 1;
    bool waits = next->waiting > 0;
    mutex_unlock(p->lock);
    /* Behind the lock: who is woken need not wait for it. */
    if (waits) condition_wake_all(next->passed);
}

void belt_stop(belt *b)
{
    for (size_t i = 0; i < b->places; i++) {
        place *p = &b->place[i];
        mutex_lock(p->lock);
        p->stopped = true;
        mutex_unlock(p->lock);
        for (unsigned s = 0; s < b->stations; s++) condition_wake_all(p->at[s].passed);
    }
}
