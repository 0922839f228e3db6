#include "xlsx/sheet_reader.h"
#include "base/limits.h"
#include "xlsx/cell_text.h"
#include "xlsx/sheet_number.h"
#include "xlsx/xlsx_writer.h"
#include "xlsx/xml_part.h"
#include <stdlib.h>

typedef enum cell_type { TYPE_NUMBER, TYPE_SHARED, TYPE_TEXT, TYPE_BOOL, TYPE_ERROR, TYPE_DATE } cell_type;

struct sheet_reader {
    const workbook *w;
    findings *found;
    xml_part *xml;
    arena *mem;   /* of the rows below; begun anew when all were handed out */
    arena *spare; /* becomes the next one */
    sheet_row *queue;
    size_t queued, next, queue_room;
    /* The present row and cell. */
    sheet_cell *cell; /* room for every column */
    size_t cells;
    uint32_t row, column;
    bool in_row, in_cell, in_value, in_phonetic, formula, has_value;
    cell_type type;
    unsigned style;
    buf text;
    bool failed;
    status ended; /* ST_OK: goes on */
};

static unsigned number_of(const char *s, unsigned most)
{
    unsigned n = 0;
    if (!s || !*s) return most + 1;
    for (; *s; s++) {
        if (*s < '0' || *s > '9' || n > most) return most + 1;
        n = n * 10 + (unsigned)(*s - '0');
    }
    return n;
}

/* ---- elements ---- */

static void begin_row(sheet_reader *r, const char **a)
{
    const char *number = xml_attribute(a, "r");
    uint32_t row = number ? number_of(number, XLSX_ROWS_MAX) : r->row + 1;
    if (row <= r->row || row > XLSX_ROWS_MAX) {
        xml_part_stop(r->xml, "its rows are not in order");
        return;
    }
    r->row = row;
    r->cells = 0;
    r->column = UINT32_MAX;
    r->in_row = true;
}

static cell_type type_of(const char *t)
{
    static const struct {
        const char *word;
        cell_type type;
    } types[] = {{"s", TYPE_SHARED}, {"str", TYPE_TEXT}, {"inlineStr", TYPE_TEXT},
                 {"b", TYPE_BOOL},   {"e", TYPE_ERROR},  {"d", TYPE_DATE}};
    for (size_t i = 0; t && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(t, types[i].word) == 0) return types[i].type;
    return TYPE_NUMBER;
}

static void begin_cell(sheet_reader *r, const char **a)
{
    const char *reference = xml_attribute(a, "r"), *style = xml_attribute(a, "s");
    size_t column = reference ? cell_column_of(reference) : (size_t)(uint32_t)(r->column + 1);
    if (column >= XLSX_COLUMNS_MAX || (r->column != UINT32_MAX && column <= r->column)) {
        xml_part_stop(r->xml, "its cells are not in order");
        return;
    }
    r->column = (uint32_t)column;
    r->type = type_of(xml_attribute(a, "t"));
    r->style = style ? number_of(style, 1u << 20) : 0;
    r->in_cell = true;
    r->formula = r->has_value = r->in_phonetic = false;
    buf_clear(&r->text);
}

static void on_start(void *ctx, const char *name, const char **a)
{
    sheet_reader *r = ctx;
    if (strcmp(name, "row") == 0) {
        begin_row(r, a);
    } else if (strcmp(name, "c") == 0 && r->in_row) {
        begin_cell(r, a);
    } else if (r->in_cell) {
        if (strcmp(name, "f") == 0) r->formula = true;
        if (strcmp(name, "rPh") == 0) r->in_phonetic = true;
        r->in_value = (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) && !r->in_phonetic;
        r->has_value |= r->in_value;
    }
}

static void on_text(void *ctx, const char *p, int n)
{
    sheet_reader *r = ctx;
    if (r->in_value) buf_add(&r->text, p, (size_t)n);
}

static void add(sheet_reader *r, cell_kind kind, sv text, bool borrowed)
{
    sv kept = borrowed ? text : arena_sv(r->mem, text);
    r->failed |= !kept.p;
    r->cell[r->cells++] = (sheet_cell){kind, r->column, kept};
}

static void add_number(sheet_reader *r, sv stored)
{
    char text[NUMBER_TEXT_MAX];
    unsigned kind = r->style < r->w->formats ? r->w->format[r->style] : NUMBER_PLAIN;
    size_t n = number_text_of_cell(stored, kind, r->w->from_1904, text);
    if (n)
        add(r, kind == NUMBER_PLAIN ? CELL_NUMBER : CELL_DATE, (sv){text, n}, false);
    else
        add(r, CELL_ERROR, SV_LIT("a number that makes no sense"), true);
}

static void add_shared(sheet_reader *r, sv stored)
{
    buf_char(&r->text, '\0');
    unsigned i = r->text.failed || !stored.n ? UINT32_MAX : number_of(r->text.p, 1u << 30);
    if (i >= r->w->texts)
        add(r, CELL_ERROR, SV_LIT("it names a text that is not in the workbook"), true);
    else
        add(r, CELL_TEXT, workbook_text(r->w, i), true);
}

/* 2023-04-11T09:30:00 as other dates are told. */
static void add_iso(sheet_reader *r, sv s)
{
    for (size_t i = 0; r->text.p && i < s.n; i++)
        if (r->text.p[i] == 'T') r->text.p[i] = ' ';
    if (s.n && s.p[s.n - 1] == 'Z') s.n--;
    add(r, CELL_DATE, s, false);
}

static void end_cell(sheet_reader *r)
{
    r->in_cell = false;
    if (r->text.failed) {
        add(r, CELL_ERROR, SV_LIT("it is longer than a cell can be"), true);
        return;
    }
    if (!r->has_value) {
        if (r->formula) add(r, CELL_ERROR, SV_LIT("a formula whose result was not saved"), true);
        return;
    }
    sv s = {r->text.p ? r->text.p : "", r->text.n};
    switch (r->type) {
    case TYPE_SHARED: add_shared(r, s); break;
    case TYPE_TEXT:
        s.n = s.n ? cell_text_unescape(r->text.p, s.n) : 0;
        add(r, CELL_TEXT, s, false);
        break;
    case TYPE_BOOL: add(r, CELL_BOOL, sv_eq(s, SV_LIT("1")) ? SV_LIT("TRUE") : SV_LIT("FALSE"), true); break;
    case TYPE_ERROR: add(r, CELL_ERROR, s, false); break;
    case TYPE_DATE: add_iso(r, s); break;
    case TYPE_NUMBER:
        if (s.n) add_number(r, s);
        break;
    }
}

static void end_row(sheet_reader *r)
{
    r->in_row = false;
    if (r->cells == 0) return;
    if (r->queued == r->queue_room) {
        size_t room = r->queue_room ? r->queue_room * 2 : 256;
        sheet_row *p = realloc(r->queue, room * sizeof *p);
        if (!p) {
            r->failed = true;
            return;
        }
        r->queue = p;
        r->queue_room = room;
    }
    sheet_cell *kept = arena_array(r->mem, r->cells, sizeof *kept);
    r->failed |= !kept;
    if (!kept) return;
    memcpy(kept, r->cell, r->cells * sizeof *kept);
    r->queue[r->queued++] = (sheet_row){r->row, kept, r->cells};
}

static void on_end(void *ctx, const char *name)
{
    sheet_reader *r = ctx;
    if (strcmp(name, "rPh") == 0) r->in_phonetic = false;
    r->in_value = false;
    if (strcmp(name, "c") == 0 && r->in_cell) end_cell(r);
    if (strcmp(name, "row") == 0 && r->in_row) end_row(r);
    if (r->failed) xml_part_stop(r->xml, "it needs too much memory");
}

/* ---- the reader ---- */

status sheet_reader_open(const workbook *w, sv part, findings *f, sheet_reader **out)
{
    *out = NULL;
    sheet_reader *r = calloc(1, sizeof *r);
    if (r) {
        *r = (sheet_reader){.w = w, .found = f, .text = buf_new(XLSX_CELL_BYTES_MAX)};
        r->mem = arena_new(0);
        r->spare = arena_new(0);
        r->cell = malloc(XLSX_COLUMNS_MAX * sizeof *r->cell);
    }
    if (!r || !r->mem || !r->spare || !r->cell) {
        find_code(f, F_OUT_OF_MEMORY, "reading a sheet");
        sheet_reader_close(r);
        return ST_FATAL;
    }
    xml_taker t = {.start = on_start, .end = on_end, .text = on_text, .ctx = r};
    status st = xml_part_open(w->file, part, &t, f, &r->xml);
    if (st == ST_OK) {
        *out = r;
        return st;
    }
    sheet_reader_close(r);
    if (st != ST_END) return st;
    find_at(f, F_XLSX_WRONG, byte_source_path(w->file), SV_LIT("a sheet that it lists is not in it"));
    return ST_TABLE_LOST;
}

/* All rows were handed out. A row that is not complete yet has cells already: they move on into the new memory. */
static void begin_memory_anew(sheet_reader *r)
{
    arena *old = r->mem;
    arena_reset(r->spare);
    r->mem = r->spare;
    r->spare = old;
    for (size_t i = 0; r->in_row && i < r->cells; i++) {
        r->cell[i].text = arena_sv(r->mem, r->cell[i].text);
        r->failed |= !r->cell[i].text.p;
    }
    r->next = r->queued = 0;
}

bool sheet_reader_ready(const sheet_reader *r) { return r->next < r->queued; }

status sheet_reader_next(sheet_reader *r, sheet_row *out)
{
    while (r->next == r->queued) {
        if (r->ended != ST_OK) return r->ended;
        begin_memory_anew(r);
        r->ended = xml_part_step(r->xml);
        if (r->ended == ST_TABLE_LOST || r->ended == ST_FATAL) return r->ended;
    }
    *out = r->queue[r->next++];
    return ST_OK;
}

uint64_t sheet_reader_done(const sheet_reader *r) { return xml_part_done(r->xml); }

void sheet_reader_close(sheet_reader *r)
{
    if (!r) return;
    xml_part_close(r->xml);
    arena_free(r->mem);
    arena_free(r->spare);
    free(r->queue);
    free(r->cell);
    buf_free(&r->text);
    free(r);
}
