/* sqltype.h: each type at its edges, stored plainly, compressed, and inside sql_variant. */
#include "base/arena.h"
#include "source/value_text.h"
#include "sqltype/sqltype.h"
#include "testing.h"
#include <stdlib.h>
#include <string.h>

typedef bool (*decoder)(const sqltype *t, sv in, arena *mem, value *out, sqltype_notes *notes);

static bool decode_variant(const sqltype *t, sv in, arena *mem, value *out, sqltype_notes *notes)
{
    (void)t;
    return sqltype_variant(in, mem, out, notes);
}

static const uint8_t *bytes_of(const char *hex, size_t *n)
{
    static uint8_t out[8192];
    *n = 0;
    for (; hex[0] && hex[1]; hex += hex[2] == ' ' ? 3 : 2) {
        char pair[3] = {hex[0], hex[1], 0};
        out[(*n)++] = (uint8_t)strtoul(pair, NULL, 16);
    }
    /* A block of its own, so that a read beyond the value is one beyond the block. */
    uint8_t *exact = malloc(*n ? *n : 1);
    memcpy(exact, out, *n);
    return exact;
}

/* The text of the value, or "unreadable". */
static void assert_prints(decoder decode, sqltype t, const char *hex, const char *expected)
{
    arena *mem = arena_new(0);
    buf b = buf_new(100000);
    value v;
    memset(&v, 0, sizeof v);
    sqltype_notes notes = {0};
    size_t n;
    const uint8_t *p = bytes_of(hex, &n);
    if (decode(&t, (sv){(const char *)p, n}, mem, &v, &notes))
        value_text(&v, &b);
    else
        buf_str(&b, "unreadable");
    buf_char(&b, 0);
    assert_string_equal(b.p, expected);
    free((void *)(uintptr_t)p);
    buf_free(&b);
    arena_free(mem);
}

#define TYPE(...)                       ((sqltype){.xtype = __VA_ARGS__})
#define plain(type, hex, expected)      assert_prints(sqltype_decode, type, hex, expected)
#define compressed(type, hex, expected) assert_prints(sqltype_decode_compressed, type, hex, expected)
#define variant(hex, expected)          assert_prints(decode_variant, TYPE(0), hex, expected)

static void integers_read_at_their_edges(void **state)
{
    (void)state;
    plain(TYPE(XT_TINYINT), "00", "0");
    plain(TYPE(XT_TINYINT), "ff", "255");
    plain(TYPE(XT_SMALLINT), "0080", "-32768");
    plain(TYPE(XT_SMALLINT), "ff7f", "32767");
    plain(TYPE(XT_INT), "00000080", "-2147483648");
    plain(TYPE(XT_INT), "ffffff7f", "2147483647");
    plain(TYPE(XT_INT), "ffffffff", "-1");
    plain(TYPE(XT_BIGINT), "0000000000000080", "-9223372036854775808");
    plain(TYPE(XT_BIGINT), "ffffffffffffff7f", "9223372036854775807");
    plain(TYPE(XT_BIT), "01", "1");
    plain(TYPE(XT_BIT), "00", "0");
    plain(TYPE(XT_BIT), "02", "unreadable");
}

static void a_wrong_length_is_unreadable(void **state)
{
    (void)state;
    static const struct {
        uint8_t xtype, precision, scale;
    } fixed[] = {{XT_TINYINT, 0, 0},    {XT_SMALLINT, 0, 0},       {XT_INT, 0, 0},       {XT_BIGINT, 0, 0},
                 {XT_BIT, 0, 0},        {XT_REAL, 0, 0},           {XT_FLOAT, 0, 0},     {XT_MONEY, 0, 0},
                 {XT_SMALLMONEY, 0, 0}, {XT_DATE, 0, 0},           {XT_DATETIME, 0, 0},  {XT_SMALLDATETIME, 0, 0},
                 {XT_TIME, 0, 0},       {XT_TIME, 0, 3},           {XT_TIME, 0, 7},      {XT_DATETIME2, 0, 7},
                 {XT_GUID, 0, 0},       {XT_DATETIMEOFFSET, 0, 7}, {XT_ROWVERSION, 0, 0}};
    static const char zeros[20];
    arena *mem = arena_new(0);
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        sqltype t = {.xtype = fixed[i].xtype, .precision = fixed[i].precision, .scale = fixed[i].scale};
        sqltype_notes notes = {0};
        value v;
        for (size_t n = 0; n <= sizeof zeros; n++)
            assert_int_equal(sqltype_decode(&t, (sv){zeros, n}, mem, &v, &notes), n == sqltype_fixed_bytes(&t));
    }
    arena_free(mem);
}

static void decimals_read_by_sign_and_magnitude(void **state)
{
    (void)state;
    plain(TYPE(XT_DECIMAL, .precision = 9, .scale = 2), "01 e2040000", "12.50");
    plain(TYPE(XT_DECIMAL, .precision = 9, .scale = 2), "00 e2040000", "-12.50");
    plain(TYPE(XT_NUMERIC, .precision = 5, .scale = 3), "00 39300000", "-12.345");
    plain(TYPE(XT_DECIMAL, .precision = 17, .scale = 5), "01 b9e35db640700000", "1234232398.24313");
    plain(TYPE(XT_DECIMAL, .precision = 9, .scale = 2), "00 00000000", "0.00"); /* no negative zero */
    plain(TYPE(XT_DECIMAL, .precision = 9, .scale = 2), "02 00000000", "unreadable");
    plain(TYPE(XT_DECIMAL, .precision = 9, .scale = 0), "01 ffc99a3b", "999999999");
    plain(TYPE(XT_DECIMAL, .precision = 9, .scale = 0), "01 00ca9a3b", "unreadable"); /* ten digits */
    plain(TYPE(XT_DECIMAL, .precision = 38, .scale = 0), "01 ffffffff3f228a097ac4865aa84c3b4b",
          "99999999999999999999999999999999999999");
    plain(TYPE(XT_DECIMAL, .precision = 38, .scale = 0), "01 000000004022 8a097ac4865aa84c3b4b", "unreadable");
    plain(TYPE(XT_DECIMAL, .precision = 28, .scale = 4), "01 01000000 00000000 01000000", "1844674407370955.1617");
    plain(TYPE(XT_DECIMAL, .precision = 38, .scale = 10), "01 07000000",
          "0.0000000007"); /* shorter than the precision asks for */
    plain(TYPE(XT_DECIMAL, .precision = 9, .scale = 2), "01 0700000000000000", "0.07"); /* longer */
    plain(TYPE(XT_DECIMAL, .precision = 9, .scale = 2), "01", "unreadable");
    plain(TYPE(XT_DECIMAL, .precision = 9, .scale = 2), "", "unreadable");
    plain(TYPE(XT_DECIMAL, .precision = 9, .scale = 2), "01 070000", "unreadable");
    plain(TYPE(XT_DECIMAL, .precision = 9, .scale = 10), "01 07000000", "unreadable");
    plain(TYPE(XT_DECIMAL, .precision = 40, .scale = 39), "01 07000000", "unreadable");
}

static void money_has_four_decimals(void **state)
{
    (void)state;
    plain(TYPE(XT_MONEY), "e803000000000000", "0.1000");
    plain(TYPE(XT_MONEY), "0000000000000080", "-922337203685477.5808");
    plain(TYPE(XT_MONEY), "ffffffffffffff7f", "922337203685477.5807");
    plain(TYPE(XT_SMALLMONEY), "00000080", "-214748.3648");
    plain(TYPE(XT_SMALLMONEY), "ffffff7f", "214748.3647");
}

static void floats_print_shortest(void **state)
{
    (void)state;
    plain(TYPE(XT_FLOAT), "9a9999999999b93f", "0.1");
    plain(TYPE(XT_REAL), "cdcccc3d", "0.1");
    plain(TYPE(XT_REAL), "0000c0bf", "-1.5");
    plain(TYPE(XT_FLOAT), "000000000000f07f", "Infinity");
    plain(TYPE(XT_REAL), "0000c07f", "NaN");
}

static void datetime_rounds_thirds_of_a_hundredth_second(void **state)
{
    (void)state;
    plain(TYPE(XT_DATETIME), "00000000 00000000", "1900-01-01 00:00:00.000");
    plain(TYPE(XT_DATETIME), "01000000 00000000", "1900-01-01 00:00:00.003");
    plain(TYPE(XT_DATETIME), "02000000 00000000", "1900-01-01 00:00:00.007");
    plain(TYPE(XT_DATETIME), "03000000 00000000", "1900-01-01 00:00:00.010");
    plain(TYPE(XT_DATETIME), "ff818b01 00000000", "1900-01-01 23:59:59.997");
    plain(TYPE(XT_DATETIME), "00828b01 00000000", "unreadable");
    plain(TYPE(XT_DATETIME), "00000000 462effff", "1753-01-01 00:00:00.000");
    plain(TYPE(XT_DATETIME), "00000000 452effff", "unreadable");
    plain(TYPE(XT_DATETIME), "ff818b01 7f242d00", "9999-12-31 23:59:59.997");
    plain(TYPE(XT_DATETIME), "00000000 80242d00", "unreadable");
    plain(TYPE(XT_DATETIME), "00000000 00000080", "unreadable");
}

static void smalldatetime_counts_minutes(void **state)
{
    (void)state;
    plain(TYPE(XT_SMALLDATETIME), "0000 0000", "1900-01-01 00:00:00");
    plain(TYPE(XT_SMALLDATETIME), "9f05 ffff", "2079-06-06 23:59:00");
    plain(TYPE(XT_SMALLDATETIME), "a005 0000", "unreadable");
}

static void dates_and_times_read_at_every_scale(void **state)
{
    (void)state;
    plain(TYPE(XT_DATE), "000000", "0001-01-01");
    plain(TYPE(XT_DATE), "dab937", "9999-12-31");
    plain(TYPE(XT_DATE), "dbb937", "unreadable");
    plain(TYPE(XT_TIME, .scale = 0), "7f5101", "23:59:59");
    plain(TYPE(XT_TIME, .scale = 0), "805101", "unreadable");
    plain(TYPE(XT_TIME, .scale = 1), "ff2e0d", "23:59:59.9");
    plain(TYPE(XT_TIME, .scale = 2), "ffd583", "23:59:59.99");
    plain(TYPE(XT_TIME, .scale = 3), "ff5b2605", "23:59:59.999");
    plain(TYPE(XT_TIME, .scale = 4), "ff977f33", "23:59:59.9999");
    plain(TYPE(XT_TIME, .scale = 5), "ffeffb0202", "23:59:59.99999");
    plain(TYPE(XT_TIME, .scale = 6), "ff5fd71d14", "23:59:59.999999");
    plain(TYPE(XT_TIME, .scale = 7), "ffbf692ac9", "23:59:59.9999999");
    plain(TYPE(XT_TIME, .scale = 7), "00c0692ac9", "unreadable");
    plain(TYPE(XT_TIME, .scale = 8), "0000000000", "unreadable");
    plain(TYPE(XT_DATETIME2, .scale = 7), "07407c1dd200 000000", "unreadable"); /* nine bytes */
    plain(TYPE(XT_DATETIME2, .scale = 7), "ffbf692ac9 dab937", "9999-12-31 23:59:59.9999999");
    plain(TYPE(XT_DATETIME2, .scale = 0), "000000 5b950a", "1900-01-01 00:00:00");
}

static void datetimeoffset_is_handed_out_in_local_time(void **state)
{
    (void)state;
    const sqltype t = {.xtype = XT_DATETIMEOFFSET, .scale = 0};
    plain(t, "000000 5b950a 0000", "1900-01-01 00:00:00 +00:00");
    plain(t, "000000 5b950a c4ff", "1899-12-31 23:00:00 -01:00");
    plain(t, "7f5101 5b950a 3c00", "1900-01-02 00:59:59 +01:00");
    plain(t, "000000 5b950a 4803", "1900-01-01 14:00:00 +14:00");
    plain(t, "000000 5b950a b8fc", "1899-12-31 10:00:00 -14:00");
    plain(t, "000000 5b950a 4903", "unreadable");
    plain(t, "000000 5b950a b7fc", "unreadable");
    plain(t, "000000 000000 ffff", "unreadable"); /* before the year 1 */
    plain(t, "7f5101 dab937 0100", "unreadable"); /* after the year 9999 */
    plain(TYPE(XT_DATETIMEOFFSET, .scale = 7), "ffbf692ac9 5b950a 3c00", "1900-01-02 00:59:59.9999999 +01:00");
}

static void text_reads_by_its_code_page(void **state)
{
    (void)state;
    const codepage *latin = codepage_of(1252), *turkish = codepage_of(1254), *utf8 = codepage_of(65001);
    plain(TYPE(XT_VARCHAR, .cp = latin), "", "");
    plain(TYPE(XT_VARCHAR, .cp = latin), "4d fc 6c 6c 65 72 80", "M\u00fcller\u20ac");
    plain(TYPE(XT_VARCHAR, .cp = turkish), "de fd f0", "\u015e\u0131\u011f");
    plain(TYPE(XT_VARCHAR, .cp = utf8), "c3bc", "\u00fc");
    plain(TYPE(XT_VARCHAR, .cp = NULL), "61626364 65666768 69", "abcdefghi"); /* ASCII is the same in every page */
    plain(TYPE(XT_VARCHAR, .cp = NULL), "61626364 65666768 80", "unreadable");
    plain(TYPE(XT_CHAR, .cp = latin, .max_bytes = 4), "61622020", "ab  ");
    plain(TYPE(XT_TEXT, .cp = latin), "e9", "\u00e9");
}

static void unicode_text_reads_as_utf_16(void **state)
{
    (void)state;
    plain(TYPE(XT_NVARCHAR), "", "");
    plain(TYPE(XT_NVARCHAR), "6100 6200 6300 6400 6500 6600 6700", "abcdefg");
    plain(TYPE(XT_NVARCHAR), "6100 6200 6300 6400 6500 fc00", "abcde\u00fc");
    plain(TYPE(XT_NVARCHAR), "6100 6200 6300 6400 a000", "abcd\u00a0");
    plain(TYPE(XT_NVARCHAR), "6161 6200 6300 6400", "\u6161bcd");
    plain(TYPE(XT_NVARCHAR), "3dd8 00de", "\U0001F600");
    plain(TYPE(XT_NVARCHAR), "610062", "unreadable");
    plain(TYPE(XT_NCHAR, .max_bytes = 6), "6100 2000 2000", "a  ");
    plain(TYPE(XT_NTEXT), "ac20", "\u20ac");
}

static void text_that_needs_no_change_is_not_copied(void **state)
{
    (void)state;
    arena *mem = arena_new(0);
    const char stored[] = "Amalgam filling, two surfaces";
    sqltype_notes notes = {0};
    value v;
    sqltype t = {.xtype = XT_VARCHAR, .cp = codepage_of(1252)};
    assert_true(sqltype_decode(&t, SV_LIT(stored), mem, &v, &notes));
    assert_ptr_equal(v.as.text.p, stored);
    assert_int_equal(arena_bytes(mem), 0);
    arena_free(mem);
}

static void bad_text_is_counted(void **state)
{
    (void)state;
    arena *mem = arena_new(0);
    sqltype_notes notes = {0};
    value v;
    sqltype t = {.xtype = XT_NVARCHAR};
    assert_true(sqltype_decode(&t,
                               (sv){"\x3d\xd8"
                                    "a\0",
                                    4},
                               mem, &v, &notes));
    assert_int_equal(notes.bad_text, 1);
    assert_true(sv_eq(v.as.text, SV_LIT("\xEF\xBF\xBD"
                                        "a")));
    arena_free(mem);
}

static void long_text_takes_only_its_length_from_the_arena(void **state)
{
    (void)state;
    enum { UNITS = 32000 };
    arena *mem = arena_new(0);
    char *stored = malloc(2 * UNITS);
    for (size_t i = 0; i < UNITS; i++) {
        stored[2 * i] = i ? 'x' : '\xE9';
        stored[2 * i + 1] = 0;
    }
    sqltype_notes notes = {0};
    value v;
    sqltype t = {.xtype = XT_NVARCHAR};
    assert_true(sqltype_decode(&t, (sv){stored, 2 * UNITS}, mem, &v, &notes));
    assert_int_equal(v.as.text.n, UNITS + 1);
    assert_true(arena_bytes(mem) < 2 * UNITS);
    t = (sqltype){.xtype = XT_VARCHAR, .cp = codepage_of(1252)};
    arena *second = arena_new(0);
    assert_true(sqltype_decode(&t, (sv){stored, UNITS}, second, &v, &notes));
    assert_true(arena_bytes(second) < 2 * UNITS);
    free(stored);
    arena_free(mem);
    arena_free(second);
}

static void memory_that_ran_out_is_no_value(void **state)
{
    (void)state;
    arena *mem = arena_new(64);
    char stored[4000];
    memset(stored, 0xE9, sizeof stored);
    sqltype_notes notes = {0};
    value v;
    sqltype t = {.xtype = XT_VARCHAR, .cp = codepage_of(1252)};
    assert_false(sqltype_decode(&t, (sv){stored, sizeof stored}, mem, &v, &notes));
    assert_false(sqltype_decode(&t, (sv){stored, 100}, mem, &v, &notes));
    t = (sqltype){.xtype = XT_NVARCHAR};
    assert_false(sqltype_decode(&t, (sv){stored, sizeof stored}, mem, &v, &notes));
    t = (sqltype){.xtype = XT_CHAR, .max_bytes = 8000};
    assert_false(sqltype_decode_compressed(&t, (sv){"a", 1}, mem, &v, &notes));
    t = (sqltype){.xtype = XT_NCHAR, .max_bytes = 8000};
    assert_false(sqltype_decode_compressed(&t, (sv){"a", 1}, mem, &v, &notes));
    arena_free(mem);
}

static void bytes_and_identifiers_come_as_stored(void **state)
{
    (void)state;
    plain(TYPE(XT_VARBINARY), "00ff", "0x00ff");
    plain(TYPE(XT_BINARY, .max_bytes = 2), "0102", "0x0102");
    plain(TYPE(XT_IMAGE), "", "0x");
    plain(TYPE(XT_ROWVERSION), "00000000000007d1", "0x00000000000007d1");
    plain(TYPE(XT_GUID), "ff19966f 868b 11d0 b42d 00c04fc964ff", "6F9619FF-8B86-D011-B42D-00C04FC964FF");
    plain(TYPE(XT_UDT, .udt = 300), "0102", "0x0102");
    plain(TYPE(XT_UDT, .udt = UDT_HIERARCHYID), "5b5e", "/1/2/3/");
    plain(TYPE(XT_JSON), "00", "unreadable");
    plain(TYPE(XT_XML), "00", "unreadable");
    plain(TYPE(1), "00", "unreadable");
}

static void variants_print_as_their_base_type(void **state)
{
    (void)state;
    variant("3801 01000000", "1"); /* seen in real files, as the nvarchar one below */
    variant("e701 0802 08d00034 6d006900", "mi");
    variant("3001 ff", "255");
    variant("3401 ffff", "-1");
    variant("7f01 0100000000000000", "1");
    variant("6801 01", "1");
    variant("3b01 0000803f", "1");
    variant("3e01 000000000000f83f", "1.5");
    variant("3c01 e803000000000000", "0.1000");
    variant("7a01 e8030000", "0.1000");
    variant("2801 5b950a", "1900-01-01");
    variant("3a01 0100 0000", "1900-01-01 00:01:00");
    variant("3d01 00000000 00000000", "1900-01-01 00:00:00.000");
    variant("6a01 0902 01 e2040000", "12.50");
    variant("6c01 2604 00 0700000000000000 0000000000000000", "-0.0007");
    variant("2901 00 7f5101", "23:59:59");
    variant("2a01 03 00000000 5b950a", "1900-01-01 00:00:00.000");
    variant("2b01 00 000000 5b950a c4ff", "1899-12-31 23:00:00 -01:00");
    variant("2401 ff19966f 868b 11d0 b42d 00c04fc964ff", "6F9619FF-8B86-D011-B42D-00C04FC964FF");
    variant("a501 0a00 00ff", "0x00ff");
    variant("ad01 0200 00ff", "0x00ff");
    variant("a701 0a00 08d00034 e9", "\u00e9");
    variant("af01 0200 08d00034 6120", "a ");
    variant("ef01 0400 08d00034 6100 2000", "a ");
    variant("a701 0a00 08d00034", "");
}

static void variants_of_no_known_form_are_unreadable(void **state)
{
    (void)state;
    variant("", "unreadable");
    variant("38", "unreadable");
    variant("3801", "unreadable");
    variant("3802 01000000", "unreadable"); /* another version */
    variant("3801 0100000000", "unreadable");
    variant("a701 0a00 08d0", "unreadable");
    variant("6a01 09", "unreadable");
    variant("2901 09 000000", "unreadable");
    variant("6201 3801 01000000", "unreadable"); /* a variant in a variant */
    variant("2301 61", "unreadable");            /* text, which no variant holds */
    variant("f101 00", "unreadable");
}

static void compressed_integers_are_biased_and_short(void **state)
{
    (void)state;
    compressed(TYPE(XT_TINYINT), "", "0");
    compressed(TYPE(XT_TINYINT), "ff", "255");
    compressed(TYPE(XT_TINYINT), "0001", "unreadable");
    compressed(TYPE(XT_INT), "", "0");
    compressed(TYPE(XT_INT), "81", "1");
    compressed(TYPE(XT_INT), "00", "-128");
    compressed(TYPE(XT_INT), "7f7f", "-129");
    compressed(TYPE(XT_INT), "8080", "128");
    compressed(TYPE(XT_INT), "ffffffff", "2147483647");
    compressed(TYPE(XT_INT), "00000000", "-2147483648");
    compressed(TYPE(XT_INT), "8000000000", "unreadable");
    compressed(TYPE(XT_SMALLINT), "0000", "-32768");
    compressed(TYPE(XT_SMALLINT), "800000", "unreadable");
    compressed(TYPE(XT_BIGINT), "0000000000000000", "-9223372036854775808");
    compressed(TYPE(XT_BIGINT), "ffffffffffffffff", "9223372036854775807");
    compressed(TYPE(XT_BIGINT), "800000000000000000", "unreadable");
    compressed(TYPE(XT_MONEY), "83e8", "0.1000");
    compressed(TYPE(XT_MONEY), "", "0.0000");
    compressed(TYPE(XT_SMALLMONEY), "7fff", "-0.0001");
    compressed(TYPE(XT_BIT), "", "0");
    compressed(TYPE(XT_BIT), "01", "1");
}

static void compressed_fixed_types_get_their_zero_bytes_back(void **state)
{
    (void)state;
    compressed(TYPE(XT_FLOAT), "f83f", "1.5");
    compressed(TYPE(XT_FLOAT), "", "0");
    compressed(TYPE(XT_REAL), "803f", "1");
    compressed(TYPE(XT_REAL), "000000803f", "unreadable");
    compressed(TYPE(XT_DATE), "5b950a", "1900-01-01");
    compressed(TYPE(XT_DATE), "01", "0001-01-02");
    compressed(TYPE(XT_TIME, .scale = 7), "0000000000", "00:00:00.0000000");
    compressed(TYPE(XT_TIME, .scale = 0), "01", "00:00:01");
    compressed(TYPE(XT_DATETIME2, .scale = 7), "ffbf692ac9 5b950a", "1900-01-01 23:59:59.9999999");
    compressed(TYPE(XT_DATETIMEOFFSET, .scale = 0), "000000 5b950a", "1900-01-01 00:00:00 +00:00");
    compressed(TYPE(XT_SMALLDATETIME), "0100", "1900-01-02 00:00:00");
    compressed(TYPE(XT_SMALLDATETIME), "9f05 0100", "1900-01-02 23:59:00");
    compressed(TYPE(XT_GUID), "ff19966f 868b 11d0 b42d 00c04fc964ff", "6F9619FF-8B86-D011-B42D-00C04FC964FF");
    compressed(TYPE(XT_GUID), "ff19", "unreadable");
    compressed(TYPE(XT_ROWVERSION), "07d1", "0x00000000000007d1");
    compressed(TYPE(XT_BINARY, .max_bytes = 10), "25ff25", "0x25ff2500000000000000");
    compressed(TYPE(XT_BINARY, .max_bytes = 2), "25ff25", "unreadable");
    compressed(TYPE(XT_DECIMAL, .precision = 18, .scale = 2), "be19", "0.01");
    compressed(TYPE(XT_DECIMAL, .precision = 18, .scale = 2), "", "0.00");
}

static void compressed_datetime_is_one_number(void **state)
{
    (void)state;
    compressed(TYPE(XT_DATETIME), "", "1900-01-01 00:00:00.000");
    compressed(TYPE(XT_DATETIME), "7f2e4600000000", "1753-01-01 00:00:00.000"); /* seen by BakReader */
    compressed(TYPE(XT_DATETIME), "8000000001 00000000", "unreadable");
    compressed(TYPE(XT_DATETIME), "8100000000", "1900-01-02 00:00:00.000");
    compressed(TYPE(XT_DATETIME), "83", "1900-01-01 00:00:00.010");
    compressed(TYPE(XT_DATETIME), "7fffffffff", "unreadable"); /* the day before, and too many ticks */
    compressed(TYPE(XT_DATETIME), "0000000000000000", "unreadable");
    compressed(TYPE(XT_DATETIME), "ffffffffffffffff", "unreadable");
}

static void compressed_text_gets_its_blanks_back(void **state)
{
    (void)state;
    const codepage *latin = codepage_of(1252);
    compressed(TYPE(XT_CHAR, .cp = latin, .max_bytes = 5), "6162", "ab   ");
    compressed(TYPE(XT_CHAR, .cp = latin, .max_bytes = 5), "", "     ");
    compressed(TYPE(XT_CHAR, .cp = latin, .max_bytes = 5), "e9", "\u00e9    ");
    compressed(TYPE(XT_CHAR, .cp = latin, .max_bytes = 1), "6162", "unreadable");
    compressed(TYPE(XT_VARCHAR, .cp = latin), "6120", "a ");
    compressed(TYPE(XT_NCHAR, .max_bytes = 8), "616210", "ab  ");
    compressed(TYPE(XT_NCHAR, .max_bytes = 8), "", "    ");
    compressed(TYPE(XT_NCHAR, .max_bytes = 8), "ba4e", "\u4eba   ");
    compressed(TYPE(XT_NCHAR, .max_bytes = 4), "6100620063006400", "unreadable");
    compressed(TYPE(XT_NCHAR, .max_bytes = 4), "61", "a ");
}

static void compressed_unicode_text_is_scsu_when_its_length_is_odd(void **state)
{
    (void)state;
    compressed(TYPE(XT_NVARCHAR), "", "");
    compressed(TYPE(XT_NVARCHAR), "6100", "a");
    compressed(TYPE(XT_NVARCHAR), "616210", "ab");
    compressed(TYPE(XT_NVARCHAR), "d66c20666c6965df74", "\u00d6l flie\u00dft");
    compressed(TYPE(XT_NVARCHAR), "129cbec1bab2b0", "\u041c\u043e\u0441\u043a\u0432\u0430");
    compressed(TYPE(XT_NVARCHAR), "0c", "unreadable");
}

static void fixed_lengths_follow_precision_and_scale(void **state)
{
    (void)state;
    static const unsigned by_precision[39] = {0,  5,  5,  5,  5,  5,  5,  5,  5,  5,  9,  9,  9,
                                              9,  9,  9,  9,  9,  9,  9,  13, 13, 13, 13, 13, 13,
                                              13, 13, 13, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17};
    for (uint8_t p = 0; p < 39; p++)
        assert_int_equal(sqltype_fixed_bytes(&TYPE(XT_DECIMAL, .precision = p)), by_precision[p]);
    assert_int_equal(sqltype_fixed_bytes(&TYPE(XT_DECIMAL, .precision = 39)), 0);
    static const unsigned by_scale[9] = {3, 3, 3, 4, 4, 5, 5, 5, 0};
    for (uint8_t s = 0; s < 9; s++) {
        unsigned n = by_scale[s];
        assert_int_equal(sqltype_fixed_bytes(&TYPE(XT_TIME, .scale = s)), n);
        assert_int_equal(sqltype_fixed_bytes(&TYPE(XT_DATETIME2, .scale = s)), n ? n + 3 : 0);
        assert_int_equal(sqltype_fixed_bytes(&TYPE(XT_DATETIMEOFFSET, .scale = s)), n ? n + 5 : 0);
    }
    assert_int_equal(sqltype_fixed_bytes(&TYPE(XT_NCHAR, .max_bytes = 20)), 20);
    assert_int_equal(sqltype_fixed_bytes(&TYPE(XT_NVARCHAR, .max_bytes = 20)), 0);
    assert_int_equal(sqltype_fixed_bytes(&TYPE(XT_VARIANT)), 0);
    assert_int_equal(sqltype_fixed_bytes(&TYPE(XT_GUID)), 16);
}

static void types_are_named_as_sql_server_writes_them(void **state)
{
    (void)state;
    arena *mem = arena_new(0);
#define named(type, length, expected) assert_true(sv_eq(sqltype_name(&type, length, mem), SV_LIT(expected)))
    named(TYPE(XT_DECIMAL, .precision = 9, .scale = 2), 5, "decimal(9,2)");
    named(TYPE(XT_NUMERIC, .precision = 38, .scale = 0), 17, "numeric(38,0)");
    named(TYPE(XT_NVARCHAR), 100, "nvarchar(50)");
    named(TYPE(XT_NVARCHAR), -1, "nvarchar(max)");
    named(TYPE(XT_NCHAR), 20, "nchar(10)");
    named(TYPE(XT_VARCHAR), 50, "varchar(50)");
    named(TYPE(XT_VARBINARY), -1, "varbinary(max)");
    named(TYPE(XT_CHAR), 1, "char(1)");
    named(TYPE(XT_BINARY), 8, "binary(8)");
    named(TYPE(XT_TIME, .scale = 7), 5, "time(7)");
    named(TYPE(XT_DATETIME2, .scale = 0), 6, "datetime2(0)");
    named(TYPE(XT_DATETIMEOFFSET, .scale = 3), 9, "datetimeoffset(3)");
    named(TYPE(XT_DATETIME), 8, "datetime");
    named(TYPE(XT_FLOAT), 8, "float");
    named(TYPE(XT_XML), -1, "xml");
    named(TYPE(XT_UDT, .udt = UDT_GEOGRAPHY), -1, "geography");
    named(TYPE(XT_UDT, .udt = 300), -1, "CLR type");
    named(TYPE(7), 1, "type 7");
#undef named
    arena_free(mem);
}

static void every_type_has_its_kind_of_column(void **state)
{
    (void)state;
    assert_int_equal(sqltype_column_type(&TYPE(XT_BIT)), T_BOOL);
    assert_int_equal(sqltype_column_type(&TYPE(XT_NTEXT)), T_TEXT);
    assert_int_equal(sqltype_column_type(&TYPE(XT_SMALLMONEY)), T_MONEY);
    assert_int_equal(sqltype_column_type(&TYPE(XT_DATETIME2)), T_DATETIME);
    assert_int_equal(sqltype_column_type(&TYPE(XT_UDT, .udt = UDT_HIERARCHYID)), T_HIERARCHYID);
    assert_int_equal(sqltype_column_type(&TYPE(XT_UDT, .udt = UDT_GEOMETRY)), T_SPATIAL);
    assert_int_equal(sqltype_column_type(&TYPE(XT_UDT, .udt = 300)), T_BYTES);
    assert_int_equal(sqltype_column_type(&TYPE(XT_JSON)), T_UNKNOWN);
    assert_int_equal(sqltype_column_type(&TYPE(3)), T_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_read_at_their_edges),
        cmocka_unit_test(a_wrong_length_is_unreadable),
        cmocka_unit_test(decimals_read_by_sign_and_magnitude),
        cmocka_unit_test(money_has_four_decimals),
        cmocka_unit_test(floats_print_shortest),
        cmocka_unit_test(datetime_rounds_thirds_of_a_hundredth_second),
        cmocka_unit_test(smalldatetime_counts_minutes),
        cmocka_unit_test(dates_and_times_read_at_every_scale),
        cmocka_unit_test(datetimeoffset_is_handed_out_in_local_time),
        cmocka_unit_test(text_reads_by_its_code_page),
        cmocka_unit_test(unicode_text_reads_as_utf_16),
        cmocka_unit_test(text_that_needs_no_change_is_not_copied),
        cmocka_unit_test(bad_text_is_counted),
        cmocka_unit_test(long_text_takes_only_its_length_from_the_arena),
        cmocka_unit_test(memory_that_ran_out_is_no_value),
        cmocka_unit_test(bytes_and_identifiers_come_as_stored),
        cmocka_unit_test(variants_print_as_their_base_type),
        cmocka_unit_test(variants_of_no_known_form_are_unreadable),
        cmocka_unit_test(compressed_integers_are_biased_and_short),
        cmocka_unit_test(compressed_fixed_types_get_their_zero_bytes_back),
        cmocka_unit_test(compressed_datetime_is_one_number),
        cmocka_unit_test(compressed_text_gets_its_blanks_back),
        cmocka_unit_test(compressed_unicode_text_is_scsu_when_its_length_is_odd),
        cmocka_unit_test(fixed_lengths_follow_precision_and_scale),
        cmocka_unit_test(types_are_named_as_sql_server_writes_them),
        cmocka_unit_test(every_type_has_its_kind_of_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
