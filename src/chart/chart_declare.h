/* A profile's `chart:` declaration (templates/README.md has its keys) becomes a plan for a table. */
#ifndef CHART_CHART_DECLARE_H
#define CHART_CHART_DECLARE_H

#include "base/yaml.h"
#include "chart/chart.h"

/* The table that a declaration is for. */
typedef struct chart_table {
    const table_info *info;
    size_t index;   /* into the source's catalog */
    const sv *name; /* what the profile calls each of its columns; NULL: their own names */
} chart_table;

/* Options of the profile or the command line that go before the declaration's own keys of the same names; empty: not
 * given. */
typedef struct chart_options {
    sv numbering, margin_sign, charted_by_exception, triplet_order, furcation_scale;
} chart_options;

typedef struct chart_declared {
    chart_plan plan;  /* meaningful when a table was given and nothing is wrong */
    const sv *absent; /* declared columns that the table does not have */
    size_t absents;
} chart_declared;

/* Reads a declaration; all that is wrong goes to `wrong` with its place (options: no line). Without a table only its keys
 * and words are checked. False when anything was wrong. Everything in mem. A column that the table lacks is wrong only
 * where the shape cannot be without it, or when no measurement is left. */
bool chart_declare(sv file, const yaml_node *chart, const chart_options *options, const chart_table *table, arena *mem,
                   chart_declared *out, problems *wrong);

#endif
