/* A list for people, as CSV: a heading, rows of texts. What is NULL or empty is an empty cell. */
#ifndef DELIVER_LIST_FILE_H
#define DELIVER_LIST_FILE_H

#include "base/status.h"
#include "deliver/bundle_file.h"
#include "deliver/rejects.h"

typedef struct list_file list_file;

/* heading: "a,b,c". folder NULL (a dry run): rows are only counted. path must outlive it. NULL with a finding. */
list_file *list_file_new(const char *folder, sv path, const char *heading, findings *f);
status list_file_row(list_file *l, const sv *cell, size_t n);
/* Closes and frees it. ST_FATAL, with a finding, when it was not written whole. */
status list_file_close(list_file *l, rejects_file *out);
void list_file_abandon(list_file *l); /* l may be NULL */

#endif
