/* The page store over the chosen sets: layers of data passes, the newest on top. */
#include "bak/bak_files.h"
#include "bak/bak_place.h"
#include <stdlib.h>

enum { STORE_FILES_MAX = 32767 };

typedef struct store_file {
    uint16_t id;
    uint32_t extents;
} store_file;

typedef struct bak_store {
    page_store base;
    bak_files *files;
    bak_layer **layer; /* the newest first */
    size_t layers;
    store_file *file; /* ascending ids */
    size_t file_count;
    uint64_t placed, expected; /* of the first passes */
} bak_store;

/* ---- reading ---- */

static status extent_lost(page_store *s, uint16_t file, uint32_t extent, const char *why)
{
    finding x = FINDING_OF(F_BAK_EXTENT_LOST);
    x.file_id = file;
    x.page = extent * EXTENT_PAGES;
    x.a = sv_from(why);
    find_add(s->found, &x);
    return ST_ROW_LOST;
}

static status store_read(page_store *s, void *scratch, uint16_t file, uint32_t extent, uint8_t *out,
                         unsigned *pages_present)
{
    bak_store *b = (bak_store *)s;
    *pages_present = 0;
    mssqlbak_scratch_start(scratch);
    for (size_t i = 0; i < b->layers; i++) {
        bak_spot spot;
        const char *why = "";
        status st = bak_layer_find(b->layer[i], scratch, file, extent, &spot, &why, s->found);
        if (st == ST_END) continue;
        if (st == ST_ROW_LOST) return extent_lost(s, file, extent, why);
        if (st != ST_OK) return st;
        st = bak_spot_read(&spot, scratch, out, pages_present, s->found);
        return st == ST_END ? extent_lost(s, file, extent, "the file ends before them") : st;
    }
    return ST_END;
}

static size_t store_files(page_store *s) { return ((bak_store *)s)->file_count; }
static uint16_t store_file_id(page_store *s, size_t i) { return ((bak_store *)s)->file[i].id; }

static uint32_t store_extents(page_store *s, uint16_t file)
{
    const bak_store *b = (const bak_store *)s;
    for (size_t i = 0; i < b->file_count; i++)
        if (b->file[i].id == file) return b->file[i].extents;
    return 0;
}

static status store_verify(page_store *s) { return bak_verify(((bak_store *)s)->files, s->found); }

static void store_close(page_store *s)
{
    bak_store *b = (bak_store *)s;
    if (!b) return;
    for (size_t i = 0; i < b->layers; i++) bak_layer_free(b->layer[i]);
    free(b->layer);
    free(b);
}

static const page_store_ops store_ops = {store_read,    store_files,  store_file_id,
                                         store_extents, store_verify, store_close};

/* ---- building ---- */

static size_t pass_count(const bak_entry *e)
{
    size_t most = 0;
    for (unsigned i = 0; i < e->families; i++)
        if (e->part_set[i] && e->part_set[i]->passes > most) most = e->part_set[i]->passes;
    return most;
}

/* The parts given of one pass, in the order of the families. */
static bak_part *parts_of(bak_files *b, const bak_entry *e, size_t pass, size_t *n)
{
    bak_part *part = arena_array(b->mem, e->families, sizeof *part);
    *n = 0;
    for (unsigned i = 0; part && i < e->families; i++) {
        const bak_set *s = e->part_set[i];
        tde *pages = e == b->choice.diff ? b->diff_pages : b->full_pages;
        if (s) part[(*n)++] = (bak_part){e->part_media[i], pass < s->passes ? &s->pass[pass] : NULL, pages};
    }
    return part;
}

static status add_layer(bak_store *s, const bak_entry *e, size_t pass, bool salvage)
{
    bak_files *b = s->files;
    findings *f = s->base.found;
    size_t parts;
    bak_part *part = parts_of(b, e, pass, &parts);
    if (!part) {
        find_code(f, F_OUT_OF_MEMORY, "opening a backup");
        return ST_FATAL;
    }
    const bak_config *config = e->set->has_begin ? &e->set->begin : &e->set->finish;
    bool differential = bak_set_type(e->set) == 'I', incomplete = e->given < e->families;
    bool by_claims = pass > 0 || incomplete;
    claims_of why = pass == 0 && salvage ? CLAIMS_PART_MISSING : CLAIMS_LATER_PASS;
    bak_layer *l = by_claims ? NULL : bak_layer_by_maps(part, parts, config, differential, b->scratch, b->mem, f);
    if (!by_claims && !l) return ST_FATAL;
    if (l && bak_layer_damaged(l)) {
        bak_layer_free(l);
        by_claims = true;
        why = CLAIMS_MAP_DAMAGED;
    }
    if (by_claims) l = bak_layer_by_claims(part, parts, config, why, b->scratch, b->mem, f);
    if (!l) return ST_FATAL;
    s->layer[s->layers++] = l;
    if (pass == 0) {
        s->placed += bak_layer_placed(l);
        s->expected += bak_layer_expected(l);
    }
    return ST_OK;
}

static status add_entry(bak_store *s, const bak_entry *e, bool salvage)
{
    for (size_t pass = e ? pass_count(e) : 0; pass > 0; pass--) {
        status st = add_layer(s, e, pass - 1, salvage);
        if (st != ST_OK) return st;
    }
    return ST_OK;
}

static void report_sets(const bak_entry *e, findings *f)
{
    for (unsigned i = 0; e && i < e->families; i++)
        if (e->part_set[i]) bak_set_report(e->part_media[i], e->part_set[i], f);
}

static int by_id(const void *a, const void *b)
{
    return (int)((const store_file *)a)->id - (int)((const store_file *)b)->id;
}

static bool list_files(bak_store *s, const bak_config *c)
{
    s->file = arena_array(s->files->mem, c->files + 1, sizeof *s->file);
    if (!s->file || c->files > STORE_FILES_MAX) return false;
    for (size_t i = 0; i < c->files; i++) {
        if (c->file[i].filegroup == 0 || c->file[i].id == 0 || c->file[i].id > UINT16_MAX) continue;
        store_file file = {.id = (uint16_t)c->file[i].id};
        for (size_t k = 0; k < s->layers; k++) {
            uint32_t n = bak_layer_extents(s->layer[k], file.id);
            if (n > file.extents) file.extents = n;
        }
        s->file[s->file_count++] = file;
    }
    qsort(s->file, s->file_count, sizeof *s->file, by_id);
    return true;
}

static status build(bak_store *s, bool salvage)
{
    const bak_choice *c = &s->files->choice;
    findings *f = s->base.found;
    size_t layers = pass_count(c->full) + (c->diff ? pass_count(c->diff) : 0);
    s->layer = calloc(layers + 1, sizeof(bak_layer *));
    report_sets(c->full, f);
    report_sets(c->diff, f);
    if (!s->layer) {
        find_code(f, F_OUT_OF_MEMORY, "opening a backup");
        return ST_FATAL;
    }
    status st = add_entry(s, c->diff, salvage);
    if (st == ST_OK) st = add_entry(s, c->full, salvage);
    const bak_entry *newest = c->diff ? c->diff : c->full;
    const bak_config *config = newest->set->has_begin ? &newest->set->begin : &newest->set->finish;
    if (st == ST_OK && !list_files(s, config)) {
        find_code(f, F_OUT_OF_MEMORY, "opening a backup");
        st = ST_FATAL;
    }
    return st;
}

status bak_store_open(bak_files *b, bool salvage, findings *f, page_store **out)
{
    *out = NULL;
    bak_store *s = calloc(1, sizeof *s);
    if (!s) {
        find_code(f, F_OUT_OF_MEMORY, "opening a backup");
        return ST_FATAL;
    }
    s->base = (page_store){.ops = &store_ops, .scratch_bytes = mssqlbak_scratch_bytes(), .found = f};
    s->files = b;
    status st = build(s, salvage);
    if (st == ST_OK)
        *out = &s->base;
    else
        store_close(&s->base);
    return st;
}

void bak_store_counts(const page_store *s, uint64_t *placed, uint64_t *expected)
{
    *placed = ((const bak_store *)s)->placed;
    *expected = ((const bak_store *)s)->expected;
}
