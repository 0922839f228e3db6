/* What goes along with the parts, to be read before they are opened. Nothing of a patient and no passphrase is in it. */
#ifndef PACK_COVER_NOTE_H
#define PACK_COVER_NOTE_H

#include "pack/pack.h"

#define COVER_NOTE "cover-note.txt"

void cover_note(const pack_result *r, const char *label, buf *out);

#endif
