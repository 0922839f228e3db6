#include "convert/finished_run.h"
#include "base/text_file.h"
#include "convert/run_folder.h"
#include "convert/tree.h"
#include "deliver/digest.h"

enum { MANIFEST_BYTES_MAX = 64 << 20 };

sv json_member_text(const json_t *o, const char *key)
{
    const json_t *x = json_object_get(o, key);
    return (sv){json_string_value(x), json_string_length(x)};
}

bool finished_run_wrong(const finished_run *r, sv path, const char *why)
{
    return find_at(r->found, F_DEL_LINK_BUNDLE, path.n ? path : sv_from(r->folder), sv_from(why));
}

bool finished_run_open(const char *folder, arena *mem, findings *f, finished_run *out)
{
    const char *why = "it is no finished bundle";
    json_error_t error;
    *out = (finished_run){.folder = folder, .mem = mem, .found = f};
    sv path = arena_printf(mem, "%s/%s", folder, TREE_MANIFEST);
    if (!path.p) {
        find_code(f, F_OUT_OF_MEMORY, "reading a manifest");
        return false;
    }
    if (!text_file_read(path.p, MANIFEST_BYTES_MAX, mem, &out->manifest_text, &why))
        return finished_run_wrong(out, (sv){NULL, 0}, why);
    if (sv_starts(out->manifest_text, run_folder_manifest_head()))
        out->manifest = json_loadb(out->manifest_text.p, out->manifest_text.n, JSON_REJECT_DUPLICATES, &error);
    return out->manifest ||
           finished_run_wrong(out, (sv){NULL, 0}, "its manifest is not one of chartferry's, or was cut off");
}

void finished_run_close(finished_run *r)
{
    json_decref(r->manifest);
    r->manifest = NULL;
}

/* A path of the manifest leads to a file of the folder and nowhere else. */
static bool is_inside(sv path)
{
    if (!path.n || *path.p == '/' || sv_find(path, '\\') || sv_find(path, ':')) return false;
    for (size_t i = 0; i + 1 < path.n; i++)
        if (path.p[i] == '.' && path.p[i + 1] == '.') return false;
    return true;
}

sv finished_run_file(const finished_run *r, const json_t *entry)
{
    file_digest d;
    const char *why = "";
    const sv none = {NULL, 0};
    sv path = json_member_text(entry, "path");
    if (!is_inside(path)) {
        (void)finished_run_wrong(r, none, "its manifest names a file outside of it");
        return none;
    }
    sv full = arena_printf(r->mem, "%s/%.*s", r->folder, (int)path.n, path.p);
    if (!full.p) {
        find_code(r->found, F_OUT_OF_MEMORY, "reading a manifest");
        return none;
    }
    if (!digest_file(full.p, &d, &why)) {
        (void)finished_run_wrong(r, path, why);
        return none;
    }
    if (sv_eq(sv_from(d.sha256), json_member_text(entry, "sha256"))) return full;
    (void)finished_run_wrong(r, path, "it is not as it was written: chartferry verify tells more");
    return none;
}
