/* The files to load, and those that stay. */
#include "report/html.h"
#include "report/report_html_parts.h"
#include "report/report_text.h"

/* In two halves, so that it takes two lines of a narrow column. */
static void hash_cell(report_file_out *o, sv hash)
{
    size_t half = hash.n / 2;
    if (!hash.n) {
        html(o, "<td>none</td>");
        return;
    }
    html(o, "<td class=\"hash\">");
    html_text(o, (sv){hash.p, half});
    html(o, "<wbr>");
    html_text(o, (sv){hash.p + half, hash.n - half});
    html(o, "</td>");
}

/* rows: false where a file has none, as a map */
static void file_cells(report_file_out *o, const json_t *f, bool rows)
{
    html(o, "<th scope=\"row\" dir=\"auto\">");
    html_name(o, text_in(f, "path"));
    html(o, "</th>");
    if (rows)
        html_number_cell(o, NULL, number_in(f, "rows"));
    else
        html(o, "<td class=\"n zero\">no rows</td>");
    html_number_cell(o, NULL, number_in(f, "bytes"));
    hash_cell(o, text_in(f, "sha256"));
    html(o, "</tr>\n");
}

static void files_head(report_file_out *o, const json_t *d)
{
    static const char *const head[] = {"#Order", "File", "#Rows", "#Bytes", "SHA-256"};
    buf caption = buf_new((size_t)1 << 16);
    buf_sv(&caption, text_in(d, "title"));
    buf_str(&caption, ": files in the order in which they are loaded");
    html_table(o, "files", buf_view(&caption), head, 5);
    buf_free(&caption);
}

static void files_of(report_file_out *o, const json_t *d)
{
    const json_t *files = json_object_get(d, "files");
    uint64_t position = 0, rows = 0, bytes = 0;
    files_head(o, d);
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *f = json_array_get(files, i);
        bool loaded = text_in(f, "object").n > 0;
        html(o, "<tr>");
        if (loaded)
            html_number_cell(o, "n", ++position);
        else
            html(o, "<td class=\"n zero\">beside</td>");
        file_cells(o, f, loaded);
        rows += loaded ? number_in(f, "rows") : 0;
        bytes += number_in(f, "bytes");
    }
    html(o, "<tr class=\"sum\"><td></td><th scope=\"row\">Together</th>");
    html_number_cell(o, "n", rows);
    html_number_cell(o, "n", bytes);
    html(o, "<td></td></tr>\n");
    html_table_end(o);
}

static void files_that_stay(report_file_out *o, const json_t *files)
{
    static const char *const head[] = {"File", "#Rows", "#Bytes", "SHA-256"};
    if (!json_array_size(files)) return;
    html(o,
         "<h3 class=\"head\">Not to load: stays in the practice</h3>\n<p>These files hold values of patients. They are "
         "for whoever corrects them.</p>\n");
    html_table(o, "files", SV_LIT("Rows rejected, values held back, questions of quality"), head, 4);
    for (size_t i = 0; i < json_array_size(files); i++) {
        html(o, "<tr>");
        file_cells(o, json_array_get(files, i), true);
    }
    html_table_end(o);
}

void html_files(const json_t *m, report_file_out *o)
{
    const json_t *all = json_object_get(m, "destinations");
    html(o, "<section aria-labelledby=\"files\">\n<h2 id=\"files\">Files to load</h2>\n");
    if (json_array_size(all))
        html(o, "<p>A file marked <em>beside</em> is not loaded itself: it is a map or a guide for loading the "
                "others.</p>\n");
    else
        html(o, "<p>None.</p>\n");
    for (size_t i = 0; i < json_array_size(all); i++) files_of(o, json_array_get(all, i));
    files_that_stay(o, json_object_get(m, "stays_in_the_practice"));
    html(o, "</section>\n");
}
