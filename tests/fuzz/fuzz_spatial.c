/* libFuzzer: the CLR types. What is refused must leave nothing behind. */
#include "sqltype/sqltype.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void check(bool accepted, const buf *out)
{
    if (!accepted && out->n != 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    sv in = {(const char *)p, n};
    buf out = buf_new((size_t)16 << 20);
    check(hierarchyid_text(in, &out), &out);
    buf_clear(&out);
    check(spatial_text(in, false, &out), &out);
    buf_clear(&out);
    check(spatial_text(in, true, &out), &out);
    buf_free(&out);
    return 0;
}
