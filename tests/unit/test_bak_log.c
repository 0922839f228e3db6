/* The log part: blocks, sector marks, records; and what it says about user tables. */
#include "bak/bak_apply.h"
#include "bak/bak_log.h"
#include "bak_builder.h"
#include "corpus.h"

enum { BLOCK = BUILT_LOG_BLOCK, VLF = 7 };

static void make_block(uint8_t p[BLOCK]) { build_log_block(p, VLF, 0x30, LOG_INSERT_ROWS, LOG_COMMIT, 99, 153); }

typedef struct seen {
    unsigned n;
    log_record r[4];
} seen;

static void note(void *ctx, const log_record *r)
{
    seen *s = ctx;
    if (s->n < 4) s->r[s->n] = *r;
    s->n++;
}

static void a_block_shows_its_records(void **state)
{
    (void)state;
    uint8_t p[BLOCK];
    seen s = {0};
    log_result r = {0};
    make_block(p);
    assert_int_equal(bak_log_block(p, BLOCK, VLF, note, &s, &r), BLOCK);
    assert_null(r.damage);
    assert_int_equal(s.n, 2);
    assert_int_equal(s.r[0].operation, LOG_INSERT_ROWS);
    assert_int_equal(s.r[0].rowset, 99);
    assert_int_equal(s.r[0].page, 153);
    assert_int_equal(s.r[0].transaction, 5);
    assert_int_equal(s.r[0].lsn.block, 0x30);
    assert_int_equal(s.r[1].lsn.slot, 2);
    assert_int_equal(p[0], 4);
    assert_int_equal(p[512], 0xAB); /* first bytes of the sectors restored */
}

static void a_damaged_block_is_told(void **state)
{
    (void)state;
    uint8_t p[BLOCK];
    seen s = {0};
    for (size_t at = 30; at < BLOCK; at += 101) {
        log_result r = {0};
        make_block(p);
        p[at] ^= 2;
        assert_int_equal(bak_log_block(p, BLOCK, VLF, note, &s, &r), 0);
        assert_non_null(r.damage);
    }
    assert_int_equal(s.n, 0);
}

static void records_outside_their_block_are_told(void **state)
{
    (void)state;
    static const struct {
        unsigned at, value;
    } lies[] = {{2, 60000}, {4, 60000}, {4, 3}, {202, 1000}, {200, 0}, {200, 40}, {202, 121}};
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        uint8_t p[BLOCK];
        seen s = {0};
        log_result r = {0};
        make_block(p);
        put16(p + lies[i].at, lies[i].value);
        put32(p + 24, 0);
        put32(p + 24, bak_sum_sectors(p, BLOCK));
        assert_int_equal(bak_log_block(p, BLOCK, VLF, note, &s, &r), 0);
        assert_non_null(r.damage);
    }
}

static void remains_of_an_older_log_end_it(void **state)
{
    (void)state;
    uint8_t p[BLOCK];
    seen s = {0};
    log_result r = {0};
    make_block(p);
    assert_int_equal(bak_log_block(p, BLOCK, VLF + 1, note, &s, &r), 0);
    assert_null(r.damage);
    make_block(p);
    assert_int_equal(bak_log_block(p, 512, VLF, note, &s, &r), 0);
    assert_non_null(r.damage); /* it should have 1,024 bytes */
}

/* A compressed row of one column of one byte; n of them one behind the other in an insert's part. */
static void several_compressed_rows_are_not_one(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 2; n++) {
        static const uint8_t row[4] = {0x01, 1, 0x02, 0x55};
        uint8_t p[96] = {0};
        put16(p + 2, 62); /* fixed piece */
        p[22] = LOG_INSERT_ROWS;
        p[23] = CONTEXT_CLUSTERED;
        put16(p + 62, 1); /* parts */
        put16(p + 64, 4 * n);
        for (unsigned i = 0; i < n; i++) memcpy(p + 68 + 4 * (size_t)i, row, sizeof row);
        log_record r = {.lsn = {VLF, 1, 1}};
        log_record_read(p, 68 + 4 * (size_t)n, &r);
        assert_int_equal(apply_is_many(&r), n > 1);
    }
}

/* An operation without a meaning, and one on a page that is too short to say which. */
static void records_of_unknown_form_are_counted(void **state)
{
    (void)state;
    uint8_t p[LOG_RECORD_BYTES] = {0};
    log_record r = {.lsn = {VLF, 1, 1}};
    p[22] = LOG_COMMIT;
    log_record_read(p, sizeof p, &r);
    assert_true(log_record_is_known(&r));
    for (unsigned operation = LOG_INSERT_ROWS; operation <= 0x2A; operation += 0x2A - LOG_INSERT_ROWS) {
        p[22] = (uint8_t)operation;
        log_record_read(p, sizeof p, &r);
        assert_false(log_record_is_known(&r));
    }
}

static bak_media *open_media(const char *name, findings *f, arena *a, byte_source **file, void **scratch)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", CHARTFERRY_CORPUS, name);
    *file = byte_source_file(path, f);
    *scratch = malloc(mssqlbak_scratch_bytes());
    bak_media *m = arena_alloc(a, sizeof *m);
    assert_true(*file && *scratch && m);
    mssqlbak_scratch_start(*scratch);
    assert_int_equal(bak_media_open(*file, NULL, *scratch, a, f, m), ST_OK);
    return m;
}

static void count_inserts(void *ctx, const log_record *r)
{
    unsigned *n = ctx;
    *n += r->operation == LOG_INSERT_ROWS && r->rowset == 0x1000000000e0000u;
}

/* A log backup of a table that got a row every 30 seconds: the inserts are found under the table's rowset id. */
static void a_real_log_names_the_table_that_changed(void **state)
{
    (void)state;
    if (!corpus_is_here()) skip();
    findings *f = findings_new();
    arena *a = arena_new(0);
    byte_source *file;
    void *scratch;
    bak_media *m = open_media("rtclean2008r2_4log1.trn", f, a, &file, &scratch);
    unsigned inserts = 0;
    log_result r = {0};
    assert_int_equal(bak_log_read(m, &m->set[0], UINT64_MAX, count_inserts, &inserts, f, &r), ST_OK);
    assert_null(r.damage);
    assert_true(r.blocks > 10);
    assert_true(inserts >= 8);
    assert_int_equal(findings_kinds(f), 0);
    bak_media_close(m);
    byte_source_close(file);
    free(scratch);
    arena_free(a);
    findings_free(f);
}

static void ignore_record(void *ctx, const log_record *r)
{
    (void)ctx;
    (void)r;
}

static void every_real_log_is_read_to_its_end(void **state)
{
    (void)state;
    static const char *const names[] = {
        "artificii2017_ro.bak",    "clinica2017_ro.bak",      "clinicdb2019.bak",
        "hasta2017_tr.bak",        "hospital2014.bak",        "multiset6_diff2012.bak",
        "northwind2005.bak",       "northwind2005_torn.bak",  "pubs2012.bak",
        "rtclean2008r2_1full.bak", "rtclean2008r2_2log1.trn", "rtclean2008r2_2log2.trn",
        "rtclean2008r2_2log3.trn", "rtclean2008r2_3diff.bak", "rtclean2008r2_4log2.trn",
        "rtstripe2008r2_1of2.bak", "tsql2012_compressed.bak", "tutorialdb_compressed.bak"};
    if (!corpus_is_here()) skip();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        findings *f = findings_new();
        arena *a = arena_new(0);
        byte_source *file;
        void *scratch;
        bak_media *m = open_media(names[i], f, a, &file, &scratch);
        for (size_t s = 0; s < m->sets; s++) {
            uint64_t bytes = 0;
            for (size_t k = 0; k < m->set[s].logs; k++) bytes += m->set[s].log[k].bytes;
            log_result r = {0};
            assert_int_equal(bak_log_read(m, &m->set[s], UINT64_MAX, ignore_record, NULL, f, &r), ST_OK);
            assert_null(r.damage);
            assert_true(r.blocks > 0 && r.blocks * 512 <= bytes);
        }
        bak_media_close(m);
        byte_source_close(file);
        free(scratch);
        arena_free(a);
        findings_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_shows_its_records),
        cmocka_unit_test(a_damaged_block_is_told),
        cmocka_unit_test(records_outside_their_block_are_told),
        cmocka_unit_test(remains_of_an_older_log_end_it),
        cmocka_unit_test(several_compressed_rows_are_not_one),
        cmocka_unit_test(records_of_unknown_form_are_counted),
        cmocka_unit_test(a_real_log_names_the_table_that_changed),
        cmocka_unit_test(every_real_log_is_read_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
