#include "linking/linking.h"
#include "base/platform.h"
#include "base/text_file.h"
#include "convert/run_folder.h"
#include "convert/tree.h"
#include "deliver/bundle_file.h"
#include "deliver/bundle_read.h"
#include "linking/linked_file.h"
#include <jansson.h>
#include <stdlib.h>

enum { MANIFEST_BYTES_MAX = 64 << 20, PARTS_MAX = 1000 };

static const char object_name[] = "/ContentVersion"; /* of files, in Salesforce */

typedef struct linking {
    const link_options *o;
    arena *mem;
    findings *found;
    json_t *manifest;
    sv manifest_text;
    sv id;              /* of the destination: "salesforce" */
    sv label;           /* "salesforce/ContentVersion" */
    sv part[PARTS_MAX]; /* of its list, from the bundle's folder */
    size_t parts;
    file_places places;
    key_map keys;
    run_folder *folder;
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
    finding f = FINDING_OF(F_DEL_LINK_BUNDLE);
    f.path = path.n ? path : sv_from(x->o->bundle);
    f.a = sv_from(why);
    find_add(x->found, &f);
    return stop(x, LINK_BUNDLE);
}

static bool no_memory(linking *x)
{
    find_code(x->found, F_OUT_OF_MEMORY, "linking files");
    return stop(x, LINK_MEMORY);
}

/* ---- the bundle ---- */

static sv text_of(const json_t *o, const char *key)
{
    const json_t *x = json_object_get(o, key);
    return (sv){json_string_value(x), json_string_length(x)};
}

static bool ends_with(sv s, sv end) { return s.n > end.n && memcmp(s.p + s.n - end.n, end.p, end.n) == 0; }

/* A path of the manifest leads to a file of the folder and nowhere else. */
static bool is_inside(sv path)
{
    if (!path.n || *path.p == '/' || memchr(path.p, '\\', path.n) || memchr(path.p, ':', path.n)) return false;
    for (size_t i = 0; i + 1 < path.n; i++)
        if (path.p[i] == '.' && path.p[i + 1] == '.') return false;
    return true;
}

static bool is_as_written(linking *x, const json_t *entry)
{
    file_digest d;
    const char *why = "";
    sv path = text_of(entry, "path"), full = arena_printf(x->mem, "%s/%.*s", x->o->bundle, (int)path.n, path.p);
    if (!full.p) return no_memory(x);
    if (!digest_file(full.p, &d, &why)) return wrong_bundle(x, path, why);
    if (sv_eq(sv_from(d.sha256), text_of(entry, "sha256"))) return true;
    return wrong_bundle(x, path, "it is not as it was written: chartferry verify tells more");
}

static bool read_manifest(linking *x)
{
    const char *why = "it is no finished bundle";
    json_error_t error;
    sv path = arena_printf(x->mem, "%s/%s", x->o->bundle, TREE_MANIFEST);
    if (!path.p) return no_memory(x);
    if (!text_file_read(path.p, MANIFEST_BYTES_MAX, x->mem, &x->manifest_text, &why))
        return wrong_bundle(x, (sv){NULL, 0}, why);
    if (sv_starts(x->manifest_text, run_folder_manifest_head()))
        x->manifest = json_loadb(x->manifest_text.p, x->manifest_text.n, JSON_REJECT_DUPLICATES, &error);
    return x->manifest || wrong_bundle(x, (sv){NULL, 0}, "its manifest is not one of chartferry's, or was cut off");
}

/* The list of files by its object, and what names their places. All of them must be as they were written. */
static bool find_lists(linking *x)
{
    const json_t *files = json_object_get(x->manifest, "files");
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *entry = json_array_get(files, i);
        sv path = text_of(entry, "path"), object = text_of(entry, "object");
        bool list = ends_with(object, sv_from(object_name));
        bool places = ends_with(path, SV_LIT("/Files.csv")) || ends_with(path, SV_LIT("/Files_made.csv"));
        if (!list && !places) continue;
        if (!is_inside(path)) return wrong_bundle(x, (sv){NULL, 0}, "its manifest names a file outside of it");
        if (!is_as_written(x, entry)) return false;
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

static sv folder_of(sv path)
{
    while (path.n > 1 && path.p[path.n - 1] == '/') path.n--;
    while (path.n && path.p[path.n - 1] != '/') path.n--;
    while (path.n > 1 && path.p[path.n - 1] == '/') path.n--;
    return path.n ? path : SV_LIT(".");
}

static sv name_of(sv path)
{
    while (path.n > 1 && path.p[path.n - 1] == '/') path.n--;
    size_t from = path.n;
    while (from && path.p[from - 1] != '/') from--;
    return (sv){path.p + from, path.n - from};
}

static bool make_folder(linking *x, const char *name)
{
    const char *why = "out of memory";
    sv path = arena_printf(x->mem, "%s/%s", run_folder_partial(x->folder), name);
    if (path.p && os_make_folder(path.p, &why)) return true;
    finding f = FINDING_OF(F_OUT_CREATE_FAILED);
    f.path = path;
    f.a = sv_from(why);
    find_add(x->found, &f);
    return stop(x, LINK_OUTPUT);
}

static bool open_folder(linking *x)
{
    sv bundle = sv_from(x->o->bundle), parent = folder_of(bundle), name = name_of(bundle);
    sv out = x->o->out ? sv_from(x->o->out) : arena_printf(x->mem, "%.*s", (int)parent.n, parent.p);
    sv files = arena_printf(x->mem, "%.*s-files", (int)name.n, name.p);
    if (!out.p || !files.p) return no_memory(x);
    x->folder = run_folder_new(out.p, files, x->found);
    if (!x->folder) return stop(x, LINK_OUTPUT);
    sv id = arena_printf(x->mem, "%.*s", (int)x->id.n, x->id.p);
    return id.p ? make_folder(x, id.p) && make_folder(x, "rejects") : no_memory(x);
}

static bool write_list(linking *x)
{
    linked_list *l = &x->list;
    l->folder = run_folder_partial(x->folder);
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
    if (!linked_list_end(w)) return stop(x, LINK_OUTPUT);
    sv empty = arena_printf(x->mem, "%s/rejects", l->folder);
    if (!l->unlinked && empty.p) (void)os_remove(empty.p);
    return true;
}

/* ---- map and manifest ---- */

static bool write_text(linking *x, sv path, sv text, file_digest *digest)
{
    bundle_file *f = bundle_file_new(run_folder_partial(x->folder), path, x->found);
    if (f) bundle_file_text(f, text);
    return (f && bundle_file_close(f, digest)) || stop(x, LINK_OUTPUT);
}

static json_t *file_json(sv path, sv object, const file_digest *d, bool csv, uint64_t rows)
{
    json_t *o = json_object();
    (void)json_object_set_new(o, "path", json_stringn(path.p, path.n));
    if (object.n) (void)json_object_set_new(o, "object", json_stringn(object.p, object.n));
    if (csv) (void)json_object_set_new(o, "rows", json_integer((json_int_t)rows));
    (void)json_object_set_new(o, "bytes", json_integer((json_int_t)d->bytes));
    (void)json_object_set_new(o, "sha256", json_string(d->sha256));
    return o;
}

static int append(const char *p, size_t n, void *ctx)
{
    buf_add(ctx, p, n);
    return 0;
}

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

/* Which bundle it is of is told by the hash of its manifest. */
static bool manifest_of(linking *x, sv map, const file_digest *map_digest, buf *out)
{
    char hex[SHA256_HEX + 1];
    sha256 *s = sha256_new();
    if (!s) return false;
    sha256_add(s, x->manifest_text.p, x->manifest_text.n);
    if (!sha256_end(s, hex)) return false;
    json_t *o = json_object(), *files = json_array();
    (void)json_object_set_new(o, "manifest", json_integer(1));
    (void)json_object_set_new(o, "version", json_string(CHARTFERRY_VERSION));
    (void)json_object_set_new(o, "stage", json_string("files"));
    (void)json_object_set_new(o, "bundle", json_string(hex));
    (void)json_array_append_new(files, file_json(x->list.path, x->label, &x->list.digest, true, x->list.linked));
    (void)json_array_append_new(files, file_json(map, (sv){NULL, 0}, map_digest, false, 0));
    if (x->list.unlinked)
        (void)json_array_append_new(
            files, file_json(x->list.rejects, (sv){NULL, 0}, &x->list.rejects_digest, true, x->list.unlinked));
    (void)json_object_set_new(o, "files", files);
    (void)json_object_set_new(o, "counts", counts_json(x));
    buf json = buf_new((size_t)1 << 20);
    const sv opening = SV_LIT("{\n");
    bool ok = json_dump_callback(o, append, &json, JSON_INDENT(2)) == 0 && !json.failed &&
              sv_starts(buf_view(&json), opening);
    if (ok) buf_add(out, json.p + opening.n, json.n - opening.n);
    buf_char(out, '\n');
    json_decref(o);
    buf_free(&json);
    return ok && !out->failed;
}

static void add_map(buf *out, sv heading)
{
    while (heading.n) {
        const char *comma = memchr(heading.p, ',', heading.n);
        size_t n = comma ? (size_t)(comma - heading.p) : heading.n;
        buf_printf(out, "%.*s=%.*s\n", (int)n, heading.p, (int)n, heading.p);
        n += comma ? 1 : 0;
        heading = (sv){heading.p + n, heading.n - n};
    }
}

static bool finish(linking *x, sv *path)
{
    file_digest digest;
    buf map = buf_new((size_t)1 << 20), rest = buf_new((size_t)1 << 20);
    sv name = arena_printf(x->mem, "%.*s/ContentVersion.sdl", (int)x->id.n, x->id.p);
    add_map(&map, x->list.heading);
    bool ok = name.p && !map.failed ? write_text(x, name, buf_view(&map), &digest) : no_memory(x);
    if (ok && !manifest_of(x, name, &digest, &rest)) ok = no_memory(x);
    if (ok && !run_folder_finish(x->folder, buf_view(&rest), x->mem, path)) ok = stop(x, LINK_OUTPUT);
    buf_free(&map);
    buf_free(&rest);
    return ok;
}

link_end link_files(const link_options *o, link_result *out, findings *f)
{
    sv path = {NULL, 0};
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
    bool ok = read_manifest(x) && find_lists(x) && read_keys(x) && open_folder(x) && write_list(x) && finish(x, &path);
    if (!ok && x->folder) (void)run_folder_discard(x->folder);
    out->files = x->list.files;
    out->linked = x->list.linked;
    out->ids = x->keys.n;
    if (ok) {
        out->folder = calloc(1, path.n + 1);
        if (out->folder) memcpy(out->folder, path.p, path.n);
    }
    link_end end = x->end;
    run_folder_free(x->folder);
    json_decref(x->manifest);
    arena_free(x->mem);
    free(x);
    return end;
}
