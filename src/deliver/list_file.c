#include "deliver/list_file.h"
#include "csv/csv_writer.h"
#include <stdlib.h>

enum { LINE_BYTES_MAX = 64 << 20 };

struct list_file {
    sv path;
    bundle_file *out; /* NULL: dry */
    findings *found;
    buf line;
    uint64_t rows;
};

static status write_line(list_file *l)
{
    csv_end_row(&l->line);
    if (l->line.failed) {
        find_code(l->found, F_OUT_OF_MEMORY, "writing a list");
        return ST_FATAL;
    }
    if (l->out) bundle_file_text(l->out, buf_view(&l->line));
    buf_clear(&l->line);
    return l->out && bundle_file_failed(l->out) ? ST_FATAL : ST_OK;
}

list_file *list_file_new(const char *folder, sv path, const char *heading, findings *f)
{
    list_file *l = calloc(1, sizeof *l);
    if (!l) {
        find_code(f, F_OUT_OF_MEMORY, "making a list");
        return NULL;
    }
    *l = (list_file){.path = path, .found = f, .line = buf_new(LINE_BYTES_MAX)};
    if (folder) l->out = bundle_file_new(folder, path, f);
    buf_str(&l->line, heading);
    if ((l->out || !folder) && write_line(l) == ST_OK) return l;
    list_file_abandon(l);
    return NULL;
}

status list_file_row(list_file *l, const sv *cell, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i) csv_comma(&l->line);
        if (cell[i].n) csv_field(&l->line, cell[i]);
    }
    l->rows++;
    return write_line(l);
}

status list_file_close(list_file *l, rejects_file *out)
{
    file_digest d = {0};
    bool ok = !l->out || bundle_file_close_csv(l->out, l->rows, &d);
    l->out = NULL;
    *out = (rejects_file){.path = l->path, .rows = l->rows, .bytes = d.bytes};
    memcpy(out->sha256, d.sha256, sizeof out->sha256);
    list_file_abandon(l);
    return ok ? ST_OK : ST_FATAL;
}

void list_file_abandon(list_file *l)
{
    if (!l) return;
    bundle_file_abandon(l->out);
    buf_free(&l->line);
    free(l);
}
