/* The files to load, and those that stay. */
#include "base/shown.h"
#include "report/parts/parts.h"

static void hash_cell(page *p, sv hash)
{
    if (!hash.n) {
        page_cell_of(p, CELL_TEXT, SV_LIT("none"));
        return;
    }
    PART_BEGIN(p, PART_CELL, .cell = CELL_HASH);
    page_ink_text(p, INK_HASH, hash);
    part_end(p, PART_CELL);
}

/* rows: false where a file has none, as a map */
static void file_cells(page *p, const json_t *f, bool rows)
{
    page_name_cell(p, CELL_HEAD, text_in(f, "path"));
    if (rows)
        page_number_cell(p, number_in(f, "rows"));
    else
        page_cell_of(p, CELL_ZERO, SV_LIT("no rows"));
    page_number_cell(p, number_in(f, "bytes"));
    hash_cell(p, text_in(f, "sha256"));
}

static void number_cell(page *p, uint64_t n)
{
    PART_BEGIN(p, PART_CELL, .cell = CELL_NUMBER);
    page_number(p, n);
    part_end(p, PART_CELL);
}

static void files_of(page *p, const json_t *d)
{
    static const char *const head[] = {"#Order", "File", "#Rows", "#Bytes", "SHA-256"};
    const json_t *files = json_object_get(d, "files");
    uint64_t position = 0, rows = 0, bytes = 0;
    buf caption = buf_new((size_t)1 << 16);
    buf_sv(&caption, text_in(d, "title"));
    buf_str(&caption, ": files in the order in which they are loaded");
    PART_BEGIN(p, PART_TABLE, .table = TABLE_FILES, .caption = buf_view(&caption), .head = head, .heads = 5);
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *f = json_array_get(files, i);
        bool loaded = text_in(f, "object").n > 0;
        part_begin(p, PART_ROW);
        if (loaded)
            number_cell(p, ++position);
        else
            page_cell_of(p, CELL_ZERO, SV_LIT("beside"));
        file_cells(p, f, loaded);
        part_end(p, PART_ROW);
        rows += loaded ? number_in(f, "rows") : 0;
        bytes += number_in(f, "bytes");
    }
    PART_BEGIN(p, PART_ROW, .row = ROW_SUM);
    page_cell_of(p, CELL_TEXT, SV_LIT(""));
    page_cell_of(p, CELL_HEAD, SV_LIT("Together"));
    number_cell(p, rows);
    number_cell(p, bytes);
    page_cell_of(p, CELL_TEXT, SV_LIT(""));
    part_end(p, PART_ROW);
    part_end(p, PART_TABLE);
    buf_free(&caption);
}

static void staying_cells(page *p, const json_t *f) { file_cells(p, f, true); }

static void files_that_stay(page *p, const json_t *files)
{
    static const char *const head[] = {"File", "#Rows", "#Bytes", "SHA-256"};
    if (!json_array_size(files)) return;
    part_begin(p, PART_HEADING);
    page_say(p, "Not to load: stays in the practice");
    part_end(p, PART_HEADING);
    page_para_of(p, "These files hold values of patients. They are for whoever corrects them.");
    LIST_TABLE(p, files, staying_cells, .table = TABLE_FILES,
               .caption = SV_LIT("Rows rejected, values held back, questions of quality"), .head = head, .heads = 4);
}

void part_files(const json_t *m, page *p)
{
    const json_t *all = json_object_get(m, "destinations");
    section(p, "files", "Files to load");
    if (json_array_size(all)) {
        part_begin(p, PART_PARA);
        page_say(p, "A file marked ");
        page_ink_text(p, INK_EM, SV_LIT("beside"));
        page_say(p, " is not loaded itself: it is a map or a guide for loading the others.");
        part_end(p, PART_PARA);
    } else
        page_para_of(p, "None.");
    for (size_t i = 0; i < json_array_size(all); i++) files_of(p, json_array_get(all, i));
    files_that_stay(p, json_object_get(m, "stays_in_the_practice"));
    section_end(p);
}
