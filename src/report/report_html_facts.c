/* Sections of single facts: where the data comes from, what stayed there, how the run was made. */
#include "report/html.h"
#include "report/report_html_parts.h"
#include "report/report_text.h"

static void fact_begin(report_file_out *o, const char *name)
{
    html(o, "<tr><th scope=\"row\">");
    html(o, name);
    html(o, "</th><td class=\"name\">");
}

static void fact_end(report_file_out *o) { html(o, "</td></tr>\n"); }

static void fact(report_file_out *o, const char *name, sv value)
{
    if (!value.n) return;
    fact_begin(o, name);
    html_text(o, value);
    fact_end(o);
}

static void bytes_fact(report_file_out *o, const char *name, uint64_t n)
{
    if (!n) return;
    fact_begin(o, name);
    html_number(o, n);
    html(o, " bytes");
    fact_end(o);
}

static void hash_fact(report_file_out *o, const char *name, sv title, sv hash)
{
    if (!title.n && !hash.n) return;
    fact_begin(o, name);
    html_text(o, title);
    if (hash.n) {
        html(o, "<br>SHA-256 <span class=\"hash\">");
        html_text(o, hash);
        html(o, "</span>");
    }
    fact_end(o);
}

static void facts_table(report_file_out *o, sv caption)
{
    static const char *const head[] = {"What", "Value"};
    html_table(o, "facts", caption, head, 2);
}

/* ---- the source ---- */

static void backup_set(const json_t *s, report_file_out *o)
{
    if (!number_in(s, "set")) return;
    fact_begin(o, "Backup set");
    html_number(o, number_in(s, "set"));
    if (text_in(s, "set_type").n) html(o, ", ");
    html_text(o, text_in(s, "set_type"));
    if (text_in(s, "set_name").n) {
        html(o, ", named ");
        html_text(o, text_in(s, "set_name"));
    }
    fact_end(o);
}

static void backup_time(const json_t *s, report_file_out *o)
{
    sv from = text_in(s, "started"), to = text_in(s, "finished");
    if (!from.n && !to.n) return;
    fact_begin(o, "Backup made");
    html_text(o, from.n ? from : to);
    if (from.n && to.n) {
        html(o, " to ");
        html_text(o, to);
    }
    html(o, " (clock of the server)");
    fact_end(o);
}

static void profile_fit(const json_t *p, report_file_out *o)
{
    sv title = text_in(p, "title").n ? text_in(p, "title") : text_in(p, "id");
    if (!title.n) return;
    fact_begin(o, "Source profile");
    html_text(o, title);
    html(o, ", fits to ");
    html_number(o, number_in(p, "score"));
    html(o, " of 100");
    fact_end(o);
}

static void profile_misses(const json_t *p, report_file_out *o)
{
    const json_t *missing = json_object_get(p, "missing");
    size_t n = json_array_size(missing);
    if (!n) return;
    fact_begin(o, "The profile expects, and the source lacks");
    for (size_t i = 0; i < n; i++) {
        html(o, i ? "<br>" : "");
        html_text(o, json_words(json_array_get(missing, i)));
    }
    fact_end(o);
}

void html_source(const json_t *m, report_file_out *o)
{
    const json_t *s = json_object_get(m, "source"), *p = json_object_get(m, "profile");
    html(o, "<section aria-labelledby=\"source\">\n<h2 id=\"source\">Source</h2>\n");
    facts_table(o, SV_LIT("What was read"));
    fact_begin(o, "Kind");
    html_text(o, text_in(s, "kind").n ? text_in(s, "kind") : SV_LIT("unknown"));
    fact_end(o);
    fact(o, "Database", text_in(s, "database"));
    fact(o, "Made by", text_in(s, "product"));
    backup_set(s, o);
    backup_time(s, o);
    bytes_fact(o, "Size of the files given", number_in(s, "file_bytes"));
    bytes_fact(o, "Size of the data files", number_in(s, "data_bytes"));
    fact(o, "State of the data", text_in(s, "consistency_note"));
    if (true_in(s, "changed_while_backed_up"))
        fact(o, "Changed during the backup",
             SV_LIT("Yes: the newest records may be in part before, in part after a change."));
    profile_fit(p, o);
    profile_misses(p, o);
    html_table_end(o);
    html(o, "</section>\n");
}

/* ---- what stayed ---- */

static void left_rows(const json_t *list, report_file_out *o)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *t = json_array_get(list, i);
        html(o, "<tr><th scope=\"row\" dir=\"auto\">");
        html_name(o, text_in(t, "name"));
        html(o, "</th>");
        if (json_is_integer(json_object_get(t, "rows")))
            html_number_cell(o, NULL, number_in(t, "rows"));
        else
            html_cell(o, "n", SV_LIT("unknown"));
        html(o, "</tr>\n");
    }
}

static void left_sentence(const json_t *l, report_file_out *o)
{
    html(o, "<p>");
    add_count(&o->text, number_in(l, "tables"), "table");
    html(o, " of the source with ");
    add_count(&o->text, number_in(l, "rows"), "row");
    if (number_in(l, "tables_of_unknown_rows")) {
        html(o, " (");
        html_number(o, number_in(l, "tables_of_unknown_rows"));
        html(o, " of the tables with an unknown number)");
    }
    html(o, number_in(l, "tables") == 1 ? " is" : " are");
    html(o,
         " read by no part of the profile. Nothing of them is in the files. <code>chartferry extract</code> takes any "
         "of them out as it is.</p>\n");
}

void html_left_behind(const json_t *m, report_file_out *o)
{
    static const char *const head[] = {"Table", "#Rows"};
    const json_t *l = json_object_get(m, "left_behind");
    html(o, "<section aria-labelledby=\"left\">\n<h2 id=\"left\">Left behind</h2>\n");
    if (!number_in(l, "tables")) {
        html(o, "<p>Nothing: the source has no table with rows that the profile does not read.</p>\n</section>\n");
        return;
    }
    left_sentence(l, o);
    html_table(o, "narrow", SV_LIT("Tables left behind, the largest first"), head, 2);
    left_rows(json_object_get(l, "list"), o);
    html_table_end(o);
    if (number_in(l, "not_listed")) {
        html(o, "<p>And ");
        add_count(&o->text, number_in(l, "not_listed"), "further table");
        html(o, ", no larger or of unknown size.</p>\n");
    }
    html(o, "</section>\n");
}

/* ---- how it was made ---- */

void html_made(const json_t *m, report_file_out *o)
{
    const json_t *p = json_object_get(m, "profile"), *all = json_object_get(m, "destinations");
    html(o, "<section aria-labelledby=\"made\">\n<h2 id=\"made\">How it was made</h2>\n"
            "<p>The same source, profile, templates and program give the same files, byte for byte.</p>\n");
    facts_table(o, SV_LIT("Program, profile and templates"));
    fact_begin(o, "Program");
    html(o, "chartferry ");
    html_text(o, text_in(m, "version"));
    fact_end(o);
    fact(o, "Run", text_in(m, "run"));
    hash_fact(o, "Source profile", text_in(p, "id"), text_in(p, "sha256"));
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *d = json_array_get(all, i);
        hash_fact(o, "Destination template", text_in(d, "id"), text_in(d, "sha256"));
    }
    html_table_end(o);
    html(o, "</section>\n");
}
