/* How full the fields of a destination's files are, beside how full the source has them. */
#include "report/report_model.h"

/* Fields that are named; a destination that takes more has them in its field-inventory.xlsx. Those that lost something are
 * named before others. */
enum { FIELDS_MAX = 1500, WHOLE = 1000 };

/* Tenths of a percent, rounded; part may be larger than any practice's numbers. */
static uint64_t rate(uint64_t part, uint64_t whole)
{
    return whole ? (uint64_t)((double)part * WHOLE / (double)whole + 0.5) : 0;
}

/* Over the same rows, by a single value; else by what a tenth of a percent shows. */
static bool is_lower(const report_fill *f)
{
    if (f->source_rows == f->rows) return f->filled < f->source;
    return rate(f->filled, f->rows) < rate(f->source, f->source_rows);
}

static json_t *line(model_maker *m, const report_fill *f)
{
    json_t *o = json_object();
    put_text(m, o, "object", f->object);
    put_text(m, o, "field", f->field);
    put_text(m, o, "from", f->from);
    put_number(m, o, "fields", f->fields);
    put_number(m, o, "source_rows", f->source_rows);
    put_number(m, o, "source", f->source);
    put_number(m, o, "source_rate", rate(f->source, f->source_rows));
    put_number(m, o, "rows", f->rows);
    put_number(m, o, "bundle", f->filled);
    put_number(m, o, "bundle_rate", rate(f->filled, f->rows));
    put_number(m, o, "held_back", f->held_back);
    put(m, o, "lower", json_boolean(is_lower(f)));
    return o;
}

json_t *model_fills(model_maker *m, const report_destination *d)
{
    json_t *o = json_object(), *list = json_array();
    uint64_t lower = 0, room = FIELDS_MAX;
    for (size_t i = 0; i < d->fills; i++) lower += is_lower(&d->fill[i]);
    room = lower < FIELDS_MAX ? FIELDS_MAX - lower : 0;
    for (size_t i = 0, named = 0; i < d->fills; i++) {
        bool lost = is_lower(&d->fill[i]);
        if (lost ? named >= FIELDS_MAX : !room) continue;
        if (!lost) room--;
        named++;
        push(m, list, line(m, &d->fill[i]));
    }
    put_number(m, o, "fields", d->fills);
    put_number(m, o, "lower", lower);
    put_number(m, o, "not_listed", d->fills - json_array_size(list));
    put(m, o, "list", list);
    return o;
}
