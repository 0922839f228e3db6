/* Findings: all of them in one table, then each with what it means, where it is and what to do. */
#include "report/html.h"
#include "report/report_html_parts.h"
#include "report/report_text.h"

typedef struct severity_look {
    const char *key, *label, *class;
} severity_look;

static const severity_look looks[] = {{"fatal", "Error", "stop"},
                                      {"loss", "Incomplete", "look"},
                                      {"warning", "Warning", "look"},
                                      {"note", "Note", "note"}};

static void tag(report_file_out *o, const json_t *f)
{
    size_t i = 0;
    while (i < 3 && !sv_eq(text_in(f, "severity"), sv_from(looks[i].key))) i++;
    buf_printf(&o->text, "<span class=\"tag %s\">%s</span>", looks[i].class, looks[i].label);
}

static void numbers(report_file_out *o, const json_t *f)
{
    html(o, "<p class=\"times\">");
    add_count(&o->text, number_in(f, "number"), "time");
    if (number_in(f, "rows")) {
        html(o, "; ");
        add_count(&o->text, number_in(f, "rows"), "row");
        html(o, " concerned");
    }
    html(o, "</p>\n");
}

static void tables(report_file_out *o, const json_t *f)
{
    const json_t *list = json_object_get(f, "tables");
    uint64_t more = number_in(f, "tables_not_listed");
    size_t n = json_array_size(list);
    if (n < 2) return;
    html(o, "<p class=\"label\">In these tables or objects</p>\n<p class=\"list\">");
    for (size_t i = 0; i < n; i++) {
        const json_t *t = json_array_get(list, i);
        html(o, i ? ", <bdi>" : "<bdi>");
        html_name(o, text_in(t, "name"));
        html(o, "</bdi> (");
        html_number(o, number_in(t, "number"));
        html(o, ")");
    }
    if (more) {
        html(o, " and ");
        html_number(o, more);
        html(o, " more");
    }
    html(o, "</p>\n");
}

static void places(report_file_out *o, const json_t *f)
{
    const json_t *list = json_object_get(f, "places");
    if (!json_array_size(list)) return;
    html(o, number_in(f, "number") == 1 ? "<p class=\"label\">Where</p>\n<ul>\n"
                                        : "<p class=\"label\">First places</p>\n<ul>\n");
    for (size_t i = 0; i < json_array_size(list); i++) {
        html(o, "<li>");
        html_text(o, json_words(json_array_get(list, i)));
        html(o, "</li>\n");
    }
    if (number_in(f, "places_not_listed")) {
        html(o, "<li>and ");
        html_number(o, number_in(f, "places_not_listed"));
        html(o, " more</li>\n");
    }
    html(o, "</ul>\n");
}

static void one(report_file_out *o, const json_t *f)
{
    html(o, "<article class=\"finding\">\n<div class=\"head\"><h3 id=\"");
    html_text(o, text_in(f, "code"));
    html(o, "\">");
    tag(o, f);
    html_text(o, text_in(f, "title"));
    html(o, " <span class=\"id\">");
    html_text(o, text_in(f, "code"));
    html(o, "</span></h3>\n");
    numbers(o, f);
    html(o, "</div>\n<p>");
    html_text(o, text_in(f, "meaning"));
    html(o, "</p>\n");
    tables(o, f);
    places(o, f);
    html(o, "</article>\n");
}

static void overview(report_file_out *o, const json_t *all)
{
    static const char *const head[] = {"Weight", "Finding", "Code", "#Times", "#Rows"};
    html_table(o, "overview", SV_LIT("All findings, worst first"), head, 5);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *f = json_array_get(all, i);
        html(o, "<tr><td>");
        tag(o, f);
        html(o, "</td><th scope=\"row\">");
        html_text(o, text_in(f, "title"));
        html(o, "</th><td class=\"code\"><a href=\"#");
        html_text(o, text_in(f, "code"));
        html(o, "\">");
        html_text(o, text_in(f, "code"));
        html(o, "</a></td>");
        html_number_cell(o, NULL, number_in(f, "number"));
        html_number_cell(o, NULL, number_in(f, "rows"));
        html(o, "</tr>\n");
    }
    html_table_end(o);
}

void html_findings(const json_t *m, report_file_out *o)
{
    const json_t *all = json_object_get(m, "findings");
    html(o, "<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n");
    if (!json_array_size(all)) {
        html(o, "<p>None: there is nothing to tell about the source or the files.</p>\n</section>\n");
        return;
    }
    html(o,
         "<p><strong>Error</strong>: something failed. <strong>Incomplete</strong>: something could not be read or not "
         "be kept as it was. <strong>Warning</strong>: something is odd, all of it was read. <strong>Note</strong>: "
         "worth knowing.</p>\n");
    overview(o, all);
    for (size_t i = 0; i < json_array_size(all); i++) one(o, json_array_get(all, i));
    html(o, "</section>\n");
}
