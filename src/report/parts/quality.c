/* The section about the quality of the data: what the practice should look at before it goes on. */
#include "report/parts/parts.h"

/* ---- at a glance ---- */

static void glance_row(page *p, const char *what, uint64_t n)
{
    part_begin(p, PART_ROW);
    page_cell_of(p, CELL_HEAD, sv_from(what));
    page_some_cell(p, n);
    part_end(p, PART_ROW);
}

static void lack_row(page *p, const json_t *lack)
{
    static const struct {
        const char *key, *words;
    } name[] = {{"birth_date", "Patients without a date of birth"},
                {"email", "Patients without an e-mail address"},
                {"phone", "Patients without a phone number"},
                {"address", "Patients without an address"}};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (sv_eq(text_in(lack, "what"), sv_from(name[i].key)))
            glance_row(p, name[i].words, number_in(lack, "lacking"));
}

static void glance(const json_t *q, page *p)
{
    static const char *const head[] = {"What to look at", "#Number"};
    const json_t *lacks = json_object_get(q, "lacks"), *charts = json_object_get(q, "charts");
    PART_BEGIN(p, PART_TABLE, .table = TABLE_NARROW, .caption = SV_LIT("What to look at, in numbers"), .head = head,
               .heads = 2);
    for (size_t i = 0; i < json_array_size(lacks); i++) lack_row(p, json_array_get(lacks, i));
    glance_row(p, "Groups of records that may be one person", number_in(q, "duplicate_groups"));
    glance_row(p, "Records in these groups", number_in(q, "duplicate_records"));
    glance_row(p, "Dates that could not be read for certain", number_in(q, "malformed_dates"));
    glance_row(p, "Records dated before their patient's birth", number_in(q, "before_birth"));
    glance_row(p, "Providers who share an e-mail address", number_in(q, "shared_emails"));
    glance_row(p, "Values that only an account has of a patient", number_in(q, "accounts_differ"));
    glance_row(p, "Chart rows whose tooth could not be read for certain", number_in(charts, "ambiguous_teeth"));
    glance_row(p, "Exams left out for their tooth numbering", number_in(charts, "exams_left_out"));
    glance_row(p, "Exams whose tooth numbering is the profile's default", number_in(charts, "numbering_assumed"));
    part_end(p, PART_TABLE);
}

static void records_cells(page *p, const json_t *x)
{
    page_cell_of(p, CELL_HEAD, text_in(x, "title"));
    page_name_cell(p, CELL_NAME, text_in(x, "entity"));
    page_number_cell(p, number_in(x, "records"));
}

static void records(const json_t *q, page *p)
{
    static const char *const head[] = {"Records", "Entity", "#Number"};
    LIST_TABLE(p, json_object_get(q, "records"), records_cells, .table = TABLE_NARROW,
               .caption = SV_LIT("Records of each kind"), .head = head, .heads = 3);
}

/* ---- fields ---- */

static void field_cells(page *p, const json_t *x)
{
    page_name_cell(p, CELL_HEAD, text_in(x, "field"));
    page_name_cell(p, CELL_NAME, text_in(x, "entity"));
    page_number_cell(p, number_in(x, "filled"));
    page_number_cell(p, number_in(x, "kept"));
    page_number_cell(p, number_in(x, "changed"));
    page_some_cell(p, number_in(x, "held_back"));
}

static void fields(const json_t *q, page *p)
{
    static const char *const head[] = {"Field",     "Entity", "#In the source", "#Kept", "#Written otherwise",
                                       "#Held back"};
    LIST_TABLE(p, json_object_get(q, "fields"), field_cells,
               .caption = SV_LIT("What became of the values of each field"), .head = head, .heads = 6);
}

/* ---- the practice's own ---- */

static void custom_cells(page *p, const json_t *x)
{
    page_name_cell(p, CELL_HEAD, text_in(x, "name"));
    page_name_cell(p, CELL_NAME, text_in(x, "entity"));
    page_cell_of(p, CELL_TEXT, text_in(x, "type"));
    page_number_cell(p, number_in(x, "records"));
    PART_BEGIN(p, PART_CELL, .cell = CELL_NUMBER);
    if (true_in(x, "more")) page_say(p, "more than ");
    page_number(p, number_in(x, "distinct"));
    part_end(p, PART_CELL);
}

static void custom_fields(const json_t *q, page *p)
{
    static const char *const head[] = {"Field", "Of", "Type", "#Records that have it", "#Different values"};
    const json_t *all = json_object_get(q, "custom_fields");
    LIST_TABLE(p, all, custom_cells, .caption = SV_LIT("Fields of the practice's own"), .head = head, .heads = 5);
    further(p, number_in(q, "custom_fields_number"), json_array_size(all), "further field");
}

void part_quality(const json_t *m, page *p)
{
    const json_t *q = json_object_get(m, "quality");
    section(p, "quality", "Quality of the data");
    if (!json_is_object(q)) {
        page_para_of(p, "Not counted.");
        section_end(p);
        return;
    }
    part_begin(p, PART_PARA);
    page_say(p, "Which records these are is listed by key in the files of the folder ");
    page_ink_text(p, INK_CODE, SV_LIT("quality"));
    page_say(p, ", which stays in the practice. Nothing was merged, and no value was filled in.");
    part_end(p, PART_PARA);
    glance(q, p);
    records(q, p);
    fields(q, p);
    custom_fields(q, p);
    section_end(p);
}
