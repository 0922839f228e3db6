/* What the files of this folder share. */
#ifndef PROFILE_PROFILE_INTERNAL_H
#define PROFILE_PROFILE_INTERNAL_H

#include "base/yaml.h"
#include "profile/profile.h"

/* ---- a profile as read ---- */

/* A table (column empty) or column that the fingerprint names. */
typedef struct profile_mark {
    sv table, column;
    bool required;
} profile_mark;

/* A value that SELECTs use as `:name`. */
typedef struct profile_option {
    sv name, value;
} profile_option;

struct profile_chart {
    sv shape, table, exam;
    const yaml_node *declaration; /* the whole, for the fold */
};

struct profile {
    sv id, title, system;
    sv file; /* "hospital/profile.yaml", as problems name it */
    const profile_mark *mark;
    size_t marks;
    profile_entity *entity;
    const yaml_node **from; /* of each entity, for the place */
    size_t entities;
    const profile_option *option;
    size_t options;
    const profile_chart *chart; /* NULL: none */
};

/* What reading a profile has at hand. */
typedef struct profile_reader {
    profile *x;
    arena *mem;
    problems *wrong;
    const char *folder;
} profile_reader;

/* Adds a problem at a node of profile.yaml. */
void profile_problem(const profile_reader *r, const yaml_node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* arena_array that marks the problems as incomplete when it fails. */
void *profile_array(const profile_reader *r, size_t count, size_t size);
/* The text behind a key; {NULL, 0} when it is absent or no text. */
sv profile_text(const yaml_node *map, const char *key);
/* '; did you mean "x"?' in mem, or "". */
const char *profile_hint(arena *mem, sv word, const sv *candidate, size_t n);

void profile_read_detect(const profile_reader *r, const yaml_node *detect);
void profile_read_entities(const profile_reader *r, const yaml_node *entities);
void profile_read_options(const profile_reader *r, const yaml_node *options);
void profile_read_chart(const profile_reader *r, const yaml_node *chart);

const profile_entity *profile_entity_of(const profile *x, const char *entity); /* NULL: not in the profile */

/* ---- values ---- */

/* A value of the source in the canonical form of its field. */
typedef enum field_outcome { FIELD_EMPTY, FIELD_GOOD, FIELD_WRONG } field_outcome;
/* Appends the canonical text of `in` to out; FIELD_WRONG leaves out as it was. */
field_outcome profile_field_text(const model_field *f, sv in, buf *out);
/* What a value of the field should have been: "a date (YYYY-MM-DD)". */
const char *profile_field_kind(const model_field *f);

/* ---- places in an SQL text (profile_place.c) ---- */

/* Line and column, from 1, of a byte. */
void sql_place_of_byte(sv sql, size_t at, unsigned *line, unsigned *column);
/* The byte where the nth (from 0) result column of that name is named: behind AS outside of parentheses, else as near
 * to it as can be told; the main SELECT for a column that is not named. */
size_t sql_place_of_column(sv sql, sv name, size_t nth);
/* The byte where the name is first used as a word or in quotes; SIZE_MAX when it is not. */
size_t sql_place_of_name(sv sql, sv name);

/* ---- a SELECT and its columns (profile_select.c) ---- */

enum { ROLE_KEY = -1, ROLE_TABLE = -2, ROLE_ROW = -3, ROLE_NONE = -4 };

typedef struct profile_select {
    sqlite3_stmt *st;
    int *role; /* of each column: position of the field in the entity, or ROLE_ */
    int columns;
} profile_select;

/* What checking and staging have at hand. */
typedef struct profile_source {
    const profile *x;
    const profile_run *run;
    sqlite3 *db;
    arena *mem;
    const sv *table; /* of the source */
    size_t tables;
} profile_source;

/* Prepares and checks the SELECT of an entity and its driving tables; problems say what is wrong. The handle must be
 * restricted. */
void profile_select_open(const profile_source *s, size_t entity, profile_select *out);
void profile_select_close(profile_select *q);
/* True when the SELECT gives the field. */
bool profile_select_gives(const profile_select *q, size_t field);

/* ---- accounts (profile_account.c) ---- */

/* Which rows of the driving table came out of a SELECT. A record is known by its key; with `many` a row by its src_row.
 * */
typedef struct profile_account {
    const profile_source *s;
    const profile_entity *e;
    sqlite3_stmt *put, *has, *staged;
    size_t line;     /* in the ledger */
    uint64_t *scans; /* of each driving table, before the SELECT */
    uint64_t records, rows, rejected;
} profile_account;

/* Makes the table that all accounts use, and drops it. */
bool profile_account_begin(const profile_source *s);
bool profile_account_end(const profile_source *s);

bool profile_account_open(profile_account *a, const profile_source *s, const profile_entity *e);
void profile_account_close(profile_account *a);
/* A record came out of the row with that key (only used with `many`). False when SQLite failed, as below. */
bool profile_account_row(profile_account *a, sv src_row);
/* True in *again when a record of that key was rejected before. */
bool profile_account_again(profile_account *a, sv src_key, bool *again);
/* Records that were written, or rejected for another reason than their key. */
void profile_account_written(profile_account *a);
bool profile_account_rejected(profile_account *a, sv src_key);
/* One more record of a key that came before. */
void profile_account_repeated(profile_account *a);
/* Counts the rows that did not come out, and closes the sum. False with a finding. */
bool profile_account_balance(profile_account *a);

/* Findings about staging: the work database, and a statement that broke off. */
void profile_work_failed(const profile_source *s, const profile_entity *e);
void profile_sql_failed(const profile_source *s, const profile_entity *e);

#endif
