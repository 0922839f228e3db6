/* Files and folders of either system: what succeeds, what is refused and with a reason, names with any characters. */
#include "base/platform.h"
#include "folder.h"
#include "testing.h"

#define ROOM "test_platform_di\xC5\x9F_\xE7\x89\x99" /* letters of Turkish and Chinese */

static int begin(void **state)
{
    (void)state;
    const char *why = "";
    if (os_exists(ROOM)) folder_remove(ROOM);
    return os_make_folder(ROOM, &why) ? 0 : 1;
}

static int end(void **state)
{
    (void)state;
    return os_remove_tree(ROOM) ? 0 : 1;
}

static void holds(os_file *f, uint64_t at, const char *text)
{
    char got[64];
    size_t n = 0;
    const char *why = NULL;
    assert_true(os_read_at(f, at, got, sizeof got, &n, &why));
    assert_int_equal(n, strlen(text));
    assert_memory_equal(got, text, n);
    assert_null(why);
}

/* Callers look at the reason alone, after several calls in a row. */
static void what_succeeds_leaves_the_reason_alone(void **state)
{
    (void)state;
    const char *why = NULL;
    file_put(ROOM "/a", "one");
    os_file *f = os_open_read(ROOM "/a", &why);
    assert_non_null(f);
    holds(f, 1, "ne");
    holds(f, 3, "");
    os_close_read(f);
    f = os_create_nameless(ROOM, &why);
    assert_non_null(f);
    assert_true(os_append(f, "12", 2, &why) && os_append(f, "345", 3, &why));
    holds(f, 0, "12345");
    assert_true(os_overwrite(f, 1, "xy", 2, &why) && os_append(f, "6", 1, &why));
    holds(f, 0, "1xy456");
    os_close_read(f);
    folder_list l;
    folder_names(ROOM, &l);
    assert_int_equal(l.n, 1); /* nothing is left of it */
    folder_names_free(&l);
    os_out *o = os_create_locked(ROOM "/b", &why);
    assert_non_null(o);
    assert_true(os_write(o, "abc", 3, &why) && os_write_at(o, 1, "x", 1, &why) && os_settle(o, &why));
    assert_true(os_is_locked(ROOM "/b"));
    assert_true(os_close(o, &why));
    assert_false(os_is_locked(ROOM "/b"));
    assert_true(os_make_folder(ROOM "/c", &why) && os_rename(ROOM "/b", ROOM "/c/d", &why));
    assert_true(os_sync(ROOM "/c/d", &why) && os_sync(ROOM "/c", &why));
    assert_null(why);
    buf text = file_text(ROOM "/c", "d");
    assert_true(sv_eq(buf_view(&text), SV_LIT("axc")));
    buf_free(&text);
}

static void refused(bool done, const char **why)
{
    assert_false(done);
    assert_true(*why && **why);
    *why = NULL;
}

static void what_is_refused_has_a_reason(void **state)
{
    (void)state;
    const char *why = NULL;
    file_put(ROOM "/a", "");
    file_put(ROOM "/b", "");
    refused(os_open_read(ROOM "/none", &why), &why);
    refused(os_open_read(ROOM, &why), &why);
    refused(os_open_read("", &why), &why);
    refused(os_create(ROOM "/a", &why), &why);
    refused(os_create(ROOM "/none/a", &why), &why);
    refused(os_create_locked(ROOM "/a", &why), &why);
    refused(os_create_nameless(ROOM "/none", &why), &why);
    refused(os_make_folder(ROOM, &why), &why);
    refused(os_rename(ROOM "/a", ROOM "/b", &why), &why);
    refused(os_rename(ROOM "/none", ROOM "/d", &why), &why);
    refused(os_sync(ROOM "/none", &why), &why);
    refused(os_list_folder(ROOM "/none", folder_visit, NULL, &why), &why);
    assert_false(os_remove(ROOM "/none"));
    assert_false(os_remove(ROOM)); /* it is not empty */
    assert_false(os_exists(ROOM "/none") || os_is_folder(ROOM "/a") || os_is_link(ROOM "/a") ||
                 os_is_locked(ROOM "/a"));
}

static void names_come_back_as_they_were_given(void **state)
{
    (void)state;
    static const char *const names[] = {"a b.csv", "it's (50%) [new]",
                                        "\xC3\x96l\xC3\xA7\xC3\xBCm \xC4\xB1\xC4\x9F\xC5\x9F\xC4\xB0",
                                        "\xE7\x89\x99\xE7\xA7\x91", "\xF0\x9F\xA6\xB7.bak"};
    enum { NAMES = sizeof names / sizeof names[0] };
    char path[256];
    for (size_t i = 0; i < NAMES; i++) {
        snprintf(path, sizeof path, ROOM "/%s", names[i]);
        file_put(path, names[i]);
    }
    folder_list l;
    folder_names(ROOM, &l);
    assert_int_equal(l.n, NAMES);
    for (size_t i = 0; i < NAMES; i++) {
        size_t at = 0;
        while (at < l.n && strcmp(l.name[at], names[i]) != 0) at++;
        if (at == l.n) fail_msg("%s is not there", names[i]);
        buf text = file_text(ROOM, names[i]);
        assert_true(sv_eq(buf_view(&text), sv_from(names[i])));
        buf_free(&text);
    }
    folder_names_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_succeeds_leaves_the_reason_alone, begin, end),
        cmocka_unit_test_setup_teardown(what_is_refused_has_a_reason, begin, end),
        cmocka_unit_test_setup_teardown(names_come_back_as_they_were_given, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
