/* Sets of keys: the same answers from memory and from the work file, whatever room there is. */
#include "profile/profile_internal.h"
#include "testing.h"

enum { KEYS = 3000, PLENTY = 1 << 24 };

/* Numbers, what looks like one and is another text, and texts. */
static sv key_at(size_t i, char room[64])
{
    static const char *const forms[] = {"%zu",  "0%zu", "-%zu", "%zu ", "patient:%zu:Plan", "1000000000000%zu00",
                                        "%zu.0"};
    int n = snprintf(room, 64, forms[i % 7], i / 7);
    return (sv){room, (size_t)n};
}

static size_t tables(sqlite3 *work)
{
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_prepare_v2(work, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'", -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    size_t n = (size_t)sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    return n;
}

static void keeps_keys(size_t bytes, bool spills)
{
    char text[64];
    sqlite3 *work = NULL;
    key_room room = {.most = bytes};
    bool is_new = false, has = false;
    assert_int_equal(sqlite3_open(":memory:", &work), SQLITE_OK);
    key_set *s = key_set_new(work, &room);
    assert_non_null(s);
    assert_true(key_set_has(s, SV_LIT("1"), &has));
    assert_false(has);
    for (size_t i = 0; i < KEYS; i++) {
        assert_true(key_set_add(s, key_at(i, text), &is_new));
        assert_true(is_new);
        assert_true(key_set_add(s, key_at(i / 2, text), &is_new));
        assert_false(is_new);
        assert_true(room.used <= bytes);
    }
    for (size_t i = 0; i < 2 * KEYS; i++) {
        assert_true(key_set_has(s, key_at(i, text), &has));
        assert_int_equal(has, i < KEYS);
    }
    assert_true(key_set_add(s, (sv){NULL, 0}, &is_new) && is_new);
    assert_true(key_set_has(s, SV_LIT(""), &has) && has);
    assert_int_equal(tables(work), spills);
    assert_true(key_set_free(s));
    assert_int_equal(tables(work), 0);
    assert_int_equal(room.used, 0);
    sqlite3_close(work);
}

static void keys_fit_into_memory(void **state)
{
    (void)state;
    keeps_keys(PLENTY, false);
}

static void what_does_not_fit_goes_to_the_work_file(void **state)
{
    (void)state;
    keeps_keys(0, true);
    for (size_t bytes = 1 << 10; bytes <= 1 << 16; bytes *= 2) keeps_keys(bytes, true);
}

static void sets_share_their_room(void **state)
{
    (void)state;
    char text[64];
    sqlite3 *work = NULL;
    key_room room = {.most = 1 << 14};
    bool is_new = false;
    assert_int_equal(sqlite3_open(":memory:", &work), SQLITE_OK);
    key_set *a = key_set_new(work, &room), *b = key_set_new(work, &room);
    for (size_t i = 0; i < KEYS; i++) assert_true(key_set_add(a, key_at(i, text), &is_new) && is_new);
    for (size_t i = 0; i < KEYS; i++) assert_true(key_set_add(b, key_at(i, text), &is_new) && is_new);
    assert_int_equal(tables(work), 2);
    assert_true(key_set_free(a) && key_set_free(b));
    sqlite3_close(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_fit_into_memory),
        cmocka_unit_test(what_does_not_fit_goes_to_the_work_file),
        cmocka_unit_test(sets_share_their_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
