#include "csv/rows/csv_record.h"
#include "csv/csv_words.h"

/* Where cutting stands. */
typedef struct cut {
    const csv_dialect *d;
    const char *end;
    bool last; /* nothing comes behind `end` */
    csv_field_text *field;
    size_t room;
    csv_record *r;
    uint64_t high; /* all words seen, or-ed */
} cut;

static void add_field(cut *c, const char *p, const char *q, unsigned flags)
{
    if (c->r->fields < c->room) c->field[c->r->fields] = (csv_field_text){p, (size_t)(q - p), flags};
    c->r->fields++;
}

/* Not 0 when a byte of w is below 14: NUL, tab, line ends. Exact for the lowest one. */
static inline uint64_t has_control(uint64_t w) { return (w - CSV_ONES * 14) & ~w & CSV_HIGHS; }

/* The first byte from p on that may end a field; `end` when there is none. */
static inline const char *next_mark(cut *c, const char *p)
{
    char delimiter = c->d->delimiter;
    for (; c->end - p >= 8; p += 8) {
        uint64_t w = csv_load(p), m = csv_has(w, delimiter) | has_control(w);
        c->high |= w;
        if (m) return p + (__builtin_ctzll(m) >> 3);
    }
    for (; p < c->end; p++) {
        c->high |= (uint8_t)*p;
        if (*p == delimiter || (uint8_t)*p < 14) break;
    }
    return p;
}

typedef enum mark { MARK_TEXT, MARK_DELIMITER, MARK_END, MARK_UNKNOWN } mark;

/* What the byte at p (below 14, or the delimiter) is. MARK_UNKNOWN: the text goes on behind `end`. */
static inline mark mark_of(cut *c, const char *p)
{
    if (*p == '\n') return c->d->newline == CSV_CR ? MARK_TEXT : MARK_END;
    if (*p == '\r') {
        if (c->d->newline == CSV_CR) return MARK_END;
        if (p + 1 == c->end) return c->last ? MARK_END : MARK_UNKNOWN;
        if (p[1] == '\n') return MARK_END;
        c->r->lone_cr = true;
        return MARK_TEXT;
    }
    if (*p == c->d->delimiter) return MARK_DELIMITER;
    if (*p == '\0') c->r->odd_bytes = true;
    return MARK_TEXT;
}

static inline void finish(cut *c, const char *p)
{
    csv_record *r = c->r;
    r->end = r->next = p;
    r->soft_end = p < c->end && *p == '\n';
    if (p < c->end) r->next += *p == '\r' && p + 1 < c->end && p[1] == '\n' ? 2 : 1;
    r->high = (c->high & CSV_HIGHS) != 0;
}

/* Lines and odd bytes of quoted text. */
static void look_inside(cut *c, const char *p, const char *q)
{
    for (;;) {
        for (; q - p >= 8; p += 8) {
            uint64_t w = csv_load(p);
            c->high |= w;
            if (has_control(w)) break;
        }
        for (unsigned i = 0; i < 8 && p < q; i++, p++) {
            c->high |= (uint8_t)*p;
            if (*p == '\n') c->r->lines++;
            if (*p == '\r' && c->d->newline == CSV_CR) c->r->lines++;
            if (*p == '\0') c->r->odd_bytes = true;
        }
        if (p >= q) return;
    }
}

/* A field that begins with a quotation mark at p. The place behind it: a delimiter, a line end or the end of the text;
 * NULL when more text is needed. */
static const char *quoted_field(cut *c, const char *p)
{
    char quote = c->d->quote;
    unsigned flags = FIELD_QUOTED;
    for (const char *q = p + 1;;) {
        const char *m = q < c->end ? memchr(q, quote, (size_t)(c->end - q)) : NULL;
        if (!m) {
            if (!c->last) return NULL;
            c->r->open = c->r->stray = true;
            look_inside(c, p + 1, c->end);
            add_field(c, p + 1, c->end, flags | FIELD_STRAY);
            return c->end;
        }
        if (m + 1 == c->end && !c->last) return NULL;
        char behind = m + 1 < c->end ? m[1] : '\n';
        mark closes = behind == '\r' && m + 1 < c->end ? mark_of(c, m + 1) : MARK_TEXT;
        if (closes == MARK_UNKNOWN) return NULL;
        if (behind == c->d->delimiter || behind == '\n' || closes == MARK_END) {
            look_inside(c, p + 1, m);
            add_field(c, p + 1, m, flags);
            return m + 1;
        }
        flags |= behind == quote ? FIELD_DOUBLED : FIELD_STRAY;
        if (behind != quote) c->r->stray = true;
        q = m + (behind == quote ? 2 : 1);
    }
}

static bool split(const csv_dialect *d, const char *p, const char *end, bool last, csv_field_text *field, size_t room,
                  csv_record *r, char quote)
{
    cut c = {.d = d, .end = end, .last = last, .field = field, .room = room, .r = r};
    *r = (csv_record){.p = p, .lines = 1};
    for (const char *s = p;;) {
        const char *q = s;
        mark m = MARK_TEXT;
        if (quote && q < end && *q == quote) {
            if (!(q = quoted_field(&c, s))) return false;
            m = q == end || *q == '\n' || *q == '\r' ? MARK_END : MARK_DELIMITER;
        } else {
            for (; m == MARK_TEXT; q += m == MARK_TEXT) {
                q = next_mark(&c, q);
                if (q >= end && !last) return false;
                m = q >= end ? MARK_END : mark_of(&c, q);
            }
            if (m == MARK_UNKNOWN) return false;
            add_field(&c, s, q, 0);
        }
        if (m == MARK_END) {
            finish(&c, q);
            return true;
        }
        s = q + 1;
    }
}

bool csv_split(const csv_dialect *d, const char *p, const char *end, bool last, csv_field_text *field, size_t room,
               csv_record *r)
{
    return split(d, p, end, last, field, room, r, d->quote);
}

bool csv_split_line(const csv_dialect *d, const char *p, const char *end, bool last, csv_field_text *field, size_t room,
                    csv_record *r)
{
    return split(d, p, end, last, field, room, r, '\0');
}

/* The place `characters` further on, within [p, end]; NULL when there are not so many. Characters beyond the basic
 * plane count twice: the writer counts units of UTF-16. */
static const char *forward(const char *p, const char *end, uint32_t characters)
{
    while (characters && p < end) {
        uint32_t units = (uint8_t)*p >= 0xF0 ? 2 : 1;
        characters -= units < characters ? units : characters;
        p++;
        while (p < end && ((uint8_t)*p & 0xC0) == 0x80) p++;
    }
    return characters ? NULL : p;
}

/* A value with a line break makes a row of several lines: the widths, not the line ends, say where a row ends. */
bool csv_split_fixed(const csv_dialect *d, const char *p, const char *end, bool last, csv_field_text *field,
                     size_t room, csv_record *r)
{
    cut c = {.d = d, .end = end, .last = last, .field = field, .room = room, .r = r};
    const char *s = p;
    *r = (csv_record){.p = p, .lines = 1};
    for (size_t i = 0; i < d->widths; i++) {
        const char *q = forward(s, end, d->width[i]);
        bool at_last = i + 1 == d->widths;
        if (!q || (q == end && !(last && at_last))) {
            if (!last) return false;
            break;
        }
        look_inside(&c, s, q);
        bool ends = q == end || *q == '\n' || *q == '\r';
        if (at_last ? !ends : *q != d->delimiter) break;
        add_field(&c, s, q, 0);
        s = q + 1;
        if (!at_last) continue;
        if (q < end && *q == '\r' && q + 1 == end && !last) return false;
        finish(&c, q);
        return true;
    }
    /* Not the widths: the line as it is. */
    const char *line = p && end > p ? memchr(p, '\n', (size_t)(end - p)) : NULL;
    if (!line && !last) return false;
    *r = (csv_record){.p = p, .lines = 1};
    finish(&c, line ? line : end);
    if (line && line > p && line[-1] == '\r') r->end--;
    return true;
}
