/* A set of pages. */
#ifndef MDF_PAGE_SET_H
#define MDF_PAGE_SET_H

#include "mdf/mdf_model.h"
#include <stdbool.h>

/* Begins as zeroes; owned. */
typedef struct page_set {
    page_id *page; /* open addressing; file 0: none, as no page has */
    size_t n, room;
} page_set;

/* True when the page was not in it yet, also where it could not be added: out of memory, which is remembered
 * (base/memory.h). */
bool page_set_add(page_set *s, page_id id);
void page_set_free(page_set *s);

#endif
