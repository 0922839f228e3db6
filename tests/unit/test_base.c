/* Arena, buffer, cursor, findings. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "base/finding.h"
#include "base/limits.h"
#include "testing.h"

static void cursor_never_passes_its_end(void **state)
{
    (void)state;
    const uint8_t p[] = {1, 2, 3, 4, 5, 6, 7};
    cur c = cur_from(p, sizeof p);
    assert_int_equal(cur_u32(&c), 0x04030201);
    assert_int_equal(cur_u16(&c), 0x0605);
    assert_int_equal(cur_u16(&c), 0);
    assert_true(c.bad);
    assert_int_equal(cur_u8(&c), 0); /* failure is sticky */
}

static void arena_keeps_its_ceiling(void **state)
{
    (void)state;
    arena *a = arena_new(100000);
    assert_non_null(arena_alloc(a, 50000));
    assert_null(arena_alloc(a, 60000));
    assert_null(arena_array(a, SIZE_MAX / 2, 4));
    arena_reset(a);
    assert_non_null(arena_alloc(a, 50000));
    assert_true(arena_bytes(a) <= 100000);
    assert_true(arena_used(a) >= 50000 && arena_used(a) < 50100);
    sv s = arena_printf(a, "%d-%s", 7, "x");
    assert_true(sv_eq(s, SV_LIT("7-x")));
    arena_free(a);
}

static void buffer_failure_is_sticky(void **state)
{
    (void)state;
    buf b = buf_new(10);
    buf_str(&b, "12345");
    buf_str(&b, "678901");
    assert_true(b.failed);
    buf_str(&b, "x");
    assert_int_equal(b.n, 5);
    buf_clear(&b);
    buf_printf(&b, "%03d", 5);
    assert_true(sv_eq(buf_view(&b), SV_LIT("005")));
    buf_free(&b);
}

static void findings_count_all_and_keep_the_first(void **state)
{
    (void)state;
    findings *f = findings_new();
    for (unsigned i = 0; i < FINDINGS_KEPT_PER_KIND + 5; i++) {
        finding x = FINDING_OF(F_LIMIT_REACHED);
        x.table = SV_LIT("dbo.t");
        x.rows = 2;
        find_add(f, &x);
    }
    find_code(f, F_READ_ERROR, "%s", "bad sector");
    assert_int_equal(findings_kinds(f), 2);
    const finding_kind *k = findings_kind(f, F_LIMIT_REACHED < F_READ_ERROR ? 0 : 1);
    assert_int_equal(k->count, FINDINGS_KEPT_PER_KIND + 5);
    assert_int_equal(k->kept, FINDINGS_KEPT_PER_KIND);
    assert_int_equal(k->rows, 2 * (FINDINGS_KEPT_PER_KIND + 5));
    assert_int_equal(findings_worst(f), SEV_FATAL);
    assert_int_equal(finding_by_id(SV_LIT("gen-002")), F_READ_ERROR);
    buf b = buf_new(1000);
    finding x = FINDING_OF(F_READ_ERROR);
    x.a = SV_LIT("why");
    x.path = SV_LIT("p");
    x.offset = 5;
    finding_render(&b, "{path} at {offset}: {a} {n} {zz}", &x, 3);
    assert_true(sv_eq(buf_view(&b), SV_LIT("p at 5: why 3 {zz}")));
    buf_free(&b);
    findings_free(f);
}

static void findings_keep_the_lowest_places_in_any_order(void **state)
{
    (void)state;
    findings *f = findings_new();
    for (uint32_t i = 0; i < 100; i++) {
        finding x = FINDING_OF(F_READ_ERROR);
        x.page = i * 37 % 100;
        find_add(f, &x);
    }
    const finding_kind *k = findings_kind(f, 0);
    assert_int_equal(k->count, 100);
    for (uint32_t i = 0; i < k->kept; i++) assert_int_equal(k->item[i].page, i);
    findings_free(f);
}

static void kinds_of_findings_come_in_one_order(void **state)
{
    (void)state;
    static const finding_code code[] = {F_READ_ERROR, F_LIMIT_REACHED};
    static const char *const table[] = {"dbo.a", "dbo.b", "dbo.c"};
    /* As threads may meet them: every rotation of the six kinds. */
    for (size_t first = 0; first < 6; first++) {
        findings *f = findings_new();
        for (size_t i = 0; i < 6; i++) {
            finding x = FINDING_OF(code[(first + i) % 6 % 2]);
            x.table = sv_from(table[(first + i) % 6 / 2]);
            find_add(f, &x);
        }
        assert_int_equal(findings_kinds(f), 6);
        for (size_t i = 1; i < 6; i++) {
            const finding_kind *a = findings_kind(f, i - 1), *b = findings_kind(f, i);
            assert_true(a->code < b->code || (a->code == b->code && sv_cmp(a->table, b->table) < 0));
        }
        findings_free(f);
    }
}

static void closing_marks_within_a_quoted_text_are_doubled(void **state)
{
    (void)state;
    buf b = buf_new(64);
    buf_quoted(&b, SV_LIT("a[b]]"), '[', ']');
    buf_quoted(&b, SV_LIT("O'Hara"), '\'', '\'');
    buf_quoted(&b, (sv){NULL, 0}, '"', '"');
    assert_true(sv_eq(buf_view(&b), SV_LIT("[a[b]]]]]'O''Hara'\"\"")));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cursor_never_passes_its_end),
        cmocka_unit_test(arena_keeps_its_ceiling),
        cmocka_unit_test(buffer_failure_is_sticky),
        cmocka_unit_test(closing_marks_within_a_quoted_text_are_doubled),
        cmocka_unit_test(findings_count_all_and_keep_the_first),
        cmocka_unit_test(findings_keep_the_lowest_places_in_any_order),
        cmocka_unit_test(kinds_of_findings_come_in_one_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
