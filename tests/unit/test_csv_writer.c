/* CSV fields and the independent count of records. */
#define CSV_ONLY_WORDS /* here csv_bits is the form for machines without SSE2; the library's own is met by csv_count */
#include "csv/csv_words.h"
#include "csv/csv_writer.h"
#include "testing.h"

static void assert_field(const char *text, const char *want)
{
    buf b = buf_new(1 << 16);
    csv_field(&b, sv_from(text));
    buf_char(&b, '\0');
    assert_string_equal(b.p, want);
    buf_free(&b);
}

static void fields_are_quoted_only_where_needed(void **state)
{
    (void)state;
    assert_field("", "\"\"");
    assert_field("plain", "plain");
    assert_field("a longer plain text with 32 bytes", "a longer plain text with 32 bytes");
    assert_field(" x", "\" x\"");
    assert_field("x ", "\"x \"");
    assert_field("a,b", "\"a,b\"");
    assert_field("a\"b", "\"a\"\"b\"");
    assert_field("\"", "\"\"\"\"");
    assert_field("a\rb", "\"a\rb\"");
    assert_field("a\nb", "\"a\nb\"");
    assert_field("\xC3\xA4\xE2\x82\xAC", "\xC3\xA4\xE2\x82\xAC");
}

/* Eight bytes are looked at together: each special byte at each place of texts of many lengths must be seen. */
static void special_bytes_are_seen_at_every_place(void **state)
{
    (void)state;
    const char special[] = {',', '"', '\r', '\n'};
    char text[40];
    for (size_t n = 1; n < sizeof text; n++)
        for (size_t at = 0; at < n; at++)
            for (size_t k = 0; k < sizeof special; k++) {
                memset(text, at % 2 ? 'x' : (char)0xAC, n); /* 0xAC: a comma with the high bit set */
                text[at] = special[k];
                buf b = buf_new(200);
                csv_field(&b, (sv){text, n});
                assert_int_equal(b.n, n + 2 + (special[k] == '"'));
                buf_free(&b);
            }
    memset(text, 0xAC, sizeof text);
    buf b = buf_new(200);
    csv_field(&b, (sv){text, sizeof text});
    assert_int_equal(b.n, sizeof text);
    buf_free(&b);
}

static void records_are_counted_across_pieces(void **state)
{
    (void)state;
    const char text[] = "a,b\r\n\"x\r\ny\",2\r\n\"\"\"\n\"\"\",\"\"\r\n,,,,,,,,,,,,,,,,,,,,,\r\n\n\n\n\n\n\n\n\n\n";
    for (size_t piece = 1; piece < sizeof text; piece++) {
        csv_counter c = {0};
        for (size_t at = 0; at < sizeof text - 1; at += piece)
            csv_count(&c, (sv){text + at, piece < sizeof text - 1 - at ? piece : sizeof text - 1 - at});
        assert_int_equal(c.records, 13);
        assert_false(c.quoted);
    }
    csv_counter open = {0};
    csv_count(&open, SV_LIT("a\r\n\"b\r\n"));
    assert_int_equal(open.records, 1);
    assert_true(open.quoted);
}

/* Beside a count byte by byte, where quotes are dense, as in charts as JSON. */
static void records_are_counted_among_many_quotes(void **state)
{
    (void)state;
    static const char letters[] = "\"\"\n,a1\r:";
    char text[4000];
    uint32_t x = 1;
    csv_counter whole = {0}, plain = {0};
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = letters[(x = x * 1664525 + 1013904223) >> 29];
        plain.quoted ^= text[i] == '"';
        plain.records += !plain.quoted && text[i] == '\n';
        csv_counter c = {0};
        csv_count(&c, (sv){text, i + 1});
        assert_int_equal(c.records, plain.records);
        assert_int_equal(c.quoted, plain.quoted);
    }
    csv_count(&whole, (sv){text, sizeof text});
    assert_true(whole.records > 100);
}

static void marks_of_a_block_stand_in_order(void **state)
{
    (void)state;
    char block[CSV_BLOCK];
    uint32_t x = 1;
    for (int round = 0; round < 1000; round++) {
        uint64_t want = 0;
        for (unsigned i = 0; i < CSV_BLOCK; i++) {
            block[i] =
                (char)('"' + ((x = x * 1664525 + 1013904223) >> 30) * 64); /* of the same low bits, and of others */
            want |= (uint64_t)(block[i] == '"') << i;
        }
        assert_true(csv_bits(block, '"') == want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_quoted_only_where_needed), cmocka_unit_test(special_bytes_are_seen_at_every_place),
        cmocka_unit_test(records_are_counted_across_pieces),   cmocka_unit_test(records_are_counted_among_many_quotes),
        cmocka_unit_test(marks_of_a_block_stand_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
