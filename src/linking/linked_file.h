/* The list of files of a bundle written again, each row with the id of its record. */
#ifndef LINKING_LINKED_FILE_H
#define LINKING_LINKED_FILE_H

#include "deliver/digest.h"
#include "linking/file_places.h"
#include "linking/key_file.h"

typedef struct linked_list {
    const char *folder; /* new one, unfinished */
    sv path, rejects;   /* in it: the list, and the rows without an id */
    const file_places *places;
    const key_map *keys;
    const char *base; /* put before each file's path */
    findings *found;
    arena *mem;
    /* What was written. */
    uint64_t files, linked, unlinked;
    file_digest digest, rejects_digest; /* rejects: only when unlinked */
    sv heading;                         /* the headings, separated by commas */
} linked_list;

/* from: a part of the bundle's list. The lists are begun by the first call, closed by linked_list_end. False with a
 * finding. */
typedef struct linked_writer linked_writer;
linked_writer *linked_list_begin(linked_list *l);
bool linked_list_add(linked_writer *w, const char *from);
/* Behind the documents: the charts that were drawn, which no list of the bundle has as rows. */
bool linked_list_add_charts(linked_writer *w);
bool linked_list_end(linked_writer *w); /* and frees it */
void linked_list_abandon(linked_writer *w);

#endif
