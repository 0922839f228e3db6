#include "quality/exam_repeats.h"
#include <stdlib.h>

static sv day_of(sv moment) { return (sv){moment.p, moment.n < 10 ? moment.n : 10}; }

static int compare(uint64_t a, uint64_t b) { return a < b ? -1 : a > b; }

static int same_kind(const exam_digest *a, const exam_digest *b)
{
    int order = sv_cmp(a->patient, b->patient);
    if (order == 0) order = sv_cmp(day_of(a->exam_at), day_of(b->exam_at));
    if (order == 0) order = sv_cmp(a->provider, b->provider);
    if (order == 0) order = compare(a->values, b->values);
    if (order == 0) order = compare(a->digest[0], b->digest[0]);
    return order ? order : compare(a->digest[1], b->digest[1]);
}

static int by_kind(const void *x, const void *y)
{
    const exam_digest *a = x, *b = y;
    int order = same_kind(a, b);
    if (order == 0) order = sv_cmp(a->exam_at, b->exam_at);
    return order ? order : sv_cmp(a->src_key, b->src_key);
}

bool exam_repeats(exam_digest *list, size_t n, arena *mem, findings *f, exam_repeat **out, size_t *repeats)
{
    size_t first = 0;
    *repeats = 0;
    if (n) qsort(list, n, sizeof *list, by_kind);
    for (int counting = 1; counting >= 0; counting--) { /* once to count, once to keep */
        if (!counting) *out = arena_array(mem, *repeats + 1, sizeof **out);
        if (!counting && !*out) return false;
        *repeats = 0;
        for (size_t i = 1; i < n; i++) {
            if (list[i].values == 0 || same_kind(&list[first], &list[i]) != 0) {
                first = i;
                continue;
            }
            if (!counting) (*out)[*repeats] = (exam_repeat){list[first].src_key, list[i].src_key};
            ++*repeats;
        }
        first = 0;
    }
    for (size_t i = 0; i < *repeats; i++) {
        finding x = FINDING_OF(F_QUA_EXAM_TWICE);
        x.table = SV_LIT("clinical_exam");
        find_add(f, &x);
    }
    return true;
}
