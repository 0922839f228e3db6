/* Where an emitter puts its files: in the folder of its destination, listed in the manifest. */
#ifndef DELIVER_PACKAGE_OUT_H
#define DELIVER_PACKAGE_OUT_H

#include "base/arena.h"
#include "base/finding.h"
#include "base/status.h"

typedef struct package_out package_out;
typedef struct fact_step fact_step; /* deliver/facts.h */

/* For texts that live as long as the run. */
arena *package_mem(package_out *out);
findings *package_findings(package_out *out);
/* A finding for lack of memory, and ST_FATAL. */
status package_no_memory(package_out *out);

/* A file of the bundle. path: relative to the destination's folder, '/' between names, each of letters, digits, ., -, _ and
 * blanks; folders are made. ST_FATAL with a finding. */
status package_file(package_out *out, sv path, sv bytes);
/* The same of a CSV file for people: its records, without the heading, are counted by who makes them. */
status package_list(package_out *out, sv path, sv bytes, uint64_t records);

/* A ZIP of texts in the order given. path and members' paths as those of package_file; formats/zip says what a name may be. */
typedef struct package_member {
    sv path, bytes;
} package_member;
status package_zip(package_out *out, sv path, const package_member *member, size_t n);

/* A file that another writer makes: where it is to lie on the disk (its folders are made; NULL with a finding), ... */
const char *package_place(package_out *out, sv path);
/* ... then, when it is closed, hashed and listed. ST_FATAL with a finding. */
status package_placed(package_out *out, sv path);
/* A file of an upload, for the guide: in the order of loading. Kept as it is. ST_FATAL with a finding. */
status package_step(package_out *out, const fact_step *step);

/* The folder of the run, for intermediate files. */
const char *package_folder(package_out *out);

#endif
