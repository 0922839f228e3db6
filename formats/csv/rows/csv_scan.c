#include "base/limits.h"
#include "csv/rows/csv_cursor.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Cells of a batch; rows of a batch at least one. */
enum { BATCH_CELLS = 32 << 10, BATCH_ROWS_MAX = 1024 };

static status no_memory(csv_source *s)
{
    find_code(s->found, F_OUT_OF_MEMORY, "reading a text file");
    return ST_FATAL;
}

/* ---- findings ---- */

static finding finding_at(const row_cursor *c, finding_code code, uint64_t line)
{
    finding x = FINDING_OF(code);
    x.path = c->t->text->path;
    x.table = c->t->info->full_name;
    x.line = line;
    return x;
}

void csv_lose(row_cursor *c, uint64_t line, size_t fields, const char *why)
{
    c->lost = true;
    c->counts.rows_unreadable++;
    if (c->silent) return;
    char a[96], b[24];
    finding x = finding_at(c, F_CSV_ROW_BROKEN, line);
    if (why)
        x.a = sv_from(why);
    else
        x.a = (sv){a, (size_t)snprintf(a, sizeof a, "%zu value%s", fields, fields == 1 ? "" : "s")};
    x.b = (sv){b, (size_t)snprintf(b, sizeof b, "%zu", c->t->s.columns)};
    x.rows = 1;
    find_add(c->s->found, &x);
}

static void say_invalid(row_cursor *c, uint64_t line, size_t column)
{
    const csv_dialect *d = &c->t->s.d;
    finding x = finding_at(c, F_CSV_CELL_INVALID, line);
    x.column = c->t->info->column[column].name;
    x.a = sv_from(csv_encoding_name(d->encoding, d->page, false));
    find_add(c->s->found, &x);
}

/* ---- rows ---- */

void csv_lob_value(const row_cursor *c, value *out, uint64_t at, uint64_t bytes, unsigned flags, size_t column)
{
    *out = (value){.kind = V_LOB,
                   .as.lob = {.bytes = bytes,
                              .page = (uint32_t)at,
                              .slot = (uint16_t)(at >> 32),
                              .owner = (uint32_t)c->table,
                              .column = (uint16_t)column,
                              .encoding = LOB_UTF8,
                              .origin = (uint8_t)flags}};
}

static bool large_cell(row_cursor *c, const csv_field_text *f, size_t column, value *out)
{
    if (f->n <= LOB_INLINE_BYTES_MAX) return false;
    size_t at = (size_t)(f->p - c->text.p);
    uint64_t from = csv_text_raw(&c->text, at), to = csv_text_raw(&c->text, at + f->n);
    csv_lob_value(c, out, from, to - from, f->flags, column);
    return true;
}

bool csv_emit(row_cursor *c, const csv_record *r, const csv_field_text *field, uint64_t line)
{
    csv_cell_want want = {&c->t->s.d, r, c->mem};
    uint64_t stripped = 0;
    value *cell = c->cell + c->got * c->columns;
    c->counts.rows++;
    if (c->columns == 0 && c->silent) return true;
    for (size_t i = 0; i < c->columns; i++) {
        const csv_field_text *f = &field[c->column[i]];
        if (large_cell(c, f, c->column[i], &cell[i])) continue;
        csv_cell_state st = csv_cell(&want, f, &cell[i], &stripped);
        if (st == CSV_CELL_NO_MEMORY) return false;
        if (st == CSV_CELL_OK) continue;
        cell[i] = (value){.kind = V_UNREADABLE, .as.why = F_CSV_CELL_INVALID};
        c->counts.cells_unreadable++;
        if (!c->silent) say_invalid(c, line, c->column[i]);
    }
    if (stripped && (c->audits || !c->t->audited)) atomic_fetch_add(&c->t->stripped, stripped);
    c->out[c->got++] = (row){cell, c->columns, {.line = line}};
    return true;
}

void csv_pass(row_cursor *c, const csv_record *r)
{
    c->at = (size_t)(r->next - c->text.p);
    c->line += r->lines;
}

/* ---- units ---- */

static uint64_t units_of(const csv_table *t) { return t->info->scan_units; }

static void find_mark(row_cursor *c)
{
    c->mark = SIZE_MAX;
    if (c->unit > c->last || c->unit >= units_of(c->t)) return;
    uint64_t raw = c->unit * CSV_UNIT_BYTES;
    if (raw <= c->text.raw_at)
        c->mark = 0;
    else
        c->mark = csv_text_place(&c->text, raw);
}

/* The present record may begin unit c->unit (and others, when it is long). */
static void note_units(row_cursor *c)
{
    uint64_t raw = csv_text_raw(&c->text, c->at);
    mutex_lock(c->s->lock);
    while (c->unit < units_of(c->t) && c->unit * CSV_UNIT_BYTES <= raw) {
        csv_place *p = &c->t->start[c->unit++];
        if (p->at == UINT64_MAX) *p = (csv_place){raw, c->line};
    }
    mutex_unlock(c->s->lock);
    find_mark(c);
    if (c->unit > c->last) c->over = true;
}

/* The units that no record begins are empty: they begin at the end. */
static void note_end(row_cursor *c)
{
    c->over = true;
    mutex_lock(c->s->lock);
    for (; c->unit < units_of(c->t); c->unit++) {
        csv_place *p = &c->t->start[c->unit];
        if (p->at == UINT64_MAX) *p = (csv_place){c->text.raw_end, c->line};
    }
    mutex_unlock(c->s->lock);
}

/* ---- records ---- */

bool csv_is_whole(const row_cursor *c, const csv_cut *x) { return x->r.fields == c->t->s.columns && !x->r.stray; }

csv_verdict csv_cut_at(row_cursor *c, const char *from, csv_cut *out)
{
    const csv_dialect *d = &c->t->s.d;
    const char *end = c->text.p + c->text.n;
    bool (*cut)(const csv_dialect *, const char *, const char *, bool, csv_field_text *, size_t, csv_record *) =
        d->width ? csv_split_fixed : csv_split;
    out->there = cut(d, from, end, c->text.end, out->field, c->t->s.columns + 1, &out->r);
    return out->there ? CSV_GO_ON : CSV_NEED_MORE;
}

static void swap_cuts(row_cursor *c)
{
    csv_cut x = c->now;
    c->now = c->then;
    c->then = x;
    c->then.there = false;
}

/* The present record and, unless the text ends, the next one. */
static csv_verdict look(row_cursor *c)
{
    const char *p = c->text.p + c->at, *end = c->text.p + c->text.n;
    if (!(c->now.there && c->now.r.p == p) && csv_cut_at(c, p, &c->now) != CSV_GO_ON) return CSV_NEED_MORE;
    c->then.there = false;
    if (c->now.r.next == end && c->text.end) return CSV_GO_ON;
    if (csv_cut_at(c, c->now.r.next, &c->then) == CSV_GO_ON) return CSV_GO_ON;
    /* What follows is very long: then it is no line that might belong to this record. */
    return c->text.n >= CSV_WINDOW_BYTES_MAX ? CSV_GO_ON : CSV_NEED_MORE;
}

static csv_verdict one_record(row_cursor *c)
{
    csv_verdict v = look(c);
    if (v == CSV_NEED_MORE && c->text.n - c->at >= CSV_WINDOW_BYTES_MAX) return csv_long_record(c);
    if (v != CSV_GO_ON) return v;
    bool whole = csv_is_whole(c, &c->now);
    if (whole && c->before_whole && c->at >= c->mark) {
        note_units(c);
        if (c->over) return CSV_GO_ON;
    }
    bool doubtful = c->now.r.lines > 1 && !c->t->s.d.keep_all;
    if (!whole || doubtful || (c->then.there && csv_is_orphan(c, &c->then)) || c->t->s.d.footers) {
        c->before_whole = false;
        v = csv_broken(c);
        c->now.there = false;
        return v;
    }
    c->before_whole = true;
    if (!csv_emit(c, &c->now.r, c->now.field, c->line)) {
        (void)no_memory(c->s);
        return CSV_FAILED;
    }
    csv_pass(c, &c->now.r);
    if (c->then.there) swap_cuts(c);
    return CSV_GO_ON;
}

/* ---- the cursor ---- */

static bool refill(row_cursor *c, status *st)
{
    *st = csv_text_more(&c->text, c->at);
    c->at = 0;
    c->now.there = c->then.there = false;
    find_mark(c);
    return *st == ST_OK || *st == ST_END;
}

static void count_bytes(row_cursor *c)
{
    uint64_t done = c->text.raw_at > c->raw_done ? c->text.raw_at - c->raw_done : 0;
    c->counts.pages = done / 8192;
}

/* Rows until the batch is full, the window is used up, or the range is over. */
static status run(row_cursor *c, size_t max)
{
    if (max > c->rows_room) max = c->rows_room;
    while (c->got < max && !c->over) {
        if (c->at == c->text.n && c->text.end) {
            note_end(c);
            break;
        }
        csv_verdict v = c->text.p ? one_record(c) : CSV_NEED_MORE;
        if (v == CSV_FAILED) return ST_FATAL;
        if (v == CSV_STOPPED) return ST_TABLE_LOST;
        if (v == CSV_GO_ON) continue;
        if (c->got || c->lost) break; /* the window holds their text */
        status st;
        if (!refill(c, &st)) return st;
    }
    return ST_OK;
}

status csv_next(row_cursor *c, row *out, size_t max, size_t *got)
{
    arena_reset(c->mem);
    c->out = out;
    c->got = 0;
    c->lost = false;
    status st = run(c, max);
    *got = c->got;
    count_bytes(c);
    if (st != ST_OK) {
        c->over = true;
        return st;
    }
    if (c->lost) return ST_ROW_LOST;
    return c->got ? ST_OK : ST_END;
}

const scan_counts *csv_counts(const row_cursor *c) { return &c->counts; }

void csv_cursor_close(row_cursor *c)
{
    if (!c) return;
    csv_text_free(&c->text);
    free(c->now.field);
    free(c->then.field);
    free(c->column);
    free(c->cell);
    arena_free(c->mem);
    free(c);
}

static bool take_request(row_cursor *c, const scan_request *q)
{
    size_t all = c->t->s.columns, n = q->column ? q->columns : all;
    c->columns = n;
    c->rows_room = BATCH_CELLS / (n ? n : 1);
    if (c->rows_room > BATCH_ROWS_MAX) c->rows_room = BATCH_ROWS_MAX;
    if (c->rows_room < 2) c->rows_room = 2;
    c->column = calloc(n + 1, sizeof *c->column);
    c->cell = malloc((c->rows_room * n + 1) * sizeof *c->cell);
    c->now.field = malloc((all + 2) * sizeof *c->now.field);
    c->then.field = malloc((all + 2) * sizeof *c->then.field);
    c->mem = arena_new((size_t)64 << 20);
    if (!c->column || !c->cell || !c->now.field || !c->then.field || !c->mem) return false;
    for (size_t i = 0; i < n; i++) c->column[i] = q->column ? q->column[i] : (uint16_t)i;
    return true;
}

static row_cursor *new_cursor(csv_source *s, const scan_request *q, csv_place from, uint64_t first, uint64_t last,
                              bool silent)
{
    row_cursor *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    *c = (row_cursor){.s = s, .t = &s->table[q->table], .table = q->table, .silent = silent};
    if (!take_request(c, q)) {
        csv_cursor_close(c);
        return NULL;
    }
    csv_text_start(&c->text, c->t->file, s->found, &c->t->s.d, from.at, UINT64_MAX);
    c->raw_done = from.at;
    c->line = from.line;
    c->unit = first + 1;
    c->last = last;
    c->mark = SIZE_MAX;
    /* A unit begins behind a whole record; it is no place for the next unit to begin as well. */
    c->before_whole = first > 0;
    return c;
}

row_cursor *csv_audit_cursor(csv_source *s, size_t table)
{
    csv_table *t = &s->table[table];
    scan_request all = {.table = table};
    row_cursor *c = new_cursor(s, &all, t->start[0], 0, units_of(t), true);
    if (c) c->audits = true;
    return c;
}

/* Runs a silent cursor from the nearest known place to the beginning of unit `first`. */
static status find_start(csv_source *s, const scan_request *q, uint64_t first, csv_place *out)
{
    csv_table *t = &s->table[q->table];
    uint64_t known = first;
    mutex_lock(s->lock);
    while (t->start[known].at == UINT64_MAX) known--;
    *out = t->start[known];
    mutex_unlock(s->lock);
    if (known == first) return ST_OK;
    scan_request none = {.table = q->table, .column = (const uint16_t[]){0}, .columns = 0};
    row_cursor *c = new_cursor(s, &none, *out, known, first, true);
    if (!c) return no_memory(s);
    status st = ST_OK;
    row rows[64];
    for (size_t got; st == ST_OK || st == ST_ROW_LOST;) {
        st = csv_next(c, rows, 64, &got);
        if (c->over) break;
    }
    csv_cursor_close(c);
    mutex_lock(s->lock);
    if (t->start[first].at == UINT64_MAX) t->start[first] = (csv_place){byte_source_size(t->file), 0};
    *out = t->start[first];
    mutex_unlock(s->lock);
    return st == ST_FATAL ? ST_FATAL : ST_OK;
}

status csv_scan(row_source *source, const scan_request *q, row_cursor **out)
{
    csv_source *s = (csv_source *)source;
    csv_table *t = &s->table[q->table];
    uint64_t units = units_of(t), last = q->last && q->last < units ? q->last : units;
    csv_place from;
    *out = NULL;
    if (t->info->unreadable.n) return ST_TABLE_LOST;
    mutex_lock(t->building);
    status st = find_start(s, q, q->first < units ? q->first : 0, &from);
    mutex_unlock(t->building);
    if (st != ST_OK) return st;
    *out = new_cursor(s, q, from, q->first, last, false);
    return *out ? ST_OK : no_memory(s);
}
