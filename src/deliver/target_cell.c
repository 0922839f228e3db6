#include "deliver/target_cell.h"
#include "base/utf.h"
#include "template/field_date.h"
#include "template/target_format.h"
#include "xlsx/xlsx_writer.h"
#include <stdio.h>

/* "*" is any value, "" none. */
static bool among(sv value, const sv *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(value, word[i]) || (value.n && sv_eq(word[i], SV_LIT("*")))) return true;
    return false;
}

bool conditions_met(const sv *value, const condition *when, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (among(value[when[i].column], when[i].word, when[i].words) == when[i].negated) return false;
    return true;
}

/* Characters beyond the basic plane, four bytes in UTF-8, are two units. */
static size_t units_of(size_t utf8_bytes) { return utf8_bytes == 4 ? 2 : 1; }

uint64_t target_characters(sv text)
{
    uint64_t n = 0;
    while (text.n) {
        size_t bytes = utf8_ascii_at(text);
        n += bytes;
        if (bytes < text.n) {
            size_t wide = utf8_valid_at((sv){text.p + bytes, text.n - bytes});
            if (!wide) wide = 1;
            n += units_of(wide);
            bytes += wide;
        }
        text = (sv){text.p + bytes, text.n - bytes};
    }
    return n;
}

size_t target_cut_at(sv text, uint64_t characters)
{
    size_t at = 0;
    for (uint64_t n = 0; at < text.n;) {
        sv rest = {text.p + at, text.n - at};
        size_t bytes = utf8_ascii_at(rest);
        if (bytes >= characters - n) return at + (size_t)(characters - n);
        n += bytes;
        at += bytes;
        if (bytes == rest.n) break;
        bytes = utf8_valid_at((sv){text.p + at, text.n - at});
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
        const char *cr = sv_find(text, '\r');
        size_t n = cr ? (size_t)(cr - text.p) : text.n;
        buf_add(out, text.p, n);
        if (!cr) return;
        buf_char(out, '\n');
        n += n + 1 < text.n && cr[1] == '\n' ? 2 : 1;
        text = (sv){text.p + n, text.n - n};
    }
}

/* ---- characters that the system forbids ---- */

static bool is_json(const row_column *c)
{
    bool child = c->kind == COLUMN_CHILD && c->child->take == CHILD_LATEST_EXAM && !c->child->parts;
    return (c->kind == COLUMN_CHART || child) && c->chart == CHART_VALUE_JSON;
}

static bool is_chart_text(const row_column *c)
{
    bool child = c->kind == COLUMN_CHILD && c->child->take == CHILD_LATEST_EXAM && !c->child->parts;
    return (c->kind == COLUMN_CHART || child) && c->chart == CHART_VALUE_TEXT;
}

/* What stands for a character that the destination forbids. */
static sv replacement(const destination *d, char c)
{
    size_t i = 0;
    while (*d->replace[i].from.p != c) i++;
    return d->replace[i].to;
}

/* In blocks of a length that the compiler knows, which it then counts many bytes at a time. */
static size_t count_of(sv text, char c)
{
    enum { BLOCK = 64 };
    size_t n = 0, i = 0;
    for (; i + BLOCK <= text.n; i += BLOCK) {
        uint8_t some = 0;
        for (size_t k = 0; k < BLOCK; k++) some = (uint8_t)(some + (text.p[i + k] == c));
        n += some;
    }
    for (; i < text.n; i++) n += text.p[i] == c;
    return n;
}

size_t target_growing(const destination *d, sv text)
{
    size_t n = d->forbids['\''] ? 0 : count_of(text, '\'');
    for (size_t i = 0; i < d->replaces; i++)
        if (*d->replace[i].from.p != '"') n += count_of(text, *d->replace[i].from.p);
    return n;
}

/* Pieces of so many bytes have their room made at once; a character of JSON becomes at most six. */
enum { PIECE_BYTES = 4096, ESCAPE_BYTES = 6 };

static char *escaped(char *to, char c)
{
    static const char digit[] = "0123456789abcdef";
    static const char zeros[] = "\\u00";
    memcpy(to, zeros, sizeof zeros - 1);
    to[sizeof zeros - 1] = digit[(uint8_t)c >> 4];
    to[sizeof zeros] = digit[(uint8_t)c & 15];
    return to + ESCAPE_BYTES;
}

/* JSON of ours, of which quotes become single ones, and what else is forbidden, or would end such a text, is escaped: so
 * nothing is lost. */
static void put_json(const destination *d, sv text, buf *out)
{
    char plain[256]; /* what stands for a byte; 0: it is escaped */
    for (int c = 0; c < 256; c++) plain[c] = d->forbids[c] ? '\0' : (char)c;
    plain['\''] = '\0';
    plain['"'] = '\'';
    for (size_t at = 0; at < text.n; at += PIECE_BYTES) {
        size_t n = text.n - at < PIECE_BYTES ? text.n - at : PIECE_BYTES;
        char *start = buf_reserve(out, n * ESCAPE_BYTES), *to = start;
        if (!to) return;
        for (const char *p = text.p + at; p < text.p + at + n; p++) {
            char c = plain[(uint8_t)*p];
            if (c)
                *to++ = c;
            else
                to = escaped(to, *p);
        }
        out->n += (size_t)(to - start);
    }
}

/* Bytes before the first that the destination forbids. */
static size_t allowed_at(const destination *d, sv text)
{
    size_t i = 0;
    while (i < text.n && !d->forbids[(uint8_t)text.p[i]]) i++;
    return i;
}

/* Appends the text with the characters that the destination forbids replaced. */
static void put_allowed(const destination *d, sv text, buf *out)
{
    for (;;) {
        size_t n = allowed_at(d, text);
        buf_add(out, text.p, n);
        if (n == text.n) return;
        buf_sv(out, replacement(d, text.p[n]));
        text = (sv){text.p + n + 1, text.n - n - 1};
    }
}

/* ---- template ---- */

/* "in_progress" for people: "In progress". */
static void words(buf *out, sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i] == '_' ? ' ' : s.p[i];
        if (!i && c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
        buf_char(out, c);
    }
}

/* The first of a piece's columns that has a value. */
static size_t piece_column(const cell_context *c, const text_piece *p)
{
    if (p->column == SIZE_MAX || c->value[p->column].n) return p->column;
    for (size_t i = 0; i < p->others; i++)
        if (c->value[p->other[i]].n) return p->other[i];
    return p->column;
}

static void put_piece(cell_context *c, const text_piece *p, buf *out)
{
    size_t column = piece_column(c, p);
    sv s = c->value[column];
    const model_field *f = c->o->column[column].field;
    bool day = f && f->type == FIELD_DATE, moment = f && f->type == FIELD_DATETIME;
    if (p->form == PIECE_WORDS)
        words(out, s);
    else if (!(day || moment || p->form == PIECE_DATE) ||
             !target_format_write(out, target_text_date_form(c->d, c->o, day || p->form == PIECE_DATE), s))
        target_line_feeds(out, s);
}

/* The text before a value goes with it; what would then begin the whole with a sign or a blank does not. */
static void put_before(buf *out, sv text)
{
    static const char separators[] = " ,;:-|/\n";
    while (!out->n && text.n && strchr(separators, *text.p)) text = (sv){text.p + 1, text.n - 1};
    buf_sv(out, text);
}

static bool gather_pieces(cell_context *c, const target_field *f, buf *out)
{
    bool any = false;
    for (size_t i = 0; i < f->pieces; i++) {
        const text_piece *p = &f->piece[i];
        if (p->column == SIZE_MAX ? !any : !c->value[piece_column(c, p)].n) continue;
        if (i == 0 || any)
            buf_sv(out, p->before);
        else
            put_before(out, p->before);
        any = true;
        if (p->column != SIZE_MAX) put_piece(c, p, out);
    }
    return out->n > 0;
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
    if (f->pieces) return gather_pieces(c, f, b);
    for (size_t i = 0; i < f->froms; i++) {
        sv s = c->value[f->from[i]];
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
        if (c->value[f->from[i]].n) return c->value[f->from[i]];
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

/* ---- moments ---- */

/* The canonical moment in UTC, in the same form; a day is its midnight. Of an hour that the clocks showed twice the first
 * one, and ZONE_AMBIGUOUS. */
static zone_answer to_utc(const cell_context *c, sv *canonical, char *room, size_t n)
{
    date_time local = {.scale = 0}, utc[2];
    int part[6] = {0}, at = 0;
    for (size_t i = 0; i < canonical->n && canonical->p[i] != '.'; i++) {
        char x = canonical->p[i];
        if (x < '0' || x > '9')
            at++;
        else if (at < 6)
            part[at] = part[at] * 10 + (x - '0');
    }
    local.days = date_days(part[0], part[1], part[2]);
    local.ticks = (int64_t)part[3] * 3600 + part[4] * 60 + part[5];
    if (local.days < 0 || n < DATETIME_TEXT_MAX) return ZONE_SKIPPED;
    zone_answer answer = zone_to_utc(c->zone, &local, utc);
    if (answer == ZONE_UNIQUE || answer == ZONE_AMBIGUOUS) *canonical = (sv){room, datetime_text(&utc[0], room)};
    return answer;
}

/* Without the practice's zone a moment stays local, in the form that says so. */
static sv form_of(const cell_context *c, const target_field *f, bool local)
{
    return local && !c->o->xlsx && c->d->moments_local.n && sv_eq(f->format, target_date_form(c->d, c->o, false))
               ? c->d->moments_local
               : f->format;
}

static cell_trouble moment(const cell_context *c, const target_field *f, buf *out)
{
    char room[64];
    sv s = buf_view(&c->scratch);
    unsigned year = target_format_year(s);
    if (year < c->d->limit.most[LIMIT_FIRST_YEAR] || year > c->d->limit.most[LIMIT_LAST_YEAR])
        return trouble(F_DEL_DATE_OUTSIDE, f->otherwise, original(c, f));
    bool utc = c->d->utc && f->type == TARGET_DATETIME;
    zone_answer answer = utc && c->zone ? to_utc(c, &s, room, sizeof room) : ZONE_UNIQUE;
    if (answer != ZONE_UNIQUE && answer != ZONE_AMBIGUOUS)
        return trouble(F_DEL_TIME_UNCERTAIN, f->otherwise, original(c, f));
    if (!target_format_write(out, form_of(c, f, utc && !c->zone), s))
        return trouble(F_DEL_DATE_OUTSIDE, f->otherwise, original(c, f));
    /* Written all the same; the rule of cut texts lists it. */
    return answer == ZONE_AMBIGUOUS ? trouble(F_DEL_TIME_AMBIGUOUS, MISFIT_CUT, original(c, f)) : none;
}

/* ---- numbers ---- */

/* Digits before and behind the point; false: it is no number. */
static bool digits_of(sv s, uint64_t *before, uint64_t *behind)
{
    bool point = false, any = false;
    *before = *behind = 0;
    for (size_t i = s.n && (*s.p == '-' || *s.p == '+') ? 1 : 0; i < s.n; i++) {
        if (s.p[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        any = true;
        if (point)
            ++*behind;
        else if (*before || s.p[i] != '0')
            ++*before;
    }
    return any;
}

bool target_is_number(target_type t)
{
    return t == TARGET_NUMBER || t == TARGET_DECIMAL || t == TARGET_CURRENCY || t == TARGET_PERCENT;
}

/* Zeros behind the point are nothing; other digits beyond the scale are dropped only where the template says cut. */
static cell_trouble number(const cell_context *c, const target_field *f, buf *out, size_t start)
{
    uint64_t before, behind;
    bool good = digits_of((sv){out->p + start, out->n - start}, &before, &behind);
    while (good && behind > f->scale && out->p[out->n - 1] == '0') {
        out->n--;
        behind--;
    }
    if (good && behind == 0 && out->p[out->n - 1] == '.') out->n--;
    if (!good || before > f->precision - f->scale)
        return trouble(F_DEL_NUMBER_OUTSIDE, f->overflow == MISFIT_CUT ? MISFIT_HOLD : f->overflow, original(c, f));
    if (behind <= f->scale) return none;
    out->n -= behind - f->scale;
    if (!f->scale) out->n--;
    return trouble(F_DEL_NUMBER_OUTSIDE, f->overflow, original(c, f));
}

static bool truth(const cell_context *c, const target_field *f, buf *out)
{
    sv s = buf_view(&c->scratch);
    bool yes = sv_eq(s, SV_LIT("1")), no = sv_eq(s, SV_LIT("0"));
    if (f->type != TARGET_BOOL || f->is_const || !c->d->yes.n || !(yes || no)) return false;
    buf_sv(out, yes ? c->d->yes : c->d->no);
    return true;
}

static cell_trouble convert(cell_context *c, const target_field *f, buf *out)
{
    if (f->translated) return translate(c, f, out);
    if (f->parents) {
        if (c->parent(c->ctx, f, buf_view(&c->scratch), out)) return none;
        return trouble(F_DEL_LINK_MISSING, f->otherwise, original(c, f));
    }
    if (f->format.n) return moment(c, f, out);
    if (truth(c, f, out)) return none;
    buf_sv(out, buf_view(&c->scratch));
    return none;
}

/* The field's own limit, the destination's for any cell, or that of a workbook. */
uint64_t target_characters_most(const destination *d, const object_template *o, uint64_t wanted)
{
    uint64_t most = d->limit.most[LIMIT_CHARACTERS_PER_CELL];
    if (o->xlsx && (!most || most > XLSX_TEXT_MAX)) most = XLSX_TEXT_MAX;
    return wanted && (!most || wanted < most) ? wanted : most;
}

static cell_trouble measure(const cell_context *c, const target_field *f, buf *out, size_t start)
{
    uint64_t most = target_characters_most(c->d, c->o, f->max_length);
    sv text = {out->p + start, out->n - start};
    if (!most || text.n <= most || target_characters(text) <= most) return none;
    bool cut = f->overflow == MISFIT_CUT || f->overflow == MISFIT_MOVE;
    out->n = start + (cut ? target_cut_at(text, most) : 0);
    return trouble(F_DEL_TOO_LONG, f->overflow, original(c, f));
}

/* What was replaced in a chart's own table and JSON is no news. */
static bool is_news(const cell_context *c, const target_field *f)
{
    for (size_t i = 0; i < f->froms; i++)
        if (is_json(&c->o->column[f->from[i]]) || is_chart_text(&c->o->column[f->from[i]])) return false;
    return true;
}

static cell_trouble replace(cell_context *c, const target_field *f, buf *out, size_t start)
{
    const row_column *only = template_only_column(c->o, f);
    sv text = {out->p + start, out->n - start};
    if (!c->d->replaces || f->parents || !text.n) return none;
    bool any = allowed_at(c->d, text) < text.n, json = only && is_json(only) && c->d->forbids['"'];
    if (!any && !json) return none;
    buf_clear(&c->scratch);
    buf_sv(&c->scratch, text);
    out->n = start;
    if (json)
        put_json(c->d, buf_view(&c->scratch), out);
    else
        put_allowed(c->d, buf_view(&c->scratch), out);
    return any && is_news(c, f) ? trouble(F_DEL_CHARACTER_REPLACED, MISFIT_KEEP, original(c, f)) : none;
}

cell_trouble target_cell(cell_context *c, const target_field *f, buf *out, bool *defaulted)
{
    *defaulted = false;
    if (!conditions_met(c->value, f->when, f->whens)) return none;
    size_t start = out->n;
    if (!gather(c, f)) {
        *defaulted = f->has_default;
        if (f->has_default) buf_sv(out, f->otherwise_written);
        return f->required && !f->has_default ? trouble(F_DEL_REQUIRED_EMPTY, MISFIT_REJECT, (sv){NULL, 0}) : none;
    }
    cell_trouble t = convert(c, f, out), replaced = none;
    if (t.code == FINDING_CODES && !out->failed) replaced = replace(c, f, out, start);
    if (t.code == FINDING_CODES && !out->failed && !c->whole) t = measure(c, f, out, start);
    if (t.code == FINDING_CODES && !out->failed && f->precision && target_is_number(f->type))
        t = number(c, f, out, start);
    if (t.code == FINDING_CODES) t = replaced;
    if (t.code != FINDING_CODES && f->required && t.rule == MISFIT_HOLD) t.rule = MISFIT_REJECT;
    return t;
}
