/* What a bundle is: for emitters of schema packages, inventories and guides. Everything lives as long as the run. */
#ifndef DELIVER_FACTS_H
#define DELIVER_FACTS_H

#include "deliver/deliver.h"
#include "deliver/object_tally.h"
#include "template/template.h"

/* A value of a pick list. */
typedef struct fact_option {
    sv value;       /* as it is written */
    uint64_t count; /* rows that have it; 0: the template names it, and no row has it */
} fact_option;

typedef struct fact_field {
    sv name; /* of the field in the system: "Birthdate", "new_chartnumber" */
    sv label, help, brief;
    sv heading; /* of its column in the files */
    target_type type;
    sv form;                   /* of dates and date-times, as they stand in the files; else empty */
    uint64_t length;           /* of texts: the template's, else what its type takes; 0: no limit known */
    uint64_t precision, scale; /* of numbers; precision 0: not said */
    bool is_new, required, external_id, unique;
    bool is_key;    /* the object's key: the record's source key */
    bool is_custom; /* of a custom value of the practice */
    sv source;      /* "patient.birth_date", "first + last", "\"Cash\"" */
    sv source_entity;
    sv field; /* of the model, of which alone it is made: "site_measure.pd"; empty: of several, of none, or of other records */
    sv default_value; /* written where the source has none; empty: none */
    /* Of pick lists: what the template names, in its order, then what else was written, by value. */
    const fact_option *option;
    size_t options;
    bool more_options; /* there are more than TALLY_OPTIONS_MAX */
    /* Of lookups: the object that is pointed to, and the key that says to which record. */
    sv target, target_table, target_key;
    uint64_t filled;        /* rows that have a value */
    uint64_t given;         /* rows whose record has a value for it; 0 where it is made of none */
    const model_field *own; /* the field of its own record that it is alone made of; NULL: others, or several */
    uint64_t longest;       /* characters of the longest value, in UTF-16 units */
    unsigned tooth;         /* tooth_index of a field of a tooth; else TEETH */
    tooth_site site;        /* of a field of a site; else SITES */
} fact_field;

typedef struct fact_file {
    sv path; /* relative to the run folder: "salesforce/02_Contact.csv" */
    sv name; /* without the folder */
    uint64_t rows, bytes;
    unsigned part; /* from 1 */
} fact_file;

/* One step of the load: the files that one template file made. */
typedef struct fact_load {
    sv id;                   /* stem of the template file */
    sv line;                 /* its line in the ledger: "salesforce/Contact (patient)" */
    sv object;               /* name in the system */
    sv entity;               /* of the model */
    sv file;                 /* "02_Contact.csv": the name that its parts are made of */
    bool not_loaded;         /* its files are for people: no program of the system takes them */
    bool update;             /* a second pass: only the key and links; the records are there */
    size_t table;            /* index into deliver_facts.table */
    const fact_field *field; /* in the order of the columns; the key first */
    size_t fields;
    const fact_file *part; /* none: no row was written */
    size_t parts;
    uint64_t rows, skipped, rejected;
    fact_file trial_undo; /* the list of keys by which the trial's records are taken back; name empty: none */
    bool labels;          /* files are headed by labels, not by names */
    bool keyed;           /* the system has a field for the key */
} fact_load;

/* What is loaded in which order, where an emitter packs files for it: a line for each file. */
typedef struct fact_step {
    unsigned number; /* from 1; the files of one upload have the same */
    sv upload, map;  /* paths within the bundle */
    sv file;         /* the name within the upload; of a file that is loaded by itself: the upload */
    const fact_load *load;
    const fact_file *part;
} fact_step;

/* A table of the system: what all loads into it need together. */
typedef struct fact_table {
    sv object; /* "ClinicalExam__c" */
    sv name;   /* `table:`, else the object */
    sv label, plural, help, brief;
    bool is_new;
    sv key, key_label;
    const fact_field *field; /* each once, the key first; filled, longest and options over all loads */
    size_t fields;
    uint64_t rows;
    bool is_written; /* some load of it has files */
} fact_table;

struct deliver_facts {
    const destination *destination;
    sv id, title, version;
    sv edition, edition_title, layout, prefix; /* empty: none */
    const fact_load *load;                     /* in the order of loading */
    size_t loads;
    const fact_table *table; /* in the order of their first load */
    size_t tables;
    const fact_step *step; /* as the emitters of `packages` told them; while those run: none */
    size_t steps;
    /* What the load takes, by the template's limits; 0: not known. */
    uint64_t uploads, rows, storage_bytes, minutes;
    bool local_moments; /* they should stand in UTC, and the practice's zone is not known */
};

/* The field of a table by its name; NULL: none. */
const fact_field *fact_field_named(const fact_table *t, sv name);
const fact_table *fact_table_named(const deliver_facts *f, sv object);
/* Whether a field is a link, and whether a number: what most schemas ask. */
static inline bool fact_is_link(const fact_field *f) { return f->target.n > 0; }

/* Made when all files are written. NULL when out of memory. */
typedef struct facts_input {
    const destination *destination;
    bool zone_known;
    object_template *const *object; /* as they were written, with the practice's own fields */
    const object_tally *tally;
    const delivered_file *file;
    size_t files;
    arena *mem;
} facts_input;
const deliver_facts *deliver_facts_make(const facts_input *in);

#endif
