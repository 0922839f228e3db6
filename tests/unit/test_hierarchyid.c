/* hierarchyid: bytes to path. */
#include "base/arena.h"
#include "sqltype/sqltype.h"
#include "testing.h"
#include <inttypes.h>
#include <stdlib.h>

typedef struct vector {
    const char *hex, *path;
} vector;

/* Pairs taken from a running SQL Server by the public test suite mssqlbak-tests (test_hierarchyid.py: each is
 * CAST(hierarchyid::Parse(path) AS varbinary)); the second example of [MS-SSCLRT] section 3.2 (59fb0540); the three
 * levels of 48-bit ordinals are a test of the public library dotMorten/Microsoft.SqlServer.Types. */
static const vector KNOWN[] = {
    {"", "/"},
    {"58", "/1/"},
    {"48", "/0/"},
    {"68", "/2/"},
    {"5b5e", "/1/2/3/"},
    {"62c0", "/1.1/"},
    {"5b5f0c60", "/1/2/3/4/5/"},
    {"3f80", "/-1/"},
    {"e026783b10", "/100/200/"},
    {"e02540", "/98/"},
    {"5ac0", "/1/1/"},
    {"5292", "/0.0.0/"},
    {"3b96fc", "/-5/-9/"},
    {"e26440", "/256/"},
    {"f00088", "/1104/"},
    {"f80000000220", "/5200/"},
    {"59fb0540", "/1/-2.18/"},
    {"fe61634711d0212fcf9037e3c09910fa9b70b963ffe4c2ecd40b6639f9ba4617e331321f5c7cd0405ff301c01cda1ae63fd1454c39f00ed3e"
     "b34"
     "b058d980",
     "/167515058144400.68456395185647.2799456567/221588961120181.60793214790911.3103372627/"
     "52901172697923.230105430619337.3008044937/"},
};

static size_t unhex(const char *hex, uint8_t *out, size_t room)
{
    size_t n = strlen(hex) / 2;
    assert_true(n <= room);
    for (size_t i = 0; i < n; i++) {
        char two[3] = {hex[2 * i], hex[2 * i + 1], 0};
        out[i] = (uint8_t)strtoul(two, NULL, 16);
    }
    return n;
}

static void known_pairs_decode(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
        uint8_t bytes[128];
        size_t n = unhex(KNOWN[i].hex, bytes, sizeof bytes);
        buf out = buf_new(4096);
        assert_true(hierarchyid_text((sv){(const char *)bytes, n}, &out));
        assert_int_equal(out.n, strlen(KNOWN[i].path));
        assert_memory_equal(out.p, KNOWN[i].path, out.n);
        buf_free(&out);
    }
}

/* An encoder of its own making: ranges and widths as FORMAT-clr.md lists them, the fixed bits as masks, so that a slip
 * in the decoder's table does not repeat here. */
typedef struct range {
    int64_t first, last;
    const char *head;  /* bits before the offset */
    const char *group; /* widths of the offset's groups, with the fixed bit in front of every group but the first */
} range;
static const range RANGES[] = {
    {-281479271682120, -4294971465, "000100", "e l0 60 30 10 31"},
    {-4294971464, -4169, "000101", "j 60 30 10 31"},
    {-4168, -73, "000110", "5 30 10 31"},
    {-72, -9, "0010", "2 10 31"},
    {-8, -1, "00111", "3"},
    {0, 3, "01", "2"},
    {4, 7, "100", "2"},
    {8, 15, "101", "3"},
    {16, 79, "110", "2 10 31"},
    {80, 1103, "1110", "3 30 10 31"},
    {1104, 5199, "11110", "5 30 10 31"},
    {5200, 4294972495, "111110", "j 60 30 10 31"},
    {4294972496, 281479271683151, "111111", "e l0 60 30 10 31"},
};

typedef struct bits {
    uint8_t p[64];
    size_t n;
} bits;

static void put_bit(bits *b, unsigned bit)
{
    assert_true(b->n < sizeof b->p * 8);
    if (bit) b->p[b->n / 8] |= (uint8_t)(0x80u >> b->n % 8);
    b->n++;
}

static unsigned width_of(char c) { return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10; }

static void put_ordinal(bits *b, int64_t ordinal, bool ends_level)
{
    int64_t coded = ends_level ? ordinal : ordinal + 1;
    const range *r = RANGES;
    while (coded > r->last) r++;
    assert_true(coded >= r->first);
    for (const char *h = r->head; *h; h++) put_bit(b, *h == '1');
    unsigned left = 0;
    for (const char *g = r->group; *g; g++) {
        left += width_of(*g);
        if (g[1] == '0' || g[1] == '1') g++;
        if (g[1] == ' ') g++;
    }
    uint64_t offset = (uint64_t)(coded - r->first);
    for (const char *g = r->group; *g; g++) {
        unsigned width = width_of(*g);
        if (g[1] == '0' || g[1] == '1') put_bit(b, *++g == '1');
        for (; width; width--) put_bit(b, offset >> --left & 1);
        if (g[1] == ' ') g++;
    }
    put_bit(b, ends_level);
}

static void both_ends_of_every_range_decode_as_level_and_as_dotted_label(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof RANGES / sizeof RANGES[0]; i++) {
        const int64_t ends[] = {RANGES[i].first, RANGES[i].first + 1, RANGES[i].last - 1, RANGES[i].last};
        for (size_t k = 0; k < 4; k++) {
            bits b = {{0}, 0};
            bool dotted = ends[k] < RANGES[12].last; /* the very last ordinal has no successor to stand for it */
            if (dotted) put_ordinal(&b, ends[k], false);
            put_ordinal(&b, ends[k], true);
            put_ordinal(&b, 1, true);
            char want[96];
            int n = dotted ? snprintf(want, sizeof want, "/%" PRId64 ".%" PRId64 "/1/", ends[k], ends[k])
                           : snprintf(want, sizeof want, "/%" PRId64 "/1/", ends[k]);
            buf out = buf_new(4096);
            assert_true(hierarchyid_text((sv){(const char *)b.p, (b.n + 7) / 8}, &out));
            assert_int_equal(out.n, n);
            assert_memory_equal(out.p, want, out.n);
            buf_free(&out);
        }
    }
}

static void bits_that_are_no_encoding_are_refused_and_leave_nothing_behind(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "ffff",             /* code cut off */
        "00",               /* a byte of filling that no encoder writes */
        "5800",             /* the same behind a value */
        "50",               /* /0. without the end of its level */
        "c100",             /* fixed bit of the 16..79 code wrong */
        "0800000000000000", /* 00001: no code */
        "59",               /* filling with a 1 */
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        uint8_t bytes[16];
        size_t n = unhex(BAD[i], bytes, sizeof bytes);
        buf out = buf_new(4096);
        buf_str(&out, "kept");
        assert_false(hierarchyid_text((sv){(const char *)bytes, n}, &out));
        assert_int_equal(out.n, 4);
        buf_free(&out);
    }
    uint8_t *long_one = calloc(893, 1);
    assert_non_null(long_one);
    memset(long_one, 0x5a, 893);
    buf out = buf_new(1 << 16);
    assert_false(hierarchyid_text((sv){(const char *)long_one, 893}, &out));
    buf_free(&out);
    free(long_one);
}

/* Every cut and every changed byte: some text or a refusal; the sanitizers watch the reads (the copy has no byte to
 * spare). */
static void damage_never_reads_past_the_end(void **state)
{
    (void)state;
    uint8_t whole[128];
    size_t n = unhex(KNOWN[sizeof KNOWN / sizeof KNOWN[0] - 1].hex, whole, sizeof whole);
    buf out = buf_new(1 << 16);
    for (size_t cut = 0; cut <= n; cut++) {
        uint8_t *copy = malloc(cut ? cut : 1);
        assert_non_null(copy);
        memcpy(copy, whole, cut);
        bool ok = hierarchyid_text((sv){(const char *)copy, cut}, &out);
        assert_true(ok ? out.p[out.n - 1] == '/' : out.n == 0);
        free(copy);
        buf_clear(&out);
    }
    for (size_t at = 0; at < n; at++) {
        for (unsigned v = 0; v < 256; v++) {
            uint8_t was = whole[at];
            whole[at] = (uint8_t)v;
            bool ok = hierarchyid_text((sv){(const char *)whole, n}, &out);
            assert_true(ok ? out.n > 1 && out.p[out.n - 1] == '/' : out.n == 0);
            whole[at] = was;
            buf_clear(&out);
        }
    }
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_pairs_decode),
        cmocka_unit_test(both_ends_of_every_range_decode_as_level_and_as_dotted_label),
        cmocka_unit_test(bits_that_are_no_encoding_are_refused_and_leave_nothing_behind),
        cmocka_unit_test(damage_never_reads_past_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
