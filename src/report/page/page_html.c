#include "report/page/page_html.h"
#include "report/html.h"
#include "report/html_style.h"
#include "report/model_read.h"
#include "report/page/picture.h"
#include <stdlib.h>

typedef struct html_page {
    page page;
    report_file_out *out;
    page_cell cell; /* of the one that is open */
    bool main;      /* was opened */
    bool in_cell;   /* which says itself that a name may be written from right to left */
    size_t heads;   /* of the open table */
} html_page;

static html_page *of(page *p) { return (html_page *)(void *)p; }

/* ---- the document ---- */

/* Margins of printed pages carry the run and the page's number; a browser that knows no margin boxes leaves them out,
 * and the foot of the page says it once. */
static void page_margins(report_file_out *o, sv run)
{
    html(o, "@page{margin:17mm 15mm 19mm;"
            "@bottom-left{content:\"chartferry \\B7  ");
    html_css_text(o, run);
    html(o, "\";font:7.5pt sans-serif;color:#55626f}"
            "@bottom-right{content:\"Page \" counter(page) \" of \" counter(pages);font:7.5pt sans-serif;"
            "color:#55626f}}\n");
}

static void document(report_file_out *o, sv title, sv run)
{
    html(o, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html_text(o, title);
    html(o, "</title>\n<style>\n");
    html(o, html_style_screen);
    html(o, html_style_report);
    html(o, html_style_print);
    page_margins(o, run);
    html(o, "</style>\n</head>\n<body>\n");
}

/* ---- parts ---- */

static const char *const look_class[] = {
    [LOOK_PLAIN] = "", [LOOK_READY] = "ready", [LOOK_LOOK] = "look", [LOOK_STOP] = "stop", [LOOK_NOTE] = "note"};
static const char *const table_class[] = {
    [TABLE_PLAIN] = "plain", [TABLE_MATRIX] = "matrix",     [TABLE_FACTS] = "facts", [TABLE_NARROW] = "narrow",
    [TABLE_FILES] = "files", [TABLE_OVERVIEW] = "overview", [TABLE_SHEET] = "sheet"};
static const char *const row_begin[] = {
    [ROW_PLAIN] = "<tr>", [ROW_SUM] = "<tr class=\"sum\">", [ROW_WRONG] = "<tr class=\"wrong\">", [ROW_GROUP] = "<tr>"};
static const char *const cell_begin[] = {
    [CELL_TEXT] = "<td>",
    [CELL_HEAD] = "<th scope=\"row\" dir=\"auto\">",
    [CELL_NAME] = "<td dir=\"auto\">",
    [CELL_VALUE] = "<td class=\"name\">",
    [CELL_NUMBER] = "<td class=\"n\">",
    [CELL_ZERO] = "<td class=\"n zero\">",
    [CELL_SOME] = "<td class=\"n some\">",
    [CELL_CODE] = "<td class=\"code\">",
    [CELL_HASH] = "<td class=\"hash\">",
    [CELL_YES] = "<td class=\"yes\">",
    [CELL_NO] = "<td class=\"no\">",
    [CELL_FILL] = "<td class=\"fill\">",
};

static void contents(report_file_out *o, const page_spec *spec)
{
    html(o, "<nav aria-label=\"Sections\"><ul>");
    for (size_t i = 0; i < spec->links; i++)
        buf_printf(&o->text, "<li><a href=\"#%s\">%s</a></li>", spec->link[i].id, spec->link[i].title);
    html(o, "</ul></nav>\n");
}

static void table(html_page *h, const page_spec *spec)
{
    report_file_out *o = h->out;
    html(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    html_text(o, spec->caption);
    buf_printf(&o->text, "\"><table class=\"%s\">\n<caption>", table_class[spec->table]);
    html_text(o, spec->caption);
    html(o, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < spec->heads; i++) {
        bool number = spec->head[i][0] == '#';
        html(o, number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
        html_text(o, sv_from(spec->head[i] + number));
        html(o, "</th>");
    }
    html(o, "</tr></thead>\n<tbody>\n");
    h->heads = spec->heads;
}

static void titled(report_file_out *o, const char *before, const char *title, const char *behind)
{
    html(o, before);
    html_text(o, sv_from(title));
    html(o, behind);
}

static void begin_section(report_file_out *o, const page_spec *spec)
{
    buf_printf(&o->text, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">", spec->id, spec->id);
    titled(o, "", spec->title, "</h2>\n");
}

static void begin_heading(report_file_out *o, const page_spec *spec)
{
    if (!spec->id) {
        html(o, "<h3>");
        return;
    }
    html(o, "<h3 id=\"");
    html_text(o, sv_from(spec->id));
    html(o, "\">");
}

static void begin_main(html_page *h)
{
    if (!h->main) html(h->out, "<main>\n");
    h->main = true;
}

static void begin(page *p, page_part part, const page_spec *spec)
{
    static const char *const para[] = {"<p>", "<p class=\"label\">", "<p class=\"times\">", "<p class=\"list\">"};
    html_page *h = of(p);
    report_file_out *o = h->out;
    if (part == PART_BANNER || part == PART_VERDICT || part == PART_SECTION) begin_main(h);
    switch (part) {
    case PART_TOP: html(o, "<header>\n<p class=\"over\">chartferry</p>\n"); break;
    case PART_TITLE: html(o, "<h1>"); break;
    case PART_RUN: html(o, "<p class=\"run\">"); break;
    case PART_CONTENTS: contents(o, spec); break;
    case PART_BANNER: html(o, "<p class=\"banner stop\">"); break;
    case PART_VERDICT:
        buf_printf(&o->text, "<section class=\"verdict %s\" aria-labelledby=\"verdict\">\n<h2 id=\"verdict\">",
                   look_class[spec->look]);
        titled(o, "", spec->title, "</h2>\n");
        break;
    case PART_FIGURES: html(o, "<dl class=\"figures\">\n"); break;
    case PART_FIGURE:
        titled(o, "<div><dt>", spec->title, spec->look == LOOK_LOOK ? "</dt><dd class=\"some\">" : "</dt><dd>");
        break;
    case PART_SECTION: begin_section(o, spec); break;
    case PART_HEADING: begin_heading(o, spec); break;
    case PART_PARA: html(o, para[spec->para]); break;
    case PART_STEPS: html(o, "<ol class=\"next\">\n"); break;
    case PART_LIST: html(o, "<ul>\n"); break;
    case PART_ITEM: html(o, "<li>"); break;
    case PART_WORDS: html(o, "<dl class=\"words\">\n"); break;
    case PART_WORD: titled(o, "<dt>", spec->title, "</dt><dd>"); break;
    case PART_FINDING: html(o, "<article class=\"finding\">\n"); break;
    case PART_FINDING_HEAD: html(o, "<div class=\"head\">"); break;
    case PART_TABLE: table(h, spec); break;
    case PART_ROW: html(o, row_begin[spec->row]); break;
    case PART_CELL:
        h->cell = spec->cell;
        h->in_cell = true;
        if (spec->cell == CELL_SPAN)
            buf_printf(&o->text, "<td colspan=\"%zu\">", h->heads);
        else
            html(o, cell_begin[spec->cell]);
        break;
    case PART_PICTURE: html(o, "<div class=\"picture\">\n"); break;
    case PART_SIGNATURES: html(o, "<div class=\"signatures\">\n"); break;
    case PART_SIGNATURE: titled(o, "<p class=\"sign\">", spec->title, ""); break;
    case PART_FOOT: html(o, "</main>\n<footer>"); break;
    case PAGE_PARTS: break;
    }
}

static void end(page *p, page_part part)
{
    static const char *const behind[PAGE_PARTS] = {
        [PART_TOP] = "</header>\n",
        [PART_TITLE] = "</h1>\n",
        [PART_RUN] = "</p>\n",
        [PART_CONTENTS] = "",
        [PART_BANNER] = "</p>\n",
        [PART_VERDICT] = "</section>\n",
        [PART_FIGURES] = "</dl>\n",
        [PART_FIGURE] = "</dd></div>\n",
        [PART_SECTION] = "</section>\n",
        [PART_HEADING] = "</h3>\n",
        [PART_PARA] = "</p>\n",
        [PART_STEPS] = "</ol>\n",
        [PART_LIST] = "</ul>\n",
        [PART_ITEM] = "</li>\n",
        [PART_WORDS] = "</dl>\n",
        [PART_WORD] = "</dd>\n",
        [PART_FINDING] = "</article>\n",
        [PART_FINDING_HEAD] = "</div>\n",
        [PART_TABLE] = "</tbody></table></div>\n",
        [PART_ROW] = "</tr>\n",
        [PART_PICTURE] = "</div>\n",
        [PART_SIGNATURES] = "</div>\n",
        [PART_SIGNATURE] = "</p>\n",
        [PART_FOOT] = "</footer>\n",
    };
    html_page *h = of(p);
    if (part == PART_CELL) h->in_cell = false;
    if (part == PART_CELL)
        html(h->out, h->cell == CELL_HEAD ? "</th>" : "</td>");
    else
        html(h->out, behind[part]);
}

/* ---- text ---- */

static void around(report_file_out *o, const char *before, sv text, const char *behind)
{
    html(o, before);
    html_text(o, text);
    html(o, behind);
}

/* In two halves, so that it takes two lines of a narrow column. */
static void hash(const html_page *h, sv text)
{
    size_t half = h->cell == CELL_HASH ? text.n / 2 : 0;
    if (h->cell != CELL_HASH) html(h->out, "<span class=\"hash\">");
    html_text(h->out, (sv){text.p, half});
    if (half) html(h->out, "<wbr>");
    html_text(h->out, (sv){text.p + half, text.n - half});
    if (h->cell != CELL_HASH) html(h->out, "</span>");
}

static void text_of(page *p, page_ink ink, sv text)
{
    html_page *h = of(p);
    report_file_out *o = h->out;
    switch (ink) {
    case INK_PLAIN: html_text(o, text); break;
    case INK_STRONG: around(o, "<strong>", text, "</strong>"); break;
    case INK_EM: around(o, "<em>", text, "</em>"); break;
    case INK_CODE: around(o, "<code>", text, "</code>"); break;
    case INK_NAME:
        html(o, h->in_cell ? "" : "<bdi>");
        html_name(o, text);
        html(o, h->in_cell ? "" : "</bdi>");
        break;
    case INK_HASH: hash(h, text); break;
    case INK_ID: around(o, "<span class=\"id\">", text, "</span>"); break;
    case INK_LINK:
        around(o, "<a class=\"code\" href=\"#", text, "\">");
        around(o, "", text, "</a>");
        break;
    case INK_FILE:
        around(o, "<a href=\"", text, "\">");
        around(o, "", text, "</a>");
        break;
    case INK_BREAK: html(o, "<br>"); break;
    }
}

static void tag(page *p, page_look look, const char *word)
{
    report_file_out *o = of(p)->out;
    buf_printf(&o->text, "<span class=\"tag %s\">", look_class[look]);
    html_text(o, sv_from(word));
    html(o, "</span>");
}

/* ---- pictures ---- */

static void svg_area(void *ctx, picture_tone tone, float x, float y, float width, float height)
{
    static const char *const class[] = {[TONE_THERE] = "there", [TONE_MISSING] = "gone", [TONE_AXIS] = "axis"};
    report_file_out *o = ctx;
    buf_printf(&o->text, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n", class[tone],
               (double)x, (double)y, (double)width, (double)height);
}

static void svg_text(void *ctx, picture_side side, float x, float y, sv text)
{
    static const char *const anchor[] = {[SIDE_LEFT] = "start", [SIDE_MIDDLE] = "middle", [SIDE_RIGHT] = "end"};
    report_file_out *o = ctx;
    buf_printf(&o->text, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", (double)x, (double)y, anchor[side]);
    html_text(o, text);
    html(o, "</text>\n");
}

static void picture(page *p, const json_t *x)
{
    report_file_out *o = of(p)->out;
    const picture_pen pen = {svg_area, svg_text, o};
    const sv id = text_in(x, "id");
    html(o, "<div class=\"drawn\"><svg role=\"img\" aria-labelledby=\"");
    html_text(o, id);
    html(o, "-title ");
    html_text(o, id);
    buf_printf(&o->text, "-about\" viewBox=\"0 0 %d %.0f\">\n<title id=\"", PICTURE_WIDTH, (double)picture_height(x));
    html_text(o, id);
    around(o, "-title\">", text_in(x, "title"), "</title>\n<desc id=\"");
    html_text(o, id);
    around(o, "-about\">", text_in(x, "about"), "</desc>\n");
    picture_draw(x, &pen);
    html(o, "</svg></div>\n");
}

/* ---- the whole ---- */

page *page_html_begin(report_file_out *out, sv title, sv run)
{
    static const page_ops ops = {begin, end, text_of, tag, picture};
    html_page *h = calloc(1, sizeof *h);
    if (!h) return NULL;
    h->page.ops = &ops;
    h->page.number = buf_new(256);
    h->out = out;
    document(out, title, run);
    return &h->page;
}

void page_html_end(page *p)
{
    html_page *h = of(p);
    html(h->out, "</body>\n</html>\n");
    buf_free(&h->page.number);
    free(h);
}
