#include "base/codepage.h"
#include "base/platform.h"
#include "base/utf.h"
#include "testing.h"
#include <stdlib.h>

static const unsigned SINGLE[] = {437, 850, 857, 874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258};
static const unsigned DOUBLE[] = {932, 936, 949, 950};
enum { SINGLES = sizeof SINGLE / sizeof SINGLE[0], DOUBLES = sizeof DOUBLE / sizeof DOUBLE[0] };

/* Converts from and to blocks of exactly the promised size. */
static sv convert(unsigned page, const char *bytes, size_t n, size_t *bad)
{
    const codepage *cp = codepage_of(page);
    assert_non_null(cp);
    char *in = malloc(n ? n : 1), *out = malloc(CODEPAGE_GROWTH_MAX * n + 4);
    assert_non_null(in);
    assert_non_null(out);
    if (n) memcpy(in, bytes, n);
    sv s = {out, codepage_to_utf8(cp, (sv){in, n}, out, bad)};
    assert_true(s.n <= CODEPAGE_GROWTH_MAX * n + 4);
    free(in);
    return s;
}

static void expect(unsigned page, const char *bytes, const char *utf8, size_t lost)
{
    size_t bad = 0;
    sv s = convert(page, bytes, strlen(bytes), &bad);
    if (!sv_eq(s, sv_from(utf8))) fail_msg("page %u: got \"%.*s\", not \"%s\"", page, (int)s.n, s.p, utf8);
    assert_int_equal(bad, lost);
    free((void *)(uintptr_t)s.p);
}

static void pages_are_known_by_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < SINGLES; i++) assert_int_equal(codepage_number(codepage_of(SINGLE[i])), SINGLE[i]);
    for (size_t i = 0; i < DOUBLES; i++) assert_int_equal(codepage_number(codepage_of(DOUBLE[i])), DOUBLE[i]);
    assert_int_equal(codepage_number(codepage_of(65001)), 65001);
    assert_null(codepage_of(0));
    assert_null(codepage_of(1200));
    assert_null(codepage_of(1259));
}

static void ascii_is_itself_in_every_page(void **state)
{
    (void)state;
    char ascii[128];
    for (unsigned i = 0; i < 128; i++) ascii[i] = (char)i;
    for (size_t i = 0; i < SINGLES + DOUBLES + 1; i++) {
        unsigned page = i < SINGLES ? SINGLE[i] : i < SINGLES + DOUBLES ? DOUBLE[i - SINGLES] : 65001;
        for (size_t n = 0; n <= 128; n += 1 + n / 20) {
            size_t bad = 0;
            sv s = convert(page, ascii, n, &bad);
            assert_true(sv_eq(s, (sv){ascii, n}));
            assert_int_equal(bad, 0);
            free((void *)(uintptr_t)s.p);
        }
    }
}

static void known_words_come_out_right(void **state)
{
    (void)state;
    expect(1252, "Zahn\xE4rztin f\xFCr 5 \x80", "Zahnärztin für 5 €", 0);
    expect(1250, "Pacien\xFEi \xBAi m\xE3sele", "Pacienţi şi măsele", 0);
    expect(1251, "\xE7\xF3\xE1", "зуб", 0);
    expect(1253, "\xE4\xFC\xED\xF4\xE9", "δόντι", 0);
    expect(1254, "di\xFE", "diş", 0);
    expect(1255, "\xF9\xEF", "שן", 0);
    expect(1256, "\xD3\xE4", "سن", 0);
    expect(1257, "zob\xE2rsts", "zobārsts", 0);
    expect(1258, "r\xE3ng", "răng", 0);
    expect(857, "di\x9F", "diş", 0);
    expect(874, "\xBF\xD1\xB9", "ฟัน", 0);
    expect(437, "Z\x84hne \xE1", "Zähne ß", 0);
    expect(850, "Z\x84hne \xE1 \xD5", "Zähne ß ı", 0);
    expect(932, "\x8E\x95 \xB6\\", "歯 ｶ\\", 0);
    expect(936, "\xD1\xC0\x80", "牙€", 0);
    expect(949, "\xC4\xA1\xBE\xC6", "치아", 0);
    expect(950, "\xA4\xFA", "牙", 0);
}

static void undefined_bytes_are_what_windows_makes_of_them(void **state)
{
    (void)state;
    expect(1252, "\x81\x8D\x8F\x90\x9D", "\xC2\x81\xC2\x8D\xC2\x8F\xC2\x90\xC2\x9D", 0);
    expect(1250, "\x81\x83", "\xC2\x81\xC2\x83", 0);
    expect(1253, "\xAA\xD2\xFF", "\xEF\xA3\xB9\xEF\xA3\xBA\xEF\xA3\xBB", 0);
    expect(1255, "\xCA\xD9\xFF", "\xD6\xBA\xEF\xA2\x8D\xEF\xA2\x96", 0);
    expect(1257, "\xA1\xA5", "\xEF\xA3\xBC\xEF\xA3\xBD", 0);
    expect(874, "\x81\xDB\xFF", "\xC2\x81\xEF\xA3\x81\xEF\xA3\x88", 0);
}

static void every_byte_of_a_single_byte_page_is_one_valid_character_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < SINGLES; i++) {
        char seen[256][4] = {{0}};
        for (unsigned byte = 0; byte < 256; byte++) {
            char c = (char)byte;
            size_t bad = 0;
            sv s = convert(SINGLE[i], &c, 1, &bad);
            assert_int_equal(utf8_valid_at(s), s.n);
            assert_int_equal(bad, 0);
            bool nothing = s.n == 3 && memcmp(s.p, "\xEF\xBF\xBD", 3) == 0;
            assert_true(!nothing || SINGLE[i] == 857); /* it leaves three bytes without a meaning */
            seen[byte][0] = (char)(nothing ? 1 : 0);
            seen[byte][1] = (char)(nothing ? byte : 0);
            if (!nothing) memcpy(seen[byte], s.p, s.n);
            for (unsigned before = 0; before < byte; before++) assert_memory_not_equal(seen[before], seen[byte], 4);
            free((void *)(uintptr_t)s.p);
        }
    }
}

static void broken_pairs_are_replaced_and_counted_and_spare_ascii(void **state)
{
    (void)state;
    expect(932, "a\x81", "a\xEF\xBF\xBD", 1);                     /* half a pair at the end */
    expect(932, "\x81 \x81'x", "\xEF\xBF\xBD \xEF\xBF\xBD'x", 2); /* no pair begins so */
    expect(936, "\xD1\xC0\xFF\xD1\xC0", "牙\xEF\xBF\xBD牙", 1);
    expect(949, "\xFE\xFF", "\xEF\xBF\xBD", 1);
    expect(950, "\xFE\xFE\xA4\xFA", "\xEF\xBF\xBD牙", 1); /* user-defined area */
}

static bool all_valid(sv s)
{
    for (size_t n; s.n > 0; s.p += n, s.n -= n) {
        n = utf8_valid_at(s);
        if (n == 0) return false;
    }
    return true;
}

static void every_pair_of_bytes_keeps_within_its_room(void **state)
{
    (void)state;
    for (size_t i = 0; i < DOUBLES; i++) {
        for (unsigned lead = 0x80; lead < 0x100; lead++) {
            char pairs[512];
            for (unsigned k = 0; k < 256; k++) {
                pairs[2 * k] = (char)lead;
                pairs[2 * k + 1] = (char)k;
            }
            sv s = convert(DOUBLE[i], pairs, sizeof pairs, NULL);
            assert_true(all_valid(s));
            free((void *)(uintptr_t)s.p);
        }
    }
}

static void utf8_page_keeps_valid_text_and_replaces_the_rest(void **state)
{
    (void)state;
    expect(65001, "m\xC4\x83sea \xF0\x9F\xA6\xB7 and a long tail", "măsea 🦷 and a long tail", 0);
    expect(65001, "\xFF\xC4z\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 5);
}

static void convert_many_times(void *failed)
{
    for (unsigned i = 0; i < 3000; i++) {
        char out[40];
        size_t bad = 0, n = codepage_to_utf8(codepage_of(DOUBLE[i % DOUBLES]), SV_LIT("\xA4\xFA\xD1\xC0"), out, &bad);
        if (n == 0 || bad > 2) *(bool *)failed = true;
    }
}

static void threads_do_not_disturb_each_other(void **state)
{
    (void)state;
    bool failed[4] = {false, false, false, false};
    thread *t[4];
    for (unsigned i = 0; i < 4; i++) assert_non_null(t[i] = thread_start(convert_many_times, &failed[i]));
    for (unsigned i = 0; i < 4; i++) thread_join(t[i]);
    for (unsigned i = 0; i < 4; i++) assert_false(failed[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_known_by_number),
        cmocka_unit_test(ascii_is_itself_in_every_page),
        cmocka_unit_test(known_words_come_out_right),
        cmocka_unit_test(undefined_bytes_are_what_windows_makes_of_them),
        cmocka_unit_test(every_byte_of_a_single_byte_page_is_one_valid_character_of_its_own),
        cmocka_unit_test(broken_pairs_are_replaced_and_counted_and_spare_ascii),
        cmocka_unit_test(every_pair_of_bytes_keeps_within_its_room),
        cmocka_unit_test(utf8_page_keeps_valid_text_and_replaces_the_rest),
        cmocka_unit_test(threads_do_not_disturb_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
