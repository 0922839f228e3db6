#include "deliver/map_emitter.h"

static const map_emitter *const emitters[] = {&map_sdl};

size_t map_emitters(void) { return sizeof emitters / sizeof emitters[0]; }
const map_emitter *map_emitter_at(size_t i) { return emitters[i]; }

const map_emitter *map_emitter_named(sv name)
{
    for (size_t i = 0; i < map_emitters(); i++)
        if (sv_eq(sv_from(emitters[i]->name), name)) return emitters[i];
    return NULL;
}
