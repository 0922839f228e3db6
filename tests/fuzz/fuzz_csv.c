/* Any bytes as a text file: opened, inspected, every row and large value read. The first byte chooses the file's name and
 * what the user says of it. */
#include "csv/csv_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void stream(row_source *s, const lob_ref *ref)
{
    char piece[4096];
    lob_stream *l;
    size_t got;
    if (s->ops->lob_open(s, ref, &l) != ST_OK) return;
    while (s->ops->lob_read(l, piece, sizeof piece, &got) == ST_OK) {}
    s->ops->lob_close(l);
}

/* Reads what it is given: a pointer into freed memory is seen by the sanitizer. */
static unsigned touch(sv s)
{
    unsigned sum = 0;
    for (size_t i = 0; i < s.n; i++) sum += (unsigned char)s.p[i];
    return sum;
}

static volatile unsigned sink;

static void scan(row_source *s, size_t table)
{
    row rows[16];
    row_cursor *c;
    size_t got;
    scan_request q = {.table = table};
    if (s->ops->scan(s, &q, &c) != ST_OK) return;
    for (status st = ST_OK; st == ST_OK || st == ST_ROW_LOST;) {
        st = s->ops->next(c, rows, 16, &got);
        for (size_t r = 0; r < got; r++)
            for (size_t i = 0; i < rows[r].n; i++) {
                const value *v = &rows[r].cell[i];
                if (v->kind == V_LOB) stream(s, &v->as.lob);
                if (v->kind == V_TEXT) sink += touch(v->as.text);
            }
    }
    s->ops->cursor_close(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const encodings[] = {"", "utf-8", "utf-16le", "windows-1254"};
    static const char delimiters[] = {0, ',', ';', '\t'};
    if (size < 2) return 0;
    unsigned how = data[0];
    findings *f = findings_new();
    byte_source *file[2];
    file[0] = byte_source_memory(data + 1, size - 1, how & 1 ? "dbo.fuzz.csv" : "fuzz.txt");
    static const char list[] = "schema,table,file,rows_expected\r\ndbo,fuzz,dbo.fuzz.csv,1\r\n";
    file[1] = byte_source_memory(list, sizeof list - 1, "_tables.csv");
    open_args a = {.file = file,
                   .files = how & 2 ? 2 : 1,
                   .encoding = sv_from(encodings[how >> 2 & 3]),
                   .delimiter = delimiters[how >> 4 & 3]};
    row_source *s;
    const catalog *c;
    if (csv_ops.open(&a, f, &s) == ST_OK && s->ops->catalog(s, &c) == ST_OK) {
        for (size_t i = 0; i < c->tables; i++) scan(s, i);
        s->ops->verify(s);
    }
    if (s) s->ops->close(s);
    byte_source_close(file[0]);
    byte_source_close(file[1]);
    findings_free(f);
    return 0;
}
