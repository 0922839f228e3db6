/* What the objects of a destination have to do with each other: names, order, links, and what the system requires. */
#include "template/reader.h"
#include <stdlib.h>

/* Headings are compared without regard to case by import tools: two that are equal so must not be. The key is a
 * heading too. */
static sv heading_of(const object_template *o, const target_field *f) { return o->heading_labels ? f->label : f->name; }

static void check_headings(template_reader *r, const object_template *o)
{
    for (size_t i = 0; i < o->fields; i++) {
        const target_field *f = &o->field[i];
        yaml_node at = {.line = f->line, .column = f->column};
        if (sv_eq_nocase(f->name, o->key))
            template_problem(r, o->file, &at, "%.*s is the key and is written by itself: remove it from the fields",
                             (int)f->name.n, f->name.p);
        for (size_t k = 0; k < i; k++)
            if (sv_eq_nocase(heading_of(o, f), heading_of(o, &o->field[k])) &&
                (f->line != o->field[k].line || f->tooth < TEETH || f->site < SITES))
                template_problem(r, o->file, &at,
                                 "the %s %.*s is already there in line %u (letter case does not count)",
                                 o->heading_labels ? "label" : "field", (int)heading_of(o, f).n, heading_of(o, f).p,
                                 o->field[k].line);
    }
}

static void check_names(template_reader *r, const destination *d)
{
    for (size_t i = 0; i < d->objects; i++) {
        const object_template *a = d->object[i];
        for (size_t k = 0; k < i; k++) {
            const object_template *b = d->object[k];
            if (a->csv.n && sv_eq_nocase(a->csv, b->csv))
                template_problem(r, a->file, yaml_get(a->root, "file"), "%.*s is also the file of %.*s", (int)a->csv.n,
                                 a->csv.p, (int)b->file.n, b->file.p);
            bool apart = a->update_node || b->update_node || a->slice_characters || b->slice_characters ||
                         (a->whens && b->whens);
            if (a->object.n && a->entity && a->entity == b->entity && sv_eq(a->object, b->object) && !apart)
                template_problem(r, a->file, yaml_get(a->root, "object"), "%.*s is already made from %s in %.*s",
                                 (int)a->object.n, a->object.p, a->entity->name, (int)b->file.n, b->file.p);
        }
        check_headings(r, a);
    }
}

/* ---- order ---- */

/* Objects, then ids, for suggestions. */
static size_t all_names(template_reader *r, const destination *d, bool ids, sv **out)
{
    size_t n = 0;
    *out = arena_array(r->mem, 2 * d->objects + 1, sizeof **out);
    if (!*out) {
        r->failed = true;
        return 0;
    }
    for (size_t i = 0; i < d->objects; i++)
        if (d->object[i]->object.n) (*out)[n++] = d->object[i]->object;
    for (size_t i = 0; ids && i < d->objects; i++) (*out)[n++] = d->object[i]->id;
    return n;
}

static const char *hint_of_names(template_reader *r, const destination *d, bool ids, sv word)
{
    sv *names = NULL;
    size_t n = all_names(r, d, ids, &names);
    return names ? template_hint(r, word, names, n) : "";
}

static void add_after(object_template *o, object_template *before)
{
    for (size_t i = 0; i < o->afters; i++)
        if (o->after[i] == before) return;
    o->after[o->afters++] = before;
}

/* A word of `after`: the file of that id, or every file of that object but this one. */
static bool resolve_after(const destination *d, object_template *o, sv word)
{
    bool known = false;
    for (size_t i = 0; i < d->objects; i++) {
        if (!sv_eq(d->object[i]->id, word)) continue;
        add_after(o, d->object[i]);
        return true;
    }
    for (size_t i = 0; i < d->objects; i++) {
        if (!sv_eq(d->object[i]->object, word)) continue;
        known = true;
        if (d->object[i] != o) add_after(o, d->object[i]);
    }
    for (size_t i = 0; i < d->absents; i++) known |= sv_eq(d->absent[i], word);
    return known;
}

static void read_after(template_reader *r, destination *d, object_template *o)
{
    const yaml_node *list = yaml_get(o->root, "after");
    o->after = arena_array(r->mem, d->objects ? d->objects : 1, sizeof(object_template *));
    if (!o->after) r->failed = true;
    if (!list || list->kind != YAML_LIST || !o->after) return;
    for (size_t i = 0; i < list->n; i++) {
        const yaml_node *x = list->item[i];
        if (x->kind != YAML_TEXT) {
            template_problem(r, o->file, x, "\"after\" is a list of objects");
            continue;
        }
        if (resolve_after(d, o, template_own_name(r, d, x->text))) continue;
        template_problem(r, o->file, x, "there is no object \"%.*s\" to come after%s", (int)x->text.n, x->text.p,
                         hint_of_names(r, d, true, x->text));
    }
}

/* Depth first with a stack of its own: the chain of `after` is as long as someone writes it. */
typedef struct visit {
    object_template *o;
    size_t next;
} visit;

static void say_cycle(template_reader *r, const visit *stack, size_t depth, const object_template *again)
{
    buf chain = buf_new(4096);
    size_t start = depth;
    while (start && stack[start - 1].o != again) start--;
    for (size_t i = start ? start - 1 : 0; i < depth; i++)
        buf_printf(&chain, "%.*s after ", (int)stack[i].o->id.n, stack[i].o->id.p);
    const object_template *last = stack[depth - 1].o;
    template_problem(r, last->file, yaml_get(last->root, "after"), "\"after\" goes in a circle: %.*s%.*s", (int)chain.n,
                     chain.p ? chain.p : "", (int)again->id.n, again->id.p);
    buf_free(&chain);
}

static int by_csv(const void *a_, const void *b_)
{
    const object_template *a = *(object_template *const *)a_, *b = *(object_template *const *)b_;
    int c = sv_cmp(a->csv, b->csv);
    return c ? c : sv_cmp(a->id, b->id);
}

static void place(template_reader *r, object_template *root, visit *stack, object_template **placed, size_t *n)
{
    size_t depth = 0;
    if (root->state) return;
    root->state = 1;
    stack[depth++] = (visit){root, 0};
    while (depth) {
        visit *top = &stack[depth - 1];
        if (top->next == top->o->afters) {
            top->o->state = 2;
            placed[(*n)++] = top->o;
            depth--;
            continue;
        }
        object_template *before = top->o->after[top->next++];
        if (before->state == 1) say_cycle(r, stack, depth, before);
        if (before->state) continue;
        before->state = 1;
        stack[depth++] = (visit){before, 0};
    }
}

static void sort_objects(template_reader *r, destination *d)
{
    size_t n = d->objects, count = 0;
    object_template **placed = arena_array(r->mem, n ? n : 1, sizeof(object_template *));
    visit *stack = arena_array(r->mem, n ? n : 1, sizeof *stack);
    if (!placed || !stack) {
        r->failed = true;
        return;
    }
    if (n) qsort(d->object, n, sizeof(object_template *), by_csv);
    for (size_t i = 0; i < n; i++)
        if (d->object[i]->afters) qsort(d->object[i]->after, d->object[i]->afters, sizeof(object_template *), by_csv);
    for (size_t i = 0; i < n; i++) place(r, d->object[i], stack, placed, &count);
    d->object = placed;
    for (size_t i = 1; i < n; i++)
        if (sv_cmp(placed[i]->csv, placed[i - 1]->csv) < 0)
            template_problem(r, placed[i]->file, yaml_get(placed[i]->root, "file"),
                             "%.*s is loaded after %.*s, and its name sorts before it: number the files in that order",
                             (int)placed[i]->csv.n, placed[i]->csv.p, (int)placed[i - 1]->csv.n, placed[i - 1]->csv.p);
}

/* ---- links ---- */

static bool comes_after(const object_template *o, const object_template *first)
{
    for (size_t i = 0; i < o->afters; i++)
        if (o->after[i] == first) return true;
    return false;
}

static void add_parent(template_reader *r, const destination *d, target_field *f, object_template *x)
{
    if (!f->parent) f->parent = template_block(r, d->objects, sizeof(const object_template *));
    if (!f->parent) return;
    f->parent[f->parents++] = x;
    x->linked = true;
}

/* A second pass finds the records that the first one wrote; else a file's own records are not yet in the target. */
static void check_parents(template_reader *r, const object_template *o, const target_field *f, sv object)
{
    for (size_t i = 0; i < f->parents; i++) {
        const object_template *p = f->parent[i];
        if (p == o)
            template_problem(
                r, o->file, f->lookup_node,
                "%.*s links to itself, which one file cannot do: make a second file with \"update_of: %.*s\"",
                (int)object.n, object.p, (int)o->id.n, o->id.p);
        else if (!comes_after(o, p) && o->update_of != p)
            template_problem(r, o->file, f->lookup_node, "links to %.*s need \"after: [%.*s]\"", (int)object.n,
                             object.p, (int)p->id.n, p->id.p);
    }
}

static void resolve_lookup(template_reader *r, const destination *d, const object_template *o, target_field *f)
{
    const char *dot = sv_find(f->lookup, '.');
    const row_column *c = template_only_column(o, f);
    const model_field *source = c ? c->field : NULL;
    if (!dot) {
        template_problem(r, o->file, f->lookup_node, "\"lookup\" is Object.Key, such as Account.Source_Key__c");
        return;
    }
    sv object = {f->lookup.p, (size_t)(dot - f->lookup.p)};
    sv key = {dot + 1, f->lookup.n - object.n - 1};
    /* The record's own key finds what another file makes of the same record. */
    bool first = c && c->kind == COLUMN_CHILD && c->child->take == CHILD_FIRST_WITH;
    bool own = first || (c && !source && c->kind == COLUMN_STAGED && c->at == STAGED_SRC_KEY);
    if (c && !own && (!source || source->type != FIELD_REFERENCE)) {
        template_problem(r, o->file, f->lookup_node, "%.*s of %s is no link to another entity", (int)c->name.n,
                         c->name.p, o->entity->name);
        return;
    }
    bool named = false, keyed = false;
    for (size_t i = 0; i < d->objects; i++) {
        object_template *x = d->object[i];
        if (!sv_eq(x->object, object)) continue;
        named = true;
        if (!sv_eq(x->key, key)) continue;
        keyed = true;
        bool target = x->entity && !x->update_of &&
                      (own ? x->entity == o->entity && x != o : source && strcmp(x->entity->name, source->target) == 0);
        if (target) add_parent(r, d, f, x);
    }
    if (!named)
        template_problem(r, o->file, f->lookup_node, "there is no object \"%.*s\"%s", (int)object.n, object.p,
                         hint_of_names(r, d, false, object));
    else if (!keyed)
        template_problem(r, o->file, f->lookup_node, "%.*s has no key \"%.*s\"", (int)object.n, object.p, (int)key.n,
                         key.p);
    else if (c && !f->parents)
        template_problem(r, o->file, f->lookup_node, "%s links to %s, and no file of %.*s is made from it",
                         source ? source->name : "src_key", source ? source->target : "the same record", (int)object.n,
                         object.p);
    check_parents(r, o, f, object);
}

/* ---- second passes ---- */

static void resolve_update(template_reader *r, const destination *d, object_template *o)
{
    if (!o->update_node) return;
    for (size_t i = 0; i < d->objects; i++)
        if (sv_eq(d->object[i]->id, o->update_node->text)) o->update_of = d->object[i];
    const object_template *p = o->update_of;
    if (!p || p == o)
        template_problem(r, o->file, o->update_node,
                         "\"update_of\" names the template file of the first pass: \"%.*s\" is none",
                         (int)o->update_node->text.n, o->update_node->text.p);
    else if (p->entity != o->entity || !sv_eq(p->object, o->object) || !sv_eq(p->key, o->key))
        template_problem(r, o->file, o->update_node,
                         "a second pass has the object, the key and the entity of the first one");
    else if (!comes_after(o, p))
        template_problem(r, o->file, o->update_node, "a second pass needs \"after: [%.*s]\"", (int)p->id.n, p->id.p);
    else
        o->update_of = p;
    if (o->update_of) ((object_template *)(uintptr_t)o->update_of)->linked = true;
}

/* ---- what charts bring with them ---- */

/* Rows of charts are written while charts are read, and what they come after is written before. An exam among that comes
 * with its chart: its scores are known only then. Objects stand in the order of loading: one pass from the end reaches all
 * that a charted one needs. */
static void spread_charts(template_reader *r, const destination *d)
{
    bool *early = template_block(r, d->objects, sizeof *early);
    if (!early) return;
    for (size_t i = d->objects; i-- > 0;) {
        object_template *o = d->object[i];
        if (early[i] && o->entity && strcmp(o->entity->name, "clinical_exam") == 0) o->charted = true;
        for (size_t k = 0; (early[i] || o->charted) && k < o->afters; k++)
            for (size_t p = 0; p < i; p++)
                if (d->object[p] == o->after[k]) early[p] = true;
    }
    for (size_t i = 0; i < d->objects; i++)
        if (early[i] && d->object[i]->latest_exam)
            template_problem(r, d->object[i]->file, yaml_get(d->object[i]->root, "fields"),
                             "%.*s has values of the latest exam: records of charts cannot come after it",
                             (int)d->object[i]->id.n, d->object[i]->id.p);
    for (size_t i = 0; i < d->objects; i++)
        for (size_t k = 0; early[i] && !d->object[i]->charted && k < d->object[i]->afters; k++)
            if (d->object[i]->after[k]->charted)
                template_problem(r, d->object[i]->file, yaml_get(d->object[i]->root, "after"),
                                 "%.*s comes after records of charts (%.*s) and before others: one of the two must go",
                                 (int)d->object[i]->id.n, d->object[i]->id.p, (int)d->object[i]->after[k]->id.n,
                                 d->object[i]->after[k]->id.p);
}

static void resolve_lookups(template_reader *r, const destination *d)
{
    for (size_t i = 0; i < d->objects; i++) {
        const object_template *o = d->object[i];
        for (size_t k = 0; k < o->fields; k++)
            if (o->field[k].lookup.n) resolve_lookup(r, d, o, &o->field[k]);
    }
    if (!d->model) spread_charts(r, d);
}

/* ---- what the system requires ---- */

static bool always_filled(const object_template *o, sv name)
{
    if (sv_eq(o->key, name)) return true;
    for (size_t i = 0; i < o->fields; i++)
        if (sv_eq(o->field[i].name, name))
            return o->field[i].required || ((o->field[i].is_const || o->field[i].has_default) && !o->field[i].whens);
    return false;
}

static void check_requires_of(template_reader *r, const destination *d, const object_template *o, const yaml_node *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const yaml_node *x = list->item[i];
        if (x->kind != YAML_TEXT)
            template_problem(r, d->file, x, "\"requires\" is a list of fields for each object");
        else if (!always_filled(o, template_own_name(r, d, x->text)))
            template_problem(r, o->file, yaml_get(o->root, "fields"),
                             "%.*s requires %.*s: add it with \"required: true\", a const or a default",
                             (int)o->object.n, o->object.p, (int)x->text.n, x->text.p);
    }
}

static void check_requires(template_reader *r, const destination *d)
{
    if (!d->requires || d->requires->kind != YAML_MAP) return;
    for (size_t i = 0; i < d->requires->n; i++) {
        const yaml_pair *p = &d->requires->pair[i];
        yaml_node at = {.line = p->line, .column = p->column};
        bool known = false;
        if (p->value->kind != YAML_LIST) {
            template_problem(r, d->file, p->value, "\"requires\" is a list of fields for each object");
            continue;
        }
        for (size_t k = 0; k < d->objects; k++) {
            if (!sv_eq(d->object[k]->object, template_own_name(r, d, p->key))) continue;
            known = true;
            if (d->object[k]->entity && !d->object[k]->update_node) check_requires_of(r, d, d->object[k], p->value);
        }
        for (size_t k = 0; k < d->absents; k++) known |= sv_eq(d->absent[k], template_own_name(r, d, p->key));
        if (known) continue;
        template_problem(r, d->file, &at, "no file here is of the object \"%.*s\"%s", (int)p->key.n, p->key.p,
                         hint_of_names(r, d, false, p->key));
    }
}

static bool of_same(const object_template *a, const object_template *b) { return sv_eq(a->object, b->object); }

/* Whether no other file of the object is from its entity. */
static bool is_alone(const destination *d, const object_template *o)
{
    for (size_t i = 0; i < d->objects; i++)
        if (d->object[i] != o && of_same(d->object[i], o) && d->object[i]->entity == o->entity) return false;
    return true;
}

/* What tells the file from the others of its object: the entity where it is the only one of it; else its id without what all ids
 * of the object begin with, up to an underscore: "patient guarantor" of contact_patient_guarantor. */
static sv which_file(template_reader *r, const destination *d, const object_template *o)
{
    if (is_alone(d, o)) return sv_from(o->entity ? o->entity->name : "");
    size_t alike = o->id.n;
    for (size_t i = 0; i < d->objects; i++) {
        const sv other = d->object[i]->id;
        size_t n = 0;
        while (n < alike && n < other.n && other.p[n] == o->id.p[n]) n++;
        if (of_same(d->object[i], o)) alike = n;
    }
    while (alike && o->id.p[alike - 1] != '_') alike--;
    sv words = arena_sv(r->mem, (sv){o->id.p + alike, o->id.n - alike});
    if (!words.p) {
        r->failed = true;
        return o->id;
    }
    for (size_t i = 0; i < words.n; i++)
        if (words.p[i] == '_') ((char *)words.p)[i] = ' ';
    for (size_t i = 0; i < d->objects; i++) { /* another one has the words already */
        const object_template *x = d->object[i];
        if (of_same(x, o) && x->entity && is_alone(d, x) && sv_eq(words, sv_from(x->entity->name))) return o->id;
    }
    return words;
}

/* "salesforce/Contact", and which one where there are several. */
static void label_objects(template_reader *r, destination *d)
{
    for (size_t i = 0; i < d->objects; i++) {
        object_template *o = d->object[i];
        size_t same = 0;
        for (size_t k = 0; k < d->objects; k++) same += of_same(d->object[k], o);
        const sv which = same < 2 ? (sv){NULL, 0} : which_file(r, d, o);
        o->name = arena_printf(r->mem, "%.*s/%.*s%s%.*s%s", (int)d->id.n, d->id.p, (int)o->object.n, o->object.p,
                               which.n ? " (" : "", (int)which.n, which.p, which.n ? ")" : "");
        if (!o->name.p) r->failed = true;
    }
}

/* ---- what is not taken back ---- */

static void check_kept(template_reader *r, const destination *d)
{
    for (size_t i = 0; d->undo && i < d->undo->keep.n; i++) {
        sv id = d->undo->keep.word[i];
        bool known = false;
        for (size_t k = 0; k < d->objects; k++) known |= sv_eq(d->object[k]->id, id);
        for (size_t k = 0; k < d->absents; k++) known |= sv_eq(d->absent[k], id);
        if (!known)
            template_problem(r, d->file, d->undo->kept,
                             "\"keep\" of \"undo\" names \"%.*s\", which is no file of this template", (int)id.n, id.p);
    }
}

void template_link(template_reader *r, destination *d)
{
    check_names(r, d);
    for (size_t i = 0; i < d->objects; i++) read_after(r, d, d->object[i]);
    if (r->failed) return;
    sort_objects(r, d);
    if (r->failed) return;
    for (size_t i = 0; i < d->objects; i++) resolve_update(r, d, d->object[i]);
    resolve_lookups(r, d);
    check_requires(r, d);
    check_kept(r, d);
    label_objects(r, d);
}
