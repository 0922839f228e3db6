/* Log backups that were given with a full backup: which of them continue it, in which order, and where one is missing. */
#ifndef BAK_BAK_CHAIN_H
#define BAK_BAK_CHAIN_H

#include "bak/bak_choice.h"

/* Fills c->log from the log sets that are not in the same file as the full backup. Findings for logs that are not needed
 * and for a gap. ST_OK, or ST_FATAL when out of memory. */
status bak_chain(bak_choice *c, arena *a, findings *f);

#endif
