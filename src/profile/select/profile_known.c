/* Short values that a column had before, with what became of them: most columns of a practice are made of few ones. */
#include "profile/profile_internal.h"

enum { ASKED_AT_ONCE = 256, FOUND_OF_THEM = 64 };

typedef struct known_key {
    uint64_t word[KNOWN_TEXT_MAX / sizeof(uint64_t)];
} known_key;

static known_key key_of(sv in)
{
    known_key k = {{0}};
    memcpy(k.word, in.p, in.n);
    return k;
}

static known_value *place_of(known_values *k, const known_key *key, size_t n)
{
    uint64_t h = n;
    for (size_t i = 0; i < sizeof key->word / sizeof key->word[0]; i++)
        h = (h ^ key->word[i]) * UINT64_C(0x9E3779B97F4A7C15);
    return &k->value[(h ^ h >> 29) >> 7 & (KNOWN_VALUES - 1)];
}

/* A column that is made of ever new values is not worth the asking. */
static void judge(known_values *k)
{
    if (++k->asked < ASKED_AT_ONCE) return;
    k->useless = k->found < FOUND_OF_THEM;
    k->asked = k->found = 0;
}

const known_value *known_value_of(known_values *k, sv in, known_value **place)
{
    *place = NULL;
    if (k->useless || in.n == 0 || in.n > KNOWN_TEXT_MAX) return NULL;
    judge(k);
    known_key key = key_of(in);
    known_value *v = place_of(k, &key, in.n);
    if (v->in_n == in.n && memcmp(v->in, key.word, sizeof v->in) == 0) {
        k->found++;
        return v;
    }
    *place = v;
    return NULL;
}

void known_value_keep(known_value *place, sv in, sv out, norm_form form)
{
    if (!place || out.n > KNOWN_TEXT_MAX) return;
    known_key key = key_of(in);
    memcpy(place->in, key.word, sizeof place->in);
    if (out.n) memcpy(place->out, out.p, out.n);
    place->in_n = (uint8_t)in.n;
    place->out_n = (uint8_t)out.n;
    place->form = (uint8_t)form;
}
