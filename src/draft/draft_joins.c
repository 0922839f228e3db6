/* Keys of records, and how a column leads to a record of another table. */
#include "draft/draft_internal.h"

enum { BY_KEY_POINTS = 98, SAME_NAME_POINTS = 95, BY_NAME_LESS = 15, KEY_NAME_MIN = 4, LOOKUP_COLUMNS_MAX = 8 };

/* ---- the key of a table's rows ---- */

static bool take_key(draft_table *t, const key_info *k)
{
    if (k->columns == 0 || k->columns > KEY_COLUMNS_MAX) return false;
    for (size_t i = 0; i < k->columns; i++) t->key[i] = k->column[i];
    t->keys = k->columns;
    return true;
}

static bool declared_key(draft_table *t, int kind, size_t most)
{
    for (size_t i = 0; i < t->info->keys; i++)
        if ((int)t->info->key[i].kind == kind && t->info->key[i].columns <= most && take_key(t, &t->info->key[i]))
            return true;
    return false;
}

static bool take_column(draft_table *t, size_t i)
{
    t->key[0] = (int)i;
    t->keys = 1;
    return true;
}

/* Every row has a value, and no two the same; unknown counts as true. */
static bool may_be_unique(const draft_table *t, size_t i)
{
    const column_facts *f = t->column[i].facts;
    if (!f || !t->facts || t->facts->rows == 0) return true;
    if (f->null || f->empty || f->unreadable) return false;
    return f->distinct_estimated || f->distinct == f->filled;
}

static bool named_key(const draft *d, draft_table *t)
{
    static const char *const words[] = {"ID", "No", "Key", "Code", "GUID", "PK"};
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        name_form form;
        name_form_of(sv_from(words[k]), &form);
        for (size_t i = 0; i < t->info->columns; i++)
            for (size_t n = 0; n < t->column[i].forms; n++)
                if (name_fits(&form, &t->column[i].form[n]) >= NAME_FITS_WITHOUT_PREFIX && may_be_unique(t, i))
                    return take_column(t, i);
    }
    uint8_t language;
    for (size_t i = 0; t->kind && i < t->info->columns; i++)
        if (draft_name_points(&t->kind->reference, &t->column[i], &language) && may_be_unique(t, i))
            return take_column(t, i);
    (void)d;
    return false;
}

void draft_key(draft *d, draft_table *t)
{
    t->keys = 0;
    if (declared_key(t, KEY_PRIMARY, KEY_COLUMNS_MAX) || declared_key(t, KEY_UNIQUE, 1)) return;
    for (size_t i = 0; i < t->info->columns; i++)
        if (t->column[i].info->identity && may_be_unique(t, i)) {
            (void)take_column(t, i);
            return;
        }
    (void)named_key(d, t);
}

/* ---- what tells a person what a row is ---- */

static bool is_name_word(const draft_column *c)
{
    static const char *const words[] = {"Name", "Title", "Description", "Label", "Text",
                                        "Ad",   "Adi",   "Aciklama",    "Tanim", "Baslik"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        name_form form;
        name_form_of(sv_from(words[i]), &form);
        for (size_t k = 0; k < c->forms; k++)
            if (name_fits(&form, &c->form[k]) >= NAME_FITS_BY_WORDS) return true;
    }
    return false;
}

int draft_label(const draft_table *t)
{
    int only = COLUMN_NONE, named = COLUMN_NONE;
    size_t texts = 0;
    if (t->info->columns > LOOKUP_COLUMNS_MAX) return COLUMN_NONE;
    for (size_t i = 0; i < t->info->columns; i++) {
        if (!draft_is_text(t->column[i].info) || t->column[i].key_of != TABLE_NONE) continue;
        bool key = t->keys == 1 && t->key[0] == (int)i;
        if (key) continue;
        texts++;
        only = (int)i;
        if (named == COLUMN_NONE && is_name_word(&t->column[i])) named = (int)i;
    }
    return named != COLUMN_NONE ? named : texts == 1 ? only : COLUMN_NONE;
}

/* ---- references ---- */

static bool is_one_kind(const column_info *a, const column_info *b)
{
    return draft_is_text(a) == draft_is_text(b) && (a->type == T_GUID) == (b->type == T_GUID);
}

/* The text by which people call a record: its whole name, or what it is called. */
static int name_of_record(const draft_table *t)
{
    static const char *const fields[] = {"full_name", "display", "name"};
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < t->choices; i++)
            if (strcmp(t->choice[i].field->name, fields[k]) == 0 && t->choice[i].way == WAY_AS_IS)
                return t->choice[i].column;
    return COLUMN_NONE;
}

/* How the reference is told once it is known which column leads to which table: an integer as it is, a text by looking
 * the key up, so that letter case and blanks are the key's. */
static bool lead_to(const draft *d, const draft_table *t, size_t column, int target, int by, draft_choice *out)
{
    const draft_table *to = &d->table[target];
    if (to->keys == 0) return false;
    out->table = target;
    out->by = by;
    out->label = COLUMN_NONE;
    bool is_key = to->keys == 1 && to->key[0] == by;
    bool plain = is_key && !draft_is_text(t->column[column].info) && !draft_is_text(to->column[by].info);
    out->way = plain ? WAY_KEY : WAY_BY_KEY;
    return true;
}

/* A text in place of a key: "DoktorAdi" in a table of patients. */
static bool lead_by_name(const draft *d, size_t target, draft_choice *out)
{
    int name = name_of_record(&d->table[target]);
    if (name == COLUMN_NONE || out->points < POINTS_MIN + BY_NAME_LESS) return false;
    out->table = (int)target;
    out->by = name;
    out->label = COLUMN_NONE;
    out->way = WAY_BY_NAME;
    out->points -= BY_NAME_LESS;
    out->why = "a name, looked up";
    return true;
}

static bool is_own_key(const draft_table *t, size_t column) { return t->keys == 1 && t->key[0] == (int)column; }

static bool by_foreign_key(const draft *d, const draft_table *t, size_t column, int target, draft_choice *out)
{
    const draft_column *c = &t->column[column];
    if (c->key_of != target) return false;
    out->points = BY_KEY_POINTS;
    out->why = "foreign key";
    return lead_to(d, t, column, target, c->key_column, out);
}

static bool by_same_name(const draft *d, const draft_table *t, size_t column, int target, draft_choice *out)
{
    const draft_table *to = &d->table[target];
    if (to->keys != 1 || to == t || is_own_key(t, column)) return false;
    const draft_column *key = &to->column[to->key[0]], *c = &t->column[column];
    if (key->info->name.n < KEY_NAME_MIN || !sv_eq_nocase(key->info->name, c->info->name)) return false;
    if (!is_one_kind(key->info, c->info)) return false;
    out->points = SAME_NAME_POINTS;
    out->why = "the name of the other table's key";
    return lead_to(d, t, column, target, to->key[0], out);
}

static bool by_words(const draft *d, const draft_table *t, size_t column, int target, const vocabulary_field *f,
                     draft_choice *out)
{
    const draft_table *to = &d->table[target];
    const draft_column *c = &t->column[column];
    uint8_t language = 0, other = 0;
    if (is_own_key(t, column) || to->keys != 1 || c->key_of != TABLE_NONE) return false;
    unsigned own = draft_name_points(&f->words, c, &language);
    unsigned generic = to->kind ? draft_name_points(&to->kind->reference, c, &other) : 0;
    out->points = own > generic ? own : generic;
    out->language = own > generic ? language : other;
    if (out->points < POINTS_MIN || (to == t && own == 0)) return false;
    out->why = "its name";
    const draft_column *key = &to->column[to->key[0]];
    bool words = draft_is_text(c->info) && !draft_looks(c, LOOKS_INTEGER) &&
                 (draft_looks(c, LOOKS_WORD) || draft_looks(c, LOOKS_WORDS));
    if (is_one_kind(key->info, c->info) && !(words && draft_looks(key, LOOKS_INTEGER)))
        return lead_to(d, t, column, target, to->key[0], out);
    return draft_is_text(c->info) && lead_by_name(d, (size_t)target, out);
}

bool draft_reference(const draft *d, const draft_table *t, size_t column, const vocabulary_field *f, draft_choice *out)
{
    draft_choice best = {.points = 0};
    int at = TABLE_NONE;
    for (size_t from = 0; (at = draft_table_of(d, f->field->target, from)) != TABLE_NONE; from = (size_t)at + 1) {
        draft_choice x = {.field = f->field, .column = (int)column, .time_column = COLUMN_NONE, .rival = COLUMN_NONE};
        bool found = by_foreign_key(d, t, column, at, &x) || by_same_name(d, t, column, at, &x) ||
                     by_words(d, t, column, at, f, &x);
        if (found && x.points > best.points) best = x;
    }
    if (best.points < POINTS_MIN) return false;
    *out = best;
    return true;
}
