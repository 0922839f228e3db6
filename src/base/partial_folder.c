#include "base/partial_folder.h"
#include "base/locked_folder.h"
#include "base/memory.h"
#include "base/path.h"
#include <stdlib.h>

#define MARKER "chartferry-is-writing.txt"
static const char marker_text[] =
    "chartferry is writing this folder, or died while it was. What is in it is not whole.\n"
    "It is removed when chartferry is asked to write the same folder again.\n";

struct partial_folder {
    arena *mem;
    findings *found;
    const char *out, *out_marker;
    locked_folder folder;
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

static bool make(partial_folder *p)
{
    const char *why = "";
    if (!free_for_use(p->out, p->found)) return false;
    switch (locked_folder_take(&p->folder, &why)) {
    case LOCKED_FOLDER_TAKEN: break;
    case LOCKED_FOLDER_TAKEN_OVER: find_at(p->found, F_DEL_STALE_REMOVED, sv_from(p->folder.path), SV_LIT("")); break;
    case LOCKED_FOLDER_ANOTHERS: return find_at(p->found, F_OUT_PARTIAL_EXISTS, sv_from(p->folder.path), SV_LIT(""));
    case LOCKED_FOLDER_FAILED:
    default: return find_at(p->found, F_OUT_CREATE_FAILED, sv_from(p->folder.path), sv_from(why));
    }
    /* Another run may have finished since; from here on none can. */
    if (free_for_use(p->out, p->found)) return true;
    (void)locked_folder_remove(&p->folder);
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
        p->out_marker = arena_printf(p->mem, "%.*s/" MARKER, (int)name.n, name.p).p;
        p->folder.path = arena_printf(p->mem, "%.*s.partial", (int)name.n, name.p).p;
        p->folder.marker = arena_printf(p->mem, "%.*s.partial/" MARKER, (int)name.n, name.p).p;
        p->folder.begins = SV_LIT(marker_text);
    }
    if (!p || !p->out || !p->out_marker || !p->folder.path || !p->folder.marker)
        find_code(f, F_OUT_OF_MEMORY, "preparing the output folder");
    else if (make(p))
        return p;
    partial_folder_free(p);
    return NULL;
}

const char *partial_folder_path(const partial_folder *p) { return p->folder.path; }

/* What may lack something for want of memory is no result. */
static bool may_finish(const partial_folder *p)
{
    if (memory_has_run_out()) find_code(p->found, F_OUT_OF_MEMORY, "finishing the output folder");
    if (memory_has_run_out()) return false;
    if (os_is_folder(p->out)) (void)os_remove(p->out); /* it was empty; if no longer, the rename refuses */
    return true;
}

bool partial_folder_finish(partial_folder *p)
{
    const char *why = "";
    return may_finish(p) && (locked_folder_rename(&p->folder, p->out, p->out_marker, &why) ||
                             find_at(p->found, F_OUT_RENAME_FAILED, sv_from(p->folder.path), sv_from(why)));
}

bool partial_folder_finish_with(partial_folder *p, const char *inner)
{
    const char *why = "";
    if (!may_finish(p)) return false;
    if (!os_rename(inner, p->out, &why)) {
        locked_folder_leave(&p->folder); /* what is in it is whole */
        return find_at(p->found, F_OUT_RENAME_FAILED, sv_from(inner), sv_from(why));
    }
    return partial_folder_discard(p);
}

bool partial_folder_discard(partial_folder *p)
{
    return locked_folder_remove(&p->folder) ||
           find_at(p->found, F_OUT_NOT_REMOVED, sv_from(p->folder.path), SV_LIT(""));
}

bool partial_folder_discard_empty(partial_folder *p)
{
    if (locked_folder_is_empty(&p->folder)) return partial_folder_discard(p);
    return find_at(p->found, F_OUT_NOT_REMOVED, sv_from(p->folder.path), SV_LIT(""));
}

void partial_folder_free(partial_folder *p)
{
    if (!p) return;
    locked_folder_let_go(&p->folder);
    arena_free(p->mem);
    free(p);
}
