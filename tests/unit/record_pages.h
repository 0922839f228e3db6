/* Builds data pages, records and a store of pages in memory, byte by byte, for the tests of records and large values.
 * */
#ifndef RECORD_PAGES_H
#define RECORD_PAGES_H

#include "little_endian.h"
#include "mdf/mdf_record.h"
#include "sqltype/sqltype.h"
#include <stdlib.h>

/* The store claims more extents than it has, so that lengths can be too large for other reasons than its size. */
enum { TEST_EXTENTS_CLAIMED = 32 };
enum { TEST_EXTENTS = 4, TEST_PAGES = TEST_EXTENTS * EXTENT_PAGES, TEST_FILES = 2 };

/* ---- bytes of a record under construction ---- */

typedef struct bytes {
    uint8_t p[PAGE_BYTES];
    unsigned n;
} bytes;

static inline void add(bytes *b, const void *p, size_t n)
{
    memcpy(b->p + b->n, p, n);
    b->n += (unsigned)n;
}
static inline void add8(bytes *b, unsigned x) { b->p[b->n++] = (uint8_t)x; }
static inline void add16(bytes *b, unsigned x)
{
    put16(b->p + b->n, x);
    b->n += 2;
}
static inline void add32(bytes *b, uint32_t x)
{
    put32(b->p + b->n, x);
    b->n += 4;
}
static inline void add64(bytes *b, uint64_t x)
{
    put64(b->p + b->n, x);
    b->n += 8;
}

/* Status bytes and fixed part. */
static inline bytes record_start(unsigned status_a, const void *fixed, unsigned n)
{
    bytes b = {.n = 0};
    add8(&b, status_a);
    add8(&b, 0);
    add16(&b, 4 + n);
    add(&b, fixed, n);
    return b;
}
static inline void record_nulls(bytes *b, unsigned columns, uint64_t nulls)
{
    add16(b, columns);
    for (unsigned i = 0; i < (columns + 7) / 8; i++) add8(b, (unsigned)(nulls >> (8 * i)) & 0xFF);
}
/* Variable part; bit i of complex marks column i. */
static inline void record_variable(bytes *b, const sv *column, unsigned n, unsigned complex)
{
    add16(b, n);
    unsigned end = b->n + 2 * n;
    for (unsigned i = 0; i < n; i++) {
        end += (unsigned)column[i].n;
        add16(b, end | (complex >> i & 1 ? 0x8000 : 0));
    }
    for (unsigned i = 0; i < n; i++)
        if (column[i].n) add(b, column[i].p, column[i].n);
}

/* ---- pages ---- */

static inline void page_start(uint8_t *page, unsigned type, page_id id)
{
    memset(page, 0, PAGE_BYTES);
    page[PH_VERSION] = 1;
    page[PH_TYPE] = (uint8_t)type;
    put32(page + PH_PAGE, id.page);
    put16(page + PH_FILE, id.file);
    put16(page + PH_FREE_DATA, PAGE_HEADER_BYTES);
}
/* Puts n bytes behind the last record; returns their slot. */
static inline uint16_t page_add(uint8_t *page, const void *p, unsigned n)
{
    const unsigned at = le16(page + PH_FREE_DATA);
    const unsigned slot = page_slots(page);
    memcpy(page + at, p, n);
    put16(page + PAGE_BYTES - 2 - 2 * slot, at);
    put16(page + PH_SLOTS, slot + 1);
    put16(page + PH_FREE_DATA, at + n);
    return (uint16_t)slot;
}
static inline uint16_t page_add_record(uint8_t *page, const bytes *b) { return page_add(page, b->p, b->n); }

/* ---- a store in memory: files 1 and 2 ---- */

typedef struct memory_store {
    page_store base;
    uint8_t page[TEST_FILES][TEST_PAGES][PAGE_BYTES];
} memory_store;

static inline status memory_read(page_store *s, void *scratch, uint16_t file, uint32_t extent, uint8_t *out,
                                 unsigned *present)
{
    (void)scratch;
    *present = 0;
    if (file < 1 || file > TEST_FILES || extent >= TEST_EXTENTS) return ST_END;
    memcpy(out, ((memory_store *)s)->page[file - 1][extent * EXTENT_PAGES], EXTENT_BYTES);
    *present = EXTENT_PAGES;
    return ST_OK;
}
static inline size_t memory_files(page_store *s)
{
    (void)s;
    return TEST_FILES;
}
static inline uint16_t memory_file_id(page_store *s, size_t i)
{
    (void)s;
    return (uint16_t)(i + 1);
}
static inline uint32_t memory_extents(page_store *s, uint16_t file)
{
    (void)s;
    (void)file;
    return TEST_EXTENTS_CLAIMED;
}
static inline status memory_verify(page_store *s)
{
    (void)s;
    return ST_OK;
}
static inline void memory_close(page_store *s) { free(s); }

static inline memory_store *memory_store_new(findings *f)
{
    static const page_store_ops ops = {.read_extent = memory_read,
                                       .files = memory_files,
                                       .file_id = memory_file_id,
                                       .extents = memory_extents,
                                       .verify = memory_verify,
                                       .close = memory_close};
    memory_store *s = calloc(1, sizeof *s);
    if (!s) abort();
    s->base = (page_store){.ops = &ops, .found = f};
    for (unsigned file = 0; file < TEST_FILES; file++)
        for (uint32_t i = 0; i < TEST_PAGES; i++)
            page_start(s->page[file][i], PAGE_LOB_MIX, (page_id){i, (uint16_t)(file + 1)});
    return s;
}
static inline uint8_t *memory_page(memory_store *s, page_id id) { return s->page[id.file - 1][id.page]; }

/* ---- LOB records: all of one value ---- */

#define TEST_BLOB ((uint64_t)0x334455660000)
enum { TEST_TIMESTAMP = 0x33445566 };

static inline bytes lob_record_start(unsigned kind)
{
    bytes b = {.n = 0};
    add8(&b, RECORD_LOB << 1);
    add8(&b, 0);
    add16(&b, 0);
    add64(&b, TEST_BLOB);
    add16(&b, kind);
    return b;
}
static inline uint16_t lob_record_put(memory_store *s, page_id id, bytes *b)
{
    put16(b->p + 2, b->n);
    return page_add_record(memory_page(s, id), b);
}
static inline uint16_t put_data(memory_store *s, page_id id, const void *p, size_t n)
{
    bytes b = lob_record_start(3);
    add(&b, p, n);
    return lob_record_put(s, id, &b);
}
/* A link of a 12-byte root, or a 16-byte one of an internal node. */
static inline void add_link(bytes *b, bool wide, uint64_t end, page_id to, uint16_t slot)
{
    if (wide)
        add64(b, end);
    else
        add32(b, (uint32_t)end);
    add32(b, to.page);
    add16(b, to.file);
    add16(b, slot);
}
/* Header of an inline root in a row. */
static inline bytes inline_root(unsigned type)
{
    bytes b = {.n = 0};
    add8(&b, type);
    add8(&b, 0);
    add8(&b, 0);
    add8(&b, 0);
    add32(&b, 1);
    add32(&b, TEST_TIMESTAMP);
    return b;
}
static inline bytes text_pointer(uint32_t timestamp, page_id to, uint16_t slot)
{
    bytes b = {.n = 0};
    add32(&b, timestamp);
    add32(&b, 0);
    add32(&b, to.page);
    add16(&b, to.file);
    add16(&b, slot);
    return b;
}

/* ---- one table of one rowset ---- */

typedef struct test_table {
    mdf_column column[48];
    column_info info[48];
    mdf_rowset rowset;
    mdf_table table;
    table_info table_info;
    mdf_model model;
    findings *found;
    memory_store *store;
    lob_reader *lobs;
    record_decoder *decoder;
    arena *mem;
    uint8_t *page; /* 1:8 of the store */
    uint64_t bad;
} test_table;

enum { TEST_ROW_PAGE = 8 };
static const page_id test_row_page = {TEST_ROW_PAGE, 1};

static inline void table_open(test_table *t)
{
    memset(t, 0, sizeof *t);
    t->found = findings_new();
    t->store = memory_store_new(t->found);
    t->mem = arena_new(0);
    t->lobs = lob_reader_new(&t->store->base, t->found);
    t->rowset = (mdf_rowset){.column = t->column};
    t->table_info = (table_info){.full_name = SV_LIT("dbo.t"), .column = t->info};
    t->model = (mdf_model){.info = &t->table_info,
                           .table = &t->table,
                           .tables = 1,
                           .rowset = &t->rowset,
                           .rowsets = 1,
                           .cp = codepage_of(1252)};
    t->page = memory_page(t->store, test_row_page);
    page_start(t->page, PAGE_DATA, test_row_page);
}
/* Adds a column: leaf offset and null bit as in mdf_column. */
static inline mdf_column *table_column(test_table *t, const char *name, unsigned xtype, int leaf_offset,
                                       unsigned null_bit)
{
    const size_t i = t->rowset.columns++;
    t->column[i] = (mdf_column){.xtype = (uint8_t)xtype,
                                .leaf_offset = (int16_t)leaf_offset,
                                .null_bit = (uint16_t)null_bit,
                                .catalog_column = (int32_t)i};
    t->info[i] = (column_info){.name = sv_from(name)};
    t->table_info.columns = i + 1;
    return &t->column[i];
}
static inline status table_ready(test_table *t, bool no_lobs_inline)
{
    int32_t wanted[48];
    for (size_t i = 0; i < t->rowset.columns; i++) wanted[i] = (int32_t)i;
    record_decoder_free(t->decoder);
    lob_reader_table(t->lobs, t->table_info.full_name);
    t->decoder = record_decoder_new(&t->model, &t->rowset, wanted, t->rowset.columns, t->lobs, no_lobs_inline, t->found,
                                    t->table_info.full_name);
    return record_decoder_page(t->decoder, test_row_page, t->page);
}
static inline status table_row(test_table *t, uint16_t slot, value *cell)
{
    return record_decoder_row(t->decoder, slot, t->mem, cell, &t->bad);
}
static inline void table_close(test_table *t)
{
    record_decoder_free(t->decoder);
    lob_reader_free(t->lobs);
    arena_free(t->mem);
    t->store->base.ops->close(&t->store->base);
    findings_free(t->found);
}

/* The first finding of a code; NULL: none. */
static inline const finding *first_finding(const findings *f, finding_code code)
{
    for (size_t i = 0; i < findings_kinds(f); i++)
        if (findings_kind(f, i)->code == code) return &findings_kind(f, i)->item[0];
    return NULL;
}

#endif
