#include "convert/lanes.h"
#include "base/platform.h"
#include <stdlib.h>

/* What a lane may hold before it waits for its turn. */
enum { LANE_BYTES = 4 << 20, THREADS_MAX = 16 };

typedef struct step_end {
    size_t found, listed;
} step_end;

typedef struct lane {
    lanes *all;
    size_t number;
    findings *found;
    rejects *out;
    arena *mem;
    step_end step[LANE_STEPS_MAX];
    size_t steps;
} lane;

struct lanes {
    lane *lane;
    size_t n;
    findings *found;
    rejects *out;
    thread *runs[THREADS_MAX];
    unsigned threads, most; /* most: lanes that are worked on at one time */
    mutex *lock;
    condition *changed;
    /* Under the lock: */
    lane_job *job; /* being done; NULL: none */
    void *ctx;
    size_t next, ended; /* lanes */
    unsigned working;   /* lanes begun that have not ended and do not wait for their turn */
    bool closes;
    size_t turn;          /* the lane that may give; n: none is left */
    bool in_turn, broken; /* broken: a lane before has failed */
};

unsigned lanes_threads(size_t destinations)
{
    unsigned cpus = os_cpus(), n = cpus < THREADS_MAX ? cpus : THREADS_MAX;
    return destinations < n ? (unsigned)destinations : n;
}

/* ---- threads ---- */

/* Under the lock. */
static void do_jobs(lanes *l)
{
    while (l->job && l->next < l->n) {
        if (l->working == l->most) {
            condition_wait(l->changed, l->lock);
            continue;
        }
        size_t at = l->next++;
        l->working++;
        lane_job *job = l->job;
        void *ctx = l->ctx;
        mutex_unlock(l->lock);
        job(ctx, at);
        mutex_lock(l->lock);
        l->working--;
        l->ended++;
        condition_wake_all(l->changed);
    }
}

static void run_lanes(void *arg)
{
    lanes *l = arg;
    mutex_lock(l->lock);
    while (!l->closes) {
        do_jobs(l);
        condition_wait(l->changed, l->lock);
    }
    mutex_unlock(l->lock);
}

static void begin(lanes *l, lane_job *job, void *ctx)
{
    mutex_lock(l->lock);
    l->job = job;
    l->ctx = ctx;
    l->next = l->ended = 0;
    condition_wake_all(l->changed);
    mutex_unlock(l->lock);
}

/* With the threads that have begun. */
static void finish(lanes *l)
{
    mutex_lock(l->lock);
    do_jobs(l);
    while (l->ended < l->n) condition_wait(l->changed, l->lock);
    l->job = NULL;
    mutex_unlock(l->lock);
}

void lanes_run(lanes *l, lane_job *job, void *ctx)
{
    begin(l, job, ctx);
    finish(l);
}

/* ---- giving ---- */

static const step_end everything = {SIZE_MAX, SIZE_MAX};

static bool give_upto(lanes *l, const lane *x, step_end end)
{
    bool whole = findings_give(x->found, end.found, l->found);
    if (!whole) find_code(l->found, F_OUT_OF_MEMORY, "holding findings of a destination");
    return rejects_give(x->out, end.listed, l->out) == ST_OK && whole;
}

bool lanes_give_step(lanes *l, size_t step)
{
    bool ok = true;
    for (size_t i = 0; i < l->n; i++)
        if (step < l->lane[i].steps) ok = give_upto(l, &l->lane[i], l->lane[i].step[step]) && ok;
    return ok;
}

bool lanes_give(lanes *l)
{
    bool ok = true;
    for (size_t i = 0; i < l->n; i++) {
        l->lane[i].steps = 0;
        ok = give_upto(l, &l->lane[i], everything) && ok;
    }
    return ok;
}

void lanes_step(lanes *l, size_t at)
{
    lane *x = &l->lane[at];
    if (x->steps < LANE_STEPS_MAX) x->step[x->steps++] = (step_end){findings_held(x->found), rejects_held(x->out)};
}

/* ---- in turn ---- */

/* Waits until the lanes before have given everything, and lets another lane be worked on meanwhile; then gives. False: one of
 * them has failed, or it cannot be given. */
static bool give_in_turn(lane *x)
{
    lanes *l = x->all;
    mutex_lock(l->lock);
    if (l->turn < x->number) {
        l->working--;
        condition_wake_all(l->changed);
        while (l->turn < x->number || l->working == l->most) condition_wait(l->changed, l->lock);
        l->working++;
    }
    bool goes_on = !l->broken;
    mutex_unlock(l->lock);
    return goes_on && give_upto(l, x, everything);
}

/* The lists' own: too much is held. */
static bool lane_is_full(void *ctx)
{
    lane *x = ctx;
    return !x->all->in_turn || give_in_turn(x);
}

typedef struct turns {
    lanes *l;
    lane_whole_job *job;
    void *ctx;
} turns;

static void take_turn(void *ctx, size_t at)
{
    const turns *t = ctx;
    lane *x = &t->l->lane[at];
    bool done = t->job(t->ctx, at);
    done = give_in_turn(x) && done;
    mutex_lock(t->l->lock);
    t->l->turn++;
    t->l->broken |= !done;
    condition_wake_all(t->l->changed);
    mutex_unlock(t->l->lock);
}

/* A thread for what can be worked on while others wait: no lane is in the way of the one behind it. */
static void stand_in(void *arg)
{
    lanes *l = arg;
    mutex_lock(l->lock);
    do_jobs(l);
    mutex_unlock(l->lock);
}

bool lanes_run_in_turn(lanes *l, lane_whole_job *job, void *ctx)
{
    turns t = {l, job, ctx};
    thread *more[THREADS_MAX];
    size_t n = 0;
    l->turn = 0;
    l->broken = false;
    l->in_turn = true;
    begin(l, take_turn, &t);
    for (size_t i = 1 + l->threads; i < l->n && n < THREADS_MAX; i++) {
        more[n] = thread_start(stand_in, l);
        n += more[n] != NULL;
    }
    finish(l);
    for (size_t i = 0; i < n; i++) thread_join(more[i]);
    l->in_turn = false;
    return !l->broken;
}

/* ---- the whole ---- */

static bool open_lane(lanes *l, size_t at)
{
    lane *x = &l->lane[at];
    x->all = l;
    x->number = at;
    x->found = findings_held_new();
    x->mem = arena_new(0);
    x->out = x->found && x->mem ? rejects_held_new(x->found, LANE_BYTES, lane_is_full, x) : NULL;
    return x->out != NULL;
}

lanes *lanes_new(size_t n, unsigned threads, findings *f, rejects *out)
{
    lanes *l = calloc(1, sizeof *l);
    bool ok = l != NULL;
    if (l)
        *l = (lanes){.n = n,
                     .most = threads ? threads : 1,
                     .found = f,
                     .out = out,
                     .lock = mutex_new(),
                     .changed = condition_new()};
    if (l) l->lane = calloc(n, sizeof *l->lane);
    ok = ok && l->lane && l->lock && l->changed;
    for (size_t i = 0; ok && i < n; i++) ok = open_lane(l, i);
    /* Fewer threads than wanted do it too. */
    for (unsigned i = 1; ok && i < threads && i < THREADS_MAX; i++) {
        l->runs[l->threads] = thread_start(run_lanes, l);
        l->threads += l->runs[l->threads] != NULL;
    }
    if (ok) return l;
    find_code(f, F_OUT_OF_MEMORY, "writing several destinations");
    lanes_free(l);
    return NULL;
}

void lanes_free(lanes *l)
{
    if (!l) return;
    if (l->threads) {
        mutex_lock(l->lock);
        l->closes = true;
        condition_wake_all(l->changed);
        mutex_unlock(l->lock);
    }
    for (unsigned i = 0; i < l->threads; i++) thread_join(l->runs[i]);
    for (size_t i = 0; l->lane && i < l->n; i++) {
        rejects_free(l->lane[i].out);
        findings_free(l->lane[i].found);
        arena_free(l->lane[i].mem);
    }
    free(l->lane);
    condition_free(l->changed);
    mutex_free(l->lock);
    free(l);
}

findings *lanes_found(const lanes *l, size_t at) { return l->lane[at].found; }
rejects *lanes_out(const lanes *l, size_t at) { return l->lane[at].out; }
arena *lanes_mem(const lanes *l, size_t at) { return l->lane[at].mem; }
