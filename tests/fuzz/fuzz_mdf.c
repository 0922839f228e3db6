/* libFuzzer: a whole database, damaged behind its checksums. The input is a list of patches to a small generated data
 * file: u16 page (of those that hold anything), u8 area (0 header, 1 first records, 2 slot array, 3 anywhere), u16
 * place in it, u8 length
 * 1 to 4, the bytes. Every patched page's checksum is made right again, so that the damage reaches catalog, allocation,
 * record and LOB code. Opens, scans every table, streams large values, verifies. An odd number of bytes: with salvage.
 * */
#include "base/platform.h"
#include "mdf/mdf_source.h"
#include "mdf/page_check.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATCHES_MAX = 64, PATCH_BYTES = 6 };
static uint8_t *base, *work;
static size_t base_bytes;
static size_t *used, used_pages; /* offsets of the pages that hold anything */

static void find_used(void)
{
    used = calloc(base_bytes / PAGE_BYTES + 1, sizeof *used);
    if (!used) abort();
    for (size_t at = 0; at < base_bytes; at += PAGE_BYTES)
        if (base[at + PH_TYPE]) used[used_pages++] = at;
    if (!used_pages) abort();
}

/* The data file that the build makes of every_kind.spec; the environment names it. */
static void load_base(void)
{
    const char *path = os_env("CHARTFERRY_FUZZ_BASE"), *why = "CHARTFERRY_FUZZ_BASE is not set";
    os_file *f = path ? os_open_read(path, &why) : NULL;
    size_t got = 0;
    if (!f) {
        os_print(OS_STDERR, sv_from(why));
        abort();
    }
    base_bytes = (size_t)os_file_size(f) / PAGE_BYTES * PAGE_BYTES;
    base = malloc(base_bytes + 1);
    work = malloc(base_bytes + 1);
    if (!base || !work || !os_read_at(f, 0, base, base_bytes, &got, &why) || got != base_bytes) abort();
    os_close_read(f);
    memcpy(work, base, base_bytes);
    find_used();
}

static size_t place(unsigned area, size_t at)
{
    switch (area % 4) {
    case 0: return at % PAGE_HEADER_BYTES;
    case 1: return PAGE_HEADER_BYTES + at % 512;
    case 2: return PAGE_BYTES - 4 - at % 64;
    default: return at % (PAGE_BYTES - 4);
    }
}

/* Patches the pages and lists them in `touched`, so that only those need to be put back. */
static size_t patch(cur *in, uint8_t **touched)
{
    size_t n = 0;
    while (n < PATCHES_MAX && cur_left(in) > PATCH_BYTES) {
        uint8_t *page = work + used[cur_u16(in) % used_pages];
        const unsigned area = cur_u8(in);
        const size_t at = place(area, cur_u16(in));
        const unsigned length = cur_u8(in) % 4 + 1;
        for (unsigned i = 0; i < length && cur_left(in); i++) page[at + i] = cur_u8(in);
        touched[n++] = page;
    }
    for (size_t k = 0; k < n; k++) {
        const uint32_t sum = page_checksum(touched[k]);
        for (unsigned i = 0; i < 4; i++) touched[k][PH_CHECKSUM + i] = (uint8_t)(sum >> 8 * i);
    }
    return n;
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
    uint8_t *touched[PATCHES_MAX];
    if (!base) load_base();
    cur in = cur_from(data, size);
    const size_t n = patch(&in, touched);
    findings *f = findings_new();
    byte_source *bytes = byte_source_memory(work, base_bytes, "fuzz");
    open_args a = {.file = &bytes, .files = 1, .salvage = size % 2};
    row_source *s;
    const catalog *c;
    if (mdf_ops.open(&a, f, &s) == ST_OK) {
        if (s->ops->catalog(s, &c) == ST_OK)
            for (size_t i = 0; i < c->tables; i++) scan(s, i);
        s->ops->verify(s);
    }
    if (s) s->ops->close(s);
    byte_source_close(bytes);
    findings_free(f);
    for (size_t k = 0; k < n; k++) memcpy(touched[k], base + (touched[k] - work), PAGE_BYTES);
    return 0;
}
