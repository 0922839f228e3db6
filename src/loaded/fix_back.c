#include "loaded/fix_back.h"
#include "base/platform.h"
#include "deliver/row_file.h"

enum { LINE_BYTES_MAX = 128 << 20 };

static bool no_memory(const fix_back *f)
{
    find_code(f->l->run.found, F_OUT_OF_MEMORY, "writing rows that are not in");
    return false;
}

/* As the importer takes its parts: with the mark, where they have one. */
static bool begins_with_mark(const load_part *p)
{
    const char *why;
    char head[3];
    size_t got = 0;
    os_file *file = os_open_read(p->full.p, &why);
    bool mark =
        file && os_read_at(file, 0, head, sizeof head, &got, &why) && got == 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0;
    if (file) os_close_read(file);
    return mark;
}

bool fix_back_part(fix_back *f, const bundle_load *l, const load_part *p)
{
    arena *mem = f->l->run.mem;
    (void)l;
    if (!fix_back_end(f)) return false;
    f->path = arena_printf(mem, "%.*s/%s/%.*s%s.csv", (int)f->l->id.n, f->l->id.p, f->below, (int)p->stem.n, p->stem.p,
                           f->suffix);
    f->mark = !p->csv || begins_with_mark(p);
    f->rows = 0;
    return f->path.p || no_memory(f);
}

static void put_line(fix_back *f)
{
    buf_str(&f->line, "\r\n");
    bundle_file_text(f->file, buf_view(&f->line));
}

static bool begin(fix_back *f, const bundle_load *l)
{
    sv folder = arena_printf(f->l->run.mem, "%.*s/%s", (int)f->l->id.n, f->l->id.p, f->below);
    if (!folder.p) return no_memory(f);
    if (!stage_folder_make(f->folder, f->l->id) || !stage_folder_make(f->folder, folder)) return false;
    f->file = bundle_file_new(stage_folder_path(f->folder), f->path, f->l->run.found);
    if (!f->file) return false;
    f->files++;
    buf_clear(&f->line);
    if (f->mark) buf_str(&f->line, "\xEF\xBB\xBF");
    for (size_t i = 0; i < l->fields; i++) {
        if (i) buf_char(&f->line, f->l->delimiter);
        row_file_cell(&f->line, f->l->delimiter, l->field[i].heading);
    }
    if (f->reasons) buf_printf(&f->line, "%c" FIX_BACK_REASON, f->l->delimiter);
    put_line(f);
    return true;
}

bool fix_back_row(fix_back *f, const bundle_load *l, const sv *cell, size_t n, sv reason)
{
    if (!f->line.ceiling) f->line = buf_new(LINE_BYTES_MAX);
    if (!f->file && !begin(f, l)) return false;
    buf_clear(&f->line);
    for (size_t i = 0; i < l->fields; i++) {
        if (i) buf_char(&f->line, f->l->delimiter);
        if (i < n) row_file_cell(&f->line, f->l->delimiter, cell[i]);
    }
    if (f->reasons) {
        buf_char(&f->line, f->l->delimiter);
        row_file_cell(&f->line, f->l->delimiter, reason);
    }
    put_line(f);
    f->rows++;
    f->rows_in_all++;
    return !f->line.failed || no_memory(f);
}

bool fix_back_end(fix_back *f)
{
    file_digest d;
    bundle_file *file = f->file;
    f->file = NULL;
    if (!file) return true;
    return bundle_file_close_csv(file, f->rows, &d) &&
           stage_folder_file(f->folder, f->path, (sv){NULL, 0}, true, f->rows, &d);
}

void fix_back_abandon(fix_back *f)
{
    bundle_file_abandon(f->file);
    f->file = NULL;
    buf_free(&f->line);
}
