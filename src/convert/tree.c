#include "convert/tree.h"
#include "base/platform.h"
#include <stdlib.h>

/* A run folder has up to four levels: destination, files, patient, file. A practice of 20,000 patients has some 500,000
 * documents at most. */
enum { DEPTH_MAX = 5, ENTRIES_MAX = 2000000 };

typedef struct walk {
    const char *root;
    arena *mem;
    sv base;
    sv *name; /* files and folders found, relative */
    bool *is_folder;
    size_t n, room;
    const char *why; /* of a failure; NULL: none */
} walk;

static bool grow(walk *w)
{
    if (w->n < w->room) return true;
    size_t room = w->room ? 2 * w->room : 64;
    sv *name = realloc(w->name, room * sizeof *name);
    if (name) w->name = name;
    bool *is_folder = realloc(w->is_folder, room * sizeof *is_folder);
    if (is_folder) w->is_folder = is_folder;
    if (!name || !is_folder) return false;
    w->room = room;
    return true;
}

static bool take(void *ctx, const char *name)
{
    walk *w = ctx;
    sv path =
        w->base.n ? arena_printf(w->mem, "%.*s/%s", (int)w->base.n, w->base.p, name) : arena_sv(w->mem, sv_from(name));
    sv full = arena_printf(w->mem, "%s/%s", w->root, path.p ? path.p : "");
    if (!path.p || !full.p || !grow(w))
        w->why = "out of memory";
    else if (w->n == ENTRIES_MAX)
        w->why = "it holds too many files";
    if (w->why) return false;
    if (sv_eq(path, SV_LIT(TREE_LOG)) || sv_eq(path, SV_LIT(TREE_KEY))) return true;
    w->name[w->n] = path;
    w->is_folder[w->n++] = os_is_folder(full.p);
    return true;
}

static bool list_one(walk *w, sv base)
{
    sv full = base.n ? arena_printf(w->mem, "%s/%.*s", w->root, (int)base.n, base.p) : sv_from(w->root);
    const char *why = "out of memory";
    w->base = base;
    if (!full.p || !os_list_folder(full.p, take, w, &why)) w->why = why;
    return w->why == NULL;
}

static size_t depth_of(sv path)
{
    size_t n = 1;
    for (size_t i = 0; i < path.n; i++) n += path.p[i] == '/';
    return n;
}

static int by_path(const void *a, const void *b) { return sv_cmp(*(const sv *)a, *(const sv *)b); }

static bool sort_out(const walk *w, tree *out)
{
    out->file = arena_array(w->mem, w->n + 1, sizeof(sv));
    out->folder = arena_array(w->mem, w->n + 1, sizeof(sv));
    if (!out->file || !out->folder) return false;
    for (size_t i = 0; i < w->n; i++) {
        if (w->is_folder[i])
            out->folder[out->folders++] = w->name[i];
        else
            out->file[out->files++] = w->name[i];
    }
    if (out->files) qsort(out->file, out->files, sizeof(sv), by_path);
    if (out->folders) qsort(out->folder, out->folders, sizeof(sv), by_path);
    return true;
}

bool tree_list(const char *folder, arena *mem, tree *out, const char **why)
{
    walk w = {.root = folder, .mem = mem};
    *out = (tree){0};
    bool ok = list_one(&w, (sv){NULL, 0});
    for (size_t i = 0; ok && i < w.n; i++) {
        if (!w.is_folder[i]) continue;
        ok = depth_of(w.name[i]) <= DEPTH_MAX;
        if (!ok) w.why = "it holds folders in folders that no run makes";
        ok = ok && list_one(&w, w.name[i]);
    }
    if (ok && !sort_out(&w, out)) {
        w.why = "out of memory";
        ok = false;
    }
    if (!ok) *why = w.why;
    free(w.name);
    free(w.is_folder);
    return ok;
}
