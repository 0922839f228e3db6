/* The hash that ties each line of audit.csv to all lines before it (AUDIT.md): SHA-256 over the hash of the line before, as 32
 * bytes, and the line's text. */
#ifndef DELIVER_AUDIT_CHAIN_H
#define DELIVER_AUDIT_CHAIN_H

#include "base/sv.h"
#include <stdint.h>

/* A line ends with the first digits of its hash, the closing one with all of them. */
enum { AUDIT_HASH_DIGITS = 16, AUDIT_HASH_WHOLE = 64 };

typedef struct audit_chain audit_chain;

/* Begins with the heading. NULL when it cannot be had. */
audit_chain *audit_chain_new(sv heading);
/* hex: of this line, without a NUL; false when a step failed. */
bool audit_chain_add(audit_chain *c, sv line, char hex[AUDIT_HASH_WHOLE]);
void audit_chain_free(audit_chain *c); /* c may be NULL */

#endif
