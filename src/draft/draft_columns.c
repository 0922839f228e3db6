/* The columns of all tables: their names, prepared, and where their foreign keys lead. */
#include "draft/draft_internal.h"

/* Of two columns more has to be the same than of several. */
enum { PREFIX_MIN = 2, PREFIX_OF_TWO_MIN = 3, PREFIX_SHARE = 60, STEM_MIN = 3 };

static void add_form(draft_column *c, sv name)
{
    if (name.n == 0 || c->forms == COLUMN_FORMS_MAX) return;
    name_form_of(name, &c->form[c->forms]);
    if (c->form[c->forms].n) c->forms++;
}

static sv folded(const name_form *f) { return (sv){f->folded, f->n}; }

static size_t common(sv a, sv b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n]) n++;
    return n;
}

/* What more than half of the columns begin with is the table's mark: docid, docfname, doclname. */
static sv shared_prefix(const draft_table *t)
{
    sv best = {NULL, 0};
    bool few = t->info->columns < 3;
    size_t least = few ? PREFIX_OF_TWO_MIN : PREFIX_MIN;
    for (size_t i = 0; i < t->info->columns && t->info->columns >= 2; i++) {
        sv name = folded(&t->column[i].form[0]);
        for (size_t n = name.n; n > best.n && n >= least; n--) {
            size_t with = 0;
            for (size_t k = 0; k < t->info->columns; k++) {
                sv other = folded(&t->column[k].form[0]);
                with += other.n > n && common(name, other) >= n;
            }
            if (with * 100 >= t->info->columns * PREFIX_SHARE && with >= (few ? 2U : 3U)) best = (sv){name.p, n};
        }
    }
    return best;
}

/* Bytes of the name that are the table's own: "Hastalar" and HastaNo. */
static size_t table_prefix(const draft_table *t, const draft_column *c)
{
    name_form table;
    name_form_of(t->info->name, &table);
    sv stem = {table.folded + table.prefix, (size_t)table.n - table.prefix}, name = folded(&c->form[0]);
    size_t n = common(stem, name);
    /* All of the table's name, or all but an ending of it (-lar, -s, -ies), up to a word of the column. */
    for (size_t w = 1; w < c->form[0].words; w++)
        if (c->form[0].word[w] == n && n >= STEM_MIN && stem.n - n <= 4) return n;
    return n == stem.n && n >= STEM_MIN && name.n > n ? n : 0;
}

/* A column that refers to a row is also what the row says: GenderID is a gender. */
static void add_without_key_word(draft_column *c)
{
    static const char *const words[] = {"id", "no", "key", "code", "num", "fk"};
    sv name = folded(&c->form[0]);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        sv w = sv_from(words[i]);
        if (name.n < w.n + STEM_MIN || memcmp(name.p + name.n - w.n, w.p, w.n) != 0) continue;
        add_form(c, (sv){name.p, name.n - w.n});
        return;
    }
}

static int table_named(const draft *d, sv schema, sv name)
{
    for (size_t i = 0; i < d->tables; i++)
        if (sv_eq_nocase(d->table[i].info->name, name) &&
            (schema.n == 0 || sv_eq_nocase(d->table[i].info->schema, schema)))
            return (int)i;
    return TABLE_NONE;
}

static int column_named(const table_info *t, sv name)
{
    for (size_t i = 0; i < t->columns; i++)
        if (sv_eq_nocase(t->column[i].name, name)) return (int)i;
    return COLUMN_NONE;
}

static void read_foreign_keys(const draft *d, draft_table *t)
{
    for (size_t i = 0; i < t->info->keys; i++) {
        const key_info *k = &t->info->key[i];
        if (k->kind != KEY_FOREIGN || k->columns != 1) continue;
        draft_column *c = &t->column[k->column[0]];
        int table = table_named(d, k->ref_schema, k->ref_table);
        int column = table == TABLE_NONE ? COLUMN_NONE : column_named(d->table[table].info, k->ref_column[0]);
        if (column == COLUMN_NONE) continue;
        c->key_of = table;
        c->key_column = column;
        add_without_key_word(c);
    }
}

static bool prepare(const draft *d, draft_table *t)
{
    t->column = arena_array(d->mem, t->info->columns + 1, sizeof *t->column);
    if (!t->column) return false;
    for (size_t i = 0; i < t->info->columns; i++) {
        draft_column *c = &t->column[i];
        *c = (draft_column){.info = &t->info->column[i], .key_of = TABLE_NONE, .key_column = COLUMN_NONE};
        c->facts = t->facts && t->facts->column ? &t->facts->column[i] : NULL;
        name_form_of(c->info->name, &c->form[0]);
        c->forms = 1;
    }
    sv shared = shared_prefix(t);
    for (size_t i = 0; i < t->info->columns; i++) {
        draft_column *c = &t->column[i];
        sv name = folded(&c->form[0]);
        size_t own = table_prefix(t, c);
        if (own) add_form(c, (sv){name.p + own, name.n - own});
        bool marked = shared.n && name.n > shared.n && sv_starts(name, shared);
        if (marked && shared.n != own) add_form(c, (sv){name.p + shared.n, name.n - shared.n});
    }
    return true;
}

bool draft_columns(draft *d)
{
    d->tables = d->run->list->tables;
    d->table = arena_array(d->mem, d->tables + 1, sizeof *d->table);
    if (!d->table) return false;
    for (size_t i = 0; i < d->tables; i++) {
        d->table[i] = (draft_table){.info = &d->run->list->table[i]};
        if (d->run->facts && i < d->run->facts->tables) d->table[i].facts = &d->run->facts->table[i];
        if (!prepare(d, &d->table[i])) return false;
    }
    for (size_t i = 0; i < d->tables; i++) read_foreign_keys(d, &d->table[i]);
    return true;
}
