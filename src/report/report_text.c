#include "report/report_text.h"
#include "base/utf.h"

const char *between(size_t i, size_t n) { return i == 0 ? "" : i + 1 < n ? ", " : " and "; }

void add_clean(buf *out, sv s)
{
    size_t shown = s.n;
    if (s.n > REPORT_TEXT_MAX) {
        /* Not in the middle of a character: its later bytes are 10xxxxxx, at most three of them. */
        shown = REPORT_TEXT_MAX;
        for (int i = 0; i < 3 && ((unsigned char)s.p[shown] & 0xC0) == 0x80; i++) shown--;
    }
    (void)utf8_add_clean(out, (sv){s.p, shown});
    if (shown < s.n) buf_str(out, "\xE2\x80\xA6");
}
