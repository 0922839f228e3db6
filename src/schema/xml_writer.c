#include "schema/xml_writer.h"
#include "base/markup.h"
#include "base/utf.h"

xml_writer xml_begin(size_t ceiling)
{
    xml_writer w = {.out = buf_new(ceiling)};
    buf_str(&w.out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    return w;
}

static void indent(xml_writer *w)
{
    for (size_t i = 0; i < w->depth; i++) buf_str(&w->out, "  ");
}

static void end_tag(xml_writer *w, bool line)
{
    if (!w->in_tag) return;
    buf_str(&w->out, line ? ">\n" : ">");
    w->in_tag = false;
}

void xml_open(xml_writer *w, const char *name)
{
    /* Text and elements beside each other are in no format that is written here. */
    if (w->depth == XML_DEPTH_MAX || w->has_text) {
        w->out.failed = true;
        return;
    }
    end_tag(w, true);
    indent(w);
    buf_char(&w->out, '<');
    buf_str(&w->out, name);
    w->open[w->depth++] = name;
    w->in_tag = true;
}

/* What XML 1.0 takes as a character, of valid UTF-8: not U+FFFE and U+FFFF, no control but tab, line feed, return. */
static bool takes(sv s, size_t n)
{
    unsigned char c = (unsigned char)*s.p;
    if (n == 1) return c >= ' ' || c == '\t' || c == '\n' || c == '\r';
    return n != 3 || c != 0xEF || (unsigned char)s.p[1] != 0xBF || (unsigned char)s.p[2] < 0xBE;
}

static const char *reference(char c, bool in_attribute)
{
    switch (c) {
    case '\r': return "&#13;";
    case '"': return in_attribute ? markup_entity(c) : NULL;
    case '\n': return in_attribute ? "&#10;" : NULL;
    case '\t': return in_attribute ? "&#9;" : NULL;
    default: return markup_entity(c);
    }
}

static void escaped(buf *out, sv s, bool in_attribute)
{
    while (s.n) {
        size_t n = utf8_valid_at(s);
        const char *as = n == 1 ? reference(*s.p, in_attribute) : NULL;
        if (as)
            buf_str(out, as);
        else if (n && takes(s, n))
            buf_add(out, s.p, n);
        else
            buf_str(out, "\xEF\xBF\xBD");
        s = (sv){s.p + (n ? n : 1), s.n - (n ? n : 1)};
    }
}

void xml_attr(xml_writer *w, const char *name, sv value)
{
    if (!w->in_tag) {
        w->out.failed = true;
        return;
    }
    buf_char(&w->out, ' ');
    buf_str(&w->out, name);
    buf_str(&w->out, "=\"");
    escaped(&w->out, value, true);
    buf_char(&w->out, '"');
}

void xml_text(xml_writer *w, sv text)
{
    if (!text.n) return;
    if (!w->in_tag && !w->has_text) {
        w->out.failed = true;
        return;
    }
    end_tag(w, false);
    escaped(&w->out, text, false);
    w->has_text = true;
}

void xml_close(xml_writer *w)
{
    if (!w->depth) {
        w->out.failed = true;
        return;
    }
    const char *name = w->open[--w->depth];
    if (w->in_tag) {
        buf_str(&w->out, " />\n");
    } else {
        if (!w->has_text) indent(w);
        buf_str(&w->out, "</");
        buf_str(&w->out, name);
        buf_str(&w->out, ">\n");
    }
    w->in_tag = w->has_text = false;
}

void xml_leaf(xml_writer *w, const char *name, sv text)
{
    xml_open(w, name);
    xml_text(w, text);
    xml_close(w);
}

void xml_word(xml_writer *w, const char *name, const char *text) { xml_leaf(w, name, sv_from(text)); }

void xml_number(xml_writer *w, const char *name, long long number)
{
    buf b = buf_new(64);
    buf_printf(&b, "%lld", number);
    xml_leaf(w, name, buf_view(&b));
    if (b.failed) w->out.failed = true;
    buf_free(&b);
}

bool xml_whole(const xml_writer *w) { return !w->out.failed && !w->depth; }
