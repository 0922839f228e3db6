#include "guide/guide_words.h"
#include "base/markup.h"

bool guide_word_at(sv s, guide_word *w, size_t *used)
{
    size_t at = 2;
    while (at + 1 < s.n && !(s.p[at] == '}' && s.p[at + 1] == '}')) {
        if (s.p[at] == '\n' || s.p[at] == '{') return false;
        at++;
    }
    if (at + 1 >= s.n) return false;
    sv in = {s.p + 2, at - 2};
    *used = at + 2;
    while (in.n && *in.p == ' ') in = (sv){in.p + 1, in.n - 1};
    while (in.n && in.p[in.n - 1] == ' ') in.n--;
    const char *blank = sv_find(in, ' ');
    w->name = (sv){in.p, blank ? (size_t)(blank - in.p) : in.n};
    w->argument = blank ? (sv){blank + 1, in.n - w->name.n - 1} : (sv){NULL, 0};
    return w->name.n > 0;
}

/* ---- what there is ---- */

typedef enum argument_kind { ARGUMENT_NONE, ARGUMENT_LOAD, ARGUMENT_LIMIT, ARGUMENT_ANY } argument_kind;

static const struct word {
    const char *name;
    guide_kind kind;
    argument_kind argument;
} words[] = {
    {"title", GUIDE_VALUE, ARGUMENT_NONE},       {"version", GUIDE_VALUE, ARGUMENT_NONE},
    {"edition", GUIDE_VALUE, ARGUMENT_NONE},     {"layout", GUIDE_VALUE, ARGUMENT_NONE},
    {"prefix", GUIDE_VALUE, ARGUMENT_NONE},      {"uploads", GUIDE_VALUE, ARGUMENT_NONE},
    {"rows_in_all", GUIDE_VALUE, ARGUMENT_NONE}, {"minutes", GUIDE_VALUE, ARGUMENT_NONE},
    {"storage_mb", GUIDE_VALUE, ARGUMENT_NONE},  {"teeth", GUIDE_VALUE, ARGUMENT_NONE},
    {"rows", GUIDE_VALUE, ARGUMENT_LOAD},        {"rejected", GUIDE_VALUE, ARGUMENT_LOAD},
    {"skipped", GUIDE_VALUE, ARGUMENT_LOAD},     {"parts", GUIDE_VALUE, ARGUMENT_LOAD},
    {"file", GUIDE_VALUE, ARGUMENT_LOAD},        {"files", GUIDE_VALUE, ARGUMENT_LOAD},
    {"object", GUIDE_VALUE, ARGUMENT_LOAD},      {"limit", GUIDE_VALUE, ARGUMENT_LIMIT},
    {"source", GUIDE_VALUE, ARGUMENT_LIMIT},     {"loads", GUIDE_BLOCK, ARGUMENT_NONE},
    {"load", GUIDE_BLOCK, ARGUMENT_LOAD},        {"limits", GUIDE_BLOCK, ARGUMENT_NONE},
    {"new_fields", GUIDE_BLOCK, ARGUMENT_NONE},  {"steps", GUIDE_BLOCK, ARGUMENT_NONE},
    {"trial_undo", GUIDE_BLOCK, ARGUMENT_NONE},  {"if", GUIDE_IF, ARGUMENT_ANY},
    {"else", GUIDE_ELSE, ARGUMENT_NONE},         {"end", GUIDE_END, ARGUMENT_NONE},
};

static const struct word *word_named(sv name)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (sv_eq(sv_from(words[i].name), name)) return &words[i];
    return NULL;
}

static int limit_named(sv key)
{
    for (size_t i = 0; i < LIMITS; i++)
        if (sv_eq(sv_from(limit_key[i]), key)) return (int)i;
    return -1;
}

static bool names_load(const destination *d, sv id)
{
    for (size_t i = 0; i < d->objects; i++)
        if (sv_eq(d->object[i]->id, id)) return true;
    return false;
}

static bool among(sv word, const sv *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(all[i], word)) return true;
    return false;
}

/* "layout wide", "edition professional", "load tooth", "package field_sheet", "format xlsx", "teeth latest", "custom",
 * "charts". */
static void split(sv s, sv *what, sv *which)
{
    const char *blank = sv_find(s, ' ');
    *what = (sv){s.p, blank ? (size_t)(blank - s.p) : s.n};
    *which = blank ? (sv){blank + 1, s.n - what->n - 1} : (sv){NULL, 0};
}

static bool condition_known(sv argument, const destination *d)
{
    sv what, which;
    static const sv files[] = {{"csv", 3}, {"xlsx", 4}}, teeth[] = {{"latest", 6}, {"all", 3}, {"since", 5}};
    split(argument, &what, &which);
    if (sv_eq(what, SV_LIT("layout"))) return among(which, d->layouts, d->layout_count);
    if (sv_eq(what, SV_LIT("format"))) return among(which, files, 2);
    if (sv_eq(what, SV_LIT("teeth"))) return among(which, teeth, 3);
    if (sv_eq(what, SV_LIT("package"))) return among(which, d->package, d->packages);
    /* A load may be there in another layout only. */
    if (sv_eq(what, SV_LIT("load"))) return which.n > 0;
    if (sv_eq(what, SV_LIT("custom")) || sv_eq(what, SV_LIT("charts"))) return which.n == 0;
    if (!sv_eq(what, SV_LIT("edition"))) return false;
    for (size_t i = 0; i < d->edition_count; i++)
        if (sv_eq(d->editions[i].name, which)) return true;
    return false;
}

guide_kind guide_kind_of(const guide_word *w, const destination *d)
{
    const struct word *x = word_named(w->name);
    if (!x) return GUIDE_UNKNOWN;
    bool good = false;
    switch (x->argument) {
    case ARGUMENT_NONE: good = w->argument.n == 0; break;
    /* With layouts, what is not here may be there in another one: a word of it stands within its own {{if load}}. */
    case ARGUMENT_LOAD: good = w->argument.n > 0 && (d->layout_count > 1 || names_load(d, w->argument)); break;
    case ARGUMENT_LIMIT: good = limit_named(w->argument) >= 0; break;
    case ARGUMENT_ANY: good = condition_known(w->argument, d); break;
    }
    return good ? x->kind : GUIDE_UNKNOWN;
}

/* ---- values ---- */

static void number(buf *out, uint64_t n)
{
    char text[32];
    size_t digits = 0;
    do {
        text[digits++] = (char)('0' + n % 10);
        n /= 10;
        if (n && digits % 4 == 3) text[digits++] = ',';
    } while (n);
    while (digits) buf_char(out, text[--digits]);
}

static const fact_load *load_named(const deliver_facts *f, sv id)
{
    for (size_t i = 0; i < f->loads; i++)
        if (sv_eq(f->load[i].id, id)) return &f->load[i];
    return NULL;
}

static const char *teeth_word(const destination *d)
{
    return d->teeth == EXAMS_LATEST ? "latest" : d->teeth == EXAMS_SINCE ? "since" : "all";
}

static void file_names(const fact_load *l, buf *out)
{
    for (size_t i = 0; i < l->parts; i++) {
        if (i) buf_str(out, i + 1 == l->parts ? " and " : ", ");
        buf_sv(out, l->part[i].name);
    }
}

static void load_value(sv name, const fact_load *l, buf *out)
{
    if (!l) return;
    if (sv_eq(name, SV_LIT("rows"))) number(out, l->rows);
    if (sv_eq(name, SV_LIT("rejected"))) number(out, l->rejected);
    if (sv_eq(name, SV_LIT("skipped"))) number(out, l->skipped);
    if (sv_eq(name, SV_LIT("parts"))) number(out, l->parts);
    if (sv_eq(name, SV_LIT("file")) && l->parts) buf_sv(out, l->part[0].name);
    if (sv_eq(name, SV_LIT("files"))) file_names(l, out);
    if (sv_eq(name, SV_LIT("object"))) buf_sv(out, l->object);
}

void guide_value(const guide_word *w, const deliver_facts *f, buf *out)
{
    const destination *d = f->destination;
    int limit = limit_named(w->argument);
    const struct {
        const char *name;
        sv text;
    } texts[] = {{"title", f->title},
                 {"version", f->version},
                 {"edition", f->edition_title},
                 {"layout", f->layout},
                 {"prefix", f->prefix},
                 {"teeth", d->teeth == EXAMS_SINCE ? d->teeth_since : sv_from(teeth_word(d))},
                 {"source", limit < 0 ? (sv){NULL, 0} : d->limit.source[limit]}};
    const struct {
        const char *name;
        uint64_t n;
    } numbers[] = {{"uploads", f->uploads},
                   {"rows_in_all", f->rows},
                   {"minutes", f->minutes},
                   {"storage_mb", (f->storage_bytes + 999999) / 1000000},
                   {"limit", limit < 0 ? 0 : d->limit.most[limit]}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (sv_eq(sv_from(texts[i].name), w->name)) buf_sv(out, texts[i].text);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (sv_eq(sv_from(numbers[i].name), w->name)) number(out, numbers[i].n);
    load_value(w->name, load_named(f, w->argument), out);
}

static bool any_custom(const deliver_facts *f)
{
    for (size_t i = 0; i < f->tables; i++)
        for (size_t k = 0; k < f->table[i].fields; k++)
            if (f->table[i].field[k].is_custom) return true;
    return false;
}

bool guide_holds(const guide_word *w, const deliver_facts *f)
{
    const destination *d = f->destination;
    sv what, which;
    split(w->argument, &what, &which);
    const fact_load *l = load_named(f, which);
    if (sv_eq(what, SV_LIT("layout"))) return sv_eq(d->layout, which);
    if (sv_eq(what, SV_LIT("edition"))) return sv_eq(destination_edition(d), which);
    if (sv_eq(what, SV_LIT("format"))) return sv_eq(which, SV_LIT("xlsx")) == d->xlsx;
    if (sv_eq(what, SV_LIT("teeth"))) return sv_eq(which, sv_from(teeth_word(d)));
    if (sv_eq(what, SV_LIT("package"))) return among(which, d->package, d->packages);
    if (sv_eq(what, SV_LIT("load"))) return l && l->parts;
    if (sv_eq(what, SV_LIT("charts"))) return d->files && d->charts != EXAMS_NONE;
    return sv_eq(what, SV_LIT("custom")) && any_custom(f);
}

/* ---- blocks ---- */

static void cell(buf *out, sv s)
{
    buf_str(out, "<td>");
    markup_escaped(out, s);
    buf_str(out, "</td>");
}

static void number_cell(buf *out, uint64_t n)
{
    buf_str(out, "<td class=\"n\">");
    number(out, n);
    buf_str(out, "</td>");
}

static void head(buf *out, const char *cells)
{
    buf_printf(out, "<div class=\"scroll\"><table><thead><tr>%s</tr></thead><tbody>\n", cells);
}

static void foot(buf *out) { buf_str(out, "</tbody></table></div>\n"); }

static const char file_head[] =
    "<th>File</th><th>Into</th><th class=\"n\">Rows</th><th class=\"n\">KB</th><th>Done</th>";

static void file_rows(const fact_load *l, buf *out)
{
    for (size_t i = 0; i < l->parts; i++) {
        buf_str(out, "<tr>");
        cell(out, l->part[i].name);
        cell(out, l->object);
        number_cell(out, l->part[i].rows);
        number_cell(out, (l->part[i].bytes + 999) / 1000);
        buf_str(out, l->not_loaded ? "<td>not loaded</td></tr>\n" : "<td>\xE2\x98\x90</td></tr>\n");
    }
}

static void limit_rows(const destination *d, buf *out)
{
    head(out, "<th>Limit</th><th class=\"n\">Most</th><th>Where that is said</th>");
    for (size_t i = 0; i < LIMITS; i++) {
        if (!d->limit.most[i] || i == LIMIT_FIRST_YEAR || i == LIMIT_LAST_YEAR) continue;
        buf_str(out, "<tr>");
        cell(out, sv_from(limit_what[i]));
        number_cell(out, d->limit.most[i]);
        cell(out, d->limit.source[i]);
        buf_str(out, "</tr>\n");
    }
    foot(out);
}

static void new_field_rows(const deliver_facts *f, buf *out)
{
    head(out, "<th>Table</th><th>Field</th><th>Name</th><th>Type</th><th class=\"n\">Length</th>");
    for (size_t i = 0; i < f->tables; i++)
        for (size_t k = 0; f->table[i].is_written && k < f->table[i].fields; k++) {
            const fact_field *x = &f->table[i].field[k];
            if (!x->is_new) continue;
            buf_str(out, "<tr>");
            cell(out, f->table[i].label);
            cell(out, x->label);
            cell(out, x->name);
            cell(out, sv_from(target_type_name(x->type)));
            if (x->length)
                number_cell(out, x->length);
            else
                buf_str(out, "<td></td>");
            buf_str(out, "</tr>\n");
        }
    foot(out);
}

static void code(buf *out, sv s)
{
    buf_str(out, "<code>");
    markup_escaped(out, s);
    buf_str(out, "</code>");
}

static void rows(buf *out, uint64_t n)
{
    number(out, n);
    buf_str(out, n == 1 ? " row" : " rows");
}

static uint64_t rows_of_step(const deliver_facts *f, size_t first)
{
    uint64_t n = 0;
    for (size_t i = first; i < f->steps && f->step[i].number == f->step[first].number; i++) n += f->step[i].part->rows;
    return n;
}

/* An item for each upload, and in it a line for each of its files, by the names that the system shows and the bundle has. */
static void step_items(const deliver_facts *f, buf *out)
{
    if (f->steps) buf_str(out, "<ol class=\"steps\">\n");
    for (size_t i = 0; i < f->steps;) {
        const fact_step *s = &f->step[i];
        buf_str(out, "<li>\xE2\x98\x90 ");
        code(out, s->upload);
        buf_str(out, ", data map ");
        code(out, s->map);
        buf_str(out, s->load->update ? ", an update by key: " : ": ");
        rows(out, rows_of_step(f, i));
        buf_str(out, "<ul>\n");
        for (unsigned at = s->number; i < f->steps && f->step[i].number == at; i++) {
            s = &f->step[i];
            buf_str(out, "<li>");
            code(out, s->file);
            if (!sv_eq(s->file, s->part->name)) {
                buf_str(out, " (");
                markup_escaped(out, s->part->name);
                buf_char(out, ')');
            }
            buf_str(out, ": ");
            rows(out, s->part->rows);
            buf_str(out, " into ");
            markup_escaped(out, f->table[s->load->table].label);
            buf_str(out, "</li>\n");
        }
        buf_str(out, "</ul></li>\n");
    }
    if (f->steps) buf_str(out, "</ol>\n");
}

void guide_block(const guide_word *w, const deliver_facts *f, buf *out)
{
    if (sv_eq(w->name, SV_LIT("limits"))) limit_rows(f->destination, out);
    if (sv_eq(w->name, SV_LIT("new_fields"))) new_field_rows(f, out);
    if (sv_eq(w->name, SV_LIT("steps"))) step_items(f, out);
    if (sv_eq(w->name, SV_LIT("trial_undo"))) guide_trial_undo(f, out);
    if (sv_eq(w->name, SV_LIT("loads"))) {
        head(out, file_head);
        for (size_t i = 0; i < f->loads; i++) file_rows(&f->load[i], out);
        foot(out);
    }
    const fact_load *l = sv_eq(w->name, SV_LIT("load")) ? load_named(f, w->argument) : NULL;
    if (!l || !l->parts) return;
    head(out, file_head);
    file_rows(l, out);
    foot(out);
}
