#include "xlsx/xlsx_writer.h"
#include "base/digits.h"
#include "base/memory.h"
#include "xlsx/xlsx_number.h"
#include "xlsx/xlsx_parts.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TITLE_MAX = SHEET_NAME_MAX - 7, /* characters: with room for " (1234)" */
    TIME_DIGITS_MAX = 3,            /* of a fraction of a second */
    SHEETS_MAX = 10000,
    PART_NAME_MAX = 64
};

typedef struct table_sheets {
    xlsx_sheet *sheet; /* the last one of the table */
    char **heading;
    size_t columns;
    char title[TITLE_MAX * 4 + 2];
    unsigned sheets;
    uint64_t rows;
    bool filter;
    unsigned *width; /* of each column; NULL: as Excel likes */
} table_sheets;

struct xlsx_book {
    char *path;
    xlsx_pieces *pieces;
    xlsx_sheet **sheet;
    size_t sheets;
    table_sheets **table, *now; /* now: the one that rows go to */
    size_t tables;
    const char *trouble;
};

unsigned xlsx_sheets(const xlsx_book *b) { return (unsigned)b->sheets; }
uint64_t xlsx_rows(const xlsx_book *b) { return b->now ? b->now->rows : 0; }

static void fail(xlsx_book *b, const char *why)
{
    if (!b->trouble) b->trouble = why;
}

/* ---- tables and their sheets ---- */

/* Excel refuses [ ] : * ? / \ anywhere, apostrophes at the ends, more than 31 characters, and the name History. */
static void make_title(char *out, sv name)
{
    size_t n = 0, characters = 0;
    for (size_t i = 0; i < name.n; i++) {
        bool starts = ((unsigned char)name.p[i] & 0xC0) != 0x80;
        if (starts && characters == TITLE_MAX) break;
        characters += starts;
        bool refused = (unsigned char)name.p[i] < 32 || strchr("[]:*?/\\'", name.p[i]);
        out[n++] = refused ? '_' : name.p[i];
    }
    if (n == 0 || sv_eq_nocase((sv){out, n}, SV_LIT("History"))) out[n++] = '_';
    out[n] = '\0';
}

static bool copy_heading(table_sheets *t, const sv *heading, size_t columns)
{
    t->heading = calloc(columns ? columns : 1, sizeof *t->heading);
    if (!t->heading) return false;
    for (; t->columns < columns; t->columns++)
        if (!(t->heading[t->columns] = memory_text(heading[t->columns]))) return false;
    return true;
}

/* A list of n entries with room for one more: it is asked for at 1, 2, 4 ... NULL: out of memory, and the list stays. */
static void *with_room(void *list, size_t n, size_t size)
{
    return n & (n - 1) ? list : memory_grow(list, (n ? 2 * n : 1) * size);
}

/* Its rows may not go on soon: it keeps little. */
static void leave_sheet(xlsx_book *b)
{
    const char *why = "";
    xlsx_sheet *s = b->now ? b->now->sheet : NULL;
    if (s && !b->trouble && !xlsx_pieces_set_aside(b->pieces, &s->list, &s->rows.text, &why)) fail(b, why);
}

/* What has been written goes on its way once it is worth it. */
static void give(xlsx_book *b)
{
    const char *why = "";
    xlsx_sheet *s = b->now->sheet;
    if (s->rows.text.failed) fail(b, "out of memory");
    if (s->rows.astray) fail(b, "cells that do not follow one another");
    if (!b->trouble && s->rows.text.n - s->list.window >= PIECE_BYTES &&
        !xlsx_pieces_give(b->pieces, &s->list, &s->rows.text, &why))
        fail(b, why);
}

static void put_text(xlsx_book *b, size_t column, sv text, cell_form form, int style)
{
    sheet_rows_text(&b->now->sheet->rows, column, text, form, style);
    give(b);
}

static void put_heading(xlsx_book *b)
{
    const table_sheets *t = b->now;
    for (size_t i = 0; i < t->columns && !b->trouble; i++) {
        sv text = sv_from(t->heading[i]);
        cell_form form = cell_form_of(text);
        if (!text.n)
            sheet_rows_blank(&t->sheet->rows, i, STYLE_BOLD);
        else if (form.units <= XLSX_TEXT_MAX)
            put_text(b, i, text, form, STYLE_BOLD);
        else
            fail(b, "a heading that no cell can hold");
    }
    if (!b->trouble) give(b);
}

static xlsx_sheet *new_sheet(xlsx_book *b)
{
    if (b->sheets == SHEETS_MAX) {
        fail(b, "too many sheets");
        return NULL;
    }
    xlsx_sheet **list = with_room(b->sheet, b->sheets, sizeof *list);
    if (list) b->sheet = list;
    xlsx_sheet *s = list ? calloc(1, sizeof *s) : NULL;
    if (s)
        b->sheet[b->sheets++] = s;
    else
        fail(b, "out of memory");
    return s;
}

static void open_sheet(xlsx_book *b)
{
    leave_sheet(b);
    table_sheets *t = b->now;
    xlsx_sheet *s = b->trouble ? NULL : new_sheet(b);
    if (!s) return;
    t->sheet = s;
    t->sheets++;
    *s = (xlsx_sheet){.rows = sheet_rows_new(), .columns = t->columns, .width = t->width, .filter = t->filter};
    if (t->sheets == 1)
        snprintf(s->name, sizeof s->name, "%s", t->title);
    else
        snprintf(s->name, sizeof s->name, "%s (%u)", t->title, t->sheets);
    put_heading(b);
}

static bool add_table(xlsx_book *b, sv title, const sv *heading, size_t columns, bool filter)
{
    leave_sheet(b);
    table_sheets **list = with_room(b->table, b->tables, sizeof *list);
    if (list) b->table = list;
    table_sheets *t = list ? calloc(1, sizeof *t) : NULL;
    if (!t) return false;
    b->table[b->tables++] = b->now = t;
    t->filter = filter;
    make_title(t->title, title);
    if (!copy_heading(t, heading, columns)) return false;
    open_sheet(b);
    return true;
}

xlsx_book *xlsx_create_book(const char *path, const char *temp_folder)
{
    xlsx_book *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    b->path = memory_text(sv_from(path));
    b->pieces = b->path ? xlsx_pieces_new(temp_folder) : NULL;
    if (b->pieces) return b;
    xlsx_abandon(b);
    return NULL;
}

xlsx_book *xlsx_create(const char *path, const char *temp_folder, sv title, const sv *heading, size_t columns)
{
    xlsx_book *b = xlsx_create_book(path, temp_folder);
    if (!b || add_table(b, title, heading, columns, false)) return b;
    xlsx_abandon(b);
    return NULL;
}

size_t xlsx_table(xlsx_book *b, sv title, const sv *heading, size_t columns)
{
    if (!add_table(b, title, heading, columns, true)) fail(b, "out of memory");
    return b->trouble ? SIZE_MAX : b->tables - 1;
}

void xlsx_widths(xlsx_book *b, const unsigned *width, size_t columns)
{
    table_sheets *t = b->now;
    if (b->trouble || !t || t->width) return;
    t->width = calloc(t->columns ? t->columns : 1, sizeof *t->width);
    if (!t->width) fail(b, "out of memory");
    for (size_t i = 0; t->width && i < t->columns && i < columns; i++) t->width[i] = width[i];
    t->sheet->width = t->width;
}

void xlsx_turn_to(xlsx_book *b, size_t table)
{
    if (table >= b->tables || b->table[table] == b->now) return;
    leave_sheet(b);
    b->now = b->table[table];
}

void xlsx_row(xlsx_book *b)
{
    if (b->trouble) return;
    if (b->now->sheet->rows.row + 1 == XLSX_ROWS_MAX) open_sheet(b);
    if (b->trouble) return;
    sheet_rows_next(&b->now->sheet->rows);
    b->now->rows++;
}

/* ---- cells ---- */

bool xlsx_text_fits(sv text)
{
    return text.n <= (size_t)XLSX_TEXT_MAX * 3 && cell_form_of(text).units <= XLSX_TEXT_MAX;
}

bool xlsx_text(xlsx_book *b, size_t column, sv text)
{
    if (text.n > (size_t)XLSX_TEXT_MAX * 3) return false;
    cell_form form = cell_form_of(text);
    if (form.units > XLSX_TEXT_MAX) return false;
    if (text.n && !b->trouble) put_text(b, column, text, form, STYLE_NONE);
    return true;
}

static bool number(xlsx_book *b, size_t column, double x, int style)
{
    if (b->trouble) return true;
    sheet_rows_number(&b->now->sheet->rows, column, x, style);
    give(b);
    return true;
}

bool xlsx_integer(xlsx_book *b, size_t column, int64_t x)
{
    /* Excel shows 15 digits: a longer number would read back right and look wrong. */
    const int64_t limit = INT64_C(999999999999999);
    if (x > limit || x < -limit) return false;
    return number(b, column, (double)x, STYLE_NONE);
}

bool xlsx_decimal(xlsx_book *b, size_t column, const decimal *x)
{
    if (x->scale > XLSX_DIGITS || !decimal_fits(x, XLSX_DIGITS)) return false;
    /* Both are exact in a double, so the quotient is the double nearest to the decimal. */
    double units = (double)x->lo / (double)POWER_OF_10[x->scale];
    return number(b, column, x->negative ? -units : units, STYLE_DECIMAL + x->scale);
}

bool xlsx_real(xlsx_book *b, size_t column, double x)
{
    char text[XLSX_NUMBER_MAX + 1];
    if (!isfinite(x)) return false;
    text[xlsx_number_text(x, text)] = '\0'; /* what the cell will hold */
    return strtod(text, NULL) == x && number(b, column, x, STYLE_NONE);
}

bool xlsx_real_text(xlsx_book *b, size_t column, const char *text) { return xlsx_real(b, column, strtod(text, NULL)); }

bool xlsx_date(xlsx_book *b, size_t column, int32_t days)
{
    return days >= XLSX_FIRST_DATE && number(b, column, (double)(days - XLSX_DAY_ZERO), STYLE_DATE);
}

/* Milliseconds since midnight; false when the time is finer than that. */
static bool milliseconds(const date_time *t, int64_t *ms)
{
    int64_t ticks = t->ticks;
    for (unsigned digits = t->scale; digits > TIME_DIGITS_MAX; digits--) {
        if (ticks % 10) return false;
        ticks /= 10;
    }
    for (unsigned digits = t->scale; digits < TIME_DIGITS_MAX; digits++) ticks *= 10;
    *ms = ticks;
    return true;
}

static bool moment(xlsx_book *b, size_t column, const date_time *t, double days, int style)
{
    int64_t ms;
    if (!milliseconds(t, &ms)) return false;
    int digits = t->scale > TIME_DIGITS_MAX ? TIME_DIGITS_MAX : t->scale;
    return number(b, column, days + (double)ms / 86400000.0, style + digits);
}

bool xlsx_time(xlsx_book *b, size_t column, const date_time *t) { return moment(b, column, t, 0, STYLE_TIME); }

bool xlsx_datetime(xlsx_book *b, size_t column, const date_time *t)
{
    return t->days >= XLSX_FIRST_DATE && moment(b, column, t, (double)(t->days - XLSX_DAY_ZERO), STYLE_DATETIME);
}

/* ---- the file ---- */

static bool write_sheet(xlsx_book *b, size_t i, zip_writer *zip, const char **why)
{
    char name[PART_NAME_MAX];
    xlsx_sheet *s = b->sheet[i];
    buf head = buf_new(SIZE_MAX / 2);
    sheet_head(&head, s, i);
    sheet_rows_end(&s->rows);
    sheet_tail(&s->rows.text, s);
    bool ok = !head.failed && !s->rows.text.failed;
    if (!ok) *why = "out of memory";
    snprintf(name, sizeof name, "xl/worksheets/sheet%zu.xml", i + 1);
    if (ok) ok = xlsx_pieces_write(b->pieces, &s->list, buf_view(&head), &s->rows.text, zip, sv_from(name), why);
    buf_free(&head);
    return ok;
}

static bool write_file(xlsx_book *b, const char **why)
{
    if (!xlsx_pieces_settle(b->pieces, why)) return false;
    zip_writer *zip = zip_writer_new(b->path, why);
    const char *reason = NULL;
    bool ok = zip && xlsx_parts_write(zip, b->sheet, b->sheets, &reason);
    for (size_t i = 0; ok && i < b->sheets; i++) ok = write_sheet(b, i, zip, &reason);
    if (ok) return zip_writer_finish(zip, why);
    /* What failed the archive, it says itself. */
    if (reason) *why = reason;
    if (zip && !reason) return zip_writer_finish(zip, why);
    zip_writer_abandon(zip);
    return false;
}

static void free_book(xlsx_book *b)
{
    xlsx_pieces_free(b->pieces); /* before the sheets: pieces on their way are theirs */
    for (size_t i = 0; i < b->sheets; i++) {
        buf_free(&b->sheet[i]->rows.text);
        piece_list_free(&b->sheet[i]->list);
        free(b->sheet[i]);
    }
    for (size_t i = 0; i < b->tables; i++) {
        for (size_t k = 0; k < b->table[i]->columns; k++) free(b->table[i]->heading[k]);
        free(b->table[i]->heading);
        free(b->table[i]->width);
        free(b->table[i]);
    }
    free(b->sheet);
    free(b->table);
    free(b->path);
    free(b);
}

bool xlsx_close(xlsx_book *b, const char **why)
{
    if (!b->sheets) fail(b, "a workbook without a sheet");
    const char *reason = b->trouble;
    bool ok = !reason && write_file(b, &reason);
    if (!ok) *why = reason;
    free_book(b);
    return ok;
}

void xlsx_abandon(xlsx_book *b)
{
    if (b) free_book(b);
}
