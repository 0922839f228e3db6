/* Exams that nothing tells apart: of one occasion, with the same findings. Occasions are compared in full; they and the
 * findings by two hashes of 64 bits each. */
#include "chart/chart_internal.h"
#include <stdlib.h>

typedef struct seen_exam {
    uint64_t hash[2];
    sv occasion;
    uint32_t exam;
    bool used;
} seen_exam;

struct same_exams {
    seen_exam *slot;
    size_t n, room;
};

same_exams *same_new(void) { return calloc(1, sizeof(same_exams)); }

void same_free(same_exams *s)
{
    if (!s) return;
    free(s->slot);
    free(s);
}

/* ---- what is the same ---- */

typedef struct mix {
    uint64_t h[2];
} mix;

static void mix_number(mix *m, uint64_t n)
{
    static const uint64_t factor[2] = {UINT64_C(0x9E3779B97F4A7C15), UINT64_C(0xC2B2AE3D27D4EB4F)};
    for (size_t i = 0; i < 2; i++) {
        uint64_t h = (m->h[i] ^ n) * factor[i];
        m->h[i] = h ^ h >> (29 + 3 * i);
    }
}

static void mix_text(mix *m, sv s)
{
    mix_number(m, s.n);
    for (size_t i = 0; i < s.n; i += sizeof(uint64_t)) {
        uint64_t word = 0;
        memcpy(&word, s.p + i, s.n - i < sizeof word ? s.n - i : sizeof word);
        mix_number(m, word);
    }
}

static void mix_custom(mix *m, const chart_custom *list, size_t n)
{
    mix_number(m, n);
    for (size_t i = 0; i < n; i++) {
        mix_text(m, list[i].name);
        mix_text(m, list[i].value);
    }
}

/* Four of 16 bits, as one number: each is mixed with the rest of its word at once. */
static uint64_t four(int16_t a, int16_t b, int16_t c, int16_t d)
{
    return (uint64_t)(uint16_t)a | (uint64_t)(uint16_t)b << 16 | (uint64_t)(uint16_t)c << 32 |
           (uint64_t)(uint16_t)d << 48;
}

static void mix_site(mix *m, const chart_site *s)
{
    mix_number(m, four(s->pd, s->recession, s->cal, s->cal_source));
    mix_number(m, four(s->bop, s->suppuration, s->plaque, s->calculus));
}

static void mix_tooth(mix *m, const chart_tooth *t)
{
    const chart_furcation *f = t->furcation;
    mix_number(m, four((int16_t)tooth_index(t->tooth), (int16_t)t->status, t->mobility, (int16_t)t->scale));
    mix_number(m,
               four(t->keratinized, t->mgj, t->plaque_index, (int16_t)((t->miller != NULL) + 2 * (t->cairo != NULL))));
    mix_number(m, four(f[0].grade, f[1].grade, f[2].grade, f[3].grade));
    if (t->miller) mix_text(m, sv_from(t->miller));
    if (t->cairo) mix_text(m, sv_from(t->cairo));
    for (size_t k = 0; k < SITES; k++) mix_site(m, &t->site[k]);
    mix_text(m, t->note);
    mix_custom(m, t->custom, t->customs);
}

/* Without labels and keys: the same mouth in another numbering is the same. With the occasion: mouths of many patients are
 * alike, those that nothing was found in above all. */
static mix findings_of(sv occasion, const exam_chart *x)
{
    mix m = {{1, 2}};
    mix_text(&m, occasion);
    for (size_t i = 0; i < x->teeth; i++) mix_tooth(&m, &x->tooth[i]);
    mix_custom(&m, x->custom, x->customs);
    return m;
}

/* ---- the set ---- */

static size_t slot_of(const same_exams *s, const seen_exam *e)
{
    size_t at = (size_t)e->hash[0] & (s->room - 1);
    while (s->slot[at].used && (s->slot[at].hash[0] != e->hash[0] || s->slot[at].hash[1] != e->hash[1] ||
                                !sv_eq(s->slot[at].occasion, e->occasion)))
        at = (at + 1) & (s->room - 1);
    return at;
}

static bool grow(same_exams *s)
{
    same_exams more = {.room = s->room ? s->room * 2 : 1024};
    more.slot = calloc(more.room, sizeof *more.slot);
    if (!more.slot) return false;
    for (size_t i = 0; i < s->room; i++)
        if (s->slot[i].used) more.slot[slot_of(&more, &s->slot[i])] = s->slot[i];
    more.n = s->n;
    free(s->slot);
    *s = more;
    return true;
}

uint32_t same_find(same_exams *s, sv occasion, const exam_chart *x, uint32_t exam)
{
    if (occasion.n == 0 || x->teeth == 0 || ((s->n + 1) * 2 > s->room && !grow(s))) return EXAM_NONE;
    mix m = findings_of(occasion, x);
    seen_exam e = {.hash = {m.h[0], m.h[1]}, .occasion = occasion, .exam = exam, .used = true};
    seen_exam *found = &s->slot[slot_of(s, &e)];
    if (found->used) return found->exam;
    *found = e;
    s->n++;
    return EXAM_NONE;
}
