#include "deliver/facts.h"
#include "deliver/trial_undo.h"
#include "template/field_date.h"

enum { SOURCE_BYTES_MAX = 1 << 16 };

typedef struct maker {
    const facts_input *in;
    const destination *d;
    arena *mem;
    deliver_facts *facts;
    fact_load *load;
    fact_table *table;
    bool failed;
} maker;

static void *block(maker *m, size_t n, size_t size)
{
    void *p = arena_array(m->mem, n ? n : 1, size);
    if (!p) m->failed = true;
    return p;
}

static sv keep(maker *m, buf *b)
{
    sv s = b->failed ? (sv){NULL, 0} : arena_sv(m->mem, buf_view(b));
    if (!s.p) m->failed = true;
    buf_free(b);
    return s;
}

/* ---- fields ---- */

static sv source_of(maker *m, const object_template *o, const target_field *f)
{
    buf b = buf_new(SOURCE_BYTES_MAX);
    if (f->is_const) buf_printf(&b, "\"%.*s\"", (int)f->constant.n, f->constant.p);
    for (size_t i = 0; i < f->froms; i++) {
        const row_column *c = &o->column[f->from[i]];
        sv name = c->kind == COLUMN_CUSTOM ? c->custom : c->name;
        const char *entity = c->kind == COLUMN_STAGED   ? o->entity->name
                             : c->kind == COLUMN_CUSTOM ? "custom_value"
                                                        : "";
        buf_printf(&b, "%s%s%s%.*s", i ? " + " : "", entity, *entity ? "." : "", (int)name.n, name.p);
    }
    return keep(m, &b);
}

/* The record's own field, one of a record that it points to, or of its tooth or site. */
static sv field_path(maker *m, const object_template *o, const target_field *f)
{
    const row_column *c = f->froms == 1 && !f->is_const ? &o->column[f->from[0]] : NULL;
    const bool chart = c && c->kind == COLUMN_CHART &&
                       (c->chart == CHART_VALUE_TOOTH || c->chart == CHART_VALUE_SITE || c->chart == CHART_VALUE_FDI);
    if (!c || c->owner != OWNER_NONE || !(chart || c->kind == COLUMN_STAGED || c->kind == COLUMN_PARENT))
        return (sv){NULL, 0};
    buf b = buf_new(SOURCE_BYTES_MAX);
    if (chart && c->chart == CHART_VALUE_FDI)
        buf_str(&b, "tooth_record.fdi");
    else if (c->field && model_entity_of(c->field))
        buf_printf(&b, "%s.%s", model_entity_of(c->field)->name, c->field->name);
    else if (c->kind == COLUMN_STAGED)
        buf_printf(&b, "%s.%.*s", o->entity->name, (int)c->name.n, c->name.p);
    return keep(m, &b);
}

/* What a text takes where the template does not say. */
static uint64_t length_of(const target_field *f)
{
    if (f->max_length) return f->max_length;
    switch (f->type) {
    case TARGET_TEXT:
    case TARGET_URL: return 255;
    case TARGET_EMAIL: return 80;
    case TARGET_PHONE: return 40;
    case TARGET_LONGTEXT: return 32000;
    default: return 0;
    }
}

static bool has_option(const fact_option *all, size_t n, sv value)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(all[i].value, value)) return true;
    return false;
}

/* What the template names, then what else was written. */
static void options_of(maker *m, const target_field *f, const field_tally *t, fact_field *out)
{
    if (f->type != TARGET_PICKLIST && f->type != TARGET_MULTIPICKLIST) return;
    fact_option *all = block(m, f->values + t->options + 2, sizeof *all);
    size_t n = 0;
    for (size_t i = 0; all && i < f->values; i++)
        if (f->value[i].to.n && !has_option(all, n, f->value[i].to)) all[n++].value = f->value[i].to;
    for (size_t i = 0; all && i < t->options; i++) {
        size_t at = 0;
        while (at < n && !sv_eq(all[at].value, t->option[i].value)) at++;
        if (at == n) all[n++].value = t->option[i].value;
        all[at].count += t->option[i].count;
    }
    out->option = all;
    out->options = n;
    out->more_options = t->more;
}

/* Where nobody knows the practice's zone, moments stand in the form that says so. */
static sv form_of(const maker *m, const object_template *o, const target_field *f)
{
    bool local = m->d->utc && !m->in->zone_known && m->d->moments_local.n;
    return local && sv_eq(f->format, target_date_form(m->d, o, false)) ? m->d->moments_local : f->format;
}

static const model_field *own_field(const object_template *o, const target_field *f)
{
    const row_column *c = template_only_column(o, f);
    return c && c->kind == COLUMN_STAGED ? c->field : NULL;
}

static fact_field field_of(maker *m, const object_template *o, const target_field *f, const field_tally *t)
{
    fact_field x = {.name = f->name,
                    .label = f->label,
                    .help = f->help,
                    .brief = f->brief,
                    .heading = o->heading_labels ? f->label : f->name,
                    .type = f->type,
                    .form = form_of(m, o, f),
                    .length = length_of(f),
                    .precision = f->precision,
                    .scale = f->scale,
                    .is_new = f->is_new,
                    .required = f->required,
                    .external_id = f->external_id,
                    .unique = f->unique,
                    .is_custom = f->is_custom,
                    .source = source_of(m, o, f),
                    .source_entity = sv_from(o->entity->name),
                    .field = field_path(m, o, f),
                    .default_value = f->otherwise_written,
                    .filled = t->filled,
                    .given = t->given,
                    .own = own_field(o, f),
                    .longest = t->longest,
                    .tooth = f->tooth,
                    .site = f->site};
    if (f->parents) {
        x.target = f->parent[0]->object;
        x.target_table = f->parent[0]->table;
        x.target_key = f->parent[0]->key;
    }
    const char *dot = sv_find(f->matches, '.');
    if (dot) {
        x.target = x.target_table = (sv){f->matches.p, (size_t)(dot - f->matches.p)};
        x.target_key = (sv){dot + 1, f->matches.n - x.target.n - 1};
    }
    options_of(m, f, t, &x);
    return x;
}

static fact_field key_of(const object_template *o, uint64_t rows)
{
    return (fact_field){.name = o->key,
                        .label = o->key_label,
                        .heading = o->heading_labels ? o->key_label : o->key,
                        .type = TARGET_TEXT,
                        .length = o->key_length,
                        .is_new = !o->key_is_old,
                        .required = true,
                        .external_id = true,
                        .unique = true,
                        .is_key = true,
                        .source = SV_LIT("source_key"),
                        .source_entity = sv_from(o->entity->name),
                        .filled = rows,
                        .tooth = TEETH,
                        .site = SITES};
}

/* ---- loads ---- */

static void trial_undo_of(maker *m, const object_template *o, fact_load *l)
{
    sv path = trial_undo_path(m->d, o, m->mem);
    for (size_t i = 0; path.p && i < m->in->files; i++) {
        const delivered_file *f = &m->in->file[i];
        size_t folder = m->d->id.n + 1;
        if (sv_eq(f->path, path))
            l->trial_undo = (fact_file){path, (sv){path.p + folder, path.n - folder}, f->rows, f->bytes, 1};
    }
}

static void parts_of(maker *m, const object_template *o, fact_load *l)
{
    fact_file *all = block(m, m->in->files, sizeof *all);
    for (size_t i = 0; all && i < m->in->files; i++) {
        const delivered_file *f = &m->in->file[i];
        if (!sv_eq(f->object, o->name)) continue;
        sv name = f->path;
        const char *slash = sv_find(name, '/');
        if (slash) name = (sv){slash + 1, name.n - (size_t)(slash + 1 - name.p)};
        all[l->parts] = (fact_file){f->path, name, f->rows, f->bytes, (unsigned)l->parts + 1};
        l->parts++;
    }
    l->part = all;
}

static void make_load(maker *m, size_t i)
{
    const object_template *o = m->in->object[i];
    const object_tally *t = &m->in->tally[i];
    fact_load *l = &m->load[i];
    *l = (fact_load){.id = o->id,
                     .line = o->name,
                     .object = o->object,
                     .entity = sv_from(o->entity->name),
                     .file = o->csv,
                     .not_loaded = o->not_loaded,
                     .update = o->update_of != NULL,
                     .rows = t->rows,
                     .skipped = t->skipped,
                     .rejected = t->rejected,
                     .labels = o->heading_labels,
                     .keyed = !o->key_is_old};
    fact_field *all = block(m, o->fields + 1, sizeof *all);
    static const field_tally nothing = {0};
    if (!all) return;
    all[l->fields++] = key_of(o, t->rows);
    for (size_t k = 0; k < o->fields; k++)
        all[l->fields++] = field_of(m, o, &o->field[k], t->field ? &t->field[k] : &nothing);
    l->field = all;
    parts_of(m, o, l);
    trial_undo_of(m, o, l);
}

/* ---- tables ---- */

static void join_options(maker *m, fact_field *to, const fact_field *from)
{
    if (!from->options) return;
    fact_option *all = block(m, to->options + from->options, sizeof *all);
    if (!all) return;
    if (to->options) memcpy(all, to->option, to->options * sizeof *all);
    size_t n = to->options;
    for (size_t i = 0; i < from->options; i++) {
        size_t at = 0;
        while (at < n && !sv_eq(all[at].value, from->option[i].value)) at++;
        if (at == n) all[n++].value = from->option[i].value;
        all[at].count += from->option[i].count;
    }
    to->option = all;
    to->options = n;
    to->more_options |= from->more_options;
}

/* The same field in two files: the wider of both. */
static void join_field(maker *m, fact_field *to, const fact_field *from)
{
    to->filled += from->filled;
    to->given += from->given;
    if (from->longest > to->longest) to->longest = from->longest;
    if (from->length > to->length) to->length = from->length;
    if (from->precision > to->precision) to->precision = from->precision;
    if (from->scale > to->scale) to->scale = from->scale;
    to->is_new |= from->is_new;
    to->external_id |= from->external_id;
    to->unique |= from->unique;
    to->required &= from->required;
    if (!to->help.n) to->help = from->help;
    if (!to->brief.n) to->brief = from->brief;
    join_options(m, to, from);
}

static size_t table_of(maker *m, const object_template *o)
{
    for (size_t i = 0; i < m->facts->tables; i++)
        if (sv_eq(m->table[i].object, o->object)) return i;
    fact_table *t = &m->table[m->facts->tables];
    size_t room = 1;
    for (size_t i = 0; i < m->d->objects; i++)
        if (sv_eq(m->in->object[i]->object, o->object)) room += m->in->object[i]->fields + 1;
    *t = (fact_table){.object = o->object,
                      .name = o->table,
                      .label = o->label,
                      .plural = o->plural,
                      .help = o->help,
                      .brief = o->brief,
                      .is_new = o->is_new,
                      .key = o->key,
                      .key_label = o->key_label,
                      .field = block(m, room, sizeof(fact_field))};
    return m->facts->tables++;
}

static void add_to_table(maker *m, size_t i)
{
    fact_load *l = &m->load[i];
    const object_template *o = m->in->object[i];
    l->table = table_of(m, o);
    fact_table *t = &m->table[l->table];
    fact_field *all = (fact_field *)(uintptr_t)t->field;
    t->is_new |= o->is_new;
    t->is_written |= l->parts > 0;
    if (!l->update) t->rows += l->rows;
    for (size_t k = 0; all && k < l->fields; k++) {
        size_t at = 0;
        while (at < t->fields && !sv_eq_nocase(all[at].name, l->field[k].name)) at++;
        if (at < t->fields)
            join_field(m, &all[at], &l->field[k]);
        else
            all[t->fields++] = l->field[k];
    }
}

const fact_field *fact_field_named(const fact_table *t, sv name)
{
    for (size_t i = 0; i < t->fields; i++)
        if (sv_eq(t->field[i].name, name)) return &t->field[i];
    return NULL;
}

const fact_table *fact_table_named(const deliver_facts *f, sv object)
{
    for (size_t i = 0; i < f->tables; i++)
        if (sv_eq(f->table[i].object, object)) return &f->table[i];
    return NULL;
}

/* ---- the whole ---- */

static void estimate(deliver_facts *f, const destination *d)
{
    const uint64_t *most = d->limit.most;
    uint64_t records = 0, seconds = 0;
    for (size_t i = 0; i < f->loads; i++) {
        if (f->load[i].not_loaded) continue;
        f->uploads += f->load[i].parts;
        f->rows += f->load[i].rows;
    }
    for (size_t i = 0; i < f->tables; i++) records += f->table[i].rows;
    f->storage_bytes = records * most[LIMIT_BYTES_PER_RECORD];
    if (most[LIMIT_ROWS_PER_MINUTE]) seconds = f->rows * 60 / most[LIMIT_ROWS_PER_MINUTE];
    seconds += f->uploads * most[LIMIT_SECONDS_PER_UPLOAD];
    f->minutes = (seconds + 59) / 60;
}

const deliver_facts *deliver_facts_make(const facts_input *in)
{
    const destination *d = in->destination;
    maker m = {.in = in, .d = d, .mem = in->mem};
    m.facts = block(&m, 1, sizeof *m.facts);
    m.load = block(&m, d->objects, sizeof *m.load);
    m.table = block(&m, d->objects, sizeof *m.table);
    if (m.failed) return NULL;
    *m.facts = (deliver_facts){.destination = d,
                               .local_moments = d->utc && !in->zone_known,
                               .id = d->id,
                               .title = d->title,
                               .version = SV_LIT(CHARTFERRY_VERSION),
                               .edition = destination_edition(d),
                               .edition_title = d->edition ? d->edition->title : (sv){NULL, 0},
                               .layout = d->layout,
                               .prefix = d->prefix,
                               .load = m.load,
                               .loads = d->objects,
                               .table = m.table};
    for (size_t i = 0; i < d->objects && !m.failed; i++) make_load(&m, i);
    for (size_t i = 0; i < d->objects && !m.failed; i++) add_to_table(&m, i);
    if (m.failed) return NULL;
    estimate(m.facts, d);
    return m.facts;
}
