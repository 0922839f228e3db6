/* Which encoding a text file is in: by its mark, by the pattern of its bytes, or as the user or a profile says. */
#ifndef CSV_CSV_ENCODING_H
#define CSV_CSV_ENCODING_H

#include "base/byte_source.h"
#include "csv/csv_dialect.h"

typedef struct csv_encoding_found {
    csv_encoding encoding;
    const codepage *page;
    unsigned bom; /* bytes */
    bool guessed; /* concluded from the letters that come out */
    bool silent;  /* guessed, though no letter is in it that the Turkish page has and its Western sister has not */
    bool binary;  /* not text at all */
} csv_encoding_found;

typedef struct csv_sisters {
    bool is_1254, is_857; /* some file is, by its letters */
} csv_sisters;

/* "utf-8", "UTF-16LE", "windows-1254", "cp857", "latin1" ...; letter case, "-" and "_" do not matter. */
bool csv_encoding_named(sv name, csv_encoding_found *out);
/* What is said of the encodings of files; either may be empty. */
typedef struct csv_encoding_said {
    sv named;    /* decides where the file has no mark of its own */
    sv codepage; /* a page of Windows or of the command prompt: decides which, where the bytes only tell that it is one */
} csv_encoding_said;

/* Looks at the beginning and at pieces all over the file. ST_OK, or ST_FATAL with a finding. */
status csv_encoding_find(byte_source *file, const csv_encoding_said *said, findings *f, csv_encoding_found *out);
/* Files that were written together are in one code page: what the letters of one say holds for those in which no letter
 * says anything. */
void csv_encoding_of_sisters(csv_encoding_found *e, const csv_sisters *x);
/* Adds what one file says. */
void csv_sisters_learn(csv_sisters *x, const csv_encoding_found *e);
/* "UTF-8 with BOM", "Windows-1254". Static or thread-local text. */
const char *csv_encoding_name(csv_encoding e, const codepage *page, bool bom);

#endif
