/* Every byte of a backup file by what it is: the sum is the file's size, and what belongs to no known structure is told as
 * unknown. */
#ifndef BAK_BAK_ACCOUNT_H
#define BAK_BAK_ACCOUNT_H

#include "bak/bak_media.h"
#include "source/row_source.h"

/* Adds one account of the media's file, and of a compressed one another of what is inside. Texts and arrays in the arena. ST_OK;
 * ST_ROW_LOST where a piece cannot be unpacked (a finding was added; what is behind it in the inner stream counts as unknown);
 * ST_FATAL. */
status bak_account(const bak_media *m, void *scratch, arena *a, findings *f, byte_account out[2], size_t *accounts);

#endif
