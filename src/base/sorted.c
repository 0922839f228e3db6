#include "base/sorted.h"

const void *sorted_range(const void *list, size_t n, size_t size, const void *key,
                         int (*order)(const void *key, const void *element), size_t *count)
{
    const char *p = list;
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (order(key, p + mid * size) > 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (*count = 0; lo + *count < n && order(key, p + (lo + *count) * size) == 0;) (*count)++;
    return n ? p + lo * size : NULL;
}
