/* LZ77 + Huffman ("Xpress Huffman", MS-XCA 2.1 and 2.2) as compressed backups use it: one table per piece of at most
 * 65,536 bytes. FORMAT.md describes the bits. */
#ifndef XPRESS_XPRESS_H
#define XPRESS_XPRESS_H

#include "base/sv.h"

/* Working memory of one decoder: about 10 KB, reused from piece to piece; one per thread. It is the caller's, of
 * xpress_state_bytes(), aligned for any type. */
typedef struct xpress_state xpress_state;
size_t xpress_state_bytes(void);
xpress_state *xpress_place(void *memory); /* memory may be NULL: so is the decoder */

/* Decodes exactly out_n bytes (1 to 65,536) from in; false when the input is not a whole, valid piece of that size.
 * What stands in out after a failure is unspecified but never beyond out + out_n. */
bool xpress_decode(xpress_state *x, const void *in, size_t in_n, void *out, size_t out_n);

#endif
