#include "base/buf.h"
#include "base/memory.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_free(buf *b)
{
    free(b->p);
    *b = buf_new(b->ceiling);
}

char *buf_reserve(buf *b, size_t n)
{
    if (b->failed) return NULL;
    if (b->p && n <= b->room - b->n) return b->p + b->n;
    if (n > b->ceiling || b->n > b->ceiling - n) {
        b->failed = true;
        return NULL;
    }
    size_t room = b->room ? b->room : 256;
    while (room < b->n + n) room = room > SIZE_MAX / 2 ? b->n + n : room * 2;
    if (room > b->ceiling) room = b->ceiling;
    char *p = memory_grow(b->p, room);
    if (!p) {
        b->failed = true;
        return NULL;
    }
    b->p = p;
    b->room = room;
    return p + b->n;
}

void buf_grow_add(buf *b, const void *p, size_t n)
{
    char *to = buf_reserve(b, n);
    if (!to) return;
    memcpy(to, p, n);
    b->n += n;
}

void buf_quoted(buf *b, sv s, char open, char close)
{
    buf_char(b, open);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == close) buf_char(b, close);
        buf_char(b, s.p[i]);
    }
    buf_char(b, close);
}

void buf_printf(buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *to = n < 0 ? NULL : buf_reserve(b, (size_t)n + 1);
    if (!to) {
        b->failed = true;
        return;
    }
    va_start(args, format);
    vsnprintf(to, (size_t)n + 1, format, args);
    va_end(args);
    b->n += (size_t)n;
}
