/* An XML part of a workbook, parsed chunk by chunk with expat. A part with a document type is refused: workbooks have
 * none, and entities are what XML bombs are made of. */
#ifndef XLSX_XML_PART_H
#define XLSX_XML_PART_H

#include "archive/part.h"

typedef struct xml_part xml_part;

/* Names come without their prefix. Attributes: name, value, name, value, ..., NULL. */
typedef struct xml_taker {
    void (*start)(void *ctx, const char *name, const char **attribute);
    void (*end)(void *ctx, const char *name);
    void (*text)(void *ctx, const char *p, int n);
    void *ctx;
} xml_taker;

/* ST_OK; ST_END when the workbook has no such part; ST_FATAL. */
status xml_part_open(byte_source *file, sv name, const xml_taker *t, findings *f, xml_part **out);
/* Parses the next chunk. ST_OK; ST_END: that was all; ST_TABLE_LOST: no valid XML (a finding); ST_FATAL. */
status xml_part_step(xml_part *x);
/* What was wrong for the taker: the part ends with this chunk as ST_TABLE_LOST. `why` is static text. */
void xml_part_stop(xml_part *x, const char *why);
void xml_part_close(xml_part *x); /* x may be NULL */
uint64_t xml_part_done(const xml_part *x);

/* The whole part at once. As xml_part_open and xml_part_step. */
status xml_part_read(byte_source *file, sv name, const xml_taker *t, findings *f);

/* The value of an attribute, NULL when it is not there; prefixes do not matter. */
const char *xml_attribute(const char **attribute, const char *name);

#endif
