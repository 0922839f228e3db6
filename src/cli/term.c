#include "cli/term.h"
#include "base/utf.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { WIDEST = 110, NARROWEST = 40 };

term term_of(os_stream stream, when color)
{
    term t = {.stream = stream, .terminal = os_is_terminal(stream)};
    const char *kind = os_env("TERM"), *no_color = os_env("NO_COLOR");
    bool dumb = kind && strcmp(kind, "dumb") == 0;
    bool wanted = t.terminal && !dumb && !(no_color && *no_color);
    t.color = color == WHEN_ALWAYS || (color == WHEN_AUTO && wanted);
    if (t.terminal) {
        t.width = os_terminal_width();
        if (t.width > WIDEST) t.width = WIDEST;
        if (t.width < NARROWEST) t.width = NARROWEST;
    }
    t.terminal = t.terminal && !dumb;
    return t;
}

void term_print(const term *t, buf *text)
{
    os_print(t->stream, buf_view(text));
    buf_clear(text);
}

static bool wide(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
           (c >= 0x20000 && c <= 0x3FFFD);
}

size_t text_width(sv s)
{
    size_t columns = 0;
    while (s.n) {
        size_t n = utf8_valid_at(s);
        uint32_t c = n ? utf8_code(s.p, n) : 0;
        bool combines = c >= 0x300 && c <= 0x36F;
        columns += combines ? 0 : wide(c) ? 2 : 1;
        n = n ? n : 1;
        s.p += n;
        s.n -= n;
    }
    return columns;
}

void styled(buf *out, const term *t, style s, const char *format, ...)
{
    static const char *const code[] = {"", "\x1b[1m", "\x1b[2m", "\x1b[31;1m", "\x1b[33m", "\x1b[32m"};
    char text[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    bool on = t->color && s != PLAIN;
    if (on) buf_str(out, code[s]);
    buf_add(out, text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
    if (on) buf_str(out, "\x1b[0m");
}

void pad(buf *out, size_t have, size_t want)
{
    for (; have < want; have++) buf_char(out, ' ');
}

void paragraph(buf *out, const term *t, unsigned indent, sv text)
{
    size_t column = 0;
    while (text.n) {
        const char *blank = sv_find(text, ' ');
        sv word = {text.p, blank ? (size_t)(blank - text.p) : text.n};
        size_t start = out->n;
        bool first = column == 0;
        if (first) {
            pad(out, 0, indent);
            column = indent;
        } else
            buf_char(out, ' ');
        add_shown(out, word);
        size_t width = text_width((sv){out->p + start, out->n - start});
        if (!first && t->width && column + width > t->width) {
            out->n = start;
            buf_char(out, '\n');
            column = 0;
            continue;
        }
        column = first ? width : column + width;
        size_t used = word.n + (blank != NULL);
        text.p += used;
        text.n -= used;
    }
    if (column) buf_char(out, '\n');
}

void size_text(buf *out, uint64_t bytes)
{
    static const char *const unit[] = {"bytes", "KB", "MB", "GB", "TB"};
    double x = (double)bytes;
    size_t u = 0;
    for (; x >= 1024 && u < 4; u++) x /= 1024;
    if (u == 0)
        buf_printf(out, "%" PRIu64 " %s", bytes, bytes == 1 ? "byte" : unit[0]);
    else
        buf_printf(out, x < 99.95 ? "%.1f %s" : "%.0f %s", x, unit[u]);
}

void duration_text(buf *out, uint64_t ms)
{
    uint64_t s = ms / 1000;
    if (s < 60)
        buf_printf(out, "%" PRIu64 ".%" PRIu64 " s", s, ms / 100 % 10);
    else if (s < 3600)
        buf_printf(out, "%" PRIu64 ":%02" PRIu64, s / 60, s % 60);
    else
        buf_printf(out, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, s / 3600, s / 60 % 60, s % 60);
}
