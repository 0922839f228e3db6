/* Dr.DENTES' tables as workbooks, one each, as its own Excel export gives them: days, times and money are numbers with a
 * format, keys are numbers, texts are texts. */
#include "base/platform.h"
#include "gen.h"
#include "xlsx/xlsx_writer.h"
#include <stdlib.h>

enum { PATH_ROOM = 1024 };

typedef struct book {
    tap tap;
    char folder[PATH_ROOM];
    xlsx_book *book;
} book;

static bool open_book(tap *t, const source_table *table)
{
    book *b = (book *)t;
    char path[PATH_ROOM + 64];
    sv heading[COLUMNS_MAX];
    for (unsigned i = 0; i < table->columns; i++) heading[i] = sv_from(table->column[i].name);
    snprintf(path, sizeof path, "%s/%s.xlsx", b->folder, table->name);
    b->book = xlsx_create(path, b->folder, SV_LIT("Sayfa1"), heading, table->columns);
    return b->book != NULL;
}

/* Days before March 1900, which a cell does not hold beyond doubt, are text there. */
static bool write_day(xlsx_book *b, size_t at, sv given, const char *text)
{
    int year = 0, month = 0, day = 0;
    if (sscanf(text, "%d-%d-%d", &year, &month, &day) != 3) return false;
    return xlsx_date(b, at, date_days(year, month, day)) || xlsx_text(b, at, given);
}

/* "-1250.50" */
static bool write_money(xlsx_book *b, size_t at, sv s)
{
    int64_t units = 0;
    uint8_t scale = 0;
    bool point = false, minus = s.n && s.p[0] == '-';
    for (size_t i = minus; i < s.n; i++) {
        if (s.p[i] == '.') {
            point = true;
            continue;
        }
        units = units * 10 + (s.p[i] - '0');
        scale = (uint8_t)(scale + point);
    }
    decimal d = decimal_from_i64(minus ? -units : units, scale);
    return xlsx_decimal(b, at, &d);
}

static bool write_cell(xlsx_book *b, size_t at, const sql_type *t, sv given)
{
    char text[512];
    int x = 0, y = 0, z = 0;
    if (given.n >= sizeof text) return false;
    memcpy(text, given.p, given.n);
    text[given.n] = 0;
    switch (t->cls) {
    case TC_INT: return xlsx_integer(b, at, strtoll(text, NULL, 10));
    case TC_MONEY: return write_money(b, at, given);
    case TC_DATE: return write_day(b, at, given, text);
    case TC_TIME:
        return sscanf(text, "%d:%d:%d", &x, &y, &z) == 3 && xlsx_time(b, at, &(date_time){.ticks = (x * 60 + y) * 60});
    default: return xlsx_text(b, at, given);
    }
}

static bool take_row(tap *t, const source_table *table, const row *r)
{
    xlsx_book *b = ((book *)t)->book;
    xlsx_row(b);
    for (unsigned i = 0; i < table->columns; i++)
        if (r->cell[i].n && !write_cell(b, i, &table->column[i].sql, r->cell[i])) return false;
    return true;
}

static bool close_book(tap *t, const source_table *table)
{
    (void)table;
    const char *why = "";
    book *b = (book *)t;
    bool ok = xlsx_close(b->book, &why);
    b->book = NULL;
    return ok;
}

static void free_book(tap *t)
{
    xlsx_abandon(((book *)t)->book);
    free(t);
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
