/* Charts and what was left out of them, some dozen at a time, to destinations that are written side by side: each takes all of
 * a batch in order, and what they list comes as if each exam had gone through all of them before the next one. Internal to
 * this folder. */
#ifndef CONVERT_CHART_BATCH_H
#define CONVERT_CHART_BATCH_H

#include "chart/chart.h"
#include "convert/lanes.h"
#include "deliver/deliver.h"

typedef struct chart_batch chart_batch;

typedef struct chart_batch_to {
    delivery *const *delivery; /* of lanes 0 to deliveries - 1 */
    size_t deliveries;
    lanes
        *lanes; /* one more than deliveries: the last one is the caller's, for what it lists itself between the calls */
    /* In order, after all deliveries took it; false ends. */
    bool (*taken)(void *ctx, const exam_chart *x);
    bool (*lost)(void *ctx, sv exam);
    void *ctx;
} chart_batch_to;

/* NULL when out of memory. *to is copied. */
chart_batch *chart_batch_new(const chart_batch_to *to);
void chart_batch_free(chart_batch *b); /* b may be NULL */

/* False: a delivery has failed, or the memory. What is given is copied. */
bool chart_batch_chart(chart_batch *b, const exam_chart *x);
bool chart_batch_lost(chart_batch *b, sv exam);
bool chart_batch_listed(chart_batch *b); /* the caller is about to list something */
bool chart_batch_flush(chart_batch *b);

#endif
