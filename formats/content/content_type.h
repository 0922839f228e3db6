/* What a content is, told by its first bytes, which no name and no column contradicts with more right. */
#ifndef CONTENT_CONTENT_TYPE_H
#define CONTENT_CONTENT_TYPE_H

#include "base/sv.h"
#include <stdint.h>

typedef struct content_type {
    const char *mime;       /* "image/jpeg"; NULL: not known */
    const char *extension;  /* "jpg"; "" when the name has to tell */
    const char *extensions; /* further ones that mean the same: "jpeg jpe jfif" */
    bool packed;            /* compressed already */
    bool executable;        /* a program or a script */
} content_type;

/* As many bytes as any type needs; with fewer only those types that need no more. */
enum { CONTENT_HEAD_BYTES = 4096 };

/* Never NULL. Text without a mark of its own is "text/plain" when all of head is readable. */
const content_type *content_type_of(const uint8_t *head, size_t n);
/* By its first bytes a file of a program, not mere text or anything. */
bool content_type_is_known(const content_type *t);
/* Letter case does not count. */
bool content_type_has_extension(const content_type *t, sv extension);
/* The type that an extension claims; NULL: no type that is known here. */
const content_type *content_type_named(sv extension);

#endif
