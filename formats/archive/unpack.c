#include "archive/unpack.h"
#include "archive/input.h"
#include "archive/member_name.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/platform.h"
#include <archive_entry.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_ROOM = 256 << 10 };

/* A member in memory. */
typedef struct held {
    struct held *next;
    char *p;
} held;

struct archive_store {
    findings *found;
    char *folder;
    os_file *work;
    held *held;
    size_t in_memory;
};

archive_store *archive_store_new(const char *folder, findings *f)
{
    archive_store *s = calloc(1, sizeof *s);
    if (s) s->folder = memory_text(sv_from(folder ? folder : os_temp_folder()));
    if (!s || !s->folder) {
        free(s);
        return NULL;
    }
    s->found = f;
    return s;
}

void archive_store_free(archive_store *s)
{
    if (!s) return;
    for (held *h = s->held, *next; h; h = next) {
        next = h->next;
        free(h->p);
        free(h);
    }
    os_close_read(s->work);
    free(s->folder);
    free(s);
}

bool archive_begins(const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    if (n >= 4 && memcmp(p, "PK\x03\x04", 4) == 0) return true;
    if (n >= 6 && memcmp(p, "7z\xBC\xAF\x27\x1C", 6) == 0) return true;
    if (n >= 3 && memcmp(p, "\x1F\x8B\x08", 3) == 0) return true;
    return n >= 265 && memcmp(p + 257, "ustar", 5) == 0;
}

/* ---- one archive ---- */

typedef struct unpacker {
    archive_store *s;
    byte_source *file;
    const archive_taker *t;
    struct archive *a;
    archive_input in;
    uint64_t unpacked, members;
    bool gzip;
    /* The present member. */
    buf name, full; /* its own path; with the archive's before it */
    char *p;        /* in memory so far */
    size_t n, room;
    bool in_file;
    uint64_t file_at; /* where it begins in the work file */
} unpacker;

static status refuse(unpacker *u, finding_code code, sv a, sv b)
{
    finding x = FINDING_OF(code);
    x.path = byte_source_path(u->file);
    x.a = a;
    x.b = b;
    find_add(u->s->found, &x);
    return ST_FATAL;
}

static status no_memory(unpacker *u)
{
    find_code(u->s->found, F_OUT_OF_MEMORY, "unpacking an archive");
    return ST_FATAL;
}

static status broken(unpacker *u)
{
    if (u->in.failed) return ST_FATAL; /* told already */
    const char *why = archive_error_string(u->a);
    if (why && strstr(why, "ncrypt")) return refuse(u, F_ARCHIVE_ENCRYPTED, buf_view(&u->name), (sv){NULL, 0});
    return refuse(u, F_ARCHIVE_BROKEN, why ? sv_from(why) : SV_LIT("it makes no sense"), (sv){NULL, 0});
}

static bool open_archive(unpacker *u)
{
    struct archive *a = u->a = archive_read_new();
    if (!a) return false;
    archive_read_support_format_zip(a);
    archive_read_support_format_7zip(a);
    archive_read_support_format_tar(a);
    if (u->gzip) {
        archive_read_support_filter_gzip(a);
        archive_read_support_format_raw(a);
    }
    return archive_input_open(a, &u->in) == ARCHIVE_OK;
}

/* ---- names ---- */

/* One gzipped file has the archive's name without its ending. */
static sv gzip_name(const unpacker *u)
{
    sv leaf = path_leaf(byte_source_path(u->file));
    if (sv_ends_nocase(leaf, SV_LIT(".gz"))) leaf.n -= 3;
    return leaf;
}

static bool take_name(unpacker *u, struct archive_entry *e)
{
    const char *name = archive_entry_pathname_utf8(e);
    if (!name) name = archive_entry_pathname(e);
    buf_clear(&u->name);
    buf_clear(&u->full);
    if (u->gzip && archive_format(u->a) == ARCHIVE_FORMAT_RAW)
        buf_sv(&u->name, gzip_name(u));
    else if (name && *name)
        buf_str(&u->name, name);
    else
        buf_printf(&u->name, "member-%" PRIu64, u->members);
    buf_sv(&u->full, byte_source_path(u->file));
    buf_char(&u->full, '/');
    buf_sv(&u->full, buf_view(&u->name));
    buf_char(&u->full, '\0');
    return !u->name.failed && !u->full.failed;
}

static const char *unsafe_entry(struct archive_entry *e)
{
    if (archive_entry_hardlink(e) || archive_entry_symlink(e)) return "a link to another file";
    switch (archive_entry_filetype(e)) {
    case AE_IFREG:
    case AE_IFDIR:
    case 0: return NULL;
    case AE_IFLNK: return "a link to another file";
    default: return "a device and no file";
    }
}

/* What Macs add beside each file. */
static bool is_shadow(sv path)
{
    sv leaf = path_leaf(path);
    return sv_starts(path, SV_LIT("__MACOSX/")) || (leaf.n && leaf.p[0] == '.');
}

/* ---- bytes ---- */

static status no_space(unpacker *u, const char *why)
{
    return refuse(u, F_ARCHIVE_NO_SPACE, sv_from(why), sv_from(u->s->folder));
}

static status append(unpacker *u, const void *p, size_t n)
{
    const char *why = "";
    archive_store *s = u->s;
    uint64_t before = os_file_size(s->work);
    /* Asked now and then: others write to the disk as well. */
    if ((before >> 26) != ((before + n) >> 26) || before == 0) {
        uint64_t space = os_free_space(s->folder);
        if (space < ARCHIVE_SPARE_BYTES + n) return no_space(u, "the disk is nearly full");
    }
    return os_append(s->work, p, n, &why) ? ST_OK : no_space(u, why);
}

static status to_file(unpacker *u)
{
    const char *why = "";
    archive_store *s = u->s;
    if (!s->work) s->work = os_create_nameless(s->folder, &why);
    if (!s->work) return no_space(u, why);
    u->in_file = true;
    u->file_at = os_file_size(s->work);
    status st = u->n ? append(u, u->p, u->n) : ST_OK;
    free(u->p);
    u->p = NULL;
    u->n = u->room = 0;
    return st;
}

static status keep_bytes(unpacker *u, const void *p, size_t n)
{
    if (!u->in_file && u->s->in_memory + u->n + n > ARCHIVE_MEMORY_BYTES) {
        status st = to_file(u);
        if (st != ST_OK) return st;
    }
    if (u->in_file) return append(u, p, n);
    if (u->n + n > u->room) {
        size_t room = u->room ? u->room * 2 : FIRST_ROOM;
        if (room < u->n + n) room = u->n + n;
        char *q = realloc(u->p, room);
        if (!q) return no_memory(u);
        u->p = q;
        u->room = room;
    }
    memcpy(u->p + u->n, p, n);
    u->n += n;
    return ST_OK;
}

static status count_bytes(unpacker *u, uint64_t n)
{
    uint64_t size = byte_source_size(u->file);
    u->unpacked = n > UINT64_MAX - u->unpacked ? UINT64_MAX : u->unpacked + n;
    if (u->unpacked > ARCHIVE_BYTES_MAX) return refuse(u, F_ARCHIVE_TOO_LARGE, SV_LIT("512 GB"), (sv){NULL, 0});
    if (u->unpacked > ARCHIVE_RATIO_FREE && u->unpacked / ARCHIVE_RATIO_MAX > size)
        return refuse(u, F_ARCHIVE_TOO_LARGE, SV_LIT("250 times its own size"), (sv){NULL, 0});
    return ST_OK;
}

/* The archive says how large the member is: does it fit at all? */
static status check_size(unpacker *u, struct archive_entry *e)
{
    if (!archive_entry_size_is_set(e)) return ST_OK;
    int64_t size = archive_entry_size(e);
    if (size < 0 || (uint64_t)size > ARCHIVE_BYTES_MAX)
        return refuse(u, F_ARCHIVE_TOO_LARGE, SV_LIT("512 GB"), (sv){NULL, 0});
    if (u->s->in_memory + (uint64_t)size <= ARCHIVE_MEMORY_BYTES) return ST_OK;
    uint64_t space = os_free_space(u->s->folder);
    return (uint64_t)size + ARCHIVE_SPARE_BYTES > space ? no_space(u, "there is not enough free space") : ST_OK;
}

/* ---- members ---- */

/* Hands the unpacked member over; memory stays with the store. */
static status hand_over(unpacker *u)
{
    archive_store *s = u->s;
    byte_source *file = NULL;
    if (u->in_file) {
        file = byte_source_range(s->work, u->file_at, os_file_size(s->work) - u->file_at, u->full.p);
    } else {
        held *h = malloc(sizeof *h);
        if (h) {
            *h = (held){s->held, u->p};
            s->held = h;
            s->in_memory += u->n;
            file = byte_source_memory(u->p, u->n, u->full.p);
            u->p = NULL;
        }
    }
    return file ? u->t->take(u->t->ctx, file) : no_memory(u);
}

/* What is passed over may have to be unpacked all the same, to get behind it. */
static status pass_over(unpacker *u, struct archive_entry *e)
{
    int64_t size = archive_entry_size_is_set(e) ? archive_entry_size(e) : 0;
    return size > 0 ? count_bytes(u, (uint64_t)size) : ST_OK;
}

static status pump(unpacker *u, struct archive_entry *e, bool *unwanted)
{
    const void *p;
    size_t n;
    la_int64_t off, expect = 0;
    bool first = true;
    static const char zeros[4096];
    for (;;) {
        int r = archive_read_data_block(u->a, &p, &n, &off);
        if (r == ARCHIVE_EOF && !first) return ST_OK;
        if (r != ARCHIVE_OK && r != ARCHIVE_EOF) return broken(u);
        if (r == ARCHIVE_EOF) n = 0, off = 0;
        if (first) {
            first = false;
            sv name = buf_view(&u->full);
            *unwanted = !u->t->wanted(u->t->ctx, (sv){name.p, name.n - 1}, p, n);
            if (*unwanted) return pass_over(u, e);
            status fits = check_size(u, e);
            if (fits != ST_OK) return fits;
        }
        if (off < expect) return refuse(u, F_ARCHIVE_BROKEN, SV_LIT("its parts lie over one another"), (sv){NULL, 0});
        /* Holes of sparse tar files. */
        status st = ST_OK;
        while (st == ST_OK && expect < off) {
            size_t hole = (uint64_t)(off - expect) < sizeof zeros ? (size_t)(off - expect) : sizeof zeros;
            st = count_bytes(u, hole);
            if (st == ST_OK) st = keep_bytes(u, zeros, hole);
            expect += (la_int64_t)hole;
        }
        if (st == ST_OK) st = count_bytes(u, n);
        if (st == ST_OK && n) st = keep_bytes(u, p, n);
        if (st != ST_OK) return st;
        expect += (la_int64_t)n;
        if (r == ARCHIVE_EOF) return ST_OK;
    }
}

static status member(unpacker *u, struct archive_entry *e)
{
    if (++u->members > ARCHIVE_MEMBERS_MAX)
        return refuse(u, F_ARCHIVE_TOO_LARGE, SV_LIT("20,000 files"), (sv){NULL, 0});
    if (!take_name(u, e)) return no_memory(u);
    sv name = buf_view(&u->name);
    const char *why = archive_unsafe_name(name); /* names are never written to; an archive that tries is made to harm */
    if (!why) why = unsafe_entry(e);
    if (why) return refuse(u, F_ARCHIVE_UNSAFE, name, sv_from(why));
    if (archive_entry_filetype(e) == AE_IFDIR || is_shadow(name)) return ST_OK;
    if (archive_entry_is_encrypted(e)) return refuse(u, F_ARCHIVE_ENCRYPTED, name, (sv){NULL, 0});
    bool unwanted = false;
    u->in_file = false;
    u->n = u->room = 0;
    status st = pump(u, e, &unwanted);
    if (st == ST_OK && unwanted) {
        u->t->passed(u->t->ctx, (sv){u->full.p, u->full.n - 1});
        return ST_OK;
    }
    if (st == ST_OK) st = hand_over(u);
    free(u->p);
    u->p = NULL;
    return st;
}

static status members(unpacker *u)
{
    struct archive_entry *e;
    for (;;) {
        int r = archive_read_next_header(u->a, &e);
        if (r == ARCHIVE_EOF) break;
        /* ARCHIVE_WARN: a name that is not valid in the locale; its bytes are there all the same. */
        if (r != ARCHIVE_OK && r != ARCHIVE_WARN) return broken(u);
        status st = member(u, e);
        if (st != ST_OK) return st;
    }
    if (!u->members) return refuse(u, F_ARCHIVE_BROKEN, SV_LIT("there is nothing in it"), (sv){NULL, 0});
    return ST_OK;
}

static void say_unpacked(const archive_store *s, byte_source *file, uint64_t before)
{
    uint64_t bytes = s->work ? os_file_size(s->work) - before : 0;
    if (!bytes) return;
    char number[24];
    finding x = FINDING_OF(F_ARCHIVE_UNPACKED);
    x.path = byte_source_path(file);
    x.a = (sv){number, (size_t)snprintf(number, sizeof number, "%" PRIu64, bytes)};
    x.b = sv_from(s->folder);
    find_add(s->found, &x);
}

status archive_unpack(archive_store *s, byte_source *file, unsigned depth, const archive_taker *t)
{
    uint8_t first[2] = {0, 0};
    size_t got = 0;
    unpacker u = {.s = s, .file = file, .t = t, .name = buf_new(65536), .full = buf_new(131072)};
    if (depth >= ARCHIVE_DEPTH_MAX) {
        char number[24];
        return refuse(&u, F_ARCHIVE_NESTED, (sv){number, (size_t)snprintf(number, sizeof number, "%u", depth)},
                      (sv){NULL, 0});
    }
    uint64_t before = s->work ? os_file_size(s->work) : 0;
    status st = byte_source_read(file, 0, first, 2, &got, s->found);
    if (st != ST_OK) return st;
    u.gzip = first[0] == 0x1F && first[1] == 0x8B;
    bool ready = archive_input_new(&u.in, file, s->found);
    os_locale *locale = os_utf8_begin();
    if (!ready)
        st = no_memory(&u);
    else if (!open_archive(&u))
        st = u.a ? broken(&u) : no_memory(&u);
    else
        st = members(&u);
    archive_read_free(u.a);
    os_utf8_end(locale);
    if (st == ST_OK) say_unpacked(s, file, before);
    buf_free(&u.name);
    buf_free(&u.full);
    archive_input_free(&u.in);
    return st;
}
