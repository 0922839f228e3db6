/* The count of every row. Each line is a sum that is read from left to right. */
#include "report/html.h"
#include "report/report_html_parts.h"
#include "report/report_model.h"
#include "report/report_text.h"
#include <stdio.h>

static const char *const count_label[LEDGER_COUNTS] = {
    [COUNT_READ] = "read",       [COUNT_DECODED] = "decoded",   [COUNT_UNREADABLE] = "unreadable",
    [COUNT_MAPPED] = "mapped",   [COUNT_WRITTEN] = "written",   [COUNT_MERGED] = "merged",
    [COUNT_SKIPPED] = "skipped", [COUNT_REJECTED] = "rejected", [COUNT_HELD_BACK] = "held back",
    [COUNT_CHANGED] = "changed",
};

static bool is_loss(ledger_count c) { return c == COUNT_REJECTED || c == COUNT_UNREADABLE || c == COUNT_HELD_BACK; }

static void count_cell(report_file_out *o, const json_t *line, ledger_count c)
{
    uint64_t n = number_in(line, ledger_count_key[c]);
    html_number_cell(o, n && is_loss(c) ? "n some" : NULL, n);
}

static void codes_cell(report_file_out *o, const json_t *line)
{
    const json_t *codes = json_object_get(line, "findings");
    html(o, json_array_size(codes) ? "<td>" : "<td>none");
    for (size_t i = 0; i < json_array_size(codes); i++) {
        const char *code = json_string_value(json_array_get(codes, i));
        if (code) buf_printf(&o->text, "%s<a class=\"code\" href=\"#%s\">%s</a>", i ? ", " : "", code, code);
    }
    html(o, "</td>");
}

typedef struct count_view {
    const sum_rule *sum;
    const char *caption, *name, *from; /* from: NULL where lines come from nothing */
} count_view;

static void count_line(report_file_out *o, const json_t *line, const count_view *v, unsigned columns)
{
    bool adds_up = true_in(line, "adds_up");
    html(o, "<tr><th scope=\"row\" dir=\"auto\">");
    html_name(o, text_in(line, "name"));
    html(o, "</th>");
    if (v->from) {
        html(o, "<td dir=\"auto\">");
        html_name(o, text_in(line, "from"));
        html(o, "</td>");
    }
    count_cell(o, line, v->sum->whole);
    for (size_t i = 0; i < v->sum->parts; i++) count_cell(o, line, v->sum->part[i]);
    if (v->sum->holds_back) count_cell(o, line, COUNT_HELD_BACK);
    if (v->sum->changes) count_cell(o, line, COUNT_CHANGED);
    html(o, adds_up ? "<td class=\"yes\">\xE2\x9C\x93 adds up</td>" : "<td class=\"no\">\xE2\x9C\x97 wrong</td>");
    codes_cell(o, line);
    html(o, "</tr>\n");
    if (adds_up) return;
    buf_printf(&o->text, "<tr class=\"wrong\"><td colspan=\"%u\">Does not add up: ", columns);
    html_text(o, text_in(line, "sum"));
    html(o, ".</td></tr>\n");
}

static void count_table(report_file_out *o, const json_t *lines, const count_view *v)
{
    enum { COLUMNS_MAX = 12, HEAD_BYTES = 48 };
    char label[COLUMNS_MAX][HEAD_BYTES];
    const char *head[COLUMNS_MAX];
    unsigned n = 0;
    if (!json_array_size(lines)) return;
    head[n++] = v->name;
    if (v->from) head[n++] = v->from;
    /* Heads read as the sum that the row is: "decoded", "= mapped", "+ skipped". */
    for (size_t i = 0; i <= v->sum->parts; i++, n++) {
        ledger_count c = i ? v->sum->part[i - 1] : v->sum->whole;
        (void)snprintf(label[n], HEAD_BYTES, "#%s%s", i == 0 ? "" : i == 1 ? "=&nbsp;" : "+&nbsp;", count_label[c]);
        head[n] = label[n];
    }
    if (v->sum->holds_back) head[n++] = "#held back";
    if (v->sum->changes) head[n++] = "#changed";
    head[n++] = "Sum";
    head[n++] = "Findings";
    html_table(o, "matrix", sv_from(v->caption), head, n);
    for (size_t i = 0; i < json_array_size(lines); i++) count_line(o, json_array_get(lines, i), v, n);
    html_table_end(o);
}

static void words(report_file_out *o)
{
    html(o, "<h3>The words</h3>\n<dl class=\"words\">\n"
            "<dt>Decoded</dt><dd>A row that was found in the source and understood.</dd>\n"
            "<dt>Mapped</dt><dd>A row that became a record of the kind.</dd>\n"
            "<dt>Written</dt><dd>A record that stands in the files to load.</dd>\n"
            "<dt>Merged</dt><dd>A record that became part of another one, by decision.</dd>\n"
            "<dt>Skipped</dt><dd>A row left out by a rule or by the scope of the conversion.</dd>\n"
            "<dt>Rejected</dt><dd>A row left out because something is wrong with it; it stands in the folder rejects, "
            "with the reason.</dd>\n"
            "<dt>Unreadable</dt><dd>A row that the source holds and that could not be read.</dd>\n"
            "<dt>Held back</dt><dd>A value, not a row: its record was written without it, and the original stands in "
            "exceptions.csv.</dd>\n"
            "<dt>Changed</dt><dd>A value, not a row: it was written in a form that the destination takes, such as "
            "another character for one that it forbids, and the original stands in exceptions.csv.</dd>\n</dl>\n");
}

static void lines_sentence(const json_t *c, report_file_out *o)
{
    uint64_t open = number_in(c, "open"), lines = number_in(c, "lines");
    html(o, "<p>");
    if (open) {
        html(o, "<strong class=\"no\">\xE2\x9C\x97 ");
        html_number(o, open);
        html(o, " of ");
        add_count(&o->text, lines, "line");
        html(o, open == 1 ? " does not add up.</strong> " : " do not add up.</strong> ");
    } else if (lines) {
        html(o, "All ");
        add_count(&o->text, lines, "line");
        html(o, " add up. ");
    } else
        html(o, "No row was read. ");
    html(o, "Each line is a sum from left to right; records written were counted once more in the files.</p>\n");
}

void html_counts(const json_t *m, report_file_out *o)
{
    static const count_view view[] = {
        {&report_sums[LEDGER_TABLE], "Rows of the tables that were read", "Table", NULL},
        {&report_sums[LEDGER_ENTITY], "What became of the rows of each kind's main table", "Kind of record",
         "From table"},
        {&report_sums[LEDGER_OBJECT], "What became of the records in each destination", "Object", "From kind"},
    };
    const json_t *c = json_object_get(m, "counts");
    html(o, "<section aria-labelledby=\"counts\">\n<h2 id=\"counts\">Every row accounted for</h2>\n");
    lines_sentence(c, o);
    for (size_t i = 0; i < sizeof view / sizeof view[0]; i++)
        count_table(o, json_object_get(c, view[i].sum->title), &view[i]);
    words(o);
    html(o, "</section>\n");
}
