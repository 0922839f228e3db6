/* Form and lists of a table that the solution makes, good enough to use: the form has every column, long texts across it;
 * the lists have the first few. */
#include "schema/dataverse.h"

enum { LIST_COLUMNS = 6, MEMO_ROWS = 8 };

static sv id_of(const deliver_facts *f, const fact_table *t, const char *what, sv name, arena *mem)
{
    return dataverse_guid(mem, arena_printf(mem, "chartferry %.*s %.*s %s %.*s", (int)f->prefix.n, f->prefix.p,
                                            (int)t->object.n, t->object.p, what, (int)name.n, name.p));
}

/* ---- form ---- */

/* Classes of the controls that forms have for each type; the same in every organization. */
static const char *control_class(const fact_field *x)
{
    switch (x->type) {
    case TARGET_LONGTEXT: return "{E0DECE4B-6FC8-4A8F-A065-082708572369}";
    case TARGET_NUMBER: return "{C6D124CA-7EDA-4A60-AEA9-7FB8D318B68F}";
    case TARGET_DECIMAL:
    case TARGET_CURRENCY:
    case TARGET_PERCENT: return "{C3EFE0C3-0EC6-42BE-8349-CBD9079DFD8E}";
    case TARGET_DATE:
    case TARGET_DATETIME: return "{5B773807-9FB2-42DB-97C3-7A91EFF8ADFF}";
    case TARGET_BOOL:
    case TARGET_PICKLIST: return "{3EF39988-22BB-4F0B-BBBE-64B5A3748AEE}";
    case TARGET_MULTIPICKLIST: return "{4AA28AB7-9C13-4F57-A73D-AD894D048B5F}";
    case TARGET_LOOKUP: return "{270BD3DB-D9AF-4782-9025-509E298DEC0A}";
    case TARGET_EMAIL: return "{ADA2203E-B4CD-49BE-9DDF-234642B43B52}";
    case TARGET_URL: return "{71716B6C-711E-476C-8AB8-5D11542BFB47}";
    default: return "{4273EDBD-AC1D-40D3-9FB2-095C621B552D}";
    }
}

static void cell(xml_writer *w, const deliver_facts *f, const fact_table *t, const fact_field *x, bool tall, arena *mem)
{
    sv logical = dataverse_logical(mem, x->name);
    xml_open(w, "cell");
    xml_attr(w, "id", id_of(f, t, "cell", logical, mem));
    if (tall) xml_attr(w, "rowspan", arena_printf(mem, "%d", MEMO_ROWS));
    dataverse_label(w, "labels", "label", x->label);
    xml_open(w, "control");
    xml_attr(w, "id", logical);
    xml_attr(w, "classid", sv_from(control_class(x)));
    xml_attr(w, "datafieldname", logical);
    xml_attr(w, "disabled", SV_LIT("false"));
    xml_close(w);
    xml_close(w);
}

static void open_section(xml_writer *w, const deliver_facts *f, const fact_table *t, const char *name,
                         const char *columns, const char *label, arena *mem)
{
    xml_open(w, "section");
    xml_attr(w, "name", sv_from(name));
    xml_attr(w, "showlabel", SV_LIT("false"));
    xml_attr(w, "showbar", SV_LIT("false"));
    xml_attr(w, "IsUserDefined", SV_LIT("0"));
    xml_attr(w, "id", id_of(f, t, "section", sv_from(name), mem));
    xml_attr(w, "columns", sv_from(columns));
    dataverse_label(w, "labels", "label", sv_from(label));
    xml_open(w, "rows");
}

static void close_section(xml_writer *w)
{
    xml_close(w);
    xml_close(w);
}

/* Columns of a line each, two in a row. */
static void short_fields(xml_writer *w, const deliver_facts *f, const fact_table *t, arena *mem)
{
    static const fact_field owner = {.name = {"ownerid", 7}, .label = {"Owner", 5}, .type = TARGET_LOOKUP};
    size_t n = 0;
    open_section(w, f, t, "general", "11", "General", mem);
    for (size_t i = 0; i <= t->fields; i++) {
        const fact_field *x = i < t->fields ? &t->field[i] : &owner;
        bool ours = i == t->fields || dataverse_is_ours(f, x->name);
        if (!ours || x->type == TARGET_LONGTEXT || x->is_key) continue;
        if (n % 2 == 0) xml_open(w, "row");
        cell(w, f, t, x, false, mem);
        if (n++ % 2 == 1) xml_close(w);
    }
    if (n % 2 == 1) xml_close(w);
    close_section(w);
}

static void tall_field(xml_writer *w, const deliver_facts *f, const fact_table *t, const fact_field *x, arena *mem)
{
    xml_open(w, "row");
    cell(w, f, t, x, x->type == TARGET_LONGTEXT, mem);
    xml_close(w);
    for (unsigned i = 1; i < MEMO_ROWS && x->type == TARGET_LONGTEXT; i++) xml_leaf(w, "row", (sv){NULL, 0});
}

static void long_fields(xml_writer *w, const deliver_facts *f, const fact_table *t, arena *mem)
{
    open_section(w, f, t, "texts", "1", "Texts", mem);
    for (size_t i = 0; i < t->fields; i++) {
        const fact_field *x = &t->field[i];
        if (dataverse_is_ours(f, x->name) && (x->type == TARGET_LONGTEXT || x->is_key)) tall_field(w, f, t, x, mem);
    }
    close_section(w);
}

void dataverse_form(xml_writer *w, const deliver_facts *f, const fact_table *t, arena *mem)
{
    xml_open(w, "FormXml");
    xml_open(w, "forms");
    xml_attr(w, "type", SV_LIT("main"));
    xml_open(w, "systemform");
    xml_leaf(w, "formid", id_of(f, t, "form", SV_LIT("main"), mem));
    xml_word(w, "IntroducedVersion", "1.0.0.0");
    xml_word(w, "FormPresentation", "1");
    xml_word(w, "FormActivationState", "1");
    xml_open(w, "form");
    xml_open(w, "tabs");
    xml_open(w, "tab");
    xml_attr(w, "name", SV_LIT("general"));
    xml_attr(w, "verticallayout", SV_LIT("true"));
    xml_attr(w, "id", id_of(f, t, "tab", SV_LIT("general"), mem));
    xml_attr(w, "IsUserDefined", SV_LIT("1"));
    dataverse_label(w, "labels", "label", SV_LIT("General"));
    xml_open(w, "columns");
    xml_open(w, "column");
    xml_attr(w, "width", SV_LIT("100%"));
    xml_open(w, "sections");
    short_fields(w, f, t, mem);
    long_fields(w, f, t, mem);
    for (int i = 0; i < 5; i++) xml_close(w); /* sections, column, columns, tab, tabs */
    xml_open(w, "DisplayConditions");
    xml_attr(w, "Order", SV_LIT("0"));
    xml_attr(w, "FallbackForm", SV_LIT("true"));
    xml_word(w, "Everyone", "");
    xml_close(w);
    xml_close(w);
    xml_word(w, "IsCustomizable", "1");
    xml_word(w, "CanBeDeleted", "1");
    dataverse_label(w, "LocalizedNames", "LocalizedName", SV_LIT("Information"));
    dataverse_label(w, "Descriptions", "Description", SV_LIT(""));
    for (int i = 0; i < 3; i++) xml_close(w); /* systemform, forms, FormXml */
}

/* ---- lists ---- */

/* Columns of a list: the name, then the first that fit on a screen. */
static size_t list_columns(const deliver_facts *f, const fact_table *t, const fact_field **out)
{
    size_t n = 0;
    for (size_t i = 0; i < t->fields && !n; i++)
        if (dataverse_is_primary_name(f, t, &t->field[i])) out[n++] = &t->field[i];
    for (size_t i = 0; i < t->fields && n < LIST_COLUMNS; i++) {
        const fact_field *x = &t->field[i];
        bool wanted = dataverse_is_ours(f, x->name) && !x->is_key && x->type != TARGET_LONGTEXT && !x->is_custom;
        if (wanted && !dataverse_is_primary_name(f, t, x)) out[n++] = x;
    }
    return n;
}

static void layout(xml_writer *w, const fact_table *t, const fact_field *const *x, size_t n, bool under_parent,
                   arena *mem)
{
    sv table = dataverse_logical(mem, t->object);
    xml_open(w, "layoutxml");
    xml_open(w, "grid");
    xml_attr(w, "name", under_parent ? arena_printf(mem, "%.*ss", (int)table.n, table.p) : SV_LIT("resultset"));
    xml_attr(w, "jump", n ? dataverse_logical(mem, x[0]->name) : SV_LIT(""));
    xml_attr(w, "select", SV_LIT("1"));
    xml_attr(w, "icon", SV_LIT("1"));
    xml_attr(w, "preview", SV_LIT("1"));
    xml_open(w, "row");
    xml_attr(w, "name", under_parent ? table : SV_LIT("result"));
    xml_attr(w, "id", arena_printf(mem, "%.*sid", (int)table.n, table.p));
    for (size_t i = 0; i < n; i++) {
        xml_open(w, "cell");
        xml_attr(w, "name", dataverse_logical(mem, x[i]->name));
        xml_attr(w, "width", i ? SV_LIT("150") : SV_LIT("250"));
        xml_close(w);
    }
    for (int i = 0; i < 3; i++) xml_close(w);
}

static void condition_of(xml_writer *w, const char *column, const char *operator, const char * value)
{
    xml_open(w, "condition");
    xml_attr(w, "attribute", sv_from(column));
    xml_attr(w, "operator", sv_from(operator));
    xml_attr(w, "value", sv_from(value));
    xml_close(w);
}

static void fetch(xml_writer *w, const fact_table *t, const fact_field *const *x, size_t n, bool find, arena *mem)
{
    sv table = dataverse_logical(mem, t->object), name = n ? dataverse_logical(mem, x[0]->name) : SV_LIT("");
    xml_open(w, "fetchxml");
    xml_open(w, "fetch");
    xml_attr(w, "version", SV_LIT("1.0"));
    xml_attr(w, "mapping", SV_LIT("logical"));
    xml_open(w, "entity");
    xml_attr(w, "name", table);
    for (size_t i = 0; i <= n; i++) {
        xml_open(w, "attribute");
        xml_attr(w, "name",
                 i ? dataverse_logical(mem, x[i - 1]->name) : arena_printf(mem, "%.*sid", (int)table.n, table.p));
        xml_close(w);
    }
    xml_open(w, "order");
    xml_attr(w, "attribute", name);
    xml_attr(w, "descending", SV_LIT("false"));
    xml_close(w);
    xml_open(w, "filter");
    xml_attr(w, "type", SV_LIT("and"));
    condition_of(w, "statecode", "eq", "0");
    xml_close(w);
    if (find) {
        xml_open(w, "filter");
        xml_attr(w, "type", SV_LIT("or"));
        xml_attr(w, "isquickfindfields", SV_LIT("1"));
        sv ended = arena_printf(mem, "%.*s", (int)name.n, name.p);
        condition_of(w, ended.p ? ended.p : "", "like", "{0}");
        xml_close(w);
    }
    for (int i = 0; i < 3; i++) xml_close(w);
}

typedef struct list_kind {
    int type;
    const char *before, *behind; /* of the table's plural */
} list_kind;
enum { LIST_OF_PARENT = 2, LIST_QUICK_FIND = 4 };

static void view(xml_writer *w, const deliver_facts *f, const fact_table *t, const list_kind *kind, arena *mem)
{
    const fact_field *column[LIST_COLUMNS];
    size_t n = list_columns(f, t, column);
    xml_open(w, "savedquery");
    xml_word(w, "IsCustomizable", "1");
    xml_word(w, "CanBeDeleted", "0");
    xml_word(w, "isquickfindquery", kind->type == LIST_QUICK_FIND ? "1" : "0");
    xml_word(w, "isprivate", "0");
    xml_word(w, "isdefault", "1");
    xml_leaf(w, "savedqueryid", id_of(f, t, "view", arena_printf(mem, "%d", kind->type), mem));
    layout(w, t, column, n, kind->type == LIST_OF_PARENT, mem);
    xml_number(w, "querytype", kind->type);
    fetch(w, t, column, n, kind->type == LIST_QUICK_FIND, mem);
    xml_word(w, "IntroducedVersion", "1.0.0.0");
    dataverse_label(w, "LocalizedNames", "LocalizedName",
                    arena_printf(mem, "%s%.*s%s", kind->before, (int)t->plural.n, t->plural.p, kind->behind));
    xml_close(w);
}

/* The kinds of lists that exports of a new table have: its own, two searches, the one under a parent, that of lookups. */
void dataverse_views(xml_writer *w, const deliver_facts *f, const fact_table *t, arena *mem)
{
    static const list_kind kinds[] = {{0, "Active ", ""},
                                      {1, "", " Advanced Find View"},
                                      {LIST_OF_PARENT, "", " Associated View"},
                                      {LIST_QUICK_FIND, "Quick Find Active ", ""},
                                      {64, "", " Lookup View"}};
    xml_open(w, "SavedQueries");
    xml_open(w, "savedqueries");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) view(w, f, t, &kinds[i], mem);
    xml_close(w);
    xml_close(w);
}
