/* The files of the way back: records to delete, old values, and what is not decided. */
#include "deliver/row_file.h"
#include "loaded/names.h"
#include "loaded/normal_form.h"
#include "loaded/rollback_internal.h"
#include "template/target_format.h"

enum { LINE_BYTES_MAX = 128 << 20 };

/* A file of a step, continued in a next one where it is full. */
typedef struct undo_file {
    const char *what; /* "delete", "restore" */
    sv stem;
    unsigned step, part;
    bundle_file *file;
    sv path;
    uint64_t rows;
    buf line;
} undo_file;

sv rollback_file_path(rolling *x, unsigned step, const char *what, sv stem, unsigned part)
{
    char tail[24] = "";
    if (part > 1) (void)snprintf(tail, sizeof tail, "_%u", part);
    return arena_printf(x->a.mem, "%.*s/%02u_%s_%.*s%s.csv", (int)x->a.l.id.n, x->a.l.id.p, step, what, (int)stem.n,
                        stem.p, tail);
}

static bool end_file(rolling *x, undo_file *f)
{
    file_digest d;
    bundle_file *file = f->file;
    f->file = NULL;
    if (!file) return true;
    return bundle_file_close_csv(file, f->rows, &d) &&
           stage_folder_file(x->a.folder, f->path, (sv){NULL, 0}, true, f->rows, &d);
}

static void cell(const rolling *x, undo_file *f, sv text)
{
    if (f->line.n) buf_char(&f->line, x->a.l.delimiter);
    row_file_cell(&f->line, x->a.l.delimiter, text);
}

static bool end_line(rolling *x, undo_file *f)
{
    buf_str(&f->line, "\r\n");
    bundle_file_text(f->file, buf_view(&f->line));
    bool ok = !f->line.failed;
    buf_clear(&f->line);
    return ok || after_load_no_memory(&x->a);
}

typedef void put_heading(const rolling *x, undo_file *f, size_t load);

/* Room for one more row. */
static bool begin_row(rolling *x, undo_file *f, size_t load, put_heading *heading)
{
    if (!f->line.ceiling) f->line = buf_new(LINE_BYTES_MAX);
    if (f->file && x->a.l.undo.rows && f->rows == x->a.l.undo.rows) {
        if (!end_file(x, f)) return false;
        f->step++;
        f->part++;
    }
    if (!f->file) {
        f->rows = 0;
        f->path = rollback_file_path(x, f->step, f->what, f->stem, f->part);
        f->file = f->path.p ? bundle_file_new(stage_folder_path(x->a.folder), f->path, x->a.found) : NULL;
        if (!f->file) return false;
        buf_clear(&f->line);
        heading(x, f, load);
        if (!end_line(x, f)) return false;
    }
    f->rows++;
    return true;
}

/* ---- records to delete ---- */

static void delete_heading(const rolling *x, undo_file *f, size_t load)
{
    const bundle_load *b = &x->a.l.load[load];
    if (x->a.l.undo.by_id) cell(x, f, x->a.l.undo.column);
    for (size_t i = 0; i < b->fields; i++)
        if (i == b->key || b->keyless) cell(x, f, b->field[i].heading);
}

/* By its id, or its key; of a record that carries none, all that it can be found by. */
static bool delete_row(rolling *x, undo_file *f, size_t load, const sv *row, size_t n, const row_fate *fate)
{
    const bundle_load *b = &x->a.l.load[load];
    if (!begin_row(x, f, load, delete_heading)) return false;
    if (x->a.l.undo.by_id) cell(x, f, fate->id);
    for (size_t i = 0; i < b->fields; i++)
        if (i == b->key || b->keyless) cell(x, f, i < n ? row[i] : SV_LIT(""));
    return end_line(x, f);
}

/* ---- old values ---- */

static bool is_shown(const rolling *x, size_t load, size_t field)
{
    for (size_t i = 0; i < x->before.files; i++) {
        const recognised *r = &x->before.file[i].r;
        for (size_t k = 0; k < r->candidates; k++)
            if (r->candidate[k].load == load && r->candidate[k].at[field] != SIZE_MAX) return true;
    }
    return false;
}

/* The columns that the load writes, and those of second passes over the same object. */
static bool find_columns(rolling *x, size_t load)
{
    load_way *w = &x->way[load];
    size_t room = 1;
    for (size_t i = 0; i < x->a.l.loads; i++) room += x->a.l.load[i].fields;
    w->column = arena_array(x->a.mem, room, sizeof *w->column);
    if (!w->column) return after_load_no_memory(&x->a);
    for (size_t i = 0; i < x->a.l.loads; i++) {
        const bundle_load *b = &x->a.l.load[i];
        if (i != load && (!b->update || b->of != x->a.l.load[load].of || !b->parts)) continue;
        for (size_t k = 0; k < b->fields; k++) {
            bool there = k == b->key;
            for (size_t c = 0; c < w->columns && !there; c++)
                there = sv_eq(x->a.l.load[w->column[c].load].field[w->column[c].field].name, b->field[k].name);
            if (!there) w->column[w->columns++] = (old_column){i, k, x->a.l.undo.empty.n || is_shown(x, i, k)};
        }
    }
    return true;
}

static sv name_of(const rolling *x, const old_column *c)
{
    const load_field *f = &x->a.l.load[c->load].field[c->field];
    return x->a.l.undo.by_id ? f->name : f->heading;
}

static void restore_heading(const rolling *x, undo_file *f, size_t load)
{
    const bundle_load *b = &x->a.l.load[load];
    cell(x, f, x->a.l.undo.by_id ? x->a.l.undo.column : b->field[b->key].heading);
    for (size_t i = 0; i < x->way[load].columns; i++)
        if (x->way[load].column[i].shown) cell(x, f, name_of(x, &x->way[load].column[i]));
}

/* As the importer takes it: dates in the form of the bundle's files, where the export's can be read for certain. */
static void old_value(const rolling *x, const load_field *f, size_t column, sv text, buf *out)
{
    buf canonical = buf_new(256);
    bool zoned = false, utc = f->form.n && f->form.p[f->form.n - 1] == 'Z';
    bool moment = (f->kind == LOAD_DATE || f->kind == LOAD_MOMENT) && f->form.n &&
                  normal_moment(&canonical, text, (sv){NULL, 0}, exports_day_first(x->row.file, column), &zoned) &&
                  (f->kind == LOAD_DATE || zoned == utc);
    if (!moment || !target_format_write(out, f->form, buf_view(&canonical))) {
        buf_clear(out);
        buf_sv(out, text);
    }
    buf_free(&canonical);
}

/* Whether the load at hand, or a second pass over it, writes the field. */
static bool writes(rolling *x, size_t load, sv name, const row_place *at, const sv *row, size_t n, bool *out)
{
    const bundle_load *b = &x->a.l.load[load], *own = &x->a.l.load[at->load];
    for (size_t k = 0; k < b->fields; k++) {
        if (!sv_eq(b->field[k].name, name)) continue;
        *out = load == at->load && k < n && row[k].n > 0;
        return load == at->load || load_work_has(x->a.work, load, row[own->key], false, out);
    }
    return true;
}

/* Whether the bundle wrote the column of this record. */
static bool wrote(rolling *x, const old_column *c, const row_place *at, const sv *row, size_t n, bool *out)
{
    sv name = x->a.l.load[c->load].field[c->field].name;
    *out = false;
    for (size_t i = 0; i < x->a.l.loads && !*out; i++) {
        const bundle_load *b = &x->a.l.load[i];
        bool about = i == at->load || (b->update && b->parts && b->of == x->a.l.load[at->load].of);
        if (about && !writes(x, i, name, at, row, n, out)) return false;
    }
    return true;
}

static size_t export_column(const rolling *x, const old_column *c)
{
    const recognised *r = &x->row.file->r;
    for (size_t i = 0; i < r->candidates; i++)
        if (r->candidate[i].load == c->load) return r->candidate[i].at[c->field];
    return SIZE_MAX;
}

static bool restore_row(rolling *x, undo_file *f, const row_place *at, const sv *row, size_t n)
{
    const bundle_load *b = &x->a.l.load[at->load];
    load_way *w = &x->way[at->load];
    buf value = buf_new(LINE_BYTES_MAX);
    bool ok = begin_row(x, f, at->load, restore_heading);
    size_t id = x->row.file->r.id;
    if (ok) cell(x, f, !x->a.l.undo.by_id ? row[b->key] : id < x->row.file->columns ? x->row.cell[id] : SV_LIT(""));
    for (size_t i = 0; ok && i < w->columns; i++) {
        const old_column *c = &w->column[i];
        size_t column = export_column(x, c);
        bool written;
        ok = wrote(x, c, at, row, n, &written);
        buf_clear(&value);
        /* Where an empty cell empties a field, a column that was not written gets its own value again. */
        bool wanted = written || !x->a.l.undo.empty.n;
        if (ok && wanted && column < x->row.file->columns) {
            sv old = sv_trimmed_controls(x->row.cell[column]);
            if (old.n)
                old_value(x, &x->a.l.load[c->load].field[c->field], column, x->row.cell[column], &value);
            else
                buf_sv(&value, x->a.l.undo.empty);
        } else if (ok && written) {
            w->not_exported++;
        }
        if (c->shown) cell(x, f, value.n ? buf_view(&value) : SV_LIT(""));
    }
    buf_free(&value);
    return ok && end_line(x, f);
}

/* ---- every row ---- */

typedef struct writing {
    rolling *x;
    undo_file remove, restore;
    size_t load;
} writing;

static bool end_load(writing *w)
{
    bool ok = end_file(w->x, &w->remove) && end_file(w->x, &w->restore);
    return ok;
}

static bool visit_part(void *ctx, const row_place *at, const sv *heading, size_t n)
{
    writing *w = ctx;
    const bundle_load *b = &w->x->a.l.load[at->load];
    (void)heading, (void)n;
    if (at->load == w->load) return true;
    if (!end_load(w)) return false;
    w->load = at->load;
    buf remove_line = w->remove.line, restore_line = w->restore.line;
    w->remove = (undo_file){.what = "delete",
                            .stem = name_stem(b->file),
                            .step = w->x->way[at->load].remove_step,
                            .part = 1,
                            .line = remove_line};
    w->restore = (undo_file){.what = "restore",
                             .stem = name_stem(b->file),
                             .step = w->x->way[at->load].restore_step,
                             .part = 1,
                             .line = restore_line};
    return !w->restore.step || find_columns(w->x, at->load);
}

static bool undecided(rolling *x, const bundle_load *b, sv key, row_way way)
{
    const sv line[] = {b->file, b->object, key, sv_from(row_way_word[way])};
    return list_file_row(x->unknown, line, 4) == ST_OK;
}

static bool visit_row(void *ctx, const row_place *at, const sv *row, size_t n)
{
    writing *w = ctx;
    const bundle_load *b = &w->x->a.l.load[at->load];
    row_way way;
    row_fate fate;
    bool own;
    if (!rollback_own(w->x, at, row, n, &own)) return false;
    if (!own) return true;
    if (!rollback_way(w->x, at, row, n, &way, &fate)) return false;
    if (way == WAY_REMOVE) return delete_row(w->x, &w->remove, at->load, row, n, &fate);
    if (way == WAY_RESTORE) return restore_row(w->x, &w->restore, at, row, n);
    return !way_unknown(way) || undecided(w->x, b, b->key < n ? row[b->key] : SV_LIT(""), way);
}

bool rollback_write_files(rolling *x)
{
    writing w = {.x = x, .load = SIZE_MAX};
    const row_visit v = {visit_part, visit_row, &w};
    sv path = arena_printf(x->a.mem, "%.*s/unknown.csv", (int)x->a.l.id.n, x->a.l.id.p);
    if (!path.p) return after_load_no_memory(&x->a);
    x->unknown = after_load_list(&x->a, path, "file,object,key,why");
    bool ok = x->unknown && bundle_rows_visit(&x->a.l, &v) && end_load(&w);
    bundle_file_abandon(w.remove.file);
    bundle_file_abandon(w.restore.file);
    buf_free(&w.remove.line);
    buf_free(&w.restore.line);
    if (!ok) return false;
    list_file *list = x->unknown;
    x->unknown = NULL;
    return after_load_list_done(&x->a, list, path);
}
