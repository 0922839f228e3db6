/* The log put on pages, held against what a real server made of the same pages: the family RestoreTimeClean has a full
 * backup, three log backups and a differential taken right behind them. */
#include "bak/bak_redo.h"
#include "corpus.h"
#include "mdf/mdf_layout.h"
#include "mdf/page_check.h"
#include <stdlib.h>

enum { FILES_MAX = 8 };

typedef struct opened {
    byte_source *file[FILES_MAX];
    size_t files;
    findings *found;
    bak_files b;
    status st;
    page_store *store;
    redo_result redo;
    void *scratch;
} opened;

static void open_family(opened *o, bool with_log, const char *const *name)
{
    char path[512];
    memset(o, 0, sizeof *o);
    o->found = findings_new();
    for (; name[o->files]; o->files++) {
        snprintf(path, sizeof path, "%s/rtclean2008r2_%s", CHARTFERRY_CORPUS, name[o->files]);
        o->file[o->files] = byte_source_file(path, o->found);
        assert_non_null(o->file[o->files]);
    }
    open_args args = {.file = o->file, .files = o->files};
    o->st = bak_files_open(&args, o->found, &o->b);
    assert_int_equal(o->st, ST_OK);
    assert_int_equal(bak_store_open(&o->b, false, o->found, &o->store), ST_OK);
    if (with_log) assert_int_equal(bak_redo(&o->b, NULL, o->found, &o->store, &o->redo), ST_OK);
    o->scratch = malloc(o->store->scratch_bytes);
    assert_non_null(o->scratch);
}

static void close_family(opened *o)
{
    o->store->ops->close(o->store);
    redo_free(&o->redo);
    bak_files_close(&o->b);
    for (size_t i = 0; i < o->files; i++) byte_source_close(o->file[i]);
    findings_free(o->found);
    free(o->scratch);
}

/* What the log does not tell: checksums, and the flags that say so. */
static void blank(uint8_t *page)
{
    uint32_t stored, computed;
    page_protection_undo(page, &stored, &computed);
    memset(page + PH_FLAGS, 0, 2);
    memset(page + PH_CHECKSUM, 0, 4);
}

static bool is_compared(const uint8_t *page)
{
    switch (page[PH_TYPE]) {
    case PAGE_DATA:
    case PAGE_INDEX:
    case PAGE_IAM:
    case PAGE_PFS: return page[PH_VERSION] == 1;
    default: return false; /* not applied: no table depends on them */
    }
}

/* Bytes of used room in which two images of a page differ. */
static unsigned differences(const uint8_t *a, const uint8_t *b)
{
    unsigned n = 0, used = le16(b + PH_FREE_DATA), slots = PAGE_BYTES - 2 * page_slots(b);
    for (unsigned i = 0; i < PAGE_BYTES; i++) n += (i < used || i >= slots) && a[i] != b[i];
    return n;
}

typedef struct comparison {
    unsigned compared, newer, other; /* pages: equal, of them changed by the log, in another state */
} comparison;

static comparison compare_pages(opened *mine, opened *theirs)
{
    static const bak_lsn begins = {0x19, 0x84, 1};
    comparison c = {0};
    uint8_t *a = malloc(EXTENT_BYTES), *b = malloc(EXTENT_BYTES);
    assert_true(a && b);
    unsigned pages, there;
    for (uint32_t e = 0; e < theirs->store->ops->extents(theirs->store, 1); e++) {
        if (theirs->store->ops->read_extent(theirs->store, theirs->scratch, 1, e, b, &pages) != ST_OK) continue;
        if (mine->store->ops->read_extent(mine->store, mine->scratch, 1, e, a, &there) != ST_OK) continue;
        for (unsigned i = 0; i < pages && i < there; i++) {
            uint8_t *x = a + (size_t)i * PAGE_BYTES, *y = b + (size_t)i * PAGE_BYTES;
            bak_lsn lsn = bak_lsn_at(y + PH_LSN);
            if (!is_compared(y)) continue;
            if (bak_lsn_cmp(bak_lsn_at(x + PH_LSN), lsn) != 0) {
                c.other++;
                continue;
            }
            blank(x);
            blank(y);
            assert_int_equal(differences(x, y), 0);
            c.compared++;
            c.newer += bak_lsn_cmp(lsn, begins) >= 0;
        }
    }
    print_message("%u pages are equal, %u of them changed by the log; %u in another state\n", c.compared, c.newer,
                  c.other);
    free(a);
    free(b);
    return c;
}

static comparison compare_with_the_differential(const char *const *redone)
{
    static const char *const copied[] = {"1full.bak", "3diff.bak", NULL};
    opened mine, theirs;
    open_family(&mine, true, redone);
    open_family(&theirs, false, copied);
    assert_int_equal(mine.redo.doubts, 0);
    assert_int_equal(mine.redo.log.unknown, 0);
    assert_int_equal(mine.redo.unfinished, 0);
    assert_null(mine.redo.log.damage);
    assert_int_equal(findings_kinds(mine.found), 0);
    comparison c = compare_pages(&mine, &theirs);
    close_family(&mine);
    close_family(&theirs);
    return c;
}

static void redone_pages_are_those_of_the_server(void **state)
{
    (void)state;
    /* The differential's checkpoint wrote counts to the catalog; it is in the first log behind the differential. */
    static const char *const until_then[] = {"1full.bak", "2log2.trn", "2log1.trn", "2log3.trn", NULL};
    static const char *const beyond[] = {"4log1.trn", "2log3.trn", "2log2.trn", "2log1.trn", "1full.bak", NULL};
    if (!corpus_is_here()) skip();
    comparison c = compare_with_the_differential(until_then);
    assert_int_equal(c.other, 5); /* catalog pages with counts */
    assert_int_equal(c.newer, 4); /* the table's rows, its IAM page, PFS, a catalog page */
    c = compare_with_the_differential(beyond);
    assert_int_equal(c.other, 1); /* the table's page went on to get rows */
    assert_int_equal(c.newer, 8);
    assert_int_equal(c.compared, 152);
}

static void a_missing_log_ends_the_chain(void **state)
{
    (void)state;
    static const char *const gap[] = {"1full.bak", "2log1.trn", "2log3.trn", NULL};
    static const char *const late[] = {"1full.bak", "4log3.trn", NULL};
    static const char *const old[] = {"1full.bak", "3diff.bak", "2log1.trn", "4log1.trn", NULL};
    if (!corpus_is_here()) skip();
    static const struct {
        const char *const *name;
        size_t logs;
        unsigned gaps, ignored;
    } cases[] = {{gap, 1, 1, 0}, {late, 0, 1, 0}, {old, 1, 0, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        opened o;
        open_family(&o, true, cases[i].name);
        assert_int_equal(o.b.choice.logs, cases[i].logs);
        assert_int_equal(findings_count(o.found, F_BAK_LOG_GAP), cases[i].gaps);
        assert_int_equal(findings_count(o.found, F_BAK_LOG_IGNORED), cases[i].ignored);
        assert_int_equal(o.redo.doubts, 0);
        close_family(&o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redone_pages_are_those_of_the_server),
        cmocka_unit_test(a_missing_log_ends_the_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
