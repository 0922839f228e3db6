/* What the source had in all, as the conversion counted it. */
#include "deliver/bundle_read.h"
#include "loaded/reconcile_internal.h"

enum { SOURCES_MAX = 10000, COLUMNS = 6 };

typedef struct reading {
    reconciling *x;
    bool head, failed;
} reading;

static bool take(void *ctx, const sv *cell, size_t n)
{
    reading *r = ctx;
    reconciling *x = r->x;
    bool head = r->head;
    r->head = false;
    if (head || n < COLUMNS || x->sources == SOURCES_MAX) return true;
    source_total *t = &x->source[x->sources++];
    t->field = arena_printf(x->a.mem, "%.*s.%.*s", (int)cell[0].n, cell[0].p, (int)cell[1].n, cell[1].p);
    r->failed |= !t->field.p;
    for (size_t i = 0; i < 4; i++) {
        t->measure[i] = arena_sv(x->a.mem, cell[2 + i]);
        r->failed |= !t->measure[i].p;
    }
    return !r->failed;
}

static const json_t *list_entry(const reconciling *x)
{
    const json_t *files = json_object_get(x->a.l.run.manifest, "files");
    for (size_t i = 0; i < json_array_size(files); i++)
        if (sv_eq(json_member_text(json_array_get(files, i), "path"), SV_LIT("quality/totals.csv")))
            return json_array_get(files, i);
    return NULL;
}

bool reconcile_read_source(reconciling *x)
{
    const json_t *entry = list_entry(x);
    if (!entry) return true;
    reading r = {.x = x, .head = true};
    const bundle_reader b = {.delimiter = ',', .take = take, .ctx = &r};
    const char *why = "";
    bool ended = false;
    sv path = finished_run_file(&x->a.l.run, entry);
    x->source = arena_array(x->a.mem, SOURCES_MAX, sizeof *x->source);
    if (!path.p) return false;
    if (x->source && bundle_read(&b, path.p, &ended, &why) && !r.failed) return true;
    if (x->source && !r.failed) return finished_run_wrong(&x->a.l.run, SV_LIT("quality/totals.csv"), why);
    find_code(x->a.found, F_OUT_OF_MEMORY, "reading what the source had");
    return false;
}

const source_total *reconcile_source_of(const reconciling *x, const load_field *f)
{
    for (size_t i = 0; i < x->sources; i++)
        if (sv_eq(x->source[i].field, f->source)) return &x->source[i];
    return NULL;
}
