#include "pack/forget.h"
#include "base/date.h"
#include "base/path.h"
#include "base/platform.h"
#include "base/text_file.h"
#include "convert/run_folder.h"
#include "convert/tree.h"
#include "deliver/digest.h"
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

enum { MANIFEST_BYTES_MAX = 64 << 20, BESIDE_MAX = 1000 };

/* A folder that goes. */
typedef struct doomed {
    sv path, name;
    char manifest[SHA256_HEX + 1]; /* hash of its manifest */
    tree there;
    uint64_t bytes;
} doomed;

typedef struct forgetting {
    arena *mem;
    findings *found;
    sv parent, name; /* of the bundle */
    doomed bundle, *stage;
    size_t stages;
    sv *list; /* of tokens */
    size_t lists;
    sv *beside; /* names in the parent folder */
    size_t besides;
    forget_result *r;
} forgetting;

static bool refuse(forgetting *g, sv path, const char *why)
{
    return find_at(g->found, F_FORGET_REFUSED, path, sv_from(why));
}

static bool no_memory(forgetting *g)
{
    find_code(g->found, F_OUT_OF_MEMORY, "forgetting a bundle");
    return false;
}

static bool not_removed(forgetting *g, sv path)
{
    finding x = FINDING_OF(F_FORGET_LEFT);
    x.path = path;
    find_add(g->found, &x);
    return false;
}

static sv below(forgetting *g, sv folder, sv name)
{
    return arena_printf(g->mem, "%.*s/%.*s", (int)folder.n, folder.p, (int)name.n, name.p);
}

/* ---- what may go ---- */

/* The manifest as far as there is one; *json NULL where the run was never finished. */
static bool read_manifest(forgetting *g, doomed *d, json_t **json)
{
    const char *why = "out of memory";
    sv text, head = run_folder_manifest_head(), path = below(g, d->path, SV_LIT(TREE_MANIFEST));
    json_error_t error;
    *json = NULL;
    if (os_is_link(d->path.p)) return refuse(g, d->path, "it is a link to another folder");
    if (!os_is_folder(d->path.p)) return refuse(g, d->path, "it is no folder");
    if (!path.p || os_is_link(path.p)) return refuse(g, d->path, "its manifest is a link to another file");
    if (!text_file_read(path.p, MANIFEST_BYTES_MAX, g->mem, &text, &why)) return refuse(g, d->path, why);
    if (os_is_locked(path.p)) return refuse(g, d->path, "a run is writing it now");
    const bool unfinished = sv_ends(d->path, SV_LIT(".partial"));
    if (!sv_starts(text, head)) return refuse(g, d->path, "its manifest is not one of chartferry's");
    sha256 *h = sha256_new();
    if (!h) return no_memory(g);
    sha256_add(h, text.p, text.n);
    if (!sha256_end(h, d->manifest)) return no_memory(g);
    *json = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    return *json || unfinished || refuse(g, d->path, "its manifest is not one of chartferry's, or was cut off");
}

static int by_path(const void *a, const void *b) { return sv_cmp(*(const sv *)a, *(const sv *)b); }

/* What is in it is of the run, and of nobody else: whoever put a file there has to take it away first. */
static bool only_its_own(forgetting *g, doomed *d, const json_t *manifest)
{
    const json_t *files = json_object_get(manifest, "files");
    const size_t n = json_array_size(files);
    sv *own = arena_array(g->mem, n + 1, sizeof *own);
    if (!own) return no_memory(g);
    for (size_t i = 0; i < n; i++) {
        const json_t *x = json_object_get(json_array_get(files, i), "path");
        own[i] = (sv){json_string_value(x), json_string_length(x)};
    }
    if (n) qsort(own, n, sizeof *own, by_path);
    for (size_t i = 0; i < d->there.files; i++) {
        const sv path = d->there.file[i];
        if (sv_eq(path, SV_LIT(TREE_MANIFEST)) || (n && bsearch(&path, own, n, sizeof *own, by_path))) continue;
        return refuse(g, below(g, d->path, path), "it is no file of the run: take it away first");
    }
    return true;
}

static bool no_links(forgetting *g, doomed *d)
{
    const char *why = "";
    for (size_t i = 0; i < d->there.folders; i++) {
        sv path = below(g, d->path, d->there.folder[i]);
        if (!path.p) return no_memory(g);
        if (os_is_link(path.p)) return refuse(g, path, "it is a link to another folder");
    }
    for (size_t i = 0; i < d->there.files; i++) {
        sv path = below(g, d->path, d->there.file[i]);
        if (!path.p) return no_memory(g);
        if (os_is_link(path.p)) return refuse(g, path, "it is a link to another file");
        os_file *f = os_open_read(path.p, &why);
        if (f) d->bytes += os_file_size(f);
        os_close_read(f);
    }
    return true;
}

static bool look_into(forgetting *g, doomed *d, json_t **json)
{
    const char *why = "";
    if (!read_manifest(g, d, json)) return false;
    if (!tree_list(d->path.p, g->mem, &d->there, &why)) return refuse(g, d->path, why);
    return (!*json || only_its_own(g, d, *json)) && no_links(g, d);
}

/* ---- what belongs to it ---- */

static bool see_name(void *ctx, const char *name)
{
    forgetting *g = ctx;
    if (g->besides == BESIDE_MAX) return true;
    if (!sv_starts(sv_from(name), g->name) || strlen(name) == g->name.n) return true;
    g->beside[g->besides] = arena_sv(g->mem, sv_from(name));
    g->besides += g->beside[g->besides].p != NULL;
    return true;
}

/* A stage says by the hash of a manifest which run it is of. */
static bool is_of_it(forgetting *g, sv path)
{
    const char *why;
    json_error_t error;
    sv text, manifest = below(g, path, SV_LIT(TREE_MANIFEST));
    if (!manifest.p || os_is_link(path.p) || os_is_link(manifest.p) || !os_is_folder(path.p)) return false;
    if (!text_file_read(manifest.p, MANIFEST_BYTES_MAX, g->mem, &text, &why)) return false;
    json_t *o =
        sv_starts(text, run_folder_manifest_head()) ? json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error) : NULL;
    const char *of = json_string_value(json_object_get(o, "bundle"));
    bool ok = of && strcmp(of, g->bundle.manifest) == 0;
    json_decref(o);
    return ok;
}

static bool take_beside(forgetting *g, sv name)
{
    json_t *json = NULL;
    const sv tokens = SV_LIT("-tokens-"), path = below(g, g->parent, name);
    const sv rest = {name.p + g->name.n, name.n - g->name.n};
    if (!path.p) return no_memory(g);
    if (sv_starts(rest, tokens) && sv_ends(rest, SV_LIT(".csv")) && !os_is_link(path.p) && !os_is_folder(path.p)) {
        g->list[g->lists++] = path;
        return true;
    }
    if (!is_of_it(g, path)) return true;
    doomed *d = &g->stage[g->stages];
    *d = (doomed){.path = path, .name = name};
    bool ok = look_into(g, d, &json);
    json_decref(json);
    g->stages += ok;
    return ok;
}

static bool find_all(forgetting *g, sv folder)
{
    const char *why = "";
    json_t *json = NULL;
    g->bundle = (doomed){.path = folder, .name = g->name};
    bool ok = look_into(g, &g->bundle, &json);
    json_decref(json);
    g->beside = arena_array(g->mem, BESIDE_MAX, sizeof *g->beside);
    g->stage = arena_array(g->mem, BESIDE_MAX, sizeof *g->stage);
    g->list = arena_array(g->mem, BESIDE_MAX, sizeof *g->list);
    if (!ok) return false;
    if (!g->beside || !g->stage || !g->list) return no_memory(g);
    if (!os_list_folder(g->parent.p, see_name, g, &why)) return refuse(g, g->parent, why);
    for (size_t i = 0; ok && i < g->besides; i++) ok = take_beside(g, g->beside[i]);
    return ok;
}

/* ---- going ---- */

typedef struct emptying {
    forgetting *g;
    sv path, *entry;
    size_t n, room;
} emptying;

static bool see_entry(void *ctx, const char *name)
{
    emptying *e = ctx;
    if (e->n == e->room) return false;
    if (strcmp(name, TREE_MANIFEST) == 0) return true;
    e->entry[e->n] = below(e->g, e->path, sv_from(name));
    e->n += e->entry[e->n].p != NULL;
    return true;
}

/* First it gets the name of an unfinished one, which nobody takes for whole; the manifest goes last, so that the next run
 * knows it for what it is, should this one die. */
static bool remove_folder(forgetting *g, doomed *d)
{
    enum { ENTRIES_MAX = 10000 };
    const char *why = "";
    sv path = d->path;
    if (!sv_ends(path, SV_LIT(".partial"))) {
        sv aside = arena_printf(g->mem, "%.*s.partial", (int)path.n, path.p);
        if (!aside.p) return no_memory(g);
        if (os_rename(path.p, aside.p, &why)) path = aside;
    }
    emptying e = {
        .g = g, .path = path, .entry = arena_array(g->mem, ENTRIES_MAX, sizeof *e.entry), .room = ENTRIES_MAX};
    if (!e.entry) return no_memory(g);
    bool ok = os_list_folder(path.p, see_entry, &e, &why);
    for (size_t i = 0; i < e.n; i++)
        if (!os_remove(e.entry[i].p) && !os_remove_tree(e.entry[i].p)) ok = false;
    ok = ok && os_remove_tree(path.p);
    return ok || not_removed(g, path);
}

/* ---- the receipt ---- */

static void put_time(buf *b, int64_t seconds)
{
    const int64_t days = seconds / 86400 + date_days(1970, 1, 1), s = seconds % 86400;
    if (seconds < 0 || days > DATE_DAYS_MAX) return;
    const civil_date d = date_civil((int32_t)days);
    buf_printf(b, "%04d-%02d-%02d %02d:%02d:%02d UTC", d.year, d.month, d.day, (int)(s / 3600), (int)(s / 60 % 60),
               (int)(s % 60));
}

static void put_folder(buf *b, const char *what, const doomed *d)
{
    buf_printf(b, "%s: %.*s\r\n  SHA-256 of its manifest: %s\r\n  files: %zu, bytes: %" PRIu64 "\r\n", what,
               (int)d->name.n, d->name.p, d->manifest, d->there.files, d->bytes);
}

static void receipt_text(forgetting *g, bool all, buf *b)
{
    buf_str(b, "Receipt: a bundle of chartferry was deleted\r\n\r\nwhen: ");
    put_time(b, os_now_seconds());
    buf_str(b, "\r\nby: chartferry " CHARTFERRY_VERSION "\r\n");
    put_folder(b, "bundle", &g->bundle);
    for (size_t i = 0; i < g->stages; i++) put_folder(b, "made from it", &g->stage[i]);
    for (size_t i = 0; i < g->lists; i++) {
        sv name = g->list[i];
        while (sv_find(name, '/')) {
            name.p++;
            name.n--;
        }
        buf_printf(b, "list of tokens: %.*s\r\n", (int)name.n, name.p);
    }
    buf_printf(b, "\r\n%s\r\n",
               all ? "Everything named here was deleted."
                   : "NOT EVERYTHING COULD BE DELETED: what is left has to be deleted by hand.");
    buf_str(b, "It was deleted, not overwritten: a disk that is given away has to be wiped as a whole. Copies, packs "
               "that were sent, folders that\r\n"
               "were written elsewhere (--out), backups of this computer and the records in the CRM are not touched by "
               "this.\r\n");
}

static os_out *make_receipt(forgetting *g)
{
    const char *why = "out of memory";
    os_out *f = NULL;
    for (unsigned i = 1; !f && i <= 1000; i++) {
        g->r->receipt = i == 1 ? arena_printf(g->mem, "%.*s/%.*s-forgotten.txt", (int)g->parent.n, g->parent.p,
                                              (int)g->name.n, g->name.p)
                               : arena_printf(g->mem, "%.*s/%.*s-forgotten-%u.txt", (int)g->parent.n, g->parent.p,
                                              (int)g->name.n, g->name.p, i);
        if (!g->r->receipt.p) break;
        if (os_exists(g->r->receipt.p)) continue;
        f = os_create(g->r->receipt.p, &why);
        if (!f) break;
    }
    if (f) return f;
    find_at(g->found, F_OUT_CREATE_FAILED, g->r->receipt, sv_from(why));
    g->r->receipt = (sv){NULL, 0};
    return NULL;
}

static bool write_receipt(forgetting *g, os_out *f, bool all)
{
    const char *why = "out of memory";
    buf text = buf_new((size_t)1 << 20);
    receipt_text(g, all, &text);
    bool ok = !text.failed && os_write(f, text.p, text.n, &why);
    ok = os_close(f, &why) && ok;
    buf_free(&text);
    if (ok) return true;
    return find_at(g->found, F_OUT_WRITE_FAILED, g->r->receipt, sv_from(why));
}

/* ---- the whole ---- */

static bool split(forgetting *g, const char *folder, sv *path)
{
    sv s = folder_path(sv_from(folder));
    g->name = folder_name(s);
    size_t at = s.n - g->name.n;
    g->parent = at ? arena_sv(g->mem, (sv){s.p, at > 1 ? at - 1 : 1}) : arena_sv(g->mem, SV_LIT("."));
    *path = arena_sv(g->mem, s);
    if (!g->parent.p || !path->p) return no_memory(g);
    /* Of "." and ".." it is not known where they lie. */
    return !sv_eq(g->name, SV_LIT(".")) && !sv_eq(g->name, SV_LIT("..")) && g->name.n
               ? true
               : refuse(g, *path, "name the folder itself");
}

bool forget_bundle(const char *folder, arena *mem, findings *f, forget_result *out)
{
    sv path;
    *out = (forget_result){.files = 0};
    forgetting g = {.mem = mem, .found = f, .r = out};
    if (!split(&g, folder, &path) || !find_all(&g, path)) return false;
    os_out *receipt = make_receipt(&g);
    if (!receipt) return false;
    bool ok = remove_folder(&g, &g.bundle);
    out->files = g.bundle.there.files;
    out->bytes = g.bundle.bytes;
    for (size_t i = 0; i < g.stages; i++) {
        ok = remove_folder(&g, &g.stage[i]) && ok;
        out->files += g.stage[i].there.files;
        out->bytes += g.stage[i].bytes;
    }
    for (size_t i = 0; i < g.lists; i++)
        if (!os_remove(g.list[i].p)) ok = not_removed(&g, g.list[i]);
    out->folders = g.stages;
    out->lists = g.lists;
    return write_receipt(&g, receipt, ok) && ok;
}
