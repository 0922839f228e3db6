/* UTF-16LE to UTF-8 against a plain second converter, and the rules of valid UTF-8. */
#include "base/utf.h"
#include "testing.h"
#include <stdlib.h>

/* Converts from and to blocks of exactly the promised size. */
static buf convert(const void *utf16, size_t n, size_t *bad)
{
    char *in = malloc(n + 1), *out = malloc(UTF8_ROOM_FOR_UTF16(n));
    assert_non_null(in);
    assert_non_null(out);
    if (n) memcpy(in, utf16, n);
    char *exact = realloc(in, n ? n : 1);
    assert_non_null(exact);
    buf b = {out, 0, UTF8_ROOM_FOR_UTF16(n), 0, false};
    b.n = utf16_to_utf8(exact, n, out, bad);
    assert_true(b.n <= UTF8_ROOM_FOR_UTF16(n));
    free(exact);
    return b;
}

static void expect(const char *utf16, size_t n, const char *utf8, size_t lost)
{
    size_t bad = 100;
    buf b = convert(utf16, n, &bad);
    assert_int_equal(b.n, strlen(utf8));
    assert_memory_equal(b.p, utf8, b.n);
    assert_int_equal(bad, 100 + lost);
    buf_free(&b);
}

static void each_plane_has_its_form(void **state)
{
    (void)state;
    expect("", 0, "", 0);
    expect("A\0", 2, "A", 0);
    expect("\x7F\0\x80\0\xFF\x07\0\x08", 8, "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80", 0);
    expect("\x19\x02\xAC\x20\xFF\xFF", 6, "\xC8\x99\xE2\x82\xAC\xEF\xBF\xBF", 0);
    expect("\0\xD8\0\xDC\xFF\xDB\xFF\xDF", 8, "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 0);
}

static void lone_surrogates_and_odd_bytes_become_replacements(void **state)
{
    (void)state;
    expect("\0\xD8", 2, "\xEF\xBF\xBD", 1);
    expect("\0\xDC", 2, "\xEF\xBF\xBD", 1);
    expect("\0\xD8x\0", 4, "\xEF\xBF\xBDx", 1);
    expect("\0\xDC\0\xD8", 4, "\xEF\xBF\xBD\xEF\xBF\xBD", 2);
    expect("\0\xD8\0\xD8\0\xDC", 6, "\xEF\xBF\xBD\xF0\x90\x80\x80", 1);
    expect("x\0y", 3, "x\xEF\xBF\xBD", 1);
    expect("y", 1, "\xEF\xBF\xBD", 1);
    expect("\0\xD8\0", 3, "\xEF\xBF\xBD\xEF\xBF\xBD", 2);
}

static bool all_valid(sv s)
{
    for (size_t n; s.n > 0; s.p += n, s.n -= n) {
        n = utf8_valid_at(s);
        if (n == 0) return false;
    }
    return true;
}

/* Another way to the same text: through code points, one at a time. */
static size_t plain_convert(const uint8_t *p, size_t n, char *out)
{
    size_t at = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        uint32_t c = p[i] | (uint32_t)p[i + 1] << 8;
        if (c >> 10 == 0xD800 >> 10 && i + 3 < n && p[i + 3] >> 2 == 0xDC00 >> 10) {
            c = 0x10000 + ((c & 0x3FF) << 10) + ((p[i + 2] | (uint32_t)p[i + 3] << 8) & 0x3FF);
            i += 2;
        }
        at += utf8_put(c, out + at);
    }
    return at;
}

static void every_mixture_agrees_with_the_plain_way(void **state)
{
    (void)state;
    static const uint16_t kinds[] = {'a',   'Z',    0,      0x7F,   0x80,   0x219, 0x7FF,
                                     0x800, 0x20AC, 0xD800, 0xDBFF, 0xDC00, 0xFFFD};
    uint32_t seed = 12345;
    for (unsigned round = 0; round < 4000; round++) {
        uint8_t in[160];
        char plain[UTF8_ROOM_FOR_UTF16(sizeof in)];
        size_t n = round % 80 * 2;
        for (size_t i = 0; i < n; i += 2) {
            seed = seed * 1664525 + 1013904223;
            uint16_t c =
                (seed >> 24) % (round % 5 * 4 + 1) ? 'x' : kinds[(seed >> 8) % (sizeof kinds / sizeof kinds[0])];
            in[i] = (uint8_t)c;
            in[i + 1] = (uint8_t)(c >> 8);
        }
        buf b = convert(in, n, NULL);
        assert_int_equal(plain_convert(in, n, plain), b.n);
        assert_memory_equal(plain, b.p, b.n);
        assert_true(all_valid(buf_view(&b)));
        buf_free(&b);
    }
}

static void put_and_valid_agree_on_every_code_point(void **state)
{
    (void)state;
    char out[4];
    for (uint32_t c = 0; c < 0x110100; c++) {
        bool real = c < 0x110000 && !(c >= 0xD800 && c < 0xE000);
        size_t n = utf8_put(c, out);
        assert_int_equal(utf8_valid_at((sv){out, n}), n);
        assert_int_equal(utf8_valid_at((sv){out, n - 1}), 0);
        if (!real) assert_memory_equal(out, "\xEF\xBF\xBD", 3);
    }
}

static void invalid_sequences_have_no_length(void **state)
{
    (void)state;
    static const char *const invalid[] = {"\x80",         "\xBF",         "\xC0\x80",         "\xC1\xBF",
                                          "\xC2\x41",     "\xE0\x9F\xBF", "\xED\xA0\x80",     "\xED\xBF\xBF",
                                          "\xE2\x82",     "\xE2\x41\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                                          "\xF5\x80\x80", "\xFF",         "\xF0\x90\x80",     "\xF0\x90\x80\x41"};
    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
        assert_int_equal(utf8_valid_at(sv_from(invalid[i])), 0);
    }
}

static void cleaning_replaces_each_invalid_byte(void **state)
{
    (void)state;
    buf b = buf_new(100);
    assert_int_equal(utf8_add_clean(&b, SV_LIT("a\xC8\x99\xFFz")), 1);
    assert_int_equal(utf8_add_clean(&b, SV_LIT("\xE2\x82")), 2);
    assert_int_equal(utf8_add_clean(&b, SV_LIT("")), 0);
    assert_true(sv_eq(buf_view(&b), SV_LIT("a\xC8\x99\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD")));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_plane_has_its_form),
        cmocka_unit_test(lone_surrogates_and_odd_bytes_become_replacements),
        cmocka_unit_test(every_mixture_agrees_with_the_plain_way),
        cmocka_unit_test(put_and_valid_agree_on_every_code_point),
        cmocka_unit_test(invalid_sequences_have_no_length),
        cmocka_unit_test(cleaning_replaces_each_invalid_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
