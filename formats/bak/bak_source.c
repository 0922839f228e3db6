#include "bak/bak_source.h"
#include "bak/bak_account.h"
#include "bak/bak_files.h"
#include "bak/bak_log_check.h"
#include "mdf/mdf_repair.h"
#include "mdf/mdf_source.h"
#include "mdf/page_check.h"
#include <stdlib.h>

/* The backup around the database: the container here, the rows in `inner`. */
typedef struct bak_source {
    row_source base;
    bak_files files;
    source_info info;
    row_source *inner; /* NULL when the backup was refused */
    row_source *older; /* an older backup that damaged pages are taken from; NULL: none */
    findings *older_found;
    mdf_repair *repair;
} bak_source;

static int bak_bid(const probe *p)
{
    if (mssqlbak_is(p->p, p->n)) return 100;
    return p->n >= 4 && le32(p->p) == TAG_TAPE ? 100 : 0;
}

/* ---- what the backup is ---- */

static bool is_applied(const bak_entry *e, const bak_choice *choice)
{
    for (size_t i = 0; i < choice->logs; i++)
        if (choice->log[i] == e) return true;
    return false;
}

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
                             .chosen = e == choice->full || e == choice->diff || is_applied(e, choice)};
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

/* Also of backups that are refused, as far as they were opened. */
static status add_accounts(bak_source *s, findings *f)
{
    arena *a = s->files.mem;
    byte_account *all = a ? arena_array(a, 2 * s->files.medias + 1, sizeof *all) : NULL;
    if (!all) return ST_FATAL;
    for (size_t i = 0; i < s->files.medias; i++) {
        size_t n;
        if (s->files.media[i].sets == 0) continue;
        status st = bak_account(&s->files.media[i], s->files.scratch, a, f, all + s->info.accounts, &n);
        if (st == ST_FATAL) return st;
        s->info.accounts += n;
    }
    s->info.account = all;
    return ST_OK;
}

/* ---- operations ---- */

/* What was encrypted and could be opened. */
static void describe_cipher(bak_source *s)
{
    const char *cipher = s->files.full_pages ? tde_cipher(s->files.full_pages) : NULL;
    for (size_t i = 0; i < s->files.medias; i++)
        if (s->files.media[i].in.box && mssqlbak_cipher(s->files.media[i].in.box))
            cipher = mssqlbak_cipher(s->files.media[i].in.box);
    s->info.cipher = sv_from(cipher);
    s->info.encrypted |= cipher != NULL;
}

/* ---- repair from an older backup ---- */

static status no_repair(const open_args *a, const char *why, findings *f)
{
    find_at(f, F_BAK_REPAIR_SOURCE, byte_source_path(a->older[0]), sv_from(why));
    return ST_FATAL;
}

/* NULL: pages of the one may stand for pages of the other. Log sequence numbers mean the same only in one recovery fork. */
static const char *why_not(const bak_source *newer, const bak_source *older)
{
    const bak_entry *n = newer->files.choice.diff ? newer->files.choice.diff : newer->files.choice.full;
    const bak_entry *o = older->files.choice.diff ? older->files.choice.diff : older->files.choice.full;
    const bak_config *x = bak_set_config(n->set), *y = bak_set_config(o->set);
    if (memcmp(x->binding, y->binding, sizeof x->binding) != 0) return "it is of another database";
    if (memcmp(x->fork, y->fork, sizeof x->fork) != 0)
        return "the database was restored to an earlier moment between the two backups";
    return bak_lsn_cmp(y->checkpoint, x->checkpoint) > 0 ? "it is the newer one" : NULL;
}

static bool is_backup(byte_source *file)
{
    uint8_t head[16];
    size_t got;
    return byte_source_read(file, 0, head, sizeof head, &got, NULL) == ST_OK && bak_bid(&(probe){.p = head, .n = got});
}

static status open_older(bak_source *s, const open_args *a, findings *f)
{
    open_args of = {.file = a->older, .files = a->olders, .work_folder = a->work_folder, .keys = a->keys};
    for (size_t i = 0; i < a->olders; i++)
        if (!is_backup(a->older[i]))
            return no_repair(a, "it cannot be read as a backup, and only backups say of which database they are", f);
    s->older_found = findings_new();
    bool opened = s->older_found && bak_ops.open(&of, s->older_found, &s->older) == ST_OK;
    bak_source *older = (bak_source *)s->older;
    if (!opened) return no_repair(a, "it cannot be read itself (inspect it alone)", f);
    const char *why = why_not(s, older);
    if (why) return no_repair(a, why, f);
    s->repair = mdf_repair_new(older->inner, byte_source_path(a->older[0]));
    if (s->repair) return ST_OK;
    find_code(f, F_OUT_OF_MEMORY, "opening an older backup");
    return ST_FATAL;
}

static status open_pages(bak_source *s, const open_args *a, findings *f)
{
    page_store *store;
    status st = bak_files_open_pages(&s->files, a->keys, f);
    if (st == ST_OK && a->olders) st = open_older(s, a, f);
    if (st == ST_OK) st = bak_store_open(&s->files, a->salvage, f, &store);
    if (st != ST_OK) return st;
    describe_cipher(s);
    redo_result redo;
    store->repair = s->repair; /* the log is applied to what is certain not to have changed */
    st = bak_redo(&s->files, a->work_folder, f, &store, &redo);
    store->repair = s->repair;
    if (st == ST_OK)
        st = mdf_source_open(store, &mdf_ops, a->salvage, &s->info, f, &s->inner);
    else
        store->ops->close(store);
    if (st == ST_OK && s->repair) mdf_repair_target(s->repair, s->inner, f);
    if (st == ST_OK) mdf_source_count_changes(s->inner, &redo.rows_changed);
    if (st == ST_OK) bak_log_check(&s->files, &redo, mdf_source_model(s->inner), &s->info, f);
    redo_free(&redo);
    return st;
}

/* Each says that something is encrypted and was not opened. */
static uint64_t sealed_findings(const findings *f)
{
    return findings_count(f, F_BAK_ENCRYPTED) + findings_count(f, F_BAK_TDE) + findings_count(f, F_KEY_OTHER) +
           findings_count(f, F_KEY_REFUSED);
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
    uint64_t sealed = sealed_findings(f);
    status st = bak_files_open(a, f, &s->files);
    describe(s);
    if (a->account && add_accounts(s, f) == ST_FATAL) st = ST_FATAL;
    if (st == ST_OK) st = open_pages(s, a, f);
    s->info.encrypted |= sealed_findings(f) > sealed;
    return st;
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

static status bak_check_all(row_source *s, page_counts *out) { return mdf_source_check(((bak_source *)s)->inner, out); }

static void bak_close(row_source *base)
{
    bak_source *s = (bak_source *)base;
    if (!s) return;
    mdf_source_close(s->inner);
    mdf_repair_free(s->repair);
    bak_close(s->older);
    findings_free(s->older_found);
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
                                .check = bak_check_all,
                                .close = bak_close};
