#include "base/yaml.h"
#include "base/limits.h"
#include "base/memory.h"
#include <inttypes.h>
#include <yaml.h>

/* ---- building the tree from libyaml's events ---- */

typedef struct growing { /* a list or map whose end has not come yet */
    yaml_node *node;
    const yaml_node **item;
    yaml_pair *pair;
    size_t n, room;
    yaml_pair key; /* of a map: the key whose value comes next */
    bool has_key;
} growing;

typedef struct builder {
    sv file;
    arena *mem;
    problems *wrong;
    growing open[YAML_DEPTH_MAX];
    unsigned depth;
    const yaml_node *root;
    unsigned documents;
    bool failed; /* cannot go on */
} builder;

static void wrong_at(builder *b, const yaml_mark_t *at, const char *text)
{
    problem_add(b->wrong, b->file, (unsigned)at->line + 1, (unsigned)at->column + 1, "%s", text);
}

static void *grow(builder *b, const void *old, size_t n, size_t room, size_t size)
{
    void *p = arena_array(b->mem, room, size);
    if (!p)
        b->failed = true;
    else if (n)
        memcpy(p, old, n * size);
    return p;
}

static bool make_room(builder *b, growing *g)
{
    if (g->n < g->room) return true;
    if (g->room >= YAML_ITEMS_MAX) {
        problem_add(b->wrong, b->file, g->node->line, g->node->column, "this %s is longer than any can be",
                    g->node->kind == YAML_MAP ? "map" : "list");
        b->failed = true;
        return false;
    }
    size_t room = g->room ? g->room * 2 : 8;
    if (room > YAML_ITEMS_MAX) room = YAML_ITEMS_MAX;
    if (g->node->kind == YAML_MAP) {
        yaml_pair *p = grow(b, g->pair, g->n, room, sizeof *p);
        if (p) g->pair = p;
    } else {
        const yaml_node **p = grow(b, g->item, g->n, room, sizeof *p);
        if (p) g->item = p;
    }
    if (!b->failed) g->room = room;
    return !b->failed;
}

static void take_key(builder *b, growing *g, const yaml_node *key)
{
    if (key->kind != YAML_TEXT || key->text.n == 0) {
        problem_add(b->wrong, b->file, key->line, key->column, "a key must be a plain word");
        g->key = (yaml_pair){SV_LIT(""), key->line, key->column, NULL};
    } else {
        g->key = (yaml_pair){key->text, key->line, key->column, NULL};
        size_t i = 0;
        while (i < g->n && !sv_eq(g->pair[i].key, key->text)) i++;
        if (i < g->n)
            problem_add(b->wrong, b->file, key->line, key->column, "the key \"%.*s\" stands here twice",
                        (int)key->text.n, key->text.p);
    }
    g->has_key = true;
}

/* A finished node goes to what is open around it. */
static void place(builder *b, const yaml_node *n)
{
    if (b->depth == 0) {
        b->root = n;
        return;
    }
    growing *g = &b->open[b->depth - 1];
    if (!g->node) return; /* begin pushes none */
    if (g->node->kind == YAML_MAP && !g->has_key) {
        take_key(b, g, n);
        return;
    }
    if (!make_room(b, g)) return;
    if (g->node->kind == YAML_MAP) {
        g->pair[g->n] = g->key;
        g->pair[g->n++].value = n;
        g->has_key = false;
    } else
        g->item[g->n++] = n;
}

static yaml_node *new_node(builder *b, yaml_kind kind, const yaml_mark_t *at)
{
    yaml_node *n = arena_alloc(b->mem, sizeof *n);
    if (!n)
        b->failed = true;
    else
        *n = (yaml_node){.kind = kind, .line = (unsigned)at->line + 1, .column = (unsigned)at->column + 1};
    return n;
}

static void begin(builder *b, yaml_kind kind, const yaml_event_t *e)
{
    if (b->depth == YAML_DEPTH_MAX) {
        wrong_at(b, &e->start_mark, "lists and maps are nested too deeply");
        b->failed = true;
        return;
    }
    yaml_node *n = new_node(b, kind, &e->start_mark);
    if (n) b->open[b->depth++] = (growing){.node = n};
}

static void end(builder *b)
{
    growing *g = &b->open[--b->depth];
    yaml_node *n = g->node;
    if (!n) return; /* begin pushes none */
    n->item = g->item;
    n->pair = g->pair;
    n->n = g->n;
    place(b, n);
}

static void scalar(builder *b, const yaml_event_t *e)
{
    yaml_node *n = new_node(b, YAML_TEXT, &e->start_mark);
    if (!n) return;
    n->text = arena_sv(b->mem, (sv){(const char *)e->data.scalar.value, e->data.scalar.length});
    if (!n->text.p) b->failed = true;
    place(b, n);
}

static void refuse_marks(builder *b, const yaml_event_t *e, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor) wrong_at(b, &e->start_mark, "anchors (&name) are not used in these files");
    if (tag) wrong_at(b, &e->start_mark, "tags (!name) are not used in these files");
}

static void take(builder *b, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        refuse_marks(b, e, e->data.scalar.anchor, e->data.scalar.tag);
        scalar(b, e);
        break;
    case YAML_SEQUENCE_START_EVENT:
        refuse_marks(b, e, e->data.sequence_start.anchor, e->data.sequence_start.tag);
        begin(b, YAML_LIST, e);
        break;
    case YAML_MAPPING_START_EVENT:
        refuse_marks(b, e, e->data.mapping_start.anchor, e->data.mapping_start.tag);
        begin(b, YAML_MAP, e);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: end(b); break;
    case YAML_ALIAS_EVENT: {
        wrong_at(b, &e->start_mark, "aliases (*name) are not used in these files");
        yaml_node *n = new_node(b, YAML_TEXT, &e->start_mark);
        if (n) place(b, n);
        break;
    }
    case YAML_DOCUMENT_START_EVENT:
        if (b->documents++ == 1) wrong_at(b, &e->start_mark, "a second document (---) is not used in these files");
        if (b->documents > 1) b->failed = true;
        break;
    default: break;
    }
}

/* A tab before the first other character of a line: libyaml's own words for it help nobody. */
static bool refuse_tabs(sv file, sv text, problems *p)
{
    unsigned line = 1, column = 1;
    bool leading = true, found = false;
    for (size_t i = 0; i < text.n; i++, column++) {
        if (text.p[i] == '\n') {
            line++;
            column = 0;
            leading = true;
        } else if (text.p[i] == '\t' && leading) {
            problem_add(p, file, line, column, "a tab: indent with blanks");
            found = true;
            leading = false;
        } else if (text.p[i] != ' ')
            leading = false;
    }
    return found;
}

static void say_syntax(builder *b, const yaml_parser_t *y)
{
    if (y->error == YAML_MEMORY_ERROR) memory_ran_out();
    const char *what = y->problem                      ? y->problem
                       : y->error == YAML_MEMORY_ERROR ? "the machine gave no more memory"
                                                       : "this is not YAML";
    problem_add(b->wrong, b->file, (unsigned)y->problem_mark.line + 1, (unsigned)y->problem_mark.column + 1, "%s%s%s",
                what, y->context ? " " : "", y->context ? y->context : "");
}

static void run(builder *b, yaml_parser_t *y)
{
    for (bool more = true; more && !b->failed;) {
        yaml_event_t e;
        if (!yaml_parser_parse(y, &e)) {
            say_syntax(b, y);
            b->failed = true;
            return;
        }
        take(b, &e);
        more = e.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&e);
    }
}

const yaml_node *yaml_parse(sv file, sv text, arena *mem, problems *p)
{
    builder b = {.file = file, .mem = mem, .wrong = p};
    yaml_parser_t y;
    if (text.n > YAML_BYTES_MAX) {
        problem_add(p, file, 0, 0, "the file is larger than any profile or template can be");
        return NULL;
    }
    if (refuse_tabs(file, text, p)) return NULL;
    if (!yaml_parser_initialize(&y)) {
        p->failed = true;
        return NULL;
    }
    yaml_parser_set_input_string(&y, (const unsigned char *)text.p, text.n);
    run(&b, &y);
    yaml_parser_delete(&y);
    if (!b.failed && !b.root) {
        yaml_mark_t start = {0, 0, 0};
        b.root = new_node(&b, YAML_MAP, &start);
    }
    return b.failed ? NULL : b.root;
}

/* ---- reading the tree ---- */

const yaml_node *yaml_get(const yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_MAP) return NULL;
    for (size_t i = 0; i < map->n; i++)
        if (sv_eq(map->pair[i].key, sv_from(key))) return map->pair[i].value;
    return NULL;
}

static const char *kind_names(int kinds)
{
    switch (kinds) {
    case YAML_IS_TEXT: return "a text";
    case YAML_IS_LIST: return "a list";
    case YAML_IS_MAP: return "a map (key: value)";
    case YAML_IS_TEXT | YAML_IS_LIST: return "a text or a list";
    case YAML_IS_TEXT | YAML_IS_MAP: return "a text or a map (key: value)";
    case YAML_IS_LIST | YAML_IS_MAP: return "a list or a map (key: value)";
    default: return "something else";
    }
}

static const yaml_key *known_key(const yaml_key *key, size_t keys, sv name)
{
    for (size_t i = 0; i < keys; i++)
        if (sv_eq(sv_from(key[i].name), name)) return &key[i];
    return NULL;
}

enum { KEYS_SUGGESTED_MAX = 64 };

static void say_unknown(sv file, const yaml_pair *pair, const char *what, const yaml_key *key, size_t keys, problems *p)
{
    sv name[KEYS_SUGGESTED_MAX];
    size_t n = keys < KEYS_SUGGESTED_MAX ? keys : KEYS_SUGGESTED_MAX;
    for (size_t i = 0; i < n; i++) name[i] = sv_from(key[i].name);
    sv best = problem_suggest(pair->key, name, n);
    if (best.p)
        problem_add(p, file, pair->line, pair->column, "unknown key \"%.*s\" in %s; did you mean \"%.*s\"?",
                    (int)pair->key.n, pair->key.p, what, (int)best.n, best.p);
    else
        problem_add(p, file, pair->line, pair->column, "unknown key \"%.*s\" in %s", (int)pair->key.n, pair->key.p,
                    what);
}

bool yaml_check(sv file, const yaml_node *map, const char *what, const yaml_key *key, size_t keys, problems *p)
{
    size_t before = p->n;
    if (map->kind != YAML_MAP) {
        problem_add(p, file, map->line, map->column, "%s must be a map (key: value)", what);
        return false;
    }
    for (size_t i = 0; i < map->n; i++) {
        const yaml_pair *pair = &map->pair[i];
        const yaml_key *k = known_key(key, keys, pair->key);
        if (!k)
            say_unknown(file, pair, what, key, keys, p);
        else if (!((int)k->kinds & 1 << pair->value->kind))
            problem_add(p, file, pair->value->line, pair->value->column, "\"%s\" in %s must be %s", k->name, what,
                        kind_names((int)k->kinds));
    }
    for (size_t i = 0; i < keys; i++)
        if (key[i].required && !yaml_get(map, key[i].name))
            problem_add(p, file, map->line, map->column, "%s lacks the key \"%s\"", what, key[i].name);
    return p->n == before;
}

bool yaml_bool(sv file, const yaml_node *n, bool *out, problems *p)
{
    *out = n->kind == YAML_TEXT && sv_eq(n->text, SV_LIT("true"));
    if (*out || (n->kind == YAML_TEXT && sv_eq(n->text, SV_LIT("false")))) return true;
    problem_add(p, file, n->line, n->column, "must be true or false");
    return false;
}

bool yaml_uint(sv file, const yaml_node *n, uint64_t max, uint64_t *out, problems *p)
{
    *out = 0;
    bool ok = n->kind == YAML_TEXT && n->text.n > 0;
    for (size_t i = 0; ok && i < n->text.n; i++) {
        unsigned digit = (unsigned char)n->text.p[i] - (unsigned)'0';
        ok = digit <= 9 && *out <= (max - (digit <= max ? digit : max)) / 10 && digit <= max;
        if (ok) *out = *out * 10 + digit;
    }
    if (!ok) problem_add(p, file, n->line, n->column, "must be a whole number from 0 to %" PRIu64, max);
    return ok;
}
