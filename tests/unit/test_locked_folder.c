/* A folder that one process at a time writes: who gets it, what of a dead process goes, what of somebody else stays. A second open
 * of the marker stands for the second process: the lock belongs to the open file, not to the process. */
#include "base/locked_folder.h"
#include "folder.h"

#define ROOM   "locked_folder.tmp"
#define PATH   ROOM "/out.partial"
#define MARKER PATH "/writing.txt"
#define FINAL  ROOM "/out"
#define BEGINS "this is being written\n"

static locked_folder one(void) { return (locked_folder){.path = PATH, .marker = MARKER, .begins = SV_LIT(BEGINS)}; }

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

static void make(const char *path)
{
    const char *why = "";
    if (!os_make_folder(path, &why)) fail_msg("%s: %s", path, why);
}

static void marker_says(const char *text)
{
    buf b = file_text(PATH, "writing.txt");
    assert_string_equal(b.p, text);
    buf_free(&b);
}

static locked_folder taken(locked_folder_end expected)
{
    const char *why = "";
    locked_folder l = one();
    assert_int_equal(locked_folder_take(&l, &why), expected);
    assert_int_equal(l.held != NULL, expected == LOCKED_FOLDER_TAKEN || expected == LOCKED_FOLDER_TAKEN_OVER);
    return l;
}

static void who_has_it_keeps_it(void **state)
{
    (void)state;
    locked_folder a = taken(LOCKED_FOLDER_TAKEN);
    marker_says(BEGINS);
    assert_true(locked_folder_is_empty(&a));
    file_put(PATH "/rows.csv", "1");
    assert_false(locked_folder_is_empty(&a));
    (void)taken(LOCKED_FOLDER_ANOTHERS);
    locked_folder b = one();
    assert_false(locked_folder_sweep(&b));
    assert_true(os_exists(PATH "/rows.csv"));
    assert_true(locked_folder_remove(&a));
    assert_false(os_exists(PATH));
    assert_false(locked_folder_remove(&a)); /* it is not ours any more */
}

static void an_empty_folder_is_taken(void **state)
{
    (void)state;
    make(PATH);
    locked_folder a = taken(LOCKED_FOLDER_TAKEN);
    marker_says(BEGINS);
    assert_true(locked_folder_remove(&a));
}

/* Let go without having been removed: what a killed process leaves. */
static void what_a_dead_process_left_is_cleared(void **state)
{
    (void)state;
    const char *why = "";
    locked_folder dead = taken(LOCKED_FOLDER_TAKEN);
    make(PATH "/files");
    file_put(PATH "/files/1.jpg", "x");
    file_put(PATH "/rows.csv", "1");
    assert_true(os_write(dead.held, "and more", 8, &why));
    locked_folder_let_go(&dead);
    locked_folder next = taken(LOCKED_FOLDER_TAKEN_OVER);
    marker_says(BEGINS);
    assert_true(locked_folder_is_empty(&next));
    assert_true(locked_folder_remove(&next));
}

/* It may have died between making its marker and writing it. */
static void a_marker_that_was_only_begun_is_one_of_ours(void **state)
{
    (void)state;
    static const char *const begun[] = {"", "this is"};
    for (size_t i = 0; i < sizeof begun / sizeof begun[0]; i++) {
        make(PATH);
        file_put(MARKER, begun[i]);
        locked_folder l = one();
        assert_false(locked_folder_sweep(&l)); /* it may be alive and about to lock it */
        marker_says(begun[i]);
        l = taken(LOCKED_FOLDER_TAKEN);
        marker_says(BEGINS);
        assert_true(locked_folder_remove(&l));
    }
}

static void what_is_somebodys_stays(void **state)
{
    (void)state;
    file_put(PATH, "a file of that name");
    (void)taken(LOCKED_FOLDER_ANOTHERS);
    assert_true(os_exists(PATH) && os_remove(PATH));
    make(PATH);
    file_put(PATH "/photo.jpg", "x");
    (void)taken(LOCKED_FOLDER_ANOTHERS);
    assert_false(os_exists(MARKER));
    file_put(MARKER, "the note of another program");
    (void)taken(LOCKED_FOLDER_ANOTHERS);
    locked_folder l = one();
    assert_false(locked_folder_sweep(&l));
    marker_says("the note of another program");
    assert_true(os_exists(PATH "/photo.jpg"));
}

static void what_a_dead_process_left_is_swept(void **state)
{
    (void)state;
    locked_folder dead = taken(LOCKED_FOLDER_TAKEN), l = one();
    file_put(PATH "/rows.csv", "1");
    locked_folder_let_go(&dead);
    assert_true(locked_folder_sweep(&l));
    assert_false(os_exists(PATH));
    assert_false(locked_folder_sweep(&l));
}

static void it_gets_its_name_with_the_marker_or_without(void **state)
{
    (void)state;
    const char *why = "";
    for (unsigned keep = 0; keep < 2; keep++) {
        locked_folder l = taken(LOCKED_FOLDER_TAKEN);
        file_put(PATH "/rows.csv", "1");
        assert_true(locked_folder_rename(&l, FINAL, keep ? NULL : FINAL "/writing.txt", &why));
        assert_null(l.held);
        assert_false(os_exists(PATH));
        assert_true(os_exists(FINAL "/rows.csv"));
        assert_int_equal(os_exists(FINAL "/writing.txt"), keep);
        assert_true(os_remove_tree(FINAL));
    }
}

static void a_name_that_is_taken_leaves_what_was_written(void **state)
{
    (void)state;
    const char *why = NULL;
    make(FINAL);
    locked_folder l = taken(LOCKED_FOLDER_TAKEN);
    file_put(PATH "/rows.csv", "1");
    assert_false(locked_folder_rename(&l, FINAL, FINAL "/writing.txt", &why));
    assert_true(why && *why);
    assert_null(l.held);
    assert_false(os_exists(MARKER)); /* by which the next would clear it */
    (void)taken(LOCKED_FOLDER_ANOTHERS);
    assert_true(os_exists(PATH "/rows.csv"));
}

static void what_cannot_be_made_has_a_reason(void **state)
{
    (void)state;
    const char *why = NULL;
    locked_folder l = {.path = ROOM "/none/x", .marker = ROOM "/none/x/writing.txt", .begins = SV_LIT(BEGINS)};
    assert_int_equal(locked_folder_take(&l, &why), LOCKED_FOLDER_FAILED);
    assert_true(why && *why);
}

/* ---- several that want it at the same moment ---- */

enum { RIVALS = 4, ROUNDS = 150 };

typedef struct rival {
    unsigned number;
    bool failed;
    locked_folder l;
    locked_folder_end end;
} rival;

static void race(void *arg)
{
    rival *r = arg;
    const char *why = "";
    r->l = one();
    r->end = locked_folder_take(&r->l, &why);
}

/* Whether nothing was there, an empty folder, or what a dead process left. */
static void of_several_exactly_one_gets_it(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        if (round % 3 > 0) make(PATH);
        if (round % 3 > 1) {
            file_put(MARKER, BEGINS);
            file_put(PATH "/rows.csv", "1");
        }
        rival r[RIVALS];
        thread *t[RIVALS];
        for (unsigned i = 0; i < RIVALS; i++) assert_non_null(t[i] = thread_start(race, &r[i]));
        for (unsigned i = 0; i < RIVALS; i++) thread_join(t[i]);
        unsigned won = 0, winner = 0;
        for (unsigned i = 0; i < RIVALS; i++) {
            if (!r[i].l.held) {
                assert_int_equal(r[i].end, LOCKED_FOLDER_ANOTHERS);
                continue;
            }
            won++;
            winner = i;
        }
        assert_int_equal(won, 1);
        assert_true(locked_folder_is_empty(&r[winner].l));
        marker_says(BEGINS);
        assert_true(locked_folder_remove(&r[winner].l));
        assert_false(os_exists(PATH));
    }
}

/* Each takes it, writes, names it and puts it away, while the others try: what was named is always whole. */
static void work(void *arg)
{
    rival *r = arg;
    const char *why = "";
    char final[64], marker[80];
    for (unsigned i = 0; i < ROUNDS; i++) {
        r->l = one();
        if (locked_folder_take(&r->l, &why) > LOCKED_FOLDER_TAKEN_OVER) continue;
        os_out *f = os_create(PATH "/rows.csv", &why);
        snprintf(final, sizeof final, ROOM "/%u-%u", r->number, i);
        snprintf(marker, sizeof marker, "%s/writing.txt", final);
        r->failed |= !f || !os_close(f, &why) || !locked_folder_rename(&r->l, final, marker, &why);
    }
}

static void nobody_takes_what_another_is_finishing(void **state)
{
    (void)state;
    rival r[RIVALS] = {{0}};
    thread *t[RIVALS];
    for (unsigned i = 0; i < RIVALS; i++) {
        r[i].number = i;
        assert_non_null(t[i] = thread_start(work, &r[i]));
    }
    for (unsigned i = 0; i < RIVALS; i++) thread_join(t[i]);
    for (unsigned i = 0; i < RIVALS; i++) assert_false(r[i].failed);
    folder_list *named = calloc(1, sizeof *named), inner;
    assert_non_null(named);
    folder_names(ROOM, named);
    assert_true(named->n > 0);
    for (size_t i = 0; i < named->n; i++) {
        char path[128];
        snprintf(path, sizeof path, ROOM "/%s", named->name[i]);
        folder_names(path, &inner);
        assert_int_equal(inner.n, 1);
        assert_string_equal(inner.name[0], "rows.csv");
        folder_names_free(&inner);
    }
    folder_names_free(named);
    free(named);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_has_it_keeps_it, begin, end),
        cmocka_unit_test_setup_teardown(an_empty_folder_is_taken, begin, end),
        cmocka_unit_test_setup_teardown(what_a_dead_process_left_is_cleared, begin, end),
        cmocka_unit_test_setup_teardown(a_marker_that_was_only_begun_is_one_of_ours, begin, end),
        cmocka_unit_test_setup_teardown(what_is_somebodys_stays, begin, end),
        cmocka_unit_test_setup_teardown(what_a_dead_process_left_is_swept, begin, end),
        cmocka_unit_test_setup_teardown(it_gets_its_name_with_the_marker_or_without, begin, end),
        cmocka_unit_test_setup_teardown(a_name_that_is_taken_leaves_what_was_written, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_made_has_a_reason, begin, end),
        cmocka_unit_test_setup_teardown(of_several_exactly_one_gets_it, begin, end),
        cmocka_unit_test_setup_teardown(nobody_takes_what_another_is_finishing, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
