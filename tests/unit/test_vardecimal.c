/* Vardecimal and decimals of compressed rows. */
#include "sqltype/sqltype.h"
#include "testing.h"

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static bool decode(const void *p, size_t n, unsigned precision, unsigned scale, char *text)
{
    decimal d;
    if (!vardecimal_decode((sv){p, n}, precision, scale, &d)) return false;
    text[decimal_text(&d, text)] = 0;
    return true;
}

#define assert_decodes(precision, scale, expected, ...)                                                                \
    do {                                                                                                               \
        const uint8_t bytes[] = {__VA_ARGS__};                                                                         \
        char text[DECIMAL_TEXT_MAX + 1];                                                                               \
        assert_true(decode(bytes, sizeof bytes, precision, scale, text));                                              \
        assert_string_equal(text, expected);                                                                           \
    } while (0)

#define assert_refused(precision, scale, ...)                                                                          \
    do {                                                                                                               \
        const uint8_t bytes[] = {__VA_ARGS__};                                                                         \
        char text[DECIMAL_TEXT_MAX + 1];                                                                               \
        assert_false(decode(bytes, sizeof bytes, precision, scale, text));                                             \
    } while (0)

/* Bytes that the public project BusinessCentral.BakReader records as seen in a backup of SQL Server 2022, with the
 * values that the server selects for them. */
static void bytes_of_a_real_server_decode(void **state)
{
    (void)state;
    assert_decodes(18, 0, "1", 0xC0, 0x19);
    assert_decodes(18, 2, "0.01", 0xBE, 0x19);
    assert_decodes(18, 1, "-3.0", 0x40, 0x4B);
    assert_decodes(18, 0, "99999", 0xC4, 0xF9, 0xFD, 0xE0);
}

static void nothing_is_zero(void **state)
{
    (void)state;
    char text[DECIMAL_TEXT_MAX + 1];
    assert_true(decode(NULL, 0, 9, 2, text));
    assert_string_equal(text, "0.00");
}

static void zero_has_no_sign(void **state)
{
    (void)state;
    assert_decodes(9, 2, "0.00", 0x40);
    assert_decodes(9, 2, "0.00", 0x40, 0x00, 0x00);
}

static void digits_below_the_scale_are_refused(void **state)
{
    (void)state;
    assert_decodes(9, 2, "1.23", 0xC0, 0x1E, 0xC0);       /* 123 */
    assert_refused(9, 1, 0xC0, 0x1E, 0xC0);               /* 1.23 with one digit */
    assert_refused(9, 2, 0xBD, 0x19);                     /* 0.001 with two digits */
    assert_refused(9, 2, 0x80, 0x19);                     /* 10^-64 */
    assert_decodes(9, 2, "1.20", 0xC0, 0x1E, 0x00, 0x00); /* zeros there are nothing */
}

static void more_digits_than_the_precision_are_refused(void **state)
{
    (void)state;
    assert_decodes(5, 0, "99999", 0xC4, 0xF9, 0xFD, 0xE0);
    assert_refused(4, 0, 0xC4, 0xF9, 0xFD, 0xE0);
    assert_refused(38, 0, 0xFF, 0x19);      /* 10^63 */
    assert_refused(38, 38, 0xC0, 0x19);     /* 1 needs 39 digits */
    assert_refused(5, 6, 0xC0, 0x19);       /* no such type */
    assert_refused(39, 0, 0xC0, 0x19);      /* no such type */
    assert_refused(9, 2, 0xC0, 0xFA, 0x00); /* a group of 1000 */
    const uint8_t too_long[22] = {0xC0, 0x19};
    char text[DECIMAL_TEXT_MAX + 1];
    assert_true(decode(too_long, 21, 38, 0, text));
    assert_false(decode(too_long, 22, 38, 0, text));
}

/* The other direction, digit by digit. */
static size_t encode(const char *digit, size_t digits, int exponent, bool negative, uint8_t *out)
{
    memset(out, 0, 24);
    out[0] = (uint8_t)((negative ? 0 : 0x80) | (exponent + 64));
    size_t bit = 0;
    for (size_t i = 0; i < digits; i += 3) {
        unsigned group = 0;
        for (size_t k = i; k < i + 3; k++) group = group * 10 + (k < digits ? (unsigned)(digit[k] - '0') : 0U);
        for (unsigned b = 10; b-- > 0; bit++)
            if (group >> b & 1) out[1 + bit / 8] |= (uint8_t)(0x80U >> bit % 8);
    }
    size_t n = 1 + (bit + 7) / 8;
    while (n > 1 && out[n - 1] == 0) n--;
    return n;
}

static void any_number_survives_its_own_encoding(void **state)
{
    (void)state;
    uint64_t seed = 20240229;
    for (int round = 0; round < 50000; round++) {
        char digit[39], expected[64], text[DECIMAL_TEXT_MAX + 1];
        size_t digits = 1 + next_random(&seed) % 38;
        for (size_t i = 0; i < digits; i++) digit[i] = (char)('0' + next_random(&seed) % 10);
        if (digit[0] == '0') digit[0] = '9';
        size_t scale = next_random(&seed) % (digits + 1);
        bool negative = next_random(&seed) % 2;
        uint8_t stored[24];
        size_t n = encode(digit, digits, (int)(digits - scale) - 1, negative, stored);
        assert_true(n <= 18);
        assert_true(decode(stored, n, 38, (unsigned)scale, text));
        size_t at = 0;
        if (negative) expected[at++] = '-';
        if (scale == digits) expected[at++] = '0';
        memcpy(expected + at, digit, digits - scale);
        at += digits - scale;
        if (scale) expected[at++] = '.';
        memcpy(expected + at, digit + digits - scale, scale);
        expected[at + scale] = 0;
        assert_string_equal(text, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_of_a_real_server_decode),
        cmocka_unit_test(nothing_is_zero),
        cmocka_unit_test(zero_has_no_sign),
        cmocka_unit_test(digits_below_the_scale_are_refused),
        cmocka_unit_test(more_digits_than_the_precision_are_refused),
        cmocka_unit_test(any_number_survives_its_own_encoding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
