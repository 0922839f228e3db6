#include "bak/bak_redo.h"
#include "bak/bak_apply.h"
#include "bak/bak_losers.h"
#include "bak/bak_split.h"
#include "mdf/mdf_alloc.h"
#include <stdlib.h>

enum { DOUBTS_MAX = 4096 };

/* Where the doubt about a page lies. */
typedef struct doubt_place {
    uint64_t page; /* page_key */
    size_t at;
} doubt_place;

typedef struct redo {
    const bak_files *files;
    findings *found;
    redo_result *out;
    page_overlay *overlay;
    page_store *below; /* the overlay */
    id_table open;     /* open_transaction */
    losers *losers;
    splits splits;
    bak_lsn counted;  /* what came before is in the catalog's numbers of rows */
    bak_lsn last;     /* of the records seen in this pass */
    status st;        /* sticky */
    id_table doubted; /* doubt_place; at most DOUBTS_MAX */
} redo;

static void no_memory(redo *d)
{
    if (d->st == ST_OK) find_code(d->found, F_OUT_OF_MEMORY, "applying the log");
    d->st = ST_FATAL;
}

/* ---- doubts ---- */

static redo_doubt *doubt_of(redo *d, page_id id)
{
    redo_result *o = d->out;
    doubt_place *place = id_table_put(&d->doubted, page_key(id));
    if (!place) {
        o->more_doubts = true;
        if (!d->doubted.full) no_memory(d);
        return NULL;
    }
    if (d->doubted.n > o->doubts) {
        place->at = o->doubts;
        o->doubt[o->doubts++] = (redo_doubt){.page = id};
    }
    return &o->doubt[place->at];
}

static void add_doubt(redo *d, const log_record *r, const char *why)
{
    /* Counts are statistics: the rows themselves are counted when they are read. */
    if (r->operation == LOG_COUNTS || r->operation == LOG_SET_FREE_SPACE) return;
    redo_doubt *x = doubt_of(d, (page_id){r->page, r->file});
    if (!x) return;
    if (!x->why) x->why = why;
    if (!x->unit) x->unit = r->unit;
    if (!x->rowset) x->rowset = r->rowset;
    x->changes++;
}

/* ---- which records ---- */

/* Pages that no reading of tables depends on: file headers, boot page, GAM, SGAM, differential and bulk maps. The place of
 * extents in a backup is told by the maps as they are in it. */
static bool is_of_use(const log_record *r)
{
    page_id id = {r->page, r->file};
    if (!r->on_page || r->operation == LOG_FILE_HEADER || r->operation == LOG_CHANGED_EXTENTS) return false;
    return !mdf_is_system_page(id) || (r->page ? r->page % PFS_PAGES == 0 || r->page == 1 : false);
}

/* Each record once: log backups begin with blocks that the backup before them holds too. */
static bool is_next(redo *d, const log_record *r)
{
    if (d->st != ST_OK || bak_lsn_cmp(r->lsn, d->last) <= 0) return false;
    d->last = r->lsn;
    return true;
}

/* First pass: which transactions are open at the end. */
static void follow(void *ctx, const log_record *r)
{
    redo *d = ctx;
    if (is_next(d, r) && !transactions_follow(&d->open, r)) no_memory(d);
}

/* ---- second pass ---- */

static const char split_lost[] = "rows were moved by a page split, and the log does not show which";

/* The rows that the record puts on the page come with the one that takes them off another. */
static void keep_split(redo *d, const log_record *r, bool wanted)
{
    log_record lost;
    bool any;
    if (!splits_keep(&d->splits, r, wanted, &lost, &any)) no_memory(d);
    if (any) add_doubt(d, &lost, split_lost);
}

static const char *take_split(redo *d, const log_record *r, uint8_t *page)
{
    split_rows *rows = splits_of(&d->splits, r);
    uint8_t from[PAGE_BYTES], *to = NULL;
    if (!rows) return split_lost;
    memcpy(from, page, PAGE_BYTES);
    if (rows->wanted) d->st = page_overlay_edit(d->overlay, (page_id){rows->record.page, rows->record.file}, &to);
    const char *why = d->st == ST_OK ? split_move(rows, from, r->slot, to) : split_lost;
    if (!why) rows->wanted = false;
    if (d->st == ST_OK && !why) d->st = page_overlay_edit(d->overlay, (page_id){r->page, r->file}, &page);
    if (d->st != ST_OK || why) return why;
    memcpy(page, from, PAGE_BYTES);
    page_change_lsn(page, r->lsn.vlf, r->lsn.block, r->lsn.slot);
    return NULL;
}

static const char *change(redo *d, const log_record *r, uint8_t *page)
{
    if (r->operation == LOG_DELETE_SPLIT) return take_split(d, r, page);
    if (!apply_is_many(r)) {
        const char *why = apply_record(page, r);
        if (!why) page_change_lsn(page, r->lsn.vlf, r->lsn.block, r->lsn.slot);
        return why;
    }
    if (page_slots(page)) return split_lost;
    page_change_lsn(page, r->lsn.vlf, r->lsn.block, r->lsn.slot);
    keep_split(d, r, true);
    return NULL;
}

/* NULL, or why the page cannot be made anew: asked before anything of the old one is lost. */
static const char *why_not_anew(const redo *d, const log_record *r)
{
    enum { GROWTH_PAGES = 1 << 22 }; /* 32 GB while the backup runs, or between it and its logs */
    uint8_t made[PAGE_BYTES] = {0};
    const uint64_t pages = (uint64_t)d->below->ops->extents(d->below, r->file) * EXTENT_PAGES;
    if (pages == 0) return "the page is of a file that is not in the backup";
    if (r->page >= pages + GROWTH_PAGES) return "the page is far behind the end of its file";
    return apply_record(made, r);
}

static void put_lsn(bak_lsn lsn, uint8_t out[10])
{
    for (unsigned i = 0; i < 4; i++) {
        out[i] = (uint8_t)(lsn.vlf >> 8 * i);
        out[4 + i] = (uint8_t)(lsn.block >> 8 * i);
    }
    out[8] = (uint8_t)lsn.slot;
    out[9] = (uint8_t)(lsn.slot >> 8);
}

/* The page's log sequence number. A damaged page is had from an older backup in the state that this record changes, or leaves:
 * nothing else can have happened to it in between. */
static status page_lsn(redo *d, const log_record *r, uint8_t lsn[10])
{
    page_id id = {r->page, r->file};
    const bool anew = r->operation == LOG_FORMAT_PAGE;
    status st = page_overlay_lsn(d->overlay, id, lsn);
    for (int i = 0; st == ST_ROW_LOST && !anew && i < 2; i++) {
        put_lsn(i ? r->lsn : r->page_before, lsn);
        st = page_overlay_mend(d->overlay, id, lsn);
    }
    return st;
}

static void put_on_page(redo *d, const log_record *r)
{
    page_id id = {r->page, r->file};
    uint8_t lsn[10], *page;
    const bool anew = r->operation == LOG_FORMAT_PAGE;
    status st = page_lsn(d, r, lsn);
    if (st == ST_OK && bak_lsn_cmp(bak_lsn_at(lsn), r->lsn) >= 0) { /* is in the page */
        if (apply_is_many(r)) keep_split(d, r, false);
        return;
    }
    if (st == ST_ROW_LOST && !anew) {
        add_doubt(d, r, "the page is not in the backup, or damaged");
        return;
    }
    if (st == ST_OK && !anew && bak_lsn_cmp(bak_lsn_at(lsn), r->page_before) != 0) {
        add_doubt(d, r, "the page is not in the state that the log continues");
        return;
    }
    const char *why = anew ? why_not_anew(d, r) : NULL;
    if (why) {
        add_doubt(d, r, why);
        return;
    }
    if (st != ST_FATAL)
        st = anew ? page_overlay_renew(d->overlay, id, &page) : page_overlay_edit(d->overlay, id, &page);
    if (st == ST_FATAL) {
        d->st = st;
        return;
    }
    why = st == ST_OK ? change(d, r, page) : "the page cannot be read";
    if (d->st != ST_OK) return;
    if (why) {
        add_doubt(d, r, why);
        return;
    }
    d->out->applied++;
    d->out->rows += apply_is_row(r);
}

static const char too_many[] = "unfinished transactions changed more than can be taken back";

static void redo_record(void *ctx, const log_record *r)
{
    redo *d = ctx;
    if (!is_next(d, r) || !is_of_use(r)) return;
    if (bak_lsn_cmp(r->lsn, d->counted) >= 0 && !row_counts_follow(&d->out->rows_changed, r, 1)) no_memory(d);
    if (d->st == ST_OK) put_on_page(d, r);
    if (d->st != ST_OK || !d->open.n) return;
    losers_move(d->losers, r);
    open_transaction *t = id_table_find(&d->open, r->transaction);
    if (t && !losers_keep(d->losers, t, r)) no_memory(d);
    if (t && losers_overflowed(d->losers)) add_doubt(d, r, too_many);
}

/* ---- taking back ---- */

static void undo_record(redo *d, const log_record *r, unsigned slot)
{
    if (r->operation != LOG_COUNTS && !row_counts_follow(&d->out->rows_changed, r, -1)) no_memory(d);
    page_id id = {r->page, r->file};
    uint8_t lsn[10], *page;
    status st = page_overlay_lsn(d->overlay, id, lsn);
    if (st == ST_OK && bak_lsn_cmp(bak_lsn_at(lsn), r->lsn) < 0) return; /* never came into the page; is in doubt */
    if (st == ST_OK && bak_lsn_cmp(bak_lsn_at(lsn), d->last) > 0) {
        add_doubt(d, r, "the page was changed after the log that can be read");
        return;
    }
    if (st == ST_OK) st = page_overlay_edit(d->overlay, id, &page);
    if (st == ST_FATAL) {
        d->st = st;
        return;
    }
    const char *why = st == ST_OK ? apply_undo(page, r, slot) : "the page is not in the backup, or damaged";
    if (why)
        add_doubt(d, r, why);
    else
        d->out->undone++;
}

static void undo_all(redo *d)
{
    size_t at = SIZE_MAX;
    log_record r;
    unsigned slot;
    /* Some are missing, and slots may be wrong: to take a part back would make rows that never were. */
    const bool some = losers_overflowed(d->losers);
    while (d->st == ST_OK && losers_next(d->losers, &at, &r, &slot)) {
        if (some)
            add_doubt(d, &r, too_many);
        else
            undo_record(d, &r, slot);
    }
    if (some) d->out->more_doubts = true;
}

/* ---- the log ---- */

/* It lies in one part of a striped set only. */
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

/* The last log sequence number of a backup is where the next block begins: the first one of the next virtual log file
 * (behind its header of 16 sectors) when this one is full. */
static bool reaches(bak_lsn end, bak_lsn last)
{
    enum { FIRST_BLOCK = 16 };
    return bak_lsn_cmp(end, last) >= 0 || (last.vlf == end.vlf + 1 && last.block <= FIRST_BLOCK);
}

/* False: nothing behind this set's log can be applied. */
static bool read_set(redo *d, const bak_entry *e, log_visit visit)
{
    const bak_media *media;
    log_result *log = &d->out->log;
    const bak_set *s = set_with_log(e, &media);
    const bool log_backup = bak_set_type(e->set) == 'L';
    if (!s && !log_backup) return true;
    d->out->read = true;
    status st = s ? bak_log_read(media, s, UINT64_MAX, visit, d, d->found, log) : ST_OK;
    if (st != ST_OK) d->st = st;
    if (d->st != ST_OK) return false;
    /* Where a log backup ends is known when it begins, and its first description says it, too. */
    if (!s)
        log->damage = "nothing of its log can be found in the file";
    else if (!log->damage && (s->has_finish || log_backup) && !reaches(log->end, bak_set_config(s)->last))
        log->damage = "it ends before the description of the backup says";
    if (log->damage) d->out->stopped = e;
    return !log->damage;
}

static void read_all(redo *d, log_visit visit)
{
    const bak_choice *c = &d->files->choice;
    memset(&d->out->log, 0, sizeof d->out->log);
    d->out->stopped = NULL;
    d->last = (bak_lsn){0, 0, 0};
    bool on = read_set(d, c->diff ? c->diff : c->full, visit);
    for (size_t i = 0; on && i < c->logs; i++) on = read_set(d, c->log[i], visit);
    d->out->end = d->out->log.end;
}

status bak_redo(const bak_files *b, const char *folder, findings *f, page_store **store, redo_result *out)
{
    *out = (redo_result){.rows_changed = NO_ROW_COUNTS};
    redo d = {.files = b, .found = f, .out = out, .open = NO_TRANSACTIONS, .st = ST_OK};
    d.doubted = (id_table){.entry_bytes = sizeof(doubt_place), .most = DOUBTS_MAX};
    d.counted = bak_set_config((b->choice.diff ? b->choice.diff : b->choice.full)->set)->checkpoint;
    out->doubt = calloc(DOUBTS_MAX, sizeof *out->doubt);
    d.losers = losers_new();
    if (!out->doubt || !d.losers) no_memory(&d);
    d.below = *store;
    if (d.st == ST_OK) d.overlay = page_overlay_new(*store, folder, f);
    if (!d.overlay) d.st = ST_FATAL;
    if (d.st == ST_OK) read_all(&d, follow);
    out->unfinished = d.open.n;
    if (d.st == ST_OK) read_all(&d, redo_record);
    for (size_t i = 0; i < SPLITS; i++)
        if (d.splits.list[i].wanted) add_doubt(&d, &d.splits.list[i].record, split_lost);
    if (d.st == ST_OK) undo_all(&d);
    if (d.open.full) out->more_doubts = true;
    if (d.st == ST_OK && page_overlay_pages(d.overlay))
        *store = page_overlay_store(d.overlay);
    else
        page_overlay_leave(d.overlay);
    losers_free(d.losers);
    splits_free(&d.splits);
    id_table_free(&d.open);
    id_table_free(&d.doubted);
    return d.st;
}

void redo_free(redo_result *r)
{
    id_table_free(&r->rows_changed);
    free(r->doubt);
    r->doubt = NULL;
}
