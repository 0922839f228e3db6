#include "base/text_file.h"
#include "base/platform.h"
#include <stdlib.h>

bool text_file_read(const char *path, size_t most, arena *mem, sv *out, const char **why)
{
    os_file *f = os_open_read(path, why);
    if (!f) return false;
    bool ok = os_file_size(f) <= most;
    size_t n = ok ? (size_t)os_file_size(f) : 0, got = 0;
    char *p = ok ? arena_alloc(mem, n + 1) : NULL;
    *why = ok ? "out of memory" : "it is too large for a file of its kind";
    ok = p && os_read_at(f, 0, p, n, &got, why);
    os_close_read(f);
    *out = (sv){p, got};
    return ok;
}

bool text_file_write(const char *path, sv text, findings *f)
{
    const char *why = "", *late = "";
    os_out *out = os_create(path, &why);
    if (!out) return find_at(f, F_OUT_CREATE_FAILED, sv_from(path), sv_from(why));
    bool written = os_write(out, text.p, text.n, &why);
    if (!os_close(out, &late) && written) {
        written = false;
        why = late;
    }
    if (written) return true;
    (void)os_remove(path);
    return find_at(f, F_OUT_WRITE_FAILED, sv_from(path), sv_from(why));
}

enum { NAMES_MAX = 4096 };

typedef struct names {
    const char *ending;
    arena *mem;
    sv *name;
    size_t n;
    bool failed;
} names;

static bool take_name(void *ctx, const char *name)
{
    names *l = ctx;
    if (name[0] == '.' || !sv_ends(sv_from(name), sv_from(l->ending))) return true;
    sv copy = l->n < NAMES_MAX ? arena_sv(l->mem, sv_from(name)) : (sv){NULL, 0};
    l->failed = !copy.p;
    if (copy.p) l->name[l->n++] = copy;
    return copy.p != NULL;
}

static int by_name(const void *a, const void *b) { return sv_cmp(*(const sv *)a, *(const sv *)b); }

bool text_folder_names(const char *folder, const char *ending, arena *mem, sv **out, size_t *n, const char **why)
{
    names l = {.ending = ending, .mem = mem, .name = arena_array(mem, NAMES_MAX, sizeof(sv))};
    *why = "out of memory";
    if (!l.name || !os_list_folder(folder, take_name, &l, why)) return false;
    if (l.failed) {
        *why = "it holds too many files";
        return false;
    }
    if (l.n) qsort(l.name, l.n, sizeof *l.name, by_name);
    *out = l.name;
    *n = l.n;
    return true;
}
