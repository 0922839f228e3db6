/* Encoder for LZ77 + Huffman pieces (formats/xpress/FORMAT.md): for tests and for the writer of test databases only. It
 * was written from the format's description and shares no code with the decoder, so that each can prove the other. */
#ifndef TOOLS_XPRESS_ENCODE_H
#define TOOLS_XPRESS_ENCODE_H

#include <stddef.h>

enum {
    XPRESS_IN_MAX = 65536,
    XPRESS_OUT_MAX = 65535 /* what the 16-bit size of a backup's record can say */
};

typedef struct xpress_encoder xpress_encoder; /* about 600 KB; one per thread */
xpress_encoder *xpress_encoder_new(void);     /* NULL when out of memory */
void xpress_encoder_free(xpress_encoder *x);

/* Encodes n bytes (1 to XPRESS_IN_MAX) to out (room: XPRESS_OUT_MAX) and returns the length; 0 when it does not fit:
 * the caller then stores the bytes as they are. */
size_t xpress_encode(xpress_encoder *x, const void *in, size_t n, void *out);

#endif
