/* Builds small backups byte by byte, right or wrong in one place, for the tests of the container reader. */
#ifndef BAK_BUILDER_H
#define BAK_BUILDER_H

#include "bak/bak_layout.h"
#include "bak/bak_sum.h"
#include "little_endian.h"
#include "mdf/mdf_layout.h"
#include "testing.h"
#include <stdlib.h>

typedef struct builder {
    uint8_t *p;
    size_t n, room;
    size_t block, stream; /* offsets of the open ones */
    size_t sset;
    uint32_t id;
} builder;

/* n zero bytes at the end; their offset. */
static inline size_t build_zeros(builder *b, size_t n)
{
    if (b->n + n > b->room) {
        b->room = (b->n + n) * 2;
        b->p = realloc(b->p, b->room);
        assert_non_null(b->p);
    }
    if (n) memset(b->p + b->n, 0, n);
    b->n += n;
    return b->n - n;
}

static inline void build_bytes(builder *b, const void *p, size_t n)
{
    size_t at = build_zeros(b, n);
    if (n) memcpy(b->p + at, p, n);
}

static inline void build_header_sum(builder *b, size_t at)
{
    put16(b->p + at + MTF_CHECKSUM, bak_xor_words(b->p + at, MTF_CHECKSUM / 2));
}

static inline void build_stream_sum(builder *b, size_t at)
{
    put16(b->p + at + MTF_STREAM_CHECKSUM, bak_xor_words(b->p + at, MTF_STREAM_CHECKSUM / 2));
}

/* Opens a descriptor block with `body` bytes before its first stream. */
static inline uint8_t *build_block(builder *b, uint32_t tag, unsigned body)
{
    b->block = build_zeros(b, body);
    uint8_t *p = b->p + b->block;
    put32(p, tag);
    put16(p + MTF_FIRST_STREAM, body);
    p[10] = 14;
    p[11] = 1;
    put64(p + MTF_LOGICAL, (b->block - b->sset) / 1024);
    return p;
}

static inline size_t build_stream(builder *b, uint32_t tag, unsigned media, const void *data, uint64_t n)
{
    build_zeros(b, (4 - b->n % 4) % 4);
    b->stream = build_zeros(b, MTF_STREAM_BYTES);
    put32(b->p + b->stream, tag);
    put16(b->p + b->stream + MTF_STREAM_MEDIA, media);
    put64(b->p + b->stream + MTF_STREAM_LENGTH, n);
    build_stream_sum(b, b->stream);
    if (data) build_bytes(b, data, (size_t)n);
    return b->stream;
}

/* Closes the block: SPAD up to the next multiple of 512, header checksum. */
static inline void build_close(builder *b)
{
    build_zeros(b, (4 - b->n % 4) % 4);
    size_t end = (b->n + MTF_STREAM_BYTES + 511) / 512 * 512;
    size_t n = end - b->n - MTF_STREAM_BYTES;
    build_stream(b, TAG_SPAD, 0, NULL, n);
    build_zeros(b, n);
    build_header_sum(b, b->block);
}

static inline void build_mark(builder *b)
{
    size_t at = build_zeros(b, 512);
    put32(b->p + at, TAG_SFMB);
    put32(b->p + at + MTF_ATTRIBUTES, 0x80000000u);
    put16(b->p + at + MTF_FIRST_STREAM, 512);
    build_header_sum(b, at);
}

static inline void build_numbered(builder *b)
{
    put32(b->p + b->block + MTF_CONTROL_ID, b->id++);
    build_close(b);
}

/* ---- pages ---- */

static inline void build_page(uint8_t *p, unsigned type, unsigned file, uint32_t page)
{
    memset(p, 0, PAGE_BYTES);
    p[PH_VERSION] = 1;
    p[PH_TYPE] = (uint8_t)type;
    put32(p + PH_PAGE, page);
    put16(p + PH_FILE, file);
}

/* A GAM, SGAM or DCM page with all bits `fill`. */
static inline uint8_t *build_map_page(uint8_t *p, unsigned type, unsigned file, uint32_t page, uint8_t fill)
{
    build_page(p, type, file, page);
    put16(p + PH_SLOTS, 2);
    put16(p + PAGE_BYTES - 2, 96);
    put16(p + PAGE_BYTES - 4, 190);
    put16(p + 192, 7992);
    memset(p + 194, fill, 7988);
    return p + 194;
}

/* One extent of data pages that say where they are. */
static inline void build_extent(uint8_t *e, unsigned file, uint32_t extent)
{
    for (unsigned i = 0; i < EXTENT_PAGES; i++)
        build_page(e + (size_t)i * PAGE_BYTES, PAGE_DATA, file, extent * EXTENT_PAGES + i);
}

/* The first extent of GAM interval k, with the n extents of `list` (numbers in the file) allocated. */
static inline void build_lead(uint8_t *e, unsigned file, uint32_t k, const uint32_t *list, size_t n)
{
    uint32_t base = k * (uint32_t)GAM_PAGES, first = k * (uint32_t)GAM_EXTENTS;
    build_extent(e, file, first);
    if (k == 0) e[PH_TYPE] = PAGE_FILE_HEADER;
    unsigned at = k == 0 ? 2 : 0;
    uint8_t *gam = build_map_page(e + (size_t)at * PAGE_BYTES, PAGE_GAM, file, base + at, 0xFF);
    build_map_page(e + (size_t)(at + 1) * PAGE_BYTES, PAGE_SGAM, file, base + at + 1, 0);
    uint8_t *dcm = build_map_page(e + (size_t)6 * PAGE_BYTES, PAGE_DIFF_MAP, file, base + 6, 0);
    for (size_t i = 0; i < n; i++) {
        if (list[i] < first || list[i] >= first + GAM_EXTENTS) continue;
        uint32_t bit = list[i] - first;
        gam[bit / 8] = (uint8_t)(gam[bit / 8] & ~(1u << bit % 8));
        dcm[bit / 8] = (uint8_t)(dcm[bit / 8] | 1u << bit % 8);
    }
}

/* ---- sets ---- */

typedef struct build_file {
    unsigned id;
    uint32_t extents; /* in the pass */
    uint64_t bytes;   /* of the file */
} build_file;

typedef struct build_spec {
    char type; /* 'D' when 0 */
    unsigned families, family;
    unsigned software;         /* 10 when 0 */
    const char *software_name; /* "Microsoft SQL Server" when NULL */
    uint32_t checkpoint, base; /* blocks of LSNs */
    build_file file[3];
    size_t files;
    bool checksum;
} build_spec;

static inline void build_lsn(uint8_t *p, uint32_t block)
{
    put32(p, 1);
    put32(p + 4, block);
    put16(p + 8, 1);
}

static inline void build_config(builder *b, const build_spec *s, uint32_t tag)
{
    uint8_t c[SCIN_BYTES + 3 * 256] = {0};
    size_t n = SCIN_BYTES;
    put32(c, TAG_SCIN);
    put32(c + 4, SCIN_BYTES);
    put32(c + SCIN_FLAGS, 0x200 | (s->checksum ? SCIN_WITH_CHECKSUM : 0));
    c[SCIN_BUILD + 3] = 10;
    build_lsn(c + SCIN_FIRST_LSN, s->checkpoint);
    build_lsn(c + SCIN_CHECKPOINT_LSN, s->checkpoint);
    build_lsn(c + SCIN_BASE_LSN, s->base);
    c[SCIN_TYPE] = (uint8_t)(s->type ? s->type : 'D');
    put16(c + SCIN_VERSION, 655);
    for (size_t i = 0; i < s->files; i++, n += 256) {
        put32(c + n, TAG_SFIN);
        put32(c + n + 4, 256);
        put32(c + n + SFIN_FILE_ID, s->file[i].id);
        put32(c + n + SFIN_PAGES, s->file[i].extents * 8);
        put32(c + n + SFIN_FILEGROUP, 1);
        put64(c + n + SFIN_SIZE, s->file[i].bytes);
    }
    build_block(b, tag, 56);
    build_stream(b, TAG_MQCI, 0, c, n);
    build_numbered(b);
}

static inline void build_tape(builder *b, const build_spec *s)
{
    static const uint8_t raid[RAID_BYTES] = {7, 7, 7, 7};
    const char *name = s->software_name ? s->software_name : "Microsoft SQL Server";
    uint8_t *p = build_block(b, TAG_TAPE, 160);
    p[MTF_STRING_TYPE] = 1;
    put16(p + TAPE_SOFT_BLOCK, 1);
    put16(p + TAPE_SOFTWARE, (unsigned)strlen(name));
    put16(p + TAPE_SOFTWARE + 2, 100);
    memcpy(p + 100, name, strlen(name));
    size_t at = build_stream(b, TAG_RAID, 0, raid, sizeof raid) + MTF_STREAM_BYTES;
    put16(b->p + at + RAID_FAMILIES, s->families ? s->families : 1);
    put16(b->p + at + RAID_MIRRORS, 1);
    put16(b->p + at + RAID_FAMILY, s->family ? s->family : 1);
    build_close(b);
    build_mark(b);
}

/* SSET, VOLB, MSCI. */
static inline void build_set_head(builder *b, const build_spec *s)
{
    b->sset = b->n;
    b->id = 0;
    uint8_t *p = build_block(b, TAG_SSET, 128);
    put32(p + SSET_ATTRIBUTES, s->type == 'I' ? SSET_DIFFERENTIAL : SSET_NORMAL);
    p[SSET_SOFTWARE_MAJOR] = (uint8_t)(s->software ? s->software : 10);
    put16(p + MTF_OS_DATA, 21);
    put16(p + MTF_OS_DATA + 2, 100);
    memcpy(p + 100, "0123456789abcdef", 16);
    p[115] = (uint8_t)(p[115] + s->checkpoint);
    build_numbered(b);
    build_block(b, TAG_VOLB, 104);
    build_numbered(b);
    build_config(b, s, TAG_MSCI);
}

/* MSDA with the n extents at `data`. */
static inline void build_data(builder *b, const build_spec *s, const uint8_t *data, size_t n)
{
    build_block(b, TAG_MSDA, 60);
    size_t at = build_stream(b, TAG_MQDA, 2 | (s->checksum ? MTF_STREAM_HAS_CSUM : 0), NULL, n * EXTENT_BYTES + 2);
    (void)at;
    build_zeros(b, 2);
    build_bytes(b, data, n * EXTENT_BYTES);
    if (s->checksum) {
        uint8_t sum[4];
        put32(sum, bak_sum_sectors(data, n * EXTENT_BYTES));
        build_stream(b, TAG_CSUM, 0, sum, 4);
    }
    build_stream(b, TAG_MQDA, 6, NULL, 0);
    build_numbered(b);
}

/* MSTL of one virtual log file with n bytes of log. */
static inline void build_log(builder *b, uint32_t vlf, const uint8_t *log, size_t n)
{
    uint8_t *p = build_block(b, TAG_MSTL, MSTL_BYTES);
    put64(p + MSTL_STOP, n);
    put32(p + MSTL_FILE_ID, 2);
    put32(p + MSTL_VLF, vlf);
    build_stream(b, TAG_MQTL, 0, NULL, EXTENT_BYTES + 2);
    build_zeros(b, 2);
    build_bytes(b, log, n);
    build_zeros(b, EXTENT_BYTES - n);
    build_numbered(b);
}

/* A log block of two sectors with two records: one that names `rowset` on page 1:`page`, and another,
 * both of transaction 5. */
enum { BUILT_LOG_BLOCK = 1024 };
static inline void build_log_block(uint8_t p[BUILT_LOG_BLOCK], uint32_t vlf, uint32_t number, unsigned first_op,
                                   unsigned second_op, uint64_t rowset, uint32_t page)
{
    memset(p, 0, BUILT_LOG_BLOCK);
    put16(p + 2, 2);
    put16(p + 4, 200 + 4);
    put16(p + 6, BUILT_LOG_BLOCK);
    put32(p + 12, vlf);
    put32(p + 16, number);
    uint8_t *a = p + 40, *b = p + 120;
    put16(a + 2, 62);
    a[16] = 5;
    a[22] = (uint8_t)first_op;
    put32(a + 24, page);
    put16(a + 28, 1);
    put64(a + 48, rowset);
    put16(b + 2, 48);
    b[16] = 5;
    b[22] = (uint8_t)second_op;
    put16(p + 202, 40);
    put16(p + 200, 120);
    p[BUILT_LOG_BLOCK - 1] = 4; /* header type */
    p[BUILT_LOG_BLOCK - 2] = 0xAB;
    p[0] = 0x50;
    p[512] = 0x48;
    put32(p + 24, bak_sum_sectors(p, BUILT_LOG_BLOCK));
}

/* MSLS, the end of the set. */
static inline void build_set_tail(builder *b, const build_spec *s)
{
    build_config(b, s, TAG_MSLS);
    build_mark(b);
    build_block(b, TAG_ESET, 88);
    build_close(b);
    build_mark(b);
}

static inline void build_whole(builder *b, const build_spec *s, const uint8_t *data, size_t n)
{
    build_tape(b, s);
    build_set_head(b, s);
    build_data(b, s, data, n);
    build_set_tail(b, s);
}

#endif
