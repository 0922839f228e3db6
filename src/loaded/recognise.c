#include "loaded/recognise.h"
#include "base/ascii.h"
#include "loaded/names.h"

/* ---- words ---- */

static size_t column_named(const sv *heading, size_t n, sv name, bool as_written)
{
    for (size_t i = 0; i < n; i++)
        if (as_written ? sv_eq(heading[i], name) : sv_eq_nocase(heading[i], name)) return i;
    return SIZE_MAX;
}

/* The last column of the first word that is there: what tools add stands at the end, and a field may have the same name. */
static size_t column_of(const sv *heading, size_t n, word_list words, bool as_written)
{
    for (size_t w = 0; w < words.n; w++)
        for (size_t i = n; i > 0; i--)
            if (as_written ? sv_eq(heading[i - 1], words.word[w]) : sv_eq_nocase(heading[i - 1], words.word[w]))
                return i - 1;
    return SIZE_MAX;
}

static bool holds(sv text, sv word) { return word.n && sv_holds_nocase(text, word); }

/* ---- forms ---- */

static bool form_fits(const result_form *f, sv name, const sv *heading, size_t n, recognised *out)
{
    out->id = column_of(heading, n, f->id, false);
    out->error = column_of(heading, n, f->error, true);
    out->state = column_of(heading, n, f->state, true);
    out->row = column_of(heading, n, f->row, false);
    return (!f->id.n || out->id != SIZE_MAX) && (!f->error.n || out->error != SIZE_MAX) &&
           (!f->state.n || out->state != SIZE_MAX) && (!f->row.n || out->row != SIZE_MAX) &&
           (!f->named.n || holds(name, f->named));
}

static bool is_export(const result_form *f) { return !f->error.n && !f->state.n && !f->row.n && !f->reason.n; }

/* What was loaded before is what an export would have shown: rows of an earlier bundle, as its files have them. */
static const result_form bundle_file_form = {.form = {"File of an earlier bundle", 25}};

static bool is_bundle_file(const loads *l, const sv *heading, size_t n)
{
    for (size_t i = 0; i < l->loads; i++) {
        const bundle_load *b = &l->load[i];
        bool same = b->fields == n && !b->update;
        for (size_t k = 0; same && k < n; k++) same = sv_eq(b->field[k].heading, heading[k]);
        if (same) return true;
    }
    return false;
}

static void find_form(const loads *l, sv name, const sv *heading, size_t n, bool exports_only, recognised *out)
{
    for (size_t i = 0; i < l->forms.forms && !out->form; i++) {
        const result_form *f = &l->forms.form[i];
        if ((!exports_only || is_export(f)) && form_fits(f, name, heading, n, out)) out->form = f;
    }
    if (!out->form && exports_only && is_bundle_file(l, heading, n)) out->form = &bundle_file_form;
    if (!out->form || out->form == &bundle_file_form) out->id = out->error = out->state = out->row = SIZE_MAX;
}

/* ---- loads ---- */

static size_t field_column(const load_field *f, const sv *heading, size_t n)
{
    size_t at = column_named(heading, n, f->heading, false);
    if (at == SIZE_MAX) at = column_named(heading, n, f->name, false);
    if (at == SIZE_MAX) at = column_named(heading, n, f->label, false);
    return at;
}

static bool columns_of(const loads *l, size_t i, const sv *heading, size_t n, arena *mem, load_columns *out)
{
    const bundle_load *b = &l->load[i];
    *out = (load_columns){.load = i, .key = SIZE_MAX, .at = arena_array(mem, b->fields, sizeof *out->at)};
    if (!out->at) return false;
    out->whole = b->fields > 1;
    for (size_t k = 0; k < b->fields; k++) {
        out->at[k] = field_column(&b->field[k], heading, n);
        bool there = out->at[k] != SIZE_MAX;
        if (k == b->key) {
            out->key = out->at[k];
            continue;
        }
        out->found += there;
        out->whole &= there || b->field[k].kind == LOAD_LINK;
    }
    return true;
}

/* A row of it can be told: by key, or where the system has none by all of its fields. */
static bool can_tell(const loads *l, const load_columns *c)
{
    const bundle_load *b = &l->load[c->load];
    return b->parts && (c->key != SIZE_MAX || (b->keyless && c->whole));
}

static bool is_own(const recognised *r, size_t column)
{
    return column != r->id && column != r->error && column != r->state && column != r->row;
}

/* How far a file that holds a load's rows as they were is from that load: columns that only one of both has. */
static size_t distance(const loads *l, const load_columns *c, const recognised *r, size_t columns)
{
    size_t own = 0;
    for (size_t i = 0; i < columns; i++) own += is_own(r, i);
    own -= own && c->key != SIZE_MAX;
    size_t missing = l->load[c->load].fields - 1 - c->found;
    return missing + (own > c->found ? own - c->found : 0);
}

/* Only the named part of "02_Contact_Patient": people drop the number. */
static bool named_after(const bundle_load *b, sv name) { return holds(name, name_stem(b->file)); }

static bool named_by_object(const bundle_load *b, sv name)
{
    return holds(name, b->object) || holds(name, b->table) || holds(name, b->label) || holds(name, b->plural);
}

/* Keeps those candidates that the test holds for, if there are any. */
static void narrow(const loads *l, recognised *r, sv name, bool (*test)(const bundle_load *b, sv name))
{
    size_t kept = 0;
    for (size_t i = 0; i < r->candidates; i++) kept += test(&l->load[r->candidate[i].load], name);
    if (!kept) return;
    size_t n = 0;
    for (size_t i = 0; i < r->candidates; i++)
        if (test(&l->load[r->candidate[i].load], name)) r->candidate[n++] = r->candidate[i];
    r->candidates = n;
}

static void nearest(const loads *l, recognised *r, size_t columns)
{
    size_t best = SIZE_MAX, n = 0;
    for (size_t i = 0; i < r->candidates; i++) {
        size_t d = distance(l, &r->candidate[i], r, columns);
        if (d < best) best = d;
    }
    for (size_t i = 0; i < r->candidates; i++)
        if (distance(l, &r->candidate[i], r, columns) == best) r->candidate[n++] = r->candidate[i];
    r->candidates = n;
}

/* Fields of any load into the object that the file has. */
static size_t object_fit(const recognised *r, const loads *l, size_t object, size_t columns)
{
    size_t fit = 0;
    for (size_t c = 0; c < columns; c++) {
        bool known = false;
        for (size_t i = 0; !known && i < r->candidates; i++) {
            const load_columns *x = &r->candidate[i];
            for (size_t k = 0; l->load[x->load].of == object && !known && k < l->load[x->load].fields; k++)
                known = x->at[k] == c;
        }
        fit += known;
    }
    return fit;
}

/* An export is about the objects that most of its columns belong to, and all loads into them. */
static void best_objects(const loads *l, recognised *r, size_t columns)
{
    size_t best = 0, n = 0;
    for (size_t o = 0; o < l->objects; o++) {
        size_t fit = object_fit(r, l, o, columns);
        if (fit > best) best = fit;
    }
    bool wanted[RECOGNISED_LOADS_MAX] = {false};
    for (size_t o = 0; o < l->objects && o < RECOGNISED_LOADS_MAX; o++)
        wanted[o] = object_fit(r, l, o, columns) == best;
    for (size_t i = 0; i < r->candidates; i++)
        if (wanted[l->load[r->candidate[i].load].of]) r->candidate[n++] = r->candidate[i];
    r->candidates = n;
}

/* Lists of failures name rows by number: the file's name holds that of the part. */
static void find_part(const loads *l, sv name, recognised *out)
{
    size_t longest = 0;
    out->part_load = out->part = SIZE_MAX;
    for (size_t i = 0; i < l->loads; i++)
        for (size_t k = 0; k < l->load[i].parts; k++) {
            sv stem = l->load[i].part[k].stem;
            if (stem.n <= longest || !holds(name, stem)) continue;
            longest = stem.n;
            out->part_load = i;
            out->part = k;
        }
}

bool recognise(const loads *l, sv name, const sv *heading, size_t n, bool exports_only, arena *mem, recognised *out)
{
    *out = (recognised){.part_load = SIZE_MAX, .part = SIZE_MAX};
    find_form(l, name, heading, n, exports_only, out);
    if (!out->form) return true;
    out->candidate = arena_array(mem, l->loads + 1, sizeof *out->candidate);
    if (!out->candidate) return false;
    for (size_t i = 0; i < l->loads && i < RECOGNISED_LOADS_MAX; i++) {
        load_columns *c = &out->candidate[out->candidates];
        if (!columns_of(l, i, heading, n, mem, c)) return false;
        if (can_tell(l, c)) out->candidates++;
    }
    if (out->row != SIZE_MAX) find_part(l, name, out);
    if (out->form == &bundle_file_form) {
        nearest(l, out, n);
        narrow(l, out, name, named_after);
    } else if (is_export(out->form)) {
        best_objects(l, out, n);
        narrow(l, out, name, named_by_object);
    } else {
        nearest(l, out, n);
        narrow(l, out, name, named_after);
        narrow(l, out, name, named_by_object);
    }
    return true;
}
