#include "normalize/texts/clean.h"
#include "base/utf.h"

static bool is_control(char c)
{
    return (unsigned char)c == 0x7F || ((unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r');
}

/* The three-byte characters U+FEFF, U+FFFE and U+FFFF. */
static bool is_mark(sv s)
{
    return sv_starts(s, SV_LIT("\xEF\xBB\xBF")) || sv_starts(s, SV_LIT("\xEF\xBF\xBE")) ||
           sv_starts(s, SV_LIT("\xEF\xBF\xBF"));
}

/* High bits where a byte of eight is not ASCII from the blank to the tilde, or lies behind one that is not. */
static uint64_t not_plain(const char *p)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
    uint64_t w;
    memcpy(&w, p, sizeof w);
    uint64_t deleted = w ^ ones * 0x7F; /* a byte of 0 is a 0x7F in w */
    return (w | (w - ones * 0x20) | ((deleted - ones) & ~deleted)) & highs;
}

/* How many bytes, whole words of eight or all, s begins with that are ASCII from the blank to the tilde. */
static size_t plain_words(sv s)
{
    enum { WORD = sizeof(uint64_t), FOUR = 4 * WORD };
    size_t i = 0;
    for (; i + FOUR <= s.n; i += FOUR)
        if (not_plain(s.p + i) | not_plain(s.p + i + WORD) | not_plain(s.p + i + 2 * WORD) |
            not_plain(s.p + i + 3 * WORD))
            break;
    for (; i + WORD <= s.n; i += WORD)
        if (not_plain(s.p + i)) return i;
    if (i == s.n) return i;
    /* The last word of a longer text is looked at with bytes of the one before it, which are plain. */
    if (s.n >= WORD) return not_plain(s.p + s.n - WORD) ? i : s.n;
    char rest[WORD] = {' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '};
    for (size_t k = 0; k < s.n; k++) rest[k] = s.p[k];
    return not_plain(rest) ? 0 : s.n;
}

bool text_is_dirty(sv s)
{
    for (size_t i = 0; i < s.n;) {
        sv rest = {s.p + i, s.n - i};
        size_t plain = plain_words(rest);
        if (plain) {
            i += plain;
            continue;
        }
        size_t n = (unsigned char)rest.p[0] < 0x80 ? !is_control(rest.p[0]) : is_mark(rest) ? 0 : utf8_valid_at(rest);
        if (n == 0) return true;
        i += n;
    }
    return false;
}

void text_add_cleaned(buf *out, sv s)
{
    for (size_t i = 0; i < s.n;) {
        sv rest = {s.p + i, s.n - i};
        size_t plain = plain_words(rest);
        if (plain) {
            buf_add(out, rest.p, plain);
            i += plain;
            continue;
        }
        size_t n = utf8_valid_at(rest);
        if (n == 0)
            buf_str(out, "\xEF\xBF\xBD");
        else if (!(n == 1 && is_control(rest.p[0])) && !is_mark(rest))
            buf_add(out, rest.p, n);
        i += n ? n : 1;
    }
}
