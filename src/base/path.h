/* Names in paths. A path that was given, by a person or by another system, may have the slashes of either system; in the
 * program's own (os_native_path) only "/" parts names: outside Windows "\\" is a letter like others. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/sv.h"

static inline bool path_slash(char c) { return c == '/' || c == '\\'; }

/* What stands behind the last slash of a given path: nothing, where it ends in one. */
static inline sv path_leaf(sv given)
{
    for (size_t i = given.n; i-- > 0;)
        if (path_slash(given.p[i])) return (sv){given.p + i + 1, given.n - i - 1};
    return given;
}

/* "dump" of "exports/dump" and of "exports/dump/". */
static inline sv path_name(sv given)
{
    while (given.n && path_slash(given.p[given.n - 1])) given.n--;
    return path_leaf(given);
}

/* An own path without slashes at its end; the root stays "/". */
static inline sv folder_path(sv own)
{
    while (own.n > 1 && own.p[own.n - 1] == '/') own.n--;
    return own;
}

/* Its last name; none of the root. */
static inline sv folder_name(sv own)
{
    own = folder_path(own);
    for (size_t i = own.n; i-- > 0;)
        if (own.p[i] == '/') return (sv){own.p + i + 1, own.n - i - 1};
    return own;
}

#endif
