#include "normalize/letters.h"
#include "base/utf.h"

size_t letter_at(sv s, uint32_t *letter)
{
    if (s.n && (unsigned char)s.p[0] < 0x80) {
        *letter = (unsigned char)s.p[0];
        return 1;
    }
    static const unsigned char mask[5] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    size_t n = utf8_valid_at(s);
    *letter = 0xFFFD;
    if (n == 0) return 1;
    uint32_t c = (unsigned char)s.p[0] & mask[n];
    for (size_t i = 1; i < n; i++) c = c << 6 | ((unsigned char)s.p[i] & 0x3F);
    *letter = c;
    return n;
}

void letter_add(buf *out, uint32_t c)
{
    char bytes[4];
    buf_add(out, bytes, utf8_put(c, bytes));
}

/* Ranges of capitals whose small letters lie `by` behind them; step 2: capitals and small letters take turns. */
static const struct {
    uint16_t first, last;
    uint8_t step, by;
} pairs[] = {
    {'A', 'Z', 1, 32},      {0xC0, 0xD6, 1, 32},   {0xD8, 0xDE, 1, 32},   {0x100, 0x12E, 2, 1},  {0x132, 0x136, 2, 1},
    {0x139, 0x147, 2, 1},   {0x14A, 0x176, 2, 1},  {0x179, 0x17D, 2, 1},  {0x386, 0x386, 1, 38}, {0x388, 0x38A, 1, 37},
    {0x38C, 0x38C, 1, 64},  {0x38E, 0x38F, 1, 63}, {0x391, 0x3A1, 1, 32}, {0x3A3, 0x3AB, 1, 32}, {0x400, 0x40F, 1, 80},
    {0x410, 0x42F, 1, 32},  {0x460, 0x480, 2, 1},  {0x48A, 0x4BE, 2, 1},  {0x4D0, 0x52E, 2, 1},  {0x1E00, 0x1E94, 2, 1},
    {0x1EA0, 0x1EFE, 2, 1},
};
enum { PAIRS = sizeof pairs / sizeof pairs[0], DOTLESS = 0x131, DOTTED = 0x130 };

uint32_t letter_small(uint32_t c, bool turkish)
{
    if (c == DOTTED) return 'i';
    if (c == 'I' && turkish) return DOTLESS;
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c == 0x178) return 0xFF;
    for (size_t i = 0; i < PAIRS; i++)
        if (c >= pairs[i].first && c <= pairs[i].last && (c - pairs[i].first) % pairs[i].step == 0)
            return c + pairs[i].by;
    return c;
}

uint32_t letter_capital(uint32_t c, bool turkish)
{
    if (c == DOTLESS) return 'I';
    if (c == 'i' && turkish) return DOTTED;
    if (c == 0xFF) return 0x178;
    for (size_t i = 0; i < PAIRS; i++) {
        uint32_t first = (uint32_t)pairs[i].first + pairs[i].by, last = (uint32_t)pairs[i].last + pairs[i].by;
        if (c >= first && c <= last && (c - first) % pairs[i].step == 0) return c - pairs[i].by;
    }
    return c;
}

bool letter_is_small(uint32_t c) { return letter_capital(c, false) != c || c == 0xDF; }
bool letter_is_capital(uint32_t c) { return letter_small(c, false) != c; }

/* U+00C0 to U+017F without their accents; '.' is no letter. */
static const char plain[] = "aaaaaaaceeeeiiiidnooooo.ouuuuyts"
                            "aaaaaaaceeeeiiiidnooooo.ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
                            "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static size_t fold_letter(uint32_t c, char out[4])
{
    if (c >= 0xC0 && c <= 0x17F) c = (unsigned char)plain[c - 0xC0];
    c = letter_small(c, false);
    bool ascii = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (c < 0xC0 && !ascii) return 0;
    return utf8_put(c, out);
}

bool text_fold(sv s, folded *out)
{
    bool gap = false;
    out->n = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t c;
        char bytes[4];
        i += letter_at((sv){s.p + i, s.n - i}, &c);
        if (c >= 0x300 && c <= 0x36F) continue; /* an accent behind its letter */
        size_t n = fold_letter(c, bytes);
        if (n == 0) {
            gap = out->n > 0;
            continue;
        }
        if (out->n + n + 1 > FOLDED_MAX) return false;
        if (gap) out->text[out->n++] = ' ';
        gap = false;
        memcpy(out->text + out->n, bytes, n);
        out->n += n;
    }
    return true;
}

bool folded_is_one_of(const folded *x, const char *words)
{
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, "|");
        if (sv_eq((sv){x->text, x->n}, (sv){p, n})) return true;
        p += n + (p[n] == '|');
    }
    return false;
}
