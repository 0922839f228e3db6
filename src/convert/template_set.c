#include "convert/template_set.h"
#include "base/platform.h"
#include "deliver/deliver.h"
#include "guide/guide.h"
#include "guide/mapping_book.h"
#include "profile/profile.h"
#include "schema/emitters.h"
#include "template/template.h"
#include <stdlib.h>
#include <string.h>

enum { TEMPLATES_MAX = 1024 };

typedef struct listing {
    const char *folder, *below, *main_file;
    bool profile;
    arena *mem;
    template_name *all;
    size_t n;
    bool failed;
} listing;

/* A template is a folder with its main file in it. */
static bool take_entry(void *ctx, const char *name)
{
    listing *l = ctx;
    if (name[0] == '.' || l->n == TEMPLATES_MAX) return true;
    sv path = arena_printf(l->mem, "%s/%s/%s/%s", l->folder, l->below, name, l->main_file);
    sv id = arena_sv(l->mem, sv_from(name));
    l->failed |= !path.p || !id.p;
    if (!l->failed && os_exists(path.p)) l->all[l->n++] = (template_name){id, l->profile};
    return true;
}

static int by_kind_and_id(const void *a_, const void *b_)
{
    const template_name *a = a_, *b = b_;
    if (a->profile != b->profile) return a->profile ? -1 : 1;
    return sv_cmp(a->id, b->id);
}

static bool list_kind(listing *l, bool profiles)
{
    const char *why = "";
    l->profile = profiles;
    l->below = profiles ? "sources" : "destinations";
    l->main_file = profiles ? "profile.yaml" : "destination.yaml";
    sv path = arena_printf(l->mem, "%s/%s", l->folder, l->below);
    return path.p && os_list_folder(path.p, take_entry, l, &why) && !l->failed;
}

status template_names(const char *folder, arena *mem, const template_name **out, size_t *n, findings *f)
{
    listing l = {.folder = folder, .mem = mem, .all = arena_array(mem, TEMPLATES_MAX, sizeof(template_name))};
    if (l.all && list_kind(&l, true) && list_kind(&l, false)) {
        if (l.n) qsort(l.all, l.n, sizeof *l.all, by_kind_and_id);
        *out = l.all;
        *n = l.n;
        return ST_OK;
    }
    finding x = FINDING_OF(F_DEL_NO_TEMPLATES);
    x.path = sv_from(folder);
    find_add(f, &x);
    return ST_FATAL;
}

bool template_named(const template_name *all, size_t n, bool is_profile, sv id, arena *mem, findings *f)
{
    sv *ids = arena_array(mem, n ? n : 1, sizeof *ids);
    size_t count = 0;
    buf there = buf_new(65536);
    for (size_t i = 0; i < n; i++) {
        if (all[i].profile != is_profile) continue;
        if (sv_eq(all[i].id, id)) {
            buf_free(&there);
            return true;
        }
        buf_printf(&there, "%s%.*s", count ? ", " : "", (int)all[i].id.n, all[i].id.p);
        if (ids) ids[count++] = all[i].id;
    }
    const char *kind = is_profile ? "profile" : "destination";
    sv near = ids ? problem_suggest(id, ids, count) : (sv){NULL, 0};
    sv a = arena_printf(mem, "%s \"%.*s\"", kind, (int)id.n, id.p), b;
    if (near.n)
        b = arena_printf(mem, "Did you mean \"%.*s\"?", (int)near.n, near.p);
    else
        b = arena_printf(mem, "There are: %.*s.", (int)there.n, there.p ? there.p : "none");
    finding x = FINDING_OF(F_DEL_NO_SUCH_TEMPLATE);
    x.a = a;
    x.b = b;
    find_add(f, &x);
    buf_free(&there);
    return false;
}

const char *template_path(const char *folder, const template_name *t, arena *mem)
{
    const char *below = t->profile ? "sources" : "destinations";
    return arena_printf(mem, "%s/%s/%.*s", folder, below, (int)t->id.n, t->id.p).p;
}

static bool is_name(const char *s) { return !strchr(s, '/') && !strchr(s, '\\') && s[0] != '.'; }

static bool holds_profile(const char *folder, arena *mem)
{
    sv path = arena_printf(mem, "%s/profile.yaml", folder);
    return path.p && os_exists(path.p);
}

const char *template_profile(const char *folder, const char *name, arena *mem, findings *f)
{
    const template_name *all = NULL;
    size_t n = 0;
    const template_name wanted = {sv_from(name), true};
    const char *among = is_name(name) ? template_path(folder, &wanted, mem) : NULL;
    if (among && holds_profile(among, mem)) return among;
    if (holds_profile(name, mem)) return name;
    if (template_names(folder, mem, &all, &n, f) == ST_OK) (void)template_named(all, n, true, sv_from(name), mem, f);
    return NULL;
}

bool template_check(const char *folder, const template_name *t, arena *mem, problems *p, template_facts *out)
{
    *out = (template_facts){0};
    size_t before = p->n;
    const char *path = template_path(folder, t, mem);
    if (!path) return false;
    if (t->profile) {
        const profile *x = profile_load(path, mem, p);
        if (!x) return false;
        sv system = profile_system(x);
        out->title = profile_title(x);
        out->details = arena_printf(mem, "%zu entities, source keys begin with %.*s", profile_entities(x),
                                    (int)system.n, system.p);
    } else {
        destination_options options = {.package = NULL};
        options.package = schema_emitter_keys(mem, &options.packages);
        const destination *d = destination_check(path, &options, mem, p);
        if (!d) return false;
        if (d->steps.p) {
            sv file = arena_printf(mem, "%.*s/guide.md", (int)t->id.n, t->id.p);
            guide_check(file, d->steps, d, p);
        }
        out->title = destination_title(d);
        out->details = arena_printf(mem, "%zu files", destination_objects(d));
    }
    return p->n == before;
}

/* ---- show ---- */

enum { MAPPING_COLUMNS = 12, MAPPING_SHOWN = 6, LAYOUTS_MAX = 8 };

static bool is_there(const sv *cell, size_t lines, const mapping_line *l)
{
    for (size_t i = 0; i < lines; i++)
        if (sv_eq(cell[i * MAPPING_COLUMNS], l->file) && sv_eq(cell[i * MAPPING_COLUMNS + 3], l->target)) return true;
    return false;
}

static size_t put_lines(sv *cell, size_t lines, const mapping_line *l, size_t n, sv layout)
{
    size_t before = lines;
    for (size_t i = 0; i < n; i++) {
        if (layout.n && is_there(cell, before, &l[i])) continue;
        const sv line[MAPPING_COLUMNS] = {l[i].file,   l[i].object, l[i].entity,       l[i].target,
                                          l[i].source, l[i].rules,  l[i].label,        l[i].type,
                                          l[i].brief,  layout,      l[i].object_brief, l[i].family};
        memcpy(&cell[lines++ * MAPPING_COLUMNS], line, sizeof line);
    }
    return lines;
}

/* The fields of the layout that is taken unasked, then what others have beside them. */
static const template_table *show_destination(const char *path, arena *mem, problems *p)
{
    static const sv heading[MAPPING_COLUMNS] = {{"file", 4},   {"object", 6}, {"entity", 6},        {"target", 6},
                                                {"source", 6}, {"rules", 5},  {"label", 5},         {"type", 4},
                                                {"brief", 5},  {"layout", 6}, {"object_brief", 12}, {"family", 6}};
    const mapping_line *line[LAYOUTS_MAX] = {NULL};
    sv layout[LAYOUTS_MAX] = {{NULL, 0}};
    size_t n[LAYOUTS_MAX] = {0}, layouts = 1, all = 0, lines = 0, known = 0;
    const destination *d = destination_load(path, mem, p);
    if (!d) return NULL;
    const sv *names = destination_layouts(d, &known);
    for (size_t i = 1; i < known && layouts < LAYOUTS_MAX; i++) layout[layouts++] = names[i];
    for (size_t i = 0; i < layouts; i++) {
        const destination_options x = {.layout = layout[i]};
        const destination *in = i ? destination_load_with(path, &x, mem, p) : d;
        line[i] = in ? destination_mapping(in, mem, &n[i]) : NULL;
        if (!line[i]) return NULL;
        all += n[i];
    }
    template_table *t = arena_alloc(mem, sizeof *t);
    sv *cell = arena_array(mem, all * MAPPING_COLUMNS + 1, sizeof *cell);
    if (!t || !cell) return NULL;
    for (size_t i = 0; i < layouts; i++) lines = put_lines(cell, lines, line[i], n[i], layout[i]);
    *t = (template_table){heading, cell, lines, MAPPING_COLUMNS, MAPPING_SHOWN};
    return t;
}

static const template_table *show_profile(const profile *x, arena *mem)
{
    static const sv heading[] = {{"entity", 6}, {"driving table", 13}, {"file", 4}};
    enum { COLUMNS = sizeof heading / sizeof heading[0] };
    size_t n = profile_entities(x);
    template_table *t = arena_alloc(mem, sizeof *t);
    sv *cell = arena_array(mem, n * COLUMNS + 1, sizeof *cell);
    if (!t || !cell) return NULL;
    for (size_t i = 0; i < n; i++) {
        const profile_entity *e = profile_entity_at(x, i);
        const sv line[COLUMNS] = {sv_from(e->entity->name), e->driving_table, e->sql_file};
        memcpy(&cell[i * COLUMNS], line, sizeof line);
    }
    *t = (template_table){heading, cell, n, COLUMNS, COLUMNS};
    return t;
}

const template_table *template_show(const char *folder, const template_name *t, arena *mem, problems *p)
{
    const char *path = template_path(folder, t, mem);
    if (!path) return NULL;
    if (t->profile) {
        const profile *x = profile_load(path, mem, p);
        return x ? show_profile(x, mem) : NULL;
    }
    return show_destination(path, mem, p);
}

bool template_show_book(const char *folder, const template_name *t, const char *path, arena *mem, problems *p,
                        findings *f)
{
    const char *from = template_path(folder, t, mem);
    if (!from || t->profile) return false;
    const destination *d = destination_load(from, mem, p);
    return d && mapping_book(d, path, mem, f);
}
