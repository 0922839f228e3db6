/* The table at the end of a conversion: for each entity what was read and what became of it. */
#ifndef CLI_CONVERT_SUMMARY_H
#define CLI_CONVERT_SUMMARY_H

#include "base/ledger.h"
#include "cli/term.h"

/* A line for each entity, a column for each destination, and below it the objects that left something out. */
void convert_summary(buf *out, const term *t, const ledger *l);

#endif
