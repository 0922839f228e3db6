/* The configuration stream: chunks SCIN (the set), SFGI (filegroup), SFIN (each file). */
#include "backup.h"

enum { FLAG_ALWAYS = 0x200, FLAG_CHECKSUM = 0x10, FLAG_COPY = 0x400, FLAG_DIFF = 0x800 };

typedef struct chunk {
    uint8_t *p; /* start */
    size_t at;  /* bytes used */
} chunk;

static void start(chunk *c, uint8_t *p, const char *tag, size_t head)
{
    *c = (chunk){p, head};
    memset(p, 0, head);
    memcpy(p, tag, 4);
}

/* Appends a text as UTF-16 and puts its size and place at `address`. */
static void put_text(chunk *c, size_t address, const char *text)
{
    size_t from = c->at;
    while (*text) c->at += put_character(c->p + c->at, next_character(&text));
    put16(c->p + address, c->at - from);
    put16(c->p + address + 2, from);
}

static size_t finish(chunk *c)
{
    put32(c->p + 4, c->at);
    return c->at;
}

static void put_lsn(uint8_t *p, uint32_t block, unsigned slot)
{
    put32(p, LOG_VLF);
    put32(p + 4, block);
    put16(p + 8, slot);
}

/* Year 14 bits, month 4, day 5, hour 5, minute 6, second 6, the highest first. */
void media_date(uint8_t *p, unsigned minute)
{
    uint64_t bits = (uint64_t)2019 << 26 | 2U << 22 | 6U << 17 | 9U << 12 | (uint64_t)minute << 6;
    for (unsigned i = 0; i < 5; i++) p[i] = (uint8_t)(bits >> (32 - 8 * i));
}

static uint32_t set_flags(const backup_set *set, const backup_options *o)
{
    uint32_t flags = FLAG_ALWAYS | (o->checksum ? (uint32_t)FLAG_CHECKSUM : 0);
    if (set->kind == SET_COPY) flags |= FLAG_COPY;
    if (set->kind == SET_DIFF) flags |= FLAG_DIFF;
    return flags;
}

static size_t build_set(const backup_set *set, const backup_options *o, const config_counts *n, uint8_t *p)
{
    chunk c;
    const sql_version *v = set->db->spec->version;
    uint64_t pages = 0;
    for (unsigned i = 0; i < FILES_MAX; i++) pages += n->pages[i];
    const bool logged = o->log || o->log_changes || set->kind == SET_LOG;
    const uint32_t blocks = logged ? log_block_count(set, o->log_changes) : LOG_SET_BLOCKS - 1;
    const uint32_t block = log_block_of(set->moment), first = block + (n->final && o->second_pass);
    start(&c, p, "SCIN", v->set_chunk);
    put32(p + 8, set_flags(set, o));
    put32(p + 12, 1);
    put32(p + 16, 1);
    put16(p + 24, v->build);
    p[26] = v->minor;
    p[27] = v->major;
    put16(p + 28, 9);
    put_lsn(p + 32, first, 1);
    put_lsn(p + 42, block + blocks, 1); /* where the next block of the log would begin */
    put_lsn(p + 52, first, 1);
    if (set->kind == SET_DIFF) put_lsn(p + 62, log_block_of(set->base), 1);
    media_date(p + 72, 0);
    media_date(p + 77, 30 + set->moment);
    if (n->final) media_date(p + 82, 31 + set->moment);
    p[87] = set->kind == SET_DIFF ? 'I' : set->kind == SET_LOG ? 'L' : 'D';
    p[88] = 52; /* sort order of the collation */
    p[91] = v->level;
    put16(p + 94, v->number);
    put64(p + 96, pages * PAGE + n->log_bytes);
    put32(p + 116, 1033);
    put32(p + 120, 0x30001);
    database_guid(set->db, 10, p + 124);
    database_guid(set->db, 11, p + 156);
    put_text(&c, 104, set->db->spec->name);
    put_text(&c, 108, "BAKGEN");
    return finish(&c);
}

static size_t build_group(const database *db, unsigned id, uint8_t *p)
{
    chunk c;
    start(&c, p, "SFGI", db->spec->version->group_chunk);
    put32(p + 8, 0x10);
    put32(p + 12, id);
    put_text(&c, 16, db->group[id - 1]);
    return finish(&c);
}

static size_t build_file(const backup_set *set, const config_counts *n, unsigned file, uint8_t *p)
{
    chunk c;
    char name[300], path[400];
    const database *db = set->db;
    const bool log = file == 2;
    const unsigned place = file == 1 || log ? 0 : file - 2;
    uint32_t pages = log ? (n->final ? (uint32_t)(n->log_bytes / PAGE) : 0) : n->pages[place];
    database_file_name(db, file, name, sizeof name);
    database_file_path(db, file, path, sizeof path);
    start(&c, p, "SFIN", db->spec->version->file_chunk);
    put32(p + 8, log ? db->spec->version->log_flags : set->kind == SET_FULL ? 0x84 : 0x04);
    put32(p + 16, PAGE);
    put32(p + 20, file);
    put32(p + 24, pages);
    put32(p + 32, 512);
    put32(p + 36, log ? 0 : database_group_of(db, place));
    put64(p + 40, log ? (uint64_t)1 << 20 : (uint64_t)db->pages[place] * PAGE);
    put32(p + 252, pages / 8);
    put_text(&c, 48, name);
    put_text(&c, 52, path);
    return finish(&c);
}

/* The database's key, in a chunk of a made-up name: in which the server puts it is not told. */
static size_t build_key(seal *s, uint8_t *p, fault *f)
{
    chunk c;
    start(&c, p, "SKEY", 8);
    c.at += seal_put_database_key(s, p + c.at, f);
    return finish(&c);
}

size_t config_build(const backup_set *set, const backup_options *o, const config_counts *n, uint8_t *out, size_t room)
{
    const database *db = set->db;
    if (room < 32768 || strlen(db->spec->name) > 200) return 0;
    size_t at = build_set(set, o, n, out);
    for (unsigned i = 1; i <= db->groups; i++) at += build_group(db, i, out + at);
    for (unsigned id = 1; id <= db->files + 1; id++) at += build_file(set, n, id, out + at);
    if (seal_has_database(o->seal) && !o->compress && !n->final) at += build_key(o->seal, out + at, db->image->f);
    return at;
}
