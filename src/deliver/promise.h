/* What the files of a destination hold column by column, as its template and the run had it: kept in the manifest, so that a
 * finished run can be held against it later. */
#ifndef DELIVER_PROMISE_H
#define DELIVER_PROMISE_H

#include "base/arena.h"
#include "template/template.h"

typedef struct promised_column {
    sv heading;
    bool required;       /* no cell is empty */
    uint64_t characters; /* the most of a cell, in UTF-16 units; 0: any number */
    bool number;
    uint64_t digits, behind; /* of a number: in all, behind the point */
    sv form, form_local;     /* of dates and moments, and where the practice's zone is not known; empty: none */
} promised_column;

/* An object's files: STEM.csv or .xlsx, STEM_2 and so on, and those of the trial. */
typedef struct promised_file {
    sv stem;
    char delimiter;
    const promised_column *column;
    size_t columns;
} promised_file;

/* object: of the destination, with the practice's own fields. None of a destination that is the model itself. In mem; false
 * when it is used up. */
bool promises_of(const destination *d, object_template *const *object, arena *mem, const promised_file **out,
                 size_t *n);

#endif
