/* The decoder against the encoder of tests/tools (written apart from it), against pieces made by hand, against damage,
 * and against every record of the corpus's compressed backups. */
#include "base/bytes.h"
#include "testing.h"
#include "xpress/xpress.h"
#include "xpress_encode.h"
#include <stdlib.h>

enum { GUARD = 64 };

typedef struct bench {
    xpress_state *decoder;
    xpress_encoder *encoder;
    uint8_t plain[XPRESS_IN_MAX];
    uint8_t packed[XPRESS_OUT_MAX];
    uint8_t out[XPRESS_IN_MAX + GUARD];
} bench;

static int set_up(void **state)
{
    bench *b = malloc(sizeof *b);
    if (!b) return -1;
    b->decoder = xpress_place(malloc(xpress_state_bytes()));
    b->encoder = xpress_encoder_new();
    *state = b;
    return b->decoder && b->encoder ? 0 : -1;
}

static int tear_down(void **state)
{
    bench *b = *state;
    free(b->decoder);
    xpress_encoder_free(b->encoder);
    free(b);
    return 0;
}

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

static uint8_t *copy_of(const uint8_t *p, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    if (n) memcpy(copy, p, n);
    return copy;
}

/* Decodes to b->out, from and to blocks of exactly the right size, so that the sanitizer sees a read or write beside
 * them; without it, the bytes behind the output tell. */
static bool decode(bench *b, const uint8_t *in, size_t in_n, size_t out_n)
{
    uint8_t *exact_in = copy_of(in, in_n), *exact_out = copy_of(b->out, out_n);
    bool good = xpress_decode(b->decoder, exact_in, in_n, exact_out, out_n);
    memset(b->out, 0xA5, sizeof b->out);
    assert_true(xpress_decode(b->decoder, exact_in, in_n, b->out, out_n) == good);
    for (size_t i = out_n; i < out_n + GUARD && i < sizeof b->out; i++) assert_int_equal(b->out[i], 0xA5);
    if (good && out_n) assert_memory_equal(b->out, exact_out, out_n);
    free(exact_in);
    free(exact_out);
    return good;
}

/* Length of the packed form of plain[0..n), after a look that it comes back as it was. */
static size_t round_trip(bench *b, size_t n)
{
    size_t packed = xpress_encode(b->encoder, b->plain, n, b->packed);
    assert_true(packed > 256);
    assert_true(decode(b, b->packed, packed, n));
    assert_memory_equal(b->out, b->plain, n);
    return packed;
}

/* ---- round trips ---- */

static void one_byte_comes_back(void **state)
{
    bench *b = *state;
    for (unsigned v = 0; v < 256; v += 51) {
        b->plain[0] = (uint8_t)v;
        round_trip(b, 1);
    }
}

static void runs_of_one_byte_come_back_at_every_length(void **state)
{
    bench *b = *state;
    memset(b->plain, 0x20, sizeof b->plain);
    for (size_t n = 1; n < 1200; n++) round_trip(b, n);
    /* Around the places where a length gets an extra byte, two, or leaves 16 bits. */
    static const size_t lengths[] = {17, 18, 19, 272, 273, 274, 275, 4096, 65534, 65535, 65536};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) round_trip(b, lengths[i]);
}

static void short_periods_come_back(void **state)
{
    bench *b = *state;
    for (size_t period = 1; period <= 40; period++) {
        for (size_t i = 0; i < 5000; i++) b->plain[i] = (uint8_t)(i % period * 7 + period);
        for (size_t n = 4900; n < 4960; n++) round_trip(b, n);
    }
}

static void every_offset_length_comes_back(void **state)
{
    bench *b = *state;
    uint32_t seed = 7;
    /* Sixteen bytes that occur nowhere else, then filling, then the same sixteen: a match at offset `gap`. */
    for (size_t gap = 16; gap < XPRESS_IN_MAX - 16; gap += 1 + gap / 9) {
        for (size_t i = 0; i < gap + 16; i++) b->plain[i] = (uint8_t)(next_random(&seed) & 63);
        for (size_t i = 0; i < 16; i++) b->plain[i] = b->plain[gap + i] = (uint8_t)(200 + i);
        round_trip(b, gap + 16);
    }
}

static void longest_offset_comes_back(void **state)
{
    bench *b = *state;
    uint32_t seed = 99;
    for (size_t i = 0; i < XPRESS_IN_MAX; i++) b->plain[i] = (uint8_t)(next_random(&seed) % 10);
    static const size_t ends[] = {65533, 65530};
    for (size_t i = 0; i < 2; i++) {
        memcpy(b->plain, "\xF0\xF1\xF2\xF3", 4);
        memcpy(b->plain + ends[i] - (i ? 1 : 0), "\xF0\xF1\xF2\xF3", i ? 4 : 3);
        round_trip(b, XPRESS_IN_MAX);
    }
}

static void random_bytes_either_come_back_or_do_not_fit(void **state)
{
    bench *b = *state;
    uint32_t seed = 1;
    for (size_t i = 0; i < XPRESS_IN_MAX; i++) b->plain[i] = (uint8_t)(next_random(&seed) >> 11);
    assert_int_equal(xpress_encode(b->encoder, b->plain, XPRESS_IN_MAX, b->packed), 0);
    round_trip(b, 60000);
    round_trip(b, 511);
    assert_int_equal(xpress_encode(b->encoder, b->plain, 0, b->packed), 0);
    assert_int_equal(xpress_encode(b->encoder, b->plain, XPRESS_IN_MAX + 1, b->packed), 0);
}

static void codes_of_fifteen_bits_come_back(void **state)
{
    bench *b = *state;
    /* Fibonacci frequencies make a tree deeper than any code may be; shuffled so that there are few matches. */
    size_t n = 0;
    for (size_t v = 0, f = 1, g = 1; n + f <= 60000; v++) {
        for (size_t k = 0; k < f; k++) b->plain[n++] = (uint8_t)v;
        size_t sum = f + g;
        f = g;
        g = sum;
    }
    uint32_t seed = 5;
    for (size_t i = n - 1; i > 0; i--) {
        size_t j = next_random(&seed) % (i + 1);
        uint8_t t = b->plain[i];
        b->plain[i] = b->plain[j];
        b->plain[j] = t;
    }
    round_trip(b, n);
    unsigned longest = 0;
    for (size_t i = 0; i < 256; i++) {
        if ((b->packed[i] & 15U) > longest) longest = b->packed[i] & 15U;
        if (b->packed[i] >> 4 > longest) longest = b->packed[i] >> 4;
    }
    assert_true(longest > 12 && longest <= 15);
}

/* A mix of everything: stretches of noise, of copies from anywhere before, of runs and of page-like rows. */
static size_t fill_mixed(bench *b, uint32_t *seed)
{
    size_t n = 1 + next_random(seed) % XPRESS_IN_MAX, at = 0;
    unsigned alphabet = 1 + next_random(seed) % 256;
    while (at < n) {
        size_t piece = 1 + next_random(seed) % (next_random(seed) % 4 ? 30 : 3000);
        if (piece > n - at) piece = n - at;
        size_t from = at ? next_random(seed) % at : 0;
        switch (at ? next_random(seed) % 4 : 0) {
        case 0:
            for (size_t i = 0; i < piece; i++) b->plain[at + i] = (uint8_t)(next_random(seed) % alphabet);
            break;
        case 1: memset(b->plain + at, (int)(next_random(seed) % alphabet), piece); break;
        case 2:
            for (size_t i = 0; i < piece; i++) b->plain[at + i] = b->plain[from + i];
            break;
        default:
            for (size_t i = 0; i < piece; i++) b->plain[at + i] = (uint8_t)(i % 4 ? 0 : at + i);
        }
        at += piece;
    }
    return n;
}

static void mixed_data_come_back(void **state)
{
    bench *b = *state;
    uint32_t seed = 20240229;
    for (unsigned k = 0; k < 400; k++) {
        size_t n = fill_mixed(b, &seed);
        size_t packed = xpress_encode(b->encoder, b->plain, n, b->packed);
        if (packed == 0) continue;
        assert_true(decode(b, b->packed, packed, n));
        assert_memory_equal(b->out, b->plain, n);
    }
}

/* ---- pieces made by hand ---- */

static void set_code(uint8_t *table, unsigned symbol, unsigned bits)
{
    table[symbol / 2] = (uint8_t)(table[symbol / 2] | bits << (symbol & 1 ? 4 : 0));
}

/* 'a' is 0, the end mark 10, the match with escaped length and two offset bits (4 to 7) 11. */
static size_t by_hand(uint8_t *p, const char *bits, const char *extra, size_t extra_n)
{
    memset(p, 0, 300);
    set_code(p, 'a', 1);
    set_code(p, 256, 2);
    set_code(p, 256 + 2 * 16 + 15, 2);
    unsigned unit = 0;
    for (unsigned i = 0; bits[i]; i++) unit |= (unsigned)(bits[i] == '1') << (15 - i);
    p[256] = (uint8_t)unit;
    p[257] = (uint8_t)(unit >> 8);
    if (extra_n) memcpy(p + 260, extra, extra_n);
    return 260 + extra_n;
}

static void bits_are_read_as_the_format_says(void **state)
{
    bench *b = *state;
    uint8_t p[300];
    /* aaaa, a match of length 15 + 2 + 3 at offset 4 + 1 - but only 4 bytes are there yet. */
    size_t n = by_hand(p, "00001101", "\x02", 1);
    assert_false(decode(b, p, n, 24));
    n = by_hand(p, "0000011011", "\x02", 1); /* five, offset 4 + 1, then the match's code again would follow */
    assert_true(decode(b, p, n, 25));
    for (size_t i = 0; i < 25; i++) assert_int_equal(b->out[i], 'a');
    assert_false(decode(b, p, n, 24)); /* the match ends behind the last byte */
}

static void offset_before_the_first_byte_is_refused(void **state)
{
    bench *b = *state;
    uint8_t p[320] = {0};
    set_code(p, 'a', 1);
    set_code(p, 256, 2);
    set_code(p, 256 + 5 * 16, 2); /* three bytes from 32 to 63 before */
    for (unsigned literals = 0; literals < 34; literals++) {
        memset(p + 256, 0, sizeof p - 256);
        for (size_t bit = literals; bit < literals + 2; bit++) {
            uint8_t *byte = p + 256 + bit / 16 * 2 + (bit % 16 < 8);
            *byte = (uint8_t)(*byte | 0x80U >> bit % 8);
        }
        /* 442 literals and the match of 2 + 5 bits end in the last of 29 units. */
        assert_true(decode(b, p, 256 + 29 * 2, 442 + 3) == (literals >= 32));
    }
}

static void extra_lengths_below_their_escape_are_refused(void **state)
{
    bench *b = *state;
    uint8_t p[300];
    size_t n = by_hand(p, "00000110110", "\xFF\x0F\x00", 3); /* 16-bit form of 15: the least there is */
    assert_true(decode(b, p, n, 5 + 18));
    n = by_hand(p, "00000110110", "\xFF\x0E\x00", 3);
    assert_false(decode(b, p, n, 5 + 17));
    n = by_hand(p, "00000110110", "\xFF\x00\x00\x2C\x01\x00\x00", 7); /* 32-bit form of 300 */
    assert_true(decode(b, p, n, 5 + 303));
    n = by_hand(p, "00000110110", "\xFF\x00\x00\xFF\xFF\xFF\xFF", 7);
    assert_false(decode(b, p, n, 65536));
}

static void cut_extra_lengths_are_refused(void **state)
{
    bench *b = *state;
    uint8_t p[300];
    for (size_t n = 0; n < 7; n++) {
        by_hand(p, "00000110110", "\xFF\x00\x00\x2C\x01\x00\x00", 7);
        assert_false(decode(b, p, 260 + n, 5 + 303));
    }
}

static void only_complete_tables_are_accepted(void **state)
{
    bench *b = *state;
    uint8_t p[300];
    size_t n = by_hand(p, "00000", "", 0);
    assert_true(decode(b, p, n, 5));
    set_code(p, 'b', 15); /* one code too many */
    assert_false(decode(b, p, n, 5));
    by_hand(p, "00000", "", 0);
    p[256 / 2] = 0; /* the end mark's quarter of the code space is empty */
    assert_false(decode(b, p, n, 5));
    memset(p, 0, 256); /* no code at all */
    assert_false(decode(b, p, n, 5));
    set_code(p, 'a', 1); /* a single code */
    assert_false(decode(b, p, n, 5));
    memset(p, 0xFF, 256); /* 512 codes of 15 bits: far from full */
    assert_false(decode(b, p, n, 5));
    memset(p, 0x11, 256); /* 512 codes of 1 bit */
    assert_false(decode(b, p, n, 5));
}

static void sizes_beyond_the_format_are_refused(void **state)
{
    bench *b = *state;
    memset(b->plain, 1, sizeof b->plain);
    size_t n = round_trip(b, XPRESS_IN_MAX);
    assert_false(decode(b, b->packed, n, 0));
    assert_false(xpress_decode(b->decoder, b->packed, n, b->out, XPRESS_IN_MAX + 1));
    assert_false(decode(b, b->packed, 0, 1));
    assert_false(decode(b, b->packed, 256, 1));
}

/* ---- damage ---- */

static void truncated_input_never_gives_the_whole_piece_unseen(void **state)
{
    bench *b = *state;
    uint32_t seed = 77;
    for (size_t i = 0; i < 3000; i++) b->plain[i] = (uint8_t)(next_random(&seed) % 20);
    size_t n = round_trip(b, 3000);
    for (size_t cut = 0; cut < n; cut++) {
        /* The last 4 bytes hold the end mark and the unit read ahead; without them all output may still be there. */
        if (decode(b, b->packed, cut, 3000)) {
            assert_true(n - cut <= 4);
            assert_memory_equal(b->out, b->plain, 3000);
        }
    }
}

static void input_left_over_is_refused(void **state)
{
    bench *b = *state;
    uint32_t seed = 78;
    for (size_t i = 0; i < 3000; i++) b->plain[i] = (uint8_t)(next_random(&seed) % 20);
    size_t n = round_trip(b, 3000);
    memset(b->packed + n, 0, 8);
    assert_false(decode(b, b->packed, n + 4, 3000));
    assert_false(decode(b, b->packed, n, 2900));
    assert_false(decode(b, b->packed, n, 3100));
}

static void shorter_output_than_the_piece_is_refused_and_not_overrun(void **state)
{
    bench *b = *state;
    uint32_t seed = 79;
    for (size_t i = 0; i < 2000; i++) b->plain[i] = (uint8_t)(next_random(&seed) % 40);
    for (size_t i = 100; i + 60 < 2000; i += 61) memcpy(b->plain + i, b->plain + i - 90, 17 + i % 40);
    size_t n = round_trip(b, 2000);
    for (size_t out_n = 1; out_n < 1980; out_n++) assert_false(decode(b, b->packed, n, out_n));
}

static void flipped_bits_never_write_outside(void **state)
{
    bench *b = *state;
    uint32_t seed = 4711;
    for (unsigned round = 0; round < 40; round++) {
        size_t n = fill_mixed(b, &seed) % 4000 + 1;
        size_t packed = xpress_encode(b->encoder, b->plain, n, b->packed);
        if (packed == 0) continue;
        for (unsigned k = 0; k < 100; k++) {
            size_t at = k % 2 ? next_random(&seed) % packed : 256 + next_random(&seed) % (packed - 256);
            uint8_t before = b->packed[at];
            b->packed[at] = (uint8_t)(before ^ 1U << next_random(&seed) % 8);
            decode(b, b->packed, packed, n);
            b->packed[at] = before;
        }
    }
}

static void noise_behind_a_good_table_never_writes_outside(void **state)
{
    bench *b = *state;
    uint32_t seed = 815;
    fill_mixed(b, &seed);
    memset(b->plain + 20000, 7, 2000);
    assert_true(xpress_encode(b->encoder, b->plain, 22000, b->packed) > 0);
    for (unsigned k = 0; k < 500; k++) {
        size_t n = 260 + next_random(&seed) % 4000;
        for (size_t i = 256; i < n; i++) b->packed[i] = (uint8_t)(next_random(&seed) >> 9);
        decode(b, b->packed, n, 1 + next_random(&seed) % XPRESS_IN_MAX);
    }
}

static void state_can_live_in_memory_of_the_caller(void **state)
{
    bench *b = *state;
    memset(b->plain, 'x', 100);
    size_t n = round_trip(b, 100);
    void *memory = malloc(xpress_state_bytes());
    assert_non_null(memory);
    memset(memory, 0xEE, xpress_state_bytes());
    xpress_state *x = xpress_place(memory);
    assert_true(xpress_decode(x, b->packed, n, b->out, 100));
    assert_memory_equal(b->out, b->plain, 100);
    free(memory);
}

/* ---- real backups ---- */

enum { CONTAINER_HEADER = 0x1E0, RECORD_HEADER = 28, RECORD_FLAGS = 0x21, PAGE = 8192, EXTENT = 65536 };

static uint32_t record_checksum(const uint8_t *p, size_t n)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < n; i += 4) {
        uint8_t word[4] = {0};
        memcpy(word, p + i, n - i < 4 ? n - i : 4);
        sum = rotl32(sum, 1) ^ le32(word);
    }
    return sum;
}

static bool page_checksum_is_right(const uint8_t *page)
{
    uint32_t sum = 0;
    for (uint32_t sector = 0; sector < 16; sector++) {
        uint32_t x = 0;
        for (unsigned i = 0; i < 512; i += 4) {
            if (sector || i != 60) x ^= le32(page + (size_t)sector * 512 + i);
        }
        sum ^= rotl32(x, 15 - sector);
    }
    return sum == le32(page + 60);
}

typedef struct tally {
    unsigned records, pages, wrong_pages;
} tally;

/* Pages of an extent that say they carry a checksum. Log blocks can look like a page at first, but not of file 1. */
static void count_pages(const uint8_t *extent, tally *t)
{
    for (const uint8_t *page = extent; page < extent + EXTENT; page += PAGE) {
        if (page[0] != 1 || !(le16(page + 4) & 0x200) || le16(page + 36) != 1) continue;
        t->pages++;
        t->wrong_pages += !page_checksum_is_right(page);
    }
}

static void walk_backup(bench *b, const char *path, tally *t)
{
    FILE *f = fopen(path, "rb");
    if (!f) return;
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    size_t n = (size_t)ftell(f);
    assert_int_equal(fseek(f, 0, SEEK_SET), 0);
    uint8_t *p = malloc(n);
    assert_non_null(p);
    assert_int_equal(fread(p, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    for (size_t at = CONTAINER_HEADER; at + RECORD_HEADER <= n;) {
        size_t packed = le16(p + at + 2), size = p[at + 1] * (size_t)512, data = at + RECORD_HEADER;
        bool record = p[at] == RECORD_FLAGS && size && packed && packed <= n - data &&
                      record_checksum(p + data, packed) == le32(p + at + 24);
        if (!record) { /* padding or a file mark, up to the next block */
            at = (at / 512 + 1) * 512;
            continue;
        }
        assert_true(decode(b, p + data, packed, size));
        t->records++;
        if (size == EXTENT) count_pages(b->out, t);
        at = data + packed;
    }
    free(p);
}

static void every_record_of_the_corpus_decodes_to_sound_pages(void **state)
{
    bench *b = *state;
    tally t = {0, 0, 0};
    walk_backup(b, CHARTFERRY_CORPUS "/tsql2012_compressed.bak", &t);
    walk_backup(b, CHARTFERRY_CORPUS "/tutorialdb_compressed.bak", &t);
    if (t.records == 0) {
        puts("skipped: corpus absent");
        skip();
    }
    assert_int_equal(t.records, 174);
    assert_true(t.pages > 900);
    assert_int_equal(t.wrong_pages, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_byte_comes_back),
        cmocka_unit_test(runs_of_one_byte_come_back_at_every_length),
        cmocka_unit_test(short_periods_come_back),
        cmocka_unit_test(every_offset_length_comes_back),
        cmocka_unit_test(longest_offset_comes_back),
        cmocka_unit_test(random_bytes_either_come_back_or_do_not_fit),
        cmocka_unit_test(codes_of_fifteen_bits_come_back),
        cmocka_unit_test(mixed_data_come_back),
        cmocka_unit_test(bits_are_read_as_the_format_says),
        cmocka_unit_test(offset_before_the_first_byte_is_refused),
        cmocka_unit_test(extra_lengths_below_their_escape_are_refused),
        cmocka_unit_test(cut_extra_lengths_are_refused),
        cmocka_unit_test(only_complete_tables_are_accepted),
        cmocka_unit_test(sizes_beyond_the_format_are_refused),
        cmocka_unit_test(truncated_input_never_gives_the_whole_piece_unseen),
        cmocka_unit_test(input_left_over_is_refused),
        cmocka_unit_test(shorter_output_than_the_piece_is_refused_and_not_overrun),
        cmocka_unit_test(flipped_bits_never_write_outside),
        cmocka_unit_test(noise_behind_a_good_table_never_writes_outside),
        cmocka_unit_test(state_can_live_in_memory_of_the_caller),
        cmocka_unit_test(every_record_of_the_corpus_decodes_to_sound_pages),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
