#include "loaded/names.h"
#include "loaded/rollback_internal.h"
#include <stdlib.h>

const char *const row_way_word[ROW_WAYS] = {"delete",
                                            "restore",
                                            "not there",
                                            "nothing says whether it was created or was there before",
                                            "it was there before, and no export has its old values",
                                            "its id is not known, or two are"};

static bool prepare(rolling *x)
{
    size_t n = x->a.l.loads + 1;
    x->way = arena_array(x->a.mem, n, sizeof *x->way);
    x->row = export_row_new();
    if (!after_load_folder(&x->a, x->o->out, "-rollback", true)) return false;
    x->back = (came_back){.l = &x->a.l,
                          .work = x->a.work,
                          .mem = x->a.mem,
                          .found = x->a.found,
                          .reason = arena_array(x->a.mem, n, sizeof(reason_list))};
    x->before = (exports){.l = &x->a.l, .work = x->a.work, .mem = x->a.mem, .found = x->a.found};
    return (x->way && x->back.reason && exports_init(&x->before)) || after_load_no_memory(&x->a);
}

static bool read_files(rolling *x)
{
    uint64_t *rows = arena_array(x->a.mem, x->a.l.loads + 1, sizeof *rows);
    if (!rows) return after_load_no_memory(&x->a);
    if (!bundle_rows_read(&x->a.l, x->a.work, NULL, rows)) return after_load_stop(&x->a, AFTER_LOAD_BUNDLE);
    for (size_t i = 0; i < x->o->keys; i++)
        if (!came_back_file(&x->back, x->o->key[i], path_leaf(sv_from(x->o->key[i]))))
            return after_load_stop(&x->a, AFTER_LOAD_BUNDLE);
    for (size_t i = 0; i < x->o->befores; i++)
        if (!exports_read(&x->before, x->o->before[i])) return after_load_stop(&x->a, AFTER_LOAD_BUNDLE);
    for (size_t i = 0; i < x->a.l.loads; i++)
        if (x->a.l.load[i].kept) x->out->kept += rows[i];
    return true;
}

bool rollback_own(rolling *x, const row_place *at, const sv *cell, size_t n, bool *own)
{
    const bundle_load *b = &x->a.l.load[at->load];
    *own = taken_back(b);
    for (size_t i = 0; b->update && *own && i < x->a.l.loads; i++) {
        const bundle_load *first = &x->a.l.load[i];
        bool has = false;
        /* Of several second passes the first one has the record. */
        if (i == at->load || first->of != b->of || !first->parts || (first->update && i > at->load)) continue;
        if (b->key < n && !load_work_has(x->a.work, i, cell[b->key], false, &has)) return false;
        *own = !has;
    }
    return true;
}

/* An export taken before shows every record of its object, so what it has not was not there. */
bool rollback_way(rolling *x, const row_place *at, const sv *cell, size_t n, row_way *way, row_fate *fate)
{
    const bundle_load *b = &x->a.l.load[at->load];
    bool was = false, shown = x->before.told[at->load];
    if (!load_work_fate(x->a.work, at, fate)) return false;
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
        *way = x->a.l.undo.by_id && (!fate->id.n || fate->two_ids) ? WAY_NO_ID : WAY_REMOVE;
    return true;
}

/* ---- the count first ---- */

static bool count_row(void *ctx, const row_place *at, const sv *cell, size_t n)
{
    rolling *x = ctx;
    row_fate fate;
    row_way way;
    bool own;
    if (!rollback_own(x, at, cell, n, &own)) return after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
    if (!own) return true;
    if (!rollback_way(x, at, cell, n, &way, &fate)) return after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
    x->way[at->load].rows[way]++;
    return true;
}

static void count_all(rolling *x)
{
    rollback_result *r = x->out;
    for (size_t i = 0; i < x->a.l.loads; i++)
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
    f.path = x->a.l.id;
    f.a = (sv){room, (size_t)snprintf(room, sizeof room, "%llu", (unsigned long long)r->unknown)};
    find_add(x->a.found, &f);
}

/* What was updated and what follows it is put right first: a parent that is deleted may take its children along. */
static void number_steps(rolling *x)
{
    uint64_t most = x->a.l.undo.rows ? x->a.l.undo.rows : UINT64_MAX;
    for (size_t i = 0; i < x->a.l.loads; i++) {
        if (!x->way[i].rows[WAY_RESTORE]) continue;
        x->way[i].restore_step = x->steps + 1;
        x->steps += (unsigned)((x->way[i].rows[WAY_RESTORE] - 1) / most + 1);
    }
    for (size_t i = x->a.l.loads; i-- > 0;) {
        if (!x->way[i].rows[WAY_REMOVE]) continue;
        x->way[i].remove_step = x->steps + 1;
        x->steps += (unsigned)((x->way[i].rows[WAY_REMOVE] - 1) / most + 1);
    }
}

static void say_lost(rolling *x)
{
    for (size_t i = 0; i < x->a.l.loads; i++) {
        finding f = FINDING_OF(F_DEL_BACK_NO_COLUMN);
        char room[24];
        f.table = x->a.l.load[i].line;
        f.a = (sv){room, (size_t)snprintf(room, sizeof room, "%llu", (unsigned long long)x->way[i].not_exported)};
        x->out->lost += x->way[i].not_exported;
        if (x->way[i].not_exported) find_add(x->a.found, &f);
    }
}

static bool finish(rolling *x)
{
    if (x->o->dry) return true;
    number_steps(x);
    if (!rollback_write_files(x)) return after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
    say_lost(x);
    after_load_work_done(&x->a);
    if (!rollback_write_page(x)) return after_load_stop(&x->a, AFTER_LOAD_OUTPUT);
    return after_load_finish(&x->a, "rollback", &x->out->folder);
}

static bool whole_way(rolling *x)
{
    const row_visit v = {.row = count_row, .ctx = x};
    if (!x->a.l.has_undo)
        return finished_run_wrong(&x->a.l.run, (sv){NULL, 0}, "its template says nothing under `undo`") ||
               after_load_stop(&x->a, AFTER_LOAD_BUNDLE);
    if (!prepare(x) || !read_files(x)) return false;
    if (!bundle_rows_visit(&x->a.l, &v)) return after_load_stop(&x->a, AFTER_LOAD_BUNDLE);
    count_all(x);
    return finish(x);
}

after_load_end rollback(const rollback_options *o, rollback_result *out, findings *f)
{
    *out = (rollback_result){0};
    rolling x = {.o = o, .out = out};
    if (after_load_open(&x.a, "preparing the way back", o->bundle, o->to, f)) (void)whole_way(&x);
    list_file_abandon(x.unknown);
    export_row_free(&x.row);
    after_load_close(&x.a);
    return x.a.end;
}
