/* The container reader over handmade backups: right ones of forms that no real file has shown, and damaged ones. */
#include "bak/bak_files.h"
#include "bak_builder.h"

typedef struct fixture {
    builder b[3];
    byte_source *file[3];
    size_t files;
    findings *found;
    bak_files open;
    page_store *store;
    status st;
} fixture;

static void open_built(fixture *x, bool salvage)
{
    x->found = findings_new();
    for (size_t i = 0; i < x->files; i++) x->file[i] = byte_source_memory(x->b[i].p, x->b[i].n, "built.bak");
    open_args args = {.file = x->file, .files = x->files, .salvage = salvage};
    x->st = bak_files_open(&args, x->found, &x->open);
    if (x->st == ST_OK) x->st = bak_store_open(&x->open, salvage, x->found, &x->store);
}

static void close_built(fixture *x)
{
    if (x->store) x->store->ops->close(x->store);
    bak_files_close(&x->open);
    for (size_t i = 0; i < x->files; i++) {
        byte_source_close(x->file[i]);
        free(x->b[i].p);
    }
    findings_free(x->found);
}

/* The page number that the extent's pages carry, of the page at `index`. */
static status read_one(fixture *x, unsigned file, uint32_t extent, uint32_t *first_page, unsigned *pages)
{
    uint8_t *e = malloc(EXTENT_BYTES);
    void *scratch = malloc(x->store->scratch_bytes);
    assert_true(e && scratch);
    status st = x->store->ops->read_extent(x->store, scratch, (uint16_t)file, extent, e, pages);
    *first_page = st == ST_OK ? le32(e + PH_PAGE) : UINT32_MAX;
    free(e);
    free(scratch);
    return st;
}

static void assert_extent(fixture *x, unsigned file, uint32_t extent)
{
    uint32_t page;
    unsigned pages;
    assert_int_equal(read_one(x, file, extent, &page, &pages), ST_OK);
    assert_int_equal(page, extent * EXTENT_PAGES);
    assert_int_equal(pages, EXTENT_PAGES);
}

static void assert_absent(fixture *x, unsigned file, uint32_t extent, status as)
{
    uint32_t page;
    unsigned pages;
    assert_int_equal(read_one(x, file, extent, &page, &pages), as);
    assert_int_equal(pages, 0);
}

static uint8_t *extents_of(unsigned file, const uint32_t *list, size_t n)
{
    uint8_t *data = calloc(n, EXTENT_BYTES);
    assert_non_null(data);
    for (size_t i = 0; i < n; i++) {
        uint8_t *e = data + i * EXTENT_BYTES;
        if (list[i] % GAM_EXTENTS == 0)
            build_lead(e, file, list[i] / GAM_EXTENTS, list, n);
        else
            build_extent(e, file, list[i]);
    }
    return data;
}

static const uint32_t small_list[] = {0, 1, 3, 7};
enum { SMALL = sizeof small_list / sizeof small_list[0] };
static const build_spec small_spec = {.checkpoint = 5, .file = {{1, SMALL, 10 * 65536}}, .files = 1};

static void build_small(fixture *x, const build_spec *s)
{
    uint8_t *data = extents_of(1, small_list, SMALL);
    memset(x, 0, sizeof *x);
    x->files = 1;
    build_whole(&x->b[0], s, data, SMALL);
    free(data);
}

static void a_small_backup_is_placed_by_its_maps(void **state)
{
    (void)state;
    fixture x;
    build_small(&x, &small_spec);
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    for (size_t i = 0; i < SMALL; i++) assert_extent(&x, 1, small_list[i]);
    assert_absent(&x, 1, 2, ST_END);
    assert_absent(&x, 1, 8, ST_END);
    assert_absent(&x, 2, 0, ST_END);
    assert_int_equal(x.store->ops->extents(x.store, 1), 8);
    assert_int_equal(x.store->ops->verify(x.store), ST_OK);
    assert_int_equal(findings_kinds(x.found), 0);
    close_built(&x);
}

static void a_damaged_header_that_is_clear_is_a_finding_and_passed(void **state)
{
    (void)state;
    static const uint32_t tags[] = {TAG_MSDA, TAG_MSLS, TAG_MQDA, TAG_MQCI};
    for (size_t i = 0; i < 4; i++) {
        fixture x;
        build_small(&x, &small_spec);
        size_t at = 512;
        while (le32(x.b[0].p + at) != tags[i]) at += 4;
        x.b[0].p[at + (i < 2 ? 20 : 4)] ^= 1;
        open_built(&x, false);
        assert_int_equal(x.st, ST_OK);
        assert_int_equal(findings_count(x.found, F_BAK_HEADER_REPAIRED), 1);
        assert_int_equal(findings_kinds(x.found), 1);
        for (size_t k = 0; k < SMALL; k++) assert_extent(&x, 1, small_list[k]);
        close_built(&x);
    }
}

static void a_damaged_length_ends_the_set_with_a_finding(void **state)
{
    (void)state;
    fixture x;
    build_small(&x, &small_spec);
    size_t at = 0;
    while (le32(x.b[0].p + at) != TAG_MQDA) at += 4;
    x.b[0].p[at + MTF_STREAM_LENGTH + 1] ^= 1;
    open_built(&x, false);
    assert_true(findings_count(x.found, F_BAK_HEADER_DAMAGED) > 0);
    close_built(&x);
}

static void a_damaged_first_block_is_fatal(void **state)
{
    (void)state;
    fixture x;
    build_small(&x, &small_spec);
    x.b[0].p[30] ^= 4;
    open_built(&x, false);
    assert_int_equal(x.st, ST_FATAL);
    assert_int_equal(findings_count(x.found, F_BAK_NO_SET), 1);
    close_built(&x);
}

static void every_cut_is_told_and_what_lies_before_is_read(void **state)
{
    (void)state;
    fixture whole;
    build_small(&whole, &small_spec);
    size_t n = whole.b[0].n;
    for (size_t cut = 0; cut < n; cut += 4099) {
        fixture x = {.files = 1};
        build_bytes(&x.b[0], whole.b[0].p, cut);
        open_built(&x, false);
        assert_true(findings_worst(x.found) >= SEV_LOSS);
        if (x.st == ST_OK && cut > 4000 + 2 * EXTENT_BYTES) assert_extent(&x, 1, 0);
        if (x.st == ST_OK && cut < n - EXTENT_BYTES - 8192) {
            assert_absent(&x, 1, 7, ST_ROW_LOST);
            assert_int_equal(findings_count(x.found, F_BAK_EXTENT_LOST), 1);
        }
        if (x.st == ST_OK) assert_int_equal(x.store->ops->verify(x.store), ST_OK);
        close_built(&x);
    }
    free(whole.b[0].p);
}

static void a_cut_extent_gives_its_leading_pages(void **state)
{
    (void)state;
    fixture x;
    uint32_t page;
    unsigned pages;
    build_small(&x, &small_spec);
    size_t at = 0;
    while (le32(x.b[0].p + at) != TAG_MQDA) at += 4;
    x.b[0].n = at + 24 + 3 * EXTENT_BYTES + 2 * PAGE_BYTES + 100;
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    assert_int_equal(findings_count(x.found, F_BAK_TRUNCATED), 1);
    assert_int_equal(read_one(&x, 1, 7, &page, &pages), ST_OK);
    assert_int_equal(pages, 2);
    close_built(&x);
}

static void a_stream_longer_than_any_file_ends_the_walk(void **state)
{
    (void)state;
    static const uint64_t lengths[] = {UINT64_MAX, UINT64_MAX / 2, (uint64_t)1 << 48,
                                       2 + (uint64_t)EXTENT_BYTES * 4000000};
    for (size_t i = 0; i < 4; i++) {
        fixture x;
        build_small(&x, &small_spec);
        size_t at = 0;
        while (le32(x.b[0].p + at) != TAG_MQDA) at += 4;
        put64(x.b[0].p + at + MTF_STREAM_LENGTH, lengths[i]);
        build_stream_sum(&x.b[0], at);
        open_built(&x, false);
        assert_true(findings_worst(x.found) >= SEV_LOSS);
        if (x.st == ST_OK) x.store->ops->verify(x.store);
        close_built(&x);
    }
}

static void a_chain_of_empty_streams_ends_with_the_file(void **state)
{
    (void)state;
    fixture x = {.files = 1};
    build_tape(&x.b[0], &small_spec);
    build_set_head(&x.b[0], &small_spec);
    build_block(&x.b[0], TAG_MSDA, 60);
    for (int i = 0; i < 20000; i++) build_stream(&x.b[0], TAG_MQDA, 2, NULL, 0);
    build_header_sum(&x.b[0], x.b[0].block);
    open_built(&x, false);
    assert_true(findings_worst(x.found) >= SEV_LOSS);
    close_built(&x);
}

static void a_block_that_points_into_itself_is_refused(void **state)
{
    (void)state;
    fixture x;
    build_small(&x, &small_spec);
    for (size_t at = 0; at < x.b[0].n; at += 512)
        if (le32(x.b[0].p + at) == TAG_VOLB) {
            put16(x.b[0].p + at + MTF_FIRST_STREAM, 0);
            build_header_sum(&x.b[0], at);
        }
    open_built(&x, false);
    assert_int_equal(x.st, ST_FATAL);
    close_built(&x);
}

static void overstated_page_counts_allocate_nothing(void **state)
{
    (void)state;
    fixture x;
    build_spec s = small_spec;
    s.file[0].extents = UINT32_MAX / 8;
    s.file[0].bytes = UINT64_MAX;
    build_small(&x, &s);
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    assert_true(findings_count(x.found, F_BAK_MAP_BROKEN) + findings_count(x.found, F_BAK_EXTENT_COUNT) > 0);
    assert_extent(&x, 1, 7);
    close_built(&x);
}

static void behind_a_damaged_map_pages_are_placed_by_their_own_numbers(void **state)
{
    (void)state;
    fixture x;
    build_small(&x, &small_spec);
    size_t at = 0;
    while (le32(x.b[0].p + at) != TAG_MQDA) at += 4;
    x.b[0].p[at + 24 + 2 * PAGE_BYTES + PH_TYPE] = PAGE_DATA;
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    assert_int_equal(findings_count(x.found, F_BAK_MAP_BROKEN), 1);
    assert_extent(&x, 1, 3);
    assert_extent(&x, 1, 7);
    assert_absent(&x, 1, 4, ST_END);
    close_built(&x);
}

static void backup_checksums_are_verified_whatever_was_read_before(void **state)
{
    (void)state;
    build_spec s = small_spec;
    s.checksum = true;
    for (int damage = 0; damage < 2; damage++)
        for (int read_first = 0; read_first < 2; read_first++) {
            fixture x;
            build_small(&x, &s);
            size_t at = 0;
            while (le32(x.b[0].p + at) != TAG_MQDA) at += 4;
            if (damage) x.b[0].p[at + 24 + 3 * EXTENT_BYTES + 5000] ^= 0x10;
            open_built(&x, false);
            assert_int_equal(x.st, ST_OK);
            for (int i = 0; i < 2 && read_first; i++) assert_extent(&x, 1, 7);
            assert_int_equal(x.store->ops->verify(x.store), ST_OK);
            assert_int_equal(findings_count(x.found, F_BAK_CSUM), damage);
            close_built(&x);
        }
}

static void a_second_gam_interval_is_found_and_pfs_extents_count(void **state)
{
    (void)state;
    /* 0, the PFS extents of 65,000 extents, and some in the second interval */
    uint32_t list[128], n = 0;
    for (uint32_t e = 0; e < 65000; e += PFS_PAGES / EXTENT_PAGES) {
        if (e > GAM_EXTENTS && list[n - 1] < GAM_EXTENTS) list[n++] = GAM_EXTENTS;
        list[n++] = e;
    }
    list[n++] = 64900;
    uint8_t *data = calloc(n, EXTENT_BYTES);
    const uint32_t allocated[] = {0, 64900};
    for (uint32_t i = 0; i < n; i++) {
        uint8_t *e = data + (size_t)i * EXTENT_BYTES;
        if (list[i] % GAM_EXTENTS == 0)
            build_lead(e, 1, list[i] / GAM_EXTENTS, allocated, 2);
        else
            build_extent(e, 1, list[i]);
    }
    build_spec s = small_spec;
    s.file[0] = (build_file){1, n, (uint64_t)65000 * EXTENT_BYTES};
    fixture x = {.files = 1};
    build_whole(&x.b[0], &s, data, n);
    free(data);
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    for (uint32_t i = 0; i < n; i++) assert_extent(&x, 1, list[i]);
    assert_absent(&x, 1, 64899, ST_END);
    assert_int_equal(findings_kinds(x.found), 0);
    close_built(&x);
}

static void two_data_files_follow_each_other(void **state)
{
    (void)state;
    static const uint32_t second[] = {0, 2, 5};
    uint8_t *a = extents_of(1, small_list, SMALL), *b = extents_of(3, second, 3);
    uint8_t *both = malloc((SMALL + 3) * (size_t)EXTENT_BYTES);
    assert_non_null(both);
    memcpy(both, a, SMALL * (size_t)EXTENT_BYTES);
    memcpy(both + SMALL * (size_t)EXTENT_BYTES, b, 3 * (size_t)EXTENT_BYTES);
    build_spec s = small_spec;
    s.files = 2;
    s.file[1] = (build_file){3, 3, 6 * 65536};
    fixture x = {.files = 1};
    build_whole(&x.b[0], &s, both, SMALL + 3);
    free(a);
    free(b);
    free(both);
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    assert_int_equal(x.store->ops->files(x.store), 2);
    assert_int_equal(x.store->ops->file_id(x.store, 1), 3);
    for (size_t i = 0; i < 3; i++) assert_extent(&x, 3, second[i]);
    assert_extent(&x, 1, 7);
    assert_int_equal(findings_kinds(x.found), 0);
    close_built(&x);
}

static void the_second_pass_wins(void **state)
{
    (void)state;
    uint8_t *data = extents_of(1, small_list, SMALL);
    uint8_t *again = data + 2 * (size_t)EXTENT_BYTES; /* extent 3 */
    fixture x = {.files = 1};
    build_tape(&x.b[0], &small_spec);
    build_set_head(&x.b[0], &small_spec);
    build_data(&x.b[0], &small_spec, data, SMALL);
    again[PH_GHOSTS] = 77;
    build_data(&x.b[0], &small_spec, again, 1);
    build_set_tail(&x.b[0], &small_spec);
    free(data);
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    uint8_t *e = malloc(EXTENT_BYTES);
    void *scratch = malloc(x.store->scratch_bytes);
    unsigned pages;
    assert_int_equal(x.store->ops->read_extent(x.store, scratch, 1, 3, e, &pages), ST_OK);
    assert_int_equal(e[PH_GHOSTS], 77);
    free(e);
    free(scratch);
    close_built(&x);
}

/* ---- stripes ---- */

enum { STRIPE_EXTENTS = 1300, STRIPE_PARTS = 3 };

/* Dealt unevenly (part by a rule of the extent's number), with some extents whose pages say nothing or something stale.
 * */
static void build_stripes(fixture *x)
{
    static uint32_t list[STRIPE_EXTENTS];
    for (uint32_t i = 0; i < STRIPE_EXTENTS; i++) list[i] = i < 3 ? i : i + i / 5;
    memset(x, 0, sizeof *x);
    x->files = STRIPE_PARTS;
    for (unsigned part = 0; part < STRIPE_PARTS; part++) {
        build_spec s = small_spec;
        s.families = STRIPE_PARTS;
        s.family = part + 1;
        s.file[0] = (build_file){1, STRIPE_EXTENTS, (uint64_t)2000 * EXTENT_BYTES};
        builder data = {0};
        for (uint32_t i = 0; i < STRIPE_EXTENTS; i++) {
            if ((i % 17 < 9 ? i % 2 : i % STRIPE_PARTS) != part) continue;
            uint8_t *e = data.p + build_zeros(&data, EXTENT_BYTES);
            e = data.p + data.n - EXTENT_BYTES;
            if (list[i] == 0)
                build_lead(e, 1, 0, list, STRIPE_EXTENTS);
            else if (i % 50 != 49)
                build_extent(e, 1, list[i]);
            if (i % 23 == 22) build_page(e, PAGE_DATA, 1, 8 * list[i / 2]); /* a stale first page */
        }
        build_whole(&x->b[part], &s, data.p, data.n / EXTENT_BYTES);
        free(data.p);
    }
}

static void uneven_stripes_are_put_together_in_any_order_of_reading(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        fixture x;
        build_stripes(&x);
        open_built(&x, false);
        assert_int_equal(x.st, ST_OK);
        for (uint32_t k = 0; k < STRIPE_EXTENTS; k++) {
            uint32_t i = order ? STRIPE_EXTENTS - 1 - k : k, page;
            uint32_t extent = i < 3 ? i : i + i / 5;
            unsigned pages;
            assert_int_equal(read_one(&x, 1, extent, &page, &pages), ST_OK);
            if (i % 50 != 49 && i % 23 != 22) assert_int_equal(page, extent * EXTENT_PAGES);
        }
        assert_int_equal(findings_kinds(x.found), 0);
        close_built(&x);
    }
}

static void a_missing_part_is_named_and_salvage_reads_the_others(void **state)
{
    (void)state;
    fixture x;
    build_stripes(&x);
    free(x.b[1].p);
    x.b[1] = x.b[2];
    x.files = 2;
    open_built(&x, false);
    assert_int_equal(x.st, ST_FATAL);
    assert_int_equal(findings_count(x.found, F_BAK_PART_MISSING), 1);
    const finding *f = findings_kind(x.found, 0)->item;
    assert_memory_equal(f->a.p, "part 2 of 3 is missing", f->a.n);
    bak_files_close(&x.open);
    findings_free(x.found);
    for (size_t i = 0; i < 2; i++) byte_source_close(x.file[i]);
    open_built(&x, true);
    assert_int_equal(x.st, ST_OK);
    assert_int_equal(findings_count(x.found, F_BAK_PART_SALVAGE), 1);
    assert_extent(&x, 1, 0);              /* part 1 */
    assert_absent(&x, 1, 1, ST_ROW_LOST); /* part 2 */
    assert_extent(&x, 1, 2);              /* part 1 */
    assert_extent(&x, 1, 11 + 2);         /* part 3 */
    close_built(&x);
}

static void a_part_of_another_backup_is_told_from_a_missing_one(void **state)
{
    (void)state;
    fixture x;
    build_stripes(&x);
    size_t raid = 0;
    while (le32(x.b[1].p + raid) != TAG_RAID) raid += 4;
    x.b[1].p[raid + MTF_STREAM_BYTES + RAID_GUID]++;
    open_built(&x, false);
    assert_int_equal(x.st, ST_FATAL);
    assert_int_equal(findings_count(x.found, F_BAK_PART_MISSING), 1);
    size_t kind = 0;
    while (findings_kind(x.found, kind)->code != F_BAK_PART_MISSING) kind++;
    const finding *f = findings_kind(x.found, kind)->item;
    static const char missing[] = "parts 1, 3 of 3 are missing; ", mixed[] = " is part 1 of another backup";
    assert_true(f->a.n > sizeof missing - 1 + sizeof mixed - 1);
    assert_memory_equal(f->a.p, missing, sizeof missing - 1);
    assert_memory_equal(f->a.p + f->a.n - (sizeof mixed - 1), mixed, sizeof mixed - 1);
    close_built(&x);
}

static void the_same_part_twice_is_noted(void **state)
{
    (void)state;
    fixture x;
    build_small(&x, &small_spec);
    build_bytes(&x.b[1], x.b[0].p, x.b[0].n);
    x.files = 2;
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    assert_int_equal(findings_count(x.found, F_BAK_SAME_PART), 1);
    assert_extent(&x, 1, 7);
    close_built(&x);
}

/* ---- differential ---- */

static void a_differential_replaces_extents_of_its_full_backup_only(void **state)
{
    (void)state;
    static const uint32_t changed[] = {0, 3};
    for (uint32_t base = 5; base < 7; base++) {
        fixture x;
        build_small(&x, &small_spec);
        uint8_t *data = extents_of(1, changed, 2);
        data[EXTENT_BYTES + PH_GHOSTS] = 55;
        build_spec s = {.type = 'I', .checkpoint = 9, .base = base, .file = {{1, 2, 10 * 65536}}, .files = 1};
        build_whole(&x.b[1], &s, data, 2);
        free(data);
        size_t at = 0; /* another media set */
        while (le32(x.b[1].p + at) != TAG_RAID) at += 4;
        x.b[1].p[at + MTF_STREAM_BYTES] = 9;
        x.files = 2;
        open_built(&x, false);
        if (base != 5) {
            assert_int_equal(x.st, ST_FATAL);
            assert_int_equal(findings_count(x.found, F_BAK_DIFF_BASE), 1);
        } else {
            assert_int_equal(x.st, ST_OK);
            for (size_t i = 0; i < SMALL; i++) assert_extent(&x, 1, small_list[i]);
            uint8_t *e = malloc(EXTENT_BYTES);
            void *scratch = malloc(x.store->scratch_bytes);
            unsigned pages;
            assert_int_equal(x.store->ops->read_extent(x.store, scratch, 1, 3, e, &pages), ST_OK);
            assert_int_equal(e[PH_GHOSTS], 55);
            free(e);
            free(scratch);
        }
        close_built(&x);
    }
}

/* ---- several sets ---- */

/* A full backup and a differential on it in one file. */
static void build_two_sets(fixture *x)
{
    static const uint32_t changed[] = {0, 3};
    build_small(x, &small_spec);
    uint8_t *data = extents_of(1, changed, 2);
    build_spec s = {.type = 'I', .checkpoint = 9, .base = 5, .file = {{1, 2, 10 * 65536}}, .files = 1};
    build_set_head(&x->b[0], &s);
    build_data(&x->b[0], &s, data, 2);
    build_set_tail(&x->b[0], &s);
    free(data);
}

static void the_newest_full_set_is_read_and_the_others_are_named(void **state)
{
    (void)state;
    fixture x;
    build_two_sets(&x);
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    assert_int_equal(x.open.choice.entries, 2);
    assert_ptr_equal(x.open.choice.full, &x.open.choice.entry[0]);
    assert_null(x.open.choice.diff);
    assert_int_equal(findings_count(x.found, F_BAK_SET_CHOSEN), 1);
    assert_int_equal(findings_count(x.found, F_BAK_DIFF_LEFT_OUT), 1);
    close_built(&x);
}

static void a_differential_chosen_by_number_finds_its_full_set(void **state)
{
    (void)state;
    fixture x;
    build_two_sets(&x);
    x.found = findings_new();
    x.file[0] = byte_source_memory(x.b[0].p, x.b[0].n, "built.bak");
    open_args args = {.file = x.file, .files = 1, .set = 2};
    assert_int_equal(bak_files_open(&args, x.found, &x.open), ST_OK);
    assert_ptr_equal(x.open.choice.full, &x.open.choice.entry[0]);
    assert_ptr_equal(x.open.choice.diff, &x.open.choice.entry[1]);
    assert_int_equal(findings_kinds(x.found), 0);
    close_built(&x);
}

static void a_set_without_closing_description_is_a_finding(void **state)
{
    (void)state;
    fixture x = {.files = 1};
    uint8_t *data = extents_of(1, small_list, SMALL);
    build_tape(&x.b[0], &small_spec);
    build_set_head(&x.b[0], &small_spec);
    build_data(&x.b[0], &small_spec, data, SMALL);
    build_mark(&x.b[0]);
    build_block(&x.b[0], TAG_ESET, 88);
    build_close(&x.b[0]);
    build_mark(&x.b[0]);
    free(data);
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    assert_int_equal(findings_count(x.found, F_BAK_NO_TRAILER), 1);
    assert_extent(&x, 1, 7);
    close_built(&x);
}

static void an_extent_copied_again_that_says_nothing_is_a_finding(void **state)
{
    (void)state;
    fixture x = {.files = 1};
    uint8_t *data = extents_of(1, small_list, SMALL);
    build_tape(&x.b[0], &small_spec);
    build_set_head(&x.b[0], &small_spec);
    build_data(&x.b[0], &small_spec, data, SMALL);
    memset(data, 0, EXTENT_BYTES);
    build_data(&x.b[0], &small_spec, data, 1);
    build_set_tail(&x.b[0], &small_spec);
    free(data);
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    assert_int_equal(findings_count(x.found, F_BAK_SECOND_PASS), 1);
    for (size_t i = 0; i < SMALL; i++) assert_extent(&x, 1, small_list[i]);
    close_built(&x);
}

static void absurdly_many_passes_are_refused(void **state)
{
    (void)state;
    fixture x = {.files = 1};
    build_tape(&x.b[0], &small_spec);
    build_set_head(&x.b[0], &small_spec);
    for (int i = 0; i < 300; i++) {
        build_block(&x.b[0], TAG_MSDA, 60);
        build_numbered(&x.b[0]);
    }
    build_set_tail(&x.b[0], &small_spec);
    open_built(&x, false);
    assert_int_equal(x.st, ST_FATAL);
    assert_int_equal(findings_count(x.found, F_BAK_TOO_MUCH), 1);
    close_built(&x);
}

/* ---- what is around ---- */

static void bytes_behind_the_last_set_are_counted(void **state)
{
    (void)state;
    fixture x;
    build_small(&x, &small_spec);
    build_zeros(&x.b[0], 1000);
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    assert_int_equal(x.store->ops->verify(x.store), ST_OK);
    assert_int_equal(findings_count(x.found, F_BAK_UNKNOWN_BYTES), 1);
    close_built(&x);
}

static void a_gap_in_the_block_numbers_is_a_finding(void **state)
{
    (void)state;
    fixture x;
    build_small(&x, &small_spec);
    for (size_t at = 0; at < x.b[0].n; at += 512)
        if (le32(x.b[0].p + at) == TAG_MSLS) {
            put32(x.b[0].p + at + MTF_CONTROL_ID, 99);
            build_header_sum(&x.b[0], at);
        }
    open_built(&x, false);
    assert_int_equal(x.st, ST_OK);
    assert_int_equal(findings_count(x.found, F_BAK_BLOCK_LOST), 1);
    close_built(&x);
}

static void refusals_name_the_reason(void **state)
{
    (void)state;
    static const struct {
        build_spec spec;
        finding_code code;
    } cases[] = {
        {{.type = 'L', .files = 0}, F_BAK_LOG_ONLY},
        {{.type = 'I', .files = 1, .file = {{1, SMALL, 655360}}}, F_BAK_DIFF_ONLY},
        {{.type = 'F', .files = 1, .file = {{3, SMALL, 655360}}}, F_BAK_FILES_ONLY},
        {{.type = 'D', .software = 8, .files = 1, .file = {{1, SMALL, 655360}}}, F_BAK_OLD_SERVER},
        {{.type = 'D', .software_name = "Windows NT Backup", .files = 1}, F_BAK_OTHER_PRODUCT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fixture x;
        build_small(&x, &cases[i].spec);
        open_built(&x, false);
        assert_int_equal(x.st, ST_FATAL);
        assert_int_equal(findings_count(x.found, cases[i].code), 1);
        close_built(&x);
    }
}

static void a_full_backup_without_pages_is_a_snapshot(void **state)
{
    (void)state;
    fixture x = {.files = 1};
    build_tape(&x.b[0], &small_spec);
    build_set_head(&x.b[0], &small_spec);
    build_set_tail(&x.b[0], &small_spec);
    open_built(&x, false);
    assert_int_equal(x.st, ST_FATAL);
    assert_int_equal(findings_count(x.found, F_BAK_NO_DATA), 1);
    close_built(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_backup_is_placed_by_its_maps),
        cmocka_unit_test(a_damaged_header_that_is_clear_is_a_finding_and_passed),
        cmocka_unit_test(a_damaged_length_ends_the_set_with_a_finding),
        cmocka_unit_test(a_damaged_first_block_is_fatal),
        cmocka_unit_test(every_cut_is_told_and_what_lies_before_is_read),
        cmocka_unit_test(a_cut_extent_gives_its_leading_pages),
        cmocka_unit_test(a_stream_longer_than_any_file_ends_the_walk),
        cmocka_unit_test(a_chain_of_empty_streams_ends_with_the_file),
        cmocka_unit_test(a_block_that_points_into_itself_is_refused),
        cmocka_unit_test(overstated_page_counts_allocate_nothing),
        cmocka_unit_test(behind_a_damaged_map_pages_are_placed_by_their_own_numbers),
        cmocka_unit_test(backup_checksums_are_verified_whatever_was_read_before),
        cmocka_unit_test(a_second_gam_interval_is_found_and_pfs_extents_count),
        cmocka_unit_test(two_data_files_follow_each_other),
        cmocka_unit_test(the_second_pass_wins),
        cmocka_unit_test(uneven_stripes_are_put_together_in_any_order_of_reading),
        cmocka_unit_test(a_missing_part_is_named_and_salvage_reads_the_others),
        cmocka_unit_test(a_part_of_another_backup_is_told_from_a_missing_one),
        cmocka_unit_test(the_same_part_twice_is_noted),
        cmocka_unit_test(a_differential_replaces_extents_of_its_full_backup_only),
        cmocka_unit_test(the_newest_full_set_is_read_and_the_others_are_named),
        cmocka_unit_test(a_differential_chosen_by_number_finds_its_full_set),
        cmocka_unit_test(a_set_without_closing_description_is_a_finding),
        cmocka_unit_test(an_extent_copied_again_that_says_nothing_is_a_finding),
        cmocka_unit_test(absurdly_many_passes_are_refused),
        cmocka_unit_test(bytes_behind_the_last_set_are_counted),
        cmocka_unit_test(a_gap_in_the_block_numbers_is_a_finding),
        cmocka_unit_test(refusals_name_the_reason),
        cmocka_unit_test(a_full_backup_without_pages_is_a_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
