#include "deliver/target_cell.h"
#include "base/utf.h"
#include "deliver/target_format.h"

static bool among(sv value, const sv *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(value, word[i])) return true;
    return false;
}

bool conditions_met(const sv *staged, const condition *when, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!among(staged[when[i].column], when[i].word, when[i].words)) return false;
    return true;
}

/* Characters beyond the basic plane, four bytes in UTF-8, are two units. */
static size_t units_of(size_t utf8_bytes) { return utf8_bytes == 4 ? 2 : 1; }

uint64_t target_characters(sv text)
{
    uint64_t n = 0;
    while (text.n) {
        size_t bytes = utf8_valid_at(text);
        if (!bytes) bytes = 1;
        n += units_of(bytes);
        text.p += bytes;
        text.n -= bytes;
    }
    return n;
}

/* Bytes of the longest beginning of at most so many characters. */
static size_t cut_at(sv text, uint64_t characters)
{
    size_t at = 0;
    for (uint64_t n = 0; at < text.n;) {
        size_t bytes = utf8_valid_at((sv){text.p + at, text.n - at});
        if (!bytes) bytes = 1;
        n += units_of(bytes);
        if (n > characters) break;
        at += bytes;
    }
    return at;
}

void target_line_feeds(buf *out, sv text)
{
    while (text.n) {
        const char *cr = memchr(text.p, '\r', text.n);
        size_t n = cr ? (size_t)(cr - text.p) : text.n;
        buf_add(out, text.p, n);
        if (!cr) return;
        buf_char(out, '\n');
        n += n + 1 < text.n && cr[1] == '\n' ? 2 : 1;
        text = (sv){text.p + n, text.n - n};
    }
}

/* The text that a field is made of, into scratch; false: there is none. */
static bool gather(cell_context *c, const target_field *f)
{
    buf *b = &c->scratch;
    buf_clear(b);
    if (f->is_const) {
        buf_sv(b, f->constant);
        return b->n > 0;
    }
    for (size_t i = 0; i < f->froms; i++) {
        sv s = c->staged[f->from[i]];
        if (!s.n) continue;
        if (b->n) buf_sv(b, f->separator);
        target_line_feeds(b, s);
    }
    return b->n > 0;
}

static const cell_trouble none = {.code = FINDING_CODES};

static cell_trouble trouble(finding_code code, misfit_rule rule, sv value)
{
    return (cell_trouble){.code = code, .rule = rule, .value = value};
}

/* The original as a person looks for it: of a joined field the first part that is there. */
static sv original(const cell_context *c, const target_field *f)
{
    for (size_t i = 0; i < f->froms; i++)
        if (c->staged[f->from[i]].n) return c->staged[f->from[i]];
    return f->constant;
}

static cell_trouble translate(const cell_context *c, const target_field *f, buf *out)
{
    sv s = buf_view(&c->scratch);
    for (size_t i = 0; i < f->values; i++) {
        if (!sv_eq(f->value[i].from, s)) continue;
        buf_sv(out, f->value[i].to);
        return none;
    }
    if (f->otherwise != MISFIT_KEEP) return trouble(F_DEL_VALUE_UNKNOWN, f->otherwise, original(c, f));
    buf_sv(out, s);
    return none;
}

static cell_trouble moment(const cell_context *c, const target_field *f, buf *out)
{
    sv s = buf_view(&c->scratch);
    unsigned year = target_format_year(s);
    if (year >= c->d->first_year && year <= c->d->last_year && target_format_write(out, f->format, s)) return none;
    return trouble(F_DEL_DATE_OUTSIDE, f->otherwise, original(c, f));
}

static cell_trouble convert(cell_context *c, const target_field *f, buf *out)
{
    if (f->translated) return translate(c, f, out);
    if (f->parent) {
        if (c->parent(c->ctx, f, buf_view(&c->scratch), out)) return none;
        return trouble(F_DEL_LINK_MISSING, f->otherwise, original(c, f));
    }
    if (f->format.n) return moment(c, f, out);
    buf_sv(out, buf_view(&c->scratch));
    return none;
}

/* The field's own limit, or the destination's for any cell. */
static cell_trouble measure(const cell_context *c, const target_field *f, buf *out, size_t start)
{
    uint64_t most = c->d->characters_per_cell;
    if (f->max_length && (!most || f->max_length < most)) most = f->max_length;
    sv text = {out->p + start, out->n - start};
    if (!most || text.n <= most || target_characters(text) <= most) return none;
    out->n = start + (f->overflow == MISFIT_CUT ? cut_at(text, most) : 0);
    return trouble(F_DEL_TOO_LONG, f->overflow, original(c, f));
}

cell_trouble target_cell(cell_context *c, const target_field *f, buf *out, bool *defaulted)
{
    *defaulted = false;
    if (!conditions_met(c->staged, f->when, f->whens)) return none;
    size_t start = out->n;
    if (!gather(c, f)) {
        *defaulted = f->has_default;
        if (f->has_default) buf_sv(out, f->otherwise_written);
        return f->required && !f->has_default ? trouble(F_DEL_REQUIRED_EMPTY, MISFIT_REJECT, (sv){NULL, 0}) : none;
    }
    cell_trouble t = convert(c, f, out);
    if (t.code == FINDING_CODES && !out->failed) t = measure(c, f, out, start);
    if (t.code != FINDING_CODES && f->required && t.rule == MISFIT_HOLD) t.rule = MISFIT_REJECT;
    return t;
}
