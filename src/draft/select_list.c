#include "draft/select_list.h"

typedef enum token_kind { END, WORD, QUOTED, TEXT, SIGN, COMMENT } token_kind;

typedef struct token {
    token_kind kind;
    sv text;   /* without the quotes of a name */
    size_t at; /* of its first byte */
    size_t end;
} token;

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static size_t quoted_end(sv s, size_t at)
{
    char close = s.p[at] == '[' ? ']' : s.p[at];
    size_t i = at + 1;
    while (i < s.n && !(s.p[i] == close && !(i + 1 < s.n && s.p[i + 1] == close && close != ']')))
        i += s.p[i] == close ? 2 : 1;
    return i < s.n ? i + 1 : s.n;
}

static token next_token(sv s, size_t at)
{
    while (at < s.n && strchr(" \t\r\n", s.p[at])) at++;
    if (at >= s.n || s.p[at] == '\0') return (token){END, {NULL, 0}, s.n, s.n};
    size_t end = at + 1;
    token_kind kind = SIGN;
    sv text = {s.p + at, 1};
    char c = s.p[at];
    if (c == '-' && end < s.n && s.p[end] == '-') {
        while (end < s.n && s.p[end] != '\n') end++;
        kind = COMMENT;
    } else if (c == '/' && end < s.n && s.p[end] == '*') {
        while (end < s.n && !(s.p[end] == '/' && s.p[end - 1] == '*' && end > at + 2)) end++;
        end = end < s.n ? end + 1 : s.n;
        kind = COMMENT;
    } else if (c == '"' || c == '[' || c == '`' || c == '\'') {
        end = quoted_end(s, at);
        kind = c == '\'' ? TEXT : QUOTED;
    } else if (is_word(c)) {
        while (end < s.n && is_word(s.p[end])) end++;
        kind = WORD;
    }
    text.n = end - at;
    if (kind == QUOTED && text.n >= 2) text = (sv){text.p + 1, text.n - 2};
    return (token){kind, text, at, end};
}

static bool is(const token *t, const char *word) { return t->kind == WORD && sv_eq_nocase(t->text, sv_from(word)); }
static bool is_sign(const token *t, char c) { return t->kind == SIGN && t->text.p[0] == c; }

/* ---- the list ---- */

/* "-- 95 ?: name; ..." up to the end of the line. */
static unsigned points_behind(sv sql, size_t at)
{
    while (at < sql.n && (sql.p[at] == ' ' || sql.p[at] == ',')) at++;
    unsigned points = 0;
    if (at + 3 > sql.n || memcmp(sql.p + at, "-- ", 3) != 0) return 0;
    for (at += 3; at < sql.n && sql.p[at] >= '0' && sql.p[at] <= '9' && points < 100; at++)
        points = points * 10 + (unsigned)(sql.p[at] - '0');
    return points <= 100 ? points : 0;
}

typedef struct item_reader {
    sv sql;
    size_t from, as,
        last_end; /* of the item; behind what stands before its AS outside of parentheses; behind its last token */
    token last;
    bool any;
} item_reader;

static void begin(item_reader *r)
{
    r->as = SIZE_MAX;
    r->any = false;
}

static void take(item_reader *r, const token *t, bool as)
{
    if (t->kind == COMMENT) return;
    if (!r->any) r->from = t->at;
    if (as) r->as = r->last_end;
    r->any = true;
    r->last = *t;
    r->last_end = t->end;
}

static void end_item(const item_reader *r, size_t at, select_item *out)
{
    size_t end = r->as != SIZE_MAX ? r->as : r->last_end;
    while (end > r->from && strchr(" \t\r\n", r->sql.p[end - 1])) end--;
    *out = (select_item){r->last.text, {r->sql.p + r->from, end - r->from}, points_behind(r->sql, at)};
}

const select_item *select_items(sv sql, arena *mem, size_t *n)
{
    size_t room = 1, depth = 0;
    for (size_t i = 0; i < sql.n; i++) room += sql.p[i] == ',';
    select_item *all = arena_array(mem, room + 1, sizeof *all);
    item_reader r = {.sql = sql};
    bool inside = false;
    *n = 0;
    if (!all) return NULL;
    for (token t = next_token(sql, 0); t.kind != END; t = next_token(sql, t.end)) {
        bool outside = depth == 0;
        if (is_sign(&t, '(')) depth++;
        if (is_sign(&t, ')') && depth) depth--;
        if (!inside) {
            inside = outside && is(&t, "select");
            begin(&r);
            continue;
        }
        bool over = outside && is(&t, "from");
        if (outside && (over || is_sign(&t, ','))) {
            if (r.any && *n < room) end_item(&r, over ? r.last_end : t.end, &all[(*n)++]);
            begin(&r);
            if (over) return all;
            continue;
        }
        if (outside && !r.any && (is(&t, "distinct") || is(&t, "all"))) continue;
        take(&r, &t, outside && is(&t, "as"));
    }
    if (inside && r.any && *n < room) end_item(&r, r.last_end, &all[(*n)++]);
    return all;
}

/* ---- names ---- */

static bool is_name(const token *t) { return t->kind == WORD || t->kind == QUOTED; }

void select_names(sv s, select_visit visit, void *ctx)
{
    token t = next_token(s, 0);
    while (t.kind != END) {
        token behind = next_token(s, t.end);
        if (is_name(&t) && is_sign(&behind, '.')) {
            token name = next_token(s, behind.end);
            if (is_name(&name)) visit(ctx, t.text, name.text);
            t = name.kind == END ? name : next_token(s, name.end);
            continue;
        }
        bool digits = t.kind == WORD && t.text.p[0] >= '0' && t.text.p[0] <= '9';
        if (is_name(&t) && !digits && !is_sign(&behind, '(')) visit(ctx, (sv){NULL, 0}, t.text);
        t = behind;
    }
}

/* A table's name at t, schema and all; the token behind it. */
static token table_at(sv s, token t, sv *name)
{
    *name = t.text;
    token behind = next_token(s, t.end);
    if (t.kind != WORD || !is_sign(&behind, '.') || !sv_eq_nocase(t.text, SV_LIT("source"))) return behind;
    token rest = next_token(s, behind.end);
    *name = rest.text;
    return next_token(s, rest.end);
}

static bool is_keyword(const token *t)
{
    static const char *const words[] = {"on",     "left",      "right", "inner",  "outer",  "cross", "natural",
                                        "join",   "where",     "group", "order",  "having", "limit", "union",
                                        "except", "intersect", "using", "select", "window"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (is(t, words[i])) return true;
    return false;
}

typedef struct wanted {
    sv alias, table;
    select_visit visit;
    void *ctx;
} wanted;

static void each_table(sv s, wanted *w)
{
    bool expects = false;
    for (token t = next_token(s, 0); t.kind != END;) {
        if (!expects || !is_name(&t) || is_keyword(&t)) {
            expects = is(&t, "from") || is(&t, "join") || (expects && t.kind == COMMENT);
            t = next_token(s, t.end);
            continue;
        }
        sv name;
        token alias = table_at(s, t, &name);
        if (w->visit) w->visit(w->ctx, (sv){NULL, 0}, name);
        bool found = sv_eq_nocase(name, w->alias);
        if (is(&alias, "as")) alias = next_token(s, alias.end);
        bool named = is_name(&alias) && !is_keyword(&alias);
        found |= named && sv_eq_nocase(alias.text, w->alias);
        if (found && !w->table.p) w->table = name;
        if (named) alias = next_token(s, alias.end);
        expects = is_sign(&alias, ',');
        t = expects ? next_token(s, alias.end) : alias;
    }
}

sv select_table_of(sv sql, sv alias)
{
    wanted w = {.alias = alias};
    each_table(sql, &w);
    return w.table;
}

void select_tables(sv sql, select_visit visit, void *ctx)
{
    wanted w = {.alias = SV_LIT(""), .visit = visit, .ctx = ctx};
    each_table(sql, &w);
}
