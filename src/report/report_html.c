#include "report/report_html.h"
#include "report/html.h"
#include "report/html_style.h"
#include "report/report_html_parts.h"
#include "report/report_text.h"

/* ---- the head of the page ---- */

static void title(const json_t *m, report_file_out *o)
{
    sv database = text_in(json_object_get(m, "source"), "database");
    html(o, "Conversion report");
    if (!database.n) return;
    html(o, ": ");
    html_text(o, database);
}

/* Margins of printed pages carry the run and the page's number; a browser that knows no margin boxes leaves them out,
 * and the foot of the page says it once. */
static void page_margins(const json_t *m, report_file_out *o)
{
    html(o, "@page{margin:17mm 15mm 19mm;"
            "@bottom-left{content:\"chartferry \\B7  ");
    html_css_text(o, text_in(m, "run"));
    html(o, "\";font:7.5pt sans-serif;color:#55626f}"
            "@bottom-right{content:\"Page \" counter(page) \" of \" counter(pages);font:7.5pt sans-serif;"
            "color:#55626f}}\n");
}

static void head(const json_t *m, report_file_out *o)
{
    html(o, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    title(m, o);
    html(o, "</title>\n<style>\n");
    html(o, html_style_screen);
    html(o, html_style_print);
    page_margins(m, o);
    html(o, "</style>\n</head>\n");
}

static void run_line(const json_t *m, report_file_out *o)
{
    const json_t *all = json_object_get(m, "destinations");
    size_t n = json_array_size(all);
    html(o, "<p class=\"run\">");
    if (n) html(o, "For ");
    for (size_t i = 0; i < n; i++) {
        html(o, between(i, n));
        html_text(o, text_in(json_array_get(all, i), "title"));
    }
    html(o, n ? ". Run <code>" : "Run <code>");
    html_text(o, text_in(m, "run"));
    html(o, "</code></p>\n");
}

static void top(const json_t *m, report_file_out *o)
{
    html(o, "<header>\n<p class=\"over\">chartferry</p>\n<h1>");
    title(m, o);
    html(o, "</h1>\n");
    run_line(m, o);
    html(o, "<nav aria-label=\"Sections\"><ul>"
            "<li><a href=\"#next\">What to do next</a></li><li><a href=\"#source\">Source</a></li>"
            "<li><a href=\"#counts\">Every row accounted for</a></li><li><a href=\"#files\">Files to load</a></li>"
            "<li><a href=\"#findings\">Findings</a></li><li><a href=\"#quality\">Quality</a></li><li><a "
            "href=\"#left\">Left behind</a></li>"
            "<li><a href=\"#made\">How it was made</a></li></ul></nav>\n</header>\n");
}

/* ---- the verdict ---- */

typedef struct state_look {
    const char *key, *class, *words;
} state_look;

static const state_look states[] = {{"ready", "ready", "\xE2\x9C\x93 Ready to load"},
                                    {"look", "look", "! Something to look at before you load"},
                                    {"empty", "note", "Nothing to load"},
                                    {"stop", "stop", "\xE2\x9C\x97 Do not load"}};

static void verdict_words(const json_t *v, report_file_out *o)
{
    const json_t *ready = json_object_get(v, "ready");
    size_t s = 0, n = json_array_size(ready);
    while (s < 3 && !sv_eq(text_in(v, "state"), sv_from(states[s].key))) s++;
    buf_printf(&o->text, "<section class=\"verdict %s\" aria-labelledby=\"verdict\">\n<h2 id=\"verdict\">%s</h2>\n<p>",
               states[s].class, states[s].words);
    for (size_t i = 0; i < n; i++) {
        html_text(o, json_words(json_array_get(ready, i)));
        html(o, n > 1 ? "</p>\n<p>" : " ");
    }
    html_text(o, text_in(v, "count"));
    html(o, "</p>\n</section>\n");
}

static void figure(report_file_out *o, const char *label, uint64_t n, bool to_look_at)
{
    html(o, "<div><dt>");
    html(o, label);
    html(o, to_look_at && n ? "</dt><dd class=\"some\">" : "</dt><dd>");
    html_number(o, n);
    html(o, "</dd></div>\n");
}

static void figures(const json_t *m, report_file_out *o)
{
    const json_t *v = json_object_get(m, "verdict");
    html(o, "<dl class=\"figures\">\n");
    figure(o, "Records written", number_in(v, "written"), false);
    figure(o, "Rows rejected", number_in(v, "rejected"), true);
    figure(o, "Rows unreadable", number_in(v, "unreadable"), true);
    figure(o, "Values held back", number_in(v, "held_back"), true);
    figure(o, "Values changed", number_in(v, "changed"), false);
    figure(o, "Tables left behind", number_in(json_object_get(m, "left_behind"), "tables"), false);
    html(o, "</dl>\n");
}

static void next_steps(const json_t *next, report_file_out *o)
{
    html(o, "<section aria-labelledby=\"next\">\n<h2 id=\"next\">What to do next</h2>\n<ol class=\"next\">\n");
    for (size_t i = 0; i < json_array_size(next); i++) {
        html(o, "<li>");
        html_text(o, json_words(json_array_get(next, i)));
        html(o, "</li>\n");
    }
    html(o, "</ol>\n</section>\n");
}

/* ---- the whole ---- */

static void foot(const json_t *m, report_file_out *o)
{
    html(o, "<footer>Run <code>");
    html_text(o, text_in(m, "run"));
    html(o, "</code>, made by chartferry ");
    html_text(o, text_in(m, "version"));
    html(o, ". This report holds counts and the names of tables and fields, and no value of any record. report.json "
            "beside it holds the same for programs.</footer>\n");
}

void report_html(const json_t *m, report_file_out *o)
{
    const json_t *v = json_object_get(m, "verdict");
    head(m, o);
    html(o, "<body>\n");
    top(m, o);
    html(o, "<main>\n");
    verdict_words(v, o);
    figures(m, o);
    next_steps(json_object_get(v, "next"), o);
    html_source(m, o);
    html_counts(m, o);
    html_files(m, o);
    html_findings(m, o);
    html_quality(m, o);
    html_left_behind(m, o);
    html_made(m, o);
    html(o, "</main>\n");
    foot(m, o);
    html(o, "</body>\n</html>\n");
}
