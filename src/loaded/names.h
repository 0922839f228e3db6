/* Pieces of names and cells. */
#ifndef LOADED_NAMES_H
#define LOADED_NAMES_H

#include "base/path.h"

/* Without blanks and control characters at its ends. */
static inline sv trimmed(sv s)
{
    while (s.n && (unsigned char)*s.p <= ' ') s = (sv){s.p + 1, s.n - 1};
    while (s.n && (unsigned char)s.p[s.n - 1] <= ' ') s.n--;
    return s;
}

/* A name without its ending: "02_Contact" of 02_Contact.csv. */
static inline sv name_stem(sv name)
{
    size_t end = name.n;
    while (end && name.p[end - 1] != '.') end--;
    return end ? (sv){name.p, end - 1} : name;
}

#endif
