/* Sets of pages: each is new once, however many there are. */
#include "base/id_hash.h"
#include "mdf/page_set.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void each_page_is_new_once(void **state)
{
    (void)state;
    page_set s = {0};
    for (unsigned again = 0; again < 2; again++)
        for (uint32_t page = 0; page < 100000; page++)
            for (uint16_t file = 1; file < 4; file++)
                assert_int_equal(page_set_add(&s, (page_id){page, file}), again == 0);
    assert_int_equal(s.n, 300000);
    page_set_free(&s);
    assert_int_equal(s.n, 0);
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
        if (id_place(&table[0], id, ROOM) == 0) chosen[n++] = id;
    for (size_t i = 1; i < NUMBERS; i++)
        same += id_place(&table[1], chosen[i], ROOM) == id_place(&table[1], chosen[0], ROOM);
    assert_true(same < NUMBERS / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_page_is_new_once),
        cmocka_unit_test(no_numbers_begin_at_one_place_of_every_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
