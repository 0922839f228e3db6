/* One object of a destination: its file read, everything in it checked that can be checked without the others. */
#include "template/reader.h"
#include "template/target_format.h"
#include <stdarg.h>
#include <stdio.h>

sv staged_name(const model_entity *e, size_t column)
{
    static const char *const keys[] = {"source_key", "src_table", "src_key"};
    return sv_from(column < STAGED_FIELDS ? keys[column] : e->field[column - STAGED_FIELDS].name);
}

const model_field *staged_field(const model_entity *e, size_t column)
{
    return column < STAGED_FIELDS ? NULL : &e->field[column - STAGED_FIELDS];
}

/* ---- the object ---- */

static const yaml_key object_keys[] = {
    {"object", YAML_IS_TEXT, true},        {"from", YAML_IS_TEXT, true},        {"key", YAML_IS_TEXT, true},
    {"file", YAML_IS_TEXT, true},          {"after", YAML_IS_LIST, false},      {"when", YAML_IS_MAP, false},
    {"fields", YAML_IS_MAP, true},         {"unless", YAML_IS_MAP, false},      {"label", YAML_IS_TEXT, false},
    {"plural", YAML_IS_TEXT, false},       {"new", YAML_IS_TEXT, false},        {"heading", YAML_IS_TEXT, false},
    {"table", YAML_IS_TEXT, false},        {"brief", YAML_IS_TEXT, false},      {"help", YAML_IS_TEXT, false},
    {"format", YAML_IS_MAP, false},        {"chart", YAML_IS_TEXT, false},      {"layouts", YAML_IS_LIST, false},
    {"when_edition", YAML_IS_LIST, false}, {"update_of", YAML_IS_TEXT, false},  {"parts", YAML_IS_MAP, false},
    {"key_label", YAML_IS_TEXT, false},    {"key_length", YAML_IS_TEXT, false}, {"key_new", YAML_IS_TEXT, false},
    {"slices", YAML_IS_MAP, false},        {"profiles", YAML_IS_LIST, false},   {"not_profiles", YAML_IS_LIST, false},
    {"merged_by", YAML_IS_LIST, false},    {"loaded", YAML_IS_TEXT, false},
};
static const yaml_key format_keys[] = {
    {"file", YAML_IS_TEXT, false}, {"dates", YAML_IS_TEXT, false}, {"datetimes", YAML_IS_TEXT, false}};
static const yaml_key parts_keys[] = {{"rows", YAML_IS_TEXT, false}, {"bytes", YAML_IS_TEXT, false}};

static void read_entity(template_reader *r, object_template *o)
{
    const yaml_node *n = template_text(o->root, "from");
    if (!n) return;
    o->entity = model_entity_named(n->text);
    if (!o->entity) {
        sv *all = template_block(r, model_entities(), sizeof *all);
        for (size_t i = 0; all && i < model_entities(); i++) all[i] = sv_from(model_entity_at(i)->name);
        if (all)
            template_problem(r, o->file, n, "there is no canonical entity \"%.*s\"%s", (int)n->text.n, n->text.p,
                             template_hint(r, n->text, all, model_entities()));
        return;
    }
    size_t staged = o->entity->fields + STAGED_FIELDS;
    o->column_room = 2 * staged;
    o->column = template_block(r, o->column_room, sizeof *o->column);
    for (size_t i = 0; o->column && i < staged; i++)
        o->column[o->columns++] = (row_column){.kind = COLUMN_STAGED,
                                               .name = staged_name(o->entity, i),
                                               .field = staged_field(o->entity, i),
                                               .at = i,
                                               .tooth = TEETH,
                                               .site = SITES};
    if (!o->column) o->entity = NULL;
}

static bool name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool template_file_name(sv name, const char *ending)
{
    size_t n = strlen(ending);
    if (name.n <= n || name.n > 64 || memcmp(name.p + name.n - n, ending, n) != 0) return false;
    for (size_t i = 0; i + n < name.n; i++)
        if (!name_character(name.p[i])) return false;
    return true;
}

static sv text_of(const yaml_node *root, const char *key)
{
    const yaml_node *n = template_text(root, key);
    return n ? n->text : (sv){NULL, 0};
}

/* `chart: teeth` says where the rows come from; it must agree with `from`. */
static void read_chart(template_reader *r, object_template *o)
{
    static const sv words[] = {{"exam", 4}, {"teeth", 5}, {"sites", 5}, {"findings", 8}};
    static const char *const entity[] = {"clinical_exam", "tooth_record", "site_measure", "custom_finding"};
    const yaml_node *n = template_text(o->root, "chart");
    int found = n ? template_one_of(r, o->file, n, "chart", words, 4) : -1;
    for (size_t i = 1; o->entity && i < 4; i++)
        if (strcmp(o->entity->name, entity[i]) == 0) o->charted = true;
    if (found < 0 || !o->entity) return;
    o->charted = true;
    if (strcmp(o->entity->name, entity[found]) != 0)
        template_problem(r, o->file, n, "\"chart: %.*s\" goes with \"from: %s\"", (int)words[found].n, words[found].p,
                         entity[found]);
}

static sv read_date_form(template_reader *r, const object_template *o, const yaml_node *map, const char *key,
                         bool has_time)
{
    const yaml_node *n = template_text(map, key);
    if (!n) return (sv){NULL, 0};
    const char *wrong = target_format_wrong(n->text, has_time);
    if (wrong) template_problem(r, o->file, n, "\"%s\" is no form of a date: %s", key, wrong);
    return n->text;
}

static void read_form(template_reader *r, const destination *d, object_template *o)
{
    static const sv files[] = {{"csv", 3}, {"xlsx", 4}};
    const yaml_node *map = yaml_get(o->root, "format"), *parts = yaml_get(o->root, "parts");
    o->xlsx = d->xlsx;
    if (map && map->kind == YAML_MAP) {
        (void)yaml_check(o->file, map, "\"format\"", format_keys, 3, r->wrong);
        const yaml_node *n = template_text(map, "file");
        int found = n ? template_one_of(r, o->file, n, "file", files, 2) : -1;
        bool asked = r->options && r->options->format.n;
        if (found >= 0 && !asked) o->xlsx = found == 1;
        o->dates = read_date_form(r, o, map, "dates", false);
        o->datetimes = read_date_form(r, o, map, "datetimes", true);
    }
    if (!parts || parts->kind != YAML_MAP) return;
    (void)yaml_check(o->file, parts, "\"parts\"", parts_keys, 2, r->wrong);
    const yaml_node *rows = template_text(parts, "rows"), *bytes = template_text(parts, "bytes");
    if (rows) (void)yaml_uint(o->file, rows, INT64_MAX, &o->rows_per_file, r->wrong);
    if (bytes) (void)yaml_uint(o->file, bytes, INT64_MAX, &o->bytes_per_file, r->wrong);
}

static void read_names(template_reader *r, const destination *d, object_template *o)
{
    static const sv headings[] = {{"name", 4}, {"label", 5}};
    o->object = template_own_name(r, d, text_of(o->root, "object"));
    o->key = template_own_name(r, d, text_of(o->root, "key"));
    o->csv = text_of(o->root, "file");
    o->label = text_of(o->root, "label");
    o->plural = text_of(o->root, "plural");
    o->table = template_own_name(r, d, text_of(o->root, "table"));
    o->brief = text_of(o->root, "brief");
    o->help = text_of(o->root, "help");
    o->key_label = text_of(o->root, "key_label");
    o->key_length = MODEL_KEY_MAX;
    if (!o->label.n) o->label = readable_name(r->mem, o->object.p ? o->object : SV_LIT(""));
    if (!o->plural.n) o->plural = arena_printf(r->mem, "%.*ss", (int)o->label.n, o->label.p ? o->label.p : "");
    if (!o->table.n) o->table = o->object;
    if (!o->key_label.n) o->key_label = readable_name(r->mem, o->key.p ? o->key : SV_LIT(""));
    const yaml_node *n = template_text(o->root, "new");
    if (n) (void)yaml_bool(o->file, n, &o->is_new, r->wrong);
    bool key_new = true;
    n = template_text(o->root, "key_new");
    if (n) (void)yaml_bool(o->file, n, &key_new, r->wrong);
    o->key_is_old = !key_new;
    bool loaded = true;
    n = template_text(o->root, "loaded");
    if (n) (void)yaml_bool(o->file, n, &loaded, r->wrong);
    o->not_loaded = !loaded;
    n = template_text(o->root, "key_length");
    if (n && yaml_uint(o->file, n, INT32_MAX, &o->key_length, r->wrong) && o->key_length < MODEL_KEY_MAX)
        template_problem(r, o->file, n, "keys have up to %d characters", MODEL_KEY_MAX);
    n = template_text(o->root, "heading");
    o->heading_labels = n && template_one_of(r, o->file, n, "heading", headings, 2) == 1;
    o->update_node = template_text(o->root, "update_of");
}

/* `slices: {of: Note_Content, characters: 32000}`. */
static void read_slices(template_reader *r, object_template *o)
{
    static const yaml_key keys[] = {{"of", YAML_IS_TEXT, true}, {"characters", YAML_IS_TEXT, true}};
    const yaml_node *map = yaml_get(o->root, "slices");
    if (!map || map->kind != YAML_MAP) return;
    (void)yaml_check(o->file, map, "\"slices\"", keys, 2, r->wrong);
    const yaml_node *of = template_text(map, "of"), *n = template_text(map, "characters");
    if (!of || !n) return;
    o->slice_field = SIZE_MAX;
    for (size_t i = 0; i < o->fields; i++)
        if (sv_eq(o->field[i].name, of->text)) o->slice_field = i;
    if (o->slice_field == SIZE_MAX) {
        template_problem(r, o->file, of, "there is no field \"%.*s\" here", (int)of->text.n, of->text.p);
        return;
    }
    if (yaml_uint(o->file, n, INT32_MAX, &o->slice_characters, r->wrong) && o->slice_characters < 2)
        template_problem(r, o->file, n, "\"characters\" is at least 2");
}

static bool has_field(const object_template *o, sv name)
{
    for (size_t i = 0; i < o->fields; i++)
        if (sv_eq(o->field[i].name, name)) return true;
    return false;
}

/* "Name+Address". */
static void read_merge_set(template_reader *r, const destination *d, const object_template *o, const yaml_node *n,
                           merge_set *m)
{
    for (size_t from = 0, i = 0; i <= n->text.n; i++) {
        if (i < n->text.n && n->text.p[i] != '+') continue;
        sv name = template_own_name(r, d, (sv){n->text.p + from, i - from});
        from = i + 1;
        if (m->fields == MERGE_FIELDS_MAX)
            template_problem(r, o->file, n, "at most %d fields", MERGE_FIELDS_MAX);
        else if (!has_field(o, name))
            template_problem(r, o->file, n, "there is no field \"%.*s\" here", (int)name.n, name.p);
        else
            m->field[m->fields++] = name;
    }
}

static void read_merges(template_reader *r, const destination *d, object_template *o)
{
    const yaml_node *list = yaml_get(o->root, "merged_by");
    if (!list || list->kind != YAML_LIST || !list->n) return;
    merge_set *all = template_block(r, list->n, sizeof *all);
    for (size_t i = 0; all && i < list->n; i++)
        if (list->item[i]->kind == YAML_TEXT) read_merge_set(r, d, o, list->item[i], &all[o->merges++]);
    o->merge = all;
}

bool template_read_object(template_reader *r, const destination *d, object_template *o)
{
    (void)yaml_check(o->file, o->root, "this object", object_keys, sizeof object_keys / sizeof object_keys[0],
                     r->wrong);
    if (!template_is_wanted(r, d, o->file, o->root)) return false;
    read_names(r, d, o);
    if (o->csv.n && !template_file_name(o->csv, ".csv"))
        template_problem(r, o->file, yaml_get(o->root, "file"),
                         "a file is named by letters, digits, - and _, and ends in .csv: \"%.*s\"", (int)o->csv.n,
                         o->csv.p);
    read_entity(r, o);
    const yaml_node *fields = yaml_get(o->root, "fields");
    if (!o->entity || !fields || fields->kind != YAML_MAP) return true;
    read_form(r, d, o);
    read_chart(r, o);
    o->when = template_read_when(r, o, o->root, &o->whens);
    template_read_fields(r, d, o, fields);
    read_slices(r, o);
    read_merges(r, d, o);
    return true;
}
