/* What the files of this folder share: the table of concerns, the rules for whole records, and small tools. A concern
 * is one line of concerns.c and one function in the file of its kind. */
#ifndef NORMALIZE_NORMALIZE_INTERNAL_H
#define NORMALIZE_NORMALIZE_INTERNAL_H

#include "normalize/normalize.h"

/* ---- concerns ---- */

/* Which words of a source mean that there is nothing (domain rule; any letter case but in names). */
typedef enum null_words {
    NULLS_ALL,   /* NULL (null) N/A NA - none unknown */
    NULLS_NAME,  /* (null) N/A -, and NA outside of first and last names: Null is a surname, Unknown may be one */
    NULLS_SPELT, /* NULL (null) only: in a clinical text "none" is a finding, in a key anything is one */
    NULLS_ENUM   /* as NULLS_ALL, but a word of the field itself comes first ("unknown" of sex) */
} null_words;

typedef struct concern {
    const char *name;
    /* `in` is valid UTF-8 without controls and, unless `whole`, without blanks around; never empty, no null word. Says
     * FORM_GOOD after appending the canonical text, FORM_EMPTY for nothing, or FORM_WRONG; what a function appends
     * before it says another thing than FORM_GOOD is taken back by its caller. */
    norm_form (*normalize)(const norm_column *c, sv in, buf *out, norm_remarks *r);
    /* What one value tells about its column, with `in` as above; NULL: nothing. */
    void (*survey)(norm_survey *s, const norm_column *c, sv in);
    null_words nulls;
    bool whole; /* blanks around and within are data */
    const char *wanted;
} concern;

/* The concern of the field, or of its type. Never NULL. */
const concern *concern_of(const model_field *f);
size_t concerns(void);
const concern *concern_at(size_t i);

norm_form normalize_text(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_integer(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_decimal(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_bool(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_enum(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_date(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_datetime(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_money(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_percent(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_currency(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_procedure_code(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_procedure_codes(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_carrier(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_note(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_tooth(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_teeth(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_area(const norm_column *c, sv in, buf *out, norm_remarks *r);
void survey_date(norm_survey *s, const norm_column *c, sv in);
void survey_number(norm_survey *s, const norm_column *c, sv in);
void survey_enum(norm_survey *s, const norm_column *c, sv in);
norm_form normalize_line(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_name(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_full_name(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_suffix(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_phone(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_phones(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_email(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_emails(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_state(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_postal_code(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_country(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_national_id(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_npi(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_taxonomy(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_credentials(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_specialty(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_file_name(const norm_column *c, sv in, buf *out, norm_remarks *r);
norm_form normalize_aap_stage(const norm_column *c, sv in, buf *out, norm_remarks *r);
void survey_name(norm_survey *s, const norm_column *c, sv in);

/* ---- whole records ---- */

typedef struct record {
    const norm_options *options;
    const model_entity *entity;
    const norm_names *names; /* of its fields */
    norm_cell *cell;
    norm_remarks *remarks;
} record;

/* The cell of a field or input; NULL: the entity has none of that name. */
norm_cell *record_cell(const record *x, const char *field);
const model_field *record_field(const record *x, const char *field);
/* Its canonical text; {NULL, 0} when it is not FORM_GOOD or not there. */
sv record_text(const record *x, const char *field);
/* Sets a cell that the entity has; nothing happens when it has none. */
void record_set(const record *x, const char *field, sv text);
void record_wrong(const record *x, const char *field, finding_code why);
void record_remark(const record *x, const char *field, finding_code code);
/* What the source gave for it, cleaned and trimmed; text is what holds it, if need be. */
sv record_original(const record *x, const char *field, buf *text);
/* Puts values that found no room in their own field before those of a field for further ones; where the entity has
 * none, the finding says so, about `field`. */
void record_add_further(const record *x, const char *others, sv values, const char *field, finding_code no_room);
/* A cell that was FORM_WRONG alone and is right beside the others: its finding is taken back. */
void record_rescue(const record *x, const char *field, sv text, finding_code was);

typedef void record_rule(const record *x);
record_rule record_full_name, record_suffix, record_test, record_emails, record_phones, record_place,
    record_credentials, record_specialty, record_aap, record_dates, record_money, record_procedure, record_teeth,
    record_carrier, record_note;

/* ---- text ---- */

sv text_trim(sv s); /* ASCII blanks and U+00A0 taken off both ends */
bool text_is_one_of(sv s, const char *words /* separated by '|', lower case; compared without ASCII case */);

#endif
