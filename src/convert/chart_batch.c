#include "convert/chart_batch.h"
#include <stdlib.h>

enum { BATCH_BYTES = 1 << 20 };

/* An exam with its chart, one whose chart will not come, or neither: something that the caller lists. */
typedef struct batch_item {
    const exam_chart *chart;
    sv lost;
} batch_item;

struct chart_batch {
    chart_batch_to to;
    arena *mem;
    batch_item item[LANE_STEPS_MAX];
    size_t n;
    bool *failed; /* of each delivery */
};

chart_batch *chart_batch_new(const chart_batch_to *to)
{
    chart_batch *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    b->to = *to;
    b->mem = arena_new(0);
    b->failed = calloc(to->deliveries + 1, sizeof *b->failed);
    if (b->mem && b->failed) return b;
    chart_batch_free(b);
    return NULL;
}

void chart_batch_free(chart_batch *b)
{
    if (!b) return;
    arena_free(b->mem);
    free(b->failed);
    free(b);
}

static void deliver(void *ctx, size_t at)
{
    chart_batch *b = ctx;
    if (at == b->to.deliveries) return;
    for (size_t i = 0; i < b->n && !b->failed[at]; i++) {
        const batch_item *x = &b->item[i];
        status s = ST_OK;
        if (x->chart)
            s = delivery_chart(b->to.delivery[at], x->chart);
        else if (x->lost.p)
            s = delivery_exam_lost(b->to.delivery[at], x->lost);
        b->failed[at] = s != ST_OK;
        lanes_step(b->to.lanes, at);
    }
}

bool chart_batch_flush(chart_batch *b)
{
    bool ok = true;
    if (!b->n) return true;
    lanes_step(b->to.lanes, b->to.deliveries);
    lanes_run(b->to.lanes, deliver, b);
    for (size_t i = 0; i < b->to.deliveries; i++) ok &= !b->failed[i];
    for (size_t i = 0; i < b->n; i++) {
        const batch_item *x = &b->item[i];
        ok = lanes_give_step(b->to.lanes, i) && ok;
        if (ok && x->chart) ok = b->to.taken(b->to.ctx, x->chart);
        if (ok && x->lost.p) ok = b->to.lost(b->to.ctx, x->lost);
    }
    ok = lanes_give(b->to.lanes) && ok;
    b->n = 0;
    arena_reset(b->mem);
    return ok;
}

/* What was copied lives until the next flush: room is made before. */
static bool has_room(chart_batch *b)
{
    bool full = b->n == LANE_STEPS_MAX || arena_used(b->mem) >= BATCH_BYTES;
    return !full || chart_batch_flush(b);
}

/* What the caller has listed so far belongs to the item before. */
static void add(chart_batch *b, batch_item x)
{
    if (b->n) lanes_step(b->to.lanes, b->to.deliveries);
    b->item[b->n++] = x;
}

bool chart_batch_chart(chart_batch *b, const exam_chart *x)
{
    const exam_chart *copy = has_room(b) ? chart_copy(b->mem, x) : NULL;
    if (copy) add(b, (batch_item){.chart = copy});
    return copy != NULL;
}

bool chart_batch_lost(chart_batch *b, sv exam)
{
    sv copy = has_room(b) ? arena_sv(b->mem, exam) : (sv){NULL, 0};
    if (copy.p) add(b, (batch_item){.lost = copy});
    return copy.p != NULL;
}

bool chart_batch_listed(chart_batch *b)
{
    bool room = has_room(b);
    if (room) add(b, (batch_item){.chart = NULL});
    return room;
}
