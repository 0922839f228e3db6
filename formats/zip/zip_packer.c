#include "zip/zip_packer.h"
#include "base/platform.h"
#include "zip/zip_block.h"
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 1 << 18 };

typedef struct block {
    zip_block *z;
    const unsigned char *from;
    size_t n, window; /* window: bytes before it that it may refer to */
    bool last;
    unsigned char packed[ZIP_BLOCK_ROOM(BLOCK_BYTES)];
    size_t made; /* 0: it failed */
} block;

struct zip_packer {
    block block[2];
    int level;
    size_t window, n; /* of content: what it may refer to, then what is not yet packed */
    unsigned char content[ZIP_WINDOW_BYTES + 2 * BLOCK_BYTES];
    /* A thread that packs the first block, while the caller packs the second; from the first pair on. */
    thread *with;
    mutex *lock;
    condition *changed;
    bool given, ends, alone; /* given: block[0] is the thread's; alone: there is one processor, or no thread */
};

zip_packer *zip_packer_new(void)
{
    zip_packer *p = calloc(1, sizeof *p);
    for (int i = 0; p && i < 2; i++) {
        p->block[i].z = zip_block_new();
        if (p->block[i].z) continue;
        zip_packer_free(p);
        return NULL;
    }
    return p;
}

static void stop_thread(zip_packer *p)
{
    if (p->with) {
        mutex_lock(p->lock);
        p->ends = true;
        condition_wake_all(p->changed);
        mutex_unlock(p->lock);
        thread_join(p->with);
    }
    condition_free(p->changed);
    mutex_free(p->lock);
}

void zip_packer_free(zip_packer *p)
{
    if (!p) return;
    stop_thread(p);
    for (int i = 0; i < 2; i++) zip_block_free(p->block[i].z);
    free(p);
}

/* ---- blocks ---- */

static void pack(block *b, int level)
{
    b->made = zip_block_pack(b->z, level, b->from, b->n, b->window, b->last, b->packed);
}

static void run_thread(void *arg)
{
    zip_packer *p = arg;
    mutex_lock(p->lock);
    for (;;) {
        while (!p->given && !p->ends) condition_wait(p->changed, p->lock);
        if (!p->given) break;
        mutex_unlock(p->lock);
        pack(&p->block[0], p->level);
        mutex_lock(p->lock);
        p->given = false;
        condition_wake_all(p->changed);
    }
    mutex_unlock(p->lock);
}

/* Without a thread all is packed all the same. */
static void start_thread(zip_packer *p)
{
    if (p->with || p->alone) return;
    p->alone = os_cpus() < 2;
    if (!p->alone && !p->lock) p->lock = mutex_new();
    if (!p->alone && !p->changed) p->changed = condition_new();
    if (!p->alone && p->lock && p->changed) p->with = thread_start(run_thread, p);
    p->alone = !p->with;
}

static void pack_both(zip_packer *p)
{
    start_thread(p);
    if (p->alone) {
        pack(&p->block[0], p->level);
        pack(&p->block[1], p->level);
        return;
    }
    mutex_lock(p->lock);
    p->given = true;
    condition_wake_all(p->changed);
    mutex_unlock(p->lock);
    pack(&p->block[1], p->level);
    mutex_lock(p->lock);
    while (p->given) condition_wait(p->changed, p->lock);
    mutex_unlock(p->lock);
}

/* What waits, as one block or two. */
static bool pack_waiting(zip_packer *p, bool last, zip_packed take, void *ctx)
{
    bool two = p->n > BLOCK_BYTES;
    const unsigned char *from = p->content + p->window;
    block *a = &p->block[0], *b = &p->block[1];
    a->from = from;
    a->n = two ? BLOCK_BYTES : p->n;
    a->window = p->window;
    a->last = last && !two;
    b->from = from + BLOCK_BYTES;
    b->n = two ? p->n - BLOCK_BYTES : 0;
    b->window = ZIP_WINDOW_BYTES;
    b->last = last;
    if (two)
        pack_both(p);
    else
        pack(a, p->level);
    for (int i = 0; i <= two; i++)
        if (!p->block[i].made || !take(ctx, p->block[i].packed, p->block[i].made)) return false;
    size_t end = p->window + p->n;
    p->window = end < ZIP_WINDOW_BYTES ? end : ZIP_WINDOW_BYTES;
    memmove(p->content, p->content + end - p->window, p->window);
    p->n = 0;
    return true;
}

/* ---- a content ---- */

void zip_packer_begin(zip_packer *p, int level)
{
    p->level = level;
    p->window = p->n = 0;
}

bool zip_packer_add(zip_packer *p, const void *bytes, size_t n, zip_packed take, void *ctx)
{
    const unsigned char *from = bytes;
    while (n) {
        if (p->n == 2 * BLOCK_BYTES && !pack_waiting(p, false, take, ctx)) return false;
        size_t room = 2 * BLOCK_BYTES - p->n, now = n < room ? n : room;
        memcpy(p->content + p->window + p->n, from, now);
        p->n += now;
        from += now;
        n -= now;
    }
    return true;
}

bool zip_packer_end(zip_packer *p, zip_packed take, void *ctx) { return pack_waiting(p, true, take, ctx); }
