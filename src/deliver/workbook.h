/* The workbook of a destination: its CSV files again as sheets, for people. Its first sheet says what each file holds and
 * which are not in it: those with more records than a sheet takes, and sites, which nobody reads one by one. */
#ifndef DELIVER_WORKBOOK_H
#define DELIVER_WORKBOOK_H

#include "deliver/object_writer.h"

/* Writes d->workbook from the files written so far and adds it to them. ST_OK; ST_END when cancelled; ST_FATAL with a
 * finding. */
status workbook_write(const destination *d, const deliver_run *run, delivered_list *files);

#endif
