/* Records to open in the old system beside the new one, chosen by a hash of their keys: the same ones each time, from all over
 * the practice. */
#ifndef QUALITY_SPOT_CHECKS_H
#define QUALITY_SPOT_CHECKS_H

#include "base/arena.h"
#include "model/model.h"
#include <sqlite3.h>

typedef struct spot_check {
    sv source_key, src_table, src_key;
    const sv *value;         /* of each field; empty: has none. A patient's values: not for every reader */
    const uint64_t *records; /* of each kind of record that points to it: how many */
} spot_check;

/* Those of one entity. */
typedef struct spot_group {
    const model_entity *entity;
    const model_field *const *field; /* by which it is recognised */
    size_t fields;
    const model_entity *const *child; /* kinds of records that point to it */
    size_t children;
    const spot_check *check; /* by source key */
    size_t checks;
} spot_group;

/* Values longer than this are cut there, at the end of a character. */
enum { SPOT_TEXT_MAX = 60 };

/* wanted: whether a record is part of the run; may be NULL. False when the work file failed, or memory did. In mem. */
typedef bool (*spot_wanted)(void *ctx, const model_entity *e, sv src_key);
bool spot_checks(sqlite3 *work, spot_wanted wanted, void *ctx, arena *mem, const spot_group **out, size_t *n);

#endif
