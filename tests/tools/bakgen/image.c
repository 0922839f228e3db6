#include "image.h"
#include <stdlib.h>

enum { ALLOCATED = 1, MIXED_FREE = 2, LEAD = 4 };
enum { PFS_ALLOCATED = 0x40, PFS_MIXED = 0x20, PFS_FULL = 4 };
enum { FIXED_OWNER = 99, MAP_RECORD = 94, BITMAP_BYTES = 7988 };
enum { GROW_EXTENTS = 1024, FILE_ROUNDING = 16 /* extents: files grow by 1 MB */ };

static bool grow_to(image *m, uint32_t extents)
{
    if (extents <= m->room) return true;
    uint32_t room = m->room * 2 > extents ? m->room * 2 : extents + GROW_EXTENTS;
    uint8_t *gam = realloc(m->gam, room);
    if (gam) m->gam = gam;
    uint8_t *pfs = gam ? realloc(m->pfs, (size_t)room * 8) : NULL;
    if (pfs) m->pfs = pfs;
    uint32_t *place = pfs ? realloc(m->place, room * sizeof *place) : NULL;
    if (!place) return fail(m->f, "out of memory for the allocation maps");
    m->place = place;
    memset(m->gam + m->room, 0, room - m->room);
    memset(m->place + m->room, 0, (room - m->room) * sizeof *m->place);
    memset(m->pfs + (size_t)m->room * 8, 0, (size_t)(room - m->room) * 8);
    m->room = room;
    return true;
}

static uint32_t number_of(const image *m, uint32_t page) { return page | m->place_in_list << PAGE_BITS; }

bool image_is_fixed_page(uint32_t page)
{
    if (page % PFS_EVERY == 0) return true;
    uint32_t in = page % INTERVAL_PAGES;
    if (page < INTERVAL_PAGES) return in < 4 || in == 6 || in == 7;
    return in < 2 || in == 6 || in == 7;
}

static void place_extent(image *m, uint32_t e) { m->place[e] = m->placed++; }

/* Makes an extent part of the file; a lead extent of an interval is taken for the maps at once. */
static bool add_extent(image *m, uint32_t e)
{
    if (!grow_to(m, e + 1)) return false;
    if (e >= m->extents) m->extents = e + 1;
    if (e % INTERVAL_EXTENTS == 0) {
        m->gam[e] = ALLOCATED | LEAD;
        place_extent(m, e);
    }
    for (uint32_t page = e * 8; page < e * 8 + 8; page++)
        if (image_is_fixed_page(page)) m->pfs[page] = PFS_ALLOCATED | PFS_FULL;
    return true;
}

bool image_open(image *m, FILE *file, uint32_t catalog_extents, uint64_t backup_base, fault *f)
{
    *m = (image){.all = m->all,
                 .place_in_list = m->place_in_list,
                 .guard = m->guard,
                 .whole_extents = m->whole_extents,
                 .file = file,
                 .f = f,
                 .file_at = UINT64_MAX,
                 .compact = backup_base != 0,
                 .base = backup_base};
    m->user = (zone){.next = 1 + catalog_extents, .mixed_used = 8};
    for (uint32_t e = 0; e <= catalog_extents; e++) {
        if (!add_extent(m, e)) return false;
        if (e) place_extent(m, e);
    }
    m->pfs[1] = PFS_ALLOCATED | PFS_FULL;
    m->pfs[0] = PFS_ALLOCATED | PFS_FULL;
    m->catalog = (zone){.next = 1, .end = 1 + catalog_extents, .mixed_used = 8};
    if (m->place_in_list > 0) return true;
    m->pfs[9] = PFS_ALLOCATED | PFS_MIXED | PFS_FULL;
    /* The boot page is a single page of extent 1, which goes on as a mixed extent behind it. */
    m->catalog = (zone){.next = 2, .end = 1 + catalog_extents, .mixed = 1, .mixed_used = 2};
    m->gam[1] = ALLOCATED | MIXED_FREE;
    return true;
}

void image_close(image *m)
{
    free(m->pfs);
    free(m->gam);
    free(m->place);
    m->pfs = m->gam = NULL;
    m->place = NULL;
}

static uint32_t next_extent(image *m, zone *z)
{
    if (z->end && z->next >= z->end) z = &m->user; /* the catalog's part is full */
    while (z->next % INTERVAL_EXTENTS == 0) {
        if (!add_extent(m, z->next)) return 0;
        z->next++;
    }
    if (z->next > (1U << (PAGE_BITS - 3)) - 2) {
        fail(m->f, "the file would be too large");
        return 0;
    }
    return add_extent(m, z->next) ? z->next++ : 0;
}

uint32_t image_extent(image *m, zone *z)
{
    uint32_t e = next_extent(m, z);
    if (!e) return 0;
    m->gam[e] = ALLOCATED;
    if (e >= m->catalog.end && m->place[e] == 0) place_extent(m, e);
    return e;
}

uint32_t image_single_page(image *m, zone *z, uint8_t pfs)
{
    while (true) {
        if (z->mixed_used == 8) {
            z->mixed = image_extent(m, z);
            if (!z->mixed) return 0;
            z->mixed_used = 0;
            m->gam[z->mixed] |= MIXED_FREE;
        }
        uint32_t page = z->mixed * 8 + z->mixed_used++;
        if (z->mixed_used == 8) m->gam[z->mixed] = ALLOCATED;
        if (image_is_fixed_page(page)) continue;
        m->pfs[page] = (uint8_t)(pfs | PFS_ALLOCATED | PFS_MIXED);
        return page | m->place_in_list << PAGE_BITS;
    }
}

bool image_leave_free(image *m, zone *z, uint32_t n)
{
    for (; n; n--) {
        uint32_t e = next_extent(m, z);
        if (!e) return false;
        if (image_in_backup(m, e)) place_extent(m, e);
    }
    return true;
}

/* Torn bits: the last two bits of sectors 1 to 15 are kept in the word of the checksum, a pattern takes their place. */
void page_protect(uint8_t *bytes, page_guard guard)
{
    enum { PATTERN = 2, CHECKSUM = 0x0200, TORN = 0x0100 };
    unsigned flags = get16(bytes + 4) & ~(unsigned)(CHECKSUM | TORN);
    put16(bytes + 4, flags | (guard == GUARD_CHECKSUM ? CHECKSUM : guard == GUARD_TORN ? TORN : 0));
    put32(bytes + 60, 0);
    if (guard == GUARD_CHECKSUM) put32(bytes + 60, sectors_sum(0, bytes, PAGE));
    if (guard != GUARD_TORN) return;
    uint32_t word = PATTERN;
    for (unsigned s = 1; s < 16; s++) {
        uint8_t *last = bytes + s * 512 + 511;
        word |= (uint32_t)(*last & 3) << (2 * s);
        *last = (uint8_t)((*last & ~3U) | PATTERN);
    }
    put32(bytes + 60, word);
}

bool image_write_page(image *m, uint32_t page, uint8_t *bytes)
{
    m = image_of(m, page);
    page = page_in_file(page);
    page_protect(bytes, m->guard);
    uint64_t at = m->base + (uint64_t)(m->compact ? m->place[page / 8] * (uint64_t)8 + page % 8 : page) * PAGE;
    if (at != m->file_at && !file_seek(m->file, at)) return fail(m->f, "cannot move in the data file");
    m->file_at = at + PAGE;
    return fwrite(bytes, PAGE, 1, m->file) == 1 || fail(m->f, "cannot write to the data file");
}

/* ---- pages ---- */

void page_start(page_buffer *p, uint32_t id, page_type type, unsigned level, page_owner owner, unsigned min_length)
{
    memset(p->bytes, 0, PAGE);
    p->id = id;
    p->slots = p->ghosts = 0;
    p->free_at = PAGE_HEADER;
    p->bytes[0] = 1;
    p->bytes[1] = (uint8_t)type;
    p->bytes[3] = (uint8_t)level;
    put16(p->bytes + 6, owner.index);
    put16(p->bytes + 14, min_length);
    put32(p->bytes + 24, owner.object);
    put_page_number(p->bytes + 32, id);
    put32(p->bytes + 40, 0x31);
    put32(p->bytes + 44, 0x28);
    put16(p->bytes + 48, 3);
}

unsigned page_add(page_buffer *p, const uint8_t *record, unsigned n)
{
    memcpy(p->bytes + p->free_at, record, n);
    put16(p->bytes + PAGE - 2 - 2 * p->slots, p->free_at);
    p->free_at += n;
    return p->slots++;
}

bool page_finish(page_buffer *p, image *m, uint32_t prev, uint32_t next)
{
    put_page_id(p->bytes + 8, prev);
    put_page_id(p->bytes + 16, next);
    put16(p->bytes + 22, p->slots);
    put16(p->bytes + 28, page_room(p));
    put16(p->bytes + 30, p->free_at);
    put16(p->bytes + 58, p->ghosts);
    return image_write_page(m, p->id, p->bytes);
}

/* ---- maps ---- */

static const page_owner FIXED = {FIXED_OWNER, 0};

static bool write_pfs(image *m, uint32_t page)
{
    static const uint8_t HEAD[4] = {0, 0, 0x9C, 0x1F};
    page_buffer p;
    page_start(&p, number_of(m, page), TYPE_PFS, 0, FIXED, 0);
    uint8_t record[4 + PFS_EVERY] = {0};
    memcpy(record, HEAD, 4);
    uint32_t first = page == 1 ? 0 : page;
    uint64_t left = (uint64_t)m->extents * 8 - first;
    memcpy(record + 4, m->pfs + first, left < PFS_EVERY ? left : PFS_EVERY);
    page_add(&p, record, sizeof record);
    return page_finish(&p, m, 0, 0);
}

static bool is_changed(const image *m, uint32_t e)
{
    if (e >= m->extents) return false;
    if (m->all_changed && !m->changed) return (m->gam[e] & ALLOCATED) != 0;
    return m->changed ? m->changed[e] != 0 : e < 2 && (m->gam[e] & ALLOCATED) != 0;
}

/* GAM, SGAM, DCM and ML pages: an empty record, then the bitmap of the interval's extents. */
static bool write_map(image *m, uint32_t page, page_type type, uint32_t interval)
{
    page_buffer p;
    uint8_t record[4 + BITMAP_BYTES] = {0, 0, 0x38, 0x1F};
    uint8_t empty[MAP_RECORD] = {0, 0, MAP_RECORD};
    page_start(&p, number_of(m, page), type, 0, FIXED, 90);
    page_add(&p, empty, sizeof empty);
    uint32_t base = interval * INTERVAL_EXTENTS;
    for (uint32_t i = 0; i < BITMAP_BYTES * 8; i++) {
        uint8_t state = i < INTERVAL_EXTENTS && base + i < m->extents ? m->gam[base + i] : 0;
        bool bit = type == TYPE_GAM    ? !(state & ALLOCATED) && i < INTERVAL_EXTENTS
                   : type == TYPE_SGAM ? (state & MIXED_FREE) != 0
                                       : type == TYPE_DIFF_MAP && is_changed(m, base + i);
        if (bit) record[4 + i / 8] |= (uint8_t)(1U << i % 8);
    }
    page_add(&p, record, sizeof record);
    return page_finish(&p, m, 0, 0);
}

bool image_in_backup(const image *m, uint32_t e)
{
    if (m->gam[e] & (ALLOCATED | LEAD)) return true;
    return e % (PFS_EVERY / 8) == 0;
}

uint32_t image_backup_extents(const image *m)
{
    uint32_t n = 0;
    for (uint32_t e = 0; e < m->extents; e++) n += image_in_backup(m, e);
    return n;
}

bool image_leave_rubbish(image *m, uint32_t first_extent, uint32_t n, const uint8_t *page)
{
    if (m->compact) return true; /* free extents are not in a backup */
    for (uint32_t i = 0; i < n * 8; i++) {
        uint32_t id = first_extent * 8 + i;
        uint8_t copy[PAGE];
        if (image_is_fixed_page(id)) continue;
        memcpy(copy, page, PAGE);
        /* Every second one still says that it is the page it was copied from. */
        if (i % 2) put32(copy + 32, id);
        if (!image_write_page(m, number_of(m, id), copy)) return false;
    }
    return true;
}

bool image_finish(image *m)
{
    uint32_t last = m->extents;
    while (last % FILE_ROUNDING) last++;
    for (uint32_t e = m->extents; e < last; e++) {
        if (!add_extent(m, e)) return false;
        if (e % INTERVAL_EXTENTS && image_in_backup(m, e)) place_extent(m, e);
    }
    /* What the catalog did not need stays mixed extents with all pages free. */
    for (uint32_t e = m->catalog.next; e < m->catalog.end; e++) m->gam[e] = ALLOCATED | MIXED_FREE;
    uint32_t pages = m->extents * 8;
    if (!write_pfs(m, 1)) return false;
    for (uint32_t page = PFS_EVERY; page < pages; page += PFS_EVERY)
        if (!write_pfs(m, page)) return false;
    for (uint32_t k = 0; k * (uint64_t)INTERVAL_PAGES < pages; k++) {
        uint32_t base = k * INTERVAL_PAGES;
        uint32_t gam = k ? base : 2;
        if (!write_map(m, gam, TYPE_GAM, k) || !write_map(m, gam + 1, TYPE_SGAM, k)) return false;
        if (!write_map(m, base + 6, TYPE_DIFF_MAP, k) || !write_map(m, base + 7, TYPE_BULK_MAP, k)) return false;
    }
    if (m->placed != image_backup_extents(m)) return fail(m->f, "extents have lost their order");
    if (m->compact) return true;
    /* The end of the file must be there even when its last page was never written. */
    uint8_t none = 0;
    if (!file_seek(m->file, (uint64_t)pages * PAGE - 1) || fread(&none, 1, 1, m->file) != 1) {
        if (!file_seek(m->file, (uint64_t)pages * PAGE - 1) || fwrite(&none, 1, 1, m->file) != 1)
            return fail(m->f, "cannot write to the data file");
    }
    m->file_at = UINT64_MAX;
    return true;
}
