#include "unit.h"
#include <stdlib.h>

enum { SINGLE_PAGES = 8, IAM_HEAD = 94, IAM_BITMAP = 7988, PFS_IAM = 0x10 };
/* In the first record of an IAM page. */
enum { IAM_START = 40, IAM_START_FILE = 44, IAM_SINGLES = 46 };

struct iam_page {
    uint32_t id;
    unsigned file;
    uint32_t interval;
    uint8_t *bits;
};

void unit_init(unit *u, const filegroup *group, int64_t id, int64_t owner, unit_type type)
{
    *u = (unit){.group = *group, .id = id, .owner = owner, .type = type};
    u->name = (page_owner){(uint32_t)((uint64_t)id >> 16), (uint16_t)((uint64_t)id >> 48)};
    u->file_at = FILES_MAX - 1;
}

void unit_free(unit *u)
{
    for (size_t i = 0; i < u->iams; i++) free(u->iam[i].bits);
    free(u->iam);
    u->iam = NULL;
    u->iams = 0;
}

static zone *zone_of(const unit *u, unsigned file)
{
    image *m = &u->group.image[file];
    return u->group.catalog ? &m->catalog : &m->user;
}

static unsigned next_file(const unit *u)
{
    unsigned file = u->file_at;
    do {
        file = (file + 1) % FILES_MAX;
    } while (!(u->group.file >> file & 1));
    return file;
}

static bool write_iam(unit *u, size_t i)
{
    const iam_page *x = &u->iam[i];
    page_buffer p;
    uint8_t head[IAM_HEAD] = {0, 0, IAM_HEAD};
    uint8_t map[4 + IAM_BITMAP] = {0, 0, 0x38, 0x1F};
    page_start(&p, x->id, TYPE_IAM, 0, u->name, 90);
    put32(head + IAM_START, (uint64_t)x->interval * INTERVAL_PAGES);
    put16(head + IAM_START_FILE, file_id_at(x->file));
    for (unsigned k = 0; i == 0 && k < SINGLE_PAGES; k++) put_page_id(head + IAM_SINGLES + (size_t)6 * k, u->single[k]);
    memcpy(map + 4, x->bits, IAM_BITMAP);
    page_add(&p, head, sizeof head);
    page_add(&p, map, sizeof map);
    return page_finish(&p, u->group.image, i ? u->iam[i - 1].id : 0, i + 1 < u->iams ? u->iam[i + 1].id : 0);
}

static iam_page *open_iam(unit *u, unsigned file, uint32_t interval)
{
    for (size_t i = u->iams; i-- > 0;)
        if (u->iam[i].file == file && u->iam[i].interval == interval) return &u->iam[i];
    uint32_t id = image_single_page(&u->group.image[file], zone_of(u, file), PFS_IAM);
    if (!id) return NULL;
    iam_page *more = realloc(u->iam, (u->iams + 1) * sizeof *more);
    uint8_t *bits = calloc(1, IAM_BITMAP);
    if (more) u->iam = more;
    if (!more || !bits) {
        free(bits);
        fail(u->group.image->f, "out of memory");
        return NULL;
    }
    if (!u->first_iam) u->first_iam = id;
    u->iam[u->iams] = (iam_page){id, file, interval, bits};
    u->used++;
    u->reserved++;
    return &u->iam[u->iams++];
}

static bool take_extent(unit *u, uint32_t *extent)
{
    unsigned file = next_file(u);
    uint32_t e = image_extent(&u->group.image[file], zone_of(u, file));
    iam_page *x = e ? open_iam(u, file, e / INTERVAL_EXTENTS) : NULL;
    if (!x) return false;
    u->file_at = file;
    x->bits[e % INTERVAL_EXTENTS / 8] |= (uint8_t)(1U << e % 8);
    u->reserved += 8;
    *extent = e * 8 | (uint32_t)file << PAGE_BITS;
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
    unsigned file = next_file(u);
    bool single = u->singles < SINGLE_PAGES && !(u->group.image->whole_extents && !u->group.catalog);
    if (!u->iams && !open_iam(u, file, zone_of(u, file)->next / INTERVAL_EXTENTS)) return 0;
    if (single) {
        uint32_t page = image_single_page(&u->group.image[file], zone_of(u, file), pfs);
        u->single[u->singles++] = page;
        u->reserved++;
        return count_page(u, page);
    }
    while (true) {
        if (!u->extent || u->extent_at == 8) {
            if (!take_extent(u, &u->extent)) return 0;
            u->extent_at = 0;
        }
        uint32_t page = u->extent + u->extent_at++;
        if (image_is_fixed_page(page_in_file(page))) continue;
        image_mark(u->group.image, page, (uint8_t)(pfs | 0x40));
        return count_page(u, page);
    }
}

bool unit_hollow(unit *u, uint32_t n)
{
    uint32_t extent = 0;
    for (; n; n--)
        if (!take_extent(u, &extent)) return false;
    return true;
}

static bool leave_stale(unit *u, const page_buffer *stale)
{
    if (!u->extent) return true;
    for (; u->extent_at < 8; u->extent_at++) {
        uint32_t page = u->extent + u->extent_at;
        if (image_is_fixed_page(page_in_file(page))) continue;
        uint8_t copy[PAGE];
        memcpy(copy, stale->bytes, PAGE);
        /* Some still say that they are the page they were copied from. */
        if (u->extent_at % 2) put_page_number(copy + 32, page);
        if (!image_write_page(u->group.image, page, copy)) return false;
    }
    return true;
}

bool unit_close(unit *u, const page_buffer *stale)
{
    if (stale && !leave_stale(u, stale)) return false;
    for (size_t i = 0; i < u->iams; i++)
        if (!write_iam(u, i)) return false;
    return true;
}

uint8_t fullness_of(const page_buffer *p)
{
    unsigned percent = (PAGE - PAGE_HEADER - page_room(p)) * 100 / (PAGE - PAGE_HEADER);
    return percent == 0 ? 0 : percent <= 50 ? 1 : percent <= 80 ? 2 : percent <= 95 ? 3 : 4;
}
