#include "base/platform.h"
#include "deliver/bundle_file.h"
#include "deliver/package_write.h"
#include "zip/zip_writer.h"

struct package_out {
    const destination *d;
    const deliver_run *run;
    delivered_list *files;
    fact_step *step;
    size_t steps, room;
};

arena *package_mem(package_out *out) { return out->run->mem; }
findings *package_findings(package_out *out) { return out->run->found; }

status package_no_memory(package_out *out)
{
    find_code(out->run->found, F_OUT_OF_MEMORY, "writing a package of the bundle");
    return ST_FATAL;
}

static bool good_name(sv s)
{
    if (!s.n || *s.p == '.' || *s.p == ' ') return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("._- []", c);
        if (!c || !plain) return false;
    }
    return true;
}

static status make_folder(const package_out *out, sv relative)
{
    const char *why = "out of memory";
    sv full = arena_printf(out->run->mem, "%s/%.*s", out->run->folder, (int)relative.n, relative.p);
    if (full.p && (os_exists(full.p) || os_make_folder(full.p, &why))) return ST_OK;
    find_at(out->run->found, F_OUT_CREATE_FAILED, relative, sv_from(why));
    return ST_FATAL;
}

/* Each folder of the path; false: a name that is none, a defect of the emitter. */
static status make_folders(const package_out *out, sv path)
{
    for (size_t i = 0, from = 0; i <= path.n; i++) {
        if (i < path.n && path.p[i] != '/') continue;
        if (!good_name((sv){path.p + from, i - from})) {
            find_at(out->run->found, F_OUT_CREATE_FAILED, path, SV_LIT("a package may not have a file of that name"));
            return ST_FATAL;
        }
        from = i + 1;
        if (i == path.n) continue;
        sv folder = arena_printf(out->run->mem, "%.*s/%.*s", (int)out->d->id.n, out->d->id.p, (int)i, path.p);
        if (!folder.p || make_folder(out, folder) != ST_OK) return ST_FATAL;
    }
    return ST_OK;
}

/* Records of a CSV file as they were counted on the way to the disk, without the heading: the manifest says them. */
static uint64_t rows_of(sv path, const file_digest *d)
{
    return sv_ends(path, SV_LIT(".csv")) && d->records ? d->records - 1 : 0;
}

status package_file(package_out *out, sv path, sv bytes) { return package_list(out, path, bytes, 0); }

status package_list(package_out *out, sv path, sv bytes, uint64_t records)
{
    file_digest digest;
    sv full = arena_printf(out->run->mem, "%.*s/%.*s", (int)out->d->id.n, out->d->id.p, (int)path.n, path.p);
    if (!full.p) return package_no_memory(out);
    if (make_folders(out, path) != ST_OK) return ST_FATAL;
    delivered_file f = {.path = full, .rows = records};
    bundle_file *b = bundle_file_new(out->run->folder, full, out->run->found);
    if (!b) return ST_FATAL;
    bundle_file_text(b, bytes);
    if (!bundle_file_close(b, &digest)) return ST_FATAL;
    f.bytes = digest.bytes;
    if (!f.rows) f.rows = rows_of(path, &digest);
    memcpy(f.sha256, digest.sha256, sizeof f.sha256);
    return delivered_add(out->files, out->run->mem, &f) ? ST_OK : package_no_memory(out);
}

static sv path_within(const package_out *out, sv path)
{
    return arena_printf(out->run->mem, "%.*s/%.*s", (int)out->d->id.n, out->d->id.p, (int)path.n, path.p);
}

const char *package_place(package_out *out, sv path)
{
    sv within = path_within(out, path);
    sv disk = arena_printf(out->run->mem, "%s/%.*s", out->run->folder, (int)within.n, within.p ? within.p : "");
    if (!within.p || !disk.p) {
        (void)package_no_memory(out);
        return NULL;
    }
    return make_folders(out, path) == ST_OK ? disk.p : NULL;
}

const char *package_folder(package_out *out) { return out->run->folder; }

status package_placed(package_out *out, sv path)
{
    file_digest digest;
    const char *why = "", *disk = package_place(out, path);
    sv within = path_within(out, path);
    if (!disk || !within.p) return ST_FATAL;
    if (!digest_file(disk, &digest, &why)) {
        find_at(out->run->found, F_OUT_CREATE_FAILED, path, sv_from(why));
        return ST_FATAL;
    }
    delivered_file f = {.path = within, .rows = rows_of(path, &digest), .bytes = digest.bytes};
    memcpy(f.sha256, digest.sha256, sizeof f.sha256);
    return delivered_add(out->files, out->run->mem, &f) ? ST_OK : package_no_memory(out);
}

status package_zip(package_out *out, sv path, const package_member *member, size_t n)
{
    const char *disk = package_place(out, path);
    if (!disk) return ST_FATAL;
    zip_writer *z = zip_writer_open(disk, out->run->found);
    bool ok = z != NULL;
    for (size_t i = 0; ok && i < n; i++) ok = zip_writer_add(z, member[i].path, ZIP_SMALL, member[i].bytes);
    if (!ok) {
        zip_writer_abandon(z);
        return ST_FATAL;
    }
    return zip_writer_close(z) ? package_placed(out, path) : ST_FATAL;
}

status package_step(package_out *out, const fact_step *step)
{
    if (out->steps == out->room) {
        size_t room = out->room ? out->room * 2 : 32;
        fact_step *more = arena_array(out->run->mem, room, sizeof *more);
        if (!more) return package_no_memory(out);
        if (out->steps) memcpy(more, out->step, out->steps * sizeof *more);
        out->step = more;
        out->room = room;
    }
    out->step[out->steps++] = *step;
    return ST_OK;
}

status packages_write(const deliver_facts *facts, const deliver_run *run, delivered_list *files)
{
    package_out out = {.d = facts->destination, .run = run, .files = files};
    deliver_facts told = *facts;
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < facts->destination->packages; i++)
        for (size_t k = 0; s == ST_OK && k < run->emitters; k++)
            if (sv_eq(facts->destination->package[i], sv_from(run->emitter[k]->key)))
                s = run->emitter[k]->emit(facts, &out);
    told.step = out.step;
    told.steps = out.steps;
    for (size_t i = 0; s == ST_OK && i < run->always_n; i++) s = run->always[i]->emit(&told, &out);
    return s;
}

status package_text(const destination *d, const deliver_run *run, sv name, sv text, delivered_list *files)
{
    package_out out = {.d = d, .run = run, .files = files};
    return package_file(&out, name, text);
}
