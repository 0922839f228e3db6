/* The key `tables:` of a profile: the names that its tables and columns may have in a source. */
#include "profile/profile_internal.h"

enum { TABLE_NAMES_MAX = 128 };

const profile_table *profile_table_named(const profile *x, sv name)
{
    for (size_t i = 0; i < x->tables; i++)
        if (sv_eq_nocase(x->table[i].name, name)) return &x->table[i];
    return NULL;
}

size_t profile_column_named(const profile_table *t, sv name)
{
    for (size_t i = 0; i < t->columns; i++)
        if (sv_eq_nocase(t->column[i].name, name)) return i;
    return SIZE_MAX;
}

const sv *profile_texts(const profile_reader *r, const yaml_node *list, const char *what, size_t *n)
{
    *n = 0;
    if (!list || list->kind != YAML_LIST) return NULL;
    sv *all = profile_array(r, list->n, sizeof *all);
    for (size_t i = 0; all && i < list->n; i++) {
        const yaml_node *x = list->item[i];
        if (x->kind == YAML_TEXT && x->text.n)
            all[(*n)++] = x->text;
        else
            profile_problem(r, x, "%s must be a name", what);
    }
    return all;
}

/* The own name and its synonyms, ready for comparing. */
static const name_form *forms_of(const profile_reader *r, sv name, const yaml_node *synonyms, size_t *n)
{
    size_t more = 0;
    const sv *text = profile_texts(r, synonyms, "a synonym", &more);
    name_form *form = profile_array(r, more + 1, sizeof *form);
    *n = 0;
    if (!form) return NULL;
    name_form_of(name, &form[(*n)++]);
    for (size_t i = 0; i < more; i++) name_form_of(text[i], &form[(*n)++]);
    return form;
}

static const yaml_key table_column_keys[] = {{"names", YAML_IS_LIST, false}, {"required", YAML_IS_TEXT, false}};

static void read_column(const profile_reader *r, const yaml_pair *pair, profile_column *out)
{
    const yaml_node *n = pair->value, *synonyms = n, *required = NULL;
    *out = (profile_column){.name = pair->key};
    if (n->kind == YAML_MAP) {
        yaml_check(r->x->file, n, "a column", table_column_keys, sizeof table_column_keys / sizeof table_column_keys[0],
                   r->wrong);
        synonyms = yaml_get(n, "names");
        required = yaml_get(n, "required");
    } else if (n->kind == YAML_TEXT && n->text.n) {
        profile_problem(r, n, "the synonyms of a column are a list");
    }
    if (required && required->kind == YAML_TEXT) yaml_bool(r->x->file, required, &out->required, r->wrong);
    out->form = forms_of(r, pair->key, synonyms, &out->forms);
}

static void read_columns(const profile_reader *r, const yaml_node *columns, profile_table *t)
{
    if (!columns || columns->kind != YAML_MAP) return;
    profile_column *all = profile_array(r, columns->n, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < columns->n; i++) {
        const yaml_pair *pair = &columns->pair[i];
        for (size_t k = 0; k < i; k++)
            if (sv_eq_nocase(columns->pair[k].key, pair->key))
                problem_add(r->wrong, r->x->file, pair->line, pair->column,
                            "the column \"%.*s\" stands here twice, letter case aside", (int)pair->key.n, pair->key.p);
        read_column(r, pair, &all[i]);
    }
    if (columns->n == 0) profile_problem(r, columns, "a table has columns");
    t->column = all;
    t->columns = columns->n;
}

/* It becomes the name of a view, beside the tables of the source. */
static bool is_table_name(sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && !(i > 0 && c >= '0' && c <= '9')) return false;
    }
    return s.n > 0 && s.n <= TABLE_NAMES_MAX && !(s.n >= 7 && sv_eq_nocase((sv){s.p, 7}, SV_LIT("sqlite_")));
}

static const yaml_key table_keys[] = {{"names", YAML_IS_LIST, false},
                                      {"key", YAML_IS_TEXT, false},
                                      {"positions", YAML_IS_TEXT, false},
                                      {"columns", YAML_IS_MAP, true}};

static void read_table(const profile_reader *r, const yaml_pair *pair, profile_table *t)
{
    const yaml_node *n = pair->value;
    *t = (profile_table){.name = pair->key, .line = pair->line, .at = pair->column};
    if (!is_table_name(pair->key))
        problem_add(r->wrong, r->x->file, pair->line, pair->column,
                    "the name of a table has letters, digits and _ (names as the source may have them stand in "
                    "\"names\")");
    yaml_check(r->x->file, n, "a table", table_keys, sizeof table_keys / sizeof table_keys[0], r->wrong);
    t->form = forms_of(r, pair->key, yaml_get(n, "names"), &t->forms);
    read_columns(r, yaml_get(n, "columns"), t);
    const yaml_node *positions = yaml_get(n, "positions"), *key = yaml_get(n, "key");
    if (positions && positions->kind == YAML_TEXT) yaml_bool(r->x->file, positions, &t->positions, r->wrong);
    t->key = profile_text(n, "key");
    if (key && t->key.n && profile_column_named(t, t->key) == SIZE_MAX)
        profile_problem(r, key, "\"key\" names no column of the table");
}

void profile_read_tables(const profile_reader *r, const yaml_node *tables)
{
    if (!tables || tables->kind != YAML_MAP) return;
    profile_table *all = profile_array(r, tables->n, sizeof *all);
    if (!all) return;
    r->x->table = all;
    for (size_t i = 0; i < tables->n; i++) {
        const yaml_pair *pair = &tables->pair[i];
        if (profile_table_named(r->x, pair->key))
            problem_add(r->wrong, r->x->file, pair->line, pair->column,
                        "the table \"%.*s\" stands here twice, letter case aside", (int)pair->key.n, pair->key.p);
        read_table(r, pair, &all[i]);
        r->x->tables = i + 1;
    }
}
