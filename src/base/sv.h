/* A view of text or bytes: pointer and length, never assumed to end in NUL. A view owns nothing; whoever hands one out
 * says how long it lives. */
#ifndef BASE_SV_H
#define BASE_SV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct sv {
    const char *p; /* may be NULL when n is 0 */
    size_t n;      /* bytes */
} sv;

#define SV_LIT(literal) ((sv){(literal), sizeof(literal) - 1})

static inline sv sv_from(const char *zero_terminated)
{
    return (sv){zero_terminated, zero_terminated ? strlen(zero_terminated) : 0};
}

static inline bool sv_eq(sv a, sv b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); }

static inline bool sv_starts(sv s, sv prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

/* Whether it has that ending and something before: ".csv" alone is a name without one. */
static inline bool sv_ends(sv s, sv ending)
{
    return s.n > ending.n && memcmp(s.p + s.n - ending.n, ending.p, ending.n) == 0;
}

/* Without the spaces at its ends; without spaces and tabs there; without spaces and control characters. */
static inline sv sv_trimmed_spaces(sv s)
{
    while (s.n && s.p[0] == ' ') s = (sv){s.p + 1, s.n - 1};
    while (s.n && s.p[s.n - 1] == ' ') s.n--;
    return s;
}
static inline sv sv_trimmed(sv s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t')) s = (sv){s.p + 1, s.n - 1};
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t')) s.n--;
    return s;
}
static inline sv sv_trimmed_controls(sv s)
{
    while (s.n && (unsigned char)s.p[0] <= ' ') s = (sv){s.p + 1, s.n - 1};
    while (s.n && (unsigned char)s.p[s.n - 1] <= ' ') s.n--;
    return s;
}

/* The first such byte; NULL: there is none. */
const char *sv_find(sv s, char byte);

/* Whether the word stands somewhere in it; an empty one does everywhere. */
bool sv_holds(sv s, sv word);

/* Byte order; a shorter view sorts before a longer one it begins. */
int sv_cmp(sv a, sv b);

/* Equal when ASCII letters are taken as lower case; other bytes must be the same. */
bool sv_eq_nocase(sv a, sv b);

/* The same as to endings and words. */
bool sv_ends_nocase(sv s, sv ending);
bool sv_holds_nocase(sv s, sv word);

/* FNV-1a, 64 bits: the same on every machine, and no defence against who looks for collisions. */
#define SV_HASH_START UINT64_C(14695981039346656037)
static inline uint64_t sv_hash_step(uint64_t h, char c) { return (h ^ (uint8_t)c) * UINT64_C(1099511628211); }
static inline uint64_t sv_hash(sv s)
{
    uint64_t h = SV_HASH_START;
    for (size_t i = 0; i < s.n; i++) h = sv_hash_step(h, s.p[i]);
    return h;
}

/* The same of the text with its ASCII letters as lower case: one for all that sv_eq_nocase takes as equal. */
uint64_t sv_hash_nocase(sv s);

#endif
