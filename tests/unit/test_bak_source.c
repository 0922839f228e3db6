/* Backups as a row source: bidding, what cannot be read, and whether tables changed during the backup. */
#include "bak/bak_log.h"
#include "bak/bak_log_check.h"
#include "bak/bak_source.h"
#include "bak_builder.h"

static void bids_on_backups_only(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        int bid;
    } cases[] = {
        {"TAPE\0\0\3\0", 100}, {"MSSQLBAK", 100}, {"MSSQLxxx", 0}, {"\1\xF\0\0\0\0\0\0", 0}, {"PK\3\4xxxx", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        probe p = {(const uint8_t *)cases[i].bytes, 8, 8, {"x", 1}};
        assert_int_equal(bak_ops.bid(&p), cases[i].bid);
        p.n = 3;
        assert_int_equal(bak_ops.bid(&p), 0);
    }
}

enum { EXTENTS = 3, VLF = 1, ROWSET = 4711 };
static const uint32_t list[EXTENTS] = {0, 1, 2};
static const build_spec spec = {.checkpoint = 5, .file = {{1, EXTENTS, 4 * 65536}}, .files = 1};

/* A backup of three extents with n blocks of log; page 17's LSN names log block `page_block`. */
static builder backup_with_log(const uint8_t *log, size_t blocks, uint32_t page_block, bool encrypted_pages)
{
    builder b = {0};
    uint8_t *data = calloc(EXTENTS, EXTENT_BYTES);
    assert_non_null(data);
    build_lead(data, 1, 0, list, EXTENTS);
    build_extent(data + EXTENT_BYTES, 1, 1);
    build_extent(data + (size_t)2 * EXTENT_BYTES, 1, 2);
    uint8_t *boot = data + (size_t)BOOT_PAGE * PAGE_BYTES, *page = data + (size_t)17 * PAGE_BYTES;
    boot[PH_TYPE] = PAGE_BOOT;
    for (size_t i = 0; encrypted_pages && i < EXTENTS * EXTENT_BYTES; i++) /* bytes as if drawn by chance */
        if (i % PAGE_BYTES >= PAGE_HEADER_BYTES) data[i] = (uint8_t)(i * 2654435761u >> 24 ^ i);
    for (size_t at = 0; encrypted_pages && at < EXTENTS * EXTENT_BYTES; at += PAGE_BYTES)
        put16(data + at + PH_FLAGS, 0x0008);
    put32(page + PH_LSN, VLF);
    put32(page + PH_LSN + 4, page_block);
    put16(page + PH_LSN + 8, 1);
    build_tape(&b, &spec);
    build_set_head(&b, &spec);
    build_data(&b, &spec, data, EXTENTS);
    if (blocks) build_log(&b, VLF, log, blocks * BUILT_LOG_BLOCK);
    build_set_tail(&b, &spec);
    free(data);
    return b;
}

static void encrypted_pages_are_refused_with_the_reason(void **state)
{
    (void)state;
    builder b = backup_with_log(NULL, 0, 0, true);
    findings *f = findings_new();
    byte_source *file = byte_source_memory(b.p, b.n, "tde.bak");
    open_args args = {.file = &file, .files = 1};
    row_source *s;
    assert_int_equal(bak_ops.open(&args, f, &s), ST_FATAL);
    assert_int_equal(findings_count(f, F_BAK_TDE), 1);
    assert_non_null(s);
    assert_true(bak_ops.info(s)->encrypted);
    assert_int_equal(bak_ops.info(s)->sets, 1);
    bak_ops.close(s);
    byte_source_close(file);
    findings_free(f);
    free(b.p);
}

static void a_refused_file_still_tells_its_sets(void **state)
{
    (void)state;
    build_spec log = spec;
    log.type = 'L';
    builder b = {0};
    build_tape(&b, &log);
    build_set_head(&b, &log);
    build_set_tail(&b, &log);
    findings *f = findings_new();
    byte_source *file = byte_source_memory(b.p, b.n, "log.trn");
    open_args args = {.file = &file, .files = 1};
    row_source *s;
    assert_int_equal(bak_ops.open(&args, f, &s), ST_FATAL);
    assert_int_equal(findings_count(f, F_BAK_LOG_ONLY), 1);
    assert_int_equal(bak_ops.info(s)->sets, 1);
    assert_string_equal(bak_ops.info(s)->set[0].type, "log");
    assert_false(bak_ops.info(s)->set[0].chosen);
    bak_ops.close(s);
    byte_source_close(file);
    findings_free(f);
    free(b.p);
}

/* ---- consistency ---- */

typedef struct log_case {
    unsigned op[4];      /* of two blocks with two records each */
    uint32_t page_block; /* the page is as new as this block */
    uint64_t rowset;
    bool damaged;
    consistency expected;
    unsigned changed; /* findings */
} log_case;

static void check_log_case(const log_case *c)
{
    uint8_t log[2 * BUILT_LOG_BLOCK];
    build_log_block(log, VLF, 10, c->op[0], c->op[1], c->rowset, 17);
    build_log_block(log + BUILT_LOG_BLOCK, VLF, 12, c->op[2], c->op[3], c->rowset, 17);
    if (c->damaged) log[BUILT_LOG_BLOCK + 300] ^= 1;
    builder b = backup_with_log(log, 2, c->page_block, false);
    findings *f = findings_new();
    byte_source *file = byte_source_memory(b.p, b.n, "log.bak");
    open_args args = {.file = &file, .files = 1};
    bak_files open;
    page_store *store;
    assert_int_equal(bak_files_open(&args, f, &open), ST_OK);
    assert_int_equal(bak_store_open(&open, false, f, &store), ST_OK);
    mdf_rowset rowset = {.id = ROWSET, .index_id = 1};
    table_info table = {.full_name = {"dbo.t", 5}};
    mdf_table stored = {0};
    mdf_model model = {.info = &table, .table = &stored, .tables = 1, .rowset = &rowset, .rowsets = 1};
    source_info info = {0};
    redo_result redo;
    assert_int_equal(bak_redo(&open, NULL, f, &store, &redo), ST_OK);
    bak_log_check(&open, &redo, &model, &info, f);
    redo_free(&redo);
    assert_int_equal(info.consistent, c->expected);
    assert_int_equal(findings_count(f, F_BAK_CHANGED), c->changed);
    assert_int_equal(findings_count(f, F_BAK_CATALOG_IN_DOUBT), c->rowset != ROWSET);
    assert_int_equal(findings_count(f, c->damaged ? F_BAK_LOG_DAMAGED : F_BAK_LOG_UNREADABLE),
                     c->expected == CONSISTENCY_UNKNOWN);
    assert_true(info.consistency_note.n > 0);
    store->ops->close(store);
    bak_files_close(&open);
    byte_source_close(file);
    findings_free(f);
    free(b.p);
}

static void the_log_tells_whether_tables_changed(void **state)
{
    (void)state;
    static const log_case cases[] = {
        /* committed and in the page */
        {{LOG_BEGIN, 0x8D, LOG_INSERT_ROWS, LOG_COMMIT}, 12, ROWSET, false, CONSISTENT, 0},
        /* committed, but the page was copied before */
        {{LOG_BEGIN, 0x8D, LOG_INSERT_ROWS, LOG_COMMIT}, 11, ROWSET, false, CHANGED_DURING_BACKUP, 1},
        {{LOG_BEGIN, 0x8D, LOG_DELETE_ROWS, LOG_COMMIT}, 11, ROWSET, false, CHANGED_DURING_BACKUP, 1},
        {{LOG_BEGIN, 0x8D, LOG_MODIFY_ROW, LOG_COMMIT}, 11, ROWSET, false, CHANGED_DURING_BACKUP, 1},
        /* in the page and never committed */
        {{LOG_BEGIN, 0x8D, LOG_INSERT_ROWS, 0x8D}, 12, ROWSET, false, CHANGED_DURING_BACKUP, 1},
        /* of a system table, which is told apart */
        {{LOG_BEGIN, 0x8D, LOG_INSERT_ROWS, LOG_COMMIT}, 11, 5, false, CHANGED_DURING_BACKUP, 0},
        /* unreadable */
        {{LOG_BEGIN, 0x8D, LOG_INSERT_ROWS, LOG_COMMIT}, 12, ROWSET, true, CONSISTENCY_UNKNOWN, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) check_log_case(&cases[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bids_on_backups_only),
        cmocka_unit_test(encrypted_pages_are_refused_with_the_reason),
        cmocka_unit_test(a_refused_file_still_tells_its_sets),
        cmocka_unit_test(the_log_tells_whether_tables_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
