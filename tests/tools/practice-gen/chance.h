/* Chance that depends on nothing but the seed and what it is asked for: any value can be made again at any time. */
#ifndef PRACTICE_CHANCE_H
#define PRACTICE_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct chance {
    uint64_t state;
} chance;

static inline uint64_t chance_mix(uint64_t x) /* splitmix64 */
{
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
    x = (x ^ x >> 27) * 0x94D049BB133111EBU;
    return x ^ x >> 31;
}

/* A stream of its own for each purpose (any number) and thing. */
static inline chance chance_of(uint64_t seed, uint64_t purpose, uint64_t thing)
{
    return (chance){chance_mix(seed * 0x9E3779B97F4A7C15U + purpose) ^ chance_mix(thing + 0x632BE59BD9B4E019U)};
}

static inline uint64_t draw(chance *c)
{
    c->state += 0x9E3779B97F4A7C15U;
    return chance_mix(c->state);
}

/* 0 <= result < n; n >= 1 */
static inline unsigned below(chance *c, unsigned n) { return (unsigned)((draw(c) >> 32) * n >> 32); }
static inline int between(chance *c, int lo, int hi) { return lo + (int)below(c, (unsigned)(hi - lo + 1)); }
static inline bool percent(chance *c, unsigned p) { return below(c, 100) < p; }

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))
#define PICK(c, list)  ((list)[below((c), (unsigned)COUNT_OF(list))])

#endif
