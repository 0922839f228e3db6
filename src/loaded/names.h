/* Pieces of names of files. */
#ifndef LOADED_NAMES_H
#define LOADED_NAMES_H

#include "base/path.h"

/* A name without its ending: "02_Contact" of 02_Contact.csv. */
static inline sv name_stem(sv name)
{
    size_t end = name.n;
    while (end && name.p[end - 1] != '.') end--;
    return end ? (sv){name.p, end - 1} : name;
}

#endif
