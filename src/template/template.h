/* A destination as read from its template, for those who write what it describes. */
#ifndef TEMPLATE_TEMPLATE_H
#define TEMPLATE_TEMPLATE_H

#include "base/yaml.h"
#include "model/model.h"
#include "template/destination.h"
#include "template/limit.h"
#include "template/owner_rules.h"
#include "tooth/tooth.h"

/* ---- what a row is made of ---- */

/* Columns of a staged entity: the three keys, then the model's fields. */
enum { STAGED_SOURCE_KEY, STAGED_SRC_TABLE, STAGED_SRC_KEY, STAGED_FIELDS };

/* The column's name, and its field in the model (NULL for the keys). */
sv staged_name(const model_entity *e, size_t column);
const model_field *staged_field(const model_entity *e, size_t column);

/* What of an exam's chart a value is. */
typedef enum chart_value {
    CHART_VALUE_JSON,      /* the whole chart, compact */
    CHART_VALUE_TEXT,      /* the whole chart as a table to read */
    CHART_VALUE_SYSTEM,    /* the exam's own numbering */
    CHART_VALUE_FDI,       /* of a tooth: its label in each system, */
    CHART_VALUE_UNIVERSAL, /* */
    CHART_VALUE_PALMER,    /* */
    CHART_VALUE_LABEL,     /* by `tooth_label`, */
    CHART_VALUE_OWN,       /* and by the exam's own numbering */
    CHART_VALUE_TOOTH,     /* a field of tooth_record */
    CHART_VALUE_SITE       /* a field of site_measure */
} chart_value;

typedef enum column_kind {
    COLUMN_STAGED, /* of the record itself */
    COLUMN_PARENT, /* of a record that it points to */
    COLUMN_CHART,  /* of the chart that is given beside it */
    COLUMN_CUSTOM, /* the record's custom value of that name */
    COLUMN_CHILD,  /* of records that point to it */
    COLUMN_ENDS    /* when an appointment ends: its end, else its beginning and its length */
} column_kind;

/* Which of the records that point to the one at hand, in the order of their number or date. */
typedef enum child_take {
    CHILD_FIRST,
    CHILD_SECOND,
    CHILD_LATEST,
    CHILD_ALL,           /* different values, joined */
    CHILD_REST,          /* the same, of records that the one at hand does not link to itself */
    CHILD_LIST,          /* a line for each */
    CHILD_COUNT,         /* how many there are */
    CHILD_LATEST_EXAM,   /* of a plan: the patient's latest chart, on the plan nearest in time */
    CHILD_FIRST_WITH,    /* the src_key of the first record of its entity with the same value */
    CHILD_IS_FIRST_WITH, /* 1 or 0 */
    CHILD_TAKES
} child_take;

enum { CHILD_STEPS_MAX = 2, CHILD_PARTS_MAX = 8 };
typedef struct child_step {
    const model_entity *of;
    size_t at;
} child_step;
typedef struct child_part {
    child_step step[CHILD_STEPS_MAX];
    size_t steps;
    const model_entity *of; /* at their end */
    size_t at;
} child_part;
typedef struct child_path {
    child_take take;
    const model_entity *entity;
    size_t by;   /* its link to the record at hand; CHILD_FIRST_WITH: the value */
    size_t only; /* a staged column that must have the word; SIZE_MAX: none */
    sv word;
    child_part part[CHILD_PARTS_MAX];
    size_t parts; /* none: of the latest exam, its chart */
} child_path;

/* Who a provider is in the destination (decide/owners.h). */
typedef enum owner_word {
    OWNER_NONE,
    OWNER_USER, /* `provider.user`: the user that he is; empty when he is none */
    OWNER_OWNER /* `provider.owner`: the same, or who stands in */
} owner_word;

enum { STEPS_MAX = 4 };
typedef struct row_column {
    column_kind kind;
    sv name;                  /* as the template says it: "patient.first" */
    const model_field *field; /* what it holds; NULL: a key, or a text about a chart */
    size_t at;                /* STAGED, PARENT: staged column of the entity at the end of the steps */
    size_t step[STEPS_MAX];   /* PARENT: references followed from the record on, each a staged column */
    size_t steps;
    owner_word owner; /* PARENT: of a provider, not a field of his */
    chart_value chart;
    unsigned tooth;  /* CHART: tooth_index; TEETH: the one at hand */
    tooth_site site; /* CHART_VALUE_SITE; SITES: the one at hand */
    sv custom;
    const child_path *child;
} row_column;

/* ---- fields ---- */

/* What becomes of a value that cannot be written as it is. */
typedef enum misfit_rule { MISFIT_REJECT, MISFIT_HOLD, MISFIT_KEEP, MISFIT_CUT, MISFIT_MOVE, MISFITS } misfit_rule;

/* True for rows whose column has one of the words; no words: never. */
typedef struct condition {
    size_t column;
    const sv *word;
    size_t words;
    bool negated; /* true for rows that have none of them */
} condition;

typedef struct translation {
    sv from, to;
} translation;

typedef enum target_type {
    TARGET_TEXT,
    TARGET_LONGTEXT,
    TARGET_NUMBER,
    TARGET_DECIMAL,
    TARGET_CURRENCY,
    TARGET_PERCENT,
    TARGET_DATE,
    TARGET_DATETIME,
    TARGET_BOOL,
    TARGET_PICKLIST,
    TARGET_MULTIPICKLIST,
    TARGET_LOOKUP,
    TARGET_EMAIL,
    TARGET_PHONE,
    TARGET_URL,
    TARGET_TYPES
} target_type;
const char *target_type_name(target_type t);

/* A piece of `template:`, "{last}, {first}": a column and the text before it, which is left out with it. */
typedef struct text_piece {
    sv before;
    size_t column;       /* SIZE_MAX: the text behind the last column */
    const size_t *other; /* "{a|b}": what is taken where the ones before have no value */
    size_t others;
    enum { PIECE_PLAIN, PIECE_DATE, PIECE_WORDS } form;
} text_piece;

typedef struct object_template object_template;

typedef struct target_field {
    sv name, label, help, brief;
    target_type type;
    bool is_new, external_id, unique;
    bool length_given;         /* max_length stands in the template */
    uint64_t precision, scale; /* digits in all, behind the point; precision 0: not checked */
    unsigned line, column;
    bool is_const;
    sv constant;
    const size_t *from; /* columns of the row; several are joined */
    size_t froms;
    sv separator;
    const text_piece *piece; /* `template`; NULL: none */
    size_t pieces;
    const translation *value;
    size_t values;
    bool translated; /* has `values`, maybe none */
    sv lookup;       /* "Object.Key"; empty: no link */
    const yaml_node *lookup_node;
    sv matches; /* "Object.Field": a link that the system itself finds by the value of that field; empty: none */
    const object_template **parent; /* what it resolves to; several files may hold the object's records */
    size_t parents;
    sv format; /* of a date or a date-time; else empty */
    bool required, has_default, has_else;
    sv otherwise_written; /* default: */
    uint64_t max_length;  /* 0: none */
    misfit_rule overflow, otherwise;
    const condition *when;
    size_t whens;
    unsigned tooth;  /* of a family over teeth; else TEETH */
    tooth_site site; /* of a family over sites; else SITES */
    bool is_custom;  /* made of a custom value's name */
} target_field;

/* `each: custom_value`: a field for each name that the practice has, once the names are known. */
typedef struct custom_family {
    const yaml_node *map;
    sv name, label, help, brief; /* patterns */
    bool is_new;
    size_t before;       /* fields that stand before it */
    uint64_t max_length; /* of texts */
    uint64_t options;    /* most values of a pick list; 0: never one */
    sv types;            /* of the template: "text": everything as text */
} custom_family;

/* ---- objects ---- */

/* Fields by which the system takes two rows for one record: all of them are equal. */
enum { MERGE_FIELDS_MAX = 4 };
typedef struct merge_set {
    sv field[MERGE_FIELDS_MAX];
    size_t fields;
} merge_set;

typedef enum chart_rows_kind { CHART_ROWS_NONE, CHART_ROWS_EXAM, CHART_ROWS_TEETH, CHART_ROWS_SITES } chart_rows_kind;

struct object_template {
    sv id;   /* stem of the template file */
    sv file; /* the template file, for problems */
    sv object, key, csv;
    sv name; /* "salesforce/Contact", with " (patient)" behind when the object has several files: its line in the ledger */
    sv label, plural, table, brief, help;
    sv key_label;
    uint64_t key_length;
    bool is_new;
    bool heading_labels; /* files are headed by labels */
    const yaml_node *root;
    const model_entity *entity;
    row_column *column; /* of its rows; the staged ones first */
    size_t columns, column_room;
    target_field *field;
    size_t fields;
    custom_family *custom; /* NULL: none */
    const condition *when;
    size_t whens;
    /* `slices`: a row for each piece of that field's text behind its first characters, none where there is no more; 0: no
     * such. */
    uint64_t slice_characters;
    size_t slice_field;
    const merge_set *merge; /* `merged_by` */
    size_t merges;
    bool key_is_old;  /* the system has no field that is made for the key */
    bool not_loaded;  /* the system has no place for it: the file is for people, and stays with the practice */
    bool as_staged;   /* the fields are the staged columns behind the key, in their order, and have no rules */
    bool linked;      /* an object of the destination links to this one */
    bool latest_exam; /* it has values of a plan's latest exam: it is written when all charts have come */
    bool charted;     /* rows come with the charts: teeth, sites, findings, exams with their charts */
    bool xlsx;
    uint64_t rows_per_file, bytes_per_file; /* 0: as the destination says */
    sv dates, datetimes;
    const object_template *update_of; /* a second pass over that object's records */
    const yaml_node *update_node;
    object_template **after;
    size_t afters;
    unsigned state; /* of the ordering: 0 not visited, 1 on the way, 2 placed */
};

/* The column of the row that a field is alone made of; NULL: several, or none. */
const row_column *template_only_column(const object_template *o, const target_field *f);
/* What that column holds; may be NULL. */
const model_field *template_field_source(const object_template *o, const target_field *f);

/* Of which exams teeth are written, or charts drawn. */
typedef enum exam_scope { EXAMS_ALL, EXAMS_LATEST, EXAMS_SINCE, EXAMS_NONE } exam_scope;

typedef struct edition {
    sv name, title;
    const yaml_node *limits;
} edition;

struct destination {
    sv file;
    sv id, title;
    sv newline, dates, datetimes;
    sv yes, no;                 /* how a truth is written; empty: 1 and 0 */
    bool utc;                   /* moments are turned to UTC */
    sv moments_local;           /* their form where the practice's zone is not known; empty: the same */
    const translation *replace; /* characters that the system forbids, and what stands for them */
    size_t replaces;
    bool forbids[256];          /* each byte: it is one of them */
    sv type_word[TARGET_TYPES]; /* the system's own words for kinds of fields; empty: ours */
    char delimiter;
    bool bom;
    bool xlsx;
    limits limit;
    const edition *editions;
    size_t edition_count;
    const edition *edition; /* NULL: none */
    sv layout;              /* empty: the template knows one only */
    const sv *layouts;
    size_t layout_count;
    exam_scope teeth, charts;     /* charts: as pictures among the files */
    sv teeth_since, charts_since; /* YYYY-MM-DD */
    tooth_system tooth_label;
    sv prefix;
    sv own_prefix; /* `prefix` of the template, when all names that begin with it take the prefix asked for; else empty */
    const sv *absent; /* objects and ids of files that are not there for this profile, layout or edition */
    size_t absents;
    const sv *package; /* keys of emitters */
    size_t packages;
    sv workbook;                 /* file of all objects as sheets; empty: none */
    uint64_t rows_per_sheet_max; /* an object of more records has no sheet in it */
    bool model;                  /* the objects are the model's entities */
    const yaml_node *requires;
    const file_rules *files;     /* NULL: it takes none */
    const owner_rules *owners;   /* NULL: it does not say how its users are found */
    const result_rules *results; /* NULL: nothing is known of what comes back, */
    const undo_rules *undo;      /* or of how it is taken back */
    sv guide;                    /* README.md of the template, copied into the bundle; p NULL: none */
    sv steps;                    /* guide.md, made into IMPORT-STEPS.html; p NULL: none */
    object_template **object;    /* in the order of loading */
    size_t objects;
};

/* ---- names made of patterns ---- */

/* What {site} {tooth} {fdi} {universal} {palmer} {name} {prefix} stand for. */
typedef struct pattern_values {
    tooth tooth; /* fdi 0: none */
    tooth_site site;
    tooth_system tooth_label;
    sv name, prefix;
} pattern_values;
/* Appends the pattern with its {words} filled in; false when it holds one that has no value. */
bool pattern_fill(buf *out, sv pattern, const pattern_values *v);
/* A tooth as names of fields have it: UR6, F16, U03 (zero: two digits), primary URE, F55, UA; so that the three cannot be
 * taken for each other. */
void tooth_field_label(tooth t, tooth_system system, buf *out);
/* A name made readable: "birth_date" and "Birth_Date__c" become "Birth date". In mem. */
sv readable_name(arena *mem, sv name);

#endif
