/* The two pages that describe the file and the database: the file header (0) and the boot page (9). */
#include "database.h"

enum { FIXED_OWNER = 99, NAME_BYTES = 256 };

/* A log sequence number, as 10 bytes. */
static void put_lsn(uint8_t *p, uint32_t block, unsigned slot)
{
    put32(p, 0x31);
    put32(p + 4, block);
    put16(p + 8, slot);
}

typedef struct header_fields {
    unsigned columns, variables;
    uint8_t record[PAGE];
    unsigned at, index;
} header_fields;

/* Ends every variable column up to `index` and appends the bytes of that one. */
static void put_field(header_fields *h, unsigned index, const void *p, unsigned n)
{
    unsigned ends = 8 + 2 + (h->columns + 7) / 8 + 2;
    for (; h->index < index; h->index++) put16(h->record + ends + 2 * h->index, h->at);
    if (n) memcpy(h->record + h->at, p, n);
    h->at += n;
    put16(h->record + ends + 2 * h->index++, h->at);
}

static void put_number(header_fields *h, unsigned index, uint32_t v, unsigned bytes)
{
    uint8_t number[4];
    put32(number, v);
    put_field(h, index, number, bytes);
}

static bool write_file_header(database *db, unsigned place)
{
    const sql_version *v = db->spec->version;
    header_fields h = {.columns = v->header_columns, .variables = v->header_variables};
    const unsigned file = file_id_at(place);
    h.at = 8 + 2 + (h.columns + 7) / 8 + 2 + 2 * h.variables;
    uint8_t guid[16], wide[256], lsn[10];
    char name[128];
    h.record[0] = 0x30;
    put16(h.record + 2, 8);
    put16(h.record + 8, h.columns);
    put16(h.record + 10 + (h.columns + 7) / 8, h.variables);
    database_guid(db, 10, guid);
    put_field(&h, 0, guid, 16);
    put_number(&h, 2, file, 2);
    put_number(&h, 3, database_group_of(db, place), 2);
    put_number(&h, 4, db->pages[place], 4);
    put_number(&h, 5, UINT32_MAX, 4); /* grows without limit */
    put_number(&h, 6, 128, 4);        /* by so many pages */
    put_number(&h, 12, db->pages[place], 4);
    put_number(&h, 14, UINT32_MAX, 4);
    put_number(&h, 15, 512, 4); /* sector size */
    put_lsn(lsn, 0x28, 1);
    put_field(&h, 16, lsn, 10);
    database_file_name(db, file, name, sizeof name);
    unsigned n = 0;
    for (const char *from = name; *from;) n += put_character(wide + n, next_character(&from));
    put_field(&h, 27, wide, n);
    database_guid(db, file, guid);
    put_field(&h, 28, guid, 16);
    put_field(&h, h.variables - 1, NULL, 0);
    page_buffer p;
    page_start(&p, place << PAGE_BITS, TYPE_FILE_HEADER, 0, (page_owner){FIXED_OWNER, 0}, 0);
    put16(p.bytes + 4, 0x0008);
    page_add(&p, h.record, h.at);
    return page_finish(&p, db->image, 0, 0);
}

static bool write_boot(database *db)
{
    uint8_t r[4096] = {0};
    const sql_version *v = db->spec->version;
    put16(r + 2, v->boot_bytes);
    put16(r + 4, v->number);
    put16(r + 6, v->number);
    put32(r + 40, 300 * 3600 * 9);
    put32(r + 44, 43500); /* created 2019-02-06 */
    unsigned n = 0;
    for (const char *from = db->spec->name; *from && n < NAME_BYTES;)
        n += put_character(r + 52 + n, next_character(&from));
    put16(r + 308, n);
    for (; n < NAME_BYTES; n += 2) put16(r + 52 + n, ' ');
    put16(r + 312, 7);        /* database id */
    put16(r + 314, v->level); /* compatibility level */
    put_lsn(r + 336, 0x18, 0x25);
    put_lsn(r + 348, 0x50, 0x25);
    put_lsn(r + 372, 0x50, 0x25);
    put32(r + 392, COLLATION_DATABASE);
    put_page_id(r + 516, catalog_base(&db->catalog, BASE_ALLOCUNITS)->rs.data.first);
    page_buffer p;
    page_start(&p, 9, TYPE_BOOT, 0, (page_owner){FIXED_OWNER, 0}, 0);
    page_add(&p, r, v->boot_bytes);
    return page_finish(&p, db->image, 0, 0);
}

bool write_boot_pages(database *db)
{
    for (unsigned i = 0; i < db->files; i++)
        if (!write_file_header(db, i)) return false;
    return write_boot(db);
}
