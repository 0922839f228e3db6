/* The check of a finished run against its manifest. */
#include "base/path.h"
#include "base/platform.h"
#include "base/text_file.h"
#include "convert/convert.h"
#include "convert/run_folder.h"
#include "convert/tree.h"
#include "convert/verify_audit.h"
#include "convert/verify_rows.h"
#include "deliver/digest.h"
#include <jansson.h>
#include <stdlib.h>

/* A file of the bundle takes some 300 bytes of it. */
enum { MANIFEST_BYTES_MAX = 64 << 20 };

typedef struct check {
    const char *folder;
    arena *mem;
    findings *found;
    json_t *manifest;
    tree there;
    bool ok;
} check;

static void wrong(check *c, finding_code code, sv path, const char *what)
{
    find_at(c->found, code, path, sv_from(what));
    c->ok = false;
}

static bool is_partial(const char *folder)
{
    sv s = folder_path(sv_from(folder));
    return sv_ends(s, SV_LIT(".partial"));
}

static bool read_manifest(check *c)
{
    const char *why = "it is not one of chartferry's";
    sv path = arena_printf(c->mem, "%s/%s", c->folder, TREE_MANIFEST), text = {NULL, 0};
    json_error_t error;
    if (path.p && text_file_read(path.p, MANIFEST_BYTES_MAX, c->mem, &text, &why)) {
        why = "it is not one of chartferry's, or it was cut off";
        if (sv_starts(text, run_folder_manifest_head()))
            c->manifest = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
        if (json_integer_value(json_object_get(c->manifest, "manifest")) == 1) return true;
    }
    wrong(c, F_DEL_VERIFY_NO_MANIFEST, sv_from(c->folder), why);
    return false;
}

/* ---- files ---- */

static sv text_of(const json_t *o, const char *key)
{
    const json_t *x = json_object_get(o, key);
    return (sv){json_string_value(x), json_string_length(x)};
}

static uint64_t number_of(const json_t *o, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(o, key));
    return n < 0 ? UINT64_MAX : (uint64_t)n;
}

static int by_path(const void *a, const void *b) { return sv_cmp(*(const sv *)a, *(const sv *)b); }

static bool has_path(const sv *all, size_t n, sv path)
{
    return n && bsearch(&path, all, n, sizeof *all, by_path) != NULL;
}

/* Row by row, as the manifest says that its columns are. A workbook's rows are counted here only. */
static void check_rows(check *c, const json_t *entry)
{
    sv path = text_of(entry, "path");
    uint64_t rows;
    if (!has_path(c->there.file, c->there.files, path)) return;
    if (!verify_rows(c->manifest, c->folder, path, c->mem, c->found, &rows)) c->ok = false;
    if (rows != UINT64_MAX && json_object_get(entry, "rows") && rows != number_of(entry, "rows") &&
        !sv_ends(path, SV_LIT(".csv")))
        wrong(c, F_DEL_VERIFY_CHANGED, path, "its number of rows differs");
}

/* What the destination takes at most, as the template said when the bundle was made. */
static void check_limits(check *c, const json_t *entry)
{
    const json_t *all = json_object_get(c->manifest, "destinations");
    sv path = text_of(entry, "path");
    for (size_t i = 0; json_object_get(entry, "object") && i < json_array_size(all); i++) {
        const json_t *d = json_array_get(all, i);
        sv id = text_of(d, "id");
        uint64_t rows = number_of(d, "rows_per_file"), bytes = number_of(d, "bytes_per_file");
        if (!sv_starts(path, id) || path.n <= id.n || path.p[id.n] != '/') continue;
        if (rows && number_of(entry, "rows") > rows)
            wrong(c, F_DEL_VERIFY_LIMIT, path, "more rows than a file may have");
        if (bytes && number_of(entry, "bytes") > bytes)
            wrong(c, F_DEL_VERIFY_LIMIT, path, "more bytes than a file may have");
    }
}

static void check_file(check *c, const json_t *entry)
{
    file_digest d;
    const char *why = "";
    sv path = text_of(entry, "path");
    /* Only names that are in the folder are opened: a path of the manifest leads nowhere else. */
    if (!has_path(c->there.file, c->there.files, path)) {
        wrong(c, F_DEL_VERIFY_MISSING, path, "");
        return;
    }
    sv full = arena_printf(c->mem, "%s/%.*s", c->folder, (int)path.n, path.p);
    if (!full.p || !digest_file(full.p, &d, &why))
        wrong(c, F_DEL_VERIFY_CHANGED, path, full.p ? why : "out of memory");
    else if (d.bytes != number_of(entry, "bytes"))
        wrong(c, F_DEL_VERIFY_CHANGED, path, "its size differs");
    else if (!sv_eq(sv_from(d.sha256), text_of(entry, "sha256")))
        wrong(c, F_DEL_VERIFY_CHANGED, path, "its SHA-256 differs");
    else if (sv_ends(path, SV_LIT(".csv")) && json_object_get(entry, "rows") &&
             d.records != number_of(entry, "rows") + 1)
        wrong(c, F_DEL_VERIFY_CHANGED, path, "its number of rows differs");
}

static void check_files(check *c)
{
    const json_t *files = json_object_get(c->manifest, "files");
    size_t n = json_array_size(files);
    sv *listed = arena_array(c->mem, n + 1, sizeof *listed);
    const char *why = "out of memory";
    if (!listed || !tree_list(c->folder, c->mem, &c->there, &why)) {
        wrong(c, F_DEL_VERIFY_NO_MANIFEST, sv_from(c->folder), why);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        listed[i] = text_of(json_array_get(files, i), "path");
        check_file(c, json_array_get(files, i));
        check_limits(c, json_array_get(files, i));
        check_rows(c, json_array_get(files, i));
    }
    if (n) qsort(listed, n, sizeof *listed, by_path);
    for (size_t i = 0; i < c->there.files; i++) {
        sv path = c->there.file[i];
        if (!sv_eq(path, SV_LIT(TREE_MANIFEST)) && !has_path(listed, n, path)) wrong(c, F_DEL_VERIFY_EXTRA, path, "");
    }
}

/* ---- counts ---- */

static uint64_t rows_where(const check *c, const char *key, sv wanted, bool prefix)
{
    const json_t *files = json_object_get(c->manifest, "files");
    uint64_t rows = 0;
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *x = json_array_get(files, i);
        sv text = text_of(x, key);
        if (prefix ? sv_starts(text, wanted) : text.p && sv_eq(text, wanted)) rows += number_of(x, "rows");
    }
    return rows;
}

static void must_be(check *c, sv what, uint64_t counted, uint64_t found)
{
    if (counted == found) return;
    sv text = arena_printf(c->mem, "%.*s: %llu rows were counted, %llu are there", (int)what.n, what.p ? what.p : "",
                           (unsigned long long)counted, (unsigned long long)found);
    wrong(c, F_DEL_VERIFY_COUNTS, sv_from(c->folder), text.p ? text.p : "the counts differ");
}

static void check_object(check *c, const json_t *l)
{
    sv name = text_of(l, "name");
    uint64_t ends =
        number_of(l, "written") + number_of(l, "merged") + number_of(l, "skipped") + number_of(l, "rejected");
    must_be(c, name, number_of(l, "mapped"), ends);
    must_be(c, name, number_of(l, "written"), rows_where(c, "object", name, false));
}

static void check_counts(check *c)
{
    const json_t *counts = json_object_get(c->manifest, "counts");
    uint64_t rejected = 0, held = 0;
    for (size_t i = 0; i < json_array_size(counts); i++) {
        const json_t *l = json_array_get(counts, i);
        rejected += number_of(l, "rejected");
        held += number_of(l, "held_back") + number_of(l, "changed");
        if (sv_eq(text_of(l, "level"), SV_LIT("object"))) check_object(c, l);
    }
    must_be(c, SV_LIT("rejects"), rejected, rows_where(c, "path", SV_LIT("rejects/"), true));
    must_be(c, SV_LIT("exceptions.csv"), held, rows_where(c, "path", SV_LIT("exceptions.csv"), false));
}

/* Runs of before the list was made have none. */
static void check_audit(check *c)
{
    const json_t *files = json_object_get(c->manifest, "files");
    for (size_t i = 0; i < json_array_size(files); i++) {
        sv path = text_of(json_array_get(files, i), "path");
        if (!sv_eq(path, SV_LIT(AUDIT_FILE)) || !has_path(c->there.file, c->there.files, path)) continue;
        if (!verify_audit(c->manifest, c->folder, c->mem, c->found)) c->ok = false;
    }
}

bool convert_verify(const char *folder, findings *f)
{
    check c = {.folder = folder, .mem = arena_new(0), .found = f, .ok = true};
    if (!c.mem) {
        find_code(f, F_OUT_OF_MEMORY, "verifying a run");
        return false;
    }
    if (is_partial(folder))
        wrong(&c, F_DEL_VERIFY_PARTIAL, sv_from(folder), "");
    else if (read_manifest(&c)) {
        check_files(&c);
        check_counts(&c);
        check_audit(&c);
    }
    json_decref(c.manifest);
    arena_free(c.mem);
    return c.ok;
}
