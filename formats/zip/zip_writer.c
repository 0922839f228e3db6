#include "zip/zip_writer.h"
#include "base/buf.h"
#include "base/id_table.h"
#include "base/memory.h"
#include "base/platform.h"
#include "zip/zip_content.h"
#include "zip/zip_file.h"
#include "zip/zip_packer.h"
#include <libdeflate.h>
#include <limits.h>
#include <stdlib.h>

/* APPNOTE.TXT 6.3, 4.3 to 4.5. */
enum {
    LOCAL_HEADER_BYTES = 30,
    LOCAL_CRC = 14,
    DIRECTORY_ENTRY_BYTES = 46,
    EXTRA_HEADER_BYTES = 4, /* id and length */
    LOCAL_ZIP64_BYTES = 16, /* two lengths behind it */
    EXTRA_BYTES_MAX = EXTRA_HEADER_BYTES + 24,
    END_BYTES = 22,
    END_ZIP64_BYTES = 76,
    DOS_DATE_1980 = 0x0021, /* 1980-01-01, the first that there is */
    VERSION_PLAIN = 20,     /* also: made by DOS, without rights and owners that would have to be invented */
    VERSION_ZIP64 = 45,
    ID_ZIP64 = 1,
    METHOD_STORED = 0,
    METHOD_DEFLATED = 8,
    FLAG_UTF8 = 1 << 11
};
/* With room for what deflate adds to contents that cannot be compressed. */
#define PLAIN_BYTES_MAX UINT64_C(0xFFF00000)

typedef struct member {
    char name[ZIP_NAME_BYTES_MAX];
    size_t name_n;
    bool ascii;
    unsigned method;
    uint64_t at, bytes, bytes_max;
    uint32_t crc; /* of its content so far */
    bool zip64, packs;
} member;

struct zip_writer {
    zip_file *file;
    zip_packer *packer; /* from the first member that is packed on */
    char *path;
    findings *found; /* NULL: failures are not told there */
    const char *why; /* of the first failure */
    bool failed, begun;
    member now;
    uint64_t members;
    buf directory; /* entries of the members that are ended */
    id_table seen; /* hashes of the names */
};

static bool fail(zip_writer *z, const char *why)
{
    if (z->failed) return false;
    z->failed = true;
    z->why = zip_file_why(z->file) ? zip_file_why(z->file) : why;
    if (z->found) find_at(z->found, F_OUT_WRITE_FAILED, sv_from(z->path), sv_from(z->why));
    return false;
}

static void put(unsigned char *p, uint64_t x, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) p[i] = (unsigned char)(x >> (8 * i));
}

/* ---- names ---- */

static bool part_is_good(sv part) { return part.n && !sv_eq(part, SV_LIT(".")) && !sv_eq(part, SV_LIT("..")); }

static bool name_is_good(sv name, bool *ascii)
{
    size_t begin = 0;
    *ascii = true;
    if (name.n == 0 || name.n > ZIP_NAME_BYTES_MAX) return false;
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        if (c < ' ' || c == 0x7F || c == '\\' || c == ':') return false;
        if (c >= 0x80) *ascii = false;
        if (c != '/') continue;
        if (!part_is_good((sv){name.p + begin, i - begin})) return false;
        begin = i + 1;
    }
    return part_is_good((sv){name.p + begin, name.n - begin});
}

static bool take_name(zip_writer *z, sv name)
{
    const size_t names = z->seen.n;
    const uint64_t hash = sv_hash_nocase(name);
    if (!id_table_put(&z->seen, hash ? hash : 1)) return fail(z, "out of memory");
    return z->seen.n > names || fail(z, "two members of the archive would have one name");
}

/* ---- the archive ---- */

static void free_writer(zip_writer *z)
{
    zip_packer_free(z->packer);
    buf_free(&z->directory);
    id_table_free(&z->seen);
    free(z->path);
    free(z);
}

zip_writer *zip_writer_new(const char *path, const char **why)
{
    *why = "out of memory";
    zip_writer *z = calloc(1, sizeof *z);
    if (z) z->path = memory_text(sv_from(path));
    if (z && z->path) z->file = zip_file_new(path, why);
    if (z && z->file) {
        z->directory = buf_new(SIZE_MAX / 2);
        z->seen.entry_bytes = sizeof(uint64_t);
        return z;
    }
    if (z) free_writer(z);
    return NULL;
}

zip_writer *zip_writer_open(const char *path, findings *f)
{
    const char *why;
    zip_writer *z = zip_writer_new(path, &why);
    if (z)
        z->found = f;
    else
        find_at(f, F_OUT_CREATE_FAILED, sv_from(path), sv_from(why));
    return z;
}

void zip_writer_tell(zip_writer *z, void (*tell)(void *ctx, const void *p, size_t n), void *ctx)
{
    zip_file_tell(z->file, tell, ctx);
}

uint64_t zip_writer_members(const zip_writer *z) { return z->members; }
bool zip_writer_failed(const zip_writer *z) { return z->failed; }

static bool is_zip64(uint64_t bytes_max) { return bytes_max > PLAIN_BYTES_MAX; }

/* Its entry in the directory: lengths and place stand in ZIP64 fields where they are large. */
static uint64_t entry_bytes(size_t name, uint64_t bytes, uint64_t packed, uint64_t at)
{
    unsigned large = (bytes >= UINT32_MAX ? 1u : 0) + (packed >= UINT32_MAX ? 1u : 0) + (at >= UINT32_MAX ? 1u : 0);
    return DIRECTORY_ENTRY_BYTES + name + (large ? EXTRA_HEADER_BYTES + 8 * large : 0);
}

/* A directory of 4 GB has more members than that. */
static bool is_large(uint64_t contents, uint64_t members) { return contents >= UINT32_MAX || members >= UINT16_MAX; }

static uint64_t closed_bytes(uint64_t contents, uint64_t directory, uint64_t members)
{
    return contents + directory + END_BYTES + (is_large(contents, members) ? END_ZIP64_BYTES : 0);
}

uint64_t zip_writer_bytes(const zip_writer *z)
{
    return closed_bytes(zip_file_bytes(z->file), z->directory.n, z->members);
}

uint64_t zip_writer_bytes_with(const zip_writer *z, sv name, zip_method how, uint64_t bytes)
{
    /* deflate writes what it cannot compress in blocks of at least 8 KB with a few bytes before each. */
    uint64_t packed = how == ZIP_STORED ? bytes : bytes + bytes / 1024 + 64;
    uint64_t header = LOCAL_HEADER_BYTES + name.n + (is_zip64(bytes) ? EXTRA_HEADER_BYTES + LOCAL_ZIP64_BYTES : 0);
    return closed_bytes(zip_file_bytes(z->file) + header + packed,
                        z->directory.n + entry_bytes(name.n, bytes, packed, zip_file_bytes(z->file)), z->members + 1);
}

/* ---- members ---- */

static int level_of(zip_method how) { return how == ZIP_SMALL ? 9 : how == ZIP_TABLE ? 4 : ZIP_FAST_LEVEL; }

static bool begin_packing(zip_writer *z, int level)
{
    if (!z->packer) z->packer = zip_packer_new();
    if (!z->packer) return fail(z, "out of memory");
    zip_packer_begin(z->packer, level);
    return true;
}

static bool append(void *zip, const void *p, size_t n)
{
    zip_writer *z = zip;
    return zip_file_append(z->file, p, n) || fail(z, "out of memory");
}

/* What both headers of a member begin with, from the version on. */
static void put_common(unsigned char *p, const member *m, bool zip64)
{
    put(p, zip64 ? VERSION_ZIP64 : VERSION_PLAIN, 2);
    put(p + 2, m->ascii ? 0 : FLAG_UTF8, 2);
    put(p + 4, m->method, 2);
    put(p + 6, 0, 2);
    put(p + 8, DOS_DATE_1980, 2);
}

/* Its sum and lengths are filled in at its end. */
static bool append_header(zip_writer *z)
{
    unsigned char head[LOCAL_HEADER_BYTES] = "PK\3\4", extra[EXTRA_HEADER_BYTES + LOCAL_ZIP64_BYTES] = {0};
    const member *m = &z->now;
    put_common(head + 4, m, m->zip64);
    put(head + 26, m->name_n, 2);
    put(head + 28, m->zip64 ? sizeof extra : 0, 2);
    put(extra, ID_ZIP64, 2);
    put(extra + 2, LOCAL_ZIP64_BYTES, 2);
    return append(z, head, sizeof head) && append(z, m->name, m->name_n) &&
           (!m->zip64 || append(z, extra, sizeof extra));
}

/* packs: what is written will be packed here; else it is, already, where the method is not ZIP_STORED. */
static bool begin(zip_writer *z, sv name, zip_method how, uint64_t bytes_max, bool packs)
{
    bool ascii;
    if (z->failed) return false;
    if (z->begun) return fail(z, "a member was begun before the last one was ended");
    if (!name_is_good(name, &ascii)) return fail(z, "a member of the archive would have a name that systems refuse");
    if (!take_name(z, name)) return false;
    z->now = (member){.name_n = name.n,
                      .ascii = ascii,
                      .method = how == ZIP_STORED ? METHOD_STORED : METHOD_DEFLATED,
                      .at = zip_file_bytes(z->file),
                      .bytes_max = bytes_max,
                      .zip64 = is_zip64(bytes_max),
                      .packs = packs};
    memcpy(z->now.name, name.p, name.n);
    if (packs && !begin_packing(z, level_of(how))) return false;
    z->begun = append_header(z);
    return z->begun;
}

bool zip_writer_begin(zip_writer *z, sv name, zip_method how, uint64_t bytes_max)
{
    return begin(z, name, how, bytes_max, how != ZIP_STORED);
}

bool zip_writer_write(zip_writer *z, const void *p, size_t n)
{
    if (z->failed) return false;
    if (!z->begun) return fail(z, "no member was begun");
    if (n > z->now.bytes_max - z->now.bytes) return fail(z, "a member of the archive is longer than was said");
    if (n == 0) return true;
    z->now.bytes += n;
    z->now.crc = libdeflate_crc32(z->now.crc, p, n);
    bool ok = z->now.packs ? zip_packer_add(z->packer, p, n, append, z) : append(z, p, n);
    return ok || fail(z, "out of memory");
}

/* A member that had room for large lengths keeps them there too when they are small: readers that look there first (older Java)
 * would take it for empty. */
static bool fill_header(zip_writer *z, uint64_t packed)
{
    unsigned char sums[12], both[LOCAL_ZIP64_BYTES];
    const member *m = &z->now;
    bool large = packed >= UINT32_MAX || m->bytes >= UINT32_MAX;
    put(sums, m->crc, 4);
    put(sums + 4, large ? UINT32_MAX : packed, 4);
    put(sums + 8, large ? UINT32_MAX : m->bytes, 4);
    put(both, m->bytes, 8);
    put(both + 8, packed, 8);
    return zip_file_rewrite(z->file, m->at + LOCAL_CRC, sums, sizeof sums) &&
           (!m->zip64 ||
            zip_file_rewrite(z->file, m->at + LOCAL_HEADER_BYTES + m->name_n + EXTRA_HEADER_BYTES, both, sizeof both));
}

static bool add_entry(zip_writer *z, uint64_t packed)
{
    unsigned char head[DIRECTORY_ENTRY_BYTES] = "PK\1\2", extra[EXTRA_BYTES_MAX];
    const member *m = &z->now;
    const uint64_t number[] = {m->bytes, packed, m->at};
    const size_t where[] = {24, 20, 42};
    size_t n = EXTRA_HEADER_BYTES;
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) {
        bool large = number[i] >= UINT32_MAX;
        put(head + where[i], large ? UINT32_MAX : number[i], 4);
        if (!large) continue;
        put(extra + n, number[i], 8);
        n += 8;
    }
    bool zip64 = n > EXTRA_HEADER_BYTES;
    put(extra, ID_ZIP64, 2);
    put(extra + 2, n - EXTRA_HEADER_BYTES, 2);
    put(head + 4, zip64 ? VERSION_ZIP64 : VERSION_PLAIN, 2);
    put_common(head + 6, m, zip64);
    put(head + 16, m->crc, 4);
    put(head + 28, m->name_n, 2);
    put(head + 30, zip64 ? n : 0, 2);
    buf_add(&z->directory, head, sizeof head);
    buf_add(&z->directory, m->name, m->name_n);
    if (zip64) buf_add(&z->directory, extra, n);
    return !z->directory.failed;
}

static bool end(zip_writer *z)
{
    uint64_t header = LOCAL_HEADER_BYTES + z->now.name_n + (z->now.zip64 ? EXTRA_HEADER_BYTES + LOCAL_ZIP64_BYTES : 0);
    uint64_t packed = zip_file_bytes(z->file) - z->now.at - header;
    z->begun = false;
    z->members++;
    return (fill_header(z, packed) && add_entry(z, packed) && zip_file_settle(z->file)) || fail(z, "out of memory");
}

bool zip_writer_end(zip_writer *z)
{
    if (z->failed) return false;
    if (!z->begun) return fail(z, "no member was begun");
    if (z->now.packs && !zip_packer_end(z->packer, append, z)) return fail(z, "out of memory");
    return end(z);
}

bool zip_writer_begin_packed(zip_writer *z, sv name, uint64_t bytes, uint32_t crc)
{
    if (!begin(z, name, ZIP_FAST, bytes, false)) return false;
    z->now.bytes = bytes;
    z->now.crc = crc;
    return true;
}

bool zip_writer_write_packed(zip_writer *z, const void *p, size_t n)
{
    if (z->failed) return false;
    return z->begun ? append(z, p, n) : fail(z, "no member was begun");
}

bool zip_writer_add_packed(zip_writer *z, sv name, const zip_content *c)
{
    sv packed = zip_content_packed(c);
    return zip_writer_begin_packed(z, name, zip_content_bytes(c), zip_content_crc(c)) &&
           zip_writer_write_packed(z, packed.p, packed.n) && zip_writer_end(z);
}

bool zip_writer_add(zip_writer *z, sv name, zip_method how, sv content)
{
    return zip_writer_begin(z, name, how, content.n) && zip_writer_write(z, content.p, content.n) && zip_writer_end(z);
}

static uint64_t at_most(uint64_t x, uint64_t max) { return x < max ? x : max; }

/* The large end, where one of the small end's numbers does not hold, and the small one. */
static bool append_ends(zip_writer *z)
{
    unsigned char ends[END_ZIP64_BYTES + END_BYTES] = "PK\6\6", *locator = ends + 56, *small = ends + END_ZIP64_BYTES;
    uint64_t end_at = zip_file_bytes(z->file), directory_at = end_at - z->directory.n;
    bool large = is_large(directory_at, z->members);
    put(ends + 4, 44, 8); /* bytes behind this number */
    put(ends + 12, VERSION_ZIP64, 2);
    put(ends + 14, VERSION_ZIP64, 2);
    put(ends + 24, z->members, 8);
    put(ends + 32, z->members, 8);
    put(ends + 40, z->directory.n, 8);
    put(ends + 48, directory_at, 8);
    memcpy(locator, "PK\6\7", 4);
    put(locator + 8, end_at, 8);
    put(locator + 16, 1, 4); /* disks */
    memcpy(small, "PK\5\6", 4);
    put(small + 8, at_most(z->members, UINT16_MAX), 2);
    put(small + 10, at_most(z->members, UINT16_MAX), 2);
    put(small + 12, at_most(z->directory.n, UINT32_MAX), 4);
    put(small + 16, at_most(directory_at, UINT32_MAX), 4);
    return large ? append(z, ends, sizeof ends) : append(z, small, END_BYTES);
}

bool zip_writer_finish(zip_writer *z, const char **why)
{
    if (!z->failed && z->begun) (void)fail(z, "a member was not ended");
    bool ended = !z->failed && append(z, z->directory.p, z->directory.n) && append_ends(z);
    if (!ended) {
        *why = z->why;
        zip_writer_abandon(z);
        return false;
    }
    bool closed = zip_file_close(z->file, why);
    if (!closed) (void)os_remove(z->path);
    if (!closed && z->found) find_at(z->found, F_OUT_WRITE_FAILED, sv_from(z->path), sv_from(*why));
    free_writer(z);
    return closed;
}

bool zip_writer_close(zip_writer *z)
{
    const char *ignored;
    return zip_writer_finish(z, &ignored);
}

void zip_writer_abandon(zip_writer *z)
{
    const char *ignored;
    if (!z) return;
    (void)zip_file_close(z->file, &ignored);
    (void)os_remove(z->path);
    free_writer(z);
}
