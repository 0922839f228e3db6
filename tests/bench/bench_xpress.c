/* Speed of the Xpress decoder: output bytes per second on pages of made-up rows, and the ratio to memcpy of the same bytes.
 * Prints one line for bench.py. */
#include "xpress/xpress.h"
#include "xpress_encode.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIECES = 64, PIECE_BYTES = 65536, ROUNDS = 40 };

static double now(void)
{
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Rows as a practice has them: ascending keys, small numbers, names from a short list, zeros. */
static void make_piece(uint8_t *p, uint32_t *seed)
{
    static const char *const names[] = {"Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis"};
    size_t at = 0;
    for (uint32_t key = *seed; at + 64 < PIECE_BYTES; key++) {
        *seed = *seed * 1664525u + 1013904223u;
        int n = snprintf((char *)p + at, 64, "%c%c%c%c%c%c%s %u", 0x30, 0, (int)(key & 255), (int)(key >> 8 & 255),
                         (int)(*seed >> 29), (int)(*seed >> 26 & 7), names[*seed >> 20 & 7], *seed >> 12 & 4095);
        at += (size_t)n + 2;
    }
}

int main(void)
{
    static uint8_t plain[PIECES][PIECE_BYTES], packed[PIECES][XPRESS_OUT_MAX], out[PIECE_BYTES];
    size_t packed_n[PIECES], packed_total = 0;
    uint32_t seed = 7;
    xpress_encoder *e = xpress_encoder_new();
    xpress_state *x = xpress_place(malloc(xpress_state_bytes()));
    if (!e || !x) return 1;
    for (size_t i = 0; i < PIECES; i++) {
        make_piece(plain[i], &seed);
        packed_n[i] = xpress_encode(e, plain[i], PIECE_BYTES, packed[i]);
        packed_total += packed_n[i];
        if (packed_n[i] == 0 || !xpress_decode(x, packed[i], packed_n[i], out, PIECE_BYTES) ||
            memcmp(out, plain[i], PIECE_BYTES) != 0)
            return 1;
    }
    double start = now();
    for (size_t r = 0; r < ROUNDS; r++)
        for (size_t i = 0; i < PIECES; i++)
            if (!xpress_decode(x, packed[i], packed_n[i], out, PIECE_BYTES)) return 1;
    double decode = now() - start;
    unsigned sum = 0;
    start = now();
    for (size_t r = 0; r < ROUNDS; r++)
        for (size_t i = 0; i < PIECES; i++) {
            memcpy(out, plain[(i + r) % PIECES], PIECE_BYTES);
            sum += out[r];
        }
    double copy = now() - start, megabytes = (double)ROUNDS * PIECES * PIECE_BYTES / 1e6;
    printf("Xpress decode, 1 core: %.0f MB/s of output (packed to %.0f %%), %.3f of memcpy%s\n", megabytes / decode,
           100.0 * (double)packed_total / PIECES / PIECE_BYTES, copy / decode, sum ? "" : " ");
    free(x);
    xpress_encoder_free(e);
    return 0;
}
