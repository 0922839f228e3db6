#include "loaded/compare_internal.h"
#include <stdlib.h>

enum { ROOM_MAX = 64 << 20, SHOWN_BYTES = 32000 };

/* ---- lines ---- */

static bool line(comparing *x, sv file, sv key, sv field, const char *kind, sv mine, sv theirs)
{
    bool values = x->o->show_values;
    const sv cell[] = {file,
                       key,
                       field,
                       sv_from(kind),
                       {mine.p, mine.n < SHOWN_BYTES ? mine.n : SHOWN_BYTES},
                       {theirs.p, theirs.n < SHOWN_BYTES ? theirs.n : SHOWN_BYTES}};
    return list_file_row(x->list, cell, values ? 6 : 4) == ST_OK || after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
}

static bool odd_row(void *ctx, const export_file *f, const bundle_load *b, sv key, bool twice)
{
    comparing *x = ctx;
    const sv none = {NULL, 0};
    (void)f;
    *(twice ? &x->out->twice : &x->out->extra) += 1;
    return line(x, b->object, key, none, twice ? "twice" : "extra", none, none);
}

/* ---- rows ---- */

static bool compare_field(comparing *x, const row_place *at, size_t field, sv key, sv mine, sv theirs)
{
    const bundle_load *b = &x->a.l.load[at->load];
    field_result *r = &x->load[at->load].field[field];
    const compare_value v = {.e = &x->e,
                             .load = b,
                             .field = &b->field[field],
                             .file = x->row.file,
                             .column = x->row.column->at[field],
                             .kept = &r->kept,
                             .mine = &x->mine,
                             .theirs = &x->theirs};
    value_end end;
    if (!compare_values(&v, mine, theirs, &end)) return after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
    r->end[end]++;
    return !value_differs(end) || line(x, b->file, key, b->field[field].heading, value_end_word[end], mine, theirs);
}

static bool compare_row(comparing *x, const row_place *at, const sv *cell, size_t n, sv key)
{
    const bundle_load *b = &x->a.l.load[at->load];
    for (size_t i = 0; i < b->fields; i++) {
        size_t column = x->row.column->at[i];
        if (i == b->key || column >= x->row.file->columns) continue;
        x->load[at->load].field[i].shown = true;
        if (!compare_field(x, at, i, key, i < n ? cell[i] : SV_LIT(""), x->row.cell[column])) return false;
    }
    return !x->mine.failed && !x->theirs.failed ? true : after_load_no_memory(&x->a);
}

static bool visit_row(void *ctx, const row_place *at, const sv *cell, size_t n)
{
    comparing *x = ctx;
    const bundle_load *b = &x->a.l.load[at->load];
    const sv none = {NULL, 0};
    sv key = b->key < n ? cell[b->key] : SV_LIT("");
    bool found;
    if (!x->e.told[at->load]) {
        x->out->not_exported++;
        return true;
    }
    x->load[at->load].rows++;
    if (!exports_find(&x->e, at->load, cell, n, &x->row, &found)) return after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
    if (found && x->row.column) return compare_row(x, at, cell, n, key);
    if (found) return true;
    x->load[at->load].missing++;
    return line(x, b->file, key, none, "missing", none, none);
}

/* ---- the way ---- */

static bool prepare(comparing *x)
{
    x->load = arena_array(x->a.mem, x->a.l.loads + 1, sizeof *x->load);
    for (size_t i = 0; x->load && i < x->a.l.loads; i++) {
        x->load[i].field = arena_array(x->a.mem, x->a.l.load[i].fields + 1, sizeof(field_result));
        if (!x->load[i].field) return after_load_no_memory(&x->a);
    }
    x->mine = buf_new(ROOM_MAX);
    x->theirs = buf_new(ROOM_MAX);
    x->row = export_row_new();
    if (!x->load) return after_load_no_memory(&x->a);
    if (!after_load_folder(&x->a, x->o->out, "-compared", false)) return false;
    x->e = (exports){.l = &x->a.l, .work = x->a.work, .mem = x->a.mem, .found = x->a.found, .odd = odd_row, .ctx = x};
    if (!exports_init(&x->e)) return after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
    x->list = after_load_list(&x->a, SV_LIT("compare.csv"),
                              x->o->show_values ? "file,key,field,kind,bundle,export" : "file,key,field,kind");
    return x->list;
}

static bool read_exports(comparing *x)
{
    uint64_t *rows = arena_array(x->a.mem, x->a.l.loads + 1, sizeof *rows);
    if (!rows) return after_load_no_memory(&x->a);
    if (!bundle_rows_read(&x->a.l, x->a.work, NULL, rows)) return after_load_stop(&x->a, AFTER_LOAD_BUNDLE);
    for (size_t i = 0; i < x->o->exports; i++)
        if (!exports_read(&x->e, x->o->export[i])) return after_load_stop(&x->a, AFTER_LOAD_BUNDLE);
    return true;
}

static void count_all(comparing *x)
{
    compare_result *r = x->out;
    for (size_t i = 0; i < x->a.l.loads; i++) {
        r->rows += x->load[i].rows;
        r->missing += x->load[i].missing;
        for (size_t k = 0; k < x->a.l.load[i].fields; k++)
            for (size_t e = 0; e < VALUE_ENDS; e++) {
                uint64_t n = x->load[i].field[k].end[e];
                r->values += n;
                r->equal += e == VALUE_EQUAL ? n : 0;
                r->other_form += e == VALUE_OTHER_FORM || e == VALUE_OTHER_ZONE ? n : 0;
                r->filled += e == VALUE_FILLED ? n : 0;
                r->unchecked += e == VALUE_UNCHECKED ? n : 0;
                r->differ += value_differs((value_end)e) ? n : 0;
            }
    }
}

static void say(const comparing *x, finding_code code, uint64_t rows)
{
    finding f = FINDING_OF(code);
    char room[24];
    f.path = x->a.l.id;
    f.a = (sv){room, (size_t)snprintf(room, sizeof room, "%llu", (unsigned long long)rows)};
    if (rows) find_add(x->a.found, &f);
}

static bool finish(comparing *x)
{
    list_file *list = x->list;
    x->list = NULL;
    if (!after_load_list_done(&x->a, list, SV_LIT("compare.csv"))) return false;
    count_all(x);
    say(x, F_DEL_COMPARE_DIFFERS, x->out->differ);
    say(x, F_DEL_COMPARE_ROWS, x->out->missing + x->out->extra + x->out->twice);
    say(x, F_DEL_COMPARE_LINKS, x->out->unchecked);
    say(x, F_DEL_COMPARE_NOT_SHOWN, x->out->not_exported);
    after_load_work_done(&x->a);
    if (!compare_write_summary(x)) return false;
    if (!compare_write_page(x)) return after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
    return after_load_finish(&x->a, "compared", &x->out->folder);
}

static bool whole_way(comparing *x)
{
    const row_visit v = {.row = visit_row, .ctx = x};
    if (!prepare(x) || !read_exports(x)) return false;
    if (!bundle_rows_visit(&x->a.l, &v)) return after_load_stop(&x->a, AFTER_LOAD_BUNDLE);
    return finish(x);
}

after_load_end compare(const compare_options *o, compare_result *out, findings *f)
{
    *out = (compare_result){0};
    comparing x = {.o = o, .out = out};
    if (after_load_open(&x.a, "comparing an export", o->bundle, o->to, f)) (void)whole_way(&x);
    list_file_abandon(x.list);
    export_row_free(&x.row);
    buf_free(&x.mine);
    buf_free(&x.theirs);
    after_load_close(&x.a);
    return x.a.end;
}
