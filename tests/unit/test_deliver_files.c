/* Files of a bundle: written through a thread when they are big, hashed on the way, read back as they were. */
#include "csv/csv_writer.h"
#include "deliver/bundle_file.h"
#include "deliver/bundle_read.h"
#include "deliver/staged_row.h"
#include "folder.h"

#define ROOM "deliver_files.tmp"

static int start(void **state)
{
    const char *why = "";
    (void)state;
    if (os_exists(ROOM)) folder_remove(ROOM);
    assert_true(os_make_folder(ROOM, &why));
    return 0;
}

static int end(void **state)
{
    (void)state;
    folder_remove(ROOM);
    return 0;
}

static void files_of_any_size_have_the_hash_of_what_is_in_them(void **state)
{
    (void)state;
    static const size_t size[] = {0, 1, 131072, 131073, 1048576, 1048577, 5000000};
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        findings *f = findings_new();
        file_digest said, found;
        const char *why = "";
        bundle_file *b = bundle_file_new(ROOM, SV_LIT("a.csv"), f);
        assert_non_null(b);
        for (size_t at = 0; at < size[i];) {
            char piece[777];
            size_t n = size[i] - at < sizeof piece ? size[i] - at : sizeof piece;
            for (size_t k = 0; k < n; k++) piece[k] = (char)('a' + (at + k) % 23);
            bundle_file_text(b, (sv){piece, n});
            at += n;
        }
        assert_int_equal(bundle_file_bytes(b), size[i]);
        assert_true(bundle_file_close(b, &said));
        assert_true(digest_file(ROOM "/a.csv", &found, &why));
        assert_int_equal(found.bytes, size[i]);
        assert_string_equal(found.sha256, said.sha256);
        findings_free(f);
        assert_true(os_remove(ROOM "/a.csv"));
    }
}

static void a_big_file_can_be_abandoned(void **state)
{
    (void)state;
    findings *f = findings_new();
    bundle_file *b = bundle_file_new(ROOM, SV_LIT("a.csv"), f);
    for (size_t i = 0; i < 2000000; i++) bundle_file_text(b, SV_LIT("x"));
    bundle_file_abandon(b);
    findings_free(f);
}

typedef struct cells {
    buf text; /* each cell and 0x1F, each record and 0x1E */
    size_t records, most;
} cells;

static bool take(void *ctx, const sv *cell, size_t n)
{
    cells *c = ctx;
    for (size_t i = 0; i < n; i++) {
        buf_sv(&c->text, cell[i]);
        buf_char(&c->text, 0x1F);
    }
    buf_char(&c->text, 0x1E);
    return !c->most || ++c->records < c->most;
}

static void write_file(const char *text, size_t n)
{
    const char *why = "";
    os_out *f = os_create(ROOM "/r.csv", &why);
    assert_non_null(f);
    assert_true(os_write(f, text, n, &why) && os_close(f, &why));
}

static const bool every_text[4] = {true, true, true, true};

static void a_record_is_read_back_as_it_was_written(void **state)
{
    (void)state;
    static const sv piece[] = {{"", 0},         {"a", 1},     {"\"", 1},   {",", 1},     {"\n", 1},
                               {" ", 1},        {"\"\"", 2},  {"a\"b", 3}, {";", 1},     {"x\ny\n", 4},
                               {"\xC3\xB6", 2}, {"\",\"", 3}, {"a,b", 3},  {"end \n", 5}};
    enum { PIECES = sizeof piece / sizeof piece[0] };
    static const char delimiter[] = {',', ';', '\t'};
    for (size_t d = 0; d < 3; d++) {
        const staged_form form = {delimiter[d], SV_LIT("\r\n"), every_text, 4};
        buf text = buf_new(1 << 24);
        cells c = {.text = buf_new(1 << 24)}, wanted = {.text = buf_new(1 << 24)};
        for (size_t i = 0; i < PIECES * PIECES * PIECES; i++) {
            const sv row[4] = {piece[i % PIECES], piece[i / PIECES % PIECES], piece[i / PIECES / PIECES], SV_LIT("z")};
            staged_row(&form, row, &text);
            (void)take(&wanted, row, 4);
        }
        write_file(text.p, text.n);
        const bundle_reader r = {delimiter[d], take, &c};
        bool ended = true;
        const char *why = "";
        assert_true(bundle_read(&r, ROOM "/r.csv", &ended, &why));
        assert_false(ended);
        assert_true(sv_eq(buf_view(&c.text), buf_view(&wanted.text)));
        csv_counter count = {0};
        csv_count(&count, buf_view(&text));
        assert_int_equal(count.records, PIECES * PIECES * PIECES);
        buf_free(&text);
        buf_free(&c.text);
        buf_free(&wanted.text);
        assert_true(os_remove(ROOM "/r.csv"));
    }
}

static void line_ends_in_cells_become_one_line_feed(void **state)
{
    (void)state;
    const staged_form form = {',', SV_LIT("\r\n"), every_text, 2};
    const sv row[2] = {SV_LIT("a\r\nb\rc\n"), SV_LIT("\r\r\n")};
    buf text = buf_new(4096);
    staged_row(&form, row, &text);
    buf_char(&text, '\0');
    assert_string_equal(text.p, "\"a\nb\nc\n\",\"\n\n\"\r\n");
    buf_free(&text);
}

static void a_reader_can_stop(void **state)
{
    (void)state;
    write_file("a,b\r\nc,d\r\ne,f\r\n", 15);
    cells c = {.text = buf_new(4096), .most = 2};
    const bundle_reader r = {',', take, &c};
    bool ended = false;
    const char *why = "";
    assert_true(bundle_read(&r, ROOM "/r.csv", &ended, &why));
    assert_true(ended);
    assert_int_equal(c.records, 2);
    buf_free(&c.text);
}

static void what_ends_within_a_record_is_none_of_ours(void **state)
{
    (void)state;
    static const char *const bad[] = {"a,b\r\nc", "a,b\r\n\"c", "a,b\r\nc,"};
    for (size_t i = 0; i < 3; i++) {
        write_file(bad[i], strlen(bad[i]));
        cells c = {.text = buf_new(4096)};
        const bundle_reader r = {',', take, &c};
        bool ended = false;
        const char *why = "";
        assert_false(bundle_read(&r, ROOM "/r.csv", &ended, &why));
        assert_string_equal(why, "it ends within a record");
        buf_free(&c.text);
        assert_true(os_remove(ROOM "/r.csv"));
    }
    bool ended = false;
    const char *why = "";
    const bundle_reader r = {',', take, NULL};
    assert_false(bundle_read(&r, ROOM "/absent.csv", &ended, &why));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
    const struct CMUnitTest tests[] = {
        TEST(files_of_any_size_have_the_hash_of_what_is_in_them),
        TEST(a_big_file_can_be_abandoned),
        TEST(a_record_is_read_back_as_it_was_written),
        TEST(line_ends_in_cells_become_one_line_feed),
        TEST(a_reader_can_stop),
        TEST(what_ends_within_a_record_is_none_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
