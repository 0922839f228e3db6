#include "unit.h"
#include <stdlib.h>

enum { SINGLE_PAGES = 8, IAM_HEAD = 94, IAM_BITMAP = 7988, PFS_IAM = 0x10 };
/* In the first record of an IAM page. */
enum { IAM_START = 40, IAM_START_FILE = 44, IAM_SINGLES = 46 };

void unit_init(unit *u, image *m, zone *z, int64_t id, int64_t owner, unit_type type)
{
    *u = (unit){.image = m, .zone = z, .id = id, .owner = owner, .type = type};
    u->name = (page_owner){(uint32_t)((uint64_t)id >> 16), (uint16_t)((uint64_t)id >> 48)};
}

void unit_free(unit *u)
{
    free(u->iam_bits);
    u->iam_bits = NULL;
}

/* Writes the open IAM page with a pointer to the next one. */
static bool write_iam(unit *u, uint32_t next)
{
    page_buffer p;
    uint8_t head[IAM_HEAD] = {0, 0, IAM_HEAD};
    uint8_t map[4 + IAM_BITMAP] = {0, 0, 0x38, 0x1F};
    page_start(&p, u->iam, TYPE_IAM, 0, u->name, 90);
    put32(head + IAM_START, (uint64_t)u->iam_interval * INTERVAL_PAGES);
    put16(head + IAM_START_FILE, FILE_ID);
    for (unsigned i = 0; i < SINGLE_PAGES; i++) put_page_id(head + IAM_SINGLES + (size_t)6 * i, u->iam_single[i]);
    memcpy(map + 4, u->iam_bits, IAM_BITMAP);
    page_add(&p, head, sizeof head);
    page_add(&p, map, sizeof map);
    return page_finish(&p, u->image, 0, next);
}

static bool open_iam(unit *u, uint32_t interval)
{
    uint32_t id = image_single_page(u->image, u->zone, PFS_IAM);
    if (!id) return false;
    if (!u->iam_bits) u->iam_bits = malloc(IAM_BITMAP);
    if (!u->iam_bits) return fail(u->image->f, "out of memory");
    if (u->iam && !write_iam(u, id)) return false;
    if (!u->first_iam) u->first_iam = id;
    memset(u->iam_bits, 0, IAM_BITMAP);
    memset(u->iam_single, 0, sizeof u->iam_single);
    u->iam = id;
    u->iam_interval = interval;
    u->used++;
    u->reserved++;
    return true;
}

static bool open_extent(unit *u)
{
    u->extent = image_extent(u->image, u->zone);
    if (!u->extent) return false;
    uint32_t interval = u->extent / INTERVAL_EXTENTS, bit = u->extent % INTERVAL_EXTENTS;
    if (interval != u->iam_interval && !open_iam(u, interval)) return false;
    u->iam_bits[bit / 8] |= (uint8_t)(1U << bit % 8);
    u->extent_at = 0;
    u->reserved += 8;
    return true;
}

static uint32_t count_page(unit *u, uint32_t page)
{
    if (!page) return 0;
    if (!u->first) u->first = u->root = page;
    u->used++;
    return page;
}

uint32_t unit_page(unit *u, uint8_t pfs)
{
    if (!u->iam && !open_iam(u, u->zone->mixed / INTERVAL_EXTENTS)) return 0;
    if (u->singles < SINGLE_PAGES) {
        uint32_t page = image_single_page(u->image, u->zone, pfs);
        u->iam_single[u->singles++] = page;
        u->reserved++;
        return count_page(u, page);
    }
    while (true) {
        if ((!u->extent || u->extent_at == 8) && !open_extent(u)) return 0;
        uint32_t page = u->extent * 8 + u->extent_at++;
        if (image_is_fixed_page(page)) continue;
        image_mark(u->image, page, (uint8_t)(pfs | 0x40));
        return count_page(u, page);
    }
}

static bool leave_stale(unit *u, const page_buffer *stale)
{
    if (!u->extent) return true;
    for (; u->extent_at < 8; u->extent_at++) {
        uint32_t page = u->extent * 8 + u->extent_at;
        if (image_is_fixed_page(page)) continue;
        uint8_t copy[PAGE];
        memcpy(copy, stale->bytes, PAGE);
        put32(copy + 32, page);
        if (!image_write_page(u->image, page, copy)) return false;
    }
    return true;
}

bool unit_close(unit *u, const page_buffer *stale)
{
    if (!u->iam) return true;
    if (stale && !leave_stale(u, stale)) return false;
    return write_iam(u, 0);
}

uint8_t fullness_of(const page_buffer *p)
{
    unsigned percent = (PAGE - PAGE_HEADER - page_room(p)) * 100 / (PAGE - PAGE_HEADER);
    return percent == 0 ? 0 : percent <= 50 ? 1 : percent <= 80 ? 2 : percent <= 95 ? 3 : 4;
}
