/* Entries found by a number: each is made once, kept while the table grows, found again when others are taken out; where files
 * choose the numbers, they cannot choose where the search for them begins. */
#include "base/id_table.h"
#include "testing.h"

typedef struct counted {
    uint64_t id, times;
} counted;

/* Numbers far apart and close together, as pages, rowsets and transactions have them. */
static uint64_t nth(uint64_t i) { return (i % 3 + 1) << 32 | (i / 3 + 1); }

static void an_entry_is_made_once_and_keeps_what_it_holds_while_the_table_grows(void **state)
{
    (void)state;
    enum { NUMBERS = 300000 };
    id_table t = {.entry_bytes = sizeof(counted)};
    for (int again = 0; again < 2; again++)
        for (uint64_t i = 0; i < NUMBERS; i++) {
            counted *c = id_table_put(&t, nth(i));
            assert_non_null(c);
            assert_int_equal(c->id, nth(i));
            assert_int_equal(c->times++, again);
        }
    assert_int_equal(t.n, NUMBERS);
    id_table_free(&t);
    assert_int_equal(t.n, 0);
    assert_null(id_table_find(&t, nth(0)));
}

static void number_0_and_an_empty_table_have_no_entry(void **state)
{
    (void)state;
    id_table t = {.entry_bytes = sizeof(counted)};
    assert_null(id_table_find(&t, 7));
    id_table_take_out(&t, 7);
    assert_non_null(id_table_put(&t, 7));
    assert_null(id_table_find(&t, 0));
    id_table_free(&t);
}

static void numbers_are_listed_in_their_order_wherever_they_lie(void **state)
{
    (void)state;
    enum { NUMBERS = 3000 };
    static uint64_t listed[NUMBERS];
    id_table t = {.entry_bytes = sizeof(uint64_t)};
    for (uint64_t i = NUMBERS; i > 0; i--) assert_non_null(id_table_put(&t, i * i));
    id_table_numbers(&t, listed);
    for (uint64_t i = 0; i < NUMBERS; i++) assert_int_equal(listed[i], (i + 1) * (i + 1));
    id_table_free(&t);
}

static void what_is_taken_out_is_gone_and_all_others_are_found(void **state)
{
    (void)state;
    enum { NUMBERS = 40000 };
    id_table t = {.entry_bytes = sizeof(counted)};
    for (uint64_t i = 0; i < NUMBERS; i++) ((counted *)id_table_put(&t, nth(i)))->times = i;
    for (uint64_t i = 0; i < NUMBERS; i += 2) id_table_take_out(&t, nth(i));
    assert_int_equal(t.n, NUMBERS / 2);
    for (uint64_t i = 0; i < NUMBERS; i++) {
        const counted *c = id_table_find(&t, nth(i));
        assert_int_equal(c != NULL, i % 2);
        if (c) assert_int_equal(c->times, i);
    }
    assert_int_equal(((counted *)id_table_put(&t, nth(0)))->times, 0); /* a new one, not what was taken out */
    id_table_free(&t);
}

static void a_full_table_says_so_and_still_finds_what_it_has(void **state)
{
    (void)state;
    enum { MOST = 1000 };
    id_table t = {.entry_bytes = sizeof(counted), .most = MOST};
    for (uint64_t i = 0; i < MOST; i++) assert_non_null(id_table_put(&t, nth(i)));
    assert_false(t.full);
    assert_null(id_table_put(&t, nth(MOST)));
    assert_true(t.full);
    assert_non_null(id_table_put(&t, nth(MOST - 1)));
    id_table_free(&t);
    assert_int_equal(t.most, MOST);
    assert_false(t.full);
}

/* A file can have any numbers: those that begin at one place of one table begin at many of another. */
static void no_numbers_begin_at_one_place_of_every_table(void **state)
{
    (void)state;
    enum { ROOM = 1 << 16, NUMBERS = 1000 };
    static char table[2];
    uint64_t chosen[NUMBERS];
    size_t n = 0, same = 0;
    for (uint64_t id = 1; n < NUMBERS; id++)
        if (id_table_place(&table[0], id, ROOM) == 0) chosen[n++] = id;
    for (size_t i = 1; i < NUMBERS; i++)
        same += id_table_place(&table[1], chosen[i], ROOM) == id_table_place(&table[1], chosen[0], ROOM);
    assert_true(same < NUMBERS / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_made_once_and_keeps_what_it_holds_while_the_table_grows),
        cmocka_unit_test(number_0_and_an_empty_table_have_no_entry),
        cmocka_unit_test(numbers_are_listed_in_their_order_wherever_they_lie),
        cmocka_unit_test(what_is_taken_out_is_gone_and_all_others_are_found),
        cmocka_unit_test(a_full_table_says_so_and_still_finds_what_it_has),
        cmocka_unit_test(no_numbers_begin_at_one_place_of_every_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
