/* Binary XML within this layer (FORMAT-binxml.md): input, name tables, atomic values, streamed values. */
#ifndef SQLTYPE_BINXML_INTERNAL_H
#define SQLTYPE_BINXML_INTERNAL_H

#include "base/limits.h"
#include "sqltype/sqltype.h"

enum {
    BX_NAME_FLUSH = 0xe9,
    BX_EXTENSION = 0xea,
    BX_END_NEST = 0xeb,
    BX_NEST = 0xec,
    BX_XML_TEXT = 0xed,
    BX_QNAME = 0xef,
    BX_NAME = 0xf0,
    BX_END_CDATA = 0xf1,
    BX_CDATA = 0xf2,
    BX_COMMENT = 0xf3,
    BX_PI = 0xf4,
    BX_END_ATTRIBUTES = 0xf5,
    BX_ATTRIBUTE = 0xf6,
    BX_END_ELEMENT = 0xf7,
    BX_ELEMENT = 0xf8,
    BX_ENCODING = 0xfd,
    BX_XML_DECL = 0xfe
};

/* ---- input: the pieces as one run of bytes ---- */

typedef struct bx_input {
    binxml_read read;
    void *ctx;
    sv piece;
    status over; /* ST_OK, or what ended the input: ST_END, a failure */
} bx_input;

bool bx_take(bx_input *in, void *to, size_t n); /* exactly n bytes */
bool bx_skip(bx_input *in, uint64_t n);
int bx_peek(bx_input *in); /* the next byte, which stays; -1 when there is none */
/* A number of 7 bits a byte, low bits first, the high bit of a byte says that one more follows. */
bool bx_number(bx_input *in, uint64_t *n);

/* ---- names of one document: numbered from 1 in the order of their definition; 0 is the empty one ---- */

typedef struct bx_name {
    uint32_t at, n; /* in text */
} bx_name;
typedef struct bx_qname {
    uint32_t prefix, local; /* numbers of names */
} bx_qname;
typedef struct bx_names {
    buf text; /* UTF-8 of all names */
    bx_name *name;
    bx_qname *qname;
    size_t names, name_room, qnames, qname_room;
} bx_names;

void bx_names_init(bx_names *t);
void bx_names_free(bx_names *t);
void bx_names_flush(bx_names *t);
/* The rest of a definition from the input. */
bool bx_names_define(bx_names *t, bx_input *in);
bool bx_names_define_qname(bx_names *t, bx_input *in);
/* Appends "name" or "prefix:local". False when there is no such number, or nothing to write. */
bool bx_names_add(const bx_names *t, uint64_t number, buf *out);
bool bx_names_add_qname(const bx_names *t, uint64_t number, buf *out);

/* ---- values ---- */

typedef enum bx_value_form {
    BX_NO_VALUE, /* the token is none */
    BX_FIXED,    /* bytes of bx_value.size */
    BX_COUNTED,  /* decimal: a length, then at most BX_ATOMIC_MAX bytes */
    BX_SCALED,   /* a scale, then as many bytes as it asks for, and size more */
    BX_WIDE,     /* a count of UTF-16 units, then these */
    BX_NARROW,   /* a length, then a code page and text in it */
    BX_BASE64,   /* a length, then bytes */
    BX_HEX,      /* the same */
    BX_QNAME_REF /* the number of a qualified name */
} bx_value_form;

enum { BX_ATOMIC_MAX = 32 };

typedef struct bx_value {
    bx_value_form form;
    unsigned size;
} bx_value;

bx_value bx_value_of(uint8_t token);
/* Text of a value of form BX_FIXED, BX_COUNTED (without its length) or BX_SCALED (with its scale). */
bool bx_atomic(uint8_t token, const uint8_t *p, size_t n, buf *out);

/* ---- values of any length, written as they come ---- */

typedef enum bx_escape { BX_RAW, BX_TEXT, BX_ATTRIBUTE_VALUE } bx_escape;

typedef struct bx_run {
    bx_value_form form; /* BX_NO_VALUE: none is under way */
    uint64_t left;      /* stored bytes still to come */
    bx_escape escape;
    const char *closing; /* written after the last of it */
    uint16_t high;       /* first half of a surrogate pair whose second half has not come; 0: none */
    bool blank;          /* only white space so far; its last character is in `held` */
    char held;           /* 0: none */
    const codepage *cp;
} bx_run;

/* Reads what stands before the bytes of a value (count, code page). */
bool bx_run_begin(bx_run *r, bx_value_form form, bx_escape escape, const char *closing, bx_input *in);
/* Writes at most a few kilobytes; ends the run when nothing is left. */
bool bx_run_step(bx_run *r, bx_input *in, buf *out);

/* One character that is not above 0x7f, escaped. */
void bx_add_ascii(char c, bx_escape escape, buf *out);

#endif
