#include "documents/document_hand.h"
#include "base/limits.h"
#include "base/platform.h"
#include <stdlib.h>

/* Each may hold DOCUMENT_MEMORY_BYTES, and as much packed. */
enum { WAITING = 4 };

struct document_hand {
    document_make *make;
    document_give *give;
    void *ctx;
    waiting item[WAITING];
    uint64_t filling; /* documents handed over so far */
    thread *runs;     /* NULL: they are given at once */
    mutex *lock;
    condition *changed;
    /* Under the lock, where there is a thread. */
    uint64_t over, given;
    enum { TO_BE_MADE, BEING_MADE, MADE } state[WAITING]; /* of those that are handed over */
    status end;
    bool closes;
};

/* With the lock, which is let go meanwhile. */
static void make_one(document_hand *h, uint64_t number)
{
    size_t at = (size_t)(number % WAITING);
    h->state[at] = BEING_MADE;
    mutex_unlock(h->lock);
    h->make(&h->item[at]);
    mutex_lock(h->lock);
    h->state[at] = MADE;
    condition_wake_all(h->changed);
}

static void run_giver(void *arg)
{
    document_hand *h = arg;
    mutex_lock(h->lock);
    for (;;) {
        while (h->given == h->over && !h->closes) condition_wait(h->changed, h->lock);
        if (h->closes) break;
        size_t at = (size_t)(h->given % WAITING);
        if (h->end == ST_OK && h->state[at] == TO_BE_MADE) make_one(h, h->given);
        while (h->state[at] == BEING_MADE) condition_wait(h->changed, h->lock);
        status end = h->end;
        mutex_unlock(h->lock);
        if (end == ST_OK) end = h->give(h->ctx, &h->item[at]);
        mutex_lock(h->lock);
        h->end = end;
        h->given++;
        condition_wake_all(h->changed);
    }
    mutex_unlock(h->lock);
}

document_hand *document_hand_new(const char *folder, document_make *make, document_give *give, void *ctx)
{
    document_hand *h = calloc(1, sizeof *h);
    bool ok = h != NULL;
    if (h) *h = (document_hand){.make = make, .give = give, .ctx = ctx};
    for (size_t i = 0; ok && i < WAITING; i++) {
        waiting *w = &h->item[i];
        w->one = arena_new(0);
        w->spool = spool_new(folder);
        w->pdf = buf_new(DOCUMENT_MEMORY_BYTES);
        ok = w->one && w->spool;
    }
    if (!ok) {
        document_hand_free(h);
        return NULL;
    }
    return h;
}

void document_hand_start(document_hand *h)
{
    if (h->runs || os_cpus() < 2) return;
    if (!h->lock) h->lock = mutex_new();
    if (!h->changed) h->changed = condition_new();
    if (h->lock && h->changed) h->runs = thread_start(run_giver, h); /* without it they are given all the same */
}

/* With the lock: instead of waiting for the giver, what it would have to do next but one or later; the last first, since it is the
 * farthest from it. False: there is nothing. */
static bool help(document_hand *h)
{
    for (uint64_t number = h->over; h->end == ST_OK && number-- > h->given;)
        if (h->state[number % WAITING] == TO_BE_MADE) {
            make_one(h, number);
            return true;
        }
    return false;
}

/* Until no more than so many are to be given. */
static status wait_for(document_hand *h, uint64_t left)
{
    if (!h->runs) return h->end;
    mutex_lock(h->lock);
    while (h->over - h->given > left)
        if (!help(h)) condition_wait(h->changed, h->lock);
    status end = h->end;
    mutex_unlock(h->lock);
    return end;
}

waiting *document_hand_next(document_hand *h)
{
    waiting *w = &h->item[h->filling % WAITING];
    (void)wait_for(h, WAITING - 1);
    arena_reset(w->one);
    buf_clear(&w->pdf);
    *w = (waiting){.one = w->one, .spool = w->spool, .pdf = w->pdf};
    return w;
}

status document_hand_over(document_hand *h)
{
    size_t at = (size_t)(h->filling++ % WAITING);
    if (!h->runs) {
        if (h->end == ST_OK) h->make(&h->item[at]);
        if (h->end == ST_OK) h->end = h->give(h->ctx, &h->item[at]);
        return h->end;
    }
    mutex_lock(h->lock);
    h->state[at] = TO_BE_MADE;
    h->over++;
    status end = h->end;
    condition_wake_all(h->changed);
    mutex_unlock(h->lock);
    return end;
}

status document_hand_wait(document_hand *h) { return wait_for(h, 0); }

void document_hand_free(document_hand *h)
{
    if (!h) return;
    if (h->runs) {
        mutex_lock(h->lock);
        h->closes = true;
        condition_wake_all(h->changed);
        mutex_unlock(h->lock);
        thread_join(h->runs);
    }
    condition_free(h->changed);
    mutex_free(h->lock);
    for (size_t i = 0; i < WAITING; i++) {
        spool_free(h->item[i].spool);
        arena_free(h->item[i].one);
        buf_free(&h->item[i].pdf);
    }
    free(h);
}
