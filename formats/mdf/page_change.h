/* Changes to the image of a page, as the transaction log describes them: rows put in, taken out, marked as deleted,
 * parts of rows and of the header replaced. Every function checks what it is told against the page before it touches
 * anything, and says in words why it cannot be so; NULL: done. A page is PAGE_BYTES of any content, its protection undone
 * (page_check.h); nothing outside it is read or written whatever it says. */
#ifndef MDF_PAGE_CHANGE_H
#define MDF_PAGE_CHANGE_H

#include "mdf/mdf_layout.h"

typedef struct page_bytes {
    const uint8_t *p;
    size_t n;
} page_bytes;

/* Puts a row into the slot. shift: the slots from there on move up by one, as in an index; else the slot must be empty,
 * or lie behind the last one, as in a heap. A row marked as deleted that equals the new one is made live again. */
const char *page_change_insert(uint8_t *page, unsigned slot, bool shift, page_bytes row);

/* Takes the row out of the slot. row: what it must be; empty: not known. */
const char *page_change_remove(uint8_t *page, unsigned slot, bool shift, page_bytes row);

/* Marks the row as deleted, or as live again. row as above; its own mark does not count. */
const char *page_change_ghost(uint8_t *page, unsigned slot, bool ghost, page_bytes row);

/* One replaced part of a row. */
typedef struct page_edit {
    unsigned at;    /* in the row as it is */
    page_bytes old; /* what must be there; p NULL: n bytes, not known which */
    page_bytes now;
} page_edit;

/* Replaces parts of the row in the slot; ascending, apart from each other. */
const char *page_change_row(uint8_t *page, unsigned slot, const page_edit *edit, size_t edits);

/* Replaces bytes of the page's header; as many as before. */
const char *page_change_header(uint8_t *page, unsigned at, page_bytes old, page_bytes now);

/* Sets bits first, first + 1 ... of the record in the slot. */
const char *page_change_bits(uint8_t *page, unsigned slot, unsigned first, unsigned count, bool on);

/* Makes the page an empty one. */
typedef struct page_form {
    uint8_t type, type_flags, level;
    uint16_t index, row_bytes;
    uint32_t object, page;
    uint16_t file;
    uint32_t interval_page; /* PAGE_IAM: what it maps */
    uint16_t interval_file;
} page_form;
void page_change_format(uint8_t *page, const page_form *form);

void page_change_lsn(uint8_t *page, uint32_t vlf, uint32_t block, uint16_t slot);

/* The row in the slot, as long as its own fields say; empty: there is none. */
page_bytes page_row(const uint8_t *page, unsigned slot);

/* Whether the slot holds a row that equals this one but for a mark of deletion. */
bool page_holds(const uint8_t *page, unsigned slot, page_bytes row);

#endif
