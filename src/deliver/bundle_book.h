/* The workbook of a destination: its CSV files again as sheets, for people. Its first sheet says what each file holds and
 * which are not in it: those with more records than the template lets a sheet take, and sites, which nobody reads one by one. It is made
 * by a thread of its own while further files are written. */
#ifndef DELIVER_BUNDLE_BOOK_H
#define DELIVER_BUNDLE_BOOK_H

#include "deliver/object_writer.h"

typedef struct bundle_book bundle_book;

/* Begins d->workbook in the run's folder. NULL with a finding. d and what run points to must outlive it. */
bundle_book *bundle_book_begin(const destination *d, const deliver_run *run);
/* An object whose files are written: it becomes the next sheet. The list is copied. ST_OK; ST_FATAL with a finding. */
status bundle_book_add(bundle_book *w, const object_template *o, const delivered_file *file, size_t n);
/* No further objects will come. */
void bundle_book_complete(bundle_book *w);
/* Waits, after bundle_book_complete, until it is finished; *out: the file, its path living as long as w. ST_OK; ST_END when
 * it was cancelled; ST_FATAL with a finding. */
status bundle_book_wait(bundle_book *w, delivered_file *out);
void bundle_book_free(bundle_book *w); /* w may be NULL; what is unfinished is given up */

#endif
