#include "csv/csv_extracted.h"
#include "base/path.h"
#include "csv/csv_internal.h"
#include <stdlib.h>

/* 20,000 tables with long names. */
enum { TABLES_FILE_BYTES_MAX = 16 << 20, FIELDS = 16 };

static const char head[] = "schema,table,file,";

static bool add_line(const csv_dialect *d, const csv_field_text *f, arena *mem, csv_extracted *out, table_info *t,
                     sv *file)
{
    sv schema = csv_unquoted(d, &f[0], mem), name = csv_unquoted(d, &f[1], mem), leaf = csv_unquoted(d, &f[2], mem);
    if (!leaf.n) return true; /* no file was written */
    t->schema = arena_sv(mem, schema);
    t->name = arena_sv(mem, name);
    t->full_name = schema.n ? arena_printf(mem, "%.*s.%.*s", (int)schema.n, schema.p, (int)name.n, name.p) : t->name;
    *file = arena_sv(mem, leaf);
    out->tables++;
    return t->full_name.p && file->p;
}

static bool read_lines(sv text, arena *mem, csv_extracted *out)
{
    csv_dialect d = {.delimiter = ',', .quote = '"', .newline = CSV_CRLF};
    csv_field_text field[FIELDS];
    csv_record r;
    const char *p = text.p, *end = text.p + text.n;
    size_t lines = 1;
    for (size_t i = 0; i < text.n; i++) lines += text.p[i] == '\n';
    table_info *table = arena_array(mem, lines, sizeof *table);
    sv *file = arena_array(mem, lines, sizeof *file);
    if (!table || !file) return false;
    out->table = table;
    out->file = file;
    for (bool first = true; p < end && csv_split(&d, p, end, true, field, FIELDS, &r); first = false) {
        p = r.next;
        bool is_row = !first && r.fields >= 3 && r.fields <= FIELDS;
        if (is_row && !add_line(&d, field, mem, out, &table[out->tables], &file[out->tables])) return false;
    }
    out->there = true;
    return true;
}

status csv_extracted_read(byte_source *const *file, size_t files, arena *mem, findings *f, csv_extracted *out)
{
    *out = (csv_extracted){0};
    for (size_t i = 0; i < files; i++) {
        uint64_t size = byte_source_size(file[i]);
        if (!sv_eq(path_leaf(byte_source_path(file[i])), SV_LIT("_tables.csv")) || size > TABLES_FILE_BYTES_MAX)
            continue;
        size_t got;
        char *p = malloc((size_t)size + 1);
        status st = p ? byte_source_read(file[i], 0, p, (size_t)size, &got, f) : ST_FATAL;
        bool ours = st == ST_OK && sv_starts((sv){p, got}, SV_LIT(head));
        if (!p || (ours && !read_lines((sv){p, got}, mem, out))) {
            find_code(f, F_OUT_OF_MEMORY, "reading a list of tables");
            st = ST_FATAL;
        }
        free(p);
        return st;
    }
    return ST_OK;
}

bool csv_extracted_name(const csv_extracted *e, sv leaf, table_info *out)
{
    for (size_t i = 0; i < e->tables; i++) {
        if (!sv_eq(e->file[i], leaf)) continue;
        out->schema = e->table[i].schema;
        out->name = e->table[i].name;
        out->full_name = e->table[i].full_name;
        return true;
    }
    return false;
}

bool csv_extracted_sidecar(const csv_extracted *e, sv leaf)
{
    return e->there && (sv_eq(leaf, SV_LIT("_tables.csv")) || sv_eq(leaf, SV_LIT("_findings.csv")) ||
                        sv_eq(leaf, SV_LIT("_unreadable.csv")) || sv_eq(leaf, SV_LIT("_types.json")));
}
