#include "xlsx/cell_text.h"
#include "base/ascii.h"
#include "base/utf.h"
#include "xlsx/xlsx_writer.h"

/* The character of "_xHHHH_" at p, -1 when there is none. Halves of pairs stay as they are. */
static int escape_at(const char *p, size_t n)
{
    if (n < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_') return -1;
    int c = 0;
    for (int i = 2; i < 6; i++) {
        int d = hex_digit(p[i]);
        if (d < 0) return -1;
        c = c << 4 | d;
    }
    return c >= 0xD800 && c < 0xE000 ? -1 : c;
}

size_t cell_text_unescape(char *p, size_t n)
{
    if (!n || !memchr(p, '_', n)) return n;
    size_t out = 0;
    for (size_t i = 0; i < n;) {
        int c = p[i] == '_' ? escape_at(p + i, n - i) : -1;
        if (c < 0) {
            p[out++] = p[i++];
            continue;
        }
        out += utf8_put((uint32_t)c, p + out); /* 7 characters become 3 at most */
        i += 7;
    }
    return out;
}

size_t cell_column_of(const char *r)
{
    size_t column = 0;
    for (; (*r | 0x20) >= 'a' && (*r | 0x20) <= 'z'; r++) {
        column = column * 26 + (size_t)((*r | 0x20) - 'a') + 1;
        if (column > XLSX_COLUMNS_MAX) return SIZE_MAX;
    }
    return column && *r >= '1' && *r <= '9' ? column - 1 : SIZE_MAX;
}
