/* Destinations: a template (templates/destinations/<id>/, one file per object) read and checked, and the bundle
 * written from the staged entities: numbered files in dependency order, links by source key, rejects and
 * exceptions beside them. */
#ifndef DELIVER_DELIVER_H
#define DELIVER_DELIVER_H

#include "base/ledger.h"
#include "base/problem.h"
#include "base/status.h"
#include "deliver/rejects.h"
#include "model/model.h"
#include <sqlite3.h>

typedef struct destination destination;

/* Reads and checks folder/destination.yaml and its objects: unknown keys and fields, missing required targets,
 * cycles in `after`, lookups without target. NULL when it cannot be used; problems hold everything that is wrong.
 * In mem. */
const destination *destination_load(const char *folder, arena *mem, problems *p);
sv destination_id(const destination *d);
sv destination_title(const destination *d);
size_t destination_objects(const destination *d);

/* One target field as people read it, for the meeting where a mapping is agreed on. */
typedef struct mapping_line {
    sv file, object, entity; /* "02_Contact.csv", "Contact", "patient" */
    sv target, source;       /* "Birthdate"; "birth_date", "first_name + last_name", "\"Cash\"", "source_key" */
    sv rules;                /* "required; at most 80 characters, else rejected" */
} mapping_line;
/* All of them, the keys too, in the order of loading; in mem. NULL when out of memory. */
const mapping_line *destination_mapping(const destination *d, arena *mem, size_t *n);

typedef struct delivered_file {
    sv path;   /* relative to the run folder, '/' between names */
    sv object; /* the ledger line that its rows are counted in; empty: a map, a guide */
    uint64_t rows, bytes;
    char sha256[65];
} delivered_file;

typedef struct deliver_run {
    sqlite3 *work;      /* with the staged entities; the program's own tables are made in it and dropped again */
    const char *folder; /* of the run, unfinished; files go to folder/<id>/, which is made. Not used when dry */
    ledger *counts;     /* a line for each object: mapped, written, skipped, rejected, held back */
    findings *found;
    rejects *out;
    bool dry;   /* everything but the files */
    arena *mem; /* what delivered files are kept in */
    bool (*cancelled)(void *ctx);
    void *ctx;
} deliver_run;

/* Writes the whole bundle of one destination. ST_OK; ST_END when it was cancelled; ST_FATAL with findings. *out:
 * the files, in the order in which they are to be loaded, maps and the template's README.md behind them. */
status deliver(const destination *d, const deliver_run *run, const delivered_file **out, size_t *n);

#endif
