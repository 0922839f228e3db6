/* A conversion on its way: what its steps share, and the steps themselves in the order in which convert.c takes them. Each says
 * how the run ends; CONVERT_DONE: the next one may begin. Internal to this folder. */
#ifndef CONVERT_RUN_H
#define CONVERT_RUN_H

#include "convert/chart_batch.h"
#include "convert/choice.h"
#include "convert/convert.h"
#include "convert/lanes.h"
#include "convert/ownership.h"
#include "convert/quality_lists.h"
#include "convert/run_folder.h"
#include "convert/run_log.h"
#include "convert/sampling.h"
#include "convert/source_files.h"
#include "convert/source_work.h"
#include "decide/merges.h"
#include "deliver/audit.h"
#include "deliver/chart_rows.h"
#include "deliver/deliver.h"
#include "deliver/load_state.h"
#include "deliver/rejects.h"
#include "deliver/scope.h"
#include "documents/chart_files.h"
#include "documents/documents.h"
#include "profile/profile.h"
#include "report/report.h"

typedef struct run {
    row_source *source;
    const convert_options *o;
    findings *found;
    convert_result *result;
    arena *mem;
    const catalog *tables;
    choice choice;
    run_folder *folder; /* NULL: dry without an output folder */
    rejects *out;
    audit *audit;    /* NULL: dry */
    rejects *listed; /* where what the profile rejects goes: out, or the lane of the charts */
    quality_lists *quality;
    scope_options scope_options;
    record_scope *scope;
    sampling *sampling;   /* NULL: of the whole practice */
    const merges *merges; /* NULL: nothing was decided */
    size_t patients;      /* their line in the ledger, once they are merged */
    const ownership *ownership;
    load_state **state;  /* of each destination; NULL: none is kept, as of the model as it is */
    hash_key state_key;  /* once begun */
    lanes *lanes;        /* of each destination, and one more of the charts; NULL: one destination, or one core */
    delivery **delivery; /* of each destination, once begun */
    chart_batch *batch;  /* with lanes, while charts are folded */
    documents *documents;
    chart_files *drawn;
    size_t *files_of; /* of each destination: its place in documents; SIZE_MAX: takes no files */
    chart_totals charts;
    source_work work;
    bool without_notes, without_national_id;
    arena *chart_mem;          /* of charts without notes */
    source_files *given;       /* NULL: a dry run */
    rejects_file *audited;     /* audit.csv, once it is closed */
    struct counting *counting; /* on its thread; NULL: not now */
    bool list_failed;          /* a reject could not be listed */
    status content;            /* of the last document */
    report_input facts;
    run_log log;
} run;

/* The source read (run_staging.c). */
convert_end run_open_databases(run *r);
convert_end run_begin_sampling(run *r); /* run_sampling.c */
convert_end run_stage_entities(run *r);
convert_end run_withhold(run *r);   /* --without (run_withhold.c) */
profile_run run_of_profile(run *r); /* what the profile's passes over the source are given */
/* Destinations begun, with what the practice has decided (run_deliveries.c), and where documents go (run_documents.c). */
convert_end run_begin_deliveries(run *r);
convert_end run_make_scope(run *r); /* which records it is about (run_sampling.c) */
convert_end run_begin_documents(run *r);
/* The passes over charts (run_charts.c) and contents (run_documents.c). */
convert_end run_fold_charts(run *r);
convert_end run_stream_documents(run *r);
convert_end run_write_all(run *r); /* run_deliveries.c */
/* While workbooks are made: what was staged counted, on a thread of its own (run_quality.c), the audit chained meanwhile, then
 * lists and balance (run_closing.c). */
convert_end run_count_quality(run *r);
convert_end run_count_missing(run *r);
convert_end run_close_audit(run *r);
convert_end run_end_counting(run *r);
convert_end run_finish_sampling(run *r); /* run_sampling.c */
convert_end run_close_lists(run *r);
convert_end run_wait_for_all(run *r);
/* For the report: how the run was asked for (run_asked.c), what its files are filled with (run_fills.c). */
bool run_asked(run *r);
bool run_fills(run *r);
/* Report, manifest, the folder's name (run_closing.c). */
convert_end run_close(run *r);

/* --without as it was given. False with a problem, or out of memory. */
bool run_read_without(run *r);
bool run_withholds_national_id(const run *r); /* also where the profile's option does not ask for it */
/* The chart without what was written on its teeth, until the next call; NULL: out of memory. */
const exam_chart *run_without_notes(run *r, const exam_chart *x);

/* What steps share (run.c). */
void run_progress(const run *r, const char *stage);
bool run_stopped(const run *r);
convert_end run_no_memory(run *r);
/* What ended a step that only says ST_FATAL: an interrupt, which also breaks off the statement that is running, or what the
 * findings tell that it added. */
convert_end run_why_fatal(const run *r);
convert_end run_after(const run *r, status s);
/* What the lanes hold, where there are any. */
bool run_give(const run *r);
/* Adds files that stay in the practice to those that the report names. False: out of memory. */
bool run_keep_lists(run *r, const rejects_file *file, size_t n);

#endif
