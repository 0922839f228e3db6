#include "base/digits.h"

const char DIGIT_PAIRS[201] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                              "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                              "8081828384858687888990919293949596979899";

const uint64_t POWER_OF_10[20] = {1U,
                                  10U,
                                  100U,
                                  1000U,
                                  10000U,
                                  100000U,
                                  1000000U,
                                  10000000U,
                                  100000000U,
                                  1000000000U,
                                  10000000000U,
                                  100000000000U,
                                  1000000000000U,
                                  10000000000000U,
                                  100000000000000U,
                                  1000000000000000U,
                                  10000000000000000U,
                                  100000000000000000U,
                                  1000000000000000000U,
                                  10000000000000000000U};

static void padded_u32(uint32_t x, unsigned n, char *out)
{
    while (n >= 2) {
        n -= 2;
        digits_2(x % 100, out + n);
        x /= 100;
    }
    if (n) out[0] = (char)('0' + x % 10);
}

void digits_padded(uint64_t x, unsigned n, char *out)
{
    /* 64-bit divisions are the slow part: eight digits are taken off at a time. */
    while (x > UINT32_MAX) {
        n -= 8;
        padded_u32((uint32_t)(x % 100000000U), 8, out + n);
        x /= 100000000U;
    }
    padded_u32((uint32_t)x, n, out);
}
