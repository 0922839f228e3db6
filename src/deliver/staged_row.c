#include "deliver/staged_row.h"
#include "csv/csv_words.h"
#include "template/template.h"

bool staged_may_need_quotes(const model_entity *e, size_t column)
{
    if (column == STAGED_SOURCE_KEY) return false;
    const model_field *f = staged_field(e, column);
    return !f || f->type == FIELD_TEXT || f->type == FIELD_REFERENCE;
}

/* Nearly all cells are shorter than a call is long: two overlapping words hold them. */
static inline char *put(char *to, sv s)
{
    if (s.n > 2 * sizeof(uint64_t) || s.n == 0) {
        if (s.n) memcpy(to, s.p, s.n);
    } else if (s.n >= sizeof(uint64_t)) {
        memcpy(to, s.p, sizeof(uint64_t));
        memcpy(to + s.n - sizeof(uint64_t), s.p + s.n - sizeof(uint64_t), sizeof(uint64_t));
    } else if (s.n >= sizeof(uint32_t)) {
        memcpy(to, s.p, sizeof(uint32_t));
        memcpy(to + s.n - sizeof(uint32_t), s.p + s.n - sizeof(uint32_t), sizeof(uint32_t));
    } else {
        to[0] = s.p[0];
        to[s.n / 2] = s.p[s.n / 2];
        to[s.n - 1] = s.p[s.n - 1];
    }
    return to + s.n;
}

static inline bool is_special(char c, char delimiter) { return c == delimiter || c == '"' || c == '\n' || c == '\r'; }

static inline bool has_special(uint64_t w, char delimiter)
{
    return (csv_has(w, delimiter) | csv_has(w, '"') | csv_has(w, '\n') | csv_has(w, '\r')) != 0;
}

bool staged_is_plain(sv s, char delimiter)
{
    if (s.p[0] == ' ' || s.p[s.n - 1] == ' ') return false;
    if (s.n < sizeof(uint64_t)) {
        for (size_t i = 0; i < s.n; i++)
            if (is_special(s.p[i], delimiter)) return false;
        return true;
    }
    for (size_t i = 0; i + sizeof(uint64_t) <= s.n; i += sizeof(uint64_t))
        if (has_special(csv_load(s.p + i), delimiter)) return false;
    return !has_special(csv_load(s.p + s.n - sizeof(uint64_t)), delimiter); /* the tail, some of it a second time */
}

/* How many bytes from there on are neither quote nor carriage return. */
static size_t unquoted(sv s, size_t from)
{
    size_t i = from;
    while (i + sizeof(uint64_t) <= s.n) {
        uint64_t w = csv_load(s.p + i);
        if (csv_has(w, '"') | csv_has(w, '\r')) break;
        i += sizeof w;
    }
    while (i < s.n && s.p[i] != '"' && s.p[i] != '\r') i++;
    return i - from;
}

static char *put_quoted(char *to, sv s)
{
    *to++ = '"';
    for (size_t i = 0; i < s.n;) {
        size_t n = unquoted(s, i);
        memcpy(to, s.p + i, n);
        to += n;
        if ((i += n) == s.n) break;
        char c = s.p[i++];
        if (c == '\r' && i < s.n && s.p[i] == '\n') continue;
        if (c == '"') *to++ = '"';
        *to++ = c == '\r' ? '\n' : c;
    }
    *to++ = '"';
    return to;
}

char *staged_put_text(char *to, sv s, char delimiter)
{
    return staged_is_plain(s, delimiter) ? put(to, s) : put_quoted(to, s);
}

void staged_row(const staged_form *form, const sv *column, buf *out)
{
    size_t most = form->newline.n;
    for (size_t i = 0; i < form->columns; i++) most += 2 * column[i].n + 3; /* every byte a quote */
    char *start = buf_reserve(out, most), *to = start;
    if (!to) return;
    for (size_t i = 0; i < form->columns; i++) {
        if (i) *to++ = form->delimiter;
        if (!column[i].n) continue;
        to = form->text[i] ? staged_put_text(to, column[i], form->delimiter) : put(to, column[i]);
    }
    to = put(to, form->newline);
    out->n += (size_t)(to - start);
}
