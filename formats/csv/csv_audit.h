/* A look at every value of a file that is small enough for it: the exact number of rows, and the marks that writers leave
 * on values they spoil. */
#ifndef CSV_CSV_AUDIT_H
#define CSV_CSV_AUDIT_H

#include "csv/csv_internal.h"

/* Reads the table once and adds what it finds; sets rows_expected. ST_OK or ST_FATAL. */
status csv_audit(csv_source *s, size_t table);
/* What only scans could count, of the files that were not audited. */
void csv_say_late(csv_source *s);

#endif
