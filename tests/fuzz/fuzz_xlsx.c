/* The parts of a workbook. The input is cut at each byte 0xFF into a sheet, shared strings, styles, workbook and relations;
 * what is missing is as it should be. An input that begins with "PK" is taken as the whole file. */
#include "xlsx/sheet_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARTS = 5, FILE_MAX = 1 << 20 };

static uint8_t zip[FILE_MAX];
static size_t zip_n;

static void put(const void *p, size_t n)
{
    if (n > FILE_MAX - zip_n) return;
    memcpy(zip + zip_n, p, n);
    zip_n += n;
}

static void put_le(uint32_t x, unsigned n)
{
    uint8_t b[4];
    for (unsigned i = 0; i < n; i++) b[i] = (uint8_t)(x >> 8 * i);
    put(b, n);
}

static uint32_t crc_of(const uint8_t *p, size_t n)
{
    uint32_t c = 0xFFFFFFFF;
    for (size_t i = 0; i < n; i++) {
        c ^= p[i];
        for (int k = 0; k < 8; k++) c = c >> 1 ^ (c & 1 ? 0xEDB88320 : 0);
    }
    return ~c;
}

typedef struct member {
    const char *name;
    const uint8_t *p;
    size_t n;
    uint32_t at, crc;
} member;

static void head(const member *m, bool central)
{
    put(central ? "PK\1\2\24\0" : "PK\3\4", central ? 6 : 4);
    put("\24\0\0\0\0\0\0\0\0\0", 10);
    put_le(m->crc, 4);
    put_le((uint32_t)m->n, 4);
    put_le((uint32_t)m->n, 4);
    put_le((uint32_t)strlen(m->name), 2);
    put("\0\0", 2);
    if (central) put("\0\0\0\0\0\0\0\0\0\0", 10);
    if (central) put_le(m->at, 4);
    put(m->name, strlen(m->name));
}

static void make_zip(member *m, size_t n)
{
    zip_n = 0;
    for (size_t i = 0; i < n; i++) {
        m[i].at = (uint32_t)zip_n;
        m[i].crc = crc_of(m[i].p, m[i].n);
        head(&m[i], false);
        put(m[i].p, m[i].n);
    }
    uint32_t at = (uint32_t)zip_n;
    for (size_t i = 0; i < n; i++) head(&m[i], true);
    uint32_t end = (uint32_t)zip_n;
    put("PK\5\6\0\0\0\0", 8);
    put_le((uint32_t)n, 2);
    put_le((uint32_t)n, 2);
    put_le(end - at, 4);
    put_le(at, 4);
    put("\0\0", 2);
}

static const char *const names[PARTS] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
                                         "xl/workbook.xml", "xl/_rels/workbook.xml.rels"};
static const char *const usual[PARTS] = {
    "<worksheet><sheetData/></worksheet>", "<sst><si><t>a</t></si></sst>",
    "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"s\" r:id=\"s1\"/></sheets></workbook>",
    "<Relationships><Relationship Id=\"s1\" Type=\"/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
    "<Relationship Id=\"t\" Type=\"/sharedStrings\" Target=\"sharedStrings.xml\"/>"
    "<Relationship Id=\"y\" Type=\"/styles\" Target=\"styles.xml\"/></Relationships>"};

static void scan(row_source *s, size_t table)
{
    row rows[16];
    row_cursor *c;
    size_t got;
    scan_request q = {.table = table};
    if (s->ops->scan(s, &q, &c) != ST_OK) return;
    for (status st = ST_OK; st == ST_OK || st == ST_ROW_LOST;) st = s->ops->next(c, rows, 16, &got);
    s->ops->cursor_close(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    member m[PARTS];
    size_t at = 0;
    if (size > FILE_MAX / 4) return 0;
    if (size > 2 && data[0] == 'P' && data[1] == 'K') {
        zip_n = 0;
        put(data, size);
    } else {
        for (size_t i = 0; i < PARTS; i++) {
            const uint8_t *end = at < size ? memchr(data + at, 0xFF, size - at) : NULL;
            size_t n = at < size ? (end ? (size_t)(end - data) : size) - at : 0;
            m[i] = n ? (member){names[i], data + at, n, 0, 0}
                     : (member){names[i], (const uint8_t *)usual[i], strlen(usual[i]), 0, 0};
            at += n + 1;
        }
        make_zip(m, PARTS);
    }
    findings *f = findings_new();
    byte_source *file = byte_source_memory(zip, zip_n, "fuzz.xlsx");
    open_args a = {.file = &file, .files = 1};
    row_source *s;
    const catalog *c;
    if (xlsx_ops.open(&a, f, &s) == ST_OK && s->ops->catalog(s, &c) == ST_OK)
        for (size_t i = 0; i < c->tables; i++) scan(s, i);
    if (s) s->ops->close(s);
    byte_source_close(file);
    findings_free(f);
    return 0;
}
