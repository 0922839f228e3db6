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

/* What stands for a character that a page cannot show or that would change what is around it; 0: it stands for itself. */
static uint32_t visible_form(uint32_t c)
{
    enum { CONTROL_PICTURES = 0x2400, PICTURE_OF_DELETE = 0x2421, REPLACEMENT = 0xFFFD };
    if (c < 0x20) return CONTROL_PICTURES + c;
    if (c == 0x7F) return PICTURE_OF_DELETE;
    bool c1 = c >= 0x80 && c <= 0x9F;
    bool direction = c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E);
    bool isolate = c >= 0x2066 && c <= 0x2069;
    bool no_character = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    return c1 || direction || isolate || no_character ? REPLACEMENT : 0;
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

void html_text(report_file_out *o, sv text)
{
    for (size_t i = 0; i < text.n;) {
        size_t n = utf8_valid_at((sv){text.p + i, text.n - i});
        uint32_t shown = n ? visible_form(code_point(text.p + i, n)) : 0xFFFD;
        const char *escape = escape_of(text.p[i]);
        char form[4];
        if (shown)
            buf_add(&o->text, form, utf8_put(shown, form));
        else if (escape)
            buf_str(&o->text, escape);
        else
            buf_add(&o->text, text.p + i, n);
        i += n ? n : 1;
    }
    report_file_flush(o);
}

void html_number(report_file_out *o, uint64_t n) { add_number(&o->text, n); }

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

/* Letters and digits stand for themselves, the rest as a hexadecimal number and a blank: no character can end the style sheet. */
void html_css_text(report_file_out *o, sv text)
{
    for (size_t i = 0; i < text.n;) {
        size_t n = utf8_valid_at((sv){text.p + i, text.n - i});
        uint32_t c = n ? code_point(text.p + i, n) : 0xFFFD, shown = visible_form(c);
        if (n == 1 && is_plain(text.p[i]))
            buf_char(&o->text, text.p[i]);
        else
            buf_printf(&o->text, "\\%X ", (unsigned)(shown ? shown : c));
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
    buf_printf(&o->text, "<div class=\"scroll\"><table class=\"%s\">\n<caption>", class);
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
