/* Damage in the catalog that its pages' checksums vouch for: a generated data file with single fields changed. */
#include "little_endian.h"
#include "mdf/mdf_file_store.h"
#include "mdf/mdf_source.h"
#include "mdf/mdf_systab.h"
#include "mdf/page_check.h"
#include "testing.h"
#include <stdlib.h>
#include <string.h>

enum { FIRST_USER_OBJECT = 100 }; /* in the owner field of the sample's pages */

typedef struct database {
    uint8_t *p;
    size_t n;
    findings *found;
    byte_source *file;
    row_source *source;
    status opened;
    const catalog *catalog;
} database;

static database load_sample(const char *path)
{
    database d = {.found = findings_new()};
    byte_source *file = byte_source_file(path, d.found);
    assert_non_null(file);
    d.n = (size_t)byte_source_size(file);
    d.p = malloc(d.n);
    assert_non_null(d.p);
    assert_true(byte_source_exact(file, 0, d.p, d.n, d.found));
    byte_source_close(file);
    return d;
}

static database load(void) { return load_sample(CHARTFERRY_SAMPLES "/every_kind.mdf"); }

/* Seals all pages and opens the database. */
static void open_it(database *d)
{
    for (size_t at = 0; at < d->n; at += PAGE_BYTES) {
        const uint32_t sum = page_checksum(d->p + at);
        for (unsigned i = 0; i < 4; i++) d->p[at + PH_CHECKSUM + i] = (uint8_t)(sum >> 8 * i);
    }
    d->file = byte_source_memory(d->p, d->n, "every_kind.mdf");
    open_args a = {.file = &d->file, .files = 1};
    d->opened = mdf_ops.open(&a, d->found, &d->source);
    if (d->opened == ST_OK) assert_int_equal(mdf_ops.catalog(d->source, &d->catalog), ST_OK);
}

static void close_it(database *d)
{
    mdf_ops.close(d->source);
    byte_source_close(d->file);
    findings_free(d->found);
    free(d->p);
}

/* The first record of a base table for which `wanted` is true. */
static uint8_t *record_of(const database *d, uint32_t object, bool (*wanted)(const uint8_t *rec, const void *key),
                          const void *key)
{
    for (uint8_t *page = d->p; page < d->p + d->n; page += PAGE_BYTES) {
        if (page[PH_TYPE] != PAGE_DATA || le32(page + 24) != object) continue;
        for (unsigned i = 0; i < page_slots(page); i++) {
            uint8_t *rec = page + page_slot_offset(page, i);
            if (wanted(rec, key)) return rec;
        }
    }
    fail_msg("the sample has no such record");
    return NULL;
}

static bool is_named(const uint8_t *rec, const void *key)
{
    const char *name = key;
    const size_t n = strlen(name);
    const uint8_t *behind = rec + le16(rec + 2); /* the fixed part; the name follows within a few bytes */
    for (const uint8_t *p = behind; p < behind + 16; p++) {
        size_t i = 0;
        while (i < n && p[2 * i] == (uint8_t)name[i] && p[2 * i + 1] == 0) i++;
        if (i == n) return true;
    }
    return false;
}

static bool is_of_a_user_table(const uint8_t *rec, const void *key)
{
    (void)key;
    return le32(rec + 13) > 255 && le32(rec + 17) <= 1;
}

static uint8_t *object_record(const database *d) { return record_of(d, SYS_SCHOBJS, is_named, "Heap"); }

static bool has_table(const database *d, const char *name)
{
    for (size_t i = 0; i < d->catalog->tables; i++)
        if (sv_eq(d->catalog->table[i].full_name, sv_from(name))) return true;
    return false;
}

static void the_sample_has_no_findings(void **state)
{
    (void)state;
    database d = load();
    open_it(&d);
    assert_int_equal(d.opened, ST_OK);
    assert_int_equal(findings_at_least(d.found, SEV_WARN), 0);
    assert_true(has_table(&d, "dbo.Heap"));
    close_it(&d);
}

static void a_table_that_is_not_listed_but_has_rows_is_a_finding(void **state)
{
    (void)state;
    database d = load();
    object_record(&d)[17] = 'Q';
    open_it(&d);
    assert_int_equal(d.opened, ST_OK);
    assert_false(has_table(&d, "dbo.Heap"));
    assert_int_equal(findings_count(d.found, F_TABLE_UNLISTED), 1);
    close_it(&d);
}

static void a_table_without_a_name_is_read_and_told_of(void **state)
{
    (void)state;
    database whole = load();
    open_it(&whole);
    const size_t tables = whole.catalog->tables;
    close_it(&whole);

    database d = load();
    object_record(&d)[0] &= (uint8_t)~0x20u; /* no variable columns, so no name */
    open_it(&d);
    assert_int_equal(d.opened, ST_OK);
    assert_int_equal(findings_count(d.found, F_TABLE_NAMELESS), 1);
    assert_int_equal(d.catalog->tables, tables);
    for (size_t i = 0; i < tables; i++) assert_true(d.catalog->table[i].name.n > 0);
    close_it(&d);
}

static void a_schema_without_a_name_is_told_of(void **state)
{
    (void)state;
    database d = load();
    put16(object_record(&d) + 8, 77);
    open_it(&d);
    assert_int_equal(findings_count(d.found, F_TABLE_NAMELESS), 1);
    assert_true(has_table(&d, "schema_77.Heap"));
    close_it(&d);
}

/* Thousands of these, all with one page list, would be read for as long. */
static void a_second_part_of_a_base_table_is_a_finding_and_not_read(void **state)
{
    (void)state;
    database d = load();
    uint8_t *rec = record_of(&d, SYS_ROWSETS, is_of_a_user_table, NULL);
    memset(rec + 13, 0, 12);
    rec[13] = SYS_CLSOBJS;
    rec[17] = 1;
    rec[21] = 2;
    open_it(&d);
    assert_true(findings_count(d.found, F_CATALOG_COUNT) > 0);
    close_it(&d);
}

static void an_allocation_chain_that_leads_nowhere_is_passed_by(void **state)
{
    (void)state;
    database d = load();
    uint8_t *page = d.p;
    while (page[PH_TYPE] != PAGE_DATA || le32(page + 24) < FIRST_USER_OBJECT) page += PAGE_BYTES;
    uint8_t *boot = d.p + (size_t)BOOT_PAGE * PAGE_BYTES + PAGE_HEADER_BYTES;
    memcpy(boot + 516, page + PH_PAGE, 6);
    memcpy(page + PH_NEXT, page + PH_PAGE, 6); /* and comes back to itself */
    open_it(&d);
    assert_int_equal(d.opened, ST_OK);
    assert_true(d.catalog->tables > 0);
    assert_int_equal(findings_count(d.found, F_PAGES_BY_OWNER), 1);
    close_it(&d);
}

static void a_count_of_rows_that_cannot_be_is_unknown_and_told(int64_t rows)
{
    database d = load();
    const uint32_t object = le32(record_of(&d, SYS_SCHOBJS, is_named, "Parts") + 4);
    unsigned parts = 0;
    for (uint8_t *page = d.p; page < d.p + d.n; page += PAGE_BYTES) {
        if (page[PH_TYPE] != PAGE_DATA || le32(page + 24) != SYS_ROWSETS) continue;
        for (unsigned i = 0; i < page_slots(page); i++) {
            uint8_t *rec = page + page_slot_offset(page, i);
            if (le32(rec + 13) != object) continue;
            for (unsigned k = 0; k < 8; k++) rec[31 + k] = (uint8_t)((uint64_t)rows >> 8 * k);
            parts++;
        }
    }
    assert_true(parts > 1);
    open_it(&d);
    assert_int_equal(d.opened, ST_OK);
    const table_info *t = NULL;
    for (size_t i = 0; i < d.catalog->tables; i++)
        if (sv_eq(d.catalog->table[i].full_name, SV_LIT("dbo.Parts"))) t = &d.catalog->table[i];
    assert_non_null(t);
    assert_int_equal(t->rows_expected, -1);
    assert_int_equal(findings_count(d.found, F_ROW_COUNT_WRONG), parts);
    close_it(&d);
}

static void counts_of_rows_that_cannot_be_are_unknown_and_told(void **state)
{
    (void)state;
    a_count_of_rows_that_cannot_be_is_unknown_and_told(INT64_MAX);
    a_count_of_rows_that_cannot_be_is_unknown_and_told((INT64_C(1) << 44) + 1);
    a_count_of_rows_that_cannot_be_is_unknown_and_told(-5);
}

/* Makes all user tables name one IAM page, and that one all extents of the file. */
static void share_all_pages(database *d)
{
    const uint8_t *iam = NULL;
    for (uint8_t *page = d->p; page < d->p + d->n; page += PAGE_BYTES) {
        if (page[PH_TYPE] != PAGE_DATA || le32(page + 24) != SYS_ALLOCUNITS) continue;
        for (unsigned i = 0; i < page_slots(page); i++) {
            uint8_t *rec = page + page_slot_offset(page, i);
            if (rec[20] == 0 || rec[12] != 1 || le32(rec + 39) == 0) continue; /* a base table; no rows in rows */
            if (!iam) iam = rec + 39;
            memmove(rec + 39, iam, 6);
        }
    }
    assert_non_null(iam);
    memset(d->p + (size_t)le32(iam) * PAGE_BYTES + 194, 0xff, d->n / EXTENT_BYTES / 8);
}

static void tables_that_share_all_pages_are_not_read_over_and_over(void **state)
{
    (void)state;
    database d = load();
    share_all_pages(&d);
    open_it(&d);
    assert_int_equal(d.opened, ST_OK);
    uint64_t pages = 0;
    for (size_t i = 0; i < d.catalog->tables; i++) {
        row rows[16];
        size_t got;
        row_cursor *c;
        const scan_request q = {.table = i};
        assert_int_equal(mdf_ops.scan(d.source, &q, &c), ST_OK);
        for (status st = ST_OK; st == ST_OK || st == ST_ROW_LOST;) st = mdf_ops.next(c, rows, 16, &got);
        pages += mdf_ops.counts(c)->pages;
        mdf_ops.cursor_close(c);
    }
    assert_true(pages <= 2 * d.n / PAGE_BYTES);
    assert_true(findings_count(d.found, F_TABLE_UNREADABLE) > 0);
    assert_int_equal(mdf_ops.verify(d.source), ST_OK);
    close_it(&d);
}

static void a_boot_page_that_points_outside_is_a_finding_and_passed_by(void **state)
{
    (void)state;
    database d = load();
    put16(d.p + (size_t)BOOT_PAGE * PAGE_BYTES + PAGE_HEADER_BYTES + 520, 0x1f7c);
    open_it(&d);
    assert_int_equal(d.opened, ST_OK);
    assert_true(d.catalog->tables > 0);
    assert_int_equal(findings_count(d.found, F_PAGE_MISSING), 1);
    assert_int_equal(findings_count(d.found, F_PAGES_BY_OWNER), 1);
    close_it(&d);
}

/* A store that knows which extents were read. */
enum { COUNTED_EXTENTS = 1024 };
typedef struct counting_store {
    page_store base;
    page_store *below;
    unsigned reads[COUNTED_EXTENTS];
} counting_store;

static page_store *below(page_store *s) { return ((counting_store *)s)->below; }
static status count_read(page_store *s, void *scratch, uint16_t file, uint32_t extent, uint8_t *out, unsigned *pages)
{
    assert_true(extent < COUNTED_EXTENTS);
    ((counting_store *)s)->reads[extent]++;
    return below(s)->ops->read_extent(below(s), scratch, file, extent, out, pages);
}
static size_t count_files(page_store *s) { return below(s)->ops->files(below(s)); }
static uint16_t count_file_id(page_store *s, size_t i) { return below(s)->ops->file_id(below(s), i); }
static uint32_t count_extents(page_store *s, uint16_t file) { return below(s)->ops->extents(below(s), file); }
static status count_verify(page_store *s) { return below(s)->ops->verify(below(s)); }
static void count_close(page_store *s) { (void)s; }

/* Base tables that nothing was put into have no page, and looking for their pages would read the whole database. */
static void opening_reads_no_rows_of_tables(void **state)
{
    (void)state;
    static const page_store_ops ops = {count_read,    count_files,  count_file_id,
                                       count_extents, count_verify, count_close};
    database d = load_sample(CHARTFERRY_SAMPLES "/smallest.mdf");
    d.file = byte_source_memory(d.p, d.n, "smallest.mdf");
    static counting_store s;
    s = (counting_store){0};
    assert_int_equal(mdf_file_store_open(&d.file, 1, NULL, d.found, &s.below), ST_OK);
    s.base = (page_store){.ops = &ops, .scratch_bytes = s.below->scratch_bytes, .found = d.found};
    source_info info = {0};
    assert_int_equal(mdf_source_open(&s.base, &mdf_ops, false, &info, d.found, &d.source), ST_OK);
    unsigned of_users = 0;
    for (size_t at = 0; at + PAGE_BYTES <= d.n; at += PAGE_BYTES) {
        if (d.p[at + PH_TYPE] != PAGE_DATA || le32(d.p + at + PH_OBJECT_ID) < FIRST_USER_OBJECT) continue;
        of_users++;
        assert_int_equal(s.reads[at / EXTENT_BYTES], 0);
    }
    assert_true(of_users > 0);
    s.below->ops->close(s.below);
    close_it(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_has_no_findings),
        cmocka_unit_test(a_table_that_is_not_listed_but_has_rows_is_a_finding),
        cmocka_unit_test(a_table_without_a_name_is_read_and_told_of),
        cmocka_unit_test(a_schema_without_a_name_is_told_of),
        cmocka_unit_test(a_second_part_of_a_base_table_is_a_finding_and_not_read),
        cmocka_unit_test(an_allocation_chain_that_leads_nowhere_is_passed_by),
        cmocka_unit_test(counts_of_rows_that_cannot_be_are_unknown_and_told),
        cmocka_unit_test(tables_that_share_all_pages_are_not_read_over_and_over),
        cmocka_unit_test(a_boot_page_that_points_outside_is_a_finding_and_passed_by),
        cmocka_unit_test(opening_reads_no_rows_of_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
