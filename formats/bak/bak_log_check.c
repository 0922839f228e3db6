#include "bak/bak_log_check.h"
#include "bak/bak_log.h"
#include "mdf/page_reader.h"
#include <stdlib.h>

enum {
    LOG_BYTES_MAX = 64 << 20, /* read at open; quiet databases have some 100 KB, and this takes a tenth of a second */
    OPEN_MAX = 4096,          /* transactions open at one moment */
    PAGES_MAX = 20000         /* page changes compared with the page itself; beyond, a change counts as missing */
};

typedef struct owner {
    int64_t rowset;
    uint32_t table;
} owner;

typedef struct log_check {
    const mdf_model *model;
    page_reader *reader;
    owner *owner; /* sorted by rowset */
    size_t owners;
    uint64_t *changes; /* per table: not in its pages, or in them and never committed */
    uint64_t open[OPEN_MAX];
    size_t opened;
    bool overflow;
    unsigned pages;
} log_check;

/* First pass: which transactions are still open at the end. The log part begins early enough to hold their beginnings.
 * */
static void track_open(void *ctx, const log_record *r)
{
    log_check *c = ctx;
    if (r->operation == LOG_BEGIN) {
        if (c->opened < OPEN_MAX)
            c->open[c->opened++] = r->transaction;
        else
            c->overflow = true;
    }
    if (r->operation != LOG_COMMIT && r->operation != LOG_ABORT) return;
    for (size_t i = c->opened; i > 0; i--)
        if (c->open[i - 1] == r->transaction) {
            c->open[i - 1] = c->open[--c->opened];
            return;
        }
}

static bool is_open(const log_check *c, uint64_t transaction)
{
    for (size_t i = 0; i < c->opened && transaction; i++)
        if (c->open[i] == transaction) return true;
    return false;
}

static int rowset_order(const void *key, const void *element)
{
    uint64_t a = *(const uint64_t *)key, b = (uint64_t)((const owner *)element)->rowset;
    return (a > b) - (a < b);
}

static const owner *owner_of(const log_check *c, uint64_t rowset)
{
    return c->owners ? bsearch(&rowset, c->owner, c->owners, sizeof *c->owner, rowset_order) : NULL;
}

/* A page image as new as the record holds its change. */
static bool is_in_page(log_check *c, const log_record *r)
{
    const uint8_t *page;
    if (c->pages++ >= PAGES_MAX) return false;
    if (page_reader_get(c->reader, (page_id){r->page, r->file}, true, &page) != ST_OK) return false;
    return bak_lsn_cmp(bak_lsn_at(page + PH_LSN), r->lsn) >= 0;
}

/* Second pass. */
static void count_changes(void *ctx, const log_record *r)
{
    log_check *c = ctx;
    switch (r->operation) {
    case LOG_INSERT_ROWS:
    case LOG_DELETE_ROWS:
    case LOG_MODIFY_ROW:
    case LOG_MODIFY_COLUMNS:
    case LOG_DELETE_SPLIT: break;
    default: return;
    }
    const owner *o = owner_of(c, r->rowset);
    if (o && (is_open(c, r->transaction) || !is_in_page(c, r))) c->changes[o->table]++;
}

static int by_rowset(const void *a, const void *b)
{
    uint64_t x = (uint64_t)((const owner *)a)->rowset, y = (uint64_t)((const owner *)b)->rowset;
    return x < y ? -1 : x > y;
}

static bool prepare(log_check *c, const mdf_model *model, page_store *store)
{
    c->model = model;
    c->reader = page_reader_new(store, NULL);
    c->owner = calloc(model->rowsets + 1, sizeof *c->owner);
    c->changes = calloc(model->tables + 1, sizeof *c->changes);
    if (!c->reader || !c->owner || !c->changes) return false;
    for (size_t i = 0; i < model->rowsets; i++) {
        const mdf_rowset *rs = &model->rowset[i];
        if (rs->index_id <= 1 && rs->table < model->tables) c->owner[c->owners++] = (owner){rs->id, rs->table};
    }
    qsort(c->owner, c->owners, sizeof *c->owner, by_rowset);
    return true;
}

static void unknown(source_info *info, arena *a, const char *why, findings *f)
{
    find_code(f, F_BAK_LOG_UNREADABLE, "%s", why);
    info->consistent = CONSISTENCY_UNKNOWN;
    info->consistency_note = arena_printf(a, "Whether tables changed during the backup is unknown: %s.", why);
}

static uint64_t report(const log_check *c, findings *f, arena *a)
{
    uint64_t tables = 0;
    for (size_t i = 0; i < c->model->tables; i++) {
        if (!c->changes[i]) continue;
        finding x = FINDING_OF(F_BAK_CHANGED);
        x.table = c->model->info[i].full_name;
        x.a = arena_printf(a, "%llu", (unsigned long long)c->changes[i]);
        find_add(f, &x);
        tables++;
    }
    return tables;
}

static void conclude(const log_check *c, const log_result *r, source_info *info, arena *a, findings *f)
{
    uint64_t tables = report(c, f, a);
    if (tables) {
        info->consistent = CHANGED_DURING_BACKUP;
        info->consistency_note = arena_printf(a, "%llu tables changed while the backup was made; they are listed.",
                                              (unsigned long long)tables);
    } else if (r->damage)
        unknown(info, a, arena_printf(a, "the log part is damaged: %s", r->damage).p, f);
    else if (r->cut || c->overflow)
        unknown(info, a, "the log part is larger than 64 MB, so people worked in the database meanwhile", f);
    else {
        info->consistent = CONSISTENT;
        info->consistency_note = SV_LIT("No table changed while the backup was made.");
    }
}

/* The log lies in one part of a striped set only. */
static const bak_set *set_with_log(const bak_entry *e, const bak_media **media)
{
    for (unsigned i = 0; i < e->families; i++)
        for (size_t k = 0; e->part_set[i] && k < e->part_set[i]->logs; k++)
            if (e->part_set[i]->log[k].stored) {
                *media = e->part_media[i];
                return e->part_set[i];
            }
    return NULL;
}

void bak_log_check(const bak_files *b, page_store *store, const mdf_model *model, source_info *info, findings *f)
{
    const bak_entry *e = b->choice.diff ? b->choice.diff : b->choice.full;
    const bak_media *media;
    const bak_set *s = set_with_log(e, &media);
    if (!s) {
        unknown(info, b->mem, "the backup has no log part", f);
        return;
    }
    log_check *c = calloc(1, sizeof *c);
    log_result r;
    if (!c || !prepare(c, model, store))
        unknown(info, b->mem, "there is not enough memory", f);
    else if (bak_log_read(media, s, LOG_BYTES_MAX, track_open, c, f, &r) != ST_OK ||
             bak_log_read(media, s, LOG_BYTES_MAX, count_changes, c, f, &r) != ST_OK)
        unknown(info, b->mem, "it cannot be read", f);
    else
        conclude(c, &r, info, b->mem, f);
    if (c) {
        page_reader_free(c->reader);
        free(c->owner);
        free(c->changes);
    }
    free(c);
}
