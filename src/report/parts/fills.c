/* How full each field of the destinations is, beside how full the source has it. */
#include "report/parts/parts.h"

static void rate_cell(page *p, page_cell cell, const json_t *f, const char *number, const char *rate)
{
    PART_BEGIN(p, PART_CELL, .cell = cell);
    page_rate(p, number_in(f, rate));
    page_say(p, " (");
    page_number(p, number_in(f, number));
    page_say(p, ")");
    part_end(p, PART_CELL);
}

static void difference_cell(page *p, const json_t *f)
{
    uint64_t source = number_in(f, "source_rate"), bundle = number_in(f, "bundle_rate");
    if (!true_in(f, "lower")) {
        page_cell_of(p, CELL_YES, source < bundle ? SV_LIT("fuller") : SV_LIT("the same"));
        return;
    }
    PART_BEGIN(p, PART_CELL, .cell = CELL_NO);
    page_say(p, "\xE2\x96\xBC less full");
    part_end(p, PART_CELL);
}

static void row(page *p, const json_t *f)
{
    part_begin(p, PART_ROW);
    if (number_in(f, "fields") > 1) {
        PART_BEGIN(p, PART_CELL, .cell = CELL_HEAD);
        page_count(p, number_in(f, "fields"), "field");
        page_say(p, " of teeth and sites");
        part_end(p, PART_CELL);
    } else
        page_name_cell(p, CELL_HEAD, text_in(f, "field"));
    page_name_cell(p, CELL_NAME, text_in(f, "object"));
    page_name_cell(p, CELL_NAME, text_in(f, "from"));
    rate_cell(p, CELL_NUMBER, f, "source", "source_rate");
    rate_cell(p, true_in(f, "lower") ? CELL_SOME : CELL_NUMBER, f, "bundle", "bundle_rate");
    difference_cell(p, f);
    page_some_cell(p, number_in(f, "held_back"));
    part_end(p, PART_ROW);
}

static void table(page *p, const json_t *d)
{
    static const char *const head[] = {
        "Field", "Object", "Made of", "#Full in the source", "#Full in the bundle", "Difference", "#Held back"};
    const json_t *fill = json_object_get(d, "fill"), *list = json_object_get(fill, "list");
    if (!json_array_size(list)) return;
    buf caption = buf_new((size_t)1 << 16);
    buf_sv(&caption, text_in(d, "title"));
    buf_str(&caption, ": how full its fields are");
    part_begin(p, PART_PARA);
    page_text(p, text_in(d, "title"));
    page_say(p, ": of ");
    page_count(p, number_in(fill, "fields"), "field");
    page_say(p, ", ");
    page_number(p, number_in(fill, "lower"));
    page_say(p, number_in(fill, "lower") == 1 ? " is" : " are");
    page_say(p, " less full than in the source.");
    if (number_in(fill, "not_listed")) {
        page_say(p, " Of those that are not, ");
        page_number(p, number_in(fill, "not_listed"));
        page_say(p, " are not shown here; field-inventory.xlsx has all.");
    }
    part_end(p, PART_PARA);
    PART_BEGIN(p, PART_TABLE, .table = TABLE_MATRIX, .caption = buf_view(&caption), .head = head, .heads = 7);
    for (size_t i = 0; i < json_array_size(list); i++) row(p, json_array_get(list, i));
    part_end(p, PART_TABLE);
    buf_free(&caption);
}

void part_fills(const json_t *m, page *p)
{
    const json_t *all = json_object_get(m, "destinations");
    bool any = false;
    for (size_t i = 0; i < json_array_size(all); i++)
        any |= json_array_size(json_object_get(json_object_get(json_array_get(all, i), "fill"), "list")) > 0;
    section(p, "fill", "How full the fields are");
    if (any)
        page_para_of(p,
                     "How many of the source's rows have a value, in percent and in numbers, and how many rows of the "
                     "file. A field that was "
                     "fuller in the source has lost values: those held back are in exceptions.csv; others went to "
                     "another field (a "
                     "quadrant is an area, not a tooth) or mean nothing in the source. Look at each that is marked.");
    else
        page_para_of(
            p,
            "No destination with fields of its own: the values of each field are counted under Quality of the data.");
    for (size_t i = 0; i < json_array_size(all); i++) table(p, json_array_get(all, i));
    section_end(p);
}
