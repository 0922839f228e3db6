/* How full the fields of a bundle are, beside how full the source has them: a field that was 94 % full and is 83 % full shows in
 * no count of rows. */
#include "convert/run.h"
#include "deliver/facts.h"

/* What staging counted of the field that this one is alone made of, where all records of its entity go into the file; NULL: it
 * says nothing of just these rows. */
static const quality_field *staged_of(const run *r, const fact_load *l, const fact_field *f)
{
    const quality_facts *q = r->facts.quality;
    if (!f->own || l->skipped || l->update) return NULL;
    for (size_t i = 0; i < q->fields; i++)
        if (q->field[i].field == f->own && q->field[i].filled) return &q->field[i];
    return NULL;
}

static report_fill fill_of(const run *r, const fact_load *l, const fact_field *f)
{
    const quality_field *q = staged_of(r, l, f);
    return (report_fill){.object = l->line,
                         .field = f->heading,
                         .from = f->source,
                         .fields = 1,
                         .source_rows = q ? q->records : l->rows,
                         .source = q ? q->filled : f->given,
                         .rows = l->rows,
                         .filled = f->filled,
                         .held_back = q ? q->held_back : 0};
}

/* Fields of teeth and sites are hundreds that differ in their place only: one line for all of a file. */
static void add_fields(const run *r, const fact_load *l, report_fill *all, size_t *n)
{
    report_fill teeth = {.object = l->line, .from = SV_LIT("chart")};
    for (size_t i = 0; i < l->fields; i++) {
        const fact_field *f = &l->field[i];
        /* Made of nothing that a record has: the same in each row. */
        if (f->is_key || !f->source.n || f->source.p[0] == '"') continue;
        report_fill x = fill_of(r, l, f);
        if (f->tooth == TEETH && f->site == SITES) {
            all[(*n)++] = x;
            continue;
        }
        teeth.fields++;
        teeth.source_rows += x.source_rows;
        teeth.source += x.source;
        teeth.rows += x.rows;
        teeth.filled += x.filled;
    }
    if (teeth.fields) all[(*n)++] = teeth;
}

static bool fills_of(run *r, const deliver_facts *facts, report_destination *to)
{
    size_t room = 1, n = 0;
    for (size_t i = 0; i < facts->loads; i++) room += facts->load[i].fields + 1;
    report_fill *all = arena_array(r->mem, room, sizeof *all);
    if (!all) return false;
    for (size_t i = 0; i < facts->loads; i++)
        if (facts->load[i].rows) add_fields(r, &facts->load[i], all, &n);
    to->fill = all;
    to->fills = n;
    return true;
}

bool run_fills(run *r)
{
    report_destination *to = arena_array(r->mem, r->facts.destinations + 1, sizeof *to);
    if (!to) return false;
    for (size_t i = 0; i < r->facts.destinations; i++) {
        const deliver_facts *facts = delivery_facts(r->delivery[i]);
        to[i] = r->facts.destination[i];
        if (facts && !fills_of(r, facts, &to[i])) return false;
    }
    r->facts.destination = to;
    return true;
}
