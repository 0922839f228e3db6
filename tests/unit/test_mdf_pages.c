/* Page protection and identity, and the walk over a table's pages. */
#include "mdf/mdf_alloc.h"
#include "page_builder.h"
#include "testing.h"

typedef struct fixture {
    findings *found;
    built_store *store;
    page_reader *r;
    arena *mem;
} fixture;

static int set_up(void **state)
{
    fixture *x = calloc(1, sizeof *x);
    x->found = findings_new();
    x->store = built_new(x->found);
    x->r = page_reader_new(&x->store->base, x->found);
    x->mem = arena_new(0);
    page_reader_table(x->r, SV_LIT("dbo.t"));
    *state = x;
    return 0;
}

static int tear_down(void **state)
{
    fixture *x = *state;
    page_reader_free(x->r);
    built_close(&x->store->base);
    findings_free(x->found);
    arena_free(x->mem);
    free(x);
    return 0;
}

static void a_sealed_page_is_read(void **state)
{
    fixture *x = *state;
    const uint8_t *page;
    built_header(x->store, 10, PAGE_DATA)[5000] = 7;
    built_seal(x->store, 10);
    assert_int_equal(page_reader_get(x->r, (page_id){10, 1}, false, &page), ST_OK);
    assert_int_equal(page[5000], 7);
    assert_int_equal(findings_kinds(x->found), 0);
}

static void any_changed_bit_of_a_sealed_page_is_a_finding(void **state)
{
    fixture *x = *state;
    for (unsigned bit = 0; bit < PAGE_BYTES * 8; bit += 997) {
        const uint8_t *page;
        uint8_t *p = built_header(x->store, 10, PAGE_DATA);
        built_seal(x->store, 10);
        if (bit / 8 == PH_FLAGS + 1) continue; /* the flag that says the page has a checksum */
        p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        page_reader *r = page_reader_new(&x->store->base, x->found);
        assert_int_equal(page_reader_get(r, (page_id){10, 1}, false, &page), ST_ROW_LOST);
        page_reader_free(r);
    }
    assert_true(findings_count(x->found, F_PAGE_CHECKSUM) > 60);
    assert_true(sv_eq(findings_kind(x->found, 0)->table, SV_LIT("")) || findings_kind(x->found, 0)->item->page == 10);
}

static void a_page_with_another_number_is_a_finding(void **state)
{
    fixture *x = *state;
    const uint8_t *page;
    put32(built_header(x->store, 10, PAGE_DATA) + PH_PAGE, 11);
    built_seal(x->store, 10);
    assert_int_equal(page_reader_get(x->r, (page_id){10, 1}, false, &page), ST_ROW_LOST);
    assert_int_equal(findings_count(x->found, F_PAGE_IDENTITY), 1);
}

static void a_page_outside_the_file_is_a_finding_unless_quiet(void **state)
{
    fixture *x = *state;
    const uint8_t *page;
    assert_int_equal(page_reader_get(x->r, (page_id){1000, 1}, true, &page), ST_ROW_LOST);
    assert_int_equal(findings_count(x->found, F_PAGE_MISSING), 0);
    assert_int_equal(page_reader_get(x->r, (page_id){1000, 1}, false, &page), ST_ROW_LOST);
    assert_int_equal(page_reader_get(x->r, (page_id){10, 9}, false, &page), ST_ROW_LOST);
    assert_int_equal(findings_count(x->found, F_PAGE_MISSING), 2);
}

/* What SQL Server does to a torn-page protected page when it writes it. */
static void apply_torn_bits(uint8_t *p, unsigned pattern)
{
    uint32_t word = pattern;
    for (unsigned s = 1; s < 16; s++) {
        uint8_t *last = p + s * 512 + 511;
        word |= (uint32_t)(*last & 3) << 2 * s;
        *last = (uint8_t)((*last & ~3u) | pattern);
    }
    put16(p + PH_FLAGS, PAGE_FLAG_TORN);
    put32(p + PH_CHECKSUM, word);
}

static void torn_page_bits_are_put_back(void **state)
{
    fixture *x = *state;
    for (unsigned pattern = 1; pattern <= 2; pattern++) {
        uint8_t content[PAGE_BYTES];
        const uint8_t *page;
        uint8_t *p = built_header(x->store, 10, PAGE_DATA);
        for (unsigned i = PAGE_HEADER_BYTES; i < PAGE_BYTES; i++) p[i] = (uint8_t)(i * 7 + i / 256);
        memcpy(content, p, PAGE_BYTES);
        apply_torn_bits(p, pattern);
        page_reader *r = page_reader_new(&x->store->base, x->found);
        assert_int_equal(page_reader_get(r, (page_id){10, 1}, false, &page), ST_OK);
        assert_memory_equal(page + PAGE_HEADER_BYTES, content + PAGE_HEADER_BYTES, PAGE_BYTES - PAGE_HEADER_BYTES);
        page_reader_free(r);
    }
}

static void a_torn_write_is_a_finding(void **state)
{
    fixture *x = *state;
    const uint8_t *page;
    uint8_t *p = built_header(x->store, 10, PAGE_DATA);
    apply_torn_bits(p, 1);
    p[7 * 512 + 511] ^= 3; /* a sector of another write */
    assert_int_equal(page_reader_get(x->r, (page_id){10, 1}, false, &page), ST_ROW_LOST);
    assert_int_equal(findings_count(x->found, F_PAGE_TORN), 1);
}

/* Extent 1 (pages 8 to 15) in the bitmap, page 20 as a single one; 10, 11 and 20 allocated. */
static void build_table(fixture *x)
{
    uint8_t *iam = built_iam(x->store, 16, 0, 0);
    iam[194] = 1 << 1;
    put_page_id(iam + 142, 20, 1);
    built_seal(x->store, 16);
    for (uint32_t page = 8; page <= 20; page++)
        if (page != 16) {
            built_header(x->store, page, page == 10 ? PAGE_LOB_MIX : PAGE_DATA);
            built_seal(x->store, page);
        }
    built_allocate(x->store, 11, PFS_ALLOCATED);
    built_allocate(x->store, 10, PFS_ALLOCATED);
    built_allocate(x->store, 16, PFS_ALLOCATED | PFS_IAM);
    built_allocate(x->store, 20, PFS_ALLOCATED);
    built_seal(x->store, 1);
}

static unsigned walk(fixture *x, const page_list *list, uint64_t first, uint64_t last, uint32_t *pages)
{
    page_walk w;
    page_id id;
    const uint8_t *page;
    unsigned n = 0;
    page_walk_start(&w, list, PAGE_DATA, 0, first, last);
    while (page_walk_next(&w, x->r, &id, &page) == ST_OK) pages[n++] = id.page;
    return n;
}

static void only_allocated_data_pages_of_the_iam_chain_are_walked(void **state)
{
    fixture *x = *state;
    page_list list;
    uint32_t pages[32];
    build_table(x);
    assert_int_equal(mdf_page_list(x->r, (page_id){16, 1}, x->mem, &list), ST_OK);
    assert_int_equal(list.pages, 9);
    assert_int_equal(walk(x, &list, 0, list.pages, pages), 2); /* 10 is a LOB page, the others are not allocated */
    assert_int_equal(pages[0], 20);
    assert_int_equal(pages[1], 11);
    /* Ranges that meet give each page once. */
    unsigned n = 0;
    for (uint64_t i = 0; i < list.pages; i += 2) n += walk(x, &list, i, i + 2, pages);
    assert_int_equal(n, 2);
    assert_int_equal(findings_kinds(x->found), 0);
}

static void iam_chain_loop_is_a_finding(void **state)
{
    fixture *x = *state;
    page_list list;
    build_table(x);
    put_page_id(built_page(x->store, 16) + PH_NEXT, 16, 1);
    built_seal(x->store, 16);
    assert_int_equal(mdf_page_list(x->r, (page_id){16, 1}, x->mem, &list), ST_OK);
    assert_true(list.broken);
    assert_int_equal(list.pages, 9); /* counted once */
    assert_int_equal(findings_count(x->found, F_IAM_LOOP), 1);
}

static void iam_pointers_outside_the_file_are_one_finding(void **state)
{
    fixture *x = *state;
    page_list list;
    build_table(x);
    uint8_t *iam = built_page(x->store, 16);
    memset(iam + 194, 0xFF, GAM_EXTENTS / 8);
    put_page_id(iam + 148, 0xFFFFFFFF, 1);
    built_seal(x->store, 16);
    assert_int_equal(mdf_page_list(x->r, (page_id){16, 1}, x->mem, &list), ST_OK);
    assert_true(list.broken);
    assert_int_equal(list.pages, BUILT_EXTENTS * EXTENT_PAGES + 1);
    assert_int_equal(findings_count(x->found, F_IAM_BEYOND_FILE), 1);
}

static void a_page_that_is_no_iam_page_ends_the_chain_with_a_finding(void **state)
{
    fixture *x = *state;
    page_list list;
    build_table(x);
    assert_int_equal(mdf_page_list(x->r, (page_id){11, 1}, x->mem, &list), ST_OK);
    assert_int_equal(list.pages, 0);
    assert_int_equal(findings_count(x->found, F_ALLOCATION_PAGE), 1);
    put32(built_page(x->store, 16) + 136, 8); /* an interval that starts nowhere */
    built_seal(x->store, 16);
    assert_int_equal(mdf_page_list(x->r, (page_id){16, 1}, x->mem, &list), ST_OK);
    assert_int_equal(list.pages, 0);
    assert_int_equal(findings_count(x->found, F_ALLOCATION_PAGE), 2);
}

static void a_damaged_page_is_lost_and_the_walk_goes_on(void **state)
{
    fixture *x = *state;
    page_list list;
    page_walk w;
    page_id id;
    const uint8_t *page;
    build_table(x);
    built_page(x->store, 20)[4000] ^= 1;
    assert_int_equal(mdf_page_list(x->r, (page_id){16, 1}, x->mem, &list), ST_OK);
    page_walk_start(&w, &list, PAGE_DATA, 0, 0, list.pages);
    assert_int_equal(page_walk_next(&w, x->r, &id, &page), ST_ROW_LOST);
    assert_int_equal(page_walk_next(&w, x->r, &id, &page), ST_OK);
    assert_int_equal(id.page, 11);
    assert_int_equal(page_walk_next(&w, x->r, &id, &page), ST_END);
    assert_true(sv_eq(findings_kind(x->found, 0)->table, SV_LIT("dbo.t")));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_sealed_page_is_read),
        T(any_changed_bit_of_a_sealed_page_is_a_finding),
        T(a_page_with_another_number_is_a_finding),
        T(a_page_outside_the_file_is_a_finding_unless_quiet),
        T(torn_page_bits_are_put_back),
        T(a_torn_write_is_a_finding),
        T(only_allocated_data_pages_of_the_iam_chain_are_walked),
        T(iam_chain_loop_is_a_finding),
        T(iam_pointers_outside_the_file_are_one_finding),
        T(a_page_that_is_no_iam_page_ends_the_chain_with_a_finding),
        T(a_damaged_page_is_lost_and_the_walk_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
