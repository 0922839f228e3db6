#include "loaded/reconcile_internal.h"
#include <stdlib.h>

static bool stop(reconciling *x, reconcile_end end)
{
    x->end = end;
    return false;
}

static bool no_memory(reconciling *x)
{
    find_code(x->found, F_OUT_OF_MEMORY, "reconciling a load");
    return stop(x, RECONCILE_MEMORY);
}

static bool totals_new(const reconciling *x, load_totals **out)
{
    *out = arena_array(x->mem, x->l.loads + 1, sizeof **out);
    for (size_t i = 0; *out && i < x->l.loads; i++) {
        (*out)[i].field = arena_array(x->mem, x->l.load[i].fields + 1, sizeof(column_total));
        if (!(*out)[i].field) return false;
    }
    return *out != NULL;
}

static bool prepare(reconciling *x)
{
    size_t n = x->l.loads + 1;
    x->rows = arena_array(x->mem, n, sizeof *x->rows);
    x->state = arena_array(x->mem, n, sizeof *x->state);
    x->back = (came_back){.l = &x->l,
                          .mem = x->mem,
                          .found = x->found,
                          .reason = arena_array(x->mem, n, sizeof(reason_list)),
                          .extra = arena_array(x->mem, x->l.objects + 1, sizeof(uint64_t)),
                          .told = arena_array(x->mem, n, sizeof(bool))};
    bool ok = x->rows && x->state && x->back.reason && x->back.extra && x->back.told && totals_new(x, &x->bundle);
    for (size_t g = 0; ok && g < ROW_GROUPS; g++) ok = totals_new(x, &x->group[g]);
    return ok || no_memory(x);
}

static bool open_folder(reconciling *x)
{
    x->folder = stage_folder_new(&x->l.run, x->o->out, "-reconciled");
    if (!x->folder || !stage_folder_make(x->folder, x->l.id)) return stop(x, RECONCILE_OUTPUT);
    x->work = load_work_open(stage_folder_path(x->folder), x->found);
    if (!x->work) return stop(x, RECONCILE_OUTPUT);
    x->back.work = x->work;
    x->failed = (fix_back){.l = &x->l, .folder = x->folder, .below = "fix-back", .suffix = "_failed", .reasons = true};
    x->unknown = (fix_back){.l = &x->l, .folder = x->folder, .below = "not-seen", .suffix = ""};
    return true;
}

/* ---- what came back ---- */

static bool read_results(reconciling *x)
{
    rejects_file d;
    sv path = arena_printf(x->mem, "%.*s/not-in-bundle.csv", (int)x->l.id.n, x->l.id.p);
    if (!path.p) return no_memory(x);
    x->back.extras = list_file_new(stage_folder_path(x->folder), path, "file,row,object,key", x->found);
    if (!x->back.extras) return stop(x, RECONCILE_OUTPUT);
    bool ok = came_back_folder(&x->back, x->o->results);
    list_file *extras = x->back.extras;
    x->back.extras = NULL;
    if (!ok) {
        list_file_abandon(extras);
        return stop(x, RECONCILE_BUNDLE);
    }
    if (list_file_close(extras, &d) != ST_OK) return stop(x, RECONCILE_OUTPUT);
    file_digest digest = {.bytes = d.bytes, .records = d.rows + 1};
    memcpy(digest.sha256, d.sha256, sizeof digest.sha256);
    return stage_folder_file(x->folder, path, (sv){NULL, 0}, true, d.rows, &digest) || stop(x, RECONCILE_MEMORY);
}

/* ---- the bundle again, with what became of each row ---- */

static bool visit_part(void *ctx, const row_place *at, const sv *heading, size_t n)
{
    reconciling *x = ctx;
    const bundle_load *b = &x->l.load[at->load];
    (void)heading, (void)n;
    return (fix_back_part(&x->failed, b, &b->part[at->part]) && fix_back_part(&x->unknown, b, &b->part[at->part])) ||
           stop(x, RECONCILE_OUTPUT);
}

static bool visit_row(void *ctx, const row_place *at, const sv *cell, size_t n)
{
    reconciling *x = ctx;
    const bundle_load *b = &x->l.load[at->load];
    row_fate fate;
    if (!load_work_fate(x->work, at, &fate)) return stop(x, RECONCILE_OUTPUT);
    row_group group = row_is_in(fate.state) ? GROUP_IN : fate.state == ROW_FAILED ? GROUP_FAILED : GROUP_UNKNOWN;
    x->state[at->load][fate.state]++;
    totals_add(&x->group[group][at->load], b, cell, n);
    if (group == GROUP_FAILED && fate.reason != SIZE_MAX) x->back.reason[at->load].rows[fate.reason]++;
    if (group == GROUP_FAILED && !fix_back_row(&x->failed, b, cell, n, fate.why)) return stop(x, RECONCILE_OUTPUT);
    if (group == GROUP_UNKNOWN && !fix_back_row(&x->unknown, b, cell, n, (sv){NULL, 0}))
        return stop(x, RECONCILE_OUTPUT);
    return true;
}

static bool read_again(reconciling *x)
{
    const row_visit v = {visit_part, visit_row, x};
    if (!bundle_rows_visit(&x->l, &v)) return x->end == RECONCILE_DONE ? stop(x, RECONCILE_BUNDLE) : false;
    return (fix_back_end(&x->failed) && fix_back_end(&x->unknown)) || stop(x, RECONCILE_OUTPUT);
}

/* ---- results ---- */

static void say_rows(const reconciling *x, finding_code code, const bundle_load *b, uint64_t rows)
{
    finding f = FINDING_OF(code);
    char room[24];
    f.table = b->line;
    f.a = (sv){room, (size_t)snprintf(room, sizeof room, "%llu", (unsigned long long)rows)};
    f.rows = rows;
    if (rows) find_add(x->found, &f);
}

static void count_all(reconciling *x)
{
    reconcile_result *r = x->out;
    for (size_t i = 0; i < x->l.loads; i++) {
        const uint64_t *s = x->state[i];
        r->rows += x->rows[i];
        r->created += s[ROW_CREATED];
        r->updated += s[ROW_UPDATED];
        r->seen += s[ROW_SEEN];
        r->failed += s[ROW_FAILED];
        r->unknown += s[ROW_UNKNOWN];
        say_rows(x, F_DEL_BACK_FAILED, &x->l.load[i], s[ROW_FAILED]);
        say_rows(x, F_DEL_BACK_NOT_SEEN, &x->l.load[i], s[ROW_UNKNOWN]);
    }
    for (size_t i = 0; i < x->l.objects; i++) r->extra += x->back.extra[i];
    for (size_t i = 0; i < x->back.files; i++) r->files += x->back.file[i].form.n > 0;
}

static bool finish(reconciling *x)
{
    load_work_close(x->work);
    x->work = NULL;
    if (!reconcile_write_matrix(x) || !reconcile_write_page(x) ||
        !stage_folder_finish(x->folder, "reconciled", NULL, &x->out->folder))
        return stop(x, RECONCILE_OUTPUT);
    return true;
}

static bool whole_way(reconciling *x)
{
    if (!loads_open(x->o->bundle, x->o->to, x->mem, x->found, &x->l)) return stop(x, RECONCILE_BUNDLE);
    if (!prepare(x)) return false;
    if (!reconcile_read_source(x)) return stop(x, RECONCILE_BUNDLE);
    if (!open_folder(x)) return false;
    if (!bundle_rows_read(&x->l, x->work, x->bundle, x->rows)) return stop(x, RECONCILE_BUNDLE);
    if (!read_results(x) || !read_again(x)) return false;
    count_all(x);
    if (!reconcile_adds_up(x)) return stop(x, RECONCILE_UNBALANCED);
    return finish(x);
}

reconcile_end reconcile(const reconcile_options *o, reconcile_result *out, findings *f)
{
    *out = (reconcile_result){0};
    reconciling *x = calloc(1, sizeof *x);
    if (x) x->mem = arena_new(0);
    if (!x || !x->mem) {
        free(x);
        find_code(f, F_OUT_OF_MEMORY, "reconciling a load");
        return RECONCILE_MEMORY;
    }
    x->o = o;
    x->out = out;
    x->found = f;
    (void)whole_way(x);
    reconcile_end end = x->end;
    fix_back_abandon(&x->failed);
    fix_back_abandon(&x->unknown);
    load_work_close(x->work);
    stage_folder_free(x->folder);
    loads_close(&x->l);
    arena_free(x->mem);
    free(x);
    return end;
}
