#include "bak/bak_files.h"
#include <stdlib.h>

static status no_memory(findings *f)
{
    find_code(f, F_OUT_OF_MEMORY, "opening a backup");
    return ST_FATAL;
}

status bak_files_open(const open_args *args, findings *f, bak_files *out)
{
    memset(out, 0, sizeof *out);
    out->mem = arena_new(0);
    out->scratch = malloc(mssqlbak_scratch_bytes());
    if (!out->mem || !out->scratch) return no_memory(f);
    mssqlbak_scratch_start(out->scratch);
    out->media = arena_array(out->mem, args->files + 1, sizeof *out->media);
    if (!out->media) return no_memory(f);
    for (size_t i = 0; i < args->files; i++) {
        bak_media *m = &out->media[out->medias++];
        status st = bak_media_open(args->file[i], out->scratch, out->mem, f, m);
        if (st != ST_OK) return st;
    }
    return bak_choose(out->media, out->medias, args->set, args->salvage, out->mem, f, &out->choice);
}

void bak_files_close(bak_files *b)
{
    for (size_t i = 0; i < b->medias; i++) bak_media_close(&b->media[i]);
    free(b->scratch);
    arena_free(b->mem);
    memset(b, 0, sizeof *b);
}
