#include "pack/restore.h"
#include "archive/member_name.h"
#include "base/limits.h"
#include "base/platform.h"
#include <stdlib.h>

enum { STEP_BYTES = 256 << 10, PATH_BYTES_MAX = 32768 };

struct restore {
    const char *folder;
    const part_index *index;
    findings *found;
    bool (*cancelled)(void *ctx);
    void *ctx;
    uint64_t packed, unpacked, files, bytes;
    char *step;
    buf path;
    /* The member in pieces that is being joined. */
    const part_cut *cut;
    unsigned piece; /* the last one that came */
    size_t joined;  /* members in pieces that are whole */
    os_out *out;
    const char *of; /* the part, for messages */
};

static bool say(const restore *r, finding_code code, const char *path, const char *why)
{
    return find_at(r->found, code, sv_from(path), sv_from(why));
}

static bool hostile(const restore *r, const char *why) { return say(r, F_PACK_HOSTILE, r->of, why); }

restore *restore_new(const char *folder, const part_index *index, uint64_t packed, findings *f,
                     bool (*cancelled)(void *ctx), void *ctx)
{
    restore *r = calloc(1, sizeof *r);
    if (r) r->step = malloc(STEP_BYTES);
    if (!r || !r->step) {
        find_code(f, F_OUT_OF_MEMORY, "unpacking a bundle");
        restore_free(r);
        return NULL;
    }
    r->folder = folder;
    r->index = index;
    r->packed = packed;
    r->found = f;
    r->cancelled = cancelled;
    r->ctx = ctx;
    r->path = buf_new(PATH_BYTES_MAX);
    return r;
}

static bool close_out(restore *r)
{
    const char *why = "";
    if (!r->out) return true;
    bool ok = os_close(r->out, &why);
    r->out = NULL;
    return ok || say(r, F_OUT_WRITE_FAILED, r->folder, why);
}

void restore_free(restore *r)
{
    if (!r) return;
    (void)close_out(r);
    buf_free(&r->path);
    free(r->step);
    free(r);
}

/* ---- paths ---- */

/* The path of a name in the folder, in r->path, the folders on the way to it made. */
static bool make_way(restore *r, sv name, bool folder_itself)
{
    const char *why = "out of memory";
    buf_clear(&r->path);
    buf_printf(&r->path, "%s/", r->folder);
    for (size_t i = 0; i <= name.n; i++) {
        const bool end = i == name.n;
        if (end ? folder_itself : name.p[i] == '/') {
            buf_char(&r->path, '\0');
            if (r->path.failed || (!os_is_folder(r->path.p) && !os_make_folder(r->path.p, &why)))
                return say(r, F_OUT_CREATE_FAILED, r->folder, why);
            r->path.n--;
        }
        if (!end) buf_char(&r->path, name.p[i]);
    }
    buf_char(&r->path, '\0');
    return !r->path.failed || say(r, F_OUT_CREATE_FAILED, r->folder, why);
}

static bool create(restore *r, sv name)
{
    const char *why = "";
    if (!make_way(r, name, false)) return false;
    if (os_exists(r->path.p)) return hostile(r, "there twice");
    r->out = os_create(r->path.p, &why);
    return r->out || say(r, F_OUT_CREATE_FAILED, r->folder, why);
}

/* ---- bytes ---- */

static bool count_bytes(restore *r, size_t n)
{
    const uint64_t before = r->unpacked;
    r->unpacked += n;
    if (r->unpacked > ARCHIVE_BYTES_MAX) return say(r, F_PACK_BOMB, r->of, "512 GB");
    if (r->unpacked > ARCHIVE_RATIO_FREE && r->unpacked / ARCHIVE_RATIO_MAX > r->packed)
        return say(r, F_PACK_BOMB, r->of, "250 times its own size");
    /* Asked now and then: others write to the disk as well. */
    if ((before >> 26) == (r->unpacked >> 26) && before) return true;
    return os_free_space(r->folder) >= ARCHIVE_SPARE_BYTES + n ||
           say(r, F_OUT_WRITE_FAILED, r->folder, "the disk is nearly full");
}

static bool copy_member(restore *r, archive_in *a, bool counts)
{
    const char *why = "";
    size_t got = 0;
    archive_in_state s;
    while ((s = archive_in_read(a, r->step, STEP_BYTES, &got)) == ARCHIVE_IN_OK) {
        if (r->cancelled && r->cancelled(r->ctx)) return false;
        if (!count_bytes(r, got)) return false;
        if (!os_write(r->out, r->step, got, &why)) return say(r, F_OUT_WRITE_FAILED, r->folder, why);
        if (counts) r->bytes += got;
    }
    return s == ARCHIVE_IN_END || part_says(r->of, s, a, r->found);
}

/* ---- members ---- */

static const part_cut *cut_named(const part_index *x, sv name)
{
    for (size_t i = 0; i < x->cuts; i++)
        if (sv_eq(x->cut[i].name, name)) return &x->cut[i];
    return NULL;
}

/* Pieces come one behind the other, without others between them. */
static bool take_piece(restore *r, archive_in *a, const part_cut *c, unsigned number)
{
    if (number == 1 && !r->cut) {
        r->cut = c;
        r->piece = 0;
        if (!create(r, c->name)) return false;
    }
    if (r->cut != c || number != r->piece + 1) return hostile(r, "a piece that does not follow on the one before it");
    r->piece = number;
    const bool nest = sv_eq(c->name, SV_LIT(NEST_MEMBER));
    if (!copy_member(r, a, !nest)) return false;
    if (number < c->pieces) return true;
    r->cut = NULL;
    r->joined++;
    r->files += !nest;
    return close_out(r);
}

static bool take_whole(restore *r, archive_in *a, sv name, bool counts)
{
    if (r->cut) return hostile(r, "between two pieces of another one");
    if (!create(r, name) || !copy_member(r, a, counts)) return false;
    r->files += counts;
    return close_out(r);
}

static bool take_member(restore *r, archive_in *a, sv name)
{
    sv stem = name;
    if (part_name_is_head(name) || sv_eq(name, SV_LIT(INDEX_MEMBER))) return true;
    const unsigned number = part_piece_of(&stem);
    const part_cut *c = number ? cut_named(r->index, stem) : NULL;
    if (c) return take_piece(r, a, c, number);
    return take_whole(r, a, name, !sv_eq(name, SV_LIT(NEST_MEMBER)));
}

static bool all_members(restore *r, byte_source *file, const char *passphrase,
                        bool (*take)(restore *, archive_in *, sv))
{
    sv name;
    archive_in *a = archive_in_new(file, passphrase, r->found);
    archive_in_state s = ARCHIVE_IN_OK;
    bool ok = true;
    while (a && ok && (s = archive_in_next(a, &name)) == ARCHIVE_IN_OK) ok = take(r, a, name);
    if (!a)
        find_code(r->found, F_OUT_OF_MEMORY, "unpacking a bundle");
    else if (ok && s != ARCHIVE_IN_END)
        ok = part_says(r->of, s, a, r->found);
    archive_in_free(a);
    return a && ok;
}

bool restore_part(restore *r, const part_file *p, const char *passphrase)
{
    byte_source *file = byte_source_file(p->path, r->found);
    r->of = p->path;
    bool ok = file && all_members(r, file, passphrase, take_member);
    byte_source_close(file);
    return ok;
}

static bool take_hidden(restore *r, archive_in *a, sv name)
{
    if (sv_eq(name, SV_LIT(NEST_MEMBER))) return hostile(r, "there twice");
    return take_whole(r, a, name, true);
}

static bool unpack_hidden(restore *r)
{
    if (!make_way(r, SV_LIT(NEST_MEMBER), false)) return false;
    if (!os_exists(r->path.p)) return true;
    buf path = buf_new(PATH_BYTES_MAX);
    buf_add(&path, r->path.p, r->path.n);
    byte_source *file = path.failed ? NULL : byte_source_file(path.p, r->found);
    bool ok = file && all_members(r, file, NULL, take_hidden);
    byte_source_close(file);
    if (ok && !os_remove(path.p)) ok = say(r, F_OUT_NOT_REMOVED, r->folder, "");
    buf_free(&path);
    return ok;
}

bool restore_finish(restore *r, uint64_t *files, uint64_t *bytes)
{
    if (r->cut || r->joined != r->index->cuts) return hostile(r, "in fewer pieces than its index says");
    if (!unpack_hidden(r)) return false;
    for (size_t i = 0; i < r->index->empties; i++) {
        const char *why = archive_unwritable_name(r->index->empty[i]);
        if (why) return hostile(r, why);
        if (!make_way(r, r->index->empty[i], true)) return false;
    }
    *files = r->files;
    *bytes = r->bytes;
    return true;
}
