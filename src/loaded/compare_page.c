/* summary.csv and compare.html. */
#include "loaded/compare_internal.h"
#include "loaded/page.h"

enum { SENTENCE_MAX = 512, FIXED = 4 };

static bool has_values(const comparing *x, size_t load, size_t field)
{
    return x->load[load].rows && field != x->a.l.load[load].key;
}

static bool summary_line(comparing *x, list_file *list, size_t load, size_t field)
{
    char room[VALUE_ENDS][24];
    sv cell[FIXED + VALUE_ENDS];
    const bundle_load *b = &x->a.l.load[load];
    const field_result *r = &x->load[load].field[field];
    cell[0] = b->file;
    cell[1] = b->object;
    cell[2] = b->field[field].heading;
    cell[3] = r->shown ? SV_LIT("yes") : SV_LIT("no");
    for (size_t e = 0; e < VALUE_ENDS; e++)
        cell[FIXED + e] =
            (sv){room[e], (size_t)snprintf(room[e], sizeof room[e], "%llu", (unsigned long long)r->end[e])};
    return list_file_row(list, cell, FIXED + VALUE_ENDS) == ST_OK;
}

bool compare_write_summary(comparing *x)
{
    buf heading = buf_new(4096);
    buf_str(&heading, "file,object,field,exported");
    for (size_t e = 0; e < VALUE_ENDS; e++) buf_printf(&heading, ",%s", value_end_word[e]);
    buf_char(&heading, '\0');
    list_file *list = heading.failed
                          ? NULL
                          : list_file_new(stage_folder_path(x->a.folder), SV_LIT("summary.csv"), heading.p, x->a.found);
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < x->a.l.loads; i++)
        for (size_t k = 0; ok && k < x->a.l.load[i].fields; k++)
            if (has_values(x, i, k)) ok = summary_line(x, list, i, k);
    buf_free(&heading);
    if (ok) return after_load_list_done(&x->a, list, SV_LIT("summary.csv"));
    list_file_abandon(list);
    x->a.end = AFTER_LOAD_OUTPUT;
    return false;
}

static void verdict(const comparing *x, report_file_out *o)
{
    const compare_result *r = x->out;
    char room[SENTENCE_MAX];
    bool same = r->missing + r->extra + r->twice + r->differ == 0 && r->rows > 0;
    int n = snprintf(room, sizeof room,
                     "%llu values of %llu rows were compared. %llu differ; %llu rows are missing, %llu too many.",
                     (unsigned long long)r->values, (unsigned long long)r->rows, (unsigned long long)r->differ,
                     (unsigned long long)r->missing, (unsigned long long)(r->extra + r->twice));
    page_verdict(o, same ? "ready" : "look",
                 same ? "\xE2\x9C\x93 The export is the bundle" : "! The export is not the bundle",
                 (sv){room, n > 0 ? (size_t)n : 0});
    html(o, "<dl class=\"figures\">");
    page_figure(o, "equal", r->equal);
    page_figure(o, "in another form", r->other_form);
    page_figure(o, "different", r->differ);
    page_figure(o, "rows missing", r->missing);
    page_figure(o, "rows too many", r->extra + r->twice);
    page_figure(o, "links not checked", r->unchecked);
    html(o, "</dl>\n<p>The same in another form are dates and numbers that are written otherwise, line ends, blanks at "
            "the ends, the "
            "order of several choices. A link is checked where an export has the id and the key of the record that it "
            "points to. "
            "<code>compare.csv</code> lists each difference by key and field, <code>summary.csv</code> counts every "
            "field.</p>\n");
}

static void field_row(const comparing *x, report_file_out *o, size_t i, size_t k)
{
    const field_result *r = &x->load[i].field[k];
    html(o, "<tr><th scope=\"row\">");
    html_name(o, x->a.l.load[i].file);
    html(o, "</th>");
    html_cell(o, "name", x->a.l.load[i].field[k].heading);
    for (size_t e = VALUE_CHANGED; e < VALUE_ENDS; e++) html_number_cell(o, r->end[e] ? "n some" : NULL, r->end[e]);
    html(o, "</tr>\n");
}

static void fields(const comparing *x, report_file_out *o)
{
    static const char *const head[] = {"File", "Field", "#Changed", "#Truncated", "#Rounded", "#Letter case", "#Empty"};
    bool any = false;
    for (size_t i = 0; i < x->a.l.loads; i++)
        for (size_t k = 0; k < x->a.l.load[i].fields; k++) {
            uint64_t differ = 0;
            for (size_t e = VALUE_CHANGED; e < VALUE_ENDS; e++) differ += x->load[i].field[k].end[e];
            if (!differ) continue;
            if (!any) {
                html(o, "<section>\n<h2>Fields that differ</h2>\n");
                html_table(o, NULL, SV_LIT("Differences of each field"), head, sizeof head / sizeof head[0]);
            }
            any = true;
            field_row(x, o, i, k);
        }
    if (!any) return;
    html_table_end(o);
    html(o, "</section>\n");
}

static void files(const comparing *x, report_file_out *o)
{
    static const char *const head[] = {"File",     "Object",        "#Rows compared",
                                       "#Missing", "#Fields shown", "#Fields not shown"};
    html(o, "<section>\n<h2>Files of the bundle</h2>\n");
    html_table(o, NULL, SV_LIT("What of the bundle the exports show"), head, sizeof head / sizeof head[0]);
    for (size_t i = 0; i < x->a.l.loads; i++) {
        const bundle_load *b = &x->a.l.load[i];
        uint64_t shown = 0;
        if (!b->parts) continue;
        for (size_t k = 0; k < b->fields; k++) shown += x->load[i].field[k].shown;
        html(o, "<tr><th scope=\"row\">");
        html_name(o, b->file);
        html(o, "</th>");
        html_cell(o, NULL, b->label);
        html_number_cell(o, NULL, x->load[i].rows);
        html_number_cell(o, x->load[i].missing ? "n some" : NULL, x->load[i].missing);
        html_number_cell(o, NULL, shown);
        html_number_cell(o, NULL, b->fields - 1 - shown);
        html(o, "</tr>\n");
    }
    html_table_end(o);
    html(o, "</section>\n");
}

bool compare_write_page(comparing *x)
{
    report_file_out o = page_begin(x->a.folder, &x->a.l, "compare.html", "Is the export what was loaded?");
    verdict(x, &o);
    fields(x, &o);
    files(x, &o);
    return page_end(x->a.folder, &o);
}
