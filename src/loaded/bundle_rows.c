#include "loaded/bundle_rows.h"
#include "deliver/digest.h"
#include "loaded/normal_form.h"

enum { CONTENT_BYTES_MAX = 128 << 20 };

bool totals_of_numbers(const load_field *f) { return f->kind == LOAD_NUMBER || f->kind == LOAD_MONEY; }

bool totals_wanted(const load_field *f)
{
    return !f->is_key && (totals_of_numbers(f) || f->kind == LOAD_DATE || f->kind == LOAD_MOMENT);
}

static void add_moment(column_total *t, const load_field *f, sv text)
{
    buf b = buf_new(256);
    bool zoned;
    if (normal_moment(&b, text, f->form, false, &zoned))
        total_add_moment(t, buf_view(&b));
    else
        t->odd++;
    buf_free(&b);
}

void totals_add(load_totals *t, const bundle_load *l, const sv *cell, size_t n)
{
    for (size_t i = 0; i < l->fields && i < n; i++) {
        amount x;
        if (!cell[i].n || !totals_wanted(&l->field[i])) continue;
        if (!totals_of_numbers(&l->field[i]))
            add_moment(&t->field[i], &l->field[i], cell[i]);
        else if (amount_read(cell[i], &x))
            total_add_amount(&t->field[i], x);
        else
            t->field[i].odd++;
    }
}

static void add_normal(buf *out, const load_field *f, sv text)
{
    size_t before = out->n;
    bool zoned, ok = true;
    switch (f->kind) {
    case LOAD_NUMBER:
    case LOAD_MONEY: ok = normal_number(out, text, false); break;
    case LOAD_DATE:
    case LOAD_MOMENT: ok = normal_moment(out, text, f->form, false, &zoned); break;
    case LOAD_WORDS: normal_words(out, text); return;
    default: normal_text(out, text); return;
    }
    if (ok) return;
    out->n = before;
    normal_text(out, text);
}

bool row_content(const bundle_load *l, const sv *cell, size_t n, const size_t *at, char hex[CONTENT_HEX + 1])
{
    buf b = buf_new(CONTENT_BYTES_MAX);
    for (size_t i = 0; i < l->fields; i++) {
        size_t column = at ? at[i] : i;
        if (i == l->key || l->field[i].kind == LOAD_LINK) continue;
        if (column < n) add_normal(&b, &l->field[i], cell[column]);
        buf_char(&b, '\x1F');
    }
    sha256 *s = b.failed ? NULL : sha256_new();
    if (s) sha256_add(s, b.p, b.n);
    buf_free(&b);
    return s && sha256_end(s, hex);
}

/* ---- every row ---- */

typedef struct visiting {
    const loads *l;
    const row_visit *v;
    row_place at;
} visiting;

/* The columns of a part are the fields of its load. */
static bool visit_head(void *ctx, const sv *cell, size_t n)
{
    visiting *x = ctx;
    const bundle_load *b = &x->l->load[x->at.load];
    bool same = n == b->fields;
    for (size_t i = 0; same && i < n; i++) same = sv_eq(cell[i], b->field[i].heading);
    if (!same)
        return finished_run_wrong(&x->l->run, b->part[x->at.part].path, "its headings are not those of loads.json");
    return !x->v->part || x->v->part(x->v->ctx, &x->at, cell, n);
}

static bool visit_row(void *ctx, const sv *cell, size_t n, uint64_t number)
{
    visiting *x = ctx;
    const bundle_load *b = &x->l->load[x->at.load];
    x->at.number = number;
    if (n < b->fields && b->part[x->at.part].csv)
        return finished_run_wrong(&x->l->run, b->part[x->at.part].path, "a row is shorter than its heading");
    return x->v->row(x->v->ctx, &x->at, cell, n);
}

bool bundle_rows_visit(const loads *l, const row_visit *v)
{
    for (size_t i = 0; i < l->loads; i++)
        for (size_t k = 0; k < l->load[i].parts; k++) {
            visiting x = {.l = l, .v = v, .at = {i, k, 0}};
            const record_taker t = {visit_head, visit_row, &x};
            uint64_t wanted = l->load[i].part[k].rows;
            if (records_of_part(l, &l->load[i].part[k], &t) != RECORDS_READ) return false;
            if (x.at.number != wanted)
                return finished_run_wrong(&l->run, l->load[i].part[k].path,
                                          "it has not the rows that it was written with");
        }
    return true;
}

typedef struct reading {
    const loads *l;
    load_work *w;
    load_totals *totals;
    uint64_t *rows;
} reading;

static bool read_row(void *ctx, const row_place *at, const sv *cell, size_t n)
{
    reading *r = ctx;
    const bundle_load *b = &r->l->load[at->load];
    char hex[CONTENT_HEX + 1] = "";
    if (b->keyless && !row_content(b, cell, n, NULL, hex)) {
        find_code(r->l->run.found, F_OUT_OF_MEMORY, "reading the bundle");
        return false;
    }
    r->rows[at->load]++;
    if (r->totals) totals_add(&r->totals[at->load], b, cell, n);
    return load_work_row(r->w, at, b->key < n ? cell[b->key] : SV_LIT(""), sv_from(hex));
}

bool bundle_rows_read(const loads *l, load_work *w, load_totals *totals, uint64_t *rows)
{
    reading r = {l, w, totals, rows};
    const row_visit v = {.row = read_row, .ctx = &r};
    return bundle_rows_visit(l, &v);
}
