#include "bak/bak_stripe.h"
#include "base/platform.h"
#include <stdlib.h>

enum {
    CHUNK = 1024,
    PARTS_MAX = 64, /* SQL Server's own limit */
    NO_PART = 255,
    NEIGHBOURS = 16, /* positions tried around one that says nothing */
    WEAK_VOTES = 3   /* a claim of so few pages may be stale */
};

typedef struct chunk {
    uint64_t next[PARTS_MAX]; /* positions of the parts behind the chunk */
    uint8_t part[CHUNK];
} chunk;

struct bak_stripe {
    const bak_part *part;
    size_t parts;
    uint64_t ranks;
    bak_rank_of rank_of;
    const void *ctx;
    mutex *lock;
    chunk **chunk;
    size_t chunks;
};

bak_stripe *bak_stripe_new(const bak_part *part, size_t parts, uint64_t ranks, bak_rank_of rank_of, const void *ctx)
{
    if (parts > PARTS_MAX || ranks / CHUNK > SIZE_MAX / sizeof(chunk *) / 2) return NULL;
    bak_stripe *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    *s = (bak_stripe){.part = part, .parts = parts, .ranks = ranks, .rank_of = rank_of, .ctx = ctx};
    s->chunks = (size_t)(ranks / CHUNK + 1);
    s->lock = mutex_new();
    s->chunk = calloc(s->chunks, sizeof *s->chunk);
    if (s->lock && s->chunk) return s;
    bak_stripe_free(s);
    return NULL;
}

void bak_stripe_free(bak_stripe *s)
{
    if (!s) return;
    for (size_t i = 0; s->chunk && i < s->chunks; i++) free(s->chunk[i]);
    free(s->chunk);
    mutex_free(s->lock);
    free(s);
}

/* What position `at` of a part says: its rank, or RANK_NONE. wanted: a first page that says this rank is enough. */
static status ask(bak_stripe *s, void *scratch, size_t part, uint64_t at, uint64_t wanted, uint64_t *rank,
                  unsigned *votes, findings *f)
{
    bak_spot spot;
    extent_claim claim;
    *rank = RANK_NONE;
    *votes = 0;
    if (!bak_part_spot(&s->part[part], at, &spot)) return ST_END;
    status st = bak_spot_claim(&spot, scratch, true, &claim, f);
    if (st == ST_OK && claim.filler) return ST_END;
    if (st == ST_OK && claim.votes && s->rank_of(s->ctx, &claim) == wanted) {
        *rank = wanted;
        *votes = EXTENT_PAGES;
        return ST_OK;
    }
    if (st == ST_OK) st = bak_spot_claim(&spot, scratch, false, &claim, f);
    if (st == ST_FATAL || st == ST_END) return st;
    if (st != ST_OK || !claim.votes) return ST_OK; /* a damaged piece says nothing */
    *rank = s->rank_of(s->ctx, &claim);
    *votes = claim.votes;
    return ST_OK;
}

/* ---- one part's position for a rank, by halving ---- */

/* First position of the part, at or behind which everything that says a rank says one >= rank. */
static status lower_bound(bak_stripe *s, void *scratch, size_t part, uint64_t rank, uint64_t *out, findings *f)
{
    uint64_t lo = 0, hi = s->part[part].pass ? s->part[part].pass->extents : 0;
    while (lo < hi) {
        uint64_t mid = lo + (hi - lo) / 2, said = RANK_NONE, at = mid;
        for (; at < hi && at < mid + NEIGHBOURS && said == RANK_NONE; at++) {
            unsigned votes;
            status st = ask(s, scratch, part, at, rank, &said, &votes, f);
            if (st == ST_FATAL) return st;
            if (st == ST_END) said = RANK_BEYOND;
            if (said == RANK_NONE) continue;
            break;
        }
        if (said != RANK_NONE && said < rank)
            lo = at + 1;
        else if (said == rank) {
            *out = at;
            return ST_OK;
        } else
            hi = mid;
    }
    *out = lo;
    return ST_OK;
}

status bak_stripe_search(bak_stripe *s, void *scratch, uint64_t rank, bak_spot *out, findings *f)
{
    for (size_t i = 0; i < s->parts; i++) {
        uint64_t at, said;
        unsigned votes;
        status st = lower_bound(s, scratch, i, rank, &at, f);
        if (st == ST_OK) st = ask(s, scratch, i, at, rank, &said, &votes, f);
        if (st == ST_FATAL) return st;
        if (st == ST_OK && said == rank) return bak_part_spot(&s->part[i], at, out) ? ST_OK : ST_ROW_LOST;
    }
    return ST_ROW_LOST;
}

/* Positions of all parts for the first rank of a chunk: believed only when they add up to it. */
static status jump(bak_stripe *s, void *scratch, uint64_t rank, uint64_t *next, bool *ok, findings *f)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < s->parts; i++) {
        status st = lower_bound(s, scratch, i, rank, &next[i], f);
        if (st != ST_OK) return st;
        sum += next[i];
    }
    *ok = sum == rank;
    return ST_OK;
}

/* ---- dealing in order ---- */

typedef struct head {
    uint64_t rank;
    unsigned votes;
    bool known; /* asked, for the position where the part stands */
    bool over;
} head;

/* The part whose next extent has this rank: one that says so; else one that says nothing (its extent holds no page that
 * anybody uses); else one of which few pages say something else. */
static size_t choose(const head *h, size_t parts, uint64_t rank, size_t last)
{
    size_t best = NO_PART;
    unsigned best_score = 0;
    for (size_t k = 1; k <= parts; k++) {
        size_t i = (last + k) % parts;
        if (!h[i].known || h[i].over) continue;
        unsigned score = 0;
        if (h[i].rank == rank)
            score = 100 + h[i].votes;
        else if (h[i].rank == RANK_NONE || h[i].rank < rank)
            score = 50;
        else if (h[i].votes <= WEAK_VOTES)
            score = 10;
        if (score > best_score) {
            best_score = score;
            best = i;
        }
    }
    return best;
}

static status deal(bak_stripe *s, void *scratch, uint64_t first, const uint64_t *start, chunk *c, findings *f)
{
    head h[PARTS_MAX] = {{0}};
    size_t last = s->parts - 1;
    memcpy(c->next, start, sizeof c->next);
    for (unsigned n = 0; n < CHUNK; n++) {
        uint64_t rank = first + n;
        c->part[n] = NO_PART;
        if (rank >= s->ranks) continue;
        for (size_t k = 1; k <= s->parts; k++) {
            size_t i = (last + k) % s->parts;
            if (h[i].known) continue;
            status st = ask(s, scratch, i, c->next[i], rank, &h[i].rank, &h[i].votes, f);
            if (st == ST_FATAL) return st;
            h[i].known = true;
            h[i].over = st == ST_END;
            if (!h[i].over && h[i].rank == rank) break;
        }
        size_t i = choose(h, s->parts, rank, last);
        if (i == NO_PART) continue;
        c->part[n] = (uint8_t)i;
        c->next[i]++;
        h[i].known = false;
        last = i;
    }
    return ST_OK;
}

static status build(bak_stripe *s, void *scratch, size_t number, findings *f)
{
    uint64_t start[PARTS_MAX] = {0};
    size_t from = number;
    while (from > 0 && !s->chunk[from - 1]) from--;
    bool jumped = false;
    if (from < number) {
        status st = jump(s, scratch, (uint64_t)number * CHUNK, start, &jumped, f);
        if (st != ST_OK) return st;
    }
    if (jumped)
        from = number;
    else if (from > 0)
        memcpy(start, s->chunk[from - 1]->next, sizeof start);
    else
        memset(start, 0, sizeof start);
    for (; from <= number; from++) {
        chunk *c = malloc(sizeof *c);
        if (!c) {
            find_code(f, F_OUT_OF_MEMORY, "putting the parts of a backup together");
            return ST_FATAL;
        }
        status st = deal(s, scratch, (uint64_t)from * CHUNK, start, c, f);
        if (st != ST_OK) {
            free(c);
            return st;
        }
        s->chunk[from] = c;
        memcpy(start, c->next, sizeof start);
    }
    return ST_OK;
}

static bool spot_in_chunk(bak_stripe *s, size_t number, uint64_t rank, bak_spot *out)
{
    const chunk *c = s->chunk[number];
    unsigned n = (unsigned)(rank % CHUNK);
    size_t part = c->part[n];
    if (part == NO_PART) return false;
    uint64_t at = c->next[part];
    for (unsigned i = n; i < CHUNK; i++) at -= c->part[i] == part;
    return bak_part_spot(&s->part[part], at, out);
}

status bak_stripe_find(bak_stripe *s, void *scratch, uint64_t rank, bak_spot *out, findings *f)
{
    if (rank >= s->ranks) return ST_ROW_LOST;
    size_t number = (size_t)(rank / CHUNK);
    mutex_lock(s->lock);
    status st = s->chunk[number] ? ST_OK : build(s, scratch, number, f);
    if (st == ST_OK && !spot_in_chunk(s, number, rank, out)) st = ST_ROW_LOST;
    mutex_unlock(s->lock);
    return st;
}
