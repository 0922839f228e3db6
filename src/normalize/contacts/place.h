/* States by name. Internal to normalize. */
#ifndef NORMALIZE_PLACE_H
#define NORMALIZE_PLACE_H

#include "base/buf.h"

/* Appends the name of a state or province that the text names or abbreviates: "wash." gives "Washington". */
bool us_state_name(sv text, buf *out);

#endif
