#include "linking/linking.h"
#include "base/platform.h"
#include "convert/stage_folder.h"
#include "deliver/bundle_read.h"
#include "linking/linked_file.h"
#include <stdlib.h>

enum { PARTS_MAX = 1000 };

static const char object_name[] = "/ContentVersion"; /* of files, in Salesforce */

typedef struct linking {
    const link_options *o;
    arena *mem;
    findings *found;
    finished_run run;
    sv id;              /* of the destination: "salesforce" */
    sv label;           /* "salesforce/ContentVersion" */
    sv part[PARTS_MAX]; /* of its list, from the bundle's folder */
    size_t parts;
    file_places places;
    key_map keys;
    stage_folder *folder;
    linked_list list;
    link_end end;
} linking;

static bool stop(linking *x, link_end end)
{
    x->end = end;
    return false;
}

static bool wrong_bundle(linking *x, sv path, const char *why)
{
    (void)finished_run_wrong(&x->run, path, why);
    return stop(x, LINK_BUNDLE);
}

static bool no_memory(linking *x)
{
    find_code(x->found, F_OUT_OF_MEMORY, "linking files");
    return stop(x, LINK_MEMORY);
}

/* ---- the bundle ---- */

static bool read_manifest(linking *x)
{
    return finished_run_open(x->o->bundle, x->mem, x->found, &x->run) || stop(x, LINK_BUNDLE);
}

/* The list of files by its object, and what names their places. All of them must be as they were written. */
static bool find_lists(linking *x)
{
    const json_t *files = json_object_get(x->run.manifest, "files");
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *entry = json_array_get(files, i);
        sv path = json_member_text(entry, "path"), object = json_member_text(entry, "object");
        bool list = sv_ends(object, sv_from(object_name));
        bool places = sv_ends(path, SV_LIT("/Files.csv")) || sv_ends(path, SV_LIT("/Files_made.csv"));
        if (!list && !places) continue;
        if (!finished_run_file(&x->run, entry).p) return stop(x, LINK_BUNDLE);
        if (!list) continue;
        if (x->parts == PARTS_MAX) return wrong_bundle(x, (sv){NULL, 0}, "it has more lists of files than expected");
        x->label = object;
        x->part[x->parts++] = path;
    }
    if (!x->parts) return wrong_bundle(x, (sv){NULL, 0}, "it has no list of files for a second stage");
    x->id = (sv){x->label.p, x->label.n - (sizeof object_name - 1)};
    sv folder = arena_printf(x->mem, "%s/%.*s", x->o->bundle, (int)x->id.n, x->id.p);
    if (!folder.p) return no_memory(x);
    return file_places_read(folder.p, x->mem, &x->places, x->found) || stop(x, LINK_BUNDLE);
}

/* The first heading of the list is the key's, here as in the export. */
typedef struct first_heading {
    arena *mem;
    sv text;
} first_heading;

static bool take_first(void *ctx, const sv *cell, size_t n)
{
    first_heading *h = ctx;
    if (n) h->text = arena_sv(h->mem, cell[0]);
    return false;
}

static bool read_keys(linking *x)
{
    first_heading h = {.mem = x->mem};
    const bundle_reader b = {.delimiter = ',', .take = take_first, .ctx = &h};
    const char *why = "it is empty";
    bool ended = false;
    sv path = arena_printf(x->mem, "%s/%.*s", x->o->bundle, (int)x->part[0].n, x->part[0].p);
    if (!path.p) return no_memory(x);
    (void)bundle_read(&b, path.p, &ended, &why);
    if (!h.text.n) return wrong_bundle(x, x->part[0], why);
    return key_files_read(x->o->key, x->o->keys, h.text, x->mem, &x->keys, x->found) || stop(x, LINK_KEYS);
}

/* ---- the new folder ---- */

static bool open_folder(linking *x)
{
    x->folder = stage_folder_new(&x->run, x->o->out, "-files");
    return (x->folder && stage_folder_make(x->folder, x->id) && stage_folder_make(x->folder, SV_LIT("rejects"))) ||
           stop(x, LINK_OUTPUT);
}

static bool write_list(linking *x)
{
    linked_list *l = &x->list;
    l->folder = stage_folder_path(x->folder);
    l->path = arena_printf(x->mem, "%.*s/ContentVersion.csv", (int)x->id.n, x->id.p);
    l->rejects = arena_printf(x->mem, "rejects/%.*s_ContentVersion.csv", (int)x->id.n, x->id.p);
    l->places = &x->places;
    l->keys = &x->keys;
    l->found = x->found;
    l->mem = x->mem;
    sv base = x->o->base ? sv_from(x->o->base) : arena_printf(x->mem, "%s/%.*s", x->o->bundle, (int)x->id.n, x->id.p);
    l->base = base.p;
    if (!l->path.p || !l->rejects.p || !base.p) return no_memory(x);
    linked_writer *w = linked_list_begin(l);
    if (!w) return stop(x, LINK_MEMORY);
    for (size_t i = 0; i < x->parts; i++) {
        sv part = arena_printf(x->mem, "%s/%.*s", x->o->bundle, (int)x->part[i].n, x->part[i].p);
        if (part.p && linked_list_add(w, part.p)) continue;
        linked_list_abandon(w);
        return part.p ? stop(x, LINK_BUNDLE) : no_memory(x);
    }
    if (!linked_list_add_charts(w)) {
        linked_list_abandon(w);
        return stop(x, LINK_OUTPUT);
    }
    if (!linked_list_end(w)) return stop(x, LINK_OUTPUT);
    sv empty = arena_printf(x->mem, "%s/rejects", l->folder);
    if (!l->unlinked && empty.p) (void)os_remove(empty.p);
    return true;
}

/* ---- map and manifest ---- */

static json_t *counts_json(const linking *x)
{
    json_t *line = json_object(), *all = json_array();
    (void)json_object_set_new(line, "level", json_string("object"));
    (void)json_object_set_new(line, "name", json_stringn(x->label.p, x->label.n));
    (void)json_object_set_new(line, "mapped", json_integer((json_int_t)x->list.files));
    (void)json_object_set_new(line, "written", json_integer((json_int_t)x->list.linked));
    (void)json_object_set_new(line, "rejected", json_integer((json_int_t)x->list.unlinked));
    (void)json_array_append_new(all, line);
    return all;
}

static void add_map(buf *out, sv heading)
{
    while (heading.n) {
        const char *comma = sv_find(heading, ',');
        size_t n = comma ? (size_t)(comma - heading.p) : heading.n;
        buf_printf(out, "%.*s=%.*s\n", (int)n, heading.p, (int)n, heading.p);
        n += comma ? 1 : 0;
        heading = (sv){heading.p + n, heading.n - n};
    }
}

static bool finish(linking *x, char **path)
{
    const linked_list *l = &x->list;
    const sv none = {NULL, 0};
    buf map = buf_new((size_t)1 << 20);
    sv name = arena_printf(x->mem, "%.*s/ContentVersion.sdl", (int)x->id.n, x->id.p);
    add_map(&map, l->heading);
    bool ok = name.p && !map.failed ? stage_folder_file(x->folder, l->path, x->label, true, l->linked, &l->digest) &&
                                          stage_folder_text(x->folder, name, buf_view(&map))
                                    : no_memory(x);
    if (ok && l->unlinked) ok = stage_folder_file(x->folder, l->rejects, none, true, l->unlinked, &l->rejects_digest);
    buf_free(&map);
    return (ok && stage_folder_finish(x->folder, "files", counts_json(x), path)) || stop(x, LINK_OUTPUT);
}

link_end link_files(const link_options *o, link_result *out, findings *f)
{
    *out = (link_result){0};
    linking *x = calloc(1, sizeof *x);
    if (x) x->mem = arena_new(0);
    if (!x || !x->mem) {
        free(x);
        find_code(f, F_OUT_OF_MEMORY, "linking files");
        return LINK_MEMORY;
    }
    x->o = o;
    x->found = f;
    (void)(read_manifest(x) && find_lists(x) && read_keys(x) && open_folder(x) && write_list(x) &&
           finish(x, &out->folder));
    out->files = x->list.files;
    out->linked = x->list.linked;
    out->ids = x->keys.n;
    link_end end = x->end;
    stage_folder_free(x->folder);
    finished_run_close(&x->run);
    arena_free(x->mem);
    free(x);
    return end;
}
