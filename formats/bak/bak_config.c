#include "bak/bak_config.h"

enum { FILES_MAX = 32767 }; /* SQL Server's own limit per database */

int bak_lsn_cmp(bak_lsn a, bak_lsn b)
{
    if (a.vlf != b.vlf) return a.vlf < b.vlf ? -1 : 1;
    if (a.block != b.block) return a.block < b.block ? -1 : 1;
    return a.slot == b.slot ? 0 : a.slot < b.slot ? -1 : 1;
}

bak_lsn bak_lsn_at(const uint8_t *p) { return (bak_lsn){le32(p), le32(p + 4), le16(p + 8)}; }

sv bak_lsn_text(arena *a, bak_lsn lsn)
{
    return arena_printf(a, "%u:%u:%u", (unsigned)lsn.vlf, (unsigned)lsn.block, (unsigned)lsn.slot);
}

static void parse_scin(const uint8_t *p, size_t n, arena *a, bak_config *c)
{
    c->flags = le32(p + SCIN_FLAGS);
    c->build = le16(p + SCIN_BUILD);
    c->minor = p[SCIN_BUILD + 2];
    c->major = p[SCIN_BUILD + 3];
    c->first = bak_lsn_at(p + SCIN_FIRST_LSN);
    c->last = bak_lsn_at(p + SCIN_LAST_LSN);
    c->checkpoint = bak_lsn_at(p + SCIN_CHECKPOINT_LSN);
    c->base = bak_lsn_at(p + SCIN_BASE_LSN);
    memcpy(c->started, p + SCIN_STARTED, 5);
    memcpy(c->finished, p + SCIN_FINISHED, 5);
    c->type = (char)p[SCIN_TYPE];
    c->compatibility = p[SCIN_COMPATIBILITY];
    c->version = le16(p + SCIN_VERSION);
    c->bytes = le64(p + SCIN_SIZE);
    c->database = mtf_text(a, p, n, SCIN_DATABASE, true);
    c->server = mtf_text(a, p, n, SCIN_SERVER, true);
    memcpy(c->binding, p + SCIN_BINDING, 16);
    memcpy(c->fork, p + SCIN_FORK, 16);
}

static void parse_sfin(const uint8_t *p, size_t n, arena *a, bak_config_file *file)
{
    file->flags = le32(p + SFIN_FLAGS);
    file->id = le32(p + SFIN_FILE_ID);
    file->extents = le32(p + SFIN_PAGES) / 8;
    file->filegroup = le32(p + SFIN_FILEGROUP);
    file->bytes = le64(p + SFIN_SIZE);
    file->name = mtf_text(a, p, n, SFIN_NAME, true);
    file->path = mtf_text(a, p, n, SFIN_PATH, true);
}

/* Length of the chunk at `at`, 0 when it does not fit. */
static size_t chunk_at(const uint8_t *p, size_t n, size_t at)
{
    if (n - at < CONFIG_CHUNK_HEADER) return 0;
    size_t length = le32(p + at + 4);
    return length >= CONFIG_CHUNK_HEADER && length <= n - at ? length : 0;
}

static void name_groups(const uint8_t *p, size_t n, arena *a, bak_config_file *file, size_t files)
{
    size_t length;
    for (size_t at = 0; at < n && (length = chunk_at(p, n, at)) != 0; at += length) {
        if (le32(p + at) != TAG_SFGI || length < SFGI_BYTES) continue;
        uint32_t id = le32(p + at + SFGI_ID);
        sv name = {NULL, 0};
        for (size_t i = 0; i < files; i++) {
            if (file[i].filegroup != id || file[i].group_name.n) continue;
            if (!name.p) name = mtf_text(a, p + at, length, SFGI_NAME, true);
            file[i].group_name = name;
        }
    }
}

bool bak_config_parse(const uint8_t *p, size_t n, arena *a, bak_config *out)
{
    memset(out, 0, sizeof *out);
    size_t files = 0, length;
    for (size_t at = 0; at < n && (length = chunk_at(p, n, at)) != 0; at += length)
        files += le32(p + at) == TAG_SFIN && length >= SFIN_BYTES;
    if (files > FILES_MAX) return false;
    bak_config_file *file = arena_array(a, files ? files : 1, sizeof *file);
    if (!file) return false;
    out->file = file;
    size_t at = 0;
    for (; at < n; at += length) {
        length = chunk_at(p, n, at);
        if (length == 0) break;
        uint32_t tag = le32(p + at);
        if (tag == TAG_SCIN && length >= SCIN_BYTES)
            parse_scin(p + at, length, a, out);
        else if (tag == TAG_SFIN && length >= SFIN_BYTES)
            parse_sfin(p + at, length, a, &file[out->files++]);
    }
    name_groups(p, n, a, file, files);
    return at == n && out->type != 0;
}
