/* Why rows failed, in words without values: for groups that may be shown to anybody. Of a tool's message only words stay
 * that messages are made of (reason_words.def), names of fields and objects, and codes such as REQUIRED_FIELD_MISSING;
 * everything else becomes "...". The message itself is in the fix-back file. */
#ifndef LOADED_REASON_H
#define LOADED_REASON_H

#include "base/buf.h"
#include "loaded/loads.h"

/* cell: the row of the message, none of whose texts is a code. Appends at most 200 bytes. */
void reason_add(buf *out, sv message, const bundle_load *of, const sv *cell, size_t n);

/* Reasons of a load, each once. */
typedef struct reason_list {
    sv *text;
    uint64_t *rows;
    size_t n;
} reason_list;
enum { REASONS_MAX = 200 };
/* Its place; the last one stands for all that have no room. SIZE_MAX when out of memory. In mem. */
size_t reason_place(reason_list *r, sv text, arena *mem);

#endif
