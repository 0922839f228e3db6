/* What profile.h keeps to itself. */
#ifndef PROFILE_PROFILE_INTERNAL_H
#define PROFILE_PROFILE_INTERNAL_H

#include "base/yaml.h"
#include "profile/profile.h"

/* A column that the fingerprint names. */
typedef struct profile_mark {
    sv table, column;
    bool required;
} profile_mark;
enum { PROFILE_MARKS_MAX = 1000 };

struct profile_chart {
    sv shape, table, exam, tooth;
    const yaml_node *declaration; /* the whole, for the fold */
};

struct profile {
    sv id, title, system;
    profile_mark *mark;
    size_t marks;
    profile_entity *entity;
    size_t entities;
    profile_chart chart;
    bool has_chart;
};

/* A value of the source in the canonical form of its field. */
typedef enum field_outcome { FIELD_EMPTY, FIELD_GOOD, FIELD_WRONG } field_outcome;
/* Appends the canonical text of `in` to out; FIELD_WRONG leaves out as it was. */
field_outcome profile_field_text(const model_field *f, sv in, buf *out);
/* What a value of the field should have been: "a date (YYYY-MM-DD)". */
const char *profile_field_kind(const model_field *f);

#endif
