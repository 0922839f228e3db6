/* Every real backup of the corpus through the container reader: what it is, whether its pages lie where they are
 * placed, and what is refused with which reason. */
#include "bak/bak_files.h"
#include "base/limits.h"
#include "corpus.h"
#include "mdf/mdf_layout.h"
#include "mdf/page_check.h"
#include <stdlib.h>

typedef struct opened {
    byte_source *file[3];
    size_t files;
    findings *found;
    bak_files b;
    status st;
    page_store *store;
} opened;

static void open_set(opened *o, unsigned set, bool salvage, const char *a, const char *b)
{
    const char *name[2] = {a, b};
    char path[512];
    memset(o, 0, sizeof *o);
    o->found = findings_new();
    for (int i = 0; i < 2 && name[i]; i++) {
        snprintf(path, sizeof path, "%s/%s", CHARTFERRY_CORPUS, name[i]);
        o->file[o->files] = byte_source_file(path, o->found);
        assert_non_null(o->file[o->files]);
        o->files++;
    }
    open_args args = {.file = o->file, .files = o->files, .set = set, .salvage = salvage};
    o->st = bak_files_open(&args, o->found, &o->b);
    if (o->st == ST_OK) assert_int_equal(bak_store_open(&o->b, salvage, o->found, &o->store), ST_OK);
}

static void close_set(opened *o)
{
    if (o->store) o->store->ops->close(o->store);
    bak_files_close(&o->b);
    for (size_t i = 0; i < o->files; i++) byte_source_close(o->file[i]);
    findings_free(o->found);
}

typedef struct page_tally {
    unsigned extents, allocated, wrong_id, wrong_sum, missing;
} page_tally;

/* Each page that its PFS page marks as allocated: is it there, says it the same number, is its checksum right? */
static page_tally tally(opened *o)
{
    page_tally t = {0};
    uint8_t *pfs = malloc(EXTENT_BYTES), *e = malloc(EXTENT_BYTES);
    void *scratch = malloc(o->store->scratch_bytes);
    assert_true(pfs && e && scratch);
    uint16_t file = o->store->ops->file_id(o->store, 0);
    uint32_t n = o->store->ops->extents(o->store, file);
    assert_true(n > 0 && n < PFS_PAGES / EXTENT_PAGES); /* one PFS page covers each file of the corpus */
    unsigned pages;
    assert_int_equal(o->store->ops->read_extent(o->store, scratch, file, 0, pfs, &pages), ST_OK);
    page_protection_undo(pfs + PAGE_BYTES, &(uint32_t){0}, &(uint32_t){0});
    const uint8_t *map = pfs + PAGE_BYTES + page_slot_offset(pfs + PAGE_BYTES, 0) + 4;
    for (uint32_t x = 0; x < n; x++) {
        status st = o->store->ops->read_extent(o->store, scratch, file, x, e, &pages);
        t.extents += st == ST_OK;
        for (unsigned i = 0; i < EXTENT_PAGES; i++) {
            uint8_t *p = e + i * (size_t)PAGE_BYTES;
            uint32_t stored, computed;
            if (!(map[x * EXTENT_PAGES + i] & PFS_ALLOCATED)) continue;
            t.allocated++;
            if (st != ST_OK || pages <= i) {
                t.missing++;
                continue;
            }
            t.wrong_id += le32(p + PH_PAGE) != x * EXTENT_PAGES + i || le16(p + PH_FILE) != file;
            page_protection state = page_protection_undo(p, &stored, &computed);
            t.wrong_sum += state == PAGE_CHECKSUM_WRONG || state == PAGE_TORN_WRITE;
        }
    }
    free(pfs);
    free(e);
    free(scratch);
    return t;
}

static void print_findings(const findings *f)
{
    for (size_t i = 0; i < findings_kinds(f); i++) {
        const finding_kind *k = findings_kind(f, i);
        for (size_t j = 0; j < k->kept; j++) {
            buf b = buf_new(4096);
            finding_render(&b, finding_text_of(k->code)->happened, &k->item[j], k->count);
            print_message("  %s %.*s\n", finding_text_of(k->code)->id, (int)b.n, b.p);
            buf_free(&b);
        }
    }
}

typedef struct whole_case {
    const char *file, *other;
    size_t sets;
    unsigned extents, version;
} whole_case;

static void check_whole(const whole_case *c)
{
    opened o;
    open_set(&o, 0, false, c->file, c->other);
    if (o.st != ST_OK) print_findings(o.found);
    assert_int_equal(o.st, ST_OK);
    uint64_t placed, expected;
    bak_store_counts(o.store, &placed, &expected);
    page_tally t = tally(&o);
    print_message("%s: %u extents, %u pages allocated\n", c->file, t.extents, t.allocated);
    assert_int_equal(o.b.choice.entries, c->sets);
    assert_int_equal(placed, expected);
    assert_int_equal(t.extents, c->extents);
    assert_int_equal(o.b.choice.full->set->begin.version, c->version);
    assert_int_equal(t.missing, 0);
    assert_int_equal(t.wrong_id, 0);
    assert_int_equal(t.wrong_sum, 0);
    assert_int_equal(o.store->ops->verify(o.store), ST_OK);
    print_findings(o.found);
    assert_int_equal(findings_worst(o.found), SEV_NOTE);
    close_set(&o);
}

static void every_whole_backup_places_each_allocated_page(void **state)
{
    (void)state;
    static const whole_case cases[] = {
        {"artificii2017_ro.bak", NULL, 1, 57, 869},
        {"clinica2017_ro.bak", NULL, 1, 54, 869},
        {"clinicdb2019.bak", NULL, 1, 55, 904},
        {"hasta2017_tr.bak", NULL, 1, 54, 869},
        {"hospital2014.bak", NULL, 1, 46, 782},
        {"northwind2005.bak", NULL, 1, 49, 611},
        {"northwind2005_torn.bak", NULL, 1, 52, 611},
        {"pubs2012.bak", NULL, 1, 48, 706},
        {"rtclean2008r2_1full.bak", NULL, 1, 21, 661},
        {"tsql2012_compressed.bak", NULL, 1, 114, 852},
        {"tutorialdb_compressed.bak", NULL, 1, 48, 852},
        {"rtstripe2008r2_1of2.bak", "rtstripe2008r2_2of2.bak", 1, 23, 661},
        {"rtstripe2008r2_2of2.bak", "rtstripe2008r2_1of2.bak", 1, 23, 661},
        {"rtclean2008r2_3diff.bak", "rtclean2008r2_1full.bak", 2, 21, 661},
        {"rtclean2008r2_1full.bak", "rtclean2008r2_3diff.bak", 2, 21, 661},
    };
    if (!corpus_is_here()) skip();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) check_whole(&cases[i]);
}

typedef struct refused_case {
    const char *file, *other;
    unsigned set;
    finding_code code;
    const char *fact; /* what its first fact begins with */
} refused_case;

static void every_incomplete_backup_is_refused_with_its_reason(void **state)
{
    (void)state;
    static const refused_case cases[] = {
        {"multiset6_diff2012.bak", NULL, 0, F_BAK_DIFF_ONLY, "6 differential"},
        {"multiset6_diff2012.bak", NULL, 3, F_BAK_DIFF_ONLY, "database DB_QLBH1, set 3"},
        {"multiset6_diff2012.bak", NULL, 7, F_BAK_NO_SUCH_SET, "7"},
        {"northwind2008r2_stripe2of2.bak", NULL, 0, F_BAK_PART_MISSING, "part 1 of 2 is missing"},
        {"rtstripe2008r2_1of2.bak", NULL, 0, F_BAK_PART_MISSING, "part 2 of 2 is missing"},
        {"rtstripe2008r2_2of2.bak", NULL, 0, F_BAK_PART_MISSING, "part 1 of 2 is missing"},
        {"rtclean2008r2_2log1.trn", NULL, 0, F_BAK_LOG_ONLY, "database RestoreTimeClean"},
        {"rtclean2008r2_2log2.trn", NULL, 0, F_BAK_LOG_ONLY, "database RestoreTimeClean"},
        {"rtclean2008r2_2log3.trn", NULL, 0, F_BAK_LOG_ONLY, "database RestoreTimeClean"},
        {"rtclean2008r2_4log1.trn", NULL, 0, F_BAK_LOG_ONLY, "database RestoreTimeClean"},
        {"rtclean2008r2_4log2.trn", NULL, 0, F_BAK_LOG_ONLY, "database RestoreTimeClean"},
        {"rtclean2008r2_4log3.trn", NULL, 0, F_BAK_LOG_ONLY, "database RestoreTimeClean"},
        {"rtclean2008r2_3diff.bak", NULL, 0, F_BAK_DIFF_ONLY, "database RestoreTimeClean"},
        {"rtclean2008r2_1full.bak", "multiset6_diff2012.bak", 0, F_BAK_DIFF_BASE, "31:217:191"},
        {"rtclean2008r2_1full.bak", "pubs2012.bak", 0, F_BAK_NOT_TOGETHER, "a backup of database"},
    };
    if (!corpus_is_here()) skip();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const refused_case *c = &cases[i];
        opened o;
        open_set(&o, c->set, false, c->file, c->other);
        assert_int_equal(o.st, ST_FATAL);
        assert_int_equal(findings_count(o.found, c->code), 1);
        const finding_kind *k = findings_kind(o.found, findings_kinds(o.found) - 1);
        assert_int_equal(k->code, c->code);
        assert_true(sv_starts(k->item->a, sv_from(c->fact)));
        assert_true(o.b.choice.entries > 0);
        close_set(&o);
    }
}

static void a_log_backup_beside_its_full_backup_continues_it(void **state)
{
    (void)state;
    if (!corpus_is_here()) skip();
    opened o;
    open_set(&o, 0, false, "rtclean2008r2_2log1.trn", "rtclean2008r2_1full.bak");
    assert_int_equal(o.st, ST_OK);
    assert_int_equal(o.b.choice.logs, 1);
    assert_int_equal(findings_kinds(o.found), 0);
    close_set(&o);
}

/* The halves of a lone stripe lie where the whole pair has them. */
static void salvage_of_a_lone_stripe_places_what_is_there(void **state)
{
    (void)state;
    if (!corpus_is_here()) skip();
    opened pair, lone;
    open_set(&pair, 0, false, "rtstripe2008r2_1of2.bak", "rtstripe2008r2_2of2.bak");
    open_set(&lone, 0, true, "rtstripe2008r2_2of2.bak", NULL);
    assert_int_equal(lone.st, ST_OK);
    uint8_t *a = malloc(EXTENT_BYTES), *b = malloc(EXTENT_BYTES);
    void *scratch = malloc(pair.store->scratch_bytes);
    unsigned there = 0, lost = 0, pages;
    for (uint32_t e = 0; e < 36; e++) {
        status whole = pair.store->ops->read_extent(pair.store, scratch, 1, e, a, &pages);
        status half = lone.store->ops->read_extent(lone.store, scratch, 1, e, b, &pages);
        if (half == ST_OK) {
            assert_int_equal(whole, ST_OK);
            assert_memory_equal(a, b, EXTENT_BYTES);
            there++;
        }
        lost += half == ST_ROW_LOST;
    }
    print_message("%u extents there, %u lost\n", there, lost);
    assert_int_equal(there, 12); /* 11 are in the other part, and one filler */
    assert_int_equal(lost, 24);  /* every other one inside the file, free ones too: the maps are in the other part */
    free(a);
    free(b);
    free(scratch);
    close_set(&pair);
    close_set(&lone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_whole_backup_places_each_allocated_page),
        cmocka_unit_test(every_incomplete_backup_is_refused_with_its_reason),
        cmocka_unit_test(a_log_backup_beside_its_full_backup_continues_it),
        cmocka_unit_test(salvage_of_a_lone_stripe_places_what_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
