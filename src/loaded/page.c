#include "loaded/page.h"
#include "base/path.h"
#include "report/html_style.h"

enum { PATH_BYTES_MAX = 1 << 16 };

/* The name of the run alone: where it lies is nobody's business. */
static sv run_name(const loads *l) { return folder_name(sv_from(l->run.folder)); }

report_file_out page_begin(stage_folder *s, const loads *l, const char *path, const char *title)
{
    report_file_out o = report_file_create(stage_folder_path(s), path, l->run.found);
    html(&o, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html(&o, title);
    html(&o, "</title>\n<style>\n");
    html(&o, html_style_screen);
    html(&o, html_style_print);
    html(&o, "@page{margin:17mm 15mm 19mm;@bottom-left{content:\"chartferry \\B7  ");
    html_css_text(&o, run_name(l));
    html(&o, "\";font:7.5pt sans-serif;color:#55626f}@bottom-right{content:\"Page \" counter(page) \" of \" "
             "counter(pages);font:7.5pt sans-serif;color:#55626f}}\n</style>\n</head>\n<body>\n<header>\n"
             "<p class=\"over\">chartferry</p>\n<h1>");
    html(&o, title);
    html(&o, "</h1>\n<p class=\"run\">");
    html_text(&o, l->title);
    html(&o, ". Run <code>");
    html_text(&o, run_name(l));
    html(&o, "</code></p>\n</header>\n<main>\n");
    return o;
}

void page_verdict(report_file_out *o, const char *look, const char *words, sv sentence)
{
    html(o, "<section class=\"verdict ");
    html(o, look);
    html(o, "\">\n<h2>");
    html(o, words);
    html(o, "</h2>\n<p>");
    html_text(o, sentence);
    html(o, "</p>\n</section>\n");
}

void page_figure(report_file_out *o, const char *name, uint64_t n)
{
    html(o, "<div><dt>");
    html(o, name);
    html(o, "</dt><dd>");
    html_number(o, n);
    html(o, "</dd></div>");
}

void page_marked(report_file_out *o, sv text)
{
    bool bold = false, code = false;
    size_t from = 0;
    for (size_t i = 0; i <= text.n; i++) {
        bool stars = i + 1 < text.n && text.p[i] == '*' && text.p[i + 1] == '*';
        bool tick = i < text.n && text.p[i] == '`';
        if (i < text.n && !stars && !tick) continue;
        html_text(o, (sv){text.p + from, i - from});
        if (stars) html(o, (bold = !bold) ? "<b>" : "</b>");
        if (tick) html(o, (code = !code) ? "<code>" : "</code>");
        i += stars;
        from = i + 1;
    }
    if (code) html(o, "</code>");
    if (bold) html(o, "</b>");
}

bool page_end(stage_folder *s, report_file_out *o)
{
    const char *why = "out of memory";
    file_digest d;
    findings *found = o->found;
    sv name = sv_from(o->name);
    html(o, "</main>\n<footer>Made by chartferry " CHARTFERRY_VERSION
            ". This page holds counts and names of fields, no value of a patient.</footer>\n</body>\n</html>\n");
    if (!report_file_close(o)) return false;
    buf path = buf_new(PATH_BYTES_MAX);
    buf_printf(&path, "%s/%s", stage_folder_path(s), name.p);
    bool ok = !path.failed && digest_file(path.p, &d, &why);
    buf_free(&path);
    if (ok) return stage_folder_file(s, name, (sv){NULL, 0}, false, 0, &d);
    return find_at(found, F_OPEN_ERROR, name, sv_from(why));
}
