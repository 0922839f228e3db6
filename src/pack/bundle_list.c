#include "pack/bundle_list.h"
#include "base/platform.h"
#include "convert/tree.h"
#include "pack/part_form.h"
#include <stdlib.h>

static int by_path(const void *a, const void *b)
{
    return sv_cmp(((const pack_file *)a)->path, ((const pack_file *)b)->path);
}

static void add(bundle_list *b, const pack_file *x)
{
    if (part_name_is_plain(x->path))
        b->plain[b->plains++] = *x;
    else
        b->hidden[b->hiddens++] = *x;
    b->bytes += x->bytes;
}

static bool add_manifest(bundle_list *b, arena *mem)
{
    const char *why = "out of memory";
    sv path = arena_printf(mem, "%s/%s", b->run.folder, TREE_MANIFEST);
    os_file *f = path.p ? os_open_read(path.p, &why) : NULL;
    if (!f) return finished_run_wrong(&b->run, SV_LIT(TREE_MANIFEST), why);
    const pack_file x = {.path = SV_LIT(TREE_MANIFEST), .bytes = os_file_size(f)};
    os_close_read(f);
    add(b, &x);
    return true;
}

/* Each file that is there stands in the manifest, and the other way round. */
static bool same_files(bundle_list *b, const tree *there, const pack_file *all, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < there->files; i++) {
        if (sv_eq(there->file[i], SV_LIT(TREE_MANIFEST))) continue;
        if (at == n || sv_cmp(there->file[i], all[at].path) < 0)
            return finished_run_wrong(&b->run, there->file[i], "it is no file of the bundle, and would travel with it");
        if (!sv_eq(there->file[i], all[at].path)) break;
        at++;
    }
    return at == n || finished_run_wrong(&b->run, all[at].path, "it is not there");
}

static bool has_file(const tree *t, sv folder)
{
    size_t low = 0, high = t->files;
    while (low < high) { /* the first path that is not before the folder's */
        size_t mid = low + (high - low) / 2;
        if (sv_cmp(t->file[mid], folder) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    /* Between "a" and "a/b" may stand "a.csv". */
    for (; low < t->files && sv_starts(t->file[low], folder); low++)
        if (t->file[low].n > folder.n && t->file[low].p[folder.n] == '/') return true;
    return false;
}

static bool list_folders(bundle_list *b, const tree *t, arena *mem)
{
    b->empty = arena_array(mem, t->folders + 1, sizeof *b->empty);
    for (size_t i = 0; b->empty && i < t->folders; i++)
        if (!has_file(t, t->folder[i])) b->empty[b->empties++] = t->folder[i];
    return b->empty != NULL;
}

static bool list_files(bundle_list *b, const tree *there, arena *mem)
{
    const json_t *files = json_object_get(b->run.manifest, "files");
    const size_t n = json_array_size(files);
    pack_file *all = arena_array(mem, n + 1, sizeof *all);
    b->plain = arena_array(mem, n + 2, sizeof *b->plain);
    b->hidden = arena_array(mem, n + 2, sizeof *b->hidden);
    if (!all || !b->plain || !b->hidden || !list_folders(b, there, mem)) {
        find_code(b->run.found, F_OUT_OF_MEMORY, "listing a bundle");
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const json_t *x = json_array_get(files, i);
        const json_int_t bytes = json_integer_value(json_object_get(x, "bytes"));
        all[i] =
            (pack_file){json_member_text(x, "path"), json_member_text(x, "sha256"), (uint64_t)(bytes < 0 ? 0 : bytes)};
        if (!all[i].path.n || all[i].sha256.n != SHA256_HEX || bytes < 0)
            return finished_run_wrong(&b->run, (sv){NULL, 0}, "its manifest is not one of chartferry's");
    }
    if (n) qsort(all, n, sizeof *all, by_path);
    if (!same_files(b, there, all, n) || !add_manifest(b, mem)) return false;
    for (size_t i = 0; i < n; i++) add(b, &all[i]);
    return true;
}

bool bundle_list_read(const char *bundle, arena *mem, findings *f, bundle_list *out)
{
    tree there;
    const char *why = "";
    *out = (bundle_list){.plains = 0};
    if (!finished_run_open(bundle, mem, f, &out->run)) return false;
    if (!tree_list(bundle, mem, &there, &why)) return finished_run_wrong(&out->run, (sv){NULL, 0}, why);
    return list_files(out, &there, mem);
}

void bundle_list_free(bundle_list *b) { finished_run_close(&b->run); }
