#include "bak/bak_files.h"
#include "bak/bak_part.h"
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
        status st = bak_media_open(args->file[i], args->keys, out->scratch, out->mem, f, m);
        if (st != ST_OK) return st;
    }
    return bak_choose(out->media, out->medias, args->set, args->salvage, out->mem, f, &out->choice);
}

/* Whether the first extent of any part is sealed: its maps, or whatever lies there. */
static status entry_is_sealed(bak_files *b, const bak_entry *e, bool *sealed, findings *f)
{
    uint8_t *extent = malloc(EXTENT_BYTES);
    status st = extent ? ST_OK : no_memory(f);
    for (unsigned i = 0; i < e->families && st != ST_FATAL && !*sealed; i++) {
        const bak_set *s = e->part_set[i];
        const bak_part part = {e->part_media[i], s && s->passes ? &s->pass[0] : NULL, NULL};
        bak_spot spot;
        unsigned pages;
        if (!bak_part_spot(&part, 0, &spot)) continue;
        st = bak_spot_read(&spot, b->scratch, extent, &pages, NULL); /* whoever reads it later reports what is wrong */
        if (st == ST_OK) *sealed = tde_sealed(extent, pages);
    }
    free(extent);
    return st == ST_FATAL ? ST_FATAL : ST_OK;
}

static status open_entry(bak_files *b, const bak_entry *e, const key_ring *keys, tde **out, findings *f)
{
    static const char what[] = "its pages are encrypted";
    bool sealed = false;
    if (!e || entry_is_sealed(b, e, &sealed, f) != ST_OK) return e ? ST_FATAL : ST_OK;
    /* A differential of an encrypted database, whose first extent may be lost: pages that are plain are left alone. */
    const bool follows = out == &b->diff_pages && b->full_pages && e->set->page_key.sealed_bytes;
    if (!sealed && !follows) return ST_OK;
    if (e->set->page_key.sealed_bytes) return tde_open(keys, &e->set->page_key, e->media->path, what, f, out);
    finding x = FINDING_OF(F_BAK_TDE);
    x.path = e->media->path;
    x.a = sv_from(what);
    x.b = SV_LIT("not named where it is known to stand");
    find_add(f, &x);
    return ST_FATAL;
}

status bak_files_open_pages(bak_files *b, const key_ring *keys, findings *f)
{
    status st = open_entry(b, b->choice.full, keys, &b->full_pages, f);
    return st == ST_OK ? open_entry(b, b->choice.diff, keys, &b->diff_pages, f) : st;
}

void bak_files_close(bak_files *b)
{
    for (size_t i = 0; i < b->medias; i++) bak_media_close(&b->media[i]);
    tde_free(b->full_pages);
    tde_free(b->diff_pages);
    free(b->scratch);
    arena_free(b->mem);
    memset(b, 0, sizeof *b);
}
