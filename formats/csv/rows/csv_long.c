/* Records that are longer than a window: of files that hold large values in the cell. The record is run through once;
 * short values are kept, of the others only where they lie. */
#include "base/limits.h"
#include "csv/rows/csv_cursor.h"
#include <stdlib.h>

typedef enum long_state { FIELD_START, BARE, INSIDE, QUOTE_SEEN } long_state;

typedef struct long_field {
    uint64_t from, to; /* raw */
    size_t kept_at, kept_n;
    unsigned flags;
    bool large;
} long_field;

typedef struct long_record {
    row_cursor *c;
    const csv_dialect *d;
    csv_text text;
    long_field *field;
    size_t room, fields;
    long_state state;
    buf kept;
    long_field now;
    uint64_t lines, next; /* next: raw offset behind the record */
    bool ended, cr;       /* cr: the last character was a carriage return that may end the record */
} long_record;

static void keep(long_record *l, const char *p, size_t n)
{
    if (l->now.large || n == 0) return;
    if (l->now.kept_n + n > LOB_INLINE_BYTES_MAX) {
        l->now.large = true;
        l->kept.n = l->now.kept_at;
        return;
    }
    buf_add(&l->kept, p, n);
    l->now.kept_n += n;
}

static void begin_field(long_record *l, uint64_t at, unsigned flags)
{
    l->now = (long_field){.from = at, .kept_at = l->kept.n, .flags = flags};
}

static void end_field(long_record *l, uint64_t at)
{
    l->now.to = at;
    if (l->fields < l->room) l->field[l->fields] = l->now;
    l->fields++;
    l->state = FIELD_START;
}

static uint64_t raw_of(const long_record *l, size_t i) { return csv_text_raw(&l->text, i); }

/* The field ends at i, before a delimiter or a line end. */
static void close_at(long_record *l, size_t i)
{
    if (l->state == FIELD_START) begin_field(l, raw_of(l, i), 0);
    if (l->state != QUOTE_SEEN) end_field(l, raw_of(l, i));
    l->state = FIELD_START;
}

/* A delimiter or line end at i outside quotes. True when the record is over; *i moves on. */
static bool separator(long_record *l, size_t *i)
{
    char c = l->text.p[*i];
    close_at(l, *i);
    ++*i;
    if (c == l->d->delimiter) return false;
    if (c == '\r' && *i < l->text.n && l->text.p[*i] == '\n') ++*i;
    l->lines++;
    l->next = raw_of(l, *i);
    return true;
}

static bool ends_line(const long_record *l, size_t i)
{
    char c = l->text.p[i];
    if (l->d->newline == CSV_CR) return c == '\r';
    return c == '\n' || (c == '\r' && i + 1 < l->text.n && l->text.p[i + 1] == '\n');
}

/* Text inside quotes from i on; returns where it stopped. */
static size_t inside(long_record *l, size_t i)
{
    const char *p = l->text.p + i, *q = memchr(p, l->d->quote, l->text.n - i);
    size_t n = q ? (size_t)(q - p) : l->text.n - i;
    for (size_t k = 0; k < n; k++) l->lines += p[k] == '\n';
    keep(l, p, n);
    if (!q) return l->text.n;
    l->state = QUOTE_SEEN;
    l->now.to = raw_of(l, i + n);
    return i + n + 1;
}

/* Behind a quotation mark inside quotes: the end of the field, a doubled one, or a stray one. */
static size_t behind_quote(long_record *l, size_t i)
{
    char c = l->text.p[i];
    if (c == l->d->quote) {
        l->now.flags |= FIELD_DOUBLED;
        keep(l, "\"\"", 2);
        l->state = INSIDE;
        return i + 1;
    }
    if (c == l->d->delimiter || ends_line(l, i)) {
        uint64_t to = l->now.to;
        end_field(l, to);
        l->state = QUOTE_SEEN; /* close_at adds no field */
        l->ended = separator(l, &i);
        return i;
    }
    l->now.flags |= FIELD_STRAY;
    keep(l, "\"", 1);
    l->state = INSIDE;
    return i;
}

static size_t bare(long_record *l, size_t i)
{
    size_t from = i;
    while (i < l->text.n && l->text.p[i] != l->d->delimiter && !ends_line(l, i)) i++;
    keep(l, l->text.p + from, i - from);
    if (i < l->text.n) l->ended = separator(l, &i);
    return i;
}

static size_t step(long_record *l, size_t i)
{
    switch (l->state) {
    case FIELD_START:
        if (l->d->quote && l->text.p[i] == l->d->quote) {
            begin_field(l, raw_of(l, i + 1), FIELD_QUOTED);
            l->state = INSIDE;
            return i + 1;
        }
        begin_field(l, raw_of(l, i), 0);
        l->state = BARE;
        return i;
    case BARE: return bare(l, i);
    case INSIDE: return inside(l, i);
    case QUOTE_SEEN: return behind_quote(l, i);
    }
    return l->text.n;
}

/* A carriage return at the window's end waits for what follows it; so do characters that are not all there. */
static status run_through(long_record *l)
{
    status st = ST_OK;
    size_t i = 0;
    while (!l->ended) {
        st = csv_text_more(&l->text, i);
        i = 0;
        if (st == ST_FATAL) return st;
        if (st == ST_END && l->text.n == 0) break;
        size_t hold = l->text.end ? 0 : 4;
        while (!l->ended && i + hold < l->text.n) i = step(l, i);
        if (l->text.end && i == l->text.n) break;
    }
    if (l->ended) return ST_OK;
    l->next = l->text.raw_next;
    if (l->state == QUOTE_SEEN)
        end_field(l, l->now.to);
    else {
        if (l->state == INSIDE) l->now.flags |= FIELD_STRAY;
        if (l->state == FIELD_START) begin_field(l, l->next, 0);
        end_field(l, l->next);
    }
    return ST_OK;
}

static bool emit(long_record *l)
{
    row_cursor *c = l->c;
    csv_record r = {.high = true, .odd_bytes = true, .lone_cr = true};
    csv_field_text *f = c->now.field;
    for (size_t i = 0; i < l->fields; i++)
        f[i] =
            (csv_field_text){l->kept.p ? l->kept.p + l->field[i].kept_at : "", l->field[i].kept_n, l->field[i].flags};
    size_t place = c->got;
    /* Values are copied: what is kept here goes with this call. */
    for (size_t i = 0; i < l->fields; i++) {
        if (l->field[i].large) f[i].n = 0;
        sv copy = arena_sv(c->mem, (sv){f[i].p, f[i].n});
        if (!copy.p) return false;
        f[i].p = copy.p;
    }
    if (!csv_emit(c, &r, f, c->line)) return false;
    if (c->got == place) return true;
    value *cell = c->cell + place * c->columns;
    for (size_t i = 0; i < c->columns; i++) {
        const long_field *x = &l->field[c->column[i]];
        if (x->large) csv_lob_value(c, &cell[i], x->from, x->to - x->from, x->flags, c->column[i]);
    }
    return true;
}

static csv_verdict finish(long_record *l, bool stray)
{
    row_cursor *c = l->c;
    if (l->kept.failed || (l->fields == c->t->s.columns && !stray && !emit(l))) {
        find_code(c->s->found, F_OUT_OF_MEMORY, "reading a long row of a text file");
        return CSV_FAILED;
    }
    if (l->fields != c->t->s.columns || stray) csv_lose(c, c->line, l->fields, NULL);
    uint64_t done = c->raw_done, line = c->line + l->lines;
    csv_text_free(&c->text);
    csv_text_start(&c->text, c->t->file, c->s->found, l->d, l->next, UINT64_MAX);
    c->raw_done = done;
    c->line = line;
    c->at = 0;
    c->now.there = c->then.there = false;
    c->mark = SIZE_MAX;
    c->before_whole = false;
    return CSV_GO_ON;
}

/* In a file that may have stray quotation marks, quotes that open here and do not close within a window are taken for
 * one of those: only this line is lost. */
static bool is_line_within(row_cursor *c)
{
    csv_record r;
    const char *p = c->text.p + c->at, *end = c->text.p + c->text.n;
    if (c->t->s.d.keep_all) return false;
    if (!csv_split_line(&c->t->s.d, p, end, c->text.end, c->now.field, c->t->s.columns + 1, &r)) return false;
    csv_lose(c, c->line, r.fields, "quotation marks that do not close");
    c->before_whole = false;
    csv_pass(c, &r);
    return true;
}

csv_verdict csv_long_record(row_cursor *c)
{
    if (c->t->s.d.width || is_line_within(c)) {
        if (c->t->s.d.width) csv_lose(c, c->line, 0, "a row without an end");
        return c->t->s.d.width ? CSV_STOPPED : CSV_GO_ON;
    }
    size_t room = c->t->s.columns;
    long_record l = {.c = c, .d = &c->t->s.d, .room = room, .kept = buf_new((size_t)256 << 20)};
    l.field = calloc(room + 1, sizeof *l.field);
    csv_text_start(&l.text, c->t->file, c->s->found, l.d, csv_text_raw(&c->text, c->at), UINT64_MAX);
    csv_verdict v = CSV_FAILED;
    status st = l.field ? run_through(&l) : ST_FATAL;
    if (!l.field) find_code(c->s->found, F_OUT_OF_MEMORY, "reading a long row of a text file");
    bool stray = false;
    for (size_t i = 0; l.field && st == ST_OK && i < l.fields && i < room; i++)
        stray |= (l.field[i].flags & FIELD_STRAY) != 0;
    if (st == ST_OK) v = finish(&l, stray);
    csv_text_free(&l.text);
    buf_free(&l.kept);
    free(l.field);
    return v;
}
