/* The compressed container: real ones, and handmade ones of forms that no real file has shown. */
#include "bak/bak_files.h"
#include "bak/mssqlbak_index.h"
#include "bak_builder.h"

/* A container of stored pieces around a tape-format stream: records up to each file mark, the mark as it is. */
static builder box_of(const builder *inner, unsigned version, unsigned flags)
{
    builder b = {0};
    unsigned header = version == 1 ? BOX_RECORD_V1_BYTES : BOX_RECORD_V2_BYTES;
    build_zeros(&b, BOX_HEADER_BYTES);
    memcpy(b.p, "MSSQLBAK", 8);
    put32(b.p + BOX_VERSION, version);
    put32(b.p + BOX_FLAGS, flags);
    for (size_t at = 0; at < inner->n;) {
        size_t n = inner->n - at < BOX_PIECE_BYTES ? inner->n - at : BOX_PIECE_BYTES;
        for (size_t k = 0; k < n; k += 512)
            if (le32(inner->p + at + k) == TAG_SFMB) n = k;
        if (n == 0) {
            build_zeros(&b, (512 - b.n % 512) % 512);
            build_bytes(&b, inner->p + at, 512);
            at += 512;
            continue;
        }
        size_t r = build_zeros(&b, header);
        b.p[r] = 0x20;
        b.p[r + BOX_RECORD_SIZE] = (uint8_t)(n / 512);
        put16(b.p + r + BOX_RECORD_PACKED, n == BOX_PIECE_BYTES ? 0 : (unsigned)n);
        put32(b.p + r + header - 4, bak_sum_words(inner->p + at, n));
        build_bytes(&b, inner->p + at, n);
        at += n;
    }
    return b;
}

static const uint32_t list[] = {0, 1, 3, 7, 9};
enum { LIST = sizeof list / sizeof list[0] };

static builder plain_backup(void)
{
    static const build_spec spec = {.checkpoint = 5, .file = {{1, LIST, 12 * 65536}}, .files = 1};
    uint8_t *data = calloc(LIST, EXTENT_BYTES);
    build_lead(data, 1, 0, list, LIST);
    for (size_t i = 1; i < LIST; i++) build_extent(data + i * EXTENT_BYTES, 1, list[i]);
    builder b = {0};
    build_whole(&b, &spec, data, LIST);
    free(data);
    return b;
}

typedef struct boxed {
    byte_source *file;
    findings *found;
    bak_files open;
    page_store *store;
    status st;
} boxed;

static void open_box(boxed *x, const void *p, size_t n)
{
    memset(x, 0, sizeof *x);
    x->found = findings_new();
    x->file = byte_source_memory(p, n, "box.bak");
    open_args args = {.file = &x->file, .files = 1};
    x->st = bak_files_open(&args, x->found, &x->open);
    if (x->st == ST_OK) x->st = bak_store_open(&x->open, false, x->found, &x->store);
}

static void close_box(boxed *x)
{
    if (x->store) x->store->ops->close(x->store);
    bak_files_close(&x->open);
    byte_source_close(x->file);
    findings_free(x->found);
}

static unsigned extents_right(boxed *x)
{
    uint8_t *e = malloc(EXTENT_BYTES);
    void *scratch = malloc(x->store->scratch_bytes);
    unsigned pages, right = 0;
    for (size_t i = 0; i < LIST; i++)
        if (x->store->ops->read_extent(x->store, scratch, 1, list[i], e, &pages) == ST_OK)
            right += le32(e + PH_PAGE) == list[i] * EXTENT_PAGES;
    free(e);
    free(scratch);
    return right;
}

static void both_versions_and_stored_pieces_are_read(void **state)
{
    (void)state;
    for (unsigned version = 1; version <= 2; version++) {
        builder plain = plain_backup(), box = box_of(&plain, version, 3);
        boxed x;
        open_box(&x, box.p, box.n);
        assert_int_equal(x.st, ST_OK);
        assert_int_equal(mssqlbak_size(x.open.media[0].in.box), plain.n);
        assert_int_equal(extents_right(&x), LIST);
        assert_int_equal(x.store->ops->verify(x.store), ST_OK);
        assert_int_equal(findings_kinds(x.found), 0);
        close_box(&x);
        free(plain.p);
        free(box.p);
    }
}

static void a_damaged_piece_is_a_finding_and_only_its_extent_is_lost(void **state)
{
    (void)state;
    builder plain = plain_backup(), box = box_of(&plain, 2, 3);
    for (size_t at = box.n - 3 * BOX_PIECE_BYTES;; at++)
        if (box.p[at] == 0x20 && box.p[at + 1] == 128) {
            box.p[at + BOX_RECORD_V2_BYTES + 1000] ^= 1;
            break;
        }
    boxed x;
    open_box(&x, box.p, box.n);
    assert_int_equal(x.st, ST_OK);
    unsigned right = extents_right(&x);
    assert_true(right >= LIST - 2 && right < LIST); /* the pieces of this container do not begin with extents */
    assert_true(findings_count(x.found, F_BAK_PIECE_DAMAGED) > 0);
    close_box(&x);
    free(plain.p);
    free(box.p);
}

static void verify_finds_a_damaged_piece_that_nobody_read(void **state)
{
    (void)state;
    builder plain = plain_backup(), box = box_of(&plain, 2, 3);
    for (size_t at = box.n - 3 * BOX_PIECE_BYTES;; at++)
        if (box.p[at] == 0x20 && box.p[at + 1] == 128) {
            box.p[at + BOX_RECORD_V2_BYTES + 1000] ^= 1;
            break;
        }
    boxed x;
    open_box(&x, box.p, box.n);
    assert_int_equal(x.st, ST_OK);
    assert_int_equal(findings_count(x.found, F_BAK_PIECE_DAMAGED), 0);
    assert_int_equal(x.store->ops->verify(x.store), ST_OK);
    assert_int_equal(findings_count(x.found, F_BAK_PIECE_DAMAGED), 1);
    close_box(&x);
    free(plain.p);
    free(box.p);
}

/* The second of five pieces of 64 KB loses its packed size, then its flags. */
static void a_damaged_record_header_costs_no_piece(void **state)
{
    (void)state;
    builder plain = plain_backup();
    for (unsigned field = 0; field < 3; field += 2) {
        builder box = box_of(&plain, 2, 3);
        size_t at = 0;
        for (unsigned found = 0; found < 2; at++)
            if (box.p[at] == 0x20 && box.p[at + 1] == 128 && le16(box.p + at + 2) == 0) found++;
        box.p[at - 1 + field] ^= 0x0F;
        boxed x;
        open_box(&x, box.p, box.n);
        assert_int_equal(x.st, ST_OK);
        assert_int_equal(findings_count(x.found, F_BAK_CHAIN_BROKEN), 0);
        assert_int_equal(extents_right(&x), LIST);
        close_box(&x);
        free(box.p);
    }
    free(plain.p);
}

static void a_destroyed_stretch_of_a_container_is_told(void **state)
{
    (void)state;
    builder plain = plain_backup(), box = box_of(&plain, 2, 3);
    memset(box.p + 100000, 0, 170000);
    boxed x;
    open_box(&x, box.p, box.n);
    assert_int_equal(findings_count(x.found, F_BAK_CHAIN_BROKEN), 1);
    assert_true(findings_worst(x.found) >= SEV_LOSS);
    close_box(&x);
    free(plain.p);
    free(box.p);
}

static void encrypted_and_unknown_containers_are_refused(void **state)
{
    (void)state;
    builder plain = plain_backup();
    static const struct {
        unsigned flags;
        finding_code code;
    } cases[] = {{5, F_BAK_ENCRYPTED}, {7, F_BAK_ENCRYPTED}, {0x2F, F_BAK_ENCRYPTED}, {0x2B, F_BAK_TDE}};
    for (size_t i = 0; i < 4; i++) {
        builder box = box_of(&plain, 2, cases[i].flags);
        boxed x;
        open_box(&x, box.p, box.n);
        assert_int_equal(x.st, ST_FATAL);
        assert_int_equal(findings_count(x.found, cases[i].code), 1);
        close_box(&x);
        free(box.p);
    }
    builder box = box_of(&plain, 2, 3);
    size_t r = BOX_HEADER_BYTES, n = (size_t)box.p[r + 1] * 512;
    put16(box.p + r + BOX_RECORD_PACKED, (unsigned)n - 100); /* a record of ZSTD data, by its magic */
    box.p[r] = 0x21;
    put32(box.p + r + BOX_RECORD_V2_BYTES, 0xFD2FB528u);
    put32(box.p + r + BOX_RECORD_V2_BYTES - 4, bak_sum_words(box.p + r + BOX_RECORD_V2_BYTES, n - 100));
    boxed x;
    open_box(&x, box.p, box.n);
    assert_int_equal(x.st, ST_FATAL);
    assert_int_equal(findings_count(x.found, F_BAK_COMPRESSION), 1);
    close_box(&x);
    free(box.p);
    free(plain.p);
}

static void every_cut_of_a_container_is_told(void **state)
{
    (void)state;
    builder plain = plain_backup(), box = box_of(&plain, 2, 3);
    for (size_t cut = 0; cut < box.n; cut += 7001) {
        uint8_t *p = malloc(cut + 1);
        memcpy(p, box.p, cut);
        boxed x;
        open_box(&x, p, cut);
        assert_true(findings_worst(x.found) >= SEV_LOSS);
        if (x.st == ST_OK) extents_right(&x);
        close_box(&x);
        free(p);
    }
    free(plain.p);
    free(box.p);
}

/* 1 TB of pages as 16.8 million pieces: the index stays below 40 MB and finds every piece. */
static void the_index_of_a_terabyte_is_small(void **state)
{
    (void)state;
    enum { PIECES = 16 << 20 };
    piece_index x = {.header = BOX_RECORD_V2_BYTES};
    uint64_t at = 4096;
    assert_true(piece_index_mark(&x, 0, 4096));
    for (uint32_t i = 0; i < PIECES; i++) {
        uint16_t packed = (uint16_t)(1000 + i * 7919u % 30000);
        if (!piece_index_add(&x, at, BOX_PIECE_BYTES, packed)) fail();
        at += packed + BOX_RECORD_V2_BYTES;
    }
    assert_int_equal(x.runs, 2);
    assert_true(x.blocks * sizeof(piece_block) + x.block_room * sizeof(piece_block *) < 40u << 20);
    piece p;
    uint64_t expected = 4096;
    for (uint32_t i = 0; i < 100000; i++) {
        if (i % 1009 == 0) {
            assert_true(piece_index_find(&x, 4096 + (uint64_t)i * BOX_PIECE_BYTES + 77, &p));
            assert_int_equal(p.number, i);
            assert_int_equal(p.file_at, expected);
        }
        expected += 1000 + i * 7919u % 30000 + BOX_RECORD_V2_BYTES;
    }
    assert_false(piece_index_find(&x, 4096 + (uint64_t)PIECES * BOX_PIECE_BYTES, &p));
    piece_index_free(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_versions_and_stored_pieces_are_read),
        cmocka_unit_test(a_damaged_piece_is_a_finding_and_only_its_extent_is_lost),
        cmocka_unit_test(verify_finds_a_damaged_piece_that_nobody_read),
        cmocka_unit_test(a_damaged_record_header_costs_no_piece),
        cmocka_unit_test(a_destroyed_stretch_of_a_container_is_told),
        cmocka_unit_test(encrypted_and_unknown_containers_are_refused),
        cmocka_unit_test(every_cut_of_a_container_is_told),
        cmocka_unit_test(the_index_of_a_terabyte_is_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
