/* One cell: from the values of a staged row to what the destination is given. */
#ifndef DELIVER_TARGET_CELL_H
#define DELIVER_TARGET_CELL_H

#include "base/finding.h"
#include "base/zone.h"
#include "template/template.h"

/* What stood against a cell. */
typedef struct cell_trouble {
    finding_code code; /* FINDING_CODES: none */
    misfit_rule rule;  /* reject, hold or cut */
    sv value;          /* the original, for the exceptions; valid as long as the row */
} cell_trouble;

/* Key of the parent record that has this source key, for links; false when it was not written. */
typedef bool (*find_parent)(void *ctx, const target_field *f, sv src_key, buf *out);

typedef struct cell_context {
    const destination *d;
    const object_template *o;
    const sv *value;  /* the row, a value for each of its columns; p NULL: none */
    bool whole;       /* texts are not measured: the caller cuts them into pieces */
    const zone *zone; /* of the practice; NULL: unknown */
    find_parent parent;
    void *ctx;
    buf scratch;
} cell_context;

/* Appends the cell's text to out; nothing when the cell stays empty. *defaulted: the template's default was written. */
cell_trouble target_cell(cell_context *c, const target_field *f, buf *out, bool *defaulted);

/* Appends the text with each of its line ends (CRLF, CR, LF) as one line feed: loaders do the same, and it keeps CRLF
 * for the end of the row. */
void target_line_feeds(buf *out, sv text);

/* How many characters of the text become longer where forbidden ones are replaced, or escaped in JSON; at most. */
size_t target_growing(const destination *d, sv text);
/* Characters that a cell of the object's files takes of a field that takes `wanted` (0: any number). 0: any number. */
uint64_t target_characters_most(const destination *d, const object_template *o, uint64_t wanted);
/* Whether fields of the kind are numbers in the target system. */
bool target_is_number(target_type t);
/* Bytes of the longest beginning of at most so many characters. */
size_t target_cut_at(sv text, uint64_t characters);

/* True when one of the words is the row's value, for every condition (and none of them, for a negated one). */
bool conditions_met(const sv *value, const condition *when, size_t n);

/* Characters as Salesforce counts them: UTF-16 units. */
uint64_t target_characters(sv text);

#endif
