/* A destination as its template (templates/destinations/<id>/, one file per object) describes it: read and checked. What the
 * keys mean: templates/README.md. */
#ifndef TEMPLATE_DESTINATION_H
#define TEMPLATE_DESTINATION_H

#include "base/problem.h"
#include "template/after_load.h"
#include "template/file_rules.h"
#include "template/owner_rules.h"

typedef struct destination destination;

/* What a run asks for; an empty text: as the template says. */
typedef struct destination_options {
    sv edition;     /* one of `editions` */
    sv layout;      /* one of `layouts`: json, tooth, site, wide */
    sv teeth;       /* latest, all, since:YYYY-MM-DD */
    sv charts;      /* the same, and none: of which exams charts are drawn among the files */
    sv tooth_label; /* palmer, fdi, universal */
    sv prefix;      /* of fields that custom values become; of all own names, where the template says so */
    sv profile;     /* id of the source's; empty: objects and fields of all of them are read */
    sv format;      /* csv, xlsx */
    bool users;     /* an export of its users is given: fields `with_users` are there */
    /* Keys that `packages` may name; NULL: any is taken. */
    const sv *package;
    size_t packages;
    bool sources; /* a limit that does not say where it is from is a problem */
} destination_options;

/* Reads and checks folder/destination.yaml and its objects: unknown keys and fields, missing required targets,
 * cycles in `after`, lookups without target. NULL when it cannot be used; problems hold everything that is wrong.
 * In mem. */
const destination *destination_load(const char *folder, arena *mem, problems *p);
/* The same with options, which are checked too; options may be NULL. */
const destination *destination_load_with(const char *folder, const destination_options *options, arena *mem,
                                         problems *p);
/* Reads it once for each layout and edition that it offers, so that every object and field is checked. */
const destination *destination_check(const char *folder, const destination_options *options, arena *mem, problems *p);

sv destination_id(const destination *d);
bool destination_is_model(const destination *d); /* it takes the model as it is, and is no load */
sv destination_title(const destination *d);
size_t destination_objects(const destination *d);
const file_rules *destination_files(const destination *d);   /* NULL: it takes no files */
bool destination_draws_charts(const destination *d);         /* and puts them among its files */
const owner_rules *destination_owners(const destination *d); /* NULL: it does not say how its users are found */
sv destination_edition(const destination *d);                /* empty: it has none */
/* Those that it offers, the one that is taken unasked first. */
const sv *destination_layouts(const destination *d, size_t *n);
/* The most rows and bytes that a file of any object may have; 0: no limit. */
void destination_file_limits(const destination *d, uint64_t *rows, uint64_t *bytes);

/* A limit that a bundle by this template would break whatever the data, as "ClinicalExam__c: 240 new fields, 100 in the
 * edition Professional", in mem; p NULL: none. */
sv destination_breaks(const destination *d, arena *mem);
/* Layouts and editions of the folder's template by which it would not, as "--layout json or --edition enterprise"; empty:
 * none. */
sv destination_alternatives(const char *folder, const destination_options *options, arena *mem);

/* One target field as people read it, for the meeting where a mapping is agreed on. */
typedef struct mapping_line {
    sv file, object, entity; /* "02_Contact.csv", "Contact", "patient" */
    sv target, label, type;  /* "Birthdate", "Birth date", "date" */
    sv source;               /* "birth_date", "first_name + last_name", "\"Cash\"", "source_key" */
    sv rules;                /* "required; at most 80 characters, else rejected" */
    sv brief;                /* the row of the brief that it serves */
    sv object_brief;         /* and that of its object */
    sv family;               /* "custom_value": a field for each of these; rules say how they are named. Else empty */
} mapping_line;
/* All of them, the keys too, in the order of loading; in mem. NULL when out of memory. */
const mapping_line *destination_mapping(const destination *d, arena *mem, size_t *n);

#endif
