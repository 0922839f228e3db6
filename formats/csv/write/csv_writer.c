#include "csv/csv_writer.h"
#include "csv/csv_words.h"

static bool special_word(uint64_t w)
{
    return (csv_has(w, ',') | csv_has(w, '"') | csv_has(w, '\r') | csv_has(w, '\n')) != 0;
}

static bool special_byte(char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; }

static bool needs_quotes(sv s)
{
    if (s.n == 0 || s.p[0] == ' ' || s.p[s.n - 1] == ' ') return true;
    if (s.n < 8) {
        for (size_t i = 0; i < s.n; i++)
            if (special_byte(s.p[i])) return true;
        return false;
    }
    for (size_t i = 0; i + 8 <= s.n; i += 8)
        if (special_word(csv_load(s.p + i))) return true;
    return special_word(csv_load(s.p + s.n - 8)); /* the tail, some of it a second time */
}

void csv_quoted_piece(buf *out, sv piece)
{
    while (piece.n) {
        const char *quote = sv_find(piece, '"');
        size_t n = quote ? (size_t)(quote - piece.p) + 1 : piece.n;
        buf_add(out, piece.p, n);
        if (quote) buf_char(out, '"');
        piece.p += n;
        piece.n -= n;
    }
}

void csv_field(buf *out, sv text)
{
    if (!needs_quotes(text)) {
        buf_add(out, text.p, text.n);
        return;
    }
    buf_char(out, '"');
    csv_quoted_piece(out, text);
    buf_char(out, '"');
}
