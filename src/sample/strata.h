/* The strata of a sample: kinds of patients, of records and of hard cases, each with the patients who belong to it. Found in the
 * staged records by the model: each kind of record, each word of an enumeration, each provider and location; and by a list of hard
 * cases. Inside of the sample layer. */
#ifndef SAMPLE_STRATA_H
#define SAMPLE_STRATA_H

#include "base/arena.h"
#include "base/finding.h"
#include "model/model.h"
#include <sqlite3.h>

/* Candidates: src_key, source_key, h (their order), chosen (0; else why, as sample.c has it). */
#define SAMPLE_PATIENTS "main.\"sample:patient\""
/* stratum (its index), h, src_key of its patients. */
#define SAMPLE_STRATA "main.\"sample:in\""
/* A view of exams: those whose chart cannot be read are left out of the bundle. */
#define SAMPLE_EXAMS "main.\"sample:exam\""
/* what (sample_mark), entity (model_entity_index), src_key. */
#define SAMPLE_MARKS "main.\"sample:mark\""

typedef enum sample_mark {
#define M(code, id, title) code,
#include "sample/mark.def"
#undef M
    SAMPLE_MARK_KINDS
} sample_mark;

typedef struct stratum {
    sv id, title;
    uint64_t patients, chosen;
} stratum;

typedef struct strata {
    sqlite3 *work;
    arena *mem;
    stratum *item;
    size_t n, room;
    bool lost_too; /* exams whose chart cannot be read count */
    bool failed;   /* the work file, or memory */
} strata;

/* All of them, with SAMPLE_STRATA filled. The tables above must be there. False: x->failed. */
bool strata_find(strata *x);

#endif
