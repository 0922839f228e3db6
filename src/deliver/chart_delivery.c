#include "deliver/chart_delivery.h"
#include "deliver/chart_cells.h"
#include "deliver/chart_lines.h"
#include "deliver/chart_rows.h"
#include "deliver/chart_text.h"
#include "deliver/exam_choice.h"
#include "deliver/row_select.h"
#include "deliver/scope.h"
#include "model/work_file.h"
#include <stdlib.h>

enum { TEXT_BYTES_MAX = 64 << 20, NAME_BYTES_MAX = 256 };

/* One object whose rows come with charts. */
typedef struct charted {
    const object_template *o;
    object_writer *writer;
    size_t staged;      /* columns that the record itself has */
    bool plain;         /* it has no others */
    bool exam;          /* its rows are exams */
    bool teeth;         /* it has a family over teeth */
    bool lines;         /* its rows are teeth or sites, and may come as lines */
    bool out;           /* records of its kind are left out of the run */
    sqlite3_stmt *rows; /* of exams: the record; of others: values of their exam; NULL: none are asked for */
    bool at_hand;       /* the statement stands on the exam's row */
    sv *value;
    size_t *end;
    buf text; /* of values of charts */
} charted;

struct chart_delivery {
    const destination *d;
    const deliver_run *run;
    chart_rows *rows;   /* NULL: no object is made of teeth, sites, findings */
    chart_lines *lines; /* NULL: no object takes teeth or sites as lines */
    buf line;
    bool any_lines[CHART_RECORDS], all_lines[CHART_RECORDS]; /* some object, every object that takes them does */
    bool lined[CHART_RECORDS];                               /* those of the exam at hand were given as lines */
    exam_choice *choice;
    charted *item;
    size_t items;
    charted **of[CHART_RECORDS]; /* those that take these records, NULL behind the last */
    sqlite3_stmt *mark;          /* exams that were written; NULL: no object is of exams */
    buf written;
    const exam_chart *chart; /* at hand */
    buf json, table;         /* of it, once something asked for them */
};

static status no_memory(const deliver_run *run)
{
    find_code(run->found, F_OUT_OF_MEMORY, "writing the charts");
    return ST_FATAL;
}

/* ---- begin ---- */

static bool is_exam(const object_template *o) { return strcmp(o->entity->name, "clinical_exam") == 0; }

static bool asks_exam(const object_template *o)
{
    for (size_t i = 0; i < o->columns; i++)
        if (o->column[i].kind == COLUMN_PARENT) return true;
    return false;
}

static status begin_item(chart_delivery *c, charted *g, const object_template *o, object_writer *w)
{
    *g = (charted){.o = o,
                   .writer = w,
                   .staged = o->entity->fields + STAGED_FIELDS,
                   .plain = o->columns == o->entity->fields + STAGED_FIELDS,
                   .exam = is_exam(o),
                   .text = buf_new(TEXT_BYTES_MAX)};
    for (size_t i = 0; i < o->fields; i++) g->teeth |= o->field[i].tooth < TEETH;
    g->value = calloc(o->columns, sizeof *g->value);
    g->end = calloc(o->columns, sizeof *g->end);
    if (!g->value || !g->end) return no_memory(c->run);
    g->out = c->run->scope && scope_leaves_entity(c->run->scope, o->entity);
    chart_record what = chart_record_of(o->entity);
    g->lines = g->plain && (what == CHART_TOOTH || what == CHART_SITE) && object_writer_takes_lines(w);
    if (g->exam || asks_exam(o)) {
        g->rows = row_select(o, c->run, g->exam ? ROWS_ONE : ROWS_OF_EXAM, (sv){NULL, 0});
        if (!g->rows) return work_failed(c->run->work, c->run->found, "preparing an object of charts");
    }
    return ST_OK;
}

static status begin_mark(chart_delivery *c)
{
    buf sql = buf_new(NAME_BYTES_MAX * 2);
    buf_printf(&c->written, "\"charted:%.*s\"", (int)c->d->id.n, c->d->id.p);
    buf_printf(&sql, "CREATE TABLE main.%.*s (src_key TEXT PRIMARY KEY) WITHOUT ROWID", (int)c->written.n,
               c->written.p);
    bool ok = work_once(work_prepare(c->run->work, &sql));
    sql = buf_new(NAME_BYTES_MAX * 2);
    buf_printf(&sql, "INSERT OR IGNORE INTO main.%.*s VALUES (?1)", (int)c->written.n, c->written.p);
    if (ok)
        c->mark = work_prepare(c->run->work, &sql);
    else
        buf_free(&sql);
    return c->mark ? ST_OK : work_failed(c->run->work, c->run->found, "preparing the exams of a bundle");
}

static bool begin_lines(chart_delivery *c)
{
    const destination *d = c->d;
    bool any = false;
    for (size_t i = 0; i < CHART_RECORDS; i++) {
        c->all_lines[i] = true;
        for (charted **g = c->of[i]; *g; g++) {
            c->any_lines[i] |= (*g)->lines;
            c->all_lines[i] &= (*g)->lines;
        }
        any |= c->any_lines[i];
    }
    if (any) c->lines = chart_lines_new(c->run->system, c->run->chart_table, d->delimiter, d->newline);
    return !any || c->lines;
}

static status begin_rows(chart_delivery *c)
{
    size_t taken[CHART_RECORDS] = {0};
    bool exams = false;
    for (size_t i = 0; i < CHART_RECORDS; i++) {
        c->of[i] = calloc(c->items + 1, sizeof(charted *));
        if (!c->of[i]) return no_memory(c->run);
    }
    for (size_t i = 0; i < c->items; i++) {
        chart_record what = chart_record_of(c->item[i].o->entity);
        exams |= c->item[i].exam;
        if (what != CHART_RECORDS) c->of[what][taken[what]++] = &c->item[i];
        if (what != CHART_RECORDS && !c->rows) {
            c->rows = chart_rows_new(c->run->system, c->run->chart_table);
            if (!c->rows) return no_memory(c->run);
        }
    }
    if (!begin_lines(c)) return no_memory(c->run);
    return exams ? begin_mark(c) : ST_OK;
}

chart_delivery *chart_delivery_begin(const destination *d, object_template *const *object, const deliver_run *run,
                                     object_writer **writer, object_tally *tally, delivered_list *files)
{
    chart_delivery *c = calloc(1, sizeof *c);
    if (c) c->item = calloc(d->objects ? d->objects : 1, sizeof *c->item);
    if (!c || !c->item) {
        (void)no_memory(run);
        free(c);
        return NULL;
    }
    c->d = d;
    c->run = run;
    c->written = buf_new(NAME_BYTES_MAX);
    c->json = c->table = c->line = buf_new(TEXT_BYTES_MAX);
    const exams_asked asked = {d->teeth, d->teeth_since, SV_LIT("teeth"), d->id};
    c->choice = exam_choice_new(&asked, run);
    bool ok = c->choice != NULL;
    for (size_t i = 0; ok && i < d->objects; i++) {
        if (!object[i]->charted || writer[i]) continue;
        writer[i] = object_writer_new(d, object[i], run, &tally[i], files);
        ok = writer[i] && begin_item(c, &c->item[c->items++], object[i], writer[i]) == ST_OK;
    }
    if (ok && begin_rows(c) == ST_OK) return c;
    chart_delivery_free(c);
    return NULL;
}

void chart_delivery_free(chart_delivery *c)
{
    if (!c) return;
    for (size_t i = 0; i < c->items; i++) {
        sqlite3_finalize(c->item[i].rows);
        buf_free(&c->item[i].text);
        free(c->item[i].value);
        free(c->item[i].end);
    }
    for (size_t i = 0; i < CHART_RECORDS; i++) free(c->of[i]);
    chart_rows_free(c->rows);
    chart_lines_free(c->lines);
    buf_free(&c->line);
    exam_choice_free(c->choice);
    sqlite3_finalize(c->mark);
    buf_free(&c->written);
    buf_free(&c->json);
    buf_free(&c->table);
    free(c->item);
    free(c);
}

/* ---- one exam ---- */

/* The whole chart as a text: several files may want it. */
static void add_whole(chart_delivery *c, const row_column *column, buf *out)
{
    bool json = column->chart == CHART_VALUE_JSON;
    buf *kept = json ? &c->json : &c->table;
    if (!kept->n) (json ? chart_json : chart_table)(c->chart, kept);
    buf_sv(out, buf_view(kept));
    out->failed |= kept->failed;
}

/* The values of charts behind the others. */
static bool add_chart_values(chart_delivery *c, charted *g, const chart_tooth *t)
{
    buf_clear(&g->text);
    for (size_t i = g->staged; i < g->o->columns; i++) {
        const row_column *column = &g->o->column[i];
        bool whole = column->chart == CHART_VALUE_JSON || column->chart == CHART_VALUE_TEXT;
        if (column->kind == COLUMN_CHART && whole)
            add_whole(c, column, &g->text);
        else if (column->kind == COLUMN_CHART)
            chart_cell(column, c->chart, t, c->d->tooth_label, &g->text);
        g->end[i] = g->text.n;
    }
    for (size_t i = g->staged, from = 0; i < g->o->columns; from = g->end[i++])
        if (g->o->column[i].kind == COLUMN_CHART)
            g->value[i] = g->end[i] > from ? (sv){g->text.p + from, g->end[i] - from} : (sv){NULL, 0};
    return !g->text.failed;
}

static status ask_exam(const chart_delivery *c, charted *g)
{
    sv exam = c->chart->exam;
    g->at_hand = false;
    if (!g->rows) return ST_OK;
    bool bound = sqlite3_bind_text(g->rows, 1, exam.n ? exam.p : "", (int)exam.n, SQLITE_STATIC) == SQLITE_OK;
    int rc = bound ? sqlite3_step(g->rows) : SQLITE_ERROR;
    g->at_hand = rc == SQLITE_ROW;
    if (g->at_hand) row_read(g->rows, g->value, g->o->columns);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? ST_OK : work_failed(c->run->work, c->run->found, "reading an exam");
}

static status take_exam(chart_delivery *c, charted *g)
{
    if (!g->at_hand) return ST_OK;
    if (!add_chart_values(c, g, NULL)) return no_memory(c->run);
    if (g->teeth && chart_has_other_teeth(c->chart)) {
        finding f = FINDING_OF(F_DEL_TOOTH_WITHOUT_FIELD);
        f.table = g->o->name;
        find_add(c->run->found, &f);
    }
    return object_writer_row(g->writer, g->value);
}

static status take_record(void *ctx, chart_record what, const chart_tooth *t, const sv *column)
{
    chart_delivery *c = ctx;
    status s = ST_OK;
    for (charted **g = c->of[what]; s == ST_OK && *g; g++) {
        if (c->lined[what] && (*g)->lines) continue;
        if ((*g)->out) {
            s = object_writer_skip((*g)->writer, 1, SKIP_SCOPE);
            continue;
        }
        if ((*g)->plain) {
            s = object_writer_row((*g)->writer, column);
            continue;
        }
        memcpy((*g)->value, column, (*g)->staged * sizeof *column);
        s = add_chart_values(c, *g, t) ? object_writer_row((*g)->writer, (*g)->value) : no_memory(c->run);
    }
    return s;
}

static status skip_records(chart_delivery *c, skip_why why)
{
    chart_totals n = {0};
    status s = ST_OK;
    chart_count(&n, c->chart);
    for (size_t i = 0; i < CHART_RECORDS; i++)
        for (charted **g = c->of[i]; s == ST_OK && *g; g++) s = object_writer_skip((*g)->writer, n.record[i], why);
    return s;
}

/* Teeth or sites of the exam as lines, to those that take them so. */
static status take_lines(chart_delivery *c, chart_record what)
{
    uint64_t n = 0;
    status s = ST_OK;
    c->lined[what] = false;
    if (!c->any_lines[what]) return ST_OK;
    buf_clear(&c->line);
    c->lined[what] =
        (what == CHART_SITE ? chart_lines_of_sites : chart_lines_of_teeth)(c->lines, c->chart, &c->line, &n);
    for (charted **g = c->of[what]; s == ST_OK && c->lined[what] && *g; g++) {
        if (!(*g)->lines) continue;
        if ((*g)->out)
            s = object_writer_skip((*g)->writer, n, SKIP_SCOPE);
        else
            s = object_writer_lines((*g)->writer, buf_view(&c->line), n);
    }
    return s;
}

static status take_records(chart_delivery *c)
{
    bool wanted = true;
    status s = exam_wanted(c->choice, c->chart->exam, &wanted);
    if (s != ST_OK || !c->rows) return s;
    if (!wanted) return skip_records(c, SKIP_NOT_LATEST);
    bool by_one[CHART_RECORDS];
    for (size_t i = 0; s == ST_OK && i < CHART_RECORDS; i++) s = take_lines(c, (chart_record)i);
    for (size_t i = 0; i < CHART_RECORDS; i++) by_one[i] = *c->of[i] && !(c->lined[i] && c->all_lines[i]);
    if (s == ST_OK) s = chart_rows_of(c->rows, c->chart, by_one, take_record, c);
    /* What a writer could not do has a finding; keys without memory have none. */
    if (s == ST_FATAL && chart_rows_failed(c->rows)) (void)no_memory(c->run);
    return s;
}

static status mark_exam(const chart_delivery *c)
{
    sv exam = c->chart->exam;
    bool ok = sqlite3_bind_text(c->mark, 1, exam.n ? exam.p : "", (int)exam.n, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(c->mark) == SQLITE_DONE;
    ok = sqlite3_reset(c->mark) == SQLITE_OK && ok;
    return ok ? ST_OK : work_failed(c->run->work, c->run->found, "remembering which exams were written");
}

/* An exam that the run is not about: its records are skipped, and it itself comes with the staged ones. */
static bool is_out(const chart_delivery *c, sv exam, bool *trial)
{
    static const char entity[] = "clinical_exam";
    const model_entity *e = model_entity_named(sv_from(entity));
    *trial = c->run->scope && scope_in_trial(c->run->scope, e, exam);
    return c->run->scope && scope_leaves_out(c->run->scope, e, exam);
}

status chart_delivery_take(chart_delivery *c, const exam_chart *x)
{
    status s = ST_OK;
    bool trial = false;
    c->chart = x;
    buf_clear(&c->json);
    buf_clear(&c->table);
    bool out = is_out(c, x->exam, &trial);
    for (size_t i = 0; s == ST_OK && i < c->items; i++)
        if (!c->item[i].exam) s = object_writer_charted(c->item[i].writer, x->exam, trial);
    if (s != ST_OK) return s;
    if (out) return skip_records(c, SKIP_SCOPE);
    for (size_t i = 0; s == ST_OK && i < c->items; i++) s = ask_exam(c, &c->item[i]);
    for (size_t i = 0; s == ST_OK && i < c->items; i++)
        if (c->item[i].exam) s = take_exam(c, &c->item[i]);
    if (s == ST_OK && c->mark) s = mark_exam(c);
    if (s == ST_OK) s = take_records(c);
    /* Statements that stand on a row would keep the exams from being written to. */
    for (size_t i = 0; i < c->items; i++)
        if (c->item[i].rows) (void)sqlite3_reset(c->item[i].rows);
    return s;
}

status chart_delivery_exam(chart_delivery *c, sv exam) { return exam_choice_exam(c->choice, exam); }
status chart_delivery_lost(chart_delivery *c, sv exam) { return exam_choice_lost(c->choice, exam); }

sv chart_delivery_written(const chart_delivery *c) { return c->mark ? buf_view(&c->written) : (sv){NULL, 0}; }
