#include "mdf/page_overlay.h"
#include "base/id_table.h"
#include "base/platform.h"
#include "mdf/mdf_repair.h"
#include "mdf/page_reader.h"
#include <stdlib.h>

/* Pages in memory at once: 32 MB. A practice's day of work changes some thousand. */
enum { RESIDENT_MAX = 4096, NOT_RESIDENT = -1 };
static const uint64_t NOT_WRITTEN = UINT64_MAX;

typedef enum entry_state { ONLY_KNOWN, CHANGED, UNREADABLE } entry_state;

typedef struct entry {
    uint64_t key;      /* page_key */
    uint64_t written;  /* its place in the work file */
    entry_state state; /* ONLY_KNOWN: the page below, its log sequence number read */
    int32_t resident;  /* its place in memory */
    uint8_t lsn[10];
} entry;

struct page_overlay {
    page_store base;
    page_store *below;
    page_reader *reader;
    const char *folder;
    id_table known; /* entries */
    size_t changed;
    uint8_t *memory; /* RESIDENT_MAX pages, grown on demand */
    uint64_t *owner; /* of each resident page: its key */
    size_t residents, resident_room, hand;
    os_file *work;
    uint64_t work_bytes;
    uint32_t top[16]; /* highest extent + 1 changed here, of files by hash: an upper bound */
};

static status no_memory(page_overlay *o)
{
    find_code(o->base.found, F_OUT_OF_MEMORY, "applying the log");
    return ST_FATAL;
}

/* ---- entries ---- */

static bool load(page_overlay *o, page_id id, const uint8_t **page)
{
    if (id.page / EXTENT_PAGES >= o->below->ops->extents(o->below, id.file)) return false;
    return page_reader_get(o->reader, id, true, page) == ST_OK;
}

/* The page's entry, made when it is met first. NULL: out of memory. */
static entry *know(page_overlay *o, page_id id)
{
    const size_t known = o->known.n;
    entry *e = id_table_put(&o->known, page_key(id));
    if (!e || o->known.n == known) return e;
    e->resident = NOT_RESIDENT;
    e->written = NOT_WRITTEN;
    const uint8_t *page;
    if (load(o, id, &page))
        memcpy(e->lsn, page + PH_LSN, sizeof e->lsn);
    else
        e->state = UNREADABLE;
    return e;
}

/* ---- memory and work file ---- */

static uint8_t *resident_page(const page_overlay *o, size_t i) { return o->memory + i * PAGE_BYTES; }

static status write_out(page_overlay *o, size_t i)
{
    const char *why = NULL;
    entry *e = id_table_find(&o->known, o->owner[i]);
    if (!o->work) o->work = os_create_nameless(o->folder, &why);
    const uint8_t *page = resident_page(o, i);
    const bool again = e->written != NOT_WRITTEN;
    bool done = o->work && (again ? os_overwrite(o->work, e->written, page, PAGE_BYTES, &why)
                                  : os_append(o->work, page, PAGE_BYTES, &why));
    if (!done) {
        finding x = FINDING_OF(F_BAK_WORK_FILE);
        x.a = sv_from(why ? why : "");
        find_add(o->base.found, &x);
        return ST_FATAL;
    }
    e->resident = NOT_RESIDENT;
    if (again) return ST_OK;
    e->written = o->work_bytes;
    o->work_bytes += PAGE_BYTES;
    return ST_OK;
}

/* A free place in memory; the pages take turns in leaving it. */
static status take_place(page_overlay *o, size_t *place)
{
    if (o->residents == RESIDENT_MAX) {
        *place = o->hand;
        o->hand = (o->hand + 1) % RESIDENT_MAX;
        return write_out(o, *place);
    }
    if (o->residents == o->resident_room) {
        size_t room = o->resident_room ? o->resident_room * 2 : 16;
        uint8_t *memory = realloc(o->memory, room * PAGE_BYTES);
        if (memory) o->memory = memory;
        uint64_t *owner = memory ? realloc(o->owner, room * sizeof *owner) : NULL;
        if (!owner) return no_memory(o);
        o->owner = owner;
        o->resident_room = room;
    }
    *place = o->residents++;
    return ST_OK;
}

static status read_work(const page_overlay *o, const entry *e, uint8_t *out)
{
    size_t got;
    const char *why = NULL;
    if (os_read_at(o->work, e->written, out, PAGE_BYTES, &got, &why) && got == PAGE_BYTES) return ST_OK;
    finding x = FINDING_OF(F_BAK_WORK_FILE);
    x.a = sv_from(why ? why : "it is shorter than was written");
    find_add(o->base.found, &x);
    return ST_FATAL;
}

static void note_top(page_overlay *o, page_id id)
{
    uint32_t *top = &o->top[id.file % (sizeof o->top / sizeof o->top[0])];
    if (id.page / EXTENT_PAGES + 1 > *top) *top = id.page / EXTENT_PAGES + 1;
}

/* Makes the entry's page resident; its bytes are the caller's to fill when it was not changed before. */
static status make_resident(page_overlay *o, entry *e, uint8_t **page)
{
    if (e->resident == NOT_RESIDENT) {
        size_t place;
        status st = take_place(o, &place);
        if (st != ST_OK) return st;
        if (e->state == CHANGED) st = read_work(o, e, resident_page(o, place));
        o->owner[place] = e->key;
        e->resident = (int32_t)place;
        if (st != ST_OK) return st;
    }
    *page = resident_page(o, (size_t)e->resident);
    return ST_OK;
}

/* ---- building ---- */

status page_overlay_lsn(page_overlay *o, page_id id, uint8_t lsn[10])
{
    const entry *e = know(o, id);
    if (!e) return no_memory(o);
    if (e->state == UNREADABLE) return ST_ROW_LOST;
    const uint8_t *from = e->resident == NOT_RESIDENT ? e->lsn : resident_page(o, (size_t)e->resident) + PH_LSN;
    uint8_t page[PAGE_BYTES];
    if (e->state == CHANGED && e->resident == NOT_RESIDENT) {
        status st = read_work(o, e, page);
        if (st != ST_OK) return st;
        from = page + PH_LSN;
    }
    memcpy(lsn, from, 10);
    return ST_OK;
}

status page_overlay_renew(page_overlay *o, page_id id, uint8_t **page)
{
    entry *e = know(o, id);
    if (!e) return no_memory(o);
    status st = make_resident(o, e, page);
    if (st != ST_OK) return st;
    if (e->state != CHANGED) o->changed++;
    e->state = CHANGED;
    memset(*page, 0, PAGE_BYTES);
    note_top(o, id);
    return ST_OK;
}

/* The page, as it was, lies here from now on. */
static void put_page(page_overlay *o, entry *e, uint8_t *page, const uint8_t *bytes)
{
    memcpy(page, bytes, PAGE_BYTES);
    page[PH_FLAGS + 1] &= (uint8_t) ~((PAGE_FLAG_TORN | PAGE_FLAG_CHECKSUM) >> 8);
    e->state = CHANGED;
    o->changed++;
    note_top(o, page_of_key(e->key));
}

status page_overlay_edit(page_overlay *o, page_id id, uint8_t **page)
{
    entry *e = know(o, id);
    if (!e) return no_memory(o);
    if (e->state == CHANGED) return make_resident(o, e, page);
    const uint8_t *below;
    if (e->state != ONLY_KNOWN || !load(o, id, &below)) return ST_ROW_LOST;
    status st = make_resident(o, e, page);
    if (st != ST_OK) return st;
    put_page(o, e, *page, below);
    return ST_OK;
}

status page_overlay_mend(page_overlay *o, page_id id, const uint8_t lsn[10])
{
    uint8_t older[PAGE_BYTES], *page;
    mdf_repair *from = o->below->repair;
    entry *e = know(o, id);
    if (!e) return no_memory(o);
    if (e->state != UNREADABLE || !from || !mdf_repair_page_at(from, id, lsn, older)) return ST_ROW_LOST;
    status st = make_resident(o, e, &page);
    if (st == ST_OK) put_page(o, e, page, older);
    return st;
}

size_t page_overlay_pages(const page_overlay *o) { return o->changed; }

/* ---- reading ---- */

static status put_changed(const page_overlay *o, uint16_t file, uint32_t extent, uint8_t *out, unsigned *present)
{
    for (uint32_t i = 0; i < EXTENT_PAGES; i++) {
        const entry *e = id_table_find(&o->known, page_key((page_id){extent * EXTENT_PAGES + i, file}));
        if (!e || e->state != CHANGED) continue;
        uint8_t *to = out + (size_t)i * PAGE_BYTES;
        if (*present <= i) memset(out + (size_t)*present * PAGE_BYTES, 0, (size_t)(i - *present) * PAGE_BYTES);
        if (e->resident != NOT_RESIDENT)
            memcpy(to, resident_page(o, (size_t)e->resident), PAGE_BYTES);
        else if (read_work(o, e, to) != ST_OK)
            return ST_FATAL;
        if (*present <= i) *present = i + 1;
    }
    return ST_OK;
}

static status read_extent(page_store *s, void *scratch, uint16_t file, uint32_t extent, uint8_t *out,
                          unsigned *pages_present)
{
    const page_overlay *o = (const page_overlay *)s;
    status st = o->below->ops->read_extent(o->below, scratch, file, extent, out, pages_present);
    if (st == ST_FATAL) return st;
    unsigned present = st == ST_OK ? *pages_present : 0;
    if (put_changed(o, file, extent, out, &present) != ST_OK) return ST_FATAL;
    *pages_present = present;
    return present ? ST_OK : st;
}

static size_t files(page_store *s)
{
    const page_overlay *o = (const page_overlay *)s;
    return o->below->ops->files(o->below);
}

static uint16_t file_id(page_store *s, size_t i)
{
    const page_overlay *o = (const page_overlay *)s;
    return o->below->ops->file_id(o->below, i);
}

static uint32_t extents(page_store *s, uint16_t file)
{
    const page_overlay *o = (const page_overlay *)s;
    uint32_t below = o->below->ops->extents(o->below, file), top = o->top[file % (sizeof o->top / sizeof o->top[0])];
    return below && top > below ? top : below;
}

static status verify(page_store *s)
{
    const page_overlay *o = (const page_overlay *)s;
    return o->below->ops->verify(o->below);
}

void page_overlay_leave(page_overlay *o)
{
    if (!o) return;
    page_reader_free(o->reader);
    if (o->work) os_close_read(o->work);
    id_table_free(&o->known);
    free(o->memory);
    free(o->owner);
    free(o);
}

static void close_store(page_store *s)
{
    page_overlay *o = (page_overlay *)s;
    if (!o) return;
    o->below->ops->close(o->below);
    page_overlay_leave(o);
}

static const page_store_ops overlay_ops = {read_extent, files, file_id, extents, verify, close_store};

page_store *page_overlay_store(page_overlay *o) { return &o->base; }

page_overlay *page_overlay_new(page_store *below, const char *folder, findings *f)
{
    page_overlay *o = calloc(1, sizeof *o);
    if (o) {
        o->base = (page_store){.ops = &overlay_ops, .scratch_bytes = below->scratch_bytes, .found = f};
        o->below = below;
        o->folder = folder ? folder : os_temp_folder();
        o->reader = page_reader_new(below, f);
        o->known.entry_bytes = sizeof(entry);
        if (o->reader) {
            page_reader_repairs(o->reader, REPAIR_ALL);
            return o;
        }
        page_overlay_leave(o);
    }
    find_code(f, F_OUT_OF_MEMORY, "applying the log");
    return NULL;
}
