/* Growing byte buffer with a ceiling. Failure is sticky: after it every append is ignored and `failed` stays true, so
 * a writer appends many times and tests once. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/sv.h"

typedef struct buf {
    char *p;        /* owned; NULL until the first append */
    size_t n;       /* bytes used */
    size_t room;    /* bytes allocated */
    size_t ceiling; /* never grows past this */
    bool failed;    /* memory or the ceiling was reached */
} buf;

static inline buf buf_new(size_t ceiling) { return (buf){NULL, 0, 0, ceiling, false}; }
void buf_free(buf *b);
static inline void buf_clear(buf *b)
{
    b->n = 0;
    b->failed = false;
}

/* Room for n more bytes: their address, or NULL (and failed). buf.n is not changed: add what was used to it. */
char *buf_reserve(buf *b, size_t n);

void buf_grow_add(buf *b, const void *p, size_t n); /* for buf_add alone */
static inline void buf_add(buf *b, const void *p, size_t n)
{
    if (n == 0) return;
    if (b->failed || !b->p || n > b->room - b->n) {
        buf_grow_add(b, p, n);
        return;
    }
    memcpy(b->p + b->n, p, n);
    b->n += n;
}
static inline void buf_sv(buf *b, sv s) { buf_add(b, s.p, s.n); }
static inline void buf_str(buf *b, const char *s) { buf_add(b, s, strlen(s)); }
static inline void buf_char(buf *b, char c) { buf_add(b, &c, 1); }
/* s between two marks, the closing one within s doubled, as SQL and CSV write names and texts. */
void buf_quoted(buf *b, sv s, char open, char close);
void buf_printf(buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline sv buf_view(const buf *b) { return (sv){b->p, b->n}; }

#endif
