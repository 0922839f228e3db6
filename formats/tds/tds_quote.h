/* Names and literals in statements. */
#ifndef TDS_TDS_QUOTE_H
#define TDS_TDS_QUOTE_H

#include "base/arena.h"
#include "base/buf.h"

/* [name], with each ] doubled: what QUOTENAME gives. */
sv tds_quoted(sv name, arena *mem); /* {NULL, 0}: no memory */

/* 0x... */
void tds_hex(buf *out, sv bytes);

#endif
