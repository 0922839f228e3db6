#include "mdf/mdf_source.h"
#include "base/platform.h"
#include "mdf/mdf_bytes.h"
#include "mdf/mdf_catalog.h"
#include "mdf/mdf_database.h"
#include "mdf/mdf_file_store.h"
#include "mdf/mdf_lob_text.h"
#include "sqltype/sqltype.h"
#include <stdlib.h>

/* ---- what the source is ---- */

sv mdf_product_of_version(unsigned version)
{
    static const struct {
        unsigned from;
        const char *name;
    } products[] = {{998, "SQL Server 2025"}, {950, "SQL Server 2022"},    {895, "SQL Server 2019"},
                    {863, "SQL Server 2017"}, {830, "SQL Server 2016"},    {770, "SQL Server 2014"},
                    {684, "SQL Server 2012"}, {660, "SQL Server 2008 R2"}, {650, "SQL Server 2008"},
                    {608, "SQL Server 2005"}, {539, "SQL Server 2000"},    {515, "SQL Server 7"}};
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++)
        if (version >= products[i].from) return sv_from(products[i].name);
    return SV_LIT("SQL Server");
}

/* LocalDB names a database by the whole path of its file, with the names of folders and people in it. What people call it
 * is the file's name. */
static sv spoken_name(sv name)
{
    const bool drive = name.n > 3 && name.p[1] == ':' && name.p[2] == '\\';
    const bool share = name.n > 3 && name.p[0] == '\\' && name.p[1] == '\\';
    if (!drive && !share) return name;
    const sv ending = SV_LIT(".mdf");
    size_t from = name.n;
    while (name.p[from - 1] != '\\') from--;
    sv last = {name.p + from, name.n - from};
    if (sv_ends_nocase(last, ending)) last.n -= ending.n;
    return last.n ? last : name;
}

static void complete_info(mdf_source *s)
{
    source_info *info = s->info;
    const mdf_model *m = &s->model;
    if (info->product.n == 0) info->product = mdf_product_of_version(m->version);
    if (m->name.n || info->database.n == 0) info->database = spoken_name(m->name);
    if (m->version) info->database_version = m->version;
    info->created_version = m->created_version;
    info->compatibility_level = m->compatibility_level;
    info->collation = collation_describe(m->collation, s->mem);
    info->codepage = m->cp ? codepage_number(m->cp) : 0;
    if (info->files == 0) {
        info->file = m->file;
        info->files = m->files;
    }
    if (info->data_bytes == 0) info->data_bytes = m->data_bytes;
}

/* ---- opening ---- */

page_reader *mdf_source_reader(const mdf_source *s)
{
    page_reader *r = page_reader_new(s->store, s->found);
    if (r) page_reader_salvage(r, s->salvages);
    return r;
}

static status read_model(mdf_source *s)
{
    page_reader *r = mdf_source_reader(s);
    arena *scratch = arena_new(0);
    catalog_rows *rows = scratch ? arena_alloc(scratch, sizeof *rows) : NULL;
    status st = ST_FATAL;
    if (!r || !rows)
        find_code(s->found, F_OUT_OF_MEMORY, "reading the catalog");
    else {
        /* Names and defaults stay, so the rows live in the source's arena; only the list heads are scratch. */
        st = catalog_rows_read(rows, r, s->salvage, s->mem, s->found);
        if (st == ST_OK) st = catalog_build(rows, s->store, s->mem, s->found, &s->model);
        s->unit = rows->base.unit;
        s->units = rows->base.units;
    }
    arena_free(scratch);
    page_reader_free(r);
    return st;
}

static bool make_tables(mdf_source *s)
{
    s->list = arena_array(s->mem, s->model.rowsets + 1, sizeof *s->list);
    s->tally = arena_array(s->mem, s->model.tables + 1, sizeof *s->tally);
    s->catalog = (catalog){.table = s->model.info, .tables = s->model.tables};
    return s->list && s->tally;
}

status mdf_source_open(page_store *store, const row_source_ops *ops, bool salvage, source_info *info, findings *f,
                       row_source **out)
{
    *out = NULL;
    mdf_source *s = calloc(1, sizeof *s);
    if (s) {
        *s = (mdf_source){.base = {ops}, .store = store, .found = f, .info = info};
        s->mem = arena_new(0);
        s->lock = mutex_new();
    }
    if (!s || !s->mem || !s->lock) {
        find_code(f, F_OUT_OF_MEMORY, "opening the database");
        if (s)
            mdf_source_close(&s->base);
        else
            store->ops->close(store);
        return ST_FATAL;
    }
    s->salvages = salvage;
    s->salvage = salvage_index_new(store, f);
    status st = s->salvage ? read_model(s) : ST_FATAL;
    if (st == ST_OK && !make_tables(s)) {
        find_code(f, F_OUT_OF_MEMORY, "opening the database");
        st = ST_FATAL;
    }
    if (st != ST_OK) {
        mdf_source_close(&s->base);
        return st;
    }
    complete_info(s);
    *out = &s->base;
    return ST_OK;
}

void mdf_source_close(row_source *source)
{
    mdf_source *s = (mdf_source *)source;
    if (!s) return;
    if (s->store) s->store->ops->close(s->store);
    mutex_free(s->lock);
    salvage_index_free(s->salvage);
    arena_free(s->mem);
    arena_free(s->own_info);
    free(s);
}

const source_info *mdf_source_info(row_source *source) { return ((mdf_source *)source)->info; }
const mdf_model *mdf_source_model(row_source *source) { return &((mdf_source *)source)->model; }

void mdf_source_count_changes(row_source *source, const id_table *changes)
{
    mdf_source *s = (mdf_source *)source;
    /* The model is this source's own memory; nobody else reads it yet. */
    mdf_rowset *rowset = (mdf_rowset *)s->model.rowset;
    table_info *info = (table_info *)s->model.info;
    for (size_t i = 0; i < s->model.rowsets; i++) {
        mdf_rowset *rs = &rowset[i];
        const mdf_count_change *own = id_table_find(changes, (uint64_t)rs->id);
        int64_t rows = own ? own->rows : 0;
        if (rs->rows < 0 || rows == 0 || rows < -rs->rows || rows > INT64_MAX - rs->rows) continue;
        rs->rows += rows;
        if (rs->index_id > 1 || rs->table >= s->model.tables) continue;
        int64_t *expected = &info[rs->table].rows_expected;
        *expected = rows > 0 || *expected < -rows ? mdf_counts_added(*expected, rows) : *expected + rows;
    }
}

status mdf_source_catalog(row_source *source, const catalog **out)
{
    *out = &((mdf_source *)source)->catalog;
    return ST_OK;
}

/* A page belongs to one rowset. Lists that together name twice the pages there are come from damage; reading them all
 * could take the square of the file's size in time and output. */
static const page_list refused_list = {.broken = true};

static bool within_store(mdf_source *s, const page_list *list)
{
    uint64_t pages = 0;
    for (size_t i = 0; i < s->store->ops->files(s->store); i++)
        pages += (uint64_t)s->store->ops->extents(s->store, s->store->ops->file_id(s->store, i)) * EXTENT_PAGES;
    if (list->pages > 2 * pages || s->pages_listed > 2 * pages - list->pages) return false;
    s->pages_listed += list->pages;
    return true;
}

static status make_list(mdf_source *s, const mdf_rowset *rs, page_reader *r)
{
    page_list *list = arena_alloc(s->mem, sizeof *list);
    if (!list) {
        find_code(s->found, F_OUT_OF_MEMORY, "listing the pages of a table");
        return ST_FATAL;
    }
    status st = mdf_page_list(r, rs->iam_in_row, s->mem, list);
    list->unit = rs->unit_in_row;
    list->broken |= rs->unplaced;
    if (st == ST_OK && list->broken && rs->index_id <= 1)
        st = salvage_add(s->salvage, r, rs->unit_in_row, PAGE_DATA, s->mem, list);
    if (st != ST_OK) return st;
    s->list[rs->index] = list;
    if (within_store(s, list)) return ST_OK;
    s->list[rs->index] = &refused_list;
    finding x = FINDING_OF(F_TABLE_UNREADABLE);
    x.table = s->model.info[rs->table].full_name;
    x.a =
        SV_LIT("not read: its list of pages and those of other tables together name more pages than the database has");
    find_add(s->found, &x);
    return ST_OK;
}

/* The pages of a rowset are listed when they are first asked for and kept: a table is scanned in many ranges. */
status mdf_source_list(mdf_source *s, const mdf_rowset *rs, page_reader *r, const page_list **out)
{
    mutex_lock(s->lock);
    status st = s->list[rs->index] ? ST_OK : make_list(s, rs, r);
    *out = s->list[rs->index];
    mutex_unlock(s->lock);
    return st == ST_OK && *out == &refused_list ? ST_TABLE_LOST : st;
}

/* ---- large values ---- */

struct lob_stream {
    lob_text *text;
};

status mdf_source_lob_open(row_source *source, const lob_ref *ref, lob_stream **out)
{
    mdf_source *s = (mdf_source *)source;
    lob_stream *l = malloc(sizeof *l);
    *out = NULL;
    if (!l) {
        find_code(s->found, F_OUT_OF_MEMORY, "opening a large value");
        return ST_FATAL;
    }
    status st = lob_text_open(&s->model, s->store, s->found, ref, &l->text);
    if (st == ST_OK)
        *out = l;
    else
        free(l);
    return st;
}

status mdf_source_lob_read(lob_stream *l, void *p, size_t room, size_t *got)
{
    return lob_text_read(l->text, p, room, got);
}

void mdf_source_lob_close(lob_stream *l)
{
    if (!l) return;
    lob_text_close(l->text);
    free(l);
}

/* ---- bare data files ---- */

static status add_accounts(const open_args *a, const mdf_source *s, source_info *info, arena *mem, findings *f)
{
    byte_account *all = arena_array(mem, a->files + 1, sizeof *all);
    page_reader *r = mdf_source_reader(s);
    status st = all && r ? mdf_bytes(r, a->file, a->files, mem, f, all) : ST_FATAL;
    if (!all || !r) find_code(f, F_OUT_OF_MEMORY, "opening the database");
    if (st == ST_OK) info->account = all;
    if (st == ST_OK) info->accounts = a->files;
    page_reader_free(r);
    return st;
}

static status open_files(const open_args *a, findings *f, row_source **out)
{
    page_store *store;
    *out = NULL;
    arena *mem = arena_new(0);
    source_info *info = mem ? arena_alloc(mem, sizeof *info) : NULL;
    if (!info) {
        arena_free(mem);
        find_code(f, F_OUT_OF_MEMORY, "opening the database");
        return ST_FATAL;
    }
    if (a->olders) {
        find_at(f, F_BAK_REPAIR_SOURCE, byte_source_path(a->older[0]),
                SV_LIT("what is to be repaired is a data file, which does not say of which database it is; have a SQL "
                       "Server back it up (WITH CONTINUE_AFTER_ERROR) and repair that backup"));
        arena_free(mem);
        return ST_FATAL;
    }
    info->kind = SV_LIT("SQL Server data file");
    info->consistency_note = SV_LIT("A data file carries no log. If it was copied while SQL Server had it open, its "
                                    "pages may be from different moments.");
    for (size_t i = 0; i < a->files; i++) info->file_bytes += byte_source_size(a->file[i]);
    status st = mdf_file_store_open(a->file, a->files, a->keys, f, &store);
    if (st == ST_OK) info->cipher = sv_from(mdf_file_store_cipher(store));
    info->encrypted = info->cipher.n > 0;
    if (st == ST_OK && !mdf_file_store_ends(store, f)) {
        store->ops->close(store);
        st = ST_FATAL;
    }
    if (st == ST_OK) st = mdf_source_open(store, &mdf_ops, a->salvage, info, f, out);
    mdf_source *s = st == ST_OK ? (mdf_source *)*out : NULL;
    if (!s) arena_free(mem);
    if (!s) return st;
    s->own_info = mem;
    return a->account ? add_accounts(a, s, info, mem, f) : ST_OK;
}

const row_source_ops mdf_ops = {.name = "mdf",
                                .title = "SQL Server data file",
                                .bid = mdf_file_bid,
                                .open = open_files,
                                .info = mdf_source_info,
                                .catalog = mdf_source_catalog,
                                .scan = mdf_source_scan,
                                .next = mdf_source_next,
                                .counts = mdf_source_counts,
                                .cursor_close = mdf_source_cursor_close,
                                .lob_open = mdf_source_lob_open,
                                .lob_read = mdf_source_lob_read,
                                .lob_close = mdf_source_lob_close,
                                .verify = mdf_source_verify,
                                .check = mdf_source_check,
                                .close = mdf_source_close};
