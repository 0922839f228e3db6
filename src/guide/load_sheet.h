/* loads.json of every bundle: what its files are, for the commands that come after the load and for other programs. */
#ifndef GUIDE_LOAD_SHEET_H
#define GUIDE_LOAD_SHEET_H

#include "deliver/emitter.h"

extern const emitter load_sheet;

#endif
