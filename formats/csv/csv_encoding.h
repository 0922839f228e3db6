/* Which encoding a text file is in: by its mark, by the pattern of its bytes, or as the user says. */
#ifndef CSV_CSV_ENCODING_H
#define CSV_CSV_ENCODING_H

#include "base/byte_source.h"
#include "csv/csv_dialect.h"

typedef struct csv_encoding_found {
    csv_encoding encoding;
    const codepage *page;
    unsigned bom; /* bytes */
    bool guessed; /* concluded from the letters that come out */
    bool binary;  /* not text at all */
} csv_encoding_found;

/* "utf-8", "UTF-16LE", "windows-1254", "cp857", "latin1" ...; letter case, "-" and "_" do not matter. */
bool csv_encoding_named(sv name, csv_encoding_found *out);
/* Looks at the beginning and at pieces all over the file. `named` (may be empty) decides where the file has no mark of
 * its own. ST_OK, or ST_FATAL with a finding. */
status csv_encoding_find(byte_source *file, sv named, findings *f, csv_encoding_found *out);
/* "UTF-8 with BOM", "Windows-1254". Static or thread-local text. */
const char *csv_encoding_name(csv_encoding e, const codepage *page, bool bom);

#endif
