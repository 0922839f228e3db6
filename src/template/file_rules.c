/* `files:` of destination.yaml. */
#include "template/file_rules.h"
#include "base/ascii.h"

static const yaml_key files_keys[] = {
    {"as", YAML_IS_TEXT, true},
    {"name", YAML_IS_TEXT, true},
    {"csv", YAML_IS_TEXT, false},
    {"member_bytes_max", YAML_IS_TEXT | YAML_IS_MAP, false},
    {"zip_bytes_max", YAML_IS_TEXT | YAML_IS_MAP, false},
    {"zip_members_max", YAML_IS_TEXT | YAML_IS_MAP, false},
    {"forbidden", YAML_IS_LIST, false},
    {"columns", YAML_IS_LIST, false},
    {"bom", YAML_IS_TEXT, false},
    {"letters_pdf", YAML_IS_TEXT, false},
};
static const yaml_key column_keys[] = {
    {"heading", YAML_IS_TEXT, true}, {"fact", YAML_IS_TEXT, false}, {"const", YAML_IS_TEXT, false}};
#define KEYS(table) table, sizeof table / sizeof table[0]

static const sv facts[] = {{"document", 8}, {"patient", 7}, {"exam", 4}, {"kind", 4},    {"category", 8},
                           {"captured", 8}, {"name", 4},    {"file", 4}, {"archive", 7}, {"unpacked", 8},
                           {"by_hand", 7},  {"bytes", 5},   {"type", 4}, {"sha256", 6},  {"pdf_of", 6}};

const sv *file_facts(size_t *n)
{
    *n = sizeof facts / sizeof facts[0];
    return facts;
}

bool file_fact_is_known(sv name)
{
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (sv_eq(facts[i], name)) return true;
    return false;
}

typedef struct rules_reader {
    sv file;
    arena *mem;
    problems *wrong;
    bool sources; /* each limit must say where it is from */
} rules_reader;

static const yaml_node *text_of(const yaml_node *map, const char *key)
{
    const yaml_node *n = yaml_get(map, key);
    return n && n->kind == YAML_TEXT ? n : NULL;
}

static void wrong(const rules_reader *r, const yaml_node *at, const char *what, sv word)
{
    problem_add(r->wrong, r->file, at->line, at->column, "%s \"%.*s\"", what, (int)word.n, word.p);
}

/* Letters, digits, - and _: fine on every system. */
static bool is_plain(sv name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!is_letter(c) && !is_digit(c) && c != '_' && c != '-') return false;
    }
    return name.n > 0 && name.n <= 40;
}

static void read_form(const rules_reader *r, const yaml_node *map, file_rules *out)
{
    static const sv forms[] = {{"zip", 3}, {"attachments", 11}, {"folder", 6}};
    const yaml_node *n = text_of(map, "as"), *csv = text_of(map, "csv");
    size_t i = 0;
    while (n && i < 3 && !sv_eq(n->text, forms[i])) i++;
    if (n && i == 3) wrong(r, n, "\"as\" is one of zip, attachments, folder, not", n->text);
    out->as = (file_form)(i < 3 ? i : 0);
    if (csv) out->csv = csv->text;
    bool is_csv = csv && sv_ends(csv->text, SV_LIT(".csv")) && is_plain((sv){csv->text.p, csv->text.n - 4});
    if (csv && !is_csv) wrong(r, csv, "\"csv\" is named by letters, digits, - and _, and ends in .csv:", csv->text);
    if ((out->as == FILES_ATTACHMENTS) != (csv != NULL) && n)
        wrong(r, csv ? csv : n, "\"csv\" is the list beside attachments, and of them only:", n->text);
}

/* A number, or {is: 100, source: "..."}. */
static void read_limit(const rules_reader *r, const yaml_node *map, const char *key, uint64_t *out)
{
    static const yaml_key limit_keys[] = {{"is", YAML_IS_TEXT, true}, {"source", YAML_IS_TEXT, true}};
    const yaml_node *n = yaml_get(map, key);
    if (n && n->kind == YAML_MAP) {
        (void)yaml_check(r->file, n, key, KEYS(limit_keys), r->wrong);
        n = text_of(n, "is");
    } else if (n && n->kind == YAML_TEXT && r->sources) {
        problem_add(r->wrong, r->file, n->line, n->column,
                    "\"%s\" says nothing of its source: {is: %.*s, source: \"where that is said\"}", key,
                    (int)n->text.n, n->text.p);
    }
    if (n && n->kind == YAML_TEXT) (void)yaml_uint(r->file, n, UINT64_MAX / 2, out, r->wrong);
}

static void read_forbidden(const rules_reader *r, const yaml_node *map, file_rules *out)
{
    const yaml_node *list = yaml_get(map, "forbidden");
    if (!list || list->kind != YAML_LIST) return;
    sv *all = arena_array(r->mem, list->n + 1, sizeof *all);
    for (size_t i = 0; all && i < list->n; i++) {
        const yaml_node *n = list->item[i];
        if (n->kind != YAML_TEXT || !is_plain(n->text))
            wrong(r, n, "an extension is letters and digits without a dot, not", n->text);
        else
            all[out->forbiddens++] = n->text;
    }
    out->forbidden = all;
}

static void read_column(const rules_reader *r, const yaml_node *n, file_column *out)
{
    if (n->kind != YAML_MAP) {
        wrong(r, n, "a column is a map with heading and fact or const, not", n->text);
        return;
    }
    (void)yaml_check(r->file, n, "this column", KEYS(column_keys), r->wrong);
    const yaml_node *heading = text_of(n, "heading"), *fact = text_of(n, "fact"), *constant = text_of(n, "const");
    if (heading) out->heading = heading->text;
    if (constant) out->constant = constant->text;
    if (fact) out->fact = fact->text;
    if (!fact == !constant) problem_add(r->wrong, r->file, n->line, n->column, "a column has either fact or const");
    if (!fact || file_fact_is_known(fact->text)) return;
    sv near = problem_suggest(fact->text, facts, sizeof facts / sizeof facts[0]);
    problem_add(r->wrong, r->file, fact->line, fact->column, "nothing is known of a file as \"%.*s\"%s%.*s%s",
                (int)fact->text.n, fact->text.p, near.n ? " (did you mean \"" : "", (int)near.n, near.n ? near.p : "",
                near.n ? "\"?)" : "");
}

static void read_columns(const rules_reader *r, const yaml_node *map, file_rules *out)
{
    const yaml_node *list = yaml_get(map, "columns");
    if (!list || list->kind != YAML_LIST) return;
    file_column *all = arena_array(r->mem, list->n + 1, sizeof *all);
    for (size_t i = 0; all && i < list->n; i++) read_column(r, list->item[i], &all[out->columns++]);
    out->column = all;
}

const file_rules *file_rules_read(sv file, const yaml_node *map, bool sources, arena *mem, problems *p)
{
    const rules_reader r = {file, mem, p, sources};
    file_rules *out = arena_alloc(mem, sizeof *out);
    size_t before = p->n;
    if (!out || map->kind != YAML_MAP) return NULL;
    (void)yaml_check(file, map, "\"files\"", KEYS(files_keys), p);
    const yaml_node *n = text_of(map, "name");
    if (n) out->name = n->text;
    if (n && !is_plain(n->text)) wrong(&r, n, "\"name\" is up to 40 letters, digits, - and _, not", n->text);
    read_form(&r, map, out);
    read_limit(&r, map, "member_bytes_max", &out->member_bytes_max);
    read_limit(&r, map, "zip_bytes_max", &out->zip_bytes_max);
    read_limit(&r, map, "zip_members_max", &out->zip_members_max);
    read_forbidden(&r, map, out);
    read_columns(&r, map, out);
    n = text_of(map, "bom");
    if (n) (void)yaml_bool(file, n, &out->bom, p);
    n = text_of(map, "letters_pdf");
    if (n) (void)yaml_bool(file, n, &out->letters_pdf, p);
    return p->n == before && !p->failed ? out : NULL;
}
