#include "deliver/row_file.h"
#include "base/platform.h"
#include "csv/csv_writer.h"
#include "deliver/bundle_file.h"
#include "deliver/scope.h"
#include "deliver/target_cell.h"
#include "deliver/trial_undo.h"
#include "xlsx/xlsx_table.h"
#include <stdlib.h>

enum { HEADING_BYTES_MAX = 4 << 20, FAILED_EVERY = 1024, TITLE_MAX = 31, SHEET_ROWS_MAX = 1048575 };

struct row_file {
    const destination *d;
    const object_template *o;
    const deliver_run *run;
    delivered_list *files;
    bool trial;
    bundle_file *csv;
    xlsx_table_file *book;
    trial_undo *undo; /* of a trial; NULL: nothing is taken back */
    uint64_t rows, part;
    sv path;
};

static status no_memory(const row_file *f)
{
    find_code(f->run->found, F_OUT_OF_MEMORY, "writing a file of the bundle");
    return ST_FATAL;
}

row_file *row_file_new(const destination *d, const object_template *o, const deliver_run *run, delivered_list *files,
                       bool trial)
{
    row_file *f = calloc(1, sizeof *f);
    if (f)
        *f = (row_file){.d = d, .o = o, .run = run, .files = files, .trial = trial};
    else
        find_code(run->found, F_OUT_OF_MEMORY, "writing a file of the bundle");
    return f;
}

void row_file_free(row_file *f)
{
    if (!f) return;
    bundle_file_abandon(f->csv);
    trial_undo_abandon(f->undo);
    xlsx_table_abandon(f->book);
    free(f);
}

void row_file_cell(buf *out, char delimiter, sv text)
{
    if (!text.n) return;
    if (delimiter != ',' && sv_find(text, delimiter)) {
        buf_char(out, '"');
        csv_quoted_piece(out, text);
        buf_char(out, '"');
    } else {
        csv_field(out, text);
    }
}

/* ---- one part ---- */

static status close_part(row_file *f)
{
    file_digest digest;
    const char *why = NULL;
    if (!f->csv && !f->book) return ST_OK;
    bool ok;
    if (f->csv) {
        ok = bundle_file_close_csv(f->csv, f->rows, &digest);
    } else {
        sv full = arena_printf(f->run->mem, "%s/%.*s", f->run->folder, (int)f->path.n, f->path.p);
        ok = xlsx_table_close(f->book);
        if (ok && (!full.p || !digest_file(full.p, &digest, &why))) {
            find_at(f->run->found, F_OUT_WRITE_FAILED, f->path, sv_from(why ? why : "out of memory"));
            ok = false;
        }
    }
    f->csv = NULL;
    f->book = NULL;
    if (!ok) return ST_FATAL;
    delivered_file file = {.path = f->path, .rows = f->rows, .bytes = digest.bytes};
    if (!f->trial) file.object = f->o->name;
    memcpy(file.sha256, digest.sha256, sizeof file.sha256);
    return delivered_add(f->files, f->run->mem, &file) ? ST_OK : no_memory(f);
}

sv row_file_heading(const object_template *o, size_t i)
{
    if (!i) return o->heading_labels ? o->key_label : o->key;
    return o->heading_labels ? o->field[i - 1].label : o->field[i - 1].name;
}

static status open_csv(row_file *f)
{
    buf line = buf_new(HEADING_BYTES_MAX);
    f->csv = bundle_file_new(f->run->folder, f->path, f->run->found);
    if (!f->csv) return ST_FATAL;
    if (f->d->bom) buf_str(&line, "\xEF\xBB\xBF");
    for (size_t i = 0; i <= f->o->fields; i++) {
        if (i) buf_char(&line, f->d->delimiter);
        row_file_cell(&line, f->d->delimiter, row_file_heading(f->o, i));
    }
    buf_sv(&line, f->d->newline);
    bool ok = !line.failed;
    if (ok) bundle_file_text(f->csv, buf_view(&line));
    buf_free(&line);
    return ok ? ST_OK : no_memory(f);
}

static status open_book(row_file *f)
{
    sv *heading = arena_array(f->run->mem, f->o->fields + 1, sizeof *heading);
    sv full = arena_printf(f->run->mem, "%s/%.*s", f->run->folder, (int)f->path.n, f->path.p);
    if (!heading || !full.p) return no_memory(f);
    for (size_t i = 0; i <= f->o->fields; i++) heading[i] = row_file_heading(f->o, i);
    sv title = {f->o->csv.p, f->o->csv.n - 4};
    if (title.n > TITLE_MAX) title.n = TITLE_MAX;
    f->book = xlsx_table_open(full.p, title, heading, f->o->fields + 1, f->run->found);
    return f->book ? ST_OK : ST_FATAL;
}

static status make_trial_folder(const row_file *f, const char *inner)
{
    const char *why = "out of memory";
    sv full =
        arena_printf(f->run->mem, "%s/%.*s/" TRIAL_FOLDER "%s", f->run->folder, (int)f->d->id.n, f->d->id.p, inner);
    if (full.p && (os_exists(full.p) || os_make_folder(full.p, &why))) return ST_OK;
    find_at(f->run->found, F_OUT_CREATE_FAILED, SV_LIT(TRIAL_FOLDER), sv_from(why));
    return ST_FATAL;
}

static status open_undo(row_file *f)
{
    sv path = trial_undo_path(f->d, f->o, f->run->mem);
    if (make_trial_folder(f, "") != ST_OK) return ST_FATAL;
    if (!path.p) return ST_OK;
    if (make_trial_folder(f, "/undo") != ST_OK) return ST_FATAL;
    f->undo = trial_undo_new(f->d, f->o, f->run, path);
    return f->undo ? ST_OK : ST_FATAL;
}

/* "salesforce/02_Contact.csv", further parts "salesforce/02_Contact_2.csv". */
static status open_part(row_file *f)
{
    sv stem = {f->o->csv.p, f->o->csv.n - 4};
    const char *folder = f->trial ? TRIAL_FOLDER "/" : "", *ending = f->o->xlsx ? "xlsx" : "csv";
    f->part++;
    f->rows = 0;
    if (f->part == 1)
        f->path = arena_printf(f->run->mem, "%.*s/%s%.*s.%s", (int)f->d->id.n, f->d->id.p, folder, (int)stem.n, stem.p,
                               ending);
    else
        f->path = arena_printf(f->run->mem, "%.*s/%s%.*s_%llu.%s", (int)f->d->id.n, f->d->id.p, folder, (int)stem.n,
                               stem.p, (unsigned long long)f->part, ending);
    if (!f->path.p) return no_memory(f);
    if (f->trial && f->part == 1 && open_undo(f) != ST_OK) return ST_FATAL;
    return f->o->xlsx ? open_book(f) : open_csv(f);
}

static bool full(const row_file *f, size_t next)
{
    if (!f->rows) return false;
    uint64_t rows = f->o->rows_per_file ? f->o->rows_per_file : f->d->limit.most[LIMIT_ROWS_PER_FILE];
    uint64_t bytes = f->o->bytes_per_file ? f->o->bytes_per_file : f->d->limit.most[LIMIT_BYTES_PER_FILE];
    if (f->book && (!rows || rows > SHEET_ROWS_MAX)) rows = SHEET_ROWS_MAX;
    if (rows && f->rows >= rows) return true;
    return bytes && (f->book ? xlsx_table_bytes(f->book) : bundle_file_bytes(f->csv)) + next > bytes;
}

/* ---- rows ---- */

/* What a cell cannot hold by its type stays a text; what no cell can hold makes the row's file unfit. */
static bool put_cell(row_file *f, size_t column, target_type type, sv text)
{
    if (!text.n) return true;
    if (target_is_number(type) && xlsx_table_number(f->book, column, text)) return true;
    bool moment = type == TARGET_DATE || type == TARGET_DATETIME;
    if (moment && xlsx_table_moment(f->book, column, text)) return true;
    return xlsx_table_text(f->book, column, text);
}

static status put_book_row(row_file *f, const row_cells *row)
{
    xlsx_table_row(f->book);
    bool ok = xlsx_table_text(f->book, 0, row->key);
    for (size_t i = 0, from = 0; i < f->o->fields; from = row->end[i++])
        ok &= put_cell(f, i + 1, f->o->field[i].type, (sv){row->cell + from, row->end[i] - from});
    if (!ok) {
        find_at(f->run->found, F_OUT_WRITE_FAILED, f->path, SV_LIT("a text has characters that no workbook holds"));
        return ST_FATAL;
    }
    return xlsx_table_failed(f->book) ? ST_FATAL : ST_OK;
}

status row_file_put(row_file *f, const row_cells *row)
{
    if ((f->csv || f->book) && full(f, f->book ? 0 : row->csv.n) && close_part(f) != ST_OK) return ST_FATAL;
    if (!f->csv && !f->book && open_part(f) != ST_OK) return ST_FATAL;
    f->rows++;
    if (f->undo) trial_undo_key(f->undo, row->key);
    if (f->book) return put_book_row(f, row);
    bundle_file_text(f->csv, row->csv);
    /* Asked now and then: the answer takes a lock. */
    return f->rows % FAILED_EVERY == 0 && bundle_file_failed(f->csv) ? ST_FATAL : ST_OK;
}

bool row_file_takes_lines(const row_file *f)
{
    return !f->o->xlsx && !f->o->rows_per_file && !f->d->limit.most[LIMIT_ROWS_PER_FILE] && !f->o->bytes_per_file &&
           !f->d->limit.most[LIMIT_BYTES_PER_FILE];
}

status row_file_lines(row_file *f, sv lines, uint64_t rows)
{
    if (!f->csv && open_part(f) != ST_OK) return ST_FATAL;
    bool ask = (f->rows + rows) / FAILED_EVERY != f->rows / FAILED_EVERY;
    f->rows += rows;
    bundle_file_text(f->csv, lines);
    return ask && bundle_file_failed(f->csv) ? ST_FATAL : ST_OK;
}

status row_file_finish(row_file *f)
{
    /* Nothing is to be loaded of an object without records. The model as it is is no load: a heading alone says there was
     * none. */
    if (f->d->model && !f->trial && !f->part && open_part(f) != ST_OK) return ST_FATAL;
    if (close_part(f) != ST_OK) return ST_FATAL;
    trial_undo *undo = f->undo;
    f->undo = NULL;
    return undo ? trial_undo_close(undo, f->files) : ST_OK;
}
