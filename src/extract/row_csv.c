/* One row as CSV. A row goes into the buffer whole; one that does not fit there beside others is tried again in an
 * empty buffer when the thread's turn has come, and one that does not fit even then is written in pieces. Before a
 * piece of such a row leaves the buffer all its streamed values are read once: so a row is never written in half. */
#include "extract/job.h"
#include "source/value_text.h"

typedef enum fill { FILLED, BROKEN, FULL, STOPPED } fill;

typedef struct csv_taker {
    worker *w;
    size_t start; /* of the row in the buffer */
    bool text, direct, full, stopped;
} csv_taker;

static bool over(const worker *w, size_t start) { return w->rows.n - start > w->job->buffer_bytes; }

/* Makes room. In the buffer: false when the row has become too long for it. */
static bool make_room(csv_taker *t)
{
    if (!over(t->w, t->start)) return true;
    t->full = !t->direct;
    t->stopped = t->direct && !worker_flush(t->w);
    return !t->full && !t->stopped;
}

static bool take_for_csv(void *ctx, sv piece)
{
    csv_taker *t = ctx;
    if (t->text)
        csv_quoted_piece(&t->w->rows, piece);
    else
        value_hex(piece.p, piece.n, &t->w->rows);
    return make_room(t);
}

static fill fill_of(status st, const csv_taker *t)
{
    if (t->full) return FULL;
    if (t->stopped || st == ST_FATAL) return STOPPED;
    return st == ST_ROW_LOST ? BROKEN : FILLED;
}

static fill streamed(csv_taker *t, const lob_ref *ref)
{
    t->text = lob_is_text((lob_encoding)ref->encoding);
    buf_str(&t->w->rows, t->text ? "\"" : "0x");
    fill result = fill_of(cell_stream(t->w, ref, take_for_csv, t), t);
    if (result == FILLED && t->text) buf_char(&t->w->rows, '"');
    return result;
}

static fill one_cell(csv_taker *t, const row *r, size_t i)
{
    const value *v = &r->cell[i];
    buf *out = &t->w->rows;
    if (t->w->job->o->lobs_as_files && cell_is_binary_file(t->w, r, i)) {
        fill result = fill_of(cell_to_file(t->w, r, i), t);
        if (result == FILLED) csv_field(out, buf_view(&t->w->name));
        return result;
    }
    switch (v->kind) {
    case V_NULL:
    case V_UNREADABLE: return FILLED;
    case V_TEXT: csv_field(out, v->as.text); break;
    case V_BYTES: value_text(v, out); break;
    case V_LOB: return streamed(t, &v->as.lob);
    default: {
        char *to = buf_reserve(out, VALUE_TEXT_MAX);
        if (to) out->n += value_text_fixed(v, to);
        break;
    }
    }
    return make_room(t) ? FILLED : fill_of(ST_OK, t);
}

/* The cells, with those left empty that w->broken marks. Marks and lists those that break off on the way. */
static fill fill_row(csv_taker *t, const row *r)
{
    worker *w = t->w;
    fill worst = FILLED;
    for (size_t i = 0; i < r->n; i++) {
        size_t at = w->rows.n;
        if (i) csv_comma(&w->rows);
        if (w->broken[i]) continue;
        fill f = one_cell(t, r, i);
        if (f == FULL || f == STOPPED) return f;
        if (f != BROKEN) continue;
        w->broken[i] = 1;
        cell_broken(w, r, i);
        worst = BROKEN;
        if (t->direct) continue; /* what was written cannot be taken back: the caller stops */
        w->rows.n = at;
        if (i) csv_comma(&w->rows);
    }
    csv_end_row(&w->rows);
    return worst;
}

static bool take_nothing(void *ctx, sv piece)
{
    (void)ctx;
    (void)piece;
    return true;
}

/* Reads the streamed values of the row once; BROKEN when one of them, now marked and listed, breaks off. */
static fill probe_row(worker *w, const row *r)
{
    fill result = FILLED;
    for (size_t i = 0; i < r->n; i++) {
        if (w->broken[i] || r->cell[i].kind != V_LOB) continue;
        status st = cell_stream(w, &r->cell[i].as.lob, take_nothing, NULL);
        if (st == ST_FATAL) return STOPPED;
        if (st != ST_ROW_LOST) continue;
        w->broken[i] = 1;
        cell_broken(w, r, i);
        result = BROKEN;
    }
    return result;
}

static void take_back(worker *w, size_t start)
{
    w->rows.n = start;
    w->rows.failed = false;
    cell_files_remove(w);
}

static bool any_broken(const worker *w, size_t n) { return memchr(w->broken, 1, n) != NULL; }

static fill write_in_pieces(worker *w, const row *r)
{
    fill f = probe_row(w, r);
    if (f == STOPPED || (any_broken(w, r->n) && !w->job->o->salvage)) return f;
    csv_taker t = {.w = w, .direct = true};
    f = fill_row(&t, r);
    if (f != BROKEN) return f;
    finding x = FINDING_OF(F_OUT_VALUE_CHANGED);
    x.table = w->t->info->full_name;
    x.column = cell_column(w, (size_t)((const uint8_t *)memchr(w->broken, 1, r->n) - w->broken))->name;
    x.file_id = r->from.file;
    x.page = r->from.page;
    x.slot = r->from.slot;
    find_add(w->job->found, &x);
    job_stop(w->job, EXTRACT_NO_SOURCE);
    return STOPPED;
}

row_fate row_csv(worker *w, const row *r)
{
    bool salvage = w->job->o->salvage;
    bool holes = cell_list_unreadable(w, r) > 0;
    if (holes && !salvage) return ROW_UNREADABLE;
    memset(w->broken, 0, r->n);
    size_t start = w->rows.n;
    fill f = FILLED;
    for (int attempt = 0; attempt < 2; attempt++) {
        csv_taker t = {.w = w, .start = start};
        f = fill_row(&t, r);
        if (f != FULL && !w->rows.failed) break;
        take_back(w, start);
        if (!worker_flush(w)) return ROW_STOPPED;
        start = w->rows.n;
        f = FULL;
    }
    if (f == FULL) f = write_in_pieces(w, r);
    if (f == STOPPED) return ROW_STOPPED;
    bool broken = any_broken(w, r->n);
    if (broken && !salvage) {
        take_back(w, start);
        return ROW_UNREADABLE;
    }
    buf_clear(&w->files);
    w->holed += holes || broken;
    return ROW_WRITTEN;
}
