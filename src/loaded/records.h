/* The records of a file, one after the other: of a bundle's own parts, and of files that a CRM or its tools wrote. */
#ifndef LOADED_RECORDS_H
#define LOADED_RECORDS_H

#include "loaded/loads.h"

typedef struct record_taker {
    /* The headings; false: the file, or this sheet of it, is not wanted. */
    bool (*head)(void *ctx, const sv *cell, size_t n);
    /* A record; cells that it lacks are left out at its end. number: from 1, below the heading. Cells live until the next
     * call. False ends it all. */
    bool (*row)(void *ctx, const sv *cell, size_t n, uint64_t number);
    void *ctx;
} record_taker;

typedef enum records_end {
    RECORDS_READ,    /* to the end, or head wanted none */
    RECORDS_STOPPED, /* row ended it */
    RECORDS_BROKEN   /* a finding says why */
} records_end;

/* A part as object_writer or the XLSX writer left it. */
records_end records_of_part(const loads *l, const load_part *p, const record_taker *t);
/* Any CSV or XLSX file. *lost: records that could not be read, each with a finding. */
records_end records_of_file(const char *path, const record_taker *t, findings *f, uint64_t *lost);

#endif
