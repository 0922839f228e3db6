#include "extract/file_name.h"
#include "extract/job.h"
#include <inttypes.h>

const column_info *cell_column(const worker *w, size_t i) { return &w->t->info->column[w->t->column[i]]; }

void cell_list(worker *w, const row *r, size_t i, finding_code why)
{
    buf *b = &w->unreadable;
    csv_field(b, w->t->info->full_name);
    buf_printf(b, ",%u,%" PRIu32 ",%u,", (unsigned)r->from.file, r->from.page, (unsigned)r->from.slot);
    csv_field(b, cell_column(w, i)->name);
    csv_comma(b);
    csv_plain(b, sv_from(finding_text_of(why)->id));
    csv_comma(b);
    if (r->from.line) buf_printf(b, "%" PRIu64, r->from.line);
    csv_end_row(b);
    w->cells++;
}

size_t cell_list_unreadable(worker *w, const row *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (r->cell[i].kind != V_UNREADABLE) continue;
        cell_list(w, r, i, r->cell[i].as.why);
        n++;
    }
    return n;
}

static finding finding_at(const worker *w, const row *r, size_t i, finding_code code)
{
    finding x = FINDING_OF(code);
    x.table = w->t->info->full_name;
    x.column = cell_column(w, i)->name;
    x.file_id = r->from.file;
    x.page = r->from.page;
    x.slot = r->from.slot;
    x.line = r->from.line;
    return x;
}

void cell_broken(worker *w, const row *r, size_t i)
{
    finding x = finding_at(w, r, i, F_OUT_VALUE_BROKEN);
    x.rows = 1;
    find_add(w->job->found, &x);
    cell_list(w, r, i, F_OUT_VALUE_BROKEN);
}

status cell_stream(worker *w, const lob_ref *ref, bool (*take)(void *ctx, sv piece), void *ctx)
{
    const row_source_ops *ops = w->job->source->ops;
    lob_stream *l = NULL;
    status st = ops->lob_open(w->job->source, ref, &l);
    while (st == ST_OK) {
        size_t got = 0;
        st = ops->lob_read(l, w->piece, sizeof w->piece, &got);
        if (st == ST_OK && !take(ctx, (sv){w->piece, got})) break;
        if (st == ST_OK && job_stopped(w->job)) st = ST_FATAL;
    }
    if (l) ops->lob_close(l);
    if (st == ST_FATAL) job_stop(w->job, EXTRACT_NO_SOURCE);
    return st == ST_TABLE_LOST ? ST_ROW_LOST : st;
}

bool cell_is_binary_file(const worker *w, const row *r, size_t i)
{
    const column_info *c = cell_column(w, i);
    const value *v = &r->cell[i];
    if (!w->job->o->lobs_as_files || c->type != T_BYTES) return false;
    if (c->max_bytes != -1 && !sv_eq_nocase(c->type_name, SV_LIT("image"))) return false;
    return (v->kind == V_BYTES && v->as.text.n) || (v->kind == V_LOB && !lob_is_text((lob_encoding)v->as.lob.encoding));
}

static const char *extension(const worker *w, const row *r, size_t i)
{
    const value *v = &r->cell[i];
    if (v->kind == V_BYTES || (v->kind == V_LOB && !lob_is_text((lob_encoding)v->as.lob.encoding))) return "bin";
    return cell_column(w, i)->type == T_XML ? "xml" : "txt";
}

/* "dbo.t.lobs/1-17_Picture.bin": part of the table, row in the part, column. Most tables are one part; the numbers do
 * not depend on the threads. The folder's name is made first: it is as long as the result of the first call. */
static bool name_file(worker *w, const row *r, size_t i)
{
    buf *b = &w->name;
    buf_clear(b);
    buf_printf(b, "%" PRIu64 "-%" PRIu64 "_", w->chunk + 1, w->row);
    file_name_part(b, cell_column(w, i)->name, true);
    file_name_bound(b);
    size_t n = b->n;
    char *leaf = buf_reserve(b, STEM_BYTES_MAX * 2 + 32);
    if (!leaf || n > STEM_BYTES_MAX) return false;
    char copy[STEM_BYTES_MAX];
    memcpy(copy, b->p, n);
    buf_clear(b);
    buf_printf(b, "%.*s.lobs", (int)w->t->stem.n, w->t->stem.p);
    if (b->failed || !out_folder_sub(w->job->folder, buf_view(b))) return false;
    buf_printf(b, "/%.*s.%s", (int)n, copy, extension(w, r, i));
    buf_add(&w->files, b->p, b->n);
    buf_char(&w->files, '\0');
    return !b->failed && !w->files.failed;
}

typedef struct file_taker {
    out_file *file;
    bool ok;
} file_taker;

static bool take_for_file(void *ctx, sv piece)
{
    file_taker *t = ctx;
    t->ok = out_file_write(t->file, piece);
    return t->ok;
}

status cell_to_file(worker *w, const row *r, size_t i)
{
    const value *v = &r->cell[i];
    file_taker t = {NULL, true};
    if (name_file(w, r, i)) t.file = out_file_new(w->job->folder, buf_view(&w->name));
    if (!t.file) {
        job_stop(w->job, EXTRACT_NO_OUTPUT);
        return ST_FATAL;
    }
    status st = ST_END;
    if (v->kind == V_LOB)
        st = cell_stream(w, &v->as.lob, take_for_file, &t);
    else
        take_for_file(&t, v->as.text);
    t.ok = out_file_close(t.file) && t.ok;
    if (!t.ok) {
        job_stop(w->job, EXTRACT_NO_OUTPUT);
        return ST_FATAL;
    }
    if (st == ST_ROW_LOST) out_folder_remove(w->job->folder, buf_view(&w->name));
    return st == ST_END ? ST_OK : st;
}

void cell_files_remove(worker *w)
{
    for (size_t at = 0; at < w->files.n;) {
        sv name = sv_from(w->files.p + at);
        out_folder_remove(w->job->folder, name);
        at += name.n + 1;
    }
    buf_clear(&w->files);
}
