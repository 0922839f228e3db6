#include "mdf/mdf_file_store.h"
#include "mdf/mdf_layout.h"
#include "mdf/page_reader.h"
#include "mdf/tde.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct data_file {
    byte_source *bytes;
    uint16_t id;
    uint32_t extents;
} data_file;

typedef struct file_store {
    page_store base;
    tde *pages; /* opens them; NULL: they are plain */
    size_t files;
    data_file file[];
} file_store;

bool mdf_file_begins(const uint8_t *p, size_t n)
{
    if (n < PAGE_HEADER_BYTES || p[PH_VERSION] != 1 || p[PH_TYPE] != PAGE_FILE_HEADER || le32(p + PH_PAGE) != 0)
        return false;
    /* The first page of a log file is of the same type; only a data file has a PFS page behind it. */
    return n < PAGE_BYTES + 2 || (p[PAGE_BYTES + PH_VERSION] == 1 && p[PAGE_BYTES + PH_TYPE] == PAGE_PFS);
}

int mdf_file_bid(const probe *p)
{
    static const char *const endings[] = {".mdf", ".ndf"};
    if (mdf_file_begins(p->p, p->n)) return 90;
    if (p->size < EXTENT_BYTES || p->size % PAGE_BYTES || p->path.n < 4) return 0;
    const sv ending = {p->path.p + p->path.n - 4, 4};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (sv_eq_nocase(ending, sv_from(endings[i]))) return 5;
    return 0;
}

/* The number of the file that its first pages name: most of those that stand at fixed places, of the types that belong
 * there; 0: it is no data file. */
static uint16_t file_number(const uint8_t *p, size_t n)
{
    static const uint8_t page_type[EXTENT_PAGES] = {PAGE_FILE_HEADER, PAGE_PFS,     PAGE_GAM, PAGE_SGAM, 0, 0,
                                                    PAGE_DIFF_MAP,    PAGE_BULK_MAP};
    enum { FIXED = 6, MOST = FIXED / 2 + 1 };
    uint16_t id[EXTENT_PAGES];
    size_t ids = 0;
    for (uint32_t k = 0; k < EXTENT_PAGES && (k + 1) * PAGE_BYTES <= n; k++) {
        const uint8_t *page = p + (size_t)k * PAGE_BYTES;
        if (page_type[k] && page[PH_VERSION] == 1 && page[PH_TYPE] == page_type[k] && le32(page + PH_PAGE) == k)
            id[ids++] = le16(page + PH_FILE);
    }
    if (mdf_file_begins(p, n)) return le16(p + PH_FILE);
    for (size_t i = 0; i < ids; i++) {
        size_t votes = 0;
        for (size_t k = 0; k < ids; k++) votes += id[k] == id[i];
        if (votes >= MOST) return id[i];
    }
    return 0;
}

static data_file *file_of(file_store *s, uint16_t id)
{
    for (size_t i = 0; i < s->files; i++)
        if (s->file[i].id == id) return &s->file[i];
    return NULL;
}

static status read_extent(page_store *store, void *scratch, uint16_t file, uint32_t extent, uint8_t *out,
                          unsigned *present)
{
    (void)scratch;
    *present = 0;
    data_file *d = file_of((file_store *)store, file);
    if (!d || extent >= d->extents) return ST_END;
    size_t got;
    if (byte_source_read(d->bytes, (uint64_t)extent * EXTENT_BYTES, out, EXTENT_BYTES, &got, store->found) != ST_OK)
        return ST_ROW_LOST;
    *present = (unsigned)(got / PAGE_BYTES);
    tde *pages = ((file_store *)store)->pages;
    if (!pages || tde_open_pages(pages, out, *present)) return ST_OK;
    find_code(store->found, F_OUT_OF_MEMORY, "decrypting pages");
    return ST_ROW_LOST;
}

static size_t count_files(page_store *store) { return ((file_store *)store)->files; }
static uint16_t nth_id(page_store *store, size_t i) { return ((file_store *)store)->file[i].id; }

static uint32_t extents_of(page_store *store, uint16_t file)
{
    data_file *d = file_of((file_store *)store, file);
    return d ? d->extents : 0;
}

/* A data file has no checksum but those of its pages, which page reads check. */
static status nothing_to_verify(page_store *store)
{
    (void)store;
    return ST_OK;
}

static void close_store(page_store *store)
{
    if (store) tde_free(((file_store *)store)->pages);
    free(store);
}

static const page_store_ops file_store_ops = {.read_extent = read_extent,
                                              .files = count_files,
                                              .file_id = nth_id,
                                              .extents = extents_of,
                                              .verify = nothing_to_verify,
                                              .close = close_store};

static bool refuse(findings *f, sv path, const char *what, const char *advice)
{
    finding x = FINDING_OF(F_NOT_A_SOURCE);
    x.path = path;
    x.a = sv_from(what);
    x.b = sv_from(advice);
    find_add(f, &x);
    return false;
}

static bool add_file(file_store *s, byte_source *bytes, findings *f)
{
    uint8_t *head = malloc(EXTENT_BYTES);
    size_t got = 0;
    if (!head) find_code(f, F_OUT_OF_MEMORY, "opening the data files");
    bool read = head && byte_source_read(bytes, 0, head, EXTENT_BYTES, &got, f) == ST_OK;
    uint16_t id = read ? file_number(head, got) : 0;
    free(head);
    if (!read) return false;
    sv path = byte_source_path(bytes);
    if (id == 0)
        return refuse(f, path, "not a SQL Server data file (.mdf, .ndf)",
                      "Give the data files of one database; a log file (.ldf) holds no tables.");
    if (file_of(s, id))
        return refuse(f, path, "a second data file with the same file number",
                      "Give each data file of the database once.");
    uint64_t extents = (byte_source_size(bytes) + EXTENT_BYTES - 1) / EXTENT_BYTES;
    if (extents > UINT32_MAX / EXTENT_PAGES) extents = UINT32_MAX / EXTENT_PAGES; /* page numbers have 32 bits */
    s->file[s->files++] = (data_file){bytes, id, (uint32_t)extents};
    return true;
}

static int by_id(const void *a, const void *b)
{
    return (int)((const data_file *)a)->id - (int)((const data_file *)b)->id;
}

enum { BOOT_FILE = 1, BOOT_AT = BOOT_PAGE * PAGE_BYTES, FIRST_BYTES = BOOT_AT + PAGE_BYTES };

/* The boot page is not encrypted: it holds the database's key. */
static status open_pages(file_store *s, uint8_t first[FIRST_BYTES], const key_ring *keys, findings *f)
{
    static const char what[] = "its pages are encrypted";
    size_t got;
    sealed_key k;
    const data_file *d = &s->file[0];
    if (byte_source_read(d->bytes, 0, first, FIRST_BYTES, &got, f) != ST_OK) return ST_FATAL;
    if (!tde_sealed(first, got < EXTENT_BYTES ? (unsigned)(got / PAGE_BYTES) : EXTENT_PAGES)) return ST_OK;
    sv path = byte_source_path(d->bytes);
    if (d->id == BOOT_FILE && got == FIRST_BYTES && sealed_key_find(first + BOOT_AT, PAGE_BYTES, PAGE_HEADER_BYTES, &k))
        return tde_open(keys, &k, path, what, f, &s->pages);
    finding x = FINDING_OF(F_BAK_TDE);
    x.path = path;
    x.a = sv_from(what);
    x.b = d->id == BOOT_FILE ? SV_LIT("not named where it is known to stand") : SV_LIT("in the primary data file");
    find_add(f, &x);
    return ST_FATAL;
}

const char *mdf_file_store_cipher(const page_store *store)
{
    const file_store *s = (const file_store *)store;
    return s->pages ? tde_cipher(s->pages) : NULL;
}

status mdf_file_store_open(byte_source *const *file, size_t files, const struct key_ring *keys, findings *f,
                           page_store **out)
{
    *out = NULL;
    file_store *s = calloc(1, sizeof *s + files * sizeof s->file[0]);
    if (!s) {
        find_code(f, F_OUT_OF_MEMORY, "opening the data files");
        return ST_FATAL;
    }
    s->base = (page_store){.ops = &file_store_ops, .found = f};
    for (size_t i = 0; i < files; i++) {
        if (add_file(s, file[i], f)) continue;
        free(s);
        return ST_FATAL;
    }
    qsort(s->file, s->files, sizeof s->file[0], by_id);
    uint8_t *first = malloc(FIRST_BYTES);
    status st = first ? open_pages(s, first, keys, f) : ST_FATAL;
    if (!first) find_code(f, F_OUT_OF_MEMORY, "opening the data files");
    free(first);
    if (st == ST_OK)
        *out = &s->base;
    else
        close_store(&s->base);
    return st;
}

/* The extents of the file up to the last one that its GAM pages say is in use; those of them that are lost say nothing. */
static uint32_t extents_in_use(page_reader *r, const data_file *d)
{
    uint32_t used = 0;
    for (uint32_t first = 0; first < d->extents; first += GAM_EXTENTS) {
        const uint8_t *page;
        const page_id gam = {first * EXTENT_PAGES + (first ? 0 : FIRST_GAM), d->id};
        if (page_reader_get(r, gam, true, &page) != ST_OK || page[PH_TYPE] != PAGE_GAM) continue;
        for (uint32_t i = 0; i < GAM_EXTENTS; i++) {
            if (i % 32 == 0 && le32(page + MAP_BITS + i / 8) == UINT32_MAX)
                i += 31; /* all of them are free */
            else if (!(page[MAP_BITS + i / 8] >> i % 8 & 1))
                used = first + i + 1;
        }
    }
    return used;
}

bool mdf_file_store_ends(page_store *store, findings *f)
{
    const file_store *s = (const file_store *)store;
    page_reader *r = page_reader_new(store, f);
    if (!r) {
        find_code(f, F_OUT_OF_MEMORY, "opening the data files");
        return false;
    }
    for (size_t i = 0; i < s->files; i++) {
        const uint32_t used = extents_in_use(r, &s->file[i]);
        const uint64_t there = byte_source_size(s->file[i].bytes) / PAGE_BYTES;
        if ((uint64_t)used * EXTENT_PAGES <= there) continue;
        char has[24], last[24];
        finding x = FINDING_OF(F_DATA_FILE_CUT);
        snprintf(has, sizeof has, "%" PRIu64, there);
        snprintf(last, sizeof last, "%" PRIu64, (uint64_t)used * EXTENT_PAGES);
        x.path = byte_source_path(s->file[i].bytes);
        x.a = sv_from(has);
        x.b = sv_from(last);
        find_add(f, &x);
    }
    page_reader_free(r);
    return true;
}
