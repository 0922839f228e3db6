#include "report/html.h"
#include "base/utf.h"
#include "report/report_text.h"

void html(report_file_out *o, const char *markup)
{
    buf_str(&o->text, markup);
    report_file_flush(o);
}

/* ---- text ---- */

static uint32_t code_point(const char *p, size_t n)
{
    const unsigned char *c = (const unsigned char *)p;
    switch (n) {
    case 2: return (uint32_t)(c[0] & 0x1F) << 6 | (c[1] & 0x3F);
    case 3: return (uint32_t)(c[0] & 0x0F) << 12 | (uint32_t)(c[1] & 0x3F) << 6 | (c[2] & 0x3F);
    case 4:
        return (uint32_t)(c[0] & 0x07) << 18 | (uint32_t)(c[1] & 0x3F) << 12 | (uint32_t)(c[2] & 0x3F) << 6 |
               (c[3] & 0x3F);
    default: return c[0];
    }
}

/* Characters that a page cannot hold, and marks that would turn around what stands beside them. */
static bool must_be_spelled_out(uint32_t c)
{
    bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
    bool direction = c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E);
    bool isolate = c >= 0x2066 && c <= 0x2069;
    bool no_character = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    return control || direction || isolate || no_character;
}

static const char *escape_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static void character(buf *out, const char *p, size_t n)
{
    uint32_t c = code_point(p, n);
    if (must_be_spelled_out(c))
        buf_printf(out, c < 0x100 ? "\\x%02X" : "\\u{%04X}", (unsigned)c);
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
        uint32_t c = n ? code_point(text.p + i, n) : 0xFFFD;
        if (n == 1 && is_plain(text.p[i]))
            buf_char(&o->text, text.p[i]);
        else
            buf_printf(&o->text, "\\%X ", (unsigned)(must_be_spelled_out(c) ? 0xFFFD : c));
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

/* ---- the model ---- */

sv json_words(const json_t *x)
{
    return json_is_string(x) ? (sv){json_string_value(x), json_string_length(x)} : (sv){NULL, 0};
}

sv text_in(const json_t *o, const char *key) { return json_words(json_object_get(o, key)); }

uint64_t number_in(const json_t *o, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(o, key));
    return n < 0 ? 0 : (uint64_t)n;
}

bool true_in(const json_t *o, const char *key) { return json_is_true(json_object_get(o, key)); }
