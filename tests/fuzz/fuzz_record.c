/* libFuzzer: a data page and a page of large values against a table with a column of each kind.
 *
 * Input: one byte of switches, one byte of compression (bit 0x80: the page has compression information), one byte:
 * slots of each page, their u16 offsets, u16 bytes of the data page's body, the body, the other page's body. */
#include "../unit/record_pages.h"
#include "base/utf.h"
#include "mdf/mdf_lob_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SLOTS_MAX = 8, BODY_BYTES = PAGE_BYTES - PAGE_HEADER_BYTES - 2 * SLOTS_MAX };
static const page_id lob_page = {TEST_ROW_PAGE + 1, 1};

static void add_columns(test_table *t)
{
    table_column(t, "id", XT_INT, 4, 1);
    table_column(t, "flag", XT_BIT, 8, 2)->bit_position = 1;
    mdf_column *price = table_column(t, "price", XT_DECIMAL, 9, 3);
    price->precision = 9;
    price->scale = 2;
    table_column(t, "at", XT_DATETIME2, 14, 4)->scale = 7;
    table_column(t, "name", XT_VARCHAR, -1, 5)->max_bytes = 100;
    table_column(t, "note", XT_NVARCHAR, -2, 6)->max = true;
    table_column(t, "photo", XT_IMAGE, -3, 7)->max = true;
    table_column(t, "doc", XT_XML, -4, 8)->max = true;
    table_column(t, "any", XT_VARIANT, -5, 9);
    mdf_column *place = table_column(t, "place", XT_UDT, -6, 10);
    place->max = true;
    place->udt = UDT_GEOGRAPHY;
    mdf_column *sparse = table_column(t, "sparse", XT_NVARCHAR, 0, 0);
    sparse->sparse = true;
    sparse->column_id = 11;
    mdf_column *japanese = table_column(t, "japanese", XT_TEXT, -7, 11);
    japanese->max = true;
    japanese->cp = codepage_of(932);
    mdf_column *later = table_column(t, "later", XT_CHAR, 22, 12);
    later->max_bytes = 3;
    later->has_default = true;
    later->default_bytes = SV_LIT("abc");
    for (unsigned i = 0; i < 20; i++) table_column(t, "more", XT_NCHAR, -8 - (int)i, 13 + i)->max_bytes = 8;
}

static void put_page(uint8_t *page, unsigned type, page_id id, cur *slots, unsigned n, cur *body, size_t room)
{
    page_start(page, type, id);
    const size_t take = cur_left(body) < room ? cur_left(body) : room;
    const uint8_t *p = cur_take(body, take);
    if (take) memcpy(page + PAGE_HEADER_BYTES, p, take);
    put16(page + PH_SLOTS, n);
    for (unsigned i = 0; i < n; i++) put16(page + PAGE_BYTES - 2 - 2 * i, cur_u16(slots) % PAGE_BYTES);
}

static void stream(test_table *t, const value *v)
{
    lob_text *s;
    char p[1024];
    size_t got, all = 0;
    if (lob_text_open(&t->model, &t->store->base, t->found, &v->as.lob, &s) != ST_OK) return;
    while (all < ((size_t)4 << 20) && lob_text_read(s, p, sizeof p, &got) == ST_OK) {
        if (got == 0 || got > sizeof p) abort();
        all += got;
    }
    lob_text_close(s);
}

/* Each cell must be what its kind says: text is valid UTF-8, all bytes it points to are there. */
static void look_at(test_table *t, const value *v)
{
    if (v->kind > V_UNREADABLE) abort();
    if (v->kind == V_LOB) stream(t, v);
    if (v->kind == V_BYTES && !arena_sv(t->mem, v->as.text).p) abort();
    if (v->kind != V_TEXT) return;
    for (sv s = v->as.text; s.n;) {
        const size_t n = utf8_valid_at(s);
        if (n == 0) abort();
        s = (sv){s.p + n, s.n - n};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cur in = cur_from(data, size);
    const unsigned switches = cur_u8(&in), compression = cur_u8(&in), slots = cur_u8(&in) % (SLOTS_MAX + 1);
    const uint8_t *offset = cur_take(&in, 4 * (size_t)slots);
    const unsigned body = cur_u16(&in) % (BODY_BYTES + 1);
    if (in.bad) return 0;

    cur offsets = cur_from(offset, 4 * (size_t)slots);
    static test_table t;
    table_open(&t);
    add_columns(&t);
    t.rowset.compression = (mdf_compression)(compression % 3);
    t.rowset.vardecimal = (switches & 2) != 0;
    put_page(t.page, PAGE_DATA, test_row_page, &offsets, slots, &in, body);
    if (compression & 0x80) t.page[PH_TYPE_FLAGS] = PAGE_TYPE_FLAG_CI;
    put_page(memory_page(t.store, lob_page), PAGE_LOB_MIX, lob_page, &offsets, slots, &in, BODY_BYTES);
    value cell[48];
    if (table_ready(&t, switches & 1) == ST_OK) {
        for (uint16_t slot = 0; slot < slots; slot++) {
            if (record_decoder_state(t.decoder, slot) == RECORD_NONE) continue;
            const status s = table_row(&t, slot, cell);
            if (s == ST_ROW_LOST && findings_worst(t.found) < SEV_LOSS) abort();
            for (size_t i = 0; s == ST_OK && i < t.rowset.columns; i++) look_at(&t, &cell[i]);
        }
    }
    if (t.bad && findings_worst(t.found) < SEV_LOSS) abort();
    table_close(&t);
    return 0;
}
