/* profile.yaml of a draft. */
#include "base/limits.h"
#include "chart/chart.h"
#include "draft/draft_internal.h"
#include "normalize/normalize.h"
#include "survey/survey.h"
#include <inttypes.h>

enum { SYSTEM_LETTERS = 3, TABLES_LISTED = 400, COLUMNS_LISTED = 12 };

/* Letters and digits stand for themselves; anything else in quotes. */
void draft_yaml_text(buf *out, sv text)
{
    bool plain = text.n > 0 && text.p[0] != '-' && text.p[0] != '.';
    for (size_t i = 0; i < text.n && plain; i++) {
        char c = text.p[i];
        plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
                c == '-';
    }
    if (plain) {
        buf_sv(out, text);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if ((unsigned char)c < 0x20 || c == 0x7F)
            buf_printf(out, "\\x%02X", (unsigned char)c);
        else if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else
            buf_char(out, c);
    }
    buf_char(out, '"');
}

static void comment(buf *out, sv text)
{
    for (size_t i = 0; i < text.n; i++) buf_char(out, (unsigned char)text.p[i] < 0x20 ? ' ' : text.p[i]);
}

/* ---- the head ---- */

static void system_letters(buf *out, sv id)
{
    size_t n = 0;
    for (size_t i = 0; i < id.n && n < SYSTEM_LETTERS; i++) {
        char c = id.p[i];
        if (c >= 'a' && c <= 'z') c = (char)(c - 32);
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
            buf_char(out, c);
            n++;
        }
    }
    if (n == 0) buf_str(out, "SRC");
}

static void head(buf *out, const draft *d)
{
    const source_info *s = d->run->info;
    buf_str(out, "# A draft by chartferry");
    if (s && s->database.n) {
        buf_str(out, " of the database ");
        comment(out, s->database);
    }
    buf_str(out, ". Go through it before you use it:\n"
                 "# 1. the SELECTs beside this file, line by line, those with ? first;\n"
                 "# 2. what is commented out here, and what was left over at the end;\n"
                 "# 3. the options: nothing in a database says them for sure.\n"
                 "# Then: chartferry profile check FOLDER SOURCE, and convert SOURCE --profile FOLDER --dry-run.\n"
                 "# templates/README.md has the keys.\n"
                 "title: ");
    draft_yaml_text(out, s && s->database.n ? s->database : d->run->id);
    buf_str(out, "\nschema: 1\nsystem: ");
    system_letters(out, d->run->id);
    buf_str(out, " # every key in every destination begins with it: choose before the first load, and keep it\n\n");
}

/* ---- the fingerprint ---- */

static bool is_needed(const draft_table *t, size_t column)
{
    for (size_t i = 0; i < t->keys; i++)
        if (t->key[i] == (int)column) return true;
    for (size_t i = 0; i < t->choices; i++) {
        const draft_choice *x = &t->choice[i];
        if (x->column == (int)column && (x->field->required || x->points >= POINTS_SURE)) return true;
    }
    return false;
}

static void marks(buf *out, const draft_table *t)
{
    bool any = false;
    buf_str(out, "    ");
    draft_yaml_text(out, t->info->full_name);
    buf_str(out, ": [");
    for (size_t i = 0; i < t->info->columns; i++) {
        if (!is_needed(t, i)) continue;
        buf_str(out, any ? ", " : "");
        draft_yaml_text(out, t->info->column[i].name);
        any = true;
    }
    buf_str(out, "]\n");
}

static void detect(buf *out, const draft *d)
{
    buf_str(out, "detect:\n  tables:\n");
    for (size_t i = 0; i < d->tables; i++)
        if (d->table[i].drafted) marks(out, &d->table[i]);
}

/* ---- own tables ---- */

static void own_table(buf *out, const draft_table *t)
{
    buf_str(out, "  ");
    buf_sv(out, t->own);
    buf_str(out, ":\n    names: [");
    draft_yaml_text(out, t->info->full_name);
    buf_str(out, "]\n    key: ");
    draft_yaml_text(out, t->info->column[t->key[0]].name);
    buf_str(out, "\n    columns:\n");
    for (size_t i = 0; i < t->info->columns; i++) {
        if (!t->column[i].used) continue;
        buf_str(out, "      ");
        draft_yaml_text(out, t->info->column[i].name);
        buf_str(out, is_needed(t, i) ? ": { names: [], required: true }\n" : ": []\n");
    }
}

static void own_tables(buf *out, const draft *d)
{
    bool any = false;
    for (size_t i = 0; i < d->tables; i++) {
        if (!d->table[i].own.n) continue;
        if (!any) buf_str(out, "\n# Tables whose key the database does not declare: the profile says it.\ntables:\n");
        any = true;
        own_table(out, &d->table[i]);
    }
}

/* ---- entities ---- */

static void part(buf *out, const draft *d, const draft_table *t)
{
    buf_str(out, "{ from: ");
    draft_yaml_text(out, t->own.n ? t->own : t->info->full_name);
    buf_str(out, ", sql: ");
    buf_sv(out, draft_sql_name(d, t));
    buf_printf(out, " } # %u\n", t->points);
}

static void entities(buf *out, const draft *d)
{
    buf_str(out, "\n# Behind each entity: how sure its table is, of 100.\nentities:\n");
    for (size_t e = 0; e < model_entities(); e++) {
        const char *name = model_entity_at(e)->name;
        int at = draft_table_of(d, name, 0);
        if (at == TABLE_NONE) continue;
        if (draft_parts(d, &d->table[at]) == 1) {
            buf_printf(out, "  %s: ", name);
            part(out, d, &d->table[at]);
            continue;
        }
        buf_printf(out, "  %s:\n", name);
        for (; at != TABLE_NONE; at = draft_table_of(d, name, (size_t)at + 1)) {
            buf_str(out, "    - ");
            part(out, d, &d->table[at]);
        }
    }
}

/* ---- options ---- */

static void options(buf *out, const draft *d)
{
    buf_str(out, "\n# What the source does not say. Ask the practice.\noptions:\n");
    if (d->turkish)
        buf_str(out, "  country: TR # the words are Turkish\n  language: tr\n  date_order: dmy\n"
                     "# currency: TRY\n# decimal_mark: comma\n# numbering: fdi\n");
    else
        buf_str(out, "  language: en\n# country: US\n# date_order: mdy\n# currency: USD\n# decimal_mark: point\n"
                     "# numbering: universal\n");
    buf_str(out, "# specialties: dental # GP, Ortho, Endo are dentists\n");
}

/* ---- codes ---- */

static bool understood(const draft *d, const model_field *f, sv code)
{
    const norm_options o = {.today = INT32_MIN, .language = d->turkish ? "tr" : "en"};
    const norm_column c = {.options = &o, .field = f};
    norm_remarks ignored = {.n = 0};
    buf out = buf_new(4096);
    bool good = norm_value(&c, code, &out, &ignored) != FORM_WRONG;
    buf_free(&out);
    return good;
}

static void codes_of(buf *out, const draft *d, const draft_table *t, const draft_choice *x, bool *any)
{
    const draft_column *c = x->way == WAY_LOOKUP ? &d->table[x->table].column[x->label] : &t->column[x->column];
    bool named = false;
    if (x->field->type != FIELD_ENUM || !c->facts) return;
    for (size_t i = 0; i < c->facts->codes; i++) {
        const snapshot_count *code = &c->facts->code[i];
        if (understood(d, x->field, code->text)) continue;
        if (!*any)
            buf_str(out, "\n# Codes that are no words of the model: say what they mean, else their values are held "
                         "back.\n# values:\n");
        *any = true;
        if (!named) buf_printf(out, "#   %s.%s: # one of %s\n", t->is->entity->name, x->field->name, x->field->values);
        named = true;
        buf_str(out, "#     ");
        draft_yaml_text(out, code->text);
        buf_printf(out, ":  # %" PRIu64 " rows\n", code->rows);
    }
    if (named || c->facts->codes || c->facts->filled == 0) return;
    if (!*any)
        buf_str(out, "\n# Codes that are no words of the model: say what they mean, else their values are held "
                     "back.\n# values:\n");
    *any = true;
    buf_printf(out, "#   %s.%s: # one of %s; the codes are withheld, ask for them\n", t->is->entity->name,
               x->field->name, x->field->values);
}

static void codes(buf *out, const draft *d)
{
    bool any = false;
    for (size_t i = 0; i < d->tables; i++)
        for (size_t k = 0; d->table[i].drafted && k < d->table[i].choices; k++)
            codes_of(out, d, &d->table[i], &d->table[i].choice[k], &any);
}

/* ---- the chart ---- */

static void role(buf *out, const char *mark, const draft *d, const char *key, int column)
{
    if (column == COLUMN_NONE) return;
    buf_printf(out, "%s  %s: ", mark, key);
    draft_yaml_text(out, d->table[d->chart.table].info->column[column].name);
    buf_char(out, '\n');
}

static void text_key(buf *out, const char *mark, const char *key, sv text)
{
    if (!text.n) return;
    buf_printf(out, "%s  %s: ", mark, key);
    draft_yaml_text(out, text);
    buf_char(out, '\n');
}

/* Codes that nobody knows stand as remarks: their rows are rejected until someone says what they are. */
static void measure_values(buf *out, const char *mark, const draft_chart *c)
{
    const yaml_node *published = c->published ? c->published->values : NULL;
    buf_printf(out, "%s    values:\n", mark);
    for (size_t i = 0; published && i < published->n; i++) {
        buf_printf(out, "%s      ", mark);
        draft_yaml_text(out, published->pair[i].key);
        buf_str(out, ": ");
        draft_yaml_text(out, published->pair[i].value->text);
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < c->codes; i++) {
        bool listed = false;
        for (size_t k = 0; published && k < published->n; k++) listed |= sv_eq(published->pair[k].key, c->code[i].code);
        if (listed) continue;
        buf_printf(out, "%s      ", c->code[i].measure.n ? mark : "# ");
        draft_yaml_text(out, c->code[i].code);
        buf_str(out, ": ");
        if (c->code[i].measure.n) draft_yaml_text(out, c->code[i].measure);
        buf_printf(out, " # %" PRIu64 " rows\n", c->code[i].rows);
    }
}

static void measures(buf *out, const char *mark, const draft *d)
{
    const draft_chart *c = &d->chart;
    const table_info *t = d->table[c->table].info;
    role(out, mark, d, "tooth_value", c->tooth_value);
    if (c->published) {
        text_key(out, mark, "numbering", c->published->numbering);
        text_key(out, mark, "margin_sign", c->published->margin_sign);
    }
    buf_printf(out, "%s  measure:\n%s    column: ", mark, mark);
    draft_yaml_text(out, t->column[c->measure].name);
    buf_char(out, '\n');
    measure_values(out, mark, c);
    buf_printf(out, "%s  sites: {", mark);
    bool any = false;
    for (size_t s = 0; s < SITES_OF_A_TOOTH; s++) {
        if (c->at_site[s] == COLUMN_NONE) continue;
        buf_printf(out, "%s %s: ", any ? "," : "", site_name[s]);
        draft_yaml_text(out, t->column[c->at_site[s]].name);
        any = true;
    }
    buf_str(out, " }\n");
    const yaml_node *none = c->published ? c->published->not_measured : NULL;
    if (none && none->n) buf_printf(out, "%s  not_measured: [", mark);
    for (size_t i = 0; none && i < none->n; i++) {
        if (i) buf_str(out, ", ");
        draft_yaml_text(out, none->item[i]->text);
        if (i + 1 == none->n) buf_str(out, "]\n");
    }
}

static void chart(buf *out, const draft *d)
{
    const draft_chart *c = &d->chart;
    if (c->table == TABLE_NONE) return;
    const char *mark = c->why_not ? "# " : "";
    bool rows = strcmp(c->shape, "wide_exam") != 0;
    buf_str(out, "\n# The chart: every measurement that is missing here stays behind as a finding of the practice.\n");
    if (c->why_not) buf_printf(out, "# It is commented out: %s.\n", c->why_not);
    buf_printf(out, "%schart:\n%s  shape: %s\n%s  table: ", mark, mark, c->shape, mark);
    draft_yaml_text(out, d->table[c->table].info->full_name);
    buf_char(out, '\n');
    role(out, mark, d, "exam", c->exam);
    role(out, mark, d, "row_key", c->row_key);
    if (rows) role(out, mark, d, "tooth", c->tooth);
    if (strcmp(c->shape, "site_row") == 0) role(out, mark, d, "site", c->site);
    if (strcmp(c->shape, "tooth_measure") == 0) {
        measures(out, mark, d);
        return;
    }
    buf_printf(out, "%s  columns:\n", mark);
    for (size_t i = 0; i < c->patterns; i++) {
        buf_printf(out, "%s    ", mark);
        draft_yaml_text(out, c->pattern[i]->pattern);
        buf_str(out, ": ");
        draft_yaml_text(out, c->pattern[i]->measure);
        buf_char(out, '\n');
    }
}

/* ---- what is left ---- */

static void say_why(buf *out, const draft *d, const draft_table *t)
{
    if (!t->is) return;
    buf_printf(out, " Looks like %s (%u of 100)", t->is->entity->name, t->points);
    int taken = draft_table_of(d, t->is->entity->name, 0);
    if (t->lacks.n) {
        buf_str(out, ", but no column gives ");
        comment(out, t->lacks);
    } else if (taken != TABLE_NONE) {
        buf_str(out, ", as ");
        comment(out, d->table[taken].info->full_name);
        buf_str(out, " does, which was taken");
    }
    buf_char(out, '.');
}

static void left_table(buf *out, const draft *d, const draft_table *t)
{
    buf_str(out, "#   ");
    comment(out, t->info->full_name);
    if (t->info->rows_expected >= 0) buf_printf(out, ", %" PRId64 " rows", t->info->rows_expected);
    buf_str(out, ":");
    say_why(out, d, t);
    for (size_t i = 0; i < t->info->columns && i < COLUMNS_LISTED; i++) {
        buf_str(out, i ? ", " : " ");
        comment(out, t->info->column[i].name);
    }
    if (t->info->columns > COLUMNS_LISTED) buf_printf(out, " and %zu more", t->info->columns - COLUMNS_LISTED);
    buf_char(out, '\n');
}

static bool is_read(const draft *d, size_t at)
{
    bool used = d->table[at].drafted || (int)at == d->chart.table;
    for (size_t i = 0; i < d->table[at].info->columns; i++) used |= d->table[at].column[i].used;
    return used;
}

static void left(buf *out, const draft *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->tables; i++) {
        if (is_read(d, i)) continue;
        if (n == 0)
            buf_str(
                out,
                "\n# Tables that nothing reads. Those that hold a patient's key become custom values where they are\n"
                "# filled; what is to stay behind stands in a list \"leave:\".\n");
        if (n++ < TABLES_LISTED) left_table(out, d, &d->table[i]);
    }
    if (n > TABLES_LISTED) buf_printf(out, "#   and %zu more\n", n - TABLES_LISTED);
}

/* Passwords, and the drawings of SQL Server's own tools. */
static void leave(buf *out, const draft *d)
{
    bool any = false;
    for (size_t i = 0; i < d->tables; i++) {
        const table_info *t = d->table[i].info;
        bool tool = sv_eq_nocase(t->name, SV_LIT("sysdiagrams"));
        for (size_t k = 0; k < (tool ? 1 : t->columns); k++) {
            if (!tool && (d->table[i].column[k].used || !survey_names_secret(t->column[k].name))) continue;
            if (!any) buf_str(out, "\n# Carried nowhere, by intent.\nleave:\n");
            any = true;
            sv column = t->column[k].name;
            sv name =
                tool ? t->full_name
                     : arena_printf(d->mem, "%.*s.%.*s", (int)t->full_name.n, t->full_name.p, (int)column.n, column.p);
            buf_str(out, "  - ");
            draft_yaml_text(out, name);
            buf_char(out, '\n');
        }
    }
}

sv draft_yaml(const draft *d)
{
    buf out = buf_new(YAML_BYTES_MAX);
    head(&out, d);
    detect(&out, d);
    own_tables(&out, d);
    entities(&out, d);
    codes(&out, d);
    options(&out, d);
    chart(&out, d);
    leave(&out, d);
    left(&out, d);
    sv text = out.failed ? (sv){NULL, 0} : arena_sv(d->mem, buf_view(&out));
    buf_free(&out);
    return text;
}
