/* What stayed in the source: tables and columns that no part of the profile reads. */
#include "report/parts/parts.h"

static void sentence(const json_t *l, page *p)
{
    part_begin(p, PART_PARA);
    page_count(p, number_in(l, "tables"), "table");
    page_say(p, " of the source with ");
    page_count(p, number_in(l, "rows"), "row");
    if (number_in(l, "tables_of_unknown_rows")) {
        page_say(p, " (");
        page_number(p, number_in(l, "tables_of_unknown_rows"));
        page_say(p, " of the tables with an unknown number)");
    }
    page_say(p, number_in(l, "tables") == 1 ? " is" : " are");
    page_say(p, " read by no part of the profile. Nothing of them is in the files. ");
    page_ink_text(p, INK_CODE, SV_LIT("chartferry extract"));
    page_say(p, " takes any of them out as it is.");
    part_end(p, PART_PARA);
}

static void table_cells(page *p, const json_t *t)
{
    page_name_cell(p, CELL_HEAD, text_in(t, "name"));
    known_cell(p, t, "rows");
}

static void tables(const json_t *l, page *p)
{
    static const char *const head[] = {"Table", "#Rows"};
    if (!number_in(l, "tables")) {
        page_para_of(p, "No table: the source has none with rows that the profile does not read.");
        return;
    }
    sentence(l, p);
    LIST_TABLE(p, json_object_get(l, "list"), table_cells, .table = TABLE_NARROW,
               .caption = SV_LIT("Tables left behind, the largest first"), .head = head, .heads = 2);
    if (!number_in(l, "not_listed")) return;
    part_begin(p, PART_PARA);
    page_say(p, "And ");
    page_count(p, number_in(l, "not_listed"), "further table");
    page_say(p, ", no larger or of unknown size.");
    part_end(p, PART_PARA);
}

static sv what_became(const json_t *column)
{
    sv why = text_in(column, "why");
    if (true_in(column, "carried")) return SV_LIT("carried as a custom field");
    if (sv_eq(why, SV_LIT("leave"))) return SV_LIT("left behind, as the profile says");
    if (sv_eq(why, SV_LIT("no text"))) return SV_LIT("left behind: its values are no text");
    if (sv_eq(why, SV_LIT("no record"))) return SV_LIT("left behind: of no record");
    return SV_LIT("left behind");
}

static void column_cells(page *p, const json_t *x)
{
    page_name_cell(p, CELL_HEAD, text_in(x, "column"));
    page_name_cell(p, CELL_NAME, text_in(x, "table"));
    known_cell(p, x, "rows");
    known_cell(p, x, "filled");
    page_cell_of(p, CELL_TEXT, what_became(x));
}

static void columns(const json_t *q, page *p)
{
    static const char *const head[] = {"Column", "Table", "#Rows", "#Filled", "What became of it"};
    const json_t *all = json_object_get(q, "columns_left_behind");
    if (!json_array_size(all)) return;
    LIST_TABLE(p, all, column_cells, .caption = SV_LIT("Columns that the profile does not read"), .head = head,
               .heads = 5);
    further(p, number_in(q, "columns_left_behind_number"), json_array_size(all), "further column");
}

void part_left_behind(const json_t *m, page *p)
{
    section(p, "left", "Left behind");
    tables(json_object_get(m, "left_behind"), p);
    columns(json_object_get(m, "quality"), p);
    section_end(p);
}
