/* A destination: destination.yaml, and one .yaml for each of its objects. */
#include "base/path.h"
#include "base/platform.h"
#include "base/text_file.h"
#include "template/reader.h"
#include "template/target_format.h"
#include <stdarg.h>
#include <stdio.h>

/* Some thousand lines; more is no template. */
enum { TEMPLATE_BYTES_MAX = 1 << 20, TEMPLATE_SCHEMA = 1 };
/* Below the heading of a sheet of Excel. */
enum { SHEET_ROWS_MAX = 1048575 };

static const char main_file[] = "destination.yaml";

static const yaml_key destination_keys[] = {
    {"id", YAML_IS_TEXT, true},
    {"title", YAML_IS_TEXT, true},
    {"schema", YAML_IS_TEXT, true},
    {"format", YAML_IS_MAP, false},
    {"limits", YAML_IS_MAP, false},
    {"packages", YAML_IS_LIST, false},
    {"requires", YAML_IS_MAP, false},
    {"objects", YAML_IS_TEXT, false},
    {"workbook", YAML_IS_MAP, false},
    {"editions", YAML_IS_MAP, false},
    {"default_edition", YAML_IS_TEXT, false},
    {"layouts", YAML_IS_LIST, false},
    {"teeth", YAML_IS_TEXT, false},
    {"charts", YAML_IS_TEXT, false},
    {"prefix", YAML_IS_TEXT, false},
    {"tooth_label", YAML_IS_TEXT, false},
    {"parts", YAML_IS_MAP, false},
    {"field_words", YAML_IS_MAP, false},
    {"prefix_of_names", YAML_IS_TEXT, false},
    {"files", YAML_IS_MAP, false},
    {"results", YAML_IS_MAP, false},
    {"undo", YAML_IS_MAP, false},
    {"owners", YAML_IS_MAP, false},
};
static const yaml_key format_keys[] = {
    {"encoding", YAML_IS_TEXT, false},        {"bom", YAML_IS_TEXT, false},
    {"newline", YAML_IS_TEXT, false},         {"delimiter", YAML_IS_TEXT, false},
    {"dates", YAML_IS_TEXT, false},           {"datetimes", YAML_IS_TEXT, false},
    {"datetimes_local", YAML_IS_TEXT, false}, {"file", YAML_IS_TEXT, false},
    {"truths", YAML_IS_LIST, false},          {"zone", YAML_IS_TEXT, false},
    {"replace", YAML_IS_MAP, false},
};
static const yaml_key workbook_keys[] = {{"file", YAML_IS_TEXT, true}, {"rows_per_sheet_max", YAML_IS_TEXT, false}};
#define KEYS(table) table, sizeof table / sizeof table[0]

const yaml_node *template_text(const yaml_node *map, const char *key)
{
    const yaml_node *n = map ? yaml_get(map, key) : NULL;
    return n && n->kind == YAML_TEXT ? n : NULL;
}

int template_one_of(template_reader *r, sv file, const yaml_node *n, const char *key, const sv *word, size_t words)
{
    buf list = buf_new(4096);
    int found = -1;
    for (size_t i = 0; i < words; i++) {
        if (sv_eq(word[i], n->text)) found = (int)i;
        buf_printf(&list, "%s%.*s", i ? ", " : "", (int)word[i].n, word[i].p);
    }
    if (found < 0)
        template_problem(r, file, n->line ? n : NULL, "\"%s\" is one of %.*s, not \"%.*s\"%s", key, (int)list.n,
                         list.p ? list.p : "", (int)n->text.n, n->text.p, template_hint(r, n->text, word, words));
    buf_free(&list);
    return found;
}

void *template_block(template_reader *r, size_t count, size_t size)
{
    void *p = arena_array(r->mem, count ? count : 1, size);
    if (!p) r->failed = true;
    return p;
}

size_t template_words(template_reader *r, const model_field *f, sv **out)
{
    size_t n = 0;
    const char *p = f->values ? f->values : "";
    *out = template_block(r, strlen(p) / 2 + 1, sizeof **out);
    while (*out && *p) {
        size_t length = strcspn(p, " ");
        if (length) (*out)[n++] = (sv){p, length};
        p += length + (p[length] == ' ');
    }
    return n;
}

void template_problem(template_reader *r, sv file, const yaml_node *at, const char *format, ...)
{
    buf text = buf_new(65536);
    char *room = buf_reserve(&text, 4096);
    if (room) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(room, 4096, format, args);
        va_end(args);
        problem_add(r->wrong, file, at ? at->line : 0, at ? at->column : 0, "%s", room);
    } else {
        r->failed = true;
    }
    buf_free(&text);
}

const char *template_hint(template_reader *r, sv word, const sv *candidate, size_t n)
{
    sv near = problem_suggest(word, candidate, n);
    if (!near.n) return "";
    sv text = arena_printf(r->mem, " (did you mean \"%.*s\"?)", (int)near.n, near.p);
    return text.p ? text.p : "";
}

static sv date_form(template_reader *r, const destination *d, const yaml_node *format, const char *key, bool has_time,
                    sv otherwise)
{
    const yaml_node *n = template_text(format, key);
    if (!n) return otherwise;
    const char *wrong = target_format_wrong(n->text, has_time);
    if (wrong) template_problem(r, d->file, n, "\"%s\" is no form of a date: %s", key, wrong);
    return n->text;
}

/* `truths: [yes, no]`. */
static void read_truths(template_reader *r, destination *d, const yaml_node *format)
{
    const yaml_node *n = format ? yaml_get(format, "truths") : NULL;
    if (!n || n->kind != YAML_LIST) return;
    if (n->n != 2 || n->item[0]->kind != YAML_TEXT || n->item[1]->kind != YAML_TEXT) {
        template_problem(r, d->file, n, "\"truths\" is two words: for yes, for no");
        return;
    }
    d->yes = n->item[0]->text;
    d->no = n->item[1]->text;
}

/* `replace: {"<": "(", ...}`: characters that no value may hold. */
static void read_replace(template_reader *r, destination *d, const yaml_node *format)
{
    const yaml_node *map = format ? yaml_get(format, "replace") : NULL;
    if (!map || map->kind != YAML_MAP) return;
    translation *all = template_block(r, map->n, sizeof *all);
    for (size_t i = 0; all && i < map->n; i++) {
        const yaml_pair *p = &map->pair[i];
        yaml_node at = {.line = p->line, .column = p->column};
        if (p->key.n != 1 || p->value->kind != YAML_TEXT) {
            template_problem(r, d->file, &at, "\"replace\" has an ASCII character and the text that stands for it");
            continue;
        }
        all[d->replaces++] = (translation){p->key, p->value->text};
        d->forbids[(uint8_t)*p->key.p] = true;
    }
    d->replace = all;
}

/* `field_words`: what the system calls each kind of field. */
static void read_type_words(template_reader *r, destination *d, const yaml_node *root)
{
    const yaml_node *map = yaml_get(root, "field_words");
    if (!map || map->kind != YAML_MAP) return;
    yaml_key known[TARGET_TYPES];
    for (size_t i = 0; i < TARGET_TYPES; i++)
        known[i] = (yaml_key){target_type_name((target_type)i), YAML_IS_TEXT, false};
    (void)yaml_check(d->file, map, "\"field_words\"", known, TARGET_TYPES, r->wrong);
    for (size_t i = 0; i < TARGET_TYPES; i++) {
        const yaml_node *n = template_text(map, known[i].name);
        if (n) d->type_word[i] = n->text;
    }
}

static void read_file_form(template_reader *r, destination *d, const yaml_node *format)
{
    static const sv files[] = {{"csv", 3}, {"xlsx", 4}}, zones[] = {{"local", 5}, {"utc", 3}};
    const yaml_node *n = template_text(format, "file");
    const yaml_node asked = {.kind = YAML_TEXT, .text = r->options ? r->options->format : (sv){NULL, 0}};
    if (asked.text.n) n = &asked;
    d->xlsx = n && template_one_of(r, d->file, n, asked.text.n ? "--format" : "file", files, 2) == 1;
    n = template_text(format, "zone");
    d->utc = n && template_one_of(r, d->file, n, "zone", zones, 2) == 1;
}

static void read_format(template_reader *r, destination *d, const yaml_node *format)
{
    static const sv encodings[] = {{"utf-8", 5}}, newlines[] = {{"crlf", 4}, {"lf", 2}},
                    delimiters[] = {{"comma", 5}, {"semicolon", 9}, {"tab", 3}};
    if (format && format->kind == YAML_MAP)
        (void)yaml_check(d->file, format, "\"format\"", KEYS(format_keys), r->wrong);
    const yaml_node *n = template_text(format, "encoding");
    if (n) (void)template_one_of(r, d->file, n, "encoding", encodings, 1);
    n = template_text(format, "newline");
    d->newline = n && template_one_of(r, d->file, n, "newline", newlines, 2) == 1 ? SV_LIT("\n") : SV_LIT("\r\n");
    n = template_text(format, "delimiter");
    int delimiter = n ? template_one_of(r, d->file, n, "delimiter", delimiters, 3) : 0;
    d->delimiter = delimiter == 1 ? ';' : delimiter == 2 ? '\t' : ',';
    n = template_text(format, "bom");
    if (n) (void)yaml_bool(d->file, n, &d->bom, r->wrong);
    d->dates = date_form(r, d, format, "dates", false, SV_LIT("YYYY-MM-DD"));
    d->moments_local = date_form(r, d, format, "datetimes_local", true, (sv){NULL, 0});
    d->datetimes = date_form(r, d, format, "datetimes", true, SV_LIT("YYYY-MM-DD hh:mm:ss"));
    read_truths(r, d, format);
    read_replace(r, d, format);
    read_file_form(r, d, format);
}

/* ---- what a run may choose ---- */

static const yaml_node *asked_or(const yaml_node *asked, const yaml_node *n) { return asked->text.n ? asked : n; }

/* The first of `layouts` is the one that is taken unasked. */
static void read_layouts(template_reader *r, destination *d, const yaml_node *root)
{
    static const sv known[] = {{"json", 4}, {"tooth", 5}, {"site", 4}, {"wide", 4}};
    const yaml_node *list = yaml_get(root, "layouts");
    const yaml_node asked = {.kind = YAML_TEXT, .text = r->options ? r->options->layout : (sv){NULL, 0}};
    if (!list || list->kind != YAML_LIST || !list->n) {
        if (asked.text.n)
            template_problem(r, d->file, NULL, "%.*s has one layout only: leave --layout out", (int)d->id.n, d->id.p);
        return;
    }
    sv *all = template_block(r, list->n, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < list->n; i++) {
        const yaml_node *x = list->item[i];
        if (x->kind == YAML_TEXT && template_one_of(r, d->file, x, "layouts", known, 4) >= 0)
            all[d->layout_count++] = x->text;
    }
    d->layouts = all;
    int found = asked.text.n ? template_one_of(r, d->file, &asked, "--layout", all, d->layout_count) : 0;
    if (d->layout_count && found >= 0) d->layout = all[found];
}

static bool is_day(sv s)
{
    static const char shape[] = "dddd-dd-dd";
    for (size_t i = 0; i < s.n && i < sizeof shape - 1; i++)
        if (shape[i] == 'd' ? s.p[i] < '0' || s.p[i] > '9' : s.p[i] != shape[i]) return false;
    return s.n == sizeof shape - 1;
}

/* "latest", "all", "since:DAY"; where nothing is said, *scope stays. */
static void read_exams(template_reader *r, const destination *d, const yaml_node *root, const char *key, sv option,
                       exam_scope *scope, sv *since)
{
    const yaml_node asked = {.kind = YAML_TEXT, .text = option};
    const yaml_node *n = asked_or(&asked, template_text(root, key));
    const sv from = SV_LIT("since:");
    if (!n) return;
    sv day = {n->text.p + from.n, n->text.n > from.n ? n->text.n - from.n : 0};
    bool may_be_none = *scope == EXAMS_NONE;
    if (sv_eq(n->text, SV_LIT("all"))) {
        *scope = EXAMS_ALL;
    } else if (sv_eq(n->text, SV_LIT("latest"))) {
        *scope = EXAMS_LATEST;
    } else if (sv_starts(n->text, from) && is_day(day)) {
        *scope = EXAMS_SINCE;
        *since = day;
    } else if (!may_be_none || !sv_eq(n->text, SV_LIT("none"))) {
        template_problem(r, d->file, n->line ? n : NULL, "\"%s\" is latest, all%s or since:YYYY-MM-DD, not \"%.*s\"",
                         key, may_be_none ? ", none" : "", (int)n->text.n, n->text.p);
    }
}

static void read_scopes(template_reader *r, destination *d, const yaml_node *root)
{
    const destination_options none = {0}, *x = r->options ? r->options : &none;
    read_exams(r, d, root, "teeth", x->teeth, &d->teeth, &d->teeth_since);
    d->charts = EXAMS_NONE;
    read_exams(r, d, root, "charts", x->charts, &d->charts, &d->charts_since);
}

/* `prefix_of_names`: the prefix is a publisher's, and stands with a _ before each name that is not the system's own. */
static void read_own_prefix(template_reader *r, destination *d, const yaml_node *root)
{
    const yaml_node *n = template_text(root, "prefix_of_names"), *own = template_text(root, "prefix");
    bool all = false;
    if (!n || !yaml_bool(d->file, n, &all, r->wrong) || !all) return;
    d->own_prefix = own ? own->text : (sv){NULL, 0};
    bool plain = d->prefix.n >= 2 && d->prefix.n <= 8 && !sv_find(d->prefix, '_');
    if (!plain)
        template_problem(r, d->file, n, "a prefix of names has 2 to 8 letters and digits, a letter first: \"%.*s\"",
                         (int)d->prefix.n, d->prefix.p);
}

sv template_own_name(template_reader *r, const destination *d, sv name)
{
    size_t n = d->own_prefix.n;
    if (!n || name.n <= n || name.p[n] != '_' || !sv_starts(name, d->own_prefix) || sv_eq(d->prefix, d->own_prefix))
        return name;
    sv out = arena_printf(r->mem, "%.*s%.*s", (int)d->prefix.n, d->prefix.p, (int)(name.n - n), name.p + n);
    if (!out.p) r->failed = true;
    return out;
}

static void read_choices(template_reader *r, destination *d, const yaml_node *root)
{
    static const sv systems[] = {{"palmer", 6}, {"fdi", 3}, {"universal", 9}};
    static const tooth_system system[] = {TOOTH_PALMER, TOOTH_FDI, TOOTH_UNIVERSAL};
    const destination_options none = {0}, *x = r->options ? r->options : &none;
    const yaml_node label = {.kind = YAML_TEXT, .text = x->tooth_label},
                    prefix = {.kind = YAML_TEXT, .text = x->prefix};
    const yaml_node *n = asked_or(&label, template_text(root, "tooth_label"));
    int found = n ? template_one_of(r, d->file, n, label.text.n ? "--tooth-label" : "tooth_label", systems, 3) : 0;
    d->tooth_label = system[found < 0 ? 0 : found];
    n = asked_or(&prefix, template_text(root, "prefix"));
    d->prefix = n ? n->text : SV_LIT("");
    bool plain = d->prefix.n <= 16;
    for (size_t i = 0; plain && i < d->prefix.n; i++) {
        char c = d->prefix.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        plain = letter || (i && (c == '_' || (c >= '0' && c <= '9')));
    }
    if (!plain)
        template_problem(r, d->file, n->line ? n : NULL,
                         "a prefix has up to 16 letters, digits and _, a letter first: \"%.*s\"", (int)d->prefix.n,
                         d->prefix.p);
    read_own_prefix(r, d, root);
    read_layouts(r, d, root);
    read_scopes(r, d, root);
}

static void read_packages(template_reader *r, destination *d, const yaml_node *root)
{
    const yaml_node *list = yaml_get(root, "packages");
    if (!list || list->kind != YAML_LIST) return;
    sv *all = template_block(r, list->n, sizeof *all);
    for (size_t i = 0; all && i < list->n; i++) {
        const yaml_node *x = list->item[i];
        if (x->kind != YAML_TEXT) {
            template_problem(r, d->file, x, "\"packages\" is a list of words");
            continue;
        }
        bool known = !r->options || !r->options->package ||
                     template_one_of(r, d->file, x, "packages", r->options->package, r->options->packages) >= 0;
        for (size_t k = 0; k < d->packages; k++)
            if (sv_eq(all[k], x->text))
                template_problem(r, d->file, x, "\"%.*s\" is there twice", (int)x->text.n, x->text.p);
        if (known) all[d->packages++] = x->text;
    }
    d->package = all;
}

static bool id_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

/* The id names a folder in templates/ and in the bundle. */
static void read_id(template_reader *r, destination *d, const yaml_node *root, sv folder)
{
    const yaml_node *n = template_text(root, "id");
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

static void read_schema(template_reader *r, const destination *d, const yaml_node *root)
{
    uint64_t schema = 0;
    const yaml_node *n = template_text(root, "schema");
    if (n && yaml_uint(d->file, n, INT32_MAX, &schema, r->wrong) && schema != TEMPLATE_SCHEMA)
        template_problem(r, d->file, n, "this program reads templates of schema %d, not %d: see CHANGELOG.md",
                         TEMPLATE_SCHEMA, (int)schema);
}

static void read_workbook(template_reader *r, destination *d, const yaml_node *root)
{
    const yaml_node *book = yaml_get(root, "workbook"), *file = template_text(book, "file"),
                    *most = template_text(book, "rows_per_sheet_max");
    if (!book || book->kind != YAML_MAP) return;
    (void)yaml_check(d->file, book, "\"workbook\"", KEYS(workbook_keys), r->wrong);
    d->rows_per_sheet_max = SHEET_ROWS_MAX;
    if (most && yaml_uint(d->file, most, SHEET_ROWS_MAX, &d->rows_per_sheet_max, r->wrong) && !d->rows_per_sheet_max)
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
    const yaml_node *n = template_text(root, "objects");
    d->model = n && template_one_of(r, d->file, n, "objects", kinds, 1) == 0;
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

/* A text beside the template, where it has one. */
static void read_beside(template_reader *r, const destination *d, const char *folder, const char *name, sv *out)
{
    const char *why = "";
    sv path = arena_printf(r->mem, "%s/%s", folder, name);
    if (path.p && os_exists(path.p) && !text_file_read(path.p, TEMPLATE_BYTES_MAX, r->mem, out, &why))
        template_problem(r, d->file, NULL, "%s beside it cannot be read: %s", name, why);
}

static void read_objects(template_reader *r, destination *d, const char *folder, sv folder_name, const sv *name,
                         size_t names)
{
    d->object = arena_array(r->mem, names ? names : 1, sizeof(object_template *));
    sv *absent = template_block(r, 2 * names, sizeof *absent);
    d->absent = absent;
    for (size_t i = 0; d->object && absent && i < names; i++) {
        if (sv_eq(name[i], sv_from(main_file))) continue;
        object_template *o = arena_alloc(r->mem, sizeof *o);
        if (!o) break;
        o->file = arena_printf(r->mem, "%.*s/%.*s", (int)folder_name.n, folder_name.p, (int)name[i].n, name[i].p);
        o->id = (sv){name[i].p, name[i].n - 5};
        o->root = o->file.p ? read_yaml(r, folder, name[i], o->file) : NULL;
        if (!o->root) continue;
        if (template_read_object(r, d, o)) {
            d->object[d->objects++] = o;
            continue;
        }
        const yaml_node *object = template_text(o->root, "object");
        absent[d->absents++] = o->id;
        if (object) absent[d->absents++] = template_own_name(r, d, object->text);
    }
    if (!d->object) r->failed = true;
}

/* What stands in destination.yaml itself. */
static void read_main(template_reader *r, destination *d, const yaml_node *root, sv folder)
{
    (void)yaml_check(d->file, root, "this destination", KEYS(destination_keys), r->wrong);
    read_id(r, d, root, folder);
    const yaml_node *title = template_text(root, "title");
    if (title) d->title = title->text;
    d->requires = yaml_get(root, "requires");
    read_schema(r, d, root);
    const yaml_node *files = yaml_get(root, "files");
    if (files) d->files = file_rules_read(d->file, files, r->options && r->options->sources, r->mem, r->wrong);
    const yaml_node *results = yaml_get(root, "results"), *undo = yaml_get(root, "undo");
    if (results) d->results = result_rules_read(d->file, results, r->mem, r->wrong);
    if (undo) d->undo = undo_rules_read(d->file, undo, r->mem, r->wrong);
    const yaml_node *owners = yaml_get(root, "owners");
    if (owners) d->owners = owner_rules_read(d->file, owners, r->mem, r->wrong);
    read_packages(r, d, root);
    read_kind(r, d, root);
    read_workbook(r, d, root);
    read_type_words(r, d, root);
    read_choices(r, d, root);
    template_read_editions(r, d, root);
}

const destination *destination_load_with(const char *folder, const destination_options *options, arena *mem,
                                         problems *p)
{
    template_reader r = {.mem = mem, .wrong = p, .options = options};
    destination *d = arena_alloc(mem, sizeof *d);
    sv base = folder_name(sv_from(folder)), *name = NULL;
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
    if (root) read_main(&r, d, root, base);
    read_format(&r, d, root ? yaml_get(root, "format") : NULL);
    template_read_limits(&r, d, root);
    if (d->model && d->xlsx)
        template_problem(&r, d->file, NULL, "the model as it is comes as CSV; its workbook is for people");
    if (d->model)
        template_model_objects(&r, d);
    else
        read_objects(&r, d, folder, base, name, names);
    if (d->model && names > 1)
        template_problem(&r, d->file, yaml_get(root, "objects"),
                         "with \"objects: model\" there are no files of objects");
    read_beside(&r, d, folder, "README.md", &d->guide);
    read_beside(&r, d, folder, "guide.md", &d->steps);
    if (root && !r.failed && d->objects == 0 && !d->files && p->n == before)
        template_problem(&r, d->file, NULL,
                         "there is neither an object (each is a .yaml file beside this one) nor \"files\"");
    if (!r.failed) template_link(&r, d);
    if (r.failed) problem_add(p, d->file, 0, 0, "out of memory while reading the template");
    return p->n == before && !p->failed && !r.failed ? d : NULL;
}

const destination *destination_load(const char *folder, arena *mem, problems *p)
{
    return destination_load_with(folder, NULL, mem, p);
}

/* Once in every layout, then in every edition: each object and field is read at least once. */
const destination *destination_check(const char *folder, const destination_options *options, arena *mem, problems *p)
{
    destination_options x = options ? *options : (destination_options){0};
    x.sources = true;
    const destination *d = destination_load_with(folder, &x, mem, p);
    bool good = d != NULL;
    for (size_t i = 0; good && i < d->layout_count; i++) {
        x.layout = d->layouts[i];
        good = destination_load_with(folder, &x, mem, p) != NULL;
    }
    x.layout = (sv){NULL, 0};
    for (size_t i = 0; good && i < d->edition_count; i++) {
        x.edition = d->editions[i].name;
        good = destination_load_with(folder, &x, mem, p) != NULL;
    }
    return good ? d : NULL;
}

bool destination_is_model(const destination *d) { return d->model; }

sv destination_id(const destination *d) { return d->id; }
sv destination_title(const destination *d) { return d->title; }
const sv *destination_layouts(const destination *d, size_t *n)
{
    *n = d->layout_count;
    return d->layouts;
}
size_t destination_objects(const destination *d) { return d->objects; }
bool destination_draws_charts(const destination *d) { return d->files && d->charts != EXAMS_NONE; }
const file_rules *destination_files(const destination *d) { return d->files; }
const owner_rules *destination_owners(const destination *d) { return d->owners; }
sv destination_edition(const destination *d) { return d->edition ? d->edition->name : (sv){NULL, 0}; }
