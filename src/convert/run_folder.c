#include "convert/run_folder.h"
#include "base/path.h"
#include "base/platform.h"
#include "convert/tree.h"
#include <stdlib.h>

enum { NAME_BYTES_MAX = 80, ATTEMPTS_MAX = 1000 };

struct run_folder {
    arena *mem;
    findings *found;
    const char *out, *partial;
    sv name;
    os_out *manifest; /* open and locked */
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

/* How much of our manifest's beginning the file holds; -1: it begins otherwise. */
static int begins_as_ours(const char *path)
{
    const char *why;
    char begin[64];
    size_t got = 0;
    sv head = run_folder_manifest_head();
    os_file *f = os_open_read(path, &why);
    if (!f) return -1;
    bool ok = head.n <= sizeof begin && os_read_at(f, 0, begin, head.n, &got, &why) && memcmp(begin, head.p, got) == 0;
    os_close_read(f);
    return ok ? (int)got : -1;
}

/* least: bytes that its manifest must have of ours. */
static bool remove_dead(const char *partial, int least, arena *mem, findings *f)
{
    sv manifest = arena_printf(mem, "%s/%s", partial, TREE_MANIFEST);
    if (!manifest.p || os_is_link(partial) || os_is_link(manifest.p)) return false;
    if (!os_exists(manifest.p) || os_is_locked(manifest.p) || begins_as_ours(manifest.p) < least) return false;
    if (!os_remove_tree(partial)) return false;
    find_at(f, F_DEL_STALE_REMOVED, sv_from(partial), SV_LIT(""));
    return true;
}

/* Makes the name of a dead run free again; false when something is there that is not ours, or lives. Its manifest may be
 * shorter, as a run leaves it that dies right after its start. */
static bool clear_stale(const char *partial, arena *mem, findings *f)
{
    if (!os_is_folder(partial)) return false; /* a file of that name is somebody's */
    return os_remove(partial) /* it was empty */ || remove_dead(partial, 0, mem, f);
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

/* What runs of other names have left in OUT. One that has just begun has no head yet, or holds its lock. */
static void sweep(const run_folder *r)
{
    enum { SWEPT_MAX = 1000 };
    const char *why;
    dead d = {.out = r->out, .mem = r->mem, .path = arena_array(r->mem, SWEPT_MAX, sizeof(sv)), .room = SWEPT_MAX};
    if (!d.path || !os_list_folder(r->out, see_name, &d, &why)) return;
    for (size_t i = 0; i < d.n; i++)
        (void)remove_dead(d.path[i].p, (int)run_folder_manifest_head().n, r->mem, r->found);
}

/* ---- making it ---- */

static bool begin_manifest(run_folder *r, const char **why)
{
    sv path = arena_printf(r->mem, "%s/%s", r->partial, TREE_MANIFEST);
    sv head = run_folder_manifest_head();
    *why = "out of memory";
    if (!path.p) return false;
    r->manifest = os_create_locked(path.p, why);
    return r->manifest && os_write(r->manifest, head.p, head.n, why);
}

/* One name tried; false: try the next one, unless r->partial cannot be made at all (*why). */
static bool try_name(run_folder *r, sv name, const char **why)
{
    sv final = arena_printf(r->mem, "%s/%.*s", r->out, (int)name.n, name.p);
    sv partial = arena_printf(r->mem, "%s.partial", final.p ? final.p : "");
    r->name = name;
    r->partial = partial.p;
    *why = "out of memory";
    if (!final.p || !partial.p) return false;
    *why = "every name for it is taken";
    if (os_exists(final.p)) return false;
    if (os_exists(partial.p) && !clear_stale(partial.p, r->mem, r->found)) return false;
    if (!os_make_folder(partial.p, why)) return false;
    if (begin_manifest(r, why)) return true;
    /* Without a manifest of ours there, another run may have made the folder anew since: then it goes only if it is empty. */
    const char *ignored;
    const bool ours = r->manifest != NULL;
    if (ours) (void)os_close(r->manifest, &ignored);
    r->manifest = NULL;
    (void)(ours ? os_remove_tree(partial.p) : os_remove(partial.p));
    return false;
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
    for (unsigned i = 1; i <= ATTEMPTS_MAX; i++) {
        sv wanted = i == 1 ? arena_sv(r->mem, name) : arena_printf(r->mem, "%.*s-%u", (int)name.n, name.p, i);
        if (!wanted.p) break;
        if (try_name(r, wanted, &why)) return true;
        /* Nothing is there, and still it cannot be made: other names will not help. */
        if (r->partial && !os_exists(r->partial) && i > 2) break;
    }
    find_at(r->found, F_OUT_CREATE_FAILED, sv_from(r->partial ? r->partial : r->out), sv_from(why));
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

const char *run_folder_partial(const run_folder *r) { return r->partial; }
sv run_folder_name(const run_folder *r) { return r->name; }

void run_folder_free(run_folder *r)
{
    const char *ignored;
    if (!r) return;
    if (r->manifest) (void)os_close(r->manifest, &ignored);
    arena_free(r->mem);
    free(r);
}

bool run_folder_discard(run_folder *r)
{
    const char *ignored;
    if (r->manifest) (void)os_close(r->manifest, &ignored);
    r->manifest = NULL;
    bool ok = os_remove_tree(r->partial);
    if (!ok) find_at(r->found, F_OUT_NOT_REMOVED, sv_from(r->partial), SV_LIT(""));
    if (ok && r->made_out) (void)os_remove(r->out);
    return ok;
}

/* ---- finishing it ---- */

static bool sync_path(run_folder *r, const char *path)
{
    const char *why = "out of memory";
    if (path && os_sync(path, &why)) return true;
    return find_at(r->found, F_OUT_WRITE_FAILED, sv_from(path ? path : r->partial), sv_from(why));
}

static bool sync_all(run_folder *r)
{
    tree t;
    const char *why = "";
    if (!tree_list(r->partial, r->mem, &t, &why))
        return find_at(r->found, F_OUT_WRITE_FAILED, sv_from(r->partial), sv_from(why));
    bool ok = true;
    for (size_t i = 0; ok && i < t.files; i++)
        ok = sync_path(r, arena_printf(r->mem, "%s/%.*s", r->partial, (int)t.file[i].n, t.file[i].p).p);
    for (size_t i = 0; ok && i < t.folders; i++)
        ok = sync_path(r, arena_printf(r->mem, "%s/%.*s", r->partial, (int)t.folder[i].n, t.folder[i].p).p);
    return ok && sync_path(r, r->partial);
}

bool run_folder_finish(run_folder *r, sv manifest_rest, arena *mem, sv *path)
{
    const char *why = "out of memory";
    *path = arena_printf(mem, "%s/%.*s", r->out, (int)r->name.n, r->name.p);
    bool whole =
        path->p && os_write(r->manifest, manifest_rest.p, manifest_rest.n, &why) && os_settle(r->manifest, &why);
    if (!whole) return find_at(r->found, F_OUT_WRITE_FAILED, sv_from(r->partial), sv_from(why));
    if (!sync_all(r)) return false;
    /* The lock is held until after the renaming: no other run takes the folder for a dead one. */
    if (os_rename(r->partial, path->p, &why)) {
        (void)os_sync(
            r->out, &why); /* a name lost by a power failure is .partial again: nothing half done is taken for whole */
        return true;
    }
    return find_at(r->found, F_OUT_RENAME_FAILED, sv_from(r->partial), sv_from(why));
}
