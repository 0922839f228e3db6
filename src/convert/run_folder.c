#include "convert/run_folder.h"
#include "base/locked_folder.h"
#include "base/path.h"
#include "convert/tree.h"
#include <stdlib.h>

enum { NAME_BYTES_MAX = 80, ATTEMPTS_MAX = 1000 };

struct run_folder {
    arena *mem;
    findings *found;
    const char *out;
    sv name;
    locked_folder partial; /* its marker is the manifest */
    bool made_out;
};

sv run_folder_manifest_head(void) { return SV_LIT("{\n  \"chartferry\": \"conversion\",\n"); }

/* ---- names ---- */

static bool plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

static void add_plain(buf *b, sv s)
{
    for (size_t i = 0; i < s.n && b->n < NAME_BYTES_MAX; i++) {
        char c = plain(s.p[i]) ? s.p[i] : '_';
        bool first_dot = c == '.' && b->n == 0;
        buf_char(b, first_dot ? '_' : c);
    }
}

/* "2017-12-18 16:21:39" as 2017-12-18_162139. */
sv run_folder_safe_name(sv database, sv finished, arena *mem)
{
    buf b = buf_new(4096);
    size_t room = NAME_BYTES_MAX - 20;
    add_plain(&b, (sv){database.p, database.n < room ? database.n : room});
    if (!b.n) buf_str(&b, "database");
    if (finished.n) buf_char(&b, '_');
    for (size_t i = 0; i < finished.n; i++) {
        char c = finished.p[i];
        if (c != ':') add_plain(&b, (sv){&c, 1});
    }
    /* A dot at the end of a folder's name is lost on Windows; .partial is the mark of an unfinished run. */
    while (b.n > 1 && b.p[b.n - 1] == '.') b.n--;
    sv partial = SV_LIT(".partial");
    if (sv_ends(buf_view(&b), partial)) b.p[b.n - partial.n] = '_';
    sv out = b.failed ? (sv){NULL, 0} : arena_sv(mem, buf_view(&b));
    buf_free(&b);
    return out;
}

/* ---- what dead runs leave ---- */

static locked_folder partial_of(sv path, arena *mem)
{
    return (locked_folder){.path = path.p,
                           .marker = arena_printf(mem, "%s/" TREE_MANIFEST, path.p ? path.p : "").p,
                           .begins = run_folder_manifest_head()};
}

typedef struct dead {
    const char *out;
    arena *mem;
    sv *path; /* of folders named .partial */
    size_t n, room;
} dead;

static bool see_name(void *ctx, const char *name)
{
    dead *d = ctx;
    if (!sv_ends(sv_from(name), SV_LIT(".partial"))) return true;
    if (d->n == d->room) return false;
    d->path[d->n] = arena_printf(d->mem, "%s/%s", d->out, name);
    d->n += d->path[d->n].p != NULL;
    return true;
}

/* What runs of other names have left in OUT. */
static void sweep(const run_folder *r)
{
    enum { SWEPT_MAX = 1000 };
    const char *why;
    dead d = {.out = r->out, .mem = r->mem, .path = arena_array(r->mem, SWEPT_MAX, sizeof(sv)), .room = SWEPT_MAX};
    if (!d.path || !os_list_folder(r->out, see_name, &d, &why)) return;
    for (size_t i = 0; i < d.n; i++) {
        locked_folder l = partial_of(d.path[i], r->mem);
        if (l.marker && locked_folder_sweep(&l)) find_at(r->found, F_DEL_STALE_REMOVED, d.path[i], SV_LIT(""));
    }
}

/* ---- making it ---- */

/* One name tried. Another's: the next one may be free; failed: with *why, and others would not help. */
static locked_folder_end try_name(run_folder *r, sv name, const char **why)
{
    sv final = arena_printf(r->mem, "%s/%.*s", r->out, (int)name.n, name.p);
    sv partial = arena_printf(r->mem, "%s.partial", final.p ? final.p : "");
    r->name = name;
    r->partial = partial_of(partial, r->mem);
    *why = "out of memory";
    if (!name.p || !final.p || !partial.p || !r->partial.marker) return LOCKED_FOLDER_FAILED;
    if (os_exists(final.p)) return LOCKED_FOLDER_ANOTHERS;
    const locked_folder_end end = locked_folder_take(&r->partial, why);
    if (end == LOCKED_FOLDER_TAKEN_OVER) find_at(r->found, F_DEL_STALE_REMOVED, partial, SV_LIT(""));
    /* Another run may have finished since; from here on none of this name can. */
    if (!r->partial.held || !os_exists(final.p)) return end;
    (void)locked_folder_remove(&r->partial);
    return LOCKED_FOLDER_ANOTHERS;
}

static bool make_run(run_folder *r, sv name)
{
    const char *why = "";
    if (!os_is_folder(r->out)) {
        r->made_out = os_make_folder(r->out, &why);
        if (!r->made_out && !os_is_folder(r->out)) /* another run may have made it by now */
            return find_at(r->found, F_OUT_CREATE_FAILED, sv_from(r->out), sv_from(why));
    }
    sweep(r);
    locked_folder_end end = LOCKED_FOLDER_ANOTHERS;
    for (unsigned i = 1; i <= ATTEMPTS_MAX && end == LOCKED_FOLDER_ANOTHERS; i++) {
        sv wanted = i == 1 ? arena_sv(r->mem, name) : arena_printf(r->mem, "%.*s-%u", (int)name.n, name.p, i);
        end = try_name(r, wanted, &why);
        if (r->partial.held) return true;
    }
    if (end == LOCKED_FOLDER_ANOTHERS) why = "every name for it is taken";
    find_at(r->found, F_OUT_CREATE_FAILED, sv_from(r->partial.path ? r->partial.path : r->out), sv_from(why));
    if (r->made_out) (void)os_remove(r->out);
    return false;
}

run_folder *run_folder_new(const char *out, sv name, findings *f)
{
    run_folder *r = calloc(1, sizeof *r);
    if (r) r->mem = arena_new(0);
    if (r && r->mem) r->out = arena_sv(r->mem, folder_path(sv_from(out))).p;
    if (!r || !r->out) {
        find_code(f, F_OUT_OF_MEMORY, "making the run folder");
        run_folder_free(r);
        return NULL;
    }
    r->found = f;
    if (make_run(r, name)) return r;
    run_folder_free(r);
    return NULL;
}

const char *run_folder_partial(const run_folder *r) { return r->partial.path; }
sv run_folder_name(const run_folder *r) { return r->name; }

void run_folder_free(run_folder *r)
{
    if (!r) return;
    locked_folder_let_go(&r->partial);
    arena_free(r->mem);
    free(r);
}

bool run_folder_discard(run_folder *r)
{
    bool ok = locked_folder_remove(&r->partial);
    if (!ok) find_at(r->found, F_OUT_NOT_REMOVED, sv_from(r->partial.path), SV_LIT(""));
    if (ok && r->made_out) (void)os_remove(r->out);
    return ok;
}

/* ---- finishing it ---- */

static bool sync_path(run_folder *r, const char *path)
{
    const char *why = "out of memory";
    if (path && os_sync(path, &why)) return true;
    return find_at(r->found, F_OUT_WRITE_FAILED, sv_from(path ? path : r->partial.path), sv_from(why));
}

static bool sync_all(run_folder *r)
{
    tree t;
    const char *why = "";
    if (!tree_list(r->partial.path, r->mem, &t, &why))
        return find_at(r->found, F_OUT_WRITE_FAILED, sv_from(r->partial.path), sv_from(why));
    bool ok = true;
    for (size_t i = 0; ok && i < t.files; i++)
        ok = sync_path(r, arena_printf(r->mem, "%s/%.*s", r->partial.path, (int)t.file[i].n, t.file[i].p).p);
    for (size_t i = 0; ok && i < t.folders; i++)
        ok = sync_path(r, arena_printf(r->mem, "%s/%.*s", r->partial.path, (int)t.folder[i].n, t.folder[i].p).p);
    return ok && sync_path(r, r->partial.path);
}

bool run_folder_finish(run_folder *r, sv manifest_rest, arena *mem, sv *path)
{
    const char *why = "out of memory";
    *path = arena_printf(mem, "%s/%.*s", r->out, (int)r->name.n, r->name.p);
    os_out *manifest = r->partial.held;
    bool whole = path->p && os_write(manifest, manifest_rest.p, manifest_rest.n, &why) && os_settle(manifest, &why);
    if (!whole) return find_at(r->found, F_OUT_WRITE_FAILED, sv_from(r->partial.path), sv_from(why));
    if (!sync_all(r)) return false;
    if (locked_folder_rename(&r->partial, path->p, NULL, &why)) {
        (void)os_sync(
            r->out, &why); /* a name lost by a power failure is .partial again: nothing half done is taken for whole */
        return true;
    }
    return find_at(r->found, F_OUT_RENAME_FAILED, sv_from(r->partial.path), sv_from(why));
}
