#include "tds/tds_quote.h"

sv tds_quoted(sv name, arena *mem)
{
    enum { NAME_MAX_BYTES = 4096 }; /* 128 characters, each at most 4 bytes, some doubled */
    buf b = buf_new(NAME_MAX_BYTES);
    buf_quoted(&b, name, '[', ']');
    sv text = b.failed ? (sv){NULL, 0} : arena_sv(mem, buf_view(&b));
    buf_free(&b);
    return text;
}

void tds_hex(buf *out, sv bytes)
{
    static const char digit[] = "0123456789ABCDEF";
    buf_str(out, "0x");
    for (size_t i = 0; i < bytes.n; i++) {
        const unsigned char c = (unsigned char)bytes.p[i];
        buf_char(out, digit[c >> 4]);
        buf_char(out, digit[c & 15]);
    }
}
