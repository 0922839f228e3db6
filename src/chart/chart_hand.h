/* What a fold of charts gives, taken by a thread of its own in the very order in which it came: the next exam is folded
 * while the last ones are written. Charts are made in the room of who hands them over, other things are copied; some dozen
 * exams wait, then the giver does. */
#ifndef CHART_CHART_HAND_H
#define CHART_CHART_HAND_H

#include "chart/chart.h"

/* Called on the thread, one at a time. */
typedef struct chart_takers {
    bool (*take)(void *ctx, const exam_chart *x); /* false: nothing more is taken */
    void (*reject)(void *ctx, const chart_reject *x);
    void *ctx;
} chart_takers;

typedef struct chart_hand chart_hand;
chart_hand *chart_hand_new(const chart_takers *to); /* NULL when it cannot be had */
/* Where the next chart is made (chart_run.room), until something is given. */
arena *chart_hand_room(chart_hand *h);
/* A chart that was made there. False when the taker ended it, or out of memory. */
bool chart_hand_chart(chart_hand *h, const exam_chart *x);
bool chart_hand_reject(chart_hand *h, const chart_reject *x);
/* Waits until everything was taken, and frees it. False when something could not be given: out of memory. h may be
 * NULL. */
bool chart_hand_end(chart_hand *h);

#endif
