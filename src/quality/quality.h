/* What the practice should know of its data, counted over the staged entities of a work file (profile/profile.h): how
 * many records, what they lack, which custom fields there are. Numbers and names of fields, never a value of a patient;
 * lists of records are given by their keys. */
#ifndef QUALITY_QUALITY_H
#define QUALITY_QUALITY_H

#include "base/amount.h"
#include "base/arena.h"
#include "base/finding.h"
#include "model/model.h"
#include "quality/chart_counts.h"
#include "quality/quality_ties.h"
#include "quality/spot_checks.h"
#include <sqlite3.h>

/* ---- counts ---- */

typedef struct quality_entity {
    const model_entity *entity;
    uint64_t records;
    const uint64_t *kept; /* per field: records that have it */
} quality_entity;

/* Records that lack all of some fields which a practice works with: patients without an e-mail address. */
typedef struct quality_lack {
    const model_entity *entity;
    const char *what; /* "email" */
    uint64_t records, lacking;
} quality_lack;

/* A field that the practice has made for itself. */
typedef struct quality_custom {
    sv entity, name, type; /* type: empty where the source does not say */
    uint64_t records;
    uint64_t distinct; /* values; at least this many where `more` */
    bool more;
} quality_custom;

/* What became of the values of a field between the source and the records. */
typedef struct quality_field {
    const model_entity *entity;
    const model_field *field;
    uint64_t filled;    /* in the source, of the rows that became records */
    uint64_t kept;      /* in the records */
    uint64_t changed;   /* of those: written otherwise than in the source */
    uint64_t held_back; /* had no certain meaning */
    uint64_t records;   /* that the source's rows became at first, with those left out later */
} quality_field;

/* A table or a column of the source that nothing of the profile reads. */
typedef struct quality_left {
    sv table, column; /* column empty: the whole table */
    int64_t rows;     /* -1: unknown */
    int64_t filled;   /* of a column: rows that have a value; -1: unknown */
    bool carried;     /* its values were carried on as custom values */
    sv why;           /* of a column that stays behind: "leave", "no text", "no record" (profile.h); may be empty */
} quality_left;

typedef struct quality_facts {
    const quality_entity *entity; /* those that were staged, in the order of the model */
    size_t entities;
    const quality_lack *lack;
    size_t lacks;
    const quality_custom *custom; /* by entity and name */
    size_t customs;
    const quality_field *field; /* those that the source gives */
    size_t fields;
    const quality_left *left; /* by table and column */
    size_t lefts;
    uint64_t duplicate_groups, duplicate_records; /* proposed, nothing is merged */
    uint64_t malformed_dates;
    uint64_t before_birth;         /* records dated before the birth of their patient */
    uint64_t shared_emails;        /* providers whose e-mail address another one has too */
    uint64_t accounts_differ;      /* values of guarantors other than those of their own patient records */
    uint64_t exams, exams_assumed; /* with a chart; whose tooth numbering the profile's default decided */
    uint64_t exams_left_out;       /* whose teeth contradict each other, or name no numbering */
    uint64_t ambiguous_teeth;      /* rows of charts that no tooth could be read from for certain */
    chart_counts charts;
    const quality_tie *tie;
    size_t ties;
    const spot_group *spot; /* with values of patients */
    size_t spots;
} quality_facts;

/* Entities, lacks and the custom values that were staged. False when the work file failed or memory did. In mem. */
bool quality_count(sqlite3 *work, arena *mem, quality_facts *out);

/* Each patient without a date of birth or an e-mail address, by key. missing: "birth_date;email". False when the work
 * file failed, or take ended it. */
typedef bool (*quality_take_lack)(void *ctx, sv source_key, sv src_table, sv src_key, sv missing);
bool quality_each_lack(sqlite3 *work, quality_take_lack take, void *ctx);

/* ---- records that contradict each other ---- */

typedef struct quality_conflict {
    const model_entity *entity;
    sv source_key, src_table, src_key; /* of a record */
    const char *what;                  /* "dated before birth", "shared e-mail address" */
    sv other;                          /* source key of the record that it contradicts or shares with */
} quality_conflict;

/* Records dated before the birth of their patient, and providers who share an e-mail address, each with a finding. Texts
 * live during the call; take returns false to end it. Counts go to *facts. False when the work file failed, or take ended
 * it. */
typedef bool (*quality_take_conflict)(void *ctx, const quality_conflict *x);
bool quality_each_conflict(sqlite3 *work, findings *f, quality_take_conflict take, void *ctx, quality_facts *facts);

/* ---- guarantors who are patients ---- */

typedef struct quality_account {
    const model_field *field;
    sv source_key, src_table, src_key; /* of the guarantor */
    sv patient;                        /* source key of his own patient record */
    sv account_value, patient_value;   /* patient_value is empty where the patient record has none */
} quality_account;

/* Each value of a guarantor that his own patient record has not, or has otherwise, with a finding: destinations that keep a
 * person once write the patient record. By field, then key. Ends and counts as quality_each_conflict does. */
typedef bool (*quality_take_account)(void *ctx, const quality_account *x);
bool quality_each_account(sqlite3 *work, findings *f, quality_take_account take, void *ctx, quality_facts *facts);

/* ---- what numbers and dates hold in all, to be held against what a destination has in the end ---- */

typedef struct quality_total {
    const model_entity *entity;
    const model_field *field;
    bool numbers; /* else dates, first and last */
    const column_total *total;
} quality_total;
typedef bool (*quality_take_total)(void *ctx, const quality_total *x);
/* Of each number, amount, date and date-time that records have, over all that are staged, in the model's order. False when the
 * work file failed, or take ended it. */
bool quality_each_total(sqlite3 *work, const quality_facts *facts, quality_take_total take, void *ctx);

/* ---- what leaves the practice only when it is asked for ---- */

/* Takes the national identification numbers of patients out of the work file, after what compares them. False when it
 * failed. */
bool quality_withhold(sqlite3 *work, findings *f);

/* ---- custom fields that are not staged: findings of charts, as they pass by ---- */

typedef struct quality_customs quality_customs;
quality_customs *quality_customs_new(void); /* NULL when out of memory */
void quality_customs_free(quality_customs *c);
/* False when out of memory. Of each field so many distinct values are told apart: QUALITY_DISTINCT_MAX. */
enum { QUALITY_DISTINCT_MAX = 1024, QUALITY_CUSTOMS_MAX = 1024 };
bool quality_customs_add(quality_customs *c, sv entity, sv name, sv type, sv value);
/* Puts them beside those of `facts`, by entity and name. False when out of memory. */
bool quality_customs_list(const quality_customs *c, arena *mem, quality_facts *facts);

#endif
