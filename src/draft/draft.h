/* From an unknown database to a first profile: which table may be which entity, which column which field, how sure that
 * is, and what is left over. Told by names (templates/vocabulary.yaml, by the matching of src/profile), by types and
 * keys, and by what values look like (src/survey); never by a value itself. A draft is for a person to go through. */
#ifndef DRAFT_DRAFT_H
#define DRAFT_DRAFT_H

#include "base/problem.h"
#include "snapshot/snapshot.h"

typedef struct draft draft;

typedef struct draft_run {
    const source_info *info;
    const catalog *list;
    const source_facts *facts;
    const char *templates; /* folder of the vocabulary */
    sv id;                 /* what the profile is to be called */
    arena *mem;
    problems *wrong; /* with the vocabulary */
} draft_run;

/* NULL when memory is out or the vocabulary is wrong (problems). In mem. */
const draft *draft_make(const draft_run *run);

/* The files of the drafted profile: profile.yaml and the SELECTs. In mem; NULL when memory is out. */
typedef struct draft_file {
    sv name, text;
} draft_file;
const draft_file *draft_files(const draft *d, size_t *n);

typedef struct draft_facts {
    size_t entities, fields, tables_left, columns_left;
    size_t uncertain; /* fields of little confidence */
} draft_facts;
draft_facts draft_count(const draft *d);
/* Nothing in the database looks like an entity: such a profile cannot be used. */
bool draft_is_empty(const draft *d);

#endif
