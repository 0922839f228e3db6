/* The section about the quality of the data: what the practice should look at before it goes on. */
#include "report/html.h"
#include "report/report_html_parts.h"
#include "report/report_text.h"

static void row_head(report_file_out *o, sv name)
{
    html(o, "<tr><th scope=\"row\" dir=\"auto\">");
    html_name(o, name);
    html(o, "</th>");
}

static void name_cell(report_file_out *o, sv name)
{
    html(o, "<td dir=\"auto\">");
    html_name(o, name);
    html(o, "</td>");
}

static void known_cell(report_file_out *o, const json_t *line, const char *key)
{
    if (json_is_integer(json_object_get(line, key)))
        html_number_cell(o, NULL, number_in(line, key));
    else
        html_cell(o, "n", SV_LIT("unknown"));
}

/* ---- at a glance ---- */

static void glance_row(report_file_out *o, const char *what, uint64_t n)
{
    row_head(o, sv_from(what));
    html_number_cell(o, n ? "n some" : NULL, n);
    html(o, "</tr>\n");
}

static void lack_row(report_file_out *o, const json_t *lack)
{
    static const struct {
        const char *key, *words;
    } name[] = {{"birth_date", "Patients without a date of birth"},
                {"email", "Patients without an e-mail address"},
                {"phone", "Patients without a phone number"},
                {"address", "Patients without an address"}};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (sv_eq(text_in(lack, "what"), sv_from(name[i].key)))
            glance_row(o, name[i].words, number_in(lack, "lacking"));
}

static void glance(const json_t *q, report_file_out *o)
{
    static const char *const head[] = {"What to look at", "#Number"};
    const json_t *lacks = json_object_get(q, "lacks"), *charts = json_object_get(q, "charts");
    html_table(o, "narrow", SV_LIT("What to look at, in numbers"), head, 2);
    for (size_t i = 0; i < json_array_size(lacks); i++) lack_row(o, json_array_get(lacks, i));
    glance_row(o, "Groups of records that may be one person", number_in(q, "duplicate_groups"));
    glance_row(o, "Records in these groups", number_in(q, "duplicate_records"));
    glance_row(o, "Dates that could not be read for certain", number_in(q, "malformed_dates"));
    glance_row(o, "Records dated before their patient's birth", number_in(q, "before_birth"));
    glance_row(o, "Providers who share an e-mail address", number_in(q, "shared_emails"));
    glance_row(o, "Values that only an account has of a patient", number_in(q, "accounts_differ"));
    glance_row(o, "Chart rows whose tooth could not be read for certain", number_in(charts, "ambiguous_teeth"));
    glance_row(o, "Exams left out for their tooth numbering", number_in(charts, "exams_left_out"));
    glance_row(o, "Exams whose tooth numbering is the profile's default", number_in(charts, "numbering_assumed"));
    html_table_end(o);
}

static void records(const json_t *q, report_file_out *o)
{
    static const char *const head[] = {"Records", "Entity", "#Number"};
    const json_t *all = json_object_get(q, "records");
    if (!json_array_size(all)) return;
    html_table(o, "narrow", SV_LIT("Records of each kind"), head, 3);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *x = json_array_get(all, i);
        row_head(o, text_in(x, "title"));
        name_cell(o, text_in(x, "entity"));
        html_number_cell(o, NULL, number_in(x, "records"));
        html(o, "</tr>\n");
    }
    html_table_end(o);
}

/* ---- fields ---- */

static void fields(const json_t *q, report_file_out *o)
{
    static const char *const head[] = {"Field",     "Entity", "#In the source", "#Kept", "#Written otherwise",
                                       "#Held back"};
    const json_t *all = json_object_get(q, "fields");
    if (!json_array_size(all)) return;
    html_table(o, NULL, SV_LIT("What became of the values of each field"), head, 6);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *x = json_array_get(all, i);
        row_head(o, text_in(x, "field"));
        name_cell(o, text_in(x, "entity"));
        html_number_cell(o, NULL, number_in(x, "filled"));
        html_number_cell(o, NULL, number_in(x, "kept"));
        html_number_cell(o, NULL, number_in(x, "changed"));
        html_number_cell(o, number_in(x, "held_back") ? "n some" : NULL, number_in(x, "held_back"));
        html(o, "</tr>\n");
    }
    html_table_end(o);
}

/* ---- the practice's own ---- */

static void not_listed(report_file_out *o, uint64_t n, uint64_t listed, const char *what)
{
    if (n <= listed) return;
    html(o, "<p>And ");
    add_count(&o->text, n - listed, what);
    html(o, "; all are in the files of the folder <code>quality</code>.</p>\n");
}

static void custom_fields(const json_t *q, report_file_out *o)
{
    static const char *const head[] = {"Field", "Of", "Type", "#Records that have it", "#Different values"};
    const json_t *all = json_object_get(q, "custom_fields");
    if (!json_array_size(all)) return;
    html_table(o, NULL, SV_LIT("Fields of the practice's own"), head, 5);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *x = json_array_get(all, i);
        row_head(o, text_in(x, "name"));
        name_cell(o, text_in(x, "entity"));
        html_cell(o, NULL, text_in(x, "type"));
        html_number_cell(o, NULL, number_in(x, "records"));
        if (true_in(x, "more")) {
            html(o, "<td class=\"n\">more than ");
            html_number(o, number_in(x, "distinct"));
            html(o, "</td>");
        } else {
            html_number_cell(o, NULL, number_in(x, "distinct"));
        }
        html(o, "</tr>\n");
    }
    html_table_end(o);
    not_listed(o, number_in(q, "custom_fields_number"), json_array_size(all), "further field");
}

static sv what_became(const json_t *column)
{
    sv why = text_in(column, "why");
    if (true_in(column, "carried")) return SV_LIT("carried as a custom field");
    if (sv_eq(why, SV_LIT("leave"))) return SV_LIT("left behind, as the profile says");
    if (sv_eq(why, SV_LIT("no text"))) return SV_LIT("left behind: its values are no text");
    if (sv_eq(why, SV_LIT("no record"))) return SV_LIT("left behind: of no record");
    return SV_LIT("left behind");
}

static void columns_left(const json_t *q, report_file_out *o)
{
    static const char *const head[] = {"Column", "Table", "#Rows", "#Filled", "What became of it"};
    const json_t *all = json_object_get(q, "columns_left_behind");
    if (!json_array_size(all)) return;
    html_table(o, NULL, SV_LIT("Columns that the profile does not read"), head, 5);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *x = json_array_get(all, i);
        row_head(o, text_in(x, "column"));
        name_cell(o, text_in(x, "table"));
        known_cell(o, x, "rows");
        known_cell(o, x, "filled");
        html_cell(o, NULL, what_became(x));
        html(o, "</tr>\n");
    }
    html_table_end(o);
    not_listed(o, number_in(q, "columns_left_behind_number"), json_array_size(all), "further column");
}

void html_quality(const json_t *m, report_file_out *o)
{
    const json_t *q = json_object_get(m, "quality");
    html(o, "<section aria-labelledby=\"quality\">\n<h2 id=\"quality\">Quality of the data</h2>\n");
    if (!json_is_object(q)) {
        html(o, "<p>Not counted.</p>\n</section>\n");
        return;
    }
    html(o, "<p>Which records these are is listed by key in the files of the folder <code>quality</code>, which stays "
            "in the practice. Nothing was merged, and no value was filled in.</p>\n");
    glance(q, o);
    records(q, o);
    fields(q, o);
    custom_fields(q, o);
    columns_left(q, o);
    html(o, "</section>\n");
}
