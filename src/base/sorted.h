/* Look-ups in sorted lists that hold several elements of one key. */
#ifndef BASE_SORTED_H
#define BASE_SORTED_H

#include <stddef.h>

/* The elements of one key in a list of n, each `size` bytes: the first, and how many (*count may be 0; the pointer then
 * means nothing). order compares a key with an element, in the order of the list. */
const void *sorted_range(const void *list, size_t n, size_t size, const void *key,
                         int (*order)(const void *key, const void *element), size_t *count);

#endif
