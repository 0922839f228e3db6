/* Takes every table out of a row source and writes it to a folder: one CSV or workbook per table, and beside them
 *
 *   _tables.csv      one line per table: what was expected, written, unreadable, and why
 *   _unreadable.csv  one line per cell that could not be read (page, slot, column, finding; no values)
 *   _findings.csv    every finding with its place
 *   _types.json      columns with their SQL types
 *
 * The folder is written under the name OUT.partial and renamed when everything is done and every count adds up. Nothing
 * here prints: progress goes to a callback, what happened to findings. The bytes written do not depend on the number of
 * threads. */
#ifndef EXTRACT_EXTRACT_H
#define EXTRACT_EXTRACT_H

#include "source/row_source.h"

typedef enum extract_format { EXTRACT_CSV, EXTRACT_XLSX } extract_format;

typedef enum extract_stage { STAGE_TABLES, STAGE_VERIFY, STAGE_FINISH } extract_stage;

typedef struct extract_progress {
    extract_stage stage;
    uint64_t bytes, bytes_total; /* of the tables' pages; total 0: unknown */
    uint64_t rows;               /* written so far */
    size_t tables, tables_total; /* finished, all */
} extract_progress;

typedef struct extract_options {
    const char *out; /* folder: must not exist or be empty */
    extract_format format;
    const char *const *table; /* names as the user gave them: "schema.table" or "table", any letter case */
    size_t tables;            /* 0: every table */
    unsigned threads;         /* 0: one per processor */
    bool lobs_as_files;       /* binary (max) and image values to files of their own, named in the cell */
    bool salvage;             /* write rows with unreadable cells, those cells empty */

    /* Called from any of the threads, one at a time, after every batch; may be NULL. */
    void (*progress)(void *ctx, const extract_progress *p);
    /* True: stop as soon as possible. Called from any thread; may be NULL. */
    bool (*cancelled)(void *ctx);
    void *ctx;
} extract_options;

typedef enum extract_end {
    EXTRACT_DONE,      /* the folder is there; findings say whether anything is missing */
    EXTRACT_NO_TABLE,  /* a table that was asked for does not exist; nothing was written */
    EXTRACT_NO_SOURCE, /* the source broke down */
    EXTRACT_NO_OUTPUT, /* the output could not be written */
    EXTRACT_NO_MEMORY,
    EXTRACT_UNBALANCED, /* the counts do not add up: a defect */
    EXTRACT_CANCELLED
} extract_end;

typedef enum table_state { TABLE_OK, TABLE_PARTIAL, TABLE_UNREADABLE, TABLE_UNSUPPORTED } table_state;
const char *table_state_name(table_state s); /* "ok", "partial" ... */

typedef struct table_result {
    const table_info *info;
    sv file;             /* name in the folder; empty when none was written */
    uint64_t written;    /* rows in the file */
    uint64_t unreadable; /* rows that are not */
    uint64_t holed;      /* rows written with cells left empty (salvage) */
    uint64_t cells;      /* unreadable cells listed in _unreadable.csv */
    table_state state;
    sv reason; /* a sentence; may be there when the state is TABLE_OK */
} table_result;

typedef struct extract_result {
    arena *mem; /* owns what follows */
    table_result *table;
    size_t tables;
    uint64_t written, unreadable, cells;
    bool partial_left; /* after a failure: the unfinished folder could not be removed */
} extract_result;

/* On every end but EXTRACT_DONE nothing is left on the disk unless a finding says so. out is to be freed after any end.
 * */
extract_end extract_run(row_source *s, const extract_options *o, findings *f, extract_result *out);
void extract_result_free(extract_result *r);

#endif
