/* Text within XML and HTML. */
#ifndef BASE_MARKUP_H
#define BASE_MARKUP_H

#include "base/buf.h"

/* What stands there for a character that has a meaning of its own: & < > "; NULL for any other. */
const char *markup_entity(char c);

/* The text with those; its other bytes as they are. */
void markup_escaped(buf *out, sv text);

#endif
