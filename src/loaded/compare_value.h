/* A value of the bundle beside the value that an export shows: what has become of it. */
#ifndef LOADED_COMPARE_VALUE_H
#define LOADED_COMPARE_VALUE_H

#include "loaded/exports.h"

typedef enum value_end {
    VALUE_EQUAL,
    VALUE_OTHER_FORM, /* the same under the normal form: dates, numbers, line ends, blanks around, order of choices */
    VALUE_OTHER_ZONE, /* a moment that the export shows in a zone which it does not name, as far off as its neighbours */
    VALUE_FILLED,     /* the bundle has none, and the system has one of its own */
    VALUE_UNCHECKED,  /* a link whose record no export names */
    VALUE_CHANGED,
    VALUE_TRUNCATED, /* the export has its beginning */
    VALUE_ROUNDED,   /* a number with fewer digits, a moment without its time */
    VALUE_LETTERS,   /* only letter case differs */
    VALUE_EMPTY,     /* the export has none */
    VALUE_ENDS
} value_end;
static inline bool value_differs(value_end e) { return e >= VALUE_CHANGED; }
extern const char *const value_end_word[VALUE_ENDS];

/* What is kept of a column from row to row. */
typedef struct compare_column {
    bool has_shift;
    int32_t shift; /* minutes that its moments without a zone are off, from the first one */
} compare_column;

typedef struct compare_value {
    exports *e;
    const bundle_load *load;
    const load_field *field;
    const export_file *file;
    size_t column; /* of the export */
    compare_column *kept;
    buf *mine, *theirs; /* rooms */
} compare_value;

/* False with a finding when it cannot go on. */
bool compare_values(const compare_value *v, sv mine, sv theirs, value_end *out);

#endif
