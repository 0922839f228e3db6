/* Texts whose bytes were taken for those of another code page on their way: proven over a whole column, or only told. */
#include "normalize/texts/encoding.h"
#include "base/utf.h"
#include "html/html_names.h"
#include "normalize/letters.h"

bool text_is_ascii(sv s) { return utf8_ascii_at(s) == s.n; }

/* The byte that stands for a character in Windows-1252 or, where that has none, 1254; -1: none. */
static int byte_of(uint32_t c)
{
    static const struct {
        uint16_t letter;
        uint8_t byte;
    } turkish[] = {{0x11E, 0xD0}, {0x130, 0xDD}, {0x15E, 0xDE}, {0x11F, 0xF0}, {0x131, 0xFD}, {0x15F, 0xFE}};
    if (c < 0x100) return (int)c;
    for (int i = 0; i < 32; i++)
        if (html_windows_1252[i] == c) return 0x80 + i;
    for (size_t i = 0; i < sizeof turkish / sizeof turkish[0]; i++)
        if (turkish[i].letter == c) return turkish[i].byte;
    return -1;
}

bool text_undo_double(sv in, buf *out)
{
    size_t start = out->n;
    bool whole = !text_is_ascii(in);
    for (size_t i = 0; whole && i < in.n;) {
        uint32_t letter;
        i += letter_at((sv){in.p + i, in.n - i}, &letter);
        int byte = byte_of(letter);
        whole = byte >= 0;
        buf_char(out, (char)byte);
    }
    for (size_t i = start; whole && i < out->n;) {
        size_t n = utf8_valid_at((sv){out->p + i, out->n - i});
        whole = n > 0;
        i += n;
    }
    if (!whole || out->failed) out->n = start;
    return whole && !out->failed;
}

static bool is_letter_at(sv s)
{
    uint32_t c;
    (void)letter_at(s, &c);
    return letter_is_small(c) || letter_is_capital(c);
}

/* Letters that Windows-1252 has where 1254 has Turkish ones, within or at the begin of a word. */
bool text_has_turkish_misread(sv s)
{
    for (size_t i = 0; i + 2 < s.n; i++) {
        if ((unsigned char)s.p[i] != 0xC3) continue;
        unsigned char c = (unsigned char)s.p[i + 1];
        if (!memchr("\x90\x9D\x9E\xB0\xBD\xBE", c, 6)) continue; /* Ð Ý Þ ð ý þ */
        if (is_letter_at((sv){s.p + i + 2, s.n - i - 2})) return true;
    }
    return false;
}
