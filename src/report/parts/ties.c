/* The sheet that is filled in and signed: what chartferry counts, beside what the old system's reports show. */
#include "report/parts/parts.h"

static void value_cell(page *p, const json_t *line)
{
    PART_BEGIN(p, PART_CELL, .cell = CELL_NUMBER);
    if (text_in(line, "day").n)
        page_text(p, text_in(line, "day"));
    else if (text_in(line, "amount").n) {
        page_decimal(p, text_in(line, "amount"));
        if (number_in(line, "unadded")) {
            page_say(p, " and ");
            page_count(p, number_in(line, "unadded"), "value");
            page_say(p, " not added");
        }
    } else
        page_number(p, number_in(line, "number"));
    part_end(p, PART_CELL);
}

static void line_cells(page *p, const json_t *line)
{
    page_cell_of(p, CELL_HEAD, text_in(line, "label"));
    value_cell(p, line);
    page_cell_of(p, CELL_FILL, SV_LIT(""));
    page_cell_of(p, CELL_FILL, SV_LIT(""));
}

static void group(page *p, const json_t *g)
{
    static const char *const head[] = {"What", "#chartferry counts", "Old system shows", "Same?"};
    LIST_TABLE(p, json_object_get(g, "lines"), line_cells, .table = TABLE_SHEET, .caption = text_in(g, "title"),
               .head = head, .heads = 4);
}

static void signature(page *p, const char *who)
{
    PART_BEGIN(p, PART_SIGNATURE, .title = who);
    part_end(p, PART_SIGNATURE);
}

void part_ties(const json_t *m, page *p)
{
    const json_t *all = json_object_get(m, "tie_out");
    section(p, "ties", "Hold it against the old system");
    if (!json_array_size(all)) {
        page_para_of(p, "Not counted.");
        section_end(p);
        return;
    }
    page_para_of(
        p, "Print the old system's own reports for the day of the backup and write their numbers beside these. They "
           "are of "
           "all records that were read, whatever a destination takes of them. Where two numbers differ, the lines that "
           "were left out, and the findings, say why; if they do not, do not load before it is clear.");
    for (size_t i = 0; i < json_array_size(all); i++) group(p, json_array_get(all, i));
    part_begin(p, PART_SIGNATURES);
    signature(p, "Compared by, date");
    signature(p, "For the practice, date");
    part_end(p, PART_SIGNATURES);
    section_end(p);
}
