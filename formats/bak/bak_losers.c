#include "bak/bak_losers.h"
#include "bak/bak_apply.h"
#include <stdlib.h>

enum { KEPT_BYTES_MAX = 64 << 20, CHAINS = 4096 };
/* A transaction that changes one page again and again, while others do too: some seconds of work. */
static const uint64_t LOOKED_AT_MAX = (uint64_t)1 << 30;

typedef struct kept {
    bak_lsn lsn;
    uint32_t page, n;
    uint16_t file, slot;
    size_t at;       /* of its bytes */
    size_t before;   /* the transaction's record before; SIZE_MAX: none */
    size_t in_chain; /* next one of a page with the same hash */
    bool taken_back;
} kept;

/* Rows marked as deleted, the newest of them: one that is put in again where it lies, by the same transaction, takes the
 * mark back and moves no other. */
enum { DELETED = 1024 };
typedef struct deleted_row {
    uint64_t transaction;
    uint32_t page, sum; /* of the row */
    uint16_t file, slot;
} deleted_row;

/* Where a transaction that splits a page puts the rows it takes away. */
enum { FORMATS = 64 };
typedef struct formatted {
    uint64_t transaction;
    uint32_t page;
    uint16_t file;
} formatted;

struct losers {
    kept *list;
    size_t n, room;
    uint8_t *bytes;
    size_t used, bytes_room;
    size_t chain[CHAINS];
    formatted format[FORMATS];
    size_t formats;
    deleted_row deleted[DELETED];
    size_t deletes;
    uint64_t looked_at; /* while slots were moved */
    bool overflow;
};

losers *losers_new(void)
{
    losers *l = calloc(1, sizeof *l);
    for (size_t i = 0; l && i < CHAINS; i++) l->chain[i] = SIZE_MAX;
    return l;
}

void losers_free(losers *l)
{
    if (!l) return;
    free(l->list);
    free(l->bytes);
    free(l);
}

bool losers_overflowed(const losers *l) { return l->overflow; }

/* ---- slots ---- */

static size_t *chain_of(losers *l, uint32_t page, uint16_t file) { return &l->chain[(page ^ file * 40503u) % CHAINS]; }

static uint32_t sum_of_row(const log_record *r)
{
    log_part p[LOG_PARTS_MAX];
    size_t parts = log_record_parts(r, p);
    uint32_t sum = 2166136261u;
    for (size_t i = 1; parts != SIZE_MAX && parts > 0 && i < p[0].n; i++) sum = (sum ^ p[0].p[i]) * 16777619u;
    return sum;
}

static void note_deleted(losers *l, const log_record *r)
{
    l->deleted[l->deletes++ % DELETED] = (deleted_row){r->transaction, r->page, sum_of_row(r), r->file, r->slot};
}

static bool takes_mark_back(losers *l, const log_record *r)
{
    for (size_t i = 0; i < DELETED; i++) {
        deleted_row *d = &l->deleted[i];
        if (d->transaction != r->transaction || !d->transaction || d->page != r->page || d->file != r->file) continue;
        if (d->slot != r->slot || d->sum != sum_of_row(r)) continue;
        d->transaction = 0;
        return true;
    }
    return false;
}

static void move_deleted(losers *l, const log_record *r, unsigned from, int by)
{
    for (size_t i = 0; i < DELETED; i++) {
        deleted_row *d = &l->deleted[i];
        if (d->transaction && d->page == r->page && d->file == r->file && d->slot >= from)
            d->slot = (uint16_t)(d->slot + by);
    }
}

static void move_slots(losers *l, const log_record *r, unsigned from, int by)
{
    move_deleted(l, r, from, by);
    for (size_t i = *chain_of(l, r->page, r->file); i != SIZE_MAX; i = l->list[i].in_chain) {
        kept *k = &l->list[i];
        if (++l->looked_at > LOOKED_AT_MAX) {
            l->overflow = true;
            return;
        }
        if (k->page == r->page && k->file == r->file && k->slot >= from && !k->taken_back)
            k->slot = (uint16_t)(k->slot + by);
    }
}

/* The rows from the slot on go to the page that the transaction has formatted last. */
static void move_split(losers *l, const log_record *r)
{
    for (size_t f = 0; f < FORMATS; f++) {
        const formatted *to = &l->format[f];
        if (to->transaction != r->transaction || !to->transaction) continue;
        size_t *link = chain_of(l, r->page, r->file);
        while (*link != SIZE_MAX) {
            const size_t i = *link;
            kept *k = &l->list[i];
            if (++l->looked_at > LOOKED_AT_MAX) {
                l->overflow = true;
                return;
            }
            if (k->page != r->page || k->file != r->file || k->slot < r->slot) {
                link = &k->in_chain;
                continue;
            }
            *link = k->in_chain;
            k->slot = (uint16_t)(k->slot - r->slot);
            k->page = to->page;
            k->file = to->file;
            size_t *head = chain_of(l, k->page, k->file);
            k->in_chain = *head;
            *head = i;
            if (head == link) link = &k->in_chain;
        }
        return;
    }
}

static void note_format(losers *l, const log_record *r)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (l->format[i].transaction == r->transaction) {
            l->format[i] = (formatted){r->transaction, r->page, r->file};
            return;
        }
    l->format[l->formats++ % FORMATS] = (formatted){r->transaction, r->page, r->file};
}

void losers_move(losers *l, const log_record *r)
{
    switch (r->operation) {
    case LOG_FORMAT_PAGE: note_format(l, r); break;
    case LOG_DELETE_SPLIT: move_split(l, r); break;
    case LOG_INSERT_ROWS:
        if (apply_shifts(r) && !takes_mark_back(l, r)) move_slots(l, r, r->slot, 1);
        break;
    case LOG_DELETE_ROWS:
    case LOG_EXPUNGE_ROWS:
        if (r->context == CONTEXT_MARK_AS_GHOST)
            note_deleted(l, r);
        else if (apply_shifts(r))
            move_slots(l, r, r->slot + 1u, -1);
        break;
    default: break;
    }
}

/* ---- records ---- */

static log_record record_at(const losers *l, const kept *k)
{
    log_record r = {.lsn = k->lsn};
    log_record_read(l->bytes + k->at, k->n, &r);
    r.page = k->page;
    r.file = k->file;
    return r;
}

static bool make_room(losers *l, size_t n)
{
    if (l->n == l->room) {
        size_t room = l->room ? l->room * 2 : 64;
        kept *list = realloc(l->list, room * sizeof *list);
        if (!list) return false;
        l->list = list;
        l->room = room;
    }
    while (l->used + n > l->bytes_room) {
        size_t room = l->bytes_room ? l->bytes_room * 2 : 1 << 16;
        uint8_t *bytes = realloc(l->bytes, room);
        if (!bytes) return false;
        l->bytes = bytes;
        l->bytes_room = room;
    }
    return true;
}

bool losers_keep(losers *l, open_transaction *t, const log_record *r)
{
    if (t->last != SIZE_MAX) {
        kept *last = &l->list[t->last];
        log_record before = record_at(l, last);
        before.slot = last->slot;
        if (apply_cancels(&before, r)) {
            last->taken_back = true;
            t->last = last->before;
            return true;
        }
    }
    if (r->n > KEPT_BYTES_MAX - l->used) {
        l->overflow = true;
        return true;
    }
    if (!make_room(l, r->n)) return false;
    size_t *head = chain_of(l, r->page, r->file);
    l->list[l->n] = (kept){.lsn = r->lsn,
                           .page = r->page,
                           .n = (uint32_t)r->n,
                           .file = r->file,
                           .slot = r->slot,
                           .at = l->used,
                           .before = t->last,
                           .in_chain = *head};
    memcpy(l->bytes + l->used, r->p, r->n);
    l->used += r->n;
    *head = t->last = l->n++;
    return true;
}

bool losers_next(const losers *l, size_t *at, log_record *out, unsigned *slot)
{
    size_t i = *at == SIZE_MAX ? l->n : *at;
    while (i > 0) {
        const kept *k = &l->list[--i];
        if (k->taken_back) continue;
        *at = i;
        *out = record_at(l, k);
        *slot = k->slot;
        return true;
    }
    return false;
}
