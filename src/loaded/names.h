/* Pieces of names and cells. */
#ifndef LOADED_NAMES_H
#define LOADED_NAMES_H

#include "base/sv.h"

/* Without blanks and control characters at its ends. */
static inline sv trimmed(sv s)
{
    while (s.n && (unsigned char)*s.p <= ' ') s = (sv){s.p + 1, s.n - 1};
    while (s.n && (unsigned char)s.p[s.n - 1] <= ' ') s.n--;
    return s;
}

/* The last name of a path. */
static inline sv path_leaf(sv path)
{
    size_t from = path.n;
    while (from && path.p[from - 1] != '/' && path.p[from - 1] != '\\') from--;
    return (sv){path.p + from, path.n - from};
}

/* A name without its ending: "02_Contact" of 02_Contact.csv. */
static inline sv name_stem(sv name)
{
    size_t end = name.n;
    while (end && name.p[end - 1] != '.') end--;
    return end ? (sv){name.p, end - 1} : name;
}

#endif
