#include "bak/bak_part.h"
#include "bak/bak_sum.h"
#include "mdf/mdf_layout.h"

bool bak_part_spot(const bak_part *p, uint64_t position, bak_spot *out)
{
    if (!p->pass || position >= p->pass->extents) return false;
    for (size_t i = 0; i < p->pass->streams; i++) {
        bak_data *d = &p->pass->data[i];
        if (position - d->first >= d->extents) continue;
        *out = (bak_spot){p, d, position - d->first};
        return true;
    }
    return false;
}

static void account(bak_data *d, uint64_t index, const uint8_t *extent)
{
    if (!d->seen) return;
    uint64_t bit = (uint64_t)1 << index % 64;
    if (atomic_load_explicit(&d->seen[index / 64], memory_order_relaxed) & bit) return;
    uint32_t sum = bak_sum_sectors(extent, EXTENT_BYTES);
    if (atomic_fetch_or_explicit(&d->seen[index / 64], bit, memory_order_relaxed) & bit) return;
    atomic_fetch_xor_explicit(&d->so_far, sum, memory_order_relaxed);
}

bool bak_spot_is_summed(const bak_spot *s)
{
    const atomic_uint_fast64_t *seen = s->data->seen;
    return !seen || atomic_load_explicit(&seen[s->index / 64], memory_order_relaxed) >> s->index % 64 & 1;
}

status bak_spot_read(const bak_spot *s, void *scratch, uint8_t *out, unsigned *pages, findings *f)
{
    const mtf_input *in = &s->part->media->in;
    uint64_t at = s->data->at + s->index * EXTENT_BYTES, size = mtf_size(in);
    *pages = 0;
    if (at >= size || size - at < PAGE_BYTES) return ST_END;
    uint64_t whole = (size - at) / PAGE_BYTES;
    unsigned n = whole < EXTENT_PAGES ? (unsigned)whole : EXTENT_PAGES;
    status st = mtf_read(in, scratch, at, out, (size_t)n * PAGE_BYTES, f);
    if (st != ST_OK) return st;
    if (n == EXTENT_PAGES) account(s->data, s->index, out);
    if (s->part->pages && !tde_open_pages(s->part->pages, out, n)) {
        find_code(f, F_OUT_OF_MEMORY, "decrypting pages");
        return ST_FATAL;
    }
    *pages = n;
    return ST_OK;
}

enum { CLAIM_BYTES = 38 }; /* of a page header: up to the page's own id */

/* One page's say. */
static bool page_claims(const uint8_t *header, unsigned position, uint16_t *file, uint32_t *extent)
{
    uint32_t page = le32(header + PH_PAGE);
    *file = le16(header + PH_FILE);
    *extent = page / EXTENT_PAGES;
    return header[PH_VERSION] == 1 && *file != 0 && page % EXTENT_PAGES == position;
}

static void vote(extent_claim *claim, unsigned claims, uint16_t file, uint32_t extent)
{
    for (unsigned i = 0; i < claims; i++)
        if (claim[i].file == file && claim[i].extent == extent) claim[i].votes++;
}

status bak_spot_claim(const bak_spot *s, void *scratch, bool quick, extent_claim *out, findings *f)
{
    extent_claim claim[EXTENT_PAGES] = {{0}};
    unsigned claims = 0;
    uint64_t at = s->data->at + s->index * EXTENT_BYTES;
    *out = (extent_claim){0};
    for (unsigned i = 0; i < (quick ? 1u : EXTENT_PAGES); i++) {
        uint8_t header[CLAIM_BYTES];
        status st = mtf_read(&s->part->media->in, scratch, at + (uint64_t)i * PAGE_BYTES, header, sizeof header, f);
        if (st == ST_END && i > 0) break;
        if (st != ST_OK) return st;
        if (i == 0 && header[PH_VERSION] == 1 && header[PH_TYPE] == PAGE_FILLER) {
            out->filler = true;
            return ST_OK;
        }
        uint16_t file;
        uint32_t extent;
        if (!page_claims(header, i, &file, &extent)) continue;
        claim[claims++] = (extent_claim){.extent = extent, .file = file};
        vote(claim, claims, file, extent);
    }
    /* The first of equals counts every page that agrees with it. */
    for (unsigned i = 0; i < claims; i++)
        if (claim[i].votes > out->votes) *out = claim[i];
    return ST_OK;
}
