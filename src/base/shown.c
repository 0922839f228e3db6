#include "base/shown.h"
#include "base/utf.h"
#include <inttypes.h>
#include <stdio.h>

void add_number(buf *out, uint64_t n)
{
    char digit[24];
    int length = snprintf(digit, sizeof digit, "%" PRIu64, n);
    add_decimal(out, (sv){digit, (size_t)length});
}

void add_decimal(buf *out, sv digits)
{
    size_t sign = digits.n && digits.p[0] == '-', whole = sign;
    while (whole < digits.n && digits.p[whole] != '.') whole++;
    for (size_t i = 0; i < digits.n; i++) {
        if (i > sign && i < whole && (whole - i) % 3 == 0) buf_char(out, ',');
        buf_char(out, digits.p[i]);
    }
}

void add_count(buf *out, uint64_t n, const char *what)
{
    add_number(out, n);
    buf_printf(out, " %s%s", what, n == 1 ? "" : "s");
}

bool is_spelled_out(uint32_t c)
{
    bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
    bool direction = c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E);
    bool isolate = c >= 0x2066 && c <= 0x2069;
    bool no_character = c == 0xFEFF || (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    return control || direction || isolate || no_character;
}

void add_spelled_out(buf *out, uint32_t c) { buf_printf(out, c < 0x100 ? "\\x%02X" : "\\u{%04X}", (unsigned)c); }

void add_shown(buf *out, sv s)
{
    for (size_t i = 0; i < s.n;) {
        const size_t n = utf8_valid_at((sv){s.p + i, s.n - i});
        const uint32_t c = n ? utf8_code(s.p + i, n) : (uint8_t)s.p[i];
        if (!n || is_spelled_out(c))
            add_spelled_out(out, c);
        else
            buf_add(out, s.p + i, n);
        i += n ? n : 1;
    }
}
