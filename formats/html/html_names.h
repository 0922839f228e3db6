/* The named characters of HTML 4, and apos. */
#ifndef HTML_HTML_NAMES_H
#define HTML_HTML_NAMES_H

#include "base/sv.h"

enum { HTML_NAME_MAX = 10 };

/* Code point of an entity's name (letter case counts); 0: none. */
uint32_t html_entity(sv name);
/* What the numbers 0x80 to 0x9F mean in HTML. */
extern const uint16_t html_windows_1252[32];

#endif
