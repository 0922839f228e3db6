/* decimal.h and digits.h: printing against a slow, obviously right way. */
#include "base/decimal.h"
#include "base/digits.h"
#include "testing.h"

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* One digit at a time: long division of 128 bits, kept in bytes, by ten. */
static size_t slow_text(const decimal *d, char *out)
{
    uint8_t byte[16];
    for (unsigned i = 0; i < 8; i++) {
        byte[15 - i] = (uint8_t)(d->lo >> 8 * i);
        byte[7 - i] = (uint8_t)(d->hi >> 8 * i);
    }
    char backwards[64];
    size_t n = 0;
    for (bool more = true; more || n <= d->scale;) {
        unsigned rest = 0;
        more = false;
        for (unsigned i = 0; i < 16; i++) {
            rest = rest << 8 | byte[i];
            byte[i] = (uint8_t)(rest / 10);
            rest %= 10;
            more = more || byte[i];
        }
        backwards[n++] = (char)('0' + rest);
    }
    size_t at = 0;
    if (d->negative) out[at++] = '-';
    while (n > 0) {
        if (n == d->scale) out[at++] = '.';
        out[at++] = backwards[--n];
    }
    return at;
}

static void assert_text(decimal d, const char *expected)
{
    char out[DECIMAL_TEXT_MAX];
    size_t n = decimal_text(&d, out);
    assert_int_equal(n, strlen(expected));
    assert_memory_equal(out, expected, n);
}

static void every_digit_of_the_scale_is_printed(void **state)
{
    (void)state;
    assert_text((decimal){0, 0, 0, false}, "0");
    assert_text((decimal){0, 0, 2, false}, "0.00");
    assert_text((decimal){7, 0, 2, false}, "0.07");
    assert_text((decimal){1250, 0, 2, true}, "-12.50");
    assert_text((decimal){5, 0, 0, true}, "-5");
    assert_text((decimal){100, 0, 2, false}, "1.00");
    assert_text((decimal){1, 0, 38, true}, "-0.00000000000000000000000000000000000001");
    assert_text((decimal){UINT64_MAX, 0, 4, false}, "1844674407370955.1615");
    assert_text((decimal){0, 1, 0, false}, "18446744073709551616");
    assert_text((decimal){UINT64_C(10000000000000000000), 0, 0, false}, "10000000000000000000");
}

static void largest_number_of_38_digits_prints(void **state)
{
    (void)state;
    decimal d = {UINT64_C(0x098A223FFFFFFFFF), UINT64_C(0x4B3B4CA85A86C47A), 0, true};
    assert_text(d, "-99999999999999999999999999999999999999");
    d.scale = 38;
    assert_text(d, "-0.99999999999999999999999999999999999999");
    assert_true(decimal_fits(&d, 38));
    assert_false(decimal_fits(&d, 37));
    d.lo++;
    assert_false(decimal_fits(&d, 38));
}

static void a_magnitude_beyond_38_digits_stays_inside_the_buffer(void **state)
{
    (void)state;
    assert_text((decimal){UINT64_MAX, UINT64_MAX, 0, true}, "-340282366920938463463374607431768211455");
    assert_text((decimal){UINT64_MAX, UINT64_MAX, 38, true}, "-3.40282366920938463463374607431768211455");
}

static void money_units_keep_their_sign(void **state)
{
    (void)state;
    assert_text(decimal_from_i64(INT64_MIN, 4), "-922337203685477.5808");
    assert_text(decimal_from_i64(INT64_MAX, 4), "922337203685477.5807");
    assert_text(decimal_from_i64(0, 4), "0.0000");
    assert_false(decimal_from_i64(0, 4).negative);
}

static void precision_counts_digits(void **state)
{
    (void)state;
    decimal d = {99, 0, 0, false};
    assert_true(decimal_fits(&d, 2));
    assert_false(decimal_fits(&d, 1));
    d.lo = 100;
    assert_false(decimal_fits(&d, 2));
    d.lo = 0;
    assert_true(decimal_fits(&d, 0));
    d = (decimal){0, 1, 0, false};
    assert_false(decimal_fits(&d, 19));
    assert_true(decimal_fits(&d, 20));
}

static void printing_agrees_with_long_division(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252U;
    for (int i = 0; i < 200000; i++) {
        decimal d = {next_random(&seed), next_random(&seed), 0, next_random(&seed) % 2 == 0};
        unsigned bits = (unsigned)(next_random(&seed) % 129); /* numbers of every size, not only large ones */
        if (bits < 64) d.lo &= ((uint64_t)1 << bits) - 1;
        if (bits <= 64)
            d.hi = 0;
        else if (bits < 128)
            d.hi &= ((uint64_t)1 << (bits - 64)) - 1;
        d.scale = (uint8_t)(next_random(&seed) % 39);
        char out[DECIMAL_TEXT_MAX], expected[80];
        size_t n = decimal_text(&d, out), m = slow_text(&d, expected);
        assert_int_equal(n, m);
        assert_memory_equal(out, expected, n);
    }
}

static void integers_print_at_every_power_of_ten(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        for (int by = -1; by <= 1; by++) {
            uint64_t x = POWER_OF_10[i] + (uint64_t)(int64_t)by;
            char out[DIGITS_U64_MAX + 1], expected[32];
            out[digits_u64(x, out)] = 0;
            snprintf(expected, sizeof expected, "%llu", (unsigned long long)x);
            assert_string_equal(out, expected);
            assert_int_equal(digits_count(x), strlen(expected));
        }
    }
    char out[DIGITS_U64_MAX + 1];
    out[digits_u64(UINT64_MAX, out)] = 0;
    assert_string_equal(out, "18446744073709551615");
    digits_padded(7, 3, out);
    assert_memory_equal(out, "007", 3);
    digits_padded(UINT64_C(4294967296), 19, out);
    assert_memory_equal(out, "0000000004294967296", 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_digit_of_the_scale_is_printed),
        cmocka_unit_test(largest_number_of_38_digits_prints),
        cmocka_unit_test(a_magnitude_beyond_38_digits_stays_inside_the_buffer),
        cmocka_unit_test(money_units_keep_their_sign),
        cmocka_unit_test(precision_counts_digits),
        cmocka_unit_test(printing_agrees_with_long_division),
        cmocka_unit_test(integers_print_at_every_power_of_ten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
