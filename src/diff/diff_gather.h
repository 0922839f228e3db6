/* Which values of the source a cell is made of. Inside of the diff layer. */
#ifndef DIFF_DIFF_GATHER_H
#define DIFF_DIFF_GATHER_H

#include "diff/diff.h"

typedef struct gathered {
    diff_sources sources;
    const model_entity *entity; /* of the one record and field that it is: NULL: several, or none */
    const model_field *field;
    sv src_key; /* of that record; in the arena of sources */
    bool child, chart, score, whole_chart, count, owner, table, key, profile, input;
} gathered;

/* What column c of the row holds; ST_FATAL: the work file or memory failed. */
status gather_column(diff_store *s, const written_row *r, const row_column *c, gathered *out);
/* The key of the record. */
status gather_key(diff_store *s, const written_row *r, gathered *out);
/* All that an exam's chart is made of, into out->sources. */
status gather_chart(diff_store *s, sv exam, diff_sources *out);
/* The exam whose whole chart the column holds; empty: none. */
sv gather_exam(diff_store *s, const written_row *r, const row_column *c);

#endif
