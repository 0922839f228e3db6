/* The model of a report: what report.json holds, and all that report.html is made of. Texts of the source are valid
 * UTF-8 and of bounded length, lists of bounded number, so that hostile input makes no endless report; what a list
 * leaves out is counted in it. Paths of findings are reduced to the file's name: a report is the same wherever the
 * source lies. */
#ifndef REPORT_REPORT_MODEL_H
#define REPORT_REPORT_MODEL_H

#include "report/report.h"
#include <jansson.h>

enum { REPORT_SCHEMA = 1 };

/* How rows of a level add up: `whole` is the sum of its parts. */
typedef struct sum_rule {
    const char *level, *title; /* "entity" */
    ledger_count whole, part[4];
    size_t parts;
    bool holds_back; /* the level also counts values held back */
    bool changes;    /* and values changed for the destination */
} sum_rule;
extern const sum_rule report_sums[LEDGER_OBJECT + 1];

/* NULL when out of memory. The caller owns it. */
json_t *report_model(const report_input *in);

/* ---- its parts, for the files that make them ---- */

typedef struct model_maker {
    const report_input *in;
    bool failed; /* out of memory; sticky */
} model_maker;

/* Each takes over `value`; NULL is a failure. */
void put(model_maker *m, json_t *o, const char *key, json_t *value);
void push(model_maker *m, json_t *array, json_t *value);
json_t *json_clean(sv s);
void put_text(model_maker *m, json_t *o, const char *key, sv s); /* "" for what is unknown */
void put_number(model_maker *m, json_t *o, const char *key, uint64_t n);

/* {tables, entities, objects: a list of lines each; lines, open: how many there are, and do not add up} */
json_t *model_counts(model_maker *m);
/* [{entity, title, lines}]: what the practice's own reports say too; empty when nothing was counted. */
json_t *model_ties(model_maker *m);
/* [{id, title, about, kind, bars}]: distributions, as pictures and as tables. */
json_t *model_pictures(model_maker *m);
/* "none", "1 to 24", "193 and more": sites of an exam. */
void say_site_step(buf *out, size_t step);
/* Records to open in the old system beside the new one. */
json_t *model_spots(model_maker *m);
/* {list, lower, not_listed}: how full the fields of a destination are. */
json_t *model_fills(model_maker *m, const report_destination *d);
/* What the practice should look at; null when nothing was counted. */
json_t *model_quality(model_maker *m);
/* Only of a run about a sample. */
json_t *model_sample(model_maker *m);
/* A list of one object per code, worst first. */
json_t *model_findings(model_maker *m);
/* The words at the top and the numbers in them; `open` as in model_counts. */
json_t *model_verdict(model_maker *m, uint64_t open);

#endif
