/* A whole database, damaged behind its checksums: the input is a list of patches (u32 offset, u8 length 1..4, bytes) to a small
 * generated data file; every page's checksum is made right again, so that the damage reaches catalog, allocation, record
 * and LOB code. Opens, scans every table, streams large values, verifies. */
#include "base/platform.h"
#include "mdf/mdf_source.h"
#include "mdf/page_check.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *base, *work;
static size_t base_bytes;

/* The file that tests/run makes before it starts the harness. */
static void load_base(void)
{
    const char *path = os_env("CHARTFERRY_FUZZ_BASE"), *why = "";
    os_file *f = path ? os_open_read(path, &why) : NULL;
    size_t got = 0;
    if (!f) abort();
    base_bytes = (size_t)os_file_size(f) / PAGE_BYTES * PAGE_BYTES;
    base = malloc(base_bytes + 1);
    work = malloc(base_bytes + 1);
    if (!base || !work || !os_read_at(f, 0, base, base_bytes, &got, &why) || got != base_bytes) abort();
    os_close_read(f);
}

static void patch(const uint8_t *data, size_t size)
{
    memcpy(work, base, base_bytes);
    for (size_t at = 0; at + 6 <= size;) {
        size_t offset = le32(data + at) % base_bytes, n = data[at + 4] % 4 + 1;
        at += 5;
        for (size_t i = 0; i < n && at < size && offset + i < base_bytes; i++) work[offset + i] = data[at++];
    }
    for (size_t page = 0; page < base_bytes; page += PAGE_BYTES) {
        uint32_t sum = page_checksum(work + page);
        for (unsigned i = 0; i < 4; i++) work[page + PH_CHECKSUM + i] = (uint8_t)(sum >> 8 * i);
    }
}

static void stream(row_source *s, const lob_ref *ref)
{
    char piece[4096];
    lob_stream *l;
    size_t got;
    if (s->ops->lob_open(s, ref, &l) != ST_OK) return;
    while (s->ops->lob_read(l, piece, sizeof piece, &got) == ST_OK) {}
    s->ops->lob_close(l);
}

static void scan(row_source *s, size_t table)
{
    row rows[32];
    row_cursor *c;
    size_t got;
    scan_request q = {.table = table};
    if (s->ops->scan(s, &q, &c) != ST_OK) return;
    for (status st = ST_OK; st == ST_OK || st == ST_ROW_LOST;) {
        st = s->ops->next(c, rows, 32, &got);
        for (size_t r = 0; r < got; r++)
            for (size_t i = 0; i < rows[r].n; i++)
                if (rows[r].cell[i].kind == V_LOB) stream(s, &rows[r].cell[i].as.lob);
    }
    s->ops->cursor_close(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!base) load_base();
    patch(data, size);
    findings *f = findings_new();
    byte_source *bytes = byte_source_memory(work, base_bytes, "fuzz");
    open_args a = {.file = &bytes, .files = 1};
    row_source *s;
    const catalog *c;
    if (mdf_ops.open(&a, f, &s) == ST_OK) {
        if (s->ops->catalog(s, &c) == ST_OK)
            for (size_t i = 0; i < c->tables; i++) scan(s, i);
        s->ops->verify(s);
        s->ops->close(s);
    }
    byte_source_close(bytes);
    findings_free(f);
    return 0;
}
