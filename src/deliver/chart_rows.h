/* A chart as records of the model: its teeth, its sites, the practice's own findings. Keys are made here: a tooth is
 * EXAM:FDI (`77:16`, supernumerary `77:18S`), a site EXAM:FDI:SITE, a finding EXAM:FDI:NAME. Numbers are millimetres
 * with at most one decimal. */
#ifndef DELIVER_CHART_ROWS_H
#define DELIVER_CHART_ROWS_H

#include "base/digits.h"
#include "base/status.h"
#include "chart/chart.h"
#include "model/model.h"

typedef enum chart_record { CHART_TOOTH, CHART_SITE, CHART_FINDING, CHART_RECORDS } chart_record;
const model_entity *chart_record_entity(chart_record what);
/* Which records of a chart are of that entity; CHART_RECORDS: none. */
chart_record chart_record_of(const model_entity *e);

/* How many records of each kind charts come to. */
typedef struct chart_totals {
    uint64_t exams, record[CHART_RECORDS];
} chart_totals;
void chart_count(chart_totals *t, const exam_chart *x);

/* A site of which nothing is recorded is no record. */
static inline bool chart_site_is_recorded(const chart_site *s)
{
    return s->pd != CHART_NONE || s->recession != CHART_NONE || s->cal != CHART_NONE || s->cal_source != CHART_NONE ||
           s->bop != MARK_NONE || s->suppuration != MARK_NONE || s->plaque != MARK_NONE || s->calculus != MARK_NONE;
}
/* Tenths as millimetres: "3", "-0.5". How many bytes. */
enum { CHART_TENTHS_MAX = DIGITS_U64_MAX + 4 };
static inline size_t chart_tenths_text(int16_t tenths, char out[CHART_TENTHS_MAX])
{
    size_t n = 0;
    unsigned size = (unsigned)(tenths < 0 ? -tenths : tenths);
    if (tenths < 0) out[n++] = '-';
    if (size < 100) /* nearly all */
        out[n++] = (char)('0' + size / 10);
    else
        n += digits_u64(size / 10, out + n);
    if (size % 10) {
        out[n++] = '.';
        out[n++] = (char)('0' + size % 10);
    }
    return n;
}

/* By what a tooth's furcations are graded: glickman, hamp. NULL: none is graded, or it is not known. */
const char *chart_furcation_scale(const chart_tooth *t);

typedef struct chart_rows chart_rows;

/* system: letters that begin source keys; table: the charts' table in the source. Both are copied. NULL when out of
 * memory. */
chart_rows *chart_rows_new(sv system, sv table);
void chart_rows_free(chart_rows *r); /* r may be NULL */

/* Calls take for each record of the kinds that are wanted, a tooth before its sites and findings; t: the tooth it is of;
 * column: the staged columns of its entity in order, valid during the call. What take returns other than ST_OK ends it.
 * ST_FATAL also when a key could not be made. */
typedef status (*take_chart_record)(void *ctx, chart_record what, const chart_tooth *t, const sv *column);
bool chart_rows_failed(const chart_rows *r); /* a key could not be made: out of memory */
status chart_rows_of(chart_rows *r, const exam_chart *x, const bool wanted[CHART_RECORDS], take_chart_record take,
                     void *ctx);

#endif
