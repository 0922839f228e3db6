#include "bak/bak_split.h"
#include "mdf/page_change.h"
#include <stdlib.h>

/* What the record holds besides the rows: its header, the lock, and the lengths of the rows with some filling. */
enum { OTHER_BYTES = 256, BYTES_PER_ROW = 16 };

static const char not_proved[] = "rows were moved by a page split, and the log does not show which";

bool splits_keep(splits *s, const log_record *r, bool wanted, log_record *lost, bool *any_lost)
{
    split_rows *x = &s->list[s->next++ % SPLITS];
    *any_lost = x->bytes && x->wanted;
    if (*any_lost) *lost = x->record;
    uint8_t *bytes = malloc(r->n);
    if (!bytes) return false;
    memcpy(bytes, r->p, r->n);
    free(x->bytes);
    *x = (split_rows){.record = *r, .bytes = bytes, .wanted = wanted};
    x->record.p = bytes;
    return true;
}

split_rows *splits_of(splits *s, const log_record *r)
{
    for (size_t i = 0; i < SPLITS; i++) {
        split_rows *x = &s->list[(s->next + SPLITS - 1 - i) % SPLITS];
        if (x->bytes && x->record.transaction == r->transaction) return x;
    }
    return NULL;
}

void splits_free(splits *s)
{
    for (size_t i = 0; i < SPLITS; i++) free(s->list[i].bytes);
    *s = (splits){0};
}

/* Where the bytes stand at or behind `at`; SIZE_MAX: nowhere. */
static size_t find(const log_record *r, size_t at, page_bytes wanted)
{
    for (; wanted.n && at + wanted.n <= r->n; at++)
        if (r->p[at] == wanted.p[0] && memcmp(r->p + at, wanted.p, wanted.n) == 0) return at;
    return SIZE_MAX;
}

const char *split_move(const split_rows *rows, uint8_t *from, unsigned slot, uint8_t *to)
{
    uint8_t old[PAGE_BYTES], made[PAGE_BYTES];
    const unsigned slots = page_slots(from);
    if (slot == 0 || slot >= slots) return not_proved;
    memcpy(old, from, PAGE_BYTES);
    if (to) memcpy(made, to, PAGE_BYTES);
    size_t at = 0, moved = 0;
    for (unsigned i = slot; i < slots; i++) {
        page_bytes one = page_row(from, i);
        size_t found = find(&rows->record, at, one);
        if (found == SIZE_MAX) return not_proved;
        at = found + one.n;
        moved += one.n;
        const char *why = to ? page_change_insert(made, i - slot, true, one) : NULL;
        if (!why) why = page_change_remove(old, slot, true, (page_bytes){NULL, 0});
        if (why) return why;
    }
    if (rows->record.n > moved + OTHER_BYTES + (size_t)BYTES_PER_ROW * (slots - slot)) return not_proved;
    memcpy(from, old, PAGE_BYTES);
    if (to) memcpy(to, made, PAGE_BYTES);
    return NULL;
}
