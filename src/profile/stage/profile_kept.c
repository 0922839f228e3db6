/* Rows that a SELECT gave when its columns were surveyed, kept in memory until they are made canonical: a join is not
 * computed twice. */
#include "base/limits.h"
#include "profile/profile_internal.h"
#include <stdlib.h>

/* What a value takes on the average, with its length. */
enum { VALUE_BYTES = 24 };

/* Lengths of values: the two upper bits say what is no text. */
enum { KEPT_NULL = 1U << 30, KEPT_LARGE = 1U << 31, KEPT_LENGTH = KEPT_NULL - 1 };

/* The values lie behind their lengths. */
typedef struct kept_row {
    struct kept_row *next;
    uint32_t length[];
} kept_row;

struct kept_rows {
    arena *mem;
    size_t columns;
    kept_row *first, *last;
    const kept_row *next; /* to be read */
};

bool kept_rows_fit(const profile_source *s, const profile_entity *e, const profile_select *q)
{
    uint64_t most = STAGED_ROWS_BYTES / VALUE_BYTES / ((uint64_t)q->columns + 1);
    for (size_t i = 0; i < e->drivings; i++) {
        const table_info *t = profile_table_info(s, e->driving[i]);
        if (!t) continue;
        if (t->rows_expected < 0 || (uint64_t)t->rows_expected > most) return false;
        most -= (uint64_t)t->rows_expected;
    }
    return true;
}

kept_rows *kept_rows_new(const profile_select *q)
{
    kept_rows *k = calloc(1, sizeof *k);
    if (k) *k = (kept_rows){.mem = arena_new(STAGED_ROWS_BYTES), .columns = (size_t)q->columns};
    if (k && k->mem) return k;
    free(k);
    return NULL;
}

void kept_rows_free(kept_rows *k)
{
    if (!k) return;
    arena_free(k->mem);
    free(k);
}

bool kept_rows_add(kept_rows *k, const profile_row *r)
{
    size_t bytes = 0;
    for (size_t i = 0; i < k->columns; i++) bytes += r->text[i].n;
    kept_row *one = arena_alloc(k->mem, sizeof *one + k->columns * sizeof one->length[0] + bytes);
    if (!one) return false;
    char *p = (char *)&one->length[k->columns];
    for (size_t i = 0; i < k->columns; i++) {
        sv text = r->text[i];
        if (text.n > KEPT_LENGTH) return false;
        one->length[i] = (uint32_t)text.n | (text.p ? 0 : KEPT_NULL) | (r->large[i] ? KEPT_LARGE : 0);
        if (text.p) memcpy(p, text.p, text.n);
        p += text.n;
    }
    if (k->last)
        k->last->next = one;
    else
        k->first = one;
    k->last = one;
    return true;
}

void kept_rows_rewind(kept_rows *k) { k->next = k->first; }

bool kept_rows_next(kept_rows *k, profile_row *r, size_t *bytes)
{
    const kept_row *one = k->next;
    if (!one) return false;
    k->next = one->next;
    const char *p = (const char *)&one->length[k->columns];
    r->spoilt = false;
    for (size_t i = 0; i < k->columns; i++) {
        size_t n = one->length[i] & KEPT_LENGTH;
        r->text[i] = one->length[i] & KEPT_NULL ? (sv){NULL, 0} : (sv){p, n};
        r->large[i] = (one->length[i] & KEPT_LARGE) != 0;
        p += n;
        *bytes += n;
    }
    return true;
}
