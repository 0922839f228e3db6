/* The page of a schema map. */
#include "draft/schema_map.h"
#include "draft/schema_links.h"
#include "report/html.h"
#include "report/html_style.h"
#include <inttypes.h>

static bool is_read(const schema_map *m, size_t table, size_t column)
{
    return m->checked->read && m->checked->read[table][column];
}

/* ---- head ---- */

static void head(report_file_out *o)
{
    html(o, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<title>Schema map</title>\n<style>\n");
    html(o, html_style_screen);
    html(o, html_style_print);
    html(o,
         "@page{size:A4 landscape;margin:15mm;"
         "@bottom-right{content:\"Page \" counter(page) \" of \" counter(pages);font:7.5pt sans-serif;color:#55626f}}\n"
         ".map th,.map td{overflow-wrap:anywhere}.map col.c{width:18%}.map col.t{width:11%}.map col.f{width:7%}"
         ".map col.b{width:22%}.sign{display:grid;grid-template-columns:1fr 1fr;gap:2.2rem 3rem;margin:2rem 0;"
         "break-inside:avoid}.sign div{border-top:1px solid var(--ink);padding-top:.3rem;font-size:.85rem;"
         "margin-top:2.2rem}\n</style>\n</head>\n<body>\n");
}

static void title(const schema_map *m, report_file_out *o)
{
    html(o, "<header>\n<p class=\"over\">chartferry</p>\n<h1>Schema map");
    if (m->info && m->info->database.n) {
        html(o, ": ");
        html_text(o, m->info->database);
    }
    html(o, "</h1>\n<p class=\"run\">");
    html_text(o, profile_title(m->profile));
    html(o, " (<code>");
    html_text(o, profile_id(m->profile));
    html(o,
         "</code>)</p>\n</header>\n<main>\n<p>Which column of the database becomes which field, by the profile as it "
         "stands. Please read it table by table, correct what is wrong, and sign at the end. It holds names, types and "
         "counts, and no value of any record.</p>\n");
}

typedef struct totals {
    uint64_t tables, columns, mapped, unread, filled_unread;
} totals;

static uint64_t filled(const schema_map *m, size_t t, size_t c)
{
    const table_facts *f = t < m->facts->tables ? &m->facts->table[t] : NULL;
    return f && f->column ? f->column[c].filled : 0;
}

static totals count(const schema_map *m)
{
    totals n = {.tables = m->list->tables};
    for (size_t i = 0; i < m->list->tables; i++)
        for (size_t k = 0; k < m->list->table[i].columns; k++) {
            bool read = is_read(m, i, k);
            n.columns++;
            n.mapped += read;
            n.unread += !read;
            n.filled_unread += !read && filled(m, i, k) > 0;
        }
    return n;
}

static void figure(report_file_out *o, const char *label, uint64_t n, bool look)
{
    html(o, "<div><dt>");
    html(o, label);
    html(o, look && n ? "</dt><dd class=\"some\">" : "</dt><dd>");
    html_number(o, n);
    html(o, "</dd></div>\n");
}

static void figures(const schema_map *m, report_file_out *o)
{
    totals n = count(m);
    html(o, "<dl class=\"figures\">\n");
    figure(o, "Tables", n.tables, false);
    figure(o, "Columns", n.columns, false);
    figure(o, "Columns read", n.mapped, false);
    figure(o, "Columns not read", n.unread, false);
    figure(o, "of these with values", n.filled_unread, true);
    html(o, "</dl>\n");
}

/* ---- one table ---- */

static void percent(report_file_out *o, const schema_map *m, size_t t, size_t c)
{
    uint64_t rows = t < m->facts->tables ? m->facts->table[t].rows : 0;
    html(o, "<td class=\"n\">");
    if (rows) {
        html_number(o, filled(m, t, c) * 100 / rows);
        html(o, " %");
    }
    html(o, "</td>");
}

static void targets(report_file_out *o, const schema_link *first, bool read)
{
    html(o, "<td>");
    for (const schema_link *l = first; l; l = l->next) {
        if (l != first) html(o, "<br>");
        html_name(o, l->field);
    }
    if (!first) html(o, read ? "used by the chart, a join or a condition" : "<span class=\"some\">nothing</span>");
    html(o, "</td><td>");
    for (const schema_link *l = first; l; l = l->next) {
        if (l != first) html(o, "<br>");
        if (l->rule.n) {
            html(o, "<code>");
            html_text(o, l->rule);
            html(o, "</code>");
        } else
            html(o, "as it is");
        if (l->points) {
            html(o, " (drafted, ");
            html_number(o, l->points);
            html(o, " of 100)");
        }
    }
    html(o, "</td>");
}

static void one_table(const schema_map *m, const schema_links *links, size_t at, report_file_out *o)
{
    static const char *const heads[] = {"Column", "Type", "#Filled", "Becomes", "How", "Right?"};
    const table_info *t = &m->list->table[at];
    html(o, "<section>\n<h3>");
    html_name(o, t->full_name);
    html(o, " <span class=\"times\">");
    if (t->rows_expected >= 0) {
        html_number(o, (uint64_t)t->rows_expected);
        html(o, " rows");
    }
    html(o, "</span></h3>\n");
    html_table(o, "map", t->full_name, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < t->columns; i++) {
        html(o, "<tr><th scope=\"row\">");
        html_name(o, t->column[i].name);
        html(o, "</th>");
        html_cell(o, NULL, t->column[i].type_name);
        percent(o, m, at, i);
        targets(o, links->of[at][i], is_read(m, at, i));
        html(o, "<td></td></tr>\n");
    }
    html_table_end(o);
    html(o, "</section>\n");
}

static bool any_read(const schema_map *m, size_t at)
{
    for (size_t i = 0; i < m->list->table[at].columns; i++)
        if (is_read(m, at, i)) return true;
    return false;
}

/* Tables that are read first, then those that nothing reads. */
static void tables(const schema_map *m, const schema_links *links, report_file_out *o)
{
    bool any = false;
    html(o, "<h2>What becomes what</h2>\n");
    for (size_t i = 0; i < m->list->tables; i++)
        if (any_read(m, i)) one_table(m, links, i, o);
    for (size_t i = 0; i < m->list->tables; i++) {
        if (any_read(m, i)) continue;
        if (!any)
            html(o,
                 "<h2>What nothing reads</h2>\n<p>Filled columns of a table that holds a patient's key are carried as "
                 "custom values, the rest stays behind and is listed by every run. Is something here that you "
                 "need?</p>\n");
        any = true;
        one_table(m, links, i, o);
    }
}

static void signatures(report_file_out *o)
{
    html(o, "<h2>Signatures</h2>\n<p>The practice has read this map. What is marked as wrong is to be corrected before "
            "the data is "
            "loaded; what nothing reads may stay behind.</p>\n<div class=\"sign\">"
            "<div>For the practice: name, signature</div><div>Date</div>"
            "<div>For the migration: name, signature</div><div>Date</div></div>\n");
}

/* ---- the file ---- */

/* The folder and the name in it. */
static report_file_out create(const schema_map *m, const char *path)
{
    size_t n = strlen(path);
    while (n && path[n - 1] != '/' && path[n - 1] != '\\') n--;
    sv folder = n ? arena_sv(m->mem, (sv){path, n}) : SV_LIT(".");
    return report_file_create(folder.p ? folder.p : ".", path + n, m->found);
}

bool schema_map_write(const schema_map *m, const char *path)
{
    schema_links links;
    if (!schema_links_find(m, &links)) {
        find_code(m->found, F_OUT_OF_MEMORY, "making the schema map");
        return false;
    }
    report_file_out o = create(m, path);
    head(&o);
    title(m, &o);
    figures(m, &o);
    tables(m, &links, &o);
    signatures(&o);
    html(&o, "</main>\n<footer>Made by chartferry " CHARTFERRY_VERSION ".</footer>\n</body>\n</html>\n");
    return report_file_close(&o);
}
