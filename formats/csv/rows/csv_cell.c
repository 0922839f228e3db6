#include "csv/rows/csv_cell.h"
#include "base/utf.h"
#include "csv/csv_words.h"
#include "csv/sniff/csv_sniff.h"

static bool is_ascii(sv s)
{
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8)
        if (csv_load(s.p + i) & CSV_HIGHS) return false;
    for (; i < s.n; i++)
        if (s.p[i] & 0x80) return false;
    return true;
}

static bool is_mark(sv s, size_t i) { return i + 3 <= s.n && memcmp(s.p + i, "\xEF\xBB\xBF", 3) == 0; }

static size_t valid_prefix(sv s)
{
    size_t i = 0;
    while (i < s.n) {
        size_t n = utf8_valid_at((sv){s.p + i, s.n - i});
        if (!n) break;
        i += n;
    }
    return i;
}

/* U+FFFD out of a code page stands for a byte that means nothing there. */
static bool holds_nothing(sv s)
{
    for (size_t i = 0; i + 3 <= s.n; i++)
        if (memcmp(s.p + i, "\xEF\xBF\xBD", 3) == 0) return true;
    return false;
}

static bool is_dropped(sv s, size_t i, bool quoted)
{
    if (s.p[i] == '\0') return true;
    return s.p[i] == '\r' && !quoted && !(i + 1 < s.n && s.p[i + 1] == '\n');
}

/* Without NUL, U+FEFF and, outside quotes, carriage returns that end no line. */
static sv without_odd(sv s, bool quoted, arena *mem, uint64_t *stripped)
{
    size_t n = 0, i = 0;
    while (i < s.n && !is_dropped(s, i, quoted) && !is_mark(s, i)) i++;
    if (i == s.n) return s;
    char *out = arena_alloc(mem, s.n);
    if (!out) return (sv){NULL, 0};
    for (i = 0; i < s.n; i++) {
        bool mark = is_mark(s, i);
        if (!mark && !is_dropped(s, i, quoted)) {
            out[n++] = s.p[i];
            continue;
        }
        ++*stripped;
        i += mark ? 2 : 0;
    }
    return (sv){out, n};
}

static bool is_number(sv s)
{
    shape_kind k = shape_of(s);
    return k == SHAPE_INTEGER || k == SHAPE_NUMBER;
}

/* Numbers are padded in front, everything else behind. */
static sv unpadded(const csv_dialect *d, sv s)
{
    bool right = s.n && s.p[s.n - 1] != ' ';
    while (s.n && s.p[s.n - 1] == ' ') s.n--;
    if (!d->width || !right) return s;
    sv t = s;
    while (t.n && t.p[0] == ' ') t = (sv){t.p + 1, t.n - 1};
    return t.n && (is_number(t) || sv_eq(t, SV_LIT("NULL"))) ? t : s;
}

static bool is_null(const csv_dialect *d, sv s, bool quoted, bool was_nul)
{
    if (s.n == 0) return !was_nul && (quoted ? d->quoted_empty_is_null : d->empty_is_null);
    return !quoted && d->null_word && s.n == 4 && memcmp(s.p, "NULL", 4) == 0;
}

csv_cell_state csv_cell(const csv_cell_want *w, const csv_field_text *field, value *out, uint64_t *stripped)
{
    const csv_dialect *d = w->d;
    bool quoted = (field->flags & FIELD_QUOTED) != 0, was_nul = false;
    sv s = {field->p, field->n};
    if (field->flags & FIELD_DOUBLED) s = csv_unquoted(d, field, w->mem);
    if (s.n && !s.p) return CSV_CELL_NO_MEMORY;
    bool ascii = !w->r->high || is_ascii(s);
    if (!ascii && valid_prefix(s) < s.n) return CSV_CELL_INVALID;
    if (!ascii && d->encoding == CSV_CODEPAGE && holds_nothing(s)) return CSV_CELL_INVALID;
    if (w->r->odd_bytes && d->nul_is_empty && s.n == 1 && s.p[0] == '\0') {
        s.n = 0;
        was_nul = true;
    } else if (!d->keep_all && (w->r->odd_bytes || w->r->lone_cr || !ascii)) {
        bool had = s.n > 0;
        s = without_odd(s, quoted, w->mem, stripped);
        if (had && !s.p) return CSV_CELL_NO_MEMORY;
    }
    if (d->trim) s = unpadded(d, s);
    *out = (value){.kind = is_null(d, s, quoted, was_nul) ? V_NULL : V_TEXT};
    if (out->kind == V_TEXT) out->as.text = s.p ? s : (sv){"", 0};
    return CSV_CELL_OK;
}
