/* What the files of this folder share. */
#ifndef PROFILE_PROFILE_INTERNAL_H
#define PROFILE_PROFILE_INTERNAL_H

#include "base/yaml.h"
#include "chart/chart_declare.h"
#include "normalize/normalize.h"
#include "profile/profile.h"
#include "profile/profile_names.h"

/* ---- a profile as read ---- */

/* A table (column empty) or column that the fingerprint names. */
typedef struct profile_mark {
    sv table, column;
    bool required;
} profile_mark;

/* A table as the profile knows it, and the names that it may have in a source. */
typedef struct profile_column {
    sv name;
    const name_form *form; /* its own name, then its synonyms */
    size_t forms;
    bool required;
} profile_column;

typedef struct profile_table {
    sv name;
    const name_form *form;
    size_t forms;
    sv key;         /* column that is the src_key of its records; empty: none */
    bool positions; /* a dump without headings is taken by the order of its columns */
    const profile_column *column;
    size_t columns;
    unsigned line, at; /* place in profile.yaml */
} profile_table;

/* What the codes of a field mean: `values:` of the profile. */
typedef struct profile_words {
    const model_entity *entity;
    const model_field *field;
    const yaml_node *map; /* code: canonical word */
} profile_words;

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
    const profile_table *table;
    size_t tables;
    const profile_words *words;
    size_t word_maps;
    const sv *leave; /* "table" or "table.column" that stays behind by intent */
    size_t leaves;
    const profile_option *option;
    size_t options;
    const profile_chart *chart;
    size_t charts;
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

void profile_read_tables(const profile_reader *r, const yaml_node *tables);
void profile_read_words(const profile_reader *r, const yaml_node *values);
void profile_read_detect(const profile_reader *r, const yaml_node *detect);
void profile_read_entities(const profile_reader *r, const yaml_node *entities);
void profile_check_targets(const profile_reader *r); /* what a record cannot be without comes from somewhere */
void profile_read_options(const profile_reader *r, const yaml_node *options);
void profile_read_chart(const profile_reader *r, const yaml_node *chart);

const profile_entity *profile_entity_of(const profile *x, const char *entity); /* its first part; NULL: not given */
bool profile_is_first_part(const profile *x, size_t entity);
/* True of entities that the profile gives, and of teeth where it has charts: those are no staged table. */
bool profile_gives(const profile *x, const char *entity);
bool profile_is_staged(const profile *x, const char *entity);
const profile_table *profile_table_named(const profile *x, sv name); /* NULL: none */
size_t profile_column_named(const profile_table *t, sv name);        /* SIZE_MAX: none */
/* A list of texts in mem; what is none is told as `what` being wrong. */
const sv *profile_texts(const profile_reader *r, const yaml_node *list, const char *what, size_t *n);

/* ---- which tables of a source are which (profile_match.c) ---- */

enum { MATCH_NONE = -1 };

/* Two that fit equally well; second MATCH_NONE: one that two names of the profile fit. */
typedef struct match_rivals {
    int first, second;
} match_rivals;

typedef struct table_match {
    int table;                  /* in the catalog */
    int *column;                /* of each column of the profile's table: its position there */
    match_rivals rival;         /* with table MATCH_NONE: why; else .first: another one that fits, though less well */
    match_rivals *column_rival; /* of each column with MATCH_NONE: why */
    int near;                   /* with table MATCH_NONE: one of that name that lacks a required column */
    bool by_position;           /* its columns are told by their order */
} table_match;

/* One per table of the profile, in mem; NULL when out of memory. Told by names and the catalog alone. */
const table_match *profile_match(const profile *x, const catalog *c, arena *mem);
/* Position in the catalog of a table that a profile names, by its own name or the source's ("dbo.patient"). */
int profile_find_table(const profile *x, const table_match *m, const catalog *c, sv name);
int profile_find_column(const profile *x, const table_match *m, const catalog *c, sv table, sv column);

/* ---- places in an SQL text (profile_place.c) ---- */

/* A reading of words, quotes, comments and signs. */
typedef struct sql_token {
    enum { SQL_TOKEN_END, SQL_TOKEN_WORD, SQL_TOKEN_TEXT, SQL_TOKEN_SIGN } kind;
    sv text; /* of a word in quotes: what stands between them */
    size_t at;
    char sign;
} sql_token;
sql_token sql_token_next(sv sql, size_t *at); /* the one at *at, which is moved behind it */

/* Line and column, from 1, of a byte. */
void sql_place_of_byte(sv sql, size_t at, unsigned *line, unsigned *column);
/* The byte where the nth (from 0) result column of that name is named: behind AS outside of parentheses, else as near
 * to it as can be told; the main SELECT for a column that is not named. */
size_t sql_place_of_column(sv sql, sv name, size_t nth);
/* The byte where the name is first used as a word or in quotes; SIZE_MAX when it is not. */
size_t sql_place_of_name(sv sql, sv name);

/* ---- a SELECT and its columns (profile_select.c) ---- */

/* ROLE_CONTENT: bytes that no staged record holds; profile_contents gives them to who writes files. */
enum { ROLE_KEY = -1, ROLE_TABLE = -2, ROLE_ROW = -3, ROLE_CONTENT = -4, ROLE_NONE = -5 };

typedef struct profile_select {
    sqlite3_stmt *st;
    int *role; /* of each column: position of the field in the entity, or ROLE_ */
    int columns;
} profile_select;

/* What checking and staging have at hand. */
typedef struct profile_source {
    const profile *x;
    const profile_run *run;
    sqlite3 *db;   /* of run->db, where SELECTs run */
    sqlite3 *work; /* where records are staged: another one, so that both can be used at a time */
    arena *mem;
    const catalog *list;
    const table_match *match;
    const sv *name; /* of tables of the source and of the profile, for suggestions */
    size_t names;
    struct staged_keys *staged; /* profile_tables.c; NULL: nothing is being staged */
    struct content_seen *seen;  /* what the newest document was (profile_functions.c) */
    bool **used;                /* of each table of the source and column: a SELECT reads it */
} profile_source;

/* ---- the profile's tables as views (profile_view.c) ---- */

/* Matches, tells what is not certain, and makes a view in the schema "temp" for each table of the profile. False when
 * that failed, with a finding or problems. */
bool profile_views_make(profile_source *s);
bool profile_views_drop(const profile_source *s);
/* The table of the source that a profile means; NULL: it has none. */
const table_info *profile_table_info(const profile_source *s, sv name);
/* Notes in s->used what the SELECTs read that are prepared until it is called with false. */
void profile_watch(profile_source *s, bool on);

/* Prepares and checks the SELECT of an entity and its driving tables; problems say what is wrong. The handle must be
 * restricted. */
void profile_select_open(const profile_source *s, size_t entity, profile_select *out);
void profile_select_close(profile_select *q);
/* Those of all entities, so that all mistakes are told at once; false when there is one. */
bool profile_selects_open(profile_source *s, profile_select *q);
/* The options that a statement of the entity names; false with a problem. */
bool profile_bind_options(const profile_source *s, size_t entity, sqlite3_stmt *st);
/* The SELECT once more, with NULL in place of each column that is not wanted: what nobody looks at is not computed. The
 * handle must be restricted. False with a finding. */
bool profile_select_narrow(const profile_source *s, const profile_entity *e, const profile_select *q,
                           const bool *wanted, sqlite3_stmt **out);
/* Entities whose SELECTs may give the column `content`. */
bool profile_has_content(const model_entity *e);
/* True when the SELECT gives the field. */
bool profile_select_gives(const profile_select *q, size_t field);

/* ---- values (profile_words.c, profile_options.c, profile_cells.c) ---- */

/* A value of a field; larger ones do not fit into any target. A key is a number or a short text. */
enum { VALUE_BYTES_MAX = 1 << 20, KEY_BYTES_MAX = 4096 };

const profile_words *profile_words_of(const profile *x, const model_entity *e, const model_field *f); /* NULL: none */
/* What a code means, letter case and blanks around aside; false: it is not listed. */
bool profile_word_for(const profile_words *w, sv code, sv *word);
norm_options profile_norm_options(const profile *x, int32_t today);

/* What the rows of a SELECT have in common. */
typedef struct profile_cells {
    const profile_source *s;
    const profile_entity *e;
    const profile_select *q;
    norm_options options;
    norm_names names;
    sv *name; /* of each column */
    /* of each field and input of the entity */
    size_t cells;
    int *from;   /* column that gives it; -1: none */
    bool *whole; /* its values mean something only beside the others of their column */
    norm_survey *survey;
    const profile_words **words;
    sqlite3_stmt *survey_st; /* the SELECT with nothing but the columns that are `whole`, NULL in place of the others */
    struct kept_rows *kept;  /* instead: what the survey read of all columns; NULL: it is read again */
    sql_rows *rows;          /* of the one statement or the other, while they are read; NULL: of `kept` */
    bool surveyed;
} profile_cells;

/* A row of a SELECT. */
typedef struct profile_row {
    bool spoilt; /* a text was made of a locator's bytes: it would be staged as if it were data */
    /* of each column */
    sv *text;    /* as the SELECT gave it; p NULL: NULL */
    bool *large; /* a locator, or longer than a value can be */
    buf *raw;    /* behind text */
    /* of each field and input of the entity */
    norm_cell *cell;
    finding_code *reason; /* of a FORM_WRONG cell */
    buf *value;           /* canonical */
    bool *changed;        /* it is FORM_GOOD, and another text than the original */
    norm_remarks remarks; /* on the row, reasons taken off */
} profile_row;

bool profile_cells_open(profile_cells *c, const profile_source *s, const profile_entity *e, const profile_select *q);
bool profile_cells_want_survey(const profile_cells *c); /* whether any is `whole`; then each row is surveyed first */
/* Rows are made in mem; profile_row_close frees what they hold beside that. False: out of memory. */
bool profile_row_open(const profile_cells *c, arena *mem, profile_row *r);
void profile_row_close(const profile_cells *c, profile_row *r);
/* The steps of a row, each of which a thread of its own may do: read off the statement (of survey_st only what a survey
 * needs), then surveyed or made canonical. */
size_t profile_row_read(const profile_cells *c, bool for_survey, profile_row *r); /* bytes of its values */
void profile_row_survey(profile_cells *c, const profile_row *r);
struct known_values;
void profile_row_normalize(const profile_cells *c, struct known_values *known, profile_row *r); /* one for each cell */
/* A key column (ROLE_KEY ...); {NULL, 0}: not given, NULL, or too long. */
sv profile_row_role(const profile_cells *c, const profile_row *r, int role);

/* Values of one column that were made canonical before, without a remark (profile_known.c); all zero: none. Of one thread,
 * and of one survey. */
enum { KNOWN_VALUES = 32, KNOWN_TEXT_MAX = 24 };
typedef struct known_value {
    char in[KNOWN_TEXT_MAX], out[KNOWN_TEXT_MAX]; /* zeros behind in */
    uint8_t in_n, out_n, form;                    /* norm_form; in_n 0: none */
} known_value;
typedef struct known_values {
    known_value value[KNOWN_VALUES];
    uint32_t asked, found;
    bool useless; /* nearly every value is another one */
} known_values;
/* NULL: it is not known; then *place is where it may be kept, or NULL. */
const known_value *known_value_of(known_values *k, sv in, known_value **place);
void known_value_keep(known_value *place, sv in, sv out, norm_form form); /* place may be NULL */

/* All rows of a SELECT in order (profile_flow.c): read by one thread, surveyed or made canonical by others, taken by the
 * caller. *end: what the last step gave; SQLITE_ROW when take ended it. False when out of memory, or take ended it. */
typedef bool profile_take(void *ctx, const profile_row *r);
bool profile_flow(profile_cells *c, bool for_survey, profile_take *take, void *ctx, int *end);

/* ---- rows between survey and staging (profile_kept.c) ---- */

typedef struct kept_rows kept_rows;
/* Whether the rows of its driving tables let expect that those of the SELECT find room. */
bool kept_rows_fit(const profile_source *s, const profile_entity *e, const profile_select *q);
kept_rows *kept_rows_new(const profile_select *q);      /* NULL: out of memory */
void kept_rows_free(kept_rows *k);                      /* k may be NULL */
bool kept_rows_add(kept_rows *k, const profile_row *r); /* false: there is no room for it */
/* Reading begins, and goes on: texts of r live as long as k; their bytes are added. False: there are no more. */
void kept_rows_rewind(kept_rows *k);
bool kept_rows_next(kept_rows *k, profile_row *r, size_t *bytes);

/* Where the content in a column of a result lies; false: there is none. */
bool profile_content_place(sql_db *db, sqlite3_value *v, content_place *out);
/* Adds and removes the functions that SELECTs of profiles have (profile_functions.c). */
bool profile_functions(profile_source *s, bool on);

/* A text that comes as a locator; false: it is no text, or longer than out takes. */
bool profile_read_text(sql_db *db, const lob_ref *ref, buf *out);

/* What the profile calls each column of the chart's table; NULL: as the source does. */
const sv *profile_chart_names(const profile_source *s, sv table, const table_info *info);

/* ---- references to nobody (profile_orphans.c) ---- */

/* Staged records whose reference leads nowhere lose it: held back, listed. */
bool profile_hold_back_orphans(const profile_source *s, const model_entity *e, const model_field *f);
/* Staged records are left out after all; and what cannot be without them, or only without the reference. False with a
 * finding. */
typedef struct taken_back {
    sv src_key;
    finding_code code;
} taken_back;
bool profile_take_back(const profile_source *s, const model_entity *e, const taken_back *list, size_t n);
bool profile_after_taking_back(const profile_source *s, const model_entity *e);

/* ---- what nothing reads (profile_custom.c, profile_left.c) ---- */

/* What becomes of a column that no SELECT reads. */
typedef struct left_column {
    const char *why;  /* it stays: as profile_left has it; NULL: it does not, or it is read */
    int64_t filled;   /* rows that have a value; -1: unknown */
    uint64_t carried; /* values that became custom values */
} left_column;

/* A primary key of one column; -1: there is none. */
int profile_primary_key(const table_info *t);
/* True when the profile says that the column, or with -1 the whole table, stays behind. */
bool profile_is_left(const profile_source *s, size_t table, int column);
/* Tells what `leave:` names that the source's table does not have: it may be misspelt, and be carried. */
void profile_check_leave(const profile_source *s);
/* A SELECT reads something of the table. */
bool profile_is_read(const profile_source *s, size_t table);
/* Counts, and gives to run->left what is set in `left`, one for each column of the table. False with a finding. */
bool profile_list_left(const profile_source *s, size_t table, left_column *left);

/* Stages custom values, into the table custom_value, and tells what is left behind. False with a finding. */
bool profile_custom(const profile_source *s);

/* ---- keys that were seen (profile_keys.c) ---- */

/* Memory that sets of keys may take together; what comes when it is used up goes to the work file. */
typedef struct key_room {
    size_t most, used;
} key_room;
typedef struct key_set key_set;
/* Both must outlive it. NULL: out of memory. */
key_set *key_set_new(sqlite3 *work, key_room *room);
bool key_set_free(key_set *s); /* s may be NULL. False when SQLite failed, as below */
bool key_set_add(key_set *s, sv key, bool *is_new);
bool key_set_has(key_set *s, sv key, bool *has);

/* ---- the tables that records are staged in (profile_tables.c) ---- */

/* False with a finding; then, too, profile_tables_end gives back what was taken. */
bool profile_tables_make(profile_source *s);
bool profile_tables_end(profile_source *s);
/* Once all records of an entity are staged: those behind it look them up. */
bool profile_table_index(const profile_source *s, const model_entity *e);
key_room *profile_key_room(const profile_source *s);
/* The src_keys of the records of an entity that are staged so far; NULL: it is none that is staged. */
key_set *profile_staged_keys(const profile_source *s, const model_entity *e);
/* To those keys; *is_new: neither the one nor the other was there. False when SQLite failed. */
bool profile_staged_add(const profile_source *s, key_set *keys, sv src_key, sv source_key, bool *is_new);

/* ---- accounts (profile_account.c) ---- */

/* Which rows of the driving table came out of a SELECT. A record is known by its key; with `many` a row by its src_row.
 * */
typedef struct profile_account {
    const profile_source *s;
    const profile_entity *e;
    key_set *seen_rows, *seen_records; /* the latter: rejected ones, and all where the entity has several parts */
    size_t line;                       /* in the ledger */
    bool parts;                        /* the entity has several: whose keys they are has to be remembered */
    uint64_t *scans;                   /* of each driving table, before the SELECT */
    uint64_t records, rows, rejected;
} profile_account;

bool profile_account_open(profile_account *a, const profile_source *s, const profile_entity *e);
bool profile_account_close(profile_account *a);
/* A record came out of the row with that key (only used with `many`). False when SQLite failed, as below. */
bool profile_account_row(profile_account *a, sv src_row);
/* True in *again when a record of that key was rejected before. */
bool profile_account_again(profile_account *a, sv src_key, bool *again);
/* Records that were written, or rejected for another reason than their key. */
bool profile_account_written(profile_account *a, sv src_key);
bool profile_account_rejected(profile_account *a, sv src_key);
/* One more record of a key that came before. */
bool profile_account_repeated(profile_account *a, sv src_key);
/* The SELECT is run from the beginning again. */
void profile_account_again_scanned(profile_account *a);
size_t profile_entity_line(const profile_source *s, const model_entity *e); /* in the ledger */
/* Counts the rows that did not come out, and closes the sum. False with a finding. */
bool profile_account_balance(profile_account *a);

/* Findings about staging: the work database, and a statement that broke off. */
void profile_work_failed(const profile_source *s, const profile_entity *e);
/* Runs statements without rows; false with that finding. */
bool profile_run_sql(const profile_source *s, const profile_entity *e, sqlite3 *db, const char *sql);
void profile_sql_failed(const profile_source *s, const profile_entity *e);
void profile_source_failed(const profile_source *s); /* beside the statements of entities */

#endif
