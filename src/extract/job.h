/* One run of the export: the plan, the threads' shared state, and what each thread works with. Internal to this layer.
 *
 * The rows of all tables are cut into chunks, numbered through. Threads take chunks in order, format the rows into a
 * buffer of their own, and write in the order of the numbers ("turns"): so the output is the same for any number of
 * threads. A thread whose buffer is full waits for its turn and then writes straight through. */
#ifndef EXTRACT_JOB_H
#define EXTRACT_JOB_H

#include "base/platform.h"
#include "csv/csv_writer.h"
#include "extract/extract.h"
#include "extract/out_folder.h"
#include "xlsx/xlsx_writer.h"
#include <stdatomic.h>

/* A table of the run. */
typedef struct table_job {
    const table_info *info;
    size_t index;     /* in the catalog */
    sv stem, file;    /* "dbo.patient", "dbo.patient.csv"; file is empty when none is written */
    uint16_t *column; /* those that can be read, by position in info->column */
    size_t columns;
    uint64_t units, chunk_units; /* scan units: of the table (0: it cannot be cut), of a chunk */
    uint64_t chunks;

    /* Changed only by the thread whose turn it is. */
    out_file *out;
    csv_counter counted;
    uint64_t in_file; /* rows in the finished file, counted from what was written */
    uint64_t written, holed, cells;
    uint64_t unreadable; /* rows with cells that cannot be read, and rows the reader knows to be lost */
    bool broken;         /* a scan of it ended early */
} table_job;

typedef struct job {
    row_source *source;
    const extract_options *o;
    findings *found;
    arena *mem; /* the result's: names of files are told in it */
    out_folder *folder;
    out_file *unreadable; /* _unreadable.csv */
    table_job *table;
    size_t tables;
    size_t buffer_bytes; /* per thread */

    mutex *lock;
    condition *turn_came;
    size_t next_table; /* the chunk to be taken next */
    uint64_t next_chunk, next_number;
    uint64_t turn; /* number of the chunk that may write */
    extract_end end;
    atomic_bool stopped;
    extract_progress progress;
} job;

typedef struct worker {
    job *job;
    table_job *t;
    uint64_t chunk, number; /* within the table; of all */
    bool my_turn;
    buf rows;       /* CSV text not yet written; XLSX: texts of one row's cells */
    buf unreadable; /* lines for _unreadable.csv, not yet written */
    uint64_t row;   /* in the chunk, from 1 */
    uint64_t written, holed, cells, cell_rows;
    buf files;       /* names of files made for cells of the present row, NUL between */
    buf name;        /* scratch */
    uint8_t *broken; /* per column of the present row: its value broke off */
    xlsx_book *book;
    char piece[32768]; /* of a streamed value */
} worker;

/* plan.c: chooses tables, names files, cuts chunks. EXTRACT_DONE, EXTRACT_NO_TABLE or EXTRACT_NO_MEMORY. */
extract_end plan_make(job *j, const catalog *c);

/* job.c */
void job_stop(job *j, extract_end why); /* the first reason counts */
bool job_stopped(job *j);               /* also asks whether the user wants to stop */
/* Writes what the worker holds, when it is its turn. False when the job was stopped. */
bool worker_flush(worker *w);
void worker_run(void *worker);

/* What became of a row. */
typedef enum row_fate { ROW_WRITTEN, ROW_UNREADABLE, ROW_STOPPED } row_fate;

/* row_csv.c, row_xlsx.c: formats one row. */
row_fate row_csv(worker *w, const row *r);
row_fate row_xlsx(worker *w, const row *r);

/* cell.c: what both have in common. */
const column_info *cell_column(const worker *w, size_t i);
/* Lists cell i of the row as unreadable. */
void cell_list(worker *w, const row *r, size_t i, finding_code why);
/* Lists each V_UNREADABLE cell, returns how many there are. */
size_t cell_list_unreadable(worker *w, const row *r);
/* Adds OUT_VALUE_BROKEN for cell i and lists it. */
void cell_broken(worker *w, const row *r, size_t i);

/* Calls take for each piece of a V_LOB until it returns false. ST_END: all was read; ST_OK: take had enough;
 * ST_ROW_LOST: the value breaks off; ST_FATAL: the job is stopped. */
status cell_stream(worker *w, const lob_ref *ref, bool (*take)(void *ctx, sv piece), void *ctx);
/* Writes the value of cell i (V_TEXT, V_BYTES, V_LOB) to a file of its own and puts its name, relative to the output
 * folder, into w->name. ST_OK; ST_ROW_LOST: the value breaks off, no file is left; ST_FATAL: the job is stopped. */
status cell_to_file(worker *w, const row *r, size_t i);
/* Removes the files made for the present row. */
void cell_files_remove(worker *w);
bool cell_is_binary_file(const worker *w, const row *r, size_t i); /* --lobs files: this value goes to a file */

/* result.c: totals and their checks, after the threads are done. */
extract_end result_make(job *j, extract_result *out);

/* sidecar.c: the files beside the tables; each false with a finding when writing failed. */
bool sidecar_tables(job *j, const extract_result *r);
bool sidecar_findings(job *j);
bool sidecar_types(job *j);
extern const char sidecar_unreadable_head[];

#endif
