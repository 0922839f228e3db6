/* A Bloom filter of the words that columns of names hold: what stands there is nowhere told as a code. */
#include "normalize/letters.h"
#include "survey/survey_internal.h"

enum { WORD_MIN = 2 };

static uint64_t hash_at(const folded *f, size_t *at)
{
    while (*at < f->n) {
        size_t from = *at;
        while (*at < f->n && f->text[*at] != ' ') (*at)++;
        size_t n = *at - from;
        if (*at < f->n) (*at)++;
        if (n >= WORD_MIN) return survey_hash(f->text + from, n) | 1;
    }
    return 0;
}

static size_t bit_of(uint64_t hash, unsigned which)
{
    return (size_t)(which ? hash >> 40 : hash >> 8) & (PEOPLE_BITS - 1);
}

void people_add(people *p, sv text)
{
    folded f;
    size_t at = 0;
    if (!text_fold(text, &f)) return;
    for (uint64_t h; (h = hash_at(&f, &at)) != 0;)
        for (unsigned k = 0; k < 2; k++) p->bit[bit_of(h, k) / 8] |= (uint8_t)(1u << bit_of(h, k) % 8);
}

bool people_has(const people *p, sv text)
{
    folded f;
    size_t at = 0;
    if (!text_fold(text, &f)) return true;
    for (uint64_t h; (h = hash_at(&f, &at)) != 0;) {
        bool all = true;
        for (unsigned k = 0; k < 2; k++) all &= p->bit[bit_of(h, k) / 8] >> bit_of(h, k) % 8 & 1;
        if (all) return true;
    }
    return false;
}
