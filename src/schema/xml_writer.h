/* XML 1.0 written element by element into memory: UTF-8, two blanks a level, the same calls give the same bytes. What XML
 * cannot hold (control characters, broken UTF-8) becomes U+FFFD. */
#ifndef SCHEMA_XML_WRITER_H
#define SCHEMA_XML_WRITER_H

#include "base/buf.h"

enum { XML_DEPTH_MAX = 32 };

typedef struct xml_writer {
    buf out; /* failed: out of memory, or the calls were no tree */
    const char *open[XML_DEPTH_MAX];
    size_t depth;
    bool in_tag;   /* attributes may still come */
    bool has_text; /* of the innermost element: its end goes on the same line */
} xml_writer;

/* Begins with the declaration. ceiling: the most bytes it may become. */
xml_writer xml_begin(size_t ceiling);
/* Names are ASCII literals, which are not copied. */
void xml_open(xml_writer *w, const char *name);
void xml_attr(xml_writer *w, const char *name, sv value);
void xml_text(xml_writer *w, sv text);
void xml_close(xml_writer *w);
/* <name>text</name>; <name /> when text is empty. */
void xml_leaf(xml_writer *w, const char *name, sv text);
void xml_word(xml_writer *w, const char *name, const char *text);
void xml_number(xml_writer *w, const char *name, long long number);
/* The document; failed() when an element is still open. Frees nothing: buf_free(&w->out) does. */
bool xml_whole(const xml_writer *w);

#endif
