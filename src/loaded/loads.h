/* What a finished bundle says of its load to one destination: loads.json, held against the manifest. */
#ifndef LOADED_LOADS_H
#define LOADED_LOADS_H

#include "convert/finished_run.h"
#include "template/after_load.h"

typedef enum load_kind {
    LOAD_TEXT,
    LOAD_NUMBER,
    LOAD_MONEY,
    LOAD_DATE,
    LOAD_MOMENT,
    LOAD_TRUTH,
    LOAD_WORDS, /* several of a pick list, joined by semicolons */
    LOAD_LINK
} load_kind;

typedef struct load_field {
    sv heading, name, label; /* of the column in the files; in the system; for people */
    sv form;                 /* of dates and moments in the files */
    sv links_to;             /* object; empty: no link */
    sv entity, source;       /* of the model: "patient", "patient.birth_date" */
    load_kind kind;
    bool is_key;
} load_field;

typedef struct load_part {
    sv path; /* from the run's folder */
    sv full; /* on the disk, NUL behind it */
    sv stem; /* "02_Contact_2" */
    bool csv;
    uint64_t rows;
} load_part;

typedef struct bundle_load {
    sv id, line; /* stem of the template file; its line in the ledger */
    sv object, table, label, plural;
    sv file;
    bool update;  /* a second pass over records that another load makes */
    bool keyless; /* the system has no field for the key */
    bool kept;    /* is not taken back */
    size_t of;    /* in loads.object */
    load_field *field;
    size_t fields, key;
    load_part *part;
    size_t parts;
    uint64_t mapped, merged, skipped, rejected, written; /* of the conversion */
} bundle_load;

typedef struct loads {
    finished_run run;
    sv id, title;
    sv extra_column; /* how the importer takes a further column; may be empty */
    sv yes, no;
    char delimiter;
    bool utc; /* moments stand in UTC */
    result_rules forms;
    undo_rules undo;
    bool has_undo;
    bundle_load *load; /* in the order of loading; those without files too */
    size_t loads;
    sv *object; /* each once */
    size_t objects;
} loads;

/* to NULL: the bundle's only destination. All parts must be as they were written. False with a finding. loads_close in any
 * case; mem must outlive it. */
bool loads_open(const char *bundle, const char *to, arena *mem, findings *f, loads *out);
void loads_close(loads *l);

#endif
