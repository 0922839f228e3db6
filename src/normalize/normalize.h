/* From what a source says to the canonical form of a field (model.def names the concern of each). One file per concern;
 * this is their only door. Nothing here guesses: what has no certain meaning is FORM_WRONG, is held back by the caller
 * with its original, and the finding says why. Every normalizer is idempotent: its own output comes out unchanged.
 *
 * A column is looked at as a whole first (norm_survey): 03/04/2019 has a meaning only beside the column's other dates. */
#ifndef NORMALIZE_NORMALIZE_H
#define NORMALIZE_NORMALIZE_H

#include "base/buf.h"
#include "base/finding.h"
#include "model/model.h"

typedef enum date_order { ORDER_UNKNOWN, ORDER_MONTH_FIRST, ORDER_DAY_FIRST } date_order;

/* What holds for the whole source; from the profile's options (templates/README.md lists them). */
typedef struct norm_options {
    const char *country;     /* ISO 3166 code of addresses and phones that name none: "US", "TR" */
    date_order order;        /* of dates such as 03/04/2019; ORDER_UNKNOWN: each column decides */
    int32_t today;           /* days since 1970-01-01 of the source's own date (never the clock); INT32_MIN: unknown */
    const char *currency;    /* ISO 4217, of amounts that name none: "USD" */
    const char *language;    /* "en", "tr": of names (case) and words */
    char decimal_mark;       /* '.', ',' or 0: each column decides */
    const char *numbering;   /* of teeth that name no system: "universal", "fdi", "palmer"; NULL: none */
    const char *time_zone;   /* IANA's or Windows' name; moments with an offset become its local time; NULL: unknown */
    const char *code_system; /* of procedure codes without one: "CDT", "TDB", "LOCAL" */
    bool dental_specialties; /* GP, Ortho, Endo are dentists'; without it they may be physicians' */
} norm_options;

/* What a whole column shows: counts only, so that the order of its values does not matter. */
typedef struct norm_survey {
    uint64_t values;
    uint64_t month_first, day_first; /* dates of figures that can only be read so */
    uint64_t either_order;           /* and those that can be read both ways */
    uint64_t decimal_point, decimal_comma, either_mark;
    uint64_t capitals, mixed_case; /* names without, and with, a small letter */
    uint64_t zeros;                /* cells of an enumeration that are 0 */
    uint64_t double_encoded,
        single_encoded; /* texts that only make sense with UTF-8 undone once; beyond ASCII but whole */
} norm_survey;

typedef struct norm_column {
    const norm_options *options;
    const model_field *field;
    const norm_survey *survey; /* of the column; NULL: the value stands alone */
} norm_column;

void norm_survey_add(norm_survey *s, const norm_column *c, sv in);

typedef enum norm_form {
    FORM_EMPTY, /* nothing, or a word for nothing */
    FORM_GOOD,  /* out holds the canonical text */
    FORM_WRONG  /* no certain meaning: out is as it was */
} norm_form;

/* Remarks on one value or record: findings to be raised by the caller, who knows the place. The first one of a
 * FORM_WRONG value is the reason it is held back for. */
enum { NORM_REMARKS_MAX = 32 };
typedef struct norm_remarks {
    finding_code code[NORM_REMARKS_MAX];
    const model_field *field[NORM_REMARKS_MAX]; /* which the remark is about */
    size_t n;                                   /* further ones are dropped */
} norm_remarks;
void norm_remark(norm_remarks *r, finding_code code, const model_field *f);

/* Appends the canonical text of `in` to out. NUL, U+FEFF and characters that no text holds are taken off; blanks
 * around are; a field without a concern gets what its type asks for. */
norm_form norm_value(const norm_column *c, sv in, buf *out, norm_remarks *r);

/* A record whose values were normalized one by one: what only several together tell (a whole name split into its
 * parts, a phone's kind, state against postal code, stage and grade out of a diagnosis, a carrier's plan). Cells can be
 * filled, corrected or made FORM_WRONG. One per field, then one per input of the entity. */
typedef struct norm_cell {
    norm_form form;
    buf *text;   /* canonical; meaningful when FORM_GOOD */
    sv original; /* as the source gave it; p NULL: NULL or no column */
} norm_cell;
/* Where the fields and inputs of an entity are found by their names: made once, asked many times for each record. */
enum { NORM_FIELDS_MAX = 255, NORM_NAME_CHAINS = 64 };
typedef struct norm_names {
    const model_entity *entity;
    uint8_t first[NORM_NAME_CHAINS], next[NORM_FIELDS_MAX]; /* positions; NORM_FIELDS_MAX: none */
} norm_names;
void norm_names_of(const model_entity *e, norm_names *out);
void norm_record(const norm_options *o, const norm_names *names, norm_cell *cell, norm_remarks *r);

/* Appends the one name of an insurer of whom the program knows the spellings; false: it does not know this one. */
bool norm_carrier_known(sv name, buf *out);

/* The group that a carrier's company belongs to, by its canonical name: "Delta Dental" of "Delta Dental of Washington";
 * NULL: none is known. */
const char *norm_carrier_parent(sv name);

/* What norm_value takes and gives for a concern, in a few words for people: "a phone number", "a date". */
const char *norm_wanted(const model_field *f);

#endif
