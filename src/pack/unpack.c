/* From parts to a bundle. All parts are looked at first: whole, of one pack, each there once. Then their members are written
 * into a folder that gets its name when it is a bundle that verify accepts. */
#include "base/partial_folder.h"
#include "base/platform.h"
#include "base/text_file.h"
#include "convert/convert.h"
#include "pack/pack.h"
#include "pack/restore.h"
#include <inttypes.h>
#include <stdlib.h>

typedef struct unpacking {
    const unpack_options *o;
    findings *found;
    arena *mem;
    part_file *part;
    size_t parts;
    part_index index;
    partial_folder *folder;
    const char *bundle; /* a folder in it, so that nothing of ours is among the bundle's files */
} unpacking;

static bool stopped(const unpacking *u) { return u->o->cancelled && u->o->cancelled(u->o->ctx); }

static bool no_memory(unpacking *u)
{
    find_code(u->found, F_OUT_OF_MEMORY, "unpacking a bundle");
    return false;
}

static bool say(unpacking *u, finding_code code, const char *path, sv a, sv b)
{
    finding x = FINDING_OF(code);
    x.path = sv_from(path);
    x.a = a;
    x.b = b;
    find_add(u->found, &x);
    return false;
}

/* ---- which parts ---- */

static bool check_one(unpacking *u, const char *path)
{
    if (stopped(u)) return false;
    if (u->parts == PARTS_MAX) return say(u, F_PACK_NO_PART, path, SV_LIT("more than 9,999 were named"), (sv){NULL, 0});
    return part_file_check(path, u->o->passphrase, u->mem, u->found, &u->part[u->parts++]);
}

/* Every one is looked at, so that all that is wrong is told at once. */
static bool check_folder(unpacking *u, const char *folder)
{
    const char *why = "";
    sv *name = NULL;
    size_t n = 0;
    if (!text_folder_names(folder, ".zip", u->mem, &name, &n, &why))
        return say(u, F_PACK_NO_PART, folder, sv_from(why), (sv){NULL, 0});
    bool ok = n || say(u, F_PACK_NO_PART, folder, SV_LIT("the folder holds no ZIP file"), (sv){NULL, 0});
    for (size_t i = 0; i < n; i++) {
        sv path = arena_printf(u->mem, "%s/%.*s", folder, (int)name[i].n, name[i].p);
        ok = path.p ? check_one(u, path.p) && ok : no_memory(u);
    }
    return ok;
}

static bool check_all(unpacking *u)
{
    bool ok = true;
    u->part = arena_array(u->mem, PARTS_MAX, sizeof *u->part);
    if (!u->part) return no_memory(u);
    for (size_t i = 0; i < u->o->parts && !stopped(u); i++)
        ok = (os_is_folder(u->o->part[i]) ? check_folder(u, u->o->part[i]) : check_one(u, u->o->part[i])) && ok;
    return ok && !stopped(u);
}

/* ---- of one pack ---- */

static size_t of_pack(const unpacking *u, sv pack)
{
    size_t n = 0;
    for (size_t i = 0; i < u->parts; i++) n += sv_eq(u->part[i].pack, pack);
    return n;
}

/* The pack that most parts are of; the others are the foreign ones. */
static bool of_one_pack(unpacking *u)
{
    sv most = u->part[0].pack;
    for (size_t i = 1; i < u->parts; i++)
        if (of_pack(u, u->part[i].pack) > of_pack(u, most)) most = u->part[i].pack;
    bool ok = true;
    for (size_t i = 0; i < u->parts; i++)
        if (!sv_eq(u->part[i].pack, most)) ok = say(u, F_PACK_FOREIGN, u->part[i].path, u->part[i].pack, most);
    return ok;
}

static int by_number(const void *a, const void *b)
{
    const part_file *x = a, *y = b;
    return x->part < y->part ? -1 : x->part > y->part;
}

static bool missing(unpacking *u, const char *format, unsigned a, unsigned b)
{
    sv text = arena_printf(u->mem, "part %u %s", a, format);
    if (b != a) text = arena_printf(u->mem, "parts %u to %u %s", a, b, format);
    return text.p ? say(u, F_PACK_PART_MISSING, "", u->part[0].pack, text) : no_memory(u);
}

static bool each_once(unpacking *u)
{
    bool ok = true;
    unsigned next = 1;
    qsort(u->part, u->parts, sizeof *u->part, by_number);
    for (size_t i = 0; i < u->parts; i++) {
        const part_file *p = &u->part[i];
        if (i && p->part == p[-1].part) {
            sv number = arena_printf(u->mem, "%u", p->part);
            ok = say(u, F_PACK_TWICE, p->path, number, (sv){NULL, 0});
        } else if (p->part > next)
            ok = missing(u, "is not among those that were named", next, p->part - 1);
        next = p->part + 1;
    }
    return ok;
}

static bool complete(unpacking *u)
{
    bool there = false;
    const part_file *last = &u->part[u->parts - 1];
    if (!part_index_read(last, u->o->passphrase, u->mem, u->found, &u->index, &there)) return false;
    if (!there)
        return missing(u, "and what may follow it is not among those that were named", last->part + 1, last->part + 1);
    if (!sv_eq(u->index.pack, last->pack) || u->index.parts != last->part)
        return say(u, F_PACK_NO_PART, last->path, SV_LIT("its index is that of another pack"), (sv){NULL, 0});
    for (size_t i = 0; i + 1 < u->parts; i++)
        if (!sv_eq(u->part[i].sha256, u->index.sha256[i]))
            return say(u, F_PACK_DAMAGED, u->part[i].path, SV_LIT("it is not the part that was packed with the others"),
                       (sv){NULL, 0});
    return true;
}

/* ---- writing ---- */

static bool restore_all(unpacking *u, unpack_result *out)
{
    uint64_t packed = 0;
    const char *why = "out of memory";
    u->bundle = arena_printf(u->mem, "%s/bundle", partial_folder_path(u->folder)).p;
    if (!u->bundle || !os_make_folder(u->bundle, &why))
        return say(u, F_OUT_CREATE_FAILED, partial_folder_path(u->folder), sv_from(why), (sv){NULL, 0});
    for (size_t i = 0; i < u->parts; i++) packed += u->part[i].bytes;
    restore *r = restore_new(u->bundle, &u->index, packed, u->found, u->o->cancelled, u->o->ctx);
    bool ok = r != NULL;
    for (size_t i = 0; ok && i < u->parts; i++) ok = restore_part(r, &u->part[i], u->o->passphrase);
    ok = ok && restore_finish(r, &out->files, &out->bytes);
    restore_free(r);
    return ok && !stopped(u);
}

static bool is_the_bundle(unpacking *u, const unpack_result *x)
{
    if (x->files != u->index.files || x->bytes != u->index.bytes)
        return say(u, F_PACK_CONTENT, u->o->out, SV_LIT("there are other files than were packed"), (sv){NULL, 0});
    return convert_verify(u->bundle, u->found) ||
           say(u, F_PACK_CONTENT, u->o->out, SV_LIT("it is not the bundle that its manifest tells of"), (sv){NULL, 0});
}

static pack_end why_not(const unpacking *u)
{
    static const finding_code output[] = {F_OUT_EXISTS, F_OUT_PARTIAL_EXISTS, F_OUT_CREATE_FAILED, F_OUT_WRITE_FAILED,
                                          F_OUT_RENAME_FAILED};
    if (stopped(u)) return PACK_CANCELLED;
    for (size_t i = 0; i < sizeof output / sizeof output[0]; i++)
        if (findings_count(u->found, output[i])) return PACK_OUTPUT;
    return findings_count(u->found, F_OUT_OF_MEMORY) ? PACK_FAILED : PACK_SOURCE;
}

pack_end unpack_bundle(const unpack_options *o, findings *f, unpack_result *out)
{
    *out = (unpack_result){.files = 0};
    unpacking u = {.o = o, .found = f, .mem = arena_new(0)};
    bool ok = u.mem ? check_all(&u) && of_one_pack(&u) && each_once(&u) && complete(&u) : no_memory(&u);
    if (ok) u.folder = partial_folder_new(o->out, f);
    ok = ok && u.folder && restore_all(&u, out) && is_the_bundle(&u, out);
    ok = ok && partial_folder_finish_with(u.folder, u.bundle);
    out->parts = u.parts;
    if (u.folder && !ok && !findings_count(f, F_OUT_RENAME_FAILED)) (void)partial_folder_discard(u.folder);
    partial_folder_free(u.folder);
    pack_end end = ok ? PACK_DONE : why_not(&u);
    arena_free(u.mem);
    return end;
}
