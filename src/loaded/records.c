#include "loaded/records.h"
#include "base/ascii.h"
#include "base/byte_source.h"
#include "deliver/bundle_read.h"
#include "registry/registry.h"
#include <stdlib.h>

/* A cell that is longer is cut: no system takes more into a field (Dynamics: 1,048,576 characters of up to 4 bytes). */
enum { CELL_BYTES_MAX = 4 << 20, ROW_BYTES_MAX = 64 << 20, BATCH = 64, CELLS_MAX = 4096 };

/* ---- parts of the bundle ---- */

typedef struct part_reader {
    const record_taker *t;
    uint64_t number;
    bool head_read, wanted;
} part_reader;

static bool take_part(void *ctx, const sv *cell, size_t n)
{
    part_reader *r = ctx;
    sv first[CELLS_MAX];
    if (r->head_read) return r->t->row(r->t->ctx, cell, n, ++r->number);
    r->head_read = true;
    for (size_t i = 0; i < n && i < CELLS_MAX; i++) first[i] = cell[i];
    const sv mark = SV_LIT("\xEF\xBB\xBF");
    if (n && sv_starts(first[0], mark)) {
        first[0] = (sv){first[0].p + mark.n, first[0].n - mark.n};
        /* Behind a mark the quotes of the first heading are not taken off. */
        if (first[0].n > 1 && *first[0].p == '"' && first[0].p[first[0].n - 1] == '"')
            first[0] = (sv){first[0].p + 1, first[0].n - 2};
    }
    r->wanted = r->t->head(r->t->ctx, first, n < CELLS_MAX ? n : CELLS_MAX);
    return r->wanted;
}

records_end records_of_part(const loads *l, const load_part *p, const record_taker *t)
{
    uint64_t lost = 0;
    if (!p->csv) return records_of_file(p->full.p, t, l->run.found, &lost);
    part_reader r = {.t = t};
    const bundle_reader b = {.delimiter = l->delimiter, .take = take_part, .ctx = &r};
    const char *why = "";
    bool ended = false;
    if (!bundle_read(&b, p->full.p, &ended, &why)) {
        (void)finished_run_wrong(&l->run, p->path, why);
        return RECORDS_BROKEN;
    }
    return ended && r.wanted ? RECORDS_STOPPED : RECORDS_READ;
}

/* ---- any file ---- */

typedef struct file_reader {
    const record_taker *t;
    findings *found;
    row_source *s;
    buf room; /* of large cells */
    sv *cell;
    size_t *at; /* where a large cell begins in room; SIZE_MAX: it is none */
    uint64_t number;
    bool stopped, broken;
} file_reader;

static bool large(file_reader *r, const lob_ref *ref)
{
    lob_stream *stream = NULL;
    char piece[16384];
    size_t from = r->room.n, got = 0;
    status s = r->s->ops->lob_open(r->s, ref, &stream);
    while (s == ST_OK && r->room.n - from < CELL_BYTES_MAX) {
        s = r->s->ops->lob_read(stream, piece, sizeof piece, &got);
        if (s == ST_OK) buf_add(&r->room, piece, got);
    }
    r->s->ops->lob_close(stream);
    return !r->room.failed && s != ST_FATAL;
}

/* Cells as texts; those that stream are read into the room first, which may move. */
static bool cells_of(file_reader *r, const row *x)
{
    buf_clear(&r->room);
    for (size_t i = 0; i < x->n; i++) {
        const value *v = &x->cell[i];
        r->at[i] = SIZE_MAX;
        r->cell[i] = v->kind == V_TEXT ? v->as.text : SV_LIT("");
        if (v->kind != V_LOB) continue;
        r->at[i] = r->room.n;
        if (!large(r, &v->as.lob)) return false;
        r->cell[i].n = r->room.n - r->at[i];
    }
    for (size_t i = 0; i < x->n; i++)
        if (r->at[i] != SIZE_MAX) r->cell[i].p = r->room.p ? r->room.p + r->at[i] : "";
    return true;
}

static bool take_row(file_reader *r, const row *x)
{
    if (!cells_of(r, x)) {
        find_code(r->found, F_OUT_OF_MEMORY, "reading a large cell");
        r->broken = true;
    } else if (!r->t->row(r->t->ctx, r->cell, x->n, ++r->number)) {
        r->stopped = true;
    }
    return !r->stopped && !r->broken;
}

/* Of columns with one name the reader calls all but the first NAME~2 and so on: what the file calls them. */
static sv own_name(const table_info *t, size_t at)
{
    sv name = t->column[at].name;
    size_t n = name.n;
    while (n && is_digit(name.p[n - 1])) n--;
    if (!n || n == name.n || name.p[n - 1] != '~') return name;
    const sv own = {name.p, n - 1};
    for (size_t i = 0; i < at; i++)
        if (sv_eq_nocase(t->column[i].name, own)) return own;
    return name;
}

/* Headings are in the catalog; where the reader found none, they are the first row all the same. */
static bool take_heading(file_reader *r, const table_info *t)
{
    for (size_t i = 0; i < t->columns; i++) r->cell[i] = own_name(t, i);
    return r->t->head(r->t->ctx, r->cell, t->columns);
}

static void read_table(file_reader *r, size_t table, const table_info *t, uint64_t *lost)
{
    row_cursor *c = NULL;
    row batch[BATCH];
    bool head = t->nameless;
    const scan_request q = {.table = table};
    r->number = 0;
    if (!head && !take_heading(r, t)) return;
    status s = r->s->ops->scan(r->s, &q, &c);
    while (s == ST_OK || s == ST_ROW_LOST) {
        size_t got = 0;
        s = r->s->ops->next(c, batch, BATCH, &got);
        bool go = true;
        for (size_t i = 0; go && i < got; i++) {
            if (!head) {
                go = take_row(r, &batch[i]);
                continue;
            }
            head = false;
            go = cells_of(r, &batch[i]) && r->t->head(r->t->ctx, r->cell, batch[i].n);
        }
        if (!go) break;
    }
    if (s == ST_FATAL || s == ST_TABLE_LOST) r->broken = true;
    if (c) *lost += r->s->ops->counts(c)->rows_unreadable;
    r->s->ops->cursor_close(c);
}

static void read_tables(file_reader *r, uint64_t *lost)
{
    const catalog *list = NULL;
    size_t most = 1;
    if (r->s->ops->catalog(r->s, &list) != ST_OK) {
        r->broken = true;
        return;
    }
    for (size_t i = 0; i < list->tables; i++)
        if (list->table[i].columns > most) most = list->table[i].columns;
    r->cell = calloc(most, sizeof *r->cell);
    r->at = calloc(most, sizeof *r->at);
    if (!r->cell || !r->at) {
        find_code(r->found, F_OUT_OF_MEMORY, "reading a table");
        r->broken = true;
    }
    for (size_t i = 0; !r->broken && !r->stopped && i < list->tables; i++) read_table(r, i, &list->table[i], lost);
    free(r->cell);
    free(r->at);
}

/* How a file is read is told where somebody asked for it; that a tool adds a column whose name a field has too is usual. */
static void pass_on(const findings *from, findings *to)
{
    for (size_t i = 0; i < findings_kinds(from); i++) {
        const finding_kind *k = findings_kind(from, i);
        if (finding_text_of(k->code)->level < SEV_WARN || k->code == F_CSV_DUPLICATE_COLUMN) continue;
        for (size_t n = 0; n < k->kept; n++) find_add(to, &k->item[n]);
    }
}

static void read_file(file_reader *r, const char *path, uint64_t *lost)
{
    byte_source *file = byte_source_file(path, r->found);
    const open_args args = {.file = &file, .files = 1};
    if (file && source_open(&args, r->found, &r->s) == ST_OK)
        read_tables(r, lost);
    else
        r->broken = true;
    if (r->s) r->s->ops->close(r->s);
    byte_source_close(file);
}

records_end records_of_file(const char *path, const record_taker *t, findings *f, uint64_t *lost)
{
    file_reader r = {.t = t, .found = findings_new(), .room = buf_new(ROW_BYTES_MAX)};
    if (!r.found) {
        find_code(f, F_OUT_OF_MEMORY, "reading a table");
        return RECORDS_BROKEN;
    }
    read_file(&r, path, lost);
    pass_on(r.found, f);
    findings_free(r.found);
    buf_free(&r.room);
    return r.broken ? RECORDS_BROKEN : r.stopped ? RECORDS_STOPPED : RECORDS_READ;
}
