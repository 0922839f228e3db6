#include "convert/stage_folder.h"
#include "base/path.h"
#include "base/platform.h"
#include "convert/run_folder.h"
#include "deliver/bundle_file.h"
#include <stdlib.h>

enum { MANIFEST_BYTES_MAX = 64 << 20 };

struct stage_folder {
    const finished_run *of;
    run_folder *folder;
    json_t *files;
    bool finished;
};

static sv folder_of(sv path)
{
    path = folder_path(path);
    while (path.n && path.p[path.n - 1] != '/') path.n--;
    path = folder_path(path);
    return path.n ? path : SV_LIT(".");
}

static bool no_memory(const finished_run *of)
{
    find_code(of->found, F_OUT_OF_MEMORY, "making a folder of results");
    return false;
}

stage_folder *stage_folder_new(const finished_run *of, const char *out, const char *suffix)
{
    sv bundle = sv_from(of->folder), parent = folder_of(bundle), name = folder_name(bundle);
    sv where = out ? sv_from(out) : arena_printf(of->mem, "%.*s", (int)parent.n, parent.p);
    sv named = arena_printf(of->mem, "%.*s%s", (int)name.n, name.p, suffix);
    stage_folder *s = calloc(1, sizeof *s);
    if (s) s->files = json_array();
    if (!s || !s->files || !where.p || !named.p) {
        (void)no_memory(of);
    } else {
        s->of = of;
        s->folder = run_folder_new(where.p, named, of->found);
        if (s->folder) return s;
    }
    if (s) json_decref(s->files);
    free(s);
    return NULL;
}

void stage_folder_free(stage_folder *s)
{
    if (!s) return;
    if (!s->finished) (void)run_folder_discard(s->folder);
    run_folder_free(s->folder);
    json_decref(s->files);
    free(s);
}

const char *stage_folder_path(const stage_folder *s) { return run_folder_partial(s->folder); }

bool stage_folder_make(stage_folder *s, sv name)
{
    const char *why = "out of memory";
    sv path = arena_printf(s->of->mem, "%s/%.*s", stage_folder_path(s), (int)name.n, name.p);
    if (path.p && (os_is_folder(path.p) || os_make_folder(path.p, &why))) return true;
    return find_at(s->of->found, F_OUT_CREATE_FAILED, name, sv_from(why));
}

bool stage_folder_file(stage_folder *s, sv path, sv object, bool csv, uint64_t rows, const file_digest *d)
{
    json_t *o = json_object();
    (void)json_object_set_new(o, "path", json_stringn(path.p, path.n));
    if (object.n) (void)json_object_set_new(o, "object", json_stringn(object.p, object.n));
    if (csv) (void)json_object_set_new(o, "rows", json_integer((json_int_t)rows));
    (void)json_object_set_new(o, "bytes", json_integer((json_int_t)d->bytes));
    (void)json_object_set_new(o, "sha256", json_string(d->sha256));
    return json_array_append_new(s->files, o) == 0 || no_memory(s->of);
}

bool stage_folder_text(stage_folder *s, sv path, sv text)
{
    file_digest d;
    bundle_file *f = bundle_file_new(stage_folder_path(s), path, s->of->found);
    if (f) bundle_file_text(f, text);
    return f && bundle_file_close(f, &d) && stage_folder_file(s, path, (sv){NULL, 0}, false, 0, &d);
}

static int append(const char *p, size_t n, void *ctx)
{
    buf_add(ctx, p, n);
    return 0;
}

/* Which run it is of is told by the hash of its manifest. */
static bool manifest_of(const stage_folder *s, const char *stage, json_t *counts, buf *out)
{
    char hex[SHA256_HEX + 1];
    sha256 *h = sha256_new();
    if (!h) return false;
    sha256_add(h, s->of->manifest_text.p, s->of->manifest_text.n);
    if (!sha256_end(h, hex)) return false;
    json_t *o = json_object();
    (void)json_object_set_new(o, "manifest", json_integer(1));
    (void)json_object_set_new(o, "version", json_string(CHARTFERRY_VERSION));
    (void)json_object_set_new(o, "stage", json_string(stage));
    (void)json_object_set_new(o, "bundle", json_string(hex));
    (void)json_object_set(o, "files", s->files);
    (void)json_object_set(o, "counts", counts);
    buf json = buf_new(MANIFEST_BYTES_MAX);
    const sv opening = SV_LIT("{\n");
    bool ok = json_dump_callback(o, append, &json, JSON_INDENT(2)) == 0 && !json.failed &&
              sv_starts(buf_view(&json), opening);
    if (ok) buf_add(out, json.p + opening.n, json.n - opening.n);
    buf_char(out, '\n');
    json_decref(o);
    buf_free(&json);
    return ok && !out->failed;
}

bool stage_folder_finish(stage_folder *s, const char *stage, json_t *counts, char **path)
{
    sv final = {NULL, 0};
    buf rest = buf_new(MANIFEST_BYTES_MAX);
    json_t *lines = counts ? counts : json_array();
    bool ok = lines && manifest_of(s, stage, lines, &rest);
    if (!ok) (void)no_memory(s->of);
    s->finished = ok && run_folder_finish(s->folder, buf_view(&rest), s->of->mem, &final);
    json_decref(lines);
    buf_free(&rest);
    if (!s->finished) return false;
    *path = calloc(1, final.n + 1);
    if (!*path) return no_memory(s->of);
    memcpy(*path, final.p, final.n);
    return true;
}
