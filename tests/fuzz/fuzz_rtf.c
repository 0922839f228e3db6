/* RTF of notes: any bytes give text and HTML whose size is bounded by theirs, the same text with and without HTML. */
#include "rtf/rtf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sv in = {(const char *)data, size};
    buf text = buf_new((size_t)1 << 30), html = buf_new((size_t)1 << 30), alone = buf_new((size_t)1 << 30);
    rtf_told told, told_alone;
    rtf_read(in, &text, &html, &told);
    rtf_read(in, &alone, NULL, &told_alone);
    if (!sv_eq(buf_view(&text), buf_view(&alone)) || told.broken != told_alone.broken) __builtin_trap();
    if (text.n > 4 * size + 8 || html.n > 128 * size + 128) __builtin_trap();
    if (told.unreadable > size) __builtin_trap();
    (void)rtf_is(in);
    buf_free(&text);
    buf_free(&html);
    buf_free(&alone);
    return 0;
}
