/* Entries found by a number: one table for sets, counts and states that files speak of by number. Open addressing, at most three
 * quarters full. Numbers come from files, which may be made to harm: where a number's search begins depends on where the
 * table lies in memory, which is known to nobody before, so that no file can have numbers that all begin at one place. */
#ifndef BASE_ID_TABLE_H
#define BASE_ID_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Begins with the size of its entries and how many there may be, all else zeroes; owned, freed by id_table_free. An entry is a
 * struct whose first member is its number, a uint64_t that is not 0; the other members begin as zeroes. */
typedef struct id_table {
    size_t entry_bytes; /* a multiple of 8 */
    size_t most;        /* entries; 0: as many as there is memory for */
    size_t n;
    bool full;     /* more than `most` were to be put in */
    size_t room;   /* places: 0 or a power of two */
    uint8_t *list; /* of entry_bytes each; number 0: a free place */
} id_table;

/* The entry of the number, put in where there is none. NULL: out of memory, which is remembered (base/memory.h), or the table is
 * full, which `full` tells. Like each pointer to an entry it is good until the next one is put in or taken out. */
void *id_table_put(id_table *t, uint64_t id);
/* NULL: there is none, as of number 0. */
void *id_table_find(const id_table *t, uint64_t id);
void id_table_take_out(id_table *t, uint64_t id);

/* The numbers of all entries, ascending, into out[t->n]: how they lie in the table is another order each time. */
void id_table_numbers(const id_table *t, uint64_t *out);

/* Leaves an empty table of the same kind. */
void id_table_free(id_table *t);

/* Where the search for a number begins in a table of `room` places, a power of two, that lies at `list`. */
size_t id_table_place(const void *list, uint64_t id, size_t room);

#endif
