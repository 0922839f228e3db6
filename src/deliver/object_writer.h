/* One object of a bundle being written: each record is converted, checked, and put into a file of the bundle or into
 * the rejects. Records come from the staged table (object_run.h) or from charts (chart_rows.h). */
#ifndef DELIVER_OBJECT_WRITER_H
#define DELIVER_OBJECT_WRITER_H

#include "deliver/deliver.h"
#include "deliver/object_tally.h"
#include "model/work_file.h"
#include "template/template.h"

/* Files written so far, of the whole destination. */
typedef struct delivered_list {
    delivered_file *item;
    size_t n, room;
} delivered_list;
bool delivered_add(delivered_list *l, arena *mem, const delivered_file *f);

/* Name of the work table that holds which records of an object were written, for links to it. */
/* Its line in the ledger, made where it is not there; SIZE_MAX: out of memory. */
size_t object_writer_line(const object_template *o, const deliver_run *run);
void written_table_name(const destination *d, const object_template *o, buf *out);

typedef struct object_writer object_writer;

/* NULL with a finding. All that it is given must outlive it; tally is filled as rows are written. */
object_writer *object_writer_new(const destination *d, const object_template *o, const deliver_run *run,
                                 object_tally *tally, delivered_list *files);
/* One record: a value for each of its template's columns. ST_OK, also for one that is rejected; ST_FATAL with a finding. */
status object_writer_row(object_writer *w, const sv *value);
/* Whether lines of CSV that are made elsewhere, as the records are staged (staged_row.h), may stand for them. */
bool object_writer_takes_lines(const object_writer *w);
/* So many records, as such lines. The same ends. */
status object_writer_lines(object_writer *w, sv lines, uint64_t n);
/* Closes the last file (an object without records has one with its heading) and puts the counts into the ledger. */
status object_writer_finish(object_writer *w);
void object_writer_free(object_writer *w); /* w may be NULL */

/* The rows that follow are of the chart of that exam; trial: it is in the trial. ST_OK; ST_FATAL with a finding. */
status object_writer_charted(object_writer *w, sv exam, bool trial);
/* The rows that follow are staged ones again. */
status object_writer_staged(object_writer *w);
/* So many records of the exam at hand that are not wanted: counted as skipped. */
typedef enum skip_why { SKIP_SCOPE, SKIP_SAMPLE, SKIP_RULE, SKIP_NOT_LATEST, SKIP_EMPTY, SKIP_WHYS } skip_why;
status object_writer_skip(object_writer *w, uint64_t n, skip_why why);

/* Records that are in others by decision. */
status object_writer_merged(object_writer *w, const merged_record *m, size_t n);

#endif
