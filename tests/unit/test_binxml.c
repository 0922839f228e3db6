/* Binary XML to text. */
#include "base/buf.h"
#include "base/limits.h"
#include "sqltype/sqltype.h"
#include "testing.h"
#include <stdlib.h>

/* ---- stored bytes in pieces ---- */

typedef struct pieces {
    const char *p;
    size_t n, at, size;
    status end; /* what comes after the last one */
} pieces;

static status next_piece(void *ctx, sv *piece)
{
    pieces *s = ctx;
    if (s->at == s->n) return s->end;
    size_t n = s->n - s->at < s->size ? s->n - s->at : s->size;
    *piece = (sv){s->p + s->at, n};
    s->at += n;
    return ST_OK;
}

static status decode(sv in, size_t piece, size_t room, status end, buf *out)
{
    pieces s = {in.p, in.n, 0, piece, end};
    binxml *x = binxml_new(next_piece, &s);
    assert_non_null(x);
    char text[4096];
    assert_true(room <= sizeof text);
    status r;
    size_t got;
    while ((r = binxml_next(x, text, room, &got)) == ST_OK) {
        assert_true(got > 0 && got <= room);
        buf_add(out, text, got);
    }
    assert_int_equal(got, 0);
    assert_int_equal(binxml_next(x, text, room, &got), r); /* the end is final */
    binxml_free(x);
    return r;
}

/* The same text whatever the pieces and the room. */
static void expect_sized(const buf *in, const char *text, size_t n)
{
    static const size_t PIECES[] = {1, 2, 3, 7, 64, 1000000}, ROOMS[] = {1, 5, 4096};
    for (size_t p = 0; p < sizeof PIECES / sizeof PIECES[0]; p++) {
        for (size_t r = 0; r < sizeof ROOMS / sizeof ROOMS[0]; r++) {
            buf out = buf_new((size_t)64 << 20);
            assert_int_equal(decode(buf_view(in), PIECES[p], ROOMS[r], ST_END, &out), ST_END);
            assert_int_equal(out.n, n);
            if (n) assert_memory_equal(out.p, text, n);
            buf_free(&out);
        }
    }
}

static void refuse(const buf *in)
{
    buf out = buf_new((size_t)64 << 20);
    assert_int_equal(decode(buf_view(in), 64, 4096, ST_END, &out), ST_ROW_LOST);
    buf_free(&out);
}

static buf unhex(const char *hex)
{
    buf b = buf_new(1 << 20);
    for (; *hex; hex += 2) {
        char two[3] = {hex[0], hex[1], 0};
        buf_char(&b, (char)strtoul(two, NULL, 16));
    }
    return b;
}

/* ---- a small writer ---- */

static buf header(unsigned version)
{
    const char head[] = {'\xdf', '\xff', (char)version, '\xb0', 4};
    buf b = buf_new((size_t)16 << 20);
    buf_add(&b, head, sizeof head);
    return b;
}
static void put(buf *b, unsigned byte) { buf_char(b, (char)byte); }
static void put_count(buf *b, uint64_t n)
{
    for (; n > 0x7f; n >>= 7) put(b, 0x80u | (unsigned)(n & 0x7f));
    put(b, (unsigned)n);
}
static void put_units(buf *b, const uint16_t *unit, size_t n)
{
    put_count(b, n);
    for (size_t i = 0; i < n; i++) {
        put(b, unit[i] & 0xffu);
        put(b, unit[i] >> 8);
    }
}
static void put_wide(buf *b, const char *ascii)
{
    put_count(b, strlen(ascii));
    for (; *ascii; ascii++) {
        put(b, (unsigned char)*ascii);
        put(b, 0);
    }
}
static void put_text(buf *b, const char *ascii)
{
    put(b, 0x11);
    put_wide(b, ascii);
}
/* A name, and a qualified name of it alone, which gets the number `number`. */
static void define(buf *b, const char *name, unsigned number)
{
    put(b, 0xf0);
    put_wide(b, name);
    put(b, 0xef);
    put(b, 0);
    put(b, 0);
    put(b, number);
}
static void element(buf *b, unsigned number)
{
    put(b, 0xf8);
    put(b, number);
}
static void end(buf *b) { put(b, 0xf7); }

static void expect(buf *b, const char *text)
{
    assert_false(b->failed);
    expect_sized(b, text, strlen(text));
    buf_free(b);
}
static void expect_refused(buf *b)
{
    assert_false(b->failed);
    refuse(b);
    buf_free(b);
}

/* <a>value</a> for the bytes of one value token. */
static void value_gives(const void *token, size_t n, const char *text)
{
    buf b = header(2);
    define(&b, "a", 1);
    element(&b, 1);
    buf_add(&b, token, n);
    end(&b);
    if (!text) {
        expect_refused(&b);
        return;
    }
    char want[256];
    snprintf(want, sizeof want, "<a>%s</a>", text);
    expect(&b, want);
}
#define VALUE(bytes, text) value_gives(bytes, sizeof(bytes) - 1, text)

/* ---- known bytes ---- */

/* Taken from the pages of a running SQL Server by the public test suite mssqlbak-tests (test_xmlbin.py and
 * test_xml_coverage.py), which compared the text with CAST(doc AS nvarchar(max)). The last one is of a column with a
 * schema collection: version 2, typed values. */
static void documents_of_a_real_server_decode(void **state)
{
    (void)state;
    static const struct {
        const char *hex, *text;
    } K[] = {
        {"dfff01b004f0016100ef000001f80111013100f7", "<a>1</a>"},
        {"dfff01b004f00472006f006f007400ef000001f801f00269006400ef000002f60211013700f5f0017800ef000003f8031102680069"
         "00f7f0017900ef000004f8041103740077006f00f7f7",
         "<root id=\"7\"><x>hi</x><y>two</y></root>"},
        {"dfff01b004f0016500ef000001f801f7", "<e/>"},
        {"dfff01b004f0017200ef000001f801f0017800ef000002f80211013100f7f80211013200f7f7", "<r><x>1</x><x>2</x></r>"},
        {"dfff01b004f0017400ef000001f8011109610020003c00200062002000260020006300f7", "<t>a &lt; b &amp; c</t>"},
        {"dfff01b004f0016100ef000001f801f0017000ef000002f6021103780022007900f5f7", "<a p=\"x&quot;y\"/>"},
        {"dfff01b004f00364006f006300ef000001f801110361003c006200f7", "<doc>a&lt;b</doc>"},
        {"dfff02b004ea050001000100f00472006f006f007400f006750072006e003a0074006300ef020001f801f00578006d006c006e007300"
         "ef000300f6021106750072006e003a0074006300ea050071000013f0016e00ef000004f6038713260a010068f3c961000000000000000"
         "0000000f5ea0901710000130a000000f0016900ef020005f804ea0500710000138713260a01008cb6611e0100000000000000000000f7"
         "ea0901130000130a000000f0016400ef020006f805ea0500130000138713260a0100fa954f070000000000000000000000f7ea0901150"
         "0"
         "00150c000000f00264007400ef020007f806ea0500150000157e00252b0091400bf7ea0901100000100a000000f0016200ef020008f80"
         "7"
         "ea0500100000108601f7ea0901170000170c000000f00264006400ef020009f808ea0500170000177f9b420bf7ea09010f00000f0a000"
         "0"
         "00f0017300ef02000af809ea05000f00000f1105680065006c006c006f00f7f7",
         "<root xmlns=\"urn:tc\" n=\"42\"><i>123</i><d>3.14</d><dt>2020-01-02T03:04:05</dt><b>true</b>"
         "<dd>2021-06-07</dd><s>hello</s></root>"},
    };
    for (size_t i = 0; i < sizeof K / sizeof K[0]; i++) {
        buf b = unhex(K[i].hex);
        expect(&b, K[i].text);
    }
}

/* ---- structure ---- */

static void prefixes_and_their_declarations_are_written_out(void **state)
{
    (void)state;
    buf b = header(1);
    const char *const names[] = {"urn:demo", "p", "a", "xmlns:p", "b"};
    for (size_t i = 0; i < 5; i++) {
        put(&b, 0xf0);
        put_wide(&b, names[i]);
    }
    buf_add(&b, "\xef\1\2\3", 4); /* p:a */
    buf_add(&b, "\xef\0\4\0", 4); /* xmlns:p, all in the prefix */
    buf_add(&b, "\xef\1\2\5", 4); /* p:b */
    element(&b, 1);
    buf_add(&b, "\xf6\2", 2);
    put_text(&b, "urn:demo");
    put(&b, 0xf5);
    element(&b, 3);
    end(&b);
    end(&b);
    expect(&b, "<p:a xmlns:p=\"urn:demo\"><p:b/></p:a>");
}

static void comments_instructions_and_sections_decode(void **state)
{
    (void)state;
    buf b = header(1);
    define(&b, "r", 1);
    put(&b, 0xf0);
    put_wide(&b, "style");
    element(&b, 1);
    put(&b, 0xf3);
    put_wide(&b, " a < b ");
    put(&b, 0xf4);
    put(&b, 2);
    put_wide(&b, "type=\"text/xsl\"");
    put(&b, 0xf4);
    put(&b, 2);
    put_wide(&b, "");
    put(&b, 0xf2);
    put_wide(&b, "x<y");
    put(&b, 0xf2);
    put_wide(&b, "&z");
    put(&b, 0xf1);
    put(&b, 0xed);
    put_wide(&b, "<raw/>");
    end(&b);
    expect(&b, "<r><!-- a < b --><?style type=\"text/xsl\"?><?style?>x&lt;y&amp;z<raw/></r>");
}

static void fragments_without_a_root_decode(void **state)
{
    (void)state;
    buf b = header(1);
    expect(&b, ""); /* an empty xml value is its header */
    b = header(1);
    define(&b, "a", 1);
    put_text(&b, "t");
    element(&b, 1);
    end(&b);
    element(&b, 1);
    put_text(&b, ""); /* says that the element is not of the empty form */
    end(&b);
    expect(&b, "t<a/><a></a>");
}

static void the_xml_declaration_is_left_out(void **state)
{
    (void)state;
    buf b = header(1);
    put(&b, 0xfe);
    put_wide(&b, "1.0");
    put(&b, 0xfd);
    put_wide(&b, "utf-8");
    put(&b, 1);
    define(&b, "a", 1);
    element(&b, 1);
    end(&b);
    expect(&b, "<a/>");
    b = header(1);
    put(&b, 0xfe);
    put_wide(&b, "1.0");
    put(&b, 3); /* standalone is 0, 1 or 2 */
    expect_refused(&b);
}

static void nested_documents_have_their_own_names(void **state)
{
    (void)state;
    buf b = header(1);
    define(&b, "a", 1);
    element(&b, 1);
    put(&b, 0xec);
    buf_add(&b, "\xdf\xff\2\xb0\4", 5);
    define(&b, "in", 1);
    element(&b, 1);
    put_text(&b, "x");
    end(&b);
    put(&b, 0xeb);
    element(&b, 1);
    end(&b);
    end(&b);
    expect(&b, "<a><in>x</in><a/></a>");
}

static void open_elements_outlive_a_flush_of_the_names(void **state)
{
    (void)state;
    buf b = header(1);
    define(&b, "outer", 1);
    element(&b, 1);
    put(&b, 0xe9);
    define(&b, "inner", 1);
    element(&b, 1);
    put_text(&b, "x");
    end(&b);
    end(&b);
    expect(&b, "<outer><inner>x</inner></outer>");
}

/* ---- text ---- */

static void characters_are_escaped_as_the_server_does(void **state)
{
    (void)state;
    buf b = header(1);
    define(&b, "a", 1);
    element(&b, 1);
    buf_add(&b, "\xf6\1", 2);
    put_text(&b, "<&>\"'\t\n\r\1");
    put(&b, 0xf5);
    put_text(&b, "<&>\"'\t\n\r\1");
    end(&b);
    expect(&b, "<a a=\"&lt;&amp;&gt;&quot;'&#x09;&#x0A;&#x0D;&#x01;\">&lt;&amp;&gt;\"'\t\n&#x0D;&#x01;</a>");
}

static void text_of_white_space_alone_keeps_it_by_its_last_character(void **state)
{
    (void)state;
    static const char *const T[][2] = {{" ", "&#x20;"},    {" \n", " &#x0A;"}, {"\r\r", "&#x0D;&#x0D;"},
                                       {" \tx ", " \tx "}, {"x ", "x "},       {"  &", "  &amp;"}};
    for (size_t i = 0; i < sizeof T / sizeof T[0]; i++) {
        buf b = header(1);
        define(&b, "a", 1);
        element(&b, 1);
        put_text(&b, T[i][0]);
        end(&b);
        char want[64];
        snprintf(want, sizeof want, "<a>%s</a>", T[i][1]);
        expect(&b, want);
    }
}

static void surrogates_join_across_pieces_and_lone_ones_are_replaced(void **state)
{
    (void)state;
    static const uint16_t UNITS[] = {0xe9, 0x20ac, 0xd83d, 0xde00, 0xd83d, 'x', 0xde00, 0xd83d, 0xd83d, 0xde00, 0xd83d};
    buf b = header(1);
    define(&b, "a", 1);
    element(&b, 1);
    put(&b, 0x18);
    put_units(&b, UNITS, sizeof UNITS / sizeof UNITS[0]);
    end(&b);
    expect(&b, "<a>\u00e9\u20ac\U0001F600\uFFFDx\uFFFD\uFFFD\U0001F600\uFFFD</a>");
}

static void long_values_pass_through_in_steps(void **state)
{
    (void)state;
    enum { UNITS = 100001 };
    buf b = header(1);
    define(&b, "a", 1);
    element(&b, 1);
    put(&b, 0x11);
    put_count(&b, UNITS);
    for (size_t i = 0; i < UNITS; i++) {
        put(&b, i % 1000 ? 'x' : '<');
        put(&b, 0);
    }
    end(&b);
    buf want = buf_new(1 << 20);
    buf_str(&want, "<a>");
    for (size_t i = 0; i < UNITS; i++) buf_str(&want, i % 1000 ? "x" : "&lt;");
    buf_str(&want, "</a>");
    buf out = buf_new(1 << 20);
    assert_int_equal(decode(buf_view(&b), 8000, 4096, ST_END, &out), ST_END);
    assert_int_equal(out.n, want.n);
    assert_memory_equal(out.p, want.p, want.n);
    buf_free(&out);
    buf_free(&want);
    buf_free(&b);
}

/* ---- values ---- */

static void numbers_decode(void **state)
{
    (void)state;
    VALUE("\x01\xff\xff", "-1");
    VALUE("\x02\x00\x00\x00\x80", "-2147483648");
    VALUE("\x03\x00\x00\xc0\x3f", "1.5");
    VALUE("\x04\x00\x00\x00\x00\x00\x20\x5c\x40", "112.5");
    VALUE("\x04\x00\x00\x00\x00\x00\x00\xf0\xff", "-INF");
    VALUE("\x04\x00\x00\x00\x00\x00\x00\xf8\x7f", "NaN");
    VALUE("\x05\x88\x2a\x11\x00\x00\x00\x00\x00", "112.5000");
    VALUE("\x14\xff\xff\xff\xff", "-0.0001");
    VALUE("\x06\x01", "1");
    VALUE("\x07\xff", "255");
    VALUE("\x08\xff\xff\xff\xff\xff\xff\xff\x7f", "9223372036854775807");
    VALUE("\x86\x00", "false");
    VALUE("\x88\xff", "-1");
    VALUE("\x89\xff\xff", "65535");
    VALUE("\x8a\xff\xff\xff\xff", "4294967295");
    VALUE("\x8b\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615");
    VALUE("\x09\xff\x19\x96\x6f\x86\x8b\x11\xd0\xb4\x2d\x00\xc0\x4f\xc9\x64\xff",
          "6F9619FF-8B86-D011-B42D-00C04FC964FF");
    VALUE("\x8c\x01", "a");
}

static void decimals_decode(void **state)
{
    (void)state;
    VALUE("\x0a\x07\x05\x02\x01\x3a\x01\x00\x00", "3.14");
    VALUE("\x0b\x07\x05\x02\x00\x68\x01\x00\x00", "-3.60"); /* keeps its scale */
    VALUE("\x87\x07\x05\x02\x00\x68\x01\x00\x00", "-3.6");  /* XML Schema's form does not */
    VALUE("\x87\x07\x05\x02\x01\x90\x01\x00\x00", "4");
    VALUE("\x87\x07\x05\x00\x01\x90\x01\x00\x00", "400");
    VALUE("\x87\x07\x05\x02\x00\x00\x00\x00\x00", "0");
    VALUE("\x0a\x13\x26\x00\x01\xff\xff\xff\xff\x3f\x22\x8a\x09\x7a\xc4\x86\x5a\xa8\x4c\x3b\x4b",
          "99999999999999999999999999999999999999");
    VALUE("\x0a\x13\x26\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", NULL);
    VALUE("\x0a\x07\x00\x00\x01\x3a\x01\x00\x00", NULL); /* precision 0 */
    VALUE("\x0a\x07\x27\x00\x01\x3a\x01\x00\x00", NULL); /* 39 */
    VALUE("\x0a\x07\x05\x06\x01\x3a\x01\x00\x00", NULL); /* scale above precision */
    VALUE("\x0a\x07\x05\x02\x02\x3a\x01\x00\x00", NULL); /* sign */
    VALUE("\x0a\x07\x02\x02\x01\x3a\x01\x00\x00", NULL); /* more digits than the precision */
    VALUE("\x0a\x03\x05\x02\x01", NULL);
    VALUE("\x0a\x21\x05\x02\x01", NULL);
}

static void dates_and_times_decode(void **state)
{
    (void)state;
    VALUE("\x12\x22\xb0\x00\x00\x1c\x33\xce\x00", "2023-06-15T12:30:45"); /* days, then 1/300 s */
    VALUE("\x12\x22\xb0\x00\x00\x1e\x33\xce\x00", "2023-06-15T12:30:45.007");
    VALUE("\x12\x22\xb0\x00\x00\xff\xff\xff\xff", NULL);
    VALUE("\x13\x22\xb0\xee\x02", "2023-06-15T12:30:00");
    VALUE("\x13\x22\xb0\xa0\x05", NULL); /* minute 1440 */
    VALUE("\x7f\x9b\x42\x0b", "2021-06-07");
    VALUE("\x7f\xff\xff\xff", NULL);
    VALUE("\x7e\x07\x07\x17\x68\xb7\x19\x91\x40\x0b", "2020-01-02T03:04:05.1234567");
    VALUE("\x7e\x03\xf0\x89\xa8\x00\x91\x40\x0b", "2020-01-02T03:04:05.36");
    VALUE("\x7d\x00\x25\x2b\x00\x00\x00\x00", "03:04:05");
    VALUE("\x7d\x00\x80\x51\x01\x00\x00\x00", NULL); /* 24:00:00 */
    VALUE("\x7d\x08\x25\x2b\x00\x00\x00\x00", NULL); /* scale 8 */
    /* with a zone: stored in UTC */
    VALUE("\x7b\x00\x25\x2b\x00\x91\x40\x0b\x00\x00", "2020-01-02T03:04:05Z");
    VALUE("\x7b\x00\x25\x2b\x00\x91\x40\x0b\x4a\x01", "2020-01-02T08:34:05+05:30");
    VALUE("\x7b\x00\x25\x2b\x00\x91\x40\x0b\xd4\xfe", "2020-01-01T22:04:05-05:00");
    VALUE("\x7c\x00\x00\x00\x00\x91\x40\x0b\x00\x00", "2020-01-02Z");
    VALUE("\x7a\x00\x25\x2b\x00\x00\x00\x00\x3c\x00", "04:04:05+01:00");
    VALUE("\x7a\x00\x25\x2b\x00\x00\x00\x00\xd4\xfe", "22:04:05-05:00");
    VALUE("\x7b\x00\x25\x2b\x00\x00\x00\x00\xd4\xfe", NULL); /* before year 1 */
    VALUE("\x7b\x00\x25\x2b\x00\x91\x40\x0b\x49\x03", NULL); /* zone of 14:01 */
}

static void put64(buf *b, uint64_t x)
{
    for (unsigned i = 0; i < 8; i++) put(b, x >> 8 * i & 0xff);
}

/* The forms of SQL Server 2005, composed by the formula of FORMAT-binxml.md. */
static void dates_of_the_first_version_decode(void **state)
{
    (void)state;
    const uint64_t day = (uint64_t)((2004 + 9999) * 12 + 1) * 31 + 28; /* 2004-02-29 */
    const uint64_t ms = ((13 * 60 + 5) * 60 + 9) * 1000ull + 70;
    const struct {
        unsigned token;
        uint64_t stored;
        const char *text;
    } C[] = {
        {0x82, (day * 86400000 + ms) * 4, "2004-02-29T13:05:09.070Z"},
        {0x82, (day * 86400000 + ms - 70) * 4 + 1, "2004-02-29T13:05:09Z"},
        {0x81, ms * 4, "13:05:09.070Z"},
        {0x81, 86400000ull * 4, NULL},
        {0x83, (day * 29 * 60 + 14 * 60) * 4, "2004-02-29Z"},
        {0x83, (day * 29 * 60 + 14 * 60 - 90) * 4, "2004-02-29+01:30"},
        {0x83, (day * 29 * 60 + 14 * 60 + 480) * 4, "2004-02-29-08:00"},
        {0x83, ((day + 1) * 29 * 60 + 14 * 60) * 4, NULL}, /* 30 February */
        {0x83, ((uint64_t)(-44 + 9999) * 12 * 31 * 29 * 60 + 14 * 60) * 4, "-0044-01-01Z"},
        {0x82, UINT64_MAX, NULL},
    };
    for (size_t i = 0; i < sizeof C / sizeof C[0]; i++) {
        buf b = buf_new(64);
        put(&b, C[i].token);
        put64(&b, C[i].stored);
        value_gives(b.p, b.n, C[i].text);
        buf_free(&b);
    }
}

static void bytes_and_narrow_text_decode(void **state)
{
    (void)state;
    VALUE("\x0f\x00", "");
    VALUE("\x0f\x01\x00", "AA==");
    VALUE("\x0c\x05Hello", "SGVsbG8=");
    VALUE("\x85\x03\x00\xff\x42", "AP9C");
    VALUE("\x84\x03\x00\xff\x42", "00FF42");
    VALUE("\x10\x09\xe4\x04\x00\x00\xe9<\x80zz", "\u00e9&lt;\u20aczz"); /* 1252 */
    VALUE("\x0d\x07\xa4\x03\x00\x00\x82\xa0z", "\u3042z");              /* 932 */
    VALUE("\x0d\x05\x01\x00\x00\x00z", NULL);                           /* no such page */
    VALUE("\x0d\x03\xe4\x04\x00", NULL);
}

static void long_narrow_text_needs_a_page_of_single_bytes(void **state)
{
    (void)state;
    enum { LENGTH = 5000 };
    for (unsigned page = 932; page <= 1252; page += 320) {
        buf b = header(1);
        define(&b, "a", 1);
        element(&b, 1);
        put(&b, 0x16);
        put_count(&b, LENGTH + 4);
        put(&b, page & 0xff);
        put(&b, page >> 8);
        put(&b, 0);
        put(&b, 0);
        for (size_t i = 0; i < LENGTH; i++) put(&b, 'x');
        end(&b);
        buf out = buf_new(1 << 20);
        assert_int_equal(decode(buf_view(&b), 1000, 4096, ST_END, &out), page == 1252 ? ST_END : ST_ROW_LOST);
        assert_int_equal(out.n, page == 1252 ? LENGTH + 7 : 3);
        buf_free(&out);
        buf_free(&b);
    }
}

static void values_in_a_row_are_members_of_a_list(void **state)
{
    (void)state;
    buf b = header(2);
    define(&b, "a", 1);
    element(&b, 1);
    buf_add(&b, "\xf6\1\x02\1\0\0\0\x02\2\0\0\0\xf5", 13);
    buf_add(&b, "\x02\3\0\0\0\xea\1x\x86\1", 10); /* an extension between them changes nothing */
    put_text(&b, "z");
    put(&b, 0xf3);
    put_wide(&b, "");
    put_text(&b, "y");
    end(&b);
    expect(&b, "<a a=\"1 2\">3 true z<!---->y</a>");
}

/* ---- damage ---- */

static void tokens_out_of_place_are_refused(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "",
        "dfff03b004",                                       /* version */
        "dfff01b104",                                       /* encoding */
        "3c0061002f003e00",                                 /* plain text */
        "dfff01b004aa",                                     /* unknown token */
        "dfff01b004fc",                                     /* DOCTYPE */
        "dfff01b004f7",                                     /* end without a beginning */
        "dfff01b004f801",                                   /* name never defined */
        "dfff01b004f0016100ef000001f800f7",                 /* name 0 */
        "dfff01b004ef000000f801f7",                         /* name of nothing */
        "dfff01b004ef000001",                               /* of a name that is not there */
        "dfff01b004f0013c00ef000001",                       /* name with a bracket */
        "dfff01b004f0016100ef000001f801",                   /* element left open */
        "dfff01b004f0016100ef000001f801f601f7",             /* attribute left open */
        "dfff01b004f0016100ef000001f801f601f801f7f5f7",     /* element in an attribute */
        "dfff01b004f0016100ef000001f801f5f7",               /* end of attributes that are not there */
        "dfff01b004f0016100ef000001f80111013100f601f5f7",   /* attribute after content */
        "dfff01b004f0016100ef000001f801f601f5f601f5f7",     /* second list of attributes */
        "dfff01b004f601",                                   /* attribute outside */
        "dfff01b004f1",                                     /* end of no section */
        "dfff01b004f2013100f7",                             /* section left open */
        "dfff01b004eb",                                     /* end of no nested document */
        "dfff01b004ec",                                     /* nested document without a header */
        "dfff01b004ecdfff01b004",                           /* and left open */
        "dfff01b004f0016100ef000001f801ecdfff01b004f7ebf7", /* which closes an outer element */
        "dfff01b004118080808080808080808001",               /* count of more than 63 bits */
        "dfff01b00411ffffffffffffffff7f",                   /* text longer than the input */
        "dfff01b004f0ffffffffffffffff7f",                   /* name longer than the ceiling */
        "dfff01b004eaffffffffffffffff7f",                   /* extension longer than the input */
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        buf b = unhex(BAD[i]);
        expect_refused(&b);
    }
}

static void ceilings_hold(void **state)
{
    (void)state;
    buf b = header(1);
    define(&b, "a", 1);
    for (size_t i = 0; i < BINXML_DEPTH_MAX; i++) element(&b, 1);
    for (size_t i = 0; i < BINXML_DEPTH_MAX; i++) end(&b);
    buf out = buf_new(1 << 20);
    assert_int_equal(decode(buf_view(&b), 4096, 4096, ST_END, &out), ST_END);
    buf_free(&out);
    buf_free(&b);

    b = header(1);
    define(&b, "a", 1);
    for (size_t i = 0; i <= BINXML_DEPTH_MAX; i++) element(&b, 1);
    expect_refused(&b);

    b = header(1);
    for (size_t i = 0; i <= BINXML_NAMES_MAX; i++) buf_add(&b, "\xf0\1n", 4);
    expect_refused(&b);

    b = header(1);
    put(&b, 0xf0);
    put_count(&b, BINXML_TAG_NAME_BYTES_MAX + 1);
    for (size_t i = 0; i <= BINXML_TAG_NAME_BYTES_MAX; i++) buf_add(&b, "n", 2);
    buf_add(&b, "\xef\0\0\1", 4);
    expect_refused(&b);

    b = header(1);
    for (size_t i = 0; i < BINXML_NEST_MAX; i++) buf_add(&b, "\xec\xdf\xff\1\xb0\4", 6);
    expect_refused(&b);
}

static void a_failure_of_the_reader_is_passed_on(void **state)
{
    (void)state;
    buf b = header(1);
    define(&b, "a", 1);
    element(&b, 1);
    put_text(&b, "text");
    for (size_t cut = 0; cut <= b.n; cut++) {
        buf out = buf_new(4096);
        assert_int_equal(decode((sv){b.p, cut}, 3, 4096, ST_TABLE_LOST, &out), ST_TABLE_LOST);
        buf_free(&out);
    }
    buf_free(&b);
}

/* A document with every kind of token and value. */
static buf everything(void)
{
    buf b = header(2);
    put(&b, 0xfe);
    put_wide(&b, "1.0");
    put(&b, 0);
    define(&b, "a", 1);
    element(&b, 1);
    buf_add(&b, "\xf6\1\x8c\1\xf5", 5);
    put(&b, 0xf3);
    put_wide(&b, "c");
    put(&b, 0xf4);
    put(&b, 1);
    put_wide(&b, "i");
    buf_add(&b, "\xf2\1s\0\xf1", 5);
    buf_add(&b, "\x87\7\5\2\1\x3a\1\0\0", 9);
    buf_add(&b, "\x7b\7\0\xd1\x5e\x9e\x19\x91\x40\x0b\x3c\0", 12);
    buf_add(&b, "\x0f\4bytes", 6);
    buf_add(&b, "\x10\6\xe4\4\0\0zz", 8);
    buf_add(&b, "\x12\x22\xb0\0\0\x1c\x33\xce\0", 9);
    buf_add(&b, "\xec\xdf\xff\1\xb0\4", 6);
    define(&b, "b", 1);
    element(&b, 1);
    put_text(&b, "text <>");
    end(&b);
    put(&b, 0xeb);
    buf_add(&b, "\xed\1x\0\xe9", 5);
    end(&b);
    return b;
}

static void damage_never_reads_past_the_end(void **state)
{
    (void)state;
    buf b = everything();
    buf out = buf_new(1 << 20);
    assert_int_equal(decode(buf_view(&b), 1000, 4096, ST_END, &out), ST_END);
    for (size_t cut = 0; cut < b.n; cut++) {
        char *copy = malloc(cut ? cut : 1);
        assert_non_null(copy);
        memcpy(copy, b.p, cut);
        buf_clear(&out);
        status r = decode((sv){copy, cut}, 1000, 4096, ST_END, &out);
        assert_true(r == ST_ROW_LOST || (r == ST_END && out.n == 0)); /* whole only before the first element */
        free(copy);
    }
    for (size_t at = 0; at < b.n; at++) {
        char was = b.p[at];
        for (unsigned v = 0; v < 256; v++) {
            b.p[at] = (char)v;
            buf_clear(&out);
            status r = decode(buf_view(&b), 1000, 4096, ST_END, &out);
            assert_true(r == ST_END || r == ST_ROW_LOST);
        }
        b.p[at] = was;
    }
    buf_free(&out);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_of_a_real_server_decode),
        cmocka_unit_test(prefixes_and_their_declarations_are_written_out),
        cmocka_unit_test(comments_instructions_and_sections_decode),
        cmocka_unit_test(fragments_without_a_root_decode),
        cmocka_unit_test(the_xml_declaration_is_left_out),
        cmocka_unit_test(nested_documents_have_their_own_names),
        cmocka_unit_test(open_elements_outlive_a_flush_of_the_names),
        cmocka_unit_test(characters_are_escaped_as_the_server_does),
        cmocka_unit_test(text_of_white_space_alone_keeps_it_by_its_last_character),
        cmocka_unit_test(surrogates_join_across_pieces_and_lone_ones_are_replaced),
        cmocka_unit_test(long_values_pass_through_in_steps),
        cmocka_unit_test(numbers_decode),
        cmocka_unit_test(decimals_decode),
        cmocka_unit_test(dates_and_times_decode),
        cmocka_unit_test(dates_of_the_first_version_decode),
        cmocka_unit_test(bytes_and_narrow_text_decode),
        cmocka_unit_test(long_narrow_text_needs_a_page_of_single_bytes),
        cmocka_unit_test(values_in_a_row_are_members_of_a_list),
        cmocka_unit_test(tokens_out_of_place_are_refused),
        cmocka_unit_test(ceilings_hold),
        cmocka_unit_test(a_failure_of_the_reader_is_passed_on),
        cmocka_unit_test(damage_never_reads_past_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
