/* A destination: destination.yaml, and one .yaml for each of its objects. */
#include "deliver/template.h"
#include "base/platform.h"
#include "base/text_file.h"
#include "deliver/target_format.h"
#include "xlsx/xlsx_writer.h"

/* Some thousand lines; more is no template. */
enum { TEMPLATE_BYTES_MAX = 1 << 20, TEMPLATE_SCHEMA = 1 };

static const char main_file[] = "destination.yaml";

static const yaml_key destination_keys[] = {
    {"id", YAML_IS_TEXT, true},       {"title", YAML_IS_TEXT, true},    {"schema", YAML_IS_TEXT, true},
    {"tested", YAML_IS_TEXT, false},  {"format", YAML_IS_MAP, false},   {"limits", YAML_IS_MAP, false},
    {"maps", YAML_IS_TEXT, false},    {"requires", YAML_IS_MAP, false}, {"objects", YAML_IS_TEXT, false},
    {"workbook", YAML_IS_MAP, false},
};
static const yaml_key format_keys[] = {
    {"encoding", YAML_IS_TEXT, false},  {"bom", YAML_IS_TEXT, false},   {"newline", YAML_IS_TEXT, false},
    {"delimiter", YAML_IS_TEXT, false}, {"dates", YAML_IS_TEXT, false}, {"datetimes", YAML_IS_TEXT, false},
};
static const yaml_key limit_keys[] = {
    {"rows_per_file", YAML_IS_TEXT, false},       {"bytes_per_file", YAML_IS_TEXT, false},
    {"characters_per_cell", YAML_IS_TEXT, false}, {"characters_per_row", YAML_IS_TEXT, false},
    {"first_year", YAML_IS_TEXT, false},          {"last_year", YAML_IS_TEXT, false},
};
static const yaml_key workbook_keys[] = {{"file", YAML_IS_TEXT, true}, {"rows_per_sheet_max", YAML_IS_TEXT, false}};
#define KEYS(table) table, sizeof table / sizeof table[0]

static const yaml_node *text_at(const yaml_node *map, const char *key)
{
    const yaml_node *n = map ? yaml_get(map, key) : NULL;
    return n && n->kind == YAML_TEXT ? n : NULL;
}

/* Position of the word, or -1 and a problem. */
static int one_of(template_reader *r, const destination *d, const yaml_node *n, const char *key, const sv *word,
                  size_t words)
{
    buf list = buf_new(512);
    int found = -1;
    for (size_t i = 0; i < words; i++) {
        if (sv_eq(word[i], n->text)) found = (int)i;
        buf_printf(&list, "%s%.*s", i ? ", " : "", (int)word[i].n, word[i].p);
    }
    if (found < 0)
        template_problem(r, d->file, n, "\"%s\" is one of %.*s, not \"%.*s\"%s", key, (int)list.n, list.p,
                         (int)n->text.n, n->text.p, template_hint(r, n->text, word, words));
    buf_free(&list);
    return found;
}

static sv date_form(template_reader *r, const destination *d, const yaml_node *format, const char *key, bool has_time,
                    sv otherwise)
{
    const yaml_node *n = text_at(format, key);
    if (!n) return otherwise;
    const char *wrong = target_format_wrong(n->text, has_time);
    if (wrong) template_problem(r, d->file, n, "\"%s\" is no form of a date: %s", key, wrong);
    return n->text;
}

static void read_format(template_reader *r, destination *d, const yaml_node *format)
{
    static const sv encodings[] = {{"utf-8", 5}}, newlines[] = {{"crlf", 4}, {"lf", 2}},
                    delimiters[] = {{"comma", 5}, {"semicolon", 9}, {"tab", 3}};
    if (format && format->kind == YAML_MAP)
        (void)yaml_check(d->file, format, "\"format\"", KEYS(format_keys), r->wrong);
    const yaml_node *n = text_at(format, "encoding");
    if (n) (void)one_of(r, d, n, "encoding", encodings, 1);
    n = text_at(format, "newline");
    d->newline = n && one_of(r, d, n, "newline", newlines, 2) == 1 ? SV_LIT("\n") : SV_LIT("\r\n");
    n = text_at(format, "delimiter");
    int delimiter = n ? one_of(r, d, n, "delimiter", delimiters, 3) : 0;
    d->delimiter = delimiter == 1 ? ';' : delimiter == 2 ? '\t' : ',';
    n = text_at(format, "bom");
    if (n) (void)yaml_bool(d->file, n, &d->bom, r->wrong);
    d->dates = date_form(r, d, format, "dates", false, SV_LIT("YYYY-MM-DD"));
    d->datetimes = date_form(r, d, format, "datetimes", true, SV_LIT("YYYY-MM-DD hh:mm:ss"));
}

static void read_limits(template_reader *r, destination *d, const yaml_node *limits)
{
    const struct {
        const char *key;
        uint64_t *to;
    } limit[] = {{"rows_per_file", &d->rows_per_file},
                 {"bytes_per_file", &d->bytes_per_file},
                 {"characters_per_cell", &d->characters_per_cell},
                 {"characters_per_row", &d->characters_per_row},
                 {"first_year", &d->first_year},
                 {"last_year", &d->last_year}};
    d->first_year = 1;
    d->last_year = 9999;
    if (!limits || limits->kind != YAML_MAP) return;
    (void)yaml_check(d->file, limits, "\"limits\"", KEYS(limit_keys), r->wrong);
    for (size_t i = 0; i < sizeof limit / sizeof limit[0]; i++) {
        const yaml_node *n = text_at(limits, limit[i].key);
        if (n && yaml_uint(d->file, n, INT64_MAX, limit[i].to, r->wrong) && !*limit[i].to)
            template_problem(r, d->file, n, "\"%s\" is at least 1", limit[i].key);
    }
    if (d->first_year > d->last_year) template_problem(r, d->file, limits, "\"first_year\" is after \"last_year\"");
}

static bool id_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

/* The id names a folder in templates/ and in the bundle. */
static void read_id(template_reader *r, destination *d, const yaml_node *root, sv folder)
{
    const yaml_node *n = text_at(root, "id");
    if (!n) return;
    d->id = n->text;
    bool plain = n->text.n > 0 && n->text.n <= 32;
    for (size_t i = 0; plain && i < n->text.n; i++) plain = id_character(n->text.p[i]);
    if (!plain)
        template_problem(r, d->file, n, "an id has up to 32 small letters, digits, - and _, not \"%.*s\"",
                         (int)n->text.n, n->text.p);
    else if (!sv_eq(n->text, folder))
        template_problem(r, d->file, n, "the id is the name of the folder: \"%.*s\"", (int)folder.n, folder.p);
}

static void read_maps(template_reader *r, destination *d, const yaml_node *root)
{
    const yaml_node *n = text_at(root, "maps");
    if (!n) return;
    d->maps = map_emitter_named(n->text);
    if (d->maps) return;
    sv *names = arena_array(r->mem, map_emitters(), sizeof *names);
    if (!names) {
        r->failed = true;
        return;
    }
    for (size_t i = 0; i < map_emitters(); i++) names[i] = sv_from(map_emitter_at(i)->name);
    (void)one_of(r, d, n, "maps", names, map_emitters());
}

static void read_schema(template_reader *r, const destination *d, const yaml_node *root)
{
    uint64_t schema = 0;
    const yaml_node *n = text_at(root, "schema");
    if (n && yaml_uint(d->file, n, INT32_MAX, &schema, r->wrong) && schema != TEMPLATE_SCHEMA)
        template_problem(r, d->file, n, "this program reads templates of schema %d, not %d: see CHANGELOG.md",
                         TEMPLATE_SCHEMA, (int)schema);
}

static void read_workbook(template_reader *r, destination *d, const yaml_node *root)
{
    const yaml_node *book = yaml_get(root, "workbook"), *file = text_at(book, "file"),
                    *most = text_at(book, "rows_per_sheet_max");
    if (!book || book->kind != YAML_MAP) return;
    (void)yaml_check(d->file, book, "\"workbook\"", KEYS(workbook_keys), r->wrong);
    d->rows_per_sheet_max = XLSX_ROWS_MAX - 1;
    if (most && yaml_uint(d->file, most, XLSX_ROWS_MAX - 1, &d->rows_per_sheet_max, r->wrong) && !d->rows_per_sheet_max)
        template_problem(r, d->file, most, "\"rows_per_sheet_max\" is at least 1");
    if (!file) return;
    d->workbook = file->text;
    if (!template_file_name(file->text, ".xlsx"))
        template_problem(r, d->file, file,
                         "a workbook is named by letters, digits, - and _, and ends in .xlsx: \"%.*s\"",
                         (int)file->text.n, file->text.p);
}

/* Whose objects they are: without the key, those of the files beside. */
static void read_kind(template_reader *r, destination *d, const yaml_node *root)
{
    static const sv kinds[] = {{"model", 5}};
    const yaml_node *n = text_at(root, "objects");
    d->model = n && one_of(r, d, n, "objects", kinds, 1) == 0;
}

/* ---- files ---- */

static const yaml_node *read_yaml(template_reader *r, const char *folder, sv name, sv file)
{
    const char *why = "";
    sv path = arena_printf(r->mem, "%s/%.*s", folder, (int)name.n, name.p), text;
    if (!path.p) {
        r->failed = true;
        return NULL;
    }
    if (text_file_read(path.p, TEMPLATE_BYTES_MAX, r->mem, &text, &why))
        return yaml_parse(file, text, r->mem, r->wrong);
    template_problem(r, file, NULL, "the file cannot be read: %s", why);
    return NULL;
}

/* The template's README.md, where it has one. */
static void read_guide(template_reader *r, destination *d, const char *folder)
{
    const char *why = "";
    sv path = arena_printf(r->mem, "%s/README.md", folder);
    if (path.p && os_exists(path.p) && !text_file_read(path.p, TEMPLATE_BYTES_MAX, r->mem, &d->guide, &why))
        template_problem(r, d->file, NULL, "README.md beside it cannot be read: %s", why);
}

static sv last_name(const char *folder)
{
    sv s = sv_from(folder);
    while (s.n > 1 && s.p[s.n - 1] == '/') s.n--;
    size_t from = s.n;
    while (from && s.p[from - 1] != '/') from--;
    return (sv){s.p + from, s.n - from};
}

static void read_objects(template_reader *r, destination *d, const char *folder, sv folder_name, const sv *name,
                         size_t names)
{
    d->object = arena_array(r->mem, names ? names : 1, sizeof(object_template *));
    for (size_t i = 0; d->object && i < names; i++) {
        if (sv_eq(name[i], sv_from(main_file))) continue;
        object_template *o = arena_alloc(r->mem, sizeof *o);
        if (!o) break;
        o->file = arena_printf(r->mem, "%.*s/%.*s", (int)folder_name.n, folder_name.p, (int)name[i].n, name[i].p);
        o->id = (sv){name[i].p, name[i].n - 5};
        o->root = o->file.p ? read_yaml(r, folder, name[i], o->file) : NULL;
        if (!o->root) continue;
        template_read_object(r, d, o);
        d->object[d->objects++] = o;
    }
    if (!d->object) r->failed = true;
}

const destination *destination_load(const char *folder, arena *mem, problems *p)
{
    template_reader r = {.mem = mem, .wrong = p};
    destination *d = arena_alloc(mem, sizeof *d);
    sv base = last_name(folder), *name = NULL;
    size_t names = 0, before = p->n;
    const char *why = "";
    if (!d) return NULL;
    d->file = arena_printf(mem, "%.*s/%s", (int)base.n, base.p, main_file);
    if (!d->file.p) return NULL;
    if (!text_folder_names(folder, ".yaml", mem, &name, &names, &why)) {
        template_problem(&r, d->file, NULL, "the folder cannot be read: %s", why);
        return NULL;
    }
    const yaml_node *root = read_yaml(&r, folder, sv_from(main_file), d->file);
    if (root) {
        (void)yaml_check(d->file, root, "this destination", KEYS(destination_keys), p);
        read_id(&r, d, root, base);
        const yaml_node *title = text_at(root, "title");
        if (title) d->title = title->text;
        d->requires = yaml_get(root, "requires");
        read_schema(&r, d, root);
        read_maps(&r, d, root);
        read_kind(&r, d, root);
        read_workbook(&r, d, root);
    }
    read_format(&r, d, root ? yaml_get(root, "format") : NULL);
    read_limits(&r, d, root ? yaml_get(root, "limits") : NULL);
    if (d->model)
        template_model_objects(&r, d);
    else
        read_objects(&r, d, folder, base, name, names);
    if (d->model && names > 1)
        template_problem(&r, d->file, yaml_get(root, "objects"),
                         "with \"objects: model\" there are no files of objects");
    read_guide(&r, d, folder);
    if (root && !r.failed && d->objects == 0 && p->n == before)
        template_problem(&r, d->file, NULL, "there is no object: each is a .yaml file beside this one");
    if (!r.failed) template_link(&r, d);
    if (r.failed) problem_add(p, d->file, 0, 0, "out of memory while reading the template");
    return p->n == before && !p->failed && !r.failed ? d : NULL;
}

sv destination_id(const destination *d) { return d->id; }
sv destination_title(const destination *d) { return d->title; }
size_t destination_objects(const destination *d) { return d->objects; }
