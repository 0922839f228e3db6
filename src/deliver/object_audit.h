/* What an object writer tells the audit list (audit.h): a line for each of its records, but
 *   - records of a chart that are skipped, and those of the model as it is, have one line an exam and outcome, by the exam's key
 *     in the source: there are some hundred sites in an exam;
 *   - records that are loaded already and have not changed are counted in one line of the object. */
#ifndef DELIVER_OBJECT_AUDIT_H
#define DELIVER_OBJECT_AUDIT_H

#include "deliver/audit.h"
#include "deliver/object_writer.h"

typedef struct object_audit {
    audit_part *part; /* NULL: there is no list */
    findings *found;
    sv chart_table;
    bool model, charted;
    buf exam; /* key in the source of the exam at hand */
    uint64_t written, skipped[SKIP_WHYS];
    uint64_t unchanged;
} object_audit;

/* False with a finding. */
bool object_audit_begin(object_audit *x, const destination *d, const object_template *o, const deliver_run *run);
void object_audit_free(object_audit *x);

/* The records that follow are of the chart of that exam; p NULL: they are staged ones again. */
status object_audit_exam(object_audit *x, sv exam);
/* value: the staged columns of a record. key: of the row. */
status object_audit_row(object_audit *x, audit_outcome outcome, const sv *value, sv key, finding_code code);
status object_audit_value(object_audit *x, bool changed, const sv *value, sv key, sv field, finding_code code);
/* value NULL: of the exam at hand. */
status object_audit_skip(object_audit *x, const sv *value, sv key, skip_why why, uint64_t n);
void object_audit_lines(object_audit *x, uint64_t n); /* written, of the exam at hand */
void object_audit_same(object_audit *x);
status object_audit_merged(object_audit *x, const merged_record *m, size_t n);
status object_audit_finish(object_audit *x);

#endif
