/* Dr.DENTES' tables as workbooks, one each, as its own Excel export gives them: days, times and money are numbers with a
 * format, keys are numbers, texts are texts. */
#include "base/platform.h"
#include "gen.h"
#include <stdlib.h>
#include <xlsxwriter.h>

enum { PATH_ROOM = 1024, DAY_1899_12_30 = -25569, LEAP_DAY = 60 };

/* Excel counts a 29 February 1900 that never was. */
static double serial_of(int32_t day)
{
    int32_t n = day - DAY_1899_12_30;
    return n > LEAP_DAY ? n : n - 1;
}

typedef struct book {
    tap tap;
    char folder[PATH_ROOM];
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *day, *time, *money;
    lxw_row_t row;
} book;

static bool open_book(tap *t, const source_table *table)
{
    book *b = (book *)t;
    char path[PATH_ROOM + 64];
    snprintf(path, sizeof path, "%s/%s.xlsx", b->folder, table->name);
    b->book = os_exists(path) ? NULL : workbook_new(path);
    if (!b->book) return false;
    lxw_doc_properties made = {.created = 1549443600}; /* the same bytes on every run */
    workbook_set_properties(b->book, &made);
    b->sheet = workbook_add_worksheet(b->book, "Sayfa1");
    b->day = workbook_add_format(b->book);
    b->time = workbook_add_format(b->book);
    b->money = workbook_add_format(b->book);
    if (!b->sheet || !b->day || !b->time || !b->money) return false;
    format_set_num_format(b->day, "dd.mm.yyyy");
    format_set_num_format(b->time, "hh:mm");
    format_set_num_format(b->money, "#,##0.00");
    for (unsigned i = 0; i < table->columns; i++)
        worksheet_write_string(b->sheet, 0, (lxw_col_t)i, table->column[i].name, NULL);
    b->row = 1;
    return true;
}

static bool write_cell(book *b, lxw_col_t at, const sql_type *t, sv given)
{
    char text[512];
    int x = 0, y = 0, z = 0;
    if (given.n >= sizeof text) return false;
    memcpy(text, given.p, given.n);
    text[given.n] = 0;
    switch (t->cls) {
    case TC_INT: return worksheet_write_number(b->sheet, b->row, at, strtod(text, NULL), NULL) == LXW_NO_ERROR;
    case TC_MONEY: return worksheet_write_number(b->sheet, b->row, at, strtod(text, NULL), b->money) == LXW_NO_ERROR;
    case TC_DATE:
        return sscanf(text, "%d-%d-%d", &x, &y, &z) == 3 &&
               worksheet_write_number(b->sheet, b->row, at, serial_of(day_of(x, y, z)), b->day) == LXW_NO_ERROR;
    case TC_TIME:
        return sscanf(text, "%d:%d:%d", &x, &y, &z) == 3 &&
               worksheet_write_number(b->sheet, b->row, at, (x * 60 + y) / 1440.0, b->time) == LXW_NO_ERROR;
    default: return worksheet_write_string(b->sheet, b->row, at, text, NULL) == LXW_NO_ERROR;
    }
}

static bool take_row(tap *t, const source_table *table, const row *r)
{
    book *b = (book *)t;
    for (unsigned i = 0; i < table->columns; i++)
        if (r->cell[i].n && !write_cell(b, (lxw_col_t)i, &table->column[i].sql, r->cell[i])) return false;
    b->row++;
    return true;
}

static bool close_book(tap *t, const source_table *table)
{
    (void)table;
    book *b = (book *)t;
    bool ok = workbook_close(b->book) == LXW_NO_ERROR;
    b->book = NULL;
    return ok;
}

static void free_book(tap *t)
{
    book *b = (book *)t;
    if (b->book) workbook_close(b->book);
    free(b);
}

tap *xlsx_open(const char *folder, fault *f)
{
    const char *why = "";
    book *b = calloc(1, sizeof *b);
    if (!b) {
        fail(f, "out of memory");
        return NULL;
    }
    b->tap = (tap){open_book, take_row, close_book, free_book, NULL};
    snprintf(b->folder, sizeof b->folder, "%s/xlsx-dentes", folder);
    if (!os_make_folder(b->folder, &why)) fail(f, "%s: %s", b->folder, why);
    return &b->tap;
}
