#include "diff/diff_out.h"
#include "base/digits.h"
#include "base/platform.h"
#include "deliver/digest.h"
#include "deliver/list_file.h"
#include "xlsx/xlsx_writer.h"
#include <stdlib.h>

/* Whoever looks for more looks into the list. */
enum { BOOK_LINES_MAX = XLSX_ROWS_MAX - 1 };

static const char heading[] =
    "file,object,key,label,field,within,part,source_table,source_column,source_row,source_value,"
    "destination_value,rule,result";

struct diff_out {
    list_file *list;
    xlsx_book *book;     /* NULL: it has failed, which a finding tells */
    sv csv, xlsx, whole; /* whole: path of the workbook */
    arena *mem;
    findings *found;
    uint64_t lines;
    bool full;
};

static void say(const diff_out *o, finding_code code, sv path, const char *why)
{
    find_at(o->found, code, path, sv_from(why));
}

static void begin_sheet(diff_out *o)
{
    static const sv title[DIFF_COLUMNS] = {
        [DIFF_FILE] = {"File", 4},       [DIFF_OBJECT] = {"Object", 6},        [DIFF_KEY] = {"Key", 3},
        [DIFF_LABEL] = {"Label", 5},     [DIFF_FIELD] = {"Field", 5},          [DIFF_WITHIN] = {"Within", 6},
        [DIFF_PART] = {"Part", 4},       [DIFF_TABLE] = {"Source table", 12},  [DIFF_COLUMN] = {"Source column", 13},
        [DIFF_ROW] = {"Source row", 10}, [DIFF_SOURCE] = {"Source value", 12}, [DIFF_VALUE] = {"Destination value", 17},
        [DIFF_RULE] = {"Rule", 4},       [DIFF_RESULT] = {"Result", 6},
    };
    static const unsigned width[DIFF_COLUMNS] = {22, 18, 18, 20, 24, 18, 6, 20, 18, 18, 30, 30, 26, 10};
    (void)xlsx_table(o->book, SV_LIT("diff"), title, DIFF_COLUMNS);
    xlsx_widths(o->book, width, DIFF_COLUMNS);
}

diff_out *diff_out_new(const char *folder, const char *path, arena *mem, findings *f)
{
    diff_out *o = calloc(1, sizeof *o);
    const char *why = "out of memory";
    sv made = arena_printf(mem, "%s/%s", folder, path);
    if (!o || !made.p || !os_make_folder(made.p, &why)) {
        find_at(f, F_OUT_CREATE_FAILED, sv_from(path), sv_from(why));
        free(o);
        return NULL;
    }
    *o = (diff_out){.mem = mem, .found = f};
    o->csv = arena_printf(mem, "%s/diff.csv", path);
    o->xlsx = arena_printf(mem, "%s/diff.xlsx", path);
    o->whole = arena_printf(mem, "%s/%s/diff.xlsx", folder, path);
    if (o->csv.p && o->xlsx.p && o->whole.p) o->list = list_file_new(folder, o->csv, heading, f);
    if (o->list) o->book = xlsx_create_book(o->whole.p, made.p);
    if (o->book) {
        begin_sheet(o);
        return o;
    }
    if (o->list) say(o, F_OUT_CREATE_FAILED, o->xlsx, "the workbook could not be begun");
    diff_out_abandon(o);
    return NULL;
}

static void put_cell(diff_out *o, size_t at, sv text)
{
    char room[DIGITS_U64_MAX];
    if (xlsx_text(o->book, at, text)) return;
    buf said = buf_new(256);
    buf_str(&said, "(does not fit into a cell, see line ");
    buf_add(&said, room, digits_u64(o->lines + 1, room));
    buf_str(&said, " of diff.csv)");
    (void)xlsx_text(o->book, at, buf_view(&said));
    buf_free(&said);
}

status diff_out_line(diff_out *o, const sv cell[DIFF_COLUMNS])
{
    status s = list_file_row(o->list, cell, DIFF_COLUMNS);
    o->full |= o->lines == BOOK_LINES_MAX;
    o->lines++;
    if (o->full || s != ST_OK) return s;
    xlsx_row(o->book);
    for (size_t i = 0; i < DIFF_COLUMNS; i++) put_cell(o, i, cell[i]);
    return s;
}

static void say_full(const diff_out *o)
{
    char room[2][DIGITS_U64_MAX];
    finding x = FINDING_OF(F_DIFF_BOOK_FULL);
    x.path = o->xlsx;
    x.a = (sv){room[0], digits_u64(BOOK_LINES_MAX, room[0])};
    x.b = (sv){room[1], digits_u64(o->lines, room[1])};
    if (o->full) find_add(o->found, &x);
}

status diff_out_close(diff_out *o, rejects_file *file)
{
    const char *why = "";
    file_digest d;
    uint64_t rows = o->full ? BOOK_LINES_MAX : o->lines;
    status s = list_file_close(o->list, &file[0]);
    o->list = NULL;
    bool ok = xlsx_close(o->book, &why);
    o->book = NULL;
    if (ok) ok = digest_file(o->whole.p, &d, &why);
    if (!ok) say(o, F_OUT_WRITE_FAILED, o->xlsx, why);
    say_full(o);
    file[0].path = o->csv;
    file[1] = (rejects_file){.path = o->xlsx, .rows = rows, .bytes = ok ? d.bytes : 0};
    if (ok) memcpy(file[1].sha256, d.sha256, sizeof file[1].sha256);
    diff_out_abandon(o);
    return ok ? s : ST_FATAL;
}

void diff_out_abandon(diff_out *o)
{
    if (!o) return;
    list_file_abandon(o->list);
    xlsx_abandon(o->book);
    free(o);
}
