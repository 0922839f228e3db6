#include "base/partial_folder.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/platform.h"
#include <stdlib.h>

#define MARKER "chartferry-is-writing.txt"
static const char marker_text[] =
    "chartferry is writing this folder, or died while it was. What is in it is not whole.\n"
    "It is removed when chartferry is asked to write the same folder again.\n";

struct partial_folder {
    arena *mem;
    findings *found;
    const char *out, *path, *marker;
    os_out *held; /* open and locked */
};

static bool see_entry(void *ctx, const char *name)
{
    (void)name;
    *(bool *)ctx = true;
    return false;
}

static bool free_for_use(const char *out, findings *f)
{
    bool used = false;
    const char *why = "";
    if (!os_exists(out)) return true;
    if (!os_is_folder(out) || !os_list_folder(out, see_entry, &used, &why)) used = true;
    return !used || find_at(f, F_OUT_EXISTS, sv_from(out), sv_from(why));
}

/* Whole or as far as it came: who dies right behind making it leaves it empty. */
static bool is_marker(const char *path)
{
    char text[sizeof marker_text];
    size_t got = 0;
    const char *why;
    os_file *f = os_is_link(path) ? NULL : os_open_read(path, &why);
    bool ok = f && os_read_at(f, 0, text, sizeof text, &got, &why) && got < sizeof text &&
              memcmp(text, marker_text, got) == 0;
    os_close_read(f);
    return ok;
}

static bool clear_stale(const partial_folder *p)
{
    if (os_is_link(p->path) || !os_is_folder(p->path)) return false; /* a file of that name is somebody's */
    if (os_remove(p->path)) return true;                             /* it was empty */
    if (!is_marker(p->marker) || os_is_locked(p->marker) || !os_remove_tree(p->path)) return false;
    find_at(p->found, F_DEL_STALE_REMOVED, sv_from(p->path), SV_LIT(""));
    return true;
}

/* Two runs may make one folder at the same moment, and each takes the other's for a stale one until its marker stands. Who does not
 * get his marker made removes nothing but an empty folder, and begins again. */
static bool make(partial_folder *p)
{
    enum { ATTEMPTS = 3 };
    const char *why = "";
    for (unsigned i = 0; i < ATTEMPTS && !p->held; i++) {
        if (!free_for_use(p->out, p->found)) return false;
        if (os_exists(p->path) && !clear_stale(p))
            return find_at(p->found, F_OUT_PARTIAL_EXISTS, sv_from(p->path), SV_LIT(""));
        if (os_make_folder(p->path, &why)) p->held = os_create_locked(p->marker, &why);
    }
    if (p->held && os_write(p->held, marker_text, sizeof marker_text - 1, &why)) return true;
    find_at(p->found, F_OUT_CREATE_FAILED, sv_from(p->path), sv_from(why));
    if (p->held)
        (void)partial_folder_discard(p);
    else
        (void)os_remove(p->path);
    return false;
}

partial_folder *partial_folder_new(const char *out, findings *f)
{
    partial_folder *p = calloc(1, sizeof *p);
    sv name = folder_path(sv_from(out)); /* "out/" and "out" are the same folder */
    if (p) p->mem = arena_new(0);
    if (p && p->mem) {
        p->found = f;
        p->out = arena_sv(p->mem, name).p;
        p->path = arena_printf(p->mem, "%.*s.partial", (int)name.n, name.p).p;
        p->marker = arena_printf(p->mem, "%.*s.partial/" MARKER, (int)name.n, name.p).p;
    }
    if (!p || !p->out || !p->path || !p->marker)
        find_code(f, F_OUT_OF_MEMORY, "preparing the output folder");
    else if (make(p))
        return p;
    partial_folder_free(p);
    return NULL;
}

const char *partial_folder_path(const partial_folder *p) { return p->path; }

static void let_go(partial_folder *p)
{
    const char *why;
    if (p->held) (void)os_close(p->held, &why);
    p->held = NULL;
}

/* What may lack something for want of memory is no result. */
static bool may_finish(const partial_folder *p)
{
    if (memory_has_run_out()) find_code(p->found, F_OUT_OF_MEMORY, "finishing the output folder");
    return !memory_has_run_out();
}

bool partial_folder_finish(partial_folder *p)
{
    const char *why = "";
    if (!may_finish(p)) return false;
    let_go(p);
    (void)os_remove(p->marker);
    if (os_is_folder(p->out)) (void)os_remove(p->out); /* it was empty; if no longer, the rename refuses */
    return os_rename(p->path, p->out, &why) || find_at(p->found, F_OUT_RENAME_FAILED, sv_from(p->path), sv_from(why));
}

bool partial_folder_finish_with(partial_folder *p, const char *inner)
{
    const char *why = "";
    if (!may_finish(p)) return false;
    if (os_is_folder(p->out)) (void)os_remove(p->out);
    if (!os_rename(inner, p->out, &why)) return find_at(p->found, F_OUT_RENAME_FAILED, sv_from(inner), sv_from(why));
    return partial_folder_discard(p);
}

bool partial_folder_discard(partial_folder *p)
{
    let_go(p);
    return os_remove_tree(p->path) || find_at(p->found, F_OUT_NOT_REMOVED, sv_from(p->path), SV_LIT(""));
}

static bool see_other(void *ctx, const char *name)
{
    *(bool *)ctx |= strcmp(name, MARKER) != 0;
    return !*(bool *)ctx;
}

bool partial_folder_discard_empty(partial_folder *p)
{
    bool other = false;
    const char *why = "";
    let_go(p);
    /* With something left in it the marker stays too: by it the next run knows that it may clear the folder. */
    if (os_list_folder(p->path, see_other, &other, &why) && !other) (void)os_remove(p->marker);
    return os_remove(p->path) || find_at(p->found, F_OUT_NOT_REMOVED, sv_from(p->path), SV_LIT(""));
}

void partial_folder_free(partial_folder *p)
{
    if (!p) return;
    let_go(p);
    arena_free(p->mem);
    free(p);
}
