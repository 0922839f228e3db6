/* The audit list of a finished run (deliver/AUDIT.md): its chain, line by line, and its sums against the manifest's counts. */
#ifndef CONVERT_VERIFY_AUDIT_H
#define CONVERT_VERIFY_AUDIT_H

#include "base/arena.h"
#include "deliver/audit.h"
#include <jansson.h>

/* False with findings: where the chain breaks first, or every count that the list does not come to. */
bool verify_audit(const json_t *manifest, const char *folder, arena *mem, findings *f);

#endif
