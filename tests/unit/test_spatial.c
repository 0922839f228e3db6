/* geometry and geography: stored bytes to well-known text. */
#include "base/arena.h"
#include "sqltype/sqltype.h"
#include "testing.h"
#include <math.h>
#include <stdlib.h>

typedef struct vector {
    const char *hex, *wkt;
    bool geography;
} vector;

/* Pairs of the public reader NetTopologySuite.IO.SqlServerBytes (its reader and writer tests; WKT in the server's
 * spelling: that library writes "POINT Z(...)"). The curve values stand there without text: theirs follows from the
 * structure. The geography point is the first row of Person.Address in Microsoft's AdventureWorks sample. */
static const vector KNOWN[] = {
    {"000000000104000000000000000001000000FFFFFFFFFFFFFFFF01", "POINT EMPTY", false},
    {"00000000010C000000000000F03F0000000000000040", "POINT (1 2)", false},
    {"00000000010D000000000000F03F00000000000000400000000000000840", "POINT (1 2 3)", false},
    {"00000000010F000000000000F03F000000000000004000000000000008400000000000001040", "POINT (1 2 3 4)", false},
    {"000000000104000000000000000001000000FFFFFFFFFFFFFFFF02", "LINESTRING EMPTY", false},
    {"000000000114000000000000000000000000000000000000000000000000000000000000F03F", "LINESTRING (0 0, 0 1)", false},
    {"000000000115000000000000000000000000000000000000000000000000000000000000F03F000000000000F03F0000000000000040",
     "LINESTRING (0 0 1, 0 1 2)", false},
    {"000000000115000000000000000000000000000000000000000000000000000000000000F03F000000000000F8FF0000000000000040",
     "LINESTRING (0 0, 0 1 2)", false},
    {"000000000117000000000000000000000000000000000000000000000000000000000000F03F0000000000000000000000000000000000000"
     "000"
     "0000F8FF000000000000F03F",
     "LINESTRING (0 0 0, 0 1 0 1)", false},
    {"00000000010403000000000000000000000000000000000000000000000000000000000000000000F03F0000000000000000000000000000"
     "004001000000010000000001000000FFFFFFFF0000000002",
     "LINESTRING (0 0, 0 1, 0 2)", false},
    {"00000000010503000000000000000000000000000000000000000000000000000000000000000000F03F0000000000000000000000000000"
     "0040000000000000F03F0000000000000040000000000000084001000000010000000001000000FFFFFFFF0000000002",
     "LINESTRING (0 0 1, 0 1 2, 0 2 3)", false},
    {"000000000104000000000000000001000000FFFFFFFFFFFFFFFF03", "POLYGON EMPTY", false},
    {"00000000010404000000000000000000000000000000000000000000000000000000000000000000F03F000000000000F03F000000000000"
     "F03F0000000000000000000000000000000001000000020000000001000000FFFFFFFF0000000003",
     "POLYGON ((0 0, 0 1, 1 1, 0 0))", false},
    {"0000000001040A00000000000000000000000000000000000000000000000000000000000000000008400000000000000840000000000000"
     "08400000000000000840000000000000000000000000000000000000000000000000000000000000F03F000000000000F03F000000000000"
     "F03F0000000000000040000000000000004000000000000000400000000000000040000000000000F03F000000000000F03F000000000000"
     "F03F020000000200000000000500000001000000FFFFFFFF0000000003",
     "POLYGON ((0 0, 0 3, 3 3, 3 0, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))", false},
    {"000000000104000000000000000001000000FFFFFFFFFFFFFFFF07", "GEOMETRYCOLLECTION EMPTY", false},
    {"000000000104010000000000000000000000000000000000000001000000010000000002000000FFFFFFFF000000000700000000000000000"
     "1",
     "GEOMETRYCOLLECTION (POINT (0 0))", false},
    {"00000000010402000000000000000000000000000000000000000000000000000000000000000000F03F0200000001000000000101000000"
     "04000000FFFFFFFF000000000700000000000000000100000000FFFFFFFF01000000000100000001",
     "GEOMETRYCOLLECTION (POINT (0 0), POINT EMPTY, POINT (0 1))", false},
    {"00000000010402000000000000000000000000000000000000000000000000000000000000000000F03F0200000001000000000101000000"
     "04000000FFFFFFFF0000000007000000000000000001000000000100000007020000000100000001",
     "GEOMETRYCOLLECTION (POINT (0 0), GEOMETRYCOLLECTION (POINT (0 1)))", false},
    {"000000000104010000000000000000000000000000000000000001000000010000000002000000FFFFFFFF000000000400000000000000000"
     "1",
     "MULTIPOINT ((0 0))", false},
    {"00000000010402000000000000000000000000000000000000000000000000000000000000000000F03F0100000001000000000200000"
     "0FFFFFFFF0000000005000000000000000002",
     "MULTILINESTRING ((0 0, 0 1))", false},
    {"00000000010404000000000000000000000000000000000000000000000000000000000000000000F03F000000000000F03F000000000000"
     "F03F0000000000000000000000000000000001000000020000000002000000FFFFFFFF0000000006000000000000000003",
     "MULTIPOLYGON (((0 0, 0 1, 1 1, 0 0)))", false},
    {"E6100000010C0000000000000040000000000000F03F", "POINT (1 2)", true},
    {"E6100000010CAE8BFC28BCE4474067A89189898A5EC0", "POINT (-122.164644615406 47.7869921906598)", true},
    {"0000000002040300000000000000000000000000000000000000000000000000F03F000000000000F03F0000000000000040000000000000"
     "000001000000020000000001000000FFFFFFFF0000000008",
     "CIRCULARSTRING (0 0, 1 1, 2 0)", false},
    {"0000000002040400000000000000000000000000000000000000000000000000F03F00000000000000000000000000000040000000000000"
     "F03F0000000000000840000000000000000001000000030000000001000000FFFFFFFF0000000009020000000203",
     "COMPOUNDCURVE ((0 0, 1 0), CIRCULARSTRING (1 0, 2 1, 3 0))", false},
    {"000000000204050000000000000000000040000000000000F03F000000000000F03F00000000000000400000000000000000000000000000"
     "F03F000000000000F03F00000000000000000000000000000040000000000000F03F01000000020000000001000000FFFFFFFF000000000A",
     "CURVEPOLYGON (CIRCULARSTRING (2 1, 1 2, 0 1, 1 0, 2 1))", false},
    {"E61000000224000000000000000001000000FFFFFFFFFFFFFFFF0B", "FULLGLOBE", true},
    {"FFFFFFFF", "", false},
};
enum { KNOWN_COUNT = sizeof KNOWN / sizeof KNOWN[0] };

static buf unhex(const char *hex)
{
    buf b = buf_new(1 << 20);
    for (; *hex; hex += 2) {
        char two[3] = {hex[0], hex[1], 0};
        buf_char(&b, (char)strtoul(two, NULL, 16));
    }
    assert_false(b.failed);
    return b;
}

static void expect(const buf *in, bool geography, const char *wkt)
{
    buf out = buf_new(1 << 20);
    assert_true(spatial_text(buf_view(in), geography, &out));
    buf_char(&out, 0);
    assert_string_equal(out.p, wkt);
    buf_free(&out);
}

static void refuse(const buf *in)
{
    buf out = buf_new(1 << 20);
    buf_str(&out, "kept");
    assert_false(spatial_text(buf_view(in), false, &out));
    assert_int_equal(out.n, 4);
    buf_free(&out);
}

static void known_pairs_decode(void **state)
{
    (void)state;
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        buf in = unhex(KNOWN[i].hex);
        expect(&in, KNOWN[i].geography, KNOWN[i].wkt);
        buf_free(&in);
    }
}

/* ---- a small writer ---- */

static void put32(buf *b, uint32_t x)
{
    const char p[4] = {(char)x, (char)(x >> 8), (char)(x >> 16), (char)(x >> 24)};
    buf_add(b, p, 4);
}
static void put_double(buf *b, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    put32(b, (uint32_t)bits);
    put32(b, (uint32_t)(bits >> 32));
}
static buf header(unsigned version, unsigned flags)
{
    buf b = buf_new(1 << 20);
    put32(&b, 4326);
    buf_char(&b, (char)version);
    buf_char(&b, (char)flags);
    return b;
}
static void put_figure(buf *b, unsigned attribute, uint32_t start)
{
    buf_char(b, (char)attribute);
    put32(b, start);
}
static void put_shape(buf *b, uint32_t parent, uint32_t figure, unsigned type)
{
    put32(b, parent);
    put32(b, figure);
    buf_char(b, (char)type);
}
static void put_points(buf *b, uint32_t n)
{
    put32(b, n);
    for (uint32_t i = 0; i < n; i++) {
        put_double(b, i);
        put_double(b, i + 0.5);
    }
}

static void numbers_are_written_as_the_server_writes_them(void **state)
{
    (void)state;
    /* The first ten: from a polygon that a user of SQL Server 2008 published; shortest text would have 16 digits for
     * four of them. The others: the rule of the .NET Framework for tiny, huge and negative zero. */
    static const struct {
        double x;
        const char *text;
    } N[] = {
        {-64.8040519990027, "-64.8040519990027"},
        {18.366768000647426, "18.366768000647426"},
        {-64.8011230006814, "-64.8011230006814"},
        {18.367451999336481, "18.367451999336481"},
        {-64.797389999032021, "-64.797389999032021"},
        {18.369273999705911, "18.369273999705911"},
        {18.368359999731183, "18.368359999731183"},
        {-64.703745998442173, "-64.703745998442173"},
        {18.29857200011611, "18.29857200011611"},
        {18.298143999651074, "18.298143999651074"},
        {0.0001, "0.0001"},
        {0.00001, "1E-05"},
        {1e15, "1E+15"},
        {123456789012345.0, "123456789012345"},
        {1234567890123456.75, "1234567890123456.8"},
        {-0.0, "0"},
        {0.1, "0.1"},
        {1e300, "1E+300"},
    };
    for (size_t i = 0; i < sizeof N / sizeof N[0]; i++) {
        buf b = header(1, 0x0c);
        put_double(&b, N[i].x);
        put_double(&b, 1);
        char want[64];
        snprintf(want, sizeof want, "POINT (%s 1)", N[i].text);
        expect(&b, false, want);
        buf_free(&b);
    }
}

static void missing_z_before_m_is_null(void **state)
{
    (void)state;
    buf b = header(1, 0x0e); /* M only */
    put_double(&b, 1);
    put_double(&b, 2);
    put_double(&b, 9);
    expect(&b, false, "POINT (1 2 NULL 9)");
    buf_free(&b);
    b = header(1, 0x0f);
    put_double(&b, 1);
    put_double(&b, 2);
    put_double(&b, NAN);
    put_double(&b, NAN);
    expect(&b, true, "POINT (2 1)");
    buf_free(&b);
}

/* Two collections, the second point inside the first one: stored depth first (as the server does) and level by level
 * (as NetTopologySuite does). */
static void collections_decode_in_either_stored_order(void **state)
{
    (void)state;
    const char *want = "GEOMETRYCOLLECTION (GEOMETRYCOLLECTION (POINT (0 0.5), POINT EMPTY), POINT (1 1.5))";
    buf b = header(1, 4);
    put_points(&b, 2);
    put32(&b, 2);
    put_figure(&b, 1, 0);
    put_figure(&b, 1, 1);
    put32(&b, 5);
    put_shape(&b, UINT32_MAX, 0, 7);
    put_shape(&b, 0, 0, 7);
    put_shape(&b, 1, 0, 1);
    put_shape(&b, 1, UINT32_MAX, 1);
    put_shape(&b, 0, 1, 1);
    expect(&b, false, want);
    buf_free(&b);

    b = header(1, 4);
    put32(&b, 2); /* points change places: figures stand in the order of the shapes */
    put_double(&b, 1);
    put_double(&b, 1.5);
    put_double(&b, 0);
    put_double(&b, 0.5);
    put32(&b, 2);
    put_figure(&b, 1, 0);
    put_figure(&b, 1, 1);
    put32(&b, 5);
    put_shape(&b, UINT32_MAX, 0, 7);
    put_shape(&b, 0, 0, 7);
    put_shape(&b, 0, 0, 1);
    put_shape(&b, 1, 1, 1);
    put_shape(&b, 1, UINT32_MAX, 1);
    expect(&b, false, want);
    buf_free(&b);
}

/* Ring of each kind, and a compound curve whose line part has two segments. */
static buf curve_polygon(void)
{
    buf b = header(2, 4);
    put_points(&b, 13);
    put32(&b, 3);
    put_figure(&b, 1, 0);
    put_figure(&b, 2, 4);
    put_figure(&b, 3, 7);
    put32(&b, 1);
    put_shape(&b, UINT32_MAX, 0, 10);
    put32(&b, 4);
    buf_add(&b, "\2\0\3\2", 4);
    return b;
}

static void curve_polygon_names_its_rings(void **state)
{
    (void)state;
    buf b = curve_polygon();
    expect(&b, false,
           "CURVEPOLYGON ((0 0.5, 1 1.5, 2 2.5, 3 3.5), CIRCULARSTRING (4 4.5, 5 5.5, 6 6.5), COMPOUNDCURVE ((7 7.5, "
           "8 8.5, 9 9.5), CIRCULARSTRING (9 9.5, 10 10.5, 11 11.5), (11 11.5, 12 12.5)))");
    buf_free(&b);
}

static void deep_nesting_needs_no_stack(void **state)
{
    (void)state;
    enum { DEPTH = 50000 };
    buf b = header(1, 4);
    put32(&b, 0);
    put32(&b, 0);
    put32(&b, DEPTH);
    for (uint32_t i = 0; i < DEPTH; i++) put_shape(&b, i - 1, UINT32_MAX, 7);
    buf out = buf_new(4 << 20);
    assert_true(spatial_text(buf_view(&b), false, &out));
    assert_int_equal(out.n, DEPTH * strlen("GEOMETRYCOLLECTION ") + 2 * (DEPTH - 1) + strlen("EMPTY"));
    buf_free(&out);
    buf_free(&b);
}

/* Each case is a whole value with one thing wrong. */
static void parts_that_disagree_are_refused(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "",
        "00000000",
        "FFFFFFFF00",                                                               /* no value, and yet more */
        "00000000030C000000000000F03F0000000000000040",                             /* version 3 */
        "00000000014C000000000000F03F0000000000000040",                             /* unknown flag */
        "00000000012C000000000000F03F0000000000000040",                             /* version 2's flag in version 1 */
        "00000000011C000000000000F03F0000000000000040",                             /* point and line at once */
        "00000000010C000000000000F03F000000000000004000",                           /* a byte too many */
        "00000000010C000000000000F07F0000000000000040",                             /* infinite */
        "00000000010C000000000000F8FF0000000000000040",                             /* not a number */
        "000000000104FFFFFFFF0000000001000000FFFFFFFFFFFFFFFF01",                   /* more points than bytes */
        "00000000010400000000FFFFFFFF01000000FFFFFFFFFFFFFFFF01",                   /* more figures than bytes */
        "0000000001040000000000000000FFFFFFFFFFFFFFFFFFFFFFFF01",                   /* more shapes than bytes */
        "000000000104000000000000000000000000",                                     /* no shape */
        "000000000104000000000000000001000000FFFFFFFFFFFFFFFF08",                   /* curve in version 1 */
        "000000000204000000000000000001000000FFFFFFFFFFFFFFFF0C",                   /* unknown shape */
        "00000000010400000000000000000100000000000000FFFFFFFF01",                   /* its own parent */
        "000000000104000000000000000001000000FFFFFFFF0000000001",                   /* figure that is not there */
        "000000000104000000000000000002000000FFFFFFFFFFFFFFFF0400000000FFFFFFFF02", /* line in a multipoint */
        "000000000104000000000000000002000000FFFFFFFFFFFFFFFF0100000000FFFFFFFF01", /* point in a point */
        "000000000104000000000000000002000000FFFFFFFFFFFFFFFF07FFFFFFFFFFFFFFFF01", /* two outermost shapes */
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        buf in = unhex(BAD[i]);
        refuse(&in);
        buf_free(&in);
    }
}

/* Figures against points, shapes and segments: (attribute, start) pairs of two figures over 5 points in one shape. */
static void figures_and_segments_that_disagree_are_refused(void **state)
{
    (void)state;
    static const struct {
        unsigned attribute[2];
        uint32_t start[2];
        unsigned type;
        const char *segments;
        uint32_t count;
        bool good;
    } C[] = {
        {{1, 1}, {0, 3}, 3, "", 0, true},         /* polygon of two rings */
        {{1, 1}, {0, 3}, 2, "", 0, false},        /* line of two figures */
        {{1, 1}, {1, 3}, 3, "", 0, false},        /* first point belongs to nobody */
        {{1, 1}, {0, 0}, 3, "", 0, false},        /* figure without points */
        {{1, 1}, {0, 5}, 3, "", 0, false},        /* the same at the end */
        {{1, 1}, {0, 6}, 3, "", 0, false},        /* past the points */
        {{1, 4}, {0, 3}, 3, "", 0, false},        /* unknown attribute */
        {{1, 2}, {0, 2}, 3, "", 0, false},        /* arcs in a plain polygon */
        {{1, 2}, {0, 2}, 10, "", 0, true},        /* and in a curve polygon */
        {{1, 3}, {0, 2}, 10, "\3", 1, true},      /* composite ring */
        {{1, 3}, {0, 2}, 10, "\2\0", 2, true},    /* of lines */
        {{1, 3}, {0, 2}, 10, "\1", 1, false},     /* does not begin with a first segment */
        {{1, 3}, {0, 2}, 10, "\2", 1, false},     /* segments run out */
        {{1, 3}, {0, 2}, 10, "\2\0\0", 3, false}, /* points run out */
        {{1, 3}, {0, 2}, 10, "\2\1", 2, false},   /* arc with one point */
        {{1, 3}, {0, 2}, 10, "\3\3", 2, false},   /* segment without points */
        {{1, 3}, {0, 2}, 10, "\2\4", 2, false},   /* unknown segment */
        {{1, 3}, {0, 4}, 10, "\2", 1, false},     /* composite of one point */
    };
    for (size_t i = 0; i < sizeof C / sizeof C[0]; i++) {
        buf b = header(2, 4);
        put_points(&b, 5);
        put32(&b, 2);
        for (size_t f = 0; f < 2; f++) put_figure(&b, C[i].attribute[f], C[i].start[f]);
        put32(&b, 1);
        put_shape(&b, UINT32_MAX, 0, C[i].type);
        if (C[i].count) {
            put32(&b, C[i].count);
            buf_add(&b, C[i].segments, C[i].count);
        }
        buf out = buf_new(4096);
        assert_int_equal(spatial_text(buf_view(&b), false, &out), C[i].good);
        assert_true(C[i].good || out.n == 0);
        buf_free(&out);
        buf_free(&b);
    }
}

static void decode_exact_copy(const char *p, size_t n)
{
    char *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    memcpy(copy, p, n);
    buf out = buf_new(1 << 20);
    bool ok = spatial_text((sv){copy, n}, false, &out);
    assert_true(ok || out.n == 0);
    buf_free(&out);
    free(copy);
}

/* The copy has no byte to spare, so that the sanitizers see every step too far. */
static void damage_never_reads_past_the_end(void **state)
{
    (void)state;
    static const unsigned char VALUES[] = {0, 1, 2, 3, 4, 7, 8, 9, 0x7f, 0x80, 0xff};
    for (size_t k = 0; k <= KNOWN_COUNT; k++) {
        buf in = k < KNOWN_COUNT ? unhex(KNOWN[k].hex) : curve_polygon();
        for (size_t cut = 0; cut < in.n; cut++) {
            buf out = buf_new(1 << 20);
            bool none = cut == 4 && in.p[0] == (char)0xff;
            decode_exact_copy(in.p, cut);
            assert_true(none || !spatial_text((sv){in.p, cut}, false, &out));
            buf_free(&out);
        }
        for (size_t at = 0; at < in.n; at++) {
            char was = in.p[at];
            for (size_t v = 0; v < sizeof VALUES; v++) {
                in.p[at] = (char)VALUES[v];
                decode_exact_copy(in.p, in.n);
            }
            in.p[at] = was;
        }
        buf_free(&in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_pairs_decode),
        cmocka_unit_test(numbers_are_written_as_the_server_writes_them),
        cmocka_unit_test(missing_z_before_m_is_null),
        cmocka_unit_test(collections_decode_in_either_stored_order),
        cmocka_unit_test(curve_polygon_names_its_rings),
        cmocka_unit_test(deep_nesting_needs_no_stack),
        cmocka_unit_test(parts_that_disagree_are_refused),
        cmocka_unit_test(figures_and_segments_that_disagree_are_refused),
        cmocka_unit_test(damage_never_reads_past_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
