/* The configuration stream: chunks SCIN (the set), SFGI (filegroup), SFIN (each file). */
#include "backup.h"

enum { SCIN_HEAD = 0x190, SFGI_HEAD = 0xE0, SFIN_HEAD = 0x3F4, FLAG_ALWAYS = 0x200, FLAG_CHECKSUM = 0x10 };

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
    for (; *text; text++, c->at += 2) put16(c->p + c->at, (uint8_t)*text);
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

static size_t build_set(const database *db, const backup_options *o, const config_counts *n, uint8_t *p)
{
    chunk c;
    start(&c, p, "SCIN", SCIN_HEAD);
    put32(p + 8, FLAG_ALWAYS | (o->checksum ? (uint32_t)FLAG_CHECKSUM : 0));
    put32(p + 12, 1);
    put32(p + 16, 1);
    put16(p + 24, 2000);
    p[27] = 12; /* 12.0.2000 */
    put16(p + 28, 9);
    put_lsn(p + 32, LOG_FIRST_BLOCK, 1);
    put_lsn(p + 42, LOG_FIRST_BLOCK + 3, 1);
    put_lsn(p + 52, LOG_FIRST_BLOCK, 1);
    media_date(p + 72, 0);
    media_date(p + 77, 30);
    if (n->final) media_date(p + 82, 31);
    p[87] = 'D';
    p[88] = 52; /* sort order of the collation */
    p[91] = 120;
    put16(p + 94, DATABASE_VERSION);
    put64(p + 96, (uint64_t)n->pages * PAGE + n->log_bytes);
    put32(p + 116, 1033);
    put32(p + 120, 0x30001);
    database_guid(db, 10, p + 124);
    database_guid(db, 11, p + 156);
    put_text(&c, 104, db->spec->name);
    put_text(&c, 108, "BAKGEN");
    return finish(&c);
}

static size_t build_group(uint8_t *p)
{
    chunk c;
    start(&c, p, "SFGI", SFGI_HEAD);
    put32(p + 8, 0x100000);
    put32(p + 12, 1);
    put_text(&c, 16, "PRIMARY");
    return finish(&c);
}

static size_t build_file(const database *db, const config_counts *n, unsigned file, uint8_t *p)
{
    chunk c;
    char name[300], path[400];
    bool log = file == 2;
    uint32_t pages = log ? (n->final ? (uint32_t)(n->log_bytes / PAGE) : 0) : n->pages;
    database_file_name(db, file, name, sizeof name);
    database_file_path(db, file, path, sizeof path);
    start(&c, p, "SFIN", SFIN_HEAD);
    put32(p + 8, log ? 0x0C : 0x84);
    put32(p + 16, PAGE);
    put32(p + 20, file);
    put32(p + 24, pages);
    put32(p + 32, 512);
    put32(p + 36, log ? 0 : 1);
    put64(p + 40, log ? (uint64_t)1 << 20 : (uint64_t)db->pages * PAGE);
    put32(p + 252, pages / 8);
    put_text(&c, 48, name);
    put_text(&c, 52, path);
    return finish(&c);
}

size_t config_build(const database *db, const backup_options *o, const config_counts *n, uint8_t *out, size_t room)
{
    if (room < 16384 || strlen(db->spec->name) > 200) return 0;
    size_t at = build_set(db, o, n, out);
    at += build_group(out + at);
    at += build_file(db, n, 1, out + at);
    return at + build_file(db, n, 2, out + at);
}
