/* The rows of a user table: values made, stored, indexed and, if wanted, written down as the truth. */
#include "base/platform.h"
#include "compact.h"
#include "database.h"
#include "value.h"
#include <stdlib.h>

enum { TRUTH_FLUSH = 1 << 20, TRUTH_MAX = 1 << 30, STORED_MAX = 1 << 29 };

typedef struct table_writer {
    database *db;
    user_table *t;
    value_maker *maker;
    cell_value *value;
    cell *cell;
    buf *stored;
    uint8_t (*fixed)[24];
    uint8_t *key; /* the clustered key of the last row, and whether it repeats */
    size_t key_bytes;
    uint32_t repeats;
    uint8_t repeat[4];
    os_out *truth; /* NULL: not wanted */
    buf line;
    uint64_t rows;
} table_writer;

static bool flush_truth(table_writer *w, bool all)
{
    const char *why = "";
    if (!w->truth || (!all && w->line.n < TRUTH_FLUSH)) return true;
    if (w->line.failed || !os_write(w->truth, w->line.p, w->line.n, &why))
        return fail(w->db->f, "cannot write the truth of %s: %s", w->t->spec->name, why);
    buf_clear(&w->line);
    return true;
}

static bool open_truth(table_writer *w, const char *folder)
{
    if (!folder) return true;
    const table_spec *s = w->t->spec;
    char path[1024];
    const char *why = "";
    snprintf(path, sizeof path, "%s/%s.%s.csv", folder, s->schema, s->name);
    w->truth = os_create(path, &why);
    if (!w->truth) return fail(w->db->f, "%s: %s", path, why);
    bool first = true;
    for (size_t i = 0; i < s->columns; i++) {
        if (s->column[i].dropped) continue;
        if (!first) buf_char(&w->line, ',');
        first = false;
        csv_text(&w->line, sv_from(s->column[i].name));
    }
    buf_str(&w->line, "\r\n");
    return true;
}

/* Types whose stored form is short and of fixed length go without a buffer. */
static bool stored_short(const sql_type *t)
{
    return t->fixed && t->fixed <= 24 && t->cls != TC_TEXT && t->cls != TC_UTEXT;
}

/* The state before differs in some rows, but never in what a sequence made. */
static bool make_value(table_writer *w, size_t i, uint64_t row, cell_value *v)
{
    const table_spec *s = w->t->spec;
    value_maker m = w->maker[i];
    bool sequence = m.column->rule.kind == RULE_SEQ;
    if (w->db->before && s->updated && row % s->updated == s->updated - 1 && !sequence) m.salt ^= 0x5DEECE66D;
    return value_make(&m, row, v, w->db->f);
}

static bool shorten(table_writer *w, size_t i)
{
    char *p = buf_reserve((buf_clear(&w->stored[i]), &w->stored[i]), COMPACT_MAX);
    if (!p) return fail(w->db->f, "out of memory");
    w->cell[i].n = compact_decimal(&w->t->spec->column[i].type, w->fixed[i], (uint8_t *)p);
    w->cell[i].p = (const uint8_t *)p;
    return true;
}

/* How many rows before this one have the same key: what a uniquifier counts. */
static bool count_repeats(table_writer *w)
{
    const table_spec *s = w->t->spec;
    uint8_t key[TREE_KEY_MAX];
    size_t n = 0;
    for (size_t i = 0; i < s->keys; i++) {
        const cell *c = &w->cell[s->key[i]];
        put16(key + n, c->n);
        if (c->n) memcpy(key + n + 2, c->p, c->n);
        n += 2 + c->n;
    }
    bool again = w->key_bytes == n && memcmp(w->key, key, n) == 0;
    w->repeats = again ? w->repeats + 1 : 0;
    memcpy(w->key, key, n);
    w->key_bytes = n;
    put32(w->repeat, w->repeats);
    w->cell[s->columns + 1] = (cell){w->repeat, sizeof w->repeat, w->repeats == 0};
    return true;
}

/* Columns of the row: those added after it are not there. */
static size_t columns_at(const rowset *rs, uint64_t row)
{
    size_t n = rs->columns - rs->sparse;
    while (n && row < rs->column[n - 1].added) n--;
    return n;
}

static bool make_cells(table_writer *w, uint64_t row)
{
    const table_spec *s = w->t->spec;
    if (s->feed.row && !s->feed.row(s->feed.ctx, row, w->value, w->db->f)) return false;
    for (size_t i = 0; i < s->columns; i++) {
        const sql_type *t = &s->column[i].type;
        cell_value *v = &w->value[i];
        bool older = row < s->column[i].added;
        if (!s->feed.row &&
            !(older ? value_from_item(t, s->column[i].default_item, v, w->db->f) : make_value(w, i, row, v)))
            return false;
        w->cell[i].null = v->null;
        if (v->null) continue;
        if (stored_short(t)) {
            value_store_fixed(t, v, w->fixed[i]);
            w->cell[i].p = w->fixed[i];
            w->cell[i].n = t->fixed;
            if (s->vardecimal && t->cls == TC_DECIMAL && !shorten(w, i)) return false;
            continue;
        }
        if (!value_store(t, v, &w->stored[i])) return fail(w->db->f, "out of memory");
        w->cell[i].p = (const uint8_t *)w->stored[i].p;
        w->cell[i].n = w->stored[i].n;
    }
    return true;
}

static void write_truth(table_writer *w)
{
    if (!w->truth) return;
    const table_spec *s = w->t->spec;
    bool first = true;
    for (size_t i = 0; i < s->columns; i++) {
        if (s->column[i].dropped) continue;
        if (!first) buf_char(&w->line, ',');
        first = false;
        value_csv(&s->column[i].type, &w->value[i], &w->line);
    }
    buf_str(&w->line, "\r\n");
}

static bool every(uint64_t n, uint64_t row) { return n && row % n == n - 1; }

static bool add_row(table_writer *w, uint64_t row)
{
    user_table *t = w->t;
    row_place at = {0, 0};
    row_kind kind = every(t->spec->forward_every, row) ? ROW_FORWARDED : ROW_PLAIN;
    /* Rows go to the partitions in runs, as ranges of a growing key do. */
    rowset *rs = &t->part[row * t->spec->parts / w->rows];
    if (!make_cells(w, row)) return false;
    if (t->spec->duplicates) count_repeats(w);
    rs->present = columns_at(rs, row);
    if (!rowset_add(rs, w->cell, kind, &at)) return false;
    uint8_t row_id[8];
    put_page_number(row_id, at.page);
    put16(row_id + 6, at.slot);
    w->cell[t->spec->columns] = (cell){row_id, sizeof row_id, false};
    for (size_t k = 0; k < t->spec->indexes; k++)
        if (!rowset_add(&t->index[k].rs, w->cell, ROW_PLAIN, &at)) return false;
    if (every(t->spec->ghost_every, row) && !rowset_add(rs, w->cell, ROW_GHOST, &at)) return false;
    write_truth(w);
    return flush_truth(w, false);
}

static bool add_rows(table_writer *w, const char *truth_dir)
{
    user_table *t = w->t;
    image *m = w->db->image;
    while (!(t->group.file >> m->place_in_list & 1)) m++;
    uint32_t gap = m->user.next;
    if (!open_truth(w, truth_dir) || !image_leave_free(m, &m->user, t->spec->gap)) return false;
    for (unsigned p = 0; p < t->spec->parts; p++)
        if (!rowset_start(&t->part[p], &t->group, t->auid[p], &w->db->blob)) return false;
    for (size_t k = 0; k < t->spec->indexes; k++) {
        const int64_t auid[3] = {t->index[k].auid, 0, 0};
        if (!rowset_start(&t->index[k].rs, &t->group, auid, &w->db->blob)) return false;
    }
    for (size_t i = 0; i < t->spec->columns; i++) w->maker[i] = value_maker_of(w->db->spec, t->number, i);
    for (uint64_t row = 0; row < w->rows; row++)
        if (!add_row(w, row)) return false;
    for (unsigned p = 0; p < t->spec->parts; p++) {
        if (p == 0 && w->rows && !unit_hollow(&t->part[0].data, (uint32_t)t->spec->hollow)) return false;
        if (!rowset_finish(&t->part[p], t->spec->stale)) return false;
    }
    if (t->spec->stale && t->spec->gap && t->part[0].page->id &&
        !image_leave_rubbish(m, gap, t->spec->gap < 16 ? t->spec->gap : 16, t->part[0].page->bytes))
        return false;
    for (size_t k = 0; k < t->spec->indexes; k++)
        if (!rowset_finish(&t->index[k].rs, false)) return false;
    return flush_truth(w, true);
}

static void free_writer(table_writer *w)
{
    for (size_t i = 0; i < w->t->spec->columns; i++) {
        if (w->value) cell_value_free(&w->value[i]);
        if (w->stored) buf_free(&w->stored[i]);
    }
    free(w->maker);
    free(w->value);
    free(w->cell);
    free(w->stored);
    free(w->fixed);
    free(w->key);
    buf_free(&w->line);
}

bool write_user_table(database *db, user_table *t, const char *truth_dir)
{
    size_t n = t->spec->columns;
    table_writer w = {.db = db, .t = t, .line = buf_new(TRUTH_MAX)};
    w.rows = t->spec->rows - (db->before && t->spec->later < t->spec->rows ? t->spec->later : 0);
    w.key = malloc(TREE_KEY_MAX);
    w.maker = calloc(n, sizeof *w.maker);
    w.value = calloc(n, sizeof *w.value);
    w.cell = calloc(n + 2, sizeof *w.cell);
    w.stored = calloc(n, sizeof *w.stored);
    w.fixed = calloc(n, sizeof *w.fixed);
    bool ok = (w.maker && w.value && w.cell && w.stored && w.fixed && w.key) || fail(db->f, "out of memory");
    for (size_t i = 0; ok && i < n; i++) w.stored[i] = buf_new(STORED_MAX);
    ok = ok && add_rows(&w, truth_dir);
    const char *why = "";
    if (w.truth && !os_close(w.truth, &why)) ok = fail(db->f, "cannot write the truth of %s: %s", t->spec->name, why);
    free_writer(&w);
    return ok;
}
