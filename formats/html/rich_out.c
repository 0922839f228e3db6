#include "html/rich_out.h"
#include "base/markup.h"

static const char *const tag_of[] = {"b", "i", "u", "sub", "sup"};
enum { STYLES = sizeof tag_of / sizeof tag_of[0] };

/* ---- plain text ---- */

static void text_flush(rich_out *o)
{
    for (; o->newlines > 0; o->newlines--) buf_char(o->text, '\n');
    for (; o->tabs > 0; o->tabs--) buf_char(o->text, '\t');
}

static void text_break(rich_out *o)
{
    if (!o->text) return;
    if (o->tabs > 0) text_flush(o);
    o->newlines++;
}

static void text_put(rich_out *o, sv s)
{
    text_flush(o);
    size_t from = 0;
    for (size_t i = 0; i + 1 < s.n; i++) {
        if ((unsigned char)s.p[i] != 0xC2 || (unsigned char)s.p[i + 1] != 0xA0) continue;
        buf_add(o->text, s.p + from, i - from);
        buf_char(o->text, ' ');
        from = i + 2;
        i++;
    }
    buf_add(o->text, s.p + from, s.n - from);
}

/* ---- HTML ---- */

static void html_style(rich_out *o, unsigned style)
{
    if (o->open_style == style) return;
    for (size_t i = STYLES; i-- > 0;) {
        if (o->open_style & 1U << i) buf_printf(o->html, "</%s>", tag_of[i]);
    }
    for (size_t i = 0; i < STYLES; i++) {
        if (style & 1U << i) buf_printf(o->html, "<%s>", tag_of[i]);
    }
    o->open_style = style;
}

static void html_close_paragraph(rich_out *o)
{
    html_style(o, 0);
    if (o->paragraph_open) buf_str(o->html, "</p>");
    o->paragraph_open = false;
}

static void html_close_table(rich_out *o)
{
    html_style(o, 0);
    if (o->cell_open) buf_str(o->html, "</td>");
    if (o->row_open) buf_str(o->html, "</tr>");
    if (o->table_open) buf_str(o->html, "</table>");
    o->cell_open = o->row_open = o->table_open = false;
}

static void html_open_row(rich_out *o)
{
    html_close_paragraph(o);
    if (!o->table_open) buf_str(o->html, "<table>");
    if (!o->row_open) buf_str(o->html, "<tr>");
    o->table_open = o->row_open = true;
}

/* The place where text goes: a cell or a paragraph. */
static void html_open(rich_out *o)
{
    if (o->in_table) {
        if (o->cell_open) return;
        html_open_row(o);
        buf_str(o->html, "<td>");
        o->cell_open = true;
    } else {
        if (o->paragraph_open) return;
        if (o->table_open) html_close_table(o);
        buf_str(o->html, "<p>");
        o->paragraph_open = true;
    }
    o->after_blank = true;
}

static void html_break(rich_out *o)
{
    html_open(o);
    buf_str(o->html, "<br>");
    o->after_blank = true;
}

/* Bytes that s begins with which stand for themselves: single blanks too. */
static size_t plain_run(sv s, bool after_blank)
{
    size_t i = 0;
    for (; i < s.n; i++) {
        char c = s.p[i];
        if (c == '&' || c == '<' || c == '>' || c == '\t' || c == '\xC2' || (c == ' ' && after_blank)) break;
        after_blank = c == ' ';
    }
    return i;
}

static void html_put(rich_out *o, sv s)
{
    html_open(o);
    html_style(o, o->style);
    for (size_t i = 0; i < s.n; i++) {
        size_t run = plain_run((sv){s.p + i, s.n - i}, o->after_blank);
        if (run) {
            buf_add(o->html, s.p + i, run);
            i += run;
            o->after_blank = s.p[i - 1] == ' ';
            if (i == s.n) break;
        }
        unsigned char c = (unsigned char)s.p[i];
        bool hard = c == 0xC2 && i + 1 < s.n && (unsigned char)s.p[i + 1] == 0xA0;
        if (hard || (c == ' ' && o->after_blank)) {
            buf_str(o->html, "&nbsp;");
            i += hard;
        } else if (c != '"' && markup_entity((char)c)) {
            buf_str(o->html, markup_entity((char)c));
        } else if (c == '\t') {
            buf_str(o->html, "&emsp;");
        } else {
            buf_char(o->html, (char)c);
        }
        o->after_blank = c == ' ';
    }
}

/* ---- both ---- */

static void tell(rich_out *o, rich_event e, sv utf8)
{
    if (o->take) o->take(o->ctx, o, e, utf8);
}

void rich_text(rich_out *o, sv utf8)
{
    if (utf8.n == 0) return;
    o->has_text = true;
    tell(o, RICH_TEXT, utf8);
    if (o->text) text_put(o, utf8);
    if (o->html) html_put(o, utf8);
}

void rich_line(rich_out *o)
{
    tell(o, RICH_LINE, (sv){NULL, 0});
    text_break(o);
    if (o->html) html_break(o);
    o->has_text = true;
}

static void end_paragraph(rich_out *o)
{
    text_break(o);
    if (o->html) {
        if (o->in_table) {
            if (o->cell_open) html_break(o);
        } else {
            if (!o->has_text) html_break(o);
            html_close_paragraph(o);
        }
    }
    o->has_text = false;
}

void rich_paragraph(rich_out *o)
{
    tell(o, RICH_PARAGRAPH, (sv){NULL, 0});
    end_paragraph(o);
}

void rich_page(rich_out *o)
{
    tell(o, RICH_PAGE, (sv){NULL, 0});
    end_paragraph(o);
}

void rich_block(rich_out *o)
{
    if (o->has_text) rich_paragraph(o);
}

void rich_cell(rich_out *o)
{
    tell(o, RICH_CELL, (sv){NULL, 0});
    if (o->text) {
        if (o->newlines > 0 && o->tabs > 0) text_flush(o);
        o->tabs++;
    }
    if (o->html) {
        if (o->in_table) {
            html_open(o);
            html_style(o, 0);
            buf_str(o->html, "</td>");
            o->cell_open = false;
        } else {
            html_put(o, SV_LIT("\t"));
        }
    }
    o->has_text = false;
}

void rich_row(rich_out *o)
{
    tell(o, RICH_ROW, (sv){NULL, 0});
    if (o->text) {
        if (o->tabs > 0) o->tabs--;
        text_break(o);
    }
    if (o->html) {
        html_style(o, 0);
        if (o->cell_open) buf_str(o->html, "</td>");
        if (o->row_open) buf_str(o->html, "</tr>");
        if (!o->table_open) html_close_paragraph(o);
        o->cell_open = o->row_open = false;
    }
    o->has_text = false;
}

void rich_table(rich_out *o, bool inside)
{
    if (o->in_table == inside) return;
    o->in_table = inside;
    if (inside || !o->html) return;
    html_close_table(o);
}

void rich_end(rich_out *o)
{
    if (o->text) {
        if (o->tabs > 0) o->tabs--;
        if (o->tabs > 0) {
            text_flush(o);
        } else {
            for (; o->newlines > 1; o->newlines--) buf_char(o->text, '\n');
        }
        o->newlines = o->tabs = 0;
    }
    if (o->html) {
        html_close_paragraph(o);
        html_close_table(o);
    }
}

void rich_from_plain(sv plain, buf *html)
{
    rich_out o = rich_new(NULL, html);
    size_t from = 0;
    for (size_t i = 0; i < plain.n; i++) {
        if (plain.p[i] != '\n' && plain.p[i] != '\r') continue;
        rich_text(&o, (sv){plain.p + from, i - from});
        if (plain.p[i] == '\r' && i + 1 < plain.n && plain.p[i + 1] == '\n') i++;
        from = i + 1;
        rich_line(&o);
    }
    rich_text(&o, (sv){plain.p + from, plain.n - from});
    rich_end(&o);
}
