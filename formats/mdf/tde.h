/* Pages of an encrypted database (TDE) made plain as they are read (FORMAT.md, Encrypted pages). */
#ifndef MDF_TDE_H
#define MDF_TDE_H

#include "keys/key_ring.h"
#include "mdf/page_store.h"

typedef struct tde tde;

/* Opens the database's key with those given (may be NULL). ST_OK and *out; ST_FATAL with a finding about `path`: F_BAK_TDE
 * with `what` when none was given, else as key_ring_open. */
status tde_open(const key_ring *keys, const sealed_key *sealed, sv path, const char *what, findings *f, tde **out);
void tde_free(tde *t); /* t may be NULL */
const char *tde_cipher(const tde *t);

/* Makes the first `pages` pages of an extent plain, each that is marked as encrypted and is it. A page that is damaged stays
 * one whose protection says so. Safe from several threads. False when there is no memory. */
bool tde_open_pages(tde *t, uint8_t *extent, unsigned pages);

/* Whether most of an extent's pages are encrypted: marked so, and their bytes look drawn by chance. */
bool tde_sealed(const uint8_t *extent, unsigned pages);

#endif
