#include "documents/document_hand.h"
#include "base/limits.h"
#include "base/platform.h"
#include <stdlib.h>

/* Each may hold DOCUMENT_MEMORY_BYTES, and as much packed. */
enum { WAITING = 4 };

struct document_hand {
    document_give *give;
    void *ctx;
    waiting item[WAITING];
    uint64_t filling; /* documents handed over so far */
    thread *runs;     /* NULL: they are given at once */
    mutex *lock;
    condition *changed;
    /* Under the lock, where there is a thread. */
    uint64_t over, given;
    status end;
    bool closes;
};

static void give_one(document_hand *h, waiting *w, status *end)
{
    if (*end == ST_OK) *end = h->give(h->ctx, w);
}

static void run_giver(void *arg)
{
    document_hand *h = arg;
    mutex_lock(h->lock);
    for (;;) {
        while (h->given == h->over && !h->closes) condition_wait(h->changed, h->lock);
        if (h->closes) break;
        waiting *w = &h->item[h->given % WAITING];
        status end = h->end;
        mutex_unlock(h->lock);
        give_one(h, w, &end);
        mutex_lock(h->lock);
        h->end = end;
        h->given++;
        condition_wake_all(h->changed);
    }
    mutex_unlock(h->lock);
}

document_hand *document_hand_new(const char *folder, document_give *give, void *ctx)
{
    document_hand *h = calloc(1, sizeof *h);
    bool ok = h != NULL;
    if (h) *h = (document_hand){.give = give, .ctx = ctx};
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

waiting *document_hand_next(document_hand *h)
{
    waiting *w = &h->item[h->filling % WAITING];
    if (h->runs) {
        mutex_lock(h->lock);
        while (h->over - h->given == WAITING) condition_wait(h->changed, h->lock);
        mutex_unlock(h->lock);
    }
    arena_reset(w->one);
    buf_clear(&w->pdf);
    *w = (waiting){.one = w->one, .spool = w->spool, .pdf = w->pdf};
    return w;
}

status document_hand_over(document_hand *h)
{
    waiting *w = &h->item[h->filling++ % WAITING];
    if (!h->runs) {
        give_one(h, w, &h->end);
        return h->end;
    }
    mutex_lock(h->lock);
    h->over++;
    status end = h->end;
    condition_wake_all(h->changed);
    mutex_unlock(h->lock);
    return end;
}

status document_hand_wait(document_hand *h)
{
    if (!h->runs) return h->end;
    mutex_lock(h->lock);
    while (h->given < h->over) condition_wait(h->changed, h->lock);
    status end = h->end;
    mutex_unlock(h->lock);
    return end;
}

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
