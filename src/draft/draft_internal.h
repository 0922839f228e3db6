/* What the files of this folder share. */
#ifndef DRAFT_DRAFT_INTERNAL_H
#define DRAFT_DRAFT_INTERNAL_H

#include "base/yaml.h"
#include "draft/draft.h"
#include "model/model.h"
#include "profile/profile_names.h"

/* ---- the vocabulary (vocabulary.c) ---- */

enum { LANGUAGE_ENGLISH, LANGUAGE_TURKISH, LANGUAGES };

typedef struct vocabulary_words {
    const name_form *form;
    const uint8_t *language; /* of each */
    size_t n;
} vocabulary_words;

typedef struct vocabulary_field {
    const model_field *field;
    bool time; /* the time of day of a moment whose date stands in another column */
    vocabulary_words words;
} vocabulary_field;

typedef struct vocabulary_tables {
    sv word;                    /* of the entity's constant; empty: it has none */
    vocabulary_words words;     /* names of tables */
    vocabulary_words reference; /* names of columns that refer to them */
} vocabulary_tables;

typedef struct vocabulary_entity {
    const model_entity *entity;
    const model_field *constant; /* the same for all records of a table; NULL: none */
    const vocabulary_tables *tables;
    size_t table_kinds;
    const vocabulary_field *field;
    size_t fields;
} vocabulary_entity;

typedef struct vocabulary_pattern {
    sv pattern, measure;
} vocabulary_pattern;

/* Words that say what a code of a column of measurements is. */
typedef struct vocabulary_measure {
    sv measure; /* in the words of `chart:` */
    const name_form *form;
    size_t forms;
} vocabulary_measure;

/* A table whose numbers are published: known by its columns. */
typedef struct vocabulary_published {
    const sv *column;
    size_t columns;
    const yaml_node *values; /* number: measure */
    sv numbering, margin_sign;
    const yaml_node *not_measured;
} vocabulary_published;

typedef struct vocabulary {
    const vocabulary_entity *entity;
    size_t entities;
    vocabulary_words tooth, site, measure, exam, tooth_value;
    const vocabulary_measure *measures;
    size_t measure_kinds;
    const vocabulary_published *published;
    size_t publisheds;
    const vocabulary_pattern *pattern;
    size_t patterns;
    const sv *site_pattern;
    size_t site_patterns;
} vocabulary;

/* NULL when it cannot be read (problems). */
const vocabulary *vocabulary_load(const char *folder, arena *mem, problems *wrong);

/* ---- the draft ---- */

enum { COLUMN_NONE = -1, TABLE_NONE = -1, KEY_COLUMNS_MAX = 4, COLUMN_FORMS_MAX = 4, SITES_OF_A_TOOTH = 6 };
enum { POINTS_MIN = 60, POINTS_SURE = 80 }; /* of 100; below the first nothing is drafted */

/* The names under which a column may be meant: its own; without what all columns of the table begin with; without the
 * word for a key. */
typedef struct draft_column {
    name_form form[COLUMN_FORMS_MAX];
    size_t forms;
    const column_info *info;
    const column_facts *facts; /* NULL: unknown */
    int key_of;                /* foreign key: table referred to; TABLE_NONE */
    int key_column;            /* its column there */
    bool used;
} draft_column;

typedef enum draft_way {
    WAY_AS_IS,
    WAY_KEY,     /* a reference by the key's own text */
    WAY_BY_KEY,  /* a reference whose key is looked up */
    WAY_BY_NAME, /* a reference that is somebody's name */
    WAY_LOOKUP   /* the text of a row that the column refers to */
} draft_way;

typedef struct draft_choice {
    const model_field *field;
    draft_way way;
    unsigned points;
    uint8_t language;
    int column, time_column; /* of the table; time_column COLUMN_NONE: none */
    int table, by, label;    /* table referred to; its column that is compared, and the one that is taken */
    int rival;               /* another column that fits as well; COLUMN_NONE */
    const char *why;
} draft_choice;

typedef struct draft_table {
    const table_info *info;
    const table_facts *facts;
    draft_column *column;
    const vocabulary_entity *is; /* NULL: nothing that is known */
    const vocabulary_tables *kind;
    unsigned points;
    bool drafted;
    sv own;   /* name of the profile's own table over it, where the source declares no key of one column; empty: none */
    sv lacks; /* what it looks like an entity without */
    int key[KEY_COLUMNS_MAX];
    size_t keys;
    draft_choice *choice;
    size_t choices;
} draft_table;

typedef struct draft_code {
    sv code, measure; /* measure empty: not known */
    uint64_t rows;
} draft_code;

typedef struct draft_chart {
    int table; /* TABLE_NONE: no chart was found */
    const char *shape;
    int exam, tooth, site, measure, row_key, tooth_value;
    /* tooth_measure: */
    const vocabulary_published *published; /* NULL: its codes speak for themselves, or nobody knows */
    const draft_code *code;                /* of its column of measurements, by rows */
    size_t codes;
    int at_site[SITES_OF_A_TOOTH];      /* the column of each; COLUMN_NONE */
    const vocabulary_pattern **pattern; /* those that some column fits */
    size_t patterns;
    const char *why_not; /* it cannot be used as it is: what is missing; NULL: it can */
} draft_chart;

struct draft {
    const draft_run *run;
    arena *mem;
    const vocabulary *words;
    draft_table *table;
    size_t tables;
    draft_chart chart;
    size_t by_language[LANGUAGES];
    bool turkish;
    bool failed; /* out of memory */
};

/* Points of the best name among words for a column; 0: none fits. */
unsigned draft_name_points(const vocabulary_words *words, const draft_column *c, uint8_t *language);
/* Points of a table's name. */
unsigned draft_table_points(const vocabulary_words *words, const table_info *t);
/* What the column's type and values say of a field: -100 cannot be, -25 hardly, 0 nothing, 4 yes. */
int draft_kind_points(const model_field *f, const draft_column *c);
/* Enough of the texts look so. */
bool draft_looks(const draft_column *c, text_look look);
bool draft_is_text(const column_info *c);

bool draft_columns(draft *d); /* forms and foreign keys of all columns */
bool draft_tables(draft *d);  /* tables to entities, columns to fields */
void draft_key(draft *d, draft_table *t);
/* Reference candidates of a column: false when it is none. */
bool draft_reference(const draft *d, const draft_table *t, size_t column, const vocabulary_field *f, draft_choice *out);
/* The column of a table that tells a person what a row is: COLUMN_NONE when that is not certain. */
int draft_label(const draft_table *t);
void draft_find_chart(draft *d);
/* Of a chart of the shape tooth_measure: its codes and sites, and whether it can be used. False when out of memory. */
bool draft_measures(const draft *d, const draft_table *t, draft_chart *c);

/* The table that an entity's records are drafted from, counted from *from on; TABLE_NONE: no further one. */
int draft_table_of(const draft *d, const char *entity, size_t from);
size_t draft_parts(const draft *d, const draft_table *t); /* how many tables its entity is drafted from */

sv draft_sql(const draft *d, const draft_table *t);
sv draft_sql_name(const draft *d, const draft_table *t);
sv draft_yaml(const draft *d);
void draft_yaml_text(buf *out, sv text); /* a text of YAML */
/* "int, 98 % filled" of a column, for comments. */
void draft_describe(buf *out, const draft_table *t, size_t column);

#endif
