/* The account of rows: sums are closed or the run fails. */
#include "base/ledger.h"
#include "testing.h"

static void a_line_is_found_again_by_level_and_name(void **state)
{
    (void)state;
    ledger *l = ledger_new();
    size_t a = ledger_line_of(l, LEDGER_TABLE, SV_LIT("dbo.patient"), SV_LIT(""));
    size_t b = ledger_line_of(l, LEDGER_ENTITY, SV_LIT("patient"), SV_LIT("dbo.patient"));
    assert_int_not_equal(a, b);
    assert_int_equal(ledger_line_of(l, LEDGER_TABLE, SV_LIT("dbo.patient"), SV_LIT("")), a);
    assert_int_equal(ledger_lines(l), 2);
    assert_true(sv_eq(ledger_at(l, b)->from, SV_LIT("dbo.patient")));
    ledger_free(l);
}

static void what_was_counted_can_turn_out_otherwise(void **state)
{
    (void)state;
    ledger *l = ledger_new();
    size_t t = ledger_line_of(l, LEDGER_TABLE, SV_LIT("dbo.p"), SV_LIT(""));
    ledger_add(l, t, COUNT_DECODED, 3);
    ledger_move(l, t, COUNT_DECODED, COUNT_UNREADABLE, 2);
    assert_int_equal(ledger_at(l, t)->count[COUNT_DECODED], 1);
    ledger_move(l, t, COUNT_DECODED, COUNT_UNREADABLE, 5); /* no more than there are */
    assert_int_equal(ledger_at(l, t)->count[COUNT_DECODED], 0);
    assert_int_equal(ledger_at(l, t)->count[COUNT_UNREADABLE], 3);
    ledger_free(l);
}

static void each_level_has_its_sum(void **state)
{
    (void)state;
    ledger *l = ledger_new();
    findings *f = findings_new();
    size_t t = ledger_line_of(l, LEDGER_TABLE, SV_LIT("dbo.p"), SV_LIT(""));
    size_t e = ledger_line_of(l, LEDGER_ENTITY, SV_LIT("patient"), SV_LIT("dbo.p"));
    size_t o = ledger_line_of(l, LEDGER_OBJECT, SV_LIT("x/Contact"), SV_LIT("patient"));
    ledger_add(l, t, COUNT_READ, 10);
    ledger_add(l, t, COUNT_DECODED, 9);
    ledger_add(l, t, COUNT_UNREADABLE, 1);
    ledger_add(l, e, COUNT_DECODED, 9);
    ledger_add(l, e, COUNT_MAPPED, 6);
    ledger_add(l, e, COUNT_SKIPPED, 2);
    ledger_add(l, e, COUNT_REJECTED, 1);
    ledger_add(l, o, COUNT_MAPPED, 6);
    ledger_add(l, o, COUNT_WRITTEN, 3);
    ledger_add(l, o, COUNT_MERGED, 1);
    ledger_add(l, o, COUNT_SKIPPED, 1);
    ledger_add(l, o, COUNT_REJECTED, 1);
    ledger_add(l, o, COUNT_HELD_BACK, 100); /* values: part of no sum */
    assert_true(ledger_balanced(l, f));
    assert_int_equal(findings_kinds(f), 0);
    ledger_add(l, o, COUNT_WRITTEN, 1);
    assert_false(ledger_balanced(l, f));
    assert_int_equal(findings_count(f, F_LEDGER_UNBALANCED), 1);
    assert_true(sv_eq(findings_kind(f, 0)->table, SV_LIT("x/Contact")));
    findings_free(f);
    ledger_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_found_again_by_level_and_name),
        cmocka_unit_test(what_was_counted_can_turn_out_otherwise),
        cmocka_unit_test(each_level_has_its_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
