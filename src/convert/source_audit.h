/* What the audit list (deliver/audit.h) tells of records before they come to a destination: rows that cannot be read, rows left
 * out by the profile or by what they hold, values held back. */
#ifndef CONVERT_SOURCE_AUDIT_H
#define CONVERT_SOURCE_AUDIT_H

#include "base/ledger.h"
#include "deliver/audit.h"
#include "profile/profile.h"

/* a may be NULL, in all. ST_FATAL with a finding. */
status source_audit_reject(audit *a, const profile_reject *x);
/* What is only counted: a line for each table with unreadable rows, with the place of the first that a finding names; one for each
 * entity with rows that the profile does not take. Once everything is counted. */
status source_audit_counts(audit *a, const ledger *l, const findings *f);

#endif
