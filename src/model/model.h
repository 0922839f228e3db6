/* The canonical model: entities and fields, from model.def. Every entity also has src_table, src_key (text of the
 * source's key) and source_key (the key in every destination, see model_source_key). MODEL.md says what each means. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/buf.h"
#include "base/sv.h"

typedef enum field_type {
    FIELD_TEXT,
    FIELD_DATE /* YYYY-MM-DD */,
    FIELD_DATETIME /* local, YYYY-MM-DD HH:MM:SS[.f] */,
    FIELD_INTEGER,
    FIELD_DECIMAL,
    FIELD_BOOL /* 0 or 1 */,
    FIELD_ENUM /* one of model_field.values */,
    FIELD_REFERENCE /* src_key of model_field.target */
} field_type;

/* What becomes of a field in a copy from which nobody can be known (45 CFR 164.514(b)(2), Safe Harbor). */
typedef enum safe_rule {
    SAFE_LEFT_OUT, /* model.def says nothing: left out */
    SAFE_KEPT,     /* a number, a truth, a word of a closed list */
    SAFE_YEAR,
    SAFE_BIRTH_YEAR, /* the year, unless the patient may be ninety or older */
    SAFE_ZIP3,
    SAFE_TOKEN /* a random word; of a reference the one of its target */
} safe_rule;

typedef struct model_field {
    const char *name;
    field_type type;
    bool required; /* a row without it is rejected */
    bool phi;      /* protected health information */
    bool note;     /* free text that people wrote about somebody: convert --without notes */
    safe_rule safe;
    const char *target;  /* FIELD_REFERENCE: entity */
    const char *values;  /* FIELD_ENUM: words separated by blanks */
    const char *concern; /* of src/normalize: "phone"; NULL: only its type counts */
    const char *meaning; /* a sentence */
} model_field;

typedef struct model_entity {
    const char *name;         /* "patient" */
    const char *letters;      /* of its source keys: "PAT" */
    const char *title;        /* "Patients" */
    const model_field *field; /* of a record; behind them `inputs` ones that a source may give instead */
    size_t fields, inputs;
} model_entity;

size_t model_entities(void);
const model_entity *model_entity_at(size_t i);
size_t model_entity_index(const model_entity *e); /* e is one of these */
const model_entity *model_entity_named(sv name);  /* NULL: none */
/* The entity that a field is of; NULL: it is none of the model's. */
const model_entity *model_entity_of(const model_field *f);
/* A field of its records; NULL: none. */
const model_field *model_field_named(const model_entity *e, sv name);
/* A field, or one that only a source gives: what a profile's SELECT may name. */
const model_field *model_input_named(const model_entity *e, sv name);

/* Appends the key of a record in every destination: SYSTEM-LETTERS-KEY, such as PP-PAT-1042. Of the source's key,
 * capital letters, digits and `-` stand for themselves, a small letter a is `.a` (no two keys differ only by case), any
 * other byte is `_` and two hex digits; so it can be read back. A key of more than MODEL_KEY_MAX characters is cut and
 * ends in `..` and a hash of the whole. False when src_key is empty. */
enum { MODEL_KEY_MAX = 64 };
bool model_source_key(sv system, const model_entity *e, sv src_key, buf *out);

#endif
