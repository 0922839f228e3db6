#include "xlsx/xlsx_writer.h"
#include "base/buf.h"
#include "base/memory.h"
#include "base/platform.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <xlsxwriter.h>

/* What libxlsxwriter takes for a row, and for the parts of a workbook. */
enum { ROW_BYTES = 96 << 10, CLOSE_BYTES = 1 << 20 };
enum {
    TITLE_MAX = 31,      /* characters of a sheet's name */
    DECIMALS_MAX = 15,   /* digits that Excel shows */
    TIME_DIGITS_MAX = 3, /* of a fraction of a second */
    FIRST_DATE = 693654, /* 1900-03-01: before it, Excel counts a day that never was */
    EXCEL_ZERO = 693593, /* 1899-12-30, day 0 of Excel's count from that date on */
    SHEETS_MAX = 10000
};

typedef enum time_form { FORM_TIME, FORM_DATETIME, TIME_FORMS } time_form;

typedef struct table_sheets {
    lxw_worksheet *sheet; /* the last one of the table */
    char **heading;
    size_t columns;
    char title[TITLE_MAX * 4 + 1];
    lxw_row_t row; /* of the row that is being filled */
    unsigned sheets;
    uint64_t rows;
    bool filter;
    unsigned *width; /* of each column; NULL: as Excel likes */
} table_sheets;

struct xlsx_book {
    lxw_workbook *book;
    lxw_format *decimals[DECIMALS_MAX + 1], *date, *time[TIME_FORMS][TIME_DIGITS_MAX + 1], *bold;
    lxw_worksheet **all; /* to ask their temporary files for errors */
    unsigned sheets;
    table_sheets *table, *now; /* now: the one that rows go to */
    size_t tables, room;
    buf text; /* a zero-terminated copy for the library */
    const char *trouble;
};

const char *xlsx_version(void) { return lxw_version(); }
unsigned xlsx_sheets(const xlsx_book *b) { return b->sheets; }
uint64_t xlsx_rows(const xlsx_book *b) { return b->now ? b->now->rows : 0; }

/* Excel refuses [ ] : * ? / \ anywhere, apostrophes at the ends, more than 31 characters, and the name History. */
static void make_title(char *out, sv name)
{
    size_t n = 0, characters = 0;
    for (size_t i = 0; i < name.n; i++) {
        bool starts = ((unsigned char)name.p[i] & 0xC0) != 0x80;
        if (starts && characters == TITLE_MAX - 7) break; /* room for " (1234)" */
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
    for (; t->columns < columns; t->columns++) {
        sv h = heading[t->columns];
        char *copy = malloc(h.n + 1);
        if (!copy) return false;
        if (h.n) memcpy(copy, h.p, h.n);
        copy[h.n] = '\0';
        t->heading[t->columns] = copy;
    }
    return true;
}

static void note(xlsx_book *b, lxw_error e)
{
    if (e != LXW_NO_ERROR && !b->trouble) b->trouble = lxw_strerror(e);
}

static lxw_format *number_format(xlsx_book *b, const char *code)
{
    lxw_format *f = workbook_add_format(b->book);
    if (f)
        format_set_num_format(f, code);
    else if (!b->trouble)
        b->trouble = "out of memory";
    return f;
}

static void add_formats(xlsx_book *b)
{
    char code[64];
    for (int digits = 0; digits <= DECIMALS_MAX; digits++) {
        snprintf(code, sizeof code, "0%s%.*s", digits ? "." : "", digits, "000000000000000");
        b->decimals[digits] = number_format(b, code);
    }
    static const char *const prefix[TIME_FORMS] = {"", "yyyy-mm-dd "};
    for (int form = 0; form < TIME_FORMS; form++)
        for (int digits = 0; digits <= TIME_DIGITS_MAX; digits++) {
            snprintf(code, sizeof code, "%shh:mm:ss%s%.*s", prefix[form], digits ? "." : "", digits, "000");
            b->time[form][digits] = number_format(b, code);
        }
    b->date = number_format(b, "yyyy-mm-dd");
    b->bold = workbook_add_format(b->book);
    if (b->bold) format_set_bold(b->bold);
}

static void end_sheet(xlsx_book *b, table_sheets *t)
{
    if (t->filter && t->sheet && t->columns)
        note(b, worksheet_autofilter(t->sheet, 0, 0, t->row, (lxw_col_t)(t->columns - 1)));
}

static void set_widths(xlsx_book *b, const table_sheets *t)
{
    for (size_t i = 0; t->width && i < t->columns; i++)
        if (t->width[i]) note(b, worksheet_set_column(t->sheet, (lxw_col_t)i, (lxw_col_t)i, t->width[i], NULL));
}

static void open_sheet(xlsx_book *b)
{
    table_sheets *t = b->now;
    char name[sizeof t->title + 16];
    lxw_worksheet **all = realloc(b->all, (b->sheets + 1) * sizeof *all);
    if (all) b->all = all;
    if (t->sheets == 0)
        snprintf(name, sizeof name, "%s", t->title);
    else
        snprintf(name, sizeof name, "%s (%u)", t->title, t->sheets + 1);
    lxw_worksheet *sheet = all && b->sheets < SHEETS_MAX - 1 ? workbook_add_worksheet(b->book, name) : NULL;
    if (!sheet) {
        if (!b->trouble) b->trouble = all ? "the sheet could not be added" : "out of memory";
        return;
    }
    end_sheet(b, t);
    b->all[b->sheets++] = t->sheet = sheet;
    t->sheets++;
    t->row = 0;
    worksheet_freeze_panes(sheet, 1, 0);
    set_widths(b, t);
    for (size_t i = 0; i < t->columns; i++)
        note(b, worksheet_write_string(sheet, 0, (lxw_col_t)i, t->heading[i], b->bold));
}

xlsx_book *xlsx_create_book(const char *path, const char *temp_folder)
{
    xlsx_book *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    b->text = buf_new((size_t)XLSX_TEXT_MAX * 4 + 1);
    char *file = os_native_path(path), *folder = os_native_path(temp_folder);
    lxw_workbook_options options = {.constant_memory = 1, .tmpdir = folder, .use_zip64 = 1};
    if (file && folder) b->book = workbook_new_opt(file, &options); /* copies both */
    free(file);
    free(folder);
    if (!b->book) {
        xlsx_abandon(b);
        return NULL;
    }
    /* A fixed time instead of now: the same input gives the same bytes. 2000-01-01. */
    lxw_doc_properties properties = {.created = 946684800};
    note(b, workbook_set_properties(b->book, &properties));
    add_formats(b);
    return b;
}

static bool add_table(xlsx_book *b, sv title, const sv *heading, size_t columns)
{
    if (b->tables == b->room) {
        size_t room = b->room ? 2 * b->room : 8;
        table_sheets *all = realloc(b->table, room * sizeof *all);
        if (!all) return false;
        b->table = all;
        b->room = room;
    }
    table_sheets *t = b->now = &b->table[b->tables++];
    *t = (table_sheets){0};
    make_title(t->title, title);
    if (!copy_heading(t, heading, columns)) return false;
    open_sheet(b);
    return true;
}

xlsx_book *xlsx_create(const char *path, const char *temp_folder, sv title, const sv *heading, size_t columns)
{
    xlsx_book *b = xlsx_create_book(path, temp_folder);
    if (!b || add_table(b, title, heading, columns)) return b;
    xlsx_abandon(b);
    return NULL;
}

size_t xlsx_table(xlsx_book *b, sv title, const sv *heading, size_t columns)
{
    bool ok = add_table(b, title, heading, columns);
    if (!ok && !b->trouble) b->trouble = "out of memory";
    if (b->trouble) return SIZE_MAX;
    b->now->filter = true;
    return b->tables - 1;
}

void xlsx_widths(xlsx_book *b, const unsigned *width, size_t columns)
{
    table_sheets *t = b->now;
    if (b->trouble || !t) return;
    free(t->width);
    t->width = calloc(t->columns ? t->columns : 1, sizeof *t->width);
    if (!t->width) b->trouble = "out of memory";
    for (size_t i = 0; t->width && i < t->columns && i < columns; i++) t->width[i] = width[i];
    set_widths(b, t);
}

void xlsx_turn_to(xlsx_book *b, size_t table)
{
    if (table < b->tables) b->now = &b->table[table];
}

void xlsx_row(xlsx_book *b)
{
    if (b->trouble) return;
    /* libxlsxwriter leaves a cell out, or ends the program, when it gets no memory for it. */
    if (!memory_spare(ROW_BYTES)) b->trouble = "out of memory";
    if (!b->trouble && b->now->row + 1 == XLSX_ROWS_MAX) open_sheet(b);
    if (b->trouble) return;
    b->now->row++;
    b->now->rows++;
}

/* UTF-16 units, or SIZE_MAX when XML has no form for a character: NUL, U+FFFE, U+FFFF. (Other control characters have
 * one: the library writes them as _xHHHH_.) */
static size_t units_of(sv s)
{
    size_t units = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == 0) return SIZE_MAX;
        if (c == 0xEF && i + 2 < s.n && (unsigned char)s.p[i + 1] == 0xBF && (unsigned char)s.p[i + 2] >= 0xBE)
            return SIZE_MAX;
        units += (c & 0xC0) != 0x80;
        units += c >= 0xF0;
    }
    return units;
}

bool xlsx_text_fits(sv text) { return text.n <= (size_t)XLSX_TEXT_MAX * 3 && units_of(text) <= XLSX_TEXT_MAX; }

bool xlsx_text(xlsx_book *b, size_t column, sv text)
{
    if (!xlsx_text_fits(text)) return false;
    if (text.n == 0 || b->trouble) return true;
    buf_clear(&b->text);
    buf_sv(&b->text, text);
    buf_char(&b->text, '\0');
    if (b->text.failed)
        b->trouble = "out of memory";
    else
        note(b, worksheet_write_string(b->now->sheet, b->now->row, (lxw_col_t)column, b->text.p, NULL));
    return true;
}

static bool number(xlsx_book *b, size_t column, double x, lxw_format *format)
{
    if (!b->trouble) note(b, worksheet_write_number(b->now->sheet, b->now->row, (lxw_col_t)column, x, format));
    return true;
}

bool xlsx_integer(xlsx_book *b, size_t column, int64_t x)
{
    /* Excel shows 15 digits: a longer number would read back right and look wrong. */
    const int64_t limit = INT64_C(999999999999999);
    if (x > limit || x < -limit) return false;
    return number(b, column, (double)x, NULL);
}

bool xlsx_decimal(xlsx_book *b, size_t column, const decimal *x)
{
    if (x->scale > DECIMALS_MAX || !decimal_fits(x, DECIMALS_MAX)) return false;
    char text[DECIMAL_TEXT_MAX + 1];
    text[decimal_text(x, text)] = '\0';
    return number(b, column, strtod(text, NULL), b->decimals[x->scale]);
}

bool xlsx_real(xlsx_book *b, size_t column, double x)
{
    char text[40];
    if (!isfinite(x)) return false;
    snprintf(text, sizeof text, "%.16G", x); /* what the library writes */
    return strtod(text, NULL) == x && number(b, column, x, NULL);
}

bool xlsx_real_text(xlsx_book *b, size_t column, const char *text) { return xlsx_real(b, column, strtod(text, NULL)); }

bool xlsx_date(xlsx_book *b, size_t column, int32_t days)
{
    return days >= FIRST_DATE && number(b, column, (double)(days - EXCEL_ZERO), b->date);
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

static bool moment(xlsx_book *b, size_t column, const date_time *t, double days, time_form form)
{
    int64_t ms;
    if (!milliseconds(t, &ms)) return false;
    unsigned digits = t->scale > TIME_DIGITS_MAX ? TIME_DIGITS_MAX : t->scale;
    return number(b, column, days + (double)ms / 86400000.0, b->time[form][digits]);
}

bool xlsx_time(xlsx_book *b, size_t column, const date_time *t) { return moment(b, column, t, 0, FORM_TIME); }

bool xlsx_datetime(xlsx_book *b, size_t column, const date_time *t)
{
    return t->days >= FIRST_DATE && moment(b, column, t, (double)(t->days - EXCEL_ZERO), FORM_DATETIME);
}

static void free_book(xlsx_book *b)
{
    for (size_t i = 0; i < b->tables; i++) {
        for (size_t k = 0; k < b->table[i].columns; k++) free(b->table[i].heading[k]);
        free(b->table[i].heading);
        free(b->table[i].width);
    }
    free(b->table);
    free(b->all);
    buf_free(&b->text);
    free(b);
}

/* The library does not look whether its intermediate files could be written (a full disk); their streams remember. */
static void ask_streams(xlsx_book *b)
{
    for (unsigned i = 0; i < b->sheets; i++) {
        FILE *f = b->all[i]->optimize_tmpfile;
        if (f && (fflush(f) != 0 || ferror(f)) && !b->trouble)
            b->trouble = "the disk of the intermediate files is full";
    }
}

/* The library forgets the intermediate files of sheets that it has not written: open, they stay in their folder on Windows, which
 * then cannot be removed, and take room on the disk elsewhere. */
static void free_unwritten(xlsx_book *b)
{
    for (unsigned i = 0; i < b->sheets; i++) {
        if (b->all[i]->optimize_tmpfile) (void)fclose(b->all[i]->optimize_tmpfile);
        b->all[i]->optimize_tmpfile = NULL;
    }
    lxw_workbook_free(b->book);
}

bool xlsx_close(xlsx_book *b, const char **why)
{
    for (size_t i = 0; !b->trouble && i < b->tables; i++) end_sheet(b, &b->table[i]);
    ask_streams(b);
    if (!b->trouble && !memory_spare(CLOSE_BYTES)) b->trouble = "out of memory";
    if (b->trouble) {
        free_unwritten(b);
    } else {
        library_lock();                   /* it asks gmtime() for the date of making */
        note(b, workbook_close(b->book)); /* frees it whatever the result */
        library_unlock();
    }
    bool ok = !b->trouble;
    if (!ok) *why = b->trouble;
    free_book(b);
    return ok;
}

void xlsx_abandon(xlsx_book *b)
{
    if (!b) return;
    free_unwritten(b);
    free_book(b);
}
