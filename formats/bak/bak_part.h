/* The extents of one data pass that lie in one media file, by position. */
#ifndef BAK_BAK_PART_H
#define BAK_BAK_PART_H

#include "bak/bak_media.h"
#include "mdf/page_store.h"
#include "mdf/tde.h"

typedef struct bak_part {
    const bak_media *media;
    const bak_pass *pass;
    tde *pages; /* opens its pages; NULL: they are plain, or are wanted as they lie */
} bak_part;

typedef struct bak_spot {
    const bak_part *part;
    bak_data *data; /* the stream it lies in */
    uint64_t index; /* of the extent in that stream */
} bak_spot;

/* False when the part has no such position. */
bool bak_part_spot(const bak_part *p, uint64_t position, bak_spot *out);

/* The extent's bytes; *pages: how many leading pages are there. ST_OK with *pages > 0; ST_END: behind the end of the
 * file (no finding); ST_ROW_LOST, ST_FATAL with a finding. Accounts for the extent in the stream's checksum. Safe from
 * several threads with different scratch. */
status bak_spot_read(const bak_spot *s, void *scratch, uint8_t *out, unsigned *pages, findings *f);

/* True when the stream has no checksum or the extent is accounted for. */
bool bak_spot_is_summed(const bak_spot *s);

/* What the headers of an extent's pages say about which extent it is: the number that most of its 8 pages agree on.
 * Pages never formatted, or freed and stale, say nothing or something else (FORMAT.md), so this is a check and a last
 * resort. */
typedef struct extent_claim {
    uint32_t extent;
    uint16_t file;
    unsigned votes; /* pages that say so; 0: none says anything */
    bool filler;    /* its first page is a filler page */
} extent_claim;

/* quick: only the first page is asked. ST_OK, ST_END (not there), ST_ROW_LOST, ST_FATAL. */
status bak_spot_claim(const bak_spot *s, void *scratch, bool quick, extent_claim *out, findings *f);

#endif
