#include "zip/zip_writer.h"
#include "base/ascii.h"
#include "base/memory.h"
#include "base/platform.h"
#include "zip/zip_content.h"
#include "zip/zip_file.h"
#include "zip/zip_packer.h"
#include <limits.h>
#include <minizip/zip.h>
#include <stdlib.h>
#include <zlib.h>

/* What minizip takes for a member: its heading, and the state of deflate. */
enum { MEMBER_BYTES = 512 << 10 };

enum {
    LOCAL_HEADER_BYTES = 30,
    DIRECTORY_ENTRY_BYTES = 46,
    EXTRA_HEADER_BYTES = 4, /* id and length */
    LOCAL_ZIP64_BYTES = 16, /* two lengths behind it */
    END_BYTES = 22,
    END_ZIP64_BYTES = 76,
    DOS_DATE_1980 = 0x00210000, /* 1980-01-01 00:00:00, the first that there is */
    MADE_BY_DOS = 20,           /* no rights and owners that would have to be invented */
    FLAG_UTF8 = 1 << 11
};
/* With room for what deflate adds to contents that cannot be compressed. */
#define PLAIN_BYTES_MAX UINT64_C(0xFFF00000)

typedef struct member {
    size_t name; /* its length */
    uint64_t at, bytes, bytes_max;
    bool zip64, packs;
} member;

struct zip_writer {
    zip_file *file;
    zipFile zip;
    zip_packer *packer; /* from the first member that is packed on */
    char *path;
    findings *found;
    bool failed, begun;
    member now;
    uint64_t members, directory;
    uint64_t *seen; /* hashes of the names; 0 is no name's */
    size_t room;    /* a power of two, or 0 */
};

static bool fail(zip_writer *z, const char *why)
{
    finding x = FINDING_OF(F_OUT_WRITE_FAILED);
    x.path = sv_from(z->path);
    x.a = sv_from(zip_file_why(z->file) ? zip_file_why(z->file) : why);
    if (!z->failed) find_add(z->found, &x);
    z->failed = true;
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

static uint64_t hash_of(sv name)
{
    char lower[ZIP_NAME_BYTES_MAX];
    for (size_t i = 0; i < name.n; i++) lower[i] = ascii_lower(name.p[i]);
    uint64_t h = sv_hash((sv){lower, name.n});
    return h ? h : 1;
}

static uint64_t *place_of(uint64_t *seen, size_t room, uint64_t h)
{
    size_t i = (size_t)h & (room - 1);
    while (seen[i] && seen[i] != h) i = (i + 1) & (room - 1);
    return &seen[i];
}

static bool grow_names(zip_writer *z)
{
    size_t room = z->room ? z->room * 2 : 256;
    uint64_t *seen = calloc(room, sizeof *seen);
    if (!seen) return false;
    for (size_t i = 0; i < z->room; i++)
        if (z->seen[i]) *place_of(seen, room, z->seen[i]) = z->seen[i];
    free(z->seen);
    z->seen = seen;
    z->room = room;
    return true;
}

static bool take_name(zip_writer *z, sv name)
{
    if (z->members + 1 > z->room / 2 && !grow_names(z)) return fail(z, "out of memory");
    uint64_t h = hash_of(name), *place = place_of(z->seen, z->room, h);
    if (*place) return fail(z, "two members of the archive would have one name");
    *place = h;
    return true;
}

/* ---- the archive ---- */

static char *copy_text(const char *s)
{
    size_t n = strlen(s) + 1;
    char *p = malloc(n);
    if (p) memcpy(p, s, n);
    return p;
}

static void free_writer(zip_writer *z)
{
    zip_packer_free(z->packer);
    free(z->seen);
    free(z->path);
    free(z);
}

zip_writer *zip_writer_open(const char *path, findings *f)
{
    const char *why = "out of memory";
    zip_writer *z = calloc(1, sizeof *z);
    if (z) z->path = copy_text(path);
    if (z && z->path) z->file = zip_file_new(path, &why);
    if (z && z->file) {
        zlib_filefunc64_def calls = zip_file_calls(z->file);
        z->found = f;
        z->zip = zipOpen2_64(path, APPEND_STATUS_CREATE, NULL, &calls);
        if (z->zip) return z;
        const char *ignored;
        (void)zip_file_close(z->file, &ignored);
        (void)os_remove(path);
    }
    find_at(f, F_OUT_CREATE_FAILED, sv_from(path), sv_from(why));
    if (z) free_writer(z);
    return NULL;
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

static uint64_t closed_bytes(uint64_t contents, uint64_t directory, uint64_t members)
{
    bool large = contents >= UINT32_MAX || members >= UINT16_MAX;
    return contents + directory + END_BYTES + (large ? END_ZIP64_BYTES : 0);
}

uint64_t zip_writer_bytes(const zip_writer *z)
{
    return closed_bytes(zip_file_bytes(z->file), z->directory, z->members);
}

uint64_t zip_writer_bytes_with(const zip_writer *z, sv name, zip_method how, uint64_t bytes)
{
    /* deflate writes what it cannot compress in blocks of at least 8 KB with a few bytes before each. */
    uint64_t packed = how == ZIP_STORED ? bytes : bytes + bytes / 1024 + 64;
    uint64_t header = LOCAL_HEADER_BYTES + name.n + (is_zip64(bytes) ? EXTRA_HEADER_BYTES + LOCAL_ZIP64_BYTES : 0);
    return closed_bytes(zip_file_bytes(z->file) + header + packed,
                        z->directory + entry_bytes(name.n, bytes, packed, zip_file_bytes(z->file)), z->members + 1);
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

static bool take_bytes(void *zip, const void *p, size_t n)
{
    while (n) {
        unsigned now = n < (1u << 30) ? (unsigned)n : 1u << 30;
        if (zipWriteInFileInZip(zip, p, now) != ZIP_OK) return false;
        p = (const char *)p + now;
        n -= now;
    }
    return true;
}

/* packs: what is written will be packed here; else it is, already, where the method is not ZIP_STORED. */
static bool begin(zip_writer *z, sv name, zip_method how, uint64_t bytes_max, bool packs)
{
    char text[ZIP_NAME_BYTES_MAX + 1];
    bool ascii;
    if (z->failed) return false;
    if (z->begun) return fail(z, "a member was begun before the last one was ended");
    if (!name_is_good(name, &ascii)) return fail(z, "a member of the archive would have a name that systems refuse");
    if (!take_name(z, name)) return false;
    memcpy(text, name.p, name.n);
    text[name.n] = '\0';
    const zip_fileinfo info = {.dosDate = DOS_DATE_1980};
    int method = how == ZIP_STORED ? 0 : Z_DEFLATED, level = level_of(how);
    z->now = (member){.name = name.n,
                      .at = zip_file_bytes(z->file),
                      .bytes_max = bytes_max,
                      .zip64 = is_zip64(bytes_max),
                      .packs = packs};
    if (packs && !begin_packing(z, level)) return false;
    /* minizip writes into the member's heading without asking whether it got memory for it. */
    if (!memory_spare(MEMBER_BYTES)) return fail(z, "out of memory");
    int rc = zipOpenNewFileInZip4_64(z->zip, text, &info, NULL, 0, NULL, 0, NULL, method, level, how != ZIP_STORED,
                                     -MAX_WBITS, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, NULL, 0, MADE_BY_DOS,
                                     ascii ? 0 : FLAG_UTF8, z->now.zip64);
    z->begun = rc == ZIP_OK;
    return rc == ZIP_OK || fail(z, "out of memory");
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
    z->now.bytes += n;
    bool ok = z->now.packs ? zip_packer_add(z->packer, p, n, take_bytes, z->zip) : take_bytes(z->zip, p, n);
    return ok || fail(z, "out of memory");
}

/* A member whose length nobody knew has room for large lengths in its header. minizip leaves it zero where it was not
 * needed, and readers that look there first (older Java) then take the member for empty. */
static bool fill_zip64(zip_writer *z, uint64_t packed)
{
    unsigned char both[LOCAL_ZIP64_BYTES];
    put(both, z->now.bytes, 8);
    put(both + 8, packed, 8);
    uint64_t at = z->now.at + LOCAL_HEADER_BYTES + z->now.name + EXTRA_HEADER_BYTES;
    return zip_file_rewrite(z->file, at, both, sizeof both) || fail(z, "out of memory");
}

/* rc: how minizip closed the member. */
static bool end(zip_writer *z, int rc)
{
    if (rc != ZIP_OK) return fail(z, "out of memory");
    uint64_t header = LOCAL_HEADER_BYTES + z->now.name + (z->now.zip64 ? EXTRA_HEADER_BYTES + LOCAL_ZIP64_BYTES : 0);
    uint64_t packed = zip_file_bytes(z->file) - z->now.at - header;
    z->members++;
    z->directory += entry_bytes(z->now.name, z->now.bytes, packed, z->now.at);
    return (!z->now.zip64 || fill_zip64(z, packed)) && (zip_file_settle(z->file) || fail(z, "out of memory"));
}

bool zip_writer_end(zip_writer *z)
{
    if (z->failed) return false;
    if (!z->begun) return fail(z, "no member was begun");
    z->begun = false;
    if (z->now.packs && !zip_packer_end(z->packer, take_bytes, z->zip)) return fail(z, "out of memory");
    return end(z, z->now.packs ? zipCloseFileInZipRaw64(z->zip, z->now.bytes, zip_packer_crc(z->packer))
                               : zipCloseFileInZip(z->zip));
}

bool zip_writer_add_packed(zip_writer *z, sv name, const zip_content *c)
{
    sv packed = zip_content_packed(c);
    if (!begin(z, name, ZIP_FAST, zip_content_bytes(c), false)) return false;
    z->begun = false;
    z->now.bytes = zip_content_bytes(c);
    bool ok = take_bytes(z->zip, packed.p, packed.n);
    int rc = zipCloseFileInZipRaw64(z->zip, z->now.bytes, zip_content_crc(c));
    return ok ? end(z, rc) : fail(z, "out of memory");
}

bool zip_writer_add(zip_writer *z, sv name, zip_method how, sv content)
{
    return zip_writer_begin(z, name, how, content.n) && zip_writer_write(z, content.p, content.n) && zip_writer_end(z);
}

/* minizip 1.1 writes the large end of an archive of more than 4 GB, but not of one of 65,535 members or more. */
static bool end_many(zip_writer *z, uint64_t directory_at)
{
    unsigned char end[END_ZIP64_BYTES + END_BYTES] = "PK\6\6", *locator = end + 56, *last = end + END_ZIP64_BYTES;
    uint64_t end_at = directory_at + z->directory;
    const size_t over = END_BYTES; /* the small end that it wrote */
    if (z->members < UINT16_MAX || zip_file_bytes(z->file) != end_at + END_BYTES) return true;
    put(end + 4, 44, 8); /* bytes behind this number */
    put(end + 12, 45, 2);
    put(end + 14, 45, 2); /* made by and needed: the version that knows ZIP64 */
    put(end + 24, z->members, 8);
    put(end + 32, z->members, 8);
    put(end + 40, z->directory, 8);
    put(end + 48, directory_at, 8);
    memcpy(locator, "PK\6\7", 4);
    put(locator + 8, end_at, 8);
    put(locator + 16, 1, 4); /* disks */
    memcpy(last, "PK\5\6", 4);
    put(last + 8, UINT16_MAX, 2);
    put(last + 10, UINT16_MAX, 2);
    put(last + 12, z->directory, 4);
    put(last + 16, directory_at, 4);
    return (zip_file_rewrite(z->file, end_at, end, over) && zip_file_append(z->file, end + over, sizeof end - over)) ||
           fail(z, "out of memory");
}

bool zip_writer_close(zip_writer *z)
{
    const char *why = "";
    if (!z->failed && z->begun) (void)fail(z, "a member was not ended");
    if (z->failed) {
        zip_writer_abandon(z);
        return false;
    }
    uint64_t directory_at = zip_file_bytes(z->file);
    bool ended = zipClose(z->zip, NULL) == ZIP_OK || fail(z, "out of memory");
    ended = ended && end_many(z, directory_at);
    bool closed = zip_file_close(z->file, &why);
    if (ended && !closed) {
        find_at(z->found, F_OUT_WRITE_FAILED, sv_from(z->path), sv_from(why));
    }
    free_writer(z);
    return ended && closed;
}

void zip_writer_abandon(zip_writer *z)
{
    const char *ignored;
    if (!z) return;
    if (z->begun) (void)zipCloseFileInZip(z->zip);
    (void)zipClose(z->zip, NULL);
    (void)zip_file_close(z->file, &ignored);
    (void)os_remove(z->path);
    free_writer(z);
}
