/* The SELECT of an entity: prepared against the source, its columns held against the model, its driving tables against
 * the catalog. */
#include "profile/profile_internal.h"

enum { NAMES_MAX = 128, NARROW_BYTES_MAX = 1 << 16 };

static void problem_at(const profile_source *s, size_t entity, size_t at, const char *text)
{
    const profile_entity *e = &s->x->entity[entity];
    unsigned line, column;
    sv id = s->x->id, file = arena_printf(s->mem, "%.*s/%.*s", (int)id.n, id.p, (int)e->sql_file.n, e->sql_file.p);
    sql_place_of_byte(e->sql, at == SIZE_MAX ? sql_place_of_column(e->sql, SV_LIT(""), 0) : at, &line, &column);
    problem_add(s->run->wrong, file, line, column, "%s", text);
}

/* ---- the driving tables ---- */

static void check_driving(const profile_source *s, size_t entity)
{
    const profile_entity *e = &s->x->entity[entity];
    const yaml_node *from = s->x->from[entity];
    for (size_t i = 0; i < e->drivings; i++) {
        sv name = e->driving[i];
        const yaml_node *at = from->kind == YAML_LIST ? from->item[i] : from;
        if (profile_table_named(s->x, name) || profile_table_info(s, name)) continue;
        problem_add(s->run->wrong, s->x->file, at->line, at->column, "the source has no table \"%.*s\"%s", (int)name.n,
                    name.p, profile_hint(s->mem, name, s->name, s->names));
    }
}

/* ---- preparing ---- */

/* SQLite knows the place of a syntax error and of an unknown column, not that of an unknown table. */
static void say_error(const profile_source *s, size_t entity)
{
    static const char no_table[] = "no such table: ";
    const profile_entity *e = &s->x->entity[entity];
    int offset = sqlite3_error_offset(s->db);
    size_t at = offset < 0 ? SIZE_MAX : (size_t)offset;
    sv why = sql_error(s->run->db);
    const char *hint = "";
    if (sv_starts(why, sv_from(no_table))) {
        sv name = {why.p + sizeof no_table - 1, why.n - (sizeof no_table - 1)};
        at = sql_place_of_name(e->sql, name);
        hint = profile_hint(s->mem, name, s->name, s->names);
    }
    sv text = arena_printf(s->mem, "%.*s%s", (int)why.n, why.p, hint);
    problem_at(s, entity, at, text.p ? text.p : "the SELECT is not understood");
}

/* What follows the first statement: nothing but blanks and comments may. */
static bool is_alone(const profile_source *s, size_t entity, const char *tail)
{
    const profile_entity *e = &s->x->entity[entity];
    sqlite3_stmt *more = NULL;
    while (*tail) {
        const char *from = tail;
        int rc = sqlite3_prepare_v2(s->db, from, -1, &more, &tail);
        if (rc != SQLITE_OK || more) {
            sqlite3_finalize(more);
            problem_at(s, entity, (size_t)(from - e->sql.p), "one SELECT is read; something follows it");
            return false;
        }
        if (tail == from) break;
    }
    return true;
}

bool profile_bind_options(const profile_source *s, size_t entity, sqlite3_stmt *st)
{
    const profile *x = s->x;
    sv names[NAMES_MAX];
    size_t n = 0;
    bool good = true;
    for (; n < x->options && n < NAMES_MAX; n++) names[n] = x->option[n].name;
    for (int i = 1; i <= sqlite3_bind_parameter_count(st); i++) {
        const char *name = sqlite3_bind_parameter_name(st, i);
        sv word = name && name[0] == ':' ? sv_from(name + 1) : (sv){NULL, 0};
        size_t k = 0;
        while (k < x->options && !sv_eq(x->option[k].name, word)) k++;
        if (k < x->options) {
            sv given = x->option[k].value;
            sqlite3_bind_text64(st, i, given.n ? given.p : "", given.n, SQLITE_STATIC, SQLITE_UTF8);
            continue;
        }
        good = false;
        sv text = arena_printf(s->mem, "the profile has no option for \"%s\"%s", name ? name : "?",
                               profile_hint(s->mem, word, names, n));
        problem_at(s, entity, word.n ? sql_place_of_name(x->entity[entity].sql, word) : SIZE_MAX,
                   text.p ? text.p : "the profile has no such option");
    }
    return good;
}

static bool prepare(const profile_source *s, size_t entity, profile_select *out)
{
    const profile_entity *e = &s->x->entity[entity];
    const char *tail = e->sql.p;
    if (sqlite3_prepare_v2(s->db, e->sql.p, (int)e->sql.n + 1, &out->st, &tail) != SQLITE_OK) {
        say_error(s, entity);
        return false;
    }
    if (!out->st) {
        problem_at(s, entity, 0, "the file holds no SELECT");
        return false;
    }
    if (sqlite3_stmt_isexplain(out->st)) {
        problem_at(s, entity, SIZE_MAX, "the file must hold a SELECT, not its explanation");
        return false;
    }
    bool alone = is_alone(s, entity, tail);
    return profile_bind_options(s, entity, out->st) && alone;
}

/* ---- columns ---- */

bool profile_has_content(const model_entity *e)
{
    return strcmp(e->name, "document") == 0 || strcmp(e->name, "letter_template") == 0;
}

static int role_of(const profile_entity *e, sv name)
{
    if (sv_eq(name, SV_LIT("src_key"))) return ROLE_KEY;
    if (sv_eq(name, SV_LIT("src_table"))) return ROLE_TABLE;
    if (e->many && sv_eq(name, SV_LIT("src_row"))) return ROLE_ROW;
    if (profile_has_content(e->entity) && sv_eq(name, SV_LIT("content"))) return ROLE_CONTENT;
    const model_field *f = model_input_named(e->entity, name);
    return f ? (int)(f - e->entity->field) : ROLE_NONE;
}

static void say_column(const profile_source *s, size_t entity, sv name, size_t nth, sv text)
{
    size_t at = sql_place_of_column(s->x->entity[entity].sql, name, nth);
    problem_at(s, entity, at, text.p ? text.p : "a column is wrong");
}

static void say_unknown(const profile_source *s, size_t entity, sv name)
{
    const profile_entity *e = &s->x->entity[entity];
    sv known[NAMES_MAX] = {{"src_key", 7}, {"src_table", 9}, {"src_row", 7}};
    size_t n = e->many ? 3 : 2;
    if (profile_has_content(e->entity)) known[n++] = SV_LIT("content");
    for (size_t i = 0; i < e->entity->fields + e->entity->inputs && n < NAMES_MAX; i++)
        known[n++] = sv_from(e->entity->field[i].name);
    say_column(s, entity, name, 0,
               arena_printf(s->mem, "%s has no field \"%.*s\"%s", e->entity->name, (int)name.n, name.p,
                            profile_hint(s->mem, name, known, n)));
}

static void check_column(const profile_source *s, size_t entity, const profile_select *q, int i)
{
    const profile_entity *e = &s->x->entity[entity];
    sv name = sv_from(sqlite3_column_name(q->st, i));
    size_t before = 0;
    if (q->role[i] == ROLE_NONE) {
        say_unknown(s, entity, name);
        return;
    }
    for (int k = 0; k < i; k++) before += q->role[k] == q->role[i];
    if (before)
        say_column(s, entity, name, before,
                   arena_printf(s->mem, "%s gets the column \"%.*s\" twice", e->entity->name, (int)name.n, name.p));
    const model_field *f = q->role[i] >= 0 ? &e->entity->field[q->role[i]] : NULL;
    if (f && f->type == FIELD_REFERENCE && !profile_gives(s->x, f->target))
        say_column(s, entity, name, 0,
                   arena_printf(s->mem, "%s cannot have \"%s\": the profile does not give the entity %s",
                                e->entity->name, f->name, f->target));
}

static bool has_role(const profile_select *q, int role)
{
    for (int i = 0; i < q->columns; i++)
        if (q->role[i] == role) return true;
    return false;
}

bool profile_select_gives(const profile_select *q, size_t field) { return has_role(q, (int)field); }

static void require(const profile_source *s, size_t entity, const profile_select *q, int role, const char *name,
                    const char *why)
{
    if (has_role(q, role)) return;
    say_column(s, entity, sv_from(name), 0,
               arena_printf(s->mem, "%s needs the column \"%s\"%s", s->x->entity[entity].entity->name, name, why));
}

/* An input that the SELECT gives is what normalize makes several fields of; which, only it knows: the record is looked
 * at then. */
static bool may_come_from_input(const model_entity *e, const model_field *f, const profile_select *q)
{
    if (f->type == FIELD_REFERENCE) return false;
    for (size_t i = e->fields; i < e->fields + e->inputs; i++)
        if (has_role(q, (int)i)) return true;
    return false;
}

static void check_required(const profile_source *s, size_t entity, const profile_select *q)
{
    const profile_entity *e = &s->x->entity[entity];
    require(s, entity, q, ROLE_KEY, "src_key", ": the record's key in the source");
    if (e->drivings > 1)
        require(s, entity, q, ROLE_TABLE, "src_table", ": which of its driving tables a record comes from");
    if (e->many) require(s, entity, q, ROLE_ROW, "src_row", ": the key of the row that becomes several records");
    for (size_t i = 0; i < e->entity->fields; i++)
        if (e->entity->field[i].required && !may_come_from_input(e->entity, &e->entity->field[i], q))
            require(s, entity, q, (int)i, e->entity->field[i].name, "");
}

void profile_select_open(const profile_source *s, size_t entity, profile_select *out)
{
    *out = (profile_select){0};
    check_driving(s, entity);
    if (!prepare(s, entity, out)) return;
    out->columns = sqlite3_column_count(out->st);
    out->role = arena_array(s->mem, (size_t)out->columns + 1, sizeof *out->role);
    if (!out->role) {
        s->run->wrong->failed = true;
        return;
    }
    for (int i = 0; i < out->columns; i++) {
        out->role[i] = role_of(&s->x->entity[entity], sv_from(sqlite3_column_name(out->st, i)));
        check_column(s, entity, out, i);
    }
    check_required(s, entity, out);
}

bool profile_select_narrow(const profile_source *s, const profile_entity *e, const profile_select *q,
                           const bool *wanted, sqlite3_stmt **out)
{
    sv whole = sv_from(sqlite3_sql(q->st));
    while (whole.n && strchr("; \t\r\n", whole.p[whole.n - 1])) whole.n--;
    buf sql = buf_new(whole.n + NARROW_BYTES_MAX);
    buf_str(&sql, "SELECT ");
    for (int i = 0; wanted && i < q->columns; i++) {
        if (i) buf_str(&sql, ", ");
        if (wanted[i])
            buf_quoted(&sql, sv_from(sqlite3_column_name(q->st, i)), '"', '"');
        else
            buf_str(&sql, "NULL");
    }
    /* The line break ends a comment that the SELECT may end in. */
    buf_str(&sql, " FROM (");
    buf_sv(&sql, whole);
    buf_add(&sql, "\n)", sizeof "\n)");
    bool ok = wanted && !sql.failed && sqlite3_prepare_v2(s->db, sql.p, -1, out, NULL) == SQLITE_OK &&
              profile_bind_options(s, (size_t)(e - s->x->entity), *out);
    buf_free(&sql);
    if (!ok) profile_sql_failed(s, e);
    return ok;
}

void profile_select_close(profile_select *q)
{
    sqlite3_finalize(q->st);
    q->st = NULL;
}
