/* Where open addressing begins to look for a number. */
#ifndef BASE_ID_HASH_H
#define BASE_ID_HASH_H

#include <stddef.h>
#include <stdint.h>

/* room: places, a power of two. */
static inline size_t id_place(uint64_t id, size_t room)
{
    const uint64_t x = id * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(x ^ x >> 32) & (room - 1);
}

#endif
