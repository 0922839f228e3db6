/* The checksums of a backup beside their definitions (formats/bak/FORMAT.md), word by word. */
#include "bak/bak_sum.h"
#include "base/bytes.h"
#include "testing.h"

static void fill(uint8_t *p, size_t n)
{
    uint32_t x = 7;
    for (size_t i = 0; i < n; i++) p[i] = (uint8_t)((x = x * 1664525 + 1013904223) >> 24);
}

static uint32_t words_one_by_one(const uint8_t *p, size_t n)
{
    uint32_t c = 0;
    for (size_t i = 0; i < n; i += 4) {
        uint8_t word[4] = {0};
        memcpy(word, p + i, n - i < 4 ? n - i : 4);
        c = rotl32(c, 1) ^ le32(word);
    }
    return c;
}

static void words_of_every_length(void **state)
{
    (void)state;
    uint8_t p[1200];
    fill(p, sizeof p);
    for (size_t n = 0; n <= sizeof p; n++) assert_int_equal(bak_sum_words(p, n), words_one_by_one(p, n));
}

static void sectors_are_added_up_and_turned(void **state)
{
    (void)state;
    enum { SECTOR = 512, SECTORS = 40 };
    uint8_t p[SECTOR * SECTORS];
    uint32_t want = 0;
    fill(p, sizeof p);
    for (size_t s = 0; s < SECTORS; s++) {
        uint32_t x = 0;
        for (size_t i = 0; i < SECTOR; i += 4) x ^= le32(p + s * SECTOR + i);
        want = rotl32(want, 1) ^ x;
        assert_int_equal(bak_sum_sectors(p, (s + 1) * SECTOR), want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_every_length),
        cmocka_unit_test(sectors_are_added_up_and_turned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
