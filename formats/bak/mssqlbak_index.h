/* Where the pieces of a compressed container lie: runs of pieces of one unpacked size, lying back to back; per piece
 * the packed size only, plus a checkpoint of the file offset every 256 pieces. */
#ifndef BAK_MSSQLBAK_INDEX_H
#define BAK_MSSQLBAK_INDEX_H

#include "base/status.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PIECES_PER_BLOCK = 4096,
    PIECES_PER_CHECKPOINT = 256,
    /* A set has about six runs; this is room for ten thousand sets. Hostile input gets no more. */
    PIECE_RUNS_MAX = 65536
};

typedef struct piece_block {
    uint64_t file_at[PIECES_PER_BLOCK / PIECES_PER_CHECKPOINT];
    atomic_uint_fast64_t seen[PIECES_PER_BLOCK / 64]; /* unpacked, checksum verified */
    uint16_t packed[PIECES_PER_BLOCK];
} piece_block;

typedef struct piece_run {
    uint64_t at;      /* of its first piece in the inner stream */
    uint64_t first;   /* number of its first piece */
    uint64_t pieces;  /* 0: a file mark lying unpacked at file_at */
    uint64_t file_at; /* of a file mark */
    uint32_t bytes;   /* of each unpacked piece, or of the mark */
} piece_run;

typedef struct piece_index {
    piece_block **block;
    size_t blocks, block_room;
    piece_run *run;
    size_t runs, run_room;
    uint64_t pieces, bytes;
    uint64_t file_end;             /* behind the last piece; UINT64_MAX after one was dropped */
    unsigned header;               /* bytes before each piece's data */
    const struct box_crypt *crypt; /* how far they are filled up; borrowed */
} piece_index;

typedef struct piece {
    uint64_t number;  /* UINT64_MAX: a file mark, not packed */
    uint64_t at;      /* in the inner stream */
    uint64_t file_at; /* of its record header; of the mark itself */
    uint32_t bytes, packed;
    uint32_t stored; /* bytes of the file behind the header */
} piece;

void piece_index_free(piece_index *x);
/* Both return false when memory or PIECE_RUNS_MAX is reached. packed 0: the piece is stored as it is. */
bool piece_index_add(piece_index *x, uint64_t file_at, uint32_t bytes, uint16_t packed);
bool piece_index_mark(piece_index *x, uint64_t file_at, uint32_t bytes);
/* Takes the last piece off again (it turned out to be none). Only while it is the last thing added. */
void piece_index_drop(piece_index *x);
/* The piece that holds byte `at` of the inner stream; false beyond its end. */
bool piece_index_find(const piece_index *x, uint64_t at, piece *out);
bool piece_index_number(const piece_index *x, uint64_t number, piece *out);
void piece_index_saw(piece_index *x, uint64_t number);
bool piece_index_seen(const piece_index *x, uint64_t number);

#endif
