#include "loaded/names.h"
#include "loaded/rollback_internal.h"
#include <stdlib.h>

const char *const row_way_word[ROW_WAYS] = {"delete",
                                            "restore",
                                            "not there",
                                            "nothing says whether it was created or was there before",
                                            "it was there before, and no export has its old values",
                                            "its id is not known, or two are"};

static bool stop(rolling *x, rollback_end end)
{
    x->end = end;
    return false;
}

static bool no_memory(rolling *x)
{
    find_code(x->found, F_OUT_OF_MEMORY, "preparing the way back");
    return stop(x, ROLLBACK_MEMORY);
}

static bool prepare(rolling *x)
{
    size_t n = x->l.loads + 1;
    x->way = arena_array(x->mem, n, sizeof *x->way);
    x->row = export_row_new();
    x->folder = stage_folder_new(&x->l.run, x->o->out, "-rollback");
    if (!x->folder || !stage_folder_make(x->folder, x->l.id)) return stop(x, ROLLBACK_OUTPUT);
    x->work = load_work_open(stage_folder_path(x->folder), x->found);
    if (!x->work) return stop(x, ROLLBACK_OUTPUT);
    x->back = (came_back){.l = &x->l,
                          .work = x->work,
                          .mem = x->mem,
                          .found = x->found,
                          .reason = arena_array(x->mem, n, sizeof(reason_list))};
    x->before = (exports){.l = &x->l, .work = x->work, .mem = x->mem, .found = x->found};
    return (x->way && x->back.reason && exports_init(&x->before)) || no_memory(x);
}

static bool read_files(rolling *x)
{
    uint64_t *rows = arena_array(x->mem, x->l.loads + 1, sizeof *rows);
    if (!rows) return no_memory(x);
    if (!bundle_rows_read(&x->l, x->work, NULL, rows)) return stop(x, ROLLBACK_BUNDLE);
    for (size_t i = 0; i < x->o->keys; i++)
        if (!came_back_file(&x->back, x->o->key[i], path_leaf(sv_from(x->o->key[i])))) return stop(x, ROLLBACK_BUNDLE);
    for (size_t i = 0; i < x->o->befores; i++)
        if (!exports_read(&x->before, x->o->before[i])) return stop(x, ROLLBACK_BUNDLE);
    for (size_t i = 0; i < x->l.loads; i++)
        if (x->l.load[i].kept) x->out->kept += rows[i];
    return true;
}

bool rollback_own(rolling *x, const row_place *at, const sv *cell, size_t n, bool *own)
{
    const bundle_load *b = &x->l.load[at->load];
    *own = taken_back(b);
    for (size_t i = 0; b->update && *own && i < x->l.loads; i++) {
        const bundle_load *first = &x->l.load[i];
        bool has = false;
        /* Of several second passes the first one has the record. */
        if (i == at->load || first->of != b->of || !first->parts || (first->update && i > at->load)) continue;
        if (b->key < n && !load_work_has(x->work, i, cell[b->key], false, &has)) return false;
        *own = !has;
    }
    return true;
}

/* An export taken before shows every record of its object, so what it has not was not there. */
bool rollback_way(rolling *x, const row_place *at, const sv *cell, size_t n, row_way *way, row_fate *fate)
{
    const bundle_load *b = &x->l.load[at->load];
    bool was = false, shown = x->before.told[at->load];
    if (!load_work_fate(x->work, at, fate)) return false;
    if (!b->keyless && shown && !exports_find(&x->before, at->load, cell, n, &x->row, &was)) return false;
    if (fate->state == ROW_FAILED)
        *way = WAY_ABSENT;
    else if (was)
        *way = WAY_RESTORE;
    else if (fate->state == ROW_UPDATED || b->update)
        *way = WAY_NO_OLD;
    else if (fate->state != ROW_CREATED && !b->keyless && !shown)
        *way = WAY_NOTHING;
    else
        *way = x->l.undo.by_id && (!fate->id.n || fate->two_ids) ? WAY_NO_ID : WAY_REMOVE;
    return true;
}

/* ---- the count first ---- */

static bool count_row(void *ctx, const row_place *at, const sv *cell, size_t n)
{
    rolling *x = ctx;
    row_fate fate;
    row_way way;
    bool own;
    if (!rollback_own(x, at, cell, n, &own)) return stop(x, ROLLBACK_OUTPUT);
    if (!own) return true;
    if (!rollback_way(x, at, cell, n, &way, &fate)) return stop(x, ROLLBACK_OUTPUT);
    x->way[at->load].rows[way]++;
    return true;
}

static void count_all(rolling *x)
{
    rollback_result *r = x->out;
    for (size_t i = 0; i < x->l.loads; i++)
        for (size_t w = 0; w < ROW_WAYS; w++) {
            uint64_t n = x->way[i].rows[w];
            r->rows += n;
            r->remove += w == WAY_REMOVE ? n : 0;
            r->restore += w == WAY_RESTORE ? n : 0;
            r->absent += w == WAY_ABSENT ? n : 0;
            r->unknown += way_unknown((row_way)w) ? n : 0;
        }
    if (!r->unknown) return;
    finding f = FINDING_OF(F_DEL_BACK_UNDECIDED);
    char room[24];
    f.path = x->l.id;
    f.a = (sv){room, (size_t)snprintf(room, sizeof room, "%llu", (unsigned long long)r->unknown)};
    find_add(x->found, &f);
}

/* What was updated and what follows it is put right first: a parent that is deleted may take its children along. */
static void number_steps(rolling *x)
{
    uint64_t most = x->l.undo.rows ? x->l.undo.rows : UINT64_MAX;
    for (size_t i = 0; i < x->l.loads; i++) {
        if (!x->way[i].rows[WAY_RESTORE]) continue;
        x->way[i].restore_step = x->steps + 1;
        x->steps += (unsigned)((x->way[i].rows[WAY_RESTORE] - 1) / most + 1);
    }
    for (size_t i = x->l.loads; i-- > 0;) {
        if (!x->way[i].rows[WAY_REMOVE]) continue;
        x->way[i].remove_step = x->steps + 1;
        x->steps += (unsigned)((x->way[i].rows[WAY_REMOVE] - 1) / most + 1);
    }
}

static void say_lost(rolling *x)
{
    for (size_t i = 0; i < x->l.loads; i++) {
        finding f = FINDING_OF(F_DEL_BACK_NO_COLUMN);
        char room[24];
        f.table = x->l.load[i].line;
        f.a = (sv){room, (size_t)snprintf(room, sizeof room, "%llu", (unsigned long long)x->way[i].not_exported)};
        x->out->lost += x->way[i].not_exported;
        if (x->way[i].not_exported) find_add(x->found, &f);
    }
}

static bool finish(rolling *x)
{
    if (x->o->dry) return true;
    number_steps(x);
    if (!rollback_write_files(x)) return x->end == ROLLBACK_DONE ? stop(x, ROLLBACK_OUTPUT) : false;
    say_lost(x);
    load_work_close(x->work);
    x->work = NULL;
    if (!rollback_write_page(x) || !stage_folder_finish(x->folder, "rollback", NULL, &x->out->folder))
        return stop(x, ROLLBACK_OUTPUT);
    return true;
}

static bool whole_way(rolling *x)
{
    const row_visit v = {.row = count_row, .ctx = x};
    if (!loads_open(x->o->bundle, x->o->to, x->mem, x->found, &x->l)) return stop(x, ROLLBACK_BUNDLE);
    if (!x->l.has_undo)
        return finished_run_wrong(&x->l.run, (sv){NULL, 0}, "its template says nothing under `undo`") ||
               stop(x, ROLLBACK_BUNDLE);
    if (!prepare(x) || !read_files(x)) return false;
    if (!bundle_rows_visit(&x->l, &v)) return x->end == ROLLBACK_DONE ? stop(x, ROLLBACK_BUNDLE) : false;
    count_all(x);
    return finish(x);
}

rollback_end rollback(const rollback_options *o, rollback_result *out, findings *f)
{
    *out = (rollback_result){0};
    rolling *x = calloc(1, sizeof *x);
    if (x) x->mem = arena_new(0);
    if (!x || !x->mem) {
        free(x);
        find_code(f, F_OUT_OF_MEMORY, "preparing the way back");
        return ROLLBACK_MEMORY;
    }
    x->o = o;
    x->out = out;
    x->found = f;
    (void)whole_way(x);
    rollback_end end = x->end;
    list_file_abandon(x->unknown);
    export_row_free(&x->row);
    load_work_close(x->work);
    stage_folder_free(x->folder);
    loads_close(&x->l);
    arena_free(x->mem);
    free(x);
    return end;
}
