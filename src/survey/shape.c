/* The shape of a text: classes of characters in place of the characters. */
#include "normalize/letters.h"
#include "survey/survey_internal.h"

enum { LETTERS_SHOWN = 4, DIGITS_SHOWN = 20 };

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0'; }

sv text_trimmed(sv s)
{
    while (s.n && is_blank(s.p[s.n - 1])) s.n--;
    while (s.n && is_blank(s.p[0])) s = (sv){s.p + 1, s.n - 1};
    return s;
}

uint32_t text_characters(sv s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((uint8_t)s.p[i] & 0xC0) != 0x80;
    return n;
}

/* Everything beyond ASCII is a letter, but for the signs of general punctuation to arrows and for emoji. */
static char class_of(uint32_t c)
{
    if (c >= '0' && c <= '9') return '9';
    if (c >= 'A' && c <= 'Z') return 'A';
    if (c >= 'a' && c <= 'z') return 'a';
    if (c < 0x20 || c == 0x7F) return ' ';
    if (c < 0x80) return (char)c;
    if (c < 0xC0 || (c >= 0x2000 && c < 0x2C00) || c >= 0x1F000) return '?';
    return letter_is_capital(c) ? 'A' : 'a';
}

bool text_shape(sv trimmed, char out[SHAPE_BYTES_MAX], size_t *n)
{
    static const char more[] = "\xE2\x80\xA6";
    size_t run = 0;
    char last = 0;
    *n = 0;
    if (text_characters(trimmed) > SHAPE_CHARACTERS_MAX) return false;
    for (sv rest = trimmed; rest.n;) {
        uint32_t letter;
        size_t bytes = letter_at(rest, &letter);
        char c = class_of(letter);
        rest = (sv){rest.p + bytes, rest.n - bytes};
        bool letters = c == 'A' || c == 'a', digits = c == '9';
        run = c == last ? run + 1 : 1;
        last = c;
        size_t shown = letters ? LETTERS_SHOWN : digits ? DIGITS_SHOWN : 1;
        if (run <= shown) {
            out[(*n)++] = c;
        } else if (run == shown + 1 && (letters || digits)) {
            /* Of a long run only its kind is told. */
            *n -= shown - 1;
            memcpy(out + *n, more, sizeof more - 1);
            *n += sizeof more - 1;
        }
        if (*n + sizeof more > SHAPE_BYTES_MAX) return false;
    }
    return *n > 0;
}
