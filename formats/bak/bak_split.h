/* Rows that a page split moves: one record puts all of them on the new page, another one takes them off the old one. How the
 * first one holds them was seen in no file, so it is not asked: the old page says which rows they are, and the record
 * must hold the bytes of each of them, in their order, and of nothing else. */
#ifndef BAK_BAK_SPLIT_H
#define BAK_BAK_SPLIT_H

#include "bak/bak_log_record.h"
#include "mdf/mdf_model.h"

enum { SPLITS = 16 }; /* at once; a server finishes each before it goes on in the same index */

typedef struct split_rows {
    log_record record; /* that puts them on the new page; of its own memory */
    uint8_t *bytes;
    bool wanted; /* the new page waits for them */
} split_rows;

typedef struct splits {
    split_rows list[SPLITS];
    size_t next;
} splits;

/* Keeps the record of the rows. *lost: one that gives way to it, and whose page still waits (NULL: none); valid until the
 * next call. False: out of memory. */
bool splits_keep(splits *s, const log_record *r, bool wanted, log_record *lost, bool *any_lost);
/* Those that the transaction has moved last; NULL: none. */
split_rows *splits_of(splits *s, const log_record *r);
void splits_free(splits *s);

/* Moves the rows from the slot on from `from` to `to` (NULL: they are there already). NULL, or why not: then both are as
 * before. */
const char *split_move(const split_rows *rows, uint8_t *from, unsigned slot, uint8_t *to);

#endif
