/* The report of a conversion: report.html and report.pdf for people, report.json for machines, made of the same facts so that
 * they cannot disagree. The same facts give the same bytes: no clock, no absolute path, and no cell value (findings hold
 * none), but of spot checks where that is asked for. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/ledger.h"
#include "base/status.h"
#include "quality/quality.h"

/* A file that was given. sha256 empty: not known. */
typedef struct report_source_file {
    sv name; /* without the folder */
    uint64_t bytes;
    sv sha256;
} report_source_file;

/* What was read. Texts are empty, numbers 0, where nothing is known. */
typedef struct report_source {
    sv kind, product, database;   /* "SQL Server backup", "SQL Server 2014 (12.0.2000)", "Hospital" */
    unsigned set;                 /* position of the backup set in its file, from 1; 0: no backup */
    sv set_type, set_name;        /* "full" */
    sv started, finished;         /* "2017-12-18 16:21:39", server's local time */
    uint64_t file_bytes;          /* of all files given */
    uint64_t data_bytes;          /* of the data files as allocated */
    sv consistency_note;          /* a sentence; empty: nothing to say */
    bool changed_while_backed_up; /* user tables changed while the backup was made */
    const report_source_file *file;
    size_t files;
} report_source;

typedef struct report_profile {
    sv id, title;
    unsigned score; /* 0 to 100 */
    sv missing;     /* what its fingerprint names and the source lacks, one per line; empty: nothing */
    sv sha256;      /* of its files, hex */
} report_profile;

/* A file of the run folder. */
typedef struct report_file {
    sv path;   /* relative to the run folder, '/' between names */
    sv object; /* name of the ledger's object line that its rows are counted in; empty: a map, a guide */
    uint64_t rows, bytes;
    sv sha256;
} report_file;

/* A field of a destination's file: how full the source has it, and how full it is. The source is counted over the rows that its
 * records are made of; where they are not all of an entity, or several fields make one, over the records themselves. */
typedef struct report_fill {
    sv object; /* name of the ledger's object line */
    sv field, from;
    uint64_t fields; /* 1; more: those of teeth and sites together */
    uint64_t source_rows, source;
    uint64_t rows, filled;
    uint64_t held_back; /* values of the source that had no certain meaning */
} report_fill;

/* How the run was asked for: an option as the command line has it, paths without their folders. */
typedef struct report_option {
    sv name, value; /* "--layout", "wide"; value empty: it takes none */
} report_option;

typedef struct promised_file promised_file; /* deliver/promise.h */

typedef struct report_destination {
    sv id, title;
    sv sha256;                              /* of the template's files */
    uint64_t rows_per_file, bytes_per_file; /* the most that a file of rows may have; 0: no limit */
    const promised_file *promise;           /* what its files hold column by column; only the manifest tells */
    size_t promises;
    const report_file *file; /* in the order in which they are to be loaded */
    size_t files;
    const report_fill *fill; /* in the order of loading; none of the model as it is */
    size_t fills;
} report_destination;

/* A table of the source that the profile does not read. */
typedef struct report_table {
    sv name;      /* "schema.table" */
    int64_t rows; /* as the catalog counts them; -1: unknown */
} report_table;

/* How many lines of a list that stays in the practice have the code of a finding. */
typedef struct report_listed {
    sv path, code;
    uint64_t rows;
} report_listed;

/* Lines of a sample's comparison (diff/diff.h), by what came of a value. */
typedef struct report_results {
    uint64_t same, changed, empty, held_back;
} report_results;

typedef struct report_compared {
    sv id; /* of the destination */
    uint64_t records, lines;
    report_results all;
    const struct report_rule {
        sv rule;
        report_results lines; /* that went by it */
    } * rule;
    size_t rules;
} report_compared;

typedef struct report_sample {
    uint64_t asked, patients;
    uint64_t strata, covered, absent, left_out;
    const report_compared *destination;
    size_t destinations;
} report_sample;

typedef struct report_input {
    sv version; /* of the program */
    sv run;     /* name of the run folder */
    report_source source;
    report_profile profile;
    const report_destination *destination;
    size_t destinations;
    const report_file *left; /* rejects and exceptions.csv: patients' values, stays in the practice */
    size_t lefts;
    const report_listed *listed;
    size_t listeds;
    const report_table *unread; /* left behind; by name */
    size_t unreads;
    const quality_facts *quality; /* NULL: not counted */
    const report_sample *sample;  /* NULL: the run is about the whole practice */
    const report_option *option;
    size_t options;
    bool show_values;     /* spot checks show values of patients: the report stays in the practice */
    bool pdf;             /* report.pdf is wanted too */
    const ledger *counts; /* balanced, and confirmed by counting the files */
    findings *found;      /* what there is to tell; a failure of the report itself is added to it */
} report_input;

/* Writes folder/report.html and folder/report.json, and folder/report.pdf where it is wanted; none may exist. ST_OK; ST_FATAL with a finding. */
status report_write(const report_input *in, const char *folder);

#endif
