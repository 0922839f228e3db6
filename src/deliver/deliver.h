/* The bundle of a destination (template/destination.h), written from the staged entities: numbered files in dependency order, links by source key, rejects and
 * exceptions beside them. */
#ifndef DELIVER_DELIVER_H
#define DELIVER_DELIVER_H

#include "base/ledger.h"
#include "base/status.h"
#include "deliver/rejects.h"
#include "model/model.h"
#include "template/destination.h"
#include <sqlite3.h>

typedef struct exam_chart exam_chart;     /* chart/chart.h */
typedef struct zone_entry zone;           /* base/zone.h */
typedef struct emitter emitter;           /* deliver/emitter.h */
typedef struct record_scope record_scope; /* deliver/scope.h */
typedef struct load_state load_state;     /* deliver/load_state.h */
typedef struct merge_watch merge_watch;   /* deliver/merge_watch.h */
typedef struct custom_tally custom_tally; /* deliver/custom_tally.h */
typedef struct audit audit;               /* deliver/audit.h */

typedef struct row_watch row_watch;         /* deliver/row_watch.h */
typedef struct promised_file promised_file; /* deliver/promise.h */

typedef struct delivered_file {
    sv path;   /* relative to the run folder, '/' between names */
    sv object; /* the ledger line that its rows are counted in; empty: a map, a guide */
    uint64_t rows, bytes;
    char sha256[65];
} delivered_file;

/* A record that is in another one by decision. */
typedef struct merged_record {
    sv table, src_key, key, into; /* into: key of the record that stays */
} merged_record;

typedef struct deliver_run {
    sqlite3 *work; /* with the staged entities; the program's own tables are made in it and dropped again */
    /* found, out, mem: of this destination alone where several are written at a time. */
    const char *folder; /* of the run, unfinished; files go to folder/<id>/, which is made. Not used when dry */
    ledger *counts;     /* a line for each object: mapped, written, skipped, rejected, held back */
    findings *found;
    rejects *out;
    bool dry; /* everything but the files */
    /* Of this destination: the work table of providers who are its users (decide/owners.h), quoted; empty: none is. */
    sv owner_table;
    const merged_record *merged; /* patients, no longer among the staged ones */
    size_t merged_n;
    sv system;                     /* letters that begin source keys: "PP" */
    sv chart_table;                /* of the source, which charts are made of; empty: the source has no charts */
    const zone *zone;              /* of the practice; NULL: unknown, moments stay local */
    const emitter *const *emitter; /* those that `packages` may name */
    size_t emitters;
    const emitter *const *always; /* those that run for every bundle, behind the others */
    size_t always_n;
    record_scope *scope;    /* NULL: every record, and no trial */
    load_state *state;      /* of this destination; NULL: none is kept, every record is written */
    audit *audit;           /* NULL: no list is made of what became of records */
    const row_watch *watch; /* of this destination; NULL: nobody looks at the records */
    merge_watch *merges;    /* delivery_begin makes it; NULL: no object asks for it */
    custom_tally *customs;  /* the same; NULL: the source has no values of its own */
    arena *mem;             /* what delivered files are kept in */
    bool (*cancelled)(void *ctx);
    void *ctx;
} deliver_run;

/* A destination being written: charts first, as they are folded, then everything that was staged. */
typedef struct delivery delivery;

/* Makes the folder, looks at the limits again with the practice's own fields, and writes what charts' records point to.
 * After staging. NULL with a finding, or when it was cancelled. d and what run points to must outlive it; run itself is
 * copied. */
delivery *delivery_begin(const destination *d, const deliver_run *run);
/* Before the first chart: the exams that have one that can be read, of which `teeth: latest` takes the last of each patient. */
status delivery_exam(delivery *x, sv exam);
/* An exam whose chart cannot be read, or will not come after all. */
status delivery_exam_lost(delivery *x, sv exam);
/* One exam with its teeth, sites and findings, to every object that is made of them; its scores are staged. ST_OK; ST_FATAL
 * with findings. */
status delivery_chart(delivery *x, const exam_chart *chart);
/* Makes the lines of the ledger for what delivery_finish writes, so that they stand in the order of these calls. */
bool delivery_lines(delivery *x);
/* Writes everything else, in a transaction of the caller's; a workbook may still be in the making. ST_OK; ST_END when it was
 * cancelled; ST_FATAL with findings. Charts and this of several deliveries may be given at a time, each by one thread,
 * when the work file's handle may be used so. */
status delivery_finish(delivery *x);
/* Drops the tables of a finished one, when no other is being written. ST_OK; ST_FATAL with a finding. */
status delivery_clear(delivery *x);
/* Waits for everything. The same ends; *out: the files, in the order in which they are to be loaded, packages, the
 * template's README.md and the workbook behind them. */
status delivery_files(delivery *x, const delivered_file **out, size_t *n);
/* After delivery_finish: what the bundle is (deliver/facts.h). NULL of the model as it is, which has no fields of its own. */
typedef struct deliver_facts deliver_facts;
const deliver_facts *delivery_facts(const delivery *x);
/* What the files hold column by column (deliver/promise.h), in run.mem. False with a finding. */
bool delivery_promises(const delivery *x, const promised_file **out, size_t *n);
void delivery_free(delivery *x); /* x may be NULL */

#endif
