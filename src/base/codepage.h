/* Windows and OEM code pages to UTF-8, as SQL Server itself turns varchar into nvarchar. Single-byte pages come from
 * tables of our own, so that every system gives the same text: the published mappings, and for bytes these leave
 * undefined what Windows gives (a C1 control or private-use character: tests/tools/make_codepages.py), so no byte is
 * lost. Double-byte pages (932, 936, 949, 950) are what the system says of them, the same everywhere. */
#ifndef BASE_CODEPAGE_H
#define BASE_CODEPAGE_H

#include "base/buf.h"

typedef struct codepage codepage;

/* 437 850 857 874 1250..1258 932 936 949 950 65001; NULL for any other. Static, never freed, safe between threads. */
const codepage *codepage_of(unsigned number);
unsigned codepage_number(const codepage *cp);

/* Most bytes of UTF-8 that one byte of any page can become. */
enum { CODEPAGE_GROWTH_MAX = 4 };

/* Writes the UTF-8 form of s to out (room: CODEPAGE_GROWTH_MAX * s.n + 4); returns its length. A byte or pair without
 * meaning becomes U+FFFD; *bad (may be NULL) is increased by their number. */
size_t codepage_to_utf8(const codepage *cp, sv s, char *out, size_t *bad);

#endif
