/* One row of a workbook. Values that a cell cannot hold go to files of their own, which the cell names. All that can
 * fail is done before the row is begun: a row of a workbook cannot be taken back. */
#include "extract/job.h"
#include "source/value_text.h"

/* Longest text worth keeping: more bytes than these are more than a cell's characters in any script. */
enum { KEPT_MAX = XLSX_TEXT_MAX * 3 };

/* worker.broken here: the value broke off; it went to a file because no cell could hold it. */
enum { BROKEN = 1, MOVED = 2 };

typedef struct text_taker {
    buf *out;
    size_t start;
    bool text;
} text_taker;

static bool take_for_cell(void *ctx, sv piece)
{
    text_taker *t = ctx;
    if (t->text)
        buf_sv(t->out, piece);
    else
        value_hex(piece.p, piece.n, t->out);
    return t->out->n - t->start <= KEPT_MAX;
}

static void say_in_file(const worker *w, const row *r, size_t i)
{
    finding x = FINDING_OF(F_OUT_CELL_IN_FILE);
    x.table = w->t->info->full_name;
    x.column = cell_column(w, i)->name;
    x.file_id = r->from.file;
    x.page = r->from.page;
    x.slot = r->from.slot;
    x.a = SV_LIT("is longer than 32,767 characters or holds characters that a sheet has no form for");
    find_add(w->job->found, &x);
}

static status to_file(worker *w, const row *r, size_t i, bool asked)
{
    status st = cell_to_file(w, r, i);
    if (st == ST_OK && !asked) w->broken[i] = MOVED;
    if (st == ST_OK) buf_sv(&w->rows, buf_view(&w->name));
    return st;
}

/* Appends the text of a V_TEXT, V_BYTES or V_LOB cell, or the name of its file, to w->rows. */
static status gather(worker *w, const row *r, size_t i)
{
    const value *v = &r->cell[i];
    size_t start = w->rows.n;
    if (cell_is_binary_file(w, r, i)) return to_file(w, r, i, true);
    if (start > w->job->buffer_bytes) return to_file(w, r, i, false); /* hundreds of full cells in one row */
    if (v->kind != V_LOB) {
        if (v->as.text.n <= KEPT_MAX) value_text(v, &w->rows);
    } else {
        text_taker t = {&w->rows, start, lob_is_text((lob_encoding)v->as.lob.encoding)};
        if (!t.text) buf_str(&w->rows, "0x");
        status st = cell_stream(w, &v->as.lob, take_for_cell, &t);
        if (st == ST_ROW_LOST || st == ST_FATAL) return st;
    }
    bool left_out = v->kind != V_LOB && v->as.text.n > KEPT_MAX;
    if (!left_out && xlsx_text_fits((sv){w->rows.p + start, w->rows.n - start})) return ST_OK;
    w->rows.n = start;
    return to_file(w, r, i, false);
}

static bool is_gathered(const value *v) { return v->kind == V_TEXT || v->kind == V_BYTES || v->kind == V_LOB; }

/* Gathers all texts of the row, one after the other, each with its length before it. */
static row_fate gather_row(worker *w, const row *r)
{
    for (size_t i = 0; i < r->n; i++) {
        if (!is_gathered(&r->cell[i])) continue;
        size_t at = w->rows.n, n = 0;
        buf_add(&w->rows, &n, sizeof n);
        status st = gather(w, r, i);
        if (st == ST_FATAL) return ROW_STOPPED;
        if (w->rows.failed) {
            job_stop(w->job, EXTRACT_NO_MEMORY);
            return ROW_STOPPED;
        }
        if (st == ST_ROW_LOST) {
            w->broken[i] = BROKEN;
            cell_broken(w, r, i);
            w->rows.n = at + sizeof n;
        }
        n = w->rows.n - at - sizeof n;
        memcpy(w->rows.p + at, &n, sizeof n);
    }
    return ROW_WRITTEN;
}

static bool put_exactly(xlsx_book *b, size_t column, const value *v)
{
    switch (v->kind) {
    case V_BOOL:
    case V_INT: return xlsx_integer(b, column, v->as.integer);
    case V_DECIMAL: return xlsx_decimal(b, column, &v->as.decimal);
    case V_REAL: return xlsx_real(b, column, v->as.real);
    case V_DATE: return xlsx_date(b, column, v->as.when.days);
    case V_TIME: return xlsx_time(b, column, &v->as.when);
    case V_DATETIME: return xlsx_datetime(b, column, &v->as.when);
    default: return false;
    }
}

static void put_fixed(xlsx_book *b, size_t column, const value *v)
{
    if (v->kind == V_NULL || v->kind == V_UNREADABLE || put_exactly(b, column, v)) return;
    char text[VALUE_TEXT_MAX];
    size_t n = value_text_fixed(v, text);
    if (v->kind == V_REAL32) { /* the shortest text as a number: 0.1, not 0.10000000149 */
        text[n] = '\0';
        if (xlsx_real_text(b, column, text)) return;
    }
    xlsx_text(b, column, (sv){text, n});
}

static void put_row(worker *w, const row *r)
{
    xlsx_row(w->book);
    size_t at = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (!is_gathered(&r->cell[i])) {
            put_fixed(w->book, i, &r->cell[i]);
            continue;
        }
        size_t n;
        memcpy(&n, w->rows.p + at, sizeof n);
        at += sizeof n;
        xlsx_text(w->book, i, (sv){w->rows.p + at, n});
        at += n;
    }
}

row_fate row_xlsx(worker *w, const row *r)
{
    bool salvage = w->job->o->salvage;
    bool holes = cell_list_unreadable(w, r) > 0;
    if (holes && !salvage) return ROW_UNREADABLE;
    memset(w->broken, 0, r->n);
    buf_clear(&w->rows);
    if (gather_row(w, r) == ROW_STOPPED) return ROW_STOPPED;
    bool broken = memchr(w->broken, BROKEN, r->n) != NULL;
    if (broken && !salvage) {
        cell_files_remove(w);
        return ROW_UNREADABLE;
    }
    put_row(w, r);
    for (size_t i = 0; i < r->n; i++)
        if (w->broken[i] == MOVED) say_in_file(w, r, i);
    buf_clear(&w->files);
    w->holed += holes || broken;
    return ROW_WRITTEN;
}
