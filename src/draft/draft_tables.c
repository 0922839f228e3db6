/* Which table is which entity, and which of its columns which field. */
#include "draft/draft_internal.h"
#include <stdlib.h>

enum {
    TABLE_MIN = 40,      /* points of a table below which it is nothing */
    NAMELESS_FIELDS = 4, /* fields that must fit where the table's name says nothing */
    FIELD_POINTS = 6,
    FIELDS_COUNTED = 7,
    NO_ROWS_LESS = 10,
    WITHOUT_NAME_LESS = 12
};

/* ---- candidates ---- */

typedef struct candidates {
    draft_choice *all;
    size_t n, room;
} candidates;

static void add(candidates *c, const draft_choice *x)
{
    if (c->n < c->room) c->all[c->n++] = *x;
}

static bool is_field(const vocabulary_field *f, const char *name) { return strcmp(f->field->name, name) == 0; }

static bool is_input(const vocabulary_entity *e, const model_field *f)
{
    return f >= e->entity->field + e->entity->fields;
}

/* The column whose content counts: the text behind a reference to a row of another table, if that tells it. */
static const draft_column *behind(const draft *d, const draft_column *c, int *table, int *label)
{
    *table = c->key_of;
    *label = c->key_of == TABLE_NONE || d->table[c->key_of].drafted ? COLUMN_NONE : draft_label(&d->table[c->key_of]);
    return *label == COLUMN_NONE ? c : &d->table[c->key_of].column[*label];
}

static void candidate(const draft *d, const draft_table *t, size_t column, const vocabulary_field *f, candidates *out)
{
    draft_choice x = {
        .field = f->field, .column = (int)column, .time_column = COLUMN_NONE, .rival = COLUMN_NONE, .why = "its name"};
    const draft_column *c = &t->column[column];
    if (f->field->type == FIELD_REFERENCE) {
        if (draft_reference(d, t, column, f, &x)) add(out, &x);
        return;
    }
    unsigned points = draft_name_points(&f->words, c, &x.language);
    if (points == 0) return;
    int kind = draft_kind_points(f->field, behind(d, c, &x.table, &x.label));
    if (x.label != COLUMN_NONE) {
        x.way = WAY_LOOKUP;
        x.by = c->key_column;
    }
    int sum = (int)points + kind;
    x.points = sum < 0 ? 0 : sum > 99 ? 99 : (unsigned)sum;
    if (kind > 0) x.why = "name and values";
    if (x.points >= POINTS_MIN) add(out, &x);
}

static int by_points(const void *a_, const void *b_)
{
    const draft_choice *a = a_, *b = b_;
    if (a->points != b->points) return a->points > b->points ? -1 : 1;
    if (a->field != b->field) return a->field < b->field ? -1 : 1;
    return a->column - b->column;
}

static bool is_taken(const draft_table *t, const draft_choice *x, int *by)
{
    for (size_t i = 0; i < t->choices; i++) {
        *by = (int)i;
        if (t->choice[i].field == x->field || t->choice[i].column == x->column) return true;
    }
    return false;
}

/* The best first; a column is one field only, a field one column. */
static bool choose(const draft *d, draft_table *t, candidates *c)
{
    t->choice = arena_array(d->mem, c->n + 1, sizeof *t->choice);
    t->choices = 0;
    if (!t->choice) return false;
    if (c->n) qsort(c->all, c->n, sizeof *c->all, by_points);
    for (size_t i = 0; i < c->n; i++) {
        int by;
        draft_choice *x = &c->all[i];
        if (!is_taken(t, x, &by))
            t->choice[t->choices++] = *x;
        else if (t->choice[by].field == x->field && t->choice[by].points <= x->points + 3 &&
                 t->choice[by].rival == COLUMN_NONE)
            t->choice[by].rival = x->column;
    }
    return true;
}

/* ---- whole names and parts of names ---- */

static unsigned best_for(const draft *d, const draft_table *t, const vocabulary_entity *e, const char *field)
{
    unsigned best = 0;
    draft_choice room[1];
    for (size_t i = 0; i < e->fields; i++) {
        if (!is_field(&e->field[i], field) || e->field[i].time) continue;
        for (size_t k = 0; k < t->info->columns; k++) {
            candidates one = {room, 0, 1};
            candidate(d, t, k, &e->field[i], &one);
            if (one.n && room[0].points > best) best = room[0].points;
        }
    }
    return best;
}

/* A column "Name" is a first name beside a surname, else a whole name. */
static bool is_left_out(const vocabulary_entity *e, const vocabulary_field *f, bool has_last, bool has_full)
{
    if (is_input(e, f->field) && is_field(f, "full_name")) return has_last;
    return is_field(f, "first") && !has_last && has_full;
}

/* ---- times of day ---- */

static void find_time(const draft *d, draft_table *t, const vocabulary_entity *e)
{
    (void)d;
    for (size_t i = 0; i < t->choices; i++) {
        draft_choice *x = &t->choice[i];
        const draft_column *date = &t->column[x->column];
        bool dated = date->info->type == T_DATE || (date->facts && date->facts->filled && !date->facts->timed);
        if (x->field->type != FIELD_DATETIME || !dated) continue;
        for (size_t f = 0; f < e->fields; f++) {
            if (!e->field[f].time || e->field[f].field != x->field) continue;
            for (size_t k = 0; k < t->info->columns && x->time_column == COLUMN_NONE; k++) {
                uint8_t language;
                const draft_column *c = &t->column[k];
                bool time = c->info->type == T_TIME || c->info->type == T_DATETIME ||
                            (draft_is_text(c->info) && draft_looks(c, LOOKS_TIME));
                if ((int)k != x->column && time && draft_name_points(&e->field[f].words, c, &language))
                    x->time_column = (int)k;
            }
        }
    }
}

/* ---- one table as one entity ---- */

static bool fill(const draft *d, draft_table *t, const vocabulary_entity *e, bool references)
{
    bool has_last = best_for(d, t, e, "last") > 0, has_full = best_for(d, t, e, "full_name") > 0;
    candidates c = {.room = (e->fields + 1) * (t->info->columns + 1)};
    c.all = malloc(c.room * sizeof *c.all);
    if (!c.all) return false;
    for (size_t f = 0; f < e->fields; f++) {
        const vocabulary_field *field = &e->field[f];
        bool reference = field->field->type == FIELD_REFERENCE;
        if (field->time || (reference && !references) || field->field == e->constant) continue;
        if (is_left_out(e, field, has_last, has_full)) continue;
        for (size_t k = 0; k < t->info->columns; k++)
            if (!(t->keys == 1 && t->key[0] == (int)k && reference && t->column[k].key_of == TABLE_NONE))
                candidate(d, t, k, field, &c);
    }
    bool ok = choose(d, t, &c);
    free(c.all);
    if (ok) find_time(d, t, e);
    return ok;
}

static bool has_choice(const draft_table *t, const model_field *f)
{
    for (size_t i = 0; i < t->choices; i++)
        if (t->choice[i].field == f) return true;
    return false;
}

static bool has_input(const draft_table *t, const vocabulary_entity *e)
{
    for (size_t i = 0; i < t->choices; i++)
        if (is_input(e, t->choice[i].field)) return true;
    return false;
}

/* What a record cannot be without and no column gives; references only once they are looked for. */
static sv lacking(const draft *d, const draft_table *t, const vocabulary_entity *e, bool references)
{
    for (size_t i = 0; i < e->entity->fields; i++) {
        const model_field *f = &e->entity->field[i];
        if (!f->required || f == e->constant || has_choice(t, f)) continue;
        if (f->type == FIELD_REFERENCE ? !references : has_input(t, e)) continue;
        return sv_from(f->name);
    }
    (void)d;
    return t->keys ? (sv){NULL, 0} : SV_LIT("a key");
}

static unsigned table_points(const draft *d, draft_table *t, const vocabulary_entity *e, const vocabulary_tables *kind)
{
    unsigned name = draft_table_points(&kind->words, t->info);
    size_t fields = t->choices < FIELDS_COUNTED ? t->choices : FIELDS_COUNTED;
    sv lacks = lacking(d, t, e, false);
    if (name == 0 && (t->choices < NAMELESS_FIELDS || lacks.n)) return 0;
    unsigned points = name * 6 / 10 + (unsigned)fields * FIELD_POINTS;
    if (name == 0) points = points > WITHOUT_NAME_LESS ? points - WITHOUT_NAME_LESS : 0;
    bool empty = t->facts ? t->facts->rows == 0 : t->info->rows_expected == 0;
    if (empty && points > NO_ROWS_LESS) points -= NO_ROWS_LESS;
    return points > 99 ? 99 : points;
}

/* The entity that a table is most likely; its fields are those of the last one tried, and filled again later. */
static bool look_at(const draft *d, draft_table *t)
{
    for (size_t i = 0; i < d->words->entities; i++) {
        const vocabulary_entity *e = &d->words->entity[i];
        if (!fill(d, t, e, false)) return false;
        for (size_t k = 0; k < e->table_kinds; k++) {
            unsigned points = table_points(d, t, e, &e->tables[k]);
            if (points < TABLE_MIN || points <= t->points) continue;
            t->points = points;
            t->is = e;
            t->kind = &e->tables[k];
        }
    }
    t->choices = 0;
    return true;
}

/* Of several tables that may be one entity (and one kind of it) the likeliest is drafted. */
static void elect(draft *d)
{
    for (size_t i = 0; i < d->tables; i++) {
        draft_table *t = &d->table[i];
        bool best = t->is != NULL;
        for (size_t k = 0; k < d->tables && best; k++) {
            const draft_table *o = &d->table[k];
            if (k == i || o->kind != t->kind || !o->is) continue;
            bool lacks = t->lacks.n > 0, other_lacks = o->lacks.n > 0;
            if (lacks != other_lacks)
                best = !lacks;
            else
                best = t->points > o->points || (t->points == o->points && i < k);
        }
        t->drafted = best;
    }
}

int draft_table_of(const draft *d, const char *entity, size_t from)
{
    for (size_t i = from; i < d->tables; i++)
        if (d->table[i].drafted && strcmp(d->table[i].is->entity->name, entity) == 0) return (int)i;
    return TABLE_NONE;
}

size_t draft_parts(const draft *d, const draft_table *t)
{
    size_t n = 0;
    for (size_t i = 0; i < d->tables; i++) n += d->table[i].drafted && d->table[i].is == t->is;
    return n;
}

/* A record cannot be without what it refers to: what lacks something takes others with it, until nothing changes. */
static bool settle(draft *d)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < d->tables; i++) {
            draft_table *t = &d->table[i];
            if (!t->drafted) continue;
            if (!fill(d, t, t->is, true)) return false;
            t->lacks = lacking(d, t, t->is, true);
            if (!t->lacks.n) continue;
            t->drafted = false;
            changed = true;
        }
    }
    /* References by name need the names of the others: once more, all of them being known. */
    for (size_t i = 0; i < d->tables; i++)
        if (d->table[i].drafted && !fill(d, &d->table[i], d->table[i].is, true)) return false;
    return true;
}

static void note_use(draft *d)
{
    for (size_t i = 0; i < d->tables; i++) {
        draft_table *t = &d->table[i];
        for (size_t k = 0; t->drafted && k < t->keys; k++) t->column[t->key[k]].used = true;
        for (size_t k = 0; t->drafted && k < t->choices; k++) {
            const draft_choice *x = &t->choice[k];
            t->column[x->column].used = true;
            if (x->time_column != COLUMN_NONE) t->column[x->time_column].used = true;
            d->by_language[x->language]++;
            if (x->way == WAY_AS_IS || x->way == WAY_KEY) continue;
            d->table[x->table].column[x->by].used = true;
            if (x->label != COLUMN_NONE) d->table[x->table].column[x->label].used = true;
        }
    }
}

/* ---- own names ---- */

static bool is_primary(const draft_table *t)
{
    for (size_t i = 0; i < t->info->keys; i++)
        if (t->info->key[i].kind == KEY_PRIMARY && t->info->key[i].columns == 1) return true;
    return false;
}

/* Letters of the table's name; with its number where another table has the same, or where none are left. */
static sv own_name(const draft *d, size_t at)
{
    name_form form;
    bool good = true;
    name_form_of(d->table[at].info->name, &form);
    for (size_t i = 0; i < form.n; i++) {
        char c = form.folded[i];
        good &= (c >= 'a' && c <= 'z') || (i > 0 && c >= '0' && c <= '9');
    }
    for (size_t i = 0; i < d->tables; i++) {
        sv other = d->table[i].own;
        good &= !(other.n && sv_eq_nocase(other, (sv){form.folded, form.n}));
    }
    if (good && form.n) return arena_sv(d->mem, (sv){form.folded, form.n});
    return arena_printf(d->mem, "table_%zu", at + 1);
}

/* What hangs on a record by its key has to know the column; where the source does not say it the profile does. */
static void name_tables(draft *d)
{
    for (size_t i = 0; i < d->tables; i++) {
        draft_table *t = &d->table[i];
        if (t->drafted && t->keys == 1 && !is_primary(t) && draft_parts(d, t) == 1) t->own = own_name(d, i);
    }
}

bool draft_tables(draft *d)
{
    for (size_t i = 0; i < d->tables; i++) {
        draft_table *t = &d->table[i];
        draft_key(d, t);
        if (t->info->unreadable.n || !look_at(d, t)) continue;
        if (!t->is) continue;
        draft_key(d, t);
        if (!fill(d, t, t->is, false)) return false;
        t->lacks = lacking(d, t, t->is, false);
    }
    elect(d);
    for (size_t i = 0; i < d->tables; i++) d->table[i].drafted &= d->table[i].lacks.n == 0;
    if (!settle(d)) return false;
    note_use(d);
    name_tables(d);
    return true;
}
