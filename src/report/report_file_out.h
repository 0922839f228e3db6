/* A file of the report, written through a buffer of fixed size. Failure is sticky: after it everything is ignored, and
 * report_file_close says so once. */
#ifndef REPORT_REPORT_FILE_OUT_H
#define REPORT_REPORT_FILE_OUT_H

#include "base/buf.h"
#include "base/finding.h"
#include "base/platform.h"

typedef struct report_file_out {
    os_out *file;
    buf text;         /* not yet written; writers append here and call report_file_flush now and then */
    const char *name; /* in the run folder */
    findings *found;
    bool failed; /* a finding says why */
} report_file_out;

/* Creates folder/name, which must not exist. name stays with the caller. */
report_file_out report_file_create(const char *folder, const char *name, findings *found);
/* Writes what is in the buffer once it is worth it. */
void report_file_flush(report_file_out *o);
/* Writes the rest and closes; false, with a finding, when any of it failed. */
bool report_file_close(report_file_out *o);

#endif
