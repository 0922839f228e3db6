/* A run about a sample: who was chosen, and how many values went by which rule. */
#include "report/parts/parts.h"

static void result_cells(const json_t *x, page *p)
{
    page_number_cell(p, number_in(x, "same"));
    page_number_cell(p, number_in(x, "changed"));
    page_number_cell(p, number_in(x, "empty"));
    page_some_cell(p, number_in(x, "held_back"));
    part_end(p, PART_ROW);
}

static void compared(const json_t *d, page *p)
{
    static const char *const head[] = {"Rule", "#Same", "#Changed", "#Empty", "#Held back"};
    const json_t *rules = json_object_get(d, "rules");
    PART_BEGIN(p, PART_TABLE, .caption = text_in(d, "id"), .head = head, .heads = 5);
    PART_BEGIN(p, PART_ROW, .row = ROW_SUM);
    page_cell_of(p, CELL_HEAD, SV_LIT("All values compared"));
    result_cells(d, p);
    for (size_t i = 0; i < json_array_size(rules); i++) {
        const json_t *x = json_array_get(rules, i);
        part_begin(p, PART_ROW);
        page_cell_of(p, CELL_HEAD, text_in(x, "rule"));
        result_cells(x, p);
    }
    part_end(p, PART_TABLE);
}

void part_sample(const json_t *m, page *p)
{
    const json_t *s = json_object_get(m, "sample"), *strata = json_object_get(s, "strata"),
                 *all = json_object_get(s, "destinations");
    if (!s) return;
    section(p, "sample", "Sample");
    part_begin(p, PART_PARA);
    page_say(p, "This run is about ");
    page_count(p, number_in(s, "patients"), "patient");
    page_say(p, ". Of ");
    page_number(p, number_in(strata, "all"));
    page_say(p, " kinds of patients, records and hard cases ");
    page_number(p, number_in(strata, "in_the_sample"));
    page_say(p, " are among them, ");
    page_number(p, number_in(strata, "none_in_this_practice"));
    page_say(p, " the practice has none of, and for ");
    page_number(p, number_in(strata, "no_room"));
    page_say(p, " there was no room. The folder ");
    page_ink_text(p, INK_CODE, SV_LIT("sample_with_patient_values"));
    page_say(p, " says who was chosen and why, and compares every value with the source. It stays in the practice.");
    part_end(p, PART_PARA);
    for (size_t i = 0; i < json_array_size(all); i++) compared(json_array_get(all, i), p);
    section_end(p);
}
