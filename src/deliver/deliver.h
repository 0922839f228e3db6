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
typedef struct exam_chart exam_chart; /* chart/chart.h */

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
    bool dry;       /* everything but the files */
    sv system;      /* letters that begin source keys: "PP" */
    sv chart_table; /* of the source, which charts are made of; empty: the source has no charts */
    arena *mem;     /* what delivered files are kept in */
    bool (*cancelled)(void *ctx);
    void *ctx;
} deliver_run;

/* A destination being written: charts first, as they are folded, then everything that was staged. */
typedef struct delivery delivery;

/* Makes the folder. NULL with a finding. d and what run points to must outlive it; run itself is copied. */
delivery *delivery_begin(const destination *d, const deliver_run *run);
/* The teeth, sites and findings of one exam, to every object that is made of them. ST_OK; ST_FATAL with findings. */
status delivery_chart(delivery *x, const exam_chart *chart);
/* Writes everything else; a workbook may still be in the making. ST_OK; ST_END when it was cancelled; ST_FATAL with
 * findings. */
status delivery_finish(delivery *x);
/* Waits for everything. The same ends; *out: the files, in the order in which they are to be loaded, maps, the template's
 * README.md and the workbook behind them. */
status delivery_files(delivery *x, const delivered_file **out, size_t *n);
void delivery_free(delivery *x); /* x may be NULL */

#endif
