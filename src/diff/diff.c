#include "diff/diff.h"
#include "base/digits.h"
#include "diff/diff_gather.h"
#include "diff/diff_out.h"
#include "diff/diff_rules.h"
#include <stdio.h>
#include <stdlib.h>

enum { RULE_BYTES_MAX = 512, PART_BYTES_MAX = 48 };

const char *const diff_rule_words[DIFF_RULES] = {
#define R(code, words) words,
#include "diff/diff_rule.def"
#undef R
};
const char *const diff_result_words[DIFF_RESULTS] = {"same", "changed", "empty", "held back"};

struct diff {
    diff_store *store;
    diff_out *out;
    arena *mem; /* of a cell */
    findings *found;
    row_watch watch;
    diff_counts counts;
    buf rule;
};

/* ---- lines ---- */

static void count(diff *d, const rules *r, diff_result result)
{
    d->counts.lines++;
    d->counts.result[result]++;
    for (size_t i = 0; i < r->n; i++) d->counts.by[r->rule[i]][result]++;
}

static sv rule_text(diff *d, const rules *r)
{
    buf_clear(&d->rule);
    for (size_t i = 0; i < r->n; i++) {
        if (i) buf_str(&d->rule, "; ");
        buf_str(&d->rule, diff_rule_words[r->rule[i]]);
        if (r->rule[i] == RULE_TRUNCATED && r->most) buf_printf(&d->rule, " to %llu", (unsigned long long)r->most);
        if (r->rule[i] == RULE_HELD_BACK && r->code.n) {
            buf_str(&d->rule, " (");
            buf_sv(&d->rule, r->code);
            buf_char(&d->rule, ')');
        }
    }
    return buf_view(&d->rule);
}

/* What a line says besides its source. */
typedef struct about {
    const written_row *row;
    sv label, field;
    size_t parts; /* of the cell; 0 and 1: one */
} about;

static status put_line(diff *d, const about *a, size_t part, const diff_source *x, sv written, const rules *r,
                       diff_result result)
{
    char room[PART_BYTES_MAX];
    const object_template *o = a->row->o;
    int n = a->parts > 1 ? snprintf(room, sizeof room, "%zu of %zu", part + 1, a->parts) : 0;
    const sv cell[DIFF_COLUMNS] = {[DIFF_FILE] = o->csv,
                                   [DIFF_OBJECT] = o->object.n ? o->object : sv_from(o->entity->name),
                                   [DIFF_KEY] = a->row->key,
                                   [DIFF_LABEL] = a->label,
                                   [DIFF_FIELD] = a->field,
                                   [DIFF_WITHIN] = x->within,
                                   [DIFF_PART] = {room, n > 0 ? (size_t)n : 0},
                                   [DIFF_TABLE] = x->table,
                                   [DIFF_COLUMN] = x->column,
                                   [DIFF_ROW] = x->row,
                                   [DIFF_SOURCE] = x->value,
                                   [DIFF_VALUE] = written,
                                   [DIFF_RULE] = rule_text(d, r),
                                   [DIFF_RESULT] = sv_from(diff_result_words[result])};
    count(d, r, result);
    return diff_out_line(d->out, cell);
}

static diff_result result_of(const rules *r, sv source, sv written)
{
    if (r->held) return DIFF_HELD_BACK;
    if (!written.n) return DIFF_EMPTY;
    return source.p && sv_eq(source, written) ? DIFF_SAME : DIFF_CHANGED;
}

/* A cell and the values that it is made of. What says where a reading of a chart stands is for lines within a chart. */
static status put_cell(diff *d, about *a, gathered *g, sv written, const rules *r)
{
    status s = ST_OK;
    size_t n = g->sources.n;
    a->parts = n;
    if (!n) {
        const diff_source none = {.table = {NULL, 0}};
        return put_line(d, a, 0, &none, written, r, result_of(r, (sv){NULL, 0}, written));
    }
    for (size_t i = 0; s == ST_OK && i < n; i++) {
        diff_source *x = &g->sources.item[i];
        rules one = *r;
        x->within = (sv){NULL, 0};
        diff_result result = result_of(r, x->value, written);
        if (result == DIFF_SAME && n == 1 && !r->fixed) one = (rules){.rule = {RULE_COPIED}, .n = 1};
        if (result == DIFF_EMPTY && !r->n) one = (rules){.rule = {x->value.n ? RULE_NO_VALUE : RULE_NONE}, .n = 1};
        s = put_line(d, a, i, x, written, &one, result);
    }
    return s;
}

/* Each reading of a chart that stands in one cell. */
static status put_readings(diff *d, about *a, sv exam, gathered *g)
{
    status s = gather_chart(d->store, exam, &g->sources);
    a->parts = 0;
    for (size_t i = 0; s == ST_OK && i < g->sources.n; i++) {
        const diff_source *x = &g->sources.item[i];
        rules r = {.n = 1};
        diff_result result = result_of(&r, x->value, x->canonical);
        r.rule[0] = result == DIFF_SAME ? RULE_COPIED : result == DIFF_EMPTY ? RULE_NO_VALUE : RULE_MEASURE;
        s = put_line(d, a, i, x, x->canonical, &r, result);
    }
    return s;
}

/* ---- cells ---- */

static gathered begin(diff *d)
{
    arena_reset(d->mem);
    return (gathered){.sources = {.mem = d->mem}};
}

static sv column_value(const written_row *r, size_t i) { return r->value[i].p ? r->value[i] : (sv){"", 0}; }

static status put_key(diff *d, const written_row *r)
{
    gathered g = begin(d);
    about a = {.row = r, .label = r->o->key_label, .field = r->o->key};
    if (!a.field.n) a.field = staged_name(r->o->entity, STAGED_SOURCE_KEY);
    const rules rule = {.rule = {RULE_KEY}, .n = 1, .fixed = true};
    if (gather_key(d->store, r, &g) != ST_OK) return ST_FATAL;
    return put_cell(d, &a, &g, r->key, &rule);
}

static status put_field(diff *d, const written_row *r, size_t field, sv written)
{
    const target_field *f = &r->o->field[field];
    gathered g = begin(d);
    about a = {.row = r, .label = f->label, .field = f->name};
    sv exam = {NULL, 0};
    for (size_t i = 0; i < f->froms; i++) {
        const row_column *c = &r->o->column[f->from[i]];
        if (gather_column(d->store, r, c, &g) != ST_OK) return ST_FATAL;
        sv of = gather_exam(d->store, r, c);
        if (of.n) exam = arena_sv(d->mem, of);
        g.whole_chart |= of.n > 0;
    }
    const rules rule = rules_of_cell(d->store, r, field, &g, written);
    status s = put_cell(d, &a, &g, written, &rule);
    if (s != ST_OK || !g.whole_chart || !exam.n || !written.n) return s;
    gathered readings = {.sources = {.mem = d->mem}};
    return put_readings(d, &a, exam, &readings);
}

/* Of the model as it is: each staged column. */
static status put_staged(diff *d, const written_row *r, size_t column)
{
    gathered g = begin(d);
    about a = {.row = r, .field = staged_name(r->o->entity, column)};
    if (gather_column(d->store, r, &r->o->column[column], &g) != ST_OK) return ST_FATAL;
    sv written = column_value(r, column);
    const rules rule = rules_of_staged(d->store, r, &g, written);
    return put_cell(d, &a, &g, written, &rule);
}

static status take_row(void *ctx, const written_row *r)
{
    diff *d = ctx;
    status s = put_key(d, r);
    size_t fields = r->cell ? r->o->fields : r->o->entity->fields + STAGED_FIELDS;
    d->counts.records++;
    for (size_t i = r->cell ? 0 : STAGED_SRC_TABLE, from = 0; s == ST_OK && i < fields; i++) {
        if (r->cell) {
            s = put_field(d, r, i, (sv){r->cell + from, r->end[i] - from});
            from = r->end[i];
        } else {
            s = put_staged(d, r, i);
        }
    }
    if (s == ST_OK || diff_store_failed(d->store)) return s;
    if (arena_failed(d->mem)) find_code(d->found, F_OUT_OF_MEMORY, "comparing the sample with the source");
    return s;
}

/* ---- the whole ---- */

diff *diff_new(diff_store *store, const char *folder, const char *path, arena *mem, findings *f)
{
    diff *d = calloc(1, sizeof *d);
    if (d) *d = (diff){.store = store, .mem = arena_new(0), .found = f, .rule = buf_new(RULE_BYTES_MAX)};
    if (!d || !d->mem) {
        find_code(f, F_OUT_OF_MEMORY, "comparing the sample with the source");
        diff_free(d);
        return NULL;
    }
    d->watch = (row_watch){take_row, d};
    d->out = diff_out_new(folder, path, mem, f);
    if (d->out) return d;
    diff_free(d);
    return NULL;
}

const row_watch *diff_watch(const diff *d) { return &d->watch; }

status diff_close(diff *d, rejects_file *file, diff_counts *counts)
{
    *counts = d->counts;
    status s = diff_out_close(d->out, file);
    d->out = NULL;
    diff_free(d);
    return s;
}

void diff_free(diff *d)
{
    if (!d) return;
    diff_out_abandon(d->out);
    buf_free(&d->rule);
    arena_free(d->mem);
    free(d);
}
