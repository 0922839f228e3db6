/* Lists of what was left out and held back; hashes of files. */
#include "base/text_file.h"
#include "deliver/bundle_file.h"
#include "deliver/rejects.h"
#include "folder.h"

#define ROOM "deliver_rejects.tmp"

static int make_room(void **state)
{
    (void)state;
    const char *why;
    if (os_exists(ROOM)) folder_remove(ROOM);
    assert_true(os_make_folder(ROOM, &why));
    return 0;
}

static int remove_room(void **state)
{
    (void)state;
    folder_remove(ROOM);
    return 0;
}

static void expect_file(const char *folder, const char *name, const char *text)
{
    buf b = file_text(folder, name);
    assert_string_equal(b.p, text);
    buf_free(&b);
}

static void rows_left_out_keep_their_columns(void **state)
{
    (void)state;
    findings *f = findings_new();
    rejects *r = rejects_new(ROOM, f);
    const sv column[] = {SV_LIT("src_key"), SV_LIT("last name")};
    const sv one[] = {SV_LIT("7"), {NULL, 0}}, two[] = {SV_LIT("8"), SV_LIT("a,\"b\"\r\nc")};
    assert_int_equal(rejects_row(r, SV_LIT("patient"), column, one, 2, SV_LIT("DEL-801"), SV_LIT("why, this")), ST_OK);
    assert_int_equal(rejects_row(r, SV_LIT("patient"), column, two, 2, SV_LIT("DEL-802"), SV_LIT("so")), ST_OK);
    assert_int_equal(rejects_row(r, SV_LIT("event"), column, one, 2, SV_LIT("DEL-801"), SV_LIT("so")), ST_OK);
    const rejects_file *file = NULL;
    size_t n = 0;
    assert_int_equal(rejects_finish(r, &file, &n), ST_OK);
    assert_int_equal(n, 2);
    assert_true(sv_eq(file[0].path, SV_LIT("rejects/event.csv")));
    assert_true(sv_eq(file[1].path, SV_LIT("rejects/patient.csv")));
    assert_int_equal(file[1].rows, 2);
    assert_int_equal(rejects_rows(r), 3);
    expect_file(ROOM "/rejects", "patient.csv",
                "src_key,last name,code,reason\r\n7,,DEL-801,\"why, this\"\r\n8,\"a,\"\"b\"\"\r\nc\",DEL-802,so\r\n");
    file_digest d;
    const char *why;
    assert_true(digest_file(ROOM "/rejects/patient.csv", &d, &why));
    assert_int_equal(d.records, 3);
    assert_int_equal(d.bytes, file[1].bytes);
    assert_string_equal(d.sha256, file[1].sha256);
    assert_int_equal(findings_kinds(f), 0);
    rejects_free(r);
    findings_free(f);
}

static void values_held_back_keep_the_original(void **state)
{
    (void)state;
    findings *f = findings_new();
    rejects *r = rejects_new(ROOM, f);
    const rejects_file *file = NULL;
    size_t n = 0;
    assert_int_equal(rejects_value(r, SV_LIT("salvation"), SV_LIT("dbo.p"), SV_LIT("1"), SV_LIT("Birthdate"),
                                   SV_LIT("0201-01-01"), SV_LIT("DEL-805"), SV_LIT("too early")),
                     ST_OK);
    assert_int_equal(rejects_values(r), 1);
    assert_int_equal(rejects_finish(r, &file, &n), ST_OK);
    assert_int_equal(n, 1);
    expect_file(ROOM, "exceptions.csv",
                "entity,src_table,src_key,field,value,code,reason\r\n"
                "salvation,dbo.p,1,Birthdate,0201-01-01,DEL-805,too early\r\n");
    rejects_free(r);
    findings_free(f);
}

static void nothing_left_out_makes_no_file(void **state)
{
    (void)state;
    rejects *r = rejects_new(ROOM, NULL);
    const rejects_file *file = NULL;
    size_t n = 1;
    assert_int_equal(rejects_finish(r, &file, &n), ST_OK);
    assert_int_equal(n, 0);
    rejects_free(r);
    folder_list l;
    folder_names(ROOM, &l);
    assert_int_equal(l.n, 0);
}

static void a_dry_run_counts_and_writes_nothing(void **state)
{
    (void)state;
    rejects *r = rejects_new(NULL, NULL);
    const sv column[] = {SV_LIT("src_key")}, value[] = {SV_LIT("7")};
    const rejects_file *file = NULL;
    size_t n = 1;
    assert_int_equal(rejects_row(r, SV_LIT("patient"), column, value, 1, SV_LIT("X"), SV_LIT("y")), ST_OK);
    assert_int_equal(
        rejects_value(r, SV_LIT("p"), SV_LIT("t"), SV_LIT("1"), SV_LIT("f"), SV_LIT("v"), SV_LIT("X"), SV_LIT("y")),
        ST_OK);
    assert_int_equal(rejects_rows(r), 1);
    assert_int_equal(rejects_values(r), 1);
    assert_int_equal(rejects_finish(r, &file, &n), ST_OK);
    assert_int_equal(n, 0);
    rejects_free(r);
}

static void a_folder_that_cannot_be_written_is_a_finding(void **state)
{
    (void)state;
    findings *f = findings_new();
    rejects *r = rejects_new(ROOM "/absent", f);
    const sv column[] = {SV_LIT("src_key")}, value[] = {SV_LIT("7")};
    assert_int_equal(rejects_row(r, SV_LIT("patient"), column, value, 1, SV_LIT("X"), SV_LIT("y")), ST_FATAL);
    assert_int_equal(findings_count(f, F_OUT_CREATE_FAILED), 1);
    rejects_free(r);
    findings_free(f);
}

static void sha256_is_the_published_one(void **state)
{
    (void)state;
    file_digest d;
    const char *why;
    file_put(ROOM "/abc", "abc");
    assert_true(digest_file(ROOM "/abc", &d, &why));
    assert_string_equal(d.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_false(digest_file(ROOM "/absent", &d, &why));
}

static void a_folder_s_hash_tells_names_and_contents(void **state)
{
    (void)state;
    arena *mem = arena_new(0);
    char one[SHA256_HEX + 1], two[SHA256_HEX + 1], three[SHA256_HEX + 1];
    const char *why;
    file_put(ROOM "/a.yaml", "xy");
    assert_true(digest_folder(ROOM, mem, one, &why));
    assert_true(digest_folder(ROOM, mem, two, &why));
    assert_string_equal(one, two);
    assert_true(os_rename(ROOM "/a.yaml", ROOM "/b.yaml", &why));
    assert_true(digest_folder(ROOM, mem, two, &why));
    assert_string_not_equal(one, two);
    file_put(ROOM "/c.yaml", "");
    assert_true(digest_folder(ROOM, mem, three, &why));
    assert_string_not_equal(two, three);
    arena_free(mem);
}

static void text_files_have_a_ceiling(void **state)
{
    (void)state;
    arena *mem = arena_new(0);
    sv text;
    const char *why;
    file_put(ROOM "/t", "12345");
    assert_true(text_file_read(ROOM "/t", 5, mem, &text, &why));
    assert_true(sv_eq(text, SV_LIT("12345")));
    assert_false(text_file_read(ROOM "/t", 4, mem, &text, &why));
    arena_free(mem);
}

int main(void)
{
#define IN_ROOM(f) cmocka_unit_test_setup_teardown(f, make_room, remove_room)
    const struct CMUnitTest tests[] = {
        IN_ROOM(rows_left_out_keep_their_columns),
        IN_ROOM(values_held_back_keep_the_original),
        IN_ROOM(nothing_left_out_makes_no_file),
        IN_ROOM(a_dry_run_counts_and_writes_nothing),
        IN_ROOM(a_folder_that_cannot_be_written_is_a_finding),
        IN_ROOM(sha256_is_the_published_one),
        IN_ROOM(a_folder_s_hash_tells_names_and_contents),
        IN_ROOM(text_files_have_a_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
