/* First two bytes: size of the output less one; the rest: a piece. The output lies in a block of exactly that size.
 * Bytes of a failed decode are unspecified, so the same input is decoded twice only to compare the verdict. */
#include "base/bytes.h"
#include "xpress/xpress.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2) return -1;
    size_t out_n = le16(data) + (size_t)1;
    uint8_t *out = malloc(out_n), *again = malloc(out_n);
    xpress_state *x = xpress_place(malloc(xpress_state_bytes()));
    if (out && again && x) {
        bool good = xpress_decode(x, data + 2, n - 2, out, out_n);
        if (xpress_decode(x, data + 2, n - 2, again, out_n) != good) abort();
        if (good && memcmp(out, again, out_n) != 0) abort();
    }
    free(x);
    free(again);
    free(out);
    return 0;
}
