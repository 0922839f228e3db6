#include "extract/out_folder.h"
#include "base/partial_folder.h"
#include "base/platform.h"
#include <stdlib.h>

enum { PATH_MAX_BYTES = 32768 };

typedef struct made {
    struct made *next;
    sv name;     /* within the folder */
    bool folder; /* everything in it is ours */
} made;

struct out_folder {
    mutex *lock;
    arena *mem;
    findings *found;
    partial_folder *folder;
    made *all; /* newest first: a folder's files are not in it, they are found by listing */
};

struct out_file {
    os_out *file;
    findings *found;
    char path[];
};

out_folder *out_folder_new(const char *out, findings *f)
{
    out_folder *o = calloc(1, sizeof *o);
    if (o) o->lock = mutex_new();
    if (o) o->mem = arena_new(0);
    if (o && o->lock && o->mem) {
        o->found = f;
        o->folder = partial_folder_new(out, f);
    } else
        find_code(f, F_OUT_OF_MEMORY, "preparing the output folder");
    if (o && o->folder) return o;
    out_folder_free(o);
    return NULL;
}

const char *out_folder_partial(const out_folder *o) { return partial_folder_path(o->folder); }

void out_folder_free(out_folder *o)
{
    if (!o) return;
    partial_folder_free(o->folder);
    mutex_free(o->lock);
    arena_free(o->mem);
    free(o);
}

bool out_folder_commit(out_folder *o) { return partial_folder_finish(o->folder); }

static made *find_made(const out_folder *o, sv name)
{
    made *m = o->all;
    while (m && !sv_eq(m->name, name)) m = m->next;
    return m;
}

static bool remember(out_folder *o, sv name, bool folder)
{
    made *m = arena_alloc(o->mem, sizeof *m);
    sv copy = m ? arena_sv(o->mem, name) : (sv){NULL, 0};
    if (!copy.p) return false;
    *m = (made){o->all, copy, folder};
    o->all = m;
    return true;
}

static bool make_path(const out_folder *o, sv name, buf *path)
{
    buf_str(path, out_folder_partial(o));
    buf_char(path, '/');
    buf_sv(path, name);
    size_t n = path->n;
    buf_char(path, '\0');
    if (path->failed) return false;
    path->n = n;
    return true;
}

bool out_folder_path(out_folder *o, sv name, buf *path)
{
    mutex_lock(o->lock);
    bool in_sub = sv_find(name, '/') != NULL;
    bool ok = make_path(o, name, path) && (in_sub || remember(o, name, false));
    mutex_unlock(o->lock);
    if (!ok) find_code(o->found, F_OUT_OF_MEMORY, "naming an output file");
    return ok;
}

bool out_folder_sub(out_folder *o, sv name)
{
    const char *why = "out of memory";
    buf path = buf_new(PATH_MAX_BYTES);
    mutex_lock(o->lock);
    bool ok = find_made(o, name) != NULL;
    if (!ok) ok = make_path(o, name, &path) && remember(o, name, true) && os_make_folder(path.p, &why);
    mutex_unlock(o->lock);
    if (!ok) find_at(o->found, F_OUT_CREATE_FAILED, name, sv_from(why));
    buf_free(&path);
    return ok;
}

out_file *out_file_new(out_folder *o, sv name)
{
    buf path = buf_new(PATH_MAX_BYTES);
    out_file *f = NULL;
    if (out_folder_path(o, name, &path)) {
        const char *why = "out of memory";
        f = calloc(1, sizeof *f + path.n + 1);
        if (f) {
            memcpy(f->path, path.p, path.n);
            f->found = o->found;
            f->file = os_create(f->path, &why);
        }
        if (!f || !f->file) {
            find_at(o->found, F_OUT_CREATE_FAILED, buf_view(&path), sv_from(why));
            free(f);
            f = NULL;
        }
    }
    buf_free(&path);
    return f;
}

bool out_file_write(out_file *f, sv text)
{
    const char *why = "";
    if (os_write(f->file, text.p, text.n, &why)) return true;
    return find_at(f->found, F_OUT_WRITE_FAILED, sv_from(f->path), sv_from(why));
}

bool out_file_close(out_file *f)
{
    const char *why = "";
    bool ok = os_close(f->file, &why);
    if (!ok) find_at(f->found, F_OUT_WRITE_FAILED, sv_from(f->path), sv_from(why));
    free(f);
    return ok;
}

void out_file_abandon(out_file *f)
{
    const char *why;
    if (!f) return;
    (void)os_close(f->file, &why);
    free(f);
}

void out_folder_remove(out_folder *o, sv name)
{
    buf path = buf_new(PATH_MAX_BYTES);
    if (make_path(o, name, &path)) (void)os_remove(path.p);
    buf_free(&path);
}

/* Entries are removed after listing, some at a time: removing while listing may make entries be passed over. */
enum { REMOVED_AT_ONCE = 256 };

typedef struct listing {
    arena *mem;
    sv name[REMOVED_AT_ONCE];
    size_t n;
} listing;

static bool list_entry(void *ctx, const char *name)
{
    listing *l = ctx;
    l->name[l->n] = arena_sv(l->mem, sv_from(name));
    if (l->name[l->n].p) l->n++;
    return l->n < REMOVED_AT_ONCE;
}

static void empty_folder(out_folder *o, sv folder)
{
    const char *why;
    buf path = buf_new(PATH_MAX_BYTES);
    listing l = {.mem = arena_new(0)};
    size_t removed = 1;
    while (l.mem && removed) {
        removed = l.n = 0;
        arena_reset(l.mem);
        buf_clear(&path);
        if (!make_path(o, folder, &path) || !os_list_folder(path.p, list_entry, &l, &why)) break;
        size_t base = path.n;
        for (size_t i = 0; i < l.n; i++) {
            path.n = base;
            buf_printf(&path, "/%.*s", (int)l.name[i].n, l.name[i].p);
            removed += !path.failed && os_remove(path.p);
        }
    }
    arena_free(l.mem);
    buf_free(&path);
}

bool out_folder_discard(out_folder *o)
{
    for (const made *m = o->all; m; m = m->next) {
        if (m->folder) empty_folder(o, m->name);
        out_folder_remove(o, m->name);
    }
    return partial_folder_discard_empty(o->folder);
}
