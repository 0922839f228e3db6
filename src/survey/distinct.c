#include "survey/survey_internal.h"

uint64_t survey_hash(const void *p, size_t n)
{
    const uint8_t *b = p;
    uint64_t h = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < n; i++) h = (h ^ b[i]) * UINT64_C(0x100000001B3);
    h ^= h >> 32;
    h *= UINT64_C(0xD6E8FEB86659FD93);
    h ^= h >> 32;
    h *= UINT64_C(0xD6E8FEB86659FD93);
    return h ^ h >> 32;
}

static void estimate(distinct_count *d, uint64_t hash)
{
    uint64_t rest = hash << 12 | UINT64_C(1) << 11; /* 12 bits choose the register; a bit that ends the zeros */
    uint8_t zeros = (uint8_t)(1 + __builtin_clzll(rest));
    uint8_t *top = &d->top[hash >> 52];
    if (zeros > *top) *top = zeros;
}

void distinct_add(distinct_count *d, uint64_t hash)
{
    if (d->estimating) {
        estimate(d, hash);
        return;
    }
    if (hash == 0) hash = 1;
    size_t i = (size_t)hash & (DISTINCT_SLOTS - 1);
    while (d->slot[i] && d->slot[i] != hash) i = (i + 1) & (DISTINCT_SLOTS - 1);
    if (d->slot[i]) return;
    d->slot[i] = hash;
    if (++d->n <= DISTINCT_EXACT_MAX) return;
    d->estimating = true;
    for (i = 0; i < DISTINCT_SLOTS; i++)
        if (d->slot[i]) estimate(d, d->slot[i]);
}

/* 2^-n for n of a register. */
static double half_to(unsigned n)
{
    double x = 1;
    for (; n; n--) x /= 2;
    return x;
}

/* Flajolet, Fusy, Gandouet, Meunier: HyperLogLog (2007). The corrections for small numbers are not needed: those are
 * counted. */
uint64_t distinct_number(const distinct_count *d)
{
    const double m = DISTINCT_REGISTERS, alpha = 0.7213 / (1 + 1.079 / m);
    double sum = 0;
    if (!d->estimating) return d->n;
    for (size_t i = 0; i < DISTINCT_REGISTERS; i++) sum += half_to(d->top[i]);
    return (uint64_t)(alpha * m * m / sum + 0.5);
}
