/* The log applied: pages of the chosen sets made what they were at the end of the log, changes of unfinished transactions
 * taken back. */
#ifndef BAK_BAK_REDO_H
#define BAK_BAK_REDO_H

#include "bak/bak_files.h"
#include "bak/bak_log.h"
#include "bak/bak_row_counts.h"
#include "mdf/page_overlay.h"

/* Changes of one page that could not be applied, or taken back. */
typedef struct redo_doubt {
    page_id page;
    uint64_t unit, rowset; /* of the first of them that says so */
    uint64_t changes;      /* counts of rows in the catalog are none */
    const char *why;       /* of the first; static */
} redo_doubt;

typedef struct redo_result {
    bool read;        /* there was a log part */
    uint64_t applied; /* changes put on pages that did not have them; of rows only: */
    uint64_t rows;
    uint64_t undone;     /* changes of unfinished transactions taken back */
    uint64_t unfinished; /* transactions without an end */
    bak_lsn end;         /* pages are as at this moment */
    log_result log;
    const bak_entry *stopped; /* the backup whose log part is damaged, or shorter than it says; NULL: all were read */
    id_table rows_changed;    /* for mdf_source_count_changes */
    redo_doubt *doubt;        /* malloc */
    size_t doubts;
    bool more_doubts; /* than are listed */
} redo_result;

/* Reads the log of the chosen sets and of the log backups on them, and puts the overlay over *store in its place when a
 * page must be changed. folder: for a work file; NULL: the system's. ST_OK, or ST_FATAL with a finding (*store is the
 * caller's then too). redo_free in both cases. */
status bak_redo(const bak_files *b, const char *folder, findings *f, page_store **store, redo_result *out);
void redo_free(redo_result *r);

#endif
