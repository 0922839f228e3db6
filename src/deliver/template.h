/* A destination as read from its template. Inside src/deliver only. */
#ifndef DELIVER_TEMPLATE_H
#define DELIVER_TEMPLATE_H

#include "base/yaml.h"
#include "deliver/deliver.h"
#include "deliver/map_emitter.h"

/* Columns of a staged entity: the three keys, then the model's fields. */
enum { STAGED_SOURCE_KEY, STAGED_SRC_TABLE, STAGED_SRC_KEY, STAGED_FIELDS };

/* The column's name, and its field in the model (NULL for the keys). */
sv staged_name(const model_entity *e, size_t column);
const model_field *staged_field(const model_entity *e, size_t column);

/* What becomes of a value that cannot be written as it is. */
typedef enum misfit_rule { MISFIT_REJECT, MISFIT_HOLD, MISFIT_KEEP, MISFIT_CUT } misfit_rule;

/* True for rows whose column has one of the words; no words: never. */
typedef struct condition {
    size_t column;
    const sv *word;
    size_t words;
} condition;

typedef struct translation {
    sv from, to;
} translation;

typedef struct object_template object_template;

typedef struct target_field {
    sv name;
    unsigned line, column;
    bool is_const;
    sv constant;
    const size_t *from; /* staged columns; several are joined */
    size_t froms;
    sv separator;
    const translation *value;
    size_t values;
    bool translated; /* has `values`, maybe none */
    sv lookup;       /* "Object.Key"; empty: no link */
    const yaml_node *lookup_node;
    const object_template *parent; /* what it resolves to */
    sv format;                     /* of a date or a date-time; else empty */
    bool required, has_default, has_else;
    sv otherwise_written; /* default: */
    uint64_t max_length;  /* 0: none */
    misfit_rule overflow, otherwise;
    const condition *when;
    size_t whens;
} target_field;

struct object_template {
    sv id;   /* stem of the template file */
    sv file; /* the template file, for problems */
    sv object, key, csv;
    sv label; /* "salesforce/Contact", with " (patient)" behind when the object has several files */
    const yaml_node *root;
    const model_entity *entity;
    target_field *field;
    size_t fields;
    const condition *when;
    size_t whens;
    bool as_staged; /* the fields are the staged columns behind the key, in their order, and have no rules */
    bool linked;    /* an object of the destination links to this one */
    object_template **after;
    size_t afters;
    unsigned state; /* of the ordering: 0 not visited, 1 on the way, 2 placed */
};

struct destination {
    sv file;
    sv id, title;
    sv newline, dates, datetimes;
    char delimiter;
    bool bom;
    uint64_t rows_per_file, bytes_per_file, characters_per_cell, characters_per_row; /* 0: no limit */
    uint64_t first_year, last_year;
    const map_emitter *maps;     /* NULL: none */
    sv workbook;                 /* file of all objects as sheets; empty: none */
    uint64_t rows_per_sheet_max; /* an object of more records has no sheet in it */
    bool model;                  /* the objects are the model's entities */
    const yaml_node *requires;
    sv guide;                 /* README.md of the template, copied into the bundle; p NULL: none */
    object_template **object; /* in the order of loading */
    size_t objects;
};

/* What reading a template shares. */
typedef struct template_reader {
    arena *mem;
    problems *wrong;
    bool failed; /* out of memory */
} template_reader;

/* template_object.c: one object's file into *o; what links objects is left to template_order.c. */
void template_read_object(template_reader *r, const destination *d, object_template *o);
/* template_model.c: an object for each entity of the model, as it is staged (`objects: model`). */
void template_model_objects(template_reader *r, destination *d);
/* template_order.c: `after`, lookups, names that clash, what the system requires; sorts the objects. */
void template_link(template_reader *r, destination *d);
/* Adds a problem at a node. */
void template_problem(template_reader *r, sv file, const yaml_node *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Letters, digits, - and _, then the ending: fine on every system. */
bool template_file_name(sv name, const char *ending);
/* ' (did you mean "x"?)', or nothing, in mem. */
const char *template_hint(template_reader *r, sv word, const sv *candidate, size_t n);

#endif
