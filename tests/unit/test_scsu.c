/* Unicode compression: the samples of Unicode Technical Standard #6, each command, and an encoder that picks its way at
 * random. */
#include "sqltype/sqltype_internal.h"
#include "testing.h"
#include <stdlib.h>
#include <string.h>

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t put_utf8(uint32_t c, uint8_t *out)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; c >>= 6) out[i] = (uint8_t)(0x80 | (c & 0x3F));
    out[0] = (uint8_t)((0xF00U >> n & 0xF0) | c);
    return n;
}

static void assert_code_points(const uint8_t *stored, size_t n, const uint32_t *expected, size_t count)
{
    size_t bad = 0, units = 0, expected_units = 0;
    char *text = malloc(SCSU_ROOM(n));
    assert_non_null(text);
    const size_t text_n = scsu_decode((sv){(const char *)stored, n}, text, &units, &bad);
    uint8_t *utf8 = malloc(4 * count + 1);
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += put_utf8(expected[i], utf8 + length);
        expected_units += expected[i] < 0x10000 ? 1 : 2;
    }
    assert_int_equal(text_n, length);
    if (length) assert_memory_equal(text, utf8, length);
    assert_int_equal(units, expected_units);
    assert_int_equal(bad, 0);
    free(utf8);
    free(text);
}

#define BYTES(...)  ((const uint8_t[]){__VA_ARGS__}), sizeof((const uint8_t[]){__VA_ARGS__})
#define POINTS(...) ((const uint32_t[]){__VA_ARGS__}), sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)

static void german_sample_of_the_standard(void **state)
{
    (void)state;
    assert_code_points(BYTES(0xD6, 0x6C, 0x20, 0x66, 0x6C, 0x69, 0x65, 0xDF, 0x74),
                       POINTS(0xD6, 'l', ' ', 'f', 'l', 'i', 'e', 0xDF, 't'));
}

static void russian_sample_of_the_standard(void **state)
{
    (void)state;
    assert_code_points(BYTES(0x12, 0x9C, 0xBE, 0xC1, 0xBA, 0xB2, 0xB0),
                       POINTS(0x41C, 0x43E, 0x441, 0x43A, 0x432, 0x430));
}

static void japanese_sample_of_the_standard(void **state)
{
    (void)state;
    assert_code_points(
        BYTES(0x08, 0x00, 0x1B, 0x4C, 0xEA, 0x16, 0xCA, 0xD3, 0x94, 0x0F, 0x53, 0xEF, 0x61, 0x1B, 0xE5, 0x84, 0xC4,
              0x0F, 0x53, 0xEF, 0x61, 0x1B, 0xE5, 0x84, 0xC4, 0x16, 0xCA, 0xD3, 0x94, 0x08, 0x02, 0x0F, 0x53, 0x4A,
              0x4E, 0x16, 0x7D, 0x00, 0x30, 0x82, 0x52, 0x4D, 0x30, 0x6B, 0x6D, 0x41, 0x88, 0x4C, 0xE5, 0x97, 0x9F,
              0x08, 0x0C, 0x16, 0xCA, 0xD3, 0x94, 0x15, 0xAE, 0x0E, 0x6B, 0x4C, 0x08, 0x0D, 0x8C, 0xB4, 0xA3, 0x9F,
              0xCA, 0x99, 0xCB, 0x8B, 0xC2, 0x97, 0xCC, 0xAA, 0x84, 0x08, 0x02, 0x0E, 0x7C, 0x73, 0xE2, 0x16, 0xA3,
              0xB7, 0xCB, 0x93, 0xD3, 0xB4, 0xC5, 0xDC, 0x9F, 0x0E, 0x79, 0x3E, 0x06, 0xAE, 0xB1, 0x9D, 0x93, 0xD3,
              0x08, 0x0C, 0xBE, 0xA3, 0x8F, 0x08, 0x88, 0xBE, 0xA3, 0x8D, 0xD3, 0xA8, 0xA3, 0x97, 0xC5, 0x17, 0x89,
              0x08, 0x0D, 0x15, 0xD2, 0x08, 0x01, 0x93, 0xC8, 0xAA, 0x8F, 0x0E, 0x61, 0x1B, 0x99, 0xCB, 0x0E, 0x4E,
              0xBA, 0x9F, 0xA1, 0xAE, 0x93, 0xA8, 0xA0, 0x08, 0x02, 0x08, 0x0C, 0xE2, 0x16, 0xA3, 0xB7, 0xCB, 0x0F,
              0x4F, 0xE1, 0x80, 0x05, 0xEC, 0x60, 0x8D, 0xEA, 0x06, 0xD3, 0xE6, 0x0F, 0x8A, 0x00, 0x30, 0x44, 0x65,
              0xB9, 0xE4, 0xFE, 0xE7, 0xC2, 0x06, 0xCB, 0x82),
        POINTS(0x3000, 0x266A, 0x30EA, 0x30F3, 0x30B4, 0x53EF, 0x611B, 0x3044, 0x3084, 0x53EF, 0x611B, 0x3044, 0x3084,
               0x30EA, 0x30F3, 0x30B4, 0x3002, 0x534A, 0x4E16, 0x7D00, 0x3082, 0x524D, 0x306B, 0x6D41, 0x884C, 0x3057,
               0x305F, 0x300C, 0x30EA, 0x30F3, 0x30B4, 0x306E, 0x6B4C, 0x300D, 0x304C, 0x3074, 0x3063, 0x305F, 0x308A,
               0x3059, 0x308B, 0x304B, 0x3082, 0x3057, 0x308C, 0x306A, 0x3044, 0x3002, 0x7C73, 0x30A2, 0x30C3, 0x30D7,
               0x30EB, 0x30B3, 0x30F3, 0x30D4, 0x30E5, 0x30FC, 0x30BF, 0x793E, 0x306E, 0x30D1, 0x30BD, 0x30B3, 0x30F3,
               0x300C, 0x30DE, 0x30C3, 0x30AF, 0xFF08, 0x30DE, 0x30C3, 0x30AD, 0x30F3, 0x30C8, 0x30C3, 0x30B7, 0x30E5,
               0xFF09, 0x300D, 0x3092, 0x3001, 0x3053, 0x3088, 0x306A, 0x304F, 0x611B, 0x3059, 0x308B, 0x4EBA, 0x305F,
               0x3061, 0x306E, 0x3053, 0x3068, 0x3060, 0x3002, 0x300C, 0x30A2, 0x30C3, 0x30D7, 0x30EB, 0x4FE1, 0x8005,
               0x300D, 0x306A, 0x3093, 0x3066, 0x8A00, 0x3044, 0x65B9, 0x307E, 0x3067, 0x3042, 0x308B, 0x3002));
}

static void sample_of_all_features_of_the_standard(void **state)
{
    (void)state;
    assert_code_points(BYTES(0x41, 0xDF, 0x12, 0x81, 0x03, 0x5F, 0x10, 0xDF, 0x1B, 0x03, 0xDF, 0x1C, 0x88, 0x80, 0x0B,
                             0xBF, 0xFF, 0xFF, 0x0D, 0x0A, 0x41, 0x10, 0xDF, 0x12, 0x81, 0x03, 0x5F, 0x10, 0xDF, 0x13,
                             0xDF, 0x14, 0x80, 0x15, 0xFF),
                       POINTS(0x41, 0xDF, 0x401, 0x15F, 0xDF, 0x1DF, 0xF000, 0x10FFFF, 0x0D, 0x0A, 0x41, 0xDF, 0x401,
                              0x15F, 0xDF, 0x1DF, 0xF000, 0x10FFFF));
}

static void a_byte_that_makes_the_length_odd_says_nothing(void **state)
{
    (void)state;
    assert_code_points(BYTES('a', 'b', 0x10), POINTS('a', 'b'));       /* selects the window that is active */
    assert_code_points(BYTES('a', 'b', 0x02), POINTS('a', 'b'));       /* a command without its operand */
    assert_code_points(BYTES(0x0F, 0x4E, 0xBA, 0x10), POINTS(0x4EBA)); /* half a unit */
    assert_code_points(BYTES(0x0F, 0x4E, 0xBA, 0xE1), POINTS(0x4EBA));
    assert_code_points(BYTES(0x0F, 0x4E, 0xBA, 0xF0), POINTS(0x4EBA));
    assert_code_points(NULL, 0, NULL, 0);
}

static void surrogate_pairs_may_be_quoted_in_parts(void **state)
{
    (void)state;
    assert_code_points(BYTES(0x0E, 0xD8, 0x3D, 0x0E, 0xDE, 0x00), POINTS(0x1F600));
    assert_code_points(BYTES(0x0F, 0xD8, 0x3D, 0xDE, 0x00), POINTS(0x1F600));
    assert_code_points(BYTES(0x0E, 0xD8, 0x3D, 0x0F, 0xDE, 0x00, 0xE0, 'x'), POINTS(0x1F600, 'x'));
    assert_code_points(BYTES(0x0F, 0xF0, 0xE0, 0x41, 0xF0, 0xF2, 0x01),
                       POINTS(0xE041, 0xF201)); /* the private use area */
    assert_code_points(BYTES(0x0F, 0xF1, 0x40, 0x00, 0x80), POINTS(0x10000));
}

static bool decodes(const uint8_t *p, size_t n, size_t *bad)
{
    size_t units = 0;
    char *text = malloc(SCSU_ROOM(n));
    assert_non_null(text);
    *bad = 0;
    const bool good = scsu_decode((sv){(const char *)p, n}, text, &units, bad) != SIZE_MAX;
    free(text);
    return good;
}

static void reserved_commands_are_refused(void **state)
{
    (void)state;
    size_t bad;
    assert_false(decodes(BYTES('a', 0x0C, 'b'), &bad));
    assert_false(decodes(BYTES(0x0F, 0xF2, 0x41), &bad));
    assert_false(decodes(BYTES(0x18, 0x00, 'a'), &bad));
    assert_false(decodes(BYTES(0x18, 0xA8, 'a'), &bad));
    assert_false(decodes(BYTES(0x0F, 0xE8, 0xF8), &bad));
}

static void what_has_no_meaning_is_counted(void **state)
{
    (void)state;
    size_t bad;
    assert_true(decodes(BYTES(0x0E, 0xD8, 0x3D, 'x'), &bad)); /* a high surrogate alone */
    assert_int_equal(bad, 1);
    assert_true(decodes(BYTES(0x0E, 0xDE, 0x00), &bad)); /* a low one */
    assert_int_equal(bad, 1);
    assert_true(decodes(BYTES('x', 0x0E, 0xD8), &bad)); /* cut inside a command */
    assert_int_equal(bad, 1);
}

/* ---- an encoder that takes any way the standard allows ---- */

typedef struct encoder {
    uint8_t out[8192];
    size_t n;
    uint32_t window[8];
    unsigned active;
    bool unicode;
    uint64_t seed;
} encoder;

static void byte(encoder *e, unsigned b) { e->out[e->n++] = (uint8_t)b; }

static int offset_byte(uint32_t base)
{
    static const uint32_t special[] = {0xC0, 0x250, 0x370, 0x530, 0x3040, 0x30A0, 0xFF60};
    for (int i = 0; i < 7; i++)
        if (base == special[i]) return 0xF9 + i;
    if (base % 0x80) return -1;
    if (base >= 0x80 && base <= 0x3380) return (int)(base / 0x80);
    return base >= 0xE000 && base <= 0xFF80 ? (int)((base - 0xAC00) / 0x80) : -1;
}

static void encode_units(encoder *e, uint32_t c)
{
    uint32_t unit[2] = {c, 0};
    int units = 1;
    if (c > 0xFFFF) {
        unit[0] = 0xD800 + ((c - 0x10000) >> 10);
        unit[1] = 0xDC00 + (c & 0x3FF);
        units = 2;
    }
    for (int i = 0; i < units; i++) {
        if (!e->unicode)
            byte(e, 0x0E);
        else if (unit[i] >= 0xE000 && unit[i] <= 0xF2FF)
            byte(e, 0xF0);
        byte(e, unit[i] >> 8);
        byte(e, unit[i] & 0xFF);
    }
}

static bool encode_in_window(encoder *e, uint32_t c)
{
    for (unsigned w = 0; w < 8; w++) {
        if (c < e->window[w] || c >= e->window[w] + 0x80) continue;
        if (e->unicode) {
            byte(e, 0xE0 + w);
            e->unicode = false;
            e->active = w;
        } else if (w != e->active && next_random(&e->seed) % 2) {
            byte(e, 0x01 + w); /* quoted: the active window stays */
            byte(e, 0x80 + c - e->window[w]);
            return true;
        } else if (w != e->active) {
            byte(e, 0x10 + w);
            e->active = w;
        }
        byte(e, 0x80 + c - e->window[w]);
        return true;
    }
    return false;
}

static bool define_and_encode(encoder *e, uint32_t c)
{
    uint32_t base = c / 0x80 * 0x80;
    unsigned w = (unsigned)(next_random(&e->seed) % 8);
    if (c > 0xFFFF) {
        unsigned operand = w << 13 | (unsigned)((base - 0x10000) / 0x80);
        byte(e, e->unicode ? 0xF1 : 0x0B);
        byte(e, operand >> 8);
        byte(e, operand & 0xFF);
    } else {
        int offset = offset_byte(base);
        if (offset < 0) return false;
        byte(e, (e->unicode ? 0xE8 : 0x18) + w);
        byte(e, (unsigned)offset);
    }
    e->unicode = false;
    e->active = w;
    e->window[w] = base;
    byte(e, 0x80 + c - base);
    return true;
}

static bool encode_static(encoder *e, uint32_t c)
{
    static const uint32_t fixed[8] = {0, 0x80, 0x100, 0x300, 0x2000, 0x2080, 0x2100, 0x3000};
    for (unsigned w = 0; w < 8 && !e->unicode; w++)
        if (c >= fixed[w] && c < fixed[w] + 0x80) {
            byte(e, 0x01 + w);
            byte(e, c - fixed[w]);
            return true;
        }
    return false;
}

static void encode(encoder *e, uint32_t c)
{
    uint64_t way = next_random(&e->seed) % 5;
    if (!e->unicode && c >= 0x20 && c < 0x80 && way < 4) {
        byte(e, c);
        return;
    }
    if (way == 0 && encode_in_window(e, c)) return;
    if (way == 1 && c >= 0x80 && define_and_encode(e, c)) return;
    if (way == 2 && encode_static(e, c)) return;
    if (way == 3 && !e->unicode) {
        byte(e, 0x0F);
        e->unicode = true;
    }
    encode_units(e, c);
}

static void any_way_of_writing_a_text_reads_as_that_text(void **state)
{
    (void)state;
    static const uint32_t block[] = {0x20,   0x80,   0x100,  0x180,  0x370,  0x400,  0x600,   0x900,   0x2000,  0x3040,
                                     0x30A0, 0x4E00, 0xAC00, 0xE000, 0xF280, 0xFF00, 0x10000, 0x1F600, 0x10FF80};
    uint64_t seed = 5550123;
    encoder *e = malloc(sizeof *e);
    for (int round = 0; round < 3000; round++) {
        *e = (encoder){.window = {0x80, 0xC0, 0x400, 0x600, 0x900, 0x3040, 0x30A0, 0xFF00}, .seed = seed + 1};
        uint32_t text[400];
        size_t count = next_random(&seed) % 400;
        uint32_t base = block[0];
        for (size_t i = 0; i < count; i++) {
            if (next_random(&seed) % 8 == 0) base = block[next_random(&seed) % (sizeof block / sizeof block[0])];
            text[i] = base + (uint32_t)(next_random(&seed) % 0x60);
            encode(e, text[i]);
        }
        assert_code_points(e->out, e->n, text, count);
    }
    free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(german_sample_of_the_standard),
        cmocka_unit_test(russian_sample_of_the_standard),
        cmocka_unit_test(japanese_sample_of_the_standard),
        cmocka_unit_test(sample_of_all_features_of_the_standard),
        cmocka_unit_test(a_byte_that_makes_the_length_odd_says_nothing),
        cmocka_unit_test(surrogate_pairs_may_be_quoted_in_parts),
        cmocka_unit_test(reserved_commands_are_refused),
        cmocka_unit_test(what_has_no_meaning_is_counted),
        cmocka_unit_test(any_way_of_writing_a_text_reads_as_that_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
