#include "template/after_load.h"

enum { UNDO_ROWS_MAX = 100000000 };

static const yaml_key results_keys[] = {{"forms", YAML_IS_LIST, true}, {"extra_column", YAML_IS_TEXT, true}};
static const yaml_key form_keys[] = {
    {"form", YAML_IS_TEXT, true},   {"id", YAML_IS_LIST, false},      {"error", YAML_IS_LIST, false},
    {"state", YAML_IS_LIST, false}, {"created", YAML_IS_LIST, false}, {"updated", YAML_IS_LIST, false},
    {"row", YAML_IS_LIST, false},   {"named", YAML_IS_TEXT, false},   {"reason", YAML_IS_TEXT, false},
};
static const yaml_key undo_keys[] = {
    {"by", YAML_IS_TEXT, true},      {"column", YAML_IS_TEXT, false},         {"rows", YAML_IS_TEXT, false},
    {"empty", YAML_IS_TEXT, false},  {"before", YAML_IS_LIST, false},         {"delete", YAML_IS_TEXT, true},
    {"restore", YAML_IS_TEXT, true}, {"delete_keyless", YAML_IS_TEXT, false}, {"after", YAML_IS_LIST, false},
    {"keep", YAML_IS_LIST, false},
};
#define KEYS(table) table, sizeof table / sizeof table[0]

typedef struct rules_reader {
    sv file;
    arena *mem;
    problems *wrong;
} rules_reader;

static void wrong(const rules_reader *r, const yaml_node *at, const char *what)
{
    problem_add(r->wrong, r->file, at->line, at->column, "%s", what);
}

static sv text_of(const yaml_node *map, const char *key)
{
    const yaml_node *n = yaml_get(map, key);
    return n && n->kind == YAML_TEXT ? n->text : (sv){NULL, 0};
}

static word_list words_of(const rules_reader *r, const yaml_node *map, const char *key)
{
    const yaml_node *list = yaml_get(map, key);
    if (!list || list->kind != YAML_LIST) return (word_list){NULL, 0};
    sv *all = arena_array(r->mem, list->n + 1, sizeof *all);
    size_t n = 0;
    for (size_t i = 0; all && i < list->n; i++) {
        if (list->item[i]->kind == YAML_TEXT && list->item[i]->text.n)
            all[n++] = list->item[i]->text;
        else
            wrong(r, list->item[i], "a list of words holds words that are not empty");
    }
    return (word_list){all, n};
}

static void read_form(const rules_reader *r, const yaml_node *n, result_form *out)
{
    if (n->kind != YAML_MAP) {
        wrong(r, n, "a form is a map with form and the headings it is known by");
        return;
    }
    (void)yaml_check(r->file, n, "this form", KEYS(form_keys), r->wrong);
    *out = (result_form){.form = text_of(n, "form"),
                         .id = words_of(r, n, "id"),
                         .error = words_of(r, n, "error"),
                         .state = words_of(r, n, "state"),
                         .created = words_of(r, n, "created"),
                         .updated = words_of(r, n, "updated"),
                         .row = words_of(r, n, "row"),
                         .named = text_of(n, "named"),
                         .reason = text_of(n, "reason")};
    if (out->state.n && !out->created.n && !out->updated.n)
        wrong(r, n, "a form with \"state\" says by which words a row was created or updated");
    if (!out->state.n && (out->created.n || out->updated.n))
        wrong(r, n, "\"created\" and \"updated\" are words of the column \"state\"");
    if (!out->id.n && !out->error.n && !out->state.n && !out->named.n)
        wrong(r, n, "a form is known by at least one of id, error, state and named");
    if (out->reason.n && out->error.n) wrong(r, n, "\"reason\" is for files without a column of reasons");
}

const result_rules *result_rules_read(sv file, const yaml_node *map, arena *mem, problems *p)
{
    const rules_reader r = {file, mem, p};
    result_rules *out = arena_alloc(mem, sizeof *out);
    if (!out || map->kind != YAML_MAP) return NULL;
    (void)yaml_check(file, map, "\"results\"", KEYS(results_keys), p);
    out->extra_column = text_of(map, "extra_column");
    const yaml_node *list = yaml_get(map, "forms");
    if (list && list->kind == YAML_LIST) {
        result_form *all = arena_array(mem, list->n + 1, sizeof *all);
        for (size_t i = 0; all && i < list->n; i++) read_form(&r, list->item[i], &all[out->forms++]);
        out->form = all;
    }
    return out;
}

const undo_rules *undo_rules_read(sv file, const yaml_node *map, arena *mem, problems *p)
{
    const rules_reader r = {file, mem, p};
    undo_rules *out = arena_alloc(mem, sizeof *out);
    if (!out || map->kind != YAML_MAP) return NULL;
    (void)yaml_check(file, map, "\"undo\"", KEYS(undo_keys), p);
    const yaml_node *by = yaml_get(map, "by"), *rows = yaml_get(map, "rows");
    out->by_id = !by || by->kind != YAML_TEXT || !sv_eq(by->text, SV_LIT("key"));
    if (by && by->kind == YAML_TEXT && out->by_id && !sv_eq(by->text, SV_LIT("id")))
        wrong(&r, by, "\"by\" is one of id, key");
    out->column = text_of(map, "column");
    if (out->by_id && !out->column.n) wrong(&r, map, "\"column\" names the heading of the ids");
    if (rows && rows->kind == YAML_TEXT) (void)yaml_uint(file, rows, UNDO_ROWS_MAX, &out->rows, p);
    out->empty = text_of(map, "empty");
    out->before = words_of(&r, map, "before");
    out->remove = text_of(map, "delete");
    out->remove_keyless = text_of(map, "delete_keyless");
    out->restore = text_of(map, "restore");
    out->after = words_of(&r, map, "after");
    out->keep = words_of(&r, map, "keep");
    out->kept = yaml_get(map, "keep");
    return out;
}
