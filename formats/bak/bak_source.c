#include "bak/bak_source.h"
#include "bak/bak_files.h"
#include "bak/bak_log_check.h"
#include "mdf/mdf_source.h"
#include "mdf/page_check.h"
#include <stdlib.h>

/* The backup around the database: the container here, the rows in `inner`. */
typedef struct bak_source {
    row_source base;
    bak_files files;
    source_info info;
    row_source *inner; /* NULL when the backup was refused */
} bak_source;

static int bak_bid(const probe *p)
{
    if (mssqlbak_is(p->p, p->n)) return 100;
    return p->n >= 4 && le32(p->p) == TAG_TAPE ? 100 : 0;
}

/* ---- what the backup is ---- */

static backup_set_info describe_set(const bak_entry *e, const bak_choice *choice, arena *a)
{
    const bak_set *s = e->set;
    const bak_config *c = bak_set_config(s);
    bool copy_only = s->attributes & SSET_COPY_ONLY || c->flags & SCIN_COPY_ONLY;
    return (backup_set_info){.number = e->number,
                             .type = bak_type_name(bak_set_type(s)),
                             .copy_only = copy_only,
                             .checksums = c->flags & SCIN_WITH_CHECKSUM,
                             .name = s->name,
                             .database = c->database,
                             .server = c->server,
                             .started = mtf_date(a, c->started),
                             .finished = mtf_date(a, c->finished),
                             .product = bak_product(a, c),
                             .database_version = c->version,
                             .bytes = c->bytes,
                             .chosen = e == choice->full || e == choice->diff};
}

static void describe_files(source_info *info, const bak_config *c, arena *a)
{
    database_file_info *file = arena_array(a, c->files + 1, sizeof *file);
    if (!file) return;
    for (size_t i = 0; i < c->files; i++) {
        const bak_config_file *cf = &c->file[i];
        bool log = cf->filegroup == 0;
        file[i] = (database_file_info){.id = cf->id,
                                       .name = cf->name,
                                       .path = cf->path,
                                       .filegroup = cf->group_name,
                                       .bytes = cf->bytes,
                                       .log = log};
        if (!log) info->data_bytes += cf->bytes;
    }
    info->file = file;
    info->files = c->files;
}

static sv kind_of(const source_info *info, arena *a)
{
    const char *packed = info->compressed ? ", compressed" : "";
    if (!info->striped) return arena_printf(a, "SQL Server backup%s", packed);
    return arena_printf(a, "SQL Server backup%s, %u of %u parts given", packed, info->families_given, info->families);
}

static void describe(bak_source *s)
{
    const bak_choice *choice = &s->files.choice;
    arena *a = s->files.mem;
    source_info *info = &s->info;
    info->kind = SV_LIT("SQL Server backup");
    for (size_t i = 0; i < s->files.medias; i++) {
        info->compressed |= s->files.media[i].in.box != NULL;
        info->file_bytes += byte_source_size(s->files.media[i].in.file);
    }
    backup_set_info *set = a ? arena_array(a, choice->entries + 1, sizeof *set) : NULL;
    if (!set || choice->entries == 0) return;
    for (size_t i = 0; i < choice->entries; i++) set[i] = describe_set(&choice->entry[i], choice, a);
    info->set = set;
    info->sets = choice->entries;
    const bak_entry *e = choice->diff ? choice->diff : choice->full ? choice->full : &choice->entry[0];
    const bak_config *c = bak_set_config(e->set);
    info->product = bak_product(a, c);
    info->database = c->database;
    info->database_version = c->version;
    info->compatibility_level = c->compatibility;
    info->checksums = c->flags & SCIN_WITH_CHECKSUM;
    info->families = e->families;
    info->families_given = e->given;
    info->striped = e->families > 1;
    info->kind = kind_of(info, a);
    describe_files(info, c, a);
}

/* ---- encrypted pages ---- */

enum { PAGE_FLAG_ENCRYPTED = 0x0008, BOOT_VERSION = 100, VERSION_LOWEST = 515, VERSION_HIGHEST = 2000 };

/* With TDE the first 96 bytes of a page are clear, the rest is not: a boot page that is marked as encrypted and whose
 * version makes no sense. (The file header page carries the mark in plain databases too.) */
static bool pages_are_encrypted(page_store *store)
{
    uint8_t *extent = malloc(EXTENT_BYTES);
    void *scratch = malloc(store->scratch_bytes);
    unsigned pages;
    bool encrypted = false;
    findings *found = store->found;
    store->found = NULL; /* whoever reads the page later reports what is wrong with it */
    if (extent && scratch &&
        store->ops->read_extent(store, scratch, 1, BOOT_PAGE / EXTENT_PAGES, extent, &pages) == ST_OK &&
        pages > BOOT_PAGE % EXTENT_PAGES) {
        const uint8_t *boot = extent + (size_t)(BOOT_PAGE % EXTENT_PAGES) * PAGE_BYTES;
        unsigned version = le16(boot + BOOT_VERSION);
        encrypted = boot[PH_TYPE] == PAGE_BOOT && le32(boot + PH_PAGE) == BOOT_PAGE &&
                    le16(boot + PH_FLAGS) & PAGE_FLAG_ENCRYPTED &&
                    (version < VERSION_LOWEST || version > VERSION_HIGHEST);
    }
    store->found = found;
    free(extent);
    free(scratch);
    return encrypted;
}

static status refuse_tde(bak_source *s, findings *f)
{
    s->info.encrypted = true;
    finding x = FINDING_OF(F_BAK_TDE);
    x.path = s->files.choice.full->media->path;
    x.a = SV_LIT("its boot page is marked as encrypted and holds no readable version");
    find_add(f, &x);
    return ST_FATAL;
}

/* ---- operations ---- */

static status open_pages(bak_source *s, bool salvage, findings *f)
{
    page_store *store;
    status st = bak_store_open(&s->files, salvage, f, &store);
    if (st != ST_OK) return st;
    if (pages_are_encrypted(store)) {
        store->ops->close(store);
        return refuse_tde(s, f);
    }
    st = mdf_source_open(store, &mdf_ops, salvage, &s->info, f, &s->inner);
    if (st == ST_OK) bak_log_check(&s->files, store, mdf_source_model(s->inner), &s->info, f);
    return st;
}

static status bak_open(const open_args *a, findings *f, row_source **out)
{
    *out = NULL;
    bak_source *s = calloc(1, sizeof *s);
    if (!s) {
        find_code(f, F_OUT_OF_MEMORY, "opening a backup");
        return ST_FATAL;
    }
    s->base.ops = &bak_ops;
    *out = &s->base;
    uint64_t encrypted = findings_count(f, F_BAK_ENCRYPTED) + findings_count(f, F_BAK_TDE);
    status st = bak_files_open(a, f, &s->files);
    s->info.encrypted = findings_count(f, F_BAK_ENCRYPTED) + findings_count(f, F_BAK_TDE) > encrypted;
    describe(s);
    return st == ST_OK ? open_pages(s, a->salvage, f) : st;
}

static const source_info *bak_info(row_source *s) { return &((bak_source *)s)->info; }

static status bak_catalog(row_source *s, const catalog **out)
{
    return mdf_source_catalog(((bak_source *)s)->inner, out);
}

static status bak_scan(row_source *s, const scan_request *q, row_cursor **out)
{
    return mdf_source_scan(((bak_source *)s)->inner, q, out);
}

static status bak_lob_open(row_source *s, const lob_ref *ref, lob_stream **out)
{
    return mdf_source_lob_open(((bak_source *)s)->inner, ref, out);
}

static status bak_check(row_source *s) { return mdf_source_verify(((bak_source *)s)->inner); }

static void bak_close(row_source *base)
{
    bak_source *s = (bak_source *)base;
    if (!s) return;
    mdf_source_close(s->inner);
    bak_files_close(&s->files);
    free(s);
}

const row_source_ops bak_ops = {.name = "bak",
                                .title = "SQL Server backup",
                                .bid = bak_bid,
                                .open = bak_open,
                                .info = bak_info,
                                .catalog = bak_catalog,
                                .scan = bak_scan,
                                .next = mdf_source_next,
                                .counts = mdf_source_counts,
                                .cursor_close = mdf_source_cursor_close,
                                .lob_open = bak_lob_open,
                                .lob_read = mdf_source_lob_read,
                                .lob_close = mdf_source_lob_close,
                                .verify = bak_check,
                                .close = bak_close};
