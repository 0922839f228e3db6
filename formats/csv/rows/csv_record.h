/* Cuts text into records and fields, as the quotes say. Nothing is judged here: a record that has not the number of
 * fields it should have, or quotes where none belong, is told as it is (csv_mend.h decides). */
#ifndef CSV_CSV_RECORD_H
#define CSV_CSV_RECORD_H

#include "csv/csv_dialect.h"

enum {
    FIELD_QUOTED = 1,
    FIELD_DOUBLED = 2, /* some quotation marks inside are doubled */
    FIELD_STRAY = 4    /* a single quotation mark inside quotes, or quotes that are never closed */
};

typedef struct csv_field {
    const char *p; /* into the text; of a quoted field, what is between the quotes */
    size_t n;
    unsigned flags;
} csv_field_text;

typedef struct csv_record {
    const char *p, *end, *next; /* of the text without its line end; the next record */
    size_t fields;              /* counted on beyond the room there was */
    uint32_t lines;             /* of the file that it takes, at least 1 */
    bool high;                  /* holds characters beyond ASCII; may be set without */
    bool odd_bytes;             /* holds NUL */
    bool lone_cr;               /* a carriage return that ends no line, outside quotes */
    bool stray;                 /* some field is FIELD_STRAY */
    bool open;                  /* its last quotes are never closed */
    bool soft_end;              /* ends with a line feed alone */
} csv_record;

/* The record at p. False when the text ends before the record does and `last` is not set: ask again with more of it.
 * Fields beyond `room` are counted, not told. */
bool csv_split(const csv_dialect *d, const char *p, const char *end, bool last, csv_field_text *field, size_t room,
               csv_record *r);

/* The same, cut at fixed widths. A record whose separators are not where they should be has 0 fields. */
bool csv_split_fixed(const csv_dialect *d, const char *p, const char *end, bool last, csv_field_text *field,
                     size_t room, csv_record *r);

/* The line at p without a look at quotes; its fields are cut at every delimiter. */
bool csv_split_line(const csv_dialect *d, const char *p, const char *end, bool last, csv_field_text *field, size_t room,
                    csv_record *r);

#endif
