#include "mdf/mdf_database.h"
#include "mdf/mdf_record.h"
#include <stdlib.h>

struct row_cursor {
    mdf_source *s;
    const table_info *info;
    const mdf_table *table;
    table_tally *tally;
    page_reader *pages;
    lob_reader *lobs;
    arena *mem;       /* values of the rows handed out last */
    uint16_t *column; /* columns wanted */
    int32_t *wanted;  /* the same as positions in the current part's columns */
    size_t columns;
    bool no_lobs_inline, has_unreadable;
    uint64_t first, last; /* units asked for; last is UINT64_MAX where the table's end is meant */

    size_t part;             /* current one; table->parts: done */
    uint64_t part_first;     /* its first unit */
    record_decoder *decoder; /* NULL: the part is not open */
    page_walk walk;
    uint64_t walk_from;

    const uint8_t *page; /* being handed out; NULL: take the next */
    page_id page_id;
    unsigned slot, slots;

    value *cell; /* room for cell_rows rows */
    size_t cell_rows;
    scan_counts counts;
};

/* ---- opening ---- */

static status no_memory(mdf_source *s)
{
    find_code(s->found, F_OUT_OF_MEMORY, "scanning a table");
    return ST_FATAL;
}

static bool choose_columns(row_cursor *c, const scan_request *q)
{
    c->columns = q->column ? q->columns : c->info->columns;
    c->column = calloc(c->columns + 1, sizeof *c->column);
    c->wanted = calloc(c->columns + 1, sizeof *c->wanted);
    if (!c->column || !c->wanted) return false;
    for (size_t i = 0; i < c->columns; i++) {
        c->column[i] = q->column ? q->column[i] : (uint16_t)i;
        if (c->info->column[c->column[i]].unreadable.n) c->has_unreadable = true;
    }
    return true;
}

status mdf_source_scan(row_source *source, const scan_request *q, row_cursor **out)
{
    mdf_source *s = (mdf_source *)source;
    *out = NULL;
    row_cursor *c = calloc(1, sizeof *c);
    if (!c) return no_memory(s);
    c->s = s;
    c->info = &s->model.info[q->table];
    c->table = &s->model.table[q->table];
    c->tally = &s->tally[q->table];
    c->no_lobs_inline = q->no_lobs_inline;
    c->first = q->first;
    c->last = q->last == 0 || q->last >= c->info->scan_units ? UINT64_MAX : q->last;
    c->pages = mdf_source_reader(s);
    c->lobs = lob_reader_new(s->store, s->found);
    c->mem = arena_new(0);
    if (!c->pages || !c->lobs || !c->mem || !choose_columns(c, q)) {
        mdf_source_cursor_close(c);
        return no_memory(s);
    }
    page_reader_table(c->pages, c->info->full_name);
    lob_reader_table(c->lobs, c->info->full_name);
    if (c->info->unreadable.n) {
        finding x = FINDING_OF(F_TABLE_UNREADABLE);
        x.table = c->info->full_name;
        x.a = c->info->unreadable;
        find_add(s->found, &x);
        mdf_source_cursor_close(c);
        return ST_TABLE_LOST;
    }
    *out = c;
    return ST_OK;
}

void mdf_source_cursor_close(row_cursor *c)
{
    if (!c) return;
    record_decoder_free(c->decoder);
    page_reader_free(c->pages);
    lob_reader_free(c->lobs);
    arena_free(c->mem);
    free(c->column);
    free(c->wanted);
    free(c->cell);
    free(c);
}

const scan_counts *mdf_source_counts(const row_cursor *c) { return &c->counts; }

/* ---- parts: units are counted through all of them, and the last unit of each part reaches to the end of its pages
 * ---- */

static status open_part(row_cursor *c)
{
    const mdf_rowset *rs = c->table->part[c->part];
    const page_list *list;
    uint64_t first = c->first > c->part_first ? c->first - c->part_first : 0;
    bool to_end = c->last == UINT64_MAX || c->last - c->part_first >= rs->scan_units;
    status st = mdf_source_list(c->s, rs, c->pages, &list);
    if (st != ST_OK) return st;
    for (size_t i = 0; i < c->columns; i++) {
        bool lost = c->info->column[c->column[i]].unreadable.n != 0;
        c->wanted[i] = lost ? -1 : c->table->column_of[c->part * c->info->columns + c->column[i]];
    }
    c->decoder = record_decoder_new(&c->s->model, rs, c->wanted, c->columns, c->lobs, c->no_lobs_inline, c->s->found,
                                    c->info->full_name);
    if (!c->decoder) return no_memory(c->s);
    page_walk_start(&c->walk, list, PAGE_DATA, 0, first, to_end ? list->pages : c->last - c->part_first);
    c->walk_from = c->walk.at;
    return ST_OK;
}

static void close_part(row_cursor *c)
{
    if (c->walk.at > c->walk_from) atomic_fetch_add(&c->tally->positions, c->walk.at - c->walk_from);
    record_decoder_free(c->decoder);
    c->decoder = NULL;
    c->part_first += c->table->part[c->part++]->scan_units;
}

/* Makes a part current that the range reaches into. ST_END when there is none left. */
static status need_part(row_cursor *c)
{
    while (!c->decoder) {
        if (c->part == c->table->parts || c->part_first >= c->last) return ST_END;
        uint64_t end = c->part_first + c->table->part[c->part]->scan_units;
        if (c->first >= end) {
            c->part_first = end;
            c->part++;
            continue;
        }
        status st = open_part(c);
        if (st != ST_OK) return st;
    }
    return ST_OK;
}

/* Makes a page current. ST_ROW_LOST: one was lost (finding added), call again. */
static status need_page(row_cursor *c)
{
    while (!c->page) {
        status st = need_part(c);
        if (st != ST_OK) return st;
        st = page_walk_next(&c->walk, c->pages, &c->page_id, &c->page);
        if (st == ST_END) {
            close_part(c);
            continue;
        }
        if (st == ST_OK) {
            c->counts.pages++;
            st = record_decoder_page(c->decoder, c->page_id, c->page);
        }
        if (st != ST_OK) {
            c->page = NULL;
            return st;
        }
        c->slot = 0;
        c->slots = page_slots(c->page);
    }
    return ST_OK;
}

/* ---- rows ---- */

static bool make_room(row_cursor *c, size_t rows)
{
    if (rows <= c->cell_rows) return true;
    if (c->columns && rows > SIZE_MAX / sizeof *c->cell / (c->columns + 1)) return false;
    value *grown = realloc(c->cell, rows * (c->columns + 1) * sizeof *grown);
    if (!grown) return false;
    c->cell = grown;
    c->cell_rows = rows;
    return true;
}

static void mark_unreadable_columns(const row_cursor *c, value *cell)
{
    for (size_t i = 0; i < c->columns; i++)
        if (c->info->column[c->column[i]].unreadable.n) {
            cell[i].kind = V_UNREADABLE;
            cell[i].as.why = F_COLUMN_UNREADABLE;
        }
}

/* Rows of the current page, up to max; the page is given up when its slots are done. A batch never spans pages, since
 * values may point into the page. */
static status rows_of_page(row_cursor *c, row *out, size_t max, size_t *got)
{
    uint64_t bad_cells = 0;
    status st = ST_OK;
    while (c->slot < c->slots && *got < max) {
        uint16_t slot = (uint16_t)c->slot++;
        record_state state = record_decoder_state(c->decoder, slot);
        if (state == RECORD_NONE) continue;
        value *cell = c->cell + *got * c->columns;
        st = record_decoder_row(c->decoder, slot, c->mem, cell, &bad_cells);
        if (st != ST_OK) {
            c->counts.rows_unreadable++;
            break;
        }
        if (c->has_unreadable) mark_unreadable_columns(c, cell);
        out[(*got)++] = (row){cell, c->columns, {.page = c->page_id.page, .file = c->page_id.file, .slot = slot}};
    }
    if (c->slot == c->slots) c->page = NULL;
    c->counts.rows += *got;
    c->counts.cells_unreadable += bad_cells;
    atomic_fetch_add_explicit(&c->tally->rows, *got, memory_order_relaxed);
    if (st == ST_ROW_LOST) atomic_fetch_add_explicit(&c->tally->lost, 1, memory_order_relaxed);
    return st;
}

status mdf_source_next(row_cursor *c, row *out, size_t max, size_t *got)
{
    *got = 0;
    arena_reset(c->mem);
    if (max > PAGE_BYTES / 2) max = PAGE_BYTES / 2; /* no page has more slots */
    if (!make_room(c, max)) return no_memory(c->s);
    while (*got == 0) {
        status st = need_page(c);
        if (st == ST_OK) st = rows_of_page(c, out, max, got);
        if (st != ST_OK) return st;
    }
    return ST_OK;
}
