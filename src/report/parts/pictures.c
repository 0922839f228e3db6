/* Distributions, each as a picture and as the table of its numbers. */
#include "report/parts/parts.h"

static bool is_shares(const json_t *x) { return sv_eq(text_in(x, "kind"), SV_LIT("shares")); }

static void bar_cells(page *p, const json_t *bar)
{
    page_cell_of(p, CELL_HEAD, text_in(bar, "label"));
    page_number_cell(p, number_in(bar, "number"));
}

static void share_cells(page *p, const json_t *bar)
{
    bar_cells(p, bar);
    page_some_cell(p, number_in(bar, "missing"));
}

static void numbers(page *p, const json_t *x)
{
    const bool shares = is_shares(x);
    const char *head[3] = {json_string_value(json_object_get(x, "what")), "", "#Missing"};
    buf number = buf_new(256);
    buf_char(&number, '#');
    buf_sv(&number, text_in(x, "number"));
    buf_char(&number, '\0');
    head[1] = number.failed ? "#" : number.p;
    LIST_TABLE(p, json_object_get(x, "bars"), shares ? share_cells : bar_cells, .table = TABLE_NARROW,
               .caption = text_in(x, "title"), .head = head, .heads = shares ? 3 : 2);
    buf_free(&number);
}

static void one(page *p, const json_t *x)
{
    part_begin(p, PART_HEADING);
    page_text(p, text_in(x, "title"));
    part_end(p, PART_HEADING);
    part_begin(p, PART_PARA);
    page_text(p, text_in(x, "about"));
    part_end(p, PART_PARA);
    part_begin(p, PART_PICTURE);
    p->ops->picture(p, x);
    numbers(p, x);
    part_end(p, PART_PICTURE);
}

void part_pictures(const json_t *m, page *p)
{
    const json_t *all = json_object_get(m, "pictures");
    section(p, "pictures", "Pictures");
    if (json_array_size(all))
        page_para_of(p, "Is there a year without exams, a depth that nobody has, a measurement that was never taken? "
                        "What looks odd here "
                        "is odd in the old system too, or was not read as it should be.");
    else
        page_para_of(p, "None: the source has neither exams nor appointments that were read.");
    for (size_t i = 0; i < json_array_size(all); i++) one(p, json_array_get(all, i));
    section_end(p);
}
