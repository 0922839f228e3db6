/* Where the values of records stand in the source: each SELECT once more, of the columns that its expressions name beside their rows'
 * keys. Which column of which table a name means is told by SQLite itself: it is prepared with and without the name, and what is read
 * more is what it means. What is made by a SELECT within the
 * expression, of a group, or of no column at all stands in no one column. */
#include "profile/profile_internal.h"
#include <stdio.h>
#include <stdlib.h>

enum { SQL_BYTES_MAX = 1 << 18, REFERENCES_MAX = 24, LEGS_MAX = 8, NAME_BYTES_MAX = 4096 };

/* A column that an expression names. */
typedef struct reference {
    sv text; /* "p.LastName" */
    int table, column;
    int key;    /* column of the table that tells its rows apart; -1: none is known */
    int at;     /* its place in the traced statement */
    int key_at; /* the same of its row's key; -1: none */
} reference;

/* A result column. */
typedef struct item {
    sv text; /* without its name */
    int role;
    reference *reference;
    size_t references;
} item;

typedef struct tracing {
    profile_source *s;
    const profile_trace_sink *sink;
    const profile_entity *e;
    size_t entity;
    arena *mem;
    uint16_t **reads; /* of each table of the source and column: how often the statement just prepared reads it */
    int *view;        /* of each table: the profile's table through which it is read; -1: none */
    item *item;
    size_t items;
    sv before, rest; /* of the statement: WITH ..., and from FROM on */
    sqlite3_stmt *st;
    int key_at, table_at; /* table_at -1: the driving table */
    buf text, row, key;
} tracing;

/* ---- what a name means ---- */

static void note_column(const tracing *t, size_t table, sv column)
{
    const table_info *info = &t->s->list->table[table];
    buf name = buf_new(NAME_BYTES_MAX);
    for (size_t i = 0; i < info->columns; i++) {
        buf_clear(&name);
        sql_column_name(info, i, &name);
        if (sv_eq_nocase(buf_view(&name), column)) t->reads[table][i]++;
    }
    buf_free(&name);
}

static void note_read(void *ctx, sv schema, sv table, sv column, sv inner)
{
    const tracing *t = ctx;
    const profile_source *s = t->s;
    if (sv_eq_nocase(schema, SV_LIT("temp"))) {
        const profile_table *p = profile_table_named(s->x, table);
        size_t i = p ? profile_column_named(p, column) : SIZE_MAX;
        if (i == SIZE_MAX) return;
        const table_match *m = &s->match[p - s->x->table];
        if (m->column[i] == MATCH_NONE) return;
        t->reads[m->table][m->column[i]]++;
        t->view[m->table] = (int)(p - s->x->table);
        return;
    }
    if (profile_table_named(s->x, inner)) return; /* the body of a view */
    for (size_t i = 0; i < s->list->tables; i++)
        if (sv_eq_nocase(s->list->table[i].full_name, table) || sv_eq_nocase(s->list->table[i].name, table))
            note_column(t, i, column);
}

static void forget_reads(const tracing *t)
{
    for (size_t i = 0; i < t->s->list->tables; i++) {
        memset(t->reads[i], 0, t->s->list->table[i].columns * sizeof *t->reads[i]);
        t->view[i] = -1;
    }
}

static bool prepare(tracing *t, buf *sql, sqlite3_stmt **out)
{
    buf_char(sql, '\0');
    return !sql->failed && sqlite3_prepare_v2(t->s->db, sql->p, -1, out, NULL) == SQLITE_OK;
}

/* Reads of the statement with that text as its only result. */
static bool read_with(tracing *t, sv text)
{
    sqlite3_stmt *st = NULL;
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_sv(&sql, t->before);
    buf_str(&sql, " SELECT ");
    buf_sv(&sql, text);
    buf_char(&sql, ' ');
    buf_sv(&sql, t->rest);
    forget_reads(t);
    bool ok = prepare(t, &sql, &st);
    sqlite3_finalize(st);
    buf_free(&sql);
    return ok;
}

/* The one column that the text reads more than nothing does. False: none, or several. */
static bool column_of(tracing *t, sv text, int *table, int *column)
{
    const catalog *c = t->s->list;
    int found = 0;
    if (!read_with(t, SV_LIT("NULL"))) return false;
    uint16_t **without = arena_array(t->mem, c->tables + 1, sizeof(uint16_t *));
    for (size_t i = 0; without && i < c->tables; i++) {
        without[i] = arena_array(t->mem, c->table[i].columns + 1, sizeof(uint16_t));
        if (without[i]) memcpy(without[i], t->reads[i], c->table[i].columns * sizeof(uint16_t));
        if (!without[i]) return false;
    }
    if (!without || !read_with(t, text)) return false;
    for (size_t i = 0; i < c->tables; i++)
        for (size_t k = 0; k < c->table[i].columns; k++) {
            if (t->reads[i][k] <= without[i][k]) continue;
            *table = (int)i;
            *column = (int)k;
            found++;
        }
    return found == 1;
}

/* The key of the reference's table, in the words of the statement, into out; -1: none. */
static int key_of(tracing *t, const reference *r, buf *out)
{
    const table_info *info = &t->s->list->table[r->table];
    const profile_table *p = t->view[r->table] < 0 ? NULL : &t->s->x->table[t->view[r->table]];
    int column = -1, table = -1, key = p ? -1 : profile_primary_key(info);
    const char *dot = sv_find(r->text, '.');
    if (p && p->key.n) key = t->s->match[p - t->s->x->table].column[profile_column_named(p, p->key)];
    if (key < 0) return -1;
    if (dot) buf_add(out, r->text.p, (size_t)(dot - r->text.p) + 1);
    buf name = buf_new(NAME_BYTES_MAX);
    if (p)
        buf_sv(&name, p->key);
    else
        sql_column_name(info, (size_t)key, &name);
    buf_quoted(out, buf_view(&name), '"', '"');
    buf_free(&name);
    bool same = !out->failed && column_of(t, buf_view(out), &table, &column) && table == r->table && column == key;
    return same ? key : -1;
}

/* ---- the statement taken apart ---- */

static bool is_word(const sql_token *k, const char *word)
{
    return k->kind == SQL_TOKEN_WORD && sv_eq_nocase(k->text, sv_from(word));
}

static sv trimmed(sv s)
{
    while (s.n && strchr(" \t\r\n\f", s.p[0])) s = (sv){s.p + 1, s.n - 1};
    while (s.n && strchr(" \t\r\n\f;", s.p[s.n - 1])) s.n--;
    return s;
}

/* An expression without " AS name" behind. */
static sv without_name(sv text)
{
    size_t at = 0, as = SIZE_MAX;
    int depth = 0;
    for (sql_token k = sql_token_next(text, &at); k.kind != SQL_TOKEN_END; k = sql_token_next(text, &at)) {
        if (k.kind == SQL_TOKEN_SIGN) depth += (k.sign == '(') - (k.sign == ')');
        if (depth == 0 && is_word(&k, "as")) as = k.at;
    }
    return trimmed(as == SIZE_MAX ? text : (sv){text.p, as});
}

/* Ends of the parts of a compound SELECT, and where the first SELECT begins. */
typedef struct legs {
    sv before, leg[LEGS_MAX];
    size_t n;
} legs;

/* False: it is put together in another way than by UNION. */
static bool take_legs(sv sql, legs *out)
{
    size_t at = 0, begun = SIZE_MAX;
    int depth = 0;
    *out = (legs){.n = 0};
    for (sql_token k = sql_token_next(sql, &at);; k = sql_token_next(sql, &at)) {
        bool end = k.kind == SQL_TOKEN_END, join = depth == 0 && is_word(&k, "union");
        if (k.kind == SQL_TOKEN_SIGN) depth += (k.sign == '(') - (k.sign == ')');
        if (depth == 0 && (is_word(&k, "intersect") || is_word(&k, "except"))) return false;
        if (depth == 0 && begun == SIZE_MAX && is_word(&k, "select")) {
            begun = k.at;
            if (!out->n) out->before = (sv){sql.p, k.at};
        }
        if (!end && !join) continue;
        if (begun == SIZE_MAX || out->n == LEGS_MAX) return false;
        /* ALL stands before the next SELECT, which begins where the word does. */
        out->leg[out->n++] = (sv){sql.p + begun, (end ? sql.n : k.at) - begun};
        begun = SIZE_MAX;
        if (end) return true;
    }
}

/* Result columns of one SELECT, and its rest. False: it has no FROM. grouped: its rows are not rows of a table. */
static bool take_items(tracing *t, sv leg, size_t most, bool *grouped)
{
    size_t at = 0, from = SIZE_MAX;
    int depth = 0;
    bool head = true;
    t->items = 0;
    *grouped = false;
    for (sql_token k = sql_token_next(leg, &at);; k = sql_token_next(leg, &at)) {
        bool end = k.kind == SQL_TOKEN_END;
        if (k.kind == SQL_TOKEN_SIGN) depth += (k.sign == '(') - (k.sign == ')');
        if (depth == 0 && from == SIZE_MAX &&
            (is_word(&k, "select") || is_word(&k, "distinct") || is_word(&k, "all")) && head)
            continue;
        if (head) {
            head = false;
            from = k.at;
        }
        bool stop = depth == 0 && is_word(&k, "from"), comma = depth == 0 && k.kind == SQL_TOKEN_SIGN && k.sign == ',';
        if (t->rest.p) {
            *grouped |= depth == 0 && is_word(&k, "group");
        } else if ((stop || comma) && t->items < most) {
            t->item[t->items++].text = without_name((sv){leg.p + from, k.at - from});
            from = k.at + 1;
            if (stop) t->rest = trimmed((sv){leg.p + k.at, leg.n - k.at});
        }
        if (end) return t->rest.p != NULL;
    }
}

static bool add_reference(tracing *t, item *x, sv text)
{
    reference r = {.text = text, .key = -1, .at = -1, .key_at = -1};
    for (size_t i = 0; i < x->references; i++)
        if (sv_eq_nocase(x->reference[i].text, text)) return true;
    if (x->references == REFERENCES_MAX || !column_of(t, text, &r.table, &r.column)) return true;
    for (size_t i = 0; i < x->references; i++)
        if (x->reference[i].table == r.table && x->reference[i].column == r.column) return true;
    if (!x->reference) x->reference = arena_array(t->mem, REFERENCES_MAX, sizeof *x->reference);
    if (!x->reference) return false;
    x->reference[x->references++] = r;
    return true;
}

/* Past a SELECT in parentheses, whose opening one was read. */
static void skip_select(sv text, size_t *at)
{
    int depth = 1;
    while (depth > 0) {
        sql_token k = sql_token_next(text, at);
        if (k.kind == SQL_TOKEN_END) return;
        if (k.kind == SQL_TOKEN_SIGN) depth += (k.sign == '(') - (k.sign == ')');
    }
}

/* Names in an expression, but of functions, of options (":name") and within SELECTs. */
static bool find_references(tracing *t, item *x)
{
    size_t at = 0;
    char before = '\0';
    for (sql_token k = sql_token_next(x->text, &at); k.kind != SQL_TOKEN_END; k = sql_token_next(x->text, &at)) {
        size_t peek = at, end = at;
        sql_token next = sql_token_next(x->text, &peek);
        char sign = next.kind == SQL_TOKEN_SIGN ? next.sign : '\0';
        if (k.kind == SQL_TOKEN_SIGN && k.sign == '(' && (is_word(&next, "select") || is_word(&next, "with"))) {
            skip_select(x->text, &at);
        } else if (k.kind == SQL_TOKEN_WORD && sign != '(' && before != ':' &&
                   !(k.text.n && *k.text.p >= '0' && *k.text.p <= '9')) {
            if (sign == '.') {
                at = peek;
                (void)sql_token_next(x->text, &at);
                end = at;
            }
            if (!add_reference(t, x, (sv){x->text.p + k.at, end - k.at})) return false;
        }
        before = k.kind == SQL_TOKEN_SIGN ? k.sign : '\0';
    }
    return true;
}

/* ---- the traced statement ---- */

static int add_column(buf *sql, int *columns, sv text)
{
    if (*columns) buf_str(sql, ", ");
    buf_sv(sql, text);
    return (*columns)++;
}

static bool add_references(tracing *t, item *x, buf *sql, int *columns)
{
    for (size_t i = 0; i < x->references; i++) {
        reference *r = &x->reference[i];
        buf key = buf_new(NAME_BYTES_MAX);
        r->at = add_column(sql, columns, r->text);
        if (!read_with(t, r->text)) sql->failed = true; /* the view that it goes through */
        r->key = key_of(t, r, &key);
        if (r->key >= 0) r->key_at = add_column(sql, columns, buf_view(&key));
        buf_free(&key);
    }
    return !sql->failed;
}

/* Without the references where `plain`: they are not rows of a table, or the statement does not bear them. */
static bool make_statement(tracing *t, const profile_select *q, bool plain)
{
    int columns = 0;
    bool ok = true;
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_sv(&sql, t->before);
    buf_str(&sql, " SELECT ");
    t->table_at = -1;
    for (size_t i = 0; ok && i < t->items; i++) {
        item *x = &t->item[i];
        x->role = q->role[i];
        x->references = 0;
        if (x->role == ROLE_KEY) t->key_at = add_column(&sql, &columns, x->text);
        if (x->role == ROLE_TABLE) t->table_at = add_column(&sql, &columns, x->text);
        if (x->role < ROLE_KEY) continue;
        ok = plain || find_references(t, x);
        ok = ok && add_references(t, x, &sql, &columns);
    }
    buf_char(&sql, ' ');
    buf_sv(&sql, t->rest);
    ok = ok && prepare(t, &sql, &t->st);
    ok = ok && profile_bind_options(t->s, t->entity, t->st);
    buf_free(&sql);
    return ok;
}

/* ---- its rows ---- */

/* As the source has it, in buf; false: NULL. */
static bool value_at(tracing *t, int at, buf *out)
{
    lob_ref ref;
    buf_clear(out);
    if (sqlite3_column_type(t->st, at) == SQLITE_NULL) return false;
    if (!sql_column_lob(t->s->run->db, t->st, at, &ref))
        sql_column_text(t->st, at, out);
    else if (!profile_read_text(t->s->run->db, &ref, out)) {
        buf_clear(out);
        buf_str(out, "(a large value)");
    }
    return true;
}

static bool give(tracing *t, const item *x, const profile_origin *about, int at)
{
    profile_origin o = *about;
    o.field = x->role >= 0 ? &t->e->entity->field[x->role] : NULL;
    bool there = at >= 0 && value_at(t, at, &t->text);
    o.value = there ? (sv){t->text.n ? t->text.p : "", t->text.n} : (sv){NULL, 0};
    return !t->text.failed && t->sink->take(t->sink->ctx, &o);
}

static bool give_reference(tracing *t, const item *x, size_t i, profile_origin *o)
{
    const reference *r = &x->reference[i];
    const table_info *info = &t->s->list->table[r->table];
    o->part = (unsigned)i;
    o->made = !sv_eq(x->text, r->text);
    o->table = info->full_name;
    o->column = info->column[r->column].name;
    buf_clear(&t->row);
    if (r->key_at >= 0 && value_at(t, r->key_at, &t->text)) {
        buf_sv(&t->row, info->column[r->key].name);
        buf_char(&t->row, '=');
        buf_sv(&t->row, buf_view(&t->text));
    }
    o->row = buf_view(&t->row);
    return !t->row.failed && give(t, x, o, r->at);
}

static bool give_row(tracing *t)
{
    buf table = buf_new(NAME_BYTES_MAX);
    if (!value_at(t, t->key_at, &t->key)) return true;
    sv key = buf_view(&t->key);
    if (!key.n || !t->sink->wanted(t->sink->ctx, t->e->entity, key)) return true;
    bool ok = t->table_at < 0 || value_at(t, t->table_at, &table);
    sv driving = table.n ? buf_view(&table) : t->e->driving_table;
    const table_info *info = profile_table_info(t->s, driving);
    const profile_origin about = {
        .entity = t->e->entity, .src_key = key, .table = info ? info->full_name : driving, .row = key};
    for (size_t i = 0; ok && i < t->items; i++) {
        const item *x = &t->item[i];
        profile_origin o = about;
        for (size_t k = 0; ok && k < x->references; k++) ok = give_reference(t, x, k, &o);
        if (ok && !x->references && x->role >= ROLE_KEY) ok = give(t, x, &about, -1);
    }
    buf_free(&table);
    return ok;
}

static bool give_rows(tracing *t)
{
    int rc = SQLITE_DONE;
    while ((rc = sqlite3_step(t->st)) == SQLITE_ROW)
        if (!give_row(t)) return false;
    if (rc != SQLITE_DONE) profile_sql_failed(t->s, t->e);
    return rc == SQLITE_DONE;
}

/* ---- one entity ---- */

/* As a subquery, when it cannot be taken apart. */
static bool trace_whole(tracing *t, const profile_select *q)
{
    sv sql = trimmed(t->e->sql);
    t->before = (sv){"", 0};
    t->rest = arena_printf(t->mem, "FROM (%.*s\n)", (int)sql.n, sql.p);
    t->items = (size_t)q->columns;
    for (size_t i = 0; i < t->items; i++) {
        buf name = buf_new(NAME_BYTES_MAX);
        buf_quoted(&name, sv_from(sqlite3_column_name(q->st, (int)i)), '"', '"');
        t->item[i].text = arena_sv(t->mem, buf_view(&name));
        buf_free(&name);
        if (!t->item[i].text.p) return false;
    }
    if (!t->rest.p || !make_statement(t, q, true)) {
        profile_sql_failed(t->s, t->e);
        return false;
    }
    return give_rows(t);
}

static bool trace_legs(tracing *t, const profile_select *q, const legs *all, bool *apart)
{
    bool ok = true;
    for (size_t i = 0; ok && i < all->n; i++) {
        bool grouped = false;
        sv leg = all->leg[i];
        t->before = all->before;
        t->rest = (sv){NULL, 0};
        *apart = take_items(t, leg, (size_t)q->columns, &grouped) && t->items == (size_t)q->columns;
        if (!*apart ||
            !(make_statement(t, q, grouped) || (sqlite3_finalize(t->st), t->st = NULL, make_statement(t, q, true)))) {
            *apart = false;
            return i == 0;
        }
        ok = give_rows(t);
        sqlite3_finalize(t->st);
        t->st = NULL;
    }
    return ok;
}

static bool trace_entity(tracing *t, const profile_select *q)
{
    legs all;
    bool apart = true, ok = true;
    t->item = arena_array(t->mem, (size_t)q->columns + 1, sizeof *t->item);
    if (!t->item) return false;
    apart = take_legs(t->e->sql, &all);
    if (apart) ok = trace_legs(t, q, &all, &apart);
    if (ok && !apart) ok = trace_whole(t, q);
    sqlite3_finalize(t->st);
    t->st = NULL;
    return ok;
}

static bool make_room(tracing *t)
{
    const catalog *c = t->s->list;
    t->reads = arena_array(t->mem, c->tables + 1, sizeof(uint16_t *));
    t->view = arena_array(t->mem, c->tables + 1, sizeof *t->view);
    for (size_t i = 0; t->reads && i < c->tables; i++) {
        t->reads[i] = arena_array(t->mem, c->table[i].columns + 1, sizeof(uint16_t));
        if (!t->reads[i]) return false;
    }
    return t->reads && t->view;
}

static status trace_all(profile_source *s, const profile_trace_sink *sink)
{
    status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < s->x->entities; i++) {
        profile_select q;
        tracing t = {.s = s,
                     .sink = sink,
                     .e = &s->x->entity[i],
                     .entity = i,
                     .mem = arena_new(0),
                     .text = buf_new(VALUE_BYTES_MAX * 64),
                     .row = buf_new(KEY_BYTES_MAX * 2),
                     .key = buf_new(VALUE_BYTES_MAX)};
        sql_restrict(s->run->db);
        profile_select_open(s, i, &q);
        bool ok = t.mem && !s->run->wrong->n && !s->run->wrong->failed && make_room(&t);
        sql_watch(s->run->db, note_read, &t);
        ok = ok && trace_entity(&t, &q);
        sql_watch(s->run->db, NULL, NULL);
        sql_free(s->run->db);
        profile_select_close(&q);
        buf_free(&t.text);
        buf_free(&t.row);
        buf_free(&t.key);
        arena_free(t.mem);
        if (!ok) st = ST_FATAL;
    }
    return st;
}

status profile_trace(const profile *x, const profile_run *run, const profile_trace_sink *sink)
{
    /* Which table is which was told when the records were staged. */
    profile_run quiet = *run;
    quiet.found = NULL;
    profile_source s = {.x = x, .run = &quiet, .db = sql_handle(run->db), .work = run->work, .mem = arena_new(0)};
    bool ok = s.mem && profile_views_make(&s) && profile_functions(&s, true);
    if (!ok) find_code(run->found, F_OUT_OF_MEMORY, "comparing values with the source");
    s.run = run;
    status st = ok ? trace_all(&s, sink) : ST_FATAL;
    (void)profile_functions(&s, false);
    if (ok && !profile_views_drop(&s)) st = ST_FATAL;
    arena_free(s.mem);
    return st;
}
