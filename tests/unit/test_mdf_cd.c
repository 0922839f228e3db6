/* Compressed records: their parts, what the rows of a page share, and rows to values. */
#include "mdf/mdf_cd.h"
#include "record_pages.h"
#include "source/value_text.h"
#include "sqltype/sqltype.h"
#include "testing.h"

enum { COLUMNS_MAX = 300, CLUSTER = 30 };

/* One column of a compressed record under construction. */
typedef struct cd_column {
    uint8_t code; /* 2 to 9 and 0xA are chosen by the length of data */
    sv data;
    bool complex;
} cd_column;

static cd_column null_column(void) { return (cd_column){0, {NULL, 0}, false}; }
static cd_column empty_column(void) { return (cd_column){1, {NULL, 0}, false}; }
static cd_column true_column(void) { return (cd_column){0xB, {NULL, 0}, false}; }
static cd_column symbol_column(const char *symbol) { return (cd_column){0xC, {symbol, 1}, false}; }
static cd_column bytes_column(const char *p, size_t n)
{
    return (cd_column){(uint8_t)(n == 0 ? 1 : n <= 8 ? n + 1 : 0xA), {p, n}, false};
}

static bytes cd_record_of(unsigned first_byte, const cd_column *c, unsigned n)
{
    bytes b = {.n = 0};
    unsigned longs = 0;
    const unsigned clusters = (n - 1) / CLUSTER;
    for (unsigned i = 0; i < n; i++) longs += c[i].code == 0xA;
    add8(&b, first_byte | (longs ? 0x20 : 0));
    if (n >= 0x80) add8(&b, 0x80 | n >> 8);
    add8(&b, n & 0xFF);
    for (unsigned i = 0; i < n; i += 2) add8(&b, c[i].code | (i + 1 < n ? (unsigned)c[i + 1].code << 4 : 0u));
    for (unsigned k = 0; k < clusters; k++) {
        unsigned length = 0;
        for (unsigned i = k * CLUSTER; i < (k + 1) * CLUSTER; i++)
            if (c[i].code != 0xA) length += (unsigned)c[i].data.n;
        add8(&b, length);
    }
    for (unsigned i = 0; i < n; i++)
        if (c[i].code != 0xA && c[i].data.n) add(&b, c[i].data.p, c[i].data.n);
    if (!longs) return b;
    unsigned end = 0;
    add8(&b, 1);
    add16(&b, longs);
    for (unsigned i = 0; i < n; i++) {
        if (c[i].code != 0xA) continue;
        end += (unsigned)c[i].data.n;
        add16(&b, end | (c[i].complex ? 0x8000 : 0));
    }
    for (unsigned k = 0; k < clusters; k++) {
        unsigned count = 0;
        for (unsigned i = k * CLUSTER; i < (k + 1) * CLUSTER; i++) count += c[i].code == 0xA;
        add8(&b, count);
    }
    for (unsigned i = 0; i < n; i++)
        if (c[i].code == 0xA) add(&b, c[i].data.p, c[i].data.n);
    return b;
}

static bool cell_is(const cd_cell *c, const char *text)
{
    return c->kind == CD_BYTES && sv_eq((sv){(const char *)c->p, c->n}, sv_from(text));
}

static void forms_of_columns(void **state)
{
    (void)state;
    const cd_column c[] = {null_column(),       empty_column(),      bytes_column("12345678", 8),
                           true_column(),       symbol_column("\7"), bytes_column("a long value", 12),
                           bytes_column("x", 1)};
    cd_cell cell[7];
    cd_record r;
    bytes b = cd_record_of(0x01, c, 7);
    assert_true(cd_is(b.p) && cd_type_of(b.p) == CD_PRIMARY);
    assert_true(cd_parse(b.p, b.n, cell, 7, &r));
    assert_true(r.columns == 7 && r.n == b.n);
    assert_int_equal(cell[0].kind, CD_NULL);
    assert_true(cell_is(&cell[1], ""));
    assert_true(cell_is(&cell[2], "12345678"));
    assert_int_equal(cell[3].kind, CD_TRUE);
    assert_true(cell[4].kind == CD_SYMBOL && cell[4].symbol == 7);
    assert_true(cell_is(&cell[5], "a long value"));
    assert_true(cell_is(&cell[6], "x"));
    assert_true(cd_parse(b.p, b.n, cell, 2, &r)); /* a caller that wants fewer */
    assert_int_equal(r.columns, 7);
    assert_true(cell_is(&cell[1], ""));
}

static void no_cut_record_is_taken(void **state)
{
    (void)state;
    cd_column c[40];
    cd_cell cell[40];
    cd_record r;
    for (unsigned i = 0; i < 40; i++) c[i] = i % 3 ? bytes_column("ab", 2) : bytes_column("a long value", 12);
    bytes b = cd_record_of(0x01, c, 40);
    assert_true(cd_parse(b.p, b.n, cell, 40, &r));
    for (unsigned n = 0; n < b.n; n++) assert_false(cd_parse(b.p, n, cell, 40, &r));
    b.p[0] |= 2; /* a versioning tag of 14 bytes must follow */
    assert_false(cd_parse(b.p, b.n + 13, cell, 40, &r));
    assert_true(cd_parse(b.p, b.n + 14, cell, 40, &r));
}

static void unknown_or_contradicting_forms_are_refused(void **state)
{
    (void)state;
    const cd_column c[] = {bytes_column("ab", 2), bytes_column("a long value", 12), bytes_column("another one", 11)};
    cd_cell cell[3];
    cd_record r;
    const bytes good = cd_record_of(0x01, c, 3);
    /* offset, byte: 0 status, 1 count, 2-3 codes, 4-5 short data, 6 flags, 7 count, 9 and 11 ends */
    static const unsigned wrong[][2] = {{0, 0x20}, {0, 0x01}, {1, 0}, {2, 0xDA}, {2, 0xE3}, {2, 0xF3},  {3, 0x00},
                                        {6, 0},    {7, 1},    {7, 3}, {9, 24},   {11, 11},  {11, 0xFF}, {12, 0x7F}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        bytes b = good;
        b.p[wrong[i][0]] = (uint8_t)wrong[i][1];
        if (cd_parse(b.p, b.n, cell, 3, &r)) fail_msg("damage %zu was not seen", i);
    }
}

static void more_than_thirty_and_more_than_127_columns(void **state)
{
    (void)state;
    static const unsigned counts[] = {30, 31, 60, 61, 127, 128, 203, 300};
    static char text[COLUMNS_MAX][16];
    cd_column c[COLUMNS_MAX];
    cd_cell cell[COLUMNS_MAX];
    cd_record r;
    for (unsigned i = 0; i < COLUMNS_MAX; i++) {
        snprintf(text[i], sizeof text[i], i % 7 ? "%u" : "long value %u", i);
        c[i] = bytes_column(text[i], strlen(text[i]));
    }
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        bytes b = cd_record_of(0x01, c, counts[k]);
        assert_true(cd_parse(b.p, b.n, cell, COLUMNS_MAX, &r));
        assert_true(r.columns == counts[k] && r.n == b.n);
        for (unsigned i = 0; i < counts[k]; i++) assert_true(cell_is(&cell[i], text[i]));
    }
}

/* ---- what the rows of a page share ---- */

/* Puts the compression information behind the page header. */
static void put_ci(uint8_t *page, const bytes *anchor, const sv *entry, unsigned entries)
{
    bytes b = {.n = 0};
    add8(&b, (anchor ? 2u : 0u) | (entries ? 4u : 0u));
    add16(&b, 0);
    unsigned end = 3u + (anchor ? 2u : 0u) + (entries ? 2u : 0u);
    if (anchor) add16(&b, end += anchor->n);
    if (entries) {
        end += 2 + 2 * entries;
        for (unsigned i = 0; i < entries; i++) end += (unsigned)entry[i].n;
        add16(&b, end);
    }
    if (anchor) add(&b, anchor->p, anchor->n);
    if (entries) {
        add16(&b, entries);
        unsigned entry_end = 2 + 2 * entries;
        for (unsigned i = 0; i < entries; i++) add16(&b, entry_end += (unsigned)entry[i].n);
        for (unsigned i = 0; i < entries; i++) add(&b, entry[i].p, entry[i].n);
    }
    page[PH_TYPE_FLAGS] = PAGE_TYPE_FLAG_CI;
    memcpy(page + PAGE_HEADER_BYTES, b.p, b.n);
    put16(page + PH_FREE_DATA, PAGE_HEADER_BYTES + b.n);
}

static bool value_is(const cd_page *shared, unsigned column, const cd_cell *c, arena *mem, const char *text)
{
    sv out;
    return cd_value(shared, column, c, mem, &out) && sv_eq(out, sv_from(text));
}

static void prefixes_and_symbols(void **state)
{
    (void)state;
    uint8_t page[PAGE_BYTES];
    static char long_anchor[200];
    memset(long_anchor, 'z', sizeof long_anchor);
    const cd_column anchors[] = {bytes_column("PALETTE", 7), null_column(),
                                 bytes_column(long_anchor, sizeof long_anchor), empty_column()};
    const sv entry[] = {SV_LIT("\3ace"), SV_LIT("raw"), {"", 0}};
    cd_cell anchor_cell[4];
    cd_page shared = {.anchor = anchor_cell, .anchor_room = 4};
    arena *mem = arena_new(0);
    bytes anchor = cd_record_of(0x01, anchors, 4);
    page_start(page, PAGE_DATA, (page_id){1, 1});
    put_ci(page, &anchor, entry, 3);
    assert_null(cd_page_read(page, &shared));
    assert_true(shared.anchors == 4 && shared.symbols == 3);

    const cd_cell equal = {.p = page, .n = 0, .kind = CD_BYTES};
    const cd_cell prefixed = {.p = (const uint8_t *)"\2nda", .n = 4, .kind = CD_BYTES};
    const cd_cell long_prefix = {.p = (const uint8_t *)"\x80\x85!", .n = 3, .kind = CD_BYTES};
    cd_cell symbol = {.kind = CD_SYMBOL, .symbol = 0};
    sv out;
    assert_true(value_is(&shared, 0, &equal, mem, "PALETTE"));
    assert_true(value_is(&shared, 1, &equal, mem, ""));
    assert_true(value_is(&shared, 3, &equal, mem, ""));
    assert_true(value_is(&shared, 9, &equal, mem, "")); /* a column younger than the anchor */
    assert_true(value_is(&shared, 0, &prefixed, mem, "PAnda"));
    assert_true(value_is(&shared, 1, &prefixed, mem, "\2nda"));
    assert_true(value_is(&shared, 0, &symbol, mem, "PALace"));
    symbol.symbol = 1;
    assert_true(value_is(&shared, 1, &symbol, mem, "raw"));
    symbol.symbol = 2;
    assert_true(value_is(&shared, 0, &symbol, mem, "PALETTE"));
    symbol.symbol = 3;
    assert_false(cd_value(&shared, 0, &symbol, mem, &out));
    assert_true(cd_value(&shared, 2, &long_prefix, mem, &out));
    assert_true(out.n == 134 && out.p[132] == 'z' && out.p[133] == '!');
    const cd_cell beyond = {.p = (const uint8_t *)"\x08x", .n = 2, .kind = CD_BYTES};
    assert_false(cd_value(&shared, 0, &beyond, mem, &out));
    const cd_cell cut = {.p = (const uint8_t *)"\x80", .n = 1, .kind = CD_BYTES};
    assert_false(cd_value(&shared, 0, &cut, mem, &out));
    arena_free(mem);
}

static void either_part_may_be_missing(void **state)
{
    (void)state;
    uint8_t page[PAGE_BYTES];
    const cd_column anchors[] = {bytes_column("abc", 3)};
    const sv entry[] = {SV_LIT("xy")};
    cd_cell anchor_cell[1];
    cd_page shared = {.anchor = anchor_cell, .anchor_room = 1};
    bytes anchor = cd_record_of(0x01, anchors, 1);
    page_start(page, PAGE_DATA, (page_id){1, 1});
    put_ci(page, &anchor, NULL, 0);
    assert_null(cd_page_read(page, &shared));
    assert_true(shared.anchors == 1 && shared.symbols == 0);
    page_start(page, PAGE_DATA, (page_id){1, 1});
    put_ci(page, NULL, entry, 1);
    assert_null(cd_page_read(page, &shared));
    assert_true(shared.anchors == 0 && shared.symbols == 1);
    page[PH_TYPE_FLAGS] = 0;
    assert_null(cd_page_read(page, &shared));
    assert_true(shared.anchors == 0 && shared.symbols == 0);
}

static void damaged_compression_information_loses_the_page(void **state)
{
    (void)state;
    /* Behind the header: 0 flags, 3 end of anchor (15), 5 end of dictionary (24), 7 anchor, 15 count, 17 and 19 ends.
     * */
    static const unsigned wrong[][2] = {{3, 6}, {3, 14},    {3, 0xFFF0}, {5, 14},  {5, 0xFFF0}, {5, 16},
                                        {7, 0}, {15, 4000}, {17, 5},     {17, 10}, {19, 10},    {15, 3}};
    const cd_column anchors[] = {bytes_column("abcde", 5)};
    const sv entry[] = {SV_LIT("x"), SV_LIT("yz")};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        test_table t;
        table_open(&t);
        t.rowset.compression = MDF_PAGE_COMPRESSED;
        table_column(&t, "a", XT_VARCHAR, -1, 1);
        bytes anchor = cd_record_of(0x01, anchors, 1);
        put_ci(t.page, &anchor, entry, 2);
        assert_int_equal(table_ready(&t, false), ST_OK);
        put16(t.page + PAGE_HEADER_BYTES + wrong[i][0], wrong[i][1]);
        if (table_ready(&t, false) != ST_ROW_LOST) fail_msg("damage %zu was not seen", i);
        assert_int_equal(findings_count(t.found, F_COMPRESSION_INFO), 1);
        assert_int_equal(first_finding(t.found, F_COMPRESSION_INFO)->page, TEST_ROW_PAGE);
        assert_int_equal(record_decoder_state(t.decoder, 0), RECORD_BAD);
        table_close(&t);
    }
}

/* ---- rows ---- */

static void compressed_table(test_table *t, mdf_compression compression)
{
    table_open(t);
    t->rowset.compression = compression;
}

static void a_row_compressed_row(void **state)
{
    (void)state;
    test_table t;
    value v[8];
    compressed_table(&t, MDF_ROW_COMPRESSED);
    table_column(&t, "id", XT_INT, -1, 1);
    table_column(&t, "yes", XT_BIT, -2, 2);
    table_column(&t, "no", XT_BIT, -3, 3);
    table_column(&t, "name", XT_VARCHAR, -4, 4);
    table_column(&t, "gone", XT_INT, -5, 5);
    table_column(&t, "zero", XT_BIGINT, -6, 6);
    table_column(&t, "added", XT_INT, -7, 7);
    mdf_column *with_default = table_column(&t, "added_default", XT_INT, -8, 8);
    with_default->has_default = true;
    with_default->default_bytes = (sv){"\x09\0\0\0", 4};
    const cd_column c[] = {bytes_column("\x81", 1),           true_column(), empty_column(),
                           bytes_column("a longer name", 13), null_column(), empty_column()};
    bytes b = cd_record_of(0x01, c, 6);
    page_add_record(t.page, &b);
    assert_int_equal(table_ready(&t, false), ST_OK);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_true(v[0].kind == V_INT && v[0].as.integer == 1);
    assert_true(v[1].kind == V_BOOL && v[1].as.integer == 1);
    assert_true(v[2].kind == V_BOOL && v[2].as.integer == 0);
    assert_true(sv_eq(v[3].as.text, SV_LIT("a longer name")));
    assert_int_equal(v[4].kind, V_NULL);
    assert_true(v[5].kind == V_INT && v[5].as.integer == 0);
    assert_int_equal(v[6].kind, V_NULL);
    assert_true(v[7].kind == V_INT && v[7].as.integer == 9);
    assert_int_equal(findings_kinds(t.found), 0);
    table_close(&t);
}

static void a_page_compressed_row(void **state)
{
    (void)state;
    test_table t;
    value v[3];
    compressed_table(&t, MDF_PAGE_COMPRESSED);
    table_column(&t, "city", XT_VARCHAR, -1, 1);
    table_column(&t, "id", XT_INT, -2, 2);
    table_column(&t, "kind", XT_VARCHAR, -3, 3);
    const cd_column anchors[] = {bytes_column("Rotterdam", 9), bytes_column("\x80\x01", 2), null_column()};
    const sv entry[] = {SV_LIT("crown")};
    bytes anchor = cd_record_of(0x01, anchors, 3);
    put_ci(t.page, &anchor, entry, 1);
    const cd_column c[] = {bytes_column("\3he", 3), empty_column(), symbol_column("\0")};
    const cd_column bad[] = {bytes_column("\x20he", 3), empty_column(), symbol_column("\1")};
    bytes b = cd_record_of(0x01, c, 3), b2 = cd_record_of(0x01, bad, 3);
    page_add_record(t.page, &b);
    page_add_record(t.page, &b2);
    assert_int_equal(table_ready(&t, false), ST_OK);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_true(sv_eq(v[0].as.text, SV_LIT("Rothe")));
    assert_int_equal(v[1].as.integer, 0x8001 - 0x8000);
    assert_true(sv_eq(v[2].as.text, SV_LIT("crown")));
    assert_int_equal(table_row(&t, 1, v), ST_OK);
    assert_int_equal(v[0].kind, V_UNREADABLE);
    assert_int_equal(v[1].as.integer, 1);
    assert_int_equal(v[2].kind, V_UNREADABLE);
    assert_int_equal(t.bad, 2);
    assert_int_equal(findings_count(t.found, F_CELL_BROKEN), 2);
    table_close(&t);
}

static void off_row_values_of_compressed_rows(void **state)
{
    (void)state;
    test_table t;
    value v[2];
    compressed_table(&t, MDF_PAGE_COMPRESSED);
    table_column(&t, "id", XT_INT, -1, 1);
    table_column(&t, "doc", XT_NVARCHAR, -2, 2)->max = true;
    const page_id at = {9, 1};
    bytes root = inline_root(4);
    add_link(&root, false, 4, at, put_data(t.store, at, "h\0i\0", 4));
    cd_column c[] = {bytes_column("\x81", 1), bytes_column((const char *)root.p, root.n)};
    c[1].complex = true;
    bytes b = cd_record_of(0x01, c, 2);
    const cd_column in_row[] = {bytes_column("\x82", 1), bytes_column("y\0o\0", 4)};
    bytes b2 = cd_record_of(0x11, in_row, 2); /* forwarded: live where it stands */
    page_add_record(t.page, &b);
    page_add_record(t.page, &b2);
    assert_int_equal(table_ready(&t, false), ST_OK);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_true(v[1].kind == V_TEXT && sv_eq(v[1].as.text, SV_LIT("hi")));
    assert_int_equal(record_decoder_state(t.decoder, 1), RECORD_LIVE);
    assert_int_equal(table_row(&t, 1, v), ST_OK);
    assert_true(v[1].kind == V_TEXT &&
                sv_eq(v[1].as.text, SV_LIT("yo"))); /* (max) text is never in Unicode compression */
    assert_int_equal(findings_kinds(t.found), 0);
    table_close(&t);
}

static void states_of_compressed_records(void **state)
{
    (void)state;
    static const record_state expected[8] = {RECORD_LIVE, RECORD_NONE, RECORD_NONE, RECORD_NONE,
                                             RECORD_LIVE, RECORD_NONE, RECORD_BAD,  RECORD_NONE};
    test_table t;
    value v[1];
    compressed_table(&t, MDF_ROW_COMPRESSED);
    table_column(&t, "id", XT_INT, -1, 1);
    const cd_column c[] = {bytes_column("\x81", 1)};
    for (unsigned type = 0; type < 8; type++) {
        bytes b = cd_record_of(1 | type << 2, c, 1);
        page_add_record(t.page, &b);
    }
    bytes not_compressed = record_start(RECORD_HAS_NULLS, "\1\0\0\0", 4);
    page_add_record(t.page, &not_compressed);
    table_ready(&t, false);
    for (uint16_t type = 0; type < 8; type++) assert_int_equal(record_decoder_state(t.decoder, type), expected[type]);
    assert_int_equal(record_decoder_state(t.decoder, 8), RECORD_BAD);
    assert_int_equal(table_row(&t, 8, v), ST_ROW_LOST);
    /* a record that leaves the page */
    t.page[page_slot_offset(t.page, 0) + 1] = 0x7F;
    memset(t.page + page_slot_offset(t.page, 0) + 2, 0xAA, 64);
    assert_int_equal(table_row(&t, 0, v), ST_ROW_LOST);
    assert_int_equal(findings_count(t.found, F_RECORD_BROKEN), 2);
    table_close(&t);
}

/* What a real server's DBCC PAGE printed, as the tests of Internals Viewer quote it: a row with a long column, and the
 * compression information of a page (539 bytes: an anchor record of 9 columns, a dictionary of 113 entries). */
static const uint8_t REAL_ROW[] = {0x21, 0x03, 0xa2, 0x16, 0xe5, 'R', 'o', 'w', ' ', '1', 0x01, 0x01, 0x00, 0x0d,
                                   0x00, 'T',  'h',  'i',  's',  ' ', 'i', 's', ' ', 'r', 'o',  'w',  ' ',  '1'};
static const uint8_t REAL_INFORMATION[] = {
    0x06, 0x0f, 0x00, 0x23, 0x00, 0x1b, 0x02, 0x01, 0x09, 0x04, 0x04, 0x28, 0x00, 0x18, 0x83, 0x03, 0x00, 0x81, 0x18,
    0x8b, 0x80, 0xa3, 0x1e, 0x00, 0x00, 0x00, 0x00, 0x53, 0x80, 0xa3, 0x1e, 0x00, 0x00, 0x00, 0x00, 0x71, 0x00, 0xe6,
    0x00, 0xe8, 0x00, 0xea, 0x00, 0xec, 0x00, 0xee, 0x00, 0xf0, 0x00, 0xf2, 0x00, 0xf4, 0x00, 0xf6, 0x00, 0xf8, 0x00,
    0xfa, 0x00, 0xfc, 0x00, 0xfe, 0x00, 0x00, 0x01, 0x02, 0x01, 0x04, 0x01, 0x06, 0x01, 0x08, 0x01, 0x0a, 0x01, 0x0c,
    0x01, 0x0e, 0x01, 0x10, 0x01, 0x12, 0x01, 0x14, 0x01, 0x16, 0x01, 0x18, 0x01, 0x1a, 0x01, 0x1c, 0x01, 0x1e, 0x01,
    0x20, 0x01, 0x22, 0x01, 0x24, 0x01, 0x26, 0x01, 0x28, 0x01, 0x2a, 0x01, 0x2c, 0x01, 0x2e, 0x01, 0x30, 0x01, 0x32,
    0x01, 0x34, 0x01, 0x36, 0x01, 0x38, 0x01, 0x3a, 0x01, 0x3c, 0x01, 0x3e, 0x01, 0x40, 0x01, 0x42, 0x01, 0x44, 0x01,
    0x46, 0x01, 0x48, 0x01, 0x4a, 0x01, 0x4c, 0x01, 0x4e, 0x01, 0x50, 0x01, 0x52, 0x01, 0x54, 0x01, 0x56, 0x01, 0x58,
    0x01, 0x5a, 0x01, 0x5c, 0x01, 0x5e, 0x01, 0x60, 0x01, 0x62, 0x01, 0x64, 0x01, 0x66, 0x01, 0x68, 0x01, 0x6a, 0x01,
    0x6c, 0x01, 0x6e, 0x01, 0x70, 0x01, 0x72, 0x01, 0x74, 0x01, 0x77, 0x01, 0x7a, 0x01, 0x7d, 0x01, 0x80, 0x01, 0x83,
    0x01, 0x86, 0x01, 0x89, 0x01, 0x8c, 0x01, 0x8f, 0x01, 0x92, 0x01, 0x95, 0x01, 0x98, 0x01, 0x9b, 0x01, 0x9e, 0x01,
    0xa1, 0x01, 0xa4, 0x01, 0xa7, 0x01, 0xaa, 0x01, 0xad, 0x01, 0xb0, 0x01, 0xb3, 0x01, 0xb6, 0x01, 0xb9, 0x01, 0xbc,
    0x01, 0xbf, 0x01, 0xc2, 0x01, 0xc5, 0x01, 0xc8, 0x01, 0xcb, 0x01, 0xce, 0x01, 0xd1, 0x01, 0xd4, 0x01, 0xd8, 0x01,
    0xdc, 0x01, 0xe0, 0x01, 0xe4, 0x01, 0xe8, 0x01, 0xec, 0x01, 0xf0, 0x01, 0xf4, 0x01, 0xf8, 0x01, 0x02, 0x7e, 0x02,
    0x80, 0x02, 0x81, 0x02, 0x83, 0x02, 0x84, 0x02, 0x85, 0x02, 0x86, 0x02, 0x88, 0x02, 0x8a, 0x02, 0x8c, 0x02, 0x8d,
    0x02, 0x8e, 0x02, 0x8f, 0x02, 0x90, 0x02, 0x91, 0x02, 0x92, 0x02, 0x93, 0x02, 0x94, 0x02, 0x95, 0x02, 0x96, 0x82,
    0xc3, 0x82, 0xc4, 0x82, 0xc7, 0x82, 0xc8, 0x82, 0xca, 0x82, 0xcb, 0x82, 0xe2, 0x82, 0xe7, 0x82, 0xec, 0x83, 0x0b,
    0x83, 0x29, 0x83, 0x43, 0x83, 0x5a, 0x83, 0x5b, 0x83, 0x60, 0x83, 0x61, 0x83, 0x63, 0x83, 0x64, 0x83, 0x65, 0x83,
    0x66, 0x83, 0x6c, 0x83, 0x6d, 0x83, 0x70, 0x83, 0x71, 0x83, 0x73, 0x83, 0x74, 0x83, 0x75, 0x83, 0x7f, 0x83, 0x89,
    0x83, 0x8c, 0x83, 0x8e, 0x83, 0x95, 0x83, 0x96, 0x83, 0x9d, 0x83, 0x9e, 0x83, 0xa7, 0x83, 0xa8, 0x83, 0xa9, 0x83,
    0xb4, 0x83, 0xb9, 0x83, 0xbd, 0x83, 0xbf, 0x83, 0xc1, 0x83, 0xc2, 0x83, 0xc3, 0x83, 0xc6, 0x83, 0xcc, 0x83, 0xd3,
    0x83, 0xdd, 0x83, 0xdf, 0x83, 0xe1, 0xf4, 0xf4, 0x80, 0xba, 0x54, 0x80, 0xe4, 0x43, 0x82, 0x6d, 0xd1, 0x83, 0x0f,
    0xf0, 0x83, 0x34, 0x14, 0x84, 0x92, 0x6a, 0x84, 0xf5, 0x47, 0x85, 0x08, 0xd4, 0x85, 0x5a, 0xd7, 0x85, 0xf1, 0xa0,
    0x86, 0x4c, 0x4e, 0x86, 0xf1, 0x17, 0x86, 0xfd, 0xe0, 0x87, 0x02, 0xca, 0x89, 0x25, 0x1e, 0x8a, 0x54, 0xa2, 0x8a,
    0xfc, 0x80, 0x8c, 0x06, 0x84, 0x8d, 0x94, 0x8e, 0x8d, 0xb7, 0xd2, 0x9c, 0x34, 0x7e, 0x9d, 0xd0, 0xb2, 0xa5, 0xa5,
    0xec, 0xa6, 0x13, 0xc4, 0xa9, 0x1c, 0x7a, 0xbb, 0x53, 0x38, 0xbe, 0x12, 0x58, 0xc3, 0x2a, 0x4e, 0xd1, 0x8e, 0x98,
    0xd4, 0x89, 0xe8, 0xf1, 0x5b, 0x46, 0xfb, 0x19, 0xc8, 0x80, 0x85, 0x77, 0xa8, 0x80, 0x98, 0x63, 0xe0, 0x80, 0x9a,
    0x12, 0x94, 0x80, 0xa1, 0xa3, 0x4c, 0x80, 0xba, 0xe0, 0x58, 0x80, 0xfc, 0x22, 0x98, 0x80, 0xfe, 0xe1, 0xb8, 0x81,
    0x05, 0xeb, 0xf8, 0x81, 0x0c, 0x6f, 0x38,
};

static void a_row_of_a_real_server(void **state)
{
    (void)state;
    cd_cell cell[3];
    cd_record r;
    assert_true(cd_parse(REAL_ROW, sizeof REAL_ROW, cell, 3, &r));
    assert_int_equal(r.columns, 3);
    assert_int_equal(r.n, sizeof REAL_ROW);
    assert_memory_equal(cell[0].p, "\xe5", 1); /* 101 */
    assert_int_equal(cell[1].n, 13);
    assert_memory_equal(cell[1].p, "This is row 1", 13);
    assert_int_equal(cell[2].n, 5);
    assert_memory_equal(cell[2].p, "Row 1", 5);
}

/* A row of a history table of SQL Server 2019 as a real backup has it, found in a public repository: uniquifier, two
 * datetime2(7), int, int, int, nvarchar in Unicode compression, date, money. It tells of coffee. */
static const uint8_t REAL_HISTORY_ROW[] = {
    0x01, 0x09, 0x91, 0x29, 0x22, 0x46, 0x14, 0x11, 0x40, 0x33, 0x58, 0x8f, 0xc5, 0x43, 0x0b, 0xbf, 0x3f, 0x65, 0xed,
    0x8e, 0xa6, 0x43, 0x0b, 0xec, 0x8f, 0x81, 0x12, 0x9a, 0xbe, 0xc4, 0xb5, 0xa6, 0x43, 0x0b, 0x87, 0xa1, 0x20,
};

static void a_row_of_a_real_backup(void **state)
{
    (void)state;
    static const sqltype types[9] = {
        {.xtype = XT_INT},
        {.xtype = XT_DATETIME2, .scale = 7},
        {.xtype = XT_DATETIME2, .scale = 7},
        {.xtype = XT_INT},
        {.xtype = XT_INT},
        {.xtype = XT_INT},
        {.xtype = XT_NVARCHAR},
        {.xtype = XT_DATE},
        {.xtype = XT_MONEY, .precision = 19, .scale = 4},
    };
    cd_cell cell[9];
    cd_record r;
    value v[9];
    arena *mem = arena_new(0);
    assert_non_null(mem);
    assert_true(cd_parse(REAL_HISTORY_ROW, sizeof REAL_HISTORY_ROW, cell, 9, &r));
    assert_int_equal(r.columns, 9);
    assert_int_equal(r.n, sizeof REAL_HISTORY_ROW);
    for (size_t i = 0; i < 9; i++) {
        sqltype_notes notes = {0};
        assert_int_equal(cell[i].kind, CD_BYTES);
        assert_true(sqltype_decode_compressed(&types[i], (sv){(const char *)cell[i].p, cell[i].n}, mem, &v[i], &notes));
        assert_int_equal(notes.bad_text, 0);
    }
    buf text = buf_new(400);
    for (size_t i = 0; i < 9; i++) {
        if (i) buf_char(&text, '|');
        value_text(&v[i], &text);
    }
    buf_char(&text, '\0');
    assert_string_equal(text.p, "0|2022-04-01 17:06:06.0077073|2022-03-01 17:03:06.8191679|108|15|1|"
                                "\xd0\x9a\xd0\xbe\xd1\x84\xd0\xb5|2022-03-01|50.0000");
    buf_free(&text);
    arena_free(mem);
}

static void compression_information_of_a_real_server(void **state)
{
    (void)state;
    static uint8_t page[PAGE_BYTES];
    cd_cell anchor[9];
    cd_page shared = {.anchor = anchor, .anchor_room = 9};
    page[PH_TYPE_FLAGS] = PAGE_TYPE_FLAG_CI;
    page[PH_SLOTS] = 1;
    memcpy(page + PAGE_HEADER_BYTES, REAL_INFORMATION, sizeof REAL_INFORMATION);
    assert_null(cd_page_read(page, &shared));
    assert_int_equal(shared.anchors, 9);
    assert_int_equal(shared.symbols, 113);
    assert_int_equal(anchor[1].kind, CD_NULL);
    arena *mem = arena_new(0);
    assert_non_null(mem);
    sv got;
    const cd_cell first = {.kind = CD_SYMBOL, .symbol = 0}, last = {.kind = CD_SYMBOL, .symbol = 112};
    assert_true(cd_value(&shared, 2, &first, mem, &got)); /* two bytes of the anchor 81 18 8b, then 7e */
    assert_int_equal(got.n, 3);
    assert_memory_equal(got.p, "\x81\x18\x7e", 3);
    assert_true(cd_value(&shared, 1, &last, mem, &got)); /* a column without an anchor takes the entry as it is */
    assert_int_equal(got.n, 4);
    assert_memory_equal(got.p, "\x81\x0c\x6f\x38", 4);
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_columns),
        cmocka_unit_test(a_row_of_a_real_server),
        cmocka_unit_test(a_row_of_a_real_backup),
        cmocka_unit_test(compression_information_of_a_real_server),
        cmocka_unit_test(no_cut_record_is_taken),
        cmocka_unit_test(unknown_or_contradicting_forms_are_refused),
        cmocka_unit_test(more_than_thirty_and_more_than_127_columns),
        cmocka_unit_test(prefixes_and_symbols),
        cmocka_unit_test(either_part_may_be_missing),
        cmocka_unit_test(damaged_compression_information_loses_the_page),
        cmocka_unit_test(a_row_compressed_row),
        cmocka_unit_test(a_page_compressed_row),
        cmocka_unit_test(off_row_values_of_compressed_rows),
        cmocka_unit_test(states_of_compressed_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
