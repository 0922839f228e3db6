/* The whole way: source, profile, staging, destinations, balance, manifest, report; and the check of a finished run. */
#ifndef CONVERT_CONVERT_H
#define CONVERT_CONVERT_H

#include "base/arena.h"
#include "base/byte_source.h"
#include "base/ledger.h"
#include "base/problem.h"
#include "source/row_source.h"

/* A file that the source is made of. */
typedef struct source_given {
    const char *path;   /* NULL: bytes */
    byte_source *bytes; /* of a file in a folder that was given */
} source_given;

typedef struct convert_options {
    const char *templates;      /* folder that holds sources/ and destinations/ */
    const char *profile;        /* id; NULL: the one that fits best, which must fit well */
    const char *const *setting; /* NAME=VALUE: options of the profile that hold instead of its own */
    size_t settings;
    const char *const *to; /* destination ids */
    size_t destinations;
    /* What holds instead of the templates': "VALUE" for every destination, "ID=VALUE" for one; NULL: nothing. */
    const char *edition, *layout, *teeth, *charts, *tooth_label, *prefix, *format;
    /* Exports of the destinations' users, each "FILE" or "ID=FILE"; a confirmed list of providers and their users; who owns
     * what is left, as "USER" or "ID=USER,ID=USER". */
    const char *const *users;
    size_t users_n;
    const char *owners, *fallback_owner;
    const char *
        since; /* folder of an earlier run, or its folder state: only what is new or has changed is written; NULL: all */
    const char *decisions; /* about duplicates (decide/merges.h); NULL: none */
    /* The run folder is made inside it, named by the database and the backup's own date, never by the clock; made when
     * it does not exist. NULL only when dry: then nothing touches the disk. */
    const char *out;
    const char *const
        *only; /* "active-since:DAY", "location:KEY", "entities:a,b", "without:a,b": what the run is about */
    size_t onlys;
    unsigned sample; /* patients of a sample (sample/sample.h), at most CONVERT_SAMPLE_MAX; 0: all */
    /* Where files are looked for that documents only name by a path; NULL: nowhere. */
    const char *files;
    const char *without; /* "notes", "ssn" with commas between: stay in the practice; NULL: nothing does */
    /* For the report: what the source's files are (they are read once more, for their SHA-256), whether it shows values of patients,
     * and whether it is written as report.pdf too. */
    const source_given *given;
    size_t givens;
    bool show_values, pdf;
    bool dry; /* everything but the run folder; out, when given, holds the work file meanwhile */
    void (*progress)(void *ctx, const char *stage, uint64_t done, uint64_t total); /* total 0: unknown; may be NULL */
    bool (*cancelled)(void *ctx);                                                  /* may be NULL */
    void *ctx;
} convert_options;

enum { CONVERT_SAMPLE_MAX = 100000 };

typedef enum convert_end {
    CONVERT_DONE,
    CONVERT_WRONG_FILES /* profile, template or a list of the practice: problems or a finding say where */,
    CONVERT_NO_PROFILE,
    CONVERT_NO_SOURCE,
    CONVERT_NO_OUTPUT,
    CONVERT_UNBALANCED,
    CONVERT_CANCELLED,
    CONVERT_FAILED
} convert_end;

typedef struct convert_result {
    arena *mem;
    sv run_folder; /* final path: out/name; empty with dry or failure */
    sv profile_id, profile_title;
    unsigned profile_score;
    ledger *counts;
    problems wrong; /* sorted */
    uint64_t rejected, held_back, changed, unreadable;
    char audit[65];    /* the closing hash of audit.csv; empty: none was written */
    bool partial_left; /* an unfinished folder could not be removed */
} convert_result;

convert_end convert_run(row_source *s, const convert_options *o, findings *f, convert_result *out);
void convert_result_free(convert_result *r);

/* The code page that the profile which this source would be converted with says text files are in that do not name one
 * ("windows-1254"); empty: it says none, or there is no such profile. In mem. */
sv convert_codepage(row_source *s, const convert_options *o, arena *mem);

/* Checks a finished run folder against its manifest: every file there, nothing else, sizes, SHA-256, row counts, cells
 * (required, lengths, digits, forms of dates; CSV and workbooks), the limits of files, the balance. True when all is as it was
 * written; else findings. A folder named .partial, or without a manifest,
 * is refused. */
bool convert_verify(const char *folder, findings *f);

#endif
