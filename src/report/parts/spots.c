/* Spot checks: records to look up in the old system and in the new one. */
#include "report/parts/parts.h"

enum { HEADS_MAX = 20 };

static void value_cell(page *p, sv text)
{
    if (text.n)
        page_cell_of(p, CELL_NAME, text);
    else
        page_cell_of(p, CELL_ZERO, SV_LIT("no value"));
}

static void key_cells(page *p, const json_t *c)
{
    page_name_cell(p, CELL_HEAD, text_in(c, "source_key"));
    page_name_cell(p, CELL_NAME, text_in(c, "src_table"));
    page_name_cell(p, CELL_NAME, text_in(c, "src_key"));
}

static void value_cells(page *p, const json_t *c)
{
    const json_t *all = json_object_get(c, "values");
    key_cells(p, c);
    for (size_t i = 0; i < json_array_size(all); i++) value_cell(p, json_words(json_array_get(all, i)));
    page_cell_of(p, CELL_FILL, SV_LIT(""));
}

static void values(page *p, const json_t *g)
{
    const char *head[HEADS_MAX] = {"Key", "Old table", "Old key"};
    const json_t *fields = json_object_get(g, "fields");
    size_t n = 3;
    for (size_t i = 0; i < json_array_size(fields) && n < HEADS_MAX - 1; i++)
        head[n++] = json_string_value(json_array_get(fields, i));
    head[n++] = "Same?";
    LIST_TABLE(p, json_object_get(g, "checks"), value_cells, .table = TABLE_SHEET, .caption = text_in(g, "title"),
               .head = head, .heads = n);
}

static void child_cells(page *p, const json_t *c)
{
    const json_t *records = json_object_get(c, "records");
    key_cells(p, c);
    for (size_t i = 0; i < json_array_size(records); i++) {
        json_int_t number = json_integer_value(json_array_get(records, i));
        page_number_cell(p, number < 0 ? 0 : (uint64_t)number);
    }
    page_cell_of(p, CELL_FILL, SV_LIT(""));
}

/* How many records of other kinds the old system shows of each. */
static void children(page *p, const json_t *g)
{
    const char *head[HEADS_MAX] = {"Key", "Old table", "Old key"};
    const json_t *kinds = json_object_get(g, "children");
    buf text[HEADS_MAX], caption = buf_new((size_t)1 << 12);
    size_t n = 3, made = 0;
    if (!json_array_size(kinds)) return;
    for (size_t i = 0; i < json_array_size(kinds) && n < HEADS_MAX - 1; i++, made++) {
        text[made] = buf_new(256);
        buf_char(&text[made], '#');
        buf_sv(&text[made], json_words(json_array_get(kinds, i)));
        buf_char(&text[made], '\0');
        head[n++] = text[made].failed ? "#" : text[made].p;
    }
    head[n++] = "Same?";
    buf_sv(&caption, text_in(g, "title"));
    buf_str(&caption, ": how many records they have");
    LIST_TABLE(p, json_object_get(g, "checks"), child_cells, .table = TABLE_SHEET, .caption = buf_view(&caption),
               .head = head, .heads = n);
    for (size_t i = 0; i < made; i++) buf_free(&text[i]);
    buf_free(&caption);
}

static void group(page *p, const json_t *g)
{
    values(p, g);
    children(p, g);
}

void part_spots(const json_t *m, page *p)
{
    const json_t *s = json_object_get(m, "spot_checks"), *all = json_object_get(s, "groups");
    section(p, "spots", "Spot checks");
    if (!json_array_size(all)) {
        page_para_of(p, "None: no patients, exams, plans, bills, appointments or notes were read.");
        section_end(p);
        return;
    }
    part_begin(p, PART_PARA);
    page_count(p, number_in(s, "number"), "record");
    page_say(p, " from all over the practice, chosen by their keys, the same ones each time. Open each in the old "
                "system by its key, "
                "and in the new one by the same, and compare. ");
    if (!true_in(s, "values_shown")) {
        page_say(p, "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2 stands for a value of a patient: the option ");
        page_ink_text(p, INK_CODE, SV_LIT("--show-values"));
        page_say(p, " shows it, in a report that stays in the practice.");
    }
    part_end(p, PART_PARA);
    for (size_t i = 0; i < json_array_size(all); i++) group(p, json_array_get(all, i));
    section_end(p);
}
