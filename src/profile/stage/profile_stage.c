/* From SELECTs to staged entities: every row becomes a record, or is rejected; every value is canonical, or held back.
 * */
#include "profile/profile_internal.h"
#include <stdlib.h>

enum { SQL_BYTES_MAX = 1 << 16 };

/* One entity being staged. */
typedef struct staging {
    const profile_source *s;
    const profile_entity *e;
    const profile_select *q;
    profile_account account;
    sqlite3_stmt *insert;
    bool *bound;      /* of each field: the statement has a value for it */
    key_set *keys;    /* of its records so far */
    key_set **parent; /* of each required reference: of the records it may refer to */
    profile_cells cells;
    const profile_row *at; /* the row at hand, and its */
    sv key, table, row;
    buf table_said; /* the newest name of a table, and what the source calls it; p NULL: it knows none */
    sv table_known;
    profile_tally *tally; /* per field */
    uint64_t records;     /* whose values are counted in it */
    buf source_key;
} staging;

static void say(const staging *g, finding_code code, const model_field *f, const char *a)
{
    finding x = FINDING_OF(code);
    x.table = sv_from(g->e->entity->name);
    x.column = sv_from(f ? f->name : NULL);
    x.a = sv_from(a);
    find_add(g->s->run->found, &x);
}

static void list(const staging *g, finding_code code, const model_field *f, bool held_back, sv original)
{
    const profile_run *run = g->s->run;
    const profile_reject x = {.entity = g->e->entity,
                              .src_table = g->table,
                              .src_key = g->key,
                              .code = finding_text_of(code)->id,
                              .field = sv_from(f ? f->name : NULL),
                              .held_back = held_back,
                              .value = original,
                              .column = held_back ? NULL : g->cells.name,
                              .original = held_back ? NULL : g->at->text,
                              .columns = held_back ? 0 : (size_t)g->q->columns};
    ledger_add(run->counts, g->account.line, held_back ? COUNT_HELD_BACK : COUNT_REJECTED, 1);
    if (run->reject) run->reject(run->ctx, &x);
}

static bool prepare_insert(staging *g)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql, "INSERT INTO main.\"%s\" VALUES (?, ?, ?", g->e->entity->name);
    for (size_t i = 0; i < g->e->entity->fields; i++) buf_str(&sql, ", ?");
    buf_add(&sql, ")", 2);
    bool ok = !sql.failed && sqlite3_prepare_v2(g->s->work, sql.p, -1, &g->insert, NULL) == SQLITE_OK;
    buf_free(&sql);
    if (!ok) profile_work_failed(g->s, g->e);
    return ok;
}

static void find_parents(staging *g)
{
    for (size_t i = 0; i < g->e->entity->fields; i++) {
        const model_field *f = &g->e->entity->field[i];
        if (f->type != FIELD_REFERENCE || !f->required) continue;
        g->parent[i] = profile_staged_keys(g->s, model_entity_named(sv_from(f->target)));
    }
}

/* ---- one row ---- */

static void take_columns(staging *g)
{
    g->key = profile_row_role(&g->cells, g->at, ROLE_KEY);
    g->row = profile_row_role(&g->cells, g->at, ROLE_ROW);
    g->table = profile_row_role(&g->cells, g->at, ROLE_TABLE);
    if (g->table.n == 0) g->table = g->e->driving_table;
    /* Where a record comes from is told in the words of the source. Most records come from where the last one did. */
    if (!sv_eq(g->table, buf_view(&g->table_said))) {
        const table_info *t = profile_table_info(g->s, g->table);
        buf_clear(&g->table_said);
        buf_sv(&g->table_said, g->table);
        g->table_known = t ? t->full_name : (sv){NULL, 0};
    }
    if (g->table_known.p) g->table = g->table_known;
}

/* Whether a required reference leads to a staged record. False when SQLite failed. */
static bool find_parent(const staging *g, size_t at, bool *found)
{
    if (key_set_has(g->parent[at], buf_view(&g->at->value[at]), found)) return true;
    profile_work_failed(g->s, g->e);
    return false;
}

typedef enum row_end { ROW_TAKEN, ROW_REJECTED, ROW_FAILED } row_end;

static row_end reject(staging *g, finding_code code, const model_field *f, const char *a, sv original)
{
    say(g, code, f, a);
    list(g, code, f, false, original);
    return profile_account_rejected(&g->account, g->key) ? ROW_REJECTED : ROW_FAILED;
}

static row_end check_required(staging *g, size_t at)
{
    const model_field *f = &g->e->entity->field[at];
    const norm_cell *cell = &g->at->cell[at];
    bool found = true;
    switch (cell->form) {
    case FORM_EMPTY: return reject(g, F_PRO_REQUIRED_EMPTY, f, NULL, (sv){NULL, 0});
    case FORM_WRONG: {
        bool large = g->at->reason[at] == F_PRO_LARGE_VALUE;
        return reject(g, F_PRO_REQUIRED_WRONG, f, large ? "short enough for a field" : norm_wanted(f), cell->original);
    }
    case FORM_GOOD: break;
    }
    if (g->parent[at] && !find_parent(g, at, &found)) return ROW_FAILED;
    return found ? ROW_TAKEN : reject(g, F_PRO_ORPHAN, f, f->target, cell->original);
}

static void bind(sqlite3_stmt *st, int at, sv text)
{
    sqlite3_bind_text64(st, at, text.n ? text.p : "", text.n, SQLITE_STATIC, SQLITE_UTF8);
}

/* *is_new: no record of that key was there. */
static bool insert(staging *g, bool *is_new)
{
    buf_clear(&g->source_key);
    if (!model_source_key(g->s->x->system, g->e->entity, g->key, &g->source_key)) {
        find_code(g->s->run->found, F_OUT_OF_MEMORY, "staging %s", g->e->entity->name);
        return false;
    }
    if (!profile_staged_add(g->s, g->keys, g->key, buf_view(&g->source_key), is_new)) {
        profile_work_failed(g->s, g->e);
        return false;
    }
    if (!*is_new) return true;
    bind(g->insert, 1, buf_view(&g->source_key));
    bind(g->insert, 2, g->table);
    bind(g->insert, 3, g->key);
    for (size_t i = 0; i < g->e->entity->fields; i++) {
        bool good = g->at->cell[i].form == FORM_GOOD;
        if (good)
            bind(g->insert, (int)i + 4, buf_view(&g->at->value[i]));
        else if (g->bound[i]) /* as the record before left it */
            sqlite3_bind_null(g->insert, (int)i + 4);
        g->bound[i] = good;
    }
    int rc = sqlite3_step(g->insert);
    sqlite3_reset(g->insert);
    if (rc != SQLITE_DONE) profile_work_failed(g->s, g->e);
    return rc == SQLITE_DONE;
}

static void hold_back(const staging *g)
{
    for (size_t i = 0; i < g->cells.cells; i++) {
        const model_field *f = &g->e->entity->field[i];
        if (g->at->cell[i].form != FORM_WRONG) continue;
        say(g, g->at->reason[i], f, norm_wanted(f));
        list(g, g->at->reason[i], f, true, g->at->cell[i].original);
    }
    for (size_t i = 0; i < g->at->remarks.n; i++) say(g, g->at->remarks.code[i], g->at->remarks.field[i], NULL);
}

static void count_values(staging *g)
{
    g->records++;
    for (size_t i = 0; i < g->e->entity->fields; i++) {
        const norm_cell *cell = &g->at->cell[i];
        if (!cell->original.n) continue;
        g->tally[i].filled++;
        g->tally[i].changed += g->at->changed[i];
    }
}

static void give_tally(const staging *g)
{
    const profile_run *run = g->s->run;
    for (size_t i = 0; run->tally && i < g->e->entity->fields; i++) {
        if (!profile_select_gives(g->q, i)) continue;
        g->tally[i].entity = g->e->entity;
        g->tally[i].part = g->e;
        g->tally[i].records = g->records;
        g->tally[i].field = &g->e->entity->field[i];
        run->tally(run->ctx, &g->tally[i]);
    }
}

static bool write_record(staging *g)
{
    bool again = false, is_new = false;
    if (!profile_account_again(&g->account, g->key, &again) || (!again && !insert(g, &is_new))) return false;
    if (!is_new) {
        say(g, F_PRO_FAN_OUT, NULL, NULL);
        list(g, F_PRO_FAN_OUT, NULL, false, (sv){NULL, 0});
        return profile_account_repeated(&g->account, g->key);
    }
    if (!profile_account_written(&g->account, g->key)) return false;
    ledger_add(g->s->run->counts, g->account.line, COUNT_MAPPED, 1);
    hold_back(g);
    count_values(g);
    return true;
}

static bool take_row(staging *g)
{
    take_columns(g);
    if (!profile_account_row(&g->account, g->row)) return false;
    if (g->key.n == 0) return reject(g, F_PRO_KEY_EMPTY, NULL, NULL, (sv){NULL, 0}) != ROW_FAILED;
    for (size_t i = 0; i < g->e->entity->fields; i++) {
        row_end end = g->e->entity->field[i].required ? check_required(g, i) : ROW_TAKEN;
        if (end != ROW_TAKEN) return end == ROW_REJECTED;
    }
    return write_record(g);
}

static bool is_good(const staging *g, const profile_row *r)
{
    if (!r->spoilt) return true;
    say(g, F_PRO_SQL_FAILED, NULL, "it makes a text of a large value, which only lob_head() and lob_size() can");
    return false;
}

static void forget_kept(staging *g)
{
    kept_rows_free(g->cells.kept);
    g->cells.kept = NULL;
}

static bool take_surveyed(void *ctx, const profile_row *r)
{
    staging *g = ctx;
    if (!is_good(g, r)) return false;
    if (g->cells.kept && !kept_rows_add(g->cells.kept, r)) forget_kept(g);
    return true;
}

static bool take_made(void *ctx, const profile_row *r)
{
    staging *g = ctx;
    g->at = r;
    return is_good(g, r) && take_row(g);
}

static bool each_row(staging *g, bool for_survey)
{
    int end;
    if (!profile_flow(&g->cells, for_survey, for_survey ? take_surveyed : take_made, g, &end)) return false;
    if (end != SQLITE_DONE) profile_sql_failed(g->s, g->e);
    return end == SQLITE_DONE;
}

/* Rows that find room are read once, with all their columns; of others the SELECT is run again, and what is surveyed is read
 * alone. */
static bool open_survey(staging *g)
{
    if (kept_rows_fit(g->s, g->e, g->q)) g->cells.kept = kept_rows_new(g->q);
    if (g->cells.kept) return true;
    bool *wanted = arena_array(g->s->mem, (size_t)g->q->columns + 1, sizeof *wanted);
    for (size_t k = 0; wanted && k < g->cells.cells; k++)
        if (g->cells.whole[k]) wanted[g->cells.from[k]] = true;
    return profile_select_narrow(g->s, g->e, g->q, wanted, &g->cells.survey_st);
}

/* A column whose values only mean something together is gone through first. */
static bool take_rows(staging *g)
{
    if (profile_cells_want_survey(&g->cells)) {
        bool ok = open_survey(g) && each_row(g, true);
        sqlite3_finalize(g->cells.survey_st);
        g->cells.survey_st = NULL;
        if (!ok) return false;
        g->cells.surveyed = true;
        if (!g->cells.kept) profile_account_again_scanned(&g->account);
    }
    return each_row(g, false);
}

/* ---- one entity ---- */

static bool make_room(staging *g)
{
    g->keys = profile_staged_keys(g->s, g->e->entity);
    g->parent = arena_array(g->s->mem, g->e->entity->fields + 1, sizeof *g->parent);
    g->tally = arena_array(g->s->mem, g->e->entity->fields + 1, sizeof *g->tally);
    g->bound = arena_array(g->s->mem, g->e->entity->fields + 1, sizeof *g->bound);
    if (!g->parent || !g->tally || !g->bound) {
        find_code(g->s->run->found, F_OUT_OF_MEMORY, "staging %s", g->e->entity->name);
        return false;
    }
    g->source_key = buf_new(KEY_BYTES_MAX * 4);
    g->table_said = buf_new(KEY_BYTES_MAX);
    return profile_cells_open(&g->cells, g->s, g->e, g->q);
}

static bool give_back(staging *g)
{
    forget_kept(g);
    buf_free(&g->source_key);
    buf_free(&g->table_said);
    sqlite3_finalize(g->insert);
    return profile_account_close(&g->account);
}

/* While the SELECT runs, its handle is restricted, and its steps are counted. */
static bool stage_entity(const profile_source *s, const profile_entity *e, const profile_select *q)
{
    staging g = {.s = s, .e = e, .q = q};
    bool ok = make_room(&g) && profile_account_open(&g.account, s, e) && prepare_insert(&g);
    if (ok) find_parents(&g);
    ok = ok && profile_run_sql(s, e, s->work, "BEGIN");
    if (ok) {
        sql_restrict(s->run->db);
        ok = take_rows(&g);
        sql_free(s->run->db);
        ok = ok && profile_account_balance(&g.account);
        if (ok) give_tally(&g);
        sqlite3_reset(q->st);
        ok = profile_run_sql(s, e, s->work, "COMMIT") && ok;
    }
    return give_back(&g) && ok;
}

/* ---- references that a record can be without: once everything is staged ---- */

/* Whether some part of an entity gives the field. */
static bool is_given(const profile_source *s, const profile_select *q, const model_entity *e, size_t field)
{
    for (size_t i = 0; i < s->x->entities; i++)
        if (s->x->entity[i].entity == e && profile_select_gives(&q[i], field)) return true;
    return false;
}

static bool is_wanted(const profile_source *s, const model_entity *e)
{
    return !s->run->wanted || s->run->wanted(s->run->ctx, e);
}

static bool check_references(const profile_source *s, const profile_select *q)
{
    for (size_t i = 0; i < s->x->entities; i++) {
        const profile_entity *e = &s->x->entity[i];
        if (!is_wanted(s, e->entity)) continue;
        for (size_t k = 0; profile_is_first_part(s->x, i) && k < e->entity->fields; k++) {
            const model_field *f = &e->entity->field[k];
            bool used = f->type == FIELD_REFERENCE && !f->required && profile_is_staged(s->x, f->target) &&
                        is_wanted(s, model_entity_named(sv_from(f->target))) && is_given(s, q, e->entity, k);
            if (used && !profile_hold_back_orphans(s, e->entity, f)) return false;
        }
    }
    return true;
}

/* ---- all of them ---- */

static bool waits(const profile *x, const bool *done, const model_entity *e)
{
    for (size_t i = 0; i < x->entities; i++)
        for (size_t k = 0; !done[i] && k < e->fields; k++)
            if (e->field[k].required && e->field[k].type == FIELD_REFERENCE && x->entity[i].entity != e &&
                strcmp(e->field[k].target, x->entity[i].entity->name) == 0)
                return true;
    return false;
}

/* The next entity that no other must be staged before. In a ring, which the model has none of, simply the next. */
static size_t next_entity(const profile *x, const bool *done)
{
    size_t any = 0;
    for (size_t i = x->entities; i-- > 0;)
        if (!done[i]) any = i;
    for (size_t i = 0; i < x->entities; i++)
        if (!done[i] && !waits(x, done, x->entity[i].entity)) return i;
    return any;
}

/* Some part of it is not staged yet; custom values come last of all, from everywhere. */
static bool is_open(const profile *x, const bool *done, const model_entity *e)
{
    bool open = strcmp(e->name, "custom_value") == 0;
    for (size_t i = 0; i < x->entities; i++) open |= !done[i] && x->entity[i].entity == e;
    return open;
}

static bool stage_all(const profile_source *s, const profile_select *q)
{
    bool *done = arena_array(s->mem, s->x->entities + 1, sizeof *done);
    bool ok = done != NULL;
    if (!ok) find_code(s->run->found, F_OUT_OF_MEMORY, "staging");
    for (size_t n = 0; ok && n < s->x->entities; n++) {
        size_t i = next_entity(s->x, done);
        done[i] = true;
        const model_entity *e = s->x->entity[i].entity;
        if (!is_wanted(s, e)) continue;
        ok = stage_entity(s, &s->x->entity[i], &q[i]) && (is_open(s->x, done, e) || profile_table_index(s, e));
    }
    return ok && (s->run->wanted || profile_custom(s)) && check_references(s, q);
}

/* Checks all SELECTs, so that all mistakes are told at once; none is run when there is one. */
bool profile_selects_open(profile_source *s, profile_select *q)
{
    sql_restrict(s->run->db);
    profile_watch(s, true);
    for (size_t i = 0; i < s->x->entities; i++) profile_select_open(s, i, &q[i]);
    profile_watch(s, false);
    sql_free(s->run->db);
    return s->run->wrong->n == 0 && !s->run->wrong->failed;
}

static bool add_functions(profile_source *s)
{
    if (profile_functions(s, true)) return true;
    profile_source_failed(s);
    return false;
}

status profile_stage(const profile *x, const profile_run *run)
{
    profile_source s = {.x = x, .run = run, .db = sql_handle(run->db), .work = run->work, .mem = arena_new(0)};
    profile_select *q = s.mem ? arena_array(s.mem, x->entities + 1, sizeof *q) : NULL;
    bool ok = q != NULL;
    if (!ok) find_code(run->found, F_OUT_OF_MEMORY, "staging");
    /* Views and tables come first: a change of the schema would make SQLite prepare the SELECTs anew. */
    ok = ok && profile_views_make(&s) && profile_tables_make(&s) && add_functions(&s) && profile_selects_open(&s, q) &&
         stage_all(&s, q);
    for (size_t i = 0; q && i < x->entities; i++) profile_select_close(&q[i]);
    (void)profile_functions(&s, false);
    ok = profile_tables_end(&s) && ok && profile_views_drop(&s);
    arena_free(s.mem);
    return ok ? ST_OK : ST_FATAL;
}
