/* The readers when memory runs out: each allocation in turn fails once, or it and all after it fail. */
#include "bak/bak_source.h"
#include "failing_memory.h"
#include "mdf/mdf_source.h"
#include "testing.h"
#include <string.h>

/* ---- reading a whole file ---- */

typedef struct reading {
    status worst;   /* ST_FATAL, ST_TABLE_LOST, ST_ROW_LOST or ST_OK */
    uint64_t rows;  /* handed out */
    uint32_t sum;   /* over every value */
    uint64_t fatal; /* findings */
    uint64_t lost;
} reading;

static void worsen(reading *r, status st)
{
    if (st == ST_FATAL || (st == ST_TABLE_LOST && r->worst != ST_FATAL) || (st == ST_ROW_LOST && r->worst == ST_OK))
        r->worst = st;
}

static void add(reading *r, const void *p, size_t n)
{
    const uint8_t *b = p;
    for (size_t i = 0; i < n; i++) r->sum = r->sum * 31 + b[i];
}

static void stream(row_source *s, const value *v, reading *r)
{
    char piece[4096];
    lob_stream *l;
    size_t got;
    status st = s->ops->lob_open(s, &v->as.lob, &l);
    if (st != ST_OK) {
        worsen(r, st);
        return;
    }
    while ((st = s->ops->lob_read(l, piece, sizeof piece, &got)) == ST_OK) add(r, piece, got);
    if (st != ST_END) worsen(r, st);
    s->ops->lob_close(l);
}

static void take(row_source *s, const value *v, reading *r)
{
    add(r, &v->kind, sizeof v->kind);
    if (v->kind == V_TEXT || v->kind == V_BYTES)
        add(r, v->as.text.p, v->as.text.n);
    else if (v->kind == V_LOB)
        stream(s, v, r);
    else if (v->kind == V_INT)
        add(r, &v->as.integer, sizeof v->as.integer);
}

static void scan(row_source *s, size_t table, reading *r)
{
    row rows[8];
    row_cursor *c;
    size_t got;
    scan_request q = {.table = table, .no_lobs_inline = table % 2};
    status st = s->ops->scan(s, &q, &c);
    if (st != ST_OK) {
        worsen(r, st);
        return;
    }
    do {
        st = s->ops->next(c, rows, 8, &got);
        r->rows += got;
        for (size_t i = 0; i < got; i++)
            for (size_t k = 0; k < rows[i].n; k++) take(s, &rows[i].cell[k], r);
        if (st != ST_END) worsen(r, st);
    } while (st == ST_OK || st == ST_ROW_LOST);
    s->ops->cursor_close(c);
}

static void take_names(const table_info *t, reading *r)
{
    add(r, t->full_name.p, t->full_name.n);
    add(r, t->storage.p, t->storage.n);
    for (size_t i = 0; i < t->columns; i++) {
        add(r, t->column[i].name.p, t->column[i].name.n);
        add(r, t->column[i].type_name.p, t->column[i].type_name.n);
    }
}

static reading read_all(const row_source_ops *ops, const char *path)
{
    reading r = {.worst = ST_OK};
    findings *f = findings_new();
    byte_source *file = f ? byte_source_file(path, f) : NULL;
    row_source *s = NULL;
    open_args a = {.file = &file, .files = 1};
    const catalog *c;
    worsen(&r, file ? ops->open(&a, f, &s) : ST_FATAL);
    if (r.worst == ST_OK) {
        worsen(&r, ops->catalog(s, &c));
        for (size_t i = 0; r.worst != ST_FATAL && i < c->tables; i++) {
            take_names(&c->table[i], &r);
            scan(s, i, &r);
        }
        worsen(&r, ops->verify(s));
    }
    if (s) ops->close(s);
    if (f) {
        r.fatal = findings_at_least(f, SEV_FATAL);
        r.lost = findings_at_least(f, SEV_LOSS);
    }
    byte_source_close(file);
    findings_free(f);
    return r;
}

/* Nothing leaks, and whatever differs from the whole reading is said. */
static void check(const reading *whole, const reading *r, uint64_t n)
{
    bool same = r->rows == whole->rows && r->sum == whole->sum;
    if (live != 0) fail_msg("allocation %llu failed: %lld blocks leak", (unsigned long long)n, (long long)live);
    if (same || n <= 8) return; /* the first ones are those of the findings and the file */
    if (r->worst == ST_OK && r->lost == 0)
        fail_msg("allocation %llu failed: rows or values differ and nothing says so", (unsigned long long)n);
    if (r->worst == ST_FATAL && r->fatal == 0)
        fail_msg("allocation %llu failed: the reading is over and no finding says why", (unsigned long long)n);
}

static void each_allocation_fails(const row_source_ops *ops, const char *path)
{
    fail_from = fail_to = UINT64_MAX;
    (void)read_all(ops,
                   path); /* what is kept as long as the process is asked for once: on Windows the temporary folder */
    asked = 0;
    live = 0;
    const reading whole = read_all(ops, path);
    const uint64_t all = asked;
    assert_int_equal(whole.worst, ST_OK);
    assert_int_equal(whole.lost, 0);
    assert_true(whole.rows > 0 && all > 20);
    assert_int_equal(live, 0);
    for (int alone = 0; alone < 2; alone++)
        for (uint64_t n = 1; n <= all; n += n < 300 ? 1 : 1 + all / 300) {
            asked = 0;
            fail_from = n;
            fail_to = alone ? n + 1 : UINT64_MAX;
            const reading r = read_all(ops, path);
            fail_from = fail_to = UINT64_MAX;
            check(&whole, &r, n);
        }
}

static void data_file_survives_any_failed_allocation(void **state)
{
    (void)state;
    each_allocation_fails(&mdf_ops, CHARTFERRY_SAMPLES "/every_kind.mdf");
}

static void backup_survives_any_failed_allocation(void **state)
{
    (void)state;
    each_allocation_fails(&bak_ops, CHARTFERRY_SAMPLES "/bak/compressed.bak");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_file_survives_any_failed_allocation),
        cmocka_unit_test(backup_survives_any_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
