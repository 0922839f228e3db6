#include "deliver/object_writer.h"
#include "base/digits.h"
#include "deliver/custom_tally.h"
#include "deliver/load_state.h"
#include "deliver/merge_watch.h"
#include "deliver/object_audit.h"
#include "deliver/row_file.h"
#include "deliver/row_watch.h"
#include "deliver/scope.h"
#include "deliver/staged_row.h"
#include "deliver/target_cell.h"
#include "model/work_file.h"
#include "xlsx/xlsx_table.h"
#include <stdio.h>
#include <stdlib.h>

/* A row of a loader has at most some hundred thousand characters; this holds any that can be staged. */
enum { ROW_BYTES_MAX = 64 << 20, PARENTS_MAX = 8 };

struct object_writer {
    const destination *d;
    const object_template *o;
    const deliver_run *run;
    delivered_list *files;
    size_t line;                     /* of the ledger */
    uint64_t counted[LEDGER_COUNTS]; /* not yet in it */
    uint64_t outside;                /* of a sample: not in it */
    sqlite3_stmt *mark;              /* NULL: no object links to this one */
    size_t tallied_as;               /* to run->customs; SIZE_MAX: not */
    sqlite3_stmt **parent;           /* per field and parent, PARENTS_MAX each; NULL: nothing was written there */
    object_tally *tally;
    sqlite3_stmt *base;    /* of a second pass: whether the first one wrote the record */
    size_t columns;        /* of the staged entity */
    sv *name;              /* of its columns */
    bool *texts;           /* per column: its values may need quotes */
    const sv *value;       /* of the row at hand, p NULL: no value */
    cell_trouble *trouble; /* per field of the row */
    bool *used;            /* per field of the row: its default was written */
    uint64_t *defaults;    /* per field: rows written with its default */
    buf cell, row, reason;
    buf whole, slice_key; /* of `slices`: the text, and the key of the piece at hand */
    sv slice;
    buf cells;   /* of the row, one behind the other */
    size_t *end; /* of each in cells */
    cell_context context;
    object_state *state; /* NULL: none is kept */
    object_audit audit;
    state_word word;             /* of the row at hand, against what is loaded */
    row_file *out, *trial;       /* NULL: dry; no row of the trial yet */
    bool in_trial;               /* the row at hand */
    bool charted, charted_trial; /* rows of a chart: the scope was asked for its exam */
};

static status no_memory(const object_writer *w)
{
    find_code(w->run->found, F_OUT_OF_MEMORY, "writing a file of the bundle");
    return ST_FATAL;
}

bool delivered_add(delivered_list *l, arena *mem, const delivered_file *f)
{
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 16;
        delivered_file *item = arena_array(mem, room, sizeof *item);
        if (!item) return false;
        if (l->n) memcpy(item, l->item, l->n * sizeof *item);
        l->item = item;
        l->room = room;
    }
    l->item[l->n++] = *f;
    return true;
}

void written_table_name(const destination *d, const object_template *o, buf *out)
{
    buf_printf(out, "\"written:%.*s:%.*s\"", (int)d->id.n, d->id.p, (int)o->id.n, o->id.p);
}

/* ---- statements ---- */

static bool make_mark(object_writer *w)
{
    buf sql = buf_new(4096);
    buf_str(&sql, "CREATE TABLE main.");
    written_table_name(w->d, w->o, &sql);
    buf_str(&sql, " (src_key TEXT PRIMARY KEY, source_key TEXT) WITHOUT ROWID");
    if (!work_once(work_prepare(w->run->work, &sql))) return false;
    sql = buf_new(4096);
    buf_str(&sql, "INSERT INTO main.");
    written_table_name(w->d, w->o, &sql);
    buf_str(&sql, " VALUES (?1, ?2)");
    w->mark = work_prepare(w->run->work, &sql);
    return w->mark != NULL;
}

/* A statement that finds the key of a record that p wrote. A parent without records (its entity was not staged) has no
 * table: *out stays NULL. */
static bool make_finder(const object_writer *w, const object_template *p, sqlite3_stmt **out)
{
    buf name = buf_new(512), sql = buf_new(4096);
    written_table_name(w->d, p, &name);
    bool ok = !name.failed;
    if (ok && work_has(w->run->work, (sv){name.p + 1, name.n - 2})) {
        buf_printf(&sql, "SELECT source_key FROM main.%.*s WHERE src_key = ?1", (int)name.n, name.p);
        *out = work_prepare(w->run->work, &sql);
        ok = *out != NULL;
    }
    buf_free(&name);
    buf_free(&sql);
    return ok;
}

static bool make_parents(object_writer *w, size_t field)
{
    const target_field *f = &w->o->field[field];
    for (size_t i = 0; i < f->parents && i < PARENTS_MAX; i++)
        if (!make_finder(w, f->parent[i], &w->parent[field * PARENTS_MAX + i])) return false;
    return true;
}

static bool find_key(sqlite3_stmt *st, sv src_key, buf *out)
{
    if (!st) return false;
    bool found = sqlite3_bind_text(st, 1, src_key.p, (int)src_key.n, SQLITE_STATIC) == SQLITE_OK &&
                 sqlite3_step(st) == SQLITE_ROW;
    if (found && out) buf_add(out, sqlite3_column_text(st, 0), (size_t)sqlite3_column_bytes(st, 0));
    (void)sqlite3_reset(st);
    (void)sqlite3_clear_bindings(st);
    return found;
}

static bool look_up(void *ctx, const target_field *f, sv src_key, buf *out)
{
    const object_writer *w = ctx;
    size_t at = (size_t)(f - w->o->field) * PARENTS_MAX;
    for (size_t i = 0; i < f->parents && i < PARENTS_MAX; i++)
        if (find_key(w->parent[at + i], src_key, out)) return true;
    return false;
}

void object_writer_free(object_writer *w)
{
    if (!w) return;
    row_file_free(w->out);
    row_file_free(w->trial);
    object_state_abandon(w->state);
    object_audit_free(&w->audit);
    sqlite3_finalize(w->mark);
    sqlite3_finalize(w->base);
    for (size_t i = 0; w->parent && i < w->o->fields * PARENTS_MAX; i++) sqlite3_finalize(w->parent[i]);
    free(w->parent);
    free(w->name);
    free(w->texts);
    free(w->trouble);
    free(w->used);
    free(w->defaults);
    free(w->end);
    buf_free(&w->whole);
    buf_free(&w->slice_key);
    buf_free(&w->cells);
    buf_free(&w->cell);
    buf_free(&w->row);
    buf_free(&w->reason);
    buf_free(&w->context.scratch);
    free(w);
}

static status open_state(object_writer *w)
{
    const object_template *o = w->o;
    size_t stem = o->csv.n;
    if (!w->run->state || w->d->model) return ST_OK;
    while (stem && o->csv.p[stem - 1] != '.') stem--;
    sv list = arena_printf(w->run->mem, "%.*scsv", (int)stem, o->csv.p);
    sv *field = arena_array(w->run->mem, o->fields + 1, sizeof *field);
    if (!list.p || !field) return no_memory(w);
    for (size_t i = 0; i < o->fields; i++) field[i] = row_file_heading(o, i + 1);
    const state_object what = {.name = o->id,
                               .list = list,
                               .key = o->heading_labels && o->key_label.n ? o->key_label : o->key,
                               .field = field,
                               .fields = o->fields,
                               .second = o->update_of != NULL};
    w->state = object_state_open(w->run->state, &what);
    if (!w->state) return ST_FATAL;
    object_state_audit(w->state, w->audit.part);
    return ST_OK;
}

size_t object_writer_line(const object_template *o, const deliver_run *run)
{
    return ledger_line_of(run->counts, LEDGER_OBJECT, o->name, sv_from(o->entity->name));
}

static status prepare_all(object_writer *w)
{
    const object_template *o = w->o;
    w->columns = o->entity->fields + STAGED_FIELDS;
    w->name = calloc(w->columns, sizeof *w->name);
    w->texts = calloc(w->columns, sizeof *w->texts);
    w->parent = calloc(o->fields ? o->fields * PARENTS_MAX : 1, sizeof(sqlite3_stmt *));
    w->trouble = calloc(o->fields ? o->fields : 1, sizeof *w->trouble);
    w->used = calloc(o->fields ? o->fields : 1, sizeof *w->used);
    w->defaults = calloc(o->fields ? o->fields : 1, sizeof *w->defaults);
    w->end = calloc(o->fields ? o->fields : 1, sizeof *w->end);
    w->cell = w->row = w->reason = w->cells = buf_new(ROW_BYTES_MAX);
    w->context = (cell_context){
        .d = w->d, .o = o, .zone = w->run->zone, .parent = look_up, .ctx = w, .scratch = buf_new(ROW_BYTES_MAX)};
    w->whole = w->slice_key = buf_new(ROW_BYTES_MAX);
    w->line = object_writer_line(o, w->run);
    bool ok = object_tally_init(w->tally, o, w->run->mem) && w->name && w->texts && w->parent && w->trouble &&
              w->used && w->defaults && w->end && w->line != SIZE_MAX;
    if (!ok) return no_memory(w);
    if (!object_audit_begin(&w->audit, w->d, o, w->run)) return ST_FATAL;
    for (size_t i = 0; i < w->columns; i++) {
        w->name[i] = staged_name(o->entity, i);
        w->texts[i] = staged_may_need_quotes(o->entity, i);
    }
    if (!w->run->dry) w->out = row_file_new(w->d, o, w->run, w->files, false);
    if (!w->run->dry && !w->out) return ST_FATAL;
    w->tallied_as = custom_tally_object(w->run->customs, o);
    if (o->linked && !make_mark(w))
        return work_failed(w->run->work, w->run->found, "preparing an object of the bundle");
    if (o->update_of && !make_finder(w, o->update_of, &w->base))
        return work_failed(w->run->work, w->run->found, "preparing a second pass");
    for (size_t i = 0; i < o->fields; i++)
        if (!make_parents(w, i)) return work_failed(w->run->work, w->run->found, "preparing the links of an object");
    return open_state(w);
}

/* ---- files ---- */

static void count(object_writer *w, ledger_count what) { w->counted[what]++; }

static void row_cell(object_writer *w, sv text) { row_file_cell(&w->row, w->d->delimiter, text); }

static sv row_key(const object_writer *w) { return w->slice.p ? buf_view(&w->slice_key) : w->value[STAGED_SOURCE_KEY]; }

static status put_row(object_writer *w)
{
    if (w->run->dry) return ST_OK;
    const row_cells row = {buf_view(&w->row), row_key(w), w->cells.p, w->end};
    status s = row_file_put(w->out, &row);
    if (s == ST_OK && w->in_trial) {
        if (!w->trial) w->trial = row_file_new(w->d, w->o, w->run, w->files, true);
        s = w->trial ? row_file_put(w->trial, &row) : ST_FATAL;
    }
    return s;
}

/* ---- rows ---- */

static sv year_range(const object_writer *w, char *room, size_t n)
{
    int used = snprintf(room, n, "%llu to %llu", (unsigned long long)w->d->limit.most[LIMIT_FIRST_YEAR],
                        (unsigned long long)w->d->limit.most[LIMIT_LAST_YEAR]);
    return (sv){room, used > 0 ? (size_t)used : 0};
}

/* The finding of one trouble; rejected: what the whole row came to. */
static finding trouble_finding(const object_writer *w, const target_field *f, const cell_trouble *t, bool rejected,
                               char *room, size_t n)
{
    static const char *const outcome[MISFITS] = {"the row was left out", "the value was held back",
                                                 "others stand for them", "the text was cut",
                                                 "the rest of the text follows in records of its own"};
    finding x = FINDING_OF(t->code);
    x.table = w->o->name;
    x.column = f->name;
    x.b = sv_from(outcome[rejected ? MISFIT_REJECT : t->rule]);
    if (t->code == F_DEL_LINK_MISSING) x.a = f->parent[0]->object;
    if (t->code == F_DEL_DATE_OUTSIDE) x.a = year_range(w, room, n);
    if (t->code == F_DEL_NUMBER_OUTSIDE) {
        int used = snprintf(room, n, "%llu digits, %llu of them behind the point", (unsigned long long)f->precision,
                            (unsigned long long)f->scale);
        x.a = (sv){room, used > 0 ? (size_t)used : 0};
    }
    if (t->code == F_DEL_TOO_LONG) {
        uint64_t most = target_characters_most(w->d, w->o, f->max_length);
        int used = snprintf(room, n, "%llu", (unsigned long long)most);
        x.a = (sv){room, used > 0 ? (size_t)used : 0};
    }
    return x;
}

static sv code_of(finding_code code) { return sv_from(finding_text_of(code)->id); }

static void add_reason(object_writer *w, const finding *x)
{
    if (w->reason.n) buf_char(&w->reason, ' ');
    finding_render(&w->reason, finding_text_of(x->code)->happened, x, 1);
}

static status reject(object_writer *w, finding_code code)
{
    const sv *id = &w->d->id;
    buf name = buf_new(512);
    buf_printf(&name, "%.*s_%.*s", (int)id->n, id->p, (int)w->o->csv.n - 4, w->o->csv.p);
    count(w, COUNT_REJECTED);
    status s = name.failed || w->reason.failed ? no_memory(w)
                                               : rejects_row(w->run->out, buf_view(&name), w->name, w->value,
                                                             w->columns, code_of(code), buf_view(&w->reason));
    buf_free(&name);
    return s == ST_OK ? object_audit_row(&w->audit, AUDIT_REJECTED, w->value, row_key(w), code) : s;
}

/* The row is left out: every field that asks for it is told. */
static status reject_by_fields(object_writer *w)
{
    finding_code first = FINDING_CODES;
    char room[64];
    for (size_t i = 0; i < w->o->fields; i++) {
        const cell_trouble *t = &w->trouble[i];
        if (t->code == FINDING_CODES || t->rule != MISFIT_REJECT) continue;
        finding x = trouble_finding(w, &w->o->field[i], t, true, room, sizeof room);
        find_add(w->run->found, &x);
        add_reason(w, &x);
        if (first == FINDING_CODES) first = t->code;
    }
    return reject(w, first);
}

static status reject_long_row(object_writer *w)
{
    char room[32];
    int n = snprintf(room, sizeof room, "%llu", (unsigned long long)w->d->limit.most[LIMIT_CHARACTERS_PER_ROW]);
    finding x = FINDING_OF(F_DEL_ROW_TOO_LONG);
    x.table = w->o->name;
    x.a = (sv){room, n > 0 ? (size_t)n : 0};
    find_add(w->run->found, &x);
    add_reason(w, &x);
    return reject(w, F_DEL_ROW_TOO_LONG);
}

/* A value that arrives whole, with other characters or in further records, is changed; else something of it is held back. */
static ledger_count value_count(const cell_trouble *t)
{
    return t->rule == MISFIT_KEEP || t->rule == MISFIT_MOVE ? COUNT_CHANGED : COUNT_HELD_BACK;
}

/* The row is written: what was held back, cut or changed goes to the exceptions. */
static status list_exceptions(object_writer *w)
{
    char room[64];
    for (size_t i = 0; i < w->o->fields; i++) {
        const target_field *f = &w->o->field[i];
        const cell_trouble *t = &w->trouble[i];
        if (t->code == FINDING_CODES) continue;
        finding x = trouble_finding(w, f, t, false, room, sizeof room);
        find_add(w->run->found, &x);
        buf_clear(&w->reason);
        add_reason(w, &x);
        count(w, value_count(t));
        if (w->reason.failed) return no_memory(w);
        status s = rejects_value(w->run->out, w->o->name, w->value[STAGED_SRC_TABLE], w->value[STAGED_SRC_KEY], f->name,
                                 t->value, code_of(t->code), buf_view(&w->reason));
        bool changed = value_count(t) == COUNT_CHANGED;
        if (s == ST_OK) s = object_audit_value(&w->audit, changed, w->value, row_key(w), f->name, t->code);
        if (s != ST_OK) return s;
    }
    return ST_OK;
}

static status mark_written(object_writer *w)
{
    const sv *key = &w->value[STAGED_SRC_KEY], *source = &w->value[STAGED_SOURCE_KEY];
    bool ok = sqlite3_bind_text(w->mark, 1, key->p, (int)key->n, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_bind_text(w->mark, 2, source->p, (int)source->n, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(w->mark) == SQLITE_DONE;
    ok = sqlite3_reset(w->mark) == SQLITE_OK && ok;
    return ok ? ST_OK : work_failed(w->run->work, w->run->found, "remembering which records were written");
}

/* Cells are counted when their row is written: until then they are kept one behind the other. */
static bool keep_cell(object_writer *w, size_t field)
{
    w->end[field] = w->cells.n + w->cell.n;
    buf_sv(&w->cells, buf_view(&w->cell));
    return !w->cells.failed;
}

/* The record has a value for the field: it was written, or was to be and could not. What the template means to leave out
 * (`when`, `values` that become nothing) is none. */
static bool is_given(const object_writer *w, size_t field, bool filled)
{
    const target_field *f = &w->o->field[field];
    if (w->trouble[field].code == FINDING_CODES && (!filled || w->used[field])) return false;
    for (size_t i = 0; i < f->froms; i++)
        if (w->value[f->from[i]].n) return true;
    return false;
}

static bool tally_cells(object_writer *w)
{
    bool ok = true;
    for (size_t i = 0, from = 0; ok && i < w->o->fields; from = w->end[i++]) {
        sv text = {w->cells.p + from, w->end[i] - from};
        ok = object_tally_cell(w->tally, w->o, i, text, text.n ? target_characters(text) : 0);
        w->tally->field[i].given += is_given(w, i, text.n > 0);
    }
    return ok;
}

static sv original_of(const object_writer *w, const target_field *f)
{
    return f->froms ? w->value[f->from[0]] : f->constant;
}

/* The cells of the row into w->row; true when the row is to be rejected. */
static bool convert_cells(object_writer *w)
{
    bool rejected = false;
    buf_clear(&w->row);
    buf_clear(&w->cells);
    row_cell(w, w->slice.p ? buf_view(&w->slice_key) : w->value[STAGED_SOURCE_KEY]);
    for (size_t i = 0; i < w->o->fields; i++) {
        buf_clear(&w->cell);
        if (w->slice.p && i == w->o->slice_field) {
            w->trouble[i] = (cell_trouble){.code = FINDING_CODES};
            w->used[i] = false;
            buf_sv(&w->cell, w->slice);
        } else {
            w->trouble[i] = target_cell(&w->context, &w->o->field[i], &w->cell, &w->used[i]);
        }
        if (w->o->xlsx && w->trouble[i].code == FINDING_CODES && !xlsx_table_fits(buf_view(&w->cell)))
            w->trouble[i] = (cell_trouble){.code = F_DEL_NO_CELL,
                                           .rule = w->o->field[i].required ? MISFIT_REJECT : MISFIT_HOLD,
                                           .value = original_of(w, &w->o->field[i])};
        if (w->trouble[i].code != FINDING_CODES) {
            rejected |= w->trouble[i].rule == MISFIT_REJECT;
            if (w->trouble[i].rule < MISFIT_KEEP) buf_clear(&w->cell);
        }
        buf_char(&w->row, w->d->delimiter);
        row_cell(w, buf_view(&w->cell));
        if (!keep_cell(w, i)) w->row.failed = true;
    }
    buf_sv(&w->row, w->d->newline);
    return rejected;
}

static status show_row(const object_writer *w)
{
    bool staged = w->o->as_staged;
    const written_row row = {.d = w->d,
                             .o = w->o,
                             .key = row_key(w),
                             .value = w->value,
                             .cell = staged       ? NULL
                                     : w->cells.n ? w->cells.p
                                                  : "",
                             .end = staged ? NULL : w->end,
                             .trouble = staged ? NULL : w->trouble,
                             .defaulted = staged ? NULL : w->used,
                             .utc = w->d->utc && w->run->zone,
                             .piece = w->slice.p != NULL};
    return w->run->watch->row(w->run->watch->ctx, &row);
}

static status write_row(object_writer *w)
{
    status s = put_row(w);
    if (s == ST_OK && w->mark) s = mark_written(w);
    if (s == ST_OK && w->tallied_as != SIZE_MAX)
        s = custom_tally_record(w->run->customs, w->tallied_as, w->value[STAGED_SRC_KEY]);
    if (s == ST_OK && w->state) s = object_state_put(w->state, row_key(w));
    if (s == ST_OK && w->o->merges)
        s = merge_watch_row(w->run->merges, w->o, w->cells.p, w->end, w->value[STAGED_SOURCE_KEY]);
    if (s == ST_OK && w->run->watch) s = show_row(w);
    if (s != ST_OK) return s;
    count(w, COUNT_WRITTEN);
    audit_outcome outcome = w->state && w->word == STATE_CHANGED ? AUDIT_UPDATED : AUDIT_WRITTEN;
    return object_audit_row(&w->audit, outcome, w->value, row_key(w), FINDING_CODES);
}

/* A second pass is for records that the first one wrote. */
static bool is_wanted(object_writer *w)
{
    if (w->o->update_of && !find_key(w->base, w->value[STAGED_SRC_KEY], NULL)) return false;
    return conditions_met(w->value, w->o->when, w->o->whens);
}

/* A run about a sample says so of what it leaves out, but of whole kinds of records. */
static skip_why why_skipped(object_writer *w, skip_why why, uint64_t n)
{
    const record_scope *scope = w->run->scope;
    if (why != SKIP_SCOPE || !scope_is_sample(scope) || scope_leaves_entity(scope, w->o->entity)) return why;
    w->outside += n;
    return SKIP_SAMPLE;
}

/* The record at hand. */
static status skip_row(object_writer *w, skip_why why)
{
    count(w, COUNT_SKIPPED);
    return object_audit_skip(&w->audit, w->value, row_key(w), why_skipped(w, why, 1), 1);
}

status object_writer_skip(object_writer *w, uint64_t n, skip_why why)
{
    w->counted[COUNT_MAPPED] += n;
    w->counted[COUNT_SKIPPED] += n;
    return object_audit_skip(&w->audit, NULL, (sv){NULL, 0}, why_skipped(w, why, n), n);
}

status object_writer_merged(object_writer *w, const merged_record *m, size_t n)
{
    w->counted[COUNT_MAPPED] += n;
    w->counted[COUNT_MERGED] += n;
    return object_audit_merged(&w->audit, m, n);
}

/* Rows that stand for a value rather than for their record, such as each procedure code once: whatever patients the run is
 * about, and in the trial too, others link to them. */
static bool stands_for_value(const object_template *o)
{
    for (size_t i = 0; i < o->whens; i++) {
        const row_column *c = &o->column[o->when[i].column];
        if (c->kind == COLUMN_CHILD && c->child->take == CHILD_IS_FIRST_WITH) return true;
    }
    return false;
}

/* What the run is not about. Records left out with their whole kind are loaded another time: links to them hold. */
static status leave_out(object_writer *w, bool *out)
{
    record_scope *scope = w->run->scope;
    const model_entity *e = w->o->entity;
    *out = false;
    w->in_trial = w->charted_trial;
    if (!scope || w->charted) return ST_OK;
    sv key = w->value[STAGED_SRC_KEY];
    bool whole = scope_leaves_entity(scope, e);
    bool value = stands_for_value(w->o);
    *out = whole || (!value && scope_leaves_out(scope, e, key));
    w->in_trial = !*out && !w->d->model && (value || scope_in_trial(scope, e, key));
    if (scope_failed(scope)) return work_failed(w->run->work, w->run->found, "looking at the scope of the run");
    return whole && w->mark ? mark_written(w) : ST_OK;
}

status object_writer_charted(object_writer *w, sv exam, bool trial)
{
    w->charted = true;
    w->charted_trial = trial && !w->d->model;
    return object_audit_exam(&w->audit, exam.p ? exam : (sv){"", 0});
}

status object_writer_staged(object_writer *w)
{
    w->charted = w->charted_trial = false;
    return object_audit_exam(&w->audit, (sv){NULL, 0});
}

/* What is loaded already, as it is now: links to it hold. *same: it is not written again. */
static status compare_loaded(object_writer *w, bool *same)
{
    *same = false;
    if (!w->state) return ST_OK;
    status s = object_state_compare(w->state, row_key(w), buf_view(&w->row), w->end, &w->word);
    *same = w->word == STATE_SAME;
    if (s != ST_OK || !*same) return s;
    count(w, COUNT_SKIPPED);
    object_audit_same(&w->audit);
    s = object_state_put(w->state, row_key(w));
    return s == ST_OK && w->mark ? mark_written(w) : s;
}

/* It is not written now: where it is loaded, it stays as it is. */
static status keep_loaded(object_writer *w) { return w->state ? object_state_keep(w->state, row_key(w)) : ST_OK; }

static status one_row(object_writer *w, const sv *value)
{
    bool out = false;
    w->value = w->context.value = value;
    count(w, COUNT_MAPPED);
    if (leave_out(w, &out) != ST_OK) return ST_FATAL;
    if (out) {
        status s = skip_row(w, SKIP_SCOPE);
        return s == ST_OK ? keep_loaded(w) : s;
    }
    if (w->o->as_staged) {
        const staged_form form = {w->d->delimiter, w->d->newline, w->texts, w->columns};
        buf_clear(&w->row);
        staged_row(&form, value, &w->row);
        return w->row.failed ? no_memory(w) : write_row(w);
    }
    buf_clear(&w->reason);
    if (!is_wanted(w)) return skip_row(w, SKIP_RULE);
    bool rejected = convert_cells(w);
    if (w->row.failed || w->cell.failed || w->context.scratch.failed) return no_memory(w);
    uint64_t most = w->d->limit.most[LIMIT_CHARACTERS_PER_ROW];
    bool long_row = most && w->row.n > most && target_characters(buf_view(&w->row)) > most, same = false;
    if (rejected || long_row) {
        if (keep_loaded(w) != ST_OK) return ST_FATAL;
        return rejected ? reject_by_fields(w) : reject_long_row(w);
    }
    bool nothing = w->o->update_of && !w->cells.n; /* to update */
    if (!nothing && compare_loaded(w, &same) != ST_OK) return ST_FATAL;
    if (same) return ST_OK;
    status s = list_exceptions(w);
    if (s == ST_OK && nothing) return skip_row(w, SKIP_EMPTY);
    if (s == ST_OK) s = write_row(w);
    for (size_t i = 0; s == ST_OK && i < w->o->fields; i++) w->defaults[i] += w->used[i];
    return s == ST_OK && !tally_cells(w) ? no_memory(w) : s;
}

/* Whether a field's text may be longer than its first piece: without making it. A character that is replaced or escaped
 * becomes at most six. */
static bool may_be_long(const object_writer *w, const sv *value, uint64_t most)
{
    enum { GROWTH = 5, SLACK = 512 };
    const target_field *f = &w->o->field[w->o->slice_field];
    size_t n = SLACK;
    for (size_t i = 0; i < f->pieces; i++) n += f->piece[i].before.n;
    for (size_t i = 0; i < f->froms; i++) n += value[f->from[i]].n + f->separator.n;
    if (n > most || !w->d->replaces || n * (GROWTH + 1) <= most) return n > most;
    for (size_t i = 0; i < f->froms; i++) n += GROWTH * target_growing(w->d, value[f->from[i]]);
    return n > most;
}

/* What of the text is behind its first characters, a row for each piece: the record itself has the first one. */
static status slice_rows(object_writer *w, const sv *value)
{
    const object_template *o = w->o;
    uint64_t most = target_characters_most(w->d, o, o->slice_characters);
    bool used;
    status s = ST_OK;
    w->value = w->context.value = value;
    if (!may_be_long(w, value, most)) {
        count(w, COUNT_MAPPED);
        return skip_row(w, SKIP_EMPTY);
    }
    buf_clear(&w->whole);
    w->context.whole = true;
    (void)target_cell(&w->context, &o->field[o->slice_field], &w->whole, &used);
    w->context.whole = false;
    sv rest = buf_view(&w->whole);
    size_t n = target_cut_at(rest, most);
    if (w->whole.failed || w->context.scratch.failed) return no_memory(w);
    if (n == rest.n) {
        count(w, COUNT_MAPPED);
        s = skip_row(w, SKIP_EMPTY);
    }
    for (unsigned part = 2; s == ST_OK && n < rest.n; part++) {
        rest = (sv){rest.p + n, rest.n - n};
        n = target_cut_at(rest, most);
        w->slice = (sv){rest.p, n};
        buf_clear(&w->slice_key);
        buf_printf(&w->slice_key, "%.*s_part%u", (int)value[STAGED_SOURCE_KEY].n, value[STAGED_SOURCE_KEY].p, part);
        s = w->slice_key.failed ? no_memory(w) : one_row(w, value);
    }
    w->slice = (sv){NULL, 0};
    return s;
}

status object_writer_row(object_writer *w, const sv *value)
{
    return w->o->slice_characters ? slice_rows(w, value) : one_row(w, value);
}

bool object_writer_takes_lines(const object_writer *w)
{
    return w->o->as_staged && w->d->model && !w->mark && !w->state && !w->run->watch && w->tallied_as == SIZE_MAX &&
           (w->run->dry || row_file_takes_lines(w->out));
}

status object_writer_lines(object_writer *w, sv lines, uint64_t n)
{
    w->counted[COUNT_MAPPED] += n;
    status s = w->run->dry || !n ? ST_OK : row_file_lines(w->out, lines, n);
    if (s != ST_OK) return s;
    w->counted[COUNT_WRITTEN] += n;
    object_audit_lines(&w->audit, n);
    return ST_OK;
}

static void say_defaults(const object_writer *w)
{
    for (size_t i = 0; i < w->o->fields; i++) {
        finding x = FINDING_OF(F_DEL_DEFAULT_USED);
        x.table = w->o->name;
        x.column = w->o->field[i].name;
        for (uint64_t k = 0; k < w->defaults[i]; k++) find_add(w->run->found, &x);
    }
}

static void say_outside(const object_writer *w)
{
    char room[DIGITS_U64_MAX];
    finding x = FINDING_OF(F_SAMPLE_OUTSIDE);
    if (!w->outside) return;
    x.table = w->o->name;
    x.a = (sv){room, digits_u64(w->outside, room)};
    find_add(w->run->found, &x);
}

object_writer *object_writer_new(const destination *d, const object_template *o, const deliver_run *run,
                                 object_tally *tally, delivered_list *files)
{
    object_writer *w = calloc(1, sizeof *w);
    if (!w) {
        find_code(run->found, F_OUT_OF_MEMORY, "writing a file of the bundle");
        return NULL;
    }
    *w = (object_writer){.d = d, .o = o, .run = run, .tally = tally, .files = files};
    if (prepare_all(w) == ST_OK) return w;
    object_writer_free(w);
    return NULL;
}

status object_writer_finish(object_writer *w)
{
    status s = w->out ? row_file_finish(w->out) : ST_OK;
    if (s == ST_OK && w->trial) s = row_file_finish(w->trial);
    if (s == ST_OK && w->state) {
        s = object_state_close(w->state);
        w->state = NULL;
    }
    if (s == ST_OK) s = object_audit_finish(&w->audit);
    if (s != ST_OK) return s;
    for (size_t i = 0; i < LEDGER_COUNTS; i++)
        if (w->counted[i]) ledger_add(w->run->counts, w->line, (ledger_count)i, w->counted[i]);
    w->tally->rows = w->counted[COUNT_WRITTEN];
    w->tally->skipped = w->counted[COUNT_SKIPPED];
    w->tally->rejected = w->counted[COUNT_REJECTED];
    object_tally_sort(w->tally, w->o);
    say_defaults(w);
    say_outside(w);
    return ST_OK;
}
