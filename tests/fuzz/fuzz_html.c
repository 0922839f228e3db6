/* HTML of notes: any bytes give text and HTML whose size is bounded by theirs, the same text with and without HTML. */
#include "html/html_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sv in = {(const char *)data, size};
    buf text = buf_new((size_t)1 << 30), html = buf_new((size_t)1 << 30), alone = buf_new((size_t)1 << 30);
    html_told told;
    html_read(in, &text, &html, &told);
    html_read(in, &alone, NULL, &told);
    if (!sv_eq(buf_view(&text), buf_view(&alone))) __builtin_trap();
    if (text.n > 4 * size + 8 || html.n > 128 * size + 128) __builtin_trap();
    for (size_t i = 0; i + 7 <= html.n; i++) {
        if (memcmp(html.p + i, "<script", 7) == 0) __builtin_trap();
    }
    (void)html_is(in);
    buf_free(&text);
    buf_free(&html);
    buf_free(&alone);
    return 0;
}
