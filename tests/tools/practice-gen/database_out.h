/* The practice as a SQL Server database, through bakgen: rows go straight from the stream into pages, and on their way
 * to whoever else wants them. */
#ifndef PRACTICE_DATABASE_OUT_H
#define PRACTICE_DATABASE_OUT_H

#include "gen.h"

/* Writes FOLDER/practice.bak, and with mdf FOLDER/practice.mdf and the rows in extract's form in FOLDER/csv-extract.
 * Tells the truth and the taps on the way. */
bool database_out(gen *g, const char *folder, bool mdf, fault *f);
/* The same rows for truth and taps alone. */
bool rows_out(gen *g, table_id first, table_id end, fault *f);

#endif
