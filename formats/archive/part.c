#include "archive/part.h"
#include "archive/input.h"
#include "base/limits.h"
#include "base/platform.h"
#include <archive_entry.h>
#include <stdlib.h>

struct archive_part {
    archive_input in;
    struct archive *a;
    uint64_t done;
};

static status refuse(const archive_part *p, finding_code code, sv a)
{
    find_at(p->in.found, code, byte_source_path(p->in.file), a);
    return ST_FATAL;
}

static status broken(const archive_part *p)
{
    const char *why = archive_error_string(p->a);
    if (p->in.failed) return ST_FATAL;
    return refuse(p, F_ARCHIVE_BROKEN, why ? sv_from(why) : SV_LIT("it makes no sense"));
}

static status find(archive_part *p, sv name)
{
    struct archive_entry *e;
    for (unsigned i = 0; i < ARCHIVE_MEMBERS_MAX; i++) {
        int r = archive_read_next_header(p->a, &e);
        if (r == ARCHIVE_EOF) return ST_END;
        if (r != ARCHIVE_OK && r != ARCHIVE_WARN) return broken(p);
        const char *path = archive_entry_pathname_utf8(e);
        if (!path) path = archive_entry_pathname(e);
        if (!path || !sv_eq_nocase(sv_from(path), name)) continue;
        return archive_entry_is_encrypted(e) ? refuse(p, F_ARCHIVE_ENCRYPTED, name) : ST_OK;
    }
    return refuse(p, F_ARCHIVE_TOO_LARGE, SV_LIT("20,000 files"));
}

status archive_part_open(byte_source *file, sv name, findings *f, archive_part **out)
{
    *out = NULL;
    archive_part *p = calloc(1, sizeof *p);
    if (p && archive_input_new(&p->in, file, f)) p->a = archive_read_new();
    if (!p || !p->a) {
        find_code(f, F_OUT_OF_MEMORY, "opening a workbook");
        archive_part_close(p);
        return ST_FATAL;
    }
    os_locale *locale = os_utf8_begin();
    archive_read_support_format_zip(p->a);
    status st = archive_input_open(p->a, &p->in) == ARCHIVE_OK ? find(p, name) : broken(p);
    os_utf8_end(locale);
    if (st == ST_OK)
        *out = p;
    else
        archive_part_close(p);
    return st;
}

status archive_part_read(archive_part *p, void *to, size_t room, size_t *got)
{
    la_ssize_t n = archive_read_data(p->a, to, room);
    *got = n > 0 ? (size_t)n : 0;
    if (n < 0) return broken(p);
    if (n == 0) return ST_END;
    p->done += (uint64_t)n;
    if (p->done > ARCHIVE_RATIO_FREE && p->done / ARCHIVE_RATIO_MAX > byte_source_size(p->in.file))
        return refuse(p, F_ARCHIVE_TOO_LARGE, SV_LIT("250 times its own size"));
    return ST_OK;
}

void archive_part_close(archive_part *p)
{
    if (!p) return;
    archive_read_free(p->a);
    archive_input_free(&p->in);
    free(p);
}
