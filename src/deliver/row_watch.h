/* Who looks at every record as it is written, with what it was made of. */
#ifndef DELIVER_ROW_WATCH_H
#define DELIVER_ROW_WATCH_H

#include "base/status.h"
#include "deliver/target_cell.h"

/* A record of an object, once it is in its file. What it points to is valid during the call. */
typedef struct written_row {
    const destination *d;
    const object_template *o;
    sv key;          /* as it is written */
    const sv *value; /* of each column of o; p NULL: none */
    /* Of each field: cells one behind the other, end[i] where cell i ends; NULL: of the model as it is, whose cells are the values. */
    const char *cell;
    const size_t *end;
    const cell_trouble *trouble; /* of each field; NULL as cell */
    const bool *defaulted;       /* likewise: the template's default was written */
    bool utc;                    /* moments are turned to UTC, as the practice's zone is known */
    bool piece;                  /* one of several that the text of slice_field goes on in */
} written_row;

typedef struct row_watch {
    status (*row)(void *ctx, const written_row *r);
    void *ctx;
} row_watch;

#endif
