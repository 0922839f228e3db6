#include "archive/sealed.h"
#include "base/platform.h"
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

struct archive_out {
    struct archive *a;
    archive_sink sink;
    void *ctx;
    const char *why;
    bool over; /* what the library still writes is for nobody */
};

static la_ssize_t give(struct archive *a, void *ctx, const void *p, size_t n)
{
    archive_out *o = ctx;
    if (o->over || o->sink(o->ctx, p, n)) return (la_ssize_t)n;
    archive_set_error(a, ARCHIVE_FATAL, "what was written could not be kept");
    return -1;
}

static bool failed(archive_out *o, const char *otherwise)
{
    const char *why = archive_error_string(o->a);
    if (!o->why) o->why = why ? why : otherwise;
    return false;
}

static bool set_up(archive_out *o, const char *passphrase)
{
    struct archive *a = o->a;
    bool ok = archive_write_set_format_zip(a) == ARCHIVE_OK;
    if (passphrase)
        ok = ok && archive_write_set_options(a, "zip:encryption=aes256") == ARCHIVE_OK &&
             archive_write_set_passphrase(a, passphrase) == ARCHIVE_OK;
    else
        ok = ok && archive_write_zip_set_compression_store(a) == ARCHIVE_OK;
    /* No blocks: what is behind the last byte would be no part of a ZIP. */
    ok = ok && archive_write_set_bytes_per_block(a, 0) == ARCHIVE_OK &&
         archive_write_set_bytes_in_last_block(a, 1) == ARCHIVE_OK;
    return ok && archive_write_open(a, o, NULL, give, NULL) == ARCHIVE_OK;
}

archive_out *archive_out_new(const char *passphrase, archive_sink sink, void *ctx)
{
    archive_out *o = calloc(1, sizeof *o);
    if (!o) return NULL;
    o->sink = sink;
    o->ctx = ctx;
    o->a = archive_write_new();
    if (o->a && set_up(o, passphrase)) return o;
    archive_out_free(o);
    return NULL;
}

void archive_out_free(archive_out *o)
{
    if (!o) return;
    /* Freeing an open one writes the end of it; without that the library keeps some of its memory. */
    o->over = true;
    if (o->a) archive_write_free(o->a);
    free(o);
}

bool archive_out_begin(archive_out *o, sv name, uint64_t bytes)
{
    enum { NAME_ROOM = 1100 };
    char text[NAME_ROOM];
    if (o->why || name.n >= sizeof text) return failed(o, "a name is too long");
    memcpy(text, name.p, name.n);
    text[name.n] = '\0';
    struct archive_entry *e = archive_entry_new();
    if (!e) return failed(o, "out of memory");
    os_locale *locale = os_utf8_begin();
    archive_entry_set_pathname_utf8(e, text);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0600);
    if (bytes <= INT64_MAX) archive_entry_set_size(e, (la_int64_t)bytes);
    bool ok = archive_write_header(o->a, e) == ARCHIVE_OK;
    os_utf8_end(locale);
    archive_entry_free(e);
    return ok || failed(o, "a member could not be begun");
}

bool archive_out_data(archive_out *o, const void *bytes, size_t n)
{
    const char *p = bytes;
    while (n && !o->why) {
        la_ssize_t done = archive_write_data(o->a, p, n);
        if (done <= 0) return failed(o, "a member grew while it was read");
        p += done;
        n -= (size_t)done;
    }
    return !o->why;
}

bool archive_out_end(archive_out *o)
{
    return !o->why && (archive_write_finish_entry(o->a) == ARCHIVE_OK || failed(o, "a member could not be ended"));
}

bool archive_out_close(archive_out *o)
{
    return !o->why &&
           (archive_write_close(o->a) == ARCHIVE_OK || failed(o, "the list of members could not be written"));
}

const char *archive_out_why(const archive_out *o) { return o->why ? o->why : ""; }

/* Headers in place (30), in the list (46) and behind the data (24), what libarchive adds to them (at most 60 each), the name
 * in both, salt, verifier and tag of AES (28). */
uint64_t archive_out_overhead(sv name) { return 30 + 46 + 24 + 2 * 60 + 28 + 2 * (uint64_t)name.n; }
