#include "backup.h"
#include <stdlib.h>

enum { LOGICAL_BLOCK = 1024, STREAM_HEAD = 22, PAGES_LEAD = 2, STRIPES_MAX = 32, MEDIA_ID = 0x74794600 };
enum { VARIABLE = 0x0002, VARIABLE_END = 0x0004, PADDING = 0x0080, CHECKSUMMED = 0x0100 };
enum { LOG_FIRST_VLF = 0x2000, LOG_VLF_BYTES = 0x3E000, LOG_VLFS = 4 };
enum { FILEMARKS = 3 };

typedef struct family {
    const backup_set *set;
    const database *db; /* the set's */
    unsigned sets;      /* begun so far */
    const backup_options *o;
    media *m;
    fault *f;
    unsigned number;      /* from 1 */
    uint64_t set_start;   /* position of SSET */
    uint32_t blocks;      /* descriptor blocks of the set so far */
    uint64_t block_start; /* of the open one */
    uint32_t filemarks;
    uint64_t filemark[FILEMARKS]; /* positions */
    uint64_t end_start;           /* position of the first ESET */
} family;

/* ---- blocks and streams ---- */

static uint16_t words_xor(const uint8_t *p, unsigned words)
{
    uint16_t x = 0;
    for (unsigned i = 0; i < words; i++) x = (uint16_t)(x ^ get16(p + 2 * i));
    return x;
}

static void block_head(uint8_t *b, const char *type, uint32_t attributes, unsigned first_event, bool text)
{
    memcpy(b, type, 4);
    put32(b + 4, attributes);
    put16(b + 8, first_event);
    b[10] = 14;
    b[11] = 1;
    b[48] = text ? 2 : 0;
}

/* Writes a block of the set, completed with its address and number. */
static void put_block(family *y, uint8_t *b, size_t n)
{
    y->block_start = media_position(y->m);
    put64(b + 20, (y->block_start - y->set_start) / LOGICAL_BLOCK);
    put32(b + 36, y->blocks++);
    put16(b + 50, words_xor(b, 25));
    media_write(y->m, b, n);
}

static void put_plain_block(family *y, uint8_t *b, size_t n)
{
    y->block_start = media_position(y->m);
    put16(b + 50, words_xor(b, 25));
    media_write(y->m, b, n);
}

static void stream_head(family *y, const char *id, unsigned attributes, uint64_t bytes)
{
    uint8_t h[STREAM_HEAD] = {0};
    memcpy(h, id, 4);
    put16(h + 6, attributes);
    put64(h + 8, bytes);
    put16(h + 20, words_xor(h, 10));
    media_zero(y->m, (4 - media_position(y->m) % 4) % 4);
    media_write(y->m, h, sizeof h);
}

static uint64_t round_up(uint64_t x, uint64_t step) { return (x + step - 1) / step * step; }
static uint64_t media_unit(const family *y) { return y->o->block > LOGICAL_BLOCK ? y->o->block : LOGICAL_BLOCK; }

/* A padding stream up to the next multiple of `step` from `base` that leaves room for it and `reserve` bytes behind it. */
static void pad_to(family *y, const char *id, unsigned attributes, uint64_t base, uint64_t step, uint64_t reserve)
{
    media_zero(y->m, (4 - media_position(y->m) % 4) % 4);
    uint64_t at = media_position(y->m);
    uint64_t to = base + round_up(at + STREAM_HEAD + reserve - base, step);
    stream_head(y, id, attributes, to - reserve - at - STREAM_HEAD);
    media_zero(y->m, to - reserve - at - STREAM_HEAD);
}

/* Ends a block: the next one begins at a logical block of the set. */
static void end_block(family *y) { pad_to(y, "SPAD", 0, y->set_start, LOGICAL_BLOCK, 0); }

static size_t put_text(uint8_t *b, size_t address, size_t at, const char *text)
{
    const size_t from = at;
    while (*text) at += put_character(b + at, next_character(&text));
    put16(b + address, at - from);
    put16(b + address + 2, from);
    return at;
}

static void put_filemark(family *y)
{
    uint8_t b[BLOCK_MAX] = {0};
    unsigned n = y->o->block;
    block_head(b, "SFMB", 0x80000000U, n, false);
    put32(b + 52, (n - 72) / 8);
    put32(b + 56, y->filemarks);
    put32(b + 60, 72);
    for (uint32_t i = 0; i < y->filemarks; i++) put64(b + 72 + 8 * i, y->filemark[y->filemarks - 1 - i]);
    put16(b + 50, words_xor(b, 25));
    if (y->filemarks < FILEMARKS) y->filemark[y->filemarks++] = media_position(y->m);
    media_filemark(y->m, b, n);
}

/* ---- the blocks of a backup ---- */

static void put_media_header(family *y)
{
    uint8_t b[256] = {0}, raid[32] = {0};
    size_t n = put_text(b, 80, 94, "Microsoft SQL Server");
    n = round_up(n, 4);
    block_head(b, "TAPE", 0x00030000, (unsigned)n, true);
    put32(b + 52, MEDIA_ID + y->number);
    put32(b + 56, 5);
    put16(b + 60, 1);
    put16(b + 64, y->o->block / 512);
    put16(b + 66, 3);
    put16(b + 84, LOGICAL_BLOCK);
    put16(b + 86, 0x1200);
    media_date(b + 88, 30);
    b[93] = 1;
    put_plain_block(y, b, n);
    database_guid(y->db, 60 + y->set->moment, raid);
    put32(raid + 16, 0xF00000AD);
    put16(raid + 20, y->o->stripes);
    put16(raid + 22, 1);
    put16(raid + 24, y->number);
    put16(raid + 30, 1);
    stream_head(y, "RAID", 0, sizeof raid);
    media_write(y->m, raid, sizeof raid);
    pad_to(y, "SPAD", 0, 0, media_unit(y), 0);
    put_filemark(y);
}

static const char *set_title(set_kind kind)
{
    switch (kind) {
    case SET_DIFF: return "Differential Database Backup";
    case SET_LOG: return "Transaction Log  Backup";
    default: return "Full Database Backup";
    }
}

static uint32_t set_attributes(set_kind kind) { return kind == SET_DIFF ? 8 : kind == SET_COPY ? 6 : 4; }

static void put_set_start(family *y)
{
    uint8_t b[1024] = {0};
    char name[300];
    snprintf(name, sizeof name, "%s-%s", y->db->spec->name, set_title(y->set->kind));
    y->set_start = media_position(y->m);
    y->blocks = 0;
    y->sets++;
    database_guid(y->db, 21 + y->set->moment, b + 100);
    size_t n = put_text(b, 64, 122, name);
    n = put_text(b, 76, n, "BAKGEN\\tester");
    n = round_up(n, 4);
    block_head(b, "SSET", 0, (unsigned)n, true);
    put16(b + 44, 21);
    put16(b + 46, 100);
    put32(b + 52, set_attributes(y->set->kind));
    put16(b + 62, y->sets);
    put64(b + 80, y->set_start);
    media_date(b + 88, 30 + y->set->moment);
    b[93] = y->db->spec->version->major;
    put_block(y, b, n);
    end_block(y);
    uint8_t v[128] = {0};
    put32(v + 52, 2);
    n = put_text(v, 56, 73, "C:");
    n = put_text(v, 64, n, "BAKGEN");
    media_date(v + 68, 30 + y->set->moment);
    n = round_up(n, 4);
    block_head(v, "VOLB", 0, (unsigned)n, true);
    put_block(y, v, n);
    end_block(y);
}

static void put_config(family *y, const char *type, const config_counts *n)
{
    uint8_t b[56] = {0}, config[32768] = {0};
    block_head(b, type, 0, sizeof b, true);
    put_block(y, b, sizeof b);
    size_t bytes = config_build(y->set, y->o, n, config, sizeof config);
    if (!bytes) fail(y->f, "the database's name is too long");
    stream_head(y, "MQCI", 0, bytes);
    media_write(y->m, config, bytes);
    bool last = strcmp(type, "MSLS") == 0;
    if (last) {
        pad_to(y, "SPAD", 0, y->set_start, media_unit(y), 0);
        return;
    }
    end_block(y);
}

/* The part of a data stream in front of its bytes: padding so that they begin on a physical block, the head, two zeros. */
static void start_pages(family *y, const char *id, unsigned attributes, uint64_t bytes)
{
    pad_to(y, "APAD", PADDING, y->set_start, media_unit(y), STREAM_HEAD + PAGES_LEAD);
    stream_head(y, id, attributes | (y->o->checksum ? (unsigned)CHECKSUMMED : 0), bytes + PAGES_LEAD);
    media_zero(y->m, PAGES_LEAD);
    media_break(y->m);
}

static void put_sum(family *y, uint32_t sum)
{
    uint8_t b[4];
    if (!y->o->checksum) return;
    put32(b, sum);
    stream_head(y, "CSUM", 0, sizeof b);
    media_write(y->m, b, sizeof b);
}

static bool read_extent(FILE *data, uint32_t e, uint8_t *out, fault *f)
{
    return (file_seek(data, (uint64_t)e * EXTENT) && fread(out, EXTENT, 1, data) == 1) ||
           fail(f, "cannot read the data file back");
}

static void fill_extent(uint8_t *out)
{
    memset(out, 0, EXTENT);
    for (unsigned i = 0; i < 8; i++) {
        out[i * PAGE] = 1;
        out[i * PAGE + 1] = 0x65;
    }
}

/* ---- which extents ---- */

static bool is_wanted(const family *y, unsigned place, uint32_t e)
{
    if (y->set->kind != SET_DIFF) return image_in_backup(&y->db->image[place], e);
    return e == 0 || y->set->changed[place][e] != 0;
}

static uint32_t wanted_extents(const family *y, unsigned place)
{
    uint32_t n = 0;
    for (uint32_t e = 0; e < y->db->image[place].extents; e++) n += is_wanted(y, place, e);
    return n;
}

/* Extents that the second pass copies again: the first two, and a few whose pages all name themselves. */
enum { AGAIN_MAX = 6, AGAIN_EVERY = 3 };

static bool names_itself(const image *m, uint32_t e)
{
    for (uint32_t page = e * 8; page < e * 8 + 8; page++)
        if (!(m->pfs[page] & 0x40) || image_is_fixed_page(page)) return false;
    return true;
}

static unsigned extents_again(const family *y, uint32_t out[AGAIN_MAX])
{
    const image *m = &y->db->image[0];
    unsigned n = 2, good = 0;
    out[0] = 0;
    out[1] = 1;
    for (uint32_t e = m->catalog.end; e < m->extents && n < AGAIN_MAX; e++)
        if (names_itself(m, e) && good++ % AGAIN_EVERY == 0) out[n++] = e;
    return n;
}

static bool is_again(const family *y, unsigned place, uint32_t e)
{
    uint32_t again[AGAIN_MAX];
    if (!y->o->second_pass || place || y->set->kind == SET_DIFF) return false;
    unsigned n = extents_again(y, again);
    for (unsigned i = 0; i < n; i++)
        if (again[i] == e) return true;
    return false;
}

/* What the first pass had met: another moment in the boot page, pages of rows still empty. */
static void make_older(const family *y, uint32_t e, uint8_t *extent)
{
    page_guard guard = (page_guard)y->db->spec->guard;
    if (e == 0) return;
    if (e == 1) {
        put32(extent + PAGE + PAGE_HEADER + 40, 1);
        page_protect(extent + PAGE, guard);
        return;
    }
    for (unsigned i = 0; i < 8; i++) {
        put16(extent + i * PAGE + 22, 0);
        page_protect(extent + i * PAGE, guard);
    }
}

/* ---- the data part ---- */

typedef struct copier {
    uint8_t *extent;
    uint32_t taken, written, sum;
} copier;

static void copy_one(family *y, copier *c)
{
    /* Of a compressed backup the records are sealed, not the pages. */
    if (seal_has_database(y->o->seal) && !y->o->compress)
        seal_pages(y->o->seal, c->extent, EXTENT / PAGE, (page_guard)y->db->spec->guard, false, y->f);
    if (y->o->checksum) c->sum = sectors_sum(c->sum, c->extent, EXTENT);
    media_write(y->m, c->extent, EXTENT);
    c->written++;
}

/* Extent number i of the pass goes to family i % stripes + 1. */
static bool is_mine(const family *y, copier *c) { return c->taken++ % y->o->stripes == y->number - 1; }

static bool copy_files(family *y, copier *c)
{
    for (unsigned place = 0; place < y->db->files; place++)
        for (uint32_t e = 0; e < y->db->image[place].extents; e++) {
            if (!is_wanted(y, place, e) || !is_mine(y, c)) continue;
            if (!read_extent(y->set->data[place], e, c->extent, y->f)) return false;
            if (is_again(y, place, e)) make_older(y, e, c->extent);
            copy_one(y, c);
        }
    return true;
}

static bool copy_again(family *y, copier *c)
{
    uint32_t again[AGAIN_MAX];
    unsigned n = extents_again(y, again);
    for (unsigned i = 0; i < n; i++) {
        if (!is_mine(y, c)) continue;
        if (!read_extent(y->set->data[0], again[i], c->extent, y->f)) return false;
        copy_one(y, c);
    }
    return true;
}

/* Families that got one less end with a filler. */
static bool copy_extents(family *y, uint32_t each, bool again)
{
    copier c = {.extent = malloc(EXTENT)};
    if (!c.extent) return fail(y->f, "out of memory");
    bool ok = again ? copy_again(y, &c) : copy_files(y, &c);
    while (ok && c.written < each) {
        fill_extent(c.extent);
        copy_one(y, &c);
    }
    free(c.extent);
    put_sum(y, c.sum);
    return ok && !y->f->set;
}

static void start_data(family *y, uint64_t bytes)
{
    uint8_t b[60] = {0};
    block_head(b, "MSDA", 0, sizeof b, false);
    put16(b + 58, 1);
    put_block(y, b, sizeof b);
    start_pages(y, "MQDA", VARIABLE, bytes);
}

static bool put_data(family *y, uint32_t extents, bool again)
{
    uint32_t each = (extents + y->o->stripes - 1) / y->o->stripes;
    if (y->o->filler && !again) each = (each + 15) / 16 * 16;
    start_data(y, (uint64_t)each * EXTENT);
    if (y->o->in_place) {
        media_skip(y->m, (uint64_t)each * EXTENT);
    } else if (!copy_extents(y, each, again)) {
        return false;
    }
    stream_head(y, "MQDA", VARIABLE | VARIABLE_END, 0);
    end_block(y);
    return !y->f->set;
}

static bool put_log(family *y)
{
    uint8_t blocks[LOG_BYTES_MAX];
    size_t bytes = log_build(y->set, y->o->log_changes, blocks);
    const uint64_t start = LOG_FIRST_VLF + (uint64_t)log_block_of(y->set->moment) * 512;
    bool any = y->o->log || y->o->log_changes || y->set->kind == SET_LOG;
    for (unsigned i = 0; i < LOG_VLFS; i++) {
        uint8_t b[596] = {0};
        bool filled = i == 0 && any;
        block_head(b, "MSTL", 0, sizeof b, false);
        put16(b + 58, 1);
        if (filled) {
            put64(b + 60, start);
            put64(b + 68, start + bytes);
        }
        put32(b + 76, 2);
        put32(b + 92, i == 0 ? LOG_VLF : 0);
        put64(b + 96, LOG_VLF_BYTES);
        put64(b + 104, LOG_FIRST_VLF + (uint64_t)i * LOG_VLF_BYTES);
        put_block(y, b, sizeof b);
        if (filled && y->number == 1) {
            uint8_t *padded = calloc(1, EXTENT);
            if (!padded) return fail(y->f, "out of memory");
            memcpy(padded, blocks, bytes);
            start_pages(y, "MQTL", 0, EXTENT);
            media_write(y->m, padded, EXTENT);
            put_sum(y, sectors_sum(0, padded, EXTENT));
            free(padded);
        }
        end_block(y);
    }
    return true;
}

static void put_set_end(family *y)
{
    for (unsigned copy = 0; copy < 2; copy++) {
        uint8_t b[88] = {0};
        block_head(b, "ESET", 0, sizeof b, false);
        put32(b + 52, set_attributes(y->set->kind));
        if (copy) put64(b + 60, y->end_start);
        put16(b + 78, y->sets);
        media_date(b + 80, 31 + y->set->moment);
        if (!copy) y->end_start = media_position(y->m);
        put_plain_block(y, b, sizeof b);
        pad_to(y, "SPAD", 0, y->end_start, media_unit(y), 0);
    }
}

static void put_front(family *y, const config_counts *counts)
{
    if (y->sets == 0) put_media_header(y);
    put_set_start(y);
    put_config(y, "MSCI", counts);
}

uint64_t backup_data_start(const database_spec *spec, const backup_options *o, fault *f)
{
    database named = {.spec = spec, .files = 1, .group = {"PRIMARY"}, .groups = 1};
    const backup_set set = {.db = &named};
    config_counts counts = {0};
    family y = {.set = &set, .db = &named, .o = o, .f = f, .number = 1};
    y.m = media_over(NULL, o->block, f);
    if (!y.m) return 0;
    put_front(&y, &counts);
    start_data(&y, 0);
    uint64_t at = media_position(y.m);
    return media_close(y.m) ? at : 0;
}

static bool write_set(family *y)
{
    config_counts counts = {0};
    uint8_t blocks[LOG_BYTES_MAX];
    uint32_t again[AGAIN_MAX], extents = 0;
    bool second = y->o->second_pass && (y->set->kind == SET_FULL || y->set->kind == SET_COPY);
    for (unsigned i = 0; i < y->db->files && y->set->kind != SET_LOG; i++) {
        counts.pages[i] = wanted_extents(y, i) * 8;
        extents += counts.pages[i] / 8;
    }
    put_front(y, &counts);
    if (y->set->kind != SET_LOG && !put_data(y, extents, false)) return false;
    if (second) {
        memset(counts.pages, 0, sizeof counts.pages);
        counts.pages[0] = extents_again(y, again) * 8;
        if (!put_data(y, counts.pages[0] / 8, true)) return false;
    }
    if (!put_log(y)) return false;
    counts.final = true;
    if (y->o->log || y->o->log_changes || y->set->kind == SET_LOG)
        counts.log_bytes = log_build(y->set, y->o->log_changes, blocks);
    put_config(y, "MSLS", &counts);
    put_filemark(y);
    put_set_end(y);
    put_filemark(y);
    return !y->f->set;
}

bool backup_write(const backup_set *set, size_t sets, const backup_options *o, fault *f)
{
    if (o->stripes < 1 || o->stripes > STRIPES_MAX) return fail(f, "1 to %d stripes", STRIPES_MAX);
    for (unsigned i = 0; i < o->stripes; i++) {
        family y = {.set = set, .db = set->db, .o = o, .f = f, .number = i + 1};
        y.m = o->in_place ? media_over(set->data[0], o->block, f)
                          : media_create(o->path[i], o->block, o->compress, o->seal, f);
        if (!y.m) return false;
        bool ok = true;
        for (size_t k = 0; ok && k < sets; k++) {
            y.set = &set[k];
            y.db = set[k].db;
            ok = write_set(&y);
        }
        if (!media_close(y.m) || !ok) return false;
    }
    return true;
}
