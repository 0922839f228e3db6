/* reconcile.html. */
#include "loaded/page.h"
#include "loaded/reconcile_internal.h"

enum { SENTENCE_MAX = 512 };

static void verdict(const reconciling *x, report_file_out *o)
{
    const reconcile_result *r = x->out;
    char room[SENTENCE_MAX];
    uint64_t in = r->created + r->updated + r->seen;
    bool all = r->failed + r->unknown == 0;
    int n = all ? snprintf(room, sizeof room, "All %llu rows of the bundle are in.", (unsigned long long)in)
                : snprintf(room, sizeof room,
                           "%llu of %llu rows are in. %llu failed, and of %llu nothing that came back says anything.",
                           (unsigned long long)in, (unsigned long long)r->rows, (unsigned long long)r->failed,
                           (unsigned long long)r->unknown);
    page_verdict(o, all ? "ready" : "look", all ? "\xE2\x9C\x93 Everything is in" : "! Not everything is in",
                 (sv){room, n > 0 ? (size_t)n : 0});
    html(o, "<dl class=\"figures\">");
    page_figure(o, "rows of the bundle", r->rows);
    page_figure(o, "created", r->created);
    page_figure(o, "updated", r->updated);
    page_figure(o, "seen in an export", r->seen);
    page_figure(o, "failed", r->failed);
    page_figure(o, "unknown", r->unknown);
    html(o, "</dl>\n");
}

static void next_steps(const reconciling *x, report_file_out *o)
{
    const reconcile_result *r = x->out;
    if (!r->failed && !r->unknown && !r->extra) return;
    html(o, "<section>\n<h2>What to do next</h2>\n<ol class=\"next\">\n");
    if (r->failed) {
        html(o, "<li>Failed rows are in <code>fix-back</code>, a file for each of the bundle's, with all of its "
                "columns and "
                "the reason in the last one, <b>" FIX_BACK_REASON "</b>. Correct them and load them in the order of "
                "their numbers, as the file they came from. ");
        page_marked(o, x->a.l.extra_column);
        html(o, "</li>\n");
    }
    if (r->unknown)
        html(o,
             "<li>Rows that nothing speaks of are in <code>not-seen</code>, in the form of the bundle. Put the missing "
             "result files, or an export of the object with its key, into the folder and run the command again; what "
             "was "
             "never loaded is loaded from there.</li>\n");
    if (r->extra)
        html(o,
             "<li>Keys that the bundle never had are in <code>not-in-bundle.csv</code>: records of another load, or of "
             "somebody who uses the field of the key.</li>\n");
    html(o, "</ol>\n</section>\n");
}

static void load_row(const reconciling *x, report_file_out *o, size_t i)
{
    const bundle_load *b = &x->a.l.load[i];
    const uint64_t *s = x->state[i];
    html(o, "<tr><th scope=\"row\">");
    html_name(o, b->file);
    html(o, "</th>");
    html_cell(o, NULL, b->label);
    html_number_cell(o, NULL, b->mapped);
    html_number_cell(o, NULL, b->merged + b->skipped + b->rejected);
    html_number_cell(o, NULL, x->rows[i]);
    html_number_cell(o, NULL, s[ROW_CREATED]);
    html_number_cell(o, NULL, s[ROW_UPDATED]);
    html_number_cell(o, NULL, s[ROW_SEEN]);
    html_number_cell(o, s[ROW_FAILED] ? "n some" : NULL, s[ROW_FAILED]);
    html_number_cell(o, s[ROW_UNKNOWN] ? "n some" : NULL, s[ROW_UNKNOWN]);
    html(o, "</tr>\n");
}

static void matrix(const reconciling *x, report_file_out *o)
{
    static const char *const head[] = {"File",     "Object",   "#Source", "#Left out", "#Bundle",
                                       "#Created", "#Updated", "#Seen",   "#Failed",   "#Unknown"};
    html(o,
         "<section>\n<h2>Every row accounted for</h2>\n<p>Source = bundle + left out by the conversion. Bundle = "
         "created + "
         "updated + seen + failed + unknown. <code>reconcile.csv</code> has the same with the sums of every column of "
         "numbers and the first and last of every date.</p>\n");
    html_table(o, "matrix", SV_LIT("Rows of each file"), head, sizeof head / sizeof head[0]);
    for (size_t i = 0; i < x->a.l.loads; i++)
        if (x->a.l.load[i].parts || x->a.l.load[i].mapped) load_row(x, o, i);
    html_table_end(o);
    html(o, "</section>\n");
}

static void amount_cell(report_file_out *o, const column_total *t)
{
    buf b = buf_new(256);
    if (t->filled) amount_text(&b, t->sum);
    html_cell(o, "n", buf_view(&b));
    buf_free(&b);
}

static void money(const reconciling *x, report_file_out *o)
{
    static const char *const head[] = {"File", "Column", "#Source", "#Bundle", "#In", "#Failed", "#Unknown"};
    bool any = false;
    for (size_t i = 0; i < x->a.l.loads; i++)
        for (size_t k = 0; k < x->a.l.load[i].fields; k++) {
            const load_field *f = &x->a.l.load[i].field[k];
            if (f->kind != LOAD_MONEY || !x->bundle[i].field[k].filled) continue;
            if (!any) {
                html(o, "<section>\n<h2>Money</h2>\n");
                html_table(o, NULL, SV_LIT("Sums of money"), head, sizeof head / sizeof head[0]);
            }
            any = true;
            html(o, "<tr><th scope=\"row\">");
            html_name(o, x->a.l.load[i].file);
            html(o, "</th>");
            html_cell(o, "name", f->heading);
            const source_total *source = reconcile_source_of(x, f);
            html_cell(o, "n", source ? source->measure[1] : SV_LIT(""));
            amount_cell(o, &x->bundle[i].field[k]);
            for (size_t g = 0; g < ROW_GROUPS; g++) amount_cell(o, &x->group[g][i].field[k]);
            html(o, "</tr>\n");
        }
    if (!any) return;
    html_table_end(o);
    html(o, "</section>\n");
}

static void reasons(const reconciling *x, report_file_out *o)
{
    static const char *const head[] = {"File", "Reason, without values", "#Rows"};
    if (!x->out->failed) return;
    html(
        o,
        "<section>\n<h2>Why rows failed</h2>\n<p>Only words that messages are made of, names of fields and codes stand "
        "here; three dots are what else the tool said. Its own words are in the fix-back files.</p>\n");
    html_table(o, NULL, SV_LIT("Reasons"), head, sizeof head / sizeof head[0]);
    for (size_t i = 0; i < x->a.l.loads; i++)
        for (size_t k = 0; k < x->back.reason[i].n; k++) {
            if (!x->back.reason[i].rows[k]) continue;
            html(o, "<tr><th scope=\"row\">");
            html_name(o, x->a.l.load[i].file);
            html(o, "</th>");
            html_cell(o, "name", x->back.reason[i].text[k]);
            html_number_cell(o, NULL, x->back.reason[i].rows[k]);
            html(o, "</tr>\n");
        }
    html_table_end(o);
    html(o, "</section>\n");
}

static void files(const reconciling *x, report_file_out *o)
{
    static const char *const head[] = {"File",    "Read as",        "About",    "#Rows",      "#Of the bundle",
                                       "#Others", "#Not in bundle", "#Unclear", "#Unreadable"};
    html(o, "<section>\n<h2>What came back</h2>\n");
    html_table(o, NULL, SV_LIT("Files that were read"), head, sizeof head / sizeof head[0]);
    for (size_t i = 0; i < x->back.files; i++) {
        const came_file *f = &x->back.file[i];
        html(o, "<tr><th scope=\"row\">");
        html_name(o, f->name);
        html(o, "</th>");
        html_cell(o, NULL, f->form.n ? f->form : SV_LIT("not known"));
        html_cell(o, NULL, f->object);
        html_number_cell(o, NULL, f->rows);
        html_number_cell(o, NULL, f->ours);
        html_number_cell(o, NULL, f->others + f->odd);
        html_number_cell(o, NULL, f->extra);
        html_number_cell(o, f->unclear ? "n some" : NULL, f->unclear);
        html_number_cell(o, f->lost ? "n some" : NULL, f->lost);
        html(o, "</tr>\n");
    }
    html_table_end(o);
    html(o, "</section>\n");
}

bool reconcile_write_page(reconciling *x)
{
    report_file_out o = page_begin(x->a.folder, &x->a.l, "reconcile.html", "Is everything in?");
    verdict(x, &o);
    next_steps(x, &o);
    matrix(x, &o);
    money(x, &o);
    reasons(x, &o);
    files(x, &o);
    return page_end(x->a.folder, &o);
}
