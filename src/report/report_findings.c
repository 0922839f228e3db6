/* Findings by code: how often and where first, what they mean, what to do. */
#include "base/limits.h"
#include "base/shown.h"
#include "report/report_model.h"
#include <stdlib.h>

/* A person sees the pattern in ten places; all of them stand in the rejects, the exceptions or the log. */
enum { PLACES_MAX = 10, TABLES_MAX = 20, SENTENCE_MAX = 1 << 20 };

static const char *const severity_word[] = {"note", "warning", "loss", "fatal"};

/* ---- sentences ---- */

static sv file_name(sv path)
{
    size_t from = path.n;
    while (from && path.p[from - 1] != '/' && path.p[from - 1] != '\\') from--;
    return (sv){path.n ? path.p + from : path.p, path.n - from};
}

static json_t *sentence(const char *form, const finding *x, uint64_t n)
{
    buf text = buf_new(SENTENCE_MAX);
    finding copy = *x;
    copy.path = file_name(x->path);
    finding_render(&text, form, &copy, n);
    json_t *said = json_clean(buf_view(&text));
    buf_free(&text);
    return said;
}

/* ---- one code ---- */

typedef struct code_group {
    finding_code code;
    const finding_kind **kind; /* of this code, by table */
    size_t kinds;
} code_group;

/* Sentences of up to `most` places of a kind; the same sentence only once. Returns how many there are. */
static size_t places_of_kind(model_maker *m, const finding_kind *k, size_t most, json_t *all)
{
    const finding *item[FINDINGS_KEPT_PER_KIND];
    size_t n = k->kept < FINDINGS_KEPT_PER_KIND ? k->kept : FINDINGS_KEPT_PER_KIND, said = 0;
    for (size_t i = 0; i < n; i++) item[i] = &k->item[i];
    qsort(item, n, sizeof item[0], findings_by_place);
    for (size_t i = 0; i < n && said < most; i++) {
        json_t *x = sentence(finding_text_of(k->code)->happened, item[i], k->count);
        size_t last = json_array_size(all);
        if (x && last && json_equal(x, json_array_get(all, last - 1))) {
            json_decref(x);
            continue;
        }
        push(m, all, x);
        said++;
    }
    return said;
}

/* A place of as many tables as there is room for; what room is left goes to the first ones. */
static void put_places(model_maker *m, const code_group *g, uint64_t number, json_t *o)
{
    json_t *all = json_array();
    size_t tables = g->kinds < PLACES_MAX ? g->kinds : PLACES_MAX, room = PLACES_MAX, said = 0;
    for (size_t i = 0; i < tables; i++) {
        size_t n = places_of_kind(m, g->kind[i], room - (tables - 1 - i), all);
        room -= n;
        said += n;
    }
    put(m, o, "places", all);
    put_number(m, o, "places_not_listed", number - (said < number ? said : number));
}

static void put_tables(model_maker *m, const code_group *g, json_t *o)
{
    json_t *all = json_array();
    size_t named = 0;
    for (size_t i = 0; i < g->kinds; i++) {
        if (!g->kind[i]->table.n) continue;
        if (named++ >= TABLES_MAX) continue;
        json_t *x = json_object();
        put_text(m, x, "name", g->kind[i]->table);
        put_number(m, x, "number", g->kind[i]->count);
        push(m, all, x);
    }
    put(m, o, "tables", all);
    put_number(m, o, "tables_not_listed", named > TABLES_MAX ? named - TABLES_MAX : 0);
}

static bool says(const char *text, sv word)
{
    size_t n = strlen(text);
    for (size_t i = 0; word.n && i + word.n <= n; i++)
        if (memcmp(text + i, word.p, word.n) == 0) return true;
    return false;
}

/* Where all of it stands: the lists that have lines of this code, and those that its own words name. */
static json_t *lists(model_maker *m, const finding_text *text)
{
    json_t *all = json_array();
    const sv id = sv_from(text->id);
    for (size_t i = 0; i < m->in->lefts; i++) {
        const sv path = m->in->left[i].path;
        uint64_t rows = 0;
        for (size_t k = 0; k < m->in->listeds; k++)
            if (sv_eq(m->in->listed[k].path, path) && sv_eq(m->in->listed[k].code, id)) rows += m->in->listed[k].rows;
        bool named = sv_starts(path, SV_LIT("quality/")) && says(text->next, file_name(path));
        if (!rows && !named) continue;
        json_t *o = json_object();
        put_text(m, o, "path", path);
        put(m, o, "rows", rows ? json_integer((json_int_t)rows) : json_null());
        push(m, all, o);
    }
    return all;
}

static json_t *group(model_maker *m, const code_group *g)
{
    const finding_text *text = finding_text_of(g->code);
    uint64_t number = findings_count(m->in->found, g->code), rows = 0;
    finding whole = FINDING_OF(g->code);
    for (size_t i = 0; i < g->kinds; i++) rows += g->kind[i]->rows;
    if (g->kinds && g->kind[0]->kept) whole = g->kind[0]->item[0];
    whole.rows = rows;
    json_t *o = json_object();
    put(m, o, "code", json_string(text->id));
    put(m, o, "severity", json_string(severity_word[text->level]));
    put(m, o, "title", json_string(text->title));
    put_number(m, o, "number", number);
    put_number(m, o, "rows", rows);
    put(m, o, "meaning", sentence(text->next, &whole, number));
    put_tables(m, g, o);
    put_places(m, g, number, o);
    put(m, o, "lists", lists(m, text));
    return o;
}

/* ---- all of them ---- */

static code_group group_of(const finding_kind **kind, size_t kinds, finding_code code)
{
    code_group g = {.code = code};
    for (size_t i = 0; i < kinds; i++) {
        if (kind[i]->code != code) continue;
        if (!g.kinds++) g.kind = &kind[i];
    }
    return g;
}

json_t *model_findings(model_maker *m)
{
    size_t n = findings_kinds(m->in->found);
    const finding_kind **kind = calloc(n ? n : 1, sizeof(const finding_kind *));
    if (!kind) return NULL;
    for (size_t i = 0; i < n; i++) kind[i] = findings_kind(m->in->found, i);
    json_t *all = json_array();
    for (int level = SEV_FATAL; level >= SEV_NOTE; level--)
        for (int code = 0; code < (int)FINDING_CODES; code++) {
            if ((int)finding_text_of((finding_code)code)->level != level) continue;
            if (!findings_count(m->in->found, (finding_code)code)) continue;
            code_group g = group_of(kind, n, (finding_code)code);
            push(m, all, group(m, &g));
        }
    free(kind);
    return all;
}
