/* Where open addressing begins to look for a number. */
#ifndef BASE_ID_HASH_H
#define BASE_ID_HASH_H

#include <stddef.h>
#include <stdint.h>

/* list: the table's places, where it lies in memory; room: how many they are, a power of two. Numbers come from files, which may
 * be made to harm: where a table lies is known to nobody before, so that no file can have numbers that all begin at one
 * place. Two rounds of multiplying and folding spread any difference of two numbers over all bits. */
static inline size_t id_place(const void *list, uint64_t id, size_t room)
{
    uint64_t x = id ^ (uint64_t)(uintptr_t)list;
    x = (x ^ x >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
    x = (x ^ x >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
    return (size_t)(x ^ x >> 33) & (room - 1);
}

#endif
