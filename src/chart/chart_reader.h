/* A declaration while it is read. Inside of the chart layer. */
#ifndef CHART_CHART_READER_H
#define CHART_CHART_READER_H

#include "chart/chart_declare.h"

typedef struct chart_reader {
    sv file;
    const yaml_node *chart;
    const chart_options *options;
    const chart_table *table; /* NULL: keys and words only */
    arena *mem;
    problems *wrong;
    chart_declared *out;
    chart_plan *plan; /* &out->plan */
} chart_reader;

/* A problem at n: text, then the word in quotes, then what may have been meant; empty ones are left out. */
void chart_problem(const chart_reader *r, const yaml_node *n, const char *text, sv word, sv hint);
sv chart_suggest(sv word, const char *const *names, size_t n);
sv chart_text(const yaml_node *map, const char *key); /* empty: absent, or no text */

/* `columns`, `sites` and the columns of the roles, and with a table the plan's columns. */
void chart_read_columns(chart_reader *r);

#endif
