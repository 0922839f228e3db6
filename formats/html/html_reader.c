#include "html/html_reader.h"
#include "base/ascii.h"
#include "base/digits.h"
#include "base/utf.h"
#include "html/html_names.h"
#include "html/rich_out.h"

typedef enum tag_kind {
    TAG_OTHER,
    TAG_BLOCK, /* its begin and its end end a paragraph */
    TAG_LINE,
    TAG_STYLE,
    TAG_LIST,
    TAG_ITEM,
    TAG_TABLE,
    TAG_ROW,
    TAG_CELL,
    TAG_PRE,
    TAG_DROP, /* with everything up to its end */
    TAG_LOST  /* what it shows is no text */
} tag_kind;

typedef struct tag_name {
    const char *name;
    tag_kind kind;
    unsigned style; /* RICH_*; of a list: 1 where its items have numbers */
} tag_name;

static const tag_name known[] = {
    {"a", TAG_OTHER, 0},
    {"article", TAG_BLOCK, 0},
    {"audio", TAG_LOST, 0},
    {"b", TAG_STYLE, RICH_BOLD},
    {"blockquote", TAG_BLOCK, 0},
    {"body", TAG_BLOCK, 0},
    {"br", TAG_LINE, 0},
    {"center", TAG_BLOCK, 0},
    {"code", TAG_OTHER, 0},
    {"dd", TAG_BLOCK, 0},
    {"del", TAG_OTHER, 0},
    {"div", TAG_BLOCK, 0},
    {"dl", TAG_BLOCK, 0},
    {"dt", TAG_BLOCK, 0},
    {"em", TAG_STYLE, RICH_ITALIC},
    {"embed", TAG_LOST, 0},
    {"font", TAG_OTHER, 0},
    {"footer", TAG_BLOCK, 0},
    {"form", TAG_BLOCK, 0},
    {"h1", TAG_BLOCK, 0},
    {"h2", TAG_BLOCK, 0},
    {"h3", TAG_BLOCK, 0},
    {"h4", TAG_BLOCK, 0},
    {"h5", TAG_BLOCK, 0},
    {"h6", TAG_BLOCK, 0},
    {"head", TAG_OTHER, 0},
    {"header", TAG_BLOCK, 0},
    {"hr", TAG_BLOCK, 0},
    {"html", TAG_OTHER, 0},
    {"i", TAG_STYLE, RICH_ITALIC},
    {"iframe", TAG_LOST, 0},
    {"img", TAG_LOST, 0},
    {"input", TAG_LOST, 0},
    {"ins", TAG_STYLE, RICH_UNDERLINE},
    {"li", TAG_ITEM, 0},
    {"object", TAG_LOST, 0},
    {"ol", TAG_LIST, 1},
    {"p", TAG_BLOCK, 0},
    {"pre", TAG_PRE, 0},
    {"s", TAG_OTHER, 0},
    {"script", TAG_DROP, 0},
    {"section", TAG_BLOCK, 0},
    {"select", TAG_LOST, 0},
    {"small", TAG_OTHER, 0},
    {"span", TAG_OTHER, 0},
    {"strike", TAG_OTHER, 0},
    {"strong", TAG_STYLE, RICH_BOLD},
    {"style", TAG_DROP, 0},
    {"sub", TAG_STYLE, RICH_SUB},
    {"sup", TAG_STYLE, RICH_SUPER},
    {"table", TAG_TABLE, 0},
    {"tbody", TAG_OTHER, 0},
    {"td", TAG_CELL, 0},
    {"textarea", TAG_OTHER, 0},
    {"th", TAG_CELL, 0},
    {"thead", TAG_OTHER, 0},
    {"title", TAG_DROP, 0},
    {"tr", TAG_ROW, 0},
    {"u", TAG_STYLE, RICH_UNDERLINE},
    {"ul", TAG_LIST, 0},
    {"video", TAG_LOST, 0},
};

enum { LISTS_MAX = 16 /* deeper ones are told by a dash */ };

typedef struct html_reader {
    sv s;
    size_t at;
    rich_out out;
    html_told *told;
    unsigned style_depth[5]; /* how often each style is open */
    size_t tables, pre;      /* open ones */
    bool line_due;           /* br: no line of its own at the end of a block that has text */
    bool blank_due;
    bool in_row, in_cell;     /* one with something in it */
    unsigned item[LISTS_MAX]; /* number of the last item; 0 in a list without numbers */
    bool numbered[LISTS_MAX];
    size_t lists;
    bool no_tag_end, no_comment_end; /* none follows: looked for once */
} html_reader;

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

static const tag_name *tag_named(sv name)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (sv_eq_nocase(name, sv_from(known[i].name))) return &known[i];
    }
    return NULL;
}

/* A tag at s.p[at] ('<'): its name, whether it is an end tag, and where it ends; false: a plain `<`. A tag that never
 * ends has *end = s.n and *whole false. */
static bool tag_at(sv s, size_t at, sv *name, bool *is_end, size_t *end, bool *whole)
{
    size_t i = at + 1;
    *is_end = i < s.n && s.p[i] == '/';
    i += *is_end;
    if (i >= s.n || !is_letter(s.p[i])) return false;
    size_t from = i;
    while (i < s.n && (is_letter(s.p[i]) || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' || s.p[i] == ':')) i++;
    *name = (sv){s.p + from, i - from};
    char quote = 0;
    for (; i < s.n; i++) {
        char c = s.p[i];
        if (quote) {
            if (c == quote) quote = 0;
        } else if (c == '>') {
            *end = i + 1;
            *whole = true;
            return true;
        } else if ((c == '"' || c == '\'') && s.p[i - 1] == '=') {
            quote = c;
        }
    }
    *end = s.n;
    *whole = false;
    return true;
}

static bool begins_document(sv s)
{
    static const char *const heads[] = {"<!doctype html", "<html", "<body", "<head>"};
    size_t i = 0;
    while (i < s.n && is_blank(s.p[i])) i++;
    s = (sv){s.p + i, s.n - i};
    for (size_t k = 0; k < sizeof heads / sizeof heads[0]; k++) {
        sv head = sv_from(heads[k]);
        if (s.n > head.n && sv_eq_nocase((sv){s.p, head.n}, head) && sv_find(s, '>')) return true;
    }
    return false;
}

bool html_is(sv s)
{
    if (begins_document(s)) return true;
    for (size_t i = 0; i < s.n; i++) {
        const char *p = memchr(s.p + i, '<', s.n - i);
        if (!p) return false;
        i = (size_t)(p - s.p);
        /* Only tags without much inside count: the search stays linear on a text full of `<`. */
        sv near = {s.p, s.n - i > 512 ? i + 512 : s.n};
        sv name;
        bool is_end, whole;
        size_t end;
        if (!tag_at(near, i, &name, &is_end, &end, &whole) || !whole) continue;
        const tag_name *t = tag_named(name);
        if (!t) continue;
        bool plain = end - i == name.n + 2 + is_end;
        bool block = t->kind == TAG_BLOCK && (!plain || name.n >= 3 || sv_eq_nocase(name, SV_LIT("p")));
        if (is_end ? plain : block || t->kind == TAG_LINE) return true;
    }
    return false;
}

/* ---- text ---- */

static void put(html_reader *r, sv utf8)
{
    if (utf8.n == 0) return;
    if (r->line_due) rich_line(&r->out);
    if (r->blank_due && !r->line_due && r->out.has_text) rich_text(&r->out, SV_LIT(" "));
    r->line_due = r->blank_due = false;
    unsigned style = 0;
    for (size_t i = 0; i < 5; i++) style |= r->style_depth[i] ? 1U << i : 0;
    r->out.style = style;
    if (r->tables > 0 && !r->in_cell) r->in_cell = true;
    rich_text(&r->out, utf8);
}

static void end_block(html_reader *r)
{
    if (r->tables > 0) { /* the last paragraph of a cell ends with it */
        r->line_due = r->line_due || r->out.has_text;
        r->blank_due = false;
        return;
    }
    if (r->line_due && !r->out.has_text) {
        rich_paragraph(&r->out);
    } else {
        rich_block(&r->out);
    }
    r->line_due = r->blank_due = false;
}

static void put_code(html_reader *r, uint32_t code)
{
    /* HTML reads the numbers of C1 controls as Windows-1252. */
    if (code >= 0x80 && code < 0xA0) code = html_windows_1252[code - 0x80];
    if (code == 0 || (code < 0x20 && code != '\t' && code != '\n')) return;
    if (code == '\n') {
        r->blank_due = true;
        return;
    }
    char utf8[4];
    put(r, (sv){utf8, utf8_put(code, utf8)});
}

/* The entity at `&`; false: an ampersand that means itself. */
static bool entity(html_reader *r)
{
    sv s = r->s;
    size_t i = r->at + 1;
    uint32_t code = 0;
    if (i < s.n && s.p[i] == '#') {
        i++;
        bool hex = i < s.n && (s.p[i] == 'x' || s.p[i] == 'X');
        i += hex;
        size_t from = i;
        for (; i < s.n && i - from < 8; i++) {
            char c = s.p[i];
            uint32_t digit = c >= '0' && c <= '9'                        ? (uint32_t)(c - '0')
                             : hex && (c | 32) >= 'a' && (c | 32) <= 'f' ? (uint32_t)((c | 32) - 'a' + 10)
                                                                         : 99;
            if (digit == 99) break;
            code = code * (hex ? 16 : 10) + digit;
        }
        if (i == from || i - from >= 8) return false;
    } else {
        size_t from = i;
        while (i < s.n && i - from < HTML_NAME_MAX && (is_letter(s.p[i]) || (s.p[i] >= '0' && s.p[i] <= '9'))) i++;
        /* Without its semicolon `&copy` may be a part of a word; with it, it is never one. */
        if (i >= s.n || s.p[i] != ';') return false;
        code = html_entity((sv){s.p + from, i - from});
        if (code == 0) return false;
    }
    if (i < s.n && s.p[i] == ';') i++;
    r->at = i;
    put_code(r, code);
    return true;
}

static void words(html_reader *r)
{
    sv s = r->s;
    size_t from = r->at;
    while (r->at < s.n) {
        char c = s.p[r->at];
        if (c == '<' || c == '&') break;
        if (r->pre > 0 && (c == '\n' || c == '\r')) {
            put(r, (sv){s.p + from, r->at - from});
            if (c == '\r' && r->at + 1 < s.n && s.p[r->at + 1] == '\n') r->at++;
            rich_line(&r->out);
            from = ++r->at;
        } else if (r->pre == 0 && is_blank(c)) {
            put(r, (sv){s.p + from, r->at - from});
            while (r->at < s.n && is_blank(s.p[r->at])) r->at++;
            r->blank_due = true;
            from = r->at;
        } else {
            r->at++;
        }
    }
    put(r, (sv){s.p + from, r->at - from});
}

/* ---- tags ---- */

static void end_cell(html_reader *r)
{
    r->line_due = r->blank_due = false;
    if (r->in_cell) rich_cell(&r->out);
    r->in_row = r->in_row || r->in_cell;
    r->in_cell = false;
}

static void end_row(html_reader *r)
{
    end_cell(r);
    if (r->in_row) rich_row(&r->out);
    r->in_row = false;
}

static void table(html_reader *r, bool is_end)
{
    if (is_end) {
        if (r->tables == 0) return;
        if (r->tables == 1) {
            end_row(r);
            rich_table(&r->out, false);
        }
        r->tables--;
    } else {
        if (r->tables == 0) end_block(r);
        r->tables++;
        rich_table(&r->out, true);
    }
}

static void row_or_cell(html_reader *r, tag_kind kind, bool is_end)
{
    if (r->tables != 1) { /* a row without a table is a block; a table in a cell is text of that cell */
        if (r->tables == 0) {
            end_block(r);
        } else {
            r->blank_due = true;
        }
        return;
    }
    if (kind == TAG_ROW) {
        end_row(r);
        return;
    }
    if (!is_end) end_cell(r);
    r->in_cell = !is_end || r->in_cell;
    if (is_end) end_cell(r);
}

static void style(html_reader *r, unsigned bit, bool is_end)
{
    for (size_t i = 0; i < 5; i++) {
        if (bit != 1U << i) continue;
        if (!is_end) {
            r->style_depth[i]++;
        } else if (r->style_depth[i] > 0) {
            r->style_depth[i]--;
        }
    }
}

static void list(html_reader *r, bool numbered, bool is_end)
{
    end_block(r);
    if (is_end) {
        if (r->lists > 0) r->lists--;
        return;
    }
    if (r->lists < LISTS_MAX) {
        r->numbered[r->lists] = numbered;
        r->item[r->lists] = 0;
    }
    r->lists++;
}

static void item(html_reader *r, bool is_end)
{
    end_block(r);
    if (is_end) return;
    size_t list = r->lists - 1; /* of no list: out of range */
    if (list < LISTS_MAX && r->numbered[list]) {
        char number[DIGITS_U64_MAX + 2];
        size_t n = digits_u64(++r->item[list], number);
        memcpy(number + n, ". ", 2);
        put(r, (sv){number, n + 2});
    } else {
        put(r, SV_LIT("- "));
    }
}

/* What stands up to the end tag of this name is no text. */
static void drop_until_end(html_reader *r, sv name)
{
    while (r->at < r->s.n) {
        const char *p = memchr(r->s.p + r->at, '<', r->s.n - r->at);
        if (!p) break;
        size_t at = (size_t)(p - r->s.p);
        size_t left = r->s.n - at;
        if (left > name.n + 2 && p[1] == '/' && sv_eq_nocase((sv){p + 2, name.n}, name) && !is_letter(p[2 + name.n])) {
            const char *close = memchr(p, '>', left);
            r->at = close ? (size_t)(close - r->s.p) + 1 : r->s.n;
            return;
        }
        r->at = at + 1;
    }
    r->at = r->s.n;
    r->told->broken = true;
}

static void tag(html_reader *r, sv name, bool is_end)
{
    const tag_name *t = tag_named(name);
    if (!t) return;
    switch (t->kind) {
    case TAG_OTHER: break;
    case TAG_BLOCK: end_block(r); break;
    case TAG_LINE:
        if (r->line_due) rich_line(&r->out);
        r->line_due = true;
        r->blank_due = false;
        break;
    case TAG_STYLE: style(r, t->style, is_end); break;
    case TAG_LIST: list(r, t->style != 0, is_end); break;
    case TAG_ITEM: item(r, is_end); break;
    case TAG_TABLE: table(r, is_end); break;
    case TAG_ROW:
    case TAG_CELL: row_or_cell(r, t->kind, is_end); break;
    case TAG_PRE:
        end_block(r);
        if (!is_end) {
            r->pre++;
        } else if (r->pre > 0) {
            r->pre--;
        }
        break;
    case TAG_DROP:
        if (!is_end) drop_until_end(r, name);
        break;
    case TAG_LOST: r->told->left_out = true; break;
    }
}

/* A comment, a doctype, a processing instruction; false: a plain `<`, or one without an end. */
static bool declaration(html_reader *r)
{
    sv rest = {r->s.p + r->at, r->s.n - r->at};
    if (rest.n < 2 || (rest.p[1] != '!' && rest.p[1] != '?')) return false;
    bool comment = sv_starts(rest, SV_LIT("<!--"));
    if (!comment && (rest.n < 3 || !(is_letter(rest.p[2]) || rest.p[2] == '['))) return false;
    if (comment ? r->no_comment_end : r->no_tag_end) return false;
    for (size_t i = comment ? 4 : 2; i < rest.n; i++) {
        const char *p = memchr(rest.p + i, '>', rest.n - i);
        if (!p) break;
        i = (size_t)(p - rest.p);
        if (comment && !(p[-1] == '-' && p[-2] == '-')) continue;
        r->at += i + 1;
        return true;
    }
    r->no_comment_end = r->no_comment_end || comment;
    r->no_tag_end = r->no_tag_end || !comment;
    return false;
}

/* A tag at the cursor, which moves behind it; false: a plain `<`. A quote that is never closed does not make the rest of
 * the text a tag. */
static bool read_tag(html_reader *r)
{
    sv name;
    bool is_end, whole;
    size_t end;
    if (r->no_tag_end || !tag_at(r->s, r->at, &name, &is_end, &end, &whole)) return false;
    if (!whole) {
        const char *close = memchr(r->s.p + r->at, '>', r->s.n - r->at);
        r->told->broken = true;
        r->no_tag_end = !close;
        if (!close) return false;
        end = (size_t)(close - r->s.p) + 1;
    }
    r->at = end;
    tag(r, name, is_end);
    return true;
}

void html_read(sv s, buf *text, buf *html, html_told *told) { html_read_to(s, rich_new(text, html), told); }

void html_read_to(sv s, rich_out out, html_told *told)
{
    html_reader r = {.s = s, .out = out, .told = told};
    *told = (html_told){false, false};
    while (r.at < s.n) {
        char c = s.p[r.at];
        if (c == '<' && (declaration(&r) || read_tag(&r))) continue;
        if (c == '&' && entity(&r)) continue;
        if (c == '<' || c == '&') {
            put(&r, (sv){s.p + r.at, 1});
            r.at++;
        } else {
            words(&r);
        }
    }
    if (r.tables > 0) end_row(&r);
    end_block(&r);
    rich_end(&r.out);
}
