/* Pages changed over a store: kept in memory up to a bound, beyond it in a work file; read back as they were changed. */
#include "little_endian.h"
#include "mdf/mdf_layout.h"
#include "mdf/page_overlay.h"
#include "testing.h"
#include <stdlib.h>

enum { EXTENTS = 1000, BEYOND = 1200 };

/* A store of pages that carry their numbers and nothing else. */
static status read_extent(page_store *s, void *scratch, uint16_t file, uint32_t extent, uint8_t *out, unsigned *present)
{
    (void)s;
    (void)scratch;
    *present = 0;
    if (file != 1 || extent >= EXTENTS) return ST_END;
    memset(out, 0, EXTENT_BYTES);
    for (unsigned i = 0; i < EXTENT_PAGES; i++) {
        uint8_t *p = out + (size_t)i * PAGE_BYTES;
        p[PH_VERSION] = 1;
        p[PH_TYPE] = PAGE_DATA;
        put32(p + PH_PAGE, extent * EXTENT_PAGES + i);
        put16(p + PH_FILE, 1);
        put32(p + PH_LSN, 5);
    }
    *present = EXTENT_PAGES;
    return ST_OK;
}
static size_t files(page_store *s) { return s ? 1 : 0; }
static uint16_t file_id(page_store *s, size_t i) { return s && i == 0 ? 1 : 0; }
static uint32_t extents(page_store *s, uint16_t file) { return s && file == 1 ? EXTENTS : 0; }
static status verify(page_store *s) { return s ? ST_OK : ST_FATAL; }
static void close_below(page_store *s) { s->scratch_bytes = 1; /* seen by the test */ }
static const page_store_ops ops = {read_extent, files, file_id, extents, verify, close_below};

/* Every page gets a mark, more of them than stay in memory; some are new, behind the end. */
static void changed_pages_are_read_back_from_memory_and_from_the_work_file(void **state)
{
    (void)state;
    page_store below = {.ops = &ops};
    findings *f = findings_new();
    page_overlay *o = page_overlay_new(&below, NULL, f);
    uint8_t *page, lsn[10], *out = malloc(EXTENT_BYTES);
    assert_true(o && out);
    for (uint32_t i = 0; i < EXTENTS * EXTENT_PAGES; i++) {
        if (i % 3 == 1) continue;
        assert_int_equal(page_overlay_edit(o, (page_id){i, 1}, &page), ST_OK);
        put32(page + 200, i * 7);
        put32(page + PH_LSN, 6);
    }
    for (uint32_t i = 0; i < 300; i++) { /* a second time, from the work file */
        if (i % 3 == 1) continue;
        assert_int_equal(page_overlay_edit(o, (page_id){i, 1}, &page), ST_OK);
        assert_int_equal(le32(page + 200), i * 7);
        put32(page + 204, i);
    }
    page_id new_page = {BEYOND * EXTENT_PAGES + 2, 1};
    assert_int_equal(page_overlay_edit(o, new_page, &page), ST_ROW_LOST);
    assert_int_equal(page_overlay_renew(o, new_page, &page), ST_OK);
    put32(page + 200, 77);
    assert_int_equal(page_overlay_lsn(o, (page_id){1, 1}, lsn), ST_OK);
    assert_int_equal(le32(lsn), 5);
    assert_int_equal(page_overlay_lsn(o, (page_id){3000, 1}, lsn), ST_OK);
    assert_int_equal(le32(lsn), 6);
    assert_int_equal(page_overlay_lsn(o, (page_id){9, 2}, lsn), ST_ROW_LOST);

    page_store *s = page_overlay_store(o);
    unsigned present;
    assert_int_equal(s->ops->extents(s, 1), BEYOND + 1);
    for (uint32_t e = 0; e < EXTENTS; e++) {
        assert_int_equal(s->ops->read_extent(s, NULL, 1, e, out, &present), ST_OK);
        assert_int_equal(present, EXTENT_PAGES);
        for (unsigned i = 0; i < EXTENT_PAGES; i++) {
            const uint8_t *p = out + (size_t)i * PAGE_BYTES;
            uint32_t number = e * EXTENT_PAGES + i;
            assert_int_equal(le32(p + PH_PAGE), number);
            assert_int_equal(le32(p + 200), number % 3 == 1 ? 0 : number * 7);
            assert_int_equal(le32(p + 204), number % 3 == 1 || number >= 300 ? 0 : number);
        }
    }
    assert_int_equal(s->ops->read_extent(s, NULL, 1, BEYOND, out, &present), ST_OK);
    assert_int_equal(present, 3);
    assert_int_equal(le32(out + 2 * PAGE_BYTES + 200), 77);
    assert_int_equal(le32(out + PH_PAGE), 0);
    assert_int_equal(s->ops->read_extent(s, NULL, 1, BEYOND + 1, out, &present), ST_END);
    s->ops->close(s);
    assert_int_equal(below.scratch_bytes, 1);
    assert_int_equal(findings_kinds(f), 0);
    findings_free(f);
    free(out);
}

static void a_work_file_that_fails_is_told(void **state)
{
    (void)state;
    page_store below = {.ops = &ops};
    findings *f = findings_new();
    page_overlay *o = page_overlay_new(&below, "/no/such/folder", f);
    uint8_t *page;
    assert_non_null(o);
    status st = ST_OK;
    for (uint32_t i = 0; i < EXTENTS * EXTENT_PAGES && st == ST_OK; i++)
        st = page_overlay_edit(o, (page_id){i, 1}, &page);
    assert_int_equal(st, ST_FATAL);
    assert_int_equal(findings_count(f, F_BAK_WORK_FILE), 1);
    page_overlay_leave(o);
    assert_int_equal(below.scratch_bytes, 0);
    findings_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changed_pages_are_read_back_from_memory_and_from_the_work_file),
        cmocka_unit_test(a_work_file_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
