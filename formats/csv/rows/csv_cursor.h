/* The state of one scan of a text file. csv_scan.c runs it, csv_broken.c decides about records that are not as they
 * should be, csv_long.c takes those that fit into no window.
 *
 * A scan unit k begins at the first whole record at or behind k * CSV_UNIT_BYTES whose neighbour before it is whole as
 * well: broken rows are thus decided by one cursor, whichever ranges a table is cut into. Cursors note these places as they
 * pass them; who needs one that nobody has passed runs a silent cursor up to it. */
#ifndef CSV_CSV_CURSOR_H
#define CSV_CSV_CURSOR_H

#include "csv/csv_internal.h"
#include "csv/rows/csv_cell.h"

/* A record that needs a larger window is taken piece by piece (csv_long.c). */
#define CSV_WINDOW_BYTES_MAX ((size_t)8 << 20)

/* A record and its fields. */
typedef struct csv_cut {
    csv_record r;
    csv_field_text *field;
    bool there;
} csv_cut;

struct row_cursor {
    csv_source *s;
    csv_table *t;
    size_t table;
    csv_text text;
    size_t at;         /* of the present record in the window */
    uint64_t line;     /* of it */
    bool before_whole; /* the record before it was whole */
    bool silent;       /* adds no findings: finds the places of units, or audits */
    bool audits;       /* reads the file once when it is opened */
    bool over;
    uint64_t unit,
        last;    /* next unit whose place is to be noted; the unit to stop at (the table's number of units: the end) */
    size_t mark; /* where in the window that unit may begin; SIZE_MAX: behind it */
    csv_cut now, then; /* the present record and the next one */
    uint16_t *column;
    size_t columns;
    value *cell;
    size_t rows_room;
    arena *mem;
    scan_counts counts;
    uint64_t raw_done; /* for progress */
    bool lost;         /* a row was lost since the caller was last told */
    /* What a batch holds so far: given by csv_next to those who add rows. */
    row *out;
    size_t got;
};

/* What was decided about the present record. */
typedef enum csv_verdict {
    CSV_GO_ON,     /* done with it; c->at, c->line stand at the next one */
    CSV_NEED_MORE, /* the window must grow first */
    CSV_STOPPED,   /* the table is over, a finding says why */
    CSV_FAILED     /* memory or the file: ST_FATAL */
} csv_verdict;

/* Reads the whole table without findings; NULL when out of memory. */
row_cursor *csv_audit_cursor(csv_source *s, size_t table);

/* Adds a row of these fields. False when out of memory. */
bool csv_emit(row_cursor *c, const csv_record *r, const csv_field_text *field, uint64_t line);
/* A row that is not handed out: a finding, and counted. */
void csv_lose(row_cursor *c, uint64_t line, size_t fields, const char *why);
/* Moves on behind r. */
void csv_pass(row_cursor *c, const csv_record *r);
/* Cuts the record at `from`. CSV_GO_ON: it is there; CSV_NEED_MORE. */
csv_verdict csv_cut_at(row_cursor *c, const char *from, csv_cut *out);
bool csv_is_whole(const row_cursor *c, const csv_cut *x);

/* csv_broken.c: the present record is not whole, or the next one is a line without a single delimiter. */
csv_verdict csv_broken(row_cursor *c);
bool csv_is_orphan(const row_cursor *c, const csv_cut *x); /* one field where there should be more */
bool csv_is_footer(const csv_dialect *d, sv line);

/* csv_long.c: the present record is longer than a window. */
csv_verdict csv_long_record(row_cursor *c);

/* A V_LOB of `bytes` of the file from `at` on. */
void csv_lob_value(const row_cursor *c, value *out, uint64_t at, uint64_t bytes, unsigned flags, size_t column);

#endif
