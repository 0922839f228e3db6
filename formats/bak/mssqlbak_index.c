#include "bak/mssqlbak_index.h"
#include "bak/box_crypt.h"
#include <stdlib.h>
#include <string.h>

void piece_index_free(piece_index *x)
{
    for (size_t i = 0; i < x->blocks; i++) free(x->block[i]);
    free(x->block);
    free(x->run);
    memset(x, 0, sizeof *x);
}

static bool room_for_run(piece_index *x)
{
    if (x->runs < x->run_room) return true;
    if (x->runs >= PIECE_RUNS_MAX) return false;
    size_t room = x->run_room ? x->run_room * 2 : 16;
    piece_run *grown = realloc(x->run, room * sizeof *grown);
    if (!grown) return false;
    x->run = grown;
    x->run_room = room;
    return true;
}

static bool room_for_piece(piece_index *x)
{
    if (x->pieces < (uint64_t)x->blocks * PIECES_PER_BLOCK) return true;
    if (x->blocks == x->block_room) {
        size_t room = x->block_room ? x->block_room * 2 : 16;
        piece_block **grown = realloc(x->block, room * sizeof *grown);
        if (!grown) return false;
        x->block = grown;
        x->block_room = room;
    }
    piece_block *b = calloc(1, sizeof *b);
    if (!b) return false;
    x->block[x->blocks++] = b;
    return true;
}

static piece_block *block_of(const piece_index *x, uint64_t number) { return x->block[number / PIECES_PER_BLOCK]; }

/* 0 stands for a piece that is stored as it is. */
static uint32_t packed_bytes(const piece_index *x, const piece_run *r, uint64_t number)
{
    uint16_t n = block_of(x, number)->packed[number % PIECES_PER_BLOCK];
    return n ? n : r->bytes;
}

/* A run goes on while pieces have one size and follow each other without a gap. Offsets are summed up inside a run
 * only, from the last checkpoint or from the run's own start. */
static uint64_t file_at_of(const piece_index *x, const piece_run *r, uint64_t number)
{
    uint64_t from = number - number % PIECES_PER_CHECKPOINT;
    uint64_t at;
    if (from > r->first)
        at = block_of(x, from)->file_at[from % PIECES_PER_BLOCK / PIECES_PER_CHECKPOINT];
    else {
        from = r->first;
        at = r->file_at;
    }
    for (; from < number; from++) at += x->header + box_crypt_stored(x->crypt, packed_bytes(x, r, from));
    return at;
}

bool piece_index_add(piece_index *x, uint64_t file_at, uint32_t bytes, uint16_t packed)
{
    if (!room_for_piece(x)) return false;
    piece_run *last = x->runs ? &x->run[x->runs - 1] : NULL;
    if (!last || !last->pieces || last->bytes != bytes || x->file_end != file_at) {
        if (!room_for_run(x) || !x->run) return false;
        last = &x->run[x->runs++];
        *last = (piece_run){.at = x->bytes, .first = x->pieces, .file_at = file_at, .bytes = bytes};
    }
    piece_block *b = block_of(x, x->pieces);
    size_t i = (size_t)(x->pieces % PIECES_PER_BLOCK);
    b->packed[i] = packed;
    if (i % PIECES_PER_CHECKPOINT == 0) b->file_at[i / PIECES_PER_CHECKPOINT] = file_at;
    last->pieces++;
    x->pieces++;
    x->bytes += bytes;
    x->file_end = file_at + x->header + box_crypt_stored(x->crypt, packed ? packed : bytes);
    return true;
}

bool piece_index_mark(piece_index *x, uint64_t file_at, uint32_t bytes)
{
    if (!room_for_run(x)) return false;
    x->run[x->runs++] = (piece_run){.at = x->bytes, .first = x->pieces, .file_at = file_at, .bytes = bytes};
    x->bytes += bytes;
    return true;
}

void piece_index_drop(piece_index *x)
{
    piece_run *r = x->runs ? &x->run[x->runs - 1] : NULL;
    if (!r || !r->pieces) return;
    x->bytes -= r->bytes;
    x->pieces--;
    if (--r->pieces == 0) x->runs--;
    x->file_end = UINT64_MAX;
}

static void describe(const piece_index *x, const piece_run *r, uint64_t number, piece *out)
{
    if (!r->pieces) {
        *out = (piece){UINT64_MAX, r->at, r->file_at, r->bytes, r->bytes, r->bytes};
        return;
    }
    out->number = number;
    out->at = r->at + (number - r->first) * r->bytes;
    out->file_at = file_at_of(x, r, number);
    out->bytes = r->bytes;
    out->packed = packed_bytes(x, r, number);
    out->stored = box_crypt_stored(x->crypt, out->packed);
}

bool piece_index_find(const piece_index *x, uint64_t at, piece *out)
{
    if (at >= x->bytes) return false;
    size_t lo = 0, hi = x->runs;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (x->run[mid].at <= at)
            lo = mid;
        else
            hi = mid;
    }
    const piece_run *r = &x->run[lo];
    describe(x, r, r->first + (at - r->at) / r->bytes, out);
    return true;
}

bool piece_index_number(const piece_index *x, uint64_t number, piece *out)
{
    if (number >= x->pieces) return false;
    size_t lo = 0, hi = x->runs;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (x->run[mid].first <= number)
            lo = mid;
        else
            hi = mid;
    }
    describe(x, &x->run[lo], number, out);
    return true;
}

void piece_index_saw(piece_index *x, uint64_t number)
{
    uint64_t i = number % PIECES_PER_BLOCK;
    atomic_fetch_or_explicit(&block_of(x, number)->seen[i / 64], (uint64_t)1 << i % 64, memory_order_relaxed);
}

bool piece_index_seen(const piece_index *x, uint64_t number)
{
    uint64_t i = number % PIECES_PER_BLOCK;
    return atomic_load_explicit(&block_of(x, number)->seen[i / 64], memory_order_relaxed) >> i % 64 & 1;
}
