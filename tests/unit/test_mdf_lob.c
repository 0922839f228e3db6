/* Off-row values: roots in the row, trees of LOB records, their damage, and the text stream over them. */
#include "base/limits.h"
#include "mdf/mdf_lob_text.h"
#include "record_pages.h"
#include "testing.h"

static const page_id p9 = {9, 1}, p10 = {10, 1}, p11 = {11, 2};
enum { CHUNK = 4000 };

typedef struct lob_test {
    findings *found;
    memory_store *store;
    lob_reader *lobs;
} lob_test;

/* A reader that has no page in its cache: the store's may have changed. */
static void fresh_reader(lob_test *t)
{
    lob_reader_free(t->lobs);
    t->lobs = lob_reader_new(&t->store->base, t->found);
    lob_reader_table(t->lobs, SV_LIT("dbo.t"));
    lob_reader_cell(t->lobs, SV_LIT("doc"), (page_id){77, 1}, 3);
}
static void lob_open(lob_test *t)
{
    t->found = findings_new();
    t->store = memory_store_new(t->found);
    t->lobs = NULL;
}
static void lob_close(lob_test *t)
{
    lob_reader_free(t->lobs);
    t->store->base.ops->close(&t->store->base);
    findings_free(t->found);
}

/* All bytes of the value behind a root, into out; the status that ended them. */
static status read_all(lob_test *t, const bytes *root_bytes, buf *out)
{
    lob_root root;
    sv piece;
    status s;
    fresh_reader(t);
    assert_true(lob_root_parse((sv){(const char *)root_bytes->p, root_bytes->n}, &root));
    lob_walk *w = lob_walk_new(t->lobs, &root);
    assert_non_null(w);
    *out = buf_new(1 << 20);
    while ((s = lob_walk_next(w, &piece)) == ST_OK) {
        assert_true(piece.n > 0 && piece.n <= LOB_PIECE_MAX);
        buf_sv(out, piece);
    }
    assert_int_equal(lob_walk_next(w, &piece), s); /* over stays over */
    lob_walk_free(w);
    return s;
}

static uint64_t length_of(lob_test *t, const bytes *root_bytes, status expected)
{
    lob_root root;
    uint64_t n = 0;
    fresh_reader(t);
    assert_true(lob_root_parse((sv){(const char *)root_bytes->p, root_bytes->n}, &root));
    assert_int_equal(lob_length(t->lobs, &root, &n), expected);
    return n;
}

/* A value that cannot be followed: it ends in ST_ROW_LOST and one finding that names where. */
static void assert_broken(lob_test *t, const bytes *root, page_id at)
{
    buf out;
    const uint64_t before = findings_count(t->found, F_LOB_BROKEN);
    assert_int_equal(read_all(t, root, &out), ST_ROW_LOST);
    assert_true(findings_count(t->found, F_LOB_BROKEN) == before + 1);
    const finding_kind *k = NULL;
    for (size_t i = 0; i < findings_kinds(t->found); i++)
        if (findings_kind(t->found, i)->code == F_LOB_BROKEN) k = findings_kind(t->found, i);
    const finding *f = NULL; /* kept by place, not in the order in which they were met */
    for (size_t i = 0; i < k->kept; i++)
        if (k->item[i].file_id == at.file && k->item[i].page == at.page) f = &k->item[i];
    assert_non_null(f);
    assert_true(sv_eq(f->table, SV_LIT("dbo.t")) && sv_eq(f->column, SV_LIT("doc")));
    assert_true(sv_eq(f->b, SV_LIT("1:77, slot 3")));
    buf_free(&out);
}

static uint8_t chunk_byte(size_t i) { return (uint8_t)(i * 7 + i / 251); }
static void fill(uint8_t *p, size_t start, size_t n)
{
    for (size_t i = 0; i < n; i++) p[i] = chunk_byte(start + i);
}
static void assert_filled(const buf *b, size_t n)
{
    assert_int_equal(b->n, n);
    for (size_t i = 0; i < n; i++)
        if ((uint8_t)b->p[i] != chunk_byte(i)) fail_msg("byte %zu is wrong", i);
}

/* Data records of one value on p9, p10 and p11: two of CHUNK bytes each. */
typedef struct chunks {
    page_id at[6];
    uint16_t slot[6];
} chunks;
static chunks put_chunks(lob_test *t)
{
    static const page_id at[3] = {{9, 1}, {10, 1}, {11, 2}};
    uint8_t p[CHUNK];
    chunks c;
    for (unsigned i = 0; i < 6; i++) {
        fill(p, (size_t)i * CHUNK, CHUNK);
        c.at[i] = at[i / 2];
        c.slot[i] = put_data(t->store, at[i / 2], p, CHUNK);
    }
    return c;
}

static void inline_root_links_pieces_across_files(void **state)
{
    (void)state;
    lob_test t;
    buf out;
    lob_open(&t);
    const chunks c = put_chunks(&t);
    bytes root = inline_root(4);
    for (unsigned i = 0; i < 6; i++) add_link(&root, false, (i + 1u) * CHUNK, c.at[i], c.slot[i]);
    assert_int_equal(length_of(&t, &root, ST_OK), 6 * CHUNK);
    assert_int_equal(read_all(&t, &root, &out), ST_END);
    assert_filled(&out, 6 * CHUNK);
    assert_int_equal(findings_kinds(t.found), 0);
    buf_free(&out);
    lob_close(&t);
}

static void forms_of_roots(void **state)
{
    (void)state;
    lob_root r;
    bytes b = inline_root(4);
    assert_true(lob_root_parse((sv){(const char *)b.p, b.n}, &r)); /* no links: an empty value */
    assert_true(r.bytes == 0 && !r.is_pointer);
    add_link(&b, false, 5, p9, 1);
    assert_true(lob_root_parse((sv){(const char *)b.p, b.n}, &r));
    assert_int_equal(r.bytes, 5);
    b.p[0] = 2;
    assert_true(lob_root_parse((sv){(const char *)b.p, b.n}, &r));
    b.p[0] = 3;
    assert_false(lob_root_parse((sv){(const char *)b.p, b.n}, &r));
    b.p[0] = 4;
    assert_false(lob_root_parse((sv){(const char *)b.p, b.n - 1}, &r));
    assert_false(lob_root_parse((sv){(const char *)b.p, 11}, &r));
    assert_false(lob_root_parse((sv){(const char *)b.p, 0}, &r));
    b = text_pointer(99, p11, 4);
    assert_true(lob_root_parse((sv){(const char *)b.p, b.n}, &r));
    assert_true(r.is_pointer && r.timestamp == 99 && r.bytes == UINT64_MAX);
    assert_true(r.at.page == 11 && r.at.file == 2 && r.slot == 4);
}

/* A root record of kind 5 (or 4) with links to the chunks. */
static uint16_t put_root(lob_test *t, unsigned kind, const chunks *c, unsigned links)
{
    bytes b = lob_record_start(kind);
    add16(&b, 5);
    add16(&b, links);
    add16(&b, 0);
    add32(&b, 0);
    for (unsigned i = 0; i < links; i++) add_link(&b, false, (i + 1u) * CHUNK, c->at[i], c->slot[i]);
    return lob_record_put(t->store, (page_id){12, 1}, &b);
}

static void text_pointer_to_roots_of_both_ages(void **state)
{
    (void)state;
    lob_test t;
    buf out;
    lob_open(&t);
    const chunks c = put_chunks(&t);
    for (unsigned kind = 4; kind <= 5; kind++) {
        bytes p = text_pointer(TEST_TIMESTAMP, (page_id){12, 1}, put_root(&t, kind, &c, 3));
        assert_int_equal(length_of(&t, &p, ST_OK), 3 * CHUNK);
        assert_int_equal(read_all(&t, &p, &out), ST_END);
        assert_filled(&out, 3 * CHUNK);
        buf_free(&out);
    }
    bytes stale = text_pointer(TEST_TIMESTAMP + 1, (page_id){12, 1}, 0);
    length_of(&t, &stale, ST_ROW_LOST);
    assert_broken(&t, &stale, (page_id){12, 1});
    bytes stale_root = inline_root(4);
    put32(stale_root.p + 8, TEST_TIMESTAMP + 1);
    add_link(&stale_root, false, CHUNK, c.at[0], c.slot[0]);
    assert_broken(&t, &stale_root, c.at[0]);
    lob_close(&t);
}

static void small_data_and_null_roots(void **state)
{
    (void)state;
    lob_test t;
    buf out;
    lob_open(&t);
    bytes small = lob_record_start(0);
    add16(&small, 5);
    add16(&small, 1); /* 1 after an update: not the high half of the length */
    add16(&small, 0);
    add(&small, "helloREST", 9);
    bytes p = text_pointer(TEST_TIMESTAMP, p9, lob_record_put(t.store, p9, &small));
    assert_int_equal(length_of(&t, &p, ST_OK), 5);
    assert_int_equal(read_all(&t, &p, &out), ST_END);
    assert_true(sv_eq(buf_view(&out), SV_LIT("hello")));
    buf_free(&out);
    p = text_pointer(TEST_TIMESTAMP, p9, put_data(t.store, p9, "abc", 3));
    assert_int_equal(length_of(&t, &p, ST_OK), 3);
    assert_int_equal(read_all(&t, &p, &out), ST_END);
    assert_true(sv_eq(buf_view(&out), SV_LIT("abc")));
    buf_free(&out);
    bytes null = lob_record_start(8);
    add(&null, "old bytes", 9);
    p = text_pointer(TEST_TIMESTAMP, p9, lob_record_put(t.store, p9, &null));
    length_of(&t, &p, ST_END);
    put16(small.p + 14, 10); /* longer than the record */
    p = text_pointer(TEST_TIMESTAMP, p9, lob_record_put(t.store, p9, &small));
    length_of(&t, &p, ST_ROW_LOST);
    assert_broken(&t, &p, p9);
    lob_close(&t);
}

/* Two internal nodes of 3 chunks each; their ends count from `shift` times their position. */
static bytes two_nodes(lob_test *t, bool absolute)
{
    const chunks c = put_chunks(t);
    bytes root = inline_root(4);
    for (unsigned node = 0; node < 2; node++) {
        bytes b = lob_record_start(2);
        add16(&b, 501);
        add16(&b, 3);
        add16(&b, 0);
        for (unsigned i = 0; i < 3; i++) {
            const unsigned k = node * 3 + i;
            add_link(&b, true, (absolute ? k + 1u : i + 1u) * CHUNK, c.at[k], c.slot[k]);
        }
        const page_id at = {13 + node, 1};
        add_link(&root, false, (node + 1u) * 3 * CHUNK, at, lob_record_put(t->store, at, &b));
    }
    return root;
}

static void internal_nodes_count_from_their_own_start_or_the_values(void **state)
{
    (void)state;
    for (int absolute = 0; absolute < 2; absolute++) {
        lob_test t;
        buf out;
        lob_open(&t);
        bytes root = two_nodes(&t, absolute);
        assert_int_equal(read_all(&t, &root, &out), ST_END);
        assert_filled(&out, 6 * CHUNK);
        buf_free(&out);
        lob_close(&t);
    }
}

static void every_damaged_place_of_a_tree_is_found(void **state)
{
    (void)state;
    /* page, offset of the byte in its record in slot 0, new 16-bit value; where the finding must point */
    static const struct {
        page_id at;
        unsigned offset, value;
        page_id expected;
    } damage[] = {
        {{13, 1}, 0, 0x0000, {13, 1}},  /* no LOB record */
        {{13, 1}, 2, 9000, {13, 1}},    /* longer than the page */
        {{13, 1}, 2, 13, {13, 1}},      /* shorter than its header */
        {{13, 1}, 12, 1, {13, 1}},      /* kind unknown */
        {{13, 1}, 12, 8, {13, 1}},      /* NULL inside a tree */
        {{13, 1}, 16, 500, {13, 1}},    /* more links than fit */
        {{13, 1}, 16, 0, {13, 1}},      /* none */
        {{13, 1}, 16, 2, {13, 1}},      /* fewer than the length says */
        {{13, 1}, 20, 0, {13, 1}},      /* first end 0: does not move on */
        {{13, 1}, 20, 8001, {13, 1}},   /* first end above the second */
        {{13, 1}, 20, 3999, {9, 1}},    /* one byte less than the piece has */
        {{13, 1}, 28, 9999, {9999, 1}}, /* a page that is not there */
        {{13, 1}, 32, 7, {9, 7}},       /* a file that is not there */
        {{13, 1}, 34, 9, {9, 1}},       /* a slot that is not there */
        {{13, 1}, 28, 13, {13, 1}},     /* itself */
        {{14, 1}, 52, 5999, {14, 1}},   /* last end of the second node */
        {{9, 1}, 6, 0x5567, {9, 1}},    /* a piece of another value */
        {{14, 1}, 6, 0x5567, {14, 1}},  /* a node of another value */
        {{9, 1}, 2, 4013, {9, 1}},      /* the piece itself is shorter */
    };
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        lob_test t;
        lob_open(&t);
        bytes root = two_nodes(&t, false);
        uint8_t *page = memory_page(t.store, damage[i].at);
        put16(page + page_slot_offset(page, 0) + damage[i].offset, damage[i].value);
        assert_broken(&t, &root, damage[i].expected);
        lob_close(&t);
    }
}

static void pages_of_another_kind_and_impossible_slots(void **state)
{
    (void)state;
    lob_test t;
    lob_open(&t);
    bytes p = text_pointer(TEST_TIMESTAMP, p9, put_data(t.store, p9, "abc", 3));
    uint8_t *page = memory_page(t.store, p9);
    page[PH_TYPE] = PAGE_DATA;
    assert_broken(&t, &p, p9);
    bytes q = text_pointer(TEST_TIMESTAMP, p10, put_data(t.store, p10, "abc", 3));
    put16(memory_page(t.store, p10) + PH_SLOTS, 0); /* the slot's offset is still there */
    assert_broken(&t, &q, p10);
    put16(memory_page(t.store, p10) + PH_SLOTS, 1);
    put16(memory_page(t.store, p10) + PAGE_BYTES - 2, 95);
    assert_broken(&t, &q, p10);
    lob_close(&t);
}

static void no_value_is_longer_than_the_database(void **state)
{
    (void)state;
    lob_test t;
    lob_open(&t);
    bytes root = inline_root(4);
    add_link(&root, false, TEST_FILES * TEST_EXTENTS_CLAIMED * EXTENT_BYTES + 1, p9, 0);
    length_of(&t, &root, ST_ROW_LOST);
    assert_broken(&t, &root, (page_id){77, 1});
    lob_close(&t);
}

static void a_tree_of_itself_ends(void **state)
{
    (void)state;
    lob_test t;
    lob_open(&t);
    /* A node whose only link leads to itself: the length is right on each level, only the depth is not. */
    bytes b = lob_record_start(2);
    add16(&b, 501);
    add16(&b, 1);
    add16(&b, 0);
    add_link(&b, true, CHUNK, p9, 0);
    lob_record_put(t.store, p9, &b);
    bytes root = inline_root(4);
    add_link(&root, false, CHUNK, p9, 0);
    assert_broken(&t, &root, p9);
    lob_close(&t);
}

/* ---- cells and streams ---- */

/* One row with one variable column that holds the root. */
static void off_row_table(test_table *t, unsigned xtype, const bytes *root)
{
    table_column(t, "doc", xtype, -1, 1)->max = true;
    const sv column[] = {{(const char *)root->p, root->n}};
    bytes b = record_start(RECORD_HAS_NULLS | RECORD_HAS_VARIABLE, "", 0);
    record_nulls(&b, 1, 0);
    record_variable(&b, column, 1, 1);
    page_add_record(t->page, &b);
}

/* Stores `text` as data records of `piece` bytes each; the root that links them. */
static bytes store_pieces(test_table *t, sv text, size_t piece)
{
    bytes root = inline_root(4);
    page_id at = {9, 1};
    for (size_t i = 0; i < text.n; i += piece) {
        const size_t n = text.n - i < piece ? text.n - i : piece;
        if (le16(memory_page(t->store, at) + PH_FREE_DATA) + n > 7500) at.page++;
        add_link(&root, false, i + n, at, put_data(t->store, at, text.p + i, n));
    }
    return root;
}

static void small_values_come_inside_the_row(void **state)
{
    (void)state;
    test_table t;
    value v[1];
    table_open(&t);
    bytes root = store_pieces(&t, (sv){"h\0e\0l\0l\0o\0", 10}, 3);
    off_row_table(&t, XT_NTEXT, &root);
    table_ready(&t, false);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_int_equal(v[0].kind, V_TEXT);
    assert_true(sv_eq(v[0].as.text, SV_LIT("hello")));
    assert_int_equal(findings_kinds(t.found), 0);
    table_close(&t);
}

static void an_empty_off_row_value_is_empty(void **state)
{
    (void)state;
    test_table t;
    value v[1];
    table_open(&t);
    bytes root = inline_root(4);
    off_row_table(&t, XT_VARBINARY, &root);
    table_ready(&t, false);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_true(v[0].kind == V_BYTES && v[0].as.text.n == 0);
    table_close(&t);
}

static void a_legacy_value_set_to_null_is_null(void **state)
{
    (void)state;
    test_table t;
    value v[1];
    table_open(&t);
    bytes null = lob_record_start(8);
    add(&null, "old bytes", 9);
    bytes p = text_pointer(TEST_TIMESTAMP, p9, lob_record_put(t.store, p9, &null));
    off_row_table(&t, XT_IMAGE, &p);
    table_ready(&t, false);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_int_equal(v[0].kind, V_NULL);
    assert_int_equal(findings_kinds(t.found), 0);
    table_close(&t);
}

static void a_broken_value_costs_only_its_cell(void **state)
{
    (void)state;
    test_table t;
    value v[1];
    table_open(&t);
    bytes root = inline_root(4);
    add_link(&root, false, 3, p9, 5);
    off_row_table(&t, XT_VARCHAR, &root);
    table_ready(&t, false);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_int_equal(v[0].kind, V_UNREADABLE);
    assert_int_equal(v[0].as.why, F_LOB_BROKEN);
    assert_int_equal(t.bad, 1);
    assert_true(sv_eq(first_finding(t.found, F_LOB_BROKEN)->column, SV_LIT("doc")));
    table_close(&t);
}

/* Streams the row's value with a room of `room` bytes. */
static status stream(test_table *t, const value *v, size_t room, buf *out)
{
    lob_text *s = NULL;
    char p[64];
    size_t got;
    *out = buf_new(1 << 20);
    status st = lob_text_open(&t->model, &t->store->base, t->found, &v->as.lob, &s);
    if (st != ST_OK) return st;
    while ((st = lob_text_read(s, p, room, &got)) == ST_OK) {
        assert_true(got > 0 && got <= room);
        buf_add(out, p, got);
    }
    lob_text_close(s);
    return st;
}

/* The stored bytes, cut into pieces of every size, must stream to the text. */
static void assert_streams(unsigned xtype, unsigned codepage_number_, sv stored, const char *text,
                           lob_encoding encoding)
{
    for (size_t piece = 1; piece <= 5; piece++) {
        test_table t;
        value v[1];
        buf out;
        table_open(&t);
        bytes root = store_pieces(&t, stored, piece);
        off_row_table(&t, xtype, &root);
        t.column[0].cp = codepage_of(codepage_number_);
        table_ready(&t, true);
        assert_int_equal(table_row(&t, 0, v), ST_OK);
        assert_int_equal(v[0].kind, V_LOB);
        assert_int_equal(v[0].as.lob.bytes, stored.n);
        assert_int_equal(v[0].as.lob.encoding, encoding);
        assert_int_equal(stream(&t, &v[0], piece == 1 ? 64 : 3, &out), ST_END);
        assert_true(sv_eq(buf_view(&out), sv_from(text)));
        buf_free(&out);
        table_close(&t);
    }
}

static void characters_split_between_pieces(void **state)
{
    (void)state;
    assert_streams(XT_NVARCHAR, 1252, (sv){"a\0\x3D\xD8\x00\xDE\xE9\0", 8}, "a\xF0\x9F\x98\x80\xC3\xA9", LOB_UTF16);
    assert_streams(XT_VARCHAR, 1252, SV_LIT("caf\xE9 \x80"), "caf\xC3\xA9 \xE2\x82\xAC", LOB_CODEPAGE);
    assert_streams(XT_TEXT, 932, SV_LIT("a\x82\xA0\x83\x5C!"), "a\xE3\x81\x82\xE3\x82\xBD!", LOB_CODEPAGE);
    assert_streams(XT_VARCHAR, 65001, SV_LIT("\xC3\xA9\xF0\x9F\x98\x80z"), "\xC3\xA9\xF0\x9F\x98\x80z", LOB_UTF8);
    assert_streams(XT_IMAGE, 1252, SV_LIT("\x01\xFF\x80z"), "\x01\xFF\x80z", LOB_BYTES);
}

static void text_that_ends_inside_a_character(void **state)
{
    (void)state;
    test_table t;
    value v[1];
    buf out;
    table_open(&t);
    bytes root = store_pieces(&t, (sv){"a\0\x3D\xD8", 4}, 4);
    off_row_table(&t, XT_NVARCHAR, &root);
    table_ready(&t, true);
    table_row(&t, 0, v);
    assert_int_equal(stream(&t, &v[0], 64, &out), ST_END);
    assert_true(sv_eq(buf_view(&out), SV_LIT("a\xEF\xBF\xBD")));
    assert_int_equal(findings_count(t.found, F_TEXT_CHARACTERS), 1);
    buf_free(&out);
    table_close(&t);
}

static void values_above_the_limit_are_handed_out_as_places(void **state)
{
    (void)state;
    test_table t;
    value v[1];
    buf out;
    table_open(&t);
    enum { PIECES = LOB_INLINE_BYTES_MAX / CHUNK + 1 };
    bytes root = inline_root(4);
    uint8_t p[CHUNK];
    for (unsigned i = 0; i < PIECES; i++) {
        const page_id at = {9 + i / 2, 2};
        fill(p, (size_t)i * CHUNK, CHUNK);
        add_link(&root, false, (i + 1u) * CHUNK, at, put_data(t.store, at, p, CHUNK));
    }
    off_row_table(&t, XT_VARBINARY, &root);
    table_ready(&t, false);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_int_equal(v[0].kind, V_LOB);
    assert_int_equal(v[0].as.lob.bytes, PIECES * CHUNK);
    assert_int_equal(stream(&t, &v[0], 64, &out), ST_END);
    assert_filled(&out, PIECES * CHUNK);
    buf_free(&out);
    /* its row has gone: the place leads nowhere */
    put16(t.page + PAGE_BYTES - 2, 0);
    assert_int_equal(stream(&t, &v[0], 64, &out), ST_ROW_LOST);
    assert_int_equal(findings_count(t.found, F_CELL_BROKEN), 1);
    table_close(&t);
}

static void values_that_must_be_whole_have_a_limit(void **state)
{
    (void)state;
    test_table t;
    value v[1];
    table_open(&t);
    bytes root = inline_root(4);
    add_link(&root, false, WHOLE_VALUE_BYTES_MAX + 1, p9, 0);
    off_row_table(&t, XT_UDT, &root);
    t.column[0].udt = UDT_GEOMETRY;
    table_ready(&t, false);
    assert_int_equal(table_row(&t, 0, v), ST_OK);
    assert_int_equal(v[0].kind, V_UNREADABLE);
    assert_int_equal(v[0].as.why, F_CELL_TOO_LARGE);
    assert_true(sv_eq(first_finding(t.found, F_CELL_TOO_LARGE)->a, SV_LIT("1048577")));
    table_close(&t);
}

static const char xml_bytes[] =
    "\xDF\xFF\x01\xB0\x04\xF0\x01\x61\x00\xEF\x00\x00\x01\xF8\x01\x11\x02\x68\x00\x69\x00\xF7";

static void xml_comes_as_text_small_or_streamed(void **state)
{
    (void)state;
    for (int streamed = 0; streamed < 2; streamed++) {
        test_table t;
        value v[1];
        buf out;
        table_open(&t);
        bytes root = store_pieces(&t, (sv){xml_bytes, sizeof xml_bytes - 1}, 4);
        off_row_table(&t, XT_XML, &root);
        table_ready(&t, streamed);
        assert_int_equal(table_row(&t, 0, v), ST_OK);
        if (streamed) {
            assert_int_equal(v[0].kind, V_LOB);
            assert_int_equal(v[0].as.lob.encoding, LOB_XML);
            assert_int_equal(stream(&t, &v[0], 5, &out), ST_END);
            assert_true(sv_eq(buf_view(&out), SV_LIT("<a>hi</a>")));
            buf_free(&out);
        } else {
            assert_int_equal(v[0].kind, V_TEXT);
            assert_true(sv_eq(v[0].as.text, SV_LIT("<a>hi</a>")));
        }
        assert_int_equal(findings_kinds(t.found), 0);
        table_close(&t);
    }
}

static void xml_that_is_none_is_a_finding(void **state)
{
    (void)state;
    for (int streamed = 0; streamed < 2; streamed++) {
        test_table t;
        value v[1];
        buf out;
        table_open(&t);
        bytes root = store_pieces(&t, SV_LIT("\xDF\xFF\x01\xB0\x04\xF8\xF8\xF8\xF8\xF8"), 4);
        off_row_table(&t, XT_XML, &root);
        table_ready(&t, streamed);
        assert_int_equal(table_row(&t, 0, v), ST_OK);
        if (streamed) {
            assert_int_equal(stream(&t, &v[0], 5, &out), ST_ROW_LOST);
            buf_free(&out);
        } else {
            assert_int_equal(v[0].as.why, F_XML_BROKEN);
        }
        assert_int_equal(findings_count(t.found, F_XML_BROKEN), 1);
        table_close(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inline_root_links_pieces_across_files),
        cmocka_unit_test(forms_of_roots),
        cmocka_unit_test(text_pointer_to_roots_of_both_ages),
        cmocka_unit_test(small_data_and_null_roots),
        cmocka_unit_test(internal_nodes_count_from_their_own_start_or_the_values),
        cmocka_unit_test(every_damaged_place_of_a_tree_is_found),
        cmocka_unit_test(pages_of_another_kind_and_impossible_slots),
        cmocka_unit_test(no_value_is_longer_than_the_database),
        cmocka_unit_test(a_tree_of_itself_ends),
        cmocka_unit_test(small_values_come_inside_the_row),
        cmocka_unit_test(an_empty_off_row_value_is_empty),
        cmocka_unit_test(a_legacy_value_set_to_null_is_null),
        cmocka_unit_test(a_broken_value_costs_only_its_cell),
        cmocka_unit_test(characters_split_between_pieces),
        cmocka_unit_test(text_that_ends_inside_a_character),
        cmocka_unit_test(values_above_the_limit_are_handed_out_as_places),
        cmocka_unit_test(values_that_must_be_whole_have_a_limit),
        cmocka_unit_test(xml_comes_as_text_small_or_streamed),
        cmocka_unit_test(xml_that_is_none_is_a_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
