/* Mapping files for import tools: which column of a file goes to which field of the system. A template chooses an
 * emitter by key (`maps: sdl`); adding one is a file and a line in map_emitter.c. */
#ifndef DELIVER_MAP_EMITTER_H
#define DELIVER_MAP_EMITTER_H

#include "base/buf.h"

typedef struct map_column {
    sv heading; /* of the CSV file, and the name of the target field */
    sv object;  /* a link: the object it points to, and the key that says to which record; else empty */
    sv key;
} map_column;

typedef struct map_emitter {
    const char *name;
    const char *ending; /* ".sdl" */
    void (*emit)(buf *out, const map_column *column, size_t n);
} map_emitter;

const map_emitter *map_emitter_named(sv name); /* NULL: none */
size_t map_emitters(void);
const map_emitter *map_emitter_at(size_t i);

extern const map_emitter map_sdl;

#endif
