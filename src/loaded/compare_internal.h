/* Inside of compare: what its files share. */
#ifndef LOADED_COMPARE_INTERNAL_H
#define LOADED_COMPARE_INTERNAL_H

#include "loaded/after_load.h"
#include "loaded/bundle_rows.h"
#include "loaded/compare.h"
#include "loaded/compare_value.h"

/* Of a field of a load. */
typedef struct field_result {
    bool shown; /* an export has the column */
    uint64_t end[VALUE_ENDS];
    compare_column kept;
} field_result;

typedef struct load_result {
    uint64_t rows, missing;
    field_result *field;
} load_result;

typedef struct comparing {
    const compare_options *o;
    compare_result *out;
    after_load a;
    exports e;
    load_result *load;
    list_file *list; /* compare.csv */
    export_row row;
    buf mine, theirs;
} comparing;

/* compare_page.c: summary.csv and compare.html. */
bool compare_write_summary(comparing *x);
bool compare_write_page(comparing *x);

#endif
