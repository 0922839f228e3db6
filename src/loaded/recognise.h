/* Which object and which load a file that came back is about: told by its columns, where these fit several by its name. */
#ifndef LOADED_RECOGNISE_H
#define LOADED_RECOGNISE_H

#include "loaded/loads.h"

enum { RECOGNISED_LOADS_MAX = 1000 };

/* Where the fields of a load stand in a file; SIZE_MAX: nowhere. */
typedef struct load_columns {
    size_t load; /* in loads.load */
    size_t key;
    size_t *at;   /* one for each field of the load */
    size_t found; /* fields but the key that it has */
    bool whole;   /* all of them but the key and links */
} load_columns;

typedef struct recognised {
    const result_form *form; /* NULL: none of the template's */
    size_t id, error, state, row;
    load_columns *candidate; /* loads that its rows may be of; several where columns and name do not decide */
    size_t candidates;
    size_t part_load, part; /* row numbers are of this part; SIZE_MAX: unknown */
} recognised;

/* name: of the file, without folders. exports_only: forms of results are not looked for. False when out of memory. In mem. */
bool recognise(const loads *l, sv name, const sv *heading, size_t n, bool exports_only, arena *mem, recognised *out);

#endif
