#include "pack/part_writer.h"
#include "archive/sealed.h"
#include "deliver/bundle_file.h"
#include "pack/part_form.h"
#include <stdlib.h>

enum {
    END_BYTES = 22 + 2,    /* of the ZIP's end, with the length of the comment that is held back */
    ZIP64_BYTES = 20 + 56, /* of its larger form, should the library choose it */
    /* What zlib and libarchive may hold before they write it: a block of 16 K symbols and two buffers of 64 KB. */
    HELD_BYTES = 192 << 10,
    COMMENT_BYTES = sizeof PART_COMMENT - 1 + SHA256_HEX
};

struct part_writer {
    findings *found;
    bundle_file *file;
    sha256 *hash;
    archive_out *zip;
    sv name;
    uint64_t written, list; /* bytes so far; what the list of members will take */
    uint8_t tail[2];        /* the last two bytes so far: at the end the length of the comment */
    size_t tails;
};

static void put(part_writer *w, const void *p, size_t n)
{
    sha256_add(w->hash, p, n);
    bundle_file_text(w->file, (sv){p, n});
}

static bool take(void *ctx, const void *bytes, size_t n)
{
    part_writer *w = ctx;
    const uint8_t *p = bytes;
    w->written += n;
    if (n >= 2) {
        put(w, w->tail, w->tails);
        put(w, p, n - 2);
        memcpy(w->tail, p + n - 2, 2);
        w->tails = 2;
        return !bundle_file_failed(w->file);
    }
    for (; n; n--, p++) {
        if (w->tails == 2) {
            put(w, w->tail, 1);
            w->tail[0] = w->tail[1];
            w->tails = 1;
        }
        w->tail[w->tails++] = *p;
    }
    return !bundle_file_failed(w->file);
}

static bool failed(part_writer *w)
{
    if (bundle_file_failed(w->file)) return false; /* told already */
    return find_at(w->found, F_PACK_MEMBER_FAILED, w->name,
                   sv_from(w->zip ? archive_out_why(w->zip) : "out of memory"));
}

part_writer *part_writer_new(const char *folder, sv name, const char *passphrase, findings *f)
{
    part_writer *w = calloc(1, sizeof *w);
    if (w) {
        w->found = f;
        w->name = name;
        w->hash = sha256_new();
        w->zip = archive_out_new(passphrase, take, w);
    }
    if (!w || !w->hash || !w->zip)
        find_code(f, F_OUT_OF_MEMORY, "packing a bundle");
    else
        w->file = bundle_file_new(folder, name, f);
    if (w && w->file) return w;
    part_writer_abandon(w);
    return NULL;
}

void part_writer_abandon(part_writer *w)
{
    if (!w) return;
    archive_out_free(w->zip);
    sha256_free(w->hash);
    bundle_file_abandon(w->file);
    free(w);
}

bool part_writer_begin(part_writer *w, sv member, uint64_t bytes)
{
    w->list += archive_out_overhead(member);
    return archive_out_begin(w->zip, member, bytes) || failed(w);
}

bool part_writer_data(part_writer *w, const void *p, size_t n) { return archive_out_data(w->zip, p, n) || failed(w); }
bool part_writer_end(part_writer *w) { return archive_out_end(w->zip) || failed(w); }

bool part_writer_whole(part_writer *w, sv member, sv text)
{
    return part_writer_begin(w, member, text.n) && part_writer_data(w, text.p, text.n) && part_writer_end(w);
}

uint64_t part_writer_bytes(const part_writer *w)
{
    return w->written + w->list + END_BYTES + ZIP64_BYTES + COMMENT_BYTES + HELD_BYTES;
}

uint64_t part_writer_room(sv member, uint64_t packed) { return archive_out_overhead(member) + packed; }

static bool close_zip(part_writer *w)
{
    const uint8_t length[2] = {COMMENT_BYTES & 255, COMMENT_BYTES >> 8};
    char hex[SHA256_HEX + 1];
    bool ok = archive_out_close(w->zip) && w->tails == 2 && !w->tail[0] && !w->tail[1];
    if (!ok) return failed(w);
    put(w, length, sizeof length);
    put(w, PART_COMMENT, sizeof PART_COMMENT - 1);
    ok = sha256_end(w->hash, hex);
    w->hash = NULL;
    if (!ok) return failed(w);
    bundle_file_text(w->file, sv_from(hex));
    return true;
}

bool part_writer_close(part_writer *w, file_digest *out)
{
    bool ok = close_zip(w);
    archive_out_free(w->zip);
    w->zip = NULL;
    if (ok) {
        ok = bundle_file_close(w->file, out);
        w->file = NULL;
    }
    part_writer_abandon(w);
    return ok;
}
