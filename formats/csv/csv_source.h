/* The row source of CSV dumps: each file a table, each column text. */
#ifndef CSV_CSV_SOURCE_H
#define CSV_CSV_SOURCE_H

#include "source/row_source.h"

/* Bids on whatever looks like text; lower than any reader that knows its files by a mark. Of a folder of several files
 * each is opened by the same call. A file named "schema.table.csv" or "table.csv" becomes the table of that name. When
 * one of the files is the _tables.csv of "chartferry extract", the others are what it says. */
extern const row_source_ops csv_ops;

/* The name ends as those of text tables do: .csv, .txt, .bcp ... */
bool csv_ending(sv path);

#endif
