#include "report/html.h"
#include "base/markup.h"
#include "base/utf.h"
#include "report/report_text.h"

void html(report_file_out *o, const char *markup)
{
    buf_str(&o->text, markup);
    report_file_flush(o);
}

/* ---- text ---- */

static const char *escape_of(char c) { return c == '\'' ? "&#39;" : markup_entity(c); }

static void character(buf *out, const char *p, size_t n)
{
    if (is_spelled_out(utf8_code(p, n)))
        add_spelled_out(out, utf8_code(p, n));
    else if (n == 1 && escape_of(*p))
        buf_str(out, escape_of(*p));
    else
        buf_add(out, p, n);
}

void html_text(report_file_out *o, sv text)
{
    for (size_t i = 0; i < text.n;) {
        size_t n = utf8_valid_at((sv){text.p + i, text.n - i});
        if (n)
            character(&o->text, text.p + i, n);
        else
            buf_str(&o->text, "\xEF\xBF\xBD");
        i += n ? n : 1;
    }
    report_file_flush(o);
}

static bool is_between(char a, char b, char c) { return a >= b && a <= c; }

static bool is_separator(char c) { return c == '.' || c == '/' || c == '_' || c == '-'; }

/* Before character i: after a single separator (Exam__c is one word), and where "TwoWords" meet. */
static bool may_break(sv name, size_t i)
{
    char before = name.p[i - 1], after = name.p[i];
    if (is_separator(before)) return !is_separator(after) && !(i > 1 && is_separator(name.p[i - 2]));
    return is_between(before, 'a', 'z') && is_between(after, 'A', 'Z');
}

/* For a short name the column grows. A part of a longer one that is itself wider than a column may break anywhere. */
void html_name(report_file_out *o, sv name)
{
    enum { SHORT_MAX = 18, PART_MAX = 20 };
    size_t longest = 0;
    if (name.n <= SHORT_MAX) {
        html(o, "<span class=\"short\">");
        html_text(o, name);
        html(o, "</span>");
        return;
    }
    for (size_t i = 0, from = 0; i < name.n; i++) {
        if (i && may_break(name, i)) from = i;
        if (i + 1 - from > longest) longest = i + 1 - from;
    }
    if (longest > PART_MAX) html(o, "<span class=\"long\">");
    for (size_t i = 1, from = 0; i <= name.n; i++) {
        if (i < name.n && !may_break(name, i)) continue;
        html_text(o, (sv){name.p + from, i - from});
        if (i < name.n) html(o, "<wbr>");
        from = i;
    }
    if (longest > PART_MAX) html(o, "</span>");
}

void html_number(report_file_out *o, uint64_t n) { add_number(&o->text, n); }

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

/* Letters and digits stand for themselves, the rest as a hexadecimal number and a blank: no character can end the style
 * sheet. */
void html_css_text(report_file_out *o, sv text)
{
    for (size_t i = 0; i < text.n;) {
        size_t n = utf8_valid_at((sv){text.p + i, text.n - i});
        uint32_t c = n ? utf8_code(text.p + i, n) : 0xFFFD;
        if (n == 1 && is_plain(text.p[i]))
            buf_char(&o->text, text.p[i]);
        else
            buf_printf(&o->text, "\\%X ", (unsigned)(is_spelled_out(c) ? 0xFFFD : c));
        i += n ? n : 1;
    }
}

/* ---- tables ---- */

static void cell_begin(report_file_out *o, const char *class)
{
    if (class)
        buf_printf(&o->text, "<td class=\"%s\">", class);
    else
        buf_str(&o->text, "<td>");
}

void html_cell(report_file_out *o, const char *class, sv text)
{
    cell_begin(o, class);
    html_text(o, text);
    html(o, "</td>");
}

void html_number_cell(report_file_out *o, const char *class, uint64_t n)
{
    cell_begin(o, class ? class : n ? "n" : "n zero");
    html_number(o, n);
    html(o, "</td>");
}

void html_table(report_file_out *o, const char *class, sv caption, const char *const *head, size_t heads)
{
    html(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    html_text(o, caption);
    buf_printf(&o->text, "\"><table class=\"%s\">\n<caption>", class);
    html_text(o, caption);
    html(o, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < heads; i++) {
        bool number = head[i][0] == '#';
        buf_printf(&o->text, "<th scope=\"col\"%s>%s</th>", number ? " class=\"n\"" : "", head[i] + number);
    }
    html(o, "</tr></thead>\n<tbody>\n");
}

void html_table_end(report_file_out *o) { html(o, "</tbody></table></div>\n"); }
