/* Source profiles: which practice system a database belongs to, and how its tables become canonical entities
 * (templates/sources/<id>/profile.yaml and one SELECT per entity; templates/README.md has the keys). */
#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

#include "base/problem.h"
#include "chart/chart.h"
#include "content/content.h"
#include "model/model.h"
#include "sql/sql.h"

typedef struct profile profile;

/* How records of an entity are made: one SELECT. An entity may have several parts, each with its own. */
typedef struct profile_entity {
    const model_entity *entity;
    /* Tables whose rows each become one record or are counted as skipped: names of the profile's own tables, or
     * "schema.table" of the source; none with `derived`. */
    const sv *driving;
    size_t drivings;
    sv driving_table; /* all of them, with ", " between */
    sv sql; /* the SELECT: columns named as fields, and src_key; src_table, where there is one driving table, is
                       * optional; src_row with `many` */
    sv sql_file;
    bool many; /* a row of the driving table may become several records; the SELECT's column src_row is the row's key */
    bool derived; /* made from values of rows that are accounted for elsewhere: carriers, employers */
} profile_entity;

/* A declaration of `chart:`; src/chart says what it may hold. */
typedef struct profile_chart profile_chart;

/* Reads folder/profile.yaml and its .sql files. NULL when it cannot be used; problems hold everything that is wrong. In
 * mem. */
const profile *profile_load(const char *folder, arena *mem, problems *p);
sv profile_id(const profile *x);
sv profile_title(const profile *x);
sv profile_system(const profile *x); /* letters that begin source keys: "HO" */
size_t profile_entities(const profile *x);
const profile_entity *profile_entity_at(const profile *x, size_t i);

/* The same with options that the user gives instead ("country=TR"); what is wrong goes to wrong. In mem. */
const profile *profile_with_options(const profile *x, const char *const *assignment, size_t n, arena *mem,
                                    problems *wrong);

/* The value of an option of `options:`; p NULL: it has none. */
sv profile_option_text(const profile *x, const char *name);

/* How well the fingerprint fits a catalog: 0 to 100; what is missing is appended. */
unsigned profile_score(const profile *x, const catalog *c, buf *missing);

/* Checks every SELECT (restricted to reading the source) and its columns against the model; all that is wrong goes to
 * run->wrong, and nothing is staged then. Else stages each entity in the work database as a table named like it:
 * columns source_key, src_table, src_key (the keys each UNIQUE), then the model's fields in order, canonical text or NULL.
 * Entities that others cannot be without come first. A row is rejected when it has no key, when a required field is
 * empty, wrong or refers to nobody, or when its key came before (a fan-out); other wrong values and references to
 * nobody are held back; both through `reject`. Rows of the driving table that do not come out are skipped. ST_OK;
 * ST_FATAL with problems or findings. */
typedef struct profile_reject {
    const model_entity *entity;
    sv src_table, src_key;
    const char *code; /* id of a finding */
    sv field;         /* empty: the row as a whole */
    bool held_back;   /* the row is kept, this value is not */
    sv value;         /* the original; for the practice's own lists only, as the columns below */
    /* Of a row left out: its columns as the SELECT gave them; a value with p NULL is NULL. */
    const sv *column, *original;
    size_t columns;
} profile_reject;
/* A value of the source that a field of a record is made of. */
typedef struct profile_origin {
    const model_entity *entity;
    sv src_key;               /* of the record */
    const model_field *field; /* or an input of the entity; NULL: the record's key */
    unsigned part;            /* from 0: of several that make it together */
    sv table, column;         /* of the source; column empty: it stands in no one column, and value is NULL */
    bool made;                /* it is not the column alone, but made of it */
    sv row;                   /* "PatientID=1042"; the record's key where the column is empty; empty: not known */
    sv value;                 /* as the source has it; p NULL: NULL */
} profile_origin;
/* What the source gave for a field, over the records that one SELECT made. */
typedef struct profile_tally {
    const model_entity *entity;
    const model_field *field;
    uint64_t filled;            /* values in the source */
    uint64_t changed;           /* of those that were kept: stand in the record otherwise than in the source */
    const profile_entity *part; /* whose SELECT it is */
    uint64_t records;           /* that it made */
} profile_tally;
/* A column that no SELECT reads, of a table with rows. */
typedef struct profile_left {
    sv table, column;
    int64_t rows, filled; /* of the table; of those, with a value; -1: unknown */
    const char *why; /* it stays behind: "leave" (the profile says so), "no text", "no record" (nothing says whose a row
                           * is); NULL: its values are carried as custom values */
} profile_left;
typedef struct profile_run {
    sql_db *db; /* over the source; SELECTs run on it, on another thread */
    sqlite3
        *work; /* of another one: takes the staged tables, and is used by one thread at a time. Not used by checks. */
    ledger *counts;
    findings *found;
    problems *wrong;
    /* Entities that are staged, with all that they cannot be without; others are passed over, and so are custom values. NULL:
     * all of them. Not used by checks. */
    bool (*wanted)(void *ctx, const model_entity *e);
    int32_t today; /* days since 1970-01-01 of the source's own date; INT32_MIN: unknown */
    void (*reject)(void *ctx, const profile_reject *r);
    void (*tally)(void *ctx, const profile_tally *t);    /* for each field with a column; may be NULL */
    void (*left)(void *ctx, const profile_left *x);      /* for each such column; may be NULL */
    void (*carried)(void *ctx, const profile_origin *o); /* each value of one that became a custom value; may be NULL */
    void *ctx;
} profile_run;
status profile_stage(const profile *x, const profile_run *run);

/* ---- a profile against a source, without staging ---- */

typedef struct profile_checked_entity {
    const profile_entity *entity;
    bool counted; /* the rows were there and the SELECT could be run */
    uint64_t records, keyless, repeated;
} profile_checked_entity;
typedef struct profile_checked {
    const bool *const *read; /* of each table of the source and column: a SELECT or a chart reads it */
    const profile_checked_entity *entity;
    size_t entities;
} profile_checked;
/* All that profile_stage would check before it stages goes to run->wrong; with_rows: each SELECT is run and its keys
 * are counted. ST_OK also with problems; ST_FATAL with a finding. In mem. */
status profile_check(const profile *x, const profile_run *run, bool with_rows, arena *mem, profile_checked *out);

/* ---- where the values of records stand ---- */

/* After profile_stage: the SELECTs once more, each value that a field of a wanted record is made of, records and fields in any
 * order. Of columns that expressions name the columns as they are; what a SELECT within an expression gives stands nowhere.
 * Custom values that no SELECT gives went to run->carried. ST_OK; ST_FATAL with findings, or take ended it. */
typedef struct profile_trace_sink {
    bool (*wanted)(void *ctx, const model_entity *e, sv src_key);
    bool (*take)(void *ctx, const profile_origin *o);
    void *ctx;
} profile_trace_sink;
status profile_trace(const profile *x, const profile_run *run, const profile_trace_sink *sink);

/* ---- contents of documents ---- */

/* Bytes of a record of the entity document or letter_template; what place points to is valid during the call. */
typedef struct profile_content {
    const model_entity *entity;
    sv src_key;
    content_place place; /* kind CONTENT_NONE where the source has nothing */
} profile_content;
/* After profile_stage: the SELECTs with a column `content` once more, each row to take, staged or not, in the order of
 * the source; false ends. ST_OK; ST_END: take ended it; ST_FATAL with findings. */
status profile_contents(const profile *x, const profile_run *run, bool (*take)(void *ctx, const profile_content *c),
                        void *ctx);

/* ---- charts ---- */

/* take and reject (and run->reject of charts) are called one at a time, on a thread that is not the caller's. */
typedef struct profile_chart_sink {
    /* One exam at a time, after its scores were written into the staged clinical_exam; what it points to is valid during
     * the call. False ends the fold. May be NULL. */
    bool (*take)(void *ctx, const exam_chart *x);
    /* Each exam of the table that is staged and whose teeth can be read, before any is given; may be NULL. */
    void (*exam)(void *ctx, sv src_key);
    void (*reject)(void *ctx, const chart_reject *x); /* beside run->reject; may be NULL */
    /* Everything was taken, on the caller's thread, and the exams that are left out have not left the work file yet. False
     * ends; may be NULL. */
    bool (*whole)(void *ctx);
    bool (*cancelled)(void *ctx);                               /* may be NULL */
    void (*progress)(void *ctx, uint64_t done, uint64_t total); /* may be NULL */
    unsigned threads;                                           /* 0: one */
    /* Charts are only looked at: no score is written, no exam taken back, nothing counted and told. */
    bool look;
    bool (*traced)(void *ctx, sv exam); /* whether the exam's chart is to say where its values stand; may be NULL */
    void *ctx;
} profile_chart_sink;

/* The table of the source that charts are made of; empty: it has none. */
sv profile_chart_table(const profile *x, const catalog *c);
/* After profile_stage: folds the charts. An exam whose teeth contradict each other is left out after all, and with it
 * what cannot be without it. ST_OK also where there are no charts; ST_END: ended by the sink or the user; ST_FATAL with
 * problems or findings. */
status profile_charts(const profile *x, const profile_run *run, const profile_chart_sink *sink);

#endif
