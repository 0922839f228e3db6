/* Findings: all of them in one table, then each with what it means, where it is and what to do. */
#include "report/parts/parts.h"

typedef struct severity_look {
    const char *key, *label;
    page_look look;
} severity_look;

static const severity_look looks[] = {{"fatal", "Error", LOOK_STOP},
                                      {"loss", "Incomplete", LOOK_LOOK},
                                      {"warning", "Warning", LOOK_LOOK},
                                      {"note", "Note", LOOK_NOTE}};

static void tag(page *p, const json_t *f)
{
    size_t i = 0;
    while (i < 3 && !sv_eq(text_in(f, "severity"), sv_from(looks[i].key))) i++;
    p->ops->tag(p, looks[i].look, looks[i].label);
}

static void label(page *p, const char *words)
{
    PART_BEGIN(p, PART_PARA, .para = PARA_LABEL);
    page_say(p, words);
    part_end(p, PART_PARA);
}

static void numbers(page *p, const json_t *f)
{
    PART_BEGIN(p, PART_PARA, .para = PARA_TIMES);
    page_count(p, number_in(f, "number"), "time");
    if (number_in(f, "rows")) {
        page_say(p, "; ");
        page_count(p, number_in(f, "rows"), "row");
        page_say(p, " concerned");
    }
    part_end(p, PART_PARA);
}

static void tables(page *p, const json_t *f)
{
    const json_t *list = json_object_get(f, "tables");
    uint64_t more = number_in(f, "tables_not_listed");
    size_t n = json_array_size(list);
    if (n < 2) return;
    label(p, "In these tables or objects");
    PART_BEGIN(p, PART_PARA, .para = PARA_LIST);
    for (size_t i = 0; i < n; i++) {
        const json_t *t = json_array_get(list, i);
        if (i) page_say(p, ", ");
        page_ink_text(p, INK_NAME, text_in(t, "name"));
        page_say(p, " (");
        page_number(p, number_in(t, "number"));
        page_say(p, ")");
    }
    if (more) {
        page_say(p, " and ");
        page_number(p, more);
        page_say(p, " more");
    }
    part_end(p, PART_PARA);
}

static void places(page *p, const json_t *f)
{
    const json_t *list = json_object_get(f, "places");
    if (!json_array_size(list)) return;
    label(p, number_in(f, "number") == 1 ? "Where" : "First places");
    part_begin(p, PART_LIST);
    for (size_t i = 0; i < json_array_size(list); i++) page_item_of(p, json_words(json_array_get(list, i)));
    if (number_in(f, "places_not_listed")) {
        part_begin(p, PART_ITEM);
        page_say(p, "and ");
        page_number(p, number_in(f, "places_not_listed"));
        page_say(p, " more");
        part_end(p, PART_ITEM);
    }
    part_end(p, PART_LIST);
}

static void lists(page *p, const json_t *f)
{
    const json_t *all = json_object_get(f, "lists");
    if (!json_array_size(all)) return;
    label(p, "All of them");
    PART_BEGIN(p, PART_PARA, .para = PARA_LIST);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *l = json_array_get(all, i);
        if (i) page_say(p, ", ");
        page_ink_text(p, INK_FILE, text_in(l, "path"));
        if (!json_is_integer(json_object_get(l, "rows"))) continue;
        page_say(p, " (");
        page_count(p, number_in(l, "rows"), "line");
        page_say(p, ")");
    }
    part_end(p, PART_PARA);
}

static void one(page *p, const json_t *f)
{
    const char *code = json_string_value(json_object_get(f, "code"));
    part_begin(p, PART_FINDING);
    part_begin(p, PART_FINDING_HEAD);
    PART_BEGIN(p, PART_HEADING, .id = code);
    tag(p, f);
    page_text(p, text_in(f, "title"));
    page_say(p, " ");
    page_ink_text(p, INK_ID, text_in(f, "code"));
    part_end(p, PART_HEADING);
    numbers(p, f);
    part_end(p, PART_FINDING_HEAD);
    part_begin(p, PART_PARA);
    page_text(p, text_in(f, "meaning"));
    part_end(p, PART_PARA);
    tables(p, f);
    places(p, f);
    lists(p, f);
    part_end(p, PART_FINDING);
}

static void overview_cells(page *p, const json_t *f)
{
    PART_BEGIN(p, PART_CELL, .cell = CELL_TEXT);
    tag(p, f);
    part_end(p, PART_CELL);
    page_cell_of(p, CELL_HEAD, text_in(f, "title"));
    PART_BEGIN(p, PART_CELL, .cell = CELL_CODE);
    page_ink_text(p, INK_LINK, text_in(f, "code"));
    part_end(p, PART_CELL);
    page_number_cell(p, number_in(f, "number"));
    page_number_cell(p, number_in(f, "rows"));
}

static void overview(page *p, const json_t *all)
{
    static const char *const head[] = {"Weight", "Finding", "Code", "#Times", "#Rows"};
    LIST_TABLE(p, all, overview_cells, .table = TABLE_OVERVIEW, .caption = SV_LIT("All findings, worst first"),
               .head = head, .heads = 5);
}

void part_findings(const json_t *m, page *p)
{
    const json_t *all = json_object_get(m, "findings");
    section(p, "findings", "Findings");
    if (!json_array_size(all)) {
        page_para_of(p, "None: there is nothing to tell about the source or the files.");
        section_end(p);
        return;
    }
    part_begin(p, PART_PARA);
    page_ink_text(p, INK_STRONG, SV_LIT("Error"));
    page_say(p, ": something failed. ");
    page_ink_text(p, INK_STRONG, SV_LIT("Incomplete"));
    page_say(p, ": something could not be read or not be kept as it was. ");
    page_ink_text(p, INK_STRONG, SV_LIT("Warning"));
    page_say(p, ": something is odd, all of it was read. ");
    page_ink_text(p, INK_STRONG, SV_LIT("Note"));
    page_say(p, ": worth knowing. More about a code: ");
    page_ink_text(p, INK_CODE, SV_LIT("chartferry explain CODE"));
    page_say(p, ".");
    part_end(p, PART_PARA);
    overview(p, all);
    for (size_t i = 0; i < json_array_size(all); i++) one(p, json_array_get(all, i));
    section_end(p);
}
