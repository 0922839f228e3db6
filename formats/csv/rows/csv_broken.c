/* Records that are not as they should be. Nothing here guesses: a row is put together only where csv_mend finds exactly
 * one way, and where a line could belong to the row before it as well as to the one behind, both are held back. */
#include "csv/rows/csv_cursor.h"
#include "csv/rows/csv_mend.h"

/* Records that one value with line breaks may have become. */
enum { GROUP_MAX = 256 };

/* ---- lines that are no rows ---- */

static bool starts(sv s, const char *prefix) { return sv_starts(s, sv_from(prefix)); }

/* "(3 rows affected)", also in other languages; what Management Studio adds; messages of the server. */
bool csv_is_footer(const csv_dialect *d, sv line)
{
    if (!d->footers) return false;
    while (line.n && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\r')) line.n--;
    size_t i = 1;
    if (line.n > 3 && line.p[0] == '(' && line.p[line.n - 1] == ')') {
        while (i < line.n && line.p[i] >= '0' && line.p[i] <= '9') i++;
        return i > 1 && line.p[i] == ' ';
    }
    return starts(line, "Completion time:") || starts(line, "Tamamlanma zaman") ||
           starts(line, "Changed database context") ||
           (starts(line, "Veritaban") && line.n > 10 && line.p[line.n - 1] == '.');
}

static bool is_blank(const csv_cut *x) { return x->r.end == x->r.p; }
static sv text_of(const csv_cut *x) { return (sv){x->r.p, (size_t)(x->r.end - x->r.p)}; }

bool csv_is_orphan(const row_cursor *c, const csv_cut *x)
{
    return x->r.fields == 1 && c->t->s.columns > 1 && !c->t->s.d.width && !csv_is_footer(&c->t->s.d, text_of(x));
}

/* A second result in the file of one sqlcmd run: names over dashes again. */
static bool is_dash_line(const row_cursor *c, const csv_cut *x)
{
    if (c->t->s.d.writer != CSV_BY_SQLCMD || !x->there || is_blank(x) || x->r.p[0] != '-') return false;
    for (const char *p = x->r.p; p < x->r.end; p++)
        if (*p != '-' && *p != c->t->s.d.delimiter) return false;
    return x->r.end - x->r.p >= 2;
}

static csv_verdict stop_at_second_result(row_cursor *c)
{
    if (!c->silent) {
        finding x = FINDING_OF(F_CSV_TABLE_STOPPED);
        x.path = c->t->text->path;
        x.table = c->t->info->full_name;
        x.line = c->line;
        x.a = SV_LIT("a second result with names of its own begins there");
        find_add(c->s->found, &x);
    }
    return CSV_STOPPED;
}

/* ---- rows put together ---- */

static void say_mended(row_cursor *c, const char *what)
{
    if (c->silent) return;
    finding x = FINDING_OF(F_CSV_ROW_MENDED);
    x.path = c->t->text->path;
    x.table = c->t->info->full_name;
    x.line = c->line;
    x.a = sv_from(what);
    find_add(c->s->found, &x);
}

static bool mends(row_cursor *c, const char *p, const char *end)
{
    const csv_sniffed *s = &c->t->s;
    return csv_mend(&s->d, p, end, s->shape, s->columns, c->now.field);
}

/* Hands out c->now.field as the row of [p, end). */
static csv_verdict emit_mended(row_cursor *c, const char *what)
{
    csv_record r = {.high = true, .odd_bytes = true, .lone_cr = true};
    say_mended(c, what);
    if (csv_emit(c, &r, c->now.field, c->line)) return CSV_GO_ON;
    find_code(c->s->found, F_OUT_OF_MEMORY, "reading a text file");
    return CSV_FAILED;
}

static void pass_to(row_cursor *c, const char *next, uint64_t lines)
{
    c->at = (size_t)(next - c->text.p);
    c->line += lines;
}

static bool strict(const row_cursor *c, size_t column)
{
    return c->t->s.shape && shape_is_strict(&c->t->s.shape[column]);
}

/* The record at `from`, into c->then. CSV_STOPPED: there is none. */
static csv_verdict peek(row_cursor *c, const char *from)
{
    const char *end = c->text.p + c->text.n;
    c->then.there = false;
    if (from == end && c->text.end) return CSV_STOPPED;
    if (csv_cut_at(c, from, &c->then) == CSV_GO_ON) return CSV_GO_ON;
    return c->text.n - c->at >= CSV_WINDOW_BYTES_MAX ? CSV_STOPPED : CSV_NEED_MORE;
}

/* Lines without a delimiter that follow one another. */
typedef struct orphans {
    const char *p, *end, *next; /* without blank lines at the end */
    uint64_t lines, blank;      /* blank: lines before p */
    size_t n;                   /* that are not blank */
    bool whole_behind;          /* c->then is a whole record, and follows at once */
} orphans;

static csv_verdict gather(row_cursor *c, const char *from, orphans *o)
{
    uint64_t lines = 0;
    *o = (orphans){.p = from, .end = from, .next = from};
    for (unsigned i = 0; i < GROUP_MAX; i++) {
        csv_verdict v = peek(c, from);
        if (v == CSV_NEED_MORE) return v;
        if (v == CSV_STOPPED) return CSV_GO_ON;
        if (!csv_is_orphan(c, &c->then)) {
            o->whole_behind = csv_is_whole(c, &c->then) && o->n && from == o->next;
            return CSV_GO_ON;
        }
        lines += c->then.r.lines;
        from = c->then.r.next;
        if (is_blank(&c->then)) continue;
        o->n++;
        o->end = c->then.r.end;
        o->next = from;
        o->lines = lines;
    }
    return CSV_GO_ON;
}

static csv_verdict emit_whole(row_cursor *c)
{
    if (!csv_emit(c, &c->now.r, c->now.field, c->line)) {
        find_code(c->s->found, F_OUT_OF_MEMORY, "reading a text file");
        return CSV_FAILED;
    }
    csv_pass(c, &c->now.r);
    return CSV_GO_ON;
}

/* The present record is whole, and what follows are lines that may belong to its last value. */
static csv_verdict whole_with_orphans(row_cursor *c)
{
    orphans o;
    size_t last = c->t->s.columns - 1;
    csv_verdict v = gather(c, c->now.r.next, &o);
    if (v != CSV_GO_ON) return v;
    if (o.n == 0) {
        c->before_whole = true;
        return emit_whole(c);
    }
    csv_record whole = c->now.r;
    csv_record behind = c->then.r;
    bool to_it = !strict(c, last) && mends(c, whole.p, o.end);
    bool to_next = o.whole_behind && !strict(c, 0) && mends(c, o.p, behind.end);
    if (to_it && !to_next) {
        (void)mends(c, whole.p, o.end);
        v = emit_mended(c, "its last value goes on in the next line");
        pass_to(c, o.next, whole.lines + o.lines);
        return v;
    }
    if (csv_cut_at(c, whole.p, &c->now) != CSV_GO_ON) return CSV_NEED_MORE;
    if (to_it) {
        csv_lose(c, c->line, 0, "a line behind it that may belong to its last value or to the next row");
        pass_to(c, o.next, whole.lines + o.lines);
        csv_lose(c, c->line, 0, "a line before it that may belong to its first value or to the row before");
        pass_to(c, behind.next, behind.lines);
        return CSV_GO_ON;
    }
    v = emit_whole(c);
    if (v != CSV_GO_ON || to_next) return v;
    csv_lose(c, c->line, 1, NULL);
    pass_to(c, o.next, o.lines);
    return v;
}

/* A line without a delimiter, with no whole row before it: the first value of the next row may begin in it. */
static csv_verdict orphan(row_cursor *c)
{
    orphans o;
    csv_verdict v = gather(c, c->now.r.p, &o);
    if (v != CSV_GO_ON) return v;
    csv_record behind = c->then.r;
    if (o.n && o.whole_behind && !strict(c, 0) && mends(c, o.p, behind.end)) {
        v = emit_mended(c, "its first value goes over several lines");
        pass_to(c, behind.next, o.lines + behind.lines);
        return v;
    }
    csv_lose(c, c->line, 1, NULL);
    pass_to(c, o.n ? o.next : c->now.r.next, o.n ? o.lines : c->now.r.lines);
    return CSV_GO_ON;
}

/* ---- one record that has the wrong number of fields ---- */

/* Too few: the following lines, as long as they are broken too, may be the rest of it. */
static csv_verdict too_short(row_cursor *c)
{
    size_t columns = c->t->s.columns, total = c->now.r.fields, first = total;
    const char *p = c->now.r.p, *end = c->now.r.end, *next = c->now.r.next;
    uint64_t lines = c->now.r.lines, first_lines = lines;
    const char *behind_first = next;
    for (unsigned i = 0; i < GROUP_MAX && total < columns; i++) {
        csv_verdict v = peek(c, next);
        if (v == CSV_NEED_MORE) return v;
        if (v == CSV_STOPPED || csv_is_whole(c, &c->then) || csv_is_footer(&c->t->s.d, text_of(&c->then))) break;
        total += c->then.r.fields - (c->then.r.fields > 0);
        lines += c->then.r.lines;
        end = c->then.r.end;
        next = c->then.r.next;
    }
    if (total != columns) {
        csv_lose(c, c->line, first, NULL);
        pass_to(c, behind_first, first_lines);
        return CSV_GO_ON;
    }
    csv_verdict v = peek(c, next);
    if (v == CSV_NEED_MORE) return v;
    bool goes_on = v == CSV_GO_ON && csv_is_orphan(c, &c->then) && !is_blank(&c->then);
    if (!goes_on && mends(c, p, end)) {
        v = emit_mended(c, "a value goes over several lines without quotes");
    } else {
        csv_lose(c, c->line, first, NULL);
        v = CSV_GO_ON;
    }
    pass_to(c, next, lines);
    return v;
}

static csv_verdict too_long(row_cursor *c)
{
    csv_record r = c->now.r;
    csv_verdict v = CSV_GO_ON;
    if (mends(c, r.p, r.end))
        v = emit_mended(c, r.stray ? "quotation marks stand inside a value"
                                   : "a value holds the delimiter without quotes");
    else
        csv_lose(c, c->line, r.fields, NULL);
    csv_pass(c, &r);
    return v;
}

/* The record at p is a row of one line by itself: the right number of fields, all of their columns' kinds, and one of them
 * of a kind that is not just text. */
static bool row_like(row_cursor *c, const char *p, const char *end, csv_record *r, bool bare)
{
    const csv_sniffed *s = &c->t->s;
    bool (*cut)(const csv_dialect *, const char *, const char *, bool, csv_field_text *, size_t, csv_record *) =
        bare ? csv_split_line : csv_split;
    if (!s->shape || !cut(&s->d, p, end, true, c->now.field, s->columns + 1, r)) return false;
    if (r->fields != s->columns || r->lines > 1) return false;
    bool strict_one = false;
    for (size_t i = 0; i < s->columns; i++) {
        sv v = {c->now.field[i].p, c->now.field[i].n};
        if (!shape_fits(&s->shape[i], v)) return false;
        strict_one |= v.n && shape_is_strict(&s->shape[i]);
    }
    return strict_one;
}

/* Rows of their own within a record of several lines, behind its first line: then its quotes may be a stray one that
 * swallowed them. */
static size_t rows_within(row_cursor *c, const csv_record *whole)
{
    size_t n = 0;
    csv_record r;
    for (const char *p = whole->p; p < whole->next; p = r.next) {
        bool is_row = row_like(c, p, whole->next, &r, p == whole->p);
        if (p == whole->p && !is_row) return 0;
        n += p != whole->p && is_row;
        if (!csv_split_line(&c->t->s.d, p, whole->next, true, c->now.field, c->t->s.columns + 1, &r)) break;
    }
    return n;
}

/* Quotes that do not work out: first all of it, then its first line alone. */
static csv_verdict quotes(row_cursor *c)
{
    csv_record r = c->now.r;
    bool swallows = r.lines > 1 && rows_within(c, &r) > 0;
    if (!r.open && !swallows && mends(c, r.p, r.end)) {
        csv_verdict v = emit_mended(c, "quotation marks stand inside a value");
        csv_pass(c, &r);
        return v;
    }
    const char *end = c->text.p + c->text.n;
    if (!csv_split_line(&c->t->s.d, r.p, end, c->text.end, c->now.field, c->t->s.columns + 1, &c->now.r))
        return CSV_NEED_MORE;
    c->now.r.stray = true;
    c->now.r.open = false;
    return c->now.r.fields < c->t->s.columns ? too_short(c) : too_long(c);
}

csv_verdict csv_broken(row_cursor *c)
{
    const csv_sniffed *s = &c->t->s;
    bool whole = csv_is_whole(c, &c->now);
    if (is_dash_line(c, &c->then) || is_dash_line(c, &c->now)) return stop_at_second_result(c);
    if ((!whole || s->columns == 1) && csv_is_footer(&s->d, text_of(&c->now))) {
        csv_pass(c, &c->now.r);
        return CSV_GO_ON;
    }
    if (whole && c->now.r.lines > 1 && !s->d.keep_all && !s->d.width) {
        csv_record r = c->now.r;
        size_t rows = rows_within(c, &r);
        if (rows) {
            csv_lose(c, c->line, 0, "quotes that may have swallowed the rows behind it");
            c->counts.rows_unreadable += rows;
            csv_pass(c, &r);
            return CSV_GO_ON;
        }
        if (csv_cut_at(c, r.p, &c->now) != CSV_GO_ON) return CSV_NEED_MORE;
    }
    if (whole && c->then.there && csv_is_orphan(c, &c->then)) return whole_with_orphans(c);
    if (whole) {
        /* At the end of what sqlcmd writes, a blank line before the count of rows. */
        bool last_blank = s->d.footers && s->columns == 1 && is_blank(&c->now) &&
                          (!c->then.there || csv_is_footer(&s->d, text_of(&c->then)));
        if (last_blank) {
            csv_pass(c, &c->now.r);
            return CSV_GO_ON;
        }
        c->before_whole = true;
        return emit_whole(c);
    }
    if (is_blank(&c->now)) {
        bool at_end = !c->then.there || csv_is_footer(&s->d, text_of(&c->then));
        if (!at_end) atomic_fetch_add(&c->t->blank_lines, c->audits || !c->t->audited);
        csv_pass(c, &c->now.r);
        return CSV_GO_ON;
    }
    if (s->d.width) {
        csv_lose(c, c->line, c->now.r.fields, NULL);
        csv_pass(c, &c->now.r);
        return CSV_GO_ON;
    }
    if (c->now.r.stray || c->now.r.lines > 1) return quotes(c);
    if (csv_is_orphan(c, &c->now)) return orphan(c);
    return c->now.r.fields < s->columns ? too_short(c) : too_long(c);
}
