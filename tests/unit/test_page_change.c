/* Changes of a page image: rows in heaps and indexes, marks of deletion, edits that change a row's length, and pages that
 * make no sense. */
#include "little_endian.h"
#include "mdf/page_change.h"
#include "testing.h"

/* A row of n bytes without variable columns, filled with a letter. */
static page_bytes row_of(uint8_t *room, size_t n, char letter)
{
    memset(room, letter, n);
    room[0] = 0;
    room[1] = 0;
    put16(room + 2, (unsigned)n);
    return (page_bytes){room, n};
}

static void make_page(uint8_t page[PAGE_BYTES], uint8_t type)
{
    const page_form form = {.type = type, .index = 0x100, .row_bytes = 8, .object = 28, .page = 153, .file = 1};
    page_change_format(page, &form);
}

static char letter_at(const uint8_t *page, unsigned slot)
{
    unsigned at = page_slot_offset(page, slot);
    return at ? (char)page[at + 4] : '-';
}

static void check_letters(const uint8_t *page, const char *wanted)
{
    assert_int_equal(page_slots(page), strlen(wanted));
    for (unsigned i = 0; wanted[i]; i++) assert_int_equal(letter_at(page, i), wanted[i]);
}

static void an_index_shifts_its_slots_and_a_heap_does_not(void **state)
{
    (void)state;
    uint8_t index[PAGE_BYTES], heap[PAGE_BYTES], r[64];
    static const page_bytes unknown = {NULL, 0};
    make_page(index, PAGE_DATA);
    make_page(heap, PAGE_DATA);
    assert_null(page_change_insert(index, 0, true, row_of(r, 20, 'a')));
    assert_null(page_change_insert(index, 0, true, row_of(r, 20, 'b')));
    assert_null(page_change_insert(index, 1, true, row_of(r, 20, 'c')));
    check_letters(index, "bca");
    assert_non_null(page_change_insert(index, 4, true, row_of(r, 20, 'd')));
    assert_non_null(page_change_remove(index, 1, true, row_of(r, 20, 'a')));
    assert_null(page_change_remove(index, 1, true, row_of(r, 20, 'c')));
    check_letters(index, "ba");
    assert_int_equal(le16(index + PH_FREE_BYTES), 8096 - 2 * 22);
    assert_null(page_change_insert(heap, 2, false, row_of(r, 20, 'a')));
    check_letters(heap, "--a");
    assert_null(page_change_insert(heap, 0, false, row_of(r, 20, 'b')));
    assert_non_null(page_change_insert(heap, 0, false, row_of(r, 20, 'c')));
    assert_null(page_change_remove(heap, 2, false, unknown));
    check_letters(heap, "b--");
}

static void a_deleted_row_keeps_its_slot_and_comes_back(void **state)
{
    (void)state;
    uint8_t page[PAGE_BYTES], r[64], other[64];
    make_page(page, PAGE_DATA);
    page_bytes row = row_of(r, 20, 'a');
    assert_null(page_change_insert(page, 0, true, row));
    assert_non_null(page_change_ghost(page, 0, true, row_of(other, 20, 'b')));
    assert_null(page_change_ghost(page, 0, true, row));
    assert_int_equal(page[page_slot_offset(page, 0)] >> 1 & 7, RECORD_GHOST);
    assert_int_equal(le16(page + PH_GHOSTS), 1);
    assert_non_null(page_change_ghost(page, 0, true, row));
    assert_null(page_change_insert(page, 0, true, row)); /* the same row again: no second one */
    check_letters(page, "a");
    assert_int_equal(le16(page + PH_GHOSTS), 0);
}

static void rows_grow_shrink_and_move(void **state)
{
    (void)state;
    uint8_t page[PAGE_BYTES], r[2048], big[6000];
    make_page(page, PAGE_DATA);
    for (unsigned i = 0; i < 4; i++) assert_null(page_change_insert(page, i, false, row_of(r, 1900, (char)('a' + i))));
    memset(big, 'x', sizeof big);
    page_edit grow = {100, {NULL, 10}, {big, 400}};
    assert_null(page_change_row(page, 1, &grow, 1)); /* the page has 500 bytes left, at its end */
    check_letters(page, "abcd");
    unsigned at = page_slot_offset(page, 1);
    assert_int_equal(page[at + 99], 'b');
    assert_int_equal(page[at + 100], 'x');
    assert_int_equal(page[at + 500], 'b');
    uint8_t before[PAGE_BYTES];
    memcpy(before, page, PAGE_BYTES);
    page_edit wrong = {100, {(const uint8_t *)"yy", 2}, {big, 2}}, huge = {100, {NULL, 10}, {big, 5000}};
    page_edit beyond = {5000, {NULL, 1}, {big, 1}};
    assert_non_null(page_change_row(page, 1, &wrong, 1));
    assert_non_null(page_change_row(page, 1, &huge, 1));
    assert_non_null(page_change_row(page, 1, &beyond, 1));
    assert_non_null(page_change_row(page, 7, &grow, 1));
    assert_memory_equal(before, page, PAGE_BYTES);
    page_edit same = {10, {(const uint8_t *)"aa", 2}, {big, 2}};
    assert_null(page_change_row(page, 0, &same, 1));
    assert_int_equal(page[page_slot_offset(page, 0) + 11], 'x');
}

/* Rows are moved together behind the compression information, not over it. */
static void compression_information_is_kept(void **state)
{
    (void)state;
    enum { INFORMATION = 100 };
    uint8_t page[PAGE_BYTES], r[3000];
    make_page(page, PAGE_DATA);
    page[PH_TYPE_FLAGS] = PAGE_TYPE_FLAG_CI;
    memset(page + PAGE_HEADER_BYTES, 0x77, INFORMATION);
    put16(page + PH_FREE_DATA, PAGE_HEADER_BYTES + INFORMATION);
    for (unsigned i = 0; i < 3; i++) assert_null(page_change_insert(page, i, true, row_of(r, 2500, (char)('a' + i))));
    assert_null(page_change_remove(page, 1, true, row_of(r, 2500, 'b')));
    assert_null(page_change_insert(page, 2, true, row_of(r, 2900, 'd')));
    check_letters(page, "acd");
    for (unsigned i = 0; i < INFORMATION; i++) assert_int_equal(page[PAGE_HEADER_BYTES + i], 0x77);
    while (page_slots(page)) assert_null(page_change_remove(page, 0, true, (page_bytes){NULL, 0}));
    assert_non_null(page_change_insert(page, 0, true, row_of(r, 2500, 'e'))); /* where it ends is not known any more */
}

static void bits_and_headers(void **state)
{
    (void)state;
    uint8_t page[PAGE_BYTES];
    make_page(page, PAGE_IAM);
    assert_int_equal(page_slots(page), 2);
    assert_null(page_change_bits(page, 1, 32 + 19, 2, true)); /* extents 19 and 20 */
    assert_int_equal(page[194 + 2], 0x18);
    assert_null(page_change_bits(page, 1, 32 + 19, 1, false));
    assert_int_equal(page[194 + 2], 0x10);
    assert_non_null(page_change_bits(page, 1, 65535, 65535, true));
    const uint8_t none[6] = {0}, next[6] = {7, 0, 0, 0, 1, 0};
    assert_null(page_change_header(page, PH_NEXT, (page_bytes){none, 6}, (page_bytes){next, 6}));
    assert_non_null(page_change_header(page, PH_NEXT, (page_bytes){none, 6}, (page_bytes){next, 6}));
    assert_non_null(page_change_header(page, 95, (page_bytes){none, 6}, (page_bytes){next, 6}));
    assert_int_equal(le32(page + PH_NEXT), 7);
}

/* Whatever is in the page: no change reaches beyond it (the sanitizers would tell). */
static void pages_of_nonsense_are_survived(void **state)
{
    (void)state;
    uint8_t page[PAGE_BYTES], r[64];
    uint32_t seed = 1;
    for (unsigned round = 0; round < 4000; round++) {
        for (unsigned i = 0; i < PAGE_BYTES; i++) page[i] = (uint8_t)((seed = seed * 1664525u + 1013904223u) >> 24);
        put16(page + PH_SLOTS, seed >> 20);
        put16(page + PH_FREE_DATA, seed >> 10 & 8191);
        const unsigned slot = seed >> 5 & 63;
        page_edit e = {seed >> 18 & 511, {NULL, 3}, {r, 9}};
        page_change_row(page, slot, &e, 1);
        page_change_insert(page, slot, round & 1, row_of(r, 40, 'a'));
        page_change_ghost(page, slot, true, (page_bytes){NULL, 0});
        page_change_bits(page, slot, seed & 0xFFFF, seed >> 16, true);
        page_change_remove(page, slot, round & 1, (page_bytes){NULL, 0});
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_index_shifts_its_slots_and_a_heap_does_not),
        cmocka_unit_test(a_deleted_row_keeps_its_slot_and_comes_back),
        cmocka_unit_test(rows_grow_shrink_and_move),
        cmocka_unit_test(compression_information_is_kept),
        cmocka_unit_test(bits_and_headers),
        cmocka_unit_test(pages_of_nonsense_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
