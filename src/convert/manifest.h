/* manifest.json: what a run wrote, so that it can be told later whether it is still so.
 *
 * The source is named by its database, the backup set's place, kind and dates as the server wrote them, its
 * version and its sizes; report.json has the hashes of its files too, which are read on a thread of their own for it. No clock and no path is in it: the same source gives the
 * same bytes. */
#ifndef CONVERT_MANIFEST_H
#define CONVERT_MANIFEST_H

#include "deliver/digest.h"
#include "report/report.h"

typedef struct manifest_file {
    sv path;   /* relative */
    sv object; /* ledger line of its rows; empty: none */
    bool csv;
    uint64_t rows; /* of CSV: records without the heading, as counted by its quotes */
    uint64_t bytes;
    char sha256[SHA256_HEX + 1];
} manifest_file;

/* Every file of the folder but the manifest. Those that facts name were hashed and counted as they were written, and are
 * not read again when their size is right, nor are those that *out (of *n) holds from an earlier call. False with a finding. */
bool manifest_files(const char *folder, const report_input *facts, arena *mem, manifest_file **out, size_t *n,
                    findings *f);

/* True when the files hold what the ledger counted and what their writers said; else findings. */
bool manifest_balanced(const report_input *facts, const manifest_file *file, size_t n, findings *f);

/* True when two counts of the same are equal; else a finding. */
bool manifest_same(sv what, uint64_t counted, uint64_t found, findings *f);

/* The manifest behind its head (see run_folder.h). False when out of memory. */
bool manifest_text(const report_input *facts, const manifest_file *file, size_t n, buf *out);

#endif
