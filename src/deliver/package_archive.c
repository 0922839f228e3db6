#include "deliver/package_archive.h"
#include "base/platform.h"
#include "zip/zip_writer.h"

struct package_archive {
    package_out *out;
    zip_writer *zip; /* NULL: closed, or given up */
    sv path;         /* within the destination's folder */
};

enum { COPY_BYTES = 1 << 16 };

package_archive *package_archive_open(package_out *out, sv path)
{
    package_archive *a = arena_alloc(package_mem(out), sizeof *a);
    sv kept = arena_sv(package_mem(out), path);
    if (!a || !kept.p) {
        (void)package_no_memory(out);
        return NULL;
    }
    *a = (package_archive){.out = out, .path = kept};
    const char *place = package_place(out, kept);
    a->zip = place ? zip_writer_open(place, package_findings(out)) : NULL;
    return a->zip ? a : NULL;
}

static status unreadable(const package_archive *a, sv path, const char *why)
{
    find_at(package_findings(a->out), F_OPEN_ERROR, path, sv_from(why));
    return ST_FATAL;
}

status package_archive_file(package_archive *a, sv name, sv from)
{
    const char *why = "out of memory";
    sv full = arena_printf(package_mem(a->out), "%s/%.*s", package_folder(a->out), (int)from.n, from.p);
    os_file *f = full.p ? os_open_read(full.p, &why) : NULL;
    if (!f) return unreadable(a, from, why);
    char room[COPY_BYTES];
    uint64_t at = 0;
    size_t got = 1;
    bool ok = zip_writer_begin(a->zip, name, ZIP_TABLE, os_file_size(f)), read = true;
    while (ok && got) {
        read = os_read_at(f, at, room, sizeof room, &got, &why);
        ok = read && zip_writer_write(a->zip, room, got);
        at += got;
    }
    os_close_read(f);
    if (!read) return unreadable(a, from, why);
    return ok && zip_writer_end(a->zip) ? ST_OK : ST_FATAL;
}

uint64_t package_archive_bytes_with(const package_archive *a, sv name, uint64_t bytes)
{
    return zip_writer_bytes_with(a->zip, name, ZIP_TABLE, bytes);
}

status package_archive_close(package_archive *a)
{
    zip_writer *zip = a->zip;
    a->zip = NULL;
    return zip_writer_close(zip) ? package_placed(a->out, a->path) : ST_FATAL;
}

void package_archive_abandon(package_archive *a)
{
    if (a && a->zip) zip_writer_abandon(a->zip);
    if (a) a->zip = NULL;
}
