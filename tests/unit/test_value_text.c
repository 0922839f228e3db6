/* value_text.h: what a cell looks like. Floating-point texts are checked with the C library's correct reading. */
#include "source/value_text.h"
#include "testing.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void assert_double(double x, const char *expected)
{
    char out[33];
    out[text_of_double(x, out)] = 0;
    assert_string_equal(out, expected);
}

static void assert_float(float x, const char *expected)
{
    char out[33];
    out[text_of_float(x, out)] = 0;
    assert_string_equal(out, expected);
}

/* Digits before an exponent, without leading and trailing zeros. */
static int significant(const char *text)
{
    char digit[64];
    int n = 0;
    for (const char *p = text; *p && *p != 'e'; p++)
        if (*p >= '0' && *p <= '9' && (n > 0 || *p != '0')) digit[n++] = *p;
    while (n > 0 && digit[n - 1] == '0') n--;
    return n;
}

/* x reads back, and no text of one digit less does, neither the nearest one nor its neighbours. */
static void assert_shortest_double(double x)
{
    char out[33], shorter[40];
#ifdef _WIN32 /* whose strtod, far from 1, takes the double below a power of two for the power */
    int exponent;
    const double part = fabs(frexp(x, &exponent));
    if (part == 0.5 || part == 1 - DBL_EPSILON / 2) return;
#endif
    size_t n = text_of_double(x, out);
    assert_true(n < sizeof out);
    out[n] = 0;
    double back = strtod(out, NULL);
    if (memcmp(&back, &x, sizeof x)) fail_msg("%a printed as %s", x, out);
    int digits = significant(out);
    if (digits <= 1) return;
    snprintf(shorter, sizeof shorter, "%.*e", digits - 2, x);
    if (strtod(shorter, NULL) == x) fail_msg("%s is not the shortest: %s", out, shorter);
    char unit[16];
    snprintf(unit, sizeof unit, "1e%ld", strtol(strchr(shorter, 'e') + 1, NULL, 10) - (digits - 2));
    const double neighbour[2] = {strtod(shorter, NULL) + strtod(unit, NULL),
                                 strtod(shorter, NULL) - strtod(unit, NULL)};
    for (int i = 0; i < 2; i++) {
        snprintf(shorter, sizeof shorter, "%.*e", digits - 2, neighbour[i]);
        if (strtod(shorter, NULL) == x) fail_msg("%s is not the shortest: %s", out, shorter);
    }
}

static void assert_shortest_float(float x)
{
    char out[33], shorter[40];
    out[text_of_float(x, out)] = 0;
    float back = strtof(out, NULL);
    if (memcmp(&back, &x, sizeof x)) fail_msg("%a printed as %s", (double)x, out);
    int digits = significant(out);
    if (digits <= 1) return;
    snprintf(shorter, sizeof shorter, "%.*e", digits - 2, (double)x);
    if (strtof(shorter, NULL) == x) fail_msg("%s is not the shortest: %s", out, shorter);
}

static void floats_people_write_print_as_they_wrote_them(void **state)
{
    (void)state;
    assert_double(0, "0");
    assert_double(-0.0, "-0");
    assert_double(1, "1");
    assert_double(-12.5, "-12.5");
    assert_double(0.1, "0.1");
    assert_double(123456.789, "123456.789");
    assert_double(0.0001, "0.0001");
    assert_double(0.00012345, "0.00012345");
    assert_double(100, "100");
    assert_double(0.1 + 0.2, "0.30000000000000004");
    assert_double(9007199254740993.0, "9007199254740992");
    assert_float(0.1F, "0.1");
    assert_float(123.4567F, "123.4567");
    assert_float(16777216.0F, "16777216");
    assert_float(-3.5F, "-3.5");
}

static void very_small_and_very_large_floats_use_an_exponent(void **state)
{
    (void)state;
    assert_double(1e30, "1e+30");
    assert_double(1.5e-7, "1.5e-07");
    assert_double(0.00001, "1e-05");
    assert_double(1e15, "1000000000000000");
    assert_double(1e16, "1e+16");
    assert_double(12345678901234567890.0, "1.2345678901234567e+19");
    assert_double(1.7976931348623157e308, "1.7976931348623157e+308");
    assert_double(2.2250738585072014e-308, "2.2250738585072014e-308");
    assert_double(5e-324, "5e-324");
    assert_double(-1e-100, "-1e-100");
    assert_double(5.684341886080802e-14, "5.684341886080802e-14"); /* 2^-44: the nearest 16 digits do not read back */
    assert_double(9.5367431640625e-07, "9.5367431640625e-07");
    assert_float(3.4028235e38F, "3.4028235e+38");
    assert_float(1e-45F, "1e-45");
    assert_float(1.1754944e-38F, "1.1754944e-38");
    assert_float(1e16F, "1e+16");
}

static void what_is_no_number_has_a_name(void **state)
{
    (void)state;
    assert_double(double_of(UINT64_C(0x7FF0000000000000)), "Infinity");
    assert_double(double_of(UINT64_C(0xFFF0000000000000)), "-Infinity");
    assert_double(double_of(UINT64_C(0x7FF8000000000000)), "NaN");
    assert_double(double_of(UINT64_C(0xFFF0000000000001)), "NaN");
    assert_float(float_of(0x7F800000), "Infinity");
    assert_float(float_of(0xFF800000), "-Infinity");
    assert_float(float_of(0x7FC00000), "NaN");
}

static void any_double_reads_back_and_is_shortest(void **state)
{
    (void)state;
    uint64_t seed = 1234567891011U;
    for (int i = 0; i < 100000; i++) {
        double x = double_of(next_random(&seed));
        if (isfinite(x)) assert_shortest_double(x);
    }
    for (uint64_t exponent = 1; exponent < 2047; exponent++) { /* powers of two: the uneven intervals */
        assert_shortest_double(double_of(exponent << 52));
        assert_shortest_double(double_of((exponent << 52) - 1));
        assert_shortest_double(double_of((exponent << 52) + 1));
    }
}

static void decimals_of_few_digits_come_back_as_they_were(void **state)
{
    (void)state;
    uint64_t seed = 99991;
    for (int i = 0; i < 100000; i++) {
        uint64_t units = next_random(&seed) % UINT64_C(1000000000000000);
        if (i % 2) units %= 1000000;
        unsigned scale = (unsigned)(next_random(&seed) % 12);
        char text[64];
        snprintf(text, sizeof text, "%llue-%u", (unsigned long long)units, scale);
        assert_shortest_double(strtod(text, NULL));
    }
}

static void any_float_reads_back_and_is_shortest(void **state)
{
    (void)state;
    uint64_t seed = 424242;
    for (int i = 0; i < 100000; i++) {
        float x = float_of((uint32_t)next_random(&seed));
        if (isfinite(x)) assert_shortest_float(x);
    }
    for (uint32_t exponent = 0; exponent < 255; exponent++) assert_shortest_float(float_of(exponent << 23));
    for (uint32_t units = 0; units < 100000; units++) {
        char text[64], out[33];
        snprintf(text, sizeof text, "%u.%02u", units / 100, units % 100);
        out[text_of_float(strtof(text, NULL), out)] = 0;
        assert_true(strtof(out, NULL) == strtof(text, NULL));
        assert_true(strlen(out) <= strlen(text));
    }
}

static void assert_value(value v, const char *expected)
{
    buf b = buf_new(1000);
    value_text(&v, &b);
    buf_char(&b, 0);
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

static void each_kind_prints_in_its_form(void **state)
{
    (void)state;
    assert_value((value){.kind = V_NULL}, "");
    assert_value((value){.kind = V_UNREADABLE}, "");
    assert_value((value){.kind = V_LOB}, "");
    assert_value((value){.kind = V_BOOL, .as.integer = 1}, "1");
    assert_value((value){.kind = V_INT, .as.integer = 0}, "0");
    assert_value((value){.kind = V_INT, .as.integer = INT64_MIN}, "-9223372036854775808");
    assert_value((value){.kind = V_INT, .as.integer = INT64_MAX}, "9223372036854775807");
    assert_value((value){.kind = V_DECIMAL, .as.decimal = {1250, 0, 2, true}}, "-12.50");
    assert_value((value){.kind = V_REAL, .as.real = 1.5}, "1.5");
    assert_value((value){.kind = V_REAL32, .as.real = (double)0.1F}, "0.1");
    assert_value((value){.kind = V_TEXT, .as.text = SV_LIT("a,\"b")}, "a,\"b");
    assert_value((value){.kind = V_BYTES, .as.text = {"\x00\xFF\x1A", 3}}, "0x00ff1a");
    assert_value((value){.kind = V_BYTES, .as.text = {NULL, 0}}, "0x");
    assert_value((value){.kind = V_DATE, .as.when = {0, DATE_1900, 0, 0}}, "1900-01-01");
    assert_value((value){.kind = V_TIME, .as.when = {1, 0, 0, 1}}, "00:00:00.1");
    assert_value((value){.kind = V_DATETIME, .as.when = {123, DATE_1900, 0, 3}}, "1900-01-01 00:00:00.123");
    assert_value((value){.kind = V_DATETIMEOFFSET, .as.when = {0, DATE_1900, 60, 0}}, "1900-01-01 00:00:00 +01:00");
    /* The example of the documentation of uniqueidentifier. */
    assert_value((value){.kind = V_GUID,
                         .as.guid = {0xFF, 0x19, 0x96, 0x6F, 0x86, 0x8B, 0x11, 0xD0, 0xB4, 0x2D, 0x00, 0xC0, 0x4F, 0xC9,
                                     0x64, 0xFF}},
                 "6F9619FF-8B86-D011-B42D-00C04FC964FF");
}

static void bytes_of_any_number_print_as_hex(void **state)
{
    (void)state;
    uint8_t bytes[256];
    char expected[513];
    for (unsigned i = 0; i < 256; i++) {
        bytes[i] = (uint8_t)(i * 167 + 9);
        snprintf(expected + 2 * (size_t)i, 3, "%02x", (unsigned)bytes[i]);
    }
    for (size_t n = 0; n <= 256; n++) {
        buf b = buf_new(512);
        value_hex(bytes, n, &b);
        assert_false(b.failed);
        assert_int_equal(b.n, 2 * n);
        if (n) assert_memory_equal(b.p, expected, b.n);
        buf_free(&b);
    }
}

static void a_full_buffer_fails_and_stays_whole(void **state)
{
    (void)state;
    buf b = buf_new(10);
    value v = {.kind = V_BYTES, .as.text = SV_LIT("123456")};
    value_text(&v, &b);
    assert_true(b.failed);
    buf_free(&b);
    b = buf_new(10);
    value_hex("x", SIZE_MAX / 2 + 1, &b);
    assert_true(b.failed);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats_people_write_print_as_they_wrote_them),
        cmocka_unit_test(very_small_and_very_large_floats_use_an_exponent),
        cmocka_unit_test(what_is_no_number_has_a_name),
        cmocka_unit_test(any_double_reads_back_and_is_shortest),
        cmocka_unit_test(decimals_of_few_digits_come_back_as_they_were),
        cmocka_unit_test(any_float_reads_back_and_is_shortest),
        cmocka_unit_test(each_kind_prints_in_its_form),
        cmocka_unit_test(bytes_of_any_number_print_as_hex),
        cmocka_unit_test(a_full_buffer_fails_and_stays_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
