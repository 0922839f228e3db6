/* The files, folders and archives named on the command line, opened together. */
#ifndef CLI_OPENED_H
#define CLI_OPENED_H

#include "cli/options.h"
#include "convert/convert.h"
#include "registry/gather.h"
#include "registry/registry.h"

typedef struct opened {
    arena *mem;
    gathered from, older;  /* older: of --repair-from */
    size_t files;          /* of the source: those of a folder or an archive one by one */
    row_source *source;    /* may be there, for info only, when status is not ST_OK */
    const catalog *tables; /* NULL when there is none to be had */
    findings *found;
    status status;
    bool checked; /* by opened_check */
    page_counts pages;
} opened;

/* Opens and reads the catalog. False when out of memory; everything else is told by status and found. */
bool opened_from(const options *o, opened *out);
/* The same; text files in a code page that they do not name are in this one (a profile's option; may be empty). */
bool opened_in_codepage(const options *o, sv codepage, opened *out);
/* The same; they are in the one of the profile that the source would be converted with (convert_codepage). */
bool opened_for_profile(const options *o, const convert_options *to, arena *mem, opened *out);
/* The folder that is written to, or that what is written will lie in, for work files meanwhile; NULL: none. In mem. */
const char *opened_work_folder(const options *o, arena *mem);
/* The same of other operands than the command's first one. */
bool opened_from_operand(const options *o, size_t first, sv codepage, opened *out);
/* Verifies all checksums, where the source has any. */
void opened_check(opened *x);
void opened_close(opened *x);
const source_info *opened_info(const opened *x); /* NULL when nothing is known */
/* Whether a text file's code page is a guess, which a profile may know better. */
bool opened_guessed_text(const opened *x);

#endif
