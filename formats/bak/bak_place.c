#include "bak/bak_place.h"
#include "bak/bak_stripe.h"
#include "bak/extent_map.h"
#include "mdf/page_check.h"
#include <stdlib.h>

enum {
    INTERVALS_MAX = 8401,  /* of 511,232 pages in the 2^32 pages that a file can have */
    EXTENTS_MAX = 1 << 29, /* 2^32 pages */
    CLAIMS_MAX = 4 << 20,  /* extents of a later pass or of a salvaged part: 256 GB of pages, 48 MB of memory */
    VOTES_SURE = 5,        /* of 8 pages: an extent that says this is placed without looking around it */
    MAP_BYTES = 7992,      /* record of a GAM, SGAM or DCM page, with its head */
    MAP_HEAD = 4
};

typedef struct place_file {
    uint16_t id;
    uint32_t extents;  /* of the file on disk, as the set says */
    uint64_t first;    /* rank of its first extent in the pass */
    uint64_t expected; /* extents of it in the pass */
    extent_map map;
    bool cut;     /* a map could not be used: what is not in `map` may be in the pass */
    bool damaged; /* because it is not what it should be: there are extents behind it */
} place_file;

typedef struct claimed {
    uint32_t extent, position;
    uint16_t file;
    uint8_t part;
} claimed;

struct bak_layer {
    const bak_part *part;
    size_t parts;
    bak_stripe *stripe; /* more than one part */
    place_file *file;
    size_t files;
    uint64_t expected;
    /* while the maps are read: what lies at rank `open_rank` */
    size_t open_file;
    uint32_t open_extent;
    uint64_t open_rank;
    /* by claims */
    bool by_claims;
    claims_of why;
    claimed *claim; /* sorted by file and extent */
    size_t claims, claim_room;
};

static place_file *file_of(const bak_layer *l, uint16_t id)
{
    for (size_t i = 0; i < l->files; i++)
        if (l->file[i].id == id) return &l->file[i];
    return NULL;
}

/* ---- by maps ---- */

static uint64_t rank_of_claim(const void *ctx, const extent_claim *c)
{
    const bak_layer *l = ctx;
    const place_file *pf = file_of(l, c->file);
    uint64_t rank;
    if (!pf) return RANK_NONE;
    if (extent_map_rank(&pf->map, c->extent, &rank)) return pf->first + rank;
    if (l->open_file >= l->files) return RANK_NONE;
    size_t i = (size_t)(pf - l->file);
    if (i == l->open_file && c->extent == l->open_extent) return l->open_rank;
    if (i > l->open_file || (i == l->open_file && c->extent > l->open_extent)) return RANK_BEYOND;
    return RANK_NONE;
}

static status locate(bak_layer *l, void *scratch, uint64_t rank, bak_spot *out, findings *f)
{
    if (l->parts == 1) return bak_part_spot(&l->part[0], rank, out) ? ST_OK : ST_ROW_LOST;
    if (l->open_file < l->files) return bak_stripe_search(l->stripe, scratch, rank, out, f);
    return bak_stripe_find(l->stripe, scratch, rank, out, f);
}

static void map_finding(const place_file *pf, uint32_t page, const char *what, findings *f)
{
    finding x = FINDING_OF(F_BAK_MAP_BROKEN);
    x.file_id = pf->id;
    x.page = page;
    x.a = sv_from(what);
    find_add(f, &x);
}

/* The bitmap of an allocation map page in the extent just read; NULL (finding added) when it is none. */
static const uint8_t *map_bits(const place_file *pf, uint8_t *extent, uint32_t page, uint8_t type, findings *f)
{
    uint8_t *p = extent + (size_t)(page % EXTENT_PAGES) * PAGE_BYTES;
    uint32_t stored, computed;
    if (p[PH_VERSION] != 1 || p[PH_TYPE] != type || le32(p + PH_PAGE) != page || le16(p + PH_FILE) != pf->id) {
        map_finding(pf, page, "is another page", f);
        return NULL;
    }
    page_protection state = page_protection_undo(p, &stored, &computed);
    if (state == PAGE_CHECKSUM_WRONG || state == PAGE_TORN_WRITE) {
        map_finding(pf, page, "does not match its checksum", f);
        return NULL;
    }
    unsigned at = page_slots(p) >= 2 ? page_slot_offset(p, 1) : 0;
    if (at < PAGE_HEADER_BYTES || at + MAP_BYTES > PAGE_BYTES - 4 || le16(p + at + 2) != MAP_BYTES) {
        map_finding(pf, page, "has an unknown form", f);
        return NULL;
    }
    return p + at + MAP_HEAD;
}

static void set_bit(uint64_t *word, uint32_t i) { word[i / 64] |= (uint64_t)1 << i % 64; }

/* The rule of a full backup: allocated, or mixed with free pages, or the interval's first, or with a PFS page in the
 * file. */
static bool full_bits(const place_file *pf, uint8_t *extent, uint32_t k, uint64_t *word, findings *f)
{
    uint32_t base = k * (uint32_t)GAM_PAGES;
    const uint8_t *gam = map_bits(pf, extent, k == 0 ? 2 : base, PAGE_GAM, f);
    const uint8_t *sgam = gam ? map_bits(pf, extent, k == 0 ? 3 : base + 1, PAGE_SGAM, f) : NULL;
    if (!sgam) return false;
    for (uint32_t i = 0; i < GAM_EXTENTS; i++)
        if (!(gam[i / 8] >> i % 8 & 1) || sgam[i / 8] >> i % 8 & 1) set_bit(word, i);
    set_bit(word, 0);
    enum { PFS_EXTENTS = PFS_PAGES / EXTENT_PAGES };
    uint32_t first = k * (uint32_t)GAM_EXTENTS;
    for (uint32_t e = (first + PFS_EXTENTS - 1) / PFS_EXTENTS * PFS_EXTENTS; e < first + GAM_EXTENTS; e += PFS_EXTENTS)
        if (e < pf->extents) set_bit(word, e - first);
    return true;
}

/* The rule of a differential: what its own DCM says changed. */
static bool diff_bits(const place_file *pf, uint8_t *extent, uint32_t k, uint64_t *word, findings *f)
{
    const uint8_t *dcm = map_bits(pf, extent, k * (uint32_t)GAM_PAGES + 6, PAGE_DIFF_MAP, f);
    if (!dcm) return false;
    for (uint32_t i = 0; i < GAM_EXTENTS; i++)
        if (dcm[i / 8] >> i % 8 & 1) set_bit(word, i);
    set_bit(word, 0); /* it was read from there */
    return true;
}

/* The first extent of interval k: its map pages describe the others. ST_END: the pass holds nothing of the interval, or
 * (then `damaged`) something else stands there. */
static status read_lead(bak_layer *l, void *scratch, uint32_t k, uint8_t *extent, findings *f)
{
    place_file *pf = &l->file[l->open_file];
    l->open_extent = k * (uint32_t)GAM_EXTENTS;
    l->open_rank = pf->first + pf->map.count;
    bak_spot spot;
    unsigned pages;
    status st = locate(l, scratch, l->open_rank, &spot, f);
    if (st == ST_ROW_LOST) return ST_END;
    if (st == ST_OK) st = bak_spot_read(&spot, scratch, extent, &pages, f);
    if (st == ST_FATAL) return st;
    pf->damaged = st == ST_ROW_LOST;
    if (st != ST_OK || pages < EXTENT_PAGES) return ST_ROW_LOST;
    uint32_t page = k * (uint32_t)GAM_PAGES;
    pf->damaged = le32(extent + PH_PAGE) != page || le16(extent + PH_FILE) != pf->id;
    return pf->damaged ? ST_END : ST_OK;
}

static void count_finding(const place_file *pf, arena *a, findings *f)
{
    finding x = FINDING_OF(F_BAK_EXTENT_COUNT);
    x.file_id = pf->id;
    x.a = arena_printf(a, "%llu", (unsigned long long)pf->expected);
    x.b = arena_printf(a, "%llu", (unsigned long long)pf->map.count);
    find_add(f, &x);
}

/* ST_OK also when the file's map ends early (finding added). */
static status map_file(bak_layer *l, bool differential, uint8_t *extent, void *scratch, arena *a, findings *f)
{
    place_file *pf = &l->file[l->open_file];
    for (uint32_t k = 0; k < INTERVALS_MAX && pf->map.count < pf->expected; k++) {
        uint64_t word[MAP_WORDS] = {0};
        status st = read_lead(l, scratch, k, extent, f);
        if (st == ST_FATAL) return st;
        if (st == ST_END && differential && k > 0) continue; /* nothing changed in that interval */
        if (st != ST_OK) {
            map_finding(pf, k * (uint32_t)GAM_PAGES, "is not where it should be", f);
            pf->cut = true;
            return ST_OK;
        }
        if (!(differential ? diff_bits : full_bits)(pf, extent, k, word, f)) {
            pf->cut = pf->damaged = true;
            return ST_OK;
        }
        if (!extent_map_add(&pf->map, a, k, word)) {
            find_code(f, F_OUT_OF_MEMORY, "placing the pages of a backup");
            return ST_FATAL;
        }
    }
    if (pf->map.count != pf->expected) count_finding(pf, a, f);
    return ST_OK;
}

static bool is_data_file(const bak_config_file *cf)
{
    return cf->filegroup != 0 && cf->id != 0 && cf->id <= UINT16_MAX;
}

static bool list_files(bak_layer *l, const bak_config *config, arena *a)
{
    l->file = arena_array(a, config->files ? config->files : 1, sizeof *l->file);
    if (!l->file) return false;
    for (size_t i = 0; i < config->files; i++) {
        const bak_config_file *cf = &config->file[i];
        if (!is_data_file(cf)) continue;
        uint64_t extents = cf->bytes / EXTENT_BYTES;
        l->file[l->files++] = (place_file){.id = (uint16_t)cf->id,
                                           .extents = extents > EXTENTS_MAX ? EXTENTS_MAX : (uint32_t)extents,
                                           .first = l->expected,
                                           .expected = cf->extents};
        l->expected += cf->extents;
    }
    return true;
}

static bak_layer *layer_new(const bak_part *part, size_t parts, const bak_config *config, arena *a, findings *f)
{
    bak_layer *l = calloc(1, sizeof *l);
    if (l && list_files(l, config, a)) {
        l->part = part;
        l->parts = parts;
        l->open_file = SIZE_MAX;
        return l;
    }
    free(l);
    find_code(f, F_OUT_OF_MEMORY, "placing the pages of a backup");
    return NULL;
}

/* How many ranks the index over the parts has to hold: what the set names and the parts declare, but no more than files
 * of this size can have (a cut part may be short, so four times its share). */
static uint64_t rank_bound(const bak_layer *l)
{
    uint64_t declared = 0, present = 0;
    for (size_t i = 0; i < l->parts; i++) {
        if (!l->part[i].pass) continue;
        uint64_t n = mtf_size(&l->part[i].media->in) / EXTENT_BYTES + 1024;
        if (n > present) present = n;
        declared += l->part[i].pass->extents;
    }
    uint64_t most = present * l->parts * 4;
    if (declared < most) most = declared;
    return l->expected < most ? l->expected : most;
}

bak_layer *bak_layer_by_maps(const bak_part *part, size_t parts, const bak_config *config, bool differential,
                             void *scratch, arena *a, findings *f)
{
    bak_layer *l = layer_new(part, parts, config, a, f);
    if (!l) return NULL;
    uint8_t *extent = malloc(EXTENT_BYTES);
    if (parts > 1) l->stripe = bak_stripe_new(part, parts, rank_bound(l), rank_of_claim, l);
    status st = extent && (parts == 1 || l->stripe) ? ST_OK : ST_FATAL;
    if (st != ST_OK) find_code(f, F_OUT_OF_MEMORY, "placing the pages of a backup");
    for (l->open_file = 0; l->open_file < l->files && st == ST_OK; l->open_file++)
        st = map_file(l, differential, extent, scratch, a, f);
    free(extent);
    if (st == ST_OK) return l;
    bak_layer_free(l);
    return NULL;
}

/* ---- by claims ---- */

/* ST_END: the ceiling is reached (finding added). */
static status claim_room(bak_layer *l, findings *f)
{
    if (l->claims < l->claim_room) return ST_OK;
    if (l->claims >= CLAIMS_MAX) {
        finding x = FINDING_OF(F_LIMIT_REACHED);
        x.a = SV_LIT("the number of extents that have to be placed by their own page headers");
        x.b = SV_LIT("4,194,304 (256 GB)");
        find_add(f, &x);
        return ST_END;
    }
    size_t room = l->claim_room ? l->claim_room * 2 : 256;
    claimed *grown = realloc(l->claim, room * sizeof *grown);
    if (!grown) {
        find_code(f, F_OUT_OF_MEMORY, "placing the pages of a backup");
        return ST_FATAL;
    }
    l->claim = grown;
    l->claim_room = room;
    return ST_OK;
}

static bool before(const claimed *a, const claimed *b)
{
    return a->file != b->file ? a->file < b->file : a->extent < b->extent;
}

/* Walks one part. A claim is taken when it is sure and ascends from the last sure one; weak ones wait until the next
 * sure one is known and must lie between. */
static status claim_part(bak_layer *l, size_t part, void *scratch, uint64_t *unplaced, findings *f)
{
    const bak_pass *pass = l->part[part].pass;
    size_t sure_end = l->claims; /* claims before it are final */
    for (uint64_t at = 0; pass && at < pass->extents && at <= UINT32_MAX; at++) {
        bak_spot spot;
        extent_claim c;
        if (!bak_part_spot(&l->part[part], at, &spot)) break;
        status st = bak_spot_claim(&spot, scratch, false, &c, f);
        if (st == ST_FATAL) return st;
        if (st == ST_END) break;
        if (st == ST_OK && c.filler) continue;
        const place_file *pf = st == ST_OK && c.votes ? file_of(l, c.file) : NULL;
        if (!pf) {
            ++*unplaced;
            continue;
        }
        st = claim_room(l, f);
        if (st != ST_OK) return st == ST_END ? ST_OK : st;
        claimed new = {.extent = c.extent, .file = c.file, .part = (uint8_t)part, .position = (uint32_t)at};
        bool sure = c.votes >= VOTES_SURE;
        size_t keep = l->claims;
        if (sure)
            while (keep > sure_end && !before(&l->claim[keep - 1], &new)) keep--; /* weak ones that do not fit */
        *unplaced += l->claims - keep;
        l->claims = keep;
        bool fits = keep == 0 || l->claim[keep - 1].part != part || before(&l->claim[keep - 1], &new);
        if (!fits) {
            ++*unplaced;
            continue;
        }
        l->claim[l->claims++] = new;
        if (sure) sure_end = l->claims;
    }
    return ST_OK;
}

static int by_extent(const void *a, const void *b)
{
    const claimed *x = a, *y = b;
    if (before(x, y)) return -1;
    if (before(y, x)) return 1;
    return x->position < y->position ? -1 : x->position > y->position;
}

bak_layer *bak_layer_by_claims(const bak_part *part, size_t parts, const bak_config *config, claims_of why,
                               void *scratch, arena *a, findings *f)
{
    bak_layer *l = layer_new(part, parts, config, a, f);
    if (!l) return NULL;
    l->by_claims = true;
    l->why = why;
    uint64_t unplaced = 0;
    for (size_t i = 0; i < parts; i++)
        if (claim_part(l, i, scratch, &unplaced, f) != ST_OK) {
            bak_layer_free(l);
            return NULL;
        }
    if (l->claims) qsort(l->claim, l->claims, sizeof *l->claim, by_extent);
    if (unplaced && why == CLAIMS_LATER_PASS) {
        finding x = FINDING_OF(F_BAK_SECOND_PASS);
        x.a = arena_printf(a, "%llu", (unsigned long long)unplaced);
        x.b = arena_printf(a, "%llu", (unsigned long long)(unplaced + l->claims));
        find_add(f, &x);
    }
    return l;
}

static bool find_claim(const bak_layer *l, uint16_t file, uint32_t extent, bak_spot *out)
{
    const claimed wanted = {.extent = extent, .file = file};
    size_t lo = 0, hi = l->claims;
    while (lo < hi) { /* the last one that is not behind it: of equals the later position */
        size_t mid = lo + (hi - lo) / 2;
        if (before(&wanted, &l->claim[mid]))
            hi = mid;
        else
            lo = mid + 1;
    }
    if (lo == 0 || l->claim[lo - 1].file != file || l->claim[lo - 1].extent != extent) return false;
    return bak_part_spot(&l->part[l->claim[lo - 1].part], l->claim[lo - 1].position, out);
}

/* ---- both ---- */

bool bak_layer_damaged(const bak_layer *l)
{
    for (size_t i = 0; i < l->files; i++)
        if (l->file[i].cut && l->file[i].damaged) return true;
    return false;
}

void bak_layer_free(bak_layer *l)
{
    if (!l) return;
    bak_stripe_free(l->stripe);
    free(l->claim);
    free(l);
}

status bak_layer_find(bak_layer *l, void *scratch, uint16_t file, uint32_t extent, bak_spot *out, const char **why,
                      findings *f)
{
    const place_file *pf = file_of(l, file);
    uint64_t rank;
    if (!pf) return ST_END;
    if (l->by_claims) {
        if (find_claim(l, file, extent, out)) return ST_OK;
        *why = "they are not in the parts given";
        return l->why == CLAIMS_PART_MISSING && extent < pf->extents ? ST_ROW_LOST : ST_END;
    }
    if (extent_map_rank(&pf->map, extent, &rank)) {
        status st = locate(l, scratch, pf->first + rank, out, f);
        *why = l->parts > 1 ? "none of the parts holds them" : "the backup holds fewer extents than its maps list";
        return st;
    }
    *why = "the allocation map that tells where they are cannot be used";
    bool unmapped = pf->cut && extent / GAM_EXTENTS >= pf->map.intervals && extent < pf->extents;
    return unmapped ? ST_ROW_LOST : ST_END;
}

uint32_t bak_layer_extents(const bak_layer *l, uint16_t file)
{
    const place_file *pf = file_of(l, file);
    if (!pf) return 0;
    uint64_t n = extent_map_end(&pf->map);
    for (size_t i = 0; i < l->claims; i++)
        if (l->claim[i].file == file && l->claim[i].extent >= n) n = (uint64_t)l->claim[i].extent + 1;
    bool more_lost = pf->cut || (l->by_claims && l->why != CLAIMS_LATER_PASS);
    if (more_lost && n < pf->extents) n = pf->extents;
    return n > EXTENTS_MAX ? EXTENTS_MAX : (uint32_t)n;
}

uint64_t bak_layer_placed(const bak_layer *l)
{
    uint64_t n = l->claims;
    for (size_t i = 0; i < l->files; i++) n += l->file[i].map.count;
    return n;
}

uint64_t bak_layer_expected(const bak_layer *l) { return l->expected; }
