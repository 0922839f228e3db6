#include "loaded/reconcile_internal.h"
#include <stdlib.h>

static bool totals_new(const reconciling *x, load_totals **out)
{
    *out = arena_array(x->a.mem, x->a.l.loads + 1, sizeof **out);
    for (size_t i = 0; *out && i < x->a.l.loads; i++) {
        (*out)[i].field = arena_array(x->a.mem, x->a.l.load[i].fields + 1, sizeof(column_total));
        if (!(*out)[i].field) return false;
    }
    return *out != NULL;
}

static bool prepare(reconciling *x)
{
    size_t n = x->a.l.loads + 1;
    x->rows = arena_array(x->a.mem, n, sizeof *x->rows);
    x->state = arena_array(x->a.mem, n, sizeof *x->state);
    x->back = (came_back){.l = &x->a.l,
                          .mem = x->a.mem,
                          .found = x->a.found,
                          .reason = arena_array(x->a.mem, n, sizeof(reason_list)),
                          .extra = arena_array(x->a.mem, x->a.l.objects + 1, sizeof(uint64_t)),
                          .told = arena_array(x->a.mem, n, sizeof(bool))};
    bool ok = x->rows && x->state && x->back.reason && x->back.extra && x->back.told && totals_new(x, &x->bundle);
    for (size_t g = 0; ok && g < ROW_GROUPS; g++) ok = totals_new(x, &x->group[g]);
    return ok || after_load_no_memory(&x->a);
}

static bool open_folder(reconciling *x)
{
    if (!after_load_folder(&x->a, x->o->out, "-reconciled", true)) return false;
    x->back.work = x->a.work;
    x->failed =
        (fix_back){.l = &x->a.l, .folder = x->a.folder, .below = "fix-back", .suffix = "_failed", .reasons = true};
    x->unknown = (fix_back){.l = &x->a.l, .folder = x->a.folder, .below = "not-seen", .suffix = ""};
    return true;
}

/* ---- what came back ---- */

static bool read_results(reconciling *x)
{
    sv path = arena_printf(x->a.mem, "%.*s/not-in-bundle.csv", (int)x->a.l.id.n, x->a.l.id.p);
    if (!path.p) return after_load_no_memory(&x->a);
    x->back.extras = after_load_list(&x->a, path, "file,row,object,key");
    if (!x->back.extras) return false;
    bool ok = came_back_folder(&x->back, x->o->results);
    list_file *extras = x->back.extras;
    x->back.extras = NULL;
    if (!ok) {
        list_file_abandon(extras);
        return after_load_stop(&x->a, AFTER_LOAD_BUNDLE);
    }
    return after_load_list_done(&x->a, extras, path);
}

/* ---- the bundle again, with what became of each row ---- */

static bool visit_part(void *ctx, const row_place *at, const sv *heading, size_t n)
{
    reconciling *x = ctx;
    const bundle_load *b = &x->a.l.load[at->load];
    (void)heading, (void)n;
    return (fix_back_part(&x->failed, b, &b->part[at->part]) && fix_back_part(&x->unknown, b, &b->part[at->part])) ||
           after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
}

static bool visit_row(void *ctx, const row_place *at, const sv *cell, size_t n)
{
    reconciling *x = ctx;
    const bundle_load *b = &x->a.l.load[at->load];
    row_fate fate;
    if (!load_work_fate(x->a.work, at, &fate)) return after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
    row_group group = row_is_in(fate.state) ? GROUP_IN : fate.state == ROW_FAILED ? GROUP_FAILED : GROUP_UNKNOWN;
    x->state[at->load][fate.state]++;
    totals_add(&x->group[group][at->load], b, cell, n);
    if (group == GROUP_FAILED && fate.reason != SIZE_MAX) x->back.reason[at->load].rows[fate.reason]++;
    if (group == GROUP_FAILED && !fix_back_row(&x->failed, b, cell, n, fate.why))
        return after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
    if (group == GROUP_UNKNOWN && !fix_back_row(&x->unknown, b, cell, n, (sv){NULL, 0}))
        return after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
    return true;
}

static bool read_again(reconciling *x)
{
    const row_visit v = {visit_part, visit_row, x};
    if (!bundle_rows_visit(&x->a.l, &v)) return after_load_stop(&x->a, AFTER_LOAD_BUNDLE);
    return (fix_back_end(&x->failed) && fix_back_end(&x->unknown)) || after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
}

/* ---- results ---- */

static void say_rows(const reconciling *x, finding_code code, const bundle_load *b, uint64_t rows)
{
    finding f = FINDING_OF(code);
    char room[24];
    f.table = b->line;
    f.a = (sv){room, (size_t)snprintf(room, sizeof room, "%llu", (unsigned long long)rows)};
    f.rows = rows;
    if (rows) find_add(x->a.found, &f);
}

static void count_all(reconciling *x)
{
    reconcile_result *r = x->out;
    for (size_t i = 0; i < x->a.l.loads; i++) {
        const uint64_t *s = x->state[i];
        r->rows += x->rows[i];
        r->created += s[ROW_CREATED];
        r->updated += s[ROW_UPDATED];
        r->seen += s[ROW_SEEN];
        r->failed += s[ROW_FAILED];
        r->unknown += s[ROW_UNKNOWN];
        say_rows(x, F_DEL_BACK_FAILED, &x->a.l.load[i], s[ROW_FAILED]);
        say_rows(x, F_DEL_BACK_NOT_SEEN, &x->a.l.load[i], s[ROW_UNKNOWN]);
    }
    for (size_t i = 0; i < x->a.l.objects; i++) r->extra += x->back.extra[i];
    for (size_t i = 0; i < x->back.files; i++) r->files += x->back.file[i].form.n > 0;
}

static bool finish(reconciling *x)
{
    after_load_work_done(&x->a);
    if (!reconcile_write_matrix(x) || !reconcile_write_page(x)) return after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
    return after_load_finish(&x->a, "reconciled", &x->out->folder);
}

static bool whole_way(reconciling *x)
{
    if (!prepare(x)) return false;
    if (!reconcile_read_source(x)) return after_load_stop(&x->a, AFTER_LOAD_BUNDLE);
    if (!open_folder(x)) return false;
    if (!bundle_rows_read(&x->a.l, x->a.work, x->bundle, x->rows)) return after_load_stop(&x->a, AFTER_LOAD_BUNDLE);
    if (!read_results(x) || !read_again(x)) return false;
    count_all(x);
    if (!reconcile_adds_up(x)) return after_load_stop(&x->a, AFTER_LOAD_UNBALANCED);
    return finish(x);
}

after_load_end reconcile(const reconcile_options *o, reconcile_result *out, findings *f)
{
    *out = (reconcile_result){0};
    reconciling x = {.o = o, .out = out};
    if (after_load_open(&x.a, "reconciling a load", o->bundle, o->to, f)) (void)whole_way(&x);
    fix_back_abandon(&x.failed);
    fix_back_abandon(&x.unknown);
    after_load_close(&x.a);
    return x.a.end;
}
