/* Archives written: names that are refused, limits told before a member is written, failures that leave nothing behind.
 * What other programs read in them is told by tests/documents. */
#include "folder.h"
#include "zip/zip_content.h"
#include "zip/zip_writer.h"
#include "zip_members.h"

static const char path[] = "written.zip";

static zip_writer *begin(findings *f)
{
    (void)os_remove(path);
    zip_writer *z = zip_writer_open(path, f);
    assert_non_null(z);
    return z;
}

static void a_refused_name_ends_the_archive(void **state)
{
    (void)state;
    static const char *const refused[] = {"",      "/etc/passwd", "../up.txt", "a/../b", "a//b", "a/",
                                          "C:\\x", "a\\b",        "con:",      "a\nb",   ".",    "a/./b"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        findings *f = findings_new();
        zip_writer *z = begin(f);
        assert_true(zip_writer_add(z, SV_LIT("good.txt"), ZIP_FAST, SV_LIT("good")));
        assert_false(zip_writer_begin(z, sv_from(refused[i]), ZIP_FAST, 10));
        assert_int_equal(findings_count(f, F_OUT_WRITE_FAILED), 1);
        assert_false(zip_writer_add(z, SV_LIT("later.txt"), ZIP_FAST, SV_LIT("x")));
        assert_false(zip_writer_close(z));
        assert_int_equal(findings_count(f, F_OUT_WRITE_FAILED), 1);
        assert_false(os_exists(path));
        findings_free(f);
    }
}

static void two_members_never_have_one_name(void **state)
{
    (void)state;
    findings *f = findings_new();
    zip_writer *z = begin(f);
    char name[32];
    for (int i = 0; i < 1000; i++) {
        int n = snprintf(name, sizeof name, "f%d.txt", i);
        assert_true(zip_writer_add(z, (sv){name, (size_t)n}, ZIP_STORED, SV_LIT("x")));
    }
    assert_int_equal(zip_writer_members(z), 1000);
    assert_false(zip_writer_add(z, SV_LIT("F500.TXT"), ZIP_STORED, SV_LIT("x")));
    zip_writer_abandon(z);
    assert_false(os_exists(path));
    findings_free(f);
}

static void a_member_that_grows_past_what_was_said_is_a_failure(void **state)
{
    (void)state;
    findings *f = findings_new();
    zip_writer *z = begin(f);
    assert_true(zip_writer_begin(z, SV_LIT("a"), ZIP_STORED, 3));
    assert_true(zip_writer_write(z, "abc", 3));
    assert_false(zip_writer_write(z, "d", 1));
    assert_true(zip_writer_failed(z));
    zip_writer_abandon(z);
    findings_free(f);
}

static void a_file_that_is_there_is_not_overwritten(void **state)
{
    (void)state;
    findings *f = findings_new();
    zip_writer *z = begin(f);
    assert_true(zip_writer_close(z));
    assert_null(zip_writer_open(path, f));
    assert_int_equal(findings_count(f, F_OUT_CREATE_FAILED), 1);
    assert_true(os_exists(path));
    findings_free(f);
}

static uint64_t bytes_on_disk(void)
{
    const char *why = "";
    os_file *file = os_open_read(path, &why);
    assert_non_null(file);
    uint64_t n = os_file_size(file);
    os_close_read(file);
    return n;
}

static void sizes_are_known_before_a_member_is_written(void **state)
{
    (void)state;
    static char noise[300000];
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof noise; i++) noise[i] = (char)((x = x * 1664525 + 1013904223) >> 24);
    for (int how = ZIP_STORED; how <= ZIP_SMALL; how++) {
        findings *f = findings_new();
        zip_writer *z = begin(f);
        assert_true(zip_writer_add(z, SV_LIT("first"), ZIP_FAST, SV_LIT("first")));
        uint64_t at_most = zip_writer_bytes_with(z, SV_LIT("noise.bin"), (zip_method)how, sizeof noise);
        assert_true(zip_writer_add(z, SV_LIT("noise.bin"), (zip_method)how, (sv){noise, sizeof noise}));
        uint64_t now = zip_writer_bytes(z);
        assert_true(now <= at_most && now + 2000 > at_most);
        if (how == ZIP_STORED) assert_int_equal(now, at_most);
        assert_true(zip_writer_close(z));
        assert_int_equal(bytes_on_disk(), now);
        findings_free(f);
    }
}

/* Members that are all beginnings of one text. */
typedef struct beginnings {
    const char *text;
    const size_t *length;
    size_t n;
} beginnings;

static void take_beginning(void *ctx, sv name, sv content)
{
    beginnings *b = ctx;
    assert_true(name.n == 1 && name.p[0] == (char)('a' + b->n));
    assert_int_equal(content.n, b->length[b->n]);
    assert_memory_equal(content.p, b->text, content.n);
    b->n++;
}

static void must_hold(const char *text, const size_t *length, size_t n)
{
    beginnings b = {text, length, 0};
    zip_members(path, take_beginning, &b);
    assert_int_equal(b.n, n);
}

static void headers_are_filled_in_wherever_they_lie(void **state)
{
    (void)state;
    /* Around the buffer's length, so that headers lie in it, across its end and far before it. */
    enum { ROUND = 1 << 18, AROUND = 100 };
    static char text[2 * ROUND];
    for (int d = -AROUND; d <= AROUND; d += 5) {
        findings *f = findings_new();
        zip_writer *z = begin(f);
        size_t n = (size_t)(ROUND + d);
        assert_true(zip_writer_add(z, SV_LIT("a"), ZIP_STORED, (sv){text, n}));
        assert_true(zip_writer_add(z, SV_LIT("b"), ZIP_STORED, (sv){text, n}));
        assert_true(zip_writer_close(z));
        must_hold(text, (size_t[]){n, n}, 2);
        findings_free(f);
    }
}

/* Lengths around the blocks that are packed side by side, in two pieces. */
static void large_members_are_packed_block_by_block(void **state)
{
    (void)state;
    enum { BLOCK = 1 << 18 };
    static const size_t length[] = {0,         1,         BLOCK - 1,     BLOCK,         BLOCK + 1,
                                    2 * BLOCK, 5 * BLOCK, 2 * BLOCK + 1, 4 * BLOCK - 1, 7 * BLOCK + 12345};
    static char text[8 * BLOCK];
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)('a' + ((x = x * 1664525 + 1013904223) >> 28) % 11);
    findings *f = findings_new();
    zip_writer *z = begin(f);
    for (size_t i = 0; i < sizeof length / sizeof length[0]; i++) {
        char name[] = {(char)('a' + i), '\0'};
        assert_true(zip_writer_begin(z, sv_from(name), i % 2 ? ZIP_SMALL : ZIP_FAST, length[i]));
        assert_true(zip_writer_write(z, text, length[i] / 3));
        assert_true(zip_writer_write(z, text + length[i] / 3, length[i] - length[i] / 3) && zip_writer_end(z));
    }
    assert_true(zip_writer_close(z));
    assert_true(bytes_on_disk() < 5 * sizeof text / 2);
    must_hold(text, length, sizeof length / sizeof length[0]);
    findings_free(f);
}

typedef struct heard {
    uint64_t hash, bytes;
} heard;

/* FNV-1a, as sv_hash has it, piece by piece. */
static void hear(void *ctx, const void *p, size_t n)
{
    heard *h = ctx;
    const uint8_t *byte = p;
    for (size_t i = 0; i < n; i++) h->hash = (h->hash ^ byte[i]) * UINT64_C(1099511628211);
    h->bytes += n;
}

static void the_listener_hears_every_byte_as_it_lies_on_disk(void **state)
{
    (void)state;
    /* Members that fit into the buffer, that make it grow, and one that leaves it before its header is whole. */
    static const size_t length[] = {10, 300000, 1 << 20, (1 << 24) + (1 << 20), 5};
    static char content[(1 << 24) + (1 << 20)];
    for (int how = ZIP_STORED; how <= ZIP_FAST; how++) {
        findings *f = findings_new();
        zip_writer *z = begin(f);
        heard h = {sv_hash((sv){"", 0}), 0}, disk = h;
        uint32_t x = 1;
        for (size_t i = 0; i < sizeof content; i++) content[i] = (char)((x = x * 1664525 + 1013904223) >> 24);
        zip_writer_tell(z, hear, &h);
        for (size_t i = 0; i < sizeof length / sizeof length[0]; i++) {
            char name[] = {(char)('a' + i), '\0'};
            assert_true(zip_writer_begin(z, sv_from(name), (zip_method)how, i % 2 ? ZIP_BYTES_UNKNOWN : length[i]));
            assert_true(zip_writer_write(z, content, length[i]) && zip_writer_end(z));
        }
        assert_true(zip_writer_close(z));
        const char *why = "";
        os_file *file = os_open_read(path, &why);
        size_t got = 1;
        for (uint64_t at = 0; got; at += got) {
            assert_true(os_read_at(file, at, content, sizeof content, &got, &why));
            hear(&disk, content, got);
        }
        os_close_read(file);
        assert_int_equal(h.bytes, disk.bytes);
        assert_true(h.hash == disk.hash);
        findings_free(f);
    }
}

static void what_does_not_get_smaller_is_told_by_its_beginning(void **state)
{
    (void)state;
    static char noise[100000];
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof noise; i++) noise[i] = (char)((x = x * 1664525 + 1013904223) >> 24);
    zip_content *c = zip_content_new();
    assert_false(zip_content_gains(c, (sv){noise, sizeof noise}));
    assert_false(zip_content_gains(c, SV_LIT("short")));
    memset(noise, 'x', sizeof noise);
    assert_true(zip_content_gains(c, (sv){noise, sizeof noise}));
    zip_content_free(c);
}

/* For two archives, from one packing, whose bytes do not hang on what was packed before. */
static void a_content_is_packed_before_its_archive_is_there(void **state)
{
    (void)state;
    static char content[700000];
    static const size_t length[] = {100, 5000, 65536, 65537, sizeof content};
    enum { CONTENTS = sizeof length / sizeof length[0] };
    for (size_t i = 0; i < sizeof content; i++) content[i] = "periodontal charts"[(i + i / 977) % 18];
    findings *f = findings_new();
    zip_content *c = zip_content_new();
    buf archive[2];
    for (int n = 0; n < 2; n++) {
        zip_writer *z = begin(f);
        for (size_t i = 0; i < CONTENTS; i++) {
            char name[] = {(char)('a' + i), '\0'};
            if (n)
                assert_true(
                    zip_content_pack(c, SV_LIT("another content, in between, which is packed as well as it was before, "
                                               "as well as it was before")));
            assert_true(zip_content_pack(c, (sv){content, length[i]}));
            assert_int_equal(zip_content_bytes(c), length[i]);
            assert_true(zip_content_packed(c).n < length[i] / 2 + 50);
            assert_true(zip_writer_add_packed(z, sv_from(name), c));
        }
        assert_int_equal(zip_writer_members(z), CONTENTS);
        assert_true(zip_writer_close(z));
        archive[n] = file_text(".", path);
    }
    assert_true(sv_eq(buf_view(&archive[0]), buf_view(&archive[1])));
    must_hold(content, length, CONTENTS);
    for (int i = 0; i < 2; i++) buf_free(&archive[i]);
    zip_content_free(c);
    findings_free(f);
}

static void what_packs_badly_is_not_taken_for_packed(void **state)
{
    (void)state;
    static char noise[100000];
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof noise; i++) noise[i] = (char)((x = x * 1664525 + 1013904223) >> 24);
    zip_content *c = zip_content_new();
    assert_false(zip_content_pack(c, (sv){noise, 5000}));
    assert_false(zip_content_pack(c, (sv){noise, sizeof noise}));
    assert_false(zip_content_pack(c, SV_LIT("short")));
    zip_content_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_content_is_packed_before_its_archive_is_there),
        cmocka_unit_test(what_packs_badly_is_not_taken_for_packed),
        cmocka_unit_test(a_refused_name_ends_the_archive),
        cmocka_unit_test(two_members_never_have_one_name),
        cmocka_unit_test(a_member_that_grows_past_what_was_said_is_a_failure),
        cmocka_unit_test(a_file_that_is_there_is_not_overwritten),
        cmocka_unit_test(sizes_are_known_before_a_member_is_written),
        cmocka_unit_test(what_does_not_get_smaller_is_told_by_its_beginning),
        cmocka_unit_test(headers_are_filled_in_wherever_they_lie),
        cmocka_unit_test(large_members_are_packed_block_by_block),
        cmocka_unit_test(the_listener_hears_every_byte_as_it_lies_on_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
